/* Prices of one area, and what they are made of: regressions side by side, the mixer, the spread, the columns.
 * With MIZO_DATA also on the Tokyo prices of 2024, every twentieth day, with nothing that came later. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../weather/table_file.h"
#include "forecast/mixer.h"
#include "forecast/panel.h"
#include "forecast/price_columns.h"
#include "forecast/spread.h"
#include "mizo/forecast.h"

enum { SLOTS = MIZO_DAY_SLOTS, DAYS = 620, AHEAD = 8 };

static int32_t history[(DAYS + AHEAD) * SLOTS];
static int32_t mean[AHEAD * SLOTS], p10[AHEAD * SLOTS], p90[AHEAD * SLOTS], q[AHEAD * SLOTS * MIZO_QUANTILES];

static double unit(int a, int b)
{
    return mizo_unit(11, (uint64_t)a, (uint64_t)b);
}

/* Nearly normal: twelve of them. */
static double noise(int a, int b)
{
    double sum = -6;
    for (int k = 0; k < 12; k++)
        sum += mizo_unit((uint64_t)k, (uint64_t)a, (uint64_t)b);
    return sum;
}

/* ---- the panel ---- */

static panel *small_panel(int slots, int columns, int reach, int each)
{
    static panel_member m[2];
    m[0] = (panel_member){ 200, 0.0001, 0, reach, each };
    m[1] = (panel_member){ 50, 0.0001, 1, reach, each };
    panel_task t = {
        .slots = slots, .columns = columns, .members = 2, .member = m, .fit_days = 3, .warm = 10
    };
    return panel_new(&t);
}

/* y = 0.5 + 0.3 x in every slot; the second member is shown the constant alone. */
static void panel_learns_a_line(void **state)
{
    (void)state;
    for (int each = 0; each <= 3; each++) {
        panel *p = small_panel(5, 2, each == 0 ? 1 : 0, each);
        double x[10], y[5], said[10], twice[10];
        assert_non_null(p);
        for (int d = 0; d < 60; d++) {
            for (int s = 0; s < 5; s++) {
                x[2 * s] = 1;
                x[2 * s + 1] = 2 * unit(d, s) - 1;
                y[s] = d == 30 || (d % 7 == 3 && s == 2) ? NAN : 0.5 + 0.3 * x[2 * s + 1];
            }
            panel_say(p, x, said);
            panel_say(p, x, twice);
            assert_memory_equal(said, twice, sizeof said);
            for (int k = 0; k < 10; k++)
                assert_true(d < 10 ? isnan(said[k]) : isfinite(said[k]));
            panel_learn(p, x, y);
        }
        for (int s = 0; s < 5; s++) {
            assert_float_equal(said[s], 0.5 + 0.3 * x[2 * s + 1], 0.005);
            assert_float_equal(said[5 + s], 0.5, 0.1);
            x[2 * s + 1] = 1e6; /* nothing like it ever happened: it is not believed */
        }
        panel_say(p, x, said);
        assert_true(said[0] <= 1.5 * 0.8);
        panel_free(p);
    }
    panel_free(NULL);
}

static void panel_refuses(void **state)
{
    (void)state;
    assert_null(small_panel(0, 2, 0, 1));
    assert_null(small_panel(PANEL_SLOTS + 1, 2, 0, 1));
    assert_null(small_panel(1, 0, 0, 1));
    assert_null(small_panel(1, PANEL_COLUMNS + 1, 0, 1));
    panel_task t = { .slots = 1, .columns = 1, .members = PANEL_MEMBERS + 1 };
    assert_null(panel_new(&t));
}

/* ---- the mixer ---- */

