/* api_town.c: the town now, as one value; its plants. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/operator.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "server/share.h"
#include "town/import/meters.h"

enum { KINDS = 64, METER_DAYS = 90 };

static void put_flow(json *j, const char *key, const town_flow *f)
{
    json_object(j, key);
    json_int(j, "plants_w", f->plants);
    json_int(j, "solar_w", f->solar);
    json_int(j, "discharge_w", f->discharge);
    json_int(j, "grid_in_w", f->grid_in);
    json_int(j, "demand_w", f->demand);
    json_int(j, "vehicles_w", f->vehicles);
    json_int(j, "charge_w", f->charge);
    json_int(j, "grid_out_w", f->grid_out);
    json_int(j, "rest_w", f->rest);
    json_end(j);
}

static void put_plants_now(json *j, const town_view *v)
{
    const mizo_region *r = v->region;
    json_array(j, "plants");
    for (size_t i = 0; i < v->nplant && i < r->nplant; i++) {
        json_object(j, NULL);
        json_text(j, "id", r->plant[i].id);
        api_names(j, r->plant[i].name_ja, r->plant[i].name_en);
        api_int(j, "now_w", v->plant_now_w[i]);
        json_int(j, "capacity_w", r->plant[i].capacity_w);
        json_end(j);
    }
    json_end(j);
}

static void put_storage(json *j, const town_view *v)
{
    const mizo_region *r = v->region;
    int64_t energy = 0, charge = 0, discharge = 0, count = 0;
    for (size_t i = 0; i < r->nbattery; i++) {
        if (!share_stands(v, r->battery[i].from, r->battery[i].to))
            continue;
        count++;
        energy += r->battery[i].energy_wh;
        charge += r->battery[i].charge_w;
        discharge += r->battery[i].discharge_w;
    }
    json_object(j, "storage");
    json_int(j, "batteries", count);
    json_int(j, "energy_wh", energy);
    json_int(j, "charge_w", charge);
    json_int(j, "discharge_w", discharge);
    api_int(j, "soc_wh", v->total_now.soc_wh);
    json_end(j);
}

/* ---- what the power is used for, by kind of facility ---- */

typedef struct kind_sum {
    const char *kind;
    int64_t demand_w;
} kind_sum;

static int by_demand(const void *a, const void *b)
{
    const kind_sum *x = a, *y = b;
    if (x->demand_w != y->demand_w)
        return x->demand_w > y->demand_w ? -1 : 1;
    return strcmp(x->kind, y->kind);
}

/* The sum of a kind; the last one takes all kinds that have no room. */
static kind_sum *sum_of(kind_sum *sums, size_t *n, const char *kind)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(sums[i].kind, kind) == 0)
            return &sums[i];
    if (*n == KINDS)
        return &sums[KINDS - 1];
    sums[*n] = (kind_sum){ kind, 0 };
    return &sums[(*n)++];
}

static void put_uses(json *j, const town_view *v)
{
    kind_sum sums[KINDS];
    size_t n = 0;
    const mizo_region *r = v->region;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (!share_stands(v, u->from, u->to) || u->point < 0 || (size_t)u->point >= v->npoint)
            continue;
        int32_t w = v->point_now[u->point].demand_w;
        int64_t part;
        if (w != MIZO_MISSING && !mizo_mul_div(w, u->share_ppm, MIZO_PPM, MIZO_ROUND_HALF_UP, &part))
            sum_of(sums, &n, r->facility[u->facility].kind)->demand_w += part;
    }
    qsort(sums, n, sizeof *sums, by_demand);
    json_array(j, "uses");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_text(j, "kind", sums[i].kind);
        json_int(j, "demand_w", sums[i].demand_w);
        json_end(j);
    }
    json_end(j);
}

/* ---- the points that have something to decide, added up ---- */

