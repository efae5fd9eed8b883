/* verify_days.c: see verify_days.h. */
#include "town/books/verify_days.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Where a series goes. */
typedef struct target {
    day_row *row; /* NULL: of no use here */
    mizo_ref point;
    int flow;       /* of the devices; -1: a reading */
    int per_slot;   /* steps in a half-hour */
    int32_t factor; /* 10^exponent */
} target;

typedef struct reader {
    const mizo_region *region;
    target *by_series; /* by series number */
    size_t cap;
    verify_day day;
    day_row *room;
    size_t rows;
    bool any;
    mizo_err (*fn)(void *arg, const verify_day *d);
    void *arg;
} reader;

static int flow_of(uint8_t quantity)
{
    switch (quantity) {
    case MIZO_Q_IMPORT:
        return FLOW_IMPORT;
    case MIZO_Q_EXPORT:
        return FLOW_EXPORT;
    case MIZO_Q_GENERATION:
        return FLOW_PV;
    case MIZO_Q_DEMAND:
        return FLOW_DEMAND;
    case MIZO_Q_CHARGE:
        return FLOW_CHARGE;
    case MIZO_Q_DISCHARGE:
        return FLOW_DISCHARGE;
    case MIZO_Q_VEHICLE:
        return FLOW_VEHICLE;
    case MIZO_Q_SOC:
        return FLOW_SOC;
    case MIZO_Q_RUN:
        return FLOW_RUN;
    case MIZO_Q_GIVEN:
        return FLOW_GIVEN;
    case MIZO_Q_STORE_IN:
        return FLOW_STORE_IN;
    case MIZO_Q_STORE_OUT:
        return FLOW_STORE_OUT;
    case MIZO_Q_DRAWN:
        return FLOW_DRAWN;
    case MIZO_Q_HELD:
        return FLOW_HELD;
    default:
        return -1;
    }
}

/* A reading is owned by a point, a plant or panels; panels of one point share its row. */
static void aim_reading(reader *k, const mizo_series_key *key, int flow, target *t)
{
    const mizo_region *r = k->region;
    mizo_ref ref;
    if (flow == FLOW_PV && (ref = mizo_region_plant(r, key->owner)) >= 0) {
        t->row = &k->day.plant[ref];
        return;
    }
    if (flow == FLOW_PV) {
        ref = mizo_region_pv(r, key->owner);
        ref = ref >= 0 ? r->pv[ref].point : -1;
    } else {
        ref = mizo_region_point(r, key->owner);
    }
    for (size_t i = 0; flow == FLOW_DISCHARGE && i < r->nbattery; i++)
        if (strcmp(r->battery[i].id, key->owner) == 0)
            t->row = &k->day.battery[r->battery[i].point];
    if (ref >= 0 && flow < FLOW_READ)
        t->row = &k->day.read[flow][ref];
}

static mizo_err on_series(void *arg, int32_t id, const mizo_series_key *key)
{
    reader *k = arg;
    int flow = flow_of(key->quantity);
    bool reading = key->role == MIZO_ROLE_READING, done = key->role == MIZO_ROLE_CONTROL;
    if (id < 0 || flow < 0 || !(reading || done) || key->step_min < 1 || 30 % key->step_min ||
        key->exponent < 0 || key->exponent > 9)
        return MIZO_OK;
    size_t before = k->cap;
    MIZO_TRY(array_grow(&k->by_series, &k->cap, (size_t)id + 1, sizeof *k->by_series));
    memset(k->by_series + before, 0, (k->cap - before) * sizeof *k->by_series);
    target t = { .flow = done ? flow : -1, .per_slot = 30 / key->step_min, .factor = 1, .point = -1 };
    for (int i = 0; i < key->exponent; i++)
        t.factor *= 10;
    if (reading)
        aim_reading(k, key, flow, &t);
    else if ((t.point = mizo_region_point(k->region, key->owner)) >= 0)
        t.row = &k->day.done[flow][t.point];
    k->by_series[id] = t;
    return MIZO_OK;
}

