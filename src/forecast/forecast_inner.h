/* forecast_inner.h: what the forecasters share. Known to src/forecast alone. */
#ifndef FORECAST_INNER_H
#define FORECAST_INNER_H

#include "mizo/forecast.h"

/* Sets of weighted values small enough for the stack. */
enum { FORECAST_SET = 128 };
typedef struct weighted {
    double v, w;
} weighted;

/* Few peers make a spread look narrower than it is: stretched so that four of five values fall inside. */
#define FORECAST_WIDER 1.2

/* Sorts x[0..n) by value. */
void forecast_sort(weighted *x, int n);
/* Value at share q (0..1) of the weight of a sorted set, n > 0, between its neighbours. */
double forecast_quantile(const weighted *x, int n, double q);
/* The slot's value on a day of the history, MIZO_MISSING outside it. */
int32_t forecast_at(const mizo_history *h, mizo_day day, int slot);
/* Rounds and writes slot i so that p10 <= mean <= p90; nothing below 0 unless the history has it. */
void forecast_put(mizo_forecast *out, int i, double mean, double p10, double p90, bool signed_values);
/* All of out missing; always MIZO_ENOENT. */
mizo_err forecast_nothing(mizo_forecast *out);
/* True if a value of the history is below 0. Looks at its last 70 days. */
bool forecast_signed(const mizo_history *h);

#endif
