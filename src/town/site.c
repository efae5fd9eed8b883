/* site.c: a site from slot to slot. The controller sees what was measured up to the step before; the plan
 * sees the slots that have ended. Only the devices meet the truth. */
#include "town/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/plant.h"
#include "mizo/retail.h"

enum { HISTORY = TRUTH_DAYS * 48, TIE_MYEN = 10, HIGH_DAYS = 28 };

static int32_t clip32(int64_t x)
{
    return x > INT32_MAX ? INT32_MAX : x < -INT32_MAX ? -INT32_MAX : (int32_t)x;
}

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
    };
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
        int64_t net = (int64_t)d[i] - (pv && pv[i] != MIZO_MISSING ? pv[i] : 0);
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
    }
}

mizo_err site_open(site *s, const operate_options *o, const mizo_region *r, mizo_ref point, size_t track,
                   truth *t, const outlook *l)
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
    s->plan = malloc(sizeof *s->plan);
    s->planner = o->solver && o->policy >= OPERATE_MIZO ? mizo_planner_new(o->solver) : NULL;
    if (!s->plan || (o->solver && o->policy >= OPERATE_MIZO && !s->planner))
        return MIZO_ENOMEM;
    open_control(s, p);
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

/* Highest import of the point itself at each time of day, a slot to either side, in the past weeks. */
static void read_highs(site *s)
{
    const int32_t *d = truth_demand(s->truth, s->track), *pv = truth_pv(s->truth, s->track);
    int32_t high[48];
    for (int i = 0; i < 48; i++)
        high[i] = MIZO_MISSING;
    for (int i = HISTORY - HIGH_DAYS * 48; i < HISTORY; i++) {
        if (d[i] == MIZO_MISSING)
            continue;
        int32_t net = clip32(2 * ((int64_t)d[i] - (pv && pv[i] != MIZO_MISSING ? pv[i] : 0)));
        if (net > high[i % 48])
            high[i % 48] = net;
    }
    s->ctl.cautious_w = 0;
    for (int i = 0; i < 48; i++) {
        int32_t a = high[(i + 47) % 48], b = high[i], c = high[(i + 1) % 48];
        s->high_w[i] = a > b ? (a > c ? a : c) : b > c ? b : c;
        if (s->high_w[i] > s->ctl.cautious_w)
            s->ctl.cautious_w = s->high_w[i];
    }
}

/* Reads the coming truth for the oracle: to the end of the run, but no more than a plan holds. */
static mizo_err read_ahead(site *s, const site_clock *k)
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

mizo_err site_midnight(site *s, const site_clock *k)
{
    read_prices(s, k->day);
    read_highs(s);
    s->vans_short_today = 0;
    for (int i = 0; i < s->nbattery; i++) {
        const mizo_battery *row = &s->region->battery[s->battery_first + (size_t)i];
        control_battery(&s->ctl.battery[i], row, k->day);
        /* An open-ended run keeps no account: the stored kWh is worth what it is worth today. */
        if (!s->o->to)
            s->value_myen[i] = problem_end_value(s->region, s->point, row, k->slot);
        s->ctl.battery[i].end_myen = s->value_myen[i];
    }
    return s->o->policy == OPERATE_ORACLE && s->planner ? read_ahead(s, k) : MIZO_OK;
}

/* ---- what the site's own box knows in this slot ---- */

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

/* Dearest price from now until the cheap hours come back. */
static int32_t dear_price(const int32_t *buy, int n)
{
    int32_t low = INT32_MAX, dear = INT32_MIN;
    for (int i = 0; i < n; i++)
        low = buy[i] < low ? buy[i] : low;
    bool out = false; /* of the cheap hours */
    for (int i = 0; i < n; i++) {
        bool cheap = buy[i] <= low + TIE_MYEN;
        if (cheap && out)
            break;
        out = out || !cheap;
        dear = buy[i] > dear ? buy[i] : dear;
    }
    return dear;
}

static void rule_slot(site *s, const site_clock *k)
{
    mizo_rule_now *r = &s->ctl.rule;
    int at = k->of_day;
    r->known = s->region->point[s->point].tariff >= 0;
    r->buy_myen = s->buy[at];
    r->sell_myen = s->sell[at];
    r->dear_myen = dear_price(s->buy + at, 48);
    r->base_high_w = s->high_w[at];
    r->night_high_w = MIZO_MISSING;
    for (int i = 0; i < 48; i++)
        if (s->high_w[i] > r->night_high_w)
            r->night_high_w = s->high_w[i];
}

