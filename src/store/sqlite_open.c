/* sqlite_open.c: opening, making, bringing up to date, closing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/store.h"
#include "store/lock.h"
#include "store/sqlite.h"

enum { WRITER_CACHE_KIB = 32 * 1024, READER_CACHE_KIB = 8 * 1024 };

static void number_text(int64_t v, char out[24])
{
    snprintf(out, 24, "%lld", (long long)v);
}

/* Says why SQLite would not, and turns it into an error of ours. */
static mizo_err refuse(sqlite_store *s, mizo_diags *d, int rc)
{
    int code = s->db ? sqlite3_extended_errcode(s->db) : rc;
    if ((code & 0xff) == SQLITE_OK || (code & 0xff) == SQLITE_ROW || (code & 0xff) == SQLITE_DONE)
        code = rc;
    int os = s->db ? sqlite3_system_errno(s->db) : 0;
    bool by_os = os && ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_IOERR);
    const char *why = by_os ? strerror(os) : sqlite3_errstr(code);
    mizo_err e = sqlite_error(s, code);
    switch (code & 0xff) {
    case SQLITE_CANTOPEN:
        if (os == ENOENT) {
            MIZO_DIAG(d, STORE_ABSENT, MIZO_NOWHERE, s->path);
            return MIZO_ENOENT;
        }
        MIZO_DIAG(d, STORE_UNREADABLE, MIZO_NOWHERE, s->path, why);
        break;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        MIZO_DIAG(d, STORE_UNREADABLE, MIZO_NOWHERE, s->path, why);
        break;
    case SQLITE_NOTADB:
        MIZO_DIAG(d, STORE_NOT_OURS, MIZO_NOWHERE, s->path);
        break;
    case SQLITE_CORRUPT:
        MIZO_DIAG(d, STORE_CORRUPT, MIZO_NOWHERE, s->path, why);
        break;
    case SQLITE_IOERR:
        if (os == EISDIR || os == EACCES)
            MIZO_DIAG(d, STORE_UNREADABLE, MIZO_NOWHERE, s->path, why);
        else
            MIZO_DIAG(d, STORE_FAILED, MIZO_NOWHERE, s->path, why);
        break;
    default:
        store_explain(d, s->path, e);
    }
    return e ? e : MIZO_ESTORE;
}

static int exec(sqlite_store *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

static int exec_number(sqlite_store *s, const char *head, int64_t value)
{
    char sql[80];
    snprintf(sql, sizeof sql, "%s%lld", head, (long long)value);
    return exec(s, sql);
}

static int ask(sqlite_store *s, const char *sql, int64_t *out)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    int end = sqlite3_finalize(st);
    return rc == SQLITE_ROW ? SQLITE_OK : end;
}

typedef struct identity {
    int64_t application, version, tables;
} identity;

static int identify(sqlite_store *s, identity *id)
{
    int rc = ask(s, "SELECT count(*) FROM sqlite_schema", &id->tables);
    if (rc == SQLITE_OK)
        rc = ask(s, "PRAGMA application_id", &id->application);
    return rc == SQLITE_OK ? ask(s, "PRAGMA user_version", &id->version) : rc;
}

static bool is_fresh(const identity *id)
{
    return !id->application && !id->version && !id->tables;
}

/* Settings of this connection; none of them touches the file. */
static int settle(sqlite_store *s)
{
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, STORE_WAIT_MS);
    int rc = exec(s, "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
                     "PRAGMA cell_size_check = ON");
    if (rc == SQLITE_OK)
        rc = exec_number(s, "PRAGMA cache_size = ", -(s->writable ? WRITER_CACHE_KIB : READER_CACHE_KIB));
    if (rc == SQLITE_OK)
        rc = exec(s, planted("sync-off") ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL");
    if (rc == SQLITE_OK)
        rc = sqlite3_wal_autocheckpoint(s->db, planted("auto-checkpoint") ? 1 : 0);
    /* Readers never move pages into the file; a writer may when it is the last to leave. */
    if (rc == SQLITE_OK && !s->writable)
        rc = sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return rc;
}

