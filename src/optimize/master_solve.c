/* master_solve.c: the Newton step of the nodes. Leaves first: what a node's sites and own variables answer to the price
 * above it goes up the tree as one matrix; scenario after scenario; then what is bought ahead; then back down.
 * docs/mechanisms/area-nodes.md 1 derives the formulas. */
#include <math.h>
#include <string.h>

#include "optimize/master_inner.h"
#include "optimize/square.h"

/* ---- boxes ---- */

static void box_theta(master_box *b)
{
    for (int t = 0; t < b->n; t++)
        b->theta[t] = box_free(b, t) ? b->xl[t] * b->xu[t] / (b->zl[t] * b->xu[t] + b->zu[t] * b->xl[t]) : 0;
}

static void box_pull(master_box *b, int t, double pay, double mu)
{
    b->pull[t] = box_free(b, t) ? mu / b->xl[t] - mu / b->xu[t] - (b->cost[t] - b->sign * pay) : 0;
}

/* What the multipliers do when the box goes by dx. */
static void box_follow(master_box *b, int t, double dx, double mu)
{
    b->dx[t] = dx;
    b->dl[t] = (mu - b->zl[t] * dx) / b->xl[t] - b->zl[t];
    b->du[t] = (mu + b->zu[t] * dx) / b->xu[t] - b->zu[t];
}

static void box_step(master_box *b, int t, double dpay, double mu)
{
    if (box_free(b, t))
        box_follow(b, t, b->theta[t] * (b->sign * dpay + b->pull[t]), mu);
}

/* theta times pull: how far the box would go at these prices, as its row counts it. */
static double box_lean(const master_box *b, int t)
{
    return b->sign * b->theta[t] * b->pull[t];
}

static double node_lean(const master_node *v, int t)
{
    return box_lean(&v->flow, t) + box_lean(&v->over, t) + box_lean(&v->under, t);
}

/* ---- the factor ---- */

static void add_square(double *to, const double *a, int n)
{
    int ld = square_ld(n);
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            to[(size_t)i * (size_t)ld + (size_t)j] += a[(size_t)i * (size_t)ld + (size_t)j];
}

static void add_leaf(master *m, master_node *v, const area_sum *sum)
{
    int n = m->n;
    for (int i = 0; i < n; i++) {
        v->net[i] += sum->net[i];
        for (int j = i; j < n; j++)
            v->response[(size_t)i * (size_t)m->ld + (size_t)j] +=
                sum->schur[(size_t)i * (size_t)n + (size_t)j];
    }
}

/* What one more kW of limit is worth: 1 / theta, kept where it still says something. */
static double stiffness(const master *m, const master_node *v, int t)
{
    double most = v->response[(size_t)t * (size_t)m->ld + (size_t)t];
    return most > 0 ? 1 / fmax(v->stiff[t], 1e-12 * most) : 0;
}

static void factor_node(master *m, int k, int i)
{
    master_node *v = master_at(m, k, i), *above = master_at(m, k, v->parent);
    double *passed = v->response;
    if (v->row) {
        double *stiff = m->work + 4 * square_size(m->n);
        passed = m->work + 3 * square_size(m->n);
        for (int t = 0; t < m->n; t++)
            stiff[t] = stiffness(m, v, t);
        square_parallel(v->response, stiff, m->n, m->work, passed);
        memcpy(v->factor, v->response, square_size(m->n) * sizeof *v->factor);
        for (int t = 0; t < m->n; t++)
            v->factor[(size_t)t * (size_t)m->ld + (size_t)t] += v->stiff[t];
        square_cholesky(v->factor, m->n, 1e-15);
    }
    add_square(above->response, passed, m->n);
}

