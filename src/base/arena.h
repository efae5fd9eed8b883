/* arena.h: memory that goes at once. A request, a file load or a plan has one. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "mizo/error.h"

typedef struct arena arena;

arena *arena_new(size_t most);        /* bound in bytes, 0: none. NULL: out of memory */
void arena_free(arena *a);            /* frees everything ever taken from it; NULL is fine */
void arena_reset(arena *a);           /* the same, but the arena lives on */
void *arena_take(arena *a, size_t n); /* zeroed, aligned to 16. NULL: bound reached or out of memory */
char *arena_copy(arena *a, const char *s, size_t n); /* NUL-ended copy */
size_t arena_used(const arena *a);

/* Grows *array of `size`-byte items so that it holds `want`; plain realloc with
 * doubling for arrays that are freed with free(). MIZO_ENOMEM leaves it as it was. */
MIZO_MUST_USE mizo_err array_grow(void *array, size_t *cap, size_t want, size_t size);
/* Makes the places of a hash table: indices, all -1, twice as many as before, or `least` (a power of two) where
 * *table is NULL. The old table is freed; the caller puts its items in again. *mask: places - 1. To be freed
 * with free(). MIZO_ENOMEM leaves it as it was. */
MIZO_MUST_USE mizo_err index_grow(int32_t **table, size_t *mask, size_t least);

#endif
