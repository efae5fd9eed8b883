/* city_doc_sheet.c: the evaluation sheet, in the order of the city's own. */
#include <stdio.h>
#include <string.h>

#include "city/plan.h"
#include "town/office/city_doc.h"

/* The years of a sheet: those of the evaluation and the two before. */
enum { SHEET_YEARS = 3 };

static void indicator_lines(maker *m, const mizo_measure_of *of)
{
    const mizo_indicator *i = &m->r->indicator[of->indicator];
    for (int line = 0; line < 2; line++) {
        report_cell_text(m->out, line ? "" : city_either(m, i->name_ja, i->name_en));
        report_cell_text(m->out, line          ? ""
                                 : of->outcome ? city_either(m, "成果", "outcome")
                                               : city_either(m, "活動", "activity"));
        report_cell_text(m->out, line ? city_either(m, "実績", "result") : city_either(m, "目標", "target"));
        for (int fy = m->ask->fy - SHEET_YEARS + 1; fy <= m->ask->fy; fy++) {
            const mizo_goal *g = line ? NULL : city_goal(m->b, i, fy);
            city_value v;
            exact x;
            if (line && !city_value_of(m->b, i, fy, &v))
                city_cell_value(m, &v);
            else if (g && !city_goal_value(g, &x))
                city_cell_exact(m, i, x, false);
            else
                report_cell_gap(m->out);
        }
        report_cell_text(m->out, line ? "" : i->source);
    }
}

static void indicator_table(maker *m, const mizo_plan_node *n)
{
    char years[SHEET_YEARS][16];
    report_column c[4 + SHEET_YEARS] = {
        {.title = city_either(m, "指標", "indicator"), .width = 34 },
        { .title = city_either(m,           "分類",                  "kind"), .width = 8 },
        { .title = "",    .width = 8}
    };
    for (int k = 0; k < SHEET_YEARS; k++) {
        (void)snprintf(years[k], sizeof years[k], m->ja ? "%d年度" : "FY%d",
                       m->ask->fy - SHEET_YEARS + 1 + k);
        c[3 + k] = (report_column){ .title = years[k], .align = REPORT_RIGHT, .width = 12 };
    }
    c[3 + SHEET_YEARS] = (report_column){ .title = city_either(m, "出典", "source"), .width = 14 };
    report_columns(m->out, city_either(m, "指標の目標と実績", "Targets and results"), c, 4 + SHEET_YEARS);
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
    report_heading(m->out, 1, city_either(m, n->name_ja, n->name_en));
    for (const mizo_plan_node *up = city_node(m->r, n->parent, strlen(n->parent)); up;
         up = city_node(m->r, up->parent, strlen(up->parent)))
        report_pairf(m->out, city_either(m, "上位", "above"), "%s %s", up->code,
                     city_either(m, up->name_ja, up->name_en));
    report_pair(m->out, city_either(m, "番号", "no."), n->code);
    indicator_table(m, n);
    report_figure(m->out, city_either(m, "施策の進捗状況", "Status"), city_status_words[e->status]);
    report_pair(m->out, city_either(m, "区分", "meaning"), m->ja ? states[e->status] : states_en[e->status]);
    report_pair(m->out, city_either(m, "理由", "reason"), e->reason);
    MIZO_TRY(city_propose(m->b, n, m->ask->fy, &p));
    if (p.status >= 0)
        report_pairf(m->out, city_either(m, "規則による案", "proposed by the rule"),
                     m->ja ? "%s (成果指標 %d 件のうち %d 件が目標を達成)"
                           : "%s (of %d outcome indicators %d reached their targets)",
                     city_status_words[p.status], p.targets, p.reached);
    report_figure(m->out, city_either(m, "今後の方向性", "Direction"), city_direction_words[e->direction]);
    report_pair(m->out, city_either(m, "区分", "meaning"),
                m->ja ? ways[e->direction] : ways_en[e->direction]);
    report_pair(m->out, city_either(m, "理由", "reason"), e->way);
    report_pair(m->out, city_either(m, "決定", "decided by"), e->by);
    report_pair(m->out, city_either(m, "出典", "source"), e->source);
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
    else
        report_note(
            m->out,
            city_either(
                m,
                "規則: A すべての成果指標が目標を達成。B 未達のものも前年度から目標に近づいた。C 動かない・離れたものがある。D 最初の実績より悪いものがある。案は規則が、決定は人が行う。",
                "Rule: A each outcome indicator reached its target; B the others moved towards it; C one stood still or moved away; D one is no better than its first result. The rule proposes, people decide."));
    return MIZO_OK;
}
