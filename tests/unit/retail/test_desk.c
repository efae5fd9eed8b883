/* The desk's book: worked examples of the rule book, and what must hold whatever the numbers are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/desk.h"

enum { SLOTS = MIZO_DAY_SLOTS };

static const mizo_desk_rules rules = {
    .loss_ppm = {69000,          37000,            13000            },
    .spot_close_min = 600,
    .next_day_min = 720,
    .late_open_min = 1020,
    .gate_min = 60,
    .market_step_kwh = 50,
    .market_tick_myen = 10,
    .market_least_myen = 10,
    .market_most_myen = 999000,
    .spot_fee_myen = 30,
    .intraday_fee_myen = 100,
    .curve = { { 100000, 0 }, { 80000, 45000 }, { 30000, 200000 }},
    .long_high_myen = 200000,
    .long_high_slots = 30,
    .long_high_days = 7,
    .long_high_cap_myen = 100000,
};

/* retail-balancing.md 3: the vector of the shape with C = 200, D = 45. */
static void reserve_curve(void **state)
{
    (void)state;
    static const int32_t at[][2] = {
        {120000,  0     },
        { 90000,  22500 },
        { 80000,  45000 },
        { 55000,  122500},
        { 30000,  200000},
        { 10000,  200000},
        { -20000, 200000},
        { 100000, 0     }
    };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        assert_int_equal(mizo_reserve_price(&rules, at[i][0]), at[i][1]);
    assert_int_equal(mizo_imbalance_price(&rules, 12340, 90000, false), 22500);
    assert_int_equal(mizo_imbalance_price(&rules, 30000, 90000, false), 30000);
    assert_int_equal(mizo_imbalance_price(&rules, 12340, 20000, true), 100000); /* capped */
    assert_int_equal(mizo_imbalance_price(&rules, 150000, 20000, true), 150000);
}

static void long_high_prices(void **state)
{
    (void)state;
    int32_t spot[7 * SLOTS];
    for (int i = 0; i < 7 * SLOTS; i++)
        spot[i] = i < 29 ? 200000 : 199990;
    assert_false(mizo_long_high(&rules, spot));
    spot[300] = 200000;
    assert_true(mizo_long_high(&rules, spot));
    spot[0] = MIZO_MISSING;
    assert_false(mizo_long_high(&rules, spot));
}

static void losses(void **state)
{
    (void)state;
    assert_int_equal(mizo_loss_adjusted(963000, 37000), 1000000);
    assert_int_equal(mizo_loss_adjusted(100000, 69000), 107411); /* 107,411.38... */
    assert_int_equal(mizo_loss_adjusted(0, 13000), 0);
    assert_int_equal(mizo_plan_whole(1499), 1000);
    assert_int_equal(mizo_plan_whole(1500), 2000);
}

/* ---- imbalance ---- */

static void signs(void **state)
{
    (void)state;
    mizo_imbalance_slot s = {
        .planned = 100000, .actual = 90000, .surplus_myen = 8000, .shortage_myen = 12000
    };
    mizo_uyen uyen;
    assert_int_equal(mizo_imbalance_wh(MIZO_BG_DEMAND, &s), 10000); /* bought too much: surplus, received */
    assert_int_equal(mizo_imbalance_uyen(10000, &s, &uyen), MIZO_OK);
    assert_int_equal(uyen, 80000000);                                    /* 10 kWh x 8 yen */
    assert_int_equal(mizo_imbalance_wh(MIZO_BG_GENERATION, &s), -10000); /* gave too little: paid */
    assert_int_equal(mizo_imbalance_uyen(-10000, &s, &uyen), MIZO_OK);
    assert_int_equal(uyen, -120000000);
    s.surplus_myen = -3000; /* a negative price: a surplus is paid for */
    assert_int_equal(mizo_imbalance_uyen(10000, &s, &uyen), MIZO_OK);
    assert_int_equal(uyen, -30000000);
    s.surplus_myen = MIZO_MISSING;
    assert_int_equal(mizo_imbalance_uyen(10000, &s, &uyen), MIZO_ENOENT);
    assert_int_equal(mizo_imbalance_uyen(0, &s, &uyen), MIZO_OK);
    assert_int_equal(uyen, 0);
    assert_int_equal(mizo_imbalance_uyen(INT64_MIN / 2, &s, &uyen), MIZO_ERANGE);
}

