/* city_doc_plan.c: trees of plans and their businesses as a document. */
#include <stdio.h>
#include <string.h>

#include "city/plan.h"
#include "mizo/messages/city.h"
#include "town/office/city_doc.h"

static void count_note(maker *m, const mizo_plan_node *n, int listed)
{
    char said[16], here[16];
    if (n->declared < 0 || n->declared == listed)
        return;
    (void)snprintf(said, sizeof said, "%d", n->declared);
    (void)snprintf(here, sizeof here, "%d", listed);
    MIZO_DIAG(m->d, CITY_COUNT_DIFFERS, MIZO_AT("plans.csv", n->line, 1), n->id, said, here);
}

/* A text that says 40 over directions that say 36 together is shown as it is, with both. */
static void sum_note(maker *m, const mizo_plan_node *n)
{
    char said[16], sum[24];
    int64_t below = city_declared_below(m->r, n);
    if (n->declared < 0 || below < 0 || n->declared == below)
        return;
    (void)snprintf(said, sizeof said, "%d", n->declared);
    (void)snprintf(sum, sizeof sum, "%lld", (long long)below);
    MIZO_DIAG(m->d, CITY_SUM_DIFFERS, MIZO_AT("plans.csv", n->line, 1), n->id, said, sum);
    report_notef(m->out,
                 m->ja ? "%s：本文では %s、その下の本文の合計は %s。どちらも原文のまま示します。"
                       : "%s: its text says %s, the texts below it %s together. Both are shown as they are.",
                 city_either(m, n->name_ja, n->name_en), said, sum);
}

static mizo_err node_row(maker *m, const mizo_plan_node *n)
{
    city_below x;
    MIZO_TRY(city_node_below(m->r, n, m->ask->fy, &x));
    report_cell_text(m->out, n->code);
    report_cell_text(m->out, city_either(m, n->name_ja, n->name_en));
    report_cell_text(m->out, n->owner);
    if (n->declared < 0)
        report_cell_blank(m->out);
    else
        report_cell_number(m->out, n->declared, 0);
    report_cell_number(m->out, x.nodes, 0);
    report_cell_number(m->out, x.rows, 0);
    report_cell_number(m->out, x.businesses, 0);
    if (x.budget_yen)
        report_cell_scaled(m->out, x.budget_yen, 3, 0);
    else
        report_cell_blank(m->out);
    report_cell_text(m->out, report_said(m->out, n->source));
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

/* By which indicators the nodes are judged: what each counts, what it set out from, the year's target and result. */
static void judged_rows(maker *m)
{
    if (!m->r->njudged)
        return;
    /* clang-format off */
    report_columns(m->out, city_either(m, "指標", "Indicators"),
                   (const report_column[]){
                       { .title = city_either(m, "施策", "node") },
                       { .title = city_either(m, "指標", "indicator") },
                       { .title = city_either(m, "分類", "kind") },
                       { .title = city_either(m, "算出方法・考え方", "how it is counted") },
                       { .title = city_either(m, "当初", "from FY") },
                       { .title = city_either(m, "当初の実績", "set out from"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "目標", "target"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "実績", "result"), .align = REPORT_RIGHT },
                   }, 8);
    /* clang-format on */
    for (size_t k = 0; k < m->r->njudged; k++) {
        const mizo_measure_of *of = &m->r->judged[k];
        const mizo_indicator *i = &m->r->indicator[of->indicator];
        const mizo_goal *g = city_goal(m->b, i, m->ask->fy);
        city_value v;
        exact x;
        report_cell_text(m->out, m->r->plan_node[of->node].code);
        report_cell_text(m->out, city_either(m, i->name_ja, i->name_en));
        report_cell_text(m->out, of->outcome ? city_either(m, "成果", "outcome")
                                             : city_either(m, "活動", "activity"));
        report_cell_text(m->out, report_said(m->out, i->note));
        if (!city_first_result(m->b, i, m->ask->fy - CITY_SHEET_YEARS + 1, &v)) {
            city_cell_year(m, v.fy);
            city_cell_value(m, &v);
        } else {
            report_cell_blank(m->out);
            report_cell_gap(m->out);
        }
        if (g && !city_goal_value(g, &x))
            city_cell_exact(m, i, x, false);
        else
            report_cell_gap(m->out);
        if (!city_value_of(m->b, i, m->ask->fy, &v))
            city_cell_value(m, &v);
        else
            report_cell_gap(m->out);
    }
}

static void business_rows(maker *m)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "事務事業", "Businesses"),
                   (const report_column[]){
                       { .title = city_either(m, "番号", "no.") },
                       { .title = city_either(m, "事務事業名", "name") },
                       { .title = city_either(m, "施策", "measure") },
                       { .title = city_either(m, "再掲元", "listed first") },
                       { .title = city_either(m, "所管", "owner") },
                       { .title = city_either(m, "状況", "status") },
                       { .title = city_either(m, "印", "tags") },
                       { .title = city_either(m, "出典", "source") },
                   }, 8);
    /* clang-format on */
    for (size_t i = 0; i < m->r->nlisting; i++) {
        const mizo_business *p = &m->r->business[m->r->listing[i].business];
        const mizo_plan_node *n = &m->r->plan_node[m->r->listing[i].node];
        report_cell_text(m->out, p->id);
        report_cell_text(m->out, city_either(m, p->name_ja, p->name_en));
        report_cell_text(m->out, n->code);
        report_cell_text(m->out, p->same_as);
        report_cell_text(m->out, p->owner);
        report_cell_text(m->out, p->status);
        report_cell_text(m->out, p->tags);
        report_cell_text(m->out, report_said(m->out, p->source));
    }
}

