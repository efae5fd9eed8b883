/* inventory_inner.h: what inventory.c, restate.c and provisional.c share. */
#ifndef CITY_INVENTORY_INNER_H
#define CITY_INVENTORY_INNER_H

#include "city/inventory.h"

/* amount x kg a unit x GWP, mg. MIZO_ENOENT: no such GWP. */
MIZO_MUST_USE mizo_err city_line_mg(const mizo_region *r, exact amount, int64_t factor_e6, const char *set,
                                    const char *gas, exact *out);
/* An amount of one unit in another of its kind. MIZO_EINPUT: of another kind. */
MIZO_MUST_USE mizo_err city_amount_in(int64_t amount_e6, const char *unit, const char *in, exact *out);

#endif
