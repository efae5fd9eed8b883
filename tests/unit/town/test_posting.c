/* Many entries as one, and corrections that post the difference: over every store. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "town/books/posting.h"
#include "town/books/verify.h"

static const store_ops *member; /* of the run */

typedef struct book {
    store *s;
    mizo_diags *d;
    char dir[64], path[96];
} book;

static void open_book(book *b)
{
    static int count;
    memset(b, 0, sizeof *b);
    strcpy(b->dir, "/tmp/mizo-posting-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    snprintf(b->path, sizeof b->path, "%s/mizo.db", b->dir);
    if (member == &store_memory)
        snprintf(b->path, sizeof b->path, "posting-%d-%d", (int)getpid(), ++count);
    b->d = mizo_diags_new(0);
    assert_int_equal(member->open(b->path, STORE_CREATE, b->d, &b->s), MIZO_OK);
}

static void close_book(book *b)
{
    static const char *const names[] = { "", "-wal", "-shm", "-lock" };
    char path[120];
    verify_result v;
    assert_int_equal(verify_books(b->s, NULL, b->d, &v), MIZO_OK);
    assert_true(v.ok);
    member->close(b->s);
    mizo_diags_free(b->d);
    for (size_t i = 0; i < ROWS(names); i++) {
        snprintf(path, sizeof path, "%s%s", b->path, names[i]);
        (void)remove(path);
    }
    rmdir(b->dir);
}

static int64_t holds(book *b, const char *account, const char *unit)
{
    int64_t total;
    assert_int_equal(member->balance_get(b->s, account, unit, MIZO_DAY_NONE, &total, NULL), MIZO_OK);
    return total;
}

static int64_t entries(book *b)
{
    int64_t seq;
    uint8_t head[32];
    assert_int_equal(member->entry_head(b->s, &seq, head), MIZO_OK);
    return seq;
}

/* One say in a batch of its own. */
static int say(book *b, const char *ref, const mizo_entry *line, size_t n)
{
    posting *p;
    int moved;
    assert_int_equal(posting_open(b->s, 1000, "hana", "test", b->d, &p), MIZO_OK);
    assert_int_equal(posting_say(p, ref, line, n, &moved), MIZO_OK);
    assert_int_equal(posting_count(p), moved);
    assert_int_equal(posting_commit(p), MIZO_OK);
    return moved;
}

#define LINE(f, t, k, v)                                                                                     \
    {                                                                                                        \
        .day = 20000, .from = f, .to = t, .unit = "uyen", .kind = k, .amount = v                             \
    }

static void a_bill(void **state)
{
    (void)state;
    book b;
    open_book(&b);
    mizo_entry line[] = {
        LINE("sales:k-1", "customer:p-1", "bill", 1234000000),
        LINE("tax:10", "customer:p-1", "tax", 123000000),
        LINE("sales:k-1", "rounding:k-1", "rounding", 0),       /* nothing */
        LINE("sales:k-1", "customer:p-1", "bill", -4000000),    /* a discount: the other way */
        LINE("rounding:k-1", "sales:k-1", "rounding", -400000), /* and a remainder */
    };
    assert_int_equal(say(&b, "bill:1", line, ROWS(line)), 3);
    assert_int_equal(holds(&b, "customer:p-1", "uyen"), 1353000000);
    assert_int_equal(holds(&b, "sales:k-1", "uyen"), -1230000000 - 400000);
    assert_int_equal(say(&b, "bill:1", line, ROWS(line)), 0); /* twice: nothing */
    assert_int_equal(entries(&b), 3);
    line[0].amount += 7; /* up */
    line[1].amount -= 5; /* and down */
    assert_int_equal(say(&b, "bill:1", line, ROWS(line)), 2);
    assert_int_equal(holds(&b, "customer:p-1", "uyen"), 1353000002);
    assert_int_equal(holds(&b, "tax:10", "uyen"), -122999995);
    assert_int_equal(say(&b, "bill:1", line, ROWS(line)), 0);
    assert_int_equal(say(&b, "bill:2", line, 1), 1); /* another ref is another thing */
    assert_int_equal(say(&b, "bill:1", NULL, 0), 3); /* taken back */
    assert_int_equal(holds(&b, "customer:p-1", "uyen"), 1234000007);
    assert_int_equal(say(&b, "bill:1", NULL, 0), 0);
    assert_int_equal(holds(&b, "rounding:k-1", "uyen"), 0);
    line[0].day++; /* another day: off the one, onto the other */
    assert_int_equal(say(&b, "bill:2", line, 1), 2);
    close_book(&b);
}

static mizo_err kinds(void *arg, const store_entry *e)
{
    char *out = arg;
    size_t n = strlen(out);
    snprintf(out + n, 400 - n, "%s>%s:%s;", e->from, e->to, e->kind);
    return MIZO_OK;
}

/* Guarded accounts: whatever changes, nobody is below zero at any entry. */
static void matching(void **state)
{
    (void)state;
    book b;
    open_book(&b);
    int32_t made[48] = { 10, 10 }, pool[48] = { 8, 10 }, use[48] = { 8, 10 }, more[48] = { 0, 0, 5 };
#define WH(f, t, k, s, v)                                                                                    \
    { .day = 5, .from = f, .to = t, .unit = "Wh-re", .kind = k, .amount = v, .slots = s }
    mizo_entry first[] = {
        WH("pool:town", "use:a", "match", use, 18), /* any order of the lines */
        WH("source:x", "pool:town", "match", pool, 18),
        WH("world", "source:x", "generation", made, 20),
    };
    assert_int_equal(say(&b, "day:5", first, 3), 3);
    /* another source, another user, other slots: all at once */
    int32_t made2[48] = { 2, 0, 0 }, use2[48] = { 2, 0, 0 };
    mizo_entry second[] = {
        WH("pool:town", "use:b", "match", more, 5),     WH("pool:town", "use:a", "match", use2, 2),
        WH("source:x", "pool:town", "match", made2, 2), WH("source:y", "pool:town", "match", more, 5),
        WH("world", "source:y", "generation", more, 5), WH("world", "source:x", "generation", made2, 2),
    };
    assert_int_equal(say(&b, "day:5", second, 6), 6);
    assert_int_equal(say(&b, "day:5", second, 6), 0);
    assert_int_equal(say(&b, "day:5", first, 3), 6);
    assert_int_equal(holds(&b, "use:a", "Wh-re"), 18);
    assert_int_equal(holds(&b, "use:b", "Wh-re"), 0);
    char text[400] = "";
    assert_int_equal(member->entry_scan(b.s, 9, kinds, text), MIZO_OK);
    assert_string_equal(
        text, "use:b>pool:town:correction;pool:town>source:y:correction;source:y>world:correction;"
              "world>source:x:correction;source:x>pool:town:correction;pool:town>use:a:correction;");
    close_book(&b);
}

static void refused(void **state)
{
    (void)state;
    book b;
    open_book(&b);
    posting *p;
    mizo_entry good = LINE("bank:main", "supplier:p-1", "payment", 5);
    mizo_entry bad = LINE("bank:main", "suplier:p-1", "payment", 5);
    assert_int_equal(posting_open(b.s, 1, "hana", "test", b.d, &p), MIZO_OK);
    assert_int_equal(posting_add(p, &good), MIZO_OK);
    assert_int_equal(posting_last(p), 1);
    assert_ptr_equal(posting_store(p), b.s);
    assert_int_equal(posting_add(p, &bad), MIZO_EINPUT);
    assert_int_equal(mizo_diags_kept(b.d), 1);
    assert_int_equal(posting_add(p, &good), MIZO_EINPUT); /* spoiled */
    assert_int_equal(posting_say(p, "r", &good, 1, NULL), MIZO_EINPUT);
    assert_int_equal(posting_commit(p), MIZO_EINPUT);
    assert_int_equal(entries(&b), 0); /* nothing half-posted */
    assert_int_equal(posting_open(b.s, 1, "hana", "test", b.d, &p), MIZO_OK);
    assert_int_equal(posting_add(p, &good), MIZO_OK);
    posting_cancel(p);
    posting_cancel(NULL);
    assert_int_equal(entries(&b), 0);
    assert_int_equal(posting_open(b.s, 1, "hana", "test", b.d, &p), MIZO_OK);
    assert_int_equal(posting_say(p, "", &good, 1, NULL), MIZO_EINPUT);
    posting_cancel(p);
    good.amount = INT64_MAX;
    assert_int_equal(say(&b, "r", &good, 1), 1);
    assert_int_equal(posting_open(b.s, 1, "hana", "test", b.d, &p), MIZO_OK);
    mizo_err err = posting_say(p, "s", &good, 1, NULL); /* a balance does not fit */
    mizo_err end = posting_commit(p);
    assert_int_equal(err ? err : end, MIZO_ERANGE);
    assert_int_equal(entries(&b), 1);
    close_book(&b);
}

/* Inside somebody's batch: it ends with theirs. */
static void joined(void **state)
{
    (void)state;
    book b;
    open_book(&b);
    posting *p, *q;
    mizo_entry e = LINE("bank:main", "supplier:p-1", "payment", 5);
    store_batch batch = { .known = 7, .actor = "a", .source = "s", .note = "" };
    assert_int_equal(posting_open(b.s, 7, "hana", "test", b.d, &p), MIZO_OK);
    assert_int_equal(posting_open(b.s, 7, "hana", "test", b.d, &q), MIZO_EBUSY);
    assert_null(q);
    posting_cancel(p);
    assert_int_equal(member->batch_begin(b.s, &batch), MIZO_OK);
    assert_int_equal(posting_join(b.s, b.d, &p), MIZO_OK);
    assert_int_equal(posting_say(p, "r", &e, 1, NULL), MIZO_OK);
    assert_int_equal(posting_commit(p), MIZO_OK);
    assert_int_equal(posting_join(b.s, b.d, &p), MIZO_OK);
    assert_int_equal(posting_say(p, "r", &e, 1, NULL), MIZO_OK); /* sees what is not committed yet */
    assert_int_equal(posting_count(p), 0);
    assert_int_equal(posting_commit(p), MIZO_OK);
    int64_t total;
    assert_int_equal(member->balance_get(b.s, "supplier:p-1", "uyen", 20000, &total, NULL), MIZO_OK);
    assert_int_equal(total, 5); /* at once */
    assert_int_equal(member->balance_get(b.s, "nobody", "uyen", 20000, &total, NULL), MIZO_OK);
    assert_int_equal(member->batch_commit(b.s), MIZO_OK);
    assert_int_equal(holds(&b, "bank:main", "uyen"), -5);
    close_book(&b);
}

int main(void)
{
    const char *name = getenv("MIZO_STORE");
    member = name && strcmp(name, "memory") == 0 ? &store_memory : &store_sqlite;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bill),
        cmocka_unit_test(matching),
        cmocka_unit_test(refused),
        cmocka_unit_test(joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
