/* stage.h: readings in any order, written in key order.
 *
 * Import gathers rows here first: a bounded table of (series, local day) cells of
 * 48 half-hours. A flush writes them into the open batch in (day, series) order,
 * joined with what the store holds of a partial day, so that a file in any order
 * costs the same and a second run changes nothing. When the table is full the
 * caller opens the batch and spills inside the same transaction.
 *
 *     stage *t = stage_new(0, offset);
 *     while (rows) {
 *         fill items[n]; stage_add_many(t, items, n);   look at items[i].result
 *         if (stage_full(t)) { batch_begin unless open; stage_flush(t, s, ...); }
 *     }
 *     batch_begin unless open; stage_flush(t, s, ...); batch_commit
 */
#ifndef TOWN_STAGE_H
#define TOWN_STAGE_H

#include "store/store.h"

enum { STAGE_MANY = 256 }; /* a good n for stage_add_many */
#define STAGE_LIMIT ((size_t)256 << 20)

typedef struct stage stage;

typedef enum stage_result {
    STAGE_NEW,   /* first value of this slot in the file */
    STAGE_SAME,  /* the file said exactly this before */
    STAGE_CLASH, /* the file said something else before; the first value stands */
    STAGE_LATER  /* the slot was spilled already: stage_flush compares and tells a clash */
} stage_result;

typedef struct stage_item {
    mizo_slot slot;
    int32_t series;  /* >= 0, the store's number */
    int32_t value;   /* not MIZO_MISSING */
    uint8_t quality; /* mizo_quality, not ABSENT */
    uint8_t result;  /* out: stage_result */
} stage_item;

typedef struct stage_count {
    int64_t added;         /* slots that the store did not have */
    int64_t changed;       /* slots that had another value or quality: a new vintage */
    int64_t same;          /* slots that were there already */
    int64_t days;          /* (series, day) blocks written */
    int64_t clashes;       /* spilled slots that the file said twice, differently */
    mizo_slot first, last; /* of what was staged; last is included. Both 0: nothing */
} stage_count;

/* A slot that a spill had written and that the file then gave another value. */
typedef void (*stage_clash_fn)(void *arg, int32_t series, mizo_slot slot);

/* limit: bytes, 0: STAGE_LIMIT. offset: the region's. NULL: out of memory. */
stage *stage_new(size_t limit, int offset);
void stage_free(stage *t);

/* MIZO_ENOMEM (items before the failing one are in); MIZO_ERANGE: a negative series, a missing
 * value or a slot beyond the calendar. */
MIZO_MUST_USE mizo_err stage_add_many(stage *t, stage_item *items, size_t n);
MIZO_MUST_USE mizo_err stage_add(stage *t, int32_t series, mizo_slot slot, int32_t value, uint8_t quality,
                                 stage_result *result);

/* Numbers of the caller's own: from now on the series of the items count the caller's way, and a
 * flush writes series i as the store's number map[i]. So rows are gathered before any batch is open,
 * and new series get their numbers only then. map is borrowed until the next call; NULL: as they are. */
void stage_map(stage *t, const int32_t *map, size_t n);

bool stage_full(const stage *t); /* at its bound: flush now */
bool stage_empty(const stage *t);

/* Writes everything into the open batch of s and empties the table; *count grows by what it did
 * (start it zeroed). clash may be NULL. An error leaves the batch to be rolled back. */
MIZO_MUST_USE mizo_err stage_flush(stage *t, store *s, stage_clash_fn clash, void *arg, stage_count *count);

#endif
