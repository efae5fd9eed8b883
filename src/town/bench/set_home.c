/* set_home.c: lcl_homes, one home at a time: nine quantiles of every half-hour of tomorrow, by the
 * foresight that the town uses. Naive: the quantiles of the same half-hour in the last 28 days. */
#include <math.h>
#include <stdlib.h>

#include "mizo/foresight.h"
#include "town/bench/frame.h"
#include "town/bench/sets.h"

enum { HALVES = 48, TEST = 60, RECENT = 28, QUANTILES = 9 };
_Static_assert((int)MIZO_Q90 - (int)MIZO_Q10 + 1 == (int)QUANTILES, "0.1 .. 0.9 stand side by side");

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean pinball loss of the quantiles 0.1 .. 0.9. */
static double pinball(const double q[QUANTILES], double actual)
{
    double sum = 0;
    for (int k = 0; k < QUANTILES; k++) {
        double level = (k + 1) / 10.0, miss = actual - q[k];
        sum += miss > 0 ? level * miss : (level - 1) * miss;
    }
    return sum / QUANTILES;
}

/* False: the half-hour has no past. */
static bool naive(const days *y, mizo_day day, int slot, double q[QUANTILES])
{
    double x[RECENT];
    int n = 0;
    for (int i = 1; i <= RECENT; i++) {
        double v = days_at(y, day - i, slot);
        if (!isnan(v))
            x[n++] = v;
    }
    qsort(x, (size_t)n, sizeof *x, by_value);
    for (int k = 1; k <= QUANTILES && n; k++) {
        int below = (int)ceil(k * n / 10.0 - 1e-9) - 1; /* the first with a share of k tenths up to it */
        q[k - 1] = x[below < 0 ? 0 : below];
    }
    return n > 0;
}

static void judge(const days *y, mizo_day day, const mizo_outlook *said, double loss[2], double *used)
{
    double q[QUANTILES];
    for (int s = 0; s < HALVES; s++) {
        double actual = days_at(y, day, s);
        if (isnan(actual) || isnan(said->mean[s]) || !naive(y, day, s, q))
            continue;
        loss[0] += pinball(said->q + (size_t)s * MIZO_QUANTILES + MIZO_Q10, actual);
        loss[1] += pinball(q, actual);
        *used += actual;
    }
}

/* Losses of the last TEST days over what the home used in them. */
static mizo_err one_home(const days *y, double score[2])
{
    double mean[HALVES], q[HALVES * MIZO_QUANTILES], loss[2] = { 0 }, used = 0;
    mizo_outlook said = { 0, mean, q };
    mizo_foresight *f = mizo_foresight_new(&(mizo_foresight_task){
        .size = sizeof(mizo_foresight_task), .slots = HALVES, .recipe = MIZO_LEAN, .positive = true });
    if (!f)
        return MIZO_ENOMEM;
    for (int i = 0; i < y->n; i++) {
        mizo_learn_day day = { .day = y->first + i, .kind = kind_england(y->first + i) };
        bool known = mizo_foresight_say(f, &day, 1, &said);
        if (known && i >= y->n - TEST)
            judge(y, day.day, &said, loss, &used);
        mizo_foresight_learn(f, &day, y->v + (size_t)i * HALVES);
    }
    mizo_foresight_free(f);
    for (int k = 0; k < 2; k++)
        score[k] = used > 0 ? loss[k] / used : NAN;
    return MIZO_OK;
}

mizo_err set_lcl_home(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    double score[2][FRAME_COLUMNS], one[2];
    int n = 0;
    mizo_err e = MIZO_OK;
    MIZO_TRY(frame_read(&f, data, "lcl_homes/kwh_30min_*", d));
    for (int c = 0; c < f.ncol && !e; c++) {
        days y;
        if ((e = days_of(&f, c, HALVES, 0, &y)))
            break;
        e = one_home(&y, one);
        if (!e && !isnan(one[0])) {
            score[0][n] = one[0];
            score[1][n++] = one[1];
        }
        days_free(&y);
    }
    frame_free(&f);
    out->score = set_median(score[0], n);
    out->naive = set_median(score[1], n);
    return e;
}
