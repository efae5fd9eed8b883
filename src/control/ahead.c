/* ahead.c: what a site's own box decides of the hours to come, from its tariff and its past alone. Nothing that it moves
 * may cost more than leaving it where it is, whatever the sun and the site do: so what is moved counts at its full
 * price, what stays at the least it could cost, and a later hour only where the standing peak surely holds it. */
#include <math.h>

#include "mizo/control.h"
#include "mizo/number.h"
#include "mizo/series.h"

enum { TIE_MYEN = 10 }; /* prices this near count as equal: values are rounded to a milli-yen */

/* What surely fits beside everything else in slot t, W. */
static int64_t sure_w(const mizo_ahead *a, int t)
{
    return a->high_w[t] == MIZO_MISSING ? 0 : (int64_t)a->target_w - a->high_w[t] - a->others_w;
}

/* ---- runs ---- */

/* W x milli-yen of the slots from `at`: at the purchase price, or as if all the sun there ever was fed it. */
static int64_t price_of(const mizo_ahead *a, int32_t power_w, int slots, int at, bool least)
{
    int64_t sum = 0;
    for (int t = at; t < at + slots; t++) {
        int64_t sun = !least                        ? 0
                      : a->low_w[t] == MIZO_MISSING ? power_w
                      : a->low_w[t] < 0             ? -(int64_t)a->low_w[t]
                                                    : 0;
        int32_t sell = a->sell_myen < a->buy_myen[t] ? a->sell_myen : a->buy_myen[t];
        sun = sun < power_w ? sun : power_w;
        sum += sun * sell + (power_w - sun) * a->buy_myen[t];
    }
    return sum;
}

static bool surely_fits(const mizo_ahead *a, int32_t power_w, int slots, int at)
{
    for (int t = at; t < at + slots; t++)
        if (sure_w(a, t) < power_w)
            return false;
    return true;
}

mizo_run_when mizo_control_run_when(const mizo_ahead *a, int32_t power_w, int slots, int last, bool first)
{
    mizo_run_when when = { false, false };
    if (slots < 1 || slots > a->n)
        return when;
    int64_t tie = (int64_t)TIE_MYEN * slots * power_w;
    int64_t least = price_of(a, power_w, slots, 0, true), full = price_of(a, power_w, slots, 0, false);
    bool fits = surely_fits(a, power_w, slots, 0), sure = false, no_dearer = false;
    for (int at = 1; at <= last && at + slots <= a->n; at++) {
        if (!surely_fits(a, power_w, slots, at))
            continue;
        int64_t then = price_of(a, power_w, slots, at, false);
        sure = true;
        no_dearer = no_dearer || then <= full + tie;
        when.wait = when.wait || then + tie < least;
    }
    when.wait = when.wait || (!first && !fits && sure);
    when.later = !fits && (first ? no_dearer : sure);
    return when;
}

/* ---- stores that are drawn from ---- */

enum { AHEAD_MOST = 96 };

typedef struct filling {
    const mizo_ahead *a;
    const mizo_plan_battery *b;
    double eff, keep;        /* through charging; of what stands for a slot */
    double room[AHEAD_MOST]; /* Wh that may still go in, of AC */
} filling;

/* What a Wh at slot d costs, made at slot s. */
static double cost_of(const filling *f, double myen, int waits)
{
    return myen / (f->eff * pow(f->keep, waits));
}

/* Cheapest slot to make it for slot d: at d itself, unless an earlier one is clearly cheaper. */
static int best_for(const filling *f, int d)
{
    int best = d;
    for (int s = d - 1; s >= 0; s--)
        if (f->room[s] > 0 &&
            cost_of(f, f->a->buy_myen[s], d - s) + TIE_MYEN < cost_of(f, f->a->buy_myen[best], d - best))
            best = s;
    return best;
}

static int32_t whole(double wh)
{
    return wh <= 0 ? 0 : wh >= INT32_MAX ? INT32_MAX : (int32_t)wh;
}

/* Wh wanted at slot d beyond what is held: where it is best made. */
static void place(filling *f, int d, double wh, double *grid, double *sun)
{
    const mizo_ahead *a = f->a;
    while (wh > 0.5) {
        int s = best_for(f, d);
        double per = f->eff * pow(f->keep, d - s), in = wh / per;
        if (s < d && in > f->room[s])
            in = f->room[s];
        double dear = cost_of(f, a->buy_myen[s], d - s), late = (a->buy_myen[0] - a->sell_myen) / 10.0;
        if (d > 0 && cost_of(f, a->sell_myen + (late > TIE_MYEN ? late : TIE_MYEN), d) < dear)
            *sun += in * per / (f->eff * pow(f->keep, d));
        *grid += s == 0 && d > 0 ? in : 0;
        f->room[s] -= s < d ? in : 0;
        wh -= in * per;
    }
}

mizo_fill mizo_control_fill(const mizo_ahead *a, const mizo_plan_battery *b, int32_t soc_wh)
{
    filling f = { .a = a, .b = b };
    int n = a->n < AHEAD_MOST ? a->n : AHEAD_MOST;
    if (!b->use_w || b->charge_ppm <= 0 || soc_wh == MIZO_MISSING)
        return (mizo_fill){ 0, 0 };
    f.eff = (double)b->charge_ppm / MIZO_PPM;
    f.keep = 1 - (double)b->loss_ppm_h / MIZO_PPM / 2;
    double held = soc_wh > b->soc_min_wh ? soc_wh - b->soc_min_wh : 0, grid = 0, sun = 0;
    for (int t = 0; t < n; t++) {
        int64_t w = sure_w(a, t);
        f.room[t] = w <= 0 || f.keep <= 0 ? 0 : (double)(w < b->charge_w ? w : b->charge_w) / 2;
    }
    for (int d = 0; d < n; d++) {
        double use = b->use_w[d] / 2.0, from_held = use < held ? use : held;
        held = (held - from_held) * f.keep;
        place(&f, d, use - from_held, &grid, &sun);
    }
    double space = ((double)b->soc_max_wh - soc_wh) / f.eff;
    return (mizo_fill){ whole(grid < space ? grid : space), whole(sun < space ? sun : space) };
}
