/* jma.c: hours as the Japan Meteorological Agency's download gives them, CP932, as 時別値.
 *
 * Above the data stand: the time of the download, the stations, the elements with their units, sometimes a
 * row of sub-labels (風向), and a row that names the columns 品質情報, 現象なし情報, 均質番号 beside each value.
 * A label is the end of its hour; 24:00 is written as 0:00 of the next day. Quality: 8 normal, 5 nearly
 * normal, 4 too little, 2 doubtful, 1 missing, 0 not observed. Source: the agency's page on the form of the
 * file, and docs/formats/weather.md. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/import.h"
#include "mizo/messages/weather.h"
#include "weather/readers.h"

/* the hour's end in one column, or in four */
enum { C_WHEN, C_YEAR, C_MONTH, C_DAY, C_HOUR, C_VALUE, C_FLAG = C_VALUE + 3, COLUMNS = C_FLAG + 3 };
enum { AIR, GHI, SUN, ELEMENTS };
enum { N_STATIONS, N_STARTED, N_FAULT, N_AT };
enum { FINE, FAULT_UNIT, FAULT_STATIONS, FAULT_STATION, FAULT_DAILY, FAULT_TOLD };

static const struct element {
    const char *name, *units[4], *want;
} elements[ELEMENTS] = {
    [AIR] = {"気温",           { "℃", "°c", "c" },           "℃"   },
    [GHI] = { "全天日射量", { "mj/㎡", "mj/m2", "mj/m²" }, "MJ/m2" },
    [SUN] = { "日照時間",    { "時間", "h" },               "時間"},
};

/* ---- the rows above the data ---- */

/* The names of the stations stand above the values, each as often as it has columns. */
static void remember_stations(const table_words *w, table_state *st)
{
    int n = 0;
    for (int i = 0; i < w->n; i++) {
        st->what[i] = -1;
        int k = 0;
        while (k < n && strcmp(st->owner[k], w->w[i]))
            k++;
        if (*w->w[i] == '\0' || strlen(w->w[i]) >= MIZO_ID_MAX || k == TABLE_OWNERS)
            continue;
        if (k == n)
            snprintf(st->owner[n++], MIZO_ID_MAX, "%s", w->w[i]);
        st->what[i] = (int16_t)k;
    }
    st->num[N_STATIONS] = n;
}

/* The station that is meant: the one there is, or the one that was asked for. -1: not clear. */
static int chosen(table_state *st)
{
    if (!st->station || !*st->station) {
        if (st->num[N_STATIONS] > 1)
            st->num[N_FAULT] = FAULT_STATIONS;
        return st->num[N_STATIONS] > 1 ? -1 : 0;
    }
    char word[TABLE_WORD];
    text_fold(st->station, strlen(st->station), word, sizeof word);
    for (int k = 0; k < st->num[N_STATIONS]; k++)
        if (strcmp(st->owner[k], word) == 0)
            return k;
    st->num[N_FAULT] = FAULT_STATION;
    return -1;
}

static bool unit_is(const struct element *e, const char *word)
{
    const char *open = strchr(word, '(');
    size_t n = open ? strcspn(open + 1, ")") : 0;
    for (int i = 0; i < 4 && e->units[i]; i++)
        if (n && strlen(e->units[i]) == n && memcmp(open + 1, e->units[i], n) == 0)
            return true;
    return false;
}

/* The first column of each element of the station. A unit that is not meant is remembered as a fault. */
static bool find_elements(const table_words *w, table_state *st)
{
    int station = chosen(st), found = 0;
    for (int e = 0; e < ELEMENTS; e++) {
        size_t n = strlen(elements[e].name);
        st->col[C_VALUE + e] = st->col[C_FLAG + e] = -1;
        for (int i = 0; i < w->n && st->col[C_VALUE + e] < 0; i++) {
            bool named = strncmp(w->w[i], elements[e].name, n) == 0 && (w->w[i][n] == '(' || !w->w[i][n]);
            found += named;
            if (!named || (st->num[N_STATIONS] && st->what[i] != station))
                continue;
            st->col[C_VALUE + e] = (int16_t)i;
            if (!unit_is(&elements[e], w->w[i]) && !st->num[N_FAULT]) {
                st->num[N_FAULT] = FAULT_UNIT;
                st->num[N_AT] = i;
                snprintf(st->owner[TABLE_OWNERS - 1], MIZO_ID_MAX, "%.40s", w->w[i]);
            }
        }
    }
    return found > 0;
}

