/* forecast.c: reads what was known, lets a point's forecasters speak, keeps what they said. */
#include "town/foresee/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/foresee/newcomers.h"
#include "town/foresee/weather_days.h"
#include "town/import/moves.h"

/* A single member looks at the last ten weeks and at the same weeks of the year before. */
enum { HISTORY = 364 + 14, CELLS = HISTORY * MIZO_DAY_SLOTS };
/* The price member lives through a year and a half of prices, and looks nine weeks further back. */
enum { PRICE_DAYS = 604, PRICE_CELLS = PRICE_DAYS * MIZO_DAY_SLOTS };

struct forecast_desk {
    const mizo_region *region;
    store *store;
    forecast_ask ask;
    mizo_day today; /* the day in hand when it is issued: the first one asked for, or one before it */
    int now;        /* slots of today that have ended */
    foresee_out room;
    weather_days *weather; /* NULL: not looked at yet */
    newcomers *newcomers;
    int32_t cells[PRICE_CELLS + MIZO_DAY_SLOTS], work[CELLS];
};

static mizo_ms as_of(const forecast_desk *d)
{
    return d->ask.hindcast ? STORE_LATEST : d->ask.issued;
}

forecast_desk *forecast_desk_new(const mizo_region *r, store *s, const forecast_ask *ask)
{
    forecast_desk *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->region = r;
    d->store = s;
    d->ask = *ask;
    d->ask.days = ask->days < 1 ? 1 : ask->days > MIZO_AHEAD ? MIZO_AHEAD : ask->days;
    mizo_slot at = mizo_ms_slot(ask->issued), midnight = mizo_day_slot(ask->day, r->offset);
    at = at < midnight ? at : midnight;
    d->today = mizo_slot_day(at, r->offset);
    d->now = mizo_slot_of_day(at, r->offset);
    foresee_span past = { .first = d->today - FORESEE_WARM, .days = FORESEE_WARM, .as_of = as_of(d) };
    d->newcomers = newcomers_new(r, s, &past);
    if (d->newcomers)
        return d;
    forecast_desk_free(d);
    return NULL;
}

void forecast_desk_free(forecast_desk *d)
{
    if (d) {
        weather_days_free(d->weather);
        newcomers_free(d->newcomers);
    }
    free(d);
}

/* ---- foresight ---- */

/* Days [from, from + n) of what was said of a longer span, moved to its front. */
static void take_days(foresee_out *o, int from, int n)
{
    int skip = from * MIZO_DAY_SLOTS, slots = n * MIZO_DAY_SLOTS;
    foresee_band *const band[] = { &o->demand, &o->pv };
    for (int i = 0; i < 2; i++) {
        memmove(band[i]->mean, band[i]->mean + skip, (size_t)slots * sizeof *band[i]->mean);
        memmove(band[i]->q, band[i]->q + skip, (size_t)slots * sizeof *band[i]->q);
    }
    o->n = slots;
}

/* The part of today that has happened when the forecast is issued. */
static mizo_err read_today(forecast_desk *d, mizo_ref point, int32_t demand[48], int32_t pv[48])
{
    int32_t work[MIZO_DAY_SLOTS];
    foresee_span span = { .first = d->today, .days = 1, .as_of = as_of(d) };
    mizo_err e = moves_read(d->region, d->store, point, &span, demand, pv, work);
    if (e && e != MIZO_ENOENT)
        return e;
    for (int i = e ? 0 : d->now; i < MIZO_DAY_SLOTS; i++)
        demand[i] = pv[i] = MIZO_MISSING;
    return MIZO_OK;
}

/* The past of a point, its own or that of those who move in, read into cells; the rest of them is scratch. */
static mizo_err read_past(forecast_desk *d, mizo_ref point, int32_t *pv)
{
    foresee_span span = { .first = d->today - FORESEE_WARM, .days = FORESEE_WARM, .as_of = as_of(d) };
    return moves_read(d->region, d->store, point, &span, d->cells, pv, d->work);
}

static mizo_err warm(forecast_desk *d, foresee *f, mizo_ref point)
{
    int32_t *pv = d->cells + (ptrdiff_t)FORESEE_WARM * MIZO_DAY_SLOTS;
    MIZO_TRY(read_past(d, point, pv));
    return foresee_tell(f, d->today - FORESEE_WARM, FORESEE_WARM, d->cells, pv);
}

