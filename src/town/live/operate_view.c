/* operate_view.c: what the running town shows of itself. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/town.h"
#include "town/books/settle.h"
#include "town/live/operate_in.h"

enum { HISTORY = TRUTH_DAYS * 48 };

static int32_t watts(mizo_wh wh, int ms)
{
    return (int32_t)(wh * 3600000 / ms);
}

/* ---- a day begins ---- */

static void show_outlook(view_day *v, const outlook *l, bool pv, bool decides)
{
    for (int s = 0; s < 48; s++) {
        v->forecast[s] = l->known ? l->mean[s] : MIZO_MISSING;
        v->forecast_p10[s] = l->known ? l->p10[s] : MIZO_MISSING;
        v->forecast_p90[s] = l->known ? l->p90[s] : MIZO_MISSING;
        v->pv_forecast[s] = pv ? l->pv[s] : MIZO_MISSING;
        if (decides || !l->known || l->mean[s] == MIZO_MISSING)
            continue;
        int32_t net = l->mean[s] - (pv && l->pv[s] != MIZO_MISSING ? l->pv[s] : 0);
        v->plan_import[s] = net > 0 ? net : 0; /* nothing to decide: what is expected is the plan */
        v->plan_export[s] = net < 0 ? -net : 0;
    }
}

void operate_view_clock(operate *op)
{
    town_view *v = op->view;
    v->now = operate_instant(op);
    v->truth_end = truth_end(op->truth);
    v->running = op->clock.slot < v->truth_end && (!op->o.to || op->clock.slot < op->o.to);
    if (op->clock.day == v->day)
        v->slot = op->clock.of_day;
    else if (op->clock.day == v->day + 1 && op->clock.of_day == 0)
        v->slot = 48; /* the day is complete; midnight turns the page */
}

static void show_price(operate *op)
{
    memcpy(op->view->price, truth_price(op->truth), sizeof op->view->price);
}

/* A site whose forecasts have left their usual range: half as far off again, and by a twentieth of its level. Said
 * when it begins, of four a midnight: the meter, the use of the building or the model has changed. */
static void tell_unusual(operate *op)
{
    enum { SAID = 4 };
    int said = 0;
    for (size_t i = 0; i < op->npoint; i++) {
        outlook *l = &op->outlook[i];
        double latest, usual;
        if (!l->sees || !foresee_miss(l->sees, &latest, &usual))
            continue;
        bool odd = latest > 1.5 * usual && latest > usual + 0.05, calm = latest < 1.25 * usual;
        if (odd && !l->unusual && said < SAID) {
            char now[16], before[16];
            snprintf(now, sizeof now, "%.0f", 100 * latest);
            snprintf(before, sizeof before, "%.0f", 100 * usual);
            view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_FORECAST_UNUSUAL,
                       op->region->point[op->point[i]].id, now, before, (const char *)NULL);
            l->unusual = true;
            said++;
        }
        l->unusual = l->unusual && !calm;
    }
}

void operate_view_outlook(operate *op, size_t i)
{
    show_outlook(&op->view->point[op->point[i]], &op->outlook[i], truth_pv(op->truth, i) != NULL,
                 op->is_site[i]);
}

void operate_view_day(operate *op)
{
    town_view *v = op->view;
    v->day = op->clock.day;
    v->waking = op->o.wake_ms && op->o.env && op->awake < op->npoint;
    operate_view_clock(op);
    v->vans_short = 0;
    for (size_t i = 0; i < op->npoint; i++) {
        view_clear_point(v, op->point[i]);
        operate_view_outlook(op, i);
        v->point_now[op->point[i]].controlled = op->is_site[i];
    }
    for (size_t i = 0; i < v->nplant; i++)
        for (int s = 0; s < 48; s++)
            v->plant[i][s] = MIZO_MISSING;
    for (int s = 0; s < 48; s++)
        v->matched[s] = MIZO_MISSING;
    operate_view_places(op);
    show_price(op);
    tell_unusual(op);
    operate_view_now(op);
}

