/* worked.h: the worked bills of tests/data/bills: a town, what was read, and what must come out. */
#ifndef TESTS_UNIT_RETAIL_WORKED_H
#define TESTS_UNIT_RETAIL_WORKED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "mizo/bill.h"
#include "region/schema.h"

#define ROWS(a) (sizeof(a) / sizeof((a)[0]))

enum { WORKED_SLOTS = 64 * MIZO_DAY_SLOTS, WORKED_ROWS = 500, WORKED_CELLS = 12, WORKED_TEXT = 200 };

typedef struct worked_file {
    char *bytes;
    int n; /* rows without the head */
    char cell[WORKED_ROWS][WORKED_CELLS][WORKED_TEXT];
} worked_file;

static inline char *worked_text(const char *name, size_t *n)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/data/bills/%s", TEST_ROOT, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *text = malloc(1 << 18);
    assert_non_null(text);
    *n = fread(text, 1, (1 << 18) - 1, f);
    text[*n] = 0;
    fclose(f);
    return text;
}

static inline worked_file *worked_read(const char *name)
{
    worked_file *w = calloc(1, sizeof *w);
    size_t n = 0;
    csv_record rec;
    const char *what;
    assert_non_null(w);
    w->bytes = worked_text(name, &n);
    assert_non_null(w->bytes);
    csv_reader *csv = csv_open(w->bytes, n);
    assert_int_equal(csv_next(csv, &rec, &what), MIZO_OK);
    while (csv_next(csv, &rec, &what) == MIZO_OK) {
        assert_true(w->n < WORKED_ROWS && rec.nfield <= WORKED_CELLS);
        for (int i = 0; i < rec.nfield; i++)
            snprintf(w->cell[w->n][i], WORKED_TEXT, "%.*s", (int)rec.field[i].n, rec.field[i].s);
        w->n++;
    }
    csv_close(csv);
    return w;
}

static inline void worked_free(worked_file *w)
{
    free(w->bytes);
    free(w);
}

