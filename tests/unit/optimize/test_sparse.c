/* A site as a block of the town's engine, at fixed prices: against a general solver on the same program; its bound, its
 * exact point; what it says it would answer to other prices against what it then does. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clp_module.h"
#include "optimize/sparse_inner.h"
#include "random_case.h"

static random_case c;

typedef struct passes {
    area_sum sum;
    double price[MIZO_PLAN_MAX], delta[MIZO_PLAN_MAX];
    int n;
} passes;

static void passes_init(passes *p, int n, int seed)
{
    size_t k = (size_t)n;
    memset(p, 0, sizeof *p);
    p->n = n;
    p->sum.schur = calloc(k * k, sizeof(double));
    p->sum.net = calloc(3 * k, sizeof(double));
    p->sum.pull = p->sum.net + n;
    p->sum.centre = p->sum.pull + n;
    for (int t = 0; t < n; t++)
        p->price[t] = mizo_unit((uint64_t)seed, 9, (uint64_t)t) * 20 - 2;
}

static void passes_clear(passes *p)
{
    double *schur = p->sum.schur, *net = p->sum.net;
    memset(schur, 0, (size_t)(p->n * p->n) * sizeof(double));
    memset(net, 0, (size_t)(3 * p->n) * sizeof(double));
    p->sum = (area_sum){ .schur = schur, .net = net, .pull = net + p->n, .centre = net + 2 * p->n };
}

static void passes_free(passes *p)
{
    free(p->sum.schur);
    free(p->sum.net);
}

static void advance(area_block *b, passes *p, double mu, int steps, bool second)
{
    passes_clear(p);
    area_sparse.advance(b, &(area_move){ p->price, p->delta, mu, steps, second }, &p->sum);
}

/* The gap of the block at the prices; cost includes what its net pays. */
static double gap_of(const area_block *b, passes *p, double *cost)
{
    double net[MIZO_PLAN_MAX] = { 0 };
    *cost = area_sparse.exact(b, net);
    for (int t = 0; t < p->n; t++)
        *cost += p->price[t] * net[t];
    return isfinite(*cost) ? (*cost - area_sparse.bound(b, p->price)) / (1 + fabs(*cost)) : 1;
}

static double drive(area_block *b, passes *p, double *cost, int *turns)
{
    double mu = 1, gap = 1;
    area_sparse.start(b, &(area_move){ p->price, p->delta, mu, 3, true });
    for (*turns = 0; *turns < 60 && !(gap <= 1e-7); ++*turns) {
        advance(b, p, mu, 3, true);
        gap = gap_of(b, p, cost);
        mu *= p->sum.blocked && p->sum.steps >= 3 ? 0.5 : 0.15;
    }
    return gap;
}

/* ---- against a general solver ---- */

static double solve(const site_model *m, const mizo_lp_solver *s, const double *price, int n)
{
    double *cost = malloc((size_t)m->cols * sizeof *cost), sum = m->constant;
    memcpy(cost, m->cost, (size_t)m->cols * sizeof *cost);
    for (int t = 0; t < n; t++) {
        cost[site_col(m, t, COL_IMPORT)] += price[t];
        cost[site_col(m, t, COL_EXPORT)] -= price[t];
    }
    mizo_lp *lp = s->load(m->cols, m->rows, m->start, m->row, m->a, m->lo, m->up, cost, m->rlo, m->rup);
    assert_non_null(lp);
    assert_int_equal(s->solve(lp, 100000), MIZO_OK);
    for (int j = 0; j < m->cols; j++)
        sum += cost[j] * s->x(lp)[j];
    s->free(lp);
    free(cost);
    return sum;
}

static void the_block_finds_the_optimum(void **state)
{
    (void)state;
    const mizo_lp_solver *clp = clp_module(), *s = clp ? clp : &mizo_lp_dense;
    int all = 0, count = how_many(150, 6000);
    for (int i = 0; i < count; i++) {
        random_site(&c, 300000 + (uint64_t)i, i % 2);
        if (i % 3 == 2)
            random_extras(&c, i % 2);
        area_block *b;
        passes p;
        assert_int_equal(sparse_new(&c.p, &b), MIZO_OK);
        passes_init(&p, c.p.n, i);
        double cost, best = solve(&b->model, s, p.price, p.n);
        int turns;
        double gap = drive(b, &p, &cost, &turns);
        /* Wishes out of reach, at 1e8 yen a kWh: the last digits of forced rows cost yen. */
        if (!(gap <= (fabs(best) > 1e7 ? 1e-5 : 1e-7)))
            fail_msg("site %d: gap %.3e after %d turns, cost %.9g, optimum %.9g, residual %.3e", i, gap,
                     turns, cost, best, p.sum.residual);
        if (fabs(cost - best) > 1e-5 * (1 + fabs(best)))
            fail_msg("site %d: %.9f, the solver %.9f", i, cost, best);
        all += turns;
        passes_free(&p);
        sparse_free(b);
    }
    print_message("# %d sites, %.1f turns each\n", count, (double)all / count);
}

/* ---- what it says it would do ---- */

