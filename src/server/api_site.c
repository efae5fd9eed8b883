/* api_site.c: one site: what it is, its points, its assets, now and its 48 slots. */
#include "mizo/messages/server.h"
#include "server/api.h"
#include "server/share.h"

static const char *text_of(const char *s)
{
    return s && *s ? s : NULL;
}

static void put_facility(json *j, const mizo_facility *f)
{
    json_text(j, "id", f->id);
    api_names(j, f->name_ja, f->name_en);
    json_text(j, "kind", f->kind);
    json_text(j, "ward", f->ward);
    json_text(j, "bureau", text_of(f->bureau));
    json_text(j, "entity", text_of(f->entity));
    json_text(j, "owner_code", text_of(f->owner_code));
    json_text(j, "group", f->group == MIZO_GROUP_PUBLIC ? "public" : "private");
    if (f->lat_e6 || f->lon_e6) {
        json_double(j, "lat", f->lat_e6 / 1e6);
        json_double(j, "lon", f->lon_e6 / 1e6);
    } else {
        json_null(j, "lat");
        json_null(j, "lon");
    }
    if (f->floor_m2 > 0)
        json_int(j, "floor_m2", f->floor_m2);
    else
        json_null(j, "floor_m2");
}

static void put_pv(json *j, const town_view *v, mizo_ref point)
{
    size_t first, n = mizo_region_pv_of(v->region, point, &first);
    json_array(j, "pv");
    for (size_t i = first; i < first + n; i++) {
        const mizo_pv *p = &v->region->pv[i];
        if (!share_stands(v, p->from, p->to))
            continue;
        json_object(j, NULL);
        json_text(j, "id", p->id);
        json_int(j, "dc_w", p->dc_w);
        json_int(j, "ac_w", p->ac_w);
        json_int(j, "tilt_deg", p->tilt_deg);
        json_int(j, "azimuth_deg", p->azimuth_deg);
        json_end(j);
    }
    json_end(j);
}

static void put_batteries(json *j, const town_view *v, mizo_ref point)
{
    size_t first, n = mizo_region_battery_of(v->region, point, &first);
    json_array(j, "batteries");
    for (size_t i = first; i < first + n; i++) {
        const mizo_battery *b = &v->region->battery[i];
        if (b->kind != MIZO_STORE_BATTERY || !share_stands(v, b->from, b->to))
            continue;
        json_object(j, NULL);
        json_text(j, "id", b->id);
        json_int(j, "energy_wh", b->energy_wh);
        json_int(j, "charge_w", b->charge_w);
        json_int(j, "discharge_w", b->discharge_w);
        json_int(j, "soc_min_ppm", b->soc_min_ppm);
        json_int(j, "soc_max_ppm", b->soc_max_ppm);
        json_int(j, "reserve_ppm", b->reserve_ppm);
        json_end(j);
    }
    json_end(j);
}

/* Hot water and hydrogen: what is held, and what it takes now. */
static void put_stores(json *j, const town_view *v, mizo_ref point)
{
    static const char *const kinds[] = { "battery", "heater", "hydrogen" };
    size_t first, n = mizo_region_battery_of(v->region, point, &first);
    json_array(j, "stores");
    for (size_t i = first; i < first + n; i++) {
        const mizo_battery *b = &v->region->battery[i];
        const view_store *s = &v->store[i];
        if (b->kind == MIZO_STORE_BATTERY || !share_stands(v, b->from, b->to))
            continue;
        json_object(j, NULL);
        json_text(j, "id", b->id);
        json_text(j, "kind", kinds[b->kind]);
        json_int(j, "energy_wh", b->energy_wh);
        api_int(j, "held_wh", s->known ? s->held_wh : MIZO_MISSING);
        api_int(j, "now_w", s->known ? s->now_w : MIZO_MISSING);
        api_int(j, "owed_wh", s->known ? s->owed_wh : MIZO_MISSING);
        json_end(j);
    }
    json_end(j);
}

static const char *run_state(const view_run *u)
{
    static const char *const states[] = { "rests", "waits", "runs" };
    return !u->known ? "unknown" : u->done ? "done" : states[u->state];
}

