/* match.c: one day through a pool, slot by slot. docs/mechanisms/matching.md */
#include <stdlib.h>
#include <string.h>

#include "mizo/books.h"
#include "mizo/series.h"

/* One side of the pool: values by id, so that ties go to the lower id. */
typedef struct side {
    size_t n;
    const char **id;
    const int32_t **wh;
    int32_t **out;
    int64_t *weight, *share;
} side;

typedef struct named {
    const char *id;
    size_t at;
} named;

static int by_id(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int c = strcmp(x->id, y->id);
    return c ? c : x->at < y->at ? -1 : 1;
}

static void side_free(side *s)
{
    free(s->id);
    free(s->wh);
    free(s->out);
    free(s->weight);
    free(s->share);
}

static mizo_err side_room(side *s, size_t n)
{
    size_t m = n ? n : 1;
    *s = (side){ .n = n,
                 .id = calloc(m, sizeof *s->id),
                 .wh = calloc(m, sizeof *s->wh),
                 .out = calloc(m, sizeof *s->out),
                 .weight = calloc(m, sizeof *s->weight),
                 .share = calloc(m, sizeof *s->share) };
    return s->id && s->wh && s->out && s->weight && s->share ? MIZO_OK : MIZO_ENOMEM;
}

/* Puts the rows in the order of their ids. */
static mizo_err side_order(side *s, const int32_t **wh, int32_t *out)
{
    named *order = malloc((s->n ? s->n : 1) * sizeof *order);
    if (!order)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < s->n; i++)
        order[i] = (named){ s->id[i], i };
    qsort(order, s->n, sizeof *order, by_id);
    for (size_t i = 0; i < s->n; i++) {
        s->wh[i] = wh[order[i].at];
        s->out[i] = out + order[i].at * MIZO_DAY_SLOTS;
    }
    free(order);
    return MIZO_OK;
}

static mizo_err side_sources(side *s, const mizo_match_source *from, size_t n, int32_t *out)
{
    MIZO_TRY(side_room(s, n));
    const int32_t **wh = calloc(n ? n : 1, sizeof *wh);
    if (!wh)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        s->id[i] = from[i].id;
        wh[i] = from[i].wh;
    }
    mizo_err err = side_order(s, wh, out);
    free(wh);
    return err;
}

static mizo_err side_consumers(side *s, const mizo_match_consumer *to, size_t n, int32_t *out)
{
    MIZO_TRY(side_room(s, n));
    const int32_t **wh = calloc(n ? n : 1, sizeof *wh);
    if (!wh)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        s->id[i] = to[i].id;
        wh[i] = to[i].wh;
    }
    mizo_err err = side_order(s, wh, out);
    free(wh);
    return err;
}

/* The weights of one slot, and their sum. */
static mizo_err weigh(side *s, int slot, int64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        int32_t v = s->wh[i][slot] == MIZO_MISSING ? 0 : s->wh[i][slot];
        if (v < 0)
            return MIZO_EINPUT;
        s->weight[i] = v;
        *sum += v;
    }
    return MIZO_OK;
}

static mizo_err share_out(side *s, int slot, int64_t total)
{
    MIZO_TRY(mizo_split(total, s->weight, s->n, s->share));
    for (size_t i = 0; i < s->n; i++)
        s->out[i][slot] =
            (int32_t)s->share[i]; /* never above its weight, since total is not above their sum */
    return MIZO_OK;
}

static mizo_err match_sides(side *from, side *to, mizo_match_day *out)
{
    out->matched_wh = out->supply_wh = out->demand_wh = 0;
    for (int slot = 0; slot < MIZO_DAY_SLOTS; slot++) {
        int64_t supply, demand;
        MIZO_TRY(weigh(from, slot, &supply));
        MIZO_TRY(weigh(to, slot, &demand));
        int64_t matched = supply < demand ? supply : demand;
        MIZO_TRY(share_out(from, slot, matched));
        MIZO_TRY(share_out(to, slot, matched));
        out->supply_wh += supply;
        out->demand_wh += demand;
        out->matched_wh += matched;
    }
    return MIZO_OK;
}

mizo_err mizo_match(const mizo_match_source *s, size_t ns, const mizo_match_consumer *c, size_t nc,
                    mizo_match_day *out)
{
    side from = { 0 }, to = { 0 };
    mizo_err err = side_sources(&from, s, ns, out->from_source);
    if (!err)
        err = side_consumers(&to, c, nc, out->to_consumer);
    if (!err)
        err = match_sides(&from, &to, out);
    side_free(&from);
    side_free(&to);
    return err;
}
