/* A region directory edited while the town runs: half-written, mistaken, put right, touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/env_sim.h"
#include "mizo/messages/region.h"
#include "region/load.h"
#include "town/check.h"
#include "town/example/start.h"
#include "town/live/reload.h"

typedef struct world {
    env *e;
    mizo_diags *d;
    const mizo_region *first;
    reload *r;
} world;

static const mizo_region *load(world *w)
{
    const mizo_region *r;
    assert_int_equal(region_load(w->e, "town", w->d, &r, NULL), MIZO_OK);
    assert_int_equal(mizo_diags_count(w->d, MIZO_INFO), 0);
    return r;
}

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    w->e = env_sim_new(&(env_sim_options){ .seed = 1, .start = 1700000000000 });
    w->d = mizo_diags_new(0);
    assert_int_equal(town_start(w->e, "town", w->d), MIZO_OK);
    w->first = load(w);
    assert_int_equal(reload_new(w->e, "town", w->first, &w->r), MIZO_OK);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    reload_free(w->r);
    mizo_region_unref(w->first);
    mizo_diags_free(w->d);
    env_sim_free(w->e);
    free(w);
    return 0;
}

static void put(world *w, const char *path, const char *text)
{
    assert_int_equal(w->e->ops->write_file(w->e, path, text, strlen(text)), MIZO_OK);
}

/* One second passes, and the files are asked for. */
static mizo_err beat(world *w, const mizo_region **next)
{
    char *text = NULL;
    env_sim_advance(w->e, 1000);
    mizo_err e = reload_beat(w->r, w->d, next, &text);
    assert_int_equal(text != NULL, *next != NULL);
    free(text);
    return e;
}

static void settle(world *w)
{
    const mizo_region *next;
    assert_int_equal(beat(w, &next), MIZO_OK); /* the files are read once, and make the same model */
    assert_null(next);
    for (int i = 0; i < 3; i++)
        assert_int_equal(beat(w, &next), MIZO_ENOENT);
}

static const char header[] = "id,voltage,reading,tariff,contract_kw\n";

static void a_change_makes_the_next_model(void **state)
{
    world *w = *state;
    const mizo_region *next;
    settle(w);
    put(w, "town/points.csv", "id,voltage,reading,tariff,contract_kw\ncity-hall-1,high,slot,hv,250\n");
    assert_int_equal(beat(w, &next), MIZO_ENOENT); /* just changed: perhaps not all of it */
    assert_int_equal(beat(w, &next), MIZO_OK);
    assert_non_null(next);
    assert_int_equal(next->point[0].contract_w, 250000);
    assert_int_equal(w->first->point[0].contract_w, 200000);
    assert_string_not_equal(next->hash, w->first->hash);
    mizo_region_unref(next);
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
}

static void a_half_written_file_is_waited_for(void **state)
{
    world *w = *state;
    const mizo_region *next;
    char text[256] = "";
    static const char whole[] = "city-hall-1,high,slot,hv,250\n";
    settle(w);
    for (size_t n = 1; n <= strlen(whole); n += 4) { /* grows at each look */
        strcpy(text, header);
        strncat(text, whole, n);
        put(w, "town/points.csv", text);
        assert_int_equal(beat(w, &next), MIZO_ENOENT);
    }
    put(w, "town/points.csv", strcat(strcpy(text, header), whole));
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
    assert_int_equal(mizo_diags_count(w->d, MIZO_INFO), 0);
    assert_int_equal(beat(w, &next), MIZO_OK);
    assert_non_null(next);
    mizo_region_unref(next);
}

static void a_mistake_keeps_the_running_model(void **state)
{
    world *w = *state;
    const mizo_region *next;
    size_t n;
    settle(w);
    buf good;
    buf_init(&good, 0);
    assert_int_equal(w->e->ops->read_file(w->e, "town/uses.csv", &good), MIZO_OK);
    put(w, "town/uses.csv", "facility,point\nciti-hall,city-hall-1\n");
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
    assert_int_equal(beat(w, &next), MIZO_EINPUT);
    assert_null(next);
    assert_int_equal(mizo_diags_at(w->d, 0)->id, MIZO_MSG_REGION_REF_NEAR);
    assert_int_equal(mizo_diags_at(w->d, 0)->at.line, 2);
    n = mizo_diags_count(w->d, MIZO_INFO);
    assert_int_equal(beat(w, &next), MIZO_ENOENT); /* said once */
    assert_int_equal(mizo_diags_count(w->d, MIZO_INFO), n);
    put(w, "town/uses.csv", good.p);
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
    assert_int_equal(beat(w, &next), MIZO_OK); /* right again, and the model that runs */
    assert_null(next);
    buf_fini(&good);
}

static void files_that_come(void **state)
{
    world *w = *state;
    const mizo_region *next;
    settle(w);
    put(w, "town/pv.csv", "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg\npv-1,city-hall-1,30,25,10,180\n");
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
    assert_int_equal(beat(w, &next), MIZO_OK);
    assert_int_equal(next->npv, 1);
    mizo_region_unref(next);
    put(w, "town/readings.csv", "point,start,kwh\n"); /* none of ours */
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
    assert_int_equal(beat(w, &next), MIZO_ENOENT);
}

/* Whatever file call fails, nothing is taken that is not whole, and the next look mends it. */
static void a_failing_disk(void **state)
{
    world *w = *state;
    settle(w);
    for (int k = 1; k < 60; k++) {
        char text[256];
        const mizo_region *next;
        snprintf(text, sizeof text, "%scity-hall-1,high,slot,hv,%d\n", header, 200 + k);
        put(w, "town/points.csv", text);
        assert_int_equal(beat(w, &next), MIZO_ENOENT);
        env_sim_fail_at(w->e, k);
        bool got = false;
        for (int i = 0; i < 8 && !got; i++) {
            beat(w, &next);
            got = next && next->point[0].contract_w == (200 + k) * 1000;
            mizo_region_unref(next);
            env_sim_fail_at(w->e, 0);
        }
        assert_true(got);
        mizo_diags_clear(w->d);
    }
}

static void nothing_is_written_over(void **state)
{
    world *w = *state;
    assert_int_equal(town_start(w->e, "town", w->d), MIZO_ECONFLICT);
    assert_int_equal(mizo_diags_at(w->d, 0)->id, MIZO_MSG_REGION_START_TAKEN);
}

static void counts(void **state)
{
    world *w = *state;
    town_count n;
    assert_int_equal(town_check(w->e, "town", w->d, &n), MIZO_OK);
    assert_true(n.accepted);
    assert_int_equal(n.facilities, 1);
    assert_int_equal(n.points, 1);
    assert_int_equal(n.errors + n.warnings, 0);
    put(w, "town/battery.csv", "id\n");
    put(w, "town/points.csv", "id\n");
    assert_int_equal(town_check(w->e, "town", w->d, &n), MIZO_EINPUT);
    assert_false(n.accepted);
    assert_int_equal(n.warnings, 1); /* battery.csv is not read */
    assert_true(n.errors >= 3);
    mizo_diags_clear(w->d);
    assert_int_not_equal(town_check(w->e, "nowhere", w->d, &n), MIZO_OK);
    assert_true(n.errors >= 1);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_change_makes_the_next_model, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_half_written_file_is_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_mistake_keeps_the_running_model, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_that_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failing_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_written_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
