/* One site: plans that can be checked by hand, wishes in their order, absurd problems. */
#include "bench_case.h"
#include "clp_module.h"
#include "lp_text.h"
#include "replay.h"

static mizo_site_plan plan;
static int32_t load_w[MIZO_PLAN_MAX], pv_w[MIZO_PLAN_MAX], buy[MIZO_PLAN_MAX], sell[MIZO_PLAN_MAX];

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
        pv_w[t] = 0;
        buy[t] = 10000;
        sell[t] = 0;
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

/* 10 kWh, 5 kW, no loss, 1 kWh at the bottom, empty above it. */
static mizo_plan_battery battery(void)
{
    return (mizo_plan_battery){ .energy_wh = 10000,
                                .charge_w = 5000,
                                .discharge_w = 5000,
                                .soc_min_wh = 1000,
                                .soc_max_wh = 10000,
                                .reserve_wh = 1000,
                                .soc_now_wh = 1000,
                                .charge_ppm = 1000000,
                                .discharge_ppm = 1000000 };
}

static void run_with(const mizo_lp_solver *s, const mizo_site_problem *p)
{
    mizo_planner *planner = mizo_planner_new(s);
    assert_non_null(planner);
    assert_int_equal(mizo_plan_site(planner, p, &plan), MIZO_OK);
    mizo_planner_free(planner);
    const char *wrong = replay(p, &plan);
    if (wrong)
        fail_msg("%s: %s", s->name, wrong);
    assert_int_equal(plan.status, MIZO_PLAN_OPTIMAL);
}

static void run(const mizo_site_problem *p)
{
    run_with(member(), p);
}

static const mizo_give_up *gave(mizo_give_up_kind kind)
{
    for (int i = 0; i < plan.ngave; i++)
        if (plan.gave[i].kind == kind)
            return &plan.gave[i];
    return NULL;
}

/* ---- by hand ---- */

/* Nothing to decide: 2 x 0.5 kWh x 10 yen. */
static void demand_alone(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    run(&p);
    assert_int_equal(plan.cost, 10000000);
    assert_int_equal(plan.import_w[0], 1000);
    assert_int_equal(plan.price_myen[0], 10000);
    assert_true(plan.cost - plan.bound <= 2);
}

/* Cheap hour 10, dear hour 30 yen: 0.5 kWh is bought early. 1 kWh x 10. */
static void shifts_from_dear_to_cheap(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    buy[1] = 30000;
    p.nbattery = 1;
    p.battery[0] = battery();
    run(&p);
    assert_int_equal(plan.cost, 10000000);
    assert_int_equal(plan.charge_w[0][0], 1000);
    assert_int_equal(plan.discharge_w[0][1], 1000);
    assert_int_equal(plan.soc_wh[0][0], 1500);
    assert_int_equal(plan.import_w[1], 0);
}

/* With 90 % each way and 5 yen of wear, 10 -> 15 yen does not pay. */
static void does_not_shift_at_a_loss(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    buy[1] = 15000;
    p.nbattery = 1;
    p.battery[0] = battery();
    p.battery[0].charge_ppm = p.battery[0].discharge_ppm = 900000;
    p.battery[0].wear_myen = 5000;
    run(&p);
    assert_int_equal(plan.charge_w[0][0], 0);
    assert_int_equal(plan.discharge_w[0][1], 0);
}

/* A slot of 4 kW over a standing 2 kW: the battery keeps the peak, whatever the kWh cost. */
static void holds_the_standing_peak(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    load_w[3] = 4000;
    p.standing_w = 2000;
    p.nbattery = 1;
    p.battery[0] = battery();
    p.battery[0].wear_myen = 50000;
    run(&p);
    assert_true(plan.peak_w <= 2000);
    assert_int_equal(plan.discharge_w[0][3] >= 2000, 1);
    p.nbattery = 0; /* without it 2 kW are paid for: 2 x 19,278 yen */
    run(&p);
    assert_int_equal(plan.peak_w, 4000);
    assert_int_equal(plan.cost, 35000000 + 2 * (int64_t)19278000 * 1000);
}

