/* The three ways in, as bytes: the agency's table, our own, a service's JSON; and half-hours out of hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "mizo/messages/import.h"
#include "mizo/messages/weather.h"
#include "mizo/weather.h"
#include "weather/halves.h"
#include "weather/readers.h"

#define ROWS(a) (sizeof(a) / sizeof((a)[0]))

typedef struct reading {
    const char *kind;
    int rows, missing, bad, line; /* line: of the first bad row */
    table_value v[64];
    char owner[64][MIZO_ID_MAX];
    mizo_ms issued[64];
    int n;
    table_fault fault; /* the first */
} reading;

static void take_row(const table_row *row, reading *out)
{
    out->missing += row->nmissing;
    for (int i = 0; i < row->nvalue && out->n < 64; i++) {
        snprintf(out->owner[out->n], MIZO_ID_MAX, "%.*s", (int)row->owner.n,
                 row->owner.n ? row->owner.s : "");
        out->issued[out->n] = row->issued;
        out->v[out->n++] = row->value[i];
    }
}

static void read_bytes(const char *bytes, size_t n, const char *station, reading *out)
{
    csv_record *rec = malloc(sizeof *rec);
    table_words *w = malloc(sizeof *w);
    table_row *row = malloc(sizeof *row);
    table_state *st = calloc(2, sizeof *st);
    csv_reader *csv = csv_open(bytes, n);
    int mine = -1;
    const char *what;
    assert_true(rec && w && row && st && csv);
    *out = (reading){ .kind = "" };
    for (int i = 0; i < 2; i++)
        st[i] = (table_state){ .offset = MIZO_JAPAN_OFFSET, .file = "f.csv", .station = station };
    while (csv_next(csv, rec, &what) == MIZO_OK) {
        table_fault f;
        table_fold(rec, w);
        for (int i = 0; i < 2 && mine < 0; i++)
            if (weather_readers[i]->header(w, &st[i])) {
                mine = i;
                out->kind = weather_readers[i]->name;
                goto next;
            }
        if (mine < 0)
            continue;
        mizo_err e = table_read(weather_readers[mine], &st[mine], rec, row, &f);
        out->rows += e != MIZO_ENOENT;
        if (e == MIZO_OK)
            take_row(row, out);
        if (e == MIZO_EINPUT && !out->bad++) {
            out->fault = f;
            out->line = rec->line;
        }
    next:;
    }
    csv_close(csv);
    free(st);
    free(row);
    free(w);
    free(rec);
}

/* The text as the agency writes it: CP932, CRLF. */
static void read_jma(const char *text, const char *station, reading *out)
{
    buf b;
    size_t at;
    uint32_t bad;
    (void)at;
    buf_init(&b, 0);
    assert_int_equal(utf8_to_cp932(text, strlen(text), &b, &bad), MIZO_OK);
    read_bytes(b.p, b.n, station, out);
    buf_fini(&b);
}

static mizo_ms jst(const char *s)
{
    mizo_ms t;
    assert_int_equal(mizo_ms_parse(s, strlen(s), MIZO_JAPAN_OFFSET, &t), MIZO_OK);
    return t;
}

static void is_value(const reading *r, int i, mizo_quantity q, const char *at, int32_t v,
                     mizo_quality quality)
{
    if (i >= r->n || r->v[i].quantity != q || r->v[i].at != jst(at) || r->v[i].v != v ||
        r->v[i].quality != quality)
        fail_msg("value %d of %d: quantity %d, %lld (%lld), %d, quality %d", i, r->n, r->v[i].quantity,
                 (long long)r->v[i].at, (long long)jst(at), r->v[i].v, r->v[i].quality);
    assert_int_equal(r->v[i].role, MIZO_ROLE_READING);
    assert_int_equal(r->v[i].step_min, 60);
}

/* ---- the agency ---- */

