/* What a town's data does to a learner, for both recipes: levels that move, meters that are stuck, spikes, school
 * holidays, eight days ahead; odd shapes of days; and the pool that a new site leans on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/forecast.h"

enum { SLOTS = 48, DAYS = 240, FIRST = 18000, MOST = 288 };

typedef struct world {
    int slots;
    double y[DAYS][MOST];
    int kind[DAYS];
} world;

static world a, b;
static double said_a[DAYS][MOST], said_b[DAYS][MOST];

static int weekly(mizo_day d)
{
    int w = mizo_day_weekday(d);
    return w == 6 ? MIZO_SATURDAY : w == 0 ? MIZO_HOLIDAY : MIZO_WEEKDAY;
}

static double chance(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return (double)(*seed >> 8) / (1 << 24);
}

/* An office: high by day on working days, a level that wanders a little, noise of a tenth. */
static void make(world *w, int slots)
{
    uint32_t seed = 11;
    double wander = 0;
    memset(w, 0, sizeof *w);
    w->slots = slots;
    for (int d = 0; d < DAYS; d++) {
        wander = 0.8 * wander + 4 * (chance(&seed) - 0.5);
        w->kind[d] = weekly(FIRST + d);
        for (int s = 0; s < slots; s++) {
            double day = sin(3.14159265 * (s + 0.5) / slots);
            w->y[d][s] = 30 + (w->kind[d] ? 10 : 50) * day * day + wander + 6 * (chance(&seed) - 0.5);
        }
    }
}

static mizo_learner *born(mizo_recipe r, int slots, int inputs)
{
    mizo_learner *l = mizo_learner_new(
        &(mizo_learn_task){ .size = sizeof(mizo_learn_task), .slots = slots, .inputs = inputs, .recipe = r });
    assert_non_null(l);
    return l;
}

static mizo_learn_day day_of(const world *w, int d)
{
    return (mizo_learn_day){ FIRST + d, w->kind[d], NULL };
}

static void walk(const world *w, mizo_recipe r, double said[DAYS][MOST])
{
    mizo_learner *l = born(r, w->slots, 0);
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day = day_of(w, d);
        mizo_learner_forecast(l, &day, said[d]);
        mizo_learner_learn(l, &day, w->y[d]);
    }
    mizo_learner_free(l);
}

/* Mean |miss| over the mean of `of`, days [from, to). */
static double missed(double said[DAYS][MOST], const world *of, int from, int to)
{
    double miss = 0, sum = 0;
    for (int d = from; d < to; d++)
        for (int s = 0; s < of->slots; s++) {
            miss += fabs(said[d][s] - of->y[d][s]);
            sum += of->y[d][s];
        }
    return miss / sum;
}

static const mizo_recipe both[] = { MIZO_RICH, MIZO_LEAN };

/* ---- what a learner holds ---- */

static void lean_is_small(void **state)
{
    (void)state;
    mizo_learner *l = born(MIZO_LEAN, SLOTS, 0), *r = born(MIZO_RICH, SLOTS, 0);
    print_message("# lean %zu bytes, rich %zu bytes\n", mizo_learner_bytes(l), mizo_learner_bytes(r));
    assert_true(mizo_learner_bytes(l) <= 40000);
    assert_true(mizo_learner_bytes(r) > mizo_learner_bytes(l));
    mizo_learner_free(l);
    mizo_learner_free(r);
}

static void lean_is_nearly_as_good(void **state)
{
    (void)state;
    make(&a, SLOTS);
    walk(&a, MIZO_RICH, said_a);
    walk(&a, MIZO_LEAN, said_b);
    double rich = missed(said_a, &a, 120, DAYS), lean = missed(said_b, &a, 120, DAYS);
    print_message("# rich %.4f lean %.4f\n", rich, lean);
    assert_true(rich < 0.06 && lean < 1.1 * rich);
}

/* ---- levels, meters, spikes ---- */

/* From one day to the next everything is `by` times as much. Days 3 to 6 and 7 to 20 after it, and the same days
 * without it. */
