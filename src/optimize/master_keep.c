/* master_keep.c: the nodes' point, kept until the next solve, and brought back onto new limits and prices. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/master_inner.h"

enum { BOX_KEPT = 4, MARKET_KEPT = 4 };
#define NARROW 1e-9 /* of its width */

/* In the middle of buying and selling: a price is kept as what it is above. */
static double middle(const master_market *r, int t)
{
    return (r->buy.cost[t] - r->sell.cost[t]) / 2;
}

size_t master_kept_size(const master *m)
{
    size_t n = (size_t)m->n, boxes = 3 * (size_t)m->nnode + 3;
    return ((size_t)m->nscenario * (boxes * BOX_KEPT + (size_t)m->nnode + MARKET_KEPT) + BOX_KEPT) * n;
}

/* One way through all that is kept, there and back: `to` or `from` is NULL. `by`: slots the horizon has moved on. */
typedef struct keeper {
    double *to;
    const double *from;
    int n, by;
} keeper;

static int slot(const keeper *k, int n, int t)
{
    return n == k->n ? (t + k->by) % n : t;
}

static void walk_box(keeper *k, master_box *b)
{
    double *all[BOX_KEPT] = { b->xl, b->xu, b->zl, b->zu };
    for (int i = 0; i < BOX_KEPT; i++) {
        for (int t = 0; t < b->n; t++)
            if (k->to)
                k->to[t] = box_free(b, t) ? all[i][t] : -1;
            else if (box_free(b, t) && k->from[slot(k, b->n, t)] > 0)
                all[i][t] = k->from[slot(k, b->n, t)];
        k->to = k->to ? k->to + k->n : NULL;
        k->from = k->from ? k->from + k->n : NULL;
    }
    for (int t = 0; k->from && t < b->n; t++) { /* the slack to the nearer bound is what counts */
        double w = b->up[t] - b->lo[t];
        if (!box_free(b, t))
            continue;
        double *near = b->xl[t] < b->xu[t] ? &b->xl[t] : &b->xu[t];
        double *far = near == &b->xl[t] ? &b->xu[t] : &b->xl[t];
        *near = fmin(fmax(*near, NARROW * w), 0.5 * w);
        *far = w - *near;
    }
}

/* What binds a town stays as it was at the horizon's end where the horizon goes on: there all wait for the cheapest slot. */
static void walk_list(keeper *k, double *list, const master_market *r)
{
    for (int t = 0; t < k->n; t++) {
        double off = r ? middle(r, t) : 0;
        if (k->to)
            k->to[t] = list[t] - off;
        else
            list[t] = k->from[t + k->by < k->n ? t + k->by : k->n - 1] + off;
    }
    k->to = k->to ? k->to + k->n : NULL;
    k->from = k->from ? k->from + k->n : NULL;
}

static void walk(keeper *k, master *m)
{
    for (int s = 0; s < m->nscenario; s++) {
        master_market *r = &m->market[s];
        for (int i = 0; i < m->nnode; i++) {
            master_node *v = master_at(m, s, i);
            walk_box(k, &v->flow);
            walk_box(k, &v->over);
            walk_box(k, &v->under);
            walk_list(k, v->lambda, i ? NULL : r);
        }
        walk_box(k, &r->buy);
        walk_box(k, &r->sell);
        walk_box(k, &r->peak);
        walk_list(k, r->lambda, r);
        walk_list(k, r->slack, NULL);
        walk_list(k, r->tax, NULL);
    }
    walk_box(k, &m->first);
}

void master_keep(master *m, double *to)
{
    keeper k = { .to = to, .n = m->n };
    walk(&k, m);
}

/* A peak that is charged now and was not then has no multipliers yet. */
static void mend_peak(master_market *r, int n, double mu)
{
    for (int t = 0; t < n; t++) {
        if (!r->charged)
            r->tax[t] = 0, r->slack[t] = 1;
        else if (!(r->tax[t] > 0)) {
            r->tax[t] = r->peak.cost[0] / (2 * n);
            r->slack[t] = mu / r->tax[t];
        }
    }
}

void master_restore(master *m, const double *from, int by, double mu)
{
    master_start(m, mu);
    keeper k = { .from = from, .n = m->n, .by = by };
    walk(&k, m);
    for (int s = 0; s < m->nscenario; s++) {
        mend_peak(&m->market[s], m->n, mu);
        for (int i = 1; i < m->nnode; i++) {
            master_node *v = master_at(m, s, i);
            for (int t = 0; !v->row && t < m->n; t++)
                v->lambda[t] = 0;
        }
    }
    master_sum_prices(m);
}
