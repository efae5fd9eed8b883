/* speed.h: how long the forecasts of a whole town take, on one core: `mizo bench forecast --speed`. */
#ifndef TOWN_BENCH_SPEED_H
#define TOWN_BENCH_SPEED_H

#include "town/town.h"

typedef struct bench_speed_result {
    mizo_day day;                            /* the last one that has readings */
    int points, pv_points, slots, quantiles; /* forecast */
    double read_s, learn_s;                  /* CPU: the weeks before from the store; telling them */
    double say_s, now_s, turn_s;             /* CPU: the day at midnight; again at noon; telling the day */
    double wall_s;                           /* of reading, learning and saying */
    double kept_mb, rss_mb;                  /* what the forecasters hold; the process at its highest */
} bench_speed_result;

/* Every point by itself, one after another. MIZO_ENOENT: there is nothing to learn from. */
MIZO_MUST_USE mizo_err bench_speed(const town *t, bench_speed_result *out);

#endif
