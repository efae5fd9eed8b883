/* city_doc_sheet.c: the evaluation sheet, in the order of the city's own. */
#include <stdio.h>
#include <string.h>

#include "city/plan.h"
#include "town/office/city_doc.h"

/* The years of a sheet: the first one with a result, from which the plan set out, then those of the evaluation and the
 * two before. */
enum { SHEET_YEARS = CITY_SHEET_YEARS };

static int first_year(const maker *m, const mizo_plan_node *n)
{
    int first = 0;
    for (size_t k = 0; k < m->r->njudged; k++) {
        const mizo_measure_of *of = &m->r->judged[k];
        city_value v;
        if (of->outcome && &m->r->plan_node[of->node] == n &&
            !city_first_result(m->b, &m->r->indicator[of->indicator], m->ask->fy - SHEET_YEARS + 1, &v) &&
            (!first || v.fy < first))
            first = v.fy;
    }
    return first;
}

/* 達成, 未達: of the year that is evaluated. */
static void reached_cell(maker *m, const mizo_indicator *i)
{
    const mizo_goal *g = city_goal(m->b, i, m->ask->fy);
    city_value v;
    bool reached;
    if (!g || city_value_of(m->b, i, m->ask->fy, &v) || city_goal_reached(g, city_holds(&v)->v.mid, &reached))
        report_cell_gap(m->out);
    else
        report_cell_text(m->out,
                         reached ? city_either(m, "目標達成", "reached") : city_either(m, "未達", "missed"));
}

static void year_cell(maker *m, const mizo_indicator *i, int fy, bool result)
{
    const mizo_goal *g = result ? NULL : city_goal(m->b, i, fy);
    city_value v;
    exact x;
    if (result && !city_value_of(m->b, i, fy, &v))
        city_cell_value(m, &v);
    else if (g && !city_goal_value(g, &x))
        city_cell_exact(m, i, x, false);
    else
        report_cell_gap(m->out);
}

static void indicator_lines(maker *m, const mizo_measure_of *of, int first)
{
    const mizo_indicator *i = &m->r->indicator[of->indicator];
    for (int line = 0; line < 2; line++) {
        report_cell_text(m->out, line ? "" : city_either(m, i->name_ja, i->name_en));
        report_cell_text(m->out, line          ? ""
                                 : of->outcome ? city_either(m, "成果", "outcome")
                                               : city_either(m, "活動", "activity"));
        report_cell_text(m->out, line ? city_either(m, "実績", "result") : city_either(m, "目標", "target"));
        if (first)
            year_cell(m, i, first, line);
        for (int fy = m->ask->fy - SHEET_YEARS + 1; fy <= m->ask->fy; fy++)
            year_cell(m, i, fy, line);
        if (line)
            reached_cell(m, i);
        else
            report_cell_text(m->out, "");
        report_cell_text(m->out, line ? "" : report_said(m->out, i->source));
    }
}

static void indicator_table(maker *m, const mizo_plan_node *n)
{
    const int first = first_year(m, n), from = m->ask->fy - SHEET_YEARS + 1;
    char years[SHEET_YEARS + 1][FIGURE_FY_TEXT];
    report_column c[6 + SHEET_YEARS] = {
        {.title = city_either(m, "指標", "indicator"), .width = 34 },
        { .title = city_either(m,           "分類",                  "kind"), .width = 8 },
        { .title = "",    .width = 8}
    };
    size_t k = 3;
    for (int fy = first ? first : from; fy <= m->ask->fy; fy = fy < from ? from : fy + 1) {
        figure_fy_text(fy, m->ask->lang, years[k - 3]);
        c[k] = (report_column){ .title = years[k - 3], .align = REPORT_RIGHT, .width = 12 };
        k++;
    }
    c[k++] = (report_column){ .title = city_either(m, "達成状況", "reached"), .width = 10 };
    c[k++] = (report_column){ .title = city_either(m, "出典", "source"), .width = 14 };
    report_columns(m->out, city_either(m, "成果指標・活動指標の目標と実績", "Targets and results"), c, k);
    for (size_t i = 0; i < m->r->njudged; i++)
        if (&m->r->plan_node[m->r->judged[i].node] == n)
            indicator_lines(m, &m->r->judged[i], first);
}

