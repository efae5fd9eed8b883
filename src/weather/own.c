/* own.c: mizo's own table of weather: measured, or with a column `issued` a forecast as it was issued. */
#include <string.h>

#include "mizo/messages/import.h"
#include "mizo/messages/weather.h"
#include "weather/readers.h"

enum { C_STATION, C_TIME, C_DATE, C_CLOCK, C_STEP, C_ISSUED, C_AIR, C_GHI, C_QUALITY, COLUMNS };
enum { N_END };

static const char *const names[COLUMNS][9] = {
    [C_STATION] = {"station",    "観測所", "owner", "point", "地点" },
    [C_TIME] = { "start",     "time_jst",        "time_utc", "datetime", "開始", "日時" },
    [C_DATE] = { "date",     "日付",  "年月日" },
    [C_CLOCK] = { "time",  "時刻"    },
    [C_STEP] = { "step",           "step_min"               },
    [C_ISSUED] = { "issued", "発表",          "発表日時" },
    [C_AIR] = { "temperature_c",   "air_c",          "temp_c", "celsius", "気温", "気温(℃)" },
    [C_GHI] = { "irradiance_wm2","ghi_wm2","w_per_m2", "日射量(w/m2)", "全天日射量(w/m2)" },
    [C_QUALITY] = { "quality",    "品質"},
};

static bool find_time(const table_words *w, table_state *st)
{
    static const char *const ends[] = { "end", "終了", "終了日時", NULL };
    if (st->col[C_TIME] < 0) {
        st->col[C_TIME] = (int16_t)table_find(w, ends);
        st->num[N_END] = st->col[C_TIME] >= 0;
    }
    if (st->col[C_TIME] < 0 && st->col[C_DATE] < 0) { /* "time" alone holds date and clock */
        st->col[C_TIME] = st->col[C_CLOCK];
        st->col[C_CLOCK] = -1;
    }
    return st->col[C_TIME] >= 0 || (st->col[C_DATE] >= 0 && st->col[C_CLOCK] >= 0);
}

/* One value of one owner without `issued` is for the long reader of readings. */
static bool own_header(const table_words *w, table_state *st)
{
    st->nfield = w->n;
    for (int i = 0; i < COLUMNS; i++)
        st->col[i] = (int16_t)table_find(w, names[i]);
    if (!find_time(w, st) || (st->col[C_AIR] < 0 && st->col[C_GHI] < 0))
        return false;
    bool ours =
        st->col[C_ISSUED] >= 0 || st->col[C_STATION] < 0 || (st->col[C_AIR] >= 0 && st->col[C_GHI] >= 0);
    return ours && !table_twice(w, st->col, COLUMNS);
}

static const csv_field *field(const table_state *st, const csv_record *rec, int column)
{
    return st->col[column] < 0 ? NULL : &rec->field[st->col[column]];
}

static mizo_err read_step(const csv_field *f, int16_t *step, table_fault *fault)
{
    int64_t n = 30;
    if (f && f->n && (mizo_decimal_parse(f->s, f->n, 0, &n) || (n != 30 && n != 60)))
        return table_bad(fault, MIZO_MSG_WEATHER_STEP, f, NULL, NULL, NULL);
    *step = (int16_t)n;
    return MIZO_OK;
}

static mizo_err read_when(const table_state *st, const csv_record *rec, mizo_ms *at, table_fault *fault)
{
    const csv_field *f = field(st, rec, C_TIME);
    if (f)
        return table_instant(f->s, f->n, st->offset, at)
                   ? table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL)
                   : MIZO_OK;
    mizo_date date;
    int minute;
    f = field(st, rec, C_DATE);
    if (mizo_date_parse(f->s, f->n, &date))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_DATE, f, NULL);
    f = field(st, rec, C_CLOCK);
    if (mizo_clock_parse(f->s, f->n, &minute))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CLOCK, f, NULL);
    *at = table_day_ms(mizo_date_day(date), st->offset) + (mizo_ms)minute * 60000;
    return MIZO_OK;
}

static mizo_err read_issued(const table_state *st, const csv_record *rec, mizo_ms *issued, table_fault *fault)
{
    const csv_field *f = field(st, rec, C_ISSUED);
    *issued = 0;
    if (!f)
        return MIZO_OK;
    if (f->n == 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f, "issued", NULL, NULL);
    return table_instant(f->s, f->n, st->offset, issued)
               ? table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL)
               : MIZO_OK;
}

/* One cell as a value of the row, unless it says "no value". */
static mizo_err add_value(const csv_field *f, const table_value *like, table_row *row, table_fault *fault)
{
    bool air = like->quantity == MIZO_Q_TEMPERATURE;
    int64_t v;
    if (!f)
        return MIZO_OK;
    mizo_err e = table_number(f->s, f->n, air ? 2 : 0, &v);
    if (e == MIZO_ENOENT) {
        row->nmissing++;
        return MIZO_OK;
    }
    if (e == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, air ? "C" : "W/m2");
    if (e || v < (air ? WEATHER_COLDEST_CC : 0) || v > (air ? WEATHER_HOTTEST_CC : WEATHER_BRIGHTEST))
        return weather_out_of_range(f, air ? "-90" : "0", air ? "70" : "1500", fault);
    row->value[row->nvalue] = *like;
    row->value[row->nvalue].v = (int32_t)v;
    row->value[row->nvalue++].column = f->column;
    return MIZO_OK;
}

/* Measured unless it says better. */
static mizo_err read_quality(const csv_field *f, uint8_t *q, table_fault *fault)
{
    *q = MIZO_QUALITY_MEASURED;
    if (!f || f->n == 0)
        return MIZO_OK;
    for (int i = 0; i < MIZO_QUALITY_ABSENT; i++) {
        const char *text = mizo_quality_text((mizo_quality)i);
        if (strlen(text) == f->n && memcmp(text, f->s, f->n) == 0) {
            *q = (uint8_t)i;
            return MIZO_OK;
        }
    }
    return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUALITY, f, NULL);
}

static mizo_err own_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    table_value v = { .quality = MIZO_QUALITY_ESTIMATED, .role = MIZO_ROLE_FORECAST_MEAN };
    const csv_field *f = field(st, rec, C_STATION);
    row->kind = TABLE_SERIES;
    if (f && f->n)
        row->owner = (table_text){ f->s, f->n, f->column };
    MIZO_TRY(read_step(field(st, rec, C_STEP), &v.step_min, fault));
    MIZO_TRY(read_when(st, rec, &v.at, fault));
    MIZO_TRY(read_issued(st, rec, &row->issued, fault));
    mizo_ms step_ms = (mizo_ms)v.step_min * 60000;
    if (!row->issued) {
        v.role = MIZO_ROLE_READING;
        MIZO_TRY(read_quality(field(st, rec, C_QUALITY), &v.quality, fault));
    }
    mizo_ms label = v.at;
    v.quantity = MIZO_Q_TEMPERATURE; /* by the hour it is that of the instant */
    v.at = st->num[N_END] && v.step_min == 30 ? label - step_ms : label;
    MIZO_TRY(add_value(field(st, rec, C_AIR), &v, row, fault));
    v.quantity = MIZO_Q_IRRADIANCE;
    v.at = st->num[N_END] ? label - step_ms : label;
    return add_value(field(st, rec, C_GHI), &v, row, fault);
}

const table_reader weather_own = {
    .name = "weather",
    .help = "[station,]start,temperature_c,irradiance_wm2[,step][,issued]",
    .header = own_header,
    .row = own_row,
};
