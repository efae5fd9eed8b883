/* store.h: one interface to what mizo keeps, whatever keeps it.
 *
 * A store is a constant table of functions (store_ops); sqlite.c is the embedded
 * default, memory.c the simulated member. tests/contract holds any member to this
 * page. A store handle is one connection, used by one thread at a time. Every
 * write belongs to a batch: when known, by whom, from what. One batch is one
 * transaction; it is durable when batch_commit returns MIZO_OK, and not before.
 * Layouts: docs/formats/store.md, docs/formats/block.md, docs/formats/hash.md.
 *
 * Errors everywhere: MIZO_ENOMEM; MIZO_EFULL (disk); MIZO_EBUSY (lock not had
 * within 10 s); MIZO_ESTORE (corrupt, not ours, or a failed sync: the handle
 * refuses every later write).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "mizo/number.h"
#include "mizo/series.h"

typedef struct store store;

/* Parts that two threads may look at side by side. */
typedef enum store_medium { STORE_MEDIUM_PAGES, STORE_MEDIUM_ROWS, STORE_MEDIUM_PARTS } store_medium;

typedef enum store_mode {
    STORE_READ = 0,  /* read-only connection */
    STORE_WRITE = 1, /* may write */
    STORE_CREATE = 2 /* may write; made if absent */
} store_mode;

typedef struct store_batch {
    int64_t id;         /* out */
    mizo_ms known;      /* when it became known, by the injected clock */
    const char *actor;  /* "operator", "mizo serve" */
    const char *source; /* file name, verb */
    const char *note;   /* JSON or "" */
    char hash[65];      /* of the source's bytes, "" if none */
} store_batch;

/* kWh between two dates, as on a bill. Both instants on slot edges of the region's midnight. */
typedef struct store_period {
    char point[MIZO_ID_MAX];
    uint8_t quantity; /* mizo_quantity */
    uint8_t quality;
    mizo_day from, to; /* [from, to) */
    mizo_wh energy_wh;
    int32_t max_w; /* MIZO_MISSING: not known */
} store_period;

/* A car at a charger. */
typedef struct store_session {
    char vehicle[MIZO_ID_MAX], charger[MIZO_ID_MAX];
    mizo_ms arrive, depart;
    mizo_wh need_wh; /* wanted, into the vehicle's battery */
} store_session;

/* One transfer of the journal. Layout of the hash: docs/formats/hash.md.
 * Units: "Wh-re" (renewable attribute), "Wh" (energy), "uyen", "mg". */
typedef struct store_entry {
    int64_t seq; /* out: 1, 2, 3 ... */
    int64_t batch;
    mizo_day day;
    const char *from, *to; /* account ids, [a-z0-9:-]{1,80} */
    const char *unit, *kind, *ref;
    int64_t amount;       /* > 0; the sum of slots[] where there are slots */
    const int32_t *slots; /* 48 values >= 0, or NULL */
    uint8_t hash[32];     /* out of append: chain head after this entry */
} store_entry;

/* Kinds: [a-z-]{1,40}; one current version a (kind, id), the older kept. */
typedef struct store_record {
    const char *kind, *id, *json;
    int64_t version; /* from 1 */
    int64_t batch;
} store_record;

/* One day of one series as it is handed to a scan; valid during the call. */
typedef struct store_day {
    int32_t series;
    mizo_day day;
    int64_t batch;
    const uint8_t *packed; /* mizo_block_pack form */
    size_t len;
} store_day;

typedef mizo_err (*store_day_fn)(void *arg,
                                 const store_day *d); /* any error stops the scan and is returned */

#define STORE_LATEST INT64_MAX /* as_of: what is known now */

