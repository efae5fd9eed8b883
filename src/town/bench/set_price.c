/* set_price.c: gefcom2014_price: the 24 prices of tomorrow as 99 quantiles. Known: every earlier price, and
 * the day-ahead forecasts of both loads for tomorrow itself.
 *
 * Everything is a logarithm and a distance from the hour's own mean of the last seven days, so that a level of
 * prices that has moved needs no relearning. Twelve regressions of several memories and sets of columns are mixed
 * (forecast/panel.h, forecast/mixer.h); what they will miss is forecast/spread.h.
 *
 * The benchmark is the same hour a week before for all quantiles: of the competition's files, that of task 15 is
 * that, to the cent. A task is a day; as in the competition the k-th task weighs k (Hong et al. 2016). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/mixer.h"
#include "forecast/panel.h"
#include "forecast/spread.h"
#include "town/bench/frame.h"
#include "town/bench/sets.h"

enum { HOURS = 24, WEEK = 7, LEVELS = 99, TEST_DAYS = 60 };
enum { NARROW = 23, MIDDLE = 40, COLUMNS = 71, SIGNS = 8, PLAIN = 3 };

static const panel_member members[] = {
    {60,    0.003, MIDDLE,  0, 1},
    { 200,  0.003, MIDDLE,  0, 1},
    { 2000, 0.003, MIDDLE,  0, 1},
    { 300,  0.003, NARROW,  0, 1},
    { 1000, 0.003, MIDDLE,  2, 1},
    { 60,   0.003, COLUMNS, 0, 1},
    { 200,  0.003, COLUMNS, 0, 1},
    { 2000, 0.003, COLUMNS, 0, 1},
    { 2000, 0.01,  COLUMNS, 0, 1},
    { 2000, 0.03,  COLUMNS, 0, 1},
    { 1000, 0.003, COLUMNS, 2, 1},
    { 300,  0.003, 48,      1, 1}
};
enum { MEMBERS = sizeof members / sizeof *members, EXPERTS = PLAIN + MEMBERS };

/* One quantity in logarithms, and its means over the last seven days as of the day in hand. */
typedef struct trace {
    days v;
    double week[HOURS], all; /* by hour; of all hours */
} trace;

typedef struct task {
    trace price, total, zonal;
    panel *panel;
    mixer mixer;
    spread *spread;
    double x[HOURS * COLUMNS], sign[HOURS * SIGNS], said[EXPERTS * HOURS], mean[HOURS], missed[HOURS];
    double missed_day; /* mean of missed */
} task;

static double known(double v)
{
    return isfinite(v) ? v : 0;
}

static void look_back(trace *t, mizo_day day)
{
    t->all = 0;
    for (int h = 0; h < HOURS; h++) {
        double sum = 0;
        int n = 0;
        for (int k = 1; k <= 28 && n < WEEK; k++) { /* a day that is missing: the one before it */
            double v = days_at(&t->v, day - k, h);
            if (!isnan(v)) {
                sum += v;
                n++;
            }
        }
        t->week[h] = n ? sum / n : NAN;
        t->all += t->week[h] / HOURS;
    }
}

/* Distance of an hour from its usual value; 0 where it is not known. */
static double away(const trace *t, mizo_day day, int h)
{
    return known(days_at(&t->v, day, h) - t->week[h]);
}

static double away_mean(const trace *t, mizo_day day)
{
    double sum = 0;
    for (int h = 0; h < HOURS; h++)
        sum += away(t, day, h) / HOURS;
    return sum;
}

/* The highest hour of a day (side 1) or the lowest (-1), from the usual mean. */
static double extreme(const trace *t, mizo_day day, int side)
{
    double most = -INFINITY;
    for (int h = 0; h < HOURS; h++) {
        double v = side * days_at(&t->v, day, h);
        most = v > most ? v : most;
    }
    return known(side * most - t->all);
}

typedef struct outline {
    double price1, price2, total0, total1, zonal0;
    int weekday, free;
} outline;

