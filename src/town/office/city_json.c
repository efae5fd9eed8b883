/* city_json.c: the rows of the city's documents as JSON, from the same questions as city_doc.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/inventory.h"
#include "city/pace.h"
#include "city/plan.h"
#include "town/inventory/doc.h"
#include "town/office/city_json.h"
#include "town/office/leading.h"

void city_put_author(city_writer *w, const void *row)
{
    const city_author *a = row && w->desk ? city_author_of(w->desk, row) : NULL;
    if (!a)
        return;
    json_text(w->j, "author", a->actor);
    json_int(w->j, "version", a->version);
    json_time(w->j, "at", a->at, w->r->offset);
}

/* The exact quotient as a decimal string in the indicator's unit, to nine decimals, and as people read it. */
static void put_exact(city_writer *w, const char *key, const mizo_indicator *i, exact x)
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

static void put_text(city_writer *w, const char *key, const city_value *v, const char *lang)
{
    buf text;
    buf_init(&text, 0);
    mizo_err e = city_value_text(v, lang, &text);
    json_text(w->j, key, e ? NULL : text.p);
    buf_fini(&text);
}

void city_put_value(city_writer *w, const city_value *v)
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
    city_put_author(w, v->row);
    if (v->row && v->computed) {
        put_exact(w, "computed", v->indicator, v->made.v.mid);
        json_bool(w->j, "differs", v->differ);
    }
}

/* A target or a step towards one, as people read it: in the indicator's style, a step with its sign and a digit more. */
static void put_styled(city_writer *w, const char *key, const char *lang, const mizo_indicator *i, exact x,
                       bool step)
{
    figure_style style = city_style(i);
    buf text;
    buf_init(&text, 0);
    style.about = false;
    style.plus = step;
    style.digits += step && style.digits < 2 ? 1 : 0;
    json_text(w->j, key, figure_text(x, &style, lang, &text) ? NULL : text.p);
    buf_fini(&text);
}

void city_put_goal(city_writer *w, const char *key, const mizo_goal *g)
{
    const mizo_indicator *i = &w->r->indicator[g->indicator];
    exact x;
    json_object(w->j, key);
    json_int(w->j, "fy", g->fy);
    if (!city_goal_value(g, &x)) {
        put_exact(w, "value", i, x);
        put_styled(w, "text_ja", "ja", i, x, false);
        put_styled(w, "text_en", "en", i, x, false);
    }
    json_text(w->j, "rule", g->rule == MIZO_GOAL_AT_LEAST ? "at-least" : "at-most");
    if (g->decided != INT32_MIN)
        json_day(w->j, "decided", g->decided);
    json_text(w->j, "reason", g->reason);
    json_text(w->j, "source", g->source);
    city_put_author(w, g);
    const mizo_goal *before = city_goal_before(w->b, g);
    if (before)
        city_put_goal(w, "before", before);
    json_end(w->j);
}

void city_put_needed(city_writer *w, const mizo_goal *g, const city_value *v)
{
    exact goal, x;
    bool reached;
    if (!city_goal_reached(g, city_holds(v)->v.mid, &reached))
        json_bool(w->j, "reached", reached);
    if (g->fy > v->fy && !city_goal_value(g, &goal) && !exact_sub(goal, city_holds(v)->v.mid, &x)) {
        put_exact(w, "gap", v->indicator, x);
        if (!exact_div(x, exact_whole(g->fy - v->fy), &x)) {
            put_exact(w, "needed_a_year", v->indicator, x);
            put_styled(w, "needed_text_ja", "ja", v->indicator, x, true);
            put_styled(w, "needed_text_en", "en", v->indicator, x, true);
        }
    }
}

/* key, and where it was rounded key_at_least and key_at_most. */
static void put_range(city_writer *w, const char *key, const mizo_indicator *i, const range *x)
{
    char end[64];
    put_exact(w, key, i, x->mid);
    if (range_exact(x))
        return;
    (void)snprintf(end, sizeof end, "%s_at_least", key);
    put_exact(w, end, i, x->lo);
    (void)snprintf(end, sizeof end, "%s_at_most", key);
    put_exact(w, end, i, x->hi);
}

static void put_pace(city_writer *w, const mizo_indicator *i, const city_pace *p)
{
    if (p->has_actual) {
        json_int(w->j, "base_fy", p->base_fy);
        put_range(w, "done_a_year", i, &p->actual);
        put_styled(w, "done_text_ja", "ja", i, p->actual.mid, true);
        put_styled(w, "done_text_en", "en", i, p->actual.mid, true);
        if (!p->reached)
            p->reach_fy ? json_int(w->j, "reached_in", p->reach_fy) : json_null(w->j, "reached_in");
    }
    if (p->has_before) {
        json_int(w->j, "before_fy", p->before_fy);
        put_range(w, "lately_a_year", i, &p->lately);
    }
    if (p->has_path) {
        put_exact(w, "path", i, p->path);
        json_bool(w->j, "on_path", p->on_path);
    }
}

static int by_line(const void *pa, const void *pb)
{
    const city_placed *a = pa, *b = pb;
    return (a->line > b->line) - (a->line < b->line);
}

city_placed *city_in_order(const int32_t *line, size_t n, size_t row)
{
    city_placed *out = calloc(n + 1, sizeof *out);
    for (size_t i = 0; out && i < n; i++)
        out[i] = (city_placed){ *(const int32_t *)((const char *)line + i * row), i };
    if (out && n)
        qsort(out, n, sizeof *out, by_line);
    return out;
}

