/* why_doc.c: see why_doc.h. */
#include "town/office/why_doc.h"

#include <stdio.h>
#include <string.h>

#include "city/inventory.h"
#include "city/plan.h"
#include "city/register.h"
#include "town/office/city_doc.h"
#include "town/office/owner_ledger.h"

/* Who wrote a row: a person and when, else the file. */
static void author_cell(maker *m, const void *row, const char *file, int32_t line)
{
    const city_author *a = row ? city_author_of(m->desk, row) : NULL;
    char day[MIZO_DATE_TEXT];
    if (!a) {
        report_cell_textf(m->out, line > 0 ? "%s:%d" : "%s", file, line);
        return;
    }
    mizo_day_text(mizo_slot_day(mizo_ms_slot(a->at), m->r->offset), day);
    report_cell_textf(m->out, "%s, %s", a->actor, day);
}

/* ---- an evaluation and what lies below a node ---- */

static void value_cell(maker *m, const mizo_indicator *i, int fy)
{
    city_value v;
    if (city_value_of(m->b, i, fy, &v))
        report_cell_gap(m->out);
    else
        city_cell_value(m, &v);
}

static void judged_rows(maker *m, const mizo_plan_node *n)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "判定のもとになる成果指標", "Outcome indicators it is judged by"),
                   (const report_column[]){
                       { .title = city_either(m, "指標", "indicator") },
                       { .title = city_either(m, "目標", "target"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "実績", "result"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "前年度", "year before"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "達成", "reached"), .align = REPORT_CENTRE },
                       { .title = city_either(m, "目標の理由", "why this target") },
                       { .title = city_either(m, "目標を書いたところ", "target from") },
                   }, 7);
    /* clang-format on */
    for (size_t k = 0; k < m->r->njudged; k++) {
        const mizo_measure_of *of = &m->r->judged[k];
        const mizo_indicator *i = &m->r->indicator[of->indicator];
        const mizo_goal *g = city_goal(m->b, i, m->ask->fy);
        city_value v;
        exact x;
        bool reached = false;
        if (&m->r->plan_node[of->node] != n || !of->outcome)
            continue;
        report_cell_text(m->out, i->id);
        if (g && !city_goal_value(g, &x))
            city_cell_exact(m, i, x, false);
        else
            report_cell_gap(m->out);
        value_cell(m, i, m->ask->fy);
        value_cell(m, i, m->ask->fy - 1);
        bool known = g && !city_value_of(m->b, i, m->ask->fy, &v) &&
                     !city_goal_reached(g, city_holds(&v)->v.mid, &reached);
        report_cell_text(m->out, !known ? "–" : reached ? "○" : "×");
        report_cell_text(m->out, g ? report_said(m->out, g->reason) : "");
        author_cell(m, g, "targets.csv", g ? g->line : 0);
    }
}

static void decision(maker *m, const mizo_plan_node *n)
{
    const mizo_evaluation *e = city_evaluation(m->r, n, m->ask->fy);
    /* clang-format off */
    if (e)
        report_columns(m->out, city_either(m, "決定", "Decision"),
                       (const report_column[]){
                           { .title = city_either(m, "進捗", "status") },
                           { .title = city_either(m, "方向性", "direction") },
                           { .title = city_either(m, "理由", "reason") },
                           { .title = city_either(m, "決めた組織", "decided by") },
                           { .title = city_either(m, "書いた人", "written by") },
                       }, 5);
    /* clang-format on */
    if (!e)
        return;
    report_cell_text(m->out, city_word(m, MIZO_SCALE_STATUS, e->status));
    report_cell_text(m->out, city_word(m, MIZO_SCALE_DIRECTION, e->direction));
    report_cell_text(m->out, e->reason);
    report_cell_text(m->out, e->by);
    author_cell(m, e, "evaluations.csv", e->line);
}

static void listing_rows(maker *m, const mizo_plan_node *n)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "数えた事業", "Businesses that are counted"),
                   (const report_column[]){
                       { .title = city_either(m, "番号", "no.") },
                       { .title = city_either(m, "名称", "name") },
                       { .title = city_either(m, "載っている施策", "listed under") },
                       { .title = city_either(m, "数える番号", "counts as") },
                       { .title = city_either(m, "出典", "source") },
                   }, 5);
    /* clang-format on */
    for (size_t k = 0; k < m->r->nlisting; k++) {
        const mizo_listing *l = &m->r->listing[k];
        const mizo_business *p = &m->r->business[l->business];
        if (!city_under(m->r, &m->r->plan_node[l->node], n))
            continue;
        report_cell_text(m->out, p->id);
        report_cell_text(m->out, city_either(m, p->name_ja, p->name_en));
        report_cell_text(m->out, m->r->plan_node[l->node].id);
        report_cell_text(m->out, city_counts_as(m->r, p)->id);
        report_cell_text(m->out, report_said(m->out, p->source));
    }
}

