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
    site_flows *flows;
    double *work;   /* [cols + rows] */
    mizo_slot from; /* of the last problem; 0 none */
};

mizo_planner *mizo_planner_new(const mizo_lp_solver *solver)
{
    mizo_planner *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->solver = solver;
    p->flows = malloc(sizeof *p->flows); /* some 700 kB, of which a site touches what it has */
    if (!p->flows) {
        free(p);
        return NULL;
    }
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

static int32_t dual_price(double yen)
{
    double myen = yen * 1000;
    if (!(myen > -2e9))
        return -2000000000;
    return myen < 2e9 ? (int32_t)lround(myen) : 2000000000;
}

static void judge(mizo_planner *p, const site_case *c, mizo_site_plan *out)
{
    const double *y = p->solver->dual(p->lp);
    for (int t = 0; t < c->n; t++)
        out->price_myen[t] = dual_price(p->flows->price[t]);
    out->bound = site_bound(&p->model, c, y, p->work);
    double size = fabs((double)out->cost) > 1e6 ? fabs((double)out->cost) : 1e6;
    out->gap = ((double)out->cost - (double)out->bound) / size;
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
    site_model_flows(&p->model, &c, p->solver->x(p->lp), p->flows);
    site_model_prices(&p->model, &c, p->solver->dual(p->lp), p->flows);
    site_round(&c, p->flows, out);
    site_cost(&c, out);
    judge(p, &c, out);
    return MIZO_OK;
}
