/* value_acn_run.c: who charges when: first come, earliest departure, mizo's plan, perfect foresight. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/value_acn.h"

enum { HORIZON = 48, DAY = 96, LONG_DAY = 120, MOST = MIZO_SITE_VEHICLES, DAY_S = 86400 };
#define MYEN   1e5 /* the planner's yen is a cent: milli-cents of a dollar */
#define EARLY  0.3 /* of the likes have left by the departure that is planned for */
#define HUNGRY 0.6 /* of the likes have taken no more than what is planned for */
#define IMPATIENCE                                                                                           \
    60             /* milli-cents by which a kWh is dearer each quarter later: who waits may be left short */
#define MORSEL 0.5 /* kWh that a car is thought to want that takes more than its likes did */

void lot_result_free(lot_result *r)
{
    free(r->kwh);
    free(r->kw);
    *r = (lot_result){ 0 };
}

static mizo_err result_make(const lot *l, lot_result *out)
{
    *out = (lot_result){ calloc((size_t)l->n, sizeof *out->kwh),
                         calloc((size_t)(l->last - l->first), sizeof *out->kw) };
    if (out->kwh && out->kw)
        return MIZO_OK;
    lot_result_free(out);
    return MIZO_ENOMEM;
}

/* ---- the cars that are here ---- */

typedef struct yard {
    const lot *l;
    lot_rule rule;
    const lot_aim *aim;
    lot_result *out;
    int next, n, here[MOST]; /* the next to come; those that are here and not full */
    bool changed;
    double share[MOST]; /* kW that each is given now */
    double urgency[MOST];
    double leave[MOST]; /* as planned */
    mizo_planner *planner;
    mizo_site_problem p;
    mizo_site_plan plan;
    int64_t planned; /* quarter with which the plan begins */
    int32_t buy[LONG_DAY], none[LONG_DAY];
    int64_t shift; /* quarters by which the tariff is looked at later */
    double month_peak;
    int month;
} yard;

static void come_and_go(yard *y, int64_t q)
{
    double now = (double)(q * QUARTER_S);
    int kept = 0;
    for (int k = 0; k < y->n; k++) {
        int i = y->here[k];
        if (y->l->visit[i].departure > now && y->out->kwh[i] < y->l->visit[i].got - 1e-9)
            y->here[kept++] = i;
    }
    y->changed |= kept != y->n;
    y->n = kept;
    for (; y->next < y->l->n && y->l->visit[y->next].arrival <= now; y->next++)
        if (y->l->visit[y->next].departure > now && y->n < MOST) {
            y->here[y->n++] = y->next;
            y->changed = true;
        }
}

/* What a car takes of what it is given: no more than it wants, until it leaves. */
static void charge(yard *y, int64_t q)
{
    double now = (double)(q * QUARTER_S), kw = 0;
    for (int k = 0; k < y->n; k++) {
        const lot_visit *v = &y->l->visit[y->here[k]];
        double here = fmin(1, (v->departure - now) / QUARTER_S);
        double kwh = fmin(y->share[k] * here / 4, v->got - y->out->kwh[y->here[k]]);
        y->out->kwh[y->here[k]] += kwh;
        kw += 4 * kwh;
    }
    y->out->kw[q - y->l->first] = (float)kw;
    y->month_peak = fmax(y->month_peak, kw);
}

/* Power to the most urgent first. */
static void hand_out(yard *y, double total)
{
    bool done[MOST] = { false };
    for (int k = 0; k < y->n; k++) {
        int best = -1;
        for (int i = 0; i < y->n; i++)
            if (!done[i] && (best < 0 || y->urgency[i] < y->urgency[best]))
                best = i;
        done[best] = true;
        y->share[best] = fmin(CHARGER_KW, total);
        total -= y->share[best];
    }
}

/* ---- mizo ---- */

