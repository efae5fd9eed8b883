/* What may be posted, and which accounts are guarded. */
#include "base/check.h"

#include <stdio.h>
#include <string.h>

#include "mizo/books.h"
#include "mizo/messages/books.h"

static mizo_entry good(const int32_t *slots)
{
    return (mizo_entry){ .seq = 7,
                         .known = 1,
                         .day = 18813,
                         .from = "world",
                         .to = "source:mill",
                         .unit = "Wh-re",
                         .kind = "generation",
                         .ref = "day:2021-07-05",
                         .amount = 48,
                         .slots = slots };
}

static mizo_err checked(const mizo_entry *e, mizo_msg want)
{
    mizo_diags *d = mizo_diags_new(0);
    mizo_err err = mizo_entry_check(e, d);
    assert_int_equal(mizo_diags_kept(d), err ? 1 : 0);
    if (err)
        assert_string_equal(mizo_msg_name(mizo_diags_at(d, 0)->id), mizo_msg_name(want));
    mizo_diags_free(d);
    assert_int_equal(mizo_entry_check(e, NULL), err);
    return err;
}

static void entries(void **state)
{
    (void)state;
    int32_t ones[48], minus[48];
    for (int i = 0; i < 48; i++)
        ones[i] = minus[i] = 1;
    minus[0] = 3;
    minus[1] = -1;
    mizo_entry e = good(ones);
    assert_int_equal(checked(&e, 0), MIZO_OK);
    e = good(ones);
    e.ref = "";
    assert_int_equal(checked(&e, 0), MIZO_OK);

    char longest[82];
    memset(longest, 'a', 81);
    longest[81] = 0;
    struct {
        const char *from, *to, *unit, *kind, *ref;
        int64_t amount;
        const int32_t *slots;
        mizo_msg say;
    } bad[] = {
        {"World",    "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "",        "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   NULL,     "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   longest,  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   "use:b",  "",      "match",   "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   "use:b",  "Wh re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   "use:b",  "Wh-re", "K",       "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   "use:b",  "Wh-re", "match",   "x y", 48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   "use:b",  "Wh-re", "match",   NULL,  48,  ones,  MIZO_MSG_BOOKS_BAD_ID       },
        { "use:a",   "use:a",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_TO_ITSELF    },
        { "bank:a",  "bank:b", "uyen",  "payment", "",    0,   NULL,  MIZO_MSG_BOOKS_BAD_AMOUNT   },
        { "bank:a",  "bank:b", "uyen",  "payment", "",    -48, NULL,  MIZO_MSG_BOOKS_BAD_AMOUNT   },
        { "use:a",   "use:b",  "Wh-re", "match",   "",    47,  ones,  MIZO_MSG_BOOKS_BAD_SUM      },
        { "use:a",   "use:b",  "Wh-re", "match",   "",    48,  minus, MIZO_MSG_BOOKS_BAD_SLOT     },
        { "used:a",  "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_ACCOUNT   },
        { "use",     "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_ACCOUNT   },
        { "use:",    "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_ACCOUNT   },
        { "world:a", "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_ACCOUNT   },
        { "us",      "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_ACCOUNT   },
        { "use:a",   "use:b",  "Wh-",   "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_UNIT      },
        { "use:a",   "use:b",  "kWh",   "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NO_UNIT      },
        { "use:a",   "use:b",  "yen",   "match",   "",    48,  NULL,  MIZO_MSG_BOOKS_NO_UNIT      },
        { "use:a",   "use:b",  "Wh-re", "gift",    "",    48,  ones,  MIZO_MSG_BOOKS_NO_KIND      },
        { "use:a",   "use:b",  "Wh-re", "bill",    "",    48,  ones,  MIZO_MSG_BOOKS_NOT_MOVED    },
        { "bank:a",  "use:b",  "Wh-re", "match",   "",    48,  ones,  MIZO_MSG_BOOKS_NOT_HELD     },
        { "bank:a",  "use:b",  "uyen",  "payment", "",    48,  NULL,  MIZO_MSG_BOOKS_NOT_HELD     },
        { "bank:a",  "bank:b", "uyen",  "payment", "",    48,  ones,  MIZO_MSG_BOOKS_NO_SLOTS     },
        { "use:a",   "use:b",  "Wh-re", "match",   "",    48,  NULL,  MIZO_MSG_BOOKS_SLOTS_MISSING},
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        e = (mizo_entry){ 1,           2,           3,          bad[i].from,   bad[i].to,
                          bad[i].unit, bad[i].kind, bad[i].ref, bad[i].amount, bad[i].slots };
        if (checked(&e, bad[i].say) != MIZO_EINPUT)
            fail_msg("row %zu was taken", i);
    }
}

/* What others post. */
static void good_ones(void **state)
{
    (void)state;
    static const char *const row[][4] = {
        {"sales:k-001",       "customer:p-001",       "uyen",           "bill"     },
        { "customer:p-001",   "bank:main",            "uyen",           "payment"  },
        { "supplier:p-090",   "cost:market",          "uyen",           "purchase" },
        { "accrued:capacity", "cost:capacity",        "uyen",           "accrual"  },
        { "world",            "cert:lot-1",           "Wh-nonfit-2026", "issue"    },
        { "cert:lot-1",       "claim:menu-re:2026",   "Wh-nonfit-2026", "retire"   },
        { "world",            "emission:town:market", "mg",             "emission" },
        { "source:mill",      "group:own",            "Wh",             "imbalance"},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        mizo_entry e = { 1, 2, 3, row[i][0], row[i][1], row[i][2], row[i][3], "r:1", 5, NULL };
        assert_int_equal(checked(&e, 0), MIZO_OK);
    }
}

/* Every row finds itself, and docs/formats/accounts.md has it. */
static char page[1 << 16];
static void on_page(const char *what)
{
    if (!strstr(page, what))
        fail_msg("docs/formats/accounts.md has no row %s", what);
}

static void the_list(void **state)
{
    (void)state;
    char row[400];
    size_t n;
    FILE *f = fopen(ACCOUNTS_PAGE, "r");
    assert_non_null(f);
    page[fread(page, 1, sizeof page - 1, f)] = 0;
    fclose(f);
    const mizo_account_rule *a = mizo_account_rules(&n);
    for (size_t i = 0; i < n; i++) {
        snprintf(row, sizeof row, "%s%s", a[i].name, a[i].named ? ":x" : "");
        assert_ptr_equal(mizo_account_rule_of(row), &a[i]);
        snprintf(row, sizeof row, "| `%s%s` |", a[i].name, a[i].named ? ":ID" : "");
        on_page(row);
        snprintf(row, sizeof row, "| %s | %s |\n", a[i].close ? "yes" : "no", a[i].en);
        on_page(row);
    }
    const mizo_unit_rule *u = mizo_unit_rules(&n);
    for (size_t i = 0; i < n; i++) {
        bool family = u[i].name[strlen(u[i].name) - 1] == '-';
        snprintf(row, sizeof row, "%s%s", u[i].name, family ? "x" : "");
        assert_ptr_equal(mizo_unit_rule_of(row), &u[i]);
        snprintf(row, sizeof row, "| `%s` |", u[i].name);
        on_page(row);
        on_page(u[i].en);
    }
    const mizo_kind_rule *k = mizo_kind_rules(&n);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(mizo_kind_rule_of(k[i].name), &k[i]);
        snprintf(row, sizeof row, "| `%s` |", k[i].name);
        on_page(row);
        snprintf(row, sizeof row, "| %s |\n", k[i].en);
        on_page(row);
    }
}

static void guards(void **state)
{
    (void)state;
    assert_true(mizo_account_guarded("source:mill", "Wh-re"));
    assert_true(mizo_account_guarded("pool:town", "Wh-re"));
    assert_true(mizo_account_guarded("worldly", "Wh-re"));
    assert_false(mizo_account_guarded("world", "Wh-re"));
    assert_false(mizo_account_guarded("customer:a", "uyen"));
    assert_false(mizo_account_guarded("customer:a", "Wh"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(entries), cmocka_unit_test(good_ones),
                                        cmocka_unit_test(the_list), cmocka_unit_test(guards) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
