/* The town's engine on the town that solvers are measured on: recorded optima, the same bits on any number of threads,
 * warm and stopped solves, plans that devices can carry out, what is refused. */
#include <limits.h>
#include <string.h>

#include "area_check.h"
#include "replay.h"
#include "town/bench/area.h"

/* Found by other solvers on the same recipe: CLP's barrier, HiGHS' simplex and interior point; docs/mechanisms/
 * bench-optimize.md. within: how far apart they are. */
static const struct {
    size_t sites;
    uint64_t seed;
    double yen, within;
} recorded[] = {
    {1,      1,  218.592575,    1e-6},
    { 1,     7,  1355.351643,   1e-6},
    { 1,     77, 231.451158,    1e-6},
    { 10,    1,  10751.628106,  1e-6},
    { 10,    7,  2469.233087,   1e-6},
    { 10,    77, 7998.638895,   1e-6},
    { 100,   1,  60665.337302,  1e-5},
    { 100,   7,  29761.856220,  1e-5},
    { 100,   77, 38540.211020,  1e-5},
    { 1000,  1,  304958.418101, 1e-4},
    { 1000,  7,  305292.711694, 1e-4},
    { 1000,  77, 305910.301959, 1e-4},
    { 10000, 1,  3097365.2345,  1e-3},
    { 10000, 7,  3028008.442,   1e-2},
    { 10000, 77, 2874274.440,   1e-2},
};

static bench_area area;
static bench_area_site site;

static mizo_area *build(size_t sites, uint64_t seed)
{
    mizo_area *a = NULL;
    const mizo_site_problem *p = &site.problem;
    assert_int_equal(bench_area_init(&area, seed, sites, false), MIZO_OK);
    assert_int_equal(mizo_area_new(&area.shape, &a), MIZO_OK);
    for (size_t i = 0; i < sites; i++) {
        bench_area_make(&area, i, &site);
        assert_int_equal(mizo_area_add(a, 0, &p), MIZO_OK);
    }
    return a;
}

/* All loads by up to 2 %, all prices by up to 5 %. */
static void change(mizo_area *a)
{
    const mizo_site_problem *p = &site.problem;
    assert_int_equal(bench_area_init(&area, area.seed, area.sites, true), MIZO_OK);
    assert_int_equal(mizo_area_renew(a, &area.shape), MIZO_OK);
    for (size_t i = 0; i < area.sites; i++) {
        bench_area_make(&area, i, &site);
        assert_int_equal(mizo_area_set(a, i, &p), MIZO_OK);
    }
}

static mizo_area_result solve(mizo_area *a, const mizo_area_options *o)
{
    mizo_area_result r;
    assert_int_equal(mizo_area_solve(a, o, &r), MIZO_OK);
    return r;
}

static const mizo_area_options plain = { .size = sizeof plain };

/* ---- the recipe itself ---- */

static void recipe_is_the_written_one(void **state)
{
    (void)state;
    static const struct {
        size_t sites;
        double kwh;
    } per_site[] = {
        {10,     55.078},
        { 100,   41.393},
        { 1000,  32.125},
        { 10000, 31.867}
    };
    for (size_t i = 0; i < sizeof per_site / sizeof *per_site; i++) {
        assert_int_equal(bench_area_init(&area, 1, per_site[i].sites, false), MIZO_OK);
        double mean = area.load_kwh / (double)per_site[i].sites;
        assert_true(fabs(mean - per_site[i].kwh) < 0.0005);
    }
    bench_area_make(&area, 0, &site);
    assert_int_equal(site.load[0], 249);
    assert_int_equal(site.load[39], 701);
    assert_int_equal(site.problem.battery[0].energy_wh, 9162 * BENCH_AREA_SCALE);
    assert_int_equal(site.problem.battery[0].charge_w, 3665);
    assert_int_equal(site.problem.limit_w, 701);
    assert_null(site.problem.pv_w);
    assert_int_equal(site.problem.nvehicle, 0);
    assert_int_equal(bench_area_init(&area, 1, 2000000, false), MIZO_ERANGE);
}

/* arg: NULL, or the one site that is wanted. */
static const mizo_site_problem *problem_of(void *arg, size_t i, int k, int *node)
{
    const size_t *one = arg;
    (void)k;
    *node = 0;
    bench_area_make(&area, one ? *one : i, &site);
    return &site.problem;
}

