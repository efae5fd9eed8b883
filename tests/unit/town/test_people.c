/* People: sealed, looked at on record, erased for good. And what the books say, as known on a date. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "town/books/ledger.h"
#include "town/books/posting.h"
#include "town/books/verify.h"
#include "town/people/people.h"

static const store_ops *member; /* of the run */

typedef struct place {
    env *e;
    store *s;
    mizo_diags *d;
    char dir[64], path[96];
} place;

static void open_place(place *p)
{
    static int count;
    memset(p, 0, sizeof *p);
    strcpy(p->dir, "/tmp/mizo-people-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->path, sizeof p->path, "%s/mizo.db", p->dir);
    if (member == &store_memory)
        snprintf(p->path, sizeof p->path, "people-%d-%d", (int)getpid(), ++count);
    p->e = env_uv_new(ENV_ERROR);
    p->d = mizo_diags_new(0);
    assert_int_equal(member->open(p->path, STORE_CREATE, p->d, &p->s), MIZO_OK);
}

static void close_place(place *p)
{
    static const char *const names[] = { "", "-wal", "-shm", "-lock", ".keys", ".keys-journal" };
    char path[130];
    member->close(p->s);
    mizo_diags_free(p->d);
    env_uv_free(p->e);
    for (size_t i = 0; i < ROWS(names); i++) {
        snprintf(path, sizeof path, "%s%s", p->path, names[i]);
        (void)remove(path);
    }
    rmdir(p->dir);
}

static people_act by(place *p, const char *reason)
{
    return (people_act){ p->e, p->s, "hana", reason, p->d };
}

static void said(place *p, const char *what)
{
    assert_true(mizo_diags_kept(p->d) > 0);
    assert_string_equal(mizo_msg_name(mizo_diags_at(p->d, 0)->id), what);
    mizo_diags_clear(p->d);
}

static const char particulars[] =
    "{\"name\":\"Canary Name\",\"address\":\"川崎区 1-2\",\"contact\":\"canary@example\"}";

static mizo_err count(void *arg, const store_record *r)
{
    assert_null(strstr(r->json, "Canary"));
    *(int *)arg += (int)r->version;
    return MIZO_OK;
}

static int versions(place *p, const char *kind)
{
    int n = 0;
    assert_int_equal(member->record_scan(p->s, kind, "h-1", count, &n), MIZO_OK);
    return n;
}

/* True if any file of the store holds the text. */
static bool on_disk(place *p, const void *text, size_t n)
{
    static const char *const names[] = { "", "-wal", ".keys", ".keys-journal" };
    static char bytes[1 << 22];
    bool found = false;
    for (size_t i = 0; i < ROWS(names) && member == &store_sqlite; i++) {
        char path[130];
        snprintf(path, sizeof path, "%s%s", p->path, names[i]);
        FILE *f = fopen(path, "r");
        size_t len = f ? fread(bytes, 1, sizeof bytes, f) : 0;
        found = found || (len && memmem(bytes, len, text, n));
        if (f)
            fclose(f);
    }
    return found;
}

static void sealed(void **state)
{
    (void)state;
    place p;
    person x, y;
    uint8_t key[32];
    open_place(&p);
    people_act a = by(&p, "contract k-1");
    assert_int_equal(people_parse(particulars, strlen(particulars), "f", &x, p.d), MIZO_OK);
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_ENOENT);
    said(&p, "PEOPLE_NOBODY");
    assert_int_equal(people_put(&a, "h-1", &x), MIZO_OK);
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_OK);
    assert_string_equal(y.name, "Canary Name");
    assert_string_equal(y.address, "川崎区 1-2");
    assert_string_equal(y.consumer_code, "");
    assert_int_equal(versions(&p, "person-seen"), 1);
    strcpy(x.contact, "canary2@example"); /* moved */
    assert_int_equal(people_put(&a, "h-1", &x), MIZO_OK);
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_OK);
    assert_string_equal(y.contact, "canary2@example");
    assert_int_equal(versions(&p, "person-seen"), 2);
    assert_int_equal(versions(&p, "person-put"), 2);
    assert_false(on_disk(&p, "Canary", 6));
    assert_int_equal(member->key_get(p.s, "h-1", key), MIZO_OK);
    assert_true(member != &store_sqlite || on_disk(&p, key, 32));     /* so the look finds what is there */
    assert_int_equal(people_erase(&a, "h-1", 20100, 20000), MIZO_OK); /* noted */
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_OK);
    assert_int_equal(people_erase(&a, "h-1", 20000, 20000), MIZO_OK);
    assert_false(on_disk(&p, key, 32));
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_ENOENT);
    said(&p, "PEOPLE_NOBODY");
    assert_int_equal(people_erase(&a, "h-1", MIZO_DAY_NONE, 20000), MIZO_OK); /* twice is done */
    assert_int_equal(versions(&p, "person-erased"), 1);
    assert_int_equal(people_erase(&a, "h-2", MIZO_DAY_NONE, 20000), MIZO_ENOENT);
    close_place(&p);
}

