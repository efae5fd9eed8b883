/* settle.c: bills of a year of half-hours, out of a store and out of memory, on some threads. */
#include "town/bench/settle.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mizo/messages/store.h"
#include "town/bench/books.h"
#include "town/bills/billing_read.h"

enum {
    SLOTS = SETTLE_DAYS * MIZO_DAY_SLOTS,
    THREADS_MOST = 64,
    CHUNK = 16,
    MATCH_CONSUMERS = 1050,
    MATCH_SOURCES = 600
};

double bench_settle_cpu(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static double rss_mb(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)r.ru_maxrss / 1024;
}

/* ---- what all threads read ---- */

typedef struct common {
    env *e;
    const mizo_region *r;
    const char *path; /* of the store; NULL: made in memory */
    int64_t contracts;
    mizo_day first, month[SETTLE_MONTHS + 1];
    mizo_bill_table *table[SETTLE_TARIFFS][SETTLE_MONTHS];
    _Atomic int64_t next; /* contract to be done */
} common;

typedef struct worker {
    common *c;
    env_thread *thread;
    store *s;
    billing_reader *reader;
    mizo_err err;
    int64_t bills;
    mizo_uyen exact, total, left;
    mizo_bill bill;
    int32_t v[SLOTS];
    uint8_t q[SLOTS];
} worker;

static mizo_err make_tables(common *c)
{
    static const char *const name[] = { "tou", "market", "step" };
    int32_t *price = malloc(SLOTS * sizeof *price);
    mizo_err e = price ? MIZO_OK : MIZO_ENOMEM;
    if (price)
        bench_settle_prices(price);
    for (int m = 0; m <= SETTLE_MONTHS; m++)
        c->month[m] = mizo_date_day((mizo_date){ SETTLE_YEAR + m / 12, m % 12 + 1, 1 });
    for (int t = 0; t < SETTLE_TARIFFS && !e; t++)
        for (int m = 0; m < SETTLE_MONTHS && !e; m++)
            e = mizo_bill_table_new(c->r, mizo_region_tariff(c->r, name[t]), t == 2 ? MIZO_LOW : MIZO_HIGH,
                                    "tender", c->month[m], c->month[m], c->month[m + 1],
                                    price + (c->month[m] - c->first) * MIZO_DAY_SLOTS, &c->table[t][m]);
    free(price);
    return e;
}

static void free_tables(common *c)
{
    for (int t = 0; t < SETTLE_TARIFFS; t++)
        for (int m = 0; m < SETTLE_MONTHS; m++)
            mizo_bill_table_free(c->table[t][m]);
}

/* ---- one contract ---- */

static mizo_err read_year(worker *w, int64_t contract, mizo_ref point)
{
    if (w->reader)
        return billing_slots(w->reader, point, w->c->first, w->c->first + SETTLE_DAYS, w->v, w->q);
    bench_settle_year(contract, w->v);
    return MIZO_OK;
}

static mizo_err take_bill(worker *w)
{
    w->bills++;
    return __builtin_add_overflow(w->exact, w->bill.exact, &w->exact) |
                   __builtin_add_overflow(w->total, w->bill.total, &w->total) |
                   __builtin_add_overflow(w->left, w->bill.left, &w->left)
               ? MIZO_ERANGE
               : MIZO_OK;
}

static mizo_err settle_contract(worker *w, int64_t contract)
{
    const common *c = w->c;
    mizo_ref ref = (mizo_ref)(contract % SETTLE_STORED);
    int64_t max[SETTLE_MONTHS];
    char digest[HASH_TEXT];
    MIZO_TRY(read_year(w, contract, c->r->contract[ref].point));
    for (int m = 0; m < SETTLE_MONTHS; m++) {
        int at = (c->month[m] - c->first) * MIZO_DAY_SLOTS;
        mizo_bill_in in = { .contract = ref,
                            .wh = w->v + at,
                            .quality = w->reader ? w->q + at : NULL,
                            .power_factor_e6 = MIZO_NO_PRICE,
                            .as_of = INT64_MAX,
                            .known = INT64_MIN };
        for (int i = 0; i < MIZO_BILL_MONTHS; i++)
            in.before_w[i] = i < m ? max[m - 1 - i] : MIZO_MISSING;
        if (w->reader) {
            billing_digest(c->r->point[c->r->contract[ref].point].id, c->month[m], c->month[m + 1], w->v + at,
                           w->q + at, digest);
            in.digest = digest;
        }
        MIZO_TRY(mizo_bill_make(c->table[bench_settle_tariff(contract)][m], &in, &w->bill, NULL));
        max[m] = w->bill.max_w;
        MIZO_TRY(take_bill(w));
    }
    return MIZO_OK;
}

