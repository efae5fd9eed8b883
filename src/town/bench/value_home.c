/* value_home.c: ausgrid_c12: one solar home with a battery, no export, power that is cheap by night.
 *
 * How much to buy in a cheap half-hour is decided before it, from the past alone; within the half-hour the battery
 * takes what load and sun leave, and by day it gives until it is empty. What is to be decided is thus how full it
 * is to be when the cheap hours end: too little is bought dear by day, too much leaves no room for the sun.
 *
 * The target is level - trust * (how clear the afternoon before was): a sunny afternoon promises some sun.
 * Level and trust are those that would have cost least over the days that are over, averaged over all pairs by how
 * well they did. Beside it: the best target where sun, load or both are told, on the mean of the days before where one
 * is not. The rules are in the set's README. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/plan.h"
#include "town/bench/value.h"
#include "town/bench/value_series.h"

enum { SLOTS = 48, CHEAP = 12 /* slots [0, 12) */, AHEAD = 3, N = AHEAD * SLOTS, LEVELS = 80 };
enum { TEST = 30, YEAR = 2011, CLEAR_DAYS = 25, AFTERNOON = 28, EVENING = 37, REMEMBERED = 90 };
enum { RULE_LEVELS = 33, RULE_TRUSTS = 9 };
enum { CASES = 21 /* days before that stand for what is not told */ };
#define HOUR        0.5 /* of a slot */
#define CAPACITY    8.0 /* kWh */
#define START       4.0
#define GRID        3.0 /* kW, most that is bought */
#define LOW         0.10
#define HIGH        0.20
#define UNSERVED    5.0 /* a kWh that neither gives: none in the test span */
#define PANELS      (4.0 / 1.04)
#define USUAL_CLEAR 0.7
#define TEMPER      1.5 /* a rule that would have cost so much more has 1 / e of the weight */
#define CLAIRVOYANT 0.354
#define MPC         0.509
#define TUNED_RULE  0.512
#define AIM         0.500

/* What is told ahead. */
typedef enum told { TOLD_NOTHING, TOLD_SUN, TOLD_LOAD, TOLD_ALL, TOLDS } told;

typedef struct home {
    days load, sun; /* kW by half-hour */
    series load_at;
    double *clear;            /* [sun.n] how clear the afternoon before was, NAN unknown */
    double path[CASES][2][N]; /* load and sun from a day's first slot on, as they may be */
    int cases;
    double later, target; /* kWh at the end of the cheap hours of the nights to come, of this night */
} home;

typedef struct account {
    double stored, cost, bought, cheap /* of it */, spilled, unserved;
} account;

/* ---- the home: what a half-hour does ---- */

static double price_of(int slot)
{
    return slot % SLOTS < CHEAP ? LOW : HIGH;
}

/* Buys `plan` kW if there is room for it, and what it must. */
static void step(account *a, int slot, double load, double sun, double plan)
{
    double need = load - sun, most = (CAPACITY - a->stored) / HOUR;
    double buy = fmin(GRID, fmax(0, fmin(plan, need + most)));
    buy = fmax(buy, fmin(GRID, need - a->stored / HOUR));
    double after = a->stored + (buy - need) * HOUR;
    a->spilled += fmax(0, after - CAPACITY);
    a->unserved += fmax(0, -after);
    a->stored = fmin(CAPACITY, fmax(0, after));
    a->bought += buy * HOUR;
    a->cheap += slot % SLOTS < CHEAP ? buy * HOUR : 0;
    a->cost += buy * HOUR * price_of(slot) + fmax(0, -after) * UNSERVED;
}

/* Power that brings the battery to the target by the end of the cheap hours, evenly, beside the load. */
static double evenly(double stored, double target, int slot, double load)
{
    return fmax(0, target - stored) / HOUR / (CHEAP - slot) + load;
}

/* ---- the rule that is learned ---- */

/* The most that the sun gave in a slot in the weeks before `day`: about a clear sky's. */
static double clear_sky(const days *sun, mizo_day day, int slot)
{
    double most = 0;
    for (int k = 1; k <= CLEAR_DAYS; k++)
        most = fmax(most, days_at(sun, day - k, slot)); /* NAN loses */
    return most;
}

/* Share of a clear sky's in the afternoon of the day before. */
static double clearness(const days *sun, mizo_day day)
{
    double got = 0, most = 0;
    for (int s = AFTERNOON; s < EVENING; s++) {
        double v = days_at(sun, day - 1, s);
        got += isnan(v) ? 0 : v;
        most += clear_sky(sun, day - 1, s);
    }
    return most > 0 ? fmin(1.5, got / most) : USUAL_CLEAR;
}

typedef struct rule {
    double level, trust;
} rule;

