/* Gaps, fills, and what is hard to believe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mizo/metering.h"

#define N MIZO_MISSING

static void gaps(void **state)
{
    (void)state;
    static const struct {
        int32_t v[6];
        int slots, runs, longest, at;
    } row[] = {
        {{ 1, 2, 3, 4, 5, 6 },  0, 0, 0, -1},
        { { N, 2, 3, 4, 5, 6 }, 1, 1, 1, 0 },
        { { 1, N, N, 4, N, 6 }, 3, 2, 2, 1 },
        { { 1, N, 3, N, N, N }, 4, 2, 3, 3 },
        { { N, N, N, N, N, N }, 6, 1, 6, 0 },
        { { 0, 0, 0, 0, 0, 0 }, 0, 0, 0, -1},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mizo_gap_count g = mizo_gaps(row[i].v, 6);
        assert_int_equal(g.slots, row[i].slots);
        assert_int_equal(g.runs, row[i].runs);
        assert_int_equal(g.longest, row[i].longest);
        assert_int_equal(g.longest_at, row[i].at);
    }
    assert_int_equal(mizo_gaps(NULL, 0).runs, 0);
}

/* Fed in pieces: runs go over the edges, what lies outside the known values is no gap. */
static void gaps_over_days(void **state)
{
    (void)state;
    static const int32_t a[] = { N, N, 1, N }, b[] = { N, 5, N, N }, c[] = { 7, N, N, N };
    mizo_gap_run g = { 0 };
    mizo_gap_feed(&g, a, 4);
    mizo_gap_feed(&g, b, 4);
    mizo_gap_feed(&g, NULL, 4); /* a day of nothing */
    mizo_gap_feed(&g, c, 4);
    assert_int_equal(g.runs, 2);
    assert_int_equal(g.slots, 2 + 2 + 4);
    assert_int_equal(g.longest, 6);
    assert_int_equal(g.longest_at, 6);
    assert_int_equal(g.seen, 16);
    assert_int_equal(g.known, 3);
}

static void linear(void **state)
{
    (void)state;
    int32_t v[] = { N, 1, N, 4, N, N, 7, N, 8, N };
    uint8_t q[10] = { 7, 0, 7, 0, 7, 7, 0, 7, 0, 7 };
    static const int32_t want[] = { N, 1, 3, 4, N, N, 7, 8, 8, N };
    assert_int_equal(mizo_fill_linear(v, q, 10), 2);
    assert_memory_equal(v, want, sizeof want);
    assert_int_equal(q[2], MIZO_QUALITY_FILLED);
    assert_int_equal(q[3], MIZO_QUALITY_MEASURED);
    assert_int_equal(q[4], MIZO_QUALITY_ABSENT);
    int32_t big[] = { INT32_MAX, N, INT32_MAX };
    assert_int_equal(mizo_fill_linear(big, NULL, 3), 1);
    assert_int_equal(big[1], INT32_MAX);
    int32_t two[] = { N, N };
    assert_int_equal(mizo_fill_linear(two, NULL, 2), 0);
}

static void last_week(void **state)
{
    (void)state;
    int32_t v[] = { 1, N, N };
    uint8_t q[] = { 0, 7, 7 };
    static const int32_t ago[] = { 9, 5, N };
    assert_int_equal(mizo_fill_last_week(v, q, ago, 3), 1);
    assert_int_equal(v[0], 1);
    assert_int_equal(v[1], 5);
    assert_int_equal(q[1], MIZO_QUALITY_FILLED);
    assert_int_equal(v[2], MIZO_MISSING);
}

static void doubtful(void **state)
{
    (void)state;
    static const int32_t v[] = { 5, 5, 5, 0, 0, 0, 0, N, N, N, 9, 900, 3 };
    int at;
    assert_int_equal(mizo_doubtful(v, 13, 0, 0), 0);
    assert_int_equal(mizo_doubtful(v, 13, 800, 0), 1);
    assert_int_equal(mizo_doubtful(v, 13, 0, 3), 3);
    assert_int_equal(mizo_doubtful(v, 13, 4, 3), 5);
    assert_int_equal(mizo_stuck(v, 13, &at), 3);
    assert_int_equal(at, 0);
    assert_int_equal(mizo_stuck(v + 3, 7, &at), 0);
    assert_int_equal(at, -1);
}

static void limit(void **state)
{
    (void)state;
    assert_int_equal(mizo_step_limit(0, 30), 0);
    assert_int_equal(mizo_step_limit(90000, 30), 67500);
    assert_int_equal(mizo_step_limit(1, 30), 1);
    assert_int_equal(mizo_step_limit(1000, 60), 1500);
    assert_int_equal(mizo_step_limit(INT64_MAX, 60), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps),      cmocka_unit_test(gaps_over_days), cmocka_unit_test(linear),
        cmocka_unit_test(last_week), cmocka_unit_test(doubtful),       cmocka_unit_test(limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
