/* similar.c: a day will be like the days that were like it.
 *
 * Each known day gets a weight: its kind (working day, Saturday, holiday, quiet day), the same
 * weekday, how long ago, and for a long history the same season a year before. The best sixteen
 * speak for every slot; their weighted middle is the forecast, their spread gives P10 and P90.
 * docs/mechanisms/forecast.md */
#include <math.h>
#include <stdlib.h>

#include "forecast/forecast_inner.h"

typedef struct similar_rules {
    double half_life;    /* days until a day counts half */
    double same_weekday; /* how much more the same weekday counts */
    double other_free;   /* Saturday, holiday and quiet day for one another */
    double other;        /* a working day for a free one, and back */
    bool level;          /* lift the pattern to the level of the latest days */
} similar_rules;

enum { PEERS = 16, LOOK_BACK = 70, YEAR = 364, SEASON = 14, ENOUGH = 24 };

typedef struct peer {
    mizo_day day;
    double weight;
} peer;

static int known_slots(const mizo_history *h, mizo_day day)
{
    int n = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        n += forecast_at(h, day, s) != MIZO_MISSING;
    return n;
}

static double likeness(const similar_rules *r, mizo_day target, mizo_day day)
{
    mizo_daytype a = mizo_day_type(target), b = mizo_day_type(day);
    if (a == b)
        return mizo_day_weekday(target) == mizo_day_weekday(day) ? r->same_weekday : 1;
    return a != MIZO_WEEKDAY && b != MIZO_WEEKDAY ? r->other_free : r->other;
}

/* Keeps the PEERS heaviest, heaviest first. */
static int admit(peer *p, int n, peer x)
{
    int k = n < PEERS ? n : PEERS - 1;
    if (n == PEERS && p[k].weight >= x.weight)
        return n;
    for (; k > 0 && p[k - 1].weight < x.weight; k--)
        p[k] = p[k - 1];
    p[k] = x;
    return n < PEERS ? n + 1 : n;
}

/* issued: first day that is not wholly known. */
static int choose(const mizo_history *h, const similar_rules *r, mizo_day issued, mizo_day target, peer *out)
{
    int n = 0;
    for (int age = 1; age <= LOOK_BACK; age++)
        if (known_slots(h, issued - age) >= ENOUGH)
            n = admit(out, n,
                      (peer){ issued - age, likeness(r, target, issued - age) * exp2(-age / r->half_life) });
    for (int off = -SEASON; off <= SEASON; off++)
        if (h->ndays > YEAR - SEASON && known_slots(h, target - YEAR + off) >= ENOUGH)
            n = admit(out, n,
                      (peer){ target - YEAR + off,
                              0.08 * likeness(r, target, target - YEAR + off) * exp2(-abs(off) / 7.0) });
    return n;
}

/* Values of a slot and its neighbours within the peers. */
static int gather(const mizo_history *h, const peer *p, int n, int slot, weighted *x)
{
    int k = 0;
    for (int i = 0; i < n; i++) {
        int32_t v = forecast_at(h, p[i].day, slot);
        if (v != MIZO_MISSING)
            x[k++] = (weighted){ v, p[i].weight };
    }
    return k;
}

/* Half the mean and half the median: the median forgives a spike, the mean keeps the energy. */
static double middle(weighted *x, int n)
{
    double sum = 0, weight = 0;
    for (int i = 0; i < n; i++) {
        sum += x[i].v * x[i].w;
        weight += x[i].w;
    }
    forecast_sort(x, n);
    return (sum / weight + forecast_quantile(x, n, 0.5)) / 2;
}

static double fair(const mizo_history *h, const peer *p, int n, int slot, weighted *x, int *count)
{
    *count = gather(h, p, n, slot, x);
    return *count ? middle(x, *count) : NAN;
}

/* P10 and P90 from what the peers were away from their own middle, in this slot and its neighbours. */
static void spread(const mizo_history *h, const peer *p, int n, int slot, double *low, double *high)
{
    weighted pool[3 * PEERS], x[PEERS];
    int k = 0;
    for (int s = slot > 0 ? slot - 1 : 0; s <= slot + 1 && s < MIZO_DAY_SLOTS; s++) {
        int count;
        double m = fair(h, p, n, s, x, &count);
        for (int i = 0; i < count; i++)
            pool[k++] = (weighted){ x[i].v - m, x[i].w };
    }
    *low = *high = 0;
    if (!k)
        return;
    forecast_sort(pool, k);
    *low = FORECAST_WIDER * fmin(0, forecast_quantile(pool, k, 0.10));
    *high = FORECAST_WIDER * fmax(0, forecast_quantile(pool, k, 0.90));
}

