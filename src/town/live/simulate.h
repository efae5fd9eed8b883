/* simulate.h: the closed loop on recorded truth, policy by policy. Nothing is written: the region's store
 * is only read, and everything that happens in a run lies in memory. */
#ifndef TOWN_SIMULATE_H
#define TOWN_SIMULATE_H

#include "town/live/operate.h"

enum { SIMULATE_POLICIES = 4 };

typedef struct simulate_options {
    env *env;
    const mizo_region *region;
    store *truth;                 /* read connection */
    const mizo_lp_solver *solver; /* NULL: the town's engine; as in operate.h */
    unsigned policies;            /* 1 << operate_policy */
    mizo_day from, to;            /* [from, to) */
    int sites, threads;
    uint64_t seed;
    const mizo_ref *points; /* as in operate.h */
    size_t npoints;
    /* Called after each slot. An error ends the run with it. NULL is fine. */
    mizo_err (*progress)(void *arg, operate_policy p, int64_t done, int64_t all);
    void *arg;
} simulate_options;

typedef struct simulate_site {
    mizo_ref point;
    int32_t contract_w, standing_w;
    operate_result sum[SIMULATE_POLICIES];
} simulate_site;

typedef struct simulate_result {
    bool ran[SIMULATE_POLICIES];
    operate_result sum[SIMULATE_POLICIES];
    simulate_site *site; /* [nsite]; simulate_free */
    size_t nsite;
    bool has_captured; /* none, mizo and oracle ran, and the oracle saves something */
    double captured;   /* (none - mizo) / (none - oracle), of the cost */
} simulate_result;

/* MIZO_ENOENT: no point has anything to decide; MIZO_ERANGE: the days lie outside the readings. */
MIZO_MUST_USE mizo_err simulate_run(const simulate_options *o, mizo_diags *d, simulate_result *out);
void simulate_free(simulate_result *r);

const char *operate_policy_text(operate_policy p); /* "none" */

#endif
