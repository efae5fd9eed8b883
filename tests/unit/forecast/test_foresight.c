/* Foresight: what is said of a day rests on the days before it and on nothing else; it says the same twice, bears
 * gaps and failing memory, and remembers how far off it was. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bad-days/memory.h"
#include "mizo/foresight.h"

enum { SLOTS = 48, DAYS = 150, FIRST = 18000, LEVELS = MIZO_QUANTILES, LEADS = 3 };

typedef struct said {
    double mean[LEADS * SLOTS], q[LEADS * SLOTS * LEVELS];
} said;

typedef struct world {
    double y[DAYS][SLOTS];
    said day[DAYS], noon[DAYS];
    uint8_t ranks[MIZO_RANKS][SLOTS];
} world;

static world a, b;

static mizo_learn_day day_of(int d)
{
    int w = mizo_day_weekday(FIRST + d);
    return (mizo_learn_day){ FIRST + d, w == 6 ? 1 : w == 0 ? 2 : 0, NULL };
}

static double uniform(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return ((double)(*seed >> 8) + 0.5) / (1 << 24);
}

static void make(world *w)
{
    uint32_t seed = 7;
    double level = 0;
    memset(w, 0, sizeof *w);
    for (int d = 0; d < DAYS; d++) {
        level = 0.8 * level + 4 * (uniform(&seed) - 0.5);
        for (int s = 0; s < SLOTS; s++) {
            double shape = 20 + 12 * sin(s * 0.1309) * (day_of(d).kind ? 0.3 : 1);
            w->y[d][s] = fmax(0, shape + level + 6 * (uniform(&seed) - 0.5));
        }
    }
}

static mizo_foresight *born(void)
{
    mizo_foresight *f = mizo_foresight_new(&(mizo_foresight_task){
        .size = sizeof(mizo_foresight_task), .slots = SLOTS, .recipe = MIZO_LEAN, .positive = true });
    assert_non_null(f);
    return f;
}

static mizo_foresight *walk(world *w, int to)
{
    mizo_foresight *f = born();
    for (int d = 0; d < to; d++) {
        mizo_learn_day day[LEADS] = { day_of(d), day_of(d + 1), day_of(d + 2) };
        mizo_outlook o = { 0, w->day[d].mean, w->day[d].q }, n = { 0, w->noon[d].mean, w->noon[d].q };
        mizo_foresight_say(f, day, LEADS, &o);
        mizo_foresight_now(f, day, LEADS, w->y[d], SLOTS / 2, &n);
        mizo_foresight_learn(f, &day[0], w->y[d]);
    }
    for (int age = 0; age < MIZO_RANKS; age++)
        memcpy(w->ranks[age], mizo_foresight_ranks(f, age), SLOTS);
    return f;
}

static void in_order(const said *s, int from)
{
    for (int i = from; i < LEADS * SLOTS; i++) {
        const double *q = s->q + (size_t)i * LEVELS;
        assert_true(s->mean[i] >= q[0] && s->mean[i] <= q[LEVELS - 1] && q[0] >= 0);
        for (int k = 1; k < LEVELS; k++)
            assert_true(q[k] >= q[k - 1]);
    }
}

static void levels_and_mean_in_order(void **state)
{
    (void)state;
    make(&a);
    mizo_foresight_free(walk(&a, DAYS));
    assert_true(isnan(a.day[0].mean[0]) && isnan(a.day[0].q[5])); /* nothing was known */
    for (int d = 1; d < DAYS; d++) {
        in_order(&a.day[d], 0);
        in_order(&a.noon[d], 0);
        assert_memory_equal(a.day[d].mean, a.noon[d].mean, sizeof(double) * SLOTS / 2);
    }
}

