/* newcomers.c: a point with few days of its own leans on sites of its kind. */
#include "town/foresee/newcomers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/forecast.h"
#include "town/foresee/bills.h"

enum {
    SLOTS = MIZO_DAY_SLOTS,
    PAST = MIZO_POOL_DAYS,
    TOLD = PAST + NEWCOMERS_DAYS, /* days of a site that are looked at */
    PROVED = 14,                  /* of these, the last by which the pool is judged */
    TRIED = 24                    /* points of the kind that are read at most to find those with a past */
};
/* Of a normal: the deviation of a mean absolute miss, and the deviate of 0.9. */
#define DEVIATION (1.2533 * 1.2816)
#define MOST      2e9 /* Wh: no half-hour holds more */

typedef struct kin {
    const char *kind;
    mizo_voltage voltage;
    mizo_pool *pool;            /* NULL: there are no sites with a past */
    double missed;              /* of the sites' demand */
    double usual[PAST * SLOTS]; /* the sites' last days, in multiples of their level; NAN: unknown */
} kin;

struct newcomers {
    const mizo_region *region;
    store *store;
    foresee_span past;
    kin *kin;
    size_t count;
    double (*site)[TOLD * SLOTS]; /* [NEWCOMERS_SITES] while a pool is told */
    int32_t *v, *work;            /* [past.days * 48] */
};

newcomers *newcomers_new(const mizo_region *r, store *s, const foresee_span *past)
{
    newcomers *n = past->days >= TOLD ? calloc(1, sizeof *n) : NULL;
    if (!n)
        return NULL;
    size_t cells = (size_t)past->days * SLOTS;
    n->region = r;
    n->store = s;
    n->past = *past;
    n->site = malloc(NEWCOMERS_SITES * sizeof *n->site);
    n->v = malloc(2 * cells * sizeof *n->v);
    n->kin = calloc(r->npoint + 1, sizeof *n->kin);
    if (n->site && n->v && n->kin) {
        n->work = n->v + cells;
        return n;
    }
    newcomers_free(n);
    return NULL;
}

void newcomers_free(newcomers *n)
{
    if (!n)
        return;
    for (size_t i = 0; n->kin && i < n->count; i++)
        mizo_pool_free(n->kin[i].pool);
    free(n->kin);
    free(n->site);
    free(n->v);
    free(n);
}

/* ---- what a point is ---- */

/* The kind of facility that uses the point most, as the files last have it; "": none. */
static const char *kind_of(const mizo_region *r, mizo_ref point)
{
    const mizo_use *most = NULL;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point &&
            (!most || u->to > most->to || (u->to == most->to && u->share_ppm > most->share_ppm)))
            most = u;
    }
    return most ? r->facility[most->facility].kind : "";
}

static bool day_known(const int32_t *v)
{
    int known = 0;
    for (int i = 0; i < SLOTS; i++)
        known += v[i] != MIZO_MISSING;
    return 2 * known >= SLOTS;
}

static int days_known(const int32_t *v, int days)
{
    int known = 0;
    for (int d = 0; d < days; d++)
        known += day_known(v + d * SLOTS);
    return known;
}

static void as_values(const int32_t *v, int n, double *out)
{
    for (int i = 0; i < n; i++)
        out[i] = v[i] == MIZO_MISSING ? NAN : v[i];
}

static int day_kind(const newcomers *n, const kin *k, mizo_day day)
{
    int kind = (int)mizo_day_type(day);
    return kind == MIZO_WEEKDAY && mizo_region_recess(n->region, k->kind, day) ? MIZO_KIND_RECESS : kind;
}

static mizo_pool_view view_of(const newcomers *n, const kin *k, mizo_day day, const double *past)
{
    mizo_pool_view v = { .day = day, .kind = day_kind(n, k, day), .past = past };
    for (int i = 0; i < PAST; i++)
        v.past_kind[i] = day_kind(n, k, day - PAST + i);
    return v;
}

/* ---- a pool ---- */

/* How many sites of the kind have a past; theirs are in site[]. */
static mizo_err read_sites(newcomers *n, const kin *k, int *count)
{
    const mizo_region *r = n->region;
    int tried = 0;
    *count = 0;
    for (mizo_ref p = 0; (size_t)p < r->npoint && *count < NEWCOMERS_SITES && tried < TRIED; p++) {
        if (r->point[p].reading != MIZO_BY_SLOT || r->point[p].voltage != k->voltage ||
            strcmp(kind_of(r, p), k->kind) != 0)
            continue;
        tried++;
        mizo_err e = foresee_read(r, n->store, p, &n->past, n->v, NULL, n->work);
        if (e == MIZO_ENOENT || (!e && days_known(n->v, n->past.days) < NEWCOMERS_NEW))
            continue;
        MIZO_TRY(e);
        as_values(n->v + (n->past.days - TOLD) * SLOTS, TOLD * SLOTS, n->site[(*count)++]);
    }
    return MIZO_OK;
}

