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

/* ---- the sun to 0.0003 degree ----
 * Reda and Andreas, Solar Position Algorithm for Solar Radiation Applications,
 * NREL/TP-560-34302 (2003, revised 2008). Some 200 cosines an instant: for fits,
 * validation and reports; mizo_sun_at is enough to dispatch. */
typedef struct mizo_spa_place {
    double lat, lon, elevation_m;
    double pressure_mbar, air_c; /* of the year, for the refraction */
    double delta_t_s;            /* terrestrial time - UT1: 67 in 2003, 69 in 2020 */
    double refraction;           /* at sunrise and sunset, 0.5667 degree */
} mizo_spa_place;

typedef struct mizo_spa {
    double julian_day;
    double longitude, latitude, radius; /* heliocentric L, B (degrees), R (AU) */
    double nutation_longitude, nutation_obliquity, obliquity, apparent_longitude;
    double ascension, declination, hour_angle;                /* from the middle of the earth */
    double seen_ascension, seen_declination, seen_hour_angle; /* from the place */
    double altitude;                                          /* without refraction */
    double zenith;                                            /* with refraction */
    double azimuth;
} mizo_spa;

/* Standard atmosphere at the elevation, 15 C, delta T of 2020. */
MIZO_API mizo_spa_place mizo_spa_usual(double lat, double lon, double elevation_m);
MIZO_API mizo_spa mizo_spa_at(mizo_ms t, const mizo_spa_place *p);
/* The same as a mizo_sun: zenith without refraction, 1366.1 W/m2 at 1 AU. */
MIZO_API mizo_sun mizo_spa_sun(mizo_ms t, const mizo_spa_place *p);

typedef struct mizo_sun_times {
    mizo_ms rise, transit, set; /* rise, set: the middle of the sun at -0.8333 degree */
} mizo_sun_times;
/* Of the day of the region whose slots are offset from UTC. False: the sun does
 * not rise, or does not set; transit is given all the same. */
MIZO_API bool mizo_spa_day(mizo_day day, int offset, const mizo_spa_place *p, mizo_sun_times *out);

/* Angle between the sun and the normal of a panel, degrees. */
MIZO_API double mizo_incidence(const mizo_sun *sun, double tilt, double azimuth);

/* ---- clear sky with an atmosphere ----
 * Bird and Hulstrom, A Simplified Clear Sky Model for Direct and Diffuse
 * Insolation on Horizontal Surfaces, SERI/TR-642-761 (1981). */
typedef struct mizo_air {
    double pressure_mbar, ozone_cm, water_cm;
    double aod380, aod500; /* aerosol optical depth */
    double asymmetry;      /* forward scattering, 0.85 */
    double albedo;
} mizo_air;
typedef struct mizo_irradiance {
    double ghi, dni, dhi; /* W/m2 */
} mizo_irradiance;
/* Ozone 0.3 cm, water 1.5 cm, depths 0.15 and 0.1, asymmetry 0.85, albedo 0.2, pressure of the elevation. */
MIZO_API mizo_air mizo_air_usual(double elevation_m);
MIZO_API mizo_irradiance mizo_clear_bird(const mizo_sun *sun, const mizo_air *air);

/* Kasten and Young, Applied Optics 28(22), 1989; zenith in degrees, refracted. 0 below the horizon. */
MIZO_API double mizo_airmass(double zenith);

/* ---- what falls on a tilted panel ---- */
typedef enum mizo_sky_model {
    MIZO_SKY_ISOTROPIC, /* Hottel and Woertz 1942 */
    MIZO_SKY_HAY,       /* Hay and Davies 1980 */
    MIZO_SKY_REINDL,    /* Reindl, Beckman and Duffie, Solar Energy 45(1), 1990 */
    MIZO_SKY_KLUCHER,   /* Klucher, Solar Energy 23(2), 1979 */
    MIZO_SKY_PEREZ      /* Perez et al., Solar Energy 44(5), 1990; table of all sites, composite */
} mizo_sky_model;
/* Diffuse irradiance of the sky on the panel, W/m2. */
MIZO_API double mizo_sky_diffuse(mizo_sky_model m, const mizo_irradiance *i, const mizo_sun *sun, double tilt,
                                 double azimuth);
/* Liu and Jordan 1963: what the ground throws on the panel. */
MIZO_API double mizo_ground_diffuse(double ghi, double albedo, double tilt);

