/* test_closed.c: the closed loop: four policies on the same recorded truth. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "mizo/messages/town.h"
#include "town/live/operate_in.h"

/* What a few Wh of rounding may cost, micro-yen. */
#define WH_YEN 500000

static void say(const char *what, const simulate_result *r)
{
    print_message("# %s:", what);
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (r->ran[p])
            print_message(" %s %.0f yen (peak %.0f, short %d)", operate_policy_text((operate_policy)p),
                          (double)r->sum[p].cost / 1e6, (double)r->sum[p].peak / 1e6, r->sum[p].vans_short);
    print_message(", captured %.3f\n", r->captured);
}

static void run(fixture *f, int from, int to, int threads, unsigned policies, simulate_result *r)
{
    simulate_options o = {
        .env = f->env,
        .region = f->region,
        .truth = f->store,
        .solver = f->solver,
        .policies = policies,
        .from = f->first + from,
        .to = f->first + to,
        .threads = threads,
        .seed = 1,
    };
    assert_int_equal(simulate_run(&o, f->diags, r), MIZO_OK);
}

/* What must hold of any run, whatever the policy. */
static void check_run(const simulate_result *r)
{
    for (int p = 0; p < SIMULATE_POLICIES; p++) {
        const operate_result *s = &r->sum[p];
        if (!r->ran[p])
            continue;
        assert_int_equal(s->peaks_over, 0);
        assert_int_equal(
            s->bought_wh + s->pv_wh + s->discharged_wh + s->store_out_wh + s->given_wh + s->unserved_wh,
            s->demand_wh + s->run_wh + s->sold_wh + s->charged_wh + s->store_in_wh + s->vehicle_wh);
        assert_int_equal(s->runs_late + s->runs_missed, 0);
        assert_int_equal(s->cost, s->energy - s->sold + s->peak + s->wear - s->stored);
        assert_int_equal(s->vans_short, 0);
    }
}

static void policies_are_ordered(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    simulate_result r;
    run(&f, 42, 49, 2, 15, &r);
    say("village", &r);
    check_run(&r);
    const operate_result *s = r.sum;
    assert_true(s[OPERATE_RULE].cost <= s[OPERATE_NONE].cost);
    assert_int_equal(s[OPERATE_NONE].sessions, s[OPERATE_ORACLE].sessions);
    assert_int_equal(s[OPERATE_NONE].demand_wh, s[OPERATE_ORACLE].demand_wh);
    if (f.solver) {
        assert_true(s[OPERATE_MIZO].cost < s[OPERATE_RULE].cost);
        assert_true(s[OPERATE_ORACLE].cost <= s[OPERATE_MIZO].cost);
        assert_true(r.captured >= 0.7);
    }
    simulate_free(&r);
    fixture_close(&f);
}

static operate *start(fixture *f, operate_policy p, int from, mizo_ms jump)
{
    operate_options o = {
        .policy = p,
        .region = f->region,
        .truth = f->store,
        .solver = f->solver,
        .from = mizo_day_slot(f->first + from, f->region->offset),
        .threads = 1,
        .seed = 1,
        .step_ms = 300000,
        .all_points = true,
        .env = f->env,
        .wall_jump_ms = jump,
    };
    operate *op;
    assert_int_equal(operate_new(&o, f->diags, &op), MIZO_OK);
    return op;
}

/* ---- the town's engine: all sites as one ---- */

static void by_the_engine(fixture *f)
{
    f->solver = NULL;
}