static void sums_of_a_month(void **state)
{
    (void)state;
    mizo_imbalance sum = { 0 };
    const mizo_imbalance_slot s[] = {
        {100000,  90000,  8000,         12000       },
        { 100000, 115000, 8000,         12000       },
        { 100000, 100000, MIZO_MISSING, MIZO_MISSING},
        { 100000, 99000,  MIZO_MISSING, 5000        },
    };
    assert_int_equal(mizo_imbalance_add(MIZO_BG_DEMAND, s, 4, &sum), MIZO_OK);
    assert_int_equal(sum.surplus, 11000);
    assert_int_equal(sum.shortage, 15000);
    assert_int_equal(sum.received, 80000000);
    assert_int_equal(sum.paid, 180000000);
    assert_int_equal(sum.net, -100000000);
    assert_int_equal(sum.slots, 4);
    assert_int_equal(sum.unpriced, 1);
}

static void split_sums(mizo_bg_split rule, mizo_imbalance_slot g, mizo_share *m, size_t n)
{
    mizo_uyen whole, sum = 0;
    mizo_wh all = mizo_imbalance_wh(MIZO_BG_DEMAND, &g), wh = 0;
    assert_int_equal(mizo_imbalance_uyen(all, &g, &whole), MIZO_OK);
    assert_int_equal(mizo_imbalance_split(rule, &g, MIZO_BG_DEMAND, m, n), MIZO_OK);
    for (size_t i = 0; i < n; i++) {
        sum += m[i].uyen;
        wh += m[i].wh;
    }
    assert_int_equal(sum, whole);
    assert_int_equal(wh, all);
}

static void splits(void **state)
{
    (void)state;
    const mizo_imbalance_slot g = { 600000, 607001, 7777, 11111 }; /* 7.001 kWh short */
    mizo_share m[] = {
        {-10001, 200000, 0, 0},
        { 4000,  300000, 0, 0},
        { -1000, 107001, 0, 0}
    };
    split_sums(MIZO_SPLIT_DEVIATION, g, m, 3); /* weights 10,001 4,000 1,000 */
    assert_true(m[0].wh < m[1].wh && m[1].wh < m[2].wh && m[2].wh < 0);
    split_sums(MIZO_SPLIT_VOLUME, g, m, 3);
    assert_true(m[1].wh < m[0].wh && m[0].wh < m[2].wh);
    split_sums(MIZO_SPLIT_DIRECT, g, m, 3);
    assert_true(m[0].uyen < 0 && m[1].uyen > 0); /* who was long receives */
    assert_int_equal(m[0].wh + m[1].wh + m[2].wh, -7001);
    /* nobody has a weight: all alike, to the last micro-yen */
    mizo_share none[3] = { { 0 } };
    split_sums(MIZO_SPLIT_DEVIATION, g, none, 3);
    assert_int_equal(none[0].wh, -2334);
    assert_int_equal(none[2].wh, -2333);
    assert_int_equal(mizo_imbalance_split(MIZO_SPLIT_VOLUME, &g, MIZO_BG_DEMAND, m, 0), MIZO_ERANGE);
}

/* Whatever the members did, the parts sum to the whole. */
static void splits_many(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 3000; k++) {
        mizo_share m[7];
        size_t n = 1 + mizo_mix64(k * 31) % 7;
        mizo_imbalance_slot g = { .actual = 0, .planned = (mizo_wh)(mizo_mix64(k) % 1000000) };
        g.surplus_myen = (int32_t)(mizo_mix64(k * 7) % 60000) - 20000;
        g.shortage_myen = (int32_t)(mizo_mix64(k * 11) % 600000) - 20000;
        g.actual = (mizo_wh)(mizo_mix64(k * 3) % 1000000);
        for (size_t i = 0; i < n; i++)
            m[i] = (mizo_share){ (mizo_wh)(mizo_mix64(k * 97 + i) % 20001) - 10000,
                                 (mizo_wh)(mizo_mix64(k * 89 + i) % 100000), 0, 0 };
        split_sums((mizo_bg_split)(k % 3), g, m, n);
    }
}

/* ---- the book ---- */

