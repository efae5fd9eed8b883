/* area_lp.c: writes the town's plan down as one linear program. */
#include "optimize/area_lp.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/area_money.h"

#define NO_BOUND 1e30

typedef struct writer {
    area_lp *lp;
    const mizo_area_shape *s;
    size_t col_room, row_room, nz_room;
    site_model model; /* of the site at hand, kept from site to site while it fits */
    mizo_site_problem problem;
    site_case site;
    int32_t money; /* area_money.h */
    int *row_of;   /* [model.rows] the program's row; -1: says nothing */
    size_t row_of_room;
    double dearest; /* wish of any site, yen per kWh */
    double most;    /* that all sites can draw in any scenario, kW */
} writer;

/* ---- growing ---- */

static mizo_err grow(void *list, size_t item, size_t room)
{
    void **p = list;
    void *q = realloc(*p, room * item);
    if (!q)
        return MIZO_ENOMEM;
    *p = q;
    return MIZO_OK;
}

static size_t wider(size_t need)
{
    return need + need / 2 + 1024;
}

static mizo_err room_for(writer *w, size_t cols, size_t rows, size_t nz)
{
    area_lp *lp = w->lp;
    cols += (size_t)lp->cols + 1;
    rows += (size_t)lp->rows;
    nz += (size_t)lp->nonzeros;
    if (cols > INT_MAX / 2 || rows > INT_MAX / 2 || nz > INT_MAX / 2)
        return MIZO_EFULL;
    if (cols > w->col_room) {
        size_t room = wider(cols);
        MIZO_TRY(grow(&lp->start, sizeof *lp->start, room + 1));
        MIZO_TRY(grow(&lp->lo, sizeof *lp->lo, room));
        MIZO_TRY(grow(&lp->up, sizeof *lp->up, room));
        MIZO_TRY(grow(&lp->cost, sizeof *lp->cost, room));
        w->col_room = room;
    }
    if (rows > w->row_room) {
        size_t room = wider(rows);
        MIZO_TRY(grow(&lp->rlo, sizeof *lp->rlo, room));
        MIZO_TRY(grow(&lp->rup, sizeof *lp->rup, room));
        w->row_room = room;
    }
    if (nz > w->nz_room) {
        size_t room = wider(nz);
        MIZO_TRY(grow(&lp->row, sizeof *lp->row, room));
        MIZO_TRY(grow(&lp->a, sizeof *lp->a, room));
        w->nz_room = room;
    }
    return MIZO_OK;
}

static int add_row(area_lp *lp, double lo, double up)
{
    lp->rlo[lp->rows] = lo;
    lp->rup[lp->rows] = up;
    return lp->rows++;
}

static void entry(area_lp *lp, int row, double a)
{
    lp->row[lp->nonzeros] = row;
    lp->a[lp->nonzeros++] = a;
}

/* Ends the column whose entries have been put. */
static void end_col(area_lp *lp, double lo, double up, double cost)
{
    lp->lo[lp->cols] = lo;
    lp->up[lp->cols] = up;
    lp->cost[lp->cols] = cost;
    lp->start[++lp->cols] = lp->nonzeros;
}

/* ---- nodes and market ---- */

static int flow_row(const area_lp *lp, int k, int m, int t)
{
    return (k * lp->nnode + m) * lp->n + t;
}

static int market_row(const area_lp *lp, int k, int t)
{
    return (lp->nscenario * lp->nnode + k) * lp->n + t;
}

static int limit_row(const area_lp *lp, int k, int m, int t)
{
    return (lp->nscenario * (lp->nnode + 1) + k * lp->nnode + m) * lp->n + t;
}

static int peak_row(const area_lp *lp, int k, int t)
{
    return (lp->nscenario * (2 * lp->nnode + 1) + k) * lp->n + t;
}

static double thousandth(const int32_t *v, int t)
{
    return v ? v[t] / 1000.0 : 0;
}

/* A limit in kW; absent: none in any slot, INT32_MAX: none in this one. */
static double limit_kw(const int32_t *w, int t, double none)
{
    return w && w[t] != INT32_MAX ? w[t] / 1000.0 : none;
}

/* All rows of nodes, in the order of flow_row, market_row, limit_row and peak_row. */
static void put_node_rows(writer *w)
{
    area_lp *lp = w->lp;
    const mizo_area_shape *s = w->s;
    for (int k = 0; k < s->nscenario; k++)
        for (int m = 0; m < s->nnode; m++)
            for (int t = 0; t < s->n; t++) {
                double own = thousandth(s->node[m].own_w, t);
                add_row(lp, -own, -own);
            }
    for (int k = 0; k < s->nscenario; k++)
        for (int t = 0; t < s->n; t++)
            add_row(lp, 0, 0);
    for (int k = 0; k < s->nscenario; k++)
        for (int m = 0; m < s->nnode; m++)
            for (int t = 0; t < s->n; t++)
                add_row(lp, -limit_kw(s->node[m].export_w, t, NO_BOUND),
                        limit_kw(s->node[m].import_w, t, NO_BOUND));
    for (int k = 0; k < s->nscenario; k++)
        for (int t = 0; t < s->n; t++)
            add_row(lp, -NO_BOUND, s->market[k].standing_w / 1000.0);
}

