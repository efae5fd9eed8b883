/* operate_plan.c: the plan of a slot, of all sites together: what each wants, what the rest of the town is expected
 * to draw, one solve, and back to each site its part. The same plan is renewed within the slot when something comes
 * that it did not know: a vehicle, a limit, a device that fell silent. */
#include <stdlib.h>
#include <string.h>

#include "town/foresee/plant.h"
#include "town/live/operate_in.h"
#include "town/plan/site_inner.h"

/* ---- what is planned together ---- */

bool operate_plans(const operate *op)
{
    return op->o.policy >= OPERATE_MIZO;
}

mizo_err operate_area_open(operate *op)
{
    MIZO_TRY(town_area_new(op->region, op->o.env, op->crew ? crew_for(op->crew) : NULL, &op->town.area));
    if (op->o.all_points && op->o.policy == OPERATE_MIZO)
        town_area_whole(op->town.area);
    return MIZO_OK;
}

/* Points that decide nothing but matter to a limit, or to what the town pays. */
mizo_err operate_area_points(operate *op)
{
    op->town.ask = calloc(op->nsite + 1, sizeof *op->town.ask);
    op->town.fix = calloc(op->npoint + op->nsite + 1, sizeof *op->town.fix);
    op->town.fixed = calloc(op->npoint + op->nsite + 1, sizeof *op->town.fixed);
    if (!op->town.ask || !op->town.fix || !op->town.fixed)
        return MIZO_ENOMEM;
    op->town.nfix = 0;
    for (size_t i = 0; i < op->npoint; i++)
        if (!op->is_site[i] && town_area_wants(op->town.area, op->point[i]))
            op->town.fix[op->town.nfix++] = i;
    op->town.net = calloc(op->town.nfix + op->nsite + 1, sizeof *op->town.net);
    op->town.place_of = calloc(op->nsite + 1, sizeof *op->town.place_of);
    op->town.flow_wh = calloc((size_t)town_area_nodes(op->town.area)->n, sizeof *op->town.flow_wh);
    op->town.said_over = calloc((size_t)town_area_nodes(op->town.area)->n, sizeof *op->town.said_over);
    return op->town.net && op->town.place_of && op->town.flow_wh && op->town.said_over ? MIZO_OK
                                                                                       : MIZO_ENOMEM;
}

void operate_area_close(operate *op)
{
    operate_town *t = &op->town;
    town_area_free(t->area);
    free(t->ask);
    free(t->fix);
    free(t->fixed);
    free(t->net);
    free(t->place_of);
    free(t->flow_wh);
    free(t->said_over);
    *t = (operate_town){ 0 };
}

void operate_area_move(operate *to, operate *from)
{
    to->town = from->town;
    from->town = (operate_town){ 0 };
}

/* ---- what the rest of the town is expected to draw ---- */

static int32_t net_w(int32_t demand, int32_t pv)
{
    int64_t d = demand == MIZO_MISSING ? 0 : demand, v = pv == MIZO_MISSING ? 0 : pv;
    return clip32(2 * (d - v));
}

/* As a week ago, where nobody forecasts. */
static void as_before(const operate *op, size_t i, int n, int32_t *w)
{
    const int32_t *d = truth_demand(op->truth, i), *pv = truth_pv(op->truth, i);
    int at = HISTORY + op->clock.of_day - 7 * MIZO_DAY_SLOTS;
    for (int t = 0; t < n; t++)
        w[t] = net_w(d[at + t % (7 * MIZO_DAY_SLOTS)], pv ? pv[at + t % (7 * MIZO_DAY_SLOTS)] : 0);
}

/* The k-th of the points that decide nothing. A point that must not export holds its sun back. */
static void expect_fixed(operate *op, size_t k, site_work *w)
{
    size_t i = op->town.fix[k];
    const outlook *l = &op->outlook[i];
    int n = op->asked_slots, of_day = op->clock.of_day;
    if (!l->known || op->o.policy != OPERATE_MIZO || n > OUTLOOK - of_day) {
        as_before(op, i, n, op->town.net[k]);
    } else {
        const int32_t *d = truth_demand(op->truth, i) + HISTORY, *pv = truth_pv(op->truth, i);
        foresee_now(l->sees, op->clock.day, OUTLOOK / 48, l->weather, d, pv ? pv + HISTORY : NULL, of_day,
                    &w->said);
        for (int t = 0; t < n; t++)
            op->town.net[k][t] = net_w(w->said.demand.mean[of_day + t], pv ? w->said.pv.mean[of_day + t] : 0);
    }
    for (int t = 0; t < n && !op->region->point[op->point[i]].export_allowed; t++)
        op->town.net[k][t] = op->town.net[k][t] < 0 ? 0 : op->town.net[k][t];
}