static void follows(mizo_recipe r, double by, double most_soon, double most_later)
{
    enum { AT = 180 };
    make(&a, SLOTS);
    make(&b, SLOTS);
    for (int d = AT; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            b.y[d][s] *= by;
    walk(&a, r, said_a);
    walk(&b, r, said_b);
    double soon = missed(said_b, &b, AT + 3, AT + 7) / missed(said_a, &a, AT + 3, AT + 7);
    double later = missed(said_b, &b, AT + 7, AT + 21) / missed(said_a, &a, AT + 7, AT + 21);
    print_message(
        "# level x %.2f: first day %.2f of the mean; days 4 to 7 %.2f times the usual miss, then %.2f\n", by,
        missed(said_b, &b, AT, AT + 1), soon, later);
    assert_true(missed(said_b, &b, AT, AT + 1) > 0.3); /* nobody could know the first day */
    assert_true(soon < most_soon && later < most_later);
    assert_memory_equal(said_a, said_b, sizeof *said_a * (AT + 1));
}

static void follows_a_level(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        follows(both[k], 0.5, 1.3, 1.15);
        follows(both[k], 1.6, 1.3, 1.15);
    }
}

/* A week at half, and back: the level of old is taken back after one day. */
static void comes_back(void **state)
{
    enum { AT = 180, BACK = 187 };
    (void)state;
    for (int k = 0; k < 2; k++) {
        make(&a, SLOTS);
        make(&b, SLOTS);
        for (int d = AT; d < BACK; d++)
            for (int s = 0; s < SLOTS; s++)
                b.y[d][s] *= 0.5;
        walk(&a, both[k], said_a);
        walk(&b, both[k], said_b);
        assert_true(missed(said_b, &b, BACK + 1, BACK + 8) < 1.3 * missed(said_a, &a, BACK + 1, BACK + 8));
    }
}

/* Three days of one value are not learned from; the days after are forecast as if they had been missing. */
static void doubts_a_stuck_meter(void **state)
{
    enum { AT = 180, END = 183 };
    (void)state;
    for (int k = 0; k < 2; k++) {
        make(&a, SLOTS);
        make(&b, SLOTS);
        for (int d = AT; d < END; d++)
            for (int s = d == AT ? 13 : 0; s < SLOTS; s++) {
                a.y[d][s] = NAN;
                b.y[d][s] = 93.5;
            }
        walk(&a, both[k], said_a);
        walk(&b, both[k], said_b);
        assert_memory_equal(said_a[END], said_b[END], sizeof *said_a * (DAYS - END));
    }
}

/* A meter that counts in steps of 20 shows the same all night, a vacant flat the same for weeks: no doubt. */
static void believes_a_coarse_meter(void **state)
{
    (void)state;
    make(&a, SLOTS);
    for (int d = 0; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            a.y[d][s] = d > 200 ? 0 : 40 * floor(a.y[d][s] / 40 + 0.5);
    mizo_learner *l = born(MIZO_LEAN, SLOTS, 0);
    double believed[SLOTS], mean[SLOTS];
    int doubted = 0, late = 0;
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day = day_of(&a, d);
        int n = mizo_learner_clean(l, a.y[d], believed);
        doubted += d <= 200 ? n : 0;
        late += d > 225 ? n : 0;
        mizo_learner_learn(l, &day, a.y[d]);
    }
    mizo_learner_forecast(l, &(mizo_learn_day){ FIRST + DAYS, 0, NULL }, mean);
    mizo_learner_free(l);
    assert_int_equal(doubted, 0);
    assert_int_equal(late, 0); /* what stays for more than two weeks is so */
    for (int s = 0; s < SLOTS; s++)
        assert_true(fabs(mean[s]) < 25);
}

static void doubts_a_spike(void **state)
{
    enum { AT = 180 };
    (void)state;
    make(&a, SLOTS);
    make(&b, SLOTS);
    a.y[AT][20] = a.y[AT][21] = NAN;
    b.y[AT][20] = 65535;
    b.y[AT][21] = -65535;
    for (int k = 0; k < 2; k++) {
        walk(&a, both[k], said_a);
        walk(&b, both[k], said_b);
        assert_memory_equal(said_a, said_b, sizeof said_a);
    }
    mizo_learner *l = born(MIZO_LEAN, SLOTS, 0);
    double believed[SLOTS];
    for (int d = 0; d < AT; d++)
        mizo_learner_learn(l, &(mizo_learn_day){ FIRST + d, a.kind[d], NULL }, a.y[d]);
    assert_int_equal(mizo_learner_clean(l, b.y[AT], believed), 2);
    assert_true(isnan(believed[20]) && isnan(believed[21]) && believed[19] == b.y[AT][19]);
    mizo_learner_free(l);
}

