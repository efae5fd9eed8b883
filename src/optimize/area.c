/* area.c: the calls of the town's engine. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/area_own.h"

mizo_err mizo_area_new(const mizo_area_shape *shape, mizo_area **out)
{
    *out = NULL;
    mizo_area *a = calloc(1, sizeof *a);
    if (!a)
        return MIZO_ENOMEM;
    mizo_err e = area_shape_copy(&a->shape, shape);
    if (e) {
        free(a);
        return e;
    }
    a->prices.n = shape->n;
    a->high = 1;
    *out = a;
    return MIZO_OK;
}

void mizo_area_free(mizo_area *a)
{
    if (!a)
        return;
    area_unbuild(a);
    for (size_t i = 0; i < a->sites * (size_t)a->shape.is.nscenario; i++)
        area_kept_free(&a->kept[i]);
    area_prices_free(&a->prices);
    free(a->shape.memory);
    free(a->scratch);
    free(a->kept_point);
    free(a->kept_at);
    free(a->kept_nodes);
    free(a->kept);
    free(a->node);
    free(a->place);
    free(a->apart);
    free(a);
}

static mizo_err grow(mizo_area *a)
{
    if (a->sites < a->room)
        return MIZO_OK;
    if (a->sites >= UINT32_MAX / MIZO_AREA_SCENARIOS)
        return MIZO_EFULL;
    size_t room = a->room ? a->room + a->room / 2 : 64, scenarios = (size_t)a->shape.is.nscenario;
    int *node = realloc(a->node, room * sizeof *node);
    if (node)
        a->node = node;
    area_kept *kept = realloc(a->kept, room * scenarios * sizeof *kept);
    if (kept)
        a->kept = kept;
    area_place *place = realloc(a->place, room * scenarios * sizeof *place);
    if (place)
        a->place = place;
    bool *apart = realloc(a->apart, room * scenarios * sizeof *apart);
    if (apart)
        a->apart = apart;
    if (!node || !kept || !place || !apart)
        return MIZO_ENOMEM;
    a->room = room;
    return MIZO_OK;
}

static mizo_err check(const mizo_area *a, const mizo_site_problem *p)
{
    site_case c;
    MIZO_TRY(site_case_init(&c, p));
    return p->n == a->shape.is.n && p->step_min == a->shape.is.step_min ? MIZO_OK : MIZO_EINPUT;
}

static mizo_err keep(mizo_area *a, area_kept *to, const mizo_site_problem *const *scenario)
{
    int scenarios = a->shape.is.nscenario;
    for (int k = 0; k < scenarios; k++)
        MIZO_TRY(check(a, scenario[k]));
    for (int k = 0; k < scenarios; k++)
        MIZO_TRY(area_keep(&to[k], &a->prices, scenario[k]));
    return MIZO_OK;
}

mizo_err mizo_area_add(mizo_area *a, int node, const mizo_site_problem *const *scenario)
{
    size_t scenarios = (size_t)a->shape.is.nscenario;
    if (node < 0 || node >= a->shape.is.nnode)
        return MIZO_EINPUT;
    MIZO_TRY(grow(a));
    area_kept *to = a->kept + a->sites * scenarios;
    memset(to, 0, scenarios * sizeof *to);
    memset(a->apart + a->sites * scenarios, 0, scenarios * sizeof *a->apart);
    mizo_err e = keep(a, to, scenario);
    for (size_t k = 0; e && k < scenarios; k++)
        area_kept_free(&to[k]);
    if (e)
        return e;
    a->node[a->sites++] = node;
    area_unbuild(a);
    return MIZO_OK;
}

/* Other figures: again no site is known to give anything up. */
static void change(mizo_area *a)
{
    if (a->built)
        memset(a->apart, 0, a->sites * (size_t)a->shape.is.nscenario * sizeof *a->apart);
    a->built = a->wishful = false;
}

mizo_err mizo_area_set(mizo_area *a, size_t site, const mizo_site_problem *const *scenario)
{
    if (site >= a->sites)
        return MIZO_EINPUT;
    change(a);
    return keep(a, a->kept + site * (size_t)a->shape.is.nscenario, scenario);
}

static bool same_nodes(const mizo_area_shape *x, const mizo_area_shape *y)
{
    if (x->nnode != y->nnode || x->nscenario != y->nscenario || x->n != y->n || x->step_min != y->step_min)
        return false;
    for (int i = 0; i < x->nnode; i++)
        if (x->node[i].parent != y->node[i].parent)
            return false;
    return true;
}

