/* sun.c: from accumulated forecasts to the power of a learned plane, and the columns around an hour. */
#include "town/bench/sun.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/dense.h"
#include "mizo/weather.h"

enum { HOUR = 3600, PARTS = 6, PLANE = 4, TURNS = 12 };
#define EDGE   8.0 /* W/m2 */
#define DEGREE (3.14159265358979323846 / 180)

/* ---- reading ---- */

/* Names in the file, in the order of the first fields; the accumulated ones restart at 00 UTC. */
static const struct {
    const char *name;
    bool piled;
    double unit;
} given[] = {
    [SUN_SSRD] = {"ssrd_jm2_acc",  true,  1.0 / HOUR},
    [SUN_TSR] = { "tsr_jm2_acc",  true,  1.0 / HOUR},
    [SUN_STRD] = { "strd_jm2_acc", true,  1.0 / HOUR},
    [SUN_RAIN] = { "tp_m_acc",     true,  1000      },
    [SUN_LIQUID] = { "tclw",         false, 1         },
    [SUN_ICE] = { "tciw",         false, 1         },
    [SUN_PRESSURE] = { "sp_pa",        false, 0.01      },
    [SUN_HUMIDITY] = { "rh_pct",       false, 1         },
    [SUN_CLOUD] = { "tcc",          false, 1         },
    [SUN_EAST] = { "u10",          false, 1         },
    [SUN_NORTH] = { "v10",          false, 1         },
    [SUN_AIR] = { "t2m_k",        false, 1         },
};
enum { GIVEN = sizeof given / sizeof *given };

static mizo_err make_room(sun_data *s, const frame *sky)
{
    double low = INFINITY, high = -INFINITY;
    int when = frame_column(sky, "hour_ending_utc");
    if (when < 0)
        return MIZO_EINPUT;
    for (size_t i = 0; i < sky->nrow; i++) {
        low = fmin(low, sky->v[when][i]);
        high = fmax(high, sky->v[when][i]);
    }
    if (!(high >= low && high - low < 1e9))
        return MIZO_EINPUT;
    s->first = (int64_t)low - HOUR;
    s->hours = (int)((high - low) / HOUR) + 1;
    if (s->hours < 1)
        return MIZO_EINPUT;
    size_t n = (size_t)s->hours, all = n * SUN_ZONES * (SUN_FIELDS + 1);
    s->block = malloc(all * sizeof *s->block);
    if (!s->block)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < all; i++)
        s->block[i] = NAN;
    float *at = s->block;
    for (int z = 0; z < SUN_ZONES; z++, at += n) {
        s->power[z] = at;
        for (int f = 0; f < SUN_FIELDS; f++)
            s->field[z][f] = at += n;
    }
    return MIZO_OK;
}

static mizo_err take_sky(sun_data *s, const frame *sky)
{
    int when = frame_column(sky, "hour_ending_utc"), zone = frame_column(sky, "zone");
    for (int f = 0; f < GIVEN; f++) {
        int c = frame_column(sky, given[f].name);
        if (c < 0)
            return MIZO_EINPUT;
        for (size_t i = 0; i < sky->nrow; i++) {
            double of = zone < 0 ? (double)sky->second[i] : sky->v[zone][i], t = sky->v[when][i];
            if (isnan(t) || !(of >= 1 && of < SUN_ZONES + 1))
                continue;
            int z = (int)of - 1;
            int64_t h = ((int64_t)t - s->first) / HOUR - 1;
            s->field[z][f][h] = (float)(sky->v[c][i] * given[f].unit);
        }
    }
    return MIZO_OK;
}

/* Sums since 00 UTC become hours, from the last to the first. */
static void unpile(sun_data *s)
{
    for (int z = 0; z < SUN_ZONES; z++)
        for (int f = 0; f < GIVEN; f++)
            for (int h = s->hours - 1; h > 0 && given[f].piled; h--)
                if ((s->first / HOUR + h) % 24)
                    s->field[z][f][h] = fmaxf(0, s->field[z][f][h] - s->field[z][f][h - 1]);
}

static mizo_err take_power(sun_data *s, const frame *p)
{
    static const char *const name[SUN_ZONES] = { "power_z1", "power_z2", "power_z3" };
    for (int z = 0; z < SUN_ZONES; z++) {
        int c = frame_column(p, name[z]);
        if (c < 0)
            return MIZO_EINPUT;
        for (size_t i = 0; i < p->nrow; i++) {
            int64_t h = (p->second[i] - s->first) / HOUR - 1;
            if (h >= 0 && h < s->hours)
                s->power[z][h] = (float)p->v[c][i];
        }
    }
    return MIZO_OK;
}

