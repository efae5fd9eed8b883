/* The solvers as such: known small programs, the two members against each other on random ones, and
 * the peers' problem with its region for one site. */
#include "bench_case.h"
#include "clp_module.h"
#include "lp_text.h"

/* max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6), duals 0, 3/2, 1. */
static void known(void **state)
{
    (void)state;
    const mizo_lp_solver *s = &mizo_lp_dense;
    static lp_text p;
    memset(&p, 0, sizeof p);
    int x = add_col(&p, -3, 0, INF), y = add_col(&p, -5, 0, INF);
    int r[3] = { add_row(&p, -INF, 4), add_row(&p, -INF, 12), add_row(&p, -INF, 18) };
    add_a(&p, r[0], x, 1);
    add_a(&p, r[1], y, 2);
    add_a(&p, r[2], x, 3);
    add_a(&p, r[2], y, 2);
    mizo_lp *lp = load(&p, s);
    assert_int_equal(s->solve(lp, 100), MIZO_OK);
    assert_true(fabs(objective(&p, s, lp) + 36) < 1e-9);
    assert_true(fabs(s->x(lp)[x] - 2) < 1e-9 && fabs(s->x(lp)[y] - 6) < 1e-9);
    assert_true(fabs(s->dual(lp)[0]) < 1e-9 && fabs(s->dual(lp)[1] + 1.5) < 1e-9);
    assert_true(fabs(s->dual(lp)[2] + 1) < 1e-9);
    p.rup[2] = 6; /* the same basis, another right side: y = 3 */
    s->set(lp, p.lo, p.up, p.c, p.rlo, p.rup);
    assert_int_equal(s->solve(lp, 100), MIZO_OK);
    assert_true(fabs(objective(&p, s, lp) + 15) < 1e-9);
    s->free(lp);
}

static void no_solution_is_said(void **state)
{
    (void)state;
    static lp_text p;
    memset(&p, 0, sizeof p);
    int x = add_col(&p, 1, 0, 1);
    add_a(&p, add_row(&p, 2, 3), x, 1);
    mizo_lp *lp = load(&p, &mizo_lp_dense);
    assert_int_equal(mizo_lp_dense.solve(lp, 100), MIZO_ERANGE);
    mizo_lp_dense.free(lp);
    memset(&p, 0, sizeof p);
    x = add_col(&p, -1, 0, INF);
    add_a(&p, add_row(&p, 0, INF), x, 1);
    lp = load(&p, &mizo_lp_dense);
    assert_int_equal(mizo_lp_dense.solve(lp, 100), MIZO_ERANGE);
    mizo_lp_dense.free(lp);
}

/* Rows are drawn around a point within the bounds, so that there is a solution. */
static void random_lp(lp_text *p, uint64_t seed)
{
    memset(p, 0, sizeof *p);
    int cols = 2 + (int)(mizo_unit(seed, 1, 1) * 30), rows = 1 + (int)(mizo_unit(seed, 1, 2) * 20);
    double x0[32];
    for (int j = 0; j < cols; j++) {
        double lo = floor(mizo_unit(seed, 2, j) * 10 - 5), range = floor(mizo_unit(seed, 3, j) * 10);
        add_col(p, floor(mizo_unit(seed, 4, j) * 40 - 20), lo, lo + range);
        x0[j] = lo + range * mizo_unit(seed, 5, j);
    }
    for (int i = 0; i < rows; i++) {
        double at = 0;
        int r = add_row(p, 0, 0), kind = (int)(mizo_unit(seed, 6, i) * 4);
        for (int j = 0; j < cols; j++) {
            uint64_t k = (uint64_t)(i * 100 + j);
            double a = mizo_unit(seed, 7, k) < 0.4 ? floor(mizo_unit(seed, 8, k) * 9 - 4) : 0;
            if (a != 0)
                add_a(p, r, j, a);
            at += a * x0[j];
        }
        p->rlo[r] = kind == 0 ? -INF : kind == 3 ? at : at - mizo_unit(seed, 9, i) * 5;
        p->rup[r] = kind == 1 ? INF : kind == 3 ? at : at + mizo_unit(seed, 10, i) * 5;
    }
}

static void same(const lp_text *p, const mizo_lp_solver *a, const mizo_lp *la, const mizo_lp_solver *b,
                 const mizo_lp *lb)
{
    double oa = objective(p, a, la), ob = objective(p, b, lb);
    if (fabs(oa - ob) > 1e-6 * (1 + fabs(oa)))
        fail_msg("%s %.9f, %s %.9f", a->name, oa, b->name, ob);
}

