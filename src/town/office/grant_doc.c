/* grant_doc.c: the grant as JSON and as documents: years and jobs, conditions, the register of what was bought, the effect
 * of a year. See grant.h. */
#include <stdio.h>
#include <string.h>

#include "town/office/grant.h"

/* clang-format off */
static const char *const fit_text[2][GRANT_FITS_COUNT] = {
    {
#define X(name, word, en, ja) en,
    GRANT_FITS_LIST(X)
#undef X
    }, {
#define X(name, word, en, ja) ja,
    GRANT_FITS_LIST(X)
#undef X
    } };
static const char *const rule_text[2][GRANT_RULES] = {
    {
#define X(name, word, en, ja) en,
    GRANT_RULES_LIST(X)
#undef X
    }, {
#define X(name, word, en, ja) ja,
    GRANT_RULES_LIST(X)
#undef X
    } };
static const char *const thing_ja[GRANT_THINGS] = { "太陽光", "蓄電池", "充電設備", "その他" };
/* clang-format on */

/* ---- JSON ---- */

static void whole_yen(json *j, const char *key, int64_t yen)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(yen, 0, text);
    json_text(j, key, text);
}

static void day_or_null(json *j, const char *key, mizo_day d)
{
    if (d == MIZO_DAY_NONE)
        json_null(j, key);
    else
        json_day(j, key, d);
}

static void years_json(const office_grant *g, json *j)
{
    json_array(j, "years");
    for (int i = 0; i < g->nyear; i++) {
        const grant_year *y = &g->year[i];
        json_object(j, NULL);
        json_int(j, "fy", y->fy);
        json_int(j, "jobs", y->jobs);
        whole_yen(j, "cost_yen", y->cost_yen);
        whole_yen(j, "asked_yen", y->asked_yen);
        whole_yen(j, "award_yen", y->award_yen);
        whole_yen(j, "spent_yen", y->spent_yen);
        whole_yen(j, "unspent_yen", y->award_yen - y->spent_yen);
        json_int(j, "saved_kg", y->saved_kg);
        json_end(j);
    }
    json_end(j);
}

void grant_job_json(const grant_job *x, json *j)
{
    json_text(j, "id", x->id);
    json_text(j, "title", x->title);
    json_text(j, "facility", *x->facility ? x->facility : NULL);
    json_text(j, "by", x->by);
    json_int(j, "fy", x->fy);
    whole_yen(j, "want_yen", x->want_yen);
    whole_yen(j, "award_yen", x->award_yen);
    whole_yen(j, "spent_yen", x->spent_yen);
    day_or_null(j, "start", x->start);
    day_or_null(j, "finish", x->finish);
    day_or_null(j, "begin_after", x->begin_after);
    day_or_null(j, "end_by", x->end_by);
    json_text(j, "fit", grant_fit_words[x->fit]);
    json_int(j, "assets", x->assets);
    json_int(j, "made_wh", x->made_wh);
    json_int(j, "planned_kg", x->planned_kg);
    json_kg(j, "saved_kg", x->saved_mg);
}

static void asset_json(const grant_asset *a, json *j)
{
    json_object(j, NULL);
    json_text(j, "id", a->id);
    json_text(j, "grant", a->grant);
    json_text(j, "asset", a->asset);
    json_text(j, "facility", *a->facility ? a->facility : NULL);
    json_text(j, "thing", grant_thing_words[a->thing]);
    day_or_null(j, "acquired", a->acquired);
    day_or_null(j, "until", a->until);
    day_or_null(j, "disposed", a->disposed);
    whole_yen(j, "cost_yen", a->cost_yen);
    whole_yen(j, "grant_yen", a->grant_yen);
    json_int(j, "keep_years", a->keep_years);
    whole_yen(j, "due_yen", a->due_yen);
    whole_yen(j, "returned_yen", a->returned_yen);
    whole_yen(j, "tax_due_yen", a->tax_due_yen);
    whole_yen(j, "tax_returned_yen", a->tax_returned_yen);
    json_int(j, "made_wh", a->made_wh);
    json_int(j, "used_wh", a->used_wh);
    json_int(j, "charged_wh", a->charged_wh);
    json_int(j, "days_read", a->days);
    json_kg(j, "saved_kg", a->saved_mg);
    json_end(j);
}