/* ---- optics, temperature, power ---- */
/* ASHRAE 93-1977, after Souka and Safwat 1966: 1 - b (1 / cos incidence - 1), b 0.05; 0..1. */
MIZO_API double mizo_iam_ashrae(double incidence, double b);

/* King, Boyson and Kratochvil, Sandia Photovoltaic Array Performance Model,
 * SAND2004-3535: module and cell, degree C. */
typedef enum mizo_mount {
    MIZO_MOUNT_OPEN_GLASS,
    MIZO_MOUNT_CLOSE_GLASS,
    MIZO_MOUNT_OPEN_POLYMER,
    MIZO_MOUNT_INSULATED
} mizo_mount;
MIZO_API double mizo_cell_sapm_c(double poa, double air_c, double wind_ms, mizo_mount m, double *module_c);
/* PVsyst 6: absorbed 0.9 (1 - 0.1); u0 29 and u1 0 for a free array. */
MIZO_API double mizo_cell_pvsyst_c(double poa, double air_c, double wind_ms, double u0, double u1);
/* Faiman, Progress in Photovoltaics 16(4), 2008: u0 25, u1 6.84. */
MIZO_API double mizo_cell_faiman_c(double poa, double air_c, double wind_ms, double u0, double u1);

/* Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014): shares 0..1. */
typedef struct mizo_pv_losses {
    double soiling, shading, snow, mismatch, wiring, connections, light, nameplate, age, availability;
} mizo_pv_losses;
MIZO_API mizo_pv_losses mizo_pv_losses_usual(void);
MIZO_API double mizo_pv_loss(const mizo_pv_losses *l); /* 1 - product of (1 - share), 0.140757 as usual */

/* Energy of an hour, kWh, after the national program for the energy use of
 * homes, section 9-1 (JIS C 8907), crystalline silicon or other. */
typedef enum mizo_jp_mount { MIZO_JP_RACK, MIZO_JP_ROOF, MIZO_JP_OTHER } mizo_jp_mount;
MIZO_API double mizo_jp_cell_c(double poa, double air_c, mizo_jp_mount m);
MIZO_API double mizo_jp_hour_kwh(double peak_kw, double poa, double air_c, bool crystalline, mizo_jp_mount m);

/* ---- a plant: all of the steps, chosen ---- */
typedef struct mizo_pv_plant {
    mizo_panel panel;
    mizo_sky_model sky;
    mizo_mount mount;
    mizo_pv_losses losses; /* soiling and snow are of the day: set them */
    double gamma;          /* per degree, below 0 */
    double nominal;        /* efficiency of the inverter */
    double iam_b, albedo;
} mizo_pv_plant;
typedef struct mizo_pv_power {
    double poa, cell_c, dc_w, ac_w;
} mizo_pv_power;
/* Perez, open rack on polymer, usual losses, -0.4 % a degree, 0.96, 0.05, 0.2. */
MIZO_API mizo_pv_plant mizo_pv_plant_usual(mizo_panel panel);
/* At one instant. */
MIZO_API mizo_pv_power mizo_pv_plant_at(const mizo_pv_plant *p, const mizo_irradiance *i, const mizo_sun *sun,
                                        double air_c, double wind_ms);
/* Mean over [from, from + span) with one global irradiance for the whole span
 * (ghi < 0: the clear sky of Bird times index): six suns, so that a half-hour in
 * which the sun rises, or an inverter clips for ten minutes, counts as it should.
 * Over the span the clear-sky index is held, not the irradiance. */
typedef struct mizo_pv_span {
    mizo_ms from, span_ms;
    double ghi, index, air_c, wind_ms;
} mizo_pv_span;
MIZO_API mizo_pv_power mizo_pv_plant_mean(const mizo_pv_plant *p, const mizo_pv_span *s, double lat,
                                          double lon, double elevation_m);

/* ---- a day of one panel at once, for forecasts of many ----
 * Bird at sea level, Hay and Davies, ASHRAE glass, usual losses, no limit of the inverter; some 10 us a day. */
