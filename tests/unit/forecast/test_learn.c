/* The learner: it sees no further than it was told, says the same twice, bears gaps, and beats its own naives
 * on a series that can be learned. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/forecast.h"

enum { SLOTS = 24, DAYS = 200, FIRST = 18000 };

typedef struct world {
    double y[DAYS][SLOTS], said[DAYS][SLOTS];
} world;

static int kind_of(mizo_day d)
{
    int w = mizo_day_weekday(d);
    return w == 6 ? 1 : w == 0 ? 2 : 0;
}

/* Weekly shape, a slow wave that carries from day to day, and small noise from a fixed generator. */
static void make(world *w)
{
    uint32_t seed = 7;
    double level = 0;
    for (int d = 0; d < DAYS; d++) {
        seed = seed * 1664525 + 1013904223;
        level = 0.9 * level + ((double)(seed >> 8) / (1 << 24) - 0.5) * 8;
        for (int s = 0; s < SLOTS; s++) {
            seed = seed * 1664525 + 1013904223;
            double shape = 40 + 20 * sin(s * 0.2618) * (kind_of(FIRST + d) ? 0.3 : 1);
            w->y[d][s] = shape + level + ((double)(seed >> 8) / (1 << 24) - 0.5);
        }
    }
}

static mizo_learner *born(int inputs)
{
    mizo_learner *l = mizo_learner_new(
        &(mizo_learn_task){ .size = sizeof(mizo_learn_task), .slots = SLOTS, .inputs = inputs });
    assert_non_null(l);
    return l;
}

static void walk(world *w, int from, int to)
{
    mizo_learner *l = born(0);
    for (int d = from; d < to; d++) {
        mizo_learn_day day = { FIRST + d, kind_of(FIRST + d), NULL };
        mizo_learner_forecast(l, &day, w->said[d]);
        mizo_learner_learn(l, &day, w->y[d]);
    }
    mizo_learner_free(l);
}

static world a, b;

