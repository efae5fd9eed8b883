/* Panels behind the meter: found with and without a sky, not found where there are none, split without a rest. */
#include "year.h"

static year y;
static int32_t net_wh[SLOTS], load_wh[SLOTS], got_load[SLOTS], got_pv[SLOTS];

/* An office: busy on working days, a level that wanders from day to day, noise in every slot. */
static void office(double noise)
{
    y.state = 7;
    for (int d = 0; d < DAYS; d++) {
        mizo_day day = mizo_slot_day(first_slot() + d * 48, MIZO_JAPAN_OFFSET);
        double busy = mizo_day_type(day) == MIZO_WEEKDAY ? 1 : 0.3, level = 1 + noise * (chance(&y) - 0.5);
        for (int s = 0; s < 48; s++) {
            double shape = s >= 16 && s < 40 ? busy : 0.15;
            double w = 20000 * level * shape * (1 + noise * (chance(&y) - 0.5)) + 4000;
            load_wh[d * 48 + s] = (int32_t)lround(w / 2);
        }
    }
}

static mizo_net shown_net(bool sky)
{
    for (int i = 0; i < SLOTS; i++)
        net_wh[i] = load_wh[i] - y.wh[i];
    return (mizo_net){ net_wh, SLOTS, first_slot(), MIZO_JAPAN_OFFSET,   35.57, 139.66,
                       20,     20,    180,          sky ? y.index : NULL };
}

static mizo_behind found(const char *what, bool sky, double dc_w)
{
    mizo_net net = shown_net(sky);
    mizo_behind b;
    assert_int_equal(mizo_behind_find(&net, &b), MIZO_OK);
    print_message("# %-30s %6.0f W (%5.0f..%5.0f), true %5.0f, %zu days\n", what, b.dc_w, b.low, b.high, dc_w,
                  b.days);
    assert_true(b.low <= b.dc_w && b.dc_w <= b.high && b.days > 300);
    return b;
}

static void with_a_sky(void **state)
{
    (void)state;
    office(0.2);
    static const double size[] = { 3000, 10000, 30000 };
    for (int i = 0; i < 3; i++) {
        make(&y, (mizo_panel){ size[i], size[i], 20, 180 }, 0.3);
        NEAR(found("with a sky", true, size[i]).dc_w / size[i], 1, 0.1);
    }
    make(&y, (mizo_panel){ 10000, 10000, 10, 220 }, 0.3); /* not as tilted as it was told */
    NEAR(found("with a sky, turned", true, 10000).dc_w / 10000, 1, 0.15);
}

static void without(void **state)
{
    (void)state;
    office(0.2);
    make(&y, (mizo_panel){ 10000, 10000, 20, 180 }, 0.3);
    NEAR(found("without a sky", false, 10000).dc_w / 10000, 1, 0.4);
    make(&y, (mizo_panel){ 30000, 30000, 20, 180 }, 0.3);
    NEAR(found("without a sky", false, 30000).dc_w / 30000, 1, 0.4);
}

static void where_there_is_none(void **state)
{
    (void)state;
    office(0.2);
    make(&y, (mizo_panel){ 10000, 10000, 20, 180 }, 0.3);
    for (int i = 0; i < SLOTS; i++)
        y.wh[i] = 0;
    assert_true(found("none, with a sky", true, 0).dc_w < 800);
    assert_true(found("none, without", false, 0).dc_w == 0);
}

static double miss_of(const int32_t *a, const int32_t *b)
{
    double off = 0, sum = 0;
    for (int i = 0; i < SLOTS; i++)
        if (a[i] != MIZO_MISSING) {
            off += abs(a[i] - b[i]);
            sum += b[i];
        }
    return off / sum;
}

static void split(void **state)
{
    (void)state;
    office(0.2);
    make(&y, (mizo_panel){ 20000, 20000, 20, 180 }, 0.3);
    for (int sky = 1; sky >= 0; sky--) {
        mizo_net net = shown_net(sky);
        net_wh[1000] = MIZO_MISSING;
        assert_int_equal(mizo_behind_split(&net, 20000, got_load, got_pv), MIZO_OK);
        for (int i = 0; i < SLOTS; i++) {
            if (i == 1000) {
                assert_true(got_load[i] == MIZO_MISSING && got_pv[i] == MIZO_MISSING);
                continue;
            }
            assert_true(got_load[i] >= 0 && got_pv[i] >= 0 && got_load[i] - got_pv[i] == net_wh[i]);
        }
        double pv = miss_of(got_pv, y.wh), load = miss_of(got_load, load_wh);
        print_message("# split %s a sky: PV off by %.1f %%, load by %.1f %%\n", sky ? "with" : "without",
                      100 * pv, 100 * load);
        assert_true(sky ? pv < 0.08 && load < 0.05 : pv < 0.5 && load < 0.2);
    }
}

static void too_little(void **state)
{
    (void)state;
    mizo_net net = shown_net(true);
    mizo_behind b;
    net.n = 29 * 48;
    assert_int_equal(mizo_behind_find(&net, &b), MIZO_ENOENT);
    for (int i = 0; i < SLOTS; i++)
        net_wh[i] = MIZO_MISSING;
    net.n = SLOTS;
    assert_int_equal(mizo_behind_find(&net, &b), MIZO_ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(with_a_sky), cmocka_unit_test(without),
                                        cmocka_unit_test(where_there_is_none), cmocka_unit_test(split),
                                        cmocka_unit_test(too_little) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
