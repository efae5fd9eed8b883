/* A site that shows only its net reading: load and panels apart, and what they may be together. The last part runs
 * on measured homes (MIZO_DATA) whose load and PV are both known, so that the split can be judged; it prints the
 * figures of docs/mechanisms/pv.md. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/foresight.h"
#include "plants.h"

enum { SLOTS = MIZO_DAY_SLOTS, N = 3 };

/* ---- together ---- */

typedef struct arrays {
    int32_t mean[N], p10[N], p90[N], q[N * MIZO_QUANTILES];
} arrays;

static mizo_forecast view(arrays *a)
{
    return (mizo_forecast){ .n = N, .mean = a->mean, .p10 = a->p10, .p90 = a->p90, .q = a->q };
}

/* Normal quantiles around a mean. */
static void bell(arrays *a, int i, double mean, double sd)
{
    static const double z[MIZO_QUANTILES] = { -1.645, -1.2816, -0.8416, -0.5244, -0.2533, 0,
                                              0.2533, 0.5244,  0.8416,  1.2816,  1.645 };
    for (int k = 0; k < MIZO_QUANTILES; k++)
        a->q[i * MIZO_QUANTILES + k] = (int32_t)lround(mean + sd * z[k]);
    a->mean[i] = (int32_t)lround(mean);
    a->p10[i] = a->q[i * MIZO_QUANTILES + MIZO_Q10];
    a->p90[i] = a->q[i * MIZO_QUANTILES + MIZO_Q90];
}

static void together(void **state)
{
    (void)state;
    static const struct {
        double rho, sd; /* of 300 and 400 */
    } rows[] = {
        {0,     500},
        { 0.8,  250},
        { -0.8, 659}
    };
    arrays load, pv, net;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        bell(&load, 0, 5000, 300);
        bell(&pv, 0, 7000, 400);
        bell(&load, 1, 5000, 300);
        bell(&pv, 1, 0, 0); /* night */
        bell(&load, 2, 5000, 300);
        bell(&pv, 2, 7000, 400);
        pv.mean[2] = MIZO_MISSING;
        mizo_forecast l = view(&load), p = view(&pv), n = view(&net);
        mizo_net_of(&l, &p, rows[r].rho, &n);
        double half = (net.q[MIZO_Q90] - net.q[MIZO_Q10]) / 2.0;
        print_message("# together %+.1f: P10 to P90 of the difference %.0f, normal theory %.0f\n",
                      rows[r].rho, 2 * half, 2 * 1.2816 * rows[r].sd);
        assert_true(fabs(half - 1.2816 * rows[r].sd) < 0.08 * rows[r].sd);
        assert_int_equal(net.mean[0], -2000);
        assert_true(abs(net.q[MIZO_Q50] + 2000) < 25);
        assert_memory_equal(&net.q[MIZO_QUANTILES], &load.q[MIZO_QUANTILES], MIZO_QUANTILES * sizeof *net.q);
        assert_int_equal(net.mean[2], MIZO_MISSING);
        assert_int_equal(net.q[2 * MIZO_QUANTILES], MIZO_MISSING);
        for (int k = 1; k < MIZO_QUANTILES; k++)
            assert_true(net.q[k] >= net.q[k - 1]);
    }
}

static void without_quantiles(void **state)
{
    (void)state;
    arrays load, pv, net;
    bell(&load, 0, 5000, 300);
    bell(&pv, 0, 2000, 400);
    mizo_forecast l = view(&load), p = view(&pv), n = view(&net);
    l.n = p.n = n.n = 1;
    l.q = p.q = n.q = NULL;
    mizo_net_of(&l, &p, NAN, &n);
    assert_true(net.p10[0] < net.mean[0] && net.mean[0] == 3000 && net.mean[0] < net.p90[0]);
    assert_true(abs(net.p90[0] - net.p10[0] - 1282) < 100);
    n.n = 2; /* more than was forecast */
    mizo_net_of(&l, &p, 0, &n);
    assert_int_equal(net.mean[1], MIZO_MISSING);
}

/* ---- apart ---- */

