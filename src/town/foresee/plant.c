/* plant.c: what the town's plants will send out. */
#include "town/foresee/plant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/plant.h"
#include "town/desk/outages.h"

enum {
    PAST = 42,
    SLOTS = MIZO_DAY_SLOTS,
    NOTICES = 32
}; /* days that are looked back on; notices of a plant */

/* ---- the schedule ---- */

/* Of a furnace by itself, or its part of a plan for the whole plant. */
static double said_of(const mizo_burn_plan *p, const mizo_furnace *f, double share)
{
    if (p->state == MIZO_OUTAGE || p->state == MIZO_MAINTENANCE)
        return 0;
    double part = p->furnace[0] ? 1 : share;
    if (p->output_w >= 0)
        return part * p->output_w;
    if (p->tonnes_tenths >= 0 && f->kwh_per_tonne > 0)
        return part * p->tonnes_tenths / 10.0 * f->kwh_per_tonne / 24 * 1000;
    return p->state == MIZO_REDUCED ? f->capacity_w / 2.0 : f->capacity_w;
}

static double burns(const mizo_region *r, const mizo_furnace *f, double capacity, mizo_day day)
{
    double out = f->capacity_w;
    for (size_t i = 0; i < r->nburn_plan; i++) {
        const mizo_burn_plan *p = &r->burn_plan[i];
        if (p->plant == f->plant && day >= p->from && day < p->to &&
            (!p->furnace[0] || strcmp(p->furnace, f->id) == 0))
            out = fmin(out, said_of(p, f, f->capacity_w / capacity));
    }
    return fmax(0, out - f->own_w);
}

static bool there(const mizo_furnace *f, mizo_ref plant, mizo_day day)
{
    return f->plant == plant && day >= f->from && day < f->to;
}

/* The furnaces of a day. A plant without any is one that burns at its capacity and whose trips are not known. */
static int furnaces(const mizo_region *r, mizo_ref plant, mizo_day day, plant_furnace out[PLANT_FURNACES])
{
    const mizo_plant *p = &r->plant[plant];
    double capacity = 0;
    int n = 0;
    if (day < p->from || day >= p->to)
        return 0;
    for (size_t i = 0; i < r->nfurnace; i++)
        capacity += there(&r->furnace[i], plant, day) ? r->furnace[i].capacity_w : 0;
    mizo_furnace whole = { .plant = plant, .id = "", .capacity_w = p->capacity_w };
    if (!(capacity > 0)) {
        out[0] = (plant_furnace){ .output_w = burns(r, &whole, p->capacity_w, day), .up_now = 1 };
        return 1;
    }
    for (size_t i = 0; i < r->nfurnace && n < PLANT_FURNACES; i++) {
        const mizo_furnace *f = &r->furnace[i];
        if (there(f, plant, day))
            out[n++] = (plant_furnace){ .output_w = burns(r, f, capacity, day),
                                        .trips_per_hour = f->trips_milli * 1e-6,
                                        .repair_hours = f->repair_tenths / 10.0,
                                        .up_now = 1 };
    }
    return n;
}

static double planned(const plant_furnace *f, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += f[k].output_w;
    return sum;
}

int64_t foresee_plant_planned(const mizo_region *r, mizo_ref plant, mizo_day day)
{
    plant_furnace f[PLANT_FURNACES];
    return (int64_t)planned(f, furnaces(r, plant, day, f));
}

/* ---- what it gave ---- */

typedef struct past {
    double wh[PAST * SLOTS];
    mizo_day first;
} past;

static mizo_err take_day(void *arg, const store_day *x)
{
    past *p = arg;
    int32_t v[SLOTS];
    mizo_block b = { .n = SLOTS, .v = v };
    if (mizo_block_unpack(x->packed, x->len, &b))
        return MIZO_ESTORE;
    for (int s = 0; s < SLOTS; s++)
        p->wh[(x->day - p->first) * SLOTS + s] = v[s] == MIZO_MISSING ? NAN : v[s];
    return MIZO_OK;
}

