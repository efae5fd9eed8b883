/* plan.c: the plan of a day for one point after another. */
#include <stdlib.h>
#include <string.h>

#include "town/desk/steer.h"
#include "town/foresee/plant.h"
#include "town/plan/plan.h"

struct plan_desk {
    const mizo_region *region;
    store *store;
    plan_ask ask;
    forecast_desk *forecast;
    mizo_planner *planner;
    mizo_slot midnight;
    desk_steer *steer;
    bool steer_read;
};

plan_desk *plan_desk_new(const mizo_region *r, store *s, const mizo_lp_solver *solver, const plan_ask *ask)
{
    plan_desk *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    forecast_ask f = { .day = ask->day, .issued = ask->issued, .hindcast = ask->hindcast };
    d->region = r;
    d->store = s;
    d->ask = *ask;
    d->midnight = mizo_day_slot(ask->day, r->offset);
    d->forecast = forecast_desk_new(r, s, &f);
    d->planner = solver ? mizo_planner_new(solver) : NULL;
    if (!d->forecast || (solver && !d->planner)) {
        plan_desk_free(d);
        return NULL;
    }
    return d;
}

void plan_desk_free(plan_desk *d)
{
    if (!d)
        return;
    forecast_desk_free(d->forecast);
    mizo_planner_free(d->planner);
    desk_steer_free(d->steer);
    free(d);
}

/* ---- what is known at midnight ---- */

static mizo_err last_stored(plan_desk *d, const char *id, mizo_role role, int32_t *soc_wh)
{
    mizo_series_key key = store_key(id, MIZO_Q_SOC, role);
    int32_t series, v[MIZO_DAY_SLOTS];
    mizo_err e = d->store->ops->series_id(d->store, &key, false, &series);
    if (e == MIZO_ENOENT)
        return MIZO_OK;
    MIZO_TRY(e);
    mizo_ms as_of = d->ask.hindcast ? STORE_LATEST : d->ask.issued;
    MIZO_TRY(store_read_day(d->store, series, d->ask.day - 1, as_of, v, NULL));
    if (v[MIZO_DAY_SLOTS - 1] != MIZO_MISSING)
        *soc_wh = v[MIZO_DAY_SLOTS - 1];
    return MIZO_OK;
}

static mizo_err read_stored(plan_desk *d, mizo_ref point, plan_site *out)
{
    const mizo_region *r = d->region;
    size_t first, n = mizo_region_battery_of(r, point, &first);
    int i = 0;
    for (size_t k = first; k < first + n && i < MIZO_SITE_BATTERIES; k++) {
        const mizo_battery *b = &r->battery[k];
        if (d->ask.day < b->from || d->ask.day >= b->to)
            continue;
        out->soc_wh[i] = MIZO_MISSING;
        MIZO_TRY(last_stored(d, b->id, MIZO_ROLE_READING, &out->soc_wh[i]));
        MIZO_TRY(last_stored(d, b->id, MIZO_ROLE_CONTROL, &out->soc_wh[i]));
        i++;
    }
    return MIZO_OK;
}

typedef struct session_reader {
    const plan_desk *d;
    plan_site *out;
    size_t first, n; /* chargers of the point */
} session_reader;

static mizo_slot slot_up(mizo_ms t)
{
    return mizo_ms_slot(t + MIZO_SLOT_MS - 1);
}

static mizo_err take_session(void *arg, const store_session *s)
{
    session_reader *k = arg;
    const mizo_region *r = k->d->region;
    plan_site *out = k->out;
    for (size_t i = k->first; i < k->first + k->n && out->nsession < PLAN_SESSIONS; i++) {
        if (strcmp(r->charger[i].id, s->charger))
            continue;
        int32_t need = s->need_wh > INT32_MAX ? INT32_MAX : (int32_t)s->need_wh;
        out->session[out->nsession] =
            (problem_session){ (mizo_ref)i, slot_up(s->arrive), mizo_ms_slot(s->depart), need };
        memcpy(out->vehicle[out->nsession], s->vehicle, MIZO_ID_MAX);
        out->nsession++;
    }
    return MIZO_OK;
}

