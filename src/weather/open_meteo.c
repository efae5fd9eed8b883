/* open_meteo.c: the answer of Open-Meteo, and of those that speak alike: one object with hourly_units and
 * hourly, in which arrays stand side by side under `time`. Temperatures are those of the instant, radiation is
 * the mean of the hour before it. Everything else in it is passed by. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "mizo/messages/import.h"
#include "mizo/messages/weather.h"
#include "weather/readers.h"

enum { TIME, AIR, GHI, DIRECT, DIFFUSE, COLUMNS };

static const struct column {
    const char *name, *units[4], *want;
    int digits, least, most;
} columns[COLUMNS] = {
    [TIME] = {"time",                 { "iso8601", "unixtime" },    "iso8601", 0, 0,                  0                 },
    [AIR] = { "temperature_2m",      { "°C", "C", "℃" },        "°C",     2, WEATHER_COLDEST_CC, WEATHER_HOTTEST_CC},
    [GHI] = { "shortwave_radiation", { "W/m²", "W/m2", "W/m^2" }, "W/m²",   0, 0,                  WEATHER_BRIGHTEST },
    [DIRECT] = { "direct_radiation",    { "W/m²", "W/m2", "W/m^2" }, "W/m²",   0, 0,                  WEATHER_BRIGHTEST },
    [DIFFUSE] = { "diffuse_radiation",   { "W/m²", "W/m2", "W/m^2" }, "W/m²",   0, 0,                  WEATHER_BRIGHTEST },
};

typedef struct answer {
    const char *file;
    mizo_diags *d;
    bool bad;
    weather_hours *out;
    int64_t offset_s; /* ahead of UTC, of local times */
    bool epoch;       /* times are seconds since 1970 */
    bool has_hourly, has_units;
    json_reader hourly; /* just after it began */
    int depth;          /* of what stands in it */
    bool unit_known[COLUMNS], seen[COLUMNS];
    int count[COLUMNS];
    int32_t *v[COLUMNS]; /* [cap] each but of TIME */
    size_t cap[COLUMNS], time_cap;
} answer;

static mizo_place place(const answer *a, const json_token *t)
{
    return MIZO_AT(a->file, t ? t->line : 0, t ? t->column : 0);
}

/* Says it; reading goes on, so that all mistakes are named at once. */
#define WRONG(a, id, t, ...)                                                                                 \
    do {                                                                                                     \
        (a)->bad = true;                                                                                     \
        MIZO_DIAG((a)->d, id, place((a), (t)), __VA_ARGS__);                                                 \
    } while (0)

static mizo_err not_json(answer *a, const json_reader *r, const json_token *t)
{
    WRONG(a, WEATHER_JSON, t, r->what ? r->what : "?");
    return MIZO_EINPUT;
}

static void wrong_type(answer *a, const json_token *t, const char *name, const char *want)
{
    WRONG(a, WEATHER_TYPE, t, name, json_kind_text(t->kind), want);
}

/* ---- the head ---- */

static double number(answer *a, const json_token *t)
{
    if (t->kind == JSON_NUMBER)
        return strtod(t->text, NULL);
    wrong_type(a, t, t->key, "a number");
    return 0;
}

/* Seconds; no clock on earth is off by a day. */
static int64_t offset(answer *a, const json_token *t)
{
    double s = number(a, t);
    if (fabs(s) < 86400)
        return (int64_t)s;
    WRONG(a, IMPORT_RANGE, t, t->text, "-86399", "86399");
    return 0;
}

static int column_named(const char *name)
{
    for (int c = 0; c < COLUMNS; c++)
        if (strcmp(columns[c].name, name) == 0)
            return c;
    return -1;
}

static void check_unit(answer *a, int c, const json_token *t)
{
    if (t->kind != JSON_STRING) {
        wrong_type(a, t, t->key, "a text");
        return;
    }
    a->unit_known[c] = true;
    for (int i = 0; i < 4 && columns[c].units[i]; i++)
        if (strcmp(columns[c].units[i], t->text) == 0) {
            a->epoch |= c == TIME && i == 1;
            return;
        }
    WRONG(a, WEATHER_UNIT, t, t->key, t->text, columns[c].want);
}

static mizo_err read_units(answer *a, json_reader *r, const json_token *open)
{
    json_token t;
    if (open->kind != JSON_OBJECT) {
        wrong_type(a, open, "hourly_units", "an object");
        return json_skip(r, open) ? not_json(a, r, open) : MIZO_OK;
    }
    a->has_units = true;
    for (;;) {
        if (json_next(r, &t))
            return not_json(a, r, &t);
        if (t.kind == JSON_CLOSE)
            return MIZO_OK;
        int c = column_named(t.key);
        if (c >= 0)
            check_unit(a, c, &t);
        if (json_skip(r, &t))
            return not_json(a, r, &t);
    }
}

