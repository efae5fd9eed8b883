/* Bands: levels never cross and never fall below nothing, whatever they were told; their coverage is what they
 * say; the day in hand learns from its own misses and looks at nothing that has not happened. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/foresight.h"

enum { SLOTS = 48, DAYS = 220, FIRST = 18000, LEVELS = MIZO_QUANTILES };

static uint32_t seed;

static double uniform(void)
{
    seed = seed * 1664525 + 1013904223;
    return ((double)(seed >> 8) + 0.5) / (1 << 24);
}

/* Twelve uniforms less six: near enough to a normal value. */
static double noise(void)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform();
    return sum;
}

static mizo_learn_day day_of(int d)
{
    int w = mizo_day_weekday(FIRST + d);
    return (mizo_learn_day){ FIRST + d, w == 6 ? 1 : w == 0 ? 2 : 0, NULL };
}

static mizo_bands *born(int slots, bool positive)
{
    mizo_bands *b = mizo_bands_new(&(mizo_bands_task){ sizeof(mizo_bands_task), slots, positive });
    assert_non_null(b);
    return b;
}

static void in_order(const double *q, int slots, bool positive)
{
    for (int s = 0; s < slots; s++)
        for (int k = 0; k < LEVELS; k++) {
            double v = q[s * LEVELS + k];
            assert_false(isnan(v));
            assert_true(k == 0 || v >= q[s * LEVELS + k - 1]);
            assert_true(!positive || v >= 0);
        }
}

/* ---- series that no one would wish for ---- */

typedef double (*series)(int d, int s);

static double zero(int d, int s)
{
    (void)d;
    (void)s;
    return 0;
}

static double constant(int d, int s)
{
    (void)d;
    (void)s;
    return 7;
}

static double huge(int d, int s)
{
    return 1e15 * (1 + 0.2 * noise()) + d + s;
}

static double tiny(int d, int s)
{
    (void)d;
    return 1e-12 * (1 + s + noise() * 0.1);
}

static double with_gaps(int d, int s)
{
    return uniform() < 0.5 || d % 9 == 4 || s % 7 == 3 ? NAN : 20 + 5 * noise();
}

static double spiked(int d, int s)
{
    (void)d;
    return uniform() < 0.01 ? 1e9 : 3 + (s % 5) + uniform();
}

static double shifted(int d, int s)
{
    double level = d < 80 ? 1e-3 : d < 150 ? 1e5 : 1;
    (void)s;
    return level * (1 + 0.1 * noise());
}

static double rarely(int d, int s)
{
    (void)d;
    (void)s;
    return uniform() < 0.03 ? 500 * uniform() : 0;
}

static double both_signs(int d, int s)
{
    (void)d;
    return 30 * sin(s * 0.13) + 10 * noise();
}

/* What was said of a slot: half of what its last days were, from nothing but the past. */
static void told(double mean[SLOTS], const double actual[SLOTS])
{
    for (int s = 0; s < SLOTS; s++)
        if (!isnan(actual[s]))
            mean[s] = isnan(mean[s]) ? actual[s] : 0.7 * mean[s] + 0.3 * actual[s];
}

static void stands(series of, bool positive)
{
    double mean[SLOTS], actual[SLOTS], q[2 * SLOTS * LEVELS], two[2 * SLOTS];
    mizo_bands *b = born(SLOTS, positive);
    seed = 5;
    for (int s = 0; s < SLOTS; s++)
        mean[s] = 1;
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day = day_of(d);
        for (int s = 0; s < SLOTS; s++)
            actual[s] = of(d, s);
        for (int lead = 0; lead < MIZO_AHEAD; lead++) {
            mizo_learn_day later = day_of(d + lead);
            mizo_bands_say(b, lead, &later, mean, q);
            in_order(q, SLOTS, positive);
        }
        mizo_bands_say(b, 0, &day, mean, q);
        memcpy(q + SLOTS * LEVELS, q, sizeof q / 2);
        memcpy(two, mean, sizeof mean);
        memcpy(two + SLOTS, mean, sizeof mean);
        mizo_bands_within(b, &day, actual, d % (SLOTS + 1), &(mizo_outlook){ 2 * SLOTS, two, q });
        in_order(q, 2 * SLOTS, positive);
        mizo_bands_learn(b, 7, &day, mean, actual);
        mizo_bands_learn(b, 1, &day, mean, actual);
        mizo_bands_learn(b, 0, &day, mean, actual);
        told(mean, actual);
    }
    mizo_bands_free(b);
}

static void levels_never_cross(void **state)
{
    static const series all[] = { zero, constant, huge, tiny, with_gaps, spiked, shifted, rarely };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        stands(all[i], true);
    stands(both_signs, false);
    stands(with_gaps, false);
}

