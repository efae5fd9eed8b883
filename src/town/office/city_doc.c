/* city_doc.c: targets, plan, evaluation and inventory as documents. The same rows as JSON: city_json.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/pace.h"
#include "mizo/messages/city.h"
#include "town/office/city_doc.h"
#include "town/office/leading.h"

const char *city_either(const maker *m, const char *ja, const char *en)
{
    return m->ja || !*en ? ja : en;
}

void city_cell_value(maker *m, const city_value *v)
{
    buf text;
    buf_init(&text, 0);
    mizo_err e = city_value_text(v, m->ask->lang, &text);
    if (e == MIZO_ECONFLICT)
        report_cell_text(m->out, city_either(m, "丸めた値からは決まらない", "not settled"));
    else if (e)
        report_cell_gap(m->out);
    else
        report_cell_text(m->out, text.p);
    buf_fini(&text);
}

/* A value in the base of the indicator's unit, in its style. */
void city_cell_exact(maker *m, const mizo_indicator *i, exact x, bool plus)
{
    figure_style style = city_style(i);
    buf text;
    buf_init(&text, 0);
    style.about = false;
    style.plus = plus;
    style.digits += plus && style.digits < 2 ? 1 : 0; /* a step is smaller than what it is a step of */
    if (figure_text(x, &style, m->ask->lang, &text))
        report_cell_gap(m->out);
    else
        report_cell_text(m->out, text.p);
    buf_fini(&text);
}

void city_cell_year(maker *m, int fy)
{
    char year[FIGURE_FY_TEXT];
    figure_fy_text(fy, m->ask->lang, year);
    report_cell_text(m->out, year);
}

static void differs(maker *m, const city_value *v)
{
    buf said, made;
    char year[16];
    figure_style style = city_style(v->indicator);
    style.digits++;
    buf_init(&said, 0);
    buf_init(&made, 0);
    (void)snprintf(year, sizeof year, "%d", v->fy);
    if (!figure_text(v->said.v.mid, &style, m->ask->lang, &said) &&
        !figure_text(v->made.v.mid, &style, m->ask->lang, &made)) {
        MIZO_DIAG(m->d, CITY_DIFFERS, MIZO_AT("published.csv", 0, 0), v->indicator->id, year, said.p, made.p,
                  v->indicator->formula);
        report_notef(m->out,
                     m->ja ? "※ %s %d年度: 公表 %s、計算 %s。どちらも残しています。"
                           : "* %s FY%d: published %s, computed %s; both are kept.",
                     city_either(m, v->indicator->name_ja, v->indicator->name_en), v->fy, said.p, made.p);
    }
    buf_fini(&said);
    buf_fini(&made);
}

/* ---- targets ---- */

static void result_cells(maker *m, const city_pace *p)
{
    if (!p->known) {
        report_cell_gap(m->out);
        report_cell_blank(m->out);
        return;
    }
    city_cell_value(m, &p->last);
    char year[FIGURE_FY_TEXT];
    figure_fy_text(p->last.fy, m->ask->lang, year);
    report_cell_textf(m->out, "%s%s%s", year, p->last.row && p->last.row->vintage ? " " : "",
                      p->last.row ? city_vintage_text(p->last.row->vintage, m->ask->lang) : "");
}

/* A step of an indicator; where its rounded operands do not settle it, the least and the greatest that it may be. */
static void step_cell(maker *m, const mizo_indicator *i, const range *x)
{
    figure_style style = city_step_style(i);
    buf low, high;
    buf_init(&low, 0);
    buf_init(&high, 0);
    if (figure_text(x->lo, &style, m->ask->lang, &low) || figure_text(x->hi, &style, m->ask->lang, &high))
        report_cell_gap(m->out);
    else if (strcmp(low.p, high.p) == 0)
        report_cell_text(m->out, low.p);
    else
        report_cell_textf(m->out, "%s … %s", low.p, high.p);
    buf_fini(&low);
    buf_fini(&high);
}

/* What was done a year, with the years between which it was. */
static void pace_cells(maker *m, const mizo_indicator *i, const city_pace *p)
{
    if (p->known && p->reached)
        report_cell_text(m->out, city_either(m, "達成", "reached"));
    else if (p->has_needed)
        step_cell(m, i, &(range){ p->needed, p->needed, p->needed });
    else
        report_cell_gap(m->out);
    if (p->has_actual)
        step_cell(m, i, &p->actual);
    else
        report_cell_gap(m->out);
    if (p->has_actual)
        report_cell_textf(m->out, "%d–%d", p->base_fy, p->last.fy);
    else
        report_cell_blank(m->out);
    if (!p->has_actual || p->reached)
        report_cell_blank(m->out);
    else if (p->reach_fy)
        city_cell_year(m, p->reach_fy);
    else
        report_cell_text(m->out, city_either(m, "届かない", "never"));
}

