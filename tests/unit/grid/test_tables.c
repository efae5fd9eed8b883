/* The operators' and the exchange's files: habits in small, and real files byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/env.h"
#include "grid/readers.h"

typedef struct reading {
    int rows, values, missing, bad;
    const char *kind;
    table_value v[64]; /* of the first rows */
    char owner[64][MIZO_ID_MAX];
    int n;
    table_fault fault;
    int64_t sum; /* of all values of the first owner */
} reading;

/* Finds the reader by the header and reads everything. */
static void read_table(const char *bytes, size_t n, const char *file, reading *out)
{
    csv_record *rec = malloc(sizeof *rec);
    table_words *w = malloc(sizeof *w);
    table_row *row = malloc(sizeof *row);
    table_state st[8];
    csv_reader *csv = csv_open(bytes, n);
    const table_reader *reader = NULL;
    table_state *mine = NULL;
    const char *what;
    assert_true(rec && w && row && csv);
    memset(out, 0, sizeof *out);
    memset(st, 0, sizeof st);
    for (int i = 0; i < 8; i++) {
        st[i].offset = MIZO_JAPAN_OFFSET;
        st[i].file = file;
    }
    while (csv_next(csv, rec, &what) == MIZO_OK) {
        if (!reader) {
            table_fold(rec, w);
            for (int i = 0; grid_readers[i] && !reader; i++)
                if (grid_readers[i]->header(w, &st[i])) {
                    reader = grid_readers[i];
                    mine = &st[i];
                }
            continue;
        }
        table_fault f;
        mizo_err e = table_read(reader, mine, rec, row, &f);
        if (e == MIZO_ENOENT)
            continue;
        out->rows++;
        if (e) {
            out->bad++;
            out->fault = f;
            continue;
        }
        out->values += row->nvalue;
        out->missing += row->nmissing;
        for (int i = 0; i < row->nvalue; i++) {
            if (out->n < 64) {
                snprintf(out->owner[out->n], MIZO_ID_MAX, "%s", row->value[i].owner);
                out->v[out->n++] = row->value[i];
            }
            if (strcmp(row->value[i].owner, out->owner[0]) == 0 && row->value[i].role == out->v[0].role &&
                row->value[i].quantity == out->v[0].quantity && row->value[i].step_min == out->v[0].step_min)
                out->sum += row->value[i].v;
        }
    }
    out->kind = reader ? reader->name : "";
    csv_close(csv);
    free(row);
    free(w);
    free(rec);
}

static void text(const char *s, const char *file, reading *out)
{
    read_table(s, strlen(s), file, out);
}

static void at(const table_value *v, const char *instant)
{
    char is[MIZO_INSTANT_TEXT];
    mizo_ms_text(v->at, MIZO_JAPAN_OFFSET, is);
    assert_string_equal(is, instant);
}

static void jepx(void **state)
{
    (void)state;
    reading r;
    text("受渡日,時刻コード,売り入札量(kWh),システムプライス(円/kWh),エリアプライス北海道(円/kWh),"
         "エリアプライス東京(円/kWh),,\n2024/4/1,1,100,9.87,,12.34,,\n2024/4/1,48,100,9.5,8,0.01,,\n",
         "spot_2024.csv", &r);
    assert_string_equal(r.kind, "jepx");
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.values, 5);
    assert_int_equal(r.missing, 1);
    assert_string_equal(r.owner[0], "jepx-system");
    assert_string_equal(r.owner[1], "jepx-tokyo");
    assert_int_equal(r.v[1].v, 12340);
    at(&r.v[1], "2024-04-01T00:00:00+09:00");
    at(&r.v[4], "2024-04-01T23:30:00+09:00");
    assert_int_equal(r.v[4].v, 10);
    text("time_jst,period,system_jpy_kwh,tokyo_jpy_kwh\n2020-04-01T00:30:00+09:00,2,,6.62\n", "x.csv", &r);
    assert_int_equal(r.values, 1);
    assert_int_equal(r.v[0].v, 6620);
    at(&r.v[0], "2020-04-01T00:30:00+09:00");
}

static void area_slots(void **state)
{
    (void)state;
    reading r;
    static const char head[] =
        "ファイル更新日,ファイル更新時間,対象年月日\n20250715,0:05,20250714\n"
        "日付,時間コマ,時間帯＿自,時間帯＿至,エリア総需要量,エリア総発電量,エリア風力・太陽光発電量\n";
    char all[1024];
    snprintf(all, sizeof all, "%s%s", head,
             "20250715,1,0:00,0:30,1.5059E+7,12421000,141000\n20250715,48,23:30,0:00,0,0,0\n");
    text(all, "AREA_JISEKI_20250715.csv", &r);
    assert_string_equal(r.kind, "area-slots");
    assert_int_equal(r.values, 3);
    assert_int_equal(r.missing, 3); /* the frozen row */
    assert_int_equal(r.v[0].v, 15059000);
    assert_int_equal(r.v[0].exponent, 3);
    assert_int_equal(r.v[0].quantity, MIZO_Q_DEMAND);
    assert_int_equal(r.v[0].role, MIZO_ROLE_READING);
    assert_string_equal(r.owner[0], "tepco-area");
    assert_string_equal(r.owner[2], "tepco-area-wind-solar");
}

