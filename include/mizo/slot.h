/* slot.h: time as mizo counts it.
 *
 * A slot is a half-hour, numbered unix_seconds / 1800: the same number
 * everywhere. A region has one fixed offset from UTC in slots (Japan +18);
 * day = floor((slot + offset) / 48), always 48 slots; day 0 is 1970-01-01 of
 * the region. Summer time is a column of the calendar and never touches a slot.
 * An instant is int64 milliseconds since the epoch.
 * Sources: ../docs/formats/calendar.md (rules of the national holidays, eras).
 */
#ifndef MIZO_SLOT_H
#define MIZO_SLOT_H

#include "mizo/error.h"

typedef int64_t mizo_slot; /* unix_seconds / 1800 */
typedef int32_t mizo_day;  /* local day since 1970-01-01 */
typedef int64_t mizo_ms;   /* instant, milliseconds since the epoch, UTC */

enum {
    MIZO_SLOT_S = 1800,
    MIZO_SLOT_MS = 1800000,
    MIZO_DAY_SLOTS = 48,
    MIZO_JAPAN_OFFSET = 18,
    MIZO_DAY_NONE = INT32_MAX /* "until further notice" as the end of a validity */
};

MIZO_API mizo_day mizo_slot_day(mizo_slot s, int offset);
MIZO_API int mizo_slot_of_day(mizo_slot s, int offset);   /* 0..47 */
MIZO_API mizo_slot mizo_day_slot(mizo_day d, int offset); /* first slot of the day */
MIZO_API mizo_slot mizo_ms_slot(mizo_ms t);
MIZO_API mizo_ms mizo_slot_ms(mizo_slot s);

/* ---- civil calendar (proleptic Gregorian) ---- */
typedef struct mizo_date {
    int year, month, day; /* month 1..12, day 1..31 */
} mizo_date;

MIZO_API mizo_day mizo_date_day(mizo_date d);
MIZO_API mizo_date mizo_day_date(mizo_day d);
MIZO_API int mizo_day_weekday(mizo_day d); /* 0 Sunday .. 6 Saturday */
MIZO_API bool mizo_date_valid(mizo_date d);
MIZO_API int mizo_month_days(int year, int month);
/* First day of the month that lies `months` after the one with the day d in it: 0 that month itself, 1 its end. */
MIZO_API mizo_day mizo_month_first(mizo_day d, int months);

/* Fiscal year: April to March. FY2023 = 2023-04-01 .. 2024-03-31. */
MIZO_API int mizo_day_fy(mizo_day d);
MIZO_API mizo_day mizo_fy_first(int fy); /* fy's 1 April; mizo_fy_first(fy + 1) ends it */

/* Parses 2023-04-01, 2023/4/1, 20230401, 令和5年4月1日, R5.4.1 in UTF-8;
 * full-width digits are digits. MIZO_EINPUT: not a date. */
MIZO_API MIZO_MUST_USE mizo_err mizo_date_parse(const char *s, size_t n, mizo_date *out);
/* Parses 2023, FY2023, 2023年度, 令和5年度, R5, H31, 令和元年度. */
MIZO_API MIZO_MUST_USE mizo_err mizo_fy_parse(const char *s, size_t n, int *fy);
/* Parses 0:00, 00:30, 0030, 24:00 as minutes of the day, 0..1440. */
MIZO_API MIZO_MUST_USE mizo_err mizo_clock_parse(const char *s, size_t n, int *minute);

enum { MIZO_DATE_TEXT = 16, MIZO_INSTANT_TEXT = 40 };
/* "2023-04-01" */
MIZO_API void mizo_day_text(mizo_day d, char out[MIZO_DATE_TEXT]);
/* "2023-04-01T00:30:00+09:00"; milliseconds only where they are not zero. */
MIZO_API void mizo_ms_text(mizo_ms t, int offset, char out[MIZO_INSTANT_TEXT]);
/* Parses an RFC 3339 instant; without a zone the region's offset is taken. */
MIZO_API MIZO_MUST_USE mizo_err mizo_ms_parse(const char *s, size_t n, int offset, mizo_ms *out);

/* ---- day types (Japan) ---- */
typedef enum mizo_daytype {
    MIZO_WEEKDAY, /* Monday to Friday, not a holiday */
    MIZO_SATURDAY,
    MIZO_HOLIDAY, /* Sunday or national holiday */
    MIZO_QUIET    /* a weekday of low load: 29 Dec - 3 Jan, 13-16 Aug */
} mizo_daytype;

/* True on a national holiday, substitutes and citizens' holidays included,
 * 1980-2099 by rule. name_ja, if not NULL, is set to a static text or NULL. */
MIZO_API bool mizo_holiday(mizo_day d, const char **name_ja);
MIZO_API mizo_daytype mizo_day_type(mizo_day d);

#endif
