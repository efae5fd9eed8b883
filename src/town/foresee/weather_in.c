/* weather_in.c: see weather_in.h. */
#include "town/foresee/weather_in.h"

#include <stdlib.h>
#include <string.h>

#include "weather/halves.h"

enum {
    HOURS = 24,
    NEAR_DAYS = 7, /* of the climatology, on either side */
    YEARS = 6,     /* how far back it looks, this one included */
    ENOUGH = 3,    /* values that make a mean */
    FRESH_MIN = 1440
};
#define HOUR_MS ((mizo_ms)3600000)

const char *weather_source_text(weather_source s)
{
    static const char *const text[] = { "none", "forecast", "last-good", "climatology" };
    return text[s];
}

static void fill(int32_t *v, int n, int32_t x)
{
    for (int i = 0; i < n; i++)
        v[i] = x;
}

static const char *home(const mizo_region *r)
{
    return *r->weather_station ? r->weather_station : r->id;
}

static weather_place place_of(const mizo_region *r)
{
    return (weather_place){ r->lat_e6 / 1e6, r->lon_e6 / 1e6 };
}

/* ---- one series ---- */

typedef struct days_span {
    mizo_day first;
    int days;
} days_span;

typedef struct column {
    int32_t *v;
    int64_t *batch; /* [days], or NULL */
    days_span span;
    int n; /* values a day */
} column;

static mizo_err take_day(void *arg, const store_day *x)
{
    column *c = arg;
    int at = x->day - c->span.first;
    mizo_block b = { .n = c->n, .v = c->v + (size_t)at * (size_t)c->n };
    if (c->batch)
        c->batch[at] = x->batch;
    return mizo_block_unpack(x->packed, x->len, &b) ? MIZO_ESTORE : MIZO_OK;
}

/* All missing where there is no such series. */
static mizo_err read_series(const weather_ask *a, const mizo_series_key *key, mizo_ms as_of, column *c)
{
    int32_t id;
    store *s = a->store;
    fill(c->v, c->span.days * c->n, MIZO_MISSING);
    mizo_err e = s->ops->series_id(s, key, false, &id);
    if (!e)
        e = s->ops->days_of(s, id, c->span.first, c->span.first + c->span.days, as_of, take_day, c);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* What ends after the instant has not happened yet. latest: when the first value is known; step: of the others. */
static void cut(int32_t *v, int n, mizo_ms first_known, mizo_ms step, mizo_ms issued)
{
    for (int i = 0; i < n; i++)
        if (first_known + i * step > issued)
            v[i] = MIZO_MISSING;
}

/* ---- half-hours out of hours ---- */

typedef struct reader {
    const weather_ask *ask;
    days_span span;
    bool cut; /* readings: nothing after `issued` */
    mizo_ms as_of;
    int32_t *half;  /* [48 * days] scratch */
    int32_t *hour;  /* [24 * (days + 1)] scratch */
    int64_t *batch; /* [days + 1], or NULL: of the versions */
} reader;

static void forget_batches(const reader *r)
{
    for (int i = 0; r->batch && i <= r->span.days; i++)
        r->batch[i] = 0;
}

/* The series of half-hours, or of hours made into half-hours, into r->half. */
static mizo_err read_halves(reader *r, const char *owner, mizo_quantity q, mizo_role role)
{
    const mizo_region *g = r->ask->region;
    mizo_series_key key = store_key(owner, q, role);
    column c = { r->half, r->batch, r->span, MIZO_DAY_SLOTS };
    forget_batches(r);
    MIZO_TRY(read_series(r->ask, &key, r->as_of, &c));
    mizo_ms begin = mizo_slot_ms(mizo_day_slot(r->span.first, g->offset));
    if (r->cut)
        cut(r->half, r->span.days * MIZO_DAY_SLOTS, begin + MIZO_SLOT_MS, MIZO_SLOT_MS, r->ask->issued);
    return MIZO_OK;
}

static mizo_err read_hours(reader *r, const char *owner, mizo_quantity q, mizo_role role)
{
    const mizo_region *g = r->ask->region;
    bool instant = q == MIZO_Q_TEMPERATURE; /* of the hour's beginning: of the last one the next is needed */
    int days = r->span.days, n = days * HOURS;
    mizo_series_key key = store_key(owner, q, role);
    key.step_min = 60;
    column c = {
        r->hour, r->batch, {r->span.first, days + 1},
          HOURS
    };
    forget_batches(r);
    MIZO_TRY(read_series(r->ask, &key, r->as_of, &c));
    mizo_slot first = mizo_day_slot(r->span.first, g->offset);
    if (r->cut)
        cut(r->hour, n + HOURS, mizo_slot_ms(first) + (instant ? 0 : HOUR_MS), HOUR_MS, r->ask->issued);
    if (instant) {
        weather_halves_air(r->hour, n, r->half);
    } else if (q == MIZO_Q_IRRADIANCE) {
        weather_halves_ghi(r->hour, n, first, place_of(g), r->half);
    } else {
        for (int i = 0; i < 2 * n; i++)
            r->half[i] = r->hour[i / 2];
    }
    if (r->cut)
        cut(r->half, 2 * n, mizo_slot_ms(first) + MIZO_SLOT_MS, MIZO_SLOT_MS, r->ask->issued);
    return MIZO_OK;
}

static mizo_err reader_make(reader *r)
{
    size_t days = (size_t)r->span.days;
    r->half = malloc(days * MIZO_DAY_SLOTS * sizeof *r->half);
    r->hour = malloc((days + 1) * HOURS * sizeof *r->hour);
    return r->half && r->hour ? MIZO_OK : MIZO_ENOMEM;
}

static void reader_fini(reader *r)
{
    free(r->half);
    free(r->hour);
}

/* ---- what was measured ---- */

static void fill_gaps(int32_t *v, const int32_t *from, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i] == MIZO_MISSING)
            v[i] = from[i];
}

