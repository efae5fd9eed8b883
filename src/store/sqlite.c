/* sqlite.c: the embedded member: statements, batches, snapshots, checkpoints. */
#include "store/sqlite.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "store/lock.h"

/* ---- errors ---- */

mizo_err sqlite_error(sqlite_store *s, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return MIZO_OK;
    case SQLITE_NOMEM:
        return MIZO_ENOMEM;
    case SQLITE_FULL:
        return MIZO_EFULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return MIZO_EBUSY;
    case SQLITE_INTERRUPT:
        return MIZO_ECANCELED;
    case SQLITE_TOOBIG:
        return MIZO_ERANGE;
    case SQLITE_IOERR:
        if (rc == SQLITE_IOERR_NOMEM)
            return MIZO_ENOMEM;
        if ((rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC) && !planted("sync-forgiven"))
            s->broken = true; /* what the disk holds is unknown: the first failed sync is final */
        return MIZO_ESTORE;
    default:
        return MIZO_ESTORE;
    }
}

mizo_err sqlite_may_write(sqlite_store *s)
{
    if (s->broken || !s->writable || !s->in_batch)
        return MIZO_ESTORE;
    /* SQLite may roll back by itself on a full disk or out of memory; a write after that would
     * stand alone, outside the batch. */
    if (!s->batch_err && sqlite3_get_autocommit(s->db))
        s->batch_err = MIZO_ESTORE;
    return s->batch_err;
}

mizo_err sqlite_wrote(sqlite_store *s, mizo_err e)
{
    if (e && !s->batch_err)
        s->batch_err = e;
    s->writes++;
    if (planted("partial-commit") && s->writes % 3 == 0) {
        (void)query_run(s, STMT_COMMIT, "");
        (void)query_run(s, STMT_BEGIN, "");
    }
    return e;
}

/* ---- statements ---- */

static int bind_all(sqlite3_stmt *st, const char *letters, va_list ap)
{
    int rc = SQLITE_OK;
    for (int i = 1; letters[i - 1] && rc == SQLITE_OK; i++) {
        switch (letters[i - 1]) {
        case 'i':
            rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
            break;
        case 't':
            rc = sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
            break;
        case 'b': {
            const void *p = va_arg(ap, const void *);
            size_t n = va_arg(ap, size_t);
            rc = p ? sqlite3_bind_blob64(st, i, p, n, SQLITE_STATIC) : sqlite3_bind_null(st, i);
            break;
        }
        default:
            assert(letters[i - 1] == 'n');
            rc = sqlite3_bind_null(st, i);
        }
    }
    return rc;
}

static query start(sqlite_store *s, stmt id, const char *letters, va_list ap)
{
    query q = { .s = s, .id = id, .own = s->in_use[id] };
    if (q.own) {
        q.rc = sqlite3_prepare_v2(s->db, sql_statement[id], -1, &q.st, NULL);
    } else {
        if (!s->stmt[id])
            q.rc = sqlite3_prepare_v3(s->db, sql_statement[id], -1, SQLITE_PREPARE_PERSISTENT, &s->stmt[id],
                                      NULL);
        q.st = s->stmt[id];
        s->in_use[id] = q.st != NULL;
    }
    if (q.rc == SQLITE_OK)
        q.rc = bind_all(q.st, letters, ap);
    return q;
}

query query_start(sqlite_store *s, stmt id, const char *letters, ...)
{
    va_list ap;
    va_start(ap, letters);
    query q = start(s, id, letters, ap);
    va_end(ap);
    return q;
}

bool query_next(query *q)
{
    if (q->rc != SQLITE_OK && q->rc != SQLITE_ROW)
        return false;
    q->rc = sqlite3_step(q->st);
    return q->rc == SQLITE_ROW;
}

mizo_err query_end(query *q)
{
    int rc = q->rc;
    if (q->own) {
        sqlite3_finalize(q->st);
    } else if (q->st) {
        sqlite3_reset(q->st);
        q->s->in_use[q->id] = false;
    }
    q->st = NULL;
    return sqlite_error(q->s, rc);
}

