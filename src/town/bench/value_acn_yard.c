/* value_acn_yard.c: see value_acn_yard.h. */
#include <math.h>
#include <stdlib.h>

#include "town/bench/value_acn_yard.h"

enum { AHEAD = 64 /* quarters in which a cheaper hour is looked for */ };
#define EARLY  0.2 /* of the likes have left by the departure that urgency goes by */
#define HUNGRY 0.8 /* of the likes have taken no more than what urgency goes by */
#define MORSEL 0.5 /* kWh that a car is thought to want that takes more than its likes did */
/* A kWh that a car leaves without, USD, when it is asked whether to wait: three times what the score charges, for a
 * driver has no use for the price of the grid. Chosen on the months before the judged ones. */
#define WAIT_LOSS (3 * TARIFF_DEAREST)

void yard_turn(yard *y, int64_t q)
{
    double now = (double)(q * QUARTER_S);
    int kept = 0;
    for (int k = 0; k < y->n; k++) {
        int i = y->here[k];
        if (y->l->visit[i].departure > now && y->kwh[i] < y->l->visit[i].got - 1e-9)
            y->here[kept++] = i;
    }
    y->n = kept;
    for (; y->next < y->end && y->l->visit[y->next].arrival <= now; y->next++)
        if (y->l->visit[y->next].departure > now && y->n < YARD_CARS &&
            !(y->gone > 0 && y->l->visit[y->next].departure > y->gone))
            y->here[y->n++] = y->next;
}

double yard_charge(yard *y, int64_t q)
{
    double now = (double)(q * QUARTER_S), kw = 0;
    for (int k = 0; k < y->n; k++) {
        const lot_visit *v = &y->l->visit[y->here[k]];
        double here = fmin(1, (v->departure - now) / QUARTER_S);
        double kwh = fmin(y->share[k] * here / 4, v->got - y->kwh[y->here[k]]);
        y->kwh[y->here[k]] += kwh;
        kw += 4 * kwh;
    }
    return kw;
}

void yard_hand_out(yard *y, double kw)
{
    bool done[YARD_CARS] = { false };
    for (int k = 0; k < y->n; k++) {
        int best = -1;
        for (int i = 0; i < y->n; i++)
            if (!done[i] && (best < 0 || y->urgency[i] < y->urgency[best]))
                best = i;
        done[best] = true;
        y->share[best] = fmin(CHARGER_KW, kw);
        kw -= y->share[best];
    }
}

/* ---- what is thought of a car ---- */

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

static double leaves(const yard *y, const lot_visit *v, double now)
{
    double at = y->aim->known ? v->departure : y->aim->entered ? v->said : level(v, now, true, EARLY);
    return at > now + QUARTER_S ? at : now + QUARTER_S; /* should have left: may do so any moment */
}

static double takes(const yard *y, const lot_visit *v)
{
    return y->aim->known ? v->got : y->aim->entered ? v->wish : level(v, 0, false, HUNGRY);
}

/* Share of the likes that are here now and would still be here then. */
static double stays(const yard *y, const lot_visit *v, double now, double then)
{
    double all = 0, sum = 0;
    if (y->aim->known)
        return v->departure > then;
    if (y->aim->entered)
        return v->said > then;
    for (int k = 0; k < v->nlike; k++)
        if (v->like[k].leave > now) {
            all += v->like[k].weight;
            sum += v->like[k].leave > then ? v->like[k].weight : 0;
        }
    return all > 0 ? sum / all : 0;
}

/* Is there a cheaper hour to come, which it will likely enough see an hour of? */
static bool waits(const yard *y, const lot_visit *v, int64_t q)
{
    double price = lot_price(y->l, q), before = price, now = (double)(q * QUARTER_S);
    for (int64_t t = q + 1; t < q + AHEAD; t++) {
        double later = lot_price(y->l, t);
        bool begins = later < price - 1e-9 && later < before - 1e-9;
        before = later;
        if (!begins)
            continue;
        double stay = stays(y, v, now, (double)(t * QUARTER_S) + 3600);
        if (stay * (price - later) > (1 - stay) * (WAIT_LOSS - price))
            return true;
    }
    return false;
}

static void look(const yard *y, int i, int64_t q, int at, yard_view *s)
{
    const lot_visit *v = &y->l->visit[i];
    s->leave[at] = (float)(leaves(y, v, (double)(q * QUARTER_S)) - v->arrival);
    s->waits[at] = waits(y, v, q);
    if (s->kwh <= 0)
        s->kwh = (float)fmax(MORSEL, takes(y, v));
}

double yard_wants(yard *y, int64_t q)
{
    double kw = 0, now = (double)(q * QUARTER_S);
    for (int k = 0; k < y->n; k++) {
        int i = y->here[k];
        const lot_visit *v = &y->l->visit[i];
        int64_t at = q - (int64_t)v->arrival / QUARTER_S;
        yard_view *s = &y->view[i];
        at = at < 0 ? 0 : at < YARD_SEEN ? at : YARD_SEEN - 1;
        if (s->leave[at] <= 0 || at == YARD_SEEN - 1)
            look(y, i, q, (int)at, s);
        double need = fmax(MORSEL, (double)s->kwh - y->kwh[i]);
        y->urgency[k] = v->arrival + (double)s->leave[at] - now - 3600 * need / CHARGER_KW;
        if (s->waits[at])
            y->urgency[k] += 1e9; /* after all that do not wait */
        else
            kw += CHARGER_KW;
    }
    return kw;
}
