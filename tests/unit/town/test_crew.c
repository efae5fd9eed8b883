/* Threads that stay: every piece is done once by each, whether they are awake or asleep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "town/live/crew.h"

enum { THREADS = 4, PIECES = 2000 };

typedef struct tally {
    int done[THREADS];
    atomic_int at_once, all;
} tally;

static void count(void *ctx, int k)
{
    tally *t = ctx;
    t->done[k]++;
    atomic_fetch_add(&t->all, 1);
}

static void test_each_once(void **state)
{
    (void)state;
    env *e = env_uv_new(ENV_ERROR);
    crew *c;
    assert_int_equal(crew_new(e, THREADS, &c), MIZO_OK);
    const mizo_crew *m = crew_for(c);
    tally t;
    memset(&t, 0, sizeof t);
    for (int i = 0; i < PIECES; i++) {
        m->run(m->arg, count, &t);
        assert_int_equal(atomic_load(&t.all), THREADS * (i + 1));
    }
    for (int k = 0; k < THREADS; k++)
        assert_int_equal(t.done[k], PIECES);
    crew_free(c);
    env_uv_free(e);
}

static void rest(void *ctx, int k)
{
    count(ctx, k);
    for (volatile int i = 0; k && i < 2000000; i++)
        ;
}

/* The caller waits longer than it looks: it sleeps and is woken; so do the others in its pauses. */
static void test_asleep(void **state)
{
    (void)state;
    env *e = env_uv_new(ENV_ERROR);
    crew *c;
    assert_int_equal(crew_new(e, 2, &c), MIZO_OK);
    const mizo_crew *m = crew_for(c);
    tally t;
    memset(&t, 0, sizeof t);
    for (int i = 0; i < 5; i++) {
        m->run(m->arg, rest, &t);
        assert_int_equal(atomic_load(&t.all), 2 * (i + 1));
        for (volatile int j = 0; j < 2000000; j++)
            ;
    }
    crew_free(c);
    env_uv_free(e);
}

static void test_alone(void **state)
{
    (void)state;
    env *e = env_uv_new(ENV_ERROR);
    crew *c;
    assert_int_equal(crew_new(e, 0, &c), MIZO_ERANGE);
    assert_int_equal(crew_new(e, 65, &c), MIZO_ERANGE);
    assert_null(c);
    assert_int_equal(crew_new(e, 1, &c), MIZO_OK);
    tally t;
    memset(&t, 0, sizeof t);
    crew_for(c)->run(crew_for(c)->arg, count, &t);
    assert_int_equal(t.done[0], 1);
    crew_free(c);
    env_uv_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once),
        cmocka_unit_test(test_asleep),
        cmocka_unit_test(test_alone),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
