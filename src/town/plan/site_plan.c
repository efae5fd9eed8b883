/* site_plan.c: what a site plans for a slot: the problem as far as it is known, the plan, the program that
 * the controller follows. */
#include <stdlib.h>
#include <string.h>

#include "town/plan/site_inner.h"

static int32_t standing_now(const site *s)
{
    int64_t peak = 2 * (int64_t)s->peak_wh;
    return peak > s->standing_w ? clip32(peak) : s->standing_w;
}

/* What the controller and the plan aim at: a little below, since a meter counts whole Wh. */
static int32_t aimed_peak(const site *s)
{
    int32_t peak = standing_now(s);
    return s->o->policy == OPERATE_ORACLE ? peak : peak - peak / 500 - (peak > 1000 ? 40 : 0);
}

/* Value of a stored kWh after the plan's first slot: what the same kWh moves later on in the same stretch
 * between empty and full. Duals may be many; the first slot that speaks clearly is taken. */
static int64_t stored_value(const mizo_site_problem *p, const mizo_site_plan *plan, int i)
{
    const mizo_plan_battery *b = &p->battery[i];
    int64_t low = INT32_MIN, high = INT32_MAX;
    int32_t floor = b->reserve_wh > b->soc_min_wh ? b->reserve_wh : b->soc_min_wh;
    for (int t = 0; t < plan->n; t++) {
        int64_t price = plan->price_myen[t];
        int32_t c = plan->charge_w[i][t], d = plan->discharge_w[i][t];
        int64_t in = b->charge_ppm > 0 ? price * MIZO_PPM / b->charge_ppm : price;
        int64_t out = (price - b->wear_myen) * b->discharge_ppm / MIZO_PPM;
        if (c > 10 && c < b->charge_w - 10)
            return in;
        if (d > 10 && d < b->discharge_w - 10)
            return out;
        if (b->discharge_w > 0 && d <= 10 && out > low) /* it was not worth giving: the value is above */
            low = out;
        if (c <= 10 && in < high)
            high = in;
        if (c > 10 && in > low)
            low = in;
        if (d > 10 && out < high)
            high = out;
        if (plan->soc_wh[i][t] <= floor + 10 || plan->soc_wh[i][t] >= b->soc_max_wh - 10)
            return low > high ? high : low == INT32_MIN ? high : high == INT32_MAX ? low : (low + high) / 2;
    }
    return b->end_myen;
}

/* Which device each battery and vehicle of the problem is. */
static void map_problem(site *s, const site_work *w)
{
    const site_problem *p = s->problem;
    for (int b = 0; b < p->lp.nbattery; b++) {
        bool vehicle = p->battery[b] < 0;
        s->ask_battery[b] = vehicle ? -1 : p->battery[b] - (int)s->battery_first;
        s->ask_giver[b] = vehicle ? w->vehicle[p->battery_session[b]] : -1;
    }
    for (int v = 0; v < p->lp.nvehicle; v++)
        s->ask_vehicle[v] = w->vehicle[p->session[v]];
    for (int r = 0; r < p->lp.nrun; r++)
        for (int k = 0; k < s->nrun; k++)
            if (s->run[k] == p->run[r])
                s->ask_run[r] = k;
}

/* The plan has become the problem's. */
static void map_plan(site *s)
{
    s->plan_batteries = s->problem->lp.nbattery;
    s->plan_vehicles = s->problem->lp.nvehicle;
    memcpy(s->plan_battery, s->ask_battery, sizeof s->plan_battery);
    memcpy(s->plan_vehicle, s->ask_vehicle, sizeof s->plan_vehicle);
    memcpy(s->plan_giver, s->ask_giver, sizeof s->plan_giver);
    memcpy(s->plan_run, s->ask_run, sizeof s->plan_run);
    s->plan_nrun = s->problem->lp.nrun;
    memcpy(s->plan_runs, s->problem->lp.run, sizeof s->plan_runs);
}

/* A vehicle that gives back is planned to charge with any power: below its charger's least it charges with that. */
static int32_t giver_w(const site *s, int j, int32_t w)
{
    int32_t least = s->ctl.charger_min_w[j];
    return w > 0 && w < least ? least : w;
}