/* As good as each site planned by itself by the other solver, and nothing depends on the threads. */
static void one_plan_is_as_good_as_many(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, 8, 11);
    simulate_result alone, one, two;
    bool clp = f.solver != NULL;
    if (clp)
        run(&f, 42, 44, 1, 15, &alone);
    by_the_engine(&f);
    run(&f, 42, 44, 1, 15, &one);
    run(&f, 42, 44, 2, 15, &two);
    say("engine", &one);
    check_run(&one);
    assert_memory_equal(one.sum, two.sum, sizeof one.sum);
    assert_memory_equal(one.site, two.site, one.nsite * sizeof *one.site);
    assert_true(one.sum[OPERATE_MIZO].cost < one.sum[OPERATE_RULE].cost);
    assert_true(one.sum[OPERATE_ORACLE].cost <= one.sum[OPERATE_MIZO].cost);
    if (clp) {
        say("each by itself", &alone);
        assert_true(one.captured >= alone.captured - 0.02);
        assert_true(llabs(one.sum[OPERATE_ORACLE].cost - alone.sum[OPERATE_ORACLE].cost) <=
                    alone.sum[OPERATE_ORACLE].cost / 10000 + WH_YEN);
        simulate_free(&alone);
    }
    simulate_free(&one);
    simulate_free(&two);
    fixture_close(&f);
}

static int alarms(const town_view *v, mizo_msg id)
{
    int n = 0;
    for (size_t i = 0; i < v->nalert; i++)
        n += v->alert[i].what.id == id;
    return n;
}

static operate *start_engine(fixture *f, int from)
{
    by_the_engine(f);
    return start(f, OPERATE_MIZO, from, 0);
}

static site *site_of(operate *op, const char *point)
{
    for (size_t i = 0; i < op->nsite; i++)
        if (!strcmp(op->region->point[op->site[i].point].id, point))
            return &op->site[i];
    fail();
    return NULL;
}

/* A clock of which a millisecond passes each time that it is asked: a bound of n ms is a plan cut after n iterations. */
static uint64_t hasty_ms;

static uint64_t hasty_ns(env *e)
{
    (void)e;
    return ++hasty_ms * 1000000u;
}

/* One day with plans of at most `most` ms; how many were cut, and how many gave nothing. */
static operate_result day_in(fixture *f, int most, int *cut, int *none)
{
    operate_result r;
    operate *op = start_engine(f, 49);
    op->o.plan_most_ms = most;
    *cut = *none = 0;
    for (int s = 0; s < 48; s++) {
        assert_int_equal(operate_slot(op), MIZO_OK);
        const mizo_area_result *a = &op->answer.result;
        if (a->status != MIZO_PLAN_STOPPED && a->status != MIZO_PLAN_NONE)
            continue;
        *none += a->status == MIZO_PLAN_NONE;
        *cut += a->status == MIZO_PLAN_STOPPED;
        if (a->status == MIZO_PLAN_STOPPED) { /* what is missing to the best is told */
            assert_false(operate_view(op)->plan.optimal);
            assert_true(a->gap > 1e-6 && a->objective >= a->bound);
        }
    }
    assert_int_equal(operate_finish(op, &r), MIZO_OK);
    operate_free(op);
    return r;
}

/* A plan that is cut off is worth what it is worth, and every device still keeps to what is physical. */
static void a_plan_out_of_time_is_the_best_so_far(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    const env_ops *real = f.env->ops;
    env_ops hasty = *real;
    hasty.mono_ns = hasty_ns;
    f.env->ops = &hasty;
    static const int most[] = { 0, 6, 1 }; /* ms; 0: all the time that it takes */
    operate_result whole = { 0 };
    for (size_t k = 0; k < sizeof most / sizeof *most; k++) {
        int cut, none;
        operate_result r = day_in(&f, most[k], &cut, &none);
        print_message("# %d ms: %d cut, %d without a plan, %.0f yen\n", most[k], cut, none,
                      (double)r.cost / 1e6);
        whole = k ? whole : r;
        assert_int_equal(cut + none, k ? 48 : 0);
        assert_int_equal(r.demand_wh, whole.demand_wh);
        assert_int_equal(r.vans_short, 0);
        assert_int_equal(r.peaks_over, 0);
        assert_true(r.cost >= whole.cost - whole.cost / 100);
    }
    f.env->ops = real;
    fixture_close(&f);
}

