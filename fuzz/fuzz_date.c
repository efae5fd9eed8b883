/* Any bytes as a date, a fiscal year, a clock, an instant or a number: what is taken is in range,
 * and its own text is taken again as the same. */
#include <stdlib.h>
#include <string.h>

#include "mizo/number.h"
#include "mizo/slot.h"

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static void a_date(const char *s, size_t n)
{
    mizo_date d, back;
    if (mizo_date_parse(s, n, &d))
        return;
    char text[MIZO_DATE_TEXT];
    demand(mizo_date_valid(d));
    mizo_day_text(mizo_date_day(d), text);
    demand(mizo_date_parse(text, strlen(text), &back) == MIZO_OK);
    demand(back.year == d.year && back.month == d.month && back.day == d.day);
}

static void an_instant(const char *s, size_t n)
{
    mizo_ms t, back;
    if (mizo_ms_parse(s, n, MIZO_JAPAN_OFFSET, &t))
        return;
    char text[MIZO_INSTANT_TEXT];
    mizo_ms_text(t, MIZO_JAPAN_OFFSET, text);
    mizo_date d = mizo_day_date(mizo_slot_day(mizo_ms_slot(t), MIZO_JAPAN_OFFSET));
    if (!mizo_date_valid(d)) /* the zone carried it out of the years 1..9999 */
        return;
    demand(mizo_ms_parse(text, strlen(text), 0, &back) == MIZO_OK && back == t);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const char *s = (const char *)p;
    int fy = 0, minute = 0;
    int64_t v;
    a_date(s, n);
    an_instant(s, n);
    if (mizo_fy_parse(s, n, &fy) == MIZO_OK)
        demand(fy >= 1 && fy <= 9998);
    if (mizo_clock_parse(s, n, &minute) == MIZO_OK)
        demand(minute >= 0 && minute <= 1440);
    for (int digits = 0; digits <= 9; digits += 3)
        if (mizo_decimal_parse(s, n, digits, &v) == MIZO_OK) {
            char text[MIZO_NUM_TEXT];
            int64_t back;
            mizo_decimal_text(v, digits, text);
            demand(mizo_decimal_parse(text, strlen(text), digits, &back) == MIZO_OK && back == v);
        }
    return 0;
}
