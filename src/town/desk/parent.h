/* parent.h: what the parent of a group says that a member owes, half-hour by half-hour, against our own
 * reckoning: imbalance from our plan as handed in and our readings, its money at the published prices, the fee of the
 * contract. Every difference is said. */
#ifndef TOWN_DESK_PARENT_H
#define TOWN_DESK_PARENT_H

#include "town/desk/in.h"

typedef struct parent_check {
    int slots, differ, unknown;       /* compared; with any difference; that we cannot reckon */
    mizo_wh theirs_wh, ours_wh;       /* sums of imbalance */
    mizo_uyen theirs_uyen, ours_uyen; /* what we are to pay: fee less what is received */
    mizo_uyen ours_received;          /* by our reckoning, of the compared half-hours */
    mizo_uyen own_uyen;               /* what our own deviations alone would have come to in them */
    int64_t rows;
} parent_check;

/* Takes the file into the register and keeps the outcome (record `desk-parent`, id GROUP/FIRST-DAY). */
MIZO_MUST_USE mizo_err desk_parent_check(const desk_act *a, const char *name, const char *bytes, size_t n,
                                         parent_check *out);
void desk_parent_json(const parent_check *c, json *j);
/* What the kept checks of a month (its first day) come to for a group: slots, ours_received and own_uyen of *out. Of
 * files that begin on one day the latest counts. */
MIZO_MUST_USE mizo_err desk_parent_month(store *s, const char *group, mizo_day month, parent_check *out);

#endif
