/* memory_people.c: people's sealed rows and their keys in the simulated member. */
#include <string.h>

#include "store/memory.h"

mizo_err memory_person_put(store *base, const char *id, const void *sealed, size_t n)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = memory_may_write(s);
    memory_key k = memory_key_of('L', "t", id);
    if (!e)
        e = memory_put(s, &k, "ib", s->batch, sealed, n);
    kv_leave(s->db);
    return e;
}

mizo_err memory_person_scan(store *base, const char *id,
                            mizo_err (*fn)(void *, const char *, int64_t, const void *, size_t), void *arg)
{
    memory_store *s = (memory_store *)base;
    kv_value c, v;
    mizo_err e = MIZO_OK;
    kv_enter(s->db);
    memory_walk w = memory_walk_from(s, id ? memory_key_of('L', "t", id) : memory_key_of('L', ""), NULL);
    while (!e && memory_walk_next(&w, &c, &v)) {
        int64_t batch = memory_number(&v);
        e = fn(arg, memory_text(&c), batch, v.p, v.n);
    }
    kv_leave(s->db);
    return e;
}

/* ---- keys: each change is a transaction of its own ---- */

static mizo_err key_begin(memory_store *s)
{
    if (!s->writable)
        return MIZO_ESTORE;
    return s->in_batch ? MIZO_EBUSY : kv_begin(s->db, &s->txn);
}

mizo_err memory_key_put(store *base, size_t n, const char *const *id, const uint8_t *key)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = key_begin(s);
    if (!e) {
        for (size_t i = 0; i < n && !e; i++) {
            memory_key k = memory_key_of('K', "t", id[i]);
            e = kv_put(s->db, k.p, k.n, key + 32 * i, 32);
        }
        if (e)
            kv_rollback(s->db);
        else
            kv_commit(s->db);
        s->own_commits += !e;
    }
    kv_leave(s->db);
    return e;
}

mizo_err memory_key_get(store *base, const char *id, uint8_t key[32])
{
    memory_store *s = (memory_store *)base;
    kv_value v;
    kv_enter(s->db);
    memory_key k = memory_key_of('K', "t", id);
    bool found = memory_get(s, &k, &v) && v.n == 32;
    if (found)
        memcpy(key, v.p, 32);
    kv_leave(s->db);
    return found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err memory_key_drop(store *base, const char *id)
{
    memory_store *s = (memory_store *)base;
    uint8_t key[32];
    MIZO_TRY(memory_key_get(base, id, key));
    kv_enter(s->db);
    memory_key k = memory_key_of('K', "t", id);
    mizo_err e = key_begin(s);
    if (!e) {
        kv_delete(s->db, k.p, k.n);
        kv_commit(s->db);
        s->own_commits++;
        kv_value v;
        e = memory_get(s, &k, &v) ? MIZO_ENOMEM : MIZO_OK; /* a deletion takes memory too */
    }
    kv_leave(s->db);
    return e;
}
