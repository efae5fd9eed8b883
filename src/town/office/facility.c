/* facility.c: see facility.h: what is gathered, and as JSON. The document: facility_doc.c. */
#include <stdlib.h>
#include <string.h>

#include "town/office/facility_inner.h"
#include "town/office/map.h"

/* ---- gathering ---- */

static mizo_err one_year(facility_sheet *s, int fy, facility_year *out)
{
    owner_ledger l;
    MIZO_TRY(
        owner_ledger_one(s->t->store, s->t->region, fy, s->ask->as_of, s->ask->today, s->ask->facility, &l));
    for (size_t i = 0; i < l.nrow; i++) {
        out->row = l.row[i];
        out->there = true;
        for (int m = 0; m < YEARLY_MONTHS; m++)
            out->any |= l.row[i].month[m].evidence < LEDGER_MISSING;
    }
    owner_ledger_free(&l);
    out->head = l;
    return MIZO_OK;
}

static mizo_err keep_note(void *arg, const note *n)
{
    facility_sheet *s = arg;
    if (strcmp(note_get(n, "facility"), s->f->id) != 0)
        return MIZO_OK;
    MIZO_TRY(array_grow(&s->note, &s->cap, s->nnote + 1, sizeof *s->note));
    s->note[s->nnote++] = (facility_note){ n->kind, *n };
    return MIZO_OK;
}

static mizo_err gather(facility_sheet *s)
{
    for (int i = 0; i < FACILITY_YEARS; i++)
        MIZO_TRY(one_year(s, s->ask->fy - i, &s->year[i]));
    MIZO_TRY(owner_reports_load(s->t->store, s->t->region, s->ask->fy, s->ask->as_of, &s->reports));
    for (const note_kind *k = office_kinds; k->name; k++)
        if (office_act(k) == ACT_ENTER)
            MIZO_TRY(note_scan(s->t, k, keep_note, s));
    for (size_t i = 0; i < s->nnote; i++)
        if (strcmp(s->note[i].kind->name, "grant-asset") == 0)
            return office_grant_make(s->t, s->ask->fy, s->ask->today, &s->grant);
    return MIZO_OK;
}

mizo_err facility_gather(town *t, const facility_ask *ask, facility_sheet *s)
{
    *s = (facility_sheet){ .t = t, .ask = ask, .f = &t->region->facility[ask->facility] };
    mizo_err e = gather(s);
    if (e)
        facility_drop(s);
    return e;
}

void facility_drop(facility_sheet *s)
{
    owner_reports_free(&s->reports);
    office_grant_free(&s->grant);
    free(s->note);
    s->note = NULL;
    s->nnote = 0;
}

mizo_err facility_supplies(const facility_sheet *s, mizo_err (*fn)(void *arg, const facility_supply *x),
                           void *arg)
{
    const mizo_region *r = s->t->region;
    size_t first, n = mizo_region_uses_of(r, s->ask->facility, &first);
    for (size_t u = first; u < first + n; u++)
        for (size_t i = 0; i < r->nsupply; i++) {
            const mizo_supply *c = &r->supply[i];
            if (c->point != r->use[u].point || c->from >= r->use[u].to || c->to <= r->use[u].from)
                continue;
            const mizo_menu *m = &r->menu[c->menu];
            facility_supply x = { .point = &r->point[c->point],
                                  .supplier = m->supplier >= 0 ? &r->supplier[m->supplier] : NULL,
                                  .menu = m,
                                  .share_ppm = r->use[u].share_ppm,
                                  .from = c->from,
                                  .to = c->to };
            MIZO_TRY(fn(arg, &x));
        }
    return MIZO_OK;
}

static mizo_err assets_of(const mizo_region *r, mizo_ref p, mizo_err (*fn)(void *, const facility_asset *),
                          void *arg)
{
    static const char *const stores[] = { "battery", "heater", "hydrogen" };
    size_t first, n = mizo_region_pv_of(r, p, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_pv *v = &r->pv[i];
        facility_asset x = { "pv", v->id, r->point[p].id, v->dc_w, 0, v->fit, v->grant, v->from, v->to };
        MIZO_TRY(fn(arg, &x));
    }
    n = mizo_region_battery_of(r, p, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_battery *b = &r->battery[i];
        facility_asset x = { stores[b->kind], b->id, r->point[p].id, b->discharge_w, b->energy_wh,
                             false,           false, b->from,        b->to };
        MIZO_TRY(fn(arg, &x));
    }
    n = mizo_region_charger_of(r, p, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_charger *c = &r->charger[i];
        facility_asset x = { "charger", c->id, r->point[p].id, c->max_w, 0, false, false, c->from, c->to };
        MIZO_TRY(fn(arg, &x));
    }
    return MIZO_OK;
}

