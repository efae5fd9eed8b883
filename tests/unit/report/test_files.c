/* PDF and XLSX by the modules: that they are such files, small, and the same bytes twice.
 *
 *   test_report_files MODULES */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static const char *modules;

static const report_maker *maker_of(const char *file, const char *table)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", modules, file);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return handle ? dlsym(handle, table) : NULL;
}

static void make(const report_maker *m, int rows, const char *stamp, buf *out)
{
    char why[REPORT_WHY] = "";
    report *r = sample_report(rows, stamp);
    assert_int_equal(report_done(r), MIZO_OK);
    buf_init(out, 0);
    mizo_err err = m->make(r, out, why);
    if (err)
        fail_msg("%s", why);
    report_free(r);
}

static void same_twice(const report_maker *m, buf *first)
{
    buf second;
    make(m, 60, NULL, first);
    make(m, 60, NULL, &second);
    assert_int_equal(first->n, second.n);
    assert_memory_equal(first->p, second.p, first->n);
    buf_fini(&second);
    make(m, 60, "下書き", &second);
    assert_true(first->n != second.n || memcmp(first->p, second.p, first->n) != 0);
    buf_fini(&second);
}

static void a_pdf(void **state)
{
    (void)state;
    buf b;
    const report_maker *m = maker_of("mizo-pdf.so", "mizo_module_pdf");
    if (!m)
        skip();
    same_twice(m, &b);
    assert_memory_equal(b.p, "%PDF-", 5);
    assert_true(b.n < 100000); /* whole fonts would be a megabyte */
    assert_non_null(memmem(b.p, b.n, "NotoSansCJK", 11));
    assert_non_null(memmem(b.p, b.n, "(20260507", 9)); /* the document's day and no other */
    buf_fini(&b);
    make(m, 2000, NULL, &b); /* many pages */
    buf_fini(&b);
}

static void an_xlsx(void **state)
{
    (void)state;
    buf b;
    const report_maker *m = maker_of("mizo-xlsx.so", "mizo_module_xlsx");
    if (!m)
        skip();
    same_twice(m, &b);
    assert_memory_equal(b.p, "PK\3\4", 4);
    assert_non_null(memmem(b.p, b.n, "xl/worksheets/sheet2.xml", 24)); /* the second page */
    assert_non_null(memmem(b.p, b.n, "xl/charts/chart2.xml", 20));
    buf_fini(&b);
}

int main(int argc, char **argv)
{
    modules = argc > 1 ? argv[1] : "modules";
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_pdf), cmocka_unit_test(an_xlsx) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
