/* series.h: one point, one quantity, one unit, one step.
 *
 * A day of a series is a block: n int32 values and a quality each. INT32_MIN is
 * missing; missing is not zero. Readings, forecasts, plans, prices and
 * intensities all have this shape, in memory and in the store. All flows are
 * >= 0, their direction is in the quantity; only MIZO_Q_NET is signed, import
 * positive. A meter's two registers are never netted.
 */
#ifndef MIZO_SERIES_H
#define MIZO_SERIES_H

#include "mizo/slot.h"

#define MIZO_MISSING INT32_MIN
enum { MIZO_BLOCK_MAX = 1440 }; /* one-minute steps of a day */

/* The letters are stored: never renumber. X(NAME, number, "text id") */
#define MIZO_QUANTITIES(X)                                                                                   \
    X(IMPORT, 1, "import")         /* from the grid into the site */                                         \
    X(EXPORT, 2, "export")         /* from the site into the grid */                                         \
    X(GENERATION, 3, "generation") /* AC output of a PV plant or turbine */                                  \
    X(CHARGE, 4, "charge")         /* AC into a battery or vehicle */                                        \
    X(DISCHARGE, 5, "discharge")                                                                             \
    X(NET, 6, "net")                  /* signed, import positive */                                          \
    X(DEMAND, 7, "demand")            /* what the site itself uses, without storage */                       \
    X(PRICE, 8, "price")              /* milli-yen per kWh */                                                \
    X(INTENSITY, 9, "intensity")      /* g per kWh */                                                        \
    X(TEMPERATURE, 10, "temperature") /* 0.01 degree C */                                                    \
    X(IRRADIANCE, 11, "irradiance")   /* global horizontal, W/m2 */                                          \
    X(SOC, 12, "soc")                 /* stored energy at the end of the step, Wh */                         \
    X(CURTAILED, 13, "curtailed")                                                                            \
    X(CLOUD, 14, "cloud") /* clear-sky index, 0.001 */                                                       \
    X(UNSERVED, 15, "unserved")                                                                              \
    X(VEHICLE, 16, "vehicle")     /* AC into vehicles */                                                     \
    X(RUN, 17, "run")             /* taken by loads that wait, then run through */                           \
    X(GIVEN, 18, "given")         /* AC out of vehicles */                                                   \
    X(STORE_IN, 19, "store-in")   /* AC into stores that are no batteries: hot water, hydrogen */            \
    X(STORE_OUT, 20, "store-out") /* AC out of them */                                                       \
    X(HELD, 21, "held")           /* in them at the end of the step, Wh */                                   \
    X(DRAWN, 22, "drawn")         /* out of a store for its own purpose */

typedef enum mizo_quantity {
#define X(name, number, text) MIZO_Q_##name = number,
    MIZO_QUANTITIES(X)
#undef X
} mizo_quantity;
MIZO_API const char *mizo_quantity_text(mizo_quantity q); /* NULL: unknown */
MIZO_API MIZO_MUST_USE mizo_err mizo_quantity_parse(const char *s, mizo_quantity *q);

/* Where a series comes from: a reading, or a forecast or plan as issued. Stored. */
#define MIZO_ROLES(X)                                                                                        \
    X(READING, 0, "reading")                                                                                 \
    X(FORECAST_MEAN, 1, "forecast-mean") /* as issued at midnight */                                         \
    X(FORECAST_P10, 2, "forecast-p10")                                                                       \
    X(FORECAST_P90, 3, "forecast-p90")                                                                       \
    X(PLAN_MIDNIGHT, 4, "plan-midnight")                                                                     \
    X(PLAN_DISPATCHED, 5, "plan-dispatched")                                                                 \
    X(CONTROL, 6, "control")           /* what the devices did, as measured */                               \
    X(FORECAST_P05, 7, "forecast-p05") /* further levels of the same forecasts */                            \
    X(FORECAST_P20, 8, "forecast-p20")                                                                       \
    X(FORECAST_P30, 9, "forecast-p30")                                                                       \
    X(FORECAST_P40, 10, "forecast-p40")                                                                      \
    X(FORECAST_P50, 11, "forecast-p50")                                                                      \
    X(FORECAST_P60, 12, "forecast-p60")                                                                      \
    X(FORECAST_P70, 13, "forecast-p70")                                                                      \
    X(FORECAST_P80, 14, "forecast-p80")                                                                      \
    X(FORECAST_P95, 15, "forecast-p95")                                                                      \
    X(PLAN_DAY_AHEAD, 16,                                                                                    \
      "plan-day-ahead") /* the town's purchase when the exchange closed, sold below zero */

typedef enum mizo_role {
#define X(name, number, text) MIZO_ROLE_##name = number,
    MIZO_ROLES(X)
#undef X
} mizo_role;

/* Evidence of one value. Stored in two bits and up: never renumber. */
#define MIZO_QUALITIES(X)                                                                                    \
    X(MEASURED, 0, "measured")                                                                               \
    X(PROVISIONAL, 1, "provisional")                                                                         \
    X(ESTIMATED, 2, "estimated")                                                                             \
    X(FILLED, 3, "filled") /* by a named rule */                                                             \
    X(SPLIT, 4, "split")   /* part of a known total */                                                       \
    X(SIMULATED, 5, "simulated")                                                                             \
    X(MANUAL, 6, "manual") /* entered by hand */                                                             \
    X(ABSENT, 7, "missing")

typedef enum mizo_quality {
#define X(name, number, text) MIZO_QUALITY_##name = number,
    MIZO_QUALITIES(X)
#undef X
} mizo_quality;
MIZO_API const char *mizo_quality_text(mizo_quality q);
MIZO_API const char *mizo_role_text(mizo_role r);

/* What a series is. `owner` is the text id of a point, asset, plant or market. */
enum { MIZO_ID_MAX = 41 }; /* [a-z0-9-]{1,40} and NUL */
typedef struct mizo_series_key {
    char owner[MIZO_ID_MAX];
    uint8_t quantity; /* mizo_quantity */
    uint8_t role;     /* mizo_role */
    int8_t exponent;  /* the value counts 10^exponent of the quantity's unit: 2 = units of 100 Wh */
    uint8_t spare;
    int16_t step_min; /* 30; 1, 5, 15, 60 too: divides 1440 */
} mizo_series_key;

/* One day of a series. n = 1440 / step_min. The arrays are the caller's. */
typedef struct mizo_block {
    int n;
    int32_t *v; /* [n], MIZO_MISSING where there is none */
    uint8_t *q; /* [n] mizo_quality; MIZO_QUALITY_ABSENT exactly where v is missing */
} mizo_block;

/* True for [a-z0-9-]{1,40}. */
MIZO_API bool mizo_id_valid(const char *s, size_t n);

/* ---- the stored form: docs/formats/block.md ----
 * Packs values and qualities; returns the length, 0 if cap is too small.
 * MIZO_PACK_MAX is always enough. */
enum { MIZO_PACK_MAX = 16 + MIZO_BLOCK_MAX * 5 + MIZO_BLOCK_MAX };
MIZO_API size_t mizo_block_pack(const mizo_block *b, uint8_t *out, size_t cap);
/* Unpacks; b->v and b->q hold at least b->n values; the packed n must equal b->n.
 * b->q may be NULL. MIZO_EINPUT: not a block, or of another n. */
MIZO_API MIZO_MUST_USE mizo_err mizo_block_unpack(const uint8_t *p, size_t len, mizo_block *b);
/* n of a packed block, 0 if it is none. */
MIZO_API int mizo_block_count(const uint8_t *p, size_t len);

#endif