static void target_row(maker *m, const mizo_indicator *i)
{
    city_pace p;
    exact x;
    if (city_pace_of(m->b, i, m->ask->fy, &p) || strcmp(city_whose(p.goal), m->whose))
        return;
    report_cell_text(m->out, city_either(m, i->name_ja, i->name_en));
    result_cells(m, &p);
    if (city_goal_value(p.goal, &x))
        report_cell_gap(m->out);
    else
        city_cell_exact(m, i, x, false);
    city_cell_year(m, p.goal->fy);
    pace_cells(m, i, &p);
    report_cell_text(m->out, report_said(m->out, p.goal->source));
}

static void changed_targets(maker *m)
{
    bool any = false;
    for (size_t k = 0; k < m->r->ngoal; k++) {
        const mizo_goal *g = &m->r->goal[k], *before = city_goal_before(m->b, g);
        const mizo_indicator *i = &m->r->indicator[g->indicator];
        exact x, y;
        if (!before || g->decided > m->b->as_of || city_goal_value(before, &x) || city_goal_value(g, &y))
            continue;
        /* clang-format off */
        if (!any)
            report_columns(m->out, city_either(m, "変わった目標", "Targets that were changed"),
                           (const report_column[]){
                               { .title = city_either(m, "指標", "indicator") },
                               { .title = city_either(m, "年度", "FY") },
                               { .title = city_either(m, "前", "before"), .align = REPORT_RIGHT },
                               { .title = city_either(m, "後", "after"), .align = REPORT_RIGHT },
                               { .title = city_either(m, "決定日", "decided") },
                               { .title = city_either(m, "理由", "reason") },
                           }, 6);
        /* clang-format on */
        any = true;
        report_cell_text(m->out, city_either(m, i->name_ja, i->name_en));
        city_cell_year(m, g->fy);
        city_cell_exact(m, i, x, false);
        city_cell_exact(m, i, y, false);
        report_cell_day(m->out, g->decided);
        report_cell_text(m->out, report_said(m->out, g->reason));
    }
}

static int by_line(const void *pa, const void *pb)
{
    const mizo_indicator *const *a = pa, *const *b = pb;
    return ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

/* In the order of the file, which is the city's own. */
static mizo_err each_indicator(maker *m, void (*fn)(maker *, const mizo_indicator *))
{
    const mizo_indicator **list = calloc(m->r->nindicator + 1, sizeof *list);
    if (!list)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < m->r->nindicator; i++)
        list[i] = &m->r->indicator[i];
    qsort(list, m->r->nindicator, sizeof *list, by_line);
    for (size_t i = 0; i < m->r->nindicator; i++)
        fn(m, list[i]);
    free(list);
    return MIZO_OK;
}

static void note_difference(maker *m, const mizo_indicator *i)
{
    for (int fy = m->ask->fy - 40; fy <= m->ask->fy; fy++) {
        city_value v;
        if (!city_value_of(m->b, i, fy, &v) && v.differ)
            differs(m, &v);
    }
}

/* Whose targets these are: the city's, city hall's, the country's; each its own table, never one list. */
static mizo_err targets_of(maker *m, const char *whose)
{
    static const struct {
        const char *word, *ja, *en;
    } known[] = {
        {"city",       "市域の目標と実績",    "Targets and results of the city"   },
        { "city-hall", "市役所の目標と実績", "Targets and results of city hall"  },
        { "country",   "国の目標と実績",       "Targets and results of the country"}
    };
    const char *caption = whose;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].word, whose) == 0)
            caption = city_either(m, known[i].ja, known[i].en);
    /* clang-format off */
    report_columns(m->out, caption,
                   (const report_column[]){
                       { .title = city_either(m, "指標", "indicator"), .width = 26 },
                       { .title = city_either(m, "実績", "result"), .align = REPORT_RIGHT, .width = 14 },
                       { .title = city_either(m, "年度", "FY"), .width = 12 },
                       { .title = city_either(m, "目標", "target"), .align = REPORT_RIGHT, .width = 14 },
                       { .title = city_either(m, "目標年度", "by FY"), .width = 11 },
                       { .title = city_either(m, "必要な年あたり", "needed a year"), .align = REPORT_RIGHT, .width = 12 },
                       { .title = city_either(m, "実績の年あたり", "done a year"), .align = REPORT_RIGHT, .width = 12 },
                       { .title = city_either(m, "その期間", "between"), .width = 10 },
                       { .title = city_either(m, "この歩みで達成", "so reached in"), .width = 11 },
                       { .title = city_either(m, "出典", "source"), .width = 9 },
                   }, 10);
    /* clang-format on */
    m->whose = whose;
    return each_indicator(m, target_row);
}

