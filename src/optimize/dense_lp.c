/* dense_lp.c: the built-in member of mizo_lp_solver: a bounded dual simplex on a dense tableau. It is
 * small and plain, so that tests run without CLP and CLP can be checked against something else.
 *
 * Every row i gets a variable of its own, the row's activity, with the row's bounds. The basic
 * variables are then linear in the others: x_B = T x_N, with no right side. Nonbasic variables rest at
 * the bound that their reduced cost asks for, so the duals are right from the start; each step takes a
 * basic variable that is outside its bounds and exchanges it, flipping others to their far bound on the
 * way where that is no worse (the long-step rule). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/optimize.h"

#define FREE 1e29
#define FAR  1e9 /* stands for a missing bound that a reduced cost asks for */

enum { REFACTOR_EVERY = 200, STALLED = 200 };

struct mizo_lp {
    int cols, rows, all; /* all = cols + rows variables */
    int iterations, since_refactor;
    int *start, *row; /* the matrix by columns, as loaded */
    double *a;
    double *lo, *up, *c;   /* [all]; c of a row's variable is 0 */
    int *basic;            /* [rows] variable of each tableau row */
    int *nonbasic;         /* [cols] variable of each tableau column */
    double *t;             /* [rows][cols] */
    double *d;             /* [cols] reduced costs of the nonbasic */
    double *xb;            /* [rows] */
    double *xn;            /* [cols] */
    double *x, *y;         /* answers: [cols], [rows] */
    double *ratio;         /* [cols] */
    unsigned char *wanted; /* [all] in the basis, while the tableau is made again */
};

static void dense_free(mizo_lp *lp)
{
    if (!lp)
        return;
    free(lp->wanted);
    free(lp->start);
    free(lp->row);
    free(lp->a);
    free(lp->basic);
    free(lp->nonbasic);
    free(lp->lo);
    free(lp->t);
    free(lp);
}

static double *row_of(const mizo_lp *lp, int i)
{
    return lp->t + (size_t)i * (size_t)lp->cols;
}

/* The basis of all rows' own variables: T is the matrix itself. */
static void start_tableau(mizo_lp *lp)
{
    memset(lp->t, 0, (size_t)lp->rows * (size_t)lp->cols * sizeof *lp->t);
    for (int j = 0; j < lp->cols; j++) {
        lp->nonbasic[j] = j;
        for (int k = lp->start[j]; k < lp->start[j + 1]; k++)
            row_of(lp, lp->row[k])[j] += lp->a[k];
    }
    for (int i = 0; i < lp->rows; i++)
        lp->basic[i] = lp->cols + i;
}

static void pivot_row(const double *restrict from, double *restrict to, double f, int n)
{
    for (int j = 0; j < n; j++)
        to[j] += f * from[j];
}

/* Exchanges basic row r and nonbasic column q. */
static void pivot(mizo_lp *lp, int r, int q)
{
    double *pr = row_of(lp, r), p = pr[q];
    for (int j = 0; j < lp->cols; j++)
        pr[j] = -pr[j] / p;
    pr[q] = 1 / p;
    for (int i = 0; i < lp->rows; i++) {
        double *ti = row_of(lp, i), f = ti[q];
        if (i == r || f == 0)
            continue;
        ti[q] = 0;
        pivot_row(pr, ti, f, lp->cols);
    }
    double f = lp->d[q];
    lp->d[q] = 0;
    if (f != 0)
        pivot_row(pr, lp->d, f, lp->cols);
    int leaving = lp->basic[r];
    lp->basic[r] = lp->nonbasic[q];
    lp->nonbasic[q] = leaving;
    lp->since_refactor++;
}

/* Makes the tableau of the basis at hand again from the matrix: rounding starts afresh. */
static void refactor(mizo_lp *lp)
{
    unsigned char *wanted = lp->wanted;
    memset(wanted, 0, (size_t)lp->all);
    for (int i = 0; i < lp->rows; i++)
        wanted[lp->basic[i]] = 1;
    start_tableau(lp);
    for (int j = 0; j < lp->cols; j++) {
        if (!wanted[j])
            continue;
        int best = -1; /* nonbasic column j still holds variable j: pivots replace only wanted columns */
        for (int i = 0; i < lp->rows; i++)
            if (!wanted[lp->basic[i]] && (best < 0 || fabs(row_of(lp, i)[j]) > fabs(row_of(lp, best)[j])))
                best = i;
        if (best >= 0 && fabs(row_of(lp, best)[j]) > 1e-9)
            pivot(lp, best, j);
    }
    lp->since_refactor = 0;
}

static void price(mizo_lp *lp)
{
    for (int j = 0; j < lp->cols; j++)
        lp->d[j] = lp->c[lp->nonbasic[j]];
    for (int i = 0; i < lp->rows; i++)
        if (lp->c[lp->basic[i]] != 0)
            pivot_row(row_of(lp, i), lp->d, lp->c[lp->basic[i]], lp->cols);
}

