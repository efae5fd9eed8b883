/* sheet_cells.c: the cells of one sheet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sheet_inner.h"
#include "base/table.h"

#define DAY_MS      INT64_C(86400000)
#define SERIAL_UNIT INT64_C(1000000000000) /* 10^12: days of a serial number in whole numbers */
enum { SERIAL_DIGITS = 12, SERIAL_1970 = 25569, SERIAL_1904 = 1462, COLUMNS_HIDDEN = 1024 };

typedef struct cells {
    sheet_read *r;
    sheet *s;
    sheet_cell *cell;
    size_t n, cap;
    sheet_merge *merge;
    size_t nmerge, merge_cap;
    struct {
        int from, to;
    } hidden[COLUMNS_HIDDEN];
    int nhidden;
    int row, column; /* where the reading is */
    bool row_hidden, sorted;
    /* of the cell that is open */
    char type[12];
    int64_t style;
    bool formula, valued;
    int aside;
    buf text;
    int line;
} cells;

static int64_t whole(const char *s)
{
    int64_t v = 0;
    if (!s || !*s || strlen(s) > 9)
        return -1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return -1;
        v = v * 10 + (*s - '0');
    }
    return v;
}

static bool truth(const char *s)
{
    return s && (strcmp(s, "1") == 0 || strcmp(s, "true") == 0);
}

static mizo_err bad_cell(cells *x, const char *why)
{
    char where[SHEET_ADDRESS];
    sheet_address(x->s, x->row, x->column, where);
    return sheet_bad(x->r, x->line, where, why);
}

/* ---- what a cell's text is ---- */

/* A serial number of days as a day and milliseconds; false: out of the years that there are. */
static bool serial_date(const sheet_read *r, const char *s, size_t n, sheet_style style, sheet_cell *c)
{
    int64_t v, ms;
    if (table_number(s, n, SERIAL_DIGITS, &v) || v < 0)
        return false;
    int64_t days = v / SERIAL_UNIT;
    if (mizo_mul_div(v % SERIAL_UNIT, DAY_MS, SERIAL_UNIT, MIZO_ROUND_HALF_UP, &ms))
        return false;
    if (style == STYLE_TIME && (days == 0 || (days == 1 && ms == 0))) {
        c->day = MIZO_DAY_NONE;
        c->day_ms = (int32_t)(days ? DAY_MS : ms);
        return true;
    }
    if (ms == DAY_MS) {
        ms = 0;
        days++;
    }
    if (r->from_1904)
        days += SERIAL_1904;
    else if (days < 60) /* the 29 February 1900 that there never was */
        days++;
    c->day = (mizo_day)(days - SERIAL_1970);
    c->day_ms = (int32_t)ms;
    return days < 2958466; /* the year 10000 */
}

static bool is_number(const char *s, size_t n)
{
    int64_t v;
    return table_number(s, n, 6, &v) == MIZO_OK;
}

static mizo_err shared_text(cells *x, sheet_cell *c)
{
    int64_t i = whole(x->text.n ? x->text.p : NULL);
    if (i < 0 || (size_t)i >= x->r->nshared)
        return bad_cell(x, "its shared text is not in the file");
    c->text = x->r->shared[i];
    c->n = strlen(c->text);
    return MIZO_OK;
}

static mizo_err plain_number(cells *x, sheet_cell *c)
{
    sheet_style style =
        x->style >= 0 && (size_t)x->style < x->r->nstyle ? (sheet_style)x->r->style[x->style] : STYLE_PLAIN;
    if (c->n == 0) {
        c->kind = SHEET_BLANK;
        return MIZO_OK;
    }
    int64_t v;
    if (table_number(c->text, c->n, 0, &v) == MIZO_EINPUT)
        return bad_cell(x, "it says that it is a number, and is none");
    c->kind = style != STYLE_PLAIN && serial_date(x->r, c->text, c->n, style, c) ? SHEET_DATE : SHEET_NUMBER;
    return MIZO_OK;
}

static mizo_err iso_date(cells *x, sheet_cell *c)
{
    mizo_ms at;
    if (table_instant(c->text, c->n, 0, &at)) {
        mizo_date d;
        if (mizo_date_parse(c->text, c->n, &d))
            return bad_cell(x, "it says that it is a date, and is none");
        at = (mizo_ms)mizo_date_day(d) * DAY_MS;
    }
    c->kind = SHEET_DATE;
    c->day = (mizo_day)((at - ((at % DAY_MS + DAY_MS) % DAY_MS)) / DAY_MS);
    c->day_ms = (int32_t)((at % DAY_MS + DAY_MS) % DAY_MS);
    return MIZO_OK;
}

