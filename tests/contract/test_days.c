/* test_days.c: The contract of series, days, periods and sessions, and of what they were before. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
    static const struct CMUnitTest cases[] = {
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
    };
    return RUN(cases);
}
