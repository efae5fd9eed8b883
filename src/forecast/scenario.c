/* scenario.c: what may happen to many sites at once: the Schaake shuffle (Clark, Gangopadhyay, Hay, Rajagopalan
 * and Wilby, Journal of Hydrometeorology 5, 2004).
 *
 * A path follows one stretch of the past. In every slot the npath stretches are put in the order of the ranks
 * that a site had in them, and the k-th of them gets the site's quantile (k + 0.5) / npath. So each site keeps
 * its own distribution exactly, and sites and slots move together as they did. */
#include <math.h>
#include <string.h>

#include "mizo/number.h"
#include "mizo/scenario.h"

enum { LENDERS = 16 }; /* sites that are asked for a rank in place of one without a past */
enum { BLOCK = 8 };    /* slots summed at a time */
enum { FINE = 510 };   /* steps of a rank that leans */

/* The stretch of the past that a path follows. */
typedef struct stretch {
    int age;   /* of its first day */
    int shift; /* slots, within each day */
} stretch;

/* Where (k + 0.5) / npath lies among the levels: between q[at] and q[at + 1], or beyond the outer ones. */
typedef struct level {
    int at;
    double share;
} level;

typedef struct shuffle {
    const mizo_scenarios *s;
    stretch of[MIZO_PATHS];
    level level[MIZO_PATHS];
} shuffle;

/* Trapezoids between the levels. A tail's mean is taken BEYOND of the last step away from the outer level: what
 * made the sums of 67 homes and of 59 buildings come out right (an exponential tail, 1 / ln 2, makes them swing
 * with every wide day). */
#define BEYOND 0.7

double mizo_outlook_expected(const double *q)
{
    const int last = MIZO_QUANTILES - 1;
    double low = q[0] - BEYOND * (q[1] - q[0]), high = q[last] + BEYOND * (q[last] - q[last - 1]);
    double sum = mizo_quantile[0] * (q[0] >= 0 ? fmax(0, low) : low) + (1 - mizo_quantile[last]) * high;
    for (int k = 0; k < last; k++)
        sum += (mizo_quantile[k + 1] - mizo_quantile[k]) * (q[k] + q[k + 1]) / 2;
    return sum;
}

/* ---- which past ---- */

/* An hour later, an hour earlier, two later ...: never half a day, where the town is another. */
static int moved(int copy, int slots)
{
    int hour = slots / 24 > 0 ? slots / 24 : 1, most = slots / 4 > 0 ? slots / 4 : 1;
    int by = (copy + 1) / 2 * hour % (most + 1);
    return copy % 2 ? by : -by;
}

/* Stretches that do not run past the last day that was learned, in an order that the seed gives. */
static void choose(shuffle *h)
{
    const mizo_scenarios *s = h->s;
    int days = (s->n + s->slots - 1) / s->slots, first = s->ages >= days ? days - 1 : 0;
    int count = s->ages - first, order[MIZO_RANKS];
    for (int i = 0; i < count; i++)
        order[i] = first + i;
    for (int i = count - 1; i > 0; i--) {
        int k = (int)(mizo_mix64(s->seed + (uint64_t)i) % (uint64_t)(i + 1)), x = order[i];
        order[i] = order[k];
        order[k] = x;
    }
    for (int p = 0; p < s->npath; p++)
        h->of[p] = count ? (stretch){ order[p % count], moved(p / count, s->slots) } : (stretch){ 0, 0 };
}

/* Beyond the outer levels the tail is exponential: 0.95 lies as far from 0.9 as 0.975 from 0.95. */
static void place(shuffle *h)
{
    const double *l = mizo_quantile;
    const int last = MIZO_QUANTILES - 1;
    for (int k = 0, at = 0; k < h->s->npath; k++) {
        double u = (k + 0.5) / h->s->npath;
        while (at < last - 1 && u > l[at + 1])
            at++;
        double share = (u - l[at]) / (l[at + 1] - l[at]);
        if (u < l[0])
            share = -log(l[0] / u) / log(l[1] / l[0]);
        else if (u > l[last])
            share = 1 + log((1 - l[last]) / (1 - u)) / log((1 - l[last - 1]) / (1 - l[last]));
        h->level[k] = (level){ at, share };
    }
}

static bool sound(const mizo_scenarios *s)
{
    return s->n > 0 && s->slots > 0 && s->npath > 0 && s->npath <= MIZO_PATHS && s->ages >= 0 &&
           s->ages <= MIZO_RANKS && (s->ages == 0 || s->rank);
}

static mizo_err begin(shuffle *h, const mizo_scenarios *s)
{
    if (!sound(s))
        return MIZO_ERANGE;
    h->s = s;
    choose(h);
    place(h);
    return MIZO_OK;
}

/* ---- one site ---- */

