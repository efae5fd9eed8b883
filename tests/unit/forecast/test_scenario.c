/* Joint paths: each site keeps its own distribution, sites and slots move together as they did, the same seed says
 * the same; and sums that add up, to the Wh. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/number.h"
#include "mizo/scenario.h"

enum { SITES = 12, SLOTS = 24, AGES = MIZO_RANKS, PATHS = 60, MOST = 3 * SLOTS };

typedef struct world {
    uint8_t rank[SITES][AGES][SLOTS], town[AGES][SLOTS];
    double mean[SITES][MOST], q[SITES][MOST * MIZO_QUANTILES];
    mizo_outlook said[SITES];
    float path[PATHS * SITES * MOST], again[PATHS * SITES * MOST];
} world;

static world w;

static uint8_t rank_of(const void *arg, size_t site, int age, int slot)
{
    return ((const world *)arg)->rank[site][age][slot];
}

static uint8_t town_of(const void *arg, int age, int slot)
{
    return ((const world *)arg)->town[age][slot];
}

/* Nearly normal: twelve uniform numbers. */
static double normal(uint64_t a, uint64_t b)
{
    double sum = -6;
    for (uint64_t k = 0; k < 12; k++)
        sum += mizo_unit(k + 77, a, b);
    return sum;
}

static double below(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* A site's miss: 0.6 of the town's and 0.8 of its own, each carried from slot to slot by 0.9. */
static void make_past(void)
{
    double town = 0, own[SITES] = { 0 };
    for (int age = AGES - 1; age >= 0; age--)
        for (int s = 0; s < SLOTS; s++) {
            uint64_t at = (uint64_t)(age * SLOTS + s);
            town = 0.9 * town + sqrt(0.19) * normal(at, 1000);
            w.town[age][s] = (uint8_t)(below(town) * 254 + 0.5);
            for (int k = 0; k < SITES; k++) {
                own[k] = 0.9 * own[k] + sqrt(0.19) * normal(at, (uint64_t)k);
                w.rank[k][age][s] = (uint8_t)(below(0.6 * town + 0.8 * own[k]) * 254 + 0.5);
            }
        }
}

/* Skewed, of another size for each site and slot. */
static void make_said(int n)
{
    for (int k = 0; k < SITES; k++) {
        w.said[k] = (mizo_outlook){ n, w.mean[k], w.q[k] };
        for (int i = 0; i < n; i++) {
            double level = 10 + 3 * k + i % SLOTS;
            for (int j = 0; j < MIZO_QUANTILES; j++)
                w.q[k][i * MIZO_QUANTILES + j] = level * (1 - 0.3 * log(1 - mizo_quantile[j]));
            w.mean[k][i] = mizo_outlook_expected(w.q[k] + (ptrdiff_t)i * MIZO_QUANTILES);
        }
    }
}

static mizo_scenarios ask(int n)
{
    make_said(n);
    return (mizo_scenarios){ .nsite = SITES,
                             .n = n,
                             .slots = SLOTS,
                             .site = w.said,
                             .rank = rank_of,
                             .arg = &w,
                             .ages = AGES,
                             .npath = PATHS,
                             .seed = 5 };
}

static double at(const float *path, int p, int site, int n, int i)
{
    return (double)path[(p * SITES + site) * n + i];
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- paths ---- */

static void each_site_keeps_its_own_distribution(void **state)
{
    (void)state;
    make_past();
    mizo_scenarios s = ask(2 * SLOTS);
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    for (int k = 0; k < SITES; k++)
        for (int i = 0; i < s.n; i++) {
            double v[PATHS];
            const double *q = w.q[k] + (ptrdiff_t)i * MIZO_QUANTILES;
            for (int p = 0; p < PATHS; p++)
                v[p] = at(w.path, p, k, s.n, i);
            qsort(v, PATHS, sizeof *v, by_value);
            for (int j = 0; j < MIZO_QUANTILES; j++) { /* PATHS * level lies between two paths */
                int up = (int)floor(PATHS * mizo_quantile[j] + 0.5);
                assert_true(v[up - 1] <= q[j] && q[j] <= v[up]);
            }
        }
}

static double correlation(int a, int i, int b, int k, int n)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (int p = 0; p < PATHS; p++) {
        double u = at(w.path, p, a, n, i), v = at(w.path, p, b, n, k);
        x += u / PATHS;
        y += v / PATHS;
        xx += u * u / PATHS;
        yy += v * v / PATHS;
        xy += u * v / PATHS;
    }
    return (xy - x * y) / sqrt((xx - x * x) * (yy - y * y));
}

/* Of the ranks of the past themselves. */
static double observed(int a, int b, int lag)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0, n = 0;
    for (int d = 0; d < AGES; d++)
        for (int s = 0; s + lag < SLOTS; s++) {
            double u = w.rank[a][d][s], v = w.rank[b][d][s + lag];
            x += u;
            y += v;
            xx += u * u;
            yy += v * v;
            xy += u * v;
            n++;
        }
    return (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y));
}

