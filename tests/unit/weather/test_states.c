/* Curtailed half-hours are told from dark ones, and a year without any shows next to none. */
#include "year.h"

static year y;
static mizo_pv_state state_of[SLOTS];

static size_t count(mizo_pv_state s)
{
    size_t n = 0;
    for (int i = 0; i < SLOTS; i++)
        n += state_of[i] == s;
    return n;
}

static void an_honest_year(void **state)
{
    (void)state;
    make(&y, (mizo_panel){ 10000, 10000, 20, 180 }, 0.3);
    mizo_output o = shown(&y);
    size_t held = mizo_pv_states(&o, &y.plant.panel, state_of);
    print_message("# %zu of %zu light half-hours taken for held\n", held, count(MIZO_PV_USUAL) + held);
    assert_true(held == count(MIZO_PV_CAPPED) + count(MIZO_PV_OFF));
    assert_true(held < 10 && count(MIZO_PV_USUAL) > 6500 && count(MIZO_PV_CLIPPED) == 0);
    assert_true(state_of[0] == MIZO_PV_DARK);
}

/* On bright days of the spring, capped at 40 % from 9 to 15 on every third, switched off on every fifth. */
static void held_back(void **state)
{
    (void)state;
    make(&y, (mizo_panel){ 50000, 50000, 15, 190 }, 0.5);
    static bool capped[SLOTS], off[SLOTS];
    int ncapped = 0, noff = 0;
    for (int d = 60; d < 150; d++)
        for (int s = 18; s < 30; s++) {
            int i = d * 48 + s;
            capped[i] = d % 3 == 0 && y.wh[i] > 10000;
            off[i] = d % 5 == 1 && d % 3;
            y.wh[i] = off[i] ? 12 : capped[i] ? 10000 : y.wh[i];
            ncapped += capped[i];
            noff += off[i];
        }
    mizo_output o = shown(&y);
    mizo_pv_states(&o, &y.plant.panel, state_of);
    int found_capped = 0, found_off = 0, wrong = 0;
    for (int i = 0; i < SLOTS; i++) {
        found_capped += capped[i] && state_of[i] == MIZO_PV_CAPPED;
        found_off += off[i] && state_of[i] == MIZO_PV_OFF;
        wrong += !capped[i] && !off[i] && (state_of[i] == MIZO_PV_CAPPED || state_of[i] == MIZO_PV_OFF);
    }
    print_message("# capped %d of %d, off %d of %d, wrong %d\n", found_capped, ncapped, found_off, noff,
                  wrong);
    assert_true(ncapped > 150 && noff > 100);
    assert_true(found_off == noff && found_capped > 0.75 * ncapped && wrong < 10);
}

static void its_own_limit(void **state)
{
    (void)state;
    make(&y, (mizo_panel){ 10000, 5500, 20, 200 }, 0.3);
    mizo_output o = shown(&y);
    size_t held = mizo_pv_states(&o, &y.plant.panel, state_of);
    print_message("# clipped %zu, held %zu\n", count(MIZO_PV_CLIPPED), held);
    assert_true(count(MIZO_PV_CLIPPED) > 500 && held < 10);
    y.wh[180 * 48 + 24] = MIZO_MISSING;
    mizo_pv_states(&o, &y.plant.panel, state_of);
    assert_true(state_of[180 * 48 + 24] == MIZO_PV_DARK);
    o.n = 0;
    assert_int_equal(mizo_pv_states(&o, &y.plant.panel, state_of), 0);
}

/* The sky that a plant saw, against the sky that it was made under; nothing is said of held and dark slots. */
static void the_sky_it_saw(void **state)
{
    (void)state;
    static float index[SLOTS];
    make(&y, (mizo_panel){ 10000, 10000, 20, 180 }, 0.3);
    y.wh[180 * 48 + 24] = MIZO_MISSING;
    for (int s = 20; s < 26; s++)
        y.wh[200 * 48 + s] = 0;
    mizo_output o = shown(&y);
    mizo_pv_states(&o, &y.plant.panel, state_of);
    size_t known = mizo_pv_index(&o, &y.plant.panel, state_of, index);
    double off = 0, sum = 0;
    for (int i = 0; i < SLOTS; i++)
        if (y.wh[i] > 200) {
            off += isnan(index[i]) ? 0 : fabs(index[i] - y.index[i]);
            sum += y.index[i];
        }
    print_message("# index known in %zu slots, off by %.1f %%\n", known, 100 * off / sum);
    assert_true(known > 6500 && off / sum < 0.05);
    assert_true(isnan(index[0]) && isnan(index[180 * 48 + 24]) && isnan(index[200 * 48 + 22]));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(an_honest_year), cmocka_unit_test(held_back),
                                        cmocka_unit_test(its_own_limit), cmocka_unit_test(the_sky_it_saw) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
