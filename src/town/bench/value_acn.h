/* value_acn.h: a lot of chargers under one limit, in quarter-hours. Of src/town/bench/value_acn*.c.
 * A quarter is a number: unix seconds / 900. A car that comes within one is first seen when the next begins. */
#ifndef TOWN_BENCH_VALUE_ACN_H
#define TOWN_BENCH_VALUE_ACN_H

#include "town/bench/value.h"
#include "town/bench/visits.h"

enum { QUARTER_S = 900, LOT_DAY = 96, LIKES = 40, LOT_MONTHS = 48 };
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
    double *price;       /* [last - first] tariff_usd of each quarter */
} lot;

/* What a controller did. */
typedef struct lot_result {
    double *kwh; /* [n] delivered */
    float *kw;   /* [last - first] mean power of the lot */
} lot_result;

/* ---- value_acn_know.c ---- */
/* The visits of a place from a month before `from` on, with what was known of each at plug-in. */
MIZO_MUST_USE mizo_err lot_make(lot *l, const visit *all, int n, double site, mizo_day from);
void lot_free(lot *l);
double lot_price(const lot *l, int64_t quarter);
/* 3:00 in winter, when the fewest cars are here: the last such quarter up to q. A day of the lot begins. */
int64_t lot_morning(int64_t q);

/* The tariff of the utility of both places, SCE TOU-EV-4 of 2019-03-01: a kWh by season, kind of day and hour, and a
 * charge for each kW of the month's highest quarter-hour. */
#define TARIFF_DEMAND  15.51
#define TARIFF_DEAREST 0.26668
double tariff_usd(int64_t quarter);
int tariff_month(int64_t quarter); /* years * 12 + months, as the clocks of California have it */

/* ---- value_acn_run.c ---- */
typedef enum lot_rule { LOT_FIRST, LOT_EARLIEST, LOT_MIZO } lot_rule;

/* What mizo goes by. */
typedef struct lot_aim {
    const double
        *peak;    /* [nmonth] kW that the month may have as a peak, told beforehand; NULL: it is learned */
    bool known;   /* departure and energy of the cars that are here are told as they will be */
    bool entered; /* ... are taken as the driver entered them */
} lot_aim;

/* Day after day, quarter after quarter. */
MIZO_MUST_USE mizo_err lot_run(const value_run *r, const lot *l, lot_rule rule, const lot_aim *aim,
                               lot_result *out);
MIZO_MUST_USE mizo_err lot_result_make(const lot *l, lot_result *out);
void lot_result_free(lot_result *r);

/* ---- value_acn_perfect.c ---- */
/* With all arrivals, departures and energies known: each car gets kwh[i]. peak[nmonth]: the cheapest of each month, 0
 * where nobody came. */
MIZO_MUST_USE mizo_err lot_perfect(const value_run *r, const lot *l, const double *kwh, double *peak,
                                   lot_result *out);

#endif
