/* area_solve.c: the iterations. Each is one pass over the blocks and one step of the nodes:
 *
 *   the sites stand at prices lambda, each near its own central path for mu, and say what they draw, how that would move in
 *   the next Newton step, and how it answers to prices (S); the nodes turn that into a step of lambda that is the Newton
 *   step of the whole problem; the sites take the same step, each as far as it can, stragglers once more.
 *
 * How far the prices' step goes for the sites is measured in their own metric, sqrt(d' S d / (mu N)): small, and mu falls
 * fast; large, and it waits. A step after which that has grown is taken back for the most part.
 * docs/mechanisms/area.md 5. */
#include <math.h>
#include <string.h>

#include "optimize/area_own.h"
#include "optimize/master_inner.h"

#define MU_START   0.03 /* of a typical kW times its price */
#define MU_FAST    0.2  /* mu falls to that where the step is short */
#define MU_SLOW    0.5
#define STEP_SHORT 0.5
#define STEP_LONG  4
#define STEP_LOST  5 /* beyond that, and three times the last: back */
#define BACK       0.25
enum { ITERATIONS = 300, START_STEPS = 8 };

typedef struct area_run {
    mizo_area *a;
    const mizo_area_options *o;
    mizo_area_result *out;
    double gap, mu, weight; /* of the nodes' barrier against a site's */
    double before;          /* the last step's length */
    double bound;
    bool better; /* back after a lost step */
} area_run;

/* The nodes count in sums over all sites; so does their barrier. The sites' answers are per unit of a site's mu. */
static void weigh(area_run *r)
{
    mizo_area *a = r->a;
    for (size_t i = 0; i < a->nleaf; i++)
        for (int t = 0; a->answer[i].sum && t < a->shape.is.n; t++)
            a->leaf[i].centre[t] /= r->weight;
}

static double step_length(const area_run *r)
{
    const mizo_area *a = r->a;
    int n = a->shape.is.n;
    double sum = 0;
    for (size_t i = 0; i < a->nleaf; i++) {
        if (!a->answer[i].sum)
            continue;
        const double *s = a->leaf[i].schur;
        const double *d = master_at(a->master, (int)i / a->shape.is.nnode, (int)i % a->shape.is.nnode)->ahead;
        for (int t = 0; t < n; t++) {
            double row = 0.5 * s[t * n + t] * d[t];
            for (int u = t + 1; u < n; u++)
                row += s[t * n + u] * d[u];
            sum += 2 * d[t] * row;
        }
    }
    return sqrt(fmax(sum, 0) / (r->mu * r->weight));
}

static void totals(const area_run *r, double *cost, double *product, double *residual)
{
    const mizo_area *a = r->a;
    const master_figures *f = master_look(a->master);
    *cost = f->cost;
    *product = f->product;
    *residual = 0;
    for (size_t i = 0; i < a->nleaf; i++)
        if (a->answer[i].sum) {
            double w = a->master->weight[i / (size_t)a->shape.is.nnode];
            *cost += w * a->leaf[i].cost;
            *product += w * a->leaf[i].product;
            *residual = fmax(*residual, a->leaf[i].residual);
        }
}

/* Objective, bound and gap of the point as it is. */
static void judge(area_run *r)
{
    mizo_area *a = r->a;
    size_t n = (size_t)a->shape.is.n;
    double bound = master_bound(a->master), cost = 0, miss = 0, sites = 0, size = 0;
    area_pass(a, r->o->crew, AREA_END, 0, 0, false);
    const double **net = a->end_row;
    for (size_t i = 0; i < a->nleaf; i++) {
        net[i] = a->answer[i].sum ? a->end_net + i * n : NULL;
        if (net[i])
            memcpy(a->end_net + i * n, a->leaf[i].net, n * sizeof(double));
    }
    for (size_t i = 0; i < a->nspan; i++) {
        double w = a->master->weight[a->span[i].leaf / (size_t)a->shape.is.nnode];
        cost += w * a->span[i].cost;
        sites += w * a->span[i].bound;
        size += fabs(w * a->span[i].bound);
        miss = fmax(miss, a->span[i].miss);
    }
    bound += sites - (size + fabs(sites)) * 1e-15 * (double)(a->nspan + 2);
    cost += master_exact(a->master, net, &r->out->over_kwh);
    r->out->objective = cost;
    r->out->bound = r->bound = fmax(r->bound, bound);
    r->out->gap = (cost - r->bound) / fmax(1, fabs(cost));
    r->out->residual = miss;
}

