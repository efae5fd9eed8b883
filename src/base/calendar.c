/* calendar.c: slots, days, dates and their texts. The holidays stand in holiday.c. */
#include <stdio.h>
#include <string.h>

#include "base/figure_kanji.h"
#include "base/text.h"
#include "mizo/slot.h"

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

mizo_day mizo_slot_day(mizo_slot s, int offset)
{
    return (mizo_day)floor_div(s + offset, MIZO_DAY_SLOTS);
}

int mizo_slot_of_day(mizo_slot s, int offset)
{
    return (int)(s + offset - floor_div(s + offset, MIZO_DAY_SLOTS) * MIZO_DAY_SLOTS);
}

mizo_slot mizo_day_slot(mizo_day d, int offset)
{
    return (mizo_slot)d * MIZO_DAY_SLOTS - offset;
}

mizo_slot mizo_ms_slot(mizo_ms t)
{
    return floor_div(t, MIZO_SLOT_MS);
}

mizo_ms mizo_slot_ms(mizo_slot s)
{
    return s * MIZO_SLOT_MS;
}

/* ---- civil calendar ----
 * Years are counted from 1 March, so that the leap day is the last of its year;
 * 400 such years are always 146,097 days, and day 0 (1970-01-01) is 719,468 days
 * after 1 March of the year 0. */

enum { DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461, DAYS_TO_1970 = 719468 };

mizo_day mizo_date_day(mizo_date d)
{
    int64_t y = d.month <= 2 ? d.year - 1 : d.year;
    int64_t cycle = floor_div(y, 400), in_cycle = y - cycle * 400;
    int64_t march = (d.month + 9) % 12; /* months since March */
    int64_t in_year = (153 * march + 2) / 5 + d.day - 1;
    return (mizo_day)(cycle * DAYS_400 + in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + in_year -
                      DAYS_TO_1970);
}

mizo_date mizo_day_date(mizo_day d)
{
    int64_t z = (int64_t)d + DAYS_TO_1970;
    int64_t cycle = floor_div(z, DAYS_400), in_cycle = z - cycle * DAYS_400;
    int64_t year =
        (in_cycle - in_cycle / (DAYS_4 - 1) + in_cycle / DAYS_100 - in_cycle / (DAYS_400 - 1)) / 365;
    int64_t in_year = in_cycle - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * in_year + 2) / 153;
    int month = (int)(march < 10 ? march + 3 : march - 9);
    return (mizo_date){
        .year = (int)(cycle * 400 + year + (month <= 2)),
        .month = month,
        .day = (int)(in_year - (153 * march + 2) / 5 + 1),
    };
}

int mizo_day_weekday(mizo_day d)
{
    return (int)(((int64_t)d % 7 + 11) % 7); /* day 0 was a Thursday */
}

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

int mizo_month_days(int year, int month)
{
    static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12)
        return 0;
    return days[month - 1] + (month == 2 && leap(year));
}

mizo_day mizo_month_first(mizo_day d, int months)
{
    mizo_date t = mizo_day_date(d);
    int at = t.year * 12 + t.month - 1 + months;
    return mizo_date_day((mizo_date){ at / 12, at % 12 + 1, 1 });
}

bool mizo_date_valid(mizo_date d)
{
    return d.year >= 1 && d.year <= 9999 && d.day >= 1 && d.day <= mizo_month_days(d.year, d.month);
}

int mizo_day_fy(mizo_day d)
{
    mizo_date c = mizo_day_date(d);
    return c.month >= 4 ? c.year : c.year - 1;
}

mizo_day mizo_fy_first(int fy)
{
    return mizo_date_day((mizo_date){ fy, 4, 1 });
}

/* ---- reading dates ----
 * A text is folded to one letter a sign: full-width to plain, the signs of
 * year, month, day and era to letters that stand for them. */

enum { DATE_LETTERS = 40 };

