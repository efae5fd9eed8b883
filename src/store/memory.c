/* memory.c: the simulated member: the same contract, in memory, for tests and scratch runs.
 *
 * Rows are bytes in an ordered map (kv.h). A key is a letter for the table and its
 * columns; numbers are big-endian with the sign turned, so that bytes sort as numbers.
 *   B batch | S owner quantity role exponent step -> id | s id | D day series | W series day batch
 *   P point quantity from to batch | V arrive vehicle | M hash | m use | R kind id version
 *   E seq | A account unit day | N counter
 */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/kv.h"
#include "store/slots.h"
#include "store/store.h"

typedef struct memory_store {
    store base;
    kv_db *db;
    bool writable, in_batch, in_snapshot;
    int64_t snap, txn, own_commits;
    int64_t batch;
    mizo_ms known;
    mizo_err batch_err;
} memory_store;

/* ---- bytes of keys and values ---- */

static void put_number(buf *b, int64_t v)
{
    uint64_t u = (uint64_t)v ^ (UINT64_C(1) << 63);
    uint8_t p[8];
    for (int i = 0; i < 8; i++)
        p[i] = (uint8_t)(u >> (56 - 8 * i));
    buf_add(b, p, 8);
}

static int64_t get_number(kv_value *v)
{
    uint64_t u = 0;
    assert(v->n >= 8);
    for (int i = 0; i < 8; i++)
        u = u << 8 | v->p[i];
    v->p += 8;
    v->n -= 8;
    return (int64_t)(u ^ (UINT64_C(1) << 63));
}

static const char *get_text(kv_value *v)
{
    const char *s = (const char *)v->p;
    size_t n = strlen(s) + 1;
    assert(n <= v->n);
    v->p += n;
    v->n -= n;
    return s;
}

/* Letters: i int64, t text with its NUL, b bytes and their length. */
static void put_all(buf *b, const char *letters, va_list ap)
{
    for (; *letters; letters++) {
        if (*letters == 'i') {
            put_number(b, va_arg(ap, int64_t));
        } else if (*letters == 't') {
            const char *s = va_arg(ap, const char *);
            buf_add(b, s ? s : "", s ? strlen(s) + 1 : 1);
        } else {
            const void *p = va_arg(ap, const void *);
            buf_add(b, p, va_arg(ap, size_t));
        }
    }
}

typedef struct key {
    uint8_t p[KV_KEY_MAX];
    size_t n;
} key;

static key make_key(char table, const char *letters, ...)
{
    key k = { .n = 1 };
    k.p[0] = (uint8_t)table;
    va_list ap;
    va_start(ap, letters);
    for (; *letters; letters++) {
        if (*letters == 'i') {
            uint64_t u = (uint64_t)va_arg(ap, int64_t) ^ (UINT64_C(1) << 63);
            for (int i = 0; i < 8; i++)
                k.p[k.n++] = (uint8_t)(u >> (56 - 8 * i));
        } else {
            const char *s = va_arg(ap, const char *);
            size_t n = strnlen(s, 120);
            memcpy(k.p + k.n, s, n);
            k.n += n;
            k.p[k.n++] = 0;
        }
        assert(k.n + 130 < sizeof k.p);
    }
    va_end(ap);
    return k;
}

static kv_eye eye_of(const memory_store *s)
{
    return (kv_eye){ .snap = s->in_snapshot && !s->in_batch ? s->snap : kv_committed(s->db),
                     .txn = s->in_batch ? s->txn : 0 };
}

static bool get(memory_store *s, const key *k, kv_value *v)
{
    return kv_get(s->db, eye_of(s), k->p, k->n, v);
}

static mizo_err put(memory_store *s, const key *k, const char *letters, ...)
{
    buf b;
    buf_init(&b, 0);
    va_list ap;
    va_start(ap, letters);
    put_all(&b, letters, ap);
    va_end(ap);
    mizo_err e = b.err ? MIZO_ENOMEM : kv_put(s->db, k->p, k->n, b.p, b.n);
    buf_fini(&b);
    if (e)
        s->batch_err = e;
    return e;
}

