/* joint.h: how honest a town's sum is on public sets of many sites: `mizo bench joint`.
 *
 * The sites of a set are a town. Day by day its sites are forecast a day ahead, then told. The sum's band is
 * said in four ways: as the sum of the sites' quantiles, as if the sites were independent, by joint paths, and
 * by a forecaster of the sum itself. docs/mechanisms/scenarios.md */
#ifndef TOWN_BENCH_JOINT_H
#define TOWN_BENCH_JOINT_H

#include "base/env.h"

typedef enum joint_way { JOINT_SUMMED, JOINT_ALONE, JOINT_PATHS, JOINT_OWN, JOINT_WAYS } joint_way;

/* Shares of the half-hours (or hours) in which the sum fell within the band, and what else a band is worth. */
typedef struct joint_band {
    double within80, within90; /* 10..90 %, 5..95 % */
    double width;              /* of the 80 % band over the mean sum */
    double pinball;            /* of the levels of mizo_quantile over the mean sum */
    double day80;              /* the whole day's energy within the 80 % band of it; NAN: the way says none */
} joint_band;

typedef struct joint_result {
    const char *set;
    int sites, days;
    joint_band band[JOINT_WAYS];
    double bottom, own, reconciled;     /* MAE over mean of the sum: its sites' sum, its own, both */
    double sites_before, sites_after;   /* MAE over mean of the sites, before and after */
    double square_before, square_after; /* root mean square over mean of the sites */
    double spread_said, spread_seen; /* root mean square of what paths, of what the sum was off, over mean */
    double seconds, path_ms;         /* all; of the paths of a day */
} joint_result;

enum { JOINT_SETS = 2 };
/* set NULL: all. MIZO_ENOENT: no such set or file (diagnosed). */
MIZO_MUST_USE mizo_err bench_joint(env *e, const char *data, const char *set, mizo_diags *d,
                                   joint_result out[JOINT_SETS], int *n);

#endif
