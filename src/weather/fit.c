/* fit.c: tilt, azimuth, capacity and inverter limit from what a plant has given.
 *
 * Shadows, snow, outages and curtailment only ever take away, and clouds mostly do; so of every half-hour of the
 * day the third highest value of each fortnight is near what a clear sky gives, whatever happened on the other
 * days. (The highest are those to which the edge of a cloud has added: on a measured roof with the second highest
 * the tilt came out 3 degrees flatter.)
 * Those values, each with the sun of its own day, are met by the clear-sky model: for a tilt and azimuth the
 * capacity follows by robust least squares (Geman and McClure 1985: far points lose their say); the best of a grid
 * of tilts and azimuths is refined by halving steps. Values at a seen limit only ask that the model is not below. */
#include <math.h>
#include <stdlib.h>

#include "weather/unit.h"

enum { WINDOW = 15, LEAST_DAYS = 30, LEAST_POINTS = 40, RUN = 4, RUN_DAYS = 5 };

typedef struct point {
    unit_ray ray[UNIT_RAYS];
    double w, air_c;
    bool full; /* at the limit */
} point;

typedef struct fit {
    point *point;
    double *unit;
    size_t n;
    double top, limit; /* W; limit 0: none seen */
} fit;

typedef struct trial {
    double tilt, azimuth, dc_w, loss;
} trial;

static bool known(const mizo_output *o, size_t i)
{
    return o->wh[i] != MIZO_MISSING && o->wh[i] >= 0;
}

static int descending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x < y) - (x > y);
}

/* The highest half-hour that is no stray: the tenth of all, Wh. Also counts the days with output. */
static mizo_err highest(const mizo_output *o, int32_t *top, size_t *days)
{
    int32_t *v = malloc((o->n + 1) * sizeof *v);
    if (!v)
        return MIZO_ENOMEM;
    size_t n = 0;
    mizo_day last = INT32_MIN;
    *days = 0;
    for (size_t i = 0; i < o->n; i++)
        if (known(o, i) && o->wh[i] > 0) {
            mizo_day d = mizo_slot_day(o->first + (mizo_slot)i, o->offset);
            *days += d != last;
            last = d;
            v[n++] = o->wh[i];
        }
    qsort(v, n, sizeof *v, descending);
    *top = n > 10 ? v[9] : 0;
    free(v);
    return MIZO_OK;
}

/* A limit shows as hours on end at one and the same highest value, on several days: the top of a clear curve stays
 * within 0.6 % of its peak for less than an hour. */
static bool limited(const mizo_output *o, int32_t top)
{
    int run = 0, days = 0;
    mizo_day counted = INT32_MIN;
    for (size_t i = 0; i < o->n; i++) {
        run = known(o, i) && o->wh[i] >= 0.994 * top - 1 ? run + 1 : 0;
        mizo_day d = mizo_slot_day(o->first + (mizo_slot)i, o->offset);
        if (run >= RUN && d != counted) {
            counted = d;
            days++;
        }
    }
    return days >= RUN_DAYS;
}

/* The third highest of one half-hour of the day in days [from, to): its index, or n. */
static size_t third(const mizo_output *o, size_t slot0, size_t from, size_t to)
{
    size_t best[3];
    int n = 0;
    for (size_t d = from; d < to; d++) {
        size_t i = slot0 + d * MIZO_DAY_SLOTS;
        if (i >= o->n || !known(o, i))
            continue;
        int k = n < 3 ? n++ : 3;
        for (; k > 0 && o->wh[best[k - 1]] < o->wh[i]; k--)
            if (k < 3)
                best[k] = best[k - 1];
        if (k < 3)
            best[k] = i;
    }
    return n == 3 ? best[2] : o->n;
}

static void envelope(const mizo_output *o, fit *f)
{
    unit_place place = unit_place_of(o->lat, o->lon, o->elevation_m);
    size_t days = (o->n + MIZO_DAY_SLOTS - 1) / MIZO_DAY_SLOTS;
    for (size_t from = 0; from < days; from += WINDOW)
        for (size_t s = 0; s < MIZO_DAY_SLOTS; s++) {
            size_t i = third(o, s, from, from + WINDOW < days ? from + WINDOW : days);
            point *p = &f->point[f->n];
            if (i == o->n || 2.0 * o->wh[i] < 0.03 * f->top ||
                !unit_slot(&place, o->first + (mizo_slot)i, 1, p->ray) || !(p->ray[UNIT_RAYS / 2].up > 0.1))
                continue;
            p->w = 2.0 * o->wh[i];
            p->air_c = o->air_c ? (double)o->air_c[i] : unit_usual_air_c(o->first + (mizo_slot)i, o->lat);
            p->full = f->limit > 0 && p->w >= 0.985 * f->limit;
            f->n++;
        }
}

/* Distance of a point from the model, W; at the limit only from below. */
static double away(const fit *f, size_t i, double dc_w)
{
    double model = dc_w * f->unit[i];
    if (f->limit > 0 && model > f->limit)
        model = f->limit;
    return f->point[i].full && model >= 0.985 * f->limit ? 0 : f->point[i].w - model;
}

