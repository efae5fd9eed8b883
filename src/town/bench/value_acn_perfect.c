/* value_acn_perfect.c: what would have been cheapest, all cars known: each day planned by the town's planner under a peak,
 * and the cheapest peak of each month. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/value_acn.h"

enum { LONG_DAY = 120, MOST = MIZO_SITE_VEHICLES };
#define MYEN 1e5 /* the planner's yen is a cent: milli-cents of a dollar */

typedef struct hindsight {
    const lot *l;
    lot_result *out;
    mizo_planner *planner;
    mizo_site_problem p;
    mizo_site_plan plan;
    int next; /* car */
    int32_t buy[LONG_DAY], none[LONG_DAY];
} hindsight;

/* Those who come within a day of the lot; what earlier ones still take is there as a load. */
static void pose_day(hindsight *y, const double *kwh, int64_t q, int32_t load[LONG_DAY])
{
    const lot *l = y->l;
    mizo_site_problem *p = &y->p;
    memset(p, 0, sizeof *p);
    p->size = sizeof *p;
    p->n = LONG_DAY;
    p->step_min = QUARTER_S / 60;
    p->load_w = load;
    p->buy_myen = y->buy;
    p->sell_myen = y->none;
    for (int t = 0; t < LONG_DAY; t++)
        y->buy[t] = (int32_t)lround(lot_price(l, q + t) * MYEN);
    for (int i = y->next; i < l->n && p->nvehicle < MOST; i++) {
        const lot_visit *v = &l->visit[i];
        int64_t from = (int64_t)ceil(v->arrival / QUARTER_S) - q,
                to = (int64_t)ceil(v->departure / QUARTER_S) - q;
        if (from >= LOT_DAY)
            break;
        to = to < LONG_DAY ? to : LONG_DAY;
        p->vehicle[p->nvehicle++] = (mizo_plan_vehicle){ .from = (int)from,
                                                         .to = (int)(to > from ? to : from),
                                                         .need_wh = (int32_t)lround(1000 * kwh[i]),
                                                         .max_w = (int32_t)(1000 * CHARGER_KW),
                                                         .efficiency_ppm = 1000000 };
    }
}

typedef struct month_plan {
    double usd; /* energy */
    double peak;
} month_plan;

/* Plans the days that begin in [q, end) under a peak of cap kW; cap 0: finds the least peak that is enough. */
static mizo_err plan_month(hindsight *y, const double *kwh, int64_t q, int64_t end, double cap, bool keep,
                           month_plan *out)
{
    const lot *l = y->l;
    int32_t load[LONG_DAY] = { 0 };
    int next = y->next;
    *out = (month_plan){ 0 };
    for (; q < end; q += LOT_DAY) {
        pose_day(y, kwh, q, load);
        y->p.limit_w = cap > 0 ? (int32_t)ceil(1000 * cap) : l->limit_w;
        y->p.standing_w = cap > 0 ? y->p.limit_w : 0;
        y->p.peak_myen_per_kw = cap > 0 ? 0 : 100 * (int32_t)(TARIFF_DEMAND * MYEN) / 10;
        if (!y->p.nvehicle) {
            memmove(load, load + LOT_DAY, (LONG_DAY - LOT_DAY) * sizeof *load);
            memset(load + LONG_DAY - LOT_DAY, 0, LOT_DAY * sizeof *load);
            continue;
        }
        MIZO_TRY(mizo_plan_site(y->planner, &y->p, &y->plan));
        out->peak = fmax(out->peak, y->plan.peak_w / 1000.0);
        int32_t later[LONG_DAY] = { 0 };
        for (int t = 0; t < LONG_DAY; t++) {
            double kw = y->plan.import_w[t] / 1000.0;
            if (t < LOT_DAY) {
                out->usd += kw / 4 * lot_price(l, q + t);
                if (keep && q + t >= l->first && q + t < l->last)
                    y->out->kw[q + t - l->first] = (float)kw;
            } else
                later[t - LOT_DAY] = y->plan.import_w[t];
        }
        for (int k = 0; k < y->p.nvehicle && keep; k++)
            for (int t = 0; t < LONG_DAY; t++)
                y->out->kwh[y->next + k] += y->plan.vehicle_w[k][t] / 4000.0;
        memcpy(load, later, sizeof load);
        y->next += y->p.nvehicle;
    }
    if (!keep)
        y->next = next;
    return MIZO_OK;
}

/* The cheapest peak of a month: as low as can be, or higher for cheaper hours. What it saves is concave in it. */
static mizo_err cheapest_peak(hindsight *y, const double *kwh, int64_t q, int64_t end, double *cap)
{
    static const double more[] = { 1.001, 1.05, 1.1, 1.2, 1.35, 1.6, 2 };
    month_plan m;
    double best = INFINITY;
    MIZO_TRY(plan_month(y, kwh, q, end, 0, false, &m));
    double least = m.peak;
    *cap = 0;
    for (size_t k = 0; k < sizeof more / sizeof *more && least > 0; k++) {
        MIZO_TRY(plan_month(y, kwh, q, end, least * more[k], false, &m));
        double usd = m.usd + TARIFF_DEMAND * m.peak;
        if (usd >= best)
            break;
        best = usd;
        *cap = least * more[k];
    }
    return MIZO_OK;
}

mizo_err lot_perfect(const value_run *r, const lot *l, const double *kwh, double *peak, lot_result *out)
{
    MIZO_TRY(lot_result_make(l, out));
    hindsight *y = calloc(1, sizeof *y);
    mizo_err e = y && (y->planner = mizo_planner_new(r->lp)) ? MIZO_OK : MIZO_ENOMEM;
    if (y) {
        y->l = l;
        y->out = out;
    }
    int64_t q = lot_morning(l->first);
    for (int m = 0; m < l->nmonth && !e; m++) {
        int64_t end = q;
        month_plan plan;
        while (end < l->last && tariff_month(end + LOT_DAY / 2) <= l->month0 + m)
            end += LOT_DAY;
        e = value_pace(r, (double)m / l->nmonth);
        if (!e)
            e = cheapest_peak(y, kwh, q, end, &peak[m]);
        if (!e)
            e = plan_month(y, kwh, q, end, peak[m], true, &plan);
        q = end;
    }
    if (y)
        mizo_planner_free(y->planner);
    free(y);
    if (e)
        lot_result_free(out);
    return e;
}
