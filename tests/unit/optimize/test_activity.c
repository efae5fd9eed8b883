/* Activities that may wait: tiny campuses against every timetable there is, the rules one by one, memory that fails. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bad-days/memory.h"
#include "optimize/activity.h"

/* A week of four days of six steps, the middle three of which are working hours; two weeks and two days before. */
enum { DAY = 6, WEEK = 4 * DAY, BEFORE = 2 * DAY, STEPS = BEFORE + 2 * WEEK, LISTS = 6 };

typedef struct campus {
    activity_case c;
    int day[STEPS];
    bool work[STEPS];
    int rooms[2][ACTIVITY_SIZES];
    activity recurring[LISTS], once[LISTS];
    int before[LISTS], before_once[LISTS];
    activity_battery battery[2];
    double price[STEPS], base[STEPS * 2];
} campus;

static uint64_t state;

static double unit(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) * 0x1p-53;
}

static int below(int n)
{
    return (int)(unit() * n);
}

static void campus_init(campus *k, uint64_t seed, int nrecurring, int nonce, int nbattery, int npath)
{
    memset(k, 0, sizeof *k);
    state = seed * 977 + 5;
    for (int t = 0; t < STEPS; t++) {
        k->day[t] = t / DAY;
        k->work[t] = t % DAY >= 1 && t % DAY <= 3 && t / DAY % 4 != 1;
        k->price[t] = 0.01 + 0.05 * unit();
        for (int p = 0; p < npath; p++)
            k->base[t * npath + p] = 300 + 200 * unit();
    }
    for (int b = 0; b < 2; b++)
        for (int z = 0; z < ACTIVITY_SIZES; z++)
            k->rooms[b][z] = 1 + below(2);
    for (int a = 0; a < nrecurring; a++) {
        k->recurring[a] =
            (activity){ 1 + below(2), below(2), 100 + 300 * unit(), 1 + below(2), 0, 0, 0, NULL };
        k->before[a] = a - 1;
        if (a == 1) {
            k->recurring[a].nbefore = 1;
            k->recurring[a].before = &k->before[a];
        }
    }
    for (int a = 0; a < nonce; a++) {
        k->once[a] = (activity){
            1 + below(2), below(2), 100 + 300 * unit(), 1 + below(3), 100 + 900 * unit(), 400 * unit(), 0,
            NULL
        };
        k->before_once[a] = a - 1;
        if (a) {
            k->once[a].nbefore = 1;
            k->once[a].before = &k->before_once[a];
        }
    }
    for (int b = 0; b < nbattery; b++)
        k->battery[b] = (activity_battery){ 2 + below(2), 60 + 60 * unit(), 40 + 40 * unit() };
    k->c = (activity_case){ STEPS,      BEFORE,     WEEK,     2,
                            k->day,     k->work,    2,        (const int(*)[ACTIVITY_SIZES])k->rooms,
                            nrecurring, nonce,      nbattery, k->recurring,
                            k->once,    k->battery, k->price, 0.005,
                            npath,      k->base };
}

static const activity_effort effort = { 2, 40, 4000, 1 };

/* Solves, asks the rules, takes the cost. */
static double solved(const activity_case *c, activity_plan *p)
{
    activity_fault fault;
    activity_bill bill;
    int which;
    assert_int_equal(activity_plan_init(p, c), MIZO_OK);
    assert_int_equal(activity_solve(c, effort, p), MIZO_OK);
    assert_int_equal(activity_check(c, p, &fault, &which), MIZO_OK);
    assert_int_equal(fault, ACTIVITY_FINE);
    assert_int_equal(activity_cost(c, p, &bill, NULL), MIZO_OK);
    return bill.total;
}

/* ---- every timetable ---- */

static bool rooms_suffice(const activity_case *c, const activity_plan *p)
{
    for (int t = 0; t < c->steps; t++) {
        int used[ACTIVITY_SIZES] = { 0 };
        for (int a = 0; a < c->nrecurring; a++)
            for (int k = 0; k < c->weeks; k++) {
                int from = c->first + k * c->week + p->recurring[a];
                if (t >= from && t < from + c->recurring[a].steps)
                    used[c->recurring[a].size] += c->recurring[a].rooms;
            }
        for (int a = 0; a < c->nonce; a++)
            if (p->once[a] >= 0 && t >= p->once[a] && t < p->once[a] + c->once[a].steps)
                used[c->once[a].size] += c->once[a].rooms;
        for (int z = 0; z < ACTIVITY_SIZES; z++)
            if (used[z] > c->rooms[0][z] + c->rooms[1][z])
                return false;
    }
    return true;
}

