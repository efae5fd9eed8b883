/* city_doc_schedule.c: what the plan does when, as bars over quarters or years, and its money by year and source. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/plan.h"
#include "town/office/city_doc.h"

enum { BEFORE = 5, QUARTERS = 4, YEARS_OF_QUARTERS = 10, YEARS_MOST = 40 };

/* ---- bars ---- */

typedef struct grid {
    int first, years, parts; /* fiscal years, and parts of each: quarters or one */
} grid;

/* The years that any bar has; at least the one that is reported. */
static grid grid_of(const maker *m)
{
    int first = m->ask->fy, last = m->ask->fy;
    for (size_t i = 0; i < m->r->ntask; i++) {
        const mizo_task *t = &m->r->task[i];
        if (t->from != INT32_MIN && mizo_day_fy(t->from) < first)
            first = mizo_day_fy(t->from);
        if (t->to != MIZO_DAY_NONE && mizo_day_fy(t->to - 1) > last)
            last = mizo_day_fy(t->to - 1);
    }
    int years = last - first + 1 > YEARS_MOST ? YEARS_MOST : last - first + 1;
    return (grid){ first, years, years <= YEARS_OF_QUARTERS ? QUARTERS : 1 };
}

/* The first day of part k of a fiscal year; of part `parts` the year's end. */
static mizo_day part_begins(const grid *g, int fy, int k)
{
    static const int month[QUARTERS] = { 4, 7, 10, 1 };
    if (k == 0 || k == g->parts)
        return mizo_fy_first(fy + (k != 0));
    return mizo_date_day((mizo_date){ fy + (month[k] < 4), month[k], 1 });
}

static void bars(maker *m, const grid *g, const mizo_task *t)
{
    for (int y = g->first; y < g->first + g->years; y++)
        for (int k = 0; k < g->parts; k++) {
            mizo_day from = part_begins(g, y, k), to = part_begins(g, y, k + 1);
            if (t->from < to && from < t->to)
                report_cell_bar(m->out, to <= m->ask->day);
            else
                report_cell_blank(m->out);
        }
}

static void day_cell(maker *m, mizo_day day, bool known)
{
    if (known)
        report_cell_day(m->out, day);
    else
        report_cell_gap(m->out);
}

static const char *of_code(const maker *m, const mizo_task *t)
{
    const mizo_plan_node *n = city_node(m->r, t->of, strlen(t->of));
    return n ? n->code : t->of;
}

static void task_row(maker *m, const grid *g, const mizo_task *t)
{
    report_cell_text(m->out, of_code(m, t));
    report_cell_text(m->out, city_either(m, t->name_ja, t->name_en));
    report_cell_text(m->out, t->owner);
    report_cell_text(m->out, t->status);
    day_cell(m, t->from, t->from != INT32_MIN);
    day_cell(m, t->to - 1, t->to != MIZO_DAY_NONE);
    bars(m, g, t);
    report_cell_text(m->out, report_said(m->out, t->source));
}

static int by_line(const void *pa, const void *pb)
{
    const mizo_task *const *a = pa, *const *b = pb;
    return ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

static mizo_err each_task(maker *m, const grid *g)
{
    const mizo_task **list = calloc(m->r->ntask + 1, sizeof *list);
    if (!list)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < m->r->ntask; i++)
        list[i] = &m->r->task[i];
    qsort(list, m->r->ntask, sizeof *list, by_line);
    for (size_t i = 0; i < m->r->ntask; i++)
        task_row(m, g, list[i]);
    free(list);
    return MIZO_OK;
}

