/* scan.c: the fast way for plain long files, several million lines a second.
 *
 * It takes only what is plain and leaves every other line to metering_long, which
 * knows all the ways of writing and says what is wrong. What two lines on end have
 * in common (the time in files by time, the date in files by meter) is read once. */
#include <string.h>

#include "metering/readers.h"

enum { SCAN_FIELDS = 16, DATE_LETTERS = 10 };

typedef struct scan_memory {
    const char *time; /* the last time field and the slot it meant */
    size_t ntime;
    mizo_slot slot;
    char date[DATE_LETTERS];
    int64_t date_s; /* unix seconds of the date's midnight, of the region */
    bool have_date;
} scan_memory;

static const int64_t pow10_of[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

static inline bool digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Digits with at most six decimals. False: leave it to the other reader. */
static inline bool scan_value(const scan_shape *s, const char *p, const char *end, int32_t *out)
{
    int64_t m = 0;
    int decimals = 0;
    const char *begin = p;
    if (end - p > 15 || p == end)
        return false;
    for (; p < end && digit(*p); p++)
        m = m * 10 + (*p - '0');
    if (p == begin)
        return false;
    if (p < end) {
        if (*p++ != '.' || p == end || end - p > 6)
            return false;
        for (; p < end && digit(*p); p++, decimals++)
            m = m * 10 + (*p - '0');
        if (p < end)
            return false;
    }
    if (m > INT64_MAX / 1000001)
        return false;
    int64_t v = m * s->num, den = s->den * pow10_of[decimals];
    if (den == 1000 && s->num == 1000)
        v = m;
    else if (den != 1)
        v = (v + den / 2) / den;
    if (v > INT32_MAX)
        return false;
    *out = (int32_t)v;
    return true;
}

static inline bool two(const char *p, int *out)
{
    *out = (p[0] - '0') * 10 + (p[1] - '0');
    return digit(p[0]) && digit(p[1]);
}

/* "YYYY-MM-DD" or "YYYY/MM/DD"; remembers the last one. */
static bool scan_date(scan_memory *m, const scan_shape *s, const char *p)
{
    if (m->have_date && memcmp(m->date, p, DATE_LETTERS) == 0)
        return true;
    int century, year, month, day;
    if (!two(p, &century) || !two(p + 2, &year) || !two(p + 5, &month) || !two(p + 8, &day) || p[4] != p[7] ||
        (p[4] != '-' && p[4] != '/'))
        return false;
    mizo_date d = { century * 100 + year, month, day };
    if (!mizo_date_valid(d))
        return false;
    memcpy(m->date, p, DATE_LETTERS);
    m->date_s = (int64_t)mizo_day_slot(mizo_date_day(d), s->offset) * MIZO_SLOT_S;
    m->have_date = true;
    return true;
}

/* "YYYY-MM-DDTHH:MM[:00][+09:00|Z]" into unix seconds. */
static bool scan_text_time(scan_memory *m, const scan_shape *s, const char *p, size_t n, int64_t *out)
{
    int hour, minute;
    if (n < 16 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || !two(p + 11, &hour) ||
        !two(p + 14, &minute) || hour > 23 || minute > 59 || !scan_date(m, s, p))
        return false;
    *out = m->date_s + hour * 3600 + minute * 60;
    p += 16;
    n -= 16;
    if (n >= 3 && memcmp(p, ":00", 3) == 0) {
        p += 3;
        n -= 3;
    }
    if (n == 0)
        return true;
    if (n == 1 && *p == 'Z') {
        *out += (int64_t)s->offset * MIZO_SLOT_S;
        return true;
    }
    int zh, zm;
    if (n != 6 || (*p != '+' && *p != '-') || p[3] != ':' || !two(p + 1, &zh) || !two(p + 4, &zm) ||
        zh > 18 || zm > 59)
        return false;
    int64_t zone = zh * 3600 + zm * 60;
    *out += (int64_t)s->offset * MIZO_SLOT_S - (*p == '-' ? -zone : zone);
    return true;
}

static bool scan_epoch(const char *p, size_t n, int64_t *out)
{
    int64_t t = 0;
    if (n == 0 || n > 12)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!digit(p[i]))
            return false;
        t = t * 10 + (p[i] - '0');
    }
    *out = t;
    return true;
}

static inline bool scan_slot(scan_memory *m, const scan_shape *s, const char *p, size_t n, mizo_slot *out)
{
    if (n == m->ntime && memcmp(p, m->time, n) == 0) {
        *out = m->slot;
        return true;
    }
    int64_t t;
    if (s->epoch ? !scan_epoch(p, n, &t) : !scan_text_time(m, s, p, n, &t))
        return false;
    if (t % MIZO_SLOT_S)
        return false;
    m->time = p;
    m->ntime = n;
    m->slot = *out = t / MIZO_SLOT_S - (s->end ? 1 : 0);
    return true;
}

/* One line [p, end) without its end. False: not plain. */
static inline bool scan_line(const scan_shape *s, scan_memory *m, const char *p, const char *end,
                             scan_item *it)
{
    const char *f[SCAN_FIELDS + 1];
    int n = 0;
    f[n++] = p;
    for (const char *c = p; c < end; c++)
        if (*c == ',') {
            if (n >= SCAN_FIELDS)
                return false;
            f[n++] = c + 1;
        }
    f[n] = end + 1; /* as if a comma ended the line */
    if (n != s->nfield)
        return false;
    it->owner = f[s->owner];
    it->nowner = (uint32_t)(f[s->owner + 1] - 1 - f[s->owner]);
    it->line_start = p;
    it->quality = MIZO_QUALITY_MEASURED;
    if (it->nowner == 0 || it->nowner > 64)
        return false;
    if (!scan_value(s, f[s->value], f[s->value + 1] - 1, &it->value) ||
        !scan_slot(m, s, f[s->time], (size_t)(f[s->time + 1] - 1 - f[s->time]), &it->slot))
        return false;
    if (s->quality < 0)
        return true;
    csv_field q = { f[s->quality], (size_t)(f[s->quality + 1] - 1 - f[s->quality]), 1 };
    return q.n == 0 || (q.n == 8 && memcmp(q.s, "measured", 8) == 0) || metering_quality(&q, &it->quality);
}

size_t metering_scan(const scan_shape *s, const char *p, size_t n, scan_item *items, size_t cap, size_t *used,
                     int *lines, bool *odd)
{
    const char *at = p, *end = p + n;
    scan_memory m = { .time = p, .ntime = SIZE_MAX }; /* no field is so long */
    size_t count = 0;
    int line = 0;
    *odd = false;
    while (count < cap && at < end) {
        const char *nl = memchr(at, '\n', (size_t)(end - at));
        if (!nl)
            break;
        const char *stop = nl > at && nl[-1] == '\r' ? nl - 1 : nl;
        if (stop > at) {
            scan_item *it = &items[count];
            if (!scan_line(s, &m, at, stop, it)) {
                *odd = true;
                break;
            }
            it->line = line;
            count++;
        }
        at = nl + 1;
        line++;
    }
    *used = (size_t)(at - p);
    *lines = line;
    return count;
}