static mizo_err of_node(maker *m)
{
    const mizo_plan_node *n = city_node(m->r, m->ask->name, strlen(m->ask->name));
    city_proposal p;
    city_below x;
    if (!n)
        return MIZO_ENOENT;
    MIZO_TRY(city_propose(m->b, n, m->ask->fy, &p));
    MIZO_TRY(city_node_below(m->r, n, m->ask->fy, &x));
    report_pairf(m->out, city_either(m, "計画", "plan"), "%s %s", n->code,
                 city_either(m, n->name_ja, n->name_en));
    report_pairf(m->out, city_either(m, "件数", "counts"),
                 m->ja ? "掲載 %d、事業の行 %d、うち再掲 %d、事業 %d"
                       : "%d listed, %d rows, %d of them again, %d businesses",
                 x.nodes, x.rows, x.again, x.businesses);
    if (n->declared >= 0)
        report_pairf(m->out, city_either(m, "本文の件数", "declared"), "%d [%s]", n->declared, n->source);
    report_pair(m->out, city_either(m, "規則による案", "proposed by the rule"),
                p.status ? city_rating_print(p.status, m->ask->lang) : "–");
    judged_rows(m, n);
    decision(m, n);
    listing_rows(m, n);
    return MIZO_OK;
}

/* ---- a business ---- */

static mizo_err of_business(maker *m)
{
    const mizo_business *p = city_business(m->r, m->ask->name, strlen(m->ask->name));
    if (!p)
        return MIZO_ENOENT;
    report_pairf(m->out, city_either(m, "事務事業", "business"), "%s [%s]",
                 city_either(m, p->name_ja, p->name_en), p->source);
    report_pair(m->out, city_either(m, "数える番号", "counts as"), city_counts_as(m->r, p)->id);
    for (size_t k = 0; k < m->r->nlisting; k++)
        if (&m->r->business[m->r->listing[k].business] == p)
            report_pairf(m->out, city_either(m, "載っている施策", "listed under"),
                         "%s [plan-businesses.csv:%d]", m->r->plan_node[m->r->listing[k].node].id,
                         m->r->listing[k].line);
    /* clang-format off */
    report_columns(m->out, city_either(m, "予算", "Budgets"),
                   (const report_column[]){
                       { .title = city_either(m, "年度", "FY") },
                       { .title = city_either(m, "財源", "fund") },
                       { .title = city_either(m, "予算", "budget"), .unit = city_either(m, "円", "yen"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "決算", "spent"), .unit = city_either(m, "円", "yen"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "出典", "source") },
                       { .title = city_either(m, "行", "row") },
                   }, 6);
    /* clang-format on */
    for (size_t k = 0; k < m->r->nbudget; k++) {
        const mizo_budget *b = &m->r->budget[k];
        if (&m->r->business[b->business] != p)
            continue;
        city_cell_year(m, b->fy);
        report_cell_text(m->out, b->fund);
        report_cell_number(m->out, b->budget_yen, 0);
        if (b->spent_yen < 0)
            report_cell_gap(m->out);
        else
            report_cell_number(m->out, b->spent_yen, 0);
        report_cell_text(m->out, report_said(m->out, b->source));
        author_cell(m, NULL, "budgets.csv", b->line);
    }
    return MIZO_OK;
}

/* ---- a register ---- */

static void register_line(maker *m, const mizo_register_row *row)
{
    if (row->number)
        report_cell_number(m->out, row->number, 0);
    else
        report_cell_blank(m->out);
    report_cell_text(m->out, city_either(m, row->name_ja, row->name_en));
    report_cell_text(m->out, row->part);
    if (row->share_ppm)
        report_cell_scaled(m->out, row->share_ppm, 4, 1);
    else
        report_cell_blank(m->out);
    report_cell_text(m->out, row->owner);
    report_cell_text(m->out, row->place);
    if (row->from == INT32_MIN)
        report_cell_blank(m->out);
    else
        report_cell_day(m->out, row->from);
    report_cell_text(m->out, row->basis);
    report_cell_text(m->out, row->of);
    report_cell_text(m->out, report_said(m->out, row->source));
    author_cell(m, row, "register-rows.csv", row->line);
}

