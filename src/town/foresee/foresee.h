/* foresee.h: the forecasters of one point of the town: demand and the sun on its roof, told days and asked for
 * days. The closed loop, the live town, `mizo forecast`, `mizo plan` and the score all forecast here, so that
 * they say alike.
 *
 * Told from the store (foresee_warm, as it was known at an instant) or day by day by whoever runs the town. It
 * allocates when it is made and never later; foresee_say and foresee_now touch nothing but itself, so that
 * points can be asked on any number of threads. */
#ifndef TOWN_FORESEE_H
#define TOWN_FORESEE_H

#include "mizo/foresight.h"
#include "mizo/region.h"
#include "store/store.h"

enum {
    FORESEE_SLOTS = MIZO_AHEAD * MIZO_DAY_SLOTS,
    FORESEE_WARM = 150 /* days that it is told when it wakes: two seasons of weeks */
};

/* Wh of each half-hour, in quantiles that never cross; MIZO_MISSING where nothing could be said. */
typedef struct foresee_band {
    int32_t mean[FORESEE_SLOTS], q[FORESEE_SLOTS][MIZO_QUANTILES];
} foresee_band;

typedef struct foresee_out {
    int n; /* slots: 48 * days asked for */
    bool has_demand, has_pv;
    bool borrowed; /* too new: the demand leans on sites of its kind and size */
    foresee_band demand, pv;
} foresee_out;

/* What was expected of the weather for the days that are asked for; NULL members: nothing known. */
enum { FORESEE_SUN = 60 }; /* days of the sun that are remembered */
typedef struct foresee_weather {
    const int32_t *air_cc, *ghi_wm2; /* [n] 0.01 C, W/m2; MIZO_MISSING where unknown */
    const int32_t *past_ghi_wm2;     /* [48 * FORESEE_SUN] what had been forecast of the days before the
                                        first that is asked for; NULL: not kept */
} foresee_weather;

typedef struct foresee foresee;

/* NULL: out of memory. The region must outlive it. */
foresee *foresee_new(const mizo_region *r, mizo_ref point);
void foresee_free(foresee *f); /* NULL is fine */
/* Before it is told anything: it is to look at the weather, that of the days which foresee_warm tells is in w (may
 * be NULL, or without a forecast: then it does not look). From then on who tells and asks gives the weather. */
typedef struct weather_days weather_days;
MIZO_MUST_USE mizo_err foresee_use(foresee *f, const weather_days *w);
size_t foresee_bytes(const foresee *f);
/* Tells it all that the store knew at `as_of` (STORE_LATEST: knows) of the days before `until`: as many as it
 * remembers. MIZO_ENOENT: nothing; or the store's error. */
MIZO_MUST_USE mizo_err foresee_warm(foresee *f, store *s, mizo_day until, mizo_ms as_of);
/* The same from readings that somebody has already, demand[days * 48] and pv[days * 48] or NULL: from the first
 * to the last day of which anything is known. MIZO_ENOENT: of none. */
MIZO_MUST_USE mizo_err foresee_tell(foresee *f, mizo_day first, int days, const int32_t *demand,
                                    const int32_t *pv);
/* Can it go on as the forecaster of that point in the next model? False: it is another point, or its panels are
 * others. foresee_move: it does. */
bool foresee_fits(const foresee *f, const mizo_region *r, mizo_ref point);
void foresee_move(foresee *f, const mizo_region *r, mizo_ref point);
/* The first day that was told, of those that it still remembers, and that a batch after `batch` has changed since;
 * MIZO_DAY_NONE: none. Who finds one makes it anew. */
MIZO_MUST_USE mizo_err foresee_changed(const foresee *f, store *s, int64_t batch, mizo_day *day);
/* What the sun is forecast with: the listed panels, or, where these are plainly wrong, what the past that was told
 * says they are. Of a point with panels that was told something. */
mizo_panel_origin foresee_panel_used(const foresee *f, mizo_panel *panel);
/* A finished day, [48] each, MIZO_MISSING where unknown; pv NULL: none. met: the weather that was. */
void foresee_learn(foresee *f, mizo_day day, const int32_t *demand, const int32_t *pv,
                   const foresee_weather *met);
/* ndays from `day` on, which follows what was told. */
void foresee_say(foresee *f, mizo_day day, int ndays, const foresee_weather *expected, foresee_out *out);
/* The same at slot `now` of `day`: demand[0..now) and pv[0..now) have happened. */
void foresee_now(foresee *f, mizo_day day, int ndays, const foresee_weather *expected, const int32_t *demand,
                 const int32_t *pv, int now, foresee_out *out);
/* For joint scenarios and alarms: mizo_foresight_ranks, mizo_foresight_miss of the demand. NULL/false: not yet. */
const uint8_t *foresee_ranks(const foresee *f, int age);
bool foresee_miss(const foresee *f, double *latest, double *usual);

/* Quantiles of n slots for a forecaster that gives only a mean and a band: two halves of a bell around the mean,
 * through p10 and p90; nothing below 0. */
void foresee_quantiles(const int32_t *mean, const int32_t *p10, const int32_t *p90, int n,
                       int32_t q[][MIZO_QUANTILES]);

#endif
