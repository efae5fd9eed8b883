/* test_margin.c: every cut of a margin sums to what was put in, whatever the signs and whoever used nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "retail/margin.h"

static margin_cell sum(const margin_cell *v, size_t n)
{
    margin_cell s = { 0 };
    for (size_t i = 0; i < n; i++) {
        s.wh += v[i].wh;
        s.income += v[i].income;
        s.cost += v[i].cost;
    }
    return s;
}

/* Two half-hours, two contracts: 3 and 1 Wh in the first, nothing and 4 in the second. */
static void by_hand(void **state)
{
    (void)state;
    static const int32_t wh[] = { 3, 0, 1, 4 };
    static const int64_t given[] = { 4, 1, 0, 3 }, market[] = { 90, -50 };
    margin *m = margin_new(&(margin_ask){ 2, 2, 2, wh, given });
    assert_non_null(m);
    assert_int_equal(margin_income(m, 0, 300, NULL), MIZO_OK); /* all in the first, where it was used */
    assert_int_equal(margin_income(m, 1, 100, (const int64_t[]){ 5, 20 }), MIZO_OK); /* 75 more: 15 and 60 */
    assert_int_equal(margin_cost(m, -1, 1, 40, market), MIZO_OK); /* a negative price in the second */
    assert_int_equal(margin_cost(m, 1, -1, 10, NULL), MIZO_OK);   /* the second's own: 2 and 8 */
    assert_int_equal(margin_cost(m, -1, -1, 80, NULL), MIZO_OK);  /* 40 and 40 */
    assert_int_equal(margin_share(m), MIZO_OK);
    const margin_cell *s = margin_slots(m), *c = margin_contracts(m), *k = margin_sources(m);
    assert_int_equal(s[0].wh, 4);
    assert_int_equal(s[0].income, 320);
    assert_int_equal(s[0].cost, 90 + 2 + 40);
    assert_int_equal(s[1].income, 80);
    assert_int_equal(s[1].cost, -50 + 8 + 40);
    /* of 130 in the first the contracts have 3 : 1, by the largest remainder 98 and 32; in the second all is one's */
    assert_int_equal(c[0].cost, 98);
    assert_int_equal(c[1].cost, 32 - 10 + 10);
    assert_int_equal(c[1].income, 100);
    /* the first half-hour is the first source's, the second 1 : 3 */
    assert_int_equal(k[0].income, 320 + 20);
    assert_int_equal(k[1].income, 60);
    assert_int_equal(k[0].cost, 42 + 12);
    assert_int_equal(k[1].cost, 40 + 36);
    assert_int_equal(k[0].wh, 4 + 1);
    assert_int_equal(k[1].wh, 3);
    assert_int_equal(k[2].wh + k[2].income + k[2].cost, 0);
    margin_free(m);
}

/* What is used beyond what sources gave has come from the balancing group, and has its share. */
static void short_of_sources(void **state)
{
    (void)state;
    static const int32_t wh[] = { 10 };
    static const int64_t given[] = { 3, 1 };
    margin *m = margin_new(&(margin_ask){ 1, 1, 2, wh, given });
    assert_non_null(m);
    assert_int_equal(margin_income(m, 0, 100, NULL), MIZO_OK);
    assert_int_equal(margin_cost(m, -1, 0, 7, NULL), MIZO_OK);
    assert_int_equal(margin_share(m), MIZO_OK);
    const margin_cell *k = margin_sources(m);
    assert_int_equal(k[0].wh, 3);
    assert_int_equal(k[1].wh, 1);
    assert_int_equal(k[2].wh, 6);
    assert_int_equal(k[0].income, 30);
    assert_int_equal(k[2].income, 60);
    assert_int_equal(k[0].cost, 7);
    margin_free(m);
}

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

enum { SLOTS = 48, CONTRACTS = 7, SOURCES = 3 };

static void put_some(margin *m, uint64_t *seed, margin_cell *all)
{
    for (size_t i = 0; i < 20; i++) {
        int64_t own[SLOTS], v = (int64_t)(next(seed) % 2000000000000) - 700000000000;
        for (size_t s = 0; s < SLOTS; s++)
            own[s] = (int64_t)(next(seed) % 20001) - 10000;
        bool income = next(seed) % 2;
        if (income)
            assert_int_equal(margin_income(m, next(seed) % CONTRACTS, v, next(seed) % 2 ? own : NULL),
                             MIZO_OK);
        else
            assert_int_equal(margin_cost(m, (ptrdiff_t)(next(seed) % (CONTRACTS + 1)) - 1,
                                         (ptrdiff_t)(next(seed) % (SOURCES + 1)) - 1, v,
                                         next(seed) % 2 ? own : NULL),
                             MIZO_OK);
        *(income ? &all->income : &all->cost) += v;
    }
}

static void every_cut_sums(void **state)
{
    (void)state;
    uint64_t seed = 20230708;
    for (int round = 0; round < 200; round++) {
        int32_t wh[CONTRACTS * SLOTS];
        int64_t given[SOURCES * SLOTS];
        margin_cell all = { 0 };
        for (size_t i = 0; i < CONTRACTS * SLOTS; i++) { /* many use nothing, some rounds nobody does */
            wh[i] = round % 5 && next(&seed) % 3 ? (int32_t)(next(&seed) % 100000) : 0;
            all.wh += wh[i];
        }
        for (size_t i = 0; i < SOURCES * SLOTS; i++)
            given[i] = round % 7 && next(&seed) % 2 ? (int64_t)(next(&seed) % 1000000) : 0;
        margin *m = margin_new(&(margin_ask){ SLOTS, CONTRACTS, SOURCES, wh, given });
        assert_non_null(m);
        put_some(m, &seed, &all);
        assert_int_equal(margin_share(m), MIZO_OK);
        const margin_cell cut[] = { sum(margin_slots(m), SLOTS), sum(margin_contracts(m), CONTRACTS),
                                    sum(margin_sources(m), SOURCES + 1) };
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(cut[i].wh, all.wh);
            assert_int_equal(cut[i].income, all.income);
            assert_int_equal(cut[i].cost, all.cost);
        }
        margin_free(m);
    }
}

static void too_much(void **state)
{
    (void)state;
    static const int32_t wh[] = { 1 };
    static const int64_t given[] = { 1 };
    margin *m = margin_new(&(margin_ask){ 1, 1, 1, wh, given });
    assert_non_null(m);
    int64_t most = INT64_MAX / 4; /* a split takes less than 2^62 */
    for (int i = 0; i < 4; i++)
        assert_int_equal(margin_income(m, 0, most, NULL), MIZO_OK);
    assert_int_equal(margin_income(m, 0, most, NULL), MIZO_ERANGE);
    margin_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(by_hand), cmocka_unit_test(short_of_sources),
                                        cmocka_unit_test(every_cut_sums), cmocka_unit_test(too_much) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
