/* test_foresee.c: the forecasters of a town's points: what they may see, what moves them, who wakes them. */
#include <stdlib.h>

#include "fixture.h"
#include "town/foresee/foresee.h"

enum { DAYS = MIZO_AHEAD, UNTIL = 45, NOON = 24, ABSURD = 12345678 };

static mizo_ref point_of(const fixture *f, const char *id)
{
    mizo_ref p = mizo_region_point(f->region, id);
    assert_true(p >= 0);
    return p;
}

static foresee *awake(fixture *f, const char *id, int until)
{
    foresee *s = foresee_new(f->region, point_of(f, id));
    assert_non_null(s);
    assert_int_equal(foresee_warm(s, f->store, f->first + until, STORE_LATEST), MIZO_OK);
    return s;
}

static foresee_out *out_new(void)
{
    foresee_out *o = calloc(1, sizeof *o);
    assert_non_null(o);
    return o;
}

static void same(const foresee_out *a, const foresee_out *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(&a->demand, &b->demand, sizeof a->demand);
    assert_memory_equal(&a->pv, &b->pv, sizeof a->pv);
}

/* Every reading of the point on days [from, to) times `num` / 4, brought by somebody else. */
static void rewrite(fixture *f, const char *id, int from, int to, int num)
{
    mizo_series_key key = store_key(id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t series, v[48];
    bool changed;
    store_batch b = { .known = 3, .actor = "operator", .source = "test", .note = "" };
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    assert_int_equal(f->store->ops->series_id(f->store, &key, false, &series), MIZO_OK);
    for (int d = from; d < to; d++) {
        assert_int_equal(store_read_day(f->store, series, f->first + d, STORE_LATEST, v, NULL), MIZO_OK);
        for (int s = 0; s < 48; s++)
            v[s] = num < 0 ? ABSURD : v[s] == MIZO_MISSING ? v[s] : (int32_t)((int64_t)v[s] * num / 4);
        assert_int_equal(store_write_day(f->store, series, f->first + d, v, NULL, 48, &changed), MIZO_OK);
    }
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
}

static void check_band(const foresee_band *b, int n)
{
    for (int i = 0; i < n; i++) {
        for (int k = 1; k < MIZO_QUANTILES; k++)
            assert_true(b->q[i][k] >= b->q[i][k - 1]);
        assert_true(b->q[i][0] >= 0);
        assert_true(b->mean[i] >= b->q[i][0] && b->mean[i] <= b->q[i][MIZO_QUANTILES - 1]);
    }
}

static void levels_never_cross(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    foresee *s = awake(&f, "p-depot", UNTIL);
    foresee_out *o = out_new();
    int32_t demand[48], pv[48];
    for (int i = 0; i < 48; i++) {
        demand[i] = 9000;
        pv[i] = i > 12 && i < 36 ? 4000 : 0;
    }
    for (int now = 0; now <= 48; now += 6) {
        foresee_now(s, f.first + UNTIL, DAYS, NULL, demand, pv, now, o);
        assert_true(o->has_demand && o->has_pv);
        assert_int_equal(o->n, DAYS * 48);
        check_band(&o->demand, o->n);
        check_band(&o->pv, o->n);
        for (int d = 1; d < DAYS; d++)
            assert_int_equal(o->pv.q[d * 48][MIZO_QUANTILES - 1], 0); /* midnight */
    }
    assert_in_range(foresee_bytes(s), 20000, 90000);
    free(o);
    foresee_free(s);
    fixture_close(&f);
}

/* Absurd values from the issue instant on, in the store and in what is handed over, move nothing. */
static void nothing_later_is_seen(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    foresee *before = awake(&f, "p-depot", UNTIL);
    foresee_out *a = out_new(), *b = out_new();
    int32_t demand[2][48], pv[2][48];
    for (int i = 0; i < 48; i++) {
        demand[0][i] = demand[1][i] = 8000 + 10 * i;
        pv[0][i] = pv[1][i] = 50 * i;
        if (i >= NOON) {
            demand[1][i] = ABSURD;
            pv[1][i] = MIZO_MISSING;
        }
    }
    rewrite(&f, "p-depot", UNTIL, UNTIL + 3, -1);
    foresee *after = awake(&f, "p-depot", UNTIL);
    foresee_say(before, f.first + UNTIL, DAYS, NULL, a);
    foresee_say(after, f.first + UNTIL, DAYS, NULL, b);
    same(a, b);
    foresee_now(before, f.first + UNTIL, DAYS, NULL, demand[0], pv[0], NOON, a);
    foresee_now(after, f.first + UNTIL, DAYS, NULL, demand[1], pv[1], NOON, b);
    same(a, b);
    foresee_now(after, f.first + UNTIL, DAYS, NULL, demand[1], pv[1], NOON + 1, b); /* now it may be seen */
    assert_memory_not_equal(&a->demand, &b->demand, sizeof a->demand);
    foresee_free(before);
    foresee_free(after);
    free(a);
    free(b);
    fixture_close(&f);
}

/* As of an instant in the past only what was known then is told. */
static void as_it_was_known(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    foresee_out *a = out_new(), *b = out_new();
    mizo_ms known = mizo_slot_ms(mizo_day_slot(f.first + UNTIL, f.region->offset));
    foresee *then = foresee_new(f.region, point_of(&f, "p-depot"));
    assert_int_equal(foresee_warm(then, f.store, f.first + UNTIL + 2, known), MIZO_OK);
    foresee *less = awake(&f, "p-depot", UNTIL); /* two days fewer to know of: the same knowledge */
    foresee_say(then, f.first + UNTIL, 2, NULL, a);
    foresee_say(less, f.first + UNTIL, 2, NULL, b);
    assert_true(a->has_demand);
    for (int i = 0; i < 48; i++) /* the days it was told begin two later */
        assert_true(abs(a->demand.mean[i] - b->demand.mean[i]) <= 1 + b->demand.mean[i] / 10);
    foresee_free(then);
    foresee_free(less);
    free(a);
    free(b);
    fixture_close(&f);
}

static void asking_changes_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    foresee *asked = awake(&f, "p-depot", UNTIL), *quiet = awake(&f, "p-depot", UNTIL);
    foresee_out *a = out_new(), *b = out_new();
    int32_t demand[48], pv[48];
    for (int i = 0; i < 48; i++)
        demand[i] = pv[i] = 3000;
    foresee_say(asked, f.first + UNTIL, 2, NULL, a);
    foresee_say(quiet, f.first + UNTIL, 2, NULL, b);
    for (int now = 0; now <= 48; now++)
        foresee_now(asked, f.first + UNTIL, 2, NULL, demand, pv, now, a);
    foresee_learn(asked, f.first + UNTIL, demand, pv, NULL);
    foresee_learn(quiet, f.first + UNTIL, demand, pv, NULL);
    foresee_learn(quiet, f.first + UNTIL - 3, pv, demand, NULL); /* it knows that day already */
    foresee_say(asked, f.first + UNTIL + 1, DAYS, NULL, a);
    foresee_say(quiet, f.first + UNTIL + 1, DAYS, NULL, b);
    same(a, b);
    foresee_free(asked);
    foresee_free(quiet);
    free(a);
    free(b);
    fixture_close(&f);
}