/* `hourly` may stand before what it needs to be read: remembered, and read when all else is known. */
static void remember_hourly(answer *a, const json_reader *r, const json_token *t)
{
    if (t->kind != JSON_OBJECT) {
        wrong_type(a, t, "hourly", "an object");
        return;
    }
    a->has_hourly = true;
    a->hourly = *r;
}

static mizo_err read_head(answer *a, json_reader *r)
{
    json_token t;
    bool refused = false;
    if (json_next(r, &t))
        return not_json(a, r, &t);
    if (t.kind != JSON_OBJECT) {
        wrong_type(a, &t, "the answer", "an object");
        return MIZO_EINPUT;
    }
    for (;;) {
        if (json_next(r, &t))
            return not_json(a, r, &t);
        if (t.kind == JSON_CLOSE)
            break;
        if (strcmp(t.key, "hourly_units") == 0) {
            MIZO_TRY(read_units(a, r, &t));
            continue;
        }
        if (strcmp(t.key, "hourly") == 0)
            remember_hourly(a, r, &t);
        else if (strcmp(t.key, "utc_offset_seconds") == 0)
            a->offset_s = offset(a, &t);
        else if (strcmp(t.key, "latitude") == 0)
            a->out->lat = number(a, &t);
        else if (strcmp(t.key, "longitude") == 0)
            a->out->lon = number(a, &t);
        else if (strcmp(t.key, "error") == 0)
            refused = t.kind == JSON_TRUE;
        else if (strcmp(t.key, "reason") == 0 && refused)
            WRONG(a, WEATHER_SERVICE, &t, t.text);
        if (json_skip(r, &t))
            return not_json(a, r, &t);
    }
    if (json_next(r, &t))
        return not_json(a, r, &t);
    if (refused && !a->bad)
        WRONG(a, WEATHER_SERVICE, NULL, "?");
    return refused ? MIZO_EINPUT : MIZO_OK;
}

/* ---- the hours ---- */

/* "2024-02-29T13:00" of the answer's own clock, or seconds since 1970. */
static void take_time(answer *a, const json_token *t)
{
    int n = a->count[TIME];
    mizo_ms *at = &a->out->at[n];
    int64_t s;
    bool ok = a->epoch ? t->kind == JSON_NUMBER && !mizo_decimal_parse(t->text, strlen(t->text), 0, &s) &&
                             s > -62135596800 && s < 253402300800
                       : t->kind == JSON_STRING && !table_instant(t->text, strlen(t->text), 0, at);
    if (!ok) {
        if (t->kind == JSON_STRING || t->kind == JSON_NUMBER)
            WRONG(a, IMPORT_BAD_TIME, t, t->text);
        else
            wrong_type(a, t, "time", a->epoch ? "a number" : "a text");
        *at = n ? at[-1] + 3600000 : 0; /* so that one mistake is one */
        return;
    }
    *at = a->epoch ? s * 1000 : *at - a->offset_s * 1000;
    if (n && *at <= at[-1])
        WRONG(a, WEATHER_ORDER, t, t->text);
}

static void take_value(answer *a, int c, const json_token *t)
{
    int32_t *v = &a->v[c][a->count[c]];
    int64_t x;
    *v = MIZO_MISSING;
    if (t->kind == JSON_NULL)
        return;
    if (t->kind != JSON_NUMBER) {
        wrong_type(a, t, columns[c].name, "a number or null");
        return;
    }
    mizo_err e = table_number(t->text, strlen(t->text), columns[c].digits, &x);
    if (e || x < columns[c].least || x > columns[c].most) {
        char least[MIZO_NUM_TEXT], most[MIZO_NUM_TEXT];
        mizo_decimal_text(columns[c].least, columns[c].digits, least);
        mizo_decimal_text(columns[c].most, columns[c].digits, most);
        WRONG(a, IMPORT_RANGE, t, t->text, least, most);
        return;
    }
    *v = (int32_t)x;
}

static mizo_err room(answer *a, int c)
{
    size_t want = (size_t)a->count[c] + 1;
    return c == TIME ? array_grow(&a->out->at, &a->time_cap, want, sizeof *a->out->at)
                     : array_grow(&a->v[c], &a->cap[c], want, sizeof *a->v[c]);
}

static mizo_err read_column(answer *a, json_reader *r, int c, const json_token *open)
{
    json_token t;
    if (open->kind != JSON_ARRAY || a->seen[c]) {
        wrong_type(a, open, columns[c].name, "one array");
        return json_skip(r, open) ? not_json(a, r, open) : MIZO_OK;
    }
    a->seen[c] = true;
    for (;;) {
        if (json_next(r, &t))
            return not_json(a, r, &t);
        if (t.kind == JSON_CLOSE)
            return MIZO_OK;
        if (a->count[c] == WEATHER_HOURS_MOST) {
            char most[16];
            snprintf(most, sizeof most, "%d", WEATHER_HOURS_MOST);
            WRONG(a, WEATHER_MANY, &t, most);
            return MIZO_EINPUT;
        }
        MIZO_TRY(room(a, c));
        if (c == TIME)
            take_time(a, &t);
        else
            take_value(a, c, &t);
        a->count[c]++;
        if (json_skip(r, &t))
            return not_json(a, r, &t);
    }
}

