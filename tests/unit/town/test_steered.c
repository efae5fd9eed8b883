/* test_steered.c: batteries as the desk has decided, in the closed loop: the target is met as it was priced, from the
 * half-hour on in which it was decided, and taken back. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "mizo/messages/town.h"
#include "town/desk/decide.h"
#include "town/desk/steer.h"
#include "town/live/operate_in.h"
#include "town/plan/plan_town.h"

enum { DAY = 43 };

/* Dear in the evening, when the tariff has it that a battery rests. */
static int32_t price(mizo_day day, int slot)
{
    (void)day;
    return slot >= 42 && slot < 46 ? 60000 : 3000;
}

typedef struct ran {
    int32_t net[48]; /* of all sites, Wh */
    mizo_uyen cost;
    int alerts;
} ran;

static void open_town(fixture *f, town *t)
{
    fixture_village(f);
    f->solver = NULL;
    fixture_prices(f, price);
    *t = (town){ .env = f->env, .dir = "village", .region = f->region, .store = f->store, .diags = f->diags };
}

static desk_act act_of(town *t, mizo_ms now)
{
    const mizo_bg *g = mizo_region_bg_on(t->region, "village-bg", mizo_slot_day(mizo_ms_slot(now), 18) + 1);
    assert_non_null(g);
    return (desk_act){
        .town = t, .group = g, .now = now, .actor = "hana", .reason = "dear evening", .diags = t->diags
    };
}

/* The desk of the day is drafted at 11:00 the day before; what it says of batteries. */
static desk_day *draft(desk_act *a, mizo_day day)
{
    desk_day *d = calloc(1, sizeof *d);
    assert_non_null(d);
    a->day = day;
    assert_int_equal(desk_draft(a, d), MIZO_OK);
    assert_true(d->position.move[MIZO_MOVE_MOVE].there);
    return d;
}

static operate *start(fixture *f, mizo_day day)
{
    operate_options o = { .policy = OPERATE_MIZO,
                          .region = f->region,
                          .truth = f->store,
                          .from = mizo_day_slot(day, f->region->offset),
                          .threads = 1,
                          .seed = 1,
                          .step_ms = 300000,
                          .all_points = true,
                          .env = f->env };
    operate *op;
    assert_int_equal(operate_new(&o, f->diags, &op), MIZO_OK);
    return op;
}

static int told(const town_view *v)
{
    int n = 0;
    for (size_t i = 0; i < v->nalert; i++)
        n += v->alert[i].what.id == MIZO_MSG_TOWN_STEERED;
    return n;
}

/* One half-hour more; what the sites drew in it. */
static void go_on(fixture *f, operate *op, int t, ran *r)
{
    const town_view *v = operate_view(op);
    assert_int_equal(operate_slot(op), MIZO_OK);
    r->net[t] = 0;
    for (size_t p = 0; p < f->region->npoint; p++)
        if (v->point_now[p].controlled)
            r->net[t] += t < 47 ? v->point[p].import[t] - v->point[p].export[t] : 0;
    r->alerts = told(operate_view(op)) > r->alerts ? told(operate_view(op)) : r->alerts;
}

static ran run_day(fixture *f, mizo_day day)
{
    ran r = { 0 };
    operate_result sum;
    operate *op = start(f, day);
    for (int t = 0; t < 47; t++)
        go_on(f, op, t, &r);
    assert_int_equal(operate_finish(op, &sum), MIZO_OK);
    r.cost = sum.cost;
    operate_free(op);
    return r;
}

/* What the half-hours cost the group at the desk's price. */
static int64_t at_desk(const ran *r, const desk_decision *d)
{
    int64_t sum = 0;
    for (int t = 0; t < 47; t++)
        sum += (int64_t)r->net[t] * d->price[t];
    return sum;
}

static void decide(desk_act *a, const char *move, mizo_wh wh, desk_decision *out)
{
    assert_int_equal(desk_decide(a, move, wh, out), MIZO_OK);
}

static void a_target_is_met(void **state)
{
    (void)state;
    fixture f;
    town t;
    open_town(&f, &t);
    mizo_day day = f.first + DAY;
    desk_act a = act_of(&t, mizo_slot_ms(mizo_day_slot(day - 1, 18) + 22));
    desk_day *d = draft(&a, day);
    desk_decision *is = calloc(1, sizeof *is), *again = calloc(1, sizeof *again);
    ran before = run_day(&f, day);
    assert_int_equal(before.alerts, 0);
    mizo_wh evening = 0, did = 0, rest = 0, asked = 0;
    decide(&a, "move", d->position.move[MIZO_MOVE_MOVE].wh, is);
    assert_true(is->steers);
    assert_string_equal(is->actor, "hana");
    assert_int_equal(desk_decision_read(f.store, "village-bg", day, again), MIZO_OK);
    assert_memory_equal(is->moved, again->moved, sizeof is->moved);
    assert_memory_equal(is->price, again->price, sizeof is->price);
    ran after = run_day(&f, day);
    assert_int_equal(after.alerts, 1);
    for (int s = 0; s < 47; s++) {
        asked += is->moved[s] < 0 ? -is->moved[s] : 0;
        evening += s >= 42 && s < 46 ? is->moved[s] : 0;
        did += s >= 42 && s < 46 ? after.net[s] - before.net[s] : 0;
        rest += s >= 42 && s < 46 ? 0 : after.net[s] - before.net[s];
    }
    print_message(
        "# asked %.1f kWh less in the evening, did %.1f; %.1f more at other times; the sites pay %.0f yen more; "
        "the group %.0f yen less\n",
        (double)evening / 1000, (double)did / 1000, (double)rest / 1000,
        (double)(after.cost - before.cost) / 1e6, (double)(at_desk(&before, is) - at_desk(&after, is)) / 1e6);
    assert_true(asked > 0 && evening < 0);
    assert_true(did < 0 && did * 10 <= evening * 7); /* at least seven tenths of it */
    assert_true(at_desk(&before, is) - at_desk(&after, is) > after.cost - before.cost);
    /* To wait takes it back: the day is as it was. */
    decide(&a, "hold", 0, is);
    assert_false(is->steers);
    ran back = run_day(&f, day);
    assert_memory_equal(back.net, before.net, sizeof back.net);
    assert_int_equal(back.cost, before.cost);
    free(is);
    free(again);
    free(d);
    fixture_close(&f);
}

