/* factor.c: which factor holds, and what it makes of Wh. docs/formats/factors.md */
#include <string.h>

#include "mizo/carbon.h"

const char *mizo_factor_way_text(mizo_factor_way w)
{
    static const char *const text[] = { "menu",  "residual",    "adjusted", "basic", "raw",
                                        "model", "alternative", "average",  "none" };
    return text[w];
}

const mizo_factor *mizo_factor_on(const mizo_region *r, mizo_ref supplier, mizo_ref menu,
                                  mizo_factor_kind kind, int fy, mizo_day as_of)
{
    const mizo_factor *best = NULL; /* rows stand by year, then day of publication */
    for (size_t i = 0; i < r->nfactor && r->factor[i].fy <= fy; i++) {
        const mizo_factor *f = &r->factor[i];
        bool same = f->supplier == supplier && f->menu == menu && f->kind == kind;
        if (same && (as_of == MIZO_DAY_NONE || f->published <= as_of))
            best = f;
    }
    return best;
}

static mizo_factor_found found(mizo_factor_way way, const mizo_factor *row)
{
    return (mizo_factor_found){ way, row, row ? row->g_e6 : 0 };
}

/* The supplier's own figures; NULL row: none. */
static mizo_factor_found of_supplier(const mizo_region *r, mizo_ref menu, int fy, mizo_day as_of)
{
    static const struct {
        mizo_factor_kind kind;
        mizo_factor_way way;
    } way[] = {
        {MIZO_FACTOR_MENU,      MIZO_WAY_MENU    },
        { MIZO_FACTOR_RESIDUAL, MIZO_WAY_RESIDUAL},
        { MIZO_FACTOR_ADJUSTED, MIZO_WAY_ADJUSTED},
        { MIZO_FACTOR_BASIC,    MIZO_WAY_BASIC   },
        { MIZO_FACTOR_RAW,      MIZO_WAY_RAW     }
    };
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        bool own = way[i].kind == MIZO_FACTOR_MENU;
        const mizo_factor *f =
            mizo_factor_on(r, r->menu[menu].supplier, own ? menu : -1, way[i].kind, fy, as_of);
        if (f)
            return found(way[i].way, f);
        if (own && r->menu[menu].renewable_ppm == MIZO_PPM) /* a 100 % menu is never the supplier's average */
            return (mizo_factor_found){ MIZO_WAY_MODEL, NULL, (int64_t)r->menu[menu].g_per_kwh * 1000000 };
    }
    return found(MIZO_WAY_NONE, NULL);
}

mizo_factor_found mizo_factor_market(const mizo_region *r, mizo_ref menu, int fy, mizo_day as_of)
{
    if (menu >= 0) {
        mizo_factor_found f = of_supplier(r, menu, fy, as_of);
        if (f.way != MIZO_WAY_NONE)
            return f;
        if (r->menu[menu].g_per_kwh)
            return (mizo_factor_found){ MIZO_WAY_MODEL, NULL, (int64_t)r->menu[menu].g_per_kwh * 1000000 };
    }
    const mizo_factor *f = mizo_factor_on(r, -1, -1, MIZO_FACTOR_ALTERNATIVE, fy, as_of);
    if (f)
        return found(MIZO_WAY_ALTERNATIVE, f);
    return mizo_factor_location(r, fy, as_of);
}

mizo_factor_found mizo_factor_basic(const mizo_region *r, mizo_ref menu, int fy, mizo_day as_of)
{
    const mizo_ref supplier = menu < 0 ? -1 : r->menu[menu].supplier;
    const mizo_factor *basic =
        menu < 0 ? NULL : mizo_factor_on(r, supplier, -1, MIZO_FACTOR_BASIC, fy, as_of);
    const mizo_factor *raw = menu < 0 ? NULL : mizo_factor_on(r, supplier, -1, MIZO_FACTOR_RAW, fy, as_of);
    const mizo_factor *other = mizo_factor_on(r, -1, -1, MIZO_FACTOR_ALTERNATIVE, fy, as_of);
    if (basic)
        return found(MIZO_WAY_BASIC, basic);
    if (raw)
        return found(MIZO_WAY_RAW, raw);
    return other ? found(MIZO_WAY_ALTERNATIVE, other) : mizo_factor_location(r, fy, as_of);
}

mizo_factor_found mizo_factor_location(const mizo_region *r, int fy, mizo_day as_of)
{
    const mizo_factor *f = mizo_factor_on(r, -1, -1, MIZO_FACTOR_AVERAGE, fy, as_of);
    if (f)
        return found(MIZO_WAY_AVERAGE, f);
    if (r->grid_g_per_kwh)
        return (mizo_factor_found){ MIZO_WAY_MODEL, NULL, (int64_t)r->grid_g_per_kwh * 1000000 };
    return found(MIZO_WAY_NONE, NULL);
}

mizo_err mizo_carbon_mg(mizo_wh wh, int64_t g_e6, mizo_mg *out)
{
    return mizo_mul_div(wh, g_e6, 1000000, MIZO_ROUND_HALF_UP, out);
}

mizo_err mizo_fuel_factor(const mizo_region *r, const char *fuel, mizo_day day, const mizo_fuel **row,
                          int64_t *t_e6)
{
    int64_t carbon;
    for (size_t i = 0; i < r->nfuel; i++) {
        const mizo_fuel *f = &r->fuel[i];
        if (strcmp(f->fuel, fuel) || day < f->from || day >= f->to)
            continue;
        if (row)
            *row = f;
        /* gj_e6 x tc_e6 is at most 10^15: the carbon of a unit in 10^-12 t, times 44, is below 2^63 */
        carbon = f->gj_e6 * f->tc_e6 * 44;
        return mizo_mul_div(carbon, 1, 12 * (int64_t)1000000, MIZO_ROUND_HALF_UP, t_e6);
    }
    return MIZO_ENOENT;
}

const mizo_marginal *mizo_marginal_at(const mizo_region *r, int32_t price, mizo_day day)
{
    for (size_t i = 0; i < r->nmarginal; i++) {
        const mizo_marginal *m = &r->marginal[i];
        if (price >= m->price_from && price < m->price_to && day >= m->from && day < m->to)
            return m;
    }
    return NULL;
}
