/* readings.h: a day of a point or of a virtual point as it is known, and filling gaps under a named rule.
 *
 * A fill is flagged `filled`, listed in a record of kind `estimate` (id POINT-YYYYMMDD) with its rule and who asked for
 * it, and is never used for a bill or a baseline. A reading that comes later takes its place. */
#ifndef TOWN_READINGS_H
#define TOWN_READINGS_H

#include "town/town.h"

/* Wh of the half-hours of a day. */
typedef struct readings_day {
    int32_t wh[MIZO_DAY_SLOTS]; /* MIZO_MISSING: not known; of a virtual point also below zero */
    uint8_t q[MIZO_DAY_SLOTS];
    int32_t adjusted[MIZO_DAY_SLOTS]; /* at the sending end: wh / (1 - loss), half up; MIZO_MISSING */
    int known;
    int64_t sum_wh, sum_adjusted_wh; /* of what is known */
    bool virtual_point;
    bool mixed_loss;  /* a virtual point over several voltages: there is no adjusted value */
    int32_t loss_ppm; /* -1: params.csv has none for the day */
    char voltage[16];
    char source[200], mark[2]; /* of the loss rate */
} readings_day;

/* id: of a point or of virtual.csv. A virtual point's value is missing where one of its terms is; its quality is the
 * weakest of theirs. MIZO_ENOENT: there is no such id, or a virtual point does not hold on that day (said);
 * MIZO_ERANGE: a sum does not fit. */
MIZO_MUST_USE mizo_err readings_of(town *t, const char *id, mizo_quantity q, mizo_day day, mizo_ms as_of,
                                   readings_day *out);

/* May a bill rest on this id on that day? A point: yes. A virtual point: only with billing and basis in virtual.csv.
 * MIZO_EINPUT: no (said); MIZO_ENOENT: no such id (said). */
MIZO_MUST_USE mizo_err readings_may_bill(town *t, const char *id, mizo_day day);

/* Rules of a fill; ended by NULL: "linear-1", "same-slot-last-week". */
extern const char *const readings_rules[];

typedef struct readings_fill {
    int64_t slots, days; /* filled */
    int64_t left;        /* that stay missing */
} readings_fill;

/* Fills what is missing of a point in days [from, to) under a rule, in one batch. dry: only counts.
 * MIZO_EINPUT: no such rule (said); MIZO_ENOENT: no such point (said). */
MIZO_MUST_USE mizo_err readings_fill_gaps(town *t, const char *point, mizo_day from, mizo_day to,
                                          const char *rule, const char *actor, bool dry, readings_fill *out);

#endif
