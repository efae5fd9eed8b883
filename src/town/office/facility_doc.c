/* facility_doc.c: a facility on paper: one or two pages of A4. */
#include <stdio.h>
#include <string.h>

#include "town/office/facility_inner.h"
#include "town/office/map.h"

typedef struct maker {
    const facility_sheet *s;
    report *p;
    bool ja;
} maker;

static const char *name_of(const char *ja, const char *en, bool in_ja)
{
    return in_ja || !en || !*en ? ja : en;
}

static void pair(maker *m, const char *ja, const char *en, const char *value)
{
    if (value && *value)
        report_pair(m->p, m->ja ? ja : en, value);
}

static void head(maker *m)
{
    const mizo_facility *f = m->s->f;
    char floor[MIZO_NUM_TEXT + 8] = "", area[MIZO_NUM_TEXT], ward_en[WARDS_NAME];
    if (f->floor_m2 > 0) {
        mizo_grouped_text(f->floor_m2, area);
        (void)snprintf(floor, sizeof floor, "%s m2", area);
    }
    pair(m, "施設ID", "id", f->id);
    pair(m, "資産コード", "owner's code", f->owner_code);
    pair(m, "所管局", "bureau", f->bureau);
    pair(m, "報告主体", "reports for it", f->entity);
    map_ward_en(m->s->t, f->ward, ward_en);
    pair(m, "区", "ward", m->ja ? f->ward : ward_en);
    pair(m, "延床面積", "floor area", floor);
}

static void year_rows(maker *m)
{
    bool ja = m->ja;
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "年度" : "FY", .plain = true },
        { .title = ja ? "電力需要" : "demand", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "うち再エネ" : "renewable", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "施設の報告" : "reported", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "未報告の月" : "months missing" },
    };
    /* clang-format on */
    report_columns(m->p, ja ? "年度ごと" : "By year", c, 5);
    for (int i = 0; i < FACILITY_YEARS; i++) {
        const facility_year *y = &m->s->year[i];
        char missing[160];
        if (!y->there || (!y->any && i))
            continue;
        ledger_missing_text(&y->head, &y->row, missing, sizeof missing);
        report_cell_number(m->p, y->head.fy, 0);
        report_cell_scaled(m->p, y->row.demand_wh, 3, 0);
        report_cell_scaled(m->p, y->row.supply_wh, 3, 0);
        report_cell_scaled(m->p, y->row.reported_wh, 3, 0);
        report_cell_text(m->p, missing);
    }
}

static void month_rows(maker *m)
{
    bool ja = m->ja;
    const facility_year *y = &m->s->year[0];
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "月" : "month" },
        { .title = ja ? "計測・請求" : "read", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "うち再エネ" : "renewable", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "施設の報告" : "reported", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "根拠" : "evidence" },
    };
    /* clang-format on */
    if (!y->there)
        return;
    report_columns(m->p, ja ? "月ごと" : "By month", c, 5);
    for (int k = 0; k < YEARLY_MONTHS; k++) {
        const ledger_month *x = &y->row.month[k];
        report_cell_textf(m->p, "%d-%02d", k < 9 ? y->head.fy : y->head.fy + 1, (k + 3) % 12 + 1);
        if (x->pieces) {
            report_cell_scaled(m->p, x->metered_wh, 3, 0);
            report_cell_scaled(m->p, x->green_wh, 3, 0);
        } else {
            report_cell_gap(m->p);
            report_cell_gap(m->p);
        }
        if (x->reported_wh != YEARLY_MISSING)
            report_cell_scaled(m->p, x->reported_wh, 3, 0);
        else
            report_cell_blank(m->p);
        report_cell_text(m->p, (ja ? ledger_words_ja : ledger_words)[x->evidence]);
    }
    report_sum(m->p, ja ? "計" : "sum");
}

static void day_cell(report *p, mizo_day d)
{
    if (d == MIZO_DAY_NONE || d == INT32_MIN)
        report_cell_blank(p);
    else
        report_cell_day(p, d);
}