static int by_value(const void *a, const void *b)
{
    const weighed *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

/* Level of what the likes say, of those that would still be here; NAN: none would. */
static double level(const lot_visit *v, double now, bool leave, double at)
{
    weighed x[LIKES];
    double all = 0, sum = 0;
    int n = 0;
    for (int k = 0; k < v->nlike; k++)
        if (!leave || v->like[k].leave > now) {
            x[n++] = (weighed){ leave ? v->like[k].leave : v->like[k].kwh, v->like[k].weight };
            all += v->like[k].weight;
        }
    qsort(x, (size_t)n, sizeof *x, by_value);
    for (int k = 0; k < n; k++)
        if ((sum += x[k].w) >= at * all)
            return x[k].v;
    return NAN;
}

typedef struct wish {
    double leave, kwh;
} wish;

static wish wish_of(const yard *y, int i, double now)
{
    const lot_visit *v = &y->l->visit[i];
    wish w;
    if (y->aim->known)
        return (wish){ v->departure, v->got - y->out->kwh[i] };
    if (y->aim->entered)
        w = (wish){ v->said, v->wish - y->out->kwh[i] };
    else
        w = (wish){ level(v, now, true, EARLY), level(v, now, false, HUNGRY) - y->out->kwh[i] };
    if (!(w.leave > now + QUARTER_S))
        w.leave = now + QUARTER_S; /* should have left: may do so any moment */
    w.kwh = fmax(MORSEL, w.kwh);
    return w;
}

static void pose(yard *y, int64_t q)
{
    const lot *l = y->l;
    mizo_site_problem *p = &y->p;
    double now = (double)(q * QUARTER_S), cap = fmax(y->month_peak, y->aim->cap[y->month]);
    memset(p, 0, sizeof *p);
    p->size = sizeof *p;
    p->from = (mizo_slot)q;
    p->n = HORIZON;
    p->step_min = QUARTER_S / 60;
    p->load_w = y->none;
    p->buy_myen = y->buy;
    p->sell_myen = y->none;
    p->limit_w = l->limit_w;
    p->standing_w = (int32_t)fmin(l->limit_w, cap * 1000);
    p->peak_myen_per_kw = (int32_t)(TARIFF_DEMAND * MYEN);
    for (int t = 0; t < HORIZON; t++)
        y->buy[t] = (int32_t)lround(tariff_usd(q + t) * MYEN) + IMPATIENCE * t;
    for (int k = 0; k < y->n; k++) {
        wish w = wish_of(y, y->here[k], now);
        int to = (int)fmax(1, fmin(HORIZON, floor((w.leave - now) / QUARTER_S)));
        p->vehicle[k] = (mizo_plan_vehicle){ .to = to,
                                             .need_wh = (int32_t)lround(1000 * w.kwh),
                                             .max_w = (int32_t)(1000 * CHARGER_KW),
                                             .efficiency_ppm = 1000000 };
        y->urgency[k] = w.leave - now - 3600 * w.kwh / CHARGER_KW;
        y->leave[k] = now + QUARTER_S * to;
    }
    p->nvehicle = y->n;
}

/* What may be taken beyond the plan, under the peak that is paid for: cars may want more than their likes did, and one
 * for which no cheaper hour is to come has nothing to wait for. */
static double spare(const yard *y, int64_t q)
{
    double kw = 0, cap = y->p.standing_w / 1000.0;
    for (int k = 0; k < y->n; k++) {
        bool cheaper = false;
        for (int64_t t = q + 1; (double)(t * QUARTER_S) < y->leave[k]; t++)
            cheaper |= tariff_usd(t) < tariff_usd(q) - 1e-9;
        kw += cheaper ? 0 : CHARGER_KW;
    }
    return fmin(kw, cap);
}

/* The plan says how much the lot takes, urgency says who gets it. */
static mizo_err plan_now(yard *y, int64_t q)
{
    if (y->changed || q - y->planned >= HORIZON) {
        pose(y, q);
        MIZO_TRY(mizo_plan_site(y->planner, &y->p, &y->plan));
        y->planned = q;
        y->changed = false;
    }
    int t = (int)(q - y->planned);
    hand_out(y, fmax((double)y->plan.import_w[t] / 1000, spare(y, q)));
    return MIZO_OK;
}

static mizo_err decide(yard *y, int64_t q)
{
    if (y->rule == LOT_MIZO)
        return plan_now(y, q);
    for (int k = 0; k < y->n; k++) {
        const lot_visit *v = &y->l->visit[y->here[k]];
        y->urgency[k] = y->rule == LOT_FIRST ? v->arrival : v->said;
    }
    hand_out(y, y->l->limit_w / 1000.0);
    return MIZO_OK;
}

mizo_err lot_run(const value_run *r, const lot *l, lot_rule rule, const lot_aim *aim, lot_result *out)
{
    MIZO_TRY(result_make(l, out));
    yard *y = calloc(1, sizeof *y);
    mizo_err e = y ? MIZO_OK : MIZO_ENOMEM;
    if (y) {
        y->l = l;
        y->rule = rule;
        y->aim = aim;
        y->out = out;
        y->month = -1;
    }
    if (!e && rule == LOT_MIZO && !(y->planner = mizo_planner_new(aim->lp)))
        e = MIZO_ENOMEM;
    for (int64_t q = l->first; q < l->last && !e; q++) {
        int month = tariff_month(q) - l->month0;
        if (y->month != month) {
            y->month = month;
            y->month_peak = 0;
            y->changed = true;
            e = value_pace(r, (double)(q - l->first) / (double)(l->last - l->first));
        }
        come_and_go(y, q);
        if (!e && y->n)
            e = decide(y, q);
        charge(y, q);
    }
    if (y)
        mizo_planner_free(y->planner);
    free(y);
    if (e)
        lot_result_free(out);
    return e;
}

/* ---- perfect foresight ---- */

/* Those who come within a day of the lot; what earlier ones still take is there as a load. */
static void pose_day(yard *y, const double *kwh, int64_t q, int32_t load[LONG_DAY])
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
        y->buy[t] = (int32_t)lround(tariff_usd(q + t + y->shift) * MYEN);
    for (int i = y->next; i < l->n && p->nvehicle < MOST; i++) {
        const lot_visit *v = &l->visit[i];
        int64_t from = (int64_t)ceil(v->arrival / QUARTER_S) - q,
                to = (int64_t)ceil(v->departure / QUARTER_S) - q;
        if (from >= DAY)
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
static mizo_err plan_month(yard *y, const double *kwh, int64_t q, int64_t end, double cap, bool keep,
                           month_plan *out)
{
    const lot *l = y->l;
    int32_t load[LONG_DAY] = { 0 };
    int next = y->next;
    *out = (month_plan){ 0 };
    for (; q < end; q += DAY) {
        pose_day(y, kwh, q, load);
        y->p.limit_w = cap > 0 ? (int32_t)ceil(1000 * cap) : l->limit_w;
        y->p.standing_w = cap > 0 ? y->p.limit_w : 0;
        y->p.peak_myen_per_kw = cap > 0 ? 0 : 100 * (int32_t)(TARIFF_DEMAND * MYEN) / 10;
        if (!y->p.nvehicle) {
            memmove(load, load + DAY, (LONG_DAY - DAY) * sizeof *load);
            memset(load + LONG_DAY - DAY, 0, DAY * sizeof *load);
            continue;
        }
        MIZO_TRY(mizo_plan_site(y->planner, &y->p, &y->plan));
        out->peak = fmax(out->peak, y->plan.peak_w / 1000.0);
        int32_t later[LONG_DAY] = { 0 };
        for (int t = 0; t < LONG_DAY; t++) {
            double kw = y->plan.import_w[t] / 1000.0;
            if (t < DAY) {
                out->usd += kw / 4 * tariff_usd(q + t + y->shift);
                if (keep && q + t >= l->first && q + t < l->last)
                    y->out->kw[q + t - l->first] = (float)kw;
            } else
                later[t - DAY] = y->plan.import_w[t];
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
static mizo_err cheapest_peak(yard *y, const double *kwh, int64_t q, int64_t end, double *cap)
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

/* 3:00 in winter, when the fewest cars are here: a day of the lot begins. */
static int64_t morning(int64_t q)
{
    return (q * QUARTER_S - 11 * 3600) / DAY_S * (DAY_S / QUARTER_S) + 11 * 4;
}

/* The peak that would have been cheapest for the cars of the month [q, end) under the tariff of the next: its hours
 * are looked at four weeks later, weekday by weekday. */
static mizo_err next_peak(yard *y, const double *kwh, int64_t q, int64_t end, double *cap)
{
    y->shift = 28 * DAY;
    mizo_err e = cheapest_peak(y, kwh, q, end, cap);
    y->shift = 0;
    return e;
}

mizo_err lot_perfect(const value_run *r, const lot *l, const double *kwh, const mizo_lp_solver *lp,
                     double *cap, double *next, lot_result *out)
{
    MIZO_TRY(result_make(l, out));
    yard *y = calloc(1, sizeof *y);
    mizo_err e = y && (y->planner = mizo_planner_new(lp)) ? MIZO_OK : MIZO_ENOMEM;
    if (y) {
        y->l = l;
        y->out = out;
    }
    int64_t q = morning(l->first);
    for (int m = 0; m < l->nmonth && !e; m++) {
        int64_t end = q;
        month_plan plan;
        while (end < l->last && tariff_month(end + DAY / 2) <= l->month0 + m)
            end += DAY;
        e = value_pace(r, (double)m / l->nmonth);
        if (!e)
            e = cheapest_peak(y, kwh, q, end, &cap[m]);
        if (!e && tariff_usd(q + 14 * DAY + 40) != tariff_usd(q + 42 * DAY + 40))
            e = next_peak(y, kwh, q, end, &next[m]);
        else
            next[m] = cap[m];
        if (!e)
            e = plan_month(y, kwh, q, end, cap[m], true, &plan);
        q = end;
    }
    if (y)
        mizo_planner_free(y->planner);
    free(y);
    if (e)
        lot_result_free(out);
    return e;
}
