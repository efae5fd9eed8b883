/* forecast.h: what will be. A forecaster is a constant table of functions. Pure.
 *
 * A forecaster sees only what the caller hands it: the caller (town/) hands
 * values that were known at the issue instant and no later ones.
 */
#ifndef MIZO_FORECAST_H
#define MIZO_FORECAST_H

#include "mizo/number.h"
#include "mizo/series.h"
#include "mizo/weather.h"

/* The levels of a forecast distribution: 0.05, 0.1, 0.2 ... 0.9, 0.95. */
enum { MIZO_QUANTILES = 11, MIZO_Q10 = 1, MIZO_Q50 = 5, MIZO_Q90 = 9 };
MIZO_API extern const double mizo_quantile[MIZO_QUANTILES];

/* History of one series: consecutive local days, oldest first, ending with the
 * day before `day` or with the part of `day` that is known already. */
typedef struct mizo_history {
    mizo_day first; /* local day of v[0..48) */
    int ndays;
    const int32_t *v; /* [ndays * 48], MIZO_MISSING where unknown */
} mizo_history;

/* What is known of the series itself. Unknown panels: dc_w 0. */
typedef struct mizo_forecast_about {
    int offset;
    double lat, lon;
    mizo_panel panel;      /* for generation */
    const int32_t *air_cc; /* [48 * ndays_out] forecast temperature, 0.01 C; NULL: none */
    const int32_t
        *ghi_wm2; /* [48 * ndays_out] forecast global irradiance, MIZO_MISSING unknown; NULL: none */
    const int32_t *past_ghi_wm2; /* [48 * ndays of the history] what was forecast of the irradiance of those
                                    days, so that it is trusted as it deserved; NULL: it was not kept */
} mizo_forecast_about;

/* n slots from the first slot of `day`; all arrays [n], W-equivalent unit of the
 * history (Wh a slot). p10 <= mean-ish <= p90 never cross; all >= 0 unless the
 * history has negatives. */
typedef struct mizo_forecast {
    int n;
    int32_t *mean, *p10, *p90;
    int32_t *q; /* [n * MIZO_QUANTILES], slot by slot, never falling; NULL: not wanted */
} mizo_forecast;

typedef struct mizo_forecaster {
    const char *name; /* "similar-day", "sun-sky", "last-week" */
    const char *title_en, *title_ja;
    mizo_quantity serves; /* MIZO_Q_IMPORT stands for any load */
    /* Fills out for out->n slots from local day `day`, slot 0. Days of the history
     * on or after `day` hold only slots that are already known. MIZO_ENOENT:
     * nothing to learn from (out is filled with MIZO_MISSING). */
    mizo_err (*run)(const mizo_history *h, const mizo_forecast_about *about, mizo_day day,
                    mizo_forecast *out);
} mizo_forecaster;

extern const mizo_forecaster mizo_forecaster_similar_day; /* load: days of the same type, season, recency */
extern const mizo_forecaster mizo_forecaster_last_week;   /* the naive member */
extern const mizo_forecaster mizo_forecaster_sun_sky;     /* PV: sun, recent sky, panel */
extern const mizo_forecaster mizo_forecaster_price;       /* market price by similar days */
MIZO_API const mizo_forecaster *const *mizo_forecasters(void); /* ended by NULL */

/* ---- prices, told day by day: mizo_forecaster_price for who asks every day. Milli-yen per kWh, 48 a day. ---- */
typedef struct mizo_pricer mizo_pricer;
/* Lives once through the history (604 days of it are looked at) and says afterwards what
 * mizo_forecaster_price would say, but for its scale, which stays that of the beginning. MIZO_ENOENT: nothing to
 * learn from. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_pricer_new(const mizo_history *h, mizo_pricer **out);
MIZO_API void mizo_pricer_free(mizo_pricer *p);          /* NULL is fine */
MIZO_API mizo_day mizo_pricer_day(const mizo_pricer *p); /* the day after the last one that was told */
/* price[48] of that day, MIZO_MISSING where unknown. */
MIZO_API void mizo_pricer_learn(mizo_pricer *p, const int32_t *price);
/* mean[48 * ndays], up to 16 days from that day on. known[48 * ndays], or NULL: what has been published of them, which
 * stands, and stands in for the days after it; MIZO_MISSING elsewhere. Fits the regressions anew. */