static void apart(void **state)
{
    (void)state;
    enum { DAYS = 60 };
    static int32_t v[DAYS * SLOTS], load[DAYS * SLOTS], pv[DAYS * SLOTS];
    mizo_forecast_about about = {
        .offset = 18, .lat = 35.57, .lon = 139.66, .panel = {4000, 4000, 20, 180}
    };
    mizo_history h = { 18800, DAYS, v };
    for (int i = 0; i < DAYS * SLOTS; i++) {
        double sky = (i / SLOTS * 7 % 10) / 10.0;
        mizo_slot s = mizo_day_slot(h.first, 18) + i;
        v[i] = 400 - (int32_t)(mizo_pv_slot_w(&about.panel, s, about.lat, about.lon, sky, 15) / 2);
    }
    v[1234] = MIZO_MISSING;
    mizo_behind found;
    assert_int_equal(mizo_net_apart(&h, &about, NULL, load, pv, &found), MIZO_OK);
    assert_true(found.dc_w == 4000);
    for (int i = 0; i < DAYS * SLOTS; i++)
        if (i == 1234)
            assert_true(load[i] == MIZO_MISSING && pv[i] == MIZO_MISSING);
        else
            assert_true(load[i] >= 0 && pv[i] >= 0 && load[i] - pv[i] == v[i]);
    about.panel = (mizo_panel){ 0 };
    assert_int_equal(mizo_net_apart(&h, &about, NULL, load, pv, &found), MIZO_OK);
    assert_true(found.dc_w > 2000 && found.dc_w < 8000);
    h.ndays = 20;
    assert_int_equal(mizo_net_apart(&h, &about, NULL, load, pv, &found), MIZO_ENOENT);
}

/* ---- measured homes ---- */

enum { MOST = PLANT_DAYS * SLOTS, WARM = 200, WINDOW = 43, SPAN = 110 };

static plant *plants;
static int nplants;

typedef struct tally {
    double off, pinball, inside, n, mean;
} tally;

static void judge(tally *t, const int32_t *mean, const int32_t *q, const int32_t *net)
{
    for (int s = 0; s < SLOTS; s++) {
        const int32_t *k = &q[s * MIZO_QUANTILES];
        if (net[s] == MIZO_MISSING || mean[s] == MIZO_MISSING)
            continue;
        t->off += fabs((double)k[MIZO_Q50] - net[s]);
        for (int j = 0; j < MIZO_QUANTILES; j++) {
            double d = (double)net[s] - k[j];
            t->pinball += (d > 0 ? mizo_quantile[j] * d : (mizo_quantile[j] - 1) * d) / MIZO_QUANTILES;
        }
        t->inside += net[s] >= k[MIZO_Q10] && net[s] <= k[MIZO_Q90];
        t->n++;
    }
}

static mizo_learn_day kind(mizo_day day)
{
    return (mizo_learn_day){ .day = day, .kind = (int)mizo_day_type(day) };
}

static void learn(mizo_foresight *f, mizo_day day, const int32_t *v)
{
    double x[SLOTS];
    mizo_learn_day d = kind(day);
    for (int s = 0; s < SLOTS; s++)
        x[s] = v[s] == MIZO_MISSING ? NAN : v[s];
    mizo_foresight_learn(f, &d, x);
}

typedef struct issue {
    int32_t mean[SLOTS], p10[SLOTS], p90[SLOTS], q[SLOTS * MIZO_QUANTILES];
} issue;

static mizo_forecast issue_view(issue *o)
{
    return (mizo_forecast){ .n = SLOTS, .mean = o->mean, .p10 = o->p10, .p90 = o->p90, .q = o->q };
}

static bool say(mizo_foresight *f, mizo_day day, issue *o)
{
    double mean[SLOTS], q[SLOTS * MIZO_QUANTILES];
    mizo_learn_day d = kind(day);
    mizo_outlook out = { SLOTS, mean, q };
    if (!mizo_foresight_say(f, &d, 1, &out))
        return false;
    for (int i = 0; i < SLOTS * MIZO_QUANTILES; i++)
        o->q[i] = (int32_t)lround(q[i]);
    for (int s = 0; s < SLOTS; s++) {
        o->mean[s] = (int32_t)lround(mean[s]);
        o->p10[s] = o->q[s * MIZO_QUANTILES + MIZO_Q10];
        o->p90[s] = o->q[s * MIZO_QUANTILES + MIZO_Q90];
    }
    return true;
}

static mizo_foresight *fresh(bool positive)
{
    mizo_foresight_task t = { .size = sizeof t, .slots = SLOTS, .recipe = MIZO_LEAN, .positive = positive };
    mizo_foresight *f = mizo_foresight_new(&t);
    assert_non_null(f);
    return f;
}

typedef struct home {
    const plant *p;
    mizo_forecast_about about;
    int32_t net[MOST], load[MOST], pv[MOST]; /* load, pv: as the split has them */
    const float *sky;
    bool told; /* the irradiance forecast too */
} home;