/* ---- threads ---- */

static void work(void *arg)
{
    worker *w = arg;
    for (;;) {
        int64_t from = atomic_fetch_add_explicit(&w->c->next, CHUNK, memory_order_relaxed);
        for (int64_t i = from; i < from + CHUNK && i < w->c->contracts && !w->err; i++)
            w->err = env_interrupted() ? MIZO_ECANCELED : settle_contract(w, i);
        if (w->err || from + CHUNK >= w->c->contracts)
            return;
    }
}

static mizo_err open_reader(worker *w, mizo_diags *d)
{
    if (!w->c->path)
        return MIZO_OK;
    MIZO_TRY(store_sqlite.open(w->c->path, STORE_READ, d, &w->s));
    return billing_reader_new(w->s, w->c->r, STORE_LATEST, &w->reader);
}

static void close_worker(worker *w)
{
    if (!w)
        return;
    billing_reader_free(w->reader);
    store_sqlite.close(w->s);
    free(w);
}

static mizo_err run_threads(common *c, int threads, worker **w, mizo_diags *d)
{
    mizo_err err = MIZO_OK;
    int n = 0;
    for (; n < threads && !err; n++) {
        w[n] = calloc(1, sizeof **w);
        err = w[n] ? MIZO_OK : MIZO_ENOMEM;
        if (err)
            break;
        w[n]->c = c;
        err = open_reader(w[n], d);
        if (!err)
            err = c->e->ops->thread(c->e, "settle", work, w[n], &w[n]->thread);
    }
    for (int i = 0; i < threads; i++)
        if (w[i] && w[i]->thread)
            c->e->ops->join(c->e, w[i]->thread);
    return err;
}

static mizo_err one_way(common *c, int threads, mizo_diags *d, bench_settle_way *out)
{
    worker *w[THREADS_MOST] = { NULL };
    double cpu = bench_settle_cpu();
    uint64_t before = c->e->ops->mono_ns(c->e);
    *out = (bench_settle_way){ .contracts = c->contracts };
    atomic_store(&c->next, 0);
    mizo_err err = run_threads(c, threads, w, d);
    for (int i = 0; i < threads; i++) {
        if (w[i] && !err)
            err = w[i]->err;
        out->bills += w[i] ? w[i]->bills : 0;
        out->exact += w[i] ? w[i]->exact : 0;
        out->total += w[i] ? w[i]->total : 0;
        out->left += w[i] ? w[i]->left : 0;
        close_worker(w[i]);
    }
    out->wall_s = (double)(c->e->ops->mono_ns(c->e) - before) * 1e-9;
    out->cpu_s = bench_settle_cpu() - cpu;
    return err;
}

/* ---- the store ---- */

