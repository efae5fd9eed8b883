/* bands_past.c: tomorrow as one of the days before: past values, and past misses around what is said now,
 * weighted by kind of day, age and how alike the day before was. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/bands_inner.h"

enum { FULL = 127, LOW = 75 }; /* the largest code that is remembered stays between */

int bands_place(mizo_day day)
{
    int p = day % BANDS_KEEP;
    return p < 0 ? p + BANDS_KEEP : p;
}

/* ---- the shelf ---- */

bool bands_shelf_new(bands_shelf *s, int slots)
{
    size_t n = (size_t)slots;
    s->v = calloc(n * BANDS_KEEP, sizeof *s->v);
    s->at = calloc(n * BANDS_KEEP, 1);
    s->n = calloc(n, 1);
    return s->v && s->at && s->n;
}

void bands_shelf_free(bands_shelf *s)
{
    free(s->v);
    free(s->at);
    free(s->n);
}

size_t bands_shelf_bytes(int slots)
{
    return (size_t)slots * (2 * BANDS_KEEP + 1);
}

static int8_t code_of(double share)
{
    return (int8_t)nearbyint(copysign(sqrt(fmin(1, fabs(share))) * FULL, share));
}

/* Times this, squared code by code, makes a value. */
static double value_of(const bands_shelf *s)
{
    return s->top / (FULL * FULL);
}

static int squared(int8_t code)
{
    return code * abs(code);
}

static void rescale(bands_shelf *s, int slots, double factor)
{
    double step = sqrt(factor);
    for (int i = 0; i < slots; i++)
        for (int k = 0; k < s->n[i]; k++) {
            int8_t *v = &s->v[i * BANDS_KEEP + k];
            *v = (int8_t)fmax(-FULL, fmin(FULL, nearbyint(*v * step)));
        }
    s->top /= factor;
}

static int largest(const bands_shelf *s, int slots)
{
    int most = 0;
    for (int i = 0; i < slots; i++)
        if (s->n[i]) {
            int low = abs(s->v[i * BANDS_KEEP]), high = abs(s->v[i * BANDS_KEEP + s->n[i] - 1]);
            most = most > low ? most : low;
            most = most > high ? most : high;
        }
    return most;
}

/* One wild value may stick out; where an eighth of a day does, the top rises. */
static bool too_low(const bands_shelf *s, int slots, const double *v)
{
    int out = 0, known = 0;
    for (int i = 0; i < slots; i++)
        if (!isnan(v[i])) {
            known++;
            out += fabs(v[i]) > s->top;
        }
    return out * 8 > known;
}

static void fit_top(bands_shelf *s, int slots, const double *v)
{
    double most = 0;
    for (int i = 0; i < slots; i++)
        if (fabs(v[i]) > most && isfinite(v[i]))
            most = fabs(v[i]);
    if (s->top <= 0)
        s->top = most;
    for (int k = 0; s->top > 0 && k < 2000 && too_low(s, slots, v); k++)
        rescale(s, slots, 0.5);
}

static void take_out(bands_shelf *s, int slot, int place)
{
    int8_t *v = s->v + slot * BANDS_KEEP;
    uint8_t *at = s->at + slot * BANDS_KEEP;
    for (int k = 0; k < s->n[slot]; k++)
        if (at[k] == place) {
            s->n[slot]--;
            memmove(v + k, v + k + 1, (size_t)(s->n[slot] - k));
            memmove(at + k, at + k + 1, (size_t)(s->n[slot] - k));
            return;
        }
}

static void put_in(bands_shelf *s, int slot, int place, double value)
{
    int8_t *v = s->v + slot * BANDS_KEEP, code = s->top > 0 ? code_of(value / s->top) : 0;
    uint8_t *at = s->at + slot * BANDS_KEEP;
    int k = s->n[slot]++;
    for (; k > 0 && v[k - 1] > code; k--) {
        v[k] = v[k - 1];
        at[k] = at[k - 1];
    }
    v[k] = code;
    at[k] = (uint8_t)place;
}

void bands_shelf_put(bands_shelf *s, int slots, int place, const double *v)
{
    for (int i = 0; i < slots; i++)
        take_out(s, i, place);
    fit_top(s, slots, v);
    for (int i = 0; i < slots; i++)
        if (!isnan(v[i]))
            put_in(s, i, place, v[i]);
    for (int most = largest(s, slots), k = 0; most > 0 && most < LOW && k < 2000; k++) {
        rescale(s, slots, 2);
        most = largest(s, slots);
    }
}

/* ---- what a day was like ---- */

static float log_mean(const double *v, int from, int to, double least)
{
    double sum = 0;
    int n = 0;
    for (int s = from; s < to; s++)
        if (!isnan(v[s])) {
            sum += fabs(v[s]);
            n++;
        }
    return n * 2 > to - from || (n && to - from == 1) ? (float)log(sum / n + least) : NAN;
}

