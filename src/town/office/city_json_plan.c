/* city_json_plan.c: plans with their businesses, money, schedule and indicators, and evaluations, as JSON. */
#include <stdlib.h>
#include <string.h>

#include "city/plan.h"
#include "city/rating.h"
#include "town/office/city_json.h"

static void put_budgets(city_writer *w, const mizo_business *p)
{
    json_array(w->j, "budgets");
    for (size_t i = 0; i < w->r->nbudget; i++) {
        const mizo_budget *b = &w->r->budget[i];
        if (&w->r->business[b->business] != p)
            continue;
        json_object(w->j, NULL);
        json_int(w->j, "fy", b->fy);
        json_text(w->j, "fund", b->fund);
        json_int(w->j, "budget_yen", b->budget_yen);
        if (b->spent_yen >= 0)
            json_int(w->j, "spent_yen", b->spent_yen);
        json_text(w->j, "source", b->source);
        json_end(w->j);
    }
    json_end(w->j);
}

static void put_tasks(city_writer *w, const char *of)
{
    json_array(w->j, "tasks");
    for (size_t i = 0; i < w->r->ntask; i++) {
        const mizo_task *t = &w->r->task[i];
        if (strcmp(t->of, of))
            continue;
        json_object(w->j, NULL);
        json_text(w->j, "task", t->id);
        json_text(w->j, "name_ja", t->name_ja);
        json_text(w->j, "name_en", *t->name_en ? t->name_en : t->name_ja);
        json_text(w->j, "owner", t->owner);
        json_text(w->j, "status", t->status);
        if (t->from != INT32_MIN)
            json_day(w->j, "from", t->from);
        if (t->to != MIZO_DAY_NONE)
            json_day(w->j, "until", t->to - 1);
        json_text(w->j, "source", t->source);
        json_end(w->j);
    }
    json_end(w->j);
}

/* What was aimed at, done and gained in the year; nothing where nobody wrote. */
static void put_progress(city_writer *w, const char *of)
{
    for (size_t i = 0; i < w->desk->nprogress; i++) {
        const city_progress *p = &w->desk->progress[i];
        if (p->fy != w->fy || strcmp(p->of, of))
            continue;
        const char *const said[][2] = {
            {"aim",     p->aim   },
            { "done",   p->done  },
            { "gained", p->gained},
            { "issue",  p->issue },
            { "next",   p->next  },
            { "status", p->status},
            { "source", p->source}
        };
        json_object(w->j, "progress");
        for (size_t k = 0; k < sizeof said / sizeof *said; k++)
            if (*said[k][1])
                json_text(w->j, said[k][0], said[k][1]);
        city_put_author(w, p);
        json_end(w->j);
    }
}

/* The businesses that stand under a node itself, as listed. */
static void put_businesses(city_writer *w, const mizo_plan_node *n)
{
    json_array(w->j, "lists");
    for (size_t i = 0; i < w->r->nlisting; i++) {
        const mizo_business *p = &w->r->business[w->r->listing[i].business];
        if (&w->r->plan_node[w->r->listing[i].node] != n)
            continue;
        json_object(w->j, NULL);
        json_text(w->j, "number", p->id);
        json_text(w->j, "name_ja", p->name_ja);
        json_text(w->j, "name_en", *p->name_en ? p->name_en : p->name_ja);
        json_text(w->j, "same_as", *p->same_as ? p->same_as : NULL);
        json_text(w->j, "owner", p->owner);
        json_text(w->j, "status", p->status);
        json_text(w->j, "tags", p->tags);
        json_text(w->j, "source", p->source);
        put_budgets(w, p);
        put_tasks(w, p->id);
        put_progress(w, p->id);
        json_end(w->j);
    }
    json_end(w->j);
}

/* The result that the plan set out from. */
static void put_start(city_writer *w, const mizo_indicator *i)
{
    city_value v;
    if (city_first_result(w->b, i, w->fy - CITY_SHEET_YEARS + 1, &v)) {
        json_null(w->j, "start");
        return;
    }
    json_object(w->j, "start");
    city_put_value(w, &v);
    json_end(w->j);
}

