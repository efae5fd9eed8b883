/* What can be wrong with a store and its disk, one at a time: it is said, and nothing is lost. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "disk.h"
#include "ledger.h"
#include "mizo/messages/store.h"
#include "store/lock.h"

#define OK(expr) assert_int_equal((expr), MIZO_OK)

static char path[200];

static const char *with(const char *tail)
{
    static char out[220];
    snprintf(out, sizeof out, "%s%s", path, tail);
    return out;
}

static void sweep(void)
{
    (void)rmdir(path); /* a test puts a directory in the way */
    const char *const tails[] = { "", "-wal", "-shm", "-lock", "-journal", ".layout-0" };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        unlink(with(tails[i]));
}

static int set_up(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/mizo-faults-%d.db", tmp && strlen(tmp) < 100 ? tmp : "/tmp",
             (int)getpid());
    sweep();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sweep();
    return 0;
}

static int set_up_disk(void **state)
{
    disk_install();
    return set_up(state);
}

static int tear_down_disk(void **state)
{
    disk_uninstall();
    return tear_down(state);
}

static store *open_store(store_mode mode)
{
    store *s;
    OK(store_sqlite.open(path, mode, NULL, &s));
    return s;
}

static void fill(int64_t from, int64_t to)
{
    store *s = open_store(STORE_CREATE);
    for (int64_t b = from; b <= to; b++)
        OK(ledger_write(s, b, true));
    store_sqlite.close(s);
}

static void holds(int64_t n)
{
    store *s = open_store(STORE_READ);
    int64_t count;
    OK(ledger_count(s, &count));
    assert_int_equal(count, n);
    const char *wrong = ledger_wrong(s, n, 7);
    if (wrong)
        fail_msg("%s", wrong);
    store_sqlite.close(s);
}

/* Opening must fail with this message. */
static void refused(store_mode mode, mizo_err e, mizo_msg id)
{
    mizo_diags *d = mizo_diags_new(0);
    store *s;
    char text[500];
    assert_int_equal(store_sqlite.open(path, mode, d, &s), e);
    assert_null(s);
    assert_true(mizo_diags_kept(d) > 0);
    assert_int_equal(mizo_diags_at(d, 0)->id, id);
    assert_true(mizo_diag_text(mizo_diags_at(d, 0), "ja", text, sizeof text) > 0);
    assert_non_null(strstr(text, path));
    mizo_diags_free(d);
}

/* ---- syncs that fail ---- */

static void a_failed_sync_is_final(void **state)
{
    (void)state;
    for (long nth = 0; nth < 4; nth++) {
        disk_erase();
        fill(1, 3);
        store *s = open_store(STORE_WRITE);
        disk_fail_sync(nth);
        int64_t done = 3;
        mizo_err e = MIZO_OK;
        while (!e) {
            e = ledger_write(s, done + 1, true);
            if (!e)
                done++;
            assert_true(done < 20);
        }
        assert_int_equal(e, MIZO_ESTORE);
        /* The disk is well again, but nobody knows what it dropped: no retry. */
        for (int i = 0; i < 3; i++)
            assert_int_equal(ledger_write(s, done + 1, true), MIZO_ESTORE);
        assert_int_equal(s->ops->checkpoint(s), MIZO_ESTORE);
        assert_null(ledger_wrong(s, done, 1)); /* reading goes on */
        store_sqlite.close(s);
        store *r = open_store(STORE_WRITE);
        int64_t n;
        OK(ledger_count(r, &n));
        assert_true(n == done || n == done + 1); /* the one without an answer may be there */
        assert_null(ledger_wrong(r, n, 2));
        OK(ledger_write(r, n + 1, true));
        store_sqlite.close(r);
    }
}

static void a_failed_sync_of_a_checkpoint_is_final(void **state)
{
    (void)state;
    for (long nth = 0; nth < 2; nth++) {
        disk_erase();
        store *s = open_store(STORE_CREATE);
        for (int64_t b = 1; b <= 5; b++)
            OK(ledger_write(s, b, true));
        disk_fail_sync(nth);
        assert_int_equal(s->ops->checkpoint(s), MIZO_ESTORE);
        assert_int_equal(ledger_write(s, 6, true), MIZO_ESTORE);
        store_sqlite.close(s);
        holds(5);
    }
}

/* ---- full ---- */