static mizo_err read_past(const mizo_region *r, store *s, const foresee_plant_ask *ask, mizo_day until,
                          past *p)
{
    p->first = until - PAST;
    for (int i = 0; i < PAST * SLOTS; i++)
        p->wh[i] = NAN;
    mizo_series_key key = store_key(r->plant[ask->plant].id, MIZO_Q_GENERATION, MIZO_ROLE_READING);
    int32_t id;
    MIZO_TRY(s->ops->series_id(s, &key, false, &id));
    MIZO_TRY(s->ops->days_of(s, id, p->first, until, ask->as_of, take_day, p));
    int64_t done = mizo_ms_slot(ask->issued) - mizo_day_slot(p->first, r->offset);
    for (int64_t i = done < 0 ? 0 : done; i < PAST * SLOTS; i++)
        p->wh[i] = NAN; /* slots that end after the issue are not known, whatever the store holds */
    return MIZO_OK;
}

static void learn(const mizo_region *r, const foresee_plant_ask *ask, const past *p, plant_past *about)
{
    plant_start(about);
    for (int d = 0; d < PAST; d++) {
        plant_furnace f[PLANT_FURNACES];
        double plan[SLOTS], wh = planned(f, furnaces(r, ask->plant, p->first + d, f)) / 2;
        for (int s = 0; s < SLOTS; s++)
            plan[s] = wh;
        plant_learn(about, plan, p->wh + (size_t)d * SLOTS);
    }
}

/* Index of the last slot that is known; -1: none. */
static int last_known(const past *p)
{
    int i = PAST * SLOTS - 1;
    while (i >= 0 && isnan(p->wh[i]))
        i--;
    return i;
}

/* Which furnaces burn, from what the plant last sent out: the combination that comes nearest. Bit k: furnace k. */
static int burning(const mizo_region *r, const foresee_plant_ask *ask, const past *p, const plant_past *about,
                   int i)
{
    plant_furnace f[PLANT_FURNACES];
    int n = furnaces(r, ask->plant, p->first + i / SLOTS, f), best = (1 << n) - 1;
    double least = INFINITY;
    for (int part = (1 << n) - 1; part >= 0; part--) {
        double wh = 0;
        for (int k = 0; k < n; k++)
            wh += part >> k & 1 ? f[k].output_w / 2 * about->ratio : 0;
        if (fabs(wh - p->wh[i]) < least) {
            least = fabs(wh - p->wh[i]);
            best = part;
        }
    }
    for (int k = 0; k < n; k++) /* one that was not to burn has not tripped */
        best |= f[k].output_w > 0 ? 0 : 1 << k;
    return best;
}

/* ---- what it will ---- */

static int32_t whole(double v)
{
    return (int32_t)floor(fmax(0, fmin(2e9, v)) + 0.5);
}

static void say_slot(plant_furnace *f, int n, const plant_past *about, int slot, double hours, int i,
                     foresee_band *out)
{
    double mean, q[MIZO_QUANTILES], share = plant_expect(about, slot, hours) / 2; /* Wh of a half-hour */
    plant_say(f, n, hours, about->spread, &mean, q);
    out->mean[i] = whole(share * mean);
    for (int k = 0; k < MIZO_QUANTILES; k++)
        out->q[i][k] = whole(share * q[k]);
}

/* ---- notices ---- */

typedef struct notices {
    const char *plant;
    int n;
    outage of[NOTICES];
} notices;

static mizo_err take_notice(void *arg, const outage *o)
{
    notices *x = arg;
    if (strcmp(o->plant, x->plant) == 0 && x->n < NOTICES)
        x->of[x->n++] = *o;
    return MIZO_OK;
}

