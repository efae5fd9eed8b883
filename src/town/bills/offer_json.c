/* offer_json.c: an offer as JSON: of the verb and of the API. */
#include "town/bills/offer.h"

static const char *const load_words[] = { "slots", "bills", "months" };

static void e6(json *j, const char *key, int64_t v)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(v, 6, text);
    json_text(j, key, text);
}

static void size_json(json *j, const char *key, const offer_size *s)
{
    json_object(j, key);
    json_int(j, "dc_w", s->dc_w);
    json_int(j, "generated_wh", s->generated_wh);
    json_int(j, "self_wh", s->self_wh);
    json_yen(j, "saved_yen", s->saved);
    json_yen(j, "cost_yen", s->cost);
    json_yen(j, "grant_yen", s->grant);
    json_yen(j, "upkeep_yen", s->om);
    e6(j, "ppa_price_yen_per_kwh", s->ppa_price_e6);
    json_yen(j, "ppa_paid_yen", s->ppa_paid);
    json_yen(j, "ppa_saved_yen", s->ppa_saved);
    json_yen(j, "own_value_yen", s->own_value);
    json_yen(j, "ppa_value_yen", s->ppa_value);
    if (s->payback_years)
        json_int(j, "payback_years", s->payback_years);
    else
        json_null(j, "payback_years");
    json_end(j);
}

void offer_json(const town *t, const offer *o, json *j)
{
    json_text(j, "point", t->region->point[o->point].id);
    json_text(j, "facility", o->facility < 0 ? NULL : t->region->facility[o->facility].id);
    json_text(j, "contract", t->region->contract[o->contract].id);
    json_day(j, "from", o->from);
    json_day(j, "to", o->to);
    json_text(j, "load_from", load_words[o->load]);
    json_text(j, "yield_from", o->yield == OFFER_TOWN_PANELS ? "panels" : "clear-sky");
    json_int(j, "panels", o->panels);
    json_int(j, "filled_slots", o->filled);
    json_int(j, "limit_w", o->limit_w);
    json_text(j, "limit", o->limit);
    json_bool(j, "self_use_kept", o->self_use_kept);
    json_bool(j, "with_tax", o->with_tax);
    if (o->best < 0)
        json_null(j, "best");
    else
        size_json(j, "best", &o->size[o->best]);
    json_array(j, "sizes");
    for (int i = 0; i < o->nsize; i++)
        size_json(j, NULL, &o->size[i]);
    json_end(j);
    json_array(j, "months");
    for (int m = 0; m < OFFER_MONTHS; m++) {
        json_object(j, NULL);
        json_day(j, "month", o->month[m].month);
        json_int(j, "load_wh", o->month[m].load_wh);
        json_int(j, "generated_wh", o->month[m].generated_wh);
        json_int(j, "self_wh", o->month[m].self_wh);
        json_yen(j, "before_yen", o->month[m].before);
        json_yen(j, "after_yen", o->month[m].after);
        json_end(j);
    }
    json_end(j);
}
