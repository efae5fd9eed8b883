/* steer.h: batteries as the desks have decided. Who takes up "move batteries" gives the sites of the group's members a
 * target: what the desk reckoned they would draw otherwise, and the price a kWh of each half-hour counts there. Every plan
 * of these sites, in the running town and on paper, pays that price on top of the tariff for what it draws and is paid it
 * for what it gives: moving is worth to the site what it is worth to the group. What a site owes by its tariff stays. */
#ifndef TOWN_DESK_STEER_H
#define TOWN_DESK_STEER_H

#include "town/desk/desk.h"

typedef struct desk_steer desk_steer;

/* What stands at `by` for the days [first, first + days). *out NULL: nothing is decided. */
MIZO_MUST_USE mizo_err desk_steer_read(store *s, const mizo_region *r, mizo_day first, int days, mizo_ms by,
                                       desk_steer **out);
void desk_steer_free(desk_steer *k); /* NULL is fine */
/* Milli-yen a kWh on top, of the n half-hours from `from` on; 0 where nothing is decided for the point. False: nowhere. */
bool desk_steer_price(const desk_steer *k, mizo_ref point, mizo_slot from, int n, int32_t *myen);
/* The k-th decision: its group and what a person gave as reason. False: there are no more. */
bool desk_steer_at(const desk_steer *s, size_t k, const char **group, mizo_day *day,
                   const desk_decision **decision);

#endif