/* The program that towns are checked by has the recorded optima too. */
static void program_has_the_recorded_optima(void **state)
{
    (void)state;
    if (!clp_module())
        skip();
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded && recorded[i].sites <= 10; i++) {
        area_lp lp;
        bracket b = { 0 };
        assert_int_equal(bench_area_init(&area, recorded[i].seed, recorded[i].sites, false), MIZO_OK);
        assert_int_equal(area_lp_make(&lp, &area.shape, recorded[i].sites, problem_of, NULL), MIZO_OK);
        assert_null(check_solve(&lp, clp_module(), &b));
        double yen = (double)b.hi / BENCH_AREA_SCALE;
        if (fabs(yen - recorded[i].yen) > recorded[i].within || b.hi - b.lo > 1e-6)
            fail_msg("%zu sites, seed %d: %.9f, bracket %.2Le", recorded[i].sites, (int)recorded[i].seed, yen,
                     b.hi - b.lo);
        area_lp_free(&lp);
    }
}

/* ---- the engine ---- */

static void hold(size_t sites, uint64_t seed, double yen, double within, double gap)
{
    mizo_area *a = build(sites, seed);
    mizo_area_options o = { .size = sizeof o, .gap = gap };
    mizo_area_result r = solve(a, &o);
    double objective = r.objective / BENCH_AREA_SCALE, bound = r.bound / BENCH_AREA_SCALE;
    gap = gap > 0 ? gap : 1e-6;
    if (r.status != MIZO_PLAN_OPTIMAL || r.gap > gap || r.residual > 1e-6)
        fail_msg("%zu sites, seed %d: status %d, gap %.2e, residual %.2e, %d iterations", sites, (int)seed,
                 r.status, r.gap, r.residual, r.iterations);
    if (bound > yen + within || objective < yen - within || objective - yen > gap * yen + within)
        fail_msg("%zu sites, seed %d: %.9f..%.9f, recorded %.9f", sites, (int)seed, bound, objective, yen);
    assert_int_equal(r.sites, sites);
    if (gap >= 1e-6) /* closer, a town of corners is solved with each site alone, which takes more */
        assert_true(r.bytes > 0 && r.bytes < 20000 * sites + 1000000);
    mizo_area_free(a);
}

static void recorded_optima(void **state)
{
    (void)state;
    size_t most = getenv("MIZO_MANY") ? 10000 : 1000;
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        bool now = recorded[i].sites < 1000 || recorded[i].seed == 1 || most > 1000;
        if (recorded[i].sites <= most && now)
            hold(recorded[i].sites, recorded[i].seed, recorded[i].yen, recorded[i].within, 0);
    }
}

static void closer_gaps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded && recorded[i].sites <= 100; i++) {
        hold(recorded[i].sites, recorded[i].seed, recorded[i].yen, recorded[i].within, 1e-4);
        hold(recorded[i].sites, recorded[i].seed, recorded[i].yen, recorded[i].within, 1e-8);
    }
}

static void same_bits_on_any_threads(void **state)
{
    (void)state;
    mizo_area_result first = { .status = MIZO_PLAN_NONE };
    static mizo_area_flow flow, flow_first;
    static mizo_site_plan plan, plan_first;
    for (int threads = 0; threads <= 3; threads++) { /* 0: no crew */
        mizo_area *a = build(230, 7);
        mizo_crew crew = check_crew(&threads);
        mizo_area_options o = { .size = sizeof o, .crew = threads ? &crew : NULL };
        mizo_area_result r = solve(a, &o);
        memset(&flow, 0, sizeof flow);
        memset(&plan, 0, sizeof plan);
        assert_int_equal(mizo_area_node_read(a, 0, 0, &flow), MIZO_OK);
        assert_int_equal(mizo_area_site(a, 123, 0, &plan), MIZO_OK);
        if (threads == 0) {
            first = r;
            flow_first = flow;
            plan_first = plan;
        }
        assert_memory_equal(&r.objective, &first.objective, sizeof r.objective);
        assert_memory_equal(&r.bound, &first.bound, sizeof r.bound);
        assert_int_equal(r.iterations, first.iterations);
        assert_memory_equal(&flow, &flow_first, sizeof flow);
        assert_memory_equal(&plan, &plan_first, sizeof plan);
        mizo_area_free(a);
    }
}

