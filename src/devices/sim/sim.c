/* sim.c: the simulated site: batteries, chargers with vehicles, PV inverter and meter behind one point.
 *
 * All energy is integer Wh. What a power gives in a step, and what a conversion keeps of it, is rarely a
 * whole number: the rest is carried to the next step, so that nothing is lost or made over any number of
 * steps. */
#include <stdlib.h>
#include <string.h>

#include "devices/device.h"

#define WMS_PER_WH INT64_C(3600000) /* W x ms of one Wh */

typedef struct sim_battery {
    int64_t soc, soc_min, soc_max;
    int32_t charge_w, discharge_w, charge_ppm, discharge_ppm;
    int64_t in_wms, out_wms;   /* asked for, below 1 Wh */
    int64_t in_rest, out_rest; /* of the conversions, millionths of a Wh */
    int32_t last_w;
} sim_battery;

typedef struct sim_vehicle {
    mizo_ref charger;
    int32_t max_w, min_w, ppm;
    int64_t need; /* still wanted */
    bool here;
    int64_t in_wms, in_rest;
    int32_t last_w;
} sim_vehicle;

struct device {
    const mizo_region *region;
    int32_t contract_w;
    bool export_allowed;
    int nbattery, nvehicle;
    sim_battery battery[MIZO_COMMAND_BATTERIES];
    sim_vehicle vehicle[MIZO_COMMAND_VEHICLES];
    mizo_command command; /* expires 0: none yet */
    unsigned silent;
    int64_t demand_wms, pv_wms;
    mizo_ms mono;
    int32_t last_net_w, last_pv_w;
    bool throttled;
};

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

static int64_t part_of(int32_t energy_wh, int32_t ppm)
{
    return (int64_t)energy_wh * ppm / MIZO_PPM;
}

static void battery_open(sim_battery *b, const mizo_battery *row, double unit)
{
    b->soc_min = part_of(row->energy_wh, row->soc_min_ppm);
    b->soc_max = part_of(row->energy_wh, row->soc_max_ppm);
    b->charge_w = row->charge_w;
    b->discharge_w = row->discharge_w;
    b->charge_ppm = row->charge_ppm;
    b->discharge_ppm = row->discharge_ppm;
    int64_t window = b->soc_max - b->soc_min;
    b->soc = b->soc_min + window * 2 / 5 + (int64_t)((double)(window / 5) * unit);
}

static void vehicle_open(sim_vehicle *v, const mizo_region *r, mizo_ref vehicle)
{
    v->charger = r->vehicle[vehicle].charger;
    const mizo_charger *c = &r->charger[v->charger];
    v->max_w = c->max_w;
    v->min_w = c->min_w;
    v->ppm = c->efficiency_ppm;
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
        battery_open(&d->battery[d->nbattery++], &r->battery[first + i], mizo_unit(seed, (uint64_t)point, i));
    mizo_ref vehicle[MIZO_COMMAND_VEHICLES];
    d->nvehicle = sim_vehicles(r, point, vehicle);
    for (int i = 0; i < d->nvehicle; i++)
        vehicle_open(&d->vehicle[i], r, vehicle[i]);
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
        out->soc_wh[i] = d->silent & SIM_SILENT_SOC ? MIZO_MISSING : (int32_t)d->battery[i].soc;
    }
    for (int i = 0; i < d->nvehicle; i++) {
        const sim_vehicle *v = &d->vehicle[i];
        out->vehicle_w[i] = v->last_w;
        out->vehicle_need_wh[i] = !v->here                      ? 0
                                  : d->silent & SIM_SILENT_NEED ? MIZO_MISSING
                                                                : (int32_t)v->need;
    }
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

/* ---- energy of a step ---- */

/* Whole Wh of `w` over `ms`, the rest kept in *carry. */
static int64_t energy_of(int32_t w, int ms, int64_t *carry)
{
    *carry += (int64_t)w * ms;
    int64_t wh = *carry / WMS_PER_WH;
    *carry -= wh * WMS_PER_WH;
    return wh;
}

