/* city_doc_inventory.c: an inventory with its printed totals beside its parts; its other tables: town/inventory/doc.h. */
#include <stdio.h>
#include <string.h>

#include "city/inventory.h"
#include "city/inventory_words.h"
#include "town/inventory/doc.h"

static void emission_row(maker *m, const mizo_emission *e)
{
    char word[INVENTORY_WORD];
    report_cell_number(m->out, e->fy, 0);
    report_cell_text(m->out, city_vintage_text(e->vintage, m->ask->lang));
    report_cell_text(m->out, inventory_word(INVENTORY_SECTOR, e->sector, m->ask->lang, word));
    report_cell_text(m->out, inventory_word(INVENTORY_GAS, e->gas, m->ask->lang, word));
    report_cell_text(m->out, inventory_word(INVENTORY_FORM, e->form, m->ask->lang, word));
    range v;
    int64_t t;
    exact x;
    if (!city_emission_value(e, &v) && !exact_ten(v.mid, -9, &x) && !exact_round(x, MIZO_ROUND_HALF_UP, &t))
        report_cell_number(m->out, t, 0);
    else
        report_cell_gap(m->out);
    report_cell_text(m->out, report_said(m->out, e->source));
    report_cell_text(m->out, report_said(m->out, e->note));
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
    char form[INVENTORY_WORD];
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
            e->fy, inventory_word(INVENTORY_FORM, e->form, m->ask->lang, form), parts.p, printed.p,
            meet ? city_either(m, "それぞれ丸めているため一致しません。", "each was rounded by itself.")
                 : city_either(m, "丸めでは説明できません。", "rounding does not explain it."));
    buf_fini(&parts);
    buf_fini(&printed);
    return MIZO_OK;
}

static void emission_columns(maker *m, const char *inventory)
{
    char caption[4 * INVENTORY_WORD];
    (void)snprintf(caption, sizeof caption, m->ja ? "%s: 公表された排出量" : "%s: emissions as published",
                   city_inventory_name(m->r, inventory, m->ask->lang));
    /* clang-format off */
    report_columns(m->out, caption,
                   (const report_column[]){
                       { .title = city_either(m, "年度", "FY"), .plain = true },
                       { .title = city_either(m, "版", "vintage") },
                       { .title = city_either(m, "部門", "sector") },
                       { .title = city_either(m, "ガス", "gas") },
                       { .title = city_either(m, "由来", "form") },
                       { .title = city_either(m, "排出量", "emissions"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "出典", "source") },
                       { .title = city_either(m, "注", "note") },
                   }, 8);
    /* clang-format on */
}

static bool is_of(const maker *m, size_t i, const char *inventory)
{
    return m->r->emission[i].fy <= m->ask->fy && strcmp(m->r->emission[i].inventory, inventory) == 0;
}

/* A table of its own: inventories are never read together. */
static mizo_err one_inventory(maker *m, const char *inventory)
{
    emission_columns(m, inventory);
    for (size_t i = 0; i < m->r->nemission; i++)
        if (is_of(m, i, inventory))
            emission_row(m, &m->r->emission[i]);
    for (size_t i = 0; i < m->r->nemission; i++)
        if (is_of(m, i, inventory))
            MIZO_TRY(total_note(m, &m->r->emission[i]));
    return MIZO_OK;
}

mizo_err city_doc_inventory(maker *m)
{
    for (size_t i = 0; i < m->r->nemission; i++) {
        const char *inventory = m->r->emission[i].inventory;
        bool first = is_of(m, i, inventory);
        for (size_t k = 0; k < i && first; k++)
            first = !is_of(m, k, inventory);
        if (first)
            MIZO_TRY(one_inventory(m, inventory));
    }
    MIZO_TRY(inventory_doc_tables(m));
    MIZO_TRY(inventory_doc_bases(m));
    MIZO_TRY(inventory_doc_restated(m));
    MIZO_TRY(inventory_doc_capacity(m));
    MIZO_TRY(inventory_doc_home_pv(m));
    return inventory_doc_money(m);
}
