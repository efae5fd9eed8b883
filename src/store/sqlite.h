/* sqlite.h: what the files of the embedded member share. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "base/plant.h"
#include "store/store.h"
#include "store_sql.h"

enum {
    SQLITE_APPLICATION = 0x6d697a6f, /* "mizo" */
    SQLITE_PAGE = 8192,
    STORE_WAIT_MS = 10000
};

typedef struct sqlite_store {
    store base; /* first: a store * is one of these */
    sqlite3 *db;
    char *path;
    int lock; /* descriptor of PATH-lock; -1 on a reader */
    bool writable;
    bool broken; /* a sync failed, or a commit whose outcome is unknown: no write ever again */
    bool in_batch, in_snapshot;
    mizo_err batch_err; /* the first failure inside the batch: it cannot be committed */
    int64_t batch;
    mizo_ms known;    /* of the open batch */
    int offset;       /* the region's, in slots: knowledge-days are local days */
    bool last_loaded; /* of the open batch: the highest key of day, so that appends need no look */
    mizo_day last_day;
    int32_t last_series;
    int64_t known_batch; /* one remembered answer of STMT_BATCH_KNOWN */
    mizo_ms known_ms;
    long writes; /* in the open batch */
    bool head_loaded;
    int64_t head;        /* of the open batch: the last entry's number */
    struct moves *moves; /* the balances that the open batch moved; NULL: none */
    sqlite3 *keys;       /* PATH.keys; NULL: not opened yet */
    sqlite3_stmt *stmt[STMT_COUNT];
    bool in_use[STMT_COUNT];
} sqlite_store;

/* ---- one statement at work ---- */
typedef struct query {
    sqlite_store *s;
    sqlite3_stmt *st;
    stmt id;
    bool own; /* prepared for this use alone, because the kept one is busy */
    int rc;
} query;

/* Binds by letters: i int64, t text, b blob with its size_t length (NULL: null), n null. */
query query_start(sqlite_store *s, stmt id, const char *letters, ...);
bool query_next(query *q);    /* true: a row stands ready */
mizo_err query_end(query *q); /* always; what went wrong, if something did */
/* Runs a statement that gives no rows. */
mizo_err query_run(sqlite_store *s, stmt id, const char *letters, ...);

static inline int64_t column_int(const query *q, int i)
{
    return sqlite3_column_int64(q->st, i);
}
static inline const char *column_text(const query *q, int i)
{
    const char *s = (const char *)sqlite3_column_text(q->st, i);
    return s ? s : "";
}

mizo_err sqlite_error(sqlite_store *s, int rc);     /* maps, and remembers a failed sync */
mizo_err sqlite_may_write(sqlite_store *s);         /* MIZO_OK inside an unharmed batch */
mizo_err sqlite_wrote(sqlite_store *s, mizo_err e); /* keeps the first failure of the batch */
/* One snapshot over several statements, unless one is held already. */
bool sqlite_snap(sqlite_store *s, mizo_err *e);
void sqlite_unsnap(sqlite_store *s, bool mine);
mizo_err sqlite_known(sqlite_store *s, int64_t batch, mizo_ms *known);
mizo_day sqlite_knowledge_day(const sqlite_store *s, mizo_ms known);

mizo_err sqlite_open(const char *path, store_mode mode, mizo_diags *d, store **out);
void sqlite_close(store *s);
mizo_err sqlite_verify(store *s, mizo_diags *d);
mizo_err sqlite_medium(store *s, store_medium part, mizo_diags *d);

mizo_err sqlite_series_id(store *s, const mizo_series_key *key, bool create, int32_t *id);
mizo_err sqlite_series_scan(store *s, mizo_err (*fn)(void *, int32_t, const mizo_series_key *), void *arg);
mizo_err sqlite_day_put(store *s, int32_t series, mizo_day day, const uint8_t *packed, size_t len,
                        bool *changed);
mizo_err sqlite_day_get(store *s, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg);
mizo_err sqlite_days_of(store *s, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of, store_day_fn fn,
                        void *arg);
mizo_err sqlite_days_all(store *s, mizo_day from, mizo_day to, store_day_fn fn, void *arg);
mizo_err sqlite_day_span(store *s, int32_t series, mizo_day *first, mizo_day *last);

mizo_err sqlite_period_put(store *s, const store_period *p, bool *changed);
mizo_err sqlite_period_scan(store *s, const char *point, mizo_day from, mizo_day to, mizo_ms as_of,
                            mizo_err (*fn)(void *, const store_period *), void *arg);
mizo_err sqlite_session_put(store *s, const store_session *p, bool *changed);
mizo_err sqlite_session_scan(store *s, mizo_ms from, mizo_ms to,
                             mizo_err (*fn)(void *, const store_session *), void *arg);
mizo_err sqlite_model_put(store *s, const char *hash, const char *text, bool *changed);
mizo_err sqlite_model_get(store *s, const char *hash,
                          mizo_err (*fn)(void *, const char *, const char *, int64_t), void *arg);
mizo_err sqlite_record_put(store *s, const char *kind, const char *id, const char *json, bool *changed);
mizo_err sqlite_record_scan(store *s, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg);
mizo_err sqlite_record_versions(store *s, const char *kind, const char *id,
                                mizo_err (*fn)(void *, const store_record *), void *arg);

mizo_err sqlite_record_newest(store *s, const char *kind, const char *before,
                              mizo_err (*fn)(void *, const store_record *), void *arg);
mizo_err sqlite_secret_put(store *s, const char *kind, const char *id, const char *json, bool *changed);
mizo_err sqlite_secret_scan(store *s, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg);

mizo_err sqlite_entry_append(store *s, store_entry *e, const uint8_t hash[32]);
mizo_err sqlite_entry_head(store *s, int64_t *seq, uint8_t hash[32]);
mizo_err sqlite_entry_scan(store *s, int64_t after, mizo_err (*fn)(void *, const store_entry *), void *arg);
mizo_err sqlite_entry_days(store *s, mizo_day from, mizo_day to, mizo_err (*fn)(void *, const store_entry *),
                           void *arg);
mizo_err sqlite_entry_ref(store *s, const char *ref, mizo_err (*fn)(void *, const store_entry *), void *arg);
mizo_err sqlite_balance_get(store *s, const char *account, const char *unit, mizo_day day, int64_t *total,
                            int64_t slots[48]);
mizo_err sqlite_balance_scan(store *s, mizo_day from, mizo_day to,
                             mizo_err (*fn)(void *, const char *, const char *, mizo_day, int64_t,
                                            const int64_t *),
                             void *arg);

/* ---- balances that a batch has moved: gathered, and written once each ---- */

mizo_err moves_add(sqlite_store *s, const store_entry *e);
mizo_err moves_get(sqlite_store *s, const char *account, const char *unit, mizo_day day, int64_t *total,
                   int64_t slots[48]);
mizo_err moves_write(sqlite_store *s); /* before the commit, and before a scan of the balances */
void moves_free(sqlite_store *s);      /* with the batch */

mizo_err sqlite_person_put(store *s, const char *id, const void *sealed, size_t n);
mizo_err sqlite_person_scan(store *s, const char *id,
                            mizo_err (*fn)(void *, const char *, int64_t, const void *, size_t), void *arg);
mizo_err sqlite_key_put(store *s, size_t n, const char *const *id, const uint8_t *key);
mizo_err sqlite_key_get(store *s, const char *id, uint8_t key[32]);
mizo_err sqlite_key_drop(store *s, const char *id);
#endif