static int32_t power_of(int64_t wh, int ms)
{
    return (int32_t)(wh * WMS_PER_WH / ms);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Most that may go in so that the stored gain stays within room: floor((in * ppm + rest) / 1e6) <= room. */
static int64_t most_in(int64_t room, int64_t ppm, int64_t rest)
{
    return room < 0 || ppm <= 0 ? 0 : ((room + 1) * MIZO_PPM - rest - 1) / ppm;
}

static int64_t gain_of(int64_t in, int64_t ppm, int64_t *rest)
{
    int64_t whole = in * ppm + *rest;
    *rest = whole % MIZO_PPM;
    return whole / MIZO_PPM;
}

/* Charges; returns what was taken from the AC side. */
static int64_t battery_charge(sim_battery *b, int32_t w, int ms, int64_t *loss)
{
    int64_t asked = energy_of(w < b->charge_w ? w : b->charge_w, ms, &b->in_wms);
    int64_t in = least(asked, most_in(b->soc_max - b->soc, b->charge_ppm, b->in_rest));
    if (in < asked)
        b->in_wms = 0;
    int64_t gain = gain_of(in, b->charge_ppm, &b->in_rest);
    b->soc += gain;
    *loss += in - gain;
    return in;
}

/* Discharges at most `most` Wh; returns what was given to the AC side. */
static int64_t battery_discharge(sim_battery *b, int32_t w, int ms, int64_t most, int64_t *loss)
{
    int64_t ppm = b->discharge_ppm;
    int64_t asked = energy_of(w < b->discharge_w ? w : b->discharge_w, ms, &b->out_wms);
    int64_t held = b->soc - b->soc_min;
    int64_t can = held <= 0 || ppm <= 0 ? 0 : ((held + 1) * ppm - 1 - b->out_rest) / MIZO_PPM;
    int64_t out = least(least(asked, can), most);
    if (out < asked)
        b->out_wms = 0;
    if (out <= 0)
        return 0;
    int64_t whole = out * MIZO_PPM + b->out_rest;
    int64_t draw = whole / ppm;
    b->out_rest = whole % ppm;
    b->soc -= draw;
    *loss += draw - out;
    return out;
}

static int32_t charger_power(const sim_vehicle *v, int32_t asked)
{
    int32_t w = asked > v->max_w ? v->max_w : asked;
    return w < v->min_w || w <= 0 ? 0 : w;
}

static int64_t vehicle_charge(sim_vehicle *v, int32_t asked, int ms, int64_t *loss)
{
    int32_t w = v->here && v->need > 0 ? charger_power(v, asked) : 0;
    int64_t want = energy_of(w, ms, &v->in_wms);
    int64_t in = least(want, most_in(v->need, v->ppm, v->in_rest));
    if (in < want || w == 0)
        v->in_wms = 0;
    int64_t gain = gain_of(in, v->ppm, &v->in_rest);
    v->need -= gain;
    *loss += in - gain;
    return in;
}

/* ---- a step ---- */

/* The devices' own default: batteries idle, chargers at full power under the contract, which they see at
 * the point's meter. */
static void default_command(const device *d, const sim_truth *truth, mizo_command *c)
{
    memset(c, 0, sizeof *c);
    c->pv_limit_w = INT32_MAX;
    c->nbattery = d->nbattery;
    c->nvehicle = d->nvehicle;
    int64_t room = (int64_t)d->contract_w - truth->demand_w + truth->pv_available_w;
    for (int i = 0; i < d->nvehicle; i++) {
        const sim_vehicle *v = &d->vehicle[i];
        if (!v->here || v->need <= 0 || room <= 0)
            continue;
        c->vehicle_w[i] = charger_power(v, (int32_t)least(v->max_w, room));
        room -= c->vehicle_w[i];
    }
}

static void step_devices(device *d, const mizo_command *c, int ms, sim_step *s)
{
    for (int i = 0; i < d->nvehicle; i++) {
        sim_vehicle *v = &d->vehicle[i];
        int64_t in = vehicle_charge(v, i < c->nvehicle ? c->vehicle_w[i] : 0, ms, &s->loss_wh);
        v->last_w = power_of(in, ms);
        s->vehicle_wh += in;
    }
    for (int i = 0; i < d->nbattery; i++) {
        sim_battery *b = &d->battery[i];
        int32_t w = i < c->nbattery ? c->battery_w[i] : 0;
        b->last_w = 0;
        if (w >= 0)
            b->out_wms = 0;
        if (w <= 0)
            b->in_wms = 0;
        if (w <= 0)
            continue;
        int64_t in = battery_charge(b, w, ms, &s->loss_wh);
        b->last_w = power_of(in, ms);
        s->charge_wh += in;
    }
}

/* Batteries give last: where the point may not export, no more than the site takes. */
static void step_discharge(device *d, const mizo_command *c, int ms, int64_t pv, sim_step *s)
{
    for (int i = 0; i < d->nbattery && i < c->nbattery; i++) {
        sim_battery *b = &d->battery[i];
        if (c->battery_w[i] >= 0)
            continue;
        int64_t takes = s->demand_wh + s->charge_wh + s->vehicle_wh - pv - s->discharge_wh;
        int64_t most = d->export_allowed ? INT64_MAX : takes > 0 ? takes : 0;
        int32_t w = c->battery_w[i] == INT32_MIN ? INT32_MAX : -c->battery_w[i];
        int64_t out = battery_discharge(b, w, ms, most, &s->loss_wh);
        b->last_w = -power_of(out, ms);
        s->discharge_wh += out;
        s->discharge_of_wh[i] += out;
    }
}

static void step_run(device *d, const mizo_command *c, int ms, const sim_truth *truth, sim_step *s)
{
    memset(s, 0, sizeof *s);
    s->demand_wh = energy_of(truth->demand_w, ms, &d->demand_wms);
    int64_t available = energy_of(truth->pv_available_w, ms, &d->pv_wms);
    int64_t pv = available;
    if (c->pv_limit_w >= 0 && c->pv_limit_w < INT32_MAX)
        pv = least(pv, (int64_t)c->pv_limit_w * ms / WMS_PER_WH);
    step_devices(d, c, ms, s);
    step_discharge(d, c, ms, pv, s);
    int64_t takes = s->demand_wh + s->charge_wh + s->vehicle_wh - s->discharge_wh;
    if (!d->export_allowed && pv > takes)
        pv = takes;
    s->pv_wh = pv;
    s->curtailed_wh = available - pv;
    s->import_wh = takes > pv ? takes - pv : 0;
    s->export_wh = pv > takes ? pv - takes : 0;
    d->last_net_w = power_of(s->import_wh - s->export_wh, ms);
    d->last_pv_w = power_of(pv, ms);
    d->throttled = s->curtailed_wh > 0;
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
    v->in_wms = v->in_rest = 0;
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
    b->in_wms = b->out_wms = b->in_rest = b->out_rest = 0;
}

void sim_silence(device *d, unsigned sensors)
{
    d->silent = sensors;
}
