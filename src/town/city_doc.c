/* city_doc.c: targets, plan, evaluation and inventory as documents. The same rows as JSON: city_json.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/inventory.h"
#include "city/plan.h"
#include "city/register.h"
#include "mizo/messages/city.h"
#include "town/city.h"

typedef struct maker {
    const city_desk *desk;
    const city_books *b;
    const mizo_region *r;
    const city_doc_ask *ask;
    mizo_diags *d;
    report *out;
    bool ja;
} maker;

static const char *either(const maker *m, const char *ja, const char *en)
{
    return m->ja || !*en ? ja : en;
}

static void cell_value(maker *m, const city_value *v)
{
    buf text;
    buf_init(&text, 0);
    mizo_err e = city_value_text(v, m->ask->lang, &text);
    if (e == MIZO_ECONFLICT)
        report_cell_text(m->out, either(m, "丸めた値からは決まらない", "not settled"));
    else if (e)
        report_cell_gap(m->out);
    else
        report_cell_text(m->out, text.p);
    buf_fini(&text);
}

/* A value in the base of the indicator's unit, in its style. */
static void cell_exact(maker *m, const mizo_indicator *i, exact x, bool plus)
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
                     either(m, v->indicator->name_ja, v->indicator->name_en), v->fy, said.p, made.p);
    }
    buf_fini(&said);
    buf_fini(&made);
}

/* The latest year up to the one that is reported which has a figure. */
static bool latest(const city_books *b, const mizo_indicator *i, int fy, city_value *v)
{
    for (int y = fy; y > fy - 40; y--)
        if (!city_value_of(b, i, y, v))
            return true;
    return false;
}

/* ---- targets ---- */

static mizo_err needed_a_year(const mizo_goal *g, const city_value *v, exact *out)
{
    exact goal;
    MIZO_TRY(city_goal_value(g, &goal));
    MIZO_TRY(exact_sub(goal, city_holds(v)->v.mid, out));
    return exact_div(*out, exact_whole(g->fy - v->fy), out);
}