static int age_of(const mizo_scenarios *s, const stretch *w, int i)
{
    return ((w->age - i / s->slots) % s->ages + s->ages) % s->ages;
}

static int slot_of(const mizo_scenarios *s, const stretch *w, int i)
{
    return ((i % s->slots + w->shift) % s->slots + s->slots) % s->slots;
}

/* The site's rank in slot i of a stretch; one that has none takes that of the same other site all along. */
static uint8_t rank_at(const mizo_scenarios *s, size_t site, const stretch *w, int i)
{
    if (s->ages == 0)
        return MIZO_RANK_UNKNOWN;
    int age = age_of(s, w, i), slot = slot_of(s, w, i);
    uint8_t r = s->rank(s->arg, site, age, slot);
    size_t from = (size_t)(mizo_mix64(s->seed ^ (site << 16) ^ (uint64_t)w->age) % s->nsite);
    for (size_t k = 0; r == MIZO_RANK_UNKNOWN && k < LENDERS && k < s->nsite; k++)
        r = s->rank(s->arg, (from + k) % s->nsite, age, slot);
    return r;
}

/* The site's rank, leaning on the town's, 0..FINE. */
static uint16_t leaning(const mizo_scenarios *s, const stretch *w, int i, uint8_t own)
{
    double lean = s->town_rank && s->ages ? s->common : 0;
    uint8_t town = lean > 0 ? s->town_rank(s->arg, age_of(s, w, i), slot_of(s, w, i)) : own;
    if (town == MIZO_RANK_UNKNOWN)
        town = own;
    return (uint16_t)((own + lean * town) / (1 + lean) * (FINE / 255.0) + 0.5);
}

/* Paths that stand at the same rank come in an order of the site's own: two sites are not tied by it. */
static void order_of(const mizo_scenarios *s, size_t site, uint8_t *order)
{
    for (int p = 0; p < s->npath; p++)
        order[p] = (uint8_t)p;
    for (int p = s->npath - 1; p > 0; p--) {
        uint64_t z = mizo_mix64(s->seed ^ 0x9e3779b97f4a7c15u ^ (site << 9) ^ (uint64_t)p);
        int k = (int)(z % (uint64_t)(p + 1));
        uint8_t x = order[p];
        order[p] = order[k];
        order[k] = x;
    }
}

/* sorted[k] is the path of the k-th lowest rank: a counting sort. */
static void sort(const uint16_t *rank, const uint8_t *order, int npath, uint8_t *sorted)
{
    int from[FINE + 2] = { 0 };
    for (int p = 0; p < npath; p++)
        from[rank[p] + 1]++;
    for (int r = 1; r <= FINE; r++)
        from[r] += from[r - 1];
    for (int k = 0; k < npath; k++)
        sorted[from[rank[order[k]]]++] = order[k];
}

static double value(const double *q, const level *l)
{
    double v = q[l->at] + l->share * (q[l->at + 1] - q[l->at]);
    return q[0] >= 0 && v < 0 ? 0 : v; /* a tail does not turn a use into a gift */
}

/* Ranks of a site, stretch by stretch, and the order of what is equal. */
typedef struct standing {
    uint8_t rank[MIZO_PATHS], order[MIZO_PATHS], sorted[MIZO_PATHS];
    uint16_t lean[MIZO_PATHS];
} standing;

static void stand(const shuffle *h, size_t site, standing *t)
{
    order_of(h->s, site, t->order);
    for (int p = 0; p < h->s->npath;
         p++) /* no past anywhere: all sites and slots move together, the widest */
        t->rank[p] = (uint8_t)((unsigned)p * 255u / (unsigned)h->s->npath);
}

/* t->sorted[k] is the path that gets the k-th lowest value of the slot. */
static void arrange(const shuffle *h, size_t site, int i, standing *t)
{
    const mizo_scenarios *s = h->s;
    for (int p = 0; p < s->npath; p++) {
        uint8_t r = rank_at(s, site, &h->of[p], i);
        t->rank[p] = r == MIZO_RANK_UNKNOWN ? t->rank[p] : r; /* a gap goes on as it was before it */
        t->lean[p] = leaning(s, &h->of[p], i, t->rank[p]);
    }
    sort(t->lean, t->order, s->npath, t->sorted);
}

static const double *levels_at(const shuffle *h, size_t site, int i)
{
    return h->s->site[site].q + (size_t)i * MIZO_QUANTILES;
}

/* out[p * stride + i] */
static void site_paths(const shuffle *h, size_t site, float *out, size_t stride)
{
    standing t;
    stand(h, site, &t);
    for (int i = 0; i < h->s->n; i++) {
        const double *q = levels_at(h, site, i);
        arrange(h, site, i, &t);
        for (int k = 0; k < h->s->npath; k++)
            out[t.sorted[k] * stride + (size_t)i] = (float)value(q, &h->level[k]);
    }
}

