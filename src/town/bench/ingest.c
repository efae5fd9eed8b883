/* ingest.c: readings in, durable, and out again, timed. */
#include "town/bench/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/env_stream.h"
#include "mizo/messages/store.h"
#include "town/import/stage.h"

enum { CHUNK = 1 << 20, ROW_MAX = 80, METER_MAX = 10000000, RUNS = 3, QUERY_METER = 123 };

static double seconds(env *e)
{
    return (double)e->ops->mono_ns(e) * 1e-9;
}

static double cpu_seconds(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

/* ---- rows in ---- */

typedef struct intake {
    store *s;
    stage *t;
    stage_count count;
    int32_t *series; /* by meter number; 0: not seen */
    size_t nmeter;
    int64_t row;
    stage_item item[STAGE_MANY];
    size_t nitem;
} intake;

static mizo_err meter_series(intake *in, int64_t meter, int32_t *out)
{
    if ((size_t)meter >= in->nmeter) {
        size_t cap = in->nmeter;
        MIZO_TRY(array_grow(&in->series, &cap, (size_t)meter + 1, sizeof *in->series));
        memset(in->series + in->nmeter, 0, (cap - in->nmeter) * sizeof *in->series);
        in->nmeter = cap;
    }
    if (!in->series[meter]) {
        char owner[MIZO_ID_MAX];
        snprintf(owner, sizeof owner, "m-%lld", (long long)meter);
        mizo_series_key key = store_key(owner, MIZO_Q_IMPORT, MIZO_ROLE_READING);
        MIZO_TRY(in->s->ops->series_id(in->s, &key, true, &in->series[meter]));
    }
    *out = in->series[meter];
    return MIZO_OK;
}

static mizo_err stage_items(intake *in)
{
    MIZO_TRY(stage_add_many(in->t, in->item, in->nitem));
    for (size_t i = 0; i < in->nitem; i++)
        if (in->item[i].result == STAGE_CLASH)
            return MIZO_EINPUT;
    in->nitem = 0;
    return stage_full(in->t) ? stage_flush(in->t, in->s, NULL, NULL, &in->count) : MIZO_OK;
}

/* Digits up to `end`; false: none, or too many. */
static inline bool number(const char **p, char end, int64_t *out)
{
    const char *s = *p;
    int64_t v = 0;
    for (; (unsigned)(*s - '0') < 10; s++)
        v = v * 10 + (*s - '0');
    bool good = s != *p && s - *p <= 18 && *s == end;
    *p = s + 1;
    *out = v;
    return good;
}

/* One row that ends with a line feed within what can be read. */
static inline mizo_err take_row(intake *in, const char **p)
{
    int64_t meter, second, wh;
    in->row++;
    if (!number(p, ',', &meter) || !number(p, ',', &second) || !number(p, '\n', &wh) || meter >= METER_MAX ||
        second % MIZO_SLOT_S || wh > INT32_MAX)
        return MIZO_EINPUT;
    stage_item *item = &in->item[in->nitem];
    item->slot = second / MIZO_SLOT_S;
    item->value = (int32_t)wh;
    item->quality = MIZO_QUALITY_MEASURED;
    MIZO_TRY(meter_series(in, meter, &item->series));
    return ++in->nitem == STAGE_MANY ? stage_items(in) : MIZO_OK;
}

/* Takes the whole rows of text[0..n), which ends with a line feed. */
static mizo_err take_rows(intake *in, const char *text, size_t n)
{
    const char *p = text, *end = text + n;
    if (!in->row && n && (unsigned)(*p - '0') >= 10) { /* a head line */
        in->row++;
        p = memchr(p, '\n', n);
        p++;
    }
    while (p < end)
        MIZO_TRY(take_row(in, &p));
    return MIZO_OK;
}

static mizo_err take_stream(intake *in, env_stream *f, char *chunk)
{
    size_t have = 0, got;
    do {
        MIZO_TRY(env_stream_read(f, chunk + have, CHUNK - have, &got));
        have += got;
        if (!got && have)
            chunk[have++] = '\n'; /* the last row may lack it */
        char *last = memrchr(chunk, '\n', have);
        size_t whole = last ? (size_t)(last - chunk) + 1 : 0;
        if (!whole && have >= ROW_MAX)
            return MIZO_EINPUT;
        MIZO_TRY(take_rows(in, chunk, whole));
        memmove(chunk, chunk + whole, have - whole);
        have -= whole;
    } while (got);
    return MIZO_OK;
}

static mizo_err take_file(intake *in, const char *path, mizo_diags *d)
{
    env_stream *f;
    int64_t size;
    mizo_err e = env_stream_open(path, &f, &size);
    if (e) {
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), mizo_err_text(e));
        return e;
    }
    char *chunk = malloc(CHUNK + 1);
    e = chunk ? take_stream(in, f, chunk) : MIZO_ENOMEM;
    free(chunk);
    env_stream_close(f);
    return e;
}

