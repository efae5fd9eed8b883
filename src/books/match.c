/* match.c: one day through a pool, slot by slot. docs/mechanisms/matching.md */
#include <stdlib.h>
#include <string.h>

#include "mizo/books.h"
#include "mizo/series.h"

typedef struct row {
    const char *id;
    const int32_t *wh; /* of the caller: [48] */
    int32_t *out;      /* of the caller: [48] */
} row;

/* One side of the pool: its rows by id, so that ties go to the lower id. */
typedef struct side {
    size_t n;
    row *row;
    int64_t *weight, *share; /* of the slot in hand */
} side;

static int by_id(const void *a, const void *b)
{
    const row *x = a, *y = b;
    int c = strcmp(x->id, y->id);
    return c ? c : x->out < y->out ? -1 : 1;
}

static void side_free(side *s)
{
    free(s->row);
    free(s->weight);
    free(s->share);
}

static mizo_err side_room(side *s, size_t n)
{
    size_t m = n ? n : 1;
    *s = (side){ .n = n,
                 .row = calloc(m, sizeof *s->row),
                 .weight = calloc(m, sizeof *s->weight),
                 .share = calloc(m, sizeof *s->share) };
    return s->row && s->weight && s->share ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err side_sources(side *s, const mizo_match_source *from, size_t n, int32_t *out)
{
    MIZO_TRY(side_room(s, n));
    for (size_t i = 0; i < n; i++)
        s->row[i] = (row){ from[i].id, from[i].wh, out + i * MIZO_DAY_SLOTS };
    qsort(s->row, n, sizeof *s->row, by_id);
    return MIZO_OK;
}

static mizo_err side_consumers(side *s, const mizo_match_consumer *to, size_t n, int32_t *out)
{
    MIZO_TRY(side_room(s, n));
    for (size_t i = 0; i < n; i++)
        s->row[i] = (row){ to[i].id, to[i].wh, out + i * MIZO_DAY_SLOTS };
    qsort(s->row, n, sizeof *s->row, by_id);
    return MIZO_OK;
}

/* The weights of one slot, and their sum. */
static mizo_err weigh(side *s, int slot, int64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        int32_t v = s->row[i].wh[slot] == MIZO_MISSING ? 0 : s->row[i].wh[slot];
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
    for (size_t i = 0; i < s->n; i++) /* no share is above its weight, since total is not above their sum */
        s->row[i].out[slot] = (int32_t)s->share[i];
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
