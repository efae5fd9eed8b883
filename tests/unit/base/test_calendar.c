/* Slots, dates, eras, clocks, instants and the holidays of Japan. */
#include "check.h"

#include <stdio.h>

#include "mizo/slot.h"

static mizo_day day_of(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static void slots(void **state)
{
    (void)state;
    /* 2021-07-05 00:00 in Japan is 2021-07-04 15:00 UTC. */
    mizo_slot s = 1625410800 / 1800;
    assert_int_equal(mizo_slot_day(s, MIZO_JAPAN_OFFSET), day_of(2021, 7, 5));
    assert_int_equal(mizo_slot_of_day(s, MIZO_JAPAN_OFFSET), 0);
    assert_int_equal(mizo_day_slot(day_of(2021, 7, 5), MIZO_JAPAN_OFFSET), s);
    assert_int_equal(mizo_slot_day(s - 1, MIZO_JAPAN_OFFSET), day_of(2021, 7, 4));
    assert_int_equal(mizo_slot_of_day(s - 1, MIZO_JAPAN_OFFSET), 47);
    assert_int_equal(mizo_slot_day(-19, MIZO_JAPAN_OFFSET), -1);
    assert_int_equal(mizo_slot_of_day(-19, MIZO_JAPAN_OFFSET), 47);
    assert_int_equal(mizo_slot_of_day(-1, -10), 37);
    assert_int_equal(mizo_ms_slot(-1), -1);
    assert_int_equal(mizo_ms_slot(1799999), 0);
    assert_int_equal(mizo_slot_ms(-1), -1800000);
}

/* Day by day through eight centuries, against counting on the fingers. */
static void every_day(void **state)
{
    (void)state;
    mizo_date c = { 1600, 1, 1 };
    mizo_day first = mizo_date_day(c);
    for (mizo_day d = first; c.year < 2401; d++) {
        mizo_date back = mizo_day_date(d);
        assert_int_equal(mizo_date_day(c), d);
        assert_true(back.year == c.year && back.month == c.month && back.day == c.day);
        assert_int_equal(mizo_day_weekday(d), (6 + (d - first)) % 7); /* 1600-01-01 was a Saturday */
        if (++c.day > mizo_month_days(c.year, c.month)) {
            c.day = 1;
            if (++c.month > 12) {
                c.month = 1;
                c.year++;
            }
        }
    }
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(mizo_month_days(1900, 2), 28);
    assert_int_equal(mizo_month_days(2000, 2), 29);
    assert_int_equal(mizo_month_days(2000, 13), 0);
    assert_int_equal(mizo_month_days(2000, 0), 0);
    mizo_day leap = mizo_date_day((mizo_date){ 2024, 2, 29 });
    assert_int_equal(mizo_month_first(leap, 0), leap - 28);
    assert_int_equal(mizo_month_first(leap, 1), leap + 1);
    assert_int_equal(mizo_month_first(leap, -2), mizo_date_day((mizo_date){ 2023, 12, 1 }));
    assert_int_equal(mizo_month_first(leap, 10), mizo_date_day((mizo_date){ 2024, 12, 1 }));
    assert_int_equal(mizo_month_first(leap, -26), mizo_date_day((mizo_date){ 2021, 12, 1 }));
    mizo_date before = mizo_day_date(day_of(1, 1, 1));
    assert_int_equal(before.year, 1);
}

static void fiscal_years(void **state)
{
    (void)state;
    assert_int_equal(mizo_day_fy(day_of(2024, 3, 31)), 2023);
    assert_int_equal(mizo_day_fy(day_of(2024, 4, 1)), 2024);
    assert_int_equal(mizo_fy_first(2023), day_of(2023, 4, 1));
    static const struct {
        const char *text;
        int fy; /* 0: refused */
    } row[] = {
        {"2023",                   2023},
        { "FY2023",                2023},
        { "fy2023",                2023},
        { "2023年度",            2023},
        { "令和5年度",         2023},
        { "R5",                    2023},
        { "r5",                    2023},
        { "R05",                   2023},
        { "H31",                   2019},
        { "令和元年度",       2019},
        { "R元年度",            2019},
        { "平成30年度",        2018},
        { "昭和64年度",        1989},
        { "２０２３",          2023},
        { "令和５年度",       2023},
        { "令和三年度",       2021},
        { "平成二十五年度", 2013},
        { "昭和六十四年",    1989},
        { "二〇二三年度",    2023},
        { "令和82",              0   },
        { "平成35年度",        0   },
        { "昭和65",              0   },
        { "昭和六十五年度", 0   },
        { "平成三十二",       0   },
        { "令和5三年度",      0   },
        { "三年度",             0   },
        { "令和百年度",       0   },
        { " 2023 ",                2023},
        { "2023年",               2023},
        { "㋿5",                  2023},
        { "FY 2023",               2023},
        { "",                      0   },
        { "23",                    0   },
        { "R",                     0   },
        { "R0",                    0   },
        { "R100",                  0   },
        { "2023x",                 0   },
        { "X5",                    0   },
        { "2023年度末",         0   },
        { "FY",                    0   },
        { "元",                   0   },
        { "20233",                 0   },
        { "\xff\xfe",              0   },
        { "0000",                  0   },
        { "2023-04",               0   },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        int fy = 0;
        mizo_err err = mizo_fy_parse(row[i].text, strlen(row[i].text), &fy);
        if ((err == MIZO_OK) != (row[i].fy != 0) || fy != row[i].fy)
            fail_msg("'%s': %s, %d", row[i].text, mizo_err_text(err), fy);
    }
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int y, m, d; /* y 0: refused */
    } row[] = {
        {"2023-04-01",                                       2023, 4,  1 },
        { "2023/04/01",                                      2023, 4,  1 },
        { "2023/4/1",                                        2023, 4,  1 },
        { "20230401",                                        2023, 4,  1 },
        { "2023.4.1",                                        2023, 4,  1 },
        { "2023年4月1日",                                 2023, 4,  1 },
        { "令和5年4月1日",                              2023, 4,  1 },
        { "令和元年5月1日",                            2019, 5,  1 },
        { "R5.4.1",                                          2023, 4,  1 },
        { "R5/4/1",                                          2023, 4,  1 },
        { "H31.4.30",                                        2019, 4,  30},
        { "S60-12-31",                                       1985, 12, 31},
        { "２０２３／４／１",                        2023, 4,  1 },
        { "令和５年４月１日",                        2023, 4,  1 },
        { "令和六年十二月三十一日",               2024, 12, 31},
        { "二〇二四年四月一日",                     2024, 4,  1 },
        { "平成35年4月1日",                             0,    0,  0 },
        { "令和六年十三月一日",                     0,    0,  0 },
        { "2024-02-29",                                      2024, 2,  29},
        { "2023-02-29",                                      0,    0,  0 },
        { "2023-13-01",                                      0,    0,  0 },
        { "2023-00-01",                                      0,    0,  0 },
        { "2023-04-00",                                      0,    0,  0 },
        { "2023-04-31",                                      0,    0,  0 },
        { "20231301",                                        0,    0,  0 },
        { "2023-04/01",                                      0,    0,  0 },
        { "2023/4-1",                                        0,    0,  0 },
        { "2023年4月1",                                    0,    0,  0 },
        { "2023年4/1日",                                   0,    0,  0 },
        { "23-04-01",                                        0,    0,  0 },
        { "2023-4",                                          0,    0,  0 },
        { "2023-04-011",                                     0,    0,  0 },
        { "2023-04-01x",                                     0,    0,  0 },
        { "0000-01-01",                                      0,    0,  0 },
        { "R0.4.1",                                          0,    0,  0 },
        { "",                                                0,    0,  0 },
        { "   ",                                             0,    0,  0 },
        { "a023-04-01",                                      0,    0,  0 },
        { "2023-0a-01",                                      0,    0,  0 },
        { "99999999999999999999999999999999999999999999999", 0,    0,  0 },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        mizo_date d = { 0 };
        mizo_err err = mizo_date_parse(row[i].text, strlen(row[i].text), &d);
        if ((err == MIZO_OK) != (row[i].y != 0) || d.year != row[i].y || d.month != row[i].m ||
            d.day != row[i].d)
            fail_msg("'%s': %s, %d-%d-%d", row[i].text, mizo_err_text(err), d.year, d.month, d.day);
    }
}

