/* verify_chain.h: the journal from its first entry to its last: numbers, hashes. docs/formats/hash.md */
#ifndef TOWN_VERIFY_CHAIN_H
#define TOWN_VERIFY_CHAIN_H

#include "mizo/books.h"
#include "store/store.h"

typedef struct verify_chain {
    int64_t upto;         /* in: the last entry to look at; INT64_MAX: all */
    const uint8_t *since; /* in: [32] a head of earlier days; NULL: none is asked for */
    bool ok;
    int64_t entries;                /* walked */
    int64_t last;                   /* number of the last one */
    int64_t first_bad;              /* 0: none */
    int64_t since_at;               /* the entry whose head `since` is; 0 the empty beginning; -1: none */
    uint64_t sum;                   /* over their numbers, to be met by who walks them in another order */
    uint8_t head[MIZO_CHAIN_BYTES]; /* as stored */
    bool unreadable;                /* the walk ended at an entry that cannot be read: first_bad */
} verify_chain;

/* A number's share of `sum`. */
uint64_t verify_chain_share(int64_t seq);

/* MIZO_OK: the answer is in c, what is wrong in d. */
MIZO_MUST_USE mizo_err verify_chain_walk(store *s, mizo_diags *d, verify_chain *c);

#endif
