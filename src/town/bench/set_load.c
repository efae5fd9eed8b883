/* set_load.c: gefcom2014_load: the hours of a month whose weather is not known yet, as 99 quantiles.
 *
 * An hour's load is a ridge regression on temperature (now and over the last day, to the third power), kind
 * of day, season and trend, learned up to the month's start. The month's weather is each earlier year's,
 * moved by up to ten days: every scenario gives a load, every past miss of the hour a noise; together they
 * are the distribution. Benchmark: the same date a year before (Hong et al. 2016). */
#include <math.h>
#include <stdlib.h>

#include "base/dense.h"
#include "town/bench/frame.h"
#include "town/bench/sets.h"

enum { HOURS = 24, COLUMNS = 30, NOISE = 5, YEARS = 8, SHIFT = 10, QUANTILES = 99 };
enum { SAMPLES = YEARS * (2 * SHIFT + 1) * NOISE };
#define HALF_LIFE 700.0 /* days */
#define RIDGE     1e-4

typedef struct load_task {
    days load, air;
    double gram[HOURS][COLUMNS * COLUMNS], right[HOURS][COLUMNS], beta[HOURS][COLUMNS];
    double noise[HOURS][NOISE]; /* quantiles of what was missed, of the logarithm */
    double work[COLUMNS * COLUMNS];
} load_task;

/* Mean of the hours before. */
static double recent(const days *air, mizo_day day, int hour, int hours)
{
    double sum = 0;
    for (int k = 1; k <= hours; k++) {
        if (--hour < 0) {
            hour = HOURS - 1;
            day--;
        }
        sum += days_at(air, day, hour);
    }
    return sum / hours;
}

/* `sky` is the day whose weather is taken; the calendar is that of `day`. */
static void columns(const load_task *t, mizo_day day, mizo_day sky, int hour, double x[COLUMNS])
{
    double a = (days_at(&t->air, sky, hour) - 60) / 20, b = (recent(&t->air, sky, hour, 24) - 60) / 20;
    double c = (recent(&t->air, sky, hour, 4) - 60) / 20, turn = 2 * 3.14159265358979323846 * day / 365.2425;
    int n = 0, kind = kind_america(day), weekday = mizo_day_weekday(day);
    double all[] = { 1,         a,     a * a, a * a * a, b,         b * b,
                     b * b * b, a * b, c,     c * c,     c * c * c, (day - 14600) / 1000.0 };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        x[n++] = all[k];
    for (int k = 1; k <= 3; k++) {
        x[n++] = sin(k * turn);
        x[n++] = cos(k * turn);
    }
    for (int k = 1; k <= 5; k++)
        x[n++] = kind == 0 && weekday == k;
    x[n++] = kind == MIZO_SATURDAY;
    x[n++] = kind == MIZO_HOLIDAY && weekday;
    x[n++] = a * sin(turn);
    x[n++] = a * cos(turn);
    x[n++] = a * a * cos(turn);
    x[n++] = a * (kind > 0);
    while (n < COLUMNS)
        x[n++] = 0;
}

static void learn(load_task *t, mizo_day day)
{
    double x[COLUMNS], keep = exp2(-1 / HALF_LIFE);
    for (int h = 0; h < HOURS; h++) {
        double y = log(days_at(&t->load, day, h));
        columns(t, day, day, h, x);
        if (isfinite(y) && isfinite(dense_dot(x, x, COLUMNS)))
            dense_learn(t->gram[h], t->right[h], x, y, 1, keep, COLUMNS);
    }
}

