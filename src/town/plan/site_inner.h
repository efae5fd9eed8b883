/* site_inner.h: what site.c and site_plan.c share. */
#ifndef TOWN_SITE_INNER_H
#define TOWN_SITE_INNER_H

#include "town/plan/site.h"

/* Slots of a track before today; prices this near count as equal: values are rounded to a milli-yen. */
enum { HISTORY = TRUTH_DAYS * 48, TIE_MYEN = 10 };

static inline int32_t clip32(int64_t x)
{
    return x > INT32_MAX ? INT32_MAX : x < -INT32_MAX ? -INT32_MAX : (int32_t)x;
}

/* Index of a vehicle of the region at this site; -1: it does not belong here. site.c */
int site_vehicle_of(const site *s, mizo_ref ref);

/* site_box.c: what the site's own box knows in this slot, and in this step. */
void box_slot(site *s, const site_clock *k);
void box_step(site *s, const site_clock *at, const mizo_measurement *m);

/* Perfect foresight: reads the coming truth, to the end of the run or as far as a plan holds. */
MIZO_MUST_USE mizo_err site_read_ahead(site *s, const site_clock *k);
/* What the controller should aim at until the next plan. */
int32_t site_target(const site *s);

#endif
