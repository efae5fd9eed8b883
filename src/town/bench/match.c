/* match.c: see bench_match.h. */
#include "town/bench/match.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "mizo/match.h"

typedef int32_t row48[MIZO_DAY_SLOTS];

enum { POOLS = 3, WASTE = 3 };

typedef struct year {
    size_t nc, ns, days;
    row48 *need, *offer;               /* [days][nc], [days][ns] */
    row48 *left_need, *left_offer;     /* of the day in hand */
    row48 *given, *taken;              /* [POOLS][ns], [POOLS][nc] */
    mizo_match_row *source, *consumer; /* [ns], [nc]; a contract has the first 200 */
    mizo_match_pool pool[POOLS];
    mizo_matcher *matcher;
} year;

static void year_free(year *y)
{
    free(y->need);
    free(y->offer);
    free(y->left_need);
    free(y->left_offer);
    free(y->given);
    free(y->taken);
    free(y->source);
    free(y->consumer);
    mizo_matcher_free(y->matcher);
}

static mizo_err year_room(year *y)
{
    y->need = malloc(y->days * y->nc * sizeof *y->need);
    y->offer = malloc(y->days * y->ns * sizeof *y->offer);
    y->left_need = malloc(y->nc * sizeof *y->left_need);
    y->left_offer = malloc(y->ns * sizeof *y->left_offer);
    y->given = malloc(POOLS * y->ns * sizeof *y->given);
    y->taken = malloc(POOLS * y->nc * sizeof *y->taken);
    y->source = calloc(y->ns, sizeof *y->source);
    y->consumer = calloc(y->nc, sizeof *y->consumer);
    y->matcher = mizo_matcher_new();
    return y->need && y->offer && y->left_need && y->left_offer && y->given && y->taken && y->source &&
                   y->consumer && y->matcher
               ? MIZO_OK
               : MIZO_ENOMEM;
}

/* Loads of 1 to 40 kWh a slot; waste plants around the clock, roofs by day, a few plants far away. */
static void fill(year *y)
{
    for (size_t d = 0; d < y->days; d++) {
        for (size_t i = 0; i < y->nc; i++)
            for (int s = 0; s < MIZO_DAY_SLOTS; s++)
                y->need[d * y->nc + i][s] =
                    (int32_t)(1000 + mizo_mix64(d << 40 | i << 8 | (size_t)s) % 39000 / (1 + i % 7));
        for (size_t i = 0; i < y->ns; i++)
            for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
                int32_t sun = s > 12 && s < 36 ? 1000 * (12 - abs(s - 24)) : 0;
                int32_t roof =
                    (int32_t)(mizo_mix64(d << 40 | i << 8 | (size_t)s | 1ull << 63) % 3 * (uint32_t)sun);
                y->offer[d * y->ns + i][s] = i < WASTE ? 1500000 + 100 * s : roof;
            }
    }
}

static void make_pools(year *y)
{
    for (size_t i = 0; i < y->ns; i++)
        y->source[i] = (mizo_match_row){ .row = (uint32_t)i, .level = 1 };
    for (size_t i = 0; i < y->nc; i++)
        y->consumer[i] = (mizo_match_row){ .row = (uint32_t)i,
                                           .level = 1 + (i >= y->nc / 2),
                                           .share_ppm = i < 200 ? 5000 : 0 };
    size_t waste = y->ns < WASTE ? y->ns : WASTE, far = y->ns / 10;
    const struct {
        mizo_pool_rule rule;
        size_t first, n;
    } row[POOLS] = {
        {MIZO_POOL_PRIORITY,  0,           waste              },
        { MIZO_POOL_PRO_RATA, waste,       y->ns - waste - far},
        { MIZO_POOL_CONTRACT, y->ns - far, far                }
    };
    for (int k = 0; k < POOLS; k++)
        y->pool[k] = (mizo_match_pool){ .rule = row[k].rule,
                                        .source = y->source + row[k].first,
                                        .nsource = row[k].n,
                                        .consumer = y->consumer,
                                        .nconsumer = y->nc,
                                        .given = y->given + (size_t)k * y->ns,
                                        .taken = y->taken + (size_t)k * y->nc };
}

static int64_t sum(row48 *rows, size_t n)
{
    int64_t all = 0;
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            all += rows[i][s];
    return all;
}

static mizo_err run_day(year *y, size_t d, bench_match_result *out)
{
    memcpy(y->left_need, y->need + d * y->nc, y->nc * sizeof *y->left_need);
    memcpy(y->left_offer, y->offer + d * y->ns, y->ns * sizeof *y->left_offer);
    MIZO_TRY(mizo_match_day_pools(y->matcher, y->left_offer, y->ns, y->left_need, y->nc, y->pool, POOLS));
    for (int k = 0; k < POOLS; k++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            out->matched_wh += y->pool[k].matched[s];
    return MIZO_OK;
}

/* Holds one day against its sums. */
static bool day_closes(const year *y, size_t d)
{
    int64_t used = sum(y->need + d * y->nc, y->nc) - sum(y->left_need, y->nc);
    int64_t gone = sum(y->offer + d * y->ns, y->ns) - sum(y->left_offer, y->ns);
    int64_t matched = 0;
    for (int k = 0; k < POOLS; k++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            matched += y->pool[k].matched[s];
    return used == gone && used == matched;
}

static double cpu_s(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

static mizo_err measure(env *e, year *y, bench_match_result *out)
{
    fill(y);
    make_pools(y);
    out->closes = true;
    uint64_t from = e->ops->mono_ns(e);
    double cpu = cpu_s();
    for (size_t d = 0; d < y->days; d++)
        MIZO_TRY(run_day(y, d, out));
    out->cpu_s = cpu_s() - cpu;
    out->wall_s = 1e-9 * (double)(e->ops->mono_ns(e) - from);
    for (size_t d = 0; d < y->days && out->closes; d++) {
        bench_match_result again = { 0 };
        MIZO_TRY(run_day(y, d, &again));
        out->closes = day_closes(y, d);
    }
    out->supply_wh = sum(y->offer, y->days * y->ns);
    out->demand_wh = sum(y->need, y->days * y->nc);
    from = e->ops->mono_ns(e);
    for (size_t d = 0; d < y->days; d++) { /* once read, once written */
        memcpy(y->left_need, y->need + d * y->nc, y->nc * sizeof *y->left_need);
        memcpy(y->left_offer, y->offer + d * y->ns, y->ns * sizeof *y->left_offer);
    }
    out->floor_s = 1e-9 * (double)(e->ops->mono_ns(e) - from);
    return MIZO_OK;
}

mizo_err bench_match(env *e, int consumers, int sources, int days, bench_match_result *out)
{
    *out = (bench_match_result){ .consumers = consumers, .sources = sources, .days = days };
    if (consumers < 1 || sources < 1 || days < 1)
        return MIZO_EINPUT;
    year y = { .nc = (size_t)consumers, .ns = (size_t)sources, .days = (size_t)days };
    out->values = (int64_t)(y.nc + y.ns) * MIZO_DAY_SLOTS * days;
    mizo_err err = year_room(&y);
    if (!err)
        err = measure(e, &y, out);
    year_free(&y);
    return err;
}
