/* test_score.c: the measures by hand, the naives by their own words, and that no forecast is helped by what came
 * after it. */
#include "fixture.h"

#include <math.h>
#include <stdlib.h>

#include "mizo/messages/town.h"
#include "town/foresee/read.h"
#include "town/foresee/score.h"

enum { SLOTS = MIZO_DAY_SLOTS, POINTS = 64 };

static mizo_ref point[POINTS];

static size_t points_of(const fixture *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->region->npoint && n < POINTS; i++)
        if (f->region->point[i].reading == MIZO_BY_SLOT)
            point[n++] = (mizo_ref)i;
    return n;
}

static score_ask ask_of(const fixture *f, int days)
{
    mizo_day end = f->first + f->days;
    return (score_ask){ .region = f->region,
                        .store = f->store,
                        .from = end - days,
                        .to = end,
                        .days = 2,
                        .point = point,
                        .npoint = points_of(f) };
}

static void figures_by_hand(void **state)
{
    (void)state;
    score_cell c = {
        .n = 4,
        .inside = 3,
        .actual = 1000,
        .miss = 100,
        .naive = {300, 200, 400},
        .loss = 30,
        .naive_loss = 60,
        .scale = 250
    };
    score_figures f = score_of(&c);
    assert_true(fabs(f.nmae - 0.1) < 1e-12 && fabs(f.mase - 0.4) < 1e-12 && fabs(f.pinball - 0.03) < 1e-12);
    assert_true(fabs(f.coverage - 0.75) < 1e-12 && fabs(f.skill - 0.5) < 1e-12 && f.naive[2] == 0.4);
    score_cell twice = c;
    score_add(&twice, &c);
    score_figures g = score_of(&twice);
    assert_true(g.nmae == f.nmae && g.coverage == f.coverage && twice.n == 8 && twice.scale == 500);
    score_cell none = { 0 };
    assert_true(isnan(score_of(&none).nmae) && isnan(score_of(&none).coverage) &&
                isnan(score_of(&none).skill));
}

/* One point and one day again, from the forecaster itself and from the readings as they lie in the store. */
static void a_site_and_its_naives_by_hand(void **state)
{
    fixture *f = *state;
    static int32_t v[57 * SLOTS], work[57 * SLOTS];
    static foresee_out said;
    score_ask a = ask_of(f, 1);
    a.npoint = 1;
    score_result r;
    assert_int_equal(score_run(&a, &r), MIZO_OK);
    foresee_span span = { a.from - 56, 57, STORE_LATEST };
    assert_int_equal(foresee_read(f->region, f->store, point[0], &span, v, NULL, work), MIZO_OK);
    foresee *s = foresee_new(f->region, point[0]);
    assert_int_equal(foresee_warm(s, f->store, a.from, STORE_LATEST), MIZO_OK);
    foresee_say(s, a.from, 2, NULL, &said);
    double miss = 0, actual = 0, yesterday = 0, week = 0, scale = 0;
    int inside = 0, n = 0;
    for (int d = 7; d < 56; d++)
        for (int i = 0; i < SLOTS; i++)
            if (v[(d - 7) * SLOTS + i] != MIZO_MISSING) { /* the village knows eight weeks */
                scale += fabs((double)v[d * SLOTS + i] - v[(d - 7) * SLOTS + i]);
                n++;
            }
    for (int i = 0; i < SLOTS; i++) {
        double x = v[56 * SLOTS + i];
        actual += x;
        miss += fabs(said.demand.mean[i] - x);
        yesterday += fabs(v[55 * SLOTS + i] - x);
        week += fabs(v[49 * SLOTS + i] - x);
        inside += x >= said.demand.q[i][MIZO_Q10] && x <= said.demand.q[i][MIZO_Q90];
    }
    const score_cell *c = &r.site[0].first[SCORE_DEMAND];
    assert_int_equal(c->n, SLOTS);
    assert_int_equal(c->inside, inside);
    assert_true(c->actual == actual && fabs(c->miss - miss) < 1e-6);
    assert_true(fabs(c->naive[0] - yesterday) < 1e-6 && fabs(c->naive[1] - week) < 1e-6);
    assert_true(fabs(c->scale - SLOTS * scale / n) < 1e-6 * scale);
    assert_true(r.of[SCORE_DEMAND].lead[0].miss == c->miss && r.of[SCORE_DEMAND].lead[1].n == 0);
    double hours = 0;
    for (int h = 0; h < SCORE_HOURS; h++)
        hours += r.of[SCORE_DEMAND].hour[h].miss;
    assert_true(fabs(hours - c->miss) < 1e-6);
    foresee_free(s);
    score_free(&r);
}

