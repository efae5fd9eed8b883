/* leading_doc.c: a year of the leading area as a document. See leading.h. */
#include <stdio.h>
#include <string.h>

#include "town/office/leading.h"
#include "town/proof/match_json.h"

typedef struct drawing {
    const leading *l;
    const city_books *b;
    report *p;
    bool ja;
} drawing;

static const char *either(const drawing *d, const char *ja, const char *en)
{
    return d->ja ? ja : en;
}

static void rate_cell(report *p, bool known, int32_t bp)
{
    if (known)
        report_cell_number(p, bp, 2);
    else
        report_cell_gap(p);
}

static void wh_cell(report *p, mizo_wh wh)
{
    if (wh < 0)
        report_cell_gap(p);
    else
        report_cell_scaled(p, wh, 3, 0);
}

/* ---- the sentence ---- */

static void published(const drawing *d)
{
    static const char *const items[] = { "re-supply", "saving", "demand" };
    const leading *l = d->l;
    const char *lang = d->ja ? "ja" : "en";
    char text[64], rule[400];
    if (l->said) {
        report_text(
            d->p,
            either(
                d, "この年度の公表値はありません。下の数字は契約・検針・記録から出したものです。",
                "Nothing exact is published for this year: the figures below come from contracts, readings and records."));
        return;
    }
    mizo_achievement_text(&l->published, lang, text, sizeof text);
    mizo_achievement_rule(&l->published, lang, rule, sizeof rule);
    report_figure(d->p, either(d, "実質ゼロ達成率", "net-zero rate"), text);
    report_text(d->p, rule);
    for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
        const mizo_published *p = mizo_published_on(l->region, l->fy, items[k], d->b->as_of);
        if (p)
            report_notef(d->p, "%s: %s%s%s", items[k], report_said(d->p, p->source), *p->note ? ", " : "",
                         report_said(d->p, p->note));
    }
}

/* ---- five years, as printed ---- */

/* kWh as they were published, the sign with them. */
static void printed_cell(const drawing *d, const mizo_indicator *i, int fy)
{
    const figure_style style = { .unit = "kWh", .how = MIZO_ROUND_HALF_UP };
    city_value v;
    buf text;
    buf_init(&text, 0);
    if (!i || city_value_of(d->b, i, fy, &v) || !v.row ||
        figure_text(v.said.v.mid, &style, d->ja ? "ja" : "en", &text))
        report_cell_blank(d->p);
    else
        report_cell_text(d->p, text.p);
    buf_fini(&text);
}

static void five_years(const drawing *d, const char *id, const char *number)
{
    const mizo_indicator *i = city_indicator(d->b, id, strlen(id));
    char year[LEADING_YEARS][16], caption[200];
    report_column c[LEADING_YEARS + 2] = { { .title = either(d, "年次", "FY") } };
    if (!i)
        return;
    for (int k = 0; k < LEADING_YEARS; k++) {
        snprintf(year[k], sizeof year[k], "%d", d->l->year[k].fy);
        c[k + 1] = (report_column){ .title = year[k], .align = REPORT_RIGHT };
    }
    c[LEADING_YEARS + 1] =
        (report_column){ .title = either(d, "目指す方向", "direction"), .align = REPORT_CENTRE };
    snprintf(caption, sizeof caption, d->ja ? "%s %s [kWh/年]" : "%s %s [kWh/year]", number,
             d->ja || !*i->name_en ? i->name_ja : i->name_en);
    report_columns(d->p, caption, c, LEADING_YEARS + 2);
    report_cell_text(d->p, either(d, "実績値", "result"));
    for (int k = 0; k < LEADING_YEARS; k++)
        printed_cell(d, i, d->l->year[k].fy);
    report_cell_text(d->p, i->better == MIZO_BETTER_UP ? "↗" : i->better == MIZO_BETTER_DOWN ? "↘" : "–");
}

