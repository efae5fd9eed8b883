/* bench_value_home.c: ausgrid_c12: one solar home with a battery, no export, power that is cheap by night.
 *
 * How much to buy in a cheap half-hour is decided before it, from the past alone; within the half-hour the battery
 * takes what load and sun leave, and by day it gives until it is empty. What is to be decided is thus how full it
 * is to be when the cheap hours end: too little is bought dear by day, too much leaves no room for the sun. The best
 * target on average over joint scenarios of load and sun is taken. The rules are in the set's README. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/scenario.h"
#include "town/bench_value.h"
#include "town/bench_value_series.h"

enum { SLOTS = 48, CHEAP = 12 /* slots [0, 12) */, AHEAD = 3, N = AHEAD * SLOTS, PATHS = 96, LEVELS = 80 };
enum { TEST = 30, FIRST_YEAR = 2011 };
#define HOUR        0.5 /* of a slot */
#define CAPACITY    8.0 /* kWh */
#define START       4.0
#define GRID        3.0 /* kW, most that is bought */
#define LOW         0.10
#define HIGH        0.20
#define UNSERVED    5.0 /* a kWh that neither gives: none in the test span */
#define PANELS      (4.0 / 1.04)
#define CLAIRVOYANT 0.354
#define MPC         0.509
#define RULE        0.512
#define AIM         0.500

typedef struct home {
    days load, sun; /* kW by half-hour */
    series load_at, sun_at;
    float *path; /* [npath][2][N] load and sun from the day's first slot on */
    int npath;
    double later;  /* the target of the nights after this one */
    double target; /* kWh in the battery at the end of the cheap hours */
} home;

typedef struct account {
    double stored, cost, bought, spilled, unserved;
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
    double least = need - a->stored / HOUR;
    buy = fmax(buy, fmin(GRID, least));
    double after = a->stored + (buy - need) * HOUR;
    a->spilled += fmax(0, after - CAPACITY);
    a->unserved += fmax(0, -after);
    a->stored = fmin(CAPACITY, fmax(0, after));
    a->bought += buy * HOUR;
    a->cost += buy * HOUR * price_of(slot) + fmax(0, -after) * UNSERVED;
}

/* ---- the plan ---- */

/* What to buy in the cheap slot s, with `load` expected in the slots from it on: as late as it still can be. */
static double purchase(double stored, double target, int s, const float *load)
{
    double need = target - stored, later = 0;
    for (int i = s; i < CHEAP; i++) {
        need += (double)load[i] * HOUR;
        later += i > s ? (GRID - (double)load[i]) * HOUR : 0;
    }
    need -= fmax(0, later) * 0.95;
    return fmax(0, need) / HOUR;
}

/* The slots [CHEAP, N) of a path, from `stored` on; the nights on the way fill to h->later. */
static double path_cost(const home *h, const float *path, double stored)
{
    const float *load = path, *sun = path + N;
    account a = { .stored = stored };
    for (int i = CHEAP; i < N; i++) {
        int slot = i % SLOTS;
        double plan = 0;
        if (slot < CHEAP) /* spread: the sum is what counts here */
            plan = fmax(0, h->later - a.stored) / HOUR / (CHEAP - slot) + (double)load[i];
        step(&a, slot, (double)load[i], (double)sun[i], plan);
    }
    return a.cost - LOW * a.stored;
}

/* The target that costs least on average over the paths. */
static double best_target(const home *h)
{
    double best = INFINITY, at = 0;
    for (int k = 0; k <= LEVELS; k++) {
        double target = CAPACITY * k / LEVELS, cost = LOW * target;
        for (int p = 0; p < h->npath; p++)
            cost += path_cost(h, h->path + (size_t)p * 2 * N, target) / h->npath;
        if (cost < best - 1e-12) {
            best = cost;
            at = target;
        }
    }
    return at;
}

static uint8_t rank_at(const void *arg, size_t site, int age, int slot)
{
    const home *h = arg;
    const uint8_t *r = mizo_foresight_ranks(site ? h->sun_at.f : h->load_at.f, age);
    return r ? r[slot] : MIZO_RANK_UNKNOWN;
}

/* Paths as they stand at `now` of `day`. */
static mizo_err look_ahead(home *h, mizo_day day, int now)
{
    if (!series_ask(&h->load_at, day, now, AHEAD) || !series_ask(&h->sun_at, day, now, AHEAD))
        return MIZO_ENOENT;
    const mizo_outlook both[2] = { h->load_at.said, h->sun_at.said };
    h->npath = PATHS;
    return mizo_scenario_paths(&(mizo_scenarios){ .nsite = 2,
                                                  .n = N,
                                                  .slots = SLOTS,
                                                  .site = both,
                                                  .rank = rank_at,
                                                  .arg = h,
                                                  .ages = MIZO_RANKS,
                                                  .npath = PATHS,
                                                  .seed = FIRST_YEAR },
                               h->path);
}