static mizo_err read_sessions(plan_desk *d, mizo_ref point, plan_site *out)
{
    session_reader k = { .d = d, .out = out };
    out->nsession = 0;
    k.n = mizo_region_charger_of(d->region, point, &k.first);
    if (k.n == 0)
        return MIZO_OK;
    mizo_ms from = mizo_slot_ms(d->midnight), to = mizo_slot_ms(d->midnight + MIZO_DAY_SLOTS);
    mizo_err e = d->store->ops->session_scan(d->store, from, to, take_session, &k);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- the plan ---- */

/* What a kWh counts beside the tariff, by the desk's decision. */
static mizo_err steer(plan_desk *d, mizo_ref point, plan_site *out)
{
    if (!d->steer_read && !d->ask.unsteered)
        MIZO_TRY(desk_steer_read(d->store, d->region, d->ask.day, 1, d->ask.issued, &d->steer));
    d->steer_read = true;
    out->steered = desk_steer_price(d->steer, point, d->midnight, MIZO_DAY_SLOTS, out->steer_myen);
    problem_steer(&out->problem, out->steered ? out->steer_myen : NULL);
    return MIZO_OK;
}

mizo_err plan_ask_point(plan_desk *d, mizo_ref point, plan_site *out)
{
    out->point = point;
    out->nwhy = 0;
    out->plan.status = MIZO_PLAN_NONE;
    MIZO_TRY(forecast_of_point(d->forecast, point, &out->forecast));
    if (!out->forecast.said.has_demand)
        return MIZO_ENOENT;
    MIZO_TRY(read_stored(d, point, out));
    MIZO_TRY(read_sessions(d, point, out));
    problem_input in = {
        .region = d->region,
        .point = point,
        .from = d->midnight,
        .n = MIZO_DAY_SLOTS,
        .load_wh = out->forecast.said.demand.mean,
        .pv_wh = out->forecast.said.has_pv ? out->forecast.said.pv.mean : NULL,
        .soc_wh = out->soc_wh,
        .standing_w = -1,
        .nsession = out->nsession,
        .session = out->session,
    };
    MIZO_TRY(problem_build(&in, &out->problem));
    return steer(d, point, out);
}

void plan_without_steer(plan_site *p)
{
    mizo_uyen paid = 0;
    for (int t = 0; t < MIZO_DAY_SLOTS && p->steered; t++)
        paid += (int64_t)(p->plan.import_w[t] - p->plan.export_w[t]) * p->steer_myen[t] / 2;
    p->plan.cost -= paid;
    p->plan.bound -= paid;
}

mizo_err plan_of_point(plan_desk *d, mizo_ref point, plan_site *out)
{
    MIZO_TRY(plan_ask_point(d, point, out));
    memset(out->node_myen, 0, sizeof out->node_myen);
    memset(out->cap_myen, 0, sizeof out->cap_myen);
    MIZO_TRY(mizo_plan_site(d->planner, &out->problem.lp, &out->plan));
    plan_without_steer(out);
    plan_explain(out);
    return MIZO_OK;
}

/* ---- the rest of the town ---- */

static int32_t clip_w(int64_t w)
{
    return w > INT32_MAX ? INT32_MAX : w < -INT32_MAX ? -INT32_MAX : (int32_t)w;
}

static int64_t known(int32_t wh)
{
    return wh == MIZO_MISSING ? 0 : wh;
}

mizo_err plan_net_of_point(plan_desk *d, mizo_ref point, int32_t *net_w)
{
    forecast_point *f = malloc(sizeof *f);
    if (!f)
        return MIZO_ENOMEM;
    mizo_err e = forecast_of_point(d->forecast, point, f);
    if (!e && !f->said.has_demand)
        e = MIZO_ENOENT;
    bool back = d->region->point[point].export_allowed;
    for (int t = 0; t < MIZO_DAY_SLOTS && !e; t++) {
        int64_t net = known(f->said.demand.mean[t]) - (f->said.has_pv ? known(f->said.pv.mean[t]) : 0);
        net_w[t] = clip_w(net < 0 && !back ? 0 : 2 * net);
    }
    free(f);
    return e;
}

mizo_err plan_plants(plan_desk *d, int32_t *w)
{
    foresee_band *band = malloc(sizeof *band);
    mizo_err e = band ? MIZO_OK : MIZO_ENOMEM;
    memset(w, 0, MIZO_DAY_SLOTS * sizeof *w);
    for (size_t p = 0; p < d->region->nplant && !e; p++) {
        foresee_plant_ask ask = { .plant = (mizo_ref)p,
                                  .day = d->ask.day,
                                  .days = 1,
                                  .issued = d->ask.issued,
                                  .as_of = d->ask.hindcast ? STORE_LATEST : d->ask.issued };
        e = foresee_plant(d->region, d->store, &ask, band);
        if (e == MIZO_ENOENT) /* the schedule alone speaks */
            e = MIZO_OK;
        for (int t = 0; t < MIZO_DAY_SLOTS && !e; t++)
            w[t] = clip_w(w[t] + 2 * (int64_t)band->mean[t]);
    }
    free(band);
    return e;
}

mizo_err plan_prices(plan_desk *d, int32_t *myen)
{
    forecast_price *f = malloc(sizeof *f);
    if (!f)
        return MIZO_ENOMEM;
    for (int t = 0; t < MIZO_DAY_SLOTS; t++)
        myen[t] = MIZO_MISSING;
    mizo_err e = forecast_of_price(d->forecast, f);
    if (!e)
        memcpy(myen, f->said.mean, MIZO_DAY_SLOTS * sizeof *myen);
    free(f);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- keeping it ---- */

static mizo_err keep(plan_desk *d, const char *owner, mizo_quantity q, const int32_t *w, int per_hour)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_PLAN_MIDNIGHT);
    int32_t id, v[MIZO_DAY_SLOTS];
    for (int t = 0; t < MIZO_DAY_SLOTS; t++)
        v[t] = w[t] / per_hour + (w[t] % per_hour > 0); /* W over half an hour: the half Wh is rounded up */
    MIZO_TRY(d->store->ops->series_id(d->store, &key, true, &id));
    bool changed;
    return store_write_day(d->store, id, d->ask.day, v, NULL, MIZO_DAY_SLOTS, &changed);
}