/* ---- 概要 ---- */

static const city_progress *progress_of(const maker *m, const char *of)
{
    for (size_t i = 0; i < m->desk->nprogress; i++)
        if (m->desk->progress[i].fy == m->ask->fy && strcmp(m->desk->progress[i].of, of) == 0)
            return &m->desk->progress[i];
    return NULL;
}

/* Levels that every city's plan has, in its words; others by their alias, or as the file calls them. */
static const char *level_text(const maker *m, const char *level)
{
    static const char *const words[][2] = {
        {"vision",     "将来像"      },
        { "goal",      "目標"         },
        { "direction", "基本的方向"},
        { "policy",    "基本政策"   },
        { "field",     "政策"         },
        { "measure",   "施策"         },
        { "project",   "重点事業"   }
    };
    for (size_t i = 0; m->ja && i < sizeof words / sizeof *words; i++)
        if (strcmp(level, words[i][0]) == 0)
            return words[i][1];
    for (size_t i = 0; m->ja && i < m->r->nalias; i++)
        if (strcmp(m->r->alias[i].means, level) == 0)
            return m->r->alias[i].alias;
    return level;
}

/* Layer by layer from the top, as the sheet of the city has it. */
static void layers(maker *m, const mizo_plan_node *n)
{
    const mizo_plan_node *up[16];
    int deep = 0;
    for (const mizo_plan_node *x = n; x && deep < 16; x = city_node(m->r, x->parent, strlen(x->parent)))
        up[deep++] = x;
    for (int i = deep; i-- > 0;) {
        char key[64];
        (void)snprintf(key, sizeof key, m->ja ? "%s(%d層)" : "%s (layer %d)", level_text(m, up[i]->level),
                       deep - i);
        report_pairf(m->out, key, "%s %s", up[i]->code, city_either(m, up[i]->name_ja, up[i]->name_en));
    }
}

static void said_pair(maker *m, const char *ja, const char *en, const char *text)
{
    if (text && *text)
        report_pair(m->out, city_either(m, ja, en), text);
}

static void businesses_of(maker *m, const mizo_plan_node *n)
{
    static const char *const money[] = { "予算", "決算", "budget", "spent" };
    bool any = false;
    for (size_t i = 0; i < m->r->nlisting; i++) {
        const mizo_business *p = &m->r->business[m->r->listing[i].business];
        const city_progress *x = progress_of(m, p->id);
        int64_t yen[2] = { 0, 0 };
        bool open = false; /* of some of it nobody knows yet what was spent: no sum */
        if (!city_under(m->r, &m->r->plan_node[m->r->listing[i].node], n))
            continue;
        for (size_t k = 0; k < m->r->nbudget; k++)
            if (&m->r->business[m->r->budget[k].business] == p && m->r->budget[k].fy == m->ask->fy) {
                yen[0] += m->r->budget[k].budget_yen;
                yen[1] += m->r->budget[k].spent_yen;
                open |= m->r->budget[k].spent_yen < 0;
            }
        const char *thousand = city_either(m, "千円", "1,000 yen");
        /* clang-format off */
        if (!any)
            report_columns(m->out, city_either(m, "主な事務事業と取組", "Businesses and what was done"),
                           (const report_column[]){
                               { .title = city_either(m, "番号", "no."), .width = 7 },
                               { .title = city_either(m, "事務事業", "name"), .width = 26 },
                               { .title = city_either(m, "所管", "owner"), .width = 12 },
                               { .title = city_either(m, "取組と成果", "done and gained"), .width = 33 },
                               { .title = money[m->ja ? 0 : 2], .unit = thousand, .align = REPORT_RIGHT, .width = 11 },
                               { .title = money[m->ja ? 1 : 3], .unit = thousand, .align = REPORT_RIGHT, .width = 11 },
                           }, 6);
        /* clang-format on */
        any = true;
        report_cell_text(m->out, p->id);
        report_cell_textf(m->out, "%s%s", city_either(m, p->name_ja, p->name_en),
                          !*p->same_as ? ""
                          : m->ja      ? " (再掲)"
                                       : " (listed again)");
        report_cell_text(m->out, p->owner);
        report_cell_textf(m->out, "%s%s%s", x ? x->done : "", x && *x->done && *x->gained ? "\n" : "",
                          x ? x->gained : "");
        for (int k = 0; k < 2; k++)
            if (yen[k] && !(k && open))
                report_cell_scaled(m->out, yen[k], 3, 0);
            else
                report_cell_blank(m->out);
    }
}

