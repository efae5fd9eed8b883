/* settle_read.c: recorded days as the settlement wants them, and a run over many of them. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/books.h"
#include "mizo/messages/match.h"
#include "town/books/settle.h"

/* Checkpoints are the writer's own: a year of days in the log would slow each of them. */
enum { SETTLE_CHECKPOINT_DAYS = 10 };

/* Where a series goes. */
typedef struct target {
    int32_t (*row)[48]; /* NULL: of no use here */
    size_t at;
    int per_slot;   /* steps in a half-hour */
    int32_t factor; /* 10^exponent */
} target;

struct settle_reader {
    store *store;
    const mizo_region *region;
    target *by_series; /* by series number */
    size_t cap;
    mizo_ms as_of;
    settle_day day;
    int32_t (*room)[48];
};

void settle_reader_free(settle_reader *k)
{
    if (!k)
        return;
    free(k->by_series);
    free(k->room);
    free(k);
}

/* The row of a series' owner; panels of one point share its row. */
static int32_t (*row_of(settle_reader *k, const mizo_series_key *key, size_t *at))[48]
{
    const mizo_region *r = k->region;
    mizo_ref ref;
    if (key->quantity == MIZO_Q_GENERATION) {
        if ((ref = mizo_region_plant(r, key->owner)) >= 0) {
            *at = (size_t)ref;
            return k->day.plant;
        }
        ref = mizo_region_pv(r, key->owner);
        *at = ref >= 0 ? (size_t)r->pv[ref].point : 0;
        return ref >= 0 ? k->day.pv : NULL;
    }
    ref = mizo_region_point(r, key->owner);
    *at = ref >= 0 ? (size_t)ref : 0;
    if (ref < 0)
        return NULL;
    return key->quantity == MIZO_Q_IMPORT   ? k->day.import
           : key->quantity == MIZO_Q_EXPORT ? k->day.export
                                            : NULL;
}

/* Batteries of one point share its rows; heaters and the like give nothing back. */
static int32_t (*battery_row(settle_reader *k, const mizo_series_key *key, size_t *at))[48]
{
    const mizo_region *r = k->region;
    bool in = key->quantity == MIZO_Q_CHARGE;
    for (size_t i = 0; i < r->nbattery && (in || key->quantity == MIZO_Q_DISCHARGE); i++)
        if (r->battery[i].kind == MIZO_STORE_BATTERY && strcmp(r->battery[i].id, key->owner) == 0) {
            *at = (size_t)r->battery[i].point;
            return in ? k->day.charge : k->day.discharge;
        }
    return NULL;
}

static mizo_err on_series(void *arg, int32_t id, const mizo_series_key *key)
{
    settle_reader *k = arg;
    if (id < 0 || key->role != MIZO_ROLE_READING || key->step_min < 1 || 30 % key->step_min ||
        key->exponent < 0 || key->exponent > 9)
        return MIZO_OK;
    size_t before = k->cap, at;
    MIZO_TRY(array_grow(&k->by_series, &k->cap, (size_t)id + 1, sizeof *k->by_series));
    memset(k->by_series + before, 0, (k->cap - before) * sizeof *k->by_series);
    at = 0;
    target t = { .row = row_of(k, key, &at), .per_slot = 30 / key->step_min, .factor = 1 };
    if (!t.row)
        t.row = battery_row(k, key, &at);
    t.at = at;
    for (int i = 0; i < key->exponent; i++)
        t.factor *= 10;
    k->by_series[id] = t;
    return MIZO_OK;
}

mizo_err settle_reader_new(store *s, const mizo_region *r, settle_reader **out)
{
    settle_reader *k = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    k->store = s;
    k->region = r;
    k->as_of = STORE_LATEST;
    k->room = calloc(r->nplant + 5 * r->npoint + 1, sizeof *k->room);
    k->day.plant = k->room;
    k->day.pv = k->room ? k->room + r->nplant : NULL;
    k->day.import = k->room ? k->day.pv + r->npoint : NULL;
    k->day.export = k->room ? k->day.import + r->npoint : NULL;
    k->day.charge = k->room ? k->day.export + r->npoint : NULL;
    k->day.discharge = k->room ? k->day.charge + r->npoint : NULL;
    mizo_err err = k->room ? s->ops->series_scan(s, on_series, k) : MIZO_ENOMEM;
    if (err) {
        settle_reader_free(k);
        return err;
    }
    *out = k;
    return MIZO_OK;
}

void settle_reader_as_of(settle_reader *k, mizo_ms as_of)
{
    k->as_of = as_of;
}

static void add_to(int32_t *to, int64_t v)
{
    int64_t sum = v + (*to == MIZO_MISSING ? 0 : *to);
    *to = sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
}

