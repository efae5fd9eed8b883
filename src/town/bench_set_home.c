/* bench_set_home.c: lcl_homes, one home at a time: nine quantiles of every half-hour of tomorrow.
 *
 * A home's tomorrow is one of its past days: each counts by its kind, its age and how alike the day before it
 * was to today (a home that is empty today is likely empty tomorrow); neighbouring half-hours lend theirs. */
#include <math.h>
#include <stdlib.h>

#include "town/bench_frame.h"
#include "town/bench_sets.h"

enum { HALVES = 48, TEST = 60, BACK = 150, NEAR = 2, QUANTILES = 9, RECENT = 28 };

typedef struct heavy {
    double v, w;
} heavy;

static int by_value(const void *a, const void *b)
{
    const heavy *x = a, *y = b;
    return x->v != y->v ? (x->v > y->v) - (x->v < y->v) : (x->w > y->w) - (x->w < y->w);
}

/* Sorts x; mean pinball loss of its weighted quantiles 0.1 .. 0.9. */
static double loss_of(heavy *x, int n, double actual)
{
    double total = 0, below = 0, sum = 0;
    int i = 0;
    qsort(x, (size_t)n, sizeof *x, by_value);
    for (int k = 0; k < n; k++)
        total += x[k].w;
    for (int k = 1; k <= QUANTILES; k++) {
        double q = k / 10.0;
        while (i < n - 1 && below + x[i].w < q * total)
            below += x[i++].w;
        double miss = actual - x[i].v;
        sum += miss > 0 ? q * miss : (q - 1) * miss;
    }
    return sum / QUANTILES;
}

/* Logarithm of what the home took over a day's last hours and over the day. */
static void mood(const days *y, mizo_day day, double out[2])
{
    double all = 0, late = 0;
    for (int s = 0; s < HALVES; s++) {
        double v = days_at(y, day, s);
        all += isnan(v) ? 0 : v;
        late += isnan(v) || s < 36 ? 0 : v;
    }
    out[0] = log(all + 0.2);
    out[1] = log(late + 0.1);
}

static double likeness(const days *y, mizo_day day, mizo_day past)
{
    double now[2], then[2];
    mood(y, day - 1, now);
    mood(y, past - 1, then);
    double far = pow((now[0] - then[0]) / 0.35, 2) + pow((now[1] - then[1]) / 0.5, 2);
    int a = kind_england(day), b = kind_england(past);
    double alike = a == b ? 1 : a && b ? 0.6 : 0.25;
    return alike * exp2(-(double)(day - past) / 40) * (0.03 + exp(-far / 2));
}

static void one_day(const days *y, mizo_day day, heavy *room, double loss[2])
{
    static const double lend[NEAR + 1] = { 1, 0.5, 0.2 };
    double w[BACK];
    for (int i = 1; i < BACK; i++)
        w[i] = likeness(y, day, day - i);
    for (int s = 0; s < HALVES; s++) {
        double actual = days_at(y, day, s);
        int n = 0;
        if (isnan(actual))
            continue;
        for (int i = 1; i < BACK; i++)
            for (int k = s > NEAR ? s - NEAR : 0; k <= s + NEAR && k < HALVES; k++) {
                double v = days_at(y, day - i, k);
                if (!isnan(v))
                    room[n++] = (heavy){ v, w[i] * lend[abs(k - s)] };
            }
        loss[0] += n ? loss_of(room, n, actual) : 0;
        n = 0;
        for (int i = 1; i <= RECENT; i++) {
            double v = days_at(y, day - i, s);
            if (!isnan(v))
                room[n++] = (heavy){ v, 1 };
        }
        loss[1] += n ? loss_of(room, n, actual) : 0;
    }
}

static double mean_of(const days *y)
{
    double sum = 0;
    for (int i = (y->n > TEST ? y->n - TEST : 0) * HALVES; i < y->n * HALVES; i++)
        sum += isnan(y->v[i]) ? 0 : y->v[i];
    return sum;
}

mizo_err set_lcl_home(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    double score[2][FRAME_COLUMNS];
    int n = 0;
    MIZO_TRY(frame_read(&f, data, "lcl_homes/kwh_30min_*", d));
    heavy *room = calloc((size_t)BACK * (2 * NEAR + 1), sizeof *room);
    mizo_err e = room ? MIZO_OK : MIZO_ENOMEM;
    for (int c = 0; c < f.ncol && !e; c++) {
        days y;
        double loss[2] = { 0 };
        if ((e = days_of(&f, c, HALVES, 0, &y)))
            break;
        for (int i = y.n > TEST ? y.n - TEST : 0; i < y.n; i++)
            one_day(&y, y.first + i, room, loss);
        if (mean_of(&y) > 0) {
            score[0][n] = loss[0] / mean_of(&y);
            score[1][n++] = loss[1] / mean_of(&y);
        }
        days_free(&y);
    }
    free(room);
    frame_free(&f);
    out->score = set_median(score[0], n);
    out->naive = set_median(score[1], n);
    return e;
}
