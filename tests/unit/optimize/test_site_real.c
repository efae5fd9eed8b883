/* What a real site adds, in plans that can be checked by hand; whole decisions against all there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clp_module.h"
#include "replay.h"

static mizo_site_plan plan;
static int32_t load_w[MIZO_PLAN_MAX], pv_w[MIZO_PLAN_MAX], buy[MIZO_PLAN_MAX], sell[MIZO_PLAN_MAX];
static int32_t use_w[MIZO_PLAN_MAX], sold_w[MIZO_PLAN_MAX], sold_wh[MIZO_PLAN_MAX];

static const mizo_lp_solver *member(void)
{
    const mizo_lp_solver *clp = clp_module();
    return clp ? clp : &mizo_lp_dense;
}

/* n half-hours of 1 kW at 10 yen, nothing sold, 10 kW contract, all of it paid for. */
static mizo_site_problem plain(int n)
{
    for (int t = 0; t < MIZO_PLAN_MAX; t++) {
        load_w[t] = 1000;
        buy[t] = 10000;
        pv_w[t] = sell[t] = use_w[t] = sold_w[t] = sold_wh[t] = 0;
    }
    return (mizo_site_problem){ .size = sizeof(mizo_site_problem),
                                .n = n,
                                .step_min = 30,
                                .load_w = load_w,
                                .pv_w = pv_w,
                                .buy_myen = buy,
                                .sell_myen = sell,
                                .limit_w = 10000,
                                .standing_w = 10000,
                                .peak_myen_per_kw = 19278000 };
}

/* 10 kWh, 4 kW, no loss on the way, empty. */
static mizo_plan_battery store(void)
{
    return (mizo_plan_battery){ .energy_wh = 10000,
                                .charge_w = 4000,
                                .discharge_w = 4000,
                                .soc_max_wh = 10000,
                                .charge_ppm = 1000000,
                                .discharge_ppm = 1000000 };
}

static void run(const mizo_site_problem *p)
{
    mizo_planner *planner = mizo_planner_new(member());
    assert_non_null(planner);
    assert_int_equal(mizo_plan_site(planner, p, &plan), MIZO_OK);
    mizo_planner_free(planner);
    const char *wrong = replay(p, &plan);
    if (wrong)
        fail_msg("%s", wrong);
    assert_int_equal(plan.status, MIZO_PLAN_OPTIMAL);
    assert_true(plan.rounding >= 0 && plan.rounding <= plan.cost - plan.bound);
}

static const mizo_give_up *gave(mizo_give_up_kind kind)
{
    for (int i = 0; i < plan.ngave; i++)
        if (plan.gave[i].kind == kind)
            return &plan.gave[i];
    return NULL;
}

/* ---- stores ---- */

/* 2 kWh of hot water in slot 3: heated just before it is needed, for what stands loses 2 % in a slot; but in slot 0
 * where that is cheap enough. 2 kWh = 4 kW in slot 3. */
static void hot_water_is_heated_late_or_cheap(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    use_w[3] = 4000;
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].discharge_w = 0;
    p.battery[0].loss_ppm_h = 40000;
    p.battery[0].use_w = use_w;
    run(&p);
    assert_int_equal(plan.charge_w[0][3], 4000);
    assert_int_equal(plan.cost, 40000000); /* 4 x 0.5 kWh + 2 kWh */
    assert_int_equal(plan.ngave, 0);
    buy[0] = 9000;
    run(&p); /* 0.98 x 0.98 x 0.98 = 0.941: 10 % cheaper is worth it */
    assert_true(plan.charge_w[0][0] == 4000 && plan.charge_w[0][3] > 0 && plan.charge_w[0][3] < 300);
    buy[0] = 9600;
    run(&p);
    assert_int_equal(plan.charge_w[0][0], 0);
}

static void what_a_store_cannot_give_is_named(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    use_w[1] = 5000;
    use_w[2] = 5000;
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].charge_w = 2000;
    p.battery[0].use_w = use_w;
    run(&p); /* 3 x 1 kWh of 5 */
    assert_int_equal(gave(MIZO_GAVE_STORE)->amount_wh, 2000);
    assert_int_equal(plan.store_short_w[0][1] + plan.store_short_w[0][2], 4000);
    assert_true(plan.penalties > 0);
}

/* A set that makes, keeps and burns hydrogen: 40 % there and back; worth it only for a dear hour. */
static void hydrogen_pays_for_a_dear_hour_alone(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].charge_ppm = 700000;
    p.battery[0].discharge_ppm = 570000;
    buy[3] = 24000;
    run(&p);
    assert_int_equal(plan.discharge_w[0][3], 0);
    buy[3] = 27000;
    run(&p);
    assert_in_range(plan.discharge_w[0][3], 999, 1000);
}

