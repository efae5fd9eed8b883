/* Plain sites in lanes: the answer to prices is the derivative of what they do, lane by lane; both kernels say the same bits;
 * the bound never is above an exact point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench_case.h"
#include "optimize/lanes.h"

enum { N = 48, SITES = 7 /* a full vector and one that is not */, SUMS = N * N + 3 * N };

typedef struct town {
    lanes_block *block;
    lane4 *price; /* [N][2] */
    double at[N], sums[SUMS];
    lane4 *scratch;
    area_sum sum;
} town;

static int wanted_kind(int kind)
{
    return kind == 7 ? -1 : kind;
}

/* The first SITES sites of the recipe that are of this kind (any kind at all: 7). */
static void town_init(town *u, int kind)
{
    static bench_case b;
    static site_case c;
    int found = 0;
    assert_int_equal(lanes_block_new(N, 0.5, kind, SITES, &u->block), MIZO_OK);
    u->price = aligned_alloc(64, sizeof(lane4) * 2 * N);
    u->scratch = aligned_alloc(64, (lanes_kernel_plain.scratch(N) + 2) / 2 * 2 * sizeof(lane4));
    for (int i = 0; found < SITES; i++) {
        bench_site(&b, i);
        assert_int_equal(site_case_init(&c, &b.p), MIZO_OK);
        int is = lanes_kind_of(&c);
        assert_true(is >= 0);
        if (is == kind || wanted_kind(kind) < 0)
            lanes_block_fill(u->block, found++, &c);
    }
    lanes_block_close(u->block);
    for (int t = 0; t < N; t++) {
        for (int l = 0; l < LANES; l++) {
            u->price[2 * t][l] = 0.0005 * b.buy[t];
            u->price[2 * t + 1][l] = 0.0005 * b.sell[t];
        }
        u->at[t] = 4 + 0.1 * (t % 7);
    }
    for (int k = 0; k < u->block->groups; k++)
        lanes_block_prices(u->block, k, u->price);
    u->sum = (area_sum){ .schur = u->sums,
                         .net = u->sums + N * N,
                         .pull = u->sums + N * N + N,
                         .centre = u->sums + N * N + 2 * N };
}

static void town_free(town *u)
{
    lanes_block_free(u->block);
    free(u->price);
    free(u->scratch);
}

static void pass(town *u, const lanes_kernel *k, double mu, int steps, bool second)
{
    area_move to = { .price = u->at, .mu = mu, .steps = steps, .second = second };
    memset(u->sums, 0, sizeof u->sums);
    u->sum.residual = 0;
    k->advance(u->block->group, u->block->groups, N, u->block->kind, &to, u->scratch, &u->sum);
}

static void begin(town *u, const lanes_kernel *k, double mu)
{
    for (int g = 0; g < u->block->groups; g++)
        k->start(&u->block->group[g], N, u->block->kind, u->at, mu);
    for (int i = 0; i < 12; i++)
        pass(u, k, mu, 4, false);
}

