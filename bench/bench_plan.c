/* bench_plan.c: how long a plan takes. One site of the peers' problem (48 half-hours, a battery, sometimes a
 * vehicle), a depot of 25 vans, the same at 1.4 kW or more, and a site with all that a real site adds: cold, and then
 * rolled on slot by slot with the forecast changed by 2 %. Last what rounding added to the cost, relative.
 * Prints a table; with MIZO_MODULES the CLP member, always the dense one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "optimize/bench_case.h"
#include "optimize/clp_module.h"

enum { SITES = 60, ROLLS = 48 };

static mizo_site_plan plan;
static int32_t use_w[48];

static double ms_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(double *v, int n, double share)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[(int)(share * (n - 1))];
}

static double timed(mizo_planner *p, const mizo_site_problem *problem)
{
    double start = ms_now();
    if (mizo_plan_site(p, problem, &plan) || plan.status != MIZO_PLAN_OPTIMAL || plan.bound > plan.cost)
        abort();
    return ms_now() - start;
}

static void depot(bench_case *c, int i)
{
    bench_site(c, i);
    for (int t = 0; t < 48; t++) {
        c->load_w[t] *= 20;
        c->pv_w[t] *= 20;
    }
    c->p.limit_w = c->p.limit_w * 20 + 60000;
    c->p.standing_w = c->p.limit_w / 2;
    c->p.battery[0].energy_wh = c->p.battery[0].soc_max_wh = 100000;
    c->p.battery[0].charge_w = c->p.battery[0].discharge_w = 50000;
    c->p.nvehicle = 25;
    for (int v = 0; v < 25; v++)
        c->p.vehicle[v] = (mizo_plan_vehicle){ 34 + v % 5, 48, 6000 + 700 * v % 11000, 6000, 900000 };
}

/* 0 or 1.4 kW and more, as chargers are. */
static void least_powers(bench_case *c, int i)
{
    depot(c, i);
    for (int v = 0; v < 25; v++)
        c->p.vehicle[v].min_w = 1400;
}

/* A battery under grant conditions, a water heater, a van that gives back, a pump that runs through, a relay. */
static void works(bench_case *c, int i)
{
    depot(c, i);
    for (int v = 0; v < 25; v++)
        c->p.vehicle[v].min_w = 1400;
    for (int t = 0; t < 48; t++)
        use_w[t] = t >= 36 && t < 42 ? 4000 : 0;
    c->p.battery[0].own_pv_only = i % 2;
    c->p.battery[0].site_only = true;
    c->p.nbattery = 3;
    c->p.battery[1] = (mizo_plan_battery){ .energy_wh = 20000,
                                           .charge_w = 6000,
                                           .soc_max_wh = 20000,
                                           .soc_now_wh = 8000,
                                           .charge_ppm = 900000,
                                           .discharge_ppm = 900000,
                                           .loss_ppm_h = 10000,
                                           .use_w = use_w };
    c->p.battery[2] = (mizo_plan_battery){ .energy_wh = 60000,
                                           .charge_w = 6000,
                                           .discharge_w = 6000,
                                           .soc_min_wh = 18000,
                                           .soc_max_wh = 60000,
                                           .soc_now_wh = 30000,
                                           .charge_ppm = 920000,
                                           .discharge_ppm = 920000,
                                           .wear_myen = 3000,
                                           .from = 10,
                                           .to = 40,
                                           .leave_wh = 50000 };
    c->p.nrun = 1;
    c->p.run[0] = (mizo_plan_run){ 18, 36, 4, 8000 };
    c->p.keep_import_w = 2000;
}

/* The next half-hour: everything moves on by a slot and the forecast is a little different. */
static void roll(bench_case *c, int k)
{
    int32_t load = c->load_w[0], pv = c->pv_w[0], buy = c->buy[0];
    memmove(c->load_w, c->load_w + 1, 47 * sizeof *c->load_w);
    memmove(c->pv_w, c->pv_w + 1, 47 * sizeof *c->pv_w);
    memmove(c->buy, c->buy + 1, 47 * sizeof *c->buy);
    c->load_w[47] = load;
    c->pv_w[47] = pv;
    c->buy[47] = buy;
    for (int t = 0; t < 48; t++)
        c->load_w[t] += (int32_t)(c->load_w[t] * (0.04 * mizo_unit(9, (uint64_t)k, (uint64_t)t) - 0.02));
    c->p.from++;
    for (int b = 0; b < c->p.nbattery; b++) {
        mizo_plan_battery *x = &c->p.battery[b];
        x->soc_now_wh = x->to == 0 || x->from <= 0 ? plan.soc_wh[b][0] : x->soc_now_wh;
        x->from--;
        x->to = x->to == 0 ? 0 : x->to > 1 ? x->to - 1 : -1;
    }
    for (int r = 0; r < c->p.nrun; r++) {
        c->p.run[r].from--;
        c->p.run[r].to = plan.run_at[r] == 0 ? -1 : c->p.run[r].to - 1;
    }
    for (int v = 0; v < c->p.nvehicle; v++) {
        mizo_plan_vehicle *car = &c->p.vehicle[v];
        int64_t given = (int64_t)plan.vehicle_w[v][0] / 2 * car->efficiency_ppm / 1000000;
        car->need_wh -= given < car->need_wh ? (int32_t)given : car->need_wh;
        car->from--;
        car->to--;
    }
}

static double added(void)
{
    double size = plan.cost < 0 ? -(double)plan.cost : (double)plan.cost;
    return (double)plan.rounding / (size > 1e6 ? size : 1e6);
}

static void measure(const mizo_lp_solver *s, const char *what, void (*make)(bench_case *, int), int sites)
{
    static double cold[SITES], warm[SITES * ROLLS], over[SITES];
    static bench_case c;
    int n = 0;
    for (int i = 0; i < sites; i++) {
        make(&c, i);
        c.p.from = 1000;
        c.p.battery[0].end_myen = 12000;
        mizo_planner *p = mizo_planner_new(s);
        cold[i] = timed(p, &c.p);
        over[i] = added();
        for (int k = 0; k < ROLLS; k++) {
            roll(&c, k);
            warm[n++] = timed(p, &c.p);
        }
        mizo_planner_free(p);
    }
    printf("%-6s %-22s cold %7.3f ms (p95 %7.3f)   warm %7.3f ms (p95 %7.3f)   rounding %.1e (p95 %.1e)\n",
           s->name, what, at(cold, sites, 0.5), at(cold, sites, 0.95), at(warm, n, 0.5), at(warm, n, 0.95),
           at(over, sites, 0.5), at(over, sites, 0.95));
}

int main(void)
{
    const mizo_lp_solver *clp = clp_module();
    if (clp) {
        measure(clp, "a site and a battery", bench_site, SITES);
        measure(clp, "a depot of 25 vans", depot, 10);
        measure(clp, "vans of 1.4 kW or more", least_powers, 10);
        measure(clp, "a site with all of it", works, 10);
    }
    measure(&mizo_lp_dense, "a site and a battery", bench_site, 10);
    return 0;
}
