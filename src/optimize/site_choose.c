/* site_choose.c: what is whole: when runs start, and in which slots a charger with a least power charges.
 *
 * The solver shares a run among many starts and charges a little in many slots. First each run is placed where it
 * costs least against everything else as the solver has it; then the chargers together are given the solver's sum,
 * slot after slot, whole, the ones most behind first (what is left over is carried on, so that the sum holds and with
 * it the peak); then each vehicle in turn is planned anew against all others by a dynamic programme over (slot,
 * energy) under a few ceilings of the import, and so is each run; kept is what costs less. Nothing here trusts the
 * flows. Costs are yen; site_dp.c has the programme, site_profile.c what the site's profile costs. */
#include <math.h>
#include <string.h>

#include "optimize/site_choose.h"

static double w_of(double kw, double most)
{
    double w = kw * 1000;
    return w >= 0 ? (w < most ? w : most) : 0; /* false for a NaN too */
}

bool site_is_chosen(const site_case *c, int v)
{
    return c->min_w[v] > 1;
}

int64_t site_need_w(const site_case *c, int v)
{
    const mizo_plan_vehicle *p = &c->p->vehicle[v];
    int64_t per = (int64_t)p->efficiency_ppm * c->step;
    return ((int64_t)p->need_wh * 60 * MIZO_PPM + per - 1) / per;
}

static double asked_w(const chooser *h, int v, int t)
{
    bool here = t >= h->c->from[v] && t < h->c->to[v];
    return here ? w_of(h->f->vehicle[v][t], h->c->p->vehicle[v].max_w) : 0;
}

/* ---- the profile without what is chosen ---- */

static double run_asked_w(const chooser *h, int k, int t)
{
    const mizo_plan_run *p = &h->c->p->run[k];
    double share = 0;
    for (int at = t - p->slots + 1 > 0 ? t - p->slots + 1 : 0; at <= t; at++)
        share += at >= h->c->run_from[k] && at < h->c->run_to[k] ? w_of(h->f->start[k][at], 1000) / 1000 : 0;
    return share * p->power_w;
}

static void take_profile(chooser *h)
{
    const site_case *c = h->c;
    h->ceiling = c->free_peak < c->limit ? c->free_peak : c->limit;
    for (int t = 0; t < c->n; t++) {
        double pv = c->p->pv_w ? c->p->pv_w[t] : 0;
        double g = w_of(h->f->import[t], c->limit) - w_of(h->f->export[t], c -> export_w);
        g += w_of(h->f->unserved[t], c->p->load_w[t]) - (pv - w_of(h->f->pv[t], pv));
        for (int k = 0; k < c->nrun; k++)
            g -= run_asked_w(h, k, t);
        h->gross[t] = g;
        double import = ceil(w_of(h->f->import[t], c->limit) - 0.001);
        h->ceiling = import > h->ceiling ? import : h->ceiling;
        h->run_w[t] = 0;
        h->soft[t] = 0;
        for (int b = 0; b < c->nb; b++)
            h->soft[t] += w_of(h->f->charge[b][t], c->charge_w[b]);
    }
}

/* ---- runs ---- */

static bool run_fits(const chooser *h, int k, int at)
{
    const site_case *c = h->c;
    for (int i = 0; i < c->p->run[k].slots; i++) {
        int64_t sun = c->p->pv_w ? c->p->pv_w[at + i] : 0;
        if (h->run_w[at + i] + c->p->run[k].power_w > c->limit + sun)
            return false;
    }
    return true;
}

static void put_run(chooser *h, int k, int at, int sign)
{
    for (int i = 0; at >= 0 && i < h->c->p->run[k].slots; i++) {
        h->gross[at + i] += (double)sign * h->c->p->run[k].power_w;
        h->run_w[at + i] += (int64_t)sign * h->c->p->run[k].power_w;
    }
}

static double run_cost(const chooser *h, int k, int at, double peak)
{
    const mizo_plan_run *p = &h->c->p->run[k];
    double yen = 0, high = peak;
    for (int i = 0; i < p->slots; i++) {
        double g = h->gross[at + i], more = g + p->power_w;
        yen += site_slot_yen(h, at + i, more) - site_slot_yen(h, at + i, g);
        high = more > high ? more : high;
    }
    yen += site_peak_yen(h, high) - site_peak_yen(h, peak);
    return yen - 1e-6 * w_of(h->f->start[k][at], 1000); /* of equals the solver's own */
}

/* Where it costs least, or nowhere if that is more than it is worth. */
static void place_run(chooser *h, int k)
{
    const site_case *c = h->c;
    const mizo_plan_run *p = &c->p->run[k];
    double peak = site_profile_peak(h);
    double best = (double)p->power_w * p->slots * c->step / 60 * (double)c->price.run / 1e6;
    h->out->run_at[k] = -1;
    for (int at = c->run_from[k]; at < c->run_to[k]; at++) {
        double yen = run_fits(h, k, at) ? run_cost(h, k, at, peak) : INFINITY;
        if (yen < best || (yen == best && h->out->run_at[k] < 0 && yen < INFINITY)) {
            best = yen;
            h->out->run_at[k] = at;
        }
    }
    put_run(h, k, h->out->run_at[k], 1);
}

