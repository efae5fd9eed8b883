/* Foresight on measured series (MIZO_DATA): the 80 % band covers what it says at every lead, the day in hand
 * beats what was issued and the fading ratio that came before it. Prints the figures that
 * docs/mechanisms/foresight.md quotes. */
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
#include "town/bench/frame.h"

enum { LEVELS = MIZO_QUANTILES, MOST = 96 };

typedef struct real {
    const char *name, *file, *column; /* column NULL: every `every`-th; "sum": all added up */
    int slots, every, days, test;     /* days taken from the end, and of these the ones that count */
    int (*kind)(mizo_day d);
} real;

static const real sets[] = {
    {"cambridge",  "cambridge/electricity_kwh_*", NULL,      24, 12, 420, 150, kind_england},
    { "lcl_homes", "lcl_homes/kwh_30min_*",       NULL,      48, 13, 273, 120, kind_england},
    { "lcl sum",   "lcl_homes/kwh_30min_*",       "sum",     48, 1,  273, 150, kind_england},
    { "steel_kr",  "steel_kr/steel_15min_*",      "kwh",     96, 1,  273, 120, kind_korea  },
    { "ausgrid",   "ausgrid_c12/load_pv_30min_*", "load_kw", 48, 1,  366, 180, kind_plain  },
};

typedef struct tally {
    double in[MIZO_AHEAD], n[MIZO_AHEAD];          /* within 0.1 .. 0.9, by lead */
    double below[LEVELS];                          /* a day ahead */
    double issued, ratio, learned;                 /* six hours from now on, |miss| over the mean */
    double pinball[2], fresh_in, fresh_n;          /* of the same slots, as issued and as learned */
    double loss, naive, oracle_slot, oracle_scale; /* a day ahead, over what was used */
} tally;

static const char *data;