/* A forecast that is late, and a battery that does not speak: the last plan goes on, once said; then all is well. */
static void the_last_good_plan_goes_on(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start_engine(&f, 43);
    site *s = site_of(op, "p-depot");
    for (int k = 0; k < 4; k++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_int_equal(s->plan_from, op->clock.slot - 1);
    mizo_slot made = s->plan_from;
    s->outlook->known = false;
    for (int k = 0; k < 3; k++) {
        assert_int_equal(operate_slot(op), MIZO_OK);
        assert_true(s->has_program && s->kept);
        assert_int_equal(s->plan_from, made);
    }
    assert_int_equal(alarms(operate_view(op), MIZO_MSG_TOWN_PLAN_KEPT), 1);
    s->outlook->known = true;
    sim_silence(s->dev, SIM_SILENT_SOC);
    for (int k = 0; k < 3; k++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_false(s->kept);
    assert_int_equal(s->plan_from, op->clock.slot - 1);
    assert_int_equal(alarms(operate_view(op), MIZO_MSG_TOWN_DEVICE_SILENT), 1);
    assert_int_equal(alarms(operate_view(op), MIZO_MSG_TOWN_PLAN_KEPT), 1);
    operate_free(op);
    fixture_close(&f);
}

/* The plan that steers says what is bought: it moves until the exchange closes (10:00 in the village), then stands, and
 * is today's at midnight. Nobody's programme depends on its being asked for. */
static void the_purchase_comes_from_the_plan(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start_engine(&f, 43), *beside;
    const town_view *v = operate_view(op);
    operate_options o = op->o;
    o.all_points = false;
    assert_int_equal(operate_new(&o, f.diags, &beside), MIZO_OK);
    assert_int_equal(v->buy.today[0], MIZO_MISSING);
    for (int k = 0; k < 20; k++) {
        assert_int_equal(operate_slot(op), MIZO_OK);
        assert_int_equal(operate_slot(beside), MIZO_OK);
        assert_false(operate_view(op)->buy.fixed);
    }
    v = operate_view(op);
    int32_t bought[48];
    memcpy(bought, v->buy.tomorrow, sizeof bought);
    int64_t sum = 0;
    for (int s = 0; s < 48; s++) {
        assert_int_not_equal(bought[s], MIZO_MISSING);
        sum += abs(bought[s]);
    }
    for (int k = 20; k < 48; k++) {
        assert_int_equal(operate_slot(op), MIZO_OK);
        assert_int_equal(operate_slot(beside), MIZO_OK);
        v = operate_view(op);
        if (k < 47)
            assert_true(v->buy.fixed && !memcmp(bought, v->buy.tomorrow, sizeof bought));
    }
    assert_memory_equal(v->buy.today, bought, sizeof bought);
    assert_int_equal(v->buy.tomorrow[0], MIZO_MISSING);
    operate_result one, two;
    assert_int_equal(operate_finish(op, &one), MIZO_OK);
    assert_int_equal(operate_finish(beside, &two), MIZO_OK);
    assert_true(llabs(one.cost - two.cost) < WH_YEN);
    assert_int_equal(operate_slot(op), MIZO_OK);
    int64_t moved = 0; /* the position within the day: what the forecasts have moved */
    for (int s = 0; s < 48; s++)
        moved += llabs((int64_t)operate_view(op)->place[0].plan[s] - bought[s]);
    assert_true(moved > 0 && moved < sum / 2);
    print_message("# purchase and sale a day ahead %d kWh, moved %d\n", (int)(sum / 2000),
                  (int)(moved / 2000));
    operate_free(op);
    operate_free(beside);
    fixture_close(&f);
}

/* Steps until the plan has been made again within a slot; which step that was, -1: never in so many slots. */
static int step_of_news(operate *op, int slots)
{
    bool done;
    for (int s = 0; s < slots; s++)
        for (int k = 0; k < 6; k++) {
            mizo_ms before = op->view->plan.at;
            assert_int_equal(operate_step(op, &done), MIZO_OK);
            if (k > 0 && op->view->plan.at != before)
                return k;
        }
    return -1;
}

/* A van that comes in the middle of a half-hour is planned then and there. */
static void a_van_that_comes_is_planned_at_once(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start_engine(&f, 49); /* a Monday */
    site *s = site_of(op, "p-depot");
    assert_true(step_of_news(op, 48) > 0);
    assert_true(s->vehicle[0].here || s->vehicle[1].here);
    int planned = 0;
    for (int v = 0; v < s->plan_vehicles; v++)
        planned += s->plan_vehicle[v] >= 0;
    assert_true(planned > 0);
    operate_free(op);
    fixture_close(&f);
}

/* The same village; the works on its feeder have become a call for the Monday's afternoon: 1 kW from 13:00 to 16:00. */
static const mizo_region *with_a_call(fixture *f)
{
    static const char was[] = "2023-07-12,2023-07-13,9:00,12:00,,50,100";
    static const char is[] = "2023-08-21,2023-08-22,13:00,16:00,1,,100";
    _Static_assert(sizeof was == sizeof is, "the text of a model counts its bytes");
    const mizo_region *old, *newer;
    char *text;
    assert_int_equal(region_load(f->env, VILLAGE, f->diags, &old, &text), MIZO_OK);
    char *at = strstr(text, was);
    assert_non_null(at);
    memcpy(at, is, sizeof is - 1);
    assert_int_equal(mizo_region_from_text(text, f->diags, &newer), MIZO_OK);
    free(text);
    mizo_region_unref(old);
    return newer;
}

/* A call that comes during the day counts from its next step on; other places wait for midnight. */
static void a_call_that_comes_is_planned_at_once(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start_engine(&f, 49);
    bool done;
    for (int k = 0; k < 20; k++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_int_equal(operate_step(op, &done), MIZO_OK);
    mizo_ref feeder = mizo_region_node(f.region, "feeder-east");
    const mizo_region *newer = with_a_call(&f);
    operate_set_region(op, newer);
    mizo_region_unref(newer);
    mizo_ms before = op->view->plan.at;
    assert_int_equal(operate_step(op, &done), MIZO_OK);
    assert_true(op->view->plan.at > before);
    const view_place *p = NULL;
    for (size_t k = 0; k < op->view->nplace; k++)
        if (op->view->place[k].node == feeder && !op->view->place[k].standing)
            p = &op->view->place[k];
    assert_non_null(p);
    assert_int_equal(p->import_limit[26], 1000);
    assert_int_equal(p->import_limit[25], MIZO_MISSING);
    int64_t over = 0, shadow = 0;
    for (int t = 26; t < 32; t++) {
        over += p->over[t];
        shadow += p->shadow_myen[t];
    }
    assert_true(over > 0 && shadow > 0); /* the school alone draws more */
    assert_int_equal(alarms(operate_view(op), MIZO_MSG_TOWN_LIMIT_OVER), 1);
    assert_true(op->view->plan.over_kwh > 0);
    operate_free(op);
    fixture_close(&f);
}

static void rule_is_never_dearer(void **state)
{
    (void)state;
    int seeds = getenv("MIZO_MANY") ? 40 : 3;
    for (int seed = 1; seed <= seeds; seed++) {
        fixture f;
        fixture_random(&f, 20, (uint64_t)seed);
        simulate_result r;
        run(&f, 42, 49, 2, 1u << OPERATE_NONE | 1u << OPERATE_RULE, &r);
        say("random", &r);
        check_run(&r);
        for (size_t i = 0; i < r.nsite; i++) {
            const operate_result *n = &r.site[i].sum[OPERATE_NONE], *u = &r.site[i].sum[OPERATE_RULE];
            if (u->cost > n->cost)
                print_message(
                    "# seed %d site %s: rule %.2f none %.2f; energy %.2f %.2f peak %.2f %.2f wear %.2f stored %.2f\n",
                    seed, f.region->point[r.site[i].point].id, (double)u->cost / 1e6, (double)n->cost / 1e6,
                    (double)u->energy / 1e6, (double)n->energy / 1e6, (double)u->peak / 1e6,
                    (double)n->peak / 1e6, (double)u->wear / 1e6, (double)u->stored / 1e6);
            assert_true(u->cost <= n->cost + WH_YEN); /* a van's charge is a whole Wh more or less */
        }
        simulate_free(&r);
        fixture_close(&f);
    }
}

static void oracle_is_cheapest_everywhere(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, 12, 99);
    if (!f.solver) {
        print_message("# SKIP the solver is not built\n");
        fixture_close(&f);
        return;
    }
    simulate_result r;
    run(&f, 42, 49, 2, 15, &r);
    say("random", &r);
    check_run(&r);
    assert_true(r.sum[OPERATE_ORACLE].cost <= r.sum[OPERATE_MIZO].cost);
    for (size_t i = 0; i < r.nsite; i++) {
        const operate_result *s = r.site[i].sum;
        for (int p = 0; p < OPERATE_ORACLE; p++) /* the plan keeps to whole watts and a hair below the peak */
            assert_true(s[OPERATE_ORACLE].cost <=
                        s[p].cost + WH_YEN + (s[OPERATE_NONE].cost > 0 ? s[OPERATE_NONE].cost / 1000 : 0));
    }
    simulate_free(&r);
    fixture_close(&f);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, 5, 3);
    simulate_result one, two;
    run(&f, 42, 44, 1, 15, &one);
    run(&f, 42, 44, 2, 15, &two);
    assert_memory_equal(one.sum, two.sum, sizeof one.sum);
    assert_memory_equal(one.site, two.site, one.nsite * sizeof *one.site);
    simulate_free(&one);
    simulate_free(&two);
    fixture_close(&f);
}

/* A wall clock that is hours wrong must not move a single watt: set-points expire by monotonic time. */
static void wall_clock_may_jump(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate_result want, got;
    for (int k = 0; k < 3; k++) {
        static const mizo_ms jump[] = { 0, -7200000, 7200000 };
        operate *op = start(&f, OPERATE_MIZO, 49, jump[k]); /* a Monday: there is something to plan */
        for (int s = 0; s < 48; s++)
            assert_int_equal(operate_slot(op), MIZO_OK);
        assert_int_equal(operate_finish(op, k ? &got : &want), MIZO_OK);
        if (k)
            assert_memory_equal(&got, &want, sizeof want);
        operate_free(op);
    }
    fixture_close(&f);
}

static void a_gap_is_run_through_and_counted(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    fixture_gap(&f, "p-depot", 43, 44, 20, 1); /* a slot */
    fixture_gap(&f, "p-depot", 45, 46, 0, 48); /* a day */
    simulate_result r;
    run(&f, 42, 49, 2, 15, &r);
    say("gaps", &r);
    check_run(&r);
    for (int p = 0; p < SIMULATE_POLICIES; p++) {
        assert_int_equal(r.sum[p].missing, 49);
        assert_int_equal(r.sum[p].demand_wh, r.sum[0].demand_wh);
        assert_true(r.sum[p].cost <= r.sum[OPERATE_NONE].cost + WH_YEN);
    }
    simulate_free(&r);
    fixture_gap(&f, "p-depot", 10, 45, 0, 48); /* more than a month, up to the run */
    run(&f, 42, 49, 2, 15, &r);
    check_run(&r);
    assert_int_equal(r.sum[OPERATE_MIZO].missing, 4 * 48);
    simulate_free(&r);
    fixture_close(&f);
}

static void truth_ends_and_says_so(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start(&f, OPERATE_MIZO, f.days - 1, 0);
    const town_view *v = operate_view(op);
    assert_true(v->running);
    int slots = 0;
    mizo_err e;
    while ((e = operate_slot(op)) == MIZO_OK)
        slots++;
    assert_int_equal(e, MIZO_ENOENT);
    assert_int_equal(slots, 48);
    v = operate_view(op);
    assert_false(v->running);
    assert_int_equal(v->slot, 48);
    assert_int_equal(operate_slot(op), MIZO_ENOENT);
    operate_free(op);
    fixture_close(&f);
}

static void the_view_shows_what_happened(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start(&f, OPERATE_MIZO, 43, 0);
    mizo_ref depot = mizo_region_point(f.region, "p-depot"), school = mizo_region_point(f.region, "p-school");
    bool done = false;
    for (int s = 0; s < 30; s++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_int_equal(operate_step(op, &done), MIZO_OK);
    assert_false(done);
    const town_view *v = operate_view(op);
    assert_int_equal(v->slot, 30);
    assert_int_equal(v->now, mizo_slot_ms(operate_now(op)) + 300000);
    const view_day *d = &v->point[depot];
    for (int s = 0; s < 30; s++) {
        assert_int_not_equal(d->demand[s], MIZO_MISSING);
        assert_int_equal(d->import[s] + d->pv[s] + d->discharge[s],
                         d->demand[s] + d->export[s] + d->charge[s] + d->vehicle[s]);
        assert_int_not_equal(v->point[school].demand[s], MIZO_MISSING);
        assert_int_equal(v->total.demand[s] >= d->demand[s], 1);
    }
    assert_int_equal(d->demand[30], MIZO_MISSING);
    assert_int_not_equal(d->forecast[47], MIZO_MISSING);
    if (f.solver) {
        assert_int_not_equal(d->plan_import[47], MIZO_MISSING);
        assert_true(v->plan_sites >= 1);
    }
    assert_true(v->point_now[depot].controlled);
    assert_false(v->point_now[school].controlled);
    town_view *copy = view_copy(v);
    assert_non_null(copy);
    for (int s = 0; s < 20; s++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_int_equal(copy->slot, 30);
    assert_int_equal(operate_view(op)->day, copy->day + 1);
    view_unref(copy);
    operate_free(op);
    fixture_close(&f);
}

static void another_model_takes_over_at_midnight(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start(&f, OPERATE_MIZO, 43, 0);
    for (int s = 0; s < 20; s++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    const mizo_region *again;
    assert_int_equal(region_load(f.env, VILLAGE, f.diags, &again, NULL), MIZO_OK);
    operate_set_region(op, again);
    assert_ptr_equal(operate_view(op)->region, f.region);
    for (int s = 20; s < 48; s++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_ptr_equal(operate_view(op)->region, again);
    mizo_region_unref(again);
    operate_result r;
    for (int s = 0; s < 48; s++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    assert_int_equal(operate_finish(op, &r), MIZO_OK);
    assert_int_equal(r.days, 2);
    assert_true(r.demand_wh > 0);
    operate_free(op);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_are_ordered),
        cmocka_unit_test(one_plan_is_as_good_as_many),
        cmocka_unit_test(a_plan_out_of_time_is_the_best_so_far),
        cmocka_unit_test(the_last_good_plan_goes_on),
        cmocka_unit_test(the_purchase_comes_from_the_plan),
        cmocka_unit_test(a_van_that_comes_is_planned_at_once),
        cmocka_unit_test(a_call_that_comes_is_planned_at_once),
        cmocka_unit_test(rule_is_never_dearer),
        cmocka_unit_test(oracle_is_cheapest_everywhere),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(wall_clock_may_jump),
        cmocka_unit_test(a_gap_is_run_through_and_counted),
        cmocka_unit_test(truth_ends_and_says_so),
        cmocka_unit_test(the_view_shows_what_happened),
        cmocka_unit_test(another_model_takes_over_at_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
