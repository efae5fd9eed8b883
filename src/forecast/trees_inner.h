/* trees_inner.h: what the three files of the trees share. */
#ifndef FORECAST_TREES_INNER_H
#define FORECAST_TREES_INNER_H

#include "forecast/trees.h"

enum { TREES_MISSING = 255 };

struct trees_rows {
    size_t rows;
    int columns;
    uint8_t *code;                            /* [columns * rows]: how many cuts lie below; MISSING */
    int ncut[TREES_COLUMNS];                  /* 0 .. TREES_BINS - 1 */
    float cut[TREES_COLUMNS][TREES_BINS - 1]; /* rising; x <= cut[k] has a code of at most k */
};

/* A split, or a leaf. The children of a split stand side by side. */
typedef struct trees_node {
    int32_t child;  /* the left one; 0: a leaf */
    int16_t column; /* -1: a leaf */
    bool missing_left;
    float cut;         /* x <= cut goes left */
    double value;      /* of a leaf */
    uint32_t from, to; /* of a leaf of a forest: its members */
} trees_node;

typedef struct trees_random {
    uint64_t state;
} trees_random;

uint64_t trees_draw(trees_random *r, uint64_t below); /* 0 .. below - 1 */

/* Slope and weight of the rows of the node in hand, one after another. */
typedef struct trees_near {
    double s, w;
} trees_near;

/* One tree at a time is grown here. */
typedef struct trees_growth {
    const trees_task *task;
    const trees_rows *r;
    const double *slope, *w; /* [rows] what a split tells apart; weights */
    uint32_t *row, *room;    /* [rows] the rows of the tree, by node; room to part them */
    size_t n;
    trees_near *near; /* [rows] */
    int16_t *column;  /* [columns] in the order drawn */
    trees_random random;
    trees_node *node; /* of all trees */
    size_t nnode, cap;
} trees_growth;

/* Grows a tree over row[0..n) and adds its nodes; a leaf has its rows in from..to. False: out of memory. */
bool trees_grow(trees_growth *g, size_t *root);

/* The value below which `share` of the weight of v[0..n) lies; reorders both. n >= 1. */
double trees_select(double *v, double *w, size_t n, double share);

#endif
