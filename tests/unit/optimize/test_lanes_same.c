/* What stands in lanes is the site's own program with its wishes held: at any duals, likely or wild, the bound of lanes is
 * never above what the own program's columns and rows give (and the same, where the duals ask for no wish), and the point
 * of lanes keeps the own program's rows and costs the same there. No solver: both sides are only added up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "optimize/lanes.h"
#include "random_area.h"

enum { TOWNS = 700, KINDS_SEEN = 8 };

static random_area a;

typedef struct held {
    mizo_site_problem p;
    site_case c;
    site_model m;
    lanes_block *b;
    lane4 price[2 * AREA_SLOTS];
    double at[AREA_SLOTS]; /* the node's */
    double x[20000], y[20000];
} held;
static held h;

static double drawn(double lo, double hi)
{
    return lo + (hi - lo) * mizo_unit(a.seed, 79, a.at++);
}

/* What random towns seldom have: all that a lane of a kind of its own needs; a battery that can do nothing and is worth something, an agreed power that is the
 * standing peak, a charger with a least power. */
static void rarities(mizo_site_problem *p, random_area_site *s)
{
    if (area_chance(&a, 50)) {
        p->export_w = INT32_MAX;
        p->standing_w = p->limit_w / 2;
        p->peak_myen_per_kw = 100000;
        for (int t = 0; t < a.n; t++)
            s->sell[t] = s->buy[t] - 1000;
    }
    if (p->nbattery && area_chance(&a, 20))
        p->battery[0].charge_w = p->battery[0].discharge_w = 0;
    if (area_chance(&a, 30)) {
        p->agreed_w = p->standing_w;
        p->over_agreed_myen_per_kw = area_int(&a, 0, 400000);
    }
    if (p->nvehicle && area_chance(&a, 30))
        p->vehicle[0].min_w = p->vehicle[0].max_w / 2;
}

/* The own program leaves some columns wider than they can be: no import is above the limit, and nothing is exported but
 * what PV, battery and import give. */
static void narrow(void)
{
    const lane_fixed *f = &h.b->group->at;
    int peak = site_col_peak(&h.m);
    h.m.up[peak] = f->priced[0] > 0 ? fmin(h.m.up[peak], f->most[0]) : h.m.up[peak];
    for (int t = 0; t < h.c.n; t++)
        h.m.up[site_col(&h.m, t, COL_EXPORT)] = fmin(h.m.up[site_col(&h.m, t, COL_EXPORT)], f->far[0]);
}

/* The i-th site of the town as a block of its own. False: lanes do not take it. */
static bool stands(int i)
{
    h.p = a.site[i].p[0];
    rarities(&h.p, &a.site[i]);
    assert_int_equal(site_case_init(&h.c, &h.p), MIZO_OK);
    int kind = lanes_kind_of(&h.c);
    if (kind < 0)
        return false;
    site_model_free(&h.m);
    assert_int_equal(site_model_make(&h.m, &h.c), MIZO_OK);
    h.m.base = 0;
    site_model_fill(&h.m, &h.c, 0);
    assert_true(h.m.cols <= 20000);
    double hour = h.c.step / 60.0;
    assert_int_equal(lanes_block_new(h.c.n, hour, kind, 1, &h.b), MIZO_OK);
    lanes_block_fill(h.b, 0, &h.c);
    lanes_block_close(h.b);
    narrow();
    for (int t = 0; t < h.c.n; t++) {
        h.at[t] = drawn(0, 10);
        for (int l = 0; l < LANES; l++) {
            h.price[2 * t][l] = hour * h.p.buy_myen[t] * 0.001;
            h.price[2 * t + 1][l] = hour * h.c.sell[t] * 0.001;
        }
    }
    lanes_block_prices(h.b, 0, h.price);
    return true;
}

static lane4 *slot(int t)
{
    return h.b->group->state + HEAD + t * lanes_stride(h.b->kind);
}

/* Duals in lane 0: wild ones, or such that no wish pays and neither import nor export would go to its limit. */
static void set_duals(bool wild)
{
    const lane_fixed *f = &h.b->group->at;
    double far = wild ? drawn(0, 1e5) : 0, left = f->battery[0] > 0 ? f->left[0] : 0;
    for (int t = 0; t < h.c.n; t++) {
        double buy = h.price[2 * t][0] + h.at[t], sell = h.price[2 * t + 1][0] + h.at[t];
        slot(t)[AT_M][0] = f->priced[0] > 0 || wild ? drawn(0, 5 + far) : 0;
        slot(t)[AT_Y][0] = drawn(sell - far, buy + slot(t)[AT_M][0] + far);
        slot(t)[AT_W][0] = -left + drawn(-far, far);
    }
    h.b->group->state[HEAD_G][0] = wild ? drawn(-far, far) : drawn(-2, 20);
}

