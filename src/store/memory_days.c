/* memory_days.c: series and their days in the simulated member. */
#include <string.h>

#include "store/memory.h"

/* ---- series ---- */

static mizo_err make_series(memory_store *s, const memory_key *k, const mizo_series_key *sk, int32_t *id)
{
    int64_t next;
    MIZO_TRY(memory_may_write(s));
    MIZO_TRY(memory_count(s, "series", &next));
    MIZO_TRY(memory_put(s, k, "i", next));
    memory_key back = memory_key_of('s', "i", next);
    MIZO_TRY(memory_put(s, &back, "tiiii", sk->owner, (int64_t)sk->quantity, (int64_t)sk->role,
                        (int64_t)sk->exponent, (int64_t)sk->step_min));
    *id = (int32_t)next;
    return MIZO_OK;
}

mizo_err memory_series_id(store *base, const mizo_series_key *sk, bool create, int32_t *id)
{
    memory_store *s = (memory_store *)base;
    kv_value v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_key k = memory_key_of('S', "tiiii", sk->owner, (int64_t)sk->quantity, (int64_t)sk->role,
                                 (int64_t)sk->exponent, (int64_t)sk->step_min);
    if (memory_get(s, &k, &v))
        *id = (int32_t)memory_number(&v);
    else
        e = create ? make_series(s, &k, sk, id) : MIZO_ENOENT;
    kv_leave(s->db);
    return e;
}

mizo_err memory_series_scan(store *base, mizo_err (*fn)(void *, int32_t, const mizo_series_key *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_walk w = memory_walk_from(s, memory_key_of('s', ""), NULL);
    while (!e && memory_walk_next(&w, &c, &v)) {
        mizo_series_key k = { .spare = 0 };
        const char *owner = memory_text(&v);
        memcpy(k.owner, owner, strnlen(owner, sizeof k.owner - 1));
        k.quantity = (uint8_t)memory_number(&v);
        k.role = (uint8_t)memory_number(&v);
        k.exponent = (int8_t)memory_number(&v);
        k.step_min = (int16_t)memory_number(&v);
        e = fn(arg, (int32_t)memory_number(&c), &k);
    }
    kv_leave(s->db);
    return e;
}

/* ---- days ---- */

static mizo_err put_day(memory_store *s, int32_t series, mizo_day day, const uint8_t *p, size_t len,
                        bool *changed)
{
    memory_key k = memory_key_of('D', "ii", (int64_t)day, (int64_t)series);
    kv_value v;
    MIZO_TRY(memory_may_write(s));
    if (!len)
        return MIZO_ERANGE;
    memory_set_changed(changed, true);
    if (memory_get(s, &k, &v)) {
        int64_t batch = memory_number(&v);
        if (v.n == len && memcmp(v.p, p, len) == 0) {
            memory_set_changed(changed, false);
            return MIZO_OK;
        }
        if (!memory_same_day(s, batch)) {
            memory_key was = memory_key_of('W', "iii", (int64_t)series, (int64_t)day, batch);
            MIZO_TRY(memory_put(s, &was, "b", v.p, v.n));
        }
    }
    return memory_put(s, &k, "ib", s->batch, p, len);
}

mizo_err memory_day_put(store *base, int32_t series, mizo_day day, const uint8_t *packed, size_t len,
                        bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_day(s, series, day, packed, len, changed);
    kv_leave(s->db);
    return e;
}

static mizo_err was_day(memory_store *s, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn,
                        void *arg)
{
    store_day found = { .series = series, .day = day };
    kv_value c, v;
    memory_walk w = memory_walk_from(s, memory_key_of('W', "ii", (int64_t)series, (int64_t)day), NULL);
    while (memory_walk_next(&w, &c, &v)) {
        (void)memory_number(&c);
        (void)memory_number(&c);
        int64_t batch = memory_number(&c);
        if (memory_known(s, batch) <= as_of) {
            found.batch = batch;
            found.packed = v.p;
            found.len = v.n;
        }
    }
    return found.packed ? fn(arg, &found) : MIZO_ENOENT;
}

static mizo_err get_day(memory_store *s, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn,
                        void *arg)
{
    memory_key k = memory_key_of('D', "ii", (int64_t)day, (int64_t)series);
    kv_value v;
    if (!memory_get(s, &k, &v))
        return MIZO_ENOENT;
    store_day d = { .series = series, .day = day, .batch = memory_number(&v) };
    d.packed = v.p;
    d.len = v.n;
    if (as_of == STORE_LATEST || memory_known(s, d.batch) <= as_of)
        return fn(arg, &d);
    return was_day(s, series, day, as_of, fn, arg);
}

mizo_err memory_day_get(store *base, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = get_day(s, series, day, as_of, fn, arg);
    kv_leave(s->db);
    return e;
}

static mizo_err span(memory_store *s, int32_t series, mizo_day *first, mizo_day *last)
{
    kv_value c, v;
    bool any = false;
    memory_walk w = memory_walk_from(s, memory_key_of('D', ""), NULL);
    while (memory_walk_next(&w, &c, &v)) {
        mizo_day day = (mizo_day)memory_number(&c);
        if (series >= 0 && memory_number(&c) != series)
            continue;
        if (!any)
            *first = day;
        *last = day;
        any = true;
    }
    return any ? MIZO_OK : MIZO_ENOENT;
}

mizo_err memory_day_span(store *base, int32_t series, mizo_day *first, mizo_day *last)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = span(s, series, first, last);
    kv_leave(s->db);
    return e;
}

mizo_err memory_days_of(store *base, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of,
                        store_day_fn fn, void *arg)
{
    memory_store *s = (memory_store *)base;
    mizo_day first, last;
    kv_enter(s->db);
    mizo_err e = span(s, series, &first, &last);
    if (e == MIZO_OK)
        for (mizo_day d = from > first ? from : first; !e && d < to && d <= last; d++) {
            e = get_day(s, series, d, as_of, fn, arg);
            e = e == MIZO_ENOENT ? MIZO_OK : e;
        }
    kv_leave(s->db);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err memory_days_all(store *base, mizo_day from, mizo_day to, store_day_fn fn, void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_key start = memory_key_of('D', "i", (int64_t)from);
    memory_walk w = memory_walk_from(s, memory_key_of('D', ""), &start);
    while (!e && memory_walk_next(&w, &c, &v)) {
        store_day d = { .day = (mizo_day)memory_number(&c) };
        if (d.day >= to)
            break;
        d.series = (int32_t)memory_number(&c);
        d.batch = memory_number(&v);
        d.packed = v.p;
        d.len = v.n;
        e = fn(arg, &d);
    }
    kv_leave(s->db);
    return e;
}