static bool find_hour(const table_words *w, table_state *st)
{
    static const char *const one[] = { "年月日時", NULL }, *const day[] = { "年月日", NULL };
    static const char *const parts[4][2] = { { "年" }, { "月" }, { "日" }, { "時" } };
    bool all = true;
    st->col[C_WHEN] = (int16_t)table_find(w, one);
    for (int i = 0; i < 4; i++) {
        st->col[C_YEAR + i] = (int16_t)table_find(w, parts[i]);
        all = all && (st->col[C_YEAR + i] >= 0 || i == 3);
    }
    if (st->col[C_WHEN] >= 0 || (all && st->col[C_HOUR] >= 0))
        return true;
    st->col[C_WHEN] = (int16_t)table_find(w, day);
    if (all || st->col[C_WHEN] >= 0)
        st->num[N_FAULT] = FAULT_DAILY;
    return all || st->col[C_WHEN] >= 0;
}

static bool jma_header(const table_words *w, table_state *st)
{
    if (w->n > 1 && *w->w[0] == '\0') {
        remember_stations(w, st);
        return false;
    }
    st->num[N_FAULT] = FINE;
    bool daily_is_ours = st->num[N_STATIONS] > 0;
    if (w->n < 2 || !find_hour(w, st) || (st->num[N_FAULT] == FAULT_DAILY && !daily_is_ours))
        return false;
    bool daily = st->num[N_FAULT] == FAULT_DAILY;
    st->nfield = w->n;
    bool ours = find_elements(w, st);
    if (daily)
        st->num[N_FAULT] = FAULT_DAILY;
    return ours || (daily && table_find_start(w, "平均気温", 0) >= 0);
}

/* ---- the rows between the elements and the data ---- */

/* Which column says how good a value is: the first 品質情報 at or after it. */
static void remember_flags(const csv_record *rec, table_state *st)
{
    for (int i = 0; i < rec->nfield; i++) {
        char word[TABLE_WORD];
        text_fold(rec->field[i].s, rec->field[i].n, word, sizeof word);
        if (strcmp(word, "品質情報"))
            continue;
        int of = -1;
        for (int e = 0; e < ELEMENTS; e++)
            if (st->col[C_VALUE + e] >= 0 && st->col[C_VALUE + e] < i &&
                (of < 0 || st->col[C_VALUE + e] > st->col[C_VALUE + of]))
                of = e;
        if (of >= 0 && st->col[C_FLAG + of] < 0 && i - st->col[C_VALUE + of] <= 2)
            st->col[C_FLAG + of] = (int16_t)i;
    }
}

static const csv_field *when_field(const table_state *st, const csv_record *rec)
{
    return &rec->field[st->col[C_WHEN] >= 0 ? st->col[C_WHEN] : st->col[C_YEAR]];
}

/* What is wrong with the file as a whole is said once, at its first row. */
static mizo_err tell_fault(table_state *st, const csv_record *rec, table_fault *fault)
{
    int64_t what = st->num[N_FAULT];
    const csv_field *first = when_field(st, rec);
    st->num[N_FAULT] = FAULT_TOLD;
    switch (what) {
    case FAULT_UNIT: {
        const char *word = st->owner[TABLE_OWNERS - 1];
        for (int e = 0; e < ELEMENTS; e++)
            if (st->col[C_VALUE + e] == st->num[N_AT])
                return table_bad(fault, MIZO_MSG_WEATHER_JMA_UNIT, &rec->field[st->num[N_AT]], word,
                                 elements[e].want, NULL);
        return MIZO_ENOENT;
    }
    case FAULT_STATIONS:
        return table_bad(fault, MIZO_MSG_WEATHER_STATIONS, first, st->owner[0], st->owner[1], NULL);
    case FAULT_STATION:
        return table_bad(fault, MIZO_MSG_WEATHER_NO_STATION, first, st->station, st->owner[0], NULL);
    case FAULT_DAILY:
        return table_bad(fault, MIZO_MSG_WEATHER_DAILY, first, NULL, NULL, NULL);
    default:
        return MIZO_ENOENT;
    }
}

