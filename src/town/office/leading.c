/* leading.c: see leading.h. */
#include "town/office/leading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/office/uses.h"
#include "town/proof/match_json.h"

enum { PLAN_REACH = 30 }; /* years around the one that is asked for */

const ledger_cut leading_cuts[LEADING_CUTS] = { LEDGER_BY_GROUP, LEDGER_BY_BUREAU, LEDGER_BY_SUPPLIER,
                                                LEDGER_BY_MENU };

typedef struct making {
    town *t;
    const leading_ask *ask;
    leading *l;
    achievement_pieces pieces; /* of the year: read once for all */
} making;

/* What was said of a year up to the day: by published.csv, or by a person. */
static const mizo_published *said_on(const making *x, int fy, const char *item)
{
    const city_books *b = x->ask->books;
    const mizo_indicator *i = b ? city_indicator(b, item, strlen(item)) : NULL;
    city_value v;
    if (!i)
        return mizo_published_on(x->l->region, fy, item, x->ask->as_of);
    return city_value_of(b, i, fy, &v) ? NULL : v.row;
}

static bool said_any(const making *x)
{
    return said_on(x, x->l->fy, "re-supply") || said_on(x, x->l->fy, "saving") ||
           said_on(x, x->l->fy, "demand");
}

static mizo_err read_published(const making *x, mizo_diags *d)
{
    leading *l = x->l;
    return mizo_achievement_said(l->fy, said_on(x, l->fy, "re-supply"), said_on(x, l->fy, "saving"),
                                 said_on(x, l->fy, "demand"), d, &l->published);
}

/* ---- pieces of the year ---- */

/* Of a menu's renewable kWh on a day, what is waste power; -1: nobody says. */
static int64_t waste_ppm(const mizo_region *r, mizo_ref menu, mizo_day day)
{
    const mizo_param *p = mizo_param_on(r, "menu-waste-share", r->menu[menu].id, day);
    return p ? p->value_e6 : -1;
}

/* The biogenic share of the waste plants that run on a day, by their capacity. */
static int64_t biogenic_ppm(const mizo_region *r, mizo_day day)
{
    int64_t kw = 0, sum = 0;
    for (size_t i = 0; i < r->nplant; i++) {
        const mizo_plant *p = &r->plant[i];
        if (p->carrier != MIZO_CARRIER_WASTE || day < p->from || day >= p->to)
            continue;
        int64_t of = p->capacity_w / 1000;
        kw += of;
        sum += of * mizo_region_biogenic(r, (mizo_ref)i, day);
    }
    return kw > 0 ? sum / kw : MIZO_PPM;
}

/* Renewable kWh of a menu on days that have one share of waste power and one of what is biogenic in it. */
static mizo_err add_waste(making *x, mizo_ref menu, mizo_day day, mizo_wh green)
{
    const mizo_region *r = x->l->region;
    int64_t share = waste_ppm(r, menu, day), waste = 0, fossil = 0;
    if (share < 0) {
        x->l->waste_unknown = x->l->waste_unknown ? x->l->waste_unknown : r->menu[menu].id;
        return MIZO_OK;
    }
    MIZO_TRY(mizo_mul_div(green, share, MIZO_PPM, MIZO_ROUND_DOWN, &waste));
    MIZO_TRY(mizo_mul_div(waste, MIZO_PPM - biogenic_ppm(r, day), MIZO_PPM, MIZO_ROUND_UP, &fossil));
    x->l->waste_wh += waste;
    x->l->fossil_wh += fossil;
    return MIZO_OK;
}

/* A bill over a change of the shares is cut there. */
static mizo_err on_piece(void *arg, const achievement_piece *p)
{
    making *x = arg;
    const mizo_region *r = x->l->region;
    x->l->from[p->from] += p->wh;
    for (int a = 0, b; p->menu >= 0 && p->green > 0 && a < p->days; a = b) {
        int64_t share = waste_ppm(r, p->menu, p->day + a);
        int64_t lives = share > 0 ? biogenic_ppm(r, p->day + a) : 0;
        for (b = a + 1; b < p->days && waste_ppm(r, p->menu, p->day + b) == share; b++)
            if (share > 0 && biogenic_ppm(r, p->day + b) != lives)
                break;
        MIZO_TRY(
            add_waste(x, p->menu, p->day + a, part_of(p->green, b, p->days) - part_of(p->green, a, p->days)));
    }
    return MIZO_OK;
}

