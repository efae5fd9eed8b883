/* operate_view_site.c: what the page shows of one controlled site: its plan, this minute, the slot that has ended. */
#include <string.h>

#include "town/live/operate_in.h"

static int32_t half(int64_t w)
{
    return (int32_t)(w / 2);
}

static int32_t watts(mizo_wh wh, int ms)
{
    return (int32_t)(wh * 3600000 / ms);
}

static int32_t wh32(mizo_wh wh)
{
    return wh > INT32_MAX ? INT32_MAX : (int32_t)wh;
}

static bool is_store(const site *s, int i)
{
    return s->region->battery[s->battery_first + (size_t)i].kind != MIZO_STORE_BATTERY;
}

static view_more *more_of(town_view *v, mizo_ref point)
{
    return v->more_of[point] >= 0 ? &v->more[v->more_of[point]] : NULL;
}

/* ---- the plan ---- */

/* Sums of a slot of the plan, W and Wh. */
typedef struct planned {
    int64_t soc, in, out, vans;         /* batteries and vehicles */
    int64_t given, store_in, held, run; /* the rest */
} planned;

static planned slot_of_plan(const site *s, int k)
{
    const mizo_site_plan *p = s->plan;
    planned x = { 0 };
    for (int b = 0; b < s->plan_batteries; b++) {
        int i = s->plan_battery[b];
        bool other = i >= 0 && is_store(s, i);
        if (s->plan_giver[b] >= 0 || i < 0) { /* a vehicle, here or expected */
            x.vans += p->charge_w[b][k];
            x.given += p->discharge_w[b][k];
        } else if (other) {
            x.store_in += p->charge_w[b][k];
            x.held += p->soc_wh[b][k];
        } else {
            x.soc += p->soc_wh[b][k];
            x.in += p->charge_w[b][k];
            x.out += p->discharge_w[b][k];
        }
    }
    for (int j = 0; j < s->plan_vehicles; j++)
        x.vans += p->vehicle_w[j][k];
    for (int r = 0; r < s->plan_nrun; r++)
        if (p->run_at[r] >= 0 && k >= p->run_at[r] && k < p->run_at[r] + s->plan_runs[r].slots)
            x.run += s->plan_runs[r].power_w;
    return x;
}

/* When each load is planned to begin today. */
static void show_runs_planned(town_view *v, const site *s, int of_day)
{
    for (int k = 0; k < s->nrun; k++)
        v->run[s->run[k]].plan_slot = -1;
    for (int r = 0; r < s->plan_nrun; r++) {
        int at = s->plan->run_at[r] + of_day;
        if (s->plan->run_at[r] >= 0 && at < MIZO_DAY_SLOTS)
            v->run[s->run[s->plan_run[r]]].plan_slot = at;
    }
}

void show_site_plan(town_view *v, const site *s, int of_day)
{
    const mizo_site_plan *p = s->plan;
    view_day *d = &v->point[s->point];
    view_more *m = more_of(v, s->point);
    for (int t = of_day; t < 48 && t - of_day < p->n; t++) {
        int k = t - of_day;
        planned x = slot_of_plan(s, k);
        d->plan_import[t] = half(p->import_w[k]);
        d->plan_export[t] = half(p->export_w[k]);
        d->plan_soc[t] = wh32(x.soc);
        d->plan_charge[t] = half(x.in);
        d->plan_discharge[t] = half(x.out);
        d->plan_vehicle[t] = half(x.vans);
        if (!m)
            continue;
        m->plan_run[t] = half(x.run);
        m->plan_given[t] = half(x.given);
        m->plan_store[t] = half(x.store_in);
        m->plan_held[t] = wh32(x.held);
    }
    show_runs_planned(v, s, of_day);
}

/* ---- this minute ---- */

static mizo_wh stored(const site *s, bool stores)
{
    mizo_wh sum = 0;
    for (int i = 0; i < s->nbattery; i++)
        sum += is_store(s, i) == stores ? sim_soc(s->dev, i) : 0;
    return sum;
}

