/* replay.h: carries a plan out in integers and holds it against physics, knowing nothing of how it was made.
 * Returns NULL, or what is wrong. */
#ifndef TESTS_REPLAY_H
#define TESTS_REPLAY_H

#include <math.h>

#include "mizo/optimize.h"

__extension__ typedef __int128 replay_wide;

static inline int32_t replay_least(int64_t a, int64_t b)
{
    return (int32_t)(a < b ? a : b);
}

/* ---- the grid ---- */

static inline int64_t replay_runs(const mizo_site_problem *p, const mizo_site_plan *s, int t)
{
    int64_t sum = 0;
    for (int k = 0; k < p->nrun; k++)
        if (s->run_at[k] >= 0 && t >= s->run_at[k] && t < s->run_at[k] + p->run[k].slots)
            sum += p->run[k].power_w;
    return sum;
}

/* Reverse-power relay, own PV only, for the site only. */
static inline const char *replay_conditions(const mizo_site_problem *p, const mizo_site_plan *s, int t)
{
    int64_t own = 0, may_export = s->pv_w[t];
    bool any_site_only = false;
    for (int b = 0; b < p->nbattery; b++) {
        any_site_only = any_site_only || p->battery[b].site_only;
        own += p->battery[b].own_pv_only ? s->charge_w[b][t] : 0;
        may_export += p->battery[b].site_only ? 0 : s->discharge_w[b][t] - s->charge_w[b][t];
    }
    if (own > s->pv_w[t])
        return "charged from more than the own PV";
    if (any_site_only && (int64_t)s->export_w[t] - s->import_w[t] > may_export)
        return "exported what serves the site only";
    if (p->keep_import_w <= 0)
        return NULL;
    int32_t keep = replay_least(replay_least(p->keep_import_w, p->load_w[t]), p->limit_w);
    return s->import_w[t] >= keep && s->export_w[t] == 0 ? NULL : "import below the relay's margin";
}

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
    if (sum - replay_runs(p, s, t) != p->load_w[t])
        return "the balance does not close";
    return replay_conditions(p, s, t);
}

/* ---- a store ---- */

/* One slot, in micro-Wh: what stood loses, what goes in loses on the way, what comes out costs more than it gives. */
static inline int64_t replay_step(const mizo_plan_battery *a, int step_min, int64_t soc, int32_t c, int32_t d,
                                  int32_t drawn)
{
    replay_wide lost = ((replay_wide)soc * a->loss_ppm_h * step_min + 59999999) / 60000000;
    replay_wide in = (replay_wide)c * step_min * a->charge_ppm / 60;
    replay_wide den = (replay_wide)a->discharge_ppm * 60;
    replay_wide out = ((replay_wide)d * step_min * 1000000 * 1000000 + den - 1) / den;
    replay_wide use = ((replay_wide)drawn * step_min * 1000000 + 59) / 60;
    return (int64_t)(soc - (lost < soc ? lost : soc) + in - out - use);
}

static inline const char *replay_slot(const mizo_site_problem *p, const mizo_site_plan *s, int b, int t,
                                      int64_t *soc)
{
    const mizo_plan_battery *a = &p->battery[b];
    int64_t most = replay_least(a->soc_max_wh, a->energy_wh), least = replay_least(a->soc_min_wh, most);
    int32_t c = s->charge_w[b][t], d = s->discharge_w[b][t], use = a->use_w ? a->use_w[t] : 0;
    int64_t sold = a->reserved_w ? a->reserved_w[t] : 0,
            may = a->discharge_w > sold ? a->discharge_w - sold : 0;
    bool here = a->to == 0 || (t >= a->from && t < a->to);
    if (!here)
        return c || d || s->store_short_w[b][t] ? "flows of a battery that is not here" : NULL;
    if (c < 0 || c > a->charge_w || d < 0 || d > may)
        return "beyond the inverter";
    if (c > 0 && d > 0)
        return "charge and discharge at once";
    int32_t drawn = use - s->store_short_w[b][t];
    if (drawn < 0 || drawn > use)
        return "drawn more or less than can be";
    *soc = replay_step(a, p->step_min, *soc, c, d, drawn);
    if (c > 0 && *soc > most * 1000000)
        return "outside the window";
    if (d > 0 && *soc < least * 1000000)
        return "outside the window";
    int64_t now = a->soc_now_wh < 0 ? 0 : a->soc_now_wh;
    if (drawn > 0 && a->loss_ppm_h == 0 && *soc < replay_least(least, now) * (int64_t)1000000)
        return "drawn below the window";
    return NULL;
}

static inline const char *replay_battery(const mizo_site_problem *p, const mizo_site_plan *s, int b)
{
    const mizo_plan_battery *a = &p->battery[b];
    int64_t now = a->soc_now_wh < 0 ? 0 : replay_least(a->soc_now_wh, a->energy_wh), soc = now * 1000000;
    for (int t = 0; t < p->n; t++) {
        const char *wrong = replay_slot(p, s, b, t, &soc);
        if (wrong)
            return wrong;
        if (soc < 0 || soc / 1000000 != s->soc_wh[b][t])
            return "stored energy is not what the flows say";
    }
    return NULL;
}

/* ---- vehicles and runs ---- */

static inline int64_t replay_given(const mizo_site_problem *p, const mizo_site_plan *s, int v)
{
    int64_t sum = 0;
    for (int t = 0; t < p->n; t++)
        sum += s->vehicle_w[v][t];
    return (int64_t)((replay_wide)sum * p->step_min * p->vehicle[v].efficiency_ppm / 60 / 1000000);
}

