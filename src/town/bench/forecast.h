/* forecast.h: how good the forecasts are on public tasks: `mizo bench forecast`.
 *
 * Each set is read from DATA/SET; the test span is taken from the end of the file, everything before it may
 * be learned from, and the days are rolled forward one by one: the learner is asked for a day before it is
 * told that day. The best naive of the same run stands beside. docs/mechanisms/forecast.md */
#ifndef TOWN_BENCH_FORECAST_H
#define TOWN_BENCH_FORECAST_H

#include "base/buf.h"
#include "base/env.h"

typedef struct bench_forecast_row {
    const char *set, *measure;
    const char *unit;           /* "", "%", "yen/kWh"; "rating": more is better, the benchmark has 0 */
    double score, naive, ratio; /* ratio NAN: none */
    double reference;           /* published; NAN: none */
    double floor;               /* no forecast could go below it; NAN: not known */
    double lean;                /* score of the recipe of a site of a thousand; NAN: not asked */
    double aim;                 /* at most this ratio; of a rating at least this score */
    bool met;
    double seconds, rss_mb;
} bench_forecast_row;

enum { BENCH_FORECAST_ROWS = 16 };

/* set NULL: all. MIZO_ENOENT: no such set (diagnosed with the names there are), or no such file. */
MIZO_MUST_USE mizo_err bench_forecast(env *e, const char *data, const char *set, mizo_diags *d,
                                      bench_forecast_row row[BENCH_FORECAST_ROWS], int *nrow);
/* The names there are, with commas between. */
void bench_forecast_names(buf *out);

#endif
