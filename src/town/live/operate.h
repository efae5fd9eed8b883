/* operate.h: the running plant, slot by slot: forecast, plan, control of the devices, settlement.
 *
 * The same code runs the closed loop of `mizo simulate` and the live town of `mizo serve`. The
 * controller sees only what was known: truth is asked for one control step at a time. */
#ifndef TOWN_OPERATE_H
#define TOWN_OPERATE_H

#include "devices/device.h"
#include "mizo/forecast.h"
#include "mizo/optimize.h"
#include "town/live/view.h"
#include "town/town.h"

typedef enum operate_policy { OPERATE_NONE, OPERATE_RULE, OPERATE_MIZO, OPERATE_ORACLE } operate_policy;

typedef struct operate_options {
    operate_policy policy;
    const mizo_region *region;
    store *truth;                 /* readings: read connection, borrowed */
    const mizo_lp_solver *solver; /* NULL: the town's engine plans all sites together; else each is planned by
                                     itself by this one: the engine's check */
    mizo_slot from;               /* first slot; a local midnight */
    int sites;                    /* how many controlled sites, 0 all */
    int threads;                  /* for plans; the result does not depend on it */
    uint64_t seed;
    int step_ms;     /* control cycle in simulated time: 300000; divides 1800000 */
    bool all_points; /* also follow points without anything to decide (the live town) */
    /* ---- from here on: zero is fine ---- */
    mizo_slot to;  /* the run ends here: a session that crosses it counts in proportion to its
                                        time; the oracle plans up to it. 0: open-ended */
    env *env;      /* threads and the plan's wall time; NULL: one thread, plan_ms 0 */
    store *settle; /* write connection: the day's matching is posted when the day ends; borrowed */
    /* Called when a day is complete, before the view turns to the next one: v->slot is 48. */
    void (*day_done)(void *arg, const town_view *v);
    void *arg;
    const mizo_ref *points; /* control just these [npoints]; NULL: all that decide (or the first `sites`) */
    size_t npoints;
    const int *stop; /* atomic: not zero ends the call in hand between two sites, with MIZO_ECANCELED; the
                        run is of no more use then. NULL: none */
    int wake_ms; /* not 0: points that have nothing to decide wake after the run has begun, for this long a step,
                    and say then what they would have said at midnight. Needs env */
    int plan_most_ms; /* time bound of a plan: best so far then; 0: none, and the run can be repeated exactly */
    mizo_ms wall_jump_ms; /* tests: in the second half of each slot the wall clock is wrong by this */
} operate_options;

typedef struct operate operate;
MIZO_MUST_USE mizo_err operate_new(const operate_options *o, mizo_diags *d, operate **out);
void operate_free(operate *op);
/* Runs the slot in hand to its end, or one control step of it. MIZO_ENOENT: recorded truth has ended
 * (or `to` is reached); view->running is false then, and nothing has changed. */
MIZO_MUST_USE mizo_err operate_slot(operate *op);
MIZO_MUST_USE mizo_err operate_step(operate *op, bool *slot_done);
mizo_slot operate_now(const operate *op);   /* slot in hand; the first one not run when truth has ended */
mizo_ms operate_instant(const operate *op); /* the town's clock: start of the slot and the steps done */
const town_view *
operate_view(const operate *op); /* borrowed until the next step: view_copy() it to keep it */
/* From the next midnight on; its limits and obligations at once, where its places of limits are the same. */
void operate_set_region(operate *op, const mizo_region *r);
/* Before the first step: what the batteries of a point hold in all, or its other stores, as far as there is room. */
void operate_set_stored(operate *op, mizo_ref point, bool stores, mizo_wh wh);

/* What the days of the run came to, per policy. */
typedef struct operate_result {
    int sites, days;
    mizo_wh bought_wh, sold_wh, demand_wh, pv_wh, self_used_wh, curtailed_wh, charged_wh, discharged_wh,
        vehicle_wh, unserved_wh, loss_wh;
    mizo_wh run_wh, given_wh,      /* taken by loads that run through; given back by vehicles */
        store_in_wh, store_out_wh; /* of heaters and hydrogen sets */
    mizo_wh drawn_wh, thermostat_wh,
        late_wh; /* hot water, hydrogen; heated because a store was empty; drawn later than wanted */
    int runs, runs_late, runs_missed;
    mizo_uyen energy, sold, peak, wear,
        stored;                        /* stored: value of what the batteries hold more than at the start */
    mizo_wh over_wh, over_physical_wh; /* beyond obligations, and beyond limits that hold at any price */
    mizo_uyen over;                    /* penalties of the obligations */
    mizo_uyen
        town; /* what the town as a whole pays beside its sites: market, peak, carbon, unmatched supply */
    mizo_uyen cost; /* energy - sold + peak + wear - stored + over + town: what the plan minimises */
    int32_t peak_w; /* of the sum of sites */
    int peaks_over; /* sites above their contract limit: must be 0 */
    mizo_mg co2_mg;
    int vans_short, vans_impossible, sessions;
    int missing; /* slots of a site without recorded truth: run on, counted in no sum */
    int plans;
    mizo_wh matched_wh; /* local renewable power that reached these points, where days are settled */
} operate_result;

/* The same for one site. peak_w is its own, beside the contract and what stood before. */
typedef struct operate_site_result {
    mizo_ref point;
    int32_t contract_w, standing_w;
    operate_result sum;
} operate_site_result;
size_t operate_sites(const operate *op);
void operate_site(const operate *op, size_t i, operate_site_result *out);
MIZO_MUST_USE mizo_err operate_finish(operate *op, operate_result *out);

#endif
