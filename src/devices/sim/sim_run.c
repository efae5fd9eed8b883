/* sim_run.c: loads that may wait and then run through: a pump, a batch. */
#include "devices/sim/sim_in.h"

static mizo_day day_of(const mizo_region *r, mizo_ms wall)
{
    return mizo_slot_day(mizo_ms_slot(wall), r->offset);
}

/* Slot `of_day` of a day as an instant. */
static mizo_ms instant(const mizo_region *r, mizo_day day, int of_day)
{
    return mizo_slot_ms(mizo_day_slot(day, r->offset) + of_day);
}

static mizo_ms duration(const mizo_load *l)
{
    return (mizo_ms)((l->minutes + 29) / 30) * MIZO_SLOT_MS;
}

void sim_run_open(sim_run *u, mizo_ref load)
{
    *u = (sim_run){ .load = load, .day = MIZO_DAY_NONE };
}

void sim_run_turn(sim_run *u, const mizo_region *r, mizo_ms wall, int64_t *missed)
{
    const mizo_load *l = &r->load[u->load];
    mizo_day today = day_of(r, wall);
    if (u->state == MIZO_RUN_RUNS)
        return;
    if (u->day != today) {
        *missed += u->state == MIZO_RUN_WAITS;
        u->day = today;
        u->done = false;
        u->state = MIZO_RUN_REST;
    }
    if (!u->done && u->state == MIZO_RUN_REST && mizo_load_holds(l, today) &&
        wall >= instant(r, today, l->slot_from))
        u->state = MIZO_RUN_WAITS;
}

void sim_run_begin(sim_run *u, const mizo_load *l)
{
    u->state = MIZO_RUN_RUNS;
    u->left = duration(l);
}

int64_t sim_run_step(sim_run *u, const mizo_region *r, mizo_ms wall, int ms, int64_t *late)
{
    const mizo_load *l = &r->load[u->load];
    u->now_w = 0;
    if (u->state != MIZO_RUN_RUNS)
        return 0;
    int on = u->left < ms ? (int)u->left : ms;
    int64_t wh = sim_energy(l->power_w, on, &u->wms);
    u->now_w = sim_power(wh, ms);
    u->left -= on;
    if (u->left > 0)
        return wh;
    u->state = MIZO_RUN_REST;
    u->done = true;
    *late += wall + on > instant(r, u->day, l->slot_to);
    return wh;
}

mizo_run_now sim_run_read(const sim_run *u, const mizo_region *r, mizo_ms wall)
{
    const mizo_load *l = &r->load[u->load];
    bool runs = u->state == MIZO_RUN_RUNS;
    return (mizo_run_now){ .state = (uint8_t)u->state,
                           .power_w = l->power_w,
                           .now_w = u->now_w,
                           .done = u->done,
                           .ms = runs ? u->left : duration(l),
                           .wait_ms = u->state == MIZO_RUN_WAITS
                                          ? instant(r, u->day, l->slot_to) - duration(l) - wall
                                          : 0 };
}