static void finding_json(const office_grant *g, const grant_finding *f, json *j)
{
    char day[MIZO_DATE_TEXT];
    json_object(j, NULL);
    json_text(j, "id", g->asset[f->asset].id);
    json_text(j, "asset", g->asset[f->asset].asset);
    json_text(j, "rule", grant_rule_words[f->rule]);
    json_bool(j, "unknown", f->unknown);
    if (f->month != MIZO_DAY_NONE) {
        mizo_day_text(f->month, day);
        day[7] = '\0';
        json_text(j, "month", day);
    } else {
        json_null(j, "month");
    }
    json_int(j, "is", f->is);
    json_int(j, "should", f->should);
    json_end(j);
}

void office_grant_json(const office_grant *g, json *j)
{
    json_int(j, "fy", g->fy);
    json_day(j, "today", g->today);
    if (g->cap_yen < 0)
        json_null(j, "cap_yen");
    else
        whole_yen(j, "cap_yen", g->cap_yen);
    if (g->cap_from == MIZO_DAY_NONE)
        json_null(j, "cap_from");
    else
        json_day(j, "cap_from", g->cap_from);
    whole_yen(j, "award_yen", g->award_yen);
    whole_yen(j, "spent_yen", g->spent_yen);
    whole_yen(j, "left_yen", g->left_yen);
    whole_yen(j, "return_yen", g->return_yen);
    whole_yen(j, "unspent_yen", g->unspent_yen);
    json_int(j, "alarms", g->alarms);
    if (g->factor_g_e6 < 0)
        json_null(j, "g_per_kwh");
    else
        json_double(j, "g_per_kwh", (double)g->factor_g_e6 / 1e6);
    json_text(j, "factor_source", g->factor_source);
    years_json(g, j);
    json_array(j, "jobs");
    for (size_t i = 0; i < g->njob; i++) {
        json_object(j, NULL);
        grant_job_json(&g->job[i], j);
        json_end(j);
    }
    json_end(j);
    json_array(j, "assets");
    for (size_t i = 0; i < g->nasset; i++)
        asset_json(&g->asset[i], j);
    json_end(j);
    json_array(j, "findings");
    for (size_t i = 0; i < g->nfinding; i++)
        finding_json(g, &g->finding[i], j);
    json_end(j);
}

/* ---- years and jobs ---- */

enum { CAP_TEXT = 64 };

/* Before the rules begin nothing is capped, and nothing is left: the day on which they do is said. */
static void no_cap(const office_grant *g, bool ja, char cap[CAP_TEXT], char left[CAP_TEXT])
{
    char day[MIZO_DATE_TEXT];
    (void)snprintf(left, CAP_TEXT, "–");
    if (g->cap_from == MIZO_DAY_NONE) {
        (void)snprintf(cap, CAP_TEXT, "%s", ja ? "上限の定めなし" : "no rule");
        return;
    }
    mizo_day_text(g->cap_from, day);
    (void)snprintf(cap, CAP_TEXT, ja ? "まだなし (%sから)" : "no rule yet (from %s)", day);
}