/* From the last solution as well as from nothing: the same value, twice over. */
static void warm_is_as_good_as_cold(void **state)
{
    (void)state;
    const mizo_area_options cold = { .size = sizeof cold, .cold = true };
    mizo_area *a = build(150, 77);
    mizo_area_result before = solve(a, &plain);
    assert_false(before.warm);
    change(a);
    mizo_area_result warm = solve(a, &plain), from_nothing = solve(a, &cold), again = solve(a, &plain);
    assert_true(warm.warm && !from_nothing.warm && again.warm);
    mizo_area *fresh = build(150, 77);
    change(fresh);
    mizo_area_result other = solve(fresh, &plain);
    const mizo_area_result *all[] = { &warm, &from_nothing, &again, &other };
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(all[i]->status, MIZO_PLAN_OPTIMAL);
        for (size_t k = 0; k < 4; k++)
            if (all[i]->bound > all[k]->objective)
                fail_msg("solve %zu: bound %.9f above the objective %.9f of solve %zu", i, all[i]->bound,
                         all[k]->objective, k);
    }
    assert_true(fabs(before.objective - warm.objective) > 1e-4 * before.objective);
    if (again.iterations > 0.75 * from_nothing.iterations)
        fail_msg("the same town again: %d iterations, %d from nothing", again.iterations,
                 from_nothing.iterations);
    mizo_area_free(fresh);
    mizo_area_free(a);
}

/* What the town has of its sites when it goes on: their day, with what has been done until then. */
static bench_area_site day[150];
enum { DAY = sizeof day / sizeof *day };

static void shift(int32_t *v, int by)
{
    int32_t first[BENCH_AREA_SLOTS];
    memcpy(first, v, (size_t)by * sizeof *v);
    memmove(v, v + by, (size_t)(BENCH_AREA_SLOTS - by) * sizeof *v);
    memcpy(v + BENCH_AREA_SLOTS - by, first, (size_t)by * sizeof *v);
}

static void roll_site(mizo_area *a, size_t i, int by)
{
    static mizo_site_plan plan;
    mizo_site_problem *p = &day[i].problem;
    assert_int_equal(mizo_area_site(a, i, 0, &plan), MIZO_OK);
    shift(day[i].load, by);
    shift(day[i].pv, by);
    p->battery[0].soc_now_wh = plan.soc_wh[0][by - 1];
    for (int v = 0; v < p->nvehicle; v++) {
        int64_t given = 0;
        for (int t = 0; t < by; t++)
            given +=
                (int64_t)plan.vehicle_w[v][t] * p->step_min / 60 * p->vehicle[v].efficiency_ppm / MIZO_PPM;
        p->vehicle[v].need_wh = given < p->vehicle[v].need_wh ? (int32_t)(p->vehicle[v].need_wh - given) : 0;
        p->vehicle[v].from = p->vehicle[v].from > by ? p->vehicle[v].from - by : 0;
        p->vehicle[v].to -= by;
        if (p->vehicle[v].to <= 0)
            p->nvehicle = 0;
    }
    for (int t = 0; t < BENCH_AREA_SLOTS; t++)
        day[i].load[t] += (int32_t)(day[i].load[t] * 0.01 * (mizo_unit(5, i, (uint64_t)t) - 0.5));
}

static void roll(mizo_area *a, int by)
{
    int32_t *all[] = { area.buy, area.sell, area.market_buy, area.market_sell, area.own, area.cap };
    for (size_t i = 0; i < DAY; i++)
        roll_site(a, i, by);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        shift(all[i], by);
    area.shape.from += (mizo_slot)by * area.shape.step_min / 30;
    assert_int_equal(mizo_area_renew(a, &area.shape), MIZO_OK);
    for (size_t i = 0; i < DAY; i++) {
        const mizo_site_problem *p = &day[i].problem;
        assert_int_equal(mizo_area_set(a, i, &p), MIZO_OK);
    }
}