/* Below it, year by year: the rate of what was published, and what the records say was saved. */
static void years(const drawing *d)
{
    /* clang-format off */
    report_columns(d->p, either(d, "年度ごとの達成率と省エネの記録", "Rate by year, and savings on record"),
                   (const report_column[]){
                       { .title = either(d, "年度", "FY"), .plain = true },
                       { .title = either(d, "再エネ供給", "renewable supply"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "省エネ(公表)", "saving, published"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "省エネ(記録)", "saving, on record"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "需要", "demand"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "達成率", "rate"), .unit = "%", .align = REPORT_RIGHT },
                   }, 6);
    /* clang-format on */
    for (int k = 0; k < LEADING_YEARS; k++) {
        const leading_year_row *y = &d->l->year[k];
        report_cell_number(d->p, y->fy, 0);
        wh_cell(d->p, y->supply);
        wh_cell(d->p, y->saving);
        wh_cell(d->p, y->recorded ? y->recorded : -1);
        wh_cell(d->p, y->demand);
        rate_cell(d->p, y->rate_bp >= 0, y->rate_bp);
    }
}

/* ---- the four readings ---- */

/* What of the supply by contract was waste power; without any both readings of the supply are one. */
static void waste_note(const drawing *d)
{
    char waste[MIZO_NUM_TEXT], fossil[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(d->l->waste_wh, 1000, MIZO_ROUND_HALF_UP), waste);
    mizo_grouped_text(mizo_div_round(d->l->fossil_wh, 1000, MIZO_ROUND_HALF_UP), fossil);
    if (d->l->waste_wh)
        report_notef(
            d->p,
            d->ja
                ? "契約による供給のうちごみ発電 %s kWh、その化石由来分 %s kWh (params.csv の menu-waste-share、biogenic.csv)。"
                : "Of the supply by contract %s kWh were waste power, %s kWh of it of fossil origin (params.csv menu-waste-share, biogenic.csv).",
            waste, fossil);
    else
        report_note(
            d->p,
            d->ja
                ? "この年度の契約にごみ発電はない(params.csv の menu-waste-share)ため、供給の二つの読み方は同じ値になる。"
                : "By params.csv (menu-waste-share) no contract of this year supplied waste power, so both readings of the supply are one.");
}

static void variants(const drawing *d)
{
    static const char *const waste[2][2] = {
        {"waste power in full", "ごみ発電の全量"   },
        { "its biogenic part",  "バイオマス分だけ"}
    };
    static const char *const demand[2][2] = {
        {"as fixed in the plan",        "計画時の需要"                          },
        { "actual, savings added back", "実績の需要(省エネ分を足し戻す)"}
    };
    const leading *l = d->l;
    /* clang-format off */
    report_columns(d->p, either(d, "四つの読み方", "Four readings"),
                   (const report_column[]){
                       { .title = either(d, "供給", "supply") },
                       { .title = either(d, "需要", "demand") },
                       { .title = either(d, "供給", "supply"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "省エネ", "saving"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "需要", "demand"), .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = either(d, "達成率", "rate"), .unit = "%", .align = REPORT_RIGHT },
                       { .title = "" },
                   }, 7);
    /* clang-format on */
    for (int w = 0; w < 2; w++)
        for (int k = 0; k < 2; k++) {
            const leading_variant *v = &l->variant[w][k];
            report_cell_text(d->p, waste[w][d->ja]);
            report_cell_text(d->p, demand[k][d->ja]);
            wh_cell(d->p, v->known ? v->supply : -1);
            wh_cell(d->p, v->known ? v->saving : -1);
            wh_cell(d->p, v->known ? v->demand : -1);
            rate_cell(d->p, v->known, v->rate_bp);
            report_cell_text(d->p, w == (int)l->waste && k == (int)l->demand
                                       ? either(d, "公表の組み合わせ", "the published pair")
                                       : "");
        }
    if (l->own.missing_days)
        report_notef(d->p,
                     d->ja ? "実績の需要は、検針のない %lld 地点日を含まない。"
                           : "The actual demand lacks %lld point-days that nobody read.",
                     (long long)l->own.missing_days);
    if (l->waste_unknown)
        report_notef(
            d->p,
            d->ja ? "バイオマス分の読み方は出せません。params.csv に menu-waste-share「%s」の行がありません。"
                  : "The biogenic readings are not known: params.csv has no row menu-waste-share of \"%s\".",
            l->waste_unknown);
    else if (l->own.a.supply_wh)
        waste_note(d);
}

