/* entity_doc.c: the year of a reporting entity as a document and as JSON. */
#include <stdio.h>
#include <string.h>

#include "town/inventory/entity.h"

typedef struct maker {
    const mizo_region *r;
    const entity_year *y;
    report *out;
    const char *lang;
    bool ja;
} maker;

static const char *either(const maker *m, const char *ja, const char *en)
{
    return m->ja ? ja : en;
}

/* Tonnes to the kg. */
static void tonnes(maker *m, mizo_mg mg)
{
    report_cell_scaled(m->out, mg, 9, 3);
}

static void source_cell(maker *m, const char *source, mizo_mark mark)
{
    const char *word = mizo_mark_text(mark);
    report_cell_textf(m->out, "%s%s%s%s", report_said(m->out, source), *word ? " (" : "", word,
                      *word ? ")" : "");
}

/* ---- energy by kind ---- */

static void energy_row(maker *m, const entity_line *l)
{
    report_cell_text(m->out, either(m, l->energy->ja, l->energy->en));
    report_cell_scaled(m->out, l->milli, 3, 3);
    report_cell_text(m->out, l->energy->unit);
    if (l->fault) {
        for (int i = 0; i < 3; i++)
            report_cell_gap(m->out);
        report_cell_textf(m->out, "%s: %s", l->lacks, entity_fault_text(l->fault, m->lang));
        return;
    }
    report_cell_scaled(m->out, l->gj_e6, 6, 1);
    report_cell_scaled(m->out, l->kl_e6, 6, 1);
    tonnes(m, l->co2);
    if (l->fuel && l->by) {
        char kg[MIZO_NUM_TEXT];
        mizo_decimal_text(l->by->value_e6, 6, kg);
        report_cell_textf(m->out, "%s kg/m3: %s (%s); %s (%s)", kg, report_said(m->out, l->by->source),
                          mizo_mark_text(l->by->mark), report_said(m->out, l->fuel->source),
                          mizo_mark_text(l->fuel->mark));
    } else if (l->fuel) {
        source_cell(m, l->fuel->source, l->fuel->mark);
    } else if (l->by) {
        source_cell(m, l->by->source, l->by->mark);
    } else {
        report_cell_blank(m->out);
    }
}

static void power_total(maker *m)
{
    const entity_year *y = m->y;
    report_cell_text(m->out, either(m, "電力 (買電)", "electricity bought"));
    report_cell_scaled(m->out, y->wh, 3, 3);
    report_cell_text(m->out, "kWh");
    if (y->power_fault) {
        report_cell_gap(m->out);
        report_cell_gap(m->out);
    } else {
        report_cell_scaled(m->out, y->power_gj_e6, 6, 1);
        report_cell_scaled(m->out, y->power_kl_e6, 6, 1);
    }
    tonnes(m, y->adjusted_mg);
    report_cell_text(m->out, y->power_fault ? entity_fault_text(y->power_fault, m->lang)
                                            : either(m, "CO2は調整後", "CO2 by adjusted factors"));
}

static void energies(maker *m)
{
    /* clang-format off */
    report_columns(m->out, either(m, "エネルギー使用量", "Energy by kind"),
                   (const report_column[]){
                       { .title = either(m, "種別", "kind") },
                       { .title = either(m, "使用量", "amount"), .align = REPORT_RIGHT },
                       { .title = either(m, "単位", "unit") },
                       { .title = either(m, "熱量", "heat"), .unit = "GJ", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(m, "原油換算", "as crude oil"), .unit = "kL", .align = REPORT_RIGHT, .sum = true },
                       { .title = "CO2", .unit = "t-CO2", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(m, "係数の出典", "factors from") },
                   }, 7);
    /* clang-format on */
    if (m->y->wh)
        power_total(m);
    for (int i = 0; i < m->y->nline; i++)
        if (!m->y->line[i].energy->gas)
            energy_row(m, &m->y->line[i]);
    report_sum(m->out, either(m, "計", "sum"));
}