typedef struct proof {
    double missed, used;
} proof;

static void judge(const double *said, const double *was, proof *p)
{
    for (int s = 0; s < SLOTS; s++)
        if (!isnan(said[s]) && !isnan(was[s])) {
            p->missed += fabs(said[s] - was[s]);
            p->used += was[s];
        }
}

static void tell_day(const newcomers *n, kin *k, int sites, int d, proof *so_far)
{
    double said[SLOTS];
    for (int i = 0; i < sites; i++) {
        const double *was = n->site[i] + (ptrdiff_t)d * SLOTS;
        mizo_pool_view v =
            view_of(n, k, n->past.first + n->past.days - TOLD + d, was - (ptrdiff_t)PAST * SLOTS);
        if (d >= TOLD - PROVED) {
            mizo_pool_forecast(k->pool, 0, &v, said);
            judge(said, was, so_far);
        }
        mizo_pool_learn(k->pool, 0, &v, was);
    }
}

/* What the sites did on the last days, each in multiples of its own level over them. */
static void keep_usual(const newcomers *n, kin *k, int sites)
{
    int known[PAST * SLOTS] = { 0 };
    memset(k->usual, 0, sizeof k->usual);
    for (int i = 0; i < sites; i++) {
        const double *was = n->site[i] + (ptrdiff_t)(TOLD - PAST) * SLOTS;
        double sum = 0;
        int count = 0;
        for (int s = 0; s < PAST * SLOTS; s++)
            if (!isnan(was[s])) {
                sum += was[s];
                count++;
            }
        for (int s = 0; s < PAST * SLOTS && sum > 0; s++)
            if (!isnan(was[s])) {
                k->usual[s] += was[s] * count / sum;
                known[s]++;
            }
    }
    for (int s = 0; s < PAST * SLOTS; s++)
        k->usual[s] = known[s] ? k->usual[s] / known[s] : NAN;
}

static mizo_err tell(newcomers *n, kin *k)
{
    int sites;
    MIZO_TRY(read_sites(n, k, &sites));
    if (!sites)
        return MIZO_OK;
    k->pool = mizo_pool_new(SLOTS, 0);
    if (!k->pool)
        return MIZO_ENOMEM;
    proof so_far = { 0, 0 };
    for (int d = PAST; d < TOLD; d++) {
        if (d == TOLD - PROVED)
            mizo_pool_fit(k->pool);
        tell_day(n, k, sites, d, &so_far);
    }
    mizo_pool_fit(k->pool);
    keep_usual(n, k, sites);
    k->missed = so_far.used > 0 ? so_far.missed / so_far.used : 1;
    return MIZO_OK;
}

static mizo_err pool_of(newcomers *n, mizo_ref point, const kin **out)
{
    const char *kind = kind_of(n->region, point);
    mizo_voltage voltage = n->region->point[point].voltage;
    for (size_t i = 0; i < n->count; i++)
        if (n->kin[i].voltage == voltage && strcmp(n->kin[i].kind, kind) == 0) {
            *out = &n->kin[i];
            return MIZO_OK;
        }
    kin *k = &n->kin[n->count++];
    k->kind = kind;
    k->voltage = voltage;
    *out = k;
    return *kind ? tell(n, k) : MIZO_OK;
}

/* ---- a newcomer ---- */

/* What its own forecaster and the pool would have said of each day so far, the day before. */
static mizo_err try_both(const newcomers *n, const kin *k, mizo_ref point, const double *past,
                         const int32_t *demand, mizo_newcomer *out)
{
    foresee *own = foresee_new(n->region, point);
    foresee_out *said = malloc(sizeof *said);
    mizo_err e = own && said ? MIZO_OK : MIZO_ENOMEM;
    bool told = false;
    for (int d = PAST; !e && d < n->past.days; d++) {
        const int32_t *was = demand + (ptrdiff_t)d * SLOTS;
        mizo_day day = n->past.first + d;
        double a[SLOTS], b[SLOTS];
        if (told) {
            mizo_pool_view v = view_of(n, k, day, past + (ptrdiff_t)(d - PAST) * SLOTS);
            foresee_say(own, day, 1, NULL, said);
            as_values(said->demand.mean, SLOTS, a);
            mizo_pool_forecast(k->pool, 0, &v, b);
            if (said->has_demand)
                mizo_newcomer_learn(out, SLOTS, a, b, past + (ptrdiff_t)d * SLOTS);
        }
        if (told || day_known(was))
            foresee_learn(own, day, was, NULL, NULL);
        told = told || day_known(was);
    }
    free(said);
    foresee_free(own);
    return e;
}