/* Every naive, and the forecast itself, says the same whatever is stored of the days after. */
static void what_came_later_helps_nobody(void **state)
{
    fixture *f = *state;
    score_ask a = ask_of(f, 3);
    a.to = a.from + 1;
    score_result before, after;
    assert_int_equal(score_run(&a, &before), MIZO_OK);
    for (size_t i = 0; i < a.npoint; i++)
        fixture_gap(f, f->region->point[point[i]].id, f->days - 2, f->days, 0, SLOTS);
    assert_int_equal(score_run(&a, &after), MIZO_OK);
    assert_memory_equal(&before.of[SCORE_DEMAND].lead[0], &after.of[SCORE_DEMAND].lead[0],
                        sizeof(score_cell));
    assert_memory_equal(before.of[SCORE_DEMAND].within, after.of[SCORE_DEMAND].within,
                        sizeof before.of[SCORE_DEMAND].within);
    assert_true(before.of[SCORE_DEMAND].lead[0].n > 0 && before.of[SCORE_DEMAND].within[0].n > 0);
    score_free(&before);
    score_free(&after);
}

static mizo_err enough(void *arg, size_t points)
{
    (void)arg;
    return points == 2 ? MIZO_ECANCELED : MIZO_OK;
}

static void it_ends_when_asked_and_says_what_it_cannot(void **state)
{
    fixture *f = *state;
    score_result r;
    score_ask a = ask_of(f, 2);
    int stop = 1;
    a.stop = &stop;
    assert_int_equal(score_run(&a, &r), MIZO_ECANCELED);
    assert_null(r.site);
    a.stop = NULL;
    a.done = enough;
    assert_int_equal(score_run(&a, &r), MIZO_ECANCELED);
    a.done = NULL;
    a.to = a.from;
    assert_int_equal(score_run(&a, &r), MIZO_ERANGE);
    a.to = a.from + 1;
    a.days = MIZO_AHEAD + 1;
    assert_int_equal(score_run(&a, &r), MIZO_ERANGE);
    a.days = 1;
    a.from = f->first - 400;
    a.to = a.from + 2;
    assert_int_equal(score_run(&a, &r), MIZO_ENOENT);
    assert_null(r.site);
}

/* The village's mill, steady but for a wave: judged where it has readings, left out where it has none. */
static void plants_are_judged(void **state)
{
    fixture *f = *state;
    score_ask a = ask_of(f, 2);
    score_result r;
    a.npoint = 1;
    a.plants = true;
    assert_int_equal(score_run(&a, &r), MIZO_OK);
    assert_int_equal(r.nplant, 0);
    score_free(&r);
    mizo_series_key key = store_key(f->region->plant[0].id, MIZO_Q_GENERATION, MIZO_ROLE_READING);
    store_batch b = { .known = 2, .actor = "test", .source = "mill", .note = "" };
    int32_t id, v[SLOTS];
    uint8_t quality[SLOTS] = { 0 };
    double sum = 0, yesterday = 0;
    bool changed;
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    assert_int_equal(f->store->ops->series_id(f->store, &key, true, &id), MIZO_OK);
    for (int d = -2; d < f->days; d++) {
        for (int i = 0; i < SLOTS; i++) {
            v[i] = 120000 + 5000 * (d % 3) + 100 * i;
            sum += d >= f->days - 2 ? v[i] : 0;
            yesterday += d >= f->days - 2 ? 5000 * abs(d % 3 - (d - 1) % 3) : 0;
        }
        assert_int_equal(store_write_day(f->store, id, f->first + d, v, quality, SLOTS, &changed), MIZO_OK);
    }
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
    assert_int_equal(score_run(&a, &r), MIZO_OK);
    assert_int_equal(r.nplant, 1);
    const score_cell *c = &r.plant[0].first;
    assert_int_equal(c->n, 2 * SLOTS);
    assert_true(c->actual == sum && fabs(c->naive[0] - yesterday) < 1e-6);
    assert_true(score_of(c).nmae < 0.3 && c->loss > 0);
    score_free(&r);
}

