/* Good files: every shape, twice, changed, in pieces; gaps; bad rows left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "import_town.h"
#include "mizo/messages/import.h"

static mizo_ms instant(const char *s)
{
    mizo_ms t;
    assert_int_equal(mizo_ms_parse(s, strlen(s), MIZO_JAPAN_OFFSET, &t), MIZO_OK);
    return t;
}

static void ok(import_town *it, const char *text, int added, int changed, int same)
{
    import_result r;
    mizo_err e = import_text(it, text, &r);
    if (e || r.added != added || r.changed != changed || r.same != same)
        print_error("%s\n err %d, %lld new %lld changed %lld same\n", text, e, (long long)r.added,
                    (long long)r.changed, (long long)r.same);
    assert_int_equal(e, MIZO_OK);
    assert_int_equal(r.added, added);
    assert_int_equal(r.changed, changed);
    assert_int_equal(r.same, same);
}

#define IS(owner, q, date, slot, value)                                                                      \
    assert_int_equal(import_value(&it, owner, MIZO_Q_##q, date, slot, STORE_LATEST, NULL), value)

/* One value in every way that a long file may say it. */
static void long_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t wh;
        int quality;
    } row[] = {
        {"point,start,kwh\np-hall,2023-04-01T00:30:00+09:00,1.5\n",                                     1500, 0 },
        { "point,start,kwh\np-hall,2023-03-31T15:30:00Z,1.5\n",                                         1500, 0 },
        { "point,start,kwh\np-hall,2023-04-01 00:30,1.5",                                               1500, 0 },
        { "point,start,kwh\r\np-hall,2023/04/01 00:30,1.5\r\n",                                         1500, 0 },
        { "point,start,kwh\rp-hall,2023/4/1 0:30,1.5\r",                                                1500, 0 },
        { "point,start,kwh\np-hall,2023-04-01T00:30,\"1.5\"\n",                                         1500, 0 },
        { "point,start,kwh\n\"p-hall\",\"2023-04-01T00:30:00+09:00\",\"0,001.5\"\n",                    1500, 0 },
        { "point,end,kwh\np-hall,2023-04-01T01:00:00+09:00,1.5\n",                                      1500, 0 },
        { "meter,epoch_s,wh\np-hall,1680276600,1500\n",                                                 1500, 0 },
        { "meter,epoch_ms,wh\np-hall,1680276600000,1500\n",                                             1500, 0 },
        { "point,date,time,kwh\np-hall,2023-04-01,0:30,1.5\n",                                          1500, 0 },
        { "point,date,code,kwh\np-hall,20230401,2,1.5\n",                                               1500, 0 },
        { "point,date,time,kwh\np-hall,令和5年4月1日,0:30,1.5\n",                                  1500, 0 },
        { "供給地点特定番号,日時,使用量(kWh)\n0300000000000000000002,2023/4/1 0:30,1.5\n", 1500, 0 },
        { "供給地点，開始，電力量（ｋＷｈ）\n",                                         0,    -1}, /* full-width commas are no commas: no header */
        { "point,start,kw\np-hall,2023-04-01T00:30,3\n",                                                1500, 0 },
        { "point,start,w\np-hall,2023-04-01T00:30,3001\n",                                              1501, 0 }, /* half up */
        { "point,start,kwh\np-hall,2023-04-01T00:30,1.4995\n",                                          1500, 0 },
        { "point,start,kwh\np-hall,2023-04-01T00:30,1.50000000000000004\n",                             1500, 0 },
        { "point,start,kwh\np-hall,2023-04-01T00:30,1.5E+0\n",                                          1500, 0 },
        { "point,start,kwh\np-hall,2023-04-01T00:30,１.５\n",                                         1500, 0 },
        { "quality,kwh,start,point\nestimate,1.5,2023-04-01T00:30,p-hall\n",                            1500, 2 },
        { "point,start,kwh,quality\np-hall,2023-04-01T00:30,1.5,report\n",                              1500, 6 },
        { "point,start,kwh,quality\np-hall,2023-04-01T00:30,1.5,速報\n",                              1500, 1 },
        { "point,start,value,quantity\np-hall,2023-04-01T00:30,1.5,import\n",                           1500, 0 },
        { "updated 2023/4/2\n\npoint,start,kwh\np-hall,2023-04-01T00:30,1.5\n",                         1500, 0 },
        { "\xef\xbb\xbfpoint,start,kwh\np-hall,2023-04-01T00:30,1.5\n",                                 1500, 0 },
        { "point,start,kwh,,\np-hall,2023-04-01T00:30,1.5,,\n",                                         1500, 0 },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        import_town it;
        import_town_open(&it);
        import_result r;
        mizo_err e = import_text(&it, row[i].text, &r);
        int quality = -1;
        int32_t v = import_value(&it, "p-hall", MIZO_Q_IMPORT, "2023-04-01", 1, STORE_LATEST, &quality);
        if (row[i].quality < 0)
            assert_int_equal(e, MIZO_EINPUT);
        else if (e || v != row[i].wh || quality != row[i].quality)
            fail_msg("case %zu: %s: err %d value %d quality %d", i, row[i].text, e, v, quality);
        import_town_close(&it);
    }
}