/* A slot or two later with a little other loads, over and over: fewer iterations than from nothing, and the same value. */
static void the_day_rolls_on(void **state)
{
    (void)state;
    const mizo_area_options cold = { .size = sizeof cold, .cold = true };
    int warm_all = 0, cold_all = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        mizo_area *a = build(DAY, seed);
        area.shape.from = 1000000;
        assert_int_equal(mizo_area_renew(a, &area.shape), MIZO_OK);
        for (size_t i = 0; i < DAY; i++)
            bench_area_make(&area, i, &day[i]);
        solve(a, &plain);
        for (int by = 1; by <= 3; by++) {
            roll(a, by);
            mizo_area_result warm = solve(a, &plain), other = solve(a, &cold);
            assert_true(warm.warm && warm.status == MIZO_PLAN_OPTIMAL && other.status == MIZO_PLAN_OPTIMAL);
            assert_true(warm.bound <= other.objective && other.bound <= warm.objective);
            warm_all += warm.iterations;
            cold_all += other.iterations;
        }
        mizo_area_free(a);
    }
    if (warm_all > 0.95 * cold_all)
        fail_msg("%d iterations, %d from nothing", warm_all, cold_all);
}

/* A point that is far from where the new town is would cost more than none. */
static void another_town_begins_from_nothing(void **state)
{
    (void)state;
    const mizo_area_options cold = { .size = sizeof cold, .cold = true };
    mizo_area *a = build(150, 1);
    solve(a, &plain);
    area.seed = 1004;
    change(a);
    mizo_area_result r = solve(a, &plain), other = solve(a, &cold);
    assert_true(!r.warm && r.status == MIZO_PLAN_OPTIMAL);
    assert_int_equal(r.iterations, other.iterations);
    mizo_area_free(a);
}

/* Some sites are others: the first step from the kept point is short, but it leads nowhere, and after 40 iterations the
 * town is begun anew, with nothing left of the way until then. */
static void a_way_that_leads_nowhere_is_begun_anew(void **state)
{
    (void)state;
    static const struct {
        size_t sites;
        uint64_t seed;
    } towns[] = {
        {3,  1},
        { 3, 4},
        { 6, 1},
        { 6, 6}
    };
    const mizo_area_options cold = { .size = sizeof cold, .cold = true };
    const mizo_site_problem *p = &site.problem;
    for (size_t k = 0; k < sizeof towns / sizeof *towns; k++) {
        mizo_area *a = build(towns[k].sites, towns[k].seed);
        solve(a, &plain);
        area.seed += 1000;
        for (size_t i = 0; i < towns[k].sites; i += 2) {
            bench_area_make(&area, i, &site);
            assert_int_equal(mizo_area_set(a, i, &p), MIZO_OK);
        }
        mizo_area_result r = solve(a, &plain), other = solve(a, &cold);
        assert_true(!r.warm && r.status == MIZO_PLAN_OPTIMAL);
        assert_int_equal(r.iterations, 40 + other.iterations);
        assert_true(r.objective == other.objective && r.bound == other.bound);
        mizo_area_free(a);
    }
}

static int iterations_to(size_t sites, uint64_t seed, double gap)
{
    const mizo_area_options o = { .size = sizeof o, .gap = gap };
    mizo_area *a = build(sites, seed);
    mizo_area_result r = solve(a, &o);
    assert_int_equal(r.status, MIZO_PLAN_OPTIMAL);
    assert_true(r.gap <= gap);
    mizo_area_free(a);
    return r.iterations;
}

static void a_looser_gap_is_never_dearer(void **state)
{
    (void)state;
    static const double gap[] = { 1e-6, 1e-5, 1e-4, 1e-3, 1e-2 };
    for (uint64_t seed = 1; seed <= 12; seed++) {
        int before = INT_MAX;
        for (size_t i = 0; i < sizeof gap / sizeof *gap; i++) {
            int now = iterations_to(40, seed, gap[i]);
            if (now > before)
                fail_msg("town %d: %d iterations to %.0e, %d to a tenth of it", (int)seed, now, gap[i],
                         before);
            before = now;
        }
    }
}

/* ---- stopping ---- */

typedef struct patience {
    int left, asked;
} patience;

static bool no_longer(void *arg)
{
    patience *p = arg;
    p->asked++;
    return p->left-- <= 0;
}