static void mixer_trusts_the_better(void **state)
{
    (void)state;
    mixer m;
    double said[3 * 2], mixed[2], actual[2], missed = 0;
    mixer_init(&m, &(mixer_task){ 2, 3, 0, 2, 0.99, 0 });
    for (int d = 0; d < 100; d++) {
        for (int s = 0; s < 2; s++) {
            actual[s] = d % 9 == 4 ? NAN : 10 + noise(d, s);
            said[s] = 12 + noise(d, s + 10);             /* too high */
            said[2 + s] = 10 + noise(d, s) / 2;          /* half way there */
            said[4 + s] = d % 4 ? 7 + noise(d, s) : NAN; /* too low, and asleep now and then */
        }
        mixer_say(&m, said, mixed);
        for (int s = 0; s < 2 && d >= 50; s++)
            missed += fabs(mixed[s] - (10 + noise(d, s))) / 100;
        mixer_learn(&m, said, mixed, actual);
    }
    assert_true(missed < 0.6); /* the best of them misses 0.4, the others some 2 and 3 */
    for (int k = 0; k < 6; k++)
        said[k] = 3;
    mixer_say(&m, said, mixed);
    assert_float_equal(mixed[0], 3, 1e-12); /* weights add up to one */
    said[0] = said[4] = NAN;
    said[2] = 5;
    mixer_say(&m, said, mixed);
    assert_float_equal(mixed[0], 5, 1e-12);
    said[2] = NAN;
    mixer_say(&m, said, mixed);
    assert_true(isnan(mixed[0]) && !isnan(mixed[1]));
    mixer_learn(&m, said, mixed, actual);
}

/* All of it even: the plain expert is left out, but for when it alone is awake. */
static void mixer_even_share(void **state)
{
    (void)state;
    mixer m;
    double said[3] = { 100, 2, 4 }, mixed;
    mixer_init(&m, &(mixer_task){ 1, 3, 1, 1, 0.99, 1 });
    mixer_say(&m, said, &mixed);
    assert_float_equal(mixed, 3, 1e-12);
    said[1] = said[2] = NAN;
    mixer_say(&m, said, &mixed);
    assert_float_equal(mixed, 100, 1e-12);
}

/* ---- the spread ---- */

/* Misses three times as large when the sign is up: the band follows the sign and holds four of five. */
static void spread_follows_its_sign(void **state)
{
    (void)state;
    spread *s = spread_new(
        &(spread_task){ .slots = 4, .signs = 1, .days = 200, .half_life = 60, .least = 0.01, .reach = 1 });
    double sign[4], missed[4], v[MIZO_QUANTILES], width[2] = { 0, 0 };
    int inside = 0, n = 0, count[2] = { 0, 0 };
    assert_non_null(s);
    for (int d = 0; d < 500; d++) {
        int up = unit(d, 99) > 0.5;
        for (int k = 0; k < 4; k++) {
            sign[k] = up;
            missed[k] = (up ? 3 : 1) * 0.1 * noise(d, k);
        }
        spread_day(s, sign);
        for (int k = 0; k < 4; k++) {
            spread_quantiles(s, k, mizo_quantile, MIZO_QUANTILES, v);
            for (int i = 1; i < MIZO_QUANTILES; i++)
                assert_true(v[i] >= v[i - 1]);
            if (d == 0)
                assert_true(v[0] == 0 && v[MIZO_QUANTILES - 1] == 0);
            if (d < 100)
                continue;
            inside += missed[k] >= v[MIZO_Q10] && missed[k] <= v[MIZO_Q90];
            width[up] += v[MIZO_Q90] - v[MIZO_Q10];
            count[up]++;
            n++;
        }
        if (d % 17 == 5)
            missed[2] = NAN;
        spread_learn(s, missed);
    }
    print_message("# within the band %.3f, widths %.2f and %.2f\n", (double)inside / n, width[0] / count[0],
                  width[1] / count[1]);
    assert_true(inside > 0.75 * n && inside < 0.85 * n);
    assert_float_equal(width[0] / count[0], 2 * 1.28 * 0.1, 0.08);
    assert_float_equal(width[1] / count[1], 2 * 1.28 * 0.3, 0.15);
    spread_free(s);
    spread_free(NULL);
    assert_null(spread_new(&(spread_task){ .slots = 0, .days = 1, .half_life = 1, .least = 1 }));
    assert_null(spread_new(&(spread_task){ .slots = 1, .days = 1, .half_life = 1, .least = 0 }));
    assert_null(spread_new(&(spread_task){ .slots = 1, .signs = SPREAD_SIGNS + 1, .days = 1, .least = 1 }));
}

