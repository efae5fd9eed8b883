/* site_dp.c: one vehicle at a charger with a least power, planned anew against everything else: a dynamic programme
 * over (slot, energy) with the real prices of the profile, under a ceiling of the import. The peak is a maximum over
 * slots and no sum, so a few ceilings are tried: what is reached anyway, the least that lets the vehicle leave full,
 * the contract. Energy is counted in parts of the least power for a slot; the last W are then set exactly. */
#include <math.h>
#include <string.h>

#include "optimize/site_choose.h"

enum { LEVELS = 255, PARTS_MOST = 8, AIM = 48 };

typedef struct task {
    const chooser *h;
    int v, from, to;
    int32_t min_w, max_w;
    int64_t need; /* W-slots */
    double ceiling, rest_peak;
} task;

static double more_yen(const task *k, int t, double w)
{
    double g = k->h->gross[t];
    return site_slot_yen(k->h, t, g + w) - site_slot_yen(k->h, t, g);
}

/* All that a schedule adds to the cost. */
static double schedule_yen(const task *k, const int32_t *w)
{
    const site_case *c = k->h->c;
    double yen = 0, peak = k->rest_peak;
    int64_t sum = 0;
    for (int t = k->from; t < k->to; t++) {
        if (w[t] == 0)
            continue;
        double g = k->h->gross[t] + w[t];
        yen += more_yen(k, t, w[t]);
        peak = g > peak ? g : peak;
        sum += w[t];
    }
    double kwh = (double)(k->need - sum) * c->step / 6e4 * c->p->vehicle[k->v].efficiency_ppm / MIZO_PPM;
    return yen + site_peak_yen(k->h, peak) + (kwh > 0 ? kwh * (double)c->price.vehicle / 1000 : 0);
}

static double room(const task *k, int t, double ceiling)
{
    double w = ceiling - k->h->gross[t];
    if (k->h->by_price)
        return k->max_w;
    if (ceiling >= k->h->c->limit)
        w += k->h->soft[t];
    return w < k->max_w ? w : k->max_w;
}

/* ---- the programme ---- */

typedef struct table {
    double cost[LEVELS + 1], next[LEVELS + 1];
    uint8_t before[MIZO_PLAN_MAX][LEVELS + 1]; /* energy before the slot */
    uint8_t last[MIZO_PLAN_MAX];               /* parts charged where the energy came to the top */
    int levels, parts;                         /* the least power is `parts` parts */
} table;

/* As many parts of the least power as make some AIM of what is needed, and of the most power nearly a whole number. */
static bool size_up(const task *k, table *d)
{
    double aim = (double)k->min_w * AIM / (double)k->need, least = 2;
    int most = aim < 1 ? 1 : aim > PARTS_MOST ? PARTS_MOST : (int)aim;
    d->parts = most;
    for (int parts = most; parts >= 1 && 2 * parts >= most; parts--) {
        double top = (double)k->max_w * parts / k->min_w, lost = (top - floor(top)) / parts;
        if (lost < least - 1e-9) {
            least = lost;
            d->parts = parts;
        }
    }
    int64_t levels = (k->need * d->parts + k->min_w - 1) / k->min_w;
    d->levels = (int)levels;
    return levels <= LEVELS && k->max_w < (int64_t)k->min_w * LEVELS / PARTS_MOST;
}

static int32_t part_w(const task *k, const table *d, int p)
{
    return (int32_t)((int64_t)p * k->min_w / d->parts);
}

static void step(const task *k, table *d, int t)
{
    memcpy(d->next, d->cost, sizeof d->next);
    for (int e = 0; e <= d->levels; e++)
        d->before[t][e] = (uint8_t)e;
    d->last[t] = 0;
    double most = room(k, t, k->ceiling);
    for (int p = d->parts; part_w(k, d, p) <= most; p++) {
        double yen = more_yen(k, t, part_w(k, d, p));
        for (int e = 0; e < d->levels; e++) {
            int to = e + p < d->levels ? e + p : d->levels;
            if (d->cost[e] + yen >= d->next[to])
                continue;
            d->next[to] = d->cost[e] + yen;
            d->before[t][to] = (uint8_t)e;
            if (to == d->levels)
                d->last[t] = (uint8_t)p;
        }
    }
    memcpy(d->cost, d->next, sizeof d->cost);
}

static int best_level(const task *k, const table *d)
{
    const site_case *c = k->h->c;
    double part_kwh = (double)k->min_w / d->parts * c->step / 6e4;
    double yen = part_kwh * c->p->vehicle[k->v].efficiency_ppm / MIZO_PPM * (double)c->price.vehicle / 1000;
    int best = 0;
    for (int e = 1; e <= d->levels; e++)
        if (d->cost[e] + yen * (d->levels - e) < d->cost[best] + yen * (d->levels - best))
            best = e;
    return best;
}

