/* billing.h: the bills of a month out of the store: computed, not issued, nothing is written.
 *
 * Bills come contract by contract, so that memory does not grow with their number. A contract whose bill
 * cannot be made is said with all that is wrong with it, and the run goes on to say the others' mistakes
 * too; it then ends with MIZO_EINPUT. Whoever keeps what `each` got must drop it unless the run ends with
 * MIZO_OK: nothing half-made. */
#ifndef TOWN_BILLING_H
#define TOWN_BILLING_H

#include "mizo/bill.h"
#include "town/town.h"

typedef struct billing_sum {
    int contracts; /* that hold in the month */
    int bills;     /* made */
    int failed;
    int64_t failed_slots[MIZO_VOLTAGES]; /* half-hours of their days, by the voltage of the point */
    mizo_wh wh;
    mizo_uyen exact, total, left; /* exact = total + left */
} billing_sum;

/* One bill as it is made; valid during the call. json: its canonical form. An error stops the run. */
typedef mizo_err (*billing_each)(void *arg, const mizo_bill *b, const char *json);

/* A bill with what it was made from; valid during the call. */
typedef struct billing_parts {
    const mizo_bill_table *table;
    mizo_day from, to; /* the table's days */
    const mizo_bill_in *in;
    const mizo_bill *bill;
} billing_parts;
/* The bills of a month with their parts, by contract (contract NULL: all); the same errors as billing_make. */
MIZO_MUST_USE mizo_err billing_open(town *t, mizo_day month, mizo_ms as_of, const char *contract,
                                    mizo_err (*each)(void *arg, const billing_parts *p), void *arg,
                                    billing_sum *sum);

/* The bills of a month (its first day) by contract id. contract: only this one (MIZO_ENOENT: no such id,
 * said); NULL: all. as_of: STORE_LATEST or an instant. each may be NULL. */
MIZO_MUST_USE mizo_err billing_make(town *t, mizo_day month, mizo_ms as_of, const char *contract,
                                    billing_each each, void *arg, billing_sum *sum);

#endif