/* The largest first: it has the fewest places to go. */
static void place_runs(chooser *h)
{
    bool placed[MIZO_SITE_RUNS] = { false };
    for (int i = 0; i < h->c->nrun; i++) {
        int next = -1;
        for (int k = 0; k < h->c->nrun; k++) {
            const mizo_plan_run *p = h->c->p->run;
            if (!placed[k] &&
                (next < 0 || (double)p[k].power_w * p[k].slots > (double)p[next].power_w * p[next].slots))
                next = k;
        }
        placed[next] = true;
        place_run(h, next);
    }
}

/* ---- chargers: the solver's sum, whole ---- */

typedef struct behind {
    double asked[MIZO_SITE_VEHICLES];
    int64_t given[MIZO_SITE_VEHICLES], need[MIZO_SITE_VEHICLES];
    bool on[MIZO_SITE_VEHICLES];
} behind;

/* The solver's powers are whole already (it was held to them). */
static bool is_whole(const chooser *h, int v)
{
    for (int t = h->c->from[v]; t < h->c->to[v]; t++) {
        double w = asked_w(h, v, t);
        if (w > 0.01 && w < h->c->min_w[v] - 0.01)
            return false;
    }
    return true;
}

static int32_t whole_w(const site_case *c, int v, double w, double still)
{
    double most = still > c->min_w[v] ? still : c->min_w[v];
    w = w < most ? w : most;
    w = w < c->p->vehicle[v].max_w ? w : c->p->vehicle[v].max_w;
    return w > c->min_w[v] ? (int32_t)w : c->min_w[v];
}

static void take_as_it_is(chooser *h, behind *k, int v)
{
    for (int t = h->c->from[v]; t < h->c->to[v]; t++) {
        double w = asked_w(h, v, t), still = (double)(k->need[v] - k->given[v]);
        k->asked[v] += w;
        int32_t give = 0;
        if (w > 0.01 && still > 0)
            give = whole_w(h->c, v, w + within(k->asked[v] - w - (double)k->given[v], -1, 1) + 0.5, still);
        h->out->vehicle_w[v][t] = give;
        k->given[v] += give;
    }
}

/* Must it charge now, at full power ever after, to be full when it leaves? */
static bool must(const chooser *h, const behind *k, int v, int t)
{
    int64_t later = (int64_t)(h->c->to[v] - t - 1) * h->c->p->vehicle[v].max_w;
    return k->need[v] - k->given[v] > later;
}

/* The next that should charge in slot t: who must, then who is most behind; -1 none. */
static int next_on(const chooser *h, const behind *k, const int *member, int n, int t)
{
    int best = -1;
    bool best_must = false;
    for (int i = 0; i < n; i++) {
        int v = member[i];
        if (k->on[v] || t < h->c->from[v] || t >= h->c->to[v] || k->given[v] >= k->need[v])
            continue;
        bool now = must(h, k, v, t);
        double lag = k->asked[v] - (double)k->given[v];
        if (best < 0 || (now && !best_must) ||
            (now == best_must && lag > k->asked[best] - (double)k->given[best])) {
            best = v;
            best_must = now;
        }
    }
    return best;
}

/* Raises or lowers those that are on until together they have what was asked for. */
static void even_out(chooser *h, const behind *k, const int *member, int n, int t, double off)
{
    for (int i = 0; i < n && fabs(off) >= 1; i++) {
        int v = member[i];
        if (!k->on[v])
            continue;
        int32_t now = h->out->vehicle_w[v][t];
        int32_t then = whole_w(h->c, v, now + off, (double)(k->need[v] - k->given[v]));
        h->out->vehicle_w[v][t] = then;
        off -= then - now;
    }
}

static void diffuse_slot(chooser *h, behind *k, const int *member, int n, int t)
{
    double want = 0;
    for (int i = 0; i < n; i++) {
        int v = member[i];
        k->asked[v] += asked_w(h, v, t);
        k->on[v] = false;
        h->out->vehicle_w[v][t] = 0;
        want += k->asked[v] - (double)k->given[v];
    }
    int v;
    while ((v = next_on(h, k, member, n, t)) >= 0) {
        if (!must(h, k, v, t) && want < h->c->min_w[v] / 2.0)
            break;
        int32_t w = whole_w(h->c, v, k->asked[v] - (double)k->given[v], (double)(k->need[v] - k->given[v]));
        h->out->vehicle_w[v][t] = w;
        k->on[v] = true;
        want -= w;
    }
    even_out(h, k, member, n, t, want);
    for (int i = 0; i < n; i++)
        k->given[member[i]] += h->out->vehicle_w[member[i]][t];
}

/* True if the solver's powers were whole already: it has been held to them. */
static bool diffuse(chooser *h)
{
    behind k;
    int member[MIZO_SITE_VEHICLES], n = 0;
    for (int v = 0; v < h->c->nv; v++) {
        if (!site_is_chosen(h->c, v))
            continue;
        k.asked[v] = 0;
        k.given[v] = 0;
        k.on[v] = false;
        k.need[v] = site_need_w(h->c, v);
        memset(h->out->vehicle_w[v], 0, (size_t)h->c->n * sizeof *h->out->vehicle_w[v]);
        if (is_whole(h, v))
            take_as_it_is(h, &k, v);
        else
            member[n++] = v;
    }
    for (int t = 0; n > 0 && t < h->c->n; t++)
        diffuse_slot(h, &k, member, n, t);
    return n == 0;
}