/* What each indicator counts, and how. */
static void definitions_of(maker *m, const mizo_plan_node *n)
{
    bool any = false;
    for (size_t k = 0; k < m->r->njudged; k++) {
        const mizo_measure_of *of = &m->r->judged[k];
        const mizo_indicator *i = &m->r->indicator[of->indicator];
        if (&m->r->plan_node[of->node] != n || !*i->note)
            continue;
        /* clang-format off */
        if (!any)
            report_columns(m->out, city_either(m, "指標の算出方法と考え方", "What the indicators count"),
                           (const report_column[]){
                               { .title = city_either(m, "指標", "indicator"), .width = 28 },
                               { .title = city_either(m, "分類", "kind"), .width = 16 },
                               { .title = city_either(m, "算出方法・考え方", "how it is counted"), .width = 56 },
                           }, 3);
        /* clang-format on */
        any = true;
        report_cell_text(m->out, city_either(m, i->name_ja, i->name_en));
        report_cell_text(m->out, of->outcome ? city_either(m, "成果", "outcome")
                                             : city_either(m, "活動", "activity"));
        report_cell_text(m->out, report_said(m->out, i->note));
    }
}

/* Every target of an outcome indicator with its reason: 40 → 63 and why. */
static void targets_of(maker *m, const mizo_plan_node *n)
{
    bool any = false;
    for (size_t k = 0; k < m->r->ngoal; k++) {
        const mizo_goal *g = &m->r->goal[k];
        const mizo_indicator *i = &m->r->indicator[g->indicator];
        bool judged = false;
        exact x;
        for (size_t j = 0; j < m->r->njudged; j++)
            judged |= m->r->judged[j].outcome && m->r->judged[j].indicator == g->indicator &&
                      &m->r->plan_node[m->r->judged[j].node] == n;
        if (!judged || (g->decided != INT32_MIN && g->decided > m->b->as_of) || city_goal_value(g, &x))
            continue;
        /* clang-format off */
        if (!any)
            report_columns(m->out, city_either(m, "指標の目標値と考え方", "Targets and their reasons"),
                           (const report_column[]){
                               { .title = city_either(m, "成果指標", "indicator"), .width = 28 },
                               { .title = city_either(m, "目標年度", "by FY"), .width = 16 },
                               { .title = city_either(m, "目標値", "target"), .align = REPORT_RIGHT, .width = 12 },
                               { .title = city_either(m, "決定日", "decided"), .width = 12 },
                               { .title = city_either(m, "目標値の考え方", "reason"), .width = 32 },
                           }, 5);
        /* clang-format on */
        any = true;
        report_cell_text(m->out, city_either(m, i->name_ja, i->name_en));
        city_cell_year(m, g->fy);
        city_cell_exact(m, i, x, false);
        if (g->decided == INT32_MIN)
            report_cell_blank(m->out);
        else
            report_cell_day(m->out, g->decided);
        report_cell_text(m->out, report_said(m->out, g->reason));
    }
}

