/* roll.h: one series rolled forward day by day, with its naives beside it. */
#ifndef TOWN_BENCH_ROLL_H
#define TOWN_BENCH_ROLL_H

#include "mizo/forecast.h"
#include "town/bench/frame.h"

typedef enum roll_measure { ROLL_NMAE, ROLL_MAPE, ROLL_MAE } roll_measure;

enum { ROLL_NAIVES = 3 }; /* yesterday, last week, mean of the last four weeks */

typedef struct roll_score {
    double model, naive[ROLL_NAIVES]; /* sums of what was missed, as the measure has it */
    double actual, n;                 /* of the same values */
} roll_score;

typedef struct roll_task {
    const days *y;
    int (*kind)(const void *arg, mizo_day day);
    /* Fills in[slots * inputs] from what is known when the day's forecast is issued. */
    void (*input)(const void *arg, mizo_day day, double *in);
    const void *arg;
    int inputs;
    int test;    /* days at the end that count */
    int history; /* days before them that are learned from, 0: all */
    double log;  /* > 0: learned as the logarithm of (value + log - 1) */
    roll_measure measure;
    mizo_recipe recipe;
    double *said; /* [y->n * slots] forecasts of every day, or NULL */
} roll_task;

MIZO_MUST_USE mizo_err roll(const roll_task *t, roll_score *out);
double roll_result(const roll_score *s, roll_measure m, double missed);
double roll_best_naive(const roll_score *s, roll_measure m);

#endif
