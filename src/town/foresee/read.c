/* read.c: a point's past from the store, as it was known at an instant. */
#include "town/foresee/read.h"

typedef struct column {
    int32_t *v;
    mizo_day first;
    int32_t scale; /* Wh of a count */
} column;

enum { EXPONENTS = 4 }; /* meters count in units of 1, 10, 100 or 1000 Wh */

/* The series of readings of that quantity, in whatever unit; *scale is the unit. */
static mizo_err find_series(store *s, const char *owner, mizo_quantity q, int32_t *id, int32_t *scale)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    mizo_err e = MIZO_ENOENT;
    *scale = 1;
    for (; key.exponent < EXPONENTS; key.exponent++, *scale *= 10)
        if ((e = s->ops->series_id(s, &key, false, id)) != MIZO_ENOENT)
            return e;
    return e;
}

/* A sum that does not fit was no reading of anything. */
static int32_t fit(int64_t x)
{
    return x > INT32_MAX || x <= INT32_MIN ? MIZO_MISSING : (int32_t)x;
}

static mizo_err take_day(void *arg, const store_day *x)
{
    column *c = arg;
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = c->v + (size_t)(x->day - c->first) * MIZO_DAY_SLOTS };
    if (mizo_block_unpack(x->packed, x->len, &b))
        return MIZO_ESTORE;
    for (int i = 0; c->scale > 1 && i < MIZO_DAY_SLOTS; i++)
        if (b.v[i] != MIZO_MISSING)
            b.v[i] = fit((int64_t)b.v[i] * c->scale);
    return MIZO_OK;
}

static void fill(int32_t *v, int n, int32_t x)
{
    for (int i = 0; i < n; i++)
        v[i] = x;
}

static mizo_err read_series(store *s, const char *owner, mizo_quantity q, const foresee_span *span,
                            int32_t *v)
{
    fill(v, span->days * MIZO_DAY_SLOTS, MIZO_MISSING);
    column c = { .v = v, .first = span->first };
    int32_t id;
    MIZO_TRY(find_series(s, owner, q, &id, &c.scale));
    return s->ops->days_of(s, id, span->first, span->first + span->days, span->as_of, take_day, &c);
}

/* sum += sign * one in [from, to); missing wherever one of them is. */
static void join(int32_t *sum, const int32_t *one, int sign, int from, int to)
{
    for (int i = from; i < to; i++)
        sum[i] = sum[i] == MIZO_MISSING || one[i] == MIZO_MISSING
                     ? MIZO_MISSING
                     : fit((int64_t)sum[i] + sign * (int64_t)one[i]);
}

/* Slots that end after the instant are not known yet, whatever the store holds. */
static void cut(const mizo_region *r, const foresee_span *span, int32_t *v)
{
    if (span->as_of == STORE_LATEST)
        return;
    int64_t known = mizo_ms_slot(span->as_of) - mizo_day_slot(span->first, r->offset);
    for (int64_t i = known < 0 ? 0 : known; i < (int64_t)span->days * MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
}

mizo_err foresee_read_one(const mizo_region *r, store *s, const char *owner, mizo_quantity q,
                          const foresee_span *span, int32_t *v)
{
    MIZO_TRY(read_series(s, owner, q, span, v));
    cut(r, span, v);
    return MIZO_OK;
}

static int within(const foresee_span *span, mizo_day day)
{
    int64_t d = (int64_t)day - span->first;
    return d < 0 ? 0 : d > span->days ? span->days * MIZO_DAY_SLOTS : (int)d * MIZO_DAY_SLOTS;
}

/* Adds the generation of all panels to pv and to the demand; one that was not there yet, or has no readings,
 * makes nothing. *hidden: there are panels, and no meter sees any. */
static mizo_err read_panels(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                            int32_t *demand, int32_t *pv, int32_t *one, bool *hidden)
{
    size_t first, n = mizo_region_pv_of(r, point, &first);
    *hidden = n > 0;
    if (pv)
        fill(pv, span->days * MIZO_DAY_SLOTS, 0);
    for (size_t i = first; i < first + n; i++) {
        mizo_err e = read_series(s, r->pv[i].id, MIZO_Q_GENERATION, span, one);
        if (e == MIZO_ENOENT)
            continue;
        MIZO_TRY(e);
        *hidden = false;
        int from = within(span, r->pv[i].from), to = within(span, r->pv[i].to);
        join(demand, one, 1, from, to);
        if (pv)
            join(pv, one, 1, from, to);
    }
    if (pv)
        cut(r, span, pv);
    return MIZO_OK;
}

mizo_err foresee_read(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                      int32_t *demand, int32_t *pv, int32_t *work)
{
    const char *id = r->point[point].id;
    int n = span->days * MIZO_DAY_SLOTS;
    MIZO_TRY(read_series(s, id, MIZO_Q_IMPORT, span, demand));
    mizo_err e = read_series(s, id, MIZO_Q_EXPORT, span, work);
    if (!e)
        join(demand, work, -1, 0, n);
    else if (e != MIZO_ENOENT)
        return e;
    bool hidden;
    MIZO_TRY(read_panels(r, s, point, span, demand, pv, work, &hidden));
    cut(r, span, demand);
    if (hidden)
        MIZO_TRY(foresee_net_split(r, s, point, span, demand, pv));
    for (int i = 0; i < n; i++)
        if (demand[i] < 0 && demand[i] != MIZO_MISSING)
            demand[i] = 0; /* two registers that turn within one half-hour */
    return MIZO_OK;
}

/* ---- what has changed since ---- */

typedef struct change {
    int64_t batch;
    mizo_day day;
} change;

static mizo_err see_day(void *arg, const store_day *x)
{
    change *c = arg;
    if (x->batch > c->batch && x->day < c->day)
        c->day = x->day;
    return MIZO_OK;
}

static mizo_err changed(store *s, const char *owner, mizo_quantity q, const foresee_span *span, change *c)
{
    int32_t id, scale;
    mizo_err e = find_series(s, owner, q, &id, &scale);
    if (!e)
        e = s->ops->days_of(s, id, span->first, span->first + span->days, STORE_LATEST, see_day, c);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err foresee_read_changed(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                              int64_t batch, mizo_day *day)
{
    change c = { batch, MIZO_DAY_NONE };
    MIZO_TRY(changed(s, r->point[point].id, MIZO_Q_IMPORT, span, &c));
    MIZO_TRY(changed(s, r->point[point].id, MIZO_Q_EXPORT, span, &c));
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        MIZO_TRY(changed(s, r->pv[i].id, MIZO_Q_GENERATION, span, &c));
    *day = c.day;
    return MIZO_OK;
}
