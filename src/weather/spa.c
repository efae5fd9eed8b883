/* spa.c: the solar position algorithm of NREL: Reda and Andreas, NREL/TP-560-34302 (2003, revised 2008).
 * The numbers of its sections stand beside the steps. Uncertainty of the method 0.0003 degree. */
#include <math.h>

#include "mizo/weather.h"
#include "weather/spa_terms.h"

static const double rad = 3.14159265358979323846 / 180;

static double turn(double deg)
{
    double x = fmod(deg, 360);
    return x < 0 ? x + 360 : x;
}

/* a[0] + a[1] x + ... */
static double polynomial(const double *a, int n, double x)
{
    double y = 0;
    while (n-- > 0)
        y = y * x + a[n];
    return y;
}

/* 3.2: the sum of the terms of every power. */
static double periodic(const spa_power table[SPA_POWERS], double t)
{
    double a[SPA_POWERS] = { 0 };
    for (int p = 0; p < SPA_POWERS; p++)
        for (size_t i = 0; i < table[p].n; i++)
            a[p] += table[p].wave[i].a * cos(table[p].wave[i].b + table[p].wave[i].c * t);
    return polynomial(a, SPA_POWERS, t) / 1e8;
}

/* 3.4: nutation in longitude and obliquity, degrees; jce in Julian centuries. */
static void nutation(double jce, mizo_spa *s)
{
    static const double argument[5][4] = {
        {297.85036,  445267.111480, -0.0019142, 1.0 / 189474 },
        { 357.52772, 35999.050340,  -0.0001603, -1.0 / 300000},
        { 134.96298, 477198.867398, 0.0086972,  1.0 / 56250  },
        { 93.27191,  483202.017538, -0.0036825, 1.0 / 327270 },
        { 125.04452, -1934.136261,  0.0020708,  1.0 / 450000 }
    };
    double x[5], psi = 0, epsilon = 0;
    for (int i = 0; i < 5; i++)
        x[i] = polynomial(argument[i], 4, jce) * rad;
    for (int i = 0; i < SPA_NUTATIONS; i++) {
        const spa_nutation *n = &spa_nutations[i];
        double angle = 0;
        for (int k = 0; k < 5; k++)
            angle += n->y[k] * x[k];
        psi += (n->psi + n->psi_rate * jce) * sin(angle);
        epsilon += (n->epsilon + n->epsilon_rate * jce) * cos(angle);
    }
    s->nutation_longitude = psi / 36000000;
    s->nutation_obliquity = epsilon / 36000000;
}

/* 3.5: mean obliquity of the ecliptic, degrees; u in units of ten thousand years. */
static double mean_obliquity(double u)
{
    static const double a[] = { 84381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67,
                                -39.05,    7.12,     27.87, 5.79,    2.45 };
    return polynomial(a, sizeof a / sizeof *a, u) / 3600;
}

/* 3.1 to 3.11: all that the place does not enter, but for the hour angle. */
static void geocentric(mizo_ms t, double delta_t_s, double lon, mizo_spa *s)
{
    s->julian_day = (double)t / 86400000.0 + 2440587.5;
    double jc = (s->julian_day - 2451545) / 36525;
    double jce = jc + delta_t_s / 86400 / 36525, jme = jce / 10;
    s->longitude = turn(periodic(spa_longitude, jme) / rad);
    s->latitude = periodic(spa_latitude, jme) / rad;
    s->radius = periodic(spa_radius, jme);
    nutation(jce, s);
    s->obliquity = mean_obliquity(jme / 10) + s->nutation_obliquity;
    double aberration = -20.4898 / (3600 * s->radius);
    s->apparent_longitude = turn(s->longitude + 180 + s->nutation_longitude + aberration);
    double e = s->obliquity * rad, l = s->apparent_longitude * rad, b = -s->latitude * rad;
    s->ascension = turn(atan2(sin(l) * cos(e) - tan(b) * sin(e), cos(l)) / rad);
    s->declination = asin(sin(b) * cos(e) + cos(b) * sin(e) * sin(l)) / rad;
    double sidereal = 280.46061837 + 360.98564736629 * (s->julian_day - 2451545) +
                      jc * jc * (0.000387933 - jc / 38710000) + s->nutation_longitude * cos(e);
    s->hour_angle = turn(sidereal + lon - s->ascension);
}

