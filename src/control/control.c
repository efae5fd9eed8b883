/* control.c: one control cycle. The program says what is wanted; what is measured says what may be.
 *
 * Order of force, weakest first: the program, the difference between plan and world, the standing peak,
 * the vans' departures, the contract limit, the devices' own windows. */
#include <string.h>

#include "control/cycle.h"

enum { DEFAULT_CYCLE_MS = 300000, GUARD_MINUTES = 10, PACE_MARGIN_MINUTES = 30 };

int cycle_ms(const mizo_site_control *c)
{
    return c->cycle_ms > 0 ? c->cycle_ms : DEFAULT_CYCLE_MS;
}

/* ---- the running integral of the slot ---- */

static void integrate(mizo_site_control *c, const mizo_measurement *m)
{
    int64_t import = m->net_w == MIZO_MISSING ? c->cautious_w : m->net_w > 0 ? m->net_w : 0;
    int into = (int)cycle_clamp(m->into_slot_ms, 0, MIZO_SLOT_MS);
    if (!c->started || m->slot != c->slot) {
        c->started = true;
        c->slot = m->slot;
        c->slot_import_wms = import * into; /* what was not seen is taken to be like now */
    } else if (into > c->into_ms) {
        c->slot_import_wms += import * (into - c->into_ms);
    }
    c->into_ms = into;
}

/* The mean import that the rest of the slot may have so that the slot's mean stays at `cap`; never above `most`. */
static int64_t allowance(const mizo_site_control *c, int32_t cap, int32_t most)
{
    int64_t left_ms = MIZO_SLOT_MS - c->into_ms;
    if (left_ms < 1)
        left_ms = 1;
    int64_t left_wms = (int64_t)cap * MIZO_SLOT_MS - c->slot_import_wms;
    int64_t w = left_wms >= 0 ? left_wms / left_ms : -((-left_wms + left_ms - 1) / left_ms);
    return w > most ? most : w;
}

/* ---- what each device may do ---- */

int64_t cycle_floor_wh(const mizo_plan_battery *b)
{
    return b->reserve_wh > b->soc_min_wh ? b->reserve_wh : b->soc_min_wh;
}

int64_t cycle_must_w(const cycle *y, int i)
{
    const mizo_plan_battery *b = &y->c->battery[i];
    int32_t soc = y->m->soc_wh[i];
    int64_t owed = y->m->owed_wh[i];
    if (y->c->use_w[i] + owed <= 0 || soc == MIZO_MISSING || b->charge_ppm <= 0)
        return 0;
    int64_t ms = cycle_ms(y->c), held = (int64_t)soc - b->soc_min_wh;
    int64_t lacks = owed + ((int64_t)y->c->use_w[i] * ms + 3599999) / 3600000 - held;
    if (lacks <= 0)
        return 0;
    int64_t in = (lacks * MIZO_PPM + b->charge_ppm - 1) / b->charge_ppm;
    return cycle_clamp((in * 3600000 + ms - 1) / ms, 0, b->charge_w);
}

void cycle_range(const cycle *y, int i, int64_t floor, int64_t *lo, int64_t *hi)
{
    const mizo_plan_battery *b = &y->c->battery[i];
    int32_t soc = y->m->soc_wh[i];
    int64_t must = cycle_must_w(y, i);
    *lo = *hi = must;
    if (soc == MIZO_MISSING || y->m->net_w == MIZO_MISSING || y->c->hold_only)
        return;
    int64_t ms = cycle_ms(y->c), use = ((int64_t)y->c->use_w[i] * ms + 3599999) / 3600000;
    int64_t room = cycle_clamp((int64_t)b->soc_max_wh - soc + use, 0, INT32_MAX);
    int64_t held = cycle_clamp((int64_t)soc - floor - use, 0, INT32_MAX);
    int64_t in = b->charge_ppm > 0 ? room * MIZO_PPM / b->charge_ppm : 0;
    int64_t out = held * b->discharge_ppm / MIZO_PPM;
    /* A cycle's worth, rounded up: the device stops exactly at its window. */
    *hi = cycle_clamp((in * 3600000 + ms - 1) / ms, must, b->charge_w);
    *lo = must ? must : -cycle_clamp((out * 3600000 + ms - 1) / ms, 0, b->discharge_w);
}