static mizo_err read_hourly(answer *a)
{
    json_token t;
    json_reader *r = &a->hourly;
    for (;;) {
        if (json_next(r, &t))
            return not_json(a, r, &t);
        if (t.kind == JSON_CLOSE)
            return MIZO_OK;
        int c = column_named(t.key);
        if (c >= 0)
            MIZO_TRY(read_column(a, r, c, &t));
        else if (json_skip(r, &t))
            return not_json(a, r, &t);
    }
}

/* ---- the whole ---- */

static void check_columns(answer *a)
{
    for (int c = 0; c < COLUMNS; c++) {
        if (!a->seen[c])
            continue;
        if (!a->unit_known[c])
            WRONG(a, WEATHER_NEEDED, NULL, columns[c].name, "hourly_units");
        if (a->count[c] != a->count[TIME]) {
            char n[16], want[16];
            snprintf(n, sizeof n, "%d", a->count[c]);
            snprintf(want, sizeof want, "%d", a->count[TIME]);
            WRONG(a, WEATHER_COUNT, NULL, columns[c].name, n, want);
        }
    }
    if (!a->seen[TIME])
        WRONG(a, WEATHER_NEEDED, NULL, "time", "hourly.time");
    if (!a->seen[AIR] && !a->seen[GHI] && !(a->seen[DIRECT] && a->seen[DIFFUSE]))
        WRONG(a, WEATHER_NEEDED, NULL, "temperature_2m", "hourly=temperature_2m,shortwave_radiation");
}

/* Global irradiance is what falls directly and what the sky scatters, both on the flat. */
static void join_parts(answer *a)
{
    for (int i = 0; i < a->count[TIME]; i++) {
        int32_t *g = &a->v[GHI][i];
        if (*g != MIZO_MISSING || !a->seen[DIRECT] || !a->seen[DIFFUSE])
            continue;
        int32_t direct = a->v[DIRECT][i], diffuse = a->v[DIFFUSE][i];
        if (direct != MIZO_MISSING && diffuse != MIZO_MISSING && direct + diffuse <= WEATHER_BRIGHTEST)
            *g = direct + diffuse;
    }
}

/* Columns that were not in the answer are there, unknown. */
static mizo_err fill_columns(answer *a)
{
    int n = a->count[TIME];
    for (int c = AIR; c <= GHI; c++) {
        if (a->seen[c] && a->v[c])
            continue;
        MIZO_TRY(array_grow(&a->v[c], &a->cap[c], (size_t)n + 1, sizeof *a->v[c]));
        for (int i = 0; i < n; i++)
            a->v[c][i] = MIZO_MISSING;
    }
    return MIZO_OK;
}

static bool anything(const answer *a)
{
    for (int i = 0; i < a->count[TIME]; i++)
        if (a->v[AIR][i] != MIZO_MISSING || a->v[GHI][i] != MIZO_MISSING)
            return true;
    return false;
}

static mizo_err read_all(answer *a, json_reader *r)
{
    MIZO_TRY(read_head(a, r));
    if (!a->has_units)
        WRONG(a, WEATHER_NEEDED, NULL, "hourly_units", "format=json");
    if (!a->has_hourly) {
        WRONG(a, WEATHER_NEEDED, NULL, "hourly", "hourly=temperature_2m,shortwave_radiation");
        return MIZO_EINPUT;
    }
    MIZO_TRY(read_hourly(a));
    check_columns(a);
    if (a->bad)
        return MIZO_EINPUT;
    MIZO_TRY(fill_columns(a));
    join_parts(a);
    if (!anything(a))
        WRONG(a, WEATHER_NOTHING, NULL, NULL);
    return a->bad ? MIZO_EINPUT : MIZO_OK;
}

mizo_err weather_open_meteo(const char *bytes, size_t n, const char *file, mizo_diags *d, weather_hours *out)
{
    answer a = { .file = file, .d = d, .out = out };
    json_reader r;
    *out = (weather_hours){ .lat = NAN, .lon = NAN };
    json_read_init(&r, bytes, n);
    mizo_err e = read_all(&a, &r);
    out->n = a.count[TIME];
    out->air_cc = a.v[AIR];
    out->ghi_wm2 = a.v[GHI];
    free(a.v[DIRECT]);
    free(a.v[DIFFUSE]);
    if (e)
        weather_hours_free(out);
    return e;
}

void weather_hours_free(weather_hours *h)
{
    free(h->at);
    free(h->air_cc);
    free(h->ghi_wm2);
    *h = (weather_hours){ .n = 0 };
}