/* What stands first counts, the next fills its gaps. */
static const struct origin {
    mizo_quantity quantity;
    bool hours, model;
} origins[] = {
    {MIZO_Q_TEMPERATURE,  false, false},
    { MIZO_Q_TEMPERATURE, true,  false},
    { MIZO_Q_TEMPERATURE, true,  true },
    { MIZO_Q_IRRADIANCE,  false, false},
    { MIZO_Q_IRRADIANCE,  true,  false},
    { MIZO_Q_CLOUD,       false, false},
    { MIZO_Q_CLOUD,       true,  false},
    { MIZO_Q_IRRADIANCE,  true,  true },
};

static bool any(const int32_t *v, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i] != MIZO_MISSING)
            return true;
    return false;
}

static mizo_err met(reader *r, int32_t *air, int32_t *ghi)
{
    const mizo_region *g = r->ask->region;
    int n = r->span.days * MIZO_DAY_SLOTS;
    mizo_slot first = mizo_day_slot(r->span.first, g->offset);
    fill(air, n, MIZO_MISSING);
    fill(ghi, n, MIZO_MISSING);
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        const struct origin *o = &origins[i];
        const char *owner = o->model ? WEATHER_MODEL : home(g);
        MIZO_TRY(o->hours ? read_hours(r, owner, o->quantity, MIZO_ROLE_READING)
                          : read_halves(r, owner, o->quantity, MIZO_ROLE_READING));
        if (o->quantity == MIZO_Q_CLOUD)
            weather_index_ghi(r->half, n, first, place_of(g));
        fill_gaps(o->quantity == MIZO_Q_TEMPERATURE ? air : ghi, r->half, n);
    }
    if (any(ghi, n)) {
        weather_fill_night(ghi, n, first, place_of(g));
        cut(ghi, n, mizo_slot_ms(first) + MIZO_SLOT_MS, MIZO_SLOT_MS, r->ask->issued);
    }
    return MIZO_OK;
}

mizo_err weather_met(const weather_ask *a, mizo_day day, int ndays, int32_t *air, int32_t *ghi)
{
    reader r = {
        .ask = a, .span = {day, ndays},
             .cut = true, .as_of = a->hindcast ? STORE_LATEST : a->issued
    };
    if (ndays < 1)
        return MIZO_ERANGE;
    mizo_err e = reader_make(&r);
    if (!e)
        e = met(&r, air, ghi);
    reader_fini(&r);
    return e;
}

/* ---- forecasts ---- */

/* When the version of each day became known; INT64_MIN: there is none. */
static mizo_err known_days(const weather_ask *a, const int64_t *batch, int days, mizo_ms *known)
{
    for (int i = 0; i < days; i++) {
        known[i] = batch[i] && i && batch[i] == batch[i - 1] ? known[i - 1] : INT64_MIN;
        if (batch[i] && known[i] == INT64_MIN)
            MIZO_TRY(store_batch_known(a->store, batch[i], &known[i]));
    }
    return MIZO_OK;
}

/* Of two forecasts of a slot the one that was issued later stands. */
static void lay_forecast(const weather_ask *a, const int32_t *half, const mizo_ms *known, int n,
                         weather_row *out)
{
    int fresh = a->region->weather_every_hours * 120;
    fresh = fresh > FRESH_MIN ? fresh : FRESH_MIN;
    for (int i = 0; i < n; i++) {
        mizo_ms since = known[i / MIZO_DAY_SLOTS];
        if (half[i] == MIZO_MISSING || since == INT64_MIN)
            continue;
        int64_t age = (a->issued - since) / 60000;
        age = age < 0 ? 0 : age > INT32_MAX ? INT32_MAX : age;
        if (out->from[i] != WEATHER_NONE && out->age_min[i] <= age)
            continue;
        out->v[i] = half[i];
        out->age_min[i] = (int32_t)age;
        out->from[i] = age <= fresh ? WEATHER_FORECAST : WEATHER_LAST_GOOD;
    }
}

