/* test_newcomers.c: a point of few days leans on sites of its kind, says so, and is the better for it. */
#include <stdlib.h>

#include "fixture.h"
#include "town/forecast.h"
#include "town/moves.h"

enum { SITES = 10, UNTIL = 50, NEW = 10, DAYS = 2 };

static forecast_desk *desk_at(const fixture *f, mizo_day day, int days)
{
    forecast_ask ask = { .day = day,
                         .days = days,
                         .issued = mizo_slot_ms(mizo_day_slot(day, f->region->offset)),
                         .hindcast = true };
    forecast_desk *d = forecast_desk_new(f->region, f->store, &ask);
    assert_non_null(d);
    return d;
}

static double missed(const fixture *f, mizo_ref p, mizo_day day, const foresee_out *said, double *used)
{
    int32_t was[48], pv[48], work[48];
    double sum = 0;
    foresee_span span = { .first = day, .days = 1, .as_of = STORE_LATEST };
    assert_int_equal(foresee_read(f->region, f->store, p, &span, was, pv, work), MIZO_OK);
    for (int i = 0; i < 48; i++) {
        sum += abs(said->demand.mean[i] - was[i]);
        *used += was[i];
    }
    return sum;
}

static void alone(const fixture *f, mizo_ref p, mizo_day day, foresee_out *out)
{
    foresee *own = foresee_new(f->region, p);
    assert_non_null(own);
    assert_int_equal(foresee_warm(own, f->store, day, STORE_LATEST), MIZO_OK);
    foresee_say(own, day, 1, NULL, out);
    foresee_free(own);
}

/* Three sites in turn lose all but their last days; three days each. */
static void better_than_without(void **state)
{
    (void)state;
    fixture f;
    double with = 0, without = 0, used = 0, again = 0;
    forecast_point *one = malloc(sizeof *one);
    foresee_out *own = malloc(sizeof *own);
    assert_true(one && own);
    fixture_random(&f, SITES, 5);
    for (mizo_ref p = 0; p < 3; p++)
        fixture_gap(&f, f.region->point[p].id, 0, UNTIL - NEW, 0, 48);
    for (mizo_ref p = 0; p < 3; p++)
        for (int d = UNTIL; d < UNTIL + 3; d++) {
            forecast_desk *desk = desk_at(&f, f.first + d, 1);
            assert_int_equal(forecast_of_point(desk, p, one), MIZO_OK);
            assert_true(one->said.borrowed && one->said.has_demand);
            with += missed(&f, p, f.first + d, &one->said, &used);
            alone(&f, p, f.first + d, own);
            without += missed(&f, p, f.first + d, own, &again);
            forecast_desk_free(desk);
        }
    print_message("missed of the demand: %.4f leaning on its kind, %.4f alone\n", with / used,
                  without / used);
    assert_true(with < 0.97 * without);
    free(one);
    free(own);
    fixture_close(&f);
}

static void levels_keep_their_order(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, SITES, 6);
    fixture_gap(&f, f.region->point[1].id, 0, UNTIL - NEW, 0, 48);
    forecast_point *one = malloc(sizeof *one);
    forecast_desk *desk = desk_at(&f, f.first + UNTIL, MIZO_AHEAD);
    assert_non_null(one);
    assert_int_equal(forecast_of_point(desk, 1, one), MIZO_OK);
    assert_true(one->said.borrowed);
    assert_int_equal(one->said.n, MIZO_AHEAD * 48);
    const foresee_band *b = &one->said.demand;
    for (int i = 0; i < one->said.n; i++) {
        assert_true(b->mean[i] >= 0 && b->q[i][0] >= 0);
        for (int k = 1; k < MIZO_QUANTILES; k++)
            assert_true(b->q[i][k] >= b->q[i][k - 1]);
    }
    assert_int_equal(forecast_of_point(desk, 2, one), MIZO_OK); /* who has a past borrows nothing */
    assert_false(one->said.borrowed);
    forecast_desk_free(desk);
    free(one);
    fixture_close(&f);
}

/* Nobody of the kind has a past: nothing is borrowed, and who knows nothing at all stays silent. */
static void nobody_to_lean_on(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, 3, 7);
    for (mizo_ref p = 0; p < 3; p++)
        fixture_gap(&f, f.region->point[p].id, 0, p == 2 ? UNTIL : UNTIL - NEW, 0, 48);
    forecast_point *one = malloc(sizeof *one);
    forecast_desk *desk = desk_at(&f, f.first + UNTIL, DAYS);
    assert_non_null(one);
    assert_int_equal(forecast_of_point(desk, 0, one), MIZO_OK);
    assert_false(one->said.borrowed);
    assert_int_equal(forecast_of_point(desk, 2, one), MIZO_ENOENT);
    forecast_desk_free(desk);
    free(one);
    fixture_close(&f);
}

/* Readings after the instant, of the newcomer and of those it leans on, move nothing. */
static void nothing_later_is_seen(void **state)
{
    (void)state;
    fixture f;
    forecast_point *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    assert_true(a && b);
    fixture_random(&f, SITES, 8);
    fixture_gap(&f, f.region->point[0].id, 0, UNTIL - NEW, 0, 48);
    for (int turn = 0; turn < 2; turn++) {
        forecast_desk *desk = desk_at(&f, f.first + UNTIL, DAYS);
        assert_int_equal(forecast_of_point(desk, 0, turn ? b : a), MIZO_OK);
        forecast_desk_free(desk);
        for (mizo_ref p = 0; p < SITES && !turn; p++)
            fixture_gap(&f, f.region->point[p].id, UNTIL, f.days, 0, 48);
    }
    assert_true(a->said.borrowed);
    assert_memory_equal(&a->said.demand, &b->said.demand, sizeof a->said.demand);
    free(a);
    free(b);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(better_than_without),
        cmocka_unit_test(levels_keep_their_order),
        cmocka_unit_test(nobody_to_lean_on),
        cmocka_unit_test(nothing_later_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
