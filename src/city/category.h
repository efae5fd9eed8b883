/* category.h: our inventories in the categories of another scheme (the ministry's, GPC) and back.
 *
 * categories.csv says which cell (sector, gas, form) is which category. Out: each category with its gases, and by name each
 * cell that no category takes, or that two take. In: a category and a gas are one cell, or it is said why not. Pure. */
#ifndef CITY_CATEGORY_H
#define CITY_CATEGORY_H

#include "city/inventory.h"

/* One figure of a category. key: printed in its place where there is none. */
typedef struct category_figure {
    const mizo_category *category; /* its first row */
    const char *gas;
    range mg;
    int cells; /* that were added; 0: the key, or blank */
} category_figure;

typedef struct category_sink {
    void *arg;
    mizo_err (*figure)(void *arg, const category_figure *f);
    /* No category takes it; or a second one does (again: that one). */
    mizo_err (*stray)(void *arg, const mizo_emission *e, const mizo_category *again);
} category_sink;

bool category_scheme_known(const mizo_region *r, const char *scheme);
/* Every category of a scheme in the order of the file, each with the gases that it has figures for (at least once, with no
 * cell, where it has none); then the strays. Printed totals ("all") are no parts and are left out, but where a sector has
 * no form but "all" that is its cell. */
MIZO_MUST_USE mizo_err category_each(const mizo_region *r, const char *scheme, const char *inventory, int fy,
                                     mizo_day as_of, const category_sink *sink);
/* The cell that a category's figure of a gas is. MIZO_ENOENT: no such category; MIZO_EINPUT: it has no cell of ours;
 * MIZO_ECONFLICT: it has several. *out keeps its year and inventory. */
MIZO_MUST_USE mizo_err category_cell(const mizo_region *r, const char *scheme, const char *code,
                                     const char *gas, city_cell *out);

#endif
