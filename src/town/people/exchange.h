/* exchange.h: users exchanged in one act, as on the first of April: a CSV of who comes, who goes and whose roles change.
 *
 *     user,act,roles,bureau
 *     tanaka-k,off,,
 *     sato-m,add,operator,
 *     ito-y,role,"reader,editor",教育委員会
 *
 * act: add, role, off, on, reset. The column bureau may be left out. All of it in the batch that is open, or nothing. */
#ifndef TOWN_EXCHANGE_H
#define TOWN_EXCHANGE_H

#include "town/people/user.h"

typedef struct exchange_count {
    int rows, added, roles, off, on, reset;
} exchange_count;

/* link: of each user who is added or reset, to be handed over; once. MIZO_EINPUT: rows that cannot be, or nobody who
 * approves would be left; all said with their line. The caller rolls the batch back. */
MIZO_MUST_USE mizo_err exchange_users(const user_act *u, const char *file, const char *bytes, size_t n,
                                      mizo_err (*link)(void *arg, const char *id, const char *link),
                                      void *arg, exchange_count *out);

#endif
