/* value_pod.h: what is known of a week of pod_battery when it is planned. Of src/town/bench_value_pod*.c. */
#ifndef TOWN_BENCH_VALUE_POD_H
#define TOWN_BENCH_VALUE_POD_H

#include "forecast/trees.h"
#include "mizo/foresight.h"
#include "town/bench/frame.h"
#include "town/bench/value.h"

enum { SLOTS = 48, HOURS = 24, WEEK = 7, SKIES = 6 };
enum { CHARGE = 31, EVENING = 11 }; /* may charge in slots [0, 31), give in [31, 42) */
enum { INPUTS = 8, PATHS = 128, LEVELS = 39 };

typedef struct pod {
    days load, civil, pv; /* demand by UTC and by civil days, MW; PV by UTC days */
    days sky[SKIES], air; /* hourly */
    mizo_foresight *fore;
    mizo_day told; /* first civil day that the foresight does not know */
    trees *sun, *shape;
    mizo_outlook out; /* a week of civil days */
    double in[WEEK * SLOTS * INPUTS];
    float path[PATHS * WEEK * SLOTS];
} pod;

/* Of a day: cases of the evening's demand, levels of PV. */
typedef struct pod_outlook {
    double evening[PATHS][EVENING];
    double sun[CHARGE][LEVELS]; /* rising */
} pod_outlook;

MIZO_MUST_USE mizo_err pod_open(pod *p, const value_run *r);
void pod_close(pod *p); /* what it holds, not p */
/* Learns what was known when `week` began; UTC days before it and the weather of the week. */
MIZO_MUST_USE mizo_err pod_learn(pod *p, mizo_day week);
void pod_foresee(pod *p, mizo_day week, int k, pod_outlook *out); /* day week + k */

#endif