#define HEAD                                                                                                                                \
    "ダウンロードした時刻：2024/03/05 09:12:13\r\n\r\n"                                                                          \
    ",横浜,横浜,横浜,横浜,横浜,横浜,横浜,横浜,横浜,横浜\r\n"                                                            \
    "年月日時,気温(℃),気温(℃),気温(℃),日照時間(時間),日照時間(時間),日照時間(時間),日照時間(時間)," \
    "全天日射量(MJ/㎡),全天日射量(MJ/㎡),全天日射量(MJ/㎡)\r\n"                                                           \
    ",,品質情報,均質番号,,現象なし情報,品質情報,均質番号,,品質情報,均質番号\r\n"

/* A leap day and its end, which is the next day's midnight. */
static void jma_hours(void **state)
{
    (void)state;
    reading r;
    read_jma(HEAD "2024/2/29 12:00:00,10.5,8,1,0.8,0,8,1,2.16,8,1\r\n"
                  "2024/3/1 0:00:00,-0.5,8,1,0,1,8,1,0,8,1\r\n",
             NULL, &r);
    assert_string_equal(r.kind, "jma");
    assert_int_equal(r.rows, 2);
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.n, 4);
    is_value(&r, 0, MIZO_Q_TEMPERATURE, "2024-02-29T12:00+09:00", 1050, MIZO_QUALITY_MEASURED);
    is_value(&r, 1, MIZO_Q_IRRADIANCE, "2024-02-29T11:00+09:00", 600, MIZO_QUALITY_MEASURED);
    is_value(&r, 2, MIZO_Q_TEMPERATURE, "2024-03-01T00:00+09:00", -50, MIZO_QUALITY_MEASURED);
    is_value(&r, 3, MIZO_Q_IRRADIANCE, "2024-02-29T23:00+09:00", 0, MIZO_QUALITY_MEASURED);
}

/* 24:00, four columns for the hour, no flags at all, sub-labels between. */
static void jma_shapes(void **state)
{
    (void)state;
    reading r;
    read_jma(
        ",,,,東京,東京\r\n年,月,日,時,気温(℃),全天日射量(MJ/㎡)\r\n2023,12,31,24,5.0,0\r\n2023,4,1,9,,1.08\r\n",
        NULL, &r);
    assert_string_equal(r.kind, "jma");
    is_value(&r, 0, MIZO_Q_TEMPERATURE, "2024-01-01T00:00+09:00", 500, MIZO_QUALITY_MEASURED);
    is_value(&r, 1, MIZO_Q_IRRADIANCE, "2023-12-31T23:00+09:00", 0, MIZO_QUALITY_MEASURED);
    is_value(&r, 2, MIZO_Q_IRRADIANCE, "2023-04-01T08:00+09:00", 300, MIZO_QUALITY_MEASURED);
    assert_int_equal(r.missing, 1);

    read_jma(",東京,東京,東京,東京,東京,東京,東京,東京\r\n"
             "年月日時,風速(m/s),風速(m/s),風速(m/s),風速(m/s),風速(m/s),気温(℃),気温(℃),気温(℃)\r\n"
             ",,,風向,風向,,,,\r\n,,品質情報,,品質情報,均質番号,,品質情報,均質番号\r\n"
             "2023/4/1 24:00,3.1,8,北北西,8,1,12.3,5,1\r\n",
             NULL, &r);
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.n, 1);
    is_value(&r, 0, MIZO_Q_TEMPERATURE, "2023-04-02T00:00+09:00", 1230, MIZO_QUALITY_ESTIMATED);
}

/* Only what is normal or nearly so is believed; the marks of the printed tables are known. */
static void jma_quality(void **state)
{
    (void)state;
    static const struct {
        const char *cells; /* value, quality */
        int32_t cc;
        int quality;
    } row[] = {
        {"10.5,8",    1050,         MIZO_QUALITY_MEASURED },
        { "10.5,5",   1050,         MIZO_QUALITY_ESTIMATED},
        { "10.5,",    1050,         MIZO_QUALITY_MEASURED },
        { "10.5,4",   MIZO_MISSING, 0                     },
        { ",2",       MIZO_MISSING, 0                     },
        { ",1",       MIZO_MISSING, 0                     },
        { ",0",       MIZO_MISSING, 0                     },
        { "--,8",     MIZO_MISSING, 0                     },
        { "///,1",    MIZO_MISSING, 0                     },
        { "×,8",     MIZO_MISSING, 0                     },
        { "#,8",      MIZO_MISSING, 0                     },
        { "10.5 ),8", 1050,         MIZO_QUALITY_ESTIMATED},
        { "10.5 ],8", MIZO_MISSING, 0                     },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char text[400];
        reading r;
        snprintf(
            text, sizeof text,
            ",横浜,横浜,横浜\r\n年月日時,気温(℃),気温(℃),気温(℃)\r\n,,品質情報,均質番号\r\n2024/1/1 1:00:00,%s,1\r\n",
            row[i].cells);
        read_jma(text, NULL, &r);
        if (r.rows != 1 || r.bad || r.n != (row[i].cc != MIZO_MISSING) || r.missing != 1 - r.n ||
            (r.n && (r.v[0].v != row[i].cc || r.v[0].quality != row[i].quality)))
            fail_msg("%s: %d rows, %d bad, %d values, %d missing", row[i].cells, r.rows, r.bad, r.n,
                     r.missing);
    }
}

