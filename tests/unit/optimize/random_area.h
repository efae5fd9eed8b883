/* random_area.h: seeded towns: a handful of sites, a tree of nodes, a market, one future or several. What a town may
 * have is said by flags; everything else of it is drawn. */
#ifndef TESTS_RANDOM_AREA_H
#define TESTS_RANDOM_AREA_H

#include <stdlib.h>
#include <string.h>

#include "optimize/area_lp.h"

enum { AREA_SITES = 6, AREA_SLOTS = 96, AREA_SCENARIOS = 4, AREA_NODES = 7, AREA_FIRST = 900000 };

enum {
    AREA_WISHES = 1,    /* sites that must give something up */
    AREA_TREE = 2,      /* nodes below node 0, with limits that bind and some that cannot be kept */
    AREA_FUTURES = 4,   /* several scenarios */
    AREA_AHEAD = 8,     /* a purchase a day ahead */
    AREA_RICH = 16,     /* several batteries and vehicles a site */
    AREA_NEGATIVE = 32, /* prices below zero */
    AREA_EXTRAS = 64,   /* loss, use, runs, relays, grants ... */
    AREA_HARD = 128     /* limits of nodes that are physics: before one of them goes, every wish does */
};

typedef struct random_area_site {
    mizo_site_problem p[AREA_SCENARIOS];
    int32_t load[AREA_SCENARIOS][AREA_SLOTS], pv[AREA_SCENARIOS][AREA_SLOTS];
    int32_t buy[AREA_SLOTS], sell[AREA_SLOTS];
    int32_t use[AREA_SLOTS], reserved_w[AREA_SLOTS], reserved_wh[AREA_SLOTS];
    int node;
} random_area_site;

typedef struct random_area {
    int n, step, nsite, nscenario, nnode;
    random_area_site site[AREA_SITES];
    mizo_area_node node[AREA_NODES];
    int32_t import[AREA_NODES][AREA_SLOTS], export[AREA_NODES][AREA_SLOTS], own[AREA_NODES][AREA_SLOTS];
    mizo_area_market market[AREA_SCENARIOS];
    int32_t buy[AREA_SCENARIOS][AREA_SLOTS], sell[AREA_SCENARIOS][AREA_SLOTS];
    int32_t weight[AREA_SCENARIOS], ahead[AREA_SLOTS], ahead_w[AREA_SLOTS], carbon[AREA_SLOTS];
    mizo_area_shape shape;
    uint64_t seed, at;
} random_area;

static inline int32_t area_int(random_area *a, int32_t lo, int32_t hi)
{
    return lo + (int32_t)(mizo_unit(a->seed, 78, a->at++) * ((double)hi - lo + 1));
}

static inline bool area_chance(random_area *a, int percent)
{
    return area_int(a, 0, 99) < percent;
}

/* ---- sites ---- */

static inline int area_hour(const random_area *a, int t)
{
    return t * a->step / 60 % 24;
}

static inline void area_series(random_area *a, random_area_site *s, int flags)
{
    int32_t base = area_chance(a, 5) ? 0 : area_int(a, 200, 10000),
            low = flags & AREA_NEGATIVE ? -15000 : 1000;
    int32_t sun = area_chance(a, 60) ? area_int(a, 0, 15000) : 0;
    int32_t spread = area_chance(a, 20) ? 0 : area_int(a, 0, 9000);
    for (int t = 0; t < a->n; t++) {
        int hour = area_hour(a, t);
        int32_t load = base / 2 + area_int(a, 0, base) + (hour > 16 && hour < 22 ? base : 0);
        int32_t pv = hour > 6 && hour < 18 ? area_int(a, 0, sun) : 0;
        s->buy[t] = area_chance(a, 50) && t ? s->buy[t - 1] : area_int(a, low, 30000);
        s->sell[t] = s->buy[t] - spread;
        for (int k = 0; k < a->nscenario; k++) {
            s->load[k][t] = k ? load / 100 * area_int(a, 80, 120) : load;
            s->pv[k][t] = k ? pv / 100 * area_int(a, 30, 150) : pv;
        }
    }
}

