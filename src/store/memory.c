/* memory.c: the simulated member: the same contract, in memory, for tests and scratch runs.
 *
 * memory_rows.c reads and writes rows, memory_days.c, memory_keep.c and memory_books.c know the tables.
 * Rows are bytes in an ordered map (kv.h). A key is a letter for the table and its
 * columns; numbers are big-endian with the sign turned, so that bytes sort as numbers.
 *   B batch | S owner quantity role exponent step -> id | s id | D day series | W series day batch
 *   P point quantity from to batch | V arrive vehicle | M hash | m use | R kind id version
 *   E seq | Y day seq | F ref seq | A day account unit | L person | K person's key | N counter
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/store.h"
#include "store/memory.h"

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
    memory_key k = memory_key_of('B', "i", s->batch);
    return memory_put(s, &k, "itttt", (int64_t)b->known, b->actor, b->source, b->note, b->hash);
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
    mizo_err e = memory_count(s, "batch", &s->batch);
    if (!e)
        e = write_batch(s, b);
    if (e) {
        kv_rollback(s->db);
        s->in_batch = false;
        return e;
    }
    b->id = s->base.batch = s->batch;
    s->base.known = b->known;
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
    mizo_err e = memory_may_write(s);
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
    store_batch b = { .id = id, .known = memory_number(&v) };
    b.actor = memory_text(&v);
    b.source = memory_text(&v);
    b.note = memory_text(&v);
    const char *hash = memory_text(&v);
    memcpy(b.hash, hash, strnlen(hash, sizeof b.hash - 1));
    return b;
}

static mizo_err batch_note(store *base, const char *note)
{
    memory_store *s = (memory_store *)base;
    kv_enter(s->db);
    mizo_err e = memory_may_write(s);
    if (!e) {
        memory_key k = memory_key_of('B', "i", s->batch);
        kv_value v;
        bool found = memory_get(s, &k, &v);
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
    memory_key from = memory_key_of('B', "i", after == INT64_MAX ? after : after + 1);
    memory_walk w = memory_walk_from(s, memory_key_of('B', ""), &from);
    while (!e && memory_walk_next(&w, &c, &v)) {
        store_batch b = read_batch(memory_number(&c), v);
        e = fn(arg, &b);
    }
    kv_leave(s->db);
    return e;
}

mizo_ms memory_known(memory_store *s, int64_t batch)
{
    memory_key k = memory_key_of('B', "i", batch);
    kv_value v;
    return memory_get(s, &k, &v) ? memory_number(&v) : INT64_MIN;
}

bool memory_same_day(memory_store *s, int64_t batch)
{
    mizo_day then = mizo_slot_day(mizo_ms_slot(memory_known(s, batch)), MIZO_JAPAN_OFFSET);
    return batch == s->batch || then == mizo_slot_day(mizo_ms_slot(s->known), MIZO_JAPAN_OFFSET);
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
    mizo_err e = memory_days_all(base, INT32_MIN, INT32_MAX, check_day, NULL);
    if (e == MIZO_EINPUT)
        MIZO_DIAG(d, STORE_BAD_BLOCK, MIZO_NOWHERE, "day", "?", "?");
    return e;
}

static mizo_err medium(store *base, store_medium part, mizo_diags *d)
{
    return part == STORE_MEDIUM_ROWS ? verify(base, d) : MIZO_OK;
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
    .series_id = memory_series_id,
    .series_scan = memory_series_scan,
    .day_put = memory_day_put,
    .day_get = memory_day_get,
    .days_of = memory_days_of,
    .days_all = memory_days_all,
    .day_span = memory_day_span,
    .period_put = memory_period_put,
    .period_scan = memory_period_scan,
    .session_put = memory_session_put,
    .session_scan = memory_session_scan,
    .model_put = memory_model_put,
    .model_get = memory_model_get,
    .record_put = memory_record_put,
    .record_scan = memory_record_scan,
    .record_versions = memory_record_versions,
    .record_newest = memory_record_newest,
    .secret_put = memory_secret_put,
    .secret_scan = memory_secret_scan,
    .entry_append = memory_entry_append,
    .entry_head = memory_entry_head,
    .entry_scan = memory_entry_scan,
    .entry_days = memory_entry_days,
    .entry_ref = memory_entry_ref,
    .balance_get = memory_balance_get,
    .balance_scan = memory_balance_scan,
    .snapshot = snapshot,
    .checkpoint = checkpoint,
    .data_version = data_version,
    .verify = verify,
    .medium = medium,
    .person_put = memory_person_put,
    .person_scan = memory_person_scan,
    .key_put = memory_key_put,
    .key_get = memory_key_get,
    .key_drop = memory_key_drop,
};