/* The flow with the peak held, the market below it, and what both leave to node 0. */
static void weigh_market(master *m, int k)
{
    master_market *r = &m->market[k];
    const master_node *root = master_at(m, k, 0);
    double peak = box_free(&r->peak, 0) ? 1 / r->peak.theta[0] : 0;
    for (int t = 0; t < m->n; t++) {
        double theta = root->stiff[t], market = r->buy.theta[t] + r->sell.theta[t];
        double den = r->slack[t] + r->tax[t] * theta;
        r->held[t] = r->charged ? theta * r->slack[t] / den : theta;
        r->share[t] = r->charged ? r->tax[t] * theta / den : 0;
        r->both[t] = r->held[t] + market;
        r->mix[t] = r->held[t] / r->both[t];
        r->slope[t] = r->share[t] / r->both[t];
        r->bend[t] = r->share[t] * (market / r->both[t]);
        peak += (r->charged ? r->tax[t] / den : 0) + r->share[t] * r->slope[t];
    }
    r->pivot = peak;
}

static void factor_root(master *m, int k)
{
    master_market *r = &m->market[k];
    master_node *v = master_at(m, k, 0);
    weigh_market(m, k);
    memcpy(v->factor, v->response, square_size(m->n) * sizeof *v->factor);
    for (int i = 0; i < m->n; i++) {
        double *row = v->factor + (size_t)i * (size_t)m->ld;
        row[i] += r->mix[i] * (r->buy.theta[i] + r->sell.theta[i]);
        for (int j = i; r->charged && j < m->n; j++)
            row[j] += r->bend[i] * r->bend[j] / r->pivot;
    }
    square_cholesky(v->factor, m->n, 1e-15);
}

/* How much the market's price falls for a kW bought ahead: added, by weight, to the first stage's matrix. */
static void add_first(master *m, int k)
{
    const master_market *r = &m->market[k];
    int n = m->n;
    size_t ld = (size_t)m->ld;
    double *inverse = m->work + square_size(n), *bent = m->work + 4 * square_size(n), all = 0;
    double one = r->charged ? 1 / r->pivot : 0;
    square_inverse(master_at(m, k, 0)->factor, n, m->work, inverse);
    for (int i = 0; i < n; i++) {
        bent[i] = 0;
        for (int j = 0; j < n; j++)
            bent[i] += inverse[(size_t)i * ld + (size_t)j] * r->bend[j];
        all += r->bend[i] * bent[i];
    }
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            double u = r->slope[i] * one, w = r->slope[j] * one;
            double e = r->mix[i] * inverse[(size_t)i * ld + (size_t)j] * r->mix[j] + u * bent[j] * r->mix[j] +
                       r->mix[i] * bent[i] * w + u * all * w - u * r->slope[j];
            m->first_factor[(size_t)i * ld + (size_t)j] += m->weight[k] * (e + (i == j ? 1 / r->both[i] : 0));
        }
}

static void factor_first(master *m)
{
    size_t ld = (size_t)m->ld;
    for (int t = 0; t < m->n; t++) {
        double *row = m->first_factor + (size_t)t * ld;
        if (box_free(&m->first, t)) {
            row[t] += 1 / m->first.theta[t];
            continue;
        }
        for (int j = 0; j < m->n; j++) /* nothing to choose in the slot */
            m->first_factor[j < t ? (size_t)j * ld + (size_t)t : (size_t)t * ld + (size_t)j] = j == t;
    }
    square_cholesky(m->first_factor, m->n, 1e-15);
}

/* ---- the point: rows, products, costs ---- */

static void look_row(master *m, double miss)
{
    m->look.residual = fmax(m->look.residual, fabs(miss));
    m->look.mismatch += miss * miss;
}

static void look_box(master *m, const master_box *b, double weight)
{
    for (int t = 0; t < b->n; t++) {
        m->look.cost += weight * b->cost[t] * box_value(b, t);
        if (!box_free(b, t))
            continue;
        m->look.product += b->xl[t] * b->zl[t] + b->xu[t] * b->zu[t];
        m->look.pairs += 2;
    }
}

static void look_market(master *m, int k)
{
    master_market *r = &m->market[k];
    look_box(m, &r->buy, m->weight[k]);
    look_box(m, &r->sell, m->weight[k]);
    look_box(m, &r->peak, m->weight[k]);
    for (int t = 0; t < m->n; t++) {
        double flow = master_flow(master_at(m, k, 0), t);
        r->miss[t] =
            flow - box_value(&r->buy, t) + box_value(&r->sell, t) - (m->ahead ? box_value(&m->first, t) : 0);
        look_row(m, r->miss[t]);
        if (!r->charged)
            continue;
        m->look.product += r->slack[t] * r->tax[t];
        m->look.pairs++;
    }
}

