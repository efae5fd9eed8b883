/* issued.h: what was issued for one slot, as value over normal score: straight lines through the quantiles, with
 * tails to three standard deviations. Known to src/forecast alone. */
#ifndef FORECAST_ISSUED_H
#define FORECAST_ISSUED_H

#include "mizo/forecast.h"

enum { ISSUED_NODES = MIZO_QUANTILES + 2, ISSUED_FAR = 3 };

/* Normal scores of mizo_quantile[], and what each level stands for in a mean: half of the way to its neighbours. */
extern const double issued_score[MIZO_QUANTILES], issued_share[MIZO_QUANTILES];

typedef struct issued {
    int n;
    double z[ISSUED_NODES], v[ISSUED_NODES]; /* neither falls */
} issued;

/* Of slot i; without quantiles through p10, mean and p90. least: nothing lies below it. */
issued issued_of(const mizo_forecast *io, int i, double least);
double issued_value(const issued *o, double z);
/* The score of a value: the middle of all scores that have it (at a limit, many). */
double issued_place(const issued *o, double v);

#endif
