/* plan_town.h: the plan of a day for the whole town as one, from what was known at its midnight: every site that
 * decides, the rest as it is forecast, nodes and limits, the town's market. One plan says what is bought a day ahead,
 * what flows through each node, and what every device does. */
#ifndef TOWN_PLAN_TOWN_H
#define TOWN_PLAN_TOWN_H

#include "town/plan/area.h"
#include "town/plan/plan.h"

typedef struct plan_town plan_town;

/* Borrowed: all but ask. crew NULL: this thread alone. */
MIZO_MUST_USE mizo_err plan_town_new(const mizo_region *r, store *s, env *e, const mizo_crew *crew,
                                     const plan_ask *ask, plan_town **out);
void plan_town_free(plan_town *t); /* NULL is fine */

/* Takes a point in that decides. As plan_of_point: MIZO_ENOENT nothing to forecast from, MIZO_EINPUT or MIZO_ERANGE
 * its data make no problem: the plan goes on without it; or the store's error. */
MIZO_MUST_USE mizo_err plan_town_add(plan_town *t, mizo_ref point);
/* Takes the rest in and solves. whole: all points, so that the purchase is the town's; else only those that a limit
 * or what the town pays needs. MIZO_EBUSY: no plan. */
MIZO_MUST_USE mizo_err plan_town_solve(plan_town *t, bool whole, area_answer *out);

/* Before solving: each kWh that the sites draw costs so much on top of what they pay [48], whatever the region says. */
void plan_town_price(plan_town *t, const int32_t *myen);

size_t plan_town_sites(const plan_town *t);
/* The i-th that was added, its plan read and explained; good until plan_town_drop, which gives its memory back. */
MIZO_MUST_USE mizo_err plan_town_site(plan_town *t, size_t i, plan_site **out);
void plan_town_drop(plan_town *t, size_t i);

const town_area *plan_town_area(const plan_town *t);
/* What flows through each node of the region, W [48], whether it has a limit or not; node -1: the town, purchase
 * positive. Also of what nobody plans. */
const int32_t *plan_town_net(const plan_town *t, mizo_ref node);
/* Points that were wanted and could not be forecast: they count nothing. */
size_t plan_town_unknown(const plan_town *t);
/* Keeps a site's plan in the open batch, as plan_keep. */
MIZO_MUST_USE mizo_err plan_town_keep_site(plan_town *t, const plan_site *p);
/* Keeps the town's purchase and sale in the open batch as issued at midnight, under the region's id. */
MIZO_MUST_USE mizo_err plan_town_keep(plan_town *t);

#endif
