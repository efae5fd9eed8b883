/* The staging table: any order in, the same store out; a second time changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/number.h"
#include "town/import/stage.h"

#define OK(expr) assert_int_equal((expr), MIZO_OK)

enum { SERIES = 150, SLOTS = 48 * 9, FIRST = 48 * 20000 - 18 }; /* a local midnight in Japan */

typedef struct fixture {
    store *s;
    int32_t id[SERIES];
} fixture;

static int set_up(void **state)
{
    static fixture f;
    static int serial;
    char name[40];
    snprintf(name, sizeof name, "stage-%d", serial++);
    if (store_memory.open(name, STORE_CREATE, NULL, &f.s))
        return 1;
    store_batch b = { .known = 0, .actor = "", .source = "", .note = "" };
    if (f.s->ops->batch_begin(f.s, &b))
        return 1;
    for (int i = 0; i < SERIES; i++) {
        snprintf(name, sizeof name, "m-%d", i);
        mizo_series_key k = store_key(name, MIZO_Q_IMPORT, MIZO_ROLE_READING);
        if (f.s->ops->series_id(f.s, &k, true, &f.id[i]))
            return 1;
    }
    *state = &f;
    return f.s->ops->batch_commit(f.s) != MIZO_OK;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    store_memory.close(f->s);
    return 0;
}

static int32_t reading(int series, int slot)
{
    return (int32_t)(mizo_mix64((uint64_t)(series * 1000 + slot)) % 5000);
}

static void begin(fixture *f, mizo_ms known)
{
    store_batch b = { .known = known, .actor = "", .source = "", .note = "" };
    OK(f->s->ops->batch_begin(f->s, &b));
}

static stage_count flush(fixture *f, stage *t)
{
    stage_count c = { 0 };
    OK(stage_flush(t, f->s, NULL, NULL, &c));
    assert_true(stage_empty(t));
    return c;
}

/* Stages every reading, in an order that step makes (it has no common factor with the whole). */
static stage_count fill(fixture *f, size_t limit, int step)
{
    enum { ALL = SERIES * SLOTS };
    stage *t = stage_new(limit, MIZO_JAPAN_OFFSET);
    stage_count total = { 0 };
    stage_item item[STAGE_MANY];
    size_t n = 0;
    begin(f, 1000);
    for (int k = 0; k < ALL; k++) {
        int at = (int)((int64_t)k * step % ALL), series = at % SERIES, slot = at / SERIES;
        item[n++] =
            (stage_item){ .slot = FIRST + slot, .series = f->id[series], .value = reading(series, slot) };
        if (n < STAGE_MANY && k + 1 < ALL)
            continue;
        OK(stage_add_many(t, item, n));
        n = 0;
        if (stage_full(t))
            OK(stage_flush(t, f->s, NULL, NULL, &total));
    }
    OK(stage_flush(t, f->s, NULL, NULL, &total));
    OK(f->s->ops->batch_commit(f->s));
    stage_free(t);
    return total;
}

static void all_there(fixture *f)
{
    for (int i = 0; i < SERIES; i++)
        for (int d = 0; d < SLOTS / 48; d++) {
            int32_t v[48];
            uint8_t q[48];
            OK(store_read_day(f->s, f->id[i], 20000 + d, STORE_LATEST, v, q));
            for (int k = 0; k < 48; k++) {
                assert_int_equal(v[k], reading(i, d * 48 + k));
                assert_int_equal(q[k], MIZO_QUALITY_MEASURED);
            }
        }
}

static void any_order(void **state)
{
    fixture *f = *state;
    const int steps[] = { 1, 7, 31, 10007 };
    stage_count c = fill(f, 0, steps[3]);
    assert_int_equal(c.added, SERIES * SLOTS);
    assert_int_equal(c.days, SERIES * SLOTS / 48);
    assert_int_equal(c.first, FIRST);
    assert_int_equal(c.last, FIRST + SLOTS - 1);
    all_there(f);
    for (int i = 0; i < 3; i++) { /* again, in other orders: nothing changes */
        c = fill(f, 0, steps[i]);
        assert_int_equal(c.added + c.changed + c.days, 0);
        assert_int_equal(c.same, SERIES * SLOTS);
    }
    all_there(f);
}

static void a_small_table_spills(void **state)
{
    fixture *f = *state;
    stage_count c = fill(f, 300000, 10007);
    assert_int_equal(c.added, SERIES * SLOTS);
    assert_int_equal(c.changed + c.same + c.clashes, 0);
    all_there(f);
}

static void duplicates_are_told(void **state)
{
    fixture *f = *state;
    stage *t = stage_new(0, MIZO_JAPAN_OFFSET);
    stage_result r;
    OK(stage_add(t, f->id[0], FIRST, 5, 0, &r));
    assert_int_equal(r, STAGE_NEW);
    OK(stage_add(t, f->id[0], FIRST, 5, 0, &r));
    assert_int_equal(r, STAGE_SAME);
    OK(stage_add(t, f->id[0], FIRST, 6, 0, &r));
    assert_int_equal(r, STAGE_CLASH);
    OK(stage_add(t, f->id[0], FIRST, 5, MIZO_QUALITY_ESTIMATED, &r));
    assert_int_equal(r, STAGE_CLASH);
    begin(f, 1);
    assert_int_equal(flush(f, t).added, 1);
    OK(f->s->ops->batch_commit(f->s));
    int32_t v[48];
    OK(store_read_day(f->s, f->id[0], 20000, STORE_LATEST, v, NULL));
    assert_int_equal(v[0], 5); /* the first stands */
    assert_int_equal(v[1], MIZO_MISSING);
    stage_free(t);
}

