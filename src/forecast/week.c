/* week.c: the naive member: the same slot a week before. What any forecaster must beat. */
#include <math.h>
#include <stdlib.h>

#include "forecast/forecast_inner.h"

enum { WEEKS = 8 };

/* The latest known value of the same weekday and slot before `issued`, *weeks how many weeks back. */
static int32_t before(const mizo_history *h, mizo_day issued, mizo_day target, int slot)
{
    for (mizo_day d = target - 7; d >= target - 7 * WEEKS; d -= 7) {
        int32_t v = d < issued ? forecast_at(h, d, slot) : MIZO_MISSING;
        if (v != MIZO_MISSING)
            return v;
    }
    return MIZO_MISSING;
}

/* Nothing on that weekday: the latest known value of the slot on any day. */
static int32_t any_day(const mizo_history *h, mizo_day issued, int slot)
{
    for (int age = 1; age <= 7 * WEEKS; age++) {
        int32_t v = forecast_at(h, issued - age, slot);
        if (v != MIZO_MISSING)
            return v;
    }
    return MIZO_MISSING;
}

/* What the rule would have missed by in past weeks, in this slot. */
static void spread(const mizo_history *h, mizo_day issued, mizo_day target, int slot, double *low,
                   double *high)
{
    weighted x[WEEKS];
    int n = 0;
    for (mizo_day d = target - 7; d > target - 7 * WEEKS; d -= 7) {
        int32_t a = d < issued ? forecast_at(h, d, slot) : MIZO_MISSING, b = forecast_at(h, d - 7, slot);
        if (a != MIZO_MISSING && b != MIZO_MISSING)
            x[n++] = (weighted){ (double)a - b, 1 };
    }
    *low = *high = 0;
    if (!n)
        return;
    forecast_sort(x, n);
    *low = FORECAST_WIDER * fmin(0, forecast_quantile(x, n, 0.10));
    *high = FORECAST_WIDER * fmax(0, forecast_quantile(x, n, 0.90));
}

static mizo_err run(const mizo_history *h, const mizo_forecast_about *about, mizo_day day, mizo_forecast *out)
{
    (void)about;
    bool negative = forecast_signed(h);
    for (int i = 0; i < out->n; i++) {
        int slot = i % MIZO_DAY_SLOTS;
        mizo_day target = day + i / MIZO_DAY_SLOTS;
        int32_t v = before(h, day, target, slot);
        if (v == MIZO_MISSING)
            v = any_day(h, day, slot);
        if (v == MIZO_MISSING)
            return forecast_nothing(out);
        double low, high;
        spread(h, day, target, slot, &low, &high);
        forecast_put(out, i, v, v + low, v + high, negative);
    }
    return MIZO_OK;
}

const mizo_forecaster mizo_forecaster_last_week = {
    .name = "last-week",
    .title_en = "the same half-hour a week before",
    .title_ja = "一週間前の同じコマ",
    .serves = MIZO_Q_IMPORT,
    .run = run,
};