/* However early it ends, what it says is true; and it goes on from there. */
static void stopped_solves_are_certified(void **state)
{
    (void)state;
    const double yen = 60665.337302 * BENCH_AREA_SCALE;
    double last = INFINITY;
    for (int iterations = 0; iterations <= 12; iterations += 3) {
        mizo_area *a = build(100, 1);
        patience p = { iterations, 0 };
        mizo_area_options o = { .size = sizeof o, .stop = no_longer, .arg = &p };
        mizo_area_result r = solve(a, &o);
        assert_true(p.asked >= 1);
        assert_int_equal(r.status, MIZO_PLAN_STOPPED);
        bool kept = r.residual <= 1e-6; /* a point that keeps no limit yet may cost anything */
        if (!(r.bound <= yen * (1 + 1e-9)) || (kept && !(r.objective >= yen * (1 - 1e-9))) ||
            r.bound > r.objective)
            fail_msg("after %d: %.6f..%.6f, residual %.2e", iterations, r.bound, r.objective, r.residual);
        assert_true(r.gap > 1e-6 && r.iterations <= iterations + 1);
        last = iterations >= 9 ? r.gap : last;
        mizo_area_result rest = solve(a, &plain);
        assert_int_equal(rest.status, MIZO_PLAN_OPTIMAL);
        mizo_area_free(a);
    }
    assert_true(last < 1); /* nine iterations have brought something */
}

static void iterations_are_counted(void **state)
{
    (void)state;
    mizo_area *a = build(100, 7);
    const mizo_area_options few = { .size = sizeof few, .iterations = 5 };
    mizo_area_result r = solve(a, &few);
    assert_int_equal(r.status, MIZO_PLAN_STOPPED);
    assert_int_equal(r.iterations, 5);
    mizo_area_free(a);
}

/* ---- reading ---- */

/* Each site's plan can be carried out; together they are what flows through the node, but for the odd W. */
static void plans_can_be_carried_out(void **state)
{
    (void)state;
    enum { SITES = 60 };
    static mizo_site_plan plan;
    static mizo_area_flow flow;
    mizo_area *a = build(SITES, 7);
    mizo_area_result r = solve(a, &plain);
    int64_t net[BENCH_AREA_SLOTS] = { 0 };
    double cost = 0;
    assert_int_equal(mizo_area_node_read(a, 0, 0, &flow), MIZO_OK);
    for (size_t i = 0; i < SITES; i++) {
        bench_area_make(&area, i, &site);
        assert_int_equal(mizo_area_site(a, i, 0, &plan), MIZO_OK);
        const char *wrong = replay(&site.problem, &plan);
        if (wrong)
            fail_msg("site %zu: %s", i, wrong);
        for (int t = 0; t < BENCH_AREA_SLOTS; t++)
            net[t] += plan.import_w[t] - plan.export_w[t];
        cost += (double)plan.cost / 1e6;
    }
    for (int t = 0; t < BENCH_AREA_SLOTS; t++) {
        if (llabs(net[t] - area.own[t] - flow.net_w[t]) > 8 * SITES)
            fail_msg("slot %d: the sites' sum is %lld W, the node's %d W", t,
                     (long long)(net[t] - area.own[t]), flow.net_w[t]);
        assert_true(flow.net_w[t] <= area.cap[t] + 8 * SITES);
        assert_int_equal(flow.over_w[t], 0);
    }
    assert_true(isfinite(cost) && r.objective > 0);
    mizo_area_free(a);
}

/* The least that a site can do at a price of the node: the same program with a market that buys and sells at it. */
static long double least_at(const int32_t *price_myen, size_t i)
{
    mizo_area_node node = { .parent = -1 };
    mizo_area_market market = { .buy_myen = price_myen, .sell_myen = price_myen };
    mizo_area_shape shape = area.shape;
    shape.node = &node;
    shape.market = &market;
    area_lp lp;
    bracket b = { 0 };
    assert_int_equal(area_lp_make(&lp, &shape, 1, problem_of, &i), MIZO_OK);
    assert_null(check_solve(&lp, clp_module(), &b));
    area_lp_free(&lp);
    return b.lo;
}

/* The least that the node can do: A up to the cap while it is dearer inside than at the market, and pays for the peak. */
static long double least_of_node(const int32_t *price_myen)
{
    long double h = area.shape.step_min / 60.0L, own = 0, gain = 0;
    for (int t = 0; t < BENCH_AREA_SLOTS; t++) {
        long double price = price_myen[t] / 1000.0L, margin = h * (area.market_buy[t] / 1000.0L - price);
        own += h * price * (area.own[t] / 1000.0L);
        gain += margin < 0 ? margin : 0;
    }
    long double at_cap = (gain + area.market.peak_myen_per_kw / 1000.0L) * (area.cap[0] / 1000.0L);
    return fminl(0, at_cap) - own;
}

/* From the prices alone, as a person reads them, a bound follows that is as good as the engine's but for their
 * rounding: they are what a kWh is worth. */
