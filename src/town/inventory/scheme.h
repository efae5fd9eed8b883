/* scheme.h: an inventory's year in the categories of another scheme (categories.csv), as a table that a person pastes or
 * sends, and such a table back in. docs/formats/categories.md */
#ifndef TOWN_INVENTORY_SCHEME_H
#define TOWN_INVENTORY_SCHEME_H

#include "city/category.h"
#include "town/office/city.h"

typedef struct scheme_ask {
    const char *scheme, *inventory, *lang;
    int fy;
} scheme_ask;

/* A row a category, a column a gas, t-CO2; a notation key where there is none. Cells that no category takes, or two, are
 * said as warnings and listed; *strays: how many. MIZO_ENOENT: no such scheme (said). */
MIZO_MUST_USE mizo_err scheme_doc(const city_desk *desk, const scheme_ask *ask, mizo_diags *d, report **out,
                                  int *strays);
/* The same as members of the object that is open. */
MIZO_MUST_USE mizo_err scheme_json(const city_desk *desk, const scheme_ask *ask, json *j, int *strays);

typedef struct scheme_file {
    const char *name, *bytes; /* a CSV or a workbook */
    size_t n;
    const char *source, *actor;
    mizo_vintage vintage;
    mizo_day on; /* of publication */
} scheme_file;

typedef struct scheme_count {
    int rows, figures, changed, same;
} scheme_count;

/* Every figure that differs from what is known becomes a record `emission`, in one batch; those that are known already
 * change nothing. All mistakes are said with their cell, and then nothing is written. */
MIZO_MUST_USE mizo_err scheme_take(const city_desk *desk, const scheme_ask *ask, const scheme_file *f,
                                   scheme_count *out);

#endif
