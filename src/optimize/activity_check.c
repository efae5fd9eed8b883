/* activity_check.c: rooms in buildings, and whether a plan keeps the rules. The check trusts nothing that the search keeps. */
#include <stdlib.h>
#include <string.h>

#include "optimize/activity_inner.h"

/* ---- buildings for rooms ---- */

typedef struct houses {
    const activity_case *c;
    int *used; /* [(steps * nbuilding + building) * SIZES + size] rooms taken */
} houses;

static int *rooms_at(const houses *h, int t, int building, int size)
{
    return &h->used[((size_t)t * (size_t)h->c->nbuilding + (size_t)building) * ACTIVITY_SIZES + (size_t)size];
}

/* Rooms of a building that are free at all the steps of [from, from + steps), every `week` steps, `weeks` times. */
static int free_in(const houses *h, const activity *a, int building, int from, int weeks)
{
    int most = h->c->rooms[building][a->size];
    for (int k = 0; k < weeks; k++)
        for (int i = 0; i < a->steps; i++) {
            int left =
                h->c->rooms[building][a->size] - *rooms_at(h, from + k * h->c->week + i, building, a->size);
            most = left < most ? left : most;
        }
    return most;
}

/* Takes rooms where they are free, building after building. */
static bool house(houses *h, const activity *a, int from, int weeks, int *at)
{
    int got = 0;
    for (int b = 0; b < h->c->nbuilding && got < a->rooms; b++)
        for (int left = free_in(h, a, b, from, weeks); left > 0 && got < a->rooms; left--)
            at[got++] = b;
    if (got < a->rooms)
        return false;
    for (int r = 0; r < a->rooms; r++)
        for (int k = 0; k < weeks; k++)
            for (int i = 0; i < a->steps; i++)
                ++*rooms_at(h, from + k * h->c->week + i, at[r], a->size);
    return true;
}

typedef struct at_start {
    int start, which;
} at_start;

static int by_start(const void *a, const void *b)
{
    const at_start *x = a, *y = b;
    return x->start != y->start ? (x->start > y->start) - (x->start < y->start)
                                : (x->which > y->which) - (x->which < y->which);
}

static bool still_possible(const activity_case *c, const activity_plan *p, int a)
{
    for (int j = 0; j < c->once[a].nbefore; j++)
        if (p->once[c->once[a].before[j]] < 0)
            return false;
    return true;
}

/* Recurring ones by their start always find rooms where the sum over buildings suffices: what was placed before
 * only gets less from there on. A once-off one may not, as its steps cross theirs. */
mizo_err activity_houses(const activity_case *c, activity_plan *p)
{
    int n = c->nrecurring > c->nonce ? c->nrecurring : c->nonce;
    houses h = { c, calloc((size_t)c->steps * (size_t)c->nbuilding * ACTIVITY_SIZES + 1, sizeof(int)) };
    at_start *order = calloc((size_t)n + 1, sizeof *order);
    mizo_err e = h.used && order ? MIZO_OK : MIZO_ENOMEM;
    for (int a = 0; !e && a < c->nrecurring; a++)
        order[a] = (at_start){ p->recurring[a], a };
    if (!e)
        qsort(order, (size_t)c->nrecurring, sizeof *order, by_start);
    for (int i = 0; !e && i < c->nrecurring; i++) {
        int a = order[i].which;
        if (!house(&h, &c->recurring[a], c->first + p->recurring[a], c->weeks, p->recurring_at[a]))
            e = MIZO_ERANGE;
    }
    for (int a = 0; !e && a < c->nonce; a++)
        order[a] = (at_start){ p->once[a], a };
    if (!e)
        qsort(order, (size_t)c->nonce, sizeof *order, by_start);
    for (int i = 0; !e && i < c->nonce; i++) {
        int a = order[i].which;
        if (p->once[a] >= 0 &&
            (!still_possible(c, p, a) || !house(&h, &c->once[a], p->once[a], 1, p->once_at[a])))
            p->once[a] = -1;
    }
    free(order);
    free(h.used);
    return e;
}

/* ---- the rules ---- */

typedef struct verdict {
    activity_fault fault;
    int which;
} verdict;

