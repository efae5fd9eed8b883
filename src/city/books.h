/* books.h: the city's figures: what was said, what is computed, and whether they agree.
 *
 * A result of an indicator in a year is said by published.csv or by a person's record, or computed by its formula. Where
 * both are there both are shown: never is one mended by the other. What was said goes into other formulas. Pure.
 * Page: docs/mechanisms/city.md */
#ifndef CITY_BOOKS_H
#define CITY_BOOKS_H

#include "base/figure.h"
#include "city/formula.h"
#include "mizo/region.h"

/* What a figure may be asked of: a model, what people entered, and when. */
typedef struct city_books {
    const mizo_region *region;
    const mizo_published *entered; /* results that people entered, as published.csv has them, oldest first */
    size_t nentered;
    mizo_day as_of; /* nothing that was published or decided later; MIZO_DAY_NONE: all */
} city_books;

typedef struct city_value {
    const mizo_indicator *indicator;
    int fy;
    const mizo_published *row; /* who said it; NULL: nobody */
    bool computed;
    formula_value said, made; /* made: by the formula */
    bool differ;              /* both are there and cannot both be true */
    formula_fault fault;      /* why it was not computed */
} city_value;

/* NULL: no such indicator. An alias of aliases.csv is followed. */
const mizo_indicator *city_indicator(const city_books *b, const char *id, size_t n);
/* MIZO_ENOENT: neither said nor computable (v->fault says what is missing); MIZO_EINPUT: its formula is wrong. */
MIZO_MUST_USE mizo_err city_value_of(const city_books *b, const mizo_indicator *i, int fy, city_value *v);
/* What holds: what was said, else what was computed. */
const formula_value *city_holds(const city_value *v);
/* A formula that is no indicator's, over the same figures. */
MIZO_MUST_USE mizo_err city_compute(const city_books *b, const char *formula, int fy, formula_value *out,
                                    formula_fault *fault);

figure_style city_style(const mizo_indicator *i);
/* "約46％" in the indicator's own style. What was said rounded is printed as it was said; of what is computed from rounded
 * operands only digits that they settle are printed: MIZO_ECONFLICT, and *low and *high are the two that it may be. */
MIZO_MUST_USE mizo_err city_figure_text(const formula_value *x, const figure_style *style, bool said,
                                        const char *lang, buf *out, int64_t *low, int64_t *high);
MIZO_MUST_USE mizo_err city_value_text(const city_value *v, const char *lang, buf *out);
/* "provisional" "暫定値"; final: "". */
const char *city_vintage_text(mizo_vintage v, const char *lang);
/* The word that goes with the sign of a change: "減少", "増加", "増減なし". */
const char *city_change_word(exact change, const char *lang);

/* ---- targets ---- */
/* As known on b->as_of: the latest decision. NULL: none. */
const mizo_goal *city_goal(const city_books *b, const mizo_indicator *i, int fy);
/* The one that it replaced; NULL: none. */
const mizo_goal *city_goal_before(const city_books *b, const mizo_goal *g);
/* The next target at or after fy; NULL: none. */
const mizo_goal *city_goal_ahead(const city_books *b, const mizo_indicator *i, int fy);
MIZO_MUST_USE mizo_err city_goal_value(const mizo_goal *g, exact *out);
MIZO_MUST_USE mizo_err city_goal_reached(const mizo_goal *g, exact value, bool *out);

/* Says each mistake that shows only across files: formulas and their units, items without an indicator. Warnings: the
 * region stands, that figure is not computed. */
void city_check(const city_books *b, mizo_diags *d);

#endif
