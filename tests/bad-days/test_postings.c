/* Posting on bad days: killed, on a full disk, two at once, a tampered file. Nothing is half-posted, nothing is lost,
 * and verify names the first entry that is not what was posted. */
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "disk.h"
#include "town/books/posting.h"
#include "town/books/verify.h"

enum { LINES = 3, BILLS = 20 }; /* of a bill, of a posting */

static char path[120];

static void sweep(void)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-lock" };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char name[140];
        snprintf(name, sizeof name, "%s%s", path, tails[i]);
        (void)unlink(name);
    }
}

static int set_up(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/mizo-postings-%d.db", (int)getpid());
    sweep();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sweep();
    return 0;
}

static store *open_store(void)
{
    store *s;
    assert_int_equal(store_sqlite.open(path, STORE_CREATE, NULL, &s), MIZO_OK);
    return s;
}

/* Twenty bills of a day, the n-th time: each in three lines of energy and money. */
static mizo_err post_bills(store *s, int n)
{
    posting *p;
    mizo_err err = posting_open(s, 1000 + n, "test", "bills", NULL, &p);
    for (int i = 0; !err && i < BILLS; i++) {
        char sales[24], customer[24], use[24], ref[32];
        int32_t slots[48] = { 100 + n, 7 };
        snprintf(sales, sizeof sales, "sales:k-%d", i);
        snprintf(customer, sizeof customer, "customer:h-%d", i);
        snprintf(use, sizeof use, "use:p-%d", i);
        snprintf(ref, sizeof ref, "bill:%d-%d", n, i);
        mizo_entry line[LINES] = {
            {.from = sales,   .to = customer, .unit = "uyen", .kind = "bill",    .amount = 1000 + i},
            {               .from = "tax:10", .to = customer, .unit = "uyen",  .kind = "tax", .amount = 100 + i                 },
            { .from = "world",
             .to = use,
             .unit = "Wh-re",
             .kind = "generation",
             .amount = 107 + n,
             .slots = slots },
        };
        for (int k = 0; k < LINES; k++)
            line[k].day = 20000 + n % 5;
        err = posting_say(p, ref, line, LINES, NULL);
    }
    if (err && p) {
        posting_cancel(p);
        return err;
    }
    return err ? err : posting_commit(p);
}

/* Whole postings only, at least so many, and all of it true. */
static int whole(int least)
{
    store *s = open_store();
    verify_result v;
    assert_int_equal(verify_books(s, NULL, NULL, &v), MIZO_OK);
    assert_true(v.ok);
    assert_int_equal(v.entries % (LINES * BILLS), 0);
    int n = (int)(v.entries / (LINES * BILLS));
    assert_true(n >= least);
    store_sqlite.close(s);
    return n;
}

/* A child that posts until it is killed; what it has told of was durable. */
static pid_t start_poster(int from, int *told)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        store *s;
        mizo_err err = store_sqlite.open(path, STORE_WRITE, NULL, &s);
        for (int n = from; !err; n++) {
            err = post_bills(s, n);
            if (!err && write(ends[1], &n, sizeof n) != sizeof n)
                err = MIZO_EIO;
        }
        _exit(1);
    }
    close(ends[1]);
    *told = ends[0];
    return child;
}

static void killed(void **state)
{
    (void)state;
    store_sqlite.close(open_store());
    int n = 0;
    unsigned dice = 7;
    for (int round = 0; round < 25; round++) {
        int told, last = n - 1, status;
        pid_t child = start_poster(n, &told);
        dice = dice * 1103515245u + 12345u;
        nanosleep(&(struct timespec){ .tv_nsec = (long)(dice >> 8) % 40000000 }, NULL);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status)); /* it did not end by itself */
        while (read(told, &last, sizeof last) == sizeof last)
            ;
        close(told);
        n = whole(last + 1);
        assert_true(n <= last + 2); /* the one it was about to tell of */
    }
}