typedef struct mizo_pv_day_task {
    mizo_panel panel;
    double lat, lon;
    int offset;
    mizo_day day;
    const int32_t *air_cc;  /* [48] 0.01 C, or NULL: a temperate year; MIZO_MISSING: the same */
    const int32_t *ghi_wm2; /* [48] global irradiance, or NULL */
} mizo_pv_day_task;
typedef struct mizo_pv_day {
    double clear[MIZO_DAY_SLOTS]; /* Wh of the half-hour under a clear sky */
    double ghi[MIZO_DAY_SLOTS];   /* W/m2 of that sky, mean */
    double under[MIZO_DAY_SLOTS]; /* Wh under ghi_wm2; NAN where it is not known */
} mizo_pv_day;
MIZO_API void mizo_pv_day_of(const mizo_pv_day_task *t, mizo_pv_day *out);

/* ---- what a meter's own past says of a plant ----
 * wh[i] is the AC energy of slot first + i, MIZO_MISSING where unknown. */
typedef struct mizo_output {
    const int32_t *wh;
    size_t n;
    mizo_slot first;
    int offset; /* of the region's day, in slots */
    double lat, lon, elevation_m;
    const float *air_c; /* n of them, or NULL: a temperate year */
} mizo_output;

typedef struct mizo_pv_fit {
    mizo_panel panel; /* dc_w under the usual losses; ac_w = dc_w where the data shows no limit */
    bool clipped;     /* a limit was seen */
    size_t points;    /* clear half-hours that the fit stands on */
    double miss;      /* their typical distance from the model, share of the highest output */
} mizo_pv_fit;
/* Tilt, azimuth, capacity and limit of the inverter from a year (at least 30 days
 * with output) of output: least squares, robust, on the envelope of clear half-hours.
 * MIZO_ENOENT: too little to tell. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_pv_fit_panel(const mizo_output *o, mizo_pv_fit *out);

typedef enum mizo_pv_state {
    MIZO_PV_DARK,    /* the sun is below 5 degrees, or the value is missing */
    MIZO_PV_USUAL,   /* as the sky would have it */
    MIZO_PV_CLIPPED, /* at the limit of the inverter: the sky was at least so bright */
    MIZO_PV_CAPPED,  /* held level below what the sky gave: curtailed */
    MIZO_PV_OFF      /* nothing while the sun was up: switched off, tripped, under snow */
} mizo_pv_state;
/* The state of every slot. A forecaster learns from USUAL, takes CLIPPED as "at least",
 * and leaves CAPPED and OFF out. Returns how many are CAPPED or OFF. */
MIZO_API size_t mizo_pv_states(const mizo_output *o, const mizo_panel *p, mizo_pv_state *state);

/* The same where the clear sky is known already: Wh of each slot without a limit, 0 below five degrees. */
MIZO_API size_t mizo_pv_states_under(const int32_t *wh, const float *clear_wh, size_t n, const mizo_panel *p,
                                     mizo_pv_state *state);

/* The clear-sky index of every slot (0..1.4) as that plant saw it, from the states above; NAN where it says
 * nothing (DARK, CAPPED, OFF); CLIPPED counts as clear. For a neighbour without irradiance of its own, and for
 * mizo_pv_span. Returns how many are known. */
MIZO_API size_t mizo_pv_index(const mizo_output *o, const mizo_panel *p, const mizo_pv_state *state,
                              float *index);

/* Net load (import - export, signed Wh) of a site with panels behind its meter. */
typedef struct mizo_net {
    const int32_t *wh;
    size_t n;
    mizo_slot first; /* the first slot of a day */
    int offset;
    double lat, lon, elevation_m;
    double tilt, azimuth;
    const float *
        index; /* clear-sky index of each slot (a neighbour's plant, a weather file; NAN: unknown), or NULL */
} mizo_net;
typedef struct mizo_behind {
    double dc_w;      /* 0: no panel was found */
    double low, high; /* a range for it: two standard errors */
    size_t days;
} mizo_behind;
/* Capacity behind the meter, from how deep the net load dips on bright days against dull
 * days of the same type near them. MIZO_ENOENT: fewer than 30 days. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_behind_find(const mizo_net *net, mizo_behind *out);
/* Splits the net load with that capacity: load[i] - pv[i] = wh[i], both >= 0; MIZO_MISSING stays so. */
MIZO_API MIZO_MUST_USE mizo_err mizo_behind_split(const mizo_net *net, double dc_w, int32_t *load,
                                                  int32_t *pv);

#endif