static void set_battery(cycle *y, int i, int64_t w, int64_t floor)
{
    int64_t lo, hi;
    cycle_range(y, i, floor, &lo, &hi);
    int64_t got = cycle_clamp(w, lo, hi);
    if (got != w && y->why == MIZO_WHY_PLAN)
        y->why = MIZO_WHY_WINDOW;
    y->battery[i] = (int32_t)got;
}

/* A charger gives 0 or min..max, and no more than the vehicle takes in a cycle. */
int32_t cycle_charger(const cycle *y, int j, int64_t w)
{
    const mizo_site_control *c = y->c;
    if (y->m->vehicle_need_wh[j] == 0 || w <= 0)
        return 0;
    if (y->m->vehicle_need_wh[j] != MIZO_MISSING) {
        int64_t most = (control_need_ac(c, y->m, j) * 3600000 + cycle_ms(c) - 1) / cycle_ms(c);
        if (w > most)
            w = most > c->charger_min_w[j] ? most : c->charger_min_w[j];
    }
    if (w > c->charger_max_w[j])
        w = c->charger_max_w[j];
    return w < c->charger_min_w[j] || w <= 0 ? 0 : (int32_t)w;
}

int64_t cycle_flex(const cycle *y)
{
    int64_t sum = 0;
    for (int i = 0; i < y->c->nbattery; i++)
        sum += y->battery[i];
    for (int j = 0; j < y->c->nvehicle; j++)
        sum += y->vehicle[j];
    for (int k = 0; k < y->m->nrun; k++)
        sum += cycle_run_w(y, k);
    return sum;
}

/* ---- loads that run through ---- */

int32_t cycle_run_w(const cycle *y, int k)
{
    const mizo_run_now *u = &y->m->run[k];
    int64_t ms = cycle_ms(y->c), on = u->ms < ms ? u->ms : ms;
    return u->state == MIZO_RUN_RUNS || y->run_go[k] ? (int32_t)(u->power_w * on / ms) : 0;
}

/* Whoever waits any longer ends too late. */
bool cycle_run_must(const cycle *y, int k)
{
    return y->m->run[k].wait_ms < cycle_ms(y->c);
}

/* By the rule they begin with a half-hour, so that the half-hours in which they run are those that were looked at. */
static void want_runs(cycle *y)
{
    bool begins = y->planned || y->c->hold_only || y->c->into_ms < cycle_ms(y->c);
    for (int k = 0; k < y->m->nrun; k++) {
        bool go = (y->p->run_go[k] && begins) || cycle_run_must(y, k);
        y->run_go[k] = y->m->run[k].state == MIZO_RUN_WAITS && go;
    }
}

/* ---- the vans' departures ---- */

int64_t cycle_pace(const cycle *y, int j)
{
    int64_t need = control_need_ac(y->c, y->m, j);
    int left = y->c->rule.minutes_left[j];
    if (need == 0 || left <= 0)
        return 0;
    int minutes = left > PACE_MARGIN_MINUTES + 5 ? left - PACE_MARGIN_MINUTES : 5;
    return cycle_clamp((need * 60 + minutes - 1) / minutes, 0, y->c->charger_max_w[j]);
}

/* The latest moment has come: only full power from now on still fills it. */
static bool last_call(const cycle *y, int j)
{
    int64_t need = control_need_ac(y->c, y->m, j);
    int left = y->c->rule.minutes_left[j];
    if (need == 0 || left <= 0 || y->c->charger_max_w[j] <= 0)
        return false;
    int64_t minutes = (need * 60 + y->c->charger_max_w[j] - 1) / y->c->charger_max_w[j];
    return minutes >= left - GUARD_MINUTES;
}

int64_t cycle_give_most(const cycle *y, int j)
{
    const mizo_site_control *c = y->c;
    int32_t spare = y->m->vehicle_spare_wh[j], need = y->m->vehicle_need_wh[j];
    if (c->give_w[j] <= 0 || c->give_ppm[j] <= 0 || c->charger_max_w[j] <= 0 || spare <= 0 ||
        need == MIZO_MISSING || y->m->net_w == MIZO_MISSING)
        return 0;
    int64_t ms = cycle_ms(c), out = (int64_t)spare * c->give_ppm[j] / MIZO_PPM;
    int64_t w = cycle_clamp(out * 3600000 / ms, 0, c->give_w[j]);
    /* What it will want then must still be there to be had. */
    int64_t more =
        (w * ms + 3599999) / 3600000 * MIZO_PPM / c->give_ppm[j] * MIZO_PPM / c->charger_ppm[j] + 2;
    int64_t minutes =
        ((control_need_ac(c, y->m, j) + more) * 60 + c->charger_max_w[j] - 1) / c->charger_max_w[j];
    return minutes + ms / 60000 + 1 < c->rule.minutes_left[j] - PACE_MARGIN_MINUTES ? w : 0;
}