mizo_err query_run(sqlite_store *s, stmt id, const char *letters, ...)
{
    va_list ap;
    va_start(ap, letters);
    query q = start(s, id, letters, ap);
    va_end(ap);
    while (query_next(&q))
        ;
    return query_end(&q);
}

/* ---- batches ---- */

static void leave_batch(sqlite_store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        (void)query_run(s, STMT_ROLLBACK, "");
    s->in_batch = false;
    moves_free(s);
    lock_give(s->lock);
}

static mizo_err batch_row(sqlite_store *s, store_batch *b)
{
    MIZO_TRY(query_run(s, STMT_BATCH_ADD, "itttt", (int64_t)b->known, b->actor ? b->actor : "",
                       b->source ? b->source : "", b->note ? b->note : "", b->hash));
    b->id = s->base.batch = s->batch = sqlite3_last_insert_rowid(s->db);
    s->base.known = b->known;
    return MIZO_OK;
}

static mizo_err batch_begin(store *base, store_batch *b)
{
    sqlite_store *s = (sqlite_store *)base;
    if (s->broken || !s->writable)
        return MIZO_ESTORE;
    if (s->in_batch || s->in_snapshot)
        return MIZO_EBUSY;
    MIZO_TRY(lock_take(s->lock, (int)test_number("MIZO_TEST_WAIT_MS", STORE_WAIT_MS)));
    mizo_err e = query_run(s, STMT_BEGIN, "");
    s->in_batch = true;
    s->batch_err = MIZO_OK;
    s->known = b->known;
    s->last_loaded = s->head_loaded = false;
    s->writes = 0;
    if (!e)
        e = batch_row(s, b);
    if (e)
        leave_batch(s);
    return e;
}

static mizo_err batch_commit(store *base)
{
    sqlite_store *s = (sqlite_store *)base;
    mizo_err e = sqlite_may_write(s);
    if (!e)
        e = moves_write(s);
    if (!e) {
        e = query_run(s, STMT_COMMIT, "");
        /* A commit that failed for a reason other than room or memory may or may not be found
         * after the next start: nobody may build on this connection. */
        if (e == MIZO_ESTORE && !planted("sync-forgiven"))
            s->broken = true;
    }
    if (s->in_batch)
        leave_batch(s);
    return e;
}

static void batch_rollback(store *base)
{
    sqlite_store *s = (sqlite_store *)base;
    if (s->in_batch)
        leave_batch(s);
}

static mizo_err batch_note(store *base, const char *note)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    return sqlite_wrote(s, query_run(s, STMT_BATCH_NOTE, "it", s->batch, note));
}

