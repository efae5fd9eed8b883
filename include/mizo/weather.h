/* weather.h: the sun, the sky, what a panel gives. Pure.
 *
 * Angles in degrees, azimuth clockwise from north, irradiance in W/m2, power in
 * W. Instants are the middle of the step that they stand for.
 */
#ifndef MIZO_WEATHER_H
#define MIZO_WEATHER_H

#include "mizo/slot.h"

typedef struct mizo_sun {
    double zenith, azimuth; /* degrees; zenith without refraction */
    double extra_wm2;       /* extraterrestrial normal irradiance */
} mizo_sun;

/* Position of the sun within 0.1 degree (light algorithm; source in sun.c). */
MIZO_API mizo_sun mizo_sun_at(mizo_ms t, double lat_deg, double lon_deg);

/* Haurwitz clear-sky global horizontal irradiance: 1098 cos z exp(-0.059 / cos z). */
MIZO_API double mizo_clear_ghi(double zenith);

/* Erbs: splits global horizontal into direct normal and diffuse horizontal. */
MIZO_API void mizo_erbs(double ghi, const mizo_sun *sun, double *dni, double *dhi);

/* Plane-of-array irradiance, isotropic sky, albedo 0.2. */
MIZO_API double mizo_poa(double ghi, double dni, double dhi, const mizo_sun *sun, double tilt,
                         double azimuth);

typedef struct mizo_panel {
    double dc_w, ac_w; /* nameplate DC, inverter AC limit */
    double tilt, azimuth;
} mizo_panel;

/* Mean AC power over a half-hour slot, W, from the clear-sky index (GHI / clear
 * GHI, 0..1.3) and the air temperature. PVWatts DC, PVsyst cell temperature,
 * 14 % losses, inverter clipping. >= 0. */
MIZO_API double mizo_pv_slot_w(const mizo_panel *p, mizo_slot s, double lat, double lon, double clear_index,
                               double air_c);

/* The same from a sun that is known already: one sun serves a whole town. */
MIZO_API double mizo_pv_sun_w(const mizo_panel *p, const mizo_sun *sun, double clear_index, double air_c);

/* ---- the steps of it ---- */
/* PVsyst cell temperature, degree C: mounted free, no wind term. */
MIZO_API double mizo_cell_c(double poa, double air_c, double wind_ms);
/* PVWatts array, W: dc_w at 1000 W/m2 and 25 C; gamma per degree, below 0. */
MIZO_API double mizo_array_w(double poa, double cell_c, double dc_w, double gamma);
/* PVWatts inverter, W: dc0_w the DC power at which the AC limit nominal * dc0_w is reached. */
MIZO_API double mizo_inverter_w(double dc_w, double dc0_w, double nominal);

#endif
