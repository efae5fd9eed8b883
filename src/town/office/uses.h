/* uses.h: which facilities use a point on a day, and with which parts of it. Shared by what is laid out by facility. */
#ifndef TOWN_OFFICE_USES_H
#define TOWN_OFFICE_USES_H

#include "mizo/region.h"

typedef struct point_uses {
    const mizo_region *region;
    const mizo_use **use; /* [nuse] by point */
    size_t *first;        /* [npoint + 1] into use */
} point_uses;

MIZO_MUST_USE mizo_err point_uses_init(const mizo_region *r, point_uses *out); /* MIZO_ENOMEM */
void point_uses_fini(point_uses *u);

/* from, to: the parts per million before and with the facility's share: parts that are cut by them come to the whole. */
typedef void (*point_uses_fn)(void *arg, mizo_ref facility, int64_t from, int64_t to);
void point_uses_each(const point_uses *u, mizo_ref point, mizo_day day, point_uses_fn fn, void *arg);

/* wh * a / b, rounded down: whatever way a whole is cut by it, the parts come to the whole. a is not above b. */
mizo_wh part_of(mizo_wh wh, int64_t a, int64_t b);

#endif