static void prices_are_duals(void **state)
{
    (void)state;
    static mizo_area_flow flow;
    if (!clp_module())
        skip();
    for (uint64_t seed = 1; seed <= 77; seed += 38) {
        mizo_area *a = build(12, seed);
        mizo_area_options o = { .size = sizeof o, .gap = 1e-7 };
        mizo_area_result r = solve(a, &o);
        assert_int_equal(r.status, MIZO_PLAN_OPTIMAL);
        assert_int_equal(mizo_area_node_read(a, 0, 0, &flow), MIZO_OK);
        for (int t = 0; t < BENCH_AREA_SLOTS; t++) /* below it, selling without end would pay */
            if (flow.price_myen[t] < area.market_sell[t])
                flow.price_myen[t] = area.market_sell[t];
        long double bound = least_of_node(flow.price_myen);
        for (size_t i = 0; i < area.sites; i++)
            bound += least_at(flow.price_myen, i);
        double short_of = (double)(r.objective - bound) / r.objective;
        if (short_of < -1e-9 || short_of > 2e-5)
            fail_msg("seed %d: from the prices %.6Lf, objective %.6f", (int)seed, bound, r.objective);
        mizo_area_free(a);
    }
}

/* ---- what is refused ---- */

static mizo_err new_error(const mizo_area_shape *s)
{
    mizo_area *a = NULL;
    mizo_err e = mizo_area_new(s, &a);
    mizo_area_free(a);
    return e;
}