/* Runs that begin in the plan's slot `at`, and what they take in it. */
static void program_runs(site *s, int at)
{
    for (int r = 0; r < s->plan_nrun; r++) {
        int first = s->plan->run_at[r], k = s->plan_run[r];
        s->program.run_go[k] = s->program.run_go[k] || first == at;
        if (first >= 0 && at >= first && at < first + s->plan_runs[r].slots)
            s->program.run_w[k] = s->plan_runs[r].power_w;
    }
}

/* The plan's numbers of its slot `at`. */
static void program_of_plan(site *s, int at, mizo_ms expires)
{
    const mizo_site_plan *plan = s->plan;
    mizo_program *g = &s->program;
    memset(g, 0, sizeof *g);
    g->expires = expires;
    g->pv_limit_w = INT32_MAX;
    g->import_w = plan->import_w[at] - plan->export_w[at];
    for (int b = 0; b < s->plan_batteries; b++)
        if (s->plan_battery[b] >= 0 && s->plan_battery[b] < s->nbattery)
            g->battery_w[s->plan_battery[b]] = plan->charge_w[b][at] - plan->discharge_w[b][at];
    for (int b = 0; b < s->plan_batteries; b++)
        if (s->plan_giver[b] >= 0)
            g->vehicle_w[s->plan_giver[b]] +=
                giver_w(s, s->plan_giver[b], plan->charge_w[b][at] - plan->discharge_w[b][at]);
    for (int v = 0; v < s->plan_vehicles; v++)
        if (s->plan_vehicle[v] >= 0)
            g->vehicle_w[s->plan_vehicle[v]] += plan->vehicle_w[v][at];
    program_runs(s, at);
    s->has_program = true;
}

/* What a stored kWh is good for in the plan's first slot, by its value later on. */
static void program_worth(site *s, const mizo_site_problem *p, int32_t node_myen)
{
    for (int b = 0; b < p->nbattery; b++) {
        int i = s->plan_battery[b];
        if (i < 0 || i >= s->nbattery)
            continue;
        const mizo_plan_battery *row = &p->battery[b];
        int64_t value = stored_value(p, s->plan, b);
        int64_t in_worth = value * row->charge_ppm / MIZO_PPM;
        int64_t out_worth = row->discharge_ppm > 0 ? value * MIZO_PPM / row->discharge_ppm : INT32_MAX;
        s->program.store_surplus[i] = (int64_t)p->sell_myen[0] + node_myen + TIE_MYEN < in_worth;
        s->program.serve_load[i] =
            (int64_t)p->buy_myen[0] + node_myen - row->wear_myen > out_worth + TIE_MYEN;
    }
}

/* ---- what there is to plan ---- */

/* Sessions that the controller knows: vehicles that are here. */
static void known_sessions(const site *s, const site_clock *k, const mizo_measurement *m, site_work *w)
{
    w->nsession = 0;
    for (int j = 0; j < s->nvehicle; j++) {
        const site_vehicle *v = &s->vehicle[j];
        mizo_slot to = mizo_ms_slot(v->depart);
        int32_t least = s->ctl.give_w[j] > 0 && !v->impossible ? 0 : 1;
        if (!v->here || m->vehicle_need_wh[j] < least || to <= k->slot)
            continue;
        w->vehicle[w->nsession] = j;
        w->session[w->nsession++] = (problem_session){
            .charger = s->region->vehicle[v->ref].charger,
            .from = v->arrive > mizo_slot_ms(k->slot) ? k->slot + 1 : k->slot, /* whole slots only */
            .to = to,
            .need_wh = m->vehicle_need_wh[j],
            .full_wh = v->full_wh,
        };
    }
}

