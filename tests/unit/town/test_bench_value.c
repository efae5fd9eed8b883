/* The closed loops of `mizo bench value` on made-up sets whose answer is known: what an hour does to a battery, the
 * score by hand, plans that a person can work out, no look at what is to come, faults. */
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

#include "town/bench/value_city.h"
#include "town/module.h"

enum { PATH_MOST = 200 };

static void near(double a, double b, double by, int line)
{
    if (!(fabs(a - b) <= by))
        fail_msg("line %d: %.12g is not %.12g +- %g", line, a, b, by);
}
#define assert_near(a, b, by) near(a, b, by, __LINE__)

typedef struct world {
    char dir[64];
    env *env;
    mizo_diags *d;
    value_run r;
    int paced, stop_at; /* 0: never */
} world;

static mizo_err paced(void *arg, const char *set, double done)
{
    world *w = arg;
    assert_non_null(set);
    assert_true(done >= 0 && done <= 1);
    return ++w->paced == w->stop_at ? MIZO_ECANCELED : MIZO_OK;
}

static void remake(world *w)
{
    mizo_diags_free(w->d);
    w->d = mizo_diags_new(16);
    w->r.d = w->d;
}

static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/mizo-value-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->env = env_uv_new(ENV_ERROR);
    w->d = mizo_diags_new(16);
    w->r = (value_run){
        .env = w->env, .data = w->dir, .d = w->d, .threads = 1, .progress = paced, .arg = w, .set = "x"
    };
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    static const char *const files[] = { "ausgrid_c12/load_pv_30min_x.csv", "citylearn_2022/env.csv",
                                         "citylearn_2022/buildings.csv", "citylearn_2022/buildings_1_2.csv",
                                         "citylearn_2022/buildings_11_12.csv" };
    world *w = *state;
    char path[PATH_MOST];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", w->dir, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/ausgrid_c12", w->dir);
    rmdir(path);
    snprintf(path, sizeof path, "%s/citylearn_2022", w->dir);
    rmdir(path);
    rmdir(w->dir);
    mizo_diags_free(w->d);
    env_uv_free(w->env);
    free(w);
    return 0;
}

static FILE *file_of(const world *w, const char *set, const char *name)
{
    char path[PATH_MOST];
    snprintf(path, sizeof path, "%s/%s", w->dir, set);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/%s", w->dir, set, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    return f;
}

/* ---- one home ---- */

enum { FIRST_DAY = 15218 /* 2011-09-01 */, DAYS = 130, TEST_DAY = 15307 /* 2011-11-29 */ };

/* Load and sun (kW of the 1.04 kW array) of a half-hour. */
static double load_of(int day, int slot, bool steady)
{
    return steady ? 0.2 : 0.3 + 0.2 * ((day * 7 + slot * 3) % 5) / 4.0;
}

static double sun_of(int day, int slot, bool steady)
{
    double up = slot > 12 && slot < 36 ? sin((slot - 12) * 3.14159265 / 24) : 0;
    return steady ? 0 : 0.6 * up * (0.3 + 0.7 * ((day * 5 + day / 3) % 4) / 3);
}

/* From slot `from` of the day `changed` on there is more load and no sun. */
static void make_home(const world *w, bool steady, int changed, int from)
{
    FILE *f = file_of(w, "ausgrid_c12", "load_pv_30min_x.csv");
    fputs("time_local,load_kw,pv_kw_1_04kwp\n", f);
    for (int d = 0; d < DAYS; d++)
        for (int s = 0; s < 48; s++) {
            mizo_date t = mizo_day_date(FIRST_DAY + d);
            bool other = FIRST_DAY + d > changed || (FIRST_DAY + d == changed && s >= from);
            fprintf(f, "%04d-%02d-%02dT%02d:%02d,%.4f,%.4f\n", t.year, t.month, t.day, s / 2, s % 2 * 30,
                    load_of(d, s, steady) + (other ? 1.3 : 0), other ? 0 : sun_of(d, s, steady));
        }
    fclose(f);
}

static double refer(const value_row *row, const char *id)
{
    for (int i = 0; i < row->nreference; i++)
        if (strcmp(row->reference[i].id, id) == 0)
            return row->reference[i].score;
    fail_msg("no reference %s", id);
    return NAN;
}

