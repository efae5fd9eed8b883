/* sun_sky.c: PV from the sun's course and the sky over this very site.
 *
 * The days of the last two months are the skies that may come. Each gets a weight: recent ones more, and all of them
 * tilted (multiplied by exp(a z), z the brightness of the day: the least change of a distribution that gives it a
 * wanted mean; Csiszar, Annals of Probability 3(1), 1975) so that their mean is what yesterday, yesterday's
 * afternoon and the usual sky let expect. What the weighted days had in a half-hour and its two neighbours is the
 * distribution of that half-hour: mean and quantiles come from one hand, none crosses, and a bright outlook is a
 * narrow one. A forecast of the irradiance multiplies the weights by how near each sky is to it. docs/mechanisms/pv.md */
#include <math.h>

#include "forecast/sun_inner.h"
#include "mizo/foresight.h"

enum { PSEUDO = 8, SKIES = SUN_BACK + PSEUDO, BINS = 64, CLASSES = 3 };

/* A climate of its own for who has no past yet; together it weighs as two days. */
static const double pseudo[PSEUDO] = { 0.12, 0.3, 0.45, 0.6, 0.75, 0.87, 0.95, 1 };
static const double pseudo_weight = 0.25;

/* Days after which a sky counts half: as one that may come, and in the usual brightness. */
static const double half_life = 10, usual_half_life = 10;
/* Days that the pooled rule counts for against a site's own misses of it. */
static const double doubt = 12;

/* What tomorrow's brightness is expected to be, by the days between it and the last known one (two and more: alike):
 * share of the usual, of yesterday, of yesterday's afternoon, and a part that is always. From 22 measured plants. */
typedef struct lean {
    double usual, last, late, always;
} lean;
static const lean leans[CLASSES] = {
    {0.38,  0.19, 0.16, 0.21},
    { 0.54, 0.06, 0.10, 0.22},
    { 0.60, 0,    0.04, 0.28}
};

/* Few skies look narrower than the world. */
static const double stretch[CLASSES] = { 0.02, 0.02, 0.04 };

typedef struct skies {
    const sun_past *p;
    int n;           /* days, then the PSEUDO */
    double z[SKIES]; /* brightness; what is not known has no weight */
    double w[CLASSES][SKIES];
} skies;

typedef struct shape {
    double top;          /* index of the last bin */
    double weight[BINS]; /* sums to 1 */
    double mean;
    bool any;
} shape;

/* The usual brightness as it was known when day j was the latest, for all j. */
static void usual_of(const sun_past *p, double usual[SUN_BACK + 1])
{
    double keep = exp2(-1 / usual_half_life), sum = 0, all = 0, more = 0, weight = PSEUDO * pseudo_weight;
    for (int i = 0; i < PSEUDO; i++)
        more += pseudo_weight * pseudo[i];
    usual[p->n] = more / weight;
    for (int i = p->n - 1; i >= 0; i--) {
        bool known = !isnan(p->whole[i]);
        sum = keep * (sum + (known ? (double)p->whole[i] : 0));
        all = keep * (all + known);
        usual[i] = (sum + more) / (all + weight);
    }
}

/* Brightness to expect when day j is the latest. */
static double expected(const sun_past *p, const double *usual, const lean *a, int j)
{
    double last = isnan(p->whole[j]) ? usual[j] : (double)p->whole[j];
    double late = isnan(p->late[j]) ? last : fmin(1.1, (double)p->late[j]);
    return a->usual * usual[j] + a->last * last + a->late * late + a->always;
}

/* The same for the coming days, with what it was off by at this site lately. */
static double outlook(const sun_past *p, const double *usual, int class)
{
    double off = 0, all = doubt;
    for (int i = 0; i + 1 + class < p->n; i++) {
        double w = isnan(p->whole[i]) ? 0 : exp2(-i / 20.0);
        off += w > 0 ? w * ((double)p->whole[i] - expected(p, usual, &leans[class], i + 1 + class)) : 0;
        all += w;
    }
    return fmin(1, fmax(0.1, expected(p, usual, &leans[class], 0) + off / all));
}

/* The tilt under which the mean brightness is `wanted`; Newton, within +-30. */
static double tilt_for(const skies *k, const double *w, double wanted)
{
    double a = 0;
    for (int turn = 0; turn < 12; turn++) {
        double sum = 0, first = 0, second = 0;
        for (int i = 0; i < k->n + PSEUDO; i++) {
            double off = k->z[i] - wanted, e = w[i] * exp(a * off);
            sum += e;
            first += e * off;
            second += e * off * off;
        }
        double mean = first / sum, var = second / sum - mean * mean;
        if (!(var > 1e-5))
            break;
        double step = fmax(-6, fmin(6, -mean / var));
        a = fmax(-30, fmin(30, a + step));
        if (fabs(step) < 0.01)
            break;
    }
    return a;
}

static void weigh(skies *k, const sun_past *p)
{
    k->p = p;
    k->n = p->n;
    for (int i = 0; i < SKIES && i < k->n + PSEUDO; i++)
        k->z[i] = i >= k->n ? pseudo[i - k->n] : isnan(p->whole[i]) ? 0 : (double)p->whole[i];
    double base[SKIES];
    for (int i = 0; i < k->n + PSEUDO; i++)
        base[i] = i >= k->n ? pseudo_weight : isnan(p->whole[i]) ? 0 : exp2(-(i + 1) / half_life);
    double usual[SUN_BACK + 1];
    usual_of(p, usual);
    for (int c = 0; c < CLASSES; c++) {
        double wanted = outlook(p, usual, c), a = tilt_for(k, base, wanted);
        for (int i = 0; i < k->n + PSEUDO; i++)
            k->w[c][i] = base[i] * exp(a * (k->z[i] - wanted));
    }
}

