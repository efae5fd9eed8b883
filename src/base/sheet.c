/* sheet.c: what is asked of a sheet that has been read. */
#include "base/sheet.h"

#include <stdio.h>
#include <string.h>

#include "base/sheet_inner.h"
#include "base/table.h"

size_t sheet_count(const sheet_book *b)
{
    return b->nsheet;
}

const sheet *sheet_of(const sheet_book *b, size_t i)
{
    return i < b->nsheet ? &b->sheet[i] : NULL;
}

const sheet *sheet_named(const sheet_book *b, const char *name)
{
    for (size_t i = 0; i < b->nsheet; i++)
        if (strcmp(b->sheet[i].name, name) == 0)
            return &b->sheet[i];
    return NULL;
}

const sheet_cell *sheet_at(const sheet *s, int row, int column)
{
    size_t lo = 0, hi = s->ncell;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const sheet_cell *c = &s->cell[mid];
        if (c->row == row && c->column == column)
            return c;
        if (c->row < row || (c->row == row && c->column < column))
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

const sheet_cell *sheet_shown(const sheet *s, int row, int column)
{
    for (size_t i = 0; i < s->nmerge; i++) {
        const sheet_merge *m = &s->merge[i];
        if (row >= m->row && row <= m->last_row && column >= m->column && column <= m->last_column)
            return sheet_at(s, m->row, m->column);
    }
    return sheet_at(s, row, column);
}

void sheet_address(const sheet *s, int row, int column, char out[SHEET_ADDRESS])
{
    char letters[8];
    int n = sizeof letters - 1;
    letters[n] = '\0';
    for (int c = column; c > 0 && n > 0; c = (c - 1) / 26)
        letters[--n] = (char)('A' + (c - 1) % 26);
    if (s)
        snprintf(out, SHEET_ADDRESS, "%.120s!%s%d", s->name, letters + n, row);
    else
        snprintf(out, SHEET_ADDRESS, "%s%d", letters + n, row);
}

mizo_err sheet_address_parse(const char *s, int *row, int *column)
{
    *row = *column = 0;
    s += *s == '$';
    for (; *s >= 'A' && *s <= 'Z' && *column <= SHEET_COLUMNS; s++)
        *column = *column * 26 + (*s - 'A' + 1);
    s += *s == '$';
    if (*s == '0')
        return MIZO_EINPUT;
    for (; *s >= '0' && *s <= '9' && *row <= SHEET_ROWS; s++)
        *row = *row * 10 + (*s - '0');
    bool good = *s == '\0' && *row >= 1 && *row <= SHEET_ROWS && *column >= 1 && *column <= SHEET_COLUMNS;
    return good ? MIZO_OK : MIZO_EINPUT;
}

mizo_err sheet_number(const sheet_cell *c, int digits, int64_t *out)
{
    if (!c || c->kind == SHEET_BLANK)
        return MIZO_ENOENT;
    if (c->kind != SHEET_NUMBER && c->kind != SHEET_TEXT)
        return MIZO_EINPUT;
    return table_number(c->text, c->n, digits, out);
}

mizo_err sheet_day(const sheet_cell *c, mizo_day *out)
{
    mizo_date d;
    if (!c || c->kind == SHEET_BLANK)
        return MIZO_ENOENT;
    if (c->kind == SHEET_DATE && c->day != MIZO_DAY_NONE) {
        *out = c->day;
        return MIZO_OK;
    }
    if (c->kind == SHEET_DATE || c->kind == SHEET_BOOL || c->kind == SHEET_ERROR)
        return MIZO_EINPUT;
    MIZO_TRY(mizo_date_parse(c->text, c->n, &d));
    *out = mizo_date_day(d);
    return MIZO_OK;
}

static bool begins(const void *bytes, size_t n, size_t at, const char *with, size_t len)
{
    return n > at + len && memcmp((const char *)bytes + at, with, len) == 0;
}

bool sheet_looks(const void *bytes, size_t n)
{
    return zip_looks(bytes, n) || begins(bytes, n, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
}

bool sheet_foreign(const void *bytes, size_t n)
{
    static const char odf[] = "mimetypeapplication/vnd.oasis.opendocument."; /* its first member, stored */
    return sheet_looks(bytes, n) && (!zip_looks(bytes, n) || begins(bytes, n, 30, odf, sizeof odf - 1));
}