static const mizo_region *town(const char *sources)
{
    static const char yaml[] =
        "format: 1\nid: t\nlatitude: 35.5\nlongitude: 139.7\nmarket_area: jepx-tokyo\n";
    static const char facilities[] = "id,kind\nhall,hall\n", suppliers[] = "id\nus\n",
                      points[] = "id,voltage,reading,contract_kw\np,high,slot,100\n",
                      uses[] = "facility,point\nhall,p\n", plants[] = "id,capacity_kw\nmill,500\n",
                      groups[] =
                          "group,kind,role,members\ntown,demand,alone,us\nmills,generation,alone,mill\n";
    const mizo_file files[] = {
        {"region.yaml",     yaml,       sizeof yaml - 1      },
        { "facilities.csv", facilities, sizeof facilities - 1},
        { "suppliers.csv",  suppliers,  sizeof suppliers - 1 },
        { "points.csv",     points,     sizeof points - 1    },
        { "uses.csv",       uses,       sizeof uses - 1      },
        { "plants.csv",     plants,     sizeof plants - 1    },
        { "groups.csv",     groups,     sizeof groups - 1    },
        { "sources.csv",    sources,    strlen(sources)      }
    };
    const mizo_region *r = NULL;
    assert_int_equal(mizo_region_build(files, sizeof files / sizeof *files, NULL, &r), MIZO_OK);
    return r;
}

#define HEAD "id,kind,group,plant,days,time_from,time_to,amount,kw,share,yen_per_kwh,param,from\n"

static const mizo_day tuesday = 18809; /* 2021-07-01 is a Thursday: any working day does */

typedef struct book_case {
    const mizo_region *r;
    mizo_wh demand[SLOTS];
    int32_t mill[SLOTS], spot[SLOTS];
    mizo_wh traded[SLOTS];
    mizo_uyen paid[SLOTS];
    mizo_desk_book book;
} book_case;

static mizo_ref row(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nsource; i++)
        if (strcmp(r->source[i].id, id) == 0)
            return (mizo_ref)i;
    fail();
    return -1;
}

static void make(book_case *c, const char *sources, const char *group)
{
    c->r = town(sources);
    mizo_desk_supply supply[8];
    size_t n = 0;
    for (size_t i = 0; i < c->r->nsource; i++)
        if (c->r->source[i].plant >= 0 || c->r->source[i].kind == MIZO_SOURCE_MARKET)
            supply[n++] = (mizo_desk_supply){ (mizo_ref)i, c->mill, c->traded, c->paid, NULL };
    mizo_desk_unit unit = { "mill", c->mill };
    const mizo_bg *g = mizo_region_bg_on(c->r, group, tuesday);
    mizo_desk_ask ask = { .region = c->r,
                          .group = g,
                          .day = tuesday,
                          .demand = g->kind == MIZO_BG_DEMAND ? c->demand : NULL,
                          .nunit = g->kind == MIZO_BG_GENERATION,
                          .unit = &unit,
                          .nsupply = n,
                          .supply = supply,
                          .spot_myen = c->spot };
    assert_int_equal(mizo_desk_book_make(&ask, &c->book), MIZO_OK);
}

static void start(book_case *c)
{
    memset(c, 0, sizeof *c);
    for (int t = 0; t < SLOTS; t++) {
        c->demand[t] = 100400; /* 100 whole kWh */
        c->mill[t] = 60700;
        c->spot[t] = 9000;
    }
}

static void book(void **state)
{
    (void)state;
    static book_case c;
    start(&c);
    c.traded[10] = 50000;
    c.traded[11] = -50000;
    c.paid[10] = 50000 * 12340 + 24999; /* 12.34 yen and not quite half a thousandth */
    c.paid[11] = -50000 * 7 - 25000;
    make(&c,
         HEAD "a-mill,own-plant,town,mill,,,,produced,,0.5,10,,\n"
              "b-block,bilateral,town,,weekday,8:00,18:00,fixed,40,,12,,\n"
              "c-market,market,town,,,,,,,,0,spot,\n"
              "d-sale,sale,town,,,0:00,1:00,fixed,10,,9,,\n"
              "e-rest,backup,town,,,,,rest,30,,2,spot,\n",
         "town");
    assert_int_equal(c.book.demand[0], 100000);
    assert_int_equal(c.book.sold[0], 5000);
    assert_int_equal(c.book.bought[0], 45000); /* half the mill, cut to 30 kWh, and 15 of the rest */
    assert_int_equal(c.book.open[0], 60000);
    assert_int_equal(c.book.bought[20], 65000); /* the block too */
    assert_int_equal(c.book.bought[10], 95000);
    assert_int_equal(c.book.open[11], 105000); /* what was sold to the market is sold */
    assert_int_equal(c.book.cost[0], 30000 * 10000 + 15000 * 11000 - 5000 * 9000);
    assert_int_equal(c.book.cost[10] - c.book.cost[9], 50000 * 12340); /* beside a slot without trades */
    assert_int_equal(c.book.cost[11] - c.book.cost[9], -50000 * 8);
    assert_int_equal(row(c.r, "a-mill"), 0);
    mizo_region_unref(c.r);
}