typedef struct fold_row {
    uint32_t cp;
    char letter;
} fold_row;

static char fold_letter(uint32_t cp)
{
    static const fold_row row[] = {
        {0x5e74,  'Y'}, /* 年 */
        { 0x6708, 'L'}, /* 月 */
        { 0x65e5, 'E'}, /* 日 */
        { 0x5ea6, 'D'}, /* 度 */
        { 0x5143, 'G'}, /* 元 */
        { 0x32ff, 'R'}, /* ㋿ */
        { 0x337b, 'H'}, /* ㍻ */
        { 0x337c, 'S'}, /* ㍼ */
        { 0x3000, ' '},
    };
    if (cp >= 0xff01 && cp <= 0xff5e)
        cp -= 0xfee0;
    if (cp < 0x80)
        return cp >= 'a' && cp <= 'z' ? (char)(cp - 32) : (char)cp;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        if (row[i].cp == cp)
            return row[i].letter;
    return 0;
}

typedef struct era_row {
    const char *name; /* two signs */
    char letter;
    int before; /* year = before + n */
    int last;   /* n of its last year: 昭和65 is a slip */
} era_row;

static const era_row eras[] = {
    {"令和",  'R', 2018, 81}, /* to 2099: nothing is planned further */
    { "平成", 'H', 1988, 31},
    { "昭和", 'S', 1925, 64},
};
enum { ERAS = sizeof eras / sizeof eras[0], ERA_NAME = 6 };

static const era_row *era_of(char letter)
{
    for (size_t i = 0; i < ERAS; i++)
        if (eras[i].letter == letter)
            return &eras[i];
    return NULL;
}

static char era_named(const char *s, size_t n)
{
    for (size_t i = 0; n >= ERA_NAME && i < ERAS; i++)
        if (memcmp(s, eras[i].name, ERA_NAME) == 0)
            return eras[i].letter;
    return 0;
}

/* 二十五, 二〇二三 as digits at out[k]; bytes that were read, 0: no number in kanji. */
static size_t fold_kanji(const char *s, size_t n, char out[DATE_LETTERS + 1], size_t *k)
{
    const kanji_number x = kanji_number_at(s, n);
    bool digit_before = *k && out[*k - 1] >= '0' && out[*k - 1] <= '9';
    if (!x.bytes || x.decimals || x.value > 9999 || digit_before || *k + 4 > DATE_LETTERS)
        return 0;
    *k += (size_t)snprintf(out + *k, DATE_LETTERS + 1 - *k, "%d", (int)x.value);
    return x.bytes;
}

static mizo_err fold_date(const char *s, size_t n, char out[DATE_LETTERS + 1])
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        size_t kanji = fold_kanji(s + i, n - i, out, &k);
        i += kanji;
        if (kanji)
            continue;
        char c = era_named(s + i, n - i);
        size_t len = ERA_NAME;
        if (!c) {
            uint32_t cp;
            len = utf8_get(s + i, n - i, &cp);
            c = len ? fold_letter(cp) : 0;
        }
        if (!c || k == DATE_LETTERS)
            return MIZO_EINPUT;
        i += len;
        if (c != ' ' || k)
            out[k++] = c;
    }
    while (k && out[k - 1] == ' ')
        k--;
    out[k] = 0;
    return k ? MIZO_OK : MIZO_EINPUT;
}

/* Reads digits at *s; how many, at most 9. */
static int read_digits(const char **s, int *out)
{
    int n = 0, v = 0;
    for (; **s >= '0' && **s <= '9' && n < 9; (*s)++, n++)
        v = v * 10 + (**s - '0');
    *out = v;
    return n;
}

