/* bird.c: the clear sky of Bird and Hulstrom, SERI/TR-642-761 (1981), in the form of NREL's spreadsheet. */
#include <math.h>

#include "mizo/weather.h"

static const double rad = 3.14159265358979323846 / 180;

mizo_air mizo_air_usual(double elevation_m)
{
    return (mizo_air){ .pressure_mbar = 1013.25 * pow(1 - 2.25577e-5 * elevation_m, 5.25588),
                       .ozone_cm = 0.3,
                       .water_cm = 1.5,
                       .aod380 = 0.15,
                       .aod500 = 0.1,
                       .asymmetry = 0.85,
                       .albedo = 0.2 };
}

/* What gets through, layer by layer. */
typedef struct through {
    double rayleigh, ozone, gas, water, aerosol, absorbed; /* absorbed: by the aerosol alone */
} through;

static through layers(double mass, const mizo_air *a)
{
    double mp = mass * a->pressure_mbar / 1013, o = a->ozone_cm * mass, w = a->water_cm * mass;
    double depth = 0.2758 * a->aod380 + 0.35 * a->aod500;
    through t;
    t.rayleigh = exp(-0.0903 * pow(mp, 0.84) * (1 + mp - pow(mp, 1.01)));
    t.ozone = 1 - 0.1611 * o * pow(1 + 139.48 * o, -0.3034) - 0.002715 * o / (1 + 0.044 * o + 0.0003 * o * o);
    t.gas = exp(-0.0127 * pow(mp, 0.26));
    t.water = 1 - 2.4959 * w / (pow(1 + 79.034 * w, 0.6828) + 6.385 * w);
    t.aerosol = exp(-pow(depth, 0.873) * (1 + depth - pow(depth, 0.7088)) * pow(mass, 0.9108));
    t.absorbed = 1 - 0.1 * (1 - mass + pow(mass, 1.06)) * (1 - t.aerosol);
    return t;
}

mizo_irradiance mizo_clear_bird(const mizo_sun *sun, const mizo_air *a)
{
    if (!(sun->zenith < 89))
        return (mizo_irradiance){ 0 };
    double c = cos(sun->zenith * rad);
    double mass = 1 / (c + 0.15 * pow(93.885 - sun->zenith, -1.25));
    through t = layers(mass, a);
    double clean = t.ozone * t.gas * t.water, scattered = 1 - t.aerosol / t.absorbed;
    double dni = 0.9662 * sun->extra_wm2 * t.aerosol * clean * t.rayleigh;
    double sky = sun->extra_wm2 * c * 0.79 * clean * t.absorbed *
                 (0.5 * (1 - t.rayleigh) + a->asymmetry * scattered) / (1 - mass + pow(mass, 1.02));
    double back = 0.0685 + (1 - a->asymmetry) * scattered;
    double ghi = (dni * c + sky) / (1 - a->albedo * back);
    return (mizo_irradiance){ .ghi = ghi, .dni = dni, .dhi = ghi - dni * c };
}
