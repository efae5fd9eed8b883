/* behind.c: panels that only the net load shows.
 *
 * Each day is held against the days of the same type within three weeks of it. Where a day is brighter than its
 * peers its net load is lower, in the shape of a panel's curve: the capacity is the slope of that, by least
 * squares over the daylight slots, after the day's own level (its dark slots) is taken out. Where no sky is
 * given, only the spread of the days speaks: the depth of each day's dip in the shape of the clear curve scatters
 * by the capacity times the usual scatter of the daily clear-sky index. Both in the manner of regression on
 * matched days; the first is the one to trust. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "weather/unit.h"

enum { NEAR_DAYS = 21, LEAST_PEERS = 3, LEAST_DAYS = 30 };
static const double usual_scatter = 0.27; /* of a day's clear-sky index, temperate and humid climates */
static const double usual_index = 0.62;

/* The days of a net load. What a panel of 1 W would give: under a clear sky, and under the sky that was. */
typedef struct days {
    const mizo_net *net;
    size_t n;
    double *clear, *sky; /* n x 48, Wh; sky = clear where no index is known */
    bool *full;          /* day has all of its slots */
} days;

/* What the peers of a day say about it. */
typedef struct against {
    double usual[MIZO_DAY_SLOTS];                    /* mean net of the peers */
    double off[MIZO_DAY_SLOTS], sky[MIZO_DAY_SLOTS]; /* net and potential, less the mean of the peers */
    double level;                                    /* mean off of the dark slots */
    int peers;
} against;

static void days_free(days *d)
{
    free(d->clear);
    free(d->sky);
    free(d->full);
}

static double known_index(const mizo_net *net, size_t i)
{
    return isfinite(net->index[i]) ? (double)net->index[i] : usual_index;
}

static mizo_err days_make(const mizo_net *net, days *d)
{
    *d = (days){ .net = net, .n = net->n / MIZO_DAY_SLOTS };
    size_t slots = d->n * MIZO_DAY_SLOTS;
    d->clear = calloc(slots + 1, sizeof *d->clear);
    d->sky = calloc(slots + 1, sizeof *d->sky);
    d->full = calloc(d->n + 1, sizeof *d->full);
    if (!d->clear || !d->sky || !d->full) {
        days_free(d);
        return MIZO_ENOMEM;
    }
    unit_place place = unit_place_of(net->lat, net->lon, net->elevation_m);
    unit_face face = unit_face_of(net->tilt, net->azimuth);
    for (size_t i = 0; i < slots; i++) {
        unit_ray ray[UNIT_RAYS];
        mizo_slot s = net->first + (mizo_slot)i;
        double air = unit_usual_air_c(s, net->lat);
        if (unit_slot(&place, s, 1, ray))
            d->sky[i] = d->clear[i] = fmax(0, unit_ac(ray, &face, air)) / 2;
        if (net->index && d->clear[i] > 0 && unit_slot(&place, s, known_index(net, i), ray))
            d->sky[i] = fmax(0, unit_ac(ray, &face, air)) / 2;
    }
    for (size_t k = 0; k < d->n; k++) {
        d->full[k] = true;
        for (size_t s = 0; s < MIZO_DAY_SLOTS; s++)
            d->full[k] &= net->wh[k * MIZO_DAY_SLOTS + s] != MIZO_MISSING;
    }
    return MIZO_OK;
}

static mizo_daytype type_of(const days *d, size_t k)
{
    return mizo_day_type(mizo_slot_day(d->net->first + (mizo_slot)(k * MIZO_DAY_SLOTS), d->net->offset));
}

