/* learn_clean.c: values that are not believed: a meter that is stuck, a spike that cannot be.
 *
 * What a series does by itself is its own measure: a coarse meter that shows the same value all night is not
 * stuck, a kiln that doubles the load is no spike. What lasts is believed in the end. */
#include <math.h>

#include "forecast/learn_inner.h"

enum {
    KNOWN = 14,        /* days before anything is doubted */
    LONGEST_DOUBT = 14 /* days: what stays the same for longer is so */
};
#define LONGER 3     /* times the usual longest run of equal values */
#define HIGHER 4     /* times the highest value of the past */
#define FADE   0.98F /* a day, of the longest run and of the highest value */

typedef struct run {
    float value;
    int length;
} run;

static run extended(run r, float v)
{
    if (isnan(v))
        return (run){ NAN, 0 };
    return (run){ v, v == r.value ? r.length + 1 : 1 };
}

/* How long a run of equal values is before it is doubted. */
static float doubtful(const mizo_learner *l)
{
    return fmaxf((float)l->slots / 4, LONGER * l->doubt.usual_run) + 3;
}

static bool is_stuck(const mizo_learner *l, int length)
{
    return (float)length >= doubtful(l) && length <= LONGEST_DOUBT * l->slots;
}

/* Runs that may have begun the day before; of a stuck one every slot of this day goes. */
static int clear_stuck(const mizo_learner *l, const float *in, float *out)
{
    run r = { l->doubt.last, l->doubt.length };
    int cleared = 0;
    for (int s = 0, from = 0; s < l->slots; s++) {
        r = extended(r, in[s]);
        if (r.length <= 1)
            from = s;
        bool ends = s + 1 == l->slots || in[s + 1] != in[s];
        for (int k = from; ends && is_stuck(l, r.length) && k <= s; k++, cleared++)
            out[k] = NAN;
    }
    return cleared;
}

/* Far above all that was seen; not if a quarter of the day is: that is a new level. */
static int clear_spikes(const mizo_learner *l, const float *in, float *out)
{
    float most = HIGHER * l->doubt.highest;
    int n = 0;
    for (int s = 0; s < l->slots; s++)
        n += fabsf(in[s]) > most;
    if (!n || 4 * n > l->slots)
        return 0;
    for (int s = 0; s < l->slots; s++)
        if (fabsf(in[s]) > most)
            out[s] = NAN;
    return n;
}

int learn_clean(const mizo_learner *l, const float *in, float *out)
{
    for (int s = 0; s < l->slots; s++)
        out[s] = in[s];
    if (l->told < KNOWN || l->slots < 4)
        return 0;
    return clear_stuck(l, in, out) + clear_spikes(l, in, out);
}

void learn_doubt_tell(mizo_learner *l, const float *in, const float *believed)
{
    learn_doubt *d = &l->doubt;
    d->usual_run *= FADE;
    d->highest *= FADE;
    run r = { d->last, d->length };
    for (int s = 0; s < l->slots; s++) {
        r = extended(r, in[s]);
        if (isnan(believed[s]))
            continue;
        d->usual_run = fmaxf(d->usual_run, (float)r.length);
        d->highest = fmaxf(d->highest, fabsf(believed[s]));
    }
    d->last = r.value;
    d->length = r.length;
}