static int upward(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Logarithms: of the whole day, its last quarter, its last twelfth, and its middle value. */
void bands_mood(const mizo_bands *b, const double *actual, float mood[BANDS_MOODS])
{
    double sorted[BANDS_SLOTS];
    int n = 0, slots = b->slots;
    for (int s = 0; s < slots; s++)
        if (!isnan(actual[s]))
            sorted[n++] = fabs(actual[s]);
    qsort(sorted, (size_t)n, sizeof *sorted, upward);
    double least = b->level > 0 ? b->level : 1;
    mood[0] = log_mean(actual, 0, slots, 0.02 * least);
    mood[1] = log_mean(actual, slots * 3 / 4, slots, 0.04 * least);
    mood[2] = log_mean(actual, slots - (slots + 11) / 12, slots, 0.1 * least);
    mood[3] = n * 2 > slots ? (float)log(sorted[n / 2] + 0.1 * least) : NAN;
}

static double apart(const float *a, const float *b, int k, double typical)
{
    double d = (double)(a[k] - b[k]) / typical;
    return isnan(d) ? 4 : d * d;
}

/* ---- weights ---- */

static const float nothing[BANDS_MOODS] = { NAN, NAN, NAN, NAN };

static const float *mood_of(const mizo_bands *b, mizo_day day)
{
    int p = bands_place(day);
    return b->day[p] == day ? b->mood[p] : nothing;
}

/* Of the day at place p, for the first four members; the last four are the same on misses. */
static void weigh(const mizo_bands *b, int lead, const mizo_learn_day *day, int p,
                  double w[BANDS_MEMBERS][BANDS_KEEP])
{
    const float *now = mood_of(b, day->day - 1 - lead), *then = mood_of(b, b->day[p] - 1 - lead);
    int age = day->day - b->day[p] - lead, a = day->kind, z = b->kind[p];
    double alike = a == z ? 1 : a && z ? 0.6 : 0.3;
    double late = apart(now, then, 0, 0.35) + apart(now, then, 1, 0.5);
    double end = apart(now, then, 0, 0.25) + apart(now, then, 2, 0.3) + apart(now, then, 3, 0.4);
    double like = alike * exp2(-age / 60.0) * (0.02 + exp(-end / 2));
    w[0][p] = age <= 28;
    w[1][p] = alike * exp2(-age / 5.0);
    w[2][p] = exp2(-age / 15.0);
    w[3][p] = like;
    w[4][p] = alike * alike * exp2(-age / 60.0);
    w[5][p] = alike * exp2(-age / 100.0) * (0.05 + exp(-2 * late));
    w[6][p] = exp2(-age / 15.0);
    w[7][p] = like;
}

/* ---- quantiles ---- */

/* A value stands in the middle of its weight; between two the line. q = add + scale * value. */
static void quantiles(const bands_shelf *s, int slot, const double *w, double scale, double add,
                      float q[MIZO_QUANTILES])
{
    const int8_t *v = s->v + slot * BANDS_KEEP;
    const uint8_t *at = s->at + slot * BANDS_KEEP;
    double total = 0, below = 0, last = -1, from = 0;
    int n = s->n[slot], k = 0;
    scale *= value_of(s);
    for (int i = 0; i < n; i++)
        total += w[at[i]];
    if (!(total > 0)) { /* nothing that counts is known of this slot */
        for (; k < MIZO_QUANTILES; k++)
            q[k] = n ? (float)(add + scale * squared(v[(int)(mizo_quantile[k] * (n - 1) + 0.5)])) : NAN;
        return;
    }
    for (int i = 0; i < n && k < MIZO_QUANTILES; i++) {
        double weight = w[at[i]], here = below + weight / 2, value = squared(v[i]);
        for (; k < MIZO_QUANTILES && here >= mizo_quantile[k] * total; k++) {
            double part = here > last ? (mizo_quantile[k] * total - last) / (here - last) : 1;
            q[k] = (float)(add + scale * (last < 0 ? value : from + (value - from) * part));
        }
        if (weight > 0) {
            last = here;
            from = value;
        }
        below += weight;
    }
    for (; k < MIZO_QUANTILES; k++)
        q[k] = (float)(add + scale * from);
}

/* Neighbouring slots lend a little. */
static void lend(float q[BANDS_SLOTS][MIZO_QUANTILES], int slots)
{
    static const float share = 0.4F;
    float before[MIZO_QUANTILES];
    memcpy(before, q[0], sizeof before);
    for (int s = 0; s < slots; s++)
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            float own = q[s][k], sum = own, weight = 1;
            if (s > 0) {
                sum += share * before[k];
                weight += share;
            }
            if (s + 1 < slots) {
                sum += share * q[s + 1][k];
                weight += share;
            }
            before[k] = own;
            q[s][k] = sum / weight;
        }
}

static void member(const mizo_bands *b, int m, int lead, const double *w, const double *mean,
                   float q[BANDS_SLOTS][MIZO_QUANTILES])
{
    static const bool lends[BANDS_MEMBERS] = { false, true, false, true, true, true, true, true };
    double growth = bands_growth(b, lead);
    for (int s = 0; s < b->slots; s++)
        if (m < BANDS_VALUES || !b->miss.n[s])
            quantiles(&b->value, s, w, 1, 0, q[s]);
        else
            quantiles(&b->miss, s, w, growth * bands_norm(b, mean[s]), mean[s], q[s]);
    if (lends[m])
        lend(q, b->slots);
}

bool bands_members(const mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                   bands_said said)
{
    double w[BANDS_MEMBERS][BANDS_KEEP] = { { 0 } };
    bool any = false;
    for (int p = 0; p < BANDS_KEEP; p++)
        if (b->day[p] != MIZO_DAY_NONE && b->day[p] < day->day - lead && b->day[p] >= b->next - BANDS_KEEP) {
            weigh(b, lead, day, p, w);
            any = true;
        }
    for (int m = 0; m < BANDS_MEMBERS && any; m++)
        member(b, m, lead, w[m], mean, said[m]);
    return any;
}
