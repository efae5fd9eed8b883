/* area_yield.c: a node's limit without a penalty is physics, and every wish of a site goes before it does. Plain sites
 * stand in lanes, which give nothing up: where such a limit was not kept, the sites below it are taken out of the lanes
 * and solved again with all their wishes priced. Where it was kept, giving up would only have cost: wishes are dearer
 * than all that market and penalties may cost (area_money.h). */
#include <stdlib.h>

#include "optimize/area_own.h"

#define KEPT 1e-5 /* kW */

/* The sites of the node and of all below. True: some of them stood in lanes. */
static bool mark(mizo_area *a, int node)
{
    bool news = false;
    for (int i = node; i < a->shape.is.nnode; i++) {
        int up = i;
        while (up > node)
            up = a->shape.is.node[up].parent;
        news = news || (up == node && !a->yield[i]);
        a->yield[i] = a->yield[i] || up == node;
    }
    return news;
}

bool area_yields(mizo_area *a)
{
    const mizo_area_shape *s = &a->shape.is;
    bool again = false;
    for (int i = 0; i < s->nnode; i++) {
        if (s->node[i].over_myen > 0 || master_over(a->master, i) < KEPT)
            continue;
        if (!a->yield)
            a->yield = calloc((size_t)s->nnode, sizeof *a->yield);
        if (a->yield)
            again = mark(a, i) || again;
    }
    return again;
}
