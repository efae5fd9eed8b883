/* sun.c: where the sun stands.
 *
 * The low-precision formulas of the Astronomical Almanac in the form of Michalsky,
 * Solar Energy 40(3), 1988: good to 0.01 degree from 1950 to 2050, and to 0.1 degree
 * well beyond. Refraction is left out: a panel does not care, and zenith says so. */
#include <math.h>

#include "mizo/weather.h"

static const double rad = 3.14159265358979323846 / 180;

/* Into [0, 360). */
static double turn(double deg)
{
    double x = fmod(deg, 360);
    return x < 0 ? x + 360 : x;
}

/* Spencer 1971: the distance of the earth, from the day of the year; solar constant 1366.1 W/m2. */
static double extraterrestrial(mizo_ms t)
{
    mizo_day d = mizo_slot_day(mizo_ms_slot(t), 0);
    mizo_day first = mizo_date_day((mizo_date){ mizo_day_date(d).year, 1, 1 });
    double b = 360.0 * (d - first) / 365 * rad;
    return 1366.1 *
           (1.00011 + 0.034221 * cos(b) + 0.00128 * sin(b) + 0.000719 * cos(2 * b) + 0.000077 * sin(2 * b));
}

mizo_sun mizo_sun_at(mizo_ms t, double lat_deg, double lon_deg)
{
    double days = (double)t / 86400000.0 - 10957.5; /* since 2000-01-01 12:00 UTC */
    double mean_longitude = turn(280.460 + 0.9856474 * days);
    double anomaly = turn(357.528 + 0.9856003 * days) * rad;
    double ecliptic = turn(mean_longitude + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly)) * rad;
    double obliquity = (23.439 - 0.0000004 * days) * rad;
    double ascension = atan2(cos(obliquity) * sin(ecliptic), cos(ecliptic)) / rad;
    double declination = asin(sin(obliquity) * sin(ecliptic));

    /* sidereal time in degrees at the place; the hour angle is west of the meridian */
    double sidereal = turn(280.46061837 + 360.98564736629 * days + lon_deg);
    double hour = turn(sidereal - ascension) * rad;
    double lat = lat_deg * rad;
    double up = sin(lat) * sin(declination) + cos(lat) * cos(declination) * cos(hour);
    double east = -cos(declination) * sin(hour);
    double north = sin(declination) * cos(lat) - cos(declination) * sin(lat) * cos(hour);
    mizo_sun sun = { .zenith = acos(fmax(-1, fmin(1, up))) / rad,
                     .azimuth = turn(atan2(east, north) / rad),
                     .extra_wm2 = extraterrestrial(t) };
    return sun;
}
