/* lp.h: a general LP solver, as a constant table. clp (COIN-OR CLP, a module) is the one that runs; the
 * built-in one is dense and small. The town's plan has an engine of its own (mizo/optimize.h); these are its
 * check, and solve what has another structure.
 *
 *     min c'x  s.t.  rlo <= A x <= rup, lo <= x <= up; A by columns. */
#ifndef MIZO_LP_H
#define MIZO_LP_H

#include "mizo/error.h"

typedef struct mizo_lp mizo_lp;
typedef struct mizo_lp_solver {
    const char *name; /* "clp" */
    mizo_lp *(*load)(int cols, int rows, const int *start, const int *row, const double *a, const double *lo,
                     const double *up, const double *c, const double *rlo, const double *rup);
    void (*free)(mizo_lp *lp);
    /* Change data in place: the basis is kept. */
    void (*set)(mizo_lp *lp, const double *lo, const double *up, const double *c, const double *rlo,
                const double *rup);
    /* MIZO_OK: solved to optimality; MIZO_EBUSY: stopped at a limit; MIZO_ERANGE: no solution. */
    mizo_err (*solve)(mizo_lp *lp, int max_iterations);
    const double *(*x)(const mizo_lp *lp);
    const double *(*dual)(const mizo_lp *lp);
    int (*iterations)(const mizo_lp *lp);
} mizo_lp_solver;

/* The built-in member: dense and small, for tests and as the yardstick of clp. dense_lp.c */
extern MIZO_API const mizo_lp_solver mizo_lp_dense;

#endif