/* Near the central path at mu: as many steps as it takes. */
static void settle(area_block *b, passes *p, double mu)
{
    for (int k = 0; k < 40; k++) {
        advance(b, p, mu, 20, false);
        double far = 0;
        for (int t = 0; t < p->n; t++)
            far = fmax(far, fabs(p->sum.pull[t] + mu * p->sum.centre[t]));
        if (far < 1e-9 && p->sum.residual < 1e-10)
            return;
    }
}

/* On the central path, net as a function of the prices has -schur as its derivative, and as a function of mu, centre. */
static void the_answer_is_the_derivative(void **state)
{
    (void)state;
    int held = 0;
    for (int i = 0; i < how_many(24, 1500); i++) {
        random_site(&c, 310000 + (uint64_t)i, false);
        if (i % 3 == 2)
            random_extras(&c, false);
        area_block *b;
        passes p, q;
        int n = c.p.n;
        double mu = 0.05, step = 1e-4, *net = malloc((size_t)n * sizeof *net);
        assert_int_equal(sparse_new(&c.p, &b), MIZO_OK);
        passes_init(&p, n, i);
        passes_init(&q, n, i);
        area_sparse.start(b, &(area_move){ p.price, p.delta, mu, 3, true });
        settle(b, &p, mu);
        memcpy(net, p.sum.net, (size_t)n * sizeof *net);
        for (int u = 0; u < n; u += 1 + n / 4) {
            q.price[u] = p.price[u] + step;
            settle(b, &q, mu);
            q.price[u] = p.price[u];
            for (int t = 0; t < n; t++) {
                double said = -p.sum.schur[t <= u ? t * n + u : u * n + t],
                       did = (q.sum.net[t] - net[t]) / step;
                double size = sqrt(fabs(p.sum.schur[t * n + t] * p.sum.schur[u * n + u]));
                if (fabs(said - did) > 1e-3 * (size + fabs(said)) + 5e-4)
                    fail_msg("site %d: slot %d for the price of %d: said %.9g, did %.9g", i, t, u, said, did);
                held++;
            }
        }
        settle(b, &q, mu * 1.001);
        for (int t = 0; t < n; t++) {
            double did = (q.sum.net[t] - net[t]) / (0.001 * mu), said = p.sum.centre[t];
            if (fabs(said - did) > 1e-2 * (1 + fabs(said)))
                fail_msg("site %d: slot %d for mu: said %.9g, did %.9g", i, t, said, did);
        }
        free(net);
        passes_free(&p);
        passes_free(&q);
        sparse_free(b);
    }
    assert_true(held > 1000);
}

/* The bound is one for any duals and prices, also far from the end; the exact point keeps every row. */
static void bound_and_point_hold_on_the_way(void **state)
{
    (void)state;
    const mizo_lp_solver *clp = clp_module(), *s = clp ? clp : &mizo_lp_dense;
    for (int i = 0; i < how_many(40, 2000); i++) {
        random_site(&c, 320000 + (uint64_t)i, i % 2);
        random_extras(&c, i % 2);
        area_block *b;
        passes p;
        assert_int_equal(sparse_new(&c.p, &b), MIZO_OK);
        passes_init(&p, c.p.n, i);
        double best = solve(&b->model, s, p.price, p.n), slack = 1e-6 * (1 + fabs(best)), cost;
        area_sparse.start(b, &(area_move){ p.price, p.delta, 3, 3, true });
        for (int k = 0; k < 4; k++) {
            advance(b, &p, 1 - 0.2 * k, 1, k % 2);
            gap_of(b, &p, &cost);
            if (isfinite(cost) && cost < best - slack)
                fail_msg("site %d: %.9g is cheaper than the best, %.9g", i, cost, best);
            for (int r = 0; r < b->rows.all; r++) /* nonsense */
                b->rows.y[r] += k < 2 ? 0 : (mizo_unit((uint64_t)i, 7, (uint64_t)r) - 0.5) * 10;
            if (area_sparse.bound(b, p.price) > best + slack)
                fail_msg("site %d: bound %.9g, best %.9g", i, area_sparse.bound(b, p.price), best);
        }
        passes_free(&p);
        sparse_free(b);
    }
}

/* Rows that no point can close: the site counts with its rounded plan, dearer than the best and never cheaper. */
static void a_point_that_cannot_be_closed_is_rounded(void **state)
{
    (void)state;
    const mizo_lp_solver *clp = clp_module(), *s = clp ? clp : &mizo_lp_dense;
    for (int i = 0; i < 20; i++) {
        random_site(&c, 330000 + (uint64_t)i, false);
        area_block *b;
        passes p;
        assert_int_equal(sparse_new(&c.p, &b), MIZO_OK);
        passes_init(&p, c.p.n, i);
        double best = solve(&b->model, s, p.price, p.n), cost;
        area_sparse.start(b, &(area_move){ .price = p.price, .delta = p.delta, .mu = 1, .steps = 3 });
        for (int t = 0; t < p.n; t++)
            b->rows.right[t] += 1e6;
        double bound = gap_of(b, &p, &cost);
        assert_true(isfinite(bound) && isfinite(cost));
        assert_true(cost > best - 1e-6 * (1 + fabs(best)));
        passes_free(&p);
        sparse_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_block_finds_the_optimum),
        cmocka_unit_test(the_answer_is_the_derivative),
        cmocka_unit_test(bound_and_point_hold_on_the_way),
        cmocka_unit_test(a_point_that_cannot_be_closed_is_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
