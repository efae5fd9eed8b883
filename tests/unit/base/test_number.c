/* Rounding, exact products, splits, and numbers as people write them. */
#include "check.h"

#include "mizo/number.h"

static void rounding(void **state)
{
    (void)state;
    static const struct {
        int64_t a, b, down, up, cut, half, even;
    } row[] = {
        {7,   2, 3,  4,  3,  4,  4 },
        { 5,  2, 2,  3,  2,  3,  2 },
        { -5, 2, -3, -2, -2, -3, -2},
        { -7, 2, -4, -3, -3, -4, -4},
        { 6,  2, 3,  3,  3,  3,  3 },
        { 1,  3, 0,  1,  0,  0,  0 },
        { 2,  3, 0,  1,  0,  1,  1 },
        { -1, 3, -1, 0,  0,  0,  0 },
        { -2, 3, -1, 0,  0,  -1, -1},
        { 0,  9, 0,  0,  0,  0,  0 },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        assert_int_equal(mizo_div_round(row[i].a, row[i].b, MIZO_ROUND_DOWN), row[i].down);
        assert_int_equal(mizo_div_round(row[i].a, row[i].b, MIZO_ROUND_UP), row[i].up);
        assert_int_equal(mizo_div_round(row[i].a, row[i].b, MIZO_ROUND_CUT), row[i].cut);
        assert_int_equal(mizo_div_round(row[i].a, row[i].b, MIZO_ROUND_HALF_UP), row[i].half);
        assert_int_equal(mizo_div_round(row[i].a, row[i].b, MIZO_ROUND_HALF_EVEN), row[i].even);
    }
}

static void products(void **state)
{
    (void)state;
    int64_t out = 0;
    assert_int_equal(mizo_mul_div(INT64_MAX, INT64_MAX, INT64_MAX, MIZO_ROUND_CUT, &out), MIZO_OK);
    assert_true(out == INT64_MAX);
    assert_int_equal(mizo_mul_div(INT64_MAX, 2, 1, MIZO_ROUND_CUT, &out), MIZO_ERANGE);
    assert_int_equal(mizo_mul_div(INT64_MIN, INT64_MIN, 1, MIZO_ROUND_CUT, &out), MIZO_ERANGE);
    assert_int_equal(mizo_mul_div(1, 1, 0, MIZO_ROUND_CUT, &out), MIZO_ERANGE);
    assert_int_equal(mizo_mul_div(7, 1, -2, MIZO_ROUND_HALF_UP, &out), MIZO_OK);
    assert_int_equal(out, -4);
    assert_int_equal(mizo_mul_div(INT64_MIN, 1, 1, MIZO_ROUND_CUT, &out), MIZO_OK);
    assert_true(out == INT64_MIN);
    /* 46.26 % of Kawasaki's FY2023, in hundredths of a percent */
    assert_int_equal(mizo_mul_div(183147067000 + 1883728000, 10000, 400000000000, MIZO_ROUND_HALF_UP, &out),
                     MIZO_OK);
    assert_int_equal(out, 4626);
}

