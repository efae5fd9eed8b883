/* borrow.c: a new site's first forecasts, from the sites that are known longer.
 *
 * Per slot one ridge regression over all sites and days. Its normal equations are sums, so that a site's own
 * share can be taken out again: the site is forecast by the others alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/dense.h"
#include "mizo/forecast.h"

enum { COLUMNS = 25, SITES_MOST = 5000, YESTERDAY = 3 };
#define RIDGE   0.001
#define TYPICAL 0.08 /* a miss of more than this part of the site's level counts less */

struct mizo_pool {
    int slots, sites;
    double *gram, *right; /* [sites + 1][slots][...]; the last is the sum */
    double *beta;         /* [sites][slots][COLUMNS] */
    double *work;         /* two matrices */
};

static double past_at(const mizo_pool *p, const mizo_pool_view *v, int ago, int slot)
{
    return v->past[(size_t)(MIZO_POOL_DAYS - ago) * (size_t)p->slots + (size_t)slot];
}

/* Mean of the slot over the past days of a kind (-1: all); NAN: none. */
static double past_mean(const mizo_pool *p, const mizo_pool_view *v, int kind, int slot)
{
    double sum = 0;
    int n = 0;
    for (int ago = 1; ago <= MIZO_POOL_DAYS; ago++) {
        double x = past_at(p, v, ago, slot);
        if (!isnan(x) && (kind < 0 || v->past_kind[MIZO_POOL_DAYS - ago] == kind)) {
            sum += x;
            n++;
        }
    }
    return n ? sum / n : NAN;
}

static double day_mean(const mizo_pool *p, const mizo_pool_view *v, int ago)
{
    double sum = 0;
    int n = 0;
    for (int s = 0; s < p->slots; s++) {
        double x = past_at(p, v, ago, s);
        if (!isnan(x)) {
            sum += x;
            n++;
        }
    }
    return n ? sum / n : NAN;
}

static double level_of(const mizo_pool *p, const mizo_pool_view *v)
{
    double sum = 0;
    int n = 0;
    for (int i = 0; i < MIZO_POOL_DAYS * p->slots; i++)
        if (!isnan(v->past[i])) {
            sum += fabs(v->past[i]);
            n++;
        }
    return n && sum > 0 ? sum / n : NAN;
}

static double or_else(double v, double other)
{
    return isnan(v) ? other : v;
}

/* What was usual: days of the kind; a free day of a kind not seen takes the other free days. */
static double usual_of(const mizo_pool *p, const mizo_pool_view *v, int kind, int slot)
{
    static const int next[MIZO_LEARN_KINDS] = { 0, 2, 1, 2, 0 };
    double usual = past_mean(p, v, kind, slot);
    usual = or_else(usual, past_mean(p, v, next[kind], slot));
    return or_else(usual, past_mean(p, v, -1, slot));
}

static double away(const mizo_pool *p, const mizo_pool_view *v, int ago, int slot)
{
    double x = past_at(p, v, ago, slot);
    return isnan(x) ? 0 : x - usual_of(p, v, v->past_kind[MIZO_POOL_DAYS - ago], slot);
}

/* Columns of a slot in multiples of the level; returns the usual value the same way, NAN: none. */
static double columns(const mizo_pool *p, const mizo_pool_view *v, double level, int slot, double x[COLUMNS])
{
    double usual = usual_of(p, v, v->kind, slot), turn = 2 * 3.14159265358979323846 * v->day / 365.2425;
    int n = 0, weekday = mizo_day_weekday(v->day), before = v->past_kind[MIZO_POOL_DAYS - 1];
    if (isnan(usual))
        return NAN;
    x[n++] = 1;
    x[n++] = usual / level;
    x[n++] = (past_mean(p, v, -1, slot) - usual) / level;
    x[n++] = away(p, v, 1, slot) / level;
    x[n++] = away(p, v, 2, slot) / level;
    x[n++] = away(p, v, 7, slot) / level;
    x[n++] = away(p, v, 14, slot) / level;
    x[n++] = away(p, v, 1, p->slots - 1) / level;
    x[n++] = or_else(day_mean(p, v, 1), level) / level;
    x[n++] = or_else(day_mean(p, v, 2), level) / level;
    x[n++] = or_else(day_mean(p, v, 7), level) / level;
    x[n++] = or_else(day_mean(p, v, 14), level) / level;
    x[n++] = or_else(past_at(p, v, 7, slot), usual) / level;
    x[n++] = or_else(past_at(p, v, 1, slot), usual) / level;
    x[n++] = (before > 0) != (v->kind > 0);
    for (int k = 1; k < MIZO_LEARN_KINDS; k++)
        x[n++] = v->kind == k;
    x[n++] = weekday == 1;
    x[n++] = weekday == 5;
    x[n++] = sin(turn);
    x[n++] = cos(turn);
    x[n++] = v->kind > 0 ? usual / level : 0;
    x[n++] = v->kind > 0 ? away(p, v, 1, slot) / level : 0;
    return usual / level;
}