/* On the central path the net's derivative in the prices is -S, in mu it is `centre`: held against differences. */
static void answers_are_derivatives(void **state)
{
    (void)state;
    static const int kinds[] = { 0, 1, 2, 3, 7 };
    static town u;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        town_init(&u, kinds[i]);
        const lanes_kernel *k = lanes_kernel_here();
        const double mu = 0.05, d = 1e-4;
        static double s[N * N], up[N], down[N], centre[N];
        begin(&u, k, mu);
        assert_true(u.sum.residual < 1e-9);
        memcpy(s, u.sum.schur, sizeof s);
        memcpy(centre, u.sum.centre, sizeof centre);
        for (int at = 3; at < N; at += 11) {
            for (int side = 0; side < 2; side++) {
                u.at[at] += side ? -2 * d : d;
                for (int j = 0; j < 4; j++)
                    pass(&u, k, mu, 1, false);
                memcpy(side ? down : up, u.sum.net, sizeof up);
            }
            u.at[at] += d;
            for (int t = 0; t < N; t++) {
                double is = -(up[t] - down[t]) / (2 * d), says = t <= at ? s[t * N + at] : s[at * N + t];
                if (fabs(is - says) > 1e-4 * (fabs(s[at * N + at]) + 1e-3))
                    fail_msg("kind %d, price %d, slot %d: %.8f, S says %.8f", kinds[i], at, t, is, says);
            }
        }
        for (int side = 0; side < 2; side++) {
            for (int j = 0; j < 4; j++)
                pass(&u, k, side ? mu - 1e-5 : mu + 1e-5, 1, false);
            memcpy(side ? down : up, u.sum.net, sizeof up);
        }
        for (int t = 0; t < N; t++)
            if (fabs((up[t] - down[t]) / 2e-5 - centre[t]) > 1e-3 * (fabs(centre[t]) + 1))
                fail_msg("kind %d, mu, slot %d: %.6f, centre says %.6f", kinds[i], t,
                         (up[t] - down[t]) / 2e-5, centre[t]);
        town_free(&u);
    }
}

/* The pull towards mu is by how much one more step changes the net, wherever the sites stand. */
static void pull_is_the_next_step(void **state)
{
    (void)state;
    static town u;
    town_init(&u, 3);
    begin(&u, lanes_kernel_here(), 0.05);
    double before[N], said[N];
    pass(&u, lanes_kernel_here(), 0.05, 0, false);
    for (int t = 0; t < N; t++) {
        before[t] = u.sum.net[t];
        said[t] = u.sum.pull[t] + 0.045 * u.sum.centre[t];
    }
    pass(&u, lanes_kernel_here(), 0.045, 1, false);
    for (int t = 0; t < N; t++)
        assert_true(fabs(u.sum.net[t] - before[t] - said[t]) < 1e-9);
    town_free(&u);
}

/* With and without wide vectors: the same bits, far from the end and near. */
static void kernels_agree(void **state)
{
    (void)state;
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2"))
        skip();
    static const int kinds[] = { 0, 1, 2, 3, 7 };
    static town u, v;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        town_init(&u, kinds[i]);
        town_init(&v, kinds[i]);
        begin(&u, &lanes_kernel_plain, 0.3);
        begin(&v, &lanes_kernel_wide, 0.3);
        for (double mu = 0.1; mu > 1e-6; mu *= 0.2) {
            pass(&u, &lanes_kernel_plain, mu, 2, true);
            pass(&v, &lanes_kernel_wide, mu, 2, true);
            assert_memory_equal(u.sums, v.sums, sizeof u.sums);
        }
        town_free(&u);
        town_free(&v);
    }
#else
    skip();
#endif
}

/* Cost of the exact point less what its net earns, against the bound: above it, and close to it at the end. */
static void bound_is_below(void **state)
{
    (void)state;
    static const int kinds[] = { 0, 1, 2, 3, 7 };
    static town u;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        town_init(&u, kinds[i]);
        begin(&u, lanes_kernel_here(), 0.3);
        double gap = 0;
        for (double mu = 0.3; mu > 1e-8; mu *= 0.3) {
            for (int j = 0; j < 3; j++)
                pass(&u, lanes_kernel_here(), mu, 2, true);
            double net[N] = { 0 }, miss = 0, wished = 0, cost = lanes_exact(u.block, net, &miss);
            for (int t = 0; t < N; t++)
                cost += u.at[t] * net[t];
            gap = cost - lanes_bound(u.block, u.at, &wished);
            assert_true(gap >= 0);
            assert_true(miss < 1e-9);
        }
        assert_true(gap < 1e-3);
        town_free(&u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_derivatives),
        cmocka_unit_test(pull_is_the_next_step),
        cmocka_unit_test(kernels_agree),
        cmocka_unit_test(bound_is_below),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
