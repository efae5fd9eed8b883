/* books.h: how fast entries become durable in the books, and how fast the books are proven.
 *
 * A scratch store at a path that is not there yet: a batch a day, each with one third energy (48 slots, through a
 * pool to 10,000 points) and two thirds money (bills of 5,000 of 10,000 contracts, four lines and a ref each), all through
 * the journal's own door: checked, guarded, chained, balances kept, synchronous=FULL. Then mizo verify's proof of
 * it all, on two threads. docs/performance.md has the figures. */
#ifndef TOWN_BENCH_BOOKS_H
#define TOWN_BENCH_BOOKS_H

#include "base/env.h"
#include "store/store.h"

typedef struct bench_books_result {
    int64_t entries, batches, accounts, bytes; /* of the file at the end */
    double post_s, post_cpu_s;                 /* open to the last durable commit, then the checkpoint */
    double verify_s, verify_cpu_s;             /* the whole proof: chain, balances, claims, pages */
    double post_entries_per_s, verify_entries_per_s;
    bool ok; /* what verify says */
} bench_books_result;

/* entries: about so many, 1,000,000 usual; a batch is never cut. The store is removed again. MIZO_EINPUT: there
 * is something at path. */
MIZO_MUST_USE mizo_err bench_books(env *e, const char *path, int64_t entries, mizo_diags *d,
                                   bench_books_result *out);

#endif
