/* Both worlds, and the mailbox between threads. */
#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/env_sim.h"
#include "base/mailbox.h"

typedef struct trace {
    env *e;
    char text[256];
    env_timer *timer;
    int left;
} trace;

static void note(trace *t, const char *what)
{
    size_t n = strlen(t->text);
    snprintf(t->text + n, sizeof t->text - n, "%s@%lld ", what,
             (long long)(t->e->ops->mono_ns(t->e) / 1000000));
}

static void on_tick(void *arg)
{
    trace *t = arg;
    note(t, "tick");
    if (--t->left == 0) {
        t->e->ops->timer_stop(t->e, t->timer); /* inside its own call */
        t->e->ops->stop(t->e);
    }
}

static void on_once(void *arg)
{
    note(arg, "once");
}

static void on_post(void *arg)
{
    note(arg, "post");
}

static void on_work(void *arg)
{
    note(arg, "work");
}

static void on_done(void *arg)
{
    note(arg, "done");
}

static void simulated_time(void **state)
{
    (void)state;
    env *e = env_sim_new(&(env_sim_options){ .seed = 1, .start = 1000 });
    trace t = { .e = e, .left = 3 };
    env_timer *once;
    assert_int_equal(e->ops->timer(e, 10, 20, on_tick, &t, &t.timer), MIZO_OK);
    assert_int_equal(e->ops->timer(e, 30, 0, on_once, &t, &once), MIZO_OK);
    assert_int_equal(e->ops->post(e, on_post, &t), MIZO_OK);
    assert_int_equal(e->ops->job(e, on_work, on_done, &t), MIZO_OK);
    env_sim_advance(e, 5);
    assert_string_equal(t.text, "post@0 work@0 done@0 ");
    assert_int_equal(e->ops->wall_ms(e), 1005);
    env_sim_jump(e, -3600000); /* the wall clock jumps, the timers do not care */
    assert_int_equal(e->ops->run(e), MIZO_OK);
    assert_string_equal(t.text, "post@0 work@0 done@0 tick@10 once@30 tick@30 tick@50 ");
    assert_int_equal(e->ops->wall_ms(e), 1050 - 3600000);
    e->ops->timer_stop(e, once);
    e->ops->timer_stop(e, NULL);
    e->ops->sleep_ms(e, 7);
    assert_int_equal(e->ops->mono_ns(e), 57000000);
    assert_null(e->ops->loop(e));
    env_sim_free(e);
}