/* ---- columns ---- */

static void columns_see_the_past_alone(void **state)
{
    (void)state;
    static double z[60 * SLOTS];
    double x[PRICE_CORE + PRICE_SHAPE], before[PRICE_CORE + PRICE_SHAPE];
    price_past p = { 20000, 60, z };
    price_look l;
    for (int i = 0; i < 60 * SLOTS; i++)
        z[i] = i % 5 == 3 && i < 20 * SLOTS ? NAN : 1 + unit(i, 1);
    for (int s = 0; s < SLOTS; s += 13) {
        price_look_at(&l, &p, 20040);
        double *end = price_shape(&l, s, price_core(&l, s, x));
        assert_int_equal(end - x, PRICE_CORE + PRICE_SHAPE);
        memcpy(before, x, sizeof x);
        for (int i = 40 * SLOTS; i < 60 * SLOTS; i++)
            z[i] = -1e9;
        price_look_at(&l, &p, 20040);
        price_shape(&l, s, price_core(&l, s, x));
        assert_memory_equal(before, x, sizeof x);
        for (size_t k = 0; k < sizeof x / sizeof *x; k++)
            assert_true(isfinite(x[k]));
    }
    price_look_at(&l, &p, 20000); /* nothing before it */
    assert_true(isnan(l.anchor[0]));
    price_core(&l, 0, x);
    for (int k = 0; k < PRICE_CORE; k++)
        assert_true(isfinite(x[k]));
    for (int i = 10 * SLOTS; i < 60 * SLOTS; i++)
        z[i] = NAN; /* a gap: the last week before it, for four months */
    double sum = 0;
    for (int d = 3; d < 10; d++)
        sum += z[d * SLOTS + 1] / 7;
    assert_true(isnan(sum) || fabs(price_anchor(&p, 20100, 1) - sum) < 1e-12);
    assert_true(!isnan(price_anchor(&p, 20120, 0)) && isnan(price_anchor(&p, 20140, 0)));
}

/* ---- the forecaster ---- */

/* Milli-yen: a shape by the kind of day, a level that wanders for all slots, noise. */
static int32_t price_of(mizo_day d, int s, double rough)
{
    double shape = 9000 + 4000 * sin((s - 12) * 0.26) + (mizo_day_type(d) == MIZO_WEEKDAY ? 2500 : 0);
    double level = 1 + 0.25 * sin(d / 11.0) + 0.1 * sin(d / 3.7);
    return (int32_t)fmax(10, shape * level * (1 + rough * noise(d, s)));
}

static mizo_day wednesday(void)
{
    return mizo_date_day((mizo_date){ 2023, 6, 14 });
}

static mizo_history make(mizo_day until, int days, double rough)
{
    for (int d = 0; d < days + AHEAD; d++)
        for (int s = 0; s < SLOTS; s++)
            history[d * SLOTS + s] = price_of(until - days + d, s, rough);
    return (mizo_history){ until - days, days, history };
}

static mizo_err ask(const mizo_history *h, mizo_day day, int n)
{
    memset(mean, 0x55, sizeof mean);
    memset(q, 0x55, sizeof q);
    mizo_forecast o = { .n = n, .mean = mean, .p10 = p10, .p90 = p90, .q = q };
    return mizo_forecaster_price.run(h, NULL, day, &o);
}