/* The town, with one file of it edited first: the first `from` becomes `to`. file NULL: as it is. */
static inline mizo_err worked_region(const char *file, const char *from, const char *to, mizo_diags *d,
                                     const mizo_region **out)
{
    mizo_file files[FILE_COUNT];
    char *own[FILE_COUNT];
    size_t n = 0;
    for (int f = 0; f < FILE_COUNT; f++) {
        const char *name = region_files[f].name;
        size_t size;
        char *text = worked_text(name, &size);
        if (!text)
            continue;
        if (file && !strcmp(name, file)) {
            char *at = strstr(text, from), *edited = malloc(1 << 18);
            assert_non_null(at);
            size =
                (size_t)snprintf(edited, 1 << 18, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
            free(text);
            text = edited;
        }
        own[n] = text;
        files[n++] = (mizo_file){ name, text, size };
    }
    mizo_err e = mizo_region_build(files, n, d, out);
    while (n)
        free(own[--n]);
    return e;
}

static inline mizo_day worked_day(const char *s)
{
    mizo_date d;
    assert_int_equal(mizo_date_parse(s, strlen(s), &d), MIZO_OK);
    return mizo_date_day(d);
}

static inline int worked_slot(const char *s)
{
    int minute;
    assert_int_equal(mizo_clock_parse(s, strlen(s), &minute), MIZO_OK);
    return minute / 30;
}

static inline bool worked_matches(const char *word, mizo_day d)
{
    static const char *const type[] = { "weekday", "saturday", "holiday", "quiet" };
    char day[MIZO_DATE_TEXT];
    mizo_day_text(d, day);
    return !strcmp(word, "all") || !strcmp(word, type[mizo_day_type(d)]) || !strcmp(word, day);
}

/* "all 500; weekday 8:00-22:00 2000; 2021-07-03 1:00-1:30 -": later words overrule. */
static inline void worked_pattern(const char *text, mizo_day from, mizo_day to, int32_t *v)
{
    char copy[WORKED_TEXT], *save = NULL;
    snprintf(copy, sizeof copy, "%s", text);
    for (int i = 0; i < (to - from) * MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
    for (char *part = strtok_r(copy, ";", &save); part; part = strtok_r(NULL, ";", &save)) {
        char word[24], range[24], value[24] = "";
        int n = sscanf(part, " %23s %23s %23s", word, range, value);
        int lo = 0, hi = MIZO_DAY_SLOTS;
        assert_true(n >= 2);
        if (n == 3) {
            *strchr(range, '-') = 0;
            lo = worked_slot(range);
            hi = worked_slot(range + strlen(range) + 1);
        }
        const char *number = n == 3 ? value : range;
        for (mizo_day d = from; d < to; d++)
            for (int s = lo; s < hi && worked_matches(word, d); s++)
                v[(d - from) * MIZO_DAY_SLOTS + s] = strcmp(number, "-") ? atoi(number) : MIZO_MISSING;
    }
}

static inline int64_t worked_number(const char *s, int digits)
{
    int64_t v;
    assert_int_equal(mizo_decimal_parse(s, strlen(s), digits, &v), MIZO_OK);
    return v;
}

/* One row of bills.csv as the input of a bill. */
typedef struct worked {
    const mizo_region *r;
    mizo_day month, from, to;
    mizo_bill_table *table;
    mizo_bill_in in;
    int32_t wh[WORKED_SLOTS], price[WORKED_SLOTS];
} worked;

enum { B_ID, B_CONTRACT, B_MONTH, B_USE, B_PRICE, B_PERIOD, B_MAX, B_PF, B_BEFORE, B_WHY };

static inline void worked_before(const char *text, int64_t before[MIZO_BILL_MONTHS])
{
    char copy[WORKED_TEXT], *save = NULL;
    int n = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (int i = 0; i < MIZO_BILL_MONTHS; i++)
        before[i] = MIZO_MISSING;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
        before[n++] = strcmp(w, "-") ? worked_number(w, 3) : MIZO_MISSING;
}

static inline void worked_input(worked *w, const mizo_region *r, char (*row)[WORKED_TEXT])
{
    mizo_ref ref = mizo_region_contract(r, row[B_CONTRACT]);
    assert_true(ref >= 0);
    const mizo_contract *c = &r->contract[ref];
    const mizo_point *p = &r->point[c->point];
    char first[40];
    snprintf(first, sizeof first, "%.10s-01", row[B_MONTH]);
    w->r = r;
    w->month = worked_day(first);
    mizo_bill_period(c, w->month, &w->from, &w->to);
    if (*row[B_PRICE])
        worked_pattern(row[B_PRICE], w->from, w->to, w->price);
    assert_int_equal(mizo_bill_table_new(r, c->tariff, p->voltage, c->rounding, w->month, w->from, w->to,
                                         *row[B_PRICE] ? w->price : NULL, &w->table),
                     MIZO_OK);
    w->in = (mizo_bill_in){ .contract = ref,
                            .max_w = *row[B_MAX] ? worked_number(row[B_MAX], 3) : MIZO_MISSING,
                            .power_factor_e6 = *row[B_PF] ? worked_number(row[B_PF], 6) : MIZO_NO_PRICE,
                            .as_of = INT64_MAX,
                            .known = INT64_MIN };
    worked_before(row[B_BEFORE], w->in.before_w);
    if (*row[B_USE]) {
        worked_pattern(row[B_USE], w->from, w->to, w->wh);
        w->in.wh = w->wh;
    } else if (*row[B_PERIOD]) {
        w->in.period_wh = worked_number(row[B_PERIOD], 3);
    } else { /* lamps: watts x hours x days */
        mizo_day a = c->from > w->from ? c->from : w->from, z = c->to < w->to ? c->to : w->to;
        assert_int_equal(mizo_mul_div(p->lamp_mw, (int64_t)p->lamp_minutes * (z - a), 60000,
                                      MIZO_ROUND_HALF_UP, &w->in.period_wh),
                         MIZO_OK);
    }
}

#endif
