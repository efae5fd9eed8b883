/* ticket.h: what proves who somebody is without the password: links that are used once, sessions, API tokens.
 *
 * The text is 256 random bits, given out once; the store keeps its BLAKE2b hash alone, as the id of a secret
 * row. Ends go by the injected wall clock: a link after 15 minutes, a session after 30 minutes without use and
 * 12 hours at most, a token on its day. A clock that was put back by more than five minutes ends them too.
 */
#ifndef TOWN_TICKET_H
#define TOWN_TICKET_H

#include "base/env.h"
#include "base/hash.h"
#include "mizo/series.h"
#include "store/store.h"

typedef enum ticket_kind { TICKET_LINK, TICKET_SESSION, TICKET_TOKEN } ticket_kind;

enum {
    TICKET_ROOM = 52, /* 43 letters of base64url; a token begins with "mizo_" */
    TICKET_LINK_MS = 15 * 60 * 1000,
    TICKET_IDLE_MS = 30 * 60 * 1000,
    TICKET_SESSION_MS = 12 * 3600 * 1000,
    TICKET_TOUCH_MS = 60 * 1000, /* a session's last use is kept as often as this */
    TICKET_BACK_MS = 5 * 60 * 1000
};

typedef struct ticket {
    char id[HASH_TEXT];
    char user[MIZO_ID_MAX];   /* "": the first user, who is not there yet */
    unsigned roles;           /* of a token: what it may at most */
    int64_t made, used, ends; /* ms */
    char label[80];           /* of a session the address, of a token its name */
} ticket;

/* Makes one (user, roles, ends, label of t), fills the rest of t and text. A batch is open. */
MIZO_MUST_USE mizo_err ticket_new(store *s, env *e, ticket_kind kind, mizo_ms now, ticket *t,
                                  char text[TICKET_ROOM]);
/* MIZO_ENOENT: no such one, or it has ended. */
MIZO_MUST_USE mizo_err ticket_find(store *s, ticket_kind kind, const char *text, mizo_ms now, ticket *out);
/* True if it is still good at now. */
bool ticket_good(const ticket *t, ticket_kind kind, mizo_ms now);
/* Keeps when it was used last. A batch is open, here and below. */
MIZO_MUST_USE mizo_err ticket_touch(store *s, ticket_kind kind, const ticket *t, mizo_ms now);
MIZO_MUST_USE mizo_err ticket_end(store *s, ticket_kind kind, const char *id);
/* All of a user; except: the id of one to keep, or NULL. */
MIZO_MUST_USE mizo_err ticket_end_all(store *s, ticket_kind kind, const char *user, const char *except);
/* Forgets those that have ended. */
MIZO_MUST_USE mizo_err ticket_sweep(store *s, ticket_kind kind, mizo_ms now);
/* Each one, user NULL: of all users. */
MIZO_MUST_USE mizo_err ticket_each(store *s, ticket_kind kind, const char *user,
                                   mizo_err (*fn)(void *arg, const ticket *t), void *arg);

/* The token that a session's writes carry beside the cookie: 64 hexadecimal letters made of the session's
 * text one way, so that it need not be kept. */
void ticket_csrf(const char *text, char out[HASH_TEXT]);
/* True if both are the same, in equal time. */
bool ticket_csrf_is(const char *text, const char *csrf);

#endif
