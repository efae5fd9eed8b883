/* test_sim.c: the simulated devices obey power, energy and efficiency, and lose no watt-hour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "devices/device.h"

static const char yaml[] = "format: 1\nid: one\noffset_slots: 18\nlatitude: 35\nlongitude: 139\n";
static const char points[] =
    "id,voltage,reading,contract_kw,export\nfree,high,slot,100,yes\nshut,high,slot,60,no\n";
static const char facilities[] = "id,kind,group\nf,office,public\n";
static const char uses[] = "facility,point\nf,free\nf,shut\n";
static const char batteries[] =
    "id,point,kind,energy_kwh,charge_kw,discharge_kw,soc_min,soc_max,reserve,charge_efficiency,"
    "discharge_efficiency,wear_yen_per_kwh,loss_per_hour\n"
    "b1,free,battery,100,40,50,0.1,0.9,0.1,0.93,0.91,1,\nb2,shut,battery,50,20,20,0.1,0.9,0.2,0.957,0.949,1,\n"
    "h1,free,heater,20,8,,0,1,0,0.95,,,0.02\nh2,shut,hydrogen,60,12,6,0.05,1,0.05,0.65,0.45,,0.001\n";
static const char chargers[] = "id,point,max_kw,min_kw,efficiency,give_back_kw,give_back_efficiency\n"
                               "c1,free,6,1.4,0.9,,\nc2,free,6,1.4,0.9,5,0.89\nc3,shut,7,2,0.87,6,0.91\n";
static const char vehicles[] =
    "id,charger,energy_kwh,give_back_to,wear_yen_per_kwh\nv1,c1,40,,\nv2,c2,40,0.5,2\nv3,c3,60,0.3,2\n";
static const char loads[] = "id,point,kind,power_kw,hours,battery,kwh_a_day,days,time_from,time_to\n"
                            "bath,free,draw,,,h1,9,,9:00,12:00\nbus,shut,draw,,,h2,7.001,,0:00,24:00\n"
                            "pump,free,run,5.003,1.5,,,,9:00,18:00\nwash,shut,run,2.999,0.5,,,,8:00,11:00\n";

static const mizo_region *region(void)
{
    const mizo_file files[] = {
        {"region.yaml",     yaml,       sizeof yaml - 1      },
        { "points.csv",     points,     sizeof points - 1    },
        { "facilities.csv", facilities, sizeof facilities - 1},
        { "uses.csv",       uses,       sizeof uses - 1      },
        { "batteries.csv",  batteries,  sizeof batteries - 1 },
        { "chargers.csv",   chargers,   sizeof chargers - 1  },
        { "vehicles.csv",   vehicles,   sizeof vehicles - 1  },
        { "loads.csv",      loads,      sizeof loads - 1     },
    };
    const mizo_region *r;
    assert_int_equal(mizo_region_build(files, sizeof files / sizeof *files, NULL, &r), MIZO_OK);
    return r;
}

typedef struct bench {
    const mizo_region *r;
    device *d;
    mizo_ms now;
} bench;

static bench open_at(const char *point)
{
    bench b = { .r = region(), .now = 1000 };
    assert_int_equal(device_sim.open(b.r, mizo_region_point(b.r, point), 7, &b.d), MIZO_OK);
    return b;
}

static void close_all(bench *b)
{
    device_sim.close(b->d);
    mizo_region_unref(b->r);
}

static mizo_command command(mizo_ms now, mizo_ms hold)
{
    return (mizo_command){
        .issued = now, .expires = now + hold, .nbattery = 1, .nvehicle = 2, .pv_limit_w = INT32_MAX
    };
}

static sim_step run(bench *b, const mizo_command *c, int ms, int32_t demand, int32_t pv)
{
    sim_step s;
    sim_truth t = { demand, pv };
    if (c)
        assert_int_equal(device_sim.write(b->d, c), MIZO_OK);
    assert_int_equal(sim_advance(b->d, b->now, ms, &t, &s), MIZO_OK);
    b->now += ms;
    assert_int_equal(s.import_wh + s.pv_wh + s.discharge_wh + s.store_out_wh + s.given_wh + s.unserved_wh,
                     s.demand_wh + s.run_wh + s.export_wh + s.charge_wh + s.store_in_wh + s.vehicle_wh);
    return s;
}

/* A Monday's hour on the world's clock. */
static void at_hour(bench *b, int hour)
{
    sim_set_clock(b->d, mizo_slot_ms(mizo_day_slot(19590, b->r->offset) + 2 * hour));
}