/* ---- electricity by supplier and menu ---- */

static void factor_cells(maker *m, const mizo_factor_found *f)
{
    if (f->way == MIZO_WAY_NONE) {
        report_cell_gap(m->out);
        return;
    }
    char kg[MIZO_NUM_TEXT];
    mizo_decimal_text(mizo_div_round(f->g_e6, 1000, MIZO_ROUND_HALF_UP), 6, kg);
    report_cell_textf(m->out, "%s %s%s%.0d", kg, mizo_factor_way_text(f->way), f->row ? " FY" : "",
                      f->row ? f->row->fy : 0);
}

static void power_row(maker *m, const entity_power *p)
{
    const mizo_menu *menu = p->menu < 0 ? NULL : &m->r->menu[p->menu];
    const mizo_supplier *s = menu ? &m->r->supplier[menu->supplier] : NULL;
    report_cell_text(m->out, s ? either(m, s->name_ja, s->name_en) : either(m, "契約なし", "no contract"));
    report_cell_text(m->out, menu ? menu->id : "");
    report_cell_scaled(m->out, p->wh, 3, 3);
    factor_cells(m, &p->basic);
    tonnes(m, p->basic_mg);
    factor_cells(m, &p->adjusted);
    tonnes(m, p->adjusted_mg);
    report_cell_text(m->out, entity_fault_text(p->fault, m->lang));
}

static void powers(maker *m)
{
    /* clang-format off */
    report_columns(m->out, either(m, "電力 (事業者・メニュー別)", "Electricity by supplier and menu"),
                   (const report_column[]){
                       { .title = either(m, "小売電気事業者", "supplier") },
                       { .title = either(m, "メニュー", "menu") },
                       { .title = either(m, "使用量", "amount"), .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(m, "基礎排出係数 kg/kWh", "basic factor, kg/kWh") },
                       { .title = either(m, "基礎", "basic"), .unit = "t-CO2", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(m, "調整後排出係数 kg/kWh", "adjusted factor, kg/kWh") },
                       { .title = either(m, "調整後", "adjusted"), .unit = "t-CO2", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(m, "注", "note") },
                   }, 8);
    /* clang-format on */
    for (size_t i = 0; i < m->y->npower; i++)
        power_row(m, &m->y->power[i]);
    report_sum(m->out, either(m, "計", "sum"));
}

/* ---- gases ---- */

static void gas_row(maker *m, const entity_line *l)
{
    report_cell_text(m->out, either(m, l->energy->ja, l->energy->en));
    report_cell_scaled(m->out, l->milli, 3, 3);
    if (l->fault) {
        report_cell_gap(m->out);
        report_cell_gap(m->out);
        report_cell_textf(m->out, "%s: %s", l->lacks, entity_fault_text(l->fault, m->lang));
        return;
    }
    report_cell_scaled(m->out, l->gwp->gwp_e3, 3, l->gwp->gwp_e3 % 1000 ? 3 : 0);
    tonnes(m, l->co2);
    source_cell(m, l->gwp->source, l->gwp->mark);
}

static void gases(maker *m)
{
    bool any = false;
    for (int i = 0; i < m->y->nline; i++)
        any |= m->y->line[i].energy->gas != NULL;
    if (!any)
        return;
    /* clang-format off */
    report_columns(m->out, either(m, "エネルギー以外のガス", "Gases that left machines"),
                   (const report_column[]){
                       { .title = either(m, "ガス", "gas") },
                       { .title = either(m, "量", "amount"), .unit = "kg", .align = REPORT_RIGHT },
                       { .title = "GWP", .unit = m->y->gwp_set, .align = REPORT_RIGHT },
                       { .title = "CO2e", .unit = "t-CO2", .align = REPORT_RIGHT, .sum = true },
                       { .title = either(m, "出典", "source") },
                   }, 5);
    /* clang-format on */
    for (int i = 0; i < m->y->nline; i++)
        if (m->y->line[i].energy->gas)
            gas_row(m, &m->y->line[i]);
    report_sum(m->out, either(m, "計", "sum"));
}

