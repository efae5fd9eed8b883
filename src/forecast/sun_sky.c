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
static const double stretch[CLASSES] = { 0.02, 0.02, 0.04 }, told_stretch = 0.10;

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
    double q[MIZO_QUANTILES];
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

/* Each sky counts by how near it is to what was said: the likelihood is Student's with three degrees, because such
 * a forecast is mostly near and now and then quite wrong. */
static void heed(shape *o, double index, double spread)
{
    double all = 0, sum = 0, step = o->top / (BINS - 1);
    for (int b = 0; b < BINS; b++) {
        double off = (step * b - index) / spread, near = 1 + off * off / 3;
        o->weight[b] /= near * near;
        all += o->weight[b];
        sum += o->weight[b] * step * b;
    }
    for (int b = 0; b < BINS; b++)
        o->weight[b] /= all;
    o->mean = sum / all;
}

/* Its quantiles, at levels a little further out: linear between the middles of the bins. dead: the chance of
 * nothing at all. */
static void level_out(shape *o, double out, double dead)
{
    double below = 0, last = 0, step = o->top / (BINS - 1);
    int k = 0;
    for (int b = 0; b < BINS && k < MIZO_QUANTILES; b++) {
        double here = below + o->weight[b] / 2;
        for (; k < MIZO_QUANTILES; k++) {
            double at = (0.5 + (mizo_quantile[k] - 0.5) * (1 + out) - dead) / (1 - dead);
            if (at > here)
                break;
            o->q[k] = at > 0 && b > 0 && here > last ? step * (b - 1 + (at - last) / (here - last)) : 0;
        }
        last = here;
        below += o->weight[b];
    }
    for (; k < MIZO_QUANTILES; k++)
        o->q[k] = o->top;
    o->mean *= 1 - dead;
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

static void put(const sun_past *p, const shape *o, double clear, mizo_forecast *out, int i)
{
    double full = p->now * clear;
    int32_t low = 0, high = 0;
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        int32_t q = full > 0 ? whole(fmin(p->limit, full * o->q[k])) : 0;
        low = k == MIZO_Q10 ? q : low;
        high = k == MIZO_Q90 ? q : high;
        if (out->q)
            out->q[i * MIZO_QUANTILES + k] = q;
    }
    int32_t mean = full > 0 ? whole(fmin(p->limit, full * o->mean)) : 0;
    out->p10[i] = low < mean ? low : mean;
    out->p90[i] = high > mean ? high : mean;
    out->mean[i] = mean;
}

/* One half-hour of the day on all days asked for: what is the same for several days is worked out once. */
static void one_slot(const skies *k, const sun_said *said, const sun_curve *curve, int s, mizo_forecast *out)
{
    shape raw = { 0 }, o = { 0 };
    double leveled = -1;
    for (int d = 0, done = -1; d * MIZO_DAY_SLOTS + s < out->n; d++) {
        int class = d < CLASSES ? d : CLASSES - 1;
        double dead = still_dead(k->p->dead, d);
        if (curve[d].clear[s] > 0 && class > done) {
            slot_shape(k, done = class, s, &raw);
            leveled = -1;
        }
        bool told = said->any && !isnan(said->index[d][s]);
        if (curve[d].clear[s] > 0 && (told || dead != leveled)) {
            o = raw;
            if (told)
                heed(&o, (double)said->index[d][s] + said->off[s], said->spread[s] * 0.9 * (1 + 0.06 * d));
            level_out(&o, told ? told_stretch : stretch[class], dead);
            leveled = told ? -1 : dead;
        }
        put(k->p, &o, (double)curve[d].clear[s], out, d * MIZO_DAY_SLOTS + s);
    }
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
    sun_said said;
    sun_said_read(&p, h, about, day, out->n, &said);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        one_slot(&k, &said, curve, s, out);
    return MIZO_OK;
}

const mizo_forecaster mizo_forecaster_sun_sky = {
    .name = "sun-sky",
    .title_en = "the sun's course under the skies of the last two months",
    .title_ja = "太陽の位置と直近二か月の空模様",
    .serves = MIZO_Q_GENERATION,
    .run = run,
};
