/* leading_json.c: a year of the leading area as JSON. See leading.h. */
#include <stdio.h>
#include <string.h>

#include "town/office/leading.h"
#include "town/proof/match_json.h"

static void wh_or_null(json *j, const char *key, mizo_wh wh)
{
    if (wh < 0)
        json_null(j, key);
    else
        json_int(j, key, wh);
}

static void rate_or_null(json *j, const char *key, bool known, int32_t bp)
{
    if (known)
        json_double(j, key, bp / 10000.0);
    else
        json_null(j, key);
}

/* ---- the rate, as published and by contract ---- */

static void put_figures(json *j, const mizo_achievement *a)
{
    char text[64];
    json_int(j, "supply_wh", a->supply_wh);
    json_int(j, "saving_wh", a->saving_wh);
    json_int(j, "demand_wh", a->demand_wh);
    rate_or_null(j, "rate", a->demand_wh > 0, a->rate_bp);
    mizo_achievement_text(a, "ja", text, sizeof text);
    json_text(j, "text_ja", a->demand_wh > 0 ? text : NULL);
    mizo_achievement_text(a, "en", text, sizeof text);
    json_text(j, "text_en", a->demand_wh > 0 ? text : NULL);
}

static void put_published(json *j, const leading *l)
{
    static const char *const none[] = { "supply_wh", "saving_wh", "demand_wh", "rate", "text_ja",
                                        "text_en",   "rule_ja",   "rule_en",   NULL };
    char rule[400];
    json_text(j, "published", l->said == MIZO_OK ? "exact" : l->said == MIZO_ENOENT ? "none" : "refused");
    for (const char *const *k = none; l->said && *k; k++)
        json_null(j, *k);
    if (l->said)
        return;
    put_figures(j, &l->published);
    mizo_achievement_rule(&l->published, "ja", rule, sizeof rule);
    json_text(j, "rule_ja", rule);
    mizo_achievement_rule(&l->published, "en", rule, sizeof rule);
    json_text(j, "rule_en", rule);
}

static void put_grades(json *j, const mizo_achievement *a)
{
    json_object(j, "grades");
    for (int g = 0; g < MIZO_GRADES; g++) {
        if (!a->demand_by_grade[g] && !a->supply_by_grade[g])
            continue;
        json_object(j, mizo_quality_text((mizo_quality)g));
        json_int(j, "supply_wh", a->supply_by_grade[g]);
        json_int(j, "demand_wh", a->demand_by_grade[g]);
        if (a->demand_wh > 0)
            json_double(j, "share", (double)a->demand_by_grade[g] / (double)a->demand_wh);
        json_end(j);
    }
    json_end(j);
}

static void put_own(json *j, const leading *l)
{
    static const char *const from[] = { "slots", "bills", "lamps", "roofs" };
    const achievement_own *own = &l->own;
    json_object(j, "own");
    put_figures(j, &own->a);
    json_int(j, "self_wh", own->self_wh);
    put_grades(j, &own->a);
    json_object(j, "read_by");
    for (int i = FROM_SLOTS; i <= FROM_ROOF; i++)
        json_int(j, from[i], l->from[i]);
    json_end(j);
    json_int(j, "points", own->points);
    json_int(j, "points_without_reading", own->silent);
    json_int(j, "days_without_reading", own->missing_days);
    json_int(j, "facilities", own->a.facilities);
    json_array(j, "unreported");
    for (size_t i = 0; i < own->nunreported; i++)
        json_text(j, NULL, l->region->facility[own->unreported[i]].id);
    json_end(j);
    json_end(j);
}

/* ---- the four readings ---- */

static void put_variants(json *j, const leading *l)
{
    char pair[32];
    snprintf(pair, sizeof pair, "%s,%s", match_waste_words[l->waste], match_demand_words[l->demand]);
    json_text(j, "published_pair", pair);
    json_array(j, "variants");
    for (int w = 0; w < 2; w++)
        for (int d = 0; d < 2; d++) {
            const leading_variant *v = &l->variant[w][d];
            json_object(j, NULL);
            json_text(j, "waste", match_waste_words[w]);
            json_text(j, "demand", match_demand_words[d]);
            json_bool(j, "published", w == (int)l->waste && d == (int)l->demand);
            json_bool(j, "partial", v->partial);
            wh_or_null(j, "supply_wh", v->known ? v->supply : -1);
            wh_or_null(j, "saving_wh", v->known ? v->saving : -1);
            wh_or_null(j, "demand_wh", v->known ? v->demand : -1);
            rate_or_null(j, "rate", v->known, v->rate_bp);
            if (v->known)
                json_int(j, "percent", v->rate_pct);
            else
                json_null(j, "percent");
            json_end(j);
        }
    json_end(j);
    json_int(j, "waste_wh", l->waste_wh);
    json_int(j, "waste_fossil_wh", l->fossil_wh);
    json_text(j, "waste_unknown_menu", l->waste_unknown);
}

