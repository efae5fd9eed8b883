/* meters.c: see meters.h. */
#include "town/import/meters.h"

#include <string.h>

const char *const meter_states[] = { "good", "ending", "expired", "unknown", "gone" };

static void judge(const mizo_meter *m, mizo_day day, int within, meter_line *l)
{
    if (day < m->from || day >= m->to) {
        l->state = METER_GONE;
    } else if (m->verified_until == MIZO_DAY_NONE) {
        l->state = METER_UNKNOWN;
    } else {
        l->days_left = m->verified_until - day;
        l->state = l->days_left <= 0 ? METER_EXPIRED : l->days_left <= within ? METER_ENDING : METER_GOOD;
    }
}

typedef struct summing {
    int64_t wh, known;
} summing;

static mizo_err add_day(void *arg, const store_day *d)
{
    summing *s = arg;
    int32_t v[MIZO_DAY_SLOTS];
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = v };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (v[i] != MIZO_MISSING) {
            s->wh += v[i];
            s->known++;
        }
    return MIZO_OK;
}

/* The registers of a meter that has gone, against what was read by the half-hour in its days. */
static mizo_err compare(town *t, const mizo_meter *m, meter_line *l)
{
    mizo_series_key key = store_key(l->point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    summing sum = { 0 };
    int32_t id;
    if (m->first_e3 < 0 || m->last_e3 < 0 || m->to == MIZO_DAY_NONE || m->from < -100000)
        return MIZO_OK;
    int64_t turned = m->last_e3 - m->first_e3;
    if (turned < 0)
        turned += m->register_max_e3;
    MIZO_TRY(mizo_mul_div(turned, m->multiplier_e3, 1000, MIZO_ROUND_HALF_UP, &l->register_wh));
    mizo_err e = t->store->ops->series_id(t->store, &key, false, &id);
    if (!e)
        e = t->store->ops->days_of(t->store, id, m->from, m->to, STORE_LATEST, add_day, &sum);
    if (e && e != MIZO_ENOENT)
        return e;
    l->compared = true;
    l->slots_wh = sum.wh;
    l->missing = (int64_t)(m->to - m->from) * MIZO_DAY_SLOTS - sum.known;
    return MIZO_OK;
}

mizo_err meters_scan(town *t, mizo_day day, int within, mizo_err (*fn)(void *, const meter_line *), void *arg)
{
    const mizo_region *g = t->region;
    for (size_t i = 0; i < g->nmeter; i++) {
        const mizo_meter *m = &g->meter[i];
        meter_line l = { .meter = m, .point = g->point[m->point].id };
        judge(m, day, within, &l);
        MIZO_TRY(compare(t, m, &l));
        MIZO_TRY(fn(arg, &l));
    }
    return MIZO_OK;
}

mizo_err meters_gaps(town *t, mizo_day from, mizo_day to,
                     mizo_err (*fn)(void *, const char *, mizo_day, mizo_day), void *arg)
{
    const mizo_region *g = t->region;
    for (size_t p = 0; p < g->npoint; p++) {
        size_t first, n = mizo_meters_of(g, (mizo_ref)p, &first);
        const mizo_point *point = &g->point[p];
        mizo_day at = point->from > from ? point->from : from, end = point->to < to ? point->to : to;
        for (size_t i = 0; i < n && at < end; i++) {
            const mizo_meter *m = &g->meter[first + i];
            if (m->from > at)
                MIZO_TRY(fn(arg, point->id, at, m->from < end ? m->from : end));
            at = m->to > at ? m->to : at;
        }
        if (n && at < end)
            MIZO_TRY(fn(arg, point->id, at, end));
    }
    return MIZO_OK;
}

meters_due meters_terms(const mizo_region *r, mizo_day day, int within)
{
    meters_due due = { 0 };
    for (size_t i = 0; i < r->nmeter; i++) {
        meter_line l = { .meter = &r->meter[i] };
        judge(l.meter, day, within, &l);
        due.ended += l.state == METER_EXPIRED;
        due.ending += l.state == METER_ENDING;
        if ((l.state == METER_EXPIRED || l.state == METER_ENDING) &&
            (!due.first || l.meter->verified_until < due.first->verified_until))
            due.first = l.meter;
    }
    return due;
}
