/* activity_moves.c: a timetable that is made better by small moves, at a falling temperature (Kirkpatrick, Gelatt
 * and Vecchi, Science 220, 1983). Every timetable on the way keeps the order of days and the number of rooms. */
#include <math.h>
#include <string.h>

#include "optimize/activity_inner.h"

enum { REFRESH = 2048, TRIES = 60, STARTS = 40 };

static bool room_for(const search *s, const activity *a, int from)
{
    for (int i = 0; i < a->steps; i++)
        if (s->used[a->size][from + i] + a->rooms > s->have[a->size])
            return false;
    return true;
}

static bool room_each_week(const search *s, const activity *a, int start)
{
    for (int k = 0; k < s->c->weeks; k++)
        if (!room_for(s, a, s->c->first + k * s->c->week + start))
            return false;
    return true;
}

/* Day of the week of a start, counted from the week's first. */
static int day_at(const search *s, int start)
{
    return s->c->day[s->c->first + start] - s->c->day[s->c->first];
}

/* The days on which a recurring activity may stand, given where the others do. */
static void span_of(const search *s, int a, int *low, int *high)
{
    const activity *r = &s->c->recurring[a];
    *low = 0;
    *high = s->c->week;
    for (int j = 0; j < r->nbefore; j++) {
        int d = day_at(s, s->p->recurring[r->before[j]]) + 1;
        *low = d > *low ? d : *low;
    }
    for (int j = 0; j < s->recurring.nafter[a]; j++) {
        int d = day_at(s, s->p->recurring[s->recurring.after[a][j]]) - 1;
        *high = d < *high ? d : *high;
    }
}

/* A start among the shifts that lie in [low, high] days and are long enough; -1: none was hit on. */
static int some_start(search *s, int steps, int low, int high)
{
    for (int k = 0; k < 8; k++) {
        const shift *w = &s->shift[activity_below(s, s->nshift)];
        if (w->day >= low && w->day <= high && w->close - w->open >= steps)
            return w->open + activity_below(s, w->close - w->open - steps + 1);
    }
    return -1;
}

/* Whether [start, start + steps) lies in one shift. */
static bool in_shift(const search *s, int start, int steps)
{
    for (int i = 0; i < s->nshift; i++)
        if (start >= s->shift[i].open && start + steps <= s->shift[i].close)
            return true;
    return false;
}

typedef struct annealer {
    double hot; /* of now */
    double now; /* the cost */
} annealer;

/* A sum that lost nearly all of itself is noise. */
static void mind_noise(search *s)
{
    for (int k = 0; k < s->c->npath; k++)
        if (!(s->z[k] > 1e-9 * s->kept[k])) {
            activity_refresh(s);
            s->renewed = true;
            return;
        }
}

/* Metropolis: what is not dearer always, what is dearer now and then. */
static bool welcome(search *s, annealer *a)
{
    mind_noise(s);
    double cost = activity_height(s) + s->money;
    if (cost > a->now && activity_unit(s) >= exp((a->now - cost) / a->hot))
        return false;
    a->now = cost;
    return true;
}

/* ---- the first timetable ---- */

static bool first_place(search *s, int a, int low)
{
    const activity *r = &s->c->recurring[a];
    int last = s->nshift ? s->shift[s->nshift - 1].day - s->recurring.tail[a] : -1;
    for (int k = 0; k < TRIES && s->nshift; k++) {
        int start = some_start(s, r->steps, low, last);
        if (start >= 0 && room_each_week(s, r, start)) {
            activity_put_recurring(s, a, start, 1);
            return true;
        }
    }
    for (int i = 0; i < s->nshift; i++) /* where chance did not find one, all in turn */
        for (int at = s->shift[i].open; at + r->steps <= s->shift[i].close; at++)
            if (s->shift[i].day >= low && s->shift[i].day <= last && room_each_week(s, r, at)) {
                activity_put_recurring(s, a, at, 1);
                return true;
            }
    return false;
}

/* How many were placed, one after the other, before one found no place. */
static int place_all(search *s)
{
    for (int i = 0; i < s->c->nrecurring; i++) {
        int a = s->recurring.order[i], low = 0;
        const activity *r = &s->c->recurring[a];
        for (int j = 0; j < r->nbefore; j++) {
            int d = day_at(s, s->p->recurring[r->before[j]]) + 1;
            low = d > low ? d : low;
        }
        if (!first_place(s, a, low))
            return i;
    }
    return s->c->nrecurring;
}

mizo_err activity_start(search *s)
{
    for (int k = 0; k < STARTS; k++) {
        int n = place_all(s);
        if (n == s->c->nrecurring)
            return MIZO_OK;
        while (n-- > 0) {
            int a = s->recurring.order[n];
            activity_put_recurring(s, a, s->p->recurring[a], -1);
        }
        activity_refresh(s);
    }
    return MIZO_ERANGE;
}

/* ---- moves ---- */

