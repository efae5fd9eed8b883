/* sets.c: the public sets of whole days. Every input reads days before the one that is asked for, but
 * for what the set's README gives for it (the temperature of vic_elec). */
#include "town/bench/sets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/roll.h"

double set_median(double *v, int n)
{
    for (int i = 1; i < n; i++) {
        double a = v[i];
        int k = i;
        for (; k > 0 && v[k - 1] > a; k--)
            v[k] = v[k - 1];
        v[k] = a;
    }
    return !n ? NAN : n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static mizo_err roll_column(const frame *f, int column, int slots, roll_task t, roll_score *s)
{
    days y;
    MIZO_TRY(days_of(f, column, slots, 0, &y));
    t.y = &y;
    mizo_err e = roll(&t, s);
    days_free(&y);
    return e;
}

static void result_of(const roll_score *s, roll_measure m, set_result *out)
{
    out->score = roll_result(s, m, s->model);
    out->naive = roll_best_naive(s, m);
}

/* ---- cambridge ---- */

static int england(const void *arg, mizo_day d)
{
    (void)arg;
    return kind_england(d);
}

/* Medians over the sites. */
static mizo_err cambridge_by(const frame *f, mizo_recipe recipe, double *middle, double *best_naive)
{
    double score[FRAME_COLUMNS], naive[ROLL_NAIVES][FRAME_COLUMNS];
    int n = 0;
    for (int c = 0; c < f->ncol; c++) {
        roll_task t = { .kind = england, .test = 365, .measure = ROLL_NMAE, .recipe = recipe };
        roll_score s;
        MIZO_TRY(roll_column(f, c, 24, t, &s));
        if (!(s.actual > 0))
            continue;
        for (int k = 0; k < ROLL_NAIVES; k++)
            naive[k][n] = roll_result(&s, ROLL_NMAE, s.naive[k]);
        score[n++] = roll_result(&s, ROLL_NMAE, s.model);
    }
    *middle = set_median(score, n);
    *best_naive = INFINITY;
    for (int k = 0; k < ROLL_NAIVES; k++)
        *best_naive = fmin(*best_naive, set_median(naive[k], n));
    return MIZO_OK;
}

mizo_err set_cambridge(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, "cambridge/electricity_kwh_*", d));
    mizo_err e = cambridge_by(&f, MIZO_LEAN, &out->lean, &out->naive);
    if (!e)
        e = cambridge_by(&f, MIZO_RICH, &out->score, &out->naive);
    frame_free(&f);
    return e;
}

/* ---- vic_elec ---- */

enum { VIC_INPUTS = 14 };

typedef struct vic {
    days air, free;
    double *mean; /* of the temperature, by day */
} vic;

static int vic_kind(const void *arg, mizo_day d)
{
    const vic *v = arg;
    return days_at(&v->free, d, 24) > 0 ? MIZO_HOLIDAY : kind_plain(d);
}

static double day_mean(const days *d, mizo_day day)
{
    double sum = 0;
    int n = 0;
    for (int s = 0; s < d->slots; s++) {
        double v = days_at(d, day, s);
        if (!isnan(v)) {
            sum += v;
            n++;
        }
    }
    return n ? sum / n : NAN;
}

static double hot(double t)
{
    return fmax(0, t - 20) / 10;
}

static double cold(double t)
{
    return fmax(0, 18 - t) / 10;
}

static double air_ago(const days *air, mizo_day day, int slot, int ago)
{
    for (slot -= ago; slot < 0; slot += air->slots)
        day--;
    return days_at(air, day, slot);
}

static void vic_input(const void *arg, mizo_day day, double *in)
{
    const vic *v = arg;
    double today = v->mean[day - v->air.first],
           before = day > v->air.first ? v->mean[day - v->air.first - 1] : today;
    for (int s = 0; s < 48; s++) {
        double t = days_at(&v->air, day, s), recent = 0;
        for (int k = 1; k <= 12; k++)
            recent += air_ago(&v->air, day, s, k) / 12;
        double x[VIC_INPUTS] = { t / 10,
                                 hot(t),
                                 hot(t) * hot(t),
                                 cold(t),
                                 hot(today),
                                 cold(today),
                                 hot(before),
                                 cold(before),
                                 hot(recent),
                                 cold(recent),
                                 hot(recent) * hot(recent),
                                 hot(today) * hot(today),
                                 hot(air_ago(&v->air, day, s, 48)),
                                 cold(air_ago(&v->air, day, s, 48)) };
        memcpy(in + (size_t)s * VIC_INPUTS, x, sizeof x);
    }
}

/* UTC to the civil clock: a day of 46 half-hours has none at 2:00, one of 50 has them twice. */
static void vic_clock(frame *f, int date)
{
    for (size_t from = 0, to; from < f->nrow; from = to) {
        for (to = from; to < f->nrow && f->v[date][to] == f->v[date][from]; to++)
            ;
        size_t n = to - from;
        for (size_t i = 0; i < n; i++) {
            size_t slot = n == 46 && i >= 4 ? i + 2 : n == 50 && i >= 6 ? i - 2 : i;
            f->second[from + i] = (int64_t)f->v[date][from] * 86400 + (int64_t)slot * 1800;
        }
    }
}

static mizo_err vic_means(vic *v)
{
    v->mean = calloc((size_t)v->air.n, sizeof *v->mean);
    for (int i = 0; v->mean && i < v->air.n; i++)
        v->mean[i] = day_mean(&v->air, v->air.first + i);
    return v->mean ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err set_vic(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    vic v = { 0 };
    roll_score s;
    MIZO_TRY(frame_read(&f, data, "vic_elec/vic_30min_*", d));
    int date = frame_column(&f, "local_date");
    mizo_err e = date < 0 ? MIZO_EINPUT : MIZO_OK;
    if (!e) {
        vic_clock(&f, date);
        e = days_of(&f, frame_column(&f, "temp_c"), 48, 0, &v.air);
    }
    if (!e)
        e = days_of(&f, frame_column(&f, "holiday"), 48, 0, &v.free);
    if (!e)
        e = vic_means(&v);
    roll_task t = { .kind = vic_kind, .input = vic_input, .arg = &v, .inputs = VIC_INPUTS, .test = 180 };
    t.measure = ROLL_MAPE;
    t.log = 1;
    if (!e)
        e = roll_column(&f, frame_column(&f, "demand_mwh_per_30min"), 48, t, &s);
    free(v.mean);
    days_free(&v.free);
    days_free(&v.air);
    frame_free(&f);
    if (!e)
        result_of(&s, ROLL_MAPE, out);
    return e;
}

/* ---- steel_kr ---- */

static int korea(const void *arg, mizo_day d)
{
    (void)arg;
    return kind_korea(d);
}

mizo_err set_steel(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    roll_score s;
    MIZO_TRY(frame_read(&f, data, "steel_kr/steel_15min_*", d));
    mizo_err e = roll_column(&f, frame_column(&f, "kwh"), 96,
                             (roll_task){ .kind = korea, .test = 30, .measure = ROLL_NMAE }, &s);
    frame_free(&f);
    if (!e)
        result_of(&s, ROLL_NMAE, out);
    return e;
}
