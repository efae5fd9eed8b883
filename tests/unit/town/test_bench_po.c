/* ieee_po: the decoder's mistakes by line, the official instances, and what is foreseen of a month without it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "town/bench/po.h"
#include "town/bench/po_month.h"

typedef struct mistake {
    const char *text;
    int line; /* 0: it is good */
    const char *wanted;
} mistake;

#define HEAD "ppoi 1 1 1 2 1\nb 4 2 1\ns 0 4\nc 0 4 60 20 0.85\n"
#define TWO  "r 0 1 S 50 3 0\nr 1 2 S 40 2 1 0\n"

static const mistake mistakes[] = {
    {HEAD TWO "a 0 1 L 20 3 40 10 0\n",                                  0, ""                          },
    { HEAD TWO "\n  a\t0 1 L 20.25 3 40 10 0  \r\n\n",                   0, ""                          },
    { "",                                                                0, "ppoi"                      },
    { "pp 1 1 1 1 1\n",                                                  1, "ppoi"                      },
    { "ppoi 1 1 1 1\n",                                                  1, "once-off"                  },
    { "ppoi 1 1 1 1 1 1\n",                                              1, "end of the line"           },
    { "ppoi 0 1 1 1 1\n",                                                1, "buildings"                 },
    { "ppoi 1 0 0 9999 0\nb 0 1 1\n",                                    1, "as many lines"             },
    { "ppoi 2 0 0 0 0\nb 4 2 1\nb 4 2 1\n",                              3, "no building above"         },
    { "ppoi 1 0 0 0 0\nb 4 2 -1\n",                                      2, "large rooms"               },
    { "ppoi 1 1 0 0 0\nb 4 2 1\ns 0 5\n",                                3, "building above"            },
    { "ppoi 1 1 0 0 0\nb 4 2 1\ns 1 4\n",                                3, "the id 0"                  },
    { "ppoi 1 0 1 0 0\nb 4 2 1\nc 0 4 60 0 0.85\n",                      3, "above 0"                   },
    { "ppoi 1 0 1 0 0\nb 4 2 1\nc 0 4 60 20 1.01\n",                     3, "efficiency"                },
    { "ppoi 1 0 1 0 0\nb 4 2 1\nc 0 4 60 20 x\n",                        3, "efficiency"                },
    { HEAD "r 0 1 M 50 3 0\n" TWO,                                       5, "S or L"                    },
    { HEAD "r 0 0 S 50 3 0\n" TWO,                                       5, "rooms"                     },
    { HEAD "r 0 1 S 50 97 0\n" TWO,                                      5, "quarter hours"             },
    { HEAD "r 0 1 S 50 3 1 0\n" TWO,                                     5, "another activity"          },
    { HEAD "r 0 1 S 50 3 1 2\n" TWO,                                     5, "builds on"                 },
    { HEAD "r 0 1 S 50 3 1\n" TWO,                                       5, "as many ids"               },
    { HEAD "r 0 1 S 50 3 0\na 0 1 L 20 3 40 10 0\n",                     6, "recurring"                 },
    { HEAD TWO "a 0 1 L 20 3 40\n",                                      7, "penalty"                   },
    { HEAD TWO "a 0 1 L 20 3 40 10 0\na 1 1 L 20 3 40 10 0\n",           8, "end of the file"           },
    { HEAD "r 0 1 S 50 3 1 1\nr 1 2 S 40 2 1 0\na 0 1 L 20 3 40 10 0\n", 7, "do not build on each other"},
};

static void a_mistake_is_named_by_its_line(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const mistake *m = &mistakes[i];
        po_instance p;
        char text[300] = "";
        mizo_diags *d = mizo_diags_new(10);
        mizo_err e = po_read(m->text, strlen(m->text), "x.txt", d, &p);
        if (mizo_diags_kept(d))
            mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
        if ((e == MIZO_OK) != !*m->wanted || (e && mizo_diags_count(d, MIZO_ERROR) != 1))
            fail_msg("case %zu: %s %s", i, mizo_err_text(e), text);
        if (e) {
            assert_string_equal(mizo_diags_at(d, 0)->at.file, "x.txt");
            if (!strstr(text, m->wanted) || (m->line && *m->text && mizo_diags_at(d, 0)->at.line != m->line))
                fail_msg("case %zu: line %d: %s", i, mizo_diags_at(d, 0)->at.line, text);
        } else {
            assert_int_equal(p.nrecurring, 2);
            assert_int_equal(p.battery[0].levels, 12);
            assert_true(fabs(p.battery[0].charge_kw - 20 / sqrt(0.85)) < 1e-12);
            assert_true(p.recurring[1].kw == 80 && p.recurring[1].before[0] == 0 && p.once[0].size == 1);
            po_free(&p);
        }
        mizo_diags_free(d);
    }
}

