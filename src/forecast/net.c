/* net.c: a site that shows only what flows through its meter: load and panels apart, and together again.
 *
 * The two are forecast each in its own way, since a load follows the calendar and a panel the sky. What they may be
 * together is no difference of quantiles (the load's worst hour is seldom the sky's): each slot's two distributions
 * are met at 17 x 17 equally likely places, joined by a normal copula where their misses go together. */
#include <math.h>

#include "forecast/issued.h"

enum { PLACES = 17, BINS = 96 };

/* Normal scores of (i + 1/2) / 17, spread by 3.7 % so that their variance is one. */
static const double place[PLACES] = { -1.9614, -1.4031, -1.0890, -0.8520, -0.6528, -0.4753,
                                      -0.3107, -0.1536, 0,       0.1536,  0.3107,  0.4753,
                                      0.6528,  0.8520,  1.0890,  1.4031,  1.9614 };

/* The differences of one slot in bins from low to high. */
typedef struct heap {
    double low, step, count[BINS];
} heap;

static void drop(heap *h, double v)
{
    double at = h->step > 0 ? fmax(0, fmin(BINS - 1, (v - h->low) / h->step)) : 0;
    int b = at < BINS - 1 ? (int)at : BINS - 2;
    h->count[b] += b + 1 - at;
    h->count[b + 1] += at - b;
}

static void read_out(const heap *h, double all, double v[MIZO_QUANTILES])
{
    double below = 0, last = 0;
    int k = 0;
    for (int b = 0; b < BINS && k < MIZO_QUANTILES; b++) {
        double here = below + h->count[b] / 2;
        for (; k < MIZO_QUANTILES && mizo_quantile[k] * all <= here; k++) {
            double part = here > last ? (mizo_quantile[k] * all - last) / (here - last) : 1;
            v[k] = h->low + h->step * (b == 0 ? 0 : b - 1 + part);
        }
        last = here;
        below += h->count[b];
    }
    for (; k < MIZO_QUANTILES; k++)
        v[k] = h->low + h->step * (BINS - 1);
}

static void meet(const issued *load, const issued *pv, double together, double v[MIZO_QUANTILES])
{
    double l[PLACES], own = sqrt(1 - together * together), far = issued_value(pv, ISSUED_FAR);
    heap h = { 0 };
    for (int i = 0; i < PLACES; i++)
        l[i] = issued_value(load, place[i]);
    h.low = l[0] - far;
    h.step = (l[PLACES - 1] - issued_value(pv, -ISSUED_FAR) - h.low) / (BINS - 1);
    for (int i = 0; i < PLACES; i++)
        for (int k = 0; k < PLACES; k++)
            drop(&h, l[i] - issued_value(pv, together * place[i] + own * place[k]));
    read_out(&h, (double)PLACES * PLACES, v);
}

static int32_t whole(double x)
{
    return (int32_t)floor(fmax(-2e9, fmin(2e9, x)) + 0.5);
}

static void silent(mizo_forecast *net, int i)
{
    net->mean[i] = net->p10[i] = net->p90[i] = MIZO_MISSING;
    for (int k = 0; net->q && k < MIZO_QUANTILES; k++)
        net->q[i * MIZO_QUANTILES + k] = MIZO_MISSING;
}

void mizo_net_of(const mizo_forecast *load, const mizo_forecast *pv, double together, mizo_forecast *net)
{
    double rho = isnan(together) ? 0 : fmax(-0.95, fmin(0.95, together));
    for (int i = 0; i < net->n; i++) {
        if (i >= load->n || i >= pv->n || load->mean[i] == MIZO_MISSING || pv->mean[i] == MIZO_MISSING) {
            silent(net, i);
            continue;
        }
        issued l = issued_of(load, i, 0), p = issued_of(pv, i, 0);
        double v[MIZO_QUANTILES], mean = (double)load->mean[i] - pv->mean[i];
        if (p.v[p.n - 1] > 0)
            meet(&l, &p, rho, v);
        else
            for (int k = 0; k < MIZO_QUANTILES; k++)
                v[k] = issued_value(&l, issued_score[k]);
        mean = fmax(v[0], fmin(v[MIZO_QUANTILES - 1], mean));
        for (int k = 0; net->q && k < MIZO_QUANTILES; k++)
            net->q[i * MIZO_QUANTILES + k] = whole(v[k]);
        net->mean[i] = whole(mean);
        net->p10[i] = whole(fmin(mean, v[MIZO_Q10]));
        net->p90[i] = whole(fmax(mean, v[MIZO_Q90]));
    }
}

mizo_err mizo_net_apart(const mizo_history *h, const mizo_forecast_about *about, const float *index,
                        int32_t *load, int32_t *pv, mizo_behind *found)
{
    mizo_net net = { .wh = h->v,
                     .n = (size_t)h->ndays * MIZO_DAY_SLOTS,
                     .first = mizo_day_slot(h->first, about->offset),
                     .offset = about->offset,
                     .lat = about->lat,
                     .lon = about->lon,
                     .tilt = about->panel.tilt,
                     .azimuth = about->panel.azimuth,
                     .index = index };
    *found = (mizo_behind){ .dc_w = about->panel.dc_w, .low = about->panel.dc_w, .high = about->panel.dc_w };
    if (!(about->panel.dc_w > 0)) {
        net.tilt = fmin(30, fabs(about->lat) * 0.6); /* nobody said: a roof towards the equator */
        net.azimuth = about->lat < 0 ? 0 : 180;
        MIZO_TRY(mizo_behind_find(&net, found));
    }
    MIZO_TRY(mizo_behind_split(&net, found->dc_w, load, pv));
    int32_t limit = about->panel.ac_w > 0 ? whole(about->panel.ac_w / 2) : INT32_MAX;
    for (size_t i = 0; i < net.n; i++)
        if (pv[i] > limit) { /* the inverter gives no more, unless more flowed out */
            pv[i] = -net.wh[i] > limit ? -net.wh[i] : limit;
            load[i] = net.wh[i] + pv[i];
        }
    return MIZO_OK;
}