static void a_full_disk_keeps_what_was_there(void **state)
{
    (void)state;
    for (size_t room = 0; room < 120000; room += 4000) {
        disk_erase();
        store *s = open_store(STORE_CREATE);
        for (int64_t b = 1; b <= 3; b++)
            OK(ledger_write(s, b, true));
        disk_limit(disk_size(path) + disk_size(with("-wal")) + room);
        int64_t done = 3;
        mizo_err e = MIZO_OK;
        while (!e) {
            e = ledger_write(s, done + 1, true);
            if (!e)
                done++;
        }
        assert_int_equal(e, MIZO_EFULL);
        assert_null(ledger_wrong(s, done, 3));
        assert_int_equal(ledger_write(s, done + 1, true), MIZO_EFULL);
        disk_limit(0); /* somebody made room: no restart is needed */
        OK(ledger_write(s, done + 1, true));
        assert_null(ledger_wrong(s, done + 1, 3));
        store_sqlite.close(s);
    }
}

/* The same on a real file: the largest file that this process may write. */
static void a_file_at_its_bound(void **state)
{
    (void)state;
    fill(1, 3);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit l = { .rlim_cur = 400000, .rlim_max = 400000 };
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &l);
        store *s;
        mizo_err e = store_sqlite.open(path, STORE_WRITE, NULL, &s);
        int64_t done = 3;
        for (; !e && done < 200; done += e == MIZO_OK)
            e = ledger_write(s, done + 1, true);
        bool good = (e == MIZO_EFULL || e == MIZO_ESTORE) && done < 200 && !ledger_wrong(s, done, 5);
        store_sqlite.close(s);
        _exit(good ? (int)done : 255);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), 255);
    store *s = open_store(STORE_WRITE);
    int64_t n;
    OK(ledger_count(s, &n));
    assert_true(n == WEXITSTATUS(status) || n == WEXITSTATUS(status) + 1);
    assert_null(ledger_wrong(s, n, 1));
    OK(ledger_write(s, n + 1, true));
    store_sqlite.close(s);
}

/* ---- locked, unreadable, foreign ---- */

static void another_process_writes(void **state)
{
    (void)state;
    fill(1, 2);
    setenv("MIZO_TEST_WAIT_MS", "40", 1);
    store *s = open_store(STORE_WRITE);
    int fd;
    OK(lock_open(path, &fd));
    OK(lock_take(fd, 0));
    assert_int_equal(ledger_write(s, 3, true), MIZO_EBUSY);
    assert_int_equal(s->ops->checkpoint(s), MIZO_EBUSY);
    holds(2); /* readers need no lock */
    lock_give(fd);
    OK(ledger_write(s, 3, true));
    OK(lock_take(fd, 0));
    store_sqlite.close(s); /* leaving does not wait, and does not touch the file */
    lock_close(fd);
    unsetenv("MIZO_TEST_WAIT_MS");
    holds(3);
}

static void the_lock_goes_with_its_process(void **state)
{
    (void)state;
    fill(1, 2);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        store *s;
        store_batch b = { .known = 1, .actor = "", .source = "", .note = "" };
        if (store_sqlite.open(path, STORE_WRITE, NULL, &s) || s->ops->batch_begin(s, &b))
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    fill(3, 4);
    holds(4);
}

static void write_file(const char *name, const char *text)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void run_sql(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void not_a_store(void **state)
{
    (void)state;
    write_file(path,
               "This is a letter, and it is long enough to be looked at as if it were a database of some "
               "kind, which it is not. It should be left alone, to the last byte.");
    refused(STORE_READ, MIZO_ESTORE, MIZO_MSG_STORE_NOT_OURS);
    refused(STORE_CREATE, MIZO_ESTORE, MIZO_MSG_STORE_NOT_OURS);
    unlink(path);
    run_sql("CREATE TABLE somebody_elses (x); INSERT INTO somebody_elses VALUES (1)");
    refused(STORE_READ, MIZO_ESTORE, MIZO_MSG_STORE_NOT_OURS);
    refused(STORE_CREATE, MIZO_ESTORE, MIZO_MSG_STORE_NOT_OURS);
    run_sql("SELECT x FROM somebody_elses");
}

static void a_newer_layout(void **state)
{
    (void)state;
    fill(1, 2);
    run_sql("PRAGMA user_version = 99");
    refused(STORE_READ, MIZO_ESTORE, MIZO_MSG_STORE_NEWER);
    refused(STORE_WRITE, MIZO_ESTORE, MIZO_MSG_STORE_NEWER);
}

/* A file of ours from before the first layout: brought up, with a copy beside it. */
static void an_older_layout(void **state)
{
    (void)state;
    run_sql("PRAGMA application_id = 1835629167; CREATE TABLE kept (x); INSERT INTO kept VALUES (42)");
    refused(STORE_READ, MIZO_ESTORE, MIZO_MSG_STORE_OLDER);
    mizo_diags *d = mizo_diags_new(0);
    store *s;
    OK(store_sqlite.open(path, STORE_WRITE, d, &s));
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_STORE_MIGRATED);
    mizo_diags_free(d);
    OK(ledger_write(s, 1, true));
    store_sqlite.close(s);
    assert_int_equal(access(with(".layout-0"), R_OK), 0);
    run_sql("SELECT x FROM kept");
    holds(1);
}