/* Shares of one output never come to more than the output. */
static void shares_of_a_mill(void **state)
{
    (void)state;
    static book_case c;
    start(&c);
    for (int t = 0; t < SLOTS; t++)
        c.mill[t] = 1000 * t + 501 * (t % 3);
    make(&c,
         HEAD "a,own-plant,town,mill,,,,produced,,0.333333,10,,\nb,ppa,town,mill,,,,produced,,0.333333,10,,\n"
              "c,ppa,town,mill,,,,produced,,0.333334,10,,\nz,sale,mills,,,,,rest,,,1,,\n",
         "mills");
    for (int t = 0; t < SLOTS; t++)
        assert_true(c.book.open[t] == 0 && c.book.bought[t] == c.mill[t] / 1000 * 1000);
    assert_int_equal(mizo_desk_identity(&c.book, NULL), MIZO_OK);
    mizo_region_unref(c.r);
}

/* Demand is the forecast, whatever is bought: nothing of procurement reaches it. */
static void demand_is_not_bent(void **state)
{
    (void)state;
    static book_case c;
    static const char *const sources[] = {
        HEAD "a,bilateral,town,,,,,fixed,1000,,10,,\n",
        HEAD "a,bilateral,town,,,,,fixed,1,,10,,\n",
        HEAD "a,backup,town,,,,,rest,,,10,,\n",
        HEAD "a,sale,town,,,,,fixed,500,,10,,\nb,own-plant,town,mill,,,,produced,,1,1,,\n",
        HEAD,
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        start(&c);
        make(&c, sources[i], "town");
        for (int t = 0; t < SLOTS; t++)
            assert_int_equal(c.book.demand[t], 100000);
        mizo_region_unref(c.r);
    }
}

/* All slots that fail are named, and a sum that lies is not believed. */
static void identity(void **state)
{
    (void)state;
    static book_case c;
    start(&c);
    make(&c, HEAD "a,backup,town,,,,,rest,,,10,,\n", "town");
    assert_int_equal(mizo_desk_identity(&c.book, NULL), MIZO_OK);
    c.book.line[0].wh[7] -= 1000;
    c.book.line[0].wh[9] += 1;
    c.book.demand[47] = -1000;
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(mizo_desk_identity(&c.book, d), MIZO_EINPUT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 3);
    assert_string_equal(mizo_diags_at(d, 0)->param[0], "03:30");
    assert_string_equal(mizo_diags_at(d, 2)->param[0], "23:30");
    mizo_diags_free(d);
    mizo_region_unref(c.r);
}

static void missing_plant(void **state)
{
    (void)state;
    static book_case c;
    start(&c);
    for (int t = 5; t < 8; t++)
        c.mill[t] = MIZO_MISSING;
    make(&c, HEAD "a,own-plant,town,mill,,,,produced,,1,10,,\n", "town");
    assert_int_equal(c.book.line[0].missing, 3);
    assert_int_equal(c.book.bought[5], 0);
    mizo_region_unref(c.r);
}

/* ---- the clock ---- */

static mizo_ms at(mizo_day day, int hour, int minute)
{
    return mizo_slot_ms(mizo_day_slot(day, MIZO_JAPAN_OFFSET)) + (hour * 60 + minute) * 60000;
}

