/* forecast.c: reads what was known, runs a member of the forecaster table, keeps what it said. */
#include "town/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BACK = 70, YEAR = 364, SEASON = 14, HISTORY = YEAR + SEASON, CELLS = HISTORY * MIZO_DAY_SLOTS };

struct forecast_desk {
    const mizo_region *region;
    store *store;
    forecast_ask ask;
    int32_t one[CELLS + MIZO_DAY_SLOTS], sum[CELLS + MIZO_DAY_SLOTS];
};

forecast_desk *forecast_desk_new(const mizo_region *r, store *s, const forecast_ask *ask)
{
    forecast_desk *d = calloc(1, sizeof *d);
    if (d)
        *d = (forecast_desk){ .region = r, .store = s, .ask = *ask };
    if (d && !d->ask.load)
        d->ask.load = &mizo_forecaster_similar_day;
    return d;
}

void forecast_desk_free(forecast_desk *d)
{
    free(d);
}

/* ---- what was known ---- */

typedef struct reading {
    int32_t *v; /* the history's cells */
    mizo_day first;
} reading;

static mizo_err take_day(void *arg, const store_day *x)
{
    reading *r = arg;
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = r->v + (size_t)(x->day - r->first) * MIZO_DAY_SLOTS };
    return mizo_block_unpack(x->packed, x->len, &b) ? MIZO_ESTORE : MIZO_OK;
}

/* Slots that end after the issue instant are not known yet, whatever the store holds. */
static void cut(const forecast_desk *d, int32_t *v, mizo_day first, int days)
{
    mizo_slot from = mizo_day_slot(first, d->region->offset);
    mizo_slot done = mizo_ms_slot(d->ask.issued); /* slots before it have ended */
    for (int64_t i = done - from < 0 ? 0 : done - from; i < (int64_t)days * MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
}

/* The last ten weeks and the same four weeks of the year before, of one series into v; what lies
 * between them is left missing. extra: also the day that is forecast. MIZO_ENOENT: no such series. */
static mizo_err read_series(forecast_desk *d, const char *owner, mizo_quantity q, int extra, int32_t *v)
{
    mizo_day day = d->ask.day, first = day - HISTORY;
    for (int i = 0; i < (HISTORY + extra) * MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id;
    MIZO_TRY(d->store->ops->series_id(d->store, &key, false, &id));
    mizo_ms as_of = d->ask.hindcast ? STORE_LATEST : d->ask.issued;
    reading r = { v, first };
    MIZO_TRY(d->store->ops->days_of(d->store, id, first, day - YEAR + SEASON + 1, as_of, take_day, &r));
    return d->store->ops->days_of(d->store, id, day - BACK, day + extra, as_of, take_day, &r);
}

/* A sum that does not fit was no reading of anything. */
static int32_t fit(int64_t x)
{
    return x > INT32_MAX || x <= INT32_MIN ? MIZO_MISSING : (int32_t)x;
}

/* sum += sign * one; missing wherever one of them is. */
static void join(int32_t *sum, const int32_t *one, int sign)
{
    for (int i = 0; i < CELLS; i++)
        sum[i] = sum[i] == MIZO_MISSING || one[i] == MIZO_MISSING
                     ? MIZO_MISSING
                     : fit((int64_t)sum[i] + sign * (int64_t)one[i]);
}

/* Joins a series that a point may have or not; one that the store does not know is not there. */
static mizo_err join_series(forecast_desk *d, const char *owner, mizo_quantity q, int sign, bool *found)
{
    mizo_err e = read_series(d, owner, q, 0, d->one);
    *found = e == MIZO_OK;
    if (!e)
        join(d->sum, d->one, sign);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Demand = import - export + generation, of every slot in which all of them are known. */
static mizo_err read_demand(forecast_desk *d, mizo_ref point)
{
    const mizo_region *r = d->region;
    MIZO_TRY(read_series(d, r->point[point].id, MIZO_Q_IMPORT, 0, d->sum));
    bool found;
    MIZO_TRY(join_series(d, r->point[point].id, MIZO_Q_EXPORT, -1, &found));
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        MIZO_TRY(join_series(d, r->pv[i].id, MIZO_Q_GENERATION, 1, &found));
    cut(d, d->sum, d->ask.day - HISTORY, HISTORY);
    return MIZO_OK;
}

/* ---- what will be ---- */

static mizo_err run(const forecast_desk *d, const mizo_forecaster *f, const mizo_forecast_about *about,
                    const int32_t *v, forecast_band *out)
{
    mizo_history h = { .first = d->ask.day - HISTORY, .ndays = HISTORY, .v = v };
    mizo_forecast to = { .n = MIZO_DAY_SLOTS, .mean = out->mean, .p10 = out->p10, .p90 = out->p90 };
    return f->run(&h, about, d->ask.day, &to);
}

static void silence(forecast_band *b)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        b->mean[i] = b->p10[i] = b->p90[i] = MIZO_MISSING;
}

static void add_band(forecast_band *sum, const forecast_band *one)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        sum->mean[i] = fit((int64_t)sum->mean[i] + one->mean[i]);
        sum->p10[i] = fit((int64_t)sum->p10[i] + one->p10[i]);
        sum->p90[i] = fit((int64_t)sum->p90[i] + one->p90[i]);
    }
}

