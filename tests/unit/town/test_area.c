/* test_area.c: the places of a town where limits stand, and one plan of its sites under them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "town/plan/area.h"
#include "town/plan/problem.h"

static fixture village;

static int open_village(void **state)
{
    (void)state;
    fixture_village(&village);
    return 0;
}

static int close_village(void **state)
{
    (void)state;
    fixture_close(&village);
    return 0;
}

static mizo_slot at(int month, int day, int half)
{
    return mizo_day_slot(mizo_date_day((mizo_date){ 2023, month, day }), village.region->offset) + half;
}

static const char *name_of(const mizo_region *r, const area_place *p)
{
    return p->node < 0 ? "town" : r->node[p->node].id;
}

/* ---- places ---- */

/* The town, the call on it; under these the balancing group with its call above it, and the feeder with its works. */
static void places_of_the_village(void **state)
{
    (void)state;
    static const struct {
        const char *node;
        const char *above;
        bool standing;
        int over_myen;
    } want[] = {
        {"town",         NULL,          true,  0     },
        { "town",        "town",        false, 45000 },
        { "feeder-east", "town",        false, 100000},
        { "feeder-east", "feeder-east", true,  0     },
        { "vpp",         "town",        false, 100000},
        { "vpp",         "vpp",         true,  60000 },
    };
    const mizo_region *r = village.region;
    area_nodes a;
    assert_int_equal(area_nodes_new(r, &a), MIZO_OK);
    assert_int_equal(a.n, 6);
    for (int k = 0; k < a.n; k++) {
        int found = -1;
        for (int i = 0; i < 6; i++)
            if (!strcmp(want[i].node, name_of(r, &a.place[k])) && want[i].standing == a.place[k].standing)
                found = i;
        assert_true(found >= 0);
        assert_int_equal(a.place[k].over_myen, want[found].over_myen);
        assert_true(a.place[k].parent < k);
        if (k > 0)
            assert_string_equal(name_of(r, &a.place[a.place[k].parent]), want[found].above);
    }
    assert_int_equal(a.top, 1);
    mizo_ref depot = mizo_region_point(r, "p-depot"), lamps = mizo_region_point(r, "p-lamps");
    assert_string_equal(name_of(r, &a.place[area_nodes_at(&a, r, depot)]), "feeder-east");
    assert_true(a.place[area_nodes_at(&a, r, depot)].standing);
    assert_int_equal(area_nodes_at(&a, r, lamps), a.top);
    area_nodes_free(&a);
}

static int place(const area_nodes *a, const mizo_region *r, const char *node, bool standing)
{
    for (int k = 0; k < a->n; k++)
        if (!strcmp(name_of(r, &a->place[k]), node) && a->place[k].standing == standing)
            return k;
    fail();
    return -1;
}

static void limits_come_and_go(void **state)
{
    (void)state;
    const mizo_region *r = village.region;
    area_nodes a;
    int32_t in[8], out[8];
    assert_int_equal(area_nodes_new(r, &a), MIZO_OK);
    int call = place(&a, r, "vpp", false);
    assert_true(
        area_nodes_limits(&a, r, call, at(7, 11, 24), 8, in, out)); /* 12:00 on; the call 13:00 to 16:00 */
    for (int t = 0; t < 8; t++) {
        assert_int_equal(in[t], t < 2 ? INT32_MAX : 180000);
        assert_int_equal(out[t], INT32_MAX);
    }
    assert_true(area_nodes_limits(&a, r, call, at(7, 11, 30), 8, in, out));
    for (int t = 0; t < 8; t++)
        assert_int_equal(in[t], t < 2 ? 180000 : INT32_MAX);
    assert_false(area_nodes_limits(&a, r, call, at(7, 12, 26), 6, in, out)); /* another day */
    int works = place(&a, r, "feeder-east", false), feeder = place(&a, r, "feeder-east", true);
    assert_true(area_nodes_limits(&a, r, works, at(7, 12, 18), 1, in, out));
    assert_int_equal(in[0], INT32_MAX);
    assert_int_equal(out[0], 50000);
    assert_true(area_nodes_limits(&a, r, feeder, at(7, 12, 18), 1, in, out));
    assert_int_equal(in[0], 250000);
    assert_int_equal(out[0], 200000);
    assert_true(area_nodes_limits(&a, r, 0, at(1, 1, 0), 1, in, out)); /* feeder_kw */
    assert_int_equal(in[0], 2000000);
    area_nodes_free(&a);
}

