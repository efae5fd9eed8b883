/* operate_view_area.c: what the page shows of the plan of all sites together: its bound, and each place where a limit
 * stands with what flows through it, what one more kWh would be worth, and what was given up. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/town.h"
#include "town/live/operate_in.h"

static int32_t shown_limit(int32_t w)
{
    return w == INT32_MAX ? MIZO_MISSING : w;
}

static int32_t clip_w(int64_t w)
{
    return w > INT32_MAX ? INT32_MAX : w < -INT32_MAX ? -INT32_MAX : (int32_t)w;
}

static void show_limits(operate *op)
{
    mizo_slot first = mizo_day_slot(op->clock.day, op->region->offset);
    for (size_t k = 0; k < op->view->nplace; k++) {
        view_place *p = &op->view->place[k];
        for (int s = 0; s < 48; s++) {
            int32_t import, export;
            town_area_limits_at(op->town.area, (int)k, first + s, &import, &export);
            p->import_limit[s] = shown_limit(import);
            p->export_limit[s] = shown_limit(export);
        }
    }
}

void operate_view_places(operate *op)
{
    for (size_t k = 0; k < op->view->nplace; k++)
        view_clear_place(&op->view->place[k]);
    show_limits(op);
}

/* ---- the plan ---- */

static void show_flow(operate *op, size_t k)
{
    view_place *p = &op->view->place[k];
    const mizo_area_flow *f = town_area_flow(op->town.area, (int)k);
    bool whole = k > 0 || town_area_wants_town(op->town.area); /* else the rest of the town is not in it */
    for (int s = op->clock.of_day; s < 48 && s - op->clock.of_day < op->asked_slots && f; s++) {
        int t = s - op->clock.of_day;
        p->plan[s] = whole ? f->net_w[t] : MIZO_MISSING;
        p->over[s] = f->over_w[t];
        p->shadow_myen[s] = f->shadow_myen[t];
        p->price_myen[s] = f->price_myen[t];
    }
}

static const char *place_name(const operate *op, size_t k)
{
    mizo_ref node = op->view->place[k].node;
    return node < 0 ? op->region->id : op->region->node[node].id;
}

/* Said when it is first planned, and again when it has been over for a while. */
static void tell_over(operate *op, size_t k)
{
    enum { LEAST_W = 100 };
    const mizo_area_flow *f = town_area_flow(op->town.area, (int)k);
    int64_t wh = 0;
    int first = -1;
    for (int t = 0; f && t < op->asked_slots; t++) {
        if (f->over_w[t] < LEAST_W)
            continue;
        first = first < 0 ? t : first;
        wh += f->over_w[t] / 2;
    }
    if (wh > 0 && !op->town.said_over[k]) {
        char kwh[32], at[MIZO_INSTANT_TEXT];
        snprintf(kwh, sizeof kwh, "%.1f", (double)wh / 1000);
        mizo_ms_text(mizo_slot_ms(op->clock.slot + first), op->region->offset, at);
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_LIMIT_OVER, place_name(op, k), kwh, at,
                   (const char *)NULL);
    }
    op->town.said_over[k] = wh > 0;
}

static int kept_sites(const operate *op)
{
    int n = 0;
    for (size_t i = 0; i < op->nsite; i++)
        n += op->site[i].kept;
    return n;
}

static void show_town_plan(operate *op)
{
    const mizo_area_result *r = &op->answer.result;
    double steered = 0; /* yen */
    for (size_t i = 0; i < op->nsite; i++)
        steered += op->site[i].offered ? (double)op->site[i].steer_paid / 1e6 : 0;
    op->view->plan = (view_plan){ .at = operate_instant(op),
                                  .optimal = r->status == MIZO_PLAN_OPTIMAL,
                                  .warm = r->warm,
                                  .objective = r->objective - steered,
                                  .bound = r->bound - steered,
                                  .gap = r->gap,
                                  .iterations = r->iterations,
                                  .solve_ms = op->answer.solve_ms,
                                  .sites = (int)op->answer.offered,
                                  .kept = kept_sites(op),
                                  .over_kwh = r->over_kwh };
}

static void tell_no_plan(operate *op)
{
    bool none = !op->solved && op->asked_sites > 0;
    if (none && !op->said_no_plan)
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_NO_PLAN, op->region->id, (const char *)NULL);
    op->said_no_plan = none;
}

void operate_view_town_plan(operate *op)
{
    if (op->o.solver || op->nsite == 0 || !op->asked_slots)
        return;
    if (op->limits_moved)
        show_limits(op);
    tell_no_plan(op);
    op->view->plan.kept = kept_sites(op);
    if (!op->solved)
        return;
    show_town_plan(op);
    operate_buy_plan(op);
    for (size_t k = 0; k < op->view->nplace; k++) {
        show_flow(op, k);
        tell_over(op, k);
    }
}

/* ---- a slot ends ---- */

void operate_view_flows(operate *op)
{
    int s = op->clock.of_day;
    for (size_t k = 0; k < op->view->nplace; k++)
        if (k > 0 || op->o.all_points || town_area_wants_town(op->town.area))
            op->view->place[k].flow[s] = clip_w(2 * op->town.flow_wh[k]);
}
