/* Figures as people write them: made once from the exact value, read back with what is known of them. */
#include "check.h"

#include "base/figure.h"

static exact ratio(int64_t n, int64_t d)
{
    exact x;
    assert_int_equal(exact_of(n, d, &x), MIZO_OK);
    return x;
}

static void assert_text(exact v, figure_style s, const char *lang, const char *expected)
{
    buf b;
    buf_init(&b, 0);
    assert_int_equal(figure_text(v, &s, lang, &b), MIZO_OK);
    assert_string_equal(b.p, expected);
    buf_fini(&b);
}

static void made(void **state)
{
    (void)state;
    const exact rate = ratio(185030795, 400000000);
    assert_text(rate, (figure_style){ "％", 0, MIZO_ROUND_HALF_UP, true, false }, "ja", "約46％");
    assert_text(rate, (figure_style){ "％", 0, MIZO_ROUND_HALF_UP, true, false }, "en", "about 46 %");
    assert_text(rate, (figure_style){ "%", 2, MIZO_ROUND_HALF_UP, false, false }, "ja", "46.26％");
    assert_text(ratio(-126, 1000), (figure_style){ "％", 1, MIZO_ROUND_HALF_UP, false, false }, "ja",
                "▲12.6％");
    assert_text(ratio(-126, 1000), (figure_style){ "％", 1, MIZO_ROUND_HALF_UP, false, false }, "en",
                "-12.6 %");
    assert_text(exact_whole(183147067000), (figure_style){ "GWh", -1, MIZO_ROUND_HALF_UP, true, false }, "ja",
                "約180 GWh");
    exact t;
    assert_int_equal(exact_ten(exact_whole(20840000), 9, &t), MIZO_OK);
    assert_text(t, (figure_style){ "万t-CO2", 0, MIZO_ROUND_HALF_UP, false, false }, "ja", "2,084万t-CO2");
    assert_text(t, (figure_style){ "万t-CO2", 0, MIZO_ROUND_HALF_UP, false, false }, "en",
                "20.84 million t-CO2");
    assert_text(exact_whole(212000000), (figure_style){ "万kW", 1, MIZO_ROUND_HALF_UP, false, false }, "en",
                "212 thousand kW");
    assert_text(exact_whole(7), (figure_style){ "件", 0, MIZO_ROUND_HALF_UP, false, true }, "ja", "+7件");
    /* Each rounding by its name, at the half and on both sides of zero. */
    assert_text(ratio(25, 10), (figure_style){ "件", 0, MIZO_ROUND_HALF_UP, false, false }, "ja", "3件");
    assert_text(ratio(25, 10), (figure_style){ "件", 0, MIZO_ROUND_HALF_EVEN, false, false }, "ja", "2件");
    assert_text(ratio(-25, 10), (figure_style){ "件", 0, MIZO_ROUND_HALF_UP, false, false }, "ja", "▲3件");
    assert_text(ratio(-25, 10), (figure_style){ "件", 0, MIZO_ROUND_UP, false, false }, "ja", "▲2件");
    assert_text(ratio(-29, 10), (figure_style){ "件", 0, MIZO_ROUND_CUT, false, false }, "ja", "▲2件");
    assert_text(ratio(-21, 10), (figure_style){ "件", 0, MIZO_ROUND_DOWN, false, false }, "ja", "▲3件");
    buf b;
    buf_init(&b, 0);
    assert_int_equal(figure_text(rate, &(figure_style){ "furlong", 0, 0, false, false }, "ja", &b),
                     MIZO_EINPUT);
    buf_fini(&b);
}

/* 2 x the value in the base unit, the step likewise: halves of a step are whole. */
static void assert_read(const char *text, int64_t mid, int64_t lo2, int64_t hi2)
{
    figure f;
    int64_t v;
    exact x;
    if (figure_parse(text, strlen(text), &f))
        fail_msg("%s is not read", text);
    assert_int_equal(exact_round(f.value.mid, MIZO_ROUND_HALF_UP, &v), MIZO_OK);
    assert_int_equal(v, mid);
    assert_int_equal(exact_mul(f.value.lo, exact_whole(2), &x), MIZO_OK);
    assert_int_equal(exact_round(x, MIZO_ROUND_HALF_UP, &v), MIZO_OK);
    assert_int_equal(v, lo2);
    assert_int_equal(exact_mul(f.value.hi, exact_whole(2), &x), MIZO_OK);
    assert_int_equal(exact_round(x, MIZO_ROUND_HALF_UP, &v), MIZO_OK);
    assert_int_equal(v, hi2);
}

