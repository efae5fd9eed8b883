/* value_pod_foresee.c: pod_battery: the evening's demand and the day's PV, a week ahead.
 *
 * Demand: a foresight over the civil day and a forest of evenings' shapes, half each; both were told the weather. PV: a
 * forest over the weather that the organisers gave for the week. docs/mechanisms/value.md */
#include "town/bench/value_pod.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/plan.h"
#include "mizo/scenario.h"
#include "mizo/weather.h"

enum { SKY = 18, SHAPE = 13, HOUR_S = 3600, DAY_S = 86400 };
#define LAT    50.4
#define LON    (-4.0)
#define DEGREE 0.017453292519943295
#define DUSK   92.0 /* degrees from the zenith: no PV beyond */
#define SPREAD 0.5  /* of the paths around their mean that an evening is planned for; chosen on other weeks */

/* ---- the sky ---- */

static double sky_hour(const pod *p, mizo_day day, int hour)
{
    double sum = 0;
    int n = 0;
    for (int k = 0; k < SKIES; k++) {
        double v = days_at(&p->sky[k], day + (hour < 0 ? -1 : hour / HOURS), (hour + HOURS) % HOURS);
        if (!isnan(v)) {
            sum += v;
            n++;
        }
    }
    return n ? sum / n : NAN;
}

/* At the middle of a half-hour, between the hours' own middles. */
static double sky_slot(const pod *p, mizo_day day, int slot)
{
    int before = (slot + 1) / 2 - 1;
    double share = slot % 2 ? 0.25 : 0.75;
    return (1 - share) * sky_hour(p, day, before) + share * sky_hour(p, day, before + 1);
}

static double air_hour(const pod *p, mizo_day day, int hour)
{
    while (hour < 0) {
        hour += HOURS;
        day--;
    }
    return days_at(&p->air, day + hour / HOURS, hour % HOURS);
}

static mizo_sun sun_slot(mizo_day day, int slot)
{
    return mizo_sun_at(((mizo_ms)day * DAY_S + slot * 1800 + 900) * 1000, LAT, LON);
}

/* ---- civil days ---- */

/* Summer time: from the last Sunday of March to the last of October, 01:00 UTC. */
static bool summer(int64_t second)
{
    mizo_date d = mizo_day_date((mizo_day)(second / DAY_S));
    mizo_day last[2];
    for (int k = 0; k < 2; k++) {
        last[k] = mizo_date_day((mizo_date){ d.year, k ? 10 : 3, 31 });
        last[k] -= mizo_day_weekday(last[k]);
    }
    return second >= (int64_t)last[0] * DAY_S + HOUR_S && second < (int64_t)last[1] * DAY_S + HOUR_S;
}

/* Slots by which the civil day is ahead. */
static int ahead(mizo_day day)
{
    return summer((int64_t)day * DAY_S + 12 * HOUR_S) ? 2 : 0;
}

static void inputs(const pod *p, mizo_day day, double in[SLOTS * INPUTS])
{
    int moved = ahead(day);
    double mean = 0;
    for (int h = 0; h < HOURS; h++)
        mean += air_hour(p, day, h) / HOURS;
    for (int s = 0; s < SLOTS; s++, in += INPUTS) {
        int slot = s - moved;
        mizo_day d = slot < 0 ? day - 1 : day;
        slot = (slot + SLOTS) % SLOTS;
        double t = air_hour(p, d, slot / 2), recent = 0, light = sky_slot(p, d, slot);
        for (int k = 0; k < HOURS; k++)
            recent += air_hour(p, d, slot / 2 - k) / HOURS;
        mizo_sun sun = sun_slot(d, slot);
        double x[INPUTS] = { t / 10,
                             fmax(0, 14 - t) / 10,
                             light / 1000,
                             recent / 10,
                             fmax(0, 14 - mean) / 10,
                             fmin(1, light / 100),
                             fmin(1, mizo_clear_ghi(sun.zenith) / 100),
                             fmax(-0.5, fmin(0.2, cos(sun.zenith * DEGREE))) };
        memcpy(in, x, sizeof x);
    }
}

