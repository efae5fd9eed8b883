/* Bad files: what is said, and where; and that the store is as it was. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import_town.h"
#include "mizo/messages/import.h"

#define L   "point,start,kwh\n"
#define LQ  "point,start,kwh,quality\n"
#define LN  "point,start,value,quantity\n"
#define OK1 "p-hall,2023-04-01T00:00,1.5\n"

typedef struct bad_case {
    const char *text;
    mizo_msg id;
    int line, column;
} bad_case;

/* clang-format off */
static const bad_case cases[] = {
    /* times */
    { L "p-hall,2023-02-29T00:00,1\n",                  MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,2023-04-01T25:00,1\n",                  MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,2023-13-01T00:00,1\n",                  MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,2023-04-01,1\n",                        MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,,1\n",                                  MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,yesterday,1\n",                         MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,2023-04-01T00:10,1\n",                  MIZO_MSG_IMPORT_OFF_STEP, 2, 0 },
    { L "p-hall,2023-04-01T00:00:05,1\n",               MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { L "p-hall,2123-04-01T00:00,1\n",                  MIZO_MSG_IMPORT_FUTURE, 2, 0 },
    { L "p-hall,1970-01-01T00:00,1\n",                  MIZO_MSG_IMPORT_TOO_OLD, 2, 0 },
    { "meter,epoch_s,wh\np-hall,4102444800,1\n",        MIZO_MSG_IMPORT_FUTURE, 2, 0 },
    { "meter,epoch_s,wh\np-hall,16000000001,1\n",       MIZO_MSG_IMPORT_OFF_STEP, 2, 0 },
    { "meter,epoch_s,wh\np-hall,99999999999999999999,1\n", MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { "meter,epoch_s,wh\np-hall,-1800,1\n",             MIZO_MSG_IMPORT_TOO_OLD, 2, 0 },
    { "meter,epoch_s,wh\np-hall,1680274800.5,1\n",      MIZO_MSG_IMPORT_BAD_TIME, 2, 8 },
    { "point,date,time,kwh\np-hall,2023-02-30,0:00,1\n", MIZO_MSG_IMPORT_BAD_DATE, 2, 8 },
    { "point,date,time,kwh\np-hall,2023-02-28,24:30,1\n", MIZO_MSG_IMPORT_BAD_CLOCK, 2, 19 },
    { "point,date,code,kwh\np-hall,2023-02-28,49,1\n",  MIZO_MSG_IMPORT_BAD_CODE, 2, 19 },
    { "point,date,code,kwh\np-hall,2023-02-28,0,1\n",   MIZO_MSG_IMPORT_BAD_CODE, 2, 19 },
    /* values */
    { L "p-hall,2023-04-01T00:00,abc\n",                MIZO_MSG_IMPORT_BAD_NUMBER, 2, 25 },
    { L "p-hall,2023-04-01T00:00,1.2.3\n",              MIZO_MSG_IMPORT_BAD_NUMBER, 2, 25 },
    { L "p-hall,2023-04-01T00:00,0x10\n",               MIZO_MSG_IMPORT_BAD_NUMBER, 2, 25 },
    { L "p-hall,2023-04-01T00:00,nan\n",                MIZO_MSG_IMPORT_BAD_NUMBER, 2, 25 },
    { L "p-hall,2023-04-01T00:00,1e400\n",              MIZO_MSG_IMPORT_BAD_NUMBER, 2, 25 },
    { L "p-hall,2023-04-01T00:00,-1\n",                 MIZO_MSG_IMPORT_NEGATIVE, 2, 25 },
    { L "p-hall,2023-04-01T00:00,▲3\n",                 MIZO_MSG_IMPORT_NEGATIVE, 2, 25 },
    { L "p-hall,2023-04-01T00:00,1500\n",               MIZO_MSG_IMPORT_TOO_LARGE, 2, 0 },
    { L "p-hall,2023-04-01T00:00,67.501\n",             MIZO_MSG_IMPORT_TOO_LARGE, 2, 0 },
    { L "p-hall,2023-04-01T00:00,99999999999\n",        MIZO_MSG_IMPORT_RANGE, 2, 25 },
    { LN "village,2023-04-01T00:00,-91,temperature\n",  MIZO_MSG_IMPORT_RANGE, 2, 26 },
    { "point,start,kwh,quantity\nvillage,2023-04-01T00:00,20,temperature\n", MIZO_MSG_IMPORT_UNIT_QUANTITY, 2, 29 },
    { "point,start,kw\npv-depot,2023-04-01T00:00,76\n", MIZO_MSG_IMPORT_TOO_LARGE, 2, 0 },
    /* who and what */
    { L "p-hal,2023-04-01T00:00,1\n",                   MIZO_MSG_IMPORT_UNKNOWN_ID_NEAR, 2, 1 },
    { L "zzzzzzzzzz,2023-04-01T00:00,1\n",              MIZO_MSG_IMPORT_UNKNOWN_ID, 2, 1 },
    { L "P-HALL,2023-04-01T00:00,1\n",                  MIZO_MSG_IMPORT_UNKNOWN_ID, 2, 1 },
    { L "学校,2023-04-01T00:00,1\n",                    MIZO_MSG_IMPORT_UNKNOWN_ID, 2, 1 },
    { L ",2023-04-01T00:00,1\n",                        MIZO_MSG_IMPORT_NO_VALUE, 2, 1 },
    { LQ "p-hall,2023-04-01T00:00,1,good\n",            MIZO_MSG_IMPORT_BAD_QUALITY, 2, 27 },
    { LQ "p-hall,2023-04-01T00:00,1,split\n",           MIZO_MSG_IMPORT_BAD_QUALITY, 2, 27 },
    { LN "p-hall,2023-04-01T00:00,1,usage\n",           MIZO_MSG_IMPORT_BAD_QUANTITY, 2, 27 },
    { "point,role,start,kwh\np-hall,plan-midnight,2023-04-01T00:00,1\n", MIZO_MSG_IMPORT_ROLE, 2, 8 },
    { "point,start,step,kwh\np-hall,2023-04-01T00:00,7,1\n", MIZO_MSG_IMPORT_BAD_STEP, 2, 25 },
    { "point,start,exponent,kwh\np-hall,2023-04-01T00:00,9,1\n", MIZO_MSG_IMPORT_RANGE, 2, 25 },
    /* shape */
    { L "p-hall,2023-04-01T00:00\n",                    MIZO_MSG_IMPORT_FIELDS, 2, 0 },
    { L "p-hall,2023-04-01T00:00,1,2,3\n",              MIZO_MSG_IMPORT_FIELDS, 2, 27 },
    { L "p-hall,\"2023-04-01T00:00,1\n",                MIZO_MSG_IMPORT_CSV, 2, 8 },
    { L "\"p-hall\"x,2023-04-01T00:00,1\n",             MIZO_MSG_IMPORT_CSV, 2, 9 },
    { L OK1 "p-hall,2023-04-01T00:00,1.6\n",            MIZO_MSG_IMPORT_DUPLICATE, 3, 0 },
    { L OK1 "\"p-hall\",2023-04-01T00:00,1.6\n",        MIZO_MSG_IMPORT_DUPLICATE, 3, 27 },
    { LQ "p-hall,2023-04-01T00:00,1,\np-hall,2023-04-01T00:00,1,report\n", MIZO_MSG_IMPORT_DUPLICATE, 3, 0 },
    { "\xef\xbb\xbf" L OK1 "p-hall,oops,1\r\n",         MIZO_MSG_IMPORT_BAD_TIME, 3, 8 },
    { L "\r\n\n" OK1 "p-hall,2023-04-01T00:30,x\n",     MIZO_MSG_IMPORT_BAD_NUMBER, 5, 25 },
    { "# notes of the office\n\n" L "p-hall,2023-04-01T00:30,x", MIZO_MSG_IMPORT_BAD_NUMBER, 4, 25 },
    /* files */
    { "",                                               MIZO_MSG_IMPORT_EMPTY, 0, 0 },
    { "\xef\xbb\xbf",                                   MIZO_MSG_IMPORT_EMPTY, 0, 0 },
    { "\n\n\n",                                         MIZO_MSG_IMPORT_EMPTY, 1, 0 },
    { "a,b,c\n1,2,3\n",                                 MIZO_MSG_IMPORT_UNKNOWN_FORMAT, 1, 0 },
    { "\xff\xfep,o,i,n,t",                                MIZO_MSG_IMPORT_UTF16, 1, 0 },
    { "PK\3\4 and so on",                               MIZO_MSG_IMPORT_ARCHIVE, 1, 0 },
    { "<!DOCTYPE html>\n<html>",                        MIZO_MSG_IMPORT_HTML, 1, 0 },
    /* periods */
    { "point,from,to,kwh\np-hall,2023-04-05,2023-04-05,1\n", MIZO_MSG_IMPORT_PERIOD_ORDER, 2, 19 },
    { "point,from,last,kwh\np-hall,2023-04-05,2023-04-03,1\n", MIZO_MSG_IMPORT_PERIOD_ORDER, 2, 19 },
    { "point,from,to,kwh\np-hall,2023-04-31,2023-05-01,1\n", MIZO_MSG_IMPORT_BAD_DATE, 2, 8 },
    { "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,\n", MIZO_MSG_IMPORT_NO_VALUE, 2, 30 },
    { "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,-5\n", MIZO_MSG_IMPORT_NEGATIVE, 2, 30 },
    { "point,from,to,kwh\np-hall,2023-04-01,2123-05-01,5\n", MIZO_MSG_IMPORT_FUTURE, 2, 0 },
    { "point,from,to,kwh\nmill,2023-04-01,2023-05-01,5\n", MIZO_MSG_IMPORT_NOT_A, 2, 1 },
    { "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,999999999\n", MIZO_MSG_IMPORT_TOO_LARGE, 2, 0 },
    { "point,from,to,kwh,max_kw\np-hall,2023-04-01,2023-05-01,9,x\n", MIZO_MSG_IMPORT_BAD_NUMBER, 2, 32 },
    { "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,5\np-hall,2023-04-20,2023-05-20,5\n",
                                                        MIZO_MSG_IMPORT_PERIOD_OVERLAP, 3, 0 },
    { "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,5\np-hall,2023-04-01,2023-05-01,6\n",
                                                        MIZO_MSG_IMPORT_DUPLICATE, 3, 0 },
    /* sessions */
    { "vehicle,charger,arrive,depart,need_kwh\nvan-1,ch-1,2023-04-01T18:00,2023-04-01T08:00,5\n",
                                                        MIZO_MSG_IMPORT_SESSION_ORDER, 2, 29 },
    { "vehicle,charger,arrive,depart,need_kwh\nvan-9,ch-1,2023-04-01T18:00,2023-04-02T08:00,5\n",
                                                        MIZO_MSG_IMPORT_UNKNOWN_ID_NEAR, 2, 1 },
    { "vehicle,charger,arrive,depart,need_kwh\nvan-1,p-hall,2023-04-01T18:00,2023-04-02T08:00,5\n",
                                                        MIZO_MSG_IMPORT_NOT_A, 2, 7 },
    { "vehicle,charger,arrive,depart,need_kwh\nvan-1,ch-1,2023-04-01T18:00,2023-04-02T08:00,\n",
                                                        MIZO_MSG_IMPORT_NO_VALUE, 2, 46 },
    { "vehicle,charger,arrive,depart,need_kwh\nvan-1,ch-1,2023-04-01T18:00,2023-04-02T08:00,5\n"
      "van-1,ch-1,2023-04-02T07:00,2023-04-02T09:00,5\n", MIZO_MSG_IMPORT_SESSION_OVERLAP, 3, 0 },
    /* operators' files */
    { "年月日,時刻コード,エリアプライス東京(円/kWh)\n2023/1/1,49,1.0\n", MIZO_MSG_IMPORT_BAD_CODE, 2, 10 },
    { "年月日,時刻コード,エリアプライス東京(円/kWh)\n2023/1/1,1,12000\n", MIZO_MSG_IMPORT_RANGE, 2, 12 },
    { "日付,時間コマ,時間帯＿自,時間帯＿至,エリア総需要量\n20250715,1,0:30,1:00,15059000\n",
                                                        MIZO_MSG_IMPORT_CODE_AND_CLOCK, 2, 12 },
    { "単位[MW平均]\nDATE,TIME,エリア需要\n2026/1/1,5:00,27195\n", MIZO_MSG_IMPORT_LABEL, 3, 10 },
    { "DATE,TIME,実績(万kW)\n2016/4/1,25:00,2555\n",   MIZO_MSG_IMPORT_BAD_CLOCK, 2, 10 },
    { "DATE,TIME,実績(万kW)\n2016/4/31,1:00,2555\n",   MIZO_MSG_IMPORT_BAD_DATE, 2, 1 },
};
/* clang-format on */

static void each_bad(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    int failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bad_case *c = &cases[i];
        import_result r;
        mizo_err e = import_text(&it, c->text, &r);
        if (e == MIZO_EINPUT && import_said(&it, c->id, c->line, c->column) && import_batches(&it) == 0)
            continue;
        failed++;
        print_error("case %zu: %s: err %d batches %lld, expected %s at %d:%d, said\n", i, c->text, e,
                    (long long)import_batches(&it), mizo_msg_name(c->id), c->line, c->column);
        for (size_t k = 0; k < mizo_diags_kept(it.t.diags); k++) {
            const mizo_diag *d = mizo_diags_at(it.t.diags, k);
            print_error("    %s at %d:%d\n", mizo_msg_name(d->id), d->at.line, d->at.column);
        }
    }
    assert_int_equal(failed, 0);
    import_town_close(&it);
}

/* Every bad row is counted, far beyond what the list keeps. */
static void all_are_counted(void **state)
{
    (void)state;
    enum { ROWS = 5000 };
    import_town it;
    import_town_open(&it);
    buf b;
    buf_init(&b, 1 << 22);
    buf_str(&b, L);
    for (int i = 0; i < ROWS; i++)
        buf_printf(&b, "%s,2023-04-%02dT%02d:%02d,%s\n", "p-hall", 1 + i / 48 % 30, i / 2 % 24, i % 2 * 30,
                   i % 5 == 0 ? "bad" : "1");
    import_result r;
    assert_int_equal(import_bytes(&it, "many.csv", b.p, b.n, NULL, &r), MIZO_EINPUT);
    assert_int_equal(r.bad, ROWS / 5);
    assert_int_equal(r.rows, ROWS);
    assert_true(import_said(&it, MIZO_MSG_IMPORT_BAD_NUMBER, 2, 25));
    assert_true(import_said(&it, MIZO_MSG_IMPORT_BAD_NUMBER, 4902, 25));
    assert_int_equal(import_batches(&it), 0);
    assert_int_equal(import_value(&it, "p-hall", MIZO_Q_IMPORT, "2023-04-01", 1, STORE_LATEST, NULL),
                     MIZO_MISSING);
    buf_fini(&b);
    import_town_close(&it);
}

/* Two lines that disagree are both named, however far apart, also when the table spilled between. */
static void duplicates_name_both_lines(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    for (int spilled = 0; spilled < 2; spilled++) {
        buf b;
        buf_init(&b, 1 << 22);
        buf_str(&b, L "p-school,2023-01-01T00:00,1\n");
        for (int i = 0; i < 48 * 300; i++)
            buf_printf(&b, "p-hall,%04d-%02d-%02dT%02d:%02d,2\n", 2022, 1 + i / 48 / 25, 1 + i / 48 % 25,
                       i / 2 % 24, i % 2 * 30);
        buf_str(&b, "p-school,2023-01-01T00:00,3\n");
        import_options o = { .stage_limit = spilled ? 1000 : 0 };
        import_result r;
        assert_int_equal(import_bytes(&it, "twice.csv", b.p, b.n, &o, &r), MIZO_EINPUT);
        assert_int_equal(r.bad, 1);
        assert_true(import_said(&it, MIZO_MSG_IMPORT_DUPLICATE, 48 * 300 + 3, 0));
        const mizo_diag *d = mizo_diags_at(it.t.diags, 0);
        assert_string_equal(d->param[0], "2");
        assert_string_equal(d->param[1], "p-school");
        assert_int_equal(import_batches(&it), 0);
        buf_fini(&b);
    }
    import_town_close(&it);
}

static void wrong_kind(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    import_result r;
    import_options o = { .kind = "wide" };
    assert_int_equal(import_bytes(&it, "a.csv", L OK1, strlen(L OK1), &o, &r), MIZO_EINPUT);
    assert_true(import_said(&it, MIZO_MSG_IMPORT_NOT_KIND, 0, 0));
    o.kind = "excel";
    assert_int_equal(import_bytes(&it, "a.csv", L OK1, strlen(L OK1), &o, &r), MIZO_EINPUT);
    assert_true(import_said(&it, MIZO_MSG_IMPORT_UNKNOWN_KIND, 0, 0));
    o.kind = "long";
    assert_int_equal(import_bytes(&it, "a.csv", L OK1, strlen(L OK1), &o, &r), MIZO_OK);
    o = (import_options){ .path = "/nowhere/at/all.csv" };
    mizo_diags_clear(it.t.diags);
    assert_int_equal(import_file(&it.t, &o, &r), MIZO_ENOENT);
    assert_true(import_said(&it, MIZO_MSG_FILE_ABSENT, 0, 0));
    import_town_close(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bad),
        cmocka_unit_test(all_are_counted),
        cmocka_unit_test(duplicates_name_both_lines),
        cmocka_unit_test(wrong_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