static void years(city_writer *w, const mizo_plan_node *n)
{
    json_array(w->j, "indicators");
    for (size_t k = 0; k < w->r->njudged; k++) {
        const mizo_measure_of *of = &w->r->judged[k];
        const mizo_indicator *i = &w->r->indicator[of->indicator];
        if (&w->r->plan_node[of->node] != n)
            continue;
        json_object(w->j, NULL);
        city_put_indicator(w, i);
        json_bool(w->j, "outcome", of->outcome);
        json_text(w->j, "definition", *i->note ? i->note : NULL);
        put_start(w, i);
        json_array(w->j, "years");
        for (int fy = w->fy - CITY_SHEET_YEARS + 1; fy <= w->fy; fy++) {
            const mizo_goal *g = city_goal(w->b, i, fy);
            city_value v;
            bool known = !city_value_of(w->b, i, fy, &v);
            if (!g && !known)
                continue;
            json_object(w->j, NULL);
            if (known)
                city_put_value(w, &v);
            if (g)
                city_put_goal(w, "target", g);
            if (g && known)
                city_put_needed(w, g, &v);
            json_end(w->j);
        }
        json_end(w->j);
        json_end(w->j);
    }
    json_end(w->j);
}

static mizo_err put_node(city_writer *w, const mizo_plan_node *n)
{
    city_below x;
    city_proposal p;
    MIZO_TRY(city_node_below(w->r, n, w->fy, &x));
    MIZO_TRY(city_propose(w->b, n, w->fy, &p));
    json_object(w->j, NULL);
    json_text(w->j, "node", n->id);
    json_text(w->j, "plan", n->plan);
    json_text(w->j, "level", n->level);
    json_text(w->j, "code", n->code);
    json_text(w->j, "parent", *n->parent ? n->parent : NULL);
    json_text(w->j, "name_ja", n->name_ja);
    json_text(w->j, "name_en", n->name_en);
    if (n->declared >= 0)
        json_int(w->j, "declared", n->declared);
    if (n->declared >= 0 && city_declared_below(w->r, n) >= 0)
        json_int(w->j, "declared_below", city_declared_below(w->r, n));
    json_int(w->j, "listed", x.nodes);
    json_int(w->j, "rows", x.rows);
    json_int(w->j, "listed_again", x.again);
    json_int(w->j, "businesses", x.businesses);
    json_int(w->j, "budget_yen", x.budget_yen);
    json_text(w->j, "owner", n->owner);
    json_text(w->j, "source", n->source);
    json_text(w->j, "proposed", p.status ? p.status->word : NULL);
    years(w, n);
    put_businesses(w, n);
    put_tasks(w, n->id);
    put_progress(w, n->id);
    json_end(w->j);
    return MIZO_OK;
}

mizo_err city_put_plan(city_writer *w)
{
    city_placed *order = CITY_IN_ORDER(w->r->plan_node, w->r->nplan_node);
    mizo_err e = order ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; !e && i < w->r->nplan_node; i++)
        e = put_node(w, &w->r->plan_node[order[i].at]);
    free(order);
    return e;
}

mizo_err city_put_evaluation(city_writer *w)
{
    for (size_t i = 0; i < w->r->nevaluation; i++) {
        const mizo_evaluation *e = &w->r->evaluation[i];
        const mizo_plan_node *n = &w->r->plan_node[e->node];
        city_proposal p;
        if (e->fy != w->fy)
            continue;
        MIZO_TRY(city_propose(w->b, n, e->fy, &p));
        json_object(w->j, NULL);
        json_text(w->j, "node", n->id);
        json_text(w->j, "status", city_rating(w->r, MIZO_SCALE_STATUS, e->status)->word);
        json_text(w->j, "proposed", p.status ? p.status->word : NULL);
        json_text(w->j, "direction", city_rating(w->r, MIZO_SCALE_DIRECTION, e->direction)->word);
        json_text(w->j, "reason", e->reason);
        json_text(w->j, "way", e->way);
        json_text(w->j, "by", e->by);
        city_put_author(w, e);
        json_text(w->j, "source", e->source);
        put_progress(w, n->id);
        years(w, n);
        json_end(w->j);
    }
    return MIZO_OK;
}

static void put_rule(city_writer *w, const char *key, const mizo_rating *x, const char *lang)
{
    buf text;
    buf_init(&text, 0);
    city_rating_rule(x, lang, &text);
    json_text(w->j, key, text.n && !text.err ? text.p : NULL);
    buf_fini(&text);
}

void city_put_scales(city_writer *w)
{
    static const char *const scales[] = { "status", "direction" };
    json_array(w->j, "scales");
    for (size_t i = 0; i < w->r->nrating; i++) {
        const mizo_rating *x = &w->r->rating[i];
        json_object(w->j, NULL);
        json_text(w->j, "scale", scales[x->scale]);
        json_text(w->j, "word", x->word);
        json_text(w->j, "print_ja", city_rating_print(x, "ja"));
        json_text(w->j, "name_ja", x->name_ja);
        json_text(w->j, "name_en", city_rating_name(x, "en"));
        put_rule(w, "rule_ja", x, "ja");
        put_rule(w, "rule_en", x, "en");
        json_end(w->j);
    }
    json_end(w->j);
}
