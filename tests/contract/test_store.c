/* One contract, every member: what store.h promises holds for each row of store_members. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mizo/messages/store.h"
#include "mizo/slot.h"
#include "store/store.h"

#define OK(expr) assert_int_equal((expr), MIZO_OK)

enum { HOUR = 3600000 };
static const mizo_ms DAY0 = INT64_C(1750000000000); /* 2025-06-16 00:06:40 in Japan */
static const mizo_ms ONE_DAY = INT64_C(86400000);

typedef struct fixture {
    const store_ops *ops;
    char path[128];
    store *s;
} fixture;

static int set_up(void **state)
{
    fixture *f = *state;
    static int serial;
    snprintf(f->path, sizeof f->path, "%s/mizo-contract-%d-%d.db",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int)getpid(), serial++);
    return f->ops->open(f->path, STORE_CREATE, NULL, &f->s) != MIZO_OK;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    f->ops->close(f->s);
    f->s = NULL;
    const char *const tails[] = { "", "-wal", "-shm", "-lock", ".keys" };
    for (size_t i = 0; i < 4; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s%s", f->path, tails[i]);
        unlink(path);
    }
    return 0;
}

/* ---- helpers ---- */

static int64_t begin(store *s, mizo_ms known)
{
    store_batch b = { .known = known, .actor = "tester", .source = "contract", .note = "" };
    OK(s->ops->batch_begin(s, &b));
    assert_true(b.id > 0);
    return b.id;
}

static void commit(store *s)
{
    OK(s->ops->batch_commit(s));
}

