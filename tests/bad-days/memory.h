/* memory.h: memory that runs out when a test says so.
 *
 * Linked with --wrap=malloc and its kin: each allocation of the objects that are linked in (not of shared
 * libraries) is counted and may be refused; SQLite's too, once it was told to ask here. One thread. */
#ifndef BAD_DAYS_MEMORY_H
#define BAD_DAYS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the n-th allocation (from 0) is refused, and with `ever` all after it; -1: none, counted. */
void memory_fail(long n, bool ever);
/* Ends that. How many were asked for since. */
long memory_stop(void);
long memory_alive(void); /* pieces that have not been freed */
/* SQLite's allocations go the same way; before SQLite is used. */
void memory_of_sqlite(void);

/* Not counted and never refused. */
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);

#endif