/* Perfect foresight knows it. */
static mizo_err know_fixed(operate *op, size_t k)
{
    size_t i = op->town.fix[k];
    int n = op->asked_slots, of_day = op->clock.of_day, days = (of_day + n + 47) / 48;
    int32_t *demand = calloc((size_t)days * 96, sizeof *demand);
    if (!demand)
        return MIZO_ENOMEM;
    int32_t *pv = demand + days * 48;
    mizo_err e = truth_ahead(op->truth, i, days, demand, pv);
    for (int t = 0; t < n && !e; t++)
        op->town.net[k][t] = net_w(demand[of_day + t], pv[of_day + t]);
    free(demand);
    return e;
}

/* ---- plants and market ---- */

static mizo_err read_ahead(operate *op, const char *owner, mizo_quantity q, int n, int32_t *out)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, day[MIZO_DAY_SLOTS];
    for (int t = 0; t < n; t++)
        out[t] = MIZO_MISSING;
    mizo_err e = op->o.truth->ops->series_id(op->o.truth, &key, false, &id);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    for (int d = 0; d * MIZO_DAY_SLOTS < op->clock.of_day + n; d++) {
        MIZO_TRY(store_read_day(op->o.truth, id, op->clock.day + d, STORE_LATEST, day, NULL));
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            int t = d * MIZO_DAY_SLOTS + s - op->clock.of_day;
            if (t >= 0 && t < n)
                out[t] = day[s];
        }
    }
    return MIZO_OK;
}

/* The plants as their schedule and their past have them, from today's first slot on. At midnight. */
static mizo_err expect_plants(operate *op)
{
    foresee_band *band = malloc(sizeof *band);
    mizo_err e = band ? MIZO_OK : MIZO_ENOMEM;
    memset(op->plants_w, 0, sizeof op->plants_w);
    for (size_t p = 0; p < op->region->nplant && !e; p++) {
        foresee_plant_ask ask = { .plant = (mizo_ref)p,
                                  .day = op->clock.day,
                                  .days = OUTLOOK / 48,
                                  .issued = mizo_slot_ms(mizo_day_slot(op->clock.day, op->region->offset)),
                                  .as_of = STORE_LATEST };
        e = foresee_plant(op->region, op->o.truth, &ask, band);
        if (e == MIZO_ENOENT)
            e = MIZO_OK;
        for (int t = 0; t < OUTLOOK && !e; t++)
            op->plants_w[t] = clip32(op->plants_w[t] + 2 * (int64_t)band->mean[t]);
    }
    free(band);
    return e;
}

mizo_err operate_area_midnight(operate *op)
{
    bool any = op->o.policy == OPERATE_MIZO && town_area_wants_town(op->town.area);
    return any ? expect_plants(op) : MIZO_OK;
}

static mizo_err know_plants(operate *op, int n)
{
    int32_t wh[MIZO_PLAN_MAX];
    memset(op->ahead_w, 0, sizeof op->ahead_w);
    for (size_t p = 0; p < op->region->nplant; p++) {
        MIZO_TRY(read_ahead(op, op->region->plant[p].id, MIZO_Q_GENERATION, n, wh));
        for (int t = 0; t < n; t++)
            op->ahead_w[t] = clip32(op->ahead_w[t] + 2 * (int64_t)(wh[t] == MIZO_MISSING ? 0 : wh[t]));
    }
    return MIZO_OK;
}

/* Plants as expected; the market as published and forecast. Where nobody knows a price it is left out. */
static mizo_err expect_market(operate *op, int n)
{
    const int32_t *myen = NULL;
    int of_day = op->clock.of_day;
    if (op->region->market_paid)
        MIZO_TRY(market_prices(op->market, op->region, op->o.truth, op->clock.day, of_day, &myen));
    for (int t = 0; t < n; t++) {
        op->ahead_w[t] = op->plants_w[of_day + t];
        op->ahead_myen[t] = myen ? myen[of_day + t] : MIZO_MISSING;
    }
    return MIZO_OK;
}

static mizo_err town_ahead(operate *op, int n)
{
    if (!town_area_wants_town(op->town.area))
        return MIZO_OK;
    if (op->o.policy == OPERATE_MIZO)
        return expect_market(op, n);
    MIZO_TRY(know_plants(op, n));
    return read_ahead(op, op->region->market_area, MIZO_Q_PRICE, n, op->ahead_myen);
}

/* ---- a round ---- */

static void ask_site(operate *op, size_t i, site_work *w)
{
    site *s = &op->site[i];
    operate_steer_site(op, i, w);
    if (!op->same_slot || s->moved)
        site_ask(s, &op->clock, op->asked_slots, w);
}

