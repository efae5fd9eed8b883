/* decide.h: what a person decided about the open position of a group's day: one of the desk's priced moves, taken
 * up as it was seen. Trades become bids, a file for the exchange; a call becomes procurement of the plan; what became of
 * a trade is known from results alone. Batteries are steered
 * (steer.h) until another decision, to wait, takes that back. Records `desk-decision`, GROUP/DAY, each version of which stays. */
#ifndef TOWN_DESK_DECIDE_H
#define TOWN_DESK_DECIDE_H

#include "town/desk/desk.h"

/* Takes up a move by its word ("hold", "buy", "sell", "call", "move") whose energy was seen as wh: MIZO_ECONFLICT
 * (said): it is another now. MIZO_EINPUT (said): no such move, or nothing to do by it. MIZO_ENOENT (said): no draft. */
MIZO_MUST_USE mizo_err desk_decide(const desk_act *a, const char *move, mizo_wh wh, desk_decision *out);
/* The latest; version 0 where there is none. */
MIZO_MUST_USE mizo_err desk_decision_read(store *s, const char *group, mizo_day day, desk_decision *out);
/* As a member of an object; null where there is none. */
void desk_decision_json(const desk_decision *d, int offset, const char *key, json *j);

#endif
