/* xlsx.c: a document as a workbook, with libxlsxwriter: the module mizo-xlsx.
 *
 * Numbers are numbers with their decimals, days are days; a number of more digits than a spreadsheet holds (15) is
 * written as text. No macro, no link, no formula but sums. The library writes to a path: the file is a piece of
 * memory that has one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xlsx_inner.h"

void xlsx_note(xlsx *x, lxw_error e)
{
    if (e && !x->err)
        x->err = e;
}

/* ---- formats: one a look, number format and alignment ---- */
static void dress(lxw_format *f, look l)
{
    format_set_font_name(f, "Yu Gothic");
    format_set_font_size(f, l == TITLE                         ? 16
                            : l == BIG                         ? 14
                            : l == HEAD                        ? 12
                            : l == SMALL || l == WRAPPED_SMALL ? 9
                                                               : 10.5);
    if (l == TITLE || l == HEAD || l == COLUMN || l == SUM || l == STAMP || l == BIG)
        format_set_bold(f);
    if (l == WRAPPED || l == WRAPPED_SMALL) {
        format_set_text_wrap(f);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    }
    if (l == SMALL || l == WRAPPED_SMALL)
        format_set_font_color(f, 0x5B6570);
    if (l == STAMP)
        format_set_font_color(f, 0xB42323);
    if (l == COLUMN || l == CELL || l == SUM || l == BAR || l == BAR_DONE) {
        format_set_border(f, LXW_BORDER_THIN);
        format_set_border_color(f, 0xC3CAD3);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
        format_set_text_wrap(f);
    }
    if (l == COLUMN)
        format_set_bg_color(f, 0xEEF3F1);
    if (l == BAR || l == BAR_DONE) {
        format_set_bg_color(f, l == BAR ? 0x2F6F5B : 0x9DB8AE);
        format_set_font_color(f, l == BAR ? 0x2F6F5B : 0x9DB8AE);
    }
    if (l == SUM) {
        format_set_top(f, LXW_BORDER_MEDIUM);
        format_set_top_color(f, 0x1C2430);
    }
}

