/* moves.c: a facility that moves to another point takes its past along. */
#include "town/import/moves.h"

#include <stdlib.h>

enum { BETWEEN = 31, MILLION = 1000000 }; /* days between the two at most */

static bool moved(const mizo_use *old, const mizo_use *now)
{
    return old->facility == now->facility && old->point != now->point && old->to != MIZO_DAY_NONE &&
           old->to <= now->from && (int64_t)now->from - old->to <= BETWEEN;
}

/* The part of the facility's old use that comes to this new one. */
static double part(const mizo_region *r, const mizo_use *old, const mizo_use *now)
{
    double all = 0;
    size_t first, n = mizo_region_uses_of(r, now->facility, &first);
    for (size_t i = first; i < first + n; i++)
        if (moved(old, &r->use[i]))
            all += r->point[r->use[i].point].contract_w;
    double mine = r->point[now->point].contract_w;
    return old->share_ppm / (double)MILLION * (all > 0 ? mine / all : 1);
}

typedef struct taking {
    const mizo_region *region;
    store *store;
    const foresee_span *span;
    const mizo_use *now;
    int32_t *demand;   /* of the new point */
    const bool *lacks; /* [days * 48] of its own */
    int32_t *old, *work;
} taking;

/* Adds what the old use was on its days before the move. */
static mizo_err take(const taking *t, const mizo_use *old)
{
    mizo_err e = foresee_read(t->region, t->store, old->point, t->span, t->old, NULL, t->work);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    double share = part(t->region, old, t->now);
    for (int i = 0; i < t->span->days * MIZO_DAY_SLOTS; i++) {
        mizo_day day = t->span->first + i / MIZO_DAY_SLOTS;
        if (!t->lacks[i] || day < old->from || day >= old->to || t->old[i] == MIZO_MISSING)
            continue;
        int32_t was = t->demand[i] == MIZO_MISSING ? 0 : t->demand[i];
        double sum = was + share * t->old[i] + 0.5;
        t->demand[i] = sum < INT32_MAX ? (int32_t)sum : was;
    }
    return MIZO_OK;
}

static mizo_err take_all(taking *t, mizo_ref point)
{
    const mizo_region *r = t->region;
    for (size_t i = 0; i < r->nuse; i++) {
        size_t first, n = mizo_region_uses_of(r, r->use[i].facility, &first);
        t->now = &r->use[i];
        for (size_t k = first; k < first + n && t->now->point == point; k++)
            if (moved(&r->use[k], t->now))
                MIZO_TRY(take(t, &r->use[k]));
    }
    return MIZO_OK;
}

static bool any(const int32_t *v, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i] != MIZO_MISSING)
            return true;
    return false;
}

mizo_err moves_read(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span, int32_t *demand,
                    int32_t *pv, int32_t *work)
{
    int n = span->days * MIZO_DAY_SLOTS;
    mizo_err e = foresee_read(r, s, point, span, demand, pv, work);
    mizo_day in = moves_in(r, point);
    if ((e && e != MIZO_ENOENT) || in == MIZO_DAY_NONE || in <= span->first)
        return e;
    for (int i = 0; e && pv && i < n; i++)
        pv[i] = MIZO_MISSING;
    bool *lacks = malloc((size_t)n * sizeof *lacks);
    int32_t *old = malloc((size_t)n * sizeof *old);
    if (lacks && old) {
        for (int i = 0; i < n; i++)
            lacks[i] = demand[i] == MIZO_MISSING;
        taking t = { r, s, span, NULL, demand, lacks, old, work };
        e = take_all(&t, point);
        if (!e && !any(demand, n))
            e = MIZO_ENOENT;
    } else {
        e = MIZO_ENOMEM;
    }
    free(lacks);
    free(old);
    return e;
}

mizo_day moves_in(const mizo_region *r, mizo_ref point)
{
    mizo_day day = MIZO_DAY_NONE;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *now = &r->use[i];
        size_t first, n = mizo_region_uses_of(r, now->facility, &first);
        for (size_t k = first; k < first + n && now->point == point; k++)
            if (moved(&r->use[k], now) && (day == MIZO_DAY_NONE || now->from < day))
                day = now->from;
    }
    return day;
}

static bool goes(const mizo_region *r, const mizo_use *old)
{
    size_t first, n = mizo_region_uses_of(r, old->facility, &first);
    for (size_t i = first; i < first + n; i++)
        if (moved(old, &r->use[i]))
            return true;
    return false;
}

int32_t moves_out_ppm(const mizo_region *r, mizo_ref point, mizo_day today, mizo_day day)
{
    int64_t out = 0;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point && u->to > today && u->to <= day && goes(r, u))
            out += u->share_ppm;
    }
    return out > MILLION ? MILLION : (int32_t)out;
}
