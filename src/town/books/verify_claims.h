/* verify_claims.h: one claim over all kinds: what batteries gave back they had taken in, claims and certificates are what
 * their records say. What may not go below zero is proven entry by entry beside it (verify_book.h). */
#ifndef TOWN_VERIFY_CLAIMS_H
#define TOWN_VERIFY_CLAIMS_H

#include "town/books/verify.h"

/* Inside a snapshot. Says what is wrong and clears out->ok. */
MIZO_MUST_USE mizo_err verify_claims(store *s, mizo_diags *d, verify_result *out);

#endif