/* Killed between the key and the record: erasing again finishes it. A key that is another's opens nothing. */
static void halfway(void **state)
{
    (void)state;
    place p;
    person x, y;
    uint8_t other[32] = { 1 };
    const char *const h1 = "h-1";
    open_place(&p);
    people_act a = by(&p, "r");
    assert_int_equal(people_parse(particulars, strlen(particulars), "f", &x, p.d), MIZO_OK);
    assert_int_equal(people_put(&a, "h-1", &x), MIZO_OK);
    assert_int_equal(member->key_put(p.s, 1, &h1, other), MIZO_OK);
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_ESTORE);
    said(&p, "PEOPLE_SEALED");
    assert_int_equal(member->key_drop(p.s, "h-1"), MIZO_OK);
    assert_int_equal(member->key_drop(p.s, "h-1"), MIZO_ENOENT);
    assert_int_equal(people_get(&a, "h-1", &y), MIZO_ENOENT);
    assert_int_equal(versions(&p, "person-erased"), 0);
    assert_int_equal(people_erase(&a, "h-1", MIZO_DAY_NONE, 1), MIZO_OK);
    assert_int_equal(versions(&p, "person-erased"), 1);
    store_batch b = { .known = 1, .actor = "a", .source = "s", .note = "" };
    assert_int_equal(member->batch_begin(p.s, &b), MIZO_OK);
    assert_int_equal(member->key_put(p.s, 1, &h1, other), MIZO_EBUSY);
    member->batch_rollback(p.s);
    close_place(&p);
}

static void wrong(void **state)
{
    (void)state;
    static const char *const text[] = {
        "", "[]", "{\"name\":1}", "{\"phone\":\"1\"}", "{\"name", "{\"name\":{}}", "7"
    };
    place p;
    person x = { .name = "a" };
    open_place(&p);
    for (size_t i = 0; i < ROWS(text); i++) {
        assert_int_equal(people_parse(text[i], strlen(text[i]), "f", &x, p.d), MIZO_EINPUT);
        assert_int_equal(mizo_diags_kept(p.d), 1);
        mizo_diags_clear(p.d);
    }
    char longer[PERSON_TEXT + 40];
    int n = snprintf(longer, sizeof longer, "{\"name\":\"%0*d\"}", PERSON_TEXT, 1);
    assert_int_equal(people_parse(longer, (size_t)n, "f", &x, p.d), MIZO_EINPUT);
    mizo_diags_clear(p.d);
    people_act a = by(&p, "");
    assert_int_equal(people_put(&a, "h-1", &x), MIZO_EINPUT);
    said(&p, "PEOPLE_REASON");
    a = by(&p, "r");
    assert_int_equal(people_put(&a, "H 1", &x), MIZO_EINPUT);
    said(&p, "PEOPLE_ID");
    close_place(&p);
}

/* ---- the ledger ---- */

static void post(place *p, mizo_ms known, mizo_day day, const char *from, const char *to, int64_t amount,
                 const char *ref)
{
    posting *x;
    mizo_entry e = { .day = day, .from = from, .to = to, .unit = "uyen", .kind = "bill", .amount = amount };
    assert_int_equal(posting_open(p->s, known, "hana", "test", p->d, &x), MIZO_OK);
    assert_int_equal(posting_say(x, ref, &e, 1, NULL), MIZO_OK);
    assert_int_equal(posting_commit(x), MIZO_OK);
}

static mizo_err list(void *arg, const ledger_balance *b)
{
    char *out = arg;
    size_t n = strlen(out);
    snprintf(out + n, 300 - n, "%s=%d ", b->account, (int)b->total);
    return MIZO_OK;
}

static const char *balances(place *p, ledger_ask a)
{
    static char out[300];
    *out = 0;
    assert_int_equal(ledger_balances(p->s, &a, list, out), MIZO_OK);
    return out;
}

static mizo_err rows(void *arg, const ledger_entry *e)
{
    char *out = arg;
    size_t n = strlen(out);
    assert_string_equal(e->batch->actor, "hana");
    snprintf(out + n, 300 - n, "%d:%d@%d=%d ", (int)e->entry->seq, (int)(e->sign * e->entry->amount),
             (int)e->batch->known, (int)e->balance);
    return MIZO_OK;
}

