/* margin_doc.c: a margin as JSON and as a document. */
#include <stdio.h>
#include <string.h>

#include "town/bills/margin.h"

/* ---- JSON ---- */

static void cell_json(const margin_cell *v, json *j)
{
    json_int(j, "wh", v->wh);
    json_yen(j, "income_yen", v->income);
    json_yen(j, "cost_yen", v->cost);
    json_yen(j, "margin_yen", v->income - v->cost);
}

static void rows_json(const margin_table *m, json *j)
{
    json_array(j, "rows");
    for (size_t i = 0; i < m->n; i++) {
        const margin_row *r = &m->row[i];
        json_object(j, NULL);
        json_text(j, "id", r->id);
        json_text(j, "name_ja", r->name_ja);
        json_text(j, "name_en", r->name_en);
        cell_json(&r->v, j);
        json_end(j);
    }
    json_end(j);
}

static void months_json(const margin_table *m, json *j)
{
    json_array(j, "months");
    for (int i = 0; i < m->nmonth; i++) {
        const margin_month *x = &m->month[i];
        json_object(j, NULL);
        json_text(j, "month", x->id);
        json_text(j, "state", close_state_word(x->state));
        json_int(j, "edition", x->edition);
        json_bool(j, "issued", x->issued);
        json_int(j, "unmade", x->unmade);
        json_int(j, "unfiled_days", x->unfiled);
        json_int(j, "unsettled_slots", x->unsettled);
        json_yen(j, "margin_yen", x->is);
        if (x->state == CLOSE_OPEN)
            json_null(j, "kept_yen");
        else
            json_yen(j, "kept_yen", x->kept);
        json_end(j);
    }
    json_end(j);
}

void margin_json(const margin_table *m, json *j)
{
    json_text(j, "by", margin_by_word(m->by));
    months_json(m, j);
    json_object(j, "sum");
    cell_json(&m->sum, j);
    json_end(j);
    json_object(j, "books");
    json_yen(j, "income_yen", m->books_income);
    json_yen(j, "cost_yen", m->books_cost);
    json_bool(j, "same", m->books_income == m->sum.income && m->books_cost == m->sum.cost);
    json_end(j);
    json_array(j, "costs");
    for (int i = 0; i < m->nkind; i++) {
        json_object(j, NULL);
        json_text(j, "id", m->kind[i].id);
        json_yen(j, "yen", m->kind[i].yen);
        json_end(j);
    }
    json_end(j);
    rows_json(m, j);
    close_changes_json(m->change, m->nchange, j);
}

/* ---- document ---- */

static const struct {
    const char *en, *ja;
} titles[] = {
#define X(name, word, en, ja) { en, ja },
    MARGIN_BYS(X)
#undef X
};

static void money(report *r, const char *key, mizo_uyen v, bool ja)
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(v, 1000000, MIZO_ROUND_HALF_UP), text);
    report_pairf(r, key, ja ? "%s 円" : "%s yen", text);
}

static void months(const margin_table *m, bool ja, report *r)
{
    static const char *const states[] = { "未締め", "仮締め", "確定" };
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "月" : "month" },
                                { .title = ja ? "状態" : "state" },
                                { .title = ja ? "請求" : "invoices" },
                                { .title = ja ? "計算できない契約" : "contracts not made", .align = REPORT_RIGHT },
                                { .title = ja ? "前回の締め" : "at the last close", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "粗利" : "margin", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true } };
    /* clang-format on */
    report_columns(r, ja ? "月" : "Months", c, 6);
    for (int i = 0; i < m->nmonth; i++) {
        const margin_month *x = &m->month[i];
        report_cell_text(r, x->id);
        report_cell_text(r, ja ? states[x->state] : close_state_word(x->state));
        report_cell_text(r, x->issued ? (ja ? "発行済み" : "issued") : (ja ? "見込み" : "expected"));
        report_cell_number(r, x->unmade, 0);
        if (x->state == CLOSE_OPEN)
            report_cell_gap(r);
        else
            report_cell_scaled(r, x->kept, 6, 0);
        report_cell_scaled(r, x->is, 6, 0);
    }
    report_sum(r, ja ? "計" : "sum");
    for (int i = 0; i < m->nmonth; i++)
        if (m->month[i].unfiled || m->month[i].unsettled)
            report_notef(
                r,
                ja ? "%s: 需給の机で計画のない日 %d、未精算 %d コマ。その間の調達費用はまだ入っていません。"
                   : "%s: the desk has %d days without a plan and %d half-hours not settled: what was "
                     "bought then has no cost here yet.",
                m->month[i].id, m->month[i].unfiled, m->month[i].unsettled);
}