static mizo_err say(forecast_desk *d, foresee *f, mizo_ref point, foresee_out *out)
{
    if (!d->weather)
        MIZO_TRY(
            weather_days_new(d->region, d->store, d->ask.hindcast, d->today, d->ask.issued, &d->weather));
    MIZO_TRY(foresee_use(f, d->weather));
    MIZO_TRY(warm(d, f, point));
    const foresee_weather *weather = weather_days_ahead(d->weather);
    int64_t ahead = (int64_t)d->ask.day - d->today;
    if ((d->now == 0 && ahead == 0) || ahead + d->ask.days > MIZO_AHEAD) {
        foresee_say(f, d->ask.day, d->ask.days, ahead == 0 ? weather : NULL, out);
        return MIZO_OK;
    }
    int32_t demand[MIZO_DAY_SLOTS], pv[MIZO_DAY_SLOTS];
    MIZO_TRY(read_today(d, point, demand, pv));
    foresee_now(f, d->today, (int)ahead + d->ask.days, weather, demand, pv, d->now, out);
    take_days(out, (int)ahead, d->ask.days);
    return MIZO_OK;
}

/* ---- one member ---- */

static mizo_err run(const forecast_desk *d, const mizo_forecaster *f, const int32_t *v, int days, int n,
                    foresee_band *out)
{
    int32_t p10[FORESEE_SLOTS], p90[FORESEE_SLOTS];
    mizo_forecast_about about = { .offset = d->region->offset };
    mizo_history h = { .first = d->ask.day - days, .ndays = days, .v = v };
    mizo_forecast to = { .n = n, .mean = out->mean, .p10 = p10, .p90 = p90, .q = out->q[0] };
    out->q[0][0] = MIZO_MISSING;
    mizo_err e = f->run(&h, &about, d->ask.day, &to);
    if (out->q[0][0] == MIZO_MISSING)
        foresee_quantiles(out->mean, p10, p90, n, out->q);
    return e;
}

static mizo_err say_member(forecast_desk *d, mizo_ref point, foresee_out *out)
{
    foresee_span span = { .first = d->ask.day - HISTORY, .days = HISTORY, .as_of = as_of(d) };
    MIZO_TRY(foresee_read(d->region, d->store, point, &span, d->cells, NULL, d->work));
    int64_t known = mizo_ms_slot(d->ask.issued) - mizo_day_slot(span.first, d->region->offset);
    for (int64_t i = known < 0 ? 0 : known; i < CELLS; i++)
        d->cells[i] = MIZO_MISSING;
    mizo_err e = run(d, d->ask.load, d->cells, HISTORY, out->n, &out->demand);
    out->has_demand = !e;
    out->borrowed = false;
    return e;
}

/* ---- a point, the price ---- */

_Static_assert((int)FORESEE_TOWN_PAST == (int)FORESEE_WARM && 2 * FORESEE_WARM <= (int)PRICE_DAYS &&
                   (int)FORESEE_WARM <= (int)HISTORY,
               "the past of a point and of its panels fits the desk");

/* The point with its past into the town. */
static mizo_err into_town(forecast_desk *d, const foresee *f, mizo_ref point, const foresee_out *said)
{
    mizo_err e = read_past(d, point, NULL);
    if (e && e != MIZO_ENOENT)
        return e;
    foresee_town_add(d->ask.town, point, said, f, e ? NULL : d->cells);
    return MIZO_OK;
}

mizo_err forecast_join(forecast_desk *d, int npath)
{
    return forecast_join_as(d, npath, false);
}

mizo_err forecast_join_as(forecast_desk *d, int npath, bool alone)
{
    return foresee_town_join(d->ask.town, d->today, d->ask.day, alone || d->now > 0, npath, 1);
}

/* A newcomer leans on sites of its kind. Of a day in hand its own half-hours say more. */
static mizo_err borrow(forecast_desk *d, mizo_ref point, foresee_out *said)
{
    int ahead = (int)((int64_t)d->ask.day - d->today);
    if ((d->now > 0 && ahead == 0) || ahead + d->ask.days > MIZO_AHEAD)
        return MIZO_OK;
    return newcomers_lend(d->newcomers, point, d->cells, ahead, said); /* cells: its past, as it was told */
}

