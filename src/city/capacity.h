/* capacity.h: renewable capacity by register, each plant counted once however many registers list it.
 *
 * Registers of kind "re-capacity" (registers.csv), their rows with a power as amount. Two rows are one plant when both name
 * the same `thing`; or, where not both name one, when part (pv, wind ...) and folded name or folded place are the same, the
 * powers lie within a tenth of each other and the first days within a year (where both are known). Of a plant's rows that of
 * the register that stands first in registers.csv counts. Same name or place with powers further apart: both count and they
 * are a question; a person settles it by naming the thing. Pure. */
#ifndef CITY_CAPACITY_H
#define CITY_CAPACITY_H

#include "base/exact.h"
#include "mizo/region.h"

typedef struct capacity_row {
    const mizo_register_row *row;
    const mizo_register *reg;
    int64_t w;
    size_t of;    /* the row that counts for this plant; its own place: it counts */
    bool by_rule; /* joined by likeness, not by a thing */
    bool differs; /* its power is not that of the row that counts */
    size_t maybe; /* a row that may be the same plant; its own place: none */
} capacity_row;

typedef struct capacity {
    mizo_day on;
    capacity_row *row; /* [n] rows that hold on the day, by register, then line */
    size_t n;
    int64_t w, listed_w; /* counted once; as listed */
    size_t plants, doubles, by_rule, differ, questions;
    const mizo_register_row *fault; /* its amount is no power */
} capacity;

/* MIZO_ENOENT: no such register; MIZO_EINPUT: out->fault; MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err capacity_make(const mizo_region *r, mizo_day on, capacity *out);
void capacity_free(capacity *c);

#endif