static int32_t series(store *s, const char *owner)
{
    mizo_series_key k = store_key(owner, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id = -1;
    OK(s->ops->series_id(s, &k, true, &id));
    return id;
}

/* Puts a day whose 48 values are all v, in a batch of its own. */
static bool put(store *s, mizo_ms known, int32_t id, mizo_day day, int32_t v)
{
    int32_t values[48];
    bool changed = false;
    for (int i = 0; i < 48; i++)
        values[i] = v;
    begin(s, known);
    OK(store_write_day(s, id, day, values, NULL, 48, &changed));
    commit(s);
    return changed;
}

static int32_t value(store *s, int32_t id, mizo_day day, mizo_ms as_of)
{
    int32_t v[48];
    uint8_t q[48];
    OK(store_read_day(s, id, day, as_of, v, q));
    assert_int_equal(q[0] == MIZO_QUALITY_ABSENT, v[0] == MIZO_MISSING);
    return v[0];
}

typedef struct tally {
    int n;
    int64_t last, sum;
    char text[400];
} tally;

static mizo_err count_day(void *arg, const store_day *d)
{
    tally *t = arg;
    int64_t key = ((int64_t)d->day << 32) + d->series;
    assert_true(t->n == 0 || key > t->last);
    assert_int_equal(mizo_block_count(d->packed, d->len), 48);
    assert_true(d->batch > 0);
    t->last = key;
    t->n++;
    return MIZO_OK;
}

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

/* ---- series and days ---- */

static mizo_err collect_series(void *arg, int32_t id, const mizo_series_key *k)
{
    tally *t = arg;
    t->n++;
    t->sum += id;
    if (strcmp(k->owner, "odd") == 0)
        t->last = k->quantity * 1000000 + k->role * 10000 + k->exponent * 100 + k->step_min;
    return MIZO_OK;
}

static void series_have_numbers(void **state)
{
    fixture *f = *state;
    mizo_series_key odd = { .owner = "odd",
                            .quantity = MIZO_Q_PRICE,
                            .role = MIZO_ROLE_PLAN_MIDNIGHT,
                            .exponent = -2,
                            .step_min = 15 };
    int32_t id, again;
    begin(f->s, 1);
    int32_t a = series(f->s, "a"), b = series(f->s, "b");
    assert_int_not_equal(a, b);
    assert_int_equal(series(f->s, "a"), a);
    OK(f->ops->series_id(f->s, &odd, true, &id));
    commit(f->s);
    OK(f->ops->series_id(f->s, &odd, false, &again));
    assert_int_equal(id, again);
    odd.exponent = 0;
    assert_int_equal(f->ops->series_id(f->s, &odd, false, &again), MIZO_ENOENT);
    tally t = { 0 };
    OK(f->ops->series_scan(f->s, collect_series, &t));
    assert_int_equal(t.n, 3);
    assert_int_equal(t.sum, a + b + id);
    assert_int_equal(t.last, 8 * 1000000 + 4 * 10000 - 200 + 15);
}

static void days_read_back(void **state)
{
    fixture *f = *state;
    int32_t v[48], got[48];
    uint8_t q[48], gotq[48];
    for (int i = 0; i < 48; i++) {
        v[i] = i % 7 == 3 ? MIZO_MISSING : i * 1000 - 500;
        q[i] = i % 7 == 3 ? MIZO_QUALITY_ABSENT : i < 20 ? MIZO_QUALITY_MEASURED : MIZO_QUALITY_FILLED;
    }
    begin(f->s, 1);
    int32_t id = series(f->s, "a");
    OK(store_write_day(f->s, id, -3, v, q, 48, NULL));
    assert_int_equal(value(f->s, id, -3, STORE_LATEST), -500); /* the writer sees its own */
    commit(f->s);
    OK(store_read_day(f->s, id, -3, STORE_LATEST, got, gotq));
    assert_memory_equal(v, got, sizeof v);
    assert_memory_equal(q, gotq, sizeof q);
    assert_int_equal(value(f->s, id, 4, STORE_LATEST), MIZO_MISSING);
    tally t = { 0 };
    assert_int_equal(f->ops->day_get(f->s, id, 4, STORE_LATEST, count_day, &t), MIZO_ENOENT);
    assert_int_equal(t.n, 0);
}

static void days_are_in_order(void **state)
{
    fixture *f = *state;
    int32_t id[5], v[48] = { 0 };
    begin(f->s, 1);
    for (int i = 0; i < 5; i++)
        id[i] = series(f->s, (const char *[]){ "p", "q", "r", "s", "t" }[i]);
    for (int k = 0; k < 60; k++) { /* in no order: 7 and 60 have no common factor */
        int day = k * 7 % 60 / 5, i = k * 7 % 5;
        v[0] = day * 10 + i;
        OK(store_write_day(f->s, id[i], day, v, NULL, 48, NULL));
    }
    commit(f->s);
    tally t = { 0 };
    OK(f->ops->days_all(f->s, INT32_MIN, INT32_MAX, count_day, &t));
    assert_int_equal(t.n, 60);
    t = (tally){ 0 };
    OK(f->ops->days_all(f->s, 3, 5, count_day, &t));
    assert_int_equal(t.n, 10);
    t = (tally){ 0 };
    OK(f->ops->days_of(f->s, id[2], 2, 9, STORE_LATEST, count_day, &t));
    assert_int_equal(t.n, 7);
    mizo_day first, last;
    OK(f->ops->day_span(f->s, -1, &first, &last));
    assert_int_equal(first * 100 + last, 11);
}

static void span_of_one_series(void **state)
{
    fixture *f = *state;
    mizo_day first, last;
    assert_int_equal(f->ops->day_span(f->s, -1, &first, &last), MIZO_ENOENT);
    begin(f->s, 1);
    int32_t a = series(f->s, "a"), b = series(f->s, "b"), c = series(f->s, "c");
    commit(f->s);
    put(f->s, 1, a, 100, 1);
    put(f->s, 1, a, 20000, 1);
    put(f->s, 1, b, 150, 1);
    put(f->s, 1, b, 160, 1);
    OK(f->ops->day_span(f->s, b, &first, &last));
    assert_int_equal(first, 150);
    assert_int_equal(last, 160);
    assert_int_equal(f->ops->day_span(f->s, c, &first, &last), MIZO_ENOENT);
    OK(f->ops->day_span(f->s, -1, &first, &last));
    assert_int_equal(first, 100);
    assert_int_equal(last, 20000);
}

static void equal_days_change_nothing(void **state)
{
    fixture *f = *state;
    begin(f->s, DAY0);
    int32_t id = series(f->s, "a");
    commit(f->s);
    assert_true(put(f->s, DAY0, id, 5, 1));
    assert_false(put(f->s, DAY0 + 30 * ONE_DAY, id, 5, 1));
    assert_int_equal(value(f->s, id, 5, DAY0), 1); /* known since the first, not since the second */
    assert_true(put(f->s, DAY0 + 31 * ONE_DAY, id, 5, 2));
    assert_int_equal(value(f->s, id, 5, DAY0 + 30 * ONE_DAY), 1);
}

/* ---- vintages ---- */

static void as_of_is_exact(void **state)
{
    fixture *f = *state;
    begin(f->s, DAY0);
    int32_t id = series(f->s, "a");
    commit(f->s);
    for (int k = 0; k < 5; k++)
        put(f->s, DAY0 + k * 10 * ONE_DAY, id, 7, 100 + k);
    assert_int_equal(value(f->s, id, 7, DAY0 - 1), MIZO_MISSING);
    for (int k = 0; k < 5; k++) {
        mizo_ms t = DAY0 + k * 10 * ONE_DAY;
        assert_int_equal(value(f->s, id, 7, t), 100 + k);
        assert_int_equal(value(f->s, id, 7, t + 9 * ONE_DAY), 100 + k);
        if (k)
            assert_int_equal(value(f->s, id, 7, t - 1), 99 + k);
    }
    assert_int_equal(value(f->s, id, 7, STORE_LATEST), 104);
    tally t = { 0 };
    OK(f->ops->days_of(f->s, id, 0, 100, DAY0 - 1, count_day, &t));
    assert_int_equal(t.n, 0);
    OK(f->ops->days_of(f->s, id, 0, 100, DAY0, count_day, &t));
    assert_int_equal(t.n, 1);
}

/* Writes of one knowledge-day, a local one, are one vintage: midnight is at 15:00 UTC. */
static void one_day_is_one_vintage(void **state)
{
    fixture *f = *state;
    const mizo_ms midnight = INT64_C(1749999600000); /* 2025-06-16T00:00+09:00 */
    begin(f->s, midnight);
    int32_t id = series(f->s, "a");
    commit(f->s);
    put(f->s, midnight - 1, id, 7, 1); /* the day before */
    for (int h = 0; h < 24; h++)
        put(f->s, midnight + h * HOUR, id, 7, 10 + h);
    put(f->s, midnight + ONE_DAY, id, 7, 99);
    assert_int_equal(value(f->s, id, 7, midnight - 1), 1);
    assert_int_equal(value(f->s, id, 7, midnight + ONE_DAY - 1), 33);
    assert_int_equal(value(f->s, id, 7, midnight + 12 * HOUR), 1); /* nothing that came later is seen */
    assert_int_equal(value(f->s, id, 7, STORE_LATEST), 99);
}

static void a_filled_gap_is_a_vintage(void **state)
{
    fixture *f = *state;
    int32_t v[48], got[48];
    for (int i = 0; i < 48; i++)
        v[i] = i < 24 ? i : MIZO_MISSING;
    begin(f->s, DAY0);
    int32_t id = series(f->s, "a");
    OK(store_write_day(f->s, id, 7, v, NULL, 48, NULL));
    commit(f->s);
    for (int i = 24; i < 48; i++)
        v[i] = i;
    begin(f->s, DAY0 + 2 * ONE_DAY);
    OK(store_write_day(f->s, id, 7, v, NULL, 48, NULL));
    commit(f->s);
    OK(store_read_day(f->s, id, 7, DAY0 + ONE_DAY, got, NULL));
    assert_int_equal(got[23], 23);
    assert_int_equal(got[24], MIZO_MISSING);
    OK(store_read_day(f->s, id, 7, STORE_LATEST, got, NULL));
    assert_int_equal(got[47], 47);
}

/* ---- periods and sessions ---- */

static mizo_err collect_period(void *arg, const store_period *p)
{
    tally *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s/%d:%d-%d=%lld/%d ", p->point, p->quantity, p->from, p->to,
             (long long)p->energy_wh, p->max_w == MIZO_MISSING ? -1 : p->max_w);
    t->n++;
    return MIZO_OK;
}