static void test_steady_home(void **state)
{
    world *w = *state;
    value_table t;
    make_home(w, true, FIRST_DAY + DAYS, 0);
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_OK);
    assert_int_equal(t.n, 1);
    /* 0.2 kW all day: 4.8 kWh at the cheap price, less the 4 kWh it starts with, by day at no more. */
    double least = (4.8 * 30 - 4) * 0.10 / 30;
    assert_near(refer(&t.row[0], "perfect_forecast_here"), least, 0.004);
    assert_true(t.row[0].score >= least - 1e-9 && t.row[0].score < least + 0.03);
    assert_true(t.row[0].met);
    assert_near(refer(&t.row[0], "unserved_kwh_here"), 0, 0);
    assert_near(refer(&t.row[0], "curtailed_kwh_per_day_here"), 0, 0);
    assert_true(w->paced > 10);
}

static void test_home_sees_the_past_only(void **state)
{
    world *w = *state;
    value_table a, b;
    w->r.days = 6;
    make_home(w, false, FIRST_DAY + DAYS, 0);
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &a), MIZO_OK);
    make_home(w, false, TEST_DAY + 6, 0); /* another world from the day after the sixth on */
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &b), MIZO_OK);
    assert_true(a.row[0].score == b.row[0].score); /* to the bit */
    assert_true(refer(&a.row[0], "perfect_forecast_here") != refer(&b.row[0], "perfect_forecast_here"));
    make_home(w, false, TEST_DAY + 5, 12); /* the nights are over when the sixth day becomes another */
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &b), MIZO_OK);
    assert_true(a.row[0].score != b.row[0].score);
    assert_true(refer(&a.row[0], "bought_cheap_kwh_per_day_here") ==
                refer(&b.row[0], "bought_cheap_kwh_per_day_here"));
    make_home(w, false, TEST_DAY + 3, 0); /* the same test sees a change that does lie within */
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &b), MIZO_OK);
    assert_true(a.row[0].score != b.row[0].score);
}

/* ---- the frame ---- */

static void test_faults(void **state)
{
    world *w = *state;
    value_table t;
    assert_int_equal(bench_value(&w->r, "nowhere", &t), MIZO_ENOENT);
    assert_int_equal(t.n, 0);
    assert_int_equal(mizo_diags_count(w->d, MIZO_ERROR), 1);
    remake(w);
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_ENOENT);
    assert_int_equal(mizo_diags_count(w->d, MIZO_ERROR), 1);
    remake(w);
    fclose(file_of(w, "ausgrid_c12", "load_pv_30min_x.csv"));
    assert_int_not_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_OK);
    FILE *f = file_of(w, "ausgrid_c12", "load_pv_30min_x.csv");
    fputs("time_local,load_kw\n2011-11-29T00:00,1\n", f);
    fclose(f);
    remake(w);
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_EINPUT); /* no sun */
    assert_int_equal(mizo_diags_count(w->d, MIZO_ERROR), 1);
    f = file_of(w, "ausgrid_c12", "load_pv_30min_x.csv");
    fputs("time_local,load_kw,pv_kw_1_04kwp\n2011-11-29T00:00,1,0\n2011-11-29T00:30,1,0\n", f);
    fclose(f);
    remake(w);
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_EINPUT); /* too short */
    assert_int_equal(mizo_diags_count(w->d, MIZO_ERROR), 1);
    w->r.lp = NULL;
    remake(w);
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &t), MIZO_EUNSUPPORTED);
    assert_int_equal(mizo_diags_count(w->d, MIZO_ERROR), 1);
}

static void test_interrupted(void **state)
{
    world *w = *state;
    value_table t;
    make_home(w, false, FIRST_DAY + DAYS, 0);
    w->stop_at = 4;
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_ECANCELED);
    assert_int_equal(t.n, 0);
    assert_int_equal(w->paced, 4);
}

static void test_rows(void **state)
{
    (void)state;
    value_table t = { .n = 0 };
    value_row *row = value_add(&t, "a", 1, 2, false);
    for (int i = 0; i < VALUE_REFERENCES + 3; i++)
        value_refer(row, "r", i, true);
    assert_int_equal(row->nreference, VALUE_REFERENCES); /* and no further */
    while (value_add(&t, "b", 0, NAN, true))
        ;
    assert_int_equal(t.n, VALUE_ROWS);
    value_refer(NULL, "r", 0, true);
}

/* ---- a district ---- */

enum { CITY_HOURS = 24 * 22 };