static mizo_err type_cell(cells *x, sheet_cell *c)
{
    c->text = sheet_trimmed(x->r->book->a, x->text.n ? x->text.p : "", x->text.n, &c->n);
    if (!c->text)
        return MIZO_ENOMEM;
    if (!x->valued) {
        c->kind = SHEET_BLANK;
        return MIZO_OK;
    }
    if (strcmp(x->type, "s") == 0)
        MIZO_TRY(shared_text(x, c));
    if (!*x->type || strcmp(x->type, "n") == 0)
        return plain_number(x, c);
    if (strcmp(x->type, "d") == 0)
        return iso_date(x, c);
    if (strcmp(x->type, "b") == 0) {
        c->kind = SHEET_BOOL;
        c->text = c->n == 1 && c->text[0] == '1' ? "TRUE" : "FALSE";
        c->n = strlen(c->text);
        return MIZO_OK;
    }
    c->kind = strcmp(x->type, "e") == 0 ? SHEET_ERROR : c->n ? SHEET_TEXT : SHEET_BLANK;
    c->text_number = c->kind == SHEET_TEXT && is_number(c->text, c->n);
    return MIZO_OK;
}

/* ---- tags ---- */

static bool column_hidden(const cells *x, int column)
{
    for (int i = 0; i < x->nhidden; i++)
        if (column >= x->hidden[i].from && column <= x->hidden[i].to)
            return true;
    return false;
}

static mizo_err open_row(cells *x, const xml_attribute *a, size_t n)
{
    const char *number = xml_get(a, n, "r");
    int64_t row = number ? whole(number) : x->row + 1;
    if (row < 1 || row > SHEET_ROWS)
        return sheet_bad(x->r, x->line, x->s->name, "a row whose number cannot be");
    x->row = (int)row;
    x->column = 0;
    x->row_hidden = truth(xml_get(a, n, "hidden"));
    return MIZO_OK;
}

static mizo_err open_cell(cells *x, const xml_attribute *a, size_t n)
{
    const char *at = xml_get(a, n, "r"), *type = xml_get(a, n, "t");
    int row = x->row;
    if (!at)
        x->column++;
    else if (sheet_address_parse(at, &row, &x->column) || row != x->row)
        return sheet_bad(x->r, x->line, x->s->name, "a cell whose address cannot be");
    if (x->column > SHEET_COLUMNS || x->row < 1)
        return sheet_bad(x->r, x->line, x->s->name, "a cell outside of every sheet");
    snprintf(x->type, sizeof x->type, "%.11s", type ? type : "");
    x->style = whole(xml_get(a, n, "s"));
    x->formula = x->valued = false;
    x->aside = 0;
    buf_clear(&x->text);
    return MIZO_OK;
}

static void open_columns(cells *x, const xml_attribute *a, size_t n)
{
    int64_t from = whole(xml_get(a, n, "min")), to = whole(xml_get(a, n, "max"));
    if (!truth(xml_get(a, n, "hidden")) || from < 1 || to < from || x->nhidden == COLUMNS_HIDDEN)
        return;
    x->hidden[x->nhidden].from = (int)from;
    x->hidden[x->nhidden++].to = (int)to;
}

static mizo_err open_merge(cells *x, const char *ref)
{
    char first[24], last[24];
    sheet_merge m;
    const char *colon = ref ? strchr(ref, ':') : NULL;
    if (!colon || (size_t)(colon - ref) >= sizeof first || strlen(colon + 1) >= sizeof last)
        return MIZO_OK; /* a single cell: nothing is merged */
    snprintf(first, sizeof first, "%.*s", (int)(colon - ref), ref);
    snprintf(last, sizeof last, "%s", colon + 1);
    if (sheet_address_parse(first, &m.row, &m.column) ||
        sheet_address_parse(last, &m.last_row, &m.last_column) || m.last_row < m.row ||
        m.last_column < m.column)
        return sheet_bad(x->r, x->line, x->s->name, "a merged range whose address cannot be");
    if (x->nmerge >= SHEET_MERGES)
        return sheet_bad(x->r, x->line, x->s->name, "more than 20,000 merged ranges");
    MIZO_TRY(array_grow(&x->merge, &x->merge_cap, x->nmerge + 1, sizeof *x->merge));
    x->merge[x->nmerge++] = m;
    return MIZO_OK;
}

