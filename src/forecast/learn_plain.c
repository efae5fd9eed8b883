/* learn_plain.c: the members that are no regression. One that knows nothing of a slot says the usual value. */
#include <math.h>
#include <string.h>

#include "forecast/learn_inner.h"

static void copy_day(const mizo_learner *l, mizo_day day, float *out)
{
    const float *y = learn_row(l, day);
    if (y)
        memcpy(out, y, (size_t)l->slots * sizeof *out);
}

static void mean_weeks(const mizo_learner *l, mizo_day day, float *out)
{
    float sum[LEARN_SLOTS] = { 0 }, n[LEARN_SLOTS] = { 0 };
    for (int k = 7; k <= 28; k += 7) {
        const float *y = learn_row(l, day - k);
        for (int s = 0; y && s < l->slots; s++) {
            bool known = !isnan(y[s]);
            sum[s] += known ? y[s] : 0;
            n[s] += known;
        }
    }
    for (int s = 0; s < l->slots; s++)
        out[s] = n[s] > 0 ? sum[s] / n[s] : out[s];
}

static void faster(const mizo_learner *l, const mizo_learn_day *d, float *out)
{
    const float *fast = learn_usual(l, &l->fast, d->kind);
    float moved = 0.5F * learn_away_mean(l, d->day - 1, 0, l->slots);
    for (int s = 0; s < l->slots; s++)
        out[s] = fast[s] + moved;
}

static float middle(float *x, int n)
{
    for (int i = 1; i < n; i++) {
        float a = x[i];
        int k = i;
        for (; k > 0 && x[k - 1] > a; k--)
            x[k] = x[k - 1];
        x[k] = a;
    }
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static void middle_alike(const mizo_learner *l, const mizo_learn_day *d, float *out)
{
    enum { MOST = 8 };
    const float *y[70];
    int n = 0;
    for (int age = 1; age <= 70; age++)
        if (learn_kind_of(l, d->day - age) == d->kind)
            y[n++] = learn_row(l, d->day - age);
    for (int s = 0; s < l->slots; s++) {
        float x[MOST];
        int m = 0;
        for (int k = 0; k < n && m < MOST; k++)
            if (!isnan(y[k][s]))
                x[m++] = y[k][s];
        if (m)
            out[s] = middle(x, m);
    }
}

static void says(const mizo_learner *l, const mizo_learn_day *d, learn_plainly who, float *out)
{
    switch (who) {
    case LEARN_SAYS_YESTERDAY:
        copy_day(l, d->day - 1, out);
        break;
    case LEARN_SAYS_WEEK:
        copy_day(l, d->day - 7, out);
        break;
    case LEARN_SAYS_WEEKS:
        mean_weeks(l, d->day, out);
        break;
    case LEARN_SAYS_USUAL:
        break;
    case LEARN_SAYS_FASTER:
        faster(l, d, out);
        break;
    case LEARN_SAYS_MIDDLE:
        middle_alike(l, d, out);
        break;
    }
}

void learn_plain(mizo_learner *l, const mizo_learn_day *d)
{
    const float *usual = learn_usual(l, &l->slow, d->kind);
    for (int k = 0; k < l->recipe->plains; k++) {
        float *out = l->said + (size_t)k * (size_t)l->slots;
        memcpy(out, usual, (size_t)l->slots * sizeof *out);
        says(l, d, (learn_plainly)l->recipe->plain[k], out);
        for (int s = 0; s < l->slots; s++)
            out[s] = isnan(out[s]) ? usual[s] : out[s];
    }
}
