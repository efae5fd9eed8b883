/* set_solar.c: gefcom2014_solar: hourly power of three plants, a month at a time, from weather forecasts,
 * as 99 quantiles. At a month's start all before it is learned: where the plants are, how their planes lie, and
 * trees over what the weather forecast says. docs/mechanisms/trees.md */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/trees.h"
#include "town/bench/sets.h"
#include "town/bench/sun.h"

enum { QUANTILES = 99, LEVELS = 9, MONTHS = 6, PAST = 60 };

static const double levels[LEVELS] = { 0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.98 };

/* What a member says: power itself, what is beyond the power of the plane, or the share of its clear sky. A
 * share counts by that clear sky, so that its loss is that of power. */
typedef enum target { POWER, BEYOND, SHARE, TARGETS } target;

typedef struct member {
    target target;
    double share;
    trees_task task;
} member;

#define BOOSTED(of, n)                                                                                       \
    {                                                                                                        \
        of, 1,                                                                                               \
        {                                                                                                    \
            .rounds = 80, .depth = 6, .least = 20, .rate = 0.08, .rows = 0.4, .take = 0.15,                  \
            .loss = TREES_QUANTILE, .seed = n                                                                \
        }                                                                                                    \
    }
#define FOREST(of, n)                                                                                        \
    {                                                                                                        \
        of, 1,                                                                                               \
        {                                                                                                    \
            .rounds = 30, .depth = 20, .least = 4, .rate = 1, .rows = 1, .take = 0.4, .scatter = true,       \
            .forest = true, .seed = n                                                                        \
        }                                                                                                    \
    }
static const member members[] = {
    BOOSTED(BEYOND, 1), BOOSTED(SHARE, 3), FOREST(SHARE, 4), FOREST(BEYOND, 5), FOREST(POWER, 6),
};
enum { MEMBERS = sizeof members / sizeof *members };

typedef struct table { /* of daylight hours */
    size_t n, cap;
    int columns;
    int *hour, *zone;
    float *x, *y;         /* [n * columns], [n] power */
    float *plane, *clear; /* [n] power of the plane as forecast, under a clear sky */
    double *q;            /* [n * QUANTILES] */
} table;

static void table_free(table *t)
{
    free(t->hour);
    free(t->zone);
    free(t->x);
    free(t->y);
    free(t->plane);
    free(t->clear);
    free(t->q);
}

static mizo_err table_room(table *t, size_t cap)
{
    *t = (table){ .cap = cap,
                  .hour = calloc(cap, sizeof(int)),
                  .zone = calloc(cap, sizeof(int)),
                  .x = calloc(cap * SUN_COLUMNS, sizeof(float)),
                  .y = calloc(cap, sizeof(float)),
                  .plane = calloc(cap, sizeof(float)),
                  .clear = calloc(cap, sizeof(float)),
                  .q = calloc(cap * QUANTILES, sizeof(double)) };
    return t->hour && t->zone && t->x && t->y && t->plane && t->clear && t->q ? MIZO_OK : MIZO_ENOMEM;
}

/* Hours with sun of [from, to). Power is looked at only where it is `known`. */
static mizo_err gather(const sun_data *s, int from, int to, bool known, table *t)
{
    MIZO_TRY(table_room(t, (size_t)(to - from) * SUN_ZONES));
    for (int z = 0; z < SUN_ZONES; z++)
        for (int h = from; h < to; h++) {
            if (!sun_up(s, z, h) || (known && isnan(s->power[z][h])))
                continue;
            float x[SUN_COLUMNS];
            t->columns = sun_columns(s, z, h, x);
            memcpy(t->x + t->n * (size_t)t->columns, x, (size_t)t->columns * sizeof *x);
            t->hour[t->n] = h;
            t->zone[t->n] = z;
            t->plane[t->n] = s->field[z][SUN_POWER][h];
            t->clear[t->n] = s->field[z][SUN_CLEAR_POWER][h];
            t->y[t->n++] = known ? s->power[z][h] : NAN;
        }
    return t->n ? MIZO_OK : MIZO_EINPUT;
}

static double line(const double *x, const double *y, int n, double at)
{
    if (at <= x[0])
        return y[0];
    for (int k = 1; k < n; k++)
        if (at <= x[k])
            return y[k - 1] + (y[k] - y[k - 1]) * (at - x[k - 1]) / (x[k] - x[k - 1]);
    return y[n - 1];
}

static void rising(double *q, int n)
{
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && q[k - 1] > q[k]; k--) {
            double keep = q[k];
            q[k] = q[k - 1];
            q[k - 1] = keep;
        }
}

static void add_quantiles(target is, double share, const double q[QUANTILES], table *t, size_t i)
{
    double more = is == BEYOND ? (double)t->plane[i] : 0, times = is == SHARE ? (double)t->clear[i] : 1;
    for (int k = 0; k < QUANTILES; k++)
        t->q[i * QUANTILES + (size_t)k] += share * fmax(0, fmin(1, q[k] * times + more));
}

/* A model a level, straight lines between. */
static mizo_err boosted(const member *m, double share, const trees_rows *r, const float *y, const float *w,
                        table *test)
{
    trees *fit[LEVELS] = { 0 };
    mizo_err e = MIZO_OK;
    for (int l = 0; l < LEVELS && !e; l++) {
        trees_task t = m->task;
        t.level = levels[l];
        t.seed += 1000 * (uint64_t)l;
        fit[l] = trees_fit(&t, r, y, w);
        e = fit[l] ? MIZO_OK : MIZO_ENOMEM;
    }
    for (size_t i = 0; i < test->n && !e; i++) {
        double said[LEVELS], q[QUANTILES];
        for (int l = 0; l < LEVELS; l++)
            said[l] = trees_say(fit[l], test->x + i * (size_t)test->columns);
        rising(said, LEVELS);
        for (int k = 0; k < QUANTILES; k++)
            q[k] = line(levels, said, LEVELS, (k + 1) / 100.0);
        add_quantiles(m->target, share, q, test, i);
    }
    for (int l = 0; l < LEVELS; l++)
        trees_free(fit[l]);
    return e;
}