/* Departure as the controller counts it: the vehicle leaves at the last step edge before it. */
static void rule_vehicles(site *s, const site_clock *k)
{
    mizo_rule_now *r = &s->ctl.rule;
    mizo_ms start = mizo_slot_ms(k->slot) - (mizo_ms)k->of_day * MIZO_SLOT_MS; /* of the day */
    for (int j = 0; j < s->nvehicle; j++) {
        const site_vehicle *v = &s->vehicle[j];
        r->minutes_left[j] = r->best_minutes[j] = 0;
        r->best_myen[j] = s->buy[k->of_day];
        if (!v->here)
            continue;
        mizo_ms steps = (v->depart - k->mono) / k->step_ms;
        r->minutes_left[j] = (int)(steps * k->step_ms / 60000);
        int last = (int)((v->depart - start) / MIZO_SLOT_MS);
        for (int i = k->of_day; i < last && i < SITE_PRICES; i++) {
            if (s->buy[i] < r->best_myen[j] - TIE_MYEN) {
                r->best_myen[j] = s->buy[i];
                r->best_minutes[j] = 0;
            }
            r->best_minutes[j] += s->buy[i] <= r->best_myen[j] + TIE_MYEN ? 30 : 0;
        }
    }
}

/* ---- planning ---- */

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
        if (d <= 10 && out > low) /* it was not worth giving: the value is above */
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

/* Which device each battery and vehicle of the plan is. */
static void map_plan(site *s, const site_work *w)
{
    const mizo_site_problem *p = &w->problem.lp;
    for (int b = 0; b < p->nbattery; b++)
        s->plan_battery[b] = w->problem.battery[b] - (int)s->battery_first;
    for (int v = 0; v < p->nvehicle; v++)
        s->plan_vehicle[v] = w->vehicle[w->problem.session[v]];
    s->plan_batteries = p->nbattery;
    s->plan_vehicles = p->nvehicle;
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
    for (int v = 0; v < s->plan_vehicles; v++)
        if (s->plan_vehicle[v] >= 0)
            g->vehicle_w[s->plan_vehicle[v]] += plan->vehicle_w[v][at];
    s->has_program = true;
}

/* What a stored kWh is good for in the plan's first slot, by its value later on. */
static void program_worth(site *s, const mizo_site_problem *p)
{
    for (int b = 0; b < p->nbattery; b++) {
        int i = s->plan_battery[b];
        if (i < 0 || i >= s->nbattery)
            continue;
        const mizo_plan_battery *row = &p->battery[b];
        int64_t value = stored_value(p, s->plan, b);
        int64_t in_worth = value * row->charge_ppm / MIZO_PPM;
        int64_t out_worth = row->discharge_ppm > 0 ? value * MIZO_PPM / row->discharge_ppm : INT32_MAX;
        s->program.store_surplus[i] = p->sell_myen[0] + TIE_MYEN < in_worth;
        s->program.serve_load[i] = p->buy_myen[0] - row->wear_myen > out_worth + TIE_MYEN;
    }
}

/* Sessions that the controller knows: vehicles that are here. */
static void known_sessions(const site *s, const site_clock *k, const mizo_measurement *m, site_work *w)
{
    w->nsession = 0;
    for (int j = 0; j < s->nvehicle; j++) {
        const site_vehicle *v = &s->vehicle[j];
        mizo_slot to = mizo_ms_slot(v->depart);
        if (!v->here || m->vehicle_need_wh[j] <= 0 || to <= k->slot)
            continue;
        w->vehicle[w->nsession] = j;
        w->session[w->nsession++] = (problem_session){
            .charger = s->region->vehicle[v->ref].charger,
            .from = k->slot,
            .to = to,
            .need_wh = m->vehicle_need_wh[j],
        };
    }
}

static int vehicle_of_ref(const site *s, mizo_ref ref)
{
    for (int j = 0; j < s->nvehicle; j++)
        if (s->vehicle[j].ref == ref)
            return j;
    return -1;
}

