/* sky.c: from the clear sky to what falls on a tilted panel. Sources of the formulas: docs/mechanisms/forecast.md. */
#include <math.h>

#include "mizo/weather.h"

static const double rad = 3.14159265358979323846 / 180;

double mizo_clear_ghi(double zenith)
{
    double c = cos(zenith * rad);
    return zenith < 90 && c > 0 ? 1098 * c * exp(-0.059 / c) : 0;
}

/* Diffuse share of the global irradiance at clearness kt. */
static double erbs_share(double kt)
{
    if (kt <= 0.22)
        return 1 - 0.09 * kt;
    if (kt > 0.80)
        return 0.165;
    return 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)));
}

void mizo_erbs(double ghi, const mizo_sun *sun, double *dni, double *dhi)
{
    enum { LOWEST_SUN = 87 }; /* beyond it the beam is noise divided by nearly nothing */
    double c = cos(sun->zenith * rad);
    double outside = sun->extra_wm2 * fmax(c, 0.065);
    double kt = outside > 0 ? fmin(1, fmax(0, ghi / outside)) : 0;
    *dhi = ghi * erbs_share(kt);
    *dni = (ghi - *dhi) / c;
    if (!(sun->zenith <= LOWEST_SUN) || !(ghi > 0) || !(*dni > 0)) {
        *dni = 0;
        *dhi = ghi > 0 ? ghi : 0;
    }
}

double mizo_poa(double ghi, double dni, double dhi, const mizo_sun *sun, double tilt, double azimuth)
{
    double z = sun->zenith * rad, b = tilt * rad;
    double incidence = cos(z) * cos(b) + sin(z) * sin(b) * cos((sun->azimuth - azimuth) * rad);
    double beam = dni * fmax(0, incidence);
    double sky = dhi * (1 + cos(b)) / 2;
    double ground = ghi * 0.2 * (1 - cos(b)) / 2;
    return beam + sky + ground;
}