/* On top of the market's price: carbon, and the wish for power matched by the half-hour. Yen per kWh. */
static double on_top(const mizo_area_market *m, int t)
{
    double carbon = m->g_per_kwh ? (double)m->g_per_kwh[t] * m->carbon_yen_per_t / 1e6 : 0;
    return carbon + m->unmatched_myen / 1000.0;
}

static bool has_ahead(const mizo_area_shape *s)
{
    return s->ahead_myen || s->ahead_w;
}

static void put_ahead(writer *w)
{
    area_lp *lp = w->lp;
    const mizo_area_shape *s = w->s;
    for (int t = 0; has_ahead(s) && t < s->n; t++) {
        double extra = 0;
        for (int k = 0; k < s->nscenario; k++) {
            entry(lp, market_row(lp, k, t), -1);
            extra += w->lp->weight[k] * on_top(&s->market[k], t);
        }
        double fixed = thousandth(s->ahead_w, t);
        end_col(lp, fixed, s->ahead_w ? fixed : NO_BOUND, lp->hour * (thousandth(s->ahead_myen, t) + extra));
    }
}

static void put_market(writer *w, int k)
{
    area_lp *lp = w->lp;
    const mizo_area_market *m = &w->s->market[k];
    double price = w->lp->weight[k] * w->lp->hour;
    for (int t = 0; t < lp->n; t++) {
        entry(lp, market_row(lp, k, t), -1);
        end_col(lp, 0, NO_BOUND, price * (thousandth(m->buy_myen, t) + on_top(m, t)));
        entry(lp, market_row(lp, k, t), 1);
        end_col(lp, 0, NO_BOUND, -price * thousandth(m->sell_myen, t));
    }
    for (int t = 0; t < lp->n; t++)
        entry(lp, peak_row(lp, k, t), -1);
    end_col(lp, 0, NO_BOUND, w->lp->weight[k] * m->peak_myen_per_kw / 1000.0);
}

/* The flow through a node, and what of it is beyond the limits; `over_cost` mends its price afterwards. */
static void put_node(writer *w, int k, int m)
{
    area_lp *lp = w->lp;
    int parent = w->s->node[m].parent;
    for (int t = 0; t < lp->n; t++) {
        entry(lp, flow_row(lp, k, m, t), 1);
        if (m > 0)
            entry(lp, flow_row(lp, k, parent, t), -1);
        else
            entry(lp, market_row(lp, k, t), 1);
        entry(lp, limit_row(lp, k, m, t), 1);
        if (m == 0)
            entry(lp, peak_row(lp, k, t), 1);
        end_col(lp, -NO_BOUND, NO_BOUND, 0);
        for (int sign = -1; sign <= 1; sign += 2) {
            const int32_t *limit = sign < 0 ? w->s->node[m].import_w : w->s->node[m].export_w;
            entry(lp, limit_row(lp, k, m, t), sign);
            end_col(lp, 0, limit && limit[t] != INT32_MAX ? NO_BOUND : 0, 0);
        }
    }
}

/* The columns f, O, U of a node, one after the other. */
static int node_col(const area_lp *lp, int k, int m, int t)
{
    return lp->node_cols + ((k * lp->nnode + m) * lp->n + t) * 3;
}

static void over_cost(writer *w)
{
    area_lp *lp = w->lp;
    const mizo_area_shape *s = w->s;
    for (int k = 0; k < s->nscenario; k++)
        for (int m = 0; m < s->nnode; m++) {
            double yen = s->node[m].over_myen ? s->node[m].over_myen / 1000.0 : 2 * w->dearest;
            for (int t = 0; t < s->n; t++)
                for (int i = 1; i <= 2; i++)
                    lp->cost[node_col(lp, k, m, t) + i] = w->lp->weight[k] * w->lp->hour * yen;
        }
    for (int t = 0; has_ahead(s) && !s->ahead_w && t < s->n; t++)
        lp->up[t] = fmax(0, limit_kw(s->node[0].import_w, t, w->most));
}

