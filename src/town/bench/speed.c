/* speed.c: a town's forecasts against the clock. */
#include "town/bench/speed.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "town/foresee/foresee.h"
#include "town/foresee/read.h"

enum { CELLS = (FORESEE_WARM + 1) * MIZO_DAY_SLOTS, NOON = 24 };

typedef struct race {
    const town *t;
    bench_speed_result *out;
    foresee **f;    /* [npoint], NULL: silent */
    int32_t *today; /* [npoint][2][48]: demand, PV */
    int32_t *demand, *pv, *work;
    foresee_out said;
} race;

static double cpu(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

static double wall(const race *r)
{
    return (double)r->t->env->ops->mono_ns(r->t->env) * 1e-9;
}

static int32_t *today(const race *r, size_t point, int kind)
{
    return r->today + (2 * point + (size_t)kind) * MIZO_DAY_SLOTS;
}

/* Reads the weeks before the day and the day itself, and tells the weeks. */
static mizo_err wake(race *r, size_t i)
{
    const mizo_region *region = r->t->region;
    foresee_span span = { r->out->day - FORESEE_WARM, FORESEE_WARM + 1, STORE_LATEST };
    double start = cpu();
    mizo_err e = foresee_read(region, r->t->store, (mizo_ref)i, &span, r->demand, r->pv, r->work);
    double read = cpu();
    r->out->read_s += read - start;
    if (e)
        return e;
    foresee *f = foresee_new(region, (mizo_ref)i);
    if (!f)
        return MIZO_ENOMEM;
    r->f[i] = f;
    e = foresee_tell(f, span.first, FORESEE_WARM, r->demand, r->pv);
    r->out->learn_s += cpu() - read;
    r->out->kept_mb += (double)foresee_bytes(f) / 1e6;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        today(r, i, 0)[s] = r->demand[FORESEE_WARM * MIZO_DAY_SLOTS + s];
        today(r, i, 1)[s] = r->pv[FORESEE_WARM * MIZO_DAY_SLOTS + s];
    }
    return e;
}

static void say_all(race *r)
{
    double start = cpu();
    for (size_t i = 0; i < r->t->region->npoint; i++) {
        if (!r->f[i])
            continue;
        foresee_say(r->f[i], r->out->day, 1, NULL, &r->said);
        r->out->points += r->said.has_demand;
        r->out->pv_points += r->said.has_pv;
    }
    r->out->say_s = cpu() - start;
}

static void renew_all(race *r)
{
    double start = cpu();
    for (size_t i = 0; i < r->t->region->npoint; i++)
        if (r->f[i])
            foresee_now(r->f[i], r->out->day, 1, NULL, today(r, i, 0), today(r, i, 1), NOON, &r->said);
    r->out->now_s = cpu() - start;
    start = cpu();
    for (size_t i = 0; i < r->t->region->npoint; i++)
        if (r->f[i])
            foresee_learn(r->f[i], r->out->day, today(r, i, 0), today(r, i, 1), NULL);
    r->out->turn_s = cpu() - start;
}

static mizo_err run(race *r)
{
    const mizo_region *region = r->t->region;
    mizo_day first;
    MIZO_TRY(r->t->store->ops->day_span(r->t->store, -1, &first, &r->out->day));
    double start = wall(r);
    for (size_t i = 0; i < region->npoint; i++) {
        mizo_err e = region->point[i].reading == MIZO_BY_SLOT ? wake(r, i) : MIZO_ENOENT;
        if (e && e != MIZO_ENOENT)
            return e;
    }
    say_all(r);
    r->out->wall_s = wall(r) - start;
    renew_all(r);
    return r->out->points ? MIZO_OK : MIZO_ENOENT;
}

mizo_err bench_speed(const town *t, bench_speed_result *out)
{
    size_t n = t->region->npoint ? t->region->npoint : 1;
    *out = (bench_speed_result){ .slots = MIZO_DAY_SLOTS, .quantiles = MIZO_QUANTILES };
    race *r = calloc(1, sizeof *r);
    int32_t *room = malloc((size_t)3 * CELLS * sizeof *room);
    mizo_err e = MIZO_ENOMEM;
    if (r && room) {
        *r = (race){ .t = t, .out = out, .demand = room, .pv = room + CELLS, .work = room + 2 * CELLS };
        r->f = calloc(n, sizeof *r->f);
        r->today = malloc(n * 2 * MIZO_DAY_SLOTS * sizeof *r->today);
        e = r->f && r->today ? run(r) : MIZO_ENOMEM;
    }
    for (size_t i = 0; r && r->f && i < t->region->npoint; i++)
        foresee_free(r->f[i]);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    out->rss_mb = (double)use.ru_maxrss / 1024;
    if (r) {
        free(r->f);
        free(r->today);
    }
    free(room);
    free(r);
    return e;
}
