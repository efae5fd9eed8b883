/* match_json.c: see match_json.h. */
#include "town/proof/match_json.h"

#include <stdio.h>

const char *const match_waste_words[2] = { "full", "biogenic" }, *const match_demand_words[2] = { "fixed",
                                                                                                  "actual" };
const char *const match_by_words[] = { "menu", "party", "facility", "point", NULL };

match_rates match_rates_of(const match_sum *s)
{
    mizo_wh kept = s->matched - s->claimed, local = s->local - s->claimed;
    /* by menus: of all that came, for what a battery loses was bought under its menu too */
    return (match_rates){ match_rate_bp(s->menu, s->import + s->own), match_rate_bp(kept, s->load),
                          match_rate_bp(local > 0 ? local : 0, s->load) };
}

mizo_wh match_made(const match_report *m)
{
    mizo_wh made = 0;
    for (int o = 0; o < MIZO_ORIGINS; o++)
        made += m->made[o];
    return made;
}

/* ---- groups ---- */

size_t match_groups(const match_report *m, match_by by)
{
    const mizo_region *r = m->region;
    const size_t n[] = { r->nmenu, r->nparty, r->nfacility, r->npoint, 0 };
    return n[by];
}

match_group match_group_at(const match_report *m, match_by by, size_t i)
{
    const mizo_region *r = m->region;
    switch (by) {
    case MATCH_BY_MENU:
        return (match_group){ r->menu[i].id, r->menu[i].name_ja, r->menu[i].name_en, &m->menu[i] };
    case MATCH_BY_PARTY:
        return (match_group){ r->party[i].id, r->party[i].name_ja, r->party[i].name_en, &m->party[i] };
    case MATCH_BY_FACILITY:
        return (match_group){ r->facility[i].id, r->facility[i].name_ja, r->facility[i].name_en,
                              &m->facility[i] };
    default:
        return (match_group){ r->point[i].id, "", "", &m->point[i] };
    }
}

/* ---- JSON ---- */

static void put_rate(json *j, const char *key, int32_t bp, mizo_wh of)
{
    if (of > 0)
        json_double(j, key, bp / 10000.0);
    else
        json_null(j, key);
}

static void put_sum(json *j, const match_sum *s)
{
    match_rates r = match_rates_of(s);
    json_int(j, "load_wh", s->load);
    json_int(j, "import_wh", s->import);
    json_int(j, "own_wh", s->own);
    json_int(j, "menu_wh", s->menu);
    json_int(j, "matched_wh", s->matched);
    json_int(j, "local_wh", s->local);
    json_int(j, "battery_wh", s->battery);
    json_int(j, "fit_wh", s->fit);
    json_int(j, "waste_fossil_wh", s->fossil);
    json_int(j, "claimed_by_others_wh", s->claimed);
    put_rate(j, "annual_rate", r.year, s->load);
    put_rate(j, "time_matched_rate", r.slot, s->load);
    put_rate(j, "local_share", r.local, s->load);
}

static void put_sources(json *j, const match_report *m)
{
    static const char *const origin[] = { "own_roof", "waste", "in_town", "out_of_town" };
    json_object(j, "sources");
    for (int o = 0; o < MIZO_ORIGINS; o++) {
        json_object(j, origin[o]);
        json_int(j, "made_wh", m->made[o]);
        json_int(j, "used_wh", m->given[o]);
        json_end(j);
    }
    json_int(j, "made_fit_wh", m->made_fit);
    json_int(j, "made_waste_fossil_wh", m->made_fossil);
    json_int(j, "unclaimed_wh", m->unclaimed);
    json_int(j, "lost_in_batteries_wh", m->lost);
    json_int(j, "in_batteries_wh", m->stored);
    json_end(j);
}

