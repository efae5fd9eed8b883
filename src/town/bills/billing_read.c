/* billing_read.c: half-hours, periods, lamps, maxima, power factors and prices out of the store. */
#include "town/bills/billing_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/json_read.h"
#include "mizo/messages/bill.h"
#include "town/import/readings.h"

/* One series of a point's import, or of the market price. */
typedef struct feed {
    mizo_ref point; /* -1: the price */
    int32_t series;
    int per_slot;
    int32_t factor;
} feed;

enum { KNOWN_KEPT = 64 };

struct billing_reader {
    store *store;
    const mizo_region *region;
    mizo_ms as_of;
    feed *feeds; /* by point, then the longer steps first */
    size_t nfeed, cap;
    int32_t v[BILLING_SLOTS], price[BILLING_SLOTS];
    uint8_t q[BILLING_SLOTS];
    char digest[HASH_TEXT];
    int64_t batch[KNOWN_KEPT]; /* when batches became known: the last ones that were asked for */
    mizo_ms known[KNOWN_KEPT];
    /* while one contract is read */
    const feed *now;
    int32_t *to_v; /* of the days from `from` on */
    uint8_t *to_q;
    mizo_day from, to;
    mizo_ms newest;
    const mizo_contract *contract;
    mizo_day month, since; /* since: of the months before, the first day on which nobody else had the point */
    int64_t *before;
};

/* ---- which series ---- */

static mizo_err on_series(void *arg, int32_t id, const mizo_series_key *key)
{
    billing_reader *k = arg;
    bool price = key->quantity == MIZO_Q_PRICE && !strcmp(key->owner, k->region->market_area);
    mizo_ref point = key->quantity == MIZO_Q_IMPORT ? mizo_region_point(k->region, key->owner) : -1;
    if (key->role != MIZO_ROLE_READING || (!price && point < 0) || key->step_min < 1 || 30 % key->step_min ||
        key->exponent < 0 || key->exponent > 9 || (price && key->step_min != 30))
        return MIZO_OK;
    MIZO_TRY(array_grow(&k->feeds, &k->cap, k->nfeed + 1, sizeof *k->feeds));
    feed *f = &k->feeds[k->nfeed++];
    *f = (feed){ point, id, 30 / key->step_min, 1 };
    for (int i = 0; i < key->exponent; i++)
        f->factor *= 10;
    return MIZO_OK;
}

static int by_point(const void *pa, const void *pb)
{
    const feed *a = pa, *b = pb;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    return a->per_slot != b->per_slot ? a->per_slot - b->per_slot : a->series - b->series;
}

mizo_err billing_reader_new(store *s, const mizo_region *r, mizo_ms as_of, billing_reader **out)
{
    billing_reader *k = calloc(1, sizeof *k);
    *out = NULL;
    if (!k)
        return MIZO_ENOMEM;
    k->store = s;
    k->region = r;
    k->as_of = as_of;
    mizo_err e = s->ops->series_scan(s, on_series, k);
    if (e) {
        billing_reader_free(k);
        return e;
    }
    if (k->nfeed)
        qsort(k->feeds, k->nfeed, sizeof *k->feeds, by_point);
    *out = k;
    return MIZO_OK;
}

void billing_reader_free(billing_reader *k)
{
    if (!k)
        return;
    free(k->feeds);
    free(k);
}

/* First feed of a point, and behind its last. */
static const feed *feeds_of(const billing_reader *k, mizo_ref point, const feed **end)
{
    size_t lo = 0, hi = k->nfeed;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (k->feeds[mid].point < point)
            lo = mid + 1;
        else
            hi = mid;
    }
    const feed *first = k->feeds + lo;
    for (hi = lo; hi < k->nfeed && k->feeds[hi].point == point; hi++)
        ;
    *end = k->feeds + hi;
    return first;
}

/* ---- half-hours ---- */

static mizo_err note_batch(billing_reader *k, int64_t batch)
{
    size_t at = (size_t)batch % KNOWN_KEPT;
    if (k->batch[at] != batch) {
        MIZO_TRY(store_batch_known(k->store, batch, &k->known[at]));
        k->batch[at] = batch;
    }
    k->newest = k->known[at] > k->newest ? k->known[at] : k->newest;
    return MIZO_OK;
}

