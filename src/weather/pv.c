/* pv.c: from irradiance to AC power: PVsyst cell temperature, PVWatts array, losses and inverter. */
#include <math.h>

#include "mizo/weather.h"

double mizo_cell_c(double poa, double air_c, double wind_ms)
{
    enum { U0 = 29, U1 = 0 };
    return air_c + poa * 0.9 * (1 - 0.1) / (U0 + U1 * wind_ms);
}

double mizo_array_w(double poa, double cell_c, double dc_w, double gamma)
{
    return dc_w * poa / 1000 * (1 + gamma * (cell_c - 25));
}

double mizo_inverter_w(double dc_w, double dc0_w, double nominal)
{
    if (!(dc_w > 0) || !(dc0_w > 0))
        return 0;
    double z = dc_w / dc0_w;
    double efficiency = nominal / 0.9637 * (-0.0162 * z - 0.0059 / z + 0.9858);
    return fmax(0, fmin(nominal * dc0_w, efficiency * dc_w));
}

double mizo_pv_sun_w(const mizo_panel *p, const mizo_sun *sun, double clear_index, double air_c)
{
    static const double gamma = -0.004, losses = 0.14, nominal = 0.96;
    double ghi = fmax(0, clear_index) * mizo_clear_ghi(sun->zenith);
    if (!(ghi > 0) || !(p->dc_w > 0) || !(p->ac_w > 0))
        return 0;
    double dni, dhi;
    mizo_erbs(ghi, sun, &dni, &dhi);
    double poa = mizo_poa(ghi, dni, dhi, sun, p->tilt, p->azimuth);
    double dc = (1 - losses) * mizo_array_w(poa, mizo_cell_c(poa, air_c, 1), p->dc_w, gamma);
    return mizo_inverter_w(dc, p->ac_w / nominal, nominal);
}

double mizo_pv_slot_w(const mizo_panel *p, mizo_slot s, double lat, double lon, double clear_index,
                      double air_c)
{
    mizo_sun sun = mizo_sun_at(mizo_slot_ms(s) + MIZO_SLOT_MS / 2, lat, lon);
    return mizo_pv_sun_w(p, &sun, clear_index, air_c);
}
