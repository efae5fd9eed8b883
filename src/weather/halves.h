/* halves.h: hours of weather as half-hours. Pure.
 *
 * Temperature: hours are instants, so a half-hour has the mean of the straight line between two of them:
 * 3/4 of the nearer, 1/4 of the other. Irradiance: an hour is a mean, and its two halves share its energy as
 * the clear sky would have it (one clear-sky index for the hour), so that sunrise comes when it does. */
#ifndef WEATHER_HALVES_H
#define WEATHER_HALVES_H

#include "mizo/series.h"

typedef struct weather_place {
    double lat, lon;
} weather_place;

/* hour[n + 1], of which the last is the instant at the end (MIZO_MISSING is fine); half[2 * n]. A half-hour
 * beside one unknown instant has the other's. */
void weather_halves_air(const int32_t *hour, int n, int32_t *half);
/* hour[n] W/m2, the first beginning with slot `first`; half[2 * n]: the sum of a pair is twice its hour. */
void weather_halves_ghi(const int32_t *hour, int n, mizo_slot first, weather_place p, int32_t *half);
/* Clear-sky indices in thousandths to W/m2, in place. */
void weather_index_ghi(int32_t *half, int n, mizo_slot first, weather_place p);
/* Mean of the clear sky's global irradiance over a slot, W/m2. */
double weather_clear_slot(mizo_slot s, weather_place p);
/* Unknown slots in which the sun does not rise at all are 0. */
void weather_fill_night(int32_t *ghi, int n, mizo_slot first, weather_place p);

#endif
