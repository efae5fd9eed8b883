/* value_city_plan.c: a district of citylearn_2022 under control, hour by hour through a year.
 *
 * Before each hour the net load of every home and of their sum is forecast from the hours that are over, in levels;
 * the day to come is planned as a linear program whose objective is the score itself, as far as it can be known:
 * ratios to what the district would have used without batteries so far. The first hour is done. */
#include "town/bench/value_city.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/value_series.h"

enum { HORIZON = 24, HOME_LEVELS = 3, SUM_LEVELS = 5, AHEAD = 3, MONTH = 730 };
/* How much of a level's distance from the mean an hour keeps when its change is looked at. */
#define TOGETHER 0.8
#define LEFT     0.9  /* of the least price, for what is left at the end */
#define FLOOR    0.85 /* of the usual peak of a month: it will come to that in any case */
#define HIGH     0.9  /* the level that counts for the peak */

typedef struct district {
    const mizo_lp_solver *solver;
    const city_data *data;
    city_run *now;
    int home_levels, sum_levels;          /* one of each, where all is known */
    series home[CITY_HOMES], sum, carbon; /* carbon's days are the data's */
    days sum_net;
    city_lp *lp;
    bool perfect;
    double *home_level, *sum_level, *ramp, *high, *price_w, *carbon_w, *into, *room;
    double scale[3]; /* what an hour has of cost, carbon and ramps without batteries; of the last midnight */
    double used[4];  /* of the past, without batteries: cost, carbon, ramps, net */
    double last;     /* what the district took in the last hour */
    double peak, peaks; /* of the month so far; sum of those of the months that are over */
    int months;
} district;

/* ---- forecasts ---- */

/* The level p of a distribution that is given at the levels of mizo_quantile. */
static double level_at(const double *q, double p)
{
    int k = 0;
    while (k < MIZO_QUANTILES - 2 && mizo_quantile[k + 1] < p)
        k++;
    double share = (p - mizo_quantile[k]) / (mizo_quantile[k + 1] - mizo_quantile[k]);
    return q[k] + fmax(-1, fmin(2, share)) * (q[k + 1] - q[k]);
}

/* n levels, equally likely, of the slots [from, from + HORIZON); what will be, where that is known. */
static void levels(const district *d, const series *s, mizo_day day, int from, int n, double *out)
{
    for (int t = 0; t < HORIZON; t++)
        for (int k = 0; k < n; k++) {
            double v = days_at(s->t.y, day + (from + t) / CITY_DAY, (from + t) % CITY_DAY);
            out[t * n + k] = d->perfect
                                 ? (isnan(v) ? 0 : v)
                                 : level_at(s->said.q + (size_t)(from + t) * MIZO_QUANTILES, (k + 0.5) / n);
        }
}

/* Days after the one in hand stay as they were said at its midnight. */
static bool ask(series *s, mizo_day day, int now)
{
    return series_ask(s, day, now, now ? 1 : AHEAD);
}

static bool asked(district *d, mizo_day day, int now)
{
    bool any = ask(&d->sum, day, now) && (now || ask(&d->carbon, day, now));
    for (int h = 0; h < d->now->nhome; h++)
        any = ask(&d->home[h], day, now) && any;
    return any;
}

static bool look_ahead(district *d, mizo_day day, int now)
{
    if (!d->perfect && !asked(d, day, now))
        return false;
    levels(d, &d->sum, day, now, d->sum_levels, d->sum_level);
    for (int h = 0; h < d->now->nhome; h++)
        levels(d, &d->home[h], day, now, d->home_levels,
               d->home_level + (size_t)h * HORIZON * d->home_levels);
    levels(d, &d->carbon, day, now, 1, d->carbon_w);
    return true;
}

/* ---- the plan ---- */

static double mean_of(const double *v, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += v[k] / n;
    return sum;
}

static void ramps(district *d)
{
    for (int t = 0; t < HORIZON; t++) {
        const double *at = d->sum_level + (size_t)t * d->sum_levels;
        double mean = mean_of(at, d->sum_levels);
        double before = t ? mean_of(at - d->sum_levels, d->sum_levels) : d->last;
        for (int k = 0; k < d->sum_levels; k++)
            d->ramp[t * d->sum_levels + k] = mean - before + (t ? TOGETHER : 1) * (at[k] - mean);
    }
}

/* Prices of the hours relative to what an hour costs without batteries, so that all parts of the score weigh alike. */
static void weigh(district *d, int hour, mizo_day day, int now)
{
    for (int k = 0; k < 3 && (!now || !(d->scale[k] > 0)); k++)
        d->scale[k] = d->used[k] / hour;
    for (int t = 0; t < HORIZON; t++) {
        double price = days_at(&d->data->price, day + (now + t) / CITY_DAY, (now + t) % CITY_DAY);
        bool month = (hour + t) / MONTH == hour / MONTH;
        d->price_w[t] = (isnan(price) ? 0 : price) / d->scale[0];
        d->carbon_w[t] /= d->scale[1];
        d->high[t] = !month       ? -INFINITY
                     : d->perfect ? d->sum_level[t]
                                  : level_at(d->sum.said.q + (size_t)(now + t) * MIZO_QUANTILES, HIGH);
    }
}

static double least_of(const double *v, int n)
{
    double least = v[0];
    for (int k = 1; k < n; k++)
        least = fmin(least, v[k]);
    return least;
}

