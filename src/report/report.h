/* report.h: a document as a value, and what it can be made into.
 *
 * A document is a list of blocks (headings, paragraphs, keys with values, tables, charts ...) in an arena. It
 * holds what is said, not how it looks: numbers stay integers with their decimals, days stay days, so that a
 * spreadsheet gets numbers and a page gets "1,234.50". Build it once, make of it as many formats as are wanted.
 *
 *     report *r = report_new(&(report_head){ .title = "請求書", .lang = "ja", .day = day });
 *     report_heading(r, 1, "内訳");
 *     report_columns(r, "施設ごとの金額", columns, 3);
 *     report_cell_text(r, "たかつ小"); report_cell_number(r, 12345, 0); report_cell_number(r, 678900, 2);
 *     report_sum(r, "合計");
 *     mizo_err err = report_done(r);
 *     err = report_html(r, &out);
 *     report_free(r);
 *
 * Texts are UTF-8 and are copied; NULL is "". The first failure sticks, as in base/buf.h: build on, and ask
 * report_done once. A failure is MIZO_ENOMEM, MIZO_EFULL (more than REPORT_BYTES), MIZO_EINPUT (not UTF-8, a
 * cell outside a table, too many columns or decimals) or MIZO_ERANGE (a sum that does not fit).
 *
 * Pure. The same document and build give the same bytes: a date comes from the document, no id is drawn. PDF and
 * XLSX bring large libraries along, so they are modules, loaded at first use: town/report_file.h makes any format.
 * Page: docs/formats/document.md.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mizo/number.h"
#include "mizo/slot.h"

typedef struct report report;

enum {
    REPORT_COLUMNS = 64, /* of one table */
    REPORT_LINES = 6,    /* of one chart */
    REPORT_DIGITS = 12,  /* decimals of a number */
    REPORT_BYTES = 512 * 1024 * 1024,
    REPORT_WHY = 200
};

/* What stands around the pages. NULL: nothing there. */
typedef struct report_head {
    const char *title;    /* large, centred, once; also the file's own title */
    const char *subtitle; /* under it */
    const char *author;   /* the file's author: the issuer */
    const char *header;   /* small, at the right of the top of each page */
    const char *footer;   /* small, at the left of the foot of each page; "1 / 3" stands at its right */
    const char *stamp;    /* a word pale across each page: 下書き, 取消 */
    const char *lang;     /* "ja" or "en" */
    mizo_day day;         /* the document's date: the only one that the files carry */
    bool landscape;       /* A4 lying; else standing */
    bool triangle;        /* a number below zero is shown as ▲1,234, as offices write it; not in CSV */
    bool tables;          /* a page that opens from disk has each table beside it as a CSV to save */
} report_head;

/* ---- building ---- */
report *report_new(const report_head *head); /* NULL: out of memory */
void report_free(report *r);                 /* NULL is fine */
/* MIZO_OK, or the first failure of the building. A row that is not full ends with blanks. */
MIZO_MUST_USE mizo_err report_done(report *r);

/* As Japanese offices print it, once it is done: 2023年度 as 令和5(2023)年度, a column in t-CO2 that reaches 10万t in 万t-CO2, one in
 * 円 that reaches 100万円 in 千円. Values stay what they are, only fewer of their digits are shown, and a note says so.
 * A document in English stays as it is. */
void report_office(report *r);

void report_heading(report *r, int level /* 1..3 */, const char *text);
void report_text(report *r, const char *text); /* a paragraph; a line break in it is kept */
void report_textf(report *r, const char *fmt, ...) MIZO_PRINTF(2, 3);
void report_note(report *r, const char *text); /* the same, small: sources, conditions */
void report_notef(report *r, const char *fmt, ...) MIZO_PRINTF(2, 3);
/* A key and its value; those that follow each other stand in one block, values in one line. */
void report_pair(report *r, const char *key, const char *value);
void report_pairf(report *r, const char *key, const char *fmt, ...) MIZO_PRINTF(3, 4);
/* Two blocks of lines side by side, as the head of a letter: who gets it, who sends it. */
void report_sides(report *r, const char *left, const char *right);
/* A figure that the document is about, large and boxed: "ご請求金額", "12,345 円". */
void report_figure(report *r, const char *label, const char *value);
/* The state of the books that the document was made from, as a small note: how many entries, the head of their chain in
 * hexadecimal. Nothing is said of empty books. */
