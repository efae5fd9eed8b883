/* plan_json.c: the plan of a day as JSON. docs/cli.md */
#include <math.h>

#include "cli/plan_print.h"

static const char *give_up_id(mizo_give_up_kind k)
{
    static const char *const id[] = { [MIZO_GAVE_VEHICLE] = "vehicle",
                                      [MIZO_GAVE_RESERVE] = "reserve",
                                      [MIZO_GAVE_DEMAND] = "demand",
                                      [MIZO_GAVE_RUN] = "run",
                                      [MIZO_GAVE_STORE] = "store" };
    return id[k];
}

static const char *reason_id(plan_reason r)
{
    static const char *const id[] = {
#define X(name, id, en, ja) id,
        PLAN_REASONS(X)
#undef X
    };
    return id[r];
}

static const char *act_id(plan_act a)
{
    static const char *const id[] = { "charge", "discharge", "vehicle", "curtail" };
    return id[a];
}

static void put_given_up_json(plan_print *j, const plan_site *p)
{
    json_array(&j->w, "gave_up");
    for (int i = 0; i < p->plan.ngave; i++) {
        const mizo_give_up *g = &p->plan.gave[i];
        json_object(&j->w, NULL);
        json_text(&j->w, "wish", give_up_id(g->kind));
        json_text(&j->w, "asset", plan_gave_asset(j, p, g));
        json_int(&j->w, "slot", g->slot);
        json_int(&j->w, "amount_wh", g->amount_wh);
        json_end(&j->w);
    }
    json_end(&j->w);
}

static void put_whys_json(plan_print *j, const plan_site *p)
{
    json_array(&j->w, "why");
    for (int i = 0; i < p->nwhy; i++) {
        const plan_why *w = &p->why[i];
        json_object(&j->w, NULL);
        json_text(&j->w, "act", act_id(w->act));
        json_text(&j->w, "asset", w->act == PLAN_CURTAILS ? "pv" : plan_asset(j, p, w->act, w->index));
        json_int(&j->w, "from", w->from);
        json_int(&j->w, "to", w->to);
        json_int(&j->w, "energy_wh", w->energy_wh);
        json_text(&j->w, "reason", reason_id(w->reason));
        if (w->reason == PLAN_WHY_TOWN || w->reason == PLAN_WHY_NODE || w->reason == PLAN_WHY_CALL ||
            w->reason == PLAN_WHY_BACK)
            json_text(&j->w, "node", plan_place(j, w->node));
        json_int(&j->w, "low_myen", w->low_myen);
        json_int(&j->w, "high_myen", w->high_myen);
        json_end(&j->w);
    }
    json_end(&j->w);
}

static void put_assets_json(plan_print *j, const plan_site *p)
{
    const mizo_site_plan *s = &p->plan;
    json_array(&j->w, "batteries");
    for (int b = 0; b < p->problem.lp.nbattery; b++) {
        json_object(&j->w, NULL);
        json_text(&j->w, "id", plan_asset(j, p, PLAN_CHARGES, b));
        json_ints(&j->w, "charge_w", s->charge_w[b], s->n);
        json_ints(&j->w, "discharge_w", s->discharge_w[b], s->n);
        json_ints(&j->w, "soc_wh", s->soc_wh[b], s->n);
        json_end(&j->w);
    }
    json_end(&j->w);
    json_array(&j->w, "vehicles");
    for (int v = 0; v < p->problem.lp.nvehicle; v++) {
        const problem_session *k = &p->session[p->problem.session[v]];
        json_object(&j->w, NULL);
        json_text(&j->w, "id", plan_asset(j, p, PLAN_VEHICLE, v));
        json_text(&j->w, "charger", j->region->charger[k->charger].id);
        json_time(&j->w, "from", mizo_slot_ms(k->from), j->region->offset);
        json_time(&j->w, "leaves", mizo_slot_ms(k->to), j->region->offset);
        json_int(&j->w, "need_wh", p->problem.lp.vehicle[v].need_wh);
        json_ints(&j->w, "charge_w", s->vehicle_w[v], s->n);
        json_end(&j->w);
    }
    json_end(&j->w);
}

/* slot null: it does not run. */
static void put_runs_json(plan_print *j, const plan_site *p)
{
    json_array(&j->w, "runs");
    for (int k = 0; k < p->problem.lp.nrun; k++) {
        const mizo_plan_run *r = &p->problem.lp.run[k];
        json_object(&j->w, NULL);
        json_text(&j->w, "id", j->region->load[p->problem.run[k]].id);
        if (p->plan.run_at[k] < 0)
            json_null(&j->w, "slot");
        else
            json_int(&j->w, "slot", p->plan.run_at[k]);
        json_int(&j->w, "slots", r->slots);
        json_int(&j->w, "power_w", r->power_w);
        json_end(&j->w);
    }
    json_end(&j->w);
}