static void clock_of_a_day(void **state)
{
    (void)state;
    mizo_due due[MIZO_DESK_DUES];
    mizo_desk_done done = { 0 };
    mizo_bg g = { .kind = MIZO_BG_DEMAND, .role = MIZO_BG_ALONE, .hand_in = 48 };
    int n = mizo_desk_clock(&rules, &g, 1000, MIZO_JAPAN_OFFSET, at(999, 9, 0), &done, due);
    assert_int_equal(n, 3); /* bids, plan, gate */
    assert_int_equal(due[0].kind, MIZO_DUE_SPOT);
    assert_int_equal(due[0].at, at(999, 10, 0));
    assert_int_equal(due[1].at, at(999, 12, 0));
    assert_int_equal(due[2].at, at(999, 23, 0));
    assert_int_equal(due[2].slot, 0);
    n = mizo_desk_clock(&rules, &g, 1000, MIZO_JAPAN_OFFSET, at(999, 12, 0), &done, due);
    assert_int_equal(n, 4); /* noon has passed: from 17:00 */
    assert_int_equal(due[1].state, MIZO_DUE_MISSED);
    assert_int_equal(due[2].kind, MIZO_DUE_LATE);
    assert_int_equal(due[2].at, at(999, 17, 0));
    done.filed = at(999, 17, 5);
    n = mizo_desk_clock(&rules, &g, 1000, MIZO_JAPAN_OFFSET, at(1000, 13, 0), &done, due);
    assert_int_equal(due[1].state, MIZO_DUE_MISSED); /* filed, but late */
    assert_int_equal(due[2].state, MIZO_DUE_DONE);
    assert_int_equal(due[3].slot, 29); /* the gate of 14:00 has just closed */
    n = mizo_desk_clock(&rules, &g, 1000, MIZO_JAPAN_OFFSET, at(1000, 22, 30), &done, due);
    assert_int_equal(due[n - 1].kind, MIZO_DUE_LATE); /* nothing is open any more */
    g.role = MIZO_BG_MEMBER;
    g.hand_in = 18;
    done = (mizo_desk_done){ .handed = at(999, 8, 59) };
    n = mizo_desk_clock(&rules, &g, 1000, MIZO_JAPAN_OFFSET, at(999, 9, 30), &done, due);
    assert_int_equal(n, 1);
    assert_int_equal(due[0].kind, MIZO_DUE_HAND_IN);
    assert_int_equal(due[0].state, MIZO_DUE_DONE);
}

/* ---- bids and the position ---- */

static void bids(void **state)
{
    (void)state;
    mizo_wh open[SLOTS] = { 0 }, low[SLOTS] = { 0 };
    int32_t worth[SLOTS];
    mizo_bid bid[2 * SLOTS];
    for (int t = 0; t < SLOTS; t++)
        worth[t] = 12345;
    open[0] = 249000; /* 200 kWh; 120 of them likely: 100 */
    low[0] = 120000;
    open[1] = 49000; /* below a step */
    open[2] = -101000;
    open[3] = 100000;
    low[3] = -20000;
    worth[3] = MIZO_MISSING; /* nobody knows: all at the limit */
    mizo_bid_ask ask = { &rules, open, low, worth, 20004, 4999 };
    assert_int_equal(mizo_desk_bids(&ask, bid), 4);
    assert_true(bid[0].wh == 100000 && bid[0].myen == 20000 && !bid[0].sell);
    assert_true(bid[1].wh == 100000 && bid[1].myen == 12310); /* worth less the fee, to the tick */
    assert_true(bid[2].sell && bid[2].wh == 100000 && bid[2].myen == 5000 && bid[2].slot == 2);
    assert_true(bid[3].wh == 100000 && bid[3].myen == 20000);
    ask.limit_myen = 5000000;
    ask.floor_myen = -10;
    assert_int_equal(mizo_desk_bids(&ask, bid), 4);
    assert_true(bid[0].myen == 999000 && bid[2].myen == 10);
}

typedef struct position_case {
    mizo_wh open[4][SLOTS], expected[SLOTS], moved[SLOTS];
    int32_t worth[4][SLOTS], market[SLOTS];
    mizo_desk_line call;
    mizo_position out;
} position_case;

static void ask_position(position_case *c, int from, size_t ncall, bool moved, mizo_uyen uyen)
{
    mizo_position_ask ask = { .from = from,
                              .npath = 4,
                              .open = (const mizo_wh(*)[SLOTS])c->open,
                              .worth = (const int32_t(*)[SLOTS])c->worth,
                              .market = c->market,
                              .expected = c->expected,
                              .rules = &rules,
                              .ncall = ncall,
                              .call = &c->call,
                              .moved = moved ? c->moved : NULL,
                              .moved_uyen = uyen };
    assert_int_equal(mizo_desk_position(&ask, &c->out), MIZO_OK);
}

