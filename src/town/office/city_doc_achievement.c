/* city_doc_achievement.c: the rate of the leading area as a document: the sentence, the sum behind it, the five-year table
 * as it is printed, and what the region's own contracts and readings say beside it. */
#include <stdio.h>
#include <string.h>

#include "town/office/city_doc.h"
#include "town/proof/achievement.h"

enum { TABLE_YEARS = 5, TABLE_FIRST = 2022 };

/* The years of the printed table: five from FY2022, and on from there five by five. */
static int first_year(int fy)
{
    return fy < TABLE_FIRST ? fy : TABLE_FIRST + (fy - TABLE_FIRST) / TABLE_YEARS * TABLE_YEARS;
}

static const mizo_indicator *named(const maker *m, const char *id)
{
    return city_indicator(m->b, id, strlen(id));
}

/* kWh as they were published, the sign with them. */
static void exact_cell(maker *m, const mizo_indicator *i, int fy)
{
    const figure_style style = { .unit = "kWh", .how = MIZO_ROUND_HALF_UP };
    city_value v;
    buf text;
    buf_init(&text, 0);
    if (!i || city_value_of(m->b, i, fy, &v) || !v.row ||
        figure_text(v.said.v.mid, &style, m->ask->lang, &text))
        report_cell_gap(m->out);
    else
        report_cell_text(m->out, text.p);
    buf_fini(&text);
}

static void five_years(maker *m, const char *id)
{
    const mizo_indicator *i = named(m, id);
    char year[TABLE_YEARS][16];
    report_column c[TABLE_YEARS + 2] = { { .title = "" } };
    int first = first_year(m->ask->fy);
    if (!i)
        return;
    for (int k = 0; k < TABLE_YEARS; k++) {
        (void)snprintf(year[k], sizeof year[k], "%d", first + k);
        c[k + 1] = (report_column){ .title = year[k], .align = REPORT_RIGHT };
    }
    c[TABLE_YEARS + 1] =
        (report_column){ .title = city_either(m, "目指す方向", "direction"), .align = REPORT_CENTRE };
    report_columns(m->out, city_either(m, i->name_ja, i->name_en), c, TABLE_YEARS + 2);
    report_cell_text(m->out, city_either(m, "実績値", "result"));
    for (int k = 0; k < TABLE_YEARS; k++)
        exact_cell(m, i, first + k);
    report_cell_text(m->out, i->better == MIZO_BETTER_UP ? "↗" : i->better == MIZO_BETTER_DOWN ? "↘" : "–");
}

static mizo_err published(maker *m)
{
    mizo_achievement a;
    char text[64], rule[400];
    MIZO_TRY(mizo_achievement_published(m->r, m->ask->fy, m->d, &a));
    mizo_achievement_text(&a, m->ask->lang, text, sizeof text);
    mizo_achievement_rule(&a, m->ask->lang, rule, sizeof rule);
    report_figure(m->out, city_either(m, "実質ゼロ達成率", "net-zero rate"), text);
    report_text(m->out, rule);
    static const char *const items[] = { "re-supply", "saving", "demand" };
    for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
        const mizo_published *p = mizo_published_on(m->r, m->ask->fy, items[k], m->b->as_of);
        if (p)
            report_notef(m->out, "%s: %s%s%s", items[k], p->source, *p->note ? ", " : "", p->note);
    }
    return MIZO_OK;
}

static void kwh_row(maker *m, const char *ja, const char *en, mizo_wh wh)
{
    report_cell_text(m->out, city_either(m, ja, en));
    report_cell_scaled(m->out, wh, 3, 0);
}

static mizo_err own(maker *m)
{
    achievement_own a;
    const town *t = m->desk->town;
    mizo_ms as_of = m->b->as_of == MIZO_DAY_NONE
                        ? STORE_LATEST
                        : mizo_slot_ms(mizo_day_slot(m->b->as_of + 1, m->r->offset)) - 1;
    mizo_err e = achievement_of_year(t->store, t->region, m->ask->fy, as_of, &a);
    if (e && e != MIZO_ERANGE)
        return e;
    /* clang-format off */
    report_columns(m->out, city_either(m, "この地域の契約と検針から", "From the region's own contracts and readings"),
                   (const report_column[]){
                       { .title = "" },
                       { .title = "", .unit = "kWh", .align = REPORT_RIGHT },
                   }, 2);
    /* clang-format on */
    kwh_row(m, "再エネ供給", "renewable supply", a.a.supply_wh);
    kwh_row(m, "うち屋根の下の自家消費", "of it, used under own roofs", a.self_wh);
    kwh_row(m, "省エネ", "saving", a.a.saving_wh);
    kwh_row(m, "需要", "demand", a.a.demand_wh);
    report_notef(m->out,
                 m->ja ? "施設 %d、未報告 %zu、計測値のない地点 %d。"
                       : "%d facilities, %zu have not reported, %d points without a reading.",
                 a.a.facilities, a.nunreported, a.silent);
    achievement_free(&a);
    return MIZO_OK;
}

mizo_err city_doc_achievement(maker *m)
{
    MIZO_TRY(published(m));
    five_years(m, "re-supply");
    five_years(m, "saving");
    return own(m);
}
