/* memory_keep.c: what the simulated member keeps besides days: periods, sessions, models, records, secrets. */
#include <stdlib.h>
#include <string.h>

#include "store/memory.h"

/* ---- periods and sessions ---- */

static bool period_equal(kv_value v, const store_period *p)
{
    return memory_number(&v) == p->quality && memory_number(&v) == p->energy_wh &&
           memory_number(&v) == p->max_w;
}

static mizo_err put_period(memory_store *s, const store_period *p, bool *changed)
{
    kv_value c, v;
    MIZO_TRY(memory_may_write(s));
    if (p->to <= p->from)
        return MIZO_ERANGE;
    memory_set_changed(changed, true);
    int64_t latest = 0;
    bool equal = false;
    memory_walk w = memory_walk_from(
        s, memory_key_of('P', "tiii", p->point, (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to),
        NULL);
    while (memory_walk_next(&w, &c, &v)) {
        (void)memory_text(&c);
        for (int i = 0; i < 3; i++)
            (void)memory_number(&c);
        latest = memory_number(&c);
        equal = period_equal(v, p);
    }
    if (equal) {
        memory_set_changed(changed, false);
        return MIZO_OK;
    }
    memory_key k =
        memory_key_of('P', "tiiii", p->point, (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to, latest);
    if (latest && memory_same_day(s, latest))
        kv_delete(s->db, k.p, k.n);
    k = memory_key_of('P', "tiiii", p->point, (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to,
                      s->batch);
    return memory_put(s, &k, "iii", (int64_t)p->quality, p->energy_wh, (int64_t)p->max_w);
}

mizo_err memory_period_put(store *base, const store_period *p, bool *changed)
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
    const char *point = memory_text(&c);
    memcpy(p.point, point, strnlen(point, sizeof p.point - 1));
    p.quantity = (uint8_t)memory_number(&c);
    p.from = (mizo_day)memory_number(&c);
    p.to = (mizo_day)memory_number(&c);
    *batch = memory_number(&c);
    p.quality = (uint8_t)memory_number(&v);
    p.energy_wh = memory_number(&v);
    p.max_w = (int32_t)memory_number(&v);
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
    memory_walk w =
        memory_walk_from(s, point ? memory_key_of('P', "t", point) : memory_key_of('P', ""), NULL);
    while (memory_walk_next(&w, &c, &v)) {
        int64_t batch;
        store_period p = read_period(c, v, &batch);
        if (p.from >= to || p.to <= from || memory_known(s, batch) > as_of)
            continue;
        if (have && !same_period(&p, &best))
            MIZO_TRY(fn(arg, &best));
        best = p;
        have = true;
    }
    return have ? fn(arg, &best) : MIZO_OK;
}

mizo_err memory_period_scan(store *base, const char *point, mizo_day from, mizo_day to, mizo_ms as_of,
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
    store_session p = { .arrive = memory_number(&c) };
    const char *vehicle = memory_text(&c), *charger = memory_text(&v);
    memcpy(p.vehicle, vehicle, strnlen(vehicle, sizeof p.vehicle - 1));
    memcpy(p.charger, charger, strnlen(charger, sizeof p.charger - 1));
    p.depart = memory_number(&v);
    p.need_wh = memory_number(&v);
    return p;
}

static mizo_err put_session(memory_store *s, const store_session *p, bool *changed)
{
    memory_key k = memory_key_of('V', "it", (int64_t)p->arrive, p->vehicle);
    kv_value v;
    MIZO_TRY(memory_may_write(s));
    if (p->depart <= p->arrive)
        return MIZO_ERANGE;
    memory_set_changed(changed, true);
    if (memory_get(s, &k, &v)) {
        store_session was = read_session((kv_value){ k.p + 1, k.n - 1 }, v);
        if (strcmp(was.charger, p->charger) == 0 && was.depart == p->depart && was.need_wh == p->need_wh) {
            memory_set_changed(changed, false);
            return MIZO_OK;
        }
    }
    return memory_put(s, &k, "tii", p->charger, (int64_t)p->depart, p->need_wh);
}

mizo_err memory_session_put(store *base, const store_session *p, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_session(s, p, changed);
    kv_leave(s->db);
    return e;
}

mizo_err memory_session_scan(store *base, mizo_ms from, mizo_ms to,
                             mizo_err (*fn)(void *, const store_session *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_walk w = memory_walk_from(s, memory_key_of('V', ""), NULL);
    while (!e && memory_walk_next(&w, &c, &v)) {
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
    memory_walk w = memory_walk_from(s, memory_key_of('m', ""), NULL);
    while (memory_walk_next(&w, &c, &v)) {
        const char *h = memory_text(&v);
        if (hash && strcmp(h, hash))
            continue;
        *found = h;
        *batch = memory_number(&v);
        any = true;
    }
    if (!any)
        return false;
    memory_key k = memory_key_of('M', "t", *found);
    if (!memory_get(s, &k, &v))
        return false;
    *text = memory_text(&v);
    return true;
}

static mizo_err put_model(memory_store *s, const char *hash, const char *text, bool *changed)
{
    const char *now, *was;
    int64_t batch, next;
    MIZO_TRY(memory_may_write(s));
    bool same = find_model(s, NULL, &now, &was, &batch) && strcmp(now, hash) == 0;
    memory_set_changed(changed, !same);
    if (same)
        return MIZO_OK;
    memory_key k = memory_key_of('M', "t", hash);
    kv_value v;
    if (!memory_get(s, &k, &v))
        MIZO_TRY(memory_put(s, &k, "t", text));
    MIZO_TRY(memory_count(s, "model", &next));
    k = memory_key_of('m', "i", next);
    return memory_put(s, &k, "ti", hash, s->batch);
}

mizo_err memory_model_put(store *base, const char *hash, const char *text, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_model(s, hash, text, changed);
    kv_leave(s->db);
    return e;
}

mizo_err memory_model_get(store *base, const char *hash,
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
    store_record r = { .kind = memory_text(&c) };
    r.id = memory_text(&c);
    r.version = memory_number(&c);
    r.batch = memory_number(&v);
    r.json = memory_text(&v);
    return r;
}

static mizo_err put_record(memory_store *s, const char *kind, const char *id, const char *json, bool *changed)
{
    kv_value c, v;
    store_record was = { .version = 0 };
    MIZO_TRY(memory_may_write(s));
    memory_walk w = memory_walk_from(s, memory_key_of('R', "tt", kind, id), NULL);
    while (memory_walk_next(&w, &c, &v))
        was = read_record(c, v);
    bool same = was.version && strcmp(was.json, json) == 0;
    memory_set_changed(changed, !same);
    if (same)
        return MIZO_OK;
    memory_key k = memory_key_of('R', "tti", kind, id, was.version + 1);
    return memory_put(s, &k, "it", s->batch, json);
}

mizo_err memory_record_put(store *base, const char *kind, const char *id, const char *json, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_record(s, kind, id, json, changed);
    kv_leave(s->db);
    return e;
}

static mizo_err scan_records(memory_store *s, memory_key prefix, bool every,
                             mizo_err (*fn)(void *, const store_record *), void *arg)
{
    kv_value c, v;
    store_record last = { .version = 0 };
    memory_walk w = memory_walk_from(s, prefix, NULL);
    while (memory_walk_next(&w, &c, &v)) {
        store_record r = read_record(c, v);
        if (last.version && (every || strcmp(last.id, r.id)))
            MIZO_TRY(fn(arg, &last));
        last = r;
    }
    return last.version ? fn(arg, &last) : MIZO_OK;
}

mizo_err memory_record_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = scan_records(s, id ? memory_key_of('R', "tt", kind, id) : memory_key_of('R', "t", kind),
                              false, fn, arg);
    kv_leave(s->db);
    return e;
}

mizo_err memory_record_versions(store *base, const char *kind, const char *id,
                                mizo_err (*fn)(void *, const store_record *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = scan_records(s, memory_key_of('R', "tt", kind, id), true, fn, arg);
    kv_leave(s->db);
    return e;
}

/* ---- records from the last id, and secrets ---- */

typedef struct record_list {
    store_record *r;
    size_t n, cap;
    const char *before;
} record_list;

static mizo_err list_record(void *arg, const store_record *r)
{
    record_list *l = arg;
    if (l->before && strcmp(r->id, l->before) >= 0)
        return MIZO_OK;
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 64;
        store_record *more = realloc(l->r, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        l->r = more;
        l->cap = cap;
    }
    l->r[l->n++] = *r;
    return MIZO_OK;
}

mizo_err memory_record_newest(store *base, const char *kind, const char *before,
                              mizo_err (*fn)(void *, const store_record *), void *arg)
{
    memory_store *s = (memory_store *)base;
    record_list l = { .before = before };
    kv_enter(s->db);
    mizo_err e = scan_records(s, memory_key_of('R', "t", kind), false, list_record, &l);
    while (!e && l.n)
        e = fn(arg, &l.r[--l.n]);
    kv_leave(s->db);
    free(l.r);
    return e;
}

static store_record read_secret(kv_value c, kv_value v)
{
    store_record r = { .kind = memory_text(&c), .version = 1 };
    r.id = memory_text(&c);
    r.batch = memory_number(&v);
    r.json = memory_text(&v);
    return r;
}

static mizo_err put_secret(memory_store *s, const char *kind, const char *id, const char *json, bool *changed)
{
    kv_value v;
    MIZO_TRY(memory_may_write(s));
    memory_key k = memory_key_of('X', "tt", kind, id);
    bool found = memory_get(s, &k, &v);
    (void)(found && memory_number(&v)); /* the batch */
    bool same = json ? found && strcmp(memory_text(&v), json) == 0 : !found;
    memory_set_changed(changed, !same);
    if (same)
        return MIZO_OK;
    if (json)
        return memory_put(s, &k, "it", s->batch, json);
    kv_delete(s->db, k.p, k.n);
    return MIZO_OK;
}

mizo_err memory_secret_put(store *base, const char *kind, const char *id, const char *json, bool *changed)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = put_secret(s, kind, id, json, changed);
    kv_leave(s->db);
    return e;
}

mizo_err memory_secret_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_walk w =
        memory_walk_from(s, id ? memory_key_of('X', "tt", kind, id) : memory_key_of('X', "t", kind), NULL);
    while (!e && memory_walk_next(&w, &c, &v)) {
        store_record r = read_secret(c, v);
        e = fn(arg, &r);
    }
    kv_leave(s->db);
    return e;
}
