/* value_scenario.c: what the town buys for tomorrow, and what it costs to ignore that tomorrow is not known.
 *
 * At ten in the morning the town says how much it takes in each half-hour of tomorrow; it knows its own days up to
 * yesterday and today's prices. On the day its batteries answer slot by slot, planned anew with what has
 * happened; what was not bought ahead is short or long at the imbalance price. Three buyers, with the same forecasts
 * and the same batteries on the day: for the mean, for the mean and a margin, and two-stage, for joint paths of need and
 * price with the batteries' answer to each. docs/mechanisms/value.md */
#include "town/bench/value_scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/foresight.h"
#include "mizo/scenario.h"
#include "optimize/area_lp.h"

enum { SLOTS = 48, PATHS = 24, SERIES = 2 /* need, price */, BIG_W = 1000000000 };
#define MARGIN_LEVEL 7 /* of mizo_quantile: 0.7, which the margin buys for */

typedef enum buyer { MEAN, MARGIN, STAGES, PERFECT, BUYERS } buyer;

typedef struct market {
    const scenario_town *t;
    const value_run *r;
    mizo_foresight *need, *price;
    mizo_outlook need_said, price_said; /* need_said: two days */
    mizo_day need_told, price_told;     /* the first that is not */
    float path[PATHS * SERIES * SLOTS];
    mizo_planner *planner;
    mizo_site_plan plan;
    double cost[BUYERS], bought[BUYERS], missed[BUYERS]; /* yen, kWh, kWh of imbalance */
    int days;
} market;

/* ---- what is known at ten in the morning of the day before ---- */

static mizo_learn_day plain(mizo_day d)
{
    return (mizo_learn_day){ .day = d, .kind = kind_japan(d) };
}

static void tell(mizo_foresight *f, const days *y, mizo_day *told, mizo_day until)
{
    for (; *told < until; ++*told) {
        double v[SLOTS];
        mizo_learn_day d = plain(*told);
        for (int s = 0; s < SLOTS; s++)
            v[s] = days_at(y, *told, s);
        mizo_foresight_note(f, &d, 1);
        mizo_foresight_learn(f, &d, v);
    }
}

static uint8_t rank_of(const void *arg, size_t site, int age, int slot)
{
    const market *m = arg;
    const uint8_t *r = mizo_foresight_ranks(site ? m->price : m->need, age);
    return r ? r[slot] : MIZO_RANK_UNKNOWN;
}

static mizo_err foresee(market *m, mizo_day day)
{
    mizo_learn_day d[2] = { plain(day - 1), plain(day) };
    tell(m->need, &m->t->need, &m->need_told, day - 1);
    tell(m->price, &m->t->price, &m->price_told, day);
    if (!mizo_foresight_say(m->need, d, 2, &m->need_said) ||
        !mizo_foresight_say(m->price, d + 1, 1, &m->price_said))
        return MIZO_ENOENT;
    mizo_outlook both[SERIES] = {
        {SLOTS,  m->need_said.mean + SLOTS, m->need_said.q + (size_t)SLOTS * MIZO_QUANTILES},
        { SLOTS, m->price_said.mean,        m->price_said.q                                },
    };
    mizo_scenarios s = { .nsite = SERIES,
                         .n = SLOTS,
                         .slots = SLOTS,
                         .site = both,
                         .rank = rank_of,
                         .arg = m,
                         .ages = MIZO_RANKS,
                         .npath = PATHS,
                         .seed = 1 };
    return mizo_scenario_paths(&s, m->path);
}

/* ---- the purchase ---- */

static int32_t myen(double yen)
{
    return (int32_t)lround(1000 * fmin(yen, 999));
}

typedef struct stages {
    int32_t load[PATHS][SLOTS], pv[PATHS][SLOTS], buy[PATHS][SLOTS], sell[PATHS][SLOTS];
    int32_t zero[SLOTS], ahead[SLOTS];
    mizo_site_problem p[PATHS];
    const mizo_site_problem *pp[PATHS];
    mizo_area_market market[PATHS];
    mizo_area_flow flow;
} stages;