static void a_constant_is_certain(void **state)
{
    double mean[SLOTS], q[SLOTS * LEVELS];
    (void)state;
    mizo_bands *b = born(SLOTS, true);
    for (int s = 0; s < SLOTS; s++)
        mean[s] = 7;
    for (int d = 0; d < 60; d++) {
        mizo_learn_day day = day_of(d);
        mizo_bands_learn(b, 0, &day, mean, mean);
    }
    mizo_learn_day day = day_of(60);
    mizo_bands_say(b, 0, &day, mean, q);
    for (int i = 0; i < SLOTS * LEVELS; i++)
        assert_true(fabs(q[i] - 7) < 0.1);
    mizo_bands_free(b);
}

static void nothing_said_of_nothing(void **state)
{
    double mean[SLOTS], q[SLOTS * LEVELS];
    (void)state;
    mizo_bands *b = born(SLOTS, true);
    for (int s = 0; s < SLOTS; s++)
        mean[s] = s % 2 ? NAN : 10;
    mizo_learn_day day = day_of(0);
    mizo_bands_say(b, 0, &day, mean, q);
    for (int s = 0; s < SLOTS; s++)
        assert_int_equal(isnan(q[s * LEVELS + 3]), s % 2);
    assert_true(q[LEVELS - 1] > q[0]); /* a first day is not certain */
    mizo_bands_free(b);
}

static void out_of_range(void **state)
{
    (void)state;
    assert_null(mizo_bands_new(&(mizo_bands_task){ sizeof(mizo_bands_task), 0, true }));
    assert_null(mizo_bands_new(&(mizo_bands_task){ sizeof(mizo_bands_task), 289, true }));
    assert_null(mizo_bands_new(&(mizo_bands_task){ 1, 48, true }));
    mizo_bands_free(NULL);
    for (int slots = 1; slots <= 288; slots = slots * 2 + 1) {
        double mean[288], q[288 * LEVELS];
        mizo_bands *b = born(slots, true);
        for (int d = 0; d < 12; d++) {
            mizo_learn_day day = day_of(d);
            for (int s = 0; s < slots; s++)
                mean[s] = 3 + (s + d) % 4;
            mizo_bands_learn(b, 0, &day, mean, mean);
            mizo_bands_within(b, &day, mean, slots / 2, &(mizo_outlook){ 0, mean, q });
            mizo_bands_say(b, 0, &day, mean, q);
            in_order(q, slots, true);
        }
        mizo_bands_free(b);
    }
}

/* ---- honest ---- */

/* A skewed miss whose spread follows the slot: the share of values below each level is the level. */
static void levels_are_what_they_say(void **state)
{
    double mean[SLOTS], actual[SLOTS], q[SLOTS * LEVELS], below[LEVELS] = { 0 }, n = 0;
    (void)state;
    mizo_bands *b = born(SLOTS, true);
    seed = 11;
    for (int d = 0; d < 400; d++) {
        mizo_learn_day day = day_of(d);
        double common = 0.5 * noise();
        for (int s = 0; s < SLOTS; s++) {
            double spread = 1 + 4 * (s > 30);
            mean[s] = 40 + 20 * sin(s * 0.13);
            actual[s] = mean[s] + spread * (common + fabs(noise()) * 2 - 1.5);
        }
        mizo_bands_say(b, 0, &day, mean, q);
        for (int s = 0; s < SLOTS && d >= 100; s++, n++)
            for (int k = 0; k < LEVELS; k++)
                below[k] += actual[s] <= q[s * LEVELS + k];
        mizo_bands_learn(b, 0, &day, mean, actual);
    }
    for (int k = 0; k < LEVELS; k++)
        assert_true(fabs(below[k] / n - mizo_quantile[k]) < 0.025);
    mizo_bands_free(b);
}

/* Longer leads that miss more are given more room. */
static void leads_are_told_apart(void **state)
{
    double mean[SLOTS], far[SLOTS], actual[SLOTS], q[SLOTS * LEVELS], wide[2] = { 0 }, inside = 0, n = 0;
    (void)state;
    mizo_bands *b = born(SLOTS, true);
    seed = 3;
    for (int d = 0; d < 300; d++) {
        mizo_learn_day day = day_of(d);
        for (int s = 0; s < SLOTS; s++) {
            actual[s] = 100 + 5 * noise();
            mean[s] = actual[s] + 4 * noise();
            far[s] = actual[s] + 12 * noise();
        }
        if (d >= 150) {
            mizo_bands_say(b, 0, &day, mean, q);
            wide[0] += q[MIZO_Q90] - q[MIZO_Q10];
            mizo_bands_say(b, 7, &day, far, q);
            wide[1] += q[MIZO_Q90] - q[MIZO_Q10];
            for (int s = 0; s < SLOTS; s++, n++)
                inside += actual[s] >= q[s * LEVELS + MIZO_Q10] && actual[s] <= q[s * LEVELS + MIZO_Q90];
        }
        mizo_bands_learn(b, 7, &day, far, actual);
        mizo_bands_learn(b, 0, &day, mean, actual);
    }
    assert_true(wide[1] > 1.3 * wide[0]);
    assert_in_range((int)(1000 * inside / n), 740, 860);
    mizo_bands_free(b);
}

