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

/* One column of months on its way down. */
typedef struct yearly_sums {
    int64_t all[YEARLY_MONTHS], part[YEARLY_MONTHS]; /* thousandths; part: since the last total */
    int64_t text[YEARLY_MONTHS],
        part_text[YEARLY_MONTHS]; /* of that what is kept as text: a SUM leaves it out */
    int rows;
    const yearly_energy *energy; /* of its rows */
    bool mixed, broken;          /* several kinds; a row was wrong: then totals are not judged */
} yearly_sums;

typedef struct yearly_seen {
    int row; /* 0: not yet */
} yearly_seen;

typedef struct yearly_reading {
    const sheet *s;
    const yearly_ask *ask;
    const yearly_sink *sink;
    yearly_count *out;
    yearly_layout l;
    yearly_sums sum[YEARLY_BLOCKS];
    yearly_seen *seen;        /* [nblock][nfacility][YEARLY_ENERGIES] */
    int near;                 /* names looked for nearby */
    int hidden, first_hidden; /* rows */
    char bureau[YEARLY_TEXT];
    char name[YEARLY_TEXT]; /* of the last facility: leftovers of merged cells are blank below */
} yearly_reading;

/* ---- yearly.c ---- */
void yearly_say(const yearly_reading *x, mizo_msg id, int row, int column, const char *p0, const char *p1);
/* Thousandths in a cell. MIZO_ENOENT: it has none, as the formula of a total whose result was not kept: it is added up here
 * anyway. MIZO_EINPUT: said. *textual: a number kept as text. */
mizo_err yearly_value_of(const yearly_reading *x, int row, int column, int ten, bool total, int64_t *out,
                         bool *textual);

/* ---- yearly_totals.c ---- */
/* The totals of a row against its months. MIZO_EINPUT: said. */
mizo_err yearly_row_totals(yearly_reading *x, const yearly_block *b, const yearly_value *v, int ten);
bool yearly_any_month(const yearly_value *v); /* has it a value? */
/* April is blank, and a number that is no total stands right of March below no heading: all have moved by a column. */
mizo_err yearly_shifted(const yearly_reading *x, const yearly_block *b, const yearly_value *v, int ten);
/* A row counts for the totals below it. */
void yearly_sums_add(const yearly_reading *x, yearly_sums *s, const yearly_value *v);
/* A row of totals of a block. named: it says that it is one. False: its numbers are no total. */
bool yearly_column_totals(yearly_reading *x, int row, int block, bool named, bool *numbers);

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

#endif