static mizo_learn_day civil_day(const pod *p, mizo_day day, double in[SLOTS * INPUTS])
{
    inputs(p, day, in);
    return (mizo_learn_day){ .day = day, .kind = kind_england(day), .input = in };
}

static void tell(pod *p, mizo_day until)
{
    for (; p->told < until; p->told++) {
        double actual[SLOTS];
        for (int s = 0; s < SLOTS; s++)
            actual[s] = days_at(&p->civil, p->told, s);
        mizo_learn_day d = civil_day(p, p->told, p->in);
        mizo_foresight_note(p->fore, &d, 1);
        mizo_foresight_learn(p->fore, &d, actual);
    }
}

static uint8_t rank(const void *arg, size_t site, int age, int slot)
{
    const pod *p = arg;
    const uint8_t *r = mizo_foresight_ranks(p->fore, age);
    (void)site;
    return r ? r[slot] : MIZO_RANK_UNKNOWN;
}

static mizo_err foresee_load(pod *p, mizo_day week)
{
    mizo_learn_day d[WEEK];
    tell(p, week);
    for (int k = 0; k < WEEK; k++)
        d[k] = civil_day(p, week + k, p->in + (size_t)k * SLOTS * INPUTS);
    if (!mizo_foresight_say(p->fore, d, WEEK, &p->out))
        return MIZO_ENOENT;
    mizo_scenarios s = { .nsite = 1,
                         .n = WEEK * SLOTS,
                         .slots = SLOTS,
                         .site = &p->out,
                         .rank = rank,
                         .arg = p,
                         .ages = MIZO_RANKS,
                         .npath = PATHS,
                         .seed = 1 };
    return mizo_scenario_paths(&s, p->path);
}

/* ---- PV ---- */

static void sky_columns(const pod *p, mizo_day day, int slot, float x[SKY])
{
    mizo_sun sun = sun_slot(day, slot);
    double clear = mizo_clear_ghi(sun.zenith), light = sky_slot(p, day, slot);
    int h = slot / 2, n = 0;
    x[n++] = (float)light;
    x[n++] = (float)(clear > 5 ? light / clear : NAN);
    x[n++] = (float)sun.zenith;
    x[n++] = (float)sun.azimuth;
    x[n++] = (float)air_hour(p, day, h);
    for (int k = -2; k <= 2; k++)
        x[n++] = (float)sky_hour(p, day, h + k);
    for (int k = 0; k < SKIES; k++)
        x[n++] = (float)days_at(&p->sky[k], day, h);
    x[n++] = (float)slot;
    x[n++] = (float)clear;
}

static mizo_err grow_sun(pod *p, mizo_day week)
{
    size_t room = (size_t)p->pv.n * SLOTS, n = 0;
    float *x = calloc(room, SKY * sizeof *x), *y = calloc(room, sizeof *y);
    for (mizo_day d = p->pv.first; x && y && d < week; d++)
        for (int s = 0; s < SLOTS; s++) {
            double v = days_at(&p->pv, d, s);
            if (isnan(v) || sun_slot(d, s).zenith > DUSK)
                continue;
            sky_columns(p, d, s, x + n * SKY);
            y[n++] = (float)v;
        }
    trees_task t = { .rounds = 100,
                     .depth = 16,
                     .least = 5,
                     .rate = 1,
                     .rows = 0.5,
                     .take = 0.5,
                     .forest = true,
                     .loss = TREES_SQUARE,
                     .seed = 1 };
    trees_rows *rows = x && y && n ? trees_rows_new(x, n, SKY) : NULL;
    trees_free(p->sun);
    p->sun = rows ? trees_fit(&t, rows, y, NULL) : NULL;
    trees_rows_free(rows);
    free(x);
    free(y);
    return p->sun ? MIZO_OK : MIZO_ENOMEM;
}

static void foresee_sun(pod *p, mizo_day day, double q[CHARGE][LEVELS])
{
    double level[LEVELS];
    float x[SKY];
    for (int k = 0; k < LEVELS; k++)
        level[k] = (k + 0.5) / LEVELS;
    for (int s = 0; s < CHARGE; s++) {
        memset(q[s], 0, sizeof q[s]);
        if (sun_slot(day, s).zenith > DUSK)
            continue;
        sky_columns(p, day, s, x);
        trees_quantiles(p->sun, x, level, LEVELS, q[s]);
    }
}

