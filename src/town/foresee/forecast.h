/* forecast.h: the half-hours of a point on the days to come, from what was known when the forecast was issued.
 *
 * History is read as of the issue instant, and no slot that ends after it: nothing later can change
 * a forecast. (Market prices are the exception that proves it: a day's prices are known before the
 * day; what was known is given as it is.) With `hindcast` readings that came to the store later are
 * used too, but still no slot that ends after the issue instant.
 *
 * Points are taken one at a time: what a point has learned is forgotten before the next one. */
#ifndef TOWN_FORECAST_H
#define TOWN_FORECAST_H

#include "town/foresee/foresee.h"
#include "town/foresee/town.h"

typedef struct forecast_ask {
    mizo_day day; /* the first day that is forecast */
    int days;     /* 1 .. MIZO_AHEAD; 0: 1 */
    mizo_ms issued;
    bool hindcast;
    const mizo_forecaster *load; /* one member for the demand; NULL: foresight */
    foresee_town *town;          /* every point that is forecast joins it; NULL: none. Borrowed */
    /* May change what was said of a point, NULL: nobody does. today: the day after those that were told; moved_in:
     * they are of another point, whose users move to this one. */
    void (*shape)(void *arg, mizo_ref point, mizo_day today, bool moved_in, foresee_out *said);
    void *arg;
} forecast_ask;

typedef struct forecast_point {
    mizo_ref point;
    foresee_out said; /* demand without batteries and vehicles; generation of all PV at the point */
} forecast_point;

typedef struct forecast_price {
    bool known;        /* every slot of the first day was known when the forecast was issued */
    int n;             /* slots: of the first day, the market's horizon */
    foresee_band said; /* milli-yen per kWh */
} forecast_price;

typedef struct forecast_desk forecast_desk;
/* Works for one store connection and one thread. NULL: out of memory. */
forecast_desk *forecast_desk_new(const mizo_region *r, store *s, const forecast_ask *ask);
void forecast_desk_free(forecast_desk *d);
/* MIZO_ENOENT: nothing was known to learn from; or the store's error. */
MIZO_MUST_USE mizo_err forecast_of_point(forecast_desk *d, mizo_ref point, forecast_point *out);
MIZO_MUST_USE mizo_err forecast_of_price(forecast_desk *d, forecast_price *out);
/* Keeps the first day of one as issued, in the open batch: series of the roles forecast-mean and forecast-p05
 * to forecast-p95, with the owners point (demand), point (generation, all its PV) and market (price). */
MIZO_MUST_USE mizo_err forecast_keep_point(forecast_desk *d, const forecast_point *p);
MIZO_MUST_USE mizo_err forecast_keep_price(forecast_desk *d, const forecast_price *p);

/* P10 and P90 of a slot, as they are shown: the mean lies between them. MIZO_MISSING where nothing was said. */
int32_t forecast_low(const foresee_band *b, int slot);
int32_t forecast_high(const foresee_band *b, int slot);
/* The role that a level of mizo_quantile is kept under. */
mizo_role forecast_role(int level);

/* Makes the points of ask.town add up with the town's own past and lays out its paths (1 .. MIZO_PATHS). */
MIZO_MUST_USE mizo_err forecast_join(forecast_desk *d, int npath);
/* alone: the town's own past does not move the points; it is not that of the days asked for. */
MIZO_MUST_USE mizo_err forecast_join_as(forecast_desk *d, int npath, bool alone);

/* Adds the points up. With a town that has been joined the sum and its levels are that town's; without one (a few
 * points, a single member) means add up, and of what each may be away from its mean at a level a third is taken as
 * common to all and the rest as its own. */
typedef struct forecast_total {
    int points, borrowed, silent; /* with a forecast; of these, borrowed from others; without */
    int n;
    int64_t mean[FORESEE_SLOTS], pv[FORESEE_SLOTS];
    double own[FORESEE_SLOTS][MIZO_QUANTILES], all[FORESEE_SLOTS][MIZO_QUANTILES];
    const foresee_town *town; /* NULL: none */
} forecast_total;
void forecast_add(forecast_total *t, const forecast_point *p);
void forecast_total_town(forecast_total *t, const foresee_town *joined); /* which must outlive it */
void forecast_total_levels(const forecast_total *t, int slot, int64_t q[MIZO_QUANTILES]);

#endif