/* A packed day as half-hours. A half-hour with a missing step is missing; its quality is the worst. */
static mizo_err half_hours(const feed *f, const store_day *d, int32_t out[MIZO_DAY_SLOTS],
                           uint8_t quality[MIZO_DAY_SLOTS])
{
    int32_t v[MIZO_BLOCK_MAX];
    uint8_t q[MIZO_BLOCK_MAX];
    mizo_block b = { .n = MIZO_DAY_SLOTS * f->per_slot, .v = v, .q = q };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        int64_t sum = 0;
        uint8_t worst = 0;
        for (int i = s * f->per_slot; i < (s + 1) * f->per_slot; i++) {
            sum += v[i] == MIZO_MISSING ? 0 : (int64_t)v[i] * f->factor;
            worst = q[i] > worst ? q[i] : worst;
        }
        bool missing = worst == MIZO_QUALITY_ABSENT;
        if (!missing && (sum > INT32_MAX || sum <= INT32_MIN))
            sum = sum > 0 ? INT32_MAX : INT32_MIN + 1; /* no meter shows this: the bill will refuse it */
        out[s] = missing ? MIZO_MISSING : (int32_t)sum;
        quality[s] = worst;
    }
    return MIZO_OK;
}

/* What an earlier feed of the point has stays. */
static mizo_err on_day(void *arg, const store_day *d)
{
    billing_reader *k = arg;
    int32_t v[MIZO_DAY_SLOTS];
    uint8_t q[MIZO_DAY_SLOTS];
    MIZO_TRY(half_hours(k->now, d, v, q));
    MIZO_TRY(note_batch(k, d->batch));
    int at = (d->day - k->from) * MIZO_DAY_SLOTS;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        if (k->to_v[at + s] == MIZO_MISSING) {
            k->to_v[at + s] = v[s];
            k->to_q[at + s] = q[s];
        }
    return MIZO_OK;
}

