/* set_cold.c: cambridge with fourteen days of the site and the long past of the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/forecast.h"
#include "town/bench/frame.h"
#include "town/bench/sets.h"

enum { TEST = 365, HOURS = 24, NAIVES = 3, FIT_DAYS = 28 };

typedef struct cold {
    days site[FRAME_COLUMNS];
    int n;
    double missed[FRAME_COLUMNS], actual[FRAME_COLUMNS], naive[NAIVES][FRAME_COLUMNS];
} cold;

static void view_of(const days *y, mizo_day day, double *past, mizo_pool_view *v)
{
    *v = (mizo_pool_view){ .day = day, .kind = kind_england(day), .past = past };
    for (int i = 0; i < MIZO_POOL_DAYS; i++) {
        mizo_day d = day - MIZO_POOL_DAYS + i;
        v->past_kind[i] = kind_england(d);
        for (int s = 0; s < HOURS; s++)
            past[i * HOURS + s] = days_at(y, d, s);
    }
}

static double latest(const double *past, int slot)
{
    for (int i = MIZO_POOL_DAYS - 1; i >= 0; i--)
        if (!isnan(past[i * HOURS + slot]))
            return past[i * HOURS + slot];
    return NAN;
}

static void judge(cold *c, int site, mizo_day day, const double *past, const double *mean)
{
    for (int s = 0; s < HOURS; s++) {
        double actual = days_at(&c->site[site], day, s), last = latest(past, s);
        if (isnan(actual) || isnan(last))
            continue;
        double week = past[7 * HOURS + s], before = past[s];
        double two = isnan(week) ? before : isnan(before) ? week : (week + before) / 2;
        double say[NAIVES] = { past[(MIZO_POOL_DAYS - 1) * HOURS + s], week, two };
        for (int k = 0; k < NAIVES; k++)
            c->naive[k][site] += fabs((isnan(say[k]) ? last : say[k]) - actual);
        c->missed[site] += fabs((isnan(mean[s]) ? last : mean[s]) - actual);
        c->actual[site] += actual;
    }
}

/* All sites are asked for the day before any of them is told it. */
static void one_day(cold *c, mizo_pool *p, mizo_day day, bool counts)
{
    double past[MIZO_POOL_DAYS * HOURS], mean[HOURS];
    mizo_pool_view v;
    for (int i = 0; i < c->n && counts; i++) {
        view_of(&c->site[i], day, past, &v);
        mizo_pool_forecast(p, i, &v, mean);
        judge(c, i, day, past, mean);
    }
    for (int i = 0; i < c->n; i++) {
        view_of(&c->site[i], day, past, &v);
        mizo_pool_learn(p, i, &v, c->site[i].v + (size_t)(day - c->site[i].first) * HOURS);
    }
}

static mizo_err run(cold *c, set_result *out)
{
    mizo_pool *p = mizo_pool_new(HOURS, c->n);
    if (!p)
        return MIZO_ENOMEM;
    mizo_day first = c->site[0].first, end = first + c->site[0].n;
    for (mizo_day day = first + MIZO_POOL_DAYS; day < end; day++) {
        if ((day - first) % FIT_DAYS == 0)
            mizo_pool_fit(p);
        one_day(c, p, day, day >= end - TEST);
    }
    mizo_pool_free(p);
    double score[FRAME_COLUMNS];
    out->naive = INFINITY;
    for (int k = -1; k < NAIVES; k++) {
        int n = 0;
        for (int i = 0; i < c->n; i++)
            if (c->actual[i] > 0)
                score[n++] = (k < 0 ? c->missed[i] : c->naive[k][i]) / c->actual[i];
        double middle = set_median(score, n);
        if (k < 0)
            out->score = middle;
        else
            out->naive = fmin(out->naive, middle);
    }
    return MIZO_OK;
}

mizo_err set_cambridge_cold(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    cold *c = calloc(1, sizeof *c);
    mizo_err e = c ? frame_read(&f, data, "cambridge/electricity_kwh_*", d) : MIZO_ENOMEM;
    if (e) {
        free(c);
        return e;
    }
    for (int i = 0; i < f.ncol && !e; i++)
        if (!(e = days_of(&f, i, HOURS, 0, &c->site[c->n])))
            c->n++;
    frame_free(&f);
    if (!e)
        e = run(c, out);
    for (int i = 0; i < c->n; i++)
        days_free(&c->site[i]);
    free(c);
    return e;
}