static void look_node(master *m, int k, int i)
{
    master_node *v = master_at(m, k, i);
    if (!v->row)
        return;
    look_box(m, &v->flow, m->weight[k]);
    look_box(m, &v->over, m->weight[k]);
    look_box(m, &v->under, m->weight[k]);
    for (int t = 0; t < m->n; t++) {
        v->miss[t] = v->net[t] - master_flow(v, t);
        look_row(m, v->miss[t]);
    }
}

static void ready_scenario(master *m, int k)
{
    for (int i = 0; i < m->nnode; i++) {
        master_node *v = master_at(m, k, i);
        memset(v->response, 0, square_size(m->n) * sizeof *v->response);
        for (int t = 0; t < m->n; t++)
            v->net[t] = 0;
        box_theta(&v->flow);
        box_theta(&v->over);
        box_theta(&v->under);
        for (int t = 0; t < m->n; t++)
            v->stiff[t] = v->flow.theta[t] + v->over.theta[t] + v->under.theta[t];
    }
    box_theta(&m->market[k].buy);
    box_theta(&m->market[k].sell);
    box_theta(&m->market[k].peak);
}

void master_factor(master *m, const master_leaf *leaf)
{
    m->look = (master_figures){ .blocked = m->blocked };
    box_theta(&m->first);
    memset(m->first_factor, 0, square_size(m->n) * sizeof *m->first_factor);
    for (int k = 0; k < m->nscenario; k++) {
        ready_scenario(m, k);
        for (int i = m->nnode - 1; i >= 0; i--) {
            master_node *v = master_at(m, k, i);
            if (v->here)
                add_leaf(m, v, leaf[k * m->nnode + i].sum);
            for (int t = 0; i && t < m->n; t++)
                master_at(m, k, v->parent)->net[t] += v->net[t];
            for (int t = 0; t < m->n; t++)
                v->net[t] -= v->own[t];
            look_node(m, k, i);
            if (i)
                factor_node(m, k, i);
        }
        look_market(m, k);
        factor_root(m, k);
        if (m->ahead)
            add_first(m, k);
    }
    if (m->ahead) {
        look_box(m, &m->first, 1);
        factor_first(m);
    }
    m->look.dual = master_least(m);
}

/* ---- the step ---- */

static void pull_node(master *m, int k, int i, double mu)
{
    master_node *v = master_at(m, k, i);
    for (int t = 0; t < m->n; t++) {
        double pay = master_pay(m, k, i, t);
        box_pull(&v->flow, t, pay, mu);
        box_pull(&v->over, t, pay, mu);
        box_pull(&v->under, t, pay, mu);
    }
}

/* Whether the limit rather than the sites says how much flows. */
static bool binds(const master *m, const master_node *v, int t)
{
    return v->stiff[t] < v->response[(size_t)t * (size_t)m->ld + (size_t)t];
}

/* The node's row at the price above as it is; and what then passes on up. */
static void climb(master *m, int k, int i)
{
    master_node *v = master_at(m, k, i), *above = master_at(m, k, v->parent);
    if (!v->row) {
        for (int t = 0; t < m->n; t++)
            above->answer[t] += v->answer[t];
        return;
    }
    double *x = m->work, *back = m->work + m->ld;
    for (int t = 0; t < m->n; t++)
        x[t] = v->right[t] = v->miss[t] + v->answer[t] - node_lean(v, t);
    square_solve(v->factor, m->n, x);
    square_times(v->response, m->n, x, back);
    for (int t = 0; t < m->n; t++) /* two ways to the same: the one that cancels less */
        above->answer[t] +=
            binds(m, v, t) ? v->stiff[t] * x[t] + node_lean(v, t) - v->miss[t] : v->answer[t] - back[t];
}

static double market_lean(const master_market *r, int t)
{
    return box_lean(&r->buy, t) + box_lean(&r->sell, t);
}

