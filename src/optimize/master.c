/* master.c: makes the nodes from the shape, puts them on the central path, moves them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/master_inner.h"
#include "optimize/square.h"

#define FAR      1e29
#define FRACTION 0.995 /* of the way to a bound */

/* ---- memory: counted in a first round, dealt out in a second ---- */

typedef struct dealer {
    double *at; /* NULL: counting */
    size_t used;
} dealer;

static double *deal(dealer *d, size_t n)
{
    double *p = d->at ? d->at + d->used : NULL;
    d->used += (n + 7) & ~(size_t)7;
    return p;
}

static void deal_box(dealer *d, master_box *b, int n, double sign)
{
    double **all[BOX_ARRAYS] = { &b->lo, &b->up,    &b->cost, &b->xl, &b->xu, &b->zl,
                                 &b->zu, &b->theta, &b->pull, &b->dx, &b->dl, &b->du };
    b->n = n;
    b->sign = sign;
    for (int i = 0; i < BOX_ARRAYS; i++)
        *all[i] = deal(d, (size_t)n);
}

static void deal_node(dealer *d, const master *m, master_node *v)
{
    size_t n = (size_t)m->ld;
    double **all[] = { &v->own, &v->lambda, &v->step,   &v->price, &v->ahead,
                       &v->net, &v->miss,   &v->answer, &v->right, &v->stiff };
    deal_box(d, &v->flow, m->n, 1);
    deal_box(d, &v->over, m->n, 1);
    deal_box(d, &v->under, m->n, -1);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = deal(d, n);
    v->response = deal(d, square_size(m->n));
    v->factor = deal(d, square_size(m->n));
}

static void deal_market(dealer *d, const master *m, master_market *k)
{
    size_t n = (size_t)m->ld;
    double **all[] = { &k->lambda, &k->step, &k->miss, &k->slack, &k->tax,  &k->dslack, &k->dtax, &k->held,
                       &k->share,  &k->mix,  &k->pull, &k->both,  &k->rest, &k->bend,   &k->slope };
    deal_box(d, &k->buy, m->n, 1);
    deal_box(d, &k->sell, m->n, -1);
    deal_box(d, &k->peak, 1, 1);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = deal(d, n);
}

static void deal_all(dealer *d, master *m)
{
    d->used = 0;
    for (int k = 0; k < m->nscenario; k++) {
        for (int i = 0; i < m->nnode; i++)
            deal_node(d, m, master_at(m, k, i));
        deal_market(d, m, &m->market[k]);
    }
    deal_box(d, &m->first, m->n, 1);
    m->first_factor = deal(d, square_size(m->n));
    m->first_right = deal(d, (size_t)m->ld);
    m->work = deal(d, 4 * square_size(m->n) + 8 * (size_t)m->ld);
    m->end_net = deal(d, (size_t)m->nscenario * (size_t)m->nnode * (size_t)m->n);
    m->end_ahead = deal(d, (size_t)m->n);
}

/* ---- bounds and prices from the shape ---- */

static void put(master_box *b, int t, double lo, double up, double cost)
{
    b->lo[t] = lo;
    b->up[t] = up > lo ? up : lo;
    b->cost[t] = cost;
}

/* A limit in kW; INT32_MAX and an absent list: none. */
static double limit_kw(const int32_t *w, int t)
{
    return w && w[t] != INT32_MAX ? w[t] / 1000.0 : FAR;
}

/* Some room beyond what can be, so that such a bound never binds. */
static double margin(double lo, double hi)
{
    return 1 + 0.001 * (fabs(lo) + fabs(hi));
}