mizo_err mizo_area_renew(mizo_area *a, const mizo_area_shape *shape)
{
    if (shape->size != sizeof *shape || !shape->node || !same_nodes(&a->shape.is, shape))
        return MIZO_EINPUT;
    MIZO_TRY(area_shape_copy(&a->shape, shape));
    change(a);
    return MIZO_OK;
}

/* So many sites may stand one by one when lanes do not get to the end: a degenerate town, which is a small one. */
enum { FEW = 20000, APART_ROUNDS = 3 };
#define APART_HIGH 1e4 /* a start so many times higher up than usual */

/* It ended before the gap was met, nobody asked for that, and sites that stand alone may get there: of those in lanes one
 * would give up a wish, or there are not too many. */
static bool lost(const mizo_area *a, const mizo_area_options *o, const mizo_area_result *out)
{
    bool asked = o->iterations || (o->stop && o->stop(o->arg));
    return out->status != MIZO_PLAN_OPTIMAL && !asked && (a->at_stake || a->sites < FEW);
}

/* Ways to the end, one after the other until one gets there: with one step for all, from so high up that the dearest wish
 * is nothing beside mu; the same with rows that give way less; each site as far as it can, from nothing. */
static const struct {
    area_how how;
    double give, high;
} ways[] = {
    {AREA_TOGETHER,  1e-12, 1e6},
    { AREA_TOGETHER, 1e-13, 1e6},
    { AREA_AGAIN,    0,     1  },
};
enum { WAYS = sizeof ways / sizeof ways[0] };

static mizo_err once_more(mizo_area *a, const mizo_area_options *o, int way, mizo_area_result *out)
{
    int iterations = out->iterations;
    out->iterations = 0;
    out->warm = false;
    a->give = ways[way].give;
    a->high = ways[way].high;
    mizo_err e = area_iterate(a, o, ways[way].how, out);
    a->give = 0;
    a->high = 1;
    out->iterations += iterations;
    return e;
}

/* Each site alone. The way that led closest is kept. */
static mizo_err all_ways(mizo_area *a, const mizo_area_options *o, mizo_area_result *out)
{
    int best = 0;
    double gap = HUGE_VAL;
    mizo_err e = MIZO_OK;
    for (int k = 0; k < WAYS && !e && (k == 0 || lost(a, o, out)); k++) {
        e = once_more(a, o, k, out);
        if (out->gap < gap) {
            best = k;
            gap = out->gap;
        }
    }
    return !e && isfinite(gap) && !(out->gap <= gap) ? once_more(a, o, best, out) : e;
}

/* The sites in lanes that would give a wish up at the prices as they are shall stand alone. False: none. */
static bool set_apart(mizo_area *a)
{
    size_t scenarios = (size_t)a->shape.is.nscenario;
    bool any = false;
    for (size_t i = 0; i < a->sites * scenarios; i++) {
        const lanes_block *b = a->block[a->place[i].block];
        if (!b)
            continue;
        const double *price = master_price(a->master, (int)(i % scenarios), a->node[i / scenarios]);
        a->apart[i] = lanes_yields(b, (int)a->place[i].at, price);
        any |= a->apart[i];
    }
    return any;
}

/* A few sites that must give something up leave the lanes, those beside them stay: once more from nothing, high up, where
 * dear wishes are little beside mu. */
static mizo_err without_lanes_for_some(mizo_area *a, const mizo_area_options *o, mizo_area_result *out)
{
    mizo_err e = MIZO_OK;
    for (int k = 0; k < APART_ROUNDS && !e && a->at_stake && lost(a, o, out) && set_apart(a); k++) {
        area_unbuild(a);
        MIZO_TRY(area_build(a));
        int iterations = out->iterations;
        out->iterations = 0;
        out->warm = false;
        a->high = APART_HIGH;
        e = area_iterate(a, o, AREA_AGAIN, out);
        a->high = 1;
        out->iterations += iterations;
    }
    return e;
}

