/* sparse_inner.h: what the files of a sparse block share. sparse.c reads the program, sparse_factor.c eliminates,
 * sparse_solve.c finds directions, sparse_step.c moves, sparse_end.c judges. */
#ifndef OPTIMIZE_SPARSE_INNER_H
#define OPTIMIZE_SPARSE_INNER_H

#include "optimize/sparse.h"

/* Rows that are left, in this order: balance of slot t: t; local l of slot t: n + t * width + l; border v: after those. */
typedef struct sparse_rows {
    int n, width, border, all;
    double *right; /* [all] */
    double *y;     /* [all] duals */
    bool *here;    /* [all] */
} sparse_rows;

/* Columns that are left: of the balance rows first, slot by slot (`slot` says where each begins), then links (no balance
 * row), then dense ones. Entries by column. */
typedef struct sparse_cols {
    int n, links, dense; /* counts: all; where links and dense begin */
    int *slot;           /* [rows.n + 1] */
    int *start, *row;
    double *a;
    int *of;                   /* column of the model; -1: the slack of a row */
    int *sign;                 /* +1 imported, -1 exported, 0 neither */
    int *fold;                 /* row folded into it, -1 none */
    int *at;                   /* slot of the price it pays */
    double *lo, *up, *cost;    /* up may be NOWHERE, lo -NOWHERE: no bound */
    double *xl, *xu, *zl, *zu; /* slacks and multipliers; a missing bound: 1 and 0 */
    double *theta, *pull;
    double *dx, *dl, *du, *cl, *cu; /* step; second-order products */
} sparse_cols;

/* a x_j + sum of part p (dense) + slack = right, slack >= 0 */
typedef struct sparse_folds {
    int n;
    int *col; /* -1: dense columns alone */
    int *row; /* of the model */
    double *a, *right;
    double *part; /* [n][dense columns] */
    double *slack, *tax, *dslack, *dtax;
    double *share, *cross; /* of the column's theta: what the row holds; the rest, 1 - share */
    double *push;          /* mu / slack - tax */
    double *hard;          /* tax / slack as the factor has it */
    double *second;        /* second-order product */
    double *miss;          /* right - what is there */
} sparse_folds;

struct area_block {
    mizo_site_problem problem;
    site_case whole;
    site_model model;
    int32_t *series; /* copies of the problem's arrays */
    sparse_rows rows;
    sparse_cols cols;
    sparse_folds folds;
    int dense;           /* dense columns */
    double *idle;        /* [n] net of columns without a choice */
    double constant;     /* yen, without prices */
    const double *price; /* [n] while moving */
    double *prices;      /* [n] a copy of the last */
    double hour;
    double give, prox; /* of a row, kWh per yen: for each unit of mu; of the factor in hand */
    double *saved;     /* [2 * columns + folds] */
    /* the factor */
    double *balance;      /* [n] 1 / Y */
    double *grid, *rest;  /* [n] sums of theta: columns that cross the meter, others */
    double *couple;       /* [n][width + border] of the balance row with the others */
    double *local, *next; /* [n][width * width] factor; to the next slot's rows */
    double *link;         /* [3][n][width] own, next, both: theta of links to the next slot */
    double *edge;         /* [n][width][border] */
    int *awake;           /* [n] border rows that a slot can touch: the first so many */
    double *corner;       /* [border * border] */
    double *tall, *tau,
        *bare;      /* [dense][rows.all] forward-solved; [dense][n] through folds, to the net; balance rows */
    double *direct; /* [n][width] what columns that cross the meter do to local rows */
    int *list;
    double *small, *small_right; /* [dense * dense], [dense] */
    int *lead;  /* [dense] of a run's starts, the one that the others are counted from; itself */
    double *dp; /* [dense] */
    double *dy, *miss, *work; /* [rows.all] */
    double *sweep;            /* for sparse_response */
    double *wide_x, *wide_y;  /* [model.cols], [model.rows] */
    int *dual_of;             /* [model.rows] row here, negative: none */
    void *memory;
    size_t bytes;
};

#define NOWHERE 1e29

static inline bool sparse_has_lo(const sparse_cols *c, int j)
{
    return c->lo[j] > -NOWHERE;
}
static inline bool sparse_has_up(const sparse_cols *c, int j)
{
    return c->up[j] < NOWHERE;
}
static inline double sparse_value(const sparse_cols *c, int j)
{
    if (!sparse_has_up(c, j) || (sparse_has_lo(c, j) && c->xl[j] < c->xu[j]))
        return c->lo[j] + c->xl[j];
    return c->up[j] - c->xu[j];
}
/* Its cost with the price that it pays. */
static inline double sparse_cost(const area_block *b, int j)
{
    const sparse_cols *c = &b->cols;
    return c->sign[j] ? c->cost[j] + c->sign[j] * b->price[c->at[j]] : c->cost[j];
}

/* All columns and duals as the model has them. */
void sparse_unfold(const area_block *b, double *x, double *y);

/* sparse.c calls: */
void sparse_start(area_block *b, const area_move *to);
void sparse_advance(area_block *b, const area_move *to, area_sum *sum);
double sparse_bound(const area_block *b, const double *price);
double sparse_exact(const area_block *b, double *net);

/* From theta and the folds to the factor. prox, kWh per yen: what a row may give way in one step. Where nothing in a
 * row can move (a full store that cannot discharge) its dual would run away; so it only walks, and as the misses are
 * found anew in every step, nothing is lost. */
#define SPARSE_PROX 1e-13 /* at most */
void sparse_factor(const area_block *b, double prox);
/* The dense columns, once the rows are eliminated. */
void sparse_factor_dense(const area_block *b);
/* A step: how much of the costs, of the rows' miss, and which product it heads for. */
typedef struct sparse_say {
    double costs, rows, mu;
} sparse_say;
/* dy, all dx, dslack, dtax. The misses are given. */
void sparse_direct(const area_block *b, sparse_say say);
/* rows := L^-1 rows, L small with the diagonal's reciprocals; `cols` values each, `wide` apart. */
void sparse_lower_rows(const double *l, int n, double *rows, size_t wide, int cols);
/* Small Cholesky, lower, row-major; the diagonal keeps its reciprocal. A pivot lost to rounding is kept away. */
void sparse_cholesky(double *a, int n);
size_t sparse_sweep_size(const area_block *b);
/* Adds the response to the prices: schur of area_sum. */
void sparse_response(const area_block *b, double *schur);

/* What the rows and folds miss at the point; returns the worst. */
double sparse_miss(const area_block *b);
/* Adds what the site imports, less what it exports. */
void sparse_net(const area_block *b, double *net);

#endif