static mizo_err on_open(void *arg, const char *name, const xml_attribute *a, size_t n, int line)
{
    cells *x = arg;
    x->line = line;
    if (strcmp(name, "row") == 0)
        return open_row(x, a, n);
    if (strcmp(name, "c") == 0)
        return open_cell(x, a, n);
    if (strcmp(name, "col") == 0)
        open_columns(x, a, n);
    else if (strcmp(name, "mergeCell") == 0)
        return open_merge(x, xml_get(a, n, "ref"));
    else if (strcmp(name, "f") == 0)
        x->formula = true;
    else if (strcmp(name, "rPh") == 0)
        x->aside++;
    return MIZO_OK;
}

static mizo_err close_cell(cells *x)
{
    if (++x->r->ncell > SHEET_CELLS)
        return sheet_bad(x->r, x->line, x->s->name, "more than 2,000,000 cells");
    MIZO_TRY(array_grow(&x->cell, &x->cap, x->n + 1, sizeof *x->cell));
    sheet_cell *c = &x->cell[x->n];
    *c = (sheet_cell){ .row = x->row,
                       .column = x->column,
                       .formula = x->formula,
                       .hidden = x->row_hidden || column_hidden(x, x->column),
                       .rows = 1,
                       .columns = 1,
                       .day = MIZO_DAY_NONE };
    MIZO_TRY(type_cell(x, c));
    const sheet_cell *before = x->n ? c - 1 : NULL;
    if (before && (before->row > c->row || (before->row == c->row && before->column >= c->column)))
        x->sorted = false;
    if (x->row > x->s->nrow)
        x->s->nrow = x->row;
    if (x->column > x->s->ncolumn)
        x->s->ncolumn = x->column;
    x->n++;
    return MIZO_OK;
}

static mizo_err on_close(void *arg, const char *name, const char *text, size_t n, int line)
{
    cells *x = arg;
    x->line = line;
    if (strcmp(name, "rPh") == 0)
        x->aside--;
    if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && x->aside == 0)) {
        buf_add(&x->text, text, n);
        x->valued = true;
        return x->text.err;
    }
    return strcmp(name, "c") == 0 ? close_cell(x) : MIZO_OK;
}

/* ---- the whole ---- */

static int in_order(const void *a, const void *b)
{
    const sheet_cell *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static mizo_err order(cells *x)
{
    if (x->sorted || x->n == 0)
        return MIZO_OK;
    qsort(x->cell, x->n, sizeof *x->cell, in_order);
    for (size_t i = 1; i < x->n; i++)
        if (in_order(&x->cell[i - 1], &x->cell[i]) == 0) {
            x->row = x->cell[i].row;
            x->column = x->cell[i].column;
            return bad_cell(x, "the same cell stands there twice");
        }
    return MIZO_OK;
}

static void mark_merged(cells *x)
{
    for (size_t i = 0; i < x->nmerge; i++) {
        const sheet_merge *m = &x->merge[i];
        sheet_cell key = { .row = m->row, .column = m->column };
        sheet_cell *c = x->n ? bsearch(&key, x->cell, x->n, sizeof *x->cell, in_order) : NULL;
        if (c) {
            c->rows = m->last_row - m->row + 1;
            c->columns = m->last_column - m->column + 1;
        }
    }
}

mizo_err sheet_read_cells(sheet_read *r, const char *part, sheet *s)
{
    cells *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    x->r = r;
    x->s = s;
    x->sorted = true;
    buf_init(&x->text, XML_TEXT);
    xml_sink sink = { x, on_open, on_close };
    mizo_err e = sheet_part(r, part, &sink);
    if (e == MIZO_EFULL)
        e = sheet_bad(r, x->line, s->name, "a cell with more than 1 MiB of text");
    if (!e)
        e = order(x);
    if (!e)
        mark_merged(x);
    if (e) {
        free(x->cell);
        free(x->merge);
    } else {
        s->cell = x->cell;
        s->ncell = x->n;
        s->merge = x->merge;
        s->nmerge = x->nmerge;
    }
    buf_fini(&x->text);
    free(x);
    return e;
}
