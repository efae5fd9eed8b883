/* sim.c: the simulated site: batteries, stores, chargers with vehicles, runs, PV inverter and meter behind one point. */
#include <stdlib.h>
#include <string.h>

#include "devices/sim/sim_in.h"

/* ---- the table ---- */

int sim_vehicles(const mizo_region *r, mizo_ref point, mizo_ref out[MIZO_COMMAND_VEHICLES])
{
    size_t first, count = mizo_region_charger_of(r, point, &first);
    int n = 0;
    for (size_t i = 0; count && i < r->nvehicle && n < MIZO_COMMAND_VEHICLES; i++) {
        mizo_ref c = r->vehicle[i].charger;
        if (c >= (mizo_ref)first && c < (mizo_ref)(first + count))
            out[n++] = (mizo_ref)i;
    }
    return n;
}

static void open_runs(device *d, mizo_ref point)
{
    size_t first, n = mizo_region_load_of(d->region, point, &first);
    for (size_t i = first; i < first + n && d->nrun < MIZO_COMMAND_RUNS; i++)
        if (d->region->load[i].kind == MIZO_LOAD_RUN)
            sim_run_open(&d->run[d->nrun++], (mizo_ref)i);
}

static mizo_err sim_open(const mizo_region *r, mizo_ref point, uint64_t seed, device **out)
{
    *out = NULL;
    if (point < 0 || (size_t)point >= r->npoint)
        return MIZO_ENOENT;
    device *d = calloc(1, sizeof *d);
    if (!d)
        return MIZO_ENOMEM;
    d->region = mizo_region_ref(r);
    d->contract_w = r->point[point].contract_w > 0 ? r->point[point].contract_w : INT32_MAX / 2;
    d->export_allowed = r->point[point].export_allowed;
    size_t first, n = mizo_region_battery_of(r, point, &first);
    for (size_t i = 0; i < n && d->nbattery < MIZO_COMMAND_BATTERIES; i++)
        sim_battery_open(&d->battery[d->nbattery++], r, (mizo_ref)(first + i),
                         mizo_unit(seed, (uint64_t)point, i));
    mizo_ref vehicle[MIZO_COMMAND_VEHICLES];
    d->nvehicle = sim_vehicles(r, point, vehicle);
    for (int i = 0; i < d->nvehicle; i++)
        sim_vehicle_open(&d->vehicle[i], r, vehicle[i]);
    open_runs(d, point);
    *out = d;
    return MIZO_OK;
}

static void sim_close(device *d)
{
    if (!d)
        return;
    mizo_region_unref(d->region);
    free(d);
}

static mizo_err sim_read(device *d, mizo_measurement *out)
{
    memset(out, 0, sizeof *out);
    out->mono = d->mono;
    out->net_w = d->silent & SIM_SILENT_NET ? MIZO_MISSING : d->last_net_w;
    out->pv_w = d->silent & SIM_SILENT_PV ? MIZO_MISSING : d->last_pv_w;
    out->pv_throttled = d->throttled && !(d->silent & SIM_SILENT_PV);
    out->nbattery = d->nbattery;
    out->nvehicle = d->nvehicle;
    for (int i = 0; i < d->nbattery; i++) {
        out->battery_w[i] = d->battery[i].last_w;
        out->owed_wh[i] = (int32_t)sim_least(d->battery[i].owed, INT32_MAX);
        out->soc_wh[i] = d->silent & SIM_SILENT_SOC ? MIZO_MISSING : (int32_t)d->battery[i].soc;
    }
    for (int i = 0; i < d->nvehicle; i++) {
        const sim_vehicle *v = &d->vehicle[i];
        out->vehicle_w[i] = v->last_w;
        bool mute = d->silent & SIM_SILENT_NEED;
        out->vehicle_need_wh[i] = !v->here ? 0 : mute ? MIZO_MISSING : (int32_t)v->need;
        out->vehicle_spare_wh[i] = mute ? 0 : (int32_t)sim_vehicle_spare(v);
    }
    out->nrun = d->nrun;
    for (int i = 0; i < d->nrun; i++)
        out->run[i] = sim_run_read(&d->run[i], d->region, d->wall);
    return MIZO_OK;
}

