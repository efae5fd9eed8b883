/* The forecasters on histories whose right answer is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/forecast.h"

enum { DAYS = 400, CELLS = DAYS * MIZO_DAY_SLOTS };

static int32_t history[CELLS];
static int32_t mean[2 * MIZO_DAY_SLOTS], p10[2 * MIZO_DAY_SLOTS], p90[2 * MIZO_DAY_SLOTS];

static mizo_day day_of(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

/* A building: busy 9 to 18 on working days, half on Saturdays, quiet otherwise; noise in percent. */
static int32_t building(mizo_day d, int s, int noise_pct)
{
    bool open = s >= 18 && s < 36;
    mizo_daytype type = mizo_day_type(d);
    double v = 2000;
    if (open)
        v += type == MIZO_WEEKDAY ? 6000 : type == MIZO_SATURDAY ? 3000 : 300;
    v *= 1 + noise_pct / 100.0 * (2 * mizo_unit(7, (uint64_t)d, (uint64_t)s) - 1);
    return (int32_t)v;
}

static mizo_history make(mizo_day until, int days, int noise_pct)
{
    for (int d = 0; d < days; d++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            history[d * MIZO_DAY_SLOTS + s] = building(until - days + d, s, noise_pct);
    return (mizo_history){ until - days, days, history };
}

static mizo_forecast out_of(int n)
{
    memset(mean, 0x55, sizeof mean);
    return (mizo_forecast){ .n = n, .mean = mean, .p10 = p10, .p90 = p90 };
}

static void check_band(int n)
{
    for (int i = 0; i < n; i++) {
        assert_true(mean[i] != MIZO_MISSING);
        assert_true(p10[i] >= 0 && p10[i] <= mean[i] && mean[i] <= p90[i]);
    }
}

static double error_of(const mizo_forecaster *f, mizo_day from, int days, int noise_pct)
{
    double miss = 0;
    for (mizo_day d = from; d < from + days; d++) {
        mizo_history h = make(d, 120, noise_pct);
        mizo_forecast o = out_of(MIZO_DAY_SLOTS);
        assert_int_equal(f->run(&h, &(mizo_forecast_about){ .offset = 18 }, d, &o), MIZO_OK);
        check_band(MIZO_DAY_SLOTS);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            miss += fabs((double)building(d, s, noise_pct) - mean[s]);
    }
    return miss;
}

static void table(void **state)
{
    (void)state;
    int n = 0;
    for (const mizo_forecaster *const *f = mizo_forecasters(); *f; f++, n++) {
        assert_non_null((*f)->run);
        for (int k = 0; k < n; k++)
            assert_string_not_equal((*f)->name, mizo_forecasters()[k]->name);
        mizo_history none = { 0, 0, history };
        mizo_forecast o = out_of(MIZO_DAY_SLOTS);
        assert_int_equal((*f)->run(&none, &(mizo_forecast_about){ .offset = 18 }, 18000, &o), MIZO_ENOENT);
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            assert_true(mean[i] == MIZO_MISSING && p10[i] == MIZO_MISSING && p90[i] == MIZO_MISSING);
    }
    assert_int_equal(n, 4);
}

static void last_week_is_last_week(void **state)
{
    (void)state;
    mizo_day d = day_of(2021, 6, 9);
    mizo_history h = make(d, 60, 20);
    mizo_forecast o = out_of(2 * MIZO_DAY_SLOTS);
    assert_int_equal(mizo_forecaster_last_week.run(&h, NULL, d, &o), MIZO_OK);
    for (int i = 0; i < 2 * MIZO_DAY_SLOTS; i++)
        assert_int_equal(mean[i], building(d - 7 + i / MIZO_DAY_SLOTS, i % MIZO_DAY_SLOTS, 20));
    check_band(2 * MIZO_DAY_SLOTS);
}

/* Without noise a day is like its kind, exactly: also a holiday on a Thursday and the day after it. */
static void kinds_of_day(void **state)
{
    (void)state;
    const mizo_day days[] = { day_of(2021, 6, 9),  day_of(2021, 6, 12), day_of(2021, 6, 13),
                              day_of(2021, 7, 22), day_of(2021, 7, 26), day_of(2021, 11, 3) };
    for (size_t k = 0; k < sizeof days / sizeof *days; k++) {
        mizo_history h = make(days[k], 120, 0);
        mizo_forecast o = out_of(MIZO_DAY_SLOTS);
        assert_int_equal(mizo_forecaster_similar_day.run(&h, NULL, days[k], &o), MIZO_OK);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            assert_in_range(mean[s], building(days[k], s, 0) * 0.9, building(days[k], s, 0) * 1.1);
    }
}

static void beats_the_naive(void **state)
{
    (void)state;
    mizo_day from = day_of(2021, 4, 20); /* Golden Week: where a week before misleads */
    double naive = error_of(&mizo_forecaster_last_week, from, 28, 15);
    double similar = error_of(&mizo_forecaster_similar_day, from, 28, 15);
    print_message("# misses of the similar day: %.2f of those of the last week\n", similar / naive);
    assert_true(similar < 0.8 * naive);
}

static void gaps(void **state)
{
    (void)state;
    mizo_day d = day_of(2021, 6, 9);
    mizo_history h = make(d, 120, 0);
    for (int i = (120 - 31) * MIZO_DAY_SLOTS; i < 120 * MIZO_DAY_SLOTS; i++)
        history[i] = MIZO_MISSING; /* the last month never came */
    for (int i = 0; i < (120 - 31); i++)
        history[i * MIZO_DAY_SLOTS + 20] = MIZO_MISSING; /* and one slot never does */
    mizo_forecast o = out_of(MIZO_DAY_SLOTS);
    assert_int_equal(mizo_forecaster_similar_day.run(&h, NULL, d, &o), MIZO_OK);
    check_band(MIZO_DAY_SLOTS);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        assert_in_range(mean[s], building(d, s, 0) * 0.95, building(d, s, 0) * 1.05);
    for (int i = 0; i < 120 * MIZO_DAY_SLOTS; i++)
        history[i] = MIZO_MISSING;
    assert_int_equal(mizo_forecaster_similar_day.run(&h, NULL, d, &o), MIZO_ENOENT);
    assert_int_equal(mizo_forecaster_last_week.run(&h, NULL, d, &o), MIZO_ENOENT);
}

/* What lies on or after the day must not be looked at by a member for the day ahead. */
static void future_is_not_read(void **state)
{
    (void)state;
    mizo_day d = day_of(2021, 6, 9);
    for (const mizo_forecaster *const *f = mizo_forecasters(); *f; f++) {
        mizo_forecast_about about = { .offset = 18, .lat = 35.6, .lon = 139.6 };
        int32_t first[MIZO_DAY_SLOTS];
        mizo_history h = make(d + 7, 127, 10);
        mizo_forecast o = out_of(MIZO_DAY_SLOTS);
        assert_int_equal((*f)->run(&h, &about, d, &o), MIZO_OK);
        memcpy(first, mean, sizeof first);
        for (int i = 120 * MIZO_DAY_SLOTS; i < 127 * MIZO_DAY_SLOTS; i++)
            history[i] = 9999999;
        o = out_of(MIZO_DAY_SLOTS);
        assert_int_equal((*f)->run(&h, &about, d, &o), MIZO_OK);
        assert_memory_equal(first, mean, sizeof first);
    }
}

static void wide_values(void **state)
{
    (void)state;
    mizo_day d = day_of(2021, 6, 9);
    mizo_history h = { d - 60, 60, history };
    for (int i = 0; i < 60 * MIZO_DAY_SLOTS; i++)
        history[i] = i % 3 ? INT32_MAX : 0;
    mizo_forecast o = out_of(MIZO_DAY_SLOTS);
    for (const mizo_forecaster *const *f = mizo_forecasters(); *f; f++) {
        assert_int_equal((*f)->run(&h, &(mizo_forecast_about){ .offset = 18 }, d, &o), MIZO_OK);
        check_band(MIZO_DAY_SLOTS);
    }
}

/* A panel under a sky of 0.7 all the time comes back at 0.7; nothing at night; the unknown panel near it. */
static void sun_and_sky(void **state)
{
    (void)state;
    mizo_day d = day_of(2021, 10, 10);
    mizo_forecast_about about = {
        .offset = 18,
        .lat = 35.57,
        .lon = 139.66,
        .panel = {.dc_w = 50000, .ac_w = 42000, .tilt = 15, .azimuth = 180}
    };
    mizo_history h = { d - 30, 30, history };
    for (int i = 0; i < 31 * MIZO_DAY_SLOTS; i++)
        history[i] =
            (int32_t)(mizo_pv_slot_w(&about.panel, mizo_day_slot(d - 30, 18) + i, 35.57, 139.66, 0.7, 20) /
                      2);
    mizo_forecast o = out_of(MIZO_DAY_SLOTS);
    assert_int_equal(mizo_forecaster_sun_sky.run(&h, &about, d, &o), MIZO_OK);
    check_band(MIZO_DAY_SLOTS);
    int64_t sum = 0, truth = 0, unknown = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        sum += mean[s];
        truth += history[30 * MIZO_DAY_SLOTS + s];
        if (s < 10 || s > 38)
            assert_int_equal(mean[s], 0);
    }
    assert_in_range(sum, truth * 0.95, truth * 1.05);
    about.panel.dc_w = 0;
    assert_int_equal(mizo_forecaster_sun_sky.run(&h, &about, d, &o), MIZO_OK);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        unknown += mean[s];
    assert_in_range(unknown, truth * 0.9, truth * 1.1);
}

