/* set_jepx.c: jepx_spot: the Tokyo price of every half-hour of tomorrow, from all that was published: the
 * prices of all areas and the orders, up to today's.
 *
 * Regressions over Tokyo's own past (forecast/price_columns.h), the other areas and the orders are mixed in yen
 * with a learner (mizo/forecast.h) and the plain forecasts. A day without rows stays missing; the days after a
 * gap lean on the last prices before it. */
#include <math.h>
#include <stdlib.h>

#include "forecast/mixer.h"
#include "forecast/panel.h"
#include "forecast/price_columns.h"
#include "town/bench/frame.h"
#include "town/bench/sets.h"

enum { SLOTS = PRICE_SLOTS, AREAS = 6, ORDERS = 8, MARKET = 2 * AREAS - 1 + ORDERS };
enum { COLUMNS = PRICE_CORE + MARKET + PRICE_SHAPE, TEST_DAYS = 365, PLAIN = 3, LEARNER = 3 };
#define UNIT 8.0 /* yen: some two thirds of the usual price */

static const panel_member members[] = {
    {800,  0.3,  COLUMNS,             0, 2},
    { 200, 0.3,  COLUMNS,             0, 2},
    { 800, 0.1,  PRICE_CORE + MARKET, 1, 2},
    { 200, 0.1,  PRICE_CORE + MARKET, 1, 2},
    { 800, 0.1,  COLUMNS,             1, 2},
    { 200, 0.2,  COLUMNS,             1, 2},
    { 60,  0.1,  PRICE_CORE + MARKET, 1, 2},
    { 400, 1,    COLUMNS,             0, 2},
    { 90,  0.03, PRICE_CORE,          1, 2}
};
enum { MEMBERS = sizeof members / sizeof *members, EXPERTS = LEARNER + 1 + MEMBERS };

typedef struct task {
    days tokyo, area[AREAS], sell, buy; /* tokyo in yen, areas in asinh, orders in logarithms */
    days z;                             /* tokyo in asinh */
    panel *panel;
    mizo_learner *learner;
    mixer mixer;
    double x[SLOTS * COLUMNS], away[MEMBERS * SLOTS], said[EXPERTS * SLOTS], mean[SLOTS];
    price_look look;
} task;

static double known(double v)
{
    return isfinite(v) ? v : 0;
}

static price_past past_of(const days *d)
{
    return (price_past){ d->first, d->n, d->v };
}

static double yen(double z)
{
    return fmax(0.01, UNIT * sinh(z)); /* the market's floor */
}

/* What the slot's market was like yesterday: areas against Tokyo, orders against their week. */
typedef struct market {
    double area[AREAS], sell, buy; /* mean distance of the day from its week */
} market;

static double mean_away(const days *d, mizo_day day)
{
    price_past p = past_of(d);
    double sum = 0;
    for (int s = 0; s < SLOTS; s++)
        sum += known(days_at(d, day - 1, s) - price_anchor(&p, day, s)) / SLOTS;
    return sum;
}

static void market_of(const task *t, mizo_day day, market *m)
{
    for (int k = 0; k < AREAS; k++)
        m->area[k] = mean_away(&t->area[k], day);
    m->sell = mean_away(&t->sell, day);
    m->buy = mean_away(&t->buy, day);
}

static double *market_columns(const task *t, const market *m, mizo_day day, int s, double *x)
{
    double tokyo = days_at(&t->z, day - 1, s), sell = days_at(&t->sell, day - 1, s),
           buy = days_at(&t->buy, day - 1, s);
    price_past ps = past_of(&t->sell), pb = past_of(&t->buy);
    double usual_sell = price_anchor(&ps, day, s), usual_buy = price_anchor(&pb, day, s);
    for (int k = 0; k < AREAS; k++)
        *x++ = known(days_at(&t->area[k], day - 1, s) - tokyo);
    for (int k = 0; k < AREAS - 1; k++) /* the last area is far away: its slots alone */
        *x++ = m->area[k] - t->look.lag[1];
    double orders[ORDERS] = { sell - buy,
                              buy - usual_buy,
                              sell - usual_sell,
                              m->buy,
                              m->sell,
                              usual_sell - usual_buy,
                              days_at(&t->buy, day - 7, s) - usual_buy,
                              days_at(&t->sell, day - 7, s) - usual_sell };
    for (int k = 0; k < ORDERS; k++)
        *x++ = known(orders[k]);
    return x;
}

static void columns(task *t, mizo_day day)
{
    price_past p = past_of(&t->z);
    market m;
    price_look_at(&t->look, &p, day);
    market_of(t, day, &m);
    for (int s = 0; s < SLOTS; s++) {
        double *x = price_core(&t->look, s, t->x + (size_t)s * COLUMNS);
        price_shape(&t->look, s, market_columns(t, &m, day, s, x));
    }
}