static void add_slots(int32_t *sum, const int32_t *v)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        if (v[i] == MIZO_MISSING)
            continue;
        int64_t all = (sum[i] == MIZO_MISSING ? 0 : (int64_t)sum[i]) + v[i];
        sum[i] = all > INT32_MAX ? INT32_MAX : (int32_t)all;
    }
}

static void put_controlled(json *j, const town_view *v)
{
    int32_t import[MIZO_DAY_SLOTS], plan[MIZO_DAY_SLOTS], vehicle[MIZO_DAY_SLOTS],
        plan_vehicle[MIZO_DAY_SLOTS];
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        import[i] = plan[i] = vehicle[i] = plan_vehicle[i] = MIZO_MISSING;
    int64_t points = 0;
    for (size_t i = 0; i < v->npoint; i++) {
        if (!v->point_now[i].controlled)
            continue;
        points++;
        add_slots(import, v->point[i].import);
        add_slots(plan, v->point[i].plan_import);
        add_slots(vehicle, v->point[i].vehicle);
        add_slots(plan_vehicle, v->point[i].plan_vehicle);
    }
    json_object(j, "controlled");
    json_int(j, "points", points);
    json_ints(j, "import_wh", import, MIZO_DAY_SLOTS);
    json_ints(j, "plan_import_wh", plan, MIZO_DAY_SLOTS);
    json_ints(j, "vehicle_wh", vehicle, MIZO_DAY_SLOTS);
    json_ints(j, "plan_vehicle_wh", plan_vehicle, MIZO_DAY_SLOTS);
    json_end(j);
}

/* Places where a limit or a call stands today: /api/v1/plan has them. */
static int64_t places_limited(const town_view *v)
{
    int64_t n = 0;
    for (size_t i = 0; i < v->nplace; i++)
        n += view_limited(&v->place[i]);
    return n;
}

static void put_plan(json *j, const town_view *v)
{
    if (v->plan_sites <= 0) {
        json_null(j, "plan");
        return;
    }
    json_object(j, "plan");
    json_int(j, "sites", v->plan_sites);
    json_yen(j, "cost_yen", v->plan_cost_uyen);
    json_yen(j, "bound_yen", v->plan_bound_uyen);
    json_double(j, "gap", v->plan_gap);
    json_int(j, "wall_ms", v->plan_ms);
    if (v->plan.at)
        json_time(j, "at", v->plan.at, v->region->offset);
    else
        json_null(j, "at");
    json_int(j, "limits", places_limited(v));
    json_double(j, "over_kwh", v->plan.over_kwh);
    json_end(j);
}

static void put_alert(json *j, const town_view *v, const mizo_diag *d)
{
    json_object(j, NULL);
    json_time(j, "at", v->now, v->region->offset);
    api_diag(j, "what", d);
    json_end(j);
}

/* Meters whose term of verification has ended or ends soon; `mizo meters` lists them. */
static void put_meters(json *j, const town_view *v)
{
    char ended[16], ending[16], within[16], until[MIZO_DATE_TEXT];
    meters_due due = meters_terms(v->region, v->day, METER_DAYS);
    if (!due.first)
        return;
    snprintf(ended, sizeof ended, "%d", due.ended);
    snprintf(ending, sizeof ending, "%d", due.ending);
    snprintf(within, sizeof within, "%d", METER_DAYS);
    mizo_day_text(due.first->verified_until, until);
    const char *id = due.first->id;
    put_alert(j, v,
              due.ended ? &(mizo_diag){ .id = MIZO_MSG_METER_TERMS_ENDED,
                                        .nparam = 5,
                                        .param = { ended, ending, within, id, until } }
                        : &(mizo_diag){ .id = MIZO_MSG_METER_TERMS_ENDING,
                                        .nparam = 4,
                                        .param = { ending, within, id, until } });
}

