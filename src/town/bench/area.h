/* area.h: the town that solvers are measured on: N sites, each with a battery, some with PV, some with a
 * vehicle, 48 half-hours, one market with a cap and a peak of its own, a waste plant. Made from its formulas, any seed,
 * one site at a time. docs/mechanisms/bench-optimize.md has the recipe.
 *
 * The recipe speaks of tenths of a battery whose size is in whole Wh. So that all stays whole, energy is counted in
 * tenths of a Wh here: a step has ten times as many minutes, and money is ten times as much. BENCH_AREA_SCALE
 * divides what the engine says; powers are W. */
#ifndef TOWN_BENCH_AREA_H
#define TOWN_BENCH_AREA_H

#include "mizo/optimize.h"

enum { BENCH_AREA_SLOTS = 48, BENCH_AREA_SCALE = 10 };

typedef struct bench_area {
    uint64_t seed;
    size_t sites;
    bool
        changed; /* loads times 0.98..1.02, market prices times 0.95..1.05, as the next forecast might have them */
    double load_shape[BENCH_AREA_SLOTS], sun[BENCH_AREA_SLOTS];
    int32_t buy[BENCH_AREA_SLOTS], sell[BENCH_AREA_SLOTS]; /* of the sites */
    int32_t market_buy[BENCH_AREA_SLOTS], market_sell[BENCH_AREA_SLOTS];
    int32_t own[BENCH_AREA_SLOTS], cap[BENCH_AREA_SLOTS];
    double load_kwh; /* of all sites, unchanged: kWh of the day */
    mizo_area_node node;
    mizo_area_market market;
    mizo_area_shape shape;
} bench_area;

/* MIZO_ERANGE: more sites than the town's power in W can be written with. `a` must stay where it is. */
MIZO_MUST_USE mizo_err bench_area_init(bench_area *a, uint64_t seed, size_t sites, bool changed);

/* One site, with its own arrays. */
typedef struct bench_area_site {
    int32_t load[BENCH_AREA_SLOTS], pv[BENCH_AREA_SLOTS];
    mizo_site_problem problem;
} bench_area_site;
void bench_area_make(const bench_area *a, size_t i, bench_area_site *out);

#endif