/* ---- five years ---- */

static mizo_wh published_wh(const making *x, int fy, const char *item)
{
    const mizo_published *p = said_on(x, fy, item);
    mizo_wh wh = 0;
    return p && strcmp(p->exactness, "rounded") && !mizo_published_wh(p, &wh) ? wh : -1;
}

static int32_t rate_bp(mizo_wh supply, mizo_wh saving, mizo_wh demand)
{
    int64_t bp = 0, top;
    if (supply < 0 || saving < 0 || demand <= 0 || __builtin_add_overflow(supply, saving, &top) ||
        mizo_mul_div(top, 10000, demand, MIZO_ROUND_HALF_UP, &bp) || bp > INT32_MAX)
        return -1;
    return (int32_t)bp;
}

/* The first year of the programme; where its rules do not say, the first whose supply was published. */
static int first_year(const making *x)
{
    const mizo_region *r = x->l->region;
    const mizo_param *p = mizo_param_on(r, "grant-first-fy", "", x->ask->today);
    int first = p ? (int)(p->value_e6 / 1000000) : x->l->fy;
    for (size_t i = 0; i < r->npublished && !p; i++)
        if (r->published[i].fy < first && strcmp(r->published[i].item, "re-supply") == 0)
            first = r->published[i].fy;
    return first;
}

/* The years of the printed table: five from the first, and on from there five by five. */
static mizo_err five_years(making *x)
{
    int fy = x->l->fy, first = first_year(x);
    first = fy < first ? fy : first + (fy - first) / LEADING_YEARS * LEADING_YEARS;
    for (int i = 0; i < LEADING_YEARS; i++) {
        office_savings s;
        leading_year_row *y = &x->l->year[i];
        *y = (leading_year_row){ .fy = first + i,
                                 .supply = published_wh(x, first + i, "re-supply"),
                                 .saving = published_wh(x, first + i, "saving"),
                                 .demand = published_wh(x, first + i, "demand") };
        y->rate_bp = rate_bp(y->supply, y->saving, y->demand);
        MIZO_TRY(office_savings_make(x->t, y->fy, &s));
        y->recorded = s.saved_wh;
        office_savings_free(&s);
    }
    return MIZO_OK;
}

/* ---- the four readings ---- */

static void set_variant(leading_variant *v, mizo_wh supply, mizo_wh saving, mizo_wh demand, bool known)
{
    mizo_achievement a = { .supply_wh = supply, .saving_wh = saving, .demand_wh = demand };
    *v = (leading_variant){
        .known = known && demand > 0, .supply = supply, .saving = saving, .demand = demand
    };
    if (!v->known)
        return;
    v->known = mizo_achievement_rate(&a) == MIZO_OK;
    v->rate_bp = a.rate_bp;
    v->rate_pct = a.rate_pct;
}

/* The plan's demand: of the year, else of the year nearest to it, the earlier of two. */
static mizo_wh plan_demand(const making *x)
{
    for (int d = 0; d <= PLAN_REACH; d++)
        for (int fy = x->l->fy - d; fy <= x->l->fy + d; fy += d ? 2 * d : 1) {
            mizo_wh wh = published_wh(x, fy, "demand");
            if (wh > 0)
                return wh;
        }
    return 0;
}