static void splits(void **state)
{
    (void)state;
    int64_t out[200], w[200];
    const int64_t three[] = { 1, 1, 1 };
    assert_int_equal(mizo_split(10, three, 3, out), MIZO_OK);
    assert_true(out[0] == 4 && out[1] == 3 && out[2] == 3); /* ties to the lower index */
    const int64_t some[] = { 0, 5, 3, 2 };
    assert_int_equal(mizo_split(7, some, 4, out), MIZO_OK); /* 0, 3.5, 2.1, 1.4 */
    assert_true(out[0] == 0 && out[1] == 4 && out[2] == 2 && out[3] == 1);
    const int64_t huge[] = { INT64_MAX / 2, INT64_MAX / 2, 1 };
    assert_int_equal(mizo_split(INT64_MAX / 2, huge, 3, out), MIZO_OK);
    assert_true(out[0] + out[1] + out[2] == INT64_MAX / 2);
    const int64_t none[] = { 0, 0 };
    assert_int_equal(mizo_split(0, none, 2, out), MIZO_OK);
    assert_int_equal(mizo_split(1, none, 2, out), MIZO_ERANGE);
    assert_int_equal(mizo_split(0, none, 0, out), MIZO_OK);
    assert_int_equal(mizo_split(5, NULL, 0, out), MIZO_ERANGE);
    const int64_t minus[] = { 1, -1 };
    assert_int_equal(mizo_split(1, minus, 2, out), MIZO_ERANGE);
    assert_int_equal(mizo_split(-1, three, 3, out), MIZO_ERANGE);
    for (uint64_t seed = 0; seed < 2000; seed++) { /* any split sums up, and no share is off by one or more */
        size_t n = 1 + mizo_mix64(seed) % 200;
        int64_t total = (int64_t)(mizo_mix64(seed + 1) % 100000000), sum = 0, all = 0;
        for (size_t i = 0; i < n; i++) {
            w[i] = (int64_t)(mizo_mix64(seed * 977 + i) % (seed % 3 ? 1000000 : 3));
            all += w[i];
        }
        mizo_err err = mizo_split(total, w, n, out);
        if (all == 0) {
            assert_int_equal(err, total ? MIZO_ERANGE : MIZO_OK);
            continue;
        }
        assert_int_equal(err, MIZO_OK);
        for (size_t i = 0; i < n; i++) {
            double exact = (double)total * (double)w[i] / (double)all;
            assert_true((double)out[i] > exact - 1.000001 && (double)out[i] < exact + 1.000001);
            assert_true(w[i] || out[i] == 0);
            sum += out[i];
        }
        assert_true(sum == total);
    }
}

static void texts(void **state)
{
    (void)state;
    char text[MIZO_NUM_TEXT];
    static const struct {
        int64_t v;
        int digits;
        const char *text;
    } row[] = {
        {1234567890, 6,  "1234.567890"          },
        { -1,        6,  "-0.000001"            },
        { 0,         0,  "0"                    },
        { 0,         3,  "0.000"                },
        { 5,         0,  "5"                    },
        { INT64_MIN, 6,  "-9223372036854.775808"},
        { INT64_MAX, 18, "9.223372036854775807" },
        { 12,        -1, "12"                   },
        { 12,        99, "0.000000000000000012" },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        mizo_decimal_text(row[i].v, row[i].digits, text);
        assert_string_equal(text, row[i].text);
    }
    mizo_grouped_text(183147067, text);
    assert_string_equal(text, "183,147,067");
    mizo_grouped_text(-999, text);
    assert_string_equal(text, "-999");
    mizo_grouped_text(1000, text);
    assert_string_equal(text, "1,000");
    mizo_grouped_text(INT64_MIN, text);
    assert_string_equal(text, "-9,223,372,036,854,775,808");
}