static inline void area_battery(random_area *a, mizo_plan_battery *b, int flags)
{
    int32_t energy = area_int(a, 2, 60) * 500;
    *b = (mizo_plan_battery){ .energy_wh = energy,
                              .charge_w = energy / area_int(a, 1, 5),
                              .discharge_w = energy / area_int(a, 1, 5),
                              .soc_min_wh = energy / 10,
                              .soc_max_wh = energy / 20 * 19,
                              .charge_ppm = area_int(a, 850000, 1000000),
                              .discharge_ppm = area_int(a, 850000, 1000000),
                              .wear_myen = area_chance(a, 30) ? 0 : area_int(a, 0, 4000),
                              .end_myen = area_chance(a, 30) ? 0 : area_int(a, 0, 20000) };
    b->reserve_wh = b->soc_min_wh;
    b->soc_now_wh = area_chance(a, 10) ? b->soc_min_wh : area_int(a, b->soc_min_wh, b->soc_max_wh);
    if (area_chance(a, 10))
        b->soc_max_wh = b->soc_min_wh = b->soc_now_wh; /* it can do nothing */
    if (area_chance(a, 5))
        b->discharge_w = 0;
    if (!(flags & AREA_WISHES))
        return;
    b->reserve_wh = energy / 10 * area_int(a, 1, 8);
    if (area_chance(a, 40))
        b->soc_now_wh = area_int(a, 0, energy);
    if (area_chance(a, 20))
        b->charge_w = 0;
}

static inline void area_vehicle(random_area *a, mizo_plan_vehicle *v, int flags)
{
    v->from = area_int(a, 0, a->n - 1);
    v->to = area_chance(a, 10) ? v->from : area_int(a, v->from, a->n);
    v->max_w = area_int(a, 1, 7) * 1000;
    v->efficiency_ppm = area_int(a, 800000, 1000000);
    int64_t most = (int64_t)v->max_w * a->step / 60 * (v->to - v->from) * v->efficiency_ppm / MIZO_PPM;
    v->need_wh = (int32_t)(area_chance(a, 10) ? most : most / 100 * area_int(a, 0, 95));
    if (flags & AREA_WISHES && area_chance(a, 40))
        v->need_wh = area_int(a, 0, 60000);
}

static inline void area_extras(random_area *a, random_area_site *s, mizo_site_problem *p)
{
    for (int b = 0; b < p->nbattery; b++) {
        mizo_plan_battery *w = &p->battery[b];
        w->loss_ppm_h = area_chance(a, 40) ? area_int(a, 0, 20000) : 0;
        w->leave_wh = area_chance(a, 40) ? area_int(a, 0, w->energy_wh) : 0;
        w->own_pv_only = area_chance(a, 15);
        w->site_only = area_chance(a, 15);
        if (area_chance(a, 25)) {
            w->from = area_int(a, 0, a->n - 1);
            w->to = area_int(a, w->from + 1, a->n);
        }
        if (area_chance(a, 20)) {
            w->use_w = s->use;
            w->discharge_w = 0;
        }
        if (area_chance(a, 15)) {
            w->reserved_w = s->reserved_w;
            w->reserved_wh = s->reserved_wh;
        }
    }
    p->nrun = area_chance(a, 40) ? area_int(a, 1, 2) : 0;
    for (int r = 0; r < p->nrun; r++) {
        int slots = area_int(a, 1, 4), from = area_int(a, 0, a->n - 1);
        p->run[r] = (mizo_plan_run){ from, area_int(a, from, a->n), slots, area_int(a, 100, 3000) };
    }
    p->agreed_w = area_chance(a, 20) ? area_int(a, 500, 10000) : 0;
    p->over_agreed_myen_per_kw = p->agreed_w ? area_int(a, 0, 400000) : 0;
    p->keep_import_w = area_chance(a, 10) ? area_int(a, 1, 2000) : 0;
}

static inline int32_t area_most_load(const random_area *a, const random_area_site *s)
{
    int32_t most = 0;
    for (int k = 0; k < a->nscenario; k++)
        for (int t = 0; t < a->n; t++)
            most = s->load[k][t] > most ? s->load[k][t] : most;
    return most;
}

static inline void area_devices(random_area *a, random_area_site *s, mizo_site_problem *p, int flags)
{
    bool all_vans = area_chance(a, 15);
    p->nbattery = all_vans || area_chance(a, 25) ? 0 : flags & AREA_RICH ? area_int(a, 1, 3) : 1;
    p->nvehicle = all_vans || area_chance(a, 35) ? (flags & AREA_RICH ? area_int(a, 1, 5) : 1) : 0;
    for (int b = 0; b < p->nbattery; b++)
        area_battery(a, &p->battery[b], flags);
    for (int v = 0; v < p->nvehicle; v++)
        area_vehicle(a, &p->vehicle[v], flags);
    for (int t = 0; t < a->n; t++) {
        s->use[t] = area_chance(a, 30) ? area_int(a, 0, 800) : 0;
        s->reserved_w[t] = area_chance(a, 30) ? area_int(a, 0, 2000) : 0;
        s->reserved_wh[t] = s->reserved_w[t] / 2;
    }
    if (flags & AREA_EXTRAS)
        area_extras(a, s, p);
}

