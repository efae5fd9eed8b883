/* inventory.h: greenhouse-gas inventories: what was printed, what its parts come to, and why a year was restated.
 *
 * Printed totals are rows of their own ("all") and are never put right: the parts' sum stands beside them, and where the
 * rounding of the parts alone explains the difference, that is said. Pure. */
#ifndef CITY_INVENTORY_H
#define CITY_INVENTORY_H

#include "base/buf.h"
#include "base/exact.h"
#include "mizo/region.h"

/* Its row; NULL: it has none. */
const mizo_inventory *city_inventory(const mizo_region *r, const char *id);
/* Its name in "ja" or "en"; the id where it has none. */
const char *city_inventory_name(const mizo_region *r, const char *id, const char *lang);
/* The one that is meant where none is named: the first of inventories.csv, else of inventory.csv; "": there is none. */
const char *city_inventory_first(const mizo_region *r);
/* The indicator that is this part of an inventory (NULL: of any); NULL: none. */
const mizo_indicator *city_inventory_part(const mizo_region *r, const char *id, mizo_inventory_part part);
/* "total", "change" ... */
const char *city_part_word(mizo_inventory_part part);

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

/* A gas of a year, of all sectors and forms: printed, else its parts. MIZO_ENOENT: neither. */
MIZO_MUST_USE mizo_err city_emission_gas(const mizo_region *r, const char *inventory, int fy, const char *gas,
                                         mizo_day as_of, range *out);
/* CO2, CH4, N2O: those of the first of the two base years. */
bool city_gas_of_the_first_year(const char *gas);
/* The base "1990": CO2, CH4 and N2O of that year, every other gas of another (1995). Cells by gas, of all sectors and forms
 * where they are printed, else their parts. MIZO_ENOENT: a gas has neither. */
MIZO_MUST_USE mizo_err city_emission_base(const mizo_region *r, const char *inventory, int fy, int fy_others,
                                          mizo_day as_of, range *out);

/* ---- from activities ---- */
/* NULL: the set has no such gas. */
const mizo_gwp *city_gwp(const mizo_region *r, const char *set, const char *gas);
/* mg of CO2 equivalent of one line: amount x factor x GWP, exactly. MIZO_ENOENT: no such GWP. */
MIZO_MUST_USE mizo_err city_activity_mg(const mizo_region *r, const mizo_activity *a, exact *out);

/* ---- editions ---- edition.c */

/* A year of an inventory as it came out: a vintage and its day. A final year may come out again as final; both stay.
 * By day, of one day by vintage; a day that is not known lies before all others. */
typedef struct city_edition {
    mizo_vintage vintage;
    mizo_day on;
} city_edition;

city_edition city_edition_of(const mizo_activity *a);
int city_edition_order(city_edition a, city_edition b);
/* The first one after `after` (NULL: of all) that was out on as_of. false: there is none. */
bool city_edition_next(const mizo_region *r, const char *inventory, int fy, const city_edition *after,
                       mizo_day as_of, city_edition *out);
/* "final" (the last of that vintage), "2025-03-01", "final@2025-03-01". false: there is none. */
bool city_edition_named(const mizo_region *r, const char *inventory, int fy, const char *word, mizo_day as_of,
                        city_edition *out);
/* "final (2025-03-01)", "確定値"; all editions: "final, final (2025-03-01)". */
void city_edition_text(city_edition x, const char *lang, buf *out);
void city_editions_text(const mizo_region *r, const char *inventory, int fy, mizo_day as_of, buf *out);

/* ---- why a year was restated ---- restate.c */

/* A line in two editions: what it was, what it is, and why, each step with what came before already changed: a line that
 * is new or gone is scope; else amount, then factor, then GWP. Amounts may be in two units of one kind (L, kL). */
typedef struct city_restated_line {
    const mizo_activity *was, *now; /* NULL: not in that edition */
    exact before, after;            /* mg of CO2 */
    exact scope, activity, factor, gwp;
} city_restated_line;

/* All lines together, and what is left: the printed totals' change less the computed one's is rounding (and what the
 * lines do not cover). printed: both editions have a printed total (all, all, all). */
typedef struct city_restated {
    exact before, after;
    exact scope, activity, factor, gwp;
    bool printed;
    exact printed_before, printed_after, rounding;
    const mizo_activity *fault; /* the line that could not be reckoned; why: for people, in English */
    const char *why;
} city_restated;

/* Which two editions, as known on as_of. */
typedef struct city_restating {
    const char *inventory;
    int fy;
    city_edition from, to;
    mizo_day as_of;
} city_restating;

typedef mizo_err (*city_restated_fn)(void *arg, const city_restated_line *l);
/* fn may be NULL. MIZO_ENOENT: no activities, or a GWP that is not there; MIZO_EINPUT: units of two kinds. Where a line is
 * at fault it is named. */
MIZO_MUST_USE mizo_err city_restate(const mizo_region *r, const city_restating *x, city_restated_fn fn,
                                    void *arg, city_restated *out);
/* "ordinance report" "条例の報告"; "": not said. */
const char *city_basis_text(const char *basis, const char *lang);

/* ---- a provisional year ---- provisional.c */

/* What a firm reported under the ordinance: the amount of a line of an inventory. */
typedef struct city_filed {
    const char *inventory, *line, *unit, *source;
    int fy;
    int64_t amount_e6;
} city_filed;

/* A line of the year to come: the factor and the gas of `like`, its line in the last year that is known whole; the amount
 * from the year's own row, else from what was filed (several firms add up), else carried over. */
typedef struct city_provisional_line {
    const mizo_activity *like;
    exact amount; /* in like's unit */
    const char *basis, *source;
    int filed; /* reports that were added */
    exact mg;
} city_provisional_line;

typedef struct city_provisional {
    int fy, of; /* of: the year that it is made like */
    exact mg;
    exact by_statistics, by_ordinance, carried; /* its parts, mg */
    int lines;
    const city_filed *fault; /* a report that fits no line or whose unit is another */
} city_provisional;

typedef struct city_provisional_ask {
    const char *inventory;
    int fy;
    mizo_day as_of;
} city_provisional_ask;

typedef mizo_err (*city_provisional_fn)(void *arg, const city_provisional_line *l);
/* MIZO_ENOENT: no earlier year with activities, or a GWP is missing; MIZO_EINPUT: out->fault. */
MIZO_MUST_USE mizo_err city_provisional_make(const mizo_region *r, const city_provisional_ask *ask,
                                             const city_filed *filed, size_t nfiled, city_provisional_fn fn,
                                             void *arg, city_provisional *out);

#endif
