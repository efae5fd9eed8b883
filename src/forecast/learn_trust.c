/* learn_trust.c: which member to believe, by part of the day: ML-Poly (Gaillard, Stoltz & van Erven, COLT 2014)
 * on the gradient of the absolute error, forgetting a little every day. */
#include <math.h>

#include "forecast/learn_inner.h"

#define FORGET 0.98 /* of what a member missed, a day */

static void weights(const learn_trust *t, int n, double *w)
{
    double sum = 0;
    for (int k = 0; k < n; k++) {
        w[k] = t->regret[k] > 0 ? t->regret[k] / (1e-300 + t->square[k]) : 0;
        sum += w[k];
    }
    for (int k = 0; k < n; k++)
        w[k] = sum > 0 ? w[k] / sum : 1.0 / n;
}

/* First slot of a part of the day. */
static int start(const mizo_learner *l, int part)
{
    return (part * l->slots + l->recipe->parts - 1) / l->recipe->parts;
}

void learn_mix(mizo_learner *l)
{
    double w[LEARN_MEMBERS];
    for (int p = 0; p < l->recipe->parts; p++) {
        int from = start(l, p), to = start(l, p + 1);
        weights(&l->trust[p], l->members, w);
        for (int s = from; s < to; s++)
            l->mixed[s] = 0;
        for (int k = 0; k < l->members; k++) {
            const float *said = l->said + (size_t)k * (size_t)l->slots;
            float weight = (float)w[k];
            for (int s = from; s < to; s++)
                l->mixed[s] += weight * said[s];
        }
    }
}

void learn_trust_tell(mizo_learner *l, const float *actual)
{
    float side[LEARN_SLOTS];
    for (int s = 0; s < l->slots; s++) {
        float miss = l->mixed[s] - actual[s];
        side[s] = isnan(miss) ? 0 : miss > 0 ? 1 : -1;
    }
    for (int p = 0; p < l->recipe->parts; p++) {
        learn_trust *t = &l->trust[p];
        for (int k = 0; k < l->members; k++) {
            const float *said = l->said + (size_t)k * (size_t)l->slots;
            float gain = 0;
            for (int s = start(l, p), to = start(l, p + 1); s < to; s++)
                gain += side[s] ? side[s] * (l->mixed[s] - said[s]) : 0;
            t->regret[k] = FORGET * t->regret[k] + (double)gain;
            t->square[k] = FORGET * t->square[k] + (double)gain * (double)gain;
        }
    }
}
