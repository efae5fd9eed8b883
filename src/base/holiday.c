/* holiday.c: the national holidays of Japan by rule, 1980-2099. docs/formats/calendar.md has them in words. */
#include "mizo/slot.h"

enum { NTH_MONDAY = 100, EQUINOX = 200 };

/* One row a rule: in the years first..last the day `day` of `month` is `name`.
 * NTH_MONDAY + k: the k-th Monday. EQUINOX: by the formula. */
typedef struct holiday_rule {
    short first, last;
    signed char month;
    short day;
    const char *name;
} holiday_rule;

static const holiday_rule rules[] = {
    {1949,  9999, 1,  1,              "元日"               },
    { 1949, 1999, 1,  15,             "成人の日"         },
    { 2000, 9999, 1,  NTH_MONDAY + 2, "成人の日"         },
    { 1967, 9999, 2,  11,             "建国記念の日"   },
    { 1989, 1989, 2,  24,             "大喪の礼"         },
    { 2020, 9999, 2,  23,             "天皇誕生日"      },
    { 1949, 9999, 3,  EQUINOX,        "春分の日"         },
    { 1949, 1988, 4,  29,             "天皇誕生日"      },
    { 1989, 2006, 4,  29,             "みどりの日"      },
    { 2007, 9999, 4,  29,             "昭和の日"         },
    { 2019, 2019, 5,  1,              "天皇の即位の日"},
    { 1949, 9999, 5,  3,              "憲法記念日"      },
    { 2007, 9999, 5,  4,              "みどりの日"      },
    { 1949, 9999, 5,  5,              "こどもの日"      },
    { 1993, 1993, 6,  9,              "結婚の儀"         },
    { 1996, 2002, 7,  20,             "海の日"            },
    { 2003, 2019, 7,  NTH_MONDAY + 3, "海の日"            },
    { 2020, 2020, 7,  23,             "海の日"            },
    { 2021, 2021, 7,  22,             "海の日"            },
    { 2022, 9999, 7,  NTH_MONDAY + 3, "海の日"            },
    { 2020, 2020, 7,  24,             "スポーツの日"   },
    { 2021, 2021, 7,  23,             "スポーツの日"   },
    { 2016, 2019, 8,  11,             "山の日"            },
    { 2020, 2020, 8,  10,             "山の日"            },
    { 2021, 2021, 8,  8,              "山の日"            },
    { 2022, 9999, 8,  11,             "山の日"            },
    { 1966, 2002, 9,  15,             "敬老の日"         },
    { 2003, 9999, 9,  NTH_MONDAY + 3, "敬老の日"         },
    { 1948, 9999, 9,  EQUINOX,        "秋分の日"         },
    { 1966, 1999, 10, 10,             "体育の日"         },
    { 2000, 2019, 10, NTH_MONDAY + 2, "体育の日"         },
    { 2022, 9999, 10, NTH_MONDAY + 2, "スポーツの日"   },
    { 2019, 2019, 10, 22,             "即位礼正殿の儀"},
    { 1948, 9999, 11, 3,              "文化の日"         },
    { 1990, 1990, 11, 12,             "即位礼正殿の儀"},
    { 1948, 9999, 11, 23,             "勤労感謝の日"   },
    { 1989, 2018, 12, 23,             "天皇誕生日"      },
};

enum { RULES = sizeof rules / sizeof rules[0], NEW_SUBSTITUTE_LAW = 2007, CITIZENS_LAW = 1986 };

/* March and September day of the equinox, start and yearly step in millionths of a day. */
static int equinox_day(int year, int month)
{
    int64_t start = month == 3 ? 20843100 : 23248800;
    int y = year - 1980;
    return (int)((start + (int64_t)242194 * y) / 1000000) - y / 4;
}

static bool rule_holds(const holiday_rule *r, mizo_date c, int weekday)
{
    if (c.month != r->month || c.year < r->first || c.year > r->last)
        return false;
    if (r->day == EQUINOX)
        return c.day == equinox_day(c.year, c.month);
    if (r->day >= NTH_MONDAY)
        return weekday == 1 && (c.day + 6) / 7 == r->day - NTH_MONDAY;
    return c.day == r->day;
}

/* A holiday of its own, not derived from its neighbours. NULL: none. */
static const char *base_holiday(mizo_day d)
{
    mizo_date c = mizo_day_date(d);
    int weekday = mizo_day_weekday(d);
    for (int i = 0; i < RULES; i++)
        if (rule_holds(&rules[i], c, weekday))
            return rules[i].name;
    return NULL;
}

/* Moved from a Sunday: to the Monday until 2006, since then past a run of holidays. */
static bool substitute(mizo_day d, int year)
{
    if (year < NEW_SUBSTITUTE_LAW)
        return mizo_day_weekday(d) == 1 && base_holiday(d - 1);
    for (mizo_day b = d - 1; base_holiday(b); b--)
        if (mizo_day_weekday(b) == 0)
            return true;
    return false;
}

/* Between two holidays. */
static bool citizens(mizo_day d, int year)
{
    if (year < CITIZENS_LAW || !base_holiday(d - 1) || !base_holiday(d + 1))
        return false;
    return year >= NEW_SUBSTITUTE_LAW || mizo_day_weekday(d) != 0;
}

bool mizo_holiday(mizo_day d, const char **name_ja)
{
    int year = mizo_day_date(d).year;
    const char *name = NULL;
    if (year >= 1980 && year <= 2099) {
        name = base_holiday(d);
        if (!name && substitute(d, year))
            name = "振替休日";
        if (!name && citizens(d, year))
            name = "国民の休日";
    }
    if (name_ja)
        *name_ja = name;
    return name != NULL;
}

static bool low_load(mizo_date c)
{
    if (c.month == 8)
        return c.day >= 13 && c.day <= 16;
    return (c.month == 12 && c.day >= 29) || (c.month == 1 && c.day <= 3);
}

mizo_daytype mizo_day_type(mizo_day d)
{
    int weekday = mizo_day_weekday(d);
    if (weekday == 0 || mizo_holiday(d, NULL))
        return MIZO_HOLIDAY;
    if (weekday == 6)
        return MIZO_SATURDAY;
    return low_load(mizo_day_date(d)) ? MIZO_QUIET : MIZO_WEEKDAY;
}