static mizo_err plan(district *d, int hour, mizo_day day, int now)
{
    weigh(d, hour, day, now);
    ramps(d);
    double usual = d->months ? FLOOR * d->peaks / d->months : 0;
    double peak = fmax(fmax(d->peak, usual), 1), mean = d->used[3] / hour;
    city_ask a = { .home = d->home_level,
                   .sum = d->sum_level,
                   .ramp = d->ramp,
                   .high = d->high,
                   .price = d->price_w,
                   .carbon = d->carbon_w,
                   .ramp_weight = 0.5 / d->scale[2],
                   .peak_weight = 0.5 * MONTH * fmax(0, mean) / (peak * peak) / fmax(0.1, 1 - mean / peak),
                   .peak = peak,
                   .stored = d->now->stored,
                   .capacity = d->now->capacity };
    a.left = LEFT * sqrt(CITY_EFFICIENCY) * (least_of(d->price_w, HORIZON) + least_of(d->carbon_w, HORIZON));
    return city_lp_plan(d->lp, &a, d->into);
}

/* ---- the loop ---- */

/* What the hour that is over tells: the score's parts without batteries, the peak with them. */
static void remember(district *d, int hour)
{
    const city_data *c = d->data;
    int i = c->first + hour;
    double sum = d->sum_net.v[i], before = hour ? d->sum_net.v[i - 1] : sum;
    d->used[0] += fmax(0, sum) * c->price.v[i];
    d->used[2] += fabs(sum - before);
    d->used[3] += sum;
    d->last = 0;
    for (int h = 0; h < d->now->nhome; h++) {
        d->used[1] += fmax(0, d->now->home[h]->net.v[i]) * c->carbon.v[i];
        d->last += d->now->net[h][hour];
    }
    d->peak = fmax(d->peak, d->last);
    if ((hour + 1) % MONTH == 0) {
        d->peaks += d->peak;
        d->months++;
        d->peak = 0;
    }
}

static mizo_err one_hour(district *d, int hour)
{
    int i = d->data->first + hour, now = i % CITY_DAY;
    mizo_day day = d->sum_net.first + i / CITY_DAY;
    bool know = hour > CITY_DAY && look_ahead(d, day, now);
    if (know) {
        mizo_err e = plan(d, hour, day, now);
        if (e != MIZO_ERANGE && e != MIZO_EBUSY)
            MIZO_TRY(e);
        know = !e; /* a battery rests where the solver found nothing */
    }
    d->now->idle += !know;
    for (int h = 0; h < d->now->nhome; h++)
        city_step(d->data, d->now, h, hour, know ? d->into[h * HORIZON] : 0);
    remember(d, hour);
    return MIZO_OK;
}

/* ---- birth ---- */

static int kind(const void *arg, mizo_day day)
{
    double type = days_at(arg, day, CITY_DAY - 1);
    return type >= 7 ? MIZO_HOLIDAY : type >= 6 ? MIZO_SATURDAY : MIZO_WEEKDAY;
}

static mizo_err add_up(district *d)
{
    int n = d->data->price.n * CITY_DAY;
    d->sum_net = d->data->price;
    d->sum_net.v = calloc((size_t)n, sizeof *d->sum_net.v);
    for (int i = 0; d->sum_net.v && i < n; i++)
        for (int h = 0; h < d->now->nhome; h++)
            d->sum_net.v[i] += d->now->home[h]->net.v[i];
    return d->sum_net.v ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err open_series(district *d)
{
    series_task t = { .kind = kind, .arg = &d->data->type, .y = &d->sum_net };
    MIZO_TRY(series_open(&d->sum, &t));
    t.recipe = MIZO_LEAN;
    t.y = &d->data->carbon;
    t.positive = true;
    MIZO_TRY(series_open(&d->carbon, &t));
    t.positive = false;
    for (int h = 0; h < d->now->nhome; h++) {
        t.y = &d->now->home[h]->net;
        MIZO_TRY(series_open(&d->home[h], &t));
    }
    return MIZO_OK;
}

static mizo_err open_room(district *d)
{
    size_t n = HORIZON, home = (size_t)d->now->nhome;
    d->room = calloc(n * (home * d->home_levels + 2 * d->sum_levels + 3 + home), sizeof *d->room);
    if (!d->room)
        return MIZO_ENOMEM;
    d->home_level = d->room;
    d->sum_level = d->home_level + n * home * d->home_levels;
    d->ramp = d->sum_level + n * d->sum_levels;
    d->high = d->ramp + n * d->sum_levels;
    d->price_w = d->high + n;
    d->carbon_w = d->price_w + n;
    d->into = d->carbon_w + n;
    d->lp = city_lp_new(d->solver, &(city_shape){ .homes = d->now->nhome,
                                                  .n = HORIZON,
                                                  .home_levels = d->home_levels,
                                                  .sum_levels = d->sum_levels,
                                                  .power = CITY_POWER,
                                                  .efficiency = sqrt(CITY_EFFICIENCY) });
    return d->lp ? MIZO_OK : MIZO_ENOMEM;
}

static void district_close(district *d)
{
    city_lp_free(d->lp);
    free(d->room);
    series_close(&d->sum);
    series_close(&d->carbon);
    for (int h = 0; h < d->now->nhome; h++)
        series_close(&d->home[h]);
    days_free(&d->sum_net);
}

mizo_err city_control(const mizo_lp_solver *solver, const city_data *c, int hours, bool perfect,
                      mizo_err (*pace)(void *arg, double done), void *arg, city_run *now)
{
    district d = { .solver = solver,
                   .data = c,
                   .now = now,
                   .perfect = perfect,
                   .home_levels = perfect ? 1 : HOME_LEVELS,
                   .sum_levels = perfect ? 1 : SUM_LEVELS };
    mizo_err e = add_up(&d);
    if (!e)
        e = open_series(&d);
    if (!e)
        e = open_room(&d);
    for (int hour = 0; hour < hours && !e; hour++) {
        e = hour % CITY_DAY ? MIZO_OK : pace(arg, (double)hour / hours);
        if (!e)
            e = one_hour(&d, hour);
    }
    district_close(&d);
    return e;
}
