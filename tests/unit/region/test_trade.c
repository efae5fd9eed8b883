/* Contracts, parameters and roundings by day, and the days of a bill. */
#include "world.h"

static void rows_keep_their_lines(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    assert_int_equal(r->nparty, 9);
    mizo_ref village_party = mizo_region_party(r, "village");
    assert_int_equal(r->party[village_party].line, 3);
    assert_int_equal(r->party[village_party].kind, MIZO_PARTY_PUBLIC);
    assert_int_equal(r->party[village_party].from, day(2023, 10, 1));
    assert_int_equal(mizo_region_party(r, "nobody"), -1);
    mizo_ref c = mizo_region_contract(r, "c-lamps");
    assert_int_equal(r->contract[c].reading_day, 15);
    assert_int_equal(r->contract[c].line, 4);
    assert_string_equal(r->contract[c].rounding, "tender");
    size_t first, n = mizo_charges_of(r, mizo_region_tariff(r, "hv-day"), &first);
    assert_int_equal(n, 6);
    assert_int_equal(r->charge[first].price_e6, 1890500000);
    assert_int_equal(r->charge[first + 5].price_e6, MIZO_NO_PRICE);
    assert_string_equal(r->charge[first + 5].param, "levy");
    assert_int_equal(r->charge[first + 5].line, 7);
    assert_int_equal(mizo_charges_of(r, mizo_region_tariff(r, "lv-lamp"), &first), 0);
}

static void by_day(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    mizo_ref p = mizo_region_point(r, "p-hall");
    assert_int_equal(mizo_contract_on(r, p, day(2022, 3, 31)), -1);
    assert_int_equal(mizo_contract_on(r, p, day(2022, 4, 1)), mizo_region_contract(r, "c-hall"));
    assert_int_equal(mizo_param_on(r, "levy", NULL, day(2023, 4, 30))->value_e6, 3450000);
    assert_int_equal(mizo_param_on(r, "levy", "", day(2023, 5, 1))->value_e6, 1400000);
    assert_null(mizo_param_on(r, "levy", "", day(2025, 5, 1)));
    assert_null(mizo_param_on(r, "levy", "", day(2022, 4, 30)));
    assert_null(mizo_param_on(r, "loss-rate", "", day(2024, 1, 1)));
    assert_int_equal(mizo_param_on(r, "loss-rate", "high", day(1950, 1, 1))->value_e6, 37000);
    mizo_diags *d = mizo_diags_new(0);
    int64_t v = 0;
    assert_int_equal(mizo_param_get(r, "levy", NULL, day(2025, 5, 1), d, &v, NULL), MIZO_ENOENT);
    char text[512];
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_non_null(strstr(text, "levy"));
    assert_non_null(strstr(text, "2025-05-01"));
    mizo_diags_free(d);
}

static void rounding_keeps_its_remainder(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    static const struct {
        mizo_rounding row;
        int64_t in, out;
    } rows[] = {
        {{ .unit_e6 = 1000000, .how = MIZO_HOW_CUT },        1999999,  1000000 },
        { { .unit_e6 = 1000000, .how = MIZO_HOW_CUT },       -1999999, -1000000},
        { { .unit_e6 = 1000000, .how = MIZO_HOW_DOWN },      -1000001, -2000000},
        { { .unit_e6 = 1000000, .how = MIZO_HOW_UP },        1000001,  2000000 },
        { { .unit_e6 = 10000, .how = MIZO_HOW_HALF_UP },     15000,    20000   },
        { { .unit_e6 = 10000, .how = MIZO_HOW_HALF_UP },     -15000,   -20000  },
        { { .unit_e6 = 100000000, .how = MIZO_HOW_HALF_UP }, 49999999, 0       },
        { { .unit_e6 = 100000000, .how = MIZO_HOW_NONE },    49999999, 49999999},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t out, left;
        assert_int_equal(mizo_round_by(&rows[i].row, rows[i].in, &out, &left), MIZO_OK);
        assert_int_equal(out, rows[i].out);
        assert_int_equal(out + left, rows[i].in);
    }
    int64_t out, left;
    mizo_rounding up = { .unit_e6 = 1000000, .how = MIZO_HOW_UP };
    assert_int_equal(mizo_round_by(&up, INT64_MAX, &out, &left), MIZO_ERANGE);
    assert_int_equal(mizo_rounding_of(r, "tender", MIZO_STEP_SUBTOTAL)->unit_e6, 10000);
    assert_null(mizo_rounding_of(r, "tender", MIZO_STEP_LINE));
    assert_null(mizo_rounding_of(r, "no-chain", MIZO_STEP_TAX));
}

/* Reading day; the bill's month; its days. */
static void the_days_of_a_bill(void **state)
{
    (void)state;
    static const struct {
        int reading, y, m;
        mizo_date from, to;
    } rows[] = {
        {1,   2024, 2,  { 2024, 2, 1 },   { 2024, 3, 1 } },
        { 1,  2023, 12, { 2023, 12, 1 },  { 2024, 1, 1 } },
        { 15, 2024, 1,  { 2023, 12, 15 }, { 2024, 1, 15 }},
        { 15, 2024, 3,  { 2024, 2, 15 },  { 2024, 3, 15 }},
        { 31, 2024, 2,  { 2024, 1, 31 },  { 2024, 2, 29 }},
        { 31, 2023, 3,  { 2023, 2, 28 },  { 2023, 3, 31 }},
        { 30, 2023, 2,  { 2023, 1, 30 },  { 2023, 2, 28 }},
        { 2,  2023, 5,  { 2023, 4, 2 },   { 2023, 5, 2 } },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        mizo_contract c = { .reading_day = rows[i].reading };
        mizo_day from, to;
        mizo_bill_period(&c, day(rows[i].y, rows[i].m, 17), &from, &to);
        assert_int_equal(from, mizo_date_day(rows[i].from));
        assert_int_equal(to, mizo_date_day(rows[i].to));
    }
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_their_lines),
        cmocka_unit_test(by_day),
        cmocka_unit_test(rounding_keeps_its_remainder),
        cmocka_unit_test(the_days_of_a_bill),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
