/* site_case.c: makes a problem whole before it is solved: refuses what is wrong in itself, and
 * brings what merely is strange (a battery outside its window) into what can be. */
#include <string.h>

#include "optimize/site.h"

enum {
    PRICE_MOST = 1000000000, /* 1,000,000 yen per kWh */
    PPM = MIZO_PPM,
    EFFICIENCY_LEAST = 10000 /* 1 %: less is a mistake of units */
};

static bool efficient(int32_t ppm)
{
    return ppm >= EFFICIENCY_LEAST && ppm <= PPM;
}

static bool battery_right(const mizo_plan_battery *b)
{
    return b->energy_wh >= 0 && b->charge_w >= 0 && b->discharge_w >= 0 && b->soc_min_wh >= 0 &&
           b->soc_max_wh >= b->soc_min_wh && efficient(b->charge_ppm) && efficient(b->discharge_ppm) &&
           b->wear_myen >= 0 && b->wear_myen <= PRICE_MOST && b->end_myen >= 0 && b->end_myen <= PRICE_MOST;
}

static bool vehicle_right(const mizo_plan_vehicle *v)
{
    return v->need_wh >= 0 && v->max_w >= 0 && efficient(v->efficiency_ppm);
}

static bool series_right(const mizo_site_problem *p)
{
    for (int t = 0; t < p->n; t++) {
        if (p->load_w[t] < 0 || (p->pv_w && p->pv_w[t] < 0))
            return false;
        if (p->buy_myen[t] < -PRICE_MOST || p->buy_myen[t] > PRICE_MOST || p->sell_myen[t] < -PRICE_MOST ||
            p->sell_myen[t] > PRICE_MOST)
            return false;
    }
    return true;
}

static bool problem_right(const mizo_site_problem *p)
{
    if (p->size != sizeof *p || p->n < 1 || p->n > MIZO_PLAN_MAX || p->step_min < 1 || p->step_min > 1440)
        return false;
    if (!p->load_w || !p->buy_myen || !p->sell_myen || p->nbattery < 0 || p->nbattery > MIZO_SITE_BATTERIES ||
        p->nvehicle < 0 || p->nvehicle > MIZO_SITE_VEHICLES)
        return false;
    if (p->limit_w < 0 || p->export_w < 0 || p->standing_w < 0 || p->peak_myen_per_kw < 0 ||
        p->peak_myen_per_kw > PRICE_MOST)
        return false;
    for (int b = 0; b < p->nbattery; b++)
        if (!battery_right(&p->battery[b]))
            return false;
    for (int v = 0; v < p->nvehicle; v++)
        if (!vehicle_right(&p->vehicle[v]))
            return false;
    return series_right(p);
}

static int32_t clamp32(int32_t v, int32_t lo, int32_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static void take_battery(site_case *c, int i)
{
    const mizo_plan_battery *b = &c->p->battery[i];
    int32_t now = clamp32(b->soc_now_wh, 0, b->energy_wh);
    int32_t most = b->soc_max_wh < b->energy_wh ? b->soc_max_wh : b->energy_wh;
    int32_t least = b->soc_min_wh < most ? b->soc_min_wh : most;
    c->soc_wh[i] = now;
    c->floor_wh[i] = now < least ? now : least;
    c->top_wh[i] = now > most ? now : most;
    c->reserve_wh[i] = clamp32(b->reserve_wh, least, most);
    c->restore_wh[i] = c->reserve_wh[i] > now ? c->reserve_wh[i] - now : 0;
}

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

static double worst_efficiency(const site_case *c)
{
    double battery = 1, vehicle = 1;
    for (int b = 0; b < c->nb; b++) {
        double e = (double)c->p->battery[b].charge_ppm / PPM * c->p->battery[b].discharge_ppm / PPM;
        battery = e < battery ? e : battery;
    }
    for (int v = 0; v < c->nv; v++) {
        double e = (double)c->p->vehicle[v].efficiency_ppm / PPM;
        vehicle = e < vehicle ? e : vehicle;
    }
    double e = battery * vehicle;
    return e < 0.05 ? 0.05 : e;
}

/* Each price is above all that the wishes below it could bring; see docs/mechanisms/plan.md 3. */
static void set_prices(site_case *c)
{
    double e = worst_efficiency(c), money = (double)dearest(c);
    double peak = (double)c->p->peak_myen_per_kw * 60 / c->step; /* a kW for one slot, on its one kWh */
    double restore = 2 * money / e, reserve = 2 * (money + peak) / e;
    double vehicle = 2 * (c->nb ? c->n + 1 : 1) * reserve / e;
    c->price.restore = (int64_t)restore;
    c->price.reserve = (int64_t)reserve;
    c->price.vehicle = (int64_t)vehicle;
    c->price.demand = 2 * c->price.vehicle;
}

mizo_err site_case_init(site_case *c, const mizo_site_problem *p)
{
    if (!problem_right(p))
        return MIZO_EINPUT;
    c->p = p;
    c->n = p->n;
    c->nb = p->nbattery;
    c->nv = p->nvehicle;
    c->step = p->step_min;
    c->limit = p->limit_w;
    c->standing = p->standing_w;
    c->sell_lowered = 0;
    for (int t = 0; t < c->n; t++) {
        bool dear = p->sell_myen[t] > p->buy_myen[t];
        c->sell[t] = dear ? p->buy_myen[t] : p->sell_myen[t];
        c->sell_lowered += dear && p->export_w > 0;
    }
    for (int b = 0; b < c->nb; b++)
        take_battery(c, b);
    for (int v = 0; v < c->nv; v++) {
        c->from[v] = clamp32(p->vehicle[v].from, 0, c->n);
        c->to[v] = clamp32(p->vehicle[v].to, c->from[v], c->n);
    }
    set_prices(c);
    return MIZO_OK;
}