/* Loads that wait and then run through. */
static void put_loads(json *j, const town_view *v, mizo_ref point)
{
    size_t first, n = mizo_region_load_of(v->region, point, &first);
    json_array(j, "loads");
    for (size_t i = first; i < first + n; i++) {
        const mizo_load *l = &v->region->load[i];
        if (l->kind != MIZO_LOAD_RUN || !share_stands(v, l->from, l->to))
            continue;
        json_object(j, NULL);
        json_text(j, "id", l->id);
        json_int(j, "power_w", l->power_w);
        json_int(j, "minutes", (l->minutes + 29) / 30 * 30);
        json_int(j, "slot_from", l->slot_from);
        json_int(j, "slot_to", l->slot_to);
        json_text(j, "state", run_state(&v->run[i]));
        api_int(j, "plan_slot", v->run[i].plan_slot < 0 ? MIZO_MISSING : v->run[i].plan_slot);
        json_end(j);
    }
    json_end(j);
}

/* The half-hours of what only some points have. */
static void put_more(json *j, const view_more *m)
{
    if (!m) {
        json_null(j, "more");
        return;
    }
    const struct {
        const char *name;
        const int32_t *v;
    } columns[] = {
        {"run_wh",         m->run       },
        { "given_wh",      m->given     },
        { "store_in_wh",   m->store_in  },
        { "store_out_wh",  m->store_out },
        { "drawn_wh",      m->drawn     },
        { "held_wh",       m->held      },
        { "plan_run_wh",   m->plan_run  },
        { "plan_given_wh", m->plan_given},
        { "plan_store_wh", m->plan_store},
        { "plan_held_wh",  m->plan_held },
    };
    json_object(j, "more");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        json_ints(j, columns[i].name, columns[i].v, MIZO_DAY_SLOTS);
    json_end(j);
}

/* One vehicle: what it wants and until when, while it is here. */
static void put_van(json *j, const town_view *v, size_t i)
{
    const view_van *van = &v->van[i];
    const char *state = !van->known ? "unknown" : van->here ? "here" : "away";
    json_object(j, NULL);
    json_text(j, "id", v->region->vehicle[i].id);
    json_int(j, "energy_wh", v->region->vehicle[i].energy_wh);
    json_text(j, "state", state);
    json_bool(j, "impossible", van->impossible);
    if (van->known && van->here) {
        api_int(j, "need_wh", van->need_wh);
        api_int(j, "now_w", van->now_w);
        json_time(j, "arrived", van->arrived, v->region->offset);
        json_time(j, "depart", van->depart, v->region->offset);
    } else {
        static const char *const keys[] = { "need_wh", "now_w", "arrived", "depart" };
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            json_null(j, keys[k]);
    }
    json_end(j);
}

static void put_vans(json *j, const town_view *v, mizo_ref point)
{
    const mizo_region *r = v->region;
    json_array(j, "vehicles");
    for (size_t i = 0; i < r->nvehicle && i < v->nvan; i++) {
        mizo_ref c = r->vehicle[i].charger;
        if (c >= 0 && r->charger[c].point == point && share_stands(v, r->charger[c].from, r->charger[c].to))
            put_van(j, v, i);
    }
    json_end(j);
}

static int64_t vehicles_at(const mizo_region *r, mizo_ref charger)
{
    int64_t n = 0;
    for (size_t i = 0; i < r->nvehicle; i++)
        n += r->vehicle[i].charger == charger;
    return n;
}

static void put_chargers(json *j, const town_view *v, mizo_ref point)
{
    size_t first, n = mizo_region_charger_of(v->region, point, &first);
    json_array(j, "chargers");
    for (size_t i = first; i < first + n; i++) {
        const mizo_charger *c = &v->region->charger[i];
        if (!share_stands(v, c->from, c->to))
            continue;
        json_object(j, NULL);
        json_text(j, "id", c->id);
        json_int(j, "max_w", c->max_w);
        json_int(j, "vehicles", vehicles_at(v->region, (mizo_ref)i));
        json_end(j);
    }
    json_end(j);
}

