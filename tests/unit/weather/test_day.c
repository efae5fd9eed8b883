/* A day of one panel at once against the same slot by slot, and states from a sky that is known. */
#include "mizo/series.h"
#include "weather/unit.h"
#include "year.h"

/* Shares of the energy of a year by which the two ways differ, and the worst slot as a share of the capacity. */
static void same_as_slot_by_slot(void **state)
{
    (void)state;
    static const double places[][2] = {
        {35.57,   139.66},
        { -33.87, 151.2 },
        { 50.33,  -4.0  },
        { 0.5,    100   }
    };
    static const mizo_panel panels[] = {
        {1000,  1000, 30, 200},
        { 1000, 1000, 0,  180},
        { 1000, 1000, 90, 90 }
    };
    for (size_t p = 0; p < 4; p++)
        for (size_t k = 0; k < 3; k++) {
            double off = 0, all = 0, worst = 0, lat = places[p][0], lon = places[p][1];
            int offset = (int)lround(lon / 7.5);
            unit_place place = unit_place_of(lat, lon, 0);
            unit_face face = unit_face_of(panels[k].tilt, panels[k].azimuth);
            for (mizo_day day = 18628; day < 18628 + 365; day += 7) {
                mizo_pv_day_task t = { panels[k], lat, lon, offset, day, NULL, NULL };
                mizo_pv_day got;
                mizo_pv_day_of(&t, &got);
                for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
                    unit_ray ray[UNIT_RAYS];
                    mizo_slot at = mizo_day_slot(day, offset) + s;
                    double air = unit_usual_air_c(mizo_day_slot(day, offset) + 24, lat);
                    double w = unit_slot(&place, at, 1, ray) ? fmax(0, 500 * unit_ac(ray, &face, air)) : 0;
                    off += fabs(got.clear[s] - w);
                    all += w;
                    worst = fmax(worst, fabs(got.clear[s] - w));
                    assert_true(isnan(got.under[s]));
                }
            }
            print_message("# %.1f %.1f, tilt %.0f: off by %.3f %%, at worst %.2f %% of the capacity\n", lat,
                          lon, panels[k].tilt, 100 * off / all, worst / 5);
            assert_true(off < 0.004 * all && worst < 20);
        }
}

/* The table against the model that it is of. */
static void the_clear_sky(void **state)
{
    (void)state;
    mizo_air air = mizo_air_usual(0);
    mizo_pv_day_task t = {
        {1000, 1000, 0, 0},
        35.57, 139.66, 18, 18800, NULL, NULL
    };
    mizo_pv_day got;
    mizo_pv_day_of(&t, &got);
    int light = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        double mean = 0;
        for (int k = 0; k < 3; k++) {
            mizo_ms at = mizo_slot_ms(mizo_day_slot(18800, 18) + s) + MIZO_SLOT_MS * (2 * k + 1) / 6;
            mizo_sun sun = mizo_sun_at(at, t.lat, t.lon);
            mean += mizo_clear_bird(&sun, &air).ghi / 3;
        }
        light += mean > 50;
        assert_true(fabs(got.ghi[s] - mean) < 2 + 0.002 * mean);
    }
    assert_true(light > 20);
}

/* A clear forecast of the irradiance gives the clear day, none gives none, half of it less than half of the beam. */
static void under_a_forecast(void **state)
{
    (void)state;
    int32_t ghi[MIZO_DAY_SLOTS], cold[MIZO_DAY_SLOTS];
    mizo_pv_day_task t = {
        {1000, 1000, 30, 180},
        35.57, 139.66, 18, 18690, NULL, NULL
    };
    mizo_pv_day clear, got;
    mizo_pv_day_of(&t, &clear);
    t.ghi_wm2 = ghi;
    for (int turn = 0; turn < 3; turn++) {
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            ghi[s] = (int32_t)lround(clear.ghi[s] * (turn == 0 ? 1 : turn == 1 ? 0.5 : 0));
        ghi[24] = turn ? ghi[24] : MIZO_MISSING;
        mizo_pv_day_of(&t, &got);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            if (ghi[s] == MIZO_MISSING) {
                assert_true(isnan(got.under[s]));
                continue;
            }
            double share = clear.clear[s] > 100 ? got.under[s] / clear.clear[s] : NAN;
            if (turn == 0 && !isnan(share))
                assert_true(fabs(share - 1) < 0.03);
            if (turn == 1 && !isnan(share))
                assert_true(share > 0.3 && share < 0.62);
            if (turn == 2)
                assert_true(got.under[s] < 1e-9);
        }
    }
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        cold[s] = -1000;
    t.ghi_wm2 = NULL;
    t.air_cc = cold;
    mizo_pv_day_of(&t, &got);
    assert_true(got.clear[24] > 1.04 * clear.clear[24]);
    t.panel.dc_w = 0;
    mizo_pv_day_of(&t, &got);
    assert_true(got.clear[24] == 0 && got.ghi[24] > 500);
}

/* The states of a year are the same from a list of clear values as from the sun itself, but for its last digits. */
static void states_from_a_list(void **state)
{
    (void)state;
    static year y;
    static float clear[SLOTS];
    static mizo_pv_state a[SLOTS], b[SLOTS];
    mizo_panel panel = { 5000, 4000, 25, 190 };
    make(&y, panel, 0.3);
    for (int i = 20 * 48; i < 200 * 48; i++)
        if (i % 48 > 20 && i % 48 < 28)
            y.wh[i] = y.wh[i] > 600 ? 600 : y.wh[i];
    mizo_output o = shown(&y);
    unit_place place = unit_place_of(o.lat, o.lon, o.elevation_m);
    unit_face face = unit_face_of(panel.tilt, panel.azimuth);
    for (int i = 0; i < SLOTS; i++) {
        unit_ray ray[UNIT_RAYS];
        mizo_slot s = o.first + i;
        bool up = unit_slot(&place, s, 1, ray) && ray[UNIT_RAYS / 2].up >= 0.0872;
        clear[i] = up ? (float)(panel.dc_w * unit_ac(ray, &face, unit_usual_air_c(s, o.lat)) / 2) : 0;
    }
    size_t held = mizo_pv_states(&o, &panel, a), known = mizo_pv_states_under(y.wh, clear, SLOTS, &panel, b);
    size_t same = 0;
    for (int i = 0; i < SLOTS; i++)
        same += a[i] == b[i];
    assert_true(held > 500 && known + 20 > held && known < held + 20);
    assert_true(same > SLOTS - 20);
    assert_int_equal(mizo_pv_states_under(y.wh, clear, 0, &panel, b), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_slot_by_slot),
                                        cmocka_unit_test(the_clear_sky), cmocka_unit_test(under_a_forecast),
                                        cmocka_unit_test(states_from_a_list) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