/* 3.12, 3.13: the sun seen from the surface and not from the middle of the earth. */
static void topocentric(const mizo_spa_place *p, mizo_spa *s)
{
    static const double flat = 0.99664719, equator_m = 6378140;
    double lat = p->lat * rad, h = s->hour_angle * rad, d = s->declination * rad;
    double parallax = sin(8.794 / (3600 * s->radius) * rad), u = atan(flat * tan(lat));
    double x = cos(u) + p->elevation_m / equator_m * cos(lat);
    double y = flat * sin(u) + p->elevation_m / equator_m * sin(lat);
    double across = cos(d) - x * parallax * cos(h);
    double shift = atan2(-x * parallax * sin(h), across);
    s->seen_ascension = turn(s->ascension + shift / rad);
    s->seen_declination = atan2((sin(d) - y * parallax) * cos(shift), across) / rad;
    s->seen_hour_angle = turn(s->hour_angle - shift / rad);
}

/* 3.14, 3.15: altitude with and without refraction, azimuth. */
static void horizon(const mizo_spa_place *p, mizo_spa *s)
{
    double lat = p->lat * rad, h = s->seen_hour_angle * rad, d = s->seen_declination * rad;
    double up = sin(lat) * sin(d) + cos(lat) * cos(d) * cos(h);
    double e0 = asin(fmax(-1, fmin(1, up))) / rad, bent = 0;
    if (e0 >= -(0.26667 + p->refraction))
        bent = p->pressure_mbar / 1010 * 283 / (273 + p->air_c) * 1.02 /
               (60 * tan((e0 + 10.3 / (e0 + 5.11)) * rad));
    s->altitude = e0;
    s->zenith = 90 - e0 - bent;
    s->azimuth = turn(atan2(sin(h), cos(h) * sin(lat) - tan(d) * cos(lat)) / rad + 180);
}

mizo_spa mizo_spa_at(mizo_ms t, const mizo_spa_place *p)
{
    mizo_spa s;
    geocentric(t, p->delta_t_s, p->lon, &s);
    topocentric(p, &s);
    horizon(p, &s);
    return s;
}

mizo_spa_place mizo_spa_usual(double lat, double lon, double elevation_m)
{
    mizo_spa_place p = { .lat = lat, .lon = lon, .elevation_m = elevation_m, .air_c = 15, .delta_t_s = 69 };
    p.refraction = 0.5667;
    p.pressure_mbar = 1013.25 * pow(1 - 2.25577e-5 * elevation_m, 5.25588); /* standard atmosphere */
    return p;
}

mizo_sun mizo_spa_sun(mizo_ms t, const mizo_spa_place *p)
{
    mizo_spa s = mizo_spa_at(t, p);
    return (mizo_sun){ .zenith = 90 - s.altitude,
                       .azimuth = s.azimuth,
                       .extra_wm2 = 1366.1 / (s.radius * s.radius) };
}

/* Moves t to where the hour angle is `side` (-1, 0, 1) times that at which the sun stands at -0.8333. */
static bool meet(const mizo_spa_place *p, int side, mizo_ms *t)
{
    double lat = p->lat * rad;
    for (int i = 0; i < 6; i++) {
        mizo_spa s;
        geocentric(*t, p->delta_t_s, p->lon, &s);
        double d = s.declination * rad, wanted = 0;
        if (side) {
            double c = (sin(-0.8333 * rad) - sin(lat) * sin(d)) / (cos(lat) * cos(d));
            if (!(fabs(c) <= 1))
                return false;
            wanted = side * acos(c) / rad;
        }
        double off = turn(wanted - s.hour_angle + 180) - 180;
        *t += llround(off / 360.985647 * 86400000);
    }
    return true;
}

bool mizo_spa_day(mizo_day day, int offset, const mizo_spa_place *p, mizo_sun_times *out)
{
    mizo_ms noon = mizo_slot_ms(mizo_day_slot(day, offset)) + 43200000;
    out->transit = out->rise = out->set = noon;
    meet(p, 0, &out->transit);
    out->rise = out->transit - 21600000;
    out->set = out->transit + 21600000;
    return meet(p, -1, &out->rise) && meet(p, 1, &out->set);
}

double mizo_incidence(const mizo_sun *sun, double tilt, double azimuth)
{
    double z = sun->zenith * rad, b = tilt * rad;
    double c = cos(z) * cos(b) + sin(z) * sin(b) * cos((sun->azimuth - azimuth) * rad);
    return acos(fmax(-1, fmin(1, c))) / rad;
}
