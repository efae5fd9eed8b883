/* Trees: small cases by hand, a known function to a stated error, order of quantiles, missing columns, weights,
 * the same twice, ranges, failing memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bad-days/memory.h"
#include "forecast/trees.h"

enum { ROWS = 3000, COLUMNS = 5 };

static const trees_task one_split = { .rounds = 1, .depth = 1, .least = 1, .rate = 1, .rows = 1, .take = 1 };
static const trees_task usual = {
    .rounds = 120, .depth = 5, .least = 10, .rate = 0.1, .rows = 0.7, .take = 0.6, .seed = 3
};
static const trees_task forest = { .rounds = 60,
                                   .depth = 20,
                                   .least = 5,
                                   .rate = 1,
                                   .rows = 1,
                                   .take = 0.6,
                                   .scatter = true,
                                   .forest = true,
                                   .seed = 4 };

typedef struct world {
    float x[ROWS][COLUMNS], y[ROWS], noise[ROWS];
    uint32_t seed;
} world;

static double uniform(world *w)
{
    w->seed = w->seed * 1664525 + 1013904223;
    return (w->seed >> 8) / (double)(1 << 24);
}

static double truth(const float *x)
{
    return 2 * (double)x[0] + sin(6 * (double)x[1]) + (x[2] > 0.5F ? (double)x[0] : 0);
}

/* Known function of three columns of five; noise wider where x[0] is large. */
static void make(world *w, uint32_t seed)
{
    w->seed = seed;
    for (int i = 0; i < ROWS; i++) {
        for (int c = 0; c < COLUMNS; c++)
            w->x[i][c] = (float)uniform(w);
        w->noise[i] = (float)((uniform(w) + uniform(w) - 1) * (0.1 + 0.4 * (double)w->x[i][0]));
        w->y[i] = (float)truth(w->x[i]) + w->noise[i];
    }
}

static trees *fit_of(const trees_task *t, const float *x, const float *y, const float *w, size_t rows,
                     int columns)
{
    trees_rows *r = trees_rows_new(x, rows, columns);
    assert_non_null(r);
    trees *f = trees_fit(t, r, y, w);
    trees_rows_free(r);
    return f;
}

static void close_to(double got, double want, double most)
{
    if (!(fabs(got - want) <= most))
        print_error("%.9g is not %.9g within %g\n", got, want, most);
    assert_true(fabs(got - want) <= most);
}

/* ---- by hand ---- */

static void splits_where_the_squares_fall_most(void **state)
{
    (void)state;
    const float x[] = { 1, 2, 3, 10, 11, 12 }, y[] = { 1, 2, 3, 7, 8, 9 };
    trees *t = fit_of(&one_split, x, y, NULL, 6, 1);
    assert_non_null(t);
    const float low = 6, high = 7; /* the cut lies between 3 and 10 */
    close_to(trees_say(t, &low), 2, 1e-12);
    close_to(trees_say(t, &high), 8, 1e-12);
    trees_free(t);
}

static void a_leaf_says_what_its_loss_likes(void **state)
{
    (void)state;
    const float x[] = { 0, 0, 0, 0, 1, 1, 1, 1 }, y[] = { 0, 1, 2, 100, 10, 11, 12, 1000 };
    trees_task t = one_split;
    const float zero = 0, one = 1;
    t.loss = TREES_QUANTILE;
    t.level = 0.25;
    trees *f = fit_of(&t, x, y, NULL, 8, 1);
    close_to(trees_say(f, &zero), 0, 1e-12);
    close_to(trees_say(f, &one), 10, 1e-12);
    trees_free(f);
    t.loss = TREES_ABSOLUTE;
    f = fit_of(&t, x, y, NULL, 8, 1);
    close_to(trees_say(f, &zero), 1, 1e-12);
    close_to(trees_say(f, &one), 11, 1e-12);
    trees_free(f);
}

static void weights_count_as_rows_do(void **state)
{
    (void)state;
    const float x[] = { 0, 0, 1, 1 }, y[] = { 1, 5, 10, 20 }, w[] = { 3, 1, 0, 2 };
    const float again_x[] = { 0, 0, 0, 0, 1, 1 }, again_y[] = { 1, 1, 1, 5, 20, 20 }, at[] = { 0, 1 };
    trees *a = fit_of(&one_split, x, y, w, 4, 1), *b = fit_of(&one_split, again_x, again_y, NULL, 6, 1);
    for (int k = 0; k < 2; k++)
        close_to(trees_say(a, &at[k]), trees_say(b, &at[k]), 1e-12);
    close_to(trees_say(a, &at[0]), 2, 1e-12);
    close_to(trees_say(a, &at[1]), 20, 1e-12);
    trees_free(a);
    trees_free(b);
}

