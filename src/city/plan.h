/* plan.h: trees of plans over one set of businesses.
 *
 * A business counts once wherever it is listed: in two plans, or again (再掲) under another number, its own number counts.
 * How many a text declares and how many are listed stand side by side. Pure. */
#ifndef CITY_PLAN_H
#define CITY_PLAN_H

#include "city/books.h"

const mizo_plan_node *city_node(const mizo_region *r, const char *id, size_t n);    /* NULL: none */
const mizo_business *city_business(const mizo_region *r, const char *id, size_t n); /* NULL: none */
/* The business under whose number it counts. */
const mizo_business *city_counts_as(const mizo_region *r, const mizo_business *p);
bool city_under(const mizo_region *r, const mizo_plan_node *n, const mizo_plan_node *above); /* or the same */
bool city_tagged(const mizo_business *p, const char *tag);

/* What lies below a node (NULL: all nodes of a plan; plan NULL: of all plans). */
typedef struct city_below {
    int32_t nodes;      /* of the level that was asked for */
    int32_t rows;       /* listings */
    int32_t again;      /* of them listed again, or in another place too */
    int32_t businesses; /* counted once */
    int64_t budget_yen, spent_yen;
    int32_t unspent; /* budgets whose spending is not known */
} city_below;

/* level NULL: nodes is 0. tag NULL: all; fy 0: no money. MIZO_ERANGE, MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err city_plan_below(const mizo_region *r, const char *plan, const mizo_plan_node *above,
                                       const char *level, const char *tag, int fy, city_below *out);

/* Below a node, of the level that it lists (measures, where it does not say). A project (level "project") has no
 * listings of its own: the businesses of its plan that carry its code as a tag count, "pj2" for PJ2. */
MIZO_MUST_USE mizo_err city_node_below(const mizo_region *r, const mizo_plan_node *n, int fy,
                                       city_below *out);
/* What the nodes below declare, added, to stand beside what n itself declares; -1: none of them does. */
int64_t city_declared_below(const mizo_region *r, const mizo_plan_node *n);

#endif