static void truth_comes_out_whole(void **state)
{
    (void)state;
    bench b = open_at("free");
    /* 12,345 Wh of a slot as six steps of 24,690 W: no step is whole, the slot is. */
    mizo_wh demand = 0, pv = 0;
    for (int k = 0; k < 6; k++) {
        sim_step s = run(&b, NULL, 300000, 24690, 7001 * 2);
        demand += s.demand_wh;
        pv += s.pv_wh + s.curtailed_wh;
    }
    assert_int_equal(demand, 12345);
    assert_int_equal(pv, 7001);
    close_all(&b);
}

static void battery_keeps_its_window_and_efficiency(void **state)
{
    (void)state;
    bench b = open_at("free");
    sim_set_soc(b.d, 0, 10000);
    mizo_wh in = 0, out = 0;
    for (int k = 0; k < 60; k++) { /* asks for twice the inverter */
        mizo_command c = command(b.now, 900000);
        c.battery_w[0] = 80000;
        sim_step s = run(&b, &c, 300000, 0, 0);
        in += s.charge_wh;
        assert_true(s.charge_wh <= 40000 / 12 + 1);
    }
    assert_int_equal(sim_soc(b.d, 0), 90000);
    assert_true(in >= 80000 * 100 / 93 && in <= 80000 * 100 / 93 + 2);
    for (int k = 0; k < 60; k++) {
        mizo_command c = command(b.now, 900000);
        c.battery_w[0] = -80000;
        sim_step s = run(&b, &c, 300000, 10000, 0);
        out += s.discharge_wh;
        assert_true(s.discharge_wh <= 50000 / 12 + 1);
    }
    assert_int_equal(sim_soc(b.d, 0), 10000);
    assert_true(out <= 80000 * 91 / 100 && out >= 80000 * 91 / 100 - 2);
    close_all(&b);
}

static void no_export_where_none_is_allowed(void **state)
{
    (void)state;
    bench b = open_at("shut");
    mizo_command c = command(b.now, 900000);
    c.nvehicle = 1;
    c.battery_w[0] = -20000;
    sim_step s = run(&b, &c, 300000, 6000, 0);
    assert_int_equal(s.export_wh, 0);
    assert_int_equal(s.discharge_wh, 500);
    s = run(&b, NULL, 300000, 6000, 30000);
    assert_int_equal(s.export_wh, 0);
    assert_int_equal(s.discharge_wh, 0);
    assert_int_equal(s.curtailed_wh, 2000);
    mizo_measurement m;
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_true(m.pv_throttled);
    close_all(&b);
}

static void command_expires_to_the_devices_own_default(void **state)
{
    (void)state;
    bench b = open_at("free");
    assert_int_equal(sim_plug(b.d, 0, 9000), MIZO_OK);
    mizo_command c = command(b.now, 120000); /* two of the five minutes */
    c.battery_w[0] = 30000;
    sim_step s = run(&b, &c, 300000, 6000, 0);
    assert_int_equal(s.charge_wh, 1000);
    assert_int_equal(s.vehicle_wh, 6000 * 3 / 60); /* three minutes at full power */
    s = run(&b, NULL, 300000, 6000, 0);
    assert_int_equal(s.charge_wh, 0);
    assert_int_equal(s.vehicle_wh, 500);
    /* and never above the contract, which the chargers see: 100 kW */
    s = run(&b, NULL, 300000, 97000, 0);
    assert_true(s.vehicle_wh <= 3000 / 12);
    close_all(&b);
}

