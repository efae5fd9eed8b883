/* activity_cap.c: all batteries together under a cap on the load, by dynamic programming; and the best cap.
 *
 * With activities fixed and the load held to a cap, what is left is energy alone: a sum over steps, so the cheapest
 * programme of all batteries at once is found exactly over their joint levels. The cost over the cap is then a
 * function of one number: its lowest possible value is found by halves, and it is looked at on a scale from there
 * up, and closer around the best. With several paths the cap of each lies as far from the others' as its highest
 * load does now. Batteries whose joint levels are too many are left as they are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/activity_inner.h"

enum { BATTERIES = 3, COMBOS = 27 /* 3^BATTERIES */, STATES = 2048, HALVES = 12, SCALE = 10, CLOSER = 8 };

typedef struct capped {
    search *s;
    int n, states, combos;
    int move[COMBOS]; /* of the joint state */
    signed char how[COMBOS][BATTERIES];
    double kw[COMBOS];
    unsigned char *can; /* [combos * states] */
    double *room;       /* [steps] what a cap of 0 leaves to batteries */
    double *rest, *next;
    unsigned char *way;        /* [steps * states] */
    unsigned char *now, *best; /* [steps] the combination of a programme */
    double least;              /* cost of best */
} capped;

static void joint(capped *k)
{
    const activity_case *c = k->s->c;
    k->combos = 1;
    for (int b = 0; b < k->n; b++)
        k->combos *= 3;
    for (int a = 0; a < k->combos; a++) {
        int rest = a, wide = 1;
        for (int b = 0; b < k->n; b++) {
            int how = rest % 3 - 1;
            rest /= 3;
            k->how[a][b] = (signed char)how;
            k->move[a] += how * wide;
            k->kw[a] += how > 0 ? c->battery[b].charge_kw : how < 0 ? -c->battery[b].discharge_kw : 0;
            wide *= c->battery[b].levels + 1;
        }
        for (int state = 0; state < k->states; state++) {
            int left = state, good = 1;
            for (int b = 0; b < k->n; b++) {
                int level = left % (c->battery[b].levels + 1) + k->how[a][b];
                left /= c->battery[b].levels + 1;
                good = good && level >= 0 && level <= c->battery[b].levels;
            }
            k->can[(size_t)a * (size_t)k->states + (size_t)state] = (unsigned char)good;
        }
    }
}

/* The load without batteries, and what a cap of 0 leaves to them. */
static void rooms(capped *k)
{
    search *s = k->s;
    const activity_case *c = s->c;
    double top[2] = { 0, 0 };
    for (int t = 0; t < c->steps; t++)
        k->room[t] = INFINITY;
    for (int p = 0; p < c->npath; p++) {
        top[1] = 0;
        for (int t = 0; t < c->steps; t++)
            top[1] = fmax(top[1], s->x[t] + c->base[t * c->npath + p]);
        top[0] = p ? top[0] : top[1];
        for (int t = 0; t < c->steps; t++)
            k->room[t] = fmin(k->room[t], top[1] - top[0] - c->base[t * c->npath + p]);
    }
    for (int t = 0; t < c->steps; t++) {
        k->room[t] -= s->x[t];
        for (int b = 0; b < k->n; b++) {
            int how = s->p->store[(size_t)b * (size_t)c->steps + (size_t)t];
            k->room[t] += how > 0 ? c->battery[b].charge_kw : how < 0 ? -c->battery[b].discharge_kw : 0;
        }
    }
}

/* One step back: the least cost of the rest from each joint state. */
static void step(capped *k, int t, double cap)
{
    for (int state = 0; state < k->states; state++)
        k->next[state] = INFINITY;
    unsigned char *way = k->way + (size_t)t * (size_t)k->states;
    for (int a = 0; a < k->combos; a++) {
        if (k->kw[a] > cap + k->room[t])
            continue;
        double cost = k->kw[a] * k->s->c->price[t];
        const unsigned char *can = k->can + (size_t)a * (size_t)k->states;
        for (int state = 0; state < k->states; state++)
            if (can[state] && cost + k->rest[state + k->move[a]] < k->next[state]) {
                k->next[state] = cost + k->rest[state + k->move[a]];
                way[state] = (unsigned char)a;
            }
    }
    double *other = k->rest;
    k->rest = k->next;
    k->next = other;
}