/* ---- five years ---- */

static void put_years(json *j, const leading *l)
{
    json_array(j, "years");
    for (int i = 0; i < LEADING_YEARS; i++) {
        const leading_year_row *y = &l->year[i];
        json_object(j, NULL);
        json_int(j, "fy", y->fy);
        wh_or_null(j, "supply_wh", y->supply);
        wh_or_null(j, "saving_wh", y->saving);
        wh_or_null(j, "demand_wh", y->demand);
        rate_or_null(j, "rate", y->rate_bp >= 0, y->rate_bp);
        json_int(j, "recorded_saving_wh", y->recorded);
        json_end(j);
    }
    json_end(j);
}

/* ---- by the year and by the half-hour ---- */

static void put_half_hours(json *j, const leading *l)
{
    const match_report *m = &l->match;
    json_object(j, "side_by_side");
    json_double(j, "slots_share", (double)leading_slots_ppm(l) / 1e6);
    if (!l->matched) {
        json_null(j, "half_hour");
        json_end(j);
        return;
    }
    match_rates rates = match_rates_of(&m->town);
    json_object(j, "half_hour");
    json_int(j, "days", m->days);
    json_int(j, "days_read", m->days_read);
    json_int(j, "load_wh", m->town.load);
    json_int(j, "matched_wh", m->town.matched);
    json_int(j, "local_wh", m->town.local);
    json_int(j, "claimed_by_others_wh", m->town.claimed);
    json_int(j, "unclaimed_wh", m->unclaimed);
    json_int(j, "residual_wh", m->residual.wh);
    rate_or_null(j, "annual_rate", m->town.load > 0, rates.year);
    rate_or_null(j, "time_matched_rate", m->town.load > 0, rates.slot);
    rate_or_null(j, "local_share", m->town.load > 0, rates.local);
    json_end(j);
    json_end(j);
}

/* ---- who stands behind it ---- */

static void put_parts(json *j, const leading *l)
{
    for (int i = 0; i < LEADING_CUTS; i++) {
        char key[24];
        snprintf(key, sizeof key, "by_%s", ledger_cut_words[leading_cuts[i]]);
        json_object(j, key);
        ledger_parts_json(l->region, &l->parts[i], j);
        json_end(j);
    }
}

static void kg_or_null(json *j, const char *key, mizo_mg mg)
{
    if (mg < 0)
        json_null(j, key);
    else
        json_kg(j, key, mg);
}

static void put_effect(json *j, const leading *l)
{
    const mizo_factor_found *f = &l->factor;
    json_object(j, "effect");
    json_object(j, "factor");
    json_text(j, "way", mizo_factor_way_text(f->way));
    if (f->way == MIZO_WAY_NONE)
        json_null(j, "g_per_kwh");
    else
        json_double(j, "g_per_kwh", (double)f->g_e6 / 1e6);
    json_text(j, "source", f->row ? f->row->source : NULL);
    if (f->row)
        json_int(j, "of_fy", f->row->fy);
    json_end(j);
    json_array(j, "groups");
    for (int g = 0; g < 2; g++) {
        const leading_effect *e = &l->effect[g];
        json_object(j, NULL);
        json_text(j, "group", e->group == MIZO_GROUP_PUBLIC ? "public" : "private");
        json_int(j, "supply_wh", e->supply);
        json_int(j, "saving_wh", e->saving);
        kg_or_null(j, "planned_kg", e->planned);
        json_text(j, "planned_source", e->source);
        kg_or_null(j, "kg", e->made);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void put_measures(json *j, const leading *l)
{
    json_array(j, "measures");
    for (size_t i = 0; i < l->nmeasure; i++) {
        const leading_measure *m = &l->measure[i];
        char count[MIZO_NUM_TEXT], kg[MIZO_NUM_TEXT];
        mizo_decimal_text(m->count_e6, 6, count);
        mizo_decimal_text(m->saved_e3, 3, kg);
        json_object(j, NULL);
        json_text(j, "id", m->id);
        json_text(j, "what", m->what);
        json_text(j, "title", m->title);
        json_text(j, "count", count);
        json_text(j, "unit", m->unit);
        json_text(j, "saved_kg", kg);
        json_text(j, "factor", m->factor);
        json_text(j, "source", m->source);
        json_end(j);
    }
    json_end(j);
}

void leading_json(const leading *l, json *j)
{
    const ledger_ask ask = { .lang = "ja", .brief = true, .bureau = l->bureau };
    json_int(j, "fy", l->fy);
    put_published(j, l);
    put_variants(j, l);
    put_years(j, l);
    put_own(j, l);
    put_half_hours(j, l);
    put_parts(j, l);
    json_object(j, "savings");
    office_savings_json(&l->savings, l->region, l->bureau, j);
    json_end(j);
    put_measures(j, l);
    put_effect(j, l);
    json_object(j, "ledger");
    owner_ledger_json(l->region, &l->ledger, &ask, j);
    json_end(j);
}