static void put_contract(json *j, const town_view *v, mizo_ref point)
{
    const mizo_region *r = v->region;
    mizo_ref m = mizo_region_menu_on(r, point, v->day);
    if (m < 0) {
        json_null(j, "contract");
        return;
    }
    const mizo_menu *menu = &r->menu[m];
    const mizo_supplier *s = menu->supplier >= 0 ? &r->supplier[menu->supplier] : NULL;
    json_object(j, "contract");
    json_text(j, "supplier", s ? s->id : NULL);
    json_text(j, "supplier_ja", s ? s->name_ja : NULL);
    json_text(j, "supplier_en", s ? s->name_en : NULL);
    json_text(j, "menu", menu->id);
    json_text(j, "menu_ja", menu->name_ja);
    json_text(j, "menu_en", menu->name_en);
    json_int(j, "renewable_ppm", menu->renewable_ppm);
    json_end(j);
}

static void put_peak(json *j, const view_day *d)
{
    int32_t most = MIZO_MISSING;
    int at = -1;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (d->import[i] != MIZO_MISSING && d->import[i] > most) {
            most = d->import[i];
            at = i;
        }
    if (at < 0) {
        json_null(j, "peak_today");
        return;
    }
    json_object(j, "peak_today");
    json_int(j, "power_w", 2 * (int64_t)most); /* the mean over a half-hour */
    json_int(j, "slot", at);
    json_end(j);
}

static void put_shared_with(json *j, const town_view *v, mizo_ref facility, mizo_ref point)
{
    const mizo_region *r = v->region;
    json_array(j, "shared_with");
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point != point || u->facility == facility || !share_stands(v, u->from, u->to))
            continue;
        json_object(j, NULL);
        json_text(j, "id", r->facility[u->facility].id);
        api_names(j, r->facility[u->facility].name_ja, r->facility[u->facility].name_en);
        json_int(j, "share_ppm", u->share_ppm);
        json_end(j);
    }
    json_end(j);
}

static void put_point(json *j, const town_view *v, const mizo_use *u)
{
    static const char *const readings[] = { "slot", "period", "lamp", "virtual" };
    const mizo_region *r = v->region;
    const mizo_point *p = &r->point[u->point];
    json_object(j, NULL);
    json_text(j, "id", p->id);
    json_int(j, "share_ppm", u->share_ppm);
    json_text(j, "voltage", mizo_voltage_word(p->voltage));
    json_text(j, "reading", readings[p->reading]);
    json_int(j, "contract_w", p->contract_w);
    json_int(j, "standing_w", p->standing_w);
    json_text(j, "tariff", p->tariff >= 0 ? r->tariff[p->tariff].id : NULL);
    put_contract(j, v, u->point);
    put_shared_with(j, v, u->facility, u->point);
    put_pv(j, v, u->point);
    put_batteries(j, v, u->point);
    put_stores(j, v, u->point);
    put_loads(j, v, u->point);
    put_chargers(j, v, u->point);
    put_vans(j, v, u->point);
    api_now(j, "now", &v->point_now[u->point]);
    put_peak(j, &v->point[u->point]);
    api_slots(j, "slots", &v->point[u->point]);
    put_more(j, view_more_of(v, u->point));
    json_end(j);
}

void api_site(const api_call *c, http_response *out)
{
    const town_view *v = c->view;
    mizo_ref facility = mizo_region_facility(v->region, c->id);
    if (facility < 0) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_SITE, c->id, NULL);
        return;
    }
    json j;
    api_begin(out, &j);
    put_facility(&j, &v->region->facility[facility]);
    json_time(&j, "at", v->now, v->region->offset);
    json_day(&j, "day", v->day);
    json_int(&j, "slot", v->slot);
    share_sum s = share_of(v, facility);
    api_now(&j, "now", &s.now);
    json_array(&j, "points");
    size_t first, n = mizo_region_uses_of(v->region, facility, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_use *u = &v->region->use[i];
        if (share_stands(v, u->from, u->to) && u->point >= 0 && (size_t)u->point < v->npoint)
            put_point(&j, v, u);
    }
    json_end(&j);
    json_end(&j);
}
