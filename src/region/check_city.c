/* check_city.c: what must hold within the city's files: units that can be read, a figure once, parents, shares. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "region/build.h"

/* Where each of these files keeps its line and its unit. */
static const struct {
    region_file file;
    size_t line, unit; /* offsets; 0: none */
} kept[] = {
#define LINE(f, type)                                                                                        \
    {                                                                                                        \
        FILE_##f, offsetof(type, line), 0                                                                    \
    }
#define LINE_UNIT(f, type)                                                                                   \
    {                                                                                                        \
        FILE_##f, offsetof(type, line), offsetof(type, unit)                                                 \
    }
    LINE_UNIT(INDICATORS, mizo_indicator),
    LINE_UNIT(GOALS, mizo_goal),
    LINE(NODES_OF_PLANS, mizo_plan_node),
    LINE(BUSINESSES, mizo_business),
    LINE(LISTINGS, mizo_listing),
    LINE(BUDGETS, mizo_budget),
    LINE(TASKS, mizo_task),
    LINE(JUDGED, mizo_measure_of),
    LINE(RATINGS, mizo_rating),
    LINE(EVALUATIONS, mizo_evaluation),
    LINE(REGISTERS, mizo_register),
    LINE_UNIT(REGISTER_ROWS, mizo_register_row),
    LINE(REGISTER_COUNTS, mizo_register_count),
    LINE(INVENTORIES, mizo_inventory),
    LINE_UNIT(EMISSIONS, mizo_emission),
    LINE_UNIT(ACTIVITIES, mizo_activity),
    LINE(GWPS, mizo_gwp),
    LINE(CATEGORIES, mizo_category),
    LINE(ALIASES, mizo_alias),
    LINE(CHECKS, mizo_claim_check),
    {FILE_PUBLISHED, 0, offsetof(mizo_published, unit)},
};

void region_check_city_row(region_builder *b, region_table *t, size_t i)
{
    for (size_t k = 0; k < sizeof kept / sizeof *kept; k++) {
        unsigned char *row = region_row(t, i);
        const char *text;
        unit u;
        if (kept[k].file != t->file)
            continue;
        if (kept[k].line)
            memcpy(row + kept[k].line, &(int32_t){ t->meta[i].line }, sizeof(int32_t));
        if (!kept[k].unit)
            continue;
        memcpy(&text, row + kept[k].unit, sizeof text);
        if (unit_parse(text, strlen(text), &u)) {
            SAY(b, UNIT, t->file, t->meta[i].line, region_column(t, i, "unit"),
                region_quote(b, text, strlen(text)));
            t->meta[i].bad = true;
        }
    }
}

/* A target is compared with results, so it is of the same kind. */
static void check_goals(region_builder *b)
{
    const region_table *t = &b->t[FILE_GOALS], *of = &b->t[FILE_INDICATORS];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_goal *g = region_ordered(t, k);
        const mizo_indicator *i = region_ordered(of, (size_t)g->indicator);
        unit a, c;
        if (unit_parse(g->unit, strlen(g->unit), &a) || unit_parse(i->unit, strlen(i->unit), &c) ||
            unit_alike(&a, &c))
            continue;
        SAY(b, UNIT_OTHER, FILE_GOALS, region_line_of(t, k), region_column_of(t, k, "unit"),
            region_quote(b, g->unit, strlen(g->unit)), i->id, region_quote(b, i->unit, strlen(i->unit)));
    }
}

static const mizo_plan_node *node_named(const region_builder *b, const char *id)
{
    const region_table *t = &b->t[FILE_NODES_OF_PLANS];
    for (size_t k = 0; k < t->norder; k++)
        if (strcmp(((const mizo_plan_node *)region_ordered(t, k))->id, id) == 0)
            return region_ordered(t, k);
    return NULL;
}

/* Each parent is there and no node lies above itself. */
static void check_nodes(region_builder *b)
{
    const region_table *t = &b->t[FILE_NODES_OF_PLANS];
    for (size_t k = 0; k < t->norder && !t->torn; k++) {
        const mizo_plan_node *n = region_ordered(t, k), *up = n;
        size_t steps = 0;
        while (up && *up->parent && steps++ <= t->norder)
            up = node_named(b, up->parent);
        if (up && steps <= t->norder)
            continue;
        const mizo_plan_node *above = node_named(b, n->parent);
        if (!above)
            SAY(b, REF, t->file, region_line_of(t, k), region_column_of(t, k, "parent"), "parent", n->parent,
                region_files[t->file].name);
        else if (steps > t->norder)
            SAY(b, PLAN_CIRCLE, t->file, region_line_of(t, k), region_column_of(t, k, "parent"), n->id);
    }
}

/* A business that is listed again names another, which counts itself. */
static void check_again(region_builder *b)
{
    const region_table *t = &b->t[FILE_BUSINESSES];
    for (size_t k = 0; k < t->norder && !t->torn; k++) {
        const mizo_business *p = region_ordered(t, k), *own = NULL;
        for (size_t i = 0; *p->same_as && i < t->norder; i++)
            if (strcmp(((const mizo_business *)region_ordered(t, i))->id, p->same_as) == 0)
                own = region_ordered(t, i);
        if (*p->same_as && (!own || *own->same_as))
            SAY(b, LISTED_AGAIN, t->file, region_line_of(t, k), region_column_of(t, k, "same_as"), p->id,
                p->same_as);
    }
}

