/* test_movable.c: loads that run through, heaters, hydrogen sets and vehicles that give back, in the closed loop: nobody
 * goes without, the plan saves, the rule costs nothing, every Wh is accounted for. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "town/operate_in.h"

/* What a few Wh of rounding may cost, micro-yen. */
#define WH_YEN 500000

/* One works: what it has beside its demand is added by each test. */
typedef struct works {
    const char *batteries, *chargers, *vehicles, *loads, *pv, *region, *nodes;
    const char *rates;
    bool export;
} works;

static const char batteries_head[] =
    "id,point,kind,energy_kwh,charge_kw,discharge_kw,soc_min,loss_per_hour,charge_efficiency,discharge_efficiency,"
    "wear_yen_per_kwh\n";
static const char loads_head[] = "id,point,kind,power_kw,hours,battery,kwh_a_day,days,time_from,time_to\n";
static const char day_and_night[] = "hv,weekday saturday,8:00,22:00,26\nhv,,,,14\n";

static void open_works(fixture *f, const works *w)
{
    buf b[9];
    static const char *const name[] = { "points.csv",   "rates.csv",    "batteries.csv",
                                        "chargers.csv", "vehicles.csv", "loads.csv",
                                        "pv.csv",       "region.yaml",  "nodes.csv" };
    for (int i = 0; i < 9; i++)
        buf_init(&b[i], 1 << 16);
    buf_printf(
        &b[0],
        "id,voltage,reading,tariff,contract_kw,standing_kw,export%s\nworks,high,slot,hv,200,140,%s%s\n",
        w->nodes ? ",node" : "", w->export ? "yes" : "no", w->nodes ? ",feeder" : "");
    buf_printf(&b[1], "tariff,days,time_from,time_to,yen_per_kwh\n%s", w->rates ? w->rates : day_and_night);
    buf_printf(&b[2], "%s%s", batteries_head, w->batteries ? w->batteries : "");
    buf_printf(&b[3], "id,point,max_kw,min_kw,efficiency,give_back_kw,give_back_efficiency\n%s",
               w->chargers ? w->chargers : "");
    buf_printf(&b[4], "id,charger,energy_kwh,give_back_to,wear_yen_per_kwh\n%s",
               w->vehicles ? w->vehicles : "");
    buf_printf(&b[5], "%s%s", loads_head, w->loads ? w->loads : "");
    buf_printf(&b[6], "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg\n%s", w->pv ? w->pv : "");
    buf_printf(
        &b[7],
        "format: 1\nid: works\noffset_slots: 18\nlatitude: 35.5\nlongitude: 139.7\ngrid_g_per_kwh: 421\n%s",
        w->region ? w->region : "");
    buf_printf(&b[8], "id,name_en,parent,kind,import_kw,export_kw,over_yen_per_kwh\n%s",
               w->nodes ? w->nodes : "");
    static const char tariffs[] =
        "id,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand\nhv,1900,100,7,yes\n";
    static const char facilities[] = "id,kind,group\nf,office,public\n", uses[] = "facility,point\nf,works\n";
    mizo_file file[12] = {
        {"tariffs.csv",     tariffs,    sizeof tariffs - 1   },
        { "facilities.csv", facilities, sizeof facilities - 1},
        { "uses.csv",       uses,       sizeof uses - 1      }
    };
    for (int i = 0; i < 9; i++)
        file[3 + i] = (mizo_file){ name[i], b[i].p, b[i].n };
    fixture_region(f, file, w->nodes ? 12 : 11, 5);
    for (int i = 0; i < 9; i++)
        buf_fini(&b[i]);
}

static void say(const char *what, const simulate_result *r)
{
    print_message("# %s:", what);
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (r->ran[p])
            print_message(" %s %.0f yen (peak %.0f)", operate_policy_text((operate_policy)p),
                          (double)r->sum[p].cost / 1e6, (double)r->sum[p].peak / 1e6);
    print_message(", captured %.3f\n", r->captured);
}

/* Nobody short, nothing lost, and each policy no dearer than the one before it. */
static void check(const simulate_result *r)
{
    for (int p = 0; p < SIMULATE_POLICIES; p++) {
        const operate_result *s = &r->sum[p];
        assert_int_equal(s->bought_wh + s->pv_wh + s->discharged_wh + s->store_out_wh + s->given_wh,
                         s->demand_wh + s->run_wh + s->sold_wh + s->charged_wh + s->store_in_wh +
                             s->vehicle_wh);
        assert_int_equal(s->peaks_over + s->vans_short + s->runs_late + s->runs_missed, 0);
        assert_int_equal(s->late_wh, 0);
        assert_int_equal(s->runs, r->sum[0].runs);
        assert_int_equal(s->run_wh, r->sum[0].run_wh);
        assert_int_equal(s->drawn_wh, r->sum[0].drawn_wh);
    }
    assert_true(r->sum[OPERATE_RULE].cost <= r->sum[OPERATE_NONE].cost + WH_YEN);
    assert_true(r->sum[OPERATE_MIZO].cost <= r->sum[OPERATE_RULE].cost + WH_YEN);
    /* perfect foresight is followed to the letter: a store's losses of a whole half-hour are rounded once */
    assert_true(r->sum[OPERATE_ORACLE].cost <=
                r->sum[OPERATE_MIZO].cost + WH_YEN + r->sum[OPERATE_MIZO].cost / 10000);
}

