/* value_acn_run.c: who charges when: first come, earliest departure, mizo. */
#include <math.h>
#include <stdlib.h>

#include "town/bench/value_acn_peak.h"

void lot_result_free(lot_result *r)
{
    free(r->kwh);
    free(r->kw);
    *r = (lot_result){ 0 };
}

mizo_err lot_result_make(const lot *l, lot_result *out)
{
    *out = (lot_result){ calloc((size_t)l->n, sizeof *out->kwh),
                         calloc((size_t)(l->last - l->first), sizeof *out->kw) };
    if (out->kwh && out->kw)
        return MIZO_OK;
    lot_result_free(out);
    return MIZO_ENOMEM;
}

/* ---- a run ---- */

typedef struct watch {
    lot_rule rule;
    yard y;
    double paid; /* highest quarter of the month so far */
    double peak; /* that it may go to */
    int month, came;
    int64_t day; /* quarter with which the day in hand began; cars from `came` on came in it */
    peak_school school;
    double *room;
} watch;

/* Days until the month ends, from quarter q on. */
static double days_left(int64_t q)
{
    int64_t end = q;
    while (tariff_month(end) == tariff_month(q))
        end += LOT_DAY;
    return (double)((end - q) / LOT_DAY);
}

static void month_begins(watch *w, int month)
{
    const lot_aim *aim = w->y.aim;
    w->month = month;
    w->paid = 0;
    if (w->rule == LOT_MIZO && aim->peak)
        w->peak = aim->peak[month] > 0 ? aim->peak[month] : w->peak;
}

static void day_begins(watch *w, int64_t q)
{
    if (w->rule != LOT_MIZO || w->y.aim->peak)
        return;
    peak_learn(&w->school, &w->y, w->came, w->day, q, w->room);
    w->came = w->y.next;
    w->day = q;
    w->peak = peak_choose(&w->school, w->paid, days_left(q));
}

static void decide(watch *w, int64_t q)
{
    yard *y = &w->y;
    double limit = y->l->limit_w / 1000.0;
    if (w->rule == LOT_MIZO) {
        double wanted = yard_wants(y, q);
        yard_hand_out(y, fmin(wanted, fmin(limit, fmax(w->peak, w->paid))));
        return;
    }
    for (int k = 0; k < y->n; k++) {
        const lot_visit *v = &y->l->visit[y->here[k]];
        y->urgency[k] = w->rule == LOT_FIRST ? v->arrival : v->said;
    }
    yard_hand_out(y, limit);
}

static mizo_err live_on(const value_run *r, watch *w, const lot *l, float *kw)
{
    for (int64_t q = l->first; q < l->last; q++) {
        int month = tariff_month(q) - l->month0;
        if (w->month != month) {
            month_begins(w, month);
            MIZO_TRY(value_pace(r, (double)(q - l->first) / (double)(l->last - l->first)));
        }
        if (q == lot_morning(q) && q > l->first)
            day_begins(w, q);
        yard_turn(&w->y, q);
        decide(w, q);
        double taken = yard_charge(&w->y, q);
        kw[q - l->first] = (float)taken;
        w->paid = fmax(w->paid, taken);
    }
    return MIZO_OK;
}

mizo_err lot_run(const value_run *r, const lot *l, lot_rule rule, const lot_aim *aim, lot_result *out)
{
    MIZO_TRY(lot_result_make(l, out));
    watch *w = calloc(1, sizeof *w);
    yard_view *view = calloc((size_t)l->n, sizeof *view);
    double *room = calloc((size_t)l->n, sizeof *room);
    mizo_err e = w && view && room ? MIZO_OK : MIZO_ENOMEM;
    if (!e) {
        *w = (watch){
            .rule = rule,
            .y = {.l = l, .aim = aim, .kwh = out->kwh, .view = view, .end = l->n},
            .peak = l->limit_w / 1000.0,
            .month = -1,
            .day = l->first,
            .room = room
        };
        peak_init(&w->school, l);
        e = live_on(r, w, l, out->kw);
    }
    free(w);
    free(view);
    free(room);
    if (e)
        lot_result_free(out);
    return e;
}
