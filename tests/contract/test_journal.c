/* test_journal.c: The contract of the journal, its balances and its people. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(journal),        CASE(balances),        CASE(entries_by_day_and_ref),
        CASE(balances_go_on), CASE(people_and_keys), CASE(balances_do_not_overflow),
    };
    return RUN(cases);
}
