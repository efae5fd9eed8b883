/* bands.c: how far off a mean forecast may be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/bands_inner.h"

enum { PARTS = 8, LEADS = BANDS_LEADS };
const int bands_lead[BANDS_LEADS] = { 0, 1, 3, 7 };

struct mizo_bands {
    int slots;
    bool positive;
    float *scale, *seen;                   /* [slots] mean |miss| a day ahead */
    float z[LEADS][PARTS][MIZO_QUANTILES]; /* quantiles of the miss in multiples of the scale */
    float told[LEADS][PARTS];
};

static int near_lead(int lead)
{
    int k = 0;
    while (k < LEADS - 1 && lead > bands_lead[k])
        k++;
    return k;
}

static int part_of(const mizo_bands *b, int s)
{
    return s * PARTS / b->slots;
}

mizo_bands *mizo_bands_new(const mizo_bands_task *t)
{
    static const float normal[MIZO_QUANTILES] = { -2.06F, -1.61F, -1.05F, -0.66F, -0.32F, 0,
                                                  0.32F,  0.66F,  1.05F,  1.61F,  2.06F };
    if (t->size < sizeof *t || t->slots < 1 || t->slots > 288)
        return NULL;
    mizo_bands *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->slots = t->slots;
    b->positive = t->positive;
    b->scale = calloc((size_t)t->slots, sizeof *b->scale);
    b->seen = calloc((size_t)t->slots, sizeof *b->seen);
    if (!b->scale || !b->seen) {
        mizo_bands_free(b);
        return NULL;
    }
    for (int l = 0; l < LEADS; l++)
        for (int p = 0; p < PARTS; p++)
            memcpy(b->z[l][p], normal, sizeof normal);
    return b;
}

void mizo_bands_free(mizo_bands *b)
{
    if (!b)
        return;
    free(b->scale);
    free(b->seen);
    free(b);
}

void mizo_bands_say(const mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean, double *q)
{
    (void)day;
    int l = near_lead(lead);
    for (int s = 0; s < b->slots; s++) {
        double spread = b->seen[s] > 0 ? b->scale[s] : fabs(mean[s]) * 0.3,
               least = b->positive ? 0 : -INFINITY;
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            double v = fmax(least, mean[s] + spread * b->z[l][part_of(b, s)][k]);
            q[s * MIZO_QUANTILES + k] = isnan(mean[s]) ? NAN : v;
            least = v;
        }
    }
}

void mizo_bands_learn(mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                      const double *actual)
{
    (void)day;
    int l = near_lead(lead);
    for (int s = 0; s < b->slots; s++) {
        if (isnan(mean[s]) || isnan(actual[s]))
            continue;
        int p = part_of(b, s);
        double miss = actual[s] - mean[s];
        if (b->seen[s] > 3 && b->scale[s] > 0) {
            double rate = fmax(0.02, 1 / (10 + b->told[l][p] / 10));
            b->told[l][p]++;
            for (int k = 0; k < MIZO_QUANTILES; k++)
                b->z[l][p][k] += (float)(rate * (mizo_quantile[k] - (miss < b->scale[s] * b->z[l][p][k])));
        }
        if (lead == 0) {
            b->seen[s] = 0.96F * b->seen[s] + 1;
            b->scale[s] += ((float)fabs(miss) - b->scale[s]) / b->seen[s];
        }
    }
}

void mizo_bands_within(const mizo_bands *b, const mizo_learn_day *day, const double *happened, int now,
                       mizo_outlook *io)
{
    (void)day;
    double away = 0, weight = 0;
    for (int s = now > 8 ? now - 8 : 0; s < now && s < b->slots; s++)
        if (!isnan(happened[s]) && !isnan(io->mean[s])) {
            double w = exp2((s - now) / 4.0);
            away += w * (happened[s] - io->mean[s]);
            weight += w;
        }
    for (int s = now; s < b->slots && s < io->n; s++) {
        double move = away / (weight + 0.5) * exp2(-(s - now) / 8.0);
        double least = b->positive ? 0 : -INFINITY;
        io->mean[s] = fmax(least, io->mean[s] + move);
        for (int k = 0; k < MIZO_QUANTILES; k++)
            io->q[s * MIZO_QUANTILES + k] = fmax(least, io->q[s * MIZO_QUANTILES + k] + move);
    }
}

size_t bands_bytes(const mizo_bands *b)
{
    return sizeof *b + 2 * (size_t)b->slots * sizeof *b->scale;
}