static void simulated_chance(void **state)
{
    (void)state;
    unsigned char a[32], b[32];
    env *e = env_sim_new(&(env_sim_options){ .seed = 5 });
    e->ops->random(e, a, sizeof a);
    env_sim_free(e);
    e = env_sim_new(&(env_sim_options){ .seed = 5 });
    e->ops->random(e, b, sizeof b);
    assert_memory_equal(a, b, sizeof a);
    e->ops->random(e, b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    env_sim_free(e);
}

static mizo_err add_name(void *arg, const char *name)
{
    strcat(arg, name);
    strcat(arg, " ");
    return strcmp(name, "stop") ? MIZO_OK : MIZO_ECANCELED;
}

/* The same calls in both worlds. */
static void files_in(env *e, const char *dir)
{
    char path[300], names[64] = "";
    int64_t stamp, size;
    buf b;
    buf_init(&b, 100);
    snprintf(path, sizeof path, "%s/deep/er", dir);
    assert_int_equal(e->ops->make_dir(e, path), MIZO_OK);
    assert_int_equal(e->ops->make_dir(e, path), MIZO_OK);
    snprintf(path, sizeof path, "%s/deep/er/b.txt", dir);
    assert_int_equal(e->ops->read_file(e, path, &b), MIZO_ENOENT);
    assert_int_equal(e->ops->file_stamp(e, path, &stamp, &size), MIZO_ENOENT);
    assert_int_equal(e->ops->write_file(e, path, "one", 3), MIZO_OK);
    assert_int_equal(e->ops->write_file(e, path, "three", 5), MIZO_OK);
    assert_int_equal(e->ops->read_file(e, path, &b), MIZO_OK);
    assert_string_equal(b.p, "three");
    assert_int_equal(e->ops->file_stamp(e, path, &stamp, &size), MIZO_OK);
    assert_int_equal(size, 5);
    char big[200] = { 0 };
    snprintf(path, sizeof path, "%s/deep/er/a.txt", dir);
    assert_int_equal(e->ops->write_file(e, path, big, sizeof big), MIZO_OK);
    buf_clear(&b);
    assert_int_equal(e->ops->read_file(e, path, &b), MIZO_EFULL);
    snprintf(path, sizeof path, "%s/deep/er", dir);
    assert_int_equal(e->ops->list_dir(e, path, add_name, names), MIZO_OK);
    assert_string_equal(names, "a.txt b.txt ");
    snprintf(path, sizeof path, "%s/deep/er/stop", dir);
    assert_int_equal(e->ops->write_file(e, path, "", 0), MIZO_OK);
    snprintf(path, sizeof path, "%s/deep/er", dir);
    assert_int_equal(e->ops->list_dir(e, path, add_name, names), MIZO_ECANCELED);
    buf_fini(&b);
}

static void simulated_files(void **state)
{
    (void)state;
    env *e = env_sim_new(&(env_sim_options){ .seed = 1 });
    files_in(e, "town");
    int64_t calls = env_sim_file_calls(e);
    assert_true(calls > 10);
    buf b;
    buf_init(&b, 0);
    env_sim_fail_at(e, 2);
    assert_int_equal(e->ops->read_file(e, "town/deep/er/b.txt", &b), MIZO_OK);
    mizo_err err = e->ops->read_file(e, "town/deep/er/b.txt", &b);
    assert_true(err == MIZO_EIO || err == MIZO_EFULL);
    assert_int_equal(e->ops->read_file(e, "town/deep/er/b.txt", &b), MIZO_OK);
    env_sim_free(e);
    e = env_sim_new(&(env_sim_options){ .seed = 1, .fault_ppm = 250000 });
    int failed = 0;
    for (int i = 0; i < 1000; i++)
        failed += e->ops->make_dir(e, "x") != MIZO_OK;
    assert_true(failed > 180 && failed < 320);
    env_sim_free(e);
    buf_fini(&b);
}

static void simulated_log(void **state)
{
    (void)state;
    env *e = env_sim_new(&(env_sim_options){ .seed = 1 });
    assert_string_equal(env_sim_log(e), "");
    env_logf(e, ENV_WARN, "store", "name=%s", "evil\nlevel=error\x1b[2J");
    assert_string_equal(env_sim_log(e), "warn store name=evil level=error [2J\n");
    env_sim_free(e);
}

static void real_files(void **state)
{
    (void)state;
    char dir[] = "/tmp/mizo-test-XXXXXX";
    assert_non_null(mkdtemp(dir));
    env *e = env_uv_new(ENV_ERROR);
    assert_non_null(e);
    files_in(e, dir);
    char path[300];
    snprintf(path, sizeof path, "%s/deep/er/b.txt/x", dir); /* a file is no directory */
    assert_int_not_equal(e->ops->make_dir(e, path), MIZO_OK);
    assert_int_equal(e->ops->write_file(e, path, "x", 1), MIZO_ENOENT);
    assert_int_equal(e->ops->write_file(e, "/dev/null/x", "x", 1), MIZO_ENOENT);
    env_uv_free(e);
    static const char *const name[] = { "deep/er/a.txt", "deep/er/b.txt", "deep/er/stop",
                                        "deep/er",       "deep",          "" };
    for (size_t i = 0; i < ROWS(name); i++) { /* nothing else was left behind */
        snprintf(path, sizeof path, "%s/%s", dir, name[i]);
        assert_int_equal(remove(path), 0);
    }
}

typedef struct crew {
    env *e;
    mailbox *box;
    int sum, jobs;
} crew;

static void on_sum(void *arg)
{
    crew *c = arg;
    c->e->ops->stop(c->e);
}

static void sender(void *arg)
{
    crew *c = arg;
    for (intptr_t i = 1; i <= 1000;) {
        mizo_err err = mailbox_put(c->box, (void *)i);
        if (err == MIZO_OK)
            i++;
        else
            c->e->ops->sleep_ms(c->e, 1);
    }
    mailbox_close(c->box);
}

static void receiver(void *arg)
{
    crew *c = arg;
    void *got[7];
    bool closed = false;
    while (!closed) {
        size_t n = mailbox_take(c->box, got, ROWS(got), -1, &closed);
        for (size_t i = 0; i < n; i++)
            c->sum += (int)(intptr_t)got[i];
    }
    (void)c->e->ops->post(c->e, on_sum, c);
}

static void job_work(void *arg)
{
    (void)arg;
}

static void job_done(void *arg)
{
    ((crew *)arg)->jobs++;
}

static void real_threads(void **state)
{
    (void)state;
    env *e = env_uv_new(ENV_ERROR);
    crew c = { .e = e, .box = mailbox_new(16) };
    assert_true(e && c.box);
    env_thread *a, *b;
    env_timer *never;
    assert_int_equal(e->ops->timer(e, 3600000, 0, on_sum, &c, &never), MIZO_OK);
    assert_int_equal(e->ops->job(e, job_work, job_done, &c), MIZO_OK);
    assert_int_equal(e->ops->thread(e, "receiver", receiver, &c, &a), MIZO_OK);
    assert_int_equal(e->ops->thread(e, "sender", sender, &c, &b), MIZO_OK);
    assert_int_equal(e->ops->run(e), MIZO_OK);
    e->ops->join(e, a);
    e->ops->join(e, b);
    assert_int_equal(c.sum, 500500);
    e->ops->timer_stop(e, never);
    uint64_t t0 = e->ops->mono_ns(e);
    e->ops->sleep_ms(e, 2);
    assert_true(e->ops->mono_ns(e) - t0 >= 2000000);
    assert_true(e->ops->wall_ms(e) > 1700000000000);
    assert_non_null(e->ops->loop(e));
    env_uv_free(e); /* the job is finished here at the latest */
    assert_int_equal(c.jobs, 1);
    mailbox_free(c.box);
}

static void a_mailbox(void **state)
{
    (void)state;
    assert_null(mailbox_new(0));
    assert_null(mailbox_new(SIZE_MAX));
    mailbox *m = mailbox_new(2);
    void *out[3];
    bool closed = true;
    int a, b;
    assert_int_equal(mailbox_take(m, out, 3, 5, &closed), 0); /* time is up */
    assert_false(closed);
    assert_int_equal(mailbox_put(m, &a), MIZO_OK);
    assert_int_equal(mailbox_put(m, &b), MIZO_OK);
    assert_int_equal(mailbox_put(m, &a), MIZO_EFULL);
    mailbox_close(m);
    assert_int_equal(mailbox_put(m, &a), MIZO_ECANCELED);
    assert_int_equal(mailbox_take(m, out, 1, -1, &closed), 1); /* what is there still comes */
    assert_ptr_equal(out[0], &a);
    assert_false(closed);
    assert_int_equal(mailbox_take(m, out, 3, -1, &closed), 1);
    assert_ptr_equal(out[0], &b);
    assert_int_equal(mailbox_take(m, out, 3, -1, &closed), 0);
    assert_true(closed);
    mailbox_free(m);
    mailbox_free(NULL);
}

static void on_signal(void *arg)
{
    ((crew *)arg)->jobs++;
    on_sum(arg);
}

static void on_raise(void *arg)
{
    (void)arg;
    kill(getpid(), SIGTERM);
}

static void signals(void **state)
{
    (void)state;
    env *e = env_uv_new(ENV_ERROR);
    crew c = { .e = e };
    env_timer *soon;
    assert_int_equal(env_uv_on_signal(e, on_signal, &c), MIZO_OK);
    assert_int_equal(e->ops->timer(e, 1, 0, on_raise, NULL, &soon), MIZO_OK);
    assert_int_equal(e->ops->run(e), MIZO_OK);
    assert_int_equal(c.jobs, 1);
    env_uv_free(e); /* a timer that nobody stopped goes with it */
    assert_false(env_interrupted());
    env_interruptible();
    kill(getpid(), SIGINT);
    assert_true(env_interrupted());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulated_time),  cmocka_unit_test(simulated_chance),
        cmocka_unit_test(simulated_files), cmocka_unit_test(simulated_log),
        cmocka_unit_test(real_files),      cmocka_unit_test(real_threads),
        cmocka_unit_test(a_mailbox),       cmocka_unit_test(signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
