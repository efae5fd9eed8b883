/* learn_columns.c: what a regression is told about a slot of tomorrow, and the plain members.
 *
 * Most columns are deviations: a past value less what was usual for its kind of day, so that a Monday can
 * learn from a Sunday. The regression then says how far tomorrow will be from its own usual value. */
#include <math.h>
#include <string.h>

#include "forecast/forecast_inner.h"
#include "forecast/learn_inner.h"

static double away(const mizo_learner *l, mizo_day day, int slot)
{
    int kind = learn_kind_of(l, day);
    if (kind < 0)
        return 0;
    double v = learn_at(l, day, slot) - learn_usual(l, &l->slow, kind, slot);
    return isnan(v) ? 0 : v;
}

static double away_mean(const mizo_learner *l, mizo_day day, int from, int to)
{
    double sum = 0;
    for (int s = from; s < to; s++)
        sum += away(l, day, s);
    return sum / (to - from);
}

/* What is the same for every slot of the day. */
typedef struct outline {
    double year[4], weekday[5], kind[3];
    double mean1, mean2, week, evening, last, changed, after_free;
    mizo_day alike[4]; /* the latest days of the kind, 0: none */
} outline;

static void seek_alike(const mizo_learner *l, const mizo_learn_day *d, outline *o)
{
    int n = 0;
    for (int age = 1; age <= 70 && n < 4; age++)
        if (learn_kind_of(l, d->day - age) == d->kind)
            o->alike[n++] = d->day - age;
}

static void sketch(const mizo_learner *l, const mizo_learn_day *d, outline *o)
{
    *o = (outline){ .mean1 = 0 };
    double turn = 2 * 3.14159265358979323846 * d->day / 365.2425;
    for (int k = 0; k < 2; k++) {
        o->year[2 * k] = sin((k + 1) * turn);
        o->year[2 * k + 1] = cos((k + 1) * turn);
    }
    int weekday = mizo_day_weekday(d->day), before = learn_kind_of(l, d->day - 1);
    if (d->kind == 0 && weekday >= 1 && weekday <= 5)
        o->weekday[weekday - 1] = 1;
    if (d->kind > 0)
        o->kind[d->kind - 1] = 1;
    o->changed = before >= 0 && (before > 0) != (d->kind > 0);
    o->after_free = before > 0 && d->kind == 0 && weekday != 1;
    o->mean1 = away_mean(l, d->day - 1, 0, l->slots);
    o->mean2 = away_mean(l, d->day - 2, 0, l->slots);
    for (int k = 3; k <= 7; k++)
        o->week += away_mean(l, d->day - k, 0, l->slots) / 5;
    o->evening = away_mean(l, d->day - 1, l->slots * 3 / 4, l->slots);
    o->last = away_mean(l, d->day - 1, l->slots - (l->slots + 23) / 24, l->slots);
    seek_alike(l, d, o);
}

static double around(const mizo_learner *l, mizo_day day, int slot)
{
    int a = slot > 0 ? slot - 1 : slot, b = slot + 1 < l->slots ? slot + 1 : slot;
    return (away(l, day, a) + away(l, day, b)) / 2;
}

static double known(double v)
{
    return isnan(v) ? 0 : v;
}

static void columns(const mizo_learner *l, const mizo_learn_day *d, const outline *o, int s, double *x)
{
    int n = 0;
    double usual = known(l->usual[s]), free = d->kind > 0;
    double fast = learn_usual(l, &l->fast, d->kind, s), yesterday = away(l, d->day - 1, s);
    x[n++] = 1;
    x[n++] = usual;
    x[n++] = isnan(fast) ? 0 : fast - usual;
    x[n++] = yesterday;
    x[n++] = away(l, d->day - 2, s);
    x[n++] = away(l, d->day - 7, s);
    x[n++] = away(l, d->day - 14, s);
    x[n++] = o->alike[0] ? away(l, o->alike[0], s) : 0;
    x[n++] = o->alike[1] ? away(l, o->alike[1], s) : 0;
    x[n++] = around(l, d->day - 1, s);
    x[n++] = around(l, d->day - 7, s);
    x[n++] = away(l, d->day - 364, s);
    x[n++] = away_mean(l, d->day - 364, 0, l->slots);
    x[n++] = o->mean1;
    x[n++] = o->mean2;
    x[n++] = o->week;
    x[n++] = o->evening;
    x[n++] = o->last;
    x[n++] = o->last * free;
    x[n++] = yesterday * free;
    x[n++] = o->mean1 * o->changed;
    x[n++] = o->changed;
    x[n++] = o->after_free;
    for (int k = 0; k < 5; k++)
        x[n++] = o->weekday[k];
    for (int k = 0; k < 3; k++)
        x[n++] = o->kind[k];
    for (int k = 0; k < 4; k++)
        x[n++] = o->year[k];
    x[n++] = free * o->year[1];
    for (int k = 0; k < l->inputs; k++)
        x[n++] = d->input ? known(d->input[s * l->inputs + k]) : 0;
}

void learn_columns(mizo_learner *l, const mizo_learn_day *d)
{
    outline o;
    sketch(l, d, &o);
    for (int s = 0; s < l->slots; s++) {
        l->usual[s] = learn_usual(l, &l->slow, d->kind, s);
        columns(l, d, &o, s, l->x + (size_t)s * (size_t)l->n);
    }
}

/* The middle of the last eight days of the kind. */
static double middle_alike(const mizo_learner *l, const mizo_learn_day *d, int s)
{
    weighted x[8];
    int n = 0;
    for (int age = 1; age <= 70 && n < 8; age++) {
        double v = learn_kind_of(l, d->day - age) == d->kind ? learn_at(l, d->day - age, s) : NAN;
        if (!isnan(v))
            x[n++] = (weighted){ v, 1 };
    }
    forecast_sort(x, n);
    return n ? forecast_quantile(x, n, 0.5) : NAN;
}

static double mean_weeks(const mizo_learner *l, mizo_day day, int s)
{
    double sum = 0;
    int n = 0;
    for (int k = 7; k <= 28; k += 7) {
        double v = learn_at(l, day - k, s);
        if (!isnan(v)) {
            sum += v;
            n++;
        }
    }
    return n ? sum / n : NAN;
}

/* A member that knows nothing of a slot says the usual value. */
void learn_plain(mizo_learner *l, const mizo_learn_day *d)
{
    for (int s = 0; s < l->slots; s++) {
        double fast = learn_usual(l, &l->fast, d->kind, s);
        double say[LEARN_PLAIN] = {
            learn_at(l, d->day - 1, s),
            learn_at(l, d->day - 7, s),
            mean_weeks(l, d->day, s),
            l->usual[s],
            fast + 0.5 * away_mean(l, d->day - 1, 0, l->slots),
            middle_alike(l, d, s),
        };
        for (int k = 0; k < LEARN_PLAIN; k++)
            l->said[k * l->slots + s] = isnan(say[k]) ? l->usual[s] : say[k];
    }
}
