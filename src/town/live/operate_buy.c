/* operate_buy.c: what the town buys. The plan that steers the devices says it too: until the exchange closes, what it has
 * the town draw tomorrow is the purchase a day ahead; what it has moved since is left to be bought or sold within the
 * day. docs/mechanisms/closed-loop.md */
#include <string.h>

#include "town/live/operate_in.h"

static void forget(int32_t day[MIZO_DAY_SLOTS])
{
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        day[s] = MIZO_MISSING;
}

/* Signed Wh of the half-hour, as keep.c writes them. */
static mizo_err read_kept(operate *op, int32_t w[MIZO_DAY_SLOTS])
{
    mizo_series_key key = store_key(op->region->id, MIZO_Q_IMPORT, MIZO_ROLE_PLAN_DAY_AHEAD);
    int32_t id;
    mizo_err e = op->o.truth->ops->series_id(op->o.truth, &key, false, &id);
    if (!e)
        e = store_read_day(op->o.truth, id, op->clock.day, STORE_LATEST, w, NULL);
    for (int s = 0; s < MIZO_DAY_SLOTS && !e; s++)
        w[s] = w[s] == MIZO_MISSING ? MIZO_MISSING : 2 * w[s];
    if (e == MIZO_ENOENT)
        forget(w);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err operate_buy_start(operate *op)
{
    forget(op->buy.today);
    forget(op->buy.tomorrow);
    op->buy.fixed = false;
    mizo_err e = op->o.all_points ? read_kept(op, op->buy.today) : MIZO_OK;
    op->view->buy = op->buy;
    return e;
}

void operate_buy_midnight(operate *op)
{
    memcpy(op->buy.today, op->buy.tomorrow, sizeof op->buy.today);
    forget(op->buy.tomorrow);
    op->buy.fixed = false;
    op->view->buy = op->buy;
}

void operate_buy_plan(operate *op)
{
    const mizo_area_flow *f = town_area_flow(op->town.area, 0);
    int ahead = MIZO_DAY_SLOTS - op->clock.of_day;
    op->buy.fixed = op->clock.of_day >= market_closes_at(op->region, op->clock.day);
    bool reaches = f && town_area_wants_town(op->town.area) && op->asked_slots >= ahead + MIZO_DAY_SLOTS;
    if (reaches && !op->buy.fixed)
        memcpy(op->buy.tomorrow, f->net_w + ahead, sizeof op->buy.tomorrow);
    op->view->buy = op->buy;
}