mizo_err plan_keep_day(plan_desk *d, const char *owner, mizo_quantity q, const int32_t *w)
{
    return keep(d, owner, q, w, 2);
}

static mizo_err keep_chargers(plan_desk *d, const plan_site *p)
{
    size_t first, n = mizo_region_charger_of(d->region, p->point, &first);
    for (size_t i = first; i < first + n; i++) {
        int32_t w[MIZO_DAY_SLOTS] = { 0 };
        bool used = false;
        for (int v = 0; v < p->problem.lp.nvehicle; v++) {
            if (p->session[p->problem.session[v]].charger != (mizo_ref)i)
                continue;
            used = true;
            for (int t = 0; t < MIZO_DAY_SLOTS; t++)
                w[t] += p->plan.vehicle_w[v][t];
        }
        for (int b = 0; b < p->problem.lp.nbattery; b++) {
            int k = p->problem.battery_session[b];
            if (k < 0 || p->session[k].charger != (mizo_ref)i)
                continue;
            used = true;
            for (int t = 0; t < MIZO_DAY_SLOTS; t++)
                w[t] += p->plan.charge_w[b][t];
        }
        if (used)
            MIZO_TRY(keep(d, d->region->charger[i].id, MIZO_Q_CHARGE, w, 2));
    }
    return MIZO_OK;
}

mizo_err plan_keep(plan_desk *d, const plan_site *p)
{
    const char *point = d->region->point[p->point].id;
    MIZO_TRY(keep(d, point, MIZO_Q_IMPORT, p->plan.import_w, 2));
    MIZO_TRY(keep(d, point, MIZO_Q_EXPORT, p->plan.export_w, 2));
    if (p->problem.lp.pv_w)
        MIZO_TRY(keep(d, point, MIZO_Q_GENERATION, p->plan.pv_w, 2));
    for (int b = 0; b < p->problem.lp.nbattery; b++) {
        if (p->problem.battery[b] < 0) /* a vehicle: with its charger */
            continue;
        const char *id = d->region->battery[p->problem.battery[b]].id;
        MIZO_TRY(keep(d, id, MIZO_Q_CHARGE, p->plan.charge_w[b], 2));
        MIZO_TRY(keep(d, id, MIZO_Q_DISCHARGE, p->plan.discharge_w[b], 2));
        MIZO_TRY(keep(d, id, MIZO_Q_SOC, p->plan.soc_wh[b], 1));
    }
    return keep_chargers(d, p);
}
