/* site.c: a site from slot to slot. The controller sees what was measured up to the step before; the plan
 * sees the slots that have ended. Only the devices meet the truth. */
#include <stdlib.h>
#include <string.h>

#include "base/plant.h"
#include "mizo/retail.h"
#include "town/plan/site_inner.h"

enum { HIGH_DAYS = 28 };

/* ---- opening ---- */

static int32_t part_of(int32_t energy_wh, int32_t ppm)
{
    return (int32_t)((int64_t)energy_wh * ppm / MIZO_PPM);
}

static void control_battery(mizo_plan_battery *b, const mizo_battery *row, mizo_day day)
{
    bool valid = day >= row->from && day < row->to;
    *b = (mizo_plan_battery){
        .energy_wh = row->energy_wh,
        .charge_w = valid ? row->charge_w : 0,
        .discharge_w = valid ? row->discharge_w : 0,
        .soc_min_wh = part_of(row->energy_wh, row->soc_min_ppm),
        .soc_max_wh = part_of(row->energy_wh, row->soc_max_ppm),
        .reserve_wh = part_of(row->energy_wh, row->reserve_ppm),
        .charge_ppm = row->charge_ppm,
        .discharge_ppm = row->discharge_ppm,
        .wear_myen = row->wear_myen,
        .loss_ppm_h = row->loss_ppm_h,
    };
}

/* What the point itself imports in slot i of its track, Wh, signed. Its demand is known. */
static int64_t net_of(const int32_t *demand, const int32_t *pv, int i)
{
    return (int64_t)demand[i] - (pv && pv[i] != MIZO_MISSING ? pv[i] : 0);
}

/* The peak that stands: the contract's record, or the highest half-hour of the weeks before. */
static int32_t standing_of(const site *s, const mizo_point *p)
{
    if (p->standing_w > 0)
        return p->standing_w;
    const int32_t *d = truth_demand(s->truth, s->track), *pv = truth_pv(s->truth, s->track);
    int64_t high = -1;
    for (int i = 0; i < HISTORY; i++) {
        if (d[i] == MIZO_MISSING)
            continue;
        int64_t net = net_of(d, pv, i);
        high = net > high ? net : high;
    }
    return high < 0 ? p->contract_w : clip32(2 * high);
}

static void open_control(site *s, const mizo_point *p)
{
    mizo_site_control *c = &s->ctl;
    c->size = sizeof *c;
    c->limit_w = p->contract_w > 0 ? p->contract_w : INT32_MAX / 2;
    c->target_w = c->limit_w;
    c->export_w = p->export_allowed ? c->limit_w : 0;
    c->nbattery = s->nbattery;
    c->nvehicle = s->nvehicle;
    c->hold_only = s->o->policy == OPERATE_NONE;
    c->cycle_ms = s->o->step_ms;
    for (int j = 0; j < s->nvehicle; j++) {
        const mizo_charger *row = &s->region->charger[s->region->vehicle[s->vehicle[j].ref].charger];
        c->charger_max_w[j] = row->max_w;
        c->charger_min_w[j] = row->min_w;
        c->charger_ppm[j] = row->efficiency_ppm;
        c->give_w[j] = row->give_w;
        c->give_ppm[j] = row->give_ppm;
    }
}

/* The loads that run, in the order in which the devices number them. */
static void open_loads(site *s)
{
    size_t first, n = mizo_region_load_of(s->region, s->point, &first);
    for (size_t i = first; i < first + n && s->nrun < MIZO_COMMAND_RUNS; i++)
        if (s->region->load[i].kind == MIZO_LOAD_RUN)
            s->run[s->nrun++] = (mizo_ref)i;
    s->ahead_wanted = s->nrun > 0;
    for (int i = 0; i < s->nbattery; i++) {
        s->ctl.drawn[i] = problem_drawn(s->region, &s->region->battery[s->battery_first + (size_t)i]);
        s->ahead_wanted = s->ahead_wanted || s->ctl.drawn[i];
    }
}

