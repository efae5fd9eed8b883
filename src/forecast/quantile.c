/* quantile.c: weighted quantiles of small sets, and how a slot of a forecast is written. */
#include <math.h>

#include "forecast/forecast_inner.h"

const double mizo_quantile[MIZO_QUANTILES] = { 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95 };

void forecast_sort(weighted *x, int n)
{
    for (int i = 1; i < n; i++) {
        weighted a = x[i];
        int k = i;
        for (; k > 0 && x[k - 1].v > a.v; k--)
            x[k] = x[k - 1];
        x[k] = a;
    }
}

double forecast_quantile(const weighted *x, int n, double q)
{
    double total = 0, below = 0;
    for (int i = 0; i < n; i++)
        total += x[i].w;
    double want = q * total, last = 0;
    for (int i = 0; i < n; i++) {
        double here = below + x[i].w / 2; /* a value stands in the middle of its weight */
        if (here >= want) {
            if (i == 0 || here <= last)
                return x[i].v;
            return x[i - 1].v + (x[i].v - x[i - 1].v) * (want - last) / (here - last);
        }
        last = here;
        below += x[i].w;
    }
    return x[n - 1].v;
}

int32_t forecast_at(const mizo_history *h, mizo_day day, int slot)
{
    int64_t d = (int64_t)day - h->first;
    return d >= 0 && d < h->ndays ? h->v[d * MIZO_DAY_SLOTS + slot] : MIZO_MISSING;
}

static int32_t whole(double x)
{
    return (int32_t)floor(fmax(-2e9, fmin(2e9, x)) + 0.5);
}

void forecast_put(mizo_forecast *out, int i, double mean, double p10, double p90, bool signed_values)
{
    double least = signed_values ? -2e9 : 0;
    mean = fmax(least, mean);
    out->mean[i] = whole(mean);
    out->p10[i] = whole(fmax(least, fmin(mean, p10)));
    out->p90[i] = whole(fmax(mean, p90));
}

mizo_err forecast_nothing(mizo_forecast *out)
{
    for (int i = 0; i < out->n; i++)
        out->mean[i] = out->p10[i] = out->p90[i] = MIZO_MISSING;
    return MIZO_ENOENT;
}

bool forecast_signed(const mizo_history *h)
{
    int from = h->ndays > 70 ? h->ndays - 70 : 0;
    for (int64_t i = (int64_t)from * MIZO_DAY_SLOTS; i < (int64_t)h->ndays * MIZO_DAY_SLOTS; i++)
        if (h->v[i] < 0 && h->v[i] != MIZO_MISSING)
            return true;
    return false;
}
