/* joint.c: a town's sum on public sets of many sites. */
#include "town/bench/joint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/store.h"
#include "mizo/scenario.h"
#include "town/bench/frame.h"

enum { PATHS = 64, LONGEST = 48 };

static const struct {
    const char *set, *file;
    int slots, test, history; /* days at the end that count, days before them that are learned from */
} sets[JOINT_SETS] = {
    {"lcl_homes",  "lcl_homes/kwh_30min_*",       48, 60,  365},
    { "cambridge", "cambridge/electricity_kwh_*", 24, 365, 400},
};

typedef struct joint {
    int n, slots; /* sites, slots a day */
    days *y;      /* [n] */
    mizo_foresight **site, *town;
    double *mean, *q, *sd; /* [n * slots], [.. * MIZO_QUANTILES] */
    mizo_outlook *said;    /* [n], of the above */
    mizo_outlook own, sum;
    float *path;
    mizo_blend blend;
    bool full[LONGEST]; /* every site is known in the slot */
    double actual[LONGEST], filled[LONGEST];
    /* sums of the judge */
    double level, slots_judged, days_judged, site_level, site_slots;
    joint_result *out;
} joint;

/* ---- a day of the past, and none ---- */

static uint8_t together(const void *arg, size_t site, int age, int slot)
{
    const joint *j = arg;
    const uint8_t *r = mizo_foresight_ranks(j->site[site], age);
    return r ? r[slot] : MIZO_RANK_UNKNOWN;
}

static uint8_t apart(const void *arg, size_t site, int age, int slot)
{
    (void)arg;
    return (uint8_t)(mizo_unit(site + 1, (uint64_t)age, (uint64_t)slot) * 255);
}

static uint8_t town_rank(const void *arg, int age, int slot)
{
    const joint *j = arg;
    const uint8_t *r = mizo_foresight_ranks(j->town, age);
    return r ? r[slot] : MIZO_RANK_UNKNOWN;
}

static mizo_err paths(joint *j, uint8_t (*rank)(const void *, size_t, int, int))
{
    mizo_scenarios s = { .nsite = (size_t)j->n,
                         .n = j->slots,
                         .slots = j->slots,
                         .site = j->said,
                         .rank = rank,
                         .arg = j,
                         .ages = MIZO_RANKS,
                         .npath = PATHS,
                         .seed = 1 };
    if (rank == together) {
        s.town_rank = town_rank;
        s.common = mizo_scenario_common(&s, &j->own);
    }
    MIZO_TRY(mizo_scenario_paths(&s, j->path));
    mizo_scenario_sum(j->path, (size_t)j->n, j->slots, PATHS, &j->sum);
    return MIZO_OK;
}

/* ---- judged ---- */

static void judge_band(const joint *j, const mizo_outlook *o, joint_band *b)
{
    for (int s = 0; s < j->slots; s++) {
        const double *q = o->q + (size_t)s * MIZO_QUANTILES;
        double v = j->actual[s];
        if (!j->full[s])
            continue;
        b->within80 += q[MIZO_Q10] <= v && v <= q[MIZO_Q90];
        b->within90 += q[0] <= v && v <= q[MIZO_QUANTILES - 1];
        b->width += q[MIZO_Q90] - q[MIZO_Q10];
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            double miss = v - q[k];
            b->pinball +=
                (miss > 0 ? mizo_quantile[k] * miss : (mizo_quantile[k] - 1) * miss) / MIZO_QUANTILES;
        }
    }
}

static void judge_summed(joint *j)
{
    for (int i = 0; i < j->slots * MIZO_QUANTILES; i++) {
        j->sum.q[i] = 0;
        for (int k = 0; k < j->n; k++)
            j->sum.q[i] += isnan(j->said[k].q[i]) ? 0 : j->said[k].q[i];
    }
    judge_band(j, &j->sum, &j->out->band[JOINT_SUMMED]);
}

