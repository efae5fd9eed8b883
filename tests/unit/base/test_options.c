/* The command line, from rows. */
#include "check.h"

#include "base/options.h"
#include "mizo/slot.h"

typedef struct words {
    const char *region;
    bool json;
    int64_t limit;
    mizo_day from;
} words;

static const option_row rows[] = {
    {"--region", OPTION_TEXT, "DIR", "the town",  "町",      true,  offsetof(words, region), 0, 0  },
    { "--json",  OPTION_FLAG, NULL,  "as JSON",   "JSON で", false, offsetof(words, json),   0, 0  },
    { "--limit", OPTION_INT,  "N",   "at most",   "最大",   false, offsetof(words, limit),  1, 100},
    { "--from",  OPTION_DATE, "D",   "first day", "初日",   false, offsetof(words, from),   0, 0  },
};

/* Splits `line` at spaces and parses it. */
static mizo_err parse(const char *line, const char *lang, words *w, size_t *nrest, char *fault, size_t cap)
{
    char copy[256], *argv[16];
    const char *rest[2];
    int argc = 0;
    strncpy(copy, line, sizeof copy - 1);
    copy[sizeof copy - 1] = 0;
    for (char *p = strtok(copy, " "); p; p = strtok(NULL, " "))
        argv[argc++] = p;
    buf b;
    buf_init(&b, 0);
    *w = (words){ 0 };
    mizo_err err = options_parse(rows, ROWS(rows), argc, argv, w, rest, nrest, ROWS(rest), lang, &b);
    strncpy(fault, b.p ? b.p : "", cap - 1);
    fault[cap - 1] = 0;
    buf_fini(&b);
    return err;
}

static void good(void **state)
{
    (void)state;
    words w;
    size_t n;
    char fault[256];
    assert_int_equal(
        parse("a --region town --json --limit=5 --from R5.4.1 b", "en", &w, &n, fault, sizeof fault), 0);
    assert_true(w.json && w.limit == 5 && n == 2);
    assert_int_equal(w.from, mizo_date_day((mizo_date){ 2023, 4, 1 }));
    assert_int_equal(parse("--region=x -- --json -", "en", &w, &n, fault, sizeof fault), 0);
    assert_false(w.json);
    assert_int_equal(n, 2);
    assert_int_equal(parse("--region x -", "en", &w, &n, fault, sizeof fault), 0); /* - is standard input */
    assert_int_equal(n, 1);
}

static void faults(void **state)
{
    (void)state;
    static const struct {
        const char *line, *en, *ja;
    } row[] = {
        {"--regoin x",               "unknown option --regoin; did you mean --region?",
         "オプション --regoin はありません。--region のことですか"                                                             },
        { "--colour",                "unknown option --colour; --help lists them",
         "オプション --colour はありません。--help で一覧が出ます"                                                            },
        { "--json",                  "--region DIR is needed",                             "--region DIR が要ります"                        },
        { "--region",                "--region needs DIR after it",                        "--region の後に DIR を書いてください"     },
        { "--region x --json=yes",   "--json takes no value, but 'yes' was given",
         "--json に値 (「yes」) は付きません"                                                                                          },
        { "--region x --limit many", "--limit needs a whole number, not 'many'",
         "--limit は整数で書いてください (今は「many」)"                                                                          },
        { "--region x --limit 101",  "--limit must be in 1..100",                          "--limit は 1..100 の範囲で書いてください"},
        { "--region x --from then",  "--from needs a date such as 2023-04-01, not 'then'",
         "--from は 2023-04-01 のような日付で書いてください (今は「then」)"                                                   },
        { "--region x a b c",        "'c' is one word too many",                           "「c」は余分です"                              },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        words w;
        size_t n;
        char fault[256];
        assert_int_equal(parse(row[i].line, "en", &w, &n, fault, sizeof fault), MIZO_EINPUT);
        assert_string_equal(fault, row[i].en);
        assert_int_equal(parse(row[i].line, "ja", &w, &n, fault, sizeof fault), MIZO_EINPUT);
        assert_string_equal(fault, row[i].ja);
    }
}

static void help(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 0);
    options_help(rows, ROWS(rows), "en", &b);
    assert_string_equal(b.p, "  --region DIR           the town (needed)\n"
                             "  --json                 as JSON\n"
                             "  --limit N              at most\n"
                             "  --from D               first day\n");
    buf_clear(&b);
    options_help(rows, ROWS(rows), "ja", &b);
    assert_non_null(strstr(b.p, "町 (必須)"));
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good),
        cmocka_unit_test(faults),
        cmocka_unit_test(help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