/* ---- the day in hand ---- */

typedef struct within_score {
    double before, after, width_before, width_after, inside, n;
} within_score;

/* A miss that carries on through the day, by `carry` from slot to slot. */
static void wander(double carry, int days, int from, within_score *out)
{
    double mean[SLOTS], actual[SLOTS], q[SLOTS * LEVELS], moved[SLOTS];
    mizo_bands *b = born(SLOTS, false);
    *out = (within_score){ 0 };
    seed = 17;
    for (int d = 0; d < days; d++) {
        mizo_learn_day day = day_of(d);
        double miss = 0;
        for (int s = 0; s < SLOTS; s++) {
            miss = carry * miss + noise() * sqrt(1 - carry * carry);
            mean[s] = 50;
            actual[s] = 50 + 5 * miss;
        }
        for (int now = 8; now < SLOTS && d >= from; now += 8) {
            mizo_bands_say(b, 0, &day, mean, q);
            memcpy(moved, mean, sizeof mean);
            for (int s = now; s < now + 4; s++)
                out->width_before += q[s * LEVELS + MIZO_Q90] - q[s * LEVELS + MIZO_Q10];
            mizo_bands_within(b, &day, actual, now, &(mizo_outlook){ SLOTS, moved, q });
            for (int s = now; s < now + 4; s++, out->n++) {
                const double *at = q + s * LEVELS;
                out->before += fabs(actual[s] - mean[s]);
                out->after += fabs(actual[s] - moved[s]);
                out->width_after += at[MIZO_Q90] - at[MIZO_Q10];
                out->inside += actual[s] >= at[MIZO_Q10] && actual[s] <= at[MIZO_Q90];
            }
        }
        mizo_bands_learn(b, 0, &day, mean, actual);
    }
    mizo_bands_free(b);
}

static void what_carries_on_is_followed(void **state)
{
    within_score w;
    (void)state;
    wander(0.97, 260, 100, &w);
    assert_true(w.after < 0.55 * w.before);
    assert_true(w.width_after < 0.75 * w.width_before);
    assert_in_range((int)(1000 * w.inside / w.n), 720, 880);
}

static void chance_is_not_followed(void **state)
{
    within_score w;
    (void)state;
    wander(0, 260, 100, &w);
    assert_true(w.after < 1.02 * w.before);
    assert_true(w.width_after > 0.95 * w.width_before);
}

/* Slots at and after now do not matter; those before it stand as they were. */
static void now_is_the_last_that_counts(void **state)
{
    double mean[SLOTS], a[SLOTS], z[SLOTS], q[2][SLOTS * LEVELS], m[2][SLOTS], said[SLOTS * LEVELS];
    (void)state;
    mizo_bands *b = born(SLOTS, true);
    seed = 23;
    for (int d = 0; d < 60; d++) {
        mizo_learn_day day = day_of(d);
        for (int s = 0; s < SLOTS; s++) {
            mean[s] = 30;
            a[s] = 30 + 5 * noise();
        }
        mizo_bands_learn(b, 0, &day, mean, a);
    }
    mizo_learn_day day = day_of(60);
    mizo_bands_say(b, 0, &day, mean, said);
    for (int now = 0; now <= SLOTS; now++) {
        for (int s = 0; s < SLOTS; s++)
            z[s] = s < now ? a[s] : s % 3 ? 1e12 : NAN;
        for (int i = 0; i < 2; i++) {
            memcpy(q[i], said, sizeof said);
            memcpy(m[i], mean, sizeof mean);
            mizo_bands_within(b, &day, i ? z : a, now, &(mizo_outlook){ SLOTS, m[i], q[i] });
        }
        assert_memory_equal(q[0], q[1], sizeof q[0]);
        assert_memory_equal(m[0], m[1], sizeof m[0]);
        assert_memory_equal(q[0], said, sizeof(double) * (size_t)now * LEVELS);
        assert_memory_equal(m[0], mean, sizeof(double) * (size_t)now);
    }
    mizo_bands_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_never_cross),          cmocka_unit_test(a_constant_is_certain),
        cmocka_unit_test(nothing_said_of_nothing),     cmocka_unit_test(out_of_range),
        cmocka_unit_test(levels_are_what_they_say),    cmocka_unit_test(leads_are_told_apart),
        cmocka_unit_test(what_carries_on_is_followed), cmocka_unit_test(chance_is_not_followed),
        cmocka_unit_test(now_is_the_last_that_counts),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
