/* area_inner.h: the parts of the town's engine, and what they tell each other.
 *
 *   area.c      the calls of mizo/optimize.h; which block a site goes into; the iterations
 *   master.c    the nodes: their rows, their own variables, the reduced system in the prices of all nodes
 *   lanes*.c    blocks of many plain sites (at most a battery, a vehicle, PV, a peak), side by side in SIMD lanes
 *   sparse*.c   a block of one site of any kind, as the sparse program that site_model.c writes
 *
 * A block sees one price a slot: the sum of the prices of its node and all nodes above. It never sees the tree.
 * Each iteration is one pass over the blocks: every block moves on to the new prices and says what it would do next.
 * Blocks are handed to threads in fixed chunks, and the chunks' sums are added in their order: the answer does not
 * depend on the number of threads. kW, kWh, yen; a price is yen per kW of a slot (h times the price of a kWh). */
#ifndef OPTIMIZE_AREA_INNER_H
#define OPTIMIZE_AREA_INNER_H

#include "optimize/site.h"

/* What a pass gathers at a node, over its blocks. */
typedef struct area_sum {
    double
        *schur;  /* [n * n], t <= u used: by how much less the sites import in t for a price of 1 more in u */
    double *net; /* [n] import - export as it stands */
    double *pull; /* [n] by how much net would change in the next step at these prices, towards mu = 0 ... */
    double *centre; /* [n] ... and for each unit of mu */
    double cost;    /* yen, without prices */
    double product; /* sum of x z over all pairs */
    int64_t pairs;
    double residual;        /* worst row, kW or kWh */
    int64_t blocked, steps; /* sites that could not take the whole step; Newton steps made in all */
} area_sum;

/* Where a pass goes. */
typedef struct area_move {
    const double *price; /* [n] new prices */
    const double *delta; /* [n] sparse_try: by how much the whole step would move them */
    double mu;           /* new target of x z */
    int steps;           /* Newton steps a block may make to come near */
    double give; /* sparse: what a row may give way in a step, kWh per yen and unit of mu; 0: as usual */
    bool
        second; /* with second-order terms: far from the end they save steps, at the end they keep the nodes' rows open */
} area_move;

/* A kind of block: constant table, one file each. A block is memory of the kind's own, made once. */
typedef struct area_block area_block;
typedef struct area_kind {
    const char *name;
    /* A point inside all bounds, near mu, at the prices. */
    void (*start)(area_block *b, const area_move *to);
    void (*advance)(area_block *b, const area_move *to, area_sum *sum);
    /* A bound that holds for any prices: sum over the block of the least cost at these prices, by weak duality from
     * its duals as they are, rounding errors taken off. */
    double (*bound)(const area_block *b, const double *price);
    /* Cost of the nearest point that keeps every row exactly, and its net added to net[n]. */
    double (*exact)(const area_block *b, double *net);
    /* The k-th site's flows. */
    void (*read)(const area_block *b, int k, site_flows *out);
} area_kind;

extern const area_kind area_sparse;

#endif