MIZO_API void mizo_pricer_say(mizo_pricer *p, const int32_t *known, int ndays, int32_t *mean);

/* Corrects the rest of a day in place from what has happened since midnight:
 * actual[0..now) against issued[0..now); the correction fades over some hours. */
MIZO_API void mizo_forecast_intraday(const int32_t *actual, const int32_t *issued, int now, int n,
                                     int32_t *mean);

/* ---- the sun: what a town needs beside the forecaster "sun-sky". docs/mechanisms/pv.md ---- */

/* The day in hand. io: slots from slot 0 of `day`, as issued at midnight (mean, p10, p90; q if not NULL).
 * Slots [now, n) of io are rewritten from happened[0..now) (Wh, MIZO_MISSING unknown, or held back by an order
 * that the caller knows of): they move and narrow, by how far the forecasts of the sky of the same day were
 * found to hang together. Held and switched-off half-hours that the panel of `about` shows are left out.
 * Remembers nothing: each call starts from what was issued at midnight. */
MIZO_API void mizo_sun_within(const mizo_forecast_about *about, mizo_day day, const int32_t *happened,
                              int now, mizo_forecast *io);

typedef enum mizo_panel_origin {
    MIZO_PANEL_LISTED,  /* as the site list has it */
    MIZO_PANEL_FITTED,  /* the list is silent, or plainly wrong: another direction, far too small */
    MIZO_PANEL_UNKNOWN, /* silent, and too little output to tell: dc_w 0 */
} mizo_panel_origin;
typedef struct mizo_sun_choice {
    mizo_panel panel; /* what to forecast with */
    mizo_panel_origin origin;
    double listed_miss,
        fitted_miss; /* typical distance of clear half-hours, share of the highest; NAN unknown */
} mizo_sun_choice;
/* Which panel to believe: from as long a history as there is (a year; at least 30 days with output). Some 2 ms a
 * year of it, and 20 ms more where the list is silent or suspect: for when a site is opened, not for every day.
 * about->panel: the listed one. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_sun_panel(const mizo_history *h, const mizo_forecast_about *about,
                                               mizo_sun_choice *out);

/* ---- behind the meter: a site that shows only import - export ----
 * Splits a net history (signed Wh) into load and panels: load[i] - pv[i] = v[i], both >= 0, [h->ndays * 48] each;
 * MIZO_MISSING stays so. The capacity is the listed one (about->panel), or is found (mizo_behind_find; nothing
 * found: 0, and pv is what was exported). index: clear-sky index of each slot as a plant near by saw it
 * (mizo_pv_index), or NULL: taken from the dips of the net load, coarser. At issue give no day after the last
 * known one. MIZO_ENOENT: nothing listed and fewer than 30 days. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_net_apart(const mizo_history *h, const mizo_forecast_about *about,
                                               const float *index, int32_t *load, int32_t *pv,
                                               mizo_behind *found);
/* net = load - pv with its own quantiles, signed. together: correlation of what the two forecasts miss
 * (-0.95..0.95, 0 if not known). All three have n slots; missing where one is. */
MIZO_API void mizo_net_of(const mizo_forecast *load, const mizo_forecast *pv, double together,
                          mizo_forecast *net);

/* ---- learners: one series, rolled forward day by day ----
 * A learner is told a day at a time, oldest first, and forecasts the day after what it was told: it cannot
 * see further. Values are doubles in the caller's unit; NAN is missing. Members (yesterday, last week, the
 * usual day of the kind, robust ridge regressions of three memories) are weighted per part of the day by
 * what each of them missed. Same calls, same bits. docs/mechanisms/forecast.md */
typedef struct mizo_learner mizo_learner;

/* mizo_daytype: working day, Saturday, holiday, quiet day (Obon, New Year); and a working day outside term. */
enum { MIZO_LEARN_KINDS = 5, MIZO_KIND_RECESS = 4 };

/* How much is spent on one series. Lean: a site of a thousand (some 40 kB, 1 ms to warm up from months of
 * half-hours). Rich: a town's sum, an area, a price. */
typedef enum mizo_recipe { MIZO_RICH, MIZO_LEAN } mizo_recipe;