static void show_vans(town_view *v, const site *s, const mizo_measurement *m)
{
    for (int i = 0; i < s->nvehicle; i++) {
        const site_vehicle *c = &s->vehicle[i];
        if (c->ref < 0 || (size_t)c->ref >= v->nvan)
            continue;
        v->van[c->ref] = (view_van){ .known = true, .here = c->here, .impossible = c->here && c->impossible };
        if (!c->here)
            continue;
        v->van[c->ref].need_wh = m->vehicle_need_wh[i];
        v->van[c->ref].now_w = m->vehicle_w[i];
        v->van[c->ref].arrived = c->arrive;
        v->van[c->ref].depart = c->depart;
    }
}

static void show_loads(town_view *v, const site *s, const mizo_measurement *m)
{
    for (int k = 0; k < s->nrun && k < m->nrun; k++) {
        view_run *u = &v->run[s->run[k]];
        u->known = true;
        u->state = m->run[k].state;
        u->done = m->run[k].done;
        u->wait_ms = m->run[k].wait_ms;
    }
    for (int i = 0; i < s->nbattery; i++)
        v->store[s->battery_first + (size_t)i] = (view_store){
            .known = true, .held_wh = m->soc_wh[i], .now_w = m->battery_w[i], .owed_wh = m->owed_wh[i]
        };
}

void show_site_now(town_view *v, const site *s, int step_ms)
{
    const sim_step *d = &s->last;
    view_now *n = &v->point_now[s->point];
    mizo_measurement m;
    n->demand_w = watts(d->demand_wh, step_ms);
    n->pv_w = watts(d->pv_wh, step_ms);
    n->import_w = watts(d->import_wh, step_ms);
    n->export_w = watts(d->export_wh, step_ms);
    n->battery_w = watts(d->charge_wh - d->discharge_wh, step_ms);
    n->vehicle_w = watts(d->vehicle_wh - d->given_wh, step_ms);
    n->run_w = watts(d->run_wh, step_ms);
    n->store_w = watts(d->store_in_wh - d->store_out_wh, step_ms);
    n->soc_wh = wh32(stored(s, false));
    n->why = s->command.why;
    if (device_sim.read(s->dev, &m))
        return;
    show_vans(v, s, &m);
    show_loads(v, s, &m);
}

/* ---- a slot ends ---- */

static void show_more(view_more *m, const site *s, int t)
{
    const sim_step *d = &s->slot_sum;
    m->run[t] = wh32(d->run_wh);
    m->given[t] = wh32(d->given_wh);
    m->store_in[t] = wh32(d->store_in_wh);
    m->store_out[t] = wh32(d->store_out_wh);
    m->drawn[t] = wh32(d->drawn_wh);
    m->held[t] = wh32(stored(s, true));
}

void show_site_slot(town_view *v, const site *s, int t)
{
    const sim_step *d = &s->slot_sum;
    view_day *x = &v->point[s->point];
    view_more *m = more_of(v, s->point);
    x->charge[t] = wh32(d->charge_wh);
    x->discharge[t] = wh32(d->discharge_wh);
    x->vehicle[t] = wh32(d->vehicle_wh);
    x->soc[t] = s->nbattery ? wh32(stored(s, false)) : MIZO_MISSING;
    if (m)
        show_more(m, s, t);
    if (!s->slot_known)
        return; /* a gap is drawn as a gap */
    x->demand[t] = wh32(d->demand_wh);
    x->pv[t] = truth_pv(s->truth, s->track) ? wh32(d->pv_wh) : MIZO_MISSING;
    x->curtailed[t] = truth_pv(s->truth, s->track) ? wh32(d->curtailed_wh) : MIZO_MISSING;
    x->import[t] = wh32(d->import_wh);
    x->export[t] = wh32(d->export_wh);
}
