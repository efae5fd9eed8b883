/* table.c: see desk_table.h. */
#include "town/desk/table.h"

#include <stdio.h>
#include <string.h>

#include "mizo/messages/desk.h"

void desk_cell_bad(desk_table *t, int column, const char *expected)
{
    const csv_field *f =
        t->at[column] >= 0 && t->at[column] < t->rec.nfield ? &t->rec.field[t->at[column]] : NULL;
    char text[64];
    snprintf(text, sizeof text, "%.*s", f ? (int)(f->n < 40 ? f->n : 40) : 0, f ? f->s : "");
    MIZO_DIAG(t->d, DESK_CELL, MIZO_AT(t->file, t->rec.line, f ? f->column : 1), text, expected);
    t->errors++;
}

static bool header(desk_table *t)
{
    for (int c = 0; c < DESK_COLUMNS; c++)
        t->at[c] = -1;
    for (int i = 0; i < t->rec.nfield; i++) {
        char word[64];
        text_fold(t->rec.field[i].s, t->rec.field[i].n, word, sizeof word);
        for (int c = 0; c < DESK_COLUMNS && t->name[c]; c++)
            if (t->at[c] < 0 && strcmp(word, t->name[c]) == 0)
                t->at[c] = i;
    }
    for (int c = 0; c < t->needed; c++)
        if (t->at[c] < 0)
            return false;
    return true;
}

const csv_field *desk_cell(const desk_table *t, int column)
{
    static const csv_field nothing = { "", 0, 1 };
    return t->at[column] >= 0 && t->at[column] < t->rec.nfield ? &t->rec.field[t->at[column]] : &nothing;
}

bool desk_cell_number(desk_table *t, int column, int digits, int64_t *v, const char *expected)
{
    const csv_field *f = desk_cell(t, column);
    if (!mizo_decimal_parse(f->s, f->n, digits, v) && *v < INT64_C(1000000000000000) &&
        *v > -INT64_C(1000000000000000))
        return true;
    desk_cell_bad(t, column, expected);
    return false;
}

bool desk_cell_day(desk_table *t, int column, mizo_day *day)
{
    mizo_date date;
    const csv_field *f = desk_cell(t, column);
    if (!mizo_date_parse(f->s, f->n, &date)) {
        *day = mizo_date_day(date);
        return true;
    }
    desk_cell_bad(t, column, "YYYY-MM-DD");
    return false;
}

bool desk_cell_slot(desk_table *t, int column, int *slot)
{
    int64_t v;
    const csv_field *f = desk_cell(t, column);
    if (!mizo_decimal_parse(f->s, f->n, 0, &v) && v >= 1 && v <= DESK_SLOTS) {
        *slot = (int)v - 1;
        return true;
    }
    desk_cell_bad(t, column, "1..48");
    return false;
}

mizo_err desk_table_read(desk_table *t, const char *bytes, size_t n, void (*row)(void *arg, desk_table *t),
                         void *arg)
{
    const char *what;
    csv_reader *r = csv_open(bytes, n);
    if (!r)
        return MIZO_ENOMEM;
    mizo_err e = csv_next(r, &t->rec, &what);
    if (e || !header(t)) {
        MIZO_DIAG(t->d, DESK_TABLE, MIZO_AT(t->file, 1, 1), t->columns);
        csv_close(r);
        return MIZO_EINPUT;
    }
    while ((e = csv_next(r, &t->rec, &what)) == MIZO_OK)
        row(arg, t);
    if (e == MIZO_EINPUT) {
        MIZO_DIAG(t->d, DESK_CELL, MIZO_AT(t->file, t->rec.line, t->rec.field[0].column), what, "CSV");
        t->errors++;
    }
    csv_close(r);
    return t->errors ? MIZO_EINPUT : MIZO_OK;
}

bool desk_cell_of_day(desk_table *t, mizo_day meant, int column, bool *said)
{
    mizo_day day;
    char is[MIZO_DATE_TEXT], wanted[MIZO_DATE_TEXT];
    if (!desk_cell_day(t, column, &day))
        return false;
    if (day == meant)
        return true;
    mizo_day_text(day, is);
    mizo_day_text(meant, wanted);
    if (!*said)
        MIZO_DIAG(t->d, DESK_OTHER_DAY, MIZO_AT(t->file, t->rec.line, desk_cell(t, column)->column), is,
                  wanted);
    *said = true;
    t->errors++;
    return false;
}

void desk_slot_twice(desk_table *t, int slot)
{
    char text[16];
    snprintf(text, sizeof text, "%02d:%02d", slot / 2, slot % 2 * 30);
    MIZO_DIAG(t->d, DESK_SLOT_TWICE, MIZO_AT(t->file, t->rec.line, 1), text);
    t->errors++;
}
