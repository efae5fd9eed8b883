/* Factors: which one holds, when it was known, and what it makes of Wh. */
#include "base/check.h"

#include "mizo/carbon.h"

static mizo_day day(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

enum { PLAIN, GREEN, OTHER, MENUS };

typedef struct place {
    mizo_menu menu[MENUS];
    mizo_factor factor[8];
    mizo_fuel fuel[3];
    mizo_marginal marginal[2];
    mizo_region r;
} place;

static void make(place *p)
{
    *p = (place){
        .menu = {[PLAIN] = { .id = "plain", .supplier = 0, .g_per_kwh = 500 },
                 [GREEN] = { .id = "green", .supplier = 0, .renewable_ppm = MIZO_PPM },
                 [OTHER] = { .id = "other", .supplier = 1, .g_per_kwh = 600 }}
    };
    const mizo_factor f[] = {
        {-1,    -1,                      2021,      MIZO_FACTOR_AVERAGE, 434000000, INT32_MIN, "", MIZO_MARK_GENERAL},
        {  0,  -1,    2021, MIZO_FACTOR_ADJUSTED,            485000000,         day(2023,       1, 20),     "", MIZO_MARK_OWN },
        { 0,  -1,    2021, MIZO_FACTOR_ADJUSTED,            484000000,         day(2023,        6, 1),     "", MIZO_MARK_OWN }, /* corrected */
        { 0,  PLAIN,        2022, MIZO_FACTOR_MENU,            532123456,         day(2024,       1, 20),     "", MIZO_MARK_OWN },
        { -1, -1, 2022, MIZO_FACTOR_ALTERNATIVE,            429000000,         day(2024,       1, 20), "", MIZO_MARK_GENERAL },
    };
    memcpy(p->factor, f, sizeof f);
    p->fuel[0] =
        (mizo_fuel){ "diesel",          "", "kL", 37700000, 18700, day(2010, 4, 1), day(2023, 4, 1), "",
                     MIZO_MARK_VERIFIED };
    p->fuel[1] =
        (mizo_fuel){ "diesel",          "", "kL", 38000000, 18800, day(2023, 4, 1), MIZO_DAY_NONE, "",
                     MIZO_MARK_VERIFIED };
    p->fuel[2] =
        (mizo_fuel){ "gasoline",        "", "kL", 33400000, 18700, day(2023, 4, 1), MIZO_DAY_NONE, "",
                     MIZO_MARK_VERIFIED };
    p->marginal[0] =
        (mizo_marginal){ "solar", -1000000, 1000, 0, INT32_MIN, MIZO_DAY_NONE, "", MIZO_MARK_OWN };
    p->marginal[1] =
        (mizo_marginal){ "gas", 1000, 10000000, 370000000, INT32_MIN, MIZO_DAY_NONE, "", MIZO_MARK_OWN };
    p->r = (mizo_region){ .menu = p->menu,
                          .nmenu = MENUS,
                          .factor = p->factor,
                          .nfactor = 5,
                          .fuel = p->fuel,
                          .nfuel = 3,
                          .marginal = p->marginal,
                          .nmarginal = 2,
                          .grid_g_per_kwh = 423 };
}

static void vintages(void **state)
{
    (void)state;
    place p;
    make(&p);
    mizo_factor_found f = mizo_factor_market(&p.r, PLAIN, 2021, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_ADJUSTED && f.g_e6 == 484000000);
    f = mizo_factor_market(&p.r, PLAIN, 2021, day(2023, 5, 31)); /* before the correction */
    assert_true(f.way == MIZO_WAY_ADJUSTED && f.g_e6 == 485000000);
    f = mizo_factor_market(&p.r, PLAIN, 2021, day(2022, 12, 31)); /* before anything: what the model says */
    assert_true(f.way == MIZO_WAY_MODEL && f.g_e6 == 500000000);
    f = mizo_factor_market(&p.r, PLAIN, 2022, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_MENU && f.g_e6 == 532123456);
    f = mizo_factor_market(&p.r, PLAIN, 2025,
                           MIZO_DAY_NONE); /* the latest year that has one, named by its row */
    assert_true(f.way == MIZO_WAY_MENU && f.row->fy == 2022);
}

static void ways(void **state)
{
    (void)state;
    place p;
    make(&p);
    mizo_factor_found f = mizo_factor_market(&p.r, GREEN, 2021, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_MODEL && f.g_e6 == 0); /* never the supplier's average */
    f = mizo_factor_market(&p.r, OTHER, 2021, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_MODEL && f.g_e6 == 600000000);
    f = mizo_factor_market(&p.r, -1, 2022, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_ALTERNATIVE && f.g_e6 == 429000000);
    f = mizo_factor_market(&p.r, -1, 2021, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_AVERAGE && f.g_e6 == 434000000);
    f = mizo_factor_location(&p.r, 2020, MIZO_DAY_NONE);
    assert_true(f.way == MIZO_WAY_MODEL && f.g_e6 == 423000000);
    p.r.grid_g_per_kwh = 0;
    assert_int_equal(mizo_factor_location(&p.r, 2020, MIZO_DAY_NONE).way, MIZO_WAY_NONE);
}

static void exact(void **state)
{
    (void)state;
    mizo_mg mg;
    assert_int_equal(mizo_carbon_mg(400000000000, 434000000, &mg), MIZO_OK);
    assert_int_equal(mg, 173600000000000);                     /* 173,600 t */
    assert_int_equal(mizo_carbon_mg(1, 500000, &mg), MIZO_OK); /* half a mg, up */
    assert_int_equal(mg, 1);
    assert_int_equal(mizo_carbon_mg(INT64_MAX, 5000000000, &mg), MIZO_ERANGE);
}

/* carbon.md 1: diesel 2.585 until FY2022, 2.619 from FY2023; gasoline 2.290. */
static void fuels(void **state)
{
    (void)state;
    place p;
    make(&p);
    int64_t t;
    const mizo_fuel *row;
    assert_int_equal(mizo_fuel_factor(&p.r, "diesel", day(2023, 3, 31), &row, &t), MIZO_OK);
    assert_int_equal(t, 2584963);
    assert_int_equal(mizo_fuel_factor(&p.r, "diesel", day(2023, 4, 1), &row, &t), MIZO_OK);
    assert_int_equal(t, 2619467);
    assert_int_equal(mizo_fuel_factor(&p.r, "gasoline", day(2024, 4, 1), NULL, &t), MIZO_OK);
    assert_int_equal(t, 2290127);
    assert_int_equal(mizo_fuel_factor(&p.r, "gasoline", day(2022, 4, 1), NULL, &t), MIZO_ENOENT);
    assert_int_equal(mizo_fuel_factor(&p.r, "peat", day(2024, 4, 1), NULL, &t), MIZO_ENOENT);
}

static void margins(void **state)
{
    (void)state;
    place p;
    make(&p);
    assert_string_equal(mizo_marginal_at(&p.r, 10, day(2024, 4, 1))->fuel, "solar");
    assert_string_equal(mizo_marginal_at(&p.r, 1000, day(2024, 4, 1))->fuel, "gas");
    assert_null(mizo_marginal_at(&p.r, 10000000, day(2024, 4, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vintages), cmocka_unit_test(ways),    cmocka_unit_test(exact),
        cmocka_unit_test(fuels),    cmocka_unit_test(margins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
