/* imbalance.h: what a group's days came to after delivery: planned against actual by half-hour and member, at the
 * imbalance prices, split by the group's rule; sums of a month, provisional until all of it is known. */
#ifndef TOWN_DESK_IMBALANCE_H
#define TOWN_DESK_IMBALANCE_H

#include "town/desk/desk.h"

typedef struct imbalance_slot {
    bool settled; /* filed, and the actual is known */
    mizo_imbalance_slot group;
    mizo_wh wh;     /* given too much, signed */
    mizo_uyen uyen; /* received */
    bool priced;
    mizo_share member[MIZO_DESK_MEMBERS];
} imbalance_slot;

typedef struct imbalance_day {
    mizo_day day;
    bool filed, stand_in; /* the market's prices stand in for the imbalance prices */
    int filled;           /* readings filled by a rule */
    size_t nmember;
    imbalance_slot slot[DESK_SLOTS];
    mizo_imbalance sum;
} imbalance_day;

/* *out is large. A day without a filed plan has filed false. */
MIZO_MUST_USE mizo_err imbalance_of_day(town *t, const mizo_bg *g, mizo_day day, mizo_ms as_of,
                                        imbalance_day *out);

/* What members bear of a month on the days on which we are the group's parent, each rounded as the month's sum is. */
typedef struct imbalance_shares {
    int days,
        untold; /* filed days as parent; of these, days whose row does not say which members are ourselves */
    bool due[MIZO_DESK_MEMBERS]; /* by place among the month's members: another firm, that bears a share */
    mizo_uyen uyen[MIZO_DESK_MEMBERS]; /* received, as of the group */
    mizo_uyen fee[MIZO_DESK_MEMBERS];  /* that it owes us besides */
    mizo_uyen left; /* the group's exact sum of those days less all members' exact shares: 0 */
} imbalance_shares;

typedef struct imbalance_month {
    mizo_day first, end;         /* [first, end) */
    int days, filed, open_slots; /* in it; with a plan; half-hours of filed days that are not settled */
    bool final; /* every half-hour is settled at published prices from readings that nobody filled */
    bool stand_in;
    int filled;
    mizo_imbalance sum;
    mizo_uyen net, rounded; /* received; by the step `total` of chain `imbalance` (roundings.csv) */
    size_t nmember;
    char id[MIZO_DESK_MEMBERS][MIZO_ID_MAX];
    mizo_wh wh[MIZO_DESK_MEMBERS],
        own[MIZO_DESK_MEMBERS]; /* share of the group's; its own deviations, absolute */
    mizo_uyen uyen[MIZO_DESK_MEMBERS];
    imbalance_shares shares;
    bool has_before; /* a version was kept before */
    int version;
    mizo_uyen before; /* its rounded sum */
} imbalance_month;

/* The month that holds `day`, as known at as_of. each: every day, may be NULL. */
MIZO_MUST_USE mizo_err imbalance_of_month(town *t, const char *group, mizo_day day, mizo_ms as_of,
                                          void (*each)(void *arg, const imbalance_day *d), void *arg,
                                          imbalance_month *out);
/* Keeps it as a version (record `desk-imbalance`) and posts the difference to the books: cost or income of imbalance
 * against the operator, group by group. Said twice: nothing. */
MIZO_MUST_USE mizo_err imbalance_keep(const desk_act *a, imbalance_month *m);
void imbalance_json(const imbalance_month *m, json *j);
/* The tax that comes on top of what another member owes of a month of a group whose parent we are (below zero: on what
 * we pay it), rounded once by the step `tax` of chain `imbalance`; *name its rate in params.csv, "": none. MIZO_ENOENT: params.csv has no such rate (said). */
MIZO_MUST_USE mizo_err imbalance_share_tax(const town *t, const char *group, mizo_day month, mizo_uyen owed,
                                           const char **name, mizo_uyen *tax);

#endif
