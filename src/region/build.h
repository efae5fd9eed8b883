/* build.h: what the steps of building a model share. Private to the room.
 *
 * canon.c makes the text of each file; yaml.c and rows.c read it through field.c
 * into tables; link.c resolves ids, sorts and drops; check.c holds rows against
 * each other; model.c freezes the result. Each step says every mistake and goes on. */
#ifndef REGION_BUILD_H
#define REGION_BUILD_H

#include <string.h>

#include "base/arena.h"
#include "mizo/messages/region.h"
#include "region/schema.h"

enum {
    REGION_REFS = 4,
    REGION_BATTERIES_MOST = 8,
    REGION_VEHICLES_MOST = 64,
    REGION_LOADS_MOST = 8,
    REGION_FILE_MB = 64
};

/* Where a row stands, and what of it is still text. */
typedef struct row_meta {
    const char *id; /* as written; NULL: the file has none or it is blank */
    const char
        *ref[REGION_REFS]; /* ids referred to, in the order of the file's FIELD_REF rows; NULL: blank */
    const int *column;     /* of each field, by its place in region_fields_of(); 0: no such column */
    int line;
    bool bad;   /* an error, or a disabled asset */
    bool quiet; /* bad only because of a row, or a file, that has had its say */
} row_meta;

typedef struct region_table {
    region_file file;
    bool present;
    bool torn; /* columns or records could not be read: what is not there may only be unread */
    bool lost; /* so may ids */
    size_t n, ncap, mcap;
    unsigned char *row; /* n rows of region_files[file].size */
    row_meta *meta;
    size_t nid;
    int32_t *byid; /* rows that have an id, sorted by it, then by line */
    size_t norder;
    int32_t *order; /* good rows as they will stand in the model */
    mizo_ref *now;  /* row -> its place in order, -1 */
} region_table;

typedef struct region_builder {
    arena *keep;   /* lives as long as the model */
    arena *work;   /* until the model is built */
    mizo_diags *d; /* of the build: told in order of files and lines at its end */
    mizo_err err;  /* MIZO_ENOMEM sticks */
    int errors;
    int searches; /* "did you mean" over ids costs; so many are left */
    region_head head;
    mizo_place head_at[REGION_FILE_FIELDS]; /* of each key's value */
    region_table t[FILE_COUNT];
} region_builder;

/* Says one thing; p ends with the first NULL. Errors are counted. */
void region_say(region_builder *b, mizo_msg id, mizo_place at, const char *const p[MIZO_DIAG_PARAMS]);
#define SAY(b, id, file, line, column, ...)                                                                  \
    region_say((b), MIZO_MSG_REGION_##id, MIZO_AT(region_files[file].name, line, column),                    \
               (const char *const[MIZO_DIAG_PARAMS]){ __VA_ARGS__ })
/* The same for a FAULT: an error, or the warning that disables the asset; *bad is set. */
#define FAULT(b, id, file, line, column, bad, ...)                                                           \
    (*(bad) = true,                                                                                          \
     region_say((b),                                                                                         \
                region_files[file].kind == FILE_ASSET ? MIZO_MSG_REGION_##id##_ASSET : MIZO_MSG_REGION_##id, \
                MIZO_AT(region_files[file].name, line, column),                                              \
                (const char *const[MIZO_DIAG_PARAMS]){ __VA_ARGS__ }))

/* Copies what `from` says into `to`, by file and line. */
void region_tell(const mizo_diags *from, mizo_diags *to);

/* Memory of the build that says so when there is none. */
void *region_work(region_builder *b, size_t n);
/* A short copy for a message: at most 60 bytes, whole letters, no control characters. */
const char *region_quote(region_builder *b, const char *s, size_t n);
static inline const char *region_quoted(region_builder *b, const char *s)
{
    return region_quote(b, s, strlen(s));
}
const char *region_number(region_builder *b, int64_t v, int digits); /* no more decimals than needed */
const char *region_date(region_builder *b, mizo_day d);
/* What a field takes. */
const char *region_expects(region_builder *b, const field_row *f);