/* A year at *s: 4 digits, or an era and its year. */
static mizo_err read_year(const char **s, int *year)
{
    const era_row *era = era_of(**s);
    if (!era)
        return read_digits(s, year) == 4 ? MIZO_OK : MIZO_EINPUT;
    (*s)++;
    while (**s == ' ')
        (*s)++;
    int v = 1;
    if (**s == 'G') {
        (*s)++;
    } else {
        int n = read_digits(s, &v);
        if (n < 1 || n > 2 || v == 0 || v > era->last)
            return MIZO_EINPUT;
    }
    *year = era->before + v;
    return MIZO_OK;
}

static mizo_err date_if_valid(int year, int month, int day, mizo_date *out)
{
    mizo_date d = { year, month, day };
    if (!mizo_date_valid(d))
        return MIZO_EINPUT;
    *out = d;
    return MIZO_OK;
}

/* "20230401" */
static bool eight_digits(const char *s, mizo_date *out)
{
    int v;
    const char *p = s;
    if (read_digits(&p, &v) != 8 || *p)
        return false;
    *out = (mizo_date){ v / 10000, v / 100 % 100, v % 100 };
    return true;
}

static mizo_err parse_folded(const char *s, mizo_date *out)
{
    mizo_date d;
    if (eight_digits(s, &d))
        return date_if_valid(d.year, d.month, d.day, out);
    MIZO_TRY(read_year(&s, &d.year));
    char first = *s;
    if (!first || !strchr("/-.Y", first))
        return MIZO_EINPUT;
    s++;
    int n = read_digits(&s, &d.month);
    char second = first == 'Y' ? 'L' : first;
    if (n < 1 || n > 2 || *s != second)
        return MIZO_EINPUT;
    s++;
    n = read_digits(&s, &d.day);
    if (n < 1 || n > 2)
        return MIZO_EINPUT;
    if (first == 'Y' && *s++ != 'E')
        return MIZO_EINPUT;
    return *s ? MIZO_EINPUT : date_if_valid(d.year, d.month, d.day, out);
}

