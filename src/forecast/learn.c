/* learn.c: a series that is learned day by day: regressions and plain members, weighted online. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/learn_inner.h"

#define MOST   1e15F /* no value is larger: its square still has its place in a float */
#define ROBUST 1.2F  /* of the typical miss: beyond it a miss counts as its size, not as its square */

/* ---- asked ---- */

static mizo_learn_day sound(const mizo_learn_day *d)
{
    mizo_learn_day out = *d;
    if (out.kind < 0 || out.kind >= MIZO_LEARN_KINDS)
        out.kind = 0;
    return out;
}

static void prepare(mizo_learner *l, const mizo_learn_day *d)
{
    if (!l->inputs && l->ready == d->day && l->ready_kind == d->kind)
        return;
    l->ready = d->day;
    l->ready_kind = d->kind;
    learn_columns(l, d);
    learn_plain(l, d);
    learn_ridges_say(l, learn_usual(l, &l->slow, d->kind));
    learn_mix(l);
}

void mizo_learner_forecast(mizo_learner *l, const mizo_learn_day *day, double *mean)
{
    mizo_learn_day d = sound(day);
    prepare(l, &d);
    for (int s = 0; s < l->slots; s++)
        mean[s] = (double)l->mixed[s];
}

/* What was said stands in for a day, in places of the ring that no forecast needs otherwise. */
void mizo_learner_ahead(mizo_learner *l, const mizo_learn_day *day, int n, double *mean)
{
    mizo_day next = l->next;
    for (int k = 0; k < n && k < LEARN_AHEAD; k++) {
        mizo_learn_day d = sound(&day[k]);
        mizo_learner_forecast(l, &d, mean + (size_t)k * (size_t)l->slots);
        if (n == 1)
            return; /* nothing stood in for anything: what was worked out holds until the day is told */
        if (k + 1 < n)
            learn_remember(l, d.day, d.kind, l->mixed);
        l->ready = MIZO_DAY_NONE;
    }
    for (int k = 0; k + 1 < n && k < LEARN_AHEAD; k++)
        learn_forget(l, day[k].day);
    l->next = next;
}

/* ---- told ---- */

static void tell_inputs(mizo_learner *l, const mizo_learn_day *d)
{
    for (int k = 0; k < l->inputs && d->input; k++) {
        double sum = 0;
        int n = 0;
        for (int s = 0; s < l->slots; s++)
            if (isfinite(d->input[s * l->inputs + k])) {
                sum += d->input[s * l->inputs + k];
                n++;
            }
        if (n)
            l->usual_input[k] +=
                ((float)(sum / n) - l->usual_input[k]) / (float)(l->told < 30 ? l->told + 1 : 30);
    }
}

/* A value far from what was said counts less: between least squares and least absolute. */
static void tell_ridges(mizo_learner *l, const float *usual, const float *actual)
{
    float y[LEARN_SLOTS], w[LEARN_SLOTS];
    float slow = l->told < 50 ? 1 / (float)(l->told + 1) : 0.02F;
    for (int s = 0; s < l->slots; s++) {
        float v = actual[s] - usual[s], miss = fabsf(actual[s] - l->mixed[s]);
        bool known = !isnan(v);
        y[s] = known ? v : 0;
        w[s] = !known ? 0 : l->told > 5 && miss > ROBUST * l->typical[s] ? ROBUST * l->typical[s] / miss : 1;
        l->typical[s] += known && !isnan(miss) ? (miss - l->typical[s]) * slow : 0;
    }
    learn_ridges_tell(l, y, w);
}

static void take(const mizo_learner *l, const double *actual, float *out)
{
    for (int s = 0; s < l->slots; s++) {
        float v = (float)actual[s];
        out[s] = fabsf(v) < MOST ? v : NAN;
    }
}

int mizo_learner_clean(const mizo_learner *l, const double *actual, double *believed)
{
    float in[LEARN_SLOTS], out[LEARN_SLOTS];
    take(l, actual, in);
    int n = learn_clean(l, in, out);
    for (int s = 0; s < l->slots; s++)
        believed[s] = isnan(out[s]) ? NAN : actual[s];
    return n;
}

static void tell_all(mizo_learner *l, const mizo_learn_day *d, const float *told)
{
    prepare(l, d);
    learn_trust_tell(l, told);
    tell_ridges(l, learn_usual(l, &l->slow, d->kind), told);
    tell_inputs(l, d);
    learn_base_tell(l, &l->slow, d->kind, told);
    learn_base_tell(l, &l->fast, d->kind, told);
}

void mizo_learner_learn(mizo_learner *l, const mizo_learn_day *day, const double *actual)
{
    mizo_learn_day d = sound(day);
    float in[LEARN_SLOTS], told[LEARN_SLOTS], by = 0;
    if (l->told && d.day < l->next)
        return; /* told already */
    take(l, actual, in);
    learn_clean(l, in, told);
    int shifted = learn_level_tell(l, &d, told, &by);
    if (shifted)
        learn_level_move(l, d.day, shifted, by);
    l->ready = shifted ? MIZO_DAY_NONE : l->ready;
    tell_all(l, &d, told);
    learn_doubt_tell(l, in, told);
    l->told += l->told && d.day > l->next ? d.day - l->next + 1 : 1;
    learn_remember(l, d.day, d.kind, told);
    if (l->told >= LEARN_WARM && (l->fitted == MIZO_DAY_NONE || l->next - l->fitted >= l->fit_days)) {
        learn_ridges_fit(l);
        l->fitted = l->next;
    }
    l->ready = MIZO_DAY_NONE;
}

