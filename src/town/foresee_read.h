/* foresee_read.h: what the store knew of a point's demand and of the sun on its roof. */
#ifndef TOWN_FORESEE_READ_H
#define TOWN_FORESEE_READ_H

#include "mizo/region.h"
#include "store/store.h"

/* Days [first, first + days) as they were known at as_of; no slot that ends after it, whatever the store holds
 * (STORE_LATEST: all). */
typedef struct foresee_span {
    mizo_day first;
    int days;
    mizo_ms as_of;
} foresee_span;

/* demand[days * 48] = import - export + generation, Wh, in every slot in which all of them are known; pv[days *
 * 48] of all panels together, NULL: not wanted. MIZO_MISSING where unknown. work[days * 48] is scratch.
 * MIZO_ENOENT: the point has no series of readings. */
MIZO_MUST_USE mizo_err foresee_read(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                                    int32_t *demand, int32_t *pv, int32_t *work);
/* The first day of the span that a batch after `batch` wrote; MIZO_DAY_NONE: none. */
MIZO_MUST_USE mizo_err foresee_read_changed(const mizo_region *r, store *s, mizo_ref point,
                                            const foresee_span *span, int64_t batch, mizo_day *day);

#endif