static void cp932(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char utf8[] = "供給地点特定番号,日時,使用量(kWh),備考\r\n"
                               "0300000000000000000002,2023/4/1 0:30,1.5,髙橋①～\r\n";
    buf b;
    uint32_t cp;
    import_result r;
    buf_init(&b, 0);
    assert_int_equal(utf8_to_cp932(utf8, sizeof utf8 - 1, &b, &cp), MIZO_OK);
    assert_int_equal(import_bytes(&it, "sjis.csv", b.p, b.n, NULL, &r), MIZO_OK);
    IS("p-hall", IMPORT, "2023-04-01", 1, 1500);
    buf_fini(&b);
    import_town_close(&it);
}

static void owners_and_quantities(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    ok(&it,
       "owner,start,value,quantity\n"
       "pv-school,2023-04-01T12:00,4.2,\n"
       "mill,2023-04-01T12:00,250,generation\n"
       "jepx-tokyo,2023-04-01T12:00,0.01,price\n"
       "village,2023-04-01T12:00,-3.25,temperature\n"
       "village,2023-04-01T12:00,812,irradiance\n"
       "p-depot,2023-04-01T12:00,1.5,export\n"
       "p-depot,2023-04-01T12:00,0,import\n",
       7, 0, 0);
    IS("pv-school", GENERATION, "2023-04-01", 24, 4200);
    IS("mill", GENERATION, "2023-04-01", 24, 250000);
    IS("jepx-tokyo", PRICE, "2023-04-01", 24, 10);
    IS("village", TEMPERATURE, "2023-04-01", 24, -325);
    IS("village", IRRADIANCE, "2023-04-01", 24, 812);
    IS("p-depot", EXPORT, "2023-04-01", 24, 1500);
    IS("p-depot", IMPORT, "2023-04-01", 24, 0);
    IS("p-depot", IMPORT, "2023-04-01", 25, MIZO_MISSING);
    import_town_close(&it);
}