static void sun_is_used_then_sold_then_curtailed(void **state)
{
    (void)state;
    mizo_site_problem p = plain(1);
    pv_w[0] = 5000;
    sell[0] = 8000;
    p.export_w = 3000;
    run(&p);
    assert_int_equal(plan.pv_w[0], 4000);
    assert_int_equal(plan.export_w[0], 3000);
    assert_int_equal(plan.cost, -12000000); /* 1.5 kWh x 8 yen */
    p.export_w = 0;
    run(&p);
    assert_int_equal(plan.pv_w[0], 1000);
    assert_int_equal(plan.export_w[0], 0);
}

static void two_batteries_and_the_better_first(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    buy[1] = 30000;
    p.nbattery = 2;
    p.battery[0] = p.battery[1] = battery();
    p.battery[0].charge_ppm = 800000;
    run(&p);
    assert_int_equal(plan.charge_w[0][0], 0);
    assert_int_equal(plan.charge_w[1][0], 1000);
}

static void vans_charge_in_the_cheap_part_of_their_window(void **state)
{
    (void)state;
    mizo_site_problem p = plain(6);
    buy[0] = 1000; /* away then */
    buy[3] = 5000;
    p.nvehicle = 1;
    p.vehicle[0] = (mizo_plan_vehicle){ 1, 5, 2700, 4000, 900000 };
    run(&p);
    assert_int_equal(plan.vehicle_w[0][0], 0);
    assert_int_equal(plan.vehicle_w[0][3], 4000); /* 2 kWh x 0.9 */
    assert_int_equal(plan.ngave, 0);
    assert_int_equal(replay_given(&p, &plan, 0), 2700);
}

/* ---- wishes ---- */

/* 1.5 kW above the contract for half an hour: a van can give way, demand cannot. */
static void wishes_go_in_their_order(void **state)
{
    (void)state;
    mizo_site_problem p = plain(2);
    p.limit_w = p.standing_w = 3000;
    p.nbattery = 1;
    p.battery[0] = battery();
    p.battery[0].soc_now_wh = p.battery[0].reserve_wh = 3000;
    p.nvehicle = 1;
    p.vehicle[0] = (mizo_plan_vehicle){ 0, 2, 3000, 8000, 1000000 };
    run(&p); /* 2 kW of room, 2 x 1 kWh; 1 kWh from the reserve */
    assert_int_equal(plan.ngave, 1);
    assert_int_equal(gave(MIZO_GAVE_RESERVE)->amount_wh, 1000);
    p.vehicle[0].need_wh = 6000; /* the whole reserve, down to the window, and then the van */
    run(&p);
    assert_int_equal(gave(MIZO_GAVE_RESERVE)->amount_wh, 2000);
    assert_int_equal(gave(MIZO_GAVE_VEHICLE)->amount_wh, 2000);
    assert_null(gave(MIZO_GAVE_DEMAND));
    load_w[0] = load_w[1] = 7500; /* 4.5 kW above the contract, 2 kWh in the battery: both, and 2.5 kWh */
    run(&p);
    assert_int_equal(gave(MIZO_GAVE_VEHICLE)->amount_wh, 6000);
    assert_int_equal(gave(MIZO_GAVE_DEMAND)->amount_wh, 2500);
    assert_true(plan.penalties > 0 && plan.penalties < plan.cost);
}

/* The reserve is never sold: not for a dear hour, not for a peak. A van may make a peak. */
static void money_buys_no_wish(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    buy[2] = 900000;
    load_w[2] = 8000;
    p.standing_w = 1000;
    p.nbattery = 1;
    p.battery[0] = battery();
    p.battery[0].soc_now_wh = p.battery[0].reserve_wh = 6000;
    run(&p);
    assert_null(gave(MIZO_GAVE_RESERVE));
    for (int t = 0; t < 4; t++)
        assert_true(plan.soc_wh[0][t] >= 6000);
    p.nvehicle = 1;
    p.vehicle[0] = (mizo_plan_vehicle){ 0, 2, 4000, 8000, 1000000 };
    run(&p);
    assert_null(gave(MIZO_GAVE_VEHICLE));
    assert_int_equal(plan.vehicle_w[0][0] + plan.vehicle_w[0][1], 8000);
}

/* Below its reserve at the start, a battery comes back without making a peak for it. */
static void reserve_comes_back_without_a_peak(void **state)
{
    (void)state;
    mizo_site_problem p = plain(8);
    p.standing_w = 2000;
    p.nbattery = 1;
    p.battery[0] = battery();
    p.battery[0].reserve_wh = 3000;
    run(&p);
    assert_true(plan.peak_w <= 2000);
    assert_true(plan.soc_wh[0][7] >= 3000);
    assert_int_equal(gave(MIZO_GAVE_RESERVE)->slot, 0);
}

