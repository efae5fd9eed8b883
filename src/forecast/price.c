/* price.c: tomorrow's prices of one area from its own past, with quantiles.
 *
 * Every call lives through the last year and a half again: two regressions over price_columns.h and three plain
 * forecasts are mixed by what they missed (panel.h, mixer.h), and what the mix missed gives the quantiles
 * (spread.h). Days further ahead stand on what was said of those before them. mizo_pricer lives through it once and
 * is then told a day at a time. docs/mechanisms/price.md */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/forecast_inner.h"
#include "forecast/mixer.h"
#include "forecast/panel.h"
#include "forecast/price_columns.h"
#include "forecast/spread.h"

enum { SLOTS = PRICE_SLOTS, LIVED = 540, BEFORE = 64, AHEAD = 16, YEAR_DAYS = LIVED + BEFORE + AHEAD };
enum { PLAIN = 3, MEMBERS = 2, EXPERTS = PLAIN + MEMBERS, SIGNS = 4, ENOUGH = 24 };
#define LEAST 0.01

typedef struct teller {
    double z[YEAR_DAYS * SLOTS], unit, floor;
    price_past past;
    price_look look;
    panel *panel;
    mixer mixer;
    spread *spread;
    double x[SLOTS * PRICE_CORE], said[EXPERTS * SLOTS], mean[SLOTS];
    int learned;
} teller;

/* ---- a day ---- */

/* What may make a day hard to say: members that disagree, a day that moved, a level or a slot far from usual. */
static void signs(teller *t)
{
    double sign[SLOTS * SIGNS];
    const double *a = t->said + PLAIN * SLOTS, *b = a + SLOTS;
    for (int s = 0; s < SLOTS; s++) {
        double apart = isnan(a[s] - b[s]) ? 0.05 : fabs(a[s] - b[s]);
        double away = isnan(t->mean[s]) ? 0 : t->mean[s];
        double own[SIGNS] = { log(apart + LEAST) + 3, log(fabs(t->look.lag[1]) + LEAST) + 3, away,
                              fabs(away) };
        memcpy(sign + (size_t)s * SIGNS, own, sizeof own);
    }
    spread_day(t->spread, sign);
}

/* Distances from the anchor into mean. */
static void say(teller *t, mizo_day day)
{
    price_look_at(&t->look, &t->past, day);
    for (int s = 0; s < SLOTS; s++) {
        double anchor = t->look.anchor[s];
        price_core(&t->look, s, t->x + (size_t)s * PRICE_CORE);
        t->said[s] = price_at(&t->past, day - 1, s) - anchor;
        t->said[SLOTS + s] = price_at(&t->past, day - 7, s) - anchor;
        t->said[2 * SLOTS + s] = isnan(anchor) ? NAN : 0;
    }
    panel_say(t->panel, t->x, t->said + PLAIN * SLOTS);
    for (int s = 0; s < SLOTS; s++)
        if (isnan(t->look.anchor[s]))
            t->said[3 * SLOTS + s] = t->said[4 * SLOTS + s] = NAN;
    mixer_say(&t->mixer, t->said, t->mean);
    signs(t);
}

static void learn(teller *t, mizo_day day)
{
    double y[SLOTS], missed[SLOTS];
    int known = 0;
    for (int s = 0; s < SLOTS; s++) {
        y[s] = price_at(&t->past, day, s) - t->look.anchor[s];
        missed[s] = y[s] - t->mean[s];
        known += !isnan(y[s]);
    }
    mixer_learn(&t->mixer, t->said, t->mean, y);
    panel_learn(t->panel, t->x, y);
    if (!known)
        return;
    spread_learn(t->spread, missed);
    t->learned++;
}

/* ---- the past ---- */

