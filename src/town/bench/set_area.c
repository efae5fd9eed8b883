/* set_area.c: tepco_area: tomorrow's highest hour of the Tokyo area, at midnight, no weather given.
 *
 * The weather of today is in today's demand: every hour's distance from what is usual for the kind of day says
 * how hot or cold it was, and the season says what that is worth tomorrow. Regressions of four memories over
 * such distances and their products with the season are mixed with a learner (mizo/forecast.h); a forest learns
 * what the mix has missed. docs/mechanisms/price.md */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/mixer.h"
#include "forecast/panel.h"
#include "forecast/trees.h"
#include "town/bench/frame.h"
#include "town/bench/roll.h"
#include "town/bench/sets.h"

enum {
    HOURS = 24,
    KINDS = 4,
    TEST_DAYS = 180,
    COLUMNS = 80,
    FOREST = COLUMNS + 2,
    FOREST_DAYS = 21,
    WARM = 400
};

static const panel_member members[] = {
    {1000,  0.003,  0, 0, 1},
    { 400,  0.003,  0, 0, 1},
    { 200,  0.01,   0, 0, 1},
    { 1000, 0.0003, 0, 0, 1},
    { 120,  0.03,   0, 0, 1}
};
enum {
    MEMBERS = sizeof members / sizeof *members,
    PLAIN = 3,
    LEARNER = PLAIN + MEMBERS,
    EXPERTS = LEARNER + 1
};
enum { FINAL = 3, ROWS = 300, BEFORE = 400 };

/* What is usual: a level that all days move, and what a kind of day is away from it. By hour; the last: the peak. */
typedef struct usual {
    double level[HOURS + 1], kind[KINDS][HOURS + 1];
    double weight, kind_weight[KINDS];
} usual;

#define LEVEL_HALF_LIFE 4.0  /* days */
#define KIND_HALF_LIFE  12.0 /* days of the kind */

typedef struct task {
    days hourly, peak; /* logarithms */
    usual usual;
    days away[HOURS + 1]; /* distance from the usual of the time, by hour; the last: of the peak */
    double *learned;      /* MW, by day */
    panel *panel;
    mixer mixer, last;
    trees *forest;
    float *x, *y, *w; /* rows of the forest: [n * FOREST], [n], [n] */
    size_t rows;
    double said[EXPERTS], mean;
} task;

static double known(double v)
{
    return isfinite(v) ? v : 0;
}

/* ---- the usual ---- */

static int kind_of(const task *t, mizo_day d)
{
    int kind = kind_japan(d);
    return kind == MIZO_QUIET && !(t->usual.kind_weight[kind] > 0) ? MIZO_HOLIDAY : kind;
}

static double usual_of(const task *t, int kind, int hour)
{
    return t->usual.weight > 0 ? t->usual.level[hour] + t->usual.kind[kind][hour] : NAN;
}

static double usual_peak(const task *t, mizo_day d)
{
    return usual_of(t, kind_of(t, d), HOURS);
}

static void usual_learn(task *t, mizo_day d)
{
    usual *u = &t->usual;
    int i = d - t->peak.first, kind = kind_japan(d), as = kind_of(t, d);
    bool known_day = !isnan(days_at(&t->peak, d, 0));
    if (known_day) {
        u->weight = exp2(-1 / LEVEL_HALF_LIFE) * u->weight + 1;
        u->kind_weight[kind] = exp2(-1 / KIND_HALF_LIFE) * u->kind_weight[kind] + 1;
    }
    for (int h = 0; h <= HOURS; h++) {
        double v = h < HOURS ? days_at(&t->hourly, d, h) : days_at(&t->peak, d, 0);
        t->away[h].v[i] = v - usual_of(t, as, h);
        if (!known_day || isnan(v))
            continue;
        double level = v - u->kind[as][h], off = v - u->level[h];
        u->level[h] += (level - u->level[h]) / u->weight;
        if (kind != MIZO_WEEKDAY)
            u->kind[kind][h] += (off - u->kind[kind][h]) / u->kind_weight[kind];
    }
}

/* ---- columns ---- */

static double away(const task *t, mizo_day day, int hour)
{
    return known(days_at(&t->away[hour], day, 0));
}

static double peak_away(const task *t, mizo_day day)
{
    return away(t, day, HOURS);
}