/* Splits the days [from, to), of which those before `keep` stay as they are. */
static void split(home *h, int from, int keep, int to)
{
    static int32_t load[MOST], pv[MOST];
    mizo_history part = { h->p->first + from, to - from, &h->net[from * SLOTS] };
    mizo_behind found;
    assert_int_equal(
        mizo_net_apart(&part, &h->about, h->sky ? h->sky + from * SLOTS : NULL, load, pv, &found), MIZO_OK);
    size_t skip = (size_t)(keep - from) * SLOTS, n = (size_t)(to - keep) * SLOTS;
    memcpy(&h->load[keep * SLOTS], load + skip, n * sizeof *load);
    memcpy(&h->pv[keep * SLOTS], pv + skip, n * sizeof *pv);
}

static double missed(const int32_t *a, const int32_t *b, int n)
{
    double off = 0, sum = 0;
    for (int i = 0; i < n; i++)
        if (a[i] != MIZO_MISSING && b[i] != MIZO_MISSING) {
            off += abs(a[i] - b[i]);
            sum += b[i];
        }
    return off / sum;
}

static void add_direct(const home *h, tally *t)
{
    mizo_foresight *f = fresh(false);
    issue o;
    for (int d = 0; d < WARM + SPAN; d++) {
        if (d >= WARM && say(f, h->p->first + d, &o))
            judge(t, o.mean, o.q, &h->net[d * SLOTS]);
        learn(f, h->p->first + d, &h->net[d * SLOTS]);
    }
    mizo_foresight_free(f);
}

/* Correlation of what the two forecasts of the past days missed. */
typedef struct pairs {
    double ll, pp, lp;
} pairs;

static void add_apart(home *h, tally *t)
{
    mizo_foresight *f = fresh(true);
    issue load, pv, net;
    pairs miss = { 1, 1, 0 };
    split(h, 0, 0, WARM);
    for (int d = 0; d < WARM; d++)
        learn(f, h->p->first + d, &h->load[d * SLOTS]);
    for (int d = WARM; d < WARM + SPAN; d++) {
        mizo_history sun = { h->p->first + d - 60, 60, &h->pv[(d - 60) * SLOTS] };
        mizo_forecast l = issue_view(&load), p = issue_view(&pv), n = issue_view(&net);
        if (h->told) {
            h->about.ghi_wm2 = &h->p->ghi[d * SLOTS];
            h->about.past_ghi_wm2 = &h->p->ghi[(d - 60) * SLOTS];
        }
        bool both = say(f, h->p->first + d, &load) &&
                    mizo_forecaster_sun_sky.run(&sun, &h->about, h->p->first + d, &p) == MIZO_OK;
        if (both) {
            mizo_net_of(&l, &p, miss.lp / sqrt(miss.ll * miss.pp), &n);
            judge(t, net.mean, net.q, &h->net[d * SLOTS]);
        }
        split(h, d + 1 - WINDOW, d, d + 1);
        learn(f, h->p->first + d, &h->load[d * SLOTS]);
        for (int s = 0; both && s < SLOTS; s++) {
            int i = d * SLOTS + s;
            if (h->load[i] == MIZO_MISSING || pv.mean[s] <= 0)
                continue;
            double a = (double)h->load[i] - load.mean[s], b = (double)h->pv[i] - pv.mean[s];
            miss.ll += a * a;
            miss.pp += b * b;
            miss.lp += a * b;
        }
    }
    mizo_foresight_free(f);
}

static void prepare(home *h, const plant *p)
{
    mizo_history all = { p->first, WARM, p->wh };
    mizo_sun_choice c;
    memset(h, 0, sizeof *h);
    h->p = p;
    h->about = (mizo_forecast_about){ .offset = p->offset, .lat = p->lat, .lon = p->lon };
    assert_int_equal(mizo_sun_panel(&all, &h->about, &c), MIZO_OK);
    h->about.panel = c.panel; /* as a right site list has it */
    for (int i = 0; i < MOST; i++)
        h->net[i] =
            p->load[i] == MIZO_MISSING || p->wh[i] == MIZO_MISSING ? MIZO_MISSING : p->load[i] - p->wh[i];
}

/* The sky over a metered neighbour. */
static float *sky_of(const plant *p)
{
    mizo_forecast_about about = { .offset = p->offset, .lat = p->lat, .lon = p->lon };
    mizo_history all = { p->first, WARM, p->wh };
    mizo_sun_choice c;
    size_t n = (size_t)(WARM + SPAN) * SLOTS;
    mizo_pv_state *state = malloc(n * sizeof *state);
    float *index = malloc(n * sizeof *index);
    assert_true(state && index);
    assert_int_equal(mizo_sun_panel(&all, &about, &c), MIZO_OK);
    mizo_output o = { p->wh, n, mizo_day_slot(p->first, p->offset), p->offset, p->lat, p->lon, 0, NULL };
    mizo_pv_states(&o, &c.panel, state);
    mizo_pv_index(&o, &c.panel, state, index);
    free(state);
    return index;
}