static mizo_err sim_write(device *d, const mizo_command *c)
{
    if (c->expires <= c->issued)
        return MIZO_ERANGE;
    d->command = *c;
    return MIZO_OK;
}

const device_driver device_sim = {
    .name = "sim",
    .open = sim_open,
    .close = sim_close,
    .read = sim_read,
    .write = sim_write,
};

/* ---- a step ---- */

/* The devices' own default: batteries idle, chargers at full power, runs as soon as they may, both as far as the
 * contract goes, which they see at the point's meter. */
static void default_command(const device *d, const sim_truth *truth, mizo_command *c)
{
    memset(c, 0, sizeof *c);
    c->pv_limit_w = INT32_MAX;
    c->nbattery = d->nbattery;
    c->nvehicle = d->nvehicle;
    int64_t room = (int64_t)d->contract_w - truth->demand_w + truth->pv_available_w;
    for (int i = 0; i < d->nrun; i++) {
        int32_t power = d->region->load[d->run[i].load].power_w;
        c->run_go[i] = d->run[i].state == MIZO_RUN_WAITS && power <= room;
        room -= c->run_go[i] || d->run[i].state == MIZO_RUN_RUNS ? power : 0;
    }
    for (int i = 0; i < d->nvehicle; i++) {
        const sim_vehicle *v = &d->vehicle[i];
        if (!v->here || v->need <= 0 || room <= 0)
            continue;
        c->vehicle_w[i] = sim_charger_power(v, (int32_t)sim_least(v->max_w, room));
        room -= c->vehicle_w[i];
    }
}

static void step_runs(device *d, const mizo_command *c, int ms, sim_step *s)
{
    for (int i = 0; i < d->nrun; i++) {
        sim_run *u = &d->run[i];
        sim_run_turn(u, d->region, d->wall, &s->runs_missed);
        if (c->run_go[i] && u->state == MIZO_RUN_WAITS) {
            sim_run_begin(u, &d->region->load[u->load]);
            s->runs++;
        }
        s->run_wh += sim_run_step(u, d->region, d->wall, ms, &s->runs_late);
    }
}

static void step_vehicles(device *d, const mizo_command *c, int ms, sim_step *s)
{
    for (int i = 0; i < d->nvehicle; i++) {
        sim_vehicle *v = &d->vehicle[i];
        int64_t in = sim_vehicle_charge(v, i < c->nvehicle ? c->vehicle_w[i] : 0, ms, &s->loss_wh);
        v->last_w = sim_power(in, ms);
        s->vehicle_wh += in;
    }
}

static void step_charge(device *d, const mizo_command *c, int ms, sim_step *s)
{
    for (int i = 0; i < d->nbattery; i++) {
        sim_battery *b = &d->battery[i];
        int32_t w = i < c->nbattery ? c->battery_w[i] : 0;
        b->last_w = 0;
        b->in = 0;
        sim_draw_due(b, d->region, d->wall, ms);
        if (w >= 0)
            b->out_wms = 0;
        if (w <= 0)
            b->in_wms = 0;
        if (w <= 0)
            continue;
        b->in = sim_battery_charge(b, w, ms, &s->loss_wh);
        b->last_w = sim_power(b->in, ms);
        *(b->store ? &s->store_in_wh : &s->charge_wh) += b->in;
    }
}

/* What all devices and the demand take, less what stores give, Wh. */
static int64_t taken(const sim_step *s)
{
    return s->demand_wh + s->run_wh + s->charge_wh + s->store_in_wh + s->vehicle_wh - s->discharge_wh -
           s->store_out_wh - s->given_wh;
}