mizo_err site_open(site *s, const operate_options *o, const mizo_region *r, mizo_ref point, size_t track,
                   truth *t, outlook *l)
{
    memset(s, 0, sizeof *s);
    s->o = o;
    s->region = r;
    s->point = point;
    s->track = track;
    s->truth = t;
    s->outlook = l;
    s->plan_from = -1;
    const mizo_point *p = &r->point[point];
    mizo_ref vehicle[MIZO_COMMAND_VEHICLES];
    s->nvehicle = sim_vehicles(r, point, vehicle);
    for (int j = 0; j < s->nvehicle; j++)
        s->vehicle[j].ref = vehicle[j];
    size_t n = mizo_region_battery_of(r, point, &s->battery_first);
    s->nbattery = n < MIZO_COMMAND_BATTERIES ? (int)n : MIZO_COMMAND_BATTERIES;
    MIZO_TRY(device_sim.open(r, point, o->seed, &s->dev));
    bool plans = o->policy >= OPERATE_MIZO;
    s->plan = malloc(sizeof *s->plan);
    s->problem = plans ? malloc(sizeof *s->problem) : NULL;
    s->planner = plans && o->solver ? mizo_planner_new(o->solver) : NULL;
    if (!s->plan || (plans && !s->problem) || (plans && o->solver && !s->planner))
        return MIZO_ENOMEM;
    open_control(s, p);
    open_loads(s);
    s->standing_w = standing_of(s, p);
    s->peak_myen_per_kw = p->tariff >= 0 ? mizo_peak_myen_per_kw(&r->tariff[p->tariff]) : 0;
    mizo_slot end = o->to ? o->to : o->from;
    for (int i = 0; i < s->nbattery; i++) {
        s->value_myen[i] = problem_end_value(r, point, &r->battery[s->battery_first + (size_t)i], end);
    }
    return MIZO_OK;
}

void site_close(site *s)
{
    if (s->dev)
        device_sim.close(s->dev);
    mizo_planner_free(s->planner);
    free(s->plan);
    free(s->problem);
    free(s->ahead_load);
    free(s->ahead_pv);
    memset(s, 0, sizeof *s);
}

static int battery_index(const site *s, const char *id)
{
    for (int i = 0; i < s->nbattery; i++)
        if (strcmp(s->region->battery[s->battery_first + (size_t)i].id, id) == 0)
            return i;
    return -1;
}

static int vehicle_index(const site *s, const char *id)
{
    for (int j = 0; j < s->nvehicle; j++)
        if (strcmp(s->region->vehicle[s->vehicle[j].ref].id, id) == 0)
            return j;
    return -1;
}

void site_take_over(site *s, site *old)
{
    for (int i = 0; i < old->nbattery; i++) {
        int to = battery_index(s, old->region->battery[old->battery_first + (size_t)i].id);
        if (to < 0)
            continue;
        sim_set_soc(s->dev, to, sim_soc(old->dev, i));
        s->value_myen[to] = old->value_myen[i];
    }
    sim_take_over(s->dev, old->dev);
    mizo_measurement m;
    if (device_sim.read(old->dev, &m) == MIZO_OK) {
        for (int j = 0; j < old->nvehicle; j++) {
            int to = vehicle_index(s, old->region->vehicle[old->vehicle[j].ref].id);
            if (to < 0)
                continue;
            mizo_ref ref = s->vehicle[to].ref;
            s->vehicle[to] = old->vehicle[j];
            s->vehicle[to].ref = ref;
            if (old->vehicle[j].here && sim_plug(s->dev, to, m.vehicle_need_wh[j]))
                s->vehicle[to].here = false;
        }
    }
    s->standing_w = old->standing_w;
    s->peak_wh = old->peak_wh;
    s->sum = old->sum;
    s->vans_short_today = old->vans_short_today;
}

