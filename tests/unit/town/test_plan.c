/* The plan of a day from region, store and forecast; the builder of problems; the solver's module. */
#include <stdlib.h>

#include "fixture.h"
#include "mizo/messages/plan.h"
#include "optimize/replay.h"
#include "town/module.h"
#include "town/plan/plan.h"

static fixture village;
static plan_site *site, *again;

static int open_village(void **state)
{
    (void)state;
    fixture_village(&village);
    site = calloc(1, sizeof *site);
    again = calloc(1, sizeof *again);
    return site && again ? 0 : -1;
}

static int close_village(void **state)
{
    (void)state;
    free(site);
    free(again);
    fixture_close(&village);
    return 0;
}

static const mizo_lp_solver *solver(void)
{
    return village.solver ? village.solver : &mizo_lp_dense;
}

static mizo_err plan_into(const char *point, mizo_day day, plan_site *out)
{
    plan_ask ask = { .day = day, .issued = mizo_slot_ms(mizo_day_slot(day, village.region->offset)) };
    plan_desk *d = plan_desk_new(village.region, village.store, solver(), &ask);
    assert_non_null(d);
    mizo_err e = plan_of_point(d, mizo_region_point(village.region, point), out);
    plan_desk_free(d);
    return e;
}

/* ---- the builder ---- */

static problem_input input(const int32_t *load_wh, int n)
{
    mizo_day monday = mizo_date_day((mizo_date){ 2023, 8, 21 });
    return (problem_input){ .region = village.region,
                            .point = mizo_region_point(village.region, "p-depot"),
                            .from = mizo_day_slot(monday, village.region->offset),
                            .n = n,
                            .load_wh = load_wh,
                            .standing_w = -1 };
}

static void builds_from_the_region(void **state)
{
    (void)state;
    static site_problem p;
    int32_t load[48];
    for (int t = 0; t < 48; t++)
        load[t] = t == 5 ? MIZO_MISSING : 1000 + t;
    problem_input in = input(load, 48);
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.load_w[0], 2000);
    assert_int_equal(p.lp.load_w[5], 0);
    assert_null(p.lp.pv_w);
    assert_int_equal(p.lp.buy_myen[0], 16420);
    assert_int_equal(p.lp.buy_myen[16], 23180); /* 8:00, a weekday of August */
    assert_int_equal(p.lp.buy_myen[26], 26310); /* 13:00 */
    assert_int_equal(p.lp.sell_myen[0], 8500);
    assert_int_equal(p.lp.limit_w, 150000);
    assert_int_equal(p.lp.export_w, 150000);
    assert_int_equal(p.lp.standing_w, 120000);
    assert_int_equal(p.lp.peak_myen_per_kw, 19283100); /* 1,890.5 x 0.85 x 12 */
    assert_int_equal(p.lp.nbattery, 1);
    assert_int_equal(p.lp.battery[0].soc_min_wh, 10000);
    assert_int_equal(p.lp.battery[0].soc_max_wh, 95000);
    assert_int_equal(p.lp.battery[0].reserve_wh, 20000);
    assert_int_equal(p.lp.battery[0].soc_now_wh, 52500);
    in.standing_w = 77000;
    int32_t soc = 33000;
    in.soc_wh = &soc;
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.standing_w, 77000);
    assert_int_equal(p.lp.battery[0].soc_now_wh, 33000);
}

static void refuses_what_is_none(void **state)
{
    (void)state;
    static site_problem p;
    int32_t load[48] = { 0 };
    problem_input in = input(load, 0);
    assert_int_equal(problem_build(&in, &p), MIZO_ERANGE);
    in.n = MIZO_PLAN_MAX + 1;
    assert_int_equal(problem_build(&in, &p), MIZO_ERANGE);
    in.n = 48;
    in.point = -1;
    assert_int_equal(problem_build(&in, &p), MIZO_ERANGE);
    in.point = (mizo_ref)village.region->npoint;
    assert_int_equal(problem_build(&in, &p), MIZO_ERANGE);
}