/* least, most: of the net at the node. */
static void put_limits(master *m, master_node *v, const mizo_area_node *s, int t, double least, double most,
                       double dear)
{
    double far = margin(least, most), up = limit_kw(s->import_w, t), lo = -limit_kw(s->export_w, t);
    double price = m->hour * (s->over_myen ? s->over_myen / 1000.0 : dear);
    bool above = most > up, below = least < lo;
    double flow_up = above ? up : most + far, flow_lo = below ? lo : least - far;
    v->row = v->row || above || below || v->parent < 0;
    put(&v->flow, t, above ? fmin(flow_lo, flow_up) : flow_lo, flow_up, 0);
    put(&v->over, t, 0, above ? most + far - up : 0, price);
    put(&v->under, t, 0, below ? lo - least + far : 0, price);
}

static double thousandth(const int32_t *v, int t)
{
    return v ? v[t] / 1000.0 : 0;
}

/* On top of the market's price: carbon, and the wish for power matched by the half-hour. Yen per kWh. */
static double on_top(const mizo_area_market *s, int t)
{
    double carbon = s->g_per_kwh ? (double)s->g_per_kwh[t] * s->carbon_yen_per_t / 1e6 : 0;
    return carbon + s->unmatched_myen / 1000.0;
}

static void put_market(master *m, int k, const mizo_area_market *s, int t, double least, double most)
{
    master_market *v = &m->market[k];
    double buy = thousandth(s->buy_myen, t) + on_top(s, t), sell = thousandth(s->sell_myen, t);
    double far = margin(least, most), ahead = m->ahead ? m->first.up[t] : 0;
    put(&v->buy, t, 0, fmax(most + far, far), m->hour * buy);
    put(&v->sell, t, 0, fmax(far - least, far) + ahead, -m->hour * fmin(sell, buy));
}

static void put_peak(master *m, int k, const mizo_area_market *s)
{
    master_market *v = &m->market[k];
    const master_node *root = master_at(m, k, 0);
    double most = 0;
    for (int t = 0; t < m->n; t++)
        most = fmax(most, root->flow.up[t] + root->over.up[t]);
    v->standing = s->standing_w / 1000.0;
    v->charged = s->peak_myen_per_kw > 0 && most > v->standing;
    put(&v->peak, 0, 0, v->charged ? most - v->standing + margin(most, 0) : 0, s->peak_myen_per_kw / 1000.0);
}

/* What can be bought ahead: as much as node 0 may draw, or the sites could. */
static double most_ahead(const master *m, const mizo_area_shape *s, const master_leaf *leaf, int t)
{
    double limit = limit_kw(s->node[0].import_w, t), most = 0;
    for (int i = 0; i < m->nnode; i++)
        most += leaf[i].most ? leaf[i].most[t] : 0;
    return fmax(0, limit < FAR ? limit : most);
}

static void put_ahead(master *m, const mizo_area_shape *s, const master_leaf *leaf)
{
    for (int t = 0; m->ahead && t < m->n; t++) {
        double extra = 0, fixed = thousandth(s->ahead_w, t);
        for (int k = 0; k < m->nscenario; k++)
            extra += m->weight[k] * on_top(&s->market[k], t);
        double price = m->hour * (thousandth(s->ahead_myen, t) + extra);
        put(&m->first, t, fixed, s->ahead_w ? fixed : most_ahead(m, s, leaf, t), price);
    }
}

/* What can flow at each node of a scenario: at the leaves, then up the tree, less what the nodes produce. */
static void gather_reach(const master *m, const mizo_area_shape *s, const master_leaf *leaf, int k,
                         double *least, double *most)
{
    int n = m->n;
    memset(least, 0, (size_t)(m->nnode * n) * sizeof *least);
    memset(most, 0, (size_t)(m->nnode * n) * sizeof *most);
    for (int i = m->nnode - 1; i >= 0; i--) {
        const master_leaf *l = &leaf[k * m->nnode + i];
        master_node *v = master_at(m, k, i);
        v->here = l->most != NULL;
        for (int t = 0; t < n; t++) {
            double own = thousandth(s->node[i].own_w, t);
            v->own[t] += own;
            least[i * n + t] += (l->least ? l->least[t] : 0) - own;
            most[i * n + t] += (l->most ? l->most[t] : 0) - own;
            if (i == 0)
                continue;
            master_at(m, k, v->parent)->own[t] += v->own[t];
            least[v->parent * n + t] += least[i * n + t];
            most[v->parent * n + t] += most[i * n + t];
        }
    }
}