static void parsing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int digits;
        mizo_err err;
        int64_t v;
    } row[] = {
        {"1,234.5",                                                               1, MIZO_OK,     12345    },
        { "▲1,234",                                                             0, MIZO_OK,     -1234    },
        { "△3",                                                                 0, MIZO_OK,     -3       },
        { "－5",                                                                 0, MIZO_OK,     -5       },
        { "−5",                                                                 0, MIZO_OK,     -5       },
        { "１２３",                                                            0, MIZO_OK,     123      },
        { "１，２３４．５",                                                1, MIZO_OK,     12345    },
        { "1.2E+3",                                                               0, MIZO_OK,     1200     },
        { "1.2e3",                                                                0, MIZO_OK,     1200     },
        { "12E-1",                                                                1, MIZO_OK,     12       },
        { "1.50",                                                                 1, MIZO_OK,     15       },
        { "1.55",                                                                 1, MIZO_ERANGE, 0        },
        { ".5",                                                                   1, MIZO_OK,     5        },
        { "5.",                                                                   1, MIZO_OK,     50       },
        { "+7",                                                                   0, MIZO_OK,     7        },
        { " 7 ",                                                                  0, MIZO_OK,     7        },
        { "　7　",                                                              0, MIZO_OK,     7        },
        { "-0",                                                                   3, MIZO_OK,     0        },
        { "9223372036854775807",                                                  0, MIZO_OK,     INT64_MAX},
        { "-9223372036854775808",                                                 0, MIZO_OK,     INT64_MIN},
        { "9223372036854775808",                                                  0, MIZO_ERANGE, 0        },
        { "1E30",                                                                 0, MIZO_ERANGE, 0        },
        { "0E30",                                                                 0, MIZO_OK,     0        },
        { "1E-30",                                                                0, MIZO_ERANGE, 0        },
        { "",                                                                     0, MIZO_ENOENT, 0        },
        { "  ",                                                                   0, MIZO_ENOENT, 0        },
        { "-",                                                                    0, MIZO_EINPUT, 0        },
        { "***",                                                                  0, MIZO_EINPUT, 0        },
        { "1,23",                                                                 0, MIZO_EINPUT, 0        },
        { "1,2345",                                                               0, MIZO_EINPUT, 0        },
        { ",123",                                                                 0, MIZO_EINPUT, 0        },
        { "1.2.3",                                                                1, MIZO_EINPUT, 0        },
        { "1.2,345",                                                              1, MIZO_EINPUT, 0        },
        { "0x10",                                                                 0, MIZO_EINPUT, 0        },
        { "1e",                                                                   0, MIZO_EINPUT, 0        },
        { "1e+",                                                                  0, MIZO_EINPUT, 0        },
        { "1e999",                                                                0, MIZO_EINPUT, 0        },
        { "1 2",                                                                  0, MIZO_EINPUT, 0        },
        { "--1",                                                                  0, MIZO_EINPUT, 0        },
        { "kWh",                                                                  0, MIZO_EINPUT, 0        },
        { "川",                                                                  0, MIZO_EINPUT, 0        },
        { "\xff",                                                                 0, MIZO_EINPUT, 0        },
        { "nan",                                                                  0, MIZO_EINPUT, 0        },
        { "11111111111111111111111111111111111111111111111111111111111111111111", 0, MIZO_EINPUT, 0        },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        int64_t v = 0;
        mizo_err err = mizo_decimal_parse(row[i].text, strlen(row[i].text), row[i].digits, &v);
        if (err != row[i].err || (err == MIZO_OK && v != row[i].v))
            fail_msg("'%s': %s, %lld", row[i].text, mizo_err_text(err), (long long)v);
    }
    for (uint64_t seed = 0; seed < 5000; seed++) { /* what is written is read */
        int64_t v = (int64_t)(mizo_mix64(seed) >> (seed % 64)), back;
        char text[MIZO_NUM_TEXT];
        int digits = (int)(seed % 10);
        mizo_decimal_text(seed % 2 ? -v : v, digits, text);
        assert_int_equal(mizo_decimal_parse(text, strlen(text), digits, &back), MIZO_OK);
        assert_true(back == (seed % 2 ? -v : v));
        mizo_grouped_text(v, text);
        assert_int_equal(mizo_decimal_parse(text, strlen(text), 0, &back), MIZO_OK);
        assert_true(back == v);
    }
}

static void chance(void **state)
{
    (void)state;
    /* The first outputs of splitmix64 from seed 0: the same on every machine, for ever. */
    assert_true(mizo_mix64(0) == 0xe220a8397b1dcdafu);
    assert_true(mizo_mix64(0x9e3779b97f4a7c15u) == 0x6e789e6aa1b965f4u);
    double sum = 0;
    for (uint64_t i = 0; i < 10000; i++) {
        double u = mizo_unit(7, i, 3);
        assert_true(u >= 0 && u < 1);
        sum += u;
    }
    assert_true(sum > 4900 && sum < 5100);
    assert_true(mizo_unit(1, 2, 3) == mizo_unit(1, 2, 3));
    assert_true(mizo_unit(1, 2, 3) != mizo_unit(1, 3, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding), cmocka_unit_test(products), cmocka_unit_test(splits),
        cmocka_unit_test(texts),    cmocka_unit_test(parsing),  cmocka_unit_test(chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
