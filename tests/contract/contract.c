/* contract.c: stores of every member for the contract's suites. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int set_up(void **state)
{
    fixture *f = *state;
    static int serial;
    snprintf(f->path, sizeof f->path, "%s/mizo-contract-%d-%d.db",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int)getpid(), serial++);
    return f->ops->open(f->path, STORE_CREATE, NULL, &f->s) != MIZO_OK;
}

int tear_down(void **state)
{
    fixture *f = *state;
    f->ops->close(f->s);
    f->s = NULL;
    const char *const tails[] = { "", "-wal", "-shm", "-lock", ".keys" };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s%s", f->path, tails[i]);
        unlink(path);
    }
    return 0;
}

int64_t begin(store *s, mizo_ms known)
{
    store_batch b = { .known = known, .actor = "tester", .source = "contract", .note = "" };
    OK(s->ops->batch_begin(s, &b));
    assert_true(b.id > 0);
    return b.id;
}

void commit(store *s)
{
    OK(s->ops->batch_commit(s));
}

int32_t series(store *s, const char *owner)
{
    mizo_series_key k = store_key(owner, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id = -1;
    OK(s->ops->series_id(s, &k, true, &id));
    return id;
}

bool put(store *s, mizo_ms known, int32_t id, mizo_day day, int32_t v)
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

int32_t value(store *s, int32_t id, mizo_day day, mizo_ms as_of)
{
    int32_t v[48];
    uint8_t q[48];
    OK(store_read_day(s, id, day, as_of, v, q));
    assert_int_equal(q[0] == MIZO_QUALITY_ABSENT, v[0] == MIZO_MISSING);
    return v[0];
}

mizo_err count_day(void *arg, const store_day *d)
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

mizo_err append(store *s, mizo_day day, const char *from, const char *to, const int32_t *slots,
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

enum { MOST = 40 };

int run_contract(const struct CMUnitTest *cases, size_t n)
{
    int failed = 0;
    for (const store_ops *const *m = store_members; *m; m++) {
        fixture f = { .ops = *m };
        struct CMUnitTest tests[MOST];
        assert_true(n <= MOST);
        memcpy(tests, cases, n * sizeof *cases);
        for (size_t i = 0; i < n; i++)
            tests[i].initial_state = &f;
        failed += _cmocka_run_group_tests((*m)->name, tests, n, NULL, NULL);
    }
    return failed;
}
