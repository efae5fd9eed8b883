/* scenario.h: what may happen to a whole town at once: sums that add up, and joint paths. Pure.
 *
 * The quantiles of a town are not the sums of the quantiles of its sites. Paths keep how the misses of the past
 * hung together in time and between sites (Schaake shuffle: Clark et al., J. Hydrometeorology 5, 2004): path p
 * takes, for every site and slot, the quantile whose rank the site had in that slot of one day of the past, the
 * same day for all sites. docs/mechanisms/scenarios.md */
#ifndef MIZO_SCENARIO_H
#define MIZO_SCENARIO_H

#include "mizo/foresight.h"

/* ---- sums that add up ---- */

/* Of two forecasts of the same sum, the town's own and the sum of its sites', how much of their difference is
 * believed, by part of the day: the share of the town's own that would have missed least, forgetting 2 % a day; a
 * half while little is known. All zero to begin with. */
enum { MIZO_BLEND_PARTS = 8, MIZO_BLEND_SHARES = 11 };
typedef struct mizo_blend {
    double missed[MIZO_BLEND_PARTS][MIZO_BLEND_SHARES], days[MIZO_BLEND_PARTS];
} mizo_blend;
/* What both said a day ahead for the slots of a day, and what happened. NAN: left out. */
MIZO_API void mizo_blend_learn(mizo_blend *b, int slots, const double *town, const double *sum,
                               const double *actual);
MIZO_API double mizo_blend_share(const mizo_blend *b, int slot, int slots); /* 0..1 */

/* Mean of what the levels q[MIZO_QUANTILES] of a slot say, tails included. Means add up where medians do not: a
 * forecast that is right half of the time is too low on the whole where a use is now and then much higher. */
MIZO_API double mizo_outlook_expected(const double *q);

/* Sites' forecasts that add up to the town's. mean[i] of each site is moved by a share of the difference in
 * proportion to its own variance; the town's by what the sites together know better: weighted least squares
 * (Wickramasuriya, Athanasopoulos and Hyndman, JASA 114, 2019, diagonal). site[k].q moves with the mean, and
 * so does town->q; a site that is nowhere below 0 does not come below it. A site of NAN counts as 0. The sites'
 * means should be mizo_outlook_expected. */
typedef struct mizo_reconcile {
    size_t nsite;
    mizo_outlook *site; /* [nsite], in place */
    mizo_outlook *town; /* in place: the mean becomes the sum of the sites' */
    const double *site_sd, *town_sd;
    const double
        *share; /* [n] of the town's own, from mizo_blend_share; NULL: from the misses, as if on their own */
} mizo_reconcile;
MIZO_API void mizo_reconcile_sum(const mizo_reconcile *r);

/* Whole numbers whose sum is the sum of v, rounded: each is v[k] rounded up or down, up where the rest is
 * largest, ties to the lower index. NAN counts as 0. Returns the sum. */
MIZO_API int64_t mizo_round_parts(const double *v, size_t n, int64_t *out);

/* ---- joint paths ---- */

/* Joint paths of nsite series over n slots. rank(arg, site, age, slot) is a rank of the past (255 unknown);
 * path[(p * nsite + site) * n + i]. npath 1..MIZO_PATHS. A past shorter than npath days lends each day more than
 * once, moved by a part of the day; a site without a past takes ranks of the others of its kind. */
enum { MIZO_PATHS = 256 };
typedef struct mizo_scenarios {
    size_t nsite;
    int n, slots;             /* n slots asked for, slots a day */
    const mizo_outlook *site; /* [nsite] */
    uint8_t (*rank)(const void *arg, size_t site, int age, int slot);
    const void *arg;
    int ages; /* days of the past there are, at most MIZO_RANKS */
    int npath;
    uint64_t seed; /* which days of the past come first */
    /* Ranks of single sites are noisy, and noise hides how far all moved together: the order of the paths may
     * lean on the town's own rank as well, `common` times as much as on the site's. NULL, 0: it does not. */
    uint8_t (*town_rank)(const void *arg, int age, int slot);
    double common; /* 0..MIZO_COMMON_MOST */
} mizo_scenarios;
#define MIZO_COMMON_MOST 2.0
/* MIZO_ERANGE: what was asked for cannot be. Where no site has a past all move together: the widest. */
MIZO_API MIZO_MUST_USE mizo_err mizo_scenario_paths(const mizo_scenarios *s, float *path);
/* The same paths of one site, path[p * n + i]: a town need not hold them all at once. */
MIZO_API MIZO_MUST_USE mizo_err mizo_scenario_site(const mizo_scenarios *s, size_t site, float *path);
/* The least `common` with which the band of the sum (10 to 90 %) is as wide as the town's own forecaster found
 * it to be; 0 if it is so wide already. Tried on a few slots. s->common is not looked at. */
MIZO_API double mizo_scenario_common(const mizo_scenarios *s, const mizo_outlook *town);
/* Quantiles of the sum over sites, and its mean, from the paths. A site of NAN counts as 0. */
MIZO_API void mizo_scenario_sum(const float *path, size_t nsite, int n, int npath, mizo_outlook *out);

#endif
