/* test_foresee_net.c: a point whose panels no meter sees, in a store of its own. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "town/foresee/foresee.h"
#include "town/foresee/read.h"

enum { SLOTS = MIZO_DAY_SLOTS, DAYS = 56, N = DAYS * SLOTS };

/* Copies a series of the fixture, `late` half-hours later each day; false: it has none. */
static bool copy(const fixture *f, store *to, const char *owner, mizo_quantity q, int days, int late)
{
    foresee_span span = { f->first, days, STORE_LATEST };
    static int32_t v[N];
    mizo_err e = foresee_read_one(f->region, f->store, owner, q, &span, v);
    if (e == MIZO_ENOENT)
        return false;
    assert_int_equal(e, MIZO_OK);
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id;
    bool changed;
    assert_int_equal(to->ops->series_id(to, &key, true, &id), MIZO_OK);
    for (int d = 0; d < days; d++) {
        int32_t day[SLOTS];
        for (int i = 0; i < SLOTS; i++)
            day[i] = v[d * SLOTS + (i - late + SLOTS) % SLOTS];
        assert_int_equal(store_write_day(to, id, f->first + d, day, NULL, SLOTS, &changed), MIZO_OK);
    }
    return true;
}

/* The fixture's readings without the generation of `hidden`; alone: of none. */
static store *without(const fixture *f, mizo_ref hidden, bool alone, int days)
{
    char name[64];
    store *s;
    snprintf(name, sizeof name, "hidden-%p-%d-%d", (const void *)f, alone, days);
    assert_int_equal(store_memory.open(name, STORE_CREATE, f->diags, &s), MIZO_OK);
    store_batch b = { .known = 1, .actor = "test", .source = "hidden", .note = "" };
    assert_int_equal(s->ops->batch_begin(s, &b), MIZO_OK);
    const mizo_region *r = f->region;
    for (size_t i = 0; i < r->npoint; i++) {
        copy(f, s, r->point[i].id, MIZO_Q_IMPORT, days, 0);
        copy(f, s, r->point[i].id, MIZO_Q_EXPORT, days, 0);
    }
    for (size_t i = 0; i < r->npv && !alone; i++)
        if (r->pv[i].point != hidden)
            copy(f, s, r->pv[i].id, MIZO_Q_GENERATION, days, 0);
    assert_int_equal(s->ops->batch_commit(s), MIZO_OK);
    return s;
}

/* The point with the most panels that exports what it does not use, so that the fixture did not cut its sun. */
static mizo_ref chosen(const mizo_region *r)
{
    mizo_ref best = -1;
    for (size_t i = 0; i < r->npv; i++)
        if (r->point[r->pv[i].point].export_allowed &&
            (best < 0 || r->pv[i].dc_w > foresee_panel(r, best, r->pv[i].from).dc_w))
            best = r->pv[i].point;
    return best;
}

static double apart_by(const int32_t *a, const int32_t *b)
{
    double off = 0, sum = 0;
    for (int i = 0; i < N; i++) {
        assert_true((a[i] == MIZO_MISSING) == (b[i] == MIZO_MISSING));
        off += a[i] == MIZO_MISSING ? 0 : abs(a[i] - b[i]);
        sum += b[i] == MIZO_MISSING ? 0 : b[i];
    }
    return off / sum;
}

static void hidden_panels_are_found_again(void **state)
{
    fixture *f = *state;
    static int32_t load[N], pv[N], seen_load[N], seen_pv[N], work[N];
    foresee_span span = { f->first, DAYS, STORE_LATEST };
    mizo_ref p = chosen(f->region);
    assert_true(p >= 0);
    assert_int_equal(foresee_read(f->region, f->store, p, &span, load, pv, work), MIZO_OK);
    for (int alone = 0; alone < 2; alone++) {
        store *s = without(f, p, alone, DAYS);
        assert_int_equal(foresee_read(f->region, s, p, &span, seen_load, seen_pv, work), MIZO_OK);
        double sun = apart_by(seen_pv, pv), use = apart_by(seen_load, load);
        print_message("# %s: PV off by %.1f %%, load by %.1f %%\n", alone ? "no metered plant" : "neighbours",
                      100 * sun, 100 * use);
        assert_true(sun < (alone ? 0.6 : 0.2));
        for (int i = 0; i < N; i++)
            assert_true(seen_load[i] == MIZO_MISSING || (seen_load[i] >= 0 && seen_pv[i] >= 0));
        s->ops->close(s);
    }
}