static void sites_and_slots_move_together_as_they_did(void **state)
{
    (void)state;
    make_past();
    mizo_scenarios s = ask(SLOTS);
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    double said[3] = { 0 }, seen[3] = { 0 };
    int pairs = 0, times = 0;
    for (int a = 0; a < SITES; a++) {
        for (int b = 0; b < a; b++, pairs++) {
            for (int i = 0; i < SLOTS; i++)
                said[0] += correlation(a, i, b, i, SLOTS) / SLOTS;
            seen[0] += observed(a, b, 0);
        }
        for (int lag = 1; lag <= 2; lag++) {
            for (int i = 0; i + lag < SLOTS; i++)
                said[lag] += correlation(a, i, a, i + lag, SLOTS) / (SLOTS - lag);
            seen[lag] += observed(a, a, lag);
        }
        times++;
    }
    assert_true(fabs(said[0] - seen[0]) / pairs < 0.05); /* some 0.35 */
    assert_true(seen[0] / pairs > 0.25);
    for (int lag = 1; lag <= 2; lag++)
        assert_true(fabs(said[lag] - seen[lag]) / times < 0.06 && seen[lag] / times > 0.7);
}

static void two_days_follow_one_another(void **state)
{
    (void)state;
    make_past();
    mizo_scenarios s = ask(2 * SLOTS);
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    double over = 0;
    for (int k = 0; k < SITES; k++) /* the last slot of the first day and the first of the second */
        over += correlation(k, SLOTS - 1, k, SLOTS, s.n) / SITES;
    assert_true(over > 0.7);
}

static void the_same_seed_says_the_same(void **state)
{
    (void)state;
    make_past();
    mizo_scenarios s = ask(SLOTS);
    size_t bytes = sizeof(float) * PATHS * SITES * SLOTS;
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    assert_int_equal(mizo_scenario_paths(&s, w.again), MIZO_OK);
    assert_memory_equal(w.path, w.again, bytes);
    for (size_t k = 0; k < SITES; k++) { /* site by site as all at once */
        float one[PATHS * SLOTS];
        assert_int_equal(mizo_scenario_site(&s, k, one), MIZO_OK);
        for (size_t p = 0; p < PATHS; p++)
            assert_memory_equal(one + p * SLOTS, w.path + (p * SITES + k) * SLOTS, sizeof(float) * SLOTS);
    }
    s.seed = 6;
    assert_int_equal(mizo_scenario_paths(&s, w.again), MIZO_OK);
    assert_memory_not_equal(w.path, w.again, bytes);
}

static void a_site_without_a_past_goes_with_the_others(void **state)
{
    (void)state;
    make_past();
    memset(w.rank[3], MIZO_RANK_UNKNOWN, sizeof w.rank[3]);
    mizo_scenarios s = ask(SLOTS);
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    double with = 0;
    for (int k = 0; k < SITES; k++)
        for (int i = 0; i < SLOTS && k != 3; i++)
            with += correlation(3, i, k, i, SLOTS) / (SLOTS * (SITES - 1));
    assert_true(with > 0.2);
}

static void without_any_past_all_move_together(void **state)
{
    (void)state;
    mizo_scenarios s = ask(SLOTS);
    double mean[SLOTS], q[SLOTS * MIZO_QUANTILES];
    mizo_outlook sum = { SLOTS, mean, q };
    s.ages = 0;
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    mizo_scenario_sum(w.path, SITES, SLOTS, PATHS, &sum);
    for (int i = 0; i < SLOTS * MIZO_QUANTILES; i++) {
        double all = 0;
        for (int k = 0; k < SITES; k++)
            all += w.q[k][i];
        assert_true(fabs(q[i] - all) < 0.02 * all);
    }
}

static void few_days_are_lent_more_than_once(void **state)
{
    (void)state;
    make_past();
    mizo_scenarios s = ask(SLOTS);
    s.ages = 5;
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_OK);
    for (int p = 0; p < PATHS; p++)
        for (int r = 0; r < p; r++) { /* no path is another */
            bool same = true;
            for (int i = 0; i < SLOTS; i++)
                same = same && at(w.path, p, 0, SLOTS, i) == at(w.path, r, 0, SLOTS, i);
            assert_false(same);
        }
}

