/* user.h: what may be done with the users of a region. Each act is part of an open batch, ends what has to end
 * with it, and adds its audit record: who acted, from where. The table of roles is in role.h. */
#ifndef TOWN_USER_H
#define TOWN_USER_H

#include "mizo/region.h"
#include "town/people/account.h"
#include "town/people/ticket.h"

/* Who acts, when and from where; a batch of the store is open in that name. */
typedef struct user_act {
    env *env;
    store *store;
    const char *who, *from;
    mizo_ms now;
    mizo_diags *diags;
    const mizo_region *region; /* whose bureaus there are; NULL: a bureau is taken as it is written */
} user_act;

/* A new user, who sets the password with the link. bureau: whose facilities it reads and enters alone; "": all. MIZO_EINPUT: the
 * id, the roles or the bureau; MIZO_ECONFLICT: there is such
 * a user. Said in diags, here and below. */
MIZO_MUST_USE mizo_err user_add(const user_act *u, const char *id, unsigned roles, const char *bureau,
                                char link[TICKET_ROOM]);
/* A new link; password, sessions and tokens end at once. MIZO_ENOENT. */
MIZO_MUST_USE mizo_err user_reset(const user_act *u, const char *id, char link[TICKET_ROOM]);
/* Other roles; the sessions end. bureau NULL: as it was. */
MIZO_MUST_USE mizo_err user_roles(const user_act *u, const char *id, unsigned roles, const char *bureau);
/* On or off; off ends sessions and tokens. */
MIZO_MUST_USE mizo_err user_switch(const user_act *u, const char *id, bool on);
/* An API token that may at most `roles` (0: all of the user's), for so many days. */
MIZO_MUST_USE mizo_err user_token(const user_act *u, const char *id, unsigned roles, const char *label,
                                  int days, char text[TICKET_ROOM]);
/* Ends the token whose id begins with short_id (8 letters at least). */
MIZO_MUST_USE mizo_err user_revoke(const user_act *u, const char *id, const char *short_id);

/* The link of the first start, while there is no user; earlier ones end. MIZO_ECONFLICT: there are users. */
MIZO_MUST_USE mizo_err user_first_link(const user_act *u, char link[TICKET_ROOM]);
/* At the start of `mizo serve`: makes that link in a batch of its own, through a connection of its own. link is ""
 * where there are users already. */
MIZO_MUST_USE mizo_err user_at_start(env *e, const char *store_path, mizo_diags *d, char link[TICKET_ROOM]);
/* The first user, operator and approver, by that link. fresh: the hash of a password that fits. MIZO_ENOENT: the link is used up, wrong
 * or too old; MIZO_ECONFLICT: somebody was first. */
MIZO_MUST_USE mizo_err user_first(const user_act *u, const char *link, const char *id, const char *fresh);
/* Sets the password by a link of user_add or user_reset; id receives whose. MIZO_ENOENT as above. */
MIZO_MUST_USE mizo_err user_by_link(const user_act *u, const char *link, const char *fresh,
                                    char id[MIZO_ID_MAX]);
/* Sets it where the old one was shown: was is the hash it was compared with; another in the meantime: MIZO_ECONFLICT. */
MIZO_MUST_USE mizo_err user_password(const user_act *u, const char *id, const char *was, const char *fresh);

/* A session for a user whose password was just found right (was: the hash that it was compared with).
 * MIZO_ECONFLICT: switched off or changed in the meantime. */
MIZO_MUST_USE mizo_err user_login(const user_act *u, const char *id, const char *was, ticket *session,
                                  char text[TICKET_ROOM]);

#endif
