/* sqlite_days.c: series, their days, and what each day was before. */
#include <string.h>

#include "store/sqlite.h"

/* ---- series ---- */

mizo_err sqlite_series_id(store *base, const mizo_series_key *k, bool create, int32_t *id)
{
    sqlite_store *s = (sqlite_store *)base;
    query q = query_start(s, STMT_SERIES_GET, "tiiii", k->owner, (int64_t)k->quantity, (int64_t)k->role,
                          (int64_t)k->exponent, (int64_t)k->step_min);
    bool found = query_next(&q);
    if (found)
        *id = (int32_t)column_int(&q, 0);
    MIZO_TRY(query_end(&q));
    if (found)
        return MIZO_OK;
    if (!create)
        return MIZO_ENOENT;
    MIZO_TRY(sqlite_may_write(s));
    mizo_err e = query_run(s, STMT_SERIES_ADD, "tiiii", k->owner, (int64_t)k->quantity, (int64_t)k->role,
                           (int64_t)k->exponent, (int64_t)k->step_min);
    if (!e)
        *id = (int32_t)sqlite3_last_insert_rowid(s->db);
    return sqlite_wrote(s, e);
}

mizo_err sqlite_series_scan(store *base, mizo_err (*fn)(void *, int32_t, const mizo_series_key *), void *arg)
{
    query q = query_start((sqlite_store *)base, STMT_SERIES_SCAN, "");
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        mizo_series_key k = { .quantity = (uint8_t)column_int(&q, 2),
                              .role = (uint8_t)column_int(&q, 3),
                              .exponent = (int8_t)column_int(&q, 4),
                              .step_min = (int16_t)column_int(&q, 5) };
        const char *owner = column_text(&q, 1);
        memcpy(k.owner, owner, strnlen(owner, sizeof k.owner - 1));
        told = fn(arg, (int32_t)column_int(&q, 0), &k);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

/* ---- writing a day ---- */

static mizo_err load_last(sqlite_store *s)
{
    query q = query_start(s, STMT_DAY_LAST, "");
    s->last_day = INT32_MIN;
    s->last_series = INT32_MIN;
    if (query_next(&q)) {
        s->last_day = (mizo_day)column_int(&q, 0);
        s->last_series = (int32_t)column_int(&q, 1);
    }
    MIZO_TRY(query_end(&q));
    s->last_loaded = true;
    return MIZO_OK;
}

static bool after_last(const sqlite_store *s, mizo_day day, int32_t series)
{
    return day > s->last_day || (day == s->last_day && series > s->last_series);
}

static mizo_err insert(sqlite_store *s, mizo_day day, int32_t series, const uint8_t *p, size_t len)
{
    return query_run(s, STMT_DAY_INSERT, "iiib", (int64_t)day, (int64_t)series, s->batch, p, len);
}

/* Replaces a day: kept as it was if it became known on another day, or written over. */
static mizo_err replace(sqlite_store *s, mizo_day day, int32_t series, query *old, const uint8_t *p,
                        size_t len)
{
    int64_t batch = column_int(old, 0);
    mizo_ms known = s->known;
    if (batch != s->batch)
        MIZO_TRY(sqlite_known(s, batch, &known));
    bool coalesce = sqlite_knowledge_day(s, known) == sqlite_knowledge_day(s, s->known);
    if (!coalesce && !planted("forget-day-was"))
        MIZO_TRY(query_run(s, STMT_DAY_KEEP, "iiib", (int64_t)day, (int64_t)series, batch,
                           sqlite3_column_blob(old->st, 1), (size_t)sqlite3_column_bytes(old->st, 1)));
    return query_run(s, STMT_DAY_UPDATE, "iiib", (int64_t)day, (int64_t)series, s->batch, p, len);
}

static mizo_err put_over(sqlite_store *s, mizo_day day, int32_t series, const uint8_t *p, size_t len,
                         bool *changed)
{
    query q = query_start(s, STMT_DAY_GET, "ii", (int64_t)day, (int64_t)series);
    mizo_err e = MIZO_OK;
    if (!query_next(&q)) {
        e = query_end(&q);
        return e ? e : insert(s, day, series, p, len);
    }
    size_t n = (size_t)sqlite3_column_bytes(q.st, 1);
    *changed = n != len || memcmp(sqlite3_column_blob(q.st, 1), p, n) != 0;
    if (*changed)
        e = replace(s, day, series, &q, p, len);
    mizo_err end = query_end(&q);
    return e ? e : end;
}

mizo_err sqlite_day_put(store *base, int32_t series, mizo_day day, const uint8_t *packed, size_t len,
                        bool *changed)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    if (!len)
        return MIZO_ERANGE;
    if (!s->last_loaded)
        MIZO_TRY(load_last(s));
    mizo_err e;
    bool differs = true;
    if (after_last(s, day, series)) {
        e = insert(s, day, series, packed, len);
        s->last_day = day;
        s->last_series = series;
    } else {
        e = put_over(s, day, series, packed, len, &differs);
    }
    if (changed)
        *changed = differs;
    return differs || e ? sqlite_wrote(s, e) : MIZO_OK;
}

/* ---- reading days ---- */