static void intraday(void **state)
{
    (void)state;
    int32_t issued[MIZO_DAY_SLOTS], actual[MIZO_DAY_SLOTS], m[MIZO_DAY_SLOTS];
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        issued[i] = m[i] = 1000;
        actual[i] = 1200;
    }
    actual[18] = MIZO_MISSING;
    mizo_forecast_intraday(actual, issued, 20, MIZO_DAY_SLOTS, m);
    assert_int_equal(m[19], 1000); /* the past stays as it was said */
    assert_int_equal(m[20], 1200);
    for (int i = 21; i < MIZO_DAY_SLOTS; i++)
        assert_true(m[i] <= m[i - 1] && m[i] >= 1000);
    assert_in_range(m[28], 1065, 1080);
    assert_in_range(m[47], 1000, 1010);
    int32_t same[MIZO_DAY_SLOTS];
    memcpy(same, m, sizeof m);
    mizo_forecast_intraday(actual, issued, 0, MIZO_DAY_SLOTS, m); /* nothing has happened */
    assert_memory_equal(same, m, sizeof m);
    memset(issued, 0, sizeof issued);
    mizo_forecast_intraday(actual, issued, 10, MIZO_DAY_SLOTS, m); /* night of a PV plant */
    assert_memory_equal(same, m, sizeof m);
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        actual[i] = issued[i] = MIZO_MISSING;
    mizo_forecast_intraday(actual, issued, 20, MIZO_DAY_SLOTS, m);
    assert_memory_equal(same, m, sizeof m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),        cmocka_unit_test(last_week_is_last_week),
        cmocka_unit_test(kinds_of_day), cmocka_unit_test(beats_the_naive),
        cmocka_unit_test(gaps),         cmocka_unit_test(future_is_not_read),
        cmocka_unit_test(wide_values),  cmocka_unit_test(sun_and_sky),
        cmocka_unit_test(intraday),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
