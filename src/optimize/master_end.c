/* master_end.c: what the nodes cost at the least at any prices, and exactly for any net of the sites. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "optimize/master_inner.h"

/* ---- the bound ----
 * cost + sum of prices times rows, at its least over all boxes: true whatever the prices are. */

/* A sum that knows how wrong it may be. */
typedef struct careful {
    double sum, size;
} careful;

static void add(careful *s, double v)
{
    s->sum += v;
    s->size += fabs(v) + fabs(s->sum);
}

/* The least of (cost - sign * pay) x; `size` is what pay was made of: its rounding is taken off. */
static void add_box(careful *s, const master_box *b, int t, double pay, double size, double weight)
{
    double d = b->cost[t] - b->sign * pay, off = (fabs(b->cost[t]) + size) * 4 * DBL_EPSILON;
    double least = fmin(d * b->lo[t], d * b->up[t]);
    add(s, weight * (least - off * fmax(fabs(b->lo[t]), fabs(b->up[t]))));
}

static double within(double v, double lo, double hi)
{
    return fmin(fmax(v, lo), hi);
}

/* A limit that is on one side only has a price of one sign; none is dearer than going beyond it. */
static double usable_shadow(const master_node *v, int t, double lambda)
{
    return within(lambda, box_free(&v->under, t) ? -v->under.cost[t] : 0,
                  box_free(&v->over, t) ? v->over.cost[t] : 0);
}

/* The peak's multipliers share its price between them. */
static void share_peak(master_market *r, int n)
{
    double all = 0;
    for (int t = 0; t < n; t++)
        all += r->charged ? r->tax[t] : 0;
    double keep = all > r->peak.cost[0] ? r->peak.cost[0] / all : 1;
    for (int t = 0; t < n; t++)
        r->tax[t] *= r->charged ? keep : 0;
}

static void make_usable(master *m, int k)
{
    master_market *r = &m->market[k];
    share_peak(r, m->n);
    for (int t = 0; t < m->n; t++) {
        master_node *v = master_at(m, k, 0);
        double shadow = usable_shadow(v, t, v->lambda[t] - r->lambda[t] - r->tax[t]);
        r->lambda[t] = within(r->lambda[t], -r->sell.cost[t], r->buy.cost[t]);
        v->lambda[t] = r->lambda[t] + r->tax[t] + shadow;
    }
    for (int i = 0; i < m->nnode; i++) {
        master_node *v = master_at(m, k, i);
        const double *above = i ? master_at(m, k, v->parent)->price : NULL;
        for (int t = 0; t < m->n; t++) {
            if (i)
                v->lambda[t] = v->row ? usable_shadow(v, t, v->lambda[t]) : 0;
            v->price[t] = v->lambda[t] + (above ? above[t] : 0);
        }
    }
}

static void bound_scenario(careful *s, const master *m, int k)
{
    const master_market *r = &m->market[k];
    double taxes = 0, weight = m->weight[k];
    for (int i = 0; i < m->nnode; i++) {
        const master_node *v = master_at(m, k, i);
        for (int t = 0; t < m->n; t++) {
            double pay = master_pay(m, k, i, t);
            double size = fabs(v->lambda[t]) + (i ? 0 : fabs(r->lambda[t]) + fabs(r->tax[t]));
            add(s, -weight * v->lambda[t] * v->own[t]);
            if (!v->row)
                continue;
            add_box(s, &v->flow, t, pay, size, weight);
            add_box(s, &v->over, t, pay, size, weight);
            add_box(s, &v->under, t, pay, size, weight);
        }
    }
    for (int t = 0; t < m->n; t++) {
        add_box(s, &r->buy, t, r->lambda[t], fabs(r->lambda[t]), weight);
        add_box(s, &r->sell, t, r->lambda[t], fabs(r->lambda[t]), weight);
        add(s, -weight * r->tax[t] * r->standing);
        taxes += r->tax[t];
    }
    add_box(s, &r->peak, 0, taxes, m->n * taxes, weight);
}

double master_least(const master *m)
{
    careful s = { 0, 0 };
    for (int k = 0; k < m->nscenario; k++)
        bound_scenario(&s, m, k);
    for (int t = 0; m->ahead && t < m->n; t++) {
        double pay = 0, size = 0;
        for (int k = 0; k < m->nscenario; k++) {
            pay += m->weight[k] * m->market[k].lambda[t];
            size += m->weight[k] * fabs(m->market[k].lambda[t]);
        }
        add_box(&s, &m->first, t, pay, m->nscenario * size, 1);
    }
    return s.sum - s.size * 8 * DBL_EPSILON;
}

double master_bound(master *m)
{
    for (int k = 0; k < m->nscenario; k++)
        make_usable(m, k);
    return master_least(m);
}

/* ---- the point ---- */

static double *end_at(const master *m, int k, int i)
{
    return m->end_net + ((size_t)k * (size_t)m->nnode + (size_t)i) * (size_t)m->n;
}

