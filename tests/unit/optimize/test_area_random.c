/* Random towns of every kind against CLP on the same linear program: value, bound, gap, limits. MIZO_MANY: tens of
 * thousands of them. */
#include "area_check.h"
#include "optimize/area_money.h"
#include "random_area.h"

static random_area a;

typedef struct family {
    const char *name;
    int flags, few, many;
} family;

static mizo_area *build(void)
{
    mizo_area *engine = NULL;
    assert_int_equal(mizo_area_new(&a.shape, &engine), MIZO_OK);
    for (int i = 0; i < a.nsite; i++) {
        const mizo_site_problem *p[AREA_SCENARIOS];
        for (int k = 0; k < a.nscenario; k++)
            p[k] = &a.site[i].p[k];
        assert_int_equal(mizo_area_add(engine, a.site[i].node, p), MIZO_OK);
    }
    return engine;
}

static bracket optimum(const char *name, uint64_t seed)
{
    area_lp lp;
    bracket b;
    assert_int_equal(area_lp_make(&lp, &a.shape, (size_t)a.nsite, random_area_problem, &a), MIZO_OK);
    const char *wrong = check_solve(&lp, clp_module(), &b);
    if (wrong)
        fail_msg("%s %llu: CLP: %s", name, (unsigned long long)seed, wrong);
    double size = fmax(1, fabs((double)b.hi));
    if (b.hi - b.lo > 1e-7 * size || b.infeasible > 1e-5)
        fail_msg("%s %llu: CLP's own bracket is %.9Lf..%.9Lf, infeasible by %.2Le", name,
                 (unsigned long long)seed, b.lo, b.hi, b.infeasible);
    area_lp_free(&lp);
    b.hi = fmaxl(b.hi, b.lo); /* a point that is a little outside may be cheaper than any plan */
    return b;
}

/* A site's own program lets a vehicle have a W for a slot too much, for rounding; where a kWh is worth less than
 * nothing, that is worth something. The engine's plain sites do not. Yen. */
static double odd_watts(void)
{
    double kwh = 0;
    for (int i = 0; i < a.nsite; i++)
        kwh += a.site[i].p[0].nvehicle * 0.001 * a.step / 60;
    return kwh * (area_money(&a.shape) / 1000.0 + 40);
}

/* Towns of a family that the engine left with a gap that is wider than asked, and said so. */
static int stopped;

/* Solves what the engine holds, against CLP on what stands in `a`. */
static bool agrees(mizo_area *engine, const family *f, uint64_t seed, const char *when)
{
    char why[256];
    mizo_area_options o = { .size = sizeof o };
    mizo_area_result r;
    mizo_err e = mizo_area_solve(engine, &o, &r);
    bool right = false;
    if (e)
        snprintf(why, sizeof why, "%s", mizo_err_text(e));
    else {
        bracket b = optimum(f->name, seed);
        right = check_answer(&r, &b, 1e-6, odd_watts(), why, sizeof why);
        stopped += !right && check_stopped(&r, &b, odd_watts());
    }
    if (!right)
        print_message("%s %llu, %s (%d sites, %d slots, %d nodes, %d scenarios): %s\n", f->name,
                      (unsigned long long)seed, when, a.nsite, a.n, a.nnode, a.nscenario, why);
    return right;
}

/* A slot or two later: what was planned until then has been done. */
static void roll_on(mizo_area *engine, int by)
{
    static mizo_site_plan plan;
    const mizo_site_problem *p[AREA_SCENARIOS];
    for (int i = 0; i < a.nsite; i++) {
        assert_int_equal(mizo_area_site(engine, (size_t)i, 0, &plan), MIZO_OK);
        area_roll_site(&a, &a.site[i], &plan, by);
    }
    area_roll_town(&a, by);
    assert_int_equal(mizo_area_renew(engine, &a.shape), MIZO_OK);
    for (int i = 0; i < a.nsite; i++) {
        for (int k = 0; k < a.nscenario; k++)
            p[k] = &a.site[i].p[k];
        assert_int_equal(mizo_area_set(engine, (size_t)i, p), MIZO_OK);
    }
}