/* Sessions to come, shifted by `shift` days: 0 for perfect foresight, 7 for "as a week ago". */
static void coming_sessions(const site *s, const site_clock *k, int n, int shift, site_work *w)
{
    size_t count;
    const truth_session *all = truth_sessions(s->truth, &count);
    mizo_ms move = (mizo_ms)shift * 86400000, now = mizo_slot_ms(k->slot);
    for (size_t i = 0; i < count && w->nsession < MIZO_SITE_VEHICLES; i++) {
        mizo_ms arrive = all[i].arrive + move, depart = all[i].depart + move;
        int j = site_vehicle_of(s, all[i].vehicle);
        bool soon = arrive >= now && arrive < mizo_slot_ms(k->slot + n);
        if (j < 0 || !soon || (s->vehicle[j].here && s->vehicle[j].depart > arrive))
            continue;
        mizo_slot from = mizo_ms_slot(arrive + MIZO_SLOT_MS - 1), to = mizo_ms_slot(depart);
        if (to <= from)
            continue;
        w->vehicle[w->nsession] = shift ? -1 : j;
        w->session[w->nsession++] = (problem_session){
            .charger = s->region->vehicle[all[i].vehicle].charger,
            .from = from,
            .to = to,
            .need_wh = (int32_t)all[i].need_wh,
        };
    }
}

/* What a battery holds: as it says, else as the last plan had it. */
static int32_t stored_now(const site *s, const site_clock *k, const mizo_measurement *m, int i)
{
    if (m->soc_wh[i] != MIZO_MISSING)
        return m->soc_wh[i];
    int64_t before = k->slot - 1 - s->plan_from; /* the plan's slot that has just ended */
    for (int b = 0; b < s->plan_batteries && s->plan_from >= 0 && before < s->plan->n; b++)
        if (s->plan_battery[b] == i)
            return before < 0 ? s->plan->soc_wh[b][0] : s->plan->soc_wh[b][before];
    return MIZO_MISSING;
}

static void build(site *s, const site_clock *k, site_work *w, int n, const mizo_measurement *m)
{
    int32_t soc[MIZO_COMMAND_BATTERIES], owed[MIZO_COMMAND_BATTERIES];
    int nsoc = 0;
    for (int i = 0; i < s->nbattery; i++) {
        const mizo_battery *row = &s->region->battery[s->battery_first + (size_t)i];
        if (k->day >= row->from && k->day < row->to)
            owed[nsoc] = m->owed_wh[i], soc[nsoc++] = stored_now(s, k, m, i);
    }
    problem_input in = {
        .region = s->region,
        .point = s->point,
        .from = k->slot,
        .n = n,
        .load_wh = w->load,
        .pv_wh = truth_pv(s->truth, s->track) ? w->pv : NULL,
        .soc_wh = soc,
        .owed_wh = owed,
        .run = m->run,
        .into_ms = (int)(s->now - mizo_slot_ms(k->slot)),
        .standing_w = aimed_peak(s),
        .nsession = w->nsession,
        .session = w->session,
    };
    if (problem_build(&in, s->problem)) {
        s->plan_failed = true;
        return;
    }
    problem_steer(s->problem, w->steered ? w->steer_myen : NULL);
    map_problem(s, w);
    if (s->o->to && k->slot + n >= s->o->to)
        for (int b = 0; b < s->problem->lp.nbattery; b++)
            if (s->problem->battery[b] >= 0)
                s->problem->lp.battery[b].end_myen =
                    s->value_myen[s->problem->battery[b] - (int)s->battery_first];
    s->offered = true;
}

/* What is expected of the slots from the one in hand on, of a day that has been seen so far. */
static void expect(const site *s, const site_clock *k, int n, site_work *w)
{
    const int32_t *d = truth_demand(s->truth, s->track) + HISTORY, *pv = truth_pv(s->truth, s->track);
    foresee_out *o = &w->said;
    foresee_now(s->outlook->sees, k->day, OUTLOOK / 48, s->outlook->weather, d, pv ? pv + HISTORY : NULL,
                k->of_day, o);
    memcpy(w->load, o->demand.mean + k->of_day, (size_t)n * sizeof *w->load);
    memcpy(w->pv, o->pv.mean + k->of_day, (size_t)n * sizeof *w->pv);
}

/* Perfect foresight knows the truth. */
static void know(const site *s, const site_clock *k, int n, site_work *w)
{
    int from = (int)(k->slot - mizo_day_slot(s->ahead_day, s->region->offset));
    memcpy(w->load, s->ahead_load + from, (size_t)n * sizeof *w->load);
    memcpy(w->pv, s->ahead_pv + from, (size_t)n * sizeof *w->pv);
}

