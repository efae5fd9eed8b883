/* verify.h: proves the books over the whole store. docs/mechanisms/matching.md, docs/formats/hash.md,
 * docs/mechanisms/conservation.md
 *
 * The chain, entry by entry; ids, amounts and their slots; no guarded account below zero in any slot of any day, at
 * any entry; the kept balances; what must be zero in closed months; no more claimed than the meters say was made;
 * energy, slot by slot, of every point that has devices; the chain of the audit trail; and the medium itself. With every entry a transfer, what the
 * sources made is what was used and what is left, slot by slot, and all money adds up to nothing. Reads in one
 * snapshot and changes nothing. */
#ifndef TOWN_VERIFY_H
#define TOWN_VERIFY_H

#include "base/env.h"
#include "mizo/books.h"
#include "mizo/region.h"
#include "store/store.h"

/* What the devices moved in all slots that balance, Wh: import + pv = demand + run + vehicle + export +
 * into_storage; of the last, `drawn` was used as heat or hydrogen, `stored` is there at the end, the rest was lost. */
typedef struct verify_sum {
    mizo_wh import, pv, demand, run, vehicle /* less given back */, export, into_storage, drawn, stored;
} verify_sum;

typedef struct verify_result {
    bool ok;
    int64_t entries;
    uint8_t head[MIZO_CHAIN_BYTES]; /* of the chain, recomputed */
    int64_t first_bad;              /* seq of the first bad entry; 0: none */
    int64_t since_at; /* the entry whose head `since` is; 0: the empty beginning; -1: not of this chain */
    int64_t audits, bad_audit;      /* records of the audit trail; the first that does not fit, 0: none */
    int64_t accounts, days_checked; /* (account, unit) pairs; source-days held against the meters */
    int64_t point_days, slots;      /* that the devices ran; of these slots so many balance to the Wh */
    int64_t unproven;               /* point-days of which a flow was never kept */
    int64_t odd;                    /* slots that are odd, and said, but not false */
    int64_t bad_slots;              /* in which energy was made or lost */
    char bad_point[MIZO_ID_MAX];    /* the first of these; "" if none */
    mizo_slot bad_slot;
    mizo_wh bad_wh; /* by how much */
    verify_sum sum;
} verify_result;

/* How to go about it; zeros are fine. */
typedef struct verify_how {
    env *env;
    const char *path; /* the store's: the chain and the medium are then read on a thread and a connection of
                             their own; NULL: one after the other */
    const uint8_t *since; /* [32] a head that was published once: is it of this chain? */
} verify_how;

/* r NULL: the books alone, held against no meter.
 * MIZO_OK: the answer is in out->ok, what is wrong in d. An error: it could not be found out. */
MIZO_MUST_USE mizo_err verify_store(const verify_how *how, store *s, const mizo_region *r, mizo_diags *d,
                                    verify_result *out);
/* The same, one after the other. */
MIZO_MUST_USE mizo_err verify_books(store *s, const mizo_region *r, mizo_diags *d, verify_result *out);

#endif
