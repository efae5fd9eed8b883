/* area_money.h: what a kWh may cost a town beyond what its sites pay: market, carbon, peak, penalties of its nodes. The
 * sites' wishes are priced above it: no obligation buys a van's energy. */
#ifndef OPTIMIZE_AREA_MONEY_H
#define OPTIMIZE_AREA_MONEY_H

#include "mizo/optimize.h"

enum { AREA_MONEY_MOST = 1000000000 };

static inline double area_money_larger(double a, double b)
{
    return a > b ? a : b;
}

/* Of a market, milli-yen per kWh; a kW of its peak on the one kWh of a slot. */
static inline double area_money_market(const mizo_area_shape *s, const mizo_area_market *m)
{
    double most = 0;
    for (int t = 0; t < s->n; t++) {
        double carbon = m->g_per_kwh ? (double)m->g_per_kwh[t] * m->carbon_yen_per_t / 1000 : 0;
        double buy = m->buy_myen ? m->buy_myen[t] : 0, sell = m->sell_myen ? m->sell_myen[t] : 0;
        double price = area_money_larger(buy < 0 ? -buy : buy, sell < 0 ? -sell : sell);
        most = area_money_larger(most, price + carbon + m->unmatched_myen);
    }
    return most + (double)m->peak_myen_per_kw * 60 / s->step_min;
}

/* For mizo_site_problem.money_myen. Penalties add up along the way to node 0; a limit without one is physics. */
static inline int32_t area_money(const mizo_area_shape *s)
{
    double market = 0, penalty = 0, above[MIZO_AREA_NODES];
    for (int k = 0; k < s->nscenario; k++)
        market = area_money_larger(market, area_money_market(s, &s->market[k]));
    for (int i = 0; i < s->nnode; i++) {
        above[i] = (i ? above[s->node[i].parent] : 0) + s->node[i].over_myen;
        penalty = area_money_larger(penalty, above[i]);
    }
    double all = market + penalty;
    return all < AREA_MONEY_MOST ? (int32_t)(all + 0.5) : AREA_MONEY_MOST;
}

#endif
