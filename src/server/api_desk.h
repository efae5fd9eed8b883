/* api_desk.h: what reading and writing at the desk share. Of server/api_desk*.c alone. */
#ifndef SERVER_API_DESK_H
#define SERVER_API_DESK_H

#include "server/api.h"
#include "town/desk/desk.h"

/* The group and day that a request asks for: ?day= (the day after the town's), ?group= (the only one of demand).
 * MIZO_EINPUT: the day is none; MIZO_ENOENT, said in d: no such group. */
MIZO_MUST_USE mizo_err api_desk_ask(const api_call *c, mizo_diags *d, const mizo_bg **g, mizo_day *day);

#endif
