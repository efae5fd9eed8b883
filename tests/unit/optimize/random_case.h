/* random_case.h: a seeded site problem; `wild` ones are absurd in every way that is not refused. */
#ifndef TESTS_RANDOM_CASE_H
#define TESTS_RANDOM_CASE_H

#include <string.h>

#include "mizo/optimize.h"

typedef struct random_case {
    mizo_site_problem p;
    int32_t load_w[MIZO_PLAN_MAX], pv_w[MIZO_PLAN_MAX], buy[MIZO_PLAN_MAX], sell[MIZO_PLAN_MAX];
    int32_t use_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX]; /* only with extras */
    int32_t sold_w[MIZO_PLAN_MAX], sold_wh[MIZO_PLAN_MAX];
    uint64_t seed, at;
} random_case;

static inline int32_t random_int(random_case *c, int32_t lo, int32_t hi)
{
    return lo + (int32_t)(mizo_unit(c->seed, 77, c->at++) * ((double)hi - lo + 1));
}

static inline bool random_chance(random_case *c, int percent)
{
    return random_int(c, 0, 99) < percent;
}

static inline void random_battery(random_case *c, mizo_plan_battery *b, bool wild)
{
    int32_t energy = random_int(c, 2, 200) * 500;
    *b = (mizo_plan_battery){ .energy_wh = energy,
                              .charge_w = energy / random_int(c, 1, 5),
                              .discharge_w = energy / random_int(c, 1, 5),
                              .soc_min_wh = energy / 10,
                              .soc_max_wh = energy / 20 * 19,
                              .charge_ppm = random_int(c, 850000, 1000000),
                              .discharge_ppm = random_int(c, 850000, 1000000),
                              .wear_myen = random_int(c, 0, 4000),
                              .end_myen = random_int(c, 0, 20000) };
    b->reserve_wh = random_chance(c, 50) ? energy / 10 : energy / 10 * random_int(c, 1, 6);
    b->soc_now_wh = random_int(c, b->soc_min_wh, b->soc_max_wh);
    if (!wild)
        return;
    b->soc_now_wh = random_int(c, -energy / 2, energy * 3 / 2);
    b->reserve_wh = random_int(c, -energy, 2 * energy);
    if (random_chance(c, 20))
        b->charge_w = 0;
    if (random_chance(c, 20))
        b->discharge_w = 0;
    if (random_chance(c, 15))
        b->energy_wh = 0;
    if (random_chance(c, 20))
        b->charge_ppm = random_int(c, 10000, 1000000);
}

static inline void random_vehicle(random_case *c, mizo_plan_vehicle *v, bool wild)
{
    v->from = random_int(c, 0, c->p.n - 1);
    v->to = random_int(c, v->from, c->p.n);
    v->max_w = random_int(c, 1, 12) * 1000;
    v->efficiency_ppm = random_int(c, 800000, 1000000);
    v->need_wh = random_int(c, 0, v->max_w / 2 * (v->to - v->from) / 3 * 2);
    if (!wild)
        return;
    v->from = random_int(c, -20, c->p.n + 20);
    v->to = random_int(c, -20, c->p.n + 20);
    v->need_wh = random_int(c, 0, 100000);
    v->max_w = random_chance(c, 20) ? 0 : random_int(c, 1, 50000);
}

static inline void random_series(random_case *c, bool wild)
{
    int32_t base = random_int(c, 200, 20000), sun = random_chance(c, 60) ? random_int(c, 0, 30000) : 0;
    for (int t = 0; t < c->p.n; t++) {
        int hour = t * c->p.step_min / 60 % 24;
        c->load_w[t] = base / 2 + random_int(c, 0, base) + (hour > 7 && hour < 20 ? base : 0);
        c->pv_w[t] = hour > 6 && hour < 18 ? random_int(c, 0, sun) : 0;
        c->buy[t] = hour < 7 ? 9000 : hour > 15 && hour < 21 ? 17000 + 10 * random_int(c, 0, 900) : 13000;
        c->sell[t] = 3000;
        if (!wild)
            continue;
        c->load_w[t] = random_chance(c, 10) ? 0 : c->load_w[t] * random_int(c, 1, 4);
        c->buy[t] = random_int(c, -20000, 60000);
        c->sell[t] = random_int(c, -20000, 60000);
    }
}

