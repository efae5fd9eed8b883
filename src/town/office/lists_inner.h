/* lists_inner.h: a register as columns and cells, for lists.c and lists_doc.c alone. */
#ifndef TOWN_OFFICE_LISTS_INNER_H
#define TOWN_OFFICE_LISTS_INNER_H

#include "city/register.h"
#include "town/office/lists.h"

/* What a cell of a register is. The columns that no row of the list uses are left out. */
typedef enum list_cell {
    LIST_NUMBER, /* as printed */
    LIST_NAME,   /* name_ja, name_en */
    LIST_TEXT,
    LIST_SHARE, /* ppm */
    LIST_AMOUNT,
    LIST_DAY
} list_cell;

enum { LIST_COLUMNS = 24 };

typedef struct list_column {
    const char *name;
    list_cell cell;
    size_t at; /* of a text: where in mizo_register_row */
} list_column;
extern const list_column list_columns[];
extern const size_t nlist_columns;
const char *list_cell_text(const list_column *c, const mizo_register_row *row);

typedef struct list_view {
    const mizo_region *r;
    const mizo_register *reg;
    mizo_day on;
    const mizo_register_row *
        *row; /* [n] that stand in it on that day, by part as they come, then by number */
    size_t n;
    bool used[LIST_COLUMNS]; /* [nlist_columns] */
} list_view;
MIZO_MUST_USE mizo_err list_view_make(const mizo_region *r, const mizo_register *reg, const list_ask *ask,
                                      list_view *v);
void list_view_free(list_view *v);

#endif