static void clocks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int minute; /* -1: refused */
    } row[] = {
        {"0:00",          0   },
        { "00:30",        30  },
        { "0030",         30  },
        { "24:00",        1440},
        { "2400",         1440},
        { "23:59",        1439},
        { "９：３０", 570 },
        { "9:30:00",      570 },
        { "24:01",        -1  },
        { "25:00",        -1  },
        { "12:60",        -1  },
        { "930",          -1  },
        { "9:3",          -1  },
        { "9:30:01",      -1  },
        { "",             -1  },
        { "noon",         -1  },
        { "12:30 ",       750 },
        { "12",           -1  },
        { "9:30:0",       -1  },
        { "12:300",       -1  },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        int minute = -1;
        mizo_err err = mizo_clock_parse(row[i].text, strlen(row[i].text), &minute);
        if ((err == MIZO_OK) != (row[i].minute >= 0) || minute != row[i].minute)
            fail_msg("'%s': %s, %d", row[i].text, mizo_err_text(err), minute);
    }
}

static void instants(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int offset;
        mizo_ms ms; /* -1: refused */
        const char *back;
    } row[] = {
        {"2023-04-01T00:30:00+09:00",    0,  1680276600000, "2023-03-31T15:30:00+00:00"    },
        { "2023-04-01T00:30:00",         18, 1680276600000, "2023-04-01T00:30:00+09:00"    },
        { "2023-04-01 00:30",            18, 1680276600000, "2023-04-01T00:30:00+09:00"    },
        { "2023/4/1 0:30",               18, 1680276600000, "2023-04-01T00:30:00+09:00"    },
        { "2023-03-31T24:00:00Z",        0,  1680307200000, "2023-04-01T00:00:00+00:00"    },
        { "1970-01-01T00:00:00.125Z",    -7, 125,           "1969-12-31T20:30:00.125-03:30"},
        { "1970-01-01T00:00:00.5-00:30", 0,  1800500,       "1970-01-01T00:30:00.500+00:00"},
        { "1970-01-01t00:00:00.123999z", 0,  123,           "1970-01-01T00:00:00.123+00:00"},
        { "2023-04-01",                  0,  -1,            NULL                           },
        { "2023-04-01T",                 0,  -1,            NULL                           },
        { "2023-04-01T24:00:01Z",        0,  -1,            NULL                           },
        { "2023-04-01T00:60:00Z",        0,  -1,            NULL                           },
        { "2023-04-01T00:30:00.Z",       0,  -1,            NULL                           },
        { "2023-04-01T00:30:00+0900",    0,  -1,            NULL                           },
        { "2023-04-01T00:30:00+24:00",   0,  -1,            NULL                           },
        { "2023-04-01T00:30:00 09:00",   0,  -1,            NULL                           },
        { "2023-02-30T00:30:00Z",        0,  -1,            NULL                           },
        { "T00:30:00Z",                  0,  -1,            NULL                           },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        mizo_ms t = -1;
        mizo_err err = mizo_ms_parse(row[i].text, strlen(row[i].text), row[i].offset, &t);
        if ((err == MIZO_OK) != (row[i].ms >= 0) || t != row[i].ms)
            fail_msg("'%s': %s, %lld", row[i].text, mizo_err_text(err), (long long)t);
        if (!row[i].back)
            continue;
        char text[MIZO_INSTANT_TEXT];
        mizo_ms_text(t, row[i].offset, text);
        assert_string_equal(text, row[i].back);
    }
    char text[MIZO_DATE_TEXT];
    mizo_day_text(MIZO_DAY_NONE, text);
    assert_string_equal(text, "-");
    mizo_day_text(-1, text);
    assert_string_equal(text, "1969-12-31");
}

