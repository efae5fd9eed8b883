/* bands.c: how far off a mean forecast may be: eight members' quantiles, each level mixed by what the members
 * missed at it.
 *
 * Members: bands_past.c. Weights: ML-Poly (Gaillard, Stoltz & van Erven, COLT 2014) on the gradient of the
 * pinball loss, for each level and quarter of the day, as in CRPS learning (Berrisch & Ziel, J. Econometrics
 * 237, 2023). Levels that cross after mixing are put in order (Chernozhukov, Fernandez-Val & Galichon,
 * Econometrica 78, 2010). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/bands_inner.h"

const int bands_lead[BANDS_LEADS] = { 0, 1, 7 };

#define FORGET 0.99F /* of what a member missed, a day */
#define FOLLOW 0.2   /* of a day's share beyond an outer level */
#define SLOW   0.96F /* of what is usually missed, a day */

static int part_of(const mizo_bands *b, int s)
{
    return s * BANDS_PARTS / b->slots;
}

double bands_norm(const mizo_bands *b, double mean)
{
    return b->positive ? sqrt((mean > 0 ? mean : 0) + 0.2 * b->level) : 1;
}

/* ---- said ---- */

static void weights(const mizo_bands *b, float w[BANDS_PARTS][MIZO_QUANTILES][BANDS_MEMBERS])
{
    for (int p = 0; p < BANDS_PARTS; p++)
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            float sum = 0;
            for (int m = 0; m < BANDS_MEMBERS; m++) {
                float r = b->regret[p][k][m];
                w[p][k][m] = r > 0 ? r / b->square[p][k][m] : 0;
                sum += w[p][k][m];
            }
            for (int m = 0; m < BANDS_MEMBERS; m++)
                w[p][k][m] = sum > 0 ? w[p][k][m] / sum : 1.0F / BANDS_MEMBERS;
        }
}

static void mix(const mizo_bands *b, bands_said said, float mixed[BANDS_SLOTS][MIZO_QUANTILES])
{
    float w[BANDS_PARTS][MIZO_QUANTILES][BANDS_MEMBERS];
    weights(b, w);
    for (int s = 0; s < b->slots; s++) {
        int p = part_of(b, s);
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            float sum = 0;
            for (int m = 0; m < BANDS_MEMBERS; m++)
                sum += w[p][k][m] * said[m][s][k];
            mixed[s][k] = sum;
        }
    }
}

/* Few days look narrower than the world: a share of the mean on both sides that fades as days are told. */
static void widen(const mizo_bands *b, int days, double mean, double *q)
{
    static const double laplace[MIZO_QUANTILES] = { -2.3, -1.61, -0.92, -0.51, -0.22, 0,
                                                    0.22, 0.51,  0.92,  1.61,  2.3 };
    double share = 4.0 / (4 + (double)days * days), width = 0.3 * (fabs(mean) + 0.3 * b->level);
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] += share * width * laplace[k];
}

static void in_order(double *q, double least)
{
    for (int i = 0; i < MIZO_QUANTILES; i++) {
        double v = q[i];
        int k = i;
        for (; k > 0 && q[k - 1] > v; k--)
            q[k] = q[k - 1];
        q[k] = v;
    }
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] = q[k] > least ? q[k] : least;
}

/* A slot's levels from what the members said together. */
static void finish(const mizo_bands *b, const double stretch[2], int days, double mean,
                   const float mixed[MIZO_QUANTILES], double *q)
{
    bool known = days && !isnan(mixed[0]);
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] = known ? (double)mixed[k] : mean;
    widen(b, known ? days : 0, mean, q);
    in_order(q, -INFINITY);
    double middle = q[MIZO_Q50], least = b->positive ? 0 : -INFINITY;
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        double v = middle + (q[k] - middle) * stretch[k > MIZO_Q50];
        q[k] = v > least ? v : least;
    }
}

/* Value at a lead that may lie between those that are told apart. */
static double at_lead(const double at[BANDS_LEADS], int lead)
{
    int l = 0;
    while (l < BANDS_LEADS - 1 && bands_lead[l + 1] <= lead)
        l++;
    if (l == BANDS_LEADS - 1)
        return at[l];
    double part = (double)(lead - bands_lead[l]) / (bands_lead[l + 1] - bands_lead[l]);
    return at[l] + (at[l + 1] - at[l]) * part;
}

