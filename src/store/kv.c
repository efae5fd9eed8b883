/* kv.c: a skip list whose nodes keep their versions. */
#include "store/kv.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 20 };

typedef struct version {
    struct version *older;
    int64_t born, died; /* transactions; died INT64_MAX: alive */
    size_t n;
    uint8_t v[];
} version;

struct kv_node {
    version *newest;
    uint8_t *key;
    size_t n;
    int levels;
    kv_node *next[];
};

struct kv_db {
    kv_db *following; /* in the list of open databases */
    char *name;
    int open; /* handles */
    sqlite3_mutex *mutex;
    int64_t committed, txn; /* txn 0: nobody writes */
    uint64_t dice;
    kv_node **touched; /* by the open transaction */
    size_t ntouched, cap;
    kv_node *head;
};

/* The open databases; a test reaches its store by name from any thread. */
static kv_db *databases;

static sqlite3_mutex *registry(void)
{
    sqlite3_initialize();
    return sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
}

static kv_node *node_new(const uint8_t *key, size_t n, int levels)
{
    kv_node *node = calloc(1, sizeof *node + (size_t)levels * sizeof node->next[0]);
    uint8_t *copy = node ? malloc(n + 1) : NULL;
    if (!copy) {
        free(node);
        return NULL;
    }
    if (n)
        memcpy(copy, key, n);
    node->key = copy;
    node->n = n;
    node->levels = levels;
    return node;
}

static void node_free(kv_node *node)
{
    for (version *v = node->newest, *older; v; v = older) {
        older = v->older;
        free(v);
    }
    free(node->key);
    free(node);
}

static void db_free(kv_db *db)
{
    for (kv_node *n = db->head, *next; n; n = next) {
        next = n->next[0];
        node_free(n);
    }
    sqlite3_mutex_free(db->mutex);
    free(db->touched);
    free(db->name);
    free(db);
}

static kv_db *db_new(const char *name)
{
    kv_db *db = calloc(1, sizeof *db);
    if (!db)
        return NULL;
    db->name = strdup(name);
    db->mutex = sqlite3_mutex_alloc(SQLITE_MUTEX_RECURSIVE);
    db->head = node_new(NULL, 0, LEVELS);
    db->dice = 0x9E3779B97F4A7C15u;
    if (db->name && db->head && db->mutex)
        return db;
    if (db->head)
        node_free(db->head);
    db->head = NULL;
    db_free(db);
    return NULL;
}

mizo_err kv_open(const char *name, bool make, kv_db **out)
{
    sqlite3_mutex *m = registry();
    sqlite3_mutex_enter(m);
    kv_db *db = databases;
    while (db && strcmp(db->name, name))
        db = db->following;
    mizo_err e = MIZO_OK;
    if (!db && make) {
        db = db_new(name);
        if (db) {
            db->following = databases;
            databases = db;
        } else {
            e = MIZO_ENOMEM;
        }
    }
    if (db)
        db->open++;
    else if (!e)
        e = MIZO_ENOENT;
    sqlite3_mutex_leave(m);
    *out = db;
    return e;
}

void kv_close(kv_db *db)
{
    sqlite3_mutex *m = registry();
    sqlite3_mutex_enter(m);
    if (--db->open == 0) {
        kv_db **at = &databases;
        while (*at != db)
            at = &(*at)->following;
        *at = db->following;
        db_free(db);
    }
    sqlite3_mutex_leave(m);
}

void kv_enter(kv_db *db)
{
    sqlite3_mutex_enter(db->mutex);
}

void kv_leave(kv_db *db)
{
    sqlite3_mutex_leave(db->mutex);
}

/* ---- transactions ---- */

int64_t kv_committed(const kv_db *db)
{
    return db->committed;
}

mizo_err kv_begin(kv_db *db, int64_t *txn)
{
    if (db->txn)
        return MIZO_EBUSY;
    db->txn = *txn = db->committed + 1;
    return MIZO_OK;
}

void kv_commit(kv_db *db)
{
    db->committed = db->txn;
    db->txn = 0;
    db->ntouched = 0;
}