static void vehicles_fill_and_leave(void **state)
{
    (void)state;
    bench b = open_at("free");
    mizo_wh left, taken = 0;
    assert_int_equal(sim_plug(b.d, 0, 4500), MIZO_OK);
    for (int k = 0; k < 30; k++) {
        mizo_command c = command(b.now, 900000);
        c.vehicle_w[0] = 1399; /* below the charger's least: nothing */
        c.vehicle_w[1] = 6000; /* not here */
        assert_int_equal(run(&b, &c, 60000, 0, 0).vehicle_wh, 0);
    }
    for (int k = 0; k < 30; k++) {
        mizo_command c = command(b.now, 900000);
        c.vehicle_w[0] = 6000;
        taken += run(&b, &c, 300000, 0, 0).vehicle_wh;
    }
    assert_int_equal(taken, 5000); /* 4,500 / 0.9 */
    assert_int_equal(sim_unplug(b.d, 0, &left), MIZO_OK);
    assert_int_equal(left, 0);
    assert_int_equal(sim_plug(b.d, 1, 8000), MIZO_OK);
    assert_int_equal(sim_unplug(b.d, 1, &left), MIZO_OK);
    assert_int_equal(left, 8000);
    assert_int_equal(sim_plug(b.d, 2, 1), MIZO_ERANGE);
    close_all(&b);
}

/* Thousands of random steps: nothing is lost or made, no limit is passed. */
static void conserves_over_thousands_of_steps(void **state)
{
    (void)state;
    mizo_wh drawn = 0, given = 0, ran = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        bench b = open_at(seed % 2 ? "free" : "shut");
        mizo_wh soc = sim_soc(b.d, 0), held = sim_soc(b.d, 1), need = 0, left, gained = 0;
        at_hour(&b, 8);
        sim_step sum = { 0 };
        int nv = seed % 2 ? 2 : 1;
        for (int j = 0; j < nv; j++) {
            need += 10000 + 1000 * j;
            assert_int_equal(sim_plug(b.d, j, 10000 + 1000 * j), MIZO_OK);
        }
        for (uint64_t k = 0; k < 100; k++) {
            mizo_command c = command(b.now, (mizo_ms)(1 + mizo_unit(seed, k, 1) * 600000));
            c.nvehicle = nv;
            c.nbattery = 2;
            c.battery_w[1] = (int32_t)(30000 * (mizo_unit(seed, k, 11) - 0.5));
            c.run_go[0] = mizo_unit(seed, k, 12) < 0.05;
            c.battery_w[0] = (int32_t)(120000 * (mizo_unit(seed, k, 2) - 0.5));
            c.vehicle_w[0] = (int32_t)(9000 * (mizo_unit(seed, k, 3) - 0.4));
            c.vehicle_w[1] = (int32_t)(9000 * (mizo_unit(seed, k, 4) - 0.4));
            c.pv_limit_w = mizo_unit(seed, k, 5) < 0.5 ? INT32_MAX : (int32_t)(40000 * mizo_unit(seed, k, 6));
            int ms = 1 + (int)(mizo_unit(seed, k, 7) * 1000000);
            sim_step s =
                run(&b, mizo_unit(seed, k, 8) < 0.8 ? &c : NULL, ms, (int32_t)(50000 * mizo_unit(seed, k, 9)),
                    (int32_t)(50000 * mizo_unit(seed, k, 10)));
            sim_step_add(&sum, &s);
            int64_t soc_now = sim_soc(b.d, 0), lo = seed % 2 ? 10000 : 5000, hi = seed % 2 ? 90000 : 45000;
            assert_true(soc_now >= lo && soc_now <= hi);
            assert_true(s.loss_wh >= 0 && s.curtailed_wh >= 0 && s.import_wh >= 0);
            assert_true(seed % 2 || s.export_wh == 0);
            assert_int_equal(s.discharge_wh, s.discharge_of_wh[0]);
            assert_int_equal(s.store_out_wh, s.discharge_of_wh[1]);
            assert_int_equal(s.given_wh, s.given_of_wh[0] + s.given_of_wh[1]);
            assert_true(s.drawn_wh >= 0 && s.run_wh >= 0 && sim_soc(b.d, 1) >= 0);
        }
        drawn += sum.drawn_wh;
        given += sum.given_wh;
        ran += sum.run_wh;
        for (int j = 0; j < nv; j++) {
            assert_int_equal(sim_unplug(b.d, j, &left), MIZO_OK);
            gained -= left;
        }
        gained += need;
        assert_int_equal(sum.charge_wh + sum.store_in_wh + sum.vehicle_wh,
                         sum.discharge_wh + sum.store_out_wh + sum.given_wh + sum.drawn_wh +
                             (sim_soc(b.d, 0) - soc) + (sim_soc(b.d, 1) - held) + gained + sum.loss_wh);
        close_all(&b);
    }
    assert_true(drawn > 0 && given > 0 && ran > 0);
}