static void target_row(maker *m, const mizo_indicator *i)
{
    city_value v;
    exact x;
    bool known = latest(m->b, i, m->ask->fy, &v), reached = false;
    const mizo_goal *g = city_goal_ahead(m->b, i, known ? v.fy : m->ask->fy);
    if (!g)
        return;
    report_cell_text(m->out, either(m, i->name_ja, i->name_en));
    if (known) {
        cell_value(m, &v);
        report_cell_textf(m->out, "%d%s%s", v.fy, v.row && v.row->vintage ? " " : "",
                          v.row ? city_vintage_text(v.row->vintage, m->ask->lang) : "");
    } else {
        report_cell_gap(m->out);
        report_cell_blank(m->out);
    }
    if (city_goal_value(g, &x))
        report_cell_gap(m->out);
    else
        cell_exact(m, i, x, false);
    report_cell_number(m->out, g->fy, 0);
    if (known && !city_goal_reached(g, city_holds(&v)->v.mid, &reached) && reached)
        report_cell_text(m->out, either(m, "達成", "reached"));
    else if (known && g->fy > v.fy && !needed_a_year(g, &v, &x))
        cell_exact(m, i, x, true);
    else
        report_cell_gap(m->out);
    report_cell_text(m->out, g->source);
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
        if (!any)
            report_columns(m->out, either(m, "変わった目標", "Targets that were changed"),
                           (const report_column[]){
                               {.title = either(m,      "指標",      "indicator")},
                               { .title = either(m,     "年度",      "FY"),        .plain = true },
                               { .title = either(m,                     "前",                 "before"),    .align = REPORT_RIGHT },
                               { .title = either(m, "後",             "after"),     .align = REPORT_RIGHT },
                               { .title = either(m,              "決定日","decided")},
                               { .title = either(m,"理由",        "reason")                   }
            },
                           6);
        any = true;
        report_cell_text(m->out, either(m, i->name_ja, i->name_en));
        report_cell_number(m->out, g->fy, 0);
        cell_exact(m, i, x, false);
        cell_exact(m, i, y, false);
        report_cell_day(m->out, g->decided);
        report_cell_text(m->out, g->reason);
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

static mizo_err targets(maker *m)
{
    report_columns(m->out, either(m, "目標と実績", "Targets and results"),
                   (const report_column[]){
                       {.title = either(m,        "指標",                        "indicator")          },
                       { .title = either(m,       "実績",                        "result"),              .align = REPORT_RIGHT },
                       { .title = either(m,                       "年度",                                     "FY")                            },
                       { .title = either(m,                       "目標",                                     "target"),  .align = REPORT_RIGHT },
                       { .title = either(m,   "目標年度",                                 "by FY"),                                     .plain = true },
                       { .title = either(m,                "必要な年あたり",  "needed a year"),.align = REPORT_RIGHT },
                       { .title = either(m,"出典","source")              }
    },
                   7);
    MIZO_TRY(each_indicator(m, target_row));
    MIZO_TRY(each_indicator(m, note_difference));
    changed_targets(m);
    return MIZO_OK;
}

/* ---- plan ---- */

static void count_note(maker *m, const mizo_plan_node *n, int listed)
{
    char said[16], here[16];
    if (n->declared < 0 || n->declared == listed)
        return;
    (void)snprintf(said, sizeof said, "%d", n->declared);
    (void)snprintf(here, sizeof here, "%d", listed);
    MIZO_DIAG(m->d, CITY_COUNT_DIFFERS, MIZO_AT("plans.csv", n->line, 1), n->id, said, here);
}

static mizo_err node_row(maker *m, const mizo_plan_node *n)
{
    city_below x;
    const char *below = *n->below ? n->below : "measure";
    MIZO_TRY(city_plan_below(m->r, NULL, n, below, NULL, m->ask->fy, &x));
    report_cell_text(m->out, n->code);
    report_cell_text(m->out, either(m, n->name_ja, n->name_en));
    report_cell_text(m->out, n->owner);
    if (n->declared < 0)
        report_cell_blank(m->out);
    else
        report_cell_number(m->out, n->declared, 0);
    report_cell_number(m->out, x.nodes, 0);
    report_cell_number(m->out, x.rows, 0);
    report_cell_number(m->out, x.businesses, 0);
    if (x.budget_yen)
        report_cell_number(m->out, x.budget_yen, 0);
    else
        report_cell_blank(m->out);
    report_cell_text(m->out, n->source);
    count_note(m, n, x.nodes);
    return MIZO_OK;
}

/* A node, then what stands below it, in the order of the file. */
static mizo_err nodes_below(maker *m, const char *parent, const char *plan, int deep)
{
    for (int32_t line = 0; deep < 20;) {
        const mizo_plan_node *next = NULL;
        for (size_t i = 0; i < m->r->nplan_node; i++) {
            const mizo_plan_node *n = &m->r->plan_node[i];
            if (strcmp(n->plan, plan) == 0 && strcmp(n->parent, parent) == 0 && n->line > line &&
                (!next || n->line < next->line))
                next = n;
        }
        if (!next)
            return MIZO_OK;
        line = next->line;
        MIZO_TRY(node_row(m, next));
        MIZO_TRY(nodes_below(m, next->id, plan, deep + 1));
    }
    return MIZO_OK;
}

static void business_rows(maker *m)
{
    report_columns(m->out, either(m, "事務事業", "Businesses"),
                   (const report_column[]){ { .title = either(m, "番号", "no.") },
                                            { .title = either(m, "事務事業名", "name") },
                                            { .title = either(m, "施策", "measure") },
                                            { .title = either(m, "再掲元", "listed first") },
                                            { .title = either(m, "印", "tags") },
                                            { .title = either(m, "出典", "source") } },
                   6);
    for (size_t i = 0; i < m->r->nlisting; i++) {
        const mizo_business *p = &m->r->business[m->r->listing[i].business];
        const mizo_plan_node *n = &m->r->plan_node[m->r->listing[i].node];
        report_cell_text(m->out, p->id);
        report_cell_text(m->out, either(m, p->name_ja, p->name_en));
        report_cell_text(m->out, n->code);
        report_cell_text(m->out, p->same_as);
        report_cell_text(m->out, p->tags);
        report_cell_text(m->out, p->source);
    }
}

static void roadmap(maker *m)
{
    if (!m->r->ntask)
        return;
    report_columns(m->out, either(m, "ロードマップ", "Roadmap"),
                   (const report_column[]){ { .title = either(m, "項目", "what") },
                                            { .title = either(m, "はじめ", "from") },
                                            { .title = either(m, "おわり", "to") },
                                            { .title = either(m, "出典", "source") } },
                   4);
    for (size_t i = 0; i < m->r->ntask; i++) {
        const mizo_task *t = &m->r->task[i];
        report_cell_text(m->out, either(m, t->name_ja, t->name_en));
        if (t->from == INT32_MIN)
            report_cell_gap(m->out);
        else
            report_cell_day(m->out, t->from);
        if (t->to == MIZO_DAY_NONE)
            report_cell_gap(m->out);
        else
            report_cell_day(m->out, t->to - 1);
        report_cell_text(m->out, t->source);
    }
}

static mizo_err plan(maker *m)
{
    const char *done[16];
    int n = 0;
    for (size_t i = 0; i < m->r->nplan_node && n < 16; i++) {
        const mizo_plan_node *x = &m->r->plan_node[i];
        bool again = *x->parent != '\0';
        for (int k = 0; k < n; k++)
            again = again || strcmp(done[k], x->plan) == 0;
        if (again)
            continue;
        done[n++] = x->plan;
        report_columns(m->out, either(m, x->name_ja, x->name_en),
                       (const report_column[]){
                           {.title = either(m,      "番号",          "no.")         },
                           { .title = either(m,     "名称",          "name")        },
                           { .title = either(m,     "所管",          "owner")       },
                           { .title = either(m,     "本文の件数", "declared"),     .align = REPORT_RIGHT },
                           { .title = either(m,                     "掲載",                     "listed"),        .align = REPORT_RIGHT },
                           { .title = either(m, "事業の行",                 "rows"),        .align = REPORT_RIGHT },
                           { .title = either(m,               "事業数","businesses"),  .align = REPORT_RIGHT },
                           { .title = either(m,"予算",       "budget"),
                            .unit = either(m, "円", "yen"),
                            .align = REPORT_RIGHT },
                           { .title = either(m,     "出典",                  "source")                 }
        },
                       9);
        MIZO_TRY(nodes_below(m, "", x->plan, 0));
    }
    report_note(
        m->out,
        either(
            m,
            "再掲の事業と、二つの計画に載る事業は一度だけ数えます。本文の件数は計算せず、そのまま示します。",
            "A business that is listed again, or in two plans, counts once. What a text declares is shown as it is."));
    business_rows(m);
    roadmap(m);
    return MIZO_OK;
}

/* ---- evaluation ---- */

/* The years of a sheet: those of the evaluation and the two before. */
enum { SHEET_YEARS = 3 };

static void indicator_lines(maker *m, const mizo_measure_of *of)
{
    const mizo_indicator *i = &m->r->indicator[of->indicator];
    for (int line = 0; line < 2; line++) {
        report_cell_text(m->out, line ? "" : either(m, i->name_ja, i->name_en));
        report_cell_text(m->out, line          ? ""
                                 : of->outcome ? either(m, "成果", "outcome")
                                               : either(m, "活動", "activity"));
        report_cell_text(m->out, line ? either(m, "実績", "result") : either(m, "目標", "target"));
        for (int fy = m->ask->fy - SHEET_YEARS + 1; fy <= m->ask->fy; fy++) {
            const mizo_goal *g = line ? NULL : city_goal(m->b, i, fy);
            city_value v;
            exact x;
            if (line && !city_value_of(m->b, i, fy, &v))
                cell_value(m, &v);
            else if (g && !city_goal_value(g, &x))
                cell_exact(m, i, x, false);
            else
                report_cell_gap(m->out);
        }
        report_cell_text(m->out, line ? "" : i->source);
    }
}

static void indicator_table(maker *m, const mizo_plan_node *n)
{
    char years[SHEET_YEARS][16];
    report_column c[4 + SHEET_YEARS] = { { .title = either(m, "指標", "indicator") },
                                         { .title = either(m, "分類", "kind") },
                                         { .title = "" } };
    for (int k = 0; k < SHEET_YEARS; k++) {
        (void)snprintf(years[k], sizeof years[k], m->ja ? "%d年度" : "FY%d",
                       m->ask->fy - SHEET_YEARS + 1 + k);
        c[3 + k] = (report_column){ .title = years[k], .align = REPORT_RIGHT };
    }
    c[3 + SHEET_YEARS] = (report_column){ .title = either(m, "出典", "source") };
    report_columns(m->out, either(m, "指標の目標と実績", "Targets and results"), c, 4 + SHEET_YEARS);
    for (size_t i = 0; i < m->r->njudged; i++)
        if (&m->r->plan_node[m->r->judged[i].node] == n)
            indicator_lines(m, &m->r->judged[i]);
}

static mizo_err evaluation_of(maker *m, const mizo_evaluation *e)
{
    static const char *const ways[4] = { "効果的な構成(現状のまま継続)", "概ね効果的(一部見直し)",
                                         "あまり効果的でない(見直し余地大)", "問題がある(抜本的な見直し)" };
    static const char *const states[4] = { "順調に推移", "一定の進捗", "進捗が遅れ", "大幅な遅れ" };
    static const char *const ways_en[4] = { "goes on as it is", "mostly effective", "not very effective",
                                            "a problem" };
    static const char *const states_en[4] = { "as planned", "progress", "late", "far behind" };
    const mizo_plan_node *n = &m->r->plan_node[e->node];
    city_proposal p;
    report_heading(m->out, 1, either(m, n->name_ja, n->name_en));
    for (const mizo_plan_node *up = city_node(m->r, n->parent, strlen(n->parent)); up;
         up = city_node(m->r, up->parent, strlen(up->parent)))
        report_pairf(m->out, either(m, "上位", "above"), "%s %s", up->code,
                     either(m, up->name_ja, up->name_en));
    report_pair(m->out, either(m, "番号", "no."), n->code);
    indicator_table(m, n);
    report_figure(m->out, either(m, "施策の進捗状況", "Status"), city_status_words[e->status]);
    report_pair(m->out, either(m, "区分", "meaning"), m->ja ? states[e->status] : states_en[e->status]);
    report_pair(m->out, either(m, "理由", "reason"), e->reason);
    MIZO_TRY(city_propose(m->b, n, m->ask->fy, &p));
    if (p.status >= 0)
        report_pairf(m->out, either(m, "規則による案", "proposed by the rule"),
                     m->ja ? "%s (成果指標 %d 件のうち %d 件が目標を達成)"
                           : "%s (of %d outcome indicators %d reached their targets)",
                     city_status_words[p.status], p.targets, p.reached);
    report_figure(m->out, either(m, "今後の方向性", "Direction"), city_direction_words[e->direction]);
    report_pair(m->out, either(m, "区分", "meaning"), m->ja ? ways[e->direction] : ways_en[e->direction]);
    report_pair(m->out, either(m, "理由", "reason"), e->way);
    report_pair(m->out, either(m, "決定", "decided by"), e->by);
    report_pair(m->out, either(m, "出典", "source"), e->source);
    return MIZO_OK;
}

static mizo_err evaluation(maker *m)
{
    int n = 0;
    for (size_t i = 0; i < m->r->nevaluation; i++)
        if (m->r->evaluation[i].fy == m->ask->fy) {
            if (n++)
                report_page(m->out);
            MIZO_TRY(evaluation_of(m, &m->r->evaluation[i]));
        }
    if (!n)
        report_text(m->out,
                    either(m, "この年度の評価はありません。", "Nothing was evaluated for this year."));
    else
        report_note(
            m->out,
            either(
                m,
                "規則: A すべての成果指標が目標を達成。B 未達のものも前年度から目標に近づいた。C 動かない・離れたものがある。D 最初の実績より悪いものがある。案は規則が、決定は人が行う。",
                "Rule: A each outcome indicator reached its target; B the others moved towards it; C one stood still or moved away; D one is no better than its first result. The rule proposes, people decide."));
    return MIZO_OK;
}

/* ---- inventory ---- */

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
        report_notef(m->out,
                     m->ja ? "※ %d年度 %s: 内訳の合計 %s、公表の合計 %s。%s"
                           : "* FY%d %s: the parts come to %s, printed is %s; %s",
                     e->fy, e->form, parts.p, printed.p,
                     meet ? either(m, "それぞれ丸めているため一致しません。", "each was rounded by itself.")
                          : either(m, "丸めでは説明できません。", "rounding does not explain it."));
    buf_fini(&parts);
    buf_fini(&printed);
    return MIZO_OK;
}