void report_book(report *r, int64_t entries, const char *head);
void report_page(report *r); /* what follows begins a new page; in a spreadsheet a new sheet */

/* The document's half of a text in both languages (base/text.h), kept by the document: notes and sources of a region. */
const char *report_said(report *r, const char *text);

/* ---- tables ---- */
typedef enum report_align { REPORT_LEFT, REPORT_RIGHT, REPORT_CENTRE } report_align;

typedef struct report_column {
    const char *title; /* NULL: none */
    const char *unit;  /* under the title: "kWh"; NULL: none */
    report_align align;
    int width;  /* share of the page's width; 0: by what stands in it */
    bool sum;   /* added up in the sum row, in integers */
    bool plain; /* numbers without thousands commas: years, codes */
    bool
        bars; /* narrow, of report_cell_bar: a time of a schedule; without a title it goes under the one before */
} report_column;

/* Begins a table; it ends where anything but a cell or a sum follows. caption NULL: none. The title row is
 * repeated on each page that the table goes over. */
void report_columns(report *r, const char *caption, const report_column *columns, int n);
/* Cells go from left to right, row by row. */
void report_cell_text(report *r, const char *text);
void report_cell_textf(report *r, const char *fmt, ...) MIZO_PRINTF(2, 3);
void report_cell_number(report *r, int64_t value, int digits); /* value / 10^digits */
/* A value with `from` decimals, shown with `digits` of them (digits <= from), the rest rounded half up: Wh as
 * kWh with one decimal is (wh, 3, 1). A sum adds the values as they are and rounds once. */
void report_cell_scaled(report *r, int64_t value, int from, int digits);
void report_cell_day(report *r, mizo_day day);
void report_cell_blank(report *r);
/* A piece of a bar, in a column of .bars: filled over the whole cell; "■" where there is no colour. */
void report_cell_bar(report *r, bool done);
void report_cell_gap(report *r); /* a value that is not known: drawn as a dash, never a zero */
/* A row of sums under the columns that have .sum, labelled in the first column: of the table's rows since the
 * last sum row. A gap in a column marks its sum with "*"; a column of nothing but gaps has no sum. */
void report_sum(report *r, const char *label);
/* The same over all rows of the table, sum rows left out. */
void report_sum_all(report *r, const char *label);

/* ---- charts ---- */
typedef struct report_line {
    const char *name;
    const int64_t *v; /* [n], value / 10^digits; INT64_MIN: not known, drawn as a gap */
} report_line;
typedef struct report_chart {
    const char *caption, *unit;
    bool lines;                /* lines; else bars beside each other */
    int n, nline, digits;      /* places along the axis, lines, decimals of the values */
    const char *const *places; /* [n] "0:00"; shown as far as there is room */
    const report_line *line;   /* [nline] */
} report_chart;
void report_chart_add(report *r, const report_chart *c); /* copied */

/* ---- reading it again, for those who make a format ---- */
typedef enum report_kind {
    REPORT_HEADING,
    REPORT_TEXT,
    REPORT_NOTE,
    REPORT_PAIR,
    REPORT_SIDES,
    REPORT_FIGURE,
    REPORT_PAGE,
    REPORT_TABLE,
    REPORT_CHART
} report_kind;

typedef enum report_cell_kind {
    REPORT_CELL_BLANK,
    REPORT_CELL_TEXT,
    REPORT_CELL_NUMBER,
    REPORT_CELL_DAY,
    REPORT_CELL_GAP,
    REPORT_CELL_BAR /* value 1: done, 0: to come */
} report_cell_kind;