static void years_doc(const office_grant *g, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "年度" : "FY", .plain = true },
        { .title = ja ? "件数" : "jobs", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "事業費" : "cost", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "要望" : "asked", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "交付決定" : "awarded", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "支出" : "spent", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "削減計画" : "planned to save", .unit = "kg-CO2", .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    report_columns(p, NULL, c, sizeof c / sizeof *c);
    for (int i = 0; i < g->nyear; i++) {
        const grant_year *y = &g->year[i];
        const int64_t v[] = { y->fy,        y->jobs,      y->cost_yen, y->asked_yen,
                              y->award_yen, y->spent_yen, y->saved_kg };
        for (size_t n = 0; n < sizeof v / sizeof *v; n++)
            report_cell_number(p, v[n], 0);
    }
    report_sum(p, ja ? "計" : "sum");
    char cap[CAP_TEXT], left[CAP_TEXT], back[MIZO_NUM_TEXT], unspent[MIZO_NUM_TEXT];
    mizo_grouped_text(g->cap_yen, cap);
    mizo_grouped_text(g->left_yen, left);
    mizo_grouped_text(g->return_yen, back);
    mizo_grouped_text(g->unspent_yen, unspent);
    if (g->cap_yen < 0)
        no_cap(g, ja, cap, left);
    report_pair(p, ja ? "上限 (円)" : "cap, yen", cap);
    report_pair(p, ja ? "残り (円)" : "left, yen", left);
    report_pair(
        p, ja ? "返還 (円、残期間の日割りと仕入控除税額)" : "to return, yen (by the days left; tax credited)",
        back);
    report_pair(p, ja ? "完了した事業の不用額 (円)" : "not spent by finished jobs, yen", unspent);
}

static void day_cell(report *p, mizo_day d)
{
    if (d == MIZO_DAY_NONE)
        report_cell_gap(p);
    else
        report_cell_day(p, d);
}

static void jobs_doc(const office_grant *g, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "事業" : "job" },
        { .title = "" },
        { .title = ja ? "年度" : "FY", .plain = true },
        { .title = ja ? "要望" : "wanted", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
        { .title = ja ? "着手" : "start" },
        { .title = ja ? "完了" : "finish" },
        { .title = ja ? "完了期限" : "to end by" },
        { .title = ja ? "間に合うか" : "in time?" },
    };
    /* clang-format on */
    report_columns(p, ja ? "事業" : "Jobs", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < g->njob; i++) {
        const grant_job *x = &g->job[i];
        report_cell_text(p, x->id);
        report_cell_text(p, x->title);
        report_cell_number(p, x->fy, 0);
        report_cell_number(p, x->want_yen, 0);
        day_cell(p, x->start);
        day_cell(p, x->finish);
        day_cell(p, x->end_by);
        report_cell_text(p, fit_text[ja][x->fit]);
    }
}

/* ---- conditions ---- */

static void amount_text(const grant_finding *f, int64_t v, char out[MIZO_NUM_TEXT])
{
    if (f->rule == GRANT_SELF_USE || f->rule == GRANT_METERED || f->rule == GRANT_PV_CHARGED ||
        f->rule == GRANT_PPA) {
        mizo_decimal_text(mizo_div_round(v, 1000, MIZO_ROUND_DOWN), 1, out);
        size_t n = strlen(out);
        snprintf(out + n, MIZO_NUM_TEXT - n, " %%");
    } else {
        mizo_grouped_text(v, out);
    }
}

static const char *unknown_text(grant_rule r, bool ja)
{
    if (r == GRANT_PPA)
        return ja ? " (ppa_before か ppa_kwh がなく不明)" : " (not known: ppa_before or ppa_kwh is missing)";
    return ja ? " (検針値が足りず不明)" : " (not known: readings are missing)";
}

static void findings_doc(const office_grant *g, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "財産" : "asset" },
        { .title = ja ? "条件" : "condition" },
        { .title = ja ? "月" : "month" },
        { .title = ja ? "実際" : "is", .align = REPORT_RIGHT },
        { .title = ja ? "基準" : "should be", .align = REPORT_RIGHT },
    };
    /* clang-format on */
    report_columns(p, ja ? "守られていない条件" : "Conditions that do not hold", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < g->nfinding; i++) {
        const grant_finding *f = &g->finding[i];
        char is[MIZO_NUM_TEXT], should[MIZO_NUM_TEXT], month[MIZO_DATE_TEXT] = "";
        amount_text(f, f->is, is);
        amount_text(f, f->should, should);
        if (f->month != MIZO_DAY_NONE) {
            mizo_day_text(f->month, month);
            month[7] = '\0';
        }
        report_cell_text(p, g->asset[f->asset].asset);
        report_cell_textf(p, "%s%s", rule_text[ja][f->rule], f->unknown ? unknown_text(f->rule, ja) : "");
        report_cell_text(p, month);
        report_cell_text(p, is);
        report_cell_text(p, should);
    }
    if (!g->nfinding)
        report_note(p, ja ? "確かめた条件はすべて守られています。" : "All conditions that are watched hold.");
}