/* Cost of the programme in now[]: energy and the highest loads as they are. */
static double cost_of(const capped *k)
{
    const search *s = k->s;
    const activity_case *c = s->c;
    double energy = 0, peaks = 0;
    for (int t = 0; t < c->steps; t++)
        energy += k->kw[k->now[t]] * c->price[t];
    for (int p = 0; p < c->npath; p++) {
        double top = 0;
        for (int t = 0; t < c->steps; t++) {
            double kw = s->x[t] + c->base[t * c->npath + p] + k->kw[k->now[t]];
            for (int b = 0; b < k->n; b++) {
                int how = s->p->store[(size_t)b * (size_t)c->steps + (size_t)t];
                kw -= how > 0 ? c->battery[b].charge_kw : how < 0 ? -c->battery[b].discharge_kw : 0;
            }
            top = fmax(top, kw);
        }
        peaks += top * top / c->npath;
    }
    return energy + c->tariff * peaks;
}

/* False: no programme keeps the cap. */
static bool try_cap(capped *k, double cap)
{
    const activity_case *c = k->s->c;
    memset(k->rest, 0, (size_t)k->states * sizeof *k->rest);
    for (int t = c->steps - 1; t >= 0; t--)
        step(k, t, cap);
    int state = k->states - 1; /* all full */
    if (isinf(k->rest[state]))
        return false;
    for (int t = 0; t < c->steps; t++) {
        k->now[t] = k->way[(size_t)t * (size_t)k->states + (size_t)state];
        state += k->move[k->now[t]];
    }
    double cost = cost_of(k);
    if (cost < k->least) {
        k->least = cost;
        memcpy(k->best, k->now, (size_t)c->steps);
    }
    return true;
}

/* The best cap between one that no programme keeps and one that all do. */
static void best_cap(capped *k)
{
    double low = INFINITY, high = -INFINITY, most = 0;
    for (int a = 0; a < k->combos; a++)
        most = fmax(most, fabs(k->kw[a]));
    for (int t = 0; t < k->s->c->steps; t++)
        high = fmax(high, most - k->room[t]);
    low = high - 2 * most - 1;
    double top = high;
    for (int i = 0; i < HALVES; i++) {
        double middle = (low + high) / 2;
        if (try_cap(k, middle))
            high = middle;
        else
            low = middle;
    }
    double at = high, before = k->least, wide = (top - high) / SCALE;
    for (int i = 0; i <= SCALE; i++) {
        before = k->least;
        try_cap(k, high + i * wide);
        at = k->least < before ? high + i * wide : at;
    }
    for (int i = 0; i < CLOSER; i++) {
        wide /= 2;
        for (int side = -1; side <= 1; side += 2) {
            before = k->least;
            double cap = at + side * wide;
            try_cap(k, cap);
            at = k->least < before ? cap : at;
        }
    }
}

static void take_over(capped *k)
{
    search *s = k->s;
    for (int t = 0; t < s->c->steps; t++)
        for (int b = 0; b < k->n; b++)
            activity_run(s, b, t, k->how[k->best[t]][b]);
    activity_refresh(s);
}

/* What the programmes of now cost, so that only a better one takes their place. */
static double cost_now(capped *k)
{
    const activity_case *c = k->s->c;
    for (int t = 0; t < c->steps; t++) {
        int a = 0;
        for (int b = k->n - 1; b >= 0; b--)
            a = 3 * a + k->s->p->store[(size_t)b * (size_t)c->steps + (size_t)t] + 1;
        k->now[t] = (unsigned char)a;
    }
    memcpy(k->best, k->now, (size_t)c->steps);
    return cost_of(k);
}

mizo_err activity_capped(search *s)
{
    const activity_case *c = s->c;
    int states = 1;
    for (int b = 0; b < c->nbattery && states <= STATES; b++)
        states *= c->battery[b].levels + 1;
    if (!c->nbattery || c->nbattery > BATTERIES || states > STATES)
        return MIZO_OK;
    capped *k = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    size_t steps = (size_t)c->steps + 1, wide = (size_t)states;
    *k = (capped){ .s = s, .n = c->nbattery, .states = states };
    k->can = calloc(COMBOS * wide, 1);
    k->room = calloc(steps, sizeof *k->room);
    double *rest = k->rest = calloc(2 * wide, sizeof *k->rest);
    k->way = calloc(steps * wide, 1);
    k->now = calloc(2 * steps, 1);
    mizo_err e = k->can && k->room && rest && k->way && k->now ? MIZO_OK : MIZO_ENOMEM;
    if (!e) {
        k->next = rest + wide;
        k->best = k->now + steps;
        joint(k);
        rooms(k);
        k->least = cost_now(k);
        best_cap(k);
        take_over(k);
    }
    free(k->can);
    free(k->room);
    free(rest);
    free(k->way);
    free(k->now);
    free(k);
    return e;
}