/* One future: need kW and price yen a kWh. */
static void pose(stages *s, int k, const scenario_town *t, mizo_day day, const double *need,
                 const double *price)
{
    const imbalance_rule *rule = imbalance_on(day);
    double mean = 0;
    for (int i = 0; i < SLOTS; i++) {
        s->load[k][i] = (int32_t)lround(1000 * fmax(0, need[i]));
        s->pv[k][i] = (int32_t)lround(1000 * fmax(0, -need[i]));
        s->buy[k][i] = myen(imbalance_short(rule, price[i]));
        s->sell[k][i] = myen(imbalance_long(rule, price[i]));
        mean += price[i] / SLOTS;
    }
    mizo_site_problem *p = &s->p[k];
    memset(p, 0, sizeof *p);
    p->size = sizeof *p;
    p->n = SLOTS;
    p->step_min = 30;
    p->load_w = s->load[k];
    p->pv_w = s->pv[k];
    p->buy_myen = p->sell_myen = s->zero;
    p->limit_w = p->export_w = BIG_W;
    p->nbattery = t->battery.energy_wh > 0;
    p->battery[0] = t->battery;
    p->battery[0].leave_wh = t->battery.soc_now_wh;
    s->pp[k] = p;
    s->market[k] = (mizo_area_market){ .buy_myen = s->buy[k], .sell_myen = s->sell[k] };
}

static const mizo_site_problem *site_of(void *arg, size_t i, int k, int *node)
{
    const stages *s = arg;
    (void)i;
    *node = 0;
    return s->pp[k];
}

/* By the town's engine; false: its gap is not met. */
static mizo_err buy_by_engine(stages *s, const mizo_area_shape *shape, double *out, bool *good)
{
    mizo_area_options o = { .size = sizeof o };
    mizo_area_result result = { .status = MIZO_PLAN_NONE };
    mizo_area *a;
    MIZO_TRY(mizo_area_new(shape, &a));
    mizo_err e = mizo_area_add(a, 0, s->pp);
    if (!e)
        e = mizo_area_solve(a, &o, &result);
    *good = !e && result.status == MIZO_PLAN_OPTIMAL;
    if (*good)
        e = mizo_area_node_read(a, 0, 0, &s->flow);
    mizo_area_free(a);
    for (int i = 0; i < SLOTS && *good; i++)
        out[i] = s->flow.ahead_w[i] / 1000.0;
    return e;
}

/* By the general solver: the purchase is the program's first columns. */
static mizo_err buy_by_lp(stages *s, const mizo_area_shape *shape, const mizo_lp_solver *solver, double *out)
{
    area_lp lp;
    MIZO_TRY(area_lp_make(&lp, shape, 1, site_of, s));
    mizo_lp *loaded = area_lp_load(&lp, solver);
    mizo_err e = loaded ? solver->solve(loaded, 1000000) : MIZO_ENOMEM;
    for (int i = 0; i < SLOTS && !e; i++)
        out[i] = solver->x(loaded)[i];
    if (loaded)
        solver->free(loaded);
    area_lp_free(&lp);
    return e;
}

/* What is best to buy at `price` where one of n futures will come; kW. */
static mizo_err buy(const market *m, stages *s, int n, const double *price, double *out)
{
    mizo_area_node node = { .parent = -1 };
    mizo_area_shape shape = { .size = sizeof shape,
                              .n = SLOTS,
                              .step_min = 30,
                              .nnode = 1,
                              .node = &node,
                              .nscenario = n,
                              .market = s->market,
                              .ahead_myen = s->ahead };
    bool good;
    for (int i = 0; i < SLOTS; i++)
        s->ahead[i] = myen(price[i]);
    MIZO_TRY(buy_by_engine(s, &shape, out, &good));
    return good ? MIZO_OK : buy_by_lp(s, &shape, m->r->lp, out);
}

static void mean_path(const market *m, int series, double *out)
{
    for (int i = 0; i < SLOTS; i++) {
        out[i] = 0;
        for (int p = 0; p < PATHS; p++)
            out[i] += (double)m->path[(size_t)(p * SERIES + series) * SLOTS + (size_t)i] / PATHS;
    }
}