static double target_of(const home *h, const rule *r, mizo_day day)
{
    double clear = h->clear[day - h->sun.first];
    return fmax(0, fmin(CAPACITY, r->level - r->trust * (clear - USUAL_CLEAR)));
}

/* What a rule would have cost over the days [from, to). */
static double past_cost(const home *h, const rule *r, mizo_day from, mizo_day to)
{
    account a = { .stored = START };
    for (mizo_day day = from; day < to; day++) {
        double target = target_of(h, r, day);
        for (int s = 0; s < SLOTS; s++) {
            double load = days_at(&h->load, day, s), sun = days_at(&h->sun, day, s);
            if (!isnan(load) && !isnan(sun))
                step(&a, s, load, sun, s < CHEAP ? evenly(a.stored, target, s, load) : 0);
        }
    }
    return a.cost - LOW * a.stored;
}

static rule rule_of(int k)
{
    return (rule){ 0.25 * (k / RULE_TRUSTS), 0.5 * (k % RULE_TRUSTS) };
}

/* The rules weighted by what they would have cost before `day`: many do about as well, and their middle does better
 * on the days to come than the one that happened to be best. */
static rule learned(const home *h, mizo_day day)
{
    double cost[RULE_LEVELS * RULE_TRUSTS], least = INFINITY, sum = 0;
    mizo_day from = h->sun.first + CLEAR_DAYS / 2;
    rule out = { 0, 0 };
    if (from < day - REMEMBERED)
        from = day - REMEMBERED;
    for (int k = 0; k < RULE_LEVELS * RULE_TRUSTS; k++) {
        rule r = rule_of(k);
        cost[k] = past_cost(h, &r, from, day);
        least = fmin(least, cost[k]);
    }
    for (int k = 0; k < RULE_LEVELS * RULE_TRUSTS; k++) {
        rule r = rule_of(k);
        double w = exp((least - cost[k]) / TEMPER);
        out.level += w * r.level;
        out.trust += w * r.trust;
        sum += w;
    }
    return (rule){ out.level / sum, out.trust / sum };
}

/* ---- foresight: of sun, of load, of both ---- */

static void copy_days(const days *d, mizo_day from, double out[N])
{
    for (int i = 0; i < N; i++) {
        double v = days_at(d, from + i / SLOTS, i % SLOTS);
        out[i] = isnan(v) ? 0 : v;
    }
}

/* What is told is the same in all cases; the rest is as it was on the days before. */
static void know_ahead(home *h, mizo_day day, told what)
{
    h->cases = what == TOLD_ALL ? 1 : CASES;
    for (int c = 0; c < h->cases; c++) {
        mizo_day before = day - AHEAD - c;
        copy_days(&h->load, what == TOLD_SUN ? before : day, h->path[c][0]);
        copy_days(&h->sun, what == TOLD_LOAD ? before : day, h->path[c][1]);
    }
}

/* The slots [CHEAP, N) from `stored` on; the nights on the way fill to h->later. */
static double path_cost(const home *h, int c, double stored)
{
    account a = { .stored = stored };
    for (int i = CHEAP; i < N; i++) {
        int slot = i % SLOTS;
        double load = h->path[c][0][i];
        step(&a, slot, load, h->path[c][1][i], slot < CHEAP ? evenly(a.stored, h->later, slot, load) : 0);
    }
    return a.cost - LOW * a.stored;
}

static double best_target(const home *h)
{
    double best = INFINITY, at = 0;
    for (int k = 0; k <= LEVELS; k++) {
        double target = CAPACITY * k / LEVELS, cost = LOW * target;
        for (int c = 0; c < h->cases; c++)
            cost += path_cost(h, c, target) / h->cases;
        if (cost < best - 1e-12) {
            best = cost;
            at = target;
        }
    }
    return at;
}

/* ---- the loop ---- */

static int kind(const void *arg, mizo_day day)
{
    (void)arg;
    return kind_plain(day);
}

/* What to buy in the cheap slot s, with `load` expected in the slots from it on: as late as it still can be. */
static double purchase(double stored, double target, int s, const double *load)
{
    double need = target - stored, later = 0;
    for (int i = s; i < CHEAP; i++) {
        double v = isnan(load[i]) ? 0 : load[i];
        need += v * HOUR;
        later += i > s ? (GRID - v) * HOUR : 0;
    }
    return fmax(0, need - 0.95 * fmax(0, later)) / HOUR;
}

static double target_for(home *h, mizo_day day, told what)
{
    if (what == TOLD_NOTHING) {
        rule r = learned(h, day);
        return target_of(h, &r, day);
    }
    know_ahead(h, day, what);
    return best_target(h);
}