/* What was split of a day does not change with the days after it. */
static void later_days_change_nothing(void **state)
{
    fixture *f = *state;
    enum { SHORT = 40 };
    static int32_t a[2][N], b[2][N], work[N];
    mizo_ref p = chosen(f->region);
    for (int alone = 0; alone < 2; alone++) {
        store *s = without(f, p, alone, DAYS);
        foresee_span all = { f->first, DAYS, STORE_LATEST }, part = { f->first, SHORT, STORE_LATEST };
        foresee_span known = { f->first, DAYS,
                               mizo_slot_ms(mizo_day_slot(f->first + SHORT, f->region->offset)) };
        assert_int_equal(foresee_read(f->region, s, p, &all, a[0], a[1], work), MIZO_OK);
        assert_int_equal(foresee_read(f->region, s, p, &part, b[0], b[1], work), MIZO_OK);
        assert_memory_equal(a[0], b[0], SHORT * SLOTS * sizeof **a);
        assert_memory_equal(a[1], b[1], SHORT * SLOTS * sizeof **a);
        assert_int_equal(foresee_read(f->region, s, p, &known, b[0], b[1], work), MIZO_OK);
        assert_memory_equal(a[1], b[1], SHORT * SLOTS * sizeof **a);
        for (int i = SHORT * SLOTS; i < N; i++)
            assert_true(b[0][i] == MIZO_MISSING && b[1][i] == MIZO_MISSING);
        s->ops->close(s);
    }
}

/* The town forecasts both, and a sun that rises. */
static void both_are_forecast(void **state)
{
    fixture *f = *state;
    static foresee_out o;
    mizo_ref p = chosen(f->region);
    store *s = without(f, p, false, DAYS);
    foresee *x = foresee_new(f->region, p);
    assert_non_null(x);
    assert_int_equal(foresee_warm(x, s, f->first + DAYS, STORE_LATEST), MIZO_OK);
    foresee_say(x, f->first + DAYS, 1, NULL, &o);
    assert_true(o.has_demand && o.has_pv);
    assert_int_equal(o.pv.mean[2], 0);
    assert_true(o.pv.mean[24] * 2 > foresee_panel(f->region, p, f->first).dc_w / 8);
    for (int i = 0; i < SLOTS; i++)
        assert_true(o.demand.mean[i] >= 0);
    foresee_free(x);
    s->ops->close(s);
}

/* Panels that are listed to the south and give as if they looked west: forecast as they are. */
static void wrong_list(void **state)
{
    fixture *f = *state;
    const mizo_region *r = f->region;
    mizo_ref p = chosen(r);
    size_t first;
    assert_int_equal(mizo_region_pv_of(r, p, &first), 1);
    for (int late = 0; late <= 4; late += 4) {
        store *s = without(f, p, true, DAYS);
        store_batch b = { .known = 2, .actor = "test", .source = "late", .note = "" };
        assert_int_equal(s->ops->batch_begin(s, &b), MIZO_OK);
        assert_true(copy(f, s, r->pv[first].id, MIZO_Q_GENERATION, DAYS, late));
        assert_int_equal(s->ops->batch_commit(s), MIZO_OK);
        foresee *x = foresee_new(r, p);
        assert_non_null(x);
        assert_int_equal(foresee_warm(x, s, f->first + DAYS, STORE_LATEST), MIZO_OK);
        mizo_panel used;
        mizo_panel_origin origin = foresee_panel_used(x, &used);
        print_message("# %d half-hours late: %s, azimuth %.0f\n", late,
                      origin == MIZO_PANEL_FITTED ? "fitted" : "listed", used.azimuth);
        assert_int_equal(origin, late ? MIZO_PANEL_FITTED : MIZO_PANEL_LISTED);
        assert_true(late == 0 || used.azimuth > 200);
        foresee_free(x);
        s->ops->close(s);
    }
}

static int village(void **state)
{
    static fixture f;
    fixture_random(&f, 12, 5);
    *state = &f;
    return 0;
}

static int leave(void **state)
{
    fixture_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(hidden_panels_are_found_again),
                                        cmocka_unit_test(later_days_change_nothing),
                                        cmocka_unit_test(both_are_forecast), cmocka_unit_test(wrong_list) };
    return cmocka_run_group_tests(tests, village, leave);
}