/* Walks the rows that begin with prefix. */
typedef struct walk {
    memory_store *s;
    key prefix;
    kv_node *node;
    kv_eye eye;
} walk;

static walk walk_from(memory_store *s, key prefix, const key *from)
{
    walk w = { .s = s, .prefix = prefix, .eye = eye_of(s) };
    w.node = from ? kv_seek(s->db, from->p, from->n) : kv_seek(s->db, prefix.p, prefix.n);
    return w;
}

/* The next row that is seen: columns of its key after the table's letter, and its value. */
static bool walk_next(walk *w, kv_value *columns, kv_value *v)
{
    while (w->node) {
        const kv_node *node = w->node;
        size_t n;
        const uint8_t *p = kv_key(node, &n);
        if (n < w->prefix.n || memcmp(p, w->prefix.p, w->prefix.n))
            return false;
        w->node = kv_next(node);
        if (kv_see(node, w->eye, v)) {
            *columns = (kv_value){ p + 1, n - 1 };
            return true;
        }
    }
    return false;
}

static int64_t counter(memory_store *s, const char *name)
{
    key k = make_key('N', "t", name);
    kv_value v;
    return get(s, &k, &v) ? get_number(&v) : 0;
}

static mizo_err count(memory_store *s, const char *name, int64_t *next)
{
    key k = make_key('N', "t", name);
    *next = counter(s, name) + 1;
    return put(s, &k, "i", *next);
}

static mizo_err may_write(memory_store *s)
{
    return s->in_batch ? s->batch_err : MIZO_ESTORE;
}

static void set_changed(bool *changed, bool value)
{
    if (changed)
        *changed = value;
}

/* ---- opening ---- */

static void close_(store *base)
{
    memory_store *s = (memory_store *)base;
    if (!s)
        return;
    if (s->in_batch)
        base->ops->batch_rollback(base);
    kv_close(s->db);
    free(s);
}

static mizo_err open_(const char *path, store_mode mode, mizo_diags *d, store **out)
{
    *out = NULL;
    memory_store *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    s->base.ops = &store_memory;
    s->writable = mode != STORE_READ;
    mizo_err e = kv_open(path, mode == STORE_CREATE, &s->db);
    if (e) {
        if (e == MIZO_ENOENT)
            MIZO_DIAG(d, STORE_ABSENT, MIZO_NOWHERE, path);
        free(s);
        return e;
    }
    *out = &s->base;
    return MIZO_OK;
}

/* ---- batches ---- */

static mizo_err write_batch(memory_store *s, const store_batch *b)
{
    key k = make_key('B', "i", s->batch);
    return put(s, &k, "itttt", (int64_t)b->known, b->actor, b->source, b->note, b->hash);
}

static mizo_err begin(memory_store *s, store_batch *b)
{
    if (!s->writable)
        return MIZO_ESTORE;
    if (s->in_batch || s->in_snapshot)
        return MIZO_EBUSY;
    MIZO_TRY(kv_begin(s->db, &s->txn));
    s->in_batch = true;
    s->batch_err = MIZO_OK;
    s->known = b->known;
    mizo_err e = count(s, "batch", &s->batch);
    if (!e)
        e = write_batch(s, b);
    if (e) {
        kv_rollback(s->db);
        s->in_batch = false;
        return e;
    }
    b->id = s->batch;
    return MIZO_OK;
}

static mizo_err batch_begin(store *base, store_batch *b)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = begin(s, b);
    kv_leave(s->db);
    return e;
}

static mizo_err batch_commit(store *base)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = may_write(s);
    if (s->in_batch) {
        if (e) {
            kv_rollback(s->db);
        } else {
            kv_commit(s->db);
            s->own_commits++;
        }
    }
    s->in_batch = false;
    kv_leave(s->db);
    return e;
}

static void batch_rollback(store *base)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    if (s->in_batch)
        kv_rollback(s->db);
    s->in_batch = false;
    kv_leave(s->db);
}

