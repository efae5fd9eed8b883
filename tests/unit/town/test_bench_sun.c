/* What the solar set learns before its trees: the place and the plane of a plant whose power was made from known
 * ones, hours from accumulated forecasts, files in pieces; and that nothing after `end` is looked at. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mizo/weather.h"
#include "town/bench/sun.h"

enum { DAYS = 150, HOURS = DAYS * 24, END = 120 * 24, PARTS = 12, START = 15431 };
#define LAT    (-30.5)
#define LON    147.2
#define DEGREE (3.14159265358979323846 / 180)

static const double tilt[SUN_ZONES] = { 36, 35, 21 }, azimuth[SUN_ZONES] = { 38, 327, 31 };

typedef struct world {
    char dir[64];
    double ssrd[HOURS], tsr[HOURS], power[SUN_ZONES][HOURS]; /* of an hour, W/m2 and share */
} world;

/* A day is clear, hazy or dull: the same in all zones. */
static double sky_of(int hour)
{
    static const double sky[] = { 1, 0.95, 0.45, 1, 0.7, 0.25, 0.98 };
    return sky[(hour + 14) / 24 * 5 % 7];
}

static void make_hour(world *w, int h)
{
    for (int k = 0; k < PARTS; k++) {
        mizo_sun sun =
            mizo_sun_at(((int64_t)START * 24 + h) * 3600000 + (2 * k + 1) * (1800000 / PARTS), LAT, LON);
        double ghi = mizo_clear_ghi(sun.zenith) * sky_of(h), dni, dhi;
        mizo_erbs(ghi, &sun, &dni, &dhi);
        w->ssrd[h] += ghi / PARTS;
        w->tsr[h] += 0.8 * sun.extra_wm2 * fmax(0, cos(sun.zenith * DEGREE)) / PARTS;
        for (int z = 0; z < SUN_ZONES; z++) {
            double beam = dni * fmax(0, cos(mizo_incidence(&sun, tilt[z], azimuth[z]) * DEGREE));
            w->power[z][h] += (0.0008 * beam + 0.0007 * dhi) / PARTS;
        }
    }
}

static FILE *file_of(const world *w, const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s/gefcom2014_solar/%s", w->dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    return f;
}

static void print_hour(FILE *f, int h)
{
    mizo_date d = mizo_day_date(START + (h + 1) / 24);
    fprintf(f, "%04d-%02d-%02dT%02d:00", d.year, d.month, d.day, (h + 1) % 24);
}

static void print_sky(const world *w, const char *name, int from, int to)
{
    FILE *f = file_of(w, name);
    double piled[2] = { 0 };
    fputs(
        "zone,hour_ending_utc,tclw,tciw,sp_pa,rh_pct,tcc,u10,v10,t2m_k,ssrd_jm2_acc,strd_jm2_acc,tsr_jm2_acc,tp_m_acc\n",
        f);
    for (int h = from; h < to; h++) {
        for (int k = 0; k < 2; k++)
            piled[k] = (h % 24 ? piled[k] : 0) + 3600 * (k ? w->tsr[h] : w->ssrd[h]);
        for (int z = 1; z <= SUN_ZONES; z++) {
            fprintf(f, "%d,", z);
            print_hour(f, h);
            fprintf(f, ",0.1,0.0,94000,50,%.2f,1,2,290,%.0f,%d,%.0f,0\n", 1 - sky_of(h), piled[0],
                    1000000 * (h % 24 + 1), piled[1]);
        }
    }
    fclose(f);
}

static void print_power(const world *w, const char *name, int from, int to)
{
    FILE *f = file_of(w, name);
    fputs("hour_ending_utc,power_z1,power_z2,power_z3\n", f);
    for (int h = from; h < to; h++) {
        print_hour(f, h);
        fprintf(f, ",%.6f,%.6f,%.6f\n", w->power[0][h], w->power[1][h], w->power[2][h]);
    }
    fclose(f);
}

static const char *const names[] = { "nwp_2012_04.csv", "nwp_2012_05.csv", "power_2012_04.csv",
                                     "power_2012_06.csv" };

