/* readers.h: weather as people, the Japan Meteorological Agency and forecast services hand it out
 * (docs/formats/weather.md). Pure.
 *
 * Temperatures by the hour are those at an instant; a series of step 60 keeps them under the hour that begins
 * then. Irradiance is the mean of its step. weather/halves.h makes half-hours of both. */
#ifndef WEATHER_READERS_H
#define WEATHER_READERS_H

#include "base/table.h"

extern const table_reader weather_own, weather_jma;
extern const table_reader *const weather_readers[]; /* ended by NULL, in the order of asking */

enum {
    WEATHER_COLDEST_CC = -9000,
    WEATHER_HOTTEST_CC = 7000,
    WEATHER_BRIGHTEST = 1500, /* W/m2: above the sun outside the atmosphere, clouds may focus */
    WEATHER_HOURS_MOST = 100000
};

/* "X is out of range; LEAST to MOST" at a field. Always MIZO_EINPUT. */
mizo_err weather_out_of_range(const csv_field *f, const char *least, const char *most, table_fault *fault);

/* The answer of a forecast service, hour by hour. */
typedef struct weather_hours {
    int n;
    mizo_ms *at;      /* [n] rising; whole minutes */
    int32_t *air_cc;  /* [n] at that instant, 0.01 C; MIZO_MISSING */
    int32_t *ghi_wm2; /* [n] mean of the hour that ends then; MIZO_MISSING */
    double lat, lon;  /* NAN: not said */
} weather_hours;

/* Reads the JSON of Open-Meteo's shape. All mistakes go to d, at their line and column of `file`. MIZO_EINPUT:
 * there was one; MIZO_ENOMEM. Then there is nothing to free. */
MIZO_MUST_USE mizo_err weather_open_meteo(const char *bytes, size_t n, const char *file, mizo_diags *d,
                                          weather_hours *out);
void weather_hours_free(weather_hours *h);

#endif