static mizo_err write_contract(store *s, int64_t contract, mizo_day first, int32_t *v)
{
    char point[MIZO_ID_MAX];
    int32_t id;
    bool changed;
    snprintf(point, sizeof point, "p-%04d", (int)contract);
    mizo_series_key key = store_key(point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    MIZO_TRY(s->ops->series_id(s, &key, true, &id));
    bench_settle_year(contract, v);
    for (int d = 0; d < SETTLE_DAYS; d++)
        MIZO_TRY(store_write_day(s, id, first + d, v + d * MIZO_DAY_SLOTS, NULL, MIZO_DAY_SLOTS, &changed));
    return MIZO_OK;
}

static mizo_err write_store(const common *c, const char *path, mizo_diags *d)
{
    store *s = NULL;
    int32_t *v = malloc(SLOTS * sizeof *v);
    store_batch b = { .known = 1, .actor = "bench", .source = "bench settle", .note = "" };
    mizo_err err = v ? store_sqlite.open(path, STORE_CREATE, d, &s) : MIZO_ENOMEM;
    if (!err)
        err = s->ops->batch_begin(s, &b);
    for (int64_t i = 0; i < c->contracts && !err; i++)
        err = write_contract(s, i, c->first, v);
    if (!err)
        err = s->ops->batch_commit(s);
    if (!err)
        err = s->ops->checkpoint(s);
    store_sqlite.close(s);
    free(v);
    return err;
}

static void remove_store(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-lock", ".lock" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[1100];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

/* ---- the whole ---- */

static bool equal(const bench_settle_way *a, const bench_settle_way *b)
{
    return a->bills == b->bills && a->total == b->total && a->exact == b->exact && a->left == b->left;
}

static mizo_err ways(common *c, const bench_settle_options *o, mizo_diags *d, bench_settle_result *out)
{
    out->stored = o->contracts <= SETTLE_STORED;
    out->same = true;
    c->contracts = o->contracts;
    if (out->stored) {
        MIZO_TRY(write_store(c, o->path, d));
        c->path = o->path;
        MIZO_TRY(one_way(c, o->threads, d, &out->way));
        c->path = NULL;
    }
    MIZO_TRY(one_way(c, o->threads, d, &out->memory));
    if (!out->stored)
        out->way = out->memory;
    out->same = equal(&out->way, &out->memory) && out->way.exact == out->way.total + out->way.left;
    out->rss_mb = rss_mb();
    return MIZO_OK;
}

static mizo_err beside(common *c, const bench_settle_options *o, mizo_diags *d, bench_settle_result *out)
{
    bench_settle_way own;
    char path[1024];
    int64_t n = o->peer < o->contracts ? o->peer : o->contracts;
    if (n <= 0)
        return MIZO_OK;
    snprintf(path, sizeof path, "%s.peer", o->path);
    c->contracts = n;
    MIZO_TRY(one_way(c, o->threads, d, &own));
    mizo_err e = bench_settle_peer(c->e, path, n, d, &out->peer, &out->peer_load_s);
    remove_store(path);
    out->same = out->same && out->peer.total == own.total && out->peer.bills == own.bills;
    return e;
}

static mizo_err books(env *e, const bench_settle_options *o, mizo_diags *d, bench_settle_result *out)
{
    bench_books_result b;
    char path[1024];
    if (o->entries <= 0)
        return MIZO_OK;
    snprintf(path, sizeof path, "%s.books", o->path);
    MIZO_TRY(bench_books(e, path, o->entries, d, &b));
    out->post_entries_per_s = b.post_entries_per_s;
    out->verify_entries_per_s = b.verify_entries_per_s;
    return b.ok ? MIZO_OK : MIZO_ESTORE;
}

mizo_err bench_settle(env *e, const bench_settle_options *o, mizo_diags *d, bench_settle_result *out)
{
    common c = { .e = e, .first = bench_settle_first() };
    *out =
        (bench_settle_result){ .match_wall_s = NAN, .post_entries_per_s = NAN, .verify_entries_per_s = NAN };
    if (o->threads < 1 || o->threads > THREADS_MOST || o->contracts < 1)
        return MIZO_ERANGE;
    if (access(o->path, F_OK) == 0) {
        MIZO_DIAG(d, BENCH_EXISTS, MIZO_NOWHERE, o->path);
        return MIZO_EINPUT;
    }
    mizo_err err = bench_settle_region(d, &c.r);
    if (!err)
        err = make_tables(&c);
    if (!err)
        err = ways(&c, o, d, out);
    if (!err)
        err = beside(&c, o, d, out);
    if (!err)
        err = books(e, o, d, out);
    if (!err && o->match_days > 0) {
        err = bench_match(e, MATCH_CONSUMERS, MATCH_SOURCES, o->match_days, &out->match);
        out->match_wall_s = out->match.wall_s;
        out->same = out->same && out->match.closes;
    }
    if (!err && o->data) {
        out->has_real = true;
        err = bench_settle_real_row(o->data, d, &out->real);
    }
    free_tables(&c);
    mizo_region_unref(c.r);
    remove_store(o->path);
    return err;
}