static void note_clash(void *arg, int32_t series, mizo_slot slot)
{
    int64_t *seen = arg;
    *seen = *seen * 1000 + series * 100 + (slot - FIRST);
}

static void duplicates_over_a_spill(void **state)
{
    fixture *f = *state;
    stage *t = stage_new(0, MIZO_JAPAN_OFFSET);
    stage_result r;
    stage_count c = { 0 };
    int64_t seen = 0;
    begin(f, 1);
    OK(stage_add(t, 1, FIRST, 5, 0, &r));
    OK(stage_add(t, 1, FIRST + 1, 5, 0, &r));
    OK(stage_flush(t, f->s, note_clash, &seen, &c));
    OK(stage_add(t, 1, FIRST, 5, 0, &r));
    assert_int_equal(r, STAGE_LATER);
    OK(stage_add(t, 1, FIRST + 1, 9, 0, &r));
    assert_int_equal(r, STAGE_LATER);
    OK(stage_add(t, 1, FIRST + 2, 9, 0, &r));
    assert_int_equal(r, STAGE_NEW);
    OK(stage_flush(t, f->s, note_clash, &seen, &c));
    assert_int_equal(c.clashes, 1);
    assert_int_equal(seen, 101);
    f->s->ops->batch_rollback(f->s);
    stage_free(t);
}

/* A day comes in three parts, over two knowledge-days: each part joins what is there. */
static void partial_days_join(void **state)
{
    fixture *f = *state;
    const mizo_ms known[] = { 0, INT64_C(86400000) * 3, INT64_C(86400000) * 6 };
    for (int part = 0; part < 3; part++) {
        stage *t = stage_new(0, MIZO_JAPAN_OFFSET);
        stage_result r;
        for (int i = 0; i < SERIES; i += part == 1 ? 50 : 1) /* few keys, and many */
            for (int k = part * 16; k < part * 16 + 16; k++)
                OK(stage_add(t, f->id[i], FIRST + k, k, MIZO_QUALITY_PROVISIONAL, &r));
        begin(f, known[part]);
        stage_count c = flush(f, t);
        assert_int_equal(c.added, (part == 1 ? 3 : SERIES) * 16);
        assert_int_equal(c.changed + c.same, 0);
        OK(f->s->ops->batch_commit(f->s));
        stage_free(t);
    }
    int32_t v[48];
    uint8_t q[48];
    OK(store_read_day(f->s, f->id[50], 20000, STORE_LATEST, v, q));
    for (int k = 0; k < 48; k++)
        assert_true(v[k] == k && q[k] == MIZO_QUALITY_PROVISIONAL);
    OK(store_read_day(f->s, f->id[51], 20000, STORE_LATEST, v, q));
    assert_true(v[15] == 15 && v[16] == MIZO_MISSING && v[32] == 32 && q[16] == MIZO_QUALITY_ABSENT);
    OK(store_read_day(f->s, f->id[50], 20000, known[1], v, q));
    assert_true(v[31] == 31 && v[32] == MIZO_MISSING); /* as it was known then */
}

static void changes_are_counted(void **state)
{
    fixture *f = *state;
    stage_result r;
    stage *t = stage_new(0, MIZO_JAPAN_OFFSET);
    OK(stage_add(t, f->id[3], FIRST, 1, 0, &r));
    OK(stage_add(t, f->id[3], FIRST + 1, 2, 0, &r));
    begin(f, 1);
    flush(f, t);
    OK(f->s->ops->batch_commit(f->s));
    OK(stage_add(t, f->id[3], FIRST, 1, 0, &r));
    OK(stage_add(t, f->id[3], FIRST + 1, 3, 0, &r));
    OK(stage_add(t, f->id[3], FIRST + 2, 4, 0, &r));
    begin(f, 2);
    stage_count c = flush(f, t);
    OK(f->s->ops->batch_commit(f->s));
    assert_int_equal(c.same, 1);
    assert_int_equal(c.changed, 1);
    assert_int_equal(c.added, 1);
    assert_int_equal(c.days, 1);
    stage_free(t);
}

static void nonsense_is_refused(void **state)
{
    fixture *f = *state;
    stage *t = stage_new(0, MIZO_JAPAN_OFFSET);
    stage_result r;
    assert_int_equal(stage_add(t, -1, FIRST, 1, 0, &r), MIZO_ERANGE);
    assert_int_equal(stage_add(t, 1, FIRST, MIZO_MISSING, 0, &r), MIZO_ERANGE);
    assert_int_equal(stage_add(t, 1, FIRST, 1, MIZO_QUALITY_ABSENT, &r), MIZO_ERANGE);
    assert_int_equal(stage_add(t, 1, INT64_MAX, 1, 0, &r), MIZO_ERANGE);
    assert_true(stage_empty(t));
    stage_count c = { 0 };
    assert_int_equal(stage_flush(t, f->s, NULL, NULL, &c),
                     MIZO_OK); /* nothing to write: no batch is needed */
    stage_free(t);
    stage_free(NULL);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = { CASE(any_order),           CASE(a_small_table_spills),
                                        CASE(duplicates_are_told), CASE(duplicates_over_a_spill),
                                        CASE(partial_days_join),   CASE(changes_are_counted),
                                        CASE(nonsense_is_refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
