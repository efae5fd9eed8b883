/* learn_columns.c: what a regression is told about each slot of tomorrow.
 *
 * Most columns are deviations: a past value less what was usual for its kind of day, so that a Monday can
 * learn from a Sunday. The regression then says how far tomorrow will be from its own usual value. */
#include <math.h>
#include <string.h>

#include "forecast/learn_inner.h"

static void fill(float *x, int n, float v)
{
    for (int s = 0; s < n; s++)
        x[s] = v;
}

/* A day's values less its usual ones; 0 where one is not known. */
static void away(const mizo_learner *l, mizo_day day, float *out)
{
    const float *y = learn_row(l, day);
    if (!y) {
        fill(out, l->slots, 0);
        return;
    }
    const float *usual = learn_usual(l, &l->slow, learn_kind_of(l, day));
    for (int s = 0; s < l->slots; s++) {
        float v = y[s] - usual[s];
        out[s] = isnan(v) ? 0 : v;
    }
}

static float mean_of(const float *x, int from, int to)
{
    float sum = 0;
    for (int s = from; s < to; s++)
        sum += x[s];
    return sum / (float)(to - from);
}

float learn_away_mean(const mizo_learner *l, mizo_day day, int from, int to)
{
    float row[LEARN_SLOTS];
    away(l, day, row);
    return mean_of(row, from, to);
}

/* ---- what is the same for every slot of the day ---- */

typedef struct outline {
    float v[LEARN_OUTLINES];
    mizo_day alike[2]; /* the latest days of the kind */
    int nalike;
    bool free;
} outline;

static bool is_free(int kind)
{
    return kind > 0 && kind != MIZO_KIND_RECESS;
}

static void seek_alike(const mizo_learner *l, const mizo_learn_day *d, outline *o)
{
    for (int age = 1; age <= 70 && o->nalike < 2; age++)
        if (learn_kind_of(l, d->day - age) == d->kind)
            o->alike[o->nalike++] = d->day - age;
}

static void sketch_calendar(const mizo_learner *l, const mizo_learn_day *d, outline *o)
{
    double turn = 2 * 3.14159265358979323846 * d->day / 365.2425;
    int weekday = mizo_day_weekday(d->day), before = learn_kind_of(l, d->day - 1);
    bool changed = before >= 0 && is_free(before) != o->free;
    for (int k = 0; k < 2; k++) {
        o->v[LEARN_SEASON + 2 * k] = (float)sin((k + 1) * turn);
        o->v[LEARN_SEASON + 2 * k + 1] = (float)cos((k + 1) * turn);
    }
    o->v[LEARN_FREE_SEASON] = o->free ? o->v[LEARN_SEASON + 1] : 0;
    if (!o->free && weekday >= 1 && weekday <= 5)
        o->v[LEARN_MONDAY + weekday - 1] = 1;
    if (d->kind > 0)
        o->v[LEARN_KIND1 + d->kind - 1] = 1;
    o->v[LEARN_CHANGED] = changed;
    o->v[LEARN_AFTER_FREE] = changed && !o->free && weekday != 1;
}

static void sketch(const mizo_learner *l, const mizo_learn_day *d, outline *o)
{
    int slots = l->slots;
    float row[LEARN_SLOTS];
    *o = (outline){ .free = is_free(d->kind) };
    sketch_calendar(l, d, o);
    away(l, d->day - 1, row);
    o->v[LEARN_MEAN1] = mean_of(row, 0, slots);
    o->v[LEARN_EVENING] = mean_of(row, slots * 3 / 4, slots);
    o->v[LEARN_LAST] = mean_of(row, slots - (slots + 23) / 24, slots);
    o->v[LEARN_LAST_FREE] = o->free ? o->v[LEARN_LAST] : 0;
    o->v[LEARN_MEAN1_CHANGE] = o->v[LEARN_MEAN1] * o->v[LEARN_CHANGED];
    o->v[LEARN_MEAN2] = learn_away_mean(l, d->day - 2, 0, slots);
    for (int k = 3; k <= 7; k++)
        o->v[LEARN_WEEK] += learn_away_mean(l, d->day - k, 0, slots) / 5;
    o->v[LEARN_YEAR_AGO] = learn_away_mean(l, d->day - 364, 0, slots);
    seek_alike(l, d, o);
}

/* ---- slot by slot ---- */

static void around(const mizo_learner *l, mizo_day day, float *out)
{
    float row[LEARN_SLOTS];
    int last = l->slots - 1;
    away(l, day, row);
    for (int s = 0; s <= last; s++)
        out[s] = (row[s > 0 ? s - 1 : s] + row[s < last ? s + 1 : s]) / 2;
}

static void usual(const mizo_learner *l, int kind, bool faster, float *x)
{
    const float *slow = learn_usual(l, &l->slow, kind), *fast = learn_usual(l, &l->fast, kind);
    for (int s = 0; s < l->slots; s++) {
        float v = faster ? fast[s] - slow[s] : slow[s];
        x[s] = isnan(v) ? 0 : v;
    }
}

static void column(const mizo_learner *l, const mizo_learn_day *d, const outline *o, learn_column c, float *x)
{
    switch ((learn_what)c.what) {
    case LEARN_ONE:
        fill(x, l->slots, 1);
        break;
    case LEARN_USUAL:
        usual(l, d->kind, false, x);
        break;
    case LEARN_FASTER:
        usual(l, d->kind, true, x);
        break;
    case LEARN_AWAY:
        away(l, d->day - c.arg, x);
        break;
    case LEARN_AROUND:
        around(l, d->day - c.arg, x);
        break;
    case LEARN_ALIKE:
        away(l, c.arg < o->nalike ? o->alike[c.arg] : MIZO_DAY_NONE, x);
        break;
    case LEARN_FREE_DAY:
        away(l, o->free ? d->day - 1 : MIZO_DAY_NONE, x);
        break;
    case LEARN_SAME:
        fill(x, l->slots, o->v[c.arg]);
        break;
    }
}

/* An input that is not known is taken as usual. */
static void inputs(const mizo_learner *l, const mizo_learn_day *d, float *x)
{
    for (int k = 0; k < l->inputs; k++)
        for (int s = 0; s < l->slots; s++) {
            float v = d->input ? (float)d->input[s * l->inputs + k] : NAN;
            x[k * l->slots + s] = isfinite(v) ? v : l->usual_input[k];
        }
}

void learn_columns(mizo_learner *l, const mizo_learn_day *d)
{
    outline o;
    sketch(l, d, &o);
    for (int k = 0; k < l->recipe->columns; k++)
        column(l, d, &o, l->recipe->column[k], l->x + (size_t)k * (size_t)l->slots);
    inputs(l, d, l->x + (size_t)l->recipe->columns * (size_t)l->slots);
}