static void check_bands(int n, int32_t least)
{
    for (int i = 0; i < n; i++) {
        const int32_t *v = q + i * MIZO_QUANTILES;
        assert_true(v[0] >= least && mean[i] != MIZO_MISSING);
        for (int k = 1; k < MIZO_QUANTILES; k++)
            assert_true(v[k] >= v[k - 1]);
        assert_true(mean[i] >= v[0] && mean[i] <= v[MIZO_QUANTILES - 1]);
        assert_true(p10[i] <= mean[i] && mean[i] <= p90[i]);
    }
}

static void better_than_the_naive(void **state)
{
    (void)state;
    double model = 0, week = 0, yesterday = 0;
    int inside = 0, n = 0;
    for (int k = 0; k < 14; k++) {
        mizo_day d = wednesday() + 3 * k;
        mizo_history h = make(d, 400, 0.05);
        assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
        check_bands(SLOTS, 0);
        for (int s = 0; s < SLOTS; s++) {
            double actual = price_of(d, s, 0.05);
            model += fabs(actual - mean[s]);
            week += fabs(actual - price_of(d - 7, s, 0.05));
            yesterday += fabs(actual - price_of(d - 1, s, 0.05));
            inside +=
                actual >= q[s * MIZO_QUANTILES + MIZO_Q10] && actual <= q[s * MIZO_QUANTILES + MIZO_Q90];
            n++;
        }
    }
    print_message("# of yesterday's misses %.2f, of last week's %.2f; within the band %.2f\n",
                  model / yesterday, model / week, (double)inside / n);
    assert_true(model < 0.6 * yesterday && model < 0.6 * week);
    assert_true(inside > 0.68 * n && inside < 0.92 * n);
}

static void future_is_not_read(void **state)
{
    (void)state;
    static int32_t kept[sizeof q / sizeof *q];
    mizo_day d = wednesday();
    mizo_history h = make(d, 200, 0.05);
    h.ndays += AHEAD;
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    memcpy(kept, q, sizeof q);
    for (int i = 200 * SLOTS; i < (200 + AHEAD) * SLOTS; i++)
        history[i] = i % 2 ? 999999999 : MIZO_MISSING;
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    assert_memory_equal(kept, q, sizeof q);
}

/* Little is known, nothing is known, holes, a history that ended weeks ago, eight days, an odd number of slots. */
static void hard_histories(void **state)
{
    (void)state;
    mizo_day d = wednesday();
    mizo_history h = make(d, 2, 0.05);
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    check_bands(SLOTS, 0);
    for (int s = 0; s < SLOTS; s++) /* two days teach no spread: the band of others stands in */
        assert_true(p90[s] > 1.1 * mean[s] && p10[s] < 0.95 * mean[s]);
    h = make(d, 120, 0.05);
    for (int i = 20 * SLOTS; i < 110 * SLOTS; i++)
        history[i] = MIZO_MISSING; /* a quarter without rows */
    for (int k = 0; k < 120; k++)
        history[k * SLOTS + 20] = MIZO_MISSING; /* and a slot that never was */
    assert_int_equal(ask(&h, d, AHEAD * SLOTS), MIZO_OK);
    check_bands(AHEAD * SLOTS, 0);
    assert_in_range(mean[20], mean[19] < mean[21] ? mean[19] - 1 : mean[21] - 1,
                    (mean[19] > mean[21] ? mean[19] : mean[21]) + 1);
    assert_int_equal(ask(&h, d + 40, 60), MIZO_OK); /* the last price is 40 days old */
    check_bands(60, 0);
    assert_int_equal(ask(&h, d + 150, SLOTS), MIZO_ENOENT); /* and so old that it tells nothing */
    assert_int_equal(ask(&h, d + 700, SLOTS), MIZO_ENOENT);
    for (int i = 0; i < 120 * SLOTS; i++)
        history[i] = MIZO_MISSING;
    assert_int_equal(ask(&h, d, SLOTS), MIZO_ENOENT);
    for (int i = 0; i < SLOTS; i++)
        assert_true(mean[i] == MIZO_MISSING && q[i * MIZO_QUANTILES + 3] == MIZO_MISSING);
}

