/* test_newcomers.c: a point of few days leans on sites of its kind, says so, and is the better for it. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "town/foresee/forecast.h"
#include "town/import/moves.h"

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

/* No half-hour, but a year of bills: the profile of its kind at the bills' level. A bill that ends later is not seen. */
static void from_bills_alone(void **state)
{
    (void)state;
    fixture f;
    fixture_random(&f, SITES, 9);
    forecast_point *one = malloc(sizeof *one);
    double used = 0, away = 0;
    assert_non_null(one);
    enum { WEEKS = 28 };
    static int32_t was[(WEEKS + 1) * 48], pv[(WEEKS + 1) * 48], work[(WEEKS + 1) * 48];
    foresee_span span = { .first = f.first + UNTIL - WEEKS, .days = WEEKS + 1, .as_of = STORE_LATEST };
    assert_int_equal(foresee_read(f.region, f.store, 0, &span, was, pv, work), MIZO_OK);
    store_batch b = { .known = 2, .actor = "test", .source = "bills", .note = "" };
    assert_int_equal(f.store->ops->batch_begin(f.store, &b), MIZO_OK);
    double bill_wh = 0, day_wh = 0; /* of a usual day; of the day itself */
    const int32_t *day = was + WEEKS * 48;
    for (int i = 0; i < WEEKS * 48; i++)
        bill_wh += (double)was[i] / WEEKS;
    for (int i = 0; i < 48; i++)
        day_wh += day[i];
    for (int m = 0; m <= 13; m++) { /* the last one only ends after the day */
        store_period p = { .quantity = MIZO_Q_IMPORT,
                           .quality = MIZO_QUALITY_MANUAL,
                           .from = f.first + UNTIL - 30 * (13 - m),
                           .to = f.first + UNTIL - 30 * (12 - m),
                           .energy_wh = (int64_t)(bill_wh * (m == 13 ? 3000 : 30)),
                           .max_w = MIZO_MISSING };
        bool changed;
        snprintf(p.point, sizeof p.point, "%s", f.region->point[0].id);
        assert_int_equal(f.store->ops->period_put(f.store, &p, &changed), MIZO_OK);
    }
    assert_int_equal(f.store->ops->batch_commit(f.store), MIZO_OK);
    fixture_gap(&f, f.region->point[0].id, 0, f.days, 0, 48);
    forecast_desk *desk = desk_at(&f, f.first + UNTIL, 1);
    assert_int_equal(forecast_of_point(desk, 0, one), MIZO_OK);
    assert_true(one->said.borrowed && one->said.has_demand);
    for (int i = 0; i < 48; i++) {
        used += one->said.demand.mean[i];
        away += abs(one->said.demand.mean[i] - day[i]);
        for (int k = 1; k < MIZO_QUANTILES; k++)
            assert_true(one->said.demand.q[i][k] >= one->said.demand.q[i][k - 1]);
    }
    print_message("from bills: missed %.3f of the demand, sum %.3f of it\n", away / day_wh, used / day_wh);
    assert_true(used > 0.75 * day_wh && used < 1.25 * day_wh && away < 0.3 * day_wh);
    forecast_desk_free(desk);
    free(one);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(better_than_without), cmocka_unit_test(levels_keep_their_order),
        cmocka_unit_test(nobody_to_lean_on),   cmocka_unit_test(nothing_later_is_seen),
        cmocka_unit_test(from_bills_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
