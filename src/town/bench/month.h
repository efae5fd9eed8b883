/* month.h: the twelve series of the ieee_po set, and what is said of a month at its start. */
#ifndef TOWN_BENCH_MONTH_H
#define TOWN_BENCH_MONTH_H

#include "town/bench/frame.h"

enum { MONTH_QUARTERS = 96 };

typedef struct month {
    const frame *f;        /* seconds in UTC; Building.. in kW of use, Solar.. in kW made */
    int64_t *local;        /* [f->nrow] seconds of Melbourne's clock */
    size_t from, to, past; /* the month's rows; the first row that panels learn from */
    double *sun;           /* [to - past] what the sun gives under a clear sky */
} month;

/* The month that ended `ago` whole months before the last whole one of the file (0: that one). f is borrowed.
 * MIZO_EINPUT: the rows are not quarter hours without a gap, or too few. */
MIZO_MUST_USE mizo_err month_of(const frame *f, int ago, month *out);
void month_free(month *m);

/* What rows before the month let one say of its column c: said[to - from]. NAN: a time of day never seen. */
MIZO_MUST_USE mizo_err month_say(const month *m, int c, double *said);

/* Seconds that Melbourne's clock is ahead of UTC. */
int melbourne(int64_t second);

#endif
