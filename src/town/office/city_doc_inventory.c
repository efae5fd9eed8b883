/* city_doc_inventory.c: an inventory with its printed totals beside its parts; its other tables: town/inventory/doc.h. */
#include <string.h>

#include "city/inventory.h"
#include "town/inventory/doc.h"

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
    MIZO_TRY(inventory_doc_tables(m));
    MIZO_TRY(inventory_doc_bases(m));
    MIZO_TRY(inventory_doc_restated(m));
    MIZO_TRY(inventory_doc_capacity(m));
    return inventory_doc_home_pv(m);
}