/* Hours of sunshine stand in where the irradiance is not measured: 1/3 of a clear sky without, all with. */
static void jma_sunshine(void **state)
{
    (void)state;
    reading r;
    read_jma(
        ",館山,館山\r\n年月日時,日照時間(時間),気温(℃)\r\n2024/5/1 12:00:00,1.0,20\r\n2024/5/1 13:00:00,0.4,20\r\n2024/5/1 14:00:00,0,20\r\n",
        NULL, &r);
    assert_int_equal(r.n, 6);
    is_value(&r, 1, MIZO_Q_CLOUD, "2024-05-01T11:00+09:00", 1000, MIZO_QUALITY_ESTIMATED);
    is_value(&r, 3, MIZO_Q_CLOUD, "2024-05-01T12:00+09:00", 600, MIZO_QUALITY_ESTIMATED);
    is_value(&r, 5, MIZO_Q_CLOUD, "2024-05-01T13:00+09:00", 333, MIZO_QUALITY_ESTIMATED);
}

static void jma_stations(void **state)
{
    (void)state;
    static const char text[] =
        ",横浜,横浜,東京,東京\r\n年月日時,気温(℃),全天日射量(MJ/㎡),気温(℃),全天日射量(MJ/㎡)\r\n2024/1/1 1:00:00,1.0,0,2.0,0.36\r\n2024/1/1 2:00:00,1.0,0,2.0,0.36\r\n";
    reading r;
    read_jma(text, NULL, &r);
    assert_int_equal(r.bad, 1); /* said once, though every row is of no use */
    assert_int_equal(r.fault.id, MIZO_MSG_WEATHER_STATIONS);
    assert_int_equal(r.n, 0);
    read_jma(text, "東京", &r);
    assert_int_equal(r.bad, 0);
    is_value(&r, 0, MIZO_Q_TEMPERATURE, "2024-01-01T01:00+09:00", 200, MIZO_QUALITY_MEASURED);
    is_value(&r, 1, MIZO_Q_IRRADIANCE, "2024-01-01T00:00+09:00", 100, MIZO_QUALITY_MEASURED);
    read_jma(text, "大阪", &r);
    assert_int_equal(r.bad, 1);
    assert_int_equal(r.fault.id, MIZO_MSG_WEATHER_NO_STATION);
}