/* ---- plans ---- */

/* There was nothing to plan from: the last plan goes on. Where the town has none that is said once for all. */
static void tell_kept(operate *op, site *s, const char *id)
{
    char at[MIZO_INSTANT_TEXT];
    bool own = s->kept && (op->solved || op->o.solver || !s->offered);
    if (own && !s->said_kept) {
        mizo_ms_text(mizo_slot_ms(s->plan_from), op->region->offset, at);
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_PLAN_KEPT, id, at, (const char *)NULL);
    }
    s->said_kept = own;
    if (s->silent && !s->said_silent)
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_DEVICE_SILENT, id, (const char *)NULL);
    s->said_silent = s->silent;
}

/* What no plan can give: energy of vehicles, demand beyond the contract. */
static void tell_given_up(operate *op, site *s, const char *id)
{
    enum { LEAST_WH = 100 };
    mizo_wh vans = 0, demand = 0;
    bool fresh = s->plan_from == op->clock.slot;
    for (int i = 0; i < s->plan->ngave && fresh; i++) {
        const mizo_give_up *g = &s->plan->gave[i];
        vans += g->kind == MIZO_GAVE_VEHICLE ? g->amount_wh : 0;
        demand += g->kind == MIZO_GAVE_DEMAND ? g->amount_wh : 0;
    }
    bool gave = vans >= LEAST_WH || demand >= LEAST_WH;
    if (gave && !s->said_gave) {
        char kwh[32];
        snprintf(kwh, sizeof kwh, "%.1f", (double)(vans >= LEAST_WH ? vans : demand) / 1000);
        view_alarm(op->view, op->clock.slot,
                   vans >= LEAST_WH ? MIZO_MSG_TOWN_GAVE_VEHICLES : MIZO_MSG_TOWN_GAVE_DEMAND, id, kwh,
                   (const char *)NULL);
    }
    s->said_gave = gave;
}

/* Reports what a person should know of a site, once each time it begins. */
static void show_alerts(operate *op, site *s)
{
    const char *id = op->region->point[s->point].id;
    if (s->plan_failed)
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_PLAN_FAILED, id, (const char *)NULL);
    tell_kept(op, s, id);
    tell_given_up(op, s, id);
    if (!s->slot_known && !s->gap)
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_GAP, id, (const char *)NULL);
    s->gap = !s->slot_known;
}

void operate_view_plan(operate *op)
{
    town_view *v = op->view;
    v->plan_cost_uyen = v->plan_bound_uyen = 0;
    v->plan_sites = 0;
    v->plan_ms = op->plan_ms;
    for (size_t i = 0; i < op->nsite; i++) {
        site *s = &op->site[i];
        show_alerts(op, s);
        if (s->plan_from < 0)
            continue;
        if (s->plan_from == op->clock.slot)
            show_site_plan(v, s, op->clock.of_day);
        v->plan_cost_uyen += s->plan_cost;
        v->plan_bound_uyen += s->plan_bound;
        v->plan_sites++;
    }
    operate_view_town_plan(op);
    double cost = (double)v->plan_cost_uyen, size = cost < 0 ? -cost : cost;
    v->plan_gap = (cost - (double)v->plan_bound_uyen) / (size > 1e6 ? size : 1e6);
    if (op->o.solver || !op->solved || !v->plan.at)
        return;
    v->plan_cost_uyen = llround(v->plan.objective * 1e6);
    v->plan_bound_uyen = (int64_t)floor(v->plan.bound * 1e6);
    v->plan_gap = v->plan.gap;
}

/* ---- this minute ---- */

/* The running mean of the half-hour: what the 30-minute meter will have said if it goes on like this. */
static int32_t running_mean(const operate *op, const site *s)
{
    int ms = op->step ? op->step * op->clock.step_ms : MIZO_SLOT_MS;
    return s->slot_known ? watts(s->slot_sum.import_wh, ms) : MIZO_MISSING;
}

