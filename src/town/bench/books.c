/* books.c: a million entries in, and proven. */
#include "town/bench/books.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "mizo/messages/store.h"
#include "mizo/number.h"
#include "town/books/journal.h"
#include "town/books/verify.h"

enum { POINTS = 10000, SOURCES = 10, FIRST_DAY = 20544 /* 2026-04-01 */ };
#define FIRST_KNOWN INT64_C(1775000000000)

static double seconds(env *e)
{
    return (double)e->ops->mono_ns(e) / 1e9;
}

static double cpu_seconds(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

/* ---- what a day posts ---- */

typedef struct day_work {
    journal journal;
    mizo_day day;
    char date[MIZO_DATE_TEXT], day_ref[24];
    mizo_diags *diags;
} day_work;

/* 48 values of some hundred Wh, others for every account and day. */
static int64_t make_slots(uint64_t seed, int32_t per_slot, int32_t slots[MIZO_DAY_SLOTS])
{
    int64_t sum = 0;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        slots[i] = per_slot + (int32_t)(mizo_mix64(seed + (uint64_t)i) % 512);
        sum += slots[i];
    }
    return sum;
}

static mizo_err post(day_work *w, const char *from, const char *to, const char *unit, const char *kind,
                     const char *ref, int64_t amount, const int32_t *slots)
{
    mizo_entry e = { .day = w->day,
                     .from = from,
                     .to = to,
                     .unit = unit,
                     .kind = kind,
                     .ref = ref,
                     .amount = amount,
                     .slots = slots };
    return journal_post(&w->journal, &e, w->diags);
}

/* More than all points together use goes into the pool. */
static mizo_err post_supply(day_work *w)
{
    int32_t slots[MIZO_DAY_SLOTS];
    for (int i = 0; i < SOURCES; i++) {
        char source[32];
        snprintf(source, sizeof source, "source:plant-%02d", i);
        int64_t sum = make_slots((uint64_t)(w->day * SOURCES + i), 1024 * POINTS / SOURCES, slots);
        MIZO_TRY(post(w, "world", source, "Wh-re", "generation", w->day_ref, sum, slots));
        MIZO_TRY(post(w, source, "pool:town", "Wh-re", "match", w->day_ref, sum, slots));
    }
    return MIZO_OK;
}

static mizo_err post_use(day_work *w)
{
    int32_t slots[MIZO_DAY_SLOTS];
    for (int i = 0; i < POINTS; i++) {
        char use[32];
        snprintf(use, sizeof use, "use:p-%05d", i);
        int64_t sum = make_slots((uint64_t)w->day << 32 | (uint64_t)i, 200, slots);
        MIZO_TRY(post(w, "pool:town", use, "Wh-re", "match", w->day_ref, sum, slots));
    }
    return MIZO_OK;
}

/* Half of the contracts: what was agreed, what was used, the levy, the tax. */
static mizo_err post_bills(day_work *w)
{
    static const char *const kind[] = { "bill", "bill", "bill", "tax" };
    for (int i = w->day % 2; i < POINTS; i += 2) {
        char sales[32], customer[32], ref[48];
        snprintf(sales, sizeof sales, "sales:k-%05d", i);
        snprintf(customer, sizeof customer, "customer:h-%05d", i);
        snprintf(ref, sizeof ref, "bill:%s-k-%05d", w->date, i);
        const char *const from[] = { sales, sales, "income:levy", "tax:10" };
        int64_t yen = 3000 + (int64_t)(mizo_mix64((uint64_t)w->day << 32 | (uint64_t)i) % 20000);
        for (int k = 0; k < 4; k++)
            MIZO_TRY(post(w, from[k], customer, "uyen", kind[k], ref, (yen + k) * 100000, NULL));
    }
    return MIZO_OK;
}

static mizo_err post_day(store *s, int64_t n, mizo_diags *d)
{
    store_batch b = { .known = FIRST_KNOWN + n * 86400000, .actor = "bench", .source = "bench", .note = "" };
    day_work w = { .day = (mizo_day)(FIRST_DAY + n), .diags = d };
    mizo_day_text(w.day, w.date);
    snprintf(w.day_ref, sizeof w.day_ref, "day:%s", w.date);
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err err = journal_open(s, &w.journal);
    if (!err)
        err = post_supply(&w);
    if (!err)
        err = post_use(&w);
    if (!err)
        err = post_bills(&w);
    if (err)
        s->ops->batch_rollback(s);
    return err ? err : s->ops->batch_commit(s);
}

/* ---- the two measurements ---- */

static mizo_err post_all(env *e, const char *path, int64_t entries, mizo_diags *d, bench_books_result *out)
{
    store *s;
    double wall = seconds(e), cpu = cpu_seconds();
    MIZO_TRY(store_sqlite.open(path, STORE_CREATE, d, &s));
    mizo_err err = MIZO_OK;
    int64_t seq = 0;
    uint8_t head[MIZO_CHAIN_BYTES];
    for (int64_t n = 0; !err && seq < entries; n++) {
        err = post_day(s, n, d);
        if (!err)
            err = s->ops->entry_head(s, &seq, head);
        out->batches = n + 1;
    }
    if (!err)
        err = s->ops->checkpoint(s);
    out->post_s = seconds(e) - wall;
    out->post_cpu_s = cpu_seconds() - cpu;
    s->ops->close(s);
    return err;
}

static mizo_err prove(env *e, const char *path, mizo_diags *d, bench_books_result *out)
{
    store *s;
    verify_result v;
    double wall = seconds(e), cpu = cpu_seconds();
    MIZO_TRY(store_sqlite.open(path, STORE_READ, d, &s));
    mizo_err err = verify_store(&(verify_how){ .env = e, .path = path }, s, NULL, d, &v);
    out->verify_s = seconds(e) - wall;
    out->verify_cpu_s = cpu_seconds() - cpu;
    s->ops->close(s);
    if (err)
        return err;
    out->ok = v.ok;
    out->entries = v.entries;
    out->accounts = v.accounts;
    return MIZO_OK;
}

static void remove_store(const char *path)
{
    const char *const tails[] = { "", "-wal", "-shm", "-lock" };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        buf b;
        buf_init(&b, 0);
        buf_printf(&b, "%s%s", path, tails[i]);
        if (!b.err)
            (void)unlink(b.p);
        buf_fini(&b);
    }
}

mizo_err bench_books(env *e, const char *path, int64_t entries, mizo_diags *d, bench_books_result *out)
{
    int64_t stamp;
    memset(out, 0, sizeof *out);
    if (e->ops->file_stamp(e, path, &stamp, &out->bytes) == MIZO_OK) {
        MIZO_DIAG(d, BENCH_EXISTS, MIZO_NOWHERE, path);
        return MIZO_EINPUT;
    }
    mizo_err err = post_all(e, path, entries, d, out);
    if (!err)
        err = e->ops->file_stamp(e, path, &stamp, &out->bytes);
    if (!err)
        err = prove(e, path, d, out);
    remove_store(path);
    if (!err) {
        out->post_entries_per_s = (double)out->entries / out->post_s;
        out->verify_entries_per_s = (double)out->entries / out->verify_s;
    }
    return err;
}