static void jma_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mizo_msg id;
        int line, column;
    } row[] = {
        {",横浜\r\n年月日時,全天日射量(kWh/㎡)\r\n2024/1/1 1:00:00,1\r\n",                            MIZO_MSG_WEATHER_JMA_UNIT,  3,
         18                                                                                                                                        },
        { ",横浜\r\n年月日時,気温(F)\r\n2024/1/1 1:00:00,50\r\n",                                         MIZO_MSG_WEATHER_JMA_UNIT,  3, 18},
        { ",横浜\r\n年月日,平均気温(℃)\r\n2024/1/1,5\r\n",                                             MIZO_MSG_WEATHER_DAILY,     3, 1 },
        { ",横浜\r\n年月日時,気温(℃)\r\n2024/2/30 1:00:00,5\r\n",                                       MIZO_MSG_IMPORT_BAD_TIME,   3, 1 },
        { ",横浜\r\n年月日時,気温(℃)\r\n2023/2/29 1:00:00,5\r\n",                                       MIZO_MSG_IMPORT_BAD_TIME,   3, 1 },
        { ",横浜\r\n年月日時,気温(℃)\r\n2024/1/1 25:00:00,5\r\n",                                       MIZO_MSG_IMPORT_BAD_TIME,   3, 1 },
        { ",,,,横浜\r\n年,月,日,時,気温(℃)\r\n2023,2,29,1,5\r\n",                                       MIZO_MSG_IMPORT_BAD_DATE,   3, 8 },
        { ",,,,横浜\r\n年,月,日,時,気温(℃)\r\n2023,2,28,25,5\r\n",                                      MIZO_MSG_IMPORT_BAD_CLOCK,  3, 11},
        { ",横浜\r\n年月日時,気温(℃)\r\n2024/1/1 1:00:00,warm\r\n",                                     MIZO_MSG_IMPORT_BAD_NUMBER, 3, 18},
        { ",横浜\r\n年月日時,気温(℃)\r\n2024/1/1 1:00:00,99\r\n",                                       MIZO_MSG_IMPORT_RANGE,      3, 18},
        { ",横浜\r\n年月日時,全天日射量(MJ/㎡)\r\n2024/1/1 12:00:00,18.4\r\n",                        MIZO_MSG_IMPORT_RANGE,      3, 19},
        { ",横浜\r\n年月日時,日照時間(時間)\r\n2024/1/1 12:00:00,8.3\r\n",                            MIZO_MSG_IMPORT_RANGE,      3, 19},
        { ",横浜,横浜\r\n年月日時,気温(℃),気温(℃)\r\n,,品質情報\r\n2024/1/1 1:00:00,5,9\r\n",
         MIZO_MSG_WEATHER_FLAG,                                                                                                               4, 20},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        reading r;
        read_jma(row[i].text, NULL, &r);
        if (r.bad != 1 || r.fault.id != row[i].id || r.line != row[i].line || r.fault.column != row[i].column)
            fail_msg("case %zu: %d bad, message %s at %d:%d", i, r.bad,
                     r.bad ? mizo_msg_name(r.fault.id) : "-", r.line, r.fault.column);
    }
}

/* ---- our own ---- */

static void own_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *air_at, *ghi_at;
        int step;
    } row[] = {
        {"start,temperature_c,irradiance_wm2\n2024-02-29T12:30,5.25,400\n",                  "2024-02-29T12:30",
         "2024-02-29T12:30",                                                                                                         30},
        { "end,temperature_c,irradiance_wm2\n2024-02-29T13:00,5.25,400\n",                   "2024-02-29T12:30",
         "2024-02-29T12:30",                                                                                                         30},
        { "start,step,air_c,ghi_wm2\n2024-02-29T12:00,60,5.25,400\n",                        "2024-02-29T12:00", "2024-02-29T12:00",
         60                                                                                                                            },
        { "end,step,air_c,ghi_wm2\n2024-02-29T13:00,60,5.25,400\n",                          "2024-02-29T13:00", "2024-02-29T12:00",
         60                                                                                                                            },
        { "日付,時刻,気温(℃),日射量(W/m2)\n令和6年2月29日,12:30,5.25,400\n", "2024-02-29T12:30",
         "2024-02-29T12:30",                                                                                                         30},
        { "time_utc,temp_c,ghi_wm2\n2024-02-29T03:30:00Z,5.25,400\n",                        "2024-02-29T12:30", "2024-02-29T12:30",
         30                                                                                                                            },
        { "station,start,celsius,w_per_m2\nweather-north,2024-02-29T12:30,5.25,400\n",       "2024-02-29T12:30",
         "2024-02-29T12:30",                                                                                                         30},
        { "date,time,temperature_c,irradiance_wm2\n2024-02-28,24:00,5.25,400\n",             "2024-02-29T00:00",
         "2024-02-29T00:00",                                                                                                         30},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        reading r;
        read_bytes(row[i].text, strlen(row[i].text), NULL, &r);
        if (strcmp(r.kind, "weather") || r.bad || r.n != 2 || r.v[0].at != jst(row[i].air_at) ||
            r.v[1].at != jst(row[i].ghi_at) || r.v[0].step_min != row[i].step || r.v[0].v != 525 ||
            r.v[1].v != 400 || r.v[0].role != MIZO_ROLE_READING || r.issued[0])
            fail_msg("case %zu: kind %s, %d bad, %d values", i, r.kind, r.bad, r.n);
    }
}