/* A day of both: the means by their shares, and the levels likewise, the pool's as it missed its own sites. */
static bool mix_day(const kin *k, const mizo_newcomer *trust, const double *pool, int from, foresee_out *said)
{
    foresee_band *b = &said->demand;
    double own[SLOTS], mean[SLOTS], share = mizo_newcomer_share(trust);
    for (int s = 0; s < SLOTS; s++)
        own[s] = said->has_demand && b->mean[from + s] != MIZO_MISSING ? b->mean[from + s] : NAN;
    bool borrowed = mizo_newcomer_mix(trust, SLOTS, own, pool, mean);
    for (int s = 0; s < SLOTS && borrowed; s++) {
        if (isnan(pool[s]))
            continue;
        double a = isnan(own[s]) ? 0 : share, at = fmax(0, fmin(MOST, pool[s])),
               wide = k->missed * DEVIATION * at;
        int32_t lent[1][MIZO_QUANTILES], m = (int32_t)(at + 0.5), low = (int32_t)fmax(0, at - wide),
                                         high = (int32_t)(fmin(MOST, at + wide) + 0.5);
        foresee_quantiles(&m, &low, &high, 1, lent);
        for (int q = 0; q < MIZO_QUANTILES; q++)
            b->q[from + s][q] =
                (int32_t)floor((a > 0 ? a * b->q[from + s][q] : 0) + (1 - a) * lent[0][q] + 0.5);
        b->mean[from + s] = (int32_t)floor(fmax(0, fmin(MOST, mean[s])) + 0.5);
    }
    return borrowed;
}

/* Day after day: what was said of one is the past of the next. */
static void lend(const newcomers *n, const kin *k, const mizo_newcomer *trust, const double *last, int ahead,
                 foresee_out *said)
{
    double window[PAST * SLOTS], pool[SLOTS];
    int days = said->n / SLOTS;
    bool borrowed = false;
    memcpy(window, last, sizeof window);
    for (int d = 0; d < ahead + days; d++) {
        mizo_pool_view v = view_of(n, k, n->past.first + n->past.days + d, window);
        mizo_pool_forecast(k->pool, 0, &v, pool);
        if (d >= ahead)
            borrowed |= mix_day(k, trust, pool, (d - ahead) * SLOTS, said);
        memmove(window, window + SLOTS, (PAST - 1) * SLOTS * sizeof *window);
        memcpy(window + (ptrdiff_t)(PAST - 1) * SLOTS, pool, sizeof pool);
    }
    said->has_demand |= borrowed;
    said->borrowed = borrowed;
}

mizo_err newcomers_lend(newcomers *n, mizo_ref point, const int32_t *demand, int ahead, foresee_out *said)
{
    int known = days_known(demand, n->past.days);
    if (!known || known >= NEWCOMERS_NEW)
        return MIZO_OK;
    const kin *k;
    MIZO_TRY(pool_of(n, point, &k));
    double *past = k->pool ? malloc((size_t)n->past.days * SLOTS * sizeof *past) : NULL;
    if (!past)
        return k->pool ? MIZO_ENOMEM : MIZO_OK;
    mizo_newcomer trust = { 0 };
    as_values(demand, n->past.days * SLOTS, past);
    mizo_err e = try_both(n, k, point, past, demand, &trust);
    if (!e)
        lend(n, k, &trust, past + (ptrdiff_t)(n->past.days - PAST) * SLOTS, ahead, said);
    free(past);
    return e;
}

mizo_err newcomers_bills(newcomers *n, mizo_ref point, int ahead, int days, foresee_out *said)
{
    static const mizo_newcomer no_trust;
    mizo_day until = n->past.first + n->past.days;
    double last[PAST * SLOTS];
    bills b;
    const kin *k;
    MIZO_TRY(bills_read(n->store, n->region->point[point].id, until, n->past.as_of, &b));
    double level = bills_level(&b, until + ahead + days / 2) / SLOTS;
    if (isnan(level))
        return MIZO_ENOENT;
    MIZO_TRY(pool_of(n, point, &k));
    if (!k->pool)
        return MIZO_ENOENT;
    for (int s = 0; s < PAST * SLOTS; s++)
        last[s] = level * k->usual[s];
    said->n = days * SLOTS;
    said->has_demand = false;
    for (int i = 0; i < said->n; i++) {
        said->demand.mean[i] = MIZO_MISSING;
        for (int q = 0; q < MIZO_QUANTILES; q++)
            said->demand.q[i][q] = MIZO_MISSING;
    }
    lend(n, k, &no_trust, last, ahead, said);
    return said->has_demand ? MIZO_OK : MIZO_ENOENT;
}