mizo_err sun_read(sun_data *s, const char *data, mizo_diags *d)
{
    frame sky, power;
    memset(s, 0, sizeof *s);
    MIZO_TRY(frame_read(&sky, data, "gefcom2014_solar/nwp_*", d));
    mizo_err e = make_room(s, &sky);
    if (!e)
        e = take_sky(s, &sky);
    frame_free(&sky);
    if (!e) {
        unpile(s);
        e = frame_read(&power, data, "gefcom2014_solar/power_*", d);
    }
    if (!e) {
        e = take_power(s, &power);
        frame_free(&power);
    }
    if (e)
        sun_free(s);
    return e;
}

void sun_free(sun_data *s)
{
    free(s->block);
    memset(s, 0, sizeof *s);
}

/* ---- the place ---- */

typedef struct way {
    double east, north, up; /* means over the parts of the hour that have sun */
    double extra;
} way;

static mizo_ms part_of(const sun_data *s, int hour, int k)
{
    return (s->first + (int64_t)hour * HOUR) * 1000 + (2 * k + 1) * (HOUR * 500 / PARTS);
}

static double height_of(const sun_data *s, int hour, int k, double lat, double lon)
{
    return cos(mizo_sun_at(part_of(s, hour, k), lat, lon).zenith * DEGREE);
}

static way way_of(const sun_data *s, int hour, double lat, double lon)
{
    way w = { 0 };
    for (int k = 0; k < PARTS; k++) {
        mizo_sun sun = mizo_sun_at(part_of(s, hour, k), lat, lon);
        double up = cos(sun.zenith * DEGREE), flat = sin(sun.zenith * DEGREE);
        w.extra = sun.extra_wm2;
        if (up < 0.02)
            continue;
        w.up += up / PARTS;
        w.east += flat * sin(sun.azimuth * DEGREE) / PARTS;
        w.north += flat * cos(sun.azimuth * DEGREE) / PARTS;
    }
    return w;
}

/* How far sunrise and sunset of the forecast are from those of a place: what the sun gives at the top of the
 * air, of which some 0.6 stay when it is low, is compared up to EDGE only, so that clouds say nothing. */
static double misplaced(const sun_data *s, int end, double lat, double lon)
{
    double sum = 0;
    for (int h = 0; h < end; h++) {
        double seen = (double)s->field[0][SUN_TSR][h], top = 0;
        if (h / 24 % 3 || isnan(seen))
            continue;
        for (int k = 0; k < PARTS; k++)
            top += fmax(0, height_of(s, h, k, lat, lon)) * 1367 / PARTS;
        sum += fabs(fmin(EDGE, 0.6 * top) - fmin(EDGE, seen));
    }
    return sum;
}

/* Downhill in smaller and smaller steps from the middle of the continent that the set is of. */
static void find_place(sun_data *s, int end)
{
    s->lat = -27;
    s->lon = 134;
    double best = misplaced(s, end, s->lat, s->lon);
    for (double step = 8; step > 0.2;) {
        static const int go[8][2] = {
            {1,   0 },
            { -1, 0 },
            { 0,  1 },
            { 0,  -1},
            { 1,  1 },
            { -1, 1 },
            { 1,  -1},
            { -1, -1}
        };
        bool moved = false;
        for (int k = 0; k < 8 && !moved; k++) {
            double lat = s->lat + go[k][0] * step, lon = s->lon + go[k][1] * step;
            double n = misplaced(s, end, lat, lon);
            moved = n < best;
            if (moved) {
                best = n;
                s->lat = lat;
                s->lon = lon;
            }
        }
        if (!moved)
            step /= 2;
    }
}

/* Erbs et al. 1982, of the whole hour. */
static double diffuse_share(double kt)
{
    double k = fmax(0, fmin(1, kt));
    return k <= 0.22  ? 1 - 0.09 * k
           : k <= 0.8 ? 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)))
                      : 0.165;
}

static void split_hour(double ghi, double top, float *beam, float *diffuse)
{
    double share = top > 5 ? diffuse_share(ghi / top) : 1;
    *diffuse = (float)(ghi * share);
    *beam = (float)(ghi * (1 - share));
}

