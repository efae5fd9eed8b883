/* The document and the formats of the core. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static report *table_of(const report_column *c, int n)
{
    report *r = report_new(&(report_head){ .lang = "en", .day = 20000 });
    assert_non_null(r);
    report_columns(r, NULL, c, n);
    return r;
}

static void numbers_as_people_read_them(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int from, digits;
        bool plain;
        const char *text;
    } rows[] = {
        {0,         0, 0, false, "0"         },
        { 999,      0, 0, false, "999"       },
        { 1000,     0, 0, false, "1,000"     },
        { -1234567, 0, 0, false, "-1,234,567"},
        { 123456,   2, 2, false, "1,234.56"  },
        { -5,       2, 2, false, "-0.05"     },
        { 1234567,  3, 1, false, "1,234.6"   },
        { 1234550,  3, 1, false, "1,234.6"   }, /* half up */
        { -1234550, 3, 1, false, "-1,234.6"  }, /* away from zero */
        { 1234567,  3, 0, true,  "1235"      },
        { 2026,     0, 0, true,  "2026"      },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[MIZO_NUM_TEXT];
        report_cell c = { .from = (uint8_t)rows[i].from,
                          .digits = (uint8_t)rows[i].digits,
                          .value = rows[i].value };
        report_number_text(&c, rows[i].plain, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void sums_are_exact(void **state)
{
    (void)state;
    const report_column c[] = {
        {.title = "a"},
        { .title = "b", .sum = true }
    };
    report *r = table_of(c, 2);
    for (int i = 0; i < 3; i++) {
        report_cell_text(r, "x");
        report_cell_scaled(r, 1333, 3, 1); /* 1.3 each is shown, 4.0 in all */
    }
    report_sum(r, "part");
    report_cell_text(r, "y");
    report_cell_gap(r);
    report_sum(r, "gap");
    report_sum_all(r, "all");
    assert_int_equal(report_done(r), MIZO_OK);
    const report_row *row = report_blocks(r)->table->first->next->next->next;
    char text[MIZO_NUM_TEXT];
    assert_true(row->sum);
    assert_string_equal(report_cell_shown(&row->cell[1], false, text), "4.0");
    row = row->next->next;
    assert_string_equal(report_cell_shown(&row->cell[1], false, text), "–"); /* nothing is known: no sum */
    row = row->next;
    assert_string_equal(report_cell_shown(&row->cell[1], false, text), "4.0*");
    report_free(r);
}

static void mistakes_stick(void **state)
{
    (void)state;
    const report_column c[] = {
        {.title = "a", .sum = true}
    };
    report *r = report_new(&(report_head){ .lang = "en" });
    report_cell_text(r, "outside a table");
    assert_int_equal(report_done(r), MIZO_EINPUT);
    assert_null(report_blocks(r));
    report_free(r);
    r = table_of(c, 1);
    report_text(r, "\xff not UTF-8");
    assert_int_equal(report_done(r), MIZO_EINPUT);
    report_free(r);
    r = table_of(c, 1);
    report_cell_scaled(r, 1, 1, 2);
    assert_int_equal(report_done(r), MIZO_EINPUT);
    report_free(r);
    r = table_of(c, 1);
    report_cell_number(r, INT64_MAX, 0);
    report_cell_number(r, 1, 0);
    report_sum(r, "");
    assert_int_equal(report_done(r), MIZO_ERANGE);
    report_free(r);
    r = table_of(c, REPORT_COLUMNS + 1);
    assert_int_equal(report_done(r), MIZO_EINPUT);
    report_free(r);
    r = report_new(&(report_head){ .lang = "en" });
    report_chart_add(r, &(report_chart){ .n = 0 });
    assert_int_equal(report_done(r), MIZO_EINPUT);
    report_free(r);
}

static void as_csv(void **state)
{
    (void)state;
    report *r = sample_report(3, NULL);
    buf b;
    assert_int_equal(report_done(r), MIZO_OK);
    buf_init(&b, 0);
    assert_int_equal(report_csv(r, 0, REPORT_UTF8_BOM, NULL, &b), MIZO_OK);
    assert_string_equal(
        b.p, "\xef\xbb\xbf施設,地点番号,使用量(kWh),検針日,金額(円)\r\n"
             "たかつ小学校 0,1000,1234.6,2026-04-01,10005.50\r\n"
             "'=みぞのくち <1> & とても長い名前の市民文化センター分館,1001,1234.6,2026-04-02,20011.00\r\n"
             "たかつ小学校 2,1002,,2026-04-03,30016.50\r\n");
    buf_clear(&b);
    assert_int_equal(report_csv(r, 1, REPORT_UTF8_BOM, NULL, &b), MIZO_ENOENT);
    buf_fini(&b);
    report_free(r);
}

static void letters_that_cp932_lacks_are_named(void **state)
{
    (void)state;
    report *r = sample_report(2, NULL);
    mizo_diags *d = mizo_diags_new(0);
    char text[512];
    buf b;
    buf_init(&b, 0);
    assert_int_equal(report_done(r), MIZO_OK);
    assert_int_equal(report_csv(r, -1, REPORT_CP932, d, &b), MIZO_OK);
    assert_int_equal(mizo_diags_kept(d), 1);
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_non_null(strstr(text, "U+1F642"));
    assert_non_null(strstr(b.p, "\x81\xac")); /* 〓 */
    mizo_diags_free(d);
    buf_fini(&b);
    report_free(r);
}

static void as_html(void **state)
{
    (void)state;
    report *r = sample_report(3, "下書き");
    buf b, again;
    buf_init(&b, 0);
    buf_init(&again, 0);
    assert_int_equal(report_html(r, &b), MIZO_OK);
    assert_int_equal(report_html(r, &again), MIZO_OK);
    assert_string_equal(b.p, again.p);
    assert_non_null(strstr(b.p, "=みぞのくち &lt;1&gt; &amp; "));
    assert_non_null(strstr(b.p, "<td class=\"r\">60,033.00</td>"));
    assert_non_null(strstr(b.p, "下書き"));
    assert_null(strstr(b.p, "http")); /* nothing is fetched */
    assert_null(strstr(b.p, "<script"));
    buf_fini(&b);
    buf_fini(&again);
    report_free(r);
}

static void as_text(void **state)
{
    (void)state;
    report *r = sample_report(3, NULL);
    buf b;
    buf_init(&b, 0);
    assert_int_equal(report_plain(r, &b), MIZO_OK);
    assert_non_null(strstr(
        b.p, "たかつ小学校 0                                              1000       1,234.6  2026-04-01  "
             "10,005.50\n"));
    assert_non_null(strstr(b.p, "2,469.1*"));
    assert_null(strstr(b.p, " \n"));
    buf_fini(&b);
    report_free(r);
}

/* Offices write ▲ for minus; other programs that read a CSV do not. */
static void triangles(void **state)
{
    (void)state;
    const report_column c[] = {
        {.title = "a"},
        { .title = "b", .sum = true }
    };
    report *r = report_new(&(report_head){ .lang = "ja", .day = 20000, .triangle = true });
    buf out;
    assert_non_null(r);
    buf_init(&out, 0);
    report_columns(r, NULL, c, 2);
    report_cell_text(r, "x");
    report_cell_number(r, -1234567, 2);
    report_sum(r, "sum");
    assert_int_equal(report_done(r), MIZO_OK);
    assert_int_equal(report_tsv(r, &out), MIZO_OK);
    assert_string_equal(out.p, "a\tb\r\nx\t▲12,345.67\r\nsum\t▲12,345.67\r\n");
    buf_clear(&out);
    assert_int_equal(report_csv(r, 0, REPORT_UTF8_BOM, NULL, &out), MIZO_OK);
    assert_string_equal(out.p, "\xef\xbb\xbf"
                               "a,b\r\nx,-12345.67\r\n");
    buf_fini(&out);
    report_free(r);
}

/* A bar is a piece of a schedule; a title stands over those behind it that have none. */
static void bars_of_a_schedule(void **state)
{
    (void)state;
    const report_column c[] = {
        {.title = "what"},
        { .title = "R4",  .bars = true },
        { .bars = true             },
        { .title = "R5",  .bars = true },
        { .title = "source" }
    };
    report *r = table_of(c, 5);
    buf out;
    buf_init(&out, 0);
    report_cell_text(r, "x");
    report_cell_bar(r, true);
    report_cell_bar(r, false);
    report_cell_blank(r);
    report_cell_text(r, "s\tt\nu");
    assert_int_equal(report_done(r), MIZO_OK);
    const report_table *t = report_blocks(r)->table;
    assert_int_equal(report_title_span(t, 0), 1);
    assert_int_equal(report_title_span(t, 1), 2);
    assert_int_equal(report_title_span(t, 3), 1);
    assert_int_equal(report_tsv(r, &out), MIZO_OK);
    assert_string_equal(out.p, "what\tR4\t\tR5\tsource\r\nx\t■\t■\t\ts t u\r\n");
    buf_clear(&out);
    assert_int_equal(report_html(r, &out), MIZO_OK);
    assert_non_null(
        strstr(out.p, "colspan=\"2\" class=\"bars\">R4</th><th scope=\"colgroup\" colspan=\"1\""));
    assert_non_null(strstr(
        out.p, "<td class=\"bars bar done\"></td><td class=\"bars bar\"></td><td class=\"bars\"></td>"));
    buf_fini(&out);
    report_free(r);
}

/* ---- two states of a document ---- */

static report *state_of(int64_t first, bool third)
{
    const report_column c[] = {
        {.title = "item"},
        {                .title = "kind"             },
        { .title = "value",              .align = REPORT_RIGHT }
    };
    report *r = report_new(&(report_head){ .lang = "en", .day = 20000 });
    assert_non_null(r);
    report_figure(r, "rate", "46 %");
    report_columns(r, "table", c, 3);
    report_cell_text(r, "a");
    report_cell_text(r, "x");
    report_cell_number(r, first, 0);
    report_cell_text(r, ""); /* the same item goes on */
    report_cell_text(r, "y");
    report_cell_gap(r);
    if (third) {
        report_cell_text(r, "a");
        report_cell_text(r, "y");
        report_cell_number(r, 7, 0);
    }
    assert_int_equal(report_done(r), MIZO_OK);
    return r;
}

static mizo_err on_difference(void *arg, const char *name, const char *before, const char *after)
{
    buf_printf(arg, "%s: %s > %s\n", name, before ? before : "none", after ? after : "none");
    return MIZO_OK;
}

static mizo_err enough(void *arg, const char *name, const char *before, const char *after)
{
    (void)name;
    (void)before;
    (void)after;
    ++*(int *)arg;
    return MIZO_ECANCELED;
}

static void facts_differ(void **state)
{
    (void)state;
    report *r = state_of(1, false), *s = state_of(2, true);
    buf before, after, said;
    int calls = 0;
    buf_init(&before, 0);
    buf_init(&after, 0);
    buf_init(&said, 0);
    assert_int_equal(report_facts(r, &before), MIZO_OK);
    assert_string_equal(before.p, "rate\t46 %\ntable | a | x | value\t1\ntable | a | y | value\t–\n");
    assert_int_equal(report_facts(s, &after), MIZO_OK);
    assert_int_equal(report_facts_differ(before.p, before.p, on_difference, &said), MIZO_OK);
    assert_int_equal(said.n, 0);
    assert_int_equal(report_facts_differ(before.p, after.p, on_difference, &said), MIZO_OK);
    assert_string_equal(said.p, "table | a | x | value: 1 > 2\ntable | a | y | value (2): none > 7\n");
    buf_clear(&said);
    assert_int_equal(report_facts_differ(after.p, before.p, on_difference, &said), MIZO_OK);
    assert_string_equal(said.p, "table | a | x | value: 2 > 1\ntable | a | y | value (2): 7 > none\n");
    assert_int_equal(report_facts_differ(before.p, after.p, enough, &calls), MIZO_ECANCELED);
    assert_int_equal(calls, 1);
    assert_int_equal(report_facts_differ("no tab\n\n", "", on_difference, &said), MIZO_OK);
    buf_fini(&before);
    buf_fini(&after);
    buf_fini(&said);
    report_free(r);
    report_free(s);
}

static void as_json(void **state)
{
    (void)state;
    report *r = state_of(1, false);
    buf out;
    json j;
    buf_init(&out, 0);
    json_init(&j, &out);
    json_array(&j, NULL);
    report_json(r, &j);
    json_end(&j);
    assert_string_equal(
        out.p,
        "[{\"kind\":\"figure\",\"key\":\"rate\",\"text\":\"46 %\"},{\"kind\":\"table\",\"caption\":\"table\","
        "\"columns\":[{\"title\":\"item\",\"unit\":null},{\"title\":\"kind\",\"unit\":null},"
        "{\"title\":\"value\",\"unit\":null}],\"rows\":[[\"a\",\"x\",\"1\"],[\"\",\"y\",null]]}]");
    buf_fini(&out);
    report_free(r);
}

/* A page that opens from disk has its tables beside it, without any other file. */
static void tables_beside(void **state)
{
    (void)state;
    const report_column c[] = { { .title = "a" } };
    report *r = report_new(&(report_head){ .lang = "en", .day = 20000, .tables = true });
    buf out;
    assert_non_null(r);
    buf_init(&out, 0);
    report_columns(r, "t\"1", c, 1);
    report_cell_text(r, "b");
    assert_int_equal(report_done(r), MIZO_OK);
    assert_int_equal(report_html(r, &out), MIZO_OK);
    /* EF BB BF "a" CR LF "b" CR LF */
    assert_non_null(strstr(out.p, "download=\"t&quot;1.csv\" href=\"data:text/csv;base64,77u/YQ0KYg0K\""));
    buf_fini(&out);
    report_free(r);
}

/* ---- as offices print it ---- */

static const report_table *first_table(const report *r)
{
    for (const report_block *b = report_blocks(r); b; b = b->next)
        if (b->kind == REPORT_TABLE)
            return b->table;
    return NULL;
}

static void as_offices_print_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } years[] = {
        {"2023年度の排出量",    "令和5(2023)年度の排出量"             },
        { "2019年度",               "令和元(2019)年度"                       },
        { "2018 年度と2013年度", "平成30(2018)年度と平成25(2013)年度" },
        { "1989年度、1988年度",  "平成元(1989)年度、昭和63(1988)年度"},
        { "12023年度",              "12023年度"                                 }, /* no year */
        { "2023年4月",              "2023年4月"                                 }, /* no fiscal year */
        { "1900年度",               "1900年度"                                  }, /* before the eras that are known */
        { "年度",                   "年度"                                      },
    };
    const report_column c[] = {
        {.title = "年度"},
        { .title = "大きい", .unit = "t-CO2", .align = REPORT_RIGHT, .sum = true },
        {     .title = "小さい", .unit = "t-CO2", .align = REPORT_RIGHT, .sum = true },
        {     .title = "額",       .unit = "円",   .align = REPORT_RIGHT, .sum = true }
    };
    report *r =
        report_new(&(report_head){ .title = "2023年度", .lang = "ja", .day = 20000, .triangle = true });
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        report_text(r, years[i].text);
    report_columns(r, "2020年度の表", c, 4);
    report_cell_text(r, "2020年度");
    report_cell_number(r, 20840000400, 3);
    report_cell_number(r, 99999, 0);
    report_cell_number(r, 1234500, 0);
    report_cell_text(r, "2021年度");
    report_cell_number(r, -126000000, 3);
    report_cell_gap(r);
    report_cell_number(r, 499, 0);
    report_sum(r, "計");
    assert_int_equal(report_done(r), MIZO_OK);
    report_office(r);
    assert_int_equal(report_done(r), MIZO_OK);
    assert_string_equal(report_head_of(r)->title, "令和5(2023)年度");
    const report_block *b = report_blocks(r);
    for (size_t i = 0; i < sizeof years / sizeof *years; i++, b = b->next)
        assert_string_equal(b->text, years[i].shown);
    const report_table *t = first_table(r);
    assert_string_equal(t->caption, "令和2(2020)年度の表");
    assert_string_equal(t->column[1].unit, "万t-CO2");
    assert_string_equal(t->column[2].unit, "t-CO2"); /* it does not reach 10万t */
    assert_string_equal(t->column[3].unit, "千円");
    static const char *const shown[3][4] = {
        {"令和2(2020)年度",  "2,084.0", "99,999",  "1,235"},
        { "令和3(2021)年度", "▲12.6", "–",     "0"    },
        { "計",                 "2,071.4", "99,999*", "1,235"}
    };
    const report_row *row = t->first;
    for (int i = 0; i < 3; i++, row = row->next)
        for (int k = 0; k < 4; k++) {
            char room[MIZO_NUM_TEXT];
            assert_string_equal(report_cell_shown(&row->cell[k], false, room), shown[i][k]);
        }
    while (b->next)
        b = b->next;
    assert_int_equal(b->kind, REPORT_NOTE); /* that parts and sums are rounded each by itself */
    report_free(r);
}

static void in_english_it_stays(void **state)
{
    (void)state;
    report *r = report_new(&(report_head){ .title = "2023年度", .lang = "en", .day = 20000 });
    report_columns(r, NULL, &(report_column){ .title = "a", .unit = "t-CO2" }, 1);
    report_cell_number(r, 1000000, 0);
    report_office(r);
    assert_string_equal(report_head_of(r)->title, "2023年度");
    assert_string_equal(first_table(r)->column[0].unit, "t-CO2");
    report_free(r);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_as_people_read_them),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(mistakes_stick),
        cmocka_unit_test(as_csv),
        cmocka_unit_test(letters_that_cp932_lacks_are_named),
        cmocka_unit_test(as_html),
        cmocka_unit_test(triangles),
        cmocka_unit_test(bars_of_a_schedule),
        cmocka_unit_test(facts_differ),
        cmocka_unit_test(as_json),
        cmocka_unit_test(tables_beside),
        cmocka_unit_test(as_text),
        cmocka_unit_test(as_offices_print_it),
        cmocka_unit_test(in_english_it_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