static void wrong_shapes_are_refused(void **state)
{
    (void)state;
    assert_int_equal(bench_area_init(&area, 1, 1, false), MIZO_OK);
    mizo_area_shape s = area.shape;
    mizo_area_node node[2] = { area.node, { .parent = 1 } };
    mizo_area_market market = area.market;
#define WRONG(change)                                                                                        \
    do {                                                                                                     \
        s = area.shape;                                                                                      \
        s.node = node;                                                                                       \
        s.market = &market;                                                                                  \
        change;                                                                                              \
        assert_int_equal(new_error(&s), MIZO_EINPUT);                                                        \
    } while (0)
    WRONG(s.size--);
    WRONG(s.n = 0);
    WRONG(s.n = MIZO_PLAN_MAX + 1);
    WRONG(s.step_min = 0);
    WRONG(s.nnode = 0);
    WRONG(s.nnode = MIZO_AREA_NODES + 1);
    WRONG(s.nnode = 2); /* a parent that is no earlier node */
    WRONG(s.node = NULL);
    WRONG(s.market = NULL);
    WRONG(s.nscenario = 0);
    WRONG(s.nscenario = MIZO_AREA_SCENARIOS + 1);
    WRONG(node[0].parent = 0);
    node[0].parent = -1;
#undef WRONG
    assert_int_equal(new_error(&area.shape), MIZO_OK);
    mizo_area_free(NULL);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    mizo_area *a = build(3, 1);
    mizo_area_result r;
    static mizo_site_plan plan;
    static mizo_area_flow flow;
    const mizo_site_problem *p = &site.problem;
    assert_int_equal(mizo_area_add(a, 1, &p), MIZO_EINPUT);
    assert_int_equal(mizo_area_add(a, -1, &p), MIZO_EINPUT);
    assert_int_equal(mizo_area_set(a, 3, &p), MIZO_EINPUT);
    site.problem.n--;
    assert_int_equal(mizo_area_add(a, 0, &p), MIZO_EINPUT);
    site.problem.n++;
    site.problem.battery[0].charge_ppm = 0;
    assert_int_equal(mizo_area_add(a, 0, &p), MIZO_EINPUT);
    assert_int_equal(mizo_area_set(a, 0, &p), MIZO_EINPUT);
    const mizo_crew nobody = { .threads = 0, .run = check_run }, idle = { .threads = 2 };
    const mizo_area_options bad[] = {
        {.size = 1        },
        {  .size = sizeof *bad,        .gap = -1 },
        { .size = sizeof *bad,       .gap = NAN },
        { .size = sizeof *bad,  .gap = HUGE_VAL },
        { .size = sizeof *bad, .iterations = -1 },
        { .size = sizeof *bad,  .crew = &nobody },
        { .size = sizeof *bad,    .crew = &idle },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(mizo_area_solve(a, &bad[i], &r), MIZO_EINPUT);
    mizo_area_result after = solve(a, &plain); /* nothing of this has done harm */
    assert_int_equal(after.sites, 3);
    assert_int_equal(after.status, MIZO_PLAN_OPTIMAL);
    assert_int_equal(mizo_area_site(a, 3, 0, &plan), MIZO_EINPUT);
    assert_int_equal(mizo_area_site(a, 0, 1, &plan), MIZO_EINPUT);
    assert_int_equal(mizo_area_site(a, 0, -1, &plan), MIZO_EINPUT);
    assert_int_equal(mizo_area_node_read(a, 1, 0, &flow), MIZO_EINPUT);
    assert_int_equal(mizo_area_node_read(a, 0, 1, &flow), MIZO_EINPUT);
    mizo_area_free(a);
}

static void nothing_to_read_before_a_solve(void **state)
{
    (void)state;
    static mizo_site_plan plan;
    static mizo_area_flow flow;
    mizo_area *a = build(2, 1);
    assert_int_not_equal(mizo_area_site(a, 0, 0, &plan), MIZO_OK);
    assert_int_not_equal(mizo_area_node_read(a, 0, 0, &flow), MIZO_OK);
    mizo_area_free(a);
}

/* A town without sites still buys for its node. */
static void a_town_of_nobody(void **state)
{
    (void)state;
    mizo_area *a = build(0, 1);
    mizo_area_result r = solve(a, &plain);
    assert_int_equal(r.status, MIZO_PLAN_OPTIMAL);
    assert_true(fabs(r.objective) < 1e-3 && r.bound <= r.objective);
    mizo_area_free(a);
}

/* One feeder that is far too small for its site: that site leaves the lanes, the others stay where they are. */
static void one_site_gives_up_alone(void **state)
{
    (void)state;
    enum { SITES = 120 };
    static int32_t limit[BENCH_AREA_SLOTS];
    const mizo_site_problem *p = &site.problem;
    mizo_area *a = NULL;
    assert_int_equal(bench_area_init(&area, 1, SITES, false), MIZO_OK);
    mizo_area_node node[] = {
        area.node, {.parent = 0, .import_w = limit}
    };
    for (int t = 0; t < BENCH_AREA_SLOTS; t++)
        limit[t] = 140;
    area.shape.node = node;
    area.shape.nnode = 2;
    assert_int_equal(mizo_area_new(&area.shape, &a), MIZO_OK);
    for (size_t i = 0; i < SITES; i++) {
        bench_area_make(&area, i, &site);
        assert_int_equal(mizo_area_add(a, i == 0, &p), MIZO_OK);
    }
    mizo_area_result r = solve(a, &plain);
    assert_int_equal(r.status, MIZO_PLAN_OPTIMAL);
    assert_true(r.over_kwh < 1e-3 && r.bytes < 20000 * SITES + 1000000);
    static mizo_site_plan plan;
    assert_int_equal(mizo_area_site(a, 0, 0, &plan), MIZO_OK);
    assert_true(plan.ngave > 0);
    for (int t = 0; t < BENCH_AREA_SLOTS; t++) /* and its plan in W keeps to the feeder */
        assert_true(plan.import_w[t] <= limit[t] + 4);
    assert_int_equal(mizo_area_site(a, 1, 0, &plan), MIZO_OK);
    assert_int_equal(plan.ngave, 0);
    mizo_area_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recipe_is_the_written_one),
        cmocka_unit_test(program_has_the_recorded_optima),
        cmocka_unit_test(recorded_optima),
        cmocka_unit_test(closer_gaps),
        cmocka_unit_test(same_bits_on_any_threads),
        cmocka_unit_test(warm_is_as_good_as_cold),
        cmocka_unit_test(the_day_rolls_on),
        cmocka_unit_test(another_town_begins_from_nothing),
        cmocka_unit_test(a_way_that_leads_nowhere_is_begun_anew),
        cmocka_unit_test(a_looser_gap_is_never_dearer),
        cmocka_unit_test(stopped_solves_are_certified),
        cmocka_unit_test(iterations_are_counted),
        cmocka_unit_test(plans_can_be_carried_out),
        cmocka_unit_test(prices_are_duals),
        cmocka_unit_test(wrong_shapes_are_refused),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(nothing_to_read_before_a_solve),
        cmocka_unit_test(a_town_of_nobody),
        cmocka_unit_test(one_site_gives_up_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