void city_put_indicator(city_writer *w, const mizo_indicator *i)
{
    json_text(w->j, "indicator", i->id);
    json_text(w->j, "name_ja", i->name_ja);
    json_text(w->j, "name_en", *i->name_en ? i->name_en : i->name_ja);
    json_text(w->j, "unit", i->unit);
}

static void put_target(city_writer *w, const mizo_indicator *i)
{
    city_pace p;
    if (city_pace_of(w->b, i, w->fy, &p))
        return;
    json_object(w->j, NULL);
    city_put_indicator(w, i);
    json_text(w->j, "whose", city_whose(p.goal));
    json_text(w->j, "inventory", i->inventory >= 0 ? w->r->inventory[i->inventory].id : NULL);
    if (p.known) {
        json_object(w->j, "result");
        city_put_value(w, &p.last);
        json_end(w->j);
        city_put_needed(w, p.goal, &p.last);
        put_pace(w, i, &p);
    }
    city_put_goal(w, "target", p.goal);
    json_end(w->j);
}

static mizo_err targets(city_writer *w)
{
    city_placed *order = CITY_IN_ORDER(w->r->indicator, w->r->nindicator);
    for (size_t k = 0; order && k < w->r->nindicator; k++)
        put_target(w, &w->r->indicator[order[k].at]);
    free(order);
    return order ? MIZO_OK : MIZO_ENOMEM;
}

/* Targets that a later decision replaced, with both. */
static void put_changed(city_writer *w)
{
    json_array(w->j, "changed");
    for (size_t k = 0; k < w->r->ngoal; k++) {
        const mizo_goal *g = &w->r->goal[k];
        if (g->decided > w->b->as_of || !city_goal_before(w->b, g))
            continue;
        json_object(w->j, NULL);
        city_put_indicator(w, &w->r->indicator[g->indicator]);
        city_put_goal(w, "target", g);
        json_end(w->j);
    }
    json_end(w->j);
}

static void put_publication(city_writer *w, const char *key, const mizo_published *p)
{
    char value[MIZO_NUM_TEXT];
    mizo_decimal_text(p->value_e6, 6, value);
    json_object(w->j, key);
    json_text(w->j, "value", value);
    json_text(w->j, "unit", p->unit);
    json_text(w->j, "vintage", p->vintage ? city_vintage_text(p->vintage, "en") : "final");
    if (p->on != INT32_MIN)
        json_day(w->j, "on", p->on);
    json_text(w->j, "source", p->source);
    json_end(w->j);
}

/* Figures that were published more than once for a year: the two last publications. */
static void put_restated(city_writer *w)
{
    json_array(w->j, "restated");
    for (size_t k = 0; k + 1 < w->r->npublished; k++) {
        const mizo_published *p = &w->r->published[k], *next = p + 1;
        bool more = k + 2 < w->r->npublished && p[2].fy == p->fy && strcmp(p[2].item, p->item) == 0;
        const mizo_indicator *i = city_indicator(w->b, p->item, strlen(p->item));
        if (!i || more || next->fy != p->fy || strcmp(next->item, p->item) || next->on > w->b->as_of)
            continue;
        json_object(w->j, NULL);
        city_put_indicator(w, i);
        json_int(w->j, "fy", p->fy);
        put_publication(w, "before", p);
        put_publication(w, "after", next);
        json_end(w->j);
    }
    json_end(w->j);
}

static void put_tonnes(city_writer *w, const char *key, exact mg)
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

static mizo_err inventory(city_writer *w)
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

static mizo_err achievement(const city_desk *desk, const city_doc_ask *ask, json *j)
{
    leading l;
    MIZO_TRY(city_leading(desk, ask, &l));
    leading_json(&l, j);
    leading_free(&l);
    return MIZO_OK;
}

/* A document of lists: its blocks are its rows. */
static mizo_err put_blocks(const city_desk *desk, const city_doc_ask *ask, json *j)
{
    report *r = NULL;
    MIZO_TRY(city_doc(desk, ask, NULL, &r));
    report_json(r, j);
    report_free(r);
    return MIZO_OK;
}

mizo_err city_doc_json(const city_desk *desk, const city_doc_ask *ask, json *j)
{
    city_writer w = { desk, &desk->books, desk->books.region, ask->fy, j };
    if (strcmp(ask->name, "achievement") == 0)
        return achievement(desk, ask, j);
    mizo_err e = MIZO_OK;
    json_array(j, "rows");
    if (strcmp(ask->name, "targets") == 0)
        e = targets(&w);
    else if (strcmp(ask->name, "plan") == 0)
        e = city_put_plan(&w);
    else if (strcmp(ask->name, "evaluation") == 0)
        e = city_put_evaluation(&w);
    else if (strcmp(ask->name, "indicators") == 0)
        e = city_put_indicators(&w);
    else if (strcmp(ask->name, "handover") == 0)
        e = put_blocks(desk, ask, j);
    else
        e = inventory(&w);
    json_end(j);
    if (strcmp(ask->name, "targets") == 0) {
        put_changed(&w);
        put_restated(&w);
    }
    if (strcmp(ask->name, "evaluation") == 0)
        city_put_scales(&w);
    return e || strcmp(ask->name, "inventory") ? e : inventory_json(desk, ask, j);
}
