/* verify.h: proves the books over the whole store. docs/mechanisms/matching.md, docs/formats/hash.md
 *
 * The chain, entry by entry; amounts and their slots; no guarded account below zero in any slot of any
 * day; the kept balances; no more claimed than the meters say was made; and the medium itself. With every
 * entry a transfer, what the sources made is what was used and what is left, slot by slot. Reads in one
 * snapshot and changes nothing. */
#ifndef TOWN_VERIFY_H
#define TOWN_VERIFY_H

#include "mizo/books.h"
#include "mizo/region.h"
#include "store/store.h"

typedef struct verify_result {
    bool ok;
    int64_t entries;
    uint8_t head[MIZO_CHAIN_BYTES]; /* of the chain, recomputed */
    int64_t first_bad;              /* seq of the first bad entry; 0: none */
    int64_t accounts, days_checked; /* (account, unit) pairs; source-days held against the meters */
} verify_result;

/* r NULL: the production is not held against the meters.
 * MIZO_OK: the answer is in out->ok, what is wrong in d. An error: it could not be found out. */
MIZO_MUST_USE mizo_err verify_books(store *s, const mizo_region *r, mizo_diags *d, verify_result *out);

#endif