/* The energy of the whole day, where every slot of it is known. */
static void judge_day(joint *j, joint_band *b)
{
    double total[PATHS] = { 0 }, actual = 0, mean, q[MIZO_QUANTILES];
    mizo_outlook day = { 1, &mean, q };
    float whole[PATHS];
    for (int s = 0; s < j->slots; s++) {
        actual += j->actual[s];
        if (!j->full[s])
            return;
    }
    for (int p = 0; p < PATHS; p++)
        for (int i = 0; i < j->n * j->slots; i++) {
            double v = (double)j->path[(size_t)p * (size_t)(j->n * j->slots) + (size_t)i];
            total[p] += isnan(v) ? 0 : v;
        }
    for (int p = 0; p < PATHS; p++)
        whole[p] = (float)total[p];
    mizo_scenario_sum(whole, 1, 1, PATHS, &day);
    b->day80 += q[MIZO_Q10] <= actual && actual <= q[MIZO_Q90];
    if (b == &j->out->band[JOINT_PATHS])
        j->days_judged++;
}

/* How far the paths lie from their mean, and what happened from it. */
static void judge_spread(joint *j)
{
    for (int s = 0; s < j->slots; s++) {
        double square = 0, mean = 0;
        for (int p = 0; p < PATHS && j->full[s]; p++) {
            double v = 0;
            for (int k = 0; k < j->n; k++)
                v += (double)j->path[(size_t)(p * j->n + k) * (size_t)j->slots + (size_t)s];
            square += v * v / PATHS;
            mean += v / PATHS;
        }
        if (!j->full[s] || isnan(square))
            continue;
        j->out->spread_said += square - mean * mean;
        j->out->spread_seen += (j->actual[s] - mean) * (j->actual[s] - mean);
    }
}

static double sum_at(const joint *j, int s)
{
    double sum = 0;
    for (int k = 0; k < j->n; k++)
        sum += isnan(j->said[k].mean[s]) ? 0 : j->said[k].mean[s];
    return sum;
}

/* Miss of the sites: absolute, squared. */
static void site_miss(const joint *j, mizo_day day, double *absolute, double *square)
{
    for (int k = 0; k < j->n; k++)
        for (int s = 0; s < j->slots; s++) {
            double v = days_at(&j->y[k], day, s) - j->said[k].mean[s];
            *absolute += isnan(v) ? 0 : fabs(v);
            *square += isnan(v) ? 0 : v * v;
        }
}

static void expect(joint *j)
{
    for (int k = 0; k < j->n; k++)
        for (int s = 0; s < j->slots; s++) {
            const double *q = j->said[k].q + (size_t)s * MIZO_QUANTILES;
            j->said[k].mean[s] = mizo_outlook_expected(q);
            j->sd[k * j->slots + s] = (q[MIZO_Q90] - q[MIZO_Q10]) / 2.563; /* of a normal */
        }
}

/* Sites and sum made to add up; what each had missed before and what they miss then. */
static void reconcile(joint *j, mizo_day day)
{
    double share[LONGEST];
    for (int s = 0; s < j->slots; s++)
        share[s] = mizo_blend_share(&j->blend, s, j->slots);
    for (int s = 0; s < j->slots; s++)
        if (j->full[s]) {
            j->out->bottom += fabs(sum_at(j, s) - j->actual[s]);
            j->out->own += fabs(j->own.mean[s] - j->actual[s]);
        }
    site_miss(j, day, &j->out->sites_before, &j->out->square_before);
    mizo_reconcile_sum(&(mizo_reconcile){ (size_t)j->n, j->said, &j->own, j->sd, NULL, share });
    site_miss(j, day, &j->out->sites_after, &j->out->square_after);
    for (int s = 0; s < j->slots; s++)
        if (j->full[s])
            j->out->reconciled += fabs(j->own.mean[s] - j->actual[s]);
}

static void count(joint *j, mizo_day day)
{
    for (int s = 0; s < j->slots; s++)
        if (j->full[s]) {
            j->level += j->actual[s];
            j->slots_judged++;
        }
    for (int k = 0; k < j->n; k++)
        for (int s = 0; s < j->slots; s++) {
            double v = days_at(&j->y[k], day, s);
            j->site_level += isnan(v) ? 0 : v;
            j->site_slots += !isnan(v);
        }
    j->out->days++;
}

