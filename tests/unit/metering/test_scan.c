/* The fast way and the thorough way of reading a long file must say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "metering/readers.h"

/* Makes the header's state. */
static void header(const char *text, table_state *st)
{
    csv_record rec;
    const char *what;
    table_words *w = malloc(sizeof *w);
    csv_reader *r = csv_open(text, strlen(text));
    assert_true(w && r);
    memset(st, 0, sizeof *st);
    st->offset = MIZO_JAPAN_OFFSET;
    st->file = "";
    assert_int_equal(csv_next(r, &rec, &what), MIZO_OK);
    table_fold(&rec, w);
    assert_true(metering_long.header(w, st));
    csv_close(r);
    free(w);
}

/* One line through the thorough way. False: bad, or no value. */
static bool slowly(table_state *st, const char *line, table_row *row)
{
    csv_record rec;
    const char *what;
    table_fault f;
    csv_reader *r = csv_open(line, strlen(line));
    assert_non_null(r);
    bool good = csv_next(r, &rec, &what) == MIZO_OK &&
                table_read(&metering_long, st, &rec, row, &f) == MIZO_OK && row->nvalue == 1;
    csv_close(r);
    return good;
}

static uint64_t seed = 1;

static int chance(int n)
{
    seed = mizo_mix64(seed);
    return (int)(seed % (uint64_t)n);
}

static void random_field(char *out, size_t cap, int kind)
{
    static const char *const odd[] = { "",
                                       "x",
                                       "-1",
                                       "1.5.5",
                                       "1e3",
                                       "2023-02-30T00:00",
                                       "2023-04-01T24:00",
                                       " 1",
                                       "99999999999",
                                       "2023-04-01T00:15",
                                       ".5",
                                       "5.",
                                       "1,5",
                                       "+3" };
    if (chance(8) == 0)
        snprintf(out, cap, "%s", odd[chance(sizeof odd / sizeof *odd)]);
    else if (kind == 0)
        snprintf(out, cap, "p-%d", chance(20));
    else if (kind == 1)
        snprintf(out, cap, "%04d-%02d-%02d%c%02d:%02d%s", 2020 + chance(5), 1 + chance(12), 1 + chance(30),
                 chance(2) ? 'T' : ' ', chance(24), chance(2) * 30,
                 chance(3) ? (chance(2) ? ":00+09:00" : "Z") : ":00");
    else if (kind == 2)
        snprintf(out, cap, "%d.%0*d", chance(500), 1 + chance(6), chance(10));
    else
        snprintf(out, cap, "%d", 1600000200 + chance(1000) * 900);
}

static void agree(const char *head, int time_kind, int value_kind)
{
    table_state st;
    scan_shape shape;
    table_row *row = malloc(sizeof *row);
    assert_non_null(row);
    header(head, &st);
    assert_true(metering_scan_shape(&st, &shape));
    int fast = 0;
    for (int i = 0; i < 20000; i++) {
        char a[64], b[64], c[64], line[256];
        random_field(a, sizeof a, 0);
        random_field(b, sizeof b, time_kind);
        random_field(c, sizeof c, value_kind);
        snprintf(line, sizeof line, "%s,%s,%s%s\n", a, b, c, chance(2) ? "\r" : "");
        scan_item it[2];
        size_t used;
        int lines;
        bool odd;
        size_t n = metering_scan(&shape, line, strlen(line), it, 2, &used, &lines, &odd);
        bool slow = slowly(&st, line, row);
        if (n == 0) {
            assert_true(odd);
            assert_int_equal(used, 0);
            continue; /* left to the thorough way: always allowed */
        }
        fast++;
        if (!slow || row->value[0].v != it[0].value || row->value[0].at != it[0].slot * MIZO_SLOT_MS ||
            row->owner.n != it[0].nowner || row->value[0].quality != it[0].quality)
            fail_msg("%s: fast %d at %lld, slow %d %d at %lld", line, it[0].value, (long long)it[0].slot,
                     slow, row->value[0].v, (long long)row->value[0].at);
    }
    assert_true(fast > 5000);
    free(row);
}

static void both_ways_agree(void **state)
{
    (void)state;
    agree("point,start,kwh\n", 1, 2);
    agree("point,start,kw\n", 1, 2);
    agree("point,end,wh\n", 1, 2);
    agree("meter,epoch_s,wh\n", 3, 2);
    agree("meter,epoch_s,kwh\n", 3, 2);
}

static void stops_where_it_should(void **state)
{
    (void)state;
    table_state st;
    scan_shape shape;
    header("meter,epoch_s,wh\n", &st);
    assert_true(metering_scan_shape(&st, &shape));
    static const char text[] = "a,1680274800,5\n\nb,1680276600,6\r\nc,\"1680276600\",6\nd,1680276600,7";
    scan_item it[8];
    size_t used;
    int lines;
    bool odd;
    assert_int_equal(metering_scan(&shape, text, sizeof text - 1, it, 8, &used, &lines, &odd), 2);
    assert_true(odd);
    assert_int_equal(lines, 3);
    assert_int_equal(it[1].line, 2);
    assert_memory_equal(text + used, "c,", 2);
    assert_int_equal(metering_scan(&shape, text, sizeof text - 1, it, 1, &used, &lines, &odd), 1);
    assert_false(odd);
    assert_int_equal(metering_scan(&shape, "d,1680276600,7", 14, it, 8, &used, &lines, &odd), 0);
    assert_int_equal(used, 0);
    assert_false(odd);
}

static void needs_the_thorough_way(void **state)
{
    (void)state;
    static const char *const heads[] = { "point,start,kwh,quantity\n", "point,start,kwh,step\n",
                                         "point,date,time,kwh\n",      "point,start,celsius\n",
                                         "point,epoch_ms,wh\n",        "point,role,start,kwh\n" };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        table_state st;
        scan_shape shape;
        header(heads[i], &st);
        assert_false(metering_scan_shape(&st, &shape));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_agree),
        cmocka_unit_test(stops_where_it_should),
        cmocka_unit_test(needs_the_thorough_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
