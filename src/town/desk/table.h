/* table.h: tables that come to the desk, row by row, every mistake with its place. Of src/town/desk*.c alone. */
#ifndef TOWN_DESK_TABLE_H
#define TOWN_DESK_TABLE_H

#include "base/csv.h"
#include "town/desk/desk.h"

enum { DESK_COLUMNS = 8 };

typedef struct desk_table {
    const char *file;
    const char *columns;     /* for messages */
    const char *const *name; /* [DESK_COLUMNS] folded, NULL: no more */
    int needed;              /* the first so many */
    int at[DESK_COLUMNS];    /* -1: absent */
    mizo_diags *d;
    int errors;
    csv_record rec;
} desk_table;

/* Each record through row; the first is the header. MIZO_EINPUT: at least one mistake, all said. */
MIZO_MUST_USE mizo_err desk_table_read(desk_table *t, const char *bytes, size_t n,
                                       void (*row)(void *arg, desk_table *t), void *arg);

/* A cell of the row in hand; empty where its column is absent. */
const csv_field *desk_cell(const desk_table *t, int column);
/* These say what they expected and count the mistake. */
void desk_cell_bad(desk_table *t, int column, const char *expected);
bool desk_cell_number(desk_table *t, int column, int digits, int64_t *v, const char *expected);
bool desk_cell_day(desk_table *t, int column, mizo_day *day);
bool desk_cell_slot(desk_table *t, int column, int *slot);
/* The day of a row is the one that is meant; another is said once. */
bool desk_cell_of_day(desk_table *t, mizo_day meant, int column, bool *said);
void desk_slot_twice(desk_table *t, int slot);

#endif
