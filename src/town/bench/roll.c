/* roll.c: asked for a day, then told it. */
#include "town/bench/roll.h"

#include <math.h>
#include <stdlib.h>

static double last_known(const days *y, mizo_day day, int slot)
{
    for (int k = 1; k <= 28; k++) {
        double v = days_at(y, day - k, slot);
        if (!isnan(v))
            return v;
    }
    return NAN;
}

static void naives(const days *y, mizo_day day, int slot, double out[ROLL_NAIVES])
{
    double sum = 0;
    int n = 0;
    for (int k = 7; k <= 28; k += 7) {
        double v = days_at(y, day - k, slot);
        if (!isnan(v)) {
            sum += v;
            n++;
        }
    }
    out[0] = days_at(y, day - 1, slot);
    out[1] = days_at(y, day - 7, slot);
    out[2] = n ? sum / n : NAN;
    for (int k = 0; k < ROLL_NAIVES; k++)
        if (isnan(out[k]))
            out[k] = last_known(y, day, slot);
}

static void judge(const roll_task *t, mizo_day day, const double *mean, roll_score *out)
{
    for (int s = 0; s < t->y->slots; s++) {
        double actual = days_at(t->y, day, s), naive[ROLL_NAIVES];
        naives(t->y, day, s, naive);
        if (isnan(actual) || isnan(naive[0]) || (t->measure == ROLL_MAPE && actual == 0))
            continue;
        double per = t->measure == ROLL_MAPE ? 100 / fabs(actual) : 1,
               said = isnan(mean[s]) ? naive[1] : mean[s];
        out->model += per * fabs(said - actual);
        for (int k = 0; k < ROLL_NAIVES; k++)
            out->naive[k] += per * fabs(naive[k] - actual);
        out->actual += actual;
        out->n++;
    }
}

static void forth(const roll_task *t, const double *in, double *out)
{
    for (int s = 0; s < t->y->slots; s++)
        out[s] = t->log > 0 ? log(fmax(1e-6, in[s] + t->log - 1)) : in[s];
    for (int s = 0; s < t->y->slots; s++)
        if (isnan(in[s]))
            out[s] = NAN; /* fmax would hide it */
}

static void back(const roll_task *t, double *v)
{
    for (int s = 0; s < t->y->slots && t->log > 0; s++)
        v[s] = exp(v[s]) - t->log + 1;
}

static void run(const roll_task *t, mizo_learner *l, double *work, roll_score *out)
{
    int slots = t->y->slots;
    double *mean = work, *told = work + slots, *in = work + 2 * slots;
    int from = t->history && t->y->n > t->test + t->history ? t->y->n - t->test - t->history : 0;
    for (int i = from; i < t->y->n; i++) {
        mizo_learn_day d = { .day = t->y->first + i, .kind = t->kind(t->arg, t->y->first + i) };
        if (t->inputs) {
            t->input(t->arg, d.day, in);
            d.input = in;
        }
        mizo_learner_forecast(l, &d, mean);
        back(t, mean);
        if (t->said)
            for (int s = 0; s < slots; s++)
                t->said[i * slots + s] = mean[s];
        if (i >= t->y->n - t->test)
            judge(t, d.day, mean, out);
        forth(t, t->y->v + (size_t)i * (size_t)slots, told);
        mizo_learner_learn(l, &d, told);
    }
}

mizo_err roll(const roll_task *t, roll_score *out)
{
    *out = (roll_score){ 0 };
    mizo_learn_task task = {
        .size = sizeof task, .slots = t->y->slots, .inputs = t->inputs, .recipe = t->recipe
    };
    mizo_learner *l = mizo_learner_new(&task);
    double *work = calloc((size_t)t->y->slots * (size_t)(2 + t->inputs), sizeof *work);
    if (l && work)
        run(t, l, work, out);
    mizo_err e = l && work ? MIZO_OK : MIZO_ENOMEM;
    free(work);
    mizo_learner_free(l);
    return e;
}

double roll_result(const roll_score *s, roll_measure m, double missed)
{
    return missed / (m == ROLL_NMAE ? s->actual : s->n);
}

double roll_best_naive(const roll_score *s, roll_measure m)
{
    double best = INFINITY;
    for (int k = 0; k < ROLL_NAIVES; k++)
        best = fmin(best, roll_result(s, m, s->naive[k]));
    return best;
}
