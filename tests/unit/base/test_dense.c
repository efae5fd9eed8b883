/* Small dense algebra: known systems, ridge against its closed form, recursion against one pass. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/dense.h"

#define NEAR(a, b, eps) assert_true(fabs((a) - (b)) <= (eps))

static void factors(void **state)
{
    /* L = [[2,0,0],[6,1,0],[-8,5,3]] by hand */
    double a[9] = { 4, 99, 99, 12, 37, 99, -16, -43, 98 };
    (void)state;
    assert_true(dense_cholesky(a, 3));
    double want[6] = { 2, 6, 1, -8, 5, 3 }, got[6] = { a[0], a[3], a[4], a[6], a[7], a[8] };
    for (int i = 0; i < 6; i++)
        NEAR(got[i], want[i], 1e-12);
    double b[3] = { 4 * 1 + 12 * 2 - 16 * 3, 12 + 37 * 2 - 43 * 3, -16 - 43 * 2 + 98 * 3 };
    dense_solve(a, 3, b);
    for (int i = 0; i < 3; i++)
        NEAR(b[i], i + 1, 1e-9);
}

static void refuses(void **state)
{
    double a[4] = { 1, 0, 2, 1 }, nan[1] = { NAN };
    (void)state;
    assert_false(dense_cholesky(a, 2));
    assert_false(dense_cholesky(nan, 1));
}

/* One column: beta = sum xy / (sum xx (1 + ridge)). */
static void shrinks(void **state)
{
    double gram[1] = { 0 }, right[1] = { 0 }, work[1], beta[1];
    (void)state;
    for (int i = 1; i <= 4; i++)
        dense_learn(gram, right, (double[]){ i }, 3.0 * i, 1, 1, 1);
    NEAR(gram[0], 30, 0);
    assert_true(dense_ridge(gram, right, 0, 1, work, beta));
    NEAR(beta[0], 3, 1e-7);
    assert_true(dense_ridge(gram, right, 0.5, 1, work, beta));
    NEAR(beta[0], 2, 1e-7);
}

static void finds_the_plane(void **state)
{
    enum { N = 3 };
    double gram[N * N] = { 0 }, right[N] = { 0 }, work[N * N], beta[N];
    (void)state;
    for (int i = 0; i < 50; i++) {
        double x[N] = { 1, i % 7, (i * i) % 11 };
        dense_learn(gram, right, x, 2 - 0.5 * x[1] + 0.25 * x[2], 1 + i % 3, 1, N);
    }
    assert_true(dense_ridge(gram, right, 0, N, work, beta));
    NEAR(beta[0], 2, 1e-6);
    NEAR(beta[1], -0.5, 1e-6);
    NEAR(beta[2], 0.25, 1e-6);
}

static void forgets(void **state)
{
    double gram[1] = { 0 }, right[1] = { 0 };
    (void)state;
    dense_learn(gram, right, (double[]){ 2 }, 1, 1, 0.5, 1);
    dense_learn(gram, right, (double[]){ 1 }, 5, 2, 0.5, 1);
    NEAR(gram[0], 0.5 * 4 + 2, 0);
    NEAR(right[0], 0.5 * 2 + 10, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors),         cmocka_unit_test(refuses), cmocka_unit_test(shrinks),
        cmocka_unit_test(finds_the_plane), cmocka_unit_test(forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