/* Comes in slot 1 with 4 kWh, wants 6 when it leaves after slot 4; in the dear slot 2 it gives, and takes it back. */
static void a_vehicle_gives_back_and_leaves_full(void **state)
{
    (void)state;
    mizo_site_problem p = plain(6);
    buy[2] = 40000;
    buy[0] = buy[5] = 1; /* not here then */
    load_w[2] = 3000;
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].soc_now_wh = 4000;
    p.battery[0].from = 1;
    p.battery[0].to = 5;
    p.battery[0].leave_wh = 6000;
    run(&p);
    assert_int_equal(plan.discharge_w[0][2], 3000);
    assert_int_equal(plan.charge_w[0][0] + plan.charge_w[0][5], 0);
    assert_int_equal(plan.soc_wh[0][0], 4000);
    assert_int_equal(plan.soc_wh[0][4], 6000);
    assert_int_equal(plan.soc_wh[0][5], 6000);
    assert_int_equal(plan.ngave, 0);
    p.battery[0].leave_wh = 9999; /* 4 + 4 x 2 kWh: with all slots */
    run(&p);
    assert_int_equal(plan.soc_wh[0][4], 9999);
    p.battery[0].to = 3;
    run(&p);
    assert_int_equal(gave(MIZO_GAVE_STORE)->amount_wh, 1999);
    assert_int_equal(gave(MIZO_GAVE_STORE)->slot, 2);
}

static void a_battery_that_never_comes_changes_nothing(void **state)
{
    (void)state;
    const int window[][2] = {
        {9,   12},
        { 3,  3 },
        { -4, -1},
        { 5,  2 }
    };
    for (int i = 0; i < 4; i++) {
        mizo_site_problem p = plain(4);
        p.nbattery = 1;
        p.battery[0] = store();
        p.battery[0].from = window[i][0];
        p.battery[0].to = window[i][1];
        p.battery[0].leave_wh = 5000;
        p.battery[0].end_myen = 50000;
        p.battery[0].use_w = use_w;
        use_w[1] = 1000;
        run(&p);
        assert_int_equal(plan.cost, 20000000);
        assert_int_equal(plan.ngave, 0);
    }
}

/* Sold: 3 of 4 kW and 3 kWh in slots 1 and 2. Before, it may do as it likes; then it keeps what was sold. */
static void sold_capacity_is_kept(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    buy[1] = buy[3] = 50000;
    load_w[1] = load_w[3] = 4000;
    sold_w[1] = sold_w[2] = 3000;
    sold_wh[1] = sold_wh[2] = 3000;
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].soc_now_wh = 3200;
    p.battery[0].charge_w = 0;
    p.battery[0].reserved_w = sold_w;
    p.battery[0].reserved_wh = sold_wh;
    run(&p);
    assert_int_equal(plan.discharge_w[0][1], 400); /* 1 kW is left of the inverter, 0.2 kWh of the store */
    assert_int_equal(plan.discharge_w[0][3], 4000);
    assert_int_equal(plan.ngave, 0);
    p.battery[0].soc_now_wh = 2500;
    run(&p);
    assert_int_equal(gave(MIZO_GAVE_STORE)->amount_wh, 500);
}

static void grant_conditions_hold(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    pv_w[1] = 3000;
    buy[3] = 60000;
    sell[3] = 50000;
    p.export_w = 9000;
    p.nbattery = 1;
    p.battery[0] = store();
    run(&p); /* free: fills up at night, sells what is left in the dear hour */
    assert_int_equal(plan.export_w[3], 3000);
    assert_true(plan.charge_w[0][0] + plan.charge_w[0][1] + plan.charge_w[0][2] > 3000);
    p.battery[0].own_pv_only = true;
    run(&p);
    assert_int_equal(plan.charge_w[0][0] + plan.charge_w[0][2], 0);
    assert_int_equal(plan.charge_w[0][1], 3000);
    p.battery[0].own_pv_only = false;
    p.battery[0].site_only = true;
    run(&p);
    assert_int_equal(plan.export_w[3], 0);
    assert_int_equal(plan.discharge_w[0][3], 1000);
    p.nbattery = 2; /* the other one may */
    p.battery[1] = store();
    run(&p);
    assert_int_equal(plan.export_w[3], 4000);
}

/* ---- the grid ---- */