/* Width of the sum's band over the day. */
static double width(const mizo_scenarios *s)
{
    double mean[SLOTS], q[SLOTS * MIZO_QUANTILES], sum = 0;
    mizo_outlook out = { SLOTS, mean, q };
    assert_int_equal(mizo_scenario_paths(s, w.path), MIZO_OK);
    mizo_scenario_sum(w.path, SITES, SLOTS, PATHS, &out);
    for (int i = 0; i < SLOTS; i++)
        sum += q[i * MIZO_QUANTILES + MIZO_Q90] - q[i * MIZO_QUANTILES + MIZO_Q10];
    return sum;
}

static void noise_in_ranks_is_made_up_for_by_the_towns_own(void **state)
{
    (void)state;
    double mean[SLOTS], q[SLOTS * MIZO_QUANTILES];
    mizo_outlook town = { SLOTS, mean, q };
    make_past();
    mizo_scenarios s = ask(SLOTS);
    double true_width = width(&s);
    mizo_scenario_sum(w.path, SITES, SLOTS, PATHS, &town);
    for (int k = 0; k < SITES; k++) /* half of each rank is noise now */
        for (int d = 0; d < AGES; d++)
            for (int i = 0; i < SLOTS; i++)
                w.rank[k][d][i] = (uint8_t)(w.rank[k][d][i] / 2 +
                                            (int)(127 * mizo_unit(9, (uint64_t)(k * AGES + d), (uint64_t)i)));
    double noisy = width(&s);
    assert_true(noisy < 0.85 * true_width);
    assert_true(mizo_scenario_common(&s, &town) == 0); /* no rank of the town: nothing to lean on */
    s.town_rank = town_of;
    s.common = mizo_scenario_common(&s, &town);
    assert_true(s.common > 0);
    assert_true(fabs(width(&s) / true_width - 1) < 0.08);
    each_site_keeps_its_own_distribution(NULL);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    mizo_scenarios good = ask(SLOTS), s = good;
    s.npath = 0;
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_ERANGE);
    s.npath = MIZO_PATHS + 1;
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_ERANGE);
    s = good;
    s.ages = MIZO_RANKS + 1;
    assert_int_equal(mizo_scenario_paths(&s, w.path), MIZO_ERANGE);
    s = good;
    assert_int_equal(mizo_scenario_site(&s, SITES, w.path), MIZO_ERANGE);
}

/* ---- sums that add up ---- */

static void sites_add_up_to_the_town(void **state)
{
    (void)state;
    make_said(SLOTS);
    double mean[SLOTS], q[SLOTS * MIZO_QUANTILES] = { 0 }, sd[SITES * SLOTS], share[SLOTS], before = 0;
    mizo_outlook town = { SLOTS, mean, q };
    for (int i = 0; i < SLOTS; i++) {
        share[i] = i == 0 ? 1 : i == 1 ? 0 : 0.4;
        mean[i] = i == 5 ? 3 : 900; /* far below the sites, or above */
    }
    w.mean[2][7] = NAN;
    for (int i = 0; i < SITES * SLOTS; i++)
        sd[i] = 1 + i % 5;
    for (int k = 0; k < SITES; k++)
        before += w.mean[k][1];
    double first = w.mean[4][0], low = w.q[4][0];
    mizo_reconcile_sum(&(mizo_reconcile){ SITES, w.said, &town, sd, NULL, share });
    for (int i = 0; i < SLOTS; i++) {
        double sum = 0;
        for (int k = 0; k < SITES; k++) {
            sum += isnan(w.mean[k][i]) ? 0 : w.mean[k][i];
            assert_true(isnan(w.mean[k][i]) || w.mean[k][i] >= 0);
        }
        assert_true(fabs(sum - mean[i]) < 1e-9 * sum);
    }
    assert_true(fabs(mean[0] - 900) < 1e-6);    /* all of the town's own */
    assert_true(fabs(mean[1] - before) < 1e-9); /* none of it */
    assert_true(fabs((w.mean[4][0] - first) - (w.q[4][0] - low)) < 1e-9);
}

