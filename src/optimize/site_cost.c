/* site_cost.c: what the plan costs, in exact integers from its own W and Wh, and what it gave up. */
#include <math.h>

#include "optimize/site.h"

__extension__ typedef __int128 wide;

/* Sums are kept in sixtieths of a micro-yen: W x minutes x milli-yen per kWh. */
typedef struct bill {
    wide money, wishes;
} bill;

static mizo_uyen saturated(wide v)
{
    return v > INT64_MAX / 2 ? INT64_MAX / 2 : v < INT64_MIN / 2 ? INT64_MIN / 2 : (mizo_uyen)v;
}

/* Rounded up: the bound is rounded down. */
static wide per_sixty(wide v)
{
    return v >= 0 ? (v + 59) / 60 : -(-v / 60);
}

static void give_up(mizo_site_plan *out, mizo_give_up_kind kind, int index, int slot, mizo_wh wh)
{
    if (wh <= 0)
        return;
    if (out->ngave == MIZO_GIVE_UPS) { /* full: the last one stands for the rest */
        out->gave[MIZO_GIVE_UPS - 1].amount_wh += wh;
        return;
    }
    out->gave[out->ngave++] = (mizo_give_up){ kind, index, slot, wh };
}

/* The two prices of a peak; site_case.c, take_peak. In sixtieths, as all. */
static wide peak_price(const site_case *c, int64_t peak_w)
{
    const mizo_site_problem *p = c->p;
    wide sum = 0;
    if (peak_w > c->standing)
        sum += (wide)60 * (peak_w - c->standing) * p->peak_myen_per_kw;
    if (p->agreed_w > 0 && peak_w > p->agreed_w)
        sum += (wide)60 * (peak_w - p->agreed_w) * p->over_agreed_myen_per_kw;
    return sum;
}

static void add_grid(const site_case *c, mizo_site_plan *out, bill *k)
{
    const mizo_site_problem *p = c->p;
    for (int t = 0; t < c->n; t++) {
        wide minutes = c->step;
        k->money += minutes * ((wide)out->import_w[t] * p->buy_myen[t] - (wide)out->export_w[t] * c->sell[t]);
        out->peak_w = out->import_w[t] > out->peak_w ? out->import_w[t] : out->peak_w;
        for (int b = 0; b < c->nb; b++)
            k->money += minutes * out->discharge_w[b][t] * p->battery[b].wear_myen;
    }
    k->money += peak_price(c, out->peak_w);
    for (int b = 0; b < c->nb; b++)
        if (c->here[b] < c->gone[b])
            k->money -= (wide)60 * out->soc_wh[b][c->gone[b] - 1] * p->battery[b].end_myen;
}

/* A vehicle's energy, all its slots together, in whole Wh rounded down. */
static void add_vehicles(const site_case *c, mizo_site_plan *out, bill *k)
{
    for (int v = 0; v < c->nv; v++) {
        wide sum = 0;
        for (int t = c->from[v]; t < c->to[v]; t++)
            sum += out->vehicle_w[v][t];
        const mizo_plan_vehicle *p = &c->p->vehicle[v];
        wide given = sum * c->step * p->efficiency_ppm / ((wide)60 * MIZO_PPM);
        wide missing = p->need_wh - given;
        if (missing <= 0)
            continue;
        k->wishes += 60 * missing * c->price.vehicle;
        give_up(out, MIZO_GAVE_VEHICLE, v, c->to[v] > 0 ? c->to[v] - 1 : 0, (mizo_wh)missing);
    }
}

typedef struct worst {
    int32_t wh;
    int slot;
} worst;

static void note(worst *w, int32_t missing, int slot)
{
    if (missing > w->wh)
        *w = (worst){ missing, slot };
}

/* What is stored less than wished for. Named once a battery and kind: the slot in which most is missing. */
static void add_stored(const site_case *c, mizo_site_plan *out, bill *k)
{
    for (int b = 0; b < c->nb; b++) {
        worst reserve = { 0, 0 }, other = { 0, 0 };
        for (int t = c->here[b]; t < c->gone[b]; t++) {
            site_wish w[SITE_WISHES];
            int n = site_wishes(c, b, t, w);
            for (int i = 0; i < n; i++) {
                int32_t missing = w[i].wh - out->soc_wh[b][t];
                if (missing <= 0)
                    continue;
                k->wishes += (wide)60 * missing * w[i].price;
                note(w[i].kind == MIZO_GAVE_RESERVE ? &reserve : &other, missing, t);
            }
        }
        give_up(out, MIZO_GAVE_RESERVE, b, reserve.slot, reserve.wh);
        give_up(out, MIZO_GAVE_STORE, b, other.slot, other.wh);
    }
}

/* What a store did not give, named once a run of slots. */
static void add_drawn(const site_case *c, mizo_site_plan *out, bill *k)
{
    for (int b = 0; b < c->nb; b++) {
        int64_t run = 0; /* W-minutes */
        int first = 0;
        for (int t = 0; t <= c->n; t++) {
            int32_t w = t < c->n ? out->store_short_w[b][t] : 0;
            if (w == 0) {
                give_up(out, MIZO_GAVE_STORE, b, first, (run + 59) / 60);
                run = 0;
                continue;
            }
            first = run ? first : t;
            run += (int64_t)w * c->step;
            k->wishes += (wide)w * c->step * c->price.store;
        }
    }
}