static double slack_miss(const master *m, int k, int t)
{
    const master_market *r = &m->market[k];
    return r->charged
               ? r->standing + box_value(&r->peak, 0) - master_flow(master_at(m, k, 0), t) - r->slack[t]
               : 0;
}

static void pull_market(master *m, int k, double mu)
{
    master_market *r = &m->market[k];
    const master_node *v = master_at(m, k, 0);
    double all = 0, sum = 0;
    for (int t = 0; t < m->n; t++) {
        box_pull(&r->buy, t, r->lambda[t], mu);
        box_pull(&r->sell, t, r->lambda[t], mu);
        double lean = v->stiff[t] > 0 ? node_lean(v, t) / v->stiff[t] : 0;
        r->pull[t] = lean;
        if (!r->charged)
            continue;
        double keep = r->tax[t] / (r->slack[t] + r->tax[t] * v->stiff[t]);
        r->pull[t] = lean - mu / r->slack[t] + r->tax[t];
        all += r->tax[t];
        sum += mu / r->slack[t] - r->tax[t] - keep * slack_miss(m, k, t) + r->share[t] * r->pull[t];
    }
    box_pull(&r->peak, 0, all, mu);
    r->peak_right = r->peak.pull[0] + sum;
}

/* Node 0, market and peak for a purchase ahead that changes by `first`; into step and the market's step. */
static void solve_root(master *m, int k, const double *first)
{
    master_market *r = &m->market[k];
    master_node *v = master_at(m, k, 0);
    double right = r->peak_right;
    for (int t = 0; t < m->n; t++) {
        double held = r->held[t] * r->pull[t] + r->share[t] * slack_miss(m, k, t);
        double flow = market_lean(r, t) - r->miss[t] + first[t];
        r->rest[t] = (flow - held) / r->both[t];
        right += r->share[t] * r->rest[t];
        v->step[t] = v->right[t] - (1 - r->mix[t]) * held - r->mix[t] * flow;
    }
    for (int t = 0; r->charged && t < m->n; t++)
        v->step[t] -= r->bend[t] * right / r->pivot;
    square_solve(v->factor, m->n, v->step);
    double peak = right;
    for (int t = 0; t < m->n; t++)
        peak += r->bend[t] * v->step[t];
    r->peak.dx[0] = r->charged ? peak / r->pivot : 0;
    for (int t = 0; t < m->n; t++) {
        double between = (1 - r->mix[t]) * v->step[t] + r->rest[t] - r->slope[t] * r->peak.dx[0];
        r->step[t] = v->step[t] - between;
        v->ahead[t] = between; /* until descend() */
    }
}

static void solve_first(master *m, double mu)
{
    double *d = m->first_right;
    for (int t = 0; t < m->n; t++) {
        double pay = 0, sum = 0;
        for (int k = 0; k < m->nscenario; k++) {
            pay += m->weight[k] * m->market[k].lambda[t];
            sum += m->weight[k] * m->market[k].step[t];
        }
        box_pull(&m->first, t, pay, mu);
        d[t] = box_free(&m->first, t) ? m->first.pull[t] + sum : 0;
    }
    square_solve(m->first_factor, m->n, d);
    for (int k = 0; k < m->nscenario; k++)
        solve_root(m, k, d);
    for (int t = 0; t < m->n; t++) {
        double pay = 0;
        for (int k = 0; k < m->nscenario; k++)
            pay += m->weight[k] * m->market[k].step[t];
        box_step(&m->first, t, pay, mu);
    }
}

/* The sum of the boxes' steps is known from their row: where they are loose, the loosest takes what the others leave, so
 * that the row is right to the last digit. Where they are stiff, their own prices say it better. */
static void split(master_box *const *all, int n, int t, double sum, double dpay, double mu)
{
    int most = 0;
    for (int i = 0; i < n; i++) {
        most = all[i]->theta[t] > all[most]->theta[t] ? i : most;
        box_step(all[i], t, dpay, mu);
        sum -= box_free(all[i], t) ? all[i]->sign * all[i]->dx[t] : 0;
    }
    if (all[most]->theta[t] > 1)
        box_follow(all[most], t, all[most]->dx[t] + all[most]->sign * sum, mu);
}