static mizo_err grown(const member *m, double share, const trees_rows *r, const float *y, const float *w,
                      table *test)
{
    trees *fit = trees_fit(&m->task, r, y, w);
    double level[QUANTILES], q[QUANTILES];
    for (int k = 0; k < QUANTILES; k++)
        level[k] = (k + 1) / 100.0;
    for (size_t i = 0; i < test->n && fit; i++) {
        trees_quantiles(fit, test->x + i * (size_t)test->columns, level, QUANTILES, q);
        add_quantiles(m->target, share, q, test, i);
    }
    mizo_err e = fit ? MIZO_OK : MIZO_ENOMEM;
    trees_free(fit);
    return e;
}

static mizo_err foresee(const table *past, table *test)
{
    trees_rows *r = trees_rows_new(past->x, past->n, past->columns);
    float *y = calloc(past->n, sizeof *y);
    mizo_err e = r && y ? MIZO_OK : MIZO_ENOMEM;
    double all = 0;
    for (int k = 0; k < MEMBERS; k++)
        all += members[k].share;
    for (int k = 0; k < MEMBERS && !e; k++) {
        const member *m = &members[k];
        for (size_t i = 0; i < past->n; i++)
            y[i] = m->target == SHARE    ? past->y[i] / past->clear[i]
                   : m->target == BEYOND ? past->y[i] - past->plane[i]
                                         : past->y[i];
        e = (m->task.forest ? grown : boosted)(m, m->share / all, r, y,
                                               m->target == SHARE ? past->clear : NULL, test);
    }
    trees_rows_free(r);
    free(y);
    return e;
}

/* ---- the score ---- */

static double pinball(const double q[QUANTILES], double actual)
{
    double sum = 0;
    for (int k = 0; k < QUANTILES; k++) {
        double level = (k + 1) / 100.0, miss = actual - q[k];
        sum += miss > 0 ? level * miss : (level - 1) * miss;
    }
    return sum / QUANTILES;
}

typedef struct tally {
    double model, naive, n;
} tally;

/* The naive: how this hour of the day was in this zone on the last days before the month. */
static void usual(const sun_data *s, int z, int h, int from, double q[QUANTILES])
{
    double v[PAST];
    int n = 0;
    for (int k = h; k >= from - PAST * 24 && k >= 0 && n < PAST; k -= 24)
        if (k < from && !isnan(s->power[z][k]))
            v[n++] = (double)s->power[z][k];
    rising(v, n);
    for (int k = 0; k < QUANTILES; k++) {
        double at = (k + 1) / 100.0 * n - 0.5;
        int i = (int)fmax(0, fmin(n - 2, floor(at)));
        q[k] = n < 2 ? 0 : v[i] + (v[i + 1] - v[i]) * fmax(0, fmin(1, at - i));
    }
}

static void judge(const sun_data *s, int from, int to, const table *test, tally *t)
{
    double night[QUANTILES] = { 0 }, q[QUANTILES];
    size_t i = 0;
    for (int z = 0; z < SUN_ZONES; z++)
        for (int h = from; h < to; h++) {
            bool day = i < test->n && test->zone[i] == z && test->hour[i] == h;
            double actual = (double)s->power[z][h];
            if (!isnan(actual)) {
                usual(s, z, h, from, q);
                t->model += pinball(day ? test->q + i * QUANTILES : night, actual);
                t->naive += pinball(q, actual);
                t->n++;
            }
            i += day;
        }
}

static mizo_err month(sun_data *s, int from, int to, tally *t)
{
    table past = { 0 }, test = { 0 };
    sun_planes(s, from);
    mizo_err e = gather(s, 0, from, true, &past);
    if (!e)
        e = gather(s, from, to, false, &test);
    if (!e)
        e = foresee(&past, &test);
    if (!e)
        judge(s, from, to, &test, t);
    table_free(&past);
    table_free(&test);
    return e;
}

/* The last months that the weather file holds whole: bound[0..MONTHS], as hours. */
static mizo_err bounds(const sun_data *s, int bound[MONTHS + 1])
{
    mizo_date last = mizo_day_date((mizo_day)((s->first + (int64_t)s->hours * 3600) / 86400));
    int month = last.month, year = last.year; /* ends before this month's first day */
    for (int k = MONTHS; k >= 0; k--) {
        mizo_day day = mizo_date_day((mizo_date){ year, month, 1 });
        bound[k] = (int)(((int64_t)day * 86400 - s->first) / 3600);
        year -= month == 1;
        month = month == 1 ? 12 : month - 1;
    }
    return bound[0] >= PAST * 24 ? MIZO_OK : MIZO_EINPUT;
}

mizo_err set_gefcom_solar(const char *data, mizo_diags *d, set_result *out)
{
    sun_data s;
    tally t = { 0 };
    int bound[MONTHS + 1];
    MIZO_TRY(sun_read(&s, data, d));
    mizo_err e = bounds(&s, bound);
    if (!e)
        sun_place(&s, bound[0]);
    for (int k = 0; k < MONTHS && !e; k++)
        e = month(&s, bound[k], bound[k + 1], &t);
    sun_free(&s);
    out->score = t.model / t.n;
    out->naive = t.naive / t.n;
    return e;
}
