/* replay.h: carries a plan out in integers and holds it against physics. Returns NULL, or what is wrong. */
#ifndef TESTS_REPLAY_H
#define TESTS_REPLAY_H

#include "mizo/optimize.h"

static inline const char *replay_grid(const mizo_site_problem *p, const mizo_site_plan *s, int t)
{
    int64_t pv = p->pv_w ? p->pv_w[t] : 0;
    if (s->import_w[t] < 0 || s->import_w[t] > p->limit_w)
        return "import beyond the limit";
    if (s->export_w[t] < 0 || s->export_w[t] > p->export_w)
        return "export beyond the limit";
    if (s->import_w[t] > 0 && s->export_w[t] > 0)
        return "import and export at once";
    if (s->pv_w[t] < 0 || s->pv_w[t] > pv)
        return "more PV than there is";
    if (s->unserved_w[t] < 0 || s->unserved_w[t] > p->load_w[t])
        return "more unserved than asked for";
    int64_t sum = (int64_t)s->import_w[t] - s->export_w[t] + s->pv_w[t] + s->unserved_w[t];
    for (int b = 0; b < p->nbattery; b++)
        sum += (int64_t)s->discharge_w[b][t] - s->charge_w[b][t];
    for (int v = 0; v < p->nvehicle; v++)
        sum -= s->vehicle_w[v][t];
    return sum == p->load_w[t] ? NULL : "the balance does not close";
}

static inline const char *replay_battery(const mizo_site_problem *p, const mizo_site_plan *s, int b)
{
    const mizo_plan_battery *a = &p->battery[b];
    int64_t now = a->soc_now_wh < 0 ? 0 : a->soc_now_wh > a->energy_wh ? a->energy_wh : a->soc_now_wh;
    int64_t most = a->soc_max_wh < a->energy_wh ? a->soc_max_wh : a->energy_wh;
    int64_t least = a->soc_min_wh < most ? a->soc_min_wh : most, soc = now * 1000000;
    for (int t = 0; t < p->n; t++) {
        int32_t c = s->charge_w[b][t], d = s->discharge_w[b][t];
        if (c < 0 || c > a->charge_w || d < 0 || d > a->discharge_w)
            return "beyond the inverter";
        if (c > 0 && d > 0)
            return "charge and discharge at once";
        soc = mizo_battery_step(a, p->step_min, soc, c, d);
        if (soc < 0 || soc / 1000000 != s->soc_wh[b][t])
            return "stored energy is not what the flows say";
        if ((c > 0 && soc > most * 1000000) || (d > 0 && soc < least * 1000000))
            return "outside the window";
    }
    return NULL;
}

static inline int64_t replay_given(const mizo_site_problem *p, const mizo_site_plan *s, int v)
{
    int64_t sum = 0;
    for (int t = 0; t < p->n; t++)
        sum += s->vehicle_w[v][t];
    return sum * p->step_min * p->vehicle[v].efficiency_ppm / 60 / 1000000;
}

static inline const char *replay_vehicle(const mizo_site_problem *p, const mizo_site_plan *s, int v)
{
    const mizo_plan_vehicle *a = &p->vehicle[v];
    for (int t = 0; t < p->n; t++) {
        int32_t w = s->vehicle_w[v][t];
        if (w < 0 || w > a->max_w)
            return "beyond the charger";
        if (w > 0 && (t < a->from || t >= a->to))
            return "charged while it is away";
    }
    int64_t given = replay_given(p, s, v), named = 0;
    if (given > a->need_wh + p->step_min / 60 + 1)
        return "more than the vehicle needs";
    for (int i = 0; i < s->ngave; i++)
        if (s->gave[i].kind == MIZO_GAVE_VEHICLE && s->gave[i].index == v)
            named += s->gave[i].amount_wh;
    if (s->ngave < MIZO_GIVE_UPS && named != (given < a->need_wh ? a->need_wh - given : 0))
        return "a vehicle left short without being named";
    return NULL;
}

static inline const char *replay(const mizo_site_problem *p, const mizo_site_plan *s)
{
    const char *wrong = NULL;
    for (int t = 0; t < p->n && !wrong; t++)
        wrong = replay_grid(p, s, t);
    for (int b = 0; b < p->nbattery && !wrong; b++)
        wrong = replay_battery(p, s, b);
    for (int v = 0; v < p->nvehicle && !wrong; v++)
        wrong = replay_vehicle(p, s, v);
    if (!wrong && s->bound > s->cost)
        return "dearer bound than cost";
    return wrong;
}

#endif
