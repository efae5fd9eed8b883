/* readers.h: the tables of readings, one reader a shape (docs/formats/import.md). */
#ifndef METERING_READERS_H
#define METERING_READERS_H

#include "base/table.h"

/* How many columns of a header are numbered 1, 2, 3 .. without a break; 0: none. */
int metering_slot_columns(const table_words *w);

extern const table_reader metering_long, metering_wide, metering_period, metering_session;
extern const table_reader *const metering_readers[]; /* ended by NULL, in the order of asking */

/* ---- what a value column means ---- */
typedef struct metering_unit {
    const char *word; /* folded header word */
    uint8_t quantity; /* 0: the row's or import; else what this column always is */
    bool power;       /* a mean over the step: x hours gives energy */
    int64_t factor;   /* one of it in the quantity's small unit (Wh, milli-yen ...); 0: by the quantity */
} metering_unit;
/* NULL: not a value column. */
const metering_unit *metering_unit_of(const char *word);
/* Text of a quantity or a Japanese name of it. False: unknown. */
bool metering_quantity(const csv_field *f, mizo_quantity *q);
/* "measured", "meter", "検針", "bill", "report", "estimate" ... MIZO_QUALITY_ABSENT is not accepted.
 * Blank is measured. */
bool metering_quality(const csv_field *f, uint8_t *q);
bool metering_is_energy(mizo_quantity q); /* counted in Wh */
int64_t metering_factor(mizo_quantity q); /* small units in one of what people write: 1000 Wh in a kWh */
/* A cell of one unit and step as an int32 value of 10^exponent small units. MIZO_ENOENT: says missing. MIZO_EINPUT: *fault. */
MIZO_MUST_USE mizo_err metering_value(const csv_field *f, const metering_unit *u, mizo_quantity q,
                                      int step_min, int exponent, int32_t *out, table_fault *fault);

/* ---- the fast way for plain long files ---- */
/* Where the fields stand, made by metering_long's header. */
typedef struct scan_shape {
    int nfield, owner, time, value, quality; /* quality -1: none */
    bool epoch;                              /* seconds since 1970; otherwise a date and clock */
    bool end;                                /* the time is the end of the half-hour */
    int64_t num, den;                        /* value x num / den is in the small unit, rounded half up */
    uint8_t quantity;
    int offset;
} scan_shape;

typedef struct scan_item {
    const char *owner; /* within the bytes */
    uint32_t nowner;
    int32_t value;
    mizo_slot slot;
    const char *line_start;
    int32_t line; /* counted from the first line of this call, from 0 */
    uint8_t quality;
} scan_item;

/* True if the state of metering_long allows it; fills shape. */
bool metering_scan_shape(const table_state *st, scan_shape *shape);
/* Reads whole lines from p[0..n) into items[0..cap) until cap is reached, the last newline, or a
 * line that is not plain (a quote, another count of fields, a number that is none, a time off the
 * half-hour, a missing mark): that one is for metering_long. Returns the count of items; *used is the bytes eaten, *lines
 * how many lines they were, *odd whether it stopped at such a line. */
size_t metering_scan(const scan_shape *shape, const char *p, size_t n, scan_item *items, size_t cap,
                     size_t *used, int *lines, bool *odd);

#endif
