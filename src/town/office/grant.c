/* grant.c: see grant.h: rules, years, jobs, the register of what was bought. grant_watch.c watches it. */
#include "town/office/grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/carbon.h"
#include "mizo/messages/yearly.h"

const char *const grant_fit_words[GRANT_FITS_COUNT] = {
#define X(name, word, ...) word,
    GRANT_FITS_LIST(X)
#undef X
};
const char *const grant_rule_words[GRANT_RULES] = {
#define X(name, word, ...) word,
    GRANT_RULES_LIST(X)
#undef X
};
const char *const grant_thing_words[GRANT_THINGS] = { "pv", "battery", "charger", "other" };

/* Yen, kg, kWh and years as whole ones. */
static int64_t yen_of(const note *n, const char *field)
{
    return note_number(n, field, 0, MIZO_ROUND_DOWN);
}

static int64_t e6_of(const note *n, const char *field)
{
    return note_number(n, field, 6, MIZO_ROUND_DOWN);
}

/* ---- rules ---- */

static bool said_already(const mizo_diags *d, const char *name)
{
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        const mizo_diag *x = mizo_diags_at(d, i);
        if (x->id == MIZO_MSG_GRANT_NO_RULE && strcmp(x->param[0], name) == 0)
            return true;
    }
    return false;
}

bool grant_rule_on(town *t, const char *name, const char *key, mizo_day day, int64_t *value_e6)
{
    char text[MIZO_DATE_TEXT];
    const mizo_param *p = mizo_param_on(t->region, name, key, day);
    if (!p && *key)
        p = mizo_param_on(t->region, name, "", day);
    if (p) {
        *value_e6 = p->value_e6;
        return true;
    }
    mizo_day_text(day, text);
    if (!said_already(t->diags, name))
        MIZO_DIAG(t->diags, GRANT_NO_RULE, MIZO_AT("params.csv", 0, 0), name, text);
    return false;
}

static int64_t whole_rule(town *t, const char *name, mizo_day day, int64_t otherwise)
{
    int64_t v;
    return grant_rule_on(t, name, "", day, &v) ? v / 1000000 : otherwise;
}

/* The first day of the next row of a rule. */
static mizo_day next_rule(const mizo_region *r, const char *name, mizo_day day)
{
    mizo_day next = MIZO_DAY_NONE;
    for (size_t i = 0; i < r->nparam; i++)
        if (strcmp(r->param[i].name, name) == 0 && r->param[i].from > day && r->param[i].from < next)
            next = r->param[i].from;
    return next;
}

/* ---- years and jobs ---- */

static grant_year *year_at(office_grant *g, int fy)
{
    for (int i = 0; i < g->nyear; i++)
        if (g->year[i].fy == fy)
            return &g->year[i];
    if (g->nyear == GRANT_YEARS)
        return NULL;
    int i = g->nyear++;
    for (; i > 0 && g->year[i - 1].fy > fy; i--)
        g->year[i] = g->year[i - 1];
    g->year[i] = (grant_year){ .fy = fy };
    return &g->year[i];
}

static grant_fit fit_of(const office_grant *g, const grant_job *j)
{
    if (j->spent_yen > 0 && j->finish != MIZO_DAY_NONE && j->finish <= g->today)
        return GRANT_DONE;
    if (j->start == MIZO_DAY_NONE || j->finish == MIZO_DAY_NONE)
        return GRANT_UNDATED;
    if (j->fy > g->last_fy || j->fy < g->first_fy || j->finish > j->end_by)
        return GRANT_LATE;
    return j->start <= j->begin_after ? GRANT_TOO_EARLY : GRANT_FITS;
}

