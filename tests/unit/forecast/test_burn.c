/* A plant of few furnaces: as many humps as it has, trips that fade in, and a load that readings correct. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "forecast/plant.h"
#include "mizo/number.h"

static void a_trip_fades_in_and_a_repair_out(void **state)
{
    (void)state;
    plant_furnace f = { .output_w = 1000, .trips_per_hour = 0.01, .repair_hours = 25, .up_now = 1 };
    assert_true(plant_up(&f, 0) == 1);
    assert_true(fabs(plant_up(&f, 1e6) - 0.8) < 1e-12); /* 0.04 / (0.01 + 0.04) */
    assert_true(fabs(plant_up(&f, 10) - (0.8 + 0.2 * exp(-0.5))) < 1e-12);
    f.up_now = 0;
    assert_true(plant_up(&f, 0) == 0 && fabs(plant_up(&f, 10) - 0.8 * (1 - exp(-0.5))) < 1e-12);
    f.trips_per_hour = 0; /* it will burn again, and stay */
    assert_true(fabs(plant_up(&f, 25) - (1 - exp(-1))) < 1e-12);
    f.repair_hours = 0;
    f.up_now = 1;
    assert_true(plant_up(&f, 100) == 1);
}

static void two_furnaces_have_three_heights(void **state)
{
    (void)state;
    /* up with 0.8 and 0.9 after long: 0 with 0.02, 300 with 0.08, 600 with 0.18, 900 with 0.72 */
    plant_furnace f[2] = {
        {300,  0.01,        25, 1},
        { 600, 0.01 / 2.25, 25, 1}
    };
    double mean, q[MIZO_QUANTILES];
    plant_say(f, 2, 1e7, 0, &mean, q);
    assert_true(fabs(mean - (0.8 * 300 + 0.9 * 600)) < 1e-6);
    static const double want[MIZO_QUANTILES] = { 300, 300, 600, 900, 900, 900, 900, 900, 900, 900, 900 };
    for (int k = 0; k < MIZO_QUANTILES; k++)
        assert_true(fabs(q[k] - want[k]) < 1e-9);
    plant_say(f, 2, 1e7, 0.05, &mean, q); /* around each height */
    for (int k = 1; k < MIZO_QUANTILES; k++)
        assert_true(q[k] >= q[k - 1]);
    assert_true(q[0] > 200 && q[2] > 500 && q[2] < 700 && q[MIZO_QUANTILES - 1] > 940);
    f[0].output_w = f[1].output_w = 0;
    plant_say(f, 2, 24, 0.05, &mean, q);
    assert_true(mean == 0 && q[MIZO_QUANTILES - 1] == 0);
}

static void readings_correct_the_load(void **state)
{
    (void)state;
    plant_past p;
    double plan[PLANT_SLOTS], got[PLANT_SLOTS];
    plant_start(&p);
    assert_true(plant_expect(&p, 3, 24) == 1);
    for (int d = 0; d < 30; d++) {
        for (int s = 0; s < PLANT_SLOTS; s++) {
            plan[s] = d == 20 ? 0 : 500;
            double shape = 1 + 0.1 * cos(s * 0.1309);
            got[s] = d == 20 ? 0 : 450 * shape * (1 + 0.02 * (mizo_unit(1, (uint64_t)d, (uint64_t)s) - 0.5));
            if (d == 25 && s < 20)
                got[s] = 0; /* a trip */
            if (d == 10)
                got[s] = NAN;
        }
        plant_learn(&p, plan, got);
    }
    assert_true(fabs(p.ratio - 0.9) < 0.01 && p.spread < 0.03);
    for (int s = 0; s < PLANT_SLOTS; s++)
        assert_true(fabs(plant_expect(&p, s, 24) - 0.9 * (1 + 0.1 * cos(s * 0.1309))) < 0.03);
    for (int s = 24; s < PLANT_SLOTS; s++)
        got[s] *= 0.8; /* since noon */
    plant_learn(&p, plan, got);
    double soon = plant_expect(&p, 0, 1) / p.shape[0], later = plant_expect(&p, 0, 300) / p.shape[0];
    assert_true(soon < 0.93 * later);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trip_fades_in_and_a_repair_out),
        cmocka_unit_test(two_furnaces_have_three_heights),
        cmocka_unit_test(readings_correct_the_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