static void bands_cover(void **state)
{
    int in[LEADS] = { 0 }, n = 0;
    (void)state;
    make(&a);
    mizo_foresight_free(walk(&a, DAYS));
    for (int d = 70; d + LEADS <= DAYS; d++)
        for (int s = 0; s < SLOTS; s++, n++)
            for (int k = 0; k < LEADS; k++) {
                const double *q = a.day[d].q + (size_t)(k * SLOTS + s) * LEVELS;
                in[k] += a.y[d + k][s] >= q[MIZO_Q10] && a.y[d + k][s] <= q[MIZO_Q90];
            }
    for (int k = 0; k < LEADS; k++)
        assert_in_range(in[k] * 1000 / n, 750, 850);
}

/* Whatever comes at and after an instant changes nothing that was said before it. */
static void sees_no_future(void **state)
{
    enum { CUT = 100 };
    (void)state;
    make(&a);
    make(&b);
    for (int d = CUT; d < DAYS; d++)
        for (int s = d == CUT ? SLOTS / 2 : 0; s < SLOTS; s++)
            b.y[d][s] = d % 3 == 0 ? 1e9 : d % 3 == 1 ? 0 : NAN;
    mizo_foresight_free(walk(&a, DAYS));
    mizo_foresight_free(walk(&b, DAYS));
    assert_memory_equal(a.day, b.day, sizeof a.day[0] * (CUT + 1));
    assert_memory_equal(a.noon, b.noon, sizeof a.noon[0] * (CUT + 1));
    assert_memory_not_equal(&a.day[CUT + 2], &b.day[CUT + 2], sizeof a.day[0]);
}

static void says_the_same_twice(void **state)
{
    (void)state;
    make(&a);
    make(&b);
    mizo_foresight_free(walk(&a, DAYS));
    mizo_foresight_free(walk(&b, DAYS));
    assert_memory_equal(&a, &b, sizeof a);
}

/* Asking again, at any hour, changes nothing; nor does `now` at midnight. */
static void asking_changes_nothing(void **state)
{
    static said one, two;
    (void)state;
    make(&a);
    make(&b);
    mizo_foresight_free(walk(&a, DAYS));
    mizo_foresight *f = born();
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day[LEADS] = { day_of(d), day_of(d + 1), day_of(d + 2) };
        mizo_outlook o = { 0, one.mean, one.q }, t = { 0, two.mean, two.q };
        mizo_foresight_say(f, day, LEADS, &o);
        mizo_foresight_now(f, day, LEADS, a.y[d], 0, &t);
        assert_memory_equal(&one, &two, sizeof one);
        mizo_foresight_now(f, day, 1, a.y[d], 17, &t);
        mizo_foresight_now(f, day, LEADS, a.y[d], SLOTS, &t);
        mizo_foresight_say(f, day, LEADS, &o);
        assert_memory_equal(&one, &a.day[d], sizeof one);
        mizo_foresight_learn(f, &day[0], a.y[d]);
    }
    mizo_foresight_free(f);
}

/* What is noted of a day is what would have been said of it: what follows is the same, bit by bit. */
static void noting_is_saying(void **state)
{
    static said one, two;
    mizo_foresight *f = born(), *g = born();
    (void)state;
    make(&a);
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day[LEADS] = { day_of(d), day_of(d + 1), day_of(d + 2) };
        mizo_outlook o = { 0, one.mean, one.q }, t = { 0, two.mean, two.q };
        mizo_foresight_say(f, day, LEADS, &o);
        if (d + 1 < DAYS)
            mizo_foresight_note(g, day, LEADS);
        else
            mizo_foresight_say(g, day, LEADS, &t);
        mizo_foresight_learn(f, &day[0], a.y[d]);
        mizo_foresight_learn(g, &day[0], a.y[d]);
    }
    assert_memory_equal(&one, &two, sizeof one);
    mizo_foresight_free(f);
    mizo_foresight_free(g);
}

