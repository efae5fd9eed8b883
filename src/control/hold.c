/* hold.c: what gives way, and in which order, so that a half-hour keeps its peak, its contract, its export limit. */
#include "control/cycle.h"

static int64_t charging_cut(cycle *y, int64_t over)
{
    for (int i = 0; i < y->c->nbattery && over > 0; i++) {
        int64_t cut = cycle_clamp(y->battery[i] - cycle_must_w(y, i), 0, over);
        y->battery[i] -= (int32_t)cut;
        over -= cut;
    }
    return over;
}

static int64_t discharge_more(cycle *y, int64_t over, bool reserve_too)
{
    for (int i = 0; i < y->c->nbattery && over > 0; i++) {
        const mizo_plan_battery *b = &y->c->battery[i];
        int64_t lo, hi;
        cycle_range(y, i, reserve_too ? b->soc_min_wh : cycle_floor_wh(b), &lo, &hi);
        int64_t more = cycle_clamp(y->battery[i] - lo, 0, over);
        y->battery[i] -= (int32_t)more;
        over -= more;
    }
    return over;
}

/* Minutes that vehicle j could wait before full power would no longer fill it. */
static int64_t slack(const cycle *y, int j)
{
    int64_t max = y->c->charger_max_w[j] > 0 ? y->c->charger_max_w[j] : 1;
    int left = y->c->rule.minutes_left[j];
    return left <= 0 ? 0 : left - control_need_ac(y->c, y->m, j) * 60 / max;
}

/* Takes `over` W from the vehicles, those with most slack first, none below its pace unless `all`. */
static int64_t vehicles_cut(cycle *y, int64_t over, bool all)
{
    bool done[MIZO_COMMAND_VEHICLES] = { false };
    for (int round = 0; round < y->c->nvehicle && over > 0; round++) {
        int pick = -1;
        for (int j = 0; j < y->c->nvehicle; j++)
            if (!done[j] && y->vehicle[j] > 0 && (pick < 0 || slack(y, j) > slack(y, pick)))
                pick = j;
        if (pick < 0)
            break;
        done[pick] = true;
        int64_t keep = all ? 0 : cycle_pace(y, pick);
        if (!all && y->c->rule.minutes_left[pick] <= 0)
            keep = y->vehicle[pick]; /* its departure is unknown */
        int64_t to = cycle_clamp(y->vehicle[pick] - over, keep, y->vehicle[pick]);
        int32_t now = cycle_charger(y, pick, to);
        if (now == 0 && keep > 0)
            now = y->c->charger_min_w[pick] < y->vehicle[pick] ? y->c->charger_min_w[pick] : y->vehicle[pick];
        over -= y->vehicle[pick] - now;
        y->vehicle[pick] = now;
    }
    return over;
}

/* Runs that may still wait do so; one that has begun is never cut. For the peak, without a plan, only where a later
 * beginning holds it; for the contract all that can, and at last also those that will then end too late. */
typedef enum waiting { FOR_THE_PEAK, FOR_THE_CONTRACT, AT_LAST } waiting;

static int64_t runs_wait(cycle *y, int64_t over, waiting why)
{
    for (int k = 0; k < y->m->nrun && over > 0; k++) {
        bool gains = why == FOR_THE_CONTRACT || y->planned || y->c->rule.run_later[k];
        bool may = why == AT_LAST || (!cycle_run_must(y, k) && gains);
        if (!y->run_go[k] || !may)
            continue;
        over -= cycle_run_w(y, k);
        y->run_go[k] = false;
    }
    return over;
}

/* Vehicles that give back help, where there is a plan. */
static int64_t give_more(cycle *y, int64_t over)
{
    for (int j = 0; j < y->c->nvehicle && over > 0 && y->planned; j++) {
        if (y->vehicle[j] > 0)
            continue;
        int64_t more = cycle_clamp(cycle_give_most(y, j) + y->vehicle[j], 0, over);
        y->vehicle[j] -= (int32_t)more;
        over -= more;
    }
    return over;
}

/* Before the slot has been measured, only what is asked for by ourselves gives way to a guess of it. */
static void hold_under_guess(cycle *y, int64_t allow, bool all)
{
    if (y->base_cap <= y->base)
        return;
    int64_t over = y->base_cap + cycle_flex(y) - allow;
    over = charging_cut(y, over);
    over = vehicles_cut(y, over, all);
    runs_wait(y, over, all ? FOR_THE_CONTRACT : FOR_THE_PEAK);
}

void cycle_hold_target(cycle *y)
{
    if (y->c->hold_only)
        return;
    if (!y->p->exact)
        hold_under_guess(y, y->allow_target, false);
    int64_t over = y->base + cycle_flex(y) - y->allow_target;
    if (over <= 0)
        return;
    if (y->why != MIZO_WHY_SENSOR)
        y->why = MIZO_WHY_PEAK;
    over = charging_cut(y, over);
    over = discharge_more(y, over, false);
    over = vehicles_cut(y, over, false);
    over = runs_wait(y, over, FOR_THE_PEAK);
    give_more(y, over);
}

void cycle_hold_limit(cycle *y)
{
    hold_under_guess(y, y->allow_limit, true);
    int64_t over = y->base + cycle_flex(y) - y->allow_limit;
    if (over <= 0)
        return;
    y->why = MIZO_WHY_LIMIT;
    over = charging_cut(y, over);
    over = discharge_more(y, over, false);
    over = vehicles_cut(y, over, true);
    over = runs_wait(y, over, FOR_THE_CONTRACT);
    over = give_more(y, over);
    over = discharge_more(y, over, true);
    runs_wait(y, over, AT_LAST);
}

/* A program may hold the sun down: what is bought instead counts like load. */
int64_t cycle_held_down(const cycle *y)
{
    int64_t pv = y->m->pv_w == MIZO_MISSING ? 0 : y->m->pv_w;
    return y->p->exact || y->p->pv_limit_w >= pv ? 0 : pv - (y->p->pv_limit_w > 0 ? y->p->pv_limit_w : 0);
}

/* Neither may what goes out pass the point's export limit: discharge gives way, then PV. */
int32_t cycle_hold_export(cycle *y)
{
    const mizo_site_control *c = y->c;
    if (y->m->net_w == MIZO_MISSING || y->p->exact)
        return y->p->pv_limit_w;
    int64_t out = -(y->base + cycle_flex(y));
    for (int i = 0; i < c->nbattery && out > c->export_w; i++) {
        int64_t cut = cycle_clamp(-(int64_t)y->battery[i], 0, out - c->export_w);
        y->battery[i] += (int32_t)cut;
        out -= cut;
    }
    for (int j = 0; j < c->nvehicle && out > c->export_w; j++) {
        int64_t cut = cycle_clamp(-(int64_t)y->vehicle[j], 0, out - c->export_w);
        y->vehicle[j] += (int32_t)cut;
        out -= cut;
    }
    if (c->export_w == 0 || c->export_w == INT32_MAX || y->m->pv_w == MIZO_MISSING)
        return y->p->pv_limit_w; /* at 0 the inverter's own reverse-power function holds it, by the second */
    int64_t most = y->base - cycle_held_down(y) + y->m->pv_w + cycle_flex(y) + c->export_w;
    return (int32_t)cycle_clamp(most, 0, y->p->pv_limit_w);
}