static int upward(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Copies the days before `issued` and finds what is usual among them: two thirds of the middle price is the
 * unit, so that most prices lie where asinh begins to bend. False: nothing is known that still says anything. */
static bool remember(teller *t, const mizo_history *h, mizo_day issued, double *room)
{
    int n = 0, best = 0;
    t->past = (price_past){ issued - LIVED - BEFORE, LIVED + BEFORE, t->z };
    t->floor = INFINITY;
    for (int d = 0; d < t->past.n; d++) {
        int known = 0;
        for (int s = 0; s < SLOTS; s++) {
            int32_t v = forecast_at(h, t->past.first + d, s);
            t->z[d * SLOTS + s] = v == MIZO_MISSING ? NAN : v;
            if (v == MIZO_MISSING)
                continue;
            room[n++] = fabs((double)v);
            t->floor = fmin(t->floor, v);
            known++;
        }
        if (d >= t->past.n - PRICE_LASTS && known > best)
            best = known;
    }
    if (best < ENOUGH)
        return false;
    qsort(room, (size_t)n, sizeof *room, upward);
    t->unit = fmax(1, room[n / 2] * 2 / 3);
    if (t->floor > 0.1 * t->unit) /* merely the lowest so far, not what a market stops at */
        t->floor = 0;
    for (int i = 0; i < t->past.n * SLOTS; i++)
        t->z[i] = asinh(t->z[i] / t->unit);
    return true;
}

static mizo_day first_known(const teller *t)
{
    for (int i = 0; i < t->past.n * SLOTS; i++)
        if (!isnan(t->z[i]))
            return t->past.first + i / SLOTS;
    return t->past.first + t->past.n;
}

static void live(teller *t, mizo_day issued)
{
    mizo_day first = first_known(t) + 1, from = issued - LIVED;
    for (mizo_day d = first > from ? first : from; d < issued; d++) {
        say(t, d);
        learn(t, d);
    }
}

/* ---- what is put out ---- */

/* What a young series will miss: quantiles of what was missed of Tokyo's prices of 2020-2024 when only the ten
 * days before were shown, in asinh of a unit of 8 yen; it counts as seven days. */
static double young(int level)
{
    static const double q[MIZO_QUANTILES] = { -0.37, -0.21, -0.11, -0.05, -0.02, 0,
                                              0.02,  0.06,  0.12,  0.23,  0.39 };
    return q[level];
}

static int32_t whole(const teller *t, double z)
{
    double v = t->unit * sinh(fmax(-12, fmin(12, z)));
    return (int32_t)floor(fmax(t->floor, fmin(2e9, v)) + 0.5);
}

/* Days further ahead miss more: with this the 80 % band of Tokyo's prices, two to five days ahead, held 79 % of
 * them in 2023 and 2024. */
static double wider(int ahead)
{
    return 1 + 0.15 * sqrt((double)ahead);
}

static void put(teller *t, int s, int ahead, int i, mizo_forecast *out)
{
    double q[MIZO_QUANTILES], own = t->learned / (t->learned + 7.0);
    int32_t v[MIZO_QUANTILES];
    double middle = t->look.anchor[s] + t->mean[s];
    spread_quantiles(t->spread, s, mizo_quantile, MIZO_QUANTILES, q);
    for (int k = 0; k < MIZO_QUANTILES; k++)
        v[k] = whole(t, middle + wider(ahead) * (own * q[k] + (1 - own) * young(k)));
    /* The middle, not the mean of the band: its upper tail is a guess, and what was said by it was too high. */
    int32_t mean = whole(t, middle);
    out->mean[i] = mean < v[0] ? v[0] : mean > v[MIZO_QUANTILES - 1] ? v[MIZO_QUANTILES - 1] : mean;
    out->p10[i] = v[MIZO_Q10] < out->mean[i] ? v[MIZO_Q10] : out->mean[i];
    out->p90[i] = v[MIZO_Q90] > out->mean[i] ? v[MIZO_Q90] : out->mean[i];
    if (out->q)
        memcpy(out->q + (size_t)i * MIZO_QUANTILES, v, sizeof v);
}

/* A slot that was never known lies where its neighbours do. */
static void bridge(teller *t)
{
    for (int s = 0; s < SLOTS; s++) {
        if (!isnan(t->mean[s]))
            continue;
        int a = s - 1, b = s;
        while (b < SLOTS && isnan(t->mean[b]))
            b++;
        double right = b < SLOTS ? t->look.anchor[b] + t->mean[b] : NAN;
        double left = a >= 0 ? t->look.anchor[a] + t->mean[a] : right;
        t->look.anchor[s] = left + ((isnan(right) ? left : right) - left) * (s - a) / (b - a);
        t->mean[s] = 0;
    }
}

static void tell(teller *t, mizo_day issued, mizo_day day, mizo_forecast *out)
{
    int days = (out->n + SLOTS - 1) / SLOTS;
    panel_renew(t->panel);
    for (mizo_day d = issued; d < day + days && d - issued < AHEAD; d++) {
        say(t, d);
        bridge(t);
        double *row = t->z + (size_t)(d - t->past.first) * SLOTS;
        for (int s = 0; s < SLOTS; s++) {
            int i = (d - day) * SLOTS + s;
            row[s] = t->look.anchor[s] + t->mean[s];
            if (i >= 0 && i < out->n)
                put(t, s, d - issued, i, out);
        }
        t->past.n++;
    }
}

static mizo_err nothing(mizo_forecast *out)
{
    for (int i = 0; out->q && i < out->n * MIZO_QUANTILES; i++)
        out->q[i] = MIZO_MISSING;
    return forecast_nothing(out);
}

static bool birth(teller *t)
{
    static const panel_member member[MEMBERS] = {
        {400, 0.1,  0,  0, 4},
        { 80, 0.03, 12, 0, 4}
    };
    panel_task p = { .slots = SLOTS, .columns = PRICE_CORE, .members = MEMBERS, .member = member };
    p.fit_days = 42;
    p.warm = 28;
    spread_task s = { .slots = SLOTS, .signs = SIGNS, .days = 180, .half_life = 60, .least = LEAST };
    t->panel = panel_new(&p);
    t->spread = spread_new(&s);
    mixer_init(&t->mixer, &(mixer_task){ SLOTS, EXPERTS, PLAIN, 4, 0.98, 0.3 });
    return t->panel && t->spread;
}

/* ---- the one that is told day by day ---- */

struct mizo_pricer {
    teller t;
};

/* A teller that knows the days of the history before `issued`. MIZO_ENOENT: they say nothing. */
static mizo_err tell_past(teller *t, const mizo_history *h, mizo_day issued)
{
    double *room = calloc((size_t)YEAR_DAYS * SLOTS, sizeof *room);
    mizo_err e = room && birth(t) ? MIZO_OK : MIZO_ENOMEM;
    if (!e && !remember(t, h, issued, room))
        e = MIZO_ENOENT;
    free(room);
    if (!e)
        live(t, issued);
    return e;
}

mizo_err mizo_pricer_new(const mizo_history *h, mizo_pricer **out)
{
    mizo_pricer *p = calloc(1, sizeof *p);
    mizo_err e = p ? tell_past(&p->t, h, h->first + h->ndays) : MIZO_ENOMEM;
    if (e) {
        mizo_pricer_free(p);
        p = NULL;
    }
    *out = p;
    return e;
}

void mizo_pricer_free(mizo_pricer *p)
{
    if (!p)
        return;
    panel_free(p->t.panel);
    spread_free(p->t.spread);
    free(p);
}

mizo_day mizo_pricer_day(const mizo_pricer *p)
{
    return p->t.past.first + p->t.past.n;
}

static double scaled(const teller *t, int32_t v)
{
    return v == MIZO_MISSING ? NAN : asinh(v / t->unit);
}

/* The oldest day makes room for the one that is told. */
static void turn(teller *t)
{
    memmove(t->z, t->z + SLOTS, (size_t)(t->past.n - 1) * SLOTS * sizeof *t->z);
    t->past.first++;
    t->past.n--;
}

void mizo_pricer_learn(mizo_pricer *p, const int32_t *price)
{
    teller *t = &p->t;
    mizo_day day = mizo_pricer_day(p);
    turn(t);
    double *row = t->z + (size_t)t->past.n * SLOTS;
    for (int s = 0; s < SLOTS; s++) {
        row[s] = scaled(t, price[s]);
        if (price[s] != MIZO_MISSING)
            t->floor = fmin(t->floor, price[s]);
    }
    t->past.n++;
    say(t, day);
    learn(t, day);
}

void mizo_pricer_say(mizo_pricer *p, const int32_t *known, int ndays, int32_t *mean)
{
    teller *t = &p->t;
    mizo_day day = mizo_pricer_day(p);
    int before = t->past.n;
    panel_renew(t->panel);
    for (int d = 0; d < ndays && d < AHEAD; d++) {
        double *row = t->z + (size_t)t->past.n * SLOTS;
        say(t, day + d);
        bridge(t);
        for (int s = 0; s < SLOTS; s++) {
            int32_t v = known ? known[d * SLOTS + s] : MIZO_MISSING;
            row[s] = v == MIZO_MISSING ? t->look.anchor[s] + t->mean[s] : scaled(t, v);
            mean[d * SLOTS + s] = v == MIZO_MISSING ? whole(t, row[s]) : v;
        }
        t->past.n++;
    }
    t->past.n = before;
}

static mizo_err run(const mizo_history *h, const mizo_forecast_about *about, mizo_day day, mizo_forecast *out)
{
    (void)about;
    int64_t end = (int64_t)h->first + h->ndays;
    mizo_day issued = end < day ? (mizo_day)end : day;
    int ahead = (out->n + SLOTS - 1) / SLOTS;
    if (issued < day + ahead - AHEAD) /* what lies between is not known */
        issued = day + ahead - AHEAD;
    teller *t = calloc(1, sizeof *t);
    mizo_err e = t ? tell_past(t, h, issued) : MIZO_ENOMEM;
    if (e)
        nothing(out);
    else
        tell(t, issued, day, out);
    if (t) {
        panel_free(t->panel);
        spread_free(t->spread);
    }
    free(t);
    return e;
}

const mizo_forecaster mizo_forecaster_price = {
    .name = "price-panel",
    .title_en = "market price: regressions and plain forecasts, mixed by what they missed",
    .title_ja = "市場価格(回帰と単純予測を実績の外れで重み付け)",
    .serves = MIZO_Q_PRICE,
    .run = run,
};