static int upward(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double part(const double *sorted, int n, double q)
{
    double at = q * n - 0.5;
    int i = (int)fmax(0, fmin(n - 2, floor(at)));
    return sorted[i] + (sorted[i + 1] - sorted[i]) * fmax(0, fmin(1, at - i));
}

static void fit(load_task *t, mizo_day start)
{
    double missed[400], x[COLUMNS];
    for (int h = 0; h < HOURS; h++) {
        int n = 0;
        dense_ridge(t->gram[h], t->right[h], RIDGE, COLUMNS, t->work, t->beta[h]);
        for (mizo_day d = start - 365; d < start; d++) {
            columns(t, d, d, h, x);
            double miss = log(days_at(&t->load, d, h)) - dense_dot(x, t->beta[h], COLUMNS);
            if (isfinite(miss))
                missed[n++] = miss;
        }
        qsort(missed, (size_t)n, sizeof *missed, upward);
        for (int k = 0; k < NOISE; k++)
            t->noise[h][k] = n > 10 ? 1.15 * part(missed, n, (k + 0.5) / NOISE) : 0;
    }
}

static double pinball(const double *sorted, int n, double actual)
{
    double sum = 0;
    for (int k = 1; k <= QUANTILES; k++) {
        double q = k / 100.0, miss = actual - part(sorted, n, q);
        sum += miss > 0 ? q * miss : (q - 1) * miss;
    }
    return sum / QUANTILES;
}

static int scenarios(const load_task *t, mizo_day day, mizo_day start, int hour, double *out)
{
    double x[COLUMNS];
    mizo_date date = mizo_day_date(day);
    int n = 0;
    for (int back = 1; back <= YEARS; back++)
        for (int move = -SHIFT; move <= SHIFT; move++) {
            mizo_date then = { date.year - back, date.month,
                               date.month == 2 && date.day == 29 ? 28 : date.day };
            mizo_day sky = mizo_date_day(then) + move;
            columns(t, day, sky, hour, x);
            double y = dense_dot(x, t->beta[hour], COLUMNS);
            for (int k = 0; k < NOISE && sky < start && isfinite(y); k++)
                out[n++] = exp(y + t->noise[hour][k]);
        }
    qsort(out, (size_t)n, sizeof *out, upward);
    return n;
}

/* Share of the benchmark's loss that is left in the month. */
static double month(load_task *t, mizo_day start, int ndays)
{
    double loss = 0, copied = 0, sample[SAMPLES];
    fit(t, start);
    for (mizo_day d = start; d < start + ndays; d++)
        for (int h = 0; h < HOURS; h++) {
            double actual = days_at(&t->load, d, h), before = days_at(&t->load, d - 365, h);
            int n = scenarios(t, d, start, h, sample);
            if (n < 2 || isnan(actual) || isnan(before))
                continue;
            loss += pinball(sample, n, actual);
            copied += fabs(actual - before) / 2;
        }
    return loss / copied;
}

/* The months of 2011 that the file holds whole; later ones weigh more. */
static void run(load_task *t, set_result *out)
{
    double sum = 0, weight = 0;
    mizo_day day = t->load.first, end = t->load.first + t->load.n;
    for (int m = 1; m <= 12; m++) {
        mizo_day start = mizo_date_day((mizo_date){ 2011, m, 1 });
        int n = mizo_month_days(2011, m);
        if (start < day || start + n > end || isnan(days_at(&t->load, start + n - 1, HOURS - 1)))
            continue; /* no such month, or not whole */
        for (; day < start; day++)
            learn(t, day);
        sum += m * (1 - month(t, start, n));
        weight += m;
    }
    out->score = sum / weight;
    out->naive = 0;
}

static void mean_air(frame *f, int first)
{
    for (size_t i = 0; i < f->nrow; i++) {
        double sum = 0;
        int n = 0;
        for (int c = first; c < f->ncol; c++)
            if (!isnan(f->v[c][i])) {
                sum += f->v[c][i];
                n++;
            }
        f->v[first][i] = n ? sum / n : NAN;
    }
}

mizo_err set_gefcom_load(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    load_task *t = calloc(1, sizeof *t);
    mizo_err e = t ? frame_read(&f, data, "gefcom2014_load/load_temp_*", d) : MIZO_ENOMEM;
    if (e) {
        free(t);
        return e;
    }
    int first = frame_column(&f, "w1_f");
    e = first < 0 ? MIZO_EINPUT : MIZO_OK;
    if (!e) {
        mean_air(&f, first);
        e = days_of(&f, frame_column(&f, "load_mw"), HOURS, -3600,
                    &t->load); /* hours are labelled by their end */
    }
    if (!e)
        e = days_of(&f, first, HOURS, -3600, &t->air);
    frame_free(&f);
    if (!e)
        run(t, out);
    days_free(&t->load);
    days_free(&t->air);
    free(t);
    return e;
}