static void stretch_of(const mizo_bands *b, int lead, double stretch[2])
{
    for (int side = 0; side < 2; side++) {
        double at[BANDS_LEADS];
        for (int l = 0; l < BANDS_LEADS; l++)
            at[l] = (double)b->stretch[l][side];
        stretch[side] = exp(at_lead(at, lead));
    }
}

static void finish_all(const mizo_bands *b, int lead, bool any, const double *mean,
                       float mixed[BANDS_SLOTS][MIZO_QUANTILES], double *q)
{
    double stretch[2];
    stretch_of(b, lead, stretch);
    for (int s = 0; s < b->slots; s++) {
        double *to = q + (size_t)s * MIZO_QUANTILES;
        if (isnan(mean[s]))
            for (int k = 0; k < MIZO_QUANTILES; k++)
                to[k] = NAN;
        else
            finish(b, stretch, any ? b->value.n[s] : 0, mean[s], mixed[s], to);
    }
}

void mizo_bands_say(const mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean, double *q)
{
    bands_said said;
    float mixed[BANDS_SLOTS][MIZO_QUANTILES];
    bool any = bands_members(b, lead, day, mean, said);
    if (any)
        mix(b, said, mixed);
    finish_all(b, lead, any, mean, mixed, q);
}

double bands_growth(const mizo_bands *b, int lead)
{
    double at[BANDS_LEADS], most = 1;
    for (int l = 0; l < BANDS_LEADS; l++) {
        double guess = 1 + 0.03 * bands_lead[l], few = 5 * (double)b->usual_mean;
        double near = (double)b->near[l] + few, missed = (double)b->missed[l] + few * guess;
        at[l] = fmax(most, fmin(3, near > 0 ? missed / near : guess));
        most = at[l];
    }
    return at_lead(at, lead);
}

/* The learner says what halves its misses; the mean of a peaky series lies higher. The mean miss of a part of
 * the day counts as far as it stands out from its own scatter (James & Stein 1961, positive part). */
void bands_centre(const mizo_bands *b, double *mean)
{
    for (int s = 0; s < b->slots; s++) {
        int p = part_of(b, s);
        double n = (double)b->bias_days[p], bias = (double)b->bias[p];
        if (n < 5 || isnan(mean[s]))
            continue;
        double scatter = ((double)b->bias_square[p] - bias * bias) / n;
        double share = bias * bias > 0 ? 1 - scatter / (bias * bias) : 0;
        mean[s] += fmax(0, share) * bias * bands_norm(b, mean[s]);
        if (b->positive && mean[s] < 0)
            mean[s] = 0;
    }
}

/* ---- learned ---- */

/* Adaptive conformal inference (Gibbs & Candes, NeurIPS 2021): a day with more than a tenth of its values
 * beyond an outer level stretches that side a little, one with fewer lets it shrink; slower where it takes
 * days until it shows. */
static void stretch_learn(mizo_bands *b, int l, const double *q, const double *actual)
{
    double out[2] = { 0 }, follow = FOLLOW / (1 + 0.5 * bands_lead[l]);
    int n = 0;
    for (int s = 0; s < b->slots; s++) {
        const double *at = q + (size_t)s * MIZO_QUANTILES;
        if (isnan(actual[s]) || isnan(at[0]))
            continue;
        out[0] += actual[s] < at[MIZO_Q10];
        out[1] += actual[s] > at[MIZO_Q90];
        n++;
    }
    for (int side = 0; side < 2 && n; side++) {
        double v = (double)b->stretch[l][side] + follow * (out[side] / n - 0.1);
        b->stretch[l][side] = (float)fmax(-0.5, fmin(1.2, v));
    }
}