/* Its half-hours have not begun: MIZO_ENOENT where there are no bills either. */
static mizo_err from_bills(forecast_desk *d, mizo_ref point, foresee_out *said)
{
    int ahead = (int)((int64_t)d->ask.day - d->today);
    if (d->region->point[point].reading == MIZO_BY_LAMP || ahead + d->ask.days > MIZO_AHEAD)
        return MIZO_ENOENT;
    return newcomers_bills(d->newcomers, point, ahead, d->ask.days, said);
}

/* All that is known of the point is of another one, whose users will move here. */
static bool moved_in(forecast_desk *d, mizo_ref point)
{
    mizo_day in = moves_in(d->region, point);
    if (in == MIZO_DAY_NONE || in <= d->today)
        return false;
    foresee_span span = { .first = d->today - FORESEE_WARM, .days = FORESEE_WARM, .as_of = as_of(d) };
    bool own = !foresee_read(d->region, d->store, point, &span, d->cells, NULL, d->work);
    for (int i = 0; own && i < FORESEE_WARM * MIZO_DAY_SLOTS; i++)
        if (d->cells[i] != MIZO_MISSING)
            return false;
    return true;
}

mizo_err forecast_of_point(forecast_desk *d, mizo_ref point, forecast_point *out)
{
    if (point < 0 || (size_t)point >= d->region->npoint)
        return MIZO_ERANGE;
    memset(out, 0, sizeof *out);
    out->point = point;
    foresee *f = foresee_new(d->region, point);
    mizo_err e = f ? say(d, f, point, &out->said) : MIZO_ENOMEM;
    if (!e && !d->ask.load)
        e = borrow(d, point, &out->said);
    if (e == MIZO_ENOENT && !d->ask.load)
        e = from_bills(d, point, &out->said);
    if (!e && d->ask.shape && out->said.has_demand)
        d->ask.shape(d->ask.arg, point, d->today, moved_in(d, point), &out->said);
    if (!e && d->ask.town && out->said.has_demand)
        e = into_town(d, f, point, &out->said);
    foresee_free(f);
    if (!e && d->ask.load)
        e = say_member(d, point, &out->said);
    return !e && !out->said.has_demand ? MIZO_ENOENT : e;
}

typedef struct prices {
    int32_t *v;
    mizo_day first;
} prices;

static mizo_err take_prices(void *arg, const store_day *x)
{
    prices *p = arg;
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = p->v + (size_t)(x->day - p->first) * MIZO_DAY_SLOTS };
    return mizo_block_unpack(x->packed, x->len, &b) ? MIZO_ESTORE : MIZO_OK;
}

/* Prices of the desk's days from the n-th on. */
static void forget(int32_t *cells, int64_t n)
{
    for (int64_t i = n < 0 ? 0 : n * MIZO_DAY_SLOTS; i < PRICE_CELLS; i++)
        cells[i] = MIZO_MISSING;
}

/* Prices are published ahead: those of the day itself that were known stand as they are. */
static int known_prices(const forecast_desk *d, foresee_band *b)
{
    int known = 0;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int32_t v = d->cells[PRICE_CELLS + i];
        if (v == MIZO_MISSING)
            continue;
        b->mean[i] = v;
        for (int k = 0; k < MIZO_QUANTILES; k++)
            b->q[i][k] = v;
        known++;
    }
    return known;
}

mizo_err forecast_of_price(forecast_desk *d, forecast_price *out)
{
    memset(out, 0, sizeof *out);
    out->n = MIZO_DAY_SLOTS;
    for (int i = 0; i < PRICE_CELLS + MIZO_DAY_SLOTS; i++)
        d->cells[i] = MIZO_MISSING;
    mizo_series_key key = store_key(d->region->market_area, MIZO_Q_PRICE, MIZO_ROLE_READING);
    int32_t id;
    mizo_err e = d->store->ops->series_id(d->store, &key, false, &id);
    prices p = { d->cells, d->ask.day - PRICE_DAYS };
    if (!e)
        e = d->store->ops->days_of(d->store, id, p.first, d->ask.day + 1, as_of(d), take_prices, &p);
    if (e && e != MIZO_ENOENT)
        return e;
    if (d->ask.hindcast) /* when a price came is not known: those after the day in hand are left out */
        forget(d->cells, (int64_t)d->today + 1 - p.first);
    e = run(d, &mizo_forecaster_price, d->cells, PRICE_DAYS, MIZO_DAY_SLOTS, &out->said);
    if (d->ask.hindcast)
        return e; /* nor are the day's own looked at */
    out->known = known_prices(d, &out->said) == MIZO_DAY_SLOTS;
    return out->known ? MIZO_OK : e;
}

