/* yearly_inner.h: what the parts of the yearly reader share. */
#ifndef CITY_YEARLY_INNER_H
#define CITY_YEARLY_INNER_H

#include "base/text.h"
#include "city/yearly.h"
#include "mizo/messages/yearly.h"

enum { YEARLY_BLOCKS = 8, YEARLY_SUMS = 8, YEARLY_HEAD = 30, YEARLY_YEARS = 4 };

/* Twelve months side by side. */
typedef struct yearly_block {
    int column[YEARLY_MONTHS]; /* from April; 0: not there */
    int first, last;           /* columns of months, leftmost and rightmost */
    int fy, fy_row,
        fy_column; /* the year, and the cell above that says it; 0: the months, or others say it */
    const yearly_energy *energy; /* NULL: each row says its own */
    int ten;                     /* thousandths = value * 10^ten; -1: each row says its own */
    const char *unit;            /* base unit of ten; NULL with -1 */
    int sum[YEARLY_SUMS], nsum;  /* columns of totals */
} yearly_block;

typedef struct yearly_layout {
    int header, first;                        /* rows: of the months; of the first data */
    int id, name, bureau, energy, unit, note; /* columns; 0: none */
    yearly_block block[YEARLY_BLOCKS];
    int nblock;
} yearly_layout;

/* ---- yearly_words.c ---- */
/* What a cell shows, without tags, line breaks and marks of notes; a covered cell shows what covers it. */
void yearly_shown(const sheet *s, int row, int column, char out[YEARLY_TEXT]);
void yearly_clean(const char *s, char out[YEARLY_TEXT]);
/* The same, folded. Returns its bytes. */
size_t yearly_folded(const sheet *s, int row, int column, char out[YEARLY_TEXT]);
/* Month 1..12 that a header cell names, 0: none; *year: calendar year or 0; *weak: a bare number. */
int yearly_month(const sheet_cell *c, int *year, bool *weak);
/* The fiscal years that a folded text names; how many. *wrong: it names one that its era does not have. */
int yearly_years(const char *folded, int out[YEARLY_YEARS], bool *wrong);
/* Does it count a fiscal year under no era that there is (令化5年度)? */
bool yearly_year_odd(const char *folded);
/* The unit that a folded text is, or has in brackets or after 単位. */
bool yearly_unit(const char *folded, const char **unit, int *ten);
/* The longest word of an energy within a folded text; NULL: none. */
const yearly_energy *yearly_energy_in(const char *folded);
bool yearly_total_word(const char *folded); /* 合計, 小計, 年計, ... total */
bool yearly_note_word(const char *folded);  /* ※, 注, 備考 ... at its beginning */
bool yearly_missing_word(const char *folded);

/* ---- yearly_layout.c ---- */
bool yearly_header(const sheet *s, yearly_layout *l);
void yearly_heading(const sheet *s, const yearly_layout *l, int column, char out[YEARLY_TEXT]);
/* Years, energies, units and columns of a header that was found. MIZO_EINPUT: said. */
mizo_err yearly_layout_read(const sheet *s, const yearly_ask *ask, const yearly_sink *sink, yearly_layout *l);

/* ---- yearly_names.c ---- */
/* -1: none; -2: several. bureau: of the row, "" not said; it tells namesakes apart. */
mizo_ref yearly_names_find(const yearly_names *n, const mizo_region *r, const char *text, const char *bureau);
const char *yearly_names_near(const yearly_names *n, const mizo_region *r, const char *text); /* NULL */

#endif
