/* crosstab.h: an inventory's year as a table, sectors down and forms of energy across.
 *
 * Totals stand as they were printed, the parts' sums beside them; neither mends the other. Shares are of the printed whole
 * (of the parts where none is printed). Pure. */
#ifndef CITY_CROSSTAB_H
#define CITY_CROSSTAB_H

#include "city/inventory.h"

enum { CROSSTAB_SECTORS = 64, CROSSTAB_FORMS = 12 };

/* What was printed (row NULL: nothing) and what the parts come to (n 0: no part). */
typedef struct crosstab_cell {
    const mizo_emission *row;
    range printed, parts;
    int n;
} crosstab_cell;

typedef struct crosstab {
    const char *inventory, *gas;
    int fy, nsector, nform;
    const char *sector[CROSSTAB_SECTORS], *form[CROSSTAB_FORMS]; /* in the order of the file, without "all" */
    crosstab_cell cell[CROSSTAB_SECTORS][CROSSTAB_FORMS];
    crosstab_cell of_sector[CROSSTAB_SECTORS], of_form[CROSSTAB_FORMS], whole;
} crosstab;

/* gas "co2", "all" ...: cells of that gas. MIZO_ENOENT: no cell; MIZO_EFULL: more sectors or forms than fit. */
MIZO_MUST_USE mizo_err crosstab_make(const mizo_region *r, const char *inventory, int fy, const char *gas,
                                     mizo_day as_of, crosstab *out);
/* What a cell shows: printed, else the parts. NULL: neither. */
const range *crosstab_shown(const crosstab_cell *c);
/* Its part of the whole. MIZO_ENOENT: no whole, or it is nothing. */
MIZO_MUST_USE mizo_err crosstab_share(const crosstab *t, const crosstab_cell *c, exact *out);

#endif