typedef struct season {
    double s1, c1, s2, c2, s3, c3;
} season;

static season season_of(mizo_day day)
{
    double turn = 2 * 3.14159265358979323846 * day / 365.2425;
    return (season){ sin(turn), cos(turn), sin(2 * turn), cos(2 * turn), sin(3 * turn), cos(3 * turn) };
}

/* A value, and its product with the season. */
static double *seasonal(double *x, double v, const season *s, int harmonics)
{
    *x++ = v;
    *x++ = v * s->s1;
    *x++ = v * s->c1;
    if (harmonics > 1) {
        *x++ = v * s->s2;
        *x++ = v * s->c2;
    }
    if (harmonics > 2) {
        *x++ = v * s->s3;
        *x++ = v * s->c3;
    }
    return x;
}

static double *calendar(mizo_day day, const season *s, double *x)
{
    int kind = kind_japan(day), before = kind_japan(day - 1), weekday = mizo_day_weekday(day);
    bool free = kind != MIZO_WEEKDAY, after = before != MIZO_WEEKDAY && !free;
    double all[] = { 1,
                     kind == MIZO_SATURDAY,
                     kind == MIZO_HOLIDAY,
                     kind == MIZO_QUIET,
                     after,
                     weekday == 1 && !free,
                     weekday == 5 && !free,
                     weekday == 0,
                     s->s1,
                     s->c1,
                     s->s2,
                     s->c2,
                     s->s3,
                     s->c3,
                     free * s->s1,
                     free * s->c1,
                     free * s->c2 };
    memcpy(x, all, sizeof all);
    return x + sizeof all / sizeof *all;
}

static double *lately(const task *t, mizo_day d, double *x)
{
    double sum = 0;
    for (int k = 1; k <= 14; k++)
        sum += peak_away(t, d - k) / 14;
    for (int k = 2; k <= 7; k++)
        *x++ = peak_away(t, d - k);
    *x++ = peak_away(t, d - 14);
    *x++ = sum;
    static const int hour[] = { 2, 5, 8, 11, 17, 19, 21 };
    for (size_t k = 0; k < sizeof hour / sizeof *hour; k++)
        *x++ = away(t, d - 1, hour[k]);
    *x++ = away(t, d - 2, 14);
    *x++ = away(t, d - 2, 19);
    *x++ = away(t, d - 2, 23);
    *x++ = away(t, d - 1, 12) - away(t, d - 1, 8); /* the sun on roofs hollows the day out */
    *x++ = away(t, d - 1, 12) - away(t, d - 1, 18);
    *x++ = away(t, d - 2, 12) - away(t, d - 2, 8);
    return x;
}

static double year_ago(const task *t, mizo_day day, int a, int b)
{
    return known(days_at(&t->peak, day - a, 0) - days_at(&t->peak, day - b, 0));
}

static void columns(const task *t, mizo_day d, double *x)
{
    season s = season_of(d);
    int kind = kind_japan(d), before = kind_japan(d - 1);
    bool free = kind != MIZO_WEEKDAY, after = before != MIZO_WEEKDAY && !free;
    double one = peak_away(t, d - 1), night = away(t, d - 1, 23), level = known(usual_peak(t, d) - 10.55);
    double *from = x;
    x = lately(t, d, calendar(d, &s, x));
    x = seasonal(x, one, &s, 3);
    x = seasonal(x, night, &s, 2);
    x = seasonal(x, away(t, d - 1, 14), &s, 2);
    double noon = days_at(&t->hourly, d - 1, 14), evening = days_at(&t->hourly, d - 1, 18);
    x = seasonal(x, known(noon - evening), &s, 1);
    double all[] = { one * free,
                     night * free,
                     one * after,
                     night * after,
                     level,
                     level * one,
                     level * night,
                     fabs(night),
                     one * fabs(one),
                     night * fabs(night),
                     known(noon - days_at(&t->hourly, d - 1, 8)),
                     known(noon - days_at(&t->hourly, d - 1, 4)),
                     t->usual.kind[MIZO_HOLIDAY][HOURS],
                     year_ago(t, d, 364, 365),
                     year_ago(t, d, 364, 371),
                     year_ago(t, d, 363, 370),
                     known(days_at(&t->hourly, d - 1, 23) - days_at(&t->hourly, d - 1, 0)) };
    memcpy(x, all, sizeof all);
    x += sizeof all / sizeof *all;
    while (x < from + COLUMNS)
        *x++ = 0;
}