/* Windows are cut to the horizon; who stays on needs only what there is no time for later. */
static void takes_the_sessions_of_the_horizon(void **state)
{
    (void)state;
    static site_problem p;
    int32_t load[48] = { 0 };
    problem_input in = input(load, 48);
    mizo_slot s = in.from;
    const problem_session sessions[] = {
        {0,  s - 9,  s - 1,  5000}, /* gone */
        { 0, s - 9,  s + 10, 5000}, /* here */
        { 1, s + 40, s + 48, 5000}, /* comes and goes */
        { 0, s + 44, s + 50, 9000}, /* stays on: 2 slots x 1.5 kWh x 0.92 later */
        { 1, s + 60, s + 70, 5000}, /* another day */
        { 1, s + 2,  s + 9,  0   }, /* full */
    };
    in.nsession = 6;
    in.session = sessions;
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.nvehicle, 3);
    assert_int_equal(p.session[0], 1);
    assert_int_equal(p.lp.vehicle[0].from, 0);
    assert_int_equal(p.lp.vehicle[0].to, 10);
    assert_int_equal(p.lp.vehicle[0].max_w, 6000);
    assert_int_equal(p.lp.vehicle[1].from, 40);
    assert_int_equal(p.lp.vehicle[1].to, 48);
    assert_int_equal(p.lp.vehicle[1].need_wh, 5000);
    assert_int_equal(p.lp.vehicle[2].to, 48);
    assert_int_equal(p.lp.vehicle[2].need_wh, 9000 - 2760);
}

/* At midnight the cheap hours begin: a kWh left saves refilling it. At noon it saves the dear hours. */
static void a_kwh_left_has_a_value(void **state)
{
    (void)state;
    mizo_ref depot = mizo_region_point(village.region, "p-depot");
    size_t first;
    assert_int_equal(mizo_region_battery_of(village.region, depot, &first), 1);
    const mizo_battery *b = &village.region->battery[first];
    mizo_slot midnight = mizo_day_slot(mizo_date_day((mizo_date){ 2023, 8, 21 }), village.region->offset);
    assert_int_equal(problem_end_value(village.region, depot, b, midnight), 16420 * 100 / 96);
    assert_int_equal(problem_end_value(village.region, depot, b, midnight + 24), (26310 - 4000) * 96 / 100);
    mizo_battery worn = *b;
    worn.wear_myen = 50000; /* never worth using */
    assert_int_equal(problem_end_value(village.region, depot, &worn, midnight), 0);
}

static void knows_where_something_is_to_be_decided(void **state)
{
    (void)state;
    const mizo_region *r = village.region;
    mizo_day day = village.first + 40;
    assert_true(problem_decides(r, mizo_region_point(r, "p-depot"), day));
    assert_false(problem_decides(r, mizo_region_point(r, "p-hall"), day));
    assert_false(
        problem_decides(r, mizo_region_point(r, "p-school"), day)); /* PV, but all of it may be sold */
}

/* ---- the plan of a day ---- */

static void plans_a_day(void **state)
{
    (void)state;
    for (mizo_day day = village.first + 36; day < village.first + 43; day++) {
        assert_int_equal(plan_into("p-depot", day, site), MIZO_OK);
        const char *wrong = replay(&site->problem.lp, &site->plan);
        if (wrong)
            fail_msg("%s", wrong);
        assert_int_equal(site->plan.status, MIZO_PLAN_OPTIMAL);
        assert_true(site->plan.gap >= 0 && site->plan.gap < 1e-3);
        assert_true(site->plan.peak_w <= 150000);
        assert_int_equal(site->plan.ngave, 0);
        assert_int_equal(plan_into("p-depot", day, again), MIZO_OK);
        assert_memory_equal(&site->plan, &again->plan, sizeof site->plan);
    }
    assert_int_equal(plan_into("p-depot", village.first - 1, site), MIZO_ENOENT); /* nothing known then */
}

