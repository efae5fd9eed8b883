/* trees.h: boosted regression trees and forests, for tasks with many columns and few rules (weather to sun
 * power, a month of prices). A column is cut into at most 64 bins; no thread, no clock; same calls, same bits.
 * Known to src/forecast and the sets of the bench, not to include/mizo. docs/mechanisms/trees.md
 *
 * Friedman 2001 (boosting, leaf values by loss), Friedman 2002 (a share of the rows), Breiman 2001 (forests),
 * Geurts et al. 2006 (random cuts), Meinshausen 2006 (quantiles of a forest). */
#ifndef FORECAST_TREES_H
#define FORECAST_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TREES_COLUMNS = 256, TREES_BINS = 64, TREES_DEPTH = 24 };

/* Rows cut into bins: made once, learned from many times. */
typedef struct trees_rows trees_rows;
typedef struct trees trees;

typedef enum trees_loss { TREES_SQUARE, TREES_ABSOLUTE, TREES_QUANTILE } trees_loss;

typedef struct trees_task {
    int rounds;   /* trees, 1.. */
    int depth;    /* 1 .. TREES_DEPTH */
    int least;    /* rows of a leaf, 1.. */
    double rate;  /* share of a tree that is believed, (0, 1]; of no use to a forest */
    double rows;  /* share of the rows that a tree sees, (0, 1] */
    double take;  /* share of the columns that a split looks at, (0, 1] */
    bool scatter; /* one random cut a column instead of the best one */
    bool forest;  /* trees stand side by side (loss: the square), and keep the rows of their leaves */
    trees_loss loss;
    double level; /* of TREES_QUANTILE, (0, 1) */
    uint64_t seed;
} trees_task;

/* x[rows * columns] row by row, copied; NAN is a value of its own, which a split sends where it fits better.
 * NULL: out of memory or range. */
trees_rows *trees_rows_new(const float *x, size_t rows, int columns);
void trees_rows_free(trees_rows *r); /* NULL is fine */

/* y[rows]; w[rows] >= 0 or NULL: all 1. NULL: out of memory or range. The rows may be freed afterwards. */
trees *trees_fit(const trees_task *t, const trees_rows *r, const float *y, const float *w);
void trees_free(trees *t); /* NULL is fine */
double trees_say(const trees *t, const float *x);
/* A forest: quantiles of the y of the rows that share a leaf with x, each weighted by how often and by w.
 * level[n] rising, q[n] rising. Uses the forest's own room: one call at a time. Not a forest: NAN. */
void trees_quantiles(trees *t, const float *x, const double *level, int n, double *q);

#endif