/* What will be: the reference of perfect foresight. */
static mizo_err know_ahead(home *h, mizo_day day)
{
    h->npath = 1;
    for (int i = 0; i < N; i++) {
        double load = days_at(&h->load, day + i / SLOTS, i % SLOTS);
        double sun = days_at(&h->sun, day + i / SLOTS, i % SLOTS);
        h->path[i] = (float)(isnan(load) ? 0 : load);
        h->path[N + i] = (float)(isnan(sun) ? 0 : sun);
    }
    return MIZO_OK;
}

/* ---- the loop ---- */

static void mean_load(const home *h, float *out)
{
    for (int i = 0; i < CHEAP; i++) {
        double sum = 0;
        for (int p = 0; p < h->npath; p++)
            sum += (double)h->path[(size_t)p * 2 * N + (size_t)i];
        out[i] = (float)(sum / h->npath);
    }
}

static mizo_err one_day(home *h, mizo_day day, bool perfect, account *a)
{
    float load[CHEAP];
    mizo_err e = MIZO_OK;
    for (int s = 0; s < SLOTS && !e; s++) {
        double plan = 0;
        if (s < CHEAP) {
            e = perfect ? know_ahead(h, day) : look_ahead(h, day, s);
            if (e)
                break;
            if (s % 3 == 0) /* a night changes little: the target is weighed anew every hour and a half */
                h->target = best_target(h);
            mean_load(h, load);
            plan = purchase(a->stored, h->target, s, load);
        }
        step(a, s, days_at(&h->load, day, s), days_at(&h->sun, day, s), plan);
    }
    h->later = 0.7 * h->later + 0.3 * h->target;
    return e;
}

static mizo_err span(const value_run *r, home *h, mizo_day from, int ndays, bool perfect, double share,
                     account *a)
{
    *a = (account){ .stored = START };
    h->later = h->target = START;
    for (int d = 0; d < ndays; d++) {
        MIZO_TRY(value_pace(r, share + 0.5 * d / ndays));
        MIZO_TRY(one_day(h, from + d, perfect, a));
    }
    return MIZO_OK;
}

/* ---- the set ---- */

static int kind(const void *arg, mizo_day day)
{
    (void)arg;
    return kind_plain(day);
}

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

static mizo_err home_open(const value_run *r, home *h)
{
    frame f;
    MIZO_TRY(frame_read(&f, r->data, "ausgrid_c12/load_pv_30min_*", r->d));
    mizo_err e = column(r, &f, "load_kw", 1, &h->load);
    if (!e)
        e = column(r, &f, "pv_kw_1_04kwp", PANELS, &h->sun);
    frame_free(&f);
    series_task t = { .y = &h->load, .kind = kind, .positive = true };
    if (!e)
        e = series_open(&h->load_at, &t);
    t.y = &h->sun;
    if (!e)
        e = series_open(&h->sun_at, &t);
    h->path = calloc((size_t)PATHS * 2 * N, sizeof *h->path);
    return e ? e : h->path ? MIZO_OK : MIZO_ENOMEM;
}

static void home_close(home *h)
{
    series_close(&h->load_at);
    series_close(&h->sun_at);
    days_free(&h->load);
    days_free(&h->sun);
    free(h->path);
}

static mizo_err judge(const value_run *r, home *h, value_table *out)
{
    const mizo_day from = mizo_date_day((mizo_date){ FIRST_YEAR, 11, 29 });
    int ndays = r->days && r->days < TEST ? r->days : TEST;
    account mine, perfect;
    if (h->load.first > from - 28 || h->load.first + h->load.n < from + ndays) {
        MIZO_DIAG(r->d, VALUE_SHORT, MIZO_NOWHERE, r->set, "2011-11-01 .. 2011-12-28");
        return MIZO_EINPUT;
    }
    MIZO_TRY(span(r, h, from, ndays, false, 0, &mine));
    MIZO_TRY(span(r, h, from, ndays, true, 0.5, &perfect));
    value_row *row = value_add(out, "grid cost per day, 30 test days", mine.cost / ndays, AIM, false);
    value_refer(row, "clairvoyant_published", CLAIRVOYANT, false);
    value_refer(row, "perfect_forecast_here", perfect.cost / ndays, true);
    value_refer(row, "mpc_24h_published", MPC, false);
    value_refer(row, "tuned_rule_published", RULE, false);
    return row ? MIZO_OK : MIZO_ERANGE;
}

mizo_err value_ausgrid(const value_run *r, value_table *out)
{
    home h = { .npath = 0 };
    mizo_err e = home_open(r, &h);
    if (!e)
        e = judge(r, &h, out);
    home_close(&h);
    return e;
}