static int32_t now_w(int32_t wh)
{
    return wh == MIZO_MISSING ? MIZO_MISSING : wh > INT32_MAX / 2 ? INT32_MAX : 2 * wh;
}

static void show_point_now(operate *op, size_t i, int of_day)
{
    view_now *v = &op->view->point_now[op->point[i]];
    const int32_t *pv = truth_pv(op->truth, i);
    v->demand_w = now_w(truth_demand(op->truth, i)[HISTORY + of_day]);
    v->pv_w = pv ? now_w(pv[HISTORY + of_day]) : MIZO_MISSING;
    v->import_w = v->mean_w = now_w(truth_import(op->truth, i)[of_day]);
    v->export_w = now_w(truth_export(op->truth, i)[of_day]);
}

void operate_view_now(operate *op)
{
    town_view *v = op->view;
    v->now = operate_instant(op);
    for (size_t i = 0, k = 0; i < op->npoint; i++) {
        if (!op->is_site[i]) {
            show_point_now(op, i, op->clock.of_day);
            continue;
        }
        const site *s = &op->site[k++];
        view_now *n = &v->point_now[op->point[i]];
        if (op->step == 0 && op->clock.slot == op->o.from)
            continue; /* nothing has happened yet */
        show_site_now(v, s, op->clock.step_ms);
        n->mean_w = running_mean(op, s);
        if (!s->slot_known)
            n->demand_w = n->import_w = n->export_w = MIZO_MISSING;
    }
    for (size_t i = 0; i < v->nplant; i++)
        v->plant_now_w[i] = now_w(truth_plant(op->truth, i)[op->clock.of_day]);
    view_total(v);
}

/* ---- a slot ends ---- */

static void show_point_slot(operate *op, size_t i, int t)
{
    view_day *v = &op->view->point[op->point[i]];
    const int32_t *pv = truth_pv(op->truth, i);
    v->demand[t] = truth_demand(op->truth, i)[HISTORY + t];
    v->pv[t] = pv ? pv[HISTORY + t] : MIZO_MISSING;
    v->import[t] = truth_import(op->truth, i)[t];
    v->export[t] = truth_export(op->truth, i)[t];
}

void operate_view_slot(operate *op)
{
    town_view *v = op->view;
    int t = op->clock.of_day;
    v->vans_short = 0;
    for (size_t i = 0, k = 0; i < op->npoint; i++) {
        if (!op->is_site[i]) {
            show_point_slot(op, i, t);
            continue;
        }
        site *s = &op->site[k++];
        show_site_slot(v, s, t);
        v->vans_short += s->vans_short_today;
        if (s->raised) {
            char kw[32];
            snprintf(kw, sizeof kw, "%.1f", s->peak_wh / 500.0);
            view_alarm(v, op->clock.slot, MIZO_MSG_TOWN_PEAK_RAISED, op->region->point[s->point].id, kw,
                       (const char *)NULL);
        }
        s->raised = false;
    }
    for (size_t i = 0; i < v->nplant; i++)
        v->plant[i][t] = truth_plant(op->truth, i)[t];
    operate_view_flows(op);
    view_total(v);
}

/* What the meters said of the day that has ended, into the books of the store that was given for it. */
static mizo_err settle_view(operate *op)
{
    const town_view *v = op->view;
    int32_t(*rows)[MIZO_DAY_SLOTS] = malloc((VIEW_METERS * v->npoint + 1) * sizeof *rows);
    if (!rows)
        return MIZO_ENOMEM;
    settle_day in = view_meters(v, rows);
    settle_result result;
    mizo_err e = settle_post(op->o.settle, op->region, &in, op->clock.mono, "mizo simulate", NULL, &result);
    free(rows);
    op->matched_wh += e ? 0 : result.matched_wh + result.own_wh;
    return e;
}

mizo_err operate_close_day(operate *op)
{
    if (op->o.settle)
        MIZO_TRY(settle_view(op));
    if (op->o.day_done)
        op->o.day_done(op->o.arg, op->view);
    return MIZO_OK;
}
