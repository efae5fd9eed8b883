/* verify_made.h: no more was claimed than was made. */
#ifndef TOWN_VERIFY_MADE_H
#define TOWN_VERIFY_MADE_H

#include "town/verify.h"

/* What the journal says that a source made on a day. */
typedef struct issued {
    mizo_day day;
    const char *source; /* "source:ukishima" */
    const int64_t *wh;  /* [48] */
} issued;

/* Holds item[0..n), which it sorts, against the readings of the plants and panels. Says each slot in
 * which the journal has more than was read, and clears out->ok. Counts out->days_checked. */
MIZO_MUST_USE mizo_err verify_made(store *s, const mizo_region *r, issued *item, size_t n, mizo_diags *d,
                                   verify_result *out);

#endif