/* All holidays of a year as MMDD, from the rule book's vectors. */
static void holidays_of_years(void **state)
{
    (void)state;
    static const struct {
        int year;
        const char *days;
    } row[] = {
        {1989,  "0101 0102 0115 0116 0211 0224 0321 0429 0503 0504 0505 0915 0923 1010 1103 1123 1223 "   },
        { 2009, "0101 0112 0211 0320 0429 0503 0504 0505 0506 0720 0921 0922 0923 1012 1103 1123 1223 "   },
        { 2019,
         "0101 0114 0211 0321 0429 0430 0501 0502 0503 0504 0505 0506 0715 0811 0812 0916 0923 1014 1022 "
          "1103 1104 1123 "                                                                               },
        { 2020,
         "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0723 0724 0810 0921 0922 1103 1123 "     },
        { 2021, "0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809 0920 0923 1103 1123 "   },
        { 2024,
         "0101 0108 0211 0212 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0922 0923 1014 1103 "
          "1104 1123 "                                                                                    },
        { 2025,
         "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0721 0811 0915 0923 1013 1103 1123 1124 "},
        { 2026,
         "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123 "     },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char got[256] = "";
        for (mizo_day d = day_of(row[i].year, 1, 1); d < day_of(row[i].year + 1, 1, 1); d++) {
            mizo_date c = mizo_day_date(d);
            size_t n = strlen(got);
            if (mizo_holiday(d, NULL))
                snprintf(got + n, sizeof got - n, "%02d%02d ", c.month, c.day);
        }
        if (strcmp(got, row[i].days))
            fail_msg("%d: %s", row[i].year, got);
    }
}