/* The narrow set first, then what widens it to the middle. */
static double *core(const task *t, mizo_day d, int h, const outline *o, double *x)
{
    double l = away(&t->total, d, h), z = away(&t->zonal, d, h), p = away(&t->price, d - 1, h);
    double level = known(days_at(&t->total.v, d, h) - 9.8), zone = known(days_at(&t->zonal.v, d, h) - 8.7);
    double dear = t->price.all - 3.7, turn = 2 * 3.14159265358979323846 * d / 365.25;
    bool weekend = o->free;
    double all[] = {
        1, p, away(&t->price, d - 2, h), away(&t->price, d - 7, h), o->price1, o->price2, /* prices */
        l, z, away(&t->total, d - 1, h), away(&t->total, d - 7, h), o->total0, o->total1, /* loads */
        l * level, level, zone, level * level, /* the supply curve is not straight */
        away(&t->price, d - 1, HOURS - 1), extreme(&t->price, d - 1, 1), extreme(&t->price, d - 1, -1),
        o->weekday == 0, o->weekday == 6, o->weekday == 1, o->weekday == 5,
        /* the middle set */
        away(&t->zonal, d - 1, h), o->zonal0, extreme(&t->total, d, 1), extreme(&t->total, d, -1),
        t->price.week[h] - t->price.all, dear, away(&t->price, d - 1, (h + HOURS - 1) % HOURS) - p,
        away(&t->price, d - 1, (h + 1) % HOURS) - p, away(&t->price, d - 3, h), l - o->total0,
        l > 0 ? l * l : 0, dear * l, l * weekend, p * weekend, level * level * level, sin(turn), cos(turn)
    };
    _Static_assert(sizeof all / sizeof *all == MIDDLE, "the middle set");
    for (int k = 0; k < MIDDLE; k++)
        x[k] = known(all[k]);
    return x + MIDDLE;
}

/* Yesterday's and today's shapes, and what was missed yesterday. */
static void rest(const task *t, mizo_day d, int h, const outline *o, double *x)
{
    const days *total = &t->total.v;
    *x++ = h ? known(days_at(total, d, h) - days_at(total, d, h - 1)) : 0;
    *x++ = h < HOURS - 1 ? known(days_at(total, d, h + 1) - days_at(total, d, h)) : 0;
    *x++ = t->missed[h];
    *x++ = t->missed_day;
    *x++ = o->total0 - o->total1;
    *x++ = (o->total0 - o->total1) * o->price1;
    *x++ = extreme(&t->zonal, d, 1);
    *x++ = away(&t->zonal, d, h) - away(&t->total, d, h);
    for (int k = 0; k < HOURS; k += 2)
        *x++ = (away(&t->price, d - 1, k) + away(&t->price, d - 1, k + 1)) / 2;
    for (int k = 1; k < HOURS; k += 3)
        *x++ = away(&t->total, d, k);
    *x++ = o->price1 * o->price1;
    *x++ = o->price1 - o->price2;
    *x++ = away(&t->price, d - 14, h);
}

static void columns(task *t, mizo_day d)
{
    look_back(&t->price, d);
    look_back(&t->total, d);
    look_back(&t->zonal, d);
    outline o = { .price1 = away_mean(&t->price, d - 1),
                  .price2 = away_mean(&t->price, d - 2),
                  .total0 = away_mean(&t->total, d),
                  .total1 = away_mean(&t->total, d - 1),
                  .zonal0 = away_mean(&t->zonal, d),
                  .weekday = mizo_day_weekday(d),
                  .free = kind_america(d) != 0 };
    for (int h = 0; h < HOURS; h++) {
        double *x = t->x + (size_t)h * COLUMNS;
        rest(t, d, h, &o, core(t, d, h, &o, x));
    }
}

/* Signs of a day that is hard to say: members that disagree, loads far from the usual, a dear hour. */
static void signs(task *t, mizo_day d)
{
    double jump = log(fabs(away_mean(&t->total, d) - away_mean(&t->total, d - 1)) + 0.01) + 3;
    for (int h = 0; h < HOURS; h++) {
        double sum = 0, square = 0, load = away(&t->total, d, h), m = known(t->mean[h]);
        for (int k = PLAIN; k < EXPERTS; k++) {
            double v = known(t->said[k * HOURS + h]);
            sum += v / MEMBERS;
            square += v * v / MEMBERS;
        }
        double level = known(days_at(&t->total.v, d, h) - 9.8);
        double all[SIGNS] = { log(sqrt(fmax(0, square - sum * sum)) + 0.003) + 3.5,
                              log(fabs(load) + 0.01) + 3,
                              level,
                              fmax(0, level),
                              jump,
                              m,
                              fabs(m),
                              load };
        memcpy(t->sign + (size_t)h * SIGNS, all, sizeof all);
    }
}