/* Never below 0.8 kW of import, or the demand: the sun is curtailed, the battery waits. */
static void import_stays_above_the_relay(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    pv_w[1] = pv_w[2] = 5000;
    load_w[2] = 500;
    p.export_w = 5000;
    sell[1] = sell[2] = 9000;
    p.keep_import_w = 800;
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].soc_now_wh = 10000;
    run(&p);
    assert_int_equal(plan.import_w[1], 800);
    assert_int_equal(plan.pv_w[1] + plan.discharge_w[0][1], 200);
    assert_int_equal(plan.import_w[2], 500);
    assert_int_equal(plan.export_w[1] + plan.export_w[2], 0);
}

/* 5 kW agreed, 3 kW paid for, a slot of 6 kW: 2 kW at one price, 1 kW at both. */
static void above_what_is_agreed_costs_more(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    load_w[1] = 6000;
    p.standing_w = 3000;
    p.peak_myen_per_kw = 1000000;
    p.agreed_w = 5000;
    p.over_agreed_myen_per_kw = 500000;
    run(&p);
    assert_int_equal(plan.cost, 35000000 + 3000 * (int64_t)1000000 + 1000 * (int64_t)500000);
    p.standing_w = 5500; /* and where more has been paid for than agreed */
    run(&p);
    assert_int_equal(plan.cost, 35000000 + 500 * (int64_t)1000000 + 1000 * (int64_t)500000);
    p.nbattery = 1;
    p.battery[0] = store();
    p.battery[0].soc_now_wh = 500;
    p.battery[0].charge_w = 0;
    run(&p); /* half a kWh is a kW of the slot: the dearest one */
    assert_int_equal(plan.peak_w, 5000);
}

/* ---- runs ---- */

static void a_run_runs_through_where_it_is_cheapest(void **state)
{
    (void)state;
    mizo_site_problem p = plain(8);
    buy[2] = 1000; /* the cheapest slot stands alone: three in a row are cheaper from 5 on */
    buy[3] = 50000;
    buy[1] = 50000;
    buy[5] = buy[6] = buy[7] = 8000;
    p.nrun = 1;
    p.run[0] = (mizo_plan_run){ 0, 8, 3, 2000 };
    run(&p);
    assert_int_equal(plan.run_at[0], 5);
    p.run[0].to = 7; /* has ended by slot 7 */
    run(&p);
    assert_int_equal(plan.run_at[0], 4);
}

static void a_run_that_cannot_be_is_named(void **state)
{
    (void)state;
    mizo_site_problem p = plain(8);
    p.nrun = 3;
    p.run[0] = (mizo_plan_run){ 5, 7, 3, 2000 };
    p.run[1] = (mizo_plan_run){ 0, 8, 2, 10001 };
    p.run[2] = (mizo_plan_run){ 0, 8, 1, 9000 };
    run(&p);
    assert_int_equal(plan.run_at[0], -1);
    assert_int_equal(plan.run_at[1], -1);
    assert_true(plan.run_at[2] >= 0);
    assert_int_equal(gave(MIZO_GAVE_RUN)->amount_wh, 3000);
    assert_int_equal(gave(MIZO_GAVE_RUN)->index, 0);
}

/* ---- least powers ---- */

static void a_charger_gives_nothing_or_its_least(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    p.nvehicle = 1;
    p.vehicle[0] = (mizo_plan_vehicle){ 0, 4, 1000, 6000, 1000000, 1400 };
    p.standing_w = 2000; /* 1 kW for two slots would make no peak; the least is 1.4 kW */
    run(&p);
    assert_int_equal(plan.ngave, 0);
    assert_int_equal(plan.peak_w, 2400);
    int64_t sum = 0;
    for (int t = 0; t < 4; t++)
        sum += plan.vehicle_w[0][t];
    assert_true(sum >= 2000 && sum <= 2800);
    assert_true(plan.rounding >= 400 * (int64_t)19278000);
}

/* Twenty vans of 3 kWh under a peak that lets three charge at a time: they take turns, no peak is made. */
static void vans_take_turns_under_the_peak(void **state)
{
    (void)state;
    mizo_site_problem p = plain(32);
    p.limit_w = 50000;
    p.standing_w = 5600; /* 1 kW of demand and 4.6 kW of 32 slots: 73.6 kWh for 60 */
    p.nvehicle = 20;
    for (int v = 0; v < 20; v++)
        p.vehicle[v] = (mizo_plan_vehicle){ 0, 32, 3000, 6000, 1000000, 1400 };
    run(&p);
    assert_int_equal(plan.ngave, 0);
    assert_true(plan.peak_w <= 5600);
    assert_true(plan.cost - plan.bound < 1000000); /* less than a yen of 760 */
}