static void trust_learn(mizo_bands *b, bands_said said, float mixed[BANDS_SLOTS][MIZO_QUANTILES],
                        const double *actual)
{
    float gain[BANDS_PARTS][MIZO_QUANTILES][BANDS_MEMBERS] = { 0 };
    float unit = b->level > 0 ? (float)b->level : 1;
    for (int s = 0; s < b->slots; s++) {
        int p = part_of(b, s);
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            if (isnan(mixed[s][k]) || isnan(actual[s]))
                continue;
            float side = (float)((actual[s] < (double)mixed[s][k]) - mizo_quantile[k]) / unit;
            for (int m = 0; m < BANDS_MEMBERS; m++)
                gain[p][k][m] += side * (mixed[s][k] - said[m][s][k]);
        }
    }
    for (int p = 0; p < BANDS_PARTS; p++)
        for (int k = 0; k < MIZO_QUANTILES; k++)
            for (int m = 0; m < BANDS_MEMBERS; m++) {
                float g = gain[p][k][m];
                b->regret[p][k][m] = FORGET * b->regret[p][k][m] + g;
                b->square[p][k][m] = FORGET * b->square[p][k][m] + g * g;
            }
}

/* What was said of the day is worked out again: nothing has been learned since. */
static void judge(mizo_bands *b, int l, const mizo_learn_day *day, const double *mean, const double *actual,
                  double *q)
{
    bands_said said;
    float mixed[BANDS_SLOTS][MIZO_QUANTILES];
    bool any = bands_members(b, bands_lead[l], day, mean, said);
    if (any)
        mix(b, said, mixed);
    finish_all(b, bands_lead[l], any, mean, mixed, q);
    if (!any)
        return;
    stretch_learn(b, l, q, actual);
    if (l == 0)
        trust_learn(b, said, mixed, actual);
}

static double mean_miss(const mizo_bands *b, const double *mean, const double *actual)
{
    double sum = 0;
    int n = 0;
    for (int s = 0; s < b->slots; s++)
        if (!isnan(mean[s]) && !isnan(actual[s])) {
            sum += fabs(actual[s] - mean[s]);
            n++;
        }
    return n ? sum / n : NAN;
}

/* Longer leads are told before the day ahead of the same day, and wait for it. */
static void growth_learn(mizo_bands *b, double near)
{
    if (!isnan(near))
        b->usual_mean += ((float)near - b->usual_mean) * 0.05F;
    for (int l = 1; l < BANDS_LEADS; l++) {
        if (!isnan(b->waiting[l]) && !isnan(near)) {
            b->missed[l] = SLOW * b->missed[l] + b->waiting[l];
            b->near[l] = SLOW * b->near[l] + (float)near;
        }
        b->waiting[l] = NAN;
    }
}

static void bias_learn(mizo_bands *b, const double *miss)
{
    for (int p = 0; p < BANDS_PARTS; p++) {
        double sum = 0;
        int n = 0;
        for (int s = 0; s < b->slots; s++)
            if (part_of(b, s) == p && !isnan(miss[s])) {
                sum += miss[s];
                n++;
            }
        if (!n)
            continue;
        float mean = (float)(sum / n);
        b->bias_days[p] = 0.98F * b->bias_days[p] + 1;
        b->bias[p] += (mean - b->bias[p]) / b->bias_days[p];
        b->bias_square[p] += (mean * mean - b->bias_square[p]) / b->bias_days[p];
    }
}

/* In multiples of what is usual in the slot; then that learns, too. */
static void usual_learn(mizo_bands *b, const double *mean, const double *actual, float *multiple)
{
    for (int s = 0; s < b->slots; s++) {
        double miss = actual[s] - mean[s];
        multiple[s] = b->usual_day[s] >= 3 && b->usual[s] > 0 ? (float)(miss / (double)b->usual[s]) : NAN;
        if (isnan(miss))
            continue;
        b->usual_day[s] = SLOW * b->usual_day[s] + 1;
        b->usual[s] += ((float)fabs(miss) - b->usual[s]) / b->usual_day[s];
    }
}

static void level_learn(mizo_bands *b, const double *actual)
{
    double sum = 0;
    int n = 0;
    for (int s = 0; s < b->slots; s++)
        if (!isnan(actual[s])) {
            sum += fabs(actual[s]);
            n++;
        }
    if (!n)
        return;
    b->weight = 0.975 * b->weight + 1;
    b->level += (sum / n - b->level) / b->weight;
}

