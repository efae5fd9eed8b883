/* mixer.c: ML-Poly (Gaillard, Stoltz & van Erven 2014) on the gradient of the absolute error, forgetting. */
#include "forecast/mixer.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

void mixer_init(mixer *m, const mixer_task *t)
{
    memset(m, 0, sizeof *m);
    m->is = *t;
}

static const mixer_trust *trust_of(const mixer *m, int slot)
{
    return &m->trust[slot * m->is.parts / m->is.slots];
}

/* Weights of those awake, adding up to 1; all 0 if nobody is. */
static void weigh(const mixer *m, const double *said, int slot, double *w)
{
    const mixer_trust *t = trust_of(m, slot);
    double sum = 0;
    int awake = 0, even = 0;
    for (int k = 0; k < m->is.experts; k++) {
        bool says = !isnan(said[k * m->is.slots + slot]);
        w[k] = says && t->regret[k] > 0 ? t->regret[k] / (1e-300 + t->square[k]) : 0;
        sum += w[k];
        awake += says;
        even += says && k >= m->is.plain;
    }
    double share = even ? m->is.even : 0;
    for (int k = 0; k < m->is.experts; k++) {
        if (isnan(said[k * m->is.slots + slot]))
            continue;
        w[k] = (1 - share) * (sum > 0 ? w[k] / sum : 1.0 / awake);
        if (k >= m->is.plain && even)
            w[k] += share / even;
    }
}

void mixer_say(const mixer *m, const double *said, double *mean)
{
    for (int s = 0; s < m->is.slots; s++) {
        double w[MIXER_EXPERTS], sum = 0;
        int awake = 0;
        weigh(m, said, s, w);
        for (int k = 0; k < m->is.experts; k++)
            if (!isnan(said[k * m->is.slots + s])) {
                sum += w[k] * said[k * m->is.slots + s];
                awake++;
            }
        mean[s] = awake ? sum : NAN;
    }
}

void mixer_learn(mixer *m, const double *said, const double *mean, const double *actual)
{
    double gain[MIXER_PARTS][MIXER_EXPERTS] = { { 0 } };
    for (int s = 0; s < m->is.slots; s++) {
        if (isnan(actual[s]) || isnan(mean[s]))
            continue;
        double side = mean[s] > actual[s] ? 1 : -1;
        for (int k = 0; k < m->is.experts; k++)
            if (!isnan(said[k * m->is.slots + s]))
                gain[s * m->is.parts / m->is.slots][k] += side * (mean[s] - said[k * m->is.slots + s]);
    }
    for (int i = 0; i < m->is.parts; i++)
        for (int k = 0; k < m->is.experts; k++) {
            mixer_trust *t = &m->trust[i];
            t->regret[k] = m->is.forget * t->regret[k] + gain[i][k];
            t->square[k] = m->is.forget * t->square[k] + gain[i][k] * gain[i][k];
        }
}