static void own_forecasts(void **state)
{
    (void)state;
    reading r;
    static const char text[] = "issued,start,step,temperature_c,irradiance_wm2\n"
                               "2024-02-28T18:00:00+09:00,2024-02-29T12:00,60,5.25,\n";
    read_bytes(text, sizeof text - 1, NULL, &r);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.missing, 1);
    assert_int_equal(r.v[0].role, MIZO_ROLE_FORECAST_MEAN);
    assert_int_equal(r.v[0].quality, MIZO_QUALITY_ESTIMATED);
    assert_true(r.issued[0] == jst("2024-02-28T18:00"));
}

static void own_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        mizo_msg id;
        int column;
    } row[] = {
        {"x,2024-02-29T12:00,60,5,1",                    MIZO_MSG_IMPORT_BAD_TIME,   1 },
        { ",2024-02-29T12:00,60,5,1",                    MIZO_MSG_IMPORT_NO_VALUE,   1 },
        { "2024-02-28T18:00,2024-02-30T12:00,60,5,1",    MIZO_MSG_IMPORT_BAD_TIME,   18},
        { "2024-02-28T18:00,2024-02-29T12:00,15,5,1",    MIZO_MSG_WEATHER_STEP,      35},
        { "2024-02-28T18:00,2024-02-29T12:00,60,hot,1",  MIZO_MSG_IMPORT_BAD_NUMBER, 38},
        { "2024-02-28T18:00,2024-02-29T12:00,60,400,1",  MIZO_MSG_IMPORT_RANGE,      38},
        { "2024-02-28T18:00,2024-02-29T12:00,60,5,-1",   MIZO_MSG_IMPORT_RANGE,      40},
        { "2024-02-28T18:00,2024-02-29T12:00,60,5,4000", MIZO_MSG_IMPORT_RANGE,      40},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char text[300];
        reading r;
        snprintf(text, sizeof text, "issued,start,step,temperature_c,irradiance_wm2\n%s\n", row[i].row);
        read_bytes(text, strlen(text), NULL, &r);
        if (r.bad != 1 || r.fault.id != row[i].id || r.fault.column != row[i].column)
            fail_msg("%s: %d bad, %s at %d", row[i].row, r.bad, r.bad ? mizo_msg_name(r.fault.id) : "-",
                     r.fault.column);
    }
}

/* One value of one owner is a reading like any other, unless it says when it was issued. */
static void own_or_long(void **state)
{
    (void)state;
    reading r;
    static const char one[] = "point,start,celsius\np,2024-02-29T12:00,5\n";
    static const char issued[] =
        "point,start,celsius,issued\nweather-x,2024-02-29T12:00,5,2024-02-28T12:00\n";
    read_bytes(one, sizeof one - 1, NULL, &r);
    assert_string_equal(r.kind, "");
    read_bytes(issued, sizeof issued - 1, NULL, &r);
    assert_string_equal(r.kind, "weather");
    assert_string_equal(r.owner[0], "weather-x");
}

/* ---- a service ---- */

#define UNITS                                                                                                \
    "\"hourly_units\":{\"time\":\"iso8601\",\"temperature_2m\":\"°C\",\"shortwave_radiation\":\"W/m²\"}"
#define PLACE "\"latitude\":35.5,\"longitude\":139.7,\"utc_offset_seconds\":32400"

