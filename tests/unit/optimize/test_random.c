/* Random sites, plain and wild: physics, bound, gap; both members; the rolling horizon; the same bytes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clp_module.h"
#include "optimize/site.h"
#include "random_case.h"
#include "replay.h"

static random_case c;
static mizo_site_plan plan, again;

static const mizo_lp_solver *member(void)
{
    const mizo_lp_solver *clp = clp_module();
    return clp ? clp : &mizo_lp_dense;
}

/* What rounding to W may cost, yen: a W of peak for each thing that is rounded, some W of energy, and
 * the Wh of the wishes that are given up anyway. */
static double allowance(const mizo_site_problem *p, const mizo_site_plan *s)
{
    site_case k;
    assert_int_equal(site_case_init(&k, p), MIZO_OK);
    int things = 3 + p->nbattery + p->nvehicle;
    double yen = p->peak_myen_per_kw / 1e6 * things + 1e-4 * p->n * things;
    for (int i = 0; i < s->ngave; i++) {
        mizo_give_up_kind kind = s->gave[i].kind;
        int64_t price = kind == MIZO_GAVE_VEHICLE   ? k.price.vehicle
                        : kind == MIZO_GAVE_RESERVE ? k.price.reserve
                                                    : k.price.demand;
        double wh = kind == MIZO_GAVE_RESERVE ? 2.0 * p->n : 4.0 + p->n;
        yen += wh * (double)price / 1e6 +
               (kind == MIZO_GAVE_VEHICLE ? wh * p->n * (double)k.price.reserve / 1e6 : 0);
    }
    return yen;
}

static void hold(int i, const mizo_lp_solver *s, bool wild)
{
    const char *wrong = replay(&c.p, &plan);
    if (wrong)
        fail_msg("case %d, %s: %s", i, s->name, wrong);
    if (plan.status != MIZO_PLAN_OPTIMAL)
        fail_msg("case %d, %s: not solved", i, s->name);
    double over = ((double)plan.cost - (double)plan.bound) / 1e6;
    if (!wild && over > allowance(&c.p, &plan))
        fail_msg("case %d, %s: %.6f yen over its bound, %.6f allowed", i, s->name, over,
                 allowance(&c.p, &plan));
}

static void plans_obey_physics(void **state)
{
    (void)state;
    const mizo_lp_solver *members[] = { member(), &mizo_lp_dense };
    for (int m = 0; m < 2; m++) {
        mizo_planner *planner = mizo_planner_new(members[m]);
        int n = m ? how_many(60, 1000) : how_many(600, 20000);
        for (int i = 0; i < n; i++) {
            random_site(&c, (uint64_t)i, i % 2);
            assert_int_equal(mizo_plan_site(planner, &c.p, &plan), MIZO_OK);
            hold(i, members[m], i % 2);
        }
        mizo_planner_free(planner);
    }
}

/* ---- before rounding: both members, and the bound from their duals ---- */

static double solve(const site_model *m, const mizo_lp_solver *s, const site_case *k, mizo_uyen *bound)
{
    mizo_lp *lp = s->load(m->cols, m->rows, m->start, m->row, m->a, m->lo, m->up, m->cost, m->rlo, m->rup);
    assert_non_null(lp);
    assert_int_equal(s->solve(lp, 50000), MIZO_OK);
    double sum = m->constant, *work = malloc(sizeof(double) * (size_t)(m->cols + m->rows));
    for (int j = 0; j < m->cols; j++)
        sum += m->cost[j] * s->x(lp)[j];
    *bound = site_bound(m, k, s->dual(lp), work);
    free(work);
    s->free(lp);
    return sum;
}

static void close_to(int i, const char *what, double a, double b)
{
    if (fabs(a - b) > 1e-6 * (1 + fabs(a)))
        fail_msg("case %d, %s: %.9f and %.9f", i, what, a, b);
}

static void members_agree_and_the_bound_is_tight(void **state)
{
    (void)state;
    const mizo_lp_solver *clp = clp_module();
    static site_model m;
    for (int i = 0; i < how_many(150, 2000); i++) {
        random_site(&c, 5000 + (uint64_t)i, i % 2);
        if (c.p.n > 30)
            continue;
        site_case k;
        assert_int_equal(site_case_init(&k, &c.p), MIZO_OK);
        assert_int_equal(site_model_make(&m, &k), MIZO_OK);
        site_model_fill(&m, &k, 0);
        mizo_uyen bound;
        double dense = solve(&m, &mizo_lp_dense, &k, &bound);
        close_to(i, "bound of dense", dense, (double)bound / 1e6);
        if (clp) {
            close_to(i, "members", dense, solve(&m, clp, &k, &bound));
            close_to(i, "bound of clp", dense, (double)bound / 1e6);
        }
    }
    site_model_free(&m);
}