static mizo_err put_nodes(writer *w)
{
    const mizo_area_shape *s = w->s;
    size_t n = (size_t)s->n, places = (size_t)s->nscenario * n, nodes = places * (size_t)s->nnode;
    MIZO_TRY(room_for(w, n + 2 * places + (size_t)s->nscenario + 3 * nodes, 2 * nodes + 2 * places,
                      places * 4 + 6 * nodes));
    w->lp->start[0] = 0;
    put_node_rows(w);
    put_ahead(w);
    for (int k = 0; k < s->nscenario; k++)
        put_market(w, k);
    w->lp->node_cols = w->lp->cols;
    for (int k = 0; k < s->nscenario; k++)
        for (int m = 0; m < s->nnode; m++)
            put_node(w, k, m);
    return MIZO_OK;
}

/* ---- sites ---- */

static mizo_err ready_model(writer *w)
{
    site_model *m = &w->model;
    if (!site_model_fits(m, &w->site))
        MIZO_TRY(site_model_make(m, &w->site));
    m->base = 0;
    site_model_fill(m, &w->site, 0);
    if ((size_t)m->rows > w->row_of_room) {
        MIZO_TRY(grow(&w->row_of, sizeof *w->row_of, (size_t)m->rows));
        w->row_of_room = (size_t)m->rows;
    }
    return MIZO_OK;
}

static bool col_used(const site_model *m, int j)
{
    return m->lo[j] != 0 || m->up[j] != 0;
}

/* Rows that say something, of columns that are there. */
static void map_rows(writer *w)
{
    const site_model *m = &w->model;
    for (int i = 0; i < m->rows; i++)
        w->row_of[i] = -1;
    for (int j = 0; j < m->cols; j++)
        for (int e = m->start[j]; col_used(m, j) && e < m->start[j + 1]; e++)
            if (m->rlo[m->row[e]] > -NO_BOUND / 10 || m->rup[m->row[e]] < NO_BOUND / 10)
                w->row_of[m->row[e]] = 0;
    for (int i = 0; i < m->rows; i++)
        if (w->row_of[i] == 0)
            w->row_of[i] = add_row(w->lp, m->rlo[i], m->rup[i]);
}

/* The node's row of a column that crosses the meter: +1 import, -1 export, 0 neither. */
static int crosses(const writer *w, int j, int *t)
{
    int place = j / w->model.place_cols;
    if (place >= w->s->n)
        return 0;
    *t = place;
    return j == site_col(&w->model, place, COL_IMPORT)   ? 1
           : j == site_col(&w->model, place, COL_EXPORT) ? -1
                                                         : 0;
}

static void put_site_cols(writer *w, int k, int node)
{
    area_lp *lp = w->lp;
    const site_model *m = &w->model;
    for (int j = 0; j < m->cols; j++) {
        if (!col_used(m, j))
            continue;
        int t = 0, sign = crosses(w, j, &t);
        if (sign)
            entry(lp, flow_row(lp, k, node, t), -sign);
        for (int e = m->start[j]; e < m->start[j + 1]; e++)
            if (w->row_of[m->row[e]] >= 0)
                entry(lp, w->row_of[m->row[e]], m->a[e]);
        end_col(lp, m->lo[j], m->up[j], w->lp->weight[k] * m->cost[j]);
    }
}

static mizo_err put_site(writer *w, const mizo_site_problem *p, int k, int node)
{
    if (node < 0 || node >= w->s->nnode || p->n != w->s->n || p->step_min != w->s->step_min)
        return MIZO_EINPUT;
    w->problem = *p;
    w->problem.money_myen = w->money;
    MIZO_TRY(site_case_init(&w->site, &w->problem));
    MIZO_TRY(ready_model(w));
    const site_model *m = &w->model;
    MIZO_TRY(room_for(w, (size_t)m->cols, (size_t)m->rows, (size_t)m->nonzeros + 2 * (size_t)w->s->n));
    map_rows(w);
    put_site_cols(w, k, node);
    w->lp->constant += w->lp->weight[k] * m->constant;
    double demand = (double)w->site.price.demand / 1000;
    w->dearest = demand > w->dearest ? demand : w->dearest;
    w->most += k == 0 ? p->limit_w / 1000.0 : 0;
    return MIZO_OK;
}

static bool shape_right(const mizo_area_shape *s)
{
    if (s->size != sizeof *s || s->n < 1 || s->n > MIZO_PLAN_MAX || s->step_min < 1 || s->step_min > 1440)
        return false;
    if (s->nnode < 1 || s->nnode > MIZO_AREA_NODES || s->nscenario < 1 ||
        s->nscenario > MIZO_AREA_SCENARIOS || !s->node || !s->market)
        return false;
    for (int m = 0; m < s->nnode; m++)
        if (m == 0 ? s->node[m].parent != -1 : s->node[m].parent < 0 || s->node[m].parent >= m)
            return false;
    return true;
}

