/* ledger.h: what the books say: balances and entries, as known on a date, up to a day, each with its batch. */
#ifndef TOWN_LEDGER_H
#define TOWN_LEDGER_H

#include "mizo/books.h"
#include "store/store.h"

/* What is asked for. Blank texts and zeros ask for all. */
typedef struct ledger_ask {
    const char
        *account; /* "customer:p-001"; with ':' at its end every account that begins so; NULL or "": all */
    const char *unit;  /* NULL or "": any */
    const char *ref;   /* entries posted for this; NULL or "": any */
    mizo_day from, to; /* both included; INT32_MIN and MIZO_DAY_NONE: open */
    mizo_ms as_of;     /* what was known then; STORE_LATEST: now */
} ledger_ask;

ledger_ask ledger_all(void);

/* True for an account that is asked for. */
bool ledger_is_asked(const ledger_ask *a, const char *account);

typedef struct ledger_balance {
    const char *account, *unit;
    int64_t total; /* of the days asked for */
} ledger_balance;

/* Balances by account and unit, those of zero left out. Without dates read from the kept ones, else made from
 * the entries. */
MIZO_MUST_USE mizo_err ledger_balances(store *s, const ledger_ask *a,
                                       mizo_err (*fn)(void *arg, const ledger_balance *b), void *arg);

/* An entry and where it comes from. Borrowed during the call. */
typedef struct ledger_entry {
    const store_entry *entry;
    const store_batch *batch; /* when known, by whom, from what */
    int sign;                 /* for one account: +1 came, -1 went; 0 where several are asked for */
    int64_t balance;          /* of the one account after it, in the entry's unit; 0 where several */
} ledger_entry;

/* Entries by day, each day as posted. Of one account (no ':' at its end) with its running balance, which starts
 * from *opening, the sum of the days before (one unit has to be asked for; MIZO_EINPUT else). opening may be NULL.
 * An error of fn ends it and is returned. */
MIZO_MUST_USE mizo_err ledger_entries(store *s, const ledger_ask *a, int64_t *opening,
                                      mizo_err (*fn)(void *arg, const ledger_entry *e), void *arg);

/* The entry of this number. MIZO_ENOENT. */
MIZO_MUST_USE mizo_err ledger_trace(store *s, int64_t seq, mizo_err (*fn)(void *arg, const ledger_entry *e),
                                    void *arg);

#endif