static void make_env(const world *w, int hours)
{
    FILE *f = file_of(w, "citylearn_2022", "env.csv");
    fputs("step,month,hour,day_type,electricity_pricing,carbon_intensity\n", f);
    for (int i = 0; i < hours; i++) {
        int hour = (i + 23) % 24 + 1, type = (i + 23) / 24 % 7;
        fprintf(f, "%d,8,%d,%d,%.2f,%.3f\n", i, hour, type ? type : 7, hour > 16 && hour < 21 ? 0.5 : 0.2,
                0.15 + 0.02 * sin(hour));
    }
    fclose(f);
}

static double home_load(int home, int hour)
{
    return 0.4 + (hour % 24 > 16 ? 1.1 : 0) + 0.3 * ((hour * 7 + home * 3) % 5);
}

static double home_sun(int hour)
{
    int at = (hour + 23) % 24;
    return at > 6 && at < 18 ? 600 * sin((at - 6) * 3.14159265 / 12) * (0.5 + 0.5 * (hour / 24 % 3) / 2) : 0;
}

/* Homes first and first + 1; from hour `changed` on they use more. */
static void make_homes(const world *w, const char *name, int first, int hours, int changed)
{
    FILE *f = file_of(w, "citylearn_2022", name);
    fprintf(f, "step,load%d_kwh,load%d_kwh,pv%d_wh_per_kw,pv%d_wh_per_kw\n", first, first + 1, first,
            first + 1);
    for (int i = 0; i < hours; i++) {
        double more = i >= changed ? 2 : 0;
        fprintf(f, "%d,%.4f,%.4f,%.3f,%.3f\n", i, home_load(first, i) + more, home_load(first + 1, i) + more,
                home_sun(i), home_sun(i));
    }
    fclose(f);
}

static void make_panels(const world *w)
{
    FILE *f = file_of(w, "citylearn_2022", "buildings.csv");
    fputs("building,pv_kw\n1,4\n2,2\n11,4\n", f);
    fclose(f);
}

static void test_battery(void **state)
{
    world *w = *state;
    city_data c;
    city_run r;
    make_env(w, 48);
    make_homes(w, "buildings_1_2.csv", 1, 48, 48);
    make_panels(w);
    assert_int_equal(city_read(&w->r, &c), MIZO_OK);
    assert_int_equal(c.nhome, 2);
    assert_int_equal(c.first, 23);
    assert_near(c.home[1].pv_kw, 2, 0);
    assert_int_equal(city_run_new(&c, 6, 10, &r), MIZO_ENOENT);
    assert_int_equal(city_run_new(&c, 1, 5, &r), MIZO_OK);
    double way = sqrt(0.9), bare = home_load(1, 0);
    city_step(&c, &r, 0, 0, 2);
    assert_near(r.stored[0], 2 * way, 1e-12);
    assert_near(r.net[0][0], bare + 2, 1e-4);
    assert_near(r.capacity[0], 6.4 - 1e-5 * 6.4 * 2 * way / (2 * 6.4), 1e-12);
    city_step(&c, &r, 0, 1, 9); /* no faster than 5 kW, no fuller than full */
    assert_near(r.stored[0], r.capacity[0], 1e-4);
    city_step(&c, &r, 0, 2, -9);
    assert_near(r.net[0][2], c.home[0].net.v[c.first + 2] - 5, 1e-9);
    double left = r.stored[0] * way;
    city_step(&c, &r, 0, 3, -9); /* what is left, less the loss */
    assert_near(r.stored[0], 0, 1e-12);
    assert_near(r.net[0][3], c.home[0].net.v[c.first + 3] - left, 1e-12);
    city_run_free(&r);
    city_free(&c);
}