/* Two processes post at the same time: both are there, whole, in one chain. */
static void two_at_once(void **state)
{
    (void)state;
    store_sqlite.close(open_store());
    pid_t child[2];
    for (int k = 0; k < 2; k++) {
        child[k] = fork();
        assert_true(child[k] >= 0);
        if (child[k])
            continue;
        store *s;
        mizo_err err = store_sqlite.open(path, STORE_WRITE, NULL, &s);
        for (int n = 0; !err && n < 10; n++)
            err = post_bills(s, 100 * k + n);
        _exit(err ? 1 : 0);
    }
    for (int k = 0; k < 2; k++) {
        int status;
        waitpid(child[k], &status, 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(whole(20), 20);
}

/* The disk fills somewhere inside a posting: it is refused whole, and goes through once there is room. */
static void full_disk(void **state)
{
    (void)state;
    disk_install();
    for (size_t room = 1000; room < 150000; room += 9000) {
        disk_erase();
        store *s = open_store();
        verify_result v;
        char wal[140];
        snprintf(wal, sizeof wal, "%s-wal", path);
        assert_int_equal(post_bills(s, 0), MIZO_OK);
        disk_limit(disk_size(path) + disk_size(wal) + room);
        int n = 1;
        mizo_err err = MIZO_OK;
        while (!err) {
            err = post_bills(s, n);
            n += !err;
        }
        assert_int_equal(err, MIZO_EFULL);
        assert_int_equal(verify_books(s, NULL, NULL, &v), MIZO_OK);
        assert_true(v.ok);
        assert_int_equal(v.entries, n * LINES * BILLS);
        disk_limit(0);
        assert_int_equal(post_bills(s, n), MIZO_OK);
        assert_int_equal(verify_books(s, NULL, NULL, &v), MIZO_OK);
        assert_true(v.ok);
        assert_int_equal(v.entries, (n + 1) * LINES * BILLS);
        store_sqlite.close(s);
    }
    disk_erase();
    disk_uninstall();
}

/* Every column of an entry, a balance and a batch, changed by hand in the middle: the first bad entry is named. */
static void tampered(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t first_bad; /* 0: no entry, only what is kept of them */
    } row[] = {
        {"UPDATE entry SET seq = 1000 WHERE seq = 120",                                         1000},
        { "UPDATE entry SET batch = 2 WHERE seq = 10",                                          10  },
        { "UPDATE batch SET known = known - 1 WHERE source = 'bills' AND id = 2",               61  },
        { "UPDATE entry SET day = day + 1 WHERE seq = 70",                                      70  },
        { "UPDATE entry SET from_account = 'sales:k-77' WHERE seq = 70",                        70  },
        { "UPDATE entry SET to_account = 'customer:h-77' WHERE seq = 71",                       71  },
        { "UPDATE entry SET unit = 'mg' WHERE seq = 70",                                        70  },
        { "UPDATE entry SET kind = 'refund' WHERE seq = 70",                                    70  },
        { "UPDATE entry SET ref = 'bill:9' WHERE seq = 70",                                     70  },
        { "UPDATE entry SET amount = amount + 1 WHERE seq = 70",                                70  },
        { "UPDATE entry SET slots = (SELECT slots FROM entry WHERE seq = 3) WHERE seq = 72",    72  },
        { "UPDATE entry SET slots = NULL WHERE seq = 72",                                       72  },
        { "UPDATE entry SET slots = x'01' WHERE seq = 72",                                      72  },
        { "UPDATE entry SET hash = zeroblob(32) WHERE seq = 70",                                70  },
        { "UPDATE entry SET hash = zeroblob(31) WHERE seq = 70",                                70  },
        { "DELETE FROM entry WHERE seq = 70",                                                   71  },
        { "UPDATE balance SET total = total + 1 WHERE account = 'tax:10' AND day = 20001",      0   },
        { "UPDATE balance SET total = total + 1 WHERE account = 'tax:10' AND day = 2147483647", 0   },
        { "UPDATE balance SET slots = NULL WHERE account = 'use:p-3'",                          0   },
        { "UPDATE balance SET unit = 'mg' WHERE account = 'tax:10'",                            0   },
        { "UPDATE balance SET account = 'tax:8' WHERE account = 'tax:10'",                      0   },
        { "UPDATE balance SET day = 5 WHERE account = 'tax:10' AND day = 20001",                0   },
        { "DELETE FROM balance WHERE account = 'tax:10' AND day = 20001",                       0   },
        { "INSERT INTO balance VALUES (3, 'tax:8', 'uyen', 5, NULL)",                           0   },
    };
    env *e = env_uv_new(ENV_ERROR);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        sweep();
        store *s = open_store();
        for (int n = 0; n < 2; n++)
            assert_int_equal(post_bills(s, n), MIZO_OK);
        store_sqlite.close(s);
        sqlite3 *db;
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_exec(db, row[i].sql, NULL, NULL, NULL) != SQLITE_OK || !sqlite3_changes(db))
            fail_msg("%s: %s", row[i].sql, sqlite3_errmsg(db));
        sqlite3_close(db);
        for (int two = 0; two < 2; two++) { /* on one thread, and on two */
            verify_result v;
            mizo_diags *d = mizo_diags_new(0);
            verify_how how = { .env = e, .path = two ? path : NULL };
            assert_int_equal(store_sqlite.open(path, STORE_READ, NULL, &s), MIZO_OK);
            assert_int_equal(verify_store(&how, s, NULL, d, &v), MIZO_OK);
            store_sqlite.close(s);
            if (v.ok || v.first_bad != row[i].first_bad || !mizo_diags_kept(d))
                fail_msg("%s: said %s, first bad %d", row[i].sql, v.ok ? "true" : "false", (int)v.first_bad);
            mizo_diags_free(d);
        }
    }
    env_uv_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tampered, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
