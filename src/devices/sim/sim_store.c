/* sim_store.c: what holds energy: batteries, water heaters, hydrogen sets, vehicles. */
#include "devices/sim/sim_in.h"

static int64_t part_of(int32_t energy_wh, int32_t ppm)
{
    return (int64_t)energy_wh * ppm / MIZO_PPM;
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

/* Most that may come out of what is held, and what that takes off it. */
static int64_t most_out(int64_t held, int64_t ppm, int64_t rest)
{
    return held <= 0 || ppm <= 0 ? 0 : ((held + 1) * ppm - 1 - rest) / MIZO_PPM;
}

static int64_t taken_off(int64_t out, int64_t ppm, int64_t *rest)
{
    int64_t whole = out * MIZO_PPM + *rest;
    *rest = whole % ppm;
    return whole / ppm;
}

/* ---- batteries and stores ---- */

void sim_battery_open(sim_battery *b, const mizo_region *r, mizo_ref battery, double unit)
{
    const mizo_battery *row = &r->battery[battery];
    b->ref = battery;
    b->store = row->kind != MIZO_STORE_BATTERY;
    b->soc_min = part_of(row->energy_wh, row->soc_min_ppm);
    b->soc_max = part_of(row->energy_wh, row->soc_max_ppm);
    b->charge_w = row->charge_w;
    b->discharge_w = row->discharge_w;
    b->charge_ppm = row->charge_ppm;
    b->discharge_ppm = row->discharge_ppm;
    b->loss_ppm_h = row->loss_ppm_h;
    int64_t window = b->soc_max - b->soc_min;
    b->soc = b->soc_min + window * 2 / 5 + (int64_t)((double)(window / 5) * unit);
    size_t first, n = mizo_region_load_of(r, row->point, &first);
    for (size_t i = first; i < first + n && b->ndraw < SIM_DRAWS; i++)
        if (r->load[i].kind == MIZO_LOAD_DRAW && r->load[i].battery == battery)
            b->draw[b->ndraw++] = (mizo_ref)i;
}

static int64_t put_in(sim_battery *b, int64_t asked, int64_t *carry, int64_t *loss)
{
    int64_t in = sim_least(asked, most_in(b->soc_max - b->soc, b->charge_ppm, b->in_rest));
    if (in < asked)
        *carry = 0;
    int64_t gain = gain_of(in, b->charge_ppm, &b->in_rest);
    b->soc += gain;
    *loss += in - gain;
    return in;
}

int64_t sim_battery_charge(sim_battery *b, int32_t w, int ms, int64_t *loss)
{
    return put_in(b, sim_energy(w < b->charge_w ? w : b->charge_w, ms, &b->in_wms), &b->in_wms, loss);
}

int64_t sim_battery_discharge(sim_battery *b, int32_t w, int ms, int64_t most, int64_t *loss)
{
    int64_t asked = sim_energy(w < b->discharge_w ? w : b->discharge_w, ms, &b->out_wms);
    int64_t out =
        sim_least(sim_least(asked, most_out(b->soc - b->soc_min, b->discharge_ppm, b->out_rest)), most);
    if (out < asked)
        b->out_wms = 0;
    if (out <= 0)
        return 0;
    int64_t draw = taken_off(out, b->discharge_ppm, &b->out_rest);
    b->soc -= draw;
    *loss += draw - out;
    return out;
}

void sim_draw_due(sim_battery *b, const mizo_region *r, mizo_ms wall, int ms)
{
    mizo_day day = mizo_slot_day(mizo_ms_slot(wall), r->offset);
    mizo_ms into = wall - mizo_slot_ms(mizo_day_slot(day, r->offset));
    b->due = 0;
    for (int i = 0; i < b->ndraw; i++) {
        const mizo_load *l = &r->load[b->draw[i]];
        if (mizo_load_holds(l, day))
            b->due += mizo_load_drawn(l, into + ms) - mizo_load_drawn(l, into);
    }
    b->owed += b->due;
    int64_t lacks =
        b->owed > 0 ? b->owed + b->soc_min - b->soc : 0; /* by standing it may have fallen below */
    b->wanted = lacks > 0 && b->charge_ppm > 0
                    ? (lacks * MIZO_PPM - b->in_rest + b->charge_ppm - 1) / b->charge_ppm
                    : 0;
}

int64_t sim_thermostat(sim_battery *b, int64_t room, int ms, int64_t *loss)
{
    if (b->wanted <= b->in) {
        b->heat_wms = 0;
        return 0;
    }
    int64_t can = sim_energy(sim_least(b->charge_w, room > 0 ? room : 0), ms, &b->heat_wms);
    return put_in(b, sim_least(can, b->wanted - b->in), &b->heat_wms, loss);
}

int64_t sim_draw(sim_battery *b, int ms, int64_t *loss)
{
    int64_t held = b->soc > b->soc_min ? b->soc - b->soc_min : 0, drawn = sim_least(b->owed, held), stood;
    b->owed -= drawn;
    b->soc -= drawn;
    if (b->loss_ppm_h && b->soc > 0 &&
        mizo_mul_div(b->soc * b->loss_ppm_h, ms, WMS_PER_WH, MIZO_ROUND_DOWN, &stood) == MIZO_OK) {
        b->lost_uwh += stood;
        int64_t wh = sim_least(b->lost_uwh / MIZO_PPM, b->soc);
        b->lost_uwh -= wh * MIZO_PPM;
        b->soc -= wh;
        *loss += wh;
    }
    return drawn;
}

/* ---- vehicles ---- */

void sim_vehicle_open(sim_vehicle *v, const mizo_region *r, mizo_ref vehicle)
{
    const mizo_vehicle *row = &r->vehicle[vehicle];
    const mizo_charger *c = &r->charger[row->charger];
    v->vehicle = vehicle;
    v->max_w = c->max_w;
    v->min_w = c->min_w;
    v->ppm = c->efficiency_ppm;
    v->give_w = c->give_w;
    v->give_ppm = c->give_ppm;
    v->least = part_of(row->energy_wh, row->least_ppm);
}

int32_t sim_charger_power(const sim_vehicle *v, int32_t asked)
{
    int32_t w = asked > v->max_w ? v->max_w : asked;
    return w < v->min_w || w <= 0 ? 0 : w;
}

int64_t sim_vehicle_charge(sim_vehicle *v, int32_t asked, int ms, int64_t *loss)
{
    int32_t w = v->here && v->need > 0 ? sim_charger_power(v, asked) : 0;
    int64_t want = sim_energy(w, ms, &v->in_wms);
    int64_t in = sim_least(want, most_in(v->need, v->ppm, v->in_rest));
    if (in < want || w == 0)
        v->in_wms = 0;
    int64_t gain = gain_of(in, v->ppm, &v->in_rest);
    v->need -= gain;
    *loss += in - gain;
    return in;
}

int64_t sim_vehicle_spare(const sim_vehicle *v)
{
    int64_t spare = v->full - v->need - v->least;
    return v->here && v->give_w > 0 && v->give_ppm > 0 && spare > 0 ? spare : 0;
}

int64_t sim_vehicle_give(sim_vehicle *v, int32_t asked, int ms, int64_t most, int64_t *loss)
{
    int64_t spare = sim_vehicle_spare(v);
    int64_t want = sim_energy(spare > 0 ? sim_least(asked, v->give_w) : 0, ms, &v->out_wms);
    int64_t out = sim_least(sim_least(want, most_out(spare, v->give_ppm, v->out_rest)), most);
    if (out < want || spare == 0)
        v->out_wms = 0;
    if (out <= 0)
        return 0;
    int64_t draw = taken_off(out, v->give_ppm, &v->out_rest);
    v->need += draw;
    *loss += draw - out;
    return out;
}