/* The rules but for rooms, which are told by their sum here. */
static bool allowed(const activity_case *c, const activity_plan *p)
{
    activity_fault fault;
    int which;
    assert_int_equal(activity_check(c, p, &fault, &which), MIZO_OK);
    return (fault == ACTIVITY_FINE || fault == ACTIVITY_ROOMS) && rooms_suffice(c, p);
}

static void every(const activity_case *c, activity_plan *p, int a, double *best)
{
    if (a < c->nrecurring) {
        for (int at = 0; at + c->recurring[a].steps <= WEEK; at++) {
            p->recurring[a] = at;
            every(c, p, a + 1, best);
        }
    } else if (a < c->nrecurring + c->nonce) {
        int o = a - c->nrecurring;
        for (p->once[o] = -1; p->once[o] + c->once[o].steps <= STEPS; p->once[o]++)
            every(c, p, a + 1, best);
        p->once[o] = -1;
    } else if (allowed(c, p)) {
        activity_bill bill;
        assert_int_equal(activity_cost(c, p, &bill, NULL), MIZO_OK);
        *best = fmin(*best, bill.total);
    }
}

static void against_every_timetable(void **unused)
{
    (void)unused;
    int missed = 0, n = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        campus k;
        activity_plan p;
        int kind = (int)(seed % 3);
        campus_init(&k, seed, kind == 2 ? 1 : 2, kind ? 1 : 0, 0, 1 + (int)(seed & 1));
        double cost = solved(&k.c, &p), best = INFINITY;
        every(&k.c, &p, 0, &best);
        activity_plan_free(&p, &k.c);
        n++;
        if (cost < best - 1e-6 * best)
            fail_msg("seed %d: %.6f is below every timetable's %.6f", (int)seed, cost, best);
        if (cost > best * 1.01)
            fail_msg("seed %d: %.3f, the best is %.3f", (int)seed, cost, best);
        missed += cost > best * 1.0005;
    }
    if (missed > n / 4)
        fail_msg("%d of %d are not the best", missed, n);
}

/* ---- batteries ---- */

/* All programmes of the batteries over the last `n` steps. */
static void every_programme(const activity_case *c, activity_plan *p, int b, int t, int level, double *best)
{
    if (b == c->nbattery) {
        activity_bill bill;
        assert_int_equal(activity_cost(c, p, &bill, NULL), MIZO_OK);
        *best = fmin(*best, bill.total);
        return;
    }
    if (t == c->steps) {
        every_programme(c, p, b + 1, 0, b + 1 < c->nbattery ? c->battery[b + 1].levels : 0, best);
        return;
    }
    for (int how = -1; how <= 1; how++) {
        if (level + how < 0 || level + how > c->battery[b].levels)
            continue;
        p->store[b * c->steps + t] = (signed char)how;
        every_programme(c, p, b, t + 1, level + how, best);
    }
    p->store[b * c->steps + t] = 0;
}

static void batteries_against_every_programme(void **unused)
{
    (void)unused;
    int exact = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        campus k;
        activity_plan p;
        int two = seed % 4 == 0;
        campus_init(&k, seed, 0, 0, 1 + two, 1 + (int)(seed & 1));
        k.c.steps = two ? 6 : 9;
        k.c.weeks = 0;
        double cost = solved(&k.c, &p), best = INFINITY;
        memset(p.store, 0, (size_t)(k.c.nbattery * k.c.steps));
        every_programme(&k.c, &p, 0, 0, k.battery[0].levels, &best);
        activity_plan_free(&p, &k.c);
        double most = k.c.npath == 1 ? 1.0005 : 1.06; /* with several paths it is a heuristic */
        if (cost < best - 1e-9 * best || cost > best * most)
            fail_msg("seed %d: %.4f, the best is %.4f", (int)seed, cost, best);
        exact += cost < best * (1 + 1e-9);
    }
    if (exact < 12)
        fail_msg("only %d of 20 are the best", exact);
}