#define MG_T INT64_C(1000000000)

/* Numbers in kanji, only where a unit makes them figures; too large ones are none. */
static void in_kanji(void **state)
{
    (void)state;
    assert_read("四十六件", 46, 91, 93);
    assert_read("二千八十四万トン", 20840000 * MG_T, 2 * 20835000 * MG_T, 2 * 20845000 * MG_T);
    assert_read("一億二千万円", 120000000 * INT64_C(1000000), 2 * INT64_C(119995000) * 1000000,
                2 * INT64_C(120005000) * 1000000);
    assert_read("約二百件", 200, 300, 500);
    assert_read("二〇件", 20, 39, 41);
    static const struct {
        const char *text;
        int64_t permille;
    } rate[] = {
        {"4割6分",            460},
        { "四割六分",       460},
        { "5割",               500},
        { "46パーセント",  460},
        { "四十六・三％", 463},
        { "九％以上",       90 }
    };
    figure f;
    for (size_t i = 0; i < ROWS(rate); i++) {
        exact x;
        int c;
        assert_int_equal(figure_parse(rate[i].text, strlen(rate[i].text), &f), MIZO_OK);
        assert_int_equal(exact_of(rate[i].permille, 1000, &x), MIZO_OK);
        assert_int_equal(exact_cmp(f.value.mid, x, &c), MIZO_OK);
        assert_int_equal(c, 0);
    }
    static const char *const none[] = { "一人一人の三者",
                                        "第十二回、数十件",
                                        "二酸化炭素",
                                        "（単位：百万円）",
                                        "九九九九九九九九九九九九九九九九九九九九九件",
                                        "万億円",
                                        "一万二億件",
                                        "九千兆兆件",
                                        "十百件" };
    for (size_t i = 0; i < ROWS(none); i++) {
        size_t at = 0;
        mizo_err e = figure_next(none[i], strlen(none[i]), &at, &f);
        if (e == MIZO_OK)
            fail_msg("%s is read as a figure at %zu", none[i], f.at);
    }
}

static void read_back(void **state)
{
    (void)state;
    assert_read("約180 GWh", 180 * INT64_C(1000000000), 2 * 175 * INT64_C(1000000000),
                2 * 185 * INT64_C(1000000000));
    assert_read("約400GWh/年", 400 * INT64_C(1000000000), 2 * 350 * INT64_C(1000000000),
                2 * 450 * INT64_C(1000000000));
    assert_read("２，０８４万ｔ-ＣＯ２", 20840000 * MG_T, 2 * 20835000 * MG_T, 2 * 20845000 * MG_T);
    assert_read("2,084万 t -CO₂", 20840000 * MG_T, 2 * 20835000 * MG_T, 2 * 20845000 * MG_T);
    assert_read("約1,500万t-CO2", 15000000 * MG_T, 2 * 14500000 * MG_T, 2 * 15500000 * MG_T);
    assert_read("約2.5万t", 25000 * MG_T, 2 * 24500 * MG_T, 2 * 25500 * MG_T);
    assert_read("+80万トン", 800000 * MG_T, 2 * 795000 * MG_T, 2 * 805000 * MG_T);
    assert_read("約７千ｋＷ", 7000000, 2 * 6500000, 2 * 7500000);
    assert_read("約２１．２万kW", 212000000, 2 * 211500000, 2 * 212500000);
    assert_read("1億2,000万円", 120000000 * INT64_C(1000000), 2 * INT64_C(119995000) * 1000000,
                2 * INT64_C(120005000) * 1000000);
    assert_read("9,090 万円", 90900000 * INT64_C(1000000), 2 * INT64_C(90895000) * 1000000,
                2 * INT64_C(90905000) * 1000000);
}

