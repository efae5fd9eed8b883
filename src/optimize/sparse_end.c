/* sparse_end.c: a bound from the duals that nothing can beat, and a point that keeps the rows to the last digits. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/sparse_inner.h"

/* ---- the bound: as site_bound.c, with the town's prices on what crosses the meter ---- */

typedef struct careful {
    double sum, size;
} careful;

static void add(careful *s, double v)
{
    s->sum += v;
    s->size += fabs(v) + fabs(s->sum);
}

static double usable(double y, double lo, double up)
{
    return !isfinite(y) || (y > 0 && lo < -NOWHERE) || (y < 0 && up > NOWHERE) ? 0 : y;
}

static double price_of(const site_model *m, int n, const double *price, int j)
{
    int t = j / m->place_cols, k = j % m->place_cols;
    if (t >= n || j >= site_col_peak(m))
        return 0;
    return k == COL_IMPORT ? price[t] : k == COL_EXPORT ? -price[t] : 0;
}

double sparse_bound(const area_block *b, const double *price)
{
    const site_model *m = &b->model;
    careful s = { m->constant, fabs(m->constant) };
    double *y = b->wide_y;
    sparse_unfold(b, b->wide_x, y);
    for (int i = 0; i < m->rows; i++) {
        y[i] = usable(y[i], m->rlo[i], m->rup[i]);
        if (y[i] != 0)
            add(&s, y[i] * (y[i] > 0 ? m->rlo[i] : m->rup[i]));
    }
    for (int j = 0; j < m->cols; j++) {
        if (m->lo[j] == 0 && m->up[j] == 0)
            continue;
        double extra = price_of(m, b->rows.n, price, j), d = m->cost[j] + extra;
        double size = fabs(m->cost[j]) + fabs(extra);
        for (int e = m->start[j]; e < m->start[j + 1]; e++) {
            d -= m->a[e] * y[m->row[e]];
            size += fabs(m->a[e] * y[m->row[e]]);
        }
        double off = size * DBL_EPSILON * (2 + m->start[j + 1] - m->start[j]);
        add(&s, fmin(d * m->lo[j], d * m->up[j]) - off * fmax(fabs(m->lo[j]), fabs(m->up[j])));
    }
    return s.sum - s.size * 4 * DBL_EPSILON;
}

/* ---- the point ---- */

enum { EXACT_ROUNDS = 8 };
#define LEAST  1e-300 /* at the bound */
#define CLOSED 1e-7 /* kW, kWh: what rounding may leave of a row that nothing can close; its price is added */

static void save(const area_block *b, bool back)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    double *lists[] = { c->xl, c->xu, f->slack }, *at = b->saved;
    size_t counts[] = { (size_t)c->n, (size_t)c->n, (size_t)f->n };
    for (int i = 0; i < 3; i++) {
        memcpy(back ? lists[i] : at, back ? at : lists[i], counts[i] * sizeof *at);
        at += counts[i];
    }
}

/* A step that stops at the bound, and there for good. */
static void shift(double *low, double *high, bool has_low, bool has_high, double by)
{
    if (has_low && *low + by < 0)
        by = -*low;
    if (has_high && *high - by < 0)
        by = *high;
    *low = has_low ? fmax(*low + by, LEAST) : *low;
    *high = has_high ? fmax(*high - by, LEAST) : *high;
}

/* The nearest point, in the measure of the factor, that keeps the rows. Returns what is still missed. */
static double close_rows(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    double miss = sparse_miss(b);
    for (int k = 0; k < EXACT_ROUNDS && miss > 1e-13; k++) {
        sparse_direct(b, (sparse_say){ 0, 1, 0 });
        for (int j = 0; j < c->n; j++)
            shift(&c->xl[j], &c->xu[j], sparse_has_lo(c, j), sparse_has_up(c, j), c->dx[j]);
        for (int i = 0; i < f->n; i++)
            f->slack[i] = fmax(LEAST, f->slack[i] + f->dslack[i]);
        miss = sparse_miss(b);
    }
    return miss;
}

/* Cost and net of the plan in W that the flows are rounded to: dearer than they are, but a plan, whatever they miss. */
static double rounded(const area_block *b, double *net)
{
    struct {
        site_flows flows;
        mizo_site_plan plan;
    } *v = calloc(1, sizeof *v);
    if (!v)
        return INFINITY;
    area_sparse.read(b, 0, &v->flows);
    for (int t = 0; t < b->rows.n; t++)
        v->flows.node[t] = b->prices[t] / b->hour;
    site_round(&b->whole, &v->flows, &v->plan);
    site_cost(&b->whole, &v->plan);
    for (int t = 0; t < b->rows.n; t++)
        net[t] += (v->plan.import_w[t] - v->plan.export_w[t]) * 0.001;
    double cost = (double)v->plan.cost * 1e-6;
    free(v);
    return cost;
}

/* Of the point as it stands once its rows are closed; what they still miss is charged at its price. */
static double closed_cost(const area_block *b, double *net)
{
    const sparse_cols *c = &b->cols;
    double cost = b->constant;
    for (int i = 0; i < b->rows.all; i++)
        cost += b->rows.here[i] ? fabs(b->rows.y[i] * b->miss[i]) : 0;
    for (int i = 0; i < b->folds.n; i++)
        cost += fabs(b->folds.tax[i] * b->folds.miss[i]);
    for (int j = 0; j < c->n; j++)
        cost += c->cost[j] * sparse_value(c, j);
    sparse_net(b, net);
    return cost;
}

double sparse_exact(const area_block *b, double *net)
{
    save(b, false);
    sparse_factor(b, 0);
    bool closed = close_rows(b) <= CLOSED;
    double cost = closed ? closed_cost(b, net) : 0;
    save(b, true);
    return closed ? cost : rounded(b, net);
}
