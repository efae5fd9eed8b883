/* plan.c: see plan.h. */
#include "city/plan.h"

#include <stdlib.h>
#include <string.h>

static bool is(const char *id, const char *s, size_t n)
{
    return strlen(id) == n && memcmp(id, s, n) == 0;
}

const mizo_plan_node *city_node(const mizo_region *r, const char *id, size_t n)
{
    for (size_t i = 0; i < r->nplan_node; i++)
        if (is(r->plan_node[i].id, id, n))
            return &r->plan_node[i];
    return NULL;
}

const mizo_business *city_business(const mizo_region *r, const char *id, size_t n)
{
    for (size_t i = 0; i < r->nbusiness; i++)
        if (is(r->business[i].id, id, n))
            return &r->business[i];
    return NULL;
}

const mizo_business *city_counts_as(const mizo_region *r, const mizo_business *p)
{
    const mizo_business *own = *p->same_as ? city_business(r, p->same_as, strlen(p->same_as)) : p;
    return own ? own : p;
}

bool city_under(const mizo_region *r, const mizo_plan_node *n, const mizo_plan_node *above)
{
    for (size_t steps = 0; n && steps <= r->nplan_node; steps++) {
        if (n == above)
            return true;
        n = city_node(r, n->parent, strlen(n->parent));
    }
    return false;
}

bool city_tagged(const mizo_business *p, const char *tag)
{
    return mizo_id_listed(p->tags, tag);
}

/* ---- below a node ---- */

typedef struct walk {
    const mizo_region *r;
    const char *plan, *tag;
    const mizo_plan_node *above;
    bool *seen; /* [nbusiness] */
    city_below *out;
} walk;

static bool within(const walk *w, const mizo_plan_node *n)
{
    return (!w->plan || strcmp(n->plan, w->plan) == 0) && (!w->above || city_under(w->r, n, w->above));
}

static void count_listings(walk *w)
{
    const mizo_region *r = w->r;
    for (size_t i = 0; i < r->nlisting; i++) {
        const mizo_business *p = &r->business[r->listing[i].business];
        size_t own = (size_t)(city_counts_as(r, p) - r->business);
        if (!within(w, &r->plan_node[r->listing[i].node]) || (w->tag && !city_tagged(p, w->tag)))
            continue;
        w->out->rows++;
        w->out->again += w->seen[own] || *p->same_as;
        w->out->businesses += !w->seen[own];
        w->seen[own] = true;
    }
}

/* A budget that is written at the number of a second listing counts with its own business, once a row. */
static mizo_err count_money(walk *w, int fy)
{
    const mizo_region *r = w->r;
    for (size_t i = 0; i < r->nbudget; i++) {
        const mizo_budget *p = &r->budget[i];
        if (p->fy != fy || !w->seen[city_counts_as(r, &r->business[p->business]) - r->business])
            continue;
        if (__builtin_add_overflow(w->out->budget_yen, p->budget_yen, &w->out->budget_yen) ||
            __builtin_add_overflow(w->out->spent_yen, p->spent_yen < 0 ? 0 : p->spent_yen,
                                   &w->out->spent_yen))
            return MIZO_ERANGE;
        w->out->unspent += p->spent_yen < 0;
    }
    return MIZO_OK;
}

mizo_err city_plan_below(const mizo_region *r, const char *plan, const mizo_plan_node *above,
                         const char *level, const char *tag, int fy, city_below *out)
{
    *out = (city_below){ 0 };
    walk w = { r, plan, tag, above, calloc(r->nbusiness + 1, 1), out };
    if (!w.seen)
        return MIZO_ENOMEM;
    for (size_t i = 0; level && i < r->nplan_node; i++)
        out->nodes += strcmp(r->plan_node[i].level, level) == 0 && &r->plan_node[i] != above &&
                      within(&w, &r->plan_node[i]);
    count_listings(&w);
    mizo_err e = fy ? count_money(&w, fy) : MIZO_OK;
    free(w.seen);
    return e;
}

mizo_err city_node_below(const mizo_region *r, const mizo_plan_node *n, int fy, city_below *out)
{
    char tag[MIZO_ID_MAX];
    size_t k = 0;
    if (strcmp(n->level, "project") != 0)
        return city_plan_below(r, NULL, n, *n->below ? n->below : "measure", NULL, fy, out);
    for (; n->code[k] && k < sizeof tag - 1; k++)
        tag[k] = n->code[k] >= 'A' && n->code[k] <= 'Z' ? (char)(n->code[k] + 'a' - 'A') : n->code[k];
    tag[k] = 0;
    return city_plan_below(r, n->plan, NULL, NULL, tag, fy, out);
}

int64_t city_declared_below(const mizo_region *r, const mizo_plan_node *n)
{
    int64_t sum = -1;
    for (size_t i = 0; i < r->nplan_node; i++) {
        const mizo_plan_node *x = &r->plan_node[i];
        if (x != n && x->declared > 0 && strcmp(x->below, n->below) == 0 && city_under(r, x, n))
            sum = (sum < 0 ? 0 : sum) + x->declared;
    }
    return sum;
}
