/* value_acn_peak.h: the peak that a month is worth, learned from the days that are over. Of src/town/bench/value_acn*.c */
#ifndef TOWN_BENCH_VALUE_ACN_PEAK_H
#define TOWN_BENCH_VALUE_ACN_PEAK_H

#include "town/bench/value_acn_yard.h"

enum { PEAKS = 56 };

typedef struct peak_school {
    double limit;      /* kW */
    double kw[PEAKS];  /* that are tried */
    double usd[PEAKS]; /* what past days would have cost under each, older ones counting less */
    double weight;     /* of the days that are in it */
} peak_school;

void peak_init(peak_school *s, const lot *l);
/* The day [q, end) is over: those cars came from `first` on that are before now->next. room: [l->n] of scratch. */
void peak_learn(peak_school *s, const yard *now, int first, int64_t q, int64_t end, double *room);
/* kW that the lot may take, `paid` of which the month has taken already, for `left` days to come. */
double peak_choose(const peak_school *s, double paid, double left);

#endif
