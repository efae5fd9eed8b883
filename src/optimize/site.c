/* site.c: plans one site: makes the problem whole, fills the kept model, solves it, rounds the answer
 * to what can be done, and judges it by a bound of our own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/site.h"

enum { ITERATIONS_MOST = 50000 };

struct mizo_planner {
    const mizo_lp_solver *solver;
    site_model model;
    mizo_lp *lp;
    site_flows *flows, *held; /* as solved; around whole decisions */
    mizo_site_plan *second;   /* around them; NULL until it is needed */
    double *work;             /* [cols + rows] */
    mizo_slot from;           /* of the last problem; 0 none */
};

mizo_planner *mizo_planner_new(const mizo_lp_solver *solver)
{
    mizo_planner *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->solver = solver;
    p->flows = malloc(2 * sizeof *p->flows); /* some 700 kB each, of which a site touches what it has */
    if (!p->flows) {
        free(p);
        return NULL;
    }
    p->held = p->flows + 1;
    return p;
}

static void drop_model(mizo_planner *p)
{
    if (p->lp)
        p->solver->free(p->lp);
    p->lp = NULL;
    free(p->work);
    p->work = NULL;
    p->from = 0;
}

void mizo_planner_free(mizo_planner *p)
{
    if (!p)
        return;
    drop_model(p);
    site_model_free(&p->model);
    free(p->second);
    free(p->flows);
    free(p);
}

/* Rolls the ring on when the horizon did, so that every slot keeps its column. */
static void roll(mizo_planner *p, const mizo_site_problem *problem)
{
    int64_t by = p->from && problem->from ? problem->from - p->from : 0;
    p->from = problem->from;
    if (by > 0 && by < p->model.ring)
        p->model.base = (int)((p->model.base + by) % p->model.ring);
}

/* A W for each thing that is rounded: so a standing peak that is just held stays held in W. */
static int margin_w(const site_case *c)
{
    return 1 + c->nb + (c->nv > 0);
}

static mizo_err load_model(mizo_planner *p, const site_case *c)
{
    site_model *m = &p->model;
    drop_model(p);
    MIZO_TRY(site_model_make(m, c));
    m->base = 0;
    p->work = malloc((size_t)(m->cols + m->rows) * sizeof *p->work);
    if (!p->work)
        return MIZO_ENOMEM;
    site_model_fill(m, c, margin_w(c));
    p->lp = p->solver->load(m->cols, m->rows, m->start, m->row, m->a, m->lo, m->up, m->cost, m->rlo, m->rup);
    if (!p->lp) {
        drop_model(p);
        site_model_free(m);
        return MIZO_ENOMEM;
    }
    p->from = c->p->from;
    return MIZO_OK;
}

static mizo_err ready_model(mizo_planner *p, const site_case *c)
{
    site_model *m = &p->model;
    if (!p->lp || !site_model_fits(m, c))
        return load_model(p, c);
    roll(p, c->p);
    site_model_fill(m, c, margin_w(c));
    p->solver->set(p->lp, m->lo, m->up, m->cost, m->rlo, m->rup);
    return MIZO_OK;
}

/* Plans everything else anew around the whole decisions of `second`; `out` becomes that, if it costs less. */
static mizo_err plan_around(mizo_planner *p, const site_case *c, mizo_site_plan *out)
{
    site_model *m = &p->model;
    mizo_site_plan *second = p->second;
    site_model_fill(m, c, margin_w(c));
    site_model_hold(m, c, second);
    p->solver->set(p->lp, m->lo, m->up, m->cost, m->rlo, m->rup);
    mizo_err e = p->solver->solve(p->lp, ITERATIONS_MOST);
    out->iterations += p->solver->iterations(p->lp);
    if (e) /* no plan holds them to the end: what there was stands */
        return e == MIZO_ENOMEM ? e : MIZO_OK;
    site_model_flows(m, c, p->solver->x(p->lp), p->held);
    site_model_prices(m, c, p->solver->dual(p->lp), p->held);
    site_round(c, p->held, second);
    site_cost(c, second);
    if (second->cost >= out->cost)
        return MIZO_OK;
    second->status = out->status;
    second->iterations = out->iterations;
    second->bound = out->bound;
    second->n = out->n;
    second->sell_lowered = out->sell_lowered;
    *out = *second;
    return MIZO_OK;
}

enum { AROUND_MOST = 3 };

/* Whole decisions have been made against the solver's plan; with them, what is best for the rest is another. Tries
 * these, and again while that saves; and those that the prices alone would make. */
static mizo_err improve(mizo_planner *p, const site_case *c, mizo_site_plan *out)
{
    if (!p->second)
        p->second = malloc(sizeof *p->second);
    if (!p->second)
        return MIZO_ENOMEM;
    mizo_uyen before = INT64_MAX;
    for (int i = 0; i < AROUND_MOST && out->cost < before; i++) {
        before = out->cost;
        *p->second = *out;
        MIZO_TRY(plan_around(p, c, out));
    }
    const site_flows *f = p->flows;
    for (int i = 0; i < AROUND_MOST; i++) {
        site_choose_by_price(c, f, p->second);
        MIZO_TRY(plan_around(p, c, out));
        f = p->held;
    }
    return MIZO_OK;
}

static bool decides_whole(const site_case *c)
{
    for (int v = 0; v < c->nv; v++)
        if (c->min_w[v] > 1 && c->p->vehicle[v].need_wh > 0)
            return true;
    return c->nrun > 0;
}

mizo_err mizo_plan_site(mizo_planner *p, const mizo_site_problem *problem, mizo_site_plan *out)
{
    site_case c;
    out->status = MIZO_PLAN_NONE;
    MIZO_TRY(site_case_init(&c, problem));
    if (!p->solver)
        return MIZO_EUNSUPPORTED;
    MIZO_TRY(ready_model(p, &c));
    mizo_err e = p->solver->solve(p->lp, ITERATIONS_MOST);
    if (e == MIZO_ENOMEM)
        return e;
    out->status = e ? MIZO_PLAN_STOPPED : MIZO_PLAN_OPTIMAL;
    out->iterations = p->solver->iterations(p->lp);
    out->n = c.n;
    out->sell_lowered = c.sell_lowered;
    const double *y = p->solver->dual(p->lp);
    site_model_flows(&p->model, &c, p->solver->x(p->lp), p->flows);
    site_model_prices(&p->model, &c, y, p->flows);
    out->bound = site_bound(&p->model, &c, y, p->work);
    site_round(&c, p->flows, out);
    site_cost(&c, out);
    if (decides_whole(&c))
        MIZO_TRY(improve(p, &c, out));
    site_judge(&c, p->flows, out);
    return MIZO_OK;
}
