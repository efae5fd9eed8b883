/* posting.h: many entries as one transaction, and corrections that post the difference.
 *
 *     posting *p;
 *     MIZO_TRY(posting_open(store, now, "hana", "bills 2026-04", d, &p));
 *     for (each bill)
 *         err = err ? err : posting_say(p, ref, line, n, &moved);     // the bill's ref, all its lines
 *     return err ? posting_cancel(p), err : posting_commit(p);
 *
 * One posting is one batch is one transaction: either all of it is durable when posting_commit returns
 * MIZO_OK, or nothing of it was ever there. What may be posted: docs/formats/accounts.md. */
#ifndef TOWN_POSTING_H
#define TOWN_POSTING_H

#include "town/books/journal.h"

typedef struct posting posting;

/* Begins a batch. actor: who; source: the verb or file, kept with the batch. */
MIZO_MUST_USE mizo_err posting_open(store *s, mizo_ms known, const char *actor, const char *source,
                                    mizo_diags *d, posting **out);
/* The same inside a batch that is open already, as joined ones are (store_join): commit and cancel then only
 * free it, the batch stays with whoever opened it. After an error that batch must be rolled back. */
MIZO_MUST_USE mizo_err posting_join(store *s, mizo_diags *d, posting **out);

/* Posts one entry; its seq and known are set here. MIZO_EINPUT (said), MIZO_ECONFLICT (a guarded account
 * would go below zero: said, with the first claim's place). Any error spoils the whole posting. */
MIZO_MUST_USE mizo_err posting_add(posting *p, mizo_entry *e);

/* Says what the books should hold for `ref`: line[0..n), each from, to, unit, kind, day, amount, slots;
 * seq, known and ref are ignored. amount may be 0 (nothing) or, without slots, below 0 (the other way).
 * Lines of one pair, unit and day are added up. Compares with what all entries of this ref come to and
 * posts the difference only: first what is taken back, from the last account to the first, then what is
 * given, from the first to the last, so that a guarded account is above zero at every entry; among equals
 * in the order of the lines. Where the ref had entries before,
 * the kind is "correction". n 0 takes back all. MIZO_EINPUT: ref is empty. *moved (may be NULL): entries posted; said twice: 0. */
MIZO_MUST_USE mizo_err posting_say(posting *p, const char *ref, const mizo_entry *line, size_t n, int *moved);

/* Records and other rows of the same batch go through the store itself. */
store *posting_store(const posting *p);
/* Entries posted so far, and the number of the last entry of the chain. */
int64_t posting_count(const posting *p);
int64_t posting_last(const posting *p);

/* Ends it; p is freed in any case. A posting that failed is not committed: its error comes back. One that
 * posted nothing and wrote nothing else is committed as any other. */
MIZO_MUST_USE mizo_err posting_commit(posting *p);
void posting_cancel(posting *p); /* NULL is fine */

#endif