void sun_place(sun_data *s, int end)
{
    find_place(s, end);
    for (int h = 0; h < s->hours; h++) {
        way w = way_of(s, h, s->lat, s->lon);
        double top = w.extra * w.up;
        double clear = w.up > 0 ? 1098 * w.up * exp(-0.059 / fmax(w.up, 0.01)) : 0;
        for (int z = 0; z < SUN_ZONES; z++) {
            float **f = s->field[z];
            f[SUN_HEIGHT][h] = (float)w.up;
            f[SUN_TO_EAST][h] = (float)(w.up > 0 ? fmax(-8, fmin(8, w.east / w.up)) : 0);
            f[SUN_TO_NORTH][h] = (float)(w.up > 0 ? fmax(-8, fmin(8, w.north / w.up)) : 0);
            f[SUN_CLEAR][h] = (float)clear;
            f[SUN_KT][h] = top > 10 ? f[SUN_SSRD][h] / (float)top : NAN;
            f[SUN_KTOP][h] = top > 10 ? f[SUN_TSR][h] / (float)top : NAN;
            split_hour((double)f[SUN_SSRD][h], top, &f[SUN_BEAM][h], &f[SUN_DIFFUSE][h]);
            split_hour(clear, top, &f[SUN_CLEAR_BEAM][h], &f[SUN_CLEAR_DIFFUSE][h]);
        }
    }
}

/* ---- the plane ---- */

/* Beam times (way to the sun . normal of the panel) is linear in the normal: no angle need be searched. */
static void parts_of(const sun_data *s, int z, int h, bool clear, double x[PLANE])
{
    double beam = (double)s->field[z][clear ? SUN_CLEAR_BEAM : SUN_BEAM][h] / 1000;
    x[0] = beam * (double)s->field[z][SUN_TO_EAST][h];
    x[1] = beam * (double)s->field[z][SUN_TO_NORTH][h];
    x[2] = beam;
    x[3] = (double)s->field[z][clear ? SUN_CLEAR_DIFFUSE : SUN_DIFFUSE][h] / 1000;
}

/* The sun behind the panel gives it no beam. */
static double power_of(const double x[PLANE], const double beta[PLANE])
{
    return fmax(0, dense_dot(x, beta, PLANE - 1)) + x[PLANE - 1] * fmax(0, beta[PLANE - 1]);
}

/* Least absolutes by reweighted least squares: most hours are clear and say what the plane is. */
static void plane_of(const sun_data *s, int z, int end, double beta[PLANE])
{
    double x[PLANE], work[PLANE * PLANE];
    memset(beta, 0, PLANE * sizeof *beta);
    for (int turn = 0; turn < TURNS; turn++) {
        double gram[PLANE * PLANE] = { 0 }, right[PLANE] = { 0 };
        for (int h = 0; h < end; h++) {
            double y = (double)s->power[z][h];
            parts_of(s, z, h, false, x);
            if (s->field[z][SUN_HEIGHT][h] <= 0 || !isfinite(y + x[0] + x[3]))
                continue;
            double miss = fabs(y - power_of(x, beta));
            if (turn && dense_dot(x, beta, PLANE - 1) < 0)
                x[0] = x[1] = x[2] = 0;
            dense_learn(gram, right, x, y, turn ? 1 / fmax(0.05, miss) : 1, 1, PLANE);
        }
        dense_ridge(gram, right, 1e-6, PLANE, work, beta);
    }
}

void sun_planes(sun_data *s, int end)
{
    for (int z = 0; z < SUN_ZONES; z++) {
        double beta[PLANE], x[PLANE];
        plane_of(s, z, end, beta);
        for (int h = 0; h < s->hours; h++) {
            parts_of(s, z, h, false, x);
            double said = power_of(x, beta);
            parts_of(s, z, h, true, x);
            double clear = fmax(0.003, power_of(x, beta));
            s->field[z][SUN_POWER][h] = (float)said;
            s->field[z][SUN_CLEAR_POWER][h] = (float)clear;
            s->field[z][SUN_SHARE][h] = (float)(said / clear);
        }
    }
}

bool sun_up(const sun_data *s, int zone, int hour)
{
    return s->field[zone][SUN_HEIGHT][hour] > 0;
}

/* ---- columns ---- */

typedef enum how { NOW, SHIFT, CHANGE, MEAN, SPREAD, ZONES, RANGE, DAY } how;