/* ---- まとめ ---- */

const char *city_word(const maker *m, mizo_scale scale, const char *word)
{
    const mizo_rating *x = city_rating(m->r, scale, word);
    return x ? city_rating_print(x, m->ask->lang) : word;
}

static void legend(maker *m, mizo_scale scale, const char *title)
{
    buf b;
    const char *join = m->ja ? "　" : " ";
    buf_init(&b, 0);
    buf_str(&b, title);
    for (size_t i = 0; i < m->r->nrating; i++) {
        const mizo_rating *x = &m->r->rating[i];
        if (x->scale != scale)
            continue;
        buf_printf(&b, "%s%s %s", join, city_rating_print(x, m->ask->lang),
                   city_rating_name(x, m->ask->lang));
        join = m->ja ? "、" : "; ";
    }
    report_note(m->out, b.err ? "" : b.p);
    buf_fini(&b);
}

static mizo_err proposal_pair(maker *m, const mizo_plan_node *n)
{
    city_proposal p;
    MIZO_TRY(city_propose(m->b, n, m->ask->fy, &p));
    if (p.status)
        report_pairf(m->out, city_either(m, "規則による案", "proposed by the rule"),
                     m->ja ? "%s (成果指標 %d 件のうち %d 件が目標を達成)"
                           : "%s (of %d outcome indicators %d reached their targets)",
                     city_rating_print(p.status, m->ask->lang), p.targets, p.reached);
    return MIZO_OK;
}

/* Who wrote the decision down, and what the file says where a record stands in its place. */
static void decided_by(maker *m, const mizo_evaluation *e)
{
    const city_author *by = city_author_of(m->desk, e);
    const mizo_evaluation *file =
        by ? city_evaluation(m->desk->town->region, &m->r->plan_node[e->node], e->fy) : NULL;
    char day[MIZO_DATE_TEXT];
    said_pair(m, "決定", "decided by", e->by);
    if (by) {
        mizo_day_text(mizo_slot_day(mizo_ms_slot(by->at), m->r->offset), day);
        report_pairf(m->out, city_either(m, "入力", "entered"),
                     m->ja ? "%s, %s (第%lld版)" : "%s, %s (version %lld)", by->actor, day,
                     (long long)by->version);
    }
    if (file)
        report_pairf(m->out, city_either(m, "前の版(ファイル)", "before (file)"), "%s, %s: %s",
                     city_word(m, MIZO_SCALE_STATUS, file->status),
                     city_word(m, MIZO_SCALE_DIRECTION, file->direction), file->reason);
    said_pair(m, "出典", "source", report_said(m->out, e->source));
}

/* A word of a scale, what it means, why it was given. */
static void verdict(maker *m, mizo_scale scale, const char *title, const char *word, const char *reason)
{
    const mizo_rating *x = city_rating(m->r, scale, word);
    report_figure(m->out, title, city_word(m, scale, word));
    report_pair(m->out, city_either(m, "区分", "meaning"), x ? city_rating_name(x, m->ask->lang) : "");
    report_pair(m->out, city_either(m, "理由", "reason"), reason);
}

static mizo_err conclusion(maker *m, const mizo_evaluation *e)
{
    report_heading(m->out, 2, city_either(m, "まとめ", "Conclusion"));
    verdict(m, MIZO_SCALE_STATUS, city_either(m, "施策の進捗状況", "Status"), e->status, e->reason);
    MIZO_TRY(proposal_pair(m, &m->r->plan_node[e->node]));
    legend(m, MIZO_SCALE_STATUS, city_either(m, "【施策の進捗状況区分】", "Status:"));
    verdict(m, MIZO_SCALE_DIRECTION, city_either(m, "今後の方向性", "Direction"), e->direction, e->way);
    legend(m, MIZO_SCALE_DIRECTION, city_either(m, "【今後の方向性区分】", "Direction:"));
    decided_by(m, e);
    return MIZO_OK;
}