/* Migrations (from, to] in one transaction, the number with them: a new store is there whole or not at all. */
static int migrate(sqlite_store *s, int from, int to)
{
    int rc = exec(s, "BEGIN IMMEDIATE");
    if (rc == SQLITE_OK)
        rc = exec_number(s, "PRAGMA application_id = ", SQLITE_APPLICATION);
    for (int v = from + 1; rc == SQLITE_OK && v <= to; v++)
        rc = exec(s, sql_migration[v - 1]);
    if (rc == SQLITE_OK)
        rc = exec_number(s, "PRAGMA user_version = ", to);
    if (rc == SQLITE_OK)
        rc = exec(s, "COMMIT");
    if (rc != SQLITE_OK && !sqlite3_get_autocommit(s->db))
        (void)exec(s, "ROLLBACK");
    return rc;
}

/* page_size and WAL belong to a file and are set while it is empty. That first page goes through a
 * rollback journal, whose deletion must be synced: found again after a power cut, it would empty the
 * file. EXTRA does that. */
static int make(sqlite_store *s)
{
    int rc = exec_number(s, "PRAGMA page_size = ", SQLITE_PAGE);
    if (rc == SQLITE_OK && !planted("sync-off"))
        rc = exec(s, "PRAGMA synchronous = EXTRA");
    if (rc == SQLITE_OK)
        rc = exec(s, "PRAGMA journal_mode = WAL");
    if (rc == SQLITE_OK && !planted("sync-off"))
        rc = exec(s, "PRAGMA synchronous = FULL");
    return rc == SQLITE_OK ? migrate(s, 0, SQL_VERSION) : rc;
}

/* A copy of the file as it is, before the first migration. */
static int copy_aside(sqlite_store *s, int64_t version, char **out)
{
    char *to = sqlite3_mprintf("%s.layout-%lld", s->path, (long long)version);
    char *sql = to ? sqlite3_mprintf("VACUUM INTO %Q", to) : NULL;
    int rc = sql ? exec(s, sql) : SQLITE_NOMEM;
    sqlite3_free(sql);
    *out = to;
    return rc;
}

static int bring_up(sqlite_store *s, int64_t from, mizo_diags *d)
{
    char *copy = NULL, was[24], is[24];
    int rc = copy_aside(s, from, &copy);
    for (int64_t v = from + 1; rc == SQLITE_OK && v <= SQL_VERSION; v++)
        rc = migrate(s, (int)v - 1, (int)v);
    if (rc == SQLITE_OK) {
        number_text(from, was);
        number_text(SQL_VERSION, is);
        MIZO_DIAG(d, STORE_MIGRATED, MIZO_NOWHERE, s->path, was, is, copy);
    }
    sqlite3_free(copy);
    return rc;
}

static mizo_err newer_or_foreign(sqlite_store *s, const identity *id, mizo_diags *d)
{
    char is[24], know[24];
    if (id->application != SQLITE_APPLICATION) {
        MIZO_DIAG(d, STORE_NOT_OURS, MIZO_NOWHERE, s->path);
        return MIZO_ESTORE;
    }
    if (id->version > SQL_VERSION) {
        number_text(id->version, is);
        number_text(SQL_VERSION, know);
        MIZO_DIAG(d, STORE_NEWER, MIZO_NOWHERE, s->path, is, know);
        return MIZO_ESTORE;
    }
    return MIZO_OK;
}

/* Makes or migrates under the lock, looking again once it is held: two may come at a time. */
static mizo_err make_or_migrate(sqlite_store *s, store_mode mode, mizo_diags *d)
{
    mizo_err e = lock_take(s->lock, (int)test_number("MIZO_TEST_WAIT_MS", STORE_WAIT_MS));
    if (e) {
        store_explain(d, s->path, e);
        return e;
    }
    identity id = { 0 };
    int rc = identify(s, &id);
    if (rc == SQLITE_OK && is_fresh(&id) && mode == STORE_CREATE)
        rc = make(s);
    else if (rc == SQLITE_OK && id.version < SQL_VERSION)
        rc = bring_up(s, id.version, d);
    e = rc == SQLITE_OK ? MIZO_OK : refuse(s, d, rc);
    lock_give(s->lock);
    return e;
}

static mizo_err accept(sqlite_store *s, store_mode mode, mizo_diags *d)
{
    identity id = { 0 };
    int rc = identify(s, &id);
    if (rc != SQLITE_OK)
        return refuse(s, d, rc);
    if (is_fresh(&id) && mode != STORE_CREATE) {
        MIZO_DIAG(d, STORE_ABSENT, MIZO_NOWHERE, s->path);
        return MIZO_ENOENT;
    }
    if (!is_fresh(&id)) {
        MIZO_TRY(newer_or_foreign(s, &id, d));
        if (id.version == SQL_VERSION)
            return MIZO_OK;
        if (mode == STORE_READ) {
            char is[24], know[24];
            number_text(id.version, is);
            number_text(SQL_VERSION, know);
            MIZO_DIAG(d, STORE_OLDER, MIZO_NOWHERE, s->path, is, know);
            return MIZO_ESTORE;
        }
    }
    return make_or_migrate(s, mode, d);
}

