/* town.h: the town's forecast from its points': sums that add up, quantiles of the sum from joint paths.
 *
 * Points are added one at a time with what was said of them and how they missed before; then joined: made to add
 * up with a forecast of the town's own past, and laid out in paths. docs/mechanisms/scenarios.md */
#ifndef TOWN_FORESEE_TOWN_H
#define TOWN_FORESEE_TOWN_H

#include "mizo/scenario.h"
#include "town/foresee/foresee.h"

enum {
    FORESEE_TOWN_PATHS = 64,
    FORESEE_TOWN_PAST = 150
}; /* paths as usual; days of the past that it is told */

typedef struct foresee_town foresee_town;

/* Up to `points`, of n slots each. NULL: out of memory. */
foresee_town *foresee_town_new(size_t points, int n);
void foresee_town_free(foresee_town *t); /* NULL is fine */
/* said: of a point, with a demand. rank: foresee_ranks of it (each age NULL: unknown). past[FORESEE_TOWN_PAST * 48]:
 * its demand of the days before, MIZO_MISSING where unknown; NULL: none. */
void foresee_town_add(foresee_town *t, mizo_ref point, const foresee_out *said, const foresee *rank,
                      const int32_t *past);
/* today: the day after the past; first: the first day that was said of. alone: what was said of the points leans
 * on a day that has begun, and the town's own forecast of midnight does not move them. */
MIZO_MUST_USE mizo_err foresee_town_join(foresee_town *t, mizo_day today, mizo_day first, bool alone,
                                         int npath, uint64_t seed);

size_t foresee_town_points(const foresee_town *t);
mizo_ref foresee_town_point(const foresee_town *t, size_t k);
/* After joining: Wh of the sum, q never falling, and of each point, which add up to the Wh. */
void foresee_town_sum(const foresee_town *t, int slot, int64_t *mean, int64_t q[MIZO_QUANTILES]);
int64_t foresee_town_mean(const foresee_town *t, size_t k, int slot);
/* path[npath * n] of the k-th point: path after path. */
MIZO_MUST_USE mizo_err foresee_town_paths(const foresee_town *t, size_t k, float *path);

#endif
