/* password.h: Argon2id by libsodium (64 MiB, two passes), and what a password must be. No store, no clock.
 *
 * A password is wiped by whoever reads it (password_wipe). Checking one takes some 65 ms and 64 MiB: never on
 * the loop thread, and only a few at once.
 */
#ifndef TOWN_PASSWORD_H
#define TOWN_PASSWORD_H

#include "mizo/error.h"

enum { PASSWORD_ROOM = 129, PASSWORD_LEAST = 12, PASSWORD_HASH = 128 };

/* At least PASSWORD_LEAST letters, not one of those that everybody tries, not made of the user's own name, not
 * a few letters over and over. MIZO_EINPUT: said in d. */
MIZO_MUST_USE mizo_err password_fit(const char *password, const char *user, mizo_diags *d);
/* The text to keep. MIZO_ENOMEM: 64 MiB were not to be had. */
MIZO_MUST_USE mizo_err password_hash(const char *password, char out[PASSWORD_HASH]);
/* True if hash was made of it. hash NULL: there is none; the work is done all the same, and the answer is no. */
bool password_matches(const char *password, const char *hash);
void password_wipe(void *p, size_t n);

#endif