static void remember(mizo_bands *b, const mizo_learn_day *day, const double *actual, const double *miss)
{
    int p = bands_place(day->day);
    b->next = day->day + 1;
    if (b->far)
        return;
    bands_mood(b, actual, b->mood[p]);
    bands_shelf_put(&b->value, b->slots, p, actual);
    bands_shelf_put(&b->miss, b->slots, p, miss);
    b->kind[p] = (int8_t)day->kind;
    b->day[p] = day->day;
}

static void learn_day_ahead(mizo_bands *b, const mizo_learn_day *day, const double *mean,
                            const double *actual, double *q)
{
    double miss[BANDS_SLOTS], centre[BANDS_SLOTS];
    if (q)
        judge(b, 0, day, mean, actual, q);
    growth_learn(b, mean_miss(b, mean, actual));
    level_learn(b, actual);
    memcpy(centre, mean, (size_t)b->slots * sizeof *mean);
    bands_centre(b, centre);
    usual_learn(b, centre, actual, b->last);
    if (!b->far)
        bands_pull_learn(b, centre, b->last);
    for (int s = 0; s < b->slots; s++)
        miss[s] = b->level > 0 ? (actual[s] - mean[s]) / bands_norm(b, mean[s]) : NAN;
    bias_learn(b, miss);
    remember(b, day, actual, miss);
}

void bands_far(mizo_bands *b, bool far)
{
    b->far = far;
}

void bands_tell(mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean, const double *actual,
                double *q)
{
    double far[BANDS_SLOTS * MIZO_QUANTILES];
    if (lead == 0)
        learn_day_ahead(b, day, mean, actual, q);
    for (int l = 1; l < BANDS_LEADS && lead > 0; l++)
        if (bands_lead[l] == lead) {
            b->waiting[l] = (float)mean_miss(b, mean, actual);
            if (q)
                judge(b, l, day, mean, actual, far);
        }
    if (lead != 1 || b->next != day->day)
        return;
    float multiple[BANDS_SLOTS];
    for (int s = 0; s < b->slots; s++)
        multiple[s] = b->usual_day[s] >= 3 && b->usual[s] > 0
                          ? (float)((actual[s] - mean[s]) / (double)b->usual[s])
                          : NAN;
    bands_pull_next(b, multiple);
}

void mizo_bands_learn(mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                      const double *actual)
{
    double q[BANDS_SLOTS * MIZO_QUANTILES];
    bands_tell(b, lead, day, mean, actual, q);
}

/* ---- birth ---- */

mizo_bands *mizo_bands_new(const mizo_bands_task *t)
{
    if (t->size < sizeof *t || t->slots < 1 || t->slots > BANDS_SLOTS)
        return NULL;
    mizo_bands *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->slots = t->slots;
    b->positive = t->positive;
    b->next = MIZO_DAY_NONE;
    for (int p = 0; p < BANDS_KEEP; p++)
        b->day[p] = MIZO_DAY_NONE;
    for (int l = 0; l < BANDS_LEADS; l++)
        b->waiting[l] = NAN;
    float **of[] = { &b->usual, &b->usual_day, &b->last };
    bool good = bands_shelf_new(&b->value, t->slots) && bands_shelf_new(&b->miss, t->slots);
    for (size_t i = 0; i < sizeof of / sizeof *of && good; i++)
        good = (*of[i] = calloc((size_t)t->slots, sizeof **of[i])) != NULL;
    if (good)
        return b;
    mizo_bands_free(b);
    return NULL;
}

void mizo_bands_free(mizo_bands *b)
{
    if (!b)
        return;
    bands_shelf_free(&b->value);
    bands_shelf_free(&b->miss);
    free(b->usual);
    free(b->usual_day);
    free(b->last);
    free(b);
}

size_t bands_bytes(const mizo_bands *b)
{
    return sizeof *b + 2 * bands_shelf_bytes(b->slots) + 3 * (size_t)b->slots * sizeof *b->usual;
}