static mizo_err judge(joint *j, env *e, mizo_day day)
{
    joint_band *b = j->out->band;
    count(j, day);
    judge_band(j, &j->own, &b[JOINT_OWN]);
    reconcile(j, day);
    judge_summed(j);
    MIZO_TRY(paths(j, apart));
    judge_band(j, &j->sum, &b[JOINT_ALONE]);
    judge_day(j, &b[JOINT_ALONE]);
    uint64_t from = e->ops->mono_ns(e);
    MIZO_TRY(paths(j, together));
    j->out->path_ms += (double)(e->ops->mono_ns(e) - from) * 1e-6;
    judge_band(j, &j->sum, &b[JOINT_PATHS]);
    judge_day(j, &b[JOINT_PATHS]);
    judge_spread(j);
    return MIZO_OK;
}

/* ---- rolled forward ---- */

static void say(joint *j, const mizo_learn_day *day)
{
    for (int k = 0; k < j->n; k++)
        mizo_foresight_say(j->site[k], day, 1, &j->said[k]);
    mizo_foresight_say(j->town, day, 1, &j->own);
    expect(j);
}

/* The sum of a slot; a site that is missing is taken as it was expected, and the slot is not judged. */
static void happened(joint *j, mizo_day day)
{
    for (int s = 0; s < j->slots; s++) {
        j->full[s] = true;
        j->filled[s] = 0;
        for (int k = 0; k < j->n; k++) {
            double v = days_at(&j->y[k], day, s), guess = j->said[k].mean[s];
            j->full[s] = j->full[s] && !isnan(v);
            j->filled[s] += !isnan(v) ? v : isnan(guess) ? 0 : guess;
        }
        j->actual[s] = j->filled[s];
    }
}

static void learn(joint *j, const mizo_learn_day *day)
{
    mizo_foresight_learn(j->town, day, j->filled);
    for (int k = 0; k < j->n; k++) {
        double v[LONGEST];
        for (int s = 0; s < j->slots; s++)
            v[s] = days_at(&j->y[k], day->day, s);
        mizo_foresight_learn(j->site[k], day, v);
    }
}

static mizo_err run(joint *j, env *e, int test, int history)
{
    int n = j->y[0].n, from = n > test + history ? n - test - history : 0;
    for (int i = from; i < n; i++) {
        mizo_learn_day day = { j->y[0].first + i, kind_england(j->y[0].first + i), NULL };
        double own[LONGEST], sum[LONGEST], actual[LONGEST];
        say(j, &day);
        happened(j, day.day);
        for (int s = 0; s < j->slots; s++) {
            own[s] = j->own.mean[s];
            sum[s] = sum_at(j, s);
            actual[s] = j->full[s] ? j->actual[s] : NAN;
        }
        if (i >= n - test)
            MIZO_TRY(judge(j, e, day.day));
        mizo_blend_learn(&j->blend, j->slots, own, sum, actual);
        learn(j, &day);
    }
    return MIZO_OK;
}

static void finish(joint *j)
{
    joint_result *o = j->out;
    for (int w = 0; w < JOINT_WAYS; w++) {
        joint_band *b = &o->band[w];
        b->within80 /= j->slots_judged;
        b->within90 /= j->slots_judged;
        b->width /= j->level;
        b->pinball /= j->level;
        b->day80 = w == JOINT_ALONE || w == JOINT_PATHS ? b->day80 / j->days_judged : NAN;
    }
    o->bottom /= j->level;
    o->own /= j->level;
    o->reconciled /= j->level;
    o->sites_before /= j->site_level;
    o->sites_after /= j->site_level;
    o->square_before = sqrt(o->square_before / j->site_slots) / (j->site_level / j->site_slots);
    o->square_after = sqrt(o->square_after / j->site_slots) / (j->site_level / j->site_slots);
    o->spread_said = sqrt(o->spread_said / j->slots_judged) / (j->level / j->slots_judged);
    o->spread_seen = sqrt(o->spread_seen / j->slots_judged) / (j->level / j->slots_judged);
    o->path_ms /= o->days;
}

