/* value_city_data.c: the homes of citylearn_2022 that are there, what an hour does to them, and the score. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/plan.h"
#include "town/bench/value_city.h"

enum { MONTH = 730 /* hours of a load factor */, HOUR_S = 3600 };

/* ---- reading ---- */

static int need_column(const value_run *r, const frame *f, const char *name)
{
    int c = frame_column(f, name);
    if (c < 0)
        MIZO_DIAG(r->d, VALUE_COLUMN, MIZO_NOWHERE, r->set, name);
    return c;
}

/* The hour of a row's step: the file begins with the last hour of the day before its first whole day. */
static int hour_of(const city_data *c, int64_t step)
{
    return step >= 0 && step < c->hours ? c->first + (int)step : -1;
}

static mizo_err days_new(const city_data *c, days *out)
{
    int n = (c->first + c->hours + CITY_DAY - 1) / CITY_DAY;
    mizo_day first = mizo_date_day((mizo_date){ 2016, 7, 31 });
    *out = (days){ .first = first, .n = n, .slots = CITY_DAY };
    out->v = calloc((size_t)n * CITY_DAY, sizeof *out->v);
    for (int i = 0; out->v && i < n * CITY_DAY; i++)
        out->v[i] = NAN;
    return out->v ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err env_column(const value_run *r, const city_data *c, const frame *f, const char *name,
                           days *out)
{
    int col = need_column(r, f, name);
    if (col < 0)
        return MIZO_EINPUT;
    MIZO_TRY(days_new(c, out));
    for (size_t i = 0; i < f->nrow; i++) {
        int hour = hour_of(c, f->second[i]);
        if (hour >= 0)
            out->v[hour] = f->v[col][i];
    }
    return MIZO_OK;
}

static mizo_err read_env(const value_run *r, city_data *c)
{
    frame f;
    MIZO_TRY(frame_read(&f, r->data, "citylearn_2022/env*", r->d));
    int hour = need_column(r, &f, "hour");
    mizo_err e = hour < 0 ? MIZO_EINPUT : MIZO_OK;
    if (!e) {
        c->hours = (int)f.nrow;
        c->first = (int)f.v[hour][0] - 1;
        e = c->first < 0 || c->first >= CITY_DAY ? MIZO_EINPUT : MIZO_OK;
    }
    if (!e)
        e = env_column(r, c, &f, "electricity_pricing", &c->price);
    if (!e)
        e = env_column(r, c, &f, "carbon_intensity", &c->carbon);
    if (!e)
        e = env_column(r, c, &f, "day_type", &c->type);
    frame_free(&f);
    return e;
}

/* What buildings*.csv say of a home's panels. NAN: nothing. */
static double panels_of(const frame *f, int number)
{
    int c = frame_column(f, "pv_kw");
    for (size_t i = 0; c >= 0 && i < f->nrow; i++)
        if (f->second[i] == number && !isnan(f->v[c][i]))
            return f->v[c][i];
    return NAN;
}

static mizo_err read_home(const value_run *r, city_data *c, const frame *f, int number)
{
    char name[FRAME_NAME], text[16];
    snprintf(name, sizeof name, "load%d_kwh", number);
    int load = frame_column(f, name);
    snprintf(name, sizeof name, "pv%d_wh_per_kw", number);
    int sun = load < 0 ? -1 : need_column(r, f, name);
    if (load < 0 || sun < 0 || c->nhome == CITY_HOMES)
        return load < 0 ? MIZO_OK : MIZO_EINPUT;
    city_home *h = &c->home[c->nhome++];
    *h = (city_home){ .number = number, .pv_kw = panels_of(f, number) };
    if (isnan(h->pv_kw)) {
        snprintf(text, sizeof text, "%d", number);
        MIZO_DIAG(r->d, VALUE_NO_PANELS, MIZO_NOWHERE, text);
        h->pv_kw = 4;
    }
    MIZO_TRY(days_new(c, &h->net));
    for (size_t i = 0; i < f->nrow; i++) {
        int hour = hour_of(c, f->second[i]);
        if (hour >= 0 && !isnan(f->v[load][i]))
            h->net.v[hour] = f->v[load][i] - fmax(0, f->v[sun][i]) / 1000 * h->pv_kw;
    }
    return MIZO_OK;
}

mizo_err city_read(const value_run *r, city_data *c)
{
    frame f;
    memset(c, 0, sizeof *c);
    MIZO_TRY(read_env(r, c));
    MIZO_TRY(frame_read(&f, r->data, "citylearn_2022/buildings*", r->d));
    mizo_err e = MIZO_OK;
    for (int k = 1; k < CITY_HOMES && !e; k++)
        e = read_home(r, c, &f, k);
    frame_free(&f);
    if (!e && !c->nhome) {
        MIZO_DIAG(r->d, VALUE_COLUMN, MIZO_NOWHERE, r->set, "load1_kwh");
        e = MIZO_EINPUT;
    }
    return e;
}

void city_free(city_data *c)
{
    days_free(&c->price);
    days_free(&c->carbon);
    days_free(&c->type);
    for (int k = 0; k < c->nhome; k++)
        days_free(&c->home[k].net);
}

/* ---- a district ---- */

mizo_err city_run_new(const city_data *c, int from, int to, city_run *out)
{
    memset(out, 0, sizeof *out);
    for (int k = 0; k < c->nhome; k++)
        if (c->home[k].number >= from && c->home[k].number <= to) {
            int h = out->nhome++;
            out->home[h] = &c->home[k];
            out->capacity[h] = CITY_CAPACITY;
            out->net[h] = calloc((size_t)c->hours, sizeof *out->net[h]);
            if (!out->net[h])
                return MIZO_ENOMEM;
        }
    return out->nhome ? MIZO_OK : MIZO_ENOENT;
}

void city_run_free(city_run *r)
{
    for (int h = 0; h < r->nhome; h++)
        free(r->net[h]);
    r->nhome = 0;
}

/* Capacity fades with what flows, as the set states it: loss * first capacity * |flow| / (2 * capacity). */
void city_step(const city_data *c, city_run *r, int home, int hour, double into)
{
    double way = sqrt(CITY_EFFICIENCY), held = r->stored[home];
    double most = fmin(CITY_POWER, fmax(0, r->capacity[home] - held) / way);
    double least = fmin(CITY_POWER, held * way);
    into = fmax(-least, fmin(most, into));
    double flow = into > 0 ? into * way : into / way;
    r->stored[home] = fmax(0, held + flow);
    r->capacity[home] -= CITY_LOSS * CITY_CAPACITY * fabs(flow) / (2 * r->capacity[home]);
    r->net[home][hour] = r->home[home]->net.v[c->first + hour] + into;
}

/* ---- the score ---- */

typedef struct terms {
    double cost, carbon, carbon_sum, ramping, load_factor;
} terms;

static double net_of(const city_data *c, const city_run *r, int home, int hour, bool bare)
{
    return bare ? r->home[home]->net.v[c->first + hour] : r->net[home][hour];
}

static double sum_of(const city_data *c, const city_run *r, int hour, bool bare)
{
    double sum = 0;
    for (int h = 0; h < r->nhome; h++)
        sum += net_of(c, r, h, hour, bare);
    return sum;
}

/* Mean over groups of `window` hours of 1 - mean / peak. */
static double one_minus_load_factor(const city_data *c, const city_run *r, int from, int to, int window,
                                    bool bare)
{
    double all = 0;
    int groups = 0;
    for (int g = from; g < to; g += window, groups++) {
        double sum = 0, peak = -INFINITY;
        int end = g + window < to ? g + window : to;
        for (int i = g; i < end; i++) {
            double v = sum_of(c, r, i, bare);
            sum += v;
            peak = fmax(peak, v);
        }
        all += 1 - sum / (end - g) / peak;
    }
    return all / groups;
}

static double ramping_of(const city_data *c, const city_run *r, int from, int to, bool bare)
{
    double sum = 0;
    for (int i = from + 1; i < to; i++)
        sum += fabs(sum_of(c, r, i, bare) - sum_of(c, r, i - 1, bare));
    return sum;
}

static terms terms_of(const city_data *c, const city_run *r, int n, bool bare)
{
    terms t = { .ramping = ramping_of(c, r, 0, n, bare),
                .load_factor = one_minus_load_factor(c, r, 0, n, MONTH, bare) };
    for (int i = 0; i < n; i++) {
        double sum = fmax(0, sum_of(c, r, i, bare));
        t.cost += sum * c->price.v[c->first + i];
        t.carbon_sum += sum * c->carbon.v[c->first + i];
        for (int h = 0; h < r->nhome; h++)
            t.carbon += fmax(0, net_of(c, r, h, i, bare)) * c->carbon.v[c->first + i];
    }
    return t;
}

city_score city_judge(const city_data *c, const city_run *r, int n)
{
    terms with = terms_of(c, r, n, false), bare = terms_of(c, r, n, true);
    city_score s = { .cost = with.cost / bare.cost,
                     .carbon = with.carbon / bare.carbon,
                     .carbon_sum = with.carbon_sum / bare.carbon_sum,
                     .ramping = with.ramping / bare.ramping,
                     .load_factor = with.load_factor / bare.load_factor };
    s.score = (s.cost + s.carbon + (s.ramping + s.load_factor) / 2) / 3;
    return s;
}

/* ---- the score of the published controllers ---- */

static double home_ratio(const city_data *c, const city_run *r, int home, const days *weight, int from,
                         int to)
{
    double sum[2] = { 0 };
    for (int i = from; i < to; i++)
        for (int bare = 0; bare < 2; bare++)
            sum[bare] += fmax(0, net_of(c, r, home, i, bare)) * weight->v[c->first + i];
    return sum[0] / sum[1];
}

/* Mean of the days' peaks, or (window the whole span) the peak. */
static double peaks_of(const city_data *c, const city_run *r, int from, int to, int window, bool bare)
{
    double all = 0;
    int groups = 0;
    for (int g = from; g < to; g += window, groups++) {
        double peak = -INFINITY;
        for (int i = g; i < to && i < g + window; i++)
            peak = fmax(peak, sum_of(c, r, i, bare));
        all += peak;
    }
    return all / groups;
}

double city_judge_published(const city_data *c, const city_run *r, int from, int to)
{
    double cost = 0, carbon = 0;
    for (int h = 0; h < r->nhome; h++) {
        cost += home_ratio(c, r, h, &c->price, from, to) / r->nhome;
        carbon += home_ratio(c, r, h, &c->carbon, from, to) / r->nhome;
    }
    double grid = ramping_of(c, r, from, to, false) / ramping_of(c, r, from, to, true) +
                  one_minus_load_factor(c, r, from, to, CITY_DAY, false) /
                      one_minus_load_factor(c, r, from, to, CITY_DAY, true) +
                  peaks_of(c, r, from, to, CITY_DAY, false) / peaks_of(c, r, from, to, CITY_DAY, true) +
                  peaks_of(c, r, from, to, to - from, false) / peaks_of(c, r, from, to, to - from, true);
    return (cost + carbon + grid / 4) / 3;
}