static double resting(double d, double lo, double up)
{
    if (lo < -FREE && up > FREE && fabs(d) <= 1e-9)
        return 0;
    if (d > 1e-9 || (d >= -1e-9 && lo > -FREE))
        return lo < -FREE ? -FAR : lo;
    return up > FREE ? (d >= -1e-9 ? 0 : FAR) : up;
}

static void rest_all(mizo_lp *lp)
{
    for (int j = 0; j < lp->cols; j++)
        lp->xn[j] = resting(lp->d[j], lp->lo[lp->nonbasic[j]], lp->up[lp->nonbasic[j]]);
}

static void values(mizo_lp *lp)
{
    for (int i = 0; i < lp->rows; i++) {
        const double *ti = row_of(lp, i);
        double s = 0;
        for (int j = 0; j < lp->cols; j++)
            s += ti[j] * lp->xn[j];
        lp->xb[i] = s;
    }
}

/* How far a basic variable is outside: < 0 below, > 0 above. */
static double outside(const mizo_lp *lp, int i)
{
    int v = lp->basic[i];
    double x = lp->xb[i], tol = 1e-9 * (1 + fabs(x));
    if (x < lp->lo[v] - tol)
        return x - lp->lo[v];
    return x > lp->up[v] + tol ? x - lp->up[v] : 0;
}

static int leaving_row(const mizo_lp *lp, bool first)
{
    int best = -1;
    double most = 0;
    for (int i = 0; i < lp->rows; i++) {
        double o = fabs(outside(lp, i));
        if (o == 0)
            continue;
        if (first ? best < 0 || lp->basic[i] < lp->basic[best] : o > most) {
            best = i;
            most = o;
        }
    }
    return best;
}

/* Can column j move so that row r goes in direction `sign`? Fills its ratio, -1 if not. */
static void fill_ratios(mizo_lp *lp, const double *pr, double sign)
{
    for (int j = 0; j < lp->cols; j++) {
        int v = lp->nonbasic[j];
        double lo = lp->lo[v], up = lp->up[v], g = pr[j] * sign;
        bool rises = lp->xn[j]<up, falls = lp->xn[j]> lo;
        bool can = fabs(g) > 1e-9 && up > lo && (g > 0 ? rises : falls);
        lp->ratio[j] = can ? fabs(lp->d[j]) / fabs(g) : -1;
    }
}

static int nearest_ratio(const mizo_lp *lp, const double *pr, bool first)
{
    int best = -1;
    for (int j = 0; j < lp->cols; j++) {
        if (lp->ratio[j] < 0)
            continue;
        if (best < 0 || lp->ratio[j] < lp->ratio[best] - 1e-12) {
            best = j;
            continue;
        }
        bool tie = lp->ratio[j] <= lp->ratio[best] + 1e-12;
        if (tie && (first ? lp->nonbasic[j] < lp->nonbasic[best] : fabs(pr[j]) > fabs(pr[best])))
            best = j;
    }
    return best;
}

/* Walks over the break points; flips what is passed. Returns the entering column, -1: no solution. */
static int entering_column(mizo_lp *lp, int r, double out, bool first)
{
    const double *pr = row_of(lp, r);
    fill_ratios(lp, pr, out < 0 ? 1 : -1);
    double slope = fabs(out), nothing = 1e-9 * (1 + slope);
    for (;;) {
        int q = nearest_ratio(lp, pr, first);
        if (q < 0)
            return -1;
        int v = lp->nonbasic[q];
        double range = lp->up[v] - lp->lo[v];
        if (first || lp->lo[v] < -FREE || lp->up[v] > FREE || slope - fabs(pr[q]) * range <= nothing)
            return q;
        slope -= fabs(pr[q]) * range;
        lp->xn[q] = lp->xn[q] == lp->lo[v] ? lp->up[v] : lp->lo[v];
        lp->ratio[q] = -1;
    }
}

/* After the exchange the leaving variable rests at the bound that it had missed. */
static void step(mizo_lp *lp, int r, int q, double out)
{
    int v = lp->basic[r];
    pivot(lp, r, q);
    lp->xn[q] = out < 0 ? lp->lo[v] : lp->up[v];
    if (lp->since_refactor >= REFACTOR_EVERY) {
        refactor(lp);
        price(lp);
        rest_all(lp);
    }
    values(lp);
    lp->iterations++;
}

static bool rests_far(const mizo_lp *lp)
{
    for (int j = 0; j < lp->cols; j++)
        if (fabs(lp->xn[j]) >= FAR && fabs(lp->d[j]) > 1e-9)
            return true;
    return false;
}

static void answer(mizo_lp *lp)
{
    memset(lp->y, 0, (size_t)lp->rows * sizeof *lp->y);
    for (int j = 0; j < lp->cols; j++) {
        int v = lp->nonbasic[j];
        if (v < lp->cols)
            lp->x[v] = lp->xn[j];
        else
            lp->y[v - lp->cols] = lp->d[j];
    }
    for (int i = 0; i < lp->rows; i++)
        if (lp->basic[i] < lp->cols)
            lp->x[lp->basic[i]] = lp->xb[i];
}

