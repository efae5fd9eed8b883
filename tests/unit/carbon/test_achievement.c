/* The published ledger: 46 %, from exact figures only. */
#include "base/check.h"

#include "mizo/carbon.h"
#include "mizo/messages/books.h"

#define SOURCE "S3:465"
#define ROW(year, what, number, in, how)                                                                     \
    {                                                                                                        \
        .fy = year, .item = what, .value_e6 = (number)*INT64_C(1000000), .unit = in, .exactness = how,       \
        .on = INT32_MIN, .source = SOURCE, .note = ""                                                        \
    }

static const mizo_published rows[] = {
    ROW(2022, "re-supply", 31825490, "kWh", "exact"),
    ROW(2022, "saving", 1220755, "kWh", "exact"),
    ROW(2022, "demand", 400, "GWh", "definition"),
    ROW(2023, "re-supply", 183147067, "kWh", "exact"),
    ROW(2023, "saving", -1883728, "kWh", "exact"),
    ROW(2023, "demand", 400000000, "kWh", "definition"),
    ROW(2024, "re-supply", 180, "GWh", "rounded"),
    ROW(2024, "saving", 2, "GWh", "rounded"),
    ROW(2024, "demand", 400, "GWh", "rounded"),
    ROW(2025, "re-supply", 1, "kWh", "exact"),
    ROW(2026, "re-supply", 1, "kWh", "definition"),
    ROW(2026, "saving", 1, "MJ", "exact"),
    ROW(2026, "demand", 1, "kWh", "exact"),
    ROW(2027, "re-supply", 1, "kWh", "exact"),
    ROW(2027, "saving", 1, "kWh", "exact"),
    ROW(2027, "demand", 0, "kWh", "exact"),
    ROW(2028, "re-supply", INT64_MAX / 1000000, "GWh", "exact"),
    ROW(2028, "saving", 1, "kWh", "exact"),
    ROW(2028, "demand", 1, "kWh", "exact"),
};
static const mizo_region region = { .published = rows, .npublished = ROWS(rows) };

static void kawasaki(void **state)
{
    (void)state;
    mizo_achievement a;
    char text[400];
    assert_int_equal(mizo_achievement_published(&region, 2023, NULL, &a), MIZO_OK);
    assert_true(a.supply_wh == 183147067000 && a.saving_wh == 1883728000 && a.demand_wh == 400000000000);
    assert_int_equal(a.rate_bp, 4626);
    assert_int_equal(a.rate_pct, 46);
    mizo_achievement_text(&a, "ja", text, sizeof text);
    assert_string_equal(text, "約46％");
    mizo_achievement_text(&a, "en", text, sizeof text);
    assert_string_equal(text, "about 46 %");
    mizo_achievement_rule(&a, "en", text, sizeof text);
    assert_string_equal(
        text, "(183,147,067 + 1,883,728) kWh / 400,000,000 kWh = 46.26 %. The exact kWh are divided, then "
              "rounded half up to a whole percent.");
    mizo_achievement_rule(&a, "ja", text, sizeof text);
    assert_string_equal(
        text,
        "(183,147,067 + 1,883,728) kWh ÷ 400,000,000 kWh = 46.26％。丸める前の kWh で割り、整数％へ四捨五入する。");
    assert_int_equal(mizo_achievement_published(&region, 2022, NULL, &a), MIZO_OK);
    assert_int_equal(a.rate_bp, 826);
    assert_int_equal(a.rate_pct, 8);
}

