/* sheet.h: the cells of a workbook (XLSX), typed, each with its address.
 *
 * Pure: bytes in, cells out, over the tables of xml.h and zip.h. What a person sees is what comes: a formula gives the
 * value that was kept with it, a cell formatted as a date gives a day, the reading aids above kanji are left out, hidden
 * rows and columns say that they are hidden. Numbers keep their text as stored, so that they become integers without a
 * detour. A workbook is held whole and bounded.
 */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/unzip.h"
#include "base/xml.h"
#include "mizo/slot.h"

enum {
    SHEET_ROWS = 1048576,
    SHEET_COLUMNS = 16384,
    SHEET_SHEETS = 256,
    SHEET_CELLS = 2000000, /* of all sheets */
    SHEET_ADDRESS = 160    /* "Sheet name!XFD1048576" */
};

typedef enum sheet_kind {
    SHEET_BLANK, /* formatted, or a formula whose value was not kept */
    SHEET_NUMBER,
    SHEET_TEXT,
    SHEET_DATE, /* a number shown as a date, a time or both */
    SHEET_BOOL, /* text is "TRUE" or "FALSE" */
    SHEET_ERROR /* "#REF!" ... */
} sheet_kind;

typedef struct sheet_cell {
    int row, column; /* from 1 */
    sheet_kind kind;
    bool formula;      /* its value is what was kept when the file was saved */
    bool hidden;       /* its row or column is */
    bool text_number;  /* a text that is a number to the eye (half or full width) */
    int rows, columns; /* of a merged cell: how far it reaches, on its first cell; else 1, 1 */
    mizo_day day;      /* SHEET_DATE: the day; MIZO_DAY_NONE: a time of day alone */
    int32_t day_ms;    /* SHEET_DATE: milliseconds into it, 0..86,400,000 */
    const char *
        text; /* UTF-8 with NUL, without blanks at its ends: the text; of a number as stored: "1.1000000000000001" */
    size_t n;
} sheet_cell;

/* From its first cell to its last. */
typedef struct sheet_merge {
    int row, column, last_row, last_column;
} sheet_merge;

typedef struct sheet {
    const char *name;
    bool hidden;
    int nrow, ncolumn;      /* last that has a cell */
    const sheet_cell *cell; /* [ncell] by row, then column; cells that are not there are blank */
    size_t ncell;
    const sheet_merge *merge;
    size_t nmerge;
} sheet;

typedef struct sheet_book sheet_book;

typedef struct sheet_fault {
    char where[SHEET_ADDRESS]; /* part of the file, or a cell */
    int line;
    char why[200];
} sheet_fault;

/* Reads bytes[0..n). MIZO_EINPUT: *fault says why (an old .xls and one with a password are told so); MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err sheet_open(const xml_reader *xml, const zip_reader *zip, const void *bytes, size_t n,
                                  sheet_book **out, sheet_fault *fault);
void sheet_close(sheet_book *b); /* NULL is fine */
size_t sheet_count(const sheet_book *b);
const sheet *sheet_of(const sheet_book *b, size_t i); /* in the order of the tabs */
const sheet *sheet_named(const sheet_book *b, const char *name);

/* The cell, NULL: nothing stands there. */
const sheet_cell *sheet_at(const sheet *s, int row, int column);
/* The same, and where it is covered by a merged cell, that one. */
const sheet_cell *sheet_shown(const sheet *s, int row, int column);
/* "C7", "Sheet1!C7"; s NULL: without the sheet. */
void sheet_address(const sheet *s, int row, int column, char out[SHEET_ADDRESS]);
/* "C7" or "$C$7" into row and column. MIZO_EINPUT. */
MIZO_MUST_USE mizo_err sheet_address_parse(const char *s, int *row, int *column);
/* value * 10^digits, rounded half up, of a number or of a text that is one. MIZO_ENOENT: blank or a mark that says "no
 * value"; MIZO_EINPUT: no number; MIZO_ERANGE. */
MIZO_MUST_USE mizo_err sheet_number(const sheet_cell *c, int digits, int64_t *out);
/* The day of a date, or of a text that is one. MIZO_ENOENT: blank; MIZO_EINPUT. */
MIZO_MUST_USE mizo_err sheet_day(const sheet_cell *c, mizo_day *out);
/* Does it begin as a workbook does (zip), or as an old one or one with a password (OLE)? */
bool sheet_looks(const void *bytes, size_t n);
/* Of those, one that cannot be read until it is saved as .xlsx: an old one, one with a password, an OpenDocument. */
bool sheet_foreign(const void *bytes, size_t n);

#endif
