/* UTF-8, CP932 and words. */
#include "check.h"

#include <iconv.h>
#include <stdlib.h>

#include "base/text.h"

static void utf8(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        char s[4];
        uint32_t back = 0;
        size_t n = utf8_put(cp, s);
        if (cp >= 0xd800 && cp <= 0xdfff) {
            assert_int_equal(utf8_get(s, n, &back), 0);
            continue;
        }
        assert_int_equal(utf8_get(s, n, &back), n);
        assert_int_equal(back, cp);
        assert_int_equal(utf8_get(s, n - 1, &back), 0);
    }
    static const char *const bad[] = { "\x80",
                                       "\xc0\x80",
                                       "\xc1\xbf",
                                       "\xe0\x80\x80",
                                       "\xf0\x80\x80\x80",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xe5\xb7",
                                       "\xe5\x28\x9d",
                                       "\xff" };
    for (size_t i = 0; i < ROWS(bad); i++) {
        char line[64] = "plain text of sixteen ";
        strcat(line, bad[i]);
        assert_false(utf8_valid(line, strlen(line)));
    }
    assert_true(utf8_valid("plain text of sixteen 川崎", 28));
    assert_true(utf8_valid("", 0));
}

/* Every code of two bytes, against the C library's own table of Windows-31J. */
static void cp932_table(void **state)
{
    (void)state;
    iconv_t cd = iconv_open("UTF-8", "CP932");
    assert_true(cd != (iconv_t)-1);
    int both = 0;
    for (unsigned code = 0x8140; code <= 0xfcfc; code++) {
        char in[2] = { (char)(code >> 8), (char)code }, want[8], *from = in, *to = want;
        size_t n_in = 2, n_out = sizeof want, bad;
        unsigned lead = code >> 8;
        if ((lead >= 0xa0 && lead <= 0xdf) || lead < 0x81)
            continue;
        iconv(cd, NULL, NULL, NULL, NULL);
        bool known = iconv(cd, &from, &n_in, &to, &n_out) == 0 && n_in == 0;
        buf out;
        buf_init(&out, 0);
        mizo_err err = cp932_to_utf8(in, 2, &out, &bad);
        if (known != (err == MIZO_OK))
            fail_msg("%04x: %s", code, mizo_err_text(err));
        if (known && (out.n != sizeof want - n_out || memcmp(out.p, want, out.n)))
            fail_msg("%04x is another letter", code);
        if (known) { /* and back: to the same letter, if not to the same code */
            both++;
            uint32_t bad_cp;
            buf again, letter;
            buf_init(&again, 0);
            buf_init(&letter, 0);
            assert_int_equal(utf8_to_cp932(out.p, out.n, &again, &bad_cp), MIZO_OK);
            assert_int_equal(cp932_to_utf8(again.p, again.n, &letter, &bad), MIZO_OK);
            assert_string_equal(letter.p, out.p);
            buf_fini(&again);
            buf_fini(&letter);
        }
        buf_fini(&out);
    }
    iconv_close(cd);
    assert_true(both > 9000);
}

static void cp932_letters(void **state)
{
    (void)state;
    static const struct {
        const char *utf8, *cp932;
    } row[] = {
        {"①髙～－",          "\x87\x40\xfb\xfc\x81\x60\x81\x7c" },
        { "∪∵",               "\x81\xbe\x81\xe6"                 }, /* of two codes, the one that Windows writes */
        { "川崎 ABC ｱｲｳ", "\x90\xec\x8d\xe8 ABC \xb1\xb2\xb3"},
        { "纊",                  "\xfa\x5c"                         },
        { "~\\",                  "~\\"                              },
        { "",                     ""                                 },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        buf b;
        uint32_t bad_cp;
        size_t bad_at;
        buf_init(&b, 0);
        assert_int_equal(utf8_to_cp932(row[i].utf8, strlen(row[i].utf8), &b, &bad_cp), MIZO_OK);
        assert_string_equal(b.p ? b.p : "", row[i].cp932);
        buf_clear(&b);
        assert_int_equal(cp932_to_utf8(row[i].cp932, strlen(row[i].cp932), &b, &bad_at), MIZO_OK);
        assert_string_equal(b.p ? b.p : "", row[i].utf8);
        buf_fini(&b);
    }
}

