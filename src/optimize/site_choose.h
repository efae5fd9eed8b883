/* site_choose.h: what the parts of choosing share: the site's profile, what it costs, one vehicle planned anew. */
#ifndef OPTIMIZE_SITE_CHOOSE_H
#define OPTIMIZE_SITE_CHOOSE_H

#include "optimize/site.h"

typedef struct chooser {
    const site_case *c;
    const site_flows *f;
    mizo_site_plan *out;
    bool by_price;  /* take the solver's prices for all: the rest will be planned around it */
    bool spread;    /* each kW above `ceiling` is paid for in each slot, not once: so all come down in turn */
    double ceiling; /* W: import that the solver's plan reaches or that has been paid for */
    double gross
        [MIZO_PLAN_MAX]; /* W: demand, batteries and all that is chosen so far, less all PV that there is */
    double soft[MIZO_PLAN_MAX];   /* of it, what batteries charge: it yields to a vehicle at the limit */
    int64_t run_w[MIZO_PLAN_MAX]; /* of it, the runs that are placed */
} chooser;

/* A charger with a least power. */
bool site_is_chosen(const site_case *c, int v);
/* W-slots that fill the vehicle, rounded up. */
int64_t site_need_w(const site_case *c, int v);

/* ---- site_profile.c ---- */

/* Cost of slot t at `gross` W: what is too much of the sun is sold as far as it may, else curtailed; what is above
 * the limit is not charged to batteries, then unserved. */
double site_slot_yen(const chooser *k, int t, double gross);
/* The gross at which that cost next bends above (`gross` itself is below it); INFINITY: no more. */
double site_next_bend(const chooser *k, int t, double gross);
double site_peak_yen(const chooser *k, double peak_w);
double site_profile_peak(const chooser *k); /* at least 0 */

/* ---- site_dp.c ---- */

/* Plans vehicle v anew in out->vehicle_w, against a profile without it. False: it stays as it was. */
bool site_replan(chooser *h, int v);

static inline double within(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

#endif
