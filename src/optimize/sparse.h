/* sparse.h: a site of any kind as a block of the town's engine: the program that site_model.c writes, in an interior
 * point whose linear algebra knows that its rows stand in time.
 *
 * After columns without a choice are taken out, what is left has
 *     one balance row a slot, first to be eliminated: no two of them share a column;
 *     `width` local rows a slot (batteries, own PV only, site only): a battery's row meets the next slot's;
 *     border rows that span slots (vehicles, runs), last;
 *     dense columns (peaks, starts of runs), after all rows;
 *     and rows that only hold one column under a slack (import under the peak), folded into that column.
 * docs/mechanisms/area-nodes.md 2. */
#ifndef OPTIMIZE_SPARSE_H
#define OPTIMIZE_SPARSE_H

#include "optimize/area_inner.h"

#define SPARSE_GIVE 1e-11 /* area_move.give as usual */

/* The problem is copied. MIZO_EINPUT as site_case_init. */
mizo_err sparse_new(const mizo_site_problem *p, area_block **out);
void sparse_free(area_block *b);
size_t sparse_bytes(const area_block *b);
/* A Newton step in two parts, for towns that go with one step for all: the direction at to->price moved by to->delta;
 * returns how far it may go. Then that part of it, of the prices' move too; and what the block answers there. */
double sparse_try(area_block *b, const area_move *to);
void sparse_take(area_block *b, const area_move *to, double part, area_sum *sum);
/* What the block's flows are rounded with: the problem made whole. */
const site_case *sparse_case(const area_block *b);
/* The least and the most that the site can draw in each slot, kW; NULL: not asked. */
void sparse_reach(const area_block *b, double *least, double *most);

#endif