static bool put_period(store *s, mizo_ms known, const char *point, mizo_day from, mizo_day to, mizo_wh wh,
                       int32_t max_w)
{
    store_period p = {
        .quantity = MIZO_Q_IMPORT, .quality = 1, .from = from, .to = to, .energy_wh = wh, .max_w = max_w
    };
    bool changed;
    memcpy(p.point, point, strlen(point) + 1);
    begin(s, known);
    OK(s->ops->period_put(s, &p, &changed));
    commit(s);
    return changed;
}

static void periods(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    assert_true(put_period(f->s, DAY0, "a", 0, 30, 1000, 50));
    assert_true(put_period(f->s, DAY0, "a", 30, 60, 2000, MIZO_MISSING));
    assert_true(put_period(f->s, DAY0, "b", 10, 40, 3000, MIZO_MISSING));
    assert_false(put_period(f->s, DAY0 + 40 * ONE_DAY, "a", 0, 30, 1000, 50));
    OK(f->ops->period_scan(f->s, NULL, 0, 100, STORE_LATEST, collect_period, &t));
    assert_string_equal(t.text, "a/1:0-30=1000/50 a/1:30-60=2000/-1 b/1:10-40=3000/-1 ");
    t = (tally){ 0 };
    OK(f->ops->period_scan(f->s, "a", 30, 31, STORE_LATEST, collect_period, &t));
    assert_string_equal(t.text, "a/1:30-60=2000/-1 ");
    t = (tally){ 0 };
    OK(f->ops->period_scan(f->s, "a", 29, 30, STORE_LATEST, collect_period, &t));
    assert_string_equal(t.text, "a/1:0-30=1000/50 ");
    store_period wrong = { .point = "a", .quantity = 1, .from = 5, .to = 5 };
    begin(f->s, 1);
    assert_int_equal(f->ops->period_put(f->s, &wrong, NULL), MIZO_ERANGE);
    f->ops->batch_rollback(f->s);
}