/* Draws take what is due; where it is not there, it is heated at once under the contract. */
static void step_draws(device *d, int ms, int64_t pv, sim_step *s)
{
    for (int i = 0; i < d->nbattery; i++) {
        sim_battery *b = &d->battery[i];
        if (!b->ndraw && !b->loss_ppm_h)
            continue;
        int64_t room = (int64_t)d->contract_w - sim_power(taken(s) - pv, ms);
        int64_t in = sim_thermostat(b, sim_least(room, (int64_t)b->charge_w - b->last_w), ms, &s->loss_wh);
        b->last_w = (int32_t)(b->last_w + sim_power(in, ms));
        *(b->store ? &s->store_in_wh : &s->charge_wh) += in;
        s->thermostat_wh += sim_least(b->in + in, b->wanted);
        s->drawn_wh += sim_draw(b, ms, &s->loss_wh);
        s->late_wh += sim_least(b->owed, b->due);
    }
}

/* Batteries give last, and vehicles after them: where the point may not export, no more than the site takes. */
static void step_discharge(device *d, const mizo_command *c, int ms, int64_t pv, sim_step *s)
{
    for (int i = 0; i < d->nbattery && i < c->nbattery; i++) {
        sim_battery *b = &d->battery[i];
        if (c->battery_w[i] >= 0)
            continue;
        int64_t takes = taken(s) - pv, most = d->export_allowed ? INT64_MAX : takes > 0 ? takes : 0;
        int32_t w = c->battery_w[i] == INT32_MIN ? INT32_MAX : -c->battery_w[i];
        int64_t out = sim_battery_discharge(b, w, ms, most, &s->loss_wh);
        b->last_w = -sim_power(out, ms);
        *(b->store ? &s->store_out_wh : &s->discharge_wh) += out;
        s->discharge_of_wh[i] += out;
    }
    for (int i = 0; i < d->nvehicle && i < c->nvehicle; i++) {
        if (c->vehicle_w[i] >= 0)
            continue;
        int64_t takes = taken(s) - pv, most = d->export_allowed ? INT64_MAX : takes > 0 ? takes : 0;
        int32_t w = c->vehicle_w[i] == INT32_MIN ? INT32_MAX : -c->vehicle_w[i];
        int64_t out = sim_vehicle_give(&d->vehicle[i], w, ms, most, &s->loss_wh);
        d->vehicle[i].last_w = -sim_power(out, ms);
        s->given_wh += out;
        s->given_of_wh[i] += out;
    }
}

static void step_run(device *d, const mizo_command *c, int ms, const sim_truth *truth, sim_step *s)
{
    memset(s, 0, sizeof *s);
    s->runs_missed = d->missed;
    d->missed = 0;
    s->demand_wh = sim_energy(truth->demand_w, ms, &d->demand_wms);
    int64_t available = sim_energy(truth->pv_available_w, ms, &d->pv_wms);
    int64_t pv = available;
    if (c->pv_limit_w >= 0 && c->pv_limit_w < INT32_MAX)
        pv = sim_least(pv, (int64_t)c->pv_limit_w * ms / WMS_PER_WH);
    step_runs(d, c, ms, s);
    step_vehicles(d, c, ms, s);
    step_charge(d, c, ms, s);
    step_draws(d, ms, pv, s);
    step_discharge(d, c, ms, pv, s);
    int64_t takes = taken(s);
    if (!d->export_allowed && pv > takes)
        pv = takes;
    s->pv_wh = pv;
    s->curtailed_wh = available - pv;
    s->import_wh = takes > pv ? takes - pv : 0;
    s->export_wh = pv > takes ? pv - takes : 0;
    d->last_net_w = sim_power(s->import_wh - s->export_wh, ms);
    d->last_pv_w = sim_power(pv, ms);
    d->throttled = s->curtailed_wh > 0;
    d->wall += ms;
}

void sim_step_add(sim_step *sum, const sim_step *s)
{
    mizo_wh *a = (mizo_wh *)sum;
    const mizo_wh *b = (const mizo_wh *)s;
    for (size_t i = 0; i < sizeof *sum / sizeof(mizo_wh); i++)
        a[i] += b[i];
}

