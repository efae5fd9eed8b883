/* home_pv.c: the home-PV subsidy by year, from the office's list; beside it what was published. See doc.h. */
#include <stdlib.h>
#include <string.h>

#include "city/inventory.h"
#include "town/inventory/doc.h"
#include "town/office/office.h"

static home_pv_year *year_of(home_pv *h, int fy)
{
    int i = 0;
    while (i < h->n && h->year[i].fy < fy)
        i++;
    if (i < h->n && h->year[i].fy == fy)
        return &h->year[i];
    if (h->n == HOME_PV_YEARS)
        return NULL;
    memmove(&h->year[i + 1], &h->year[i], (size_t)(h->n++ - i) * sizeof *h->year);
    h->year[i] = (home_pv_year){ .fy = fy };
    return &h->year[i];
}

/* A row is one application, or `count` of them from a time before they were listed one by one. */
static mizo_err on_row(void *arg, const note *n)
{
    const char *fy = note_get(n, "fy"), *state = note_get(n, "state");
    int year;
    if (mizo_fy_parse(fy, strlen(fy), &year))
        return MIZO_OK;
    home_pv_year *y = year_of(arg, year);
    int64_t count = *note_get(n, "count") ? note_number(n, "count", 0, MIZO_ROUND_DOWN) : 1;
    if (!y)
        return MIZO_EFULL;
    y->applied += count;
    y->withdrawn += strcmp(state, "withdrawn") == 0 ? count : 0;
    if (strcmp(state, "awarded") && strcmp(state, "paid"))
        return MIZO_OK;
    y->awarded += count;
    y->w += note_number(n, "kw", 3, MIZO_ROUND_HALF_UP);
    y->yen += note_number(n, "yen", 0, MIZO_ROUND_DOWN);
    return MIZO_OK;
}

mizo_err home_pv_make(town *t, home_pv *out)
{
    *out = (home_pv){ .n = 0 };
    return t->store ? note_scan(t, office_kind("home-pv"), on_row, out) : MIZO_OK;
}

/* What was published of a year, in the indicator's words; NULL: nothing. Free it. */
static char *said(const city_books *b, mizo_inventory_part part, int fy, const char *lang)
{
    const mizo_indicator *i = city_inventory_part(b->region, NULL, part);
    city_value v;
    buf text;
    char *out = NULL;
    buf_init(&text, 0);
    if (i && !city_value_of(b, i, fy, &v) && !city_value_text(&v, lang, &text) && text.p)
        out = strdup(text.p);
    buf_fini(&text);
    return out;
}

static void said_cell(maker *m, mizo_inventory_part part, int fy)
{
    char *text = said(m->b, part, fy, m->ask->lang);
    report_cell_text(m->out, text);
    free(text);
}

mizo_err home_pv_table(maker *m, const home_pv *h)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "住宅用太陽光発電設備の補助", "Home-PV subsidy"),
                   (const report_column[]){
                       { .title = city_either(m, "年度", "FY") },
                       { .title = city_either(m, "申請", "applied"), .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "取下げ", "withdrawn"), .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "交付", "awarded"), .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "容量", "capacity"), .unit = "kW", .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "補助額", "subsidy"), .unit = city_either(m, "円", "yen"), .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "公表 件数", "published") },
                       { .title = city_either(m, "公表 容量", "published capacity") },
                   }, 8);
    /* clang-format on */
    for (int i = 0; i < h->n; i++) {
        const home_pv_year *y = &h->year[i];
        city_cell_year(m, y->fy);
        report_cell_number(m->out, y->applied, 0);
        report_cell_number(m->out, y->withdrawn, 0);
        report_cell_number(m->out, y->awarded, 0);
        report_cell_scaled(m->out, y->w, 3, 1);
        report_cell_number(m->out, y->yen, 0);
        said_cell(m, MIZO_PART_SUBSIDISED, y->fy);
        said_cell(m, MIZO_PART_SUBSIDISED_KW, y->fy);
    }
    report_sum(m->out, city_either(m, "計", "all"));
    return MIZO_OK;
}

mizo_err inventory_doc_home_pv(maker *m)
{
    home_pv *h = malloc(sizeof *h);
    mizo_err e = h ? home_pv_make(m->desk->town, h) : MIZO_ENOMEM;
    if (!e && h->n)
        e = home_pv_table(m, h);
    free(h);
    return e;
}

void home_pv_json(const home_pv *h, const city_books *b, json *j)
{
    json_array(j, "home_pv");
    for (int i = 0; i < h->n; i++) {
        const home_pv_year *y = &h->year[i];
        char yen[MIZO_NUM_TEXT], *count = said(b, MIZO_PART_SUBSIDISED, y->fy, "ja"),
                                 *kw = said(b, MIZO_PART_SUBSIDISED_KW, y->fy, "ja");
        mizo_decimal_text(y->yen, 0, yen);
        json_object(j, NULL);
        json_int(j, "fy", y->fy);
        json_int(j, "applied", y->applied);
        json_int(j, "withdrawn", y->withdrawn);
        json_int(j, "awarded", y->awarded);
        json_int(j, "w", y->w);
        json_text(j, "yen", yen);
        json_text(j, "published", count);
        json_text(j, "published_kw", kw);
        json_end(j);
        free(count);
        free(kw);
    }
    json_end(j);
}