static bool first_whose(const mizo_region *r, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (strcmp(city_whose(&r->goal[i]), city_whose(&r->goal[k])) == 0)
            return false;
    return true;
}

static mizo_err targets(maker *m)
{
    MIZO_TRY(targets_of(m, "city"));
    for (size_t k = 0; k < m->r->ngoal; k++)
        if (first_whose(m->r, k) && strcmp(city_whose(&m->r->goal[k]), "city"))
            MIZO_TRY(targets_of(m, city_whose(&m->r->goal[k])));
    MIZO_TRY(each_indicator(m, note_difference));
    changed_targets(m);
    return MIZO_OK;
}

/* ---- the leading area ---- */

mizo_err city_leading(const city_desk *desk, const city_doc_ask *ask, leading *out)
{
    leading_ask a = { .fy = ask->fy,
                      .as_of = desk->books.as_of,
                      .today = ask->day,
                      .books = &desk->books,
                      .bureau = ask->bureau };
    if (!leading_pair(ask->pair, &a.waste, &a.demand))
        return MIZO_EINPUT;
    return leading_make(desk->town, &a, out);
}

static mizo_err achievement(maker *m)
{
    leading l;
    MIZO_TRY(city_leading(m->desk, m->ask, &l));
    mizo_err e = leading_empty(&l) ? l.said : leading_doc(&l, m->b, m->ja, m->out);
    leading_free(&l);
    return e;
}

/* ---- one table of all ---- */

static const struct {
    const char *name, *ja, *en;
    mizo_err (*make)(maker *m);
} docs[] = {
    {"achievement", "脱炭素先行地域の達成率", "Net-zero rate of the leading area", achievement        },
    { "targets",    "目標と実績",                   "Targets and results",               targets            },
    { "plan",       "計画の体系と事務事業",    "Plans and their businesses",        city_doc_plan      },
    { "evaluation", "施策評価シート",             "Evaluation sheet",                  city_doc_evaluation},
    { "inventory",  "温室効果ガス排出量",       "Greenhouse-gas inventory",          city_doc_inventory },
    { "handover",   "引き継ぎ書",                   "For the next person",               city_doc_handover  }
};

const char *city_doc_at(size_t i, const char *lang)
{
    if (i >= sizeof docs / sizeof *docs)
        return NULL;
    return !lang ? docs[i].name : strcmp(lang, "ja") == 0 ? docs[i].ja : docs[i].en;
}

bool city_doc_named(const char *name)
{
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++)
        if (strcmp(docs[i].name, name) == 0)
            return true;
    return false;
}

mizo_err city_doc(const city_desk *desk, const city_doc_ask *ask, mizo_diags *d, report **out)
{
    maker m = { desk, &desk->books, desk->books.region, ask, d, NULL, strcmp(ask->lang, "ja") == 0, "" };
    *out = NULL;
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
        char year[64];
        if (strcmp(docs[i].name, ask->name))
            continue;
        char fy[FIGURE_FY_TEXT];
        figure_fy_text(ask->fy, ask->lang, fy);
        (void)snprintf(year, sizeof year, m.ja ? "%s %s" : "%s, %s",
                       city_either(&m, m.r->name_ja, m.r->name_en), fy);
        m.out = report_new(&(report_head){ .title = city_either(&m, docs[i].ja, docs[i].en),
                                           .subtitle = year,
                                           .lang = ask->lang,
                                           .footer = m.r->hash,
                                           .day = ask->day,
                                           .landscape = strcmp(ask->name, "evaluation") != 0,
                                           .triangle = m.ja,
                                           .tables = true });
        if (!m.out)
            return MIZO_ENOMEM;
        mizo_err e = docs[i].make(&m);
        e = e ? e : report_done(m.out);
        if (e) {
            report_free(m.out);
            return e;
        }
        *out = m.out;
        return MIZO_OK;
    }
    return MIZO_ENOENT;
}
