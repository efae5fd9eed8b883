/* optimize.h: the town's engine against the clock, on the town of bench_area.h. */
#ifndef TOWN_BENCH_OPTIMIZE_H
#define TOWN_BENCH_OPTIMIZE_H

#include "base/env.h"
#include "mizo/optimize.h"

typedef struct bench_optimize_options {
    size_t sites;
    uint64_t seed;
    int threads;
    double gap; /* 0: the engine's own, 1e-6 */
    bool warm;  /* then once more with loads and prices changed, from the last solution, and from nothing */
    bool floor; /* the arithmetic alone beside it */
} bench_optimize_options;

typedef struct bench_solve {
    double wall_s, cpu_s, objective, bound, gap, residual; /* yen; kW, kWh */
    int iterations;
    mizo_plan_status status;
} bench_solve;

typedef struct bench_optimize_result {
    bench_optimize_options asked;
    double build_s;            /* making the sites and handing them over: in none of the times below */
    int runs;                  /* of the first solve; the one of median time is told */
    bench_solve cold;          /* from nothing */
    double state_mb, rss_mb;   /* the engine's own; of the process at its highest so far */
    bench_solve warm, changed; /* after the change: from the last solution, from nothing */
    double floor_wall_s, floor_cpu_s;
} bench_optimize_result;

/* MIZO_ENOMEM, MIZO_EUNSUPPORTED, MIZO_ERANGE: more sites than the recipe can hold; MIZO_ECANCELED. */
MIZO_MUST_USE mizo_err bench_optimize(env *e, const bench_optimize_options *o, bench_optimize_result *out);

/* The same town by CLP in this process: barrier without crossover, one thread. */
typedef struct bench_clp_result {
    double wall_s, cpu_s, objective, bound, rss_mb;
    int iterations, columns, rows;
} bench_clp_result;

/* MIZO_EUNSUPPORTED: the module is not here (d says why); MIZO_EBUSY, MIZO_ERANGE: it found no answer. */
MIZO_MUST_USE mizo_err bench_clp(env *e, const bench_optimize_options *o, mizo_diags *d,
                                 bench_clp_result *out);

#endif