static void make_variants(const making *x)
{
    leading *l = x->l;
    bool said = l->said == MIZO_OK;
    mizo_wh supply = said ? l->published.supply_wh : l->own.a.supply_wh;
    mizo_wh saving = said ? l->published.saving_wh : l->savings.saved_wh;
    mizo_wh demand[2] = { plan_demand(x), l->own.a.demand_wh ? l->own.a.demand_wh + saving : 0 };
    for (int d = 0; d < 2; d++) {
        set_variant(&l->variant[MATCH_WASTE_FULL][d], supply, saving, demand[d], supply > 0);
        set_variant(&l->variant[MATCH_WASTE_BIOGENIC][d], supply - l->fossil_wh, saving, demand[d],
                    supply > l->fossil_wh && l->own.a.demand_wh > 0 && !l->waste_unknown);
        for (int w = 0; w < 2; w++)
            l->variant[w][d].partial = d == MATCH_DEMAND_ACTUAL && l->own.missing_days > 0;
    }
}

bool leading_pair(const char *text, match_waste *waste, match_demand *demand)
{
    for (int w = 0; w < 2; w++)
        for (int d = 0; d < 2; d++) {
            char pair[32];
            snprintf(pair, sizeof pair, "%s,%s", match_waste_words[w], match_demand_words[d]);
            if (strcmp(text ? text : "full,fixed", pair) == 0) {
                *waste = (match_waste)w;
                *demand = (match_demand)d;
                return true;
            }
        }
    return false;
}

bool leading_empty(const leading *l)
{
    return l->said && (l->said != MIZO_ENOENT || l->own.a.demand_wh <= 0);
}

int64_t leading_slots_ppm(const leading *l)
{
    int64_t ppm = 0, slots = l->from[FROM_SLOTS] + l->from[FROM_ROOF];
    if (l->own.a.demand_wh <= 0 || mizo_mul_div(slots, MIZO_PPM, l->own.a.demand_wh, MIZO_ROUND_DOWN, &ppm))
        return 0;
    return ppm;
}

/* ---- CO2 by group ---- */

static void effect_wh(const leading *l, leading_effect *e)
{
    for (size_t i = 0; i < l->ledger.nrow; i++)
        if (l->region->facility[l->ledger.row[i].facility].group == e->group)
            e->supply += l->ledger.row[i].supply_wh;
    for (size_t i = 0; i < l->savings.nrow; i++) {
        mizo_ref f = mizo_region_facility(l->region, l->savings.row[i].facility);
        if (f >= 0 && l->region->facility[f].group == e->group)
            e->saving += office_saving_counts(&l->savings.row[i]);
    }
}

/* The plan's figure stands in whatever year it was published. */
static const mizo_published *planned(const mizo_region *r, const char *item)
{
    const mizo_published *p = NULL;
    for (size_t i = 0; i < r->npublished; i++)
        if (strcmp(r->published[i].item, item) == 0 && strcmp(r->published[i].unit, "t-CO2") == 0)
            p = &r->published[i];
    return p;
}

static mizo_err make_effect(const making *x)
{
    static const char *const item[2] = { "area-public-co2", "area-private-co2" };
    leading *l = x->l;
    l->factor = mizo_factor_location(l->region, l->fy, x->ask->as_of);
    for (int g = 0; g < 2; g++) {
        leading_effect *e = &l->effect[g];
        const mizo_published *p = planned(l->region, item[g]);
        *e = (leading_effect){
            .group = (mizo_group)g, .planned = -1, .made = -1, .item = item[g], .source = p ? p->source : ""
        };
        effect_wh(l, e);
        if (p)
            MIZO_TRY(mizo_mul_div(p->value_e6, 1000, 1, MIZO_ROUND_HALF_UP, &e->planned));
        if (l->factor.way != MIZO_WAY_NONE)
            MIZO_TRY(mizo_carbon_mg(e->supply + e->saving, l->factor.g_e6, &e->made));
    }
    return MIZO_OK;
}

/* ---- measures outside electricity ---- */

