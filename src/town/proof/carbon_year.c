/* carbon_year.c: see carbon_year.h. */
#include "town/proof/carbon_year.h"

#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "town/proof/carbon_slots.h"

typedef struct walking {
    const mizo_region *region;
    mizo_wh *by_menu; /* [nmenu + 1], the last: no contract */
} walking;

static mizo_err on_import(void *arg, const achievement_piece *p)
{
    walking *w = arg;
    if (p->from != FROM_ROOF)
        w->by_menu[p->menu < 0 ? (mizo_ref)w->region->nmenu : p->menu] += p->wh;
    return MIZO_OK;
}

/* ---- menus ---- */

/* The publication before the one in use: the factor as it was known the day before. */
static mizo_factor_found before(const mizo_region *r, mizo_ref menu, bool country, int fy,
                                const mizo_factor_found *now)
{
    mizo_factor_found none = { .way = MIZO_WAY_NONE };
    if (!now->row || now->row->published == INT32_MIN)
        return none;
    mizo_day then = now->row->published - 1;
    mizo_factor_found f = country ? mizo_factor_location(r, fy, then) : mizo_factor_market(r, menu, fy, then);
    return f.row && f.row->kind == now->row->kind && f.row->fy == now->row->fy ? f : none;
}

static mizo_err make_row(const mizo_region *r, const carbon_year *c, mizo_ref menu, mizo_wh wh,
                         carbon_row *out)
{
    *out = (carbon_row){ .menu = menu, .import = wh };
    out->factor = mizo_factor_market(r, menu, c->fy, c->as_of);
    out->before = before(r, menu, false, c->fy, &out->factor);
    MIZO_TRY(mizo_carbon_mg(wh, c->location_factor.g_e6, &out->location));
    MIZO_TRY(mizo_carbon_mg(wh, out->factor.g_e6, &out->market));
    if (out->before.way == MIZO_WAY_NONE)
        out->market_before = out->market;
    else
        MIZO_TRY(mizo_carbon_mg(wh, out->before.g_e6, &out->market_before));
    return MIZO_OK;
}

static mizo_err make_rows(const mizo_region *r, const mizo_wh *by_menu, carbon_year *c)
{
    c->row = calloc(r->nmenu + 1, sizeof *c->row);
    if (!c->row)
        return MIZO_ENOMEM;
    c->location_factor = mizo_factor_location(r, c->fy, c->as_of);
    c->location_before_factor = before(r, -1, true, c->fy, &c->location_factor);
    c->market_whole = true;
    for (size_t i = 0; i <= r->nmenu; i++) {
        if (!by_menu[i])
            continue;
        carbon_row *row = &c->row[c->nrow++];
        MIZO_TRY(make_row(r, c, i < r->nmenu ? (mizo_ref)i : -1, by_menu[i], row));
        c->import += row->import;
        c->market += row->market;
        c->market_before += row->market_before;
        c->market_whole = c->market_whole && row->factor.way != MIZO_WAY_NONE;
    }
    const mizo_factor_found *was =
        c->location_before_factor.way == MIZO_WAY_NONE ? &c->location_factor : &c->location_before_factor;
    MIZO_TRY(mizo_carbon_mg(c->import, was->g_e6, &c->location_before));
    return mizo_carbon_mg(c->import, c->location_factor.g_e6,
                          &c->location); /* rounded once, not row by row */
}

/* ---- by the half-hour ---- */

static void add_side(carbon_slots *c, const carbon_day *d, const carbon_side *x)
{
    if (x->by != CARBON_BY_NONE)
        c->method = carbon_by_word(x->by);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        bool known = x->g_e6[s] >= 0;
        if (!d->import[s])
            continue;
        *(known ? &c->covered : &c->uncovered) += d->import[s];
        c->slots += known;
        c->mg += x->mg[s];
    }
    c->known = c->slots > 0;
}

static mizo_err by_slot(store *s, const mizo_region *r, mizo_ms as_of, carbon_year *c)
{
    carbon_reader *k;
    MIZO_TRY(carbon_reader_new(s, r, as_of, &k));
    mizo_err err = MIZO_OK;
    mizo_day end = carbon_reader_knows(k) ? mizo_fy_first(c->fy + 1) : mizo_fy_first(c->fy);
    for (mizo_day day = mizo_fy_first(c->fy); day < end && !err; day++) {
        carbon_day d;
        err = env_interrupted() ? MIZO_ECANCELED : carbon_read(k, day, &d);
        if (err)
            break;
        add_side(&c->average, &d, &d.average);
        add_side(&c->marginal, &d, &d.marginal);
    }
    carbon_reader_free(k);
    c->average.method = c->average.known ? c->average.method : "";
    c->marginal.method = c->marginal.known ? c->marginal.method : "";
    return err;
}

mizo_err carbon_of_year(store *s, const mizo_region *r, int fy, mizo_day as_of, carbon_year *out)
{
    *out = (carbon_year){ .fy = fy, .as_of = as_of };
    achievement_own own = { 0 };
    walking w = { r, calloc(r->nmenu + 1, sizeof *w.by_menu) };
    mizo_ms at =
        as_of == MIZO_DAY_NONE ? STORE_LATEST : mizo_slot_ms(mizo_day_slot(as_of + 1, r->offset)) - 1;
    mizo_err err = w.by_menu ? achievement_walk(s, r, fy, at, on_import, &w, &own) : MIZO_ENOMEM;
    err = err == MIZO_ERANGE ? MIZO_OK : err; /* nothing was used */
    out->self = own.self_wh;
    out->missing_days = own.missing_days;
    achievement_free(&own);
    if (!err)
        err = make_rows(r, w.by_menu, out);
    if (!err)
        err = by_slot(s, r, at, out);
    free(w.by_menu);
    if (err)
        carbon_year_free(out);
    return err;
}

void carbon_year_free(carbon_year *c)
{
    free(c->row);
    c->row = NULL;
    c->nrow = 0;
}
