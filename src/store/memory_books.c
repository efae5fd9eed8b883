/* memory_books.c: the journal and its balances in the simulated member. */
#include <string.h>

#include "store/memory.h"
#include "store/slots.h"

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
    e.from = memory_text(&v);
    e.to = memory_text(&v);
    e.unit = memory_text(&v);
    e.kind = memory_text(&v);
    e.ref = memory_text(&v);
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
    memory_key k = memory_key_of('A', "itt", (int64_t)day, account, unit);
    kv_value v;
    if (memory_get(s, &k, &v))
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
    memory_key k = memory_key_of('A', "itt", (int64_t)day, account, e->unit);
    return memory_put(s, &k, "b", &b, sizeof b);
}

static mizo_err append(memory_store *s, store_entry *e, const uint8_t hash[32])
{
    int64_t seq;
    MIZO_TRY(memory_may_write(s));
    if (!slots_agree(e->slots, e->amount) || e->day == MIZO_DAY_NONE)
        return MIZO_EINPUT;
    MIZO_TRY(memory_count(s, "entry", &seq));
    kept_entry kept = {
        .day = e->day, .batch = s->batch, .amount = e->amount, .has_slots = e->slots != NULL
    };
    if (e->slots)
        memcpy(kept.slots, e->slots, sizeof kept.slots);
    memcpy(kept.hash, hash, 32);
    memory_key k = memory_key_of('E', "i", seq);
    MIZO_TRY(memory_put(s, &k, "bttttt", &kept, sizeof kept, e->from, e->to, e->unit, e->kind, e->ref));
    k = memory_key_of('Y', "ii", (int64_t)e->day, seq);
    MIZO_TRY(memory_put(s, &k, ""));
    k = memory_key_of('F', "ti", e->ref ? e->ref : "", seq);
    MIZO_TRY(memory_put(s, &k, ""));
    MIZO_TRY(move_one(s, e->from, e, e->day, -1));
    MIZO_TRY(move_one(s, e->from, e, MIZO_DAY_NONE, -1));
    MIZO_TRY(move_one(s, e->to, e, e->day, 1));
    MIZO_TRY(move_one(s, e->to, e, MIZO_DAY_NONE, 1));
    e->seq = seq;
    e->batch = s->batch;
    memcpy(e->hash, hash, 32);
    return MIZO_OK;
}

mizo_err memory_entry_append(store *base, store_entry *e, const uint8_t hash[32])
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err err = append(s, e, hash);
    if (err && err != MIZO_EINPUT && s->in_batch && !s->batch_err)
        s->batch_err = err;
    kv_leave(s->db);
    return err;
}

mizo_err memory_entry_head(store *base, int64_t *seq, uint8_t hash[32])
{
    memory_store *s = (memory_store *)base;
    memset(hash, 0, 32);
    kv_enter(s->db);
    *seq = memory_counter(s, "entry");
    memory_key k = memory_key_of('E', "i", *seq);
    kv_value v;
    if (*seq && memory_get(s, &k, &v)) {
        kept_entry kept;
        store_entry e = read_entry(*seq, v, &kept);
        memcpy(hash, e.hash, 32);
    }
    kv_leave(s->db);
    return MIZO_OK;
}

mizo_err memory_entry_scan(store *base, int64_t after, mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_key from = memory_key_of('E', "i", after == INT64_MAX ? after : after + 1);
    memory_walk w = memory_walk_from(s, memory_key_of('E', ""), &from);
    while (!e && memory_walk_next(&w, &c, &v)) {
        kept_entry kept;
        store_entry entry = read_entry(memory_number(&c), v, &kept);
        e = fn(arg, &entry);
    }
    kv_leave(s->db);
    return e;
}

static mizo_err tell_one(memory_store *s, int64_t seq, mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    kept_entry kept;
    kv_value v;
    memory_key k = memory_key_of('E', "i", seq);
    if (!memory_get(s, &k, &v))
        return MIZO_ESTORE;
    store_entry entry = read_entry(seq, v, &kept);
    return fn(arg, &entry);
}

mizo_err memory_entry_days(store *base, mizo_day from, mizo_day to,
                           mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_key first = memory_key_of('Y', "i", (int64_t)from);
    memory_walk w = memory_walk_from(s, memory_key_of('Y', ""), &first);
    while (!e && memory_walk_next(&w, &c, &v)) {
        if (memory_number(&c) >= to)
            break;
        e = tell_one(s, memory_number(&c), fn, arg);
    }
    kv_leave(s->db);
    return e;
}

mizo_err memory_entry_ref(store *base, const char *ref, mizo_err (*fn)(void *, const store_entry *),
                          void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_walk w = memory_walk_from(s, memory_key_of('F', "t", ref), NULL);
    while (!e && memory_walk_next(&w, &c, &v)) {
        (void)memory_text(&c);
        e = tell_one(s, memory_number(&c), fn, arg);
    }
    kv_leave(s->db);
    return e;
}

mizo_err memory_balance_get(store *base, const char *account, const char *unit, mizo_day day, int64_t *total,
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

mizo_err memory_balance_scan(store *base, mizo_day from, mizo_day to,
                             mizo_err (*fn)(void *, const char *, const char *, mizo_day, int64_t,
                                            const int64_t *),
                             void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_key first = memory_key_of('A', "i", (int64_t)from);
    memory_walk w = memory_walk_from(s, memory_key_of('A', ""), &first);
    while (!e && memory_walk_next(&w, &c, &v)) {
        kept_balance b;
        memcpy(&b, v.p, sizeof b);
        mizo_day day = (mizo_day)memory_number(&c);
        if (day > to)
            break;
        const char *account = memory_text(&c), *unit = memory_text(&c);
        e = fn(arg, account, unit, day, b.total, b.has_slots ? b.slots : NULL);
    }
    kv_leave(s->db);
    return e;
}
