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
static mizo_site_plan plan, again;
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

static bool decides_whole(const mizo_site_problem *p)
{
    for (int v = 0; v < p->nvehicle; v++)
        if (p->vehicle[v].min_w > 1)
            return true;
    return p->nrun > 0;
}

/* What rounding to W may cost where nothing is given up and nothing whole decided: some W of peak and of energy for
 * each thing that is rounded. */
static double allowance(const mizo_site_problem *p)
{
    int things = 3 + 4 * p->nbattery + p->nvehicle;
    double kw = (p->peak_myen_per_kw + (p->agreed_w > 0 ? (double)p->over_agreed_myen_per_kw : 0)) / 1e6;
    return kw * things + 1e-3 * p->n * things;
}

static void hold_tight(int i)
{
    double over = ((double)plan.cost - (double)plan.bound) / 1e6;
    if (plan.ngave == 0 && !decides_whole(&c.p) && over > allowance(&c.p))
        fail_msg("case %d: %.6f yen over its bound, %.6f allowed", i, over, allowance(&c.p));
}

static void plans_obey_physics(void **state)
{
    (void)state;
    const mizo_lp_solver *members[] = { member(), &mizo_lp_dense };
    for (int m = 0; m < 2; m++) {
        mizo_planner *planner = mizo_planner_new(members[m]);
        int n = m ? how_many(60, 1000) : how_many(1000, 40000);
        for (int i = 0; i < n; i++) {
            extra_site((uint64_t)i, i % 2);
            assert_int_equal(mizo_plan_site(planner, &c.p, &plan), MIZO_OK);
            hold(i, members[m]->name);
            if (i % 2 == 0)
                hold_tight(i);
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

/* Any duals give a bound, and any columns a plan. */
static void nonsense_gives_a_bound_and_a_plan(void **state)
{
    (void)state;
    for (int i = 0; i < how_many(500, 10000); i++) {
        extra_site(20000 + (uint64_t)i, i % 2);
        site_case k;
        assert_int_equal(site_case_init(&k, &c.p), MIZO_OK);
        assert_int_equal(site_model_make(&model, &k), MIZO_OK);
        site_model_fill(&model, &k, 3);
        size_t n = (size_t)(model.cols + model.rows);
        double *x = malloc(n * sizeof *x), *work = malloc(n * sizeof *work);
        for (int j = 0; j < model.cols; j++)
            x[j] = j % 41 == 0 ? NAN : j % 43 == 0 ? 1e300 : mizo_unit((uint64_t)i, 4, (uint64_t)j) * 80 - 30;
        memset(&plan, 0, sizeof plan);
        plan.bound = INT64_MIN;
        site_model_flows(&model, &k, x, &flows);
        site_round(&k, &flows, &plan);
        site_cost(&k, &plan);
        for (int r = 0; r < model.rows; r++)
            x[r] = r % 97 == 0 ? NAN : mizo_unit((uint64_t)i, 3, (uint64_t)r) * 60 - 20;
        plan.bound = site_bound(&model, &k, x, work);
        memset(flows.price, 0, sizeof flows.price);
        site_judge(&k, &flows, &plan);
        const char *wrong = replay(&c.p, &plan);
        if (wrong || plan.rounding < 0)
            fail_msg("case %d: %s", i, wrong ? wrong : "rounding below zero");
        memset(x, 0, n * sizeof *x);
        assert_true(site_bound(&model, &k, x, work) <= plan.cost);
        free(x);
        free(work);
    }
    site_model_free(&model);
}

/* ---- a planner that is kept ---- */

static void shift(int32_t *v, int n, int by)
{
    memmove(v, v + by, (size_t)(n - by) * sizeof *v);
}

/* What is there is there still, what has gone has gone. */
static void roll_batteries(int by)
{
    for (int b = 0; b < c.p.nbattery; b++) {
        mizo_plan_battery *s = &c.p.battery[b];
        bool came = s->to == 0 || s->from < by;
        if (came)
            s->soc_now_wh = plan.soc_wh[b][by - 1];
        s->from -= by;
        if (s->to)
            s->to = s->to > by ? s->to - by : -1;
        if (s->use_w)
            shift(c.use_w[b], c.p.n, by);
    }
    shift(c.sold_w, c.p.n, by);
    shift(c.sold_wh, c.p.n, by);
}

static void roll_on(int by)
{
    shift(c.load_w, c.p.n, by);
    shift(c.pv_w, c.p.n, by);
    shift(c.buy, c.p.n, by);
    roll_batteries(by);
    for (int v = 0; v < c.p.nvehicle; v++) {
        mizo_plan_vehicle *s = &c.p.vehicle[v];
        s->from -= by;
        s->to -= by;
        s->need_wh = s->to > 0 ? s->need_wh / 2 : 0;
    }
    for (int k = 0; k < c.p.nrun; k++) {
        c.p.run[k].from -= by;
        c.p.run[k].to -= by;
    }
    c.p.from += by;
}

/* A kept planner bounds what a fresh one does, whatever came before, and plans as well where rounding is small. */
static void a_kept_planner_is_as_good_as_a_fresh_one(void **state)
{
    (void)state;
    mizo_planner *kept = mizo_planner_new(member());
    for (int i = 0; i < how_many(40, 500); i++) {
        extra_site(40000 + 2 * (uint64_t)i, false);
        c.p.from = 900000 + i;
        for (int k = 0; k < 6 && c.p.n > 2; k++) {
            assert_int_equal(mizo_plan_site(kept, &c.p, &plan), MIZO_OK);
            hold(i, "kept");
            hold_tight(i);
            mizo_planner *fresh = mizo_planner_new(member());
            assert_int_equal(mizo_plan_site(fresh, &c.p, &again), MIZO_OK);
            mizo_planner_free(fresh);
            close_to(i, "bound of a kept planner", (double)plan.bound / 1e6, (double)again.bound / 1e6);
            roll_on(k == 3 ? 2 : 1);
        }
    }
    mizo_planner_free(kept);
}

static void same_input_same_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        extra_site(60000 + (uint64_t)i, i % 2);
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
        cmocka_unit_test(nonsense_gives_a_bound_and_a_plan),
        cmocka_unit_test(a_kept_planner_is_as_good_as_a_fresh_one),
        cmocka_unit_test(same_input_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