static bool shift_one(search *s, annealer *n)
{
    int a = activity_below(s, s->c->nrecurring), low, high, was = s->p->recurring[a], to;
    const activity *r = &s->c->recurring[a];
    if (activity_random(s) & 1) {
        to = was + (1 + activity_below(s, 4)) * (activity_random(s) & 1 ? 1 : -1);
        if (to < 0 || !in_shift(s, to, r->steps) || day_at(s, to) != day_at(s, was))
            return false;
    } else {
        span_of(s, a, &low, &high);
        to = some_start(s, r->steps, low, high);
    }
    if (to < 0 || to == was)
        return false;
    activity_put_recurring(s, a, was, -1);
    bool fits = room_each_week(s, r, to);
    activity_put_recurring(s, a, fits ? to : was, 1);
    if (!fits || welcome(s, n))
        return fits;
    activity_put_recurring(s, a, to, -1);
    activity_put_recurring(s, a, was, 1);
    return false;
}

static bool fits_days(const search *s, int a, int day)
{
    int low, high;
    span_of(s, a, &low, &high);
    return day >= low && day <= high;
}

static bool swap_two(search *s, annealer *n)
{
    int a = activity_below(s, s->c->nrecurring), b = activity_below(s, s->c->nrecurring);
    int at = s->p->recurring[a], bt = s->p->recurring[b];
    const activity *x = &s->c->recurring[a], *y = &s->c->recurring[b];
    if (a == b || at == bt || !in_shift(s, bt, x->steps) || !in_shift(s, at, y->steps) ||
        !fits_days(s, a, day_at(s, bt)) || !fits_days(s, b, day_at(s, at)))
        return false;
    activity_put_recurring(s, a, at, -1);
    activity_put_recurring(s, b, bt, -1);
    bool fits = room_each_week(s, x, bt);
    if (fits) {
        activity_put_recurring(s, a, bt, 1);
        fits = room_each_week(s, y, at);
        if (!fits)
            activity_put_recurring(s, a, bt, -1);
    }
    if (fits) {
        activity_put_recurring(s, b, at, 1);
        if (welcome(s, n))
            return true;
        activity_put_recurring(s, b, at, -1);
        activity_put_recurring(s, a, bt, -1);
    }
    activity_put_recurring(s, a, at, 1);
    activity_put_recurring(s, b, bt, 1);
    return false;
}

/* Whether a once-off activity may stand on a day: after all it builds on, which must be done, before the others. */
static bool once_fits(const search *s, int a, int day)
{
    const activity *o = &s->c->once[a];
    for (int j = 0; j < o->nbefore; j++) {
        int at = s->p->once[o->before[j]];
        if (at < 0 || s->c->day[at] >= day)
            return false;
    }
    for (int j = 0; j < s->once.nafter[a]; j++) {
        int at = s->p->once[s->once.after[a][j]];
        if (at >= 0 && s->c->day[at] <= day)
            return false;
    }
    return true;
}

static bool needed(const search *s, int a)
{
    for (int j = 0; j < s->once.nafter[a]; j++)
        if (s->p->once[s->once.after[a][j]] >= 0)
            return true;
    return false;
}

/* Somewhere else, in working hours more often than not; or nowhere (-1). */
static int once_start(search *s, int a, int was)
{
    int last = s->c->steps - s->c->once[a].steps;
    if (last < 0)
        return -1;
    switch (activity_below(s, was < 0 ? 3 : 5)) {
    case 0:
        return activity_below(s, last + 1);
    case 3:
        return was + activity_below(s, 9) - 4;
    case 4:
        return -1;
    default:
        return s->nhours ? s->hours[activity_below(s, s->nhours)] : -1;
    }
}

static bool move_once(search *s, annealer *n)
{
    int a = activity_below(s, s->c->nonce), was = s->p->once[a];
    const activity *o = &s->c->once[a];
    int to = once_start(s, a, was);
    if (to == was || to + o->steps > s->c->steps || to < -1 || (to < 0 && needed(s, a)))
        return false;
    if (to >= 0 && !once_fits(s, a, s->c->day[to]))
        return false;
    if (was >= 0)
        activity_put_once(s, a, was, -1);
    bool fits = to < 0 || room_for(s, o, to);
    if (fits && to >= 0)
        activity_put_once(s, a, to, 1);
    if (fits && welcome(s, n))
        return true;
    if (fits && to >= 0)
        activity_put_once(s, a, to, -1);
    if (was >= 0)
        activity_put_once(s, a, was, 1);
    return false;
}

static bool move(search *s, annealer *n, int all)
{
    if (activity_below(s, all) >= s->c->nrecurring)
        return move_once(s, n);
    return activity_below(s, 3) ? shift_one(s, n) : swap_two(s, n);
}

void activity_moves(search *s, int moves, double hot, double cold)
{
    annealer n = { hot, 0 };
    double cooler = moves > 0 ? pow(cold / hot, (double)REFRESH / moves) : 1;
    int all = s->c->nrecurring + s->c->nonce;
    for (int i = 0; i < moves && all; i++) {
        if (i % REFRESH == 0) {
            activity_refresh(s);
            n.now = activity_height(s) + s->money;
            n.hot *= i ? cooler : 1;
        }
        memcpy(s->kept, s->z, (size_t)s->c->npath * sizeof *s->z);
        s->renewed = false;
        if (move(s, &n, all))
            continue;
        if (s->renewed)
            activity_refresh(s);
        else
            memcpy(s->z, s->kept, (size_t)s->c->npath * sizeof *s->z);
    }
}