/* ---- the shape of an evening ---- */

/* What evenings were like: days of the same kind, halved in seven days, others a tenth of it. */
static void usual(const pod *p, mizo_day day, mizo_day until, double base[EVENING])
{
    double weight[EVENING] = { 0 };
    int moved = ahead(day);
    memset(base, 0, EVENING * sizeof *base);
    for (mizo_day d = until - 60; d < until; d++) {
        double w = exp2((d - until) / 7.0) * (kind_england(d) == kind_england(day) ? 1 : 0.1);
        for (int i = 0; i < EVENING; i++) {
            double v = days_at(&p->civil, d, CHARGE + i + moved);
            if (isnan(v))
                continue;
            weight[i] += w;
            base[i] += w * v;
        }
    }
    for (int i = 0; i < EVENING; i++)
        base[i] /= weight[i];
}

static void shape_columns(const pod *p, mizo_day day, const double base[EVENING], int i, float x[SHAPE])
{
    int slot = CHARGE + i;
    double air = 0, light = 0, level = 0;
    for (int h = 0; h < HOURS; h++) {
        air += air_hour(p, day, h) / HOURS;
        light += sky_hour(p, day, h) / HOURS;
    }
    for (int k = 0; k < EVENING; k++)
        level += base[k] / EVENING;
    double all[SHAPE] = { slot + ahead(day),
                          mizo_day_weekday(day),
                          kind_england(day),
                          cos(sun_slot(day, slot).zenith * DEGREE),
                          (day + 284) % 365,
                          air_hour(p, day, slot / 2),
                          air,
                          sky_slot(p, day, slot),
                          sky_slot(p, day, slot - 2),
                          sky_slot(p, day, slot + 2),
                          light,
                          base[i],
                          base[i] / level };
    for (int n = 0; n < SHAPE; n++)
        x[n] = (float)all[n];
}

static mizo_err grow_shape(pod *p, mizo_day week)
{
    size_t room = (size_t)p->load.n * EVENING, n = 0;
    float *x = calloc(room, SHAPE * sizeof *x), *y = calloc(room, sizeof *y);
    for (mizo_day d = p->load.first + 40; x && y && d < week; d++) {
        double base[EVENING];
        usual(p, d, d - 1 - (week - d) % WEEK, base);
        for (int i = 0; i < EVENING; i++) {
            double v = days_at(&p->load, d, CHARGE + i) / base[i];
            if (!(v > 0.4 && v < 2))
                continue;
            shape_columns(p, d, base, i, x + n * SHAPE);
            y[n++] = (float)v;
        }
    }
    trees_task t = { .rounds = 100,
                     .depth = 16,
                     .least = 5,
                     .rate = 1,
                     .rows = 0.7,
                     .take = 0.5,
                     .forest = true,
                     .loss = TREES_SQUARE,
                     .seed = 2 };
    trees_rows *rows = x && y && n ? trees_rows_new(x, n, SHAPE) : NULL;
    trees_free(p->shape);
    p->shape = rows ? trees_fit(&t, rows, y, NULL) : NULL;
    trees_rows_free(rows);
    free(x);
    free(y);
    return p->shape ? MIZO_OK : MIZO_ENOMEM;
}

/* Cases of the evening: the paths, drawn together around the mean of both forecasts. */
static void foresee_evening(const pod *p, mizo_day week, int k, double out[PATHS][EVENING])
{
    double base[EVENING];
    int first = k * SLOTS + CHARGE + ahead(week + k);
    usual(p, week + k, week, base);
    for (int i = 0; i < EVENING; i++) {
        double mean = 0;
        float x[SHAPE];
        for (int j = 0; j < PATHS; j++)
            mean += (double)p->path[(size_t)j * WEEK * SLOTS + (size_t)(first + i)] / PATHS;
        shape_columns(p, week + k, base, i, x);
        double middle = (mean + base[i] * trees_say(p->shape, x)) / 2;
        for (int j = 0; j < PATHS; j++)
            out[j][i] =
                middle + SPREAD * ((double)p->path[(size_t)j * WEEK * SLOTS + (size_t)(first + i)] - mean);
    }
}

