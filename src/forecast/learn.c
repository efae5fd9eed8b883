/* learn.c: a series that is learned day by day. Recursive ridge regressions of three memories, weighted
 * online with plain members. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/dense.h"
#include "forecast/learn_inner.h"

/* Three memories slot by slot, and two of slots that learn together: steadier while little is known. */
static const struct {
    double half_life; /* days */
    int groups;       /* 0: each slot its own */
} memories[LEARN_RIDGES] = {
    {45,   0},
    { 180, 0},
    { 900, 0},
    { 60,  8},
    { 400, 8}
};
enum { WARM = 21 }; /* days before a regression speaks */
#define RIDGE  0.001
#define FORGET 0.99 /* of what a member missed, a day */

static double keep_of(double half_life)
{
    return exp2(-1 / half_life);
}

/* ---- what is remembered ---- */

static int place(mizo_day day)
{
    int p = day % LEARN_KEEP;
    return p < 0 ? p + LEARN_KEEP : p;
}

static bool remembered(const mizo_learner *l, mizo_day day)
{
    return day < l->next && day >= l->next - (l->told < LEARN_KEEP ? l->told : LEARN_KEEP);
}

double learn_at(const mizo_learner *l, mizo_day day, int slot)
{
    return remembered(l, day) ? l->y[(size_t)place(day) * (size_t)l->slots + (size_t)slot] : NAN;
}

int learn_kind_of(const mizo_learner *l, mizo_day day)
{
    return remembered(l, day) ? l->kind[place(day)] : -1;
}

double learn_usual(const mizo_learner *l, const learn_base *b, int kind, int slot)
{
    static const int borrow[MIZO_LEARN_KINDS][MIZO_LEARN_KINDS] = {
        {0,  4, 1, 2, 3},
        { 1, 2, 3, 4, 0},
        { 2, 1, 3, 4, 0},
        { 3, 2, 1, 4, 0},
        { 4, 0, 1, 2, 3}
    };
    for (int k = 0; k < MIZO_LEARN_KINDS; k++) {
        size_t i = (size_t)borrow[kind][k] * (size_t)l->slots + (size_t)slot;
        if (b->w[i] > 0)
            return b->v[i];
    }
    return NAN;
}

static void base_learn(mizo_learner *l, learn_base *b, int kind, const double *actual)
{
    for (int s = 0; s < l->slots; s++) {
        size_t i = (size_t)kind * (size_t)l->slots + (size_t)s;
        if (isnan(actual[s]))
            continue;
        b->w[i] = b->keep[kind] * b->w[i] + 1;
        b->v[i] += (actual[s] - b->v[i]) / b->w[i];
    }
}

/* ---- regressions ---- */

static void ridge_fit(mizo_learner *l, learn_ridge *r)
{
    size_t n = (size_t)l->n;
    for (size_t g = 0; g < (size_t)r->groups; g++)
        dense_ridge(r->gram + g * n * n, r->right + g * n, RIDGE, l->n, l->work, r->beta + g * n);
}

static size_t group_of(const mizo_learner *l, const learn_ridge *r, int s)
{
    return (size_t)(s * r->groups / l->slots);
}

static double ridge_away(const mizo_learner *l, const learn_ridge *r, int s)
{
    size_t n = (size_t)l->n;
    return dense_dot(l->x + (size_t)s * n, r->beta + group_of(l, r, s) * n, l->n);
}

/* A value far from what was said counts less: between least squares and least absolute. */
static void ridge_learn(mizo_learner *l, learn_ridge *r, const double *actual)
{
    size_t n = (size_t)l->n;
    for (int s = 0; s < l->slots; s++) {
        if (isnan(actual[s]) || isnan(l->usual[s]))
            continue;
        double y = actual[s] - l->usual[s], miss = fabs(y - ridge_away(l, r, s));
        size_t g = group_of(l, r, s);
        double typical = r->seen[g] > 5 ? r->miss[g] : 0;
        double w = typical > 0 && miss > typical ? typical / miss : 1;
        dense_learn(r->gram + g * n * n, r->right + g * n, l->x + (size_t)s * n, y, w, r->keep, l->n);
        r->seen[g] = 0.98 * r->seen[g] + 1;
        r->miss[g] += (miss - r->miss[g]) / r->seen[g];
    }
}

