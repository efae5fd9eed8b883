/* verify_days.h: all that the store knows of each day's energy, a day at a time: what the meters read
 * beside what the devices did. */
#ifndef TOWN_VERIFY_DAYS_H
#define TOWN_VERIFY_DAYS_H

#include "mizo/region.h"
#include "store/store.h"

/* Rows of a point. What the devices did has them all, a reading the first three. */
enum {
    FLOW_IMPORT,
    FLOW_EXPORT,
    FLOW_PV,
    FLOW_READ, /* rows of a reading */
    FLOW_DEMAND = FLOW_READ,
    FLOW_CHARGE,
    FLOW_DISCHARGE,
    FLOW_VEHICLE,
    FLOW_SOC,
    FLOW_RUN, /* from here on: what only some points have */
    FLOW_GIVEN,
    FLOW_STORE_IN,
    FLOW_STORE_OUT,
    FLOW_DRAWN,
    FLOW_HELD,
    FLOW_ROWS
};

typedef int32_t day_row[MIZO_DAY_SLOTS];

/* MIZO_MISSING where nothing is known. Points and plants in the region's order. */
typedef struct verify_day {
    mizo_day day;
    day_row *plant;           /* [nplant] as read */
    day_row *read[FLOW_READ]; /* [npoint] as read */
    day_row *done[FLOW_ROWS]; /* [npoint] by the devices */
    day_row *battery;         /* [npoint] discharge as read, of batteries that have a meter */
    uint16_t *kept;           /* [npoint] bits of the done rows that the store has */
    int64_t *batch;           /* [npoint] the latest batch of them */
} verify_day;

/* Calls fn for each day that has any row, in order. An error of fn ends it. */
MIZO_MUST_USE mizo_err verify_days(store *s, const mizo_region *r,
                                   mizo_err (*fn)(void *arg, const verify_day *d), void *arg);

#endif