/* One transaction: everything or nothing, durable when it returns. */
static mizo_err take_all(intake *in, const bench_ingest_options *o, const buf *made, mizo_diags *d)
{
    store_batch b = { .known = 0, .actor = "mizo bench", .source = o->file ? o->file : "made", .note = "" };
    MIZO_TRY(in->s->ops->batch_begin(in->s, &b));
    mizo_err e = o->file ? take_file(in, o->file, d) : take_rows(in, made->p, made->n);
    if (!e)
        e = stage_items(in);
    if (e == MIZO_EINPUT)
        MIZO_DIAG(d, BENCH_ROW, MIZO_AT(o->file, (int)in->row, 0), "meter,epoch_s,wh");
    if (!e)
        e = stage_flush(in->t, in->s, NULL, NULL, &in->count);
    if (!e)
        return in->s->ops->batch_commit(in->s);
    in->s->ops->batch_rollback(in->s);
    return e;
}

static mizo_err load(env *e, const bench_ingest_options *o, const buf *made, mizo_diags *d,
                     bench_ingest_result *out)
{
    intake *in = calloc(1, sizeof *in);
    if (!in)
        return MIZO_ENOMEM;
    double wall = seconds(e), cpu = cpu_seconds();
    in->t = stage_new(0, MIZO_JAPAN_OFFSET);
    mizo_err err = in->t ? store_sqlite.open(o->store, STORE_CREATE, d, &in->s) : MIZO_ENOMEM;
    if (!err)
        err = take_all(in, o, made, d);
    if (!err)
        err = in->s->ops->checkpoint(in->s);
    if (in->s)
        in->s->ops->close(in->s);
    out->readings = in->count.added;
    stage_free(in->t);
    free(in->series);
    free(in);
    out->wall_s = seconds(e) - wall;
    out->cpu_s = cpu_seconds() - cpu;
    return err;
}

/* ---- four questions ---- */

typedef struct question {
    store *s;
    int32_t meter; /* series of question 2; -1: there is none */
    mizo_day first, last;
    int32_t nseries; /* the highest number + 1 */
    int64_t *curve;  /* [(last - first + 1) * 48] */
    int32_t *most;   /* [nseries * months] */
    int64_t *total;  /* [nseries] */
    uint8_t *month;  /* of each day, from the first */
    int months;
    int64_t sum;
} question;

static mizo_err open_block(const store_day *d, int32_t v[48])
{
    mizo_block b = { .n = 48, .v = v };
    return mizo_block_unpack(d->packed, d->len, &b) ? MIZO_ESTORE : MIZO_OK;
}

/* 1: the curve of the whole area. */
static mizo_err add_curve(void *arg, const store_day *d)
{
    question *q = arg;
    int32_t v[48];
    MIZO_TRY(open_block(d, v));
    int64_t *at = q->curve + (size_t)(d->day - q->first) * 48;
    for (int i = 0; i < 48; i++)
        at[i] += v[i] == MIZO_MISSING ? 0 : v[i];
    return MIZO_OK;
}

/* 2: one meter's year. */
static mizo_err add_sum(void *arg, const store_day *d)
{
    question *q = arg;
    int32_t v[48];
    MIZO_TRY(open_block(d, v));
    for (int i = 0; i < 48; i++)
        q->sum += v[i] == MIZO_MISSING ? 0 : v[i];
    return MIZO_OK;
}

/* 3: each meter's highest half-hour of each month. */
static mizo_err add_most(void *arg, const store_day *d)
{
    question *q = arg;
    int32_t v[48];
    MIZO_TRY(open_block(d, v));
    int32_t *most = &q->most[(size_t)d->series * (size_t)q->months + q->month[d->day - q->first]], m = *most;
    for (int i = 0; i < 48; i++)
        m = v[i] > m ? v[i] : m; /* missing is the least of all */
    *most = m;
    return MIZO_OK;
}

/* 4: the ten largest by energy. */
static mizo_err add_total(void *arg, const store_day *d)
{
    question *q = arg;
    int32_t v[48];
    MIZO_TRY(open_block(d, v));
    int64_t sum = 0;
    for (int i = 0; i < 48; i++)
        sum += v[i] == MIZO_MISSING ? 0 : v[i];
    q->total[d->series] += sum;
    return MIZO_OK;
}

static int64_t ten_largest(question *q)
{
    int64_t sum = 0;
    for (int k = 0; k < 10; k++) {
        int32_t best = 0;
        for (int32_t i = 1; i < q->nseries; i++)
            best = q->total[i] > q->total[best] ? i : best;
        sum += q->total[best] > 0 ? q->total[best] : 0;
        q->total[best] = -1;
    }
    return sum;
}

static size_t curve_slots(const question *q)
{
    return (size_t)(q->last - q->first + 1) * 48;
}

