/* learn_ridge.c: recursive ridge regressions, one of each group of slots, all groups side by side.
 *
 * Hoerl & Kennard 1970 (ridge); Golub & Van Loan, Matrix Computations, 4.2 (Cholesky, by outer products). */
#include <math.h>
#include <string.h>

#include "forecast/learn_inner.h"

#define RIDGE 0.005F /* of each column's own size: units do not matter */
#define TINY  1e-30F

static size_t pair_of(int i, int j)
{
    return (size_t)i * (size_t)(i + 1) / 2 + (size_t)j;
}

/* First of `of` neighbours that fall into group g of `groups`. */
static int start(int of, int groups, int g)
{
    return (g * of + groups - 1) / groups;
}

/* ---- told ---- */

/* The k-th slots of all groups side by side, for every k: sums over a group are then sums of whole rows. */
static void by_groups(const mizo_learner *l, const float *restrict row, float *restrict to)
{
    int each = l->slots / l->groups;
    for (int k = 0; k < each; k++)
        for (int g = 0; g < l->groups; g++)
            to[k * l->groups + g] = row[g * each + k];
}

/* sum[group] = the sum of a * b over the slots of the group. */
static void gather(const mizo_learner *l, const float *restrict a, const float *restrict b,
                   float *restrict sum)
{
    int n = l->groups;
    for (int g = 0; g < n; g++)
        sum[g] = a[g] * b[g];
    for (int from = n; from < l->slots; from += n)
        for (int g = 0; g < n; g++)
            sum[g] += a[from + g] * b[from + g];
}

/* to[group] = keep * to[group] + sum[group]. */
static void fade(float keep, const float *restrict sum, int groups, float *restrict to)
{
    for (int g = 0; g < groups; g++)
        to[g] = keep * to[g] + sum[g];
}

static const float *columns_by_groups(mizo_learner *l)
{
    if (l->groups == l->slots)
        return l->x;
    for (int i = 0; i < l->n; i++)
        by_groups(l, l->x + (size_t)i * (size_t)l->slots, l->work + (size_t)i * (size_t)l->slots);
    return l->work;
}

void learn_ridges_tell(mizo_learner *l, const float *y, const float *w)
{
    float wx[LEARN_SLOTS], sum[LEARN_SLOTS], gy[LEARN_SLOTS], gw[LEARN_SLOTS];
    const float *x = columns_by_groups(l);
    size_t slots = (size_t)l->slots, groups = (size_t)l->groups;
    const learn_sums *end = l->sums + l->recipe->memories;
    by_groups(l, y, gy);
    by_groups(l, w, gw);
    for (int i = 0; i < l->n; i++) {
        for (size_t s = 0; s < slots; s++)
            wx[s] = gw[s] * x[(size_t)i * slots + s];
        for (int j = 0; j <= i; j++) {
            gather(l, wx, x + (size_t)j * slots, sum);
            for (const learn_sums *m = l->sums; m < end; m++)
                fade(m->keep, sum, l->groups, m->gram + pair_of(i, j) * groups);
        }
        gather(l, wx, gy, sum);
        for (const learn_sums *m = l->sums; m < end; m++)
            fade(m->keep, sum, l->groups, m->right + (size_t)i * groups);
    }
}

/* ---- fitted ---- */

/* The rows of sums, of the groups of a regression from `from` on, into lanes; a lane without a group is 0. */
static void load(const learn_ridge *r, int had, int from, size_t rows, const float *of, float *to)
{
    int n = r->groups - from < LEARN_LANES ? r->groups - from : LEARN_LANES;
    memset(to, 0, rows * LEARN_LANES * sizeof *to);
    for (int q = 0; q < n; q++) {
        int first = start(had, r->groups, from + q), end = start(had, r->groups, from + q + 1);
        for (size_t k = 0; k < rows; k++)
            for (int g = first; g < end; g++)
                to[k * LEARN_LANES + (size_t)q] += of[k * (size_t)had + (size_t)g];
    }
}