/* Day k against its peers. False: it has holes, or too few are like it. */
static bool compare(const days *d, size_t k, against *a)
{
    memset(a, 0, sizeof *a);
    mizo_daytype type = type_of(d, k);
    double net[MIZO_DAY_SLOTS] = { 0 }, sky[MIZO_DAY_SLOTS] = { 0 };
    size_t from = k > NEAR_DAYS ? k - NEAR_DAYS : 0, to = k + NEAR_DAYS < d->n ? k + NEAR_DAYS + 1 : d->n;
    for (size_t p = from; d->full[k] && p < to; p++) {
        if (p == k || !d->full[p] || type_of(d, p) != type)
            continue;
        for (size_t s = 0; s < MIZO_DAY_SLOTS; s++) {
            net[s] += d->net->wh[p * MIZO_DAY_SLOTS + s];
            sky[s] += d->sky[p * MIZO_DAY_SLOTS + s];
        }
        a->peers++;
    }
    if (a->peers < LEAST_PEERS)
        return false;
    int dark = 0;
    for (size_t s = 0; s < MIZO_DAY_SLOTS; s++) {
        size_t i = k * MIZO_DAY_SLOTS + s;
        a->usual[s] = net[s] / a->peers;
        a->off[s] = d->net->wh[i] - a->usual[s];
        a->sky[s] = d->sky[i] - sky[s] / a->peers;
        if (!(d->clear[i] > 0)) {
            a->level += a->off[s];
            dark++;
        }
    }
    a->level = dark ? a->level / dark : 0;
    return true;
}

/* Least squares of off = -capacity * sky + follow * level over the daylight of all days. */
typedef struct slope {
    double ss, sl, ll, so, lo;
} slope;

static void slope_add(slope *m, double sky, double level, double off)
{
    m->ss += sky * sky;
    m->sl += sky * level;
    m->ll += level * level;
    m->so += sky * off;
    m->lo += level * off;
}

static void slope_solve(const slope *m, double *capacity, double *follow)
{
    double det = m->ss * m->ll - m->sl * m->sl;
    if (det > 1e-9 * m->ss * m->ll) {
        *capacity = -(m->so * m->ll - m->lo * m->sl) / det;
        *follow = (m->lo * m->ss - m->so * m->sl) / det;
    } else {
        *capacity = m->ss > 0 ? -m->so / m->ss : 0;
        *follow = 0;
    }
}

/* With a sky. The error of the slope lets the slots of one day lean together. */
static void by_sky(const days *d, mizo_behind *out)
{
    slope all = { 0 };
    against a;
    for (size_t k = 0; k < d->n; k++)
        if (compare(d, k, &a)) {
            out->days++;
            for (size_t s = 0; s < MIZO_DAY_SLOTS; s++)
                if (d->clear[k * MIZO_DAY_SLOTS + s] > 0)
                    slope_add(&all, a.sky[s], a.level, a.off[s]);
        }
    double capacity, follow, error = 0;
    slope_solve(&all, &capacity, &follow);
    for (size_t k = 0; k < d->n; k++) {
        double sum = 0;
        if (!compare(d, k, &a))
            continue;
        for (size_t s = 0; s < MIZO_DAY_SLOTS; s++)
            if (d->clear[k * MIZO_DAY_SLOTS + s] > 0)
                sum += a.sky[s] * (a.off[s] + capacity * a.sky[s] - follow * a.level);
        error += sum * sum;
    }
    error = all.ss > 0 ? sqrt(error) / all.ss : INFINITY;
    out->dc_w = capacity;
    out->low = capacity - 2 * error;
    out->high = capacity + 2 * error;
}

/* A day away from its peers: more or less of the same load, and a dip in the shape of the clear curve. */
typedef struct dip {
    double depth; /* W of panel at the clear sky */
    double more;  /* of the peers' mean net load, share */
    double noise; /* variance that chance gives to depth */
} dip;

/* off = more * usual - depth * clear, least squares over the whole day. */
static dip dip_of(const days *d, size_t k, const against *a)
{
    const double *u = &d->clear[k * MIZO_DAY_SLOTS];
    slope m = { 0 };
    for (size_t s = 0; s < MIZO_DAY_SLOTS; s++)
        slope_add(&m, u[s], a->usual[s], a->off[s]);
    dip out = { 0 };
    slope_solve(&m, &out.depth, &out.more);
    double rest = 0, det = m.ss * m.ll - m.sl * m.sl;
    for (size_t s = 0; s < MIZO_DAY_SLOTS; s++) {
        double left = a->off[s] + out.depth * u[s] - out.more * a->usual[s];
        rest += left * left;
    }
    out.noise = det > 0 ? rest / (MIZO_DAY_SLOTS - 2) * m.ll / det : 0;
    return out;
}