static void signs(void **state)
{
    (void)state;
    static const char *const minus[] = { "▲12.6％", "△12.6％",      "−12.6%",
                                         "-12.6 %", "－１２．６％", "約▲12.6％" };
    for (size_t i = 0; i < ROWS(minus); i++) {
        figure f;
        exact x;
        int c;
        assert_int_equal(figure_parse(minus[i], strlen(minus[i]), &f), MIZO_OK);
        assert_int_equal(exact_of(-126, 1000, &x), MIZO_OK);
        assert_int_equal(exact_cmp(f.value.mid, x, &c), MIZO_OK);
        assert_int_equal(c, 0);
        assert_true(unit_plain(&f.unit));
    }
}

static void years(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int year;
        bool fiscal, compared;
        figure_kind kind;
    } row[] = {
        {"令和５（２０２３）年度",       2023, true,  false, FIGURE_YEAR},
        { "令和元年度",                        2019, true,  false, FIGURE_YEAR},
        { "平成１８（２００６）年度",   2006, true,  false, FIGURE_YEAR},
        { "R5",                                     2023, true,  false, FIGURE_YEAR},
        { "H26",                                    2014, true,  false, FIGURE_YEAR},
        { "FY2023",                                 2023, true,  false, FIGURE_YEAR},
        { "2013年度比",                          2013, true,  true,  FIGURE_YEAR},
        { "1990年比",                             1990, false, true,  FIGURE_YEAR},
        { "2024年11月21日",                      2024, false, false, FIGURE_DATE},
        { "令和4年3月",                         2022, false, false, FIGURE_DATE},
        { "令和五年度",                        2023, true,  false, FIGURE_YEAR},
        { "平成二十五年度比",               2013, true,  true,  FIGURE_YEAR},
        { "二〇二三年度",                     2023, true,  false, FIGURE_YEAR},
        { "二千二十三年三月",               2023, false, false, FIGURE_DATE},
        { "R4.2末",                                2022, false, false, FIGURE_DATE},
        { "R4.10.28",                               2022, false, false, FIGURE_DATE},
        { "R12(2030)年度",                        2030, true,  false, FIGURE_YEAR},
        { "- 2021年度",                           2021, true,  false, FIGURE_YEAR},
        { "令\n和５年度",                      2023, true,  false, FIGURE_YEAR},
        { "令和５\r\n （２０２３）年度", 2023, true,  false, FIGURE_YEAR},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        figure f;
        size_t at = 0;
        assert_int_equal(figure_next(row[i].text, strlen(row[i].text), &at, &f), MIZO_OK);
        assert_int_equal(f.kind, row[i].kind);
        assert_int_equal(f.year, row[i].year);
        assert_int_equal(f.fiscal, row[i].fiscal);
        assert_int_equal(f.compared, row[i].compared);
    }
}

static void days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int month, day;
        bool at_end;
    } row[] = {
        {"令和6年11月21日", 11, 21, false},
        { "R4.2末",             2,  0,  true },
        { "R4.10.28",            10, 28, false},
        { "R5.3",                3,  0,  false},
        { "令和6年3月末",   3,  0,  true },
        { "令和6年度末",    0,  0,  true },
        { "R5.40",               0,  0,  false},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        figure f;
        size_t at = 0;
        assert_int_equal(figure_next(row[i].text, strlen(row[i].text), &at, &f), MIZO_OK);
        assert_int_equal(f.month, row[i].month);
        assert_int_equal(f.day, row[i].day);
        assert_int_equal(f.at_end, row[i].at_end);
    }
}

static void in_a_sentence(void **state)
{
    (void)state;
    static const char text[] =
        "2021年度は2,084万t-CO₂（2013年度比▲12.6％）、CO2とR5-2と令和の3か所以上、12345678901234567890件。";
    size_t at = 0, n = 0;
    figure f[8];
    mizo_err e;
    while (n < 8 && (e = figure_next(text, sizeof text - 1, &at, &f[n])) != MIZO_ENOENT)
        n += e == MIZO_OK;
    assert_int_equal(n, 6);
    assert_int_equal(f[0].kind, FIGURE_YEAR);
    assert_int_equal(f[1].kind, FIGURE_NUMBER);
    assert_true(f[2].compared);
    assert_memory_equal(text + f[3].at, "▲12.6％", f[3].bytes);
    assert_int_equal(f[5].bound, FIGURE_AT_LEAST);
}

static void not_a_figure(void **state)
{
    (void)state;
    static const char *const bad[] = { "",   "約",      "▲",        "百万円",  "12 bananas",
                                       "R5", "1,23kWh", "\xff\xfe", "12件13件" };
    for (size_t i = 0; i < ROWS(bad); i++) {
        figure f;
        if (figure_parse(bad[i], strlen(bad[i]), &f) == MIZO_OK)
            fail_msg("%s is read as a figure", bad[i]);
    }
}

