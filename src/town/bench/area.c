/* area.c: the recipe of the town that solvers are measured on. */
#include "town/bench/area.h"

#include <math.h>
#include <string.h>

enum { SLOTS = BENCH_AREA_SLOTS, REGION = -1 };

/* What U(i, k) is drawn for: k of a site, of the region for the sky and the changed prices. */
enum { K_SIZE, K_LARGE, K_PV, K_BATTERY, K_HAS_PV, K_HAS_EV, K_FROM, K_TO, K_NIGHT, K_FAST, K_NEED };
enum { K_LOAD = 64, K_SKY = 128, K_CHANGE = 200 };

/* U(i, k), in [0, 1): splitmix64's output step of seed 1000003 + (i + 1) 256 + k, its upper 53 bits. */
static double u(uint64_t seed, int64_t i, int k)
{
    return (double)(mizo_mix64(seed * 1000003u + (uint64_t)(i + 1) * 256u + (uint64_t)k) >> 11) * 0x1p-53;
}

/* Thousandths, halves up: W of kW, Wh of kWh, milli-yen of yen. */
static int32_t thousandths(double v)
{
    return (int32_t)floor(v * 1000 + 0.5);
}

static double bell(double x, double middle, double width)
{
    double d = (x - middle) / width;
    return exp(-d * d);
}

static double clock_hour(int t)
{
    return (t + 0.5) / 2;
}

/* ---- a site ---- */

static double size_of(const bench_area *a, int64_t i)
{
    return u(a->seed, i, K_LARGE) < 0.9 ? 1 : 10;
}

/* The site's load without change, W. Returns the highest. */
static int32_t make_load(const bench_area *a, int64_t i, double size, int32_t load[SLOTS])
{
    double base = size * (0.3 + 0.9 * u(a->seed, i, K_SIZE));
    int32_t most = 0;
    for (int t = 0; t < SLOTS; t++) {
        load[t] = thousandths(base * (a->load_shape[t] + 0.2 * u(a->seed, i, K_LOAD + t)));
        most = load[t] > most ? load[t] : most;
    }
    return most;
}

static bool make_pv(const bench_area *a, int64_t i, double size, int32_t pv[SLOTS])
{
    if (u(a->seed, i, K_HAS_PV) >= 0.6)
        return false;
    double kw = size * (3 + 3 * u(a->seed, i, K_PV));
    for (int t = 0; t < SLOTS; t++)
        pv[t] = a->sun[t] > 0 ? thousandths(kw * a->sun[t] * (0.9 + 0.1 * u(a->seed, i, K_SKY + t))) : 0;
    return true;
}

/* Half full now and again at the end; between a tenth and full. Energies in tenths of a Wh. */
static void make_battery(const bench_area *a, int64_t i, double size, mizo_plan_battery *b)
{
    int32_t wh = thousandths(size * (5 + 8 * u(a->seed, i, K_BATTERY)));
    int32_t w = thousandths(0.4 * (wh / 1000.0));
    *b = (mizo_plan_battery){ .energy_wh = BENCH_AREA_SCALE * wh,
                              .charge_w = w,
                              .discharge_w = w,
                              .soc_min_wh = wh,
                              .soc_max_wh = BENCH_AREA_SCALE * wh,
                              .reserve_wh = wh,
                              .soc_now_wh = 5 * wh,
                              .leave_wh = 5 * wh,
                              .charge_ppm = 950000,
                              .discharge_ppm = 950000,
                              .wear_myen = 1000 };
}

/* Seven of ten charge at night, the others by day. Returns the charger's power, W. */
static int32_t make_vehicle(const bench_area *a, int64_t i, mizo_plan_vehicle *v)
{
    bool night = u(a->seed, i, K_NIGHT) < 0.7;
    double early = u(a->seed, i, K_FROM), late = u(a->seed, i, K_TO);
    v->from = night ? (int)(8 * early) : 16 + (int)(6 * early);
    v->to = night ? 13 + (int)(4 * late) : 30 + (int)(6 * late);
    double kw = u(a->seed, i, K_FAST) < 0.6 ? 3 : 6;
    double need = 4 + 12 * u(a->seed, i, K_NEED), most = 0.8 * 0.9 * kw * 0.5 * (v->to - v->from);
    v->need_wh = BENCH_AREA_SCALE * thousandths(need < most ? need : most);
    v->max_w = thousandths(kw);
    v->efficiency_ppm = 900000;
    return v->max_w;
}

static void change_load(const bench_area *a, int64_t i, int32_t load[SLOTS])
{
    for (int t = 0; t < SLOTS; t++)
        load[t] = thousandths(load[t] / 1000.0 * (0.98 + 0.04 * u(a->seed, i, K_CHANGE + t)));
}