static void balance_labels(void **state)
{
    (void)state;
    reading r;
    static const char *const ends[] = { "2026/1/1,24:00", "2026/1/1,0:00", "2026/1/2,0:00" };
    for (int i = 0; i < 3; i++) {
        char all[512];
        snprintf(all, sizeof all,
                 "単位[MW平均],,,供給力\nDATE,TIME,エリア需要,太陽光発電実績,揚水\n2026/1/1,0:30,100,-2,-5\n"
                 "2026/1/1,1:00,110,0,5\n%s,120,4,6\n2026/1/2,0:30,130,0,0\n",
                 ends[i]);
        text(all, "eria_jukyu_202601_09.csv", &r);
        assert_int_equal(r.bad, 0);
        assert_string_equal(r.owner[0], "kyushu-area");
        at(&r.v[0], "2026-01-01T00:00:00+09:00");
        at(&r.v[6], "2026-01-01T23:30:00+09:00");
        at(&r.v[9], "2026-01-02T00:00:00+09:00");
        assert_int_equal(r.v[0].v, 50000);
        assert_int_equal(r.v[1].v, 0); /* use at night */
        assert_int_equal(r.v[1].quality, MIZO_QUALITY_ESTIMATED);
        assert_int_equal(r.v[2].v, -2500);
        assert_int_equal(r.v[2].quantity, MIZO_Q_NET);
    }
    text("単位[MW平均]\nDATE,TIME,エリア需要\n2026/1/1,0:00,100\n2026/1/1,0:30,110\n",
         "eria_jukyu_202601_03.csv", &r);
    at(&r.v[1], "2026-01-01T00:30:00+09:00");
    text("単位[万kWh]\nDATE,TIME,エリア需要\n2020/1/1,0:00,2700\n2020/1/1,1:00,2600\n", "eria_jukyu.csv", &r);
    assert_int_equal(r.v[0].step_min, 60);
    assert_int_equal(r.v[0].v, 27000000);
    at(&r.v[1], "2020-01-01T01:00:00+09:00");
}

static void daily_blocks(void **state)
{
    (void)state;
    reading r;
    text(
        "2022/7/1 23:55 UPDATE\nピーク時供給力(万kW),時間帯\n6019,13:00～14:00\n\n"
        "DATE,TIME,当日実績(万kW),予測値(万kW),使用率(%)\n2022/7/1,0:00,3247,3213,87\n2022/7/1,1:00,0,3100,80\n\n"
        "最大使用率(%),時間帯\n95,10:00～11:00\n\n"
        "DATE,TIME,当日実績(５分間隔値)(万kW),太陽光発電実績(５分間隔値)(万kW)\n2022/7/1,0:00,3386,0\n2022/7/1,0:05,,\n",
        "20220701_power_usage.csv", &r);
    assert_string_equal(r.kind, "area-demand");
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.values, 5);
    assert_int_equal(r.missing, 3); /* not yet observed: 0, and two blanks */
    assert_int_equal(r.v[0].step_min, 60);
    assert_int_equal(r.v[0].v, 32470000);
    assert_int_equal(r.v[1].role, MIZO_ROLE_FORECAST_MEAN);
    assert_int_equal(r.v[3].step_min, 5);
    assert_int_equal(r.v[3].v, 2821667);
    assert_string_equal(r.owner[4], "tepco-area-pv");
}

static void real_files(void **state)
{
    (void)state;
    static const struct {
        const char *file, *kind;
        int rows, values, missing;
        int64_t sum; /* of the first column: added up with awk from the files themselves */
    } row[] = {
        {"20220701_power_usage.csv",               "area-demand",  312, 624,  0, 1023530000},
        { "AREA_YOSOKU.csv",                       "area-slots",   48,  144,  0, 661218000 },
        { "AREA_ONCE_YOSOKU.csv",                  "area-slots",   48,  144,  0, 657827000 },
        { "eria_jukyu_202604_03.csv",              "area-balance", 100, 1700, 0, 1452171000},
        { "eria_jukyu_202604_09.csv",              "area-balance", 100, 1700, 0, 445276000 },
        { "juyo-2019_first_200_lines.csv",         "area-demand",  197, 197,  0, 6412060000},
        { "spot_summary_2023_first_200_lines.csv", "jepx",         199, 1990, 0, 3713310   },
    };
    const char *data = getenv("MIZO_DATA");
    if (!data || !*data) {
        printf("# SKIP real files: MIZO_DATA is not set\n");
        skip();
    }
    env *e = env_uv_new(ENV_ERROR);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char path[1024];
        buf b;
        reading r;
        buf_init(&b, 0);
        snprintf(path, sizeof path, "%s/jp_formats/%s", data, row[i].file);
        assert_int_equal(e->ops->read_file(e, path, &b), MIZO_OK);
        read_table(b.p, b.n, row[i].file, &r);
        assert_string_equal(r.kind, row[i].kind);
        assert_int_equal(r.rows, row[i].rows);
        assert_int_equal(r.values, row[i].values);
        assert_int_equal(r.missing, row[i].missing);
        assert_int_equal(r.bad, 0);
        assert_int_equal(r.sum, row[i].sum);
        buf_fini(&b);
    }
    env_uv_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jepx),         cmocka_unit_test(area_slots), cmocka_unit_test(balance_labels),
        cmocka_unit_test(daily_blocks), cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
