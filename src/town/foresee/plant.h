/* plant.h: what the town's plants will send out: the schedule of the region's files, corrected by what they
 * gave of late, with the trips that may come. docs/mechanisms/plants.md */
#ifndef TOWN_FORESEE_PLANT_H
#define TOWN_FORESEE_PLANT_H

#include "town/foresee/foresee.h"

/* ndays from `day` on, issued at `issued`: only readings that the store knew at as_of, and no slot that ends after
 * `issued`, are looked at. MIZO_ENOENT: it has no readings; the schedule alone speaks. */
typedef struct foresee_plant_ask {
    mizo_ref plant;
    mizo_day day;
    int days;
    mizo_ms issued, as_of;
} foresee_plant_ask;
MIZO_MUST_USE mizo_err foresee_plant(const mizo_region *r, store *s, const foresee_plant_ask *ask,
                                     foresee_band *out);
/* W that the schedule has a plant send out on a day, all furnaces burning as planned. */
int64_t foresee_plant_planned(const mizo_region *r, mizo_ref plant, mizo_day day);

#endif
