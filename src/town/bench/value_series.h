/* value_series.h: one series of a set as a controller sees it: the days that are over are learned, of the day
 * in hand what has happened is known, of the rest the forecast says how it may go. */
#ifndef TOWN_BENCH_VALUE_SERIES_H
#define TOWN_BENCH_VALUE_SERIES_H

#include "mizo/foresight.h"
#include "town/bench/frame.h"

enum { SERIES_DAYS = 3 /* asked for at most */, SERIES_INPUTS = 8 };

typedef struct series_task {
    const days *y; /* what happens; only what is over is looked at */
    int (*kind)(const void *arg, mizo_day day);
    /* Inputs of a day as they are known at slot `now` of the day `at` (now 0: at its first instant):
     * in[slots * inputs], NAN where they are not. NULL: none. */
    void (*input)(const void *arg, mizo_day at, int now, mizo_day day, double *in);
    const void *arg;
    int inputs;
    mizo_recipe recipe;
    bool positive;
} series_task;

typedef struct series {
    series_task t;
    mizo_foresight *f;
    mizo_day next; /* the first that is not learned */
    double *room, *mean, *q;
    mizo_outlook said; /* of the last question: mean[], q[][MIZO_QUANTILES] of ndays * slots */
} series;

MIZO_MUST_USE mizo_err series_open(series *s, const series_task *t);
void series_close(series *s);
/* Learns every day before `day`. */
void series_until(series *s, mizo_day day);
/* Asks at slot `now` of `day`, before that slot: s->said begins with slot 0 of `day`; its slots before `now` are what
 * happened. False: nothing is known. */
bool series_ask(series *s, mizo_day day, int now, int ndays);

#endif