/* A year has no comma, yen have. */
static void rule_value(report *p, int64_t e6)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(e6 / 10000, 2, text);
    if (e6 % 1000000 == 0 && e6 < INT64_C(10000000000))
        mizo_decimal_text(e6 / 1000000, 0, text);
    else if (e6 % 1000000 == 0)
        mizo_grouped_text(e6 / 1000000, text);
    report_cell_text(p, text);
}

/* The rows of params.csv that hold on the day, each with whence it is. */
static void rules_doc(const office_grant *g, const mizo_region *r, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "規則" : "rule" },
        { .title = ja ? "対象" : "of" },
        { .title = ja ? "値" : "value", .align = REPORT_RIGHT },
        { .title = ja ? "単位" : "unit" },
        { .title = ja ? "適用開始" : "from" },
        { .title = ja ? "出典" : "source" },
        { .title = ja ? "確度" : "mark" },
    };
    /* clang-format on */
    report_columns(p, ja ? "規則 (params.csv)" : "Rules (params.csv)", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < r->nparam; i++) {
        const mizo_param *x = &r->param[i];
        if (strncmp(x->name, "grant-", 6) || g->today < x->from || g->today >= x->to)
            continue;
        report_cell_text(p, x->name);
        report_cell_text(p, x->key);
        rule_value(p, x->value_e6);
        report_cell_text(p, x->unit);
        if (x->from == INT32_MIN)
            report_cell_blank(p);
        else
            report_cell_day(p, x->from);
        report_cell_text(p, report_said(p, x->source));
        report_cell_text(p, mizo_mark_text(x->mark));
    }
}

/* ---- the register of what was bought, and the effect ---- */

void grant_assets_doc(const office_grant *g, const mizo_region *r, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "番号" : "id" },
        { .title = ja ? "財産" : "asset" },
        { .title = ja ? "種類" : "kind" },
        { .title = ja ? "施設" : "facility" },
        { .title = ja ? "事業" : "job" },
        { .title = ja ? "取得日" : "acquired" },
        { .title = ja ? "取得価額" : "cost", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "交付金" : "grant", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "処分制限" : "kept until" },
        { .title = ja ? "処分日" : "disposed" },
        { .title = ja ? "返還" : "to return", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "返還済み" : "returned", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    report_columns(p, ja ? "取得財産の台帳" : "Register of what was bought", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < g->nasset; i++) {
        const grant_asset *a = &g->asset[i];
        report_cell_text(p, a->id);
        report_cell_text(p, a->asset);
        report_cell_text(p, ja ? thing_ja[a->thing] : grant_thing_words[a->thing]);
        report_cell_text(p, office_facility_name(r, a->facility, ja));
        report_cell_text(p, a->grant);
        day_cell(p, a->acquired);
        report_cell_number(p, a->cost_yen, 0);
        report_cell_number(p, a->grant_yen, 0);
        day_cell(p, a->until);
        day_cell(p, a->disposed);
        report_cell_number(p, a->due_yen, 0);
        report_cell_number(p, a->returned_yen, 0);
    }
    report_sum(p, ja ? "計" : "sum");
}