mizo_err area_lp_make(area_lp *lp, const mizo_area_shape *shape, size_t sites, area_lp_site site, void *arg)
{
    memset(lp, 0, sizeof *lp);
    if (!shape_right(shape))
        return MIZO_EINPUT;
    lp->n = shape->n;
    lp->nnode = shape->nnode;
    lp->nscenario = shape->nscenario;
    lp->hour = shape->step_min / 60.0;
    for (int k = 0; k < shape->nscenario; k++)
        lp->weight[k] = shape->weight_ppm ? (double)shape->weight_ppm[k] / MIZO_PPM : 1.0 / shape->nscenario;
    writer w = { .lp = lp, .s = shape, .dearest = 1, .money = area_money(shape) };
    mizo_err e = put_nodes(&w);
    for (size_t i = 0; i < sites && !e; i++)
        for (int k = 0; k < shape->nscenario && !e; k++) {
            int node = 0;
            const mizo_site_problem *p = site(arg, i, k, &node);
            e = p ? put_site(&w, p, k, node) : MIZO_EINPUT;
        }
    if (!e)
        over_cost(&w);
    site_model_free(&w.model);
    free(w.row_of);
    if (e)
        area_lp_free(lp);
    return e;
}

void area_lp_free(area_lp *lp)
{
    free(lp->start);
    free(lp->row);
    free(lp->a);
    free(lp->lo);
    free(lp->up);
    free(lp->cost);
    free(lp->rlo);
    free(lp->rup);
    memset(lp, 0, sizeof *lp);
}

/* ---- the answer ---- */

static double outside(double v, double lo, double up)
{
    return v < lo ? lo - v : v > up ? v - up : 0;
}

/* Activities into row[rows]. */
static void judge_primal(const area_lp *lp, const double *x, double *row, area_lp_answer *out)
{
    double sum = lp->constant, worst = 0;
    memset(row, 0, (size_t)lp->rows * sizeof *row);
    for (int j = 0; j < lp->cols; j++) {
        sum += lp->cost[j] * x[j];
        worst = fmax(worst, outside(x[j], lp->lo[j], lp->up[j]));
        for (int e = lp->start[j]; e < lp->start[j + 1]; e++)
            row[lp->row[e]] += lp->a[e] * x[j];
    }
    for (int i = 0; i < lp->rows; i++)
        worst = fmax(worst, outside(row[i], lp->rlo[i], lp->rup[i]));
    out->objective = sum;
    out->residual = worst;
}

/* Reduced costs that a missing bound forbids are the solver's tolerance: they are taken as nothing. */
static double judge_dual(const area_lp *lp, const double *y)
{
    double sum = lp->constant;
    for (int i = 0; i < lp->rows; i++) {
        double at = y[i] > 0 ? lp->rlo[i] : lp->rup[i];
        sum += fabs(at) < NO_BOUND / 10 ? y[i] * at : 0;
    }
    for (int j = 0; j < lp->cols; j++) {
        double d = lp->cost[j];
        for (int e = lp->start[j]; e < lp->start[j + 1]; e++)
            d -= lp->a[e] * y[lp->row[e]];
        double at = d > 0 ? lp->lo[j] : lp->up[j];
        sum += fabs(at) < NO_BOUND / 10 ? d * at : 0;
    }
    return sum;
}

static double over_kwh(const area_lp *lp, const double *x)
{
    double sum = 0;
    for (int k = 0; k < lp->nscenario; k++)
        for (int m = 0; m < lp->nnode; m++)
            for (int t = 0; t < lp->n; t++)
                for (int i = 1; i <= 2; i++)
                    sum += lp->weight[k] * lp->hour * x[node_col(lp, k, m, t) + i];
    return sum;
}

mizo_err area_lp_judge(const area_lp *lp, const double *x, const double *y, area_lp_answer *out,
                       double *price)
{
    memset(out, 0, sizeof *out);
    double *row = malloc((size_t)lp->rows * sizeof *row);
    if (!row)
        return MIZO_ENOMEM;
    judge_primal(lp, x, row, out);
    free(row);
    out->bound = judge_dual(lp, y);
    out->over_kwh = over_kwh(lp, x);
    for (int i = 0; price && i < lp->nscenario * lp->nnode * lp->n; i++)
        price[i] = y[i];
    return MIZO_OK;
}

mizo_lp *area_lp_load(const area_lp *lp, const mizo_lp_solver *solver)
{
    return solver->load(lp->cols, lp->rows, lp->start, lp->row, lp->a, lp->lo, lp->up, lp->cost, lp->rlo,
                        lp->rup);
}

mizo_err area_lp_solve(const area_lp *lp, const mizo_lp_solver *solver, area_lp_answer *out, double *price)
{
    memset(out, 0, sizeof *out);
    mizo_lp *s = area_lp_load(lp, solver);
    if (!s)
        return MIZO_ENOMEM;
    mizo_err e = solver->solve(s, INT_MAX);
    if (!e)
        e = area_lp_judge(lp, solver->x(s), solver->dual(s), out, price);
    out->iterations = solver->iterations(s);
    solver->free(s);
    return e;
}