/* Missing is a value of its own: alone on its side, or with those it is like. */
static void missing_goes_where_it_fits(void **state)
{
    (void)state;
    const float x[] = { NAN, NAN, 1, 2, 3, 4 }, alone[] = { 9, 9, 1, 1, 1, 1 }, like[] = { 9, 9, 1, 1, 9, 9 };
    const float nothing = NAN, low = 1.5F, high = 3.5F;
    trees *t = fit_of(&one_split, x, alone, NULL, 6, 1);
    close_to(trees_say(t, &nothing), 9, 1e-12);
    close_to(trees_say(t, &low), 1, 1e-12);
    close_to(trees_say(t, &high), 1, 1e-12);
    trees_free(t);
    t = fit_of(&one_split, x, like, NULL, 6, 1);
    close_to(trees_say(t, &nothing), 9, 1e-12);
    close_to(trees_say(t, &low), 1, 1e-12);
    close_to(trees_say(t, &high), 9, 1e-12);
    trees_free(t);
}

static void a_column_of_nothing_is_borne(void **state)
{
    (void)state;
    const float x[] = { NAN, 1, NAN, 1, NAN, 2, NAN, 2 }, y[] = { 1, 1, 4, 4 };
    trees *t = fit_of(&one_split, x, y, NULL, 4, 2);
    const float at[] = { NAN, 2 };
    close_to(trees_say(t, at), 4, 1e-12);
    trees_free(t);
}

/* One leaf: the quantiles are those of all its rows, each in the middle of its share. */
static void quantiles_by_hand(void **state)
{
    (void)state;
    const float x[] = { 0, 0, 0, 0 }, y[] = { 4, 1, 3, 2 };
    const double level[] = { 0.01, 0.125, 0.25, 0.5, 0.875, 0.99 }, want[] = { 1, 1, 1.5, 2.5, 4, 4 };
    trees_task t = forest;
    double q[6];
    t.rounds = 3;
    trees *f = fit_of(&t, x, y, NULL, 4, 1);
    for (int turn = 0; turn < 2; turn++) { /* a question leaves nothing behind */
        trees_quantiles(f, x, level, 6, q);
        for (int k = 0; k < 6; k++)
            close_to(q[k], want[k], 1e-12);
    }
    close_to(trees_say(f, x), 2.5, 1e-12);
    trees_free(f);
    f = fit_of(&one_split, x, y, NULL, 4, 1);
    trees_quantiles(f, x, level, 6, q);
    assert_true(isnan(q[0]) && isnan(q[5]));
    trees_free(f);
}

static void a_leaf_holds_no_fewer_than_told(void **state)
{
    (void)state;
    const float x[] = { 1, 2, 3, 4, 5, 6 }, y[] = { 100, 0, 0, 0, 0, 1 };
    trees_task t = one_split;
    t.least = 3;
    t.depth = 5;
    trees *f = fit_of(&t, x, y, NULL, 6, 1);
    const float low = 1, high = 6;
    close_to(trees_say(f, &low), 100.0 / 3, 1e-9);
    close_to(trees_say(f, &high), 1.0 / 3, 1e-9);
    trees_free(f);
}

/* ---- a known function ---- */

static double error_of(trees *f, world *fresh)
{
    double sum = 0;
    for (int i = 0; i < ROWS; i++)
        sum += fabs(trees_say(f, fresh->x[i]) - truth(fresh->x[i])) / ROWS;
    return sum;
}

/* The function spreads by 0.75 around its mean; noise of 0.12 is added. */
static void a_known_function_is_learned(void **state)
{
    static world w, fresh;
    (void)state;
    make(&w, 1);
    make(&fresh, 99);
    trees_task absolute = usual;
    absolute.loss = TREES_ABSOLUTE;
    const trees_task *task[] = { &usual, &absolute, &forest };
    const double most[] = { 0.07, 0.08, 0.12 };
    for (int k = 0; k < 3; k++) {
        trees *f = fit_of(task[k], w.x[0], w.y, NULL, ROWS, COLUMNS);
        assert_non_null(f);
        double error = error_of(f, &fresh);
        print_message("# error of kind %d: %.4f\n", k, error);
        assert_true(error < most[k]);
        trees_free(f);
    }
}

/* Shares of fresh values below the quantiles, and quantiles in order. The forest is asked for the noise alone:
 * where the mean is steep its leaves hold both, and its bands are wide. */
static void quantiles_hold_their_share(void **state)
{
    static world w, fresh;
    const double level[] = { 0.1, 0.5, 0.9 };
    double below[2][3] = { { 0 } };
    trees *boosted[3], *side = NULL;
    (void)state;
    make(&w, 1);
    make(&fresh, 99);
    for (int k = 0; k < 3; k++) {
        trees_task t = usual;
        t.loss = TREES_QUANTILE;
        t.level = level[k];
        boosted[k] = fit_of(&t, w.x[0], w.y, NULL, ROWS, COLUMNS);
    }
    side = fit_of(&forest, w.x[0], w.noise, NULL, ROWS, COLUMNS);
    for (int i = 0; i < ROWS; i++) {
        double q[3];
        trees_quantiles(side, fresh.x[i], level, 3, q);
        assert_true(q[0] <= q[1] && q[1] <= q[2]);
        for (int k = 0; k < 3; k++) {
            below[0][k] += ((double)fresh.y[i] < trees_say(boosted[k], fresh.x[i])) / (double)ROWS;
            below[1][k] += ((double)fresh.noise[i] < q[k]) / (double)ROWS;
        }
    }
    for (int k = 0; k < 3; k++) {
        print_message("# level %.1f: boosted %.3f, forest %.3f\n", level[k], below[0][k], below[1][k]);
        close_to(below[0][k], level[k], 0.06);
        close_to(below[1][k], level[k], 0.06);
        trees_free(boosted[k]);
    }
    trees_free(side);
}