/* What is left of a diagonal is never less than its penalty, but for rounding. */
static void factor(float *a, int n)
{
    for (int i = 0; i < n; i++) {
        float *d = a + pair_of(i, i) * LEARN_LANES;
        for (int q = 0; q < LEARN_LANES; q++)
            d[q] = d[q] * (1 + RIDGE) + TINY;
    }
    for (int i = 0; i < n; i++) {
        float *d = a + pair_of(i, i) * LEARN_LANES, penalty[LEARN_LANES];
        for (int q = 0; q < LEARN_LANES; q++)
            penalty[q] = 0.5F * RIDGE / (1 + RIDGE) * d[q];
        for (int j = 0; j < i; j++) {
            float *restrict aij = a + pair_of(i, j) * LEARN_LANES;
            for (int k = 0; k < j; k++) {
                const float *aik = a + pair_of(i, k) * LEARN_LANES, *ajk = a + pair_of(j, k) * LEARN_LANES;
                for (int q = 0; q < LEARN_LANES; q++)
                    aij[q] -= aik[q] * ajk[q];
            }
            const float *ajj = a + pair_of(j, j) * LEARN_LANES; /* 1 / L[j][j] */
            for (int q = 0; q < LEARN_LANES; q++) {
                aij[q] *= ajj[q];
                d[q] -= aij[q] * aij[q];
            }
        }
        for (int q = 0; q < LEARN_LANES; q++)
            d[q] = 1 / sqrtf(d[q] > penalty[q] ? d[q] : penalty[q] + TINY);
    }
}

static void solve(const float *a, int n, float *b)
{
    for (int i = 0; i < n; i++) {
        float *restrict bi = b + (size_t)i * LEARN_LANES;
        for (int j = 0; j < i; j++)
            for (int q = 0; q < LEARN_LANES; q++)
                bi[q] -= a[pair_of(i, j) * LEARN_LANES + (size_t)q] * b[j * LEARN_LANES + q];
        for (int q = 0; q < LEARN_LANES; q++)
            bi[q] *= a[pair_of(i, i) * LEARN_LANES + (size_t)q];
    }
    for (int i = n - 1; i >= 0; i--) {
        const float *row = a + pair_of(i, 0) * LEARN_LANES;
        float *restrict bi = b + (size_t)i * LEARN_LANES;
        for (int q = 0; q < LEARN_LANES; q++)
            bi[q] *= row[i * LEARN_LANES + q];
        for (int j = 0; j < i; j++)
            for (int q = 0; q < LEARN_LANES; q++)
                b[j * LEARN_LANES + q] -= row[j * LEARN_LANES + q] * bi[q];
    }
}

/* Every slot of a group gets the group's numbers. */
static void spread(const mizo_learner *l, learn_ridge *r, int from, const float *b)
{
    for (int q = 0; q < LEARN_LANES && from + q < r->groups; q++)
        for (int s = start(l->slots, r->groups, from + q); s < start(l->slots, r->groups, from + q + 1); s++)
            for (int i = 0; i < l->n; i++)
                r->beta[i * l->slots + s] = b[i * LEARN_LANES + q];
}

void learn_ridges_fit(mizo_learner *l)
{
    size_t pairs = pair_of(l->n, 0);
    float *a = l->work, *b = l->work + pairs * LEARN_LANES;
    for (int k = 0; k < l->recipe->views; k++) {
        learn_ridge *r = &l->ridge[k];
        for (int from = 0; from < r->groups; from += LEARN_LANES) {
            load(r, l->groups, from, pairs, r->sums->gram, a);
            load(r, l->groups, from, (size_t)l->n, r->sums->right, b);
            factor(a, l->n);
            solve(a, l->n, b);
            spread(l, r, from, b);
        }
    }
}

/* ---- asked ---- */

void learn_ridges_say(mizo_learner *l, const float *usual)
{
    size_t slots = (size_t)l->slots;
    for (int k = 0; k < l->recipe->views; k++) {
        float *restrict out = l->said + (size_t)(l->recipe->plains + k) * slots;
        memcpy(out, usual, slots * sizeof *out);
        for (size_t i = 0; i < (size_t)l->n && l->fitted != MIZO_DAY_NONE; i++) {
            const float *restrict beta = l->ridge[k].beta + i * slots, *restrict x = l->x + i * slots;
            for (size_t s = 0; s < slots; s++)
                out[s] += beta[s] * x[s];
        }
    }
}
