/* exchange.h: users exchanged in one act, as on the first of April: a CSV of who comes, who goes and whose roles change.
 *
 *     user,act,roles,bureau
 *     tanaka-k,off,,
 *     sato-m,add,operator,
 *     ito-y,role,"reader,editor",教育委員会
 *     市民文化局,owner,,文化観光局
 *
 * act: add, role, off, on, reset; owner: a bureau hands over what it owns and its users to another one (owners.h). The
 * column bureau may be left out. All of it in the batch that is open, or nothing. */
#ifndef TOWN_EXCHANGE_H
#define TOWN_EXCHANGE_H

#include "town/people/owners.h"
#include "town/people/user.h"

typedef struct exchange_count {
    int rows, added, roles, off, on, reset;
    owners_move move[OWNERS_MOVES]; /* [nmove] what the region's files have to follow */
    int nmove;
} exchange_count;

/* link: of each user who is added or reset, to be handed over; once. MIZO_EINPUT: rows that cannot be, or nobody who
 * approves would be left; all said with their line. The caller rolls the batch back. */
MIZO_MUST_USE mizo_err exchange_users(const user_act *u, const char *file, const char *bytes, size_t n,
                                      mizo_err (*link)(void *arg, const char *id, const char *link),
                                      void *arg, exchange_count *out);

#endif
