/* steer.c: see steer.h. */
#include "town/desk/steer.h"

#include <stdlib.h>
#include <string.h>

#include "town/desk/decide.h"
#include "town/desk/inner.h"

typedef struct order {
    char group[MIZO_ID_MAX];
    mizo_day day;
    desk_decision decision;
    bool *of; /* [npoint] */
} order;

struct desk_steer {
    int offset;
    size_t n, cap;
    order *order;
};

void desk_steer_free(desk_steer *k)
{
    for (size_t i = 0; k && i < k->n; i++)
        free(k->order[i].of);
    if (k)
        free(k->order);
    free(k);
}

static mizo_err add_order(desk_steer *k, const mizo_region *r, const mizo_bg *g, mizo_day day,
                          const desk_decision *d)
{
    if (k->n == k->cap) {
        size_t cap = k->cap ? 2 * k->cap : 4;
        order *more = realloc(k->order, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        k->order = more;
        k->cap = cap;
    }
    bool *of = calloc(r->npoint + 1, sizeof *of);
    if (!of)
        return MIZO_ENOMEM;
    for (size_t p = 0; p < r->npoint; p++)
        of[p] = desk_member_of(r, g, (mizo_ref)p, day) >= 0;
    order *o = &k->order[k->n++];
    *o = (order){ .day = day, .decision = *d, .of = of };
    memcpy(o->group, g->id, strlen(g->id) + 1);
    return MIZO_OK;
}

static mizo_err read_group(desk_steer *k, const mizo_region *r, store *s, const mizo_bg *g, mizo_day day,
                           mizo_ms by)
{
    if (g->kind != MIZO_BG_DEMAND || day < g->from || day >= g->to)
        return MIZO_OK;
    desk_decision *d = malloc(sizeof *d);
    mizo_err e = d ? desk_decision_read(s, g->id, day, d) : MIZO_ENOMEM;
    if (!e && d->version && d->steers && d->at <= by)
        e = add_order(k, r, g, day, d);
    free(d);
    return e;
}

mizo_err desk_steer_read(store *s, const mizo_region *r, mizo_day first, int days, mizo_ms by,
                         desk_steer **out)
{
    *out = NULL;
    desk_steer *k = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    k->offset = r->offset;
    mizo_err e = MIZO_OK;
    for (size_t g = 0; g < r->nbg && !e; g++)
        for (mizo_day d = first; d < first + days && !e; d++)
            e = read_group(k, r, s, &r->bg[g], d, by);
    if (e || !k->n) {
        desk_steer_free(k);
        return e;
    }
    *out = k;
    return MIZO_OK;
}

bool desk_steer_price(const desk_steer *k, mizo_ref point, mizo_slot from, int n, int32_t *myen)
{
    bool any = false;
    memset(myen, 0, (size_t)n * sizeof *myen);
    for (size_t i = 0; k && i < k->n; i++) {
        const order *o = &k->order[i];
        mizo_slot first = mizo_day_slot(o->day, k->offset);
        for (int t = 0; t < n && o->of[point]; t++) {
            mizo_slot at = from + t - first;
            if (at < 0 || at >= DESK_SLOTS || !o->decision.price[at])
                continue;
            myen[t] = o->decision.price[at];
            any = true;
        }
    }
    return any;
}

bool desk_steer_at(const desk_steer *s, size_t k, const char **group, mizo_day *day,
                   const desk_decision **decision)
{
    if (!s || k >= s->n)
        return false;
    *group = s->order[k].group;
    *day = s->order[k].day;
    *decision = &s->order[k].decision;
    return true;
}