/* ---- absurd ---- */

static void stored_energy_outside_its_window(void **state)
{
    (void)state;
    const int32_t now[] = { -500, 0, 400, 1000, 10000, 12000, INT32_MAX, INT32_MIN };
    for (size_t i = 0; i < sizeof now / sizeof *now; i++) {
        mizo_site_problem p = plain(6);
        buy[4] = 90000;
        p.nbattery = 1;
        p.battery[0] = battery();
        p.battery[0].energy_wh = 12000;
        p.battery[0].soc_now_wh = now[i];
        run(&p);
    }
}

static void nothing_of_everything(void **state)
{
    (void)state;
    mizo_site_problem p = plain(3);
    memset(load_w, 0, sizeof load_w);
    p.limit_w = p.standing_w = p.export_w = 0;
    p.nbattery = 1;
    p.battery[0] = (mizo_plan_battery){ .charge_ppm = 10000, .discharge_ppm = 10000 };
    p.nvehicle = 1;
    p.vehicle[0] = (mizo_plan_vehicle){ 2, 2, 5000, 0, 10000 };
    run(&p);
    assert_int_equal(gave(MIZO_GAVE_VEHICLE)->amount_wh, 5000);
    load_w[1] = 2000;
    run(&p);
    assert_int_equal(plan.unserved_w[1], 2000);
    assert_int_equal(gave(MIZO_GAVE_DEMAND)->slot, 1);
}

static void windows_that_are_none(void **state)
{
    (void)state;
    const int window[][2] = {
        {3,          3        },
        { 5,         2        },
        { -9,        -3       },
        { 90,        99       },
        { -5,        99       },
        { INT32_MIN, INT32_MAX}
    };
    for (int i = 0; i < 6; i++) {
        mizo_site_problem p = plain(6);
        p.nvehicle = 1;
        p.vehicle[0] = (mizo_plan_vehicle){ window[i][0], window[i][1], 1000, 3000, 900000 };
        run(&p);
        assert_int_equal(plan.ngave, i < 4 ? 1 : 0);
    }
}

static void prices_below_zero(void **state)
{
    (void)state;
    mizo_site_problem p = plain(4);
    for (int t = 0; t < 4; t++) {
        buy[t] = -20000;
        sell[t] = 5000; /* above the purchase price: lowered to it */
        pv_w[t] = 3000;
    }
    p.export_w = 9000;
    p.nbattery = 1;
    p.battery[0] = battery();
    p.battery[0].charge_ppm = p.battery[0].discharge_ppm = 700000;
    run(&p); /* burning energy in both directions at once would pay, and cannot be done */
    assert_int_equal(plan.sell_lowered, 4);
    assert_int_equal(plan.pv_w[0], 0);
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    mizo_planner *planner = mizo_planner_new(member());
    mizo_site_problem good = plain(4), p;
    good.nbattery = good.nvehicle = 1;
    good.battery[0] = battery();
    good.vehicle[0] = (mizo_plan_vehicle){ 0, 4, 1000, 3000, 900000 };
    assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_OK);
#define REFUSES(change)                                                                                      \
    p = good;                                                                                                \
    change;                                                                                                  \
    assert_int_equal(mizo_plan_site(planner, &p, &plan), MIZO_EINPUT);                                       \
    assert_int_equal(plan.status, MIZO_PLAN_NONE)
    REFUSES(p.size = 8);
    REFUSES(p.n = 0);
    REFUSES(p.n = MIZO_PLAN_MAX + 1);
    REFUSES(p.step_min = 0);
    REFUSES(p.load_w = NULL);
    REFUSES(p.buy_myen = NULL);
    REFUSES(p.limit_w = -1);
    REFUSES(p.export_w = -1);
    REFUSES(p.nbattery = MIZO_SITE_BATTERIES + 1);
    REFUSES(p.nvehicle = -1);
    REFUSES(p.battery[0].energy_wh = -1);
    REFUSES(p.battery[0].charge_ppm = 0);
    REFUSES(p.battery[0].discharge_ppm = 1000001);
    REFUSES(p.battery[0].soc_max_wh = 500);
    REFUSES(p.vehicle[0].need_wh = -1);
    REFUSES(p.vehicle[0].efficiency_ppm = 0);
