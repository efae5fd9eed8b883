/* spread.c: location is the caller's, scale is a regression, shape is the past. */
#include "forecast/spread.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/dense.h"
#include "forecast/forecast_inner.h"

enum { OWN = 4, MOST = OWN + SPREAD_SIGNS, WARM_DAYS = 40, NEAR = 3 };
#define FAST           7.0   /* half-life of the size of the last days, days */
#define SLOW           120.0 /* and of the size of all slots together */
#define TRUST          0.7   /* of a slot's own size against that of all slots */
#define SIZE_HALF_LIFE 150.0
#define RIDGE          0.003

typedef struct running {
    double sum, weight;
} running;

struct spread {
    spread_task is;
    running near[SPREAD_SLOTS], all;
    double gram[MOST * MOST], right[MOST], beta[MOST], work[MOST * MOST];
    double x[SPREAD_SLOTS * MOST], size[SPREAD_SLOTS]; /* of the day in hand */
    double *ratio;                                     /* [days][slots] misses over their size */
    weighted *pool;
    int told;
};

static double mean_of(const running *r, double otherwise)
{
    return r->weight > 0 ? r->sum / r->weight : otherwise;
}

/* The size that the last days suggest, of which the regression starts. */
static double lately(const spread *s, int slot)
{
    double all = mean_of(&s->all, s->is.least), own = mean_of(&s->near[slot], all);
    return TRUST * log(own + s->is.least) + (1 - TRUST) * log(all + s->is.least);
}

void spread_day(spread *s, const double *sign)
{
    int n = OWN + s->is.signs;
    bool fitted = s->told >= WARM_DAYS && dense_ridge(s->gram, s->right, RIDGE, n, s->work, s->beta);
    double least = log(s->is.least);
    for (int k = 0; k < s->is.slots; k++) {
        double *x = s->x + (size_t)k * MOST, turn = 2 * 3.14159265358979323846 * k / s->is.slots;
        double own[OWN] = { 1, lately(s, k) - least - 2, sin(turn), cos(turn) };
        memcpy(x, own, sizeof own);
        for (int i = 0; i < s->is.signs; i++)
            x[OWN + i] = sign[k * s->is.signs + i];
        double size = fitted ? dense_dot(x, s->beta, n) + least : lately(s, k);
        s->size[k] = exp(fmax(lately(s, k) - 1.5, fmin(lately(s, k) + 1.5, size)));
    }
}

static int by_value(const void *a, const void *b)
{
    const weighted *x = a, *y = b;
    return x->v != y->v ? (x->v > y->v) - (x->v < y->v) : (x->w > y->w) - (x->w < y->w);
}

static int gather(spread *s, int slot)
{
    int n = 0, days = s->told < s->is.days ? s->told : s->is.days;
    double keep = exp2(-1 / s->is.half_life), weight = 1;
    for (int age = 1; age <= days; age++, weight *= keep) {
        const double *row = s->ratio + (size_t)((s->told - age) % s->is.days) * (size_t)s->is.slots;
        for (int k = slot - s->is.reach; k <= slot + s->is.reach; k++)
            if (k >= 0 && k < s->is.slots && !isnan(row[k]))
                s->pool[n++] = (weighted){ row[k], weight / (1 + abs(k - slot)) };
    }
    qsort(s->pool, (size_t)n, sizeof *s->pool, by_value);
    return n;
}

/* As forecast_quantile, many levels in one pass. */
void spread_quantiles(spread *s, int slot, const double *level, int n, double *q)
{
    int m = gather(s, slot), i = 0;
    double total = 0, below = 0;
    for (int k = 0; k < m; k++)
        total += s->pool[k].w;
    for (int k = 0; k < n; k++) {
        double want = level[k] * total, v = 0;
        while (i < m - 1 && below + s->pool[i].w / 2 < want)
            below += s->pool[i++].w;
        if (m)
            v = s->pool[i].v;
        if (i > 0) {
            double left = below - s->pool[i - 1].w / 2, right = below + s->pool[i].w / 2;
            double at = fmax(0, fmin(1, (want - left) / (right - left)));
            v = s->pool[i - 1].v + (s->pool[i].v - s->pool[i - 1].v) * at;
        }
        q[k] = v * s->size[slot];
        if (k > 0 && q[k] < q[k - 1]) /* the last bit of an interpolation */
            q[k] = q[k - 1];
    }
}

static void add(running *r, double v)
{
    r->sum += v;
    r->weight++;
}

static void fade(running *r, double half_life)
{
    double keep = exp2(-1 / half_life);
    r->sum *= keep;
    r->weight *= keep;
}

void spread_learn(spread *s, const double *missed)
{
    int n = OWN + s->is.signs;
    double keep = exp2(-1 / (SIZE_HALF_LIFE * s->is.slots)), least = log(s->is.least);
    double *row = s->ratio + (size_t)(s->told % s->is.days) * (size_t)s->is.slots;
    fade(&s->all, SLOW);
    for (int k = 0; k < s->is.slots; k++) {
        fade(&s->near[k], FAST);
        row[k] = missed[k] / s->size[k];
        if (isnan(missed[k]))
            continue;
        dense_learn(s->gram, s->right, s->x + (size_t)k * MOST, log(fabs(missed[k]) + s->is.least) - least, 1,
                    keep, n);
        add(&s->all, fabs(missed[k]));
    }
    for (int k = 0; k < s->is.slots; k++)
        for (int j = k - NEAR; j <= k + NEAR; j++)
            if (j >= 0 && j < s->is.slots && !isnan(missed[j]))
                add(&s->near[k], fabs(missed[j]));
    s->told++;
}

spread *spread_new(const spread_task *t)
{
    if (t->slots < 1 || t->slots > SPREAD_SLOTS || t->signs < 0 || t->signs > SPREAD_SIGNS || t->days < 1 ||
        !(t->least > 0) || t->reach < 0)
        return NULL;
    spread *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->is = *t;
    s->ratio = calloc((size_t)t->days * (size_t)t->slots, sizeof *s->ratio);
    s->pool = calloc((size_t)t->days * (size_t)(2 * t->reach + 1), sizeof *s->pool);
    if (s->ratio && s->pool)
        return s;
    spread_free(s);
    return NULL;
}

void spread_free(spread *s)
{
    if (!s)
        return;
    free(s->ratio);
    free(s->pool);
    free(s);
}
