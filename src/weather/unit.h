/* unit.h: what one watt of panel gives, fast: for fits that ask it a million times. */
#ifndef WEATHER_UNIT_H
#define WEATHER_UNIT_H

#include "mizo/series.h"
#include "mizo/weather.h"

/* The sun and its sky at one instant, as a vector. */
typedef struct unit_ray {
    double east, north, up; /* up 0: the sun is down */
    double ghi, dni, dhi;
    double around; /* share of the diffuse that comes from around the sun (Hay and Davies) */
} unit_ray;

/* Where a panel looks. */
typedef struct unit_face {
    double east, north, up, sky, ground;
} unit_face;

typedef struct unit_place {
    double lat, lon;
    mizo_air air;
} unit_place;

enum { UNIT_RAYS = 3 }; /* to a half-hour */

unit_place unit_place_of(double lat, double lon, double elevation_m);
/* The rays of the slot under a sky of that clear-sky index; false: the sun is down in all of it. */
bool unit_slot(const unit_place *p, mizo_slot s, double index, unit_ray ray[UNIT_RAYS]);
unit_face unit_face_of(double tilt, double azimuth);
/* Mean AC of the slot, W, of one W of DC under the usual losses, no limit. */
double unit_ac(const unit_ray ray[UNIT_RAYS], const unit_face *f, double air_c);
/* Air of a temperate year at that latitude, where nobody measured it. */
double unit_usual_air_c(mizo_slot s, double lat);

/* The clear sky made as bright as index says, split into beam and diffuse. */
mizo_irradiance unit_sky(const mizo_sun *sun, const mizo_irradiance *clear, double index);

#endif
