/* Random sites with all that a real site adds, plain and wild: physics, bound, gap, what rounding adds; both members;
 * the rolling horizon; nonsense. */
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
static mizo_site_plan plan;
static site_model model;
static site_flows flows;

static const mizo_lp_solver *member(void)
{
    const mizo_lp_solver *clp = clp_module();
    return clp ? clp : &mizo_lp_dense;
}

static void extra_site(uint64_t seed, bool wild)
{
    random_site(&c, seed, wild);
    random_extras(&c, wild);
}

static void hold(int i, const char *who)
{
    const char *wrong = replay(&c.p, &plan);
    if (wrong)
        fail_msg("case %d, %s: %s", i, who, wrong);
    if (plan.status != MIZO_PLAN_OPTIMAL)
        fail_msg("case %d, %s: not solved", i, who);
    if (plan.rounding < 0 || plan.rounding > plan.cost - plan.bound)
        fail_msg("case %d, %s: rounding %.6f of %.6f", i, who, (double)plan.rounding / 1e6,
                 (double)(plan.cost - plan.bound) / 1e6);
}

static void plans_obey_physics(void **state)
{
    (void)state;
    const mizo_lp_solver *members[] = { member(), &mizo_lp_dense };
    for (int m = 0; m < 2; m++) {
        mizo_planner *planner = mizo_planner_new(members[m]);
        int n = m ? how_many(60, 1000) : how_many(1500, 40000);
        for (int i = 0; i < n; i++) {
            extra_site((uint64_t)i, i % 2);
            assert_int_equal(mizo_plan_site(planner, &c.p, &plan), MIZO_OK);
            hold(i, members[m]->name);
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
    site_model_flows(m, k, s->x(lp), &flows);
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
    for (int i = 0; i < how_many(300, 4000); i++) {
        extra_site(5000 + (uint64_t)i, i % 2);
        if (c.p.n > 20)
            continue;
        site_case k;
        assert_int_equal(site_case_init(&k, &c.p), MIZO_OK);
        assert_int_equal(site_model_make(&model, &k), MIZO_OK);
        site_model_fill(&model, &k, 0);
        mizo_uyen bound;
        double dense = solve(&model, &mizo_lp_dense, &k, &bound);
        if (fabs(dense) > 1e12) /* micro-yen end at 9e12 yen */
            continue;
        close_to(i, "bound of dense", dense, (double)bound / 1e6);
        close_to(i, "cost of the flows", dense, (double)site_flows_cost(&k, &flows) / 1e6);
        if (clp) {
            close_to(i, "members", dense, solve(&model, clp, &k, &bound));
            close_to(i, "bound of clp", dense, (double)bound / 1e6);
        }
    }
    site_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_obey_physics),
        cmocka_unit_test(members_agree_and_the_bound_is_tight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
