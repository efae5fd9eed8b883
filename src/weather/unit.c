/* unit.c: one watt of panel: Bird, Hay and Davies, ASHRAE glass, a linear cell, usual losses. */
#include <math.h>

#include "weather/unit.h"

static const double rad = 3.14159265358979323846 / 180;

unit_place unit_place_of(double lat, double lon, double elevation_m)
{
    return (unit_place){ .lat = lat, .lon = lon, .air = mizo_air_usual(elevation_m) };
}

mizo_irradiance unit_sky(const mizo_sun *sun, const mizo_irradiance *clear, double index)
{
    mizo_irradiance i = { .ghi = clear->ghi * fmax(0, index) };
    mizo_erbs(i.ghi, sun, &i.dni, &i.dhi);
    if (index < 0.95 || !(clear->ghi > 0)) /* near a clear sky the clear model splits better than Erbs */
        return i;
    double part = fmin(1, (index - 0.95) / 0.05);
    i.dni += part * (clear->dni - i.dni);
    i.dhi = fmax(0, i.ghi - i.dni * cos(sun->zenith * rad));
    return i;
}

bool unit_slot(const unit_place *p, mizo_slot s, double index, unit_ray ray[UNIT_RAYS])
{
    bool light = false;
    for (int k = 0; k < UNIT_RAYS; k++) {
        mizo_sun sun =
            mizo_sun_at(mizo_slot_ms(s) + MIZO_SLOT_MS * (2 * k + 1) / (2 * UNIT_RAYS), p->lat, p->lon);
        ray[k] = (unit_ray){ 0 };
        if (!(sun.zenith < 90))
            continue;
        light = true;
        mizo_irradiance clear = mizo_clear_bird(&sun, &p->air), i = unit_sky(&sun, &clear, index);
        double z = sun.zenith * rad, a = sun.azimuth * rad;
        ray[k] = (unit_ray){ .east = sin(z) * sin(a),
                             .north = sin(z) * cos(a),
                             .up = cos(z),
                             .ghi = i.ghi,
                             .dni = i.dni,
                             .dhi = i.dhi,
                             .around = i.dni / sun.extra_wm2 };
    }
    return light;
}

unit_face unit_face_of(double tilt, double azimuth)
{
    double b = tilt * rad, a = azimuth * rad;
    return (unit_face){ .east = sin(b) * sin(a),
                        .north = sin(b) * cos(a),
                        .up = cos(b),
                        .sky = (1 + cos(b)) / 2,
                        .ground = 0.2 * (1 - cos(b)) / 2 };
}

double unit_ac(const unit_ray ray[UNIT_RAYS], const unit_face *f, double air_c)
{
    /* usual losses times the inverter; a rack in a wind of 2 m/s is 28 C above the air at 1000 W/m2 */
    static const double kept = (1 - 0.140757) * 0.96, heat = 0.0275, gamma = -0.004, glass = 0.05;
    double sum = 0;
    for (int k = 0; k < UNIT_RAYS; k++) {
        const unit_ray *r = &ray[k];
        if (!(r->up > 0))
            continue;
        double face = fmax(0, r->east * f->east + r->north * f->north + r->up * f->up);
        double beam = face > 0.05 ? r->dni * face * (1 - glass * (1 / face - 1)) : 0;
        double sky = r->dhi * (r->around * face / fmax(r->up, 0.01745) + (1 - r->around) * f->sky);
        double poa = beam + sky + r->ghi * f->ground;
        sum += poa / 1000 * (1 + gamma * (air_c + heat * poa - 25));
    }
    return kept * sum / UNIT_RAYS;
}

double unit_usual_air_c(mizo_slot s, double lat)
{
    mizo_date d = mizo_day_date(mizo_slot_day(s, 0));
    double season = cos((30.4 * (d.month - 1) + d.day - 28) / 365 * 360 * rad);
    double swing = 11 * fmin(1, fabs(lat) / 35);
    return 28 - 13 * fmin(1, fabs(lat) / 35) - (lat < 0 ? -swing : swing) * season;
}
