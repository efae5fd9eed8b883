/* lp_text.h: a linear program as one writes it down: columns, rows, then entries in any order. */
#ifndef TESTS_LP_TEXT_H
#define TESTS_LP_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mizo/optimize.h"

enum { LP_COLS = 600, LP_ROWS = 400, LP_NZ = 4000 };
#define INF 1e30

typedef struct lp_text {
    int cols, rows, nz, at;
    int start[LP_COLS + 1], row[LP_NZ], tr[LP_NZ], tc[LP_NZ];
    double a[LP_NZ], ta[LP_NZ], lo[LP_COLS], up[LP_COLS], c[LP_COLS], rlo[LP_ROWS], rup[LP_ROWS];
} lp_text;

static inline int add_col(lp_text *p, double c, double lo, double up)
{
    assert_true(p->cols < LP_COLS);
    p->c[p->cols] = c;
    p->lo[p->cols] = lo;
    p->up[p->cols] = up;
    return p->cols++;
}

static inline int add_row(lp_text *p, double lo, double up)
{
    assert_true(p->rows < LP_ROWS);
    p->rlo[p->rows] = lo;
    p->rup[p->rows] = up;
    return p->rows++;
}

static inline void add_a(lp_text *p, int row, int col, double a)
{
    assert_true(p->nz < LP_NZ);
    p->tr[p->nz] = row;
    p->tc[p->nz] = col;
    p->ta[p->nz++] = a;
}

static inline mizo_lp *load(lp_text *p, const mizo_lp_solver *s)
{
    int nz = 0;
    for (int j = 0; j < p->cols; j++) {
        p->start[j] = nz;
        for (int k = 0; k < p->nz; k++) {
            if (p->tc[k] != j)
                continue;
            p->row[nz] = p->tr[k];
            p->a[nz++] = p->ta[k];
        }
    }
    p->start[p->cols] = nz;
    mizo_lp *lp = s->load(p->cols, p->rows, p->start, p->row, p->a, p->lo, p->up, p->c, p->rlo, p->rup);
    assert_non_null(lp);
    return lp;
}

static inline double objective(const lp_text *p, const mizo_lp_solver *s, const mizo_lp *lp)
{
    double sum = 0;
    for (int j = 0; j < p->cols; j++)
        sum += p->c[j] * s->x(lp)[j];
    return sum;
}

#endif