/* Whoever was ended while making the file leaves a journal to roll back. A reader may not do that, so
 * a writer looks at the file once in its place; what it finds is told when the reader looks again. */
static int open_for_reader(sqlite_store *s, int flags)
{
    int64_t version;
    int rc = sqlite3_open_v2(s->path, &s->db, flags, NULL);
    if (rc != SQLITE_OK || ask(s, "PRAGMA user_version", &version) != SQLITE_READONLY_ROLLBACK)
        return rc;
    sqlite3_close_v2(s->db);
    s->db = NULL;
    store *writer;
    if (sqlite_open(s->path, STORE_WRITE, NULL, &writer) == MIZO_OK)
        sqlite_close(writer);
    return sqlite3_open_v2(s->path, &s->db, flags, NULL);
}

static mizo_err connect(sqlite_store *s, store_mode mode, mizo_diags *d)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE |
                (mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
    int rc = mode == STORE_READ ? open_for_reader(s, flags) : sqlite3_open_v2(s->path, &s->db, flags, NULL);
    if (rc == SQLITE_OK && s->writable && sqlite3_db_readonly(s->db, "main") == 1) {
        MIZO_DIAG(d, STORE_UNREADABLE, MIZO_NOWHERE, s->path, strerror(EACCES));
        return MIZO_ESTORE;
    }
    if (rc == SQLITE_OK)
        rc = settle(s);
    if (rc != SQLITE_OK)
        return refuse(s, d, rc);
    if (s->writable) {
        mizo_err e = lock_open(s->path, &s->lock);
        if (e) {
            MIZO_DIAG(d, STORE_UNREADABLE, MIZO_NOWHERE, s->path, strerror(errno));
            return e;
        }
    }
    return accept(s, mode, d);
}

static mizo_err read_meta(sqlite_store *s, mizo_diags *d)
{
    query q = query_start(s, STMT_META_GET, "t", "offset");
    s->offset = query_next(&q) ? (int)column_int(&q, 0) : MIZO_JAPAN_OFFSET;
    int rc = q.rc;
    mizo_err e = query_end(&q);
    return e ? refuse(s, d, rc) : MIZO_OK;
}

mizo_err sqlite_open(const char *path, store_mode mode, mizo_diags *d, store **out)
{
    *out = NULL;
    sqlite_store *s = calloc(1, sizeof *s);
    size_t n = strlen(path) + 1;
    char *copy = s ? malloc(n) : NULL;
    if (!copy) {
        free(s);
        MIZO_DIAG(d, OUT_OF_MEMORY, MIZO_NOWHERE, path);
        return MIZO_ENOMEM;
    }
    memcpy(copy, path, n);
    s->base.ops = &store_sqlite;
    s->path = copy;
    s->lock = -1;
    s->writable = mode != STORE_READ;
    mizo_err e = connect(s, mode, d);
    if (!e)
        e = read_meta(s, d);
    if (e)
        sqlite_close(&s->base);
    else
        *out = &s->base;
    return e;
}

/* The last writer to leave tidies the log into the file; SQLite does that only when nobody else is
 * connected. Not after a failed sync, and not while another holds our lock. */
static void close_connection(sqlite_store *s)
{
    bool tidy = s->writable && !s->broken && s->lock >= 0 && lock_take(s->lock, 0) == MIZO_OK;
    if (!tidy)
        (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    for (int i = 0; i < STMT_COUNT; i++)
        sqlite3_finalize(s->stmt[i]);
    sqlite3_close_v2(s->db);
    if (tidy)
        lock_give(s->lock);
}

void sqlite_close(store *base)
{
    sqlite_store *s = (sqlite_store *)base;
    if (!s)
        return;
    if (s->in_batch)
        s->base.ops->batch_rollback(base);
    if (s->db)
        close_connection(s);
    sqlite3_close_v2(s->keys);
    moves_free(s);
    lock_close(s->lock);
    free(s->path);
    free(s);
}
