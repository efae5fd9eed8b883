/* read.h: what the store knew of a point's demand and of the sun on its roof. */
#ifndef TOWN_FORESEE_READ_H
#define TOWN_FORESEE_READ_H

#include "mizo/region.h"
#include "mizo/weather.h"
#include "store/store.h"

/* Days [first, first + days) as they were known at as_of; no slot that ends after it, whatever the store holds
 * (STORE_LATEST: all). */
typedef struct foresee_span {
    mizo_day first;
    int days;
    mizo_ms as_of;
} foresee_span;

/* One series of readings, Wh, as it was known. MIZO_ENOENT: there is none. */
MIZO_MUST_USE mizo_err foresee_read_one(const mizo_region *r, store *s, const char *owner, mizo_quantity q,
                                        const foresee_span *span, int32_t *v);
/* All panels of a point that are there on the day, as one: a mean of their slopes and directions by size. */
mizo_panel foresee_panel(const mizo_region *r, mizo_ref point, mizo_day day);
/* net[days * 48] = import - export becomes the load, pv[days * 48] (NULL: not wanted) what the listed panels made of
 * it. MIZO_ENOMEM, the store's errors. */
MIZO_MUST_USE mizo_err foresee_net_split(const mizo_region *r, store *s, mizo_ref point,
                                         const foresee_span *span, int32_t *net, int32_t *pv);

/* demand[days * 48] = import - export + generation, Wh, in every slot in which all of them are known; pv[days *
 * 48] of all panels together, NULL: not wanted. Where panels are listed and no meter sees any, the net reading is
 * split (foresee_net_split). MIZO_MISSING where unknown. work[days * 48] is scratch.
 * MIZO_ENOENT: the point has no series of readings. */
MIZO_MUST_USE mizo_err foresee_read(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                                    int32_t *demand, int32_t *pv, int32_t *work);
/* The first day of the span that a batch after `batch` wrote; MIZO_DAY_NONE: none. */
MIZO_MUST_USE mizo_err foresee_read_changed(const mizo_region *r, store *s, mizo_ref point,
                                            const foresee_span *span, int64_t batch, mizo_day *day);

#endif