typedef struct store_ops {
    const char *name;

    /* path: a file for sqlite; any name for memory (handles of one name share it). */
    mizo_err (*open)(const char *path, store_mode mode, mizo_diags *d, store **out);
    void (*close)(store *s); /* rolls an open batch back; NULL is fine */

    /* ---- batches ---- */
    mizo_err (*batch_begin)(store *s, store_batch *b); /* fills b->id */
    mizo_err (*batch_commit)(store *s);
    void (*batch_rollback)(store *s);
    mizo_err (*batch_scan)(store *s, int64_t after, mizo_err (*fn)(void *, const store_batch *), void *arg);
    mizo_err (*batch_note)(store *s, const char *note); /* of the open batch */

    /* ---- series ---- */
    /* The number of a series; create needs an open batch. MIZO_ENOENT. */
    mizo_err (*series_id)(store *s, const mizo_series_key *key, bool create, int32_t *id);
    mizo_err (*series_scan)(store *s, mizo_err (*fn)(void *, int32_t id, const mizo_series_key *key),
                            void *arg);
    /* Puts one packed day. What an earlier knowledge-day had is kept in day_was;
     * writes of one knowledge-day coalesce. An equal block changes nothing
     * (*changed = false). Needs an open batch. */
    mizo_err (*day_put)(store *s, int32_t series, mizo_day day, const uint8_t *packed, size_t len,
                        bool *changed);
    /* The day as known at as_of (instant; STORE_LATEST): calls fn once or MIZO_ENOENT. */
    mizo_err (*day_get)(store *s, int32_t series, mizo_day day, mizo_ms as_of, store_day_fn fn, void *arg);
    /* Every day of one series in [from, to), in day order. */
    mizo_err (*days_of)(store *s, int32_t series, mizo_day from, mizo_day to, mizo_ms as_of, store_day_fn fn,
                        void *arg);
    /* Every series' days in [from, to), in (day, series) order, latest only. */
    mizo_err (*days_all)(store *s, mizo_day from, mizo_day to, store_day_fn fn, void *arg);
    /* First and last day that any reading has. MIZO_ENOENT: empty. */
    mizo_err (*day_span)(store *s, int32_t series /* -1: all */, mizo_day *first, mizo_day *last);

    /* ---- periods and sessions ---- */
    mizo_err (*period_put)(store *s, const store_period *p,
                           bool *changed); /* key: point, quantity, from, to */
    mizo_err (*period_scan)(store *s, const char *point /* NULL: all */, mizo_day from, mizo_day to,
                            mizo_ms as_of, mizo_err (*fn)(void *, const store_period *),
                            void *arg);                                       /* that overlap [from, to) */
    mizo_err (*session_put)(store *s, const store_session *p, bool *changed); /* key: vehicle, arrive */
    mizo_err (*session_scan)(store *s, mizo_ms from, mizo_ms to,
                             mizo_err (*fn)(void *, const store_session *),
                             void *arg); /* that overlap, by arrival */

    /* ---- models and records ---- */
    mizo_err (*model_put)(store *s, const char *hash, const char *text, bool *changed);
    mizo_err (*model_get)(store *s, const char *hash /* NULL: the latest */,
                          mizo_err (*fn)(void *, const char *hash, const char *text, int64_t batch),
                          void *arg);
    mizo_err (*record_put)(store *s, const char *kind, const char *id, const char *json, bool *changed);
    mizo_err (*record_scan)(store *s, const char *kind, const char *id /* NULL: all, latest */,
                            mizo_err (*fn)(void *, const store_record *), void *arg);

    /* ---- the journal: append-only ---- */
    /* Appends, sets e->seq and e->hash, moves the balances in the same transaction (balance_get shows
     * them at once, they are written by the commit). Rules of what may be posted are in src/books; the
     * store keeps the chain. MIZO_ERANGE, here or of the commit: a balance does not fit. */
    mizo_err (*entry_append)(store *s, store_entry *e, const uint8_t hash[32]);
    mizo_err (*entry_head)(store *s, int64_t *seq, uint8_t hash[32]); /* 0 and zeros when empty */
    mizo_err (*entry_scan)(store *s, int64_t after, mizo_err (*fn)(void *, const store_entry *), void *arg);
    /* The entries of the days [from, to), by day, each day by seq. */
    mizo_err (*entry_days)(store *s, mizo_day from, mizo_day to, mizo_err (*fn)(void *, const store_entry *),
                           void *arg);
    /* The entries that were posted for ref, by seq. */
    mizo_err (*entry_ref)(store *s, const char *ref, mizo_err (*fn)(void *, const store_entry *), void *arg);
    /* Balance of an account in a unit: total, and the 48 slots of a day (day
     * MIZO_DAY_NONE: the total over all days, slots not given). Zero when nothing was posted. */
    mizo_err (*balance_get)(store *s, const char *account, const char *unit, mizo_day day, int64_t *total,
                            int64_t slots[48]);
    /* The kept balances of the days [from, to], by day, account, unit; those over all days come last,
     * under MIZO_DAY_NONE. slots NULL: none. */
    mizo_err (*balance_scan)(store *s, mizo_day from, mizo_day to,
                             mizo_err (*fn)(void *, const char *account, const char *unit, mizo_day day,
                                            int64_t total, const int64_t *slots),
                             void *arg);

    /* ---- keeping house ---- */
    /* Starts (true) or ends (false) one snapshot for several reads. */
    mizo_err (*snapshot)(store *s, bool begin);
    mizo_err (*checkpoint)(store *s);                     /* the writer's, in quiet moments */
    mizo_err (*data_version)(store *s, int64_t *version); /* changes when another connection committed */
    mizo_err (*verify)(store *s, mizo_diags *d); /* all that the store can prove alone. MIZO_EINPUT: bad */
    /* A part of the medium alone: pages, blocks, numbers; not what town/books/verify.h makes again itself (balances). */
    mizo_err (*medium)(store *s, store_medium part, mizo_diags *d);
    /* Every version of one record, oldest first (record_scan gives the latest only). */
    mizo_err (*record_versions)(store *s, const char *kind, const char *id,
                                mizo_err (*fn)(void *, const store_record *), void *arg);
    /* The latest version of each record of a kind whose id sorts before `before` (NULL: all), the last id
     * first: a page of what has ids that rise. Any error of fn stops it and is returned. */
    mizo_err (*record_newest)(store *s, const char *kind, const char *before,
                              mizo_err (*fn)(void *, const store_record *), void *arg);

    /* ---- secrets: kept in one version, overwritten on the medium when they change or go ---- */
    /* json NULL: forgets it. Needs an open batch. */
    mizo_err (*secret_put)(store *s, const char *kind, const char *id, const char *json, bool *changed);
    mizo_err (*secret_scan)(store *s, const char *kind, const char *id /* NULL: all, by id */,
                            mizo_err (*fn)(void *, const store_record *), void *arg);

    /* ---- people: sealed rows, and the keys that open them, apart from them ---- */
    /* Puts a person's sealed bytes; needs an open batch. */
    mizo_err (*person_put)(store *s, const char *id, const void *sealed, size_t n);
    /* One (id) or all (NULL), by id. */
    mizo_err (*person_scan)(store *s, const char *id,
                            mizo_err (*fn)(void *, const char *id, int64_t batch, const void *sealed,
                                           size_t n),
                            void *arg);
    /* Keys are no part of a batch (MIZO_EBUSY inside one): each call is durable by itself, and what is
     * dropped is overwritten. A store opened for reading may get. MIZO_ENOENT: none (any more). */
    mizo_err (*key_put)(store *s, size_t n, const char *const *id,
                        const uint8_t *key); /* key: n x 32; all or none */
    mizo_err (*key_get)(store *s, const char *id, uint8_t key[32]);
    mizo_err (*key_drop)(store *s, const char *id);
} store_ops;