/* The first node of a plan, which bears its name; NULL: this node is another. */
static const mizo_plan_node *top_of_plan(const mizo_region *r, size_t i)
{
    const mizo_plan_node *n = &r->plan_node[i];
    if (*n->parent)
        return NULL;
    for (size_t k = 0; k < i; k++)
        if (!*r->plan_node[k].parent && strcmp(r->plan_node[k].plan, n->plan) == 0)
            return NULL;
    return n;
}

/* Businesses by tag, plan by plan: the five projects and the like. One that is listed again counts once. */
static mizo_err tag_row(maker *m, const char *word, const mizo_plan_node *top)
{
    city_below x;
    MIZO_TRY(city_plan_below(m->r, top->plan, NULL, NULL, word, m->ask->fy, &x));
    if (!x.rows)
        return MIZO_OK;
    report_cell_text(m->out, word);
    report_cell_text(m->out, city_either(m, top->name_ja, top->name_en));
    report_cell_number(m->out, x.rows, 0);
    report_cell_number(m->out, x.again, 0);
    report_cell_number(m->out, x.businesses, 0);
    if (x.budget_yen)
        report_cell_scaled(m->out, x.budget_yen, 3, 0);
    else
        report_cell_blank(m->out);
    return MIZO_OK;
}

static mizo_err tag_rows(maker *m, const char *tag, size_t n)
{
    char word[MIZO_ID_MAX];
    (void)snprintf(word, sizeof word, "%.*s", (int)n, tag);
    for (size_t i = 0; i < m->r->nplan_node; i++) {
        const mizo_plan_node *top = top_of_plan(m->r, i);
        if (top)
            MIZO_TRY(tag_row(m, word, top));
    }
    return MIZO_OK;
}

/* Is a word of business i's tags one of an earlier business's, or earlier among its own. */
static bool tag_before(const mizo_region *r, size_t i, const char *tag, size_t n)
{
    char word[MIZO_ID_MAX];
    (void)snprintf(word, sizeof word, "%.*s", (int)n, tag);
    for (size_t k = 0; k < i; k++)
        if (mizo_id_listed(r->business[k].tags, word))
            return true;
    return false;
}

static mizo_err tags(maker *m)
{
    bool any = false;
    for (size_t i = 0; i < m->r->nbusiness; i++)
        for (const char *p = m->r->business[i].tags; *p;) {
            size_t n = strcspn(p, " ");
            bool shown = n == 0 || n >= MIZO_ID_MAX || tag_before(m->r, i, p, n);
            /* clang-format off */
            if (!shown && !any)
                report_columns(m->out, city_either(m, "印ごとの事業", "Businesses by tag"),
                               (const report_column[]){
                                   { .title = city_either(m, "印", "tag") },
                                   { .title = city_either(m, "計画", "plan") },
                                   { .title = city_either(m, "掲載の行", "rows"), .align = REPORT_RIGHT },
                                   { .title = city_either(m, "うち再掲", "listed again"), .align = REPORT_RIGHT },
                                   { .title = city_either(m, "事業数", "businesses"), .align = REPORT_RIGHT },
                                   { .title = city_either(m, "予算", "budget"), .unit = city_either(m, "千円", "1,000 yen"), .align = REPORT_RIGHT },
                               }, 6);
            /* clang-format on */
            any = any || !shown;
            if (!shown)
                MIZO_TRY(tag_rows(m, p, n));
            p += n;
            p += strspn(p, " ");
        }
    return MIZO_OK;
}

mizo_err city_doc_plan(maker *m)
{
    for (size_t i = 0; i < m->r->nplan_node; i++) {
        const mizo_plan_node *x = top_of_plan(m->r, i);
        if (!x)
            continue;
        /* clang-format off */
        report_columns(m->out, city_either(m, x->name_ja, x->name_en),
                       (const report_column[]){
                           { .title = city_either(m, "番号", "no.") },
                           { .title = city_either(m, "名称", "name") },
                           { .title = city_either(m, "所管", "owner") },
                           { .title = city_either(m, "本文の件数", "declared"), .align = REPORT_RIGHT },
                           { .title = city_either(m, "掲載", "listed"), .align = REPORT_RIGHT },
                           { .title = city_either(m, "事業の行", "rows"), .align = REPORT_RIGHT },
                           { .title = city_either(m, "事業数", "businesses"), .align = REPORT_RIGHT },
                           { .title = city_either(m, "予算", "budget"), .unit = city_either(m, "千円", "1,000 yen"), .align = REPORT_RIGHT },
                           { .title = city_either(m, "出典", "source") },
                       }, 9);
        /* clang-format on */
        MIZO_TRY(nodes_below(m, "", x->plan, 0));
    }
    for (size_t i = 0; i < m->r->nplan_node; i++)
        sum_note(m, &m->r->plan_node[i]);
    report_note(
        m->out,
        city_either(
            m,
            "再掲の事業と、二つの計画に載る事業は一度だけ数えます。本文の件数は計算せず、そのまま示します。",
            "A business that is listed again, or in two plans, counts once. What a text declares is shown as it is."));
    judged_rows(m);
    business_rows(m);
    MIZO_TRY(tags(m));
    return city_doc_schedule(m);
}