/* Noons of 0.01 yen, a spike of 250, a level that trebles, prices below zero where a market has them. */
static void wild_prices(void **state)
{
    (void)state;
    mizo_day d = wednesday();
    mizo_history h = make(d, 300, 0.05);
    for (int k = 200; k < 300; k++)
        for (int s = 0; s < SLOTS; s++) {
            int32_t *v = &history[k * SLOTS + s];
            *v = s > 20 && s < 30 ? 10 : k == 280 && s > 34 ? 250000 : k > 285 ? 3 * *v : *v;
        }
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    check_bands(SLOTS, 10); /* never below the lowest price there was */
    assert_true(mean[25] < 2000);
    assert_true(mean[40] > 1.7 * price_of(d, 40, 0) && mean[40] < 5 * price_of(d, 40, 0));
    for (int i = 0; i < 300 * SLOTS; i++)
        history[i] -= 12000;
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    check_bands(SLOTS, -12000 + 10);
    assert_true(mean[25] < 0);
    for (int i = 0; i < 300 * SLOTS; i++)
        history[i] = 0; /* a market that gives it away */
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    assert_int_equal(mean[7], 0);
}

static void same_bits(void **state)
{
    (void)state;
    static int32_t kept[sizeof q / sizeof *q];
    mizo_day d = wednesday();
    mizo_history h = make(d, 90, 0.1);
    assert_int_equal(ask(&h, d, AHEAD * SLOTS), MIZO_OK);
    memcpy(kept, q, sizeof q);
    assert_int_equal(ask(&h, d, AHEAD * SLOTS), MIZO_OK);
    assert_memory_equal(kept, q, sizeof q);
}

/* ---- told day by day ---- */

/* Says what the forecaster says that lives through it all again, and goes on saying so as days are told. */
static void told_day_by_day(void **state)
{
    (void)state;
    enum { TOLD = 5, LONG = 240 };
    mizo_day d = wednesday();
    mizo_history h = make(d, LONG, 0.05);
    mizo_pricer *p;
    int32_t said[2 * SLOTS];
    double apart = 0;
    h.ndays = LONG - TOLD;
    assert_int_equal(mizo_pricer_new(&h, &p), MIZO_OK);
    assert_int_equal(mizo_pricer_day(p), d - TOLD);
    assert_int_equal(ask(&h, d - TOLD, 2 * SLOTS), MIZO_OK);
    mizo_pricer_say(p, NULL, 2, said);
    assert_memory_equal(said, mean, sizeof said);
    for (int k = 0; k < TOLD; k++)
        mizo_pricer_learn(p, history + (LONG - TOLD + k) * SLOTS);
    h.ndays = LONG;
    assert_int_equal(mizo_pricer_day(p), d);
    assert_int_equal(ask(&h, d, SLOTS), MIZO_OK);
    mizo_pricer_say(p, NULL, 2, said);
    for (int s = 0; s < SLOTS; s++)
        apart += fabs(said[s] - (double)mean[s]) / SLOTS;
    print_message("# told day by day: %.0f of %d milli-yen apart\n", apart, mean[24]);
    assert_true(apart < 150); /* the regressions are fitted on other days */
    mizo_pricer_free(p);
}

