/* clp.c: the general solver on the same town: what the engine's time is held against. */
#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "optimize/area_lp.h"
#include "town/bench/area.h"
#include "town/bench/optimize.h"
#include "town/module.h"

typedef struct reading {
    bench_area area;
    bench_area_site site;
} reading;

static const mizo_site_problem *next_site(void *arg, size_t i, int k, int *node)
{
    reading *r = arg;
    (void)k;
    *node = 0;
    bench_area_make(&r->area, i, &r->site);
    return &r->site.problem;
}

static double cpu_s(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

/* Loading is not in the times: the engine's building is not either. */
static mizo_err solve(env *e, const area_lp *lp, const mizo_lp_solver *solver, bench_clp_result *out)
{
    area_lp_answer answer;
    mizo_lp *s = area_lp_load(lp, solver);
    if (!s)
        return MIZO_ENOMEM;
    double cpu = cpu_s();
    uint64_t before = e->ops->mono_ns(e);
    mizo_err err = solver->solve(s, INT_MAX);
    out->wall_s = (double)(e->ops->mono_ns(e) - before) * 1e-9;
    out->cpu_s = cpu_s() - cpu;
    out->iterations = solver->iterations(s);
    if (!err)
        err = area_lp_judge(lp, solver->x(s), solver->dual(s), &answer, NULL);
    solver->free(s);
    if (err)
        return err;
    out->objective = answer.objective / BENCH_AREA_SCALE;
    out->bound = answer.bound / BENCH_AREA_SCALE;
    return MIZO_OK;
}

static mizo_err write_and_solve(env *e, reading *r, const mizo_lp_solver *solver, bench_clp_result *out)
{
    area_lp lp;
    MIZO_TRY(area_lp_make(&lp, &r->area.shape, r->area.sites, next_site, r));
    *out = (bench_clp_result){ .columns = lp.cols, .rows = lp.rows };
    mizo_err err = solve(e, &lp, solver, out);
    area_lp_free(&lp);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    out->rss_mb = (double)use.ru_maxrss / 1024;
    return err;
}

mizo_err bench_clp(env *e, const bench_optimize_options *o, mizo_diags *d, bench_clp_result *out)
{
    const mizo_lp_solver *solver;
    MIZO_TRY(module_lp_barrier(d, &solver));
    reading *r = calloc(1, sizeof *r);
    if (!r)
        return MIZO_ENOMEM;
    mizo_err err = bench_area_init(&r->area, o->seed, o->sites, false);
    if (!err)
        err = write_and_solve(e, r, solver, out);
    free(r);
    return err;
}