static mizo_err add_job(office_grant *g, const note *n, int fy)
{
    MIZO_TRY(array_grow(&g->job, &g->job_cap, g->njob + 1, sizeof *g->job));
    grant_job *j = &g->job[g->njob++];
    int64_t award = yen_of(n, "award_yen");
    mizo_day awarded = note_day(n, "awarded");
    *j = (grant_job){ .fy = fy,
                      .want_yen = award ? award : yen_of(n, "asked_yen"),
                      .award_yen = award,
                      .spent_yen = yen_of(n, "spent_yen"),
                      .planned_kg = yen_of(n, "saved_kg"),
                      .start = note_day(n, "start"),
                      .finish = note_day(n, "finish"),
                      .begin_after = awarded != MIZO_DAY_NONE ? awarded - 1 : g->today,
                      .end_by = mizo_fy_first(fy + 1) - 1 };
    snprintf(j->id, sizeof j->id, "%s", n->id);
    snprintf(j->facility, sizeof j->facility, "%s", note_get(n, "facility"));
    snprintf(j->title, sizeof j->title, "%s", note_get(n, "title"));
    snprintf(j->by, sizeof j->by, "%s", note_get(n, "by"));
    j->fit = fit_of(g, j);
    g->unspent_yen += j->fit == GRANT_DONE && j->spent_yen < award ? award - j->spent_yen : 0;
    return MIZO_OK;
}

static mizo_err on_grant(void *arg, const note *n)
{
    office_grant *g = arg;
    const char *s = note_get(n, "fy");
    int fy = 0;
    grant_year *y = mizo_fy_parse(s, strlen(s), &fy) ? NULL : year_at(g, fy);
    if (!y)
        return MIZO_ERANGE;
    y->jobs++;
    y->cost_yen += yen_of(n, "cost_yen");
    y->asked_yen += yen_of(n, "asked_yen");
    y->award_yen += yen_of(n, "award_yen");
    y->spent_yen += yen_of(n, "spent_yen");
    y->saved_kg += yen_of(n, "saved_kg");
    g->award_yen += yen_of(n, "award_yen");
    g->spent_yen += yen_of(n, "spent_yen");
    return add_job(g, n, fy);
}

/* In the order of their ids, what is asked and not yet awarded goes into what the cap leaves. */
static void fill_cap(town *t, office_grant *g)
{
    int64_t room = g->cap_yen - g->award_yen;
    g->left_yen = g->cap_yen < 0 ? 0 : room;
    for (size_t i = 0; i < g->njob && g->cap_yen >= 0; i++) {
        grant_job *j = &g->job[i];
        if (j->fit != GRANT_FITS || j->award_yen)
            continue;
        if (j->want_yen > room)
            j->fit = GRANT_NO_ROOM;
        else
            room -= j->want_yen;
    }
    if (g->cap_yen < 0 || g->award_yen <= g->cap_yen)
        return;
    char first[16], last[16], sum[MIZO_NUM_TEXT], cap[MIZO_NUM_TEXT];
    snprintf(first, sizeof first, "%d", g->first_fy);
    snprintf(last, sizeof last, "%d", g->last_fy);
    mizo_grouped_text(g->award_yen, sum);
    mizo_grouped_text(g->cap_yen, cap);
    MIZO_DIAG(t->diags, GRANT_CAP, MIZO_NOWHERE, first, last, sum, cap);
}

/* ---- what was bought ---- */

static mizo_ref battery_of(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nbattery; i++)
        if (strcmp(r->battery[i].id, id) == 0)
            return (mizo_ref)i;
    return -1;
}

static mizo_ref charger_of(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->ncharger; i++)
        if (strcmp(r->charger[i].id, id) == 0)
            return (mizo_ref)i;
    return -1;
}

static void find_thing(const mizo_region *r, grant_asset *a)
{
    mizo_ref (*const find[GRANT_OTHER])(const mizo_region *, const char *) = { mizo_region_pv, battery_of,
                                                                               charger_of };
    a->thing = GRANT_OTHER;
    a->ref = -1;
    for (int i = 0; i < GRANT_OTHER && a->ref < 0; i++) {
        a->ref = find[i](r, a->asset);
        a->thing = a->ref >= 0 ? (grant_thing)i : GRANT_OTHER;
    }
}

