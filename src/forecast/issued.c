/* issued.c: a slot's distribution read from its quantiles, both ways. */
#include "forecast/issued.h"

#include <math.h>

const double issued_score[MIZO_QUANTILES] = { -1.644854, -1.281552, -0.841621, -0.524401, -0.253347, 0,
                                              0.253347,  0.524401,  0.841621,  1.281552,  1.644854 };
const double issued_share[MIZO_QUANTILES] = { 0.075, 0.075, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.075, 0.075 };

issued issued_of(const mizo_forecast *io, int i, double least)
{
    issued o = { .n = 1 };
    if (io->q)
        for (int k = 0; k < MIZO_QUANTILES; k++, o.n++) {
            o.z[o.n] = issued_score[k];
            o.v[o.n] = io->q[i * MIZO_QUANTILES + k];
        }
    else
        for (int k = 0; k < 3; k++, o.n++) {
            o.z[o.n] = (k - 1) * issued_score[MIZO_Q90];
            o.v[o.n] = k == 0 ? io->p10[i] : k == 1 ? io->mean[i] : io->p90[i];
        }
    double middle = o.v[o.n / 2], low = o.v[1], high = o.v[o.n - 1];
    o.z[0] = -ISSUED_FAR;
    o.v[0] = fmin(low, fmax(least, low - 0.6 * (middle - low)));
    o.z[o.n] = ISSUED_FAR;
    o.v[o.n] = high + 0.3 * (high - middle);
    o.n++;
    return o;
}

double issued_value(const issued *o, double z)
{
    int k = 1;
    while (k < o->n - 1 && o->z[k] < z)
        k++;
    double part = fmin(1, fmax(0, (z - o->z[k - 1]) / (o->z[k] - o->z[k - 1])));
    return o->v[k - 1] + part * (o->v[k] - o->v[k - 1]);
}

double issued_place(const issued *o, double v)
{
    double low = -ISSUED_FAR, high = ISSUED_FAR;
    bool open = true;
    for (int k = 1; k < o->n; k++) {
        double a = o->v[k - 1], b = o->v[k], step = o->z[k] - o->z[k - 1];
        double cut = b > a ? o->z[k - 1] + fmin(1, fmax(0, (v - a) / (b - a))) * step : o->z[k];
        if (a < v)
            low = cut;
        if (b > v && open) {
            high = a > v ? o->z[k - 1] : cut;
            open = false;
        }
    }
    return (low + high) / 2;
}
