/* test_shape.c: JSON objects by rows of fields: every mistake at once, with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/shape.h"
#include "mizo/messages/account.h"

typedef struct thing {
    char id[41], text[24], lines[64], word[8];
    int64_t n;
    bool yes;
    mizo_day day;
    unsigned set;
} thing;

static const char *const words[] = { "red", "blue", NULL };

#define AT(member) offsetof(thing, member), sizeof((thing *)0)->member

static const shape_field rows[] = {
    {"id",     SHAPE_ID,    true,  1, 40, NULL,  AT(id)   },
    { "text",  SHAPE_TEXT,  false, 2, 5,  NULL,  AT(text) },
    { "lines", SHAPE_LINES, false, 0, 40, NULL,  AT(lines)},
    { "word",  SHAPE_TEXT,  false, 0, 0,  words, AT(word) },
    { "n",     SHAPE_INT,   false, 1, 9,  NULL,  AT(n)    },
    { "yes",   SHAPE_BOOL,  false, 0, 0,  NULL,  AT(yes)  },
    { "day",   SHAPE_DAY,   false, 0, 0,  NULL,  AT(day)  },
    { "set",   SHAPE_WORDS, false, 1, 0,  words, AT(set)  },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void said(const char *text, char *out, size_t cap)
{
    thing t;
    mizo_diags *d = mizo_diags_new(0);
    size_t n = 0;
    out[0] = '\0';
    mizo_err e = shape_read(rows, ROWS, text, strlen(text), "body", &t, d);
    assert_int_equal(e, mizo_diags_kept(d) ? MIZO_EINPUT : MIZO_OK);
    for (size_t i = 0; i < mizo_diags_kept(d) && n < cap; i++) {
        const mizo_diag *g = mizo_diags_at(d, i);
        n += (size_t)snprintf(out + n, cap - n, "%d:%d %s;", g->at.line, g->at.column,
                              mizo_msg_name(g->id) + 6);
    }
    mizo_diags_free(d);
}

static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"{\"id\":\"a-1\"}",                                   ""                                          },
        { "{}",                                                "1:2 MISSING;"                              },
        { "",                                                  "1:1 JSON;"                                 },
        { "[]",                                                "1:1 OBJECT;"                               },
        { "{\"id\":\"a\"} x",                                  "1:12 JSON;"                                },
        { "{\"id\":\"A\"}",                                    "1:7 ID;"                                   },
        { "{\"id\":7}",                                        "1:7 KIND;"                                 },
        { "{\"id\":\"a\",\"id\":\"b\"}",                       "1:16 TWICE;"                               },
        { "{\"id\":\"a\",\"no\":{\"id\":[1]}}",                "1:16 UNKNOWN;"                             },
        { "{\"id\":\"a\",\"text\":\"x\"}",                     "1:18 LENGTH;"                              },
        { "{\"id\":\"a\",\"text\":\"\\u3042\\u3044\\u3046\"}", ""                                          },
        { "{\"id\":\"a\",\"text\":\"abcdef\"}",                "1:18 LENGTH;"                              },
        { "{\"id\":\"a\",\"text\":\"a\\nb\"}",                 "1:18 LETTERS;"                             },
        { "{\"id\":\"a\",\"text\":\"a\\u0000b\"}",             "1:18 LENGTH;"                              },
        { "{\"id\":\"a\",\"lines\":\"a\\nb\"}",                ""                                          },
        { "{\"id\":\"a\",\"lines\":\"a\\tb\"}",                "1:19 LETTERS;"                             },
        { "{\"id\":\"a\",\"word\":\"green\"}",                 "1:18 WORD;"                                },
        { "{\"id\":\"a\",\"n\":0}",                            "1:15 RANGE;"                               },
        { "{\"id\":\"a\",\"n\":1.5}",                          "1:15 RANGE;"                               },
        { "{\"id\":\"a\",\"n\":\"3\"}",                        "1:15 KIND;"                                },
        { "{\"id\":\"a\",\"yes\":1}",                          "1:17 KIND;"                                },
        { "{\"id\":\"a\",\"day\":\"2023-02-29\"}",             "1:17 DAY;"                                 },
        { "{\"id\":\"a\",\"set\":[]}",                         "1:18 FEW;"                                 },
        { "{\"id\":\"a\",\"set\":[\"red\",\"grey\",3]}",       "1:24 WORD;1:31 KIND;"                      },
        { "{\"n\":10,\n \"day\":\"x\",\n \"zz\":1}",           "1:6 RANGE;2:8 DAY;3:7 UNKNOWN;3:8 MISSING;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[512];
        said(cases[i].text, out, sizeof out);
        if (strcmp(out, cases[i].said))
            fail_msg("%s\n gives %s\n not %s", cases[i].text, out, cases[i].said);
    }
}

static void there_and_back(void **state)
{
    (void)state;
    static const char text[] =
        "{\"id\":\"a\",\"text\":\"abc\",\"lines\":\"x\\ny\",\"word\":\"blue\",\"n\":4,\"yes\":true,"
        "\"day\":\"2024-02-29\",\"set\":[\"red\",\"blue\"]}";
    thing t;
    buf out;
    json j;
    buf_init(&out, 4096);
    assert_int_equal(shape_read(rows, ROWS, text, strlen(text), NULL, &t, NULL), MIZO_OK);
    assert_int_equal(t.set, 3);
    json_init(&j, &out);
    json_object(&j, NULL);
    shape_write(rows, ROWS, &t, &j);
    json_end(&j);
    assert_string_equal(out.p, text);
    buf_fini(&out);
    /* What is not given is nothing. */
    assert_int_equal(shape_read(rows, ROWS, "{\"id\":\"b\"}", 10, NULL, &t, NULL), MIZO_OK);
    assert_int_equal(t.day, MIZO_DAY_NONE);
    assert_int_equal(t.n, 0);
    assert_string_equal(t.text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(mistakes), cmocka_unit_test(there_and_back) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