static void want_vehicles(cycle *y)
{
    for (int j = 0; j < y->c->nvehicle; j++) {
        int64_t w = y->p->vehicle_w[j];
        if (last_call(y, j))
            w = y->c->charger_max_w[j];
        y->vehicle[j] = w < 0 ? -(int32_t)cycle_clamp(-w, 0, cycle_give_most(y, j)) : cycle_charger(y, j, w);
    }
}

/* ---- plan and world differ ---- */

/* A throttled inverter gives only what the site takes: more is there than is seen, nobody knows how much.
 * Asking for a little more each cycle finds out; a wrong guess buys less than the last right one stored. */
static int64_t hidden_surplus(const cycle *y, int i)
{
    const mizo_measurement *m = y->m;
    if (!m->pv_throttled || m->net_w > 0)
        return 0;
    int64_t now = m->battery_w[i] == MIZO_MISSING || m->battery_w[i] < 0 ? 0 : m->battery_w[i];
    return now + now / 2 + y->c->battery[i].charge_w / 40;
}

/* Gives the difference between plan and world to battery i, as the program says it is worth. */
static int64_t follow_battery(const cycle *y, int i)
{
    const mizo_program *p = y->p;
    int64_t planned = p->battery_w[i];
    int64_t rest = y->base + cycle_flex(y) - y->battery[i]; /* without this battery */
    int64_t surplus = rest < 0 ? -rest : 0, load = rest > 0 ? rest : 0;
    if (p->store_surplus[i]) {
        int64_t hidden = hidden_surplus(y, i);
        surplus = hidden > surplus ? hidden : surplus;
    }
    if (planned >= 0 ? planned > 0 || surplus > 0 : surplus > 0 && p->store_surplus[i]) {
        planned = planned > 0 ? planned : 0;
        int64_t grid = cycle_clamp(p->import_w, 0, planned);
        int64_t most = surplus + grid;
        return p->store_surplus[i] && surplus > planned ? surplus : planned < most ? planned : most;
    }
    if (p->serve_load[i])
        return -load - cycle_clamp(-(int64_t)p->import_w, 0, -planned);
    /* A partial discharge holds the planned import; with less load than planned it gives less. */
    int64_t wanted = cycle_clamp(rest - p->import_w, 0, -planned);
    return -wanted;
}

/* Vehicles give no more than holds the planned import. */
static void follow_given(cycle *y)
{
    for (int j = 0; j < y->c->nvehicle; j++) {
        int64_t rest = y->base + cycle_flex(y) - y->vehicle[j];
        if (y->vehicle[j] < 0)
            y->vehicle[j] = -(int32_t)cycle_clamp(rest - y->p->import_w, 0, -(int64_t)y->vehicle[j]);
    }
}

static void want_batteries(cycle *y)
{
    for (int i = 0; i < y->c->nbattery; i++)
        set_battery(y, i, y->p->battery_w[i], cycle_floor_wh(&y->c->battery[i]));
    if (!y->follow)
        return;
    follow_given(y);
    for (int i = 0; i < y->c->nbattery; i++)
        set_battery(y, i, follow_battery(y, i), cycle_floor_wh(&y->c->battery[i]));
}

/* Small changes and turns of direction for next to nothing only wear the inverter. */
static void quieten(cycle *y)
{
    for (int i = 0; i < y->c->nbattery && y->follow; i++) {
        const mizo_plan_battery *b = &y->c->battery[i];
        int32_t now = y->battery[i], last = y->c->last_battery_w[i];
        int32_t band = (now >= 0 ? b->charge_w : b->discharge_w) / 100;
        bool turns = (now > 0 && last < 0) || (now < 0 && last > 0);
        if (turns && now < band && now > -band)
            y->battery[i] = 0;
        else if (now != 0 && last != 0 && !turns && now < last + band / 4 && now > last - band / 4)
            set_battery(y, i, last, cycle_floor_wh(b));
    }
}