/* ---- the forest: what the mix misses ---- */

static void forest_row(const double *x, double mean, const task *t, float *row)
{
    for (int k = 0; k < COLUMNS; k++)
        row[k] = (float)x[k];
    row[COLUMNS] = (float)mean;
    row[COLUMNS + 1] = (float)(known(t->said[LEARNER]) - mean);
}

static void forest_fit(task *t)
{
    trees_task of = { .rounds = 200, .depth = 12, .least = 4, .rate = 1, .rows = 0.7, .take = 0.35 };
    of.forest = of.scatter = true;
    of.seed = 7;
    for (size_t i = 0; i < t->rows; i++)
        t->w[i] = (float)exp2(((double)i - (double)t->rows) / 1500);
    trees_rows *r = trees_rows_new(t->x, t->rows, FOREST);
    trees *f = r ? trees_fit(&of, r, t->y, t->w) : NULL;
    trees_rows_free(r);
    if (!f)
        return;
    trees_free(t->forest);
    t->forest = f;
}

/* ---- a day ---- */

/* The peak of day d, as a logarithm. */
static double say(task *t, mizo_day d, double *x, double final[FINAL])
{
    double anchor = usual_peak(t, d);
    float row[FOREST];
    columns(t, d, x);
    t->said[0] = days_at(&t->peak, d - 1, 0) - anchor;
    t->said[1] = days_at(&t->peak, d - 7, 0) - anchor;
    t->said[2] = 0;
    panel_say(t->panel, x, t->said + PLAIN);
    t->said[LEARNER] = log(t->learned[d - t->peak.first]) - anchor;
    mixer_say(&t->mixer, t->said, &t->mean);
    forest_row(x, t->mean, t, row);
    double missed = t->forest ? trees_say(t->forest, row) : 0;
    final[0] = t->mean;
    final[1] = t->mean + missed;
    final[2] = t->said[LEARNER];
    double mean;
    mixer_say(&t->last, final, &mean);
    return mean;
}

static void learn(task *t, mizo_day d, const double *x, const double final[FINAL], double mean)
{
    double y = days_at(&t->peak, d, 0) - usual_peak(t, d);
    if (isfinite(y) && isfinite(t->mean) && d - t->peak.first > WARM) {
        forest_row(x, t->mean, t, t->x + t->rows * FOREST);
        t->y[t->rows++] = (float)(y - t->mean);
    }
    mixer_learn(&t->last, final, &mean, &y);
    mixer_learn(&t->mixer, t->said, &t->mean, &y);
    panel_learn(t->panel, x, &y);
    usual_learn(t, d);
}

/* Mean absolute percentage of what was missed in the test span. */
static double run(task *t)
{
    double x[COLUMNS], final[FINAL], missed = 0, n = 0;
    for (int i = 0; i < t->peak.n; i++) {
        mizo_day d = t->peak.first + i;
        bool judged = i >= t->peak.n - TEST_DAYS;
        if (t->rows > ROWS && i % FOREST_DAYS == 0 && i >= t->peak.n - TEST_DAYS - BEFORE)
            forest_fit(t);
        double mean = say(t, d, x, final), actual = days_at(&t->peak, d, 0);
        double said = mean + usual_peak(t, d);
        if (judged && isfinite(actual) && isfinite(said)) {
            missed += 100 * fabs(exp(said - actual) - 1);
            n++;
        }
        learn(t, d, x, final, mean);
    }
    return missed / n;
}

/* ---- the learner: hours first, then the peak, told the highest hour that was said ---- */

enum { TOLD = 10 };

typedef struct told {
    const days *hourly, *peak; /* MW */
    const double *hourly_said;
} told;

static int japan(const void *arg, mizo_day d)
{
    (void)arg;
    return kind_japan(d);
}

static double highest(const double *v, int n)
{
    double most = NAN;
    for (int i = 0; i < n; i++)
        most = isnan(most) || v[i] > most ? v[i] : most;
    return most;
}