static void ledger(void **state)
{
    (void)state;
    place p;
    char out[300] = "";
    int64_t opening;
    open_place(&p);
    post(&p, 1000, 10, "sales:k-1", "customer:h-1", 70, "b:1");
    post(&p, 2000, 20, "sales:k-1", "customer:h-1", 50, "b:2");
    post(&p, 3000, 25, "customer:h-1", "bank:main", 40, "p:1");
    post(&p, 4000, 10, "sales:k-1", "customer:h-1", 65, "b:1"); /* corrected later */
    ledger_ask a = ledger_all();
    assert_string_equal(balances(&p, a), "bank:main=40 customer:h-1=75 sales:k-1=-115 ");
    a.account = "customer:";
    assert_string_equal(balances(&p, a), "customer:h-1=75 ");
    a.as_of = 3500;
    assert_string_equal(balances(&p, a), "customer:h-1=80 ");
    a.to = 20;
    assert_string_equal(balances(&p, a), "customer:h-1=120 ");
    a.as_of = STORE_LATEST;
    assert_string_equal(balances(&p, a), "customer:h-1=115 ");
    a.from = 11;
    assert_string_equal(balances(&p, a), "customer:h-1=50 ");
    a = ledger_all();
    a.ref = "b:1";
    assert_string_equal(balances(&p, a), "customer:h-1=65 sales:k-1=-65 ");
    a = ledger_all();
    a.unit = "Wh-re";
    assert_string_equal(balances(&p, a), "");
    a.unit = "uyen";
    a.account = "customer:h-1";
    a.from = 20;
    assert_int_equal(ledger_entries(p.s, &a, &opening, rows, out), MIZO_OK);
    assert_int_equal(opening, 65);
    assert_string_equal(out, "2:50@2000=115 3:-40@3000=75 ");
    a.as_of = 2500;
    *out = 0;
    assert_int_equal(ledger_entries(p.s, &a, &opening, rows, out), MIZO_OK);
    assert_int_equal(opening, 70);
    assert_string_equal(out, "2:50@2000=120 ");
    a.account = "customer:";
    assert_int_equal(ledger_entries(p.s, &a, &opening, rows, out), MIZO_EINPUT); /* of one account only */
    *out = 0;
    assert_int_equal(ledger_trace(p.s, 3, rows, out), MIZO_OK);
    assert_string_equal(out, "3:0@3000=0 ");
    assert_int_equal(ledger_trace(p.s, 9, rows, out), MIZO_ENOENT);
    people_act act = by(&p, "asked");
    person x = { .name = "Canary" };
    assert_int_equal(people_put(&act, "h-1", &x), MIZO_OK);
    assert_int_equal(people_erase(&act, "h-1", MIZO_DAY_NONE, 30), MIZO_ECONFLICT);
    said(&p, "PEOPLE_OPEN");
    assert_int_equal(people_get(&act, "h-1", &x), MIZO_OK);
    post(&p, 5000, 30, "customer:h-1", "bank:main", 75, "p:2");
    assert_int_equal(people_erase(&act, "h-1", MIZO_DAY_NONE, 30), MIZO_OK);
    a = ledger_all();
    assert_string_equal(balances(&p, a), "bank:main=115 sales:k-1=-115 ");
    close_place(&p);
}

/* A head that was published is found again, another is not; what closes must be zero in a closed month. */
static void heads_and_closes(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    int64_t seq;
    uint8_t head[32], none[32] = { 0 }, other[32] = { 9 };
    verify_result v;
    post(&p, 1000, 10, "bank:main", "clearing:x", 70, "b:1");
    assert_int_equal(member->entry_head(p.s, &seq, head), MIZO_OK);
    post(&p, 2000, 20, "bank:main", "supplier:y", 50, "b:2");
    const char *path = member == &store_sqlite ? p.path : NULL;
    const struct {
        const uint8_t *since;
        int64_t at;
    } row[] = {
        {head,   1 },
        { none,  0 },
        { other, -1},
        { NULL,  -1}
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        verify_how how = { .env = p.e, .path = i ? path : NULL, .since = row[i].since };
        assert_int_equal(verify_store(&how, p.s, NULL, p.d, &v), MIZO_OK);
        assert_true(v.ok);
        assert_int_equal(v.since_at, row[i].at);
        assert_int_equal(v.entries, 2);
    }
    bool changed;
    store_batch b = { .known = 9, .actor = "a", .source = "s", .note = "" };
    assert_int_equal(member->batch_begin(p.s, &b), MIZO_OK);
    assert_int_equal(member->record_put(p.s, "close", "1970-01", "{}", &changed), MIZO_OK);
    assert_int_equal(member->record_put(p.s, "close", "1970-02", "{}", &changed), MIZO_OK);
    assert_int_equal(member->batch_commit(p.s), MIZO_OK);
    assert_int_equal(verify_books(p.s, NULL, p.d, &v), MIZO_OK);
    assert_false(v.ok);
    said(&p, "BOOKS_NOT_CLOSED");
    post(&p, 3000, 30, "clearing:x", "bank:main", 70, "b:3"); /* later in the same month */
    assert_int_equal(verify_books(p.s, NULL, p.d, &v), MIZO_OK);
    assert_true(v.ok);
    close_place(&p);
}

int main(void)
{
    const char *name = getenv("MIZO_STORE");
    member = name && strcmp(name, "memory") == 0 ? &store_memory : &store_sqlite;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed), cmocka_unit_test(halfway),          cmocka_unit_test(wrong),
        cmocka_unit_test(ledger), cmocka_unit_test(heads_and_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