/* ---- all that can be chosen, tried out: kW that are whole, no battery ---- */

enum { TRY_SLOTS = 5 };

typedef struct trial {
    mizo_site_problem p;
    double best;
    int64_t net[MIZO_PLAN_MAX];
} trial;

static double profile_yen(const trial *k)
{
    double yen = 0, peak = 0;
    for (int t = 0; t < k->p.n; t++) {
        if (k->net[t] > k->p.limit_w)
            return 1e18;
        double w = k->net[t] > 0 ? (double)k->net[t] : 0;
        yen += w * buy[t] / 2e6;
        peak = w > peak ? w : peak;
    }
    return yen + (peak > k->p.standing_w ? (peak - k->p.standing_w) * k->p.peak_myen_per_kw / 1e6 : 0);
}

static void try_vehicle(trial *k, int t, int64_t left)
{
    const mizo_plan_vehicle *v = &k->p.vehicle[0];
    if (t == k->p.n) {
        double yen = left <= 0 ? profile_yen(k) : 1e18;
        k->best = yen < k->best ? yen : k->best;
        return;
    }
    try_vehicle(k, t + 1, left);
    for (int32_t w = v->min_w; w <= v->max_w && left > 0; w += 1000) {
        k->net[t] += w;
        try_vehicle(k, t + 1, left - w);
        k->net[t] -= w;
    }
}

static int32_t drawn(uint64_t seed, uint64_t *at, int lo, int hi)
{
    return lo + (int32_t)(mizo_unit(seed, 5, (*at)++) * (hi - lo + 1));
}

static uint64_t random_profile(trial *k, uint64_t seed, int n)
{
    uint64_t at = 0;
    k->p = plain(n);
    k->p.standing_w = 1000 * drawn(seed, &at, 2, 9);
    k->p.peak_myen_per_kw = drawn(seed, &at, 0, 1) ? 1500000 : 5000;
    for (int t = 0; t < n; t++) {
        load_w[t] = 1000 * drawn(seed, &at, 0, 5);
        pv_w[t] = 1000 * drawn(seed, &at, 0, 3);
        buy[t] = 1000 * drawn(seed, &at, 5, 40);
        k->net[t] = load_w[t] - pv_w[t];
    }
    k->best = 1e18;
    return at;
}

static void one_vehicle_is_planned_as_well_as_can_be(void **state)
{
    (void)state;
    static trial k;
    for (int i = 0; i < how_many(300, 3000); i++) {
        uint64_t seed = 100 + (uint64_t)i, at = random_profile(&k, seed, TRY_SLOTS);
        int32_t least = 1000 * drawn(seed, &at, 2, 3), most = least + 1000 * drawn(seed, &at, 0, 3);
        int32_t need = 500 * drawn(seed, &at, 1, 2 * most / 1000); /* at most four slots */
        k.p.nvehicle = 1;
        k.p.vehicle[0] = (mizo_plan_vehicle){ 0, TRY_SLOTS, need, most, 1000000, least };
        try_vehicle(&k, 0, 2 * need);
        run(&k.p);
        if (k.best < 1e17 && (double)plan.cost / 1e6 > k.best + 0.02)
            fail_msg("case %d: %.3f yen, and %.3f can be", i, (double)plan.cost / 1e6, k.best);
    }
}

static void two_runs_are_placed_as_well_as_can_be(void **state)
{
    (void)state;
    static trial k;
    int off = 0, n = how_many(300, 3000);
    for (int i = 0; i < n; i++) {
        uint64_t seed = 9000 + (uint64_t)i, at = random_profile(&k, seed, TRY_SLOTS + 3);
        k.p.nrun = 2;
        for (int r = 0; r < 2; r++)
            k.p.run[r] = (mizo_plan_run){ 0, k.p.n, drawn(seed, &at, 1, 4), 1000 * drawn(seed, &at, 1, 4) };
        for (int a = 0; a + k.p.run[0].slots <= k.p.n; a++)
            for (int b = 0; b + k.p.run[1].slots <= k.p.n; b++) {
                for (int t = 0; t < k.p.n; t++)
                    k.net[t] = load_w[t] - pv_w[t] +
                               (t >= a && t < a + k.p.run[0].slots ? k.p.run[0].power_w : 0) +
                               (t >= b && t < b + k.p.run[1].slots ? k.p.run[1].power_w : 0);
                double yen = profile_yen(&k);
                k.best = yen < k.best ? yen : k.best;
            }
        run(&k.p);
        off += k.best < 1e17 && (double)plan.cost / 1e6 > k.best + 0.001;
    }
    assert_in_range(off, 0, n / 50); /* one after the other: nearly always */
}

