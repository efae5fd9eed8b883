/* test_movable.c: loads that run through, heaters, hydrogen sets and vehicles that give back, in the closed loop: nobody
 * goes without, the plan saves, the rule costs nothing, every Wh is accounted for. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "town/live/operate_in.h"

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
    static const char params[] = "name,key,from,to,value,unit,source,mark\n"
                                 "spot-known,,,2023-07-10,735,minutes of the day before,example,g\n"
                                 "spot-known,,2023-07-20,,720,minutes of the day before,example,g\n";
    mizo_file file[13] = {
        {"tariffs.csv",     tariffs,    sizeof tariffs - 1   },
        { "params.csv",     params,     sizeof params - 1    },
        { "facilities.csv", facilities, sizeof facilities - 1},
        { "uses.csv",       uses,       sizeof uses - 1      }
    };
    for (int i = 0; i < 9; i++)
        file[4 + i] = (mizo_file){ name[i], b[i].p, b[i].n };
    fixture_region(f, file, w->nodes ? 13 : 12, 5);
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

/* ---- another model in the middle of the day ---- */

/* Three days of a batch, a tank and a battery; handed: another model comes at that slot of the first day, while the
 * batch runs. */
static operate_result days_of_works(int handed)
{
    fixture f;
    operate_result r;
    operate *op;
    open_works(&f, &(works){ .batteries = "cells,works,battery,60,20,20,0.1,,0.96,0.96,2\n"
                                          "tank,works,heater,40,12,,0,0.004,0.95,,\n",
                             .loads = "batch,works,run,20,6,,,,8:00,24:00\n"
                                      "bath,works,draw,,,tank,12,,18:00,22:00\n" });
    operate_options o = { .policy = OPERATE_MIZO,
                          .region = f.region,
                          .truth = f.store,
                          .from = mizo_day_slot(f.first + 49, f.region->offset),
                          .to = mizo_day_slot(f.first + 52, f.region->offset),
                          .threads = 1,
                          .seed = 1,
                          .step_ms = 300000,
                          .env = f.env };
    assert_int_equal(operate_new(&o, f.diags, &op), MIZO_OK);
    for (int k = 0; k < 3 * 48; k++) {
        if (k == handed)
            operate_set_region(op, f.region);
        assert_int_equal(operate_slot(op), MIZO_OK);
    }
    assert_int_equal(operate_finish(op, &r), MIZO_OK);
    operate_free(op);
    fixture_close(&f);
    return r;
}

static void another_model_leaves_no_run_and_no_kwh_behind(void **state)
{
    (void)state;
    operate_result plain = days_of_works(-1);
    assert_int_equal(plain.runs, 3);
    assert_int_equal(plain.run_wh, 3 * 120000);
    assert_true(plain.drawn_wh > 35000 && plain.late_wh == 0);
    bool many = getenv("MIZO_MANY") != NULL;
    for (int at = many ? 3 : 23; at < (many ? 48 : 24); at += 20) {
        operate_result r = days_of_works(at);
        assert_int_equal(r.runs, plain.runs);
        assert_int_equal(r.runs_late + r.runs_missed, 0);
        assert_int_equal(r.run_wh, plain.run_wh);
        assert_int_equal(r.drawn_wh, plain.drawn_wh);
        assert_int_equal(r.late_wh, 0);
        assert_true(llabs(r.cost - plain.cost) < plain.cost / 1000);
    }
}

/* ---- what the town pays beside its sites ---- */

/* Cheap when the sun shines, dear in the evening, a little otherwise each day. */
static int32_t sunny_market(mizo_day day, int slot)
{
    int32_t base = slot >= 18 && slot < 30 ? 3000 : slot >= 34 && slot < 42 ? 42000 : 14000;
    return base + (int32_t)(day * 37 % 11) * 100;
}

static void with_town(fixture *f, const char *region, bool price)
{
    open_works(f, &(works){ .batteries = "cells,works,battery,120,40,40,0.1,,0.96,0.96,2\n",
                            .loads = "batch,works,run,30,1.5,,,weekday,9:00,24:00\n",
                            .pv = "roof,works,500,450,10,180\n",
                            .rates = "hv,,,,9\n",
                            .region = region,
                            .export = true });
    if (price)
        fixture_prices(f, sunny_market);
}

enum { DAYS = 2 };

/* What the town bought in slots [from, to) of the days, Wh: the plan's own region, or another's account of it. */
typedef struct watched {
    int from, to;
    mizo_wh bought, all;
    int32_t peak_w;
} watched;

static void on_day(void *arg, const town_view *v)
{
    watched *w = arg;
    for (int s = 0; s < 48; s++) {
        int32_t wh = v->point[0].import[s];
        w->all += wh;
        w->bought += s >= w->from && s < w->to ? wh : 0;
        w->peak_w = 2 * wh > w->peak_w ? 2 * wh : w->peak_w;
    }
}

