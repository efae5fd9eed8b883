/* match.h: what of today's local renewable power found its use so far, by the rule of settle.h. */
#ifndef TOWN_LIVE_MATCH_H
#define TOWN_LIVE_MATCH_H

#include "town/live/view.h"

typedef struct live_match live_match;

live_match *live_match_new(void); /* NULL: out of memory */
void live_match_free(live_match *m);
/* Fills matched and green of v, the slots before the one in hand; computes only when a slot has ended. */
void live_match_fill(live_match *m, town_view *v);

#endif
