/* A site's problem from a region with all that a real site adds, and its plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/retail.h"
#include "town/plan/problem.h"

static const struct {
    const char *name, *text;
} files[] = {
    {"region.yaml",     "format: 1\nid: hill\nlatitude: 35.5\nlongitude: 139.7\n"                                  },
    { "facilities.csv", "id,kind\nworks,works\n"                                                                   },
    { "tariffs.csv",
     "id,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand\nhv,2000,100,8,no\n"                  },
    { "rates.csv",      "tariff,time_from,time_to,yen_per_kwh\nhv,8:00,22:00,25\nhv,,,15\n"                        },
    { "points.csv",
     "id,voltage,reading,tariff,contract_kw,export,keep_import_kw,agreed_kw\np-works,high,slot,hv,900,no,5,600\n"  },
    { "uses.csv",       "facility,point\nworks,p-works\n"                                                          },
    { "batteries.csv",
     "id,point,kind,energy_kwh,charge_kw,discharge_kw,soc_min,loss_per_hour,own_pv_only,site_only,"
      "charge_efficiency,discharge_efficiency\n"
      "a-tank,p-works,heater,40,10,,0,0.01,,,0.9,\n"
      "b-cells,p-works,battery,100,50,50,0.1,,yes,yes,,\n"
      "c-set,p-works,hydrogen,200,20,10,0.05,,,,0.65,0.45\n"                                                       },
    { "chargers.csv",
     "id,point,max_kw,min_kw,give_back_kw\nch-1,p-works,6,1.4,5\nch-2,p-works,6,1.4,5\nch-3,p-works,6,2,\n"        },
    { "vehicles.csv",
     "id,charger,energy_kwh,give_back_to,wear_yen_per_kwh\nvan-1,ch-1,60,0.4,3\nvan-2,ch-2,40,,\nvan-3,ch-2,40,,\n"},
    { "loads.csv",      "id,point,kind,power_kw,hours,battery,kwh_a_day,days,time_from,time_to\n"
                   "batch,p-works,run,30,2,,,weekday,9:00,18:00\n"
                   "pump,p-works,run,8,0.4,,,,0:00,24:00\n"
                   "showers,p-works,draw,,,a-tank,10,,18:00,21:00\n"
                   "bus,p-works,draw,,,c-set,20,weekday,20:00,24:00\n"
                   "idle,p-works,run,8,1,,,holiday,9:00,18:00\n"                                 },
};
enum { FILES = sizeof files / sizeof *files };

static const mizo_region *region;
static site_problem p;
static int32_t load_wh[96];

static int set_up(void **state)
{
    (void)state;
    mizo_file file[FILES];
    for (int i = 0; i < FILES; i++)
        file[i] = (mizo_file){ files[i].name, files[i].text, strlen(files[i].text) };
    mizo_diags *d = mizo_diags_new(0);
    mizo_err e = mizo_region_build(file, FILES, d, &region);
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        print_message("# %s:%d %s\n", mizo_diags_at(d, i)->at.file, mizo_diags_at(d, i)->at.line,
                      mizo_msg_name(mizo_diags_at(d, i)->id));
    mizo_diags_free(d);
    for (int t = 0; t < 96; t++)
        load_wh[t] = 20000;
    return e ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    mizo_region_unref(region);
    return 0;
}

/* A Monday from midnight, or later in the day. */
static problem_input input(int later, int n)
{
    mizo_day monday = mizo_date_day((mizo_date){ 2023, 8, 21 });
    return (problem_input){ .region = region,
                            .point = mizo_region_point(region, "p-works"),
                            .from = mizo_day_slot(monday, region->offset) + later,
                            .n = n,
                            .load_wh = load_wh,
                            .standing_w = -1 };
}

static void limits_come_from_the_contract(void **state)
{
    (void)state;
    problem_input in = input(0, 48);
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.agreed_w, 600000);
    assert_int_equal(p.lp.keep_import_w, 5000);
    assert_int_equal(p.lp.peak_myen_per_kw, 0);              /* by agreement: no peak of twelve months */
    assert_int_equal(p.lp.over_agreed_myen_per_kw, 2550000); /* 2,000 x 0.85 x 1.5 */
    assert_int_equal(mizo_over_agreed_myen_per_kw(&region->tariff[0]), 2550000);
}