static mizo_err tell(query *q, int32_t series, mizo_day day, store_day_fn fn, void *arg)
{
    store_day d = { .series = series,
                    .day = day,
                    .batch = column_int(q, 0),
                    .packed = sqlite3_column_blob(q->st, 1),
                    .len = (size_t)sqlite3_column_bytes(q->st, 1) };
    return fn(arg, &d);
}

static mizo_err first_row(query q, int32_t series, mizo_day day, store_day_fn fn, void *arg)
{
    bool found = query_next(&q);
    mizo_err told = found ? tell(&q, series, day, fn, arg) : MIZO_ENOENT;
    mizo_err e = query_end(&q);
    return e ? e : told;
}

static mizo_err get(sqlite_store *s, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg)
{
    if (as_of == STORE_LATEST || planted("as-of-ignored"))
        return first_row(query_start(s, STMT_DAY_GET, "ii", (int64_t)day, (int64_t)series), series, day, fn,
                         arg);
    mizo_err e =
        first_row(query_start(s, STMT_DAY_GET_KNOWN, "iii", (int64_t)day, (int64_t)series, (int64_t)as_of),
                  series, day, fn, arg);
    if (e != MIZO_ENOENT)
        return e;
    return first_row(query_start(s, STMT_DAY_WAS_KNOWN, "iii", (int64_t)day, (int64_t)series, (int64_t)as_of),
                     series, day, fn, arg);
}

mizo_err sqlite_day_get(store *base, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    mizo_err e = MIZO_OK;
    bool mine = as_of != STORE_LATEST && sqlite_snap(s, &e); /* the latest is one look */
    if (!e)
        e = get(s, series, day, as_of, fn, arg);
    sqlite_unsnap(s, mine);
    return e;
}

/* A number that SQL gives, or MIZO_ENOENT for none. */
static mizo_err one_day(query q, mizo_day *out)
{
    bool found = query_next(&q) && sqlite3_column_type(q.st, 0) != SQLITE_NULL;
    if (found)
        *out = (mizo_day)column_int(&q, 0);
    mizo_err e = query_end(&q);
    return e ? e : found ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err span_all(sqlite_store *s, mizo_day *first, mizo_day *last)
{
    query q = query_start(s, STMT_DAY_SPAN, "");
    bool found = query_next(&q) && sqlite3_column_type(q.st, 0) != SQLITE_NULL;
    if (found) {
        *first = (mizo_day)column_int(&q, 0);
        *last = (mizo_day)column_int(&q, 1);
    }
    mizo_err e = query_end(&q);
    return e ? e : found ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err days_in(sqlite_store *s, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of,
                        store_day_fn fn, void *arg)
{
    mizo_day first, last;
    mizo_err e = span_all(s, &first, &last);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    if (from < first)
        from = first;
    for (mizo_day day = from; day < to && day <= last; day++) {
        e = get(s, series, day, as_of, fn, arg);
        if (e && e != MIZO_ENOENT)
            return e;
    }
    return MIZO_OK;
}

mizo_err sqlite_days_of(store *base, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of,
                        store_day_fn fn, void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    mizo_err e;
    bool mine = sqlite_snap(s, &e);
    if (!e)
        e = days_in(s, series, from, to, as_of, fn, arg);
    sqlite_unsnap(s, mine);
    return e;
}

mizo_err sqlite_days_all(store *base, mizo_day from, mizo_day to, store_day_fn fn, void *arg)
{
    query q = query_start((sqlite_store *)base, STMT_DAYS_ALL, "ii", (int64_t)from, (int64_t)to);
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        store_day d = { .series = (int32_t)column_int(&q, 1),
                        .day = (mizo_day)column_int(&q, 0),
                        .batch = column_int(&q, 2),
                        .packed = sqlite3_column_blob(q.st, 3),
                        .len = (size_t)sqlite3_column_bytes(q.st, 3) };
        told = fn(arg, &d);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

static mizo_err has_day(sqlite_store *s, int32_t series, mizo_day day)
{
    mizo_day one;
    return one_day(query_start(s, STMT_DAY_HAS, "ii", (int64_t)day, (int64_t)series), &one);
}

/* First (step +1) or last (step -1) day of one series: days that nobody has are jumped over. */
static mizo_err edge(sqlite_store *s, int32_t series, mizo_day from, int step, mizo_day *out)
{
    mizo_day day = from;
    for (;;) {
        MIZO_TRY(
            one_day(query_start(s, step > 0 ? STMT_DAY_NEXT : STMT_DAY_BEFORE, "i", (int64_t)day), &day));
        mizo_err e = has_day(s, series, day);
        if (e != MIZO_ENOENT) {
            *out = day;
            return e;
        }
        day += step;
    }
}

static mizo_err span_of(sqlite_store *s, int32_t series, mizo_day *first, mizo_day *last)
{
    mizo_day a, b;
    MIZO_TRY(span_all(s, &a, &b));
    if (series < 0) {
        *first = a;
        *last = b;
        return MIZO_OK;
    }
    MIZO_TRY(edge(s, series, a, 1, first));
    return edge(s, series, b, -1, last);
}

mizo_err sqlite_day_span(store *base, int32_t series, mizo_day *first, mizo_day *last)
{
    sqlite_store *s = (sqlite_store *)base;
    mizo_err e;
    bool mine = sqlite_snap(s, &e);
    if (!e)
        e = span_of(s, series, first, last);
    sqlite_unsnap(s, mine);
    return e;
}
