/* problem.h: from the region to one site's planning problem. `mizo plan`, the closed loop and the
 * live town all build their problems here, so that they decide alike.
 *
 * A site_problem is some 30 kB, holds its own arrays and allocates nothing: keep one per thread and
 * build into it again and again. `lp` points into the arrays beside it, so it must not be copied. */
#ifndef TOWN_PROBLEM_H
#define TOWN_PROBLEM_H

#include "mizo/command.h"
#include "mizo/optimize.h"
#include "mizo/region.h"

/* A vehicle at (or coming to) a charger. */
typedef struct problem_session {
    mizo_ref charger;   /* into region->charger: power and efficiency */
    mizo_slot from, to; /* may charge in [from, to): arrival rounded up, departure down */
    int32_t need_wh;    /* still wanted, in the vehicle's battery */
    int32_t full_wh;    /* in it when it wants nothing more; 0: as a vehicle that has just come */
} problem_session;

typedef struct problem_input {
    const mizo_region *region;
    mizo_ref point;
    mizo_slot from;         /* first slot of the horizon */
    int n;                  /* slots, 1..MIZO_PLAN_MAX */
    const int32_t *load_wh; /* [n] demand a slot; MIZO_MISSING counts as 0 */
    const int32_t *pv_wh;   /* [n] of all PV at the point, before curtailment; NULL none */
    const int32_t *soc_wh;  /* [batteries] in the order of mizo_region_battery_of, those valid on the day of
                                `from`; NULL, or MIZO_MISSING for one: half of its window */
    int32_t standing_w;     /* peak already paid for; negative: the point's own, and where that is unknown
                                the highest demand of the horizon */
    const int32_t *owed_wh; /* as soc_wh: due to what draws from it, and not given yet; NULL: nothing */
    const mizo_run_now
        *run;     /* [loads that run, as mizo_region_load_of has them] on the day of `from`; NULL: of one
                                whose hours have begun nobody knows whether it ran */
    int into_ms;  /* of the slot `from` that are over: what has not begun begins in the next one */
    int nsession; /* the first MIZO_SITE_VEHICLES that overlap the horizon are taken */
    const problem_session *session;
} problem_input;

typedef struct site_problem {
    mizo_site_problem lp; /* lp.battery[i] is region->battery[battery[i]] */
    mizo_ref
        battery[MIZO_SITE_BATTERIES]; /* -1: a vehicle that gives back, in->session[battery_session[i]] */
    int battery_session[MIZO_SITE_BATTERIES]; /* -1: a battery */
    mizo_ref run[MIZO_SITE_RUNS];             /* lp.run[k] is region->load[run[k]] */
    int32_t use_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    bool left_out; /* runs or vehicles that give back for which there was no room: those that come last */
    int session[MIZO_SITE_VEHICLES]; /* lp.vehicle[k] is in->session[session[k]] */
    int32_t load_w[MIZO_PLAN_MAX], pv_w[MIZO_PLAN_MAX], buy_myen[MIZO_PLAN_MAX], sell_myen[MIZO_PLAN_MAX];
} site_problem;

/* Fills out. MIZO_ERANGE: n is outside 1..MIZO_PLAN_MAX or the point is none. */
MIZO_MUST_USE mizo_err problem_build(const problem_input *in, site_problem *out);

/* On top of what the site pays and is paid, [lp.n] milli-yen a kWh; NULL: nothing. */
void problem_steer(site_problem *p, const int32_t *myen);

/* True if there is something to decide at the point on that day: a battery, a charger, or PV that
 * may not be sold. */
bool problem_decides(const mizo_region *r, mizo_ref point, mizo_day day);

/* Is hot water, hydrogen ... drawn from it? */
bool problem_drawn(const mizo_region *r, const mizo_battery *b);

/* Value in milli-yen of a kWh left in the battery when slot `end` begins: what it will save before the
 * next cheap hours, or what refilling it in those hours would cost, whichever is more. */
int32_t problem_end_value(const mizo_region *r, mizo_ref point, const mizo_battery *b, mizo_slot end);

#endif
