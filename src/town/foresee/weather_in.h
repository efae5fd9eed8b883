/* weather_in.h: the weather of the town, by half-hours: what was measured, and what was expected, as it was
 * known at an instant. docs/mechanisms/weather.md
 *
 * Readings and forecasts have the owner region->weather_station, or the region's id where that is blank. A
 * service's own model of the past has the owner WEATHER_MODEL and stands in where nothing was measured. */
#ifndef TOWN_WEATHER_IN_H
#define TOWN_WEATHER_IN_H

#include "mizo/foresight.h"
#include "mizo/region.h"
#include "store/store.h"

#define WEATHER_MODEL "weather-model"
enum { WEATHER_SLOTS = MIZO_AHEAD * MIZO_DAY_SLOTS };

typedef enum weather_source {
    WEATHER_NONE,       /* nothing is known */
    WEATHER_FORECAST,   /* issued not long ago: a day, or twice the time between two askings */
    WEATHER_LAST_GOOD,  /* an older one that still speaks of this slot */
    WEATHER_CLIMATOLOGY /* mean of the same slot within a week of the day, over the years that were measured */
} weather_source;
const char *weather_source_text(weather_source s); /* "forecast", "last-good", "climatology", "none" */

typedef struct weather_ask {
    const mizo_region *region;
    store *store;
    mizo_ms issued; /* nothing that became known or happened after it is looked at ... */
    bool hindcast;  /* ... but for readings of before it that were brought later */
} weather_ask;

typedef struct weather_row {
    int32_t v[WEATHER_SLOTS];       /* MIZO_MISSING: unknown */
    uint8_t from[WEATHER_SLOTS];    /* weather_source */
    int32_t age_min[WEATHER_SLOTS]; /* of the forecast at `issued`, minutes; MIZO_MISSING: no forecast */
} weather_row;

typedef struct weather_slots {
    int n;           /* slots: 48 * days asked for */
    weather_row air; /* 0.01 C, mean of the slot */
    weather_row ghi; /* global horizontal, W/m2, mean of the slot */
} weather_slots;

/* ndays (1..MIZO_AHEAD) from `day` on. MIZO_OK also where nothing is known; MIZO_ERANGE, MIZO_ENOMEM, or the
 * store's error. */
MIZO_MUST_USE mizo_err weather_expected(const weather_ask *a, mizo_day day, int ndays, weather_slots *out);
/* Only what was forecast; the rest is unknown. */
MIZO_MUST_USE mizo_err weather_forecasts(const weather_ask *a, mizo_day day, int ndays, weather_slots *out);
/* What was measured, air[48 * ndays] and ghi[48 * ndays]; MIZO_MISSING where it was not, and after `issued`. */
MIZO_MUST_USE mizo_err weather_met(const weather_ask *a, mizo_day day, int ndays, int32_t *air, int32_t *ghi);

#endif