static inline int64_t replay_named(const mizo_site_plan *s, mizo_give_up_kind kind, int index)
{
    int64_t named = 0;
    for (int i = 0; i < s->ngave; i++)
        if (s->gave[i].kind == kind && s->gave[i].index == index)
            named += s->gave[i].amount_wh;
    return named;
}

static inline const char *replay_vehicle(const mizo_site_problem *p, const mizo_site_plan *s, int v)
{
    const mizo_plan_vehicle *a = &p->vehicle[v];
    int32_t least = replay_least(a->min_w, a->max_w);
    for (int t = 0; t < p->n; t++) {
        int32_t w = s->vehicle_w[v][t];
        if (w < 0 || w > a->max_w)
            return "beyond the charger";
        if (w > 0 && w < least)
            return "below the charger's least power";
        if (w > 0 && (t < a->from || t >= a->to))
            return "charged while it is away";
    }
    int64_t given = replay_given(p, s, v), over = (int64_t)(least > 1 ? least : 1) * p->step_min / 60 + 1;
    if (given > a->need_wh + over)
        return "more than the vehicle needs";
    if (s->ngave < MIZO_GIVE_UPS &&
        replay_named(s, MIZO_GAVE_VEHICLE, v) != (given < a->need_wh ? a->need_wh - given : 0))
        return "a vehicle left short without being named";
    return NULL;
}

static inline const char *replay_run(const mizo_site_problem *p, const mizo_site_plan *s, int k)
{
    const mizo_plan_run *r = &p->run[k];
    int at = s->run_at[k];
    if (at < 0)
        return s->ngave < MIZO_GIVE_UPS && r->power_w > 0 && replay_named(s, MIZO_GAVE_RUN, k) == 0
                   ? "a run given up without being named"
                   : NULL;
    if (replay_named(s, MIZO_GAVE_RUN, k) > 0 && s->ngave < MIZO_GIVE_UPS)
        return "a run that runs is named as given up";
    bool inside = at >= r->from && at + r->slots <= r->to && at + r->slots <= p->n;
    return inside ? NULL : "a run outside its window";
}

/* What a store should have had and has not is named. */
static inline const char *replay_store(const mizo_site_problem *p, const mizo_site_plan *s, int b)
{
    const mizo_plan_battery *a = &p->battery[b];
    int64_t missing = 0;
    for (int t = 0; t < p->n; t++)
        missing += s->store_short_w[b][t];
    int last = a->to ? (a->to < p->n ? a->to : p->n) - 1 : p->n - 1;
    if (last >= 0 && last >= a->from && (!a->to || a->from < p->n) && s->soc_wh[b][last] < a->leave_wh)
        missing++;
    if (missing > 0 && s->ngave < MIZO_GIVE_UPS && replay_named(s, MIZO_GAVE_STORE, b) == 0)
        return "a store left short without being named";
    return NULL;
}

/* ---- money ---- */

static inline double replay_yen(const mizo_site_problem *p, const mizo_site_plan *s)
{
    double yen = 0, peak = 0;
    for (int t = 0; t < p->n; t++) {
        int32_t sell = replay_least(p->sell_myen[t], p->buy_myen[t]);
        double myen = (double)s->import_w[t] * p->buy_myen[t] - (double)s->export_w[t] * sell;
        for (int b = 0; b < p->nbattery; b++)
            myen += (double)s->discharge_w[b][t] * p->battery[b].wear_myen;
        yen += myen * p->step_min / 60 / 1e6;
        peak = s->import_w[t] > peak ? s->import_w[t] : peak;
    }
    if (peak > p->standing_w)
        yen += (peak - p->standing_w) * p->peak_myen_per_kw / 1e6;
    if (p->agreed_w > 0 && peak > p->agreed_w)
        yen += (peak - p->agreed_w) * p->over_agreed_myen_per_kw / 1e6;
    for (int b = 0; b < p->nbattery; b++) {
        const mizo_plan_battery *a = &p->battery[b];
        int last = (a->to && a->to < p->n ? a->to : p->n) - 1;
        if (last >= 0 && (!a->to || (a->from < p->n && a->from <= last)))
            yen -= (double)s->soc_wh[b][last] * a->end_myen / 1e6;
    }
    return yen;
}

static inline const char *replay(const mizo_site_problem *p, const mizo_site_plan *s)
{
    const char *wrong = NULL;
    for (int t = 0; t < p->n && !wrong; t++)
        wrong = replay_grid(p, s, t);
    for (int b = 0; b < p->nbattery && !wrong; b++)
        wrong = replay_battery(p, s, b);
    for (int b = 0; b < p->nbattery && !wrong; b++)
        wrong = replay_store(p, s, b);
    for (int v = 0; v < p->nvehicle && !wrong; v++)
        wrong = replay_vehicle(p, s, v);
    for (int k = 0; k < p->nrun && !wrong; k++)
        wrong = replay_run(p, s, k);
    if (wrong)
        return wrong;
    if (s->bound > s->cost)
        return "dearer bound than cost";
    if (s->cost >= INT64_MAX / 4) /* more than micro-yen can say */
        return NULL;
    double yen = replay_yen(p, s), said = ((double)s->cost - (double)s->penalties) / 1e6;
    return fabs(yen - said) < 1e-4 + 1e-9 * fabs((double)s->cost / 1e6) ? NULL : "not what it costs";
}

#endif