static mizo_err of_register(maker *m)
{
    const mizo_register *reg = city_register(m->r, m->ask->name, strlen(m->ask->name));
    mizo_day on = m->ask->day;
    if (!reg)
        return MIZO_ENOENT;
    const mizo_register_count *said = city_declared(m->r, reg, "", on);
    report_pair(m->out, city_either(m, "一覧", "register"), city_either(m, reg->name_ja, reg->name_en));
    report_pairf(m->out, city_either(m, "載っている行", "rows that stand in it"), "%d",
                 city_listed(m->r, reg, NULL, on));
    if (said)
        report_pairf(m->out, city_either(m, "出典の件数", "a source says"), "%d [%s, register-counts.csv:%d]",
                     said->count, said->source, said->line);
    /* clang-format off */
    report_columns(m->out, city_either(m, "行", "Rows"),
                   (const report_column[]){
                       { .title = city_either(m, "番号", "no."), .align = REPORT_RIGHT, .plain = true },
                       { .title = city_either(m, "名称", "name") },
                       { .title = city_either(m, "区分", "part") },
                       { .title = city_either(m, "割合", "share"), .unit = "%", .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "実施者", "who") },
                       { .title = city_either(m, "場所", "where") },
                       { .title = city_either(m, "開始", "since") },
                       { .title = city_either(m, "根拠", "basis") },
                       { .title = city_either(m, "計画", "plan") },
                       { .title = city_either(m, "出典", "source") },
                       { .title = city_either(m, "書いた人・行", "written by, row") },
                   }, 11);
    /* clang-format on */
    for (size_t k = 0; k < m->r->nregister_row; k++)
        if (&m->r->reg[m->r->register_row[k].reg] == reg && city_row_holds(&m->r->register_row[k], on))
            register_line(m, &m->r->register_row[k]);
    return MIZO_OK;
}

/* ---- an inventory's year ---- */

static void tonnes(maker *m, exact mg)
{
    exact x;
    int64_t kg;
    if (!exact_ten(mg, -6, &x) && !exact_round(x, MIZO_ROUND_HALF_UP, &kg))
        report_cell_scaled(m->out, kg, 3, 3);
    else
        report_cell_gap(m->out);
}

static void emission_rows(maker *m)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "公表された値", "As published"),
                   (const report_column[]){
                       { .title = city_either(m, "版", "vintage") },
                       { .title = city_either(m, "部門", "sector") },
                       { .title = city_either(m, "ガス", "gas") },
                       { .title = city_either(m, "由来", "form") },
                       { .title = city_either(m, "排出量", "emissions"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "出典", "source") },
                       { .title = city_either(m, "行", "row") },
                   }, 7);
    /* clang-format on */
    for (size_t k = 0; k < m->r->nemission; k++) {
        const mizo_emission *e = &m->r->emission[k];
        range v;
        if (strcmp(e->inventory, m->ask->name) || e->fy != m->ask->fy || city_emission_value(e, &v))
            continue;
        report_cell_text(m->out, city_vintage_text(e->vintage, m->ask->lang));
        report_cell_text(m->out, e->sector);
        report_cell_text(m->out, e->gas);
        report_cell_text(m->out, e->form);
        tonnes(m, v.mid);
        report_cell_text(m->out, report_said(m->out, e->source));
        author_cell(m, NULL, "inventory.csv", e->line);
    }
}

static void edition_cell(maker *m, city_edition x)
{
    buf text;
    buf_init(&text, 0);
    city_edition_text(x, m->ask->lang, &text);
    report_cell_text(m->out, text.err ? "" : text.p);
    buf_fini(&text);
}

static void activity_rows(maker *m)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "活動量×排出係数×GWP", "Activity x factor x GWP"),
                   (const report_column[]){
                       { .title = city_either(m, "版", "edition") },
                       { .title = city_either(m, "活動", "activity") },
                       { .title = city_either(m, "部門", "sector") },
                       { .title = city_either(m, "ガス", "gas") },
                       { .title = city_either(m, "単位", "unit") },
                       { .title = city_either(m, "活動量", "amount"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "排出係数", "factor"), .unit = "kg", .align = REPORT_RIGHT },
                       { .title = "GWP" },
                       { .title = city_either(m, "排出量", "emissions"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "出典", "source") },
                       { .title = city_either(m, "行", "row") },
                   }, 11);
    /* clang-format on */
    for (size_t k = 0; k < m->r->nactivity; k++) {
        const mizo_activity *a = &m->r->activity[k];
        exact mg;
        if (strcmp(a->inventory, m->ask->name) || a->fy != m->ask->fy || a->on > m->b->as_of)
            continue;
        edition_cell(m, city_edition_of(a));
        report_cell_text(m->out, a->id);
        report_cell_text(m->out, a->sector);
        report_cell_text(m->out, a->gas);
        report_cell_text(m->out, a->unit);
        report_cell_scaled(m->out, a->amount_e6, 6, a->amount_e6 % 1000000 ? 3 : 0);
        report_cell_number(m->out, a->factor_e6, 6);
        report_cell_text(m->out, a->gwp_set);
        if (city_activity_mg(m->r, a, &mg))
            report_cell_gap(m->out);
        else
            tonnes(m, mg);
        report_cell_text(m->out, report_said(m->out, a->source));
        author_cell(m, NULL, "activities.csv", a->line);
    }
}