void pod_foresee(pod *p, mizo_day week, int k, pod_outlook *out)
{
    foresee_evening(p, week, k, out->evening);
    foresee_sun(p, week + k, out->sun);
}

mizo_err pod_learn(pod *p, mizo_day week)
{
    MIZO_TRY(foresee_load(p, week));
    MIZO_TRY(grow_sun(p, week));
    return grow_shape(p, week);
}

/* ---- the files ---- */

static mizo_err column(const value_run *r, const frame *f, const char *name, int slots, days *out)
{
    int c = frame_column(f, name);
    if (c >= 0)
        return days_of(f, c, slots, 0, out);
    MIZO_DIAG(r->d, VALUE_COLUMN, MIZO_NOWHERE, r->set, name);
    return MIZO_EINPUT;
}

static mizo_err read_demand(pod *p, const value_run *r)
{
    frame f;
    MIZO_TRY(frame_read(&f, r->data, "pod_battery/demand_pv_30min_*", r->d));
    mizo_err e = column(r, &f, "demand_mw", SLOTS, &p->load);
    if (!e)
        e = column(r, &f, "pv_mw", SLOTS, &p->pv);
    for (size_t i = 0; i < f.nrow; i++)
        f.second[i] += summer(f.second[i]) ? HOUR_S : 0;
    if (!e)
        e = column(r, &f, "demand_mw", SLOTS, &p->civil);
    frame_free(&f);
    return e;
}

/* Mean over the points, left in the first. */
static void mean_air(frame *f, const int column[SKIES])
{
    for (size_t i = 0; i < f->nrow; i++) {
        double sum = 0;
        int n = 0;
        for (int k = 0; k < SKIES; k++)
            if (!isnan(f->v[column[k]][i])) {
                sum += f->v[column[k]][i];
                n++;
            }
        f->v[column[0]][i] = n ? sum / n : NAN;
    }
}

static mizo_err read_weather(pod *p, const value_run *r)
{
    frame f;
    int air[SKIES];
    MIZO_TRY(frame_read(&f, r->data, "pod_battery/weather_hourly_*", r->d));
    mizo_err e = MIZO_OK;
    for (int k = 0; k < SKIES && !e; k++) {
        char name[FRAME_NAME];
        snprintf(name, sizeof name, "ghi_wm2_%d", k + 1);
        e = column(r, &f, name, HOURS, &p->sky[k]);
        snprintf(name, sizeof name, "temp_c_%d", k + 1);
        if (!e && (air[k] = frame_column(&f, name)) < 0)
            e = column(r, &f, name, HOURS, &p->air); /* says so */
    }
    if (!e) {
        mean_air(&f, air);
        e = days_of(&f, air[0], HOURS, 0, &p->air);
    }
    frame_free(&f);
    return e;
}

mizo_err pod_open(pod *p, const value_run *r)
{
    mizo_foresight_task t = {
        .size = sizeof t, .slots = SLOTS, .inputs = INPUTS, .recipe = MIZO_RICH, .positive = true
    };
    MIZO_TRY(read_demand(p, r));
    MIZO_TRY(read_weather(p, r));
    p->told = p->civil.first + 1; /* the days around summer time are whole from here on */
    p->fore = mizo_foresight_new(&t);
    p->out.mean = calloc(WEEK * SLOTS, sizeof *p->out.mean);
    p->out.q = calloc((size_t)WEEK * SLOTS * MIZO_QUANTILES, sizeof *p->out.q);
    return p->fore && p->out.mean && p->out.q ? MIZO_OK : MIZO_ENOMEM;
}

void pod_close(pod *p)
{
    trees_free(p->sun);
    trees_free(p->shape);
    mizo_foresight_free(p->fore);
    free(p->out.mean);
    free(p->out.q);
    for (int k = 0; k < SKIES; k++)
        days_free(&p->sky[k]);
    days_free(&p->air);
    days_free(&p->load);
    days_free(&p->civil);
    days_free(&p->pv);
}
