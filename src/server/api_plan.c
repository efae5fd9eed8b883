/* api_plan.c: the plan of the town in hand: its bound, and the places where a limit or a call stands. */
#include "server/api.h"

static void put_place(json *j, const town_view *v, const view_place *p)
{
    const mizo_region *r = v->region;
    const mizo_node *n = p->node < 0 ? NULL : &r->node[p->node];
    json_object(j, NULL);
    json_text(j, "node", n ? n->id : NULL);
    api_names(j, n ? (*n->name_ja ? n->name_ja : n->id) : r->name_ja, n ? n->name_en : r->name_en);
    json_text(j, "kind", !p->standing ? "call" : p->over_myen ? "obligation" : "limit");
    json_int(j, "over_myen", p->over_myen);
    json_ints(j, "import_limit_w", p->import_limit, MIZO_DAY_SLOTS);
    json_ints(j, "export_limit_w", p->export_limit, MIZO_DAY_SLOTS);
    json_ints(j, "flow_w", p->flow, MIZO_DAY_SLOTS);
    json_ints(j, "plan_w", p->plan, MIZO_DAY_SLOTS);
    json_ints(j, "over_w", p->over, MIZO_DAY_SLOTS);
    json_ints(j, "shadow_myen", p->shadow_myen, MIZO_DAY_SLOTS);
    json_ints(j, "price_myen", p->price_myen, MIZO_DAY_SLOTS);
    json_end(j);
}

static void put_plan(json *j, const town_view *v)
{
    const view_plan *p = &v->plan;
    if (!p->at) {
        json_null(j, "plan");
        return;
    }
    json_object(j, "plan");
    json_time(j, "at", p->at, v->region->offset);
    json_text(j, "status", p->optimal ? "optimal" : "stopped");
    json_double(j, "objective_yen", p->objective);
    json_double(j, "bound_yen", p->bound);
    json_double(j, "gap", p->gap);
    json_int(j, "iterations", p->iterations);
    json_bool(j, "warm", p->warm);
    json_int(j, "solve_ms", p->solve_ms);
    json_int(j, "wall_ms", v->plan_ms);
    json_int(j, "sites", p->sites);
    json_int(j, "kept", p->kept);
    json_double(j, "over_kwh", p->over_kwh);
    json_end(j);
}

/* W of each half-hour; what the plan has moved since the exchange closed is the position within the day. */
static void put_purchase(json *j, const town_view *v)
{
    const int32_t *plan = v->nplace ? v->place[0].plan : NULL;
    int32_t left[MIZO_DAY_SLOTS];
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        bool both = plan && plan[s] != MIZO_MISSING && v->buy.today[s] != MIZO_MISSING;
        int64_t w = both ? (int64_t)plan[s] - v->buy.today[s] : 0;
        left[s] = both && w > -INT32_MAX && w < INT32_MAX ? (int32_t)w : MIZO_MISSING;
    }
    json_object(j, "purchase");
    json_ints(j, "day_ahead_w", v->buy.today, MIZO_DAY_SLOTS);
    json_ints(j, "position_w", left, MIZO_DAY_SLOTS);
    json_ints(j, "tomorrow_w", v->buy.tomorrow, MIZO_DAY_SLOTS);
    json_bool(j, "tomorrow_fixed", v->buy.fixed);
    json_end(j);
}

void api_plan(const api_call *c, http_response *out)
{
    const town_view *v = c->view;
    json j;
    api_begin(out, &j);
    json_time(&j, "now", v->now, v->region->offset);
    json_day(&j, "day", v->day);
    json_int(&j, "slot", v->slot);
    put_plan(&j, v);
    put_purchase(&j, v);
    json_array(&j, "limits");
    for (size_t i = 0; i < v->nplace; i++)
        if (view_limited(&v->place[i]))
            put_place(&j, v, &v->place[i]);
    json_end(&j);
    json_end(&j);
}