static mizo_err schedule(maker *m)
{
    grid g = grid_of(m);
    char year[YEARS_MOST][FIGURE_FY_TEXT];
    report_column c[REPORT_COLUMNS] = {
        { .title = city_either(m, "番号", "no.") },    { .title = city_either(m, "項目", "what") },
        { .title = city_either(m, "所管", "owner") },  { .title = city_either(m, "状況", "status") },
        { .title = city_either(m, "はじめ", "from") }, { .title = city_either(m, "おわり", "to") }
    };
    int n = BEFORE + 1;
    if (!m->r->ntask)
        return MIZO_OK;
    for (int y = 0; y < g.years; y++)
        for (int k = 0; k < g.parts; k++) {
            figure_fy_short(g.first + y, m->ask->lang, year[y]);
            c[n++] = (report_column){ .title = k ? NULL : year[y], .bars = true };
        }
    c[n++] = (report_column){ .title = city_either(m, "出典", "source") };
    report_page(m->out); /* in a workbook a sheet with narrow columns of its own */
    report_columns(m->out, city_either(m, "工程表", "Schedule"), c, n);
    MIZO_TRY(each_task(m, &g));
    report_note(m->out, g.parts == 1 ? city_either(m, "一こまは1年度。淡い色は過ぎた期間です。",
                                                   "Each piece is a fiscal year; pale: it is over.")
                                     : city_either(m, "一こまは3か月。淡い色は過ぎた期間です。",
                                                   "Each piece is three months; pale: it is over."));
    return MIZO_OK;
}

/* ---- money ---- */

static int by_year(const void *pa, const void *pb)
{
    const mizo_budget *const *a = pa, *const *b = pb;
    return (*a)->fy != (*b)->fy ? ((*a)->fy > (*b)->fy) - ((*a)->fy < (*b)->fy)
                                : ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

/* A fund is a word of the file; those that every budget has are named. */
static const char *fund_text(const maker *m, const char *fund)
{
    static const char *const words[][2] = {
        {"general",     "一般財源"   },
        { "grant",      "交付金"      },
        { "national",   "国庫支出金"},
        { "prefecture", "県支出金"   },
        { "bond",       "市債"         },
        { "other",      "その他"      }
    };
    for (size_t i = 0; m->ja && i < sizeof words / sizeof *words; i++)
        if (strcmp(fund, words[i][0]) == 0)
            return words[i][1];
    return fund;
}

static void budget_row(maker *m, const mizo_budget *b)
{
    const mizo_business *p = &m->r->business[b->business], *own = city_counts_as(m->r, p);
    city_cell_year(m, b->fy);
    report_cell_text(m->out, p->id);
    report_cell_text(m->out, city_either(m, p->name_ja, p->name_en));
    report_cell_text(m->out, own == p ? "" : own->id);
    report_cell_text(m->out, fund_text(m, b->fund));
    report_cell_scaled(m->out, b->budget_yen, 3, 0);
    if (b->spent_yen < 0)
        report_cell_gap(m->out);
    else
        report_cell_scaled(m->out, b->spent_yen, 3, 0);
    report_cell_text(m->out, report_said(m->out, b->source));
}

static mizo_err budgets(maker *m)
{
    size_t n = m->r->nbudget;
    const mizo_budget **list = calloc(n + 1, sizeof *list);
    if (!list)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++)
        list[i] = &m->r->budget[i];
    qsort(list, n, sizeof *list, by_year);
    const char *thousand = city_either(m, "千円", "1,000 yen");
    if (n)
        report_page(m->out);
    /* clang-format off */
    if (n)
        report_columns(m->out, city_either(m, "年度・財源ごとの予算", "Budgets by year and source"),
                       (const report_column[]){
                           { .title = city_either(m, "年度", "FY") },
                           { .title = city_either(m, "番号", "no.") },
                           { .title = city_either(m, "事務事業名", "name") },
                           { .title = city_either(m, "再掲元", "listed first") },
                           { .title = city_either(m, "財源", "fund") },
                           { .title = city_either(m, "予算", "budget"), .unit = thousand, .align = REPORT_RIGHT, .sum = true },
                           { .title = city_either(m, "決算", "spent"), .unit = thousand, .align = REPORT_RIGHT, .sum = true },
                           { .title = city_either(m, "出典", "source") },
                       }, 8);
    /* clang-format on */
    for (size_t i = 0; i < n; i++) {
        budget_row(m, list[i]);
        if (i + 1 == n || list[i + 1]->fy != list[i]->fy)
            report_sum(m->out, city_either(m, "年度計", "of the year"));
    }
    free(list);
    return MIZO_OK;
}

mizo_err city_doc_schedule(maker *m)
{
    MIZO_TRY(schedule(m));
    return budgets(m);
}
