/* area_check.h: towns held against CLP on the same program, and a crew of plain threads. */
#ifndef TESTS_AREA_CHECK_H
#define TESTS_AREA_CHECK_H

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clp_module.h"
#include "optimize/area_lp.h"

enum { CHECK_THREADS = 8 };

/* ---- a crew ---- */

typedef struct check_task {
    void (*work)(void *ctx, int k);
    void *ctx;
    int k;
} check_task;

static inline void *check_thread(void *arg)
{
    check_task *t = arg;
    t->work(t->ctx, t->k);
    return NULL;
}

/* The last part first, to differ from a single thread's order. */
static inline void check_run(void *arg, void (*work)(void *ctx, int k), void *ctx)
{
    pthread_t id[CHECK_THREADS];
    check_task task[CHECK_THREADS];
    int threads = *(int *)arg;
    for (int k = threads - 1; k >= 0; k--) {
        task[k] = (check_task){ work, ctx, k };
        assert_int_equal(pthread_create(&id[k], NULL, check_thread, &task[k]), 0);
    }
    for (int k = 0; k < threads; k++)
        pthread_join(id[k], NULL);
}

static inline mizo_crew check_crew(int *threads)
{
    return (mizo_crew){ .arg = threads, .threads = *threads, .run = check_run };
}

/* ---- a bracket around the optimum that owes nothing to the engine ---- */

typedef struct bracket {
    long double lo, hi, infeasible; /* yen; worst row or bound of the point behind hi */
} bracket;

#define CHECK_FREE 1e29
#define CHECK_FAR  1e5L /* kW: no flow of a small town is larger */

static inline long double check_at(double lo, double up, long double sign)
{
    double at = sign > 0 ? lo : up;
    return fabs(at) < CHECK_FREE ? (long double)at : sign > 0 ? -CHECK_FAR : CHECK_FAR;
}

static inline long double check_beyond(long double v, double lo, double up)
{
    return v < lo ? lo - v : v > up ? v - up : 0;
}

/* Weak duality from the solver's duals, cost of its point: both summed in long double, from the program itself. */
static inline bracket check_bracket(const area_lp *lp, const double *x, const double *y)
{
    bracket b = { lp->constant, lp->constant, 0 };
    long double *row = calloc((size_t)lp->rows, sizeof *row);
    assert_non_null(row);
    for (int j = 0; j < lp->cols; j++) {
        long double d = lp->cost[j];
        for (int e = lp->start[j]; e < lp->start[j + 1]; e++) {
            row[lp->row[e]] += (long double)lp->a[e] * x[j];
            d -= (long double)lp->a[e] * y[lp->row[e]];
        }
        b.hi += (long double)lp->cost[j] * x[j];
        b.lo += d * check_at(lp->lo[j], lp->up[j], d);
        b.infeasible = fmaxl(b.infeasible, check_beyond(x[j], lp->lo[j], lp->up[j]));
    }
    for (int i = 0; i < lp->rows; i++) {
        if (y[i] != 0 && (y[i] > 0 ? lp->rlo[i] > -CHECK_FREE : lp->rup[i] < CHECK_FREE))
            b.lo += (long double)y[i] * check_at(lp->rlo[i], lp->rup[i], y[i]);
        b.infeasible = fmaxl(b.infeasible, check_beyond(row[i], lp->rlo[i], lp->rup[i]));
    }
    free(row);
    return b;
}

/* NULL, or what is wrong with the solver itself. */
static inline const char *check_solve(const area_lp *lp, const mizo_lp_solver *s, bracket *b)
{
    mizo_lp *clp = area_lp_load(lp, s);
    assert_non_null(clp);
    mizo_err e = s->solve(clp, 1000000);
    if (!e)
        *b = check_bracket(lp, s->x(clp), s->dual(clp));
    s->free(clp);
    return e ? mizo_err_text(e) : NULL;
}

/* The engine's answer against the bracket. gap: what was asked for; slack, yen: how far the two programs may differ.
 * Writes what is wrong; true: nothing. */
static inline bool check_answer(const mizo_area_result *r, const bracket *b, double gap, double slack,
                                char *why, size_t n)
{
    double size = fmax(1, fabs((double)b->hi)), loose = 1e-7 * size + slack;
    *why = '\0';
    if (r->status != MIZO_PLAN_OPTIMAL)
        snprintf(why, n, "status %d, gap %.2e after %d iterations (optimum %.6Lf)", r->status, r->gap,
                 r->iterations, b->hi);
    else if (!(r->gap <= gap) || !(r->objective - r->bound <= gap * fmax(1, fabs(r->objective)) * (1 + 1e-9)))
        snprintf(why, n, "gap %.3e, %.9f above %.9f", r->gap, r->objective, r->bound);
    else if (r->bound > (double)b->hi + loose)
        snprintf(why, n, "bound %.9f above the optimum %.9Lf", r->bound, b->hi);
    else if (r->objective <
             (double)b->lo - loose - 0.5 * gap * size) /* limits are kept to a hundredth of a watt */
        snprintf(why, n, "objective %.9f below the optimum %.9Lf", r->objective, b->lo);
    else if (fabs(r->objective - (double)b->hi) > gap * size + loose)
        snprintf(why, n, "objective %.9f, CLP %.9Lf", r->objective, b->hi);
    else if (!(r->residual <= 1e-6))
        snprintf(why, n, "residual %.2e", r->residual);
    return !*why;
}

/* Not so close as asked, said so, and what it says is true. */
static inline bool check_stopped(const mizo_area_result *r, const bracket *b, double slack)
{
    double size = fmax(1, fabs((double)b->hi)), loose = 1e-7 * size + slack;
    return r->status == MIZO_PLAN_STOPPED && r->gap < 1e-3 && r->bound <= (double)b->hi + loose &&
           r->objective >= (double)b->lo - loose;
}

#endif