/* ---- birth ---- */

static mizo_foresight *forecaster(int slots, mizo_recipe recipe)
{
    return mizo_foresight_new(&(mizo_foresight_task){
        .size = sizeof(mizo_foresight_task), .slots = slots, .recipe = recipe, .positive = true });
}

static mizo_err furnish(joint *j, const frame *f)
{
    size_t n = (size_t)f->ncol, m = n * (size_t)j->slots;
    j->n = f->ncol;
    j->y = calloc(n, sizeof *j->y);
    j->site = calloc(n, sizeof *j->site);
    j->said = calloc(n, sizeof *j->said);
    j->mean = calloc(m + 2 * (size_t)j->slots, sizeof *j->mean);
    j->q = calloc((m + 2 * (size_t)j->slots) * MIZO_QUANTILES, sizeof *j->q);
    j->sd = calloc(m, sizeof *j->sd);
    j->path = calloc(m * PATHS, sizeof *j->path);
    j->town = forecaster(j->slots, MIZO_RICH);
    if (!j->y || !j->site || !j->said || !j->mean || !j->q || !j->sd || !j->path || !j->town)
        return MIZO_ENOMEM;
    size_t slots = (size_t)j->slots;
    j->own = (mizo_outlook){ j->slots, j->mean + m, j->q + m * MIZO_QUANTILES };
    j->sum = (mizo_outlook){ j->slots, j->mean + m + slots, j->q + (m + slots) * MIZO_QUANTILES };
    for (size_t k = 0; k < n; k++) {
        j->said[k] = (mizo_outlook){ j->slots, j->mean + k * slots, j->q + k * slots * MIZO_QUANTILES };
        if (!(j->site[k] = forecaster(j->slots, MIZO_LEAN)))
            return MIZO_ENOMEM;
        MIZO_TRY(days_of(f, (int)k, j->slots, 0, &j->y[k]));
    }
    return MIZO_OK;
}

static void release(joint *j)
{
    for (int k = 0; k < j->n; k++) {
        if (j->y)
            days_free(&j->y[k]);
        if (j->site)
            mizo_foresight_free(j->site[k]);
    }
    mizo_foresight_free(j->town);
    void *of[] = { j->y, j->site, j->said, j->mean, j->q, j->sd, j->path };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        free(of[i]);
}

static mizo_err one(env *e, const char *data, mizo_diags *d, int set, joint_result *out)
{
    frame f;
    uint64_t start = e->ops->mono_ns(e);
    *out = (joint_result){ .set = sets[set].set };
    joint *j = calloc(1, sizeof *j);
    if (!j)
        return MIZO_ENOMEM;
    *j = (joint){ .slots = sets[set].slots, .out = out };
    mizo_err err = frame_read(&f, data, sets[set].file, d);
    if (!err) {
        err = furnish(j, &f);
        frame_free(&f);
    }
    if (!err)
        err = run(j, e, sets[set].test, sets[set].history);
    if (!err)
        finish(j);
    out->sites = j->n;
    out->seconds = (double)(e->ops->mono_ns(e) - start) * 1e-9;
    release(j);
    free(j);
    return err;
}

mizo_err bench_joint(env *e, const char *data, const char *set, mizo_diags *d, joint_result out[JOINT_SETS],
                     int *n)
{
    *n = 0;
    for (int i = 0; i < JOINT_SETS; i++)
        if (!set || strcmp(set, sets[i].set) == 0)
            MIZO_TRY(one(e, data, d, i, &out[(*n)++]));
    if (*n == 0)
        MIZO_DIAG(d, BENCH_UNKNOWN, MIZO_NOWHERE, set, "lcl_homes, cambridge");
    return *n ? MIZO_OK : MIZO_ENOENT;
}
