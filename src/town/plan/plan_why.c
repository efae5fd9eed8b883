/* plan_why.c: why a plan does what it does, told in runs of slots. The dual price of a slot is what one
 * more kWh would cost the site then: above the purchase price it says that a peak or the contract is
 * being held, below it that the site's own sun is to be had. */
#include "town/plan/plan.h"

enum { HELD_MYEN = 500 /* half a yen above what is paid: something is being held */, TIE_MYEN = 10 };

/* What a kWh costs in a slot, the limits above the site left out: tariff and the town's market. */
static int64_t paid(const plan_site *p, int t)
{
    return (int64_t)p->problem.buy_myen[t] + p->node_myen[t] - p->cap_myen[t];
}

static bool capped(const plan_site *p, int t)
{
    return p->cap_myen[t] > HELD_MYEN;
}

/* What is sent back is held at a limit above: a kWh is worth less than anywhere else. */
static bool pushed(const plan_site *p, int t)
{
    return p->cap_myen[t] < -HELD_MYEN;
}

static plan_reason cap_of(const plan_site *p, int t)
{
    return p->cap_call[t] ? PLAN_WHY_CALL : p->cap_node[t] < 0 ? PLAN_WHY_TOWN : PLAN_WHY_NODE;
}

static bool held(const plan_site *p, int t)
{
    return p->plan.price_myen[t] > (int64_t)p->problem.buy_myen[t] + p->node_myen[t] + HELD_MYEN;
}

static plan_reason held_by(const plan_site *p, int t)
{
    return p->plan.import_w[t] >= p->problem.lp.limit_w ? PLAN_WHY_LIMIT : PLAN_WHY_PEAK;
}

/* A slot that would be cheaper, were it not for a limit above the site. -1: none. */
static int capped_elsewhere(const plan_site *p, int from, int to, int t)
{
    for (int k = from; k < to; k++)
        if (capped(p, k) && !capped(p, t) && paid(p, k) <= paid(p, t) + TIE_MYEN)
            return k;
    return -1;
}

/* Is it the tariff that makes a slot cheap, or dear? Else it is the market. */
static bool by_tariff(const plan_site *p, int t, int sign)
{
    for (int k = 0; k < p->plan.n; k++)
        if (sign * (p->problem.buy_myen[t] - p->problem.buy_myen[k]) > TIE_MYEN)
            return true;
    return false;
}

static bool market_speaks(const plan_site *p)
{
    for (int k = 1; k < p->plan.n; k++)
        if (p->node_myen[k] - p->cap_myen[k] != p->node_myen[0] - p->cap_myen[0])
            return true;
    return false;
}

static plan_reason why_charge(const plan_site *p, int b, int t, int *cap)
{
    int32_t before = t > 0 ? p->plan.soc_wh[b][t - 1] : p->problem.lp.battery[b].soc_now_wh;
    if (pushed(p, t)) {
        *cap = t;
        return PLAN_WHY_BACK;
    }
    if (p->plan.import_w[t] == 0)
        return PLAN_WHY_SUN;
    if (before < p->problem.lp.battery[b].reserve_wh)
        return PLAN_WHY_RESERVE;
    if (market_speaks(p) && by_tariff(p, t, 1) && !by_tariff(p, t, -1))
        return PLAN_WHY_MARKET;
    *cap = capped_elsewhere(p, 0, t, t);
    return *cap >= 0 ? cap_of(p, *cap) : PLAN_WHY_CHEAP;
}

static plan_reason why_discharge(const plan_site *p, int t, int *cap)
{
    if (held(p, t) && p->plan.export_w[t] == 0)
        return held_by(p, t);
    if (capped(p, t)) {
        *cap = t;
        return cap_of(p, t);
    }
    if (p->plan.export_w[t] > 0)
        return PLAN_WHY_SOLD;
    return market_speaks(p) && !by_tariff(p, t, 1) ? PLAN_WHY_MARKET : PLAN_WHY_DEAR;
}

/* Cheap: no slot of the window has a lower price. Otherwise it is charged here because the cheaper ones
 * are full, for its departure, or because a peak or a limit is held in them. */
