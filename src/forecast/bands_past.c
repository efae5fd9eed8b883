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
    double size = fabs(share), code = sqrt(size < 1 ? size : 1) * FULL;
    return (int8_t)(share < 0 ? -(int)(code + 0.5) : (int)(code + 0.5));
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
    uint8_t *at = s->at + slot * BANDS_KEEP, *it = memchr(at, place, s->n[slot]);
    if (!it)
        return;
    size_t k = (size_t)(it - at), rest = --s->n[slot] - k;
    memmove(v + k, v + k + 1, rest);
    memmove(at + k, at + k + 1, rest);
}

/* Where the old value of the place was there is a hole, which moves to where the new one belongs: after all that
 * are no larger. */
static void put_in(bands_shelf *s, int slot, int place, int8_t code)
{
    int8_t *v = s->v + slot * BANDS_KEEP;
    uint8_t *at = s->at + slot * BANDS_KEEP, *it = memchr(at, place, s->n[slot]);
    int k = it ? (int)(it - at) : s->n[slot]++, n = s->n[slot];
    for (; k > 0 && v[k - 1] > code; k--) {
        v[k] = v[k - 1];
        at[k] = at[k - 1];
    }
    for (; k + 1 < n && v[k + 1] <= code; k++) {
        v[k] = v[k + 1];
        at[k] = at[k + 1];
    }
    v[k] = code;
    at[k] = (uint8_t)place;
}

