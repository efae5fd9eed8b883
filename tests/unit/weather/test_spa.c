/* The solar position algorithm against the test case of its report and its printed sun times. */
#include "near.h"

static const mizo_spa_place golden = { .lat = 39.742476,
                                       .lon = -105.1786,
                                       .elevation_m = 1830.14,
                                       .pressure_mbar = 820,
                                       .air_c = 11,
                                       .delta_t_s = 67,
                                       .refraction = 0.5667 };

/* 2003-10-17 12:30:30, UTC-7: every figure to the last digit that is printed. */
static void report_case(void **state)
{
    (void)state;
    mizo_spa s = mizo_spa_at(at(2003, 10, 17, 19, 30, 30), &golden);
    NEAR(s.julian_day, 2452930.312847, 1e-6);
    NEAR(s.longitude, 24.0182616917, 1e-9);
    NEAR(s.latitude, -0.0001011219, 1e-9);
    NEAR(s.radius, 0.9965422974, 1e-9);
    NEAR(s.nutation_longitude, -0.00399840, 1e-8);
    NEAR(s.nutation_obliquity, 0.00166657, 1e-8);
    NEAR(s.obliquity, 23.440465, 1e-6);
    NEAR(s.apparent_longitude, 204.0085519281, 1e-8);
    NEAR(s.ascension, 202.227408, 1e-6);
    NEAR(s.declination, -9.31434, 1e-5);
    NEAR(s.hour_angle, 11.10590, 1e-5);
    NEAR(s.seen_ascension, 202.22704, 1e-5);
    NEAR(s.seen_declination, -9.316179, 1e-6);
    NEAR(s.seen_hour_angle, 11.10627, 1e-5);
    NEAR(s.altitude, 39.872046, 1e-6);
    NEAR(90 - s.zenith, 39.888378, 1e-6);
    NEAR(s.zenith, 50.11162, 1e-5);
    NEAR(s.azimuth, 194.34024, 1e-5);
    mizo_sun seen = { .zenith = s.zenith, .azimuth = s.azimuth };
    NEAR(mizo_incidence(&seen, 30, 180 - 10), 25.18700, 1e-5); /* the rotation counts west from south */
}

/* Mountain standard time is fourteen slots behind. The printed sunset of 2 August, 19:13:58, is that of the
 * UTC day, which at this place is the evening of the 1st: it fits it to the second. */
static void sun_times(void **state)
{
    (void)state;
    static const struct {
        int m, d, rise, transit, set; /* seconds of the day, 0: not printed */
    } row[] = {
        {1,  2, 7 * 3600 + 21 * 60 + 55, 12 * 3600 + 4 * 60 + 45, 16 * 3600 + 47 * 60 + 43},
        { 8, 1, 0,                       0,                       19 * 3600 + 13 * 60 + 58},
        { 8, 2, 5 * 3600 + 27,           12 * 3600 + 6 * 60 + 58, 0                       }
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mizo_day day = mizo_date_day((mizo_date){ 2015, row[i].m, row[i].d });
        mizo_ms midnight = mizo_slot_ms(mizo_day_slot(day, -14));
        mizo_sun_times t;
        assert_true(mizo_spa_day(day, -14, &golden, &t));
        if (row[i].rise) {
            NEAR((double)(t.rise - midnight) / 1000, row[i].rise, 1);
            NEAR((double)(t.transit - midnight) / 1000, row[i].transit, 1);
        }
        if (row[i].set)
            NEAR((double)(t.set - midnight) / 1000, row[i].set, 1);
    }
}

static void sun_at_the_pole(void **state)
{
    (void)state;
    mizo_spa_place p = mizo_spa_usual(80, 20, 0);
    mizo_sun_times t;
    assert_false(mizo_spa_day(mizo_date_day((mizo_date){ 2021, 6, 21 }), 2, &p, &t));
    assert_false(mizo_spa_day(mizo_date_day((mizo_date){ 2021, 12, 21 }), 2, &p, &t));
    assert_true(mizo_spa_day(mizo_date_day((mizo_date){ 2021, 3, 21 }), 2, &p, &t));
    assert_true(t.rise < t.transit && t.transit < t.set);
}

/* The light algorithm and the exact one say the same sun: a check on either over forty years. */
static void light_agrees(void **state)
{
    (void)state;
    double most = 0;
    for (int y = 2000; y <= 2040; y += 4)
        for (int m = 1; m <= 12; m++)
            for (int h = 0; h < 24; h += 5) {
                mizo_spa_place p = mizo_spa_usual(35.57, 139.66, 20);
                mizo_ms t = at(y, m, 1 + h, h, 17, 0);
                mizo_sun a = mizo_sun_at(t, p.lat, p.lon), b = mizo_spa_sun(t, &p);
                most = fmax(most, fabs(a.zenith - b.zenith));
                NEAR(a.extra_wm2, b.extra_wm2, 2);
            }
    print_message("# light and exact zenith differ by at most %.4f degree\n", most);
    assert_true(most < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(report_case), cmocka_unit_test(sun_times),
                                        cmocka_unit_test(sun_at_the_pole), cmocka_unit_test(light_agrees) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