/* Hot water is drawn by the clock; an empty tank heats at once, whatever it is told, under the contract. */
static void an_empty_tank_heats_at_once(void **state)
{
    (void)state;
    bench b = open_at("free");
    mizo_measurement m;
    sim_set_soc(b.d, 1, 1000);
    at_hour(&b, 9);
    mizo_command c = command(b.now, 3600000);
    sim_step s = run(&b, &c, 600000, 10000, 0); /* 500 Wh are there, less what stands */
    assert_int_equal(s.drawn_wh, 500);
    assert_int_equal(s.thermostat_wh + s.late_wh, 0);
    s = run(&b, &c, 1800000, 10000, 0);
    assert_int_equal(s.drawn_wh, 1500);
    assert_true(s.thermostat_wh >= 1053 && s.thermostat_wh <= 1070); /* 1,000 Wh / 0.95, and what stood */
    assert_int_equal(s.store_in_wh, s.thermostat_wh);
    assert_int_equal(s.late_wh, 0);
    s = run(&b, &c, 600000, 100000, 0); /* no room under the contract: it comes late */
    assert_int_equal(s.drawn_wh, 0);
    assert_int_equal(s.late_wh, 500);
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_int_equal(m.owed_wh[1], 500);
    s = run(&b, &c, 600000, 10000, 0);
    assert_int_equal(s.drawn_wh, 1000);
    close_all(&b);
}

static void a_run_waits_and_then_runs_through(void **state)
{
    (void)state;
    bench b = open_at("free");
    mizo_measurement m;
    mizo_command c = command(b.now, 12 * 3600000);
    at_hour(&b, 8);
    c.run_go[0] = true; /* not yet its hours */
    assert_int_equal(run(&b, &c, 1800000, 0, 0).run_wh, 0);
    c.run_go[0] = false;
    assert_int_equal(run(&b, &c, 1800000, 0, 0).run_wh, 0);
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_int_equal(m.run[0].state, MIZO_RUN_REST); /* the step before has just ended at nine */
    assert_int_equal(run(&b, &c, 1800000, 0, 0).run_wh, 0);
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_int_equal(m.run[0].state, MIZO_RUN_WAITS);
    assert_int_equal(m.run[0].wait_ms, 7 * 3600000); /* 18:00 less 1:30, from 9:30 */
    c.run_go[0] = true;
    assert_int_equal(run(&b, &c, 1800000, 0, 0).runs, 1);
    c.run_go[0] = false; /* what has begun is not stopped */
    mizo_wh rest = run(&b, &c, 1800000, 0, 0).run_wh + run(&b, &c, 1800000, 0, 0).run_wh;
    assert_int_equal(rest, 5003);
    c.run_go[0] = true; /* once a day */
    assert_int_equal(run(&b, &c, 1800000, 0, 0).run_wh, 0);
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_true(m.run[0].done);
    close_all(&b);
}

/* Told nothing it begins as soon as it may; told to wait for ever it is missed, late if it begins too late. */
static void runs_are_late_or_missed(void **state)
{
    (void)state;
    bench b = open_at("shut");
    at_hour(&b, 8);
    assert_int_equal(run(&b, NULL, 1800000, 0, 0).run_wh, 1499);
    close_all(&b);
    b = open_at("shut");
    at_hour(&b, 8);
    mizo_command c = command(b.now, 100 * 3600000);
    sim_step sum = { 0 };
    for (int k = 0; k < 36; k++) {
        sim_step s = run(&b, &c, 1800000, 0, 0);
        sim_step_add(&sum, &s);
    }
    assert_int_equal(sum.runs_missed, 1);
    at_hour(&b, 24 + 11);
    c.run_go[0] = true; /* its hours ended at eleven: half an hour late */
    sim_step s = run(&b, &c, 1800000, 0, 0);
    assert_int_equal(s.runs_late, 1);
    assert_int_equal(s.runs, 1);
    close_all(&b);
}

