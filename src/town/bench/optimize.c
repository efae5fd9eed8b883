/* optimize.c: builds the town, solves it, changes it, solves it again, and tells the times. */
#include "town/bench/optimize.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "town/bench/area.h"
#include "town/bench/floor.h"
#include "town/live/crew.h"

/* A solve of a hundred sites takes a millisecond or two: the median of some says more than one. */
enum { SMALL_SITES = 100, SMALL_RUNS = 9 };

typedef struct bench_run {
    env *env;
    const bench_optimize_options *o;
    bench_area area;
    bench_area_site site;
    const mizo_crew *crew;
    mizo_area *engine;
    bench_optimize_result *out;
} bench_run;

static struct rusage usage(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r;
}

static double cpu_s(void)
{
    struct rusage r = usage();
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

static double now_s(const bench_run *r)
{
    return (double)r->env->ops->mono_ns(r->env) * 1e-9;
}

/* ---- building ---- */

static mizo_err build(bench_run *r)
{
    double before = now_s(r);
    MIZO_TRY(bench_area_init(&r->area, r->o->seed, r->o->sites, false));
    MIZO_TRY(mizo_area_new(&r->area.shape, &r->engine));
    const mizo_site_problem *problem = &r->site.problem;
    for (size_t i = 0; i < r->o->sites; i++) {
        bench_area_make(&r->area, i, &r->site);
        MIZO_TRY(mizo_area_add(r->engine, 0, &problem));
    }
    r->out->build_s = now_s(r) - before;
    return MIZO_OK;
}

/* The next forecast: other loads, other prices. */
static mizo_err change(bench_run *r)
{
    MIZO_TRY(bench_area_init(&r->area, r->o->seed, r->o->sites, true));
    MIZO_TRY(mizo_area_renew(r->engine, &r->area.shape));
    const mizo_site_problem *problem = &r->site.problem;
    for (size_t i = 0; i < r->o->sites; i++) {
        bench_area_make(&r->area, i, &r->site);
        MIZO_TRY(mizo_area_set(r->engine, i, &problem));
    }
    return MIZO_OK;
}

/* ---- solving ---- */

static bool interrupted(void *arg)
{
    (void)arg;
    return env_interrupted();
}

static mizo_err solve(bench_run *r, bool cold, bench_solve *out)
{
    mizo_area_options o = {
        .size = sizeof o, .gap = r->o->gap, .cold = cold, .crew = r->crew, .stop = interrupted
    };
    mizo_area_result a;
    double cpu = cpu_s(), wall = now_s(r);
    MIZO_TRY(mizo_area_solve(r->engine, &o, &a));
    *out = (bench_solve){ .wall_s = now_s(r) - wall,
                          .cpu_s = cpu_s() - cpu,
                          .objective = a.objective / BENCH_AREA_SCALE,
                          .bound = a.bound / BENCH_AREA_SCALE,
                          .gap = a.gap,
                          .residual = a.residual,
                          .iterations = a.iterations,
                          .status = a.status };
    r->out->state_mb = (double)a.bytes / 1e6;
    return env_interrupted() ? MIZO_ECANCELED : MIZO_OK;
}

static int by_wall(const void *pa, const void *pb)
{
    const bench_solve *a = pa, *b = pb;
    return a->wall_s < b->wall_s ? -1 : a->wall_s > b->wall_s;
}

/* Small towns are built and solved several times over, each time from nothing. */
static mizo_err solve_cold(bench_run *r)
{
    bench_solve each[SMALL_RUNS];
    r->out->runs = r->o->sites <= SMALL_SITES ? SMALL_RUNS : 1;
    for (int i = 0; i < r->out->runs; i++) {
        mizo_area_free(r->engine);
        r->engine = NULL;
        MIZO_TRY(build(r));
        MIZO_TRY(solve(r, true, &each[i]));
    }
    qsort(each, (size_t)r->out->runs, sizeof *each, by_wall);
    r->out->cold = each[r->out->runs / 2];
    r->out->rss_mb = (double)usage().ru_maxrss / 1024;
    return MIZO_OK;
}

static mizo_err solve_all(bench_run *r)
{
    MIZO_TRY(solve_cold(r));
    if (!r->o->warm)
        return MIZO_OK;
    MIZO_TRY(change(r));
    MIZO_TRY(solve(r, false, &r->out->warm));
    return solve(r, true, &r->out->changed);
}

mizo_err bench_optimize(env *e, const bench_optimize_options *o, bench_optimize_result *out)
{
    crew *hands = NULL;
    memset(out, 0, sizeof *out);
    out->asked = *o;
    bench_run *r = calloc(1, sizeof *r);
    if (!r)
        return MIZO_ENOMEM;
    *r = (bench_run){ .env = e, .o = o, .out = out };
    mizo_err err = o->threads > 1 ? crew_new(e, o->threads, &hands) : MIZO_OK;
    r->crew = hands ? crew_for(hands) : NULL;
    if (!err)
        err = solve_all(r);
    mizo_area_free(r->engine); /* before the yardstick: both may fill the machine */
    if (!err && o->floor)
        err = bench_floor(e, o->sites, r->crew, &out->floor_wall_s, &out->floor_cpu_s);
    crew_free(hands);
    free(r);
    return err;
}
