/* control.c: one control cycle. The program says what is wanted; what is measured says what may be.
 *
 * Order of force, weakest first: the program, the difference between plan and world, the standing peak,
 * the vans' departures, the contract limit, the devices' own windows. */
#include "mizo/control.h"

#include <string.h>

#include "control/rule.h"

enum { DEFAULT_CYCLE_MS = 300000, GUARD_MINUTES = 10, PACE_MARGIN_MINUTES = 30 };

/* One cycle in work: powers wanted so far, and what is known of the site. */
typedef struct cycle {
    mizo_site_control *c;
    const mizo_measurement *m;
    const mizo_program *p;
    int64_t base;     /* import without storage and vans, now */
    int64_t base_cap; /* the same, as high as this slot may bring: before it has been measured */
    int64_t allow_target, allow_limit; /* mean import that the rest of the slot may have */
    int32_t battery[MIZO_COMMAND_BATTERIES], vehicle[MIZO_COMMAND_VEHICLES];
    bool follow; /* meter speaks and the program is no exact one */
    mizo_why why;
} cycle;

static int64_t clamp(int64_t x, int64_t lo, int64_t hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

static int cycle_ms(const mizo_site_control *c)
{
    return c->cycle_ms > 0 ? c->cycle_ms : DEFAULT_CYCLE_MS;
}

/* ---- the running integral of the slot ---- */

static void integrate(mizo_site_control *c, const mizo_measurement *m)
{
    int64_t import = m->net_w == MIZO_MISSING ? c->cautious_w : m->net_w > 0 ? m->net_w : 0;
    int into = (int)clamp(m->into_slot_ms, 0, MIZO_SLOT_MS);
    if (!c->started || m->slot != c->slot) {
        c->started = true;
        c->slot = m->slot;
        c->slot_import_wms = import * into; /* what was not seen is taken to be like now */
    } else if (into > c->into_ms) {
        c->slot_import_wms += import * (into - c->into_ms);
    }
    c->into_ms = into;
}

/* The mean import that the rest of the slot may have so that the slot's mean stays at `cap`. */
static int64_t allowance(const mizo_site_control *c, int32_t cap)
{
    int64_t left_ms = MIZO_SLOT_MS - c->into_ms;
    if (left_ms < 1)
        left_ms = 1;
    int64_t left_wms = (int64_t)cap * MIZO_SLOT_MS - c->slot_import_wms;
    int64_t w = left_wms >= 0 ? left_wms / left_ms : -((-left_wms + left_ms - 1) / left_ms);
    return w > c->limit_w ? c->limit_w : w;
}

/* ---- what each device may do ---- */

static int64_t floor_wh(const mizo_plan_battery *b)
{
    return b->reserve_wh > b->soc_min_wh ? b->reserve_wh : b->soc_min_wh;
}

/* Power limits of battery i now: inverter, and the window over one cycle. floor: lowest stored energy. */
static void battery_range(const cycle *y, int i, int64_t floor, int64_t *lo, int64_t *hi)
{
    const mizo_plan_battery *b = &y->c->battery[i];
    int32_t soc = y->m->soc_wh[i];
    *lo = *hi = 0;
    if (soc == MIZO_MISSING || y->m->net_w == MIZO_MISSING || y->c->hold_only)
        return;
    int64_t ms = cycle_ms(y->c);
    int64_t room = clamp((int64_t)b->soc_max_wh - soc, 0, INT32_MAX);
    int64_t held = clamp((int64_t)soc - floor, 0, INT32_MAX);
    int64_t in = b->charge_ppm > 0 ? room * MIZO_PPM / b->charge_ppm : 0;
    int64_t out = held * b->discharge_ppm / MIZO_PPM;
    /* A cycle's worth, rounded up: the device stops exactly at its window. */
    *hi = clamp((in * 3600000 + ms - 1) / ms, 0, b->charge_w);
    *lo = -clamp((out * 3600000 + ms - 1) / ms, 0, b->discharge_w);
}

static void set_battery(cycle *y, int i, int64_t w, int64_t floor)
{
    int64_t lo, hi;
    battery_range(y, i, floor, &lo, &hi);
    int64_t got = clamp(w, lo, hi);
    if (got != w && y->why == MIZO_WHY_PLAN)
        y->why = MIZO_WHY_WINDOW;
    y->battery[i] = (int32_t)got;
}

/* A charger gives 0 or min..max, and no more than the vehicle takes in a cycle. */
static int32_t charger_step(const cycle *y, int j, int64_t w)
{
    const mizo_site_control *c = y->c;
    if (y->m->vehicle_need_wh[j] == 0)
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

static int64_t sum_battery(const cycle *y)
{
    int64_t sum = 0;
    for (int i = 0; i < y->c->nbattery; i++)
        sum += y->battery[i];
    return sum;
}

static int64_t sum_vehicle(const cycle *y)
{
    int64_t sum = 0;
    for (int j = 0; j < y->c->nvehicle; j++)
        sum += y->vehicle[j];
    return sum;
}

/* ---- the vans' departures ---- */

/* The least power of vehicle j that still fills it in time; with `margin` minutes to spare. */
static int64_t pace(const cycle *y, int j, int margin)
{
    int64_t need = control_need_ac(y->c, y->m, j);
    int left = y->c->rule.minutes_left[j];
    if (need == 0 || left <= 0)
        return 0;
    int minutes = left > margin + 5 ? left - margin : 5;
    return clamp((need * 60 + minutes - 1) / minutes, 0, y->c->charger_max_w[j]);
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

static void want_vehicles(cycle *y)
{
    for (int j = 0; j < y->c->nvehicle; j++) {
        int64_t w = y->p->vehicle_w[j];
        if (last_call(y, j))
            w = y->c->charger_max_w[j];
        y->vehicle[j] = charger_step(y, j, w);
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
    int64_t rest = y->base + sum_battery(y) - y->battery[i] + sum_vehicle(y); /* without this battery */
    int64_t surplus = rest < 0 ? -rest : 0, load = rest > 0 ? rest : 0;
    if (p->store_surplus[i]) {
        int64_t hidden = hidden_surplus(y, i);
        surplus = hidden > surplus ? hidden : surplus;
    }
    if (planned >= 0 ? planned > 0 || surplus > 0 : surplus > 0 && p->store_surplus[i]) {
        planned = planned > 0 ? planned : 0;
        int64_t grid = clamp(p->import_w, 0, planned);
        int64_t most = surplus + grid;
        return p->store_surplus[i] && surplus > planned ? surplus : planned < most ? planned : most;
    }
    if (p->serve_load[i])
        return -load - clamp(-(int64_t)p->import_w, 0, -planned);
    /* A partial discharge holds the planned import; with less load than planned it gives less. */
    int64_t wanted = clamp(rest - p->import_w, 0, -planned);
    return -wanted;
}

static void want_batteries(cycle *y)
{
    for (int i = 0; i < y->c->nbattery; i++)
        set_battery(y, i, y->p->battery_w[i], floor_wh(&y->c->battery[i]));
    if (!y->follow)
        return;
    for (int i = 0; i < y->c->nbattery; i++)
        set_battery(y, i, follow_battery(y, i), floor_wh(&y->c->battery[i]));
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
            set_battery(y, i, last, floor_wh(b));
    }
}

/* ---- peak and limit ---- */

static int64_t charging_cut(cycle *y, int64_t over)
{
    for (int i = 0; i < y->c->nbattery && over > 0; i++) {
        int64_t cut = clamp(y->battery[i], 0, over);
        y->battery[i] -= (int32_t)cut;
        over -= cut;
    }
    return over;
}

static int64_t discharge_more(cycle *y, int64_t over, bool reserve_too)
{
    for (int i = 0; i < y->c->nbattery && over > 0; i++) {
        const mizo_plan_battery *b = &y->c->battery[i];
        int64_t lo, hi;
        battery_range(y, i, reserve_too ? b->soc_min_wh : floor_wh(b), &lo, &hi);
        int64_t more = clamp(y->battery[i] - lo, 0, over);
        y->battery[i] -= (int32_t)more;
        over -= more;
    }
    return over;
}

/* Minutes that vehicle j could wait before full power would no longer fill it. */
static int64_t slack(const cycle *y, int j)
{
    int64_t max = y->c->charger_max_w[j] > 0 ? y->c->charger_max_w[j] : 1;
    int left = y->c->rule.minutes_left[j];
    return left <= 0 ? 0 : left - control_need_ac(y->c, y->m, j) * 60 / max;
}

/* Takes `over` W from the vehicles, those with most slack first, none below its pace unless `all`. */
static int64_t vehicles_cut(cycle *y, int64_t over, bool all)
{
    bool done[MIZO_COMMAND_VEHICLES] = { false };
    for (int round = 0; round < y->c->nvehicle && over > 0; round++) {
        int pick = -1;
        for (int j = 0; j < y->c->nvehicle; j++)
            if (!done[j] && y->vehicle[j] > 0 && (pick < 0 || slack(y, j) > slack(y, pick)))
                pick = j;
        if (pick < 0)
            break;
        done[pick] = true;
        int64_t keep = all ? 0 : pace(y, pick, PACE_MARGIN_MINUTES);
        if (!all && y->c->rule.minutes_left[pick] <= 0)
            keep = y->vehicle[pick]; /* its departure is unknown */
        int64_t to = clamp(y->vehicle[pick] - over, keep, y->vehicle[pick]);
        int32_t now = charger_step(y, pick, to);
        if (now == 0 && keep > 0)
            now = y->c->charger_min_w[pick] < y->vehicle[pick] ? y->c->charger_min_w[pick] : y->vehicle[pick];
        over -= y->vehicle[pick] - now;
        y->vehicle[pick] = now;
    }
    return over;
}

/* Before the slot has been measured, only what is asked for by ourselves gives way to a guess of it. */
static void hold_under_guess(cycle *y, int64_t allow, bool all)
{
    if (y->base_cap <= y->base)
        return;
    int64_t over = y->base_cap + sum_battery(y) + sum_vehicle(y) - allow;
    over = charging_cut(y, over);
    vehicles_cut(y, over, all);
}

static void hold_target(cycle *y)
{
    if (y->c->hold_only)
        return;
    if (!y->p->exact)
        hold_under_guess(y, y->allow_target, false);
    int64_t over = y->base + sum_battery(y) + sum_vehicle(y) - y->allow_target;
    if (over <= 0)
        return;
    if (y->why != MIZO_WHY_SENSOR)
        y->why = MIZO_WHY_PEAK;
    over = charging_cut(y, over);
    over = discharge_more(y, over, false);
    vehicles_cut(y, over, false);
}

static void hold_limit(cycle *y)
{
    hold_under_guess(y, y->allow_limit, true);
    int64_t over = y->base + sum_battery(y) + sum_vehicle(y) - y->allow_limit;
    if (over <= 0)
        return;
    y->why = MIZO_WHY_LIMIT;
    over = charging_cut(y, over);
    over = discharge_more(y, over, false);
    over = vehicles_cut(y, over, true);
    discharge_more(y, over, true);
}

/* A program may hold the sun down: what is bought instead counts like load. */
static int64_t held_down(const cycle *y)
{
    int64_t pv = y->m->pv_w == MIZO_MISSING ? 0 : y->m->pv_w;
    return y->p->exact || y->p->pv_limit_w >= pv ? 0 : pv - (y->p->pv_limit_w > 0 ? y->p->pv_limit_w : 0);
}

/* Neither may what goes out pass the point's export limit: discharge gives way, then PV. */
static int32_t hold_export(cycle *y)
{
    const mizo_site_control *c = y->c;
    if (y->m->net_w == MIZO_MISSING || y->p->exact)
        return y->p->pv_limit_w;
    int64_t out = -(y->base + sum_battery(y) + sum_vehicle(y));
    for (int i = 0; i < c->nbattery && out > c->export_w; i++) {
        int64_t cut = clamp(-(int64_t)y->battery[i], 0, out - c->export_w);
        y->battery[i] += (int32_t)cut;
        out -= cut;
    }
    if (c->export_w == 0 || c->export_w == INT32_MAX || y->m->pv_w == MIZO_MISSING)
        return y->p->pv_limit_w; /* at 0 the inverter's own reverse-power function holds it, by the second */
    int64_t most = y->base - held_down(y) + y->m->pv_w + sum_battery(y) + sum_vehicle(y) + c->export_w;
    return (int32_t)clamp(most, 0, y->p->pv_limit_w);
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
        memset(y->battery, 0, sizeof y->battery);
    y->why = MIZO_WHY_SENSOR;
}

static void start_cycle(cycle *y)
{
    mizo_site_control *c = y->c;
    integrate(c, y->m);
    y->allow_target = allowance(c, c->target_w < c->limit_w ? c->target_w : c->limit_w);
    y->allow_limit = allowance(c, c->limit_w);
    y->base = y->base_cap = control_base(c, y->m);
    if (c->into_ms == 0 && c->rule.known && c->rule.base_high_w != MIZO_MISSING &&
        c->rule.base_high_w > y->base)
        y->base_cap = c->rule.base_high_w;
    y->base += held_down(y);
    y->base_cap += held_down(y);
    if (y->p->exact) { /* what was measured belongs to the step before; the program knows this one */
        y->base = y->p->import_w;
        for (int i = 0; i < c->nbattery; i++)
            y->base -= y->p->battery_w[i];
        for (int j = 0; j < c->nvehicle; j++)
            y->base -= y->p->vehicle_w[j];
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
    start_cycle(&y);
    want_vehicles(&y);
    want_batteries(&y);
    quieten(&y);
    if (silent(c, m))
        cautious(&y);
    hold_target(&y);
    hold_limit(&y);
    int32_t pv_limit = hold_export(&y);
    finish_cycle(&y, now_mono, pv_limit, out);
}
