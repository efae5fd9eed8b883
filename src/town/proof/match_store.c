/* match_store.c: see match_store.h. */
#include "town/proof/match_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static int32_t known(int32_t v)
{
    return v == MIZO_MISSING || v < 0 ? 0 : v;
}

/* Several batteries of a point are one: their energies together, the worst of their efficiencies. */
void match_store_limits(const mizo_region *r, mizo_stock *stock)
{
    for (size_t i = 0; i < r->npoint; i++) {
        size_t first, n = mizo_region_battery_of(r, (mizo_ref)i, &first);
        stock[i].round_ppm = MIZO_PPM;
        for (size_t k = 0; k < n; k++) {
            const mizo_battery *b = &r->battery[first + k];
            int64_t round = (int64_t)b->charge_ppm * b->discharge_ppm / MIZO_PPM;
            if (b->kind != MIZO_STORE_BATTERY)
                continue;
            stock[i].most += (int64_t)b->energy_wh * MIZO_PPM / b->charge_ppm;
            if (round < stock[i].round_ppm)
                stock[i].round_ppm = (int32_t)round;
        }
    }
}

static bool own_pv_only(const mizo_region *r, mizo_ref point)
{
    size_t first, n = mizo_region_battery_of(r, point, &first);
    for (size_t k = 0; k < n; k++)
        if (!r->battery[first + k].own_pv_only)
            return false;
    return n > 0;
}

/* What of a slot's charge is renewable: as much of it as of all that came to the site in that slot; of a battery
 * that may charge from its own roof alone, all. The own roof's part first. */
static mizo_err charge(const mizo_region *r, mizo_ref p, int slot, int32_t wh, match_today *d)
{
    int64_t own = d->own_point[p][slot], taken = d->taken[MATCH_RE][p][slot], all = own + d->need[p][slot],
            re = 0;
    if (own_pv_only(r, p))
        re = wh < own ? wh : own;
    else if (all > 0)
        MIZO_TRY(mizo_mul_div(wh < all ? wh : all, own + taken, all, MIZO_ROUND_DOWN, &re));
    d->in_own[p][slot] = (int32_t)(re < own ? re : own);
    d->in_pool[p][slot] = (int32_t)(re - d->in_own[p][slot]);
    d->in_grid[p][slot] = (int32_t)(wh - re);
    return MIZO_OK;
}

typedef struct taking {
    match_today *d;
    size_t *cap;
    mizo_ref point;
    int64_t given;
} taking;

static mizo_err on_out(void *arg, const mizo_stock_out *o)
{
    taking *t = arg;
    match_today *d = t->d;
    t->given += o->re_given;
    MIZO_TRY(array_grow(&d->out, t->cap, d->nout + 1, sizeof *d->out));
    d->out[d->nout++] = (match_out){ .point = t->point,
                                     .day = (mizo_day)(o->slot / MIZO_DAY_SLOTS),
                                     .slot = (int)(o->slot % MIZO_DAY_SLOTS),
                                     .re_given = (int32_t)o->re_given,
                                     .re_lost = (int32_t)o->re_lost,
                                     .other = (int32_t)o->other };
    return MIZO_OK;
}

/* What leaves the site beyond what the panels made comes out of the battery. */
static mizo_err discharge(const settle_day *in, mizo_ref p, int slot, int32_t wh, int64_t released,
                          match_today *d)
{
    int32_t sent = known(in->export[p][slot]), made = known(in->pv[p][slot]);
    int64_t away = sent > made ? sent - made : 0, offered = 0;
    away = away < wh ? away : wh;
    if (wh > 0)
        MIZO_TRY(mizo_mul_div(released, away, wh, MIZO_ROUND_DOWN, &offered));
    d->released[p][slot] = (int32_t)released;
    d->site[p][slot] = (int32_t)(released - offered);
    d->offer[MATCH_STORED][p][slot] = (int32_t)offered;
    d->load[p][slot] += (int32_t)(wh - away);
    return MIZO_OK;
}

static mizo_err run_slot(const mizo_region *r, const settle_day *in, mizo_stock *s, mizo_ref p, int slot,
                         size_t *cap, match_today *d)
{
    int32_t into = known(in->charge[p][slot]), out = known(in->discharge[p][slot]);
    taking t = { d, cap, p, 0 };
    mizo_slot at = (mizo_slot)in->day * MIZO_DAY_SLOTS + slot;
    if (into) {
        MIZO_TRY(charge(r, p, slot, into, d));
        MIZO_TRY(
            mizo_stock_in(s, at, (int64_t)d->in_own[p][slot] + d->in_pool[p][slot], d->in_grid[p][slot]));
        d->load[p][slot] -= into < d->load[p][slot] ? into : d->load[p][slot];
        MIZO_TRY(mizo_stock_trim(s, on_out, &t));
    }
    if (out) {
        MIZO_TRY(mizo_stock_take(s, out, on_out, &t));
        MIZO_TRY(discharge(in, p, slot, out, t.given, d));
    }
    return MIZO_OK;
}

mizo_err match_store_day(const mizo_region *r, const settle_day *in, mizo_stock *stock, match_today *d)
{
    size_t cap = 0; /* d->out is made anew each day */
    free(d->out);
    d->out = NULL;
    if (!in->charge || !in->discharge)
        return MIZO_OK;
    for (size_t i = 0; i < r->npoint; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS && stock[i].most; s++)
            MIZO_TRY(run_slot(r, in, &stock[i], (mizo_ref)i, s, &cap, d));
    return MIZO_OK;
}