/* ---- the cycle ---- */

static bool silent(const mizo_site_control *c, const mizo_measurement *m)
{
    bool mute = m->net_w == MIZO_MISSING;
    for (int i = 0; i < c->nbattery; i++)
        mute = mute || m->soc_wh[i] == MIZO_MISSING;
    for (int j = 0; j < c->nvehicle; j++)
        mute = mute || m->vehicle_need_wh[j] == MIZO_MISSING;
    return mute;
}

/* With no meter nobody knows what a discharge replaces or a charge adds: batteries rest. */
static void cautious(cycle *y)
{
    if (y->m->net_w == MIZO_MISSING)
        for (int i = 0; i < y->c->nbattery; i++)
            y->battery[i] = (int32_t)cycle_must_w(y, i);
    y->why = MIZO_WHY_SENSOR;
}

/* A meter counts whole Wh: what a device carries below one may come with the half-hour, 2 W for each. */
static int32_t limit_by_meter(const mizo_site_control *c, const mizo_measurement *m)
{
    return c->limit_w - 2 * (c->nbattery + c->nvehicle + m->nrun);
}

static void start_cycle(cycle *y)
{
    mizo_site_control *c = y->c;
    integrate(c, y->m);
    y->allow_target = allowance(c, c->target_w < c->limit_w ? c->target_w : c->limit_w, c->limit_w);
    int32_t limit = limit_by_meter(c, y->m);
    y->allow_limit = allowance(c, limit, limit);
    y->base = y->base_cap = control_base(c, y->m);
    for (int k = 0; k < y->m->nrun && y->m->net_w != MIZO_MISSING; k++)
        y->base = y->base_cap = y->base - y->m->run[k].now_w;
    if (c->into_ms == 0 && c->rule.known && c->rule.base_high_w != MIZO_MISSING &&
        c->rule.base_high_w > y->base)
        y->base_cap = c->rule.base_high_w;
    y->base += cycle_held_down(y);
    y->base_cap += cycle_held_down(y);
    if (y->p->exact) { /* what was measured belongs to the step before; the program knows this one */
        y->base = y->p->import_w;
        for (int i = 0; i < c->nbattery; i++)
            y->base -= y->p->battery_w[i];
        for (int j = 0; j < c->nvehicle; j++)
            y->base -= y->p->vehicle_w[j];
        for (int k = 0; k < y->m->nrun; k++)
            y->base -= y->p->run_w[k];
        y->base_cap = y->base;
    }
    y->follow = y->m->net_w != MIZO_MISSING && !y->p->exact && !c->hold_only;
}

static void finish_cycle(cycle *y, mizo_ms now, int32_t pv_limit, mizo_command *out)
{
    memset(out, 0, sizeof *out);
    out->issued = now;
    out->expires = now + MIZO_CONTROL_HOLD_MS;
    out->nbattery = y->c->nbattery;
    out->nvehicle = y->c->nvehicle;
    memcpy(out->battery_w, y->battery, sizeof y->battery);
    memcpy(out->vehicle_w, y->vehicle, sizeof y->vehicle);
    memcpy(out->run_go, y->run_go, sizeof y->run_go);
    memcpy(y->c->last_battery_w, y->battery, sizeof y->battery);
    out->pv_limit_w = pv_limit;
    out->why = (uint8_t)y->why;
}

void mizo_control_cycle(mizo_site_control *c, const mizo_measurement *m, const mizo_program *program,
                        mizo_ms now_mono, mizo_command *out)
{
    mizo_program own;
    cycle y = { .c = c, .m = m, .p = program, .why = MIZO_WHY_PLAN };
    if (!program || now_mono >= program->expires) {
        if (c->hold_only)
            mizo_control_none(c, m, &own);
        else
            mizo_control_rule(c, m, &own);
        y.p = &own;
        y.why = MIZO_WHY_DEFAULT;
    }
    y.planned = y.p == program;
    start_cycle(&y);
    want_runs(&y);
    want_vehicles(&y);
    want_batteries(&y);
    quieten(&y);
    if (silent(c, m))
        cautious(&y);
    cycle_hold_target(&y);
    cycle_hold_limit(&y);
    int32_t pv_limit = cycle_hold_export(&y);
    finish_cycle(&y, now_mono, pv_limit, out);
}