static mizo_err inventory(maker *m)
{
    report_columns(m->out, either(m, "公表された排出量", "Emissions as published"),
                   (const report_column[]){
                       {.title = either(m,  "算定",            "inventory")},
                       { .title = either(m, "年度",            "FY"),        .plain = true },
                       { .title = either(m,                 "版",                   "vintage")         },
                       { .title = either(m,                 "部門",                   "sector")},
                       { .title = either(m,                 "ガス",                   "gas")         },
                       { .title = either(m,                 "由来",                   "form")},
                       { .title = either(m,                 "排出量",                   "emissions"),       .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = either(m,   "出典", "source")     },
                       { .title = either(m,        "注",                  "note")                        }
    },
                   9);
    for (size_t i = 0; i < m->r->nemission; i++)
        if (m->r->emission[i].fy <= m->ask->fy)
            emission_row(m, &m->r->emission[i]);
    for (size_t i = 0; i < m->r->nemission; i++)
        if (m->r->emission[i].fy <= m->ask->fy)
            MIZO_TRY(total_note(m, &m->r->emission[i]));
    return MIZO_OK;
}

/* ---- one table of all ---- */

static const struct {
    const char *name, *ja, *en;
    mizo_err (*make)(maker *m);
} docs[] = {
    {"targets",     "目標と実績",                "Targets and results",        targets   },
    { "plan",       "計画の体系と事務事業", "Plans and their businesses", plan      },
    { "evaluation", "施策評価シート",          "Evaluation sheet",           evaluation},
    { "inventory",  "温室効果ガス排出量",    "Greenhouse-gas inventory",   inventory }
};

bool city_doc_named(const char *name)
{
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++)
        if (strcmp(docs[i].name, name) == 0)
            return true;
    return false;
}

mizo_err city_doc(const city_desk *desk, const city_doc_ask *ask, mizo_diags *d, report **out)
{
    maker m = { desk, &desk->books, desk->books.region, ask, d, NULL, strcmp(ask->lang, "ja") == 0 };
    *out = NULL;
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
        char year[64];
        if (strcmp(docs[i].name, ask->name))
            continue;
        (void)snprintf(year, sizeof year, m.ja ? "%s %d年度" : "%s, FY%d",
                       either(&m, m.r->name_ja, m.r->name_en), ask->fy);
        m.out = report_new(&(report_head){ .title = either(&m, docs[i].ja, docs[i].en),
                                           .subtitle = year,
                                           .lang = ask->lang,
                                           .footer = m.r->hash,
                                           .day = ask->day,
                                           .landscape = strcmp(ask->name, "evaluation") != 0 });
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