/* ---- plans ---- */

enum { N = 12, CALL_FROM = 4, CALL_TO = 10 };

/* A hall with a battery of 100 kWh: 60 kW of load, 20 yen all day. From 11:00; the group is called 13:00 to 16:00. */
typedef struct hall {
    mizo_site_problem p;
    int32_t load[N], buy[N], sell[N];
} hall;

static void make_hall(hall *h, int32_t load_w)
{
    for (int t = 0; t < N; t++) {
        h->load[t] = load_w;
        h->buy[t] = 20000;
        h->sell[t] = 5000;
    }
    h->p = (mizo_site_problem){ .size = sizeof h->p,
                                .from = at(7, 11, 22),
                                .n = N,
                                .step_min = 30,
                                .load_w = h->load,
                                .buy_myen = h->buy,
                                .sell_myen = h->sell,
                                .limit_w = 500000,
                                .nbattery = 1 };
    h->p.battery[0] = (mizo_plan_battery){ .energy_wh = 100000,
                                           .charge_w = 50000,
                                           .discharge_w = 50000,
                                           .soc_max_wh = 100000,
                                           .soc_now_wh = 100000,
                                           .charge_ppm = 950000,
                                           .discharge_ppm = 950000,
                                           .wear_myen = 2000,
                                           .end_myen = 21000 };
}

typedef struct outcome {
    area_answer answer;
    mizo_site_plan plan;
    mizo_area_flow call;
} outcome;

/* The hall on the group, and what nobody plans beside it. */
static void plan_hall(town_area *a, const hall *h, int32_t beside_w, outcome *out)
{
    const mizo_region *r = village.region;
    int32_t net[N];
    for (int t = 0; t < N; t++)
        net[t] = beside_w;
    area_site site = { mizo_region_point(r, "p-hall"), &h->p, true };
    area_fixed fixed = { mizo_region_point(r, "p-hall"), net };
    area_round round = { .from = h->p.from, .n = N, .nsite = 1, .site = &site, .nfixed = 1, .fixed = &fixed };
    assert_int_equal(town_area_solve(a, &round, &out->answer), MIZO_OK);
    assert_int_equal(out->answer.result.status, MIZO_PLAN_OPTIMAL);
    assert_true(out->answer.result.gap <= 1e-6);
    assert_int_equal(town_area_plan(a, 0, &out->plan), MIZO_OK);
    out->call = *town_area_flow(a, place(town_area_nodes(a), r, "vpp", false));
}

static town_area *area_of(const mizo_region *r)
{
    town_area *a;
    assert_int_equal(town_area_new(r, village.env, NULL, &a), MIZO_OK);
    return a;
}

/* A kWh in store is worth more than it saves: the battery rests, but for the call, which it answers exactly. */
static void a_call_is_answered_by_the_battery(void **state)
{
    (void)state;
    static hall h;
    static outcome o;
    make_hall(&h, 60000);
    town_area *a = area_of(village.region);
    plan_hall(a, &h, 100000, &o); /* 160 kW together: below the call's 180 */
    for (int t = 0; t < N; t++)
        assert_true(o.plan.discharge_w[0][t] <= 20);
    plan_hall(a, &h, 140000, &o); /* 200: the call asks for 20 of them */
    for (int t = 0; t < N; t++) {
        bool called = t >= CALL_FROM && t < CALL_TO;
        assert_true(abs(o.plan.discharge_w[0][t] - (called ? 20000 : 0)) <= 30);
        assert_true(o.call.net_w[t] <= (called ? 180010 : 200010));
        assert_true(o.call.over_w[t] <= 5);
        /* a kWh out of store costs its worth and the wear, less what is not bought */
        if (called)
            assert_true(abs(o.call.shadow_myen[t] - (21000 * 100 / 95 + 2000 - 20000)) <= 20);
        else
            assert_true(o.call.shadow_myen[t] <= 20);
    }
    assert_true(abs(town_area_price(a, mizo_region_point(village.region, "p-hall"), CALL_FROM) -
                    o.call.shadow_myen[CALL_FROM]) <= 20);
    town_area_free(a);
}