static mizo_ref without_panels(const fixture *f)
{
    size_t n = points_of(f), first;
    for (size_t i = 0; i < n; i++)
        if (mizo_region_pv_of(f->region, point[i], &first) == 0)
            return point[i];
    return -1;
}

/* Nine more weeks before the village's own, like its first; its last eighteen days jump about as none before. */
static void change_use(fixture *f, const char *id_of_point)
{
    mizo_series_key key = store_key(id_of_point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    store_batch b = { .known = 2, .actor = "test", .source = "another use", .note = "" };
    int32_t id, v[SLOTS];
    uint8_t quality[SLOTS] = { 0 };
    bool changed;
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    assert_int_equal(f->store->ops->series_id(f->store, &key, false, &id), MIZO_OK);
    for (int d = -63; d < f->days; d++) {
        int from = d < 0 ? (d + 63) % 7 : d;
        if (d >= 0 && d < f->days - 18)
            continue;
        assert_int_equal(store_read_day(f->store, id, f->first + from, STORE_LATEST, v, NULL), MIZO_OK);
        for (int i = 0; i < SLOTS && d >= 0; i++)
            v[i] = (int32_t)(v[i] * (0.2 + 3 * mizo_unit(7, (uint64_t)d, (uint64_t)i / 4)));
        assert_int_equal(store_write_day(f->store, id, f->first + d, v, quality, SLOTS, &changed), MIZO_OK);
    }
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
}

static void a_site_that_changes_is_named(void **state)
{
    fixture *f = *state;
    const char *id = f->region->point[without_panels(f)].id;
    change_use(f, id);
    operate_options o = { .policy = OPERATE_NONE,
                          .region = f->region,
                          .truth = f->store,
                          .from = mizo_day_slot(f->first + f->days - 1, f->region->offset),
                          .step_ms = 300000,
                          .all_points = true };
    operate *op;
    assert_int_equal(operate_new(&o, f->diags, &op), MIZO_OK);
    const town_view *view = operate_view(op);
    int named = 0;
    for (size_t i = 0; i < view->nalert; i++)
        if (view->alert[i].what.id == MIZO_MSG_TOWN_FORECAST_UNUSUAL) {
            named++;
            named += strcmp(view->alert[i].what.param[0], id) ? 100 : 0;
        }
    operate_free(op);
    assert_int_equal(named, 1);
}

static int open_village(void **state)
{
    static fixture f;
    fixture_village(&f);
    *state = &f;
    return 0;
}

static int close_village(void **state)
{
    fixture_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_by_hand),
        cmocka_unit_test_setup_teardown(a_site_and_its_naives_by_hand, open_village, close_village),
        cmocka_unit_test_setup_teardown(what_came_later_helps_nobody, open_village, close_village),
        cmocka_unit_test_setup_teardown(plants_are_judged, open_village, close_village),
        cmocka_unit_test_setup_teardown(a_site_that_changes_is_named, open_village, close_village),
        cmocka_unit_test_setup_teardown(it_ends_when_asked_and_says_what_it_cannot, open_village,
                                        close_village),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