static void citizens_holidays(void **state)
{
    (void)state;
    static const int years[] = { 2009, 2015, 2019, 2019, 2026, 2032, 2037, 2043, 2049 };
    size_t k = 0;
    for (mizo_day d = day_of(2007, 1, 1); d < day_of(2051, 1, 1); d++) {
        const char *name;
        if (!mizo_holiday(d, &name) || strcmp(name, "国民の休日"))
            continue;
        assert_true(k < ROWS(years));
        assert_int_equal(mizo_day_date(d).year, years[k++]);
    }
    assert_int_equal(k, ROWS(years));
    const char *name = "x";
    assert_false(mizo_holiday(day_of(2021, 7, 5), &name));
    assert_null(name);
    assert_true(mizo_holiday(day_of(2021, 7, 22), &name));
    assert_string_equal(name, "海の日");
    assert_true(mizo_holiday(day_of(2021, 8, 9), &name));
    assert_string_equal(name, "振替休日");
    assert_false(mizo_holiday(day_of(2021, 7, 19), NULL));
    assert_false(mizo_holiday(day_of(1979, 1, 1), NULL)); /* before the rules begin */
    assert_false(mizo_holiday(day_of(2100, 1, 1), NULL));
}

static void day_types(void **state)
{
    (void)state;
    assert_int_equal(mizo_day_type(day_of(2021, 7, 5)), MIZO_WEEKDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 7, 3)), MIZO_SATURDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 7, 4)), MIZO_HOLIDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 7, 22)), MIZO_HOLIDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 8, 13)), MIZO_QUIET);
    assert_int_equal(mizo_day_type(day_of(2021, 8, 14)), MIZO_SATURDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 8, 17)), MIZO_WEEKDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 12, 28)), MIZO_WEEKDAY);
    assert_int_equal(mizo_day_type(day_of(2021, 12, 29)), MIZO_QUIET);
    assert_int_equal(mizo_day_type(day_of(2022, 1, 1)), MIZO_HOLIDAY);
    assert_int_equal(mizo_day_type(day_of(2022, 1, 3)), MIZO_QUIET);
    assert_int_equal(mizo_day_type(day_of(2022, 1, 4)), MIZO_WEEKDAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots),
        cmocka_unit_test(every_day),
        cmocka_unit_test(fiscal_years),
        cmocka_unit_test(dates),
        cmocka_unit_test(clocks),
        cmocka_unit_test(instants),
        cmocka_unit_test(holidays_of_years),
        cmocka_unit_test(citizens_holidays),
        cmocka_unit_test(day_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