static mizo_err purchase(const market *m, stages *s, buyer b, mizo_day day, double *out)
{
    double need[SLOTS], price[SLOTS];
    mean_path(m, 1, price);
    if (b == STAGES) {
        for (int p = 0; p < PATHS; p++) {
            double n[SLOTS], y[SLOTS];
            for (int i = 0; i < SLOTS; i++) {
                n[i] = (double)m->path[(size_t)(p * SERIES) * SLOTS + (size_t)i];
                y[i] = fmax(0.01, (double)m->path[(size_t)(p * SERIES + 1) * SLOTS + (size_t)i]);
            }
            pose(s, p, m->t, day, n, y);
        }
        return buy(m, s, PATHS, price, out);
    }
    mean_path(m, 0, need);
    for (int i = 0; i < SLOTS; i++) {
        if (b == MARGIN)
            need[i] = m->need_said.q[(size_t)(SLOTS + i) * MIZO_QUANTILES + MARGIN_LEVEL];
        if (b == PERFECT) {
            need[i] = days_at(&m->t->need, day, i);
            price[i] = days_at(&m->t->price, day, i);
        }
        price[i] = fmax(0.01, price[i]);
    }
    pose(s, 0, m->t, day, need, price);
    return buy(m, s, 1, price, out);
}

/* ---- the day ---- */

/* The rest of the day from slot `now`, as it is seen then; the plan's first slot is what the batteries do. */
static mizo_err answer(market *m, stages *s, mizo_day day, int now, const double *ahead, const double *need,
                       int64_t soc_uwh)
{
    const imbalance_rule *rule = imbalance_on(day);
    mizo_site_problem *p = &s->p[0];
    int n = SLOTS - now;
    for (int i = 0; i < n; i++) {
        double rest = need[now + i] - ahead[now + i], price = days_at(&m->t->price, day, now + i);
        s->load[0][i] = (int32_t)lround(1000 * fmax(0, rest));
        s->pv[0][i] = (int32_t)lround(1000 * fmax(0, -rest));
        s->buy[0][i] = myen(imbalance_short(rule, price));
        s->sell[0][i] = myen(imbalance_long(rule, price));
    }
    memset(p, 0, sizeof *p);
    p->size = sizeof *p;
    p->from = mizo_day_slot(day, MIZO_JAPAN_OFFSET) + now;
    p->n = n;
    p->step_min = 30;
    p->load_w = s->load[0];
    p->pv_w = s->pv[0];
    p->buy_myen = s->buy[0];
    p->sell_myen = s->sell[0];
    p->limit_w = p->export_w = BIG_W;
    p->nbattery = m->t->battery.energy_wh > 0;
    p->battery[0] = m->t->battery;
    p->battery[0].soc_now_wh = (int32_t)(soc_uwh / 1000000);
    p->battery[0].leave_wh = m->t->battery.soc_now_wh;
    return mizo_plan_site(m->planner, p, &m->plan);
}

/* need: as seen at each slot, [SLOTS * SLOTS]; ahead: bought. */
static mizo_err live(market *m, stages *s, buyer b, mizo_day day, const double *ahead, const double *seen)
{
    const imbalance_rule *rule = imbalance_on(day);
    int64_t soc = (int64_t)m->t->battery.soc_now_wh * 1000000;
    for (int t = 0; t < SLOTS; t++) {
        const double *need = seen + (size_t)t * SLOTS;
        double actual = days_at(&m->t->need, day, t), price = days_at(&m->t->price, day, t), net;
        MIZO_TRY(answer(m, s, day, t, ahead, need, soc));
        int32_t in = m->plan.charge_w[0][0], out = m->plan.discharge_w[0][0];
        if (m->t->battery.energy_wh > 0)
            soc = mizo_battery_step(&m->t->battery, 30, soc, in, out);
        net = actual - ahead[t] + (in - out) / 1000.0;
        m->cost[b] += 0.5 * (price * ahead[t] +
                             (net > 0 ? imbalance_short(rule, price) : imbalance_long(rule, price)) * net +
                             out / 1000.0 * m->t->battery.wear_myen / 1000.0);
        m->bought[b] += 0.5 * ahead[t];
        m->missed[b] += 0.5 * fabs(net);
    }
    return MIZO_OK;
}

/* What is seen of the day's need at each of its slots: it has happened before, is forecast from there on. */
static mizo_err watch(market *m, mizo_day day, double *seen, double *truth)
{
    mizo_learn_day d = plain(day);
    double *q = calloc((size_t)SLOTS * MIZO_QUANTILES, sizeof *q);
    if (!q)
        return MIZO_ENOMEM;
    tell(m->need, &m->t->need, &m->need_told, day);
    for (int s = 0; s < SLOTS; s++)
        truth[s] = days_at(&m->t->need, day, s);
    for (int now = 0; now < SLOTS; now++) {
        mizo_outlook o = { SLOTS, seen + (size_t)now * SLOTS, q };
        if (now ? !mizo_foresight_now(m->need, &d, 1, truth, now, &o)
                : !mizo_foresight_say(m->need, &d, 1, &o))
            memcpy(o.mean, m->need_said.mean + SLOTS, SLOTS * sizeof *o.mean);
    }
    free(q);
    return MIZO_OK;
}