static void put_all(master *m, const mizo_area_shape *s, const master_leaf *leaf, double dear, double *least,
                    double *most)
{
    int n = m->n;
    for (int k = 0; k < m->nscenario; k++) {
        gather_reach(m, s, leaf, k, least, most);
        if (k == 0)
            put_ahead(m, s, leaf);
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < m->nnode; i++)
                put_limits(m, master_at(m, k, i), &s->node[i], t, least[i * n + t], most[i * n + t], dear);
            put_market(m, k, &s->market[k], t, least[t], most[t]);
            m->reach = fmax(m->reach, fmax(fabs(least[t]), fabs(most[t])));
        }
        put_peak(m, k, &s->market[k]);
    }
}

static bool limits_right(const mizo_area_node *s, int n)
{
    for (int t = 0; t < n; t++)
        if (limit_kw(s->import_w, t) < -limit_kw(s->export_w, t))
            return false;
    return s->over_myen >= 0;
}

static bool shape_right(const mizo_area_shape *s)
{
    if (s->n < 1 || s->n > MIZO_PLAN_MAX || s->step_min < 1 || s->step_min > 1440 || !s->node || !s->market)
        return false;
    if (s->nnode < 1 || s->nnode > MIZO_AREA_NODES || s->nscenario < 1 || s->nscenario > MIZO_AREA_SCENARIOS)
        return false;
    for (int i = 0; i < s->nnode; i++)
        if ((i ? s->node[i].parent < 0 || s->node[i].parent >= i : s->node[i].parent != -1) ||
            !limits_right(&s->node[i], s->n))
            return false;
    int64_t sum = 0;
    for (int k = 0; s->weight_ppm && k < s->nscenario; k++) {
        if (s->weight_ppm[k] <= 0)
            return false;
        sum += s->weight_ppm[k];
    }
    return !s->weight_ppm || sum == MIZO_PPM;
}

static mizo_err make(master *m, const mizo_area_shape *s, const master_leaf *leaf, double dear)
{
    size_t places = (size_t)s->nscenario * (size_t)s->nnode;
    m->node = calloc(places, sizeof *m->node);
    if (!m->node)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < places; i++)
        m->node[i].parent = s->node[i % (size_t)s->nnode].parent;
    dealer d = { NULL, 0 };
    deal_all(&d, m);
    m->block = calloc(d.used, sizeof *m->block);
    double *reach = malloc(2 * (size_t)s->nnode * (size_t)s->n * sizeof *reach);
    if (!m->block || !reach) {
        free(reach);
        return MIZO_ENOMEM;
    }
    m->bytes = d.used * sizeof *m->block + places * sizeof *m->node + sizeof *m;
    d.at = m->block;
    deal_all(&d, m);
    put_all(m, s, leaf, dear, reach, reach + (size_t)s->nnode * (size_t)s->n);
    free(reach);
    return MIZO_OK;
}

mizo_err master_new(const mizo_area_shape *s, const master_leaf *leaf, double dear, master **out)
{
    *out = NULL;
    if (!shape_right(s))
        return MIZO_EINPUT;
    master *m = calloc(1, sizeof *m);
    if (!m)
        return MIZO_ENOMEM;
    m->n = s->n;
    m->ld = square_ld(s->n);
    m->nnode = s->nnode;
    m->nscenario = s->nscenario;
    m->hour = s->step_min / 60.0;
    m->ahead = s->ahead_myen || s->ahead_w;
    for (int k = 0; k < s->nscenario; k++)
        m->weight[k] = s->weight_ppm ? (double)s->weight_ppm[k] / MIZO_PPM : 1.0 / s->nscenario;
    mizo_err e = make(m, s, leaf, dear);
    if (e) {
        master_free(m);
        return e;
    }
    *out = m;
    return MIZO_OK;
}

