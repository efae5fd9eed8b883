/* city_json.c: the rows of the city's documents as JSON, from the same questions as city_doc.c. */
#include <stdlib.h>
#include <string.h>

#include "city/inventory.h"
#include "city/plan.h"
#include "town/office/city.h"

typedef struct writer {
    const city_books *b;
    const mizo_region *r;
    int fy;
    json *j;
} writer;

/* The exact quotient as a decimal string in the indicator's unit, to nine decimals, and as people read it. */
static void put_exact(writer *w, const char *key, const mizo_indicator *i, exact x)
{
    char text[MIZO_NUM_TEXT];
    unit u;
    int64_t v;
    if (unit_parse(i->unit, strlen(i->unit), &u) || exact_ten(x, 6 - u.ten, &x) ||
        exact_round(x, MIZO_ROUND_HALF_UP, &v)) {
        json_null(w->j, key);
        return;
    }
    mizo_decimal_text(v, 6, text);
    json_text(w->j, key, text);
}

static void put_text(writer *w, const char *key, const city_value *v, const char *lang)
{
    buf text;
    buf_init(&text, 0);
    mizo_err e = city_value_text(v, lang, &text);
    json_text(w->j, key, e ? NULL : text.p);
    buf_fini(&text);
}

static void put_value(writer *w, const city_value *v)
{
    json_int(w->j, "fy", v->fy);
    put_exact(w, "value", v->indicator, city_holds(v)->v.mid);
    if (!range_exact(&city_holds(v)->v)) {
        put_exact(w, "at_least", v->indicator, city_holds(v)->v.lo);
        put_exact(w, "at_most", v->indicator, city_holds(v)->v.hi);
    }
    put_text(w, "text_ja", v, "ja");
    put_text(w, "text_en", v, "en");
    const char *vintage = v->row ? city_vintage_text(v->row->vintage, "en") : "computed";
    json_text(w->j, "vintage", *vintage ? vintage : "final");
    json_text(w->j, "source", v->row ? v->row->source : v->indicator->formula);
    if (v->row && v->computed) {
        put_exact(w, "computed", v->indicator, v->made.v.mid);
        json_bool(w->j, "differs", v->differ);
    }
}

static void put_goal(writer *w, const char *key, const mizo_goal *g)
{
    exact x;
    json_object(w->j, key);
    json_int(w->j, "fy", g->fy);
    if (!city_goal_value(g, &x))
        put_exact(w, "value", &w->r->indicator[g->indicator], x);
    json_text(w->j, "rule", g->rule == MIZO_GOAL_AT_LEAST ? "at-least" : "at-most");
    if (g->decided != INT32_MIN)
        json_day(w->j, "decided", g->decided);
    json_text(w->j, "reason", g->reason);
    json_text(w->j, "source", g->source);
    const mizo_goal *before = city_goal_before(w->b, g);
    if (before)
        put_goal(w, "before", before);
    json_end(w->j);
}

static void put_needed(writer *w, const mizo_goal *g, const city_value *v)
{
    exact goal, x;
    bool reached;
    if (!city_goal_reached(g, city_holds(v)->v.mid, &reached))
        json_bool(w->j, "reached", reached);
    if (g->fy > v->fy && !city_goal_value(g, &goal) && !exact_sub(goal, city_holds(v)->v.mid, &x)) {
        put_exact(w, "gap", v->indicator, x);
        if (!exact_div(x, exact_whole(g->fy - v->fy), &x))
            put_exact(w, "needed_a_year", v->indicator, x);
    }
}

static bool latest(writer *w, const mizo_indicator *i, city_value *v)
{
    for (int y = w->fy; y > w->fy - 40; y--)
        if (!city_value_of(w->b, i, y, v))
            return true;
    return false;
}

static void targets(writer *w)
{
    for (size_t k = 0; k < w->r->nindicator; k++) {
        const mizo_indicator *i = &w->r->indicator[k];
        city_value v;
        bool known = latest(w, i, &v);
        const mizo_goal *g = city_goal_ahead(w->b, i, known ? v.fy : w->fy);
        if (!g)
            continue;
        json_object(w->j, NULL);
        json_text(w->j, "indicator", i->id);
        json_text(w->j, "name_ja", i->name_ja);
        json_text(w->j, "name_en", i->name_en);
        json_text(w->j, "unit", i->unit);
        if (known) {
            json_object(w->j, "result");
            put_value(w, &v);
            json_end(w->j);
            put_needed(w, g, &v);
        }
        put_goal(w, "target", g);
        json_end(w->j);
    }
}

static void put_budgets(writer *w, const mizo_business *p)
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

static void put_tasks(writer *w, const char *of)
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

/* The businesses that stand under a node itself, as listed. */
static void put_businesses(writer *w, const mizo_plan_node *n)
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
        json_end(w->j);
    }
    json_end(w->j);
}

