/* wards.c: see wards.h. */
#include "region/wards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "mizo/messages/region.h"

typedef struct reading {
    json_reader r;
    json_token t;
    const char *file, *name_key, *name_en_key;
    mizo_diags *d;
    wards *w;
    bool bad, broken; /* something was said; the text itself is torn */
} reading;

/* What one feature has said so far. */
typedef struct feature {
    char name[WARDS_NAME], name_en[WARDS_NAME], type[40], seen[200];
    size_t first_ring, rings;
    int line, column;
    bool geometry;
} feature;

#define SAY(k, id, ...)                                                                                      \
    ((k)->bad = true,                                                                                        \
     MIZO_DIAG((k)->d, WARDS_##id, MIZO_AT((k)->file, (k)->t.line, (k)->t.column), __VA_ARGS__))

/* The next piece; false: the text is no JSON from here on, which was said, or memory is out. */
static bool next(reading *k)
{
    if (k->broken)
        return false;
    if (json_next(&k->r, &k->t) == MIZO_OK)
        return true;
    k->broken = true;
    SAY(k, JSON, k->r.what);
    return false;
}

static bool skip(reading *k)
{
    if (!k->broken && json_skip(&k->r, &k->t) == MIZO_OK)
        return true;
    if (!k->broken)
        SAY(k, JSON, k->r.what ? k->r.what : "it ends within a value");
    k->broken = true;
    return false;
}

/* A plain decimal of degrees in millionths, the seventh place rounded half away from zero. */
static bool degrees(const char *s, int32_t most, int32_t *out)
{
    bool minus = *s == '-';
    int64_t v = 0;
    int places = 0;
    s += minus;
    for (; *s >= '0' && *s <= '9' && v < 1000; s++)
        v = v * 10 + (*s - '0');
    v *= 1000000;
    if (*s == '.')
        for (int64_t unit = 100000; *++s >= '0' && *s <= '9'; places++, unit /= 10)
            v += places < 6 ? (*s - '0') * unit : places == 6 && *s >= '5';
    *out = (int32_t)(minus ? -v : v);
    return *s == '\0' && v <= (int64_t)most * 1000000;
}

/* ---- coordinates ---- */

static void number(reading *k, int at, ward_point *p)
{
    static const struct {
        const char *what, *range;
        int32_t most;
    } axis[] = {
        {"longitude", "-180 to 180", 180},
        { "latitude", "-90 to 90",   90 },
    };
    int32_t v = 0;
    if (at > 1) /* a height */
        return;
    if (!degrees(k->t.text, axis[at].most, &v))
        SAY(k, DEGREES, axis[at].what, k->t.text, axis[at].range);
    *(at ? &p->lat_e6 : &p->lon_e6) = v;
}

static bool keep_point(reading *k, ward_point p)
{
    wards *w = k->w;
    if (w->npoint >= WARDS_POINTS_MOST) {
        char most[16];
        (void)snprintf(most, sizeof most, "%d", WARDS_POINTS_MOST);
        SAY(k, MANY, most);
        k->broken = true;
        return false;
    }
    if (array_grow(&w->point, &w->point_cap, w->npoint + 1, sizeof p)) {
        k->broken = true;
        return false;
    }
    w->point[w->npoint++] = p;
    return true;
}

/* A position: its numbers, behind the first of them. */
static bool position(reading *k, ward_point *p)
{
    int at = 0;
    for (; k->t.kind == JSON_NUMBER; at++) {
        number(k, at, p);
        if (!next(k))
            return false;
    }
    if (k->t.kind != JSON_CLOSE || at < 2) {
        SAY(k, POSITION, json_kind_text(k->t.kind));
        k->broken = k->t.kind != JSON_CLOSE;
    }
    return !k->broken;
}

static bool same_point(ward_point a, ward_point b)
{
    return a.lon_e6 == b.lon_e6 && a.lat_e6 == b.lat_e6;
}

/* A ring's positions are in; it must close, and the point that closes it goes. */
static bool end_ring(reading *k, feature *f, size_t first)
{
    wards *w = k->w;
    size_t n = w->npoint - first;
    if (n < 4 || !same_point(w->point[first], w->point[w->npoint - 1])) {
        char many[24];
        (void)snprintf(many, sizeof many, "%zu", n);
        SAY(k, RING, many);
        return true;
    }
    w->npoint--;
    if (array_grow(&w->ring, &w->ring_cap, w->nring + 1, sizeof *w->ring)) {
        k->broken = true;
        return false;
    }
    w->ring[w->nring++] = (ward_ring){ .ward = -1, .first = first, .n = n - 1 };
    f->rings++;
    return true;
}

/* An array of arrays down to positions; the token is what begins it. Array of positions: a ring. */
static bool coordinates(reading *k, feature *f, int deep)
{
    size_t first = k->w->npoint;
    bool ring = false;
    while (next(k) && k->t.kind != JSON_CLOSE) {
        ward_point p = { 0 };
        if (k->t.kind != JSON_ARRAY || deep > 3) {
            SAY(k, POSITION, json_kind_text(k->t.kind));
            return skip(k) && false;
        }
        json_reader ahead = k->r;
        json_token inner;
        if (json_next(&ahead, &inner) == MIZO_OK && inner.kind == JSON_NUMBER) {
            ring = true;
            if (!next(k) || !position(k, &p) || !keep_point(k, p))
                return false;
        } else if (!coordinates(k, f, deep + 1)) {
            return false;
        }
    }
    return !k->broken && (!ring || end_ring(k, f, first));
}

/* ---- features ---- */

static void take_text(const reading *k, char *out, size_t cap)
{
    size_t n = strlen(k->t.text);
    if (n >= cap) /* never within a letter */
        for (n = cap - 1; n && (k->t.text[n] & 0xc0) == 0x80; n--) {
        }
    memcpy(out, k->t.text, n);
    out[n] = '\0';
}

static bool geometry(reading *k, feature *f)
{
    if (k->t.kind != JSON_OBJECT)
        return skip(k);
    f->geometry = true;
    while (next(k) && k->t.kind != JSON_CLOSE) {
        if (strcmp(k->t.key, "type") == 0 && k->t.kind == JSON_STRING)
            take_text(k, f->type, sizeof f->type);
        if (strcmp(k->t.key, "coordinates") == 0 && k->t.kind == JSON_ARRAY) {
            if (!coordinates(k, f, 0))
                return false;
        } else if (!skip(k)) {
            return false;
        }
    }
    return !k->broken;
}

static bool properties(reading *k, feature *f)
{
    if (k->t.kind != JSON_OBJECT)
        return skip(k);
    while (next(k) && k->t.kind != JSON_CLOSE) {
        bool text = k->t.kind == JSON_STRING;
        size_t n = strlen(f->seen);
        if (text && strcmp(k->t.key, k->name_key) == 0)
            take_text(k, f->name, sizeof f->name);
        if (text && strcmp(k->t.key, k->name_en_key) == 0)
            take_text(k, f->name_en, sizeof f->name_en);
        if (text && n + strlen(k->t.key) + 3 < sizeof f->seen)
            (void)snprintf(f->seen + n, sizeof f->seen - n, "%s%s", n ? ", " : "", k->t.key);
        if (!skip(k))
            return false;
    }
    return !k->broken;
}

int wards_find(const wards *w, const char *name)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->ward[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The ward of that name, or a new one; -1: too many, or out of memory. */
static int ward_of(reading *k, const feature *f)
{
    wards *w = k->w;
    int at = wards_find(w, f->name);
    if (at >= 0)
        return at;
    if (w->n >= WARDS_MOST || array_grow(&w->ward, &w->cap, w->n + 1, sizeof *w->ward)) {
        k->broken = true;
        return -1;
    }
    w->ward[w->n] = (ward){ .line = f->line };
    memcpy(w->ward[w->n].name, f->name, sizeof f->name);
    memcpy(w->ward[w->n].name_en, f->name_en, sizeof f->name_en);
    return (int)w->n++;
}

static void end_feature(reading *k, const feature *f)
{
    bool area = strcmp(f->type, "Polygon") == 0 || strcmp(f->type, "MultiPolygon") == 0;
    k->t.line = f->line;
    k->t.column = f->column;
    if (!f->geometry || !area)
        SAY(k, SHAPE, f->geometry ? f->type : "-");
    else if (!*f->name)
        SAY(k, NAME, k->name_key, *f->seen ? f->seen : "-");
    else if (!f->rings && !k->bad)
        SAY(k, SHAPE, "coordinates");
    int at = *f->name ? ward_of(k, f) : -1;
    for (size_t i = f->first_ring; i < k->w->nring; i++)
        k->w->ring[i].ward = at;
}

static bool one_feature(reading *k)
{
    feature f = { .first_ring = k->w->nring, .line = k->t.line, .column = k->t.column };
    if (k->t.kind != JSON_OBJECT) {
        SAY(k, FEATURE, json_kind_text(k->t.kind));
        return skip(k);
    }
    while (next(k) && k->t.kind != JSON_CLOSE) {
        bool ok = strcmp(k->t.key, "geometry") == 0     ? geometry(k, &f)
                  : strcmp(k->t.key, "properties") == 0 ? properties(k, &f)
                                                        : skip(k);
        if (!ok)
            return false;
    }
    if (!k->broken)
        end_feature(k, &f);
    return !k->broken;
}

static bool features(reading *k)
{
    if (k->t.kind != JSON_ARRAY) {
        SAY(k, COLLECTION, json_kind_text(k->t.kind));
        return skip(k);
    }
    while (next(k) && k->t.kind != JSON_CLOSE)
        if (!one_feature(k))
            return false;
    return !k->broken;
}

/* The old member "crs": anything but degrees of the world would be drawn elsewhere. */
static bool reference(reading *k)
{
    static const char *const fine[] = { "CRS84", "4326", "6668", "4612" };
    if (k->t.kind != JSON_OBJECT)
        return skip(k);
    for (int open = 1; open && next(k);) {
        open += k->t.kind == JSON_OBJECT || k->t.kind == JSON_ARRAY ? 1 : k->t.kind == JSON_CLOSE ? -1 : 0;
        if (k->t.kind != JSON_STRING || strcmp(k->t.key, "name") != 0)
            continue;
        bool known = false;
        for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
            known |= strstr(k->t.text, fine[i]) != NULL;
        if (!known)
            SAY(k, REFERENCE, k->t.text);
    }
    return !k->broken;
}

static void whole(reading *k)
{
    bool found = false;
    if (!next(k))
        return;
    if (k->t.kind != JSON_OBJECT) {
        SAY(k, COLLECTION, json_kind_text(k->t.kind));
        return;
    }
    while (next(k) && k->t.kind != JSON_CLOSE) {
        bool list = strcmp(k->t.key, "features") == 0;
        found |= list;
        if (!(list ? features(k) : strcmp(k->t.key, "crs") == 0 ? reference(k) : skip(k)))
            return;
    }
    if (!k->broken && (!found || k->w->n == 0) && !k->bad)
        SAY(k, COLLECTION, found ? "[]" : "{}");
    if (!k->broken)
        (void)next(k); /* nothing may stand behind it */
}

mizo_err wards_read(const char *file, const char *bytes, size_t n, const char *name_key,
                    const char *name_en_key, mizo_diags *d, wards *out)
{
    *out = (wards){ 0 };
    reading *k = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    k->file = file;
    k->name_key = name_key;
    k->name_en_key = name_en_key;
    k->d = d;
    k->w = out;
    json_read_init(&k->r, bytes, n);
    whole(k);
    mizo_err e = k->bad ? MIZO_EINPUT : k->broken ? MIZO_ENOMEM : MIZO_OK;
    free(k);
    if (e)
        wards_free(out);
    return e;
}

void wards_free(wards *w)
{
    free(w->ward);
    free(w->ring);
    free(w->point);
    *w = (wards){ 0 };
}

/* ---- the picture ---- */

void wards_frame_add(wards_frame *f, ward_point p)
{
    if (f->west_e6 > f->east_e6) {
        f->west_e6 = f->east_e6 = p.lon_e6;
        f->south_e6 = f->north_e6 = p.lat_e6;
        return;
    }
    f->west_e6 = p.lon_e6 < f->west_e6 ? p.lon_e6 : f->west_e6;
    f->east_e6 = p.lon_e6 > f->east_e6 ? p.lon_e6 : f->east_e6;
    f->south_e6 = p.lat_e6 < f->south_e6 ? p.lat_e6 : f->south_e6;
    f->north_e6 = p.lat_e6 > f->north_e6 ? p.lat_e6 : f->north_e6;
}

/* Cosine of a latitude in millionths, by the first terms of its series about the half circle: a picture's eye sees no
 * difference. */
static int64_t cosine_e6(int64_t lat_e6)
{
    double x = (double)lat_e6 * 3.14159265358979323846 / 180e6, q = x * x;
    double c = 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56)));
    return c > 0.01 ? (int64_t)(c * 1e6) : 10000;
}

