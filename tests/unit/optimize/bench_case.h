/* bench_case.h: one site of the planning problem that the peers were measured on, as our problem.
 * The recipe (seed 1) is that of docs/mechanisms/plan.md 6. */
#ifndef TESTS_BENCH_CASE_H
#define TESTS_BENCH_CASE_H

#include <math.h>
#include <string.h>

#include "mizo/optimize.h"

typedef struct bench_case {
    mizo_site_problem p;
    int32_t load_w[48], pv_w[48], buy[48], sell[48];
} bench_case;

static inline double bench_u(int64_t i, int k)
{
    uint64_t z = 1000003u + (uint64_t)(i + 1) * 256u + (uint64_t)k;
    z += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (double)((z ^ (z >> 31)) >> 11) * (1.0 / 9007199254740992.0);
}

static inline double bench_bell(double h, double m, double s)
{
    double d = (h - m) / s;
    return exp(-d * d);
}

static inline int32_t bench_w(double kw)
{
    return (int32_t)floor(kw * 1000 + 0.5);
}

static inline int32_t bench_series(bench_case *c, int i, double scale)
{
    double base = scale * (0.3 + 0.9 * bench_u(i, 0)), cap = 0;
    if (bench_u(i, 4) < 0.6)
        cap = scale * (3 + 3 * bench_u(i, 2));
    int32_t most = 0;
    for (int t = 0; t < 48; t++) {
        double h = (t + 0.5) * 0.5, sun = h > 6 && h < 18 ? sin(acos(-1.0) * (h - 6) / 12) : 0;
        c->load_w[t] = bench_w(base * (0.6 + 0.5 * bench_bell(h, 7.5, 1.5) + bench_bell(h, 19.5, 2.5) +
                                       0.2 * bench_u(i, 64 + t)));
        c->pv_w[t] =
            bench_w(cap * sun * (0.70 + 0.25 * bench_u(-1, 128 + t)) * (0.9 + 0.1 * bench_u(i, 128 + t)));
        c->buy[t] = h < 7 || h >= 23 ? 9000 : h >= 16 && h < 21 ? 17000 : 13000;
        c->sell[t] = 3000;
        most = c->load_w[t] > most ? c->load_w[t] : most;
    }
    return most;
}

static inline double bench_vehicle(mizo_site_problem *p, int i)
{
    if (bench_u(i, 5) >= 0.3)
        return 0;
    bool night = bench_u(i, 8) < 0.7;
    int from = night ? (int)(8 * bench_u(i, 6)) : 16 + (int)(6 * bench_u(i, 6));
    int to = night ? 13 + (int)(4 * bench_u(i, 7)) : 30 + (int)(6 * bench_u(i, 7));
    double kw = bench_u(i, 9) < 0.6 ? 3 : 6, need = 4 + 12 * bench_u(i, 10), most = 0.36 * kw * (to - from);
    p->nvehicle = 1;
    p->vehicle[0] = (mizo_plan_vehicle){ from, to, bench_w(need < most ? need : most), bench_w(kw), 900000 };
    return kw;
}

/* Site i alone: no market, no region; a kW of peak 30 yen; half full at the start. */
static inline void bench_site(bench_case *c, int i)
{
    memset(c, 0, sizeof *c);
    double scale = bench_u(i, 1) < 0.9 ? 1 : 10;
    int32_t most = bench_series(c, i, scale), energy = bench_w(scale * (5 + 8 * bench_u(i, 3)));
    c->p = (mizo_site_problem){ .size = sizeof c->p,
                                .n = 48,
                                .step_min = 30,
                                .load_w = c->load_w,
                                .pv_w = c->pv_w,
                                .buy_myen = c->buy,
                                .sell_myen = c->sell,
                                .export_w = 1000000,
                                .peak_myen_per_kw = 30000,
                                .nbattery = 1 };
    int32_t power = bench_w(0.4 * energy / 1000.0);
    c->p.battery[0] = (mizo_plan_battery){ .energy_wh = energy,
                                           .charge_w = power,
                                           .discharge_w = power,
                                           .soc_min_wh = energy / 10,
                                           .soc_max_wh = energy,
                                           .soc_now_wh = energy / 2,
                                           .charge_ppm = 950000,
                                           .discharge_ppm = 950000,
                                           .wear_myen = 1000 };
    double kw = bench_vehicle(&c->p, i);
    c->p.limit_w = bench_w(most / 1000.0 + 0.9 * kw);
}

#endif