static void periods_have_vintages(void **state)
{
    fixture *f = *state;
    put_period(f->s, DAY0, "a", 0, 30, 1000, 50);
    put_period(f->s, DAY0 + HOUR, "a", 0, 30, 1100, 50); /* the same knowledge-day */
    put_period(f->s, DAY0 + 5 * ONE_DAY, "a", 0, 30, 1200, 50);
    tally t = { 0 };
    OK(f->ops->period_scan(f->s, "a", 0, 30, DAY0 + 4 * ONE_DAY, collect_period, &t));
    assert_string_equal(t.text, "a/1:0-30=1100/50 ");
    t = (tally){ 0 };
    OK(f->ops->period_scan(f->s, NULL, 0, 30, STORE_LATEST, collect_period, &t));
    assert_string_equal(t.text, "a/1:0-30=1200/50 ");
    t = (tally){ 0 };
    OK(f->ops->period_scan(f->s, "a", 0, 30, DAY0 - 1, collect_period, &t));
    assert_int_equal(t.n, 0);
}

static mizo_err collect_session(void *arg, const store_session *p)
{
    tally *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s@%s:%lld-%lld=%lld ", p->vehicle, p->charger,
             (long long)p->arrive, (long long)p->depart, (long long)p->need_wh);
    return MIZO_OK;
}

static void sessions(void **state)
{
    fixture *f = *state;
    const store_session rows[] = {
        {"van-2",  "c-1", 200, 400, 7},
        { "van-1", "c-1", 100, 200, 5},
        { "van-1", "c-2", 300, 500, 6}
    };
    bool changed;
    begin(f->s, 1);
    for (int i = 0; i < 3; i++) {
        OK(f->ops->session_put(f->s, &rows[i], &changed));
        assert_true(changed);
    }
    OK(f->ops->session_put(f->s, &rows[1], &changed));
    assert_false(changed);
    store_session later = rows[1];
    later.depart = 250;
    OK(f->ops->session_put(f->s, &later, &changed));
    assert_true(changed);
    later.depart = later.arrive;
    assert_int_equal(f->ops->session_put(f->s, &later, &changed), MIZO_ERANGE);
    commit(f->s);
    tally t = { 0 };
    OK(f->ops->session_scan(f->s, 0, 1000, collect_session, &t));
    assert_string_equal(t.text, "van-1@c-1:100-250=5 van-2@c-1:200-400=7 van-1@c-2:300-500=6 ");
    t = (tally){ 0 };
    OK(f->ops->session_scan(f->s, 250, 300, collect_session, &t));
    assert_string_equal(t.text, "van-2@c-1:200-400=7 ");
}

/* ---- models and records ---- */

static mizo_err collect_model(void *arg, const char *hash, const char *text, int64_t batch)
{
    tally *t = arg;
    snprintf(t->text, sizeof t->text, "%s=%s", hash, text);
    t->last = batch;
    return MIZO_OK;
}

static void models(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    bool changed;
    assert_int_equal(f->ops->model_get(f->s, NULL, collect_model, &t), MIZO_ENOENT);
    begin(f->s, 1);
    OK(f->ops->model_put(f->s, "h1", "one", &changed));
    assert_true(changed);
    OK(f->ops->model_put(f->s, "h1", "one", &changed));
    assert_false(changed);
    OK(f->ops->model_put(f->s, "h2", "two", &changed));
    commit(f->s);
    OK(f->ops->model_get(f->s, NULL, collect_model, &t));
    assert_string_equal(t.text, "h2=two");
    OK(f->ops->model_get(f->s, "h1", collect_model, &t));
    assert_string_equal(t.text, "h1=one");
    assert_int_equal(f->ops->model_get(f->s, "h3", collect_model, &t), MIZO_ENOENT);
    int64_t b = begin(f->s, 2); /* a model that comes back is the latest again */
    OK(f->ops->model_put(f->s, "h1", "one", &changed));
    assert_true(changed);
    commit(f->s);
    OK(f->ops->model_get(f->s, NULL, collect_model, &t));
    assert_string_equal(t.text, "h1=one");
    assert_int_equal(t.last, b);
}