typedef struct report_cell {
    uint8_t kind;         /* report_cell_kind */
    uint8_t from, digits; /* decimals of the value, and of those that are shown */
    bool partial;         /* a sum over a column with gaps */
    bool triangle;        /* ▲ for minus */
    int64_t value;        /* of a number, or the day */
    const char *text;     /* of a text; else NULL */
} report_cell;

typedef struct report_row {
    bool sum;
    report_cell *cell; /* [table->ncolumn] */
    struct report_row *next;
} report_row;

typedef struct report_table {
    const char *caption; /* NULL: none */
    int ncolumn, nrow;   /* rows with those of sums */
    const report_column *column;
    report_row *first, *last;
} report_table;

typedef struct report_block {
    report_kind kind;
    int level;              /* of a heading */
    const char *key, *text; /* a pair's key and value; sides: left and right; a figure's label and value */
    report_table *table;
    const report_chart *chart;
    struct report_block *next;
} report_block;

const report_head *report_head_of(const report *r);
const report_block *report_blocks(const report *r); /* the first; NULL: empty */
/* A number as people read it: "1,234.50", "-3"; plain: without commas. */
void report_number_text(const report_cell *c, bool plain, char out[MIZO_NUM_TEXT]);
/* Any cell as it is read on a page: "" for a blank, "–" for a gap. room is used where the text must be made. */
const char *report_cell_shown(const report_cell *c, bool plain, char room[MIZO_NUM_TEXT]);
/* How many columns the title of column i stands over: those of .bars behind it without a title are its own. */
int report_title_span(const report_table *t, int i);

/* ---- formats of the core ---- */
MIZO_MUST_USE mizo_err report_plain(const report *r,
                                    buf *out); /* for a terminal: aligned, two columns a kanji */
MIZO_MUST_USE mizo_err report_html(const report *r, buf *out); /* one file, opens from disk, prints on A4 */

typedef enum report_letters { REPORT_UTF8_BOM, REPORT_CP932 } report_letters;
/* CSV for other programs: numbers without commas, days as 2026-04-01, CRLF. table -1: the whole document, block
 * under block; else only that table (from 0) with one row of titles and no sum rows: MIZO_ENOENT where there is
 * none. A letter that CP932 lacks is written as 〓 and named in d, once a line. */
MIZO_MUST_USE mizo_err report_csv(const report *r, int table, report_letters letters, mizo_diags *d,
                                  buf *out);

/* The tables alone, to be pasted into a sheet or a slide: cells as they are shown, with tabs between, a caption above
 * each, CRLF. */
MIZO_MUST_USE mizo_err report_tsv(const report *r, buf *out);

/* The same blocks as JSON: an array of objects of the array that is open; texts as they are shown. */
void report_json(const report *r, json *j);

/* Every figure of the document with a name of its own, a line each, "name TAB figure": what a later one is held against.
 * A cell is called by its table, by the cells to the left of the first column that is set to the right, and by its title. */
MIZO_MUST_USE mizo_err report_facts(const report *r, buf *out);
/* Where two such lists differ, in the order of the newer one, then what is gone. before or after NULL: it is not there. An
 * error of fn ends it. */
MIZO_MUST_USE mizo_err report_facts_differ(const char *before, const char *after,
                                           mizo_err (*fn)(void *arg, const char *name, const char *before,
                                                          const char *after),
                                           void *arg);

/* Appends UTF-8 text as CP932 in the same way. MIZO_EINPUT: not UTF-8. */
MIZO_MUST_USE mizo_err report_to_cp932(const char *s, size_t n, mizo_diags *d, buf *out);

/* ---- formats of modules ---- */
/* The constant table that a module exports: mizo-pdf.so as mizo_module_pdf, mizo-xlsx.so as mizo_module_xlsx. */
typedef struct report_maker {
    const char *name; /* "pdf" */
    /* Appends the file's bytes to out. why: what failed, in English. MIZO_EUNSUPPORTED: a font is missing. */
    mizo_err (*make)(const report *r, buf *out, char why[REPORT_WHY]);
} report_maker;

#endif
