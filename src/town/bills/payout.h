/* payout.h: what we owe for purchase statements, paid through a bank file: once. docs/mechanisms/payout.md
 *
 *     draft -> approved (by another person) -> exported -> paid            or cancelled, with a reason, before it is paid
 *
 * Record `payout`, id "pay-20230609", every version kept. An invoice stands in one payout that is not cancelled, and
 * in no other for the same money. The bank file is made once: its bytes are in the register from then on. */
#ifndef TOWN_PAYOUT_H
#define TOWN_PAYOUT_H

#include "base/json.h"
#include "retail/zengin.h"
#include "town/bills/invoice.h"
#include "town/people/actor.h"
#include "town/register/register.h"

typedef enum payout_state {
    PAYOUT_DRAFT,
    PAYOUT_APPROVED,
    PAYOUT_EXPORTED,
    PAYOUT_PAID,
    PAYOUT_CANCELLED,
    PAYOUT_STATES
} payout_state;
const char *payout_state_word(payout_state s);

enum { PAYOUT_ID = 24, PAYOUT_ITEMS = 4000 };

typedef struct payout_item {
    char invoice[INVOICE_ID], party[MIZO_ID_MAX];
    mizo_uyen amount; /* whole yen, > 0 */
} payout_item;

typedef struct payout {
    char id[PAYOUT_ID];
    payout_state state;
    mizo_day day; /* on which the bank is to pay */
    mizo_uyen total;
    run_act made, approved, exported, paid, cancelled;
    char file[REGISTER_ID]; /* line of the register; "": none yet */
    char why[RUN_WHY];
    int64_t version;
    payout_item *item; /* [n] by party, then invoice; payout_free */
    size_t n, cap;
} payout;

void payout_free(payout *p);

/* Everything that is due by the day and stands in no payout. Who has no account, in banking.csv or sealed, is said and
 * left out. MIZO_ENOENT (said): nothing is due. */
MIZO_MUST_USE mizo_err payout_make(town *t, mizo_day day, const actor *who, payout *out);
/* MIZO_ENOENT: no such payout (said). */
MIZO_MUST_USE mizo_err payout_get(town *t, const char *id, payout *out);
/* Every payout, by id. */
MIZO_MUST_USE mizo_err payout_scan(town *t, mizo_err (*fn)(void *arg, const payout *p), void *arg);
/* MIZO_ECONFLICT (said): it is not in the state for this, the same person made it, or somebody was faster. */
MIZO_MUST_USE mizo_err payout_approve(town *t, const char *id, const actor *who, payout *out);
/* The bank file, appended to bytes, in the register before it is handed over. Names of households are opened for it,
 * each look on record. MIZO_EINPUT (said): letters that the banks do not carry, an invoice that has changed. */
MIZO_MUST_USE mizo_err payout_export(town *t, const char *id, const actor *who, buf *bytes, payout *out);
/* The bank has paid on the day: bank:main -> supplier:PARTY, posted in the same batch. */
MIZO_MUST_USE mizo_err payout_mark_paid(town *t, const char *id, mizo_day day, const actor *who, payout *out);
/* Before it is paid. What stood in it is due again. */
MIZO_MUST_USE mizo_err payout_cancel(town *t, const char *id, const char *why, const actor *who, payout *out);

void payout_json(const payout *p, int offset, json *j); /* members */

/* ---- payout_keep.c ---- */
MIZO_MUST_USE mizo_err payout_keep(town *t, payout *p);

#endif
