/* stock.c: what a battery holds, by the slot in which it was charged. First in, first out. */
#include <stdlib.h>
#include <string.h>

#include "mizo/match.h"

void mizo_stock_free(mizo_stock *s)
{
    free(s->lot);
    s->lot = NULL;
    s->n = s->cap = 0;
}

int64_t mizo_stock_total(const mizo_stock *s)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->lot[i].re + s->lot[i].other;
    return sum;
}

mizo_err mizo_stock_in(mizo_stock *s, mizo_slot slot, int64_t re, int64_t other)
{
    if (re < 0 || other < 0)
        return MIZO_EINPUT;
    if (re + other == 0)
        return MIZO_OK;
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        mizo_stock_lot *more = realloc(s->lot, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        s->lot = more;
        s->cap = cap;
    }
    s->lot[s->n++] = (mizo_stock_lot){ slot, re, other };
    return MIZO_OK;
}

/* Takes wh off the oldest lots; `give` of them arrive outside, the rest is lost. */
static mizo_err drain(mizo_stock *s, int64_t wh, int64_t give, mizo_err (*fn)(void *, const mizo_stock_out *),
                      void *arg)
{
    int64_t all = wh, gone = 0, given = 0;
    size_t used = 0;
    mizo_err err = MIZO_OK;
    while (wh > 0 && used < s->n && !err) {
        mizo_stock_lot *l = &s->lot[used];
        int64_t has = l->re + l->other, take = has < wh ? has : wh, upto;
        mizo_stock_out o = { .slot = l->slot };
        err = mizo_mul_div(take, l->re, has, MIZO_ROUND_DOWN, &o.re);
        gone += take;
        wh -= take;
        if (!err)
            err = mizo_mul_div(gone, give, all, MIZO_ROUND_DOWN, &upto);
        if (err)
            break;
        o.other = take - o.re;
        int64_t part = upto - given; /* of this step, arrives */
        given = upto;
        err = mizo_mul_div(o.re, part, take, MIZO_ROUND_DOWN, &o.re_given);
        o.re_lost = o.re - o.re_given;
        l->re -= o.re;
        l->other -= o.other;
        used += take == has;
        if (!err)
            err = fn(arg, &o);
    }
    memmove(s->lot, s->lot + used, (s->n - used) * sizeof *s->lot);
    s->n -= used;
    return err;
}

mizo_err mizo_stock_take(mizo_stock *s, int64_t wh, mizo_err (*fn)(void *, const mizo_stock_out *), void *arg)
{
    int64_t need, total = mizo_stock_total(s), give = wh;
    if (wh < 0 || s->round_ppm <= 0)
        return MIZO_EINPUT;
    if (wh == 0 || total == 0)
        return MIZO_OK;
    MIZO_TRY(mizo_mul_div(wh, MIZO_PPM, s->round_ppm, MIZO_ROUND_UP, &need));
    if (need > total) { /* more came out than the lots explain */
        need = total;
        MIZO_TRY(mizo_mul_div(need, s->round_ppm, MIZO_PPM, MIZO_ROUND_DOWN, &give));
    }
    return drain(s, need, give, fn, arg);
}

mizo_err mizo_stock_trim(mizo_stock *s, mizo_err (*fn)(void *, const mizo_stock_out *), void *arg)
{
    int64_t over = mizo_stock_total(s) - s->most;
    return over > 0 ? drain(s, over, 0, fn, arg) : MIZO_OK;
}
