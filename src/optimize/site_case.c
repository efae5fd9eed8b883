/* site_case.c: makes a problem whole before it is solved: refuses what is wrong in itself, and
 * brings what merely is strange (a battery outside its window) into what can be. */
#include <math.h>
#include <string.h>

#include "optimize/site.h"

enum {
    PRICE_MOST = 1000000000, /* 1,000,000 yen per kWh */
    PPM = MIZO_PPM,
    EFFICIENCY_LEAST = 10000 /* 1 %: less is a mistake of units */
};

static bool efficient(int32_t ppm)
{
    return ppm >= EFFICIENCY_LEAST && ppm <= PPM;
}

static bool none_negative(const int32_t *v, int n)
{
    for (int t = 0; v && t < n; t++)
        if (v[t] < 0)
            return false;
    return true;
}

static bool extras_right(const mizo_plan_battery *b, int n)
{
    return b->loss_ppm_h >= 0 && b->loss_ppm_h <= PPM && b->leave_wh >= 0 && none_negative(b->use_w, n) &&
           none_negative(b->reserved_w, n) && none_negative(b->reserved_wh, n);
}

static bool battery_right(const mizo_plan_battery *b, int n)
{
    return b->energy_wh >= 0 && b->charge_w >= 0 && b->discharge_w >= 0 && b->soc_min_wh >= 0 &&
           b->soc_max_wh >= b->soc_min_wh && efficient(b->charge_ppm) && efficient(b->discharge_ppm) &&
           b->wear_myen >= 0 && b->wear_myen <= PRICE_MOST && b->end_myen >= 0 && b->end_myen <= PRICE_MOST &&
           extras_right(b, n);
}

static bool vehicle_right(const mizo_plan_vehicle *v)
{
    return v->need_wh >= 0 && v->max_w >= 0 && v->min_w >= 0 && efficient(v->efficiency_ppm);
}

static bool price_right(int32_t myen)
{
    return myen >= 0 && myen <= PRICE_MOST;
}

static bool series_right(const mizo_site_problem *p)
{
    for (int t = 0; t < p->n; t++) {
        if (p->load_w[t] < 0 || (p->pv_w && p->pv_w[t] < 0))
            return false;
        if (p->buy_myen[t] < -PRICE_MOST || p->buy_myen[t] > PRICE_MOST || p->sell_myen[t] < -PRICE_MOST ||
            p->sell_myen[t] > PRICE_MOST)
            return false;
    }
    return true;
}

static bool problem_right(const mizo_site_problem *p)
{
    if (p->size != sizeof *p || p->n < 1 || p->n > MIZO_PLAN_MAX || p->step_min < 1 || p->step_min > 1440)
        return false;
    if (!p->load_w || !p->buy_myen || !p->sell_myen || p->nbattery < 0 || p->nbattery > MIZO_SITE_BATTERIES ||
        p->nvehicle < 0 || p->nvehicle > MIZO_SITE_VEHICLES || p->nrun < 0 || p->nrun > MIZO_SITE_RUNS)
        return false;
    if (p->limit_w < 0 || p->export_w < 0 || p->standing_w < 0 || p->agreed_w < 0 || p->keep_import_w < 0 ||
        !price_right(p->peak_myen_per_kw) || !price_right(p->over_agreed_myen_per_kw))
        return false;
    for (int b = 0; b < p->nbattery; b++)
        if (!battery_right(&p->battery[b], p->n))
            return false;
    for (int v = 0; v < p->nvehicle; v++)
        if (!vehicle_right(&p->vehicle[v]))
            return false;
    for (int k = 0; k < p->nrun; k++)
        if (p->run[k].slots < 1 || p->run[k].power_w < 0)
            return false;
    return series_right(p);
}