static void members_agree(void **state)
{
    (void)state;
    const mizo_lp_solver *clp = clp_module(), *dense = &mizo_lp_dense;
    if (!clp)
        skip();
    static lp_text p;
    for (int i = 0; i < how_many(400, 20000); i++) {
        random_lp(&p, (uint64_t)i);
        mizo_lp *a = load(&p, dense), *b = load(&p, clp);
        assert_int_equal(dense->solve(a, 10000), MIZO_OK);
        assert_int_equal(clp->solve(b, 10000), MIZO_OK);
        same(&p, dense, a, clp, b);
        for (int j = 0; j < p.cols; j++) /* other costs, the basis kept */
            p.c[j] += floor(mizo_unit((uint64_t)i, 11, (uint64_t)j) * 10 - 5);
        dense->set(a, p.lo, p.up, p.c, p.rlo, p.rup);
        clp->set(b, p.lo, p.up, p.c, p.rlo, p.rup);
        assert_int_equal(dense->solve(a, 10000), MIZO_OK);
        assert_int_equal(clp->solve(b, 10000), MIZO_OK);
        same(&p, dense, a, clp, b);
        dense->free(a);
        clp->free(b);
    }
}

/* ---- the peers' problem for N = 1, region and all: 218.592575 yen ---- */

static double milli(double kw)
{
    return floor(kw * 1000 + 0.5) / 1000;
}

static void region_rows(lp_text *p, const bench_case *c, int row[48])
{
    double total = 0, most = 0;
    for (int t = 0; t < 48; t++) {
        total += c->load_w[t] / 1000.0;
        most = c->load_w[t] / 1000.0 > most ? c->load_w[t] / 1000.0 : most;
    }
    int q = add_col(p, 50, 0, INF);
    for (int t = 0; t < 48; t++) {
        double h = (t + 0.5) * 0.5, pi = acos(-1.0);
        double market = milli(10 + 5 * bench_bell(h, 8.5, 1.5) + 12 * bench_bell(h, 18.5, 2.0) -
                              7 * bench_bell(h, 12.5, 2.5));
        double waste = milli(0.15 * total / 48 * (1 + 0.1 * sin(2 * pi * t / 48)));
        int in = add_col(p, 0.5 * market, 0, milli(0.55 * most));
        int out = add_col(p, -0.5 * (market - 0.5), 0, INF);
        row[t] = add_row(p, -waste, -waste);
        add_a(p, row[t], in, 1);
        add_a(p, row[t], out, -1);
        int peak = add_row(p, 0, INF);
        add_a(p, peak, q, 1);
        add_a(p, peak, in, -1);
    }
}

static void site_rows(lp_text *p, const bench_case *c, const int row[48])
{
    const mizo_plan_battery *b = &c->p.battery[0];
    double energy = b->energy_wh / 1000.0, power = b->charge_w / 1000.0, limit = c->p.limit_w / 1000.0;
    int peak = add_col(p, 30, 0, limit), before = -1;
    for (int t = 0; t < 48; t++) {
        int in = add_col(p, 0.5 * c->buy[t] / 1000, 0, limit), out = add_col(p, -0.5 * 3, 0, INF);
        int ch = add_col(p, 0, 0, power), di = add_col(p, 0.5, 0, power);
        int e = add_col(p, 0, t == 47 ? 0.5 * energy : 0.1 * energy, energy);
        int bal = add_row(p, c->load_w[t] / 1000.0, c->load_w[t] / 1000.0);
        add_a(p, bal, in, 1);
        add_a(p, bal, out, -1);
        add_a(p, bal, ch, -1);
        add_a(p, bal, di, 1);
        int soc = add_row(p, t ? 0 : 0.5 * energy, t ? 0 : 0.5 * energy);
        add_a(p, soc, e, 1);
        if (t)
            add_a(p, soc, before, -1);
        add_a(p, soc, ch, -0.475);
        add_a(p, soc, di, 0.5 / 0.95);
        int pk = add_row(p, 0, INF);
        add_a(p, pk, peak, 1);
        add_a(p, pk, in, -1);
        add_a(p, row[t], out, 1);
        add_a(p, row[t], in, -1);
        before = e;
    }
}

static void peers_problem(void **state)
{
    (void)state;
    static bench_case c;
    static lp_text p;
    memset(&p, 0, sizeof p);
    bench_site(&c, 0);
    assert_int_equal(c.load_w[0], 249);
    assert_int_equal(c.load_w[39], 701);
    assert_int_equal(c.p.battery[0].energy_wh, 9162);
    assert_int_equal(c.p.battery[0].charge_w, 3665);
    assert_int_equal(c.p.limit_w, 701);
    int row[48];
    region_rows(&p, &c, row);
    site_rows(&p, &c, row);
    const mizo_lp_solver *members[] = { &mizo_lp_dense, clp_module() };
    for (int i = 0; i < 2 && members[i]; i++) {
        mizo_lp *lp = load(&p, members[i]);
        assert_int_equal(members[i]->solve(lp, 10000), MIZO_OK);
        if (fabs(objective(&p, members[i], lp) - 218.592575) > 1e-6)
            fail_msg("%s: %.9f", members[i]->name, objective(&p, members[i], lp));
        members[i]->free(lp);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),
        cmocka_unit_test(no_solution_is_said),
        cmocka_unit_test(members_agree),
        cmocka_unit_test(peers_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
