/* tilted.c: from horizontal irradiance to a tilted panel, five models of the sky. Sources in mizo/weather.h. */
#include <math.h>

#include "mizo/weather.h"

static const double pi = 3.14159265358979323846, rad = 3.14159265358979323846 / 180;

double mizo_airmass(double zenith)
{
    if (!(zenith < 90))
        return 0;
    return 1 / (cos(zenith * rad) + 0.50572 * pow(6.07995 + 90 - zenith, -1.6364));
}

double mizo_ground_diffuse(double ghi, double albedo, double tilt)
{
    return ghi * albedo * (1 - cos(tilt * rad)) / 2;
}

typedef struct view {
    double sky;          /* share of the sky that the panel sees */
    double face;         /* cosine of the incidence, >= 0 */
    double up;           /* cosine of the zenith */
    double tilt, zenith; /* radians */
} view;

static double isotropic(const mizo_irradiance *i, const view *v)
{
    return i->dhi * v->sky;
}

/* Hay and Davies: as much of the sky as the beam keeps of its strength comes from around the sun. */
static double hay(const mizo_irradiance *i, const view *v, double extra, double horizon)
{
    double a = extra > 0 ? i->dni / extra : 0, beam = v->face / fmax(v->up, 0.01745);
    return i->dhi * (a * beam + (1 - a) * v->sky * (1 + horizon));
}

static double reindl(const mizo_irradiance *i, const view *v, double extra)
{
    double direct = fmax(0, i->dni * v->up), s = sin(v->tilt / 2);
    return hay(i, v, extra, i->ghi > 0 ? sqrt(direct / i->ghi) * s * s * s : 0);
}

static double klucher(const mizo_irradiance *i, const view *v)
{
    double f = i->ghi > 0 ? 1 - (i->dhi / i->ghi) * (i->dhi / i->ghi) : 0;
    double s = sin(v->tilt / 2), z = sin(v->zenith);
    return i->dhi * v->sky * (1 + f * s * s * s) * (1 + f * v->face * v->face * z * z * z);
}

/* Rows of the clearness bins: F11 F12 F13 F21 F22 F23. */
static const double perez_row[8][6] = {
    {-0.008, 0.588,  -0.062, -0.060, 0.072,  -0.022},
    { 0.130, 0.683,  -0.151, -0.019, 0.066,  -0.029},
    { 0.330, 0.487,  -0.221, 0.055,  -0.064, -0.026},
    { 0.568, 0.187,  -0.295, 0.109,  -0.152, -0.014},
    { 0.873, -0.392, -0.362, 0.226,  -0.462, 0.001 },
    { 1.132, -1.237, -0.412, 0.288,  -0.823, 0.056 },
    { 1.060, -1.600, -0.359, 0.264,  -1.127, 0.131 },
    { 0.678, -0.327, -0.250, 0.156,  -1.377, 0.251 }
};

static const double *perez_of(const mizo_irradiance *i, double z)
{
    static const double edge[] = { 1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2 };
    double k = 1.041 * z * z * z, e = ((i->dhi + i->dni) / i->dhi + k) / (1 + k);
    int bin = 0;
    while (bin < 7 && e >= edge[bin])
        bin++;
    return perez_row[bin];
}

static double perez(const mizo_irradiance *i, const view *v, double extra)
{
    if (!(extra > 0) || v->zenith >= pi / 2)
        return isotropic(i, v);
    const double *f = perez_of(i, v->zenith);
    double bright = i->dhi * mizo_airmass(v->zenith / rad) / extra;
    double f1 = fmax(0, f[0] + f[1] * bright + f[2] * v->zenith),
           f2 = f[3] + f[4] * bright + f[5] * v->zenith;
    double around = v->face / fmax(cos(85 * rad), v->up);
    return fmax(0, i->dhi * ((1 - f1) * v->sky + f1 * around + f2 * sin(v->tilt)));
}

double mizo_sky_diffuse(mizo_sky_model m, const mizo_irradiance *i, const mizo_sun *sun, double tilt,
                        double azimuth)
{
    if (!(i->dhi > 0))
        return 0;
    view v = { .sky = (1 + cos(tilt * rad)) / 2,
               .face = fmax(0, cos(mizo_incidence(sun, tilt, azimuth) * rad)),
               .up = cos(sun->zenith * rad),
               .tilt = tilt * rad,
               .zenith = sun->zenith * rad };
    switch (m) {
    case MIZO_SKY_HAY:
        return hay(i, &v, sun->extra_wm2, 0);
    case MIZO_SKY_REINDL:
        return reindl(i, &v, sun->extra_wm2);
    case MIZO_SKY_KLUCHER:
        return klucher(i, &v);
    case MIZO_SKY_PEREZ:
        return perez(i, &v, sun->extra_wm2);
    default:
        return isotropic(i, &v);
    }
}
