/* JSON in order, with the commas right. */
#include "check.h"

#include <math.h>

#include "base/json.h"
#include "mizo/series.h"

static void everything(void **state)
{
    (void)state;
    buf b;
    json j;
    buf_init(&b, 0);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_int(&j, "wh", INT64_MIN);
    json_int(&j, "max", INT64_MAX);
    json_bool(&j, "ok", true);
    json_bool(&j, "no", false);
    json_null(&j, "none");
    json_text(&j, "name", "川\"崎\\\n\t\x01");
    json_text(&j, "nothing", NULL);
    json_yen(&j, "cost_yen", 1234567890);
    json_kg(&j, "co2_kg", -1);
    json_array(&j, "list");
    json_object(&j, NULL);
    json_end(&j);
    json_array(&j, NULL);
    json_end(&j);
    json_int(&j, NULL, 0);
    json_end(&j);
    json_ints(&j, "slots", (int32_t[]){ 1, MIZO_MISSING, -3 }, 3);
    json_time(&j, "at", 1680276600000, 18);
    json_day(&j, "day", 19448);
    json_raw(&j, "raw", "{\"a\":1}");
    json_end(&j);
    assert_int_equal(j.depth, 0);
    json_end(&j); /* one too many is harmless */
    assert_string_equal(b.p,
                        "{\"wh\":-9223372036854775808,\"max\":9223372036854775807,\"ok\":true,\"no\":false,"
                        "\"none\":null,\"name\":\"川\\\"崎\\\\\\n\\u0009\\u0001\",\"nothing\":null,"
                        "\"cost_yen\":\"1234.567890\",\"co2_kg\":\"-0.000001\",\"list\":[{},[],0],"
                        "\"slots\":[1,null,-3],\"at\":\"2023-04-01T00:30:00+09:00\",\"day\":\"2023-04-01\","
                        "\"raw\":{\"a\":1}}");
    buf_fini(&b);
}

static void doubles(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *text;
    } row[] = {
        {0.4626,     "0.4626"             },
        { 0.1,       "0.1"                },
        { 1.0 / 3,   "0.3333333333333333" },
        { 1e300,     "1e+300"             },
        { -0.5,      "-0.5"               },
        { 100,       "100"                },
        { NAN,       "null"               },
        { INFINITY,  "null"               },
        { 0.1 + 0.2, "0.30000000000000004"},
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        buf b;
        json j;
        buf_init(&b, 0);
        json_init(&j, &b);
        json_double(&j, NULL, row[i].v);
        assert_string_equal(b.p, row[i].text);
        buf_fini(&b);
    }
}

static void too_deep(void **state)
{
    (void)state;
    buf b;
    json j;
    buf_init(&b, 0);
    json_init(&j, &b);
    for (int i = 0; i < 65; i++)
        json_array(&j, NULL);
    assert_int_equal(b.err, MIZO_EFULL);
    buf_fini(&b);
    buf_init(&b, 4); /* a full buffer is said once, at the end */
    json_init(&j, &b);
    json_text(&j, NULL, "longer than four");
    assert_int_equal(b.err, MIZO_EFULL);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything),
        cmocka_unit_test(doubles),
        cmocka_unit_test(too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