/* ---- the year beside its half-hours ---- */

static void pair_percent(const drawing *d, const char *key, int64_t bp, int digits)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(bp, digits, text);
    report_pairf(d->p, key, "%s %%", text);
}

static void side_by_side(const drawing *d)
{
    const leading *l = d->l;
    report_heading(d->p, 2, either(d, "年間の値と30分ごとの値", "By the year and by the half-hour"));
    pair_percent(d,
                 either(d, "達成率(年間、契約と検針から)", "rate by the year, from contracts and readings"),
                 l->own.a.rate_bp, 2);
    pair_percent(d, either(d, "うち30分値のある電力量", "of the kWh, read by the half-hour"),
                 leading_slots_ppm(l) / 1000, 1);
    if (!l->matched) {
        report_note(d->p, either(d, "この年度に30分値の突合はありません。",
                                 "There are no half-hours of this year to match."));
        return;
    }
    match_rates r = match_rates_of(&l->match.town);
    pair_percent(
        d,
        either(d, "再エネ率(30分値のある日、メニューの割合)", "renewable by menus, on days with half-hours"),
        r.year, 2);
    pair_percent(d, either(d, "再エネ率(30分ごとの一致)", "renewable matched in its half-hour"), r.slot, 2);
    pair_percent(d, either(d, "うち地域の電源", "of it from the town"), r.local, 2);
    report_notef(d->p, d->ja ? "%d日のうち%d日に30分値がある。" : "%d days, %d of them with half-hours.",
                 l->match.days, l->match.days_read);
}

/* ---- from contracts, readings and records ---- */

static void kwh_row(const drawing *d, const char *ja, const char *en, mizo_wh wh)
{
    report_cell_text(d->p, either(d, ja, en));
    report_cell_scaled(d->p, wh, 3, 0);
}

static void own(const drawing *d)
{
    const achievement_own *a = &d->l->own;
    /* clang-format off */
    report_columns(d->p, either(d, "この地域の契約・検針・記録から", "From the region's own contracts, readings and records"),
                   (const report_column[]){
                       { .title = "" },
                       { .title = "", .unit = "kWh", .align = REPORT_RIGHT },
                   }, 2);
    /* clang-format on */
    kwh_row(d, "再エネ供給", "renewable supply", a->a.supply_wh);
    kwh_row(d, "うち屋根の下の自家消費", "of it, used under own roofs", a->self_wh);
    kwh_row(d, "省エネ(記録)", "saving on record", a->a.saving_wh);
    kwh_row(d, "需要", "demand", a->a.demand_wh);
    report_notef(d->p,
                 d->ja ? "施設 %d、未報告 %zu、計測値のない地点 %d。"
                       : "%d facilities, %zu have not reported, %d points without a reading.",
                 a->a.facilities, a->nunreported, a->silent);
}

static void parts(const drawing *d)
{
    static const char *const titles[LEADING_CUTS][2] = {
        {"By group",     "施設群ごと"            },
        { "By bureau",   "所管ごと"               },
        { "By supplier", "小売電気事業者ごと"},
        { "By menu",     "メニューごと"         }
    };
    for (int i = 0; i < LEADING_CUTS; i++)
        ledger_parts_body(&d->l->parts[i], titles[i][d->ja], d->ja, d->p);
}

/* ---- CO2, and what is not electricity ---- */

static void tonnes(const drawing *d, mizo_mg mg)
{
    if (mg < 0)
        report_cell_gap(d->p);
    else
        report_cell_scaled(d->p, mg, 9, 0);
}

