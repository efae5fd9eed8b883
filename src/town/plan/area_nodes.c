/* area_nodes.c: see area_nodes.h. */
#include "town/plan/area_nodes.h"

#include <stdlib.h>
#include <string.h>

enum { NOT_YET = -1 };

static bool stands(const mizo_region *r, mizo_ref node)
{
    return node < 0 ? r->feeder_w > 0 : r->node[node].import_w >= 0 || r->node[node].export_w >= 0;
}

static int add_place(area_nodes *a, mizo_ref node, int parent, int32_t over_myen, bool standing)
{
    a->place[a->n] = (area_place){ node, parent, over_myen, standing };
    return a->n++;
}

static bool limits_nothing(const mizo_obligation *o)
{
    return o->import_w < 0 && o->export_w < 0;
}

/* One place for each penalty of the node's obligations, one below the other. Returns the lowest. */
static int add_obligations(area_nodes *a, const mizo_region *r, mizo_ref node, int above)
{
    int first = a->n;
    for (size_t i = 0; i < r->nobligation; i++) {
        const mizo_obligation *o = &r->obligation[i];
        if (o->node != node || limits_nothing(o))
            continue;
        bool known = false;
        for (int k = first; k < a->n; k++)
            known = known || a->place[k].over_myen == o->over_myen;
        if (!known)
            above = add_place(a, node, above, o->over_myen, false);
    }
    return above;
}

/* The highest node at or above k that has not been looked at yet. */
static mizo_ref highest_open(const area_nodes *a, const mizo_region *r, mizo_ref k)
{
    while (r->node[k].parent >= 0 && a->at[r->node[k].parent] == NOT_YET)
        k = r->node[k].parent;
    return k;
}

static void add_node(area_nodes *a, const mizo_region *r, mizo_ref k)
{
    const mizo_node *n = &r->node[k];
    int above = add_obligations(a, r, k, n->parent < 0 ? a->top : a->at[n->parent]);
    if (stands(r, k))
        above = add_place(a, k, above, n->kind == MIZO_NODE_OBLIGATION ? n->over_myen : 0, true);
    a->at[k] = above;
}

mizo_err area_nodes_new(const mizo_region *r, area_nodes *out)
{
    *out = (area_nodes){ .place = calloc(1 + r->nnode + r->nobligation, sizeof *out->place),
                         .at = malloc((r->nnode + 1) * sizeof *out->at) };
    if (!out->place || !out->at) {
        area_nodes_free(out);
        return MIZO_ENOMEM;
    }
    for (size_t k = 0; k < r->nnode; k++)
        out->at[k] = NOT_YET;
    out->top = add_obligations(out, r, -1, add_place(out, -1, -1, 0, true));
    for (size_t k = 0; k < r->nnode; k++)
        while (out->at[k] == NOT_YET)
            add_node(out, r, highest_open(out, r, (mizo_ref)k));
    return MIZO_OK;
}

void area_nodes_free(area_nodes *a)
{
    free(a->place);
    free(a->at);
    memset(a, 0, sizeof *a);
}

int area_nodes_at(const area_nodes *a, const mizo_region *r, mizo_ref point)
{
    mizo_ref node = r->point[point].node;
    return node < 0 ? a->top : a->at[node];
}

static int32_t lower(int32_t a, int32_t b)
{
    return b >= 0 && b < a ? b : a;
}

static void take_obligation(const mizo_obligation *o, const mizo_region *r, mizo_slot from, int n,
                            int32_t *import_w, int32_t *export_w)
{
    for (int t = 0; t < n; t++) {
        mizo_day day = mizo_slot_day(from + t, r->offset);
        int of_day = mizo_slot_of_day(from + t, r->offset);
        if (day < o->from || day >= o->to || of_day < o->slot_from || of_day >= o->slot_to)
            continue;
        import_w[t] = lower(import_w[t], o->import_w);
        export_w[t] = lower(export_w[t], o->export_w);
    }
}

static void take_standing(const mizo_region *r, mizo_ref node, int n, int32_t *import_w, int32_t *export_w)
{
    int32_t import = node < 0 ? (r->feeder_w > 0 ? r->feeder_w : -1) : r->node[node].import_w;
    int32_t export = node < 0 ? -1 : r->node[node].export_w;
    for (int t = 0; t < n; t++) {
        import_w[t] = lower(import_w[t], import);
        export_w[t] = lower(export_w[t], export);
    }
}

bool area_nodes_limits(const area_nodes *a, const mizo_region *r, int place, mizo_slot from, int n,
                       int32_t *import_w, int32_t *export_w)
{
    const area_place *p = &a->place[place];
    for (int t = 0; t < n; t++)
        import_w[t] = export_w[t] = INT32_MAX;
    if (p->standing)
        take_standing(r, p->node, n, import_w, export_w);
    for (size_t i = 0; i < r->nobligation && !p->standing; i++)
        if (r->obligation[i].node == p->node && r->obligation[i].over_myen == p->over_myen)
            take_obligation(&r->obligation[i], r, from, n, import_w, export_w);
    for (int t = 0; t < n; t++)
        if (import_w[t] < INT32_MAX || export_w[t] < INT32_MAX)
            return true;
    return false;
}

static const char *name_of(const mizo_region *r, mizo_ref node)
{
    return node < 0 ? "" : r->node[node].id;
}

bool area_nodes_same(const area_nodes *a, const mizo_region *ra, const area_nodes *b, const mizo_region *rb)
{
    bool same = a->n == b->n;
    for (int i = 0; i < a->n && same; i++)
        same = strcmp(name_of(ra, a->place[i].node), name_of(rb, b->place[i].node)) == 0 &&
               a->place[i].parent == b->place[i].parent && a->place[i].standing == b->place[i].standing;
    return same;
}