/* ---- canon.c ---- */
/* UTF-8 without BOM, LF; appended to out. False: said why. d may be NULL. */
bool region_normal(const mizo_file *f, mizo_diags *d, buf *out);

/* ---- field.c ---- */
/* Sets the field of *row from text (trimmed here); row_meta gets ids and references.
 * Mistakes are said at (line, column) and set *bad. */
void region_field_set(region_builder *b, const field_row *f, int nth_ref, const char *s, size_t n, int line,
                      int column, void *row, row_meta *meta);
void region_field_default(const field_row *f, void *row);

/* ---- yaml.c, rows.c ---- */
void region_read_yaml(region_builder *b, const char *text, size_t n);
void region_read_rows(region_builder *b, region_file f, const char *text, size_t n);

/* ---- link.c ---- */
void region_link(region_builder *b);

/* ---- check.c ---- */
void region_check_row(region_builder *b, region_table *t,
                      size_t row);        /* one row by itself, before the sort */
void region_check_all(region_builder *b); /* rows against each other, after it */
/* ---- check_pools.c ---- */
void region_check_pools(region_builder *b);
/* ---- check_nodes.c ---- */
void region_check_nodes(region_builder *b); /* also finds each node's parent */
/* ---- check_meters.c ---- */
void region_check_meters(region_builder *b);
/* ---- check_balancing.c ---- */
void region_check_balancing(region_builder *b);
/* Column of a named field in one row; 0: the file does not have it. */
int region_column(const region_table *t, size_t row, const char *name);

static inline void *region_row(const region_table *t, size_t i)
{
    return t->row + i * region_files[t->file].size;
}

/* The k-th good row of a table, in the model's order; its line, and the column of a field (1 where the file has none). */
static inline void *region_ordered(const region_table *t, size_t k)
{
    return region_row(t, (size_t)t->order[k]);
}

static inline int region_line_of(const region_table *t, size_t k)
{
    return t->meta[t->order[k]].line;
}

static inline int region_column_of(const region_table *t, size_t k, const char *name)
{
    int column = region_column(t, (size_t)t->order[k], name);
    return column ? column : 1;
}

/* Of link.c: the nearest of a table's ids, for "did you mean"; NULL: none is near. */
const char *region_nearest_id(region_builder *b, const region_table *t, const char *id);

/* ---- check_trade.c ---- */
void region_check_trade_row(region_builder *b, region_table *t, size_t row); /* also keeps its line */
void region_check_trade(region_builder *b);
void region_check_mix(region_builder *b);
bool region_has_param(region_builder *b, const char *name,
                      const char **near); /* near: NULL where it has it */
bool region_has_chain(const region_builder *b, const char *chain);

/* ---- check_payment.c ---- */
void region_check_payment_row(region_builder *b, region_table *t, size_t row); /* also keeps its line */
void region_check_payment(region_builder *b);

/* ---- check_duty.c ---- */
void region_check_duty_row(region_builder *b, region_table *t, size_t row); /* also keeps its line */

/* ---- check_city.c ---- */
void region_check_city_row(region_builder *b, region_table *t, size_t row); /* also keeps its line */
void region_check_city(region_builder *b);

/* ---- find.c ---- */
enum { REGION_PRICES = 12 * 4 * MIZO_DAY_SLOTS };
typedef struct region_model {
    mizo_region pub; /* first */
    _Atomic uint32_t refs;
    arena *keep;
} region_model;
/* Fills [12][4][48] from the rows of one tariff, first match; used[i] is set for rows that give
 * some price. Returns false with *gap the first index without one. */
bool region_prices(const mizo_rate *rate, size_t n, int32_t price[REGION_PRICES], bool *used, int *gap);

#endif
