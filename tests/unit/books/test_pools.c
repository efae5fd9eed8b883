/* Pools: exact, fair, in order, once; who fed whom; what a battery holds. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "mizo/match.h"

typedef int32_t row48[48];

static uint64_t draw(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
    return mizo_mix64(seed * 1000003 + a * 10007 + b * 101 + c);
}

/* The split is mizo_split's, to the Wh, whatever the sizes. */
static void split_is_the_plain_one(void **state)
{
    (void)state;
    mizo_matcher *m = mizo_matcher_new();
    int64_t w[700], fast[700], plain[700];
    for (uint64_t seed = 0; seed < 3000; seed++) {
        size_t n = 1 + draw(seed, 1, 0, 0) % (seed % 10 ? 40 : 700);
        int bits = 1 + (int)(draw(seed, 2, 0, 0) % 30);
        int64_t sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += w[i] = draw(seed, 3, i, 0) % 4 ? (int64_t)(draw(seed, 4, i, 0) >> (64 - bits)) : 0;
        int64_t total = sum ? (int64_t)(draw(seed, 5, 0, 0) % (uint64_t)(sum + 1)) : 0;
        assert_int_equal(mizo_match_split(m, total, w, n, fast), MIZO_OK);
        assert_int_equal(mizo_split(total, w, n, plain), MIZO_OK);
        assert_memory_equal(fast, plain, n * sizeof *fast);
    }
    mizo_matcher_free(m);
}

/* retail-balancing.md 7.1: load 10, 10, 10; renewable 6, 14, 0: 20 of 30 by the year, 16 of 30 by the slot. */
static void the_rule_books_vector(void **state)
{
    (void)state;
    row48 offer[1] = { { 6, 14, 0 } }, need[1] = { { 10, 10, 10 } }, given[1], taken[1];
    mizo_match_row one = { .row = 0, .level = 1 };
    mizo_match_pool p = {
        .source = &one, .consumer = &one, .nsource = 1, .nconsumer = 1, .given = given, .taken = taken
    };
    mizo_matcher *m = mizo_matcher_new();
    assert_int_equal(mizo_match_day_pools(m, offer, 1, need, 1, &p, 1), MIZO_OK);
    assert_int_equal(taken[0][0] + taken[0][1] + taken[0][2], 16);
    assert_int_equal(offer[0][1], 4); /* the surplus */
    assert_int_equal(need[0][2], 10); /* the grid's */
    mizo_matcher_free(m);
}

static void levels_and_contracts(void **state)
{
    (void)state;
    row48 offer[2] = { { 100 }, { 50 } }, need[3] = { { 40 }, { 90 }, { 60 } }, given[2], taken[3];
    mizo_match_row s[2] = {
        {.row = 1,  .level = 1},
        { .row = 0, .level = 2}
    };
    mizo_match_row c[3] = {
        {.row = 2,  .level = 1},
        { .row = 0, .level = 2},
        { .row = 1, .level = 2}
    };
    mizo_match_pool p = { .rule = MIZO_POOL_PRIORITY,
                          .source = s,
                          .consumer = c,
                          .nsource = 2,
                          .nconsumer = 3,
                          .given = given,
                          .taken = taken };
    mizo_matcher *m = mizo_matcher_new();
    assert_int_equal(mizo_match_day_pools(m, offer, 2, need, 3, &p, 1), MIZO_OK);
    /* 150 of 190: the first level whole, 90 over 40 and 90 pro rata: 27.69 and 62.31 */
    assert_true(taken[0][0] == 60 && taken[1][0] == 28 && taken[2][0] == 62);
    assert_true(given[0][0] == 50 && given[1][0] == 100);
    /* a contract: a quarter and a half of 80, the first needs 10 only; 30 stay */
    row48 o2[1] = { { 80 } }, n2[2] = { { 10 }, { 90 } }, g2[1], t2[2];
    mizo_match_row one = { .row = 0 }, two[2] = { { .row = 0, .share_ppm = 250000 }, { .row = 1, .share_ppm = 500000 } };
    mizo_match_pool k = { .rule = MIZO_POOL_CONTRACT,
                          .source = &one,
                          .consumer = two,
                          .nsource = 1,
                          .nconsumer = 2,
                          .given = g2,
                          .taken = t2 };
    assert_int_equal(mizo_match_day_pools(m, o2, 1, n2, 2, &k, 1), MIZO_OK);
    assert_true(t2[0][0] == 10 && t2[1][0] == 40 && g2[0][0] == 50 && o2[0][0] == 30);
    two[1].share_ppm = 800000; /* more than all */
    assert_int_equal(mizo_match_day_pools(m, o2, 1, n2, 2, &k, 1), MIZO_EINPUT);
    /* bad days: a value below zero; a source that is missing counts as nothing */
    row48 bad[1] = { { -1 } };
    assert_int_equal(mizo_match_day_pools(m, bad, 1, n2, 2, &k, 1), MIZO_EINPUT);
    row48 gone[1];
    for (int i = 0; i < 48; i++)
        gone[0][i] = MIZO_MISSING;
    two[1].share_ppm = 500000;
    assert_int_equal(mizo_match_day_pools(m, gone, 1, n2, 2, &k, 1), MIZO_OK);
    assert_int_equal(g2[0][0] + t2[0][0] + t2[1][0], 0);
    mizo_matcher_free(m);
}