static void cp932_faults(void **state)
{
    (void)state;
    buf b;
    uint32_t cp = 0;
    size_t at = 99;
    buf_init(&b, 0);
    assert_int_equal(cp932_to_utf8("ab\x82", 3, &b, &at), MIZO_EINPUT);
    assert_int_equal(at, 2);
    assert_int_equal(cp932_to_utf8("\x81\x20", 2, &b, &at), MIZO_EINPUT);
    assert_int_equal(at, 0);
    assert_int_equal(cp932_to_utf8("\x80", 1, &b, &at), MIZO_EINPUT);
    assert_int_equal(cp932_to_utf8("\xfd\x40", 2, &b, &at), MIZO_EINPUT);
    assert_int_equal(utf8_to_cp932("a\xf0\x9f\x8c\x9e", 5, &b, &cp), MIZO_EINPUT);
    assert_int_equal(cp, 0x1f31e);
    assert_int_equal(utf8_to_cp932("\xff", 1, &b, &cp), MIZO_EINPUT);
    assert_int_equal(cp, 0xfffd);
    buf_clear(&b);
    assert_int_equal(utf8_to_cp932("〜−", 6, &b, &cp), MIZO_OK); /* as other systems write them */
    assert_string_equal(b.p, "\x81\x60\x81\x7c");
    buf_fini(&b);
    buf_init(&b, 3);
    assert_int_equal(cp932_to_utf8("\x90\xec\x8d\xe8", 4, &b, &at), MIZO_EFULL);
    buf_fini(&b);
}

static void guesses(void **state)
{
    (void)state;
    assert_int_equal(text_guess("", 0), TEXT_UTF8);
    assert_int_equal(text_guess("川崎", 6), TEXT_UTF8);
    assert_int_equal(text_guess("\xef\xbb\xbf", 3), TEXT_UTF8_BOM);
    assert_int_equal(text_guess("\x90\xec\x8d\xe8", 4), TEXT_CP932);
}

static void folds(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } row[] = {
        {"時間帯＿自（HH:MI）",  "時間帯_自(hh:mi)"},
        { " System Price　(円/kWh) ", "systemprice(円/kwh)"},
        { "ＤＡＴＥ",               "date"                },
        { "\xef\xbb\xbf"
          "a\xff",             "a\xef\xbf\xbd"       },
        { "",                           ""                    },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char out[64];
        assert_int_equal(text_fold(row[i].in, strlen(row[i].in), out, sizeof out), strlen(row[i].out));
        assert_string_equal(out, row[i].out);
    }
    char small[5];
    assert_int_equal(text_fold("川崎", 6, small, sizeof small), 3); /* whole letters only */
    assert_string_equal(small, "川");
    assert_int_equal(text_fold("a", 1, NULL, 0), 0);
}

static bool said_is(const char *s, bool japanese, const char *expected)
{
    size_t n;
    const char *p = text_said(s, japanese, &n);
    return n == strlen(expected) && memcmp(p, expected, n) == 0;
}

static void halves(void **state)
{
    (void)state;
    assert_true(said_is("説明用の例 / illustrative", true, "説明用の例"));
    assert_true(said_is("説明用の例 / illustrative", false, "illustrative"));
    assert_true(said_is("電気 / 熱 / power / heat", true, "電気 / 熱"));
    assert_true(said_is("電気 / 熱 / power / heat", false, "power / heat"));
    for (int ja = 0; ja < 2; ja++) { /* no halves: all of it */
        assert_true(said_is("S3:56 / S4:132", ja, "S3:56 / S4:132"));
        assert_true(said_is("電気 / 熱", ja, "電気 / 熱"));
        assert_true(said_is("English / 日本語", ja, "English / 日本語"));
        assert_true(said_is("円/kWh", ja, "円/kWh"));
        assert_true(said_is("", ja, ""));
    }
}

static void words(void **state)
{
    (void)state;
    assert_int_equal(text_distance("kitten", "sitting"), 3);
    assert_int_equal(text_distance("", "abc"), 3);
    assert_int_equal(text_distance("same", "same"), 0);
    char longer[80];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    assert_int_equal(text_distance(longer, "a"), 99);
    static const char *const keys[] = { "supplier", "menu", "point", "from" };
    assert_string_equal(text_nearest("suplier", keys, ROWS(keys)), "supplier");
    assert_string_equal(text_nearest("form", keys, ROWS(keys)), "from");
    assert_null(text_nearest("temperature", keys, ROWS(keys)));
    assert_null(text_nearest("x", keys, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8),         cmocka_unit_test(cp932_table), cmocka_unit_test(cp932_letters),
        cmocka_unit_test(cp932_faults), cmocka_unit_test(guesses),     cmocka_unit_test(folds),
        cmocka_unit_test(halves),       cmocka_unit_test(words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