static void who_knows_nothing_says_so(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    mizo_ref depot = point_of(&f, "p-depot");
    foresee *s = foresee_new(f.region, depot);
    foresee_out *o = out_new();
    assert_int_equal(foresee_warm(s, f.store, f.first - 10, STORE_LATEST), MIZO_ENOENT);
    foresee_say(s, f.first - 10, DAYS, NULL, o);
    assert_false(o->has_demand || o->has_pv);
    for (int i = 0; i < o->n; i++) {
        assert_int_equal(o->demand.mean[i], MIZO_MISSING);
        assert_int_equal(o->pv.q[i][MIZO_Q90], MIZO_MISSING);
    }
    double latest, usual;
    assert_false(foresee_miss(s, &latest, &usual));
    mizo_day day;
    assert_int_equal(foresee_changed(s, f.store, 0, &day), MIZO_OK);
    assert_int_equal(day, MIZO_DAY_NONE);
    assert_true(foresee_fits(s, f.region, depot));
    assert_false(foresee_fits(s, f.region, point_of(&f, "p-school")));
    foresee_free(s);
    foresee_free(NULL);
    free(o);
    fixture_close(&f);
}

/* ---- in the running town ---- */

static operate *start(fixture *f, int from, int threads)
{
    operate_options o = {
        .policy = OPERATE_MIZO,
        .region = f->region,
        .truth = f->store,
        .solver = NULL, /* what is expected does not depend on plans */
        .from = mizo_day_slot(f->first + from, f->region->offset),
        .threads = threads,
        .seed = 1,
        .step_ms = 300000,
        .all_points = true,
        .env = f->env,
    };
    operate *op;
    assert_int_equal(operate_new(&o, f->diags, &op), MIZO_OK);
    return op;
}

static void run_days(operate *op, int days)
{
    for (int s = 0; s < 48 * days; s++)
        assert_int_equal(operate_slot(op), MIZO_OK);
}