/* ---- kinds of day ---- */

/* Working days at 0.6 in school holidays, two days at 0.4 around a New Year: known by the second time. */
static void knows_recess_and_quiet(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        make(&a, SLOTS);
        for (int d = 0; d < DAYS; d++) {
            bool recess = (d >= 70 && d < 90) || (d >= 190 && d < 210), quiet = d % 98 == 39 || d % 98 == 40;
            double by = quiet ? 0.4 : recess && !a.kind[d] ? 0.6 : 1;
            a.kind[d] = quiet ? MIZO_QUIET : recess && !a.kind[d] ? MIZO_KIND_RECESS : a.kind[d];
            for (int s = 0; s < SLOTS; s++)
                a.y[d][s] *= by;
        }
        walk(&a, both[k], said_a);
        assert_int_equal(a.kind[137], MIZO_QUIET);
        print_message("# quiet days %.3f, after them %.3f, recess %.3f, after it %.3f\n",
                      missed(said_a, &a, 137, 139), missed(said_a, &a, 139, 142),
                      missed(said_a, &a, 190, 193), missed(said_a, &a, 210, 215));
        assert_true(missed(said_a, &a, 137, 139) < 0.2);
        assert_true(missed(said_a, &a, 139, 142) < 0.1); /* and what follows is as usual */
        assert_true(missed(said_a, &a, 190, 193) < 0.12);
        assert_true(missed(said_a, &a, 210, 215) < 0.1);
    }
}

/* ---- ahead ---- */

static void ahead_of(int d, double mean[8 * SLOTS], mizo_learner *l)
{
    mizo_learn_day day[8];
    for (int k = 0; k < 8; k++)
        day[k] = day_of(&a, d + k);
    mizo_learner_ahead(l, day, 8, mean);
}

/* Eight days: the first is the day-ahead forecast, each of the others better than last week's value, with days
 * missing before, a holiday inside; and no trace is left. */
static void sees_eight_days(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        double mean[8 * SLOTS], one[SLOTS], miss[8] = { 0 }, naive[8] = { 0 };
        make(&a, SLOTS);
        for (int d = 104; d < DAYS; d += 25) { /* a holiday among working days */
            a.kind[d] = MIZO_HOLIDAY;
            for (int s = 0; s < SLOTS; s++) {
                double day = sin(3.14159265 * (s + 0.5) / SLOTS);
                a.y[d][s] = 30 + 10 * day * day;
            }
        }
        b = a;
        for (int d = 150; d < 155; d++)
            for (int s = 0; s < SLOTS; s++)
                b.y[d][s] = NAN;
        walk(&b, both[k], said_a);
        mizo_learner *l = born(both[k], SLOTS, 0);
        for (int d = 0; d < DAYS; d++) {
            mizo_learn_day day = day_of(&a, d);
            if (d >= 120 && d + 8 <= DAYS && d % 3 == 0) {
                ahead_of(d, mean, l);
                mizo_learner_forecast(l, &day, one);
                assert_memory_equal(one, mean, sizeof one);
                for (int i = 0; i < 8 * SLOTS; i++) {
                    const double *then = a.y[d + i / SLOTS];
                    assert_true(isfinite(mean[i]));
                    miss[i / SLOTS] += fabs(mean[i] - then[i % SLOTS]);
                    naive[i / SLOTS] +=
                        fabs(a.y[d + i / SLOTS - 7 * (1 + (i / SLOTS) / 7)][i % SLOTS] - then[i % SLOTS]);
                }
            }
            mizo_learner_forecast(l, &day, said_b[d]);
            mizo_learner_learn(l, &day, b.y[d]);
        }
        mizo_learner_free(l);
        print_message("# miss over last week's, by lead:");
        for (int i = 0; i < 8; i++) {
            print_message(" %.2f", miss[i] / naive[i]);
            assert_true(miss[i] < (i < 1 ? 0.75 : 0.9) * naive[i]);
        }
        print_message("\n");
        assert_memory_equal(said_a, said_b, sizeof said_a);
    }
}