/* ---- keeping it ---- */

static mizo_err keep(forecast_desk *d, const char *owner, mizo_quantity q, mizo_role role, const int32_t *v)
{
    uint8_t quality[MIZO_DAY_SLOTS];
    memset(quality, MIZO_QUALITY_ESTIMATED, sizeof quality);
    mizo_series_key key = store_key(owner, q, role);
    int32_t id;
    bool changed;
    MIZO_TRY(d->store->ops->series_id(d->store, &key, true, &id));
    return store_write_day(d->store, id, d->ask.day, v, quality, MIZO_DAY_SLOTS, &changed);
}

mizo_role forecast_role(int level)
{
    static const mizo_role role[MIZO_QUANTILES] = {
        MIZO_ROLE_FORECAST_P05, MIZO_ROLE_FORECAST_P10, MIZO_ROLE_FORECAST_P20, MIZO_ROLE_FORECAST_P30,
        MIZO_ROLE_FORECAST_P40, MIZO_ROLE_FORECAST_P50, MIZO_ROLE_FORECAST_P60, MIZO_ROLE_FORECAST_P70,
        MIZO_ROLE_FORECAST_P80, MIZO_ROLE_FORECAST_P90, MIZO_ROLE_FORECAST_P95
    };
    return role[level];
}

static mizo_err keep_band(forecast_desk *d, const char *owner, mizo_quantity q, const foresee_band *b)
{
    MIZO_TRY(keep(d, owner, q, MIZO_ROLE_FORECAST_MEAN, b->mean));
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        int32_t v[MIZO_DAY_SLOTS];
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            v[i] = b->q[i][k];
        MIZO_TRY(keep(d, owner, q, forecast_role(k), v));
    }
    return MIZO_OK;
}

mizo_err forecast_keep_point(forecast_desk *d, const forecast_point *p)
{
    const char *id = d->region->point[p->point].id;
    if (p->said.has_demand)
        MIZO_TRY(keep_band(d, id, MIZO_Q_DEMAND, &p->said.demand));
    return p->said.has_pv ? keep_band(d, id, MIZO_Q_GENERATION, &p->said.pv) : MIZO_OK;
}

mizo_err forecast_keep_price(forecast_desk *d, const forecast_price *p)
{
    return keep_band(d, d->region->market_area, MIZO_Q_PRICE, &p->said);
}

/* ---- showing it ---- */

int32_t forecast_low(const foresee_band *b, int slot)
{
    int32_t q = b->q[slot][MIZO_Q10], mean = b->mean[slot];
    return q < mean ? q : mean;
}

int32_t forecast_high(const foresee_band *b, int slot)
{
    int32_t q = b->q[slot][MIZO_Q90], mean = b->mean[slot];
    return q > mean ? q : mean;
}

/* ---- the town ---- */

void forecast_add(forecast_total *t, const forecast_point *p)
{
    const foresee_out *o = &p->said;
    if (!o->has_demand) {
        t->silent++;
        return;
    }
    t->points++;
    t->borrowed += o->borrowed;
    t->n = o->n;
    for (int i = 0; i < o->n; i++) {
        if (o->has_pv && o->pv.mean[i] != MIZO_MISSING)
            t->pv[i] += o->pv.mean[i];
        if (o->demand.mean[i] == MIZO_MISSING)
            continue;
        t->mean[i] += o->demand.mean[i];
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            double away = (double)o->demand.q[i][k] - o->demand.mean[i];
            t->own[i][k] += away * away;
            t->all[i][k] += away;
        }
    }
}

void forecast_total_town(forecast_total *t, const foresee_town *joined)
{
    int64_t q[MIZO_QUANTILES];
    t->town = joined;
    for (int i = 0; i < t->n; i++)
        foresee_town_sum(joined, i, &t->mean[i], q);
}

void forecast_total_levels(const forecast_total *t, int slot, int64_t q[MIZO_QUANTILES])
{
    static const double common = 1.0 / 3;
    int64_t mean;
    if (t->town) {
        foresee_town_sum(t->town, slot, &mean, q);
        return;
    }
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        double all = t->all[slot][k], own = copysign(sqrt(t->own[slot][k]), all);
        q[k] = t->mean[slot] + (int64_t)floor(common * all + (1 - common) * own + 0.5);
        if (k > 0 && q[k] < q[k - 1])
            q[k] = q[k - 1];
    }
}