static void put_variants(json *j, const match_report *m, int waste, int demand)
{
    json_object(j, "variants");
    for (int w = 0; w < 2; w++)
        for (int d = 0; d < 2; d++) {
            const match_variant *v = &m->variant[w][d];
            char key[32];
            snprintf(key, sizeof key, "%s,%s", match_waste_words[w], match_demand_words[d]);
            json_object(j, key);
            json_int(j, "supply_wh", v->supply);
            json_int(j, "saving_wh", v->saving);
            json_int(j, "demand_wh", v->demand);
            put_rate(j, "rate", v->rate_bp, v->known ? 1 : 0);
            json_end(j);
        }
    json_end(j);
    char pair[32];
    snprintf(pair, sizeof pair, "%s,%s", match_waste_words[waste], match_demand_words[demand]);
    json_text(j, "published_pair", pair);
    if (m->fixed_fy)
        json_int(j, "fixed_demand_of_fy", m->fixed_fy);
    else
        json_null(j, "fixed_demand_of_fy");
}

static void put_group(json *j, const match_group *g)
{
    json_object(j, NULL);
    json_text(j, "id", g->id);
    json_text(j, "name_ja", g->name_ja);
    json_text(j, "name_en", g->name_en);
    put_sum(j, g->sum);
    json_end(j);
}

static void put_groups(json *j, const match_report *m)
{
    static const char *const keys[] = { "menus", "parties", "facilities", "points" };
    for (match_by by = MATCH_BY_MENU; by < MATCH_BY_NONE; by++) {
        json_array(j, keys[by]);
        for (size_t i = 0; i < match_groups(m, by); i++) {
            match_group g = match_group_at(m, by, i);
            if (g.sum->load || g.sum->matched)
                put_group(j, &g);
        }
        json_end(j);
    }
}

void match_rules_json(const mizo_region *r, mizo_day day, json *j)
{
    static const char *const rule[] = { "pro-rata", "priority", "contract" };
    json_array(j, "rules");
    for (size_t i = 0; i < r->npool; i++) {
        const mizo_pool *p = &r->pool[i];
        if (day < p->from || day >= p->to)
            continue;
        json_object(j, NULL);
        json_text(j, "pool", p->id);
        json_text(j, "name_ja", p->name_ja);
        json_text(j, "name_en", p->name_en);
        json_text(j, "rule", rule[p->rule]);
        json_end(j);
    }
    if (!r->npool) { /* one of all sources and all points */
        json_object(j, NULL);
        json_text(j, "pool", "town");
        json_text(j, "name_ja", "");
        json_text(j, "name_en", "");
        json_text(j, "rule", rule[MIZO_POOL_PRO_RATA]);
        json_end(j);
    }
    json_end(j);
}

static void put_town(json *j, const match_report *m)
{
    mizo_wh made = match_made(m), most = made < m->town.load ? made : m->town.load;
    json_object(j, "town");
    put_sum(j, &m->town);
    json_int(j, "volume_wh", made);
    put_rate(j, "volume_rate", match_rate_bp(most, m->town.load), m->town.load);
    json_int(j, "residual_wh", m->residual.wh);
    if (m->booked_known)
        json_int(j, "booked_wh", m->booked);
    else
        json_null(j, "booked_wh");
    json_end(j);
}

static void put_unread(json *j, const match_report *m)
{
    json_array(j, "unread_exports");
    for (size_t i = 0; i < m->region->npoint; i++)
        if (m->unread[i]) {
            json_object(j, NULL);
            json_text(j, "point", m->region->point[i].id);
            json_int(j, "slots", m->unread[i]);
            json_end(j);
        }
    json_end(j);
}

void match_json(const match_report *m, int month, match_waste waste, match_demand demand, json *j)
{
    json_int(j, "fy", m->fy);
    json_day(j, "from", m->from);
    json_day(j, "to", m->to - 1);
    json_int(j, "days", m->days);
    json_int(j, "days_read", m->days_read);
    put_unread(j, m);
    put_town(j, m);
    residual_json(&m->residual, j);
    put_sources(j, m);
    if (!month)
        put_variants(j, m, (int)waste, (int)demand);
    match_rules_json(m->region, m->from, j);
    match_flow_json(&m->flow, j);
    put_groups(j, m);
    json_text(j, "model", m->region->hash);
}
