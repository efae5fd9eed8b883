/* value_acn.h: a lot of chargers under one limit, in quarter-hours. Of src/town/bench_value_acn*.c.
 * A quarter is a number: unix seconds / 900. A car that comes within one is first seen when the next begins. */
#ifndef TOWN_BENCH_VALUE_ACN_H
#define TOWN_BENCH_VALUE_ACN_H

#include "town/bench/value.h"
#include "town/bench/visits.h"

enum { QUARTER_S = 900, LIKES = 40, LOT_MONTHS = 48 };
#define CHARGER_KW (208 * 32e-3) /* 208 V, 32 A */

/* How a car may go, from a past visit that was like this one. */
typedef struct lot_like {
    double weight, leave /* unix seconds */, kwh;
} lot_like;

typedef struct lot_visit {
    double arrival, departure, got; /* what happens */
    double said;                    /* departure that the driver entered, or the middle of the likes */
    double wish;                    /* energy that the driver entered, or the middle of the likes */
    int nlike;                      /* what is known at plug-in; the likeliest first */
    lot_like like[LIKES];
} lot_visit;

typedef struct lot {
    int32_t limit_w;
    int n; /* in the order of arrival */
    lot_visit *visit;
    int64_t first, last; /* quarters: all that happens */
    int month0, nmonth;  /* of the tariff's clock; months [1, nmonth) are judged */
} lot;

/* What a controller did. */
typedef struct lot_result {
    double *kwh; /* [n] delivered */
    float *kw;   /* [last - first] mean power of the lot */
} lot_result;

/* ---- bench_value_acn_know.c ---- */
/* The visits of a place from a month before `from` on, with what was known of each at plug-in. */
MIZO_MUST_USE mizo_err lot_make(lot *l, const visit *all, int n, double site, mizo_day from);
void lot_free(lot *l);

/* The tariff of the utility of both places, SCE TOU-EV-4 of 2019-03-01: a kWh by season, kind of day and hour, and a
 * charge for each kW of the month's highest quarter-hour. */
#define TARIFF_DEMAND  15.51
#define TARIFF_DEAREST 0.26668
double tariff_usd(int64_t quarter);
int tariff_month(int64_t quarter); /* years * 12 + months, as the clocks of California have it */

/* ---- bench_value_acn_run.c ---- */
typedef enum lot_rule { LOT_FIRST, LOT_EARLIEST, LOT_MIZO } lot_rule;

/* What the planner goes by. */
typedef struct lot_aim {
    const mizo_lp_solver *lp;
    const double *cap; /* [nmonth] kW that the month may have as a peak; above it is dear */
    bool known;        /* departure and energy of the cars that are here are told as they will be */
    bool entered;      /* ... are taken as the driver entered them */
} lot_aim;

/* Day after day, quarter after quarter; LOT_MIZO plans anew whenever a car comes, goes or is full. */
MIZO_MUST_USE mizo_err lot_run(const value_run *r, const lot *l, lot_rule rule, const lot_aim *aim,
                               lot_result *out);
/* With all arrivals, departures and energies known: each car gets kwh[i]. Of each month, 0 where nobody came: cap, the
 * peak that was cheapest; next, the one that would have been under the next month's tariff. [nmonth] */
MIZO_MUST_USE mizo_err lot_perfect(const value_run *r, const lot *l, const double *kwh,
                                   const mizo_lp_solver *lp, double *cap, double *next, lot_result *out);
void lot_result_free(lot_result *r);

#endif
