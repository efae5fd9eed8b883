/* clp.c: mizo_lp_solver over COIN-OR CLP. A module of its own (modules/mizo-clp.so), loaded at first
 * use, because CLP brings the C++ and Fortran runtimes and LAPACK along. Each model is used by one
 * thread at a time. */
#include <stdlib.h>

#include <coin/Clp_C_Interface.h>

#include "mizo/optimize.h"

enum { BARRIER_NO_CROSSOVER = 4 }; /* ClpSolve_setSolveType's number for it */
/* With the usual 1e-7 one reduced cost in 300,000 that postsolve leaves at 5e-7 is cleaned up by the simplex, in three
 * times the barrier's own time. */
#define BARRIER_DUAL_TOLERANCE 1e-5

struct mizo_lp {
    Clp_Simplex *clp;
};

static void clp_free(mizo_lp *lp)
{
    if (!lp)
        return;
    if (lp->clp)
        Clp_deleteModel(lp->clp);
    free(lp);
}

static mizo_lp *clp_load(int cols, int rows, const int *start, const int *row, const double *a,
                         const double *lo, const double *up, const double *c, const double *rlo,
                         const double *rup)
{
    mizo_lp *lp = calloc(1, sizeof *lp);
    if (!lp)
        return NULL;
    lp->clp = Clp_newModel();
    if (!lp->clp) {
        clp_free(lp);
        return NULL;
    }
    Clp_setLogLevel(lp->clp, 0);
    Clp_loadProblem(lp->clp, cols, rows, start, row, a, lo, up, c, rlo, rup);
    Clp_setOptimizationDirection(lp->clp, 1);
    return lp;
}

static void clp_set(mizo_lp *lp, const double *lo, const double *up, const double *c, const double *rlo,
                    const double *rup)
{
    Clp_chgColumnLower(lp->clp, lo);
    Clp_chgColumnUpper(lp->clp, up);
    Clp_chgObjCoefficients(lp->clp, c);
    Clp_chgRowLower(lp->clp, rlo);
    Clp_chgRowUpper(lp->clp, rup);
}

static mizo_err outcome(const mizo_lp *lp)
{
    switch (Clp_status(lp->clp)) {
    case 0:
        return MIZO_OK;
    case 1:
    case 2:
        return MIZO_ERANGE;
    default:
        return MIZO_EBUSY;
    }
}

/* Dual simplex from the basis at hand; the primal one cleans up what its tolerances left. */
static mizo_err clp_solve(mizo_lp *lp, int max_iterations)
{
    Clp_setMaximumIterations(lp->clp, max_iterations);
    Clp_dual(lp->clp, 0);
    if (Clp_status(lp->clp) != 0 || Clp_secondaryStatus(lp->clp) > 1)
        Clp_primal(lp->clp, 0);
    return outcome(lp);
}

/* Interior point, left where it ends: for programs whose bases would take the simplex hours. */
static mizo_err barrier_solve(mizo_lp *lp, int max_iterations)
{
    Clp_Solve *how = ClpSolve_new();
    if (!how)
        return MIZO_ENOMEM;
    Clp_setMaximumIterations(lp->clp, max_iterations);
    Clp_setDualTolerance(lp->clp, BARRIER_DUAL_TOLERANCE);
    ClpSolve_setSolveType(how, BARRIER_NO_CROSSOVER, -1);
    Clp_initialSolveWithOptions(lp->clp, how);
    ClpSolve_delete(how);
    return outcome(lp);
}

static const double *clp_x(const mizo_lp *lp)
{
    return Clp_getColSolution(lp->clp);
}

static const double *clp_dual(const mizo_lp *lp)
{
    return Clp_getRowPrice(lp->clp);
}

static int clp_iterations(const mizo_lp *lp)
{
    return Clp_getIterationCount(lp->clp);
}

extern MIZO_API const mizo_lp_solver mizo_module_lp;
const mizo_lp_solver mizo_module_lp = {
    .name = "clp",
    .load = clp_load,
    .free = clp_free,
    .set = clp_set,
    .solve = clp_solve,
    .x = clp_x,
    .dual = clp_dual,
    .iterations = clp_iterations,
};

extern MIZO_API const mizo_lp_solver mizo_module_lp_barrier;
const mizo_lp_solver mizo_module_lp_barrier = {
    .name = "clp-barrier",
    .load = clp_load,
    .free = clp_free,
    .set = clp_set,
    .solve = barrier_solve,
    .x = clp_x,
    .dual = clp_dual,
    .iterations = clp_iterations,
};