/* Decided while the day runs: what has passed stays, what comes follows. */
static void decided_at_noon(void **state)
{
    (void)state;
    fixture f;
    town t;
    open_town(&f, &t);
    mizo_day day = f.first + DAY;
    desk_act a = act_of(&t, mizo_slot_ms(mizo_day_slot(day - 1, 18) + 22));
    desk_day *d = draft(&a, day);
    desk_decision *is = calloc(1, sizeof *is);
    ran before = run_day(&f, day), r = { 0 };
    operate *op = start(&f, day);
    for (int s = 0; s < 24; s++)
        go_on(&f, op, s, &r);
    a.now = mizo_slot_ms(mizo_day_slot(day, 18) + 24);
    desk_day *now = calloc(1, sizeof *now);
    assert_int_equal(desk_read(&t, a.group, day, a.now, now), MIZO_OK);
    decide(&a, "move", now->position.move[MIZO_MOVE_MOVE].wh, is);
    for (int s = 0; s < 26; s++)
        assert_int_equal(is->price[s], 0); /* gates that have closed */
    for (int s = 24; s < 47; s++)
        go_on(&f, op, s, &r);
    operate_free(op);
    assert_int_equal(r.alerts, 1);
    assert_memory_equal(r.net, before.net, 24 * sizeof *r.net);
    assert_true(at_desk(&before, is) > at_desk(&r, is));
    free(now);
    free(is);
    free(d);
    fixture_close(&f);
}

/* What was told is in the position at once, and in the demand of the next draft; it is not proposed a second time. */
static void not_proposed_twice(void **state)
{
    (void)state;
    fixture f;
    town t;
    open_town(&f, &t);
    mizo_day day = f.first + DAY;
    desk_act a = act_of(&t, mizo_slot_ms(mizo_day_slot(day - 1, 18) + 22));
    desk_day *d = draft(&a, day), *after = calloc(1, sizeof *after), *next = calloc(1, sizeof *next);
    desk_decision *is = calloc(1, sizeof *is);
    decide(&a, "move", d->position.move[MIZO_MOVE_MOVE].wh, is);
    assert_int_equal(desk_read(&t, a.group, day, a.now + 1, after), MIZO_OK);
    assert_false(after->position.move[MIZO_MOVE_MOVE].there);
    a.now += 60000;
    assert_int_equal(desk_draft(&a, next), MIZO_OK);
    int64_t moved = 0, was = 0;
    for (int s = 42; s < 46; s++) {
        moved += next->forecast.demand[s] - d->forecast.demand[s];
        was += is->moved[s];
    }
    print_message("# demand of the evening: %lld Wh, told %lld\n", (long long)moved, (long long)was);
    assert_true(moved * 10 <= was * 9);
    assert_true(next->position.move[MIZO_MOVE_MOVE].wh * 10 <= d->position.move[MIZO_MOVE_MOVE].wh);
    free(is);
    free(next);
    free(after);
    free(d);
    fixture_close(&f);
}

/* Only the points of the group's members, only the day. */
static void of_whom_and_when(void **state)
{
    (void)state;
    fixture f;
    town t;
    open_town(&f, &t);
    mizo_day day = f.first + DAY;
    desk_act a = act_of(&t, mizo_slot_ms(mizo_day_slot(day - 1, 18) + 22));
    desk_day *d = draft(&a, day);
    desk_decision *is = calloc(1, sizeof *is);
    desk_steer *k;
    int32_t myen[96];
    decide(&a, "move", d->position.move[MIZO_MOVE_MOVE].wh, is);
    assert_int_equal(desk_steer_read(f.store, f.region, day, 1, a.now - 1, &k), MIZO_OK);
    assert_null(k); /* not known yet */
    assert_int_equal(desk_steer_read(f.store, f.region, day - 1, 2, a.now, &k), MIZO_OK);
    assert_non_null(k);
    mizo_ref depot = mizo_region_point(f.region, "p-depot");
    assert_true(desk_steer_price(k, depot, mizo_day_slot(day - 1, 18), 96, myen));
    for (int s = 0; s < 48; s++) {
        assert_int_equal(myen[s], 0);
        assert_int_equal(myen[48 + s], is->price[s]);
    }
    desk_steer_free(k);
    free(is);
    free(d);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_met),
        cmocka_unit_test(decided_at_noon),
        cmocka_unit_test(not_proposed_twice),
        cmocka_unit_test(of_whom_and_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