static inline void area_site(random_area *a, random_area_site *s, int flags)
{
    area_series(a, s, flags);
    mizo_site_problem *p = &s->p[0];
    *p = (mizo_site_problem){ .size = sizeof *p, .n = a->n, .step_min = a->step };
    area_devices(a, s, p, flags);
    int32_t most = area_most_load(a, s);
    p->limit_w = most + (area_chance(a, 20) ? 0 : area_int(a, 0, 10000));
    for (int v = 0; v < p->nvehicle; v++)
        p->limit_w += p->vehicle[v].max_w;
    if (flags & AREA_WISHES && area_chance(a, 40))
        p->limit_w = area_int(a, 0, most);
    p->from = AREA_FIRST;
    p->export_w = area_chance(a, 40) ? 0 : area_chance(a, 40) ? INT32_MAX : area_int(a, 0, 15000);
    p->standing_w = area_chance(a, 40) ? area_int(a, 0, p->limit_w) : 0;
    p->peak_myen_per_kw = area_chance(a, 30) ? 0 : area_chance(a, 70) ? area_int(a, 0, 300000) : 19278000;
    for (int k = 0; k < a->nscenario; k++) {
        if (k)
            s->p[k] = *p;
        s->p[k].load_w = s->load[k];
        s->p[k].pv_w = area_chance(a, 90) ? s->pv[k] : NULL;
        s->p[k].buy_myen = s->buy;
        s->p[k].sell_myen = s->sell;
    }
    s->node = area_int(a, 0, a->nnode - 1);
}

/* ---- nodes and market ---- */

/* A limit that leaves so many percent of what hangs below at its highest. */
static inline void area_limit(random_area *a, int32_t *limit, int32_t most, int percent)
{
    for (int t = 0; t < a->n; t++)
        limit[t] = area_chance(a, 10) ? INT32_MAX : (int32_t)((int64_t)most * percent / 100);
}

static inline void area_node(random_area *a, int m, int flags, int32_t most)
{
    mizo_area_node *node = &a->node[m];
    bool tight = flags & AREA_TREE && area_chance(a, 25);
    *node = (mizo_area_node){ .parent = m ? area_int(a, 0, m - 1) : -1 };
    area_limit(a, a->import[m], most, tight ? area_int(a, 0, 40) : area_int(a, 40, 120));
    area_limit(a, a->export[m], most, tight ? area_int(a, 0, 10) : area_int(a, 5, 120));
    node->import_w = area_chance(a, 70) ? a->import[m] : NULL;
    node->export_w = area_chance(a, 40) ? a->export[m] : NULL;
    node->over_myen = flags & AREA_HARD && area_chance(a, 60) ? 0 : area_int(a, 20000, 200000);
    if (area_chance(a, 40))
        node->own_w = a->own[m];
    for (int t = 0; t < a->n; t++)
        a->own[m][t] = area_int(a, 0, most / 8 + 1) * (area_chance(a, 90) ? 1 : -1);
}

static inline void area_market(random_area *a, int k, int flags)
{
    mizo_area_market *m = &a->market[k];
    int32_t low = flags & AREA_NEGATIVE ? -10000 : 500;
    int32_t spread = area_chance(a, 15) ? 0 : area_int(a, 100, 3000);
    for (int t = 0; t < a->n; t++) {
        a->buy[k][t] = area_int(a, low, 25000);
        a->sell[k][t] = a->buy[k][t] - spread;
        a->carbon[t] = area_int(a, 0, 600);
        a->ahead[t] = area_int(a, low, 20000);
        a->ahead_w[t] = area_int(a, 0, 20000);
    }
    *m = (mizo_area_market){ .buy_myen = a->buy[k], .sell_myen = a->sell[k] };
    if (k == 0 && area_chance(a, 10))
        m->buy_myen = m->sell_myen = NULL;
    m->standing_w = area_chance(a, 40) ? area_int(a, 0, 20000) : 0;
    m->peak_myen_per_kw = area_chance(a, 40) ? 0 : area_int(a, 0, 500000);
    if (area_chance(a, 25)) {
        m->g_per_kwh = a->carbon;
        m->carbon_yen_per_t = area_int(a, 0, 20000);
    }
    m->unmatched_myen = area_chance(a, 25) ? area_int(a, 0, 5000) : 0;
}

static inline void area_futures(random_area *a, int flags)
{
    int32_t rest = MIZO_PPM;
    for (int k = 0; k < a->nscenario; k++) {
        area_market(a, k, flags);
        a->weight[k] = k + 1 < a->nscenario ? area_int(a, 1, rest / 2) : rest;
        rest -= a->weight[k];
    }
}

/* Where the day ahead is cheaper than any sale, as much is bought as the town may import: that must be said. */
static inline void area_bound_ahead(random_area *a, int32_t most)
{
    a->node[0].import_w = a->import[0];
    for (int t = 0; t < a->n; t++)
        a->import[0][t] = a->import[0][t] == INT32_MAX ? most : a->import[0][t];
}