static double *share(double *of, const mizo_pool *p, int site, int slot, size_t size)
{
    return of + ((size_t)site * (size_t)p->slots + (size_t)slot) * size;
}

void mizo_pool_fit(mizo_pool *p)
{
    double *gram = p->work + COLUMNS * COLUMNS, right[COLUMNS];
    for (int i = 0; i < p->sites || i == 0; i++)
        for (int s = 0; s < p->slots; s++) {
            double less = p->sites ? 1 : 0;
            const double *all = share(p->gram, p, p->sites, s, COLUMNS * COLUMNS);
            const double *own = share(p->gram, p, i, s, COLUMNS * COLUMNS);
            for (int k = 0; k < COLUMNS * COLUMNS; k++)
                gram[k] = all[k] - less * own[k];
            for (int k = 0; k < COLUMNS; k++)
                right[k] =
                    share(p->right, p, p->sites, s, COLUMNS)[k] - less * share(p->right, p, i, s, COLUMNS)[k];
            dense_ridge(gram, right, RIDGE, COLUMNS, p->work, share(p->beta, p, i, s, COLUMNS));
        }
}

void mizo_pool_forecast(const mizo_pool *p, int site, const mizo_pool_view *v, double *mean)
{
    site = p->sites ? site : 0;
    double level = level_of(p, v), x[COLUMNS];
    for (int s = 0; s < p->slots; s++) {
        double usual = columns(p, v, level, s, x);
        mean[s] = level * (usual + dense_dot(x, share(p->beta, p, site, s, COLUMNS), COLUMNS));
    }
}

void mizo_pool_learn(mizo_pool *p, int site, const mizo_pool_view *v, const double *actual)
{
    double level = level_of(p, v), x[COLUMNS];
    for (int s = 0; s < p->slots; s++) {
        double usual = columns(p, v, level, s, x), y = actual[s] / level - usual;
        if (isnan(y) || fabs(y) > 20)
            continue;
        double miss = fabs(y - 0.5 * x[YESTERDAY]); /* of a fixed guess: a fitted one would know all sites */
        double w = miss > TYPICAL ? TYPICAL / miss : 1;
        dense_learn(share(p->gram, p, p->sites, s, COLUMNS * COLUMNS),
                    share(p->right, p, p->sites, s, COLUMNS), x, y, w, 1, COLUMNS);
        if (p->sites)
            dense_learn(share(p->gram, p, site, s, COLUMNS * COLUMNS), share(p->right, p, site, s, COLUMNS),
                        x, y, w, 1, COLUMNS);
    }
}

mizo_pool *mizo_pool_new(int slots, int sites)
{
    if (slots < 1 || slots > 288 || sites < 0 || sites == 1 || sites > SITES_MOST)
        return NULL;
    mizo_pool *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    size_t cells = (size_t)slots * (size_t)(sites + 1);
    *p = (mizo_pool){ .slots = slots,
                      .sites = sites,
                      .gram = calloc(cells * COLUMNS * COLUMNS, sizeof(double)),
                      .right = calloc(cells * COLUMNS, sizeof(double)),
                      .beta = calloc(cells * COLUMNS, sizeof(double)),
                      .work = calloc(2 * COLUMNS * COLUMNS, sizeof(double)) };
    if (p->gram && p->right && p->beta && p->work)
        return p;
    mizo_pool_free(p);
    return NULL;
}

void mizo_pool_free(mizo_pool *p)
{
    if (!p)
        return;
    free(p->gram);
    free(p->right);
    free(p->beta);
    free(p->work);
    free(p);
}