/* Puts a sky between the two bins that it lies between. */
static void drop(shape *o, double x, double w)
{
    double at = fmin(1, x / o->top) * (BINS - 1);
    int b = at < BINS - 1 ? (int)at : BINS - 2;
    o->weight[b] += w * (b + 1 - at);
    o->weight[b + 1] += w * (at - b);
}

/* The distribution of the index of one half-hour. */
static void slot_shape(const skies *k, int class, int slot, shape *o)
{
    static const double near[3] = { 1, 3, 1 };
    const sun_past *p = k->p;
    *o = (shape){ .top = 1.05 };
    int from = slot > 0 ? slot - 1 : 0, to = slot < MIZO_DAY_SLOTS - 1 ? slot + 1 : slot;
    for (int i = 0; i < k->n; i++)
        for (int s = from; s <= to; s++)
            if ((double)p->index[i][s] > o->top)
                o->top = (double)p->index[i][s];
    double sum = 0, all = 0;
    for (int i = 0; i < k->n + PSEUDO; i++)
        for (int s = from; s <= to; s++) {
            double x = i < k->n ? (double)p->index[i][s] : k->z[i];
            double w = k->w[class][i] * near[s - slot + 1];
            if (isnan(x) || !(w > 0))
                continue;
            drop(o, x, w);
            sum += w * x;
            all += w;
        }
    o->mean = sum / all;
    for (int b = 0; b < BINS; b++)
        o->weight[b] /= all;
}

/* Index below which the share q lies: linear between the middles of the bins. */
static double shape_quantile(const shape *o, double q)
{
    double below = 0, last = 0, step = o->top / (BINS - 1);
    for (int b = 0; b < BINS; b++) {
        double here = below + o->weight[b] / 2;
        if (here >= q && here > last)
            return b == 0 ? 0 : step * (b - 1 + (q - last) / (here - last));
        last = here;
        below += o->weight[b];
    }
    return o->top;
}

static int32_t whole(double x)
{
    return (int32_t)floor(fmax(0, fmin(2e9, x)) + 0.5);
}

/* Chance that a plant which gave nothing at all for some days still gives nothing: a run goes on as runs of that
 * length do (Laplace's rule of succession, with half a day less of doubt). */
static double still_dead(int days, int ahead)
{
    return days ? days / (days + 1.5) * pow((days + 1.0) / (days + 2.0), ahead) : 0;
}

static void put(const sun_past *p, const shape *o, double clear, int class, mizo_forecast *out, int i)
{
    double full = p->now * clear, dead = still_dead(p->dead, i / MIZO_DAY_SLOTS);
    int32_t q[MIZO_QUANTILES];
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        double at = 0.5 + (mizo_quantile[k] - 0.5) * (1 + stretch[class]);
        at = (at - dead) / (1 - dead);
        q[k] = full > 0 && at > 0 ? whole(fmin(p->limit, full * shape_quantile(o, at))) : 0;
        if (k > 0 && q[k] < q[k - 1])
            q[k] = q[k - 1];
        if (out->q)
            out->q[i * MIZO_QUANTILES + k] = q[k];
    }
    int32_t mean = full > 0 ? whole((1 - dead) * fmin(p->limit, full * o->mean)) : 0;
    out->p10[i] = q[MIZO_Q10] < mean ? q[MIZO_Q10] : mean;
    out->p90[i] = q[MIZO_Q90] > mean ? q[MIZO_Q90] : mean;
    out->mean[i] = mean;
}

static mizo_err nothing(mizo_forecast *out)
{
    for (int i = 0; out->q && i < out->n * MIZO_QUANTILES; i++)
        out->q[i] = MIZO_MISSING;
    return forecast_nothing(out);
}

static mizo_err run(const mizo_history *h, const mizo_forecast_about *about, mizo_day day, mizo_forecast *out)
{
    sun_past p;
    if (out->n > MIZO_AHEAD * MIZO_DAY_SLOTS) {
        nothing(out);
        return MIZO_ERANGE;
    }
    if (!sun_past_read(h, about, day, &p))
        return nothing(out);
    skies k;
    weigh(&k, &p);
    sun_curve curve[MIZO_AHEAD];
    int days = (out->n + MIZO_DAY_SLOTS - 1) / MIZO_DAY_SLOTS;
    sun_curves(&p.panel, about, day, days, curve);
    shape o[CLASSES] = { 0 };
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        for (int d = 0, done = -1; d < days && d * MIZO_DAY_SLOTS + s < out->n; d++) {
            int class = d < CLASSES ? d : CLASSES - 1;
            if (class > done && curve[d].clear[s] > 0)
                slot_shape(&k, done = class, s, &o[class]);
            put(&p, &o[class], (double)curve[d].clear[s], class, out, d * MIZO_DAY_SLOTS + s);
        }
    return MIZO_OK;
}

const mizo_forecaster mizo_forecaster_sun_sky = {
    .name = "sun-sky",
    .title_en = "the sun's course under the skies of the last two months",
    .title_ja = "太陽の位置と直近二か月の空模様",
    .serves = MIZO_Q_GENERATION,
    .run = run,
};
