/* carbon_json.c: the CO2 of a year as JSON, for the verb and the API alike. */
#include "town/proof/carbon_year.h"

static void put_g(json *j, const char *key, int64_t g_e6)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(g_e6, 6, text);
    json_text(j, key, text);
}

static void put_factor(json *j, const char *key, const mizo_factor_found *f)
{
    json_object(j, key);
    json_text(j, "by", mizo_factor_way_text(f->way));
    if (f->way != MIZO_WAY_NONE)
        put_g(j, "g_per_kwh", f->g_e6);
    if (f->row) {
        json_int(j, "fy", f->row->fy);
        if (f->row->published != INT32_MIN)
            json_day(j, "published", f->row->published);
        json_text(j, "source", f->row->source);
        json_text(j, "mark", mizo_mark_text(f->row->mark));
    }
    json_end(j);
}

static void put_row(json *j, const mizo_region *r, const carbon_row *c)
{
    json_object(j, NULL);
    json_text(j, "menu", c->menu < 0 ? NULL : r->menu[c->menu].id);
    json_text(j, "name_ja", c->menu < 0 ? "" : r->menu[c->menu].name_ja);
    json_text(j, "name_en", c->menu < 0 ? "" : r->menu[c->menu].name_en);
    json_text(j, "supplier", c->menu < 0 ? NULL : r->supplier[r->menu[c->menu].supplier].id);
    json_int(j, "import_wh", c->import);
    put_factor(j, "factor", &c->factor);
    json_kg(j, "market_kg", c->market);
    json_kg(j, "location_kg", c->location);
    if (c->before.way != MIZO_WAY_NONE) {
        put_factor(j, "factor_before", &c->before);
        json_kg(j, "market_before_kg", c->market_before);
        json_kg(j, "difference_kg", c->market - c->market_before);
    }
    json_end(j);
}

static void put_slots(json *j, const char *key, const carbon_slots *s)
{
    json_object(j, key);
    json_bool(j, "known", s->known);
    if (s->known) {
        json_text(j, "method", s->method);
        json_kg(j, "kg", s->mg);
        json_int(j, "covered_wh", s->covered);
        json_int(j, "uncovered_wh", s->uncovered);
        json_int(j, "slots", s->slots);
    }
    json_end(j);
}

void carbon_year_json(const mizo_region *r, const carbon_year *c, json *j)
{
    json_int(j, "fy", c->fy);
    if (c->as_of != MIZO_DAY_NONE)
        json_day(j, "as_of", c->as_of);
    json_int(j, "import_wh", c->import);
    json_int(j, "self_wh", c->self);
    json_kg(j, "location_kg", c->location);
    put_factor(j, "location_factor", &c->location_factor);
    if (c->location_before_factor.way != MIZO_WAY_NONE) {
        put_factor(j, "location_factor_before", &c->location_before_factor);
        json_kg(j, "location_before_kg", c->location_before);
        json_kg(j, "location_difference_kg", c->location - c->location_before);
    }
    json_kg(j, "market_kg", c->market);
    json_bool(j, "market_whole", c->market_whole);
    json_kg(j, "market_before_kg", c->market_before);
    json_kg(j, "market_difference_kg", c->market - c->market_before);
    put_slots(j, "average_by_slot", &c->average);
    put_slots(j, "marginal_by_slot", &c->marginal);
    json_array(j, "menus");
    for (size_t i = 0; i < c->nrow; i++)
        put_row(j, r, &c->row[i]);
    json_end(j);
    json_int(j, "days_without_reading", c->missing_days);
    json_text(j, "model", r->hash);
}