/* ---- the whole ---- */

static void total_row(maker *m, const char *what, mizo_mg basic, mizo_mg adjusted)
{
    report_cell_text(m->out, what);
    tonnes(m, basic);
    tonnes(m, adjusted);
}

static void totals(maker *m)
{
    const entity_year *y = m->y;
    /* clang-format off */
    report_columns(m->out, either(m, "排出量の合計", "Emissions in all"),
                   (const report_column[]){
                       { .title = "" },
                       { .title = either(m, "基礎", "basic"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = either(m, "調整後", "adjusted"), .unit = "t-CO2", .align = REPORT_RIGHT },
                   }, 3);
    /* clang-format on */
    total_row(m, either(m, "エネルギー起源CO2", "energy CO2"), entity_energy_mg(y, false),
              entity_energy_mg(y, true));
    total_row(m, either(m, "その他のガス", "other gases"), y->gas_mg, y->gas_mg);
    total_row(m, either(m, "すべてのガス", "all gases"), entity_all_mg(y, false), entity_all_mg(y, true));
}

static void notes(maker *m, const entity_town *e)
{
    char kwh[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(e->reported_wh, 1000, MIZO_ROUND_HALF_UP), kwh);
    report_notef(
        m->out,
        m->ja ? "施設 %d、燃料などの報告があるもの %d。電力のうち %s kWh は報告による (計量値のない月)。"
                "計量値も報告もない施設・月: %d。"
              : "%d facilities, %d with a report. %s kWh of the electricity are from reports (months "
                "without a reading); facility-months with neither: %d.",
        e->facilities, e->reporting, kwh, e->unread_months);
    if (e->year.faults)
        report_notef(m->out,
                     m->ja ? "※ 係数がなく計上していない行が %d あります。合計は全体ではありません。"
                           : "* %d lines have no factor and are not counted: the sums are not whole.",
                     e->year.faults);
}

mizo_err entity_report(const town *t, const entity_town *e, const char *lang, report **out)
{
    maker m = { t->region, &e->year, NULL, lang, strcmp(lang, "ja") == 0 };
    char title[300];
    snprintf(title, sizeof title,
             m.ja ? "%s %d年度 エネルギーと温室効果ガス" : "%s, FY%d: energy and greenhouse gases",
             strcmp(e->who, "all") == 0 ? either(&m, "市の公共施設", "the city's facilities") : e->who,
             e->year.fy);
    m.out = report_new(&(report_head){ .title = title,
                                       .lang = lang,
                                       .footer = t->region->hash,
                                       .day = mizo_fy_first(e->year.fy + 1),
                                       .landscape = true });
    if (!m.out)
        return MIZO_ENOMEM;
    energies(&m);
    powers(&m);
    gases(&m);
    totals(&m);
    notes(&m, e);
    mizo_err err = report_done(m.out);
    if (err)
        report_free(m.out);
    else
        *out = m.out;
    return err;
}

/* ---- JSON ---- */

static void put_e6(json *j, const char *key, int64_t v)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(v, 6, text);
    json_text(j, key, text);
}

static void put_factor(json *j, const char *key, const mizo_factor_found *f)
{
    json_object(j, key);
    json_text(j, "by", mizo_factor_way_text(f->way));
    if (f->way != MIZO_WAY_NONE)
        put_e6(j, "g_per_kwh", f->g_e6);
    if (f->row) {
        json_int(j, "fy", f->row->fy);
        json_text(j, "source", f->row->source);
        json_text(j, "mark", mizo_mark_text(f->row->mark));
    }
    json_end(j);
}