static void a_negative_price_charges(void **unused)
{
    (void)unused;
    campus k;
    activity_plan p;
    campus_init(&k, 3, 0, 0, 1, 1);
    for (int t = 0; t < STEPS; t++) {
        k.base[t] = 100;
        k.price[t] = t == 20 ? -5 : 0.01;
    }
    k.base[0] = 1000; /* so that charging makes no peak */
    solved(&k.c, &p);
    assert_int_equal(p.store[20], 1);
    activity_plan_free(&p, &k.c);
}

/* ---- rules ---- */

static void same_case_same_plan(void **unused)
{
    (void)unused;
    campus k;
    activity_plan p, q;
    campus_init(&k, 11, 4, 4, 2, 2);
    double a = solved(&k.c, &p), b = solved(&k.c, &q);
    assert_true(a == b);
    assert_memory_equal(p.recurring, q.recurring, 4 * sizeof *p.recurring);
    assert_memory_equal(p.once, q.once, 4 * sizeof *p.once);
    assert_memory_equal(p.store, q.store, 2 * STEPS);
    activity_plan_free(&p, &k.c);
    activity_plan_free(&q, &k.c);
}

typedef struct rule {
    const char *name;
    activity_fault fault;
    void (*break_it)(const campus *k, activity_plan *p);
} rule;

static void at_night(const campus *k, activity_plan *p)
{
    (void)k;
    p->recurring[0] = 0;
}

static void too_late(const campus *k, activity_plan *p)
{
    (void)k;
    p->recurring[0] = WEEK;
}

static void same_day(const campus *k, activity_plan *p)
{
    (void)k;
    p->recurring[1] = p->recurring[0];
}

static void before_its_ground(const campus *k, activity_plan *p)
{
    (void)k;
    p->once[0] = -1;
    p->once[1] = 1;
}

static void beyond_the_end(const campus *k, activity_plan *p)
{
    p->once[0] = STEPS - k->once[0].steps + 1;
}

static void more_than_full(const campus *k, activity_plan *p)
{
    (void)k;
    memset(p->store, 0, STEPS);
    p->store[0] = 1;
}

static void less_than_empty(const campus *k, activity_plan *p)
{
    (void)k;
    memset(p->store, 0, STEPS);
    memset(p->store, -1, 9);
}

static void no_such_power(const campus *k, activity_plan *p)
{
    (void)k;
    memset(p->store, 0, STEPS);
    p->store[0] = -2;
}

static void in_one_room(const campus *k, activity_plan *p)
{
    for (int r = 0; r < k->recurring[2].rooms; r++)
        p->recurring_at[2][r] = 0;
    p->recurring[2] = p->recurring[0];
    for (int r = 0; r < k->recurring[0].rooms; r++)
        p->recurring_at[0][r] = 0;
}

static void no_such_building(const campus *k, activity_plan *p)
{
    (void)k;
    p->recurring_at[0][0] = 2;
}

static void each_rule_is_asked(void **unused)
{
    (void)unused;
    static const rule rules[] = {
        {"at night",            ACTIVITY_HOURS,  at_night         },
        { "beyond the week",    ACTIVITY_BOUNDS, too_late         },
        { "on one day",         ACTIVITY_ORDER,  same_day         },
        { "without its ground", ACTIVITY_ORDER,  before_its_ground},
        { "beyond the end",     ACTIVITY_BOUNDS, beyond_the_end   },
        { "more than full",     ACTIVITY_CHARGE, more_than_full   },
        { "less than empty",    ACTIVITY_CHARGE, less_than_empty  },
        { "no such power",      ACTIVITY_CHARGE, no_such_power    },
        { "two in one room",    ACTIVITY_ROOMS,  in_one_room      },
        { "no such building",   ACTIVITY_ROOMS,  no_such_building },
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        campus k;
        activity_plan p;
        activity_fault fault;
        int which;
        campus_init(&k, 5, 3, 2, 1, 1);
        k.rooms[0][0] = k.rooms[0][1] = 2;
        k.recurring[0].size = k.recurring[2].size = 0;
        k.recurring[0].rooms = k.recurring[2].rooms = 2;
        solved(&k.c, &p);
        rules[i].break_it(&k, &p);
        assert_int_equal(activity_check(&k.c, &p, &fault, &which), MIZO_OK);
        if (fault != rules[i].fault)
            fail_msg("%s: fault %d, not %d", rules[i].name, (int)fault, (int)rules[i].fault);
        activity_plan_free(&p, &k.c);
    }
}

