/* area_lp.h: the town's plan written down as one linear program for a general solver: the check of the
 * town's engine, and the slow way of doing without it. Sites are the sparse programs of site_model.c, put side by
 * side; nodes, market and the two stages stand on top. Nothing here knows how the engine does it.
 *
 *     columns   D_t bought ahead; per scenario k: at the market A bought, B sold, Q peak above the standing one;
 *               per node m: f its net import, O, U beyond the import and the export limit; then the sites' own
 *     rows      f_mkt - sum of f of the nodes below - sum over its sites of (import - export) = -own
 *               f_0kt - A - B + ... = 0: what the town needs is bought ahead, bought or sold
 *               A_kt <= Q_k + standing; then the sites' own
 *
 * kW, kWh, yen; a scenario's costs are multiplied by its weight. */
#ifndef OPTIMIZE_AREA_LP_H
#define OPTIMIZE_AREA_LP_H

#include "optimize/site.h"

typedef struct area_lp {
    int n, nnode, nscenario;
    int cols, rows, nonzeros;
    int *start, *row;
    double *a;
    double *lo, *up, *cost; /* [cols] */
    double *rlo, *rup;      /* [rows] */
    double constant;        /* of the objective, yen */
    double hour, weight[MIZO_AREA_SCENARIOS];
    int node_cols; /* where the nodes' columns begin */
} area_lp;

/* Where the problems come from, one at a time: site i in scenario k at *node. Good until the next call. */
typedef const mizo_site_problem *(*area_lp_site)(void *arg, size_t i, int k, int *node);

/* MIZO_EINPUT: the shape or a problem is wrong in itself; MIZO_EFULL: more than a solver can count; MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err area_lp_make(area_lp *lp, const mizo_area_shape *shape, size_t sites,
                                    area_lp_site site, void *arg);
void area_lp_free(area_lp *lp);

typedef struct area_lp_answer {
    double objective,
        bound;       /* yen; the bound from the solver's duals by weak duality, as a plain sum of doubles */
    double residual; /* worst row or bound, kW or kWh */
    double over_kwh; /* beyond limits of nodes, scenarios by weight */
    int iterations;
} area_lp_answer;

/* What columns and row duals of any solver are worth. MIZO_ENOMEM. price: NULL, or [nscenario][nnode][n], duals of
 * the nodes' rows, yen per kW of a slot and scenario. */
MIZO_MUST_USE mizo_err area_lp_judge(const area_lp *lp, const double *x, const double *y, area_lp_answer *out,
                                     double *price);
/* Loads it; NULL: out of memory. */
mizo_lp *area_lp_load(const area_lp *lp, const mizo_lp_solver *solver);
/* Loads, solves, judges. The solver's error: MIZO_EBUSY, MIZO_ERANGE (which means that something is wrong: the
 * program always has a solution); MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err area_lp_solve(const area_lp *lp, const mizo_lp_solver *solver, area_lp_answer *out,
                                     double *price);

#endif