static void gather_net(master *m, int k, const double *const *net)
{
    for (int i = m->nnode - 1; i >= 0; i--) {
        double *own = end_at(m, k, i);
        const double *leaf = net[k * m->nnode + i];
        for (int t = 0; t < m->n; t++)
            own[t] += leaf ? leaf[t] : 0;
        for (int t = 0; i && t < m->n; t++)
            end_at(m, k, master_at(m, k, i)->parent)[t] += own[t];
    }
    for (int i = 0; i < m->nnode; i++)
        for (int t = 0; t < m->n; t++)
            end_at(m, k, i)[t] -= master_at(m, k, i)->own[t];
}

/* How far a flow is beyond the limit above, or below (negative). A hundredth of a watt is not: limits are kept to a residual. */
#define TOUCH 1e-5
static double beyond(const master_node *v, int t, double net)
{
    if (box_free(&v->over, t) && net > v->flow.up[t] + TOUCH)
        return net - v->flow.up[t];
    return box_free(&v->under, t) && net < v->flow.lo[t] - TOUCH ? net - v->flow.lo[t] : 0;
}

/* What the limit adds to the price of a kW. */
static double shadow_of(const master *m, int k, int i, int t)
{
    double lambda = master_at(m, k, i)->lambda[t];
    return i ? lambda : lambda - m->market[k].lambda[t] - m->market[k].tax[t];
}

/* A flow beyond a limit pays for going over; one that touches it, for what a wider limit would be worth. */
static double limit_cost(const master *m, int k, int i, int t)
{
    const master_node *v = master_at(m, k, i);
    double net = end_at(m, k, i)[t], far = beyond(v, t, net);
    if (far != 0)
        return far > 0 ? far * v->over.cost[t] : -far * v->under.cost[t];
    double above = box_free(&v->over, t) ? net - v->flow.up[t] : 0;
    double below = box_free(&v->under, t) ? v->flow.lo[t] - net : 0;
    return fmax(0, fmax(above, below)) * fabs(shadow_of(m, k, i, t));
}

/* What slot t costs at the market when so much was bought ahead. */
static double slot_cost(const master *m, int t, double ahead)
{
    double sum = m->ahead ? m->first.cost[t] * ahead : 0;
    for (int k = 0; k < m->nscenario; k++) {
        const master_market *r = &m->market[k];
        double need = end_at(m, k, 0)[t] - ahead;
        sum += m->weight[k] * (need > 0 ? need * r->buy.cost[t] : -need * r->sell.cost[t]);
    }
    return sum;
}

/* The cost is convex in pieces: its least is at a bound or where a scenario needs neither to buy nor to sell. */
static double choose_ahead(const master *m, int t)
{
    if (!m->ahead)
        return 0;
    double lo = m->first.lo[t], up = m->first.up[t], best = lo, cost = slot_cost(m, t, lo);
    for (int k = -1; k < m->nscenario && up > lo; k++) {
        double x = k < 0 ? up : within(end_at(m, k, 0)[t], lo, up), c = slot_cost(m, t, x);
        if (c < cost) {
            best = x;
            cost = c;
        }
    }
    return best;
}

static double peak_cost(const master *m, int k)
{
    const master_market *r = &m->market[k];
    double most = r->standing;
    for (int t = 0; t < m->n; t++)
        most = fmax(most, end_at(m, k, 0)[t]);
    return (most - r->standing) * r->peak.cost[0];
}

double master_exact(master *m, const double *const *net, double *over_kwh)
{
    double cost = 0, over = 0;
    memset(m->end_net, 0, (size_t)m->nscenario * (size_t)m->nnode * (size_t)m->n * sizeof(double));
    for (int k = 0; k < m->nscenario; k++) {
        gather_net(m, k, net);
        for (int i = 0; i < m->nnode; i++)
            for (int t = 0; t < m->n; t++) {
                const master_node *v = master_at(m, k, i);
                over += m->weight[k] * m->hour * fabs(beyond(v, t, end_at(m, k, i)[t]));
                cost += m->weight[k] * limit_cost(m, k, i, t);
            }
        cost += m->weight[k] * peak_cost(m, k);
    }
    for (int t = 0; t < m->n; t++) {
        m->end_ahead[t] = choose_ahead(m, t);
        cost += slot_cost(m, t, m->end_ahead[t]);
    }
    *over_kwh = over;
    return cost;
}

/* ---- what is told of it ---- */

static int32_t whole(double v)
{
    return (int32_t)lround(within(v, -2e9, 2e9));
}

void master_read(const master *m, int k, int i, mizo_area_flow *out)
{
    const master_node *v = master_at(m, k, i);
    const master_market *r = &m->market[k];
    double most = 0;
    memset(out, 0, sizeof *out);
    for (int t = 0; t < m->n; t++) {
        double net = end_at(m, k, i)[t];
        double shadow = i ? v->lambda[t] : v->lambda[t] - r->lambda[t];
        out->net_w[t] = whole(net * 1000);
        out->over_w[t] = whole(fabs(beyond(v, t, net)) * 1000);
        out->price_myen[t] = whole(v->price[t] / m->hour * 1000);
        out->shadow_myen[t] = whole(shadow / m->hour * 1000);
        out->ahead_w[t] = i ? 0 : whole(m->end_ahead[t] * 1000);
        most = fmax(most, net);
    }
    out->peak_w = whole(most * 1000);
}