static void a_site_that_is_at_nothing_gives_no_more(void **state)
{
    (void)state;
    double mean[2] = { 1, 9 }, q[2][MIZO_QUANTILES] = { { 0 } }, town_mean = 4,
           town_q[MIZO_QUANTILES] = { 0 };
    double sd[2] = { 5, 1 }, share = 1;
    mizo_outlook site[2] = {
        {1,  &mean[0], q[0]},
        { 1, &mean[1], q[1]}
    };
    mizo_outlook town = { 1, &town_mean, town_q };
    mizo_reconcile_sum(&(mizo_reconcile){ 2, site, &town, sd, NULL, &share });
    assert_true(mean[0] == 0 && fabs(mean[1] - 4) < 1e-9 && fabs(town_mean - 4) < 1e-9);
}

static void the_better_forecast_of_the_sum_gets_its_share(void **state)
{
    (void)state;
    mizo_blend right = { .days = { 0 } }, wrong = right, both = right;
    assert_true(mizo_blend_share(&right, 3, SLOTS) == 0.5);
    for (int d = 0; d < 400; d++) {
        double actual[SLOTS], off[SLOTS], other[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            actual[i] = 100;
            off[i] = 100 + 10 * normal((uint64_t)(d * SLOTS + i), 1);
            other[i] = 100 + 10 * normal((uint64_t)(d * SLOTS + i), 2);
        }
        actual[3] = d % 9 ? 100 : NAN;
        mizo_blend_learn(&right, SLOTS, actual, off, actual);
        mizo_blend_learn(&wrong, SLOTS, off, actual, actual);
        mizo_blend_learn(&both, SLOTS, off, other, actual);
    }
    assert_true(mizo_blend_share(&right, 3, SLOTS) > 0.9);
    assert_true(mizo_blend_share(&wrong, 3, SLOTS) < 0.1);
    assert_true(fabs(mizo_blend_share(&both, 3, SLOTS) - 0.5) < 0.15);
}

static void whole_wh_add_up_exactly(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        double v[37], sum = 0;
        int64_t out[37], all = 0;
        for (int k = 0; k < 37; k++) {
            v[k] = floor(4000 * (mizo_unit(3, (uint64_t)round, (uint64_t)k) - 0.3)) / (round % 3 ? 8.0 : 1.0);
            if (round == 11 && k == 4)
                v[k] = NAN;
            sum += isnan(v[k]) ? 0 : v[k];
        }
        int64_t said = mizo_round_parts(v, 37, out);
        for (int k = 0; k < 37; k++) {
            all += out[k];
            assert_true(isnan(v[k]) ? out[k] == 0 : fabs((double)out[k] - v[k]) < 1);
        }
        assert_true(said == all && said == (int64_t)floor(sum + 0.5));
    }
    int64_t out[3];
    assert_true(mizo_round_parts((double[]){ 0.5, 0.5, 0.5 }, 3, out) == 2 && out[0] == 1 && out[1] == 1 &&
                !out[2]);
    assert_true(mizo_round_parts((double[]){ 0.2, 0.9, 0.4 }, 3, out) == 2 && !out[0] && out[1] == 1 &&
                out[2] == 1);
}

static void means_add_up_where_medians_do_not(void **state)
{
    (void)state;
    double q[MIZO_QUANTILES], e[MIZO_QUANTILES], middle[MIZO_QUANTILES];
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        q[k] = 5 + 2 * mizo_quantile[k];
        e[k] = -10 * log(1 - mizo_quantile[k]); /* exponential: mean 10, median 6.9 */
        middle[k] = 7;
    }
    assert_true(fabs(mizo_outlook_expected(q) - 6) < 0.01);
    assert_true(fabs(mizo_outlook_expected(e) - 10) < 0.2);
    assert_true(fabs(mizo_outlook_expected(middle) - 7) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_site_keeps_its_own_distribution),
        cmocka_unit_test(sites_and_slots_move_together_as_they_did),
        cmocka_unit_test(two_days_follow_one_another),
        cmocka_unit_test(the_same_seed_says_the_same),
        cmocka_unit_test(a_site_without_a_past_goes_with_the_others),
        cmocka_unit_test(without_any_past_all_move_together),
        cmocka_unit_test(few_days_are_lent_more_than_once),
        cmocka_unit_test(noise_in_ranks_is_made_up_for_by_the_towns_own),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(sites_add_up_to_the_town),
        cmocka_unit_test(a_site_that_is_at_nothing_gives_no_more),
        cmocka_unit_test(the_better_forecast_of_the_sum_gets_its_share),
        cmocka_unit_test(whole_wh_add_up_exactly),
        cmocka_unit_test(means_add_up_where_medians_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