static mizo_day years_after(mizo_day day, int64_t years)
{
    mizo_date d = mizo_day_date(day);
    d.year += (int)years;
    if (!mizo_date_valid(d)) /* 29 February */
        d.day = 28;
    return mizo_date_day(d);
}

/* Disposed of before its years are over: the grant by the days that were left, rounded down to a yen. */
static mizo_err due_of(grant_asset *a)
{
    if (a->disposed == MIZO_DAY_NONE || a->until == MIZO_DAY_NONE || a->disposed >= a->until ||
        a->until <= a->acquired)
        return MIZO_OK;
    mizo_day from = a->disposed > a->acquired ? a->disposed : a->acquired;
    return mizo_mul_div(a->grant_yen, a->until - from, a->until - a->acquired, MIZO_ROUND_DOWN, &a->due_yen);
}

/* Consumption tax that its owner was credited: the grant's share of the cost, rounded down to a yen. */
static mizo_err tax_of(town *t, const note *n, grant_asset *a)
{
    int64_t credited = yen_of(n, "tax_credit_yen"), rule;
    a->tax_returned_yen = yen_of(n, "tax_returned_yen");
    if (credited <= 0 || a->cost_yen <= 0 || !grant_rule_on(t, "grant-tax-credit", "", a->acquired, &rule) ||
        rule <= 0)
        return MIZO_OK;
    return mizo_mul_div(credited, a->grant_yen, a->cost_yen, MIZO_ROUND_DOWN, &a->tax_due_yen);
}

/* By how much the price of a PPA is lower over the years that its plant is kept, as a share of the grant. */
static mizo_err ppa_of(const note *n, grant_asset *a)
{
    int64_t before = e6_of(n, "ppa_before"), kwh = yen_of(n, "ppa_kwh"), yearly, all;
    a->ppa_price_e6 = e6_of(n, "ppa_price");
    a->ppa_passed_ppm = -1;
    if (a->ppa_price_e6 <= 0 || before <= 0 || kwh <= 0 || a->grant_yen <= 0 || a->keep_years <= 0)
        return MIZO_OK;
    MIZO_TRY(mizo_mul_div(before - a->ppa_price_e6, kwh, 1000000, MIZO_ROUND_DOWN, &yearly));
    MIZO_TRY(mizo_mul_div(yearly, a->keep_years, 1, MIZO_ROUND_DOWN, &all));
    return mizo_mul_div(all > 0 ? all : 0, MIZO_PPM, a->grant_yen, MIZO_ROUND_DOWN, &a->ppa_passed_ppm);
}

static int64_t above(int64_t due, int64_t returned)
{
    return due > returned ? due - returned : 0;
}

typedef struct buying {
    town *t;
    office_grant *g;
} buying;

static mizo_err on_asset(void *arg, const note *n)
{
    const buying *x = arg;
    office_grant *g = x->g;
    int64_t keep = 0;
    MIZO_TRY(array_grow(&g->asset, &g->asset_cap, g->nasset + 1, sizeof *g->asset));
    grant_asset *a = &g->asset[g->nasset++];
    *a = (grant_asset){ .acquired = note_day(n, "acquired"),
                        .disposed = note_day(n, "disposed"),
                        .cost_yen = yen_of(n, "cost_yen"),
                        .grant_yen = yen_of(n, "grant_yen"),
                        .keep_years = yen_of(n, "keep_years"),
                        .returned_yen = yen_of(n, "returned_yen") };
    snprintf(a->id, sizeof a->id, "%s", n->id);
    snprintf(a->grant, sizeof a->grant, "%s", note_get(n, "grant"));
    snprintf(a->asset, sizeof a->asset, "%s", note_get(n, "asset"));
    snprintf(a->facility, sizeof a->facility, "%s", note_get(n, "facility"));
    snprintf(a->other, sizeof a->other, "%s", note_get(n, "other_subsidy"));
    find_thing(x->t->region, a);
    if (!a->keep_years && grant_rule_on(x->t, "grant-keep", grant_thing_words[a->thing], a->acquired, &keep))
        a->keep_years = keep / 1000000;
    a->until = a->keep_years > 0 ? years_after(a->acquired, a->keep_years) : MIZO_DAY_NONE;
    MIZO_TRY(due_of(a));
    MIZO_TRY(tax_of(x->t, n, a));
    MIZO_TRY(ppa_of(n, a));
    g->return_yen += above(a->due_yen, a->returned_yen) + above(a->tax_due_yen, a->tax_returned_yen);
    return MIZO_OK;
}