/* ---- random towns: conservation, fairness within 1 Wh, order of the rows, pairs with both margins ---- */

enum { MOST = 24, POOLS = 3 };

typedef struct town {
    size_t ns, nc;
    row48 offer[MOST], need[MOST];
    mizo_match_row s[POOLS][MOST], c[POOLS][MOST];
    mizo_match_pool pool[POOLS];
    row48 given[POOLS][MOST], taken[POOLS][MOST];
} town;

static void make(town *t, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    t->ns = 1 + draw(seed, 1, 0, 0) % MOST;
    t->nc = 1 + draw(seed, 2, 0, 0) % MOST;
    for (size_t i = 0; i < MOST; i++)
        for (int k = 0; k < 48; k++) {
            t->offer[i][k] = draw(seed, 3, i, (uint64_t)k) % 5
                                 ? (int32_t)(draw(seed, 4, i, (uint64_t)k) % 3000)
                                 : MIZO_MISSING;
            t->need[i][k] = (int32_t)(draw(seed, 5, i, (uint64_t)k) % 2000);
        }
    for (int p = 0; p < POOLS; p++) {
        mizo_match_pool *x = &t->pool[p];
        x->rule = (mizo_pool_rule)(draw(seed, 6, (uint64_t)p, 0) % 3);
        for (size_t i = 0; i < t->ns; i++)
            if (draw(seed, 7, i, (uint64_t)p) % 3)
                t->s[p][x->nsource++] = (mizo_match_row){ .row = (uint32_t)i, .level = 1 };
        for (size_t i = 0; i < t->nc; i++)
            if (draw(seed, 8, i, (uint64_t)p) % 3)
                t->c[p][x->nconsumer++] =
                    (mizo_match_row){ (uint32_t)i, 1 + (i > t->nc / 2), 1000000 / MOST };
        x->source = t->s[p];
        x->consumer = t->c[p];
        x->given = t->given[p];
        x->taken = t->taken[p];
    }
}

static void check_slot(const town *t, const town *was, mizo_matcher *m, int k)
{
    int64_t used = 0, gone = 0;
    for (int p = 0; p < POOLS; p++) {
        const mizo_match_pool *x = &t->pool[p];
        int64_t g[MOST], w[MOST], pair[MOST * MOST], given = 0, taken = 0;
        for (size_t i = 0; i < x->nsource; i++)
            given += g[i] = x->given[i][k];
        for (size_t i = 0; i < x->nconsumer; i++)
            taken += w[i] = x->taken[i][k];
        if (!x->nsource || !x->nconsumer)
            continue;
        assert_int_equal(given, taken);
        assert_int_equal(given, x->matched[k]);
        used += taken;
        gone += given;
        assert_int_equal(mizo_match_pairs(m, g, x->nsource, w, x->nconsumer, pair), MIZO_OK);
        for (size_t i = 0; i < x->nsource; i++) {
            int64_t sum = 0;
            for (size_t j = 0; j < x->nconsumer; j++) {
                assert_true(pair[i * x->nconsumer + j] >= 0);
                sum += pair[i * x->nconsumer + j];
            }
            assert_int_equal(sum, g[i]);
        }
        for (size_t j = 0; j < x->nconsumer; j++) {
            int64_t sum = 0;
            for (size_t i = 0; i < x->nsource; i++)
                sum += pair[i * x->nconsumer + j];
            assert_int_equal(sum, w[j]);
        }
    }
    for (size_t i = 0; i < t->ns; i++) {
        int32_t had = was->offer[i][k] == MIZO_MISSING ? 0 : was->offer[i][k];
        assert_true(t->offer[i][k] >= 0 && t->offer[i][k] <= had);
        gone -= had - t->offer[i][k];
    }
    for (size_t i = 0; i < t->nc; i++) {
        assert_true(t->need[i][k] >= 0);
        used -= was->need[i][k] - t->need[i][k];
    }
    assert_true(used == 0 && gone == 0);
}

/* The first pool is pro rata: nobody is further than 1 Wh from the exact share. */
static void check_fair(const town *was, const town *t, int k)
{
    const mizo_match_pool *x = &t->pool[0];
    int64_t wanted = 0;
    for (size_t i = 0; i < x->nconsumer; i++)
        wanted += was->need[x->consumer[i].row][k];
    for (size_t i = 0; i < x->nconsumer && wanted; i++) {
        int64_t exact = x->matched[k] * was->need[x->consumer[i].row][k];
        assert_true(llabs(exact - x->taken[i][k] * wanted) < wanted);
    }
}