static int32_t clamp32(int32_t v, int32_t lo, int32_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static int clamp_int(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static void take_battery(site_case *c, int i)
{
    const mizo_plan_battery *b = &c->p->battery[i];
    int32_t now = clamp32(b->soc_now_wh, 0, b->energy_wh);
    int32_t most = b->soc_max_wh < b->energy_wh ? b->soc_max_wh : b->energy_wh;
    int32_t least = b->soc_min_wh < most ? b->soc_min_wh : most;
    c->soc_wh[i] = now;
    c->least_wh[i] = least;
    c->most_wh[i] = most;
    c->reserve_wh[i] = clamp32(b->reserve_wh, least, most);
    c->restore_wh[i] = c->reserve_wh[i] > now ? c->reserve_wh[i] - now : 0;
    /* What is charged and drawn at once comes out even but for a W: a store must be able to hold that. */
    c->charge_w[i] = b->use_w && most - least <= c->step / 60 + 1 ? 0 : b->charge_w;
    c->here[i] = b->to ? clamp_int(b->from, 0, c->n) : 0;
    c->gone[i] = b->to ? clamp_int(b->to, c->here[i], c->n) : c->n;
    double lost = (double)b->loss_ppm_h * c->step / 60 / PPM;
    c->keep[i] = lost < 1 ? 1 - lost : 0;
}

static void take_vehicle(site_case *c, int v)
{
    const mizo_plan_vehicle *p = &c->p->vehicle[v];
    c->from[v] = clamp_int(p->from, 0, c->n);
    c->to[v] = clamp_int(p->to, c->from[v], c->n);
    c->min_w[v] = p->min_w < p->max_w ? p->min_w : p->max_w;
}

/* A run that cannot end within the horizon does not start in it. */
static void take_run(site_case *c, int k)
{
    const mizo_plan_run *p = &c->p->run[k];
    int to = clamp_int(p->to, 0, c->n);
    c->run_from[k] = clamp_int(p->from, 0, c->n);
    c->run_to[k] = p->slots <= to ? to - p->slots + 1 : 0;
    if (c->run_to[k] < c->run_from[k] || p->power_w > c->limit)
        c->run_to[k] = c->run_from[k];
}

/* Two prices of a peak: above what has been paid for, and above what has been agreed, whichever comes first. */
static void take_peak(site_case *c)
{
    int32_t agreed = c->p->agreed_w;
    c->free_peak = c->standing;
    c->peak_step = 0;
    if (agreed <= 0 || c->p->over_agreed_myen_per_kw == 0)
        return;
    c->free_peak = agreed < c->standing ? agreed : c->standing;
    c->peak_step = agreed < c->standing ? c->standing - agreed : agreed - c->standing;
}

mizo_err site_case_init(site_case *c, const mizo_site_problem *p)
{
    if (!problem_right(p))
        return MIZO_EINPUT;
    c->p = p;
    c->n = p->n;
    c->nb = p->nbattery;
    c->nv = p->nvehicle;
    c->nrun = p->nrun;
    c->step = p->step_min;
    c->limit = p->limit_w;
    c->standing = p->standing_w;
    c->export_w = p->keep_import_w > 0 ? 0 : p->export_w;
    c->sell_lowered = 0;
    for (int t = 0; t < c->n; t++) {
        bool dear = p->sell_myen[t] > p->buy_myen[t];
        c->sell[t] = dear ? p->buy_myen[t] : p->sell_myen[t];
        c->sell_lowered += dear && c->export_w > 0;
    }
    take_peak(c);
    for (int b = 0; b < c->nb; b++)
        take_battery(c, b);
    for (int v = 0; v < c->nv; v++)
        take_vehicle(c, v);
    for (int k = 0; k < c->nrun; k++)
        take_run(c, k);
    site_set_prices(c);
    return MIZO_OK;
}

/* ---- a store, slot by slot ---- */

/* What is left of wh after the slots of [here, t]. */
static double left_of(const site_case *c, int b, int32_t wh, int t)
{
    return c->keep[b] < 1 ? wh * pow(c->keep[b], t - c->here[b] + 1) : wh;
}

double site_low_wh(const site_case *c, int b, int t)
{
    int32_t low = c->soc_wh[b] < c->least_wh[b] ? c->soc_wh[b] : c->least_wh[b];
    if (c->keep[b] >= 1)
        return low;
    double left = left_of(c, b, low, t) - 1e-5 * (t + 1); /* a step loses up to a micro-Wh more */
    return left > 0 ? left : 0;
}

int32_t site_top_wh(const site_case *c, int b, int t)
{
    int32_t now = c->soc_wh[b] > c->most_wh[b] ? (int32_t)ceil(left_of(c, b, c->soc_wh[b], t)) : 0;
    return now > c->most_wh[b] ? now : c->most_wh[b];
}

/* Sold capacity is there throughout its slots: at the end of the slot before it too. */
static int32_t sold_wh(const site_case *c, int b, int t)
{
    const int32_t *sold = c->p->battery[b].reserved_wh;
    if (!sold)
        return 0;
    int32_t wh = t + 1 < c->gone[b] && sold[t + 1] > sold[t] ? sold[t + 1] : sold[t];
    return wh < INT32_MAX - c->least_wh[b] ? c->least_wh[b] + wh : INT32_MAX;
}

static void insert(site_wish *w, int n, site_wish x)
{
    while (n > 0 && w[n - 1].wh < x.wh) {
        w[n] = w[n - 1];
        n--;
    }
    w[n] = x;
}

int site_wishes(const site_case *c, int b, int t, site_wish out[SITE_WISHES])
{
    const mizo_plan_battery *p = &c->p->battery[b];
    int n = 2;
    out[0] = (site_wish){ c->reserve_wh[b], c->price.restore, MIZO_GAVE_RESERVE };
    out[1] = (site_wish){ c->reserve_wh[b] - c->restore_wh[b], c->price.reserve - c->price.restore,
                          MIZO_GAVE_RESERVE };
    int32_t sold = sold_wh(c, b, t);
    if (sold > c->least_wh[b])
        insert(out, n++, (site_wish){ sold, c->price.capacity, MIZO_GAVE_STORE });
    if (p->leave_wh > 0 && t == c->gone[b] - 1)
        insert(out, n++, (site_wish){ p->leave_wh, c->price.vehicle, MIZO_GAVE_STORE });
    return n;
}

int32_t site_keep_w(const site_case *c, int t)
{
    int32_t keep = c->p->load_w[t] < c->p->keep_import_w ? c->p->load_w[t] : c->p->keep_import_w;
    return keep < c->limit ? keep : c->limit;
}

int32_t site_use_w(const site_case *c, int b, int t)
{
    const int32_t *use = c->p->battery[b].use_w;
    return use && t >= c->here[b] && t < c->gone[b] ? use[t] : 0;
}

int32_t site_discharge_w(const site_case *c, int b, int t)
{
    const mizo_plan_battery *p = &c->p->battery[b];
    if (t < c->here[b] || t >= c->gone[b])
        return 0;
    int32_t sold = p->reserved_w ? p->reserved_w[t] : 0;
    return sold < p->discharge_w ? p->discharge_w - sold : 0;
}
