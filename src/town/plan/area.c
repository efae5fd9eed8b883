/* area.c: see area.h. */
#include "town/plan/area.h"

#include <stdlib.h>
#include <string.h>

typedef int32_t slots[MIZO_PLAN_MAX];

struct town_area {
    const mizo_region *region, *limits; /* limits: the newer model, or the same; a reference each */
    env *env;
    const mizo_crew *crew;
    area_nodes nodes, newer; /* of region, of limits */
    slots *import, *export, *own;
    bool *limited;        /* in the horizon */
    mizo_area_node *node; /* as the engine wants them */
    slots buy, sell, carbon;
    mizo_area_market market;
    mizo_area_shape shape;
    mizo_area *area;
    mizo_ref *point; /* [nsite] in the area */
    size_t nsite, cap;
    mizo_area_flow *flow; /* [nodes.n] */
    bool solved, whole;
    uint64_t until_ns; /* of the solve in hand; 0: none */
};

/* ---- life ---- */

static mizo_err make_room(town_area *a)
{
    size_t n = (size_t)a->nodes.n;
    a->import = calloc(n, sizeof *a->import);
    a->export = calloc(n, sizeof *a->export);
    a->own = calloc(n, sizeof *a->own);
    a->node = calloc(n, sizeof *a->node);
    a->flow = calloc(n, sizeof *a->flow);
    a->limited = calloc(n, sizeof *a->limited);
    bool all = a->import && a->export && a->own && a->node && a->flow && a->limited;
    return all ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err town_area_new(const mizo_region *r, env *e, const mizo_crew *crew, town_area **out)
{
    *out = NULL;
    town_area *a = calloc(1, sizeof *a);
    if (!a)
        return MIZO_ENOMEM;
    a->region = mizo_region_ref(r);
    a->limits = mizo_region_ref(r);
    a->env = e;
    a->crew = crew;
    mizo_err err = area_nodes_new(r, &a->nodes);
    if (!err)
        err = area_nodes_new(r, &a->newer);
    if (!err)
        err = make_room(a);
    if (err) {
        town_area_free(a);
        return err;
    }
    *out = a;
    return MIZO_OK;
}

void town_area_free(town_area *a)
{
    if (!a)
        return;
    mizo_area_free(a->area);
    area_nodes_free(&a->nodes);
    area_nodes_free(&a->newer);
    mizo_region_unref(a->region);
    mizo_region_unref(a->limits);
    free(a->import);
    free(a->export);
    free(a->own);
    free(a->node);
    free(a->flow);
    free(a->limited);
    free(a->point);
    free(a);
}

mizo_err town_area_limits(town_area *a, const mizo_region *newer)
{
    area_nodes nodes;
    MIZO_TRY(area_nodes_new(newer, &nodes));
    if (!area_nodes_same(&a->nodes, a->region, &nodes, newer)) {
        area_nodes_free(&nodes);
        return MIZO_ECONFLICT;
    }
    area_nodes_free(&a->newer);
    a->newer = nodes;
    mizo_region_unref(a->limits);
    a->limits = mizo_region_ref(newer);
    return MIZO_OK;
}

/* ---- of what interest ---- */

void town_area_whole(town_area *a)
{
    a->whole = true;
}

bool town_area_wants_town(const town_area *a)
{
    const mizo_region *r = a->region;
    return a->whole || r->feeder_w > 0 || a->nodes.top > 0 || r->market_paid ||
           r->town_peak_myen_per_kw > 0 || r->carbon_yen_per_t > 0 || r->unmatched_myen > 0;
}

bool town_area_wants(const town_area *a, mizo_ref point)
{
    return town_area_wants_town(a) || area_nodes_at(&a->nodes, a->region, point) > 0;
}

/* ---- the shape of a round ---- */

static int32_t clip(int64_t x)
{
    return x > INT32_MAX ? INT32_MAX : x < -INT32_MAX ? -INT32_MAX : (int32_t)x;
}

static void add_to(int32_t *sum, const int32_t *w, int n, int sign)
{
    for (int t = 0; t < n; t++)
        sum[t] = clip((int64_t)sum[t] + sign * (int64_t)w[t]);
}

static void put_nodes(town_area *a, const area_round *round)
{
    for (int k = 0; k < a->nodes.n; k++) {
        memset(a->own[k], 0, (size_t)round->n * sizeof(int32_t));
        a->limited[k] =
            area_nodes_limits(&a->newer, a->limits, k, round->from, round->n, a->import[k], a->export[k]);
    }
    for (size_t i = 0; i < round->nfixed; i++)
        add_to(a->own[area_nodes_at(&a->nodes, a->region, round->fixed[i].point)], round->fixed[i].net_w,
               round->n, -1);
    if (round->plants_w)
        add_to(a->own[0], round->plants_w, round->n, 1);
    for (int k = 0; k < a->nodes.n; k++)
        a->node[k] = (mizo_area_node){ .parent = a->nodes.place[k].parent,
                                       .import_w = a->limited[k] ? a->import[k] : NULL,
                                       .export_w = a->limited[k] ? a->export[k] : NULL,
                                       .own_w = a->own[k],
                                       .over_myen = a->newer.place[k].over_myen };
}

/* What the town pays beside its sites. A price that is not known counts nothing. */
static void put_market(town_area *a, const area_round *round)
{
    const mizo_region *r = a->region;
    bool paid = (r->market_paid || round->priced) && round->price_myen;
    for (int t = 0; t < round->n; t++) {
        int32_t price = paid && round->price_myen[t] != MIZO_MISSING ? round->price_myen[t] : 0;
        a->buy[t] = a->sell[t] = price;
        a->carbon[t] = r->grid_g_per_kwh;
    }
    a->market = (mizo_area_market){
        .buy_myen = paid ? a->buy : NULL,
        .sell_myen = paid ? a->sell : NULL,
        .standing_w = round->standing_w > r->town_standing_w ? round->standing_w : r->town_standing_w,
        .peak_myen_per_kw = r->town_peak_myen_per_kw,
        .g_per_kwh = r->carbon_yen_per_t > 0 ? a->carbon : NULL,
        .carbon_yen_per_t = r->carbon_yen_per_t,
        .unmatched_myen = r->unmatched_myen,
    };
}

static void put_shape(town_area *a, const area_round *round)
{
    put_nodes(a, round);
    put_market(a, round);
    a->shape = (mizo_area_shape){ .size = sizeof a->shape,
                                  .from = round->from,
                                  .n = round->n,
                                  .step_min = 30,
                                  .nnode = a->nodes.n,
                                  .node = a->node,
                                  .nscenario = 1,
                                  .market = &a->market };
}

/* ---- its sites ---- */

static bool same_sites(const town_area *a, const area_round *round)
{
    if (!a->area || a->nsite != round->nsite)
        return false;
    for (size_t i = 0; i < a->nsite; i++)
        if (a->point[i] != round->site[i].point)
            return false;
    return true;
}

static mizo_err renew(town_area *a, const area_round *round)
{
    MIZO_TRY(mizo_area_renew(a->area, &a->shape));
    for (size_t i = 0; i < round->nsite; i++)
        if (!round->same_slot || round->site[i].changed)
            MIZO_TRY(mizo_area_set(a->area, i, &round->site[i].problem));
    return MIZO_OK;
}

static mizo_err make_anew(town_area *a, const area_round *round)
{
    mizo_area_free(a->area);
    a->area = NULL;
    a->nsite = 0;
    if (round->nsite > a->cap) {
        mizo_ref *more = realloc(a->point, round->nsite * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        a->point = more;
        a->cap = round->nsite;
    }
    MIZO_TRY(mizo_area_new(&a->shape, &a->area));
    for (size_t i = 0; i < round->nsite; i++) {
        const area_site *s = &round->site[i];
        MIZO_TRY(mizo_area_add(a->area, area_nodes_at(&a->nodes, a->region, s->point), &s->problem));
        a->point[a->nsite++] = s->point;
    }
    return MIZO_OK;
}

/* ---- solving ---- */

static uint64_t now_ns(const town_area *a)
{
    return a->env ? a->env->ops->mono_ns(a->env) : 0;
}

static bool out_of_time(void *arg)
{
    const town_area *a = arg;
    return now_ns(a) >= a->until_ns;
}

static mizo_err solve(town_area *a, const area_round *round, mizo_area_result *result)
{
    mizo_area_options o = { .size = sizeof o, .crew = a->crew };
    if (a->env && round->time_ms > 0) {
        a->until_ns = now_ns(a) + (uint64_t)round->time_ms * 1000000u;
        o.stop = out_of_time;
        o.arg = a;
    }
    MIZO_TRY(mizo_area_solve(a->area, &o, result));
    if (result->status == MIZO_PLAN_NONE)
        return MIZO_EBUSY;
    for (int k = 0; k < a->nodes.n; k++)
        MIZO_TRY(mizo_area_node_read(a->area, k, 0, &a->flow[k]));
    return MIZO_OK;
}

mizo_err town_area_solve(town_area *a, const area_round *round, area_answer *out)
{
    uint64_t start = now_ns(a);
    *out = (area_answer){ .result = { .status = MIZO_PLAN_NONE } };
    a->solved = false;
    put_shape(a, round);
    mizo_err e = same_sites(a, round) ? renew(a, round) : MIZO_EINPUT;
    if (e && e != MIZO_ENOMEM) /* other sites, other devices: from the beginning */
        e = make_anew(a, round);
    if (!e)
        e = solve(a, round, &out->result);
    if (e && e != MIZO_EBUSY) {
        mizo_area_free(a->area); /* half told it would pass for the town */
        a->area = NULL;
    }
    a->solved = !e;
    out->offered = round->nsite;
    out->solve_ms = (int)((now_ns(a) - start) / 1000000u);
    return e;
}

/* ---- asking ---- */

mizo_err town_area_plan(const town_area *a, size_t i, mizo_site_plan *out)
{
    return a->solved ? mizo_area_site(a->area, i, 0, out) : MIZO_ENOENT;
}

int32_t town_area_price(const town_area *a, mizo_ref point, int t)
{
    return a->solved ? a->flow[area_nodes_at(&a->nodes, a->region, point)].price_myen[t] : 0;
}

const area_nodes *town_area_nodes(const town_area *a)
{
    return &a->nodes;
}

const mizo_area_flow *town_area_flow(const town_area *a, int place)
{
    return a->solved ? &a->flow[place] : NULL;
}

const int32_t *town_area_import_limit(const town_area *a, int place)
{
    return a->import[place];
}

const int32_t *town_area_export_limit(const town_area *a, int place)
{
    return a->export[place];
}

bool town_area_limits_at(const town_area *a, int place, mizo_slot slot, int32_t *import_w, int32_t *export_w)
{
    return area_nodes_limits(&a->newer, a->limits, place, slot, 1, import_w, export_w);
}
