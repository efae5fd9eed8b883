/* Bills out of a store: power factors as recorded, quarter-hours, an instant in the past, one series beside another. */
#include "../retail/worked.h"
#include "mizo/messages/bill.h"
#include "store/store.h"
#include "town/bills/billing.h"

typedef struct world {
    const mizo_region *r;
    store *s;
    mizo_diags *d;
    town t;
} world;

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    w->d = mizo_diags_new(0);
    assert_int_equal(worked_region(NULL, NULL, NULL, w->d, &w->r), MIZO_OK);
    assert_int_equal(store_memory.open("billing", STORE_CREATE, w->d, &w->s), MIZO_OK);
    w->t = (town){ .region = w->r, .store = w->s, .diags = w->d };
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    store_memory.close(w->s);
    mizo_region_unref(w->r);
    mizo_diags_free(w->d);
    free(w);
    return 0;
}

static mizo_day day(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static void begin(world *w, mizo_ms known)
{
    store_batch b = { .known = known, .actor = "test", .source = "test", .note = "" };
    assert_int_equal(w->s->ops->batch_begin(w->s, &b), MIZO_OK);
}

static void commit(world *w)
{
    assert_int_equal(w->s->ops->batch_commit(w->s), MIZO_OK);
}

/* Every step of [from, to) of a point has the same energy. */
static void put_days(world *w, const char *point, int step, mizo_day from, mizo_day to, int32_t each)
{
    int32_t v[96], id;
    bool changed;
    mizo_series_key key = store_key(point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    key.step_min = (int16_t)step;
    for (int i = 0; i < 96; i++)
        v[i] = each;
    assert_int_equal(w->s->ops->series_id(w->s, &key, true, &id), MIZO_OK);
    for (mizo_day d = from; d < to; d++)
        assert_int_equal(store_write_day(w->s, id, d, v, NULL, 1440 / step, &changed), MIZO_OK);
}

/* What an operator's file of the month said, as it is recorded. */
static void put_confirmed(world *w, const char *id, const char *json)
{
    bool changed;
    assert_int_equal(w->s->ops->record_put(w->s, "confirmed", id, json, &changed), MIZO_OK);
}

static void put_factor(world *w, const char *id, const char *json)
{
    bool changed;
    assert_int_equal(w->s->ops->record_put(w->s, "power-factor", id, json, &changed), MIZO_OK);
}

typedef struct caught {
    mizo_bill bill;
    int n;
    char json[20000];
    mizo_err answer;
} caught;

static mizo_err catch (void *arg, const mizo_bill *b, const char *json)
{
    caught *c = arg;
    c->bill = *b;
    c->n++;
    snprintf(c->json, sizeof c->json, "%s", json);
    return c->answer;
}

static void the_power_factor_as_recorded(void **state)
{
    world *w = *state;
    caught *c = calloc(1, sizeof *c);
    billing_sum sum;
    begin(w, 1000);
    put_days(w, "p-tou", 30, day(2021, 5, 1), day(2021, 6, 1), 1000);
    put_factor(w, "p-tou:2021-05", "{\"percent\": \"98.5\"}");
    commit(w);
    begin(w, 90000000);
    put_factor(w, "p-tou:2021-05", "{\"percent\": \"84.2\"}");
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 9), STORE_LATEST, "tou", catch, c, &sum), MIZO_OK);
    assert_int_equal(c->bill.power_factor_e6, 84200000);
    assert_true(c->bill.power_factor_read);
    assert_int_equal(c->bill.line[0].power_factor_e6, 84000000);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 9), 5000, "tou", catch, c, &sum), MIZO_OK);
    assert_int_equal(c->bill.power_factor_e6, 98500000);
    assert_int_equal(c->bill.as_of, 5000);
    begin(w, 99000000);
    put_factor(w, "p-tou:2021-05", "{\"percent\": \"much\"}");
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 9), STORE_LATEST, "tou", catch, c, &sum), MIZO_EINPUT);
    assert_int_equal(sum.failed, 1);
    assert_int_equal(mizo_diags_at(w->d, 0)->id, MIZO_MSG_BILL_POWER_FACTOR);
    free(c);
}