/* 48 columns, labelled in five ways; cell i holds i + 1 tenths of a kWh. */
static void wide_files(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    for (int shape = 0; shape < 6; shape++) {
        buf b;
        buf_init(&b, 1 << 16);
        buf_str(&b, "point,date");
        for (int i = 0; i < 48; i++) {
            int at = shape == 1 || shape == 5 ? i + 1 : i;
            if (shape == 5)
                at %= 48;
            if (shape == 2)
                buf_printf(&b, ",%d", i + 1);
            else if (shape == 3)
                buf_printf(&b, ",%d:%02d～%d:%02d", i / 2, i % 2 * 30, (i + 1) / 2, (i + 1) % 2 * 30);
            else if (shape == 4)
                buf_printf(&b, ",%02d:%02d(kW)", i / 2, i % 2 * 30);
            else
                buf_printf(&b, ",%d:%02d", at / 2, at % 2 * 30);
        }
        buf_printf(&b, "\np-hall,2023/4/%d", shape + 1);
        for (int i = 0; i < 48; i++)
            if (i == 7)
                buf_str(&b, ",");
            else
                buf_printf(&b, ",%d.%d", (i + 1) / 10, (i + 1) % 10);
        import_result r;
        assert_int_equal(import_bytes(&it, "wide.csv", b.p, b.n, NULL, &r), MIZO_OK);
        assert_string_equal(r.kind, "wide");
        assert_int_equal(r.added, 47);
        assert_int_equal(r.blank, 1);
        char day[24];
        snprintf(day, sizeof day, "2023-04-%02d", shape + 1);
        int32_t unit = shape == 4 ? 50 : 100;
        IS("p-hall", IMPORT, day, 0, unit);
        IS("p-hall", IMPORT, day, 7, MIZO_MISSING);
        IS("p-hall", IMPORT, day, 47, 48 * unit);
        buf_fini(&b);
    }
    import_town_close(&it);
}

static mizo_err keep_period(void *arg, const store_period *p)
{
    *(store_period *)arg = *p;
    return MIZO_OK;
}

static void period_files(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    ok(&it, "point,from,to,kwh,max_kw,quality\np-hall,2023-04-01,2023-05-01,\"12,345.6\",45,bill\n", 1, 0, 0);
    ok(&it, "point,from,last,kwh,max_kw\np-hall,2023-04-01,2023-04-30,12345.6,45\n", 0, 0, 1);
    store_period p = { .from = 0 };
    mizo_day from = mizo_date_day((mizo_date){ 2023, 4, 1 });
    store *s = it.t.store;
    assert_int_equal(s->ops->period_scan(s, "p-hall", from, from + 1, STORE_LATEST, keep_period, &p),
                     MIZO_OK);
    assert_int_equal(p.from, from);
    assert_int_equal(p.to, from + 30);
    assert_int_equal(p.energy_wh, 12345600);
    assert_int_equal(p.max_w, 45000);
    assert_int_equal(p.quality, MIZO_QUALITY_MEASURED);
    ok(&it, "point,from,to,kwh,max_kw,quality\np-hall,2023-04-01,2023-05-01,12345.7,45,report\n", 0, 1, 0);
    import_result r;
    assert_int_equal(import_text(&it, "point,from,to,kwh\np-hall,2023-04-10,2023-05-10,5\n", &r),
                     MIZO_EINPUT);
    assert_true(import_said(&it, MIZO_MSG_IMPORT_PERIOD_KNOWN, 2, 1));
    import_town_close(&it);
}

static void sessions(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char text[] = "vehicle,charger,arrive,depart,need_kwh\n"
                               "van-1,ch-1,2023-07-08T17:40,2023-07-09T07:10,22.5\n"
                               "van-2,ch-2,2023-07-08T18:00,2023-07-09T07:00,10\n";
    ok(&it, text, 2, 0, 0);
    ok(&it, text, 0, 0, 2);
    import_town_close(&it);
}

