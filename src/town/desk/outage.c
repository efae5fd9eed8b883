/* outage.c: plants that stand still or send less on a day, as the desk shows them and reckons with them. */
#include <string.h>

#include "town/desk/inner.h"

/* Does the group take from the plant on the day? */
static bool feeds(const desk_day *d, const char *plant)
{
    const mizo_region *r = d->region;
    for (size_t i = 0; i < r->nsource; i++) {
        const mizo_source *s = &r->source[i];
        if (s->plant >= 0 && strcmp(r->plant[s->plant].id, plant) == 0 &&
            desk_source_of(r, d->group, s, d->day))
            return true;
    }
    return false;
}

static mizo_err show(void *arg, const outage *o)
{
    desk_day *d = arg;
    if (d->noutage < DESK_OUTAGES && feeds(d, o->plant))
        d->outage[d->noutage++] = *o;
    return MIZO_OK;
}

mizo_err desk_outages(store *s, desk_day *d)
{
    mizo_slot first = mizo_day_slot(d->day, d->region->offset);
    return outage_scan(s, d->region->offset, mizo_slot_ms(first), mizo_slot_ms(first + DESK_SLOTS),
                       STORE_LATEST, show, d);
}

typedef struct capping {
    const char *plant;
    mizo_slot first;
    int32_t *wh;
} capping;

static mizo_err cap(void *arg, const outage *o)
{
    capping *c = arg;
    if (strcmp(o->plant, c->plant) || o->furnace[0])
        return MIZO_OK;
    for (int t = 0; t < DESK_SLOTS; t++) {
        int covers = outage_covers(o, c->first + t);
        int64_t left = mizo_div_round(o->output_w / 2 * covers, MIZO_PPM, MIZO_ROUND_HALF_UP);
        int64_t whole = mizo_div_round((int64_t)c->wh[t] * (MIZO_PPM - covers), MIZO_PPM, MIZO_ROUND_HALF_UP);
        if (covers && c->wh[t] != MIZO_MISSING && left + whole < c->wh[t])
            c->wh[t] = (int32_t)(left + whole);
    }
    return MIZO_OK;
}

mizo_err desk_outage_cap(store *s, const mizo_region *r, const char *plant, mizo_day day, mizo_ms by,
                         int32_t wh[DESK_SLOTS])
{
    mizo_slot first = mizo_day_slot(day, r->offset);
    capping c = { plant, first, wh };
    return outage_scan(s, r->offset, mizo_slot_ms(first), mizo_slot_ms(first + DESK_SLOTS), by, cap, &c);
}
