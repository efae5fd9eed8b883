/* po_foresee.c: the load of the campus in the month to come, with what the market files tell of it.
 *
 * A month ahead no day differs from another but by its kind; what sets them apart is the weather, which the set does
 * not tell. The market does: a price, or a demand of the state, that is unusual for its time of day goes with
 * clouds over the campus' roofs and with heat. How strongly is learned on the months before (ridge regression on
 * what was missed in them, each about its own mean), never on the month itself.
 *
 * What is left of those months is dealt out again as paths: how high a day was on the whole, times the shape of
 * such a day, and over that a high quantile of the rest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/dense.h"
#include "town/bench/po_month.h"

enum { WORDS = 3, NEAR = 4, MOST = 2 * WORDS, OPEN = 36, CLOSE = 68, NIGHT = 30, EVENING = 72, DAYS = 40 };
enum { AROUND = 4, WEEKDAYS = 5 };
#define RIDGE 0.02
#define HIGH  0.98 /* the margin is this quantile of what is left, by time of day */

/* A month's working days by quarter of the day. */
typedef struct sheet {
    int ndays;
    int step[DAYS][MONTH_QUARTERS]; /* -1: not in the month, or its clock was changed */
} sheet;

static void sheet_of(const po_month *p, sheet *s)
{
    int last = -1;
    s->ndays = 0;
    memset(s->step, -1, sizeof s->step);
    for (int i = 0; i < p->steps; i++) {
        int weekday = mizo_day_weekday((mizo_day)p->day[i]);
        if (weekday == 0 || weekday == 6)
            continue;
        if (p->day[i] != last && s->ndays < DAYS)
            s->ndays++;
        last = p->day[i];
        s->step[s->ndays - 1][p->quarter[i]] = i;
    }
}

/* How unusual a value is among those of the same quarter of the month's other working days: in standard deviations
 * of all, or by rank, -1..1, where tails are long. */
static void unusual(const sheet *s, const double *v, bool ranked, double out[DAYS][MONTH_QUARTERS])
{
    double square = 0;
    int n = 0;
    for (int q = 0; q < MONTH_QUARTERS; q++) {
        double mean = 0;
        int k = 0;
        for (int d = 0; d < s->ndays; d++)
            if (s->step[d][q] >= 0) {
                mean += v[s->step[d][q]];
                k++;
            }
        for (int d = 0; d < s->ndays; d++) {
            out[d][q] = NAN;
            if (s->step[d][q] < 0)
                continue;
            double x = v[s->step[d][q]], below = 0;
            for (int o = 0; o < s->ndays && ranked; o++)
                if (s->step[o][q] >= 0)
                    below += v[s->step[o][q]] < x ? 1 : v[s->step[o][q]] == x ? 0.5 : 0;
            out[d][q] = ranked ? 2 * below / k - 1 : x - mean / k;
            square += out[d][q] * out[d][q];
            n++;
        }
    }
    double unit = n && square > 0 && !ranked ? sqrt(square / n) : 1;
    for (int d = 0; d < s->ndays; d++)
        for (int q = 0; q < MONTH_QUARTERS; q++)
            out[d][q] /= unit;
}

static double mean_of(const double *v, int from, int to)
{
    double sum = 0;
    int n = 0;
    for (int q = from < 0 ? 0 : from; q < to && q < MONTH_QUARTERS; q++)
        if (!isnan(v[q])) {
            sum += v[q];
            n++;
        }
    return n ? sum / n : 0;
}

/* Unusual now, over the working hours, over the night: clouds move the first, heat all of them, and what moves the
 * state at night too is not the sun. */
static void words_of(const double *v, int q, double x[WORDS])
{
    double early = mean_of(v, 0, NIGHT), late = mean_of(v, EVENING, MONTH_QUARTERS);
    x[0] = mean_of(v, q - NEAR, q + NEAR + 1);
    x[1] = mean_of(v, OPEN, CLOSE);
    x[2] = (early * NIGHT + late * (MONTH_QUARTERS - EVENING)) / (NIGHT + MONTH_QUARTERS - EVENING);
}

typedef struct told {
    sheet s;
    double price[DAYS][MONTH_QUARTERS], state[DAYS][MONTH_QUARTERS];
    int n; /* words used */
} told;