/* Twice is once; another value is a new vintage, and the old one can still be seen. */
static void twice_and_changed(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    import_result r;
    static const char first[] = "point,start,kwh\np-hall,2023-04-01T00:00,1\np-hall,2023-04-01T00:30,2\n";
    static const char second[] = "point,start,kwh\np-hall,2023-04-01T00:00,1\np-hall,2023-04-01T00:30,3\n";
    import_options o = { .known = instant("2023-04-02T06:00") };
    assert_int_equal(import_bytes(&it, "a.csv", first, strlen(first), &o, &r), MIZO_OK);
    assert_int_equal(r.added, 2);
    assert_true(r.batch > 0);
    int64_t batches = import_batches(&it);
    assert_int_equal(import_bytes(&it, "a.csv", first, strlen(first), &o, &r), MIZO_OK);
    assert_int_equal(r.added + r.changed, 0);
    assert_int_equal(r.same, 2);
    assert_int_equal(r.batch, 0);
    assert_int_equal(import_batches(&it), batches);
    o.known = instant("2023-05-10T06:00");
    assert_int_equal(import_bytes(&it, "b.csv", second, strlen(second), &o, &r), MIZO_OK);
    assert_int_equal(r.changed, 1);
    assert_int_equal(r.same, 1);
    IS("p-hall", IMPORT, "2023-04-01", 1, 3000);
    assert_int_equal(
        import_value(&it, "p-hall", MIZO_Q_IMPORT, "2023-04-01", 1, instant("2023-05-09T23:59"), NULL), 2000);
    import_town_close(&it);
}

/* A quarter of a year by half-hours in one order, and backwards, and with a table that spills. */
static char *season(int order, size_t *n)
{
    enum { SLOTS = 48 * 90 };
    buf b;
    buf_init(&b, 1 << 22);
    buf_str(&b, "meter,epoch_s,wh\n");
    for (int i = 0; i < 2 * SLOTS; i++) {
        int k = order == 1 ? 2 * SLOTS - 1 - i : order == 2 ? (int)((int64_t)i * 7919 % (2 * SLOTS)) : i;
        int slot = k / 2;
        buf_printf(&b, "%s,%lld,%d\n", k % 2 ? "p-school" : "p-hall", 1672498800LL + slot * 1800LL,
                   slot * 37 % 5000 + k % 2);
    }
    *n = b.n;
    return buf_steal(&b);
}

static void any_order(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    import_result r;
    for (int order = 0; order < 4; order++) {
        size_t n;
        char *text = season(order % 3, &n);
        import_options o = { .stage_limit = order == 2 ? 200000 : 0 };
        assert_int_equal(import_bytes(&it, "q.csv", text, n, &o, &r), MIZO_OK);
        assert_int_equal(r.added, order ? 0 : 2 * 48 * 90);
        assert_int_equal(r.changed, 0);
        assert_int_equal(r.gaps, 0);
        free(text);
    }
    IS("p-school", IMPORT, "2023-01-02", 3, 51 * 37 % 5000 + 1);
    import_town_close(&it);
}

/* The same, spilling into an empty store. */
static void spills(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    import_result r;
    size_t n;
    char *text = season(2, &n);
    import_options o = { .stage_limit = 300000 };
    assert_int_equal(import_bytes(&it, "q.csv", text, n, &o, &r), MIZO_OK);
    assert_int_equal(r.added, 2 * 48 * 90);
    assert_int_equal(r.changed, 0);
    IS("p-school", IMPORT, "2023-01-02", 3, 51 * 37 % 5000 + 1);
    free(text);
    import_town_close(&it);
}

/* A slot, a day and a month are missing. */
static void gaps(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    buf b;
    buf_init(&b, 1 << 22);
    buf_str(&b, "point,start,kwh\n");
    for (int i = 0; i < 48 * 100; i++) {
        bool lost = i == 100 || (i >= 480 && i < 528) || (i >= 48 * 30 && i < 48 * 60);
        if (lost)
            continue;
        mizo_date d = mizo_day_date(mizo_date_day((mizo_date){ 2023, 1, 1 }) + i / 48);
        buf_printf(&b, "p-hall,%04d-%02d-%02dT%02d:%02d,2\n", d.year, d.month, d.day, i / 2 % 24, i % 2 * 30);
    }
    import_result r;
    assert_int_equal(import_bytes(&it, "gaps.csv", b.p, b.n, NULL, &r), MIZO_OK);
    assert_int_equal(r.gaps, 3);
    assert_int_equal(r.gap_slots, 1 + 48 + 48 * 30);
    assert_int_equal(r.gap_longest, 48 * 30);
    const mizo_diag *d = mizo_diags_at(it.t.diags, 0);
    assert_int_equal(d->id, MIZO_MSG_IMPORT_GAPS);
    assert_string_equal(d->param[4], "2023-01-31T00:00:00+09:00");
    IS("p-hall", IMPORT, "2023-01-03", 4, MIZO_MISSING);
    buf_fini(&b);
    import_town_close(&it);
}