/* The sky by the weather file. */
static float *sky_by_irradiance(const plant *p)
{
    float *index = malloc((size_t)(WARM + SPAN) * SLOTS * sizeof *index);
    assert_non_null(index);
    for (int d = 0; d < WARM + SPAN; d++) {
        mizo_pv_day x;
        mizo_pv_day_task t = {
            {1, 1, 0, 0},
            p->lat, p->lon, p->offset, p->first + d, NULL, NULL
        };
        mizo_pv_day_of(&t, &x);
        for (int s = 0; s < SLOTS; s++) {
            int32_t ghi = p->ghi[d * SLOTS + s];
            index[d * SLOTS + s] =
                ghi != MIZO_MISSING && x.ghi[s] > 20 ? (float)fmin(1.3, ghi / x.ghi[s]) : NAN;
        }
    }
    return index;
}

typedef enum way { BLIND, NEIGHBOUR, WEATHER, TOLD } way;

static void one_home(home *h, const plant *p, const float *sky, way how, double gain[2])
{
    static const char *const names[] = { "no sky", "neighbour", "weather", "forecast" };
    tally direct = { 0 }, with = { 0 };
    prepare(h, p);
    h->told = how == TOLD;
    double scale = 0;
    for (int i = WARM * SLOTS; i < (WARM + SPAN) * SLOTS; i++)
        scale += p->load[i] == MIZO_MISSING ? 0 : p->load[i];
    scale /= SPAN * SLOTS;
    add_direct(h, &direct);
    h->sky = sky;
    add_apart(h, &with);
    int from = WARM * SLOTS, n = SPAN * SLOTS;
    print_message(
        "# %-8s %-9s split off by PV %4.1f %%, load %4.1f %% | net, median: MAE/mean load %.3f direct, %.3f apart; "
        "pinball %.4f, %.4f; 80%% band %.1f %%, %.1f %%\n",
        p->name, names[how], 100 * missed(h->pv + from, p->wh + from, n),
        100 * missed(h->load + from, p->load + from, n), direct.off / direct.n / scale,
        with.off / with.n / scale, direct.pinball / direct.n / scale, with.pinball / with.n / scale,
        100 * direct.inside / direct.n, 100 * with.inside / with.n);
    gain[0] = with.off / with.n / (direct.off / direct.n);
    gain[1] = with.pinball / with.n / (direct.pinball / direct.n);
    assert_true(with.inside > 0.66 * with.n && with.inside < 0.93 * with.n);
}

static void homes(void **state)
{
    (void)state;
    if (!nplants) {
        print_message("# MIZO_DATA is not set: no measured homes\n");
        skip();
    }
    home *h = malloc(sizeof *h);
    assert_non_null(h);
    double sum[2] = { 0 }, one[2];
    int n = 0;
    float *over_city = NULL;
    for (int i = 0; i < nplants; i++) {
        const plant *p = &plants[i];
        if (strcmp(p->name, "pod") == 0) {
            float *sky = sky_by_irradiance(p);
            one_home(h, p, sky, WEATHER, one);
            one_home(h, p, sky, TOLD, one);
            assert_true(one[1] < 0.9);
            free(sky);
        } else if (strcmp(p->name, "ausgrid") == 0) {
            one_home(h, p, NULL, BLIND, one);
        } else if (strcmp(p->name, "city-1") == 0) {
            over_city = sky_of(p); /* the neighbour that is metered */
        } else if (over_city && strcmp(p->group, "city") == 0 && i % 3 == 0) {
            one_home(h, p, NULL, BLIND, one);
            one_home(h, p, over_city, NEIGHBOUR, one);
            sum[0] += one[0];
            sum[1] += one[1];
            n++;
        }
    }
    print_message("# with a neighbour's sky: net MAE %.3f, pinball %.3f of direct\n", sum[0] / n, sum[1] / n);
    assert_true(sum[1] / n < 1.03);
    free(over_city);
    free(h);
}

int main(void)
{
    const char *data = getenv("MIZO_DATA");
    plants = data ? malloc(PLANTS * sizeof *plants) : NULL;
    nplants = plants ? plants_read(data, plants) : 0;
    const struct CMUnitTest tests[] = { cmocka_unit_test(together), cmocka_unit_test(without_quantiles),
                                        cmocka_unit_test(apart), cmocka_unit_test(homes) };
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    free(plants);
    return bad;
}
