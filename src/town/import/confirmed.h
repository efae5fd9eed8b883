/* confirmed.h: what the operator's confirmed file (確定使用量) says of a point's month besides its slots.
 *
 * A record of kind `confirmed`, id POINT-YYYYMM. A later file of the month makes the next version; earlier ones stay.
 */
#ifndef TOWN_CONFIRMED_H
#define TOWN_CONFIRMED_H

#include "town/town.h"

enum { CONFIRMED_ID = 64 };

typedef struct confirmed_month {
    char point[MIZO_ID_MAX];
    int year, month;
    mizo_day from, to;       /* days that have slots in the file, [from, to); equal: none */
    bool provided;           /* false: the operator has not given it */
    mizo_wh total_wh;        /* as the file says it; -1: not given */
    mizo_wh slots_wh;        /* sum of its slots */
    int64_t slots, missing;  /* how many there are, how many say "no value" */
    int64_t max_w;           /* -1: not given */
    int64_t power_factor_e2; /* per cent x 100; -1: not given */
    mizo_day next_reading;   /* MIZO_DAY_NONE: not given */
    char voltage[16];
    int64_t items; /* device-level items beside the whole; they count in no sum */
} confirmed_month;

/* MIZO_ENOENT: none is known. */
MIZO_MUST_USE mizo_err confirmed_get(town *t, const char *point, int year, int month, confirmed_month *out);
/* Into the open batch. *changed: another than what was known. */
MIZO_MUST_USE mizo_err confirmed_put(town *t, const confirmed_month *m, bool *changed);

#endif