mizo_err mizo_scenario_site(const mizo_scenarios *s, size_t site, float *path)
{
    shuffle h;
    if (site >= s->nsite)
        return MIZO_ERANGE;
    MIZO_TRY(begin(&h, s));
    site_paths(&h, site, path, (size_t)s->n);
    return MIZO_OK;
}

mizo_err mizo_scenario_paths(const mizo_scenarios *s, float *path)
{
    shuffle h;
    MIZO_TRY(begin(&h, s));
    for (size_t k = 0; k < s->nsite; k++)
        site_paths(&h, k, path + k * (size_t)s->n, s->nsite * (size_t)s->n);
    return MIZO_OK;
}

/* ---- sums ---- */

static void sort_values(double *x, int n)
{
    for (int gap = n / 2; gap > 0; gap /= 2)
        for (int i = gap; i < n; i++) {
            double a = x[i];
            int k = i;
            for (; k >= gap && x[k - gap] > a; k -= gap)
                x[k] = x[k - gap];
            x[k] = a;
        }
}

/* The k-th of n sorted values stands at (k + 0.5) / n. */
static double at_level(const double *x, int n, double u)
{
    double at = u * n - 0.5;
    int k = (int)floor(at);
    if (k < 0)
        return x[0];
    return k >= n - 1 ? x[n - 1] : x[k] + (at - k) * (x[k + 1] - x[k]);
}

/* x[npath] of one slot; sorts it. */
static void spread(double *x, int npath, int i, mizo_outlook *out)
{
    double sum = 0;
    for (int p = 0; p < npath; p++)
        sum += x[p];
    sort_values(x, npath);
    for (int k = 0; k < MIZO_QUANTILES; k++)
        out->q[i * MIZO_QUANTILES + k] = at_level(x, npath, mizo_quantile[k]);
    const double *q = out->q + (size_t)i * MIZO_QUANTILES;
    out->mean[i] = fmax(q[0], fmin(q[MIZO_QUANTILES - 1], sum / npath));
}

void mizo_scenario_sum(const float *path, size_t nsite, int n, int npath, mizo_outlook *out)
{
    double x[BLOCK][MIZO_PATHS];
    out->n = n;
    for (int from = 0; from < n; from += BLOCK) {
        int m = n - from < BLOCK ? n - from : BLOCK;
        memset(x, 0, sizeof x);
        for (int p = 0; p < npath && p < MIZO_PATHS; p++)
            for (size_t k = 0; k < nsite; k++)
                for (int i = 0; i < m; i++) {
                    float v = path[((size_t)p * nsite + k) * (size_t)n + (size_t)(from + i)];
                    x[i][p] += isnan(v) ? 0 : (double)v;
                }
        for (int i = 0; i < m; i++)
            spread(x[i], npath, from + i, out);
    }
}

/* ---- how much all move together ---- */

enum { TRIED = 12, ROUNDS = 7 };

static int tried(const mizo_scenarios *s, int m)
{
    return (2 * m + 1) * s->n / (2 * TRIED);
}

/* Width of the sum's band over a few slots, added up. */
static double width_of(const shuffle *h)
{
    const mizo_scenarios *s = h->s;
    double x[TRIED][MIZO_PATHS], width = 0;
    memset(x, 0, sizeof x);
    for (size_t site = 0; site < s->nsite; site++) {
        standing t;
        stand(h, site, &t);
        for (int m = 0; m < TRIED; m++) {
            const double *q = levels_at(h, site, tried(s, m));
            arrange(h, site, tried(s, m), &t);
            for (int k = 0; k < s->npath && !isnan(q[0]); k++)
                x[m][t.sorted[k]] += value(q, &h->level[k]);
        }
    }
    for (int m = 0; m < TRIED; m++) {
        sort_values(x[m], s->npath);
        width += at_level(x[m], s->npath, mizo_quantile[MIZO_Q90]) -
                 at_level(x[m], s->npath, mizo_quantile[MIZO_Q10]);
    }
    return width;
}

double mizo_scenario_common(const mizo_scenarios *s, const mizo_outlook *town)
{
    mizo_scenarios with = *s;
    shuffle h;
    double want = 0, low = 0, high = 1; /* of the root: a little does much */
    with.common = 0;
    if (!s->town_rank || begin(&h, &with))
        return 0;
    for (int m = 0; m < TRIED; m++) {
        const double *q = town->q + (size_t)tried(s, m) * MIZO_QUANTILES;
        want += q[MIZO_Q90] - q[MIZO_Q10];
    }
    if (isnan(want) || width_of(&h) >= want)
        return 0;
    for (int k = 0; k < ROUNDS; k++) {
        double middle = (low + high) / 2;
        with.common = MIZO_COMMON_MOST * middle * middle;
        if (width_of(&h) < want)
            low = middle;
        else
            high = middle;
    }
    return MIZO_COMMON_MOST * high * high;
}
