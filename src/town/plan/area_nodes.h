/* area_nodes.h: the places of a town where a limit may stand, from the region's nodes and obligations, as the
 * town's plan wants them: the town first, each place behind the one above it.
 *
 * A node has a place of its own for what always holds, and above it one for each penalty that its obligations
 * know: a place has one price of going beyond. Nodes on which nothing ever stands have none. */
#ifndef TOWN_AREA_NODES_H
#define TOWN_AREA_NODES_H

#include "mizo/optimize.h"
#include "mizo/region.h"

typedef struct area_place {
    mizo_ref node;     /* -1: the town */
    int parent;        /* an earlier place; -1 of the first */
    int32_t over_myen; /* a kWh beyond it; 0: kept at any price */
    bool standing;     /* what always holds; false: obligations for a while */
} area_place;

typedef struct area_nodes {
    int n;
    area_place *place; /* [n], the town first */
    int *at;           /* [nnode] the place at which what hangs on a node meets the tree */
    int top;           /* the same of what hangs on the town itself */
} area_nodes;

MIZO_MUST_USE mizo_err area_nodes_new(const mizo_region *r, area_nodes *out);
void area_nodes_free(area_nodes *a);
/* The place of a point. */
int area_nodes_at(const area_nodes *a, const mizo_region *r, mizo_ref point);
/* Limits of a place in the n slots from `from` on, INT32_MAX where there is none. True if any stands. */
bool area_nodes_limits(const area_nodes *a, const mizo_region *r, int place, mizo_slot from, int n,
                       int32_t *import_w, int32_t *export_w);
/* Do both models have the same places, so that the limits of the one can stand in the plans of the other? */
bool area_nodes_same(const area_nodes *a, const mizo_region *ra, const area_nodes *b, const mizo_region *rb);

#endif