/* ---- the order of wishes ---- */

/* One kWh in the battery, no grid to speak of: who gets it? */
static void wishes_go_in_their_order(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    memset(load_w, 0, sizeof load_w);
    p.limit_w = p.standing_w = 0;
    p.nbattery = 2;
    p.battery[0] = store();
    p.battery[0].soc_now_wh = p.battery[0].reserve_wh = 1000;
    p.battery[1] = store(); /* hot water, from the other one's kWh */
    p.battery[1].discharge_w = 0;
    p.battery[1].use_w = use_w;
    use_w[1] = 2000;
    run(&p); /* the reserve goes for hot water */
    assert_int_equal(gave(MIZO_GAVE_RESERVE)->amount_wh, 1000);
    assert_null(gave(MIZO_GAVE_STORE));
    p.nvehicle = 1;
    p.vehicle[0] = (mizo_plan_vehicle){ 0, 2, 1000, 4000, 1000000, 0 };
    run(&p); /* hot water for the van */
    assert_int_equal(gave(MIZO_GAVE_STORE)->index, 1);
    assert_int_equal(gave(MIZO_GAVE_STORE)->amount_wh, 1000);
    assert_null(gave(MIZO_GAVE_VEHICLE));
    load_w[1] = 2000; /* the van for the demand */
    run(&p);
    assert_int_equal(gave(MIZO_GAVE_VEHICLE)->amount_wh, 1000);
    assert_null(gave(MIZO_GAVE_DEMAND));
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    mizo_planner *planner = mizo_planner_new(member());
    mizo_site_problem good = plain(4), p;
    good.nbattery = good.nvehicle = good.nrun = 1;
    good.battery[0] = store();
    good.battery[0].use_w = use_w;
    good.battery[0].reserved_w = sold_w;
    good.battery[0].reserved_wh = sold_wh;
    good.vehicle[0] = (mizo_plan_vehicle){ 0, 4, 1000, 3000, 900000, 1400 };
    good.run[0] = (mizo_plan_run){ 0, 4, 2, 1000 };
    assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_OK);
#define REFUSES(change)                                                                                      \
    p = good;                                                                                                \
    change;                                                                                                  \
    assert_int_equal(mizo_plan_site(planner, &p, &plan), MIZO_EINPUT);                                       \
    assert_int_equal(plan.status, MIZO_PLAN_NONE)
    REFUSES(p.battery[0].loss_ppm_h = -1);
    REFUSES(p.battery[0].loss_ppm_h = 1000001);
    REFUSES(p.battery[0].leave_wh = -1);
    REFUSES(p.vehicle[0].min_w = -1);
    REFUSES(p.nrun = -1);
    REFUSES(p.nrun = MIZO_SITE_RUNS + 1);
    REFUSES(p.run[0].slots = 0);
    REFUSES(p.run[0].power_w = -1);
    REFUSES(p.agreed_w = -1);
    REFUSES(p.over_agreed_myen_per_kw = -1);
    REFUSES(p.keep_import_w = -1);
#undef REFUSES
    int32_t *series[] = { use_w, sold_w, sold_wh };
    for (int i = 0; i < 3; i++) {
        series[i][2] = -1;
        assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_EINPUT);
        series[i][2] = 0;
    }
    assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_OK);
    mizo_planner_free(planner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hot_water_is_heated_late_or_cheap),
        cmocka_unit_test(what_a_store_cannot_give_is_named),
        cmocka_unit_test(hydrogen_pays_for_a_dear_hour_alone),
        cmocka_unit_test(a_vehicle_gives_back_and_leaves_full),
        cmocka_unit_test(a_battery_that_never_comes_changes_nothing),
        cmocka_unit_test(sold_capacity_is_kept),
        cmocka_unit_test(grant_conditions_hold),
        cmocka_unit_test(import_stays_above_the_relay),
        cmocka_unit_test(above_what_is_agreed_costs_more),
        cmocka_unit_test(a_run_runs_through_where_it_is_cheapest),
        cmocka_unit_test(a_run_that_cannot_be_is_named),
        cmocka_unit_test(a_charger_gives_nothing_or_its_least),
        cmocka_unit_test(vans_take_turns_under_the_peak),
        cmocka_unit_test(one_vehicle_is_planned_as_well_as_can_be),
        cmocka_unit_test(two_runs_are_placed_as_well_as_can_be),
        cmocka_unit_test(wishes_go_in_their_order),
        cmocka_unit_test(what_is_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