static mizo_err judge_day(market *m, stages *s, double *seen, mizo_day day)
{
    double ahead[BUYERS][SLOTS], truth[SLOTS];
    MIZO_TRY(foresee(m, day));
    for (int b = 0; b < BUYERS; b++)
        MIZO_TRY(purchase(m, s, (buyer)b, day, ahead[b]));
    MIZO_TRY(watch(m, day, seen, truth));
    for (int b = 0; b < PERFECT; b++)
        MIZO_TRY(live(m, s, (buyer)b, day, ahead[b], seen));
    for (int t = 0; t < SLOTS; t++)
        memcpy(seen + (size_t)t * SLOTS, truth, sizeof truth);
    MIZO_TRY(live(m, s, PERFECT, day, ahead[PERFECT], seen));
    m->days++;
    return MIZO_OK;
}

/* ---- all days ---- */

static mizo_err open_market(market *m, const value_run *r, const scenario_town *t)
{
    mizo_foresight_task task = { .size = sizeof task, .slots = SLOTS, .recipe = MIZO_RICH };
    m->r = r;
    m->t = t;
    m->need = mizo_foresight_new(&task);
    task.positive = true;
    m->price = mizo_foresight_new(&task);
    m->need_said = (mizo_outlook){ 2 * SLOTS, calloc(2 * SLOTS, sizeof(double)),
                                   calloc((size_t)2 * SLOTS * MIZO_QUANTILES, sizeof(double)) };
    m->price_said = (mizo_outlook){ SLOTS, calloc(SLOTS, sizeof(double)),
                                    calloc((size_t)SLOTS * MIZO_QUANTILES, sizeof(double)) };
    m->need_told = t->need.first;
    m->price_told = t->price.first > t->need.first - 400 ? t->price.first : t->need.first - 400;
    m->planner = mizo_planner_new(r->lp);
    bool whole = m->need && m->price && m->need_said.mean && m->need_said.q && m->price_said.mean &&
                 m->price_said.q && m->planner;
    return whole ? MIZO_OK : MIZO_ENOMEM;
}

static void close_market(market *m)
{
    mizo_foresight_free(m->need);
    mizo_foresight_free(m->price);
    free(m->need_said.mean);
    free(m->need_said.q);
    free(m->price_said.mean);
    free(m->price_said.q);
    mizo_planner_free(m->planner);
    free(m);
}

static void put(const market *m, value_table *out)
{
    static const char *const id[BUYERS] = { "at_the_mean", "margin_at_0_7", "two_stage", "perfect" };
    double mean = m->cost[MEAN] / m->days;
    value_row *row = value_add(out, "purchase for tomorrow on scenarios, yen per day",
                               m->cost[STAGES] / m->days, mean, false);
    for (int b = 0; b < BUYERS; b++)
        if (b != STAGES)
            value_refer(row, id[b], m->cost[b] / m->days, true);
    row = value_add(out, "imbalance left by that purchase, % of what is bought",
                    100 * m->missed[STAGES] / m->bought[STAGES], NAN, false);
    for (int b = 0; b < BUYERS; b++)
        if (b != STAGES)
            value_refer(row, id[b], 100 * m->missed[b] / m->bought[b], true);
}

mizo_err scenario_judge(const value_run *r, const scenario_town *t, mizo_day from, mizo_day to, int step,
                        value_table *out)
{
    market *m = calloc(1, sizeof *m);
    stages *s = calloc(1, sizeof *s);
    double *seen = calloc((size_t)SLOTS * SLOTS, sizeof *seen);
    mizo_err e = m && s && seen ? open_market(m, r, t) : MIZO_ENOMEM;
    for (mizo_day d = from; d < to && !e; d += step) {
        e = value_pace(r, 0.75 + 0.25 * (d - from) / (to - from)); /* of the set */
        if (!e)
            e = judge_day(m, s, seen, d);
    }
    if (!e)
        put(m, out);
    if (m)
        close_market(m);
    free(s);
    free(seen);
    return e;
}
