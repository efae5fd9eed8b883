/* The writer: what it acknowledges is durable, a job at fault undoes itself alone, a failed sync is final. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/store.h"
#include "town/writer.h"

#define OK(expr) assert_int_equal((expr), MIZO_OK)

enum { JOBS = 300 };

/* A store that is the simulated one, and whose commit can be made to fail. */
static store_ops brittle;
static int commits, fail_commit; /* touched by the writer's thread, read after it has ended */

static mizo_err commit(store *s)
{
    commits++;
    if (fail_commit && commits == fail_commit) {
        store_memory.batch_rollback(s);
        return MIZO_ESTORE;
    }
    return store_memory.batch_commit(s);
}

static mizo_err open_brittle(const char *path, store_mode mode, mizo_diags *d, store **out)
{
    mizo_err e = store_memory.open(path, mode, d, out);
    if (!e)
        (*out)->ops = &brittle;
    return e;
}

typedef struct job {
    int number;
    bool bad;
    int runs, answers;
    mizo_err result;
    bool there; /* what the store held when the answer came */
    store *look;
} job;

typedef struct fixture {
    env *env;
    store *look; /* a connection of the test */
    char name[40];
    job job[JOBS];
} fixture;

static int set_up(void **state)
{
    static fixture f;
    static int serial;
    memset(&f, 0, sizeof f);
    snprintf(f.name, sizeof f.name, "writer-%d", serial++);
    commits = fail_commit = 0;
    brittle = store_memory;
    brittle.open = open_brittle;
    brittle.batch_commit = commit;
    f.env = env_uv_new(ENV_ERROR + 1);
    *state = &f;
    return !f.env || store_memory.open(f.name, STORE_CREATE, NULL, &f.look);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    store_memory.close(f->look);
    env_uv_free(f->env);
    return 0;
}

static mizo_err run(store *s, void *arg)
{
    job *j = arg;
    char id[20];
    j->runs++;
    snprintf(id, sizeof id, "j-%d", j->number);
    uint8_t hash[32] = { 0 };
    store_entry e = { .day = 1, .from = "a", .to = "b", .unit = "Wh", .kind = "k", .ref = id, .amount = 1 };
    MIZO_TRY(s->ops->entry_append(s, &e, hash));
    MIZO_TRY(s->ops->record_put(s, "job", id, "{}", NULL));
    return j->bad ? MIZO_EINPUT : MIZO_OK;
}

static mizo_err one(void *arg, const store_record *r)
{
    (void)r;
    *(bool *)arg = true;
    return MIZO_OK;
}

static void done(void *arg, mizo_err e)
{
    job *j = arg;
    char id[20];
    snprintf(id, sizeof id, "j-%d", j->number);
    j->answers++;
    j->result = e;
    store_memory.record_scan(j->look, "job", id, one, &j->there);
}

static void put_all(fixture *f, writer *w, int n, int bad_every)
{
    for (int i = 0; i < n; i++) {
        job *j = &f->job[i];
        *j = (job){ .number = i, .bad = bad_every && i % bad_every == 1, .look = f->look };
        writer_job wj = { .run = run, .done = done, .arg = j, .known = i, .actor = "test", .source = "t" };
        mizo_err e = writer_put(w, &wj);
        if (e) {
            assert_int_equal(e, MIZO_ESTORE);
            j->result = e;
            j->answers = 1;
        }
    }
}

static mizo_err count_entry(void *arg, const store_entry *e)
{
    (void)e;
    ++*(int *)arg;
    return MIZO_OK;
}

static void each_is_answered_after_it_is_kept(void **state)
{
    fixture *f = *state;
    writer *w;
    OK(writer_start(f->env, &brittle, f->name, false, NULL, &w));
    put_all(f, w, JOBS, 0);
    writer_stop(w);
    int entries = 0;
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(f->job[i].answers, 1);
        OK(f->job[i].result);
        assert_true(f->job[i].there); /* it was in the store when the answer came */
    }
    OK(store_memory.entry_scan(f->look, 0, count_entry, &entries));
    assert_int_equal(entries, JOBS);
    assert_true(commits < JOBS); /* they went in groups */
}

static void a_bad_job_undoes_itself_alone(void **state)
{
    fixture *f = *state;
    writer *w;
    OK(writer_start(f->env, &brittle, f->name, false, NULL, &w));
    put_all(f, w, JOBS, 10);
    writer_stop(w);
    int entries = 0;
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(f->job[i].answers, 1);
        assert_int_equal(f->job[i].result, f->job[i].bad ? MIZO_EINPUT : MIZO_OK);
        assert_int_equal(f->job[i].there, !f->job[i].bad);
    }
    OK(store_memory.entry_scan(f->look, 0, count_entry, &entries));
    assert_int_equal(entries, JOBS - JOBS / 10); /* a retry doubles nothing */
}

static void a_failed_commit_is_final(void **state)
{
    fixture *f = *state;
    writer *w;
    OK(writer_start(f->env, &brittle, f->name, false, NULL, &w));
    fail_commit = 1;
    put_all(f, w, JOBS, 0);
    writer_stop(w);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(f->job[i].answers, 1);
        assert_int_equal(f->job[i].result, MIZO_ESTORE); /* all of them: nothing is tried again */
    }
    int entries = 0;
    OK(store_memory.entry_scan(f->look, 0, count_entry, &entries));
    assert_int_equal(entries, 0);
    assert_int_equal(commits, 1);
}

static void opening_can_fail(void **state)
{
    fixture *f = *state;
    writer *w;
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(writer_start(f->env, &brittle, "no-such-store", false, d, &w), MIZO_ENOENT);
    assert_null(w);
    assert_int_equal(mizo_diags_kept(d), 1);
    mizo_diags_free(d);
    writer_stop(NULL);
}

static mizo_err wait_for_release(store *s, void *arg)
{
    (void)s;
    env *e = arg;
    e->ops->sleep_ms(e, 150);
    return MIZO_OK;
}

/* More than the mailbox holds: the job stays the caller's, who is told to come again. */
static void too_much_is_refused(void **state)
{
    fixture *f = *state;
    writer *w;
    OK(writer_start(f->env, &brittle, f->name, false, NULL, &w));
    writer_job wj = { .run = wait_for_release, .arg = f->env, .actor = "test", .source = "t" };
    int refused = 0;
    OK(writer_put(w, &wj));
    f->env->ops->sleep_ms(f->env, 30); /* it is at work now; the others wait */
    wj.run = run;
    for (int i = 0; i < WRITER_QUEUE + 200 && !refused; i++) {
        f->job[0].number = 1;
        wj.arg = &f->job[0];
        mizo_err e = writer_put(w, &wj);
        refused = e == MIZO_EFULL;
    }
    assert_true(refused);
    writer_stop(w);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = { CASE(each_is_answered_after_it_is_kept),
                                        CASE(a_bad_job_undoes_itself_alone), CASE(a_failed_commit_is_final),
                                        CASE(opening_can_fail), CASE(too_much_is_refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
