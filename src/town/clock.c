/* clock.c: what time it is in a town. */
#include "town/live/keep.h"
#include "town/town.h"

mizo_ms town_now(const town *t)
{
    mizo_slot next;
    if (t->now)
        return t->now;
    bool simulated = t->region->clock_start != MIZO_DAY_NONE;
    if (simulated && t->store && keep_resume(t->store, &next) == MIZO_OK)
        return mizo_slot_ms(next);
    return t->env->ops->wall_ms(t->env);
}

mizo_day town_today(const town *t)
{
    return mizo_slot_day(mizo_ms_slot(town_now(t)), t->region->offset);
}

static mizo_err later(void *arg, const store_batch *b)
{
    mizo_ms *last = arg;
    *last = b->known > *last ? b->known : *last;
    return MIZO_OK;
}

mizo_err town_known(const town *t, mizo_ms *out)
{
    *out = town_now(t);
    return t->store->ops->batch_scan(t->store, 0, later, out);
}