/* ---- the own program at the same duals ---- */

static void own_duals(void)
{
    double end = h.c.nb ? h.p.battery[0].end_myen * 0.001 : 0;
    memset(h.y, 0, (size_t)h.m.rows * sizeof *h.y);
    for (int t = 0; t < h.c.n; t++) {
        bool priced = h.b->group->at.priced[0] > 0;
        h.y[site_row(&h.m, t, ROW_BALANCE)] = slot(t)[AT_Y][0];
        h.y[site_row(&h.m, t, ROW_PEAK)] = priced ? -slot(t)[AT_M][0] : 0;
        if (h.c.nb) /* one that can do nothing: a kWh is worth what it is at the end, all along */
            h.y[site_row(&h.m, t, ROW_BATTERY)] = h.b->group->at.battery[0] > 0 ? slot(t)[AT_W][0] : -end;
    }
    if (h.c.nv)
        h.y[site_row_vehicle(&h.m, 0)] =
            h.b->group->state[HEAD_G][0] * h.p.vehicle[0].efficiency_ppm / MIZO_PPM;
}

static double crosses(int j)
{
    int t = j / h.m.place_cols, k = j % h.m.place_cols;
    if (t >= h.c.n || j >= site_col_peak(&h.m))
        return 0;
    return k == COL_IMPORT ? h.at[t] : k == COL_EXPORT ? -h.at[t] : 0;
}

/* Sum of dual times right side and of each column's least; `size`: what it is made of. */
static long double own_bound(long double *size)
{
    long double sum = h.m.constant;
    *size = fabsl(sum);
    for (int i = 0; i < h.m.rows; i++) {
        double to = h.y[i] > 0 ? h.m.rlo[i] : h.m.rup[i];
        sum += h.y[i] != 0 ? (long double)h.y[i] * to : 0;
        *size += h.y[i] != 0 ? fabsl((long double)h.y[i] * to) : 0;
    }
    for (int j = 0; j < h.m.cols; j++) {
        long double d = h.m.cost[j] + crosses(j);
        for (int e = h.m.start[j]; e < h.m.start[j + 1]; e++)
            d -= (long double)h.m.a[e] * h.y[h.m.row[e]];
        sum += fminl(d * h.m.lo[j], d * h.m.up[j]);
        *size += fabsl(d) * (fabs(h.m.lo[j]) + fabs(h.m.up[j]));
    }
    return sum;
}

static void compare_bounds(uint64_t seed, bool wild)
{
    set_duals(wild);
    own_duals();
    long double size, own = own_bound(&size);
    double wished = 0, lanes = lanes_bound(h.b, h.at, &wished);
    if (lanes > own)
        fail_msg("%llu, kind %d, %s duals: the bound of lanes %.9f, of the own program %.9Lf",
                 (unsigned long long)seed, h.b->kind, wild ? "wild" : "mild", lanes, own);
    if (!wild && wished == 0 && lanes < own - 1e-11L * (1 + size))
        fail_msg("%llu, kind %d: the bound of lanes is %.3Le too low", (unsigned long long)seed, h.b->kind,
                 own - lanes);
}

/* ---- the point of lanes in the own program ---- */

static void put_stored(int t, double kwh)
{
    site_wish w[SITE_WISHES];
    site_wishes(&h.c, 0, t, w);
    double low = site_low_wh(&h.c, 0, t), top = site_top_wh(&h.c, 0, t);
    double above = kwh - fmin(fmax(w[0].wh, low), top) * 0.001;
    h.x[site_col_battery(&h.m, t, 0, BAT_ABOVE)] = fmax(above, 0);
    for (int k = 0; k < h.m.shape.pieces; k++) {
        int col = site_col_battery(&h.m, t, 0, BAT_PIECE + k);
        h.x[col] = fmin(fmax(-above, 0), h.m.up[col]);
        above += h.x[col];
    }
}

