/* table.h: tables that people and authorities send, read by constant tables of readers.
 *
 * A reader is a name, a test of the header and a function for one record. It is
 * pure: text in, one typed row or one fault out. Columns are found by name, after
 * folding (full width, spaces and case do not matter), never by number. The lists
 * of readers stand in metering/readers.h (readings) and grid/readers.h (market and
 * area files); town/import/import.c joins them with the model and the store. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/csv.h"
#include "mizo/number.h"
#include "mizo/series.h"

enum {
    TABLE_VALUES = 160, /* values of one row */
    TABLE_WORD = 96,    /* bytes of a folded header word */
    TABLE_COLUMNS = 24, /* columns that a reader may look for */
    TABLE_OWNERS = 24,  /* owners that a reader may name itself */
    TABLE_PARAMS = 3,
    TABLE_PARAM = 200,
    TABLE_PREAMBLE = 60 /* records before the header */
};

typedef enum table_kind { TABLE_SERIES, TABLE_PERIOD, TABLE_SESSION } table_kind;

/* A piece of the record, as it stands. */
typedef struct table_text {
    const char *s;
    size_t n;
    int column;
} table_text;

/* One value of a series. The value counts 10^exponent of the quantity's unit. */
typedef struct table_value {
    const char *owner; /* text id that the reader knows, static or in its state; NULL: the row's owner */
    mizo_ms at;        /* start of the step */
    int32_t v;
    int column;
    int16_t step_min;
    uint8_t quantity, role, quality; /* quantity 0: what is usual for the owner */
    int8_t exponent;
} table_value;

typedef struct table_row {
    table_kind kind;
    int line;
    table_text owner;     /* point, asset, plant, market; of a session the vehicle */
    mizo_ms issued;       /* a forecast: when it became known; 0: not one */
    int nvalue, nmissing; /* nmissing: cells that say "no value" */
    table_value value[TABLE_VALUES];
    /* TABLE_PERIOD */
    mizo_day from, to; /* [from, to) */
    mizo_wh energy_wh;
    int32_t max_w; /* MIZO_MISSING: not given */
    uint8_t quantity, quality;
    /* TABLE_SESSION */
    table_text charger;
    mizo_ms arrive, depart;
    mizo_wh need_wh;
} table_row;

/* Why a record is bad: a message, the column, the parameters. */
typedef struct table_fault {
    mizo_msg id;
    int column;
    char param[TABLE_PARAMS][TABLE_PARAM];
} table_fault;

/* Folded words of a record, to look for columns. */
typedef struct table_words {
    int n;
    char w[CSV_FIELDS][TABLE_WORD];
} table_words;

/* What a reader knows of the file; its header function fills it, its row function may go on. */
typedef struct table_state {
    int offset;                            /* slots ahead of UTC */
    const char *file;                      /* base name of the file, for its area code; never NULL */
    const char *station;                   /* of several in the file the one that is meant; NULL: not said */
    int nfield;                            /* of the header */
    int16_t col[TABLE_COLUMNS];            /* reader's column -> field, -1: none */
    int16_t what[CSV_FIELDS];              /* of each field: the reader's row for it, -1: unused */
    int64_t num[8];                        /* the reader's memory */
    char owner[TABLE_OWNERS][MIZO_ID_MAX]; /* owners that the reader names, "tepco-area-pv" */
} table_state;

typedef struct table_reader {
    const char *name; /* "long", for --kind and messages */
    const char *help; /* its header in short */
    bool blocks;      /* records of other shapes stand between the tables */
    /* Is this the header of such a file? Asked of each record until one says yes; st is the
     * reader's own, zeroed before the first but for offset and file, and it fills it. */
    bool (*header)(const table_words *w, table_state *st);
    /* One record. MIZO_OK: *row is filled; MIZO_ENOENT: nothing to read in this one
     * (a block between tables); MIZO_EINPUT: *fault says why. */
    mizo_err (*row)(table_state *st, const csv_record *rec, table_row *row, table_fault *fault);
} table_reader;

/* One record through a reader: checks the count of fields, then reads. As table_reader.row. */
MIZO_MUST_USE mizo_err table_read(const table_reader *r, table_state *st, const csv_record *rec,
                                  table_row *row, table_fault *fault);

void table_fold(const csv_record *rec, table_words *w);
/* The field whose word is one of names (folded, ended by NULL), -1: none. */
int table_find(const table_words *w, const char *const *names);
/* True if one of the fields col[0..n) (-1: none) has the same word as another field: which is meant? */
bool table_twice(const table_words *w, const int16_t *col, int n);
/* The first field whose word begins with `start`, at or after `from`; -1: none. */
int table_find_start(const table_words *w, const char *start, int from);

/* A CSV that people keep: a title of one cell where there is one, a header, then records. header: what it says of the columns; MIZO_EINPUT ends the reading. row:
 * each record; an error of it ends the reading. bad: a record that is no CSV, and why; the reading goes on. */
typedef struct table_sink {
    mizo_err (*header)(void *arg, const csv_record *rec, const table_words *w);
    mizo_err (*row)(void *arg, const csv_record *rec);
    void (*bad)(void *arg, const csv_record *rec, const char *what);
} table_sink;
/* MIZO_OK at the end of the file, also where it is empty. */
MIZO_MUST_USE mizo_err table_rows(const char *bytes, size_t n, const table_sink *sink, void *arg);
/* The text of a column, cut where out is full; "" where the record has none, or the column is -1. */
void table_cell(const csv_record *rec, int column, char *out, size_t cap);

/* Sets a fault at a field (NULL: the line) with up to three parameters. Always returns MIZO_EINPUT. */
mizo_err table_bad(table_fault *f, mizo_msg id, const csv_field *at, const char *p0, const char *p1,
                   const char *p2);
/* The same with the field's own text, shortened, as the first parameter. */
mizo_err table_bad_text(table_fault *f, mizo_msg id, const csv_field *at, const char *p1);

/* value * 10^digits, rounded half up; "1.2E+3", "1,234", "▲3" as mizo_decimal_parse.
 * MIZO_ENOENT: a mark that says "no value" (blank, ***, -, －, N/A); MIZO_EINPUT; MIZO_ERANGE. */
MIZO_MUST_USE mizo_err table_number(const char *s, size_t n, int digits, int64_t *out);
/* RFC 3339, or a local date and clock parted by T or space: 2023/4/1 0:30[:00], 24:00 allowed. */
MIZO_MUST_USE mizo_err table_instant(const char *s, size_t n, int offset, mizo_ms *out);
/* Start of a local day. */
mizo_ms table_day_ms(mizo_day d, int offset);

#endif