static void one_day(home *h, mizo_day day, told what, account *a)
{
    bool load_told = what == TOLD_LOAD || what == TOLD_ALL;
    h->target = target_for(h, day, what);
    for (int s = 0; s < SLOTS; s++) {
        double plan = 0;
        if (s < CHEAP && !load_told)
            series_ask(&h->load_at, day, s, 1);
        if (s < CHEAP)
            plan = purchase(a->stored, h->target, s, load_told ? h->path[0][0] : h->load_at.said.mean);
        step(a, s, days_at(&h->load, day, s), days_at(&h->sun, day, s), plan);
    }
    h->later = 0.7 * h->later + 0.3 * h->target;
}

static mizo_err span(const value_run *r, home *h, mizo_day from, int ndays, told what, account *a)
{
    *a = (account){ .stored = START };
    h->later = h->target = START;
    series_close(&h->load_at);
    MIZO_TRY(series_open(&h->load_at, &(series_task){ .y = &h->load, .kind = kind, .positive = true }));
    for (int d = 0; d < ndays; d++) {
        MIZO_TRY(value_pace(r, (what + (double)d / ndays) / TOLDS));
        one_day(h, from + d, what, a);
    }
    return MIZO_OK;
}

/* ---- the set ---- */

static mizo_err column(const value_run *r, const frame *f, const char *name, double scale, days *out)
{
    int c = frame_column(f, name);
    if (c < 0) {
        MIZO_DIAG(r->d, VALUE_COLUMN, MIZO_NOWHERE, r->set, name);
        return MIZO_EINPUT;
    }
    MIZO_TRY(days_of(f, c, SLOTS, 0, out));
    for (int i = 0; i < out->n * SLOTS; i++)
        out->v[i] *= scale;
    return MIZO_OK;
}

static mizo_err look_back(home *h)
{
    h->clear = calloc((size_t)h->sun.n, sizeof *h->clear);
    for (int i = 0; h->clear && i < h->sun.n; i++)
        h->clear[i] = clearness(&h->sun, h->sun.first + i);
    return h->clear ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err home_open(const value_run *r, home *h)
{
    frame f;
    MIZO_TRY(frame_read(&f, r->data, "ausgrid_c12/load_pv_30min_*", r->d));
    mizo_err e = column(r, &f, "load_kw", 1, &h->load);
    if (!e)
        e = column(r, &f, "pv_kw_1_04kwp", PANELS, &h->sun);
    frame_free(&f);
    if (!e)
        e = look_back(h);
    return e;
}

static void home_close(home *h)
{
    series_close(&h->load_at);
    days_free(&h->load);
    days_free(&h->sun);
    free(h->clear);
}

static mizo_err judge(const value_run *r, home *h, value_table *out)
{
    const mizo_day from = mizo_date_day((mizo_date){ YEAR, 11, 29 });
    int ndays = r->days && r->days < TEST ? r->days : TEST;
    account got[TOLDS];
    const account *mine = &got[TOLD_NOTHING];
    if (h->load.first > from - CLEAR_DAYS || h->load.first + h->load.n < from + ndays) {
        MIZO_DIAG(r->d, VALUE_SHORT, MIZO_NOWHERE, r->set, "2011-11-04 .. 2011-12-28");
        return MIZO_EINPUT;
    }
    for (int what = 0; what < TOLDS; what++)
        MIZO_TRY(span(r, h, from, ndays, (told)what, &got[what]));
    value_row *row = value_add(out, "grid cost per day, 30 test days", mine->cost / ndays, AIM, false);
    value_refer(row, "perfect_forecast_here", got[TOLD_ALL].cost / ndays, true);
    value_refer(row, "sun_known_here", got[TOLD_SUN].cost / ndays, true);
    value_refer(row, "load_known_here", got[TOLD_LOAD].cost / ndays, true);
    value_refer(row, "clairvoyant_published", CLAIRVOYANT, false);
    value_refer(row, "mpc_24h_published", MPC, false);
    value_refer(row, "tuned_rule_published", TUNED_RULE, false);
    value_refer(row, "bought_kwh_per_day_here", mine->bought / ndays, true);
    value_refer(row, "bought_cheap_kwh_per_day_here", mine->cheap / ndays, true);
    value_refer(row, "curtailed_kwh_per_day_here", mine->spilled / ndays, true);
    value_refer(row, "unserved_kwh_here", mine->unserved, true);
    return row ? MIZO_OK : MIZO_ERANGE;
}

mizo_err value_ausgrid(const value_run *r, value_table *out)
{
    home h = { .clear = NULL };
    mizo_err e = home_open(r, &h);
    if (!e)
        e = judge(r, &h, out);
    home_close(&h);
    return e;
}
