/* kv.h: an ordered map in memory with versions: what the simulated member stands on.
 *
 * Keys and values are bytes. One writer at a time works in transaction committed + 1;
 * everybody else sees what was committed when they looked. Databases of one name are
 * one, and live as long as somebody has them open. All calls between kv_enter and
 * kv_leave (the lock of the database, which a thread may enter again).
 */
#ifndef STORE_KV_H
#define STORE_KV_H

#include "mizo/error.h"

typedef struct kv_db kv_db;
typedef struct kv_node kv_node;

typedef struct kv_value {
    const uint8_t *p;
    size_t n;
} kv_value;

/* What a handle sees: everything committed up to snap, and txn's own writes (0: none). */
typedef struct kv_eye {
    int64_t snap, txn;
} kv_eye;

enum { KV_KEY_MAX = 512 };

/* Opens the database of that name; made is what happens if there is none. MIZO_ENOENT, MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err kv_open(const char *name, bool make, kv_db **out);
void kv_close(kv_db *db);

void kv_enter(kv_db *db);
void kv_leave(kv_db *db);

int64_t kv_committed(const kv_db *db);
/* Begins the one transaction. MIZO_EBUSY: another has it. */
MIZO_MUST_USE mizo_err kv_begin(kv_db *db, int64_t *txn);
void kv_commit(kv_db *db);
void kv_rollback(kv_db *db);

MIZO_MUST_USE mizo_err kv_put(kv_db *db, const uint8_t *key, size_t n, const void *value, size_t len);
void kv_delete(kv_db *db, const uint8_t *key, size_t n);

bool kv_get(kv_db *db, kv_eye eye, const uint8_t *key, size_t n, kv_value *out);
/* First node at or after key, then the next ones; a node may hold nothing that the eye sees. */
kv_node *kv_seek(kv_db *db, const uint8_t *key, size_t n);
kv_node *kv_next(const kv_node *node);
bool kv_see(const kv_node *node, kv_eye eye, kv_value *out);
const uint8_t *kv_key(const kv_node *node, size_t *n);

#endif