/* A meter that says the same for a day is doubted, and kept. */
static void stuck(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "point,start,kwh\n");
    for (int i = 0; i < 48 * 3; i++)
        buf_printf(&b, "p-hall,2023-04-%02dT%02d:%02d,%d.5\n", 1 + i / 48, i / 2 % 24, i % 2 * 30,
                   i < 20 || i >= 70 ? i % 7 : 3);
    import_result r;
    assert_int_equal(import_bytes(&it, "stuck.csv", b.p, b.n, NULL, &r), MIZO_OK);
    assert_int_equal(r.added, 144);
    assert_int_equal(r.stuck, 1);
    const mizo_diag *d = mizo_diags_at(it.t.diags, 0);
    assert_int_equal(d->id, MIZO_MSG_IMPORT_DOUBTFUL);
    assert_string_equal(d->param[1], "50");
    assert_string_equal(d->param[2], "2023-04-01T10:00:00+09:00");
    buf_fini(&b);
    import_town_close(&it);
}

static void skip_bad(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char text[] = "point,start,kwh,note\n"
                               "p-hall,2023-04-01T00:00,1,\n"
                               "p-hal,2023-04-01T00:30,2,\n"
                               "p-hall,2023-04-01T01:00,x,\"a, b\"\n"
                               "p-hall,2023-04-01T00:00,9,\n"
                               "p-hall,2023-04-01T01:30,4,\n";
    import_options o = { .skip_bad = true };
    import_result r;
    assert_int_equal(import_bytes(&it, "s.csv", text, strlen(text), &o, &r), MIZO_OK);
    assert_int_equal(r.bad, 3);
    assert_int_equal(r.rows, 5);
    assert_int_equal(r.added, 2);
    IS("p-hall", IMPORT, "2023-04-01", 0, 1000);
    IS("p-hall", IMPORT, "2023-04-01", 3, 4000);
    assert_true(import_said(&it, MIZO_MSG_IMPORT_SKIPPED, 0, 0));
    buf b;
    buf_init(&b, 1 << 16);
    assert_int_equal(it.t.env->ops->read_file(it.t.env, r.bad_file, &b), MIZO_OK);
    static const char begins[] = "point,start,kwh,note,line,reason\r\np-hal,2023-04-01T00:30,2,,3,";
    assert_int_equal(strncmp(b.p, begins, strlen(begins)), 0);
    assert_non_null(strstr(b.p, "p-hall,2023-04-01T01:00,x,\"a, b\",4,"));
    assert_non_null(strstr(b.p, "p-hall,2023-04-01T00:00,9,,5,"));
    buf_fini(&b);
    import_town_close(&it);
}

static void header_only(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    ok(&it, "point,start,kwh\n", 0, 0, 0);
    assert_true(import_said(&it, MIZO_MSG_IMPORT_HEADER_ONLY, 1, 0));
    ok(&it, "point,start,kwh", 0, 0, 0);
    ok(&it, "point,start,kwh\np-hall,2023-04-01T00:00,1\npoint,start,kwh\np-hall,2023-04-01T00:30,1\n", 2, 0,
       0);
    import_town_close(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_files),
        cmocka_unit_test(cp932),
        cmocka_unit_test(owners_and_quantities),
        cmocka_unit_test(wide_files),
        cmocka_unit_test(period_files),
        cmocka_unit_test(sessions),
        cmocka_unit_test(twice_and_changed),
        cmocka_unit_test(any_order),
        cmocka_unit_test(spills),
        cmocka_unit_test(gaps),
        cmocka_unit_test(stuck),
        cmocka_unit_test(skip_bad),
        cmocka_unit_test(header_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
