/* desk.c: see bench_desk.h. */
#include "town/bench/desk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/foresight.h"
#include "town/bench/frame.h"

enum { HOURS = 24, SLOTS = MIZO_DAY_SLOTS, TEST_DAYS = 365, WARM_DAYS = 730, WEEK = 7 };
#define TOWN_WH 400e9 /* a year */

typedef struct run {
    days demand, price; /* MW by hour; yen by half-hour */
    double scale;       /* Wh of the town for a MW in a half-hour */
    mizo_foresight *f;
    bench_desk_result *out;
} run;

static mizo_err read_days(const char *data, const char *file, const char *column, int slots, mizo_diags *d,
                          days *out)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, file, d));
    int c = frame_column(&f, column);
    mizo_err e = c < 0 ? MIZO_EINPUT : days_of(&f, c, slots, 0, out);
    frame_free(&f);
    return e;
}

static mizo_learn_day learn_day(mizo_day day)
{
    return (mizo_learn_day){ .day = day, .kind = kind_japan(day) };
}

static void hours_of(const run *x, mizo_day day, double v[HOURS])
{
    for (int h = 0; h < HOURS; h++)
        v[h] = days_at(&x->demand, day, h);
}

/* Whole kWh of a plan. */
static mizo_wh planned(const run *x, double mw)
{
    return mizo_plan_whole((mizo_wh)llround(mw * x->scale));
}

static mizo_err add(const run *x, mizo_day day, const double plan[HOURS], bench_desk_way *way)
{
    for (int t = 0; t < SLOTS; t++) {
        double mw = days_at(&x->demand, day, t / 2), yen = days_at(&x->price, day, t);
        mizo_imbalance_slot s = { .planned = planned(x, plan[t / 2]),
                                  .actual = (mizo_wh)llround(mw * x->scale),
                                  .surplus_myen = (int32_t)lrint(yen * 1000),
                                  .shortage_myen = (int32_t)lrint(yen * 1000) };
        mizo_wh wh = mizo_imbalance_wh(MIZO_BG_DEMAND, &s);
        mizo_uyen uyen;
        MIZO_TRY(mizo_imbalance_add(MIZO_BG_DEMAND, &s, 1, &way->sum));
        MIZO_TRY(mizo_imbalance_uyen(wh, &s, &uyen));
        way->gross += uyen < 0 ? -uyen : uyen;
        way->off += wh < 0 ? -wh : wh;
    }
    return MIZO_OK;
}

/* A day is compared where all that either plan needs is there. */
static bool complete(const run *x, mizo_day day)
{
    for (int t = 0; t < SLOTS; t++)
        if (isnan(days_at(&x->demand, day, t / 2)) || isnan(days_at(&x->demand, day - WEEK, t / 2)) ||
            isnan(days_at(&x->price, day, t)))
            return false;
    return true;
}

/* Says day + 1 while the last day learned is day - 1: the plan of a morning. */
static mizo_err compare(run *x, mizo_day day)
{
    double mean[2 * HOURS], q[2 * HOURS * MIZO_QUANTILES], week[HOURS];
    mizo_learn_day ahead[2] = { learn_day(day - 1), learn_day(day) };
    mizo_outlook o = { 2 * HOURS, mean, q };
    if (!mizo_foresight_say(x->f, ahead, 2, &o) || !complete(x, day) || isnan(mean[HOURS]))
        return MIZO_OK;
    hours_of(x, day - WEEK, week);
    MIZO_TRY(add(x, day, mean + HOURS, &x->out->own));
    MIZO_TRY(add(x, day, week, &x->out->last_week));
    for (int t = 0; t < SLOTS; t++)
        x->out->use += (mizo_wh)llround(days_at(&x->demand, day, t / 2) * x->scale);
    x->out->first = x->out->days ? x->out->first : day;
    x->out->last = day;
    x->out->days++;
    return MIZO_OK;
}

static mizo_err roll(run *x, mizo_day first, mizo_day end)
{
    for (mizo_day day = first; day < end; day++) {
        double v[HOURS];
        mizo_learn_day today = learn_day(day - 2); /* the last finished day when the plan of `day` is made */
        hours_of(x, day - 2, v);
        mizo_foresight_learn(x->f, &today, v);
        if (end - day <= TEST_DAYS)
            MIZO_TRY(compare(x, day));
    }
    return MIZO_OK;
}

/* A MW of the area in a half-hour is so many Wh of the town: the year before the test comes to TOWN_WH. */
static bool find_scale(run *x, mizo_day end)
{
    double mwh = 0;
    int n = 0;
    for (mizo_day day = end - TEST_DAYS - 366; day < end - TEST_DAYS; day++)
        for (int h = 0; h < HOURS; h++)
            if (!isnan(days_at(&x->demand, day, h))) {
                mwh += days_at(&x->demand, day, h);
                n++;
            }
    x->scale = n ? TOWN_WH / (mwh / n * 8760) / 2 : 0;
    return x->scale > 0;
}

static mizo_err run_all(run *x, const char *data, mizo_diags *d)
{
    MIZO_TRY(read_days(data, "tepco_area/demand_hourly_*", "demand_mw", HOURS, d, &x->demand));
    MIZO_TRY(read_days(data, "jepx_spot/spot_*", "tokyo_jpy_kwh", SLOTS, d, &x->price));
    mizo_day end = x->demand.first + x->demand.n, price_end = x->price.first + x->price.n;
    end = end < price_end ? end : price_end;
    mizo_day first = end - TEST_DAYS - WARM_DAYS;
    first = first > x->demand.first + 2 ? first : x->demand.first + 2;
    if (end - first < TEST_DAYS || !find_scale(x, end))
        return MIZO_ENOENT;
    x->f = mizo_foresight_new(&(mizo_foresight_task){
        .size = sizeof(mizo_foresight_task), .slots = HOURS, .recipe = MIZO_RICH, .positive = true });
    return x->f ? roll(x, first, end) : MIZO_ENOMEM;
}

mizo_err bench_desk(const char *data, mizo_diags *d, bench_desk_result *out)
{
    run x = { .out = out };
    memset(out, 0, sizeof *out);
    out->stand_in = true;
    mizo_err e = run_all(&x, data, d);
    double kwh = (double)out->use / 1000;
    out->own_yen_per_kwh = kwh > 0 ? (double)out->own.gross / 1e6 / kwh : NAN;
    out->last_week_yen_per_kwh = kwh > 0 ? (double)out->last_week.gross / 1e6 / kwh : NAN;
    mizo_foresight_free(x.f);
    days_free(&x.demand);
    days_free(&x.price);
    return e;
}
