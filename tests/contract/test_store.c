/* test_store.c: One contract, every member: what store.h promises of batches, handles and scans holds for each row of store_members. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- batches ---- */

static mizo_err collect_batch(void *arg, const store_batch *b)
{
    tally *t = arg;
    assert_true(b->id > t->last);
    t->last = b->id;
    t->n++;
    snprintf(t->text, sizeof t->text, "%lld %s %s %s %.5s", (long long)b->known, b->actor, b->source, b->note,
             b->hash);
    return MIZO_OK;
}

static void batches(void **state)
{
    fixture *f = *state;
    store_batch b = { .known = 77, .actor = "mizo import", .source = "a.csv", .note = "{}" };
    memcpy(b.hash, "abcde", 6);
    OK(f->ops->batch_begin(f->s, &b));
    OK(f->ops->batch_note(f->s, "{\"rows\":1}"));
    commit(f->s);
    int64_t first = b.id;
    begin(f->s, 78);
    f->ops->batch_rollback(f->s);
    int64_t second = begin(f->s, 79);
    commit(f->s);
    tally t = { 0 };
    OK(f->ops->batch_scan(f->s, 0, collect_batch, &t));
    assert_int_equal(t.n, 2);
    assert_string_equal(t.text, "79 tester contract  ");
    t = (tally){ 0 };
    OK(f->ops->batch_scan(f->s, first - 1, collect_batch, &t));
    assert_int_equal(t.last, second);
    t = (tally){ 0 };
    OK(f->ops->batch_scan(f->s, second, collect_batch, &t));
    assert_int_equal(t.n, 0);
}

static void note_and_hash_stay(void **state)
{
    fixture *f = *state;
    store_batch b = { .known = 77, .actor = "mizo import", .source = "a.csv", .note = "{}" };
    memcpy(b.hash, "abcde", 6);
    OK(f->ops->batch_begin(f->s, &b));
    OK(f->ops->batch_note(f->s, "{\"rows\":1}"));
    commit(f->s);
    tally t = { 0 };
    OK(f->ops->batch_scan(f->s, 0, collect_batch, &t));
    assert_string_equal(t.text, "77 mizo import a.csv {\"rows\":1} abcde");
}

static mizo_err stop_at_once(void *arg, const store_batch *b)
{
    (void)b;
    ++*(int *)arg;
    return MIZO_ECANCELED;
}

static void scan_stops(void **state)
{
    fixture *f = *state;
    int calls = 0;
    for (int i = 0; i < 3; i++) {
        begin(f->s, i);
        commit(f->s);
    }
    assert_int_equal(f->ops->batch_scan(f->s, 0, stop_at_once, &calls), MIZO_ECANCELED);
    assert_int_equal(calls, 1);
}

