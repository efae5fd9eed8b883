/* bands_within.c: the day in hand. What has been missed since midnight says something of what will be missed
 * later: how much is learned, by part of the day and by how far off the later slot is. */
#include <math.h>
#include <string.h>

#include "forecast/bands_inner.h"

#define KEEP        0.985F /* of what is learned, a day */
#define RIDGE       0.05
#define MOST        5.0 /* a wilder miss counts as this many usual ones */
#define SHORT_HOURS 0.7
#define LONG_HOURS  5.0
enum { TOMORROW = BANDS_AHEAD - 1 };

/* Distances, in steps of five minutes: now, one hour, three, seven, fifteen. */
static const int far_of[TOMORROW] = { 0, 12, 36, 84, 180 };

/* What has been missed since midnight: in multiples of the usual, and in the caller's unit. */
typedef struct lately {
    double short_sum, short_unit, short_weight; /* fading within three quarters of an hour */
    double long_unit, long_said, long_weight;   /* within five hours */
    double all, n;
    double soon, late; /* what is left of them after a slot */
} lately;

static double bounded(double multiple)
{
    return multiple > MOST ? MOST : multiple < -MOST ? -MOST : multiple;
}

static lately start(const mizo_bands *b)
{
    return (lately){ .soon = exp2(-24 / (SHORT_HOURS * b->slots)),
                     .late = exp2(-24 / (LONG_HOURS * b->slots)) };
}

static void note(const mizo_bands *b, lately *l, int slot, double said, double multiple)
{
    double soon = l->soon, late = l->late;
    l->short_sum *= soon;
    l->short_unit *= soon;
    l->short_weight *= soon;
    l->long_unit *= late;
    l->long_said *= late;
    l->long_weight *= late;
    if (isnan(multiple))
        return;
    double v = bounded(multiple), unit = v * (double)b->usual[slot];
    l->short_sum += v;
    l->short_unit += unit;
    l->short_weight += 1;
    l->long_unit += unit;
    l->long_said += fabs(said);
    l->long_weight += 1;
    l->all += v;
    l->n += 1;
}

/* As seen from a slot that usually misses `usual`. */
static void recent(const mizo_bands *b, const lately *l, double said, double usual, double x[BANDS_RECENT])
{
    double soon = l->short_weight + 0.1, late = l->long_weight + 0.1;
    x[0] = l->short_sum / soon;
    x[1] = usual > 0 ? bounded(l->short_unit / soon / usual) : 0;
    x[2] = usual > 0 ? bounded(l->long_unit / late / usual) : 0;
    x[4] = usual > 0 && l->long_said > 0 ? bounded(l->long_unit / l->long_said * fabs(said) / usual) : 0;
    x[3] = l->all / (l->n + b->slots / 24.0);
}

static double mean_usual(const mizo_bands *b)
{
    double sum = 0;
    for (int s = 0; s < b->slots; s++)
        sum += (double)b->usual[s];
    return sum / b->slots;
}

static int part_of(const mizo_bands *b, int now)
{
    return now * BANDS_NOWS / (b->slots + 1);
}

static int slots_off(const mizo_bands *b, int k)
{
    return far_of[k] * b->slots / 288;
}

/* ---- learned ---- */

static void solve(const bands_pull *p, double beta[BANDS_RECENT])
{
    double a[BANDS_RECENT][BANDS_RECENT + 1];
    for (int i = 0; i < BANDS_RECENT; i++) {
        for (int j = 0; j < BANDS_RECENT; j++)
            a[i][j] = (double)(j <= i ? p->gram[i * (i + 1) / 2 + j] : p->gram[j * (j + 1) / 2 + i]);
        a[i][i] = a[i][i] * (1 + RIDGE) + 2;
        a[i][BANDS_RECENT] = (double)p->right[i];
    }
    for (int i = 0; i < BANDS_RECENT; i++) /* positive definite: no pivots are needed */
        for (int r = 0; r < BANDS_RECENT; r++) {
            double times = r == i ? 0 : a[r][i] / a[i][i];
            for (int j = i; j <= BANDS_RECENT && r != i; j++)
                a[r][j] -= times * a[i][j];
        }
    for (int i = 0; i < BANDS_RECENT; i++)
        beta[i] = a[i][BANDS_RECENT] / a[i][i];
}

static double pulled(const double beta[BANDS_RECENT], const double x[BANDS_RECENT])
{
    double sum = 0;
    for (int i = 0; i < BANDS_RECENT; i++)
        sum += beta[i] * x[i];
    return sum;
}

static void pull_learn(bands_pull *p, const double beta[BANDS_RECENT], const double x[BANDS_RECENT],
                       double miss)
{
    double v = bounded(miss), left = v - pulled(beta, x);
    for (int i = 0; i < BANDS_RECENT; i++) {
        for (int j = 0; j <= i; j++)
            p->gram[i * (i + 1) / 2 + j] += (float)(x[i] * x[j]);
        p->right[i] += (float)(x[i] * v);
    }
    p->before += (float)fabs(v);
    p->after += (float)fabs(left);
}