/* What was said of days that are then never told is not taken for what happened. */
static void leaves_no_trace(void **state)
{
    (void)state;
    make(&a, SLOTS);
    for (int k = 0; k < 2; k++) {
        mizo_learner *l[2] = { born(both[k], SLOTS, 0), born(both[k], SLOTS, 0) };
        double mean[8 * SLOTS], said[2][8 * SLOTS];
        for (int i = 0; i < 2; i++)
            for (int d = 0; d < 100; d++)
                mizo_learner_learn(l[i], &(mizo_learn_day){ FIRST + d, a.kind[d], NULL }, a.y[d]);
        ahead_of(100, mean, l[0]);
        for (int i = 0; i < 2; i++) {
            mizo_learner_learn(l[i], &(mizo_learn_day){ FIRST + 105, a.kind[105], NULL }, a.y[105]);
            ahead_of(106, said[i], l[i]);
            mizo_learner_free(l[i]);
        }
        assert_memory_equal(said[0], said[1], sizeof said[0]);
    }
}

/* ---- odd days ---- */

static void bears_any_shape(void **state)
{
    static const int shape[] = { 1, 7, 47, 288 };
    (void)state;
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
        for (int k = 0; k < 2; k++) {
            if (shape[i] > 96 && both[k] == MIZO_RICH)
                continue; /* the same code, but slow under a sanitizer */
            make(&a, shape[i]);
            make(&b, shape[i]);
            for (int d = 150; d < DAYS; d++)
                for (int s = 0; s < shape[i]; s++)
                    b.y[d][s] = d % 3 ? 1e9 : -1e300;
            walk(&a, both[k], said_a);
            walk(&b, both[k], said_b);
            assert_memory_equal(said_a, said_b, sizeof *said_a * 151); /* no day sees itself or later ones */
            assert_true(missed(said_a, &a, 100, DAYS) < 0.12);
            walk(&a, both[k], said_b);
            assert_memory_equal(said_a, said_b, sizeof said_a);
        }
}

/* Nothing but gaps, then inputs that are NAN, infinite or absent, and values beyond all bounds. */
static void bears_nonsense(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        mizo_learner *l = born(both[k], SLOTS, 2);
        double v[SLOTS], in[2 * SLOTS], mean[SLOTS];
        uint32_t seed = 3;
        for (int d = 0; d < 8; d++) {
            for (int s = 0; s < SLOTS; s++)
                v[s] = NAN;
            mizo_learner_forecast(l, &(mizo_learn_day){ FIRST + d, 0, NULL }, mean);
            assert_true(isnan(mean[0]));
            mizo_learner_learn(l, &(mizo_learn_day){ FIRST + d, 0, NULL }, v);
        }
        for (int d = 8; d < DAYS; d++) {
            for (int s = 0; s < SLOTS; s++) {
                v[s] = d % 13 == 0 ? 1e200 : d % 11 == 0 ? -INFINITY : d % 7 == 0 ? NAN : 10 + chance(&seed);
                in[2 * s] = d % 5 ? chance(&seed) : NAN;
                in[2 * s + 1] = d % 3 ? 20 : INFINITY;
            }
            mizo_learn_day day = { FIRST + d, d % 9 - 1, d % 4 ? in : NULL };
            mizo_learner_forecast(l, &day, mean);
            mizo_learner_learn(l, &day, v);
            for (int s = 0; s < SLOTS && d > 15; s++)
                assert_true(mean[s] > 5 && mean[s] < 16);
        }
        mizo_learner_free(l);
    }
}

/* A day that was told already is not told again. */
static void days_follow_one_another(void **state)
{
    (void)state;
    make(&a, SLOTS);
    mizo_learner *l = born(MIZO_LEAN, SLOTS, 0);
    double before[SLOTS], after[SLOTS];
    mizo_learn_day next = day_of(&a, 60);
    for (int d = 0; d < 60; d++)
        mizo_learner_learn(l, &(mizo_learn_day){ FIRST + d, a.kind[d], NULL }, a.y[d]);
    mizo_learner_forecast(l, &next, before);
    mizo_learner_learn(l, &(mizo_learn_day){ FIRST + 50, 0, NULL }, a.y[57]);
    mizo_learner_forecast(l, &next, after);
    mizo_learner_free(l);
    assert_memory_equal(before, after, sizeof before);
}

/* ---- newcomers ---- */