static void put_line(json *j, const entity_line *l)
{
    char amount[MIZO_NUM_TEXT];
    mizo_decimal_text(l->milli, 3, amount);
    json_object(j, NULL);
    json_text(j, "kind", l->energy->id);
    json_text(j, "name_ja", l->energy->ja);
    json_text(j, "name_en", l->energy->en);
    json_bool(j, "gas", l->energy->gas != NULL);
    json_text(j, "amount", amount);
    json_text(j, "unit", l->energy->unit);
    if (l->fault) {
        json_text(j, "fault", entity_fault_text(l->fault, "en"));
        json_text(j, "lacks", l->lacks);
    } else {
        put_e6(j, "gj", l->gj_e6);
        put_e6(j, "kl", l->kl_e6);
        json_kg(j, "co2_kg", l->co2);
        const char *source = l->fuel  ? l->fuel->source
                             : l->gwp ? l->gwp->source
                             : l->by  ? l->by->source
                                      : NULL;
        json_text(j, "source", source);
        json_text(j, "mark",
                  l->fuel  ? mizo_mark_text(l->fuel->mark)
                  : l->gwp ? mizo_mark_text(l->gwp->mark)
                  : l->by  ? mizo_mark_text(l->by->mark)
                           : NULL);
        if (l->fuel && l->by) {
            put_e6(j, "kg_per_m3", l->by->value_e6);
            json_text(j, "kg_per_m3_source", l->by->source);
            json_text(j, "kg_per_m3_mark", mizo_mark_text(l->by->mark));
        }
        if (l->gwp)
            json_int(j, "gwp_milli", l->gwp->gwp_e3);
    }
    json_end(j);
}

static void put_power(json *j, const mizo_region *r, const entity_power *p)
{
    json_object(j, NULL);
    json_text(j, "menu", p->menu < 0 ? NULL : r->menu[p->menu].id);
    json_text(j, "supplier", p->menu < 0 ? NULL : r->supplier[r->menu[p->menu].supplier].id);
    json_int(j, "wh", p->wh);
    put_factor(j, "basic", &p->basic);
    json_kg(j, "basic_kg", p->basic_mg);
    put_factor(j, "adjusted", &p->adjusted);
    json_kg(j, "adjusted_kg", p->adjusted_mg);
    json_text(j, "note", p->fault ? entity_fault_text(p->fault, "en") : NULL);
    json_end(j);
}

void entity_json(const mizo_region *r, const entity_town *e, json *j)
{
    const entity_year *y = &e->year;
    json_text(j, "entity", e->who);
    json_int(j, "fy", y->fy);
    json_int(j, "facilities", e->facilities);
    json_int(j, "reporting", e->reporting);
    json_int(j, "unread_months", e->unread_months);
    json_bool(j, "whole", y->faults == 0);
    json_int(j, "wh", y->wh);
    json_int(j, "self_wh", y->self_wh);
    json_int(j, "reported_wh", e->reported_wh);
    put_e6(j, "electricity_gj", y->power_gj_e6);
    put_e6(j, "electricity_kl", y->power_kl_e6);
    put_e6(j, "gj", y->gj_e6);
    put_e6(j, "kl", y->kl_e6);
    json_kg(j, "fuel_kg", y->fuel_mg);
    json_kg(j, "basic_kg", y->basic_mg);
    json_kg(j, "adjusted_kg", y->adjusted_mg);
    json_kg(j, "gas_kg", y->gas_mg);
    json_kg(j, "energy_basic_kg", entity_energy_mg(y, false));
    json_kg(j, "energy_adjusted_kg", entity_energy_mg(y, true));
    json_kg(j, "all_basic_kg", entity_all_mg(y, false));
    json_kg(j, "all_adjusted_kg", entity_all_mg(y, true));
    json_text(j, "gwp_set", *y->gwp_set ? y->gwp_set : NULL);
    json_array(j, "lines");
    for (int i = 0; i < y->nline; i++)
        put_line(j, &y->line[i]);
    json_end(j);
    json_array(j, "power");
    for (size_t i = 0; i < y->npower; i++)
        put_power(j, r, &y->power[i]);
    json_end(j);
}
