/* ledger.c: a workload whose right outcome is known by arithmetic. */
#include "ledger.h"

#include <stdio.h>
#include <string.h>

enum { SERIES = 4, DAYS = 5, ENTRY_DAYS = 3, A_DAY = 86400000 };
#define START INT64_C(1750000000000)

static mizo_ms known(int64_t b)
{
    return START + b / 3 * A_DAY; /* three batches a day: they coalesce */
}

static int32_t value(int64_t b, int slot)
{
    return (int32_t)(b * 10 + slot);
}

static void fill(int64_t b, int32_t v[48])
{
    for (int i = 0; i < 48; i++)
        v[i] = value(b, i);
}

static mizo_err write_days(store *s, int64_t b)
{
    const char *const names[SERIES] = { "s-0", "s-1", "s-2", "s-3" };
    mizo_series_key k = store_key(names[b % SERIES], MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id, v[48];
    MIZO_TRY(s->ops->series_id(s, &k, true, &id));
    fill(b, v);
    MIZO_TRY(store_write_day(s, id, (mizo_day)(100 + b % DAYS), v, NULL, 48, NULL));
    return store_write_day(s, id, (mizo_day)(1000 + b), v, NULL, 48, NULL);
}

static mizo_err write_entry(store *s, int64_t b)
{
    int32_t slots[48] = { 0 };
    uint8_t hash[32];
    memset(hash, (int)(b & 0xff), sizeof hash);
    slots[b % 48] = (int32_t)b;
    store_entry e = { .day = (mizo_day)(b % ENTRY_DAYS),
                      .from = "source:x",
                      .to = "pool:town",
                      .unit = "Wh-re",
                      .kind = "generation",
                      .ref = "",
                      .amount = b,
                      .slots = slots };
    return s->ops->entry_append(s, &e, hash);
}

static mizo_err write_rest(store *s, int64_t b)
{
    char json[32];
    snprintf(json, sizeof json, "{\"b\":%lld}", (long long)b);
    MIZO_TRY(s->ops->record_put(s, "kind", "one", json, NULL));
    store_period p = {
        .point = "p", .quantity = 1, .from = 0, .to = 30, .energy_wh = b, .max_w = MIZO_MISSING
    };
    MIZO_TRY(s->ops->period_put(s, &p, NULL));
    store_session z = { .vehicle = "van", .charger = "c", .arrive = b, .depart = b + 5, .need_wh = b };
    return s->ops->session_put(s, &z, NULL);
}

mizo_err ledger_write(store *s, int64_t b, bool commit)
{
    store_batch row = { .known = known(b), .actor = "ledger", .source = "test", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &row));
    mizo_err e = row.id == b ? MIZO_OK : MIZO_EINPUT;
    if (!e)
        e = write_days(s, b);
    if (!e)
        e = write_entry(s, b);
    if (!e)
        e = write_rest(s, b);
    if (!e && commit)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

/* ---- reading it back ---- */

typedef struct sums {
    int64_t n, amount, last;
    const char *wrong;
} sums;

static mizo_err count_batch(void *arg, const store_batch *b)
{
    sums *t = arg;
    if (b->id != ++t->n)
        t->wrong = "the numbers of the batches have a hole";
    return MIZO_OK;
}

mizo_err ledger_count(store *s, int64_t *n)
{
    sums t = { 0 };
    MIZO_TRY(s->ops->batch_scan(s, 0, count_batch, &t));
    *n = t.n;
    return t.wrong ? MIZO_EINPUT : MIZO_OK;
}

static mizo_err check_entry(void *arg, const store_entry *e)
{
    sums *t = arg;
    int64_t b = ++t->n;
    bool right = e->seq == b && e->batch == b && e->amount == b && e->day == b % ENTRY_DAYS && e->slots &&
                 e->slots[b % 48] == b && e->hash[0] == (b & 0xff) && strcmp(e->to, "pool:town") == 0;
    if (!right)
        t->wrong = "an entry is not as it was posted";
    return MIZO_OK;
}

static const char *wrong_balance(store *s, int64_t n, mizo_day day)
{
    int64_t slots[48], expect[48] = { 0 }, sum = 0, total;
    for (int64_t b = 1; b <= n; b++)
        if (b % ENTRY_DAYS == day) {
            expect[b % 48] += b;
            sum += b;
        }
    if (s->ops->balance_get(s, "pool:town", "Wh-re", day, &total, slots) || total != sum ||
        memcmp(slots, expect, sizeof slots))
        return "the balance of a day is wrong";
    if (s->ops->balance_get(s, "source:x", "Wh-re", MIZO_DAY_NONE, &total, NULL) || total != -n * (n + 1) / 2)
        return "the balance of all days is wrong";
    return NULL;
}

static const char *wrong_journal(store *s, int64_t n, uint64_t seed)
{
    sums t = { 0 };
    if (s->ops->entry_scan(s, 0, check_entry, &t))
        return "the journal does not read";
    if (t.wrong)
        return t.wrong;
    if (t.n != n)
        return t.n < n ? "an entry is lost" : "an entry is doubled";
    return wrong_balance(s, n, (mizo_day)(seed % ENTRY_DAYS));
}

/* The last batch up to n that wrote this series on this day and was known on day `until` or before. */
static int64_t writer_of(int64_t n, int series, int day, mizo_day until)
{
    for (int64_t b = n; b > 0; b--)
        if (b % SERIES == series && b % DAYS == day && known(b) / A_DAY <= until)
            return b;
    return 0;
}

static const char *wrong_day(store *s, int32_t id, int64_t n, int series, int day, mizo_ms as_of)
{
    int32_t v[48], expect[48];
    mizo_day until = as_of == STORE_LATEST ? INT32_MAX : (mizo_day)(as_of / A_DAY);
    int64_t b = writer_of(n, series, day, until);
    for (int i = 0; i < 48; i++)
        expect[i] = b ? value(b, i) : MIZO_MISSING;
    if (store_read_day(s, id, 100 + day, as_of, v, NULL))
        return "a day does not read";
    if (memcmp(v, expect, sizeof v))
        return as_of == STORE_LATEST ? "a day is not the latest" : "a day as known before is wrong";
    return NULL;
}

static const char *wrong_days(store *s, int64_t n, uint64_t seed)
{
    const char *const names[SERIES] = { "s-0", "s-1", "s-2", "s-3" };
    for (int i = 0; i < SERIES; i++) {
        mizo_series_key k = store_key(names[i], MIZO_Q_IMPORT, MIZO_ROLE_READING);
        int32_t id;
        if (n < SERIES && s->ops->series_id(s, &k, false, &id))
            continue; /* not written yet */
        if (s->ops->series_id(s, &k, false, &id))
            return "a series is lost";
        for (int d = 0; d < DAYS; d++) {
            const char *w = wrong_day(s, id, n, i, d, STORE_LATEST);
            if (w)
                return w;
        }
        const char *w =
            wrong_day(s, id, n, i, (int)(seed % DAYS), known((int64_t)(seed % (uint64_t)(n + 1))));
        if (w)
            return w;
    }
    return NULL;
}

static mizo_err check_day(void *arg, const store_day *d)
{
    sums *t = arg;
    if (d->day >= 1000)
        t->n++;
    return MIZO_OK;
}

static mizo_err check_record(void *arg, const store_record *r)
{
    ((sums *)arg)->n = r->version;
    return MIZO_OK;
}

static mizo_err check_period(void *arg, const store_period *p)
{
    ((sums *)arg)->amount = p->energy_wh;
    return MIZO_OK;
}

static mizo_err check_session(void *arg, const store_session *p)
{
    (void)p;
    ((sums *)arg)->last++;
    return MIZO_OK;
}

static const char *wrong_rest(store *s, int64_t n)
{
    sums days = { 0 }, t = { 0 };
    if (s->ops->days_all(s, 0, INT32_MAX, check_day, &days) || days.n != n)
        return "the days that each batch adds are not all there once";
    if (s->ops->record_scan(s, "kind", "one", check_record, &t) || t.n != n)
        return "the versions of the record are wrong";
    if (s->ops->period_scan(s, NULL, 0, 99, STORE_LATEST, check_period, &t) || t.amount != n)
        return "the period is not the latest";
    if (s->ops->session_scan(s, 0, INT64_MAX, check_session, &t) || t.last != n)
        return "the sessions are wrong";
    return NULL;
}

const char *ledger_wrong(store *s, int64_t n, uint64_t seed)
{
    const char *w = wrong_journal(s, n, seed);
    if (!w)
        w = wrong_days(s, n, seed);
    if (!w)
        w = wrong_rest(s, n);
    if (!w && s->ops->verify(s, NULL))
        w = "verify finds the store damaged";
    return w;
}