static void test_score_by_hand(void **state)
{
    world *w = *state;
    city_data c;
    city_run r;
    make_env(w, 4);
    make_homes(w, "buildings_1_2.csv", 1, 4, 4);
    make_panels(w);
    assert_int_equal(city_read(&w->r, &c), MIZO_OK);
    assert_int_equal(city_run_new(&c, 1, 5, &r), MIZO_OK);
    static const double bare[2][4] = { { 1, 3, -2, 2 }, { 1, 1, 1, 2 } },
                        with[2][4] = { { 1, 2, -1, 2 }, { 1, 1, 0.5, 1 } };
    for (int h = 0; h < 2; h++)
        for (int i = 0; i < 4; i++) {
            c.home[h].net.v[c.first + i] = bare[h][i];
            c.price.v[c.first + i] = i + 1;
            c.carbon.v[c.first + i] = 1;
            r.net[h][i] = with[h][i];
        }
    city_score s = city_judge(&c, &r, 4);
    /* bare sums 2 4 -1 4, with 2 3 -0.5 3 */
    assert_near(s.cost, (2 + 6 + 12) / (2 + 8 + 16.0), 1e-12);
    assert_near(s.carbon, (5 + 3.5) / (6 + 5.0), 1e-12); /* home by home */
    assert_near(s.carbon_sum, 8 / 10.0, 1e-12);
    assert_near(s.ramping, (1 + 3.5 + 3.5) / (2 + 5 + 5.0), 1e-12);
    assert_near(s.load_factor, (1 - 7.5 / 4 / 3) / (1 - 9.0 / 4 / 4), 1e-12);
    assert_near(s.score, (s.cost + s.carbon + (s.ramping + s.load_factor) / 2) / 3, 1e-12);
    double own_cost = ((1 + 4 + 8) / (1 + 6 + 8.0) + (1 + 2 + 1.5 + 4) / (1 + 2 + 3 + 8.0)) / 2;
    double own_carbon = (5 / 6.0 + 3.5 / 5.0) / 2;
    double grid = (s.ramping + s.load_factor + 3 / 4.0 + 3 / 4.0) / 4;
    assert_near(city_judge_published(&c, &r, 0, 4), (own_cost + own_carbon + grid) / 3, 1e-12);
    for (int h = 0; h < 2; h++)
        memcpy(r.net[h], bare[h], sizeof bare[h]);
    assert_near(city_judge(&c, &r, 4).score, 1, 1e-12);
    assert_near(city_judge_published(&c, &r, 0, 4), 1, 1e-12);
    city_run_free(&r);
    city_free(&c);
}

/* ---- its plan ---- */

enum { AHEAD = 4 };

typedef struct puzzle {
    double home[AHEAD], ramp[AHEAD], high[AHEAD], price[AHEAD], carbon[AHEAD], stored[1], capacity[1];
    city_ask ask;
} puzzle;

static void pose(puzzle *p)
{
    *p = (puzzle){ .capacity = { 4 } };
    for (int t = 0; t < AHEAD; t++) {
        p->home[t] = 1;
        p->price[t] = t < 2 ? 1 : 3;
        p->high[t] = -INFINITY;
    }
    p->ask = (city_ask){ .home = p->home,
                         .sum = p->home,
                         .ramp = p->ramp,
                         .high = p->high,
                         .price = p->price,
                         .carbon = p->carbon,
                         .stored = p->stored,
                         .capacity = p->capacity };
}

static city_lp *one_home(void)
{
    city_lp *lp = city_lp_new(
        &mizo_lp_dense,
        &(city_shape){
            .homes = 1, .n = AHEAD, .home_levels = 1, .sum_levels = 1, .power = 5, .efficiency = 0.9 });
    assert_non_null(lp);
    return lp;
}

static void test_plan(void **state)
{
    (void)state;
    puzzle p;
    double into[AHEAD], in = 0;
    city_lp *lp = one_home();
    /* Dear later: 2 kWh are given in the dear hours, 2 / 0.81 bought in the cheap ones. */
    pose(&p);
    assert_int_equal(city_lp_plan(lp, &p.ask, into), MIZO_OK);
    for (int t = 0; t < 2; t++)
        in += into[t];
    assert_near(in, 2 / 0.81, 1e-6);
    assert_near(into[2], -1, 1e-6);
    assert_near(into[3], -1, 1e-6);
    /* The same again from the place after it: a ring has no seam. */
    for (int turn = 0; turn < 2 * AHEAD; turn++) {
        assert_int_equal(city_lp_plan(lp, &p.ask, into), MIZO_OK);
        assert_near(into[2] + into[3], -2, 1e-6);
    }
    /* A peak that costs more than the gain: no purchase above what is paid for. */
    for (int t = 0; t < AHEAD; t++)
        p.high[t] = 1;
    p.ask.peak = 1.5;
    p.ask.peak_weight = 50;
    assert_int_equal(city_lp_plan(lp, &p.ask, into), MIZO_OK);
    assert_near(into[0], 0.5, 1e-6);
    assert_near(into[1], 0.5, 1e-6);
    city_lp_free(lp);
}

