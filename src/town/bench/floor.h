/* floor.h: how fast this machine is at the arithmetic of the town's engine, and at nothing else.
 *
 * For each site and pass what one step of a structured interior point cannot do without: barrier weights of six
 * bounded flows a slot, the slot's balance eliminated, the battery's chain factored and solved, the site's 48 x 48 part
 * of the reduced system summed up, the step taken. No line search, no prices, no peaks, no vehicles: a yardstick beside
 * which the engine is measured in the same minute, on a machine that has slow ones. */
#ifndef TOWN_BENCH_FLOOR_H
#define TOWN_BENCH_FLOOR_H

#include "base/env.h"
#include "mizo/optimize.h"

enum { BENCH_FLOOR_PASSES = 40 };

/* Seconds of wall and CPU for BENCH_FLOOR_PASSES passes, the best of three. MIZO_ENOMEM: 8.5 kB a site are needed. */
MIZO_MUST_USE mizo_err bench_floor(env *e, size_t sites, const mizo_crew *crew, double *wall_s,
                                   double *cpu_s);

#endif