static void json_hours(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{" PLACE "," UNITS
        ",\"hourly\":{\"time\":[\"2024-02-29T23:00\",\"2024-03-01T00:00\"],\"temperature_2m\":[5.25,null],"
        "\"shortwave_radiation\":[0.4,600.5],\"rain\":[0,[1,{\"x\":2}]]}}",
        /* any order, other things between, as seconds of UTC */
        "{\"hourly\":{\"shortwave_radiation\":[0.4,600.5],\"temperature_2m\":[5.25,null],\"time\":[1709215200,1709218800]},"
        "\"daily\":{\"time\":[]},\"hourly_units\":{\"time\":\"unixtime\",\"temperature_2m\":\"°C\","
        "\"shortwave_radiation\":\"W/m²\"},\"timezone\":\"Asia/Tokyo\"," PLACE "}",
        /* what falls directly and what is scattered, where the sum is not given */
        "{" PLACE
        ",\"hourly_units\":{\"time\":\"iso8601\",\"temperature_2m\":\"°C\",\"direct_radiation\":\"W/m²\","
        "\"diffuse_radiation\":\"W/m²\"},\"hourly\":{\"time\":[\"2024-02-29T23:00\",\"2024-03-01T00:00\"],"
        "\"temperature_2m\":[5.25,null],\"direct_radiation\":[0,400.4],\"diffuse_radiation\":[0,200.6]}}",
    };
    for (size_t i = 0; i < ROWS(good); i++) {
        weather_hours h;
        mizo_diags *d = mizo_diags_new(0);
        mizo_err e = weather_open_meteo(good[i], strlen(good[i]), "a.json", d, &h);
        for (size_t k = 0; k < mizo_diags_kept(d); k++) {
            char text[200];
            mizo_diag_text(mizo_diags_at(d, k), "en", text, sizeof text);
            print_error("case %zu: %s\n", i, text);
        }
        assert_int_equal(e, MIZO_OK);
        assert_int_equal(h.n, 2);
        assert_true(h.at[0] == jst("2024-02-29T23:00") && h.at[1] == jst("2024-03-01T00:00"));
        assert_int_equal(h.air_cc[0], 525);
        assert_int_equal(h.air_cc[1], MIZO_MISSING);
        assert_int_equal(h.ghi_wm2[0], 0);
        assert_int_equal(h.ghi_wm2[1], 601);
        assert_true(h.lat == 35.5 && h.lon == 139.7);
        weather_hours_free(&h);
        mizo_diags_free(d);
    }
}

/* Summer time does not touch it: the offset of the answer is one for all its hours. */
static void json_offset(void **state)
{
    (void)state;
    static const char text[] = "{\"utc_offset_seconds\":-16200," UNITS
                               ",\"hourly\":{\"time\":[\"2024-03-10T01:00\",\"2024-03-10T02:00\","
                               "\"2024-03-10T03:00\"],\"temperature_2m\":[1,2,3]}}";
    weather_hours h;
    assert_int_equal(weather_open_meteo(text, sizeof text - 1, "a.json", NULL, &h), MIZO_OK);
    assert_int_equal(h.n, 3);
    assert_true(h.at[0] == jst("2024-03-10T05:30:00Z"));
    assert_true(h.at[1] - h.at[0] == 3600000 && h.at[2] - h.at[1] == 3600000);
    assert_true(h.lat != h.lat); /* not said */
    assert_int_equal(h.ghi_wm2[2], MIZO_MISSING);
    weather_hours_free(&h);
}

#define HOURLY(x) "{" UNITS ",\"hourly\":{" x "}}"
#define TWO       "\"time\":[\"2024-03-01T00:00\",\"2024-03-01T01:00\"]"