static void solve(const task *k, table *d, int32_t *w)
{
    for (int e = 0; e <= d->levels; e++)
        d->cost[e] = e ? INFINITY : 0;
    for (int t = k->from; t < k->to; t++)
        step(k, d, t);
    int e = best_level(k, d);
    for (int t = k->to - 1; t >= k->from; t--) {
        int before = d->before[t][e], p = e - before;
        if (e == d->levels && before < e)
            p = d->last[t];
        w[t] = p > 0 ? part_w(k, d, p) : 0;
        e = before;
    }
}

/* ---- the last W ---- */

static double slope(const task *k, int t, double at)
{
    return site_slot_yen(k->h, t, at + 1) - site_slot_yen(k->h, t, at);
}

static int64_t sum_of(const task *k, const int32_t *w)
{
    int64_t sum = 0;
    for (int t = k->from; t < k->to; t++)
        sum += w[t];
    return sum;
}

/* The slot that charges where a W less saves most (or, up: a W more costs least); -1: none can. */
static int best_slot(const task *k, const int32_t *w, bool up)
{
    int best = -1;
    double yen = 0;
    for (int t = k->from; t < k->to; t++) {
        if (w[t] == 0 || (up ? w[t] + 1 > room(k, t, k->ceiling) : w[t] <= k->min_w))
            continue;
        double s = slope(k, t, k->h->gross[t] + w[t] - (up ? 0 : 1));
        if (best < 0 || (up ? s < yen : s > yen)) {
            best = t;
            yen = s;
        }
    }
    return best;
}

/* Slots that are not needed at all: dearest first. */
static void drop(const task *k, int32_t *w)
{
    for (;;) {
        int64_t over = sum_of(k, w) - k->need;
        int worst = -1;
        for (int t = k->from; t < k->to; t++)
            if (w[t] > 0 && w[t] <= over &&
                (worst < 0 || more_yen(k, t, w[t]) / w[t] > more_yen(k, worst, w[worst]) / w[worst]))
                worst = t;
        if (worst < 0)
            return;
        w[worst] = 0;
    }
}

static void set_exactly(const task *k, int32_t *w)
{
    drop(k, w);
    int t;
    for (int64_t off = k->need - sum_of(k, w); off > 0 && (t = best_slot(k, w, true)) >= 0;) {
        double g = k->h->gross[t] + w[t], bend = site_next_bend(k->h, t, g);
        double can = fmin(fmin(room(k, t, k->ceiling) - w[t], ceil(bend - g)), (double)off);
        int32_t by = can > 1 ? (int32_t)can : 1;
        w[t] += by;
        off -= by;
    }
    for (int64_t off = sum_of(k, w) - k->need; off > 0 && (t = best_slot(k, w, false)) >= 0;) {
        int64_t can = w[t] - k->min_w < off ? w[t] - k->min_w : off;
        int32_t by = (int32_t)(can > 64 ? can / 2 : can); /* in halves: the price may bend on the way */
        w[t] -= by;
        off -= by;
    }
}

/* ---- ceilings ---- */

static double energy_under(const task *k, double ceiling)
{
    double sum = 0;
    for (int t = k->from; t < k->to; t++) {
        double w = room(k, t, ceiling);
        sum += w >= k->min_w ? w : 0;
    }
    return sum;
}

/* The least ceiling under which the vehicle leaves full; the limit if none. */
static double least_ceiling(const task *k, double low, double limit)
{
    if (energy_under(k, limit) < (double)k->need)
        return limit;
    double high = limit;
    for (int i = 0; i < 40 && high - low > 0.5; i++) {
        double middle = (low + high) / 2;
        if (energy_under(k, middle) >= (double)k->need)
            high = middle;
        else
            low = middle;
    }
    return ceil(high) < limit ? ceil(high) : limit;
}

bool site_replan(chooser *h, int v)
{
    const site_case *c = h->c;
    task k = { h, v, c->from[v], c->to[v], c->min_w[v], c->p->vehicle[v].max_w, site_need_w(c, v), 0, 0 };
    table d;
    int32_t w[MIZO_PLAN_MAX], best[MIZO_PLAN_MAX];
    if (k.need <= 0 || k.to <= k.from || !size_up(&k, &d))
        return false;
    k.rest_peak = site_profile_peak(h);
    double free = fmin(fmax(k.rest_peak, c->free_peak), c->limit);
    double ceiling[] = { free, least_ceiling(&k, free, c->limit), c->limit };
    double yen = schedule_yen(&k, h->out->vehicle_w[v]), before = yen;
    for (int i = 0; i < 3; i++) {
        k.ceiling = ceiling[i];
        if (h->by_price ? i > 0 : h->spread ? i < 2 : i > 0 && k.ceiling <= ceiling[i - 1])
            continue;
        solve(&k, &d, w);
        set_exactly(&k, w);
        double now = schedule_yen(&k, w);
        if (now < yen - 1e-6) {
            yen = now;
            memcpy(best + k.from, w + k.from, (size_t)(k.to - k.from) * sizeof *best);
        }
    }
    if (yen >= before)
        return false;
    memcpy(h->out->vehicle_w[v] + k.from, best + k.from, (size_t)(k.to - k.from) * sizeof *best);
    return true;
}