static plan_reason why_vehicle(const plan_site *p, int v, int t, int *cap)
{
    const mizo_plan_vehicle *a = &p->problem.lp.vehicle[v];
    if (pushed(p, t)) {
        *cap = t;
        return PLAN_WHY_BACK;
    }
    if (p->plan.import_w[t] == 0)
        return PLAN_WHY_SUN;
    *cap = capped_elsewhere(p, a->from, a->to, t);
    if (*cap >= 0)
        return cap_of(p, *cap);
    bool cheapest = true, full = true;
    for (int k = a->from; k < a->to; k++) {
        if (paid(p, k) + TIE_MYEN >= paid(p, t))
            continue;
        cheapest = false;
        full = full && p->plan.vehicle_w[v][k] >= a->max_w - 1;
    }
    return cheapest ? PLAN_WHY_CHEAP : full ? PLAN_WHY_LEAVES : PLAN_WHY_PEAK;
}

static int32_t power(const plan_site *p, plan_act act, int i, int t)
{
    switch (act) {
    case PLAN_CHARGES:
        return p->plan.charge_w[i][t];
    case PLAN_DISCHARGES:
        return p->plan.discharge_w[i][t];
    case PLAN_VEHICLE:
        return p->plan.vehicle_w[i][t];
    default:
        return p->problem.lp.pv_w ? p->problem.pv_w[t] - p->plan.pv_w[t] : 0;
    }
}

/* cap: the slot whose limit it is, -1 where none is. */
static plan_reason reason(const plan_site *p, plan_act act, int i, int t, int *cap)
{
    *cap = -1;
    switch (act) {
    case PLAN_CHARGES:
        return why_charge(p, i, t, cap);
    case PLAN_DISCHARGES:
        return why_discharge(p, t, cap);
    case PLAN_VEHICLE:
        return why_vehicle(p, i, t, cap);
    default:
        *cap = pushed(p, t) ? t : -1;
        return pushed(p, t) ? PLAN_WHY_BACK : PLAN_WHY_NOT_WANTED;
    }
}

static void begin(plan_site *p, plan_act act, int i, int t)
{
    int cap;
    plan_reason r = reason(p, act, i, t, &cap);
    p->why[p->nwhy++] = (plan_why){ .act = act,
                                    .index = i,
                                    .from = t,
                                    .to = t,
                                    .reason = r,
                                    .low_myen = p->plan.price_myen[t],
                                    .high_myen = p->plan.price_myen[t],
                                    .node = cap >= 0 ? p->cap_node[cap] : -1 };
}

static bool same_reason(const plan_site *p, const plan_why *w, int t)
{
    int cap;
    plan_reason r = reason(p, w->act, w->index, t, &cap);
    return r == w->reason && (cap >= 0 ? p->cap_node[cap] : -1) == w->node;
}

static void extend(plan_site *p, plan_why *w, int t, int64_t *watt_slots)
{
    int32_t price = p->plan.price_myen[t];
    w->to = t + 1;
    w->low_myen = price < w->low_myen ? price : w->low_myen;
    w->high_myen = price > w->high_myen ? price : w->high_myen;
    *watt_slots += power(p, w->act, w->index, t);
    w->energy_wh = *watt_slots * p->problem.lp.step_min / 60;
}

static void tell(plan_site *p, plan_act act, int i)
{
    plan_why *open = NULL;
    int64_t watt_slots = 0;
    for (int t = 0; t < p->plan.n; t++) {
        if (power(p, act, i, t) <= 1) { /* a W is rounding */
            open = NULL;
            continue;
        }
        if (!open || !same_reason(p, open, t)) {
            if (p->nwhy == PLAN_WHYS)
                return;
            begin(p, act, i, t);
            open = &p->why[p->nwhy - 1];
            watt_slots = 0;
        }
        extend(p, open, t, &watt_slots);
    }
}

/* A battery's charging and discharging, from its first row on, in the order of the day. */
static void in_order(plan_site *p, int first)
{
    for (int i = first + 1; i < p->nwhy; i++) {
        plan_why w = p->why[i];
        int k = i;
        for (; k > first && p->why[k - 1].from > w.from; k--)
            p->why[k] = p->why[k - 1];
        p->why[k] = w;
    }
}

void plan_explain(plan_site *p)
{
    p->nwhy = 0;
    for (int b = 0; b < p->problem.lp.nbattery; b++) {
        int first = p->nwhy;
        tell(p, PLAN_CHARGES, b);
        tell(p, PLAN_DISCHARGES, b);
        in_order(p, first);
    }
    for (int v = 0; v < p->problem.lp.nvehicle; v++)
        tell(p, PLAN_VEHICLE, v);
    tell(p, PLAN_CURTAILS, 0);
}
