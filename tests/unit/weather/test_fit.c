/* Tilt, azimuth, capacity and limit out of a year of output that is cloudy, holed, clipped and curtailed. */
#include "mizo/series.h"
#include "year.h"

static void expect(const char *what, const year *y, double degrees, double turn, double share)
{
    mizo_pv_fit fit;
    mizo_output o = shown(y);
    assert_int_equal(mizo_pv_fit_panel(&o, &fit), MIZO_OK);
    const mizo_panel *p = &y->plant.panel;
    print_message(
        "# %-22s tilt %5.1f (%2.0f)  azimuth %5.1f (%3.0f)  dc %6.0f (%5.0f)  ac %6.0f%s  miss %.3f, %zu points\n",
        what, fit.panel.tilt, p->tilt, fit.panel.azimuth, p->azimuth, fit.panel.dc_w, p->dc_w, fit.panel.ac_w,
        fit.clipped ? " limit" : "", fit.miss, fit.points);
    NEAR(fit.panel.tilt, p->tilt, degrees);
    NEAR(fit.panel.azimuth, p->azimuth, turn);
    NEAR(fit.panel.dc_w / p->dc_w, 1, share);
    assert_true(fit.clipped == (p->ac_w < 0.7 * p->dc_w));
    if (fit.clipped)
        NEAR(fit.panel.ac_w / p->ac_w, 1, 0.01);
}

static year y;

static void roofs(void **state)
{
    (void)state;
    static const mizo_panel roof[] = {
        {5000,  5000, 25, 180},
        { 4000, 4000, 10, 140},
        { 9900, 9900, 30, 250},
        { 6000, 6000, 40, 90 },
    };
    for (size_t i = 0; i < sizeof roof / sizeof *roof; i++) {
        make(&y, roof[i], 0.3);
        expect("a roof", &y, 2, 3, 0.03);
    }
}

static void a_limit(void **state)
{
    (void)state;
    make(&y, (mizo_panel){ 10000, 5500, 20, 200 }, 0.3);
    expect("an inverter too small", &y, 2, 3, 0.03);
}

static void few_clear_days(void **state)
{
    (void)state;
    make(&y, (mizo_panel){ 5000, 5000, 25, 170 }, 0.08);
    expect("eight clear days in 100", &y, 2, 3, 0.03);
}

/* A third of the days missing, dead months of morning, remote curtailment at noon on every fourth day, snow. */
static void a_hard_life(void **state)
{
    (void)state;
    make(&y, (mizo_panel){ 50000, 50000, 15, 190 }, 0.25);
    for (int i = 0; i < SLOTS; i++) {
        int d = i / 48, s = i % 48;
        if (d % 3 == 1 || (d > 200 && d < 240))
            y.wh[i] = MIZO_MISSING;
        else if (d % 4 == 0 && s >= 20 && s < 28)
            y.wh[i] = y.wh[i] < 5000 ? y.wh[i] : 5000;
        else if (d > 20 && d < 26)
            y.wh[i] = 0;
        else if (d % 97 == 5 && s == 23)
            y.wh[i] = 80000; /* a stray value */
    }
    expect("a hard life", &y, 2, 3, 0.03);
}

static void too_little(void **state)
{
    (void)state;
    mizo_pv_fit fit;
    make(&y, (mizo_panel){ 5000, 5000, 25, 180 }, 0.3);
    mizo_output o = shown(&y);
    o.n = 20 * 48;
    assert_int_equal(mizo_pv_fit_panel(&o, &fit), MIZO_ENOENT);
    o.n = 0;
    assert_int_equal(mizo_pv_fit_panel(&o, &fit), MIZO_ENOENT);
    o.n = SLOTS;
    for (int i = 0; i < SLOTS; i++)
        y.wh[i] = i % 2 ? MIZO_MISSING : 0;
    assert_int_equal(mizo_pv_fit_panel(&o, &fit), MIZO_ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(roofs), cmocka_unit_test(a_limit),
                                        cmocka_unit_test(few_clear_days), cmocka_unit_test(a_hard_life),
                                        cmocka_unit_test(too_little) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