static void stores_and_what_is_drawn_from_them(void **state)
{
    (void)state;
    problem_input in = input(0, 48);
    int32_t soc[] = { 11000, 22000, 33000 };
    in.soc_wh = soc;
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.nbattery, 3);
    const mizo_plan_battery *tank = &p.lp.battery[0], *cells = &p.lp.battery[1], *set = &p.lp.battery[2];
    assert_int_equal(tank->loss_ppm_h, 10000);
    assert_int_equal(tank->discharge_w, 0);
    assert_int_equal(tank->soc_now_wh, 11000);
    assert_true(cells->own_pv_only && cells->site_only && !cells->use_w);
    assert_int_equal(cells->soc_now_wh, 22000);
    assert_int_equal(set->discharge_ppm, 450000);
    int64_t showers = 0, bus = 0;
    for (int t = 0; t < 48; t++) {
        showers += tank->use_w[t];
        bus += set->use_w[t];
        assert_int_equal(tank->use_w[t] > 0, t >= 36 && t < 42);
    }
    assert_int_equal(showers, 20000); /* 10 kWh in W-slots, to the W */
    assert_int_equal(bus, 40000);
}

static void runs_of_the_days_whose_hours_lie_ahead(void **state)
{
    (void)state;
    problem_input in = input(0, 96);
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.nrun, 4); /* two days of each, none of the holiday's */
    assert_string_equal(region->load[p.run[0]].id, "batch");
    assert_int_equal(p.lp.run[0].from, 18);
    assert_int_equal(p.lp.run[0].to, 36);
    assert_int_equal(p.lp.run[0].slots, 4);
    assert_int_equal(p.lp.run[1].slots, 1); /* 24 minutes */
    assert_int_equal(p.lp.run[2].from, 66);
    in = input(19, 70); /* from 9:30: today's batch may have begun */
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.nrun, 1);
    assert_string_equal(region->load[p.run[0]].id, "batch"); /* tomorrow's */
}

static void vehicles_that_give_back(void **state)
{
    (void)state;
    problem_input in = input(0, 48);
    mizo_slot s = in.from;
    const problem_session sessions[] = {
        {0,  s + 4,  s + 30, 20000},
        { 1, s + 4,  s + 30, 20000}, /* which of two vans? */
        { 2, s + 10, s + 20, 9000 },
        { 0, s + 40, s + 60, 40000}, /* stays on: 12 slots x 1.5 kWh x 0.92 later */
    };
    in.nsession = 4;
    in.session = sessions;
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    assert_int_equal(p.lp.nvehicle, 2);
    assert_int_equal(p.session[0], 1);
    assert_int_equal(p.lp.vehicle[0].min_w, 1400);
    assert_int_equal(p.lp.vehicle[1].min_w, 2000);
    assert_int_equal(p.lp.nbattery, 5);
    const mizo_plan_battery *van = &p.lp.battery[3];
    assert_int_equal(p.battery[3], -1);
    assert_int_equal(p.battery_session[3], 0);
    assert_int_equal(van->from, 4);
    assert_int_equal(van->to, 30);
    assert_int_equal(van->leave_wh, 54000); /* nine tenths */
    assert_int_equal(van->soc_now_wh, 34000);
    assert_int_equal(van->soc_min_wh, 24000);
    assert_int_equal(van->discharge_w, 5000);
    assert_int_equal(van->wear_myen, 3000);
    assert_int_equal(p.lp.battery[4].leave_wh, 14000 + 40000 - 16560);
}

/* All of it together has a plan, and gives nothing up. */
static void the_day_has_a_plan(void **state)
{
    (void)state;
    static mizo_site_plan plan;
    problem_input in = input(0, 48);
    const problem_session sessions[] = {
        {0,  in.from + 4,  in.from + 30, 20000},
        { 2, in.from + 10, in.from + 20, 9000 },
    };
    in.nsession = 2;
    in.session = sessions;
    assert_int_equal(problem_build(&in, &p), MIZO_OK);
    mizo_planner *planner = mizo_planner_new(&mizo_lp_dense);
    assert_int_equal(mizo_plan_site(planner, &p.lp, &plan), MIZO_OK);
    mizo_planner_free(planner);
    assert_int_equal(plan.status, MIZO_PLAN_OPTIMAL);
    assert_int_equal(plan.ngave, 0);
    assert_true(plan.run_at[0] >= 18 && plan.run_at[0] <= 32);
    assert_true(plan.soc_wh[3][29] >= 54000);
    for (int t = 0; t < 48; t++)
        assert_true(plan.import_w[t] >= 5000 && plan.export_w[t] == 0);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_come_from_the_contract),
        cmocka_unit_test(stores_and_what_is_drawn_from_them),
        cmocka_unit_test(runs_of_the_days_whose_hours_lie_ahead),
        cmocka_unit_test(vehicles_that_give_back),
        cmocka_unit_test(the_day_has_a_plan),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