static void effect(const drawing *d)
{
    const leading *l = d->l;
    char g[MIZO_NUM_TEXT];
    /* clang-format off */
    report_columns(d->p, either(d, "施設群ごとのCO2削減効果", "CO2 effect by group"),
                   (const report_column[]){
                       { .title = either(d, "施設群", "group") },
                       { .title = either(d, "計画", "planned"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = either(d, "この年度", "this year"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = either(d, "計画の出典", "source of the plan") },
                   }, 4);
    /* clang-format on */
    for (int k = 0; k < 2; k++) {
        const leading_effect *e = &l->effect[k];
        report_cell_text(d->p, e->group == MIZO_GROUP_PUBLIC ? either(d, "公共施設群", "public")
                                                             : either(d, "民間施設群", "private"));
        tonnes(d, e->planned);
        tonnes(d, e->made);
        report_cell_text(d->p, report_said(d->p, e->source));
    }
    bool whole = l->factor.g_e6 % 1000000 == 0;
    mizo_decimal_text(whole ? l->factor.g_e6 / 1000000 : l->factor.g_e6, whole ? 0 : 6, g);
    if (l->factor.way == MIZO_WAY_NONE)
        report_note(d->p, either(d, "CO2の係数がありません。", "No CO2 factor is known."));
    else
        report_notef(
            d->p,
            d->ja
                ? "この年度: (再エネ供給 + 省エネ) × %s g-CO2/kWh (%s、%s)。計画の係数は原典に示されていない。"
                : "This year: (renewable supply + saving) x %s g-CO2/kWh (%s, %s). The plan's source gives no factor.",
            g, mizo_factor_way_text(l->factor.way),
            l->factor.row ? report_said(d->p, l->factor.row->source) : "region.yaml");
}

static void measures(const drawing *d)
{
    const leading *l = d->l;
    if (!l->nmeasure)
        return;
    /* clang-format off */
    report_columns(d->p, either(d, "電力のほかの取組", "Measures outside electricity"),
                   (const report_column[]){
                       { .title = either(d, "取組", "measure") },
                       { .title = either(d, "種類", "kind") },
                       { .title = either(d, "数量", "count"), .align = REPORT_RIGHT },
                       { .title = either(d, "単位", "unit") },
                       { .title = either(d, "削減量", "saved"), .unit = "kg-CO2", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(d, "係数", "factor") },
                       { .title = either(d, "出典", "source") },
                   }, 7);
    /* clang-format on */
    for (size_t i = 0; i < l->nmeasure; i++) {
        const leading_measure *m = &l->measure[i];
        report_cell_text(d->p, report_said(d->p, m->title));
        report_cell_text(d->p, m->what);
        report_cell_scaled(d->p, m->count_e6, 6, m->count_e6 % 1000000 ? 2 : 0);
        report_cell_text(d->p, report_said(d->p, m->unit));
        report_cell_scaled(d->p, m->saved_e3, 3, 0);
        report_cell_text(d->p, report_said(d->p, m->factor));
        report_cell_text(d->p, report_said(d->p, m->source));
    }
    report_sum(d->p, either(d, "計", "sum"));
}

/* ---- the whole ---- */

mizo_err leading_doc(const leading *l, const city_books *b, bool ja, report *p)
{
    const drawing d = { l, b, p, ja };
    ledger_ask ask = { .lang = ja ? "ja" : "en", .bureau = l->bureau };
    published(&d);
    five_years(&d, "re-supply", "①");
    five_years(&d, "saving", "②");
    years(&d);
    variants(&d);
    side_by_side(&d);
    own(&d);
    parts(&d);
    if (l->savings.nrow && !l->bureau)
        office_savings_doc(&l->savings, l->region, ja, p);
    measures(&d);
    effect(&d);
    ask.late = true;
    report_page(p);
    report_heading(p, 1, either(&d, "未報告の施設", "Who has not reported"));
    MIZO_TRY(owner_ledger_body(l->region, &l->ledger, &ask, p));
    ask.late = false;
    report_page(p);
    report_heading(p, 1, either(&d, "施設別", "By facility"));
    return owner_ledger_body(l->region, &l->ledger, &ask, p);
}
