/* master.h: the nodes of a town: their limits, the town's market, and the reduced system in the prices.
 *
 * In each scenario each node has a price per slot, what its own limit adds to the price of a kW; a block of sites sees
 * the sum from its node up to node 0, whose price holds the market's too. kW, yen; a price is yen per kW of a slot.
 *
 *     inner node:  net - F - U + V = 0             F within the limits, U and V beyond them (priced)
 *     node 0:      net - F - U + V = 0             F <= standing + Q: the town's peak
 *                  F + U - V - A + B - D = 0       the market: A bought, B sold, D bought a day ahead (all scenarios)
 *
 * net is that of all sites below, less what the nodes below produce themselves. Every variable has two bounds; those
 * that the task does not give follow from what the sites can draw and give at most. docs/mechanisms/area-nodes.md 1. */
#ifndef OPTIMIZE_MASTER_H
#define OPTIMIZE_MASTER_H

#include "optimize/area_inner.h"

/* What the sites that hang on a node itself can do at most, in a scenario; and what they answer. */
typedef struct master_leaf {
    const double *least, *most; /* [n] net import, kW; NULL: no site hangs here */
    const area_sum *sum;        /* their answer: read by master_factor */
} master_leaf;

typedef struct master master;

/* leaf: [scenarios * nodes], read at once. dear: yen per kWh, dearer than any wish of a site. */
mizo_err master_new(const mizo_area_shape *shape, const master_leaf *leaf, double dear, master **out);
void master_free(master *m);
size_t master_bytes(const master *m);

/* Prices in the middle of what they can be, all variables on the central path of mu. */
void master_start(master *m, double mu);
/* The point, to be kept: master_kept_size doubles; and back onto new limits and prices, `by` slots later. mu: of what was
 * not there then. */
size_t master_kept_size(const master *m);
void master_keep(master *m, double *to);
void master_restore(master *m, const double *from, int by, double mu);
/* What a block at the node sees, and by how much the whole step of master_direct would move it. */
const double *master_price(const master *m, int scenario, int node);
const double *master_ahead(const master *m, int scenario, int node);

/* From the answers of the blocks to the factor of the system, and right sides towards 0 and per unit of mu. */
void master_factor(master *m, const master_leaf *leaf);
/* The Newton step towards x z = mu. */
void master_direct(master *m, const master_leaf *leaf, double mu);
/* The part of the step that all own variables can take. */
double master_reach(master *m);
/* Takes it: the prices by the whole step times `by`, the own variables as far as they can. */
void master_move(master *m, double by);

/* Figures of the point as master_factor found it (its own variables alone but for the rows). */
typedef struct master_figures {
    double cost, dual;         /* yen */
    double product;            /* sum of x z */
    int64_t pairs, blocked;    /* blocked: slots that could not take the whole step in the last master_move */
    double residual, mismatch; /* worst row, kW; sum of all rows' squares */
} master_figures;
const master_figures *master_look(const master *m);

/* The least that nodes and market can cost at the prices, rounding taken off: with the sites' bounds at the same
 * prices it is a bound of the whole. First brings the prices to where such a bound exists. */
double master_bound(master *m);
/* The nodes' cost when the sites' net is exactly that: [n] at each leaf, NULL where no site is. Limits are kept as far
 * as they can be, and what is bought ahead stays as it is. over_kwh: beyond limits, weighted. */
double master_exact(master *m, const double *const *net, double *over_kwh);
/* After master_exact. */
void master_read(const master *m, int scenario, int node, mizo_area_flow *out);

#endif