static mizo_err forecast_row(const weather_ask *a, days_span span, mizo_quantity q, weather_row *out)
{
    int64_t batch[MIZO_AHEAD + 1];
    mizo_ms known[MIZO_AHEAD + 1];
    int n = span.days * MIZO_DAY_SLOTS;
    reader r = { .ask = a, .span = span, .as_of = a->issued, .batch = batch };
    fill(out->v, WEATHER_SLOTS, MIZO_MISSING);
    fill(out->age_min, WEATHER_SLOTS, MIZO_MISSING);
    memset(out->from, WEATHER_NONE, sizeof out->from);
    mizo_err e = reader_make(&r);
    for (int hours = 0; hours < 2 && !e; hours++) {
        e = hours ? read_hours(&r, home(a->region), q, MIZO_ROLE_FORECAST_MEAN)
                  : read_halves(&r, home(a->region), q, MIZO_ROLE_FORECAST_MEAN);
        if (!e)
            e = known_days(a, batch, span.days, known);
        if (!e)
            lay_forecast(a, r.half, known, n, out);
    }
    reader_fini(&r);
    return e;
}

/* ---- climatology ---- */

/* The same date some years before; 29 February becomes the 28th. */
static mizo_day years_before(mizo_day day, int years)
{
    mizo_date d = mizo_day_date(day);
    d.year -= years;
    if (!mizo_date_valid(d))
        d.day = 28;
    return mizo_date_day(d);
}

typedef struct mean {
    int64_t sum[WEATHER_SLOTS];
    int32_t count[WEATHER_SLOTS];
} mean;

/* Days of the year: v begins NEAR_DAYS before the first day that is asked for. */
static void add_year(mean *m, const int32_t *v, int ndays)
{
    for (int d = 0; d < ndays; d++)
        for (int k = 0; k <= 2 * NEAR_DAYS; k++)
            for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
                int32_t x = v[(d + k) * MIZO_DAY_SLOTS + s];
                m->sum[d * MIZO_DAY_SLOTS + s] += x == MIZO_MISSING ? 0 : x;
                m->count[d * MIZO_DAY_SLOTS + s] += x != MIZO_MISSING;
            }
}

static void lay_mean(const mean *m, int n, weather_row *out)
{
    for (int i = 0; i < n; i++) {
        if (out->from[i] != WEATHER_NONE || m->count[i] < ENOUGH)
            continue;
        int64_t twice = 2 * m->sum[i] + m->count[i], by = 2 * (int64_t)m->count[i]; /* half up */
        out->v[i] = (int32_t)(twice / by - (twice < 0 && twice % by != 0));
        out->from[i] = WEATHER_CLIMATOLOGY;
    }
}

static bool wanting(const weather_row *row, int n)
{
    for (int i = 0; i < n; i++)
        if (row->from[i] == WEATHER_NONE)
            return true;
    return false;
}

typedef struct usual {
    mean air, ghi;
    int32_t v[2][(MIZO_AHEAD + 2 * NEAR_DAYS) * MIZO_DAY_SLOTS];
} usual;

static mizo_err add_climatology(const weather_ask *a, mizo_day day, int ndays, weather_slots *out)
{
    usual *u = calloc(1, sizeof *u);
    mizo_err e = u ? MIZO_OK : MIZO_ENOMEM;
    for (int y = 0; y < YEARS && !e; y++) {
        mizo_day from = years_before(day, y) - NEAR_DAYS;
        e = weather_met(a, from, ndays + 2 * NEAR_DAYS, u->v[0], u->v[1]);
        if (e)
            break;
        add_year(&u->air, u->v[0], ndays);
        add_year(&u->ghi, u->v[1], ndays);
    }
    if (!e) {
        lay_mean(&u->air, out->n, &out->air);
        lay_mean(&u->ghi, out->n, &out->ghi);
    }
    free(u);
    return e;
}

/* ---- what was expected ---- */

mizo_err weather_forecasts(const weather_ask *a, mizo_day day, int ndays, weather_slots *out)
{
    if (ndays < 1 || ndays > MIZO_AHEAD)
        return MIZO_ERANGE;
    days_span span = { day, ndays };
    out->n = ndays * MIZO_DAY_SLOTS;
    MIZO_TRY(forecast_row(a, span, MIZO_Q_TEMPERATURE, &out->air));
    return forecast_row(a, span, MIZO_Q_IRRADIANCE, &out->ghi);
}

mizo_err weather_expected(const weather_ask *a, mizo_day day, int ndays, weather_slots *out)
{
    MIZO_TRY(weather_forecasts(a, day, ndays, out));
    if (!wanting(&out->air, out->n) && !wanting(&out->ghi, out->n))
        return MIZO_OK;
    return add_climatology(a, day, ndays, out);
}
