/* value_city_lp.h: the plan of a district of homes with batteries for the hours to come, as a linear program.
 *
 * What is charged and given in an hour is the same whatever load and sun turn out to be; import, ramps and the
 * peak are weighed at several levels of what they may be, all equally likely. docs/mechanisms/value.md */
#ifndef TOWN_BENCH_VALUE_CITY_LP_H
#define TOWN_BENCH_VALUE_CITY_LP_H

#include "mizo/lp.h"

enum { CITY_HOMES = 24 };

typedef struct city_shape {
    int homes, n;                /* hours of the horizon */
    int home_levels, sum_levels; /* of a home's net load, of the district's and of its change */
    double power, efficiency;    /* kW; of one way */
} city_shape;

/* Nets are kWh of an hour without batteries, weights are per kWh. */
typedef struct city_ask {
    const double *home; /* [homes][n][home_levels] */
    const double *sum;  /* [n][sum_levels] */
    const double
        *ramp; /* [n][sum_levels] change from the hour before; of the first hour from what was metered */
    const double *high;   /* [n] what counts for the peak; -INFINITY: it does not */
    const double *price;  /* [n] weight of the district's import */
    const double *carbon; /* [n] of the homes' imports */
    double ramp_weight;
    double peak_weight, peak; /* of each kWh above it */
    const double *stored;     /* [homes] */
    const double *capacity;   /* [homes] */
    double left;              /* weight of a kWh left in a battery at the horizon's end */
} city_ask;

typedef struct city_lp city_lp;

/* NULL: out of memory. */
city_lp *city_lp_new(const mizo_lp_solver *solver, const city_shape *shape);
void city_lp_free(city_lp *c);
/* into[homes * n]: kWh into the batteries (> 0) or out of them, measured at the meter. The plan before is where the
 * solver starts from. */
MIZO_MUST_USE mizo_err city_lp_plan(city_lp *c, const city_ask *ask, double *into);

#endif