/* ---- the data ---- */

static mizo_err read_parts(const table_state *st, const csv_record *rec, mizo_ms *end, table_fault *fault)
{
    int64_t v[4] = { 0 };
    for (int i = 0; i < 4; i++) {
        const csv_field *f = &rec->field[st->col[C_YEAR + i]];
        if (mizo_decimal_parse(f->s, f->n, 0, &v[i]) || v[i] < 0 || v[i] > 9999)
            return table_bad_text(fault, i < 3 ? MIZO_MSG_IMPORT_BAD_DATE : MIZO_MSG_IMPORT_BAD_CLOCK, f,
                                  NULL);
    }
    mizo_date date = { (int)v[0], (int)v[1], (int)v[2] };
    if (!mizo_date_valid(date))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_DATE, &rec->field[st->col[C_DAY]], NULL);
    if (v[3] > 24)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CLOCK, &rec->field[st->col[C_HOUR]], NULL);
    *end = table_day_ms(mizo_date_day(date), st->offset) + v[3] * 3600000;
    return MIZO_OK;
}

static mizo_err read_end(const table_state *st, const csv_record *rec, mizo_ms *end, table_fault *fault)
{
    if (st->col[C_WHEN] < 0)
        return read_parts(st, rec, end, fault);
    const csv_field *f = &rec->field[st->col[C_WHEN]];
    return table_instant(f->s, f->n, st->offset, end)
               ? table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL)
               : MIZO_OK;
}

/* The agency's marks on paper and screen: --, ///, ×, #, and a value with ")" (nearly normal) or "]" (too
 * little) behind it. True: there is a value in s[0..*n). */
static bool strip_marks(const char *s, size_t *n, uint8_t *quality)
{
    static const char *const none[] = { "--", "///", "×", "#", "/" };
    while (*n && s[*n - 1] == ' ')
        (*n)--;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (strlen(none[i]) == *n && memcmp(none[i], s, *n) == 0)
            return false;
    if (*n && s[*n - 1] == ']')
        return false;
    if (*n && s[*n - 1] == ')') {
        (*n)--;
        *quality = MIZO_QUALITY_ESTIMATED;
    }
    return *n > 0;
}

/* MIZO_ENOENT: there is no value to be trusted. */
static mizo_err read_flag(const table_state *st, const csv_record *rec, int e, uint8_t *quality,
                          table_fault *fault)
{
    *quality = MIZO_QUALITY_MEASURED;
    if (st->col[C_FLAG + e] < 0)
        return MIZO_OK;
    const csv_field *f = &rec->field[st->col[C_FLAG + e]];
    int64_t flag;
    if (f->n == 0)
        return MIZO_OK;
    if (mizo_decimal_parse(f->s, f->n, 0, &flag) || flag < 0 || flag > 8)
        return table_bad_text(fault, MIZO_MSG_WEATHER_FLAG, f, NULL);
    if (flag == 5)
        *quality = MIZO_QUALITY_ESTIMATED;
    return flag == 8 || flag == 5 ? MIZO_OK : MIZO_ENOENT;
}

/* The number of a cell x 10^digits, and how good it is. MIZO_ENOENT: none. */
static mizo_err read_cell(const table_state *st, const csv_record *rec, int e, int digits, int64_t *v,
                          uint8_t *quality, table_fault *fault)
{
    if (st->col[C_VALUE + e] < 0)
        return MIZO_ENOENT;
    const csv_field *f = &rec->field[st->col[C_VALUE + e]];
    size_t n = f->n;
    MIZO_TRY(read_flag(st, rec, e, quality, fault));
    if (!strip_marks(f->s, &n, quality))
        return MIZO_ENOENT;
    mizo_err err = table_number(f->s, n, digits, v);
    if (err == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, elements[e].want);
    return err;
}

static void add(table_row *row, const table_state *st, const csv_record *rec, int e, const table_value *v)
{
    row->value[row->nvalue] = *v;
    row->value[row->nvalue].step_min = 60;
    row->value[row->nvalue].role = MIZO_ROLE_READING;
    row->value[row->nvalue++].column = rec->field[st->col[C_VALUE + e]].column;
}