/* Sessions to come, shifted by `shift` days: 0 for perfect foresight, 7 for "as a week ago". */
static void coming_sessions(const site *s, const site_clock *k, int n, int shift, site_work *w)
{
    size_t count;
    const truth_session *all = truth_sessions(s->truth, &count);
    mizo_ms move = (mizo_ms)shift * 86400000, now = mizo_slot_ms(k->slot);
    for (size_t i = 0; i < count && w->nsession < MIZO_SITE_VEHICLES; i++) {
        mizo_ms arrive = all[i].arrive + move, depart = all[i].depart + move;
        int j = vehicle_of_ref(s, all[i].vehicle);
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

static bool build_and_plan(site *s, const site_clock *k, site_work *w, int n, const mizo_measurement *m)
{
    int32_t soc[MIZO_COMMAND_BATTERIES];
    int nsoc = 0;
    for (int i = 0; i < s->nbattery; i++) {
        const mizo_battery *row = &s->region->battery[s->battery_first + (size_t)i];
        if (k->day >= row->from && k->day < row->to)
            soc[nsoc++] = m->soc_wh[i];
    }
    problem_input in = {
        .region = s->region,
        .point = s->point,
        .from = k->slot,
        .n = n,
        .load_wh = w->load,
        .pv_wh = truth_pv(s->truth, s->track) ? w->pv : NULL,
        .soc_wh = soc,
        .standing_w = aimed_peak(s),
        .nsession = w->nsession,
        .session = w->session,
    };
    if (problem_build(&in, &w->problem))
        return false;
    map_plan(s, w);
    if (s->o->to && k->slot + n >= s->o->to)
        for (int b = 0; b < w->problem.lp.nbattery; b++)
            w->problem.lp.battery[b].end_myen = s->value_myen[w->problem.battery[b] - (int)s->battery_first];
    s->sum.plans++;
    if (mizo_plan_site(s->planner, &w->problem.lp, s->plan) || s->plan->status == MIZO_PLAN_NONE)
        return false;
    s->plan_from = k->slot;
    s->plan_cost = s->plan->cost;
    s->plan_bound = s->plan->bound;
    return true;
}

/* The forecast as issued at midnight, corrected by what the day has brought so far. */
static int expected(const site *s, const site_clock *k, site_work *w)
{
    const int32_t *d = truth_demand(s->truth, s->track) + HISTORY, *pv = truth_pv(s->truth, s->track);
    int n = OUTLOOK - k->of_day;
    int32_t mean[OUTLOOK], sun[OUTLOOK];
    memcpy(mean, s->outlook->mean, sizeof mean);
    memcpy(sun, s->outlook->pv, sizeof sun);
    mizo_forecast_intraday(d, s->outlook->mean, k->of_day, OUTLOOK, mean);
    if (pv)
        mizo_forecast_intraday(pv + HISTORY, s->outlook->pv, k->of_day, OUTLOOK, sun);
    for (int i = 0; i < n; i++) {
        w->load[i] = mean[k->of_day + i];
        w->pv[i] = pv ? sun[k->of_day + i] : 0;
    }
    return n;
}

static void plan_mizo(site *s, const site_clock *k, site_work *w, const mizo_measurement *m)
{
    if (!s->outlook->known)
        return;
    int n = expected(s, k, w);
    known_sessions(s, k, m, w);
    coming_sessions(s, k, n, 7, w);
    if (!build_and_plan(s, k, w, n, m)) {
        s->plan_failed = true;
        return;
    }
    program_of_plan(s, 0, k->mono + MIZO_SLOT_MS);
    program_worth(s, &w->problem.lp);
}

/* How far the oracle plans: to the run's end, or as far as a problem holds. */
static int oracle_slots(const site *s, const site_clock *k)
{
    mizo_slot end = mizo_day_slot(s->ahead_day + s->ahead_days, s->region->offset);
    if (s->o->to && s->o->to < end)
        end = s->o->to;
    return end - k->slot > MIZO_PLAN_MAX ? MIZO_PLAN_MAX : (int)(end - k->slot);
}

/* Perfect foresight: one plan as far as it reaches, followed to the letter, the next one at a midnight. */
static void plan_oracle(site *s, const site_clock *k, site_work *w, const mizo_measurement *m)
{
    bool last = s->plan_from >= 0 && s->o->to && s->plan_from + s->plan->n >= s->o->to;
    bool renew = s->plan_from < 0 || k->slot >= s->plan_from + s->plan->n || (k->of_day == 0 && !last);
    if (renew) {
        int n = oracle_slots(s, k);
        int from = (int)(k->slot - mizo_day_slot(s->ahead_day, s->region->offset));
        memcpy(w->load, s->ahead_load + from, (size_t)n * sizeof *w->load);
        memcpy(w->pv, s->ahead_pv + from, (size_t)n * sizeof *w->pv);
        known_sessions(s, k, m, w);
        coming_sessions(s, k, n, 0, w);
        if (!build_and_plan(s, k, w, n, m)) {
            s->plan_failed = true;
            s->plan_from = -1;
            return;
        }
    }
    program_of_plan(s, (int)(k->slot - s->plan_from), k->mono + MIZO_SLOT_MS);
    s->program.exact = true;
    int at = (int)(k->slot - s->plan_from);
    if (s->plan->export_w[at] >= s->ctl.export_w - 10)
        s->program.pv_limit_w = s->plan->pv_w[at]; /* the plan curtails */
}

static int32_t target_of(const site *s)
{
    int32_t limit = s->ctl.limit_w;
    if (s->o->policy == OPERATE_NONE || s->peak_myen_per_kw == 0)
        return limit;
    int32_t target = aimed_peak(s);
    if (s->plan_from >= 0 && s->has_program && s->plan->peak_w > target)
        target = s->plan->peak_w; /* the plan has found no cheaper way */
    return target < limit ? target : limit;
}

void site_plan(site *s, const site_clock *k, site_work *w)
{
    mizo_measurement m;
    s->has_program = false;
    s->plan_failed = false;
    rule_slot(s, k);
    if (s->planner && device_sim.read(s->dev, &m) == MIZO_OK) {
        if (s->o->policy == OPERATE_ORACLE)
            plan_oracle(s, k, w, &m);
        else
            plan_mizo(s, k, w, &m);
    }
    if (!s->has_program)
        s->plan_from = -1;
    s->ctl.target_w = target_of(s);
    memset(&s->slot_sum, 0, sizeof s->slot_sum);
    for (int i = 0; i < s->nbattery; i++)
        s->soc_before[i] = sim_soc(s->dev, i);
    s->slot_known = truth_demand(s->truth, s->track)[HISTORY + k->of_day] != MIZO_MISSING;
    const int32_t *pv = truth_pv(s->truth, s->track);
    if (pv && pv[HISTORY + k->of_day] == MIZO_MISSING)
        s->slot_known = false;
}

/* ---- a control step ---- */

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
        if (s->vehicle[j].here && s->vehicle[j].depart < now + step_ms)
            vehicle_leaves(s, j);
    size_t n;
    const truth_session *all = truth_sessions(s->truth, &n);
    for (size_t i = 0; i < n; i++) {
        if (all[i].arrive > now || all[i].depart < now + step_ms)
            continue;
        int j = vehicle_of_ref(s, all[i].vehicle);
        if (j < 0 || s->vehicle[j].here || s->vehicle[j].arrive >= all[i].arrive ||
            sim_plug(s->dev, j, all[i].need_wh))
            continue;
        s->vehicle[j].here = true;
        s->vehicle[j].arrive = all[i].arrive;
        s->vehicle[j].depart = all[i].depart;
        s->vehicle[j].impossible = !can_fill(s, j, all[i].need_wh, now, step_ms);
        s->sum.sessions++;
    }
}

void site_step(site *s, const site_clock *k, int step)
{
    site_clock at = *k;
    at.mono += (mizo_ms)step * k->step_ms;
    at.wall += (mizo_ms)step * k->step_ms + (step * k->step_ms >= MIZO_SLOT_MS / 2 ? s->o->wall_jump_ms : 0);
    vehicles_move(s, at.mono, k->step_ms);
    rule_vehicles(s, &at);
    mizo_measurement m;
    if (device_sim.read(s->dev, &m) == MIZO_OK) {
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
    sim_truth met = { 2 * truth_met_demand(s->truth, s->track)[k->of_day],
                      2 * truth_met_pv(s->truth, s->track)[k->of_day] };
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
    r->unserved_wh += d->unserved_wh;
    r->loss_wh += d->loss_wh;
}

void site_slot_end(site *s, const site_clock *k)
{
    const sim_step *d = &s->slot_sum;
    operate_result *r = &s->sum;
    int64_t buy = s->buy[k->of_day];
    book_batteries(s);
    if (!s->slot_known) { /* what the devices took and gave is known: it costs the slot's price, for all alike */
        r->energy += (d->charge_wh + d->vehicle_wh - d->discharge_wh) * buy;
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
