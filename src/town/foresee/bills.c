/* bills.c: what a day will take, from bills alone. */
#include "town/foresee/bills.h"

#include <math.h>

enum { YEAR = 364, HALF_MONTH = 15 }; /* whole weeks: the same days of the week */
#define TREND_MOST 2.0                /* and its inverse: beyond it is another use, not a trend */

typedef struct reading {
    bills *out;
    mizo_day until;
} reading;

static mizo_err take(void *arg, const store_period *p)
{
    reading *r = arg;
    bills *b = r->out;
    if (p->quantity != MIZO_Q_IMPORT || p->to <= p->from || p->to > r->until || p->energy_wh < 0 ||
        b->count == BILLS_MAX)
        return MIZO_OK;
    b->of[b->count].from = p->from;
    b->of[b->count].to = p->to;
    b->of[b->count++].wh = (double)p->energy_wh;
    return MIZO_OK;
}

mizo_err bills_read(store *s, const char *point, mizo_day until, mizo_ms as_of, bills *out)
{
    reading r = { out, until };
    out->count = 0;
    mizo_err e = s->ops->period_scan(s, point, until - BILLS_DAYS, until, as_of, take, &r);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Wh a day over the part of [from, to) that is billed; NAN: less than half of it. */
static double mean_over(const bills *b, mizo_day from, mizo_day to)
{
    double wh = 0;
    int64_t days = 0;
    for (int i = 0; i < b->count; i++) {
        mizo_day first = b->of[i].from > from ? b->of[i].from : from,
                 end = b->of[i].to < to ? b->of[i].to : to;
        if (end <= first)
            continue;
        days += end - first;
        wh += b->of[i].wh / (b->of[i].to - b->of[i].from) * (end - first);
    }
    return 2 * days >= to - from && days > 0 ? wh / (double)days : NAN;
}

double bills_level(const bills *b, mizo_day day)
{
    int last = -1;
    for (int i = 0; i < b->count; i++)
        if (last < 0 || b->of[i].to > b->of[last].to)
            last = i;
    if (last < 0)
        return NAN;
    mizo_day from = b->of[last].from, to = b->of[last].to;
    double latest = b->of[last].wh / (to - from), before = mean_over(b, from - YEAR, to - YEAR),
           then = mean_over(b, day - YEAR - HALF_MONTH, day - YEAR + HALF_MONTH);
    if (isnan(then))
        return latest;
    double trend = before > 0 ? latest / before : 1;
    return then * fmax(1 / TREND_MOST, fmin(TREND_MOST, trend));
}