static void put_alerts(json *j, const town_view *v, const live_model *m)
{
    json_array(j, "alerts");
    if (m && m->refused)
        put_alert(j, v, &(mizo_diag){ .id = MIZO_MSG_SERVER_MODEL_REFUSED });
    put_meters(j, v);
    for (size_t i = 0; i < v->nalert; i++) {
        json_object(j, NULL);
        json_time(j, "at", mizo_slot_ms(v->alert[i].slot), v->region->offset);
        api_diag(j, "what", &v->alert[i].what);
        json_end(j);
    }
    json_end(j);
}

static void put_day(json *j, const town_view *v)
{
    int32_t plants[MIZO_DAY_SLOTS];
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        plants[i] = town_plants_slot(v, i);
    api_slots(j, "slots", &v->total);
    json_ints(j, "plants_wh", plants, MIZO_DAY_SLOTS);
    json_ints(j, "matched_wh", v->matched, MIZO_DAY_SLOTS);
    json_ints(j, "price_myen", v->price, MIZO_DAY_SLOTS);
}

static void put_counts(json *j, const mizo_region *r)
{
    json_object(j, "counts");
    json_int(j, "sites", (int64_t)r->nfacility);
    json_int(j, "points", (int64_t)r->npoint);
    json_int(j, "pv", (int64_t)r->npv);
    json_int(j, "batteries", (int64_t)r->nbattery);
    json_int(j, "vehicles", (int64_t)r->nvehicle);
    json_end(j);
}

/* Points that should say something each half-hour, and those that do not. */
static void put_readings(json *j, const town_view *v)
{
    int64_t due = 0, silent = 0;
    for (size_t i = 0; i < v->npoint; i++) {
        if (v->region->point[i].reading != MIZO_BY_SLOT)
            continue;
        due++;
        silent += v->point_now[i].demand_w == MIZO_MISSING;
    }
    json_object(j, "readings");
    json_int(j, "due", due);
    if (v->total_now.demand_w == MIZO_MISSING)
        json_null(j, "silent"); /* nothing has run yet */
    else
        json_int(j, "silent", silent);
    json_end(j);
}

void api_town_text(const town_view *v, const live_model *m, buf *out)
{
    const mizo_region *r = v->region;
    town_flow now = town_flow_now(v);
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "id", r->id);
    api_names(&j, r->name_ja, r->name_en);
    json_time(&j, "now", v->now, r->offset);
    json_int(&j, "offset_min", r->offset * 30);
    json_day(&j, "day", v->day);
    json_int(&j, "slot", v->slot);
    json_double(&j, "speed", v->speed);
    json_bool(&j, "running", v->running);
    json_time(&j, "truth_end", mizo_slot_ms(v->truth_end), r->offset);
    put_flow(&j, "flow", &now);
    put_plants_now(&j, v);
    put_uses(&j, v);
    put_storage(&j, v);
    put_plan(&j, v);
    json_int(&j, "vans_short", v->vans_short);
    put_counts(&j, r);
    put_readings(&j, v);
    put_alerts(&j, v, m);
    put_day(&j, v);
    put_controlled(&j, v);
    json_text(&j, "model", r->hash);
    json_end(&j);
}

void api_town(const api_call *c, http_response *out)
{
    out->type = "application/json";
    api_town_text(c->view, c->model, &out->body);
}

void api_plants(const api_call *c, http_response *out)
{
    const town_view *v = c->view;
    const mizo_region *r = v->region;
    json j;
    api_begin(out, &j);
    json_day(&j, "day", v->day);
    json_int(&j, "slot", v->slot);
    json_array(&j, "items");
    for (size_t i = 0; i < v->nplant && i < r->nplant; i++) {
        const mizo_plant *p = &r->plant[i];
        json_object(&j, NULL);
        json_text(&j, "id", p->id);
        api_names(&j, p->name_ja, p->name_en);
        json_int(&j, "capacity_w", p->capacity_w);
        json_int(&j, "biogenic_ppm", p->biogenic_ppm);
        api_int(&j, "now_w", v->plant_now_w[i]);
        json_ints(&j, "generation_wh", v->plant[i], MIZO_DAY_SLOTS);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}
