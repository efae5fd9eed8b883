/* flow.h: where the town's power comes from and where it goes, in one balanced account.
 *
 * The points' own meters say what they take and give; the town's plants feed the same wires. What
 * the points and plants do not settle among themselves goes through the grid: `grid_in` or
 * `grid_out`, never both. So plants + solar + discharge + grid_in = demand + vehicles + charge +
 * grid_out + rest, and `rest` (losses, silent sensors) is shown and not hidden.
 */
#ifndef TOWN_FLOW_H
#define TOWN_FLOW_H

#include "town/live/view.h"

typedef struct town_flow {
    int64_t plants, solar, discharge, grid_in;        /* supply */
    int64_t demand, vehicles, charge, grid_out, rest; /* use; rest is signed */
} town_flow;

/* Of this minute, W. Silent sensors count as 0. */
town_flow town_flow_now(const town_view *v);
/* Sum of the plants in a slot; MIZO_MISSING if none is known. */
int32_t town_plants_slot(const town_view *v, int slot);

#endif
