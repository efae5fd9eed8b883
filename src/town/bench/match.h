/* match.h: a year of half-hours through pools, for `mizo bench settle`. */
#ifndef TOWN_BENCH_MATCH_H
#define TOWN_BENCH_MATCH_H

#include "base/env.h"

typedef struct bench_match_result {
    int consumers, sources, days;
    double wall_s, cpu_s;
    double floor_s; /* the same rows read once and written once, and nothing else: no program is faster */
    int64_t values; /* row-slots offered or wanted */
    int64_t supply_wh, demand_wh, matched_wh;
    bool closes; /* both sides came to the same in every slot */
} bench_match_result;

/* Made-up rows of a year in memory, then each day through three pools: waste by priority, the town pro rata, contracts
 * with plants outside. MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err bench_match(env *e, int consumers, int sources, int days, bench_match_result *out);

#endif
