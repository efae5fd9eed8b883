/* area_solve.c: the iterations. Each is one pass over the blocks and one step of the nodes:
 *
 *   the sites stand at prices lambda, each near its own central path for mu, and say what they draw, how that would move in
 *   the next Newton step, and how it answers to prices (S); the nodes turn that into a step of lambda that is the Newton
 *   step of the whole problem; the sites take the same step, each as far as it can, stragglers once more.
 *
 * How far the prices' step goes for the sites is measured in their own metric, sqrt(d' S d / (mu N)): small, and mu falls
 * fast; large, and it waits. The prices take the whole step however long it is: they are only where the sites' straight
 * lines meet. In a hard town (more than 60 iterations) steps are cut, and one after which the length has grown is taken back.
 * docs/mechanisms/area.md 5. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/area_own.h"
#include "optimize/master_inner.h"

#define MU_START   0.03 /* of a typical kW times its price */
#define MU_WARM    1e-3 /* from a kept point at least */
#define KEPT       0.1  /* a point is kept where the gap is still so wide */
#define MU_FAST    0.2  /* mu falls to that where the step is short */
#define MU_SLOW    0.6
#define MU_HARD    0.8 /* in a hard town */
#define STEP_SHORT 1
#define STEP_LONG  3
#define STEP_HARD  2  /* in a hard town, of that length at most */
#define STEP_LOST  10 /* there, beyond that, and three times the last: back */
#define STEP_WARM                                                                                            \
    100 /* the first step from a kept point, at most: 20 to 50 where loads and prices have moved by 5 % */
#define SECOND      10 /* second order only while the gap is so many times what is asked */
#define BACK        0.25
#define TIGHT       1e-6
#define WITHIN      1e-6  /* kW, kWh: a point may be so far outside a limit */
#define ROWS_CLOSED 1e-12 /* the same, of the sites' rows inside */
#define GIVE_LEAST  1e-22
#define GIVE_LESS   0.2
enum { ITERATIONS = 150, PATIENT = 60, START_STEPS = 8, WARM_STEPS = 12, WARM_PATIENT = 40 };

typedef struct area_run {
    mizo_area *a;
    const mizo_area_options *o;
    mizo_area_result *out;
    double gap, mu, weight; /* of the nodes' barrier against a site's */
    double before;          /* the last step's length */
    double bound, product, cost;
    double residual; /* of the sites' rows, an iteration ago */
    int began;       /* iterations made before it began anew */
    bool together;   /* one step for all */
} area_run;

/* The nodes count in sums over all sites; so does their barrier. The sites' answers are per unit of a site's mu. */
static void weigh(area_run *r)
{
    mizo_area *a = r->a;
    for (size_t i = 0; i < a->nleaf; i++)
        for (int t = 0; a->answer[i].sum && t < a->shape.is.n; t++)
            a->leaf[i].centre[t] /= r->weight;
}

/* What the nodes make of the sites' answers. */
static void look(area_run *r)
{
    weigh(r);
    master_factor(r->a->master, r->a->answer);
}