/* A site without a problem of its own draws what its last plan had it draw, else what it is expected to. */
static void keep_site(const operate *op, const site *s, int n, int32_t *w)
{
    as_before(op, s->track, n, w);
    mizo_slot at = op->clock.slot - s->plan_from;
    for (int t = 0; t < n && s->plan_from >= 0 && at + t < s->plan->n; t++)
        w[t] = s->plan->import_w[at + t] - s->plan->export_w[at + t];
}

static area_round round_of(operate *op)
{
    area_round r = { .from = op->clock.slot,
                     .n = op->asked_slots,
                     .site = op->town.ask,
                     .fixed = op->town.fixed,
                     .standing_w = clip32(2 * op->town_peak_wh),
                     .same_slot = op->same_slot,
                     .time_ms = op->o.plan_most_ms };
    for (size_t k = 0; k < op->town.nfix; k++)
        op->town.fixed[r.nfixed++] = (area_fixed){ op->point[op->town.fix[k]], op->town.net[k] };
    for (size_t i = 0; i < op->nsite; i++) {
        site *s = &op->site[i];
        if (s->offered) {
            op->town.ask[r.nsite++] = (area_site){ s->point, &s->problem->lp, !op->same_slot || s->moved };
        } else if (town_area_wants(op->town.area, s->point)) {
            int32_t *w = op->town.net[r.nfixed];
            keep_site(op, s, r.n, w);
            op->town.fixed[r.nfixed++] = (area_fixed){ s->point, w };
        }
    }
    if (town_area_wants_town(op->town.area)) {
        r.plants_w = op->ahead_w;
        r.price_myen = op->ahead_myen;
    }
    return r;
}

static void take_site(operate *op, size_t i, site_work *w)
{
    (void)w;
    site *s = &op->site[i];
    if (op->same_slot && !s->moved && !op->limits_moved)
        return;
    bool planned = op->solved && s->offered &&
                   town_area_plan(op->town.area, op->town.place_of[i], s->plan) == MIZO_OK &&
                   s->plan->status != MIZO_PLAN_NONE;
    site_take(s, &op->clock, planned, planned ? town_area_price(op->town.area, s->point, 0) : 0);
    s->steer_paid = planned ? operate_steer_paid(op, i) : s->steer_paid;
    s->plan_cost -= planned ? s->steer_paid : 0;
    s->plan_bound -= planned ? s->steer_paid : 0;
}

/* Each by itself, by a solver that was handed in: the check of the town's engine. */
static void plan_alone(operate *op, size_t i, site_work *w)
{
    (void)w;
    site *s = &op->site[i];
    if (op->same_slot && !s->moved)
        return;
    bool planned = s->offered && !mizo_plan_site(s->planner, &s->problem->lp, s->plan) &&
                   s->plan->status != MIZO_PLAN_NONE;
    site_take(s, &op->clock, planned, 0);
}

static mizo_err solve(operate *op)
{
    area_round round = round_of(op);
    size_t k = 0;
    for (size_t i = 0; i < op->nsite; i++)
        op->town.place_of[i] = op->site[i].offered ? k++ : 0;
    mizo_err e = round.nsite ? town_area_solve(op->town.area, &round, &op->answer) : MIZO_ENOENT;
    op->solved = !e;
    op->asked_sites = round.nsite;
    return e == MIZO_ENOMEM ? e : MIZO_OK; /* without a plan each goes on with its last one */
}

static int slots_to_plan(const operate *op)
{
    if (op->o.policy == OPERATE_ORACLE)
        return op->nsite ? site_oracle_slots(&op->site[0], &op->clock) : 0;
    int n = PLAN_AHEAD;
    return op->o.to && op->o.to - op->clock.slot < n ? (int)(op->o.to - op->clock.slot) : n;
}

static bool oracle_goes_on(const operate *op)
{
    for (size_t i = 0; i < op->nsite; i++)
        if (site_oracle_due(&op->site[i], &op->clock))
            return false;
    return op->o.policy == OPERATE_ORACLE;
}

static void go_on(operate *op, size_t i, site_work *w)
{
    (void)w;
    site_take(&op->site[i], &op->clock, false, 0);
}

static mizo_err plan(operate *op)
{
    op->asked_slots = slots_to_plan(op);
    if (!op->same_slot)
        MIZO_TRY(operate_steer(op));
    operate_spread(op, op->nsite, ask_site);
    if (op->o.solver) {
        operate_spread(op, op->nsite, plan_alone);
        return MIZO_OK;
    }
    if (op->o.policy == OPERATE_ORACLE)
        for (size_t k = 0; k < op->town.nfix; k++)
            MIZO_TRY(know_fixed(op, k));
    else if (!op->same_slot)
        operate_spread(op, op->town.nfix, expect_fixed);
    if (operate_stopped(op))
        return MIZO_ECANCELED;
    MIZO_TRY(town_ahead(op, op->asked_slots));
    MIZO_TRY(solve(op));
    operate_spread(op, op->nsite, take_site);
    return MIZO_OK;
}