static void clear(reader *k)
{
    for (size_t i = 0; i < k->rows; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            k->room[i][s] = MIZO_MISSING;
    memset(k->day.kept, 0, k->region->npoint * sizeof *k->day.kept);
    memset(k->day.batch, 0, k->region->npoint * sizeof *k->day.batch);
    k->any = false;
}

static mizo_err give_day(reader *k)
{
    if (!k->any)
        return MIZO_OK;
    MIZO_TRY(k->fn(k->arg, &k->day));
    clear(k);
    return MIZO_OK;
}

/* Adds to what is there: several panels stand behind one point. */
static void add_to(int32_t *to, int64_t v)
{
    int64_t sum = v + (*to == MIZO_MISSING ? 0 : *to);
    *to = sum > INT32_MAX ? INT32_MAX : sum < -INT32_MAX ? -INT32_MAX : (int32_t)sum;
}

/* A slot with a missing step stays as it is. */
static mizo_err add_block(const target *t, const store_day *d)
{
    int32_t v[MIZO_BLOCK_MAX];
    mizo_block b = { .n = MIZO_DAY_SLOTS * t->per_slot, .v = v };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        int64_t sum = 0;
        bool whole = true;
        for (int i = 0; i < t->per_slot; i++) {
            whole = whole && v[s * t->per_slot + i] != MIZO_MISSING;
            sum += v[s * t->per_slot + i];
        }
        if (whole)
            add_to(&(*t->row)[s], sum * t->factor);
    }
    return MIZO_OK;
}

static mizo_err on_day(void *arg, const store_day *d)
{
    reader *k = arg;
    if (d->series < 0 || (size_t)d->series >= k->cap || !k->by_series[d->series].row)
        return MIZO_OK;
    if (d->day != k->day.day)
        MIZO_TRY(give_day(k));
    k->day.day = d->day;
    k->any = true;
    const target *t = &k->by_series[d->series];
    if (t->flow >= 0) {
        k->day.kept[t->point] |= (uint16_t)(1u << t->flow);
        if (d->batch > k->day.batch[t->point])
            k->day.batch[t->point] = d->batch;
    }
    return add_block(t, d);
}

static void reader_free(reader *k)
{
    free(k->by_series);
    free(k->room);
    free(k->day.kept);
    free(k->day.batch);
}

static mizo_err reader_open(reader *k, store *s)
{
    const mizo_region *r = k->region;
    k->rows = r->nplant + (FLOW_READ + FLOW_ROWS + 1) * r->npoint;
    k->room = calloc(k->rows + 1, sizeof *k->room);
    k->day.kept = calloc(r->npoint + 1, sizeof *k->day.kept);
    k->day.batch = calloc(r->npoint + 1, sizeof *k->day.batch);
    if (!k->room || !k->day.kept || !k->day.batch)
        return MIZO_ENOMEM;
    day_row *at = k->room;
    k->day.plant = at;
    at += r->nplant;
    for (int i = 0; i < FLOW_READ; i++, at += r->npoint)
        k->day.read[i] = at;
    for (int i = 0; i < FLOW_ROWS; i++, at += r->npoint)
        k->day.done[i] = at;
    k->day.battery = at;
    clear(k);
    return s->ops->series_scan(s, on_series, k);
}

mizo_err verify_days(store *s, const mizo_region *r, mizo_err (*fn)(void *arg, const verify_day *d),
                     void *arg)
{
    reader k = { .region = r, .fn = fn, .arg = arg };
    mizo_day first, last;
    mizo_err e = s->ops->day_span(s, -1, &first, &last);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    e = reader_open(&k, s);
    if (!e)
        e = s->ops->days_all(s, first, last + 1, on_day, &k);
    if (!e)
        e = give_day(&k);
    reader_free(&k);
    return e;
}