void master_free(master *m)
{
    if (!m)
        return;
    free(m->node);
    free(m->block);
    free(m);
}

size_t master_bytes(const master *m)
{
    return m->bytes;
}

/* ---- on the central path ---- */

/* The least of d x - mu log(x - lo) - mu log(up - x): a root of a quadratic, written so that nothing cancels. */
static void centre(master_box *b, int t, double pay, double mu)
{
    if (!box_free(b, t))
        return;
    double w = b->up[t] - b->lo[t], d = b->cost[t] - b->sign * pay, far = fabs(d) * w;
    double near = 2 * mu * w / (far + 2 * mu + sqrt(far * far + 4 * mu * mu));
    b->xl[t] = d >= 0 ? near : w - near;
    b->xu[t] = d >= 0 ? w - near : near;
    b->zl[t] = mu / b->xl[t];
    b->zu[t] = mu / b->xu[t];
}

void master_sum_prices(master *m)
{
    for (int k = 0; k < m->nscenario; k++)
        for (int i = 0; i < m->nnode; i++) {
            master_node *v = master_at(m, k, i);
            const double *above = i ? master_at(m, k, v->parent)->price : NULL;
            for (int t = 0; t < m->n; t++)
                v->price[t] = v->lambda[t] + (above ? above[t] : 0);
        }
}

static void centre_market(master *m, int k, double mu)
{
    master_market *v = &m->market[k];
    double all = 0;
    for (int t = 0; t < m->n; t++) {
        centre(&v->buy, t, v->lambda[t], mu);
        centre(&v->sell, t, v->lambda[t], mu);
        v->tax[t] = v->charged ? v->peak.cost[0] / (2 * m->n) : 0;
        v->slack[t] = v->charged ? mu / v->tax[t] : 1;
        all += v->tax[t];
    }
    centre(&v->peak, 0, all, mu);
}

static void centre_all(master *m, double mu)
{
    for (int k = 0; k < m->nscenario; k++) {
        centre_market(m, k, mu);
        for (int i = 0; i < m->nnode; i++)
            for (int t = 0; t < m->n; t++) {
                master_node *v = master_at(m, k, i);
                double pay = master_pay(m, k, i, t);
                centre(&v->flow, t, pay, mu);
                centre(&v->over, t, pay, mu);
                centre(&v->under, t, pay, mu);
            }
    }
    for (int t = 0; m->ahead && t < m->n; t++) {
        double pay = 0;
        for (int k = 0; k < m->nscenario; k++)
            pay += m->weight[k] * m->market[k].lambda[t];
        centre(&m->first, t, pay, mu);
    }
    master_sum_prices(m);
}

void master_start(master *m, double mu)
{
    for (int k = 0; k < m->nscenario; k++) {
        master_market *v = &m->market[k];
        for (int i = 0; i < m->nnode; i++)
            memset(master_at(m, k, i)->lambda, 0, (size_t)m->n * sizeof(double));
        for (int t = 0; t < m->n; t++) {
            v->lambda[t] = (v->buy.cost[t] - v->sell.cost[t]) / 2;
            master_at(m, k, 0)->lambda[t] = v->lambda[t];
        }
    }
    centre_all(m, mu);
}

const double *master_price(const master *m, int k, int i)
{
    return master_at(m, k, i)->price;
}

const double *master_ahead(const master *m, int k, int i)
{
    return master_at(m, k, i)->ahead;
}

const master_figures *master_look(const master *m)
{
    return &m->look;
}

/* ---- moving ---- */

/* The longest step of v along d that keeps it positive. */
static double reach(double v, double d, double most)
{
    return -d * most > FRACTION * v ? FRACTION * v / -d : most;
}