static void writes_need_a_batch(void **state)
{
    fixture *f = *state;
    mizo_series_key k = store_key("a", MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id, v[48] = { 0 };
    uint8_t hash[32] = { 0 };
    store_period p = { .point = "a", .from = 1, .to = 2 };
    store_session z = { .vehicle = "v", .charger = "c", .arrive = 1, .depart = 2 };
    store_entry e = { .from = "a", .to = "b", .unit = "Wh", .kind = "k", .ref = "", .amount = 1, .day = 1 };
    assert_int_equal(f->ops->series_id(f->s, &k, true, &id), MIZO_ESTORE);
    assert_int_equal(f->ops->series_id(f->s, &k, false, &id), MIZO_ENOENT);
    assert_int_equal(store_write_day(f->s, 1, 1, v, NULL, 48, NULL), MIZO_ESTORE);
    assert_int_equal(f->ops->period_put(f->s, &p, NULL), MIZO_ESTORE);
    assert_int_equal(f->ops->session_put(f->s, &z, NULL), MIZO_ESTORE);
    assert_int_equal(f->ops->model_put(f->s, "h", "t", NULL), MIZO_ESTORE);
    assert_int_equal(f->ops->record_put(f->s, "k", "i", "{}", NULL), MIZO_ESTORE);
    assert_int_equal(f->ops->entry_append(f->s, &e, hash), MIZO_ESTORE);
    assert_int_equal(f->ops->batch_note(f->s, "x"), MIZO_ESTORE);
    assert_int_equal(f->ops->batch_commit(f->s), MIZO_ESTORE);
    store_batch b = { .actor = "", .source = "", .note = "" };
    OK(f->ops->batch_begin(f->s, &b));
    assert_int_equal(f->ops->batch_begin(f->s, &b), MIZO_EBUSY);
    f->ops->batch_rollback(f->s);
}

static void rollback_leaves_nothing(void **state)
{
    fixture *f = *state;
    int32_t v[48] = { 5 };
    begin(f->s, DAY0);
    int32_t id = series(f->s, "kept");
    OK(store_write_day(f->s, id, 10, v, NULL, 48, NULL));
    commit(f->s);

    begin(f->s, DAY0 + ONE_DAY);
    v[0] = 6;
    OK(store_write_day(f->s, id, 10, v, NULL, 48, NULL));
    OK(store_write_day(f->s, series(f->s, "gone"), 11, v, NULL, 48, NULL));
    store_entry e = { .from = "a", .to = "b", .unit = "Wh", .kind = "k", .ref = "", .amount = 9, .day = 1 };
    uint8_t hash[32] = { 1 };
    OK(f->ops->entry_append(f->s, &e, hash));
    OK(f->ops->record_put(f->s, "k", "i", "{}", NULL));
    f->ops->batch_rollback(f->s);

    mizo_series_key gone = store_key("gone", MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t no;
    assert_int_equal(f->ops->series_id(f->s, &gone, false, &no), MIZO_ENOENT);
    assert_int_equal(value(f->s, id, 10, STORE_LATEST), 5);
    tally t = { 0 };
    OK(f->ops->days_all(f->s, 0, 100, count_day, &t));
    assert_int_equal(t.n, 1);
    int64_t seq, total = 1;
    OK(f->ops->entry_head(f->s, &seq, hash));
    assert_int_equal(seq, 0);
    OK(f->ops->balance_get(f->s, "b", "Wh", MIZO_DAY_NONE, &total, NULL));
    assert_int_equal(total, 0);
}

static void rollback_after_close(void **state)
{
    fixture *f = *state;
    store *two;
    OK(f->ops->open(f->path, STORE_WRITE, NULL, &two));
    begin(two, 1);
    series(two, "lost");
    f->ops->close(two); /* an open batch goes with its handle */
    mizo_series_key k = store_key("lost", MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id;
    assert_int_equal(f->ops->series_id(f->s, &k, false, &id), MIZO_ENOENT);
    begin(f->s, 2);
    commit(f->s);
}

/* ---- two handles ---- */

static void readers_see_what_is_committed(void **state)
{
    fixture *f = *state;
    store *r;
    begin(f->s, 1);
    int32_t id = series(f->s, "a");
    commit(f->s);
    put(f->s, 1, id, 1, 10);
    OK(f->ops->open(f->path, STORE_READ, NULL, &r));
    int64_t before, after, own;
    OK(r->ops->data_version(r, &before));
    OK(f->ops->data_version(f->s, &own));
    int32_t v[48] = { 0 };
    begin(f->s, 2);
    OK(store_write_day(f->s, id, 1, v, NULL, 48, NULL));
    assert_int_equal(value(r, id, 1, STORE_LATEST), 10);
    commit(f->s);
    assert_int_equal(value(r, id, 1, STORE_LATEST), 0);
    OK(r->ops->data_version(r, &after));
    assert_int_not_equal(before, after);
    OK(f->ops->data_version(f->s, &after));
    assert_int_equal(own, after); /* one's own commits do not count */
    store_batch b = { .actor = "", .source = "", .note = "" };
    assert_int_equal(r->ops->batch_begin(r, &b), MIZO_ESTORE);
    assert_int_equal(r->ops->checkpoint(r), MIZO_ESTORE);
    r->ops->close(r);
}

static void snapshots_stand_still(void **state)
{
    fixture *f = *state;
    store *r;
    begin(f->s, 1);
    int32_t id = series(f->s, "a");
    commit(f->s);
    put(f->s, 1, id, 1, 10);
    OK(f->ops->open(f->path, STORE_READ, NULL, &r));
    OK(r->ops->snapshot(r, true));
    assert_int_equal(r->ops->snapshot(r, true), MIZO_EBUSY);
    put(f->s, 2, id, 1, 20);
    put(f->s, 2, id, 2, 20);
    assert_int_equal(value(r, id, 1, STORE_LATEST), 10);
    assert_int_equal(value(r, id, 2, STORE_LATEST), MIZO_MISSING);
    tally t = { 0 };
    OK(r->ops->days_of(r, id, 0, 9, STORE_LATEST, count_day, &t));
    assert_int_equal(t.n, 1);
    OK(r->ops->snapshot(r, false));
    OK(r->ops->snapshot(r, false));
    assert_int_equal(value(r, id, 1, STORE_LATEST), 20);
    r->ops->close(r);
}

static void two_writers_take_turns(void **state)
{
    fixture *f = *state;
    store *two;
    setenv("MIZO_TEST_WAIT_MS", "30", 1);
    OK(f->ops->open(f->path, STORE_WRITE, NULL, &two));
    begin(f->s, 1);
    series(f->s, "a");
    store_batch b = { .known = 2, .actor = "", .source = "", .note = "" };
    assert_int_equal(two->ops->batch_begin(two, &b), MIZO_EBUSY);
    commit(f->s);
    OK(two->ops->batch_begin(two, &b));
    assert_int_equal(b.id, 2);
    assert_int_equal(series(two, "a"), 1);
    commit(two);
    two->ops->close(two);
    unsetenv("MIZO_TEST_WAIT_MS");
}

static void opening(void **state)
{
    fixture *f = *state;
    store *s = f->s;
    char none[160];
    snprintf(none, sizeof none, "%s-none", f->path);
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(f->ops->open(none, STORE_READ, d, &s), MIZO_ENOENT);
    assert_null(s);
    assert_int_equal(f->ops->open(none, STORE_WRITE, d, &s), MIZO_ENOENT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 2);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_STORE_ABSENT);
    mizo_diags_free(d);
    f->ops->close(NULL);
}

static void checkpoint_and_verify(void **state)
{
    fixture *f = *state;
    begin(f->s, 1);
    int32_t id = series(f->s, "a");
    assert_int_equal(f->ops->checkpoint(f->s), MIZO_EBUSY);
    commit(f->s);
    for (int k = 0; k < 20; k++)
        put(f->s, k * ONE_DAY, id, 1, k);
    begin(f->s, 1);
    OK(append(f->s, 1, "a", "b", NULL, 5, 1));
    commit(f->s);
    OK(f->ops->checkpoint(f->s));
    OK(f->ops->verify(f->s, NULL));
    assert_int_equal(value(f->s, id, 1, STORE_LATEST), 19);
    begin(f->s, 1);
    const uint8_t nonsense[] = { 0xff, 1, 2, 3 };
    OK(f->ops->day_put(f->s, id, 3, nonsense, sizeof nonsense, NULL));
    commit(f->s);
    assert_int_equal(f->ops->verify(f->s, NULL), MIZO_EINPUT);
}

static mizo_err nested(void *arg, const store_day *d)
{
    fixture *f = arg;
    tally t = { 0 };
    OK(f->ops->days_all(f->s, 0, 10, count_day, &t));
    assert_int_equal(t.n, 3);
    assert_int_equal(value(f->s, d->series, d->day, STORE_LATEST), d->day);
    return MIZO_OK;
}

static void calls_inside_a_scan(void **state)
{
    fixture *f = *state;
    begin(f->s, 1);
    int32_t id = series(f->s, "a");
    commit(f->s);
    for (int k = 0; k < 3; k++)
        put(f->s, 1, id, k, k);
    OK(f->ops->days_all(f->s, 0, 10, nested, f));
}

static mizo_err take_version(void *arg, const store_record *r)
{
    *(int64_t *)arg = r->version;
    return MIZO_OK;
}

/* An act with a batch of its own joins the one that is open; what it rolls back fails the whole. */
static void acts_join_a_batch(void **state)
{
    fixture *f = *state;
    store_joined j;
    store_batch own = { .known = 2, .actor = "act", .source = "contract", .note = "" };
    int64_t id = begin(f->s, 1), version = 0;
    store_join(f->s, &j);
    OK(f->s->ops->batch_begin(f->s, &own));
    assert_int_equal(own.id, id);
    OK(f->s->ops->record_put(f->s, "joined", "a", "1", NULL));
    OK(f->s->ops->batch_commit(f->s));
    OK(store_leave(f->s));
    assert_ptr_equal(f->s->ops, f->ops);
    commit(f->s);
    OK(f->s->ops->record_scan(f->s, "joined", "a", take_version, &version));
    assert_int_equal(version, 1);
    begin(f->s, 3);
    store_join(f->s, &j);
    OK(f->s->ops->batch_begin(f->s, &own));
    OK(f->s->ops->record_put(f->s, "joined", "a", "2", NULL));
    f->s->ops->batch_rollback(f->s);
    assert_int_equal(f->s->ops->batch_begin(f->s, &own), MIZO_ECANCELED);
    assert_int_equal(f->s->ops->batch_commit(f->s), MIZO_ECANCELED);
    assert_int_equal(store_leave(f->s), MIZO_ECANCELED);
    f->s->ops->batch_rollback(f->s);
    OK(f->s->ops->record_scan(f->s, "joined", "a", take_version, &version));
    assert_int_equal(version, 1);
}

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(batches),
        CASE(note_and_hash_stay),
        CASE(scan_stops),
        CASE(writes_need_a_batch),
        CASE(rollback_leaves_nothing),
        CASE(rollback_after_close),
        CASE(readers_see_what_is_committed),
        CASE(snapshots_stand_still),
        CASE(two_writers_take_turns),
        CASE(opening),
        CASE(checkpoint_and_verify),
        CASE(calls_inside_a_scan),
        CASE(acts_join_a_batch),
    };
    return RUN(cases);
}