static mizo_err add_air(const table_state *st, const csv_record *rec, mizo_ms end, table_row *row,
                        table_fault *fault)
{
    table_value v = { .at = end, .quantity = MIZO_Q_TEMPERATURE };
    int64_t cc;
    mizo_err e = read_cell(st, rec, AIR, 2, &cc, &v.quality, fault);
    if (e == MIZO_ENOENT || e == MIZO_EINPUT) {
        row->nmissing += e == MIZO_ENOENT && st->col[C_VALUE + AIR] >= 0;
        return e == MIZO_ENOENT ? MIZO_OK : e;
    }
    if (e || cc < WEATHER_COLDEST_CC || cc > WEATHER_HOTTEST_CC)
        return weather_out_of_range(&rec->field[st->col[C_VALUE + AIR]], "-90", "70", fault);
    v.v = (int32_t)cc;
    add(row, st, rec, AIR, &v);
    return MIZO_OK;
}

/* MJ/m2 of the hour before the label: 1 MJ/m2 is 277.8 W/m2. MIZO_ENOENT: not measured. */
static mizo_err add_ghi(const table_state *st, const csv_record *rec, mizo_ms end, table_row *row,
                        table_fault *fault)
{
    table_value v = { .at = end - 3600000, .quantity = MIZO_Q_IRRADIANCE };
    int64_t x;
    mizo_err e = read_cell(st, rec, GHI, 4, &x, &v.quality, fault);
    if (e == MIZO_ENOENT || e == MIZO_EINPUT)
        return e;
    if (e || x < 0 || x > WEATHER_BRIGHTEST * 36)
        return weather_out_of_range(&rec->field[st->col[C_VALUE + GHI]], "0", "5.4", fault);
    v.v = (int32_t)((x + 18) / 36);
    add(row, st, rec, GHI, &v);
    return MIZO_OK;
}

/* Where only the hours of sunshine are measured they say the clear-sky index: Allen et al., Crop
 * evapotranspiration, FAO 56 (1998), equations 35 and 36: (0.25 + 0.50 n/N) of the sun outside the atmosphere
 * against 0.75 of it under a clear sky. */
static mizo_err add_sun(const table_state *st, const csv_record *rec, mizo_ms end, table_row *row,
                        table_fault *fault)
{
    table_value v = { .at = end - 3600000, .quantity = MIZO_Q_CLOUD };
    int64_t x;
    mizo_err e = read_cell(st, rec, SUN, 3, &x, &v.quality, fault);
    if (e == MIZO_ENOENT || e == MIZO_EINPUT) {
        row->nmissing += e == MIZO_ENOENT;
        return e == MIZO_ENOENT ? MIZO_OK : e;
    }
    if (e || x < 0 || x > 1000)
        return weather_out_of_range(&rec->field[st->col[C_VALUE + SUN]], "0", "1", fault);
    v.v = (int32_t)((250 + x / 2) * 1000 / 750);
    v.quality = MIZO_QUALITY_ESTIMATED;
    add(row, st, rec, SUN, &v);
    return MIZO_OK;
}

static mizo_err jma_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    mizo_ms end = 0;
    row->kind = TABLE_SERIES;
    if (!st->num[N_STARTED] && when_field(st, rec)->n == 0) {
        remember_flags(rec, st);
        return MIZO_ENOENT;
    }
    st->num[N_STARTED] = 1;
    if (st->num[N_FAULT])
        return tell_fault(st, rec, fault);
    MIZO_TRY(read_end(st, rec, &end, fault));
    MIZO_TRY(add_air(st, rec, end, row, fault));
    mizo_err e = add_ghi(st, rec, end, row, fault);
    if (e == MIZO_ENOENT)
        e = st->col[C_VALUE + SUN] >= 0 ? add_sun(st, rec, end, row, fault) : MIZO_OK;
    return e;
}

const table_reader weather_jma = {
    .name = "jma",
    .help = "年月日時,気温(℃),..,全天日射量(MJ/㎡),..",
    .header = jma_header,
    .row = jma_row,
};
