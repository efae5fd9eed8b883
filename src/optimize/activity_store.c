/* activity_store.c: the best programme of a battery of three powers, by dynamic programming.
 *
 * The smoothed highest load of a path is (1/beta) log z. A logarithm lies below its tangent, so with the z of now
 *     tariff x top^2  is about  what it is now + slope x (z' - z),   slope = 2 tariff top / (beta z paths),
 * and z' is a sum over steps: each step then has a cost of its own, and the programme that makes their sum least is
 * found exactly over the levels of charge (Bellman 1957). Repeated, every pass goes down or stays (a majorise-
 * minimise step: Hunter and Lange, The American Statistician 58, 2004). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/activity_inner.h"

enum { PASSES = 3, WAYS = 3 };

static double power_of(const activity_battery *b, int how)
{
    return how > 0 ? b->charge_kw : how < 0 ? -b->discharge_kw : 0;
}

/* cost[t * WAYS + 1 + how] of a battery whose part of w is taken off by the caller. */
static void costs_of(const search *s, const activity_battery *b, double *cost)
{
    const activity_case *c = s->c;
    int n = c->npath;
    double factor[WAYS];
    for (int how = -1; how <= 1; how++)
        factor[how + 1] = exp(s->beta * power_of(b, how));
    for (int t = 0; t < c->steps; t++) {
        double near = 0;
        for (int k = 0; k < n; k++) {
            double top = fmax(0, s->ref + log(s->z[k]) / s->beta);
            near += 2 * c->tariff * top / (s->beta * s->z[k] * n) * s->w[t * n + k];
        }
        for (int how = -1; how <= 1; how++)
            cost[t * WAYS + how + 1] = c->price[t] * power_of(b, how) + near * factor[how + 1];
    }
}

/* The least cost of the rest from each level, last step first; way[t * (levels + 1) + level]. */
static void programme(const activity_case *c, const activity_battery *b, const double *cost, double *rest,
                      double *next, signed char *way)
{
    memset(rest, 0, ((size_t)b->levels + 1) * sizeof *rest);
    for (int t = c->steps - 1; t >= 0; t--) {
        for (int level = 0; level <= b->levels; level++) {
            int best = 0;
            double least = cost[t * WAYS + 1] + rest[level];
            if (level < b->levels && cost[t * WAYS + 2] + rest[level + 1] < least) {
                best = 1;
                least = cost[t * WAYS + 2] + rest[level + 1];
            }
            if (level > 0 && cost[t * WAYS] + rest[level - 1] < least) {
                best = -1;
                least = cost[t * WAYS] + rest[level - 1];
            }
            next[level] = least;
            way[(size_t)t * (size_t)(b->levels + 1) + (size_t)level] = (signed char)best;
        }
        memcpy(rest, next, ((size_t)b->levels + 1) * sizeof *rest);
    }
}

void activity_run(search *s, int b, int t, int how)
{
    signed char *now = &s->p->store[(size_t)b * (size_t)s->c->steps + (size_t)t];
    double kw = power_of(&s->c->battery[b], how) - power_of(&s->c->battery[b], *now);
    if (kw != 0)
        activity_lift(s, t, 1, kw);
    s->money += kw * s->c->price[t];
    *now = (signed char)how;
}

static void one(search *s, int which, double *cost, double *rest, signed char *way)
{
    const activity_case *c = s->c;
    const activity_battery *b = &c->battery[which];
    double *z =
        rest + 2 * (b->levels + 1); /* the sums with this battery in them: where the tangent touches */
    memcpy(z, s->z, (size_t)c->npath * sizeof *z);
    for (int t = 0; t < c->steps; t++)
        activity_run(s, which, t, 0);
    double *keep = s->z;
    s->z = z;
    costs_of(s, b, cost);
    s->z = keep;
    programme(c, b, cost, rest, rest + b->levels + 1, way);
    int level = b->levels;
    for (int t = 0; t < c->steps; t++) {
        int how = way[(size_t)t * (size_t)(b->levels + 1) + (size_t)level];
        activity_run(s, which, t, how);
        level += how;
    }
}

mizo_err activity_batteries(search *s)
{
    const activity_case *c = s->c;
    int levels = 0;
    for (int b = 0; b < c->nbattery; b++)
        levels = c->battery[b].levels > levels ? c->battery[b].levels : levels;
    size_t wide = (size_t)levels + 1;
    double *cost = calloc((size_t)c->steps * WAYS, sizeof *cost);
    double *rest = calloc(2 * wide + (size_t)c->npath, sizeof *rest);
    signed char *way = calloc((size_t)c->steps * (wide + 1), 1);
    mizo_err e = cost && rest && way ? MIZO_OK : MIZO_ENOMEM;
    for (int pass = 0; pass < PASSES && !e; pass++)
        for (int b = 0; b < c->nbattery; b++) {
            one(s, b, cost, rest, way);
            activity_refresh(s);
        }
    free(cost);
    free(rest);
    free(way);
    return e;
}