void wards_frame_done(wards_frame *f, int32_t wide)
{
    int64_t east = (int64_t)f->east_e6 - f->west_e6, north = (int64_t)f->north_e6 - f->south_e6;
    int64_t across = east * cosine_e6(((int64_t)f->north_e6 + f->south_e6) / 2) / 1000000;
    int64_t high = across > 0 ? north * wide / across : wide;
    f->wide = wide;
    f->high = (int32_t)(high < 1 ? 1 : high > 4LL * wide ? 4LL * wide : high);
}

void wards_place(const wards_frame *f, ward_point p, int32_t *x, int32_t *y)
{
    int64_t east = (int64_t)f->east_e6 - f->west_e6, north = (int64_t)f->north_e6 - f->south_e6;
    *x = (int32_t)(east > 0 ? ((int64_t)p.lon_e6 - f->west_e6) * f->wide / east : f->wide / 2);
    *y = (int32_t)(north > 0 ? ((int64_t)f->north_e6 - p.lat_e6) * f->high / north : f->high / 2);
}

void wards_path(const wards *w, size_t of, const wards_frame *f, buf *out)
{
    for (size_t i = 0; i < w->nring; i++) {
        const ward_ring *g = &w->ring[i];
        int32_t last_x = INT32_MIN, last_y = INT32_MIN, x, y;
        if (g->ward != (int32_t)of)
            continue;
        for (size_t k = 0; k < g->n; k++) {
            wards_place(f, w->point[g->first + k], &x, &y);
            if (x == last_x && y == last_y)
                continue;
            buf_printf(out, "%s%d %d", k ? "L" : "M", x, y);
            last_x = x;
            last_y = y;
        }
        buf_char(out, 'Z');
    }
}
