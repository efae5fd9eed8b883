/* lock.h: one advisory lock of our own around every process's write transactions and
 * checkpoints (docs/decisions/sqlite-durability.md says why SQLite's own are not enough).
 *
 * An open-file-description lock on PATH-lock: it holds between threads as well as
 * between processes and goes with the process that dies. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "mizo/error.h"

/* Opens (makes) the lock file of a store. MIZO_ESTORE: cannot, errno says why. */
MIZO_MUST_USE mizo_err lock_open(const char *store_path, int *fd);
void lock_close(int fd); /* gives the lock back, too; -1 is fine */
/* Waits up to ms for the lock. MIZO_EBUSY: somebody else holds it. */
MIZO_MUST_USE mizo_err lock_take(int fd, int ms);
void lock_give(int fd);

#endif
