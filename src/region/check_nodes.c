/* check_nodes.c: the tree of nodes, and what is asked of them for a while. */
#include <string.h>

#include "region/build.h"

enum { LIMITS_MOST = 511 }; /* nodes of a plan, less the town itself: MIZO_AREA_NODES - 1 */

static mizo_node *node_at(const region_table *t, size_t k)
{
    return region_row(t, (size_t)t->order[k]);
}

static const row_meta *meta_at(const region_table *t, size_t k)
{
    return &t->meta[t->order[k]];
}

/* The row may be there and be bad: then it has had its say. */
static bool any_row(const region_table *t, const char *id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->meta[i].id && strcmp(t->meta[i].id, id) == 0)
            return true;
    return false;
}

/* The table is sorted by id. */
static mizo_ref place_of(const region_table *t, const char *id)
{
    size_t lo = 0, hi = t->norder;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = strcmp(node_at(t, mid)->id, id);
        if (c == 0)
            return (mizo_ref)mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

static void find_parent(region_builder *b, region_table *t, size_t k)
{
    mizo_node *n = node_at(t, k);
    n->parent = -1;
    if (!n->parent_id[0])
        return;
    n->parent = place_of(t, n->parent_id);
    if (n->parent >= 0 || t->lost || any_row(t, n->parent_id))
        return;
    int line = meta_at(t, k)->line, column = region_column(t, (size_t)t->order[k], "parent");
    const char *id = region_quote(b, n->parent_id, strlen(n->parent_id)), *file = region_files[t->file].name,
               *near = region_nearest_id(b, t, n->parent_id);
    if (near)
        SAY(b, REF_NEAR, t->file, line, column, "parent", id, file, near);
    else
        SAY(b, REF, t->file, line, column, "parent", id, file);
}

/* Each circle is told once, at its first node. The parents of its nodes are taken away, so that whoever walks up
 * comes to the town. */
static void check_circle(region_builder *b, region_table *t, size_t k)
{
    size_t steps = 0;
    mizo_ref at = node_at(t, k)->parent;
    while (at >= 0 && at != (mizo_ref)k && steps++ <= t->norder)
        at = node_at(t, (size_t)at)->parent;
    if (at != (mizo_ref)k)
        return;
    SAY(b, NODE_CIRCLE, t->file, meta_at(t, k)->line, region_column(t, (size_t)t->order[k], "parent"),
        node_at(t, k)->id);
    for (mizo_ref next = -1; at >= 0; at = next) {
        next = node_at(t, (size_t)at)->parent;
        node_at(t, (size_t)at)->parent = -1;
    }
}

static void check_over(region_builder *b, const region_table *t, size_t k)
{
    const mizo_node *n = node_at(t, k);
    int line = meta_at(t, k)->line, column = region_column(t, (size_t)t->order[k], "over_yen_per_kwh");
    column = column ? column : region_column(t, (size_t)t->order[k], "id");
    if (n->kind == MIZO_NODE_OBLIGATION && n->over_myen == 0)
        SAY(b, NODE_OVER, t->file, line, column, n->id);
    if (n->kind == MIZO_NODE_PHYSICAL && n->over_myen > 0)
        SAY(b, NODE_OVER_UNUSED, t->file, line, column, n->id);
}

/* Rows are sorted by node: a penalty that the node has already needs no place of its own. */
static bool same_before(const region_table *t, size_t k)
{
    const mizo_obligation *o = region_row(t, (size_t)t->order[k]);
    for (size_t i = k; i-- > 0;) {
        const mizo_obligation *p = region_row(t, (size_t)t->order[i]);
        if (p->node != o->node)
            return false;
        if (p->over_myen == o->over_myen)
            return true;
    }
    return false;
}

static size_t check_obligations(region_builder *b)
{
    const region_table *t = &b->t[FILE_OBLIGATIONS];
    size_t limits = 0;
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_obligation *o = region_row(t, (size_t)t->order[k]);
        if (o->import_w < 0 && o->export_w < 0)
            SAY(b, OBLIGATION_EMPTY, t->file, meta_at(t, k)->line, 1, NULL);
        else
            limits += !same_before(t, k);
    }
    return limits;
}

void region_check_nodes(region_builder *b)
{
    region_table *t = &b->t[FILE_NODES];
    size_t limits = check_obligations(b);
    for (size_t k = 0; k < t->norder; k++)
        find_parent(b, t, k);
    for (size_t k = 0; k < t->norder; k++) {
        check_circle(b, t, k);
        check_over(b, t, k);
        limits += node_at(t, k)->import_w >= 0 || node_at(t, k)->export_w >= 0;
    }
    if (limits > LIMITS_MOST)
        SAY(b, NODES_MANY, t->present ? FILE_NODES : FILE_OBLIGATIONS, 0, 0,
            region_number(b, (int64_t)limits, 0), region_number(b, LIMITS_MOST, 0));
}