static const char *data(void)
{
    const char *dir = getenv("MIZO_DATA");
    FILE *f;
    char path[1024];
    if (!dir)
        return NULL;
    snprintf(path, sizeof path, "%s/ieee_po/instances/phase2_instance_small_0.txt", dir);
    f = fopen(path, "rb");
    if (f)
        fclose(f);
    return f ? dir : NULL;
}

static char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = malloc(1 << 20);
    assert_non_null(text);
    *n = fread(text, 1, 1 << 20, f);
    fclose(f);
    return text;
}

/* Each official instance is read, and a hasty plan of it keeps the rules. */
static void official_instances(void **unused)
{
    (void)unused;
    const char *dir = data();
    if (!dir) {
        print_message("# MIZO_DATA has no ieee_po: skipped\n");
        skip();
    }
    enum { DAY = 96, WEEK = 7 * DAY, STEPS = 4 * WEEK };
    int *day = calloc(STEPS, sizeof *day);
    bool *work = calloc(STEPS, sizeof *work);
    double *price = calloc(STEPS, sizeof *price), *base = calloc(STEPS, sizeof *base);
    for (int t = 0; t < STEPS; t++) {
        day[t] = t / DAY;
        work[t] = day[t] % 7 < 5 && t % DAY >= 36 && t % DAY < 68;
        price[t] = 0.01;
        base[t] = 500;
    }
    for (int i = 0; i < 10; i++) {
        char path[1024];
        po_instance p;
        size_t n;
        snprintf(path, sizeof path, "%s/ieee_po/instances/phase2_instance_%s_%d.txt", dir,
                 i < 5 ? "small" : "large", i % 5);
        char *text = slurp(path, &n);
        assert_int_equal(po_read(text, n, path, NULL, &p), MIZO_OK);
        free(text);
        assert_int_equal(p.nrecurring, i < 5 ? 50 : 200);
        assert_int_equal(p.nonce, i < 5 ? 20 : 100);
        assert_int_equal(p.battery[0].levels, 8);
        assert_int_equal(p.battery[1].levels, 28);
        if (i % 5) { /* the first of each kind is planned */
            po_free(&p);
            continue;
        }
        activity_case c = { STEPS,
                            0,
                            WEEK,
                            4,
                            day,
                            work,
                            p.nbuilding,
                            (const int(*)[ACTIVITY_SIZES])p.rooms,
                            p.nrecurring,
                            p.nonce,
                            p.nbattery,
                            p.recurring,
                            p.once,
                            p.battery,
                            price,
                            0.005,
                            1,
                            base };
        activity_plan plan;
        activity_fault fault;
        int which;
        assert_int_equal(activity_plan_init(&plan, &c), MIZO_OK);
        assert_int_equal(activity_solve(&c, (activity_effort){ 1, 3, 4000, 1 }, &plan), MIZO_OK);
        assert_int_equal(activity_check(&c, &plan, &fault, &which), MIZO_OK);
        assert_int_equal(fault, ACTIVITY_FINE);
        activity_plan_free(&plan, &c);
        po_free(&p);
    }
    free(day);
    free(work);
    free(price);
    free(base);
}

/* What is foreseen does not change when what came does. */
static void nothing_is_known_of_what_came(void **unused)
{
    (void)unused;
    const char *dir = data();
    if (!dir) {
        print_message("# MIZO_DATA has no ieee_po: skipped\n");
        skip();
    }
    enum { PATHS = 2 };
    static po_months m;
    assert_int_equal(po_months_read(dir, NULL, &m), MIZO_OK);
    assert_true(m.n >= 2);
    size_t n = (size_t)m.month[0].steps * PATHS;
    double *before = calloc(n, sizeof *before), *after = calloc(n, sizeof *after);
    assert_int_equal(m.month[0].weeks, 4);
    assert_int_equal(m.month[0].quarter[m.month[0].first], 0);
    for (po_known how = PO_PLAIN; how < PO_KNOWN; how++) {
        assert_int_equal(po_foresee(&m, how, PATHS, before), MIZO_OK);
        for (int i = 0; i < m.month[0].steps; i++)
            m.month[0].used[i] += 1000 + i;
        assert_int_equal(po_foresee(&m, how, PATHS, after), MIZO_OK);
        assert_memory_equal(before, after, n * sizeof *before);
        for (int i = 0; i < m.month[0].steps; i++)
            m.month[0].used[i] -= 1000 + i;
        if (how == PO_STATE) { /* but it does with what is told */
            for (int i = 0; i < m.month[0].steps; i++)
                m.month[0].state[i] *= 1 + 0.1 * (m.month[0].day[i] % 3);
            assert_int_equal(po_foresee(&m, how, PATHS, after), MIZO_OK);
            assert_memory_not_equal(before, after, n * sizeof *before);
        }
    }
    free(before);
    free(after);
    po_months_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_is_named_by_its_line),
        cmocka_unit_test(official_instances),
        cmocka_unit_test(nothing_is_known_of_what_came),
    };
    return cmocka_run_group_tests_name("bench-po", tests, NULL, NULL);
}