static mizo_err supply_row(void *arg, const facility_supply *x)
{
    maker *m = arg;
    report_cell_text(m->p, x->point->id);
    report_cell_text(m->p, x->supplier ? name_of(x->supplier->name_ja, x->supplier->name_en, m->ja) : "");
    report_cell_text(m->p, name_of(x->menu->name_ja, x->menu->name_en, m->ja));
    report_cell_scaled(m->p, x->menu->renewable_ppm, 4, 0);
    day_cell(m->p, x->from);
    day_cell(m->p, x->to);
    return MIZO_OK;
}

static mizo_err asset_row(void *arg, const facility_asset *x)
{
    maker *m = arg;
    report_cell_text(m->p, x->id);
    report_cell_text(m->p, x->what);
    report_cell_scaled(m->p, x->power_w, 3, 1);
    if (x->energy_wh)
        report_cell_scaled(m->p, x->energy_wh, 3, 1);
    else
        report_cell_blank(m->p);
    day_cell(m->p, x->from);
    return MIZO_OK;
}

static mizo_err contracts_and_assets(maker *m)
{
    bool ja = m->ja;
    /* clang-format off */
    const report_column supply[] = {
        { .title = ja ? "地点" : "point" }, { .title = ja ? "供給者" : "supplier" }, { .title = ja ? "メニュー" : "menu" },
        { .title = ja ? "再エネ率" : "renewable", .unit = "%", .align = REPORT_RIGHT },
        { .title = ja ? "開始" : "from" }, { .title = ja ? "終了" : "until" },
    };
    const report_column asset[] = {
        { .title = "ID" }, { .title = ja ? "種類" : "what" },
        { .title = ja ? "出力" : "power", .unit = "kW", .align = REPORT_RIGHT },
        { .title = ja ? "容量" : "energy", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "開始" : "from" },
    };
    /* clang-format on */
    report_columns(m->p, ja ? "電力の契約" : "Contracts", supply, 6);
    MIZO_TRY(facility_supplies(m->s, supply_row, m));
    report_columns(m->p, ja ? "設備" : "What stands there", asset, 5);
    return facility_assets(m->s, asset_row, m);
}

/* Savings, jobs and assets of the grant, other measures: what is written of it, field by field. */
static void notes(maker *m)
{
    for (size_t i = 0; i < m->s->nnote; i++) {
        const facility_note *x = &m->s->note[i];
        if (i == 0 || m->s->note[i - 1].kind != x->kind)
            report_heading(m->p, 2, list_title(x->kind->name, m->ja ? "ja" : "en"));
        report_pair(m->p, "ID", x->n.id);
        for (int k = 0; k < NOTE_FIELDS && x->kind->field[k].name; k++)
            if (x->n.value[k][0] && strcmp(x->kind->field[k].name, "facility") != 0)
                report_pair(m->p, list_word(x->kind->field[k].name, m->ja ? "ja" : "en"), x->n.value[k]);
        report_note(m->p, "");
    }
}

mizo_err facility_doc(town *t, const facility_ask *ask, const char *lang, report **out)
{
    facility_sheet s;
    MIZO_TRY(facility_gather(t, ask, &s));
    bool ja = strcmp(lang, "ja") == 0;
    maker m = { .s = &s, .ja = ja };
    m.p = report_new(&(report_head){ .title = name_of(s.f->name_ja, s.f->name_en, ja),
                                     .author = name_of(t->region->name_ja, t->region->name_en, ja),
                                     .lang = lang,
                                     .day = ask->today });
    mizo_err e = m.p ? MIZO_OK : MIZO_ENOMEM;
    if (!e) {
        head(&m);
        year_rows(&m);
        month_rows(&m);
        e = contracts_and_assets(&m);
        notes(&m);
        e = e ? e : report_done(m.p);
    }
    facility_drop(&s);
    if (e)
        report_free(m.p);
    *out = e ? NULL : m.p;
    return e;
}