/* Any duals give a bound: also nonsense. */
static void a_bound_from_nonsense_still_holds(void **state)
{
    (void)state;
    static site_model m;
    mizo_planner *planner = mizo_planner_new(member());
    for (int i = 0; i < how_many(200, 4000); i++) {
        random_site(&c, 9000 + (uint64_t)i, i % 2);
        assert_int_equal(mizo_plan_site(planner, &c.p, &plan), MIZO_OK);
        site_case k;
        assert_int_equal(site_case_init(&k, &c.p), MIZO_OK);
        assert_int_equal(site_model_make(&m, &k), MIZO_OK);
        site_model_fill(&m, &k, 3);
        size_t n = (size_t)(m.cols + m.rows);
        double *y = malloc(n * sizeof *y), *work = malloc(n * sizeof *work);
        for (int r = 0; r < m.rows; r++)
            y[r] = r % 97 == 0 ? NAN : mizo_unit((uint64_t)i, 3, (uint64_t)r) * 60 - 20;
        assert_true(site_bound(&m, &k, y, work) <= plan.cost);
        memset(y, 0, n * sizeof *y);
        assert_true(site_bound(&m, &k, y, work) <= plan.cost);
        free(y);
        free(work);
    }
    site_model_free(&m);
    mizo_planner_free(planner);
}

/* Rounding trusts nothing: with any x the plan is physical. */
static void nonsense_is_rounded_to_a_plan(void **state)
{
    (void)state;
    static site_model m;
    static site_flows f;
    for (int i = 0; i < how_many(300, 6000); i++) {
        random_site(&c, 20000 + (uint64_t)i, i % 2);
        site_case k;
        assert_int_equal(site_case_init(&k, &c.p), MIZO_OK);
        assert_int_equal(site_model_make(&m, &k), MIZO_OK);
        site_model_fill(&m, &k, 3);
        double *x = malloc((size_t)m.cols * sizeof *x);
        for (int j = 0; j < m.cols; j++)
            x[j] = j % 41 == 0 ? NAN : j % 43 == 0 ? 1e300 : mizo_unit((uint64_t)i, 4, (uint64_t)j) * 80 - 30;
        memset(&plan, 0, sizeof plan);
        plan.bound = INT64_MIN;
        site_model_flows(&m, &k, x, &f);
        site_round(&k, &f, &plan);
        site_cost(&k, &plan);
        const char *wrong = replay(&c.p, &plan);
        if (wrong)
            fail_msg("case %d: %s", i, wrong);
        free(x);
    }
    site_model_free(&m);
}

/* ---- a planner that is kept ---- */

static void roll_on(int by)
{
    int n = c.p.n;
    for (int t = 0; t < n; t++) {
        int from = (t + by) % n;
        int32_t load = c.load_w[from], pv = c.pv_w[from], price = c.buy[from];
        if (t + by < n) {
            c.load_w[t] = load;
            c.pv_w[t] = pv;
            c.buy[t] = price;
        }
    }
    for (int b = 0; b < c.p.nbattery; b++)
        c.p.battery[b].soc_now_wh = plan.soc_wh[b][by - 1];
    for (int v = 0; v < c.p.nvehicle; v++) {
        c.p.vehicle[v].from -= by;
        c.p.vehicle[v].to -= by;
        c.p.vehicle[v].need_wh = c.p.vehicle[v].to > 0 ? c.p.vehicle[v].need_wh / 2 : 0;
    }
    c.p.from += by;
}

/* A kept planner finds plans as good as a fresh one, whatever came before. */
static void a_kept_planner_is_as_good_as_a_fresh_one(void **state)
{
    (void)state;
    mizo_planner *kept = mizo_planner_new(member());
    for (int i = 0; i < how_many(30, 400); i++) {
        random_site(&c, 40000 + (uint64_t)i, false);
        c.p.from = 900000 + i;
        for (int k = 0; k < 8; k++) {
            assert_int_equal(mizo_plan_site(kept, &c.p, &plan), MIZO_OK);
            hold(i, member(), false);
            mizo_planner *fresh = mizo_planner_new(member());
            assert_int_equal(mizo_plan_site(fresh, &c.p, &again), MIZO_OK);
            mizo_planner_free(fresh);
            double far = fabs((double)plan.cost - (double)again.cost) / 1e6;
            if (far > allowance(&c.p, &plan))
                fail_msg("case %d, roll %d: %.6f yen apart", i, k, far);
            roll_on(k == 3 && c.p.n > 2 ? 2 : 1);
        }
    }
    mizo_planner_free(kept);
}

static void same_input_same_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        random_site(&c, 60000 + (uint64_t)i, i % 2);
        mizo_planner *a = mizo_planner_new(member()), *b = mizo_planner_new(member());
        memset(&plan, 0, sizeof plan);
        memset(&again, 0, sizeof again);
        assert_int_equal(mizo_plan_site(a, &c.p, &plan), MIZO_OK);
        assert_int_equal(mizo_plan_site(b, &c.p, &again), MIZO_OK);
        assert_memory_equal(&plan, &again, sizeof plan);
        mizo_planner_free(a);
        mizo_planner_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_obey_physics),
        cmocka_unit_test(members_agree_and_the_bound_is_tight),
        cmocka_unit_test(a_bound_from_nonsense_still_holds),
        cmocka_unit_test(nonsense_is_rounded_to_a_plan),
        cmocka_unit_test(a_kept_planner_is_as_good_as_a_fresh_one),
        cmocka_unit_test(same_input_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
