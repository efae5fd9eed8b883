/* operator_work.h: what a file of the network operator's works with while it is read, as XML or as a table: what is
 * known of its points, what it says of their months, what has to wait. Of town/import_operator*.c alone. */
#ifndef TOWN_IMPORT_OPERATOR_WORK_H
#define TOWN_IMPORT_OPERATOR_WORK_H

#include "town/import/operator.h"

/* A day of a point as it is known. */
typedef struct known_day {
    mizo_day day;
    uint8_t q[MIZO_DAY_SLOTS];
    int32_t limit; /* of one slot, by what was read before; 0: no limit known; -1: not looked at */
} known_day;

enum {
    MONTH_BEFORE = 31,
    MONTH_DAYS = 96
}; /* the month before, a month, the next: points are read on different days */

/* A point of the file: what it has been told of the month so far, by one record or, where a meter was replaced, several. */
typedef struct month_of {
    int32_t owner;
    confirmed_month m;
    bool whole; /* a record with values of the whole was seen */
    int line;
    mizo_day day0;                                /* of seen[0], known[0] */
    uint64_t seen[MONTH_DAYS], known[MONTH_DAYS]; /* bit s: half-hour s stands in a record, has a value */
} month_of;

typedef struct unknown_point {
    char number[OPERATOR_NUMBER];
    int line;
    int64_t records;
} unknown_point;

struct operator_work {
    import_run *im;
    const char *member;    /* file name for messages */
    const csv_record *rec; /* of a table the row at hand, and the value's column */
    int column;
    mizo_day from, to; /* of a table so far, [from, to); equal: nothing yet */
    known_day *known;  /* [known_n] by owner */
    size_t known_n;
    unknown_point *unknown;
    size_t nunknown, unknown_cap;
    month_of *month;
    size_t nmonth, month_cap;
    held_day *held;
    size_t nheld, held_cap;
    int64_t older;
    table_row *row;
};
typedef struct operator_work work;
enum { OPERATOR_VOLTAGES = 24 };

/* name: of the file, for messages, borrowed. NULL: out of memory. */
work *operator_work_new(import_run *im, const char *name);
void operator_work_free(work *w); /* NULL is fine */
/* A bad row: arg is the work, as operator_sink wants it. */
void operator_bad(void *arg, mizo_msg id, int line, const char *p0, const char *p1, const char *where);
/* One value of a point's whole: provisional and estimated ones never take the place of better ones, what cannot be true
 * waits. */
MIZO_MUST_USE mizo_err operator_put(work *w, int32_t owner, const operator_slot *s, uint8_t quality);
/* One value as it is, into the stage. */
MIZO_MUST_USE mizo_err operator_value(work *w, const char *owner_id, const operator_slot *s, int32_t wh,
                                      uint8_t quality);
/* Voltages of its points ("low+high"): operators send each apart, and one is no newer version of the other. */
void operator_voltages(const work *w, char out[OPERATOR_VOLTAGES]);
/* Says what waits and what was left out, and hands over what waits. */
MIZO_MUST_USE mizo_err operator_work_end(work *w);

#endif