/* Days from a Monday on. */
static void run(fixture *f, int days, unsigned policies, simulate_result *r)
{
    simulate_options o = { .env = f->env,
                           .region = f->region,
                           .truth = f->store,
                           .policies = policies,
                           .from = f->first + 49,
                           .to = f->first + 49 + days,
                           .threads = 1,
                           .seed = 1 };
    assert_int_equal(simulate_run(&o, f->diags, r), MIZO_OK);
}

/* The evening's batch waits for the night's price; the noon's has nothing to gain. */
static void runs_wait_for_cheap_hours(void **state)
{
    (void)state;
    fixture f;
    simulate_result r;
    open_works(&f, &(works){ .loads = "batch,works,run,20,1.5,,,weekday,18:00,24:00\n"
                                      "noon,works,run,8,1,,,,10:00,16:00\n" });
    run(&f, 5, 15, &r);
    say("runs", &r);
    check(&r);
    assert_int_equal(r.sum[0].runs, 10);
    assert_int_equal(r.sum[0].run_wh, 5 * (30000 + 8000));
    mizo_uyen saved = r.sum[OPERATE_NONE].cost - r.sum[OPERATE_MIZO].cost;
    assert_true(saved >= 5 * 30 * 12 * INT64_C(1000000) - WH_YEN); /* 30 kWh at 14 and not 26 yen each day */
    assert_true(r.sum[OPERATE_RULE].cost <= r.sum[OPERATE_MIZO].cost + WH_YEN);
    simulate_free(&r);
    fixture_close(&f);
}

/* A tank without control heats when it is drawn from; planned it is filled in the night for the evening. */
static void a_tank_is_filled_in_the_night(void **state)
{
    (void)state;
    fixture f;
    simulate_result r;
    open_works(&f, &(works){ .batteries = "tank,works,heater,40,12,,0,0.004,0.95,,\n",
                             .loads = "showers,works,draw,,,tank,24,,18:00,21:00\n" });
    run(&f, 5, 15, &r);
    say("heater", &r);
    check(&r);
    assert_int_equal(r.sum[0].drawn_wh, 5 * 24000);
    assert_true(r.sum[OPERATE_NONE].thermostat_wh > 60000);
    assert_true(r.sum[OPERATE_MIZO].thermostat_wh < 3000);
    assert_true(r.sum[OPERATE_RULE].cost < r.sum[OPERATE_NONE].cost - 300000000);
    assert_true(r.captured > 0.95);
    simulate_free(&r);
    fixture_close(&f);
}

static void hydrogen_is_there_for_the_bus(void **state)
{
    (void)state;
    fixture f;
    simulate_result r;
    open_works(&f, &(works){ .batteries = "set,works,hydrogen,120,30,10,0.05,0.0001,0.65,0.45,\n",
                             .loads = "bus,works,draw,,,set,40,weekday,16:00,20:00\n",
                             .pv = "roof,works,90,80,10,180\n" });
    run(&f, 5, 15, &r);
    say("hydrogen", &r);
    check(&r);
    assert_int_equal(r.sum[0].drawn_wh, 5 * 40000);
    assert_true(r.sum[OPERATE_MIZO].cost < r.sum[OPERATE_NONE].cost);
    simulate_free(&r);
    fixture_close(&f);
}

/* A bus that stands in the depot over the dear evening gives back, and leaves full. */
static void a_bus_gives_back(void **state)
{
    (void)state;
    fixture f;
    simulate_result r;
    open_works(&f, &(works){ .chargers = "ch,works,25,2,0.94,20,0.94\n",
                             .vehicles = "bus,ch,120,0.3,2\n",
                             .export = true });
    run(&f, 5, 15, &r);
    say("bus", &r);
    check(&r);
    assert_true(r.sum[OPERATE_MIZO].given_wh > 50000);
    assert_int_equal(r.sum[OPERATE_NONE].given_wh + r.sum[OPERATE_RULE].given_wh, 0);
    assert_true(r.sum[OPERATE_MIZO].cost < r.sum[OPERATE_RULE].cost - 100000000);
    assert_true(r.captured > 0.85);
    simulate_free(&r);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_wait_for_cheap_hours),
        cmocka_unit_test(a_tank_is_filled_in_the_night),
        cmocka_unit_test(hydrogen_is_there_for_the_bus),
        cmocka_unit_test(a_bus_gives_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
