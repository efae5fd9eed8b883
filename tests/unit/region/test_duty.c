/* Business days, periods, due dates and how long an act takes, by hand from the calendar. */
#include "world.h"

static void offices_rest(void **state)
{
    (void)state;
    assert_true(mizo_business_day(day(2024, 12, 27)));  /* Friday */
    assert_false(mizo_business_day(day(2024, 12, 28))); /* Saturday */
    assert_false(mizo_business_day(day(2024, 12, 30))); /* Monday, the year's end */
    assert_false(mizo_business_day(day(2025, 1, 3)));   /* Friday */
    assert_true(mizo_business_day(day(2025, 1, 6)));
    assert_false(mizo_business_day(day(2024, 5, 6))); /* substitute holiday */
    assert_int_equal(mizo_business_days_from(day(2024, 12, 27), 1), day(2025, 1, 6));
    assert_int_equal(mizo_business_days_from(day(2025, 1, 6), -1), day(2024, 12, 27));
    assert_int_equal(mizo_business_days_from(day(2024, 5, 2), 0), day(2024, 5, 2));
    assert_int_equal(mizo_business_days_from(day(2024, 5, 2), 2), day(2024, 5, 8)); /* 3-6 May rest */
}

static void periods_begin_with_the_fiscal_year(void **state)
{
    (void)state;
    static const struct {
        mizo_duty_every every;
        mizo_date in, from, to;
    } rows[] = {
        {MIZO_EVERY_MONTH,    { 2024, 2, 29 },  { 2024, 2, 1 },  { 2024, 3, 1 } },
        { MIZO_EVERY_QUARTER, { 2024, 2, 29 },  { 2024, 1, 1 },  { 2024, 4, 1 } },
        { MIZO_EVERY_QUARTER, { 2024, 4, 1 },   { 2024, 4, 1 },  { 2024, 7, 1 } },
        { MIZO_EVERY_HALF,    { 2024, 3, 31 },  { 2023, 10, 1 }, { 2024, 4, 1 } },
        { MIZO_EVERY_HALF,    { 2024, 9, 30 },  { 2024, 4, 1 },  { 2024, 10, 1 }},
        { MIZO_EVERY_FY,      { 2024, 3, 31 },  { 2023, 4, 1 },  { 2024, 4, 1 } },
        { MIZO_EVERY_FY,      { 2024, 4, 1 },   { 2024, 4, 1 },  { 2025, 4, 1 } },
        { MIZO_EVERY_YEAR,    { 2024, 12, 31 }, { 2024, 1, 1 },  { 2025, 1, 1 } },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        mizo_day from, to;
        mizo_duty_period(rows[i].every, mizo_date_day(rows[i].in), &from, &to);
        assert_int_equal(from, mizo_date_day(rows[i].from));
        assert_int_equal(to, mizo_date_day(rows[i].to));
    }
}

static void due_dates(void **state)
{
    (void)state;
    static const struct {
        mizo_duty d;
        mizo_date to, due;
    } rows[] = {
  /* April by 15 June; 15 June 2024 is a Saturday */
        {{ .months = 2, .day = 15 },                              { 2024, 5, 1 },  { 2024, 6, 15 }},
        { { .months = 2, .day = 15, .shift = MIZO_SHIFT_NEXT },   { 2024, 5, 1 },  { 2024, 6, 17 }},
        { { .months = 2, .day = 15, .shift = MIZO_SHIFT_BEFORE }, { 2024, 5, 1 },  { 2024, 6, 14 }},
 /* the end of the second month after December: a leap year and another */
        { { .months = 2, .day = 31 },                             { 2024, 1, 1 },  { 2024, 2, 29 }},
        { { .months = 2, .day = 31 },                             { 2023, 1, 1 },  { 2023, 2, 28 }},
 /* before the fiscal year begins: in February */
        { { .months = -13 + 12, .day = 20 },                      { 2025, 4, 1 },  { 2025, 2, 20 }},
 /* over the new year: 31 December rests, so does all until the 3rd, then a weekend */
        { { .months = 1, .day = 31, .shift = MIZO_SHIFT_NEXT },   { 2024, 12, 1 }, { 2025, 1, 6 } },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(mizo_duty_due(&rows[i].d, mizo_date_day(rows[i].to)), mizo_date_day(rows[i].due));
    mizo_duty dated = { .from = day(2024, 4, 1), .to = day(2025, 4, 1) };
    assert_false(mizo_duty_holds(&dated, day(2024, 4, 1)));
    assert_true(mizo_duty_holds(&dated, day(2024, 5, 1)));
    assert_true(mizo_duty_holds(&dated, day(2025, 4, 1)));
    assert_false(mizo_duty_holds(&dated, day(2025, 5, 1)));
}

static void acts_take_their_time(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    assert_int_equal(r->nduty, 3);
    assert_int_equal(r->duty[mizo_region_duty(r, "levy-amount")].months, 3);
    assert_int_equal(mizo_region_duty(r, "nothing"), -1);
    const mizo_process *p = mizo_process_of(r, "switch", "low", 6000, day(2024, 5, 1));
    assert_non_null(p);
    assert_int_equal(p->line, 2);
    /* one business day (2 May) and two days */
    assert_int_equal(mizo_process_day(p, day(2024, 5, 1)), day(2024, 5, 4));
    assert_int_equal(mizo_process_of(r, "switch", "high", 499999, day(2024, 5, 1))->business_days, 8);
    assert_int_equal(mizo_process_of(r, "switch", "high", 500000, day(2024, 5, 1))->business_days, 10);
    assert_null(mizo_process_of(r, "move-out", "high", 0, day(2024, 5, 1)));
    p = mizo_process_of(r, "cancel-notice", "high", 0, day(2024, 5, 1));
    assert_int_equal(mizo_process_day(p, day(2024, 5, 31)), day(2024, 5, 16));
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offices_rest),
        cmocka_unit_test(periods_begin_with_the_fiscal_year),
        cmocka_unit_test(due_dates),
        cmocka_unit_test(acts_take_their_time),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
