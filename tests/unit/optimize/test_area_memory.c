/* Each allocation of a town fails once: it says so or does without, leaves nothing behind, and what was there still
 * works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bad-days/memory.h"
#include "random_area.h"

static random_area a;

static void problems_of(int i, const mizo_site_problem **p)
{
    for (int k = 0; k < a.nscenario; k++)
        p[k] = &a.site[i].p[k];
}

/* Builds, solves, changes, solves. The first error; *engine may be there or not. */
static mizo_err act(mizo_area **engine)
{
    const mizo_site_problem *p[AREA_SCENARIOS];
    mizo_area_options o = { .size = sizeof o, .iterations = 4 };
    mizo_area_result r;
    MIZO_TRY(mizo_area_new(&a.shape, engine));
    for (int i = 0; i < a.nsite; i++) {
        problems_of(i, p);
        MIZO_TRY(mizo_area_add(*engine, a.site[i].node, p));
    }
    MIZO_TRY(mizo_area_solve(*engine, &o, &r));
    MIZO_TRY(mizo_area_renew(*engine, &a.shape));
    problems_of(0, p);
    MIZO_TRY(mizo_area_set(*engine, 0, p));
    mizo_err e = mizo_area_solve(*engine, &o, &r);
    if (!e &&
        !(r.bound <= r.objective)) /* a lost memory of the last solution is no error, a lost answer is */
        fail_msg("%.6f above %.6f", r.bound, r.objective);
    return e;
}

/* The n-th allocation fails. True: there were fewer. */
static bool with_one_failing(long n)
{
    mizo_area *engine = NULL;
    memory_fail(n, false);
    mizo_err e = act(&engine);
    long asked = memory_stop();
    if (e != MIZO_OK && e != MIZO_ENOMEM)
        fail_msg("allocation %ld: %s", n, mizo_err_text(e));
    if (e && engine) { /* what is left of it can still be solved */
        mizo_area_options o = { .size = sizeof o, .iterations = 2 };
        mizo_area_result r;
        assert_int_equal(mizo_area_solve(engine, &o, &r), MIZO_OK);
    }
    mizo_area_free(engine);
    return asked <= n;
}

static void each_allocation_of(int flags, int seeds)
{
    for (int i = 0; i < seeds; i++) {
        random_area_make(&a, 9000 + (uint64_t)i, flags, 12);
        long alive = memory_alive();
        for (long n = 0; !with_one_failing(n); n++)
            if (memory_alive() != alive)
                fail_msg("allocation %ld: %ld pieces left behind", n, memory_alive() - alive);
        assert_int_equal(memory_alive(), alive);
    }
}

static void plain_towns(void **state)
{
    (void)state;
    each_allocation_of(0, 3);
}

static void trees_of_futures(void **state)
{
    (void)state;
    each_allocation_of(AREA_TREE | AREA_FUTURES | AREA_AHEAD | AREA_RICH, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_towns),
        cmocka_unit_test(trees_of_futures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
