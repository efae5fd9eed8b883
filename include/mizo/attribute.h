/* attribute.h: rows of a region about where power comes from, whose it is, and what CO2 it stands for.
 * Part of region.h. Files: pools.csv, pool-members.csv, biogenic.csv, factors.csv, fuels.csv, marginal.csv
 * (docs/formats/region.md, docs/formats/factors.md, docs/mechanisms/matching.md).
 */
#ifndef MIZO_ATTRIBUTE_H
#define MIZO_ATTRIBUTE_H

#include "mizo/trade.h"

/* What drives a plant. Only of waste is a share biogenic. */
typedef enum mizo_carrier {
    MIZO_CARRIER_WASTE,
    MIZO_CARRIER_SOLAR,
    MIZO_CARRIER_WIND,
    MIZO_CARRIER_HYDRO,
    MIZO_CARRIER_BIOMASS,
    MIZO_CARRIER_OTHER
} mizo_carrier;

/* Where power comes from, as seen by who uses it. */
typedef enum mizo_origin {
    MIZO_ORIGIN_OWN,     /* the own roof */
    MIZO_ORIGIN_WASTE,   /* a waste-to-energy plant of the town */
    MIZO_ORIGIN_TOWN,    /* roofs of others, other plants of the town, batteries */
    MIZO_ORIGIN_OUTSIDE, /* plants outside the town */
    MIZO_ORIGINS
} mizo_origin;

/* What a menu promises. BY_SHARE: 1 is RE, 0 nothing, else a mix. */
typedef enum mizo_promise {
    MIZO_PROMISE_BY_SHARE,
    MIZO_PROMISE_RE,        /* 再エネ100%: RE power and RE value for all kWh */
    MIZO_PROMISE_EFFECTIVE, /* 実質再エネ100%: any power, RE certificates for all kWh */
    MIZO_PROMISE_MIX,       /* renewable_share of the kWh with value */
    MIZO_PROMISE_NONE
} mizo_promise;

typedef enum mizo_pool_rule { MIZO_POOL_PRO_RATA, MIZO_POOL_PRIORITY, MIZO_POOL_CONTRACT } mizo_pool_rule;

/* Sources and consumers that are matched together; pools one after another by `order`, then id. */
typedef struct mizo_pool {
    const char *id, *name_ja, *name_en;
    int32_t order;
    mizo_pool_rule rule;
    mizo_day from, to;
} mizo_pool;

typedef enum mizo_member_by {
    MIZO_BY_ALL,
    MIZO_BY_ORIGIN, /* of a source: waste, in-town, out-of-town */
    MIZO_BY_SOURCE, /* id of a plant, or of the point under the panels */
    MIZO_BY_KIND,   /* of a facility that uses the point */
    MIZO_BY_GROUP,  /* public, private */
    MIZO_BY_MENU,
    MIZO_BY_PARTY,    /* of the contract of the day */
    MIZO_BY_CONTRACT, /* its id */
    MIZO_BY_POINT
} mizo_member_by;

typedef struct mizo_pool_member {
    mizo_ref pool;
    int8_t consumer; /* 1: takes from the pool; 0: gives into it */
    mizo_member_by by;
    const char *value; /* "": all */
    int32_t level;     /* of a priority pool: lower first */
    int32_t share_ppm; /* of a contract pool: share of what is offered; -1: not said */
    mizo_day from, to;
} mizo_pool_member;

/* Biogenic share of a plant in a time, with its evidence; in front of plants.csv's. */
typedef struct mizo_biogenic {
    mizo_ref plant;
    int32_t share_ppm;
    mizo_day from, to;
    const char *source;
    mizo_mark mark;
} mizo_biogenic;

typedef enum mizo_factor_kind {
    MIZO_FACTOR_RAW,         /* 未調整、実排出 */
    MIZO_FACTOR_BASIC,       /* 基礎 */
    MIZO_FACTOR_ADJUSTED,    /* 調整後 */
    MIZO_FACTOR_MENU,        /* メニュー別 */
    MIZO_FACTOR_RESIDUAL,    /* 残差 */
    MIZO_FACTOR_AVERAGE,     /* 全国平均 */
    MIZO_FACTOR_ALTERNATIVE, /* 代替値 */
    MIZO_FACTOR_KINDS
} mizo_factor_kind;

/* A factor of electricity as it was published on a day: a later row of the same key is a new vintage. */
typedef struct mizo_factor {
    mizo_ref supplier; /* -1: of the country */
    mizo_ref menu;     /* -1: of all */
    int32_t fy;        /* year of the results */
    mizo_factor_kind kind;
    int64_t g_e6; /* millionths of a g per kWh */
    mizo_day published;
    const char *source;
    mizo_mark mark;
} mizo_factor;

/* t-CO2 = quantity x gj x tc x 44 / 12. */
typedef struct mizo_fuel {
    const char *fuel, *name_ja, *unit;
    int64_t gj_e6; /* GJ a unit */
    int64_t tc_e6; /* t-C a GJ */
    mizo_day from, to;
    const char *source;
    mizo_mark mark;
} mizo_fuel;

/* A kWh more at a market price of [price_from, price_to) comes from this. */
typedef struct mizo_marginal {
    const char *fuel;
    int32_t price_from, price_to; /* milli-yen per kWh */
    int64_t g_e6;
    mizo_day from, to;
    const char *source;
    mizo_mark mark;
} mizo_marginal;

#endif
