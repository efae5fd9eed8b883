/* desk.h: what a next-day plan is worth on real inputs: the demand of the Tokyo area, scaled to a town, planned a
 * day ahead by mizo's own forecaster and, beside it, as it was a week before; both settled at the same prices.
 *
 * No look-ahead: the plan of day D is made on D-1 from days up to D-2. There is no file of imbalance prices among the
 * public sets: the spot price of the Tokyo area stands in for both columns, and that is said. docs/mechanisms/desk.md */
#ifndef TOWN_BENCH_DESK_H
#define TOWN_BENCH_DESK_H

#include "mizo/desk.h"

typedef struct bench_desk_way {
    mizo_imbalance sum; /* at the stand-in price */
    mizo_uyen gross;    /* received and paid, without their signs: what stood at the imbalance price */
    mizo_wh off;        /* absolute deviations */
} bench_desk_way;

typedef struct bench_desk_result {
    int days;
    mizo_day first, last;
    mizo_wh use; /* of the days compared */
    bool stand_in;
    bench_desk_way own, last_week;
    double own_yen_per_kwh, last_week_yen_per_kwh; /* gross / use */
} bench_desk_result;

/* data: the folder that holds tepco_area and jepx_spot. MIZO_ENOENT, said: they are not there. */
MIZO_MUST_USE mizo_err bench_desk(const char *data, mizo_diags *d, bench_desk_result *out);

#endif