static mizo_err days_of(billing_reader *k, const feed *f, mizo_day from, mizo_day to, store_day_fn fn)
{
    k->now = f;
    mizo_err e = k->store->ops->days_of(k->store, f->series, from, to, k->as_of, fn, k);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

void billing_digest(const char *point, mizo_day from, mizo_day to, const int32_t *v, const uint8_t *q,
                    char out[HASH_TEXT])
{
    hash_run run;
    hash_begin(&run);
    hash_more(&run, "mizo readings 1\n", 16);
    hash_more(&run, point, strlen(point) + 1);
    for (int d = 0; d < to - from; d++) {
        uint8_t bytes[4 + 4 * MIZO_DAY_SLOTS];
        put_le32(bytes, (uint32_t)(from + d));
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            put_le32(bytes + 4 + 4 * s, (uint32_t)v[d * MIZO_DAY_SLOTS + s]);
        hash_more(&run, bytes, sizeof bytes);
        hash_more(&run, q + d * MIZO_DAY_SLOTS, MIZO_DAY_SLOTS);
    }
    hash_text(hash_end(&run), out);
}

mizo_err billing_slots(billing_reader *k, mizo_ref point, mizo_day from, mizo_day to, int32_t *v, uint8_t *q)
{
    int n = (to - from) * MIZO_DAY_SLOTS;
    for (int i = 0; i < n; i++)
        v[i] = MIZO_MISSING;
    memset(q, MIZO_QUALITY_ABSENT, (size_t)n);
    k->to_v = v;
    k->to_q = q;
    k->from = from;
    const feed *end, *f = feeds_of(k, point, &end);
    for (; f < end; f++)
        MIZO_TRY(days_of(k, f, from, to, on_day));
    return MIZO_OK;
}

/* ---- virtual points ---- */

/* Only where a bill may rest on it, each day; below zero is no use that can be billed: missing. */
static mizo_err read_virtual(billing_reader *k, const mizo_point *p, mizo_day first, mizo_day end,
                             mizo_diags *d)
{
    town t = { .region = k->region, .store = k->store, .diags = d };
    readings_day *r = malloc(sizeof *r);
    mizo_err e = r ? MIZO_OK : MIZO_ENOMEM;
    int n = (k->to - k->from) * MIZO_DAY_SLOTS;
    for (int i = 0; i < n; i++)
        k->v[i] = MIZO_MISSING;
    memset(k->q, MIZO_QUALITY_ABSENT, (size_t)n);
    for (mizo_day x = first; x < end && !e; x++) {
        int at = (x - k->from) * MIZO_DAY_SLOTS;
        e = readings_may_bill(&t, p->id, x);
        e = e ? e : readings_of(&t, p->id, MIZO_Q_IMPORT, x, k->as_of, r);
        for (int i = 0; i < MIZO_DAY_SLOTS && !e; i++) {
            bool good = r->wh[i] != MIZO_MISSING && r->wh[i] >= 0;
            k->v[at + i] = good ? r->wh[i] : MIZO_MISSING;
            k->q[at + i] = good ? r->q[i] : MIZO_QUALITY_ABSENT;
        }
    }
    free(r);
    return e == MIZO_ENOENT ? MIZO_EINPUT : e; /* said */
}

/* ---- periods and lamps ---- */

typedef struct tiling {
    billing_reader *k;
    mizo_day from, to; /* to be covered exactly */
    mizo_day at;
    store_period next; /* the longest that begins at `at` */
    bool any;
    mizo_wh wh;
    int64_t max_w;
    uint8_t quality;
    hash_run run;
} tiling;

static mizo_err on_period(void *arg, const store_period *p)
{
    tiling *t = arg;
    if (p->quantity != MIZO_Q_IMPORT || p->from != t->at || p->to > t->to || p->to <= p->from)
        return MIZO_OK;
    if (!t->any || p->to > t->next.to)
        t->next = *p;
    t->any = true;
    return MIZO_OK;
}

static void take_period(tiling *t)
{
    const store_period *p = &t->next;
    uint8_t bytes[24];
    t->wh += p->energy_wh;
    t->max_w =
        p->max_w != MIZO_MISSING && (t->max_w == MIZO_MISSING || p->max_w > t->max_w) ? p->max_w : t->max_w;
    t->quality = p->quality > t->quality ? p->quality : t->quality;
    put_le32(bytes, (uint32_t)p->from);
    put_le32(bytes + 4, (uint32_t)p->to);
    put_le64(bytes + 8, (uint64_t)p->energy_wh);
    put_le32(bytes + 16, (uint32_t)p->max_w);
    put_le32(bytes + 20, p->quality);
    hash_more(&t->run, bytes, sizeof bytes);
    t->at = p->to;
    t->any = false;
}

/* Periods that begin and end on the bill's days, laid end to end. */
static mizo_err cover(billing_reader *k, const char *point, mizo_day from, mizo_day to, tiling *t)
{
    *t = (tiling){ .k = k, .from = from, .to = to, .at = from, .max_w = MIZO_MISSING };
    hash_begin(&t->run);
    hash_more(&t->run, "mizo periods 1\n", 15);
    hash_more(&t->run, point, strlen(point) + 1);
    while (t->at < to) {
        mizo_err e = k->store->ops->period_scan(k->store, point, t->at, t->at + 1, k->as_of, on_period, t);
        if (e && e != MIZO_ENOENT)
            return e;
        if (!t->any)
            return MIZO_ENOENT;
        take_period(t);
    }
    hash_text(hash_end(&t->run), k->digest);
    return MIZO_OK;
}

static mizo_err read_periods(billing_reader *k, mizo_day from, mizo_day to, mizo_diags *d, mizo_bill_in *in)
{
    const mizo_point *p = &k->region->point[k->contract->point];
    tiling t;
    mizo_err e = cover(k, p->id, from, to, &t);
    if (e == MIZO_ENOENT) {
        char first[MIZO_DATE_TEXT], last[MIZO_DATE_TEXT];
        mizo_day_text(from, first);
        mizo_day_text(to - 1, last);
        MIZO_DIAG(d, BILL_PERIOD_NONE, MIZO_AT("contracts.csv", k->contract->line, 0), k->contract->id, first,
                  last, p->id);
        return MIZO_EINPUT;
    }
    in->period_wh = t.wh;
    in->period_quality = t.quality;
    in->max_w = t.max_w;
    return e;
}

/* The lamps' watts and their burning hours: nobody reads them. */
static void read_lamps(billing_reader *k, mizo_day from, mizo_day to, mizo_bill_in *in)
{
    const mizo_point *p = &k->region->point[k->contract->point];
    int64_t wh = 0;
    if (mizo_mul_div(p->lamp_mw, (int64_t)p->lamp_minutes * (to - from), 60000, MIZO_ROUND_HALF_UP, &wh))
        wh = INT64_MAX;
    in->period_wh = wh;
    in->period_quality = MIZO_QUALITY_ESTIMATED;
    in->max_w = (p->lamp_mw + 999) / 1000;
    k->digest[0] = 0;
}

/* ---- the 11 months before ---- */

static mizo_err on_day_before(void *arg, const store_day *d)
{
    billing_reader *k = arg;
    int32_t v[MIZO_DAY_SLOTS];
    uint8_t q[MIZO_DAY_SLOTS];
    MIZO_TRY(half_hours(k->now, d, v, q));
    mizo_date m = mizo_day_date(d->day), now = mizo_day_date(k->month);
    int reading = k->contract->reading_day, days = mizo_month_days(m.year, m.month);
    int back = (now.year - m.year) * 12 + now.month - m.month;
    if (reading > 1 && m.day >= (reading < days ? reading : days))
        back--; /* from its reading day on, a day is of the next month's bill */
    int64_t *max = back >= 1 && back <= MIZO_BILL_MONTHS ? &k->before[back - 1] : NULL;
    for (int s = 0; max && s < MIZO_DAY_SLOTS; s++)
        if (v[s] != MIZO_MISSING && (*max == MIZO_MISSING || (int64_t)v[s] * 2 > *max))
            *max = (int64_t)v[s] * 2;
    return MIZO_OK;
}

static mizo_err on_period_before(void *arg, const store_period *p)
{
    billing_reader *k = arg;
    if (p->quantity != MIZO_Q_IMPORT || p->max_w == MIZO_MISSING)
        return MIZO_OK;
    for (int i = 1; i <= MIZO_BILL_MONTHS; i++) {
        mizo_date m = mizo_day_date(k->month);
        int at = m.year * 12 + m.month - 1 - i;
        mizo_day from, to;
        mizo_bill_period(k->contract, mizo_date_day((mizo_date){ at / 12, at % 12 + 1, 1 }), &from, &to);
        if (p->from >= from && p->from >= k->since && p->to <= to &&
            (k->before[i - 1] == MIZO_MISSING || p->max_w > k->before[i - 1]))
            k->before[i - 1] = p->max_w;
    }
    return MIZO_OK;
}

static mizo_err read_before(billing_reader *k, mizo_day month, int64_t before[MIZO_BILL_MONTHS])
{
    mizo_date m = mizo_day_date(month);
    int at = m.year * 12 + m.month - 1 - MIZO_BILL_MONTHS;
    mizo_day first, ignored;
    const char *point = k->region->point[k->contract->point].id;
    mizo_bill_period(k->contract, mizo_date_day((mizo_date){ at / 12, at % 12 + 1, 1 }), &first, &ignored);
    k->month = month;
    k->before = before;
    k->since = mizo_party_since(k->region, k->contract); /* who moves in does not pay for another's peak */
    first = first < k->since ? k->since : first;
    if (first >= k->from)
        return MIZO_OK;
    const feed *end, *f = feeds_of(k, k->contract->point, &end);
    for (; f < end; f++)
        MIZO_TRY(days_of(k, f, first, k->from, on_day_before));
    mizo_err e = k->store->ops->period_scan(k->store, point, first, k->from, k->as_of, on_period_before, k);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- power factor: what a person recorded, else what the network operator confirmed ---- */

typedef struct factor {
    billing_reader *k;
    const char *key;
    int digits; /* decimals of the record's figure that are already in it */
    int64_t e6;
} factor;

/* -1, which the bill refuses, where the record has no figure to read. */
static int64_t factor_e6(const factor *f, const char *text)
{
    int64_t v;
    if (mizo_decimal_parse(text, strlen(text), 6 - f->digits, &v))
        return -1;
    return v < 0 && f->digits ? MIZO_NO_PRICE : v; /* the operator's -1: not given */
}

static mizo_err on_factor(void *arg, const store_record *rec)
{
    factor *f = arg;
    mizo_ms known;
    json_reader r;
    json_token t;
    MIZO_TRY(store_batch_known(f->k->store, rec->batch, &known));
    if (known > f->k->as_of)
        return MIZO_OK;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (json_next(&r, &t) == MIZO_OK && t.kind != JSON_END)
        if (t.depth == 1 && t.has_key && !strcmp(t.key, f->key))
            f->e6 = factor_e6(f, t.text);
    return MIZO_OK;
}

static mizo_err factor_of(billing_reader *k, const char *kind, const char *id, factor f, int64_t *e6)
{
    f.k = k;
    f.e6 = MIZO_NO_PRICE;
    mizo_err e = k->store->ops->record_versions(k->store, kind, id, on_factor, &f);
    *e6 = f.e6;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Record "power-factor" of "POINT:YYYY-MM", {"percent": "98.5"}; record "confirmed" of "POINT-YYYYMM" (confirmed.h). */
static mizo_err read_factor(billing_reader *k, mizo_day month, int64_t *e6)
{
    char id[MIZO_ID_MAX + MIZO_DATE_TEXT];
    const char *point = k->region->point[k->contract->point].id;
    mizo_date m = mizo_day_date(month);
    snprintf(id, sizeof id, "%s:%04d-%02d", point, m.year, m.month);
    MIZO_TRY(factor_of(k, "power-factor", id, (factor){ .key = "percent" }, e6));
    if (*e6 != MIZO_NO_PRICE)
        return MIZO_OK;
    snprintf(id, sizeof id, "%s-%04d%02d", point, m.year, m.month);
    return factor_of(k, "confirmed", id, (factor){ .key = "power_factor_e2", .digits = 2 }, e6);
}

/* ---- the whole ---- */

mizo_err billing_read(billing_reader *k, mizo_ref contract, mizo_day month, mizo_day from, mizo_day to,
                      mizo_diags *d, mizo_bill_in *in)
{
    const mizo_contract *c = &k->region->contract[contract];
    const mizo_point *p = &k->region->point[c->point];
    *in = (mizo_bill_in){ .contract = contract,
                          .max_w = MIZO_MISSING,
                          .power_factor_e6 = MIZO_NO_PRICE,
                          .as_of = k->as_of,
                          .digest = k->digest };
    for (int i = 0; i < MIZO_BILL_MONTHS; i++)
        in->before_w[i] = MIZO_MISSING;
    k->contract = c;
    k->from = from;
    k->to = to;
    k->newest = INT64_MIN;
    k->digest[0] = 0;
    mizo_day first = c->from > from ? c->from : from, end = c->to < to ? c->to : to;
    if (p->reading == MIZO_BY_VIRTUAL)
        MIZO_TRY(read_virtual(k, p, first, end, d));
    else if (p->reading == MIZO_BY_SLOT)
        MIZO_TRY(billing_slots(k, c->point, from, to, k->v, k->q));
    if (p->reading == MIZO_BY_SLOT || p->reading == MIZO_BY_VIRTUAL) {
        billing_digest(p->id, from, to, k->v, k->q, k->digest);
        in->wh = k->v;
        in->quality = k->q;
    } else if (p->reading == MIZO_BY_PERIOD && first < end) {
        MIZO_TRY(read_periods(k, first, end, d, in));
    } else if (first < end) {
        read_lamps(k, first, end, in);
    }
    in->known = k->newest;
    if (k->region->tariff[c->tariff].measured_demand && c->agreed_w <= 0)
        MIZO_TRY(read_before(k, month, in->before_w));
    return k->region->tariff[c->tariff].power_factor_pct > 0 ? read_factor(k, month, &in->power_factor_e6)
                                                             : MIZO_OK;
}

static mizo_err on_price(void *arg, const store_day *d)
{
    billing_reader *k = arg;
    int32_t *v = k->price + (d->day - k->from) * MIZO_DAY_SLOTS;
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = v };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        v[s] = v[s] == MIZO_MISSING ? v[s] : v[s] * k->now->factor;
    return MIZO_OK;
}

mizo_err billing_price(billing_reader *k, mizo_day from, mizo_day to, const int32_t **price)
{
    const feed *end, *f = feeds_of(k, -1, &end);
    *price = NULL;
    if (f == end)
        return MIZO_OK;
    k->from = from;
    k->to = to;
    for (int i = 0; i < (to - from) * MIZO_DAY_SLOTS; i++)
        k->price[i] = MIZO_MISSING;
    *price = k->price;
    return days_of(k, f, from, to, on_price);
}
