/* Each allocation fails, once and then for ever: nothing acknowledged is lost, nothing leaks, and the
 * store opens again. MIZO_ALLOCS: how many points (5,000; MIZO_ALL: every one). */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "ledger.h"
#include "memory.h"
#include "town/import/stage.h"

typedef struct run {
    const store_ops *ops;
    const char *path;
    int64_t before, acknowledged;
} run;

static mizo_err stage_some(store *s)
{
    stage *t = stage_new(0, MIZO_JAPAN_OFFSET);
    stage_count count = { 0 };
    stage_result result;
    if (!t)
        return MIZO_ENOMEM;
    mizo_err e = MIZO_OK;
    for (int i = 0; !e && i < 300; i++)
        e = stage_add(t, i % 3, 1000 + i, 5, 0, &result);
    store_batch b = { .known = 1, .actor = "", .source = "", .note = "" };
    if (!e)
        e = s->ops->batch_begin(s, &b);
    if (!e) {
        e = stage_flush(t, s, NULL, NULL, &count);
        s->ops->batch_rollback(s); /* not part of the ledger */
    }
    stage_free(t);
    return e;
}

static mizo_err work(run *r)
{
    store *s;
    mizo_diags *d = mizo_diags_new(10);
    mizo_err e = r->ops->open(r->path, STORE_CREATE, d, &s);
    for (int k = 0; !e && k < 2; k++) {
        e = ledger_write(s, r->acknowledged + 1, true);
        r->acknowledged += e == MIZO_OK;
    }
    if (!e)
        e = stage_some(s);
    if (!e)
        e = s->ops->checkpoint(s);
    if (!e && ledger_wrong(s, r->acknowledged, 1))
        e = MIZO_EINPUT; /* reading failed, or it is wrong: the look afterwards tells which */
    if (!e)
        e = s->ops->verify(s, d);
    r->ops->close(s);
    mizo_diags_free(d);
    return e;
}

static const char *look(run *r)
{
    store *s;
    int64_t n;
    if (r->ops->open(r->path, STORE_CREATE, NULL, &s))
        return "the store does not open afterwards";
    const char *wrong = NULL;
    if (ledger_count(s, &n))
        wrong = "the batches do not read";
    else if (n != r->acknowledged && n != r->acknowledged + 1)
        wrong = n < r->acknowledged ? "an acknowledged batch is lost" : "a batch is doubled";
    else
        wrong = ledger_wrong(s, n, 3);
    r->ops->close(s);
    return wrong;
}

static void prepare(run *r, bool empty)
{
    store *s;
    disk_erase();
    r->acknowledged = 0;
    if (empty)
        return;
    if (r->ops->open(r->path, STORE_CREATE, NULL, &s))
        abort();
    while (r->acknowledged < 4 && ledger_write(s, r->acknowledged + 1, true) == MIZO_OK)
        r->acknowledged++;
    r->ops->close(s);
}

/* Fails the n-th allocation. *calls: how many there were. */
static const char *point(run *r, bool empty, bool ever, long n, long *calls)
{
    prepare(r, empty);
    long before = memory_alive();
    memory_fail(n, ever);
    mizo_err e = work(r);
    *calls = memory_stop();
    if (e && n < 0)
        return "the work fails without any fault";
    if (memory_alive() != before)
        return "memory leaks";
    return look(r);
}

static long measure(run *r, bool empty)
{
    long calls;
    const char *wrong = point(r, empty, false, -1, &calls);
    if (wrong) {
        printf("# %s\n", wrong);
        exit(1);
    }
    return calls;
}

/* All points of one way, or as many as were asked for, evenly. */
static bool way(run *r, bool empty, bool ever, long points, int number)
{
    long all = measure(r, empty), tried = 0;
    long step = points > 0 && points < all ? all / points : 1;
    const char *wrong = NULL;
    long at = 0;
    for (; !wrong && at < all; at += wrong ? 0 : step, tried++) {
        long calls;
        wrong = point(r, empty, ever, at, &calls);
    }
    printf("%s %d - %s, %s, %ld of %ld allocations fail%s\n", wrong ? "not ok" : "ok", number,
           empty ? "an empty disk" : "a store in use", ever ? "and all after it" : "once", tried, all,
           ever ? " in turn" : "");
    if (wrong)
        printf("# allocation %ld: %s\n", at, wrong);
    fflush(stdout);
    return !wrong;
}

int main(void)
{
    char path[200];
    const char *tmp = getenv("TMPDIR"), *wish = getenv("MIZO_ALLOCS");
    snprintf(path, sizeof path, "%s/mizo-allocs-%d.db", tmp && strlen(tmp) < 100 ? tmp : "/tmp",
             (int)getpid());
    long points = wish && *wish ? strtol(wish, NULL, 10) : getenv("MIZO_ALL") ? 0 : 5000;
    run r = { .ops = &store_sqlite, .path = path };
    bool good = true;
    disk_realloc = __real_realloc;
    disk_free = __real_free;
    memory_of_sqlite();
    disk_install();
    printf("1..4\n");
    for (int i = 0; i < 4; i++)
        good &= way(&r, i & 1, i & 2, points ? (points + 3) / 4 : 0, i + 1);
    disk_uninstall();
    char lock[220];
    snprintf(lock, sizeof lock, "%s-lock", path);
    unlink(lock);
    return !good;
}
