/* The money of panels against figures made by hand and, with discounting, by exact fractions outside of mizo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "retail/offer.h"

#define YEN(x) ((int64_t)(x)*1000000)

static const offer_terms plain = { .capex_uyen_per_kw = YEN(200000),
                                   .om_uyen_per_kw_year = YEN(3000),
                                   .years = 20,
                                   .ppa_years = 10,
                                   .grant_e6 = 500000,
                                   .passed_e6 = 800000 };

/* Nothing ages and nothing is discounted: a sum on paper. */
static void on_paper(void **state)
{
    (void)state;
    offer_size s = { .dc_w = 10000, .generated_wh = 11000000, .self_wh = 10000000, .saved = YEN(250000) };
    assert_int_equal(offer_money(&plain, &s), MIZO_OK);
    assert_int_equal(s.cost, YEN(2000000));
    assert_int_equal(s.grant, YEN(1000000));
    assert_int_equal(s.om, YEN(30000));
    /* (2,000,000 - 800,000 + 10 x 30,000) / (10 x 10,000 kWh) */
    assert_int_equal(s.ppa_price_e6, 15000000);
    assert_int_equal(s.ppa_paid, YEN(150000));
    assert_int_equal(s.ppa_saved, YEN(100000));
    /* 20 x (250,000 - 30,000) - 1,000,000; paid back in the fifth year: 5 x 220,000 */
    assert_int_equal(s.own_value, YEN(3400000));
    assert_int_equal(s.payback_years, 5);
    /* 20 x 250,000 - 10 x 150,000 - 10 x 30,000 */
    assert_int_equal(s.ppa_value, YEN(3200000));
}

/* The same house cannot deduct a tenth: its costs and the price have it on top, the provider's reckoning has not. */
static void with_a_tax(void **state)
{
    (void)state;
    offer_terms t = plain;
    t.tax_e6 = 100000;
    offer_size s = { .dc_w = 10000, .generated_wh = 11000000, .self_wh = 10000000, .saved = YEN(275000) };
    assert_int_equal(offer_money(&t, &s), MIZO_OK);
    assert_int_equal(s.cost, YEN(2200000));
    assert_int_equal(s.grant, YEN(1100000));
    assert_int_equal(s.om, YEN(33000));
    assert_int_equal(s.ppa_price_e6, 16500000); /* 15 yen and its tax */
    assert_int_equal(s.ppa_paid, YEN(165000));
    /* everything is a tenth more than on_paper */
    assert_int_equal(s.own_value, YEN(3740000));
    assert_int_equal(s.ppa_value, YEN(3520000));
    assert_int_equal(s.payback_years, 5);
    t.tax_e6 = MIZO_PPM;
    assert_int_equal(offer_money(&t, &s), MIZO_ERANGE);
}

static void close_to(int64_t got, int64_t wanted, int64_t within)
{
    if (got < wanted - within || got > wanted + within)
        fail_msg("%lld is not within %lld of %lld", (long long)got, (long long)within, (long long)wanted);
}

static void discounted_and_ageing(void **state)
{
    (void)state;
    offer_terms t = plain;
    t.ppa_years = 20;
    t.ageing_e6 = 5000;
    t.discount_e6 = 20000;
    t.return_e6 = 40000;
    t.price_step_e6 = 100000;
    offer_size s = { .dc_w = 100000, .generated_wh = 100000000, .self_wh = 90000000, .saved = YEN(2000000) };
    assert_int_equal(offer_money(&t, &s), MIZO_OK);
    assert_int_equal(s.ppa_price_e6, 13700000); /* up to the next 0.1 yen */
    assert_int_equal(s.ppa_paid, YEN(1233000));
    close_to(s.own_value, INT64_C(16392416328306), 100000); /* a tenth of a yen in twenty years of rounding */
    close_to(s.ppa_value, INT64_C(12002724068201), 100000);
}

static void what_cannot_be(void **state)
{
    (void)state;
    offer_size s = { .dc_w = 10000, .generated_wh = 10, .self_wh = 11 };
    assert_int_equal(offer_money(&plain, &s), MIZO_ERANGE);
    s.self_wh = 0;
    assert_int_equal(offer_money(&plain, &s), MIZO_OK);
    assert_int_equal(s.ppa_price_e6, 0);
    assert_int_equal(s.payback_years, 0);
    assert_true(s.own_value < 0);
    offer_terms t = plain;
    t.years = OFFER_YEARS + 1;
    assert_int_equal(offer_money(&t, &s), MIZO_ERANGE);
    t = plain;
    t.ppa_years = 21;
    assert_int_equal(offer_money(&t, &s), MIZO_ERANGE);
    t = plain;
    t.discount_e6 = MIZO_PPM;
    assert_int_equal(offer_money(&t, &s), MIZO_ERANGE);
    t = plain;
    t.capex_uyen_per_kw = INT64_MAX;
    assert_int_equal(offer_money(&t, &s), MIZO_ERANGE);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_paper),
        cmocka_unit_test(with_a_tax),
        cmocka_unit_test(discounted_and_ageing),
        cmocka_unit_test(what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