static inline void random_site(random_case *c, uint64_t seed, bool wild)
{
    memset(c, 0, sizeof *c);
    c->seed = seed;
    mizo_site_problem *p = &c->p;
    p->size = sizeof *p;
    p->n = random_chance(c, 30) ? random_int(c, 1, 6) : random_int(c, 8, 60);
    p->step_min = random_chance(c, 80) ? 30 : 15;
    random_series(c, wild);
    p->load_w = c->load_w;
    p->pv_w = random_chance(c, 80) ? c->pv_w : NULL;
    p->buy_myen = c->buy;
    p->sell_myen = c->sell;
    int32_t most = 0;
    for (int t = 0; t < p->n; t++)
        most = c->load_w[t] > most ? c->load_w[t] : most;
    p->limit_w = wild && random_chance(c, 60) ? random_int(c, 0, most) : most + random_int(c, 0, 20000);
    p->standing_w = random_int(c, 0, p->limit_w);
    p->peak_myen_per_kw = random_chance(c, 50) ? 19278000 : 30000;
    p->export_w = random_chance(c, 60) ? random_int(c, 0, 30000) : 0;
    p->nbattery = random_int(c, 0, 3);
    p->nvehicle = random_chance(c, 50) ? random_int(c, 0, 5) : 0;
    for (int b = 0; b < p->nbattery; b++)
        random_battery(c, &p->battery[b], wild);
    for (int v = 0; v < p->nvehicle; v++)
        random_vehicle(c, &p->vehicle[v], wild);
}

/* ---- what a real site adds ---- */

static inline void random_window(random_case *c, mizo_plan_battery *b, bool wild)
{
    b->from = random_int(c, wild ? -5 : 0, c->p.n - 1);
    b->to = random_int(c, b->from + 1, c->p.n + 10);
    b->to = b->to == 0 ? 1 : b->to;
    b->leave_wh = random_int(c, 0, wild ? 2 * b->energy_wh : b->soc_max_wh);
}

/* A water heater or a hydrogen set: loses by standing, is drawn from. */
static inline void random_store(random_case *c, int b, bool wild)
{
    mizo_plan_battery *s = &c->p.battery[b];
    s->loss_ppm_h = random_chance(c, 60) ? random_int(c, 0, 30000) : 0;
    if (random_chance(c, 60))
        s->soc_min_wh = s->reserve_wh = 0;
    if (random_chance(c, 50))
        s->discharge_w = 0;
    if (wild && random_chance(c, 20))
        s->loss_ppm_h = random_int(c, 0, 1000000);
    int32_t most = s->charge_w / (wild ? 1 : 3);
    for (int t = 0; t < c->p.n; t++)
        c->use_w[b][t] = random_chance(c, 30) ? random_int(c, 0, most) : 0;
    s->use_w = c->use_w[b];
}

static inline void random_sold(random_case *c, mizo_plan_battery *b, bool wild)
{
    int from = random_int(c, 0, c->p.n - 1), to = random_int(c, from, c->p.n);
    int32_t w = random_int(c, 0, wild ? 2 * b->discharge_w : b->discharge_w);
    for (int t = 0; t < c->p.n; t++) {
        c->sold_w[t] = t >= from && t < to ? w : 0;
        c->sold_wh[t] = c->sold_w[t] * c->p.step_min / 60;
    }
    b->reserved_w = c->sold_w;
    b->reserved_wh = random_chance(c, 80) ? c->sold_wh : NULL;
}

static inline void random_run(random_case *c, mizo_plan_run *r, bool wild)
{
    r->slots = random_int(c, 1, c->p.n < 6 ? c->p.n : 6);
    r->from = random_int(c, 0, c->p.n - r->slots);
    r->to = random_int(c, r->from + r->slots, c->p.n);
    r->power_w = random_int(c, 0, c->p.limit_w / 4);
    if (!wild)
        return;
    r->from = random_int(c, -10, c->p.n + 10);
    r->to = random_int(c, -10, c->p.n + 10);
    r->slots = random_int(c, 1, 2 * c->p.n);
    r->power_w = random_int(c, 0, 2 * c->p.limit_w);
}

static inline void random_batteries_extra(random_case *c, bool wild)
{
    mizo_site_problem *p = &c->p;
    for (int b = 0; b < p->nbattery; b++) {
        mizo_plan_battery *s = &p->battery[b];
        s->own_pv_only = random_chance(c, 20);
        s->site_only = random_chance(c, 30);
        if (random_chance(c, 30))
            random_window(c, s, wild);
        if (random_chance(c, 40))
            random_store(c, b, wild);
        if (random_chance(c, 20))
            random_sold(c, s, wild);
    }
}

static inline void random_extras(random_case *c, bool wild)
{
    mizo_site_problem *p = &c->p;
    random_batteries_extra(c, wild);
    for (int v = 0; v < p->nvehicle; v++)
        if (random_chance(c, 60))
            p->vehicle[v].min_w =
                random_chance(c, 20) ? p->vehicle[v].max_w : random_int(c, 0, wild ? 6000 : 1400);
    p->nrun = random_chance(c, 50) ? random_int(c, 0, 3) : 0;
    for (int k = 0; k < p->nrun; k++)
        random_run(c, &p->run[k], wild);
    if (random_chance(c, 30)) {
        p->agreed_w = random_int(c, 0, p->limit_w);
        p->over_agreed_myen_per_kw = random_int(c, 0, 30000000);
    }
    if (random_chance(c, 25))
        p->keep_import_w = random_int(c, 0, wild ? 2 * p->limit_w : 2000);
}

#endif