static int make(void **state)
{
    world *w = calloc(1, sizeof *w);
    char path[160];
    assert_non_null(w);
    snprintf(w->dir, sizeof w->dir, "/tmp/mizo-sun-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    snprintf(path, sizeof path, "%s/gefcom2014_solar", w->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    for (int h = 0; h < HOURS; h++)
        make_hour(w, h);
    print_sky(w, names[0], 0, 720);
    print_sky(w, names[1], 720, HOURS);
    print_power(w, names[2], 0, 1440);
    print_power(w, names[3], 1440, HOURS);
    *state = w;
    return 0;
}

static int clear(void **state)
{
    world *w = *state;
    char path[160];
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        snprintf(path, sizeof path, "%s/gefcom2014_solar/%s", w->dir, names[k]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/gefcom2014_solar", w->dir);
    rmdir(path);
    rmdir(w->dir);
    free(w);
    return 0;
}

static void pieces_become_hours(void **state)
{
    const world *w = *state;
    sun_data s;
    assert_int_equal(sun_read(&s, w->dir, NULL), MIZO_OK);
    assert_int_equal(s.hours, HOURS);
    assert_int_equal(s.first, (int64_t)START * 86400);
    for (int h = 0; h < HOURS; h++)
        for (int z = 0; z < SUN_ZONES; z++) {
            assert_true(fabs((double)s.field[z][SUN_SSRD][h] - w->ssrd[h]) < 0.01 + 1e-4 * w->ssrd[h]);
            assert_true(fabs((double)s.field[z][SUN_STRD][h] - 1e6 / 3600) < 0.01);
            assert_true(fabs((double)s.power[z][h] - w->power[z][h]) < 2e-6);
        }
    sun_free(&s);
}

static void place_and_planes_are_found(void **state)
{
    const world *w = *state;
    sun_data s;
    assert_int_equal(sun_read(&s, w->dir, NULL), MIZO_OK);
    sun_place(&s, END);
    print_message("# place %.2f %.2f\n", s.lat, s.lon);
    assert_true(fabs(s.lat - LAT) < 1.5 && fabs(s.lon - LON) < 0.8);
    sun_planes(&s, END);
    for (int z = 0; z < SUN_ZONES; z++) {
        double missed = 0, sum = 0;
        for (int h = END; h < HOURS; h++) { /* a month that was not learned from */
            missed += fabs((double)s.field[z][SUN_POWER][h] - w->power[z][h]);
            sum += w->power[z][h];
        }
        print_message("# zone %d: off by %.2f %% of the mean\n", z + 1, 100 * missed / sum);
        assert_true(missed < 0.02 * sum);
    }
    sun_free(&s);
}

static void nothing_after_the_end_is_looked_at(void **state)
{
    const world *w = *state;
    sun_data a, b;
    assert_int_equal(sun_read(&a, w->dir, NULL), MIZO_OK);
    assert_int_equal(sun_read(&b, w->dir, NULL), MIZO_OK);
    for (int z = 0; z < SUN_ZONES; z++)
        for (int h = END; h < HOURS; h++)
            b.power[z][h] = 9;
    sun_place(&a, END);
    sun_place(&b, END);
    sun_planes(&a, END);
    sun_planes(&b, END);
    for (int z = 0; z < SUN_ZONES; z++)
        for (int h = 0; h < HOURS; h++) {
            float x[SUN_COLUMNS] = { 0 }, y[SUN_COLUMNS] = { 0 };
            int n = sun_columns(&a, z, h, x);
            assert_int_equal(n, sun_columns(&b, z, h, y));
            assert_true(n > 60 && n <= SUN_COLUMNS);
            assert_memory_equal(x, y, sizeof x);
        }
    sun_free(&a);
    sun_free(&b);
}

static void a_folder_of_nothing_is_refused(void **state)
{
    sun_data s;
    (void)state;
    assert_int_not_equal(sun_read(&s, "/nonexistent", NULL), MIZO_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_hours),
        cmocka_unit_test(place_and_planes_are_found),
        cmocka_unit_test(nothing_after_the_end_is_looked_at),
        cmocka_unit_test(a_folder_of_nothing_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make, clear);
}
