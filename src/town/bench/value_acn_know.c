/* value_acn_know.c: what is known of a car when it is plugged in, and what a kWh costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/value_acn.h"

enum { DAY_S = 86400, HOUR_S = 3600, MEMORY_DAYS = 200 };

/* ---- the tariff ---- */

/* Second Sunday of March to the first of November, 2:00. */
static int64_t local_of(int64_t second)
{
    int64_t winter = second - 8 * HOUR_S;
    mizo_date d = mizo_day_date((mizo_day)(winter / DAY_S));
    mizo_day march = mizo_date_day((mizo_date){ d.year, 3, 1 }),
             november = mizo_date_day((mizo_date){ d.year, 11, 1 });
    march += (7 - mizo_day_weekday(march)) % 7 + 7;
    november += (7 - mizo_day_weekday(november)) % 7;
    bool summer =
        winter >= (int64_t)march * DAY_S + 2 * HOUR_S && winter < (int64_t)november * DAY_S + HOUR_S;
    return winter + (summer ? HOUR_S : 0);
}

double tariff_usd(int64_t quarter)
{
    int64_t at = local_of(quarter * QUARTER_S);
    mizo_day day = (mizo_day)(at / DAY_S);
    int hour = (int)(at % DAY_S / HOUR_S), month = mizo_day_date(day).month;
    bool summer = month >= 6 && month <= 9;
    if (kind_plain(day) || hour < 8 || hour >= 23)
        return summer ? 0.05623 : 0.06087;
    if (hour >= 12 && hour < 18)
        return summer ? TARIFF_DEAREST : 0.0869;
    return summer ? 0.0925 : 0.07492;
}

int tariff_month(int64_t quarter)
{
    mizo_date d = mizo_day_date((mizo_day)(local_of(quarter * QUARTER_S) / DAY_S));
    return d.year * 12 + d.month - 1;
}

/* ---- likes ---- */

/* Where the driver entered nothing the set repeats what happened: that is not looked at. */
static visit masked(const visit *v)
{
    visit m = *v;
    if (!v->entered)
        m.wish = m.said = 0;
    return m;
}

static bool far(const visit *now, const visit *past)
{
    double hours = fabs(now->hour - past->hour);
    return fmin(hours, 24 - hours) > 6 || now->entered != past->entered || past->departure > now->arrival ||
           now->arrival - past->arrival > (double)MEMORY_DAYS * DAY_S;
}

/* Keeps the most alike, the likeliest first. */
static void keep(lot_visit *out, lot_like l)
{
    int k = out->nlike < LIKES ? out->nlike++ : LIKES - 1;
    if (k == LIKES - 1 && out->like[k].weight >= l.weight)
        return;
    for (; k > 0 && out->like[k - 1].weight < l.weight; k--)
        out->like[k] = out->like[k - 1];
    out->like[k] = l;
}

static double middle(const lot_visit *v, bool leave)
{
    weighed x[LIKES];
    for (int k = 0; k < v->nlike; k++)
        x[k] = (weighed){ leave ? v->like[k].leave : v->like[k].kwh, v->like[k].weight };
    return weighed_median(x, v->nlike);
}

static void know(const visit *all, int n, const visit *v, lot_visit *out)
{
    visit now = masked(v);
    *out = (lot_visit){ .arrival = v->arrival, .departure = v->departure, .got = v->got };
    for (int i = 0; i < n; i++) {
        if (all[i].site != v->site || far(v, &all[i]))
            continue;
        visit past = masked(&all[i]);
        double w = visit_likeness(&now, &past);
        if (w > 1e-9)
            keep(out, (lot_like){ .weight = w,
                                  .leave = v->arrival + (now.said + all[i].stay - past.said) * HOUR_S,
                                  .kwh = v->entered ? now.wish * all[i].got / past.wish : all[i].got });
    }
    if (!out->nlike) /* nobody was like this before: eight hours, a third of a day's drive */
        keep(out,
             (lot_like){ 1, v->arrival + (v->entered ? v->said : 8) * HOUR_S, v->entered ? v->wish : 10 });
    out->said = v->entered ? v->arrival + v->said * HOUR_S : middle(out, true);
    out->wish = v->entered ? v->wish : middle(out, false);
}

/* ---- the lot ---- */

static int by_arrival(const void *a, const void *b)
{
    const lot_visit *x = a, *y = b;
    return x->arrival != y->arrival ? (x->arrival > y->arrival) - (x->arrival < y->arrival)
                                    : (x->departure > y->departure) - (x->departure < y->departure);
}

mizo_err lot_make(lot *l, const visit *all, int n, double site, mizo_day from)
{
    mizo_date d = mizo_day_date(from);
    l->month0 = d.year * 12 + d.month - 2; /* the month before teaches the first peak */
    l->visit = calloc((size_t)n + 1, sizeof *l->visit);
    if (!l->visit)
        return MIZO_ENOMEM;
    for (int i = 0; i < n; i++) {
        const visit *v = &all[i];
        if (v->site == site && v->got > 0 && v->departure > v->arrival &&
            tariff_month((int64_t)v->arrival / QUARTER_S) >= l->month0)
            know(all, n, v, &l->visit[l->n++]);
    }
    if (!l->n)
        return MIZO_ENOENT;
    qsort(l->visit, (size_t)l->n, sizeof *l->visit, by_arrival);
    l->first = (int64_t)l->visit[0].arrival / QUARTER_S;
    l->last = l->first;
    for (int i = 0; i < l->n; i++) {
        int64_t end = (int64_t)l->visit[i].departure / QUARTER_S + 2;
        l->last = end > l->last ? end : l->last;
    }
    l->nmonth = tariff_month(l->last) - l->month0 + 1;
    l->price = malloc((size_t)(l->last - l->first) * sizeof *l->price);
    if (!l->price)
        return MIZO_ENOMEM;
    for (int64_t q = l->first; q < l->last; q++)
        l->price[q - l->first] = tariff_usd(q);
    return l->nmonth <= LOT_MONTHS ? MIZO_OK : MIZO_ERANGE;
}

double lot_price(const lot *l, int64_t quarter)
{
    bool inside = l->price && quarter >= l->first && quarter < l->last;
    return inside ? l->price[quarter - l->first] : tariff_usd(quarter);
}

int64_t lot_morning(int64_t q)
{
    return (q * QUARTER_S - 11 * HOUR_S) / DAY_S * LOT_DAY + 11 * 4;
}

void lot_free(lot *l)
{
    free(l->visit);
    free(l->price);
    l->visit = NULL;
    l->price = NULL;
}
