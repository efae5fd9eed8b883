/* Simulated power cuts: what was acknowledged is there, nothing is doubled, nothing is half there.
 * MIZO_CUTS: how many (20,000); MIZO_SEED: where the dice begin. One line of TAP for each thousand. */
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "ledger.h"
#include "mizo/number.h"

enum { CHAIN = 20, REACH = 90 };

typedef struct run {
    const char *path;
    uint64_t seed;
    int64_t acknowledged;
    store *writer, *reader;
} run;

static uint64_t die(run *r)
{
    return mizo_mix64(r->seed++);
}

/* A reader comes, looks on through a snapshot, and goes. */
static mizo_err use_reader(run *r)
{
    if (r->reader) {
        store_sqlite.close(r->reader);
        r->reader = NULL;
        return MIZO_OK;
    }
    mizo_err e = store_sqlite.open(r->path, STORE_READ, NULL, &r->reader);
    return e ? e : r->reader->ops->snapshot(r->reader, true);
}

static mizo_err act(run *r)
{
    uint64_t what = die(r) % 16;
    if (what == 0)
        return ledger_write(r->writer, r->acknowledged + 1, false);
    if (what == 1)
        return use_reader(r);
    if (what < 4) {
        mizo_err e = r->writer->ops->checkpoint(r->writer);
        return e == MIZO_EBUSY ? MIZO_OK : e; /* the reader holds it back */
    }
    mizo_err e = ledger_write(r->writer, r->acknowledged + 1, true);
    if (!e)
        r->acknowledged++;
    return e;
}

static void close_all(run *r)
{
    store_sqlite.close(r->reader);
    store_sqlite.close(r->writer);
    r->reader = r->writer = NULL;
}

/* Works until the power goes. NULL, or what went wrong while it was on. */
static const char *work(run *r)
{
    mizo_err e = store_sqlite.open(r->path, STORE_CREATE, NULL, &r->writer);
    while (!e && !disk_is_off())
        e = act(r);
    bool was_off = disk_is_off();
    close_all(r);
    return was_off ? NULL : "an operation failed while the power was on";
}

static const char *after_cut(run *r)
{
    int64_t n;
    mizo_err e = store_sqlite.open(r->path, STORE_CREATE, NULL, &r->writer);
    if (e)
        return "the store does not open after the cut";
    const char *wrong = NULL;
    if (ledger_count(r->writer, &n))
        wrong = "the batches do not read after the cut";
    else if (n < r->acknowledged)
        wrong = "an acknowledged batch is lost";
    else if (n > r->acknowledged + 1)
        wrong = "there are more batches than were written";
    else
        wrong = ledger_wrong(r->writer, n, die(r));
    r->acknowledged = n;
    close_all(r);
    return wrong;
}

/* One cut. Every CHAIN-th begins on an empty disk, so that making the store is cut too. */
static const char *one_cut(run *r, long k)
{
    if (k % CHAIN == 0) {
        disk_erase();
        r->acknowledged = 0;
    }
    disk_cut_after((long)(die(r) % REACH));
    const char *wrong = work(r);
    disk_cut(die(r));
    return wrong ? wrong : after_cut(r);
}

/* Pages from a fixed place: under the sanitizers the allocator would be most of the time. */
static void fixed_pages(void)
{
    enum { PAGES = 800, ROOM = 8192 + 512 };
    static uint64_t pages[PAGES * ROOM / sizeof(uint64_t)];
    int head = 0;
    sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &head);
    assert(head <= ROOM - 8192);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, pages, ROOM, PAGES);
}

static long number(const char *name, long otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtol(s, NULL, 10) : otherwise;
}

int main(void)
{
    char path[200];
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/mizo-cuts-%d.db", tmp && strlen(tmp) < 100 ? tmp : "/tmp", (int)getpid());
    run r = { .path = path };
    long cuts = number("MIZO_CUTS", getenv("MIZO_ALL") ? 1000000 : 20000), first = number("MIZO_SEED", 1);
    long lines = (cuts + 999) / 1000;
    int failed = 0;
    printf("1..%ld\n", lines);
    fixed_pages();
    disk_install();
    for (long line = 0, k = 0; line < lines; line++) {
        const char *wrong = NULL;
        for (; !wrong && k < cuts && k < (line + 1) * 1000; k++) {
            r.seed = mizo_mix64((uint64_t)first) + (uint64_t)k * 1000003;
            wrong = one_cut(&r, k);
        }
        printf("%s %ld - %ld power cuts\n", wrong ? "not ok" : "ok", line + 1, k);
        if (wrong) {
            printf("# cut %ld with MIZO_SEED=%ld: %s\n", k - 1, first, wrong);
            failed = 1;
            break;
        }
        fflush(stdout);
    }
    disk_uninstall();
    char lock[220];
    snprintf(lock, sizeof lock, "%s-lock", path);
    unlink(lock);
    return failed;
}
