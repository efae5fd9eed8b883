/* weather.c: the answer of a forecast service as rows: what lies ahead of the instant at which it was
 * asked is a forecast; what lies behind is the service's own model of the past, an estimate that is kept under
 * an owner of its own, so that it never stands over what was measured. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/weather.h"
#include "town/foresee/weather_in.h"
#include "town/import/run.h"
#include "weather/readers.h"

#define NEAR_DEGREES 1.0 /* some 100 km: another place, or longitude and latitude changed about */
#define HOUR_MS      ((mizo_ms)3600000)

bool import_is_json(const char *p, size_t n)
{
    size_t at = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < n && strchr(" \t\r\n", p[at]) && p[at])
        at++;
    return at < n && (p[at] == '{' || p[at] == '[');
}

static bool elsewhere(import_run *im, const weather_hours *h)
{
    double lat = im->t->region->lat_e6 / 1e6, lon = im->t->region->lon_e6 / 1e6;
    double dlon = fabs(remainder(h->lon - lon, 360)) * cos(lat * 3.14159265358979323846 / 180);
    if (isnan(h->lat) || isnan(h->lon) || (fabs(h->lat - lat) <= NEAR_DEGREES && dlon <= NEAR_DEGREES))
        return false;
    char text[4][24];
    const double v[4] = { h->lat, h->lon, lat, lon };
    for (int i = 0; i < 4; i++)
        snprintf(text[i], sizeof text[i], "%.4f", v[i]);
    MIZO_DIAG(im->t->diags, WEATHER_ELSEWHERE, MIZO_AT(im->shown, 0, 0), text[0], text[1], text[2], text[3]);
    return true;
}

/* One value as a row of its own: forecast or estimate of the past. */
static mizo_err put_value(import_run *im, mizo_ms issued, mizo_ms known_at, const table_value *like,
                          table_row *row)
{
    bool past = known_at <= issued;
    if (like->v == MIZO_MISSING) {
        im->r->blank++;
        return MIZO_OK;
    }
    row->nvalue = 1;
    row->issued = past ? 0 : issued;
    row->value[0] = *like;
    row->value[0].owner = past ? WEATHER_MODEL : NULL;
    row->value[0].role = past ? MIZO_ROLE_READING : MIZO_ROLE_FORECAST_MEAN;
    row->value[0].quality = MIZO_QUALITY_ESTIMATED;
    row->value[0].step_min = 60;
    return import_row(im, NULL, row);
}

static mizo_err put_hours(import_run *im, const weather_hours *h, table_row *row)
{
    mizo_ms issued = im->o->known ? im->o->known : im->now;
    for (int i = 0; i < h->n; i++) {
        table_value air = { .at = h->at[i], .v = h->air_cc[i], .quantity = MIZO_Q_TEMPERATURE };
        table_value ghi = { .at = h->at[i] - HOUR_MS, .v = h->ghi_wm2[i], .quantity = MIZO_Q_IRRADIANCE };
        MIZO_TRY(put_value(im, issued, h->at[i], &air, row));
        MIZO_TRY(put_value(im, issued, h->at[i], &ghi, row));
        im->r->rows += !im->looking;
    }
    return MIZO_OK;
}

mizo_err import_json(import_run *im, const char *p, size_t n)
{
    weather_hours h;
    snprintf(im->r->kind, sizeof im->r->kind, "open-meteo");
    MIZO_TRY(weather_open_meteo(p, n, im->shown, im->looking ? NULL : im->t->diags, &h));
    table_row *row = calloc(1, sizeof *row);
    mizo_err e = !row ? MIZO_ENOMEM : elsewhere(im, &h) ? MIZO_EINPUT : put_hours(im, &h, row);
    free(row);
    weather_hours_free(&h);
    return e;
}
