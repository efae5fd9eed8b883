/* plan_town.c: see plan_town.h. */
#include "town/plan/plan_town.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = MIZO_DAY_SLOTS };
typedef int32_t day_w[DAY];

struct plan_town {
    const mizo_region *region;
    plan_desk *desk;
    town_area *area;
    mizo_slot midnight;
    size_t nsite, nfixed, unknown;
    plan_site **site;  /* [nsite] */
    area_site *ask;    /* [npoint] */
    area_fixed *fixed; /* [npoint] */
    day_w *net;        /* [npoint] of fixed */
    bool *in;          /* [npoint] added */
    bool priced;       /* price was given */
    day_w *flow;       /* [nnode + 1] the town last */
    day_w plants, price;
};

mizo_err plan_town_new(const mizo_region *r, store *s, env *e, const mizo_crew *crew, const plan_ask *ask,
                       plan_town **out)
{
    *out = NULL;
    plan_town *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    t->region = r;
    t->midnight = mizo_day_slot(ask->day, r->offset);
    t->desk = plan_desk_new(r, s, NULL, ask);
    t->site = calloc(r->npoint + 1, sizeof *t->site);
    t->ask = calloc(r->npoint + 1, sizeof *t->ask);
    t->fixed = calloc(r->npoint + 1, sizeof *t->fixed);
    t->net = calloc(r->npoint + 1, sizeof *t->net);
    t->in = calloc(r->npoint + 1, sizeof *t->in);
    t->flow = calloc(r->nnode + 1, sizeof *t->flow);
    bool all = t->desk && t->site && t->ask && t->fixed && t->net && t->in && t->flow;
    mizo_err err = all ? town_area_new(r, e, crew, &t->area) : MIZO_ENOMEM;
    if (err) {
        plan_town_free(t);
        return err;
    }
    *out = t;
    return MIZO_OK;
}

void plan_town_free(plan_town *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->site && i < t->nsite; i++)
        free(t->site[i]);
    town_area_free(t->area);
    plan_desk_free(t->desk);
    free(t->site);
    free(t->ask);
    free(t->fixed);
    free(t->net);
    free(t->in);
    free(t->flow);
    free(t);
}

mizo_err plan_town_add(plan_town *t, mizo_ref point)
{
    plan_site *p = calloc(1, sizeof *p);
    mizo_err e = p ? plan_ask_point(t->desk, point, p) : MIZO_ENOMEM;
    if (e) {
        free(p);
        return e;
    }
    t->in[point] = true;
    t->ask[t->nsite] = (area_site){ point, &p->problem.lp, true };
    t->site[t->nsite++] = p;
    return MIZO_OK;
}

/* ---- the rest, and the solve ---- */

static mizo_err add_fixed(plan_town *t, mizo_ref point, int32_t *w)
{
    mizo_err e = plan_net_of_point(t->desk, point, w);
    if (e == MIZO_ENOENT || e == MIZO_EINPUT || e == MIZO_ERANGE) {
        t->unknown++;
        return MIZO_OK;
    }
    if (!e)
        t->fixed[t->nfixed++] = (area_fixed){ point, w };
    return e;
}

static mizo_err add_rest(plan_town *t, bool whole)
{
    mizo_day day = mizo_slot_day(t->midnight, t->region->offset);
    for (size_t i = 0; i < t->region->npoint; i++) {
        const mizo_point *p = &t->region->point[i];
        bool wanted = whole || town_area_wants(t->area, (mizo_ref)i);
        if (t->in[i] || !wanted || day < p->from || day >= p->to)
            continue;
        MIZO_TRY(add_fixed(t, (mizo_ref)i, t->net[i]));
    }
    return MIZO_OK;
}

static int32_t *flow_of(plan_town *t, mizo_ref node)
{
    return t->flow[node < 0 ? (mizo_ref)t->region->nnode : node];
}

static void add_flow(plan_town *t, mizo_ref point, const int32_t *plus, const int32_t *minus)
{
    mizo_ref node = t->region->point[point].node;
    for (;;) {
        int32_t *sum = flow_of(t, node);
        for (int k = 0; k < DAY; k++) {
            int64_t w = (int64_t)sum[k] + plus[k] - (minus ? minus[k] : 0);
            sum[k] = w > INT32_MAX ? INT32_MAX : w < -INT32_MAX ? -INT32_MAX : (int32_t)w;
        }
        if (node < 0)
            return;
        node = t->region->node[node].parent;
    }
}