/* The next mu, from how long the step to the centre of this one is. Returns the part of the step to take. */
static double pace(area_run *r, double length)
{
    bool lost = r->out->iterations > 3 && length > STEP_LOST && length > 3 * r->before;
    r->before = length;
    if (lost) {
        r->mu *= 4;
        return -1;
    }
    if (length < STEP_SHORT)
        r->mu *= MU_FAST;
    else if (length < STEP_LONG)
        r->mu *= MU_SLOW;
    return 1;
}

static bool stopped(const area_run *r)
{
    return r->o->stop && r->o->stop(r->o->arg);
}

static bool over(const area_run *r)
{
    int most = r->o->iterations > 0 ? r->o->iterations : ITERATIONS;
    return r->out->iterations >= most;
}

/* Whether the nodes' rows are so closed that an exact point costs hardly more. */
static bool closed(const area_run *r)
{
    double cost, product, residual;
    totals(r, &cost, &product, &residual);
    return sqrt(master_look(r->a->master)->mismatch) * r->a->worth < 0.1 * r->gap * fmax(1, fabs(cost));
}

/* Whether it is time to look at the certified gap. */
static bool near_end(const area_run *r)
{
    double cost, product, residual;
    totals(r, &cost, &product, &residual);
    return product < 0.9 * r->gap * fmax(1, fabs(cost));
}

/* The prices as they stand, of all nodes. */
static void note_prices(mizo_area *a)
{
    size_t n = (size_t)a->shape.is.n;
    for (size_t i = 0; i < a->nleaf; i++)
        memcpy(a->prices_before + i * n,
               master_price(a->master, (int)i / a->shape.is.nnode, (int)i % a->shape.is.nnode),
               n * sizeof(double));
}

/* Most of the way back to the prices before the last step. */
static void go_back(const area_run *r)
{
    mizo_area *a = r->a;
    size_t n = (size_t)a->shape.is.n;
    for (size_t i = 0; i < a->nleaf; i++) {
        const double *now = master_price(a->master, (int)i / a->shape.is.nnode, (int)i % a->shape.is.nnode);
        for (size_t t = 0; t < n; t++) {
            double *p = &a->prices_before[i * n + t];
            *p += BACK * (now[t] - *p);
        }
    }
    master_start_at(a->master, a->prices_before, r->mu * r->weight);
}

static bool done(const area_run *r)
{
    return r->out->gap <= r->gap || over(r) || stopped(r);
}

/* One iteration; `end`: mu stays, what is left is that all rows close. */
static void step(area_run *r, bool end)
{
    mizo_area *a = r->a;
    int steps = 2;
    master_direct(a->master, a->answer, r->mu * r->weight);
    if (!end && pace(r, step_length(r)) < 0) {
        go_back(r);
        steps = 4;
    } else {
        note_prices(a);
        master_direct(a->master, a->answer, r->mu * r->weight);
        master_move(a->master, 1);
    }
    r->out->iterations++;
    area_pass(a, r->o->crew, AREA_ADVANCE, r->mu, steps, !end);
}

static void iterate(area_run *r)
{
    mizo_area *a = r->a;
    for (int closing = 0;;) {
        weigh(r);
        master_factor(a->master, a->answer);
        bool end = near_end(r);
        closing += end;
        if (over(r) || stopped(r) || (end && (closing > 1 || closed(r)))) {
            judge(r);
            if (done(r))
                return;
            r->mu *= closing > 1 ? MU_SLOW : 1;
            area_pass(a, r->o->crew, AREA_ADVANCE, r->mu, 1, false);
            weigh(r);
            master_factor(a->master, a->answer);
        }
        step(r, end);
    }
}

static void start_cold(area_run *r)
{
    mizo_area *a = r->a;
    r->mu = MU_START * a->scale;
    master_start(a->master, r->mu * r->weight);
    area_pass(a, r->o->crew, AREA_START, r->mu, START_STEPS, false);
}

mizo_err area_iterate(mizo_area *a, const mizo_area_options *o, mizo_area_result *out)
{
    area_run r = { .a = a,
                   .o = o,
                   .out = out,
                   .gap = o->gap > 0 ? o->gap : 1e-6,
                   .weight = fmax(1, (double)a->sites),
                   .before = HUGE_VAL,
                   .bound = -HUGE_VAL };
    start_cold(&r);
    iterate(&r);
    out->status = out->gap <= r.gap ? MIZO_PLAN_OPTIMAL : MIZO_PLAN_STOPPED;
    a->solved = true;
    return MIZO_OK;
}