static mizo_err run(mizo_lp *lp, int max_iterations)
{
    int stalled = 0;
    for (;;) {
        bool first = stalled > STALLED; /* the least index: cannot cycle */
        int r = leaving_row(lp, first);
        if (r < 0)
            return MIZO_OK;
        if (lp->iterations >= max_iterations)
            return MIZO_EBUSY;
        double out = outside(lp, r);
        int q = entering_column(lp, r, out, first);
        if (q < 0)
            return MIZO_ERANGE;
        stalled = fabs(lp->d[q]) < 1e-11 ? stalled + 1 : 0;
        step(lp, r, q, out);
    }
}

static mizo_err dense_solve(mizo_lp *lp, int max_iterations)
{
    lp->iterations = 0;
    mizo_err e = MIZO_OK;
    for (int round = 0; round < 3; round++) { /* ends on a fresh tableau: what it finds then is not drift */
        if (round > 0 || lp->since_refactor >= REFACTOR_EVERY)
            refactor(lp);
        price(lp);
        rest_all(lp);
        values(lp);
        int before = lp->iterations;
        e = run(lp, max_iterations);
        if (e == MIZO_EBUSY || (round > 0 && lp->iterations == before))
            break;
    }
    answer(lp);
    return !e && rests_far(lp) ? MIZO_ERANGE : e;
}

static void dense_set(mizo_lp *lp, const double *lo, const double *up, const double *c, const double *rlo,
                      const double *rup)
{
    size_t cols = (size_t)lp->cols, rows = (size_t)lp->rows;
    memcpy(lp->lo, lo, cols * sizeof *lo);
    memcpy(lp->up, up, cols * sizeof *up);
    memcpy(lp->c, c, cols * sizeof *c);
    memcpy(lp->lo + cols, rlo, rows * sizeof *rlo);
    memcpy(lp->up + cols, rup, rows * sizeof *rup);
    memset(lp->c + cols, 0, rows * sizeof *c);
}

/* One block for all doubles but the matrix. */
static bool allocate(mizo_lp *lp, int nonzeros)
{
    size_t cols = (size_t)lp->cols, rows = (size_t)lp->rows, all = cols + rows, nz = (size_t)nonzeros;
    lp->wanted = malloc(all + 1);
    lp->start = malloc((cols + 1) * sizeof *lp->start);
    lp->row = malloc((nz + 1) * sizeof *lp->row);
    lp->a = malloc((nz + 1) * sizeof *lp->a);
    lp->basic = malloc((rows + 1) * sizeof *lp->basic);
    lp->nonbasic = malloc((cols + 1) * sizeof *lp->nonbasic);
    lp->lo = calloc(3 * all + 4 * cols + 2 * rows + 1, sizeof *lp->lo);
    lp->t = malloc((rows * cols + 1) * sizeof *lp->t);
    if (!lp->wanted || !lp->start || !lp->row || !lp->a || !lp->basic || !lp->nonbasic || !lp->lo || !lp->t)
        return false;
    lp->up = lp->lo + all;
    lp->c = lp->up + all;
    lp->d = lp->c + all;
    lp->xn = lp->d + cols;
    lp->x = lp->xn + cols;
    lp->ratio = lp->x + cols;
    lp->xb = lp->ratio + cols;
    lp->y = lp->xb + rows;
    return true;
}

static mizo_lp *dense_load(int cols, int rows, const int *start, const int *row, const double *a,
                           const double *lo, const double *up, const double *c, const double *rlo,
                           const double *rup)
{
    mizo_lp *lp = calloc(1, sizeof *lp);
    if (!lp)
        return NULL;
    lp->cols = cols;
    lp->rows = rows;
    lp->all = cols + rows;
    if (!allocate(lp, start[cols])) {
        dense_free(lp);
        return NULL;
    }
    memcpy(lp->start, start, ((size_t)cols + 1) * sizeof *start);
    memcpy(lp->row, row, (size_t)start[cols] * sizeof *row);
    memcpy(lp->a, a, (size_t)start[cols] * sizeof *a);
    dense_set(lp, lo, up, c, rlo, rup);
    start_tableau(lp);
    return lp;
}

static const double *dense_x(const mizo_lp *lp)
{
    return lp->x;
}

static const double *dense_dual(const mizo_lp *lp)
{
    return lp->y;
}

static int dense_iterations(const mizo_lp *lp)
{
    return lp->iterations;
}

const mizo_lp_solver mizo_lp_dense = {
    .name = "dense",
    .load = dense_load,
    .free = dense_free,
    .set = dense_set,
    .solve = dense_solve,
    .x = dense_x,
    .dual = dense_dual,
    .iterations = dense_iterations,
};