struct store {
    const store_ops *ops;
    int64_t batch; /* the id of the batch that was begun last */
    mizo_ms known; /* and when what it holds is known: the hash of its entries covers that */
};

extern const store_ops store_sqlite;
extern const store_ops store_memory;
extern const store_ops *const store_members[]; /* ended by NULL */

/* ---- conveniences over any member ---- */
/* Reads one day into a block of 30 minutes (v[48], q may be NULL), all missing if there is none. */
MIZO_MUST_USE mizo_err store_read_day(store *s, int32_t series, mizo_day day, mizo_ms as_of, int32_t v[48],
                                      uint8_t q[48]);
/* Packs and puts n values; q NULL: measured. */
MIZO_MUST_USE mizo_err store_write_day(store *s, int32_t series, mizo_day day, const int32_t *v,
                                       const uint8_t *q, int n, bool *changed);
/* When what a batch brought became known; INT64_MIN: there is no such batch. */
MIZO_MUST_USE mizo_err store_batch_known(store *s, int64_t batch, mizo_ms *known);
/* Acts keep batches of their own. Between store_join and store_leave those join the batch that is open: to begin and
 * to commit then do nothing, and what an act rolled back fails the whole: store_leave says MIZO_ECANCELED, and who
 * opened the batch rolls it back. */
typedef struct store_joined {
    store_ops ops; /* first: the connection's table meanwhile */
    const store_ops *own;
    bool failed;
} store_joined;
void store_join(store *s, store_joined *j);
MIZO_MUST_USE mizo_err store_leave(store *s);
/* Says an error that an operation on the store at path returned, in words. MIZO_OK says nothing. */
void store_explain(mizo_diags *d, const char *path, mizo_err e);
/* Key of a half-hour series in units of 1. */
mizo_series_key store_key(const char *owner, mizo_quantity q, mizo_role role);

#endif
