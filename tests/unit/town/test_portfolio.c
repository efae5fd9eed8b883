/* test_portfolio.c: demand by the contract calendar: who counts when, who takes a past along, what is known. */
#include <stdlib.h>

#include "fixture.h"
#include "town/desk/portfolio.h"
#include "town/import/moves.h"

enum { UNTIL = 45, DAYS = 4, PATHS = 16 };

/* The village with other contracts and uses: the model is the files', but two tables are these. */
typedef struct other {
    mizo_region region;
    mizo_supply supply[8];
    mizo_use use[8];
} other;

static mizo_ref point_of(const mizo_region *r, const char *id)
{
    mizo_ref p = mizo_region_point(r, id);
    assert_true(p >= 0);
    return p;
}

static const mizo_region *with_supply(const fixture *f, other *o, size_t n)
{
    o->region = *f->region;
    o->region.supply = o->supply;
    o->region.nsupply = n;
    return &o->region;
}

/* p-depot leaves on the second day, p-hall joins on the third, p-school stays: points in the order of their ids. */
static const mizo_region *calendar(const fixture *f, other *o)
{
    mizo_day d = f->first + UNTIL;
    const mizo_region *r = f->region;
    o->supply[0] = (mizo_supply){ point_of(r, "p-depot"), 0, d - 400, d + 1 };
    o->supply[1] = (mizo_supply){ point_of(r, "p-hall"), 0, d + 2, d + 10 };
    o->supply[2] = (mizo_supply){ point_of(r, "p-school"), 1, d - 400, MIZO_DAY_NONE };
    return with_supply(f, o, 3);
}

static portfolio_ask asks(const fixture *f, mizo_ref supplier)
{
    mizo_day d = f->first + UNTIL;
    return (portfolio_ask){ .day = d,
                            .days = DAYS,
                            .issued = mizo_slot_ms(mizo_day_slot(d, f->region->offset)),
                            .supplier = supplier,
                            .npath = PATHS };
}

static int64_t mean_of(const portfolio *p, const mizo_region *r, const char *id, int day)
{
    int64_t sum = 0;
    for (size_t k = 0; k < foresee_town_points(p->town); k++)
        if (foresee_town_point(p->town, k) == point_of(r, id))
            for (int i = day * 48; i < (day + 1) * 48; i++)
                sum += foresee_town_mean(p->town, k, i);
    return sum;
}

static void each_on_its_days(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    other o;
    const mizo_region *r = calendar(&f, &o);
    portfolio_ask ask = asks(&f, -1);
    portfolio p;
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &p), MIZO_OK);
    assert_int_equal(p.points, 3);
    const int on[DAYS] = { 2, 1, 2, 2 };
    for (int d = 0; d < DAYS; d++) {
        assert_int_equal(p.on[d], on[d]);
        assert_int_equal(mean_of(&p, r, "p-depot", d) > 0, d < 1);
        assert_int_equal(mean_of(&p, r, "p-hall", d) > 0, d >= 2);
        assert_true(mean_of(&p, r, "p-school", d) > 0);
    }
    portfolio_fini(&p);
    size_t n;
    portfolio_change *c = portfolio_changes(r, &ask, &n);
    assert_non_null(c);
    assert_int_equal(n, 3); /* the hall leaves within the two weeks after */
    assert_true(!c[0].joins && c[0].point == point_of(r, "p-depot") && c[0].day == ask.day + 1);
    assert_true(c[1].joins && c[1].point == point_of(r, "p-hall") && c[1].day == ask.day + 2);
    assert_true(!c[2].joins && c[2].point == point_of(r, "p-hall") && c[2].day == ask.day + 10);
    free(c);
    fixture_close(&f);
}

/* Means to the Wh, quantiles as those of the members' paths added up. */
static void members_add_up(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    other o;
    const mizo_region *r = calendar(&f, &o);
    portfolio_ask ask = asks(&f, -1);
    portfolio p;
    static float sum[PATHS * DAYS * 48], one[PATHS * DAYS * 48];
    memset(sum, 0, sizeof sum);
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &p), MIZO_OK);
    for (size_t k = 0; k < foresee_town_points(p.town); k++) {
        assert_int_equal(foresee_town_paths(p.town, k, one), MIZO_OK);
        for (int i = 0; i < PATHS * DAYS * 48; i++)
            sum[i] += one[i];
    }
    for (int i = 0; i < DAYS * 48; i++) {
        int64_t mean, q[MIZO_QUANTILES], members = 0;
        float low = sum[i], high = sum[i];
        foresee_town_sum(p.town, i, &mean, q);
        for (size_t k = 0; k < foresee_town_points(p.town); k++)
            members += foresee_town_mean(p.town, k, i);
        assert_int_equal(mean, members);
        for (int path = 1; path < PATHS; path++) {
            float v = sum[path * DAYS * 48 + i];
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        assert_true((double)q[0] >= (double)low - 1 && (double)q[MIZO_QUANTILES - 1] <= (double)high + 1);
    }
    portfolio_fini(&p);
    fixture_close(&f);
}