/* Every kWh of the batteries and vehicles stands under a reason, in slots that are in order. */
static void gives_reasons_for_all_of_it(void **state)
{
    (void)state;
    assert_int_equal(plan_into("p-depot", village.first + 37, site), MIZO_OK);
    int64_t told[2] = { 0, 0 }, done[2] = { 0, 0 };
    for (int i = 0; i < site->nwhy; i++) {
        const plan_why *w = &site->why[i];
        assert_true(w->from < w->to && w->to <= 48 && w->energy_wh > 0 && w->low_myen <= w->high_myen);
        if (w->act != PLAN_CURTAILS)
            told[w->act == PLAN_VEHICLE] += w->energy_wh;
    }
    for (int t = 0; t < 48; t++) {
        done[0] += site->plan.charge_w[0][t] + site->plan.discharge_w[0][t];
        for (int v = 0; v < site->problem.lp.nvehicle; v++)
            done[1] += site->plan.vehicle_w[v][t];
    }
    for (int k = 0; k < 2; k++) {
        assert_true(done[k] > 0);
        assert_true(llabs(done[k] / 2 - told[k]) <= 96); /* a W is not told, a half Wh is cut */
    }
}

static void keeps_what_it_planned(void **state)
{
    (void)state;
    mizo_day day = village.first + 37;
    plan_ask ask = { .day = day, .issued = mizo_slot_ms(mizo_day_slot(day, village.region->offset)) };
    plan_desk *d = plan_desk_new(village.region, village.store, solver(), &ask);
    assert_int_equal(plan_of_point(d, mizo_region_point(village.region, "p-depot"), site), MIZO_OK);
    store_batch b = { .known = ask.issued, .actor = "test", .source = "test", .note = "" };
    assert_int_equal(village.store->ops->batch_begin(village.store, &b), MIZO_OK);
    assert_int_equal(plan_keep(d, site), MIZO_OK);
    assert_int_equal(village.store->ops->batch_commit(village.store), MIZO_OK);
    plan_desk_free(d);
    mizo_series_key key = store_key("bat-depot", MIZO_Q_SOC, MIZO_ROLE_PLAN_MIDNIGHT);
    int32_t id, v[48];
    assert_int_equal(village.store->ops->series_id(village.store, &key, false, &id), MIZO_OK);
    assert_int_equal(store_read_day(village.store, id, day, STORE_LATEST, v, NULL), MIZO_OK);
    assert_memory_equal(v, site->plan.soc_wh[0], sizeof v);
    key = store_key("p-depot", MIZO_Q_IMPORT, MIZO_ROLE_PLAN_MIDNIGHT);
    assert_int_equal(village.store->ops->series_id(village.store, &key, false, &id), MIZO_OK);
    assert_int_equal(store_read_day(village.store, id, day, STORE_LATEST, v, NULL), MIZO_OK);
    for (int t = 0; t < 48; t++)
        assert_int_equal(v[t], (site->plan.import_w[t] + 1) / 2);
}

/* ---- the module ---- */

static void without_the_module_it_is_said(void **state)
{
    (void)state;
    const char *was = getenv("MIZO_MODULES");
    char *kept = was ? strdup(was) : NULL;
    mizo_diags *d = mizo_diags_new(0);
    const mizo_lp_solver *s = &mizo_lp_dense;
    setenv("MIZO_MODULES", "nowhere", 1);
    assert_int_equal(module_lp(d, &s), MIZO_EUNSUPPORTED);
    assert_null(s);
    assert_int_equal(mizo_diags_kept(d), 1);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_PLAN_NO_SOLVER);
    char text[1024];
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_non_null(strstr(text, "coinor-libclp-dev"));
    mizo_diag_text(mizo_diags_at(d, 0), "ja", text, sizeof text);
    assert_non_null(strstr(text, "coinor-libclp-dev"));
    mizo_diags_free(d);
    if (kept)
        setenv("MIZO_MODULES", kept, 1);
    else
        unsetenv("MIZO_MODULES");
    free(kept);
    if (village.solver) {
        assert_int_equal(module_lp(NULL, &s), MIZO_OK);
        assert_string_equal(s->name, "clp");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_from_the_region),
        cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(takes_the_sessions_of_the_horizon),
        cmocka_unit_test(a_kwh_left_has_a_value),
        cmocka_unit_test(knows_where_something_is_to_be_decided),
        cmocka_unit_test(plans_a_day),
        cmocka_unit_test(gives_reasons_for_all_of_it),
        cmocka_unit_test(keeps_what_it_planned),
        cmocka_unit_test(without_the_module_it_is_said),
    };
    return cmocka_run_group_tests(tests, open_village, close_village);
}
