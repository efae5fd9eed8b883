/* bills.h: what a day will take, from bills alone. */
#ifndef TOWN_BILLS_H
#define TOWN_BILLS_H

#include "store/store.h"

enum { BILLS_MAX = 64, BILLS_DAYS = 396 }; /* thirteen months */

typedef struct bills {
    struct {
        mizo_day from, to; /* [from, to) */
        double wh;
    } of[BILLS_MAX];
    int count;
} bills;

/* Bills of import that had ended by `until` and were known at as_of. The store's errors. */
MIZO_MUST_USE mizo_err bills_read(store *s, const char *point, mizo_day until, mizo_ms as_of, bills *out);
/* Wh a day around `day`: that of the month a year before, times how the latest bill stands to the same days a year
 * before it; where no bill reaches back so far, that of the latest. NAN: no bills. */
double bills_level(const bills *b, mizo_day day);

#endif
