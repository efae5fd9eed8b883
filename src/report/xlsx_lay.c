/* xlsx_lay.c: how wide columns and how high rows of a workbook are: a printed page shows all of it, no text is cut. */
#include <string.h>

#include "xlsx_inner.h"

static double letter(char s)
{
    unsigned char c = (unsigned char)s;
    return c < 0x80 ? 1 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1.2 : 0;
}

static double columns_of(const char *s)
{
    double most = 0, w = 0;
    for (; s && *s; s++) {
        w = *s == '\n' ? 0 : w + letter(*s);
        most = w > most ? w : most;
    }
    return most;
}

/* The lines that a text fills in a cell so wide: each of its own lines has one or more. */
static int lines_of(const char *s, double wide)
{
    int lines = 1;
    double w = 0;
    for (; *s; s++) {
        w = *s == '\n' ? 0 : w + letter(*s);
        if (*s == '\n' || w > wide) {
            lines++;
            w = *s == '\n' ? 0 : letter(*s);
        }
    }
    return lines;
}

void xlsx_widen(xlsx *x, int col, const char *s)
{
    double w = columns_of(s);
    if (col >= x->ncolumn)
        x->ncolumn = col + 1;
    if (w > x->wide[col])
        x->wide[col] = w;
}

/* It stands in one line, whatever the page. */
void xlsx_firmly(xlsx *x, int col, const char *s)
{
    double w = columns_of(s);
    x->firm[col] = w > x->firm[col] ? w : x->firm[col];
}

void xlsx_needs(xlsx *x, int col, const char *s)
{
    if (columns_of(s) <= FEWEST - 2 && !strchr(s, '\n'))
        return;
    if (array_grow(&x->cells, &x->cells_cap, x->ncells + 1, sizeof *x->cells))
        xlsx_note(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        x->cells[x->ncells++] = (table_text){ x->row, col, s };
}

/* Remembered where it stands; a text of several lines is several. */
void xlsx_remember(xlsx *x, int col, const char *s, look l)
{
    if (array_grow(&x->lay, &x->lay_cap, x->nlay + 1, sizeof *x->lay))
        xlsx_note(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        x->lay[x->nlay++] = (long_text){ x->row, col, l, s };
}

/* Texts that run over the right edge would make the printed page wide and its letters small. */
static void lay_over(xlsx *x, const double *wide)
{
    for (size_t i = 0; i < x->nlay; i++) {
        const long_text *t = &x->lay[i];
        double room = 0, need = columns_of(t->text);
        for (int c = t->col; c < x->ncolumn; c++)
            room += wide[c];
        if (need <= room || x->ncolumn - t->col < 2 || room < LEAST)
            continue;
        int lines = (int)(need * 1.1 / room) + 1;
        xlsx_note(x, worksheet_merge_range(
                         x->sheet, t->row, (lxw_col_t)t->col, t->row, (lxw_col_t)(x->ncolumn - 1), t->text,
                         xlsx_format(x, t->look == SMALL ? WRAPPED_SMALL : WRAPPED, "", REPORT_LEFT)));
        xlsx_note(x, worksheet_set_row(x->sheet, t->row, LINE * lines, NULL));
    }
    x->nlay = 0;
}

/* Rows are as high as their texts need: not every program makes them so when it opens the file. */
static void heighten(xlsx *x, const double *wide)
{
    for (size_t i = 0; i < x->ncells;) {
        lxw_row_t row = x->cells[i].row;
        int lines = 1;
        for (; i < x->ncells && x->cells[i].row == row; i++) {
            const table_text *t = &x->cells[i];
            int n = lines_of(t->text, wide[t->col] > 3 ? wide[t->col] - 1 : 2);
            lines = n > lines ? n : lines;
        }
        if (lines > 1)
            xlsx_note(x, worksheet_set_row(x->sheet, row, LINE * (lines < LINES ? lines : LINES), NULL));
    }
    x->ncells = 0;
}

/* What each column gets: columns of texts give way where the sheet would be wider than a page can show. */
static void share_width(const xlsx *x, double *wide)
{
    double all = 0, page = report_head_of(x->r)->landscape ? LYING : STANDING;
    for (int i = 0; i < x->ncolumn; i++) {
        double w = x->wide[i];
        wide[i] = w < 0 ? NARROW : w < 6 ? 8 : w > WIDEST ? WIDEST + 2 : w + 2;
        all += wide[i];
    }
    for (int i = 0; i < x->ncolumn && all > page; i++) {
        double least = x->firm[i] + 2 < FEWEST ? FEWEST : x->firm[i] + 2, w = wide[i] * page / all;
        if (wide[i] > least)
            wide[i] = w < least ? least : w;
    }
}

void xlsx_lay(xlsx *x)
{
    double wide[REPORT_COLUMNS];
    share_width(x, wide);
    for (int i = 0; i < x->ncolumn; i++)
        xlsx_note(x, worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, wide[i], NULL));
    lay_over(x, wide);
    heighten(x, wide);
}