/* What the battery cannot give is given up, at its penalty, and said. */
static void what_cannot_be_kept_is_given_up(void **state)
{
    (void)state;
    static hall h;
    static outcome o;
    make_hall(&h, 60000);
    town_area *a = area_of(village.region);
    plan_hall(a, &h, 190000, &o); /* 70 kW too many for 3 hours; the battery has 95 kWh of the 210 */
    int64_t over = 0;
    for (int t = 0; t < N; t++)
        over += o.call.over_w[t] / 2;
    assert_true(llabs(over - (210000 - 95000)) <= 100);
    assert_true(fabs(o.answer.result.over_kwh - 115) <= 0.5);
    assert_true(o.call.shadow_myen[CALL_FROM] > 90000 && o.call.shadow_myen[CALL_FROM] <= 100100);
    town_area_free(a);
}

/* The same again, warm; then other limits from a newer model; then one with other places, which is refused. */
static void limits_are_renewed(void **state)
{
    (void)state;
    static hall h;
    static outcome cold, warm;
    make_hall(&h, 60000);
    town_area *a = area_of(village.region);
    plan_hall(a, &h, 140000, &cold);
    plan_hall(a, &h, 140000, &warm);
    assert_true(fabs(cold.answer.result.objective - warm.answer.result.objective) <
                1e-5 * fabs(cold.answer.result.objective));
    assert_int_equal(town_area_limits(a, village.region), MIZO_OK);
    fixture other;
    fixture_random(&other, 2, 5);
    assert_int_equal(town_area_limits(a, other.region), MIZO_ECONFLICT);
    fixture_close(&other);
    plan_hall(a, &h, 140000, &warm);
    town_area_free(a);
}

/* Every second plan is stopped at once, and still is a plan: within its limits, with a bound that holds. */
static void a_plan_may_be_stopped(void **state)
{
    (void)state;
    enum { SITES = 60 };
    static hall h[SITES];
    static area_site site[SITES];
    static mizo_site_plan plan;
    for (int i = 0; i < SITES; i++) {
        make_hall(&h[i], 40000 + 1000 * i);
        site[i] = (area_site){ mizo_region_point(village.region, "p-hall"), &h[i].p, true };
    }
    town_area *a = area_of(village.region);
    area_round round = { .from = h[0].p.from, .n = N, .nsite = SITES, .site = site };
    area_answer whole, stopped;
    assert_int_equal(town_area_solve(a, &round, &whole), MIZO_OK);
    town_area_free(a);
    a = area_of(village.region);
    round.time_ms = 1;
    mizo_err e = town_area_solve(a, &round, &stopped);
    if (!e) { /* as far as it came */
        assert_true(stopped.result.bound <= whole.result.objective + 1e-6 * fabs(whole.result.objective));
        assert_true(stopped.result.objective >= whole.result.bound - 1e-6 * fabs(whole.result.bound));
        for (size_t i = 0; i < SITES; i++)
            assert_int_equal(town_area_plan(a, i, &plan), MIZO_OK);
    } else {
        assert_int_equal(e, MIZO_EBUSY); /* not even a first one */
        assert_int_equal(town_area_plan(a, 0, &plan), MIZO_ENOENT);
    }
    town_area_free(a);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_of_the_village),
        cmocka_unit_test(limits_come_and_go),
        cmocka_unit_test(a_call_is_answered_by_the_battery),
        cmocka_unit_test(what_cannot_be_kept_is_given_up),
        cmocka_unit_test(limits_are_renewed),
        cmocka_unit_test(a_plan_may_be_stopped),
    };
    return cmocka_run_group_tests(tests, open_village, close_village);
}