static void put_vehicle(chooser *h, int v, int sign)
{
    for (int t = h->c->from[v]; t < h->c->to[v]; t++)
        h->gross[t] += (double)sign * h->out->vehicle_w[v][t];
}

/* In place of the solver's powers: the profile has them out and what was chosen in. */
static void settle_vehicles(chooser *h)
{
    for (int v = 0; v < h->c->nv; v++) {
        if (!site_is_chosen(h->c, v))
            continue;
        for (int t = h->c->from[v]; t < h->c->to[v]; t++)
            h->gross[t] -= asked_w(h, v, t);
        put_vehicle(h, v, 1);
    }
}

/* ---- each in turn ---- */

enum { ROUNDS = 4, WORK_MOST = 400 /* vehicles that are planned anew for a plan */, PAIRS_MOST = 4096 };

static double run_alone(chooser *h, int k, int at)
{
    return run_cost(h, k, at, site_profile_peak(h));
}

/* Two runs that stand in each other's way: all pairs of starts. */
static bool place_pair(chooser *h, int a, int b)
{
    const site_case *c = h->c;
    int *at = h->out->run_at, was[] = { at[a], at[b] }, best[] = { at[a], at[b] };
    int64_t pairs = (int64_t)(c->run_to[a] - c->run_from[a]) * (c->run_to[b] - c->run_from[b]);
    if (at[a] < 0 || at[b] < 0 || pairs > PAIRS_MOST)
        return false;
    put_run(h, a, was[0], -1);
    put_run(h, b, was[1], -1);
    double yen = run_alone(h, a, was[0]);
    put_run(h, a, was[0], 1);
    yen += run_alone(h, b, was[1]);
    put_run(h, a, was[0], -1);
    for (int i = c->run_from[a]; i < c->run_to[a]; i++) {
        if (!run_fits(h, a, i))
            continue;
        double first = run_alone(h, a, i);
        put_run(h, a, i, 1);
        for (int j = c->run_from[b]; j < c->run_to[b]; j++) {
            double both = run_fits(h, b, j) ? first + run_alone(h, b, j) : INFINITY;
            if (both < yen - 1e-6) {
                yen = both;
                best[0] = i;
                best[1] = j;
            }
        }
        put_run(h, a, i, -1);
    }
    at[a] = best[0];
    at[b] = best[1];
    put_run(h, a, at[a], 1);
    put_run(h, b, at[b], 1);
    return best[0] != was[0] || best[1] != was[1];
}

static bool move_runs(chooser *h)
{
    bool changed = false;
    for (int k = 0; k < h->c->nrun; k++) {
        int before = h->out->run_at[k];
        put_run(h, k, before, -1);
        place_run(h, k);
        changed = changed || h->out->run_at[k] != before;
    }
    for (int a = 0; a < h->c->nrun; a++)
        for (int b = a + 1; b < h->c->nrun; b++)
            changed = place_pair(h, a, b) || changed;
    return changed;
}

static bool move_vehicles(chooser *h, int *work)
{
    bool changed = false;
    for (int v = 0; v < h->c->nv && *work < WORK_MOST; v++) {
        if (!site_is_chosen(h->c, v))
            continue;
        put_vehicle(h, v, -1);
        changed = site_replan(h, v) || changed;
        put_vehicle(h, v, 1);
        ++*work;
    }
    return changed;
}

/* First all that stands above the ceiling comes down, then the real cost, while that helps. */
static void improve(chooser *h, bool runs_only)
{
    int work = runs_only ? WORK_MOST : 0;
    h->spread = true;
    move_vehicles(h, &work);
    h->spread = false;
    for (int round = 0; round < ROUNDS; round++) {
        bool runs = move_runs(h);
        if (!move_vehicles(h, &work) && !runs)
            return;
    }
}

static bool anything_whole(const site_case *c)
{
    for (int v = 0; v < c->nv; v++)
        if (site_is_chosen(c, v))
            return true;
    return c->nrun > 0;
}

void site_choose(const site_case *c, const site_flows *f, mizo_site_plan *out)
{
    chooser h = { .c = c, .f = f, .out = out };
    if (!anything_whole(c))
        return;
    take_profile(&h);
    place_runs(&h);
    bool held = diffuse(&h);
    settle_vehicles(&h);
    if (!held || c->nrun > 0)
        improve(&h, held);
}

void site_choose_by_price(const site_case *c, const site_flows *f, mizo_site_plan *out)
{
    chooser h = { .c = c, .f = f, .out = out, .by_price = true };
    if (!anything_whole(c))
        return;
    take_profile(&h);
    place_runs(&h);
    diffuse(&h);
    for (int v = 0; v < c->nv; v++)
        if (site_is_chosen(c, v))
            site_replan(&h, v);
}