/* What has come since the plan was made? */
static bool news(const operate *op)
{
    bool any = op->limits_moved;
    for (size_t i = 0; i < op->nsite && op->o.policy == OPERATE_MIZO; i++)
        any = any || op->site[i].moved;
    return any;
}

mizo_err operate_plan(operate *op)
{
    op->same_slot = op->step > 0;
    if (!operate_plans(op) || (op->same_slot && !news(op)))
        return MIZO_OK;
    uint64_t start = op->o.env ? op->o.env->ops->mono_ns(op->o.env) : 0;
    mizo_err e = MIZO_OK;
    if (oracle_goes_on(op))
        operate_spread(op, op->nsite, go_on);
    else
        e = plan(op);
    op->plan_ms = op->o.env ? (int)((op->o.env->ops->mono_ns(op->o.env) - start) / 1000000) : 0;
    operate_view_plan(op);
    op->limits_moved = false;
    return e;
}

/* ---- what the town as a whole has paid ---- */

/* Net import of what hangs at a place and below, Wh of the slot that has ended. */
static void add_net(operate *op, mizo_ref point, int64_t wh)
{
    const area_nodes *a = town_area_nodes(op->town.area);
    for (int k = area_nodes_at(a, op->region, point); k >= 0; k = a->place[k].parent)
        op->town.flow_wh[k] += wh;
}

static int64_t known(int32_t wh)
{
    return wh == MIZO_MISSING ? 0 : wh;
}

static void sum_flows(operate *op)
{
    int of_day = op->clock.of_day;
    memset(op->town.flow_wh, 0, (size_t)town_area_nodes(op->town.area)->n * sizeof *op->town.flow_wh);
    for (size_t i = 0, k = 0; i < op->npoint; i++) {
        if (!op->is_site[i]) {
            add_net(op, op->point[i],
                    known(truth_import(op->truth, i)[of_day]) - known(truth_export(op->truth, i)[of_day]));
            continue;
        }
        const site *s = &op->site[k++];
        add_net(op, s->point, s->slot_sum.import_wh - s->slot_sum.export_wh);
    }
    for (size_t p = 0; p < op->region->nplant && town_area_wants_town(op->town.area); p++)
        op->town.flow_wh[0] -= known(truth_plant(op->truth, p)[of_day]);
}

static void book_limits(operate *op)
{
    const area_nodes *a = town_area_nodes(op->town.area);
    for (int k = 0; k < a->n; k++) {
        int32_t import, export;
        if (!town_area_limits_at(op->town.area, k, op->clock.slot, &import, &export))
            continue;
        int64_t net = 2 * op->town.flow_wh[k], over_w = net > import    ? net - import
                                                        : -net > export ? -net - export
                                                                        : 0;
        if (a->place[k].over_myen == 0)
            op->over_physical_wh += over_w / 2;
        else
            op->over_wh += over_w / 2;
        op->over += over_w / 2 * a->place[k].over_myen;
    }
}

/* Wh x g/kWh = mg; mg x yen/t = 1e-9 yen. */
static mizo_uyen carbon(const mizo_region *r, int64_t wh)
{
    return wh * r->grid_g_per_kwh / 1000 * r->carbon_yen_per_t;
}

static void book_market(operate *op)
{
    const mizo_region *r = op->region;
    int64_t bought = op->town.flow_wh[0] > 0 ? op->town.flow_wh[0] : 0, sold = bought - op->town.flow_wh[0];
    int32_t price = truth_price(op->truth)[op->clock.of_day];
    if (r->market_paid && price != MIZO_MISSING)
        op->town_paid += (bought - sold) * price;
    op->town_paid += bought * r->unmatched_myen + carbon(r, bought);
    op->town_peak_wh = bought > op->town_peak_wh ? bought : op->town_peak_wh;
}

void operate_area_book(operate *op)
{
    sum_flows(op);
    book_limits(op);
    if (town_area_wants_town(op->town.area))
        book_market(op);
}

void operate_area_result(const operate *op, operate_result *out)
{
    const mizo_region *r = op->region;
    int64_t above = 2 * op->town_peak_wh - r->town_standing_w;
    out->over_wh = op->over_wh;
    out->over_physical_wh = op->over_physical_wh;
    out->over = op->over;
    out->town = op->town_paid + (above > 0 ? above * r->town_peak_myen_per_kw : 0);
    out->cost += out->over + out->town;
}