static void expected_at(const operate *op, mizo_ref p, int32_t v[4][48])
{
    const view_day *d = &operate_view(op)->point[p];
    memcpy(v[0], d->forecast, sizeof v[0]);
    memcpy(v[1], d->forecast_p10, sizeof v[1]);
    memcpy(v[2], d->forecast_p90, sizeof v[2]);
    memcpy(v[3], d->pv_forecast, sizeof v[3]);
}

static void threads_say_alike(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, 6, 7);
    operate *one = start(&f, 42, 1), *two = start(&f, 42, 2);
    run_days(one, 2);
    run_days(two, 2);
    for (size_t p = 0; p < f.region->npoint; p++) {
        int32_t a[4][48], b[4][48];
        expected_at(one, (mizo_ref)p, a);
        expected_at(two, (mizo_ref)p, b);
        assert_memory_equal(a, b, sizeof a);
    }
    operate_free(one);
    operate_free(two);
    fixture_close(&f);
}

/* Who wakes later in the day says what it would have said at midnight. */
static void waking_late_says_the_same(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate_options o = {
        .policy = OPERATE_MIZO,
        .region = f.region,
        .truth = f.store,
        .from = mizo_day_slot(f.first + 43, f.region->offset),
        .threads = 1,
        .seed = 1,
        .step_ms = 300000,
        .all_points = true,
        .env = f.env,
        .wake_ms = 1,
    };
    operate *late, *early = start(&f, 43, 1);
    mizo_ref school = point_of(&f, "p-school");
    assert_int_equal(operate_new(&o, f.diags, &late), MIZO_OK);
    assert_int_equal(operate_view(late)->point[school].forecast[47], MIZO_MISSING);
    for (int s = 0; s < 48 * 7; s++) {
        bool done;
        assert_int_equal(operate_step(late, &done), MIZO_OK);
        assert_int_equal(operate_step(early, &done), MIZO_OK);
        if (s != 200 && s != 48 * 6 + 20)
            continue;
        for (size_t p = 0; p < f.region->npoint; p++) {
            int32_t a[4][48], b[4][48];
            expected_at(late, (mizo_ref)p, a);
            expected_at(early, (mizo_ref)p, b);
            assert_memory_equal(a, b, sizeof a);
        }
    }
    operate_free(late);
    operate_free(early);
    fixture_close(&f);
}

/* Somebody corrects days that were told long ago: at the next midnight the point speaks as if it had always known. */
static void late_corrections_are_told_again(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    mizo_ref depot = point_of(&f, "p-depot"), school = point_of(&f, "p-school");
    operate *op = start(&f, 43, 1), *plain = start(&f, 43, 1);
    run_days(op, 1);
    run_days(plain, 2);
    rewrite(&f, "p-depot", 30, 40, 12);
    run_days(op, 1);
    operate *fresh = start(&f, 45, 1);
    int32_t got[4][48], want[4][48], was[4][48];
    expected_at(op, depot, got);
    expected_at(fresh, depot, want);
    expected_at(plain, depot, was);
    assert_memory_equal(got, want, sizeof got);
    assert_memory_not_equal(got, was, sizeof got);
    expected_at(op, school, got); /* nobody has touched it */
    expected_at(plain, school, was);
    assert_memory_equal(got, was, sizeof got);
    operate_free(op);
    operate_free(plain);
    operate_free(fresh);
    fixture_close(&f);
}

/* Another model of the same town changes no forecast: the forecasters move in. */
static void a_new_model_keeps_them(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    operate *op = start(&f, 43, 1), *plain = start(&f, 43, 1);
    const mizo_region *again;
    assert_int_equal(region_load(f.env, VILLAGE, f.diags, &again, NULL), MIZO_OK);
    operate_set_region(op, again);
    run_days(op, 3);
    run_days(plain, 3);
    assert_ptr_equal(operate_view(op)->region, again);
    for (size_t p = 0; p < again->npoint; p++) {
        int32_t a[4][48], b[4][48];
        expected_at(op, (mizo_ref)p, a);
        expected_at(plain, (mizo_ref)p, b);
        assert_memory_equal(a, b, sizeof a);
    }
    mizo_region_unref(again);
    operate_free(op);
    operate_free(plain);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_never_cross),        cmocka_unit_test(nothing_later_is_seen),
        cmocka_unit_test(as_it_was_known),           cmocka_unit_test(asking_changes_nothing),
        cmocka_unit_test(who_knows_nothing_says_so), cmocka_unit_test(threads_say_alike),
        cmocka_unit_test(waking_late_says_the_same), cmocka_unit_test(late_corrections_are_told_again),
        cmocka_unit_test(a_new_model_keeps_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
