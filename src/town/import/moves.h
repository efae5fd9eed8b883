/* moves.h: a facility that moves to another point takes its past along.
 *
 * A use that ends, and one of the same facility at another point that begins then or within a month after it, are a
 * move (uses.csv). Calendar rows that lie ahead are plans, known beforehand. docs/mechanisms/portfolio.md */
#ifndef TOWN_MOVES_H
#define TOWN_MOVES_H

#include "town/foresee/read.h"

/* As foresee_read; but slots before a move of which the point itself knows nothing hold what the facilities that
 * moved in used where they were, by their shares there (several new points: split by their contract power).
 * MIZO_ENOENT: neither the point nor those before it have readings. */
MIZO_MUST_USE mizo_err moves_read(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                                  int32_t *demand, int32_t *pv, int32_t *work);
/* The first day of those who move in; MIZO_DAY_NONE: nobody does. */
mizo_day moves_in(const mizo_region *r, mizo_ref point);
/* Of the point, what moves away after `today` and not after `day`; parts of a million. */
int32_t moves_out_ppm(const mizo_region *r, mizo_ref point, mizo_day today, mizo_day day);

#endif