static mizo_err ask(question *q, int which, int64_t *answer)
{
    store_day_fn const scan[] = { add_curve, NULL, add_most, add_total };
    size_t nmost = (size_t)q->nseries * (size_t)q->months;
    memset(q->curve, 0, curve_slots(q) * sizeof *q->curve);
    memset(q->most, 0, nmost * sizeof *q->most);
    memset(q->total, 0, (size_t)q->nseries * sizeof *q->total);
    q->sum = 0;
    if (which == 1) {
        if (q->meter >= 0)
            MIZO_TRY(q->s->ops->days_of(q->s, q->meter, q->first, q->last + 1, STORE_LATEST, add_sum, q));
    } else {
        MIZO_TRY(q->s->ops->days_all(q->s, q->first, q->last + 1, scan[which], q));
    }
    int64_t sum = q->sum;
    for (size_t i = 0; which == 0 && i < curve_slots(q); i++)
        sum += q->curve[i];
    for (size_t i = 0; which == 2 && i < nmost; i++)
        sum += q->most[i];
    if (which == 3)
        sum = ten_largest(q);
    *answer = sum / 100;
    return MIZO_OK;
}

static mizo_err highest(void *arg, int32_t id, const mizo_series_key *key)
{
    (void)key;
    int32_t *n = arg;
    *n = id + 1 > *n ? id + 1 : *n;
    return MIZO_OK;
}

static void name_months(question *q)
{
    mizo_date from = mizo_day_date(q->first);
    for (mizo_day d = q->first; d <= q->last; d++) {
        mizo_date at = mizo_day_date(d);
        q->month[d - q->first] = (uint8_t)((at.year - from.year) * 12 + at.month - from.month);
    }
    q->months = q->month[q->last - q->first] + 1;
}

static mizo_err prepare(question *q)
{
    mizo_series_key key = store_key("m-123", MIZO_Q_IMPORT, MIZO_ROLE_READING);
    MIZO_TRY(q->s->ops->day_span(q->s, -1, &q->first, &q->last));
    MIZO_TRY(q->s->ops->series_scan(q->s, highest, &q->nseries));
    if (q->s->ops->series_id(q->s, &key, false, &q->meter))
        q->meter = -1;
    if (q->last - q->first > 20 * 366)
        return MIZO_ERANGE; /* months are counted in a byte */
    q->month = calloc((size_t)(q->last - q->first + 1), 1);
    if (!q->month)
        return MIZO_ENOMEM;
    name_months(q);
    q->curve = calloc(curve_slots(q), sizeof *q->curve);
    q->most = calloc((size_t)q->nseries * (size_t)q->months, sizeof *q->most);
    q->total = calloc((size_t)q->nseries, sizeof *q->total);
    return q->curve && q->most && q->total ? MIZO_OK : MIZO_ENOMEM;
}

static double median3(double a, double b, double c)
{
    double least = a < b ? a : b, most = a < b ? b : a;
    return c < least ? least : c > most ? most : c;
}

static mizo_err ask_all(env *e, question *q, bench_ingest_result *out)
{
    for (int i = 0; i < BENCH_QUERIES; i++) {
        double took[RUNS];
        for (int k = 0; k < RUNS; k++) {
            double t = seconds(e);
            MIZO_TRY(ask(q, i, &out->checksum[i]));
            took[k] = seconds(e) - t;
        }
        out->query_s[i] = median3(took[0], took[1], took[2]);
    }
    return MIZO_OK;
}

static mizo_err questions(env *e, const char *path, mizo_diags *d, bench_ingest_result *out)
{
    question q = { .meter = -1 };
    MIZO_TRY(store_sqlite.open(path, STORE_READ, d, &q.s));
    mizo_err err = prepare(&q);
    if (!err)
        err = ask_all(e, &q, out);
    q.s->ops->close(q.s);
    free(q.month);
    free(q.curve);
    free(q.most);
    free(q.total);
    return err;
}

/* ---- the whole ---- */

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

static mizo_err measure(env *e, const bench_ingest_options *o, const buf *made, mizo_diags *d,
                        bench_ingest_result *out)
{
    int64_t stamp;
    MIZO_TRY(load(e, o, made, d, out));
    MIZO_TRY(e->ops->file_stamp(e, o->store, &stamp, &out->bytes));
    return questions(e, o->store, d, out);
}

mizo_err bench_ingest(env *e, const bench_ingest_options *o, mizo_diags *d, bench_ingest_result *out)
{
    memset(out, 0, sizeof *out);
    int64_t stamp, size;
    if (e->ops->file_stamp(e, o->store, &stamp, &size) == MIZO_OK) {
        MIZO_DIAG(d, BENCH_EXISTS, MIZO_NOWHERE, o->store);
        return MIZO_EINPUT;
    }
    buf made;
    buf_init(&made, 0);
    mizo_err err = o->file ? MIZO_OK : bench_readings(o->meters, o->days, o->order, &made);
    if (!err)
        err = measure(e, o, &made, d, out);
    buf_fini(&made);
    if (!o->keep)
        remove_store(o->store);
    return err;
}