static void no_timetable_is_said(void **unused)
{
    (void)unused;
    for (int how = 0; how < 3; how++) {
        campus k;
        activity_plan p;
        campus_init(&k, 7, 3, 0, 0, 1);
        if (how == 0)
            k.recurring[0].steps = 4; /* a day has three working steps */
        if (how == 1)
            k.recurring[0].rooms = 5; /* there are at most four of a size */
        if (how == 2)                 /* in a ring */
            for (int a = 0; a < 3; a++) {
                k.before[a] = (a + 2) % 3;
                k.recurring[a].nbefore = 1;
                k.recurring[a].before = &k.before[a];
            }
        assert_int_equal(activity_plan_init(&p, &k.c), MIZO_OK);
        assert_int_equal(activity_solve(&k.c, effort, &p), MIZO_ERANGE);
        activity_plan_free(&p, &k.c);
    }
}

/* Three working days in the week: a chain of three fits, one of four does not. */
static void a_chain_takes_its_days(void **unused)
{
    (void)unused;
    for (int n = 3; n <= 4; n++) {
        campus k;
        activity_plan p;
        campus_init(&k, 9, n, 0, 0, 1);
        for (int t = 0; t < STEPS; t++) /* days 0, 1 and 2 of each week */
            k.work[t] = t % DAY >= 1 && t % DAY <= 3 && (t - BEFORE + WEEK) % WEEK < 3 * DAY;
        for (int a = 1; a < n; a++) {
            k.recurring[a].nbefore = 1;
            k.recurring[a].before = &k.before[a];
        }
        assert_int_equal(activity_plan_init(&p, &k.c), MIZO_OK);
        assert_int_equal(activity_solve(&k.c, effort, &p), n == 3 ? MIZO_OK : MIZO_ERANGE);
        activity_plan_free(&p, &k.c);
    }
}

static void the_bill_adds_up(void **unused)
{
    (void)unused;
    campus k;
    activity_plan p;
    activity_bill bill;
    double load[STEPS], energy = 0, highest = 0;
    campus_init(&k, 21, 3, 3, 2, 1);
    solved(&k.c, &p);
    assert_int_equal(activity_cost(&k.c, &p, &bill, load), MIZO_OK);
    for (int t = 0; t < STEPS; t++) {
        energy += load[t] * k.price[t];
        highest = fmax(highest, load[t]);
    }
    assert_true(fabs(energy - bill.energy) < 1e-6 && fabs(highest - bill.peak_kw) < 1e-9);
    assert_true(fabs(bill.peak - 0.005 * highest * highest) < 1e-6);
    assert_true(fabs(bill.total - (bill.energy + bill.peak + bill.penalty - bill.value)) < 1e-9);
    activity_plan_free(&p, &k.c);
}

static void each_allocation_fails_once(void **unused)
{
    (void)unused;
    campus k;
    campus_init(&k, 13, 3, 2, 1, 2);
    bool last = false;
    for (long n = 0; !last; n++) {
        activity_plan p = { 0 };
        activity_fault fault;
        activity_bill bill;
        int which;
        memory_fail(n, false);
        mizo_err e = activity_plan_init(&p, &k.c);
        if (!e)
            e = activity_solve(&k.c, (activity_effort){ 2, 2, 100, 1 }, &p);
        if (!e)
            e = activity_check(&k.c, &p, &fault, &which);
        if (!e)
            e = activity_cost(&k.c, &p, &bill, NULL);
        long asked = memory_stop();
        last = asked <= n;
        if (e != (last ? MIZO_OK : MIZO_ENOMEM))
            fail_msg("allocation %ld: %s", n, mizo_err_text(e));
        activity_plan_free(&p, &k.c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_every_timetable),    cmocka_unit_test(batteries_against_every_programme),
        cmocka_unit_test(a_negative_price_charges),   cmocka_unit_test(same_case_same_plan),
        cmocka_unit_test(each_rule_is_asked),         cmocka_unit_test(no_timetable_is_said),
        cmocka_unit_test(a_chain_takes_its_days),     cmocka_unit_test(the_bill_adds_up),
        cmocka_unit_test(each_allocation_fails_once),
    };
    return cmocka_run_group_tests_name("activity", tests, NULL, NULL);
}