mizo_err facility_assets(const facility_sheet *s, mizo_err (*fn)(void *arg, const facility_asset *x),
                         void *arg)
{
    const mizo_region *r = s->t->region;
    size_t first, n = mizo_region_uses_of(r, s->ask->facility, &first);
    for (size_t u = first; u < first + n; u++)
        MIZO_TRY(assets_of(r, r->use[u].point, fn, arg));
    return MIZO_OK;
}

/* ---- as JSON ---- */

static void put_days(json *j, mizo_day from, mizo_day to)
{
    if (from > INT32_MIN)
        json_day(j, "from", from);
    else
        json_null(j, "from");
    if (to == MIZO_DAY_NONE)
        json_null(j, "to");
    else
        json_day(j, "to", to);
}

static void put_text(json *j, const char *key, const char *s)
{
    json_text(j, key, *s ? s : NULL);
}

static void put_head(const facility_sheet *s, json *j)
{
    const mizo_facility *f = s->f;
    static const char *const judged[] = { NULL, "no", "yes" };
    char ward_en[WARDS_NAME];
    json_text(j, "id", f->id);
    json_text(j, "name_ja", f->name_ja);
    json_text(j, "name_en", *f->name_en ? f->name_en : f->name_ja);
    json_text(j, "kind", f->kind);
    json_text(j, "group", f->group == MIZO_GROUP_PUBLIC ? "public" : "private");
    put_text(j, "ward", f->ward);
    map_ward_en(s->t, f->ward, ward_en);
    put_text(j, "ward_en", ward_en);
    put_text(j, "bureau", f->bureau);
    put_text(j, "entity", f->entity);
    put_text(j, "owner_code", f->owner_code);
    if (f->floor_m2 > 0)
        json_int(j, "floor_m2", f->floor_m2);
    else
        json_null(j, "floor_m2");
    json_text(j, "pv_installable", judged[f->pv_installable + 1]);
    put_days(j, f->from, f->to);
}

static void put_buildings(const facility_sheet *s, json *j)
{
    const mizo_region *r = s->t->region;
    size_t first, n = mizo_region_uses_of(r, s->ask->facility, &first);
    json_array(j, "buildings");
    for (size_t u = first; u < first + n; u++) {
        mizo_ref b = r->use[u].building;
        bool again = b < 0;
        for (size_t k = first; k < u && !again; k++)
            again = r->use[k].building == b;
        if (again)
            continue;
        json_object(j, NULL);
        json_text(j, "id", r->building[b].id);
        json_text(j, "name_ja", r->building[b].name_ja);
        json_text(j, "name_en", *r->building[b].name_en ? r->building[b].name_en : r->building[b].name_ja);
        json_int(j, "floor_m2", r->building[b].floor_m2);
        if (r->building[b].built)
            json_int(j, "built", r->building[b].built);
        else
            json_null(j, "built");
        json_end(j);
    }
    json_end(j);
}

static void put_year(const facility_year *y, json *j)
{
    char missing[160];
    ledger_missing_text(&y->head, &y->row, missing, sizeof missing);
    json_object(j, NULL);
    json_int(j, "fy", y->head.fy);
    json_bool(j, "any", y->any);
    json_int(j, "demand_wh", y->row.demand_wh);
    json_int(j, "supply_wh", y->row.supply_wh);
    json_int(j, "reported_wh", y->row.reported_wh);
    json_int(j, "read_of_reported_wh", y->row.both_wh);
    json_object(j, "months");
    for (int e = 0; e < LEDGER_EVIDENCES; e++) {
        int n = 0;
        for (int m = 0; m < YEARLY_MONTHS; m++)
            n += y->row.month[m].evidence == (ledger_evidence)e;
        json_int(j, ledger_words[e], n);
    }
    json_end(j);
    json_text(j, "missing_months", missing);
    json_bool(j, "late", ledger_late(&y->row));
    if (y->row.since == MIZO_DAY_NONE) {
        json_null(j, "since");
        json_null(j, "days");
    } else {
        json_day(j, "since", y->row.since);
        json_int(j, "days", y->head.today - y->row.since);
    }
    json_end(j);
}

