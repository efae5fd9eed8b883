/* meters.h: the meters of the town: terms of verification that end, days without a meter, and whether registers and
 * half-hours say the same. */
#ifndef TOWN_METERS_H
#define TOWN_METERS_H

#include "town/town.h"

typedef enum meter_state {
    METER_GOOD,
    METER_ENDING,  /* its term ends within the days asked for */
    METER_EXPIRED, /* it has ended: no trade may rest on it */
    METER_UNKNOWN, /* no term is written down */
    METER_GONE,    /* not at the point on that day */
} meter_state;
extern const char *const meter_states[];

/* One meter as it stands on a day. */
typedef struct meter_line {
    const mizo_meter *meter;
    const char *point;
    meter_state state;
    int32_t days_left; /* of the term; of METER_UNKNOWN and METER_GONE 0 */
    /* Registers against half-hours, where both registers are written down (the last one: of a meter that has gone). */
    bool compared;
    mizo_wh register_wh; /* (last - first) x multiplier, once round where register_max says so */
    mizo_wh slots_wh;    /* of its days */
    int64_t missing;     /* half-hours that are not known */
} meter_line;

/* Every meter of meters.csv, by point and first day. within: days ahead of `day`. */
MIZO_MUST_USE mizo_err meters_scan(town *t, mizo_day day, int within,
                                   mizo_err (*fn)(void *arg, const meter_line *l), void *arg);
/* Each stretch of days [from, to) of [from, to) in which a point that has meters has none. */
MIZO_MUST_USE mizo_err meters_gaps(town *t, mizo_day from, mizo_day to,
                                   mizo_err (*fn)(void *arg, const char *point, mizo_day from, mizo_day to),
                                   void *arg);

/* Terms of the meters that stand on `day`. */
typedef struct meters_due {
    int ended, ending;       /* how many; ending within so many days */
    const mizo_meter *first; /* the one whose term ends, or ended, first; NULL: none */
} meters_due;
meters_due meters_terms(const mizo_region *r, mizo_day day, int within);

#endif
