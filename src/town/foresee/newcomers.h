/* newcomers.h: a point with few days of its own leans on sites of its kind.
 *
 * One pool a kind of facility and voltage, told the last weeks of a few sites of that kind when the first newcomer
 * asks for it. docs/mechanisms/portfolio.md */
#ifndef TOWN_NEWCOMERS_H
#define TOWN_NEWCOMERS_H

#include "town/foresee/foresee.h"
#include "town/foresee/read.h"

enum {
    NEWCOMERS_NEW = 28,  /* days known from which on a point stands alone */
    NEWCOMERS_SITES = 8, /* that a pool is told */
    NEWCOMERS_DAYS = 56  /* of each */
};

typedef struct newcomers newcomers;

/* past: the days that are told, as they were known; it ends with the day before the first that may be asked for.
 * NULL: out of memory. */
newcomers *newcomers_new(const mizo_region *r, store *s, const foresee_span *past);
void newcomers_free(newcomers *n); /* NULL is fine */
/* demand: of the point on the days of the past. said: its own forecast of the days from `ahead` days after the past
 * on. Where it is new, and there are sites of its kind, the demand becomes one of both, by what each would have
 * missed so far, and says `borrowed`. Else nothing changes. MIZO_ENOMEM; the store's errors. */
MIZO_MUST_USE mizo_err newcomers_lend(newcomers *n, mizo_ref point, const int32_t *demand, int ahead,
                                      foresee_out *said);
/* The same for a point that has no half-hour yet, and has bills: the profile of its kind, scaled to what they say of
 * the days asked for. MIZO_ENOENT: no bills, or no site of its kind. said: of days * 48 slots. */
MIZO_MUST_USE mizo_err newcomers_bills(newcomers *n, mizo_ref point, int ahead, int days, foresee_out *said);

#endif