/* The shape of yesterday, and the highest hour of the hourly forecast for today, as logarithms. */
static void told_input(const void *arg, mizo_day day, double *in)
{
    static const int hour[TOLD] = { 1, 4, 7, 9, 12, 15, 17, 19, 21, 23 };
    const told *t = arg;
    double peak = days_at(t->peak, day - 1, 0);
    for (int k = 0; k < TOLD; k++)
        in[k] = log(days_at(t->hourly, day - 1, hour[k]) / peak);
    in[TOLD] = log(highest(t->hourly_said + (size_t)(day - t->hourly->first) * HOURS, HOURS));
}

/* What the learner says of every day's peak, MW, and the naive forecasts of the test span. */
static mizo_err learned(const days *hourly, const days *peak, double *said, roll_score *s)
{
    double *hours = calloc((size_t)hourly->n * HOURS, sizeof *hours);
    if (!hours)
        return MIZO_ENOMEM;
    roll_task h = {
        .y = hourly, .kind = japan, .test = TEST_DAYS, .measure = ROLL_MAPE, .log = 1, .said = hours
    };
    told arg = { hourly, peak, hours };
    roll_task p = { .y = peak, .kind = japan, .input = told_input, .arg = &arg, .inputs = TOLD + 1 };
    p.test = TEST_DAYS;
    p.measure = ROLL_MAPE;
    p.log = 1;
    p.said = said;
    mizo_err e = roll(&h, s);
    if (!e)
        e = roll(&p, s);
    free(hours);
    return e;
}

/* ---- the set ---- */

static mizo_err like(const days *d, int slots, days *out)
{
    *out = (days){ d->first, d->n, slots, calloc((size_t)d->n * (size_t)slots, sizeof *out->v) };
    return out->v ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err read(const char *data, mizo_diags *d, task *t)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, "tepco_area/demand_hourly_*", d));
    mizo_err e = days_of(&f, frame_column(&f, "demand_mw"), HOURS, 0, &t->hourly);
    frame_free(&f);
    if (!e)
        e = like(&t->hourly, 1, &t->peak);
    for (int i = 0; !e && i < t->hourly.n; i++)
        t->peak.v[i] = highest(t->hourly.v + (size_t)i * HOURS, HOURS);
    for (int h = 0; h <= HOURS && !e; h++)
        e = like(&t->hourly, 1, &t->away[h]);
    return e;
}

static mizo_err prepare(task *t)
{
    size_t n = (size_t)t->peak.n;
    panel_task p = { .slots = 1, .columns = COLUMNS, .members = MEMBERS, .member = members };
    p.fit_days = 1;
    p.warm = 60;
    t->panel = panel_new(&p);
    t->learned = calloc(n, sizeof *t->learned);
    t->x = calloc(n * FOREST, sizeof *t->x);
    t->y = calloc(n, sizeof *t->y);
    t->w = calloc(n, sizeof *t->w);
    mixer_init(&t->mixer, &(mixer_task){ 1, EXPERTS, PLAIN, 1, 0.99, 0.5 });
    mixer_init(&t->last, &(mixer_task){ 1, FINAL, 0, 1, 0.99, 0.5 });
    return t->panel && t->learned && t->x && t->y && t->w ? MIZO_OK : MIZO_ENOMEM;
}

/* Zero and less are no demand. */
static void logarithms(days *d)
{
    for (int i = 0; i < d->n * d->slots; i++)
        d->v[i] = d->v[i] > 0 ? log(d->v[i]) : NAN;
}

static void task_free(task *t)
{
    panel_free(t->panel);
    trees_free(t->forest);
    days_free(&t->hourly);
    days_free(&t->peak);
    for (int h = 0; h <= HOURS; h++)
        days_free(&t->away[h]);
    free(t->learned);
    free(t->x);
    free(t->y);
    free(t->w);
    free(t);
}

mizo_err set_tepco(const char *data, mizo_diags *d, set_result *out)
{
    roll_score s;
    task *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    mizo_err e = read(data, d, t);
    if (!e)
        e = prepare(t);
    if (!e)
        e = learned(&t->hourly, &t->peak, t->learned, &s);
    if (!e) {
        logarithms(&t->hourly);
        logarithms(&t->peak);
        out->score = run(t);
        out->naive = roll_best_naive(&s, ROLL_MAPE);
    }
    task_free(t);
    return e;
}
