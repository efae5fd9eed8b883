/* ledger.h: a workload whose right outcome is known by arithmetic.
 *
 * Batch b writes rows that follow from b alone, so that after any accident it is enough to know
 * how many batches there are: everything else can be computed and compared. */
#ifndef BAD_DAYS_LEDGER_H
#define BAD_DAYS_LEDGER_H

#include "store/store.h"

/* Writes batch number b (from 1) in one transaction. commit false: rolls it back at the end. */
MIZO_MUST_USE mizo_err ledger_write(store *s, int64_t b, bool commit);
/* How many batches are there. */
MIZO_MUST_USE mizo_err ledger_count(store *s, int64_t *n);
/* Compares everything in the store with what n batches must have left. NULL: all is right;
 * otherwise what is wrong (a static text). The journal may be asked for by a seeded die. */
const char *ledger_wrong(store *s, int64_t n, uint64_t seed);

#endif