/* The value of n digits, -1 if they are not. */
static int fixed(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

mizo_err mizo_date_parse(const char *s, size_t n, mizo_date *out)
{
    if (n == 10 && (s[4] == '-' || s[4] == '/') && s[7] == s[4]) { /* the usual form, without folding */
        int y = fixed(s, 4), m = fixed(s + 5, 2), d = fixed(s + 8, 2);
        if (y >= 0 && m >= 0 && d >= 0)
            return date_if_valid(y, m, d, out);
    }
    char text[DATE_LETTERS + 1];
    MIZO_TRY(fold_date(s, n, text));
    return parse_folded(text, out);
}

mizo_err mizo_fy_parse(const char *s, size_t n, int *fy)
{
    char text[DATE_LETTERS + 1];
    MIZO_TRY(fold_date(s, n, text));
    const char *p = text;
    if (p[0] == 'F' && p[1] == 'Y')
        p += 2;
    while (*p == ' ')
        p++;
    int year;
    MIZO_TRY(read_year(&p, &year));
    if (p[0] == 'Y')
        p += p[1] == 'D' ? 2 : 1;
    if (*p || year < 1 || year > 9998)
        return MIZO_EINPUT;
    *fy = year;
    return MIZO_OK;
}

mizo_err mizo_clock_parse(const char *s, size_t n, int *minute)
{
    char text[DATE_LETTERS + 1];
    MIZO_TRY(fold_date(s, n, text));
    const char *p = text;
    int h, m, sec = 0;
    int digits = read_digits(&p, &h);
    if (*p == ':' && digits >= 1 && digits <= 2) {
        p++;
        if (read_digits(&p, &m) != 2)
            return MIZO_EINPUT;
        if (*p == ':') {
            p++;
            if (read_digits(&p, &sec) != 2)
                return MIZO_EINPUT;
        }
    } else if (digits == 4) {
        m = h % 100;
        h /= 100;
    } else {
        return MIZO_EINPUT;
    }
    if (*p || m > 59 || sec || h > 24 || (h == 24 && m))
        return MIZO_EINPUT;
    *minute = h * 60 + m;
    return MIZO_OK;
}

/* ---- instants ---- */

void mizo_day_text(mizo_day d, char out[MIZO_DATE_TEXT])
{
    if (d == MIZO_DAY_NONE) {
        snprintf(out, MIZO_DATE_TEXT, "-");
        return;
    }
    mizo_date c = mizo_day_date(d);
    snprintf(out, MIZO_DATE_TEXT, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void mizo_ms_text(mizo_ms t, int offset, char out[MIZO_INSTANT_TEXT])
{
    mizo_ms local = t + (mizo_ms)offset * MIZO_SLOT_MS;
    int64_t day = floor_div(local, 86400000);
    int ms = (int)(local - day * 86400000);
    char date[MIZO_DATE_TEXT], fraction[8] = "";
    mizo_day_text((mizo_day)day, date);
    if (ms % 1000)
        snprintf(fraction, sizeof fraction, ".%03d", ms % 1000);
    unsigned sec = (unsigned)ms / 1000, zone = (unsigned)(offset < 0 ? -offset : offset) * 30;
    snprintf(out, MIZO_INSTANT_TEXT, "%.15sT%02u:%02u:%02u%s%c%02u:%02u", date, sec / 3600 % 24,
             sec / 60 % 60, sec % 60, fraction, offset < 0 ? '-' : '+', zone / 60 % 100, zone % 60);
}

/* "Z", "+09:00", "-03:30", or nothing: then the region's. In minutes. */
static mizo_err read_zone(const char *s, int offset, int *minutes)
{
    *minutes = offset * 30;
    if (*s == 0)
        return MIZO_OK;
    if (*s == 'Z' && s[1] == 0) {
        *minutes = 0;
        return MIZO_OK;
    }
    if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
        return MIZO_EINPUT;
    int h = fixed(s + 1, 2), m = fixed(s + 4, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59)
        return MIZO_EINPUT;
    *minutes = (*s == '-' ? -1 : 1) * (h * 60 + m);
    return MIZO_OK;
}

/* hh:mm[:ss[.fff]]; *s is left at the zone. In ms of the day. */
static mizo_err read_time(const char **s, int64_t *ms)
{
    int h, m, sec = 0, milli = 0;
    int n = read_digits(s, &h);
    if (n < 1 || n > 2 || *(*s)++ != ':' || read_digits(s, &m) != 2)
        return MIZO_EINPUT;
    if (**s == ':') {
        (*s)++;
        if (read_digits(s, &sec) != 2)
            return MIZO_EINPUT;
    }
    if (**s == '.') {
        (*s)++;
        n = read_digits(s, &milli);
        if (n < 1)
            return MIZO_EINPUT;
        for (; n < 3; n++)
            milli *= 10;
        for (; n > 3; n--)
            milli /= 10;
    }
    if (m > 59 || sec > 60 || h > 24 || (h == 24 && (m || sec || milli)))
        return MIZO_EINPUT;
    *ms =
        (((int64_t)h * 60 + m) * 60 + (sec == 60 ? 59 : sec)) * 1000 + milli; /* a leap second repeats :59 */
    return MIZO_OK;
}

mizo_err mizo_ms_parse(const char *s, size_t n, int offset, mizo_ms *out)
{
    char text[DATE_LETTERS + 1];
    MIZO_TRY(fold_date(s, n, text));
    char *cut = strpbrk(text, "T ");
    if (!cut)
        return MIZO_EINPUT;
    *cut = 0;
    const char *p = cut + 1;
    mizo_date d;
    int64_t ms;
    int zone;
    MIZO_TRY(parse_folded(text, &d));
    MIZO_TRY(read_time(&p, &ms));
    MIZO_TRY(read_zone(p, offset, &zone));
    *out = (mizo_ms)mizo_date_day(d) * 86400000 + ms - (mizo_ms)zone * 60000;
    return MIZO_OK;
}
