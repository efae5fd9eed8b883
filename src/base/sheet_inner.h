/* sheet_inner.h: what the parts of the workbook's reader share. Of base/sheet*.c alone. */
#ifndef BASE_SHEET_INNER_H
#define BASE_SHEET_INNER_H

#include "base/arena.h"
#include "base/sheet.h"

enum { SHEET_PART = 512, SHEET_MERGES = 20000, SHEET_STYLES = 65536, SHEET_SHARED = 4 << 20 };

typedef enum sheet_style { STYLE_PLAIN, STYLE_DATE, STYLE_TIME } sheet_style;

struct sheet_book {
    arena *a;
    sheet *sheet;
    size_t nsheet, sheet_cap;
};

/* While a workbook is read. */
typedef struct sheet_read {
    sheet_book *book;
    const xml_reader *xml;
    const zip_reader *zip;
    const void *bytes;
    size_t n;
    sheet_fault *fault;
    const char *part; /* that is being read */
    bool from_1904;
    char **shared; /* [nshared], in the arena */
    size_t nshared, shared_cap;
    uint8_t *style; /* [nstyle] sheet_style of each cell format */
    size_t nstyle, style_cap;
    size_t ncell; /* of all sheets so far */
} sheet_read;

/* Sets the fault; always MIZO_EINPUT. */
mizo_err sheet_bad(sheet_read *r, int line, const char *where, const char *why);
/* One part of the archive through a sink. MIZO_ENOENT: there is no such part. */
MIZO_MUST_USE mizo_err sheet_part(sheet_read *r, const char *part, const xml_sink *sink);
/* A copy in the arena without blanks at its ends (also the wide one). NULL: out of memory. */
const char *sheet_trimmed(arena *a, const char *s, size_t n, size_t *len);

/* ---- sheet_styles.c ---- */
MIZO_MUST_USE mizo_err sheet_read_shared(sheet_read *r, const char *part);
MIZO_MUST_USE mizo_err sheet_read_styles(sheet_read *r, const char *part);
/* ---- sheet_cells.c ---- */
MIZO_MUST_USE mizo_err sheet_read_cells(sheet_read *r, const char *part, sheet *s);

#endif