static mizo_err plan(writer *w)
{
    for (size_t i = 0; i < w->r->nplan_node; i++) {
        const mizo_plan_node *n = &w->r->plan_node[i];
        city_below x;
        MIZO_TRY(city_plan_below(w->r, NULL, n, *n->below ? n->below : "measure", NULL, w->fy, &x));
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
        json_int(w->j, "listed", x.nodes);
        json_int(w->j, "rows", x.rows);
        json_int(w->j, "listed_again", x.again);
        json_int(w->j, "businesses", x.businesses);
        json_int(w->j, "budget_yen", x.budget_yen);
        json_text(w->j, "owner", n->owner);
        json_text(w->j, "source", n->source);
        put_businesses(w, n);
        put_tasks(w, n->id);
        json_end(w->j);
    }
    return MIZO_OK;
}

static void years(writer *w, const mizo_plan_node *n)
{
    json_array(w->j, "indicators");
    for (size_t k = 0; k < w->r->njudged; k++) {
        const mizo_measure_of *of = &w->r->judged[k];
        const mizo_indicator *i = &w->r->indicator[of->indicator];
        if (&w->r->plan_node[of->node] != n)
            continue;
        json_object(w->j, NULL);
        json_text(w->j, "indicator", i->id);
        json_bool(w->j, "outcome", of->outcome);
        json_array(w->j, "years");
        for (int fy = w->fy - 2; fy <= w->fy; fy++) {
            const mizo_goal *g = city_goal(w->b, i, fy);
            city_value v;
            bool known = !city_value_of(w->b, i, fy, &v);
            if (!g && !known)
                continue;
            json_object(w->j, NULL);
            if (known)
                put_value(w, &v);
            if (g)
                put_goal(w, "target", g);
            if (g && known)
                put_needed(w, g, &v);
            json_end(w->j);
        }
        json_end(w->j);
        json_end(w->j);
    }
    json_end(w->j);
}

static mizo_err evaluation(writer *w)
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
        json_text(w->j, "status", city_status_words[e->status]);
        json_text(w->j, "proposed", p.status < 0 ? NULL : city_status_words[p.status]);
        json_text(w->j, "direction", city_direction_words[e->direction]);
        json_text(w->j, "reason", e->reason);
        json_text(w->j, "way", e->way);
        json_text(w->j, "by", e->by);
        json_text(w->j, "source", e->source);
        years(w, n);
        json_end(w->j);
    }
    return MIZO_OK;
}

static void put_tonnes(writer *w, const char *key, exact mg)
{
    int64_t v;
    char text[MIZO_NUM_TEXT];
    if (exact_ten(mg, -3, &mg) || exact_round(mg, MIZO_ROUND_HALF_UP, &v)) { /* grams */
        json_null(w->j, key);
        return;
    }
    mizo_decimal_text(v, 6, text);
    json_text(w->j, key, text);
}

static mizo_err inventory(writer *w)
{
    for (size_t i = 0; i < w->r->nemission; i++) {
        const mizo_emission *e = &w->r->emission[i];
        range v;
        if (e->fy > w->fy)
            continue;
        MIZO_TRY(city_emission_value(e, &v));
        json_object(w->j, NULL);
        json_text(w->j, "inventory", e->inventory);
        json_int(w->j, "fy", e->fy);
        json_text(w->j, "vintage", e->vintage ? city_vintage_text(e->vintage, "en") : "final");
        json_text(w->j, "sector", e->sector);
        json_text(w->j, "gas", e->gas);
        json_text(w->j, "form", e->form);
        put_tonnes(w, "t_co2", v.mid);
        if (!range_exact(&v)) {
            put_tonnes(w, "at_least", v.lo);
            put_tonnes(w, "at_most", v.hi);
        }
        json_text(w->j, "source", e->source);
        json_text(w->j, "note", *e->note ? e->note : NULL);
        json_end(w->j);
    }
    return MIZO_OK;
}

void city_years_json(const city_books *b, const mizo_indicator *i, json *j)
{
    writer w = { b, b->region, 0, j };
    json_text(j, "unit", i->unit);
    json_text(j, "better",
              i->better == MIZO_BETTER_UP     ? "up"
              : i->better == MIZO_BETTER_DOWN ? "down"
                                              : NULL);
    json_array(j, "years");
    for (int fy = CITY_YEARS_FROM; fy <= CITY_YEARS_TO; fy++) {
        const mizo_goal *g = city_goal(b, i, fy);
        city_value v;
        bool known = !city_value_of(b, i, fy, &v);
        if (!g && !known)
            continue;
        json_object(j, NULL);
        if (known)
            put_value(&w, &v);
        else
            json_int(j, "fy", fy);
        if (g)
            put_goal(&w, "target", g);
        json_end(j);
    }
    json_end(j);
}

mizo_err city_doc_json(const city_desk *desk, const city_doc_ask *ask, json *j)
{
    writer w = { &desk->books, desk->books.region, ask->fy, j };
    mizo_err e = MIZO_OK;
    json_array(j, "rows");
    if (strcmp(ask->name, "targets") == 0)
        targets(&w);
    else if (strcmp(ask->name, "plan") == 0)
        e = plan(&w);
    else if (strcmp(ask->name, "evaluation") == 0)
        e = evaluation(&w);
    else
        e = inventory(&w);
    json_end(j);
    return e;
}