/* From the rounded figures 182 / 400 the rate would be 45.5 %, which also prints as 46: by luck. */
static void refused(void **state)
{
    (void)state;
    static const struct {
        int fy;
        mizo_err err;
        size_t said;
        mizo_msg first;
    } row[] = {
        {2021,  MIZO_ENOENT, 1, MIZO_MSG_CARBON_NO_YEAR  },
        { 2024, MIZO_EINPUT, 3, MIZO_MSG_CARBON_ROUNDED  },
        { 2025, MIZO_ENOENT, 2, MIZO_MSG_CARBON_NO_FIGURE},
        { 2026, MIZO_EINPUT, 2, MIZO_MSG_CARBON_ROUNDED  },
        { 2027, MIZO_ERANGE, 1, MIZO_MSG_CARBON_NO_DEMAND},
        { 2028, MIZO_EINPUT, 1, MIZO_MSG_CARBON_UNIT     },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        mizo_diags *d = mizo_diags_new(0);
        mizo_achievement a;
        assert_int_equal(mizo_achievement_published(&region, row[i].fy, d, &a), row[i].err);
        assert_int_equal(mizo_diags_kept(d), row[i].said);
        assert_string_equal(mizo_msg_name(mizo_diags_at(d, 0)->id), mizo_msg_name(row[i].first));
        mizo_diags_free(d);
    }
    mizo_diags *d = mizo_diags_new(0);
    mizo_achievement a;
    char text[300];
    assert_int_equal(mizo_achievement_published(&region, 2021, d, &a), MIZO_ENOENT);
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_string_equal(
        text,
        "nothing is published for FY2021; there is: FY2022, FY2023, FY2024, FY2025, FY2026, FY2027, FY2028");
    mizo_diags_free(d);
}

static void rounding(void **state)
{
    (void)state;
    static const struct {
        mizo_wh top, demand;
        int32_t bp, pct;
    } row
        [] = {
            {455,    1000,   4550,  46 },
            { 4549,  10000,  4549,  45 },
            { 45495, 100000, 4550,  45 }, /* never rounded twice */
            { 0,     5,      0,     0  },
            { 5,     5,      10000, 100},
            { 7,     5,      14000, 140},
            { 1,     200000, 0,     0  },
            { 1,     20000,  1,     0  },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        mizo_achievement a = { .supply_wh = row[i].top, .demand_wh = row[i].demand };
        assert_int_equal(mizo_achievement_rate(&a), MIZO_OK);
        assert_int_equal(a.rate_bp, row[i].bp);
        assert_int_equal(a.rate_pct, row[i].pct);
    }
    mizo_achievement a = { .supply_wh = INT64_MAX, .saving_wh = 1, .demand_wh = 1 };
    assert_int_equal(mizo_achievement_rate(&a), MIZO_ERANGE);
    a.saving_wh = 0;
    assert_int_equal(mizo_achievement_rate(&a), MIZO_ERANGE);
    a.demand_wh = -1;
    assert_int_equal(mizo_achievement_rate(&a), MIZO_ERANGE);
}

/* Rows from wherever they were said: a person's, in another unit. */
static void said(void **state)
{
    (void)state;
    const mizo_published supply = ROW(2024, "re-supply", 200, "MWh", "exact"),
                         saving = ROW(2024, "saving", -2, "MWh", "exact"),
                         demand = ROW(2024, "demand", 404, "MWh", "definition"),
                         heat = ROW(2024, "saving", 2, "GJ", "exact");
    mizo_achievement a;
    mizo_wh wh = 0;
    assert_int_equal(mizo_achievement_said(2024, &supply, &saving, &demand, NULL, &a), MIZO_OK);
    assert_int_equal(a.rate_bp, 5000);
    assert_int_equal(mizo_achievement_said(2024, &supply, NULL, &demand, NULL, &a), MIZO_ENOENT);
    assert_int_equal(mizo_achievement_said(2024, &supply, &heat, &demand, NULL, &a), MIZO_EINPUT);
    assert_int_equal(mizo_published_wh(&saving, &wh), MIZO_OK);
    assert_true(wh == 2000000);
    assert_int_equal(mizo_published_wh(&heat, &wh), MIZO_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kawasaki),
        cmocka_unit_test(refused),
        cmocka_unit_test(rounding),
        cmocka_unit_test(said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