static mizo_err collect_record(void *arg, const store_record *r)
{
    tally *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s/%s.%lld=%s ", r->kind, r->id, (long long)r->version,
             r->json);
    return MIZO_OK;
}

static void records(void **state)
{
    fixture *f = *state;
    bool changed;
    tally t = { 0 };
    begin(f->s, 1);
    OK(f->ops->record_put(f->s, "note", "b", "{}", &changed));
    OK(f->ops->record_put(f->s, "note", "a", "1", &changed));
    OK(f->ops->record_put(f->s, "note", "a", "2", &changed));
    assert_true(changed);
    OK(f->ops->record_put(f->s, "note", "a", "2", &changed));
    assert_false(changed);
    OK(f->ops->record_put(f->s, "notes", "a", "other", &changed));
    commit(f->s);
    OK(f->ops->record_scan(f->s, "note", NULL, collect_record, &t));
    assert_string_equal(t.text, "note/a.2=2 note/b.1={} ");
    t = (tally){ 0 };
    OK(f->ops->record_scan(f->s, "note", "a", collect_record, &t));
    assert_string_equal(t.text, "note/a.2=2 ");
    t = (tally){ 0 };
    OK(f->ops->record_versions(f->s, "note", "a", collect_record, &t));
    assert_string_equal(t.text, "note/a.1=1 note/a.2=2 ");
    t = (tally){ 0 };
    OK(f->ops->record_scan(f->s, "none", NULL, collect_record, &t));
    assert_string_equal(t.text, "");
}

static mizo_err two_are_enough(void *arg, const store_record *r)
{
    tally *t = arg;
    (void)collect_record(arg, r);
    return t->text[0] && strchr(strchr(t->text, ' ') + 1, ' ') ? MIZO_ECANCELED : MIZO_OK;
}

static void records_from_the_last(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    begin(f->s, 1);
    OK(f->ops->record_put(f->s, "audit", "001", "a", NULL));
    OK(f->ops->record_put(f->s, "audit", "002", "b", NULL));
    OK(f->ops->record_put(f->s, "audit", "002", "c", NULL));
    OK(f->ops->record_put(f->s, "audit", "010", "d", NULL));
    OK(f->ops->record_put(f->s, "audits", "011", "other", NULL));
    commit(f->s);
    OK(f->ops->record_newest(f->s, "audit", NULL, collect_record, &t));
    assert_string_equal(t.text, "audit/010.1=d audit/002.2=c audit/001.1=a ");
    t = (tally){ 0 };
    OK(f->ops->record_newest(f->s, "audit", "010", collect_record, &t));
    assert_string_equal(t.text, "audit/002.2=c audit/001.1=a ");
    t = (tally){ 0 };
    assert_int_equal(f->ops->record_newest(f->s, "audit", NULL, two_are_enough, &t), MIZO_ECANCELED);
    assert_string_equal(t.text, "audit/010.1=d audit/002.2=c ");
    t = (tally){ 0 };
    OK(f->ops->record_newest(f->s, "audit", "001", collect_record, &t));
    assert_string_equal(t.text, "");
}

static void secrets(void **state)
{
    fixture *f = *state;
    bool changed;
    tally t = { 0 };
    assert_int_equal(f->ops->secret_put(f->s, "password", "a", "1", NULL), MIZO_ESTORE); /* no batch */
    begin(f->s, 1);
    OK(f->ops->secret_put(f->s, "password", "b", "1", &changed));
    assert_true(changed);
    OK(f->ops->secret_put(f->s, "password", "a", "canary-of-old", &changed));
    OK(f->ops->secret_put(f->s, "passwords", "a", "other", &changed));
    commit(f->s);
    begin(f->s, 2);
    OK(f->ops->secret_put(f->s, "password", "a", "2", &changed));
    assert_true(changed);
    OK(f->ops->secret_put(f->s, "password", "a", "2", &changed));
    assert_false(changed);
    OK(f->ops->secret_put(f->s, "password", "b", NULL, &changed));
    assert_true(changed);
    OK(f->ops->secret_put(f->s, "password", "none", NULL, &changed));
    assert_false(changed);
    commit(f->s);
    OK(f->ops->secret_scan(f->s, "password", NULL, collect_record, &t));
    assert_string_equal(t.text, "password/a.1=2 ");
    t = (tally){ 0 };
    OK(f->ops->secret_scan(f->s, "password", "b", collect_record, &t));
    assert_string_equal(t.text, "");
    begin(f->s, 3);
    OK(f->ops->secret_put(f->s, "password", "a", NULL, NULL));
    f->ops->batch_rollback(f->s);
    OK(f->ops->secret_scan(f->s, "password", "a", collect_record, &t));
    assert_string_equal(t.text, "password/a.1=2 ");
}