typedef struct stride {
    double primal, dual;
} stride;

static void limit_box(const master_box *b, int t, stride *s)
{
    if (!box_free(b, t))
        return;
    s->primal = reach(b->xl[t], b->dx[t], s->primal);
    s->primal = reach(b->xu[t], -b->dx[t], s->primal);
    s->dual = reach(b->zl[t], b->dl[t], s->dual);
    s->dual = reach(b->zu[t], b->du[t], s->dual);
}

static void move_box(master_box *b, int t, stride s)
{
    if (!box_free(b, t))
        return;
    b->xl[t] += s.primal * b->dx[t];
    b->xu[t] -= s.primal * b->dx[t];
    b->zl[t] += s.dual * b->dl[t];
    b->zu[t] += s.dual * b->du[t];
}

/* A node's variables of a slot, and the root's market's. */
static int slot_boxes(master *m, int k, int i, master_box *all[5])
{
    master_node *v = master_at(m, k, i);
    all[0] = &v->flow, all[1] = &v->over, all[2] = &v->under;
    if (i)
        return v->row ? 3 : 0;
    all[3] = &m->market[k].buy, all[4] = &m->market[k].sell;
    return 5;
}

static stride slot_stride(master *m, int k, int i, int t, double by)
{
    master_market *r = i ? NULL : &m->market[k];
    master_box *all[5];
    stride s = { by, by };
    for (int j = slot_boxes(m, k, i, all); j-- > 0;)
        limit_box(all[j], t, &s);
    if (r && r->charged) {
        s.primal = reach(r->slack[t], r->dslack[t], s.primal);
        s.dual = reach(r->tax[t], r->dtax[t], s.dual);
    }
    return s;
}

/* All variables of a slot go together: the rows between them stay as they are. */
static void move_slot(master *m, int k, int i, int t, double by)
{
    master_market *r = i ? NULL : &m->market[k];
    master_box *all[5];
    stride s = slot_stride(m, k, i, t, by);
    for (int j = slot_boxes(m, k, i, all); j-- > 0;)
        move_box(all[j], t, s);
    if (r && r->charged) {
        r->slack[t] += s.primal * r->dslack[t];
        r->tax[t] += s.dual * r->dtax[t];
    }
    m->blocked += s.primal < 0.9 * by || s.dual < 0.9 * by;
}

double master_reach(master *m)
{
    stride all = { 1, 1 };
    for (int k = 0; k < m->nscenario; k++) {
        for (int i = 0; i < m->nnode; i++)
            for (int t = 0; t < m->n; t++) {
                stride s = slot_stride(m, k, i, t, 1);
                all.primal = fmin(all.primal, s.primal);
                all.dual = fmin(all.dual, s.dual);
            }
        limit_box(&m->market[k].peak, 0, &all);
    }
    for (int t = 0; m->ahead && t < m->n; t++)
        limit_box(&m->first, t, &all);
    return fmin(all.primal, all.dual);
}

static void move_alone(master_box *b, int t, double by)
{
    stride s = { by, by };
    limit_box(b, t, &s);
    move_box(b, t, s);
}

void master_move(master *m, double by)
{
    m->blocked = 0;
    for (int k = 0; k < m->nscenario; k++) {
        master_market *r = &m->market[k];
        for (int i = 0; i < m->nnode; i++) {
            master_node *v = master_at(m, k, i);
            for (int t = 0; t < m->n; t++) {
                if (v->row)
                    move_slot(m, k, i, t, by);
                v->lambda[t] += by * v->step[t];
            }
        }
        move_alone(&r->peak, 0, by);
        for (int t = 0; t < m->n; t++)
            r->lambda[t] += by * r->step[t];
    }
    for (int t = 0; m->ahead && t < m->n; t++)
        move_alone(&m->first, t, by);
    master_sum_prices(m);
}
