/* verify_book.h: what each account holds, made again from the entries, a day at a time.
 *
 * Entries come by day and, within a day, as they were posted. Of a day that is over the holdings are held against the
 * kept balances and against the meters, and forgotten: memory grows with the accounts (some 150 bytes each) and with
 * what one day moves (some 450 bytes an account and day), not with the entries. */
#ifndef TOWN_VERIFY_BOOK_H
#define TOWN_VERIFY_BOOK_H

#include "town/books/verify.h"
#include "town/books/verify_days.h"

typedef struct verify_book verify_book;

/* MIZO_ENOMEM, or what reading the closed months returned. r NULL: held against no meter. */
MIZO_MUST_USE mizo_err verify_book_new(store *s, const mizo_region *r, mizo_diags *d, verify_result *out,
                                       verify_book **book);
void verify_book_free(verify_book *b);

/* All days up to and with `day`; in: what is known of that day itself, NULL: nothing. Days rise. */
MIZO_MUST_USE mizo_err verify_book_until(verify_book *b, mizo_day day, const verify_day *in);
/* The rest of the days, the sums over all days, and what has to be zero. */
MIZO_MUST_USE mizo_err verify_book_end(verify_book *b);

/* Entries seen, and their numbers' share (verify_chain.h). */
int64_t verify_book_entries(const verify_book *b, uint64_t *sum);

#endif