static void an_unreadable_store(void **state)
{
    (void)state;
    mkdir(path, 0700); /* root reads everything, but nobody reads a directory as a file */
    refused(STORE_READ, MIZO_ESTORE, MIZO_MSG_STORE_UNREADABLE);
    refused(STORE_CREATE, MIZO_ESTORE, MIZO_MSG_STORE_UNREADABLE);
    rmdir(path);
    if (geteuid() == 0)
        return;
    fill(1, 1);
    chmod(path, 0);
    refused(STORE_READ, MIZO_ESTORE, MIZO_MSG_STORE_UNREADABLE);
    chmod(path, 0400);
    refused(STORE_WRITE, MIZO_ESTORE, MIZO_MSG_STORE_UNREADABLE);
    chmod(path, 0600);
}

/* ---- a bad medium ---- */

static void turned_bytes_are_found(void **state)
{
    (void)state;
    disk_erase();
    fill(1, 30);
    size_t n = disk_size(path), found = 0, tried = 0;
    for (size_t at = 8192 + 40; at + 8 < n; at += 8192, tried++) {
        store *s;
        disk_spoil(path, at, 8); /* the head of a page's cells */
        mizo_diags *d = mizo_diags_new(0);
        mizo_err e = store_sqlite.open(path, STORE_READ, d, &s);
        if (!e) {
            e = s->ops->verify(s, d);
            store_sqlite.close(s);
        }
        found += e != MIZO_OK;
        mizo_diags_free(d);
        disk_spoil(path, at, 8);
    }
    assert_true(found > 0 && found <= tried);
    holds(30);
}

static void a_wrong_balance_is_found(void **state)
{
    (void)state;
    fill(1, 5);
    run_sql("UPDATE balance SET total = total + 1 WHERE account = 'pool:town' AND day = 1");
    store *s = open_store(STORE_READ);
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(s->ops->verify(s, d), MIZO_EINPUT);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_STORE_BAD_BALANCE);
    mizo_diags_free(d);
    store_sqlite.close(s);
    run_sql("UPDATE balance SET total = total - 1 WHERE account = 'pool:town' AND day = 1;"
            "DELETE FROM entry WHERE seq = 2");
    s = open_store(STORE_READ);
    assert_int_equal(s->ops->verify(s, NULL), MIZO_EINPUT);
    store_sqlite.close(s);
}

/* ---- a reader that stays ---- */

static void a_reader_held_open(void **state)
{
    (void)state;
    fill(1, 5);
    store *r = open_store(STORE_READ), *s = open_store(STORE_WRITE);
    OK(r->ops->snapshot(r, true));
    assert_null(ledger_wrong(r, 5, 1));
    for (int64_t b = 6; b <= 20; b++) {
        OK(ledger_write(s, b, true));
        mizo_err e = s->ops->checkpoint(s);
        assert_true(e == MIZO_OK || e == MIZO_EBUSY);
    }
    assert_null(ledger_wrong(r, 5, 1)); /* the snapshot stands still over every checkpoint */
    assert_int_equal(s->ops->checkpoint(s), MIZO_EBUSY);
    OK(r->ops->snapshot(r, false));
    OK(s->ops->checkpoint(s));
    struct stat wal;
    OK(stat(with("-wal"), &wal));
    assert_int_equal(wal.st_size, 0); /* the log does not grow for ever */
    assert_null(ledger_wrong(r, 20, 1));
    store_sqlite.close(s);
    store_sqlite.close(r);
    holds(20);
}

#define CASE(fn)                                                                                             \
    {                                                                                                        \
        .name = #fn, .test_func = fn, .setup_func = set_up, .teardown_func = tear_down                       \
    }
#define CASE_ON_DISK(fn)                                                                                     \
    {                                                                                                        \
        .name = #fn, .test_func = fn, .setup_func = set_up_disk, .teardown_func = tear_down_disk             \
    }

int main(void)
{
    const struct CMUnitTest tests[] = { CASE_ON_DISK(a_failed_sync_is_final),
                                        CASE_ON_DISK(a_failed_sync_of_a_checkpoint_is_final),
                                        CASE_ON_DISK(a_full_disk_keeps_what_was_there),
                                        CASE(a_file_at_its_bound),
                                        CASE(another_process_writes),
                                        CASE(the_lock_goes_with_its_process),
                                        CASE(not_a_store),
                                        CASE(a_newer_layout),
                                        CASE(an_older_layout),
                                        CASE(an_unreadable_store),
                                        CASE_ON_DISK(turned_bytes_are_found),
                                        CASE(a_wrong_balance_is_found),
                                        CASE(a_reader_held_open) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