void site_ask(site *s, const site_clock *k, int n, site_work *w)
{
    mizo_measurement m;
    bool oracle = s->o->policy == OPERATE_ORACLE;
    s->offered = s->plan_failed = false;
    if (device_sim.read(s->dev, &m) || (!oracle && !s->outlook->known))
        return;
    if (oracle)
        know(s, k, n, w);
    else
        expect(s, k, n, w);
    known_sessions(s, k, &m, w);
    coming_sessions(s, k, n, oracle ? 0 : 7, w);
    build(s, k, w, n, &m);
}

/* How far the oracle plans: to the run's end, or as far as a problem holds. */
int site_oracle_slots(const site *s, const site_clock *k)
{
    mizo_slot end = mizo_day_slot(s->ahead_day + s->ahead_days, s->region->offset);
    if (s->o->to && s->o->to < end)
        end = s->o->to;
    return end - k->slot > MIZO_PLAN_MAX ? MIZO_PLAN_MAX : (int)(end - k->slot);
}

/* One plan as far as it reaches, followed to the letter, the next one at a midnight. */
bool site_oracle_due(const site *s, const site_clock *k)
{
    bool last = s->plan_from >= 0 && s->o->to && s->plan_from + s->plan->n >= s->o->to && !s->left_out;
    return s->plan_from < 0 || k->slot >= s->plan_from + s->plan->n || (k->of_day == 0 && !last);
}

static void exactly(site *s, int at)
{
    s->program.exact = true;
    if (s->plan->export_w[at] >= s->ctl.export_w - 10)
        s->program.pv_limit_w = s->plan->pv_w[at]; /* the plan curtails */
}

void site_take(site *s, const site_clock *k, bool planned, int32_t node_myen)
{
    mizo_ms expires = k->mono + MIZO_SLOT_MS;
    s->kept = s->has_program = s->moved = false;
    if (planned) {
        map_plan(s);
        s->left_out = s->problem->left_out;
        s->sum.plans++;
        s->plan_from = k->slot;
        s->plan_cost = s->plan->cost;
        s->plan_bound = s->plan->bound;
    }
    mizo_slot at = s->plan_from < 0 ? -1 : k->slot - s->plan_from;
    if (at >= 0 && at < s->plan->n) {
        program_of_plan(s, (int)at, expires);
        if (s->o->policy == OPERATE_ORACLE)
            exactly(s, (int)at);
        else if (planned)
            program_worth(s, &s->problem->lp, node_myen);
        s->kept = at > 0 && s->o->policy != OPERATE_ORACLE;
    }
    s->plan_failed = (s->plan_failed || s->offered) && !planned && !s->has_program;
    if (!s->has_program)
        s->plan_from = -1;
    s->ctl.target_w = site_target(s);
}

int32_t site_target(const site *s)
{
    int32_t limit = s->ctl.limit_w;
    if (s->o->policy == OPERATE_NONE || s->peak_myen_per_kw == 0)
        return limit;
    int32_t target = aimed_peak(s);
    if (s->plan_from >= 0 && s->has_program && s->plan->peak_w > target)
        target = s->plan->peak_w; /* the plan has found no cheaper way */
    return target < limit ? target : limit;
}

mizo_err site_read_ahead(site *s, const site_clock *k)
{
    int days = MIZO_PLAN_MAX / 48 + 1;
    if (s->o->to && s->o->to - k->slot < days * 48)
        days = (int)((s->o->to - k->slot + 47) / 48);
    free(s->ahead_load);
    free(s->ahead_pv);
    s->ahead_load = calloc((size_t)days * 48, sizeof *s->ahead_load);
    s->ahead_pv = calloc((size_t)days * 48, sizeof *s->ahead_pv);
    s->ahead_day = k->day;
    s->ahead_days = days;
    if (!s->ahead_load || !s->ahead_pv)
        return MIZO_ENOMEM;
    return truth_ahead(s->truth, s->track, days, s->ahead_load, s->ahead_pv);
}