void kv_rollback(kv_db *db)
{
    for (size_t i = 0; i < db->ntouched; i++) {
        kv_node *node = db->touched[i];
        while (node->newest && node->newest->born == db->txn) {
            version *gone = node->newest;
            node->newest = gone->older;
            free(gone);
        }
        if (node->newest && node->newest->died == db->txn)
            node->newest->died = INT64_MAX;
    }
    db->txn = 0;
    db->ntouched = 0;
}

/* ---- finding ---- */

static int compare(const kv_node *node, const uint8_t *key, size_t n)
{
    size_t least = node->n < n ? node->n : n;
    int c = memcmp(node->key, key, least);
    return c ? c : (node->n > n) - (node->n < n);
}

/* before[l]: the last node of each level that comes before key. Returns the first not before it. */
static kv_node *find(kv_db *db, const uint8_t *key, size_t n, kv_node *before[LEVELS])
{
    kv_node *at = db->head;
    for (int l = LEVELS - 1; l >= 0; l--) {
        while (at->next[l] && compare(at->next[l], key, n) < 0)
            at = at->next[l];
        if (before)
            before[l] = at;
    }
    return at->next[0];
}

kv_node *kv_seek(kv_db *db, const uint8_t *key, size_t n)
{
    return find(db, key, n, NULL);
}

kv_node *kv_next(const kv_node *node)
{
    return node->next[0];
}

const uint8_t *kv_key(const kv_node *node, size_t *n)
{
    *n = node->n;
    return node->key;
}

bool kv_see(const kv_node *node, kv_eye eye, kv_value *out)
{
    for (const version *v = node->newest; v; v = v->older) {
        bool born = v->born <= eye.snap || v->born == eye.txn;
        bool died = v->died <= eye.snap || v->died == eye.txn;
        if (born && !died) {
            *out = (kv_value){ v->v, v->n };
            return true;
        }
    }
    return false;
}

bool kv_get(kv_db *db, kv_eye eye, const uint8_t *key, size_t n, kv_value *out)
{
    const kv_node *node = find(db, key, n, NULL);
    return node && compare(node, key, n) == 0 && kv_see(node, eye, out);
}

/* ---- writing ---- */

static mizo_err touch(kv_db *db, kv_node *node)
{
    if (db->ntouched == db->cap) {
        size_t cap = db->cap ? db->cap * 2 : 64;
        kv_node **more = realloc(db->touched, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        db->touched = more;
        db->cap = cap;
    }
    db->touched[db->ntouched++] = node;
    return MIZO_OK;
}

static int throw_levels(kv_db *db)
{
    db->dice ^= db->dice << 13;
    db->dice ^= db->dice >> 7;
    db->dice ^= db->dice << 17;
    int levels = 1;
    for (uint64_t d = db->dice; levels < LEVELS && (d & 3) == 0; d >>= 2)
        levels++;
    return levels;
}

static kv_node *find_or_make(kv_db *db, const uint8_t *key, size_t n)
{
    kv_node *before[LEVELS];
    kv_node *node = find(db, key, n, before);
    if (node && compare(node, key, n) == 0)
        return node;
    node = node_new(key, n, throw_levels(db));
    for (int l = 0; node && l < node->levels; l++) {
        node->next[l] = before[l]->next[l];
        before[l]->next[l] = node;
    }
    return node;
}

mizo_err kv_put(kv_db *db, const uint8_t *key, size_t n, const void *value, size_t len)
{
    kv_node *node = find_or_make(db, key, n);
    version *v = node ? malloc(sizeof *v + len) : NULL;
    if (!v || touch(db, node)) {
        free(v);
        return MIZO_ENOMEM;
    }
    if (node->newest && node->newest->died == INT64_MAX)
        node->newest->died = db->txn;
    *v = (version){ .older = node->newest, .born = db->txn, .died = INT64_MAX, .n = len };
    if (len)
        memcpy(v->v, value, len);
    node->newest = v;
    return MIZO_OK;
}

void kv_delete(kv_db *db, const uint8_t *key, size_t n)
{
    kv_node *node = find(db, key, n, NULL);
    if (node && compare(node, key, n) == 0 && node->newest && node->newest->died == INT64_MAX &&
        touch(db, node) == MIZO_OK)
        node->newest->died = db->txn;
}
