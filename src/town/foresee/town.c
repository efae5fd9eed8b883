/* town.c: the town's forecast from its points'. */
#include "town/foresee/town.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = MIZO_DAY_SLOTS, CELLS = FORESEE_TOWN_PAST * SLOTS };
#define MOST_KNOWN 0.9 /* of the town's level: a slot of which less is known is not learned */

struct foresee_town {
    int n, npath;
    size_t cap, count;
    mizo_ref *point;                    /* [cap] */
    mizo_outlook *said;                 /* [cap], of the two below */
    double *mean, *q;                   /* [cap * n], [.. * MIZO_QUANTILES] */
    double *sd;                         /* [cap * n] */
    uint8_t (*rank)[MIZO_RANKS][SLOTS]; /* [cap] */
    uint8_t own_rank[MIZO_RANKS][SLOTS];
    double past[CELLS], known[CELLS],
        level; /* sums over the points: demand, level of those that are known, level */
    double own_mean[FORESEE_SLOTS], own_q[FORESEE_SLOTS * MIZO_QUANTILES];
    double sum_mean[FORESEE_SLOTS], sum_q[FORESEE_SLOTS * MIZO_QUANTILES];
    int64_t *whole; /* [n * cap] Wh of the points, slot by slot */
    int64_t total[FORESEE_SLOTS];
    mizo_scenarios ask;
};

/* ---- life ---- */

foresee_town *foresee_town_new(size_t points, int n)
{
    foresee_town *t = n > 0 && n <= FORESEE_SLOTS ? calloc(1, sizeof *t) : NULL;
    if (!t)
        return NULL;
    size_t cap = points ? points : 1, cells = cap * (size_t)n;
    t->n = n;
    t->cap = cap;
    t->point = calloc(cap, sizeof *t->point);
    t->said = calloc(cap, sizeof *t->said);
    t->mean = malloc(cells * sizeof *t->mean);
    t->q = malloc(cells * MIZO_QUANTILES * sizeof *t->q);
    t->sd = malloc(cells * sizeof *t->sd);
    t->rank = malloc(cap * sizeof *t->rank);
    t->whole = calloc(cells, sizeof *t->whole);
    if (t->point && t->said && t->mean && t->q && t->sd && t->rank && t->whole)
        return t;
    foresee_town_free(t);
    return NULL;
}

void foresee_town_free(foresee_town *t)
{
    if (!t)
        return;
    void *of[] = { t->point, t->said, t->mean, t->q, t->sd, t->rank, t->whole };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        free(of[i]);
    free(t);
}

size_t foresee_town_points(const foresee_town *t)
{
    return t->count;
}

mizo_ref foresee_town_point(const foresee_town *t, size_t k)
{
    return t->point[k];
}

/* ---- a point ---- */

static void take_said(foresee_town *t, size_t k, const foresee_band *b)
{
    mizo_outlook *o = &t->said[k];
    *o = (mizo_outlook){ t->n, t->mean + k * (size_t)t->n, t->q + k * (size_t)t->n * MIZO_QUANTILES };
    for (int i = 0; i < t->n; i++) {
        double *q = o->q + (size_t)i * MIZO_QUANTILES;
        for (int l = 0; l < MIZO_QUANTILES; l++)
            q[l] = b->q[i][l] == MIZO_MISSING ? NAN : b->q[i][l];
        o->mean[i] = mizo_outlook_expected(q);
        t->sd[k * (size_t)t->n + (size_t)i] = (q[MIZO_Q90] - q[MIZO_Q10]) / 2.563; /* of a normal */
    }
}

/* The past of the sum: what a slot lacks is made up for in proportion to the usual size of what is missing. */
static void take_past(foresee_town *t, const int32_t *past)
{
    double sum = 0;
    int n = 0;
    for (int i = 0; i < CELLS; i++)
        if (past[i] != MIZO_MISSING) {
            sum += past[i];
            n++;
        }
    double level = n ? sum / n : 0;
    t->level += level;
    for (int i = 0; i < CELLS; i++)
        if (past[i] != MIZO_MISSING) {
            t->past[i] += past[i];
            t->known[i] += level;
        }
}

void foresee_town_add(foresee_town *t, mizo_ref point, const foresee_out *said, const foresee *rank,
                      const int32_t *past)
{
    if (t->count == t->cap || !said->has_demand || said->n != t->n)
        return;
    size_t k = t->count++;
    t->point[k] = point;
    take_said(t, k, &said->demand);
    for (int age = 0; age < MIZO_RANKS; age++) {
        const uint8_t *r = rank ? foresee_ranks(rank, age) : NULL;
        if (r)
            memcpy(t->rank[k][age], r, SLOTS);
        else
            memset(t->rank[k][age], MIZO_RANK_UNKNOWN, SLOTS);
    }
    if (past)
        take_past(t, past);
}

/* ---- the town's own ---- */

static mizo_learn_day learn_day(mizo_day day)
{
    return (mizo_learn_day){ .day = day, .kind = (int)mizo_day_type(day) };
}

static void tell(const foresee_town *t, mizo_foresight *f, mizo_day today)
{
    for (int d = 0; d < FORESEE_TOWN_PAST; d++) {
        mizo_learn_day day = learn_day(today - FORESEE_TOWN_PAST + d);
        double v[SLOTS];
        for (int s = 0; s < SLOTS; s++) {
            double known = t->known[d * SLOTS + s];
            bool enough = known > 0 && known >= MOST_KNOWN * t->level;
            v[s] = enough ? t->past[d * SLOTS + s] * t->level / known : NAN;
        }
        mizo_foresight_learn(f, &day, v);
    }
}