#undef REFUSES
    buy[1] = INT32_MAX;
    assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_EINPUT);
    buy[1] = 10000;
    assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_OK);
    mizo_planner_free(planner);
    planner = mizo_planner_new(NULL);
    assert_int_equal(mizo_plan_site(planner, &good, &plan), MIZO_EUNSUPPORTED);
    mizo_planner_free(planner);
    mizo_planner_free(NULL);
}

/* ---- as the peers ---- */

/* The same site written down plainly: no ring, no reserve, no slacks. */
static double plainly(const bench_case *c)
{
    static lp_text p;
    memset(&p, 0, sizeof p);
    const mizo_plan_battery *b = &c->p.battery[0];
    double power = b->charge_w / 1000.0, limit = c->p.limit_w / 1000.0;
    int peak = add_col(&p, 30, 0, limit), before = -1;
    for (int t = 0; t < 48; t++) {
        int in = add_col(&p, 0.5 * c->buy[t] / 1000, 0, limit), out = add_col(&p, -1.5, 0, 1000);
        int ch = add_col(&p, 0, 0, power), di = add_col(&p, 0.5, 0, power);
        int e =
            add_col(&p, t == 47 ? -b->end_myen / 1000.0 : 0, b->soc_min_wh / 1000.0, b->soc_max_wh / 1000.0);
        int sun = add_col(&p, 0, 0, c->pv_w[t] / 1000.0);
        int bal = add_row(&p, c->load_w[t] / 1000.0, c->load_w[t] / 1000.0);
        double soc_now = t ? 0 : b->soc_now_wh / 1000.0;
        int soc = add_row(&p, soc_now, soc_now), pk = add_row(&p, 0, INF);
        const int col[] = { in, out, ch, di, sun };
        const double a[] = { 1, -1, -1, 1, 1 };
        for (int k = 0; k < 5; k++)
            add_a(&p, bal, col[k], a[k]);
        add_a(&p, soc, e, 1);
        if (t)
            add_a(&p, soc, before, -1);
        add_a(&p, soc, ch, -0.475);
        add_a(&p, soc, di, 0.5 / 0.95);
        add_a(&p, pk, peak, 1);
        add_a(&p, pk, in, -1);
        before = e;
    }
    mizo_lp *lp = load(&p, &mizo_lp_dense);
    assert_int_equal(mizo_lp_dense.solve(lp, 10000), MIZO_OK);
    double yen = objective(&p, &mizo_lp_dense, lp);
    mizo_lp_dense.free(lp);
    return yen;
}

static void same_optimum_as_written_plainly(void **state)
{
    (void)state;
    static bench_case c;
    for (int i = 0; i < 60; i++) {
        bench_site(&c, i);
        if (c.p.nvehicle)
            continue;
        c.p.battery[0].end_myen = 500 * i;
        double yen = plainly(&c), size = 1 + fabs(yen);
        run(&c.p);
        if ((double)plan.cost / 1e6 < yen - 1e-6 * size || (double)plan.cost / 1e6 > yen + 0.25)
            fail_msg("site %d: cost %.6f, optimum %.6f", i, (double)plan.cost / 1e6, yen);
        if ((double)plan.bound / 1e6 > yen + 1e-6 * size || (double)plan.bound / 1e6 < yen - 0.25)
            fail_msg("site %d: bound %.6f, optimum %.6f", i, (double)plan.bound / 1e6, yen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demand_alone),
        cmocka_unit_test(shifts_from_dear_to_cheap),
        cmocka_unit_test(does_not_shift_at_a_loss),
        cmocka_unit_test(holds_the_standing_peak),
        cmocka_unit_test(sun_is_used_then_sold_then_curtailed),
        cmocka_unit_test(two_batteries_and_the_better_first),
        cmocka_unit_test(vans_charge_in_the_cheap_part_of_their_window),
        cmocka_unit_test(wishes_go_in_their_order),
        cmocka_unit_test(money_buys_no_wish),
        cmocka_unit_test(reserve_comes_back_without_a_peak),
        cmocka_unit_test(stored_energy_outside_its_window),
        cmocka_unit_test(nothing_of_everything),
        cmocka_unit_test(windows_that_are_none),
        cmocka_unit_test(prices_below_zero),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(same_optimum_as_written_plainly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
