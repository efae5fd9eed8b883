/* memory.h: the inside of the simulated member. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "store/kv.h"
#include "store/store.h"

typedef struct memory_store {
    store base;
    kv_db *db;
    bool writable, in_batch, in_snapshot;
    int64_t snap, txn, own_commits;
    int64_t batch;      /* the one in hand */
    mizo_ms known;      /* its instant of knowledge */
    mizo_err batch_err; /* its first failure: it can only be rolled back */
} memory_store;

/* ---- rows: memory_rows.c. Callers hold kv_enter ---- */

typedef struct memory_key {
    uint8_t p[KV_KEY_MAX];
    size_t n;
} memory_key;

/* The key of a table's row, or the prefix of several: letters i (int64_t) and t (text) name the columns. */
memory_key memory_key_of(char table, const char *letters, ...);
/* The row as the store sees it now: its snapshot, or the batch in hand. v is borrowed until it changes. */
bool memory_get(memory_store *s, const memory_key *k, kv_value *v);
/* Writes a row: letters i int64_t, t text (NULL: empty), b bytes and a size_t. A failure spoils the batch. */
mizo_err memory_put(memory_store *s, const memory_key *k, const char *letters, ...);
/* Take the next column off a key's columns or a value. */
int64_t memory_number(kv_value *v);
const char *memory_text(kv_value *v);

/* Walks the rows that begin with prefix. */
typedef struct memory_walk {
    memory_store *s;
    memory_key prefix;
    kv_node *node;
    kv_eye eye;
} memory_walk;

/* From the first of them, or from the key `from`. */
memory_walk memory_walk_from(memory_store *s, memory_key prefix, const memory_key *from);
/* The next row that is seen: columns of its key after the table's letter, and its value. */
bool memory_walk_next(memory_walk *w, kv_value *columns, kv_value *v);

/* A counter's last number (0: none yet), and the next one, written. */
int64_t memory_counter(memory_store *s, const char *name);
mizo_err memory_count(memory_store *s, const char *name, int64_t *next);
/* MIZO_OK inside an unharmed batch. */
mizo_err memory_may_write(memory_store *s);
/* changed may be NULL. */
void memory_set_changed(bool *changed, bool value);

/* ---- batches: memory.c ---- */

/* When a batch became known; INT64_MIN: no such batch. */
mizo_ms memory_known(memory_store *s, int64_t batch);
/* True if a batch became known on the day on which the one in hand did: it is replaced, not kept. */
bool memory_same_day(memory_store *s, int64_t batch);

/* ---- the members of the table ---- */

mizo_err memory_series_id(store *base, const mizo_series_key *sk, bool create, int32_t *id);
mizo_err memory_series_scan(store *base, mizo_err (*fn)(void *, int32_t, const mizo_series_key *), void *arg);
mizo_err memory_day_put(store *base, int32_t series, mizo_day day, const uint8_t *packed, size_t len,
                        bool *changed);
mizo_err memory_day_get(store *base, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg);
mizo_err memory_days_of(store *base, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of,
                        store_day_fn fn, void *arg);
mizo_err memory_days_all(store *base, mizo_day from, mizo_day to, store_day_fn fn, void *arg);
mizo_err memory_day_span(store *base, int32_t series, mizo_day *first, mizo_day *last);

mizo_err memory_period_put(store *base, const store_period *p, bool *changed);
mizo_err memory_period_scan(store *base, const char *point, mizo_day from, mizo_day to, mizo_ms as_of,
                            mizo_err (*fn)(void *, const store_period *), void *arg);
mizo_err memory_session_put(store *base, const store_session *p, bool *changed);
mizo_err memory_session_scan(store *base, mizo_ms from, mizo_ms to,
                             mizo_err (*fn)(void *, const store_session *), void *arg);
mizo_err memory_model_put(store *base, const char *hash, const char *text, bool *changed);
mizo_err memory_model_get(store *base, const char *hash,
                          mizo_err (*fn)(void *, const char *, const char *, int64_t), void *arg);
mizo_err memory_record_put(store *base, const char *kind, const char *id, const char *json, bool *changed);
mizo_err memory_record_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg);
mizo_err memory_record_versions(store *base, const char *kind, const char *id,
                                mizo_err (*fn)(void *, const store_record *), void *arg);

mizo_err memory_record_newest(store *base, const char *kind, const char *before,
                              mizo_err (*fn)(void *, const store_record *), void *arg);
mizo_err memory_secret_put(store *base, const char *kind, const char *id, const char *json, bool *changed);
mizo_err memory_secret_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg);

mizo_err memory_entry_append(store *base, store_entry *e, const uint8_t hash[32]);
mizo_err memory_entry_head(store *base, int64_t *seq, uint8_t hash[32]);
mizo_err memory_entry_scan(store *base, int64_t after, mizo_err (*fn)(void *, const store_entry *),
                           void *arg);
mizo_err memory_entry_days(store *base, mizo_day from, mizo_day to,
                           mizo_err (*fn)(void *, const store_entry *), void *arg);
mizo_err memory_entry_ref(store *base, const char *ref, mizo_err (*fn)(void *, const store_entry *),
                          void *arg);
mizo_err memory_balance_get(store *base, const char *account, const char *unit, mizo_day day, int64_t *total,
                            int64_t slots[48]);
mizo_err memory_balance_scan(store *base, mizo_day from, mizo_day to,
                             mizo_err (*fn)(void *, const char *, const char *, mizo_day, int64_t,
                                            const int64_t *),
                             void *arg);

mizo_err memory_person_put(store *base, const char *id, const void *sealed, size_t n);
mizo_err memory_person_scan(store *base, const char *id,
                            mizo_err (*fn)(void *, const char *, int64_t, const void *, size_t), void *arg);
mizo_err memory_key_put(store *base, size_t n, const char *const *id, const uint8_t *key);
mizo_err memory_key_get(store *base, const char *id, uint8_t key[32]);
mizo_err memory_key_drop(store *base, const char *id);
#endif
