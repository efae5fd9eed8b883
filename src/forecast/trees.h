/* trees.h: boosted regression trees and forests of them, for tasks with many columns and few rules (weather to
 * sun power, a month of prices). Histograms of 64 bins, depth and count bounded, no thread, no clock; same
 * calls, same bits. Known to src/forecast and, by include/mizo, to nobody.
 *
 * Friedman 2001 (boosting), Meinshausen 2006 (quantile forests). */
#ifndef FORECAST_TREES_H
#define FORECAST_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct trees trees;

typedef enum trees_loss { TREES_SQUARE, TREES_ABSOLUTE, TREES_QUANTILE } trees_loss;

typedef struct trees_task {
    int columns;       /* 1..256 */
    int rounds;        /* trees */
    int depth;         /* 1..8 */
    int least;         /* rows of a leaf */
    double rate;       /* shrinkage of a tree; 1 for a forest */
    double rows, take; /* share of the rows, of the columns that a tree sees, (0, 1] */
    trees_loss loss;
    double level; /* of TREES_QUANTILE */
    bool forest;  /* trees stand side by side; a row keeps the weights of its neighbours in the leaves */
    uint64_t seed;
} trees_task;

/* x[rows * columns] row by row, NAN allowed (goes its own way); y[rows], w[rows] or NULL. NULL: out of memory or
 * range. */
trees *trees_fit(const trees_task *t, const float *x, const float *y, const float *w, size_t rows);
void trees_free(trees *t);
double trees_say(const trees *t, const float *x);
/* A forest: weighted quantiles of the y of the neighbours. q[n] for level[n], rising. */
void trees_quantiles(const trees *t, const float *x, const double *level, int n, double *q);

#endif
