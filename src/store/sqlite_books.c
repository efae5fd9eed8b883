/* sqlite_books.c: the journal, append-only, and the balances that move with it. */
#include <string.h>

#include "store/slots.h"
#include "store/sqlite.h"

mizo_err sqlite_entry_head(store *base, int64_t *seq, uint8_t hash[32])
{
    query q = query_start((sqlite_store *)base, STMT_ENTRY_HEAD, "");
    *seq = 0;
    memset(hash, 0, 32);
    bool whole = true;
    if (query_next(&q)) {
        *seq = column_int(&q, 0);
        whole = sqlite3_column_bytes(q.st, 1) == 32;
        if (whole)
            memcpy(hash, sqlite3_column_blob(q.st, 1), 32);
    }
    MIZO_TRY(query_end(&q));
    return whole ? MIZO_OK : MIZO_ESTORE;
}

/* ---- balances ---- */

typedef struct balance {
    int64_t total;
    bool has_slots;
    int64_t slots[48];
} balance;

static mizo_err balance_read(sqlite_store *s, const char *account, const char *unit, mizo_day day, balance *b)
{
    memset(b, 0, sizeof *b);
    query q = query_start(s, STMT_BALANCE_GET, "itt", (int64_t)day, account, unit);
    mizo_err bad = MIZO_OK;
    if (query_next(&q)) {
        b->total = column_int(&q, 0);
        b->has_slots = sqlite3_column_type(q.st, 1) != SQLITE_NULL;
        if (b->has_slots &&
            slots_decode(sqlite3_column_blob(q.st, 1), (size_t)sqlite3_column_bytes(q.st, 1), b->slots))
            bad = MIZO_ESTORE;
    }
    mizo_err e = query_end(&q);
    return e ? e : bad;
}

mizo_err sqlite_balance_get(store *base, const char *account, const char *unit, mizo_day day, int64_t *total,
                            int64_t slots[48])
{
    sqlite_store *s = (sqlite_store *)base;
    balance b;
    if (s->in_batch)
        return sqlite_wrote(s, moves_get(s, account, unit, day, total, day != MIZO_DAY_NONE ? slots : NULL));
    MIZO_TRY(balance_read(s, account, unit, day, &b));
    *total = b.total;
    if (day != MIZO_DAY_NONE && slots)
        memcpy(slots, b.slots, sizeof b.slots);
    return MIZO_OK;
}

mizo_err sqlite_balance_scan(store *base, mizo_day from, mizo_day to,
                             mizo_err (*fn)(void *, const char *, const char *, mizo_day, int64_t,
                                            const int64_t *),
                             void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    if (s->in_batch)
        MIZO_TRY(sqlite_wrote(s, moves_write(s)));
    query q = query_start(s, STMT_BALANCE_SCAN, "ii", (int64_t)from, (int64_t)to);
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        int64_t slots[48];
        const uint8_t *p = sqlite3_column_blob(q.st, 4);
        size_t n = (size_t)sqlite3_column_bytes(q.st, 4);
        if (p && slots_decode(p, n, slots))
            told = MIZO_ESTORE;
        else
            told = fn(arg, column_text(&q, 1), column_text(&q, 2), (mizo_day)column_int(&q, 0),
                      column_int(&q, 3), p ? slots : NULL);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

/* ---- entries ---- */

/* The last number, looked up once a batch: the lock is ours until its end. */
static mizo_err batch_head(sqlite_store *s, int64_t *head)
{
    uint8_t last[32];
    if (!s->head_loaded)
        MIZO_TRY(sqlite_entry_head(&s->base, &s->head, last));
    s->head_loaded = true;
    *head = s->head;
    return MIZO_OK;
}

static mizo_err append(sqlite_store *s, store_entry *e, const uint8_t hash[32])
{
    int64_t head, wide[48];
    uint8_t bytes[SLOTS_MAX];
    size_t n = 0;
    MIZO_TRY(batch_head(s, &head));
    if (e->slots) {
        for (int i = 0; i < 48; i++)
            wide[i] = e->slots[i];
        n = slots_encode(wide, bytes);
    }
    MIZO_TRY(query_run(s, STMT_ENTRY_ADD, "iiitttttibb", head + 1, s->batch, (int64_t)e->day, e->from, e->to,
                       e->unit, e->kind, e->ref ? e->ref : "", e->amount, n ? bytes : NULL, n, hash,
                       (size_t)32));
    MIZO_TRY(moves_add(s, e));
    e->seq = s->head = head + 1;
    e->batch = s->batch;
    memcpy(e->hash, hash, 32);
    return MIZO_OK;
}

mizo_err sqlite_entry_append(store *base, store_entry *e, const uint8_t hash[32])
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    if (!slots_agree(e->slots, e->amount) || e->day == MIZO_DAY_NONE)
        return MIZO_EINPUT;
    return sqlite_wrote(s, append(s, e, hash));
}

static mizo_err tell_entry(query *q, mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    int32_t slots[48];
    int64_t wide[48];
    store_entry e = { .seq = column_int(q, 0),
                      .batch = column_int(q, 1),
                      .day = (mizo_day)column_int(q, 2),
                      .from = column_text(q, 3),
                      .to = column_text(q, 4),
                      .unit = column_text(q, 5),
                      .kind = column_text(q, 6),
                      .ref = column_text(q, 7),
                      .amount = column_int(q, 8) };
    const uint8_t *p = sqlite3_column_blob(q->st, 9);
    if (p) {
        if (slots_decode(p, (size_t)sqlite3_column_bytes(q->st, 9), wide))
            return MIZO_ESTORE;
        for (int i = 0; i < 48; i++)
            slots[i] = (int32_t)wide[i];
        e.slots = slots;
    }
    if (sqlite3_column_bytes(q->st, 10) != 32)
        return MIZO_ESTORE;
    memcpy(e.hash, sqlite3_column_blob(q->st, 10), 32);
    return fn(arg, &e);
}

static mizo_err tell_entries(query q, mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q))
        told = tell_entry(&q, fn, arg);
    mizo_err e = query_end(&q);
    return told ? told : e;
}

mizo_err sqlite_entry_scan(store *base, int64_t after, mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    return tell_entries(query_start((sqlite_store *)base, STMT_ENTRY_SCAN, "i", after), fn, arg);
}

mizo_err sqlite_entry_days(store *base, mizo_day from, mizo_day to,
                           mizo_err (*fn)(void *, const store_entry *), void *arg)
{
    return tell_entries(query_start((sqlite_store *)base, STMT_ENTRY_DAYS, "ii", (int64_t)from, (int64_t)to),
                        fn, arg);
}

mizo_err sqlite_entry_ref(store *base, const char *ref, mizo_err (*fn)(void *, const store_entry *),
                          void *arg)
{
    return tell_entries(query_start((sqlite_store *)base, STMT_ENTRY_REF, "t", ref), fn, arg);
}
