/* Each allocation of a build fails once: it says so, leaves nothing behind, and the next try works.
 * Linked with --wrap, so that only the allocations of the project are counted. */
#include "village.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static long left = -1; /* allocations until one fails; below 0: none does */

static bool fails(void)
{
    return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

/* Builds with the k-th allocation failing. True: none was left to fail. */
static bool build(const village *v, long k, mizo_err expected)
{
    const mizo_region *r = NULL;
    mizo_diags *d = mizo_diags_new(0);
    assert_non_null(d);
    left = k;
    mizo_err e = mizo_region_build(v->file, v->n, d, &r);
    bool done = left >= 0;
    left = -1;
    if (e != MIZO_ENOMEM && e != expected)
        fail_msg("allocation %ld: %s", k, mizo_err_text(e));
    assert_int_equal(r != NULL, e == MIZO_OK);
    if (e)
        assert_true(mizo_diags_count(d, MIZO_ERROR) > 0);
    mizo_region_unref(r);
    mizo_diags_free(d);
    return done;
}

static void each_allocation(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    long k = 0;
    while (!build(&v, k, MIZO_OK))
        k++;
    print_message("# %ld allocations\n", k);
    assert_true(k > 50);
    village_edit(&v, FILE_USES, "library,", "librery,");
    village_edit(&v, FILE_POINTS, "p-depot,0", "p-depot,x");
    village_edit(&v, FILE_REGION, "latitude", "latitud");
    for (k = 0; !build(&v, k, MIZO_EINPUT);)
        k++;
    village_free(&v);
}

static void each_allocation_of_the_text(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    bool done = false;
    for (long k = 0; !done; k++) {
        left = k;
        char *text = mizo_region_text(v.file, v.n);
        done = left >= 0;
        left = -1;
        assert_int_equal(text != NULL, done);
        free(text);
    }
    village_free(&v);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_allocation),
                                        cmocka_unit_test(each_allocation_of_the_text) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