/* ---- trust: Gaillard, Stoltz & van Erven 2014 (ML-Poly), on the gradient of the absolute error ---- */

static void weights(const learn_trust *t, double *w)
{
    double sum = 0;
    for (int k = 0; k < LEARN_MEMBERS; k++) {
        w[k] = t->regret[k] > 0 ? t->regret[k] / (1e-300 + t->square[k]) : 0;
        sum += w[k];
    }
    for (int k = 0; k < LEARN_MEMBERS; k++)
        w[k] = sum > 0 ? w[k] / sum : 1.0 / LEARN_MEMBERS;
}

static int part_of(const mizo_learner *l, int s)
{
    return s * LEARN_PARTS / l->slots;
}

static void mix(mizo_learner *l)
{
    double w[LEARN_PARTS][LEARN_MEMBERS];
    for (int p = 0; p < LEARN_PARTS; p++)
        weights(&l->trust[p], w[p]);
    for (int s = 0; s < l->slots; s++) {
        double sum = 0;
        for (int k = 0; k < LEARN_MEMBERS; k++)
            sum += w[part_of(l, s)][k] * l->said[k * l->slots + s];
        l->mixed[s] = sum;
    }
}

static void trust_learn(mizo_learner *l, const double *actual)
{
    double gain[LEARN_PARTS][LEARN_MEMBERS] = { { 0 } };
    for (int s = 0; s < l->slots; s++) {
        if (isnan(actual[s]) || isnan(l->mixed[s]))
            continue;
        double side = l->mixed[s] > actual[s] ? 1 : -1;
        for (int k = 0; k < LEARN_MEMBERS; k++)
            gain[part_of(l, s)][k] += side * (l->mixed[s] - l->said[k * l->slots + s]);
    }
    for (int p = 0; p < LEARN_PARTS; p++)
        for (int k = 0; k < LEARN_MEMBERS; k++) {
            learn_trust *t = &l->trust[p];
            t->regret[k] = FORGET * t->regret[k] + gain[p][k];
            t->square[k] = FORGET * t->square[k] + gain[p][k] * gain[p][k];
        }
}

/* ---- the day ---- */

static void prepare(mizo_learner *l, const mizo_learn_day *d)
{
    if (l->ready == d->day)
        return;
    l->ready = d->day;
    learn_columns(l, d);
    learn_plain(l, d);
    bool speaks = l->told >= WARM;
    if (speaks && (l->fitted == MIZO_DAY_NONE || d->day - l->fitted >= l->fit_days)) {
        for (int k = 0; k < LEARN_RIDGES; k++)
            ridge_fit(l, &l->ridge[k]);
        l->fitted = d->day;
    }
    for (int k = 0; k < LEARN_RIDGES; k++)
        for (int s = 0; s < l->slots; s++)
            l->said[(LEARN_PLAIN + k) * l->slots + s] =
                l->usual[s] + (speaks ? ridge_away(l, &l->ridge[k], s) : 0);
    mix(l);
}

void mizo_learner_forecast(mizo_learner *l, const mizo_learn_day *day, double *mean)
{
    prepare(l, day);
    memcpy(mean, l->mixed, (size_t)l->slots * sizeof *mean);
}

void mizo_learner_ahead(mizo_learner *l, const mizo_learn_day *day, int n, double *mean)
{
    mizo_day next = l->next;
    int told = l->told;
    mizo_learner_forecast(l, &day[0], mean);
    for (int k = 1; k < n; k++) { /* what was said stands in for the day, in the ring alone */
        size_t at = (size_t)place(day[k - 1].day) * (size_t)l->slots;
        memcpy(l->y + at, mean + (size_t)(k - 1) * (size_t)l->slots, (size_t)l->slots * sizeof *mean);
        l->kind[place(day[k - 1].day)] = day[k - 1].kind;
        l->next = day[k - 1].day + 1;
        l->told++;
        mizo_learner_forecast(l, &day[k], mean + (size_t)k * (size_t)l->slots);
    }
    l->next = next;
    l->told = told;
    l->ready = MIZO_DAY_NONE;
}