void plan_json_site(plan_print *j, const plan_site *p)
{
    const mizo_site_plan *s = &p->plan;
    json *w = &j->w;
    json_object(w, NULL);
    json_text(w, "point", j->region->point[p->point].id);
    json_yen(w, "cost_yen", s->cost);
    json_yen(w, "penalties_yen", s->penalties);
    json_yen(w, "rounding_yen", s->rounding);
    json_int(w, "peak_w", s->peak_w);
    json_int(w, "standing_w", p->problem.lp.standing_w);
    json_int(w, "limit_w", p->problem.lp.limit_w);
    json_ints(w, "demand_w", p->problem.load_w, s->n);
    json_ints(w, "import_w", s->import_w, s->n);
    json_ints(w, "export_w", s->export_w, s->n);
    json_ints(w, "pv_w", s->pv_w, s->n);
    json_ints(w, "unserved_w", s->unserved_w, s->n);
    json_ints(w, "price_myen", s->price_myen, s->n);
    put_assets_json(j, p);
    put_runs_json(j, p);
    put_given_up_json(j, p);
    if (j->explain)
        put_whys_json(j, p);
    json_end(w);
}

/* ---- the whole ---- */

static void put_limits_w(json *w, const char *key, const int32_t *limit)
{
    int32_t shown[MIZO_DAY_SLOTS];
    for (int t = 0; t < MIZO_DAY_SLOTS; t++)
        shown[t] = limit[t] == INT32_MAX ? MIZO_MISSING : limit[t];
    json_ints(w, key, shown, MIZO_DAY_SLOTS);
}

static void put_limit_json(const plan_print *p, const plan_limit *l, json *w)
{
    json_object(w, NULL);
    json_text(w, "id", plan_place(p, l->place->node));
    json_text(w, "kind", !l->place->standing ? "call" : l->place->over_myen ? "obligation" : "limit");
    json_int(w, "over_myen", l->place->over_myen);
    put_limits_w(w, "import_limit_w", l->import_w);
    put_limits_w(w, "export_limit_w", l->export_w);
    json_ints(w, "net_w", l->flow->net_w, MIZO_DAY_SLOTS);
    json_ints(w, "over_w", l->flow->over_w, MIZO_DAY_SLOTS);
    json_ints(w, "shadow_myen", l->flow->shadow_myen, MIZO_DAY_SLOTS);
    json_ints(w, "price_myen", l->flow->price_myen, MIZO_DAY_SLOTS);
    json_end(w);
}

static void put_purchase_json(const plan_print *p, const plan_whole *whole, json *w)
{
    if (p->one)
        return;
    json_ints(w, "purchase_w", plan_town_net(whole->town, -1), MIZO_DAY_SLOTS);
    json_int(w, "unknown_points", (int64_t)plan_town_unknown(whole->town));
}

void plan_json_whole(const plan_print *p, const plan_whole *whole, buf *out)
{
    const mizo_area_result *r = &whole->answer.result;
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    json_day(&w, "day", p->day);
    json_time(&w, "issued", p->issued, p->region->offset);
    json_bool(&w, "hindcast", p->hindcast);
    json_text(&w, "status", r->status == MIZO_PLAN_OPTIMAL ? "optimal" : "stopped");
    json_int(&w, "planned", whole->planned);
    json_int(&w, "silent", whole->silent);
    json_yen(&w, "cost_yen", (mizo_uyen)ceil(r->objective * 1e6));
    json_yen(&w, "bound_yen", (mizo_uyen)floor(r->bound * 1e6));
    json_double(&w, "gap", r->gap);
    json_double(&w, "residual", r->residual);
    json_int(&w, "iterations", r->iterations);
    json_double(&w, "over_kwh", r->over_kwh);
    put_purchase_json(p, whole, &w);
    json_array(&w, "nodes");
    for (int k = 0; k < town_area_nodes(plan_town_area(whole->town))->n; k++) {
        plan_limit l;
        if (plan_limit_of(whole, k, &l))
            put_limit_json(p, &l, &w);
    }
    json_end(&w);
    json_raw(&w, "sites", p->lines->p ? p->lines->p : "[]");
    json_end(&w);
    buf_char(out, '\n');
}
