/* journal.h: posting to the books. The rules stand in books/, the rows in the store. */
#ifndef TOWN_JOURNAL_H
#define TOWN_JOURNAL_H

#include "mizo/books.h"
#include "store/store.h"

enum { JOURNAL_MONTHS = 16 };

/* The end of the chain while a batch is open. */
typedef struct journal {
    store *store;  /* borrowed; a batch is open */
    mizo_ms known; /* of the batch */
    int64_t seq;   /* of the last entry */
    uint8_t head[MIZO_CHAIN_BYTES];
    struct {
        int32_t month; /* year * 12 + month; 0: none */
        bool final;
    } seen[JOURNAL_MONTHS]; /* months that were asked about: are they closed for good? */
} journal;

/* In an open batch. */
MIZO_MUST_USE mizo_err journal_open(store *s, journal *j);

/* Checks e (its seq and known are set here), refuses it with MIZO_ECONFLICT if a guarded account
 * would go below zero in any slot or its day lies in a month that is closed for good (record `close`,
 * state final, as it stands in the open batch when the month is first met), and appends it. d: what was wrong, and where the first claim is. */
MIZO_MUST_USE mizo_err journal_post(journal *j, mizo_entry *e, mizo_diags *d);

#endif
