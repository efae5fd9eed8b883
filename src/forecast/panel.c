/* panel.c: recursive ridge regressions. */
#include "forecast/panel.h"

#include <math.h>
#include <stdlib.h>

#include "base/dense.h"

typedef struct ridge {
    panel_member is;
    int groups; /* regressions */
    double keep;
    double *gram, *right, *beta; /* [groups][n * n], [groups][n], [groups][n] */
    double *miss, *seen;         /* [slots] running mean of |what was missed| */
} ridge;

struct panel {
    panel_task is;
    ridge ridge[PANEL_MEMBERS];
    double *most; /* [slots] the largest |y| of late */
    double *work;
    int told, fitted; /* days; told when last fitted, -1: never */
};

static void fit(const panel *p, ridge *r)
{
    int n = r->is.columns;
    size_t each = (size_t)n, square = each * each;
    for (int g = 0; g < r->groups; g++)
        dense_ridge(r->gram + (size_t)g * square, r->right + (size_t)g * each, r->is.ridge, n, p->work,
                    r->beta + (size_t)g * each);
}

/* Nothing much beyond what has happened of late is believed: columns may be far outside what was learned. */
static double says(const panel *p, const ridge *r, const double *x, int s)
{
    double v = dense_dot(x + (size_t)s * (size_t)p->is.columns,
                         r->beta + (size_t)(s / r->is.each) * (size_t)r->is.columns, r->is.columns);
    double most = 1.5 * p->most[s];
    return fmax(-most, fmin(most, v));
}

/* A value far from what was said counts less: between least squares and least absolutes (Huber 1964). */
static double doubt(ridge *r, int s, double miss)
{
    double typical = r->seen[s] > 5 ? r->miss[s] : 0;
    r->seen[s] = 0.98 * r->seen[s] + 1;
    r->miss[s] += (miss - r->miss[s]) / r->seen[s];
    return typical > 0 && miss > typical ? typical / miss : 1;
}

static void learn(const panel *p, ridge *r, const double *x, const double *y)
{
    size_t n = (size_t)r->is.columns;
    double w[PANEL_SLOTS];
    for (int s = 0; s < p->is.slots; s++)
        w[s] = isnan(y[s]) ? 0 : doubt(r, s, fabs(y[s] - says(p, r, x, s)));
    for (int g = 0; g < r->groups; g++) {
        double keep = r->keep;
        int first = g * r->is.each, last = first + r->is.each - 1;
        for (int k = first - r->is.reach; k <= last + r->is.reach; k++) {
            if (k < 0 || k >= p->is.slots || !(w[k] > 0))
                continue;
            int off = k < first ? first - k : k > last ? k - last : 0;
            dense_learn(r->gram + (size_t)g * n * n, r->right + (size_t)g * n,
                        x + (size_t)k * (size_t)p->is.columns, y[k], w[k] / (1 + 2 * off), keep,
                        r->is.columns);
            keep = 1; /* a day is forgotten once */
        }
    }
}

void panel_say(panel *p, const double *x, double *said)
{
    bool speaks = p->told >= p->is.warm;
    if (speaks && (p->fitted < 0 || p->told - p->fitted >= p->is.fit_days)) {
        for (int k = 0; k < p->is.members; k++)
            fit(p, &p->ridge[k]);
        p->fitted = p->told;
    }
    for (int k = 0; k < p->is.members; k++)
        for (int s = 0; s < p->is.slots; s++)
            *said++ = speaks ? says(p, &p->ridge[k], x, s) : NAN;
}

void panel_renew(panel *p)
{
    p->fitted = -1;
}

void panel_learn(panel *p, const double *x, const double *y)
{
    for (int k = 0; k < p->is.members; k++)
        learn(p, &p->ridge[k], x, y);
    for (int s = 0; s < p->is.slots; s++)
        if (!isnan(y[s]))
            p->most[s] = fmax(0.99 * p->most[s], fabs(y[s]));
    p->told++;
}

/* ---- birth ---- */

static bool grow(double **v, size_t n)
{
    *v = calloc(n, sizeof **v);
    return *v != NULL;
}

static bool ridge_new(ridge *r, const panel_task *t, const panel_member *m)
{
    r->is = *m;
    if (r->is.columns < 1 || r->is.columns > t->columns)
        r->is.columns = t->columns;
    if (r->is.each < 1 || r->is.each > t->slots)
        r->is.each = 1;
    r->groups = (t->slots + r->is.each - 1) / r->is.each;
    size_t n = (size_t)r->is.columns, slots = (size_t)t->slots, groups = (size_t)r->groups;
    r->keep = exp2(-1 / m->half_life);
    return grow(&r->gram, groups * n * n) && grow(&r->right, groups * n) && grow(&r->beta, groups * n) &&
           grow(&r->miss, slots) && grow(&r->seen, slots);
}

panel *panel_new(const panel_task *t)
{
    if (t->slots < 1 || t->slots > PANEL_SLOTS || t->columns < 1 || t->columns > PANEL_COLUMNS ||
        t->members < 1 || t->members > PANEL_MEMBERS)
        return NULL;
    panel *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->is = *t;
    p->is.member = NULL; /* the caller's */
    p->fitted = -1;
    bool good = grow(&p->most, (size_t)t->slots) && grow(&p->work, (size_t)t->columns * (size_t)t->columns);
    for (int k = 0; k < t->members && good; k++)
        good = ridge_new(&p->ridge[k], t, &t->member[k]);
    if (good)
        return p;
    panel_free(p);
    return NULL;
}

void panel_free(panel *p)
{
    if (!p)
        return;
    for (int k = 0; k < PANEL_MEMBERS; k++) {
        ridge *r = &p->ridge[k];
        double *of[] = { r->gram, r->right, r->beta, r->miss, r->seen };
        for (size_t i = 0; i < sizeof of / sizeof *of; i++)
            free(of[i]);
    }
    free(p->most);
    free(p->work);
    free(p);
}