static void json_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mizo_msg id;
        int line;
    } row[] = {
        {"",                                                                                               MIZO_MSG_WEATHER_JSON,    1},
        { "<html>",                                                                                        MIZO_MSG_WEATHER_JSON,    1},
        { "{\n\"hourly\":",                                                                                MIZO_MSG_WEATHER_JSON,    2},
        { "[]",                                                                                            MIZO_MSG_WEATHER_TYPE,    1},
        { "{}",                                                                                            MIZO_MSG_WEATHER_NEEDED,  0},
        { "{\"error\":true,\n\"reason\":\"Latitude must be in range\"}",                                   MIZO_MSG_WEATHER_SERVICE, 2},
        { "{" UNITS "}",                                                                                   MIZO_MSG_WEATHER_NEEDED,  0},
        { "{\"hourly\":{" TWO ",\"temperature_2m\":[1,2]}}",                                               MIZO_MSG_WEATHER_NEEDED,  0},
        { "{\"hourly_units\":{\"temperature_2m\":\"°F\"},\"hourly\":{" TWO ",\"temperature_2m\":[1,2]}}",
         MIZO_MSG_WEATHER_UNIT,                                                                                                      1},
        { "{\"hourly_units\":{\"time\":\"iso8601\",\"shortwave_radiation\":\"MJ/m²\"},\"hourly\":{" TWO
          ",\"shortwave_radiation\":[1,2]}}",                                                     MIZO_MSG_WEATHER_UNIT,    1},
        { "{\"hourly_units\":7,\"hourly\":{" TWO ",\"temperature_2m\":[1,2]}}",                            MIZO_MSG_WEATHER_TYPE,    1},
        { "{" UNITS ",\"hourly\":[]}",                                                                     MIZO_MSG_WEATHER_TYPE,    1},
        { HOURLY(TWO ",\n\"temperature_2m\":[1,2,3]"),                                                     MIZO_MSG_WEATHER_COUNT,   0},
        { HOURLY(TWO ",\n\"temperature_2m\":[1]"),                                                         MIZO_MSG_WEATHER_COUNT,   0},
        { HOURLY("\"temperature_2m\":[1]"),                                                                MIZO_MSG_WEATHER_NEEDED,  0},
        { HOURLY(TWO),                                                                                     MIZO_MSG_WEATHER_NEEDED,  0},
        { HOURLY(TWO ",\n\"temperature_2m\":[1,\"2\"]"),                                                   MIZO_MSG_WEATHER_TYPE,    2},
        { HOURLY(TWO ",\n\"temperature_2m\":[1,\n[2]]"),                                                   MIZO_MSG_WEATHER_TYPE,    3},
        { HOURLY(TWO ",\n\"temperature_2m\":7"),                                                           MIZO_MSG_WEATHER_TYPE,    2},
        { HOURLY(TWO ",\n\"temperature_2m\":[1,\n200]"),                                                   MIZO_MSG_IMPORT_RANGE,    3},
        { HOURLY(TWO ",\n\"temperature_2m\":[1,\n1e300]"),                                                 MIZO_MSG_IMPORT_RANGE,    3},
        { HOURLY(TWO ",\n\"shortwave_radiation\":[1,\n-2]"),                                               MIZO_MSG_IMPORT_RANGE,    3},
        { HOURLY(TWO ",\n\"temperature_2m\":[1,2],\n\"temperature_2m\":[1,2]"),                            MIZO_MSG_WEATHER_TYPE,    3},
        { HOURLY(TWO ",\n\"temperature_2m\":[null,null]"),                                                 MIZO_MSG_WEATHER_NOTHING, 0},
        { HOURLY("\"time\":[\"2024-03-01T01:00\",\n\"2024-03-01T00:00\"],\"temperature_2m\":[1,2]"),
         MIZO_MSG_WEATHER_ORDER,                                                                                                     2},
        { HOURLY("\"time\":[\"2024-03-01T01:00\",\n\"2024-03-01T01:00\"],\"temperature_2m\":[1,2]"),
         MIZO_MSG_WEATHER_ORDER,                                                                                                     2},
        { HOURLY("\"time\":[\"2023-02-29T00:00\"],\"temperature_2m\":[1]"),                                MIZO_MSG_IMPORT_BAD_TIME, 1},
        { HOURLY("\"time\":[12345678],\"temperature_2m\":[1]"),                                            MIZO_MSG_IMPORT_BAD_TIME, 1},
        { HOURLY("\"time\":[null],\"temperature_2m\":[1]"),                                                MIZO_MSG_WEATHER_TYPE,    1},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        weather_hours h;
        mizo_diags *d = mizo_diags_new(0);
        bool said = false;
        assert_int_equal(weather_open_meteo(row[i].text, strlen(row[i].text), "a.json", d, &h), MIZO_EINPUT);
        for (size_t k = 0; k < mizo_diags_kept(d); k++)
            said |= mizo_diags_at(d, k)->id == row[i].id && mizo_diags_at(d, k)->at.line == row[i].line;
        if (!said || h.n || h.at)
            fail_msg("case %zu: %s: %zu said, first %s at line %d", i, row[i].text, mizo_diags_kept(d),
                     mizo_diags_kept(d) ? mizo_msg_name(mizo_diags_at(d, 0)->id) : "-",
                     mizo_diags_kept(d) ? mizo_diags_at(d, 0)->at.line : 0);
        mizo_diags_free(d);
    }
}