static void test_plan_of_ramps_and_ends(void **state)
{
    (void)state;
    puzzle p;
    double into[AHEAD];
    city_lp *lp = one_home();
    /* Only changes count: a jump of 2 in the third hour is met from the battery; in kWh of losses nothing counts. */
    pose(&p);
    memset(p.price, 0, sizeof p.price);
    p.ramp[2] = 2;
    p.stored[0] = 4;
    p.ask.ramp_weight = 1;
    p.ask.left = 0.01;
    assert_int_equal(city_lp_plan(lp, &p.ask, into), MIZO_OK);
    for (int t = 0; t < AHEAD; t++) /* evenly after it, as far as 4 kWh go */
        assert_near(into[t], t < 2 ? 0 : -4 * 0.9 / 2, 1e-6);
    /* What is left is worth more than what it saves now: it stays. */
    pose(&p);
    p.stored[0] = 4;
    p.ask.left = 100;
    assert_int_equal(city_lp_plan(lp, &p.ask, into), MIZO_OK);
    for (int t = 0; t < AHEAD; t++)
        assert_near(into[t], 0, 1e-6);
    /* ... or is not. */
    p.ask.left = 0;
    assert_int_equal(city_lp_plan(lp, &p.ask, into), MIZO_OK);
    assert_near(into[0] + into[1] + into[2] + into[3], -4 * 0.9, 1e-6);
    city_lp_free(lp);
}

/* ---- the loop of a district: needs the module ---- */

static bool solver(world *w)
{
    if (module_lp(w->d, &w->r.lp) == MIZO_OK)
        return true;
    print_message("# the module mizo-clp is not here: skipped\n");
    return false;
}

static void test_district(void **state)
{
    world *w = *state;
    value_table a, b;
    if (!solver(w))
        skip();
    make_env(w, CITY_HOURS);
    make_panels(w);
    make_homes(w, "buildings_1_2.csv", 1, CITY_HOURS, CITY_HOURS);
    w->r.days = 12;
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &a), MIZO_OK);
    double perfect = refer(&a.row[0], "perfect_forecast_here");
    assert_near(refer(&a.row[0], "hours_without_plan_here"), 25, 0); /* the first day */
    assert_true(a.row[0].score < 0.97 && a.row[0].score > perfect - 0.02 && perfect < 0.9);
    w->r.threads = 2; /* the same on two threads, and whatever comes after the twelve days */
    make_homes(w, "buildings_1_2.csv", 1, CITY_HOURS, 12 * 24);
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &b), MIZO_OK);
    assert_true(a.row[0].score == b.row[0].score);
    make_homes(w, "buildings_1_2.csv", 1, CITY_HOURS, 6 * 24);
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &b), MIZO_OK);
    assert_true(a.row[0].score != b.row[0].score);
}

static void test_homes_held_out(void **state)
{
    world *w = *state;
    value_table t;
    if (!solver(w))
        skip();
    make_env(w, CITY_HOURS);
    make_panels(w);
    make_homes(w, "buildings_1_2.csv", 1, CITY_HOURS, CITY_HOURS);
    make_homes(w, "buildings_11_12.csv", 11, CITY_HOURS, CITY_HOURS);
    w->r.days = 3;
    w->r.threads = 2;
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &t), MIZO_OK);
    assert_int_equal(mizo_diags_count(w->d, MIZO_WARNING), 1); /* the panels of building 12 */
    assert_int_equal(t.n, 1);
    assert_true(t.row[0].score > 0.5 && t.row[0].score < 1.2);
    w->stop_at = w->paced + 3;
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &t), MIZO_ECANCELED);
    assert_int_equal(t.n, 0);
}

/* ---- the sets as they are ---- */

static void test_real(void **state)
{
    world *w = *state;
    value_table t;
    const char *data = getenv("MIZO_DATA");
    if (!data) {
        print_message("# MIZO_DATA is not set: skipped\n");
        skip();
    }
    w->r.data = data;
    assert_int_equal(bench_value(&w->r, "ausgrid_c12", &t), MIZO_OK);
    /* Who knows what will be pays what the published clairvoyant pays: the rules are the same. */
    assert_near(refer(&t.row[0], "perfect_forecast_here"), 0.3537, 0.004);
    assert_true(t.row[0].score < 0.512);
    if (!solver(w))
        return;
    w->r.days = 4;
    assert_int_equal(bench_value(&w->r, "citylearn_2022", &t), MIZO_OK);
    assert_true(t.row[0].score < 1 && refer(&t.row[0], "perfect_forecast_here") < t.row[0].score);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = { T(test_steady_home),
                                        T(test_home_sees_the_past_only),
                                        T(test_faults),
                                        T(test_interrupted),
                                        T(test_rows),
                                        T(test_battery),
                                        T(test_score_by_hand),
                                        T(test_plan),
                                        T(test_plan_of_ramps_and_ends),
                                        T(test_district),
                                        T(test_homes_held_out),
                                        T(test_real) };
    return cmocka_run_group_tests_name("bench value", tests, NULL, NULL);
}