static void flat(position_case *c, mizo_wh open, int32_t worth, int32_t market)
{
    memset(c, 0, sizeof *c);
    for (int t = 0; t < SLOTS; t++) {
        c->expected[t] = t == 40 ? open : 0;
        c->market[t] = market;
        for (int p = 0; p < 4; p++) {
            c->open[p][t] = c->expected[t] + (t == 40 ? (p - 2) * 10000 + 5000 : 0);
            c->worth[p][t] = worth;
        }
    }
}

static void position(void **state)
{
    (void)state;
    static position_case c;
    flat(&c, 200000, 20000, 12000); /* 200 kWh short, imbalance at 20 yen, market at 12 */
    ask_position(&c, 0, 0, false, 0);
    assert_int_equal(c.out.open_short, 200000);
    assert_int_equal(c.out.mean, 4000000000);
    assert_int_equal(c.out.p10, 3700000000); /* 185 kWh */
    assert_int_equal(c.out.p90, 4300000000);
    assert_int_equal(c.out.chosen, MIZO_MOVE_BUY);
    assert_int_equal(c.out.why, MIZO_WHY_CHEAPER);
    assert_int_equal(c.out.move[MIZO_MOVE_BUY].paid, 200000LL * 12100); /* fee too */
    assert_int_equal(c.out.move[MIZO_MOVE_BUY].mean, 200000LL * 12100);
    flat(&c, 200000, 8000, 12000); /* waiting would be cheaper: it is bought all the same */
    ask_position(&c, 0, 0, false, 0);
    assert_int_equal(c.out.chosen, MIZO_MOVE_BUY);
    assert_int_equal(c.out.why, MIZO_WHY_DUTY);
    flat(&c, -200000, 8000, 12000); /* long: sold where that is dearer than the imbalance price */
    ask_position(&c, 0, 0, false, 0);
    assert_int_equal(c.out.chosen, MIZO_MOVE_SELL);
    flat(&c, -200000, 13000, 12000);
    ask_position(&c, 0, 0, false, 0);
    assert_int_equal(c.out.chosen, MIZO_MOVE_HOLD);
    assert_int_equal(c.out.why, MIZO_WHY_WAIT);
    flat(&c, 20000, 8000, 12000); /* below the market's step */
    ask_position(&c, 0, 0, false, 0);
    assert_int_equal(c.out.why, MIZO_WHY_CLOSED);
    flat(&c, 200000, 8000, MIZO_MISSING);
    ask_position(&c, 0, 0, false, 0);
    assert_int_equal(c.out.why, MIZO_WHY_NONE);
    flat(&c, 200000, 8000, 12000);
    ask_position(&c, 41, 0, false, 0); /* that slot has closed */
    assert_int_equal(c.out.open_short, 0);
}

static void calls_and_batteries(void **state)
{
    (void)state;
    static position_case c;
    flat(&c, 200000, 40000, 30000);
    c.call.wh[40] = 500000;
    for (int t = 0; t < SLOTS; t++)
        c.call.myen[t] = t == 40 ? 18000 : MIZO_MISSING;
    c.moved[40] = -100000;
    c.moved[2] = 110000;
    ask_position(&c, 0, 1, true, 50000000);
    assert_int_equal(c.out.move[MIZO_MOVE_CALL].wh, 200000); /* no more than is short */
    assert_int_equal(c.out.move[MIZO_MOVE_CALL].paid, 200000LL * 18000);
    assert_int_equal(c.out.move[MIZO_MOVE_MOVE].wh, 110000);
    assert_int_equal(c.out.move[MIZO_MOVE_MOVE].then_wh,
                     200000); /* 100 left at 20:00, 100 of 110 more at 1:00 */
    assert_int_equal(c.out.chosen, MIZO_MOVE_CALL);
    c.call.myen[40] = 90000;
    ask_position(&c, 0, 1, true, 50000000);
    assert_int_equal(c.out.chosen, MIZO_MOVE_BUY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserve_curve),    cmocka_unit_test(long_high_prices),
        cmocka_unit_test(losses),           cmocka_unit_test(signs),
        cmocka_unit_test(sums_of_a_month),  cmocka_unit_test(splits),
        cmocka_unit_test(splits_many),      cmocka_unit_test(book),
        cmocka_unit_test(shares_of_a_mill), cmocka_unit_test(demand_is_not_bent),
        cmocka_unit_test(identity),         cmocka_unit_test(missing_plant),
        cmocka_unit_test(clock_of_a_day),   cmocka_unit_test(bids),
        cmocka_unit_test(position),         cmocka_unit_test(calls_and_batteries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
