/* inventory.h: greenhouse-gas inventories: what was printed, what its parts come to, and why a year was restated.
 *
 * Printed totals are rows of their own ("all") and are never put right: the parts' sum stands beside them, and where the
 * rounding of the parts alone explains the difference, that is said. Pure. */
#ifndef CITY_INVENTORY_H
#define CITY_INVENTORY_H

#include "base/exact.h"
#include "mizo/region.h"

/* Which cell. "all" is a printed total; "*" in a sum stands for every part. */
typedef struct city_cell {
    const char *inventory;
    int fy;
    const char *sector, *gas, *form;
} city_cell;

/* The cell as it was last published up to as_of. NULL: none. */
const mizo_emission *city_emission(const mizo_region *r, const city_cell *c, mizo_day as_of);
/* The publication before it; NULL: none. */
const mizo_emission *city_emission_before(const mizo_region *r, const mizo_emission *e);
/* mg of CO2, with what its rounding leaves open. */
MIZO_MUST_USE mizo_err city_emission_value(const mizo_emission *e, range *out);

/* Parts against their printed total: where a word of c is "*" each value of it but "all" is added. */
typedef struct city_sum {
    range parts, printed;
    int n; /* parts that were added */
    bool has_printed, agree;
} city_sum;
/* MIZO_ENOENT: no part at all. */
MIZO_MUST_USE mizo_err city_emission_sum(const mizo_region *r, const city_cell *c, mizo_day as_of,
                                         city_sum *out);

/* The base "1990": CO2, CH4 and N2O of that year, every other gas of another (1995). Cells by gas, of all sectors and forms
 * where they are printed, else their parts. MIZO_ENOENT: a gas has neither. */
MIZO_MUST_USE mizo_err city_emission_base(const mizo_region *r, const char *inventory, int fy, int fy_others,
                                          mizo_day as_of, range *out);

/* ---- from activities ---- */
/* mg of CO2 equivalent of one line: amount x factor x GWP, exactly. MIZO_ENOENT: no such GWP. */
MIZO_MUST_USE mizo_err city_activity_mg(const mizo_region *r, const mizo_activity *a, exact *out);
/* Sum of an inventory's year in a vintage; sector, gas and form as in city_emission_sum. */
MIZO_MUST_USE mizo_err city_activity_sum(const mizo_region *r, const city_cell *c, mizo_vintage vintage,
                                         exact *out, int *n);

/* Why a year came out otherwise: new lines and lost ones, then activity, then factor, then GWP, each line in this order
 * with what came before already changed; what is left against the two printed totals is rounding. Sums to the change. */
typedef struct city_restated {
    exact before, after;
    exact scope, activity, factor, gwp;
} city_restated;
MIZO_MUST_USE mizo_err city_restate(const mizo_region *r, const char *inventory, int fy, mizo_vintage from,
                                    mizo_vintage to, city_restated *out);

#endif