/* How much higher or lower the last three days were than their own kind of day had been before. */
static double latest_level(const mizo_history *h, const similar_rules *r, mizo_day issued)
{
    double was = 0, expected = 0;
    for (int age = 1; age <= 3; age++) {
        mizo_day day = issued - age;
        peer p[PEERS];
        int n = choose(h, r, day, day, p);
        for (int s = 0; s < MIZO_DAY_SLOTS && n; s += 2) {
            weighted x[PEERS];
            int count;
            double m = fair(h, p, n, s, x, &count);
            int32_t v = forecast_at(h, day, s);
            if (count && v != MIZO_MISSING) {
                was += v;
                expected += m;
            }
        }
    }
    if (!(expected > 0) || !(was > 0))
        return 1;
    return fmax(0.6, fmin(1.6, sqrt(was / expected)));
}

/* The first day that is not wholly known: `day`, or earlier when the history ends before it. */
static mizo_day issued_on(const mizo_history *h, mizo_day day)
{
    int64_t end = (int64_t)h->first + h->ndays;
    return end < day ? (mizo_day)end : day;
}

/* A slot that no peer knows lies between its neighbours in time. */
static void bridge(mizo_forecast *out, int from, int to)
{
    for (int i = from; i < to; i++) {
        int a = i - 1, b = i;
        while (b < to && out->mean[b] == MIZO_MISSING)
            b++;
        if (b == i)
            continue;
        int32_t *const of[] = { out->mean, out->p10, out->p90 };
        for (size_t k = 0; k < 3; k++) {
            double left = a >= from ? of[k][a] : of[k][b], right = b < to ? of[k][b] : left;
            for (int j = i; j < b; j++)
                of[k][j] = (int32_t)floor(left + (right - left) * (j - a) / (b - a) + 0.5);
        }
        i = b;
    }
}

static mizo_err one_day(const mizo_history *h, const similar_rules *r, mizo_day issued, mizo_day target,
                        double level, mizo_forecast *out, int from)
{
    peer p[PEERS];
    int n = choose(h, r, issued, target, p), known = 0;
    bool negative = forecast_signed(h);
    int to = from + MIZO_DAY_SLOTS < out->n ? from + MIZO_DAY_SLOTS : out->n;
    for (int i = from; i < to; i++) {
        weighted x[PEERS];
        int count;
        double m = fair(h, p, n, i - from, x, &count), low, high;
        out->mean[i] = out->p10[i] = out->p90[i] = MIZO_MISSING;
        if (!count)
            continue;
        known++;
        spread(h, p, n, i - from, &low, &high);
        forecast_put(out, i, m * level, (m + low) * level, (m + high) * level, negative);
    }
    if (!known)
        return MIZO_ENOENT;
    bridge(out, from, to);
    return MIZO_OK;
}

static mizo_err similar(const mizo_history *h, const similar_rules *r, mizo_day day, mizo_forecast *out)
{
    mizo_day issued = issued_on(h, day);
    double level = r->level ? latest_level(h, r, issued) : 1;
    for (int i = 0; i < out->n; i += MIZO_DAY_SLOTS)
        if (one_day(h, r, issued, day + i / MIZO_DAY_SLOTS, level, out, i))
            return forecast_nothing(out);
    return MIZO_OK;
}

static mizo_err run_load(const mizo_history *h, const mizo_forecast_about *about, mizo_day day,
                         mizo_forecast *out)
{
    static const similar_rules rules = { 9, 1.4, 0.12, 0.01, true };
    (void)about;
    return similar(h, &rules, day, out);
}

const mizo_forecaster mizo_forecaster_similar_day = {
    .name = "similar-day",
    .title_en = "days of the same kind, season and recent level",
    .title_ja = "類似日(日種・季節・直近の水準)",
    .serves = MIZO_Q_IMPORT,
    .run = run_load,
};
