/* verify_made.h: no more was claimed than was made, sent out and taken. */
#ifndef TOWN_VERIFY_MADE_H
#define TOWN_VERIFY_MADE_H

#include "town/books/verify.h"
#include "town/books/verify_days.h"

/* What the journal says of a source or a consumer on a day. */
typedef struct claimed {
    mizo_day day;
    const char *account;  /* "source:ukishima", "use:p-hall" */
    const int64_t *made;  /* [48] from the world; NULL: nothing */
    const int64_t *given; /* [48] of a source, to the town's pool; NULL: nothing */
    const void *from;     /* of the caller */
    const int64_t *used;  /* [48] of a consumer, all that it holds; NULL: a source */
} claimed;

/* Holds item[0..n), all of one day, against that day. Says each account with more than was read, and
 * clears out->ok. Counts out->days_checked. in NULL: nothing is known of the day. */
void verify_made(const mizo_region *r, const verify_day *in, const claimed *item, size_t n, mizo_diags *d,
                 verify_result *out);

#endif