static void blame(verdict *v, activity_fault fault, int which)
{
    if (!v->fault)
        *v = (verdict){ fault, which };
}

static void recurring_rules(const activity_case *c, const activity_plan *p, verdict *v)
{
    for (int a = 0; a < c->nrecurring; a++) {
        int from = p->recurring[a], to = from + c->recurring[a].steps;
        if (from < 0 || to > c->week || c->first + (c->weeks - 1) * c->week + to > c->steps) {
            blame(v, ACTIVITY_BOUNDS, a);
            return;
        }
        for (int k = 0; k < c->weeks; k++)
            for (int i = from; i < to; i++) {
                int t = c->first + k * c->week + i;
                if (!c->work[t] || c->day[t] != c->day[c->first + k * c->week + from])
                    blame(v, ACTIVITY_HOURS, a);
            }
    }
    for (int a = 0; a < c->nrecurring; a++)
        for (int j = 0; j < c->recurring[a].nbefore; j++)
            if (c->day[c->first + p->recurring[c->recurring[a].before[j]]] >=
                c->day[c->first + p->recurring[a]])
                blame(v, ACTIVITY_ORDER, a);
}

static void once_rules(const activity_case *c, const activity_plan *p, verdict *v)
{
    for (int a = 0; a < c->nonce; a++)
        if (p->once[a] < -1 || (p->once[a] >= 0 && p->once[a] + c->once[a].steps > c->steps)) {
            blame(v, ACTIVITY_BOUNDS, a);
            return;
        }
    for (int a = 0; a < c->nonce; a++)
        for (int j = 0; p->once[a] >= 0 && j < c->once[a].nbefore; j++) {
            int before = p->once[c->once[a].before[j]];
            if (before < 0 || c->day[before] >= c->day[p->once[a]])
                blame(v, ACTIVITY_ORDER, a);
        }
}

static void battery_rules(const activity_case *c, const activity_plan *p, verdict *v)
{
    for (int b = 0; b < c->nbattery; b++)
        for (int t = 0, level = c->battery[b].levels; t < c->steps; t++) {
            int how = p->store[(size_t)b * (size_t)c->steps + (size_t)t];
            level += how;
            if (how < -1 || how > 1 || level < 0 || level > c->battery[b].levels)
                blame(v, ACTIVITY_CHARGE, b);
        }
}

/* The rooms of one activity at one of its times, onto the count of each building and step. */
static void occupy(houses *h, const activity *a, int from, const int *at, int which, verdict *v)
{
    for (int r = 0; r < a->rooms; r++) {
        if (at[r] < 0 || at[r] >= h->c->nbuilding) {
            blame(v, ACTIVITY_ROOMS, which);
            return;
        }
        for (int i = 0; i < a->steps; i++)
            if (++*rooms_at(h, from + i, at[r], a->size) > h->c->rooms[at[r]][a->size])
                blame(v, ACTIVITY_ROOMS, which);
    }
}

static mizo_err room_rules(const activity_case *c, const activity_plan *p, verdict *v)
{
    houses h = { c, calloc((size_t)c->steps * (size_t)c->nbuilding * ACTIVITY_SIZES + 1, sizeof(int)) };
    if (!h.used)
        return MIZO_ENOMEM;
    for (int a = 0; a < c->nrecurring; a++)
        for (int k = 0; k < c->weeks; k++)
            occupy(&h, &c->recurring[a], c->first + k * c->week + p->recurring[a], p->recurring_at[a], a, v);
    for (int a = 0; a < c->nonce; a++)
        if (p->once[a] >= 0)
            occupy(&h, &c->once[a], p->once[a], p->once_at[a], a, v);
    free(h.used);
    return MIZO_OK;
}

mizo_err activity_check(const activity_case *c, const activity_plan *p, activity_fault *fault, int *which)
{
    verdict v = { ACTIVITY_FINE, 0 };
    mizo_err e = MIZO_OK;
    recurring_rules(c, p, &v);
    once_rules(c, p, &v);
    battery_rules(c, p, &v);
    if (v.fault != ACTIVITY_BOUNDS)
        e = room_rules(c, p, &v);
    *fault = v.fault;
    *which = v.which;
    return e;
}