/* When the rule proposes which status, as scales.csv says it. */
static void rule_note(maker *m)
{
    buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < m->r->nrating; i++) {
        const mizo_rating *x = &m->r->rating[i];
        size_t n = b.n;
        if (x->scale != MIZO_SCALE_STATUS)
            continue;
        buf_printf(&b, "%s%s ", n ? m->ja ? "、" : "; " : "", city_rating_print(x, m->ask->lang));
        size_t before = b.n;
        city_rating_rule(x, m->ask->lang, &b);
        if (b.n == before)
            buf_str(&b, city_either(m, "いずれでもない", "none of these"));
    }
    if (b.n && !b.err)
        report_notef(m->out,
                     m->ja ? "規則: %s。案は規則が、決定は人が行う。"
                           : "Rule: %s. The rule proposes, people decide.",
                     b.p);
    buf_fini(&b);
}

/* ---- the sheet: 概要, 取組, 成果, まとめ ---- */

static void sheet_of(maker *m, const mizo_plan_node *n)
{
    const city_progress *x = progress_of(m, n->id);
    report_heading(m->out, 1, city_either(m, n->name_ja, n->name_en));
    report_heading(m->out, 2, city_either(m, "概要", "Outline"));
    layers(m, n);
    said_pair(m, "直接目標", "aim", x ? x->aim : "");
    said_pair(m, "所管", "owner", n->owner);
    definitions_of(m, n);
    targets_of(m, n);
    report_heading(m->out, 2, city_either(m, "取組", "What was done"));
    said_pair(m, "主な取組", "done", x ? x->done : "");
    businesses_of(m, n);
    report_heading(m->out, 2, city_either(m, "成果", "Results"));
    indicator_table(m, n);
    said_pair(m, "定性的な成果", "gained", x ? x->gained : "");
    said_pair(m, "課題", "issues", x ? x->issue : "");
    said_pair(m, "今後の予定", "next", x ? x->next : "");
    said_pair(m, "成果の出典", "source of results", report_said(m->out, x ? x->source : ""));
}

static mizo_err evaluation_of(maker *m, const mizo_evaluation *e)
{
    sheet_of(m, &m->r->plan_node[e->node]);
    return conclusion(m, e);
}

/* Nodes that are judged by outcome indicators and wait for a person's word. */
static mizo_err undecided(maker *m)
{
    bool any = false;
    for (size_t i = 0; i < m->r->nplan_node; i++) {
        const mizo_plan_node *n = &m->r->plan_node[i];
        city_proposal p;
        MIZO_TRY(city_propose(m->b, n, m->ask->fy, &p));
        if (!p.status || city_evaluation(m->r, n, m->ask->fy))
            continue;
        /* clang-format off */
        if (!any)
            report_columns(m->out, city_either(m, "まだ決定していない評価", "Not decided yet"),
                           (const report_column[]){
                               { .title = city_either(m, "番号", "no.") },
                               { .title = city_either(m, "名称", "name") },
                               { .title = city_either(m, "規則による案", "proposed") },
                               { .title = city_either(m, "目標のある成果指標", "indicators"), .align = REPORT_RIGHT },
                               { .title = city_either(m, "うち達成", "reached"), .align = REPORT_RIGHT },
                           }, 5);
        /* clang-format on */
        any = true;
        report_cell_text(m->out, n->code);
        report_cell_text(m->out, city_either(m, n->name_ja, n->name_en));
        report_cell_text(m->out, city_rating_print(p.status, m->ask->lang));
        report_cell_number(m->out, p.targets, 0);
        report_cell_number(m->out, p.reached, 0);
    }
    return MIZO_OK;
}

mizo_err city_doc_evaluation(maker *m)
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
                    city_either(m, "この年度の評価はありません。", "Nothing was evaluated for this year."));
    MIZO_TRY(undecided(m));
    rule_note(m);
    return MIZO_OK;
}
