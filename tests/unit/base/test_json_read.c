/* JSON read piece by piece: tokens, places, bounds, and what is not JSON. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json_read.h"

/* All tokens as one line of text: kind letter, key, text. Ends with "!column line why" at a fault. */
static void tokens(const char *text, size_t n, char *out, size_t cap)
{
    static const char letter[] = "$oa.snTFN";
    json_reader r;
    json_token t;
    size_t at = 0;
    json_read_init(&r, text, n);
    for (int i = 0; i < 4000; i++) {
        if (json_next(&r, &t)) {
            snprintf(out + at, cap - at, "!%d:%d %s", t.line, t.column, r.what);
            return;
        }
        if (t.kind == JSON_END)
            return;
        int k = snprintf(out + at, cap - at, "%c%s%s%s ", letter[t.kind], t.has_key ? t.key : "",
                         t.has_key && *t.text ? "=" : "", t.text);
        at += (size_t)k < cap - at ? (size_t)k : cap - at - 1;
    }
    fail_msg("does not end: %.80s", text);
}

static void shapes(void **state)
{
    (void)state;
    static const struct {
        const char *json, *is;
    } row[] = {
        {"{}",                                                     "o . "                          },
        { " [ ] \n",                                               "a . "                          },
        { "[1,-2.5e+3,0,0.10,1E9]",                                "a n1 n-2.5e+3 n0 n0.10 n1E9 . "},
        { "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"x\"}}", "o na=1 ab T F N . oc sd=x . . "},
        { "\"\\u3042\\n\\\"\\\\\\/\"",                             "sあ\n\"\\/ "                  },
        { "\"\\ud83c\\udf1e\"",                                    "s🌞 "                        },
        { "\xef\xbb\xbf[]",                                        "a . "                          },
        { "7",                                                     "n7 "                           },
        { "{\"\":0}",                                              "o n=0 . "                      },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char out[400] = "";
        tokens(row[i].json, strlen(row[i].json), out, sizeof out);
        assert_string_equal(out, row[i].is);
    }
}

static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *json, *place;
    } row[] = {
        {"",                      "!1:1 " },
        { "[",                    "!1:2 " },
        { "[1",                   "!1:3 " },
        { "[1,]",                 "!1:4 " },
        { "[,1]",                 "!1:2 " },
        { "[1 2]",                "!1:4 " },
        { "{\"a\" 1}",            "!1:6 " },
        { "{a:1}",                "!1:2 " },
        { "{\"a\":1,}",           "!1:8 " },
        { "[1}",                  "!1:3 " },
        { "{\"a\":1]",            "!1:7 " },
        { "[01]",                 "!1:2 " },
        { "[1.]",                 "!1:2 " },
        { "[.5]",                 "!1:2 " },
        { "[-]",                  "!1:2 " },
        { "[1e]",                 "!1:2 " },
        { "[+1]",                 "!1:2 " },
        { "[NaN]",                "!1:2 " },
        { "[tru]",                "!1:2 " },
        { "[\"a]",                "!1:5 " },
        { "[\"\\x\"]",            "!1:4 " },
        { "[\"\\u12g4\"]",        "!1:7 " },
        { "[\"\\ud800\"]",        "!1:9 " },
        { "[\"\\ud800\\u0041\"]", "!1:15 "},
        { "[\"\x01\"]",           "!1:3 " },
        { "[\"\xff\"]",           "!1:3 " },
        { "[\"\xe3\x81\"]",       "!1:3 " },
        { "[]\n x",               "!2:2 " },
        { "{\n \"あ\": ?}",      "!2:7 " },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char out[400] = "";
        tokens(row[i].json, strlen(row[i].json), out, sizeof out);
        const char *at = strrchr(out, '!');
        if (!at || strncmp(at, row[i].place, strlen(row[i].place)))
            fail_msg("%s: %s instead of %s", row[i].json, out, row[i].place);
    }
}

/* A fault stays; so does the end. */
static void for_good(void **state)
{
    (void)state;
    json_reader r;
    json_token t;
    json_read_init(&r, "[x]", 3);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    assert_int_equal(json_next(&r, &t), MIZO_EINPUT);
    assert_int_equal(json_next(&r, &t), MIZO_EINPUT);
    json_read_init(&r, "1", 1);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(json_next(&r, &t), MIZO_OK);
        assert_int_equal(t.kind, JSON_END);
    }
}

static void bounds(void **state)
{
    (void)state;
    char text[2000], out[4000] = "";
    memset(text, '[', JSON_DEPTH + 1);
    tokens(text, JSON_DEPTH, out, sizeof out);
    assert_non_null(strstr(out, "!1:33 the text ends"));
    tokens(text, JSON_DEPTH + 1, out, sizeof out);
    assert_non_null(strstr(out, "!1:33 more than 32"));

    /* A long text is cut between letters, a long number is refused. */
    json_reader r;
    json_token t;
    char wide[2 * JSON_TEXT_MOST];
    int n = snprintf(wide, sizeof wide, "\"");
    for (int i = 0; i < JSON_TEXT_MOST / 3 + 10; i++)
        n += snprintf(wide + n, sizeof wide - (size_t)n, "あ");
    n += snprintf(wide + n, sizeof wide - (size_t)n, "\"");
    json_read_init(&r, wide, (size_t)n);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    assert_true(t.cut);
    assert_int_equal(strlen(t.text), (JSON_TEXT_MOST - 1) / 3 * 3);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    assert_int_equal(t.kind, JSON_END);
    memset(text, '1', 300);
    json_read_init(&r, text, 300);
    assert_int_equal(json_next(&r, &t), MIZO_EINPUT);
}

static void skipping(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,{\"b\":[2]},[]],\"c\":3}";
    json_reader r;
    json_token t;
    json_read_init(&r, text, sizeof text - 1);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    assert_string_equal(t.key, "a");
    json_reader copy = r; /* a copy reads on by itself */
    assert_int_equal(json_skip(&r, &t), MIZO_OK);
    assert_int_equal(json_next(&r, &t), MIZO_OK);
    assert_string_equal(t.key, "c");
    assert_int_equal(json_skip(&r, &t), MIZO_OK); /* no container: nothing to pass by */
    assert_int_equal(json_next(&copy, &t), MIZO_OK);
    assert_string_equal(t.text, "1");
}

/* Every beginning of a text is refused, none of them read beyond its end. */
static void cut_anywhere(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1.5e-3,\"x\\u3042\",true,null],\"b\":{\"c\":-0}}";
    for (size_t n = 0; n < sizeof text - 1; n++) {
        char out[400] = "", *copy = malloc(n + 1);
        assert_non_null(copy);
        memcpy(copy, text, n);
        tokens(copy, n, out, sizeof out);
        free(copy);
        assert_non_null(strchr(out, '!'));
    }
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes), cmocka_unit_test(mistakes), cmocka_unit_test(for_good),
        cmocka_unit_test(bounds), cmocka_unit_test(skipping), cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
