/* Each allocation fails, once and then for ever: nothing acknowledged is lost, nothing leaks, and the
 * store opens again. MIZO_ALLOCS: how many points (5,000; MIZO_ALL: every one). */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "ledger.h"
#include "town/stage.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
char *__real_strdup(const char *s);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);
char *__wrap_strdup(const char *s);
void __wrap_free(void *p);

static long calls, fail_at = -1, alive;
static bool for_ever, armed;

static bool refuse(void)
{
    if (!armed)
        return false;
    long n = calls++;
    return fail_at >= 0 && (n == fail_at || (for_ever && n > fail_at));
}

static void *counted(void *p)
{
    alive += p != NULL;
    return p;
}

void *__wrap_malloc(size_t n)
{
    return refuse() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return refuse() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
    if (refuse())
        return NULL;
    void *q = __real_realloc(p, n);
    alive += !p && q;
    return q;
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return refuse() ? NULL : counted(__real_aligned_alloc(align, n));
}

char *__wrap_strdup(const char *s)
{
    return refuse() ? NULL : counted(__real_strdup(s));
}

void __wrap_free(void *p)
{
    alive -= p != NULL;
    __real_free(p);
}

/* ---- SQLite's own memory goes the same way ---- */

enum { HEAD = 16 };

static void *s_malloc(int n)
{
    char *p = refuse() ? NULL : __real_malloc((size_t)n + HEAD);
    if (!p)
        return NULL;
    memcpy(p, &n, sizeof n);
    alive++;
    return p + HEAD;
}

static void s_free(void *p)
{
    if (p) {
        alive--;
        __real_free((char *)p - HEAD);
    }
}

static int s_size(void *p)
{
    int n = 0;
    if (p)
        memcpy(&n, (char *)p - HEAD, sizeof n);
    return n;
}

static void *s_realloc(void *p, int n)
{
    void *q = s_malloc(n);
    if (!q)
        return NULL;
    int had = s_size(p);
    memcpy(q, p, (size_t)(had < n ? had : n));
    s_free(p);
    return q;
}

static int s_round(int n)
{
    return (n + 7) & ~7;
}

static int s_init(void *arg)
{
    (void)arg;
    return SQLITE_OK;
}

static void s_shutdown(void *arg)
{
    (void)arg;
}

static void use_our_memory(void)
{
    static const sqlite3_mem_methods m = { s_malloc, s_free, s_realloc,  s_size,
                                           s_round,  s_init, s_shutdown, NULL };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &m);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* every small piece is a point of its own */
}

/* ---- the work ---- */

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

/* Fails the n-th allocation. *reached: there were that many. */
static const char *point(run *r, bool empty, bool ever, long n, bool *reached)
{
    prepare(r, empty);
    long before = alive;
    calls = 0;
    fail_at = n;
    for_ever = ever;
    armed = true;
    mizo_err e = work(r);
    armed = false;
    *reached = n < 0 || calls > n;
    long after = alive;
    if (e && n < 0)
        return "the work fails without any fault";
    if (after != before)
        return "memory leaks";
    return look(r);
}

static long measure(run *r, bool empty)
{
    bool reached;
    const char *wrong = point(r, empty, false, -1, &reached);
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
        bool reached;
        wrong = point(r, empty, ever, at, &reached);
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
    use_our_memory();
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