/* Yen per kWh with two decimals; a gap where nothing was used. */
static void unit(report *r, const margin_cell *v)
{
    int64_t myen;
    if (v->wh <= 0 || mizo_mul_div(v->income - v->cost, 1, v->wh, MIZO_ROUND_HALF_UP, &myen))
        report_cell_gap(r);
    else
        report_cell_scaled(r, myen, 3, 2);
}

static void table(const margin_table *m, bool ja, report *r)
{
    /* clang-format off */
    const report_column c[] = { { .title = ja ? titles[m->by].ja : titles[m->by].en },
                                { .title = ja ? "名前" : "name" },
                                { .title = ja ? "電力量" : "used", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "収入" : "income", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "費用" : "cost", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "粗利" : "margin", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "粗利単価" : "margin", .unit = ja ? "円/kWh" : "yen/kWh", .align = REPORT_RIGHT } };
    /* clang-format on */
    report_columns(r, ja ? "粗利(税抜)" : "Margin (without tax)", c, 7);
    for (size_t i = 0; i < m->n; i++) {
        const margin_row *x = &m->row[i];
        report_cell_text(r, x->id);
        report_cell_text(r, ja ? x->name_ja : x->name_en);
        report_cell_scaled(r, x->v.wh, 3, 1);
        report_cell_scaled(r, x->v.income, 6, 0);
        report_cell_scaled(r, x->v.cost, 6, 0);
        report_cell_scaled(r, x->v.income - x->v.cost, 6, 0);
        unit(r, &x->v);
    }
    report_sum(r, ja ? "計" : "sum");
}

static void kinds(const margin_table *m, bool ja, report *r)
{
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "費目" : "cost" },
                                { .title = ja ? "費用" : "cost", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true } };
    /* clang-format on */
    report_columns(r, ja ? "費用の内訳" : "Costs", c, 2);
    for (int i = 0; i < m->nkind; i++) {
        report_cell_text(r, m->kind[i].id);
        report_cell_scaled(r, m->kind[i].yen, 6, 0);
    }
    report_sum(r, ja ? "計" : "sum");
}

static void changed(const margin_table *m, bool ja, report *r)
{
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "対象" : "of" },
                                { .title = ja ? "前" : "was", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "今" : "is", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT } };
    /* clang-format on */
    if (!m->nchange)
        return;
    report_columns(r, ja ? "前回の締めから変わったもの" : "Changed since the last close", c, 3);
    for (size_t i = 0; i < m->nchange; i++) {
        report_cell_text(r, m->change[i].id);
        report_cell_scaled(r, m->change[i].was, 6, 0);
        report_cell_scaled(r, m->change[i].is, 6, 0);
    }
}

mizo_err margin_document(const margin_table *m, const char *lang, report **out)
{
    bool ja = lang[0] == 'j';
    char title[80];
    const char *first = m->month[0].id, *last = m->month[m->nmonth - 1].id;
    (void)snprintf(title, sizeof title, ja ? "粗利 %s%s%s" : "Margin %s%s%s", first,
                   m->nmonth > 1 ? (ja ? "〜" : " to ") : "", m->nmonth > 1 ? last : "");
    report *r = report_new(&(report_head){ .title = title, .lang = lang, .landscape = true });
    *out = r;
    if (!r)
        return MIZO_ENOMEM;
    money(r, ja ? "収入(税抜)" : "income without tax", m->sum.income, ja);
    money(r, ja ? "費用(税抜)" : "costs without tax", m->sum.cost, ja);
    money(r, ja ? "粗利" : "margin", m->sum.income - m->sum.cost, ja);
    money(r, ja ? "帳簿の収入" : "income in the books", m->books_income, ja);
    money(r, ja ? "帳簿の費用" : "costs in the books", m->books_cost, ja);
    table(m, ja, r);
    months(m, ja, r);
    kinds(m, ja, r);
    changed(m, ja, r);
    mizo_err e = report_done(r);
    if (e) {
        report_free(r);
        *out = NULL;
    }
    return e;
}
