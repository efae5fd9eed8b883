/* sqlite_people.c: people's sealed rows, and their keys in a file of their own.
 *
 * PATH.keys is kept in rollback mode with secure_delete: a dropped key is overwritten where it stood and is in no
 * log. It is opened when it is first asked for, and made by the first key. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite.h"

mizo_err sqlite_person_put(store *base, const char *id, const void *sealed, size_t n)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    return sqlite_wrote(s, query_run(s, STMT_PERSON_PUT, "tib", id, s->batch, sealed, n));
}

mizo_err sqlite_person_scan(store *base, const char *id,
                            mizo_err (*fn)(void *, const char *, int64_t, const void *, size_t), void *arg)
{
    query q = query_start((sqlite_store *)base, STMT_PERSON_SCAN, "t", id ? id : "");
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        const void *p = sqlite3_column_blob(q.st, 2);
        told =
            fn(arg, column_text(&q, 0), column_int(&q, 1), p ? p : "", (size_t)sqlite3_column_bytes(q.st, 2));
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

/* ---- keys ---- */

static const char settings[] =
    "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;";
static const char layout[] =
    "CREATE TABLE IF NOT EXISTS person_key (id TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID";

/* Ours alone to read, from its first byte on. */
static bool make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return fd >= 0 && close(fd) == 0;
}

static mizo_err connect_keys(sqlite_store *s, const char *path)
{
    sqlite3 *db = NULL;
    if (access(path, F_OK) != 0 && (!s->writable || !make_file(path)))
        return s->writable ? MIZO_ESTORE : MIZO_ENOENT;
    int rc = sqlite3_open_v2(path, &db, s->writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_extended_result_codes(db, 1);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(db, STORE_WAIT_MS);
    if (rc == SQLITE_OK && s->writable)
        rc = sqlite3_exec(db, settings, NULL, NULL, NULL);
    if (rc == SQLITE_OK && s->writable)
        rc = sqlite3_exec(db, layout, NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        sqlite3_close_v2(db);
        return sqlite_error(s, rc);
    }
    s->keys = db;
    return MIZO_OK;
}

static mizo_err open_keys(sqlite_store *s)
{
    if (s->keys)
        return MIZO_OK;
    char *path = sqlite3_mprintf("%s.keys", s->path);
    if (!path)
        return MIZO_ENOMEM;
    mizo_err e = connect_keys(s, path);
    sqlite3_free(path);
    return e;
}

/* Runs a statement about one id; a first column of 32 bytes goes to key. */
static mizo_err about_key(sqlite_store *s, const char *sql, const char *id, const uint8_t *put, uint8_t *get)
{
    sqlite3_stmt *st = NULL;
    MIZO_TRY(open_keys(s));
    int rc = sqlite3_prepare_v2(s->keys, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK && put)
        rc = sqlite3_bind_blob(st, 2, put, 32, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    mizo_err e = rc == SQLITE_DONE && get ? MIZO_ENOENT : MIZO_OK;
    if (rc == SQLITE_ROW && get) {
        const void *p = sqlite3_column_blob(st, 0);
        if (p && sqlite3_column_bytes(st, 0) == 32)
            memcpy(get, p, 32);
        else
            e = MIZO_ESTORE;
    }
    int end = sqlite3_finalize(st);
    rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? end : rc;
    return rc == SQLITE_OK ? e : sqlite_error(s, rc);
}

static mizo_err may_change(const sqlite_store *s)
{
    if (s->broken || !s->writable)
        return MIZO_ESTORE;
    return s->in_batch ? MIZO_EBUSY : MIZO_OK;
}

mizo_err sqlite_key_put(store *base, size_t n, const char *const *id, const uint8_t *key)
{
    static const char sql[] =
        "INSERT INTO person_key VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET key = ?2";
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(may_change(s));
    MIZO_TRY(open_keys(s));
    int rc = sqlite3_exec(s->keys, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    mizo_err e = rc == SQLITE_OK ? MIZO_OK : sqlite_error(s, rc);
    for (size_t i = 0; i < n && !e; i++)
        e = about_key(s, sql, id[i], key + 32 * i, NULL);
    if (!e && (rc = sqlite3_exec(s->keys, "COMMIT", NULL, NULL, NULL)) != SQLITE_OK)
        e = sqlite_error(s, rc);
    if (e)
        (void)sqlite3_exec(s->keys, "ROLLBACK", NULL, NULL, NULL);
    return e;
}

mizo_err sqlite_key_get(store *base, const char *id, uint8_t key[32])
{
    return about_key((sqlite_store *)base, "SELECT key FROM person_key WHERE id = ?1", id, NULL, key);
}

mizo_err sqlite_key_drop(store *base, const char *id)
{
    sqlite_store *s = (sqlite_store *)base;
    uint8_t key[32];
    MIZO_TRY(may_change(s));
    MIZO_TRY(sqlite_key_get(base, id, key));
    memset(key, 0, sizeof key);
    return about_key(s, "DELETE FROM person_key WHERE id = ?1", id, NULL, NULL);
}