static double missed(const world *w, int back)
{
    double sum = 0;
    for (int d = 100; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            sum += fabs(w->y[d][s] - (back ? w->y[d - back][s] : w->said[d][s]));
    return sum;
}

static void beats_its_naives(void **state)
{
    (void)state;
    make(&a);
    walk(&a, 0, DAYS);
    assert_true(missed(&a, 0) < 0.65 * missed(&a, 1));
    assert_true(missed(&a, 0) < 0.65 * missed(&a, 7));
}

/* What comes after a day changes nothing that was said up to it. */
static void sees_no_future(void **state)
{
    (void)state;
    enum { CUT = 150 };
    make(&a);
    make(&b);
    for (int d = CUT; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            b.y[d][s] = d % 2 ? -1e9 : 1e9;
    walk(&a, 0, DAYS);
    walk(&b, 0, DAYS);
    assert_memory_equal(a.said, b.said, sizeof a.said[0] * (CUT + 1));
    assert_memory_not_equal(a.said[CUT + 1], b.said[CUT + 1], sizeof a.said[0]);
}

static void says_the_same_twice(void **state)
{
    (void)state;
    make(&a);
    make(&b);
    walk(&a, 0, DAYS);
    walk(&b, 0, DAYS);
    assert_memory_equal(a.said, b.said, sizeof a.said);
}

/* Asking for a day, or for other days, leaves the learner as it was. */
static void asking_changes_nothing(void **state)
{
    (void)state;
    make(&a);
    make(&b);
    walk(&a, 0, DAYS);
    mizo_learner *l = born(0);
    for (int d = 0; d < DAYS; d++) {
        double other[SLOTS];
        mizo_learn_day day = { FIRST + d, kind_of(FIRST + d), NULL };
        mizo_learn_day later = { FIRST + d + 1, kind_of(FIRST + d + 1), NULL };
        mizo_learner_forecast(l, &later, other);
        mizo_learner_forecast(l, &day, b.said[d]);
        mizo_learner_forecast(l, &day, b.said[d]);
        mizo_learner_learn(l, &day, b.y[d]);
    }
    mizo_learner_free(l);
    assert_memory_equal(a.said, b.said, sizeof a.said);
}

static void bears_gaps(void **state)
{
    (void)state;
    make(&a);
    for (int d = 60; d < 75; d++)
        for (int s = 0; s < SLOTS; s++)
            a.y[d][s] = NAN;
    for (int d = 90; d < 130; d++)
        a.y[d][d % SLOTS] = NAN;
    walk(&a, 0, DAYS);
    assert_true(isnan(a.said[0][0])); /* nothing known yet */
    for (int d = 1; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            assert_true(isfinite(a.said[d][s]) && fabs(a.said[d][s] - 40) < 60);
}

/* Days that are never told count as missing. */
static void bears_days_left_out(void **state)
{
    (void)state;
    make(&a);
    mizo_learner *l = born(0);
    double mean[SLOTS];
    for (int d = 0; d < 120; d++)
        if (d < 50 || d > 80)
            mizo_learner_learn(l, &(mizo_learn_day){ FIRST + d, kind_of(FIRST + d), NULL }, a.y[d]);
    mizo_learner_forecast(l, &(mizo_learn_day){ FIRST + 120, kind_of(FIRST + 120), NULL }, mean);
    mizo_learner_free(l);
    for (int s = 0; s < SLOTS; s++)
        assert_true(fabs(mean[s] - a.y[120][s]) < 15);
}

/* An input that carries the truth is used. */
static void uses_inputs(void **state)
{
    (void)state;
    make(&a);
    mizo_learner *l = born(1);
    double with = 0, level = 0;
    for (int d = 0; d < DAYS; d++) {
        double in[SLOTS], mean[SLOTS];
        level = sin(d * 2.4) * 10;
        for (int s = 0; s < SLOTS; s++) {
            in[s] = level;
            a.y[d][s] += level;
        }
        mizo_learn_day day = { FIRST + d, kind_of(FIRST + d), in };
        mizo_learner_forecast(l, &day, mean);
        for (int s = 0; s < SLOTS && d >= 100; s++)
            with += fabs(mean[s] - a.y[d][s]);
        mizo_learner_learn(l, &day, a.y[d]);
    }
    mizo_learner_free(l);
    walk(&a, 0, DAYS);
    assert_true(with < 0.75 * missed(&a, 0));
}

static void refuses(void **state)
{
    (void)state;
    assert_null(mizo_learner_new(&(mizo_learn_task){ .size = 1, .slots = SLOTS, .inputs = 0 }));
    assert_null(
        mizo_learner_new(&(mizo_learn_task){ .size = sizeof(mizo_learn_task), .slots = 0, .inputs = 0 }));
    assert_null(mizo_learner_new(
        &(mizo_learn_task){ .size = sizeof(mizo_learn_task), .slots = SLOTS, .inputs = 33 }));
    mizo_learner_free(NULL);
}

/* ---- pools ---- */

enum { SITES = 4 };

/* Site k has (k + 1) times the world's load; `odd` is told nonsense about itself. Forecasts site 0. */
static void pool_says(int odd, double mean[SLOTS])
{
    mizo_pool *p = mizo_pool_new(SLOTS, SITES);
    assert_non_null(p);
    mizo_pool_view v = { 0 };
    double past[MIZO_POOL_DAYS * SLOTS], actual[SLOTS];
    for (int d = MIZO_POOL_DAYS; d < 150; d++)
        for (int k = 0; k < SITES; k++) {
            v = (mizo_pool_view){ FIRST + d, kind_of(FIRST + d), past, { 0 } };
            for (int i = 0; i < MIZO_POOL_DAYS * SLOTS; i++)
                past[i] = (k + 1) * a.y[d - MIZO_POOL_DAYS + i / SLOTS][i % SLOTS];
            for (int i = 0; i < MIZO_POOL_DAYS; i++)
                v.past_kind[i] = kind_of(FIRST + d - MIZO_POOL_DAYS + i);
            for (int s = 0; s < SLOTS; s++)
                actual[s] = (k + 1) * a.y[d][s] * (k == odd ? 1.5 : 1);
            if (d % 28 == 0 && k == 0)
                mizo_pool_fit(p);
            if (d == 149) {
                mizo_pool_fit(p);
                mizo_pool_forecast(p, 0, &v, mean);
                mizo_pool_free(p);
                return;
            }
            mizo_pool_learn(p, k, &v, actual);
        }
}

/* A site is told by the others alone: its own days change nothing, another's do. */
static void a_pool_leaves_own_days_out(void **state)
{
    double plain[SLOTS], own[SLOTS], other[SLOTS], missed = 0;
    (void)state;
    make(&a);
    pool_says(-1, plain);
    pool_says(0, own);
    pool_says(1, other);
    for (int s = 0; s < SLOTS; s++) {
        assert_true(fabs(plain[s] - own[s]) < 1e-6 * fabs(plain[s]));
        assert_true(fabs(plain[s] - other[s]) > 1e-3);
        missed += fabs(plain[s] - a.y[149][s]) / SLOTS;
    }
    assert_true(missed < 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beats_its_naives),
        cmocka_unit_test(sees_no_future),
        cmocka_unit_test(says_the_same_twice),
        cmocka_unit_test(asking_changes_nothing),
        cmocka_unit_test(bears_gaps),
        cmocka_unit_test(bears_days_left_out),
        cmocka_unit_test(uses_inputs),
        cmocka_unit_test(refuses),
        cmocka_unit_test(a_pool_leaves_own_days_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
