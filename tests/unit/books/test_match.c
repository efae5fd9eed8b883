/* Matching through a pool: exact, fair, once. */
#include "base/check.h"

#include <stdio.h>

#include "mizo/books.h"
#include "mizo/series.h"

static int32_t at(const int32_t *rows, size_t row, int slot)
{
    return rows[row * 48 + (size_t)slot];
}

static void a_small_pool(void **state)
{
    (void)state;
    int32_t mill[48] = { 100, 0, 7, MIZO_MISSING }, roof[48] = { 50, 5, 0, MIZO_MISSING };
    int32_t hall[48] = { 30, 90, 1, 9 }, school[48] = { 30, 30, 1, 9 },
            depot[48] = { 0, 30, 1, MIZO_MISSING };
    mizo_match_source s[] = {
        {"mill",    mill},
        { "a-roof", roof}
    };
    mizo_match_consumer c[] = {
        {"hall",    hall  },
        { "school", school},
        { "depot",  depot }
    };
    int32_t from[2 * 48], to[3 * 48];
    mizo_match_day out = { .from_source = from, .to_consumer = to };
    assert_int_equal(mizo_match(s, 2, c, 3, &out), MIZO_OK);
    /* slot 0: 150 offered, 60 wanted: pro rata 40 and 20, everybody is served */
    assert_true(at(from, 0, 0) == 40 && at(from, 1, 0) == 20);
    assert_true(at(to, 0, 0) == 30 && at(to, 1, 0) == 30 && at(to, 2, 0) == 0);
    /* slot 1: 5 offered, 150 wanted: 3, 1, 1 */
    assert_true(at(from, 0, 1) == 0 && at(from, 1, 1) == 5);
    assert_true(at(to, 0, 1) == 3 && at(to, 1, 1) == 1 && at(to, 2, 1) == 1);
    /* slot 2: 3 wanted of 7 */
    assert_true(at(from, 0, 2) == 3 && at(to, 0, 2) + at(to, 1, 2) + at(to, 2, 2) == 3);
    assert_true(at(from, 0, 3) == 0 && at(to, 0, 3) == 0);
    assert_int_equal(out.supply_wh, 162);
    assert_int_equal(out.demand_wh, 60 + 150 + 3 + 18);
    assert_int_equal(out.matched_wh, 60 + 5 + 3);
}

/* A tie goes to the lower id, in whatever order the rows come. */
static void ties(void **state)
{
    (void)state;
    int32_t one[48] = { 1 }, many[48] = { 10 }, from[48], to[3 * 48];
    mizo_match_source s[] = {
        {"mill", one}
    };
    mizo_match_consumer c[] = {
        {"c",  many},
        { "a", many},
        { "b", many}
    };
    mizo_match_day out = { .from_source = from, .to_consumer = to };
    assert_int_equal(mizo_match(s, 1, c, 3, &out), MIZO_OK);
    assert_true(at(to, 0, 0) == 0 && at(to, 1, 0) == 1 && at(to, 2, 0) == 0);
}

static void nothing(void **state)
{
    (void)state;
    int32_t v[48] = { 5 }, none[1], out_v[48];
    mizo_match_source s[] = {
        {"mill", v}
    };
    mizo_match_consumer c[] = {
        {"hall", v}
    };
    mizo_match_day out = { .from_source = out_v, .to_consumer = none };
    assert_int_equal(mizo_match(s, 1, NULL, 0, &out), MIZO_OK);
    assert_int_equal(out.matched_wh, 0);
    assert_int_equal(out_v[0], 0);
    out = (mizo_match_day){ .from_source = none, .to_consumer = out_v };
    assert_int_equal(mizo_match(NULL, 0, c, 1, &out), MIZO_OK);
    assert_int_equal(out_v[0], 0);
    v[7] = -1; /* a flow is never below zero */
    assert_int_equal(mizo_match(NULL, 0, c, 1, &out), MIZO_EINPUT);
    assert_int_equal(
        mizo_match(s, 1, NULL, 0, &(mizo_match_day){ .from_source = out_v, .to_consumer = none }),
        MIZO_EINPUT);
}

enum { MOST = 60 };

static void any_town(void **state)
{
    (void)state;
    static int32_t supply[MOST][48], demand[MOST][48], from[MOST * 48], to[MOST * 48];
    static char id[MOST][8];
    mizo_match_source s[MOST];
    mizo_match_consumer c[MOST];
    for (uint64_t seed = 0; seed < 150; seed++) {
        size_t ns = mizo_mix64(seed) % MOST, nc = mizo_mix64(seed + 999) % MOST;
        for (size_t i = 0; i < MOST; i++) {
            snprintf(id[i], sizeof id[i], "p%02u", (unsigned)((i * 37) % MOST));
            s[i] = (mizo_match_source){ id[i], supply[i] };
            c[i] = (mizo_match_consumer){ id[i], demand[i] };
            for (int k = 0; k < 48; k++) {
                uint64_t z = mizo_mix64(seed << 32 | i << 8 | (uint64_t)k);
                supply[i][k] = z % 5 == 0 ? MIZO_MISSING : (int32_t)(z >> 40 & 0xfff);
                demand[i][k] = z % 7 == 0 ? 0 : (int32_t)(z >> 20 & 0x7ff);
            }
        }
        mizo_match_day out = { .from_source = from, .to_consumer = to };
        assert_int_equal(mizo_match(s, ns, c, nc, &out), MIZO_OK);
        int64_t matched = 0;
        for (int k = 0; k < 48; k++) {
            int64_t given = 0, taken = 0, offered = 0, wanted = 0;
            for (size_t i = 0; i < ns; i++) {
                int32_t have = supply[i][k] == MIZO_MISSING ? 0 : supply[i][k];
                assert_true(at(from, i, k) >= 0 && at(from, i, k) <= have);
                given += at(from, i, k);
                offered += have;
            }
            for (size_t i = 0; i < nc; i++) {
                assert_true(at(to, i, k) >= 0 && at(to, i, k) <= demand[i][k]);
                taken += at(to, i, k);
                wanted += demand[i][k];
            }
            assert_int_equal(given, taken); /* to the Wh */
            assert_int_equal(given, offered < wanted ? offered : wanted);
            matched += given;
        }
        assert_int_equal(matched, out.matched_wh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_pool),
        cmocka_unit_test(ties),
        cmocka_unit_test(nothing),
        cmocka_unit_test(any_town),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
