/* What may be posted, and which accounts are guarded. */
#include "base/check.h"

#include "mizo/books.h"

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
    e.slots = NULL; /* money has none */
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
        {"World", "b",     "Wh-re", "k", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "",     "b",     "Wh-re", "k", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    NULL,    "Wh-re", "k", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    longest, "Wh-re", "k", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    "b",     "",      "k", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    "b",     "Wh re", "k", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    "b",     "Wh-re", "K", "",    48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    "b",     "Wh-re", "k", "x y", 48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    "b",     "Wh-re", "k", NULL,  48,  ones,  MIZO_MSG_BOOKS_BAD_ID    },
        { "a",    "a",     "Wh-re", "k", "",    48,  ones,  MIZO_MSG_BOOKS_TO_ITSELF },
        { "a",    "b",     "Wh-re", "k", "",    0,   NULL,  MIZO_MSG_BOOKS_BAD_AMOUNT},
        { "a",    "b",     "Wh-re", "k", "",    -48, NULL,  MIZO_MSG_BOOKS_BAD_AMOUNT},
        { "a",    "b",     "Wh-re", "k", "",    47,  ones,  MIZO_MSG_BOOKS_BAD_SUM   },
        { "a",    "b",     "Wh-re", "k", "",    48,  minus, MIZO_MSG_BOOKS_BAD_SLOT  },
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        e = (mizo_entry){ 1,           2,           3,          bad[i].from,   bad[i].to,
                          bad[i].unit, bad[i].kind, bad[i].ref, bad[i].amount, bad[i].slots };
        if (checked(&e, bad[i].say) != MIZO_EINPUT)
            fail_msg("row %zu was taken", i);
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
    const struct CMUnitTest tests[] = { cmocka_unit_test(entries), cmocka_unit_test(guards) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
