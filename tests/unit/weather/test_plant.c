/* Temperatures, losses, the Japanese model of homes, and a plant over a span. */
#include "near.h"

static void temperatures(void **state)
{
    (void)state;
    double module;
    NEAR(mizo_cell_sapm_c(900, 20, 5, MIZO_MOUNT_OPEN_GLASS, &module), 43.509, 0.001);
    NEAR(module, 40.809, 0.001);
    NEAR(mizo_cell_sapm_c(0, 20, 5, MIZO_MOUNT_INSULATED, NULL), 20, 0);
    assert_true(mizo_cell_sapm_c(900, 20, 1, MIZO_MOUNT_INSULATED, NULL) >
                mizo_cell_sapm_c(900, 20, 1, MIZO_MOUNT_CLOSE_GLASS, NULL));
    assert_true(mizo_cell_sapm_c(900, 20, 1, MIZO_MOUNT_CLOSE_GLASS, NULL) >
                mizo_cell_sapm_c(900, 20, 1, MIZO_MOUNT_OPEN_POLYMER, NULL));
    NEAR(mizo_cell_pvsyst_c(900, 20, 5, 29, 0), 45.137, 0.001);
    NEAR(mizo_cell_faiman_c(900, 20, 5, 25, 6.84), 35.203, 0.001);
}

static void losses(void **state)
{
    (void)state;
    mizo_pv_losses l = mizo_pv_losses_usual();
    NEAR(mizo_pv_loss(&l), 0.140757, 1e-6);
    l.snow = 1;
    NEAR(mizo_pv_loss(&l), 1, 0);
    l = (mizo_pv_losses){ .soiling = 0.1, .age = 0.1 };
    NEAR(mizo_pv_loss(&l), 0.19, 1e-12);
}

static void japanese_homes(void **state)
{
    (void)state;
    static const double row[][3] = {
        [MIZO_JP_RACK] = {48.0829,  2.280308},
        [MIZO_JP_ROOF] = { 50.8192, 2.252052},
        [MIZO_JP_OTHER] = { 55.9091, 2.199490}
    };
    for (int m = MIZO_JP_RACK; m <= MIZO_JP_OTHER; m++) {
        NEAR(mizo_jp_cell_c(800, 25, (mizo_jp_mount)m), row[m][0], 1e-4);
        NEAR(mizo_jp_hour_kwh(4, 800, 25, true, (mizo_jp_mount)m), row[m][1], 1e-6);
    }
    assert_true(mizo_jp_hour_kwh(4, 800, 25, false, MIZO_JP_ROOF) >
                mizo_jp_hour_kwh(4, 800, 25, true, MIZO_JP_ROOF));
}

static const mizo_panel home = { .dc_w = 5000, .ac_w = 4000, .tilt = 25, .azimuth = 190 };

static void a_plant(void **state)
{
    (void)state;
    mizo_pv_plant p = mizo_pv_plant_usual(home);
    mizo_sun sun = { .zenith = 30, .azimuth = 190, .extra_wm2 = 1366 };
    mizo_irradiance i = { .ghi = 900 * cos(30 / 57.29577951308232) + 100, .dni = 900, .dhi = 100 };
    mizo_pv_power w = mizo_pv_plant_at(&p, &i, &sun, 25, 2);
    assert_true(w.poa > 980 && w.poa < 1060);
    assert_true(w.cell_c > 45 && w.cell_c < 65);
    assert_true(w.dc_w > 3500 && w.dc_w < 4200 && w.ac_w < w.dc_w);
    p.losses.soiling = 0.5;
    assert_true(mizo_pv_plant_at(&p, &i, &sun, 25, 2).dc_w < 0.52 * w.dc_w / 0.98 * 1.001);
    p.losses.snow = 1;
    NEAR(mizo_pv_plant_at(&p, &i, &sun, 25, 2).ac_w, 0, 0);
    p = mizo_pv_plant_usual(home);
    p.panel.ac_w = 1000;
    NEAR(mizo_pv_plant_at(&p, &i, &sun, 25, 2).ac_w, 1000, 1e-9);
}

/* A half-hour is the mean of its instants: energy before and after the sunrise adds up, clipping included. */
static void spans(void **state)
{
    (void)state;
    mizo_pv_plant p = mizo_pv_plant_usual(home);
    mizo_ms day = at(2021, 5, 2, 15, 0, 0); /* midnight of the 3rd in Japan */
    double halves = 0, minutes = 0;
    for (int h = 0; h < 48; h++) {
        mizo_pv_span s = { day + h * 1800000LL, 1800000, -1, 1, 20, 2 };
        halves += mizo_pv_plant_mean(&p, &s, 35.57, 139.66, 20).ac_w / 2;
    }
    for (int m = 0; m < 288; m++) {
        mizo_pv_span s = { day + m * 300000LL, 300000, -1, 1, 20, 2 };
        minutes += mizo_pv_plant_mean(&p, &s, 35.57, 139.66, 20).ac_w / 12;
    }
    NEAR(halves / minutes, 1, 0.002);
    assert_true(minutes / 5 > 5000 && minutes / 5 < 7500); /* Wh per kW on a clear day of May */
    mizo_pv_span night = { day, 1800000, 0, 0, 20, 2 };
    NEAR(mizo_pv_plant_mean(&p, &night, 35.57, 139.66, 20).ac_w, 0, 0);
    mizo_pv_span noon = { day + 24 * 1800000LL, 1800000, 450, 0, 20, 2 };
    mizo_pv_power w = mizo_pv_plant_mean(&p, &noon, 35.57, 139.66, 20);
    assert_true(w.poa > 420 && w.poa < 520);
}

/* A measured irradiance at the clear sky's own height gives what the clear sky gives. */
static void clear_is_clear(void **state)
{
    (void)state;
    mizo_pv_plant p = mizo_pv_plant_usual(home);
    mizo_ms t = at(2021, 5, 3, 2, 0, 0);
    mizo_sun sun = mizo_sun_at(t + 60000, 35.57, 139.66);
    mizo_air air = mizo_air_usual(20);
    mizo_irradiance clear = mizo_clear_bird(&sun, &air);
    mizo_pv_span by_index = { t, 120000, -1, 1, 20, 2 }, by_ghi = { t, 120000, clear.ghi, 0, 20, 2 };
    NEAR(mizo_pv_plant_mean(&p, &by_ghi, 35.57, 139.66, 20).poa,
         mizo_pv_plant_mean(&p, &by_index, 35.57, 139.66, 20).poa, 0.1);
    NEAR(mizo_pv_plant_mean(&p, &by_index, 35.57, 139.66, 20).poa,
         mizo_pv_plant_at(&p, &clear, &sun, 20, 2).poa, 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(temperatures),   cmocka_unit_test(losses),
                                        cmocka_unit_test(japanese_homes), cmocka_unit_test(a_plant),
                                        cmocka_unit_test(spans),          cmocka_unit_test(clear_is_clear) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