/* Told in a hurry it says nearly the same, and has kept ranks of the last weeks alone. */
static void hurry_costs_little(void **state)
{
    static said one, two;
    mizo_foresight *f = born(), *g = born();
    mizo_learn_day next = day_of(DAYS);
    double apart = 0, all = 0;
    (void)state;
    make(&a);
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day = day_of(d);
        mizo_foresight_hurry(g, DAYS - d);
        mizo_foresight_learn(f, &day, a.y[d]);
        mizo_foresight_learn(g, &day, a.y[d]);
    }
    mizo_foresight_hurry(g, 0);
    mizo_foresight_say(f, &next, 1, &(mizo_outlook){ 0, one.mean, one.q });
    mizo_foresight_say(g, &next, 1, &(mizo_outlook){ 0, two.mean, two.q });
    for (int i = 0; i < SLOTS * MIZO_QUANTILES; i++) {
        apart += fabs(one.q[i] - two.q[i]);
        all += one.q[i];
    }
    print_message("# apart by %.4f of the level\n", apart / all);
    assert_true(apart > 0 && apart < 0.01 * all);
    assert_int_not_equal(mizo_foresight_ranks(g, 27)[SLOTS / 2], MIZO_RANK_UNKNOWN);
    assert_int_equal(mizo_foresight_ranks(g, 28)[SLOTS / 2], MIZO_RANK_UNKNOWN);
    mizo_foresight_free(f);
    mizo_foresight_free(g);
}

