/* value_series.c: a forecaster that follows a set day by day. */
#include "town/bench/value_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int slots_of(const series *s)
{
    return s->t.y->slots;
}

mizo_err series_open(series *s, const series_task *t)
{
    size_t all = (size_t)t->y->slots * SERIES_DAYS;
    *s = (series){ .t = *t, .next = t->y->first };
    s->f = mizo_foresight_new(&(mizo_foresight_task){ .size = sizeof(mizo_foresight_task),
                                                      .slots = t->y->slots,
                                                      .inputs = t->inputs,
                                                      .recipe = t->recipe,
                                                      .positive = t->positive });
    s->room = calloc(all * (size_t)(t->inputs + 1), sizeof *s->room);
    s->mean = calloc(all, sizeof *s->mean);
    s->q = calloc(all * MIZO_QUANTILES, sizeof *s->q);
    if (s->f && s->room && s->mean && s->q)
        return MIZO_OK;
    series_close(s);
    return MIZO_ENOMEM;
}

void series_close(series *s)
{
    mizo_foresight_free(s->f);
    free(s->room);
    free(s->mean);
    free(s->q);
    *s = (series){ .f = NULL };
}

/* The days from `day` on, as they are known at slot `now` of it. */
static void describe(series *s, mizo_day day, int now, int n, mizo_learn_day *out)
{
    size_t size = (size_t)(slots_of(s) * s->t.inputs);
    for (int k = 0; k < n; k++) {
        double *in = s->t.input ? s->room + (size_t)k * size : NULL;
        if (in)
            s->t.input(s->t.arg, day, now, day + k, in);
        out[k] = (mizo_learn_day){ day + k, s->t.kind(s->t.arg, day + k), in };
    }
}

static const double *happened(const series *s, mizo_day day)
{
    return s->t.y->v + (size_t)(day - s->t.y->first) * (size_t)slots_of(s);
}

/* What was said of a day at its first instant stays what is judged and learned with. */
void series_until(series *s, mizo_day day)
{
    mizo_learn_day about[SERIES_DAYS];
    mizo_day end = s->t.y->first + s->t.y->n;
    for (; s->next < day && s->next < end; s->next++) {
        describe(s, s->next, 0, SERIES_DAYS, about);
        mizo_foresight_note(s->f, about, SERIES_DAYS);
        mizo_foresight_learn(s->f, about, happened(s, s->next));
    }
}

bool series_ask(series *s, mizo_day day, int now, int ndays)
{
    mizo_learn_day about[SERIES_DAYS];
    double *known = s->room + (size_t)(slots_of(s) * s->t.inputs * SERIES_DAYS);
    series_until(s, day);
    describe(s, day, now, ndays, about);
    memcpy(known, happened(s, day), (size_t)slots_of(s) * sizeof *known);
    for (int i = now; i < slots_of(s); i++)
        known[i] = NAN; /* not yet */
    s->said = (mizo_outlook){ ndays * slots_of(s), s->mean, s->q };
    bool any = now ? mizo_foresight_now(s->f, about, ndays, known, now, &s->said)
                   : mizo_foresight_say(s->f, about, ndays, &s->said);
    for (int i = 0; i < now; i++) {
        s->mean[i] = known[i];
        for (int k = 0; k < MIZO_QUANTILES; k++)
            s->q[i * MIZO_QUANTILES + k] = known[i];
    }
    return any;
}