static void put_month(const ledger_month *k, int fy, int m, json *j)
{
    char text[16];
    mizo_day_text(mizo_date_day((mizo_date){ m < 9 ? fy : fy + 1, (m + 3) % 12 + 1, 1 }), text);
    text[7] = '\0';
    json_object(j, NULL);
    json_text(j, "month", text);
    json_text(j, "evidence", ledger_words[k->evidence]);
    const struct {
        const char *key;
        bool there;
        int64_t v;
    } cells[] = {
        {"read_wh",       k->pieces > 0,                    k->metered_wh },
        { "renewable_wh", k->pieces > 0,                    k->green_wh   },
        { "roof_wh",      k->pieces > 0,                    k->roof_wh    },
        { "reported_wh",  k->reported_wh != YEARLY_MISSING, k->reported_wh},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (cells[i].there)
            json_int(j, cells[i].key, cells[i].v);
        else
            json_null(j, cells[i].key);
    json_end(j);
}

static void put_years(const facility_sheet *s, json *j)
{
    json_array(j, "years");
    for (int i = 0; i < FACILITY_YEARS; i++)
        if (s->year[i].there && (s->year[i].any || i == 0))
            put_year(&s->year[i], j);
    json_end(j);
    json_array(j, "months");
    for (int m = 0; s->year[0].there && m < YEARLY_MONTHS; m++)
        put_month(&s->year[0].row.month[m], s->ask->fy, m, j);
    json_end(j);
}

static mizo_err put_supply(void *arg, const facility_supply *x)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "point", x->point->id);
    json_int(j, "share_ppm", x->share_ppm);
    json_int(j, "contract_w", x->point->contract_w);
    json_text(j, "supplier_ja", x->supplier ? x->supplier->name_ja : NULL);
    json_text(j, "supplier_en", x->supplier ? x->supplier->name_en : NULL);
    json_text(j, "menu_ja", x->menu->name_ja);
    json_text(j, "menu_en", *x->menu->name_en ? x->menu->name_en : x->menu->name_ja);
    json_int(j, "renewable_ppm", x->menu->renewable_ppm);
    put_days(j, x->from, x->to);
    json_end(j);
    return j->out->err;
}

static mizo_err put_asset(void *arg, const facility_asset *x)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "what", x->what);
    json_text(j, "id", x->id);
    json_text(j, "point", x->point);
    json_int(j, "power_w", x->power_w);
    json_int(j, "energy_wh", x->energy_wh);
    json_bool(j, "fit", x->fit);
    json_bool(j, "grant", x->grant);
    put_days(j, x->from, x->to);
    json_end(j);
    return j->out->err;
}

static void put_reports(const facility_sheet *s, json *j)
{
    json_array(j, "reports");
    for (size_t i = 0; i < s->reports.n; i++) {
        const owner_report *o = &s->reports.v[i];
        int64_t sum = 0;
        int months = 0;
        if (o->facility != s->ask->facility)
            continue;
        for (int m = 0; m < YEARLY_MONTHS; m++)
            if (o->milli[m] != YEARLY_MISSING) {
                sum += o->milli[m];
                months++;
            }
        json_object(j, NULL);
        json_text(j, "energy", o->energy->id);
        json_text(j, "name_ja", o->energy->ja);
        json_text(j, "name_en", o->energy->en);
        json_text(j, "unit", o->energy->unit);
        json_int(j, "milli", sum);
        json_int(j, "months", months);
        json_text(j, "place", o->place);
        put_text(j, "note", o->note);
        json_int(j, "version", o->version);
        json_end(j);
    }
    json_end(j);
}

static void put_notes(const facility_sheet *s, json *j)
{
    json_object(j, "notes");
    for (size_t i = 0; i < s->nnote;) {
        const note_kind *k = s->note[i].kind;
        json_array(j, k->name);
        for (; i < s->nnote && s->note[i].kind == k; i++) {
            json_object(j, NULL);
            note_json(&s->note[i].n, s->t->region->offset, j);
            json_end(j);
        }
        json_end(j);
    }
    json_end(j);
    json_array(j, "findings");
    for (size_t i = 0; i < s->grant.nfinding; i++) {
        const grant_finding *f = &s->grant.finding[i];
        const grant_asset *a = &s->grant.asset[f->asset];
        if (strcmp(a->facility, s->f->id) != 0)
            continue;
        json_object(j, NULL);
        json_text(j, "id", a->id);
        json_text(j, "asset", a->asset);
        json_text(j, "rule", grant_rule_words[f->rule]);
        json_bool(j, "unknown", f->unknown);
        if (f->month == MIZO_DAY_NONE)
            json_null(j, "month");
        else
            json_day(j, "month", f->month);
        json_int(j, "is", f->is);
        json_int(j, "should", f->should);
        json_end(j);
    }
    json_end(j);
}

mizo_err facility_json(town *t, const facility_ask *ask, json *j)
{
    facility_sheet s;
    MIZO_TRY(facility_gather(t, ask, &s));
    put_head(&s, j);
    json_int(j, "fy", ask->fy);
    json_day(j, "day", ask->today);
    put_buildings(&s, j);
    put_years(&s, j);
    json_array(j, "supply");
    mizo_err e = facility_supplies(&s, put_supply, j);
    json_end(j);
    json_array(j, "assets");
    e = e ? e : facility_assets(&s, put_asset, j);
    json_end(j);
    put_reports(&s, j);
    put_notes(&s, j);
    json_text(j, "model", t->region->hash);
    facility_drop(&s);
    return e ? e : j->out->err;
}