typedef struct mizo_learn_task {
    size_t size;  /* sizeof this struct */
    int slots;    /* values a day, 1..288 */
    int inputs;   /* further values a slot that are known when the forecast is issued, 0..32 */
    int fit_days; /* days between fits of the regressions; 0: 7 */
    mizo_recipe recipe;
} mizo_learn_task;

typedef struct mizo_learn_day {
    mizo_day day;
    int kind;            /* 0 .. MIZO_LEARN_KINDS - 1 */
    const double *input; /* [slots * inputs], NULL if there are none */
} mizo_learn_day;

MIZO_API mizo_learner *mizo_learner_new(const mizo_learn_task *task); /* NULL: out of memory or range */
MIZO_API void mizo_learner_free(mizo_learner *l);                     /* NULL is fine */
MIZO_API size_t mizo_learner_bytes(const mizo_learner *l);            /* all that it holds */
/* mean[slots] of a day after all that was learned: the middle, which halves its misses (the mean of a peaky series
 * lies higher: mizo_foresight moves it there); NAN while nothing was. Changes no later forecast. */
MIZO_API void mizo_learner_forecast(mizo_learner *l, const mizo_learn_day *day, double *mean);
/* The n days (1..8) from day[0] on, mean[n * slots]: what is said of a day stands in for it when the next is
 * said. Changes no later forecast. */
MIZO_API void mizo_learner_ahead(mizo_learner *l, const mizo_learn_day *day, int n, double *mean);
/* What a learner would believe of a day, before it is told it: believed[slots], NAN where a meter is plainly stuck
 * (the same value for far longer than this series is used to) or a value is far above all that was seen. How
 * many were known and are not believed. mizo_learner_learn does the same by itself. */
MIZO_API int mizo_learner_clean(const mizo_learner *l, const double *actual, double *believed);
/* actual[slots] of that day. Days follow one another; a day left out counts as missing. Days far from what is
 * usual are held back; when three in a row are off by the same factor, all that is known moves by it. */
MIZO_API void mizo_learner_learn(mizo_learner *l, const mizo_learn_day *day, const double *actual);

/* ---- pools: what a new site borrows from the others ----
 * One regression over all sites, each in multiples of its own level over its last fourteen days. A site's own
 * days are left out of what it is told: it may be as new as it likes. */
typedef struct mizo_pool mizo_pool;

enum { MIZO_POOL_DAYS = 14 };

typedef struct mizo_pool_view {
    mizo_day day;
    int kind;
    const double *past; /* [MIZO_POOL_DAYS * slots], oldest first, ending with the day before; NAN: missing */
    int past_kind[MIZO_POOL_DAYS];
} mizo_pool_view;

/* sites 0: many sites that come and go; nobody's own days are left out, `site` is not looked at, and a pool of 48
 * slots takes 270 kB. One for each kind and size of sites. NULL: out of memory or range. */
MIZO_API mizo_pool *mizo_pool_new(int slots, int sites);
MIZO_API void mizo_pool_free(mizo_pool *p); /* NULL is fine */
/* Fits what every site is told from the days learned so far. */
MIZO_API void mizo_pool_fit(mizo_pool *p);
/* mean[slots]; NAN where the site has shown nothing. */
MIZO_API void mizo_pool_forecast(const mizo_pool *p, int site, const mizo_pool_view *v, double *mean);
MIZO_API void mizo_pool_learn(mizo_pool *p, int site, const mizo_pool_view *v, const double *actual);

/* ---- newcomers: the pool until the site's own learner has earned trust ----
 * What both missed over the last weeks decides. Starts as all 0. */
typedef struct mizo_newcomer {
    double own, pool; /* missed, older days count less */
    int days;         /* judged */
} mizo_newcomer;

/* Share of the site's own learner, 0..1. 0 until both have been judged for ten days. 1: the pool is no longer
 * needed, the site has grown up. */
MIZO_API double mizo_newcomer_share(const mizo_newcomer *n);
/* mean[slots] of both; where one is NAN, the other. True: some of it is borrowed, say so. */
MIZO_API bool mizo_newcomer_mix(const mizo_newcomer *n, int slots, const double *own, const double *pool,
                                double *mean);
/* What both had said of a day, and what happened. */
MIZO_API void mizo_newcomer_learn(mizo_newcomer *n, int slots, const double *own, const double *pool,
                                  const double *actual);

#endif