static mizo_err on_measure(void *arg, const note *n)
{
    leading *l = arg;
    mizo_day from = note_day(n, "from"), to = note_day(n, "to");
    if ((from != MIZO_DAY_NONE && from >= mizo_fy_first(l->fy + 1)) ||
        (to != MIZO_DAY_NONE && to < mizo_fy_first(l->fy)))
        return MIZO_OK;
    MIZO_TRY(array_grow(&l->measure, &l->measure_cap, l->nmeasure + 1, sizeof *l->measure));
    leading_measure *m = &l->measure[l->nmeasure++];
    *m = (leading_measure){ .count_e6 = note_number(n, "count", 6, MIZO_ROUND_HALF_UP),
                            .saved_e3 = note_number(n, "saved_kg", 3, MIZO_ROUND_HALF_UP) };
    snprintf(m->id, sizeof m->id, "%s", n->id);
    snprintf(m->what, sizeof m->what, "%s", note_get(n, "what"));
    snprintf(m->title, sizeof m->title, "%s", note_get(n, "title"));
    snprintf(m->unit, sizeof m->unit, "%s", note_get(n, "unit"));
    snprintf(m->factor, sizeof m->factor, "%s", note_get(n, "factor"));
    snprintf(m->source, sizeof m->source, "%s", note_get(n, "source"));
    return MIZO_OK;
}

/* ---- the year ---- */

static mizo_ms instant(const making *x)
{
    return x->ask->as_of == MIZO_DAY_NONE
               ? STORE_LATEST
               : mizo_slot_ms(mizo_day_slot(x->ask->as_of + 1, x->l->region->offset)) - 1;
}

static mizo_err make_parts(const making *x)
{
    leading *l = x->l;
    for (int i = 0; i < LEADING_CUTS; i++)
        MIZO_TRY(ledger_parts_of(l->region, &x->pieces, &l->ledger,
                                 &(ledger_cut_ask){ .cut = leading_cuts[i] }, &l->parts[i]));
    return MIZO_OK;
}

static mizo_err make_match(making *x)
{
    leading *l = x->l;
    MIZO_TRY(match_report_make(x->t->store, l->region, l->fy, 0, instant(x), &l->match));
    l->matched = l->match.days_read > 0;
    return MIZO_OK;
}

static mizo_err make(making *x)
{
    leading *l = x->l;
    store *s = x->t->store;
    l->said = read_published(x, NULL);
    mizo_err e = achievement_pieces_read(s, l->region, l->fy, instant(x), NULL, &x->pieces);
    if (e && e != MIZO_ERANGE)
        return e;
    l->own = x->pieces.own;
    x->pieces.own.unreported = NULL; /* the year has it */
    MIZO_TRY(achievement_pieces_each(&x->pieces, on_piece, x));
    if (leading_empty(l)) /* once more, to say why */
        l->said = said_any(x) ? read_published(x, x->t->diags)
                              : mizo_achievement_published(l->region, l->fy, x->t->diags, &l->published);
    MIZO_TRY(office_savings_make(x->t, l->fy, &l->savings));
    MIZO_TRY(office_savings_credit(&l->savings, &l->own.a));
    MIZO_TRY(owner_ledger_of(s, l->region, &x->pieces, l->fy, instant(x), x->ask->today, &l->ledger));
    MIZO_TRY(five_years(x));
    MIZO_TRY(make_match(x));
    MIZO_TRY(note_scan(x->t, office_kind("measure"), on_measure, l));
    make_variants(x);
    MIZO_TRY(make_parts(x));
    return make_effect(x);
}

mizo_err leading_make(town *t, const leading_ask *ask, leading *out)
{
    making x = { .t = t, .ask = ask, .l = out };
    *out = (leading){ .region = t->region,
                      .bureau = ask->bureau,
                      .fy = ask->fy,
                      .today = ask->today,
                      .waste = ask->waste,
                      .demand = ask->demand };
    mizo_err e = make(&x);
    achievement_pieces_free(&x.pieces);
    if (e)
        leading_free(out);
    return e;
}

void leading_free(leading *l)
{
    achievement_free(&l->own);
    owner_ledger_free(&l->ledger);
    office_savings_free(&l->savings);
    match_report_free(&l->match);
    for (int i = 0; i < LEADING_CUTS; i++)
        ledger_parts_free(&l->parts[i]);
    free(l->measure);
    l->measure = NULL;
}