static bool own(foresee_town *t, mizo_day today, mizo_day first)
{
    int skip = (int)(first - today), ndays = t->n / SLOTS;
    mizo_foresight *f = skip >= 0 && skip + ndays <= MIZO_AHEAD && t->level > 0
                            ? mizo_foresight_new(&(mizo_foresight_task){ .size = sizeof(mizo_foresight_task),
                                                                         .slots = SLOTS,
                                                                         .recipe = MIZO_LEAN,
                                                                         .positive = true })
                            : NULL;
    if (!f)
        return false;
    mizo_learn_day day[MIZO_AHEAD];
    mizo_outlook o = { FORESEE_SLOTS, t->own_mean, t->own_q };
    tell(t, f, today);
    for (int i = 0; i < skip + ndays; i++)
        day[i] = learn_day(today + i);
    bool said = mizo_foresight_say(f, day, skip + ndays, &o);
    memmove(t->own_mean, t->own_mean + (ptrdiff_t)skip * SLOTS, (size_t)t->n * sizeof *t->own_mean);
    memmove(t->own_q, t->own_q + (ptrdiff_t)skip * SLOTS * MIZO_QUANTILES,
            (size_t)t->n * MIZO_QUANTILES * sizeof *t->own_q);
    for (int age = 0; age < MIZO_RANKS && said; age++)
        memcpy(t->own_rank[age], mizo_foresight_ranks(f, age), SLOTS);
    mizo_foresight_free(f);
    return said;
}

/* ---- joined ---- */

static uint8_t rank_of(const void *arg, size_t site, int age, int slot)
{
    return ((const foresee_town *)arg)->rank[site][age][slot];
}

static uint8_t own_rank_of(const void *arg, int age, int slot)
{
    return ((const foresee_town *)arg)->own_rank[age][slot];
}

static void reconcile(foresee_town *t)
{
    static const mizo_blend nothing_yet; /* which of the two is the better is not known of a single day */
    double share[FORESEE_SLOTS], q[FORESEE_SLOTS * MIZO_QUANTILES], mean[FORESEE_SLOTS];
    mizo_outlook town = { t->n, mean, q };
    memcpy(q, t->own_q, sizeof q); /* the width of the town's own band is still needed as it was */
    for (int i = 0; i < t->n; i++) {
        mean[i] = mizo_outlook_expected(q + (ptrdiff_t)i * MIZO_QUANTILES);
        share[i] = mizo_blend_share(&nothing_yet, i % SLOTS, SLOTS);
    }
    mizo_reconcile_sum(&(mizo_reconcile){ t->count, t->said, &town, t->sd, NULL, share });
}

static void round_means(foresee_town *t, double *room)
{
    for (int i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->count; k++)
            room[k] = t->said[k].mean[i];
        t->total[i] = mizo_round_parts(room, t->count, t->whole + (size_t)i * t->cap);
    }
}

/* Paths of all points added up, a point at a time. */
static mizo_err add_paths(foresee_town *t, float *sum, float *one)
{
    size_t cells = (size_t)t->npath * (size_t)t->n;
    for (size_t k = 0; k < t->count; k++) {
        MIZO_TRY(mizo_scenario_site(&t->ask, k, one));
        for (size_t i = 0; i < cells; i++)
            sum[i] += isnan(one[i]) ? 0 : one[i];
    }
    mizo_outlook out = { t->n, t->sum_mean, t->sum_q };
    mizo_scenario_sum(sum, 1, t->n, t->npath, &out);
    return MIZO_OK;
}

mizo_err foresee_town_join(foresee_town *t, mizo_day today, mizo_day first, bool alone, int npath,
                           uint64_t seed)
{
    bool has_own = own(t, today, first);
    t->npath = npath;
    t->ask = (mizo_scenarios){ .nsite = t->count,
                               .n = t->n,
                               .slots = SLOTS,
                               .site = t->said,
                               .rank = rank_of,
                               .arg = t,
                               .ages = MIZO_RANKS,
                               .npath = npath,
                               .seed = seed };
    if (has_own && !alone)
        reconcile(t);
    if (has_own) {
        mizo_outlook town = { t->n, t->own_mean, t->own_q };
        t->ask.town_rank = own_rank_of;
        t->ask.common = mizo_scenario_common(&t->ask, &town);
    }
    float *room = calloc(2 * (size_t)npath * (size_t)t->n + 1, sizeof *room);
    double *means = calloc(t->count + 1, sizeof *means);
    mizo_err e = room && means ? MIZO_OK : MIZO_ENOMEM;
    if (!e)
        round_means(t, means);
    if (!e)
        e = add_paths(t, room, room + (size_t)npath * (size_t)t->n);
    free(means);
    free(room);
    return e;
}

/* ---- asked ---- */

void foresee_town_sum(const foresee_town *t, int slot, int64_t *mean, int64_t q[MIZO_QUANTILES])
{
    *mean = t->total[slot];
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] = (int64_t)floor(t->sum_q[(size_t)slot * MIZO_QUANTILES + (size_t)k] + 0.5);
}

int64_t foresee_town_mean(const foresee_town *t, size_t k, int slot)
{
    return t->whole[(size_t)slot * t->cap + k];
}

mizo_err foresee_town_paths(const foresee_town *t, size_t k, float *path)
{
    return mizo_scenario_site(&t->ask, k, path);
}
