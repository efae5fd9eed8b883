/* category_in.h: a table of another scheme's categories as people send it: a column of numbers, a column a gas, t-CO2.
 *
 * Found by words, not by places: the header is the first of twenty rows with a heading for the number (code, 番号, 区分番号) and
 * one that is a gas of the model. Blank cells, dashes and notation keys (NO, NE, IE, C) are no figures. Pure. */
#ifndef CITY_CATEGORY_IN_H
#define CITY_CATEGORY_IN_H

#include "base/sheet.h"
#include "mizo/region.h"

enum { CATEGORY_HEADER_ROWS = 20, CATEGORY_ROWS = 2000 };

/* gas is the model's own text. value: millionths of a tonne, >= 0. */
typedef struct category_in_sink {
    void *arg;
    mizo_err (*figure)(void *arg, int row, int column, const char *code, const char *gas, int64_t value_e6);
    void (*no_figure)(void *arg, int row, int column, const char *text);
    void (*twice)(void *arg, int row, int column, const char *code, const char *gas);
} category_in_sink;

/* *rows: those with a figure. MIZO_EINPUT: no header; MIZO_EFULL: more than CATEGORY_ROWS rows; else what the sink says. */
MIZO_MUST_USE mizo_err category_in_read(const mizo_region *r, const sheet *s, const category_in_sink *sink,
                                        int *rows);

#endif