/* ---- birth ---- */

/* One block for everything. The first pass, without one, only counts. */
typedef struct room {
    char *at;
    size_t used;
} room;

static void *cut(room *r, size_t n, size_t size)
{
    void *p = r->at ? r->at + r->used : NULL;
    r->used += (n * size + 15) / 16 * 16;
    return p;
}

static float *floats(room *r, size_t n)
{
    return cut(r, n, sizeof(float));
}

static float keep_of(double half_life)
{
    return (float)exp2(-1 / half_life);
}

static void furnish_base(learn_base *b, room *r, size_t slots, double working, double other)
{
    b->v = floats(r, MIZO_LEARN_KINDS * slots);
    b->w = floats(r, MIZO_LEARN_KINDS * slots);
    for (int k = 0; k < MIZO_LEARN_KINDS; k++) /* there are five working days to each of the others */
        b->keep[k] = keep_of(k ? other : working);
}

/* The largest divisor of n that is no more than wanted. 0: n. */
static int groups_of(int wanted, int n)
{
    int g = wanted && wanted < n ? wanted : n;
    while (n % g)
        g--;
    return g;
}

static void furnish_ridges(mizo_learner *l, room *r)
{
    const learn_recipe *of = l->recipe;
    size_t slots = (size_t)l->slots, n = (size_t)l->n, groups = (size_t)l->groups;
    for (int k = 0; k < of->memories; k++)
        l->sums[k] = (learn_sums){ .keep = keep_of(of->half_life[k]),
                                   .gram = floats(r, n * (n + 1) / 2 * groups),
                                   .right = floats(r, n * groups) };
    for (int k = 0; k < of->views; k++)
        l->ridge[k] = (learn_ridge){ .sums = &l->sums[of->view[k].memory],
                                     .groups = groups_of(of->view[k].groups, l->groups),
                                     .beta = floats(r, n * slots) };
}

static void furnish(mizo_learner *l, room *r)
{
    size_t slots = (size_t)l->slots, n = (size_t)l->n;
    l->day_of = cut(r, (size_t)l->ring, sizeof *l->day_of);
    l->kind = cut(r, (size_t)l->ring, sizeof *l->kind);
    l->y = floats(r, (size_t)l->ring * slots);
    furnish_base(&l->slow, r, slots, 20, 6);
    furnish_base(&l->fast, r, slots, 3, 1.5);
    furnish_ridges(l, r);
    l->x = floats(r, n * slots);
    l->said = floats(r, (size_t)l->members * slots);
    l->mixed = floats(r, slots);
    l->typical = floats(r, slots);
    l->usual_input = floats(r, (size_t)l->inputs);
    size_t fit = (n * (n + 1) / 2 + n) * LEARN_LANES, day = l->groups < l->slots ? n * slots : 0;
    l->work = floats(r, fit > day ? fit : day);
}

mizo_learner *mizo_learner_new(const mizo_learn_task *t)
{
    const learn_recipe *of = t->size < sizeof *t ? NULL : learn_recipe_of(t->recipe);
    if (!of || t->slots < 1 || t->slots > LEARN_SLOTS || t->inputs < 0 || t->inputs > LEARN_INPUTS)
        return NULL;
    mizo_learner born = { .recipe = of,
                          .slots = t->slots,
                          .inputs = t->inputs,
                          .n = of->columns + t->inputs,
                          .groups = groups_of(of->groups, t->slots),
                          .fit_days = t->fit_days > 0 ? t->fit_days : of->fit_days,
                          .members = of->plains + of->views,
                          .ring = of->keep + LEARN_AHEAD,
                          .doubt = { .last = NAN },
                          .ready = MIZO_DAY_NONE,
                          .fitted = MIZO_DAY_NONE };
    room r = { NULL, 0 };
    cut(&r, 1, sizeof born);
    furnish(&born, &r);
    mizo_learner *l = calloc(1, r.used);
    if (!l)
        return NULL;
    *l = born;
    l->bytes = r.used;
    r = (room){ (char *)l, 0 };
    cut(&r, 1, sizeof *l);
    furnish(l, &r);
    for (int k = 0; k < l->ring; k++)
        l->day_of[k] = MIZO_DAY_NONE;
    for (size_t i = 0; i < MIZO_LEARN_KINDS * (size_t)l->slots; i++)
        l->slow.v[i] = l->fast.v[i] = NAN;
    return l;
}

size_t mizo_learner_bytes(const mizo_learner *l)
{
    return l->bytes;
}

void mizo_learner_free(mizo_learner *l)
{
    free(l);
}
