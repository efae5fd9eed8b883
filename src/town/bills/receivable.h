/* receivable.h: what parties owe us and what they paid, DR rewards, the journal for the accounts, bank files.
 *
 * A payment is matched by its reference: the id of an invoice in it; else the number that a party's bank account
 * has in banking.csv, or the party's id: then the oldest open invoices of that party are paid. What fits nobody is
 * listed and not posted. The same line twice is posted once. Records: `payment`, `reward`.
 *
 * What other members of our balancing group bear of a closed month stands among the invoices as `share-2021-07-MEMBER`,
 * out of the books; below zero we owe it. */
#ifndef TOWN_RECEIVABLE_H
#define TOWN_RECEIVABLE_H

#include "base/json.h"
#include "retail/zengin.h"
#include "town/bills/invoice.h"

typedef struct receivable {
    const char *party, *name, *invoice;
    mizo_day month, issued, due;
    mizo_uyen billed, paid; /* as it holds now: a cancelled invoice is billed at 0 */
    bool cancelled;
} receivable;

typedef struct receivable_list {
    arena *arena;
    receivable *v; /* [n] by party, then due, then invoice */
    size_t n;
    mizo_uyen billed, paid, overdue, credit; /* credit: paid beyond what was billed */
    mizo_uyen books;                         /* what customers owe by the books: billed - paid of all days */
} receivable_list;

/* Invoices issued by the end of a day, with the payments until then. The caller frees list->arena. */
MIZO_MUST_USE mizo_err receivable_read(town *t, mizo_day as_of, receivable_list *out);

/* One line of a bank statement, and what became of it. */
typedef struct payment_line {
    int line;
    mizo_day day;
    mizo_uyen amount;
    const char *reference, *name;
    const char *party;   /* "": nobody fits; it was not posted */
    const char *invoice; /* the first that was paid; "" */
    mizo_uyen credit;    /* more than was open */
    bool again;          /* in the books already */
} payment_line;

typedef struct payment_sum {
    int lines, posted, again, unmatched;
    mizo_uyen amount, unmatched_amount;
} payment_sum;

/* Reads a CSV with the columns date, amount, reference and, where it has them, name, in English or Japanese
 * (日付, 金額 or 入金額, 照会番号 or 摘要, 振込依頼人), and posts it in one batch. Rows without an amount are passed by.
 * The file (its name; a path before it is cut) gets a line of the register with its hash, for payers' names stand in it.
 * MIZO_EINPUT: rows that cannot be read (all said): nothing is posted. */
MIZO_MUST_USE mizo_err payment_read(town *t, const char *file, const char *bytes, size_t n, const char *who,
                                    mizo_err (*each)(void *arg, const payment_line *l), void *arg,
                                    payment_sum *sum);
/* The same inside a batch that is open, by: its actor; its own `known`. */
MIZO_MUST_USE mizo_err payment_read_open(town *t, const char *file, const char *bytes, size_t n,
                                         const char *by, mizo_ms known,
                                         mizo_err (*each)(void *arg, const payment_line *l), void *arg,
                                         payment_sum *sum);
/* The same for rewards of demand response: date, amount, party, reference: supplier:PARTY -> cost:rewards. */
MIZO_MUST_USE mizo_err reward_read(town *t, const char *file, const char *bytes, size_t n, const char *who,
                                   payment_sum *sum);

/* The journal of days [from, to) as a document of one table: by day, reference and account codes. Accounts without
 * a row in ledger.csv stand with their own name. The caller frees it. */
MIZO_MUST_USE mizo_err journal_document(town *t, mizo_day from, mizo_day to, const char *lang, report **out);
/* The list and its sums as members of an object that is open; one line of a payment as an object. */
void receivable_json(const receivable_list *l, mizo_day as_of, json *j);
void payment_line_json(const payment_line *l, json *j);
void payment_sum_json(const payment_sum *s, json *j);
/* The receivables as a document. */
MIZO_MUST_USE mizo_err receivable_document(town *t, const receivable_list *l, mizo_day as_of,
                                           const char *lang, report **out);

/* A bank file of collections: the open invoices that are due on a day. What we pay goes out through town/bills/payout.h.
 * sum: of the file. MIZO_ENOENT (said): nothing is due. The errors of zengin_write. */
MIZO_MUST_USE mizo_err zengin_collect(town *t, mizo_day day, buf *out, payment_sum *sum);

#endif
