/* carbon.h: what it did for the climate. First version: the achievement ledger. Pure. */
#ifndef MIZO_CARBON_H
#define MIZO_CARBON_H

#include "mizo/number.h"
#include "mizo/region.h"

enum { MIZO_GRADES = 8 };

/* Rate = (renewable supply + saving) / demand, in exact Wh. */
typedef struct mizo_achievement {
    int fy;
    mizo_wh supply_wh, saving_wh, demand_wh; /* saving as a positive amount */
    int32_t rate_bp;                         /* hundredths of a percent, half-up: 4626 */
    int32_t rate_pct;                        /* whole percent, half-up: 46 */
    mizo_wh supply_by_grade[MIZO_GRADES], demand_by_grade[MIZO_GRADES]; /* by mizo_quality */
    int facilities, unreported;
} mizo_achievement;

/* MIZO_ERANGE: demand is not positive. */
MIZO_API MIZO_MUST_USE mizo_err mizo_achievement_rate(mizo_achievement *a);
/* From the published figures of the model. MIZO_ENOENT: none for fy; MIZO_EINPUT: an operand is
 * marked rounded, and a rate must not be computed from it (said in d). A rounded demand is allowed
 * only where its own row says that the plan-time figure is the definition (exactness "definition"). */
MIZO_API MIZO_MUST_USE mizo_err mizo_achievement_published(const mizo_region *r, int fy, mizo_diags *d,
                                                           mizo_achievement *out);
/* Wh of a published energy, a ▲ dropped. MIZO_EINPUT: its unit is none of energy, or it is too large. */
MIZO_API MIZO_MUST_USE mizo_err mizo_published_wh(const mizo_published *p, mizo_wh *out);
/* The same from three rows, wherever they were said; NULL: nothing is. */
MIZO_API MIZO_MUST_USE mizo_err mizo_achievement_said(int fy, const mizo_published *supply,
                                                      const mizo_published *saving,
                                                      const mizo_published *demand, mizo_diags *d,
                                                      mizo_achievement *out);
/* "約46％" and "about 46 %". */
MIZO_API void mizo_achievement_text(const mizo_achievement *a, const char *lang, char *out, size_t cap);
/* The sum with its exact operands, 46.26 %, and the rounding rule, as one line. */
MIZO_API void mizo_achievement_rule(const mizo_achievement *a, const char *lang, char *out, size_t cap);

/* ---- CO2 of electricity and fuels: docs/formats/factors.md ---- */

/* Where a factor was found, best first. */
typedef enum mizo_factor_way {
    MIZO_WAY_MENU,     /* the menu's own row */
    MIZO_WAY_RESIDUAL, /* the supplier's residual menu */
    MIZO_WAY_ADJUSTED,
    MIZO_WAY_BASIC,
    MIZO_WAY_RAW,
    MIZO_WAY_MODEL,       /* g_per_kwh of menus.csv, or of region.yaml: no row of factors.csv */
    MIZO_WAY_ALTERNATIVE, /* the country's, where the supplier's is not known */
    MIZO_WAY_AVERAGE,
    MIZO_WAY_NONE
} mizo_factor_way;
MIZO_API const char *mizo_factor_way_text(mizo_factor_way w);

typedef struct mizo_factor_found {
    mizo_factor_way way;
    const mizo_factor *row; /* NULL: of the model, or none */
    int64_t g_e6;
} mizo_factor_found;

/* The factor of one key as it was known on a day: of the year, or the latest year before it that has one; of several
 * publications the latest up to as_of (MIZO_DAY_NONE: all). NULL: there is none. */
MIZO_API const mizo_factor *mizo_factor_on(const mizo_region *r, mizo_ref supplier, mizo_ref menu,
                                           mizo_factor_kind kind, int fy, mizo_day as_of);
/* Market-based: what a kWh of this menu stands for. menu -1: no contract: the country's alternative figure. */
MIZO_API mizo_factor_found mizo_factor_market(const mizo_region *r, mizo_ref menu, int fy, mizo_day as_of);
/* 基礎: what a kWh of the menu's supplier stands for before J-credits: its basic figure, raw, else the country's
 * alternative, else location-based. */
MIZO_API mizo_factor_found mizo_factor_basic(const mizo_region *r, mizo_ref menu, int fy, mizo_day as_of);
/* Location-based: the country's average, else grid_g_per_kwh of region.yaml. */
MIZO_API mizo_factor_found mizo_factor_location(const mizo_region *r, int fy, mizo_day as_of);
/* Wh x factor, rounded once, half up. MIZO_ERANGE. */
MIZO_API MIZO_MUST_USE mizo_err mizo_carbon_mg(mizo_wh wh, int64_t g_e6, mizo_mg *out);

/* t-CO2 of a fuel's unit in millionths, half up: gj x tc x 44 / 12. MIZO_ENOENT: no row holds on the day. */
MIZO_API MIZO_MUST_USE mizo_err mizo_fuel_factor(const mizo_region *r, const char *fuel, mizo_day day,
                                                 const mizo_fuel **row, int64_t *t_e6);
/* The row of marginal.csv at a price on a day; NULL: none holds. */
MIZO_API const mizo_marginal *mizo_marginal_at(const mizo_region *r, int32_t myen_per_kwh, mizo_day day);

/* ---- the area's mix: what generates a half-hour, and so what its average kWh stands for ---- */

/* The factor of each kind on a day, millionths of g/kWh: params.csv mix-factor by the kind's word; -1: no row. */
MIZO_API void mizo_mix_factors(const mizo_region *r, mizo_day day, int64_t g_e6[MIZO_MIX_COUNT]);
/* Generation-weighted mean of one half-hour, half up. kwh: MIZO_MISSING and what is not above 0 (pumping, charging,
 * export) do not count. MIZO_ENOENT: nothing counts, or a needed kind has no factor. */
MIZO_API MIZO_MUST_USE mizo_err mizo_mix_average(const int32_t kwh[MIZO_MIX_COUNT],
                                                 const int64_t g_e6[MIZO_MIX_COUNT], int64_t *out);
/* Where no half-hour of the area is known: its mix of a whole year, params.csv area-mix by the kind's word, as weights in
 * millionths that stand in for kWh. False: no row holds on the day; all weights are 0. */
MIZO_API bool mizo_mix_year(const mizo_region *r, mizo_day day, int32_t weight[MIZO_MIX_COUNT]);
/* What is left of it when the attributes that were sold to others are gone: each kind less its share area-claimed
 * (params.csv, 0..1; no row: nothing is claimed), rounded down. */
MIZO_API bool mizo_mix_residual(const mizo_region *r, mizo_day day, int32_t weight[MIZO_MIX_COUNT]);

#endif
