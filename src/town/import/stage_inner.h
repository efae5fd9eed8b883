/* stage_inner.h: what stage.c and stage_write.c share: where staged cells lie. */
#ifndef TOWN_STAGE_INNER_H
#define TOWN_STAGE_INNER_H

#include "town/import/stage.h"

/* A page holds the cells of 64 neighbouring series on one day: rows of a file that
 * goes by time touch few of them at once, rows that go by meter touch one each day.
 * Cells lie in chunks and are named by a number, so that nothing moves. */
enum { PAGE_BITS = 6, PAGE_CELLS = 1 << PAGE_BITS, CHUNK_BITS = 10, CHUNK_CELLS = 1 << CHUNK_BITS };

typedef struct cell {
    int32_t v[48];   /* MIZO_MISSING where nothing was staged */
    uint8_t q[48];   /* 0 (measured) where nothing was staged */
    uint8_t pad[16]; /* 256 bytes: values on three cache lines, qualities on the fourth */
} cell;

typedef struct page {
    mizo_day day;
    int32_t group;             /* series >> PAGE_BITS */
    uint32_t cell[PAGE_CELLS]; /* 0: none; else its number */
    uint64_t *spilled;         /* [PAGE_CELLS] slots that a flush has written; NULL: none */
} page;

struct stage {
    size_t limit, bytes;
    int offset;
    page **table; /* open addressing, a power of two */
    size_t slots, npage;
    cell **chunk;
    size_t nchunk, capchunk;
    uint32_t ncell; /* in use; numbers run from 1 */
    bool any;
    mizo_slot first, last;
    const int32_t *map; /* [nmap] the store's numbers of the caller's series; NULL: they are the store's */
    size_t nmap;
};

/* The store's number of a series; -1: the map does not have it. */
static inline int32_t number_of(const stage *t, int32_t series)
{
    if (!t->map)
        return series;
    return (size_t)series < t->nmap ? t->map[series] : -1;
}

static inline cell *cell_at(const stage *t, uint32_t number)
{
    return &t->chunk[(number - 1) >> CHUNK_BITS][(number - 1) & (CHUNK_CELLS - 1)];
}

#endif