static void told_of(const po_month *p, po_known how, told *t)
{
    sheet_of(p, &t->s);
    unusual(&t->s, p->price, true, t->price);
    unusual(&t->s, p->state, false, t->state);
    t->n = how == PO_STATE ? MOST : how == PO_PRICE ? WORDS : 0;
}

static void words_at(const told *t, int d, int q, double x[MOST])
{
    words_of(t->price[d], q, x);
    words_of(t->state[d], q, x + WORDS);
}

/* What was missed at a quarter of a working day, less what was missed at that quarter on the whole. */
static void missed_of(const po_month *p, const sheet *s, double out[DAYS][MONTH_QUARTERS])
{
    for (int q = 0; q < MONTH_QUARTERS; q++) {
        double mean = 0;
        int k = 0;
        for (int d = 0; d < s->ndays; d++)
            if (s->step[d][q] >= 0) {
                mean += p->used[s->step[d][q]] - p->said[s->step[d][q]];
                k++;
            }
        for (int d = 0; d < s->ndays; d++) {
            int i = s->step[d][q];
            out[d][q] = i < 0 ? NAN : p->used[i] - p->said[i] - mean / k;
        }
    }
}

typedef struct work {
    told t;
    double missed[PO_MONTHS][DAYS][MONTH_QUARTERS]; /* of the months before; NAN: no such quarter */
    double beta[MOST];
    double left[(2 * AROUND + 1) * PO_MONTHS * DAYS];
} work;