void bands_shelf_put(bands_shelf *s, int slots, int place, const double *v)
{
    fit_top(s, slots, v);
    for (int i = 0; i < slots; i++)
        if (isnan(v[i]))
            take_out(s, i, place);
        else
            put_in(s, i, place, s->top > 0 ? code_of(v[i] / s->top) : 0);
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

/* The k-th smallest of n, which are put into another order (Hoare, CACM 4, 1961). */
static double kth(double *v, int n, int k)
{
    for (int low = 0, high = n - 1; low < high;) {
        double pivot = v[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                double x = v[i];
                v[i++] = v[j];
                v[j--] = x;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return v[k];
}

/* Logarithms: of the whole day, its last quarter, its last twelfth, and its middle value. */
void bands_mood(const mizo_bands *b, const double *actual, float mood[BANDS_MOODS])
{
    double known[BANDS_SLOTS];
    int n = 0, slots = b->slots;
    for (int s = 0; s < slots; s++)
        if (!isnan(actual[s]))
            known[n++] = fabs(actual[s]);
    double least = b->level > 0 ? b->level : 1;
    mood[0] = log_mean(actual, 0, slots, 0.02 * least);
    mood[1] = log_mean(actual, slots * 3 / 4, slots, 0.04 * least);
    mood[2] = log_mean(actual, slots - (slots + 11) / 12, slots, 0.1 * least);
    mood[3] = n * 2 > slots ? (float)log(kth(known, n, n / 2) + 0.1 * least) : NAN;
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

/* Four members side by side. */
typedef float lanes __attribute__((vector_size(BANDS_VALUES * sizeof(float))));
typedef int32_t whole_lanes __attribute__((vector_size(BANDS_VALUES * sizeof(int32_t))));

/* What a remembered day weighs: for the members of past values, and for those of past misses. */
typedef lanes weights[2][BANDS_KEEP];

/* Of the day at place p. */
static void weigh(const mizo_bands *b, int lead, const mizo_learn_day *day, int p, weights w)
{
    const float *now = mood_of(b, day->day - 1 - lead), *then = mood_of(b, b->day[p] - 1 - lead);
    int age = day->day - b->day[p] - lead, a = day->kind, z = b->kind[p];
    double alike = a == z ? 1 : a && z ? 0.6 : 0.3;
    double weeks = exp2(-age / 15.0), months = exp2(-age / 60.0);
    double late = apart(now, then, 0, 0.35) + apart(now, then, 1, 0.5);
    double end = apart(now, then, 0, 0.25) + apart(now, then, 2, 0.3) + apart(now, then, 3, 0.4);
    double like = alike * months * (0.02 + exp(-end / 2));
    w[0][p] = (lanes){ age <= 28, (float)(alike * exp2(-age / 5.0)), (float)weeks, (float)like };
    w[1][p] =
        (lanes){ (float)(alike * alike * months),
                 (float)(alike * exp2(-age / 100.0) * (0.05 + exp(-2 * late))), (float)weeks, (float)like };
}

/* ---- quantiles ---- */

enum { STEPS = 20 }; /* every level of mizo_quantile is one of as many steps */
static const uint8_t step_of[MIZO_QUANTILES] = { 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19 };

/* Of one slot: the values that are remembered, and where each lies in the weight of each member. */
typedef struct heap {
    int n;
    float value[BANDS_KEEP];  /* rising */
    lanes weight[BANDS_KEEP]; /* of each */
    lanes here[BANDS_KEEP];   /* the middle of its weight, in steps */
    lanes total;
    uint8_t last[STEPS + 1][BANDS_VALUES]; /* the last within a step, from 1; rounding may reach one more */
} heap;

/* Where a value falls it leaves its number: the last to do so stays. */
static void drop(heap *h)
{
    memset(h->last, 0, sizeof h->last);
    for (int i = 0; i < h->n; i++) {
        whole_lanes step = __builtin_convertvector(h->here[i], whole_lanes);
        for (int m = 0; m < BANDS_VALUES; m++)
            h->last[step[m]][m] = (uint8_t)(i + 1);
    }
}

static void pile(const bands_shelf *s, int slot, const lanes *w, heap *h)
{
    const int8_t *v = s->v + slot * BANDS_KEEP;
    const uint8_t *at = s->at + slot * BANDS_KEEP;
    lanes below = { 0 }, step;
    h->n = s->n[slot];
    for (int i = 0; i < h->n; i++) {
        lanes weight = w[at[i]];
        h->value[i] = (float)squared(v[i]);
        h->weight[i] = weight;
        h->here[i] = below + weight * 0.5F;
        below += weight;
    }
    h->total = below;
    for (int m = 0; m < BANDS_VALUES; m++)
        step[m] = below[m] > 0 ? STEPS / below[m] : 0;
    for (int i = 0; i < h->n; i++)
        h->here[i] *= step;
    drop(h);
}

/* The last before i that counts; -1: none. */
static int counting(const heap *h, int m, int i)
{
    do
        i--;
    while (i >= 0 && !(h->weight[i][m] > 0));
    return i;
}

/* A value stands in the middle of its weight; between two the line. q = add + scale * value. */
static void quantiles(const heap *h, int m, float scale, float add, float q[MIZO_QUANTILES])
{
    if (!(h->total[m] > 0)) { /* nothing that counts is known of this slot */
        for (int k = 0; k < MIZO_QUANTILES; k++)
            q[k] = h->n ? add + scale * h->value[(int)(mizo_quantile[k] * (h->n - 1) + 0.5)] : NAN;
        return;
    }
    for (int k = 0, step = 0, i = 0; k < MIZO_QUANTILES; k++) {
        for (; step < step_of[k]; step++) /* i: how many lie below the level */
            i = h->last[step][m] > i ? h->last[step][m] : i;
        int before = counting(h, m, i);
        float value = h->value[i < h->n ? i : before];
        if (i < h->n && before >= 0) {
            float last = h->here[before][m], wide = h->here[i][m] - last, from = h->value[before];
            value = wide > 0 ? from + (value - from) * ((float)step_of[k] - last) / wide : value;
        }
        q[k] = add + scale * value;
    }
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

/* Past values as they were, or past misses around what is said now; of a slot without any, values. */
static void members(const mizo_bands *b, int lead, const double *mean, const weights w, bands_said said)
{
    double growth = bands_growth(b, lead) * value_of(&b->miss);
    float unit = (float)value_of(&b->value);
    heap h;
    for (int s = 0; s < b->slots; s++) {
        pile(&b->value, s, w[0], &h);
        for (int m = 0; m < BANDS_VALUES; m++)
            quantiles(&h, m, unit, 0, said[m][s]);
        bool missed = b->miss.n[s] > 0;
        float scale = missed ? (float)(growth * bands_norm(b, mean[s])) : unit,
              add = missed ? (float)mean[s] : 0;
        pile(missed ? &b->miss : &b->value, s, w[1], &h);
        for (int m = BANDS_VALUES; m < BANDS_MEMBERS; m++)
            quantiles(&h, m - BANDS_VALUES, scale, add, said[m][s]);
    }
}

bool bands_members(const mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                   bands_said said)
{
    static const bool lends[BANDS_MEMBERS] = { false, true, false, true, true, true, true, true };
    weights w;
    memset(w, 0, sizeof w);
    bool any = false;
    for (int p = 0; p < BANDS_KEEP; p++)
        if (b->day[p] != MIZO_DAY_NONE && b->day[p] < day->day - lead && b->day[p] >= b->next - BANDS_KEEP) {
            weigh(b, lead, day, p, w);
            any = true;
        }
    if (any)
        members(b, lead, mean, w, said);
    for (int m = 0; m < BANDS_MEMBERS && any; m++)
        if (lends[m])
            lend(said[m], b->slots);
    return any;
}
