/* programme_doc.c: the programme of the public sites as JSON and as tables. See programme.h. */
#include <stdio.h>

#include "town/office/programme.h"

/* ---- JSON ---- */

static void int_or_null(json *j, const char *key, int64_t v, bool known)
{
    if (known)
        json_int(j, key, v);
    else
        json_null(j, key);
}

static void year_json(const programme *p, const programme_year *y, json *j)
{
    json_int(j, "fy", y->fy);
    json_int(j, "sites", y->sites);
    json_int(j, "installable", y->installable);
    json_int(j, "dc_w", y->dc_w);
    for (int m = 0; m < PROGRAMME_MEASURES; m++) {
        int64_t wanted = programme_wanted(p, y, (programme_measure)m);
        json_object(j, programme_words[m]);
        json_int(j, "done", y->done[m]);
        int_or_null(j, "wanted", wanted, wanted >= 0);
        json_end(j);
    }
}

static void names(const mizo_region *r, mizo_ref facility, json *j)
{
    const mizo_facility *f = &r->facility[facility];
    json_text(j, "facility", f->id);
    json_text(j, "name_ja", f->name_ja);
    json_text(j, "name_en", *f->name_en ? f->name_en : f->name_ja);
    json_text(j, "kind", f->kind);
    json_text(j, "bureau", *f->bureau ? f->bureau : NULL);
}

static void sites_json(const programme *p, json *j)
{
    json_array(j, "rows");
    for (size_t i = 0; i < p->nsite; i++) {
        const programme_site *s = &p->site[i];
        int8_t judged = p->region->facility[s->facility].pv_installable;
        json_object(j, NULL);
        names(p->region, s->facility, j);
        json_text(j, "pv_installable", judged < 0 ? NULL : judged ? "yes" : "no");
        json_int(j, "dc_w", s->dc_w);
        json_int(j, "led_wh", s->led_wh);
        for (int m = 0; m < PROGRAMME_MEASURES; m++)
            int_or_null(j, programme_words[m], s->since[m], s->since[m]);
        json_end(j);
    }
    json_end(j);
}

static void backups_json(const programme *p, json *j)
{
    json_array(j, "backup");
    for (size_t i = 0; i < p->nbackup; i++) {
        const programme_backup *b = &p->backup[i];
        json_object(j, NULL);
        names(p->region, b->facility, j);
        json_int(j, "kept_wh", b->kept_wh);
        json_int(j, "full_wh", b->full_wh);
        json_int(j, "give_w", b->give_w);
        int_or_null(j, "load_w", b->load_w, b->load_w > 0);
        int_or_null(j, "kept_minutes", b->kept_min, b->kept_min >= 0);
        int_or_null(j, "full_minutes", b->full_min, b->full_min >= 0);
        json_end(j);
    }
    json_end(j);
}

void programme_json(const programme *p, json *j)
{
    json_int(j, "fy", p->fy);
    json_day(j, "day", p->day);
    int_or_null(j, "aim_fy", p->aim_fy, p->aim_fy);
    json_int(j, "unjudged", p->unjudged);
    json_int(j, "led_wh", p->now.led_wh);
    json_object(j, "now");
    year_json(p, &p->now, j);
    json_end(j);
    json_array(j, "years");
    for (int i = 0; i < p->nyear; i++) {
        json_object(j, NULL);
        year_json(p, &p->year[i], j);
        json_end(j);
    }
    json_end(j);
    backups_json(p, j);
    sites_json(p, j);
}

/* ---- tables ---- */

static void of_cell(report *r, int64_t done, int64_t all)
{
    report_cell_textf(r, "%lld / %lld", (long long)done, (long long)all);
}

static void year_row(const programme_year *y, bool ja, bool now, report *r)
{
    if (now)
        report_cell_text(r, ja ? "現在" : "now");
    else
        report_cell_textf(r, ja ? "%d年度末" : "end of FY%d", y->fy);
    of_cell(r, y->done[PROGRAMME_SOLAR], y->installable);
    report_cell_scaled(r, y->dc_w, 3, 0);
    of_cell(r, y->done[PROGRAMME_RENEWABLE], y->sites);
    of_cell(r, y->done[PROGRAMME_LED], y->sites);
}

static void aims(const programme *p, bool ja, report *r)
{
    int64_t w[PROGRAMME_MEASURES];
    bool any = false;
    for (int m = 0; m < PROGRAMME_MEASURES; m++) {
        w[m] = programme_wanted(p, &p->now, (programme_measure)m);
        any |= w[m] >= 0;
    }
    if (!any || !p->aim_fy)
        return;
    report_cell_textf(r, ja ? "%d年度末の目標" : "aim for the end of FY%d", p->aim_fy);
    for (int m = 0; m < PROGRAMME_MEASURES; m++) {
        if (w[m] < 0)
            report_cell_gap(r);
        else
            report_cell_number(r, w[m], 0);
        if (m == PROGRAMME_SOLAR)
            report_cell_blank(r);
    }
}

