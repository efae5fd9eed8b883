/* site_prices.c: what a kWh of each wish is worth, so that money never buys one and the cheapest goes first. */
#include "optimize/site.h"

enum { PPM = MIZO_PPM };
#define MOST 1e17 /* milli-yen a kWh: absurd problems lose the order, not the arithmetic */

static int64_t magnitude(int64_t v)
{
    return v < 0 ? -v : v;
}

/* The dearest kWh that money alone can speak of: any price, wear, and the loss on the way. */
static int64_t dearest(const site_case *c)
{
    int64_t most = 1000;
    for (int t = 0; t < c->n; t++) {
        int64_t buy = magnitude(c->p->buy_myen[t]), sell = magnitude(c->sell[t]);
        most = buy > most ? buy : most;
        most = sell > most ? sell : most;
    }
    int64_t extra = 0;
    for (int b = 0; b < c->nb; b++) {
        int64_t sum = (int64_t)c->p->battery[b].wear_myen + c->p->battery[b].end_myen;
        extra = sum > extra ? sum : extra;
    }
    return most + extra;
}

/* The worst way through a battery and what stands in it for half of the horizon. */
static double worst_battery(const site_case *c)
{
    double worst = 1;
    for (int b = 0; b < c->nb; b++) {
        double e = (double)c->p->battery[b].charge_ppm / PPM * c->p->battery[b].discharge_ppm / PPM;
        e /= 1 + (1 - c->keep[b]) * c->n / 2;
        worst = e < worst ? e : worst;
    }
    return worst;
}

static double worst_charger(const site_case *c)
{
    double worst = 1;
    for (int v = 0; v < c->nv; v++) {
        double e = (double)c->p->vehicle[v].efficiency_ppm / PPM;
        worst = e < worst ? e : worst;
    }
    return worst;
}

static double at_least(double v, double least)
{
    return v < least ? least : v;
}

static int64_t whole(double price)
{
    return (int64_t)(price < MOST ? price : MOST);
}

/* Each price is above all that the wishes below it could bring; see docs/mechanisms/plan.md 3. A kind of wish that
 * the site does not have takes no step of the ladder. */
void site_set_prices(site_case *c)
{
    bool sold = false, drawn = false;
    for (int b = 0; b < c->nb; b++) {
        sold = sold || c->p->battery[b].reserved_wh;
        drawn = drawn || c->p->battery[b].use_w;
    }
    double charger = worst_charger(c), e = at_least(worst_battery(c) * charger, 0.05),
           money = (double)dearest(c) + at_least(c->p->money_myen, 0);
    double kw = (double)c->p->peak_myen_per_kw + (c->p->agreed_w > 0 ? c->p->over_agreed_myen_per_kw : 0);
    double peak = kw * 60 / c->step; /* a kW for one slot, on its one kWh */
    double restore = 2 * money / e, reserve = 2 * (money + peak) / e;
    double capacity = sold ? 2 * reserve : 0;
    double store = 2 * (c->nb ? c->n + 1 : 1) * (reserve + capacity) / e;
    double vehicle = drawn ? 2 * store / at_least(charger, 0.05) : store;
    double run = c->nrun ? 2 * vehicle : vehicle;
    c->price = (site_prices){ .restore = whole(restore),
                              .reserve = whole(reserve),
                              .capacity = whole(capacity),
                              .store = whole(store),
                              .vehicle = whole(vehicle),
                              .run = whole(run) };
    c->price.demand = 2 * c->price.run;
}
