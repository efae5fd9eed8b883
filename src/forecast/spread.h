/* spread.h: how far off a forecast will be: the usual size of its misses, as the hour, the last days and the
 * caller's signs have it, times the misses of the past in multiples of what was their own usual size.
 * Any levels. Told a day at a time; cannot see further. docs/mechanisms/price.md */
#ifndef FORECAST_SPREAD_H
#define FORECAST_SPREAD_H

typedef struct spread spread;

enum { SPREAD_SIGNS = 12, SPREAD_SLOTS = 96 };

typedef struct spread_task {
    int slots;
    int signs;        /* the caller's columns, 0..SPREAD_SIGNS */
    int days;         /* that are kept */
    double half_life; /* days */
    double least;     /* misses smaller than this are as good as none */
    int reach;        /* neighbouring slots whose misses speak too */
} spread_task;

spread *spread_new(const spread_task *t); /* NULL: out of memory or range */
void spread_free(spread *s);              /* NULL is fine */
/* sign[slots * signs]: of the day that will be asked for and learned. */
void spread_day(spread *s, const double *sign);
/* q[n] at level[n] (rising) of what `slot` will miss: never falling. 0 while nothing was learned. */
void spread_quantiles(spread *s, int slot, const double *level, int n, double *q);
/* missed[slots] of that day: what happened less what was said; NAN unknown. */
void spread_learn(spread *s, const double *missed);

#endif