static mizo_err batch_scan(store *base, int64_t after, mizo_err (*fn)(void *, const store_batch *), void *arg)
{
    query q = query_start((sqlite_store *)base, STMT_BATCH_SCAN, "i", after);
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        store_batch b = { .id = column_int(&q, 0),
                          .known = column_int(&q, 1),
                          .actor = column_text(&q, 2),
                          .source = column_text(&q, 3),
                          .note = column_text(&q, 4) };
        const char *hash = column_text(&q, 5);
        size_t n = strnlen(hash, sizeof b.hash - 1);
        memcpy(b.hash, hash, n);
        told = fn(arg, &b);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

mizo_err sqlite_known(sqlite_store *s, int64_t batch, mizo_ms *known)
{
    if (s->known_batch != batch) {
        query q = query_start(s, STMT_BATCH_KNOWN, "i", batch);
        bool found = query_next(&q);
        mizo_ms t = found ? column_int(&q, 0) : 0;
        MIZO_TRY(query_end(&q));
        if (!found)
            return MIZO_ESTORE; /* a row of a batch that is not there */
        s->known_batch = batch;
        s->known_ms = t;
    }
    *known = s->known_ms;
    return MIZO_OK;
}

mizo_day sqlite_knowledge_day(const sqlite_store *s, mizo_ms known)
{
    return mizo_slot_day(mizo_ms_slot(known), s->offset);
}

/* ---- snapshots ---- */

static mizo_err snapshot_begin(sqlite_store *s)
{
    mizo_err e = query_run(s, STMT_SNAPSHOT, "");
    if (!e)
        e = query_run(s, STMT_LOOK, ""); /* a snapshot begins with the first look */
    if (e && !sqlite3_get_autocommit(s->db))
        (void)query_run(s, STMT_ROLLBACK, "");
    return e;
}

static mizo_err snapshot(store *base, bool begin)
{
    sqlite_store *s = (sqlite_store *)base;
    if (begin == s->in_snapshot)
        return begin ? MIZO_EBUSY : MIZO_OK;
    if (begin && !s->in_batch)
        MIZO_TRY(snapshot_begin(s));
    s->in_snapshot = begin;
    if (!begin && !s->in_batch && !sqlite3_get_autocommit(s->db))
        return query_run(s, STMT_ROLLBACK, ""); /* nothing was written: the end of a read */
    return MIZO_OK;
}

bool sqlite_snap(sqlite_store *s, mizo_err *e)
{
    *e = MIZO_OK;
    if (s->in_batch || s->in_snapshot)
        return false;
    *e = snapshot((store *)s, true);
    return *e == MIZO_OK;
}

void sqlite_unsnap(sqlite_store *s, bool mine)
{
    if (mine)
        (void)snapshot((store *)s, false);
}

/* ---- keeping house ---- */

static mizo_err checkpoint(store *base)
{
    sqlite_store *s = (sqlite_store *)base;
    if (s->broken || !s->writable)
        return MIZO_ESTORE;
    if (s->in_batch || s->in_snapshot)
        return MIZO_EBUSY;
    MIZO_TRY(lock_take(s->lock, (int)test_number("MIZO_TEST_WAIT_MS", STORE_WAIT_MS)));
    /* A reader that stays open must not hold the writer: what can be moved is moved. */
    sqlite3_busy_timeout(s->db, 50);
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(s->db, STORE_WAIT_MS);
    lock_give(s->lock);
    return sqlite_error(s, rc == SQLITE_OK ? rc : sqlite3_extended_errcode(s->db));
}

static mizo_err data_version(store *base, int64_t *version)
{
    query q = query_start((sqlite_store *)base, STMT_DATA_VERSION, "");
    if (query_next(&q))
        *version = column_int(&q, 0);
    return query_end(&q);
}

const store_ops store_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .batch_begin = batch_begin,
    .batch_commit = batch_commit,
    .batch_rollback = batch_rollback,
    .batch_scan = batch_scan,
    .batch_note = batch_note,
    .series_id = sqlite_series_id,
    .series_scan = sqlite_series_scan,
    .day_put = sqlite_day_put,
    .day_get = sqlite_day_get,
    .days_of = sqlite_days_of,
    .days_all = sqlite_days_all,
    .day_span = sqlite_day_span,
    .period_put = sqlite_period_put,
    .period_scan = sqlite_period_scan,
    .session_put = sqlite_session_put,
    .session_scan = sqlite_session_scan,
    .model_put = sqlite_model_put,
    .model_get = sqlite_model_get,
    .record_put = sqlite_record_put,
    .record_scan = sqlite_record_scan,
    .record_versions = sqlite_record_versions,
    .record_newest = sqlite_record_newest,
    .secret_put = sqlite_secret_put,
    .secret_scan = sqlite_secret_scan,
    .entry_append = sqlite_entry_append,
    .entry_head = sqlite_entry_head,
    .entry_scan = sqlite_entry_scan,
    .entry_days = sqlite_entry_days,
    .entry_ref = sqlite_entry_ref,
    .balance_get = sqlite_balance_get,
    .balance_scan = sqlite_balance_scan,
    .snapshot = snapshot,
    .checkpoint = checkpoint,
    .data_version = data_version,
    .verify = sqlite_verify,
    .medium = sqlite_medium,
    .person_put = sqlite_person_put,
    .person_scan = sqlite_person_scan,
    .key_put = sqlite_key_put,
    .key_get = sqlite_key_get,
    .key_drop = sqlite_key_drop,
};