static mizo_err read_notices(const mizo_region *r, store *s, const foresee_plant_ask *ask, notices *x)
{
    mizo_slot first = mizo_day_slot(ask->day, r->offset);
    x->plant = r->plant[ask->plant].id;
    return outage_scan(s, r->offset, mizo_slot_ms(first), mizo_slot_ms(first + (mizo_slot)ask->days * SLOTS),
                       ask->as_of < ask->issued ? ask->as_of : ask->issued, take_notice, x);
}

/* The place of a furnace among those of the day; -1: none of that name. */
static int furnace_named(const mizo_region *r, mizo_ref plant, mizo_day day, const char *id)
{
    int k = 0;
    for (size_t i = 0; i < r->nfurnace; i++) {
        if (!there(&r->furnace[i], plant, day))
            continue;
        if (strcmp(r->furnace[i].id, id) == 0)
            return k;
        k++;
    }
    return -1;
}

/* What a notice leaves of the furnaces in a half-hour: of one of them, or of all together in proportion. */
static void lower(const mizo_region *r, const foresee_plant_ask *ask, const outage *o, int d, int slot,
                  plant_furnace *f, int n)
{
    double covers = outage_covers(o, mizo_day_slot(ask->day + d, r->offset) + slot) / 1e6;
    int one = o->furnace[0] ? furnace_named(r, ask->plant, ask->day + d, o->furnace) : 0;
    int from = o->furnace[0] ? one : 0, to = o->furnace[0] ? one + 1 : n;
    if (covers <= 0 || one < 0 || one >= n)
        return;
    double all = planned(f + from, to - from);
    double left = all > 0 ? fmin(1, fmax(0, (double)o->output_w) / all) : 1;
    for (int k = from; k < to; k++)
        f[k].output_w *= 1 - covers + covers * left;
}

/* hours: from the last that is known to the day that is asked for. */
static void say_day(const mizo_region *r, const foresee_plant_ask *ask, const plant_past *about,
                    const notices *told, int up, int d, double hours, foresee_band *out)
{
    plant_furnace f[PLANT_FURNACES];
    int n = furnaces(r, ask->plant, ask->day + d, f);
    for (int k = 0; k < n; k++)
        f[k].up_now = up >> k & 1;
    for (int s = 0; s < SLOTS; s++) {
        plant_furnace left[PLANT_FURNACES];
        memcpy(left, f, sizeof left);
        for (int i = 0; i < told->n; i++)
            lower(r, ask, &told->of[i], d, s, left, n);
        say_slot(left, n, about, s, fmax(0, hours + d * 24 + s * 0.5), d * SLOTS + s, out);
    }
}

mizo_err foresee_plant(const mizo_region *r, store *s, const foresee_plant_ask *ask, foresee_band *out)
{
    if (ask->plant < 0 || (size_t)ask->plant >= r->nplant || ask->days < 1 || ask->days > MIZO_AHEAD)
        return MIZO_ERANGE;
    past *p = calloc(1, sizeof *p);
    notices *told = calloc(1, sizeof *told);
    if (!p || !told) {
        free(p);
        free(told);
        return MIZO_ENOMEM;
    }
    plant_past about;
    mizo_day now = mizo_slot_day(mizo_ms_slot(ask->issued), r->offset),
             until = now < ask->day ? now + 1 : ask->day;
    int up = ~0;
    double hours = (double)(mizo_day_slot(ask->day, r->offset) - mizo_ms_slot(ask->issued)) / 2;
    mizo_err e = read_notices(r, s, ask, told);
    if (!e)
        e = read_past(r, s, ask, until, p);
    plant_start(&about);
    if (!e) {
        int last = last_known(p);
        learn(r, ask, p, &about);
        if (last >= 0) {
            up = burning(r, ask, p, &about, last);
            hours =
                (double)(mizo_day_slot(ask->day, r->offset) - mizo_day_slot(p->first, r->offset) - last) / 2;
        }
    }
    for (int d = 0; d < ask->days && (!e || e == MIZO_ENOENT); d++)
        say_day(r, ask, &about, told, up, d, hours, out);
    free(told);
    free(p);
    return e;
}
