/* verify_book_inner.h: what verify_book.c and verify_kept.c share. */
#ifndef TOWN_VERIFY_BOOK_INNER_H
#define TOWN_VERIFY_BOOK_INNER_H

#include "base/arena.h"
#include "town/books/verify_book.h"
#include "town/books/verify_chain.h"
#include "town/books/verify_made.h"

typedef int64_t row48[MIZO_DAY_SLOTS];

/* What an account is to the meters. */
typedef enum account_part { PART_NONE, PART_SOURCE, PART_USE } account_part;

/* An account in a unit. */
typedef struct account {
    const char *name, *unit;
    uint32_t hash;
    int32_t today; /* its holding of the day in hand; -1: none */
    int64_t total, month;
    bool guarded, closes, world;
    bool pool;                  /* the town's or a product's: what goes there has left the roof */
    bool good;                  /* known, and may hold the unit: an entry of it needs no closer look */
    const mizo_unit_rule *rule; /* of the unit */
    account_part part;
} account;

/* An account on the day in hand. */
typedef struct holding {
    uint32_t account;
    bool met; /* a kept balance was found */
    int64_t total;
    int32_t slots, made, given; /* rows; -1: none */
} holding;

typedef struct closed {
    int32_t *month; /* year * 12 + month - 1, rising */
    size_t n, cap;
} closed;

enum { KINDS = 4 };

struct verify_book {
    store *store;
    const mizo_region *region;
    mizo_diags *diags;
    verify_result *out;
    arena *mem; /* texts and rows */
    account *account;
    size_t naccount, account_cap;
    int32_t *place;
    size_t mask;
    uint32_t recent[2]; /* accounts of the last entry: most entries share one with the one before */
    holding *holding;   /* of the day in hand */
    size_t nholding, holding_cap;
    row48 **row; /* the day's rows; those beyond nrow wait for another */
    size_t nrow, row_made, row_cap;
    claimed *claim;
    size_t claim_cap;
    closed closed;
    int32_t month; /* of the day in hand; -1: none yet */
    mizo_day day;  /* in hand */
    bool any;      /* the day in hand has an entry */
    mizo_day next; /* kept balances are looked at up to here */
    const mizo_kind_rule *kind[KINDS];
    int kind_at;
    int64_t entries;
    uint64_t sum;
};

/* The number of an account, made if it is new and `create`; -1 in *out: there is none. */
mizo_err verify_account(verify_book *b, const char *name, const char *unit, bool create, int32_t *out);

/* ---- verify_kept.c ---- */

/* The balances that are kept up to the day in hand, against its holdings. */
mizo_err verify_balances(verify_book *b);
/* Those of later days, and the totals, when all entries are read. */
mizo_err verify_totals(verify_book *b);
/* A record of kind "close": its month. */
mizo_err verify_month_closed(void *arg, const store_record *r);
/* The day in hand counts for its month. */
void verify_month_add(verify_book *b);
/* The month in hand is over: what closes must have come to nothing. */
void verify_month_end(verify_book *b);

#endif
