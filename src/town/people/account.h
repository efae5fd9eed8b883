/* account.h: the users of a region: who they are, which roles they hold, what they know.
 *
 * A user is a record of the kind "user" (roles and whether it is switched on: every version kept, with who
 * changed it); what only the user knows is a secret row, kept in one version. Ids are [a-z0-9-]{1,40}, stand
 * in batches and books for good, and should not be a person's name. docs/mechanisms/accounts.md
 */
#ifndef TOWN_ACCOUNT_H
#define TOWN_ACCOUNT_H

#include "mizo/series.h"
#include "store/store.h"
#include "town/people/password.h"
#include "town/people/role.h"

enum { ACCOUNT_BUREAU = 124 };

typedef struct account {
    char id[MIZO_ID_MAX];
    char bureau[ACCOUNT_BUREAU]; /* reads and enters figures of its facilities alone; "": of all */
    unsigned roles;
    bool on;
    int64_t version; /* of its record */
} account;

/* MIZO_ENOENT: there is none. */
MIZO_MUST_USE mizo_err account_get(store *s, const char *id, account *out);
/* Keeps it as the next version; a batch is open. */
MIZO_MUST_USE mizo_err account_put(store *s, const account *a);
/* Each user, by id. */
MIZO_MUST_USE mizo_err account_each(store *s, mizo_err (*fn)(void *arg, const account *a), void *arg);
/* Whether there is any user. */
MIZO_MUST_USE mizo_err account_any(store *s, bool *any);

/* The hash of the user's password. MIZO_ENOENT: none was set yet. */
MIZO_MUST_USE mizo_err account_hash(store *s, const char *id, char out[PASSWORD_HASH]);
/* hash NULL: no password any more. A batch is open. */
MIZO_MUST_USE mizo_err account_set_hash(store *s, const char *id, const char *hash, mizo_ms now);

/* Looks the user up and checks the password, in equal work whether there is such a user or not. MIZO_OK: it is the user,
 * and *out says who; MIZO_ECONFLICT: no. Takes some 65 ms. hash receives what was compared with. */
MIZO_MUST_USE mizo_err account_check(store *s, const char *id, const char *password, account *out,
                                     char hash[PASSWORD_HASH]);

#endif