static void bears_gaps(void **state)
{
    uint32_t seed = 3;
    (void)state;
    make(&a);
    for (int d = 0; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            if (uniform(&seed) < 0.3 || d / 6 == 7)
                a.y[d][s] = NAN;
    mizo_foresight_free(walk(&a, DAYS));
    for (int d = 20; d < DAYS; d++) {
        in_order(&a.day[d], 0);
        in_order(&a.noon[d], 0);
    }
}

static void bears_days_left_out(void **state)
{
    double mean[SLOTS], q[SLOTS * LEVELS];
    (void)state;
    make(&a);
    mizo_foresight *f = born();
    for (int d = 0; d < DAYS; d++) {
        mizo_learn_day day = day_of(d);
        if (d % 10 != 3 && !(d > 60 && d < 90))
            mizo_foresight_learn(f, &day, a.y[d]);
    }
    mizo_learn_day day = day_of(DAYS);
    assert_true(mizo_foresight_say(f, &day, 1, &(mizo_outlook){ 0, mean, q }));
    for (int s = 0; s < SLOTS; s++)
        assert_true(mean[s] > 0 && mean[s] < 60);
    assert_int_equal(mizo_foresight_ranks(f, DAYS - 1 - 143)[0], MIZO_RANK_UNKNOWN);
    assert_int_not_equal(mizo_foresight_ranks(f, DAYS - 1 - 142)[0], MIZO_RANK_UNKNOWN);
    mizo_foresight_free(f);
}

/* Ranks spread evenly; a value equal to many levels takes their middle. */
static void ranks_are_even(void **state)
{
    int bin[4] = { 0 }, n = 0;
    (void)state;
    make(&a);
    a.y[DAYS - 2][5] = NAN;
    mizo_foresight *f = walk(&a, DAYS);
    assert_null(mizo_foresight_ranks(f, MIZO_RANKS));
    assert_null(mizo_foresight_ranks(f, -1));
    assert_int_equal(mizo_foresight_ranks(f, 1)[5], MIZO_RANK_UNKNOWN);
    for (int age = 0; age < MIZO_RANKS; age++)
        for (int s = 0; s < SLOTS; s++)
            if (a.ranks[age][s] != MIZO_RANK_UNKNOWN) {
                assert_true(a.ranks[age][s] <= 254);
                bin[a.ranks[age][s] * 4 / 255]++;
                n++;
            }
    for (int k = 0; k < 4; k++)
        assert_in_range(bin[k] * 100 / n, 20, 30);
    mizo_foresight_free(f);
    f = born();
    assert_null(mizo_foresight_ranks(f, 0));
    for (int d = 0; d < 60; d++) {
        double nothing[SLOTS] = { 0 };
        mizo_learn_day day = day_of(d);
        mizo_foresight_learn(f, &day, nothing);
    }
    for (int s = 0; s < SLOTS; s++)
        assert_in_range(mizo_foresight_ranks(f, 0)[s], 125, 129);
    mizo_foresight_free(f);
}

/* A site that becomes what it never was misses more than it used to. */
static void a_changed_site_is_seen(void **state)
{
    double latest, usual, before;
    (void)state;
    make(&a);
    uint32_t seed = 9;
    for (int d = DAYS - 20; d < DAYS; d++)
        for (int s = 0; s < SLOTS; s++)
            a.y[d][s] *= 3 * uniform(&seed);
    mizo_foresight *f = walk(&a, 30);
    assert_false(mizo_foresight_miss(f, &latest, &usual));
    mizo_foresight_free(f);
    f = walk(&a, DAYS - 20);
    assert_true(mizo_foresight_miss(f, &latest, &usual));
    assert_true(latest > 0.02 && latest < 1.5 * usual);
    before = latest;
    mizo_foresight_free(f);
    f = walk(&a, DAYS);
    assert_true(mizo_foresight_miss(f, &latest, &usual));
    assert_true(latest > 2 * usual && latest > 2 * before);
    mizo_foresight_free(f);
}

static void a_town_fits(void **state)
{
    (void)state;
    mizo_foresight *f = born();
    assert_true(mizo_foresight_bytes(f) < 62000);
    mizo_foresight_free(f);
}

static void refuses_what_it_cannot(void **state)
{
    mizo_foresight_task t = { .size = sizeof t, .slots = SLOTS };
    (void)state;
    t.slots = 0;
    assert_null(mizo_foresight_new(&t));
    t.slots = 289;
    assert_null(mizo_foresight_new(&t));
    t.slots = SLOTS;
    t.inputs = 33;
    assert_null(mizo_foresight_new(&t));
    t.inputs = 0;
    t.size = 4;
    assert_null(mizo_foresight_new(&t));
    mizo_foresight_free(NULL);
}

/* Each allocation fails in turn: nothing is made, nothing leaks. Once it stands it asks for nothing more. */
static void bears_failing_memory(void **state)
{
    mizo_foresight_task t = { .size = sizeof t, .slots = SLOTS, .recipe = MIZO_LEAN, .positive = true };
    long needed, alive = memory_alive();
    (void)state;
    memory_fail(-1, false);
    mizo_foresight *f = mizo_foresight_new(&t);
    needed = memory_stop();
    assert_non_null(f);
    make(&a);
    memory_fail(0, true);
    for (int d = 0; d < 30; d++) {
        mizo_learn_day day = day_of(d);
        mizo_foresight_say(f, &day, 1, &(mizo_outlook){ 0, a.day[d].mean, a.day[d].q });
        mizo_foresight_learn(f, &day, a.y[d]);
    }
    assert_int_equal(memory_stop(), 0);
    mizo_foresight_free(f);
    for (long n = 0; n < needed; n++) {
        memory_fail(n, false);
        f = mizo_foresight_new(&t);
        memory_stop();
        assert_null(f);
    }
    assert_int_equal(memory_alive(), alive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_and_mean_in_order), cmocka_unit_test(bands_cover),
        cmocka_unit_test(sees_no_future),           cmocka_unit_test(says_the_same_twice),
        cmocka_unit_test(asking_changes_nothing),   cmocka_unit_test(bears_gaps),
        cmocka_unit_test(bears_days_left_out),      cmocka_unit_test(ranks_are_even),
        cmocka_unit_test(a_changed_site_is_seen),   cmocka_unit_test(a_town_fits),
        cmocka_unit_test(refuses_what_it_cannot),   cmocka_unit_test(bears_failing_memory),
        cmocka_unit_test(noting_is_saying),         cmocka_unit_test(hurry_costs_little),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
