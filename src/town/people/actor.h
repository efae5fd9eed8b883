/* actor.h: who acts. Every batch names its actor; this is where the name comes from.
 *
 * A region that has users: the actor is a user, switched on, who holds a role that the act needs (role.h) and
 * has shown a password (command line), a session or a token (pages and programs). The name is the user's id.
 * A region that has none yet: whoever may write the files may act; the name is "cli:" and what --as says, or
 * the operating system's user. The machine's own acts are "mizo serve", "mizo init" and so on.
 */
#ifndef TOWN_ACTOR_H
#define TOWN_ACTOR_H

#include "base/env.h"
#include "mizo/region.h"
#include "town/people/account.h"

enum { ACTOR_ROOM = 64 };

typedef struct actor {
    char name[ACTOR_ROOM];       /* for store_batch.actor and for records */
    char bureau[ACCOUNT_BUREAU]; /* "": all of the town */
    unsigned roles;              /* ROLE_ALL where the region has no users */
    bool user;                   /* a user who was checked; false: "cli:" */
} actor;

/* Hands the password of a user over (asks for it, reads a file), at most PASSWORD_ROOM - 1 bytes. */
typedef mizo_err (*actor_password)(void *arg, const char *user, char out[PASSWORD_ROOM], mizo_diags *d);

/* Finds out who acts in the region directory dir, before anything is opened for writing. as: what --as says,
 * NULL: nothing; login: the operating system's user. MIZO_EINPUT, said in d: there are users and nobody is
 * named, the name or password is wrong, the role is missing (the last two are also kept as audit records). */
MIZO_MUST_USE mizo_err actor_find(env *e, const char *dir, const char *as, const char *login, town_act act,
                                  actor_password password, void *arg, mizo_diags *d, actor *out);

/* MIZO_EINPUT, said in d: none of the actor's roles may do this. */
MIZO_MUST_USE mizo_err actor_may(const actor *a, town_act act, mizo_diags *d);

/* A user of one bureau reaches its facilities alone; facility -1: what belongs to none is the office's. */
bool actor_reaches(const actor *a, const mizo_region *r, mizo_ref facility);
/* The same, said in d at a place: what: the facility's id as it was written, or what else is out of reach. MIZO_EINPUT. */
MIZO_MUST_USE mizo_err actor_may_enter(const actor *a, const mizo_region *r, const char *facility,
                                       mizo_place at, mizo_diags *d);

/* The two-person rule: first is the actor of the record that is now confirmed (of its batch). MIZO_ECONFLICT,
 * said in d with both names: now is the same person ("cli:x" and "x" are). */
MIZO_MUST_USE mizo_err actor_second(const char *first, const actor *now, mizo_diags *d);
/* True if both names are the same person's. */
bool actor_same(const char *a, const char *b);

#endif
