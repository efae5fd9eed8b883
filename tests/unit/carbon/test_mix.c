/* The average of an area's generation: weighed, rounded once, and silent where something needed is not known. */
#include "base/check.h"

#include "mizo/carbon.h"

static void none(int32_t kwh[MIZO_MIX_COUNT], int64_t g[MIZO_MIX_COUNT])
{
    for (int k = 0; k < MIZO_MIX_COUNT; k++) {
        kwh[k] = MIZO_MISSING;
        g[k] = -1;
    }
}

static void weighed(void **state)
{
    (void)state;
    int32_t kwh[MIZO_MIX_COUNT];
    int64_t g[MIZO_MIX_COUNT], out;
    none(kwh, g);
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_ENOENT); /* nothing generates */
    kwh[MIZO_MIX_LNG] = 200;
    kwh[MIZO_MIX_COAL] = 100;
    kwh[MIZO_MIX_PV] = 400;
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_ENOENT); /* no factors */
    g[MIZO_MIX_LNG] = 370000000;
    g[MIZO_MIX_COAL] = 760000000;
    assert_int_equal(mizo_mix_average(kwh, g, &out),
                     MIZO_ENOENT); /* none for the sun: it is not taken as zero */
    g[MIZO_MIX_PV] = 0;
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_OK);
    assert_int_equal(out, 214285714); /* (200 x 370 + 100 x 760) / 700 = 214.2857142857 */
    kwh[MIZO_MIX_PV] = 0;
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_OK);
    assert_int_equal(out, 500000000); /* 150000 / 300 */
    kwh[MIZO_MIX_LNG] = 1;
    kwh[MIZO_MIX_COAL] = 0;
    g[MIZO_MIX_LNG] = 1;
    kwh[MIZO_MIX_NUCLEAR] = 1;
    g[MIZO_MIX_NUCLEAR] = 0;
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_OK);
    assert_int_equal(out, 1); /* half of a millionth: up */
}

static void storage(void **state)
{
    (void)state;
    int32_t kwh[MIZO_MIX_COUNT];
    int64_t g[MIZO_MIX_COUNT], out;
    none(kwh, g);
    kwh[MIZO_MIX_HYDRO] = 100;
    g[MIZO_MIX_HYDRO] = 0;
    kwh[MIZO_MIX_PUMPED] = 100; /* without a factor: on neither side */
    kwh[MIZO_MIX_INTERCONNECTOR] = -50;
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_OK);
    assert_int_equal(out, 0);
    g[MIZO_MIX_PUMPED] = 400000000;
    g[MIZO_MIX_INTERCONNECTOR] = 900000000; /* leaves the area: does not count */
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_OK);
    assert_int_equal(out, 200000000);
    for (int k = 0; k < MIZO_MIX_COUNT; k++) { /* the greatest figures */
        kwh[k] = INT32_MAX;
        g[k] = INT64_C(1000000000000000000);
    }
    assert_int_equal(mizo_mix_average(kwh, g, &out), MIZO_OK);
    assert_true(out == INT64_C(1000000000000000000));
}

static void factors(void **state)
{
    (void)state;
    const mizo_param p[] = {
        {.name = "mix-factor",  .key = "coal", .from = 0,   .to = 100,           .value_e6 = 800000000},
        { .name = "mix-factor", .key = "coal", .from = 100, .to = MIZO_DAY_NONE, .value_e6 = 760000000},
        { .name = "mix-factor", .key = "pv",   .from = 0,   .to = MIZO_DAY_NONE, .value_e6 = 0        },
    };
    const mizo_region r = { .param = p, .nparam = 3 };
    int64_t g[MIZO_MIX_COUNT];
    mizo_mix_factors(&r, 99, g);
    assert_int_equal(g[MIZO_MIX_COAL], 800000000);
    mizo_mix_factors(&r, 100, g);
    assert_int_equal(g[MIZO_MIX_COAL], 760000000);
    assert_true(g[MIZO_MIX_PV] == 0 && g[MIZO_MIX_LNG] == -1);
    assert_string_equal(mizo_mix_word(MIZO_MIX_INTERCONNECTOR), "interconnector");
}

static void residual(void **state)
{
    (void)state;
    const mizo_param p[] = {
        {.name = "area-claimed",  .key = "pv",   .from = 0,  .to = 50,  .value_e6 = 250000 },
        { .name = "area-claimed", .key = "pv",   .from = 50, .to = 60,  .value_e6 = 7000000},
        { .name = "area-mix",     .key = "coal", .from = 0,  .to = 100, .value_e6 = 600000 },
        { .name = "area-mix",     .key = "pv",   .from = 0,  .to = 100, .value_e6 = 400000 },
    };
    const mizo_region r = { .param = p, .nparam = 4 };
    int32_t w[MIZO_MIX_COUNT];
    assert_true(mizo_mix_year(&r, 10, w) && w[MIZO_MIX_COAL] == 600000 && w[MIZO_MIX_PV] == 400000);
    assert_true(mizo_mix_residual(&r, 10, w) && w[MIZO_MIX_COAL] == 600000 && w[MIZO_MIX_PV] == 300000);
    assert_true(mizo_mix_residual(&r, 55, w) && w[MIZO_MIX_PV] == 0); /* more than all is all */
    assert_true(mizo_mix_residual(&r, 99, w) && w[MIZO_MIX_PV] == 400000);
    assert_false(mizo_mix_year(&r, 100, w) || mizo_mix_residual(&r, 100, w) || w[MIZO_MIX_COAL]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weighed),
        cmocka_unit_test(storage),
        cmocka_unit_test(factors),
        cmocka_unit_test(residual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