void bench_area_make(const bench_area *a, size_t i, bench_area_site *out)
{
    int64_t id = (int64_t)i;
    double size = size_of(a, id);
    mizo_site_problem *p = &out->problem;
    *p = (mizo_site_problem){ .size = sizeof *p,
                              .from = a->shape.from,
                              .n = SLOTS,
                              .step_min = a->shape.step_min,
                              .load_w = out->load,
                              .buy_myen = a->buy,
                              .sell_myen = a->sell,
                              .export_w = INT32_MAX,
                              .peak_myen_per_kw = 30000 * BENCH_AREA_SCALE,
                              .nbattery = 1 };
    int32_t most = make_load(a, id, size, out->load), charger = 0;
    p->pv_w = make_pv(a, id, size, out->pv) ? out->pv : NULL;
    make_battery(a, id, size, &p->battery[0]);
    if (u(a->seed, id, K_HAS_EV) < 0.3) {
        p->nvehicle = 1;
        charger = make_vehicle(a, id, &p->vehicle[0]);
    }
    p->limit_w = thousandths(most / 1000.0 + 0.9 * (charger / 1000.0));
    if (a->changed)
        change_load(a, id, out->load);
}

/* ---- the region ---- */

static void make_shapes(bench_area *a)
{
    double pi = acos(-1);
    for (int t = 0; t < SLOTS; t++) {
        double x = clock_hour(t);
        a->load_shape[t] = 0.6 + 0.5 * bell(x, 7.5, 1.5) + bell(x, 19.5, 2.5);
        double sky = 0.70 + 0.25 * u(a->seed, REGION, K_SKY + t);
        a->sun[t] = x > 6 && x < 18 ? sin(pi * (x - 6) / 12) * sky : 0;
        a->buy[t] = x < 7 || x >= 23 ? 9000 : x >= 16 && x < 21 ? 17000 : 13000;
        a->sell[t] = 3000;
    }
}

static void make_market(bench_area *a)
{
    for (int t = 0; t < SLOTS; t++) {
        double x = clock_hour(t);
        int32_t price =
            thousandths(10 + 5 * bell(x, 8.5, 1.5) + 12 * bell(x, 18.5, 2) - 7 * bell(x, 12.5, 2.5));
        if (a->changed)
            price = thousandths(price / 1000.0 * (0.95 + 0.1 * u(a->seed, REGION, K_CHANGE + t)));
        a->market_buy[t] = price;
        a->market_sell[t] = price - 500;
    }
}

/* The waste plant makes 15 % of the load; the region may import 55 % of its highest. */
static mizo_err make_limits(bench_area *a)
{
    int64_t sum[SLOTS] = { 0 }, most = 0, total = 0;
    int32_t load[SLOTS];
    for (size_t i = 0; i < a->sites; i++) {
        make_load(a, (int64_t)i, size_of(a, (int64_t)i), load);
        for (int t = 0; t < SLOTS; t++)
            sum[t] += load[t];
    }
    for (int t = 0; t < SLOTS; t++) {
        most = sum[t] > most ? sum[t] : most;
        total += sum[t];
    }
    if (most > INT32_MAX)
        return MIZO_ERANGE;
    double mean = (double)total / 1000 / SLOTS, pi = acos(-1);
    for (int t = 0; t < SLOTS; t++) {
        a->own[t] = thousandths(0.15 * mean * (1 + 0.1 * sin(2 * pi * t / SLOTS)));
        a->cap[t] = thousandths(0.55 * ((double)most / 1000));
    }
    a->load_kwh = (double)total / 2000;
    return MIZO_OK;
}

mizo_err bench_area_init(bench_area *a, uint64_t seed, size_t sites, bool changed)
{
    memset(a, 0, sizeof *a);
    a->seed = seed;
    a->sites = sites;
    a->changed = changed;
    make_shapes(a);
    make_market(a);
    MIZO_TRY(make_limits(a));
    a->node = (mizo_area_node){ .parent = -1, .import_w = a->cap, .own_w = a->own };
    a->market = (mizo_area_market){ .buy_myen = a->market_buy,
                                    .sell_myen = a->market_sell,
                                    .peak_myen_per_kw = 50000 * BENCH_AREA_SCALE };
    a->shape = (mizo_area_shape){ .size = sizeof a->shape,
                                  .n = SLOTS,
                                  .step_min = 30 * BENCH_AREA_SCALE,
                                  .nnode = 1,
                                  .node = &a->node,
                                  .nscenario = 1,
                                  .market = &a->market };
    return MIZO_OK;
}
