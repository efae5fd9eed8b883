/* value_acn_peak.c: how high the lot's peak may go. Every day that is over is lived again under each of 56 peaks by
 * the same rule: what its energy would have cost, and what cars would have left without. A peak is then worth what it
 * saves on as many days as are left of the month, and costs the month's charge for what is above the month's highest
 * quarter so far. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/value_acn_peak.h"

#define LEAST 1.0  /* kW */
#define KEEP  0.93 /* a day counts half of one ten days later */
/* A kWh that a car leaves without: twice what the score charges. Chosen on the months before the judged ones. */
#define LOSS (2 * TARIFF_DEAREST)

void peak_init(peak_school *s, const lot *l)
{
    *s = (peak_school){ .limit = l->limit_w / 1000.0 };
    for (int k = 0; k < PEAKS; k++)
        s->kw[k] = LEAST * pow(s->limit / LEAST, k / (PEAKS - 1.0));
}

/* What the cars [day->next, day->end) that have left by `end` would have cost under a peak, from quarter q on. */
static double live(const yard *day, int64_t q, int64_t end, double most, double *kwh)
{
    yard y = *day;
    double usd = 0, lost = 0;
    y.kwh = kwh;
    memset(kwh + y.next, 0, (size_t)(y.end - y.next) * sizeof *kwh);
    for (; q < end; q++) {
        yard_turn(&y, q);
        double wanted = yard_wants(&y, q);
        yard_hand_out(&y, fmin(wanted, most));
        usd += yard_charge(&y, q) / 4 * lot_price(y.l, q);
    }
    for (int i = day->next; i < day->end; i++) {
        const lot_visit *v = &y.l->visit[i];
        if (v->departure <= y.gone)
            lost += fmax(0, fmin(v->got, CHARGER_KW * (v->departure - v->arrival) / 3600) - kwh[i]);
    }
    return usd + LOSS * lost;
}

void peak_learn(peak_school *s, const yard *now, int first, int64_t q, int64_t end, double *room)
{
    yard day = *now;
    day.next = first;
    day.end = now->next;
    day.gone = (double)(end * QUARTER_S);
    day.n = 0;
    if (first == now->next)
        return;
    s->weight = s->weight * KEEP + 1;
    for (int k = 0; k < PEAKS; k++)
        s->usd[k] = s->usd[k] * KEEP + live(&day, q, end, s->kw[k], room);
}

double peak_choose(const peak_school *s, double paid, double left)
{
    double best = INFINITY, at = s->limit;
    for (int k = 0; k < PEAKS && s->weight > 0; k++) {
        double usd = TARIFF_DEMAND * fmax(0, s->kw[k] - paid) + left * s->usd[k] / s->weight;
        if (usd < best - 1e-9) {
            best = usd;
            at = s->kw[k];
        }
    }
    return fmax(paid, at);
}