/* sqrt(d' S d / (mu N)): how far the step d of the prices is for the sites. */
static double step_length(const area_run *r)
{
    const mizo_area *a = r->a;
    int n = a->shape.is.n;
    double sum = 0;
    for (size_t i = 0; i < a->nleaf; i++) {
        if (!a->answer[i].sum)
            continue;
        const double *s = a->leaf[i].schur;
        const double *d = master_ahead(a->master, (int)i / a->shape.is.nnode, (int)i % a->shape.is.nnode);
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

/* All that a bound may move: each node's own prices, the markets', the peaks' taxes. */
static double *judged_row(mizo_area *a, int i)
{
    int nodes = a->shape.is.nnode * a->shape.is.nscenario, k = i - nodes;
    if (k < 0)
        return master_at(a->master, i / a->shape.is.nnode, i % a->shape.is.nnode)->lambda;
    master_market *m = &a->master->market[k % a->shape.is.nscenario];
    return k < a->shape.is.nscenario ? m->lambda : m->tax;
}

static void hold_prices(mizo_area *a, bool back)
{
    int rows = (a->shape.is.nnode + 2) * a->shape.is.nscenario;
    size_t n = (size_t)a->shape.is.n;
    for (int i = 0; i < rows; i++) {
        double *now = judged_row(a, i), *held = a->prices_held + (size_t)i * n;
        memcpy(back ? now : held, back ? held : now, n * sizeof *now);
    }
    if (back)
        master_sum_prices(a->master);
}

/* Objective, bound and gap of the point as it is. */
static void judge(area_run *r)
{
    mizo_area *a = r->a;
    size_t n = (size_t)a->shape.is.n;
    double bound = master_bound(a->master), cost = 0, miss = 0, sites = 0, size = 0, wished = 0;
    area_pass(a, r->o->crew, AREA_END, 0, 0, false);
    const double **net = a->end_row;
    memset(a->end_net, 0, a->nleaf * n * sizeof *a->end_net);
    for (size_t i = 0; i < a->nleaf; i++)
        net[i] = a->answer[i].sum ? a->end_net + i * n : NULL;
    for (size_t i = 0; i < a->nspan; i++) {
        size_t leaf = a->span[i].leaf;
        double w = a->master->weight[leaf / (size_t)a->shape.is.nnode];
        for (size_t t = 0; t < n; t++)
            a->end_net[leaf * n + t] += a->span[i].sum.net[t];
        cost += w * a->span[i].cost;
        sites += w * a->span[i].bound;
        size += fabs(w * a->span[i].bound);
        miss = fmax(miss, a->span[i].miss);
        wished += w * a->span[i].wished;
    }
    bound += sites - (size + fabs(sites)) * 1e-15 * (double)(a->nspan + 2);
    cost += master_exact(a->master, net, &r->out->over_kwh);
    r->out->objective = cost;
    r->out->bound = r->bound = fmax(r->bound, bound);
    r->out->gap = (cost - r->bound) / fmax(1, fabs(cost));
    r->out->residual = miss;
    a->at_stake = -wished > 0.5 * r->gap * fmax(1, fabs(cost));
}

static int age(const area_run *r)
{
    return r->out->iterations - r->began;
}

/* The next mu, from how long the step to the centre of this one is. Returns the part of the step to take. */
static double pace(area_run *r, double length, bool end)
{
    bool hard = age(r) > PATIENT;
    bool lost = hard && length > STEP_LOST && length > 3 * r->before;
    r->before = length;
    if (lost) {
        r->mu *= 4;
        return -1;
    }
    if (age(r) == PATIENT)
        r->mu *= 100;
    if (end)
        ; /* what is left is that the rows close */
    else if (length < STEP_SHORT)
        r->mu *= MU_FAST;
    else if (length < STEP_LONG)
        r->mu *= hard ? MU_HARD : MU_SLOW;
    return hard ? fmin(1, STEP_HARD / length) : 1;
}

/* The way to the end is the same however loose the gap is, so that a looser one is never dearer. */
static double way(const area_run *r)
{
    return fmin(r->gap, TIGHT);
}

static bool stopped(const area_run *r)
{
    return r->o->stop && r->o->stop(r->o->arg);
}

static bool over(const area_run *r)
{
    int most = r->o->iterations > 0 ? r->o->iterations : r->a->wishful ? 2 * ITERATIONS : ITERATIONS;
    return r->out->iterations >= most;
}

/* Whether the nodes' rows are so closed that an exact point costs hardly more. */
static bool closed(const area_run *r)
{
    double cost, product, residual;
    totals(r, &cost, &product, &residual);
    return sqrt(master_look(r->a->master)->mismatch) * r->a->worth < 0.5 * r->gap * fmax(1, fabs(cost));
}

static void measure(area_run *r)
{
    double residual;
    totals(r, &r->cost, &r->product, &residual);
}

/* Whether the sum of x z is so small, as a part of the cost. */
static bool below(const area_run *r, double part)
{
    return r->product < part * fmax(1, fabs(r->cost));
}

/* Each node's own prices, and the markets': kept in case the next step is lost (part 0), or brought part of the way from
 * what was kept to where they are now. */
static void keep_prices(mizo_area *a, double part)
{
    int n = a->shape.is.n, nodes = a->shape.is.nnode, scenarios = a->shape.is.nscenario;
    for (int i = 0; i < (nodes + 1) * scenarios; i++) {
        double *now = i < nodes * scenarios ? master_at(a->master, i / nodes, i % nodes)->lambda
                                            : a->master->market[i - nodes * scenarios].lambda;
        double *was = a->prices_before + (size_t)i * (size_t)n;
        for (int t = 0; t < n; t++)
            if (part > 0)
                now[t] = was[t] = was[t] + part * (now[t] - was[t]);
            else
                was[t] = now[t];
    }
    if (part > 0)
        master_sum_prices(a->master);
}

/* A plan that is asked for loosely may lie outside by as much more. */
static bool met(const area_run *r)
{
    return r->out->gap <= r->gap && r->out->residual <= WITHIN * fmax(1, r->gap / 1e-6);
}

static bool done(const area_run *r)
{
    return met(r) || r->a->at_stake || !isfinite(r->out->gap) || over(r) || stopped(r);
}

/* One iteration; `end`: mu stays, what is left is that all rows close. */
static void step(area_run *r, bool end)
{
    mizo_area *a = r->a;
    int steps = age(r) > PATIENT ? 4 : 2;
    double mu = r->mu;
    master_direct(a->master, a->answer, mu * r->weight);
    double by = pace(r, step_length(r), end);
    if (by < 0) {
        keep_prices(a, BACK);
        steps = 4;
    } else {
        keep_prices(a, 0);
        if (r->mu != mu)
            master_direct(a->master, a->answer, r->mu * r->weight);
        master_move(a->master, by);
    }
    r->out->iterations++;
    area_pass(a, r->o->crew, AREA_ADVANCE, r->mu, steps, !below(r, SECOND * way(r)));
}

/* One step for all, as long as the shortest can go: slow but sure, for the few sites of a degenerate town, whose answers
 * to prices are all corners. */
static void step_together(area_run *r, bool end)
{
    mizo_area *a = r->a;
    master_direct(a->master, a->answer, r->mu * r->weight);
    double part = fmin(master_reach(a->master), area_try(a, r->o->crew, r->mu));
    master_move(a->master, part);
    area_take(a, r->o->crew, part);
    r->out->iterations++;
    if (!end)
        r->mu *= part >= 0.9 ? 0.1 : part >= 0.5 ? 0.3 : part >= 0.2 ? 0.7 : 1;
}

/* At the end rows give way less and less until the sites' rows have closed: a dual that is far from where it belongs (of a
 * store that can hardly be anywhere, while wishes are dear) would take thousands of steps there. */
static void stiffen(area_run *r, bool end)
{
    double cost, product, residual;
    totals(r, &cost, &product, &residual);
    bool stuck = residual > ROWS_CLOSED && (end || (r->together && residual > 0.9 * r->residual));
    r->residual = residual;
    if (stuck)
        r->a->give = fmax(GIVE_LEAST, GIVE_LESS * (r->a->give > 0 ? r->a->give : SPARSE_GIVE));
}

/* One that is further along than what is asked only loses digits. */
static bool spare(const area_run *r)
{
    return below(r, 0.05 * way(r));
}

/* Whether to look at the certified gap: the sites are there and so are the rows, or it has been long. */
static bool ask(const area_run *r, int *times)
{
    if (over(r) || stopped(r))
        return true;
    if (!below(r, 0.9 * r->gap))
        return false;
    ++*times;
    return closed(r) || *times % 8 == 0;
}

static void start_cold(area_run *r)
{
    mizo_area *a = r->a;
    r->mu = MU_START * a->scale * a->high;
    master_start(a->master, r->mu * r->weight);
    area_pass(a, r->o->crew, AREA_START, r->mu, START_STEPS, false);
}

/* The kept point has led nowhere. */
static void start_anew(area_run *r)
{
    r->out->warm = false;
    r->began = r->out->iterations;
    r->before = HUGE_VAL;
    start_cold(r);
}

static void iterate(area_run *r)
{
    mizo_area *a = r->a;
    bool kept = false;
    for (int times = 0;; look(r)) {
        measure(r);
        bool end = below(r, 0.9 * way(r));
        stiffen(r, end);
        if (!kept && !r->together && r->before < STEP_SHORT && r->product < KEPT * fabs(r->cost)) {
            kept = true;
            area_keep_point(a, r->o->crew, r->mu / a->scale);
        }
        if (ask(r, &times)) {
            hold_prices(a, false);
            judge(r);
            if (done(r))
                return;
            hold_prices(a, true);
            end = end && spare(r);
            if (r->together) { /* the sites' factors were those of the end */
                area_pass(a, r->o->crew, AREA_ADVANCE, r->mu, 0, false);
                look(r);
            }
        }
        if (r->out->warm && age(r) >= WARM_PATIENT)
            start_anew(r);
        else if (r->together)
            step_together(r, end);
        else
            step(r, end);
    }
}

/* From the point that was kept of the last solve, moved on with the horizon. False: it is far from where the town is now. */
static bool start_warm(area_run *r)
{
    mizo_area *a = r->a;
    r->mu = fmax(a->kept_mu, MU_WARM) * a->scale;
    master_restore(a->master, a->kept_nodes, area_moved_on(a), r->mu * r->weight);
    area_pass(a, r->o->crew, AREA_RESUME, r->mu, WARM_STEPS, false);
    look(r);
    master_direct(a->master, a->answer, r->mu * r->weight);
    return step_length(r) < STEP_WARM;
}

mizo_err area_iterate(mizo_area *a, const mizo_area_options *o, area_how how, mizo_area_result *out)
{
    area_run r = { .a = a,
                   .o = o,
                   .out = out,
                   .gap = o->gap > 0 ? o->gap : 1e-6,
                   .weight = fmax(1, (double)a->sites),
                   .together = how == AREA_TOGETHER,
                   .before = HUGE_VAL,
                   .bound = out->bound };
    out->warm = how == AREA_USUAL && !o->cold && area_has_point(a) && start_warm(&r);
    if (!out->warm) {
        start_cold(&r);
        look(&r);
    }
    double give = a->give;
    iterate(&r);
    a->give = give;
    a->solved = isfinite(out->gap);
    out->status = !a->solved ? MIZO_PLAN_NONE : met(&r) ? MIZO_PLAN_OPTIMAL : MIZO_PLAN_STOPPED;
    return MIZO_OK;
}
