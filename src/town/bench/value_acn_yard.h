/* value_acn_yard.h: the cars that are at a lot, what is thought of each of them, and who is given power.
 * Of src/town/bench/value_acn*.c. */
#ifndef TOWN_BENCH_VALUE_ACN_YARD_H
#define TOWN_BENCH_VALUE_ACN_YARD_H

#include "town/bench/value_acn.h"

enum { YARD_CARS = 192, YARD_SEEN = 160 };

/* What is thought of a car in each quarter after it came: worked out when it is first asked for. */
typedef struct yard_view {
    float kwh;              /* that it will take in all; 0: not asked for yet */
    float leave[YARD_SEEN]; /* seconds after it came by which it is thought to go; 0: not asked for yet */
    bool waits[YARD_SEEN];  /* a cheaper hour is worth waiting for */
} yard_view;

typedef struct yard {
    const lot *l;
    const lot_aim *aim;
    double *kwh;               /* [l->n] given so far */
    yard_view *view;           /* [l->n] */
    int next, end;             /* the next to come; those from `end` on never do */
    double gone;               /* those that leave later never come; 0: all do */
    int n, here[YARD_CARS];    /* that are here and not full */
    double share[YARD_CARS];   /* kW that each is given now */
    double urgency[YARD_CARS]; /* least: first */
} yard;

/* Those that have come, and no longer those that have gone or are full. */
void yard_turn(yard *y, int64_t q);
/* How urgent each is that is here, and kW that those want together for which nothing is gained by waiting. */
double yard_wants(yard *y, int64_t q);
/* Power to the most urgent first. */
void yard_hand_out(yard *y, double kw);
/* What they take of it in the quarter, no more than they want, until they leave: mean kW. */
double yard_charge(yard *y, int64_t q);

#endif