/* ---- the effect ---- */

static grant_job *job_at(office_grant *g, const char *id)
{
    for (size_t i = 0; i < g->njob; i++)
        if (strcmp(g->job[i].id, id) == 0)
            return &g->job[i];
    return NULL;
}

const grant_job *office_grant_job(const office_grant *g, const char *id)
{
    for (size_t i = 0; i < g->njob; i++)
        if (strcmp(g->job[i].id, id) == 0)
            return &g->job[i];
    return NULL;
}

static mizo_err add_effects(town *t, office_grant *g)
{
    mizo_factor_found f = mizo_factor_location(t->region, g->fy, g->today);
    g->factor_g_e6 = f.way == MIZO_WAY_NONE ? -1 : f.g_e6;
    g->factor_source = f.row ? f.row->source : f.way == MIZO_WAY_NONE ? "" : "region.yaml";
    for (size_t i = 0; i < g->nasset; i++) {
        grant_asset *a = &g->asset[i];
        grant_job *j = job_at(g, a->grant);
        if (g->factor_g_e6 >= 0)
            MIZO_TRY(mizo_carbon_mg(a->made_wh, g->factor_g_e6, &a->saved_mg));
        if (!j)
            continue;
        j->assets++;
        j->made_wh += a->made_wh;
        j->saved_mg += a->saved_mg;
    }
    return MIZO_OK;
}

/* ---- the act ---- */

static mizo_err make(town *t, office_grant *g)
{
    buying x = { t, g };
    g->cap_yen = whole_rule(t, "grant-cap", g->today, -1);
    g->cap_from = next_rule(t->region, "grant-cap", g->today);
    g->first_fy = (int)whole_rule(t, "grant-first-fy", g->today, 0);
    g->last_fy = (int)whole_rule(t, "grant-last-fy", g->today, 9998);
    MIZO_TRY(note_scan(t, office_kind("grant"), on_grant, g));
    fill_cap(t, g);
    MIZO_TRY(note_scan(t, office_kind("grant-asset"), on_asset, &x));
    for (size_t i = 0; i < g->nasset; i++)
        MIZO_TRY(grant_watch(t, g, i));
    for (size_t i = 0; i < g->nfinding; i++)
        g->alarms += g->finding[i].month != MIZO_DAY_NONE && !g->finding[i].unknown;
    return add_effects(t, g);
}

mizo_err office_grant_make(town *t, int fy, mizo_day today, office_grant *out)
{
    *out = (office_grant){ .fy = fy, .today = today };
    mizo_err e = make(t, out);
    if (e)
        office_grant_free(out);
    return e;
}

bool office_grant_sound(const office_grant *g)
{
    bool sound = g->cap_yen < 0 || g->award_yen <= g->cap_yen;
    for (size_t i = 0; i < g->nfinding; i++)
        sound = sound && g->finding[i].unknown;
    return sound;
}

void office_grant_free(office_grant *g)
{
    free(g->job);
    free(g->asset);
    free(g->finding);
    g->job = NULL;
    g->asset = NULL;
    g->finding = NULL;
    g->njob = g->nasset = g->nfinding = 0;
}