static void effect_row(const grant_asset *a, const mizo_region *r, bool ja, report *p)
{
    int64_t bp = 0;
    report_cell_text(p, a->asset);
    report_cell_text(p, office_facility_name(r, a->facility, ja));
    report_cell_number(p, a->days, 0);
    if (!a->days) {
        for (int i = 0; i < 4; i++)
            report_cell_gap(p);
        return;
    }
    report_cell_scaled(p, a->thing == GRANT_BATTERY ? a->charged_wh : a->made_wh, 3, 0);
    if (a->thing == GRANT_PV && a->made_wh > 0 &&
        !mizo_mul_div(a->used_wh, 10000, a->made_wh, MIZO_ROUND_HALF_UP, &bp)) {
        report_cell_scaled(p, a->used_wh, 3, 0);
        report_cell_scaled(p, bp, 2, 1);
    } else {
        report_cell_blank(p);
        report_cell_blank(p);
    }
    report_cell_scaled(p, a->saved_mg, 6, 0);
}

void grant_effect_doc(const office_grant *g, const mizo_region *r, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "財産" : "asset" },
        { .title = ja ? "施設" : "facility" },
        { .title = ja ? "検針のある日" : "days read", .align = REPORT_RIGHT },
        { .title = ja ? "発電・充電" : "made, charged", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "自家消費" : "used at the site", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "自家消費率" : "share", .unit = "%", .align = REPORT_RIGHT },
        { .title = ja ? "削減量" : "saved", .unit = "kg-CO2", .align = REPORT_RIGHT, .sum = true },
    };
    const report_column jobs[] = {
        { .title = ja ? "事業" : "job" },
        { .title = "" },
        { .title = ja ? "削減計画" : "planned", .unit = "kg-CO2", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "削減実績" : "saved", .unit = "kg-CO2", .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    char factor[MIZO_NUM_TEXT];
    report_columns(p, ja ? "効果" : "Effect", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < g->nasset; i++)
        effect_row(&g->asset[i], r, ja, p);
    report_sum(p, ja ? "計" : "sum");
    report_columns(p, ja ? "事業ごとの計画と実績" : "By job: planned and saved", jobs, 4);
    for (size_t i = 0; i < g->njob; i++) {
        const grant_job *x = &g->job[i];
        report_cell_text(p, x->id);
        report_cell_text(p, x->title);
        report_cell_number(p, x->planned_kg, 0);
        if (x->made_wh)
            report_cell_scaled(p, x->saved_mg, 6, 0);
        else
            report_cell_gap(p);
    }
    report_sum(p, ja ? "計" : "sum");
    bool whole = g->factor_g_e6 % 1000000 == 0;
    mizo_decimal_text(whole ? g->factor_g_e6 / 1000000 : g->factor_g_e6, whole ? 0 : 6, factor);
    if (g->factor_g_e6 < 0)
        report_note(p, ja ? "CO2の係数がないため、削減量は出していません。"
                          : "No CO2 factor is known: nothing is said of CO2.");
    else
        report_notef(p,
                     ja ? "削減量は、発電量に %s g-CO2/kWh を掛けたもの。%s。"
                        : "Saved: what was made times %s g-CO2/kWh. %s.",
                     factor, g->factor_source);
}

void office_grant_doc(const office_grant *g, const mizo_region *r, bool ja, report *p)
{
    years_doc(g, ja, p);
    jobs_doc(g, ja, p);
    findings_doc(g, ja, p);
    rules_doc(g, r, ja, p);
    if (!g->nasset)
        return;
    report_page(p);
    grant_assets_doc(g, r, ja, p);
    report_page(p);
    grant_effect_doc(g, r, ja, p);
}

/* ---- one job ---- */

void grant_job_text(const grant_job *x, bool ja, buf *out)
{
    char after[MIZO_DATE_TEXT], by[MIZO_DATE_TEXT];
    mizo_day_text(x->begin_after, after);
    mizo_day_text(x->end_by, by);
    buf_printf(out, "%s: %s. ", x->id, fit_text[ja][x->fit]);
    buf_printf(out,
               ja ? "%d年度の交付金を使うには、%s より後に着手し、%s までに完了すること。\n"
                  : "For the grant of FY%d it has to begin after %s and to end by %s.\n",
               x->fy, after, by);
}