static void exactly(void **state)
{
    (void)state;
    exact third = ratio(1, 3), x;
    int64_t v;
    assert_int_equal(exact_mul(third, exact_whole(3), &x), MIZO_OK);
    assert_int_equal(exact_round(x, MIZO_ROUND_CUT, &v), MIZO_OK);
    assert_int_equal(v, 1);
    assert_int_equal(exact_div(third, exact_whole(0), &x), MIZO_ERANGE);
    exact huge = exact_whole(INT64_MAX);
    assert_int_equal(exact_mul(huge, huge, &x), MIZO_OK);
    assert_int_equal(exact_mul(x, huge, &x), MIZO_ERANGE);
    assert_int_equal(exact_round(x, MIZO_ROUND_CUT, &v), MIZO_ERANGE);
    range a, b = range_point(exact_whole(-2)), r;
    assert_int_equal(range_rounded(exact_whole(3), exact_whole(2), &a), MIZO_OK); /* 2..4 */
    assert_int_equal(range_do('*', &a, &b, &r), MIZO_OK);                         /* -8..-4 */
    assert_int_equal(exact_round(r.lo, MIZO_ROUND_CUT, &v), MIZO_OK);
    assert_int_equal(v, -8);
    assert_int_equal(exact_round(r.hi, MIZO_ROUND_CUT, &v), MIZO_OK);
    assert_int_equal(v, -4);
    range zero = { exact_whole(-1), exact_whole(0), exact_whole(1) };
    assert_int_equal(range_do('/', &a, &zero, &r), MIZO_ERANGE);
}

static void units(void **state)
{
    (void)state;
    unit a, b;
    assert_int_equal(unit_parse("t-CO2/MWh", 9, &a), MIZO_OK);
    assert_int_equal(a.ten, 3);
    assert_int_equal(unit_parse("kWh/世帯", strlen("kWh/世帯"), &b), MIZO_OK);
    assert_false(unit_alike(&a, &b));
    assert_int_equal(unit_parse("千万円", strlen("千万円"), &a), MIZO_OK);
    assert_int_equal(a.ten, 13);
    assert_int_equal(unit_parse("㎢", strlen("㎢"), &a), MIZO_OK);
    assert_int_equal(a.ten, 6);
    assert_int_equal(unit_parse("", 0, &a), MIZO_OK);
    assert_true(unit_plain(&a));
    assert_int_equal(unit_parse("kWhx", 4, &a), MIZO_EINPUT);
    assert_int_equal(unit_parse("万", strlen("万"), &a), MIZO_EINPUT);
}

static void fiscal_years(void **state)
{
    (void)state;
    static const struct {
        int fy;
        const char *text, *brief, *en;
    } rows[] = {
        {2023,  "令和5(2023)年度",   "R5",         "FY2023"},
        { 2019, "令和元(2019)年度", "R元",       "FY2019"},
        { 2018, "平成30(2018)年度",  "H30",        "FY2018"},
        { 1989, "平成元(1989)年度", "H元",       "FY1989"},
        { 1988, "昭和63(1988)年度",  "S63",        "FY1988"},
        { 1900, "1900年度",            "1900年度", "FY1900"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[FIGURE_FY_TEXT];
        figure f;
        size_t at = 0;
        figure_fy_text(rows[i].fy, "ja", text);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(figure_next(text, strlen(text), &at, &f), MIZO_OK); /* and read back */
        assert_int_equal(f.year, rows[i].fy);
        figure_fy_short(rows[i].fy, "ja", text);
        assert_string_equal(text, rows[i].brief);
        figure_fy_text(rows[i].fy, "en", text);
        assert_string_equal(text, rows[i].en);
    }
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made),          cmocka_unit_test(read_back),    cmocka_unit_test(in_kanji),
        cmocka_unit_test(signs),         cmocka_unit_test(years),        cmocka_unit_test(days),
        cmocka_unit_test(in_a_sentence), cmocka_unit_test(not_a_figure), cmocka_unit_test(exactly),
        cmocka_unit_test(units),         cmocka_unit_test(fiscal_years),
    };
    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