static double pinball(const double *q, double actual, double scale)
{
    double sum = 0;
    for (int k = MIZO_Q10; k <= MIZO_Q90; k++) {
        double miss = actual - scale * q[k];
        sum += miss > 0 ? mizo_quantile[k] * miss : (mizo_quantile[k] - 1) * miss;
    }
    return sum / (MIZO_Q90 - MIZO_Q10 + 1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Levels of a slot over the days [from, to) of one sort (free or not; -1: any). */
static bool levels_over(const real *r, const days *y, int from, int to, int slot, int free, double *q)
{
    double x[512];
    int n = 0;
    for (int d = from < 0 ? 0 : from; d < to && n < 512; d++) {
        double v = y->v[d * y->slots + slot];
        if (!isnan(v) && (free < 0 || (r->kind(y->first + d) > 0) == free))
            x[n++] = v;
    }
    qsort(x, (size_t)n, sizeof *x, by_value);
    for (int k = 0; k < LEVELS && n; k++) {
        int i = (int)ceil(mizo_quantile[k] * n - 1e-9) - 1;
        q[k] = x[i < 0 ? 0 : i];
    }
    return n > 0;
}

/* The best that a whole day could have been scaled by, known only afterwards. */
static double best_scale(const double *q, const double *actual, int slots)
{
    double best = INFINITY;
    for (double scale = 0.3; scale < 3; scale *= 1.04) {
        double sum = 0;
        for (int s = 0; s < slots; s++)
            sum += isnan(actual[s]) ? 0 : pinball(q + (size_t)s * LEVELS, actual[s], scale);
        best = fmin(best, sum);
    }
    return best;
}

static void judge_issue(const real *r, const days *y, int d, const mizo_outlook *o, tally *t)
{
    const double *actual = y->v + (size_t)d * (size_t)r->slots;
    for (int i = 0; i < o->n && d + i / r->slots < y->n; i++) {
        const double *q = o->q + (size_t)i * LEVELS;
        if (isnan(actual[i]) || isnan(q[0]))
            continue;
        t->in[i / r->slots] += actual[i] >= q[MIZO_Q10] && actual[i] <= q[MIZO_Q90];
        t->n[i / r->slots]++;
        for (int k = 0; k < LEVELS && i < r->slots; k++) {
            assert_true(k == 0 || q[k] >= q[k - 1]);
            t->below[k] += actual[i] <= q[k];
        }
    }
}

static void judge_loss(const real *r, const days *y, int d, const mizo_outlook *o, double used, tally *t)
{
    const double *actual = y->v + (size_t)d * (size_t)r->slots;
    double q[LEVELS];
    for (int s = 0; s < r->slots; s++) {
        if (isnan(actual[s]) || !levels_over(r, y, d - 28, d, s, -1, q))
            continue;
        t->naive += pinball(q, actual[s], 1) / used;
        t->loss += pinball(o->q + (size_t)s * LEVELS, actual[s], 1) / used;
        levels_over(r, y, y->n - r->test, y->n, s, r->kind(y->first + d) > 0, q);
        t->oracle_slot += pinball(q, actual[s], 1) / used;
    }
    t->oracle_scale += best_scale(o->q, actual, r->slots) / used;
}

/* Seven times a day, the next six hours. `ratio` is mizo_forecast_intraday, in thousandths of the mean. */
static void judge_now(const real *r, const days *y, int d, mizo_foresight *f, const mizo_learn_day *day,
                      const mizo_outlook *o, double mean, tally *t)
{
    const double *actual = y->v + (size_t)d * (size_t)r->slots;
    double m[MOST], q[MOST * LEVELS];
    int32_t was[MOST], said[MOST], moved[MOST];
    for (int s = 0; s < r->slots; s++) {
        was[s] = isnan(actual[s]) ? MIZO_MISSING : (int32_t)(actual[s] * 1e4 / mean);
        said[s] = isnan(o->mean[s]) ? MIZO_MISSING : (int32_t)(o->mean[s] * 1e4 / mean);
    }
    for (int now = r->slots / 8; now < r->slots; now += r->slots / 8) {
        mizo_foresight_now(f, day, 1, actual, now, &(mizo_outlook){ 0, m, q });
        memcpy(moved, said, sizeof moved);
        mizo_forecast_intraday(was, said, now, r->slots, moved);
        for (int s = now; s < r->slots && s < now + r->slots / 4; s++) {
            const double *at = q + (size_t)s * LEVELS;
            if (isnan(actual[s]) || isnan(m[s]))
                continue;
            t->issued += fabs(actual[s] - o->mean[s]) / mean;
            t->ratio += abs(was[s] - moved[s]) / 1e4;
            t->learned += fabs(actual[s] - m[s]) / mean;
            t->pinball[0] += pinball(o->q + (size_t)s * LEVELS, actual[s], 1) / mean;
            t->pinball[1] += pinball(at, actual[s], 1) / mean;
            t->fresh_in += actual[s] >= at[MIZO_Q10] && actual[s] <= at[MIZO_Q90];
            t->fresh_n++;
        }
    }
}

static double mean_of(const days *y)
{
    double sum = 0, n = 0;
    for (int i = 0; i < y->n * y->slots; i++)
        if (!isnan(y->v[i])) {
            sum += y->v[i];
            n++;
        }
    return n > 0 ? sum / n : 0;
}

static void one_series(const real *r, const days *y, tally *t)
{
    static double m[MIZO_AHEAD * MOST], q[MIZO_AHEAD * MOST * LEVELS];
    double mean = mean_of(y);
    mizo_foresight *f = mizo_foresight_new(&(mizo_foresight_task){
        .size = sizeof(mizo_foresight_task), .slots = r->slots, .recipe = MIZO_LEAN, .positive = true });
    assert_non_null(f);
    for (int d = y->n > r->days ? y->n - r->days : 0; d < y->n; d++) {
        mizo_learn_day day[MIZO_AHEAD];
        for (int k = 0; k < MIZO_AHEAD; k++)
            day[k] = (mizo_learn_day){ y->first + d + k, r->kind(y->first + d + k), NULL };
        mizo_outlook o = { 0, m, q };
        bool known = mizo_foresight_say(f, day, MIZO_AHEAD, &o);
        if (known && mean > 0 && d >= y->n - r->test) {
            judge_issue(r, y, d, &o, t);
            judge_loss(r, y, d, &o, mean, t);
            judge_now(r, y, d, f, day, &o, mean, t);
        }
        mizo_foresight_learn(f, &day[0], y->v + (size_t)d * (size_t)r->slots);
    }
    mizo_foresight_free(f);
}

static void add_up(frame *f)
{
    for (size_t i = 0; i < f->nrow; i++) {
        double sum = 0;
        for (int c = 0; c < f->ncol; c++)
            sum += isnan(f->v[c][i]) ? 0 : f->v[c][i];
        f->v[0][i] = sum;
    }
}

static void tally_of(const real *r, tally *t)
{
    frame f;
    days y;
    mizo_diags *diags = mizo_diags_new(4);
    assert_int_equal(frame_read(&f, data, r->file, diags), MIZO_OK);
    bool sum = r->column && !strcmp(r->column, "sum");
    if (sum)
        add_up(&f);
    for (int c = 0; c < f.ncol; c += r->every) {
        int column = sum || !r->column ? c : frame_column(&f, r->column);
        assert_int_equal(days_of(&f, column, r->slots, 0, &y), MIZO_OK);
        one_series(r, &y, t);
        days_free(&y);
        if (r->column)
            break;
    }
    frame_free(&f);
    mizo_diags_free(diags);
}

static void print(const real *r, const tally *t)
{
    printf("# %-9s 80%% band by lead:", r->name);
    for (int k = 0; k < MIZO_AHEAD; k++)
        printf(" %.3f", t->in[k] / t->n[k]);
    printf("\n# %-9s pinball %.3f of naive; days scaled by the best factor %.3f, slots' own levels %.3f\n",
           r->name, t->loss / t->naive, t->oracle_scale / t->naive, t->oracle_slot / t->naive);
    printf(
        "# %-9s next six hours: |miss| %.4f as issued, %.4f by the old ratio, %.4f learned; pinball x %.3f; "
        "band %.3f\n",
        r->name, t->issued / t->fresh_n, t->ratio / t->fresh_n, t->learned / t->fresh_n,
        t->pinball[1] / t->pinball[0], t->fresh_in / t->fresh_n);
}

static void holds(const real *r)
{
    tally t = { .loss = 0 };
    if (!data) {
        printf("# SKIP %s: MIZO_DATA is not set\n", r->name);
        skip();
    }
    tally_of(r, &t);
    print(r, &t);
    assert_in_range((int)(1000 * t.in[0] / t.n[0]), 780, 820);
    for (int k = 1; k < MIZO_AHEAD; k++)
        assert_in_range((int)(1000 * t.in[k] / t.n[k]), 730, 850);
    assert_true(t.loss < t.naive);
    assert_true(t.learned < 0.99 * t.issued);
    assert_true(t.learned < t.ratio);
    assert_true(t.pinball[1] < t.pinball[0]);
    assert_in_range((int)(1000 * t.fresh_in / t.fresh_n), 700, 850);
}

static void cambridge(void **state)
{
    (void)state;
    holds(&sets[0]);
}

static void homes(void **state)
{
    (void)state;
    holds(&sets[1]);
}

static void sum_of_homes(void **state)
{
    (void)state;
    holds(&sets[2]);
}

static void steel(void **state)
{
    (void)state;
    holds(&sets[3]);
}

static void ausgrid(void **state)
{
    (void)state;
    holds(&sets[4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cambridge), cmocka_unit_test(homes),   cmocka_unit_test(sum_of_homes),
        cmocka_unit_test(steel),     cmocka_unit_test(ausgrid),
    };
    data = getenv("MIZO_DATA");
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
