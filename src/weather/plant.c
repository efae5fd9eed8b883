/* plant.c: optics, cell temperatures, losses, the Japanese model of homes, and a plant of them all.
 * Sources in mizo/weather.h. */
#include <math.h>

#include "weather/unit.h"

static const double rad = 3.14159265358979323846 / 180;

double mizo_iam_ashrae(double incidence, double b)
{
    if (!(incidence < 90))
        return 0;
    return fmin(1, fmax(0, 1 - b * (1 / cos(incidence * rad) - 1)));
}

double mizo_cell_sapm_c(double poa, double air_c, double wind_ms, mizo_mount m, double *module_c)
{
    static const double row[][3] = {
        [MIZO_MOUNT_OPEN_GLASS] = {-3.47,  -0.0594, 3},
        [MIZO_MOUNT_CLOSE_GLASS] = { -2.98, -0.0471, 1},
        [MIZO_MOUNT_OPEN_POLYMER] = { -3.56, -0.0750, 3},
        [MIZO_MOUNT_INSULATED] = { -2.81, -0.0455, 0}
    };
    double module = poa * exp(row[m][0] + row[m][1] * wind_ms) + air_c;
    if (module_c)
        *module_c = module;
    return module + poa / 1000 * row[m][2];
}

double mizo_cell_pvsyst_c(double poa, double air_c, double wind_ms, double u0, double u1)
{
    return air_c + poa * 0.9 * (1 - 0.1) / (u0 + u1 * wind_ms);
}

double mizo_cell_faiman_c(double poa, double air_c, double wind_ms, double u0, double u1)
{
    return air_c + poa / (u0 + u1 * wind_ms);
}

mizo_pv_losses mizo_pv_losses_usual(void)
{
    return (mizo_pv_losses){ .soiling = 0.02,
                             .shading = 0.03,
                             .mismatch = 0.02,
                             .wiring = 0.02,
                             .connections = 0.005,
                             .light = 0.015,
                             .nameplate = 0.01,
                             .availability = 0.03 };
}

double mizo_pv_loss(const mizo_pv_losses *l)
{
    const double share[] = { l->soiling,     l->shading, l->snow,      l->mismatch, l->wiring,
                             l->connections, l->light,   l->nameplate, l->age,      l->availability };
    double left = 1;
    for (size_t i = 0; i < sizeof share / sizeof *share; i++)
        left *= 1 - share[i];
    return 1 - left;
}

double mizo_jp_cell_c(double poa, double air_c, mizo_jp_mount m)
{
    static const double row[][2] = {
        [MIZO_JP_RACK] = {46,  0.41},
          [MIZO_JP_ROOF] = { 50, 0.38},
          [MIZO_JP_OTHER] = { 57, 0.33}
    };
    static const double wind_ms = 1.5;
    return air_c + (row[m][0] / (row[m][1] * pow(wind_ms, 0.8) + 1) + 2) * poa / 1000 - 2;
}

double mizo_jp_hour_kwh(double peak_kw, double poa, double air_c, bool crystalline, mizo_jp_mount m)
{
    double shading = 1, age = crystalline ? 0.96 : 0.99, matching = 0.94, circuit = 0.97;
    double inverter = 0.927 * 0.97, alpha = crystalline ? -0.0041 : -0.0020;
    double heat = 1 + alpha * (mizo_jp_cell_c(poa, air_c, m) - 25);
    return peak_kw * poa / 1000 * shading * age * heat * matching * circuit * inverter;
}

mizo_pv_plant mizo_pv_plant_usual(mizo_panel panel)
{
    return (mizo_pv_plant){ .panel = panel,
                            .sky = MIZO_SKY_PEREZ,
                            .mount = MIZO_MOUNT_OPEN_POLYMER,
                            .losses = mizo_pv_losses_usual(),
                            .gamma = -0.004,
                            .nominal = 0.96,
                            .iam_b = 0.05,
                            .albedo = 0.2 };
}

mizo_pv_power mizo_pv_plant_at(const mizo_pv_plant *p, const mizo_irradiance *i, const mizo_sun *sun,
                               double air_c, double wind_ms)
{
    const mizo_panel *a = &p->panel;
    double incidence = mizo_incidence(sun, a->tilt, a->azimuth);
    double beam = sun->zenith < 90 ? i->dni * fmax(0, cos(incidence * rad)) : 0;
    double soft = mizo_sky_diffuse(p->sky, i, sun, a->tilt, a->azimuth) +
                  mizo_ground_diffuse(i->ghi, p->albedo, a->tilt);
    mizo_pv_power out = { .poa = beam + soft };
    out.cell_c = mizo_cell_sapm_c(out.poa, air_c, wind_ms, p->mount, NULL);
    double taken = beam * mizo_iam_ashrae(incidence, p->iam_b) + soft;
    out.dc_w = fmax(0, (1 - mizo_pv_loss(&p->losses)) * mizo_array_w(taken, out.cell_c, a->dc_w, p->gamma));
    out.ac_w = mizo_inverter_w(out.dc_w, a->ac_w / p->nominal, p->nominal);
    return out;
}

mizo_pv_power mizo_pv_plant_mean(const mizo_pv_plant *p, const mizo_pv_span *s, double lat, double lon,
                                 double elevation_m)
{
    enum { SUNS = 6 };
    mizo_air air = mizo_air_usual(elevation_m);
    mizo_sun sun[SUNS];
    mizo_irradiance clear[SUNS];
    double mean = 0, index = s->index;
    for (int k = 0; k < SUNS; k++) {
        sun[k] = mizo_sun_at(s->from + s->span_ms * (2 * k + 1) / (2 * SUNS), lat, lon);
        clear[k] = mizo_clear_bird(&sun[k], &air);
        mean += clear[k].ghi / SUNS;
    }
    if (s->ghi >= 0)
        index = mean > 0 ? s->ghi / mean : 0;
    mizo_pv_power sum = { 0 };
    for (int k = 0; k < SUNS; k++) {
        mizo_irradiance i = unit_sky(&sun[k], &clear[k], index);
        mizo_pv_power at = mizo_pv_plant_at(p, &i, &sun[k], s->air_c, s->wind_ms);
        sum.poa += at.poa / SUNS;
        sum.cell_c += at.cell_c / SUNS;
        sum.dc_w += at.dc_w / SUNS;
        sum.ac_w += at.ac_w / SUNS;
    }
    return sum;
}
