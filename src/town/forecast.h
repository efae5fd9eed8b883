/* forecast.h: tomorrow's half-hours of a point, from what was known when the forecast was issued.
 *
 * History is read as of the issue instant, and no slot that ends after it: nothing later can change
 * a forecast. (Market prices are the exception that proves it: a day's prices are known before the
 * day; what was known is given as it is.) With `hindcast` readings that came to the store later are
 * used too, but still no slot that ends after the issue instant. */
#ifndef TOWN_FORECAST_H
#define TOWN_FORECAST_H

#include "mizo/forecast.h"
#include "mizo/region.h"
#include "store/store.h"

typedef struct forecast_ask {
    mizo_day day; /* the day that is forecast */
    mizo_ms issued;
    bool hindcast;
    const mizo_forecaster *load; /* NULL: similar-day */
} forecast_ask;

/* Wh of each half-hour, MIZO_MISSING where nothing could be said. */
typedef struct forecast_band {
    int32_t mean[MIZO_DAY_SLOTS], p10[MIZO_DAY_SLOTS], p90[MIZO_DAY_SLOTS];
} forecast_band;

typedef struct forecast_point {
    mizo_ref point;
    bool has_demand, has_pv;
    forecast_band demand, pv; /* demand without batteries and vehicles; generation of all PV at the point */
} forecast_point;

typedef struct forecast_price {
    bool known;          /* every slot of the day was known when the forecast was issued */
    forecast_band price; /* milli-yen per kWh */
} forecast_price;

typedef struct forecast_desk forecast_desk;
/* Works for one store connection and one thread. NULL: out of memory. */
forecast_desk *forecast_desk_new(const mizo_region *r, store *s, const forecast_ask *ask);
void forecast_desk_free(forecast_desk *d);
/* MIZO_ENOENT: nothing was known to learn from; or the store's error. */
MIZO_MUST_USE mizo_err forecast_of_point(forecast_desk *d, mizo_ref point, forecast_point *out);
MIZO_MUST_USE mizo_err forecast_of_price(forecast_desk *d, forecast_price *out);
/* Keeps one as issued, in the open batch: series of the roles forecast-mean, -p10 and -p90, with
 * the owners point (demand), point (generation, all its PV) and market (price). */
MIZO_MUST_USE mizo_err forecast_keep_point(forecast_desk *d, const forecast_point *p);
MIZO_MUST_USE mizo_err forecast_keep_price(forecast_desk *d, const forecast_price *p);

/* Adds the points' bands to a town's: means add up; of what each may miss, a third is taken as
 * common to all and the rest as their own. */
typedef struct forecast_total {
    int points, silent; /* with a forecast, without */
    int64_t mean[MIZO_DAY_SLOTS], pv[MIZO_DAY_SLOTS];
    double own_low[MIZO_DAY_SLOTS], own_high[MIZO_DAY_SLOTS], all_low[MIZO_DAY_SLOTS],
        all_high[MIZO_DAY_SLOTS];
} forecast_total;
void forecast_add(forecast_total *t, const forecast_point *p);
void forecast_total_band(const forecast_total *t, int slot, int64_t *p10, int64_t *p90);

#endif