static const struct {
    sun_field field;
    how how;
    int hours;
} rule[] = {
    {SUN_SHARE,     SHIFT,  -2},
    { SUN_SHARE,    SHIFT,  -1},
    { SUN_SHARE,    SHIFT,  1 },
    { SUN_SHARE,    SHIFT,  2 },
    { SUN_POWER,    SHIFT,  -2},
    { SUN_POWER,    SHIFT,  -1},
    { SUN_POWER,    SHIFT,  1 },
    { SUN_POWER,    SHIFT,  2 },
    { SUN_KT,       SHIFT,  -2},
    { SUN_KT,       SHIFT,  -1},
    { SUN_KT,       SHIFT,  1 },
    { SUN_KT,       SHIFT,  2 },
    { SUN_CLOUD,    SHIFT,  -2},
    { SUN_CLOUD,    SHIFT,  -1},
    { SUN_CLOUD,    SHIFT,  1 },
    { SUN_CLOUD,    SHIFT,  2 },
    { SUN_SSRD,     SHIFT,  -2},
    { SUN_SSRD,     SHIFT,  2 },
    { SUN_SSRD,     MEAN,   1 },
    { SUN_CLOUD,    MEAN,   1 },
    { SUN_HUMIDITY, MEAN,   1 },
    { SUN_RAIN,     MEAN,   1 },
    { SUN_LIQUID,   MEAN,   2 },
    { SUN_ICE,      MEAN,   2 },
    { SUN_RAIN,     MEAN,   2 },
    { SUN_SHARE,    MEAN,   2 },
    { SUN_SHARE,    SPREAD, 2 },
    { SUN_SHARE,    ZONES,  0 },
    { SUN_SSRD,     ZONES,  0 },
    { SUN_CLOUD,    ZONES,  0 },
    { SUN_HUMIDITY, ZONES,  0 },
    { SUN_KT,       ZONES,  0 },
    { SUN_LIQUID,   ZONES,  0 },
    { SUN_ICE,      ZONES,  0 },
    { SUN_RAIN,     ZONES,  0 },
    { SUN_SHARE,    RANGE,  0 },
    { SUN_POWER,    DAY,    0 },
    { SUN_CLOUD,    DAY,    0 },
    { SUN_LIQUID,   DAY,    0 },
    { SUN_RAIN,     DAY,    0 },
    { SUN_HUMIDITY, DAY,    0 },
    { SUN_AIR,      DAY,    0 },
    { SUN_SSRD,     DAY,    0 },
    { SUN_AIR,      CHANGE, 3 },
    { SUN_AIR,      CHANGE, -3},
    { SUN_PRESSURE, CHANGE, 3 },
    { SUN_PRESSURE, CHANGE, -3},
};
enum { RULES = sizeof rule / sizeof *rule };
_Static_assert((int)RULES + (int)SUN_FIELDS + 3 <= (int)SUN_COLUMNS, "columns of an hour");

static float at(const sun_data *s, int z, sun_field f, int h)
{
    return s->field[z][f][h < 0 ? 0 : h >= s->hours ? s->hours - 1 : h];
}

/* Mean of [from, to], or how far its values are from it. */
static float around(const sun_data *s, int z, sun_field f, int from, int to, bool spread)
{
    float sum = 0, squares = 0, n = 0;
    for (int h = from; h <= to; h++) {
        float v = at(s, z, f, h);
        if (isnan(v))
            continue;
        sum += v;
        squares += v * v;
        n++;
    }
    if (!(n > 0))
        return NAN;
    return spread ? sqrtf(fmaxf(0, squares / n - sum / n * (sum / n))) : sum / n;
}

static float between(const sun_data *s, sun_field f, int h, bool range)
{
    float sum = 0, low = INFINITY, high = -INFINITY;
    for (int z = 0; z < SUN_ZONES; z++) {
        float v = s->field[z][f][h];
        sum += v / SUN_ZONES;
        low = fminf(low, v);
        high = fmaxf(high, v);
    }
    return range ? high - low : sum;
}

/* The sun's day: from one midnight of the sun to the next. */
static int midnight(const sun_data *s, int h)
{
    int64_t hour = s->first / HOUR + h + (int64_t)floor(s->lon / 15 + 0.5);
    return h - (int)(hour % 24);
}

static float column(const sun_data *s, int z, int h, int k)
{
    sun_field f = rule[k].field;
    int n = rule[k].hours, day = midnight(s, h);
    switch (rule[k].how) {
    case SHIFT:
        return at(s, z, f, h + n);
    case CHANGE:
        return at(s, z, f, h) - at(s, z, f, h - n);
    case MEAN:
        return around(s, z, f, h - n, h + n, false);
    case SPREAD:
        return around(s, z, f, h - n, h + n, true);
    case ZONES:
        return between(s, f, h, false);
    case RANGE:
        return between(s, f, h, true);
    case DAY:
        return around(s, z, f, day, day + 23, false);
    default:
        return at(s, z, f, h);
    }
}

int sun_columns(const sun_data *s, int zone, int hour, float x[SUN_COLUMNS])
{
    int n = 0, day = midnight(s, hour);
    for (int f = 0; f < SUN_FIELDS; f++)
        x[n++] = s->field[zone][f][hour];
    for (int k = 0; k < RULES; k++)
        x[n++] = column(s, zone, hour, k);
    x[n++] = (float)zone;
    x[n++] = (float)(hour - day);
    x[n++] = around(s, zone, SUN_POWER, day, day + 23, false) /
             around(s, zone, SUN_CLEAR_POWER, day, day + 23, false);
    return n;
}