static operate_result watch(fixture *f, operate_policy p, watched *w)
{
    operate_options o = { .policy = p,
                          .region = f->region,
                          .truth = f->store,
                          .from = mizo_day_slot(f->first + 49, f->region->offset),
                          .to = mizo_day_slot(f->first + 49 + DAYS, f->region->offset),
                          .threads = 1,
                          .seed = 1,
                          .step_ms = 300000,
                          .env = f->env,
                          .day_done = on_day,
                          .arg = w };
    operate *op;
    operate_result r;
    assert_int_equal(operate_new(&o, f->diags, &op), MIZO_OK);
    for (int k = 0; k < DAYS * 48; k++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_int_equal(operate_finish(op, &r), MIZO_OK);
    operate_free(op);
    assert_int_equal(r.cost, r.energy - r.sold + r.peak + r.wear - r.stored + r.over + r.town);
    return r;
}

/* The same works, planned without and with what the town pays; the account of each. */
typedef struct pair {
    operate_result without, with, none;
    watched saw_without, saw_with;
} pair;

static pair alone(const char *plain, int from, int to)
{
    pair p = {
        .saw_without = {.from = from,  .to = to},
          .saw_with = { .from = from, .to = to}
    };
    fixture f;
    with_town(&f, plain, true);
    p.without = watch(&f, OPERATE_MIZO, &p.saw_without);
    fixture_close(&f);
    return p;
}

static pair beside(pair p, const char *priced)
{
    watched w = { 0 };
    fixture f;
    with_town(&f, priced, true);
    p.with = watch(&f, OPERATE_MIZO, &p.saw_with);
    p.none = watch(&f, OPERATE_NONE, &w);
    fixture_close(&f);
    assert_int_equal(p.with.runs_late + p.with.runs_missed, 0);
    assert_true(p.with.cost < p.none.cost);
    assert_true(p.with.town < p.none.town);
    return p;
}

#define AREA "market_area: jepx-tokyo\n"

static void the_market_moves_purchase(void **state)
{
    (void)state;
    pair p = beside(alone(AREA, 34, 42), AREA "market_paid: yes\n");
    print_message("# market: evening %d kWh without, %d with; cost %.0f, none %.0f yen\n",
                  (int)(p.saw_without.bought / 1000), (int)(p.saw_with.bought / 1000),
                  (double)p.with.cost / 1e6, (double)p.none.cost / 1e6);
    assert_int_equal(p.without.town, 0);
    assert_true(p.saw_with.bought < p.saw_without.bought * 4 / 5);
    assert_true(p.with.cost <
                p.none.cost -
                    DAYS * 1000 * INT64_C(1000000)); /* 100 kWh a day from 42 to 3 yen, and the batch */
}

enum { KNOWN_FROM = 24 }; /* noon, as the works' params.csv has it */

/* Dated: between two slots it is the later one; a day without a row waits for its own midnight. */
static void when_prices_are_out_is_dated(void **state)
{
    (void)state;
    fixture f;
    with_town(&f, AREA "market_paid: yes\n", false);
    assert_int_equal(market_known_from(f.region, mizo_date_day((mizo_date){ 2023, 7, 8 })), 25);
    assert_int_equal(market_known_from(f.region, mizo_date_day((mizo_date){ 2023, 7, 9 })), MIZO_DAY_SLOTS);
    assert_int_equal(market_known_from(f.region, mizo_date_day((mizo_date){ 2023, 7, 19 })), KNOWN_FROM);
    fixture_close(&f);
}

/* Today's prices are known, tomorrow's from noon on, the rest is forecast: a market that is dearer on every Wednesday is
 * seen coming on Tuesday morning; the day that is read anew says what the one says that was told. */
static int32_t dear_wednesday(mizo_day day, int slot)
{
    return sunny_market(day, slot) + (mizo_day_weekday(day) == 3 ? 9000 : 0);
}

static void tomorrows_prices_are_foreseen(void **state)
{
    (void)state;
    fixture f;
    with_town(&f, AREA "market_paid: yes\n", false);
    fixture_prices(&f, dear_wednesday);
    mizo_day tuesday = f.first + 43;
    while (mizo_day_weekday(tuesday) != 2)
        tuesday++;
    market *told = market_new(), *anew = market_new();
    const int32_t *v, *w;
    for (mizo_day d = tuesday - 9; d < tuesday; d++)
        assert_int_equal(market_prices(told, f.region, f.store, d, 0, &v), MIZO_OK);
    assert_int_equal(market_prices(told, f.region, f.store, tuesday, 0, &v), MIZO_OK);
    assert_int_equal(market_prices(anew, f.region, f.store, tuesday, 0, &w), MIZO_OK);
    double copied = 0, missed = 0;
    for (int s = 0; s < 48; s++) {
        int32_t then = dear_wednesday(tuesday + 1, s);
        assert_int_equal(v[s], dear_wednesday(tuesday, s));
        assert_true(abs(v[48 + s] - w[48 + s]) <= 600 && v[48 + s] % 100 == 0);
        copied += abs(then - v[s]) / 48.0;
        missed += abs(then - v[48 + s]) / 48.0;
    }
    print_message("# tomorrow's price: %.0f milli-yen off, today's copied %.0f\n", missed, copied);
    assert_true(missed < copied / 2);
    assert_int_equal(market_prices(told, f.region, f.store, tuesday, KNOWN_FROM - 1, &v), MIZO_OK);
    assert_true(v[48 + 30] % 100 == 0);
    assert_int_equal(market_prices(told, f.region, f.store, tuesday, KNOWN_FROM, &v), MIZO_OK);
    for (int s = 0; s < 48; s++)
        assert_int_equal(v[48 + s], dear_wednesday(tuesday + 1, s));
    market_free(told);
    market_free(anew);
    market_free(NULL);
    fixture_close(&f);
}

/* No price was ever read: nobody knows one, and nothing is made up. */
static void no_market_no_price(void **state)
{
    (void)state;
    fixture f;
    const int32_t *v;
    with_town(&f, AREA "market_paid: yes\n", false);
    market *m = market_new();
    assert_int_equal(market_prices(m, f.region, f.store, f.first + 40, 30, &v), MIZO_OK);
    for (int i = 0; i < MARKET_SLOTS; i++)
        assert_int_equal(v[i], MIZO_MISSING);
    market_free(m);
    fixture_close(&f);
}

static void the_towns_peak_is_held(pair plain)
{
    pair p = beside(plain, "town_peak_yen_per_kw: 5000\ntown_standing_kw: 40\n");
    print_message("# town peak: %d kW without, %d with; town %.0f, none %.0f yen\n",
                  p.saw_without.peak_w / 1000, p.saw_with.peak_w / 1000, (double)p.with.town / 1e6,
                  (double)p.none.town / 1e6);
    assert_true(p.saw_with.peak_w < p.saw_without.peak_w - 3000);
    int64_t above = p.saw_with.peak_w > 40000 ? p.saw_with.peak_w - 40000 : 0;
    assert_int_equal(p.with.town, above * 5000000);
}

/* A yen for what is bought keeps one's own sun at home: what is sold does not pay it back. */
static void carbon_and_the_wish_for_own_supply(pair plain)
{
    pair carbon = beside(plain, "carbon_yen_per_t: 60000\n"); /* 421 g: 25 yen a kWh */
    pair wish = beside(plain, "unmatched_yen_per_kwh: 25\n");
    print_message("# carbon: bought %d kWh without, %d with; wish: %d with\n",
                  (int)(carbon.saw_without.all / 1000), (int)(carbon.saw_with.all / 1000),
                  (int)(wish.saw_with.all / 1000));
    assert_true(carbon.with.sold_wh < carbon.without.sold_wh);
    assert_true(carbon.saw_with.all < carbon.saw_without.all - 10000);
    assert_true(wish.saw_with.all < wish.saw_without.all - 10000);
    /* mg x yen/t = 1e-3 micro-yen; each half-hour is rounded down to a gramme */
    assert_true(llabs(carbon.with.town / 60 - carbon.with.co2_mg) < DAYS * 48 * 1000);
    /* what came and went in one half-hour is no purchase of the town's */
    assert_true(wish.with.town <= wish.saw_with.all * 25000 && wish.with.town > wish.saw_with.all * 24900);
}

static void wishes_of_the_town_are_paid_and_kept(void **state)
{
    (void)state;
    pair plain = alone("", 0, 48);
    the_towns_peak_is_held(plain);
    carbon_and_the_wish_for_own_supply(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_wait_for_cheap_hours),
        cmocka_unit_test(a_tank_is_filled_in_the_night),
        cmocka_unit_test(hydrogen_is_there_for_the_bus),
        cmocka_unit_test(a_bus_gives_back),
        cmocka_unit_test(the_market_moves_purchase),
        cmocka_unit_test(another_model_leaves_no_run_and_no_kwh_behind),
        cmocka_unit_test(when_prices_are_out_is_dated),
        cmocka_unit_test(tomorrows_prices_are_foreseen),
        cmocka_unit_test(no_market_no_price),
        cmocka_unit_test(wishes_of_the_town_are_paid_and_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