mizo_err sim_advance(device *d, mizo_ms now, int ms, const sim_truth *truth, sim_step *out)
{
    memset(out, 0, sizeof *out);
    if (ms < 1 || ms > MIZO_SLOT_MS || truth->demand_w < 0 || truth->pv_available_w < 0)
        return MIZO_ERANGE;
    mizo_ms valid = d->command.expires - now; /* how long the command still holds */
    if (d->command.expires == 0 || valid < 0)
        valid = 0;
    int obeyed = valid < ms ? (int)valid : ms;
    sim_step s;
    if (obeyed > 0) {
        step_run(d, &d->command, obeyed, truth, &s);
        sim_step_add(out, &s);
    }
    if (obeyed < ms) {
        mizo_command own;
        default_command(d, truth, &own);
        step_run(d, &own, ms - obeyed, truth, &s);
        sim_step_add(out, &s);
    }
    d->mono = now + ms;
    return MIZO_OK;
}

mizo_err sim_plug(device *d, int vehicle, mizo_wh need_wh)
{
    if (vehicle < 0 || vehicle >= d->nvehicle || need_wh < 0 || need_wh > INT32_MAX)
        return MIZO_ERANGE;
    sim_vehicle *v = &d->vehicle[vehicle];
    v->here = true;
    v->need = need_wh;
    v->full = mizo_vehicle_full_wh(&d->region->vehicle[v->vehicle], (int32_t)need_wh);
    v->in_wms = v->in_rest = v->out_wms = v->out_rest = 0;
    return MIZO_OK;
}

mizo_err sim_unplug(device *d, int vehicle, mizo_wh *left_short)
{
    *left_short = 0;
    if (vehicle < 0 || vehicle >= d->nvehicle)
        return MIZO_ERANGE;
    sim_vehicle *v = &d->vehicle[vehicle];
    *left_short = v->here ? v->need : 0;
    v->here = false;
    v->need = 0;
    v->last_w = 0;
    return MIZO_OK;
}

mizo_wh sim_soc(const device *d, int battery)
{
    return battery >= 0 && battery < d->nbattery ? d->battery[battery].soc : 0;
}

void sim_set_soc(device *d, int battery, mizo_wh soc)
{
    if (battery < 0 || battery >= d->nbattery)
        return;
    sim_battery *b = &d->battery[battery];
    b->soc = soc < b->soc_min ? b->soc_min : soc > b->soc_max ? b->soc_max : soc;
    b->in_wms = b->out_wms = b->heat_wms = b->in_rest = b->out_rest = b->lost_uwh = 0;
}

static const char *battery_id(const device *d, int i)
{
    return d->region->battery[d->battery[i].ref].id;
}

void sim_set_clock(device *d, mizo_ms wall)
{
    d->wall = wall;
    for (int i = 0; i < d->nrun; i++)
        sim_run_turn(&d->run[i], d->region, wall, &d->missed);
}

/* The load of another model with the same id and hours; -1: none. */
static int run_by_id(const device *d, const mizo_load *l)
{
    for (int i = 0; i < d->nrun; i++)
        if (strcmp(d->region->load[d->run[i].load].id, l->id) == 0)
            return i;
    return -1;
}

void sim_take_over(device *d, const device *old)
{
    for (int i = 0; i < old->nrun; i++) {
        int to = run_by_id(d, &old->region->load[old->run[i].load]);
        if (to < 0)
            continue;
        mizo_ref load = d->run[to].load;
        d->run[to] = old->run[i];
        d->run[to].load = load;
    }
    for (int i = 0; i < old->nbattery; i++)
        for (int k = 0; k < d->nbattery; k++)
            if (strcmp(battery_id(d, k), battery_id(old, i)) == 0)
                d->battery[k].owed = old->battery[i].owed;
}

void sim_silence(device *d, unsigned sensors)
{
    d->silent = sensors;
}
