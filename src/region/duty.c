/* duty.c: business days, periods, due dates and how long an act takes. */
#include "mizo/duty.h"

#include <string.h>

#include "mizo/region.h"

/* ---- business days ---- */

/* Offices rest from 29 December to 3 January, whatever the weekday. */
static bool new_year(mizo_day d)
{
    mizo_date t = mizo_day_date(d);
    return (t.month == 12 && t.day >= 29) || (t.month == 1 && t.day <= 3);
}

bool mizo_business_day(mizo_day d)
{
    int w = mizo_day_weekday(d);
    return w != 0 && w != 6 && !mizo_holiday(d, NULL) && !new_year(d);
}

mizo_day mizo_business_days_from(mizo_day d, int n)
{
    int step = n < 0 ? -1 : 1;
    for (int left = n < 0 ? -n : n; left > 0; left -= mizo_business_day(d))
        d += step;
    return d;
}

/* ---- periods ---- */

/* Months of a period, and the month (0 January) in which one of them begins. */
static const struct {
    int months, begins;
} periods[] = {
    [MIZO_EVERY_MONTH] = {1,   0},
      [MIZO_EVERY_QUARTER] = { 3,  3},
      [MIZO_EVERY_HALF] = { 6,  3},
    [MIZO_EVERY_FY] = { 12, 3},
      [MIZO_EVERY_YEAR] = { 12, 0},
};

void mizo_duty_period(mizo_duty_every every, mizo_day in, mizo_day *from, mizo_day *to)
{
    int n = periods[every].months;
    int into = (mizo_day_date(in).month - 1 - periods[every].begins + 12) % n;
    *from = mizo_month_first(in, -into);
    *to = mizo_month_first(*from, n);
}

/* ---- due dates ---- */

static mizo_day shifted(mizo_day d, mizo_duty_shift how)
{
    if (how == MIZO_SHIFT_NONE || mizo_business_day(d))
        return d;
    return mizo_business_days_from(d, how == MIZO_SHIFT_NEXT ? 1 : -1);
}

mizo_day mizo_duty_due(const mizo_duty *d, mizo_day to)
{
    mizo_day first = mizo_month_first(to - 1, d->months);
    mizo_date t = mizo_day_date(first);
    int last = mizo_month_days(t.year, t.month);
    return shifted(first + (d->day < last ? d->day : last) - 1, d->shift);
}

bool mizo_duty_holds(const mizo_duty *d, mizo_day to)
{
    return d->from < to && to <= d->to;
}

mizo_ref mizo_region_duty(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nduty; i++)
        if (strcmp(r->duty[i].id, id) == 0)
            return (mizo_ref)i;
    return -1;
}

/* ---- acts ---- */

const mizo_process *mizo_process_of(const mizo_region *r, const char *kind, const char *voltage,
                                    int32_t contract_w, mizo_day asked)
{
    for (size_t i = 0; i < r->nprocess; i++) {
        const mizo_process *p = &r->process[i];
        if (strcmp(p->kind, kind) == 0 && (!*p->voltage || strcmp(p->voltage, voltage) == 0) &&
            contract_w >= p->least_w && (!p->end_w || contract_w < p->end_w) && asked >= p->from &&
            asked < p->to)
            return p;
    }
    return NULL;
}

mizo_day mizo_process_day(const mizo_process *p, mizo_day day)
{
    int way = p->before ? -1 : 1;
    return mizo_business_days_from(day, way * p->business_days) + way * p->days;
}