static void any_town(void **state)
{
    (void)state;
    mizo_matcher *m = mizo_matcher_new();
    town *t = malloc(sizeof *t), *was = malloc(sizeof *was);
    for (uint64_t seed = 0; seed < 120; seed++) {
        make(t, seed);
        if (seed % 2)
            t->pool[0].rule = MIZO_POOL_PRO_RATA;
        memcpy(was, t, sizeof *was);
        assert_int_equal(mizo_match_day_pools(m, t->offer, t->ns, t->need, t->nc, t->pool, POOLS), MIZO_OK);
        for (int k = 0; k < 48; k++) {
            check_slot(t, was, m, k);
            if (seed % 2)
                check_fair(was, t, k);
        }
    }
    free(t);
    free(was);
    mizo_matcher_free(m);
}

/* ---- batteries ---- */

typedef struct drawn {
    mizo_stock_out o[64];
    size_t n;
    int64_t given, lost, other;
} drawn;

static mizo_err on_out(void *arg, const mizo_stock_out *o)
{
    drawn *d = arg;
    d->o[d->n++ % 64] = *o;
    d->given += o->re_given;
    d->lost += o->re_lost;
    d->other += o->other;
    assert_int_equal(o->re, o->re_given + o->re_lost);
    return MIZO_OK;
}

static void first_in_first_out(void **state)
{
    (void)state;
    mizo_stock s = { .most = 1000, .round_ppm = 800000 };
    drawn d = { .n = 0 };
    assert_int_equal(mizo_stock_in(&s, 10, 100, 0), MIZO_OK);
    assert_int_equal(mizo_stock_in(&s, 11, 50, 50), MIZO_OK);
    /* 100 out need 125 in: all of slot 10, and 25 of slot 11, half of it renewable */
    assert_int_equal(mizo_stock_take(&s, 100, on_out, &d), MIZO_OK);
    assert_true(d.n == 2 && d.o[0].slot == 10 && d.o[0].re == 100 && d.o[0].re_given == 80);
    assert_true(d.o[1].slot == 11 && d.o[1].re == 12 && d.o[1].other == 13 && d.o[1].re_given == 9);
    assert_int_equal(mizo_stock_total(&s), 75);
    /* more comes out than went in: what nobody put in carries nothing */
    d = (drawn){ .n = 0 };
    assert_int_equal(mizo_stock_take(&s, 500, on_out, &d), MIZO_OK);
    assert_int_equal(d.given + d.lost, 38);
    assert_int_equal(mizo_stock_total(&s), 0);
    assert_int_equal(mizo_stock_take(&s, 500, on_out, &d), MIZO_OK);
    assert_int_equal(mizo_stock_in(&s, 12, -1, 0), MIZO_EINPUT);
    assert_int_equal(mizo_stock_take(&s, -1, on_out, &d), MIZO_EINPUT);
    /* it cannot hold more than it can hold: the oldest was lost */
    d = (drawn){ .n = 0 };
    assert_int_equal(mizo_stock_in(&s, 13, 1200, 0), MIZO_OK);
    assert_int_equal(mizo_stock_trim(&s, on_out, &d), MIZO_OK);
    assert_true(d.lost == 200 && d.given == 0 && mizo_stock_total(&s) == 1000);
    mizo_stock_free(&s);
}

/* Nothing is made in a battery: given + lost + kept is what was put in, and given is never above what came out. */
static void any_battery(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        mizo_stock s = { .most = 5000, .round_ppm = 700000 + (int32_t)(draw(seed, 1, 0, 0) % 300001) };
        drawn d = { .n = 0 };
        int64_t re = 0, other = 0, left = 0;
        for (int k = 0; k < 200; k++) {
            int64_t a = (int64_t)(draw(seed, 2, (uint64_t)k, 0) % 400),
                    b = (int64_t)(draw(seed, 3, (uint64_t)k, 0) % 100);
            int64_t out =
                draw(seed, 4, (uint64_t)k, 0) % 3 ? 0 : (int64_t)(draw(seed, 5, (uint64_t)k, 0) % 900);
            int64_t before = d.given;
            re += a;
            other += b;
            assert_int_equal(mizo_stock_in(&s, k, a, b), MIZO_OK);
            assert_int_equal(mizo_stock_trim(&s, on_out, &d), MIZO_OK);
            assert_int_equal(mizo_stock_take(&s, out, on_out, &d), MIZO_OK);
            assert_true(d.given - before <= out);
        }
        for (size_t i = 0; i < s.n; i++) {
            assert_true(s.lot[i].re >= 0 && s.lot[i].other >= 0);
            left += s.lot[i].re;
        }
        assert_int_equal(d.given + d.lost + left, re);
        assert_int_equal(d.other + mizo_stock_total(&s) - left, other);
        mizo_stock_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_is_the_plain_one), cmocka_unit_test(the_rule_books_vector),
        cmocka_unit_test(levels_and_contracts),   cmocka_unit_test(any_town),
        cmocka_unit_test(first_in_first_out),     cmocka_unit_test(any_battery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
