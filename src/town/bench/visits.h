/* visits.h: acn_ev: what drivers said and did at two workplaces, and how alike two visits are. */
#ifndef TOWN_BENCH_VISITS_H
#define TOWN_BENCH_VISITS_H

#include "town/bench/frame.h"

typedef struct visit {
    double arrival, departure; /* seconds, UTC */
    double wish, got;          /* kWh */
    double stay, said;         /* hours: actual, entered */
    double hour;               /* of the arrival, in the zone's winter time */
    double site, station;      /* words as numbers */
    bool weekend, entered;
} visit;

/* All visits of the set in the order of the files; *out is the caller's. */
MIZO_MUST_USE mizo_err visits_read(const char *data, mizo_diags *d, visit **out, int *n);
/* Weight of a past visit for this one: a Gaussian in each of what was known at plug-in. 0: another site. */
double visit_likeness(const visit *now, const visit *past);

#endif