static mizo_err sum_flows(plan_town *t)
{
    mizo_site_plan *plan = malloc(sizeof *plan);
    mizo_err e = plan ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < t->nsite && !e; i++) {
        e = town_area_plan(t->area, i, plan);
        if (!e)
            add_flow(t, t->site[i]->point, plan->import_w, plan->export_w);
    }
    free(plan);
    for (size_t k = 0; k < t->nfixed && !e; k++)
        add_flow(t, t->fixed[k].point, t->fixed[k].net_w, NULL);
    for (int k = 0; k < DAY && !e; k++)
        flow_of(t, -1)[k] -= t->plants[k];
    return e;
}

mizo_err plan_town_solve(plan_town *t, bool whole, area_answer *out)
{
    MIZO_TRY(add_rest(t, whole));
    whole = whole || town_area_wants_town(t->area);
    if (whole)
        MIZO_TRY(plan_plants(t->desk, t->plants));
    if (t->region->market_paid && !t->priced)
        MIZO_TRY(plan_prices(t->desk, t->price));
    area_round round = { .from = t->midnight,
                         .n = DAY,
                         .nsite = t->nsite,
                         .nfixed = t->nfixed,
                         .site = t->ask,
                         .fixed = t->fixed,
                         .plants_w = whole ? t->plants : NULL,
                         .price_myen = t->region->market_paid || t->priced ? t->price : NULL,
                         .priced = t->priced };
    MIZO_TRY(town_area_solve(t->area, &round, out));
    return sum_flows(t);
}

/* ---- asking ---- */

void plan_town_price(plan_town *t, const int32_t *myen)
{
    memcpy(t->price, myen, sizeof t->price);
    t->priced = true;
}

size_t plan_town_sites(const plan_town *t)
{
    return t->nsite;
}

/* What the limits above the site make of a kWh's price in each slot: the dearest of them, of import or export. */
static void read_caps(const plan_town *t, plan_site *p)
{
    const area_nodes *a = town_area_nodes(t->area);
    int at = area_nodes_at(a, t->region, p->point);
    for (int s = 0; s < DAY; s++) {
        p->node_myen[s] = town_area_price(t->area, p->point, s);
        p->cap_myen[s] = 0;
        for (int k = at; k >= 0; k = a->place[k].parent) {
            int32_t shadow = town_area_flow(t->area, k)->shadow_myen[s];
            if (abs(shadow) <= abs(p->cap_myen[s]))
                continue;
            p->cap_myen[s] = shadow;
            p->cap_node[s] = a->place[k].node;
            p->cap_call[s] = !a->place[k].standing;
        }
    }
}

mizo_err plan_town_site(plan_town *t, size_t i, plan_site **out)
{
    plan_site *p = t->site[i];
    MIZO_TRY(town_area_plan(t->area, i, &p->plan));
    plan_without_steer(p);
    read_caps(t, p);
    plan_explain(p);
    *out = p;
    return MIZO_OK;
}

void plan_town_drop(plan_town *t, size_t i)
{
    free(t->site[i]);
    t->site[i] = NULL;
}

const town_area *plan_town_area(const plan_town *t)
{
    return t->area;
}

const int32_t *plan_town_net(const plan_town *t, mizo_ref node)
{
    return t->flow[node < 0 ? (mizo_ref)t->region->nnode : node];
}

size_t plan_town_unknown(const plan_town *t)
{
    return t->unknown;
}

mizo_err plan_town_keep_site(plan_town *t, const plan_site *p)
{
    return plan_keep(t->desk, p);
}

mizo_err plan_town_keep(plan_town *t)
{
    day_w buy, sell;
    for (int k = 0; k < DAY; k++) {
        int32_t net = plan_town_net(t, -1)[k];
        buy[k] = net > 0 ? net : 0;
        sell[k] = net < 0 ? -net : 0;
    }
    MIZO_TRY(plan_keep_day(t->desk, t->region->id, MIZO_Q_IMPORT, buy));
    return plan_keep_day(t->desk, t->region->id, MIZO_Q_EXPORT, sell);
}
