/* xlsx_inner.h: what the files of the module mizo-xlsx share: a workbook in the making, its formats, and how texts are laid
 * out on a sheet. Known to src/report/xlsx*.c alone. */
#ifndef REPORT_XLSX_INNER_H
#define REPORT_XLSX_INNER_H

#include <xlsxwriter.h>

#include "report/report.h"

enum {
    WIDEST = 48,
    NARROW = 2,
    LEAST = 40,
    LINE = 18,
    LINES = 22,
    FEWEST = 10,
    STANDING = 110,
    LYING = 170,
    NAME = 31,
    A4 = 9,
    FORMATS = 128
};
#define EXACT ((int64_t)999999999999999)

typedef enum look {
    PLAIN,
    TITLE,
    HEAD,
    SMALL,
    COLUMN,
    CELL,
    SUM,
    STAMP,
    BIG,
    BAR,
    BAR_DONE,
    WRAPPED,
    WRAPPED_SMALL,
    LOOKS
} look;

typedef struct format_row {
    look look;
    char number[64];
    report_align align;
    lxw_format *format;
} format_row;

/* A text that is wider than the sheet: laid over its columns and broken into lines once they are known. */
typedef struct long_text {
    lxw_row_t row;
    int col;
    look look;
    const char *text;
} long_text;

/* A text of a table, that may need several lines. */
typedef struct table_text {
    lxw_row_t row;
    int col;
    const char *text; /* of the document */
} table_text;

typedef struct xlsx {
    const report *r;
    table_text *cells;
    size_t ncells, cells_cap;
    long_text *lay;
    size_t nlay, lay_cap;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    char name[NAME * 4 + 1];
    lxw_row_t row;
    double wide[REPORT_COLUMNS],
        firm[REPORT_COLUMNS]; /* firm: numbers and days, which are not broken into lines */
    int nsheet, ntable, ncolumn;
    lxw_row_t titles, titles_end; /* of the sheet's only table */
    format_row formats[FORMATS];
    int nformat;
    lxw_error err;
} xlsx;

void xlsx_note(xlsx *x, lxw_error e); /* the first error stays */
/* One format a look, number format and alignment. */
lxw_format *xlsx_format(xlsx *x, look l, const char *number, report_align align);

/* ---- xlsx_lay.c: widths and heights ---- */
void xlsx_widen(xlsx *x, int col, const char *s);  /* the column has this in it */
void xlsx_firmly(xlsx *x, int col, const char *s); /* the same, in one line whatever the page */
void xlsx_needs(xlsx *x, int col, const char *s);  /* a text of a table, in the row that is written */
/* A line of the document in that row: laid over the sheet's columns where it is wider than they are. The text must live on. */
void xlsx_remember(xlsx *x, int col, const char *s, look l);
/* Widths of the sheet's columns into wide[x->ncolumn], then heights and long texts. */
void xlsx_lay(xlsx *x);

#endif
