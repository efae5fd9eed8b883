/* activity_inner.h: the state of a search, between its parts. */
#ifndef OPTIMIZE_ACTIVITY_INNER_H
#define OPTIMIZE_ACTIVITY_INNER_H

#include "optimize/activity.h"

/* A stretch of working hours of the week: steps [open, close) of day `day`. */
typedef struct shift {
    int day, open, close;
} shift;

typedef struct kind {
    int *nafter, **after; /* those that build on each */
    int *order;           /* every one after those that it builds on */
    int *tail;            /* days that must come after it for those that build on it */
} kind;

typedef struct search {
    const activity_case *c;
    activity_plan *p;
    uint64_t state;
    /* The highest load of path s is smoothed: (1/beta) log sum_t exp(beta load_st), so that a move is felt at every
     * step near it and not at one. ref is taken off the load to keep the powers in range. */
    double beta, ref;
    double *w;    /* [steps * npath] exp(beta (load - ref)) */
    double *z;    /* [npath] their sums */
    double *kept; /* [npath] the sums before the move in hand: what is taken off a large sum leaves noise */
    bool renewed; /* w, z and ref were made anew within the move */
    double *x;    /* [steps] kW of activities and batteries */
    double money; /* energy of x, penalties less values */
    double *sum;  /* [steps + 1] of the price */
    double *week_sum;          /* [week + 1] of the price, all weeks together */
    int *used[ACTIVITY_SIZES]; /* [steps] rooms */
    int have[ACTIVITY_SIZES];
    shift *shift; /* [nshift] of a week */
    int nshift;
    kind recurring, once;
    int *hours; /* [nhours] steps of the horizon in working hours */
    int nhours;
} search;

uint64_t activity_random(search *s);
int activity_below(search *s, int n);    /* 0..n-1 */
double activity_unit(search *s);         /* [0, 1) */
void activity_refresh(search *s);        /* w, z and ref from x */
double activity_height(const search *s); /* the smoothed cost of the highest load */
/* kw on (or off: negative) at steps [from, from + steps); the price is the caller's. */
void activity_lift(search *s, int from, int steps, double kw);

MIZO_MUST_USE mizo_err activity_batteries(search *s); /* the best programme of each, one after the other */
/* Battery b does `how` at step t instead of what it does now. */
void activity_run(search *s, int b, int t, int how);
/* The best programme of all together for the highest loads as they are, not smoothed. */
MIZO_MUST_USE mizo_err activity_capped(search *s);
mizo_err activity_start(search *s); /* a first timetable */
void activity_moves(search *s, int moves, double hot, double cold);
/* Buildings for the rooms; once-off activities that find none are left out. */
MIZO_MUST_USE mizo_err activity_houses(const activity_case *c, activity_plan *p);

/* Puts an activity of each kind at a start or takes it away. */
void activity_put_recurring(search *s, int a, int start, int sign);
void activity_put_once(search *s, int a, int start, int sign);

#endif
