/* random_tree.h: a seeded tree of nodes with a market, limits and scenarios; sites that answer in a straight line. */
#ifndef TESTS_RANDOM_TREE_H
#define TESTS_RANDOM_TREE_H

#include <stdlib.h>
#include <string.h>

#include "mizo/optimize.h"
#include "optimize/master.h"

enum { TREE_NODES = 12, TREE_SCENARIOS = 5, TREE_SLOTS = 60 };

typedef struct random_tree {
    uint64_t seed, at;
    mizo_area_shape shape;
    mizo_area_node node[TREE_NODES];
    mizo_area_market market[TREE_SCENARIOS];
    int32_t weight[TREE_SCENARIOS];
    int32_t limit[2 * TREE_NODES][TREE_SLOTS], own[TREE_NODES][TREE_SLOTS];
    int32_t buy[TREE_SCENARIOS][TREE_SLOTS], sell[TREE_SCENARIOS][TREE_SLOTS], ahead[TREE_SLOTS],
        ahead_w[TREE_SLOTS];
    /* A leaf's sites: net = rest - response * price, between least and most. */
    master_leaf leaf[TREE_SCENARIOS * TREE_NODES];
    area_sum sum[TREE_SCENARIOS * TREE_NODES];
    double *rest[TREE_SCENARIOS * TREE_NODES], *reach[2 * TREE_SCENARIOS * TREE_NODES];
} random_tree;

static inline double tree_unit(random_tree *r)
{
    return mizo_unit(r->seed, 5, r->at++);
}

static inline int tree_int(random_tree *r, int lo, int hi)
{
    return lo + (int)(tree_unit(r) * (hi - lo + 1));
}

static inline void tree_nodes(random_tree *r, int depth)
{
    mizo_area_shape *s = &r->shape;
    for (int i = 0; i < s->nnode; i++) {
        mizo_area_node *v = &r->node[i];
        v->parent = i == 0 ? -1 : i < depth ? i - 1 : tree_int(r, 0, i - 1);
        v->over_myen = tree_int(r, 0, 2) ? tree_int(r, 1, 200) * 1000 : 0;
        for (int t = 0; t < s->n; t++) {
            int up = tree_int(r, 0, 30000), down = tree_int(r, -up / 2, 20000);
            r->limit[2 * i][t] = tree_int(r, 0, 9) ? up : INT32_MAX;
            r->limit[2 * i + 1][t] = tree_int(r, 0, 9) ? down : INT32_MAX;
            r->own[i][t] = tree_int(r, -1000, 4000);
        }
        v->import_w = tree_int(r, 0, 3) ? r->limit[2 * i] : NULL;
        v->export_w = tree_int(r, 0, 2) ? r->limit[2 * i + 1] : NULL;
        v->own_w = tree_int(r, 0, 1) ? r->own[i] : NULL;
        if (i == 0 && tree_int(r, 0, 1))
            v->import_w = v->export_w = NULL;
    }
}

static inline void tree_market(random_tree *r)
{
    mizo_area_shape *s = &r->shape;
    int left = MIZO_PPM;
    for (int k = 0; k < s->nscenario; k++) {
        mizo_area_market *v = &r->market[k];
        for (int t = 0; t < s->n; t++) {
            r->buy[k][t] = tree_int(r, -2000, 40000);
            r->sell[k][t] = r->buy[k][t] - tree_int(r, 0, 5000);
        }
        *v = (mizo_area_market){ .buy_myen = r->buy[k], .sell_myen = r->sell[k] };
        if (tree_int(r, 0, 1)) {
            v->peak_myen_per_kw = tree_int(r, 1, 100) * 1000;
            v->standing_w = tree_int(r, 0, 20000);
        }
        r->weight[k] = k == s->nscenario - 1 ? left : tree_int(r, 1, left / (s->nscenario - k));
        left -= r->weight[k];
    }
    for (int t = 0; t < s->n; t++) {
        r->ahead[t] = tree_int(r, 1000, 30000);
        r->ahead_w[t] = tree_int(r, 0, 15000);
    }
    s->weight_ppm = r->weight;
    if (s->nscenario > 1 || tree_int(r, 0, 1)) {
        s->ahead_myen = r->ahead;
        s->ahead_w = tree_int(r, 0, 3) ? NULL : r->ahead_w;
    }
}

/* A response of some rank, like that of a few sites. */
static inline void tree_leaf(random_tree *r, int at)
{
    int n = r->shape.n, rank = tree_int(r, 1, n + 2);
    area_sum *sum = &r->sum[at];
    memset(sum, 0, sizeof *sum);
    sum->schur = calloc((size_t)(n * n), sizeof(double));
    sum->net = calloc((size_t)n, sizeof(double));
    sum->pull = calloc((size_t)n, sizeof(double));
    sum->centre = calloc((size_t)n, sizeof(double));
    r->rest[at] = calloc((size_t)n, sizeof(double));
    r->reach[2 * at] = calloc((size_t)n, sizeof(double));
    r->reach[2 * at + 1] = calloc((size_t)n, sizeof(double));
    double *g = malloc((size_t)n * sizeof *g);
    for (int q = 0; q < rank; q++) {
        for (int t = 0; t < n; t++)
            g[t] = (tree_unit(r) - 0.5) * 0.6 / rank;
        for (int t = 0; t < n; t++)
            for (int u = t; u < n; u++)
                sum->schur[t * n + u] += g[t] * g[u];
    }
    free(g);
    for (int t = 0; t < n; t++) {
        r->rest[at][t] = (tree_unit(r) - 0.3) * 30;
        r->reach[2 * at][t] = -1000;
        r->reach[2 * at + 1][t] = 1000;
    }
    r->leaf[at] = (master_leaf){ r->reach[2 * at], r->reach[2 * at + 1], sum };
}

static inline void random_tree_make(random_tree *r, uint64_t seed)
{
    memset(r, 0, sizeof *r);
    r->seed = seed;
    mizo_area_shape *s = &r->shape;
    int depth = tree_int(r, 1, 4);
    *s = (mizo_area_shape){ .size = sizeof *s, .step_min = 30, .node = r->node, .market = r->market };
    s->n = tree_int(r, 1, 3) == 1 ? tree_int(r, 20, TREE_SLOTS) : tree_int(r, 1, 12);
    s->nnode = tree_int(r, depth, TREE_NODES);
    s->nscenario = tree_int(r, 1, TREE_SCENARIOS);
    tree_nodes(r, depth);
    tree_market(r);
    for (int k = 0; k < s->nscenario; k++)
        for (int i = 0; i < s->nnode; i++)
            if (tree_int(r, 0, 3))
                tree_leaf(r, k * s->nnode + i);
}

static inline void random_tree_free(random_tree *r)
{
    for (int i = 0; i < r->shape.nscenario * r->shape.nnode; i++) {
        free(r->sum[i].schur);
        free(r->sum[i].net);
        free(r->sum[i].pull);
        free(r->sum[i].centre);
        free(r->rest[i]);
        free(r->reach[2 * i]);
        free(r->reach[2 * i + 1]);
    }
}

/* y = response * x of a leaf. */
static inline void tree_answer(const random_tree *r, int at, const double *x, double *y)
{
    int n = r->shape.n;
    for (int t = 0; t < n; t++) {
        y[t] = 0;
        for (int u = 0; u < n; u++)
            y[t] += r->sum[at].schur[t <= u ? t * n + u : u * n + t] * x[u];
    }
}

#endif