static void the_power_factor_that_the_operator_confirmed(void **state)
{
    world *w = *state;
    caught *c = calloc(1, sizeof *c);
    billing_sum sum;
    begin(w, 1000);
    put_days(w, "p-tou", 30, day(2021, 5, 1), day(2021, 6, 1), 1000);
    put_confirmed(w, "p-tou-202105", "{\"point\":\"p-tou\",\"power_factor_e2\":-1}");
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 1), STORE_LATEST, "tou", catch, c, &sum), MIZO_OK);
    assert_false(c->bill.power_factor_read);
    assert_int_equal(c->bill.power_factor_e6, 100000000);
    begin(w, 90000000);
    put_confirmed(w, "p-tou-202105", "{\"point\":\"p-tou\",\"power_factor_e2\":9650}");
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 1), STORE_LATEST, "tou", catch, c, &sum), MIZO_OK);
    assert_true(c->bill.power_factor_read);
    assert_int_equal(c->bill.power_factor_e6, 96500000);
    begin(w, 99000000);
    put_factor(w, "p-tou:2021-05", "{\"percent\": \"99\"}"); /* a person knew better */
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 1), STORE_LATEST, "tou", catch, c, &sum), MIZO_OK);
    assert_int_equal(c->bill.power_factor_e6, 99000000);
    free(c);
}

/* A series of half-hours beside one of quarters: a half-hour is taken from one of them, never from both. */
static void quarters_and_halves(void **state)
{
    world *w = *state;
    caught *c = calloc(1, sizeof *c);
    billing_sum sum;
    begin(w, 1000);
    put_days(w, "p-wheel", 15, day(2021, 7, 1), day(2021, 8, 1), 250);
    put_days(w, "p-wheel", 30, day(2021, 7, 1), day(2021, 7, 11), 800);
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 7, 1), STORE_LATEST, "wheel", catch, c, &sum), MIZO_OK);
    assert_int_equal(c->bill.wh, 10 * 48 * 800 + 21 * 48 * 500);
    assert_int_equal(c->bill.max_w, 1600);
    assert_int_equal(c->bill.known, 1000);
    assert_int_equal(sum.bills, 1);
    assert_int_equal(sum.exact, sum.total + sum.left);
    assert_int_equal(sum.total, c->bill.total);
    free(c);
}

/* Maxima of the months before by a reading day in the month; the 12th month before no longer counts. */
static void the_months_of_a_reading_day(void **state)
{
    world *w = *state;
    caught *c = calloc(1, sizeof *c);
    billing_sum sum;
    begin(w, 1000);
    put_days(w, "p-smart", 30, day(2020, 1, 19), day(2020, 1, 20),
             9000); /* of the January bill: 12 months back */
    put_days(w, "p-smart", 30, day(2020, 1, 20), day(2020, 1, 21), 4000); /* of the February bill */
    put_days(w, "p-smart", 30, day(2020, 12, 19), day(2020, 12, 20), 3000);
    put_days(w, "p-smart", 30, day(2020, 12, 20), day(2021, 1, 20), 1000);
    commit(w);
    assert_int_equal(billing_make(&w->t, day(2021, 1, 1), STORE_LATEST, "smart", catch, c, &sum), MIZO_OK);
    assert_int_equal(c->bill.demand_w, 8000);
    assert_int_equal(c->bill.months_known, 2);
    assert_int_equal(c->bill.max_w, 2000);
    free(c);
}

static void who_takes_them_may_stop(void **state)
{
    world *w = *state;
    caught *c = calloc(1, sizeof *c);
    billing_sum sum;
    begin(w, 1000);
    put_days(w, "p-tou", 30, day(2021, 5, 1), day(2021, 6, 1), 1000);
    commit(w);
    c->answer = MIZO_EFULL; /* a disk that fills */
    assert_int_equal(billing_make(&w->t, day(2021, 5, 1), STORE_LATEST, "tou", catch, c, &sum), MIZO_EFULL);
    assert_int_equal(c->n, 1);
    assert_int_equal(billing_make(&w->t, day(2021, 5, 1), STORE_LATEST, "nobody", catch, c, &sum),
                     MIZO_ENOENT);
    assert_int_equal(billing_make(&w->t, day(2041, 5, 1), STORE_LATEST, "home", catch, c, &sum), MIZO_EINPUT);
    free(c);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_power_factor_as_recorded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_power_factor_that_the_operator_confirmed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quarters_and_halves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_months_of_a_reading_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_takes_them_may_stop, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