static mizo_err pv_of_point(forecast_desk *d, mizo_ref point, forecast_point *out)
{
    const mizo_region *r = d->region;
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_pv *pv = &r->pv[i];
        if (d->ask.day < pv->from || d->ask.day >= pv->to)
            continue;
        mizo_err e = read_series(d, pv->id, MIZO_Q_GENERATION, 0, d->one);
        if (e == MIZO_ENOENT)
            continue;
        MIZO_TRY(e);
        cut(d, d->one, d->ask.day - HISTORY, HISTORY);
        mizo_forecast_about about = {
            .offset = r->offset,
            .lat = r->lat_e6 / 1e6,
            .lon = r->lon_e6 / 1e6,
            .panel = {pv->dc_w, pv->ac_w, pv->tilt_deg, pv->azimuth_deg}
        };
        forecast_band one;
        if (run(d, &mizo_forecaster_sun_sky, &about, d->one, &one))
            continue;
        if (out->has_pv)
            add_band(&out->pv, &one);
        else
            out->pv = one;
        out->has_pv = true;
    }
    return MIZO_OK;
}

mizo_err forecast_of_point(forecast_desk *d, mizo_ref point, forecast_point *out)
{
    if (point < 0 || (size_t)point >= d->region->npoint)
        return MIZO_ERANGE;
    memset(out, 0, sizeof *out);
    out->point = point;
    silence(&out->demand);
    silence(&out->pv);
    MIZO_TRY(read_demand(d, point));
    mizo_forecast_about about = { .offset = d->region->offset };
    MIZO_TRY(run(d, d->ask.load, &about, d->sum, &out->demand));
    out->has_demand = true;
    return pv_of_point(d, point, out);
}

/* Prices are published ahead: those of the day itself that were known stand as they are. */
mizo_err forecast_of_price(forecast_desk *d, forecast_price *out)
{
    memset(out, 0, sizeof *out);
    silence(&out->price);
    MIZO_TRY(read_series(d, d->region->market_area, MIZO_Q_PRICE, 1, d->one));
    mizo_forecast_about about = { .offset = d->region->offset };
    mizo_err e = run(d, &mizo_forecaster_price, &about, d->one, &out->price);
    if (d->ask.hindcast)
        return e; /* when a price came is not known then: the day's own are not looked at */
    int known = 0;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int32_t v = d->one[CELLS + i];
        if (v == MIZO_MISSING)
            continue;
        out->price.mean[i] = out->price.p10[i] = out->price.p90[i] = v;
        known++;
    }
    out->known = known == MIZO_DAY_SLOTS;
    return out->known ? MIZO_OK : e;
}

/* ---- keeping it ---- */

static mizo_err keep(forecast_desk *d, const char *owner, mizo_quantity q, const forecast_band *b)
{
    const struct {
        mizo_role role;
        const int32_t *v;
    } part[] = {
        {MIZO_ROLE_FORECAST_MEAN, b->mean},
        { MIZO_ROLE_FORECAST_P10, b->p10 },
        { MIZO_ROLE_FORECAST_P90, b->p90 }
    };
    uint8_t quality[MIZO_DAY_SLOTS];
    memset(quality, MIZO_QUALITY_ESTIMATED, sizeof quality);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        mizo_series_key key = store_key(owner, q, part[i].role);
        int32_t id;
        bool changed;
        MIZO_TRY(d->store->ops->series_id(d->store, &key, true, &id));
        MIZO_TRY(store_write_day(d->store, id, d->ask.day, part[i].v, quality, MIZO_DAY_SLOTS, &changed));
    }
    return MIZO_OK;
}

mizo_err forecast_keep_point(forecast_desk *d, const forecast_point *p)
{
    const char *id = d->region->point[p->point].id;
    if (p->has_demand)
        MIZO_TRY(keep(d, id, MIZO_Q_DEMAND, &p->demand));
    return p->has_pv ? keep(d, id, MIZO_Q_GENERATION, &p->pv) : MIZO_OK;
}

mizo_err forecast_keep_price(forecast_desk *d, const forecast_price *p)
{
    return keep(d, d->region->market_area, MIZO_Q_PRICE, &p->price);
}

/* ---- the town ---- */

void forecast_add(forecast_total *t, const forecast_point *p)
{
    if (!p->has_demand) {
        t->silent++;
        return;
    }
    t->points++;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        double low = (double)p->demand.mean[i] - p->demand.p10[i],
               high = (double)p->demand.p90[i] - p->demand.mean[i];
        t->mean[i] += p->demand.mean[i];
        t->pv[i] += p->has_pv ? p->pv.mean[i] : 0;
        t->own_low[i] += low * low;
        t->own_high[i] += high * high;
        t->all_low[i] += low;
        t->all_high[i] += high;
    }
}

void forecast_total_band(const forecast_total *t, int slot, int64_t *p10, int64_t *p90)
{
    static const double common = 1.0 / 3;
    double low = common * t->all_low[slot] + (1 - common) * sqrt(t->own_low[slot]);
    double high = common * t->all_high[slot] + (1 - common) * sqrt(t->own_high[slot]);
    *p10 = t->mean[slot] - (int64_t)(low + 0.5);
    *p90 = t->mean[slot] + (int64_t)(high + 0.5);
}