/* ---- the journal ---- */

static mizo_err append(store *s, mizo_day day, const char *from, const char *to, const int32_t *slots,
                       int64_t amount, uint8_t mark)
{
    store_entry e = { .day = day,
                      .from = from,
                      .to = to,
                      .unit = "Wh-re",
                      .kind = "generation",
                      .ref = "r",
                      .amount = amount,
                      .slots = slots };
    uint8_t hash[32];
    memset(hash, mark, sizeof hash);
    mizo_err err = s->ops->entry_append(s, &e, hash);
    if (!err) {
        assert_memory_equal(e.hash, hash, 32);
        assert_true(e.batch > 0);
    }
    return err;
}

static mizo_err collect_entry(void *arg, const store_entry *e)
{
    tally *t = arg;
    assert_int_equal(e->seq, t->n + 1);
    assert_int_equal(e->hash[0], e->hash[31]);
    int64_t sum = 0;
    for (int i = 0; e->slots && i < 48; i++)
        sum += e->slots[i];
    if (e->slots)
        assert_int_equal(sum, e->amount);
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%d %s>%s %s %s %s %lld %d%s|", e->day, e->from, e->to,
             e->unit, e->kind, e->ref, (long long)e->amount, e->hash[0], e->slots ? "*" : "");
    t->n++;
    return MIZO_OK;
}

static void journal(void **state)
{
    fixture *f = *state;
    int32_t slots[48] = { 0 };
    int64_t seq;
    uint8_t hash[32] = { 9 }, zero[32] = { 0 };
    OK(f->ops->entry_head(f->s, &seq, hash));
    assert_int_equal(seq, 0);
    assert_memory_equal(hash, zero, 32);
    slots[3] = 40;
    slots[47] = INT32_MAX;
    begin(f->s, 1);
    OK(append(f->s, 5, "source:x", "pool:town", slots, (int64_t)INT32_MAX + 40, 1));
    OK(append(f->s, 5, "pool:town", "use:s-1", NULL, 7, 2));
    assert_int_equal(append(f->s, 5, "a", "b", slots, 41, 3), MIZO_EINPUT); /* slots do not add up */
    assert_int_equal(append(f->s, 5, "a", "b", NULL, 0, 3), MIZO_EINPUT);
    assert_int_equal(append(f->s, 5, "a", "b", NULL, -4, 3), MIZO_EINPUT);
    commit(f->s);
    OK(f->ops->entry_head(f->s, &seq, hash));
    assert_int_equal(seq, 2);
    assert_int_equal(hash[0], 2);
    tally t = { 0 };
    OK(f->ops->entry_scan(f->s, 0, collect_entry, &t));
    assert_string_equal(t.text, "5 source:x>pool:town Wh-re generation r 2147483687 1*|"
                                "5 pool:town>use:s-1 Wh-re generation r 7 2|");
}

static mizo_err add_balances(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                             const int64_t *slots)
{
    tally *t = arg;
    assert_string_equal(unit, "Wh-re");
    assert_true(strlen(account) > 0);
    if (day == MIZO_DAY_NONE)
        assert_null(slots);
    t->sum += total;
    t->n++;
    return MIZO_OK;
}

static void balances(void **state)
{
    fixture *f = *state;
    int32_t slots[48] = { 0 };
    int64_t total, got[48];
    begin(f->s, 1);
    for (int k = 0; k < 10; k++) {
        slots[k] = 1000000000;
        slots[40] = k;
        int64_t sum = 0;
        for (int i = 0; i < 48; i++)
            sum += slots[i];
        OK(append(f->s, 5 + k % 2, "source:x", "pool:town", slots, sum, 1));
    }
    OK(append(f->s, 5, "pool:town", "use:y", NULL, 77, 1));
    commit(f->s);
    OK(f->ops->balance_get(f->s, "pool:town", "Wh-re", 5, &total, got));
    assert_int_equal(got[0], INT64_C(5000000000)); /* more than 32 bits */
    assert_int_equal(got[1], INT64_C(4000000000));
    assert_int_equal(got[40], 0 + 2 + 4 + 6 + 8);
    assert_int_equal(total, INT64_C(25000000000) + 20 - 77);
    OK(f->ops->balance_get(f->s, "source:x", "Wh-re", 6, &total, got));
    assert_int_equal(got[0], INT64_C(-5000000000));
    OK(f->ops->balance_get(f->s, "use:y", "Wh-re", MIZO_DAY_NONE, &total, NULL));
    assert_int_equal(total, 77);
    OK(f->ops->balance_get(f->s, "nobody", "Wh-re", 5, &total, got));
    assert_int_equal(total, 0);
    assert_int_equal(got[0], 0);
    tally t = { 0 };
    OK(f->ops->balance_scan(f->s, INT32_MIN, MIZO_DAY_NONE, add_balances, &t));
    assert_int_equal(t.sum, 0); /* what left one account came to another */
    assert_int_equal(t.n, 2 + 2 + 1 + 3);
}

