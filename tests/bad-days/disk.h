/* disk.h: a simulated disk under SQLite, for tests.
 *
 * Files lie in memory. What was written and not synced is kept apart, in sectors of
 * 512 bytes; at a power cut a random part of it survives, and so does a random part of
 * what was created, deleted or truncated without a sync. Syncs can fail, the disk can
 * be full. disk_install makes it SQLite's default; memory shared between connections
 * (the index of the log) goes at a cut, as it would. One thread. */
#ifndef BAD_DAYS_DISK_H
#define BAD_DAYS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void disk_install(void);
void disk_uninstall(void);
void disk_erase(void); /* no files; power on; nothing set to fail */

/* The power goes after n more writes, syncs, truncations and deletions; -1: never. */
void disk_cut_after(long n);
bool disk_is_off(void);
/* Decides with a seeded die what the disk still holds, and turns it on. All files must be closed. */
void disk_cut(uint64_t seed);

/* The n-th sync from now fails, once; -1: none. What it should have kept stays unsynced. */
void disk_fail_sync(long n);
/* No file may grow beyond this many bytes in all; 0: no bound. */
void disk_limit(size_t bytes);

long disk_operations(void); /* that a cut can fall on, since disk_erase */
/* Bytes of a file as it is now; 0 if it is not there. */
size_t disk_size(const char *name);
/* Turns n bytes of a file at `at` over, as a bad medium would. */
void disk_spoil(const char *name, size_t at, size_t n);

/* Where the disk takes its memory from; a test of failing allocations spares it. */
extern void *(*disk_realloc)(void *, size_t);
extern void (*disk_free)(void *);

#endif
