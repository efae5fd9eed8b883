/* people_points.c: a party is forgotten with whom the operator's files name at its points. */
#include <stdio.h>
#include <string.h>

#include "town/people/people.h"

/* The contract of a point that begins last says whose names stand there now. */
static bool last_of_its_point(const mizo_region *r, const mizo_contract *c)
{
    for (size_t i = 0; i < r->ncontract; i++)
        if (r->contract[i].point == c->point && r->contract[i].from > c->from)
            return false;
    return true;
}

static mizo_err on_row(void *arg, const char *id, int64_t batch, const void *sealed, size_t n)
{
    (void)id, (void)batch, (void)sealed;
    *(bool *)arg |= n > 0;
    return MIZO_OK;
}

/* Sealed bytes, or the key of some: both have to go. */
static mizo_err anybody(store *s, const char *id, bool *any)
{
    uint8_t key[32];
    mizo_err err = s->ops->key_get(s, id, key);
    *any = err == MIZO_OK;
    memset(key, 0, sizeof key);
    if (err && err != MIZO_ENOENT)
        return err;
    return s->ops->person_scan(s, id, on_row, any);
}

mizo_err people_erase_party(const people_act *a, const mizo_region *r, const char *id, mizo_day after,
                            mizo_day today)
{
    char at[PERSON_ID];
    bool own, any = false, some = false;
    mizo_ref party = mizo_region_party(r, id);
    MIZO_TRY(anybody(a->store, id, &own));
    MIZO_TRY(people_may_erase(a, id)); /* open money of the party keeps its points' names too */
    for (size_t i = 0; i < r->ncontract && party >= 0; i++) {
        const mizo_contract *c = &r->contract[i];
        if (c->party != party || !last_of_its_point(r, c))
            continue;
        (void)snprintf(at, sizeof at, "point:%s", r->point[c->point].id);
        MIZO_TRY(anybody(a->store, at, &any));
        if (any)
            MIZO_TRY(people_erase(a, at, after, today));
        some |= any;
    }
    return some && !own ? MIZO_OK : people_erase(a, id, after, today);
}