mizo_err mizo_area_solve(mizo_area *a, const mizo_area_options *o, mizo_area_result *out)
{
    static const mizo_area_options plain = { .size = sizeof plain };
    o = o ? o : &plain;
    memset(out, 0, sizeof *out);
    out->status = MIZO_PLAN_NONE;
    out->bound = -HUGE_VAL; /* what one way has found holds in the others */
    bool crew = !o->crew || (o->crew->threads >= 1 && o->crew->run);
    if (o->size != sizeof *o || !(o->gap >= 0 && isfinite(o->gap)) || o->iterations < 0 || !crew)
        return MIZO_EINPUT;
    MIZO_TRY(area_build(a));
    MIZO_TRY(area_threads(a, o->crew));
    out->sites = a->sites;
    mizo_err e = area_iterate(a, o, AREA_USUAL, out);
    if (!e && out->warm && !a->at_stake && lost(a, o, out))
        e = once_more(a, o, 0, out);
    if (!e && a->at_stake)
        e = without_lanes_for_some(a, o, out);
    if (!e && lost(a, o, out)) {
        bool before = a->wishful;
        a->wishful = true;
        if (!before)
            area_unbuild(a);
        MIZO_TRY(area_build(a));
        e = all_ways(a, o, out);
    }
    out->bytes =
        a->bytes + area_point_bytes(a) + a->scratch_each * sizeof(lane4) * (size_t)a->scratch_threads;
    return e;
}

/* A site's own part of the bound: the least of its cost and what its net costs at the node's prices, less what the net of
 * this plan costs there. No plan of the site is cheaper by more than that at these prices. */
static void own_bound(const mizo_area *a, size_t i, area_place at, mizo_site_plan *out)
{
    size_t scenarios = (size_t)a->shape.is.nscenario;
    const double *price = master_price(a->master, (int)(i % scenarios), a->node[i / scenarios]);
    double least = a->block[at.block] ? lanes_bound_one(a->block[at.block], (int)at.at, price)
                                      : area_sparse.bound(a->alone[at.block], price);
    for (int t = 0; t < a->shape.is.n; t++)
        least -= price[t] * (out->import_w[t] - out->export_w[t]) * 0.001;
    double uyen = floor(least * 1e6) - 1;
    out->bound = uyen < (double)out->cost ? (mizo_uyen)fmax(uyen, -9e18) : out->cost;
    out->gap = (double)(out->cost - out->bound) / fmax(1e6, fabs((double)out->cost));
    out->rounding = out->cost - out->bound;
}

mizo_err mizo_area_site(const mizo_area *a, size_t site, int scenario, mizo_site_plan *out)
{
    if (!a->solved || site >= a->sites || scenario < 0 || scenario >= a->shape.is.nscenario)
        return MIZO_EINPUT;
    size_t i = site * (size_t)a->shape.is.nscenario + (size_t)scenario;
    struct {
        mizo_site_problem problem;
        site_case is;
        site_flows flows;
    } *v = calloc(1, sizeof *v);
    if (!v)
        return MIZO_ENOMEM;
    area_kept_problem(&a->kept[i], &a->prices, a->shape.is.n, a->shape.is.step_min, &v->problem);
    v->problem.money_myen = a->money;
    mizo_err e = site_case_init(&v->is, &v->problem);
    if (!e) {
        area_place at = a->place[i];
        if (a->block[at.block])
            lanes_read(a->block[at.block], (int)at.at, &v->flows);
        else
            area_sparse.read(a->alone[at.block], 0, &v->flows);
        const double *price = master_price(a->master, scenario, a->node[site]);
        for (int t = 0; t < a->shape.is.n; t++)
            v->flows.node[t] = price[t] * 60 / a->shape.is.step_min;
        memset(out, 0, sizeof *out);
        site_round(&v->is, &v->flows, out);
        site_cost(&v->is, out);
        out->status = MIZO_PLAN_OPTIMAL;
        out->n = v->is.n;
        own_bound(a, i, at, out);
        out->sell_lowered = v->is.sell_lowered;
        for (int t = 0; t < v->is.n; t++)
            out->price_myen[t] = (int32_t)lround(fmax(-2e9, fmin(2e9, v->flows.price[t] * 1000)));
    }
    free(v);
    return e;
}

mizo_err mizo_area_node_read(const mizo_area *a, int node, int scenario, mizo_area_flow *out)
{
    if (!a->solved || node < 0 || node >= a->shape.is.nnode || scenario < 0 ||
        scenario >= a->shape.is.nscenario)
        return MIZO_EINPUT;
    master_read(a->master, scenario, node, out);
    return MIZO_OK;
}
