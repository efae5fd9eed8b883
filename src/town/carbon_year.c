/* carbon_year.c: see carbon_year.h. */
#include "town/carbon_year.h"

#include <stdlib.h>
#include <string.h>

#include "town/settle.h"

typedef struct walking {
    const mizo_region *region;
    mizo_wh *by_menu; /* [nmenu + 1], the last: no contract */
} walking;

static mizo_err on_import(void *arg, mizo_ref point, mizo_day day, mizo_wh wh)
{
    walking *w = arg;
    mizo_ref menu = mizo_region_menu_on(w->region, point, day);
    w->by_menu[menu < 0 ? (mizo_ref)w->region->nmenu : menu] += wh;
    return MIZO_OK;
}

/* ---- menus ---- */

/* The publication before the one in use: the factor as it was known the day before. */
static mizo_factor_found before(const mizo_region *r, mizo_ref menu, int fy, const mizo_factor_found *now)
{
    mizo_factor_found none = { .way = MIZO_WAY_NONE };
    if (!now->row || now->row->published == INT32_MIN)
        return none;
    mizo_factor_found f = mizo_factor_market(r, menu, fy, now->row->published - 1);
    return f.row && f.row->kind == now->row->kind && f.row->fy == now->row->fy ? f : none;
}

static mizo_err make_row(const mizo_region *r, const carbon_year *c, mizo_ref menu, mizo_wh wh,
                         carbon_row *out)
{
    *out = (carbon_row){ .menu = menu, .import = wh };
    out->factor = mizo_factor_market(r, menu, c->fy, c->as_of);
    out->before = before(r, menu, c->fy, &out->factor);
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
    return mizo_carbon_mg(c->import, c->location_factor.g_e6,
                          &c->location); /* rounded once, not row by row */
}

/* ---- by the half-hour ---- */

typedef struct series {
    int32_t id;
    bool known;
} series;

static mizo_err find_series(store *s, const char *owner, mizo_quantity q, series *out)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    mizo_err err = *owner ? s->ops->series_id(s, &key, false, &out->id) : MIZO_ENOENT;
    out->known = err == MIZO_OK;
    return err == MIZO_ENOENT ? MIZO_OK : err;
}

static mizo_err read_series(store *s, const series *x, mizo_day day, int32_t v[48])
{
    for (int i = 0; i < 48; i++)
        v[i] = MIZO_MISSING;
    return x->known ? store_read_day(s, x->id, day, STORE_LATEST, v, NULL) : MIZO_OK;
}

typedef struct slots {
    store *store;
    const mizo_region *region;
    carbon_year *year;
    series average, marginal, price;
    mizo_wh *of_price; /* [nmarginal] import at each row's prices: one rounding each */
} slots;

static void add_series(carbon_slots *c, int32_t g, mizo_wh wh)
{
    if (g == MIZO_MISSING) {
        c->uncovered += wh;
        return;
    }
    c->known = true;
    c->covered += wh;
    c->mg += wh * g; /* Wh x g/kWh is mg, exactly */
    c->slots++;
}

static void add_price(slots *x, int32_t price, mizo_day day, mizo_wh wh)
{
    carbon_slots *c = &x->year->marginal;
    const mizo_marginal *m = price == MIZO_MISSING ? NULL : mizo_marginal_at(x->region, price, day);
    if (!m) {
        c->uncovered += wh;
        return;
    }
    c->known = true;
    c->covered += wh;
    c->slots++;
    x->of_price[m - x->region->marginal] += wh;
}

static mizo_err slots_of_day(slots *x, const settle_day *in)
{
    int32_t average[48], marginal[48], price[48];
    MIZO_TRY(read_series(x->store, &x->average, in->day, average));
    MIZO_TRY(read_series(x->store, &x->marginal, in->day, marginal));
    MIZO_TRY(read_series(x->store, &x->price, in->day, price));
    for (int s = 0; s < 48; s++) {
        mizo_wh wh = 0;
        for (size_t i = 0; i < x->region->npoint; i++)
            wh += in->import[i][s] == MIZO_MISSING || in->import[i][s] < 0 ? 0 : in->import[i][s];
        if (!wh)
            continue;
        add_series(&x->year->average, average[s], wh);
        if (x->marginal.known)
            add_series(&x->year->marginal, marginal[s], wh);
        else
            add_price(x, price[s], in->day, wh);
    }
    return MIZO_OK;
}

static mizo_err run_slots(slots *x, mizo_day from, mizo_day to)
{
    settle_reader *k;
    MIZO_TRY(settle_reader_new(x->store, x->region, &k));
    mizo_err err = MIZO_OK;
    for (mizo_day day = from; day < to && !err; day++) {
        const settle_day *in;
        err = env_interrupted() ? MIZO_ECANCELED : settle_read(k, day, &in);
        if (!err)
            err = slots_of_day(x, in);
    }
    settle_reader_free(k);
    return err;
}

static mizo_err by_slot(store *s, const mizo_region *r, carbon_year *c)
{
    slots x = {
        .store = s, .region = r, .year = c, .of_price = calloc(r->nmarginal + 1, sizeof *x.of_price)
    };
    mizo_err err = x.of_price ? MIZO_OK : MIZO_ENOMEM;
    if (!err)
        err = find_series(s, "grid-average", MIZO_Q_INTENSITY, &x.average);
    if (!err)
        err = find_series(s, "grid-marginal", MIZO_Q_INTENSITY, &x.marginal);
    if (!err)
        err = find_series(s, r->market_area, MIZO_Q_PRICE, &x.price);
    if (!err && (x.average.known || x.marginal.known || (x.price.known && r->nmarginal)))
        err = run_slots(&x, mizo_fy_first(c->fy), mizo_fy_first(c->fy + 1));
    for (size_t i = 0; i < r->nmarginal && !err; i++) {
        mizo_mg mg;
        err = mizo_carbon_mg(x.of_price[i], r->marginal[i].g_e6, &mg);
        c->marginal.mg += err ? 0 : mg;
    }
    c->average.method = c->average.known ? "series" : "";
    c->marginal.method = !c->marginal.known ? "" : x.marginal.known ? "series" : "price";
    free(x.of_price);
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
        err = by_slot(s, r, out);
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