static void remember(mizo_learner *l, const mizo_learn_day *d, const double *actual)
{
    for (; l->told && l->next < d->day; l->next++, l->told++) { /* days left out */
        for (int s = 0; s < l->slots; s++)
            l->y[(size_t)place(l->next) * (size_t)l->slots + (size_t)s] = NAN;
        l->kind[place(l->next)] = -1;
    }
    memcpy(l->y + (size_t)place(d->day) * (size_t)l->slots, actual, (size_t)l->slots * sizeof *actual);
    l->kind[place(d->day)] = d->kind;
    l->next = d->day + 1;
    l->told++;
}

void mizo_learner_learn(mizo_learner *l, const mizo_learn_day *day, const double *actual)
{
    prepare(l, day);
    trust_learn(l, actual);
    for (int k = 0; k < LEARN_RIDGES; k++)
        ridge_learn(l, &l->ridge[k], actual);
    base_learn(l, &l->slow, day->kind, actual);
    base_learn(l, &l->fast, day->kind, actual);
    remember(l, day, actual);
    l->ready = MIZO_DAY_NONE;
}

/* ---- birth ---- */

static bool grow(double **p, size_t n)
{
    *p = calloc(n, sizeof **p);
    return *p != NULL;
}

static bool ridge_new(learn_ridge *r, size_t groups, size_t n)
{
    return grow(&r->gram, groups * n * n) && grow(&r->right, groups * n) && grow(&r->beta, groups * n) &&
           grow(&r->miss, groups) && grow(&r->seen, groups);
}

mizo_learner *mizo_learner_new(const mizo_learn_task *t)
{
    if (t->size < sizeof *t || t->slots < 1 || t->slots > 288 || t->inputs < 0 || t->inputs > LEARN_INPUTS)
        return NULL;
    mizo_learner *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    size_t slots = (size_t)t->slots, n = LEARN_OWN + (size_t)t->inputs;
    *l = (mizo_learner){ .slots = t->slots,
                         .inputs = t->inputs,
                         .n = (int)n,
                         .fit_days = t->fit_days ? t->fit_days : 7,
                         .ready = MIZO_DAY_NONE,
                         .fitted = MIZO_DAY_NONE };
    for (int k = 0; k < MIZO_LEARN_KINDS; k++) { /* there are five working days to each of the others */
        l->slow.keep[k] = keep_of(k ? 6 : 20);
        l->fast.keep[k] = keep_of(k ? 1.5 : 3);
    }
    bool good = grow(&l->y, LEARN_KEEP * slots) && grow(&l->slow.v, MIZO_LEARN_KINDS * slots) &&
                grow(&l->slow.w, MIZO_LEARN_KINDS * slots) && grow(&l->fast.v, MIZO_LEARN_KINDS * slots) &&
                grow(&l->fast.w, MIZO_LEARN_KINDS * slots) && grow(&l->x, slots * n) &&
                grow(&l->usual, slots) && grow(&l->said, LEARN_MEMBERS * slots) && grow(&l->mixed, slots) &&
                grow(&l->work, n * n);
    for (int k = 0; k < LEARN_RIDGES && good; k++) {
        learn_ridge *r = &l->ridge[k];
        int together = memories[k].groups;
        r->groups = together && together < t->slots ? together : t->slots;
        r->keep = keep_of(memories[k].half_life * t->slots / r->groups);
        good = ridge_new(r, (size_t)r->groups, n);
    }
    if (good)
        return l;
    mizo_learner_free(l);
    return NULL;
}

size_t mizo_learner_bytes(const mizo_learner *l)
{
    size_t slots = (size_t)l->slots, n = (size_t)l->n;
    size_t values = (LEARN_KEEP + 4 * MIZO_LEARN_KINDS + n + 2 + LEARN_MEMBERS) * slots + n * n;
    for (int k = 0; k < LEARN_RIDGES; k++)
        values += (size_t)l->ridge[k].groups * (n * n + 2 * n + 2);
    return sizeof *l + values * sizeof(double);
}

void mizo_learner_free(mizo_learner *l)
{
    if (!l)
        return;
    for (int k = 0; k < LEARN_RIDGES; k++) {
        learn_ridge *r = &l->ridge[k];
        double *of[] = { r->gram, r->right, r->beta, r->miss, r->seen };
        for (size_t i = 0; i < sizeof of / sizeof *of; i++)
            free(of[i]);
    }
    double *of[] = { l->y, l->slow.v, l->slow.w, l->fast.v, l->fast.w,
                     l->x, l->usual,  l->said,   l->mixed,  l->work };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        free(of[i]);
    free(l);
}
