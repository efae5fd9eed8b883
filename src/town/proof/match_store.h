/* match_store.h: the batteries of a day: what went in with which attribute, and what comes out with it.
 * Rule (docs/mechanisms/matching.md, Batteries): first in, first out by slot. */
#ifndef TOWN_MATCH_STORE_H
#define TOWN_MATCH_STORE_H

#include "town/proof/match_day.h"

/* How much the batteries of each point can hold, and give back of a Wh. stock: [npoint]. */
void match_store_limits(const mizo_region *r, mizo_stock *stock);
/* After the first pass of d: fills in_own, in_pool, in_grid, released, site, load, out and offer[MATCH_STORED]. */
MIZO_MUST_USE mizo_err match_store_day(const mizo_region *r, const settle_day *in, mizo_stock *stock,
                                       match_today *d);

#endif