static store_batch read_batch(int64_t id, kv_value v)
{
    store_batch b = { .id = id, .known = get_number(&v) };
    b.actor = get_text(&v);
    b.source = get_text(&v);
    b.note = get_text(&v);
    const char *hash = get_text(&v);
    memcpy(b.hash, hash, strnlen(hash, sizeof b.hash - 1));
    return b;
}

static mizo_err batch_note(store *base, const char *note)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = may_write(s);
    if (!e) {
        key k = make_key('B', "i", s->batch);
        kv_value v;
        bool found = get(s, &k, &v);
        assert(found);
        (void)found;
        store_batch b = read_batch(s->batch, v);
        b.note = note;
        e = write_batch(s, &b);
    }
    kv_leave(s->db);
    return e;
}

static mizo_err batch_scan(store *base, int64_t after, mizo_err (*fn)(void *, const store_batch *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    key from = make_key('B', "i", after == INT64_MAX ? after : after + 1);
    walk w = walk_from(s, make_key('B', ""), &from);
    while (!e && walk_next(&w, &c, &v)) {
        store_batch b = read_batch(get_number(&c), v);
        e = fn(arg, &b);
    }
    kv_leave(s->db);
    return e;
}

static mizo_ms known_of(memory_store *s, int64_t batch)
{
    key k = make_key('B', "i", batch);
    kv_value v;
    return get(s, &k, &v) ? get_number(&v) : INT64_MIN;
}

static bool same_knowledge_day(memory_store *s, int64_t batch)
{
    mizo_day then = mizo_slot_day(mizo_ms_slot(known_of(s, batch)), MIZO_JAPAN_OFFSET);
    return batch == s->batch || then == mizo_slot_day(mizo_ms_slot(s->known), MIZO_JAPAN_OFFSET);
}

/* ---- series ---- */

static mizo_err make_series(memory_store *s, const key *k, const mizo_series_key *sk, int32_t *id)
{
    int64_t next;
    MIZO_TRY(may_write(s));
    MIZO_TRY(count(s, "series", &next));
    MIZO_TRY(put(s, k, "i", next));
    key back = make_key('s', "i", next);
    MIZO_TRY(put(s, &back, "tiiii", sk->owner, (int64_t)sk->quantity, (int64_t)sk->role,
                 (int64_t)sk->exponent, (int64_t)sk->step_min));
    *id = (int32_t)next;
    return MIZO_OK;
}

static mizo_err series_id(store *base, const mizo_series_key *sk, bool create, int32_t *id)
{
    memory_store *s = (memory_store *)base;
    kv_value v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    key k = make_key('S', "tiiii", sk->owner, (int64_t)sk->quantity, (int64_t)sk->role, (int64_t)sk->exponent,
                     (int64_t)sk->step_min);
    if (get(s, &k, &v))
        *id = (int32_t)get_number(&v);
    else
        e = create ? make_series(s, &k, sk, id) : MIZO_ENOENT;
    kv_leave(s->db);
    return e;
}

static mizo_err series_scan(store *base, mizo_err (*fn)(void *, int32_t, const mizo_series_key *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    walk w = walk_from(s, make_key('s', ""), NULL);
    while (!e && walk_next(&w, &c, &v)) {
        mizo_series_key k = { .spare = 0 };
        const char *owner = get_text(&v);
        memcpy(k.owner, owner, strnlen(owner, sizeof k.owner - 1));
        k.quantity = (uint8_t)get_number(&v);
        k.role = (uint8_t)get_number(&v);
        k.exponent = (int8_t)get_number(&v);
        k.step_min = (int16_t)get_number(&v);
        e = fn(arg, (int32_t)get_number(&c), &k);
    }
    kv_leave(s->db);
    return e;
}

/* ---- days ---- */

static mizo_err put_day(memory_store *s, int32_t series, mizo_day day, const uint8_t *p, size_t len,
                        bool *changed)
{
    key k = make_key('D', "ii", (int64_t)day, (int64_t)series);
    kv_value v;
    MIZO_TRY(may_write(s));
    if (!len)
        return MIZO_ERANGE;
    set_changed(changed, true);
    if (get(s, &k, &v)) {
        int64_t batch = get_number(&v);
        if (v.n == len && memcmp(v.p, p, len) == 0) {
            set_changed(changed, false);
            return MIZO_OK;
        }
        if (!same_knowledge_day(s, batch)) {
            key was = make_key('W', "iii", (int64_t)series, (int64_t)day, batch);
            MIZO_TRY(put(s, &was, "b", v.p, v.n));
        }
    }
    return put(s, &k, "ib", s->batch, p, len);
}

static mizo_err day_put(store *base, int32_t series, mizo_day day, const uint8_t *packed, size_t len,
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
    walk w = walk_from(s, make_key('W', "ii", (int64_t)series, (int64_t)day), NULL);
    while (walk_next(&w, &c, &v)) {
        (void)get_number(&c);
        (void)get_number(&c);
        int64_t batch = get_number(&c);
        if (known_of(s, batch) <= as_of) {
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
    key k = make_key('D', "ii", (int64_t)day, (int64_t)series);
    kv_value v;
    if (!get(s, &k, &v))
        return MIZO_ENOENT;
    store_day d = { .series = series, .day = day, .batch = get_number(&v) };
    d.packed = v.p;
    d.len = v.n;
    if (as_of == STORE_LATEST || known_of(s, d.batch) <= as_of)
        return fn(arg, &d);
    return was_day(s, series, day, as_of, fn, arg);
}

static mizo_err day_get(store *base, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg)
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
    walk w = walk_from(s, make_key('D', ""), NULL);
    while (walk_next(&w, &c, &v)) {
        mizo_day day = (mizo_day)get_number(&c);
        if (series >= 0 && get_number(&c) != series)
            continue;
        if (!any)
            *first = day;
        *last = day;
        any = true;
    }
    return any ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err day_span(store *base, int32_t series, mizo_day *first, mizo_day *last)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = span(s, series, first, last);
    kv_leave(s->db);
    return e;
}

static mizo_err days_of(store *base, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of,
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

static mizo_err days_all(store *base, mizo_day from, mizo_day to, store_day_fn fn, void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    key start = make_key('D', "i", (int64_t)from);
    walk w = walk_from(s, make_key('D', ""), &start);
    while (!e && walk_next(&w, &c, &v)) {
        store_day d = { .day = (mizo_day)get_number(&c) };
        if (d.day >= to)
            break;
        d.series = (int32_t)get_number(&c);
        d.batch = get_number(&v);
        d.packed = v.p;
        d.len = v.n;
        e = fn(arg, &d);
    }
    kv_leave(s->db);
    return e;
}

/* ---- periods and sessions ---- */

static bool period_equal(kv_value v, const store_period *p)
{
    return get_number(&v) == p->quality && get_number(&v) == p->energy_wh && get_number(&v) == p->max_w;
}

static mizo_err put_period(memory_store *s, const store_period *p, bool *changed)
{
    kv_value c, v;
    MIZO_TRY(may_write(s));
    if (p->to <= p->from)
        return MIZO_ERANGE;
    set_changed(changed, true);
    int64_t latest = 0;
    bool equal = false;
    walk w = walk_from(
        s, make_key('P', "tiii", p->point, (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to), NULL);
    while (walk_next(&w, &c, &v)) {
        (void)get_text(&c);
        for (int i = 0; i < 3; i++)
            (void)get_number(&c);
        latest = get_number(&c);
        equal = period_equal(v, p);
    }
    if (equal) {
        set_changed(changed, false);
        return MIZO_OK;
    }
    key k = make_key('P', "tiiii", p->point, (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to, latest);
    if (latest && same_knowledge_day(s, latest))
        kv_delete(s->db, k.p, k.n);
    k = make_key('P', "tiiii", p->point, (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to, s->batch);
    return put(s, &k, "iii", (int64_t)p->quality, p->energy_wh, (int64_t)p->max_w);
}

static mizo_err period_put(store *base, const store_period *p, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_period(s, p, changed);
    kv_leave(s->db);
    return e;
}

static store_period read_period(kv_value c, kv_value v, int64_t *batch)
{
    store_period p = { .quantity = 0 };
    const char *point = get_text(&c);
    memcpy(p.point, point, strnlen(point, sizeof p.point - 1));
    p.quantity = (uint8_t)get_number(&c);
    p.from = (mizo_day)get_number(&c);
    p.to = (mizo_day)get_number(&c);
    *batch = get_number(&c);
    p.quality = (uint8_t)get_number(&v);
    p.energy_wh = get_number(&v);
    p.max_w = (int32_t)get_number(&v);
    return p;
}

static bool same_period(const store_period *a, const store_period *b)
{
    return strcmp(a->point, b->point) == 0 && a->quantity == b->quantity && a->from == b->from &&
           a->to == b->to;
}

static mizo_err scan_periods(memory_store *s, const char *point, mizo_day from, mizo_day to, mizo_ms as_of,
                             mizo_err (*fn)(void *, const store_period *), void *arg)
{
    kv_value c, v;
    store_period best = { .point = "" };
    bool have = false;
    walk w = walk_from(s, point ? make_key('P', "t", point) : make_key('P', ""), NULL);
    while (walk_next(&w, &c, &v)) {
        int64_t batch;
        store_period p = read_period(c, v, &batch);
        if (p.from >= to || p.to <= from || known_of(s, batch) > as_of)
            continue;
        if (have && !same_period(&p, &best))
            MIZO_TRY(fn(arg, &best));
        best = p;
        have = true;
    }
    return have ? fn(arg, &best) : MIZO_OK;
}

static mizo_err period_scan(store *base, const char *point, mizo_day from, mizo_day to, mizo_ms as_of,
                            mizo_err (*fn)(void *, const store_period *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = scan_periods(s, point, from, to, as_of, fn, arg);
    kv_leave(s->db);
    return e;
}

static store_session read_session(kv_value c, kv_value v)
{
    store_session p = { .arrive = get_number(&c) };
    const char *vehicle = get_text(&c), *charger = get_text(&v);
    memcpy(p.vehicle, vehicle, strnlen(vehicle, sizeof p.vehicle - 1));
    memcpy(p.charger, charger, strnlen(charger, sizeof p.charger - 1));
    p.depart = get_number(&v);
    p.need_wh = get_number(&v);
    return p;
}

static mizo_err put_session(memory_store *s, const store_session *p, bool *changed)
{
    key k = make_key('V', "it", (int64_t)p->arrive, p->vehicle);
    kv_value v;
    MIZO_TRY(may_write(s));
    if (p->depart <= p->arrive)
        return MIZO_ERANGE;
    set_changed(changed, true);
    if (get(s, &k, &v)) {
        store_session was = read_session((kv_value){ k.p + 1, k.n - 1 }, v);
        if (strcmp(was.charger, p->charger) == 0 && was.depart == p->depart && was.need_wh == p->need_wh) {
            set_changed(changed, false);
            return MIZO_OK;
        }
    }
    return put(s, &k, "tii", p->charger, (int64_t)p->depart, p->need_wh);
}

static mizo_err session_put(store *base, const store_session *p, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_session(s, p, changed);
    kv_leave(s->db);
    return e;
}

static mizo_err session_scan(store *base, mizo_ms from, mizo_ms to,
                             mizo_err (*fn)(void *, const store_session *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    walk w = walk_from(s, make_key('V', ""), NULL);
    while (!e && walk_next(&w, &c, &v)) {
        store_session p = read_session(c, v);
        if (p.arrive >= to)
            break;
        if (p.depart > from)
            e = fn(arg, &p);
    }
    kv_leave(s->db);
    return e;
}

/* ---- models and records ---- */

/* The last use of any model (hash NULL) or of one; text is borrowed. */
static bool find_model(memory_store *s, const char *hash, const char **found, const char **text,
                       int64_t *batch)
{
    kv_value c, v;
    bool any = false;
    walk w = walk_from(s, make_key('m', ""), NULL);
    while (walk_next(&w, &c, &v)) {
        const char *h = get_text(&v);
        if (hash && strcmp(h, hash))
            continue;
        *found = h;
        *batch = get_number(&v);
        any = true;
    }
    if (!any)
        return false;
    key k = make_key('M', "t", *found);
    if (!get(s, &k, &v))
        return false;
    *text = get_text(&v);
    return true;
}

static mizo_err put_model(memory_store *s, const char *hash, const char *text, bool *changed)
{
    const char *now, *was;
    int64_t batch, next;
    MIZO_TRY(may_write(s));
    bool same = find_model(s, NULL, &now, &was, &batch) && strcmp(now, hash) == 0;
    set_changed(changed, !same);
    if (same)
        return MIZO_OK;
    key k = make_key('M', "t", hash);
    kv_value v;
    if (!get(s, &k, &v))
        MIZO_TRY(put(s, &k, "t", text));
    MIZO_TRY(count(s, "model", &next));
    k = make_key('m', "i", next);
    return put(s, &k, "ti", hash, s->batch);
}

static mizo_err model_put(store *base, const char *hash, const char *text, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_model(s, hash, text, changed);
    kv_leave(s->db);
    return e;
}

static mizo_err model_get(store *base, const char *hash,
                          mizo_err (*fn)(void *, const char *, const char *, int64_t), void *arg)
{
    memory_store *s = (memory_store *)base;
    const char *found, *text;
    int64_t batch;
    kv_enter(s->db);
    mizo_err e = find_model(s, hash, &found, &text, &batch) ? fn(arg, found, text, batch) : MIZO_ENOENT;
    kv_leave(s->db);
    return e;
}

static store_record read_record(kv_value c, kv_value v)
{
    store_record r = { .kind = get_text(&c) };
    r.id = get_text(&c);
    r.version = get_number(&c);
    r.batch = get_number(&v);
    r.json = get_text(&v);
    return r;
}

static mizo_err put_record(memory_store *s, const char *kind, const char *id, const char *json, bool *changed)
{
    kv_value c, v;
    store_record was = { .version = 0 };
    MIZO_TRY(may_write(s));
    walk w = walk_from(s, make_key('R', "tt", kind, id), NULL);
    while (walk_next(&w, &c, &v))
        was = read_record(c, v);
    bool same = was.version && strcmp(was.json, json) == 0;
    set_changed(changed, !same);
    if (same)
        return MIZO_OK;
    key k = make_key('R', "tti", kind, id, was.version + 1);
    return put(s, &k, "it", s->batch, json);
}

static mizo_err record_put(store *base, const char *kind, const char *id, const char *json, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_record(s, kind, id, json, changed);
    kv_leave(s->db);
    return e;
}

static mizo_err scan_records(memory_store *s, key prefix, bool every,
                             mizo_err (*fn)(void *, const store_record *), void *arg)
{
    kv_value c, v;
    store_record last = { .version = 0 };
    walk w = walk_from(s, prefix, NULL);
    while (walk_next(&w, &c, &v)) {
        store_record r = read_record(c, v);
        if (last.version && (every || strcmp(last.id, r.id)))
            MIZO_TRY(fn(arg, &last));
        last = r;
    }
    return last.version ? fn(arg, &last) : MIZO_OK;
}

static mizo_err record_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e =
        scan_records(s, id ? make_key('R', "tt", kind, id) : make_key('R', "t", kind), false, fn, arg);
    kv_leave(s->db);
    return e;
}

static mizo_err record_versions(store *base, const char *kind, const char *id,
                                mizo_err (*fn)(void *, const store_record *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = scan_records(s, make_key('R', "tt", kind, id), true, fn, arg);
    kv_leave(s->db);
    return e;
}

/* ---- the journal ---- */

typedef struct kept_entry {
    mizo_day day;
    int64_t batch, amount;
    bool has_slots;
    int32_t slots[48];
    uint8_t hash[32];
} kept_entry;

static store_entry read_entry(int64_t seq, kv_value v, kept_entry *kept)
{
    memcpy(kept, v.p, sizeof *kept);
    v.p += sizeof *kept;
    v.n -= sizeof *kept;
    store_entry e = { .seq = seq,
                      .batch = kept->batch,
                      .day = kept->day,
                      .amount = kept->amount,
                      .slots = kept->has_slots ? kept->slots : NULL };
    e.from = get_text(&v);
    e.to = get_text(&v);
    e.unit = get_text(&v);
    e.kind = get_text(&v);
    e.ref = get_text(&v);
    memcpy(e.hash, kept->hash, 32);
    return e;
}

typedef struct kept_balance {
    int64_t total;
    bool has_slots;
    int64_t slots[48];
} kept_balance;

static kept_balance read_balance(memory_store *s, const char *account, const char *unit, mizo_day day)
{
    kept_balance b = { .total = 0 };
    key k = make_key('A', "tti", account, unit, (int64_t)day);
    kv_value v;
    if (get(s, &k, &v))
        memcpy(&b, v.p, sizeof b);
    return b;
}

static mizo_err move_one(memory_store *s, const char *account, const store_entry *e, mizo_day day, int sign)
{
    kept_balance b = read_balance(s, account, e->unit, day);
    MIZO_TRY(total_add(&b.total, e->amount, sign));
    if (e->slots && day != MIZO_DAY_NONE) {
        MIZO_TRY(slots_add(b.slots, e->slots, sign));
        b.has_slots = true;
    }
    key k = make_key('A', "tti", account, e->unit, (int64_t)day);
    return put(s, &k, "b", &b, sizeof b);
}

static mizo_err append(memory_store *s, store_entry *e, const uint8_t hash[32])
{
    int64_t seq;
    MIZO_TRY(may_write(s));
    if (!slots_agree(e->slots, e->amount) || e->day == MIZO_DAY_NONE)
        return MIZO_EINPUT;
    MIZO_TRY(count(s, "entry", &seq));
    kept_entry kept = {
        .day = e->day, .batch = s->batch, .amount = e->amount, .has_slots = e->slots != NULL
    };
    if (e->slots)
        memcpy(kept.slots, e->slots, sizeof kept.slots);
    memcpy(kept.hash, hash, 32);
    key k = make_key('E', "i", seq);
    MIZO_TRY(put(s, &k, "bttttt", &kept, sizeof kept, e->from, e->to, e->unit, e->kind, e->ref));
    MIZO_TRY(move_one(s, e->from, e, e->day, -1));
    MIZO_TRY(move_one(s, e->from, e, MIZO_DAY_NONE, -1));
    MIZO_TRY(move_one(s, e->to, e, e->day, 1));
    MIZO_TRY(move_one(s, e->to, e, MIZO_DAY_NONE, 1));
    e->seq = seq;
    e->batch = s->batch;
    memcpy(e->hash, hash, 32);
    return MIZO_OK;
}

static mizo_err entry_append(store *base, store_entry *e, const uint8_t hash[32])
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err err = append(s, e, hash);
    if (err && err != MIZO_EINPUT && s->in_batch && !s->batch_err)
        s->batch_err = err;
    kv_leave(s->db);
    return err;
}

static mizo_err entry_head(store *base, int64_t *seq, uint8_t hash[32])
{
    memory_store *s = (memory_store *)base;
    memset(hash, 0, 32);
    kv_enter(s->db);
    *seq = counter(s, "entry");
    key k = make_key('E', "i", *seq);
    kv_value v;
    if (*seq && get(s, &k, &v)) {
        kept_entry kept;
        store_entry e = read_entry(*seq, v, &kept);
        memcpy(hash, e.hash, 32);
    }
    kv_leave(s->db);
    return MIZO_OK;
}

static mizo_err entry_scan(store *base, int64_t after, mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    key from = make_key('E', "i", after == INT64_MAX ? after : after + 1);
    walk w = walk_from(s, make_key('E', ""), &from);
    while (!e && walk_next(&w, &c, &v)) {
        kept_entry kept;
        store_entry entry = read_entry(get_number(&c), v, &kept);
        e = fn(arg, &entry);
    }
    kv_leave(s->db);
    return e;
}

static mizo_err balance_get(store *base, const char *account, const char *unit, mizo_day day, int64_t *total,
                            int64_t slots[48])
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    kept_balance b = read_balance(s, account, unit, day);
    *total = b.total;
    if (day != MIZO_DAY_NONE && slots)
        memcpy(slots, b.slots, sizeof b.slots);
    kv_leave(s->db);
    return MIZO_OK;
}

static mizo_err balance_scan(store *base,
                             mizo_err (*fn)(void *, const char *, const char *, mizo_day, int64_t,
                                            const int64_t *),
                             void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    walk w = walk_from(s, make_key('A', ""), NULL);
    while (!e && walk_next(&w, &c, &v)) {
        kept_balance b;
        memcpy(&b, v.p, sizeof b);
        const char *account = get_text(&c), *unit = get_text(&c);
        e = fn(arg, account, unit, (mizo_day)get_number(&c), b.total, b.has_slots ? b.slots : NULL);
    }
    kv_leave(s->db);
    return e;
}

/* ---- keeping house ---- */

static mizo_err snapshot(store *base, bool begin_it)
{
    memory_store *s = (memory_store *)base;
    if (begin_it == s->in_snapshot)
        return begin_it ? MIZO_EBUSY : MIZO_OK;
    kv_enter(s->db);
    s->in_snapshot = begin_it;
    s->snap = kv_committed(s->db);
    kv_leave(s->db);
    return MIZO_OK;
}

static mizo_err checkpoint(store *base)
{
    memory_store *s = (memory_store *)base;
    return !s->writable ? MIZO_ESTORE : s->in_batch || s->in_snapshot ? MIZO_EBUSY : MIZO_OK;
}

static mizo_err data_version(store *base, int64_t *version)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    *version = 1 + kv_committed(s->db) - s->own_commits;
    kv_leave(s->db);
    return MIZO_OK;
}

static mizo_err check_day(void *arg, const store_day *d)
{
    (void)arg;
    return mizo_block_count(d->packed, d->len) > 0 ? MIZO_OK : MIZO_EINPUT;
}

static mizo_err verify(store *base, mizo_diags *d)
{
    mizo_err e = days_all(base, INT32_MIN, INT32_MAX, check_day, NULL);
    if (e == MIZO_EINPUT)
        MIZO_DIAG(d, STORE_BAD_BLOCK, MIZO_NOWHERE, "day", "?", "?");
    return e;
}

const store_ops store_memory = {
    .name = "memory",
    .open = open_,
    .close = close_,
    .batch_begin = batch_begin,
    .batch_commit = batch_commit,
    .batch_rollback = batch_rollback,
    .batch_scan = batch_scan,
    .batch_note = batch_note,
    .series_id = series_id,
    .series_scan = series_scan,
    .day_put = day_put,
    .day_get = day_get,
    .days_of = days_of,
    .days_all = days_all,
    .day_span = day_span,
    .period_put = period_put,
    .period_scan = period_scan,
    .session_put = session_put,
    .session_scan = session_scan,
    .model_put = model_put,
    .model_get = model_get,
    .record_put = record_put,
    .record_scan = record_scan,
    .record_versions = record_versions,
    .entry_append = entry_append,
    .entry_head = entry_head,
    .entry_scan = entry_scan,
    .balance_get = balance_get,
    .balance_scan = balance_scan,
    .snapshot = snapshot,
    .checkpoint = checkpoint,
    .data_version = data_version,
    .verify = verify,
};