/* `slots` 0: drawn, 4 to 96. Large: make it static or on the heap. */
static inline void random_area_make(random_area *a, uint64_t seed, int flags, int slots)
{
    static const int steps[] = { 30, 30, 30, 15, 60 };
    memset(a, 0, sizeof *a);
    a->seed = seed;
    a->n = slots ? slots : area_chance(a, 60) ? area_int(a, 4, 24) : area_int(a, 24, AREA_SLOTS);
    a->step = steps[area_int(a, 0, 4)];
    a->nsite = area_int(a, 1, AREA_SITES);
    a->nscenario = flags & AREA_FUTURES ? area_int(a, 2, AREA_SCENARIOS) : 1;
    a->nnode = flags & AREA_TREE ? area_int(a, 2, AREA_NODES) : 1;
    int32_t most = 0;
    for (int i = 0; i < a->nsite; i++) {
        area_site(a, &a->site[i], flags);
        most += area_most_load(a, &a->site[i]);
    }
    for (int m = 0; m < a->nnode; m++)
        area_node(a, m, flags, most);
    area_futures(a, flags);
    a->shape = (mizo_area_shape){ .size = sizeof a->shape,
                                  .from = AREA_FIRST,
                                  .n = a->n,
                                  .step_min = a->step,
                                  .nnode = a->nnode,
                                  .node = a->node,
                                  .nscenario = a->nscenario,
                                  .weight_ppm = a->nscenario > 1 && area_chance(a, 70) ? a->weight : NULL,
                                  .market = a->market };
    if (flags & AREA_AHEAD) {
        a->shape.ahead_myen = a->ahead;
        a->shape.ahead_w = area_chance(a, 40) ? a->ahead_w : NULL;
        area_bound_ahead(a, most);
    }
}

/* ---- the day rolls on ---- */

/* The last slots repeat the first: the same day goes on. */
static inline void area_shift(const random_area *a, int32_t *v, int by)
{
    int32_t first[AREA_SLOTS];
    memcpy(first, v, (size_t)by * sizeof *v);
    memmove(v, v + by, (size_t)(a->n - by) * sizeof *v);
    memcpy(v + a->n - by, first, (size_t)by * sizeof *v);
}

/* A store that has left by then is left out. */
static inline void area_roll_batteries(mizo_site_problem *p, const mizo_site_plan *plan, int by)
{
    int kept = 0;
    for (int b = 0; b < p->nbattery; b++) {
        mizo_plan_battery w = p->battery[b];
        if (w.to > 0 && w.to <= by)
            continue;
        if (w.to == 0 || w.from < by)
            w.soc_now_wh = plan->soc_wh[b][by - 1];
        w.from = w.from > by ? w.from - by : 0;
        w.to = w.to > 0 ? w.to - by : 0;
        p->battery[kept++] = w;
    }
    p->nbattery = kept;
}

static inline void area_roll_devices(mizo_site_problem *p, const mizo_site_plan *plan, int by)
{
    area_roll_batteries(p, plan, by);
    for (int v = 0; v < p->nvehicle; v++) {
        int64_t given = 0;
        for (int t = 0; t < by; t++)
            given += (int64_t)plan->vehicle_w[v][t] * p->step_min / 60;
        p->vehicle[v].from -= by;
        p->vehicle[v].to -= by;
        p->vehicle[v].need_wh = given < p->vehicle[v].need_wh ? (int32_t)(p->vehicle[v].need_wh - given) : 0;
    }
    for (int r = 0; r < p->nrun; r++) {
        p->run[r].from -= by;
        p->run[r].to -= by;
    }
}

static inline void area_roll_site(random_area *a, random_area_site *s, const mizo_site_plan *plan, int by)
{
    int32_t *all[] = { s->buy, s->sell, s->use, s->reserved_w, s->reserved_wh };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        area_shift(a, all[i], by);
    for (int k = 0; k < a->nscenario; k++) {
        area_shift(a, s->load[k], by);
        area_shift(a, s->pv[k], by);
        area_roll_devices(&s->p[k], plan, by);
        s->p[k].from += by;
    }
}

/* Everything of the town but its sites. */
static inline void area_roll_town(random_area *a, int by)
{
    for (int m = 0; m < a->nnode; m++) {
        area_shift(a, a->import[m], by);
        area_shift(a, a->export[m], by);
        area_shift(a, a->own[m], by);
    }
    for (int k = 0; k < a->nscenario; k++) {
        area_shift(a, a->buy[k], by);
        area_shift(a, a->sell[k], by);
    }
    area_shift(a, a->ahead, by);
    area_shift(a, a->ahead_w, by);
    area_shift(a, a->carbon, by);
    a->shape.from += by;
}

static inline const mizo_site_problem *random_area_problem(void *arg, size_t i, int k, int *node)
{
    random_area *a = arg;
    *node = a->site[i].node;
    return &a->site[i].p[k];
}

#endif