static void add_runs(const site_case *c, mizo_site_plan *out, bill *k)
{
    for (int i = 0; i < c->nrun; i++) {
        const mizo_plan_run *p = &c->p->run[i];
        if (out->run_at[i] >= 0)
            continue;
        wide minutes = (wide)p->power_w * p->slots * c->step; /* W-minutes */
        k->wishes += minutes * c->price.run;
        wide wh = (minutes + 59) / 60;
        give_up(out, MIZO_GAVE_RUN, i, c->run_from[i] < c->n ? c->run_from[i] : c->n - 1,
                wh < INT64_MAX ? (mizo_wh)wh : INT64_MAX);
    }
}

/* Named once a run of slots. */
static void add_unserved(const site_case *c, mizo_site_plan *out, bill *k)
{
    int64_t run = 0; /* W-minutes */
    int first = 0;
    for (int t = 0; t <= c->n; t++) {
        int32_t w = t < c->n ? out->unserved_w[t] : 0;
        if (w == 0) {
            give_up(out, MIZO_GAVE_DEMAND, 0, first, (run + 59) / 60);
            run = 0;
            continue;
        }
        first = run ? first : t;
        run += (int64_t)w * c->step;
        k->wishes += (wide)w * c->step * c->price.demand;
    }
}

void site_cost(const site_case *c, mizo_site_plan *out)
{
    bill k = { 0, 0 };
    out->peak_w = 0;
    out->ngave = 0;
    add_grid(c, out, &k);
    add_vehicles(c, out, &k);
    add_stored(c, out, &k);
    add_drawn(c, out, &k);
    add_runs(c, out, &k);
    add_unserved(c, out, &k);
    out->cost = saturated(per_sixty(k.money + k.wishes));
    out->penalties = saturated(per_sixty(k.wishes));
}

/* ---- what the flows would cost, in yen ---- */

static double grid_yen(const site_case *c, const site_flows *f)
{
    double yen = 0, peak = 0, h = c->step / 60.0;
    for (int t = 0; t < c->n; t++) {
        yen += h * (f->import[t] * c->p->buy_myen[t] - f->export[t] * c -> sell[t]) / 1000;
        yen += h * f->unserved[t] * (double)c->price.demand / 1000;
        peak = f->import[t] > peak ? f->import[t] : peak;
    }
    double over = peak - c->standing / 1000.0, agreed = peak - c->p->agreed_w / 1000.0;
    yen += over > 0 ? over * c->p->peak_myen_per_kw / 1000 : 0;
    yen += c->p->agreed_w > 0 && agreed > 0 ? agreed * c->p->over_agreed_myen_per_kw / 1000 : 0;
    return yen;
}

static double battery_yen(const site_case *c, const site_flows *f, int b)
{
    double yen = 0, h = c->step / 60.0;
    for (int t = c->here[b]; t < c->gone[b]; t++) {
        site_wish w[SITE_WISHES];
        int n = site_wishes(c, b, t, w);
        for (int i = 0; i < n; i++) {
            double missing = w[i].wh / 1000.0 - f->soc[b][t];
            yen += missing > 0 ? missing * (double)w[i].price / 1000 : 0;
        }
        yen += h * f->discharge[b][t] * c->p->battery[b].wear_myen / 1000;
        yen += h * f->drawn_short[b][t] * (double)c->price.store / 1000;
    }
    if (c->here[b] < c->gone[b])
        yen -= f->soc[b][c->gone[b] - 1] * c->p->battery[b].end_myen / 1000;
    return yen;
}

static double vehicle_yen(const site_case *c, const site_flows *f, int v)
{
    const mizo_plan_vehicle *p = &c->p->vehicle[v];
    double got = 0;
    for (int t = c->from[v]; t < c->to[v]; t++)
        got += f->vehicle[v][t] * c->step / 60.0 * p->efficiency_ppm / MIZO_PPM;
    double missing = p->need_wh / 1000.0 - got;
    return missing > 0 ? missing * (double)c->price.vehicle / 1000 : 0;
}

static double run_yen(const site_case *c, const site_flows *f, int k)
{
    const mizo_plan_run *p = &c->p->run[k];
    double missing = 1;
    for (int t = c->run_from[k]; t < c->run_to[k]; t++)
        missing -= f->start[k][t];
    return missing > 0 ? missing * p->power_w / 1000.0 * p->slots * c->step / 60 * (double)c->price.run / 1000
                       : 0;
}

mizo_uyen site_flows_cost(const site_case *c, const site_flows *f)
{
    double yen = grid_yen(c, f);
    for (int b = 0; b < c->nb; b++)
        yen += battery_yen(c, f, b);
    for (int v = 0; v < c->nv; v++)
        yen += vehicle_yen(c, f, v);
    for (int k = 0; k < c->nrun; k++)
        yen += run_yen(c, f, k);
    if (!(yen > -9e12))
        return INT64_MIN / 2;
    return yen < 9e12 ? (mizo_uyen)(yen * 1e6) : INT64_MAX / 2;
}

static int32_t dual_price(double yen)
{
    double myen = yen * 1000;
    if (!(myen > -2e9))
        return -2000000000;
    return myen < 2e9 ? (int32_t)lround(myen) : 2000000000;
}

void site_judge(const site_case *c, const site_flows *f, mizo_site_plan *out)
{
    for (int t = 0; t < c->n; t++)
        out->price_myen[t] = dual_price(f->price[t]);
    double size = fabs((double)out->cost) > 1e6 ? fabs((double)out->cost) : 1e6;
    out->gap = ((double)out->cost - (double)out->bound) / size;
    mizo_uyen before = site_flows_cost(c, f);
    before = before > out->bound ? before : out->bound; /* nothing is cheaper */
    out->rounding = out->cost > before ? out->cost - before : 0;
}