/* ---- midnight ---- */

static void read_prices(site *s, mizo_day day)
{
    const mizo_point *p = &s->region->point[s->point];
    for (int i = 0; i < SITE_PRICES; i++) {
        s->buy[i] = p->tariff < 0 ? 0 : mizo_region_rate(s->region, p->tariff, day + i / 48, i % 48);
        s->sell[i] = p->tariff < 0 ? 0 : s->region->tariff[p->tariff].export_myen_per_kwh;
    }
}

static int32_t above(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t below(int32_t a, int32_t b)
{
    return b == MIZO_MISSING || (a != MIZO_MISSING && a < b) ? a : b;
}

/* Highest and lowest import of the point itself at each time of day, a slot to either side, in the past weeks. */
static void read_highs(site *s)
{
    const int32_t *d = truth_demand(s->truth, s->track), *pv = truth_pv(s->truth, s->track);
    int32_t high[48], low[48];
    for (int i = 0; i < 48; i++)
        high[i] = low[i] = MIZO_MISSING;
    for (int i = HISTORY - HIGH_DAYS * 48; i < HISTORY; i++) {
        if (d[i] == MIZO_MISSING)
            continue;
        int32_t net = clip32(2 * net_of(d, pv, i));
        high[i % 48] = above(high[i % 48], net);
        low[i % 48] = below(low[i % 48], net);
    }
    s->ctl.cautious_w = 0;
    for (int i = 0; i < 48; i++) {
        int before = (i + 47) % 48, after = (i + 1) % 48;
        s->high_w[i] = above(above(high[before], high[i]), high[after]);
        s->low_w[i] = below(below(low[before], low[i]), low[after]);
        s->ctl.cautious_w = above(s->ctl.cautious_w, s->high_w[i]);
    }
}

mizo_err site_midnight(site *s, const site_clock *k)
{
    read_prices(s, k->day);
    read_highs(s);
    sim_set_clock(s->dev, k->mono);
    s->vans_short_today = 0;
    for (int i = 0; i < s->nbattery; i++) {
        const mizo_battery *row = &s->region->battery[s->battery_first + (size_t)i];
        control_battery(&s->ctl.battery[i], row, k->day);
        /* An open-ended run keeps no account: the stored kWh is worth what it is worth today. */
        if (!s->o->to)
            s->value_myen[i] = problem_end_value(s->region, s->point, row, k->slot);
        s->ctl.battery[i].end_myen = s->value_myen[i];
    }
    return s->o->policy == OPERATE_ORACLE ? site_read_ahead(s, k) : MIZO_OK;
}

/* ---- the slot that begins ---- */

void site_begin(site *s, const site_clock *k)
{
    box_slot(s, k);
    s->ctl.target_w = site_target(s);
    memset(&s->slot_sum, 0, sizeof s->slot_sum);
    for (int i = 0; i < s->nbattery; i++)
        s->soc_before[i] = sim_soc(s->dev, i);
    s->slot_known = truth_demand(s->truth, s->track)[HISTORY + k->of_day] != MIZO_MISSING;
    const int32_t *pv = truth_pv(s->truth, s->track);
    if (pv && pv[HISTORY + k->of_day] == MIZO_MISSING)
        s->slot_known = false;
}

/* ---- a control step ---- */

int site_vehicle_of(const site *s, mizo_ref ref)
{
    for (int j = 0; j < s->nvehicle; j++)
        if (s->vehicle[j].ref == ref)
            return j;
    return -1;
}

static void vehicle_leaves(site *s, int j)
{
    site_vehicle *v = &s->vehicle[j];
    mizo_wh left;
    if (sim_unplug(s->dev, j, &left))
        left = 0;
    v->here = false;
    if (left == 0)
        return;
    if (v->impossible) {
        s->sum.vans_impossible++;
    } else {
        s->sum.vans_short++;
        s->vans_short_today++;
    }
}

/* Could full power from arrival to the last whole step fill it? */
static bool can_fill(const site *s, int j, mizo_wh need, mizo_ms now, int step_ms)
{
    mizo_ms time = (s->vehicle[j].depart - now) / step_ms * step_ms;
    int64_t gain = (int64_t)s->ctl.charger_max_w[j] * time / 3600000 * s->ctl.charger_ppm[j] / MIZO_PPM;
    return gain > need;
}

static void vehicles_move(site *s, mizo_ms now, int step_ms)
{
    for (int j = 0; j < s->nvehicle; j++)
        if (s->vehicle[j].here && s->vehicle[j].depart < now + step_ms) {
            vehicle_leaves(s, j);
            s->moved = true;
        }
    size_t n;
    const truth_session *all = truth_sessions(s->truth, &n);
    for (size_t i = 0; i < n; i++) {
        if (all[i].arrive > now || all[i].depart < now + step_ms)
            continue;
        int j = site_vehicle_of(s, all[i].vehicle);
        if (j < 0 || s->vehicle[j].here || s->vehicle[j].arrive >= all[i].arrive ||
            sim_plug(s->dev, j, all[i].need_wh))
            continue;
        s->moved = true;
        s->vehicle[j].here = true;
        s->vehicle[j].arrive = all[i].arrive;
        s->vehicle[j].depart = all[i].depart;
        s->vehicle[j].full_wh =
            mizo_vehicle_full_wh(&s->region->vehicle[s->vehicle[j].ref], (int32_t)all[i].need_wh);
        s->vehicle[j].impossible = !can_fill(s, j, all[i].need_wh, now, step_ms);
        s->sum.sessions++;
    }
}

static site_clock at_step(const site *s, const site_clock *k, int step)
{
    site_clock at = *k;
    at.mono += (mizo_ms)step * k->step_ms;
    at.wall += (mizo_ms)step * k->step_ms + (step * k->step_ms >= MIZO_SLOT_MS / 2 ? s->o->wall_jump_ms : 0);
    return at;
}

/* A battery that does not say what it holds, or nothing at all. */
static bool is_silent(const site *s, mizo_err read, const mizo_measurement *m)
{
    for (int i = 0; i < s->nbattery && !read; i++)
        if (m->soc_wh[i] == MIZO_MISSING)
            return true;
    return read != MIZO_OK;
}

void site_move(site *s, const site_clock *k, int step)
{
    mizo_measurement m;
    s->now = k->mono + (mizo_ms)step * k->step_ms;
    sim_set_clock(s->dev, s->now);
    vehicles_move(s, k->mono + (mizo_ms)step * k->step_ms, k->step_ms);
    bool silent = is_silent(s, device_sim.read(s->dev, &m), &m);
    s->moved = s->moved || silent != s->silent;
    s->silent = silent;
}

void site_act(site *s, const site_clock *k, int step)
{
    site_clock at = at_step(s, k, step);
    mizo_measurement m;
    sim_set_clock(s->dev, at.mono);
    if (device_sim.read(s->dev, &m) == MIZO_OK) {
        box_step(s, &at, &m);
        m.slot = k->slot;
        m.into_slot_ms = step * k->step_ms;
        mizo_ms now = planted("wall-expiry") ? at.wall : at.mono;
        mizo_control_cycle(&s->ctl, &m, s->has_program ? &s->program : NULL, now, &s->command);
        mizo_command c = s->command;
        c.issued += at.mono - now;
        c.expires += at.mono - now;
        if (device_sim.write(s->dev, &c))
            s->err = MIZO_EIO;
    }
    sim_truth met = { clip32(2 * (int64_t)truth_met_demand(s->truth, s->track)[k->of_day]),
                      clip32(2 * (int64_t)truth_met_pv(s->truth, s->track)[k->of_day]) };
    if (sim_advance(s->dev, at.mono, k->step_ms, &met, &s->last))
        s->err = MIZO_ERANGE;
    sim_step_add(&s->slot_sum, &s->last);
}

/* ---- the account ---- */

/* Wear and the change of charge are known whether the meter's readings are or not. */
static void book_batteries(site *s)
{
    for (int i = 0; i < s->nbattery; i++) {
        int64_t worn = s->slot_sum.discharge_of_wh[i];
        s->sum.wear += worn * s->region->battery[s->battery_first + (size_t)i].wear_myen;
        s->sum.stored += (sim_soc(s->dev, i) - s->soc_before[i]) * s->value_myen[i];
    }
    for (int j = 0; j < s->nvehicle; j++)
        s->sum.wear += s->slot_sum.given_of_wh[j] * s->region->vehicle[s->vehicle[j].ref].wear_myen;
}

/* Nobody went without: what had to be heated at once, what came late. */
static void book_devices(site *s)
{
    const sim_step *d = &s->slot_sum;
    operate_result *r = &s->sum;
    r->drawn_wh += d->drawn_wh;
    r->thermostat_wh += d->thermostat_wh;
    r->late_wh += d->late_wh;
    r->runs += (int)d->runs;
    r->runs_late += (int)d->runs_late;
    r->runs_missed += (int)d->runs_missed;
}

static void book_energy(site *s)
{
    const sim_step *d = &s->slot_sum;
    operate_result *r = &s->sum;
    r->bought_wh += d->import_wh;
    r->sold_wh += d->export_wh;
    r->demand_wh += d->demand_wh;
    r->pv_wh += d->pv_wh;
    r->self_used_wh += d->pv_wh > d->export_wh ? d->pv_wh - d->export_wh : 0;
    r->curtailed_wh += d->curtailed_wh;
    r->charged_wh += d->charge_wh;
    r->discharged_wh += d->discharge_wh;
    r->vehicle_wh += d->vehicle_wh;
    r->run_wh += d->run_wh;
    r->given_wh += d->given_wh;
    r->store_in_wh += d->store_in_wh;
    r->store_out_wh += d->store_out_wh;
    r->unserved_wh += d->unserved_wh;
    r->loss_wh += d->loss_wh;
}

void site_slot_end(site *s, const site_clock *k)
{
    const sim_step *d = &s->slot_sum;
    operate_result *r = &s->sum;
    int64_t buy = s->buy[k->of_day];
    book_batteries(s);
    book_devices(s);
    if (!s->slot_known) { /* what the devices took and gave is known: it costs the slot's price, for all alike */
        r->energy += (d->charge_wh + d->store_in_wh + d->vehicle_wh + d->run_wh - d->discharge_wh -
                      d->store_out_wh - d->given_wh) *
                     buy;
        r->missing++;
        return;
    }
    book_energy(s);
    if (d->import_wh > s->peak_wh) {
        s->peak_wh = clip32(d->import_wh);
        s->raised = 2 * (int64_t)s->peak_wh > s->standing_w;
    }
    r->energy += d->import_wh * buy;
    r->sold += d->export_wh * s->sell[k->of_day];
    r->co2_mg += d->import_wh * s->region->grid_g_per_kwh;
    if (d->import_wh * 2 > s->ctl.limit_w)
        r->peaks_over = 1;
}

void site_result(const site *s, operate_result *out)
{
    *out = s->sum;
    int64_t peak = 2 * (int64_t)s->peak_wh, above = peak - s->standing_w;
    out->sites = 1;
    out->peak_w = clip32(peak);
    if (above > 0 && mizo_mul_div(above, s->peak_myen_per_kw, 1, MIZO_ROUND_HALF_UP, &out->peak))
        out->peak = INT64_MAX / 4; /* W x milli-yen per kW = micro-yen */
    out->cost = out->energy - out->sold + out->peak + out->wear - out->stored;
}