/* Without a sky: from the scatter of the dips, less what the load's own noise would make of it. */
static void by_scatter(const days *d, mizo_behind *out)
{
    double depth2 = 0, noise = 0;
    against a;
    for (size_t k = 0; k < d->n; k++)
        if (compare(d, k, &a)) {
            dip x = dip_of(d, k, &a);
            depth2 += x.depth * x.depth / (1 + 1.0 / a.peers);
            noise += x.noise / (1 + 1.0 / a.peers);
            out->days++;
        }
    double n = out->days ? (double)out->days : 1, spread = depth2 / n - noise / n;
    if (spread < 0.5 * depth2 / n) /* the load itself is as restless as that */
        return;
    out->dc_w = sqrt(spread) / usual_scatter;
    out->low = 0.6 * out->dc_w; /* climates differ by that much */
    out->high = 1.6 * out->dc_w;
}

/* What flows out must be made: the largest export, against the clear sky of its slot. */
static double exported(const days *d)
{
    double most = 0;
    for (size_t i = 0; i < d->n * MIZO_DAY_SLOTS; i++)
        if (d->net->wh[i] != MIZO_MISSING && d->net->wh[i] < 0 && d->clear[i] > 0.1)
            most = fmax(most, -d->net->wh[i] / (1.1 * d->clear[i])); /* 1.1: a cloud's edge adds light */
    return most;
}

mizo_err mizo_behind_find(const mizo_net *net, mizo_behind *out)
{
    days d;
    *out = (mizo_behind){ 0 };
    if (net->n < (size_t)LEAST_DAYS * MIZO_DAY_SLOTS)
        return MIZO_ENOENT;
    MIZO_TRY(days_make(net, &d));
    if (net->index)
        by_sky(&d, out);
    else
        by_scatter(&d, out);
    double least = exported(&d);
    days_free(&d);
    if (out->days < LEAST_DAYS)
        return MIZO_ENOENT;
    if (!(out->low > 0) && !(least > 0)) {
        out->dc_w = out->low = 0;
        out->high = fmax(0, out->high);
    }
    out->dc_w = fmax(out->dc_w, least);
    out->low = fmax(out->low, least);
    out->high = fmax(out->high, out->dc_w);
    return MIZO_OK;
}

/* How bright day k was, as one number, from its dip. What it has more of the peers' net load holds their panels too. */
static double day_index(const days *d, size_t k, double dc_w)
{
    against a;
    if (!(dc_w > 0) || !compare(d, k, &a))
        return usual_index;
    dip x = dip_of(d, k, &a);
    return fmin(1.05, fmax(0.05, usual_index * (1 + x.more) + x.depth / dc_w));
}

mizo_err mizo_behind_split(const mizo_net *net, double dc_w, int32_t *load, int32_t *pv)
{
    days d;
    MIZO_TRY(days_make(net, &d));
    double index = 1;
    for (size_t i = 0; i < net->n; i++) {
        size_t k = i / MIZO_DAY_SLOTS;
        if (!net->index && i % MIZO_DAY_SLOTS == 0 && k < d.n)
            index = day_index(&d, k, dc_w);
        if (net->wh[i] == MIZO_MISSING) {
            load[i] = pv[i] = MIZO_MISSING;
            continue;
        }
        double made = k < d.n ? dc_w * d.sky[i] * (net->index ? 1 : index) : 0;
        pv[i] = (int32_t)lround(fmax(made, net->wh[i] < 0 ? -(double)net->wh[i] : 0));
        load[i] = net->wh[i] + pv[i];
    }
    days_free(&d);
    return MIZO_OK;
}
