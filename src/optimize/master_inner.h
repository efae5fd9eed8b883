/* master_inner.h: what the files of the nodes share. master.c makes and moves them, master_solve.c finds the step,
 * master_end.c judges. */
#ifndef OPTIMIZE_MASTER_INNER_H
#define OPTIMIZE_MASTER_INNER_H

#include "optimize/master.h"

/* A variable of each slot, between two bounds, in the interior point. `sign`: how it counts in its row. The slack to
 * the nearer bound is kept, not the value: it never cancels. Where both bounds are the same it is a constant. */
typedef struct master_box {
    int n;
    double sign;
    double *lo, *up, *cost;
    double *xl, *xu, *zl, *zu;
    double *theta, *pull; /* dx = theta (sign * dprice + pull) */
    double *dx, *dl, *du;
} master_box;
enum { BOX_ARRAYS = 12 };

typedef struct master_node {
    int parent;
    bool here, row; /* sites hang on it; it has a limit that could bind */
    master_box flow, over, under;
    double *own;               /* [n] produced here and below */
    double *lambda, *step;     /* [n] what the limit adds to the price */
    double *price, *ahead;     /* [n] what a block sees; the step it is about to make */
    double *net, *miss;        /* [n] of all below, and by how much the row is missed */
    double *answer, *right;    /* [n] net would change by `answer` at these prices; the row's right side */
    double *stiff;             /* [n] sum of theta */
    double *response, *factor; /* square: of all below to the price; of it and the own variables */
} master_node;

/* Under node 0: the town's peak and its market. */
typedef struct master_market {
    master_box buy, sell, peak; /* peak: one slot */
    double standing;
    bool charged;                        /* a higher peak costs something */
    double *lambda, *step;               /* [n] the market's price */
    double *miss;                        /* [n] of the market's row */
    double *slack, *tax, *dslack, *dtax; /* [n] standing + Q - flow, and its multiplier */
    double *held, *share, *mix, *pull;   /* [n] theta with the peak held, tau, phi; h: master_solve.c */
    double *both, *rest;                 /* [n] theta of market and flow; e */
    double *bend, *slope;                /* [n] tau (1 - phi); tau / both */
    double pivot, peak_right;
} master_market;

struct master {
    int n, nnode, nscenario, ld;
    double hour, weight[MIZO_AREA_SCENARIOS];
    master_node *node; /* [nscenario][nnode] */
    master_market market[MIZO_AREA_SCENARIOS];
    bool ahead;                         /* something is or may be bought ahead */
    master_box first;                   /* what: the same in all scenarios */
    double *first_factor, *first_right; /* square; [n] */
    double *work;                       /* 4 squares and some rows */
    double *block;                      /* the memory behind it all */
    size_t bytes;
    double reach; /* kW: what one step's residual is measured by */
    master_figures look;
    int64_t blocked;
    double *end_net, *end_ahead; /* master_exact: [nscenario][nnode][n]; [n] */
};

static inline master_node *master_at(const master *m, int k, int i)
{
    return &m->node[(size_t)k * (size_t)m->nnode + (size_t)i];
}

static inline bool box_free(const master_box *b, int t)
{
    return b->up[t] > b->lo[t];
}

static inline double box_value(const master_box *b, int t)
{
    if (!box_free(b, t))
        return b->lo[t];
    return b->xl[t] < b->xu[t] ? b->lo[t] + b->xl[t] : b->up[t] - b->xu[t];
}

/* What the flow's variables of node i earn a kW: the price that its row gives them. */
static inline double master_pay(const master *m, int k, int i, int t)
{
    double lambda = master_at(m, k, i)->lambda[t];
    return i ? lambda : lambda - m->market[k].lambda[t] - m->market[k].tax[t];
}

static inline double master_flow(const master_node *v, int t)
{
    return box_value(&v->flow, t) + box_value(&v->over, t) - box_value(&v->under, t);
}

/* What blocks see, from what each node's limit adds. */
void master_sum_prices(master *m);

/* The least that nodes and market can cost at the prices as they are. */
double master_least(const master *m);

#endif