/* Every fourth town goes on for two plans more. True: agrees. Otherwise says why. */
static bool one(const family *f, uint64_t seed)
{
    random_area_make(&a, seed, f->flags, 0);
    mizo_area *engine = build();
    bool right = agrees(engine, f, seed, "at first");
    for (int k = 1; k <= 2 && right && seed % 4 == 0; k++) {
        roll_on(engine, k < a.n ? k : 1);
        right = agrees(engine, f, seed, "rolled on");
    }
    mizo_area_free(engine);
    return right;
}

/* All of a family are looked at; the first ten that fail are told. One in a thousand may be left with a true gap that is
 * wider than asked, and say so: docs/mechanisms/area.md 2. MIZO_SEED: that one alone. */
static void hold(const family *f)
{
    if (!clp_module())
        skip();
    uint64_t first = (uint64_t)(f->flags + 1) * 1000000u;
    const char *only = getenv("MIZO_SEED");
    stopped = 0;
    int bad = 0, many = only ? 0 : how_many(f->few, f->many);
    for (int i = 0; i < many && bad < 10; i++)
        bad += !one(f, first + (uint64_t)i);
    if (only && strtoull(only, NULL, 10) / 1000000u * 1000000u == first)
        bad += !one(f, strtoull(only, NULL, 10));
    if (bad > stopped || stopped > many / 1000)
        fail_msg("%s: %d towns differ from CLP, %d of them with a true gap wider than asked", f->name, bad,
                 stopped);
}

#define FAMILY(id, text, what, few_, many_)                                                                  \
    static void id(void **state)                                                                             \
    {                                                                                                        \
        (void)state;                                                                                         \
        hold(&(family){ text, what, few_, many_ });                                                          \
    }
FAMILY(plain, "plain", 0, 160, 20000)
FAMILY(negative, "negative prices", AREA_NEGATIVE, 80, 10000)
FAMILY(wishes, "wishes", AREA_WISHES, 80, 10000)
FAMILY(trees, "trees", AREA_TREE, 60, 8000)
FAMILY(futures, "futures", AREA_FUTURES | AREA_AHEAD, 24, 4000)
FAMILY(trees_of_futures, "trees of futures", AREA_TREE | AREA_FUTURES | AREA_AHEAD | AREA_NEGATIVE, 12, 2000)
FAMILY(rich, "rich", AREA_RICH, 40, 5000)
FAMILY(extras, "extras", AREA_RICH | AREA_EXTRAS | AREA_WISHES, 30, 5000)
FAMILY(hard, "limits that are physics", AREA_TREE | AREA_HARD, 30, 5000)
FAMILY(everything, "everything", 255, 12, 3000)

/* Towns that were once answered wrongly, or not to the end. */
static void once_wrong(void **state)
{
    (void)state;
    /* A battery that can do nothing and is worth something at the end; two starts of a run, both in part; stores with next
     * to no room under dear wishes, twice; a run that nothing else holds. */
    static const uint64_t seed[] = { 2002456, 256000089, 256000111, 256000621, 256000152 };
    if (!clp_module())
        skip();
    for (size_t i = 0; i < sizeof seed / sizeof *seed; i++) {
        family f = { .name = "once wrong", .flags = (int)(seed[i] / 1000000) - 1 };
        assert_true(one(&f, seed[i]));
    }
}

/* Sites in which nothing but PV into the store can flow, for hours: no load, or one that the relay's margin imports. */
static void slots_without_room(void **state)
{
    (void)state;
    static const uint64_t seed[] = { 65000000, 67000030, 71000037 };
    if (!clp_module())
        skip();
    for (size_t i = 0; i < sizeof seed / sizeof *seed; i++) {
        family f = { .name = "without room", .flags = (int)(seed[i] / 1000000) - 1 };
        random_area_make(&a, seed[i], f.flags, 48);
        mizo_area *engine = build();
        assert_true(agrees(engine, &f, seed[i], "at first"));
        mizo_area_free(engine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),      cmocka_unit_test(negative),   cmocka_unit_test(wishes),
        cmocka_unit_test(trees),      cmocka_unit_test(futures),    cmocka_unit_test(trees_of_futures),
        cmocka_unit_test(rich),       cmocka_unit_test(extras),     cmocka_unit_test(hard),
        cmocka_unit_test(everything), cmocka_unit_test(once_wrong), cmocka_unit_test(slots_without_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