/* Where the bulk of the clear points stands: the fourth fifth of the ratios that carry weight. */
static double first_capacity(const fit *f)
{
    enum { BINS = 64 };
    double most = 0, weight[BINS] = { 0 }, all = 0, seen = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->unit[i] > 0.1)
            most = fmax(most, f->point[i].w / f->unit[i]);
    for (size_t i = 0; i < f->n && most > 0; i++)
        if (f->unit[i] > 0.1) {
            int bin = (int)fmin(BINS - 1, f->point[i].w / f->unit[i] / most * BINS);
            weight[bin] += f->unit[i];
            all += f->unit[i];
        }
    for (int b = 0; b < BINS; b++)
        if ((seen += weight[b]) >= 0.7 * all)
            return (b + 0.5) / BINS * most;
    return most;
}

/* The capacity for this tilt and azimuth and how badly it then fits. */
static void try_face(fit *f, trial *t)
{
    unit_face face = unit_face_of(t->tilt, t->azimuth);
    double spread = 0.04 * f->top;
    for (size_t i = 0; i < f->n; i++)
        f->unit[i] = unit_ac(f->point[i].ray, &face, f->point[i].air_c);
    t->dc_w = first_capacity(f);
    for (int round = 0; round < 12; round++) {
        double above = 0, below = 0;
        for (size_t i = 0; i < f->n; i++) {
            double u = f->unit[i], r = away(f, i, t->dc_w) / spread, w = 1 / ((1 + r * r) * (1 + r * r));
            bool silent = f->limit > 0 && t->dc_w * u >= 0.985 * f->limit && f->point[i].full;
            above += silent ? 0 : w * u * f->point[i].w;
            below += silent ? 0 : w * u * u;
        }
        if (!(below > 0))
            break;
        t->dc_w = above / below;
    }
    t->loss = 0;
    for (size_t i = 0; i < f->n; i++) {
        double r = away(f, i, t->dc_w) / spread;
        t->loss += r * r / (1 + r * r);
    }
}

static void better(fit *f, trial *best, double tilt, double azimuth)
{
    trial t = { .tilt = fmin(90, fmax(0, tilt)), .azimuth = fmod(azimuth + 360, 360) };
    try_face(f, &t);
    if (t.loss < best->loss)
        *best = t;
}

static trial search(fit *f)
{
    trial best = { .loss = INFINITY };
    better(f, &best, 0, 180);
    for (int tilt = 10; tilt <= 90; tilt += 10)
        for (int azimuth = 0; azimuth < 360; azimuth += 15)
            better(f, &best, tilt, azimuth);
    for (double step = 6; step > 0.1; step /= 2)
        for (int turn = 0; turn < 8; turn++) {
            trial was = best;
            double wide = step / fmax(0.2, sin(was.tilt * 3.14159265358979323846 / 180));
            for (int k = 0; k < 9; k++)
                if (k != 4)
                    better(f, &best, was.tilt + (k / 3 - 1) * step, was.azimuth + (k % 3 - 1) * wide);
            if (!(best.loss < was.loss))
                break;
        }
    return best;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What the best says; f->unit is spent as room for the distances. */
static void conclude(fit *f, trial *best, mizo_pv_fit *out)
{
    try_face(f, best);
    *out = (mizo_pv_fit){ .clipped = f->limit > 0 };
    out->panel = (mizo_panel){ .dc_w = best->dc_w,
                               .ac_w = f->limit > 0 ? f->limit : best->dc_w,
                               .tilt = best->tilt,
                               .azimuth = best->azimuth };
    for (size_t i = 0; i < f->n; i++) {
        f->unit[i] = fabs(away(f, i, best->dc_w)) / f->top;
        out->points += f->unit[i] < 0.05;
    }
    qsort(f->unit, f->n, sizeof *f->unit, ascending);
    out->miss = f->unit[f->n / 2];
}

mizo_err mizo_pv_fit_panel(const mizo_output *o, mizo_pv_fit *out)
{
    int32_t top;
    size_t days, most = (o->n / (WINDOW * MIZO_DAY_SLOTS) + 1) * MIZO_DAY_SLOTS;
    MIZO_TRY(highest(o, &top, &days));
    if (days < LEAST_DAYS || top <= 0)
        return MIZO_ENOENT;
    fit f = { .top = 2.0 * top };
    f.limit = limited(o, top) ? f.top : 0;
    f.point = malloc(most * sizeof *f.point);
    f.unit = malloc(most * sizeof *f.unit);
    mizo_err e = f.point && f.unit ? MIZO_OK : MIZO_ENOMEM;
    if (!e) {
        envelope(o, &f);
        e = f.n >= LEAST_POINTS ? MIZO_OK : MIZO_ENOENT;
    }
    if (!e) {
        trial best = search(&f);
        conclude(&f, &best, out);
    }
    free(f.point);
    free(f.unit);
    return e;
}
