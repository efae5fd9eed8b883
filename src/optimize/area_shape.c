/* area_shape.c: the engine's own copy of a shape. */
#include <stdlib.h>
#include <string.h>

#include "optimize/area_own.h"

enum { PRICE_MOST = 1000000000 };

static bool prices_right(const int32_t *v, int n)
{
    for (int t = 0; v && t < n; t++)
        if (v[t] < -PRICE_MOST || v[t] > PRICE_MOST)
            return false;
    return true;
}

static bool counts_right(const mizo_area_shape *s)
{
    return s->size == sizeof *s && s->n >= 1 && s->n <= MIZO_PLAN_MAX && s->step_min >= 1 &&
           s->step_min <= 1440 && s->nnode >= 1 && s->nnode <= MIZO_AREA_NODES && s->node &&
           s->nscenario >= 1 && s->nscenario <= MIZO_AREA_SCENARIOS && s->market;
}

static bool weights_right(const mizo_area_shape *s)
{
    int64_t sum = 0;
    for (int k = 0; s->weight_ppm && k < s->nscenario; k++) {
        if (s->weight_ppm[k] < 0)
            return false;
        sum += s->weight_ppm[k];
    }
    return !s->weight_ppm || sum == MIZO_PPM;
}

static bool shape_right(const mizo_area_shape *s)
{
    if (!counts_right(s) || !weights_right(s) || !prices_right(s->ahead_myen, s->n))
        return false;
    for (int i = 0; i < s->nnode; i++)
        if (i ? s->node[i].parent < 0 || s->node[i].parent >= i : s->node[0].parent != -1)
            return false;
    for (int k = 0; k < s->nscenario; k++)
        if (!prices_right(s->market[k].buy_myen, s->n) || !prices_right(s->market[k].sell_myen, s->n))
            return false;
    return true;
}

static size_t room_of(const mizo_area_shape *s)
{
    size_t row = ((size_t)s->n * sizeof(int32_t) + 7) / 8 * 8;
    return (size_t)s->nnode * (sizeof *s->node + 3 * row) +
           (size_t)s->nscenario * (sizeof *s->market + 3 * row) + (size_t)s->nscenario * sizeof(int32_t) + 8 +
           2 * row;
}

static void *take(char **at, const void *from, size_t bytes)
{
    if (!from)
        return NULL;
    void *to = *at;
    memcpy(to, from, bytes);
    *at += (bytes + 7) / 8 * 8;
    return to;
}

mizo_err area_shape_copy(area_shape *to, const mizo_area_shape *from)
{
    if (!shape_right(from))
        return MIZO_EINPUT;
    char *at = malloc(room_of(from));
    if (!at)
        return MIZO_ENOMEM;
    area_shape o = { *from, at };
    size_t row = (size_t)from->n * sizeof(int32_t);
    mizo_area_node *node = take(&at, from->node, (size_t)from->nnode * sizeof *node);
    for (int i = 0; i < from->nnode; i++) {
        node[i].import_w = take(&at, node[i].import_w, row);
        node[i].export_w = take(&at, node[i].export_w, row);
        node[i].own_w = take(&at, node[i].own_w, row);
    }
    mizo_area_market *market = take(&at, from->market, (size_t)from->nscenario * sizeof *market);
    for (int k = 0; k < from->nscenario; k++) {
        market[k].buy_myen = take(&at, market[k].buy_myen, row);
        market[k].sell_myen = take(&at, market[k].sell_myen, row);
        market[k].g_per_kwh = take(&at, market[k].g_per_kwh, row);
    }
    o.is.node = node;
    o.is.market = market;
    o.is.weight_ppm = take(&at, from->weight_ppm, (size_t)from->nscenario * sizeof(int32_t));
    o.is.ahead_myen = take(&at, from->ahead_myen, row);
    o.is.ahead_w = take(&at, from->ahead_w, row);
    free(to->memory);
    *to = o;
    return MIZO_OK;
}