static void years_doc(const programme *p, bool ja, report *r)
{
    /* clang-format off */
    report_columns(r, ja ? "目標と現在" : "Promised and done",
                   (const report_column[]){
                       { .title = "" },
                       { .title = ja ? "太陽光 (設置可能な施設のうち)" : "panels (of sites that can carry them)", .align = REPORT_RIGHT },
                       { .title = ja ? "太陽光の容量" : "panels", .unit = "kW", .align = REPORT_RIGHT },
                       { .title = ja ? "再エネ100%電力" : "100 % renewable power", .align = REPORT_RIGHT },
                       { .title = "LED", .align = REPORT_RIGHT },
                   }, 5);
    /* clang-format on */
    for (int i = 0; i < p->nyear; i++)
        year_row(&p->year[i], ja, false, r);
    year_row(&p->now, ja, true, r);
    aims(p, ja, r);
    report_note(
        r,
        ja ? "年度末の数は、台帳と契約にある日付による(予定を含む)。LEDは省エネの記録から数える。"
           : "Ends of years go by the dates of assets and contracts, those to come included. LED is counted from the savings on record.");
    if (p->unjudged)
        report_notef(r,
                     ja ? "太陽光を設置できるかどうか未判定の施設 %lld。"
                        : "%lld sites are not judged yet for panels.",
                     (long long)p->unjudged);
}

static void hours_cell(report *r, int64_t min)
{
    if (min < 0)
        report_cell_gap(r);
    else
        report_cell_number(r, mizo_div_round(min, 6, MIZO_ROUND_DOWN), 1);
}

static void backups_doc(const programme *p, bool ja, report *r)
{
    if (!p->nbackup)
        return;
    /* clang-format off */
    report_columns(r, ja ? "停電のとき" : "When the grid is gone",
                   (const report_column[]){
                       { .title = ja ? "施設" : "facility" },
                       { .title = ja ? "備えの分" : "kept for it", .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = ja ? "満充電" : "when full", .unit = "kWh", .align = REPORT_RIGHT },
                       { .title = ja ? "出力" : "gives", .unit = "kW", .align = REPORT_RIGHT },
                       { .title = ja ? "負荷" : "load", .unit = "kW", .align = REPORT_RIGHT },
                       { .title = ja ? "備えの分で" : "on what is kept", .unit = ja ? "時間" : "hours", .align = REPORT_RIGHT },
                       { .title = ja ? "満充電で" : "when full", .unit = ja ? "時間" : "hours", .align = REPORT_RIGHT },
                   }, 7);
    /* clang-format on */
    for (size_t i = 0; i < p->nbackup; i++) {
        const programme_backup *b = &p->backup[i];
        const mizo_facility *f = &p->region->facility[b->facility];
        report_cell_text(r, ja || !*f->name_en ? f->name_ja : f->name_en);
        report_cell_scaled(r, b->kept_wh, 3, 1);
        report_cell_scaled(r, b->full_wh, 3, 1);
        report_cell_scaled(r, b->give_w, 3, 1);
        report_cell_scaled(r, b->load_w, 3, 1);
        hours_cell(r, b->kept_min);
        hours_cell(r, b->full_min);
    }
    report_note(
        r,
        ja ? "負荷: この年度の平均電力に params.csv の programme-load (行がなければ全部) を掛けたもの。0時間: 出力が足りない。太陽光は数えない。"
           : "Load: the year's mean power times programme-load of params.csv (all of it without a row). 0 hours: the stores cannot give so much. Panels are not counted.");
}

static void since_cell(report *r, int fy)
{
    if (fy)
        report_cell_textf(r, "%d", fy);
    else
        report_cell_blank(r);
}

static void sites_doc(const programme *p, bool ja, report *r)
{
    /* clang-format off */
    report_columns(r, ja ? "施設ごと (実施年度、またはそれ以前)" : "By site (fiscal year, or before it)",
                   (const report_column[]){
                       { .title = ja ? "施設" : "facility" },
                       { .title = ja ? "所管" : "bureau" },
                       { .title = ja ? "設置可能" : "can carry panels", .align = REPORT_CENTRE },
                       { .title = ja ? "太陽光" : "panels", .align = REPORT_RIGHT },
                       { .title = ja ? "容量" : "power", .unit = "kW", .align = REPORT_RIGHT, .sum = true },
                       { .title = ja ? "再エネ100%" : "100 % renewable", .align = REPORT_RIGHT },
                       { .title = "LED", .align = REPORT_RIGHT },
                       { .title = ja ? "LEDの省エネ" : "saved by LED", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
                   }, 8);
    /* clang-format on */
    for (size_t i = 0; i < p->nsite; i++) {
        const programme_site *s = &p->site[i];
        const mizo_facility *f = &p->region->facility[s->facility];
        report_cell_text(r, ja || !*f->name_en ? f->name_ja : f->name_en);
        report_cell_text(r, f->bureau);
        report_cell_text(r, f->pv_installable < 0 ? "?" : f->pv_installable ? "○" : "–");
        since_cell(r, s->since[PROGRAMME_SOLAR]);
        report_cell_scaled(r, s->dc_w, 3, 1);
        since_cell(r, s->since[PROGRAMME_RENEWABLE]);
        since_cell(r, s->since[PROGRAMME_LED]);
        report_cell_scaled(r, s->led_wh, 3, 0);
    }
    report_sum(r, ja ? "計" : "sum");
}

void programme_doc(const programme *p, bool ja, bool sites, report *r)
{
    years_doc(p, ja, r);
    backups_doc(p, ja, r);
    if (!sites)
        return;
    report_page(r);
    sites_doc(p, ja, r);
}
