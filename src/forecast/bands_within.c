/* bands_within.c: the day in hand. What has been missed since midnight says something of what will be missed
 * later: how much is learned, by part of the day and by how far off the later slot is. */
#include <math.h>
#include <string.h>

#include "forecast/bands_inner.h"

#define KEEP  0.985F /* of what is learned, a day */
#define RIDGE 0.05   /* of a recent miss's own size: what is not seen often is believed less */
#define MOST  4.0F   /* a wilder miss counts as this many usual ones */
enum { TOMORROW = BANDS_AHEAD - 1 };

/* Distances in twelfths of an hour: 5 minutes ... 16 hours. */
static const int far_of[TOMORROW] = { 0, 6, 12, 24, 48, 72, 108, 144, 192 };

typedef struct lately {
    double sum[2], weight[2]; /* fading within an hour, within five */
    double all, n;
} lately;

static void note(const mizo_bands *b, lately *l, double miss)
{
    static const double fade_hours[2] = { 0.7, 5 };
    double v = fmax(-(double)MOST, fmin((double)MOST, miss));
    for (int k = 0; k < 2; k++) {
        double keep = exp2(-24 / (fade_hours[k] * b->slots));
        l->sum[k] *= keep;
        l->weight[k] *= keep;
        if (!isnan(miss)) {
            l->sum[k] += v;
            l->weight[k] += 1;
        }
    }
    if (!isnan(miss)) {
        l->all += v;
        l->n += 1;
    }
}

static void recent(const mizo_bands *b, const lately *l, double x[BANDS_RECENT])
{
    for (int k = 0; k < 2; k++)
        x[k] = l->weight[k] > 0 ? l->sum[k] / (l->weight[k] + 0.1) : 0;
    x[2] = l->all / (l->n + b->slots / 24.0);
}

static int part_of(const mizo_bands *b, int now)
{
    return now * BANDS_PARTS / (b->slots + 1);
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
            a[i][j] = (double)p->gram[i][j];
        a[i][i] = a[i][i] * (1 + RIDGE) + 2;
        a[i][BANDS_RECENT] = (double)p->right[i];
    }
    for (int i = 0; i < BANDS_RECENT; i++) /* positive definite: no pivots are needed */
        for (int r = 0; r < BANDS_RECENT; r++)
            for (int j = BANDS_RECENT; j >= i && r != i; j--)
                a[r][j] -= a[r][i] / a[i][i] * a[i][j];
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
    double v = fmax(-(double)MOST, fmin((double)MOST, miss)), left = v - pulled(beta, x);
    for (int i = 0; i < BANDS_RECENT; i++) {
        for (int j = 0; j < BANDS_RECENT; j++)
            p->gram[i][j] += (float)(x[i] * x[j]);
        p->right[i] += (float)(x[i] * v);
    }
    p->before += (float)fabs(v);
    p->after += (float)fabs(left);
}

static void fade(bands_pull *p)
{
    for (int i = 0; i < BANDS_RECENT; i++) {
        for (int j = 0; j < BANDS_RECENT; j++)
            p->gram[i][j] *= KEEP;
        p->right[i] *= KEEP;
    }
    p->before *= KEEP;
    p->after *= KEEP;
}

void bands_pull_learn(mizo_bands *b, const float *miss)
{
    double beta[BANDS_PARTS][TOMORROW][BANDS_RECENT], x[BANDS_RECENT];
    lately l = { .n = 0 };
    for (int p = 0; p < BANDS_PARTS; p++)
        for (int k = 0; k < TOMORROW; k++) {
            solve(&b->pull[p][k], beta[p][k]);
            fade(&b->pull[p][k]);
        }
    for (int now = 1; now < b->slots; now++) {
        note(b, &l, (double)miss[now - 1]);
        recent(b, &l, x);
        int p = part_of(b, now);
        for (int k = 0, before = -1; k < TOMORROW; k++) {
            int s = now + slots_off(b, k);
            if (s < b->slots && s != before && !isnan(miss[s]))
                pull_learn(&b->pull[p][k], beta[p][k], x, (double)miss[s]);
            before = s;
        }
    }
}

/* What a day's misses up to the middle of each part, and to its end, say of the next day's mean miss. */
void bands_pull_next(mizo_bands *b, const float *miss)
{
    lately l = { .n = 0 };
    double sum = 0, n = 0, x[BANDS_RECENT], beta[BANDS_RECENT];
    for (int s = 0; s < b->slots; s++)
        if (!isnan(miss[s])) {
            sum += fmax(-(double)MOST, fmin((double)MOST, (double)miss[s]));
            n++;
        }
    if (n <= 0)
        return;
    for (int now = 1; now <= b->slots; now++) {
        note(b, &l, (double)b->last[now - 1]);
        bands_pull *p = &b->pull[part_of(b, now)][TOMORROW];
        if (now * BANDS_PARTS % b->slots >= BANDS_PARTS)
            continue; /* once a part, at its end */
        recent(b, &l, x);
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
static void later_today(const mizo_bands *b, const double x[BANDS_RECENT], int now, mizo_outlook *io)
{
    double move[TOMORROW], narrow[TOMORROW], beta[BANDS_RECENT];
    for (int k = 0; k < TOMORROW; k++) {
        const bands_pull *p = &b->pull[part_of(b, now)][k];
        solve(p, beta);
        move[k] = pulled(beta, x);
        narrow[k] = narrowing(p);
    }
    for (int s = now, k = 0; s < b->slots && s < io->n; s++) {
        while (k < TOMORROW - 2 && s - now >= slots_off(b, k + 1))
            k++;
        int from = slots_off(b, k), to = slots_off(b, k + 1);
        double part = to > from ? fmax(0, fmin(1, (double)(s - now - from) / (to - from))) : 0;
        double by = move[k] + (move[k + 1] - move[k]) * part;
        if (!isnan(io->mean[s]))
            shift(b, &io->mean[s], io->q + (size_t)s * MIZO_QUANTILES, by * (double)b->usual[s],
                  narrow[k] + (narrow[k + 1] - narrow[k]) * part);
    }
}

void mizo_bands_within(const mizo_bands *b, const mizo_learn_day *day, const double *happened, int now,
                       mizo_outlook *io)
{
    lately l = { .n = 0 };
    double x[BANDS_RECENT], beta[BANDS_RECENT];
    (void)day;
    now = now < b->slots ? now : b->slots;
    for (int s = 0; s < now && s < io->n; s++)
        note(b, &l,
             b->usual_day[s] >= 3 && b->usual[s] > 0 ? (happened[s] - io->mean[s]) / (double)b->usual[s]
                                                     : NAN);
    if (l.n <= 0)
        return;
    recent(b, &l, x);
    later_today(b, x, now, io);
    const bands_pull *p = &b->pull[part_of(b, now)][TOMORROW];
    solve(p, beta);
    for (int s = b->slots; s < io->n && s < 2 * b->slots; s++)
        if (!isnan(io->mean[s]))
            shift(b, &io->mean[s], io->q + (size_t)s * MIZO_QUANTILES,
                  pulled(beta, x) * (double)b->usual[s - b->slots], 1);
}