static void the_same_twice_and_another_by_another_seed(void **state)
{
    static world w;
    (void)state;
    make(&w, 7);
    const trees_task *task[] = { &usual, &forest };
    for (int k = 0; k < 2; k++) {
        trees_task other = *task[k];
        other.seed++;
        trees *a = fit_of(task[k], w.x[0], w.y, NULL, ROWS, COLUMNS);
        trees *b = fit_of(task[k], w.x[0], w.y, NULL, ROWS, COLUMNS);
        trees *c = fit_of(&other, w.x[0], w.y, NULL, ROWS, COLUMNS);
        int differ = 0;
        for (int i = 0; i < ROWS; i++) {
            double p = trees_say(a, w.x[i]), q = trees_say(b, w.x[i]);
            assert_memory_equal(&p, &q, sizeof p);
            differ += p != trees_say(c, w.x[i]);
        }
        assert_true(differ > ROWS / 2);
        trees_free(a);
        trees_free(b);
        trees_free(c);
    }
}

/* A row is told apart by the same cuts when it is learned from and when it is asked. */
static void many_equal_values_are_cut_cleanly(void **state)
{
    enum { N = 4000 };
    static float x[N], y[N];
    (void)state;
    for (int i = 0; i < N; i++) {
        x[i] = i < 3500 ? 5 : (float)i;
        y[i] = i < 3500 ? 1 : 2;
    }
    trees *f = fit_of(&one_split, x, y, NULL, N, 1);
    const float five = 5, next = 3500;
    close_to(trees_say(f, &five), 1, 0.01);
    assert_true(trees_say(f, &next) > 1.9);
    trees_free(f);
}

static void out_of_range_is_refused(void **state)
{
    (void)state;
    const float x[] = { 1, 2 }, y[] = { 1, 2 };
    assert_null(trees_rows_new(x, 0, 1));
    assert_null(trees_rows_new(x, 2, 0));
    assert_null(trees_rows_new(x, 2, TREES_COLUMNS + 1));
    trees_rows *r = trees_rows_new(x, 2, 1);
    trees_task bad[8];
    for (int k = 0; k < 8; k++)
        bad[k] = one_split;
    bad[0].rounds = 0;
    bad[1].depth = TREES_DEPTH + 1;
    bad[2].least = 0;
    bad[3].rate = 0;
    bad[4].rows = 1.5;
    bad[5].take = NAN;
    bad[6].loss = TREES_QUANTILE;
    bad[7].forest = true;
    bad[7].loss = TREES_ABSOLUTE;
    for (int k = 0; k < 8; k++)
        assert_null(trees_fit(&bad[k], r, y, NULL));
    trees_rows_free(r);
    trees_free(NULL);
    trees_rows_free(NULL);
}

static bool whole(const world *w, const trees_task *t)
{
    trees_rows *r = trees_rows_new(w->x[0], 300, COLUMNS);
    trees *f = r ? trees_fit(t, r, w->y, NULL) : NULL;
    trees_rows_free(r);
    trees_free(f);
    return f != NULL;
}

static void bears_failing_memory(void **state)
{
    static world w;
    (void)state;
    make(&w, 7);
    const trees_task *task[] = { &usual, &forest };
    for (int k = 0; k < 2; k++) {
        bool done = false;
        long before = memory_alive(), refused = 0;
        for (long n = 0; !done && n < 200; n++) {
            memory_fail(n, false);
            done = whole(&w, task[k]);
            memory_stop();
            refused += !done;
            assert_int_equal(memory_alive(), before);
        }
        assert_true(done && refused >= 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_where_the_squares_fall_most),
        cmocka_unit_test(a_leaf_says_what_its_loss_likes),
        cmocka_unit_test(weights_count_as_rows_do),
        cmocka_unit_test(missing_goes_where_it_fits),
        cmocka_unit_test(a_column_of_nothing_is_borne),
        cmocka_unit_test(quantiles_by_hand),
        cmocka_unit_test(a_leaf_holds_no_fewer_than_told),
        cmocka_unit_test(a_known_function_is_learned),
        cmocka_unit_test(quantiles_hold_their_share),
        cmocka_unit_test(the_same_twice_and_another_by_another_seed),
        cmocka_unit_test(many_equal_values_are_cut_cleanly),
        cmocka_unit_test(out_of_range_is_refused),
        cmocka_unit_test(bears_failing_memory),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
