/* activity.h: activities that may wait, batteries that know three powers, and a price on the highest load. Pure.
 *
 * A site of several buildings does recurring activities once a week at the same time of each full week, in working
 * hours, and once-off activities, which may be left out and cost a penalty outside working hours. Each takes rooms
 * of one size and power for a number of steps, and comes on a later day than those it builds on. A battery charges,
 * rests or discharges at full power. The cost is
 *
 *     sum over steps of price x load  +  mean over paths of tariff x (highest load)^2  +  penalties  -  values
 *
 * where load = base + activities + batteries and the base has one or more equally likely paths. The search is a
 * heuristic; activity_check judges its plan by the rules alone, apart from it.
 * docs/mechanisms/value.md gives the method. */
#ifndef OPTIMIZE_ACTIVITY_H
#define OPTIMIZE_ACTIVITY_H

#include "mizo/error.h"

enum { ACTIVITY_SIZES = 2 }; /* small and large rooms */

typedef struct activity {
    int rooms, size; /* rooms at a time, all of one size: 0 small, 1 large */
    double kw;       /* of all its rooms together */
    int steps;
    double value, penalty; /* of a once-off one: money for doing it; money for doing it outside hours */
    int nbefore;
    const int *before; /* [nbefore] those of its kind that come on earlier days */
} activity;

typedef struct activity_battery {
    int levels;                     /* it holds 0..levels steps of charge; it starts full */
    double charge_kw, discharge_kw; /* at the grid, both > 0 */
} activity_battery;

typedef struct activity_case {
    int steps;              /* of the horizon */
    int first, week, weeks; /* step at which the first full week begins; steps a week; full weeks */
    const int *day;         /* [steps] number of the day, never falling */
    const bool *work;       /* [steps] working hours */
    int nbuilding;
    const int (*rooms)[ACTIVITY_SIZES]; /* [nbuilding] */
    int nrecurring, nonce, nbattery;
    const activity *recurring, *once;
    const activity_battery *battery;
    const double *price; /* [steps] money a kW for a step */
    double tariff;       /* money per kW2 of the highest load */
    int npath;           /* 1 or more */
    const double *base;  /* [steps * npath], the paths of a step side by side, kW */
} activity_case;

typedef struct activity_plan {
    int *recurring;     /* [nrecurring] start, steps into the week */
    int *once;          /* [nonce] start; -1: left out */
    signed char *store; /* [nbattery * steps] 1 charge, 0 rest, -1 discharge */
    int **recurring_at; /* [nrecurring][rooms] building of each room */
    int **once_at;      /* [nonce][rooms] */
} activity_plan;

/* Everything 0, nothing done. */
MIZO_MUST_USE mizo_err activity_plan_init(activity_plan *p, const activity_case *c);
void activity_plan_free(activity_plan *p, const activity_case *c);

typedef struct activity_effort {
    int starts;        /* searches of their own, the cheapest plan of which is taken; 0: 1 */
    int rounds, moves; /* rounds of a search; moves of each */
    uint64_t seed;
} activity_effort;

/* Fills *p (of activity_plan_init). The same case and effort give the same plan. MIZO_ERANGE: no timetable of the
 * recurring activities was found (an activity longer than the hours of a day, a chain longer than the days of a
 * week, rooms that do not suffice); MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err activity_solve(const activity_case *c, activity_effort how, activity_plan *p);

typedef struct activity_bill {
    double energy, peak_kw, peak, value, penalty, total; /* peak_kw: mean over the paths */
} activity_bill;

/* What a plan costs; its load, with the mean of the base, into load[steps] unless that is NULL. MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err activity_cost(const activity_case *c, const activity_plan *p, activity_bill *bill,
                                     double *load);

/* What is wrong with a plan by the rules. */
typedef enum activity_fault {
    ACTIVITY_FINE,
    ACTIVITY_HOURS,  /* a recurring activity outside working hours, or not within one day of the week */
    ACTIVITY_ORDER,  /* not on a later day than one that it builds on, or that one is left out */
    ACTIVITY_ROOMS,  /* more rooms of a building than it has */
    ACTIVITY_BOUNDS, /* a start outside the horizon */
    ACTIVITY_CHARGE  /* a battery beyond full or empty */
} activity_fault;

/* MIZO_ENOMEM; MIZO_OK: *fault is the first that was found, *which the number of the activity or battery. */
MIZO_MUST_USE mizo_err activity_check(const activity_case *c, const activity_plan *p, activity_fault *fault,
                                      int *which);

#endif