static void say(task *t, mizo_day d)
{
    columns(t, d);
    for (int h = 0; h < HOURS; h++) {
        t->said[h] = days_at(&t->price.v, d - 1, h) - t->price.week[h];
        t->said[HOURS + h] = days_at(&t->price.v, d - WEEK, h) - t->price.week[h];
        t->said[2 * HOURS + h] = isnan(t->price.week[h]) ? NAN : 0;
    }
    panel_say(t->panel, t->x, t->said + PLAIN * HOURS);
    mixer_say(&t->mixer, t->said, t->mean);
    signs(t, d);
    spread_day(t->spread, t->sign);
}

static void learn(task *t, mizo_day d)
{
    double y[HOURS];
    t->missed_day = 0;
    for (int h = 0; h < HOURS; h++)
        y[h] = days_at(&t->price.v, d, h) - t->price.week[h];
    for (int h = 0; h < HOURS; h++) {
        t->missed[h] = y[h] - t->mean[h];
        t->missed_day += known(t->missed[h]) / HOURS;
    }
    mixer_learn(&t->mixer, t->said, t->mean, y);
    panel_learn(t->panel, t->x, y);
    spread_learn(t->spread, t->missed);
    for (int h = 0; h < HOURS; h++) /* a column of tomorrow */
        t->missed[h] = known(t->missed[h]);
}

/* Pinball of the day's hours, and the benchmark's. */
static void judge(task *t, mizo_day d, double *loss, double *copied)
{
    double level[LEVELS], q[LEVELS];
    for (int k = 0; k < LEVELS; k++)
        level[k] = (k + 1) / 100.0;
    *loss = *copied = 0;
    for (int h = 0; h < HOURS; h++) {
        double actual = exp(days_at(&t->price.v, d, h)), before = exp(days_at(&t->price.v, d - WEEK, h));
        if (isnan(actual) || isnan(before) || isnan(t->mean[h]))
            continue;
        spread_quantiles(t->spread, h, level, LEVELS, q);
        for (int k = 0; k < LEVELS; k++) {
            double miss = actual - exp(t->price.week[h] + t->mean[h] + q[k]);
            *loss += (miss > 0 ? level[k] : level[k] - 1) * miss / LEVELS;
        }
        *copied += fabs(actual - before) / 2; /* the mean of all levels is one half */
    }
}

static void run(task *t, set_result *out)
{
    double sum = 0, weight = 0;
    mizo_day first = t->price.v.first + 2 * WEEK, end = t->price.v.first + t->price.v.n;
    for (mizo_day d = first; d < end; d++) {
        say(t, d);
        if (d >= end - TEST_DAYS) {
            double loss, copied, k = d - (end - TEST_DAYS) + 1;
            judge(t, d, &loss, &copied);
            if (copied > 0) {
                sum += k * (1 - loss / copied);
                weight += k;
            }
        }
        learn(t, d);
    }
    out->score = sum / weight;
    out->naive = 0;
}

static mizo_err logarithm(const frame *f, const char *name, days *out)
{
    MIZO_TRY(days_of(f, frame_column(f, name), HOURS, 0, out));
    for (int i = 0; i < out->n * HOURS; i++)
        out->v[i] = out->v[i] > 0 ? log(out->v[i]) : NAN;
    return MIZO_OK;
}

static mizo_err read(const char *data, mizo_diags *d, task *t)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, "gefcom2014_price/price_*", d));
    mizo_err e = logarithm(&f, "price_usd_mwh", &t->price.v);
    if (!e)
        e = logarithm(&f, "fc_total_load_mw", &t->total.v);
    if (!e)
        e = logarithm(&f, "fc_zonal_load_mw", &t->zonal.v);
    frame_free(&f);
    return e;
}

static mizo_err prepare(task *t)
{
    panel_task p = { .slots = HOURS, .columns = COLUMNS, .members = MEMBERS, .member = members };
    p.fit_days = 1;
    p.warm = 30;
    spread_task s = { .slots = HOURS, .signs = SIGNS, .days = 500, .half_life = 120, .least = 0.01 };
    s.reach = 2;
    t->panel = panel_new(&p);
    t->spread = spread_new(&s);
    mixer_init(&t->mixer, &(mixer_task){ HOURS, EXPERTS, PLAIN, 4, 0.99, 0.7 });
    return t->panel && t->spread ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err set_gefcom_price(const char *data, mizo_diags *d, set_result *out)
{
    task *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    mizo_err e = read(data, d, t);
    if (!e)
        e = prepare(t);
    if (!e)
        run(t, out);
    panel_free(t->panel);
    spread_free(t->spread);
    days_free(&t->price.v);
    days_free(&t->total.v);
    days_free(&t->zonal.v);
    free(t);
    return e;
}