static mizo_err collect_seq(void *arg, const store_entry *e)
{
    tally *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%lld:%d ", (long long)e->seq, e->day);
    return MIZO_OK;
}

static void entries_by_day_and_ref(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    begin(f->s, 1);
    OK(append(f->s, 7, "source:x", "pool:town", NULL, 1, 1));
    OK(append(f->s, 5, "source:x", "pool:town", NULL, 2, 1));
    OK(append(f->s, -3, "source:x", "pool:town", NULL, 3, 1));
    OK(append(f->s, 5, "source:x", "pool:town", NULL, 4, 1));
    OK(f->ops->entry_days(f->s, 5, 8, collect_seq, &t)); /* of the open batch too */
    assert_string_equal(t.text, "2:5 4:5 1:7 ");
    commit(f->s);
    t = (tally){ 0 };
    OK(f->ops->entry_days(f->s, INT32_MIN, 6, collect_seq, &t));
    assert_string_equal(t.text, "3:-3 2:5 4:5 ");
    t = (tally){ 0 };
    OK(f->ops->entry_days(f->s, 8, MIZO_DAY_NONE, collect_seq, &t));
    assert_string_equal(t.text, "");
    OK(f->ops->entry_ref(f->s, "r", collect_seq, &t));
    assert_string_equal(t.text, "1:7 2:5 3:-3 4:5 ");
    t = (tally){ 0 };
    OK(f->ops->entry_ref(f->s, "", collect_seq, &t));
    OK(f->ops->entry_ref(f->s, "rr", collect_seq, &t));
    assert_string_equal(t.text, "");
}

static mizo_err count_balance(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                              const int64_t *slots)
{
    tally *t = arg;
    (void)unit;
    (void)slots;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s@%d=%lld ", account, day == MIZO_DAY_NONE ? -1 : day,
             (long long)total);
    return MIZO_OK;
}

/* A second batch adds to what the first left, with and without slots; a look alone writes nothing. */
static void balances_go_on(void **state)
{
    fixture *f = *state;
    int32_t slots[48] = { 3, 4 };
    int64_t total, got[48];
    tally t = { 0 };
    begin(f->s, 1);
    OK(append(f->s, 5, "a:x", "b:x", slots, 7, 1));
    OK(append(f->s, 6, "a:x", "b:x", NULL, 10, 1));
    commit(f->s);
    begin(f->s, 2);
    OK(f->ops->balance_get(f->s, "c:x", "Wh-re", 5, &total, got)); /* looked at, never moved */
    assert_int_equal(total, 0);
    OK(append(f->s, 5, "a:x", "b:x", slots, 7, 1));
    OK(append(f->s, 5, "a:x", "b:x", NULL, 1, 1));
    OK(append(f->s, 6, "b:x", "a:x", NULL, 4, 1));
    OK(f->ops->balance_get(f->s, "b:x", "Wh-re", 5, &total, got)); /* at once */
    assert_int_equal(total, 15);
    assert_int_equal(got[1], 8);
    commit(f->s);
    OK(f->ops->balance_get(f->s, "a:x", "Wh-re", 5, &total, got));
    assert_int_equal(total, -15);
    assert_int_equal(got[0], -6);
    OK(f->ops->balance_scan(f->s, 6, MIZO_DAY_NONE, count_balance, &t));
    assert_string_equal(t.text, "a:x@6=-6 b:x@6=6 a:x@-1=-21 b:x@-1=21 ");
    OK(f->ops->verify(f->s, NULL));
}

static mizo_err collect_person(void *arg, const char *id, int64_t batch, const void *sealed, size_t n)
{
    tally *t = arg;
    size_t at = strlen(t->text);
    assert_true(batch > 0);
    snprintf(t->text + at, sizeof t->text - at, "%s=%.*s ", id, (int)n, (const char *)sealed);
    return MIZO_OK;
}