static void a_vehicle_gives_back_down_to_its_least(void **state)
{
    (void)state;
    bench b = open_at("free");
    mizo_measurement m;
    mizo_wh given = 0, left;
    assert_int_equal(sim_plug(b.d, 1, 6000), MIZO_OK); /* 30 of 36 kWh are in it; 20 must stay */
    for (int k = 0; k < 60; k++) {
        mizo_command c = command(b.now, 900000);
        c.vehicle_w[0] = c.vehicle_w[1] = -9000;
        sim_step s = run(&b, &c, 300000, 0, 0);
        assert_true(s.given_wh <= 5000 / 12 + 1);
        assert_int_equal(s.export_wh, s.given_wh);
        given += s.given_wh;
    }
    assert_true(given <= 10000 * 89 / 100 && given >= 10000 * 89 / 100 - 2);
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_true(m.vehicle_need_wh[1] >= 15998 && m.vehicle_need_wh[1] <= 16000);
    assert_true(m.vehicle_spare_wh[1] <= 2);
    assert_int_equal(m.vehicle_spare_wh[0], 0);
    assert_int_equal(sim_unplug(b.d, 1, &left), MIZO_OK);
    assert_true(left >= 15998);
    close_all(&b);
    b = open_at("shut"); /* which must not export */
    assert_int_equal(sim_plug(b.d, 0, 0), MIZO_OK);
    mizo_command c = command(b.now, 900000);
    c.vehicle_w[0] = -6000;
    sim_step s = run(&b, &c, 300000, 2400, 0);
    assert_int_equal(s.given_wh, 200);
    close_all(&b);
}

static void silent_sensors_say_missing(void **state)
{
    (void)state;
    bench b = open_at("free");
    mizo_measurement m;
    assert_int_equal(sim_plug(b.d, 0, 100), MIZO_OK);
    sim_silence(b.d, SIM_SILENT_NET | SIM_SILENT_SOC | SIM_SILENT_NEED);
    assert_int_equal(device_sim.read(b.d, &m), MIZO_OK);
    assert_int_equal(m.net_w, INT32_MIN);
    assert_int_equal(m.soc_wh[0], INT32_MIN);
    assert_int_equal(m.vehicle_need_wh[0], INT32_MIN);
    assert_int_equal(m.vehicle_need_wh[1], 0);
    assert_int_not_equal(m.pv_w, INT32_MIN);
    close_all(&b);
}

static void refuses_what_is_out_of_range(void **state)
{
    (void)state;
    bench b = open_at("free");
    sim_step s;
    sim_truth t = { 0, 0 }, bad = { -1, 0 };
    assert_int_equal(sim_advance(b.d, 0, 0, &t, &s), MIZO_ERANGE);
    assert_int_equal(sim_advance(b.d, 0, 1800001, &t, &s), MIZO_ERANGE);
    assert_int_equal(sim_advance(b.d, 0, 1000, &bad, &s), MIZO_ERANGE);
    mizo_command c = command(5, 0);
    assert_int_equal(device_sim.write(b.d, &c), MIZO_ERANGE);
    assert_int_equal(sim_plug(b.d, 0, -1), MIZO_ERANGE);
    device *none;
    assert_int_equal(device_sim.open(b.r, 99, 1, &none), MIZO_ENOENT);
    close_all(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_comes_out_whole),
        cmocka_unit_test(battery_keeps_its_window_and_efficiency),
        cmocka_unit_test(no_export_where_none_is_allowed),
        cmocka_unit_test(command_expires_to_the_devices_own_default),
        cmocka_unit_test(vehicles_fill_and_leave),
        cmocka_unit_test(conserves_over_thousands_of_steps),
        cmocka_unit_test(an_empty_tank_heats_at_once),
        cmocka_unit_test(a_run_waits_and_then_runs_through),
        cmocka_unit_test(runs_are_late_or_missed),
        cmocka_unit_test(a_vehicle_gives_back_down_to_its_least),
        cmocka_unit_test(silent_sensors_say_missing),
        cmocka_unit_test(refuses_what_is_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