static void fade(bands_pull *p)
{
    for (int i = 0; i < BANDS_GRAM; i++)
        p->gram[i] *= KEEP;
    for (int i = 0; i < BANDS_RECENT; i++)
        p->right[i] *= KEEP;
    p->before *= KEEP;
    p->after *= KEEP;
}

void bands_pull_learn(mizo_bands *b, const double *mean, const float *miss)
{
    double beta[BANDS_NOWS][TOMORROW][BANDS_RECENT], x[BANDS_RECENT];
    lately l = start(b);
    for (int p = 0; p < BANDS_NOWS; p++)
        for (int k = 0; k < TOMORROW; k++) {
            solve(&b->pull[p][k], beta[p][k]);
            fade(&b->pull[p][k]);
        }
    for (int now = 1; now < b->slots; now++) {
        note(b, &l, now - 1, mean[now - 1], (double)miss[now - 1]);
        int p = part_of(b, now);
        for (int k = 0, before = -1; k < TOMORROW; k++) {
            int s = now + slots_off(b, k);
            if (s < b->slots && s != before && !isnan(miss[s])) {
                recent(b, &l, mean[s], (double)b->usual[s], x);
                pull_learn(&b->pull[p][k], beta[p][k], x, (double)miss[s]);
            }
            before = s;
        }
    }
}

/* What a day's misses up to the middle of each part, and to its end, say of the next day's mean miss. */
void bands_pull_next(mizo_bands *b, const float *miss)
{
    lately l = start(b);
    double sum = 0, n = 0, x[BANDS_RECENT], beta[BANDS_RECENT];
    for (int s = 0; s < b->slots; s++)
        if (!isnan(miss[s])) {
            sum += bounded((double)miss[s]);
            n++;
        }
    if (n <= 0)
        return;
    for (int now = 1; now <= b->slots; now++) {
        note(b, &l, now - 1, b->level, (double)b->last[now - 1]);
        bands_pull *p = &b->pull[part_of(b, now)][TOMORROW];
        if (now * BANDS_NOWS % b->slots >= BANDS_NOWS)
            continue; /* once a part, at its end */
        recent(b, &l, b->level, mean_usual(b), x);
        solve(p, beta);
        fade(p);
        pull_learn(p, beta, x, sum / n);
    }
}

/* ---- said ---- */

/* The middle moves by `move`; the rest draws together around it. */
static void shift(const mizo_bands *b, double *mean, double *q, double move, double narrow)
{
    double least = b->positive ? 0 : -INFINITY, was = *mean;
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] = fmax(least, was + move + (q[k] - was) * narrow);
    *mean = fmax(q[0], fmin(q[MIZO_QUANTILES - 1], was + move));
}

static double narrowing(const bands_pull *p)
{
    if (!(p->before > 30))
        return 1;
    return fmax(0.2, fmin(1, (double)(p->after / p->before)));
}

/* Distances between those that are learned lie on the line between them. */
static void later_today(const mizo_bands *b, const lately *l, int now, mizo_outlook *io)
{
    double beta[TOMORROW][BANDS_RECENT], narrow[TOMORROW], x[BANDS_RECENT];
    for (int k = 0; k < TOMORROW; k++) {
        solve(&b->pull[part_of(b, now)][k], beta[k]);
        narrow[k] = narrowing(&b->pull[part_of(b, now)][k]);
    }
    for (int s = now, k = 0; s < b->slots && s < io->n; s++) {
        while (k < TOMORROW - 2 && s - now >= slots_off(b, k + 1))
            k++;
        int from = slots_off(b, k), to = slots_off(b, k + 1);
        double part = to > from ? fmax(0, fmin(1, (double)(s - now - from) / (to - from))) : 0;
        recent(b, l, io->mean[s], (double)b->usual[s], x);
        double near = pulled(beta[k], x), next = pulled(beta[k + 1], x);
        if (!isnan(io->mean[s]))
            shift(b, &io->mean[s], io->q + (size_t)s * MIZO_QUANTILES,
                  (near + (next - near) * part) * (double)b->usual[s],
                  narrow[k] + (narrow[k + 1] - narrow[k]) * part);
    }
}

void mizo_bands_within(const mizo_bands *b, const mizo_learn_day *day, const double *happened, int now,
                       mizo_outlook *io)
{
    lately l = start(b);
    double x[BANDS_RECENT], beta[BANDS_RECENT];
    (void)day;
    now = now < b->slots ? now : b->slots;
    for (int s = 0; s < now && s < io->n; s++)
        note(b, &l, s, io->mean[s],
             b->usual_day[s] >= 3 && b->usual[s] > 0 ? (happened[s] - io->mean[s]) / (double)b->usual[s]
                                                     : NAN);
    if (l.n <= 0)
        return;
    later_today(b, &l, now, io);
    recent(b, &l, b->level, mean_usual(b), x);
    const bands_pull *p = &b->pull[part_of(b, now)][TOMORROW];
    solve(p, beta);
    for (int s = b->slots; s < io->n && s < 2 * b->slots; s++)
        if (!isnan(io->mean[s]))
            shift(b, &io->mean[s], io->q + (size_t)s * MIZO_QUANTILES,
                  pulled(beta, x) * (double)b->usual[s - b->slots], 1);
}