static mizo_err of_inventory(maker *m)
{
    bool any = false;
    for (size_t k = 0; k < m->r->nemission; k++)
        any |= strcmp(m->r->emission[k].inventory, m->ask->name) == 0;
    if (!any)
        return MIZO_ENOENT;
    emission_rows(m);
    activity_rows(m);
    return MIZO_OK;
}

/* ---- a facility's year ---- */

static void kwh(maker *m, mizo_wh wh)
{
    if (wh == YEARLY_MISSING)
        report_cell_gap(m->out);
    else
        report_cell_scaled(m->out, wh, 3, 0);
}

static void month_rows(maker *m, const ledger_row *x)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "月ごとの根拠", "Evidence month by month"),
                   (const report_column[]){
                       { .title = city_either(m, "月", "month") },
                       { .title = city_either(m, "根拠", "evidence") },
                       { .title = city_either(m, "検針", "readings"), .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "うち再エネ", "of it green"), .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "所管からの報告", "owner's report"), .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "検針の件数", "readings"), .align = REPORT_RIGHT },
                   }, 6);
    /* clang-format on */
    for (int k = 0; k < YEARLY_MONTHS; k++) {
        const ledger_month *y = &x->month[k];
        report_cell_textf(m->out, "%d-%02d", m->ask->fy + (k > 8), (k + 3) % 12 + 1);
        report_cell_text(m->out, (m->ja ? ledger_words_ja : ledger_words)[y->evidence]);
        kwh(m, y->pieces ? y->metered_wh : YEARLY_MISSING);
        kwh(m, y->pieces ? y->green_wh : YEARLY_MISSING);
        kwh(m, y->reported_wh);
        report_cell_number(m->out, y->pieces, 0);
    }
    report_sum(m->out, city_either(m, "計", "sum"));
}

static mizo_err report_rows(maker *m, mizo_ref facility)
{
    owner_reports o = { 0 };
    MIZO_TRY(owner_reports_load(m->desk->town->store, m->r, m->ask->fy, STORE_LATEST, &o));
    for (size_t k = 0; k < o.n; k++)
        if (o.v[k].facility == facility)
            report_pairf(m->out, city_either(m, "報告のもと", "reported in"),
                         m->ja ? "%s: %s (第%lld版)" : "%s: %s (version %lld)",
                         m->ja ? o.v[k].energy->ja : o.v[k].energy->id, o.v[k].place,
                         (long long)o.v[k].version);
    owner_reports_free(&o);
    return MIZO_OK;
}

static mizo_err of_facility(maker *m)
{
    mizo_ref f = mizo_region_facility(m->r, m->ask->name);
    const store *s = m->desk->town->store;
    owner_ledger l;
    if (f < 0 || !s)
        return MIZO_ENOENT;
    MIZO_TRY(owner_ledger_make(m->desk->town->store, m->r, m->ask->fy, STORE_LATEST, m->ask->day, &l));
    report_pair(m->out, city_either(m, "施設", "facility"),
                city_either(m, m->r->facility[f].name_ja, m->r->facility[f].name_en));
    mizo_err e = report_rows(m, f);
    for (size_t k = 0; k < l.nrow && !e; k++)
        if (l.row[k].facility == f)
            month_rows(m, &l.row[k]);
    owner_ledger_free(&l);
    return e;
}

mizo_err why_doc(const city_desk *d, const why_ask *ask, report **out)
{
    static mizo_err (*const kinds[])(maker *) = { of_node, of_business, of_register, of_inventory,
                                                  of_facility };
    const city_doc_ask as = { .name = ask->what, .lang = ask->lang, .fy = ask->fy, .day = ask->today };
    city_doc_ask register_day = as;
    register_day.day = ask->on;
    mizo_err e = MIZO_ENOENT;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && e == MIZO_ENOENT; i++) {
        maker m = { d,
                    &d->books,
                    d->books.region,
                    kinds[i] == of_register ? &register_day : &as,
                    NULL,
                    NULL,
                    strcmp(ask->lang, "ja") == 0 };
        m.out = report_new(&(report_head){ .title = ask->what,
                                           .lang = ask->lang,
                                           .footer = m.r->hash,
                                           .day = ask->today,
                                           .landscape = true });
        e = m.out ? kinds[i](&m) : MIZO_ENOMEM;
        e = e ? e : report_done(m.out);
        if (e)
            report_free(m.out);
        else
            *out = m.out;
    }
    return e;
}
