/* city_doc_inventory.c: an inventory with its printed totals beside its parts. */
#include <string.h>

#include "city/inventory.h"
#include "town/office/city_doc.h"

static void emission_row(maker *m, const mizo_emission *e)
{
    report_cell_text(m->out, e->inventory);
    report_cell_number(m->out, e->fy, 0);
    report_cell_text(m->out, city_vintage_text(e->vintage, m->ask->lang));
    report_cell_text(m->out, e->sector);
    report_cell_text(m->out, e->gas);
    report_cell_text(m->out, e->form);
    range v;
    int64_t t;
    exact x;
    if (!city_emission_value(e, &v) && !exact_ten(v.mid, -9, &x) && !exact_round(x, MIZO_ROUND_HALF_UP, &t))
        report_cell_number(m->out, t, 0);
    else
        report_cell_gap(m->out);
    report_cell_text(m->out, e->source);
    report_cell_text(m->out, e->note);
}

/* Printed totals against their parts: shown, never mended. */
static mizo_err total_note(maker *m, const mizo_emission *e)
{
    const city_cell c = { e->inventory, e->fy,
                          strcmp(e->sector, "all") == 0 && strcmp(e->form, "all") ? "*" : e->sector, e->gas,
                          strcmp(e->form, "all") == 0 ? "*" : e->form };
    const figure_style style = { .unit = "t-CO2", .how = MIZO_ROUND_HALF_UP };
    city_sum s;
    buf parts, printed;
    bool meet;
    if (strcmp(e->sector, "all") || city_emission_sum(m->r, &c, m->b->as_of, &s) || !s.has_printed || s.agree)
        return MIZO_OK;
    MIZO_TRY(range_meet(&s.parts, &s.printed, &meet));
    buf_init(&parts, 0);
    buf_init(&printed, 0);
    if (!figure_text(s.parts.mid, &style, m->ask->lang, &parts) &&
        !figure_text(s.printed.mid, &style, m->ask->lang, &printed))
        report_notef(
            m->out,
            m->ja ? "※ %d年度 %s: 内訳の合計 %s、公表の合計 %s。%s"
                  : "* FY%d %s: the parts come to %s, printed is %s; %s",
            e->fy, e->form, parts.p, printed.p,
            meet ? city_either(m, "それぞれ丸めているため一致しません。", "each was rounded by itself.")
                 : city_either(m, "丸めでは説明できません。", "rounding does not explain it."));
    buf_fini(&parts);
    buf_fini(&printed);
    return MIZO_OK;
}

/* ---- why a year was restated ---- */

static void tonnes_cell(maker *m, exact mg)
{
    exact x;
    int64_t kg;
    if (!exact_ten(mg, -6, &x) && !exact_round(x, MIZO_ROUND_HALF_UP, &kg))
        report_cell_scaled(m->out, kg, 3, 1);
    else
        report_cell_gap(m->out);
}

static void restated_row(maker *m, const mizo_activity *a, mizo_vintage to, bool *any)
{
    city_restated x;
    if (city_restate(m->r, a->inventory, a->fy, a->vintage, to, &x))
        return;
    /* clang-format off */
    if (!*any)
        report_columns(m->out, city_either(m, "再算定の内訳", "Why years were restated"),
                       (const report_column[]){
                           { .title = city_either(m, "算定", "inventory") },
                           { .title = city_either(m, "年度", "FY"), .plain = true },
                           { .title = city_either(m, "版", "vintages") },
                           { .title = city_either(m, "前", "before"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "範囲", "scope"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "活動量", "activity"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "係数", "factor"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "GWP", "GWP"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "後", "after"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       }, 9);
    /* clang-format on */
    *any = true;
    report_cell_text(m->out, a->inventory);
    report_cell_number(m->out, a->fy, 0);
    report_cell_textf(m->out, "%s → %s", city_vintage_text(a->vintage, m->ask->lang),
                      city_vintage_text(to, m->ask->lang));
    const exact cell[] = { x.before, x.scope, x.activity, x.factor, x.gwp, x.after };
    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
        tonnes_cell(m, cell[i]);
}

/* The first line of an inventory's year in a vintage, and the vintage that came after it; -1: none. */
static int restated_as(const mizo_region *r, size_t i)
{
    const mizo_activity *a = &r->activity[i];
    bool revised = false, final = false;
    for (size_t k = 0; k < r->nactivity; k++) {
        const mizo_activity *b = &r->activity[k];
        if (b->fy != a->fy || strcmp(b->inventory, a->inventory))
            continue;
        if (k < i && b->vintage == a->vintage)
            return -1;
        revised = revised || b->vintage == MIZO_VINTAGE_REVISED;
        final = final || b->vintage == MIZO_VINTAGE_FINAL;
    }
    if (a->vintage == MIZO_VINTAGE_PROVISIONAL)
        return revised ? MIZO_VINTAGE_REVISED : final ? MIZO_VINTAGE_FINAL : -1;
    return a->vintage == MIZO_VINTAGE_REVISED && final ? MIZO_VINTAGE_FINAL : -1;
}

static void restated(maker *m)
{
    bool any = false;
    for (size_t i = 0; i < m->r->nactivity; i++) {
        int to = m->r->activity[i].fy <= m->ask->fy ? restated_as(m->r, i) : -1;
        if (to >= 0)
            restated_row(m, &m->r->activity[i], (mizo_vintage)to, &any);
    }
}

mizo_err city_doc_inventory(maker *m)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "公表された排出量", "Emissions as published"),
                   (const report_column[]){
                       { .title = city_either(m, "算定", "inventory") },
                       { .title = city_either(m, "年度", "FY"), .plain = true },
                       { .title = city_either(m, "版", "vintage") },
                       { .title = city_either(m, "部門", "sector") },
                       { .title = city_either(m, "ガス", "gas") },
                       { .title = city_either(m, "由来", "form") },
                       { .title = city_either(m, "排出量", "emissions"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "出典", "source") },
                       { .title = city_either(m, "注", "note") },
                   }, 9);
    /* clang-format on */
    for (size_t i = 0; i < m->r->nemission; i++)
        if (m->r->emission[i].fy <= m->ask->fy)
            emission_row(m, &m->r->emission[i]);
    for (size_t i = 0; i < m->r->nemission; i++)
        if (m->r->emission[i].fy <= m->ask->fy)
            MIZO_TRY(total_note(m, &m->r->emission[i]));
    restated(m);
    return MIZO_OK;
}