static void own_point(const site_flows *f)
{
    double most = 0;
    for (int j = 0; j < h.m.cols; j++)
        h.x[j] = h.m.lo[j];
    for (int t = 0; t < h.c.n; t++) {
        h.x[site_col(&h.m, t, COL_IMPORT)] = f->import[t];
        h.x[site_col(&h.m, t, COL_EXPORT)] = f->export[t];
        h.x[site_col(&h.m, t, COL_PV)] = f->pv[t];
        most = fmax(most, f->import[t] - h.c.free_peak * 0.001);
        if (h.c.nv)
            h.x[site_col_vehicle(&h.m, t, 0)] = f->vehicle[0][t];
        if (!h.c.nb)
            continue;
        bool there = h.b->group->at.battery[0] > 0;
        h.x[site_col_battery(&h.m, t, 0, BAT_CHARGE)] = there ? f->charge[0][t] : 0;
        h.x[site_col_battery(&h.m, t, 0, BAT_DISCHARGE)] = there ? f->discharge[0][t] : 0;
        put_stored(t, there ? f->soc[0][t] : h.c.soc_wh[0] * 0.001);
    }
    h.x[site_col_peak(&h.m)] = most;
}

static double beyond(double v, double lo, double up)
{
    return v < lo ? lo - v : v > up ? v - up : 0;
}

/* Cost of x; `miss`: the worst row or column. */
static double own_cost(double *miss)
{
    static double row[20000];
    double sum = h.m.constant;
    memset(row, 0, (size_t)h.m.rows * sizeof *row);
    for (int j = 0; j < h.m.cols; j++) {
        sum += h.m.cost[j] * h.x[j];
        *miss = fmax(*miss, beyond(h.x[j], h.m.lo[j], h.m.up[j]));
        for (int e = h.m.start[j]; e < h.m.start[j + 1]; e++)
            row[h.m.row[e]] += h.m.a[e] * h.x[j];
    }
    for (int i = 0; i < h.m.rows; i++)
        *miss = fmax(*miss, beyond(row[i], h.m.rlo[i], h.m.rup[i]));
    return sum;
}

/* True: there was a point to compare. */
static bool compare_points(uint64_t seed)
{
    static site_flows f;
    double net[AREA_SLOTS] = { 0 }, off = 0, miss = 0, cost = lanes_exact(h.b, net, &off);
    if (!(off < 1e-9))
        return false; /* far from the end a limit may not be kept */
    lanes_read(h.b, 0, &f);
    own_point(&f);
    double own = own_cost(&miss);
    if (miss > 1e-9 || fabs(own - cost) > 1e-9 * (1 + fabs(own)))
        fail_msg(
            "%llu, kind %d: the point of lanes costs %.9f, in the own program %.9f, and misses it by %.2e",
            (unsigned long long)seed, h.b->kind, cost, own, miss);
    return true;
}

static void come_near(void)
{
    static double sums[AREA_SLOTS * AREA_SLOTS + 3 * AREA_SLOTS];
    int n = h.c.n;
    const lanes_kernel *k = lanes_kernel_here();
    lane4 *scratch = aligned_alloc(64, (k->scratch(n) + 2) / 2 * 2 * sizeof(lane4));
    assert_non_null(scratch);
    area_sum sum = {
        .schur = sums, .net = sums + n * n, .pull = sums + n * n + n, .centre = sums + n * n + 2 * n
    };
    area_move to = { .price = h.at, .mu = 0.1, .steps = 12 };
    memset(sums, 0, sizeof sums);
    k->start(h.b->group, n, h.b->kind, h.at, to.mu);
    k->advance(h.b->group, 1, n, h.b->kind, &to, scratch, &sum);
    free(scratch);
}

static void lanes_are_the_sites_program(void **state)
{
    (void)state;
    static const int flags[] = { 0, AREA_NEGATIVE, AREA_WISHES, AREA_WISHES | AREA_NEGATIVE };
    int seen[KINDS_SEEN] = { 0 }, points = 0, idle = 0;
    for (int i = 0; i < TOWNS; i++) {
        uint64_t seed = 77000000u + (uint64_t)i;
        random_area_make(&a, seed, flags[i % 4], 4 + i % 21);
        for (int k = 0; k < a.nsite; k++) {
            if (!stands(k))
                continue;
            seen[h.b->kind]++;
            idle += h.c.nb && h.b->group->at.battery[0] == 0 && h.p.battery[0].end_myen > 0;
            come_near();
            points += compare_points(seed);
            for (int j = 0; j < 4; j++)
                compare_bounds(seed, j % 2);
            lanes_block_free(h.b);
        }
    }
    site_model_free(&h.m);
    int all = seen[0] + seen[1] + seen[2] + seen[3] + seen[7];
    print_message("sites: %d of kinds %d %d %d %d %d, points %d, idle stores %d\n", all, seen[0], seen[1],
                  seen[2], seen[3], seen[7], points, idle);
    assert_true(all > 1000 && points > all / 2 && idle > 20);
    assert_true(seen[0] > 5 && seen[1] > 5 && seen[2] > 5 && seen[3] > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lanes_are_the_sites_program) };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
