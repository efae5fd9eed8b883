/* weather_fetch.c: see weather_fetch.h. An address may hold a key of its owner: what is said and kept of it
 * ends before its question mark. */
#include "town/foresee/weather_fetch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mizo/messages/weather.h"
#include "weather/readers.h"

enum { URL_MOST = 4000 };

#define EXAMPLE                                                                                              \
    "https://example.org/v1/forecast?latitude={lat}&longitude={lon}&hourly=temperature_2m,shortwave_radiation"

static void put_place(buf *out, int32_t e6)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(e6, 6, text);
    buf_str(out, text);
}

static bool well_formed(const char *s)
{
    bool begins = strncasecmp(s, "https://", 8) == 0 || strncasecmp(s, "http://", 7) == 0;
    for (const char *c = s; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return false;
    return begins && strchr(s, ':')[3] != '\0';
}

mizo_err weather_address(const mizo_region *r, const char *template, mizo_diags *d, buf *out)
{
    const char *p = template ? template : r->weather_url;
    if (!*p) {
        MIZO_DIAG(d, WEATHER_NO_URL, MIZO_NOWHERE, EXAMPLE);
        return MIZO_ENOENT;
    }
    if (!well_formed(p)) {
        MIZO_DIAG(d, WEATHER_BAD_URL, MIZO_NOWHERE, p);
        return MIZO_EINPUT;
    }
    while (*p) {
        bool lat = strncmp(p, "{lat}", 5) == 0, lon = strncmp(p, "{lon}", 5) == 0;
        if (lat || lon)
            put_place(out, lat ? r->lat_e6 : r->lon_e6);
        else
            buf_char(out, *p);
        p += lat || lon ? 5 : 1;
    }
    return out->err;
}

/* ---- judging the answer ---- */

typedef struct fetching {
    town *t;
    const char *shown; /* the address without its question */
    char *why;
} fetching;

static void explain(const fetching *f, const char *text)
{
    if (f->why)
        snprintf(f->why, WEATHER_WHY, "%.*s", WEATHER_WHY - 1, text);
}

static mizo_err failed(const fetching *f, const fetch_answer *a, mizo_err e)
{
    const char *text = *a->why ? a->why : mizo_err_text(e);
    explain(f, text);
    if (e == MIZO_ECANCELED)
        MIZO_DIAG(f->t->diags, CANCELED, MIZO_NOWHERE, NULL);
    else if (e == MIZO_EINPUT)
        MIZO_DIAG(f->t->diags, WEATHER_BAD_URL, MIZO_NOWHERE, f->shown);
    else
        MIZO_DIAG(f->t->diags, WEATHER_FETCH_FAILED, MIZO_NOWHERE, f->shown, text);
    return e;
}

static bool has_json(const fetch_answer *a)
{
    return strcasestr(a->type, "json") != NULL;
}

/* A service that refuses often says why in its JSON: then that is said too. */
static mizo_err wrong_status(const fetching *f, const fetch_answer *a)
{
    char text[32];
    snprintf(text, sizeof text, "%d", a->status);
    MIZO_DIAG(f->t->diags, WEATHER_STATUS, MIZO_NOWHERE, f->shown, text);
    snprintf(text, sizeof text, "status %d", a->status);
    explain(f, text);
    weather_hours h;
    if (has_json(a) && a->body.n &&
        weather_open_meteo(a->body.p, a->body.n, f->shown, f->t->diags, &h) == MIZO_OK)
        weather_hours_free(&h);
    return MIZO_EIO;
}

static mizo_err import_answer(const fetching *f, const weather_fetch_options *o, const fetch_answer *a,
                              import_result *r)
{
    import_options io = { .path = f->shown,
                          .kind = "open-meteo",
                          .bytes = a->body.p ? a->body.p : "",
                          .nbytes = a->body.n,
                          .actor = o->actor };
    mizo_err e = import_file(f->t, &io, r);
    if (e)
        explain(f, e == MIZO_EINPUT ? "an answer that mizo cannot read" : mizo_err_text(e));
    return e;
}

static mizo_err judge(const fetching *f, const weather_fetch_options *o, const fetch_answer *a, mizo_err e,
                      import_result *r)
{
    if (e)
        return failed(f, a, e);
    if (a->status != 200)
        return wrong_status(f, a);
    if (has_json(a))
        return import_answer(f, o, a, r);
    MIZO_DIAG(f->t->diags, WEATHER_BODY_TYPE, MIZO_NOWHERE, f->shown, *a->type ? a->type : "?");
    explain(f, "an answer that is not JSON");
    return MIZO_EINPUT;
}

mizo_err weather_fetch(town *t, const weather_fetch_options *o, import_result *r, char why[WEATHER_WHY])
{
    buf url, shown;
    memset(r, 0, sizeof *r);
    buf_init(&url, URL_MOST);
    buf_init(&shown, URL_MOST);
    mizo_err e = weather_address(t->region, o->url, t->diags, &url);
    if (!e) {
        buf_add(&shown, url.p, strcspn(url.p, "?"));
        e = shown.err;
    }
    fetching f = { t, shown.p, why };
    if (e) {
        explain(&f, mizo_err_text(e));
    } else {
        fetch_ask ask = { .url = url.p,
                          .connect_ms = WEATHER_CONNECT_MS,
                          .total_ms = o->total_ms ? o->total_ms : WEATHER_TOTAL_MS,
                          .most = WEATHER_BODY_MOST,
                          .redirects = WEATHER_REDIRECTS,
                          .stop = o->stop,
                          .arg = o->arg };
        fetch_answer a = { .status = 0 };
        e = o->http->get(&ask, &a);
        e = judge(&f, o, &a, e, r);
        buf_fini(&a.body);
    }
    buf_fini(&url);
    buf_fini(&shown);
    return e;
}