static void trust_is_earned(void **state)
{
    double own[SLOTS], pool[SLOTS], actual[SLOTS], mean[SLOTS];
    (void)state;
    mizo_newcomer n = { 0 };
    for (int s = 0; s < SLOTS; s++) {
        own[s] = s ? 12 : NAN;
        pool[s] = 11;
        actual[s] = 10;
    }
    assert_true(mizo_newcomer_mix(&n, SLOTS, own, pool, mean));
    assert_true(mean[5] == 11);
    for (int d = 0; d < 20; d++) /* own misses twice as much */
        mizo_newcomer_learn(&n, SLOTS, own, pool, actual);
    assert_true(mizo_newcomer_share(&n) < 0.1);
    for (int s = 1; s < SLOTS; s++)
        own[s] = 10.25;
    double last = mizo_newcomer_share(&n);
    for (int d = 0; d < 60; d++) { /* and then a quarter */
        mizo_newcomer_learn(&n, SLOTS, own, pool, actual);
        assert_true(mizo_newcomer_share(&n) >= last);
        last = mizo_newcomer_share(&n);
    }
    assert_true(last == 1);
    assert_true(mizo_newcomer_mix(&n, SLOTS, own, pool, mean)); /* slot 0 is known to the pool alone */
    assert_true(mean[0] == 11 && mean[1] == 10.25);
    own[0] = 10;
    assert_false(mizo_newcomer_mix(&n, SLOTS, own, pool, mean));
    pool[3] = own[3] = NAN;
    mizo_newcomer_mix(&n, SLOTS, own, pool, mean);
    assert_true(isnan(mean[3]));
}

static void view_of(int d, double size, double past[MIZO_POOL_DAYS * SLOTS], mizo_pool_view *v)
{
    *v = (mizo_pool_view){ FIRST + d, a.kind[d], past, { 0 } };
    for (int i = 0; i < MIZO_POOL_DAYS; i++) {
        v->past_kind[i] = a.kind[d - MIZO_POOL_DAYS + i];
        for (int s = 0; s < SLOTS; s++)
            past[i * SLOTS + s] = size * a.y[d - MIZO_POOL_DAYS + i][s];
    }
}

/* A pool of many sites, told by sites of 1 to 9 times the size, forecasts one of 30 times it that it never saw,
 * from three days of it. */
static void a_pool_without_seats(void **state)
{
    (void)state;
    make(&a, SLOTS);
    mizo_pool *p = mizo_pool_new(SLOTS, 0);
    assert_non_null(p);
    double past[MIZO_POOL_DAYS * SLOTS], actual[SLOTS], mean[SLOTS], miss = 0, sum = 0;
    mizo_pool_view v;
    for (int d = MIZO_POOL_DAYS; d < 150; d++) {
        view_of(d, d % 9 + 1, past, &v);
        for (int s = 0; s < SLOTS; s++)
            actual[s] = (d % 9 + 1) * a.y[d][s];
        mizo_pool_learn(p, d % 9, &v, actual);
    }
    mizo_pool_fit(p);
    for (int d = 150; d < 180; d++) {
        view_of(d, 30, past, &v);
        for (int i = 0; i < (MIZO_POOL_DAYS - 3) * SLOTS; i++)
            past[i] = NAN;
        mizo_pool_forecast(p, 7, &v, mean);
        for (int s = 0; s < SLOTS; s++) {
            miss += fabs(mean[s] - 30 * a.y[d][s]);
            sum += 30 * a.y[d][s];
        }
    }
    mizo_pool_free(p);
    assert_true(miss / sum < 0.2);
    assert_null(mizo_pool_new(SLOTS, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lean_is_small),           cmocka_unit_test(lean_is_nearly_as_good),
        cmocka_unit_test(follows_a_level),         cmocka_unit_test(comes_back),
        cmocka_unit_test(doubts_a_stuck_meter),    cmocka_unit_test(believes_a_coarse_meter),
        cmocka_unit_test(doubts_a_spike),          cmocka_unit_test(knows_recess_and_quiet),
        cmocka_unit_test(sees_eight_days),         cmocka_unit_test(leaves_no_trace),
        cmocka_unit_test(bears_any_shape),         cmocka_unit_test(bears_nonsense),
        cmocka_unit_test(days_follow_one_another), cmocka_unit_test(trust_is_earned),
        cmocka_unit_test(a_pool_without_seats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
