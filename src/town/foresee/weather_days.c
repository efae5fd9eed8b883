/* weather_days.c: see weather_days.h. */
#include "town/foresee/weather_days.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = MIZO_DAY_SLOTS };

struct weather_days {
    weather_ask ask;
    mizo_day day; /* in hand */
    bool any;
    int32_t air[(WEATHER_PAST + 1) * SLOTS]; /* the days before, oldest first, and the day in hand */
    int32_t ghi[(WEATHER_PAST + 1) * SLOTS];
    int32_t said_ghi[(WEATHER_PAST + 1) * SLOTS]; /* only as it was forecast */
    int32_t ahead_ghi[WEATHER_SLOTS];             /* likewise, of the days from the one in hand on */
    weather_slots ahead;
    foresee_weather out;
};

static mizo_ms midnight(const weather_days *w, mizo_day day)
{
    return mizo_slot_ms(mizo_day_slot(day, w->ask.region->offset));
}

static bool is_forecast(uint8_t from)
{
    return from == WEATHER_FORECAST || from == WEATHER_LAST_GOOD;
}

/* What had been forecast of one day stands over what was measured in it. */
static void lay_day(weather_days *w, int at, const weather_slots *said)
{
    for (int s = 0; s < SLOTS; s++) {
        bool air = is_forecast(said->air.from[s]), ghi = is_forecast(said->ghi.from[s]);
        if (air)
            w->air[at * SLOTS + s] = said->air.v[s];
        if (ghi)
            w->ghi[at * SLOTS + s] = said->ghi.v[s];
        w->said_ghi[at * SLOTS + s] = ghi ? said->ghi.v[s] : MIZO_MISSING;
        w->any = w->any || air || ghi;
    }
}

static mizo_err read_past(weather_days *w, int from, int days)
{
    weather_slots *said = malloc(sizeof *said);
    weather_ask ask = w->ask;
    mizo_day first = w->day - WEATHER_PAST + from;
    mizo_err e =
        said ? weather_met(&ask, first, days, w->air + from * SLOTS, w->ghi + from * SLOTS) : MIZO_ENOMEM;
    for (int d = 0; d < days && !e; d++) {
        ask.issued = midnight(w, first + d);
        e = weather_forecasts(&ask, first + d, 1, said);
        if (!e)
            lay_day(w, from + d, said);
    }
    free(said);
    return e;
}

static void point_out(weather_days *w)
{
    w->out = (foresee_weather){ .air_cc = w->ahead.air.v,
                                .ghi_wm2 = w->ahead_ghi,
                                .past_ghi_wm2 = w->said_ghi + (WEATHER_PAST - FORESEE_SUN) * SLOTS };
}

static mizo_err read_ahead(weather_days *w)
{
    MIZO_TRY(weather_expected(&w->ask, w->day, MIZO_AHEAD, &w->ahead));
    for (int i = 0; i < WEATHER_SLOTS; i++) {
        bool said = is_forecast(w->ahead.ghi.from[i]);
        w->ahead_ghi[i] = said ? w->ahead.ghi.v[i] : MIZO_MISSING;
        w->any = w->any || said || is_forecast(w->ahead.air.from[i]);
    }
    memcpy(w->air + WEATHER_PAST * SLOTS, w->ahead.air.v, SLOTS * sizeof *w->air);
    memcpy(w->ghi + WEATHER_PAST * SLOTS, w->ahead.ghi.v, SLOTS * sizeof *w->ghi);
    memcpy(w->said_ghi + WEATHER_PAST * SLOTS, w->ahead_ghi, SLOTS * sizeof *w->said_ghi);
    point_out(w);
    return MIZO_OK;
}

/* A store that never had a forecast is not searched for the weather of years. */
static mizo_err anything(const weather_days *w, bool *any)
{
    static const mizo_quantity quantities[] = { MIZO_Q_TEMPERATURE, MIZO_Q_IRRADIANCE };
    const mizo_region *r = w->ask.region;
    *any = false;
    for (int i = 0; i < 4; i++) {
        mizo_series_key key = store_key(*r->weather_station ? r->weather_station : r->id, quantities[i % 2],
                                        MIZO_ROLE_FORECAST_MEAN);
        int32_t id;
        key.step_min = i < 2 ? 30 : 60;
        mizo_err e = w->ask.store->ops->series_id(w->ask.store, &key, false, &id);
        if (e && e != MIZO_ENOENT)
            return e;
        *any = *any || !e;
    }
    return MIZO_OK;
}

static mizo_err read_all(weather_days *w)
{
    bool any;
    w->any = false;
    MIZO_TRY(anything(w, &any));
    if (!any)
        return MIZO_OK;
    MIZO_TRY(read_past(w, 0, WEATHER_PAST));
    return read_ahead(w);
}

mizo_err weather_days_new(const mizo_region *r, store *s, bool hindcast, mizo_day day, mizo_ms issued,
                          weather_days **out)
{
    *out = NULL;
    weather_days *w = calloc(1, sizeof *w);
    if (!w)
        return MIZO_ENOMEM;
    w->ask = (weather_ask){ .region = r, .store = s, .hindcast = hindcast };
    w->day = day;
    w->ask.issued = issued ? issued : midnight(w, day);
    mizo_err e = read_all(w);
    if (e)
        weather_days_free(w);
    else
        *out = w;
    return e;
}

void weather_days_free(weather_days *w)
{
    free(w);
}

void weather_days_move(weather_days *w, const mizo_region *r)
{
    if (w)
        w->ask.region = r;
}

mizo_err weather_days_turn(weather_days *w, mizo_day day)
{
    if (day == w->day && w->any)
        return MIZO_OK;
    bool next = w->any && day == w->day + 1;
    w->day = day;
    w->ask.issued = midnight(w, day);
    if (!next)
        return read_all(w);
    int32_t *const column[] = { w->air, w->ghi, w->said_ghi };
    for (int i = 0; i < 3; i++)
        memmove(column[i], column[i] + SLOTS, WEATHER_PAST * SLOTS * sizeof **column);
    MIZO_TRY(read_past(w, WEATHER_PAST - 1, 1));
    return read_ahead(w);
}

mizo_err weather_days_next(const weather_days *w, weather_days **out)
{
    *out = malloc(sizeof **out);
    if (!*out)
        return MIZO_ENOMEM;
    memcpy(*out, w, sizeof **out);
    point_out(*out);
    mizo_err e = weather_days_turn(*out, w->day + 1);
    if (e) {
        weather_days_free(*out);
        *out = NULL;
    }
    return e;
}

bool weather_days_any(const weather_days *w)
{
    return w && w->any;
}

const foresee_weather *weather_days_ahead(const weather_days *w)
{
    return weather_days_any(w) ? &w->out : NULL;
}

const foresee_weather *weather_days_past(const weather_days *w, mizo_day day, foresee_weather *room)
{
    if (!weather_days_any(w) || day < w->day - WEATHER_PAST || day >= w->day)
        return NULL;
    size_t at = (size_t)(day - w->day + WEATHER_PAST) * SLOTS;
    *room = (foresee_weather){ .air_cc = w->air + at, .ghi_wm2 = w->ghi + at };
    return room;
}