static void say(task *t, mizo_day day, const mizo_learn_day *d)
{
    columns(t, day);
    panel_say(t->panel, t->x, t->away);
    mizo_learner_forecast(t->learner, d, t->said + LEARNER * SLOTS);
    for (int s = 0; s < SLOTS; s++) {
        double anchor = t->look.anchor[s], learned = t->said[LEARNER * SLOTS + s];
        t->said[s] = days_at(&t->tokyo, day - 1, s);
        t->said[SLOTS + s] = days_at(&t->tokyo, day - 7, s);
        t->said[2 * SLOTS + s] = isnan(anchor) ? NAN : yen(anchor);
        t->said[LEARNER * SLOTS + s] = isnan(learned) ? NAN : yen(learned);
        for (int k = 0; k < MEMBERS; k++) {
            double away = t->away[k * SLOTS + s];
            t->said[(LEARNER + 1 + k) * SLOTS + s] = isnan(away + anchor) ? NAN : yen(anchor + away);
        }
    }
    mixer_say(&t->mixer, t->said, t->mean);
}

static void learn(task *t, mizo_day day, const mizo_learn_day *d)
{
    double y[SLOTS];
    const double *actual = t->tokyo.v + (size_t)(day - t->tokyo.first) * SLOTS;
    for (int s = 0; s < SLOTS; s++)
        y[s] = days_at(&t->z, day, s) - t->look.anchor[s];
    mixer_learn(&t->mixer, t->said, t->mean, actual);
    panel_learn(t->panel, t->x, y);
    mizo_learner_learn(t->learner, d, t->z.v + (size_t)(day - t->z.first) * SLOTS);
}

typedef struct tally {
    double model, yesterday, week, n;
} tally;

static void judge(const task *t, mizo_day day, tally *sum)
{
    for (int s = 0; s < SLOTS; s++) {
        double actual = days_at(&t->tokyo, day, s), one = t->said[s], seven = t->said[SLOTS + s];
        if (isnan(actual) || isnan(t->mean[s]))
            continue;
        double last = yen(t->look.anchor[s]);
        sum->model += fabs(actual - t->mean[s]);
        sum->yesterday += fabs(actual - (isnan(one) ? last : one));
        sum->week += fabs(actual - (isnan(seven) ? last : seven));
        sum->n++;
    }
}

/* What the learner is told beside its own series: yesterday's areas and orders. */
static void run(task *t, set_result *out)
{
    tally sum = { 0 };
    mizo_day end = t->tokyo.first + t->tokyo.n;
    for (mizo_day d = t->tokyo.first; d < end; d++) {
        mizo_learn_day asked = { .day = d, .kind = kind_japan(d) };
        say(t, d, &asked);
        if (d >= end - TEST_DAYS)
            judge(t, d, &sum);
        learn(t, d, &asked);
    }
    out->score = sum.model / sum.n;
    out->naive = fmin(sum.yesterday, sum.week) / sum.n;
}

/* ---- the file ---- */

static double squeezed(double v)
{
    return asinh(v / UNIT);
}

static mizo_err column(const frame *f, const char *name, double (*of)(double), days *out)
{
    MIZO_TRY(days_of(f, frame_column(f, name), SLOTS, 0, out));
    for (int i = 0; i < out->n * SLOTS; i++)
        out->v[i] = isnan(out->v[i]) ? NAN : of(out->v[i]);
    return MIZO_OK;
}

static double same(double v)
{
    return v;
}

static mizo_err read(const char *data, mizo_diags *d, task *t)
{
    static const char *const area[AREAS] = { "system_jpy_kwh", "tohoku_jpy_kwh", "chubu_jpy_kwh",
                                             "kansai_jpy_kwh", "kyushu_jpy_kwh", "hokkaido_jpy_kwh" };
    frame f;
    MIZO_TRY(frame_read(&f, data, "jepx_spot/spot_*", d));
    mizo_err e = column(&f, "tokyo_jpy_kwh", same, &t->tokyo);
    if (!e)
        e = column(&f, "tokyo_jpy_kwh", squeezed, &t->z);
    for (int k = 0; k < AREAS && !e; k++)
        e = column(&f, area[k], squeezed, &t->area[k]);
    if (!e)
        e = column(&f, "sell_bid_kwh", log, &t->sell);
    if (!e)
        e = column(&f, "buy_bid_kwh", log, &t->buy);
    frame_free(&f);
    return e;
}

static mizo_err prepare(task *t)
{
    panel_task p = { .slots = SLOTS, .columns = COLUMNS, .members = MEMBERS, .member = members };
    p.fit_days = 7;
    p.warm = 30;
    mizo_learn_task l = { .size = sizeof l, .slots = SLOTS };
    t->panel = panel_new(&p);
    t->learner = mizo_learner_new(&l);
    mixer_init(&t->mixer, &(mixer_task){ SLOTS, EXPERTS, PLAIN, 4, 0.98, 0.3 });
    return t->panel && t->learner ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err set_jepx(const char *data, mizo_diags *d, set_result *out)
{
    task *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    mizo_err e = read(data, d, t);
    if (!e)
        e = prepare(t);
    if (!e)
        run(t, out);
    panel_free(t->panel);
    mizo_learner_free(t->learner);
    days *of[] = { &t->tokyo, &t->z, &t->sell, &t->buy };
    for (size_t k = 0; k < sizeof of / sizeof *of; k++)
        days_free(of[k]);
    for (int k = 0; k < AREAS; k++)
        days_free(&t->area[k]);
    free(t);
    return e;
}