/* Not the first mistake: all of them. */
static void json_all_at_once(void **state)
{
    (void)state;
    static const char text[] =
        "{\"hourly_units\":{\"time\":\"iso8601\",\"temperature_2m\":\"°F\",\"shortwave_radiation\":\"W/m²\"},\"hourly\":{"
        "\"time\":[\"x\",\"2024-03-01T01:00\"],\"temperature_2m\":[900,\"a\"],\"shortwave_radiation\":[-1]}}";
    weather_hours h;
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(weather_open_meteo(text, sizeof text - 1, "a.json", d, &h), MIZO_EINPUT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 6);
    mizo_diags_free(d);
}

/* ---- half-hours ---- */

static void halves_air(void **state)
{
    (void)state;
    static const int32_t hour[] = { 1000, 1400, MIZO_MISSING, -101, -102 };
    int32_t half[8];
    weather_halves_air(hour, 4, half);
    static const int32_t is[] = { 1100, 1300, 1400, 1400, -101, -101, -101, -102 };
    assert_memory_equal(half, is, sizeof is);
    static const int32_t none[] = { MIZO_MISSING, MIZO_MISSING };
    weather_halves_air(none, 1, half);
    assert_int_equal(half[0], MIZO_MISSING);
    assert_int_equal(half[1], MIZO_MISSING);
}

/* The energy of an hour is kept to the watt; the halves follow the sun; the night is dark. */
static void halves_ghi(void **state)
{
    (void)state;
    weather_place p = { 35.53, 139.70 };
    mizo_slot first = mizo_day_slot(mizo_date_day((mizo_date){ 2024, 6, 21 }), MIZO_JAPAN_OFFSET);
    int32_t hour[24], half[48];
    for (int h = 0; h < 24; h++)
        hour[h] = h < 4 || h > 18 ? 0 : 37 + 61 * (h < 12 ? h - 4 : 19 - h);
    hour[9] = MIZO_MISSING;
    weather_halves_ghi(hour, 24, first, p, half);
    for (int h = 0; h < 24; h++) {
        if (h == 9) {
            assert_int_equal(half[18], MIZO_MISSING);
            continue;
        }
        assert_int_equal(half[2 * h] + half[2 * h + 1], 2 * hour[h]);
        assert_true(half[2 * h] >= 0 && half[2 * h + 1] >= 0);
    }
    assert_true(half[2 * 6] < half[2 * 6 + 1]);   /* the sun rises */
    assert_true(half[2 * 16] > half[2 * 16 + 1]); /* and sinks */
    assert_int_equal(half[18], MIZO_MISSING);
    int32_t ghi[48];
    for (int i = 0; i < 48; i++)
        ghi[i] = MIZO_MISSING;
    weather_fill_night(ghi, 48, first, p);
    assert_int_equal(ghi[0], 0);
    assert_int_equal(ghi[24], MIZO_MISSING);
    for (int i = 0; i < 48; i++)
        ghi[i] = 1000; /* a clear sky */
    weather_index_ghi(ghi, 48, first, p);
    assert_int_equal(ghi[0], 0);
    assert_true(ghi[23] > 900 && ghi[23] < 1100);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jma_hours),     cmocka_unit_test(jma_shapes),       cmocka_unit_test(jma_quality),
        cmocka_unit_test(jma_sunshine),  cmocka_unit_test(jma_stations),     cmocka_unit_test(jma_mistakes),
        cmocka_unit_test(own_shapes),    cmocka_unit_test(own_forecasts),    cmocka_unit_test(own_mistakes),
        cmocka_unit_test(own_or_long),   cmocka_unit_test(json_hours),       cmocka_unit_test(json_offset),
        cmocka_unit_test(json_mistakes), cmocka_unit_test(json_all_at_once), cmocka_unit_test(halves_air),
        cmocka_unit_test(halves_ghi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