lxw_format *xlsx_format(xlsx *x, look l, const char *number, report_align align)
{
    for (int i = 0; i < x->nformat; i++)
        if (x->formats[i].look == l && x->formats[i].align == align &&
            strcmp(x->formats[i].number, number) == 0)
            return x->formats[i].format;
    lxw_format *f = workbook_add_format(x->book);
    if (!f) {
        xlsx_note(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    dress(f, l);
    if (*number)
        format_set_num_format(f, number);
    if (align != REPORT_LEFT)
        format_set_align(f, align == REPORT_RIGHT ? LXW_ALIGN_RIGHT : LXW_ALIGN_CENTER);
    if (x->nformat < FORMATS) {
        format_row *row = &x->formats[x->nformat++];
        row->look = l;
        row->align = align;
        row->format = f;
        (void)snprintf(row->number, sizeof row->number, "%s", number);
    }
    return f;
}

static void text(xlsx *x, lxw_row_t row, int col, const char *s, look l)
{
    if (s && *s)
        xlsx_note(
            x, worksheet_write_string(x->sheet, row, (lxw_col_t)col, s, xlsx_format(x, l, "", REPORT_LEFT)));
}

/* ---- sheets ---- */
static void finish_sheet(xlsx *x)
{
    if (!x->sheet)
        return;
    xlsx_lay(x);
    if (x->ntable == 1 && x->titles_end >= x->titles) {
        xlsx_note(x, worksheet_repeat_rows(x->sheet, x->titles, x->titles_end));
        if (x->row > 40 && x->titles_end < 6)
            worksheet_freeze_panes(x->sheet, x->titles_end + 1, 0);
    }
}

/* What a sheet's name may not hold becomes a blank; at most 31 letters. */
static void sheet_name(xlsx *x, const char *wish)
{
    size_t n = 0, letters = 0;
    for (const char *p = wish; p && *p; p++) {
        bool starts = ((unsigned char)*p & 0xc0) != 0x80;
        if (starts && ++letters > NAME - 3)
            break;
        bool bad = strchr("[]:*?/\\'\n\t", *p) != NULL;
        x->name[n++] = bad ? ' ' : *p;
    }
    x->name[n] = 0;
    if (!n || workbook_get_worksheet_by_name(x->book, x->name))
        (void)snprintf(x->name + n, sizeof x->name - n, "%s%d", n ? " " : "", x->nsheet % 100);
}

static void begin_sheet(xlsx *x, const char *wish)
{
    const report_head *h = report_head_of(x->r);
    finish_sheet(x);
    x->nsheet++;
    sheet_name(x, wish);
    x->sheet = workbook_add_worksheet(x->book, x->name);
    if (!x->sheet) { /* a name that Excel does not like for another reason */
        (void)snprintf(x->name, sizeof x->name, "Sheet%d", x->nsheet);
        x->sheet = workbook_add_worksheet(x->book, x->name);
    }
    x->row = 0;
    x->ntable = x->ncolumn = 0;
    memset(x->wide, 0, sizeof x->wide);
    memset(x->firm, 0, sizeof x->firm);
    if (!x->sheet) {
        xlsx_note(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    worksheet_set_paper(x->sheet, A4);
    if (h->landscape)
        worksheet_set_landscape(x->sheet);
    worksheet_fit_to_pages(x->sheet, 1, 0);
    worksheet_set_margins(x->sheet, 0.6, 0.6, 0.7, 0.7);
    xlsx_note(x, worksheet_set_footer(x->sheet, "&R&P / &N"));
}

/* The name of what comes after b: its first heading or caption. */
static const char *coming(const report_block *b, const char *otherwise)
{
    for (; b && b->kind != REPORT_PAGE; b = b->next) {
        if (b->kind == REPORT_HEADING)
            return b->text;
        if (b->kind == REPORT_TABLE && b->table->caption)
            return b->table->caption;
    }
    return otherwise;
}

/* ---- tables ---- */
static void number_format(const report_cell *c, bool plain, char out[64])
{
    char one[32];
    (void)snprintf(one, sizeof one, "%s%s%.*s%s", plain ? "0" : "#,##0", c->digits ? "." : "", c->digits,
                   "000000000000", c->partial ? "\"*\"" : "");
    (void)snprintf(out, 64, c->triangle && !plain ? "%s;\"▲\"%s" : "%s", one, one);
}

static double power_of_ten(int n)
{
    double p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

typedef struct sums {
    lxw_row_t first, last; /* rows that a sum may be a formula of; last < first: none */
} sums;

static void number(xlsx *x, int col, const report_cell *c, bool plain, look l, const sums *s)
{
    char as[64], shown[MIZO_NUM_TEXT], formula[96], from[LXW_MAX_CELL_NAME_LENGTH],
        to[LXW_MAX_CELL_NAME_LENGTH];
    report_number_text(c, plain, shown);
    xlsx_widen(x, col, shown);
    xlsx_firmly(x, col, shown);
    if (c->value > EXACT || c->value < -EXACT) {
        xlsx_note(x, worksheet_write_string(x->sheet, x->row, (lxw_col_t)col, shown,
                                            xlsx_format(x, l, "", REPORT_RIGHT)));
        return;
    }
    double v = (double)c->value / power_of_ten(c->from);
    number_format(c, plain, as);
    lxw_format *f = xlsx_format(x, l, as, REPORT_RIGHT);
    if (!s || s->last < s->first) {
        xlsx_note(x, worksheet_write_number(x->sheet, x->row, (lxw_col_t)col, v, f));
        return;
    }
    lxw_rowcol_to_cell(from, s->first, (lxw_col_t)col);
    lxw_rowcol_to_cell(to, s->last, (lxw_col_t)col);
    (void)snprintf(formula, sizeof formula, "=SUM(%s:%s)", from, to);
    xlsx_note(x, worksheet_write_formula_num(x->sheet, x->row, (lxw_col_t)col, formula, f, v));
}

static void day(xlsx *x, int col, const report_cell *c, look l)
{
    mizo_date d = mizo_day_date((mizo_day)c->value);
    lxw_datetime at = { .year = d.year, .month = d.month, .day = d.day };
    xlsx_widen(x, col, "2026-04-01");
    xlsx_firmly(x, col, "2026-04-01");
    xlsx_note(x, worksheet_write_datetime(x->sheet, x->row, (lxw_col_t)col, &at,
                                          xlsx_format(x, l, "yyyy-mm-dd", REPORT_LEFT)));
}

/* A cell of a schedule: its column stays narrow, if nothing else stands in it. */
static void format_cell(xlsx *x, int col, const char *s, look l)
{
    if (col >= x->ncolumn)
        x->ncolumn = col + 1;
    if (x->wide[col] == 0)
        x->wide[col] = -1;
    xlsx_note(
        x,
        *s ? worksheet_write_string(x->sheet, x->row, (lxw_col_t)col, s, xlsx_format(x, l, "", REPORT_CENTRE))
           : worksheet_write_blank(x->sheet, x->row, (lxw_col_t)col, xlsx_format(x, l, "", REPORT_LEFT)));
}

static void cell(xlsx *x, int col, const report_column *c, const report_cell *v, look l, const sums *s)
{
    char room[MIZO_NUM_TEXT];
    if (v->kind == REPORT_CELL_BAR) {
        format_cell(x, col, "■", v->value ? BAR_DONE : BAR);
    } else if (c->bars) {
        format_cell(x, col, "", l);
    } else if (v->kind == REPORT_CELL_NUMBER) {
        number(x, col, v, c->plain, l, s);
    } else if (v->kind == REPORT_CELL_DAY && v->value > -25567) { /* a spreadsheet begins in 1900 */
        day(x, col, v, l);
    } else {
        const char *shown = report_cell_shown(v, c->plain, room);
        xlsx_widen(x, col, shown);
        if (v->kind == REPORT_CELL_TEXT)
            xlsx_needs(x, col, shown);
        xlsx_note(x, *shown ? worksheet_write_string(x->sheet, x->row, (lxw_col_t)col, shown,
                                                     xlsx_format(x, l, "", c->align))
                            : worksheet_write_blank(x->sheet, x->row, (lxw_col_t)col,
                                                    xlsx_format(x, l, "", c->align)));
    }
}

static void titles(xlsx *x, const report_table *t)
{
    char title[512];
    x->titles = x->titles_end = x->row;
    for (int i = 0; i < t->ncolumn; i++) {
        const report_column *c = &t->column[i];
        bool unit = c->unit && *c->unit;
        (void)snprintf(title, sizeof title, "%s%s%s%s", c->title ? c->title : "", unit ? "\n(" : "",
                       unit ? c->unit : "", unit ? ")" : "");
        int span = report_title_span(t, i);
        if (c->bars) {
            for (int k = 0; k < span; k++)
                format_cell(x, i + k, "", COLUMN);
            lxw_col_t last = (lxw_col_t)(i + span - 1);
            if (span > 1)
                xlsx_note(x, worksheet_merge_range(x->sheet, x->row, (lxw_col_t)i, x->row, last, title,
                                                   xlsx_format(x, COLUMN, "", REPORT_CENTRE)));
            else
                format_cell(x, i, title, COLUMN);
            i += span - 1;
            continue;
        }
        xlsx_widen(x, i, title);
        xlsx_note(x, worksheet_write_string(x->sheet, x->row, (lxw_col_t)i, title,
                                            xlsx_format(x, COLUMN, "", REPORT_CENTRE)));
    }
    x->row++;
}

static int sum_rows(const report_table *t)
{
    int n = 0;
    for (const report_row *row = t->first; row; row = row->next)
        n += row->sum;
    return n;
}

static void table(xlsx *x, const report_table *t)
{
    x->ntable++;
    text(x, x->row, 0, t->caption, HEAD);
    x->row += t->caption != NULL;
    titles(x, t);
    sums s = { x->row, x->row };
    bool formulas = sum_rows(t) == 1 && t->last->sum && t->nrow > 1;
    for (const report_row *row = t->first; row; row = row->next) {
        s.last = x->row - 1;
        for (int i = 0; i < t->ncolumn; i++)
            cell(x, i, &t->column[i], &row->cell[i], row->sum ? SUM : CELL, row->sum && formulas ? &s : NULL);
        x->row++;
    }
    x->row++;
}

/* ---- charts: the numbers, and beside them the picture ---- */
static void chart(xlsx *x, const report_chart *c)
{
    lxw_row_t top = x->row + 1;
    text(x, x->row, 0, c->caption, HEAD);
    lxw_chart *pic = workbook_add_chart(x->book, c->lines ? LXW_CHART_LINE : LXW_CHART_COLUMN);
    if (!pic) {
        xlsx_note(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (int k = 0; k < c->nline; k++) {
        lxw_chart_series *s = chart_add_series(pic, NULL, NULL);
        lxw_col_t col = (lxw_col_t)(k + 1);
        text(x, top, k + 1, c->line[k].name, COLUMN);
        xlsx_widen(x, k + 1, c->line[k].name);
        for (int i = 0; i < c->n; i++)
            if (c->line[k].v[i] != INT64_MIN)
                xlsx_note(x, worksheet_write_number(x->sheet, top + 1 + (lxw_row_t)i, col,
                                                    (double)c->line[k].v[i] / power_of_ten(c->digits), NULL));
        if (!s)
            continue;
        chart_series_set_categories(s, x->name, top + 1, 0, top + (lxw_row_t)c->n, 0);
        chart_series_set_values(s, x->name, top + 1, col, top + (lxw_row_t)c->n, col);
        chart_series_set_name_range(s, x->name, top, col);
    }
    for (int i = 0; i < c->n; i++)
        text(x, top + 1 + (lxw_row_t)i, 0, c->places[i], PLAIN);
    chart_title_set_name(pic, c->caption);
    chart_axis_set_name(pic->y_axis, c->unit);
    xlsx_note(x, worksheet_insert_chart(x->sheet, top, (lxw_col_t)(c->nline + 2), pic));
    x->row = top + 2 + (lxw_row_t)(c->n > 16 ? c->n : 16);
}

/* ---- blocks ---- */
/* Line by line, each in a row of its own. Returns the rows. */
static lxw_row_t stack(xlsx *x, int col, const char *s, look l)
{
    lxw_row_t rows = 0;
    char line[2048];
    while (*s) {
        size_t n = strcspn(s, "\n"), keep = n < sizeof line - 1 ? n : sizeof line - 1;
        while (keep < n && keep && ((unsigned char)s[keep] & 0xc0) == 0x80)
            keep--;
        memcpy(line, s, keep);
        line[keep] = 0;
        text(x, x->row + rows++, col, line, l);
        s += n + (s[n] == '\n');
    }
    return rows;
}

static void block(xlsx *x, const report_block *b)
{
    lxw_row_t left, right;
    switch (b->kind) {
    case REPORT_HEADING:
        text(x, x->row++, 0, b->text, HEAD);
        break;
    case REPORT_TEXT:
    case REPORT_NOTE:
        if (!strchr(b->text, '\n'))
            xlsx_remember(x, 0, b->text, b->kind == REPORT_NOTE ? SMALL : PLAIN);
        x->row += stack(x, 0, b->text, b->kind == REPORT_NOTE ? SMALL : PLAIN);
        break;
    case REPORT_PAIR:
        text(x, x->row, 0, b->key, PLAIN);
        xlsx_widen(x, 0, b->key);
        xlsx_remember(x, 1, b->text, PLAIN);
        text(x, x->row++, 1, b->text, PLAIN);
        x->row += !b->next || b->next->kind != REPORT_PAIR;
        break;
    case REPORT_SIDES:
        left = stack(x, 0, b->key, PLAIN);
        right = stack(x, 3, b->text, PLAIN);
        x->row += (left > right ? left : right) + 1;
        break;
    case REPORT_FIGURE:
        text(x, x->row, 0, b->key, BIG);
        text(x, x->row, 1, b->text, BIG);
        x->row += 2;
        break;
    case REPORT_PAGE:
        begin_sheet(x, coming(b->next, ""));
        break;
    case REPORT_TABLE:
        table(x, b->table);
        break;
    case REPORT_CHART:
        chart(x, b->chart);
        break;
    }
}

static void document(xlsx *x)
{
    const report_head *h = report_head_of(x->r);
    lxw_doc_properties about = { .title = (char *)(h->title ? h->title : ""),
                                 .author = (char *)(h->author ? h->author : ""),
                                 .created = (time_t)h->day * 86400 };
    xlsx_note(x, workbook_set_properties(x->book, &about));
    begin_sheet(x, h->title ? h->title : coming(report_blocks(x->r), ""));
    if (!x->sheet)
        return;
    const char *const lines[] = { h->stamp, h->title, h->subtitle, h->header };
    static const look looks[] = { STAMP, TITLE, PLAIN, SMALL };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i])
            text(x, x->row++, 0, lines[i], looks[i]);
    x->row += x->row > 0;
    for (const report_block *b = report_blocks(x->r); b && !x->err; b = b->next)
        block(x, b);
    finish_sheet(x);
}

/* ---- the file ---- */
static mizo_err read_all(int fd, buf *out)
{
    char piece[65536];
    ssize_t n;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return MIZO_EIO;
    while ((n = read(fd, piece, sizeof piece)) > 0)
        buf_add(out, piece, (size_t)n);
    return n < 0 ? MIZO_EIO : out->err;
}

static mizo_err make(const report *r, buf *out, char why[REPORT_WHY])
{
    char path[64];
    int fd = memfd_create("mizo-xlsx", MFD_CLOEXEC);
    xlsx *x = calloc(1, sizeof *x);
    mizo_err err = MIZO_ENOMEM;
    (void)snprintf(why, REPORT_WHY, "out of memory");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd >= 0 && x) {
        x->r = r;
        x->book = workbook_new(path);
    }
    if (fd >= 0 && x && x->book) {
        document(x);
        lxw_error closed = workbook_close(x->book);
        xlsx_note(x, closed);
        err = x->err == LXW_NO_ERROR                     ? read_all(fd, out)
              : x->err == LXW_ERROR_MEMORY_MALLOC_FAILED ? MIZO_ENOMEM
                                                         : MIZO_EIO;
        (void)snprintf(why, REPORT_WHY, "%s", x->err ? lxw_strerror(x->err) : mizo_err_text(err));
    }
    if (fd >= 0)
        close(fd);
    if (x) {
        free(x->lay);
        free(x->cells);
    }
    free(x);
    return err;
}

extern MIZO_API const report_maker mizo_module_xlsx;
const report_maker mizo_module_xlsx = { "xlsx", make };