/* What has been published stands, and is believed for the days after it. */
static void published_prices_stand(void **state)
{
    (void)state;
    mizo_day d = wednesday();
    mizo_history h = make(d, 120, 0.05);
    mizo_pricer *p;
    int32_t known[2 * SLOTS], plain[3 * SLOTS], said[3 * SLOTS], again[3 * SLOTS];
    assert_int_equal(mizo_pricer_new(&h, &p), MIZO_OK);
    mizo_pricer_say(p, NULL, 3, plain);
    for (int i = 0; i < 2 * SLOTS; i++)
        known[i] = i == 7 ? MIZO_MISSING : i < SLOTS ? 2 * plain[i] : MIZO_MISSING;
    int32_t all[3 * SLOTS];
    memcpy(all, known, sizeof known);
    for (int i = 2 * SLOTS; i < 3 * SLOTS; i++)
        all[i] = MIZO_MISSING;
    mizo_pricer_say(p, all, 3, said);
    for (int i = 0; i < SLOTS; i++)
        assert_int_equal(said[i], i == 7 ? said[7] : 2 * plain[i]);
    assert_true(said[7] > 0 && said[7] < 2 * plain[7]);
    assert_true(said[SLOTS + 24] > plain[SLOTS + 24] * 11 / 10);
    mizo_pricer_say(p, NULL, 3, again); /* and is forgotten: nobody has told it */
    assert_memory_equal(again, plain, sizeof plain);
    mizo_pricer_free(p);
    for (int i = 0; i < 120 * SLOTS; i++)
        history[i] = MIZO_MISSING;
    assert_int_equal(mizo_pricer_new(&h, &p), MIZO_ENOENT);
    assert_null(p);
    mizo_pricer_free(NULL);
}

/* ---- Tokyo, 2024 ---- */

enum { TOKYO_COLUMN = 5, TEST_DAYS = 365, EVERY = 20 };

static void tokyo(void **state)
{
    (void)state;
    const char *data = getenv("MIZO_DATA");
    char dir[900];
    table_file t;
    snprintf(dir, sizeof dir, "%s/jepx_spot", data ? data : "");
    if (!data || !table_read(&t, dir, "spot_2020_04_2024_12.csv.zst")) {
        print_message("# skipped: set MIZO_DATA to a folder with jepx_spot\n");
        skip();
    }
    int days = (int)(t.rows / SLOTS), inside = 0, n = 0;
    mizo_day first = mizo_date_day((mizo_date){ 2020, 4, 1 });
    double model = 0, yesterday = 0;
    for (int k = days - TEST_DAYS; k < days; k += EVERY) {
        for (int i = 0; i < DAYS * SLOTS; i++)
            history[i] = (int32_t)(1000 * table_at(&t, (size_t)((k - DAYS) * SLOTS + i), TOKYO_COLUMN) + 0.5);
        mizo_history h = { first + k - DAYS, DAYS, history };
        assert_int_equal(ask(&h, first + k, SLOTS), MIZO_OK);
        check_bands(SLOTS, 10);
        for (int s = 0; s < SLOTS; s++) {
            double actual = 1000 * table_at(&t, (size_t)(k * SLOTS + s), TOKYO_COLUMN);
            model += fabs(actual - mean[s]);
            yesterday += fabs(actual - history[(DAYS - 1) * SLOTS + s]);
            inside +=
                actual >= q[s * MIZO_QUANTILES + MIZO_Q10] && actual <= q[s * MIZO_QUANTILES + MIZO_Q90];
            n++;
        }
    }
    table_free(&t);
    print_message("# Tokyo: %.3f of yesterday's misses, %.1f %% within P10-P90\n", model / yesterday,
                  100.0 * inside / n);
    assert_true(model < 0.88 * yesterday);
    assert_true(inside > 0.70 * n && inside < 0.90 * n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panel_learns_a_line),
        cmocka_unit_test(panel_refuses),
        cmocka_unit_test(mixer_trusts_the_better),
        cmocka_unit_test(mixer_even_share),
        cmocka_unit_test(spread_follows_its_sign),
        cmocka_unit_test(columns_see_the_past_alone),
        cmocka_unit_test(better_than_the_naive),
        cmocka_unit_test(future_is_not_read),
        cmocka_unit_test(hard_histories),
        cmocka_unit_test(wild_prices),
        cmocka_unit_test(same_bits),
        cmocka_unit_test(told_day_by_day),
        cmocka_unit_test(published_prices_stand),
        cmocka_unit_test(tokyo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