static void split_flow(master_node *v, int t, double flow, double dpay, double mu)
{
    split((master_box *[]){ &v->flow, &v->over, &v->under }, 3, t, flow, dpay, mu);
}

static void descend_root(master *m, int k, double mu)
{
    master_market *r = &m->market[k];
    master_node *v = master_at(m, k, 0);
    double *back = m->work;
    square_times(v->response, m->n, v->step, back);
    for (int t = 0; t < m->n; t++) {
        double between = v->ahead[t], dtax = 0;
        if (r->charged) {
            double free_part = r->slack[t] / (r->slack[t] + r->tax[t] * v->stiff[t]); /* 1 - share */
            r->dslack[t] =
                free_part * (r->peak.dx[0] + slack_miss(m, k, t)) - r->held[t] * (between + r->pull[t]);
            dtax = r->dtax[t] = (mu - r->tax[t] * r->dslack[t]) / r->slack[t] - r->tax[t];
        }
        double flow = r->held[t] > v->response[(size_t)t * (size_t)m->ld + (size_t)t]
                          ? v->right[t] - back[t]
                          : r->held[t] * (between + r->pull[t]) +
                                r->share[t] * ((r->charged ? r->peak.dx[0] : 0) + slack_miss(m, k, t));
        split_flow(v, t, flow, between - dtax, mu);
        double first = m->ahead && box_free(&m->first, t) ? m->first.dx[t] : 0;
        split((master_box *[]){ &r->buy, &r->sell }, 2, t, r->miss[t] + flow - first, r->step[t], mu);
        v->ahead[t] = v->step[t];
    }
    if (r->charged)
        box_follow(&r->peak, 0, r->peak.dx[0], mu);
}

static void descend(master *m, int k, int i, double mu)
{
    master_node *v = master_at(m, k, i);
    const double *above = master_at(m, k, v->parent)->ahead;
    double *back = m->work;
    if (!v->row) {
        memcpy(v->ahead, above, (size_t)m->n * sizeof *v->ahead);
        return;
    }
    square_times(v->response, m->n, above, v->step);
    for (int t = 0; t < m->n; t++)
        v->step[t] = v->right[t] - v->step[t];
    square_solve(v->factor, m->n, v->step);
    for (int t = 0; t < m->n; t++)
        v->ahead[t] = above[t] + v->step[t];
    square_times(v->response, m->n, v->ahead, back);
    for (int t = 0; t < m->n; t++) {
        double flow =
            binds(m, v, t) ? v->stiff[t] * v->step[t] + node_lean(v, t) : v->miss[t] + v->answer[t] - back[t];
        split_flow(v, t, flow, v->step[t], mu);
    }
}

void master_direct(master *m, const master_leaf *leaf, double mu)
{
    double *nothing = m->work + 4 * square_size(m->n);
    memset(nothing, 0, (size_t)m->ld * sizeof *nothing);
    for (int k = 0; k < m->nscenario; k++) {
        for (int i = 0; i < m->nnode; i++) {
            const area_sum *sum = leaf[k * m->nnode + i].sum;
            bool here = master_at(m, k, i)->here;
            for (int t = 0; t < m->n; t++)
                master_at(m, k, i)->answer[t] = here ? sum->pull[t] + mu * sum->centre[t] : 0;
            pull_node(m, k, i, mu);
        }
        for (int i = m->nnode - 1; i > 0; i--)
            climb(m, k, i);
        master_node *root = master_at(m, k, 0);
        for (int t = 0; t < m->n; t++)
            root->right[t] = root->miss[t] + root->answer[t];
        pull_market(m, k, mu);
        solve_root(m, k, nothing);
    }
    if (m->ahead)
        solve_first(m, mu);
    for (int k = 0; k < m->nscenario; k++) {
        descend_root(m, k, mu);
        for (int i = 1; i < m->nnode; i++)
            descend(m, k, i, mu);
    }
}
