/* reconcile.c: forecasts of sites and of their town that add up: weighted least squares (Wickramasuriya,
 * Athanasopoulos and Hyndman, Journal of the American Statistical Association 114, 2019).
 *
 * With misses of variance v[k] of the sites and t of the town, each on its own, the sums that lie nearest to
 * all forecasts give site k the share v[k] / (t + sum of v) of what the town says beyond its sites. Misses of
 * sites are not on their own: the heat wave is everybody's. So the town's part t is better taken from what the
 * two sums missed in the past (mizo_blend); the sites' parts stay v[k]. */
#include <math.h>

#include "mizo/scenario.h"

/* ---- how much of a difference was true ---- */

#define BLEND_KEEP 0.98 /* a day */
#define BLEND_ALL  0.25 /* what the other parts of the day say, to what a part says */
#define BLEND_WAIT 3.0  /* days before it trusts what it saw as much as its first guess */

static int part_of(int slot, int slots)
{
    return slot * MIZO_BLEND_PARTS / slots;
}

/* What each share would have missed. */
void mizo_blend_learn(mizo_blend *b, int slots, const double *town, const double *sum, const double *actual)
{
    for (int p = 0; p < MIZO_BLEND_PARTS; p++) {
        double missed[MIZO_BLEND_SHARES] = { 0 };
        int n = 0;
        for (int s = 0; s < slots; s++)
            if (part_of(s, slots) == p && !isnan(town[s] + sum[s] + actual[s])) {
                for (int k = 0; k < MIZO_BLEND_SHARES; k++)
                    missed[k] += fabs(actual[s] - sum[s] - k * (town[s] - sum[s]) / (MIZO_BLEND_SHARES - 1));
                n++;
            }
        for (int k = 0; k < MIZO_BLEND_SHARES && n; k++)
            b->missed[p][k] = BLEND_KEEP * b->missed[p][k] + missed[k] / n;
        b->days[p] = n ? BLEND_KEEP * b->days[p] + 1 : b->days[p];
    }
}

/* The sum over the day's parts of what a share missed: what a part says of itself, and all say together. */
static double missed(const mizo_blend *b, int part, int share)
{
    double all = 0;
    for (int p = 0; p < MIZO_BLEND_PARTS; p++)
        all += b->missed[p][share];
    return b->missed[part][share] + BLEND_ALL * all;
}

double mizo_blend_share(const mizo_blend *b, int slot, int slots)
{
    int p = part_of(slot, slots), best = 0;
    for (int k = 1; k < MIZO_BLEND_SHARES; k++)
        if (missed(b, p, k) < missed(b, p, best))
            best = k;
    double trust = b->days[p] / (b->days[p] + BLEND_WAIT);
    return trust * best / (MIZO_BLEND_SHARES - 1) + (1 - trust) * 0.5;
}

/* ---- sums ---- */

static double variance(const mizo_reconcile *r, size_t site, int i)
{
    double sd = r->site_sd[site * (size_t)r->town->n + (size_t)i];
    return isnan(r->site[site].mean[i]) || !(sd > 0) ? 0 : sd * sd;
}

/* Moves slot i of an outlook; what was not below 0 does not come below it. Returns by how much it moved. */
static double move(mizo_outlook *o, int i, double by)
{
    double *q = o->q + (size_t)i * MIZO_QUANTILES, was = o->mean[i];
    double least = q[0] >= 0 && was >= 0 ? 0 : -INFINITY;
    o->mean[i] = fmax(least, was + by);
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] = fmax(least, q[k] + by);
    return o->mean[i] - was;
}

/* Moves the sites by `by` in all, each by its part of the variances; a site that has come to 0 gives no more,
 * and the others take its part over. */
static void share_out(const mizo_reconcile *r, int i, double by, double sum)
{
    for (int round = 0; round < 8 && fabs(by) > 1e-9 * (1 + fabs(sum)); round++) {
        double all = 0, done = 0;
        for (size_t k = 0; k < r->nsite; k++)
            all += by < 0 && r->site[k].mean[i] == 0 ? 0 : variance(r, k, i);
        if (!(all > 0))
            return;
        for (size_t k = 0; k < r->nsite; k++)
            if (variance(r, k, i) > 0 && !(by < 0 && r->site[k].mean[i] == 0))
                done += move(&r->site[k], i, by * variance(r, k, i) / all);
        by -= done;
    }
}

static double sum_of(const mizo_reconcile *r, int i)
{
    double sum = 0;
    for (size_t k = 0; k < r->nsite; k++)
        sum += isnan(r->site[k].mean[i]) ? 0 : r->site[k].mean[i];
    return sum;
}

static double own_share(const mizo_reconcile *r, int i)
{
    double own = r->town_sd ? r->town_sd[i] * r->town_sd[i] : NAN, all = 0;
    for (size_t k = 0; k < r->nsite; k++)
        all += variance(r, k, i);
    return own + all > 0 ? all / (own + all) : 0;
}

void mizo_reconcile_sum(const mizo_reconcile *r)
{
    for (int i = 0; i < r->town->n; i++) {
        double sum = sum_of(r, i), gap = r->town->mean[i] - sum;
        double share = r->share ? r->share[i] : own_share(r, i);
        if (!isnan(gap) && share > 0)
            share_out(r, i, share * gap, sum);
        sum = sum_of(r, i);
        if (isnan(r->town->mean[i]))
            r->town->mean[i] = sum;
        else
            move(r->town, i, sum - r->town->mean[i]);
        r->town->mean[i] = sum;
    }
}

/* ---- whole numbers ---- */

/* What v lies above the whole number below it, as 32 bits. */
static uint32_t rest_of(double v)
{
    return (uint32_t)fmin(4294967295.0, (v - floor(v)) * 4294967296.0);
}

/* The greatest limit that at least `want` rests reach. */
static uint32_t limit_for(const double *v, size_t n, size_t want)
{
    uint32_t limit = 0;
    for (int bit = 31; bit >= 0; bit--) {
        uint32_t higher = limit | (uint32_t)1 << bit;
        size_t count = 0;
        for (size_t k = 0; k < n; k++)
            count += !isnan(v[k]) && rest_of(v[k]) >= higher;
        if (count >= want)
            limit = higher;
    }
    return limit;
}

int64_t mizo_round_parts(const double *v, size_t n, int64_t *out)
{
    double sum = 0;
    int64_t whole = 0;
    for (size_t k = 0; k < n; k++) {
        out[k] = isnan(v[k]) ? 0 : (int64_t)floor(v[k]);
        sum += isnan(v[k]) ? 0 : v[k] - floor(v[k]);
        whole += out[k];
    }
    size_t up = (size_t)floor(sum + 0.5), above = 0;
    if (up == 0)
        return whole;
    uint32_t limit = limit_for(v, n, up);
    for (size_t k = 0; k < n; k++)
        above += !isnan(v[k]) && rest_of(v[k]) > limit;
    size_t at = up > above ? up - above : 0; /* of those at the limit, the first ones */
    for (size_t k = 0; k < n; k++) {
        bool over = !isnan(v[k]) && rest_of(v[k]) > limit;
        if (!isnan(v[k]) && rest_of(v[k]) == limit && at > 0) {
            over = true;
            at--;
        }
        out[k] += over;
    }
    return whole + (int64_t)up;
}