static void people_and_keys(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    uint8_t key[32] = { 7, 8 }, got[32], many[64] = { [31] = 1, [63] = 2 };
    const char *const h1 = "h-1", *const two[] = { "h-3", "h-4" };
    assert_int_equal(f->ops->key_get(f->s, "h-1", got), MIZO_ENOENT);
    assert_int_equal(f->ops->key_drop(f->s, "h-1"), MIZO_ENOENT);
    assert_int_equal(f->ops->person_put(f->s, "h-1", "x", 1), MIZO_ESTORE); /* needs a batch */
    OK(f->ops->key_put(f->s, 1, &h1, key));
    OK(f->ops->key_put(f->s, 2, two, many));
    OK(f->ops->key_get(f->s, "h-4", got));
    assert_memory_equal(got, many + 32, 32);
    begin(f->s, 1);
    OK(f->ops->person_put(f->s, "h-2", "two", 3));
    OK(f->ops->person_put(f->s, "h-1", "one", 3));
    assert_int_equal(f->ops->key_put(f->s, 1, &h1, key), MIZO_EBUSY);
    assert_int_equal(f->ops->key_drop(f->s, "h-1"), MIZO_EBUSY);
    commit(f->s);
    OK(f->ops->key_get(f->s, "h-1", got));
    assert_memory_equal(got, key, 32);
    store *r;
    OK(f->ops->open(f->path, STORE_READ, NULL, &r));
    OK(f->ops->key_get(r, "h-1", got));
    assert_int_equal(f->ops->key_put(r, 1, &h1, key), MIZO_ESTORE);
    f->ops->close(r);
    OK(f->ops->person_scan(f->s, NULL, collect_person, &t));
    assert_string_equal(t.text, "h-1=one h-2=two ");
    begin(f->s, 2);
    OK(f->ops->person_put(f->s, "h-1", "", 0));
    commit(f->s);
    t = (tally){ 0 };
    OK(f->ops->person_scan(f->s, "h-1", collect_person, &t));
    assert_string_equal(t.text, "h-1= ");
    key[0] = 9;
    OK(f->ops->key_put(f->s, 1, &h1, key));
    OK(f->ops->key_get(f->s, "h-1", got));
    assert_int_equal(got[0], 9);
    OK(f->ops->key_drop(f->s, "h-1"));
    assert_int_equal(f->ops->key_get(f->s, "h-1", got), MIZO_ENOENT);
}

static void balances_do_not_overflow(void **state)
{
    fixture *f = *state;
    begin(f->s, 1);
    OK(append(f->s, 5, "a", "b", NULL, INT64_MAX, 1));
    assert_int_equal(append(f->s, 5, "a", "b", NULL, 1, 1), MIZO_ERANGE);
    assert_int_equal(f->ops->batch_commit(f->s), MIZO_ERANGE); /* half an entry is none */
    int64_t seq;
    uint8_t hash[32];
    OK(f->ops->entry_head(f->s, &seq, hash));
    assert_int_equal(seq, 0);
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

#define CASE(fn)                                                                                             \
    {                                                                                                        \
        .name = #fn, .test_func = fn, .setup_func = set_up, .teardown_func = tear_down                       \
    }

int main(void)
{
    int failed = 0;
    for (const store_ops *const *m = store_members; *m; m++) {
        fixture f = { .ops = *m };
        struct CMUnitTest tests[] = { CASE(batches),
                                      CASE(note_and_hash_stay),
                                      CASE(scan_stops),
                                      CASE(writes_need_a_batch),
                                      CASE(rollback_leaves_nothing),
                                      CASE(rollback_after_close),
                                      CASE(series_have_numbers),
                                      CASE(days_read_back),
                                      CASE(days_are_in_order),
                                      CASE(span_of_one_series),
                                      CASE(equal_days_change_nothing),
                                      CASE(as_of_is_exact),
                                      CASE(one_day_is_one_vintage),
                                      CASE(a_filled_gap_is_a_vintage),
                                      CASE(periods),
                                      CASE(periods_have_vintages),
                                      CASE(sessions),
                                      CASE(models),
                                      CASE(records),
                                      CASE(records_from_the_last),
                                      CASE(secrets),
                                      CASE(journal),
                                      CASE(balances),
                                      CASE(balances_go_on),
                                      CASE(entries_by_day_and_ref),
                                      CASE(people_and_keys),
                                      CASE(balances_do_not_overflow),
                                      CASE(readers_see_what_is_committed),
                                      CASE(snapshots_stand_still),
                                      CASE(two_writers_take_turns),
                                      CASE(opening),
                                      CASE(checkpoint_and_verify),
                                      CASE(acts_join_a_batch),
                                      CASE(calls_inside_a_scan) };
        for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
            tests[i].initial_state = &f;
        failed += cmocka_run_group_tests_name((*m)->name, tests, NULL, NULL);
    }
    return failed;
}