/* How strongly the words went with what was missed in the months before; then what they leave of it. */
static void learn(const po_months *m, po_known how, work *w)
{
    double gram[MOST * MOST] = { 0 }, right[MOST] = { 0 }, room[MOST * MOST], x[MOST];
    for (int k = 1; k < m->n; k++) {
        told_of(&m->month[k], how, &w->t);
        missed_of(&m->month[k], &w->t.s, w->missed[k]);
        for (int d = 0; d < w->t.s.ndays && w->t.n; d++)
            for (int q = OPEN; q < CLOSE; q++)
                if (!isnan(w->missed[k][d][q])) {
                    words_at(&w->t, d, q, x);
                    dense_learn(gram, right, x, w->missed[k][d][q], 1, 1, w->t.n);
                }
    }
    if (m->n < 2 || !w->t.n)
        return;
    dense_ridge(gram, right, RIDGE, w->t.n, room, w->beta);
    for (int k = 1; k < m->n; k++) {
        told_of(&m->month[k], how, &w->t);
        for (int d = 0; d < w->t.s.ndays; d++)
            for (int q = 0; q < MONTH_QUARTERS; q++) {
                words_at(&w->t, d, q, x);
                w->missed[k][d][q] -= dense_dot(x, w->beta, w->t.n);
            }
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A high quantile of what is left around a quarter of the day. */
static double margin_at(const po_months *m, work *w, int q)
{
    int n = 0;
    for (int k = 1; k < m->n; k++)
        for (int d = 0; d < DAYS; d++)
            for (int z = q - AROUND; z <= q + AROUND; z++)
                if (z >= 0 && z < MONTH_QUARTERS && !isnan(w->missed[k][d][z]))
                    w->left[n++] = w->missed[k][d][z];
    if (!n)
        return 0;
    qsort(w->left, (size_t)n, sizeof *w->left, by_size);
    return w->left[(int)(HIGH * (n - 1))];
}

/* Mean over the working hours of what was left of a day. */
static double level_of(const double v[MONTH_QUARTERS])
{
    return mean_of(v, OPEN, CLOSE);
}

typedef struct spread {
    int n;
    double level[PO_MONTHS * DAYS]; /* of the days of the months before, rising */
    double shape[MONTH_QUARTERS];   /* kW at a quarter for a kW of the day's level */
    double rest[MONTH_QUARTERS];    /* a high quantile of what that leaves */
} spread;

static void spread_of(const po_months *m, work *w, spread *s)
{
    double over[MONTH_QUARTERS] = { 0 }, under = 0;
    memset(s, 0, sizeof *s);
    for (int k = 1; k < m->n; k++)
        for (int d = 0; d < DAYS; d++) {
            if (isnan(w->missed[k][d][OPEN]))
                continue;
            double level = level_of(w->missed[k][d]);
            s->level[s->n++] = level;
            under += level * level;
            for (int q = 0; q < MONTH_QUARTERS; q++)
                over[q] += level * mean_of(w->missed[k][d], q - AROUND, q + AROUND + 1);
        }
    for (int q = 0; q < MONTH_QUARTERS; q++)
        s->shape[q] = under > 0 ? over[q] / under : 0;
    for (int k = 1; k < m->n; k++)
        for (int d = 0; d < DAYS; d++) {
            double level = level_of(w->missed[k][d]);
            for (int q = 0; q < MONTH_QUARTERS; q++)
                w->missed[k][d][q] -= level * s->shape[q];
        }
    for (int q = 0; q < MONTH_QUARTERS; q++)
        s->rest[q] = margin_at(m, w, q);
    qsort(s->level, (size_t)s->n, sizeof *s->level, by_size);
}

/* splitmix64: Steele, Lea and Flood, OOPSLA 2014. */
static uint64_t mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Fisher and Yates. */
static void shuffle(int *v, int n, uint64_t *state)
{
    for (int i = n - 1; i > 0; i--) {
        int j = (int)(mix(state) % (uint64_t)(i + 1)), t = v[i];
        v[i] = v[j];
        v[j] = t;
    }
}

/* Levels of the days of a path. Every weekday gets one of the highest levels, one of the next, and so on, and in
 * another order of weeks on every path: nothing is known that sets one Monday apart from a Tuesday, and chance
 * should not seem to. */
static void deal(const spread *s, int ndays, uint64_t *state, double level[DAYS])
{
    int rank[DAYS], turn[DAYS], groups = (ndays + WEEKDAYS - 1) / WEEKDAYS;
    for (int i = 0; i < ndays; i++)
        rank[i] = i;
    for (int g = 0; g < ndays; g += WEEKDAYS)
        shuffle(rank + g, ndays - g < WEEKDAYS ? ndays - g : WEEKDAYS, state);
    for (int j = 0; j < WEEKDAYS; j++) {
        for (int g = 0; g < groups; g++)
            turn[g] = g;
        shuffle(turn, groups, state);
        for (int g = 0; g < groups; g++) {
            int day = WEEKDAYS * turn[g] + j, at = WEEKDAYS * g + j;
            if (day < ndays && at < ndays && s->n)
                level[day] = s->level[(int)((rank[at] + 0.5) * s->n / ndays)];
        }
    }
}

static void path_of(const po_month *p, work *w, const spread *s, int npath, int k, uint64_t *state,
                    double *base)
{
    double level[DAYS] = { 0 }, x[MOST];
    deal(s, w->t.s.ndays, state, level);
    for (int i = 0; i < p->steps; i++)
        base[(size_t)i * (size_t)npath + (size_t)k] = p->said[i];
    for (int d = 0; d < w->t.s.ndays; d++)
        for (int q = 0; q < MONTH_QUARTERS; q++) {
            int i = w->t.s.step[d][q];
            if (i < 0)
                continue;
            words_at(&w->t, d, q, x);
            base[(size_t)i * (size_t)npath + (size_t)k] +=
                dense_dot(x, w->beta, w->t.n) + level[d] * s->shape[q] + s->rest[q];
        }
}

mizo_err po_foresee(const po_months *m, po_known how, int npath, double *base)
{
    work *w = calloc(1, sizeof *w);
    spread *s = calloc(1, sizeof *s);
    if (w && s) {
        for (int k = 0; k < PO_MONTHS; k++)
            for (int d = 0; d < DAYS; d++)
                for (int q = 0; q < MONTH_QUARTERS; q++)
                    w->missed[k][d][q] = NAN;
        learn(m, how, w);
        spread_of(m, w, s);
        told_of(&m->month[0], how, &w->t);
        uint64_t state = 1;
        for (int k = 0; k < npath; k++)
            path_of(&m->month[0], w, s, npath, k, &state, base);
    }
    mizo_err e = w && s ? MIZO_OK : MIZO_ENOMEM;
    free(w);
    free(s);
    return e;
}
