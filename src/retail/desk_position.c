/* desk_position.c: what the open position may cost, and the one thing that is worth doing about it.
 *
 * Every way of acting is priced over the same paths: what is certainly paid (market with fee, the call, the sites)
 * and what is left open at what a kWh of imbalance may cost then. docs/mechanisms/desk.md */
#include <stdlib.h>
#include <string.h>

#include "mizo/desk.h"

enum { SLOTS = MIZO_DAY_SLOTS };

static bool add_product(mizo_uyen *sum, mizo_wh wh, int32_t myen)
{
    int64_t uyen;
    return __builtin_mul_overflow(wh, (int64_t)myen, &uyen) || __builtin_add_overflow(*sum, uyen, sum);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Mean, P10 and P90 (nearest rank) of n values, which are sorted. */
static void spread(int64_t *v, int n, int64_t *mean, int64_t *p10, int64_t *p90)
{
    int64_t whole = 0, part = 0;
    qsort(v, (size_t)n, sizeof *v, by_value);
    for (int i = 0; i < n; i++) { /* in two parts: the sum may not fit */
        whole += v[i] / n;
        part += v[i] % n;
    }
    *mean = whole + mizo_div_round(part, n, MIZO_ROUND_HALF_UP);
    *p10 = v[(n - 1) / 10];
    *p90 = v[(n - 1) - (n - 1) / 10];
}

/* Prices a way of acting: `by_slot` is taken off what is open, `paid` is paid for it. */
static mizo_err price_move(const mizo_position_ask *ask, mizo_priced_move *m)
{
    mizo_uyen cost[MIZO_DESK_PATHS];
    for (int p = 0; p < ask->npath; p++) {
        cost[p] = m->paid;
        for (int t = ask->from; t < SLOTS; t++)
            if (add_product(&cost[p], ask->open[p][t] - m->by_slot[t], ask->worth[p][t]))
                return MIZO_ERANGE;
    }
    spread(cost, ask->npath, &m->mean, &m->p10, &m->p90);
    return MIZO_OK;
}

static mizo_wh nearest_step(const mizo_desk_rules *r, mizo_wh wh)
{
    mizo_wh step = (mizo_wh)r->market_step_kwh * 1000;
    return step > 0 ? mizo_div_round(wh, step, MIZO_ROUND_HALF_UP) * step : wh;
}

/* Trades what is left open in a slot on the market that is open: buys, sells, or both (way 0). */
static mizo_err trade_slot(const mizo_position_ask *ask, int t, int way, mizo_priced_move *m, mizo_wh *traded)
{
    mizo_wh left = ask->expected[t] - m->by_slot[t], wh;
    if (ask->market[t] == MIZO_MISSING || (way > 0 && left <= 0) || (way < 0 && left >= 0))
        return MIZO_OK;
    wh = nearest_step(ask->rules, left);
    m->by_slot[t] += wh;
    m->traded[t] += wh;
    bool over = add_product(&m->paid, wh, ask->market[t]);
    wh = wh < 0 ? -wh : wh;
    *traded += wh;
    return over || add_product(&m->paid, wh, ask->rules->intraday_fee_myen) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err trade(const mizo_position_ask *ask, int way, mizo_priced_move *m, mizo_wh *traded)
{
    for (int t = ask->from; t < SLOTS; t++)
        MIZO_TRY(trade_slot(ask, t, way, m, traded));
    return MIZO_OK;
}

static mizo_err fill_trade(const mizo_position_ask *ask, int way, mizo_priced_move *m)
{
    MIZO_TRY(trade(ask, way, m, &m->wh));
    m->there = m->wh > 0;
    return MIZO_OK;
}

/* Calls where the slot is short, the lines as they stand, no more than is short; then trades the rest. */
static mizo_err fill_call(const mizo_position_ask *ask, mizo_position *out)
{
    mizo_priced_move *m = &out->move[MIZO_MOVE_CALL];
    for (size_t i = 0; i < ask->ncall; i++)
        for (int t = ask->from; t < SLOTS; t++) {
            mizo_wh left = ask->expected[t] - m->by_slot[t], wh = ask->call[i].wh[t];
            wh = wh < left ? wh : left;
            if (wh <= 0 || ask->call[i].myen[t] == MIZO_MISSING)
                continue;
            m->wh += wh;
            m->by_slot[t] += wh;
            out->called[i][t] = wh;
            if (add_product(&m->paid, wh, ask->call[i].myen[t]))
                return MIZO_ERANGE;
        }
    m->there = m->wh > 0;
    return m->there ? trade(ask, 0, m, &m->then_wh) : MIZO_OK;
}

static mizo_err fill_batteries(const mizo_position_ask *ask, mizo_priced_move *m)
{
    for (int t = ask->from; t < SLOTS && ask->moved; t++) {
        m->by_slot[t] = -ask->moved[t];
        m->wh += ask->moved[t] > 0 ? ask->moved[t] : 0;
        m->there = m->there || m->by_slot[t];
    }
    m->paid = ask->moved ? ask->moved_uyen : 0;
    return m->there ? trade(ask, 0, m, &m->then_wh) : MIZO_OK;
}

static void sum_open(const mizo_position_ask *ask, mizo_position *out)
{
    int64_t short_wh[MIZO_DESK_PATHS], mean;
    for (int t = ask->from; t < SLOTS; t++) {
        out->open_short += ask->expected[t] > 0 ? ask->expected[t] : 0;
        out->open_long -= ask->expected[t] < 0 ? ask->expected[t] : 0;
    }
    for (int p = 0; p < ask->npath; p++) {
        short_wh[p] = 0;
        for (int t = ask->from; t < SLOTS; t++)
            short_wh[p] += ask->open[p][t] > 0 ? ask->open[p][t] : 0;
    }
    spread(short_wh, ask->npath, &mean, &out->short_p10, &out->short_p90);
}

/* Something is open that the market could take. */
static bool open_enough(const mizo_position_ask *ask, bool shortage)
{
    for (int t = ask->from; t < SLOTS; t++)
        if (nearest_step(ask->rules, shortage ? ask->expected[t] : -ask->expected[t]) > 0)
            return true;
    return false;
}

/* Short: the cheapest of what closes the position; cheaper than to wait, it is worth it; dearer, it is a duty, for a
 * plan must match. Only long: the cheapest of all, and to wait is one of them. */
static void choose(const mizo_position_ask *ask, mizo_position *out)
{
    const mizo_priced_move *hold = &out->move[MIZO_MOVE_HOLD], *best = NULL;
    bool must = open_enough(ask, true), any = must || open_enough(ask, false), can = false;
    for (int k = MIZO_MOVE_BUY; k < MIZO_DESK_MOVE_COUNT; k++) {
        const mizo_priced_move *m = &out->move[k];
        if (!m->there || (must && k == MIZO_MOVE_SELL))
            continue;
        can = true;
        if ((!must && m->mean >= hold->mean) || (best && m->mean >= best->mean))
            continue;
        best = m;
        out->chosen = (mizo_desk_move)k;
    }
    if (best)
        out->why = best->mean < hold->mean ? MIZO_WHY_CHEAPER : MIZO_WHY_DUTY;
    else
        out->why = !any ? MIZO_WHY_CLOSED : can ? MIZO_WHY_WAIT : MIZO_WHY_NONE;
}

mizo_err mizo_desk_position(const mizo_position_ask *ask, mizo_position *out)
{
    memset(out, 0, sizeof *out);
    if (ask->npath < 1 || ask->npath > MIZO_DESK_PATHS || ask->ncall > MIZO_DESK_CALLS || ask->from < 0 ||
        ask->from > SLOTS)
        return MIZO_ERANGE;
    out->move[MIZO_MOVE_HOLD].there = true;
    MIZO_TRY(fill_trade(ask, 1, &out->move[MIZO_MOVE_BUY]));
    MIZO_TRY(fill_trade(ask, -1, &out->move[MIZO_MOVE_SELL]));
    MIZO_TRY(fill_call(ask, out));
    MIZO_TRY(fill_batteries(ask, &out->move[MIZO_MOVE_MOVE]));
    for (int k = 0; k < MIZO_DESK_MOVE_COUNT; k++)
        MIZO_TRY(price_move(ask, &out->move[k]));
    sum_open(ask, out);
    out->mean = out->move[MIZO_MOVE_HOLD].mean;
    out->p10 = out->move[MIZO_MOVE_HOLD].p10;
    out->p90 = out->move[MIZO_MOVE_HOLD].p90;
    choose(ask, out);
    return MIZO_OK;
}