/* Adds one packed day to its row. A slot with a missing step stays as it is. */
static mizo_err on_day(void *arg, const store_day *d)
{
    settle_reader *k = arg;
    if (d->series < 0 || (size_t)d->series >= k->cap || !k->by_series[d->series].row)
        return MIZO_OK;
    const target *t = &k->by_series[d->series];
    int32_t v[MIZO_BLOCK_MAX];
    mizo_block b = { .n = 48 * t->per_slot, .v = v };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int s = 0; s < 48; s++) {
        int64_t sum = 0;
        bool whole = true;
        for (int i = 0; i < t->per_slot; i++) {
            whole = whole && v[s * t->per_slot + i] != MIZO_MISSING;
            sum += v[s * t->per_slot + i];
        }
        if (whole)
            add_to(&t->row[t->at][s], sum * t->factor);
    }
    return MIZO_OK;
}

/* Every series of use, as it was known then. */
static mizo_err read_as_of(settle_reader *k, mizo_day day)
{
    for (size_t i = 0; i < k->cap; i++) {
        if (!k->by_series[i].row)
            continue;
        mizo_err e = k->store->ops->day_get(k->store, (int32_t)i, day, k->as_of, on_day, k);
        if (e && e != MIZO_ENOENT)
            return e;
    }
    return MIZO_OK;
}

mizo_err settle_read(settle_reader *k, mizo_day day, const settle_day **out)
{
    size_t n = (k->region->nplant + 5 * k->region->npoint) * 48;
    for (size_t i = 0; i < n; i++)
        k->room[i / 48][i % 48] = MIZO_MISSING;
    k->day.day = day;
    *out = &k->day;
    return k->as_of == STORE_LATEST ? k->store->ops->days_all(k->store, day, day + 1, on_day, k)
                                    : read_as_of(k, day);
}

/* ---- days one after another ---- */

static mizo_err on_settled(void *arg, const store_record *rec)
{
    mizo_date d;
    mizo_day *last = arg;
    if (mizo_date_parse(rec->id, strlen(rec->id), &d) == MIZO_OK && mizo_date_day(d) > *last)
        *last = mizo_date_day(d);
    return MIZO_OK;
}

/* A correction of this day takes from what later days had out of its batteries: these are first settled as if there were
 * none, from the last on backwards. */
static mizo_err unwind(town *t, settle_reader *k, mizo_day day, mizo_day *last, const char *actor)
{
    char text[MIZO_DATE_TEXT], end[MIZO_DATE_TEXT];
    *last = day;
    mizo_err err = t->store->ops->record_scan(t->store, "settled", NULL, on_settled, last);
    for (mizo_day d = *last; d > day && !err; d--) {
        const settle_day *in;
        settle_result r;
        err = env_interrupted() ? MIZO_ECANCELED : settle_read(k, d, &in);
        if (!err)
            err = settle_bare(t->store, t->region, in, town_now(t), actor, t->diags, &r);
    }
    mizo_day_text(day, text);
    mizo_day_text(*last, end);
    if (!err && *last > day)
        MIZO_DIAG(t->diags, MATCH_UNWOUND, MIZO_NOWHERE, text, end);
    return err;
}

/* *to: the last day that is then to be settled. */
static mizo_err settle_one(town *t, settle_reader *k, mizo_day day, mizo_day *to, const char *actor,
                           settle_result *r)
{
    const settle_day *in;
    mizo_day last;
    MIZO_TRY(settle_read(k, day, &in));
    mizo_diags *quiet = t->region->nbattery ? NULL : t->diags;
    mizo_err err = settle_post(t->store, t->region, in, town_now(t), actor, quiet, r);
    if (err != MIZO_ECONFLICT || !t->region->nbattery)
        return err;
    MIZO_TRY(unwind(t, k, day, &last, actor));
    *to = last > *to ? last : *to;
    MIZO_TRY(settle_read(k, day, &in));
    return settle_post(t->store, t->region, in, town_now(t), actor, t->diags, r);
}

mizo_err settle_days(town *t, mizo_day from, mizo_day to, const char *actor,
                     mizo_err (*each)(void *arg, const settle_result *r), void *arg)
{
    settle_reader *k;
    MIZO_TRY(settle_reader_new(t->store, t->region, &k));
    mizo_err err = MIZO_OK;
    for (mizo_day day = from; !err && day <= to; day++) {
        settle_result r;
        err = env_interrupted() ? MIZO_ECANCELED : settle_one(t, k, day, &to, actor, &r);
        if (!err && r.empty) {
            char text[MIZO_DATE_TEXT];
            mizo_day_text(day, text);
            MIZO_DIAG(t->diags, BOOKS_NO_READINGS, MIZO_NOWHERE, text);
        }
        if (!err)
            err = each(arg, &r);
        if (!err && (day - from) % SETTLE_CHECKPOINT_DAYS == SETTLE_CHECKPOINT_DAYS - 1)
            (void)t->store->ops->checkpoint(t->store); /* busy: the next time will do */
    }
    settle_reader_free(k);
    return err;
}
