/* bill_spread.c: a bill's income by half-hour: for looking at a margin, never for a bill. */
#include <stdlib.h>
#include <string.h>

#include "retail/bill_int.h"
#include "retail/margin.h"

typedef struct spreading {
    const mizo_bill_table *t;
    const mizo_bill *b;
    const int32_t *wh; /* of the bill's days; NULL: read by period */
    size_t first, n;   /* the bill's half-hours within the table's */
    int64_t *w, *room;
    int64_t *out; /* of the bill's half-hours */
    mizo_uyen rest;
} spreading;

static int64_t used(const spreading *x, size_t s)
{
    return x->wh && x->wh[s] != MIZO_MISSING && x->wh[s] > 0 ? x->wh[s] : 0;
}

/* Without the tax that it contains. */
static mizo_err net_of(const mizo_bill *b, const mizo_bill_line *l, mizo_uyen amount, mizo_uyen *out)
{
    int64_t rate = 0;
    for (int k = 0; k < b->ntax && !l->tax_added; k++)
        rate = strcmp(b->tax[k].name, l->tax) == 0 && b->tax[k].param ? b->tax[k].rate_e6 : rate;
    return mizo_mul_div(amount, 1000000, 1000000 + rate, MIZO_ROUND_HALF_UP, out);
}

static mizo_err put(spreading *x, mizo_uyen net)
{
    if (__builtin_sub_overflow(x->rest, net, &x->rest))
        return MIZO_ERANGE;
    return margin_spread(net, x->w, x->n, x->room, x->out);
}

static mizo_err market(spreading *x, const mizo_bill_line *l, int row)
{
    const int64_t *unit = row < 0 ? NULL : x->t->row[row].unit_raw;
    for (size_t s = 0; unit && s < x->n; s++) {
        mizo_uyen amount, net;
        if (x->t->energy_of[x->first + s] != row || unit[x->first + s] == MIZO_NO_PRICE || !used(x, s))
            continue;
        MIZO_TRY(mizo_mul_div(used(x, s), unit[x->first + s], 1000, MIZO_ROUND_HALF_UP, &amount));
        MIZO_TRY(net_of(x->b, l, amount, &net));
        if (__builtin_add_overflow(x->out[s], net, &x->out[s]) ||
            __builtin_sub_overflow(x->rest, net, &x->rest))
            return MIZO_ERANGE;
    }
    return MIZO_OK; /* what roundings left comes with the rest */
}

static mizo_err line(spreading *x, const mizo_bill_line *l)
{
    mizo_uyen net;
    int row = bill_row_of(x->t, l);
    const int16_t *of = l->kind == MIZO_CHARGE_ENERGY     ? x->t->energy_of
                        : l->kind == MIZO_CHARGE_WHEELING ? x->t->wheeling_of
                                                          : NULL;
    bool even = l->kind == MIZO_CHARGE_BASE || l->kind == MIZO_CHARGE_EXCESS ||
                l->kind == MIZO_CHARGE_UNUSED || l->kind == MIZO_CHARGE_FIXED ||
                l->kind == MIZO_CHARGE_MINIMUM || l->kind == MIZO_CHARGE_WHEELING_BASE;
    if (l->kind == MIZO_CHARGE_MARKET)
        return market(x, l, row);
    for (size_t s = 0; s < x->n; s++)
        x->w[s] = even ? 1 : of && of[x->first + s] != row ? 0 : used(x, s);
    MIZO_TRY(net_of(x->b, l, l->raw, &net));
    return put(x, net);
}

mizo_err bill_spread(const mizo_bill_table *t, const mizo_bill_in *in, const mizo_bill *b, mizo_uyen net,
                     int64_t *out)
{
    spreading x = { .t = t, .b = b, .rest = net };
    memset(out, 0, (size_t)(t->to - t->from) * MIZO_DAY_SLOTS * sizeof *out);
    x.first = (size_t)(b->from - t->from) * MIZO_DAY_SLOTS;
    x.n = (size_t)(b->to - b->from) * MIZO_DAY_SLOTS;
    x.wh = in->wh ? in->wh + x.first : NULL;
    x.out = out + x.first;
    x.w = calloc(x.n + 1, sizeof *x.w);
    x.room = calloc(x.n + 1, sizeof *x.room);
    mizo_err e = x.w && x.room ? MIZO_OK : MIZO_ENOMEM;
    for (int i = 0; i < b->nline && !e; i++)
        e = line(&x, &b->line[i]);
    for (size_t s = 0; s < x.n && !e; s++)
        x.w[s] = used(&x, s);
    e = e ? e : put(&x, x.rest);
    free(x.w);
    free(x.room);
    return e;
}