static void of_one_supplier(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    other o;
    const mizo_region *r = calendar(&f, &o);
    o.supply[0].menu = o.supply[2].menu;
    for (size_t m = 0; m < r->nmenu; m++)
        if (r->menu[m].supplier != r->menu[o.supply[2].menu].supplier)
            o.supply[1].menu = (mizo_ref)m;
    mizo_ref other_supplier = r->menu[o.supply[1].menu].supplier;
    assert_int_not_equal(other_supplier, r->menu[o.supply[2].menu].supplier);
    portfolio_ask ask = asks(&f, other_supplier);
    portfolio p;
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &p), MIZO_OK);
    assert_int_equal(p.points, 1);
    assert_int_equal(p.on[0], 0);
    assert_int_equal(p.on[2], 1);
    portfolio_fini(&p);
    fixture_close(&f);
}

/* The depot moves to the hall's point (whose own past is gone) on the second day asked for. */
static const mizo_region *moving(fixture *f, other *o)
{
    const mizo_region *r = f->region;
    mizo_day d = f->first + UNTIL + 1;
    mizo_ref depot = mizo_region_facility(r, "depot"), was = point_of(r, "p-depot"),
             is = point_of(r, "p-hall");
    fixture_gap(f, "p-hall", 0, f->days, 0, 48);
    o->supply[0] = (mizo_supply){ was, 0, d - 400, MIZO_DAY_NONE };
    o->supply[1] = (mizo_supply){ is, 0, d - 400, MIZO_DAY_NONE };
    with_supply(f, o, 2);
    o->use[0] = (mizo_use){ depot, -1, was, 750000, d - 400, d };
    o->use[1] = (mizo_use){ depot, -1, is, 1000000, d, MIZO_DAY_NONE };
    o->region.use = o->use;
    o->region.nuse = 2;
    return &o->region;
}

static void a_move_takes_the_past_along(void **state)
{
    (void)state;
    enum { CELLS = UNTIL * 48 };
    static int32_t old[CELLS], now[CELLS], pv[CELLS], work[CELLS];
    fixture f;
    fixture_village(&f);
    other o;
    const mizo_region *r = moving(&f, &o);
    mizo_ref was = point_of(r, "p-depot"), is = point_of(r, "p-hall");
    foresee_span span = { .first = f.first, .days = UNTIL, .as_of = STORE_LATEST };
    assert_int_equal(foresee_read(r, f.store, was, &span, old, pv, work), MIZO_OK);
    assert_int_equal(moves_read(r, f.store, is, &span, now, pv, work), MIZO_OK);
    for (int i = 0; i < CELLS; i++)
        assert_in_range(now[i] - 3 * (int64_t)old[i] / 4 + 1, 0, 2);
    portfolio_ask ask = asks(&f, -1);
    portfolio p;
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &p), MIZO_OK);
    assert_int_equal(p.points, 2);
    int64_t before = mean_of(&p, r, "p-depot", 0), stays = mean_of(&p, r, "p-depot", 1),
            comes = mean_of(&p, r, "p-hall", 1);
    assert_int_equal(mean_of(&p, r, "p-hall", 0), 0); /* nobody is there yet */
    assert_true(comes > before / 2 && comes < before);
    assert_true(stays > comes / 4 && stays < comes / 2); /* a quarter against three */
    portfolio_fini(&p);
    fixture_close(&f);
}

static void set_later(fixture *f, const char *id)
{
    mizo_series_key key = store_key(id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t series, v[48];
    bool changed;
    for (int i = 0; i < 48; i++)
        v[i] = 12345678;
    store_batch b = { .known = 3, .actor = "operator", .source = "test", .note = "" };
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    assert_int_equal(f->store->ops->series_id(f->store, &key, true, &series), MIZO_OK);
    for (int d = UNTIL; d < UNTIL + DAYS; d++)
        assert_int_equal(store_write_day(f->store, series, f->first + d, v, NULL, 48, &changed), MIZO_OK);
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
}

/* Absurd readings from the issue instant on move nothing, of the old point or the new. */
static void nothing_later_is_seen(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    other o;
    const mizo_region *r = moving(&f, &o);
    portfolio_ask ask = asks(&f, -1);
    portfolio a, b;
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &a), MIZO_OK);
    set_later(&f, "p-depot");
    set_later(&f, "p-hall");
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &b), MIZO_OK);
    for (int i = 0; i < DAYS * 48; i++) {
        int64_t mean[2], q[2][MIZO_QUANTILES];
        foresee_town_sum(a.town, i, &mean[0], q[0]);
        foresee_town_sum(b.town, i, &mean[1], q[1]);
        assert_int_equal(mean[0], mean[1]);
        assert_memory_equal(q[0], q[1], sizeof q[0]);
    }
    portfolio_fini(&a);
    portfolio_fini(&b);
    fixture_close(&f);
}

static void nobody_in_supply(void **state)
{
    (void)state;
    fixture f;
    fixture_village(&f);
    other o;
    const mizo_region *r = with_supply(&f, &o, 0);
    portfolio_ask ask = asks(&f, -1);
    portfolio p;
    assert_int_equal(portfolio_forecast(r, f.store, &ask, &p), MIZO_ENOENT);
    portfolio_fini(&p);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_on_its_days),      cmocka_unit_test(members_add_up),
        cmocka_unit_test(of_one_supplier),       cmocka_unit_test(a_move_takes_the_past_along),
        cmocka_unit_test(nothing_later_is_seen), cmocka_unit_test(nobody_in_supply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