static void check_published(region_builder *b)
{
    const region_table *t = &b->t[FILE_PUBLISHED];
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_published *p = region_ordered(t, k), *before = region_ordered(t, k - 1);
        if (p->fy == before->fy && p->on == before->on && strcmp(p->item, before->item) == 0)
            SAY(b, FIGURE_TWICE, FILE_PUBLISHED, region_line_of(t, k), region_column_of(t, k, "item"),
                p->item, region_number(b, p->fy, 0), region_number(b, region_line_of(t, k - 1), 0));
    }
}

/* An inventory's year: editions in the order in which they came out, the lines of one together. */
static int by_edition(const void *x, const void *y)
{
    static const int rank[MIZO_VINTAGES] = { [MIZO_VINTAGE_REVISED] = 1, [MIZO_VINTAGE_FINAL] = 2 };
    const mizo_activity *a = *(const mizo_activity *const *)x, *c = *(const mizo_activity *const *)y;
    int d = strcmp(a->inventory, c->inventory);
    d = d ? d : a->fy - c->fy;
    d = d ? d : (a->on > c->on) - (a->on < c->on);
    d = d ? d : rank[a->vintage] - rank[c->vintage];
    d = d ? d : strcmp(a->id, c->id);
    return d ? d : a->line - c->line;
}

static void check_editions(region_builder *b)
{
    const region_table *t = &b->t[FILE_ACTIVITIES];
    const mizo_activity **list = region_work(b, t->norder * sizeof *list);
    for (size_t k = 0; list && k < t->norder; k++)
        list[k] = region_ordered(t, k);
    if (list && t->norder)
        qsort(list, t->norder, sizeof *list, by_edition);
    for (size_t k = 1; list && k < t->norder; k++) {
        const mizo_activity *was = list[k - 1], *a = list[k];
        if (was->fy != a->fy || strcmp(was->inventory, a->inventory))
            continue;
        if (was->on == a->on && was->vintage == a->vintage && strcmp(was->id, a->id) == 0)
            SAY(b, FIGURE_TWICE, t->file, a->line, 1, a->id, region_number(b, a->fy, 0),
                region_number(b, was->line, 0));
        else if (a->vintage == MIZO_VINTAGE_PROVISIONAL && was->vintage != MIZO_VINTAGE_PROVISIONAL)
            SAY(b, EDITION_BACK, t->file, a->line, 1, a->inventory, region_number(b, a->fy, 0),
                region_number(b, was->line, 0));
    }
}

/* "A, B, C" of a scale; "": the town has none. */
static const char *words_of(region_builder *b, mizo_scale scale)
{
    const region_table *t = &b->t[FILE_RATINGS];
    char *text = region_work(b, REGION_TEXT_MOST);
    int n = 0;
    for (size_t k = 0; text && k < t->norder && n < REGION_TEXT_MOST; k++) {
        const mizo_rating *x = region_ordered(t, k);
        if (x->scale == scale)
            n += snprintf(text + n, (size_t)(REGION_TEXT_MOST - n), "%s%s", n ? ", " : "", x->word);
    }
    return text && n ? text : "";
}

static bool rated(const region_table *t, size_t n, mizo_scale scale, const char *word)
{
    for (size_t k = 0; k < n; k++) {
        const mizo_rating *x = region_ordered(t, k);
        if (x->scale == scale && mizo_rating_is(x, word))
            return true;
    }
    return false;
}

/* No word of one rating names another of its scale. */
static void check_scales(region_builder *b, const char *const scales[])
{
    const region_table *t = &b->t[FILE_RATINGS];
    for (size_t k = 0; k < t->norder; k++)
        for (size_t i = 0; i < k; i++) {
            const mizo_rating *x = region_ordered(t, k), *y = region_ordered(t, i);
            if (x->scale == y->scale && (mizo_rating_is(y, x->word) || mizo_rating_is(x, y->word)))
                SAY(b, SCALE_TWICE, FILE_RATINGS, x->line, region_column_of(t, k, "word"),
                    region_quoted(b, mizo_rating_is(y, x->word) ? x->word : y->word), scales[x->scale]);
        }
}

/* Evaluations use words that there are. */
static void check_ratings(region_builder *b)
{
    static const char *const scales[] = { "status", "direction" };
    const region_table *t = &b->t[FILE_RATINGS], *of = &b->t[FILE_EVALUATIONS];
    check_scales(b, scales);
    bool none[2] = { false, false }; /* said once a scale */
    for (size_t k = 0; k < of->norder && !t->torn; k++) {
        const mizo_evaluation *e = region_ordered(of, k);
        const char *const word[] = { e->status, e->direction };
        for (int i = 0; i < 2; i++)
            if (!*words_of(b, (mizo_scale)i)) {
                if (!none[i])
                    SAY(b, SCALE_NONE, FILE_EVALUATIONS, e->line, region_column_of(of, k, scales[i]),
                        scales[i]);
                none[i] = true;
            } else if (!rated(t, t->norder, (mizo_scale)i, word[i]))
                SAY(b, SCALE, FILE_EVALUATIONS, e->line, region_column_of(of, k, scales[i]),
                    region_quoted(b, word[i]), scales[i], words_of(b, (mizo_scale)i));
    }
}

void region_check_city(region_builder *b)
{
    check_ratings(b);
    check_editions(b);
    check_published(b);
    check_goals(b);
    check_nodes(b);
    check_again(b);
}
