/* floor.c: the arithmetic of bench_floor_kernel.h against the clock. */
#include "town/bench/floor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "town/bench/floor_kernel.h"

enum { TRIES = 3, ALIGN = 64 };

typedef struct floor_run {
    floor_state *state;
    size_t groups;
    int threads;
    floor_sum *sum; /* one a thread */
    void (*pass)(floor_state *from, size_t n, floor_sum *sum);
} floor_run;

static double cpu_s(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

/* Each thread goes all its passes over sites of its own. */
static void work(void *ctx, int k)
{
    floor_run *r = ctx;
    size_t from = r->groups * (size_t)k / (size_t)r->threads;
    size_t to = r->groups * (size_t)(k + 1) / (size_t)r->threads;
    memset(&r->sum[k], 0, sizeof r->sum[k]);
    for (int pass = 0; pass < BENCH_FLOOR_PASSES; pass++)
        r->pass(r->state + from, to - from, &r->sum[k]);
}

static void fill(floor_run *r)
{
    double *v = (double *)r->state;
    size_t n = r->groups * sizeof *r->state / sizeof *v;
    for (size_t i = 0; i < n; i++) /* four sites of a slot lie together: each has numbers of its own */
        v[i] = 1 + 0.1 * (double)(i % FLOOR_LANES) + 0.01 * (double)(i / FLOOR_LANES % 89);
}

static void measure(env *e, floor_run *r, const mizo_crew *crew, double *wall_s, double *cpu)
{
    for (int i = 0; i < TRIES; i++) {
        double cpu_before = cpu_s();
        uint64_t before = e->ops->mono_ns(e);
        if (crew)
            crew->run(crew->arg, work, r);
        else
            work(r, 0);
        double wall = (double)(e->ops->mono_ns(e) - before) * 1e-9;
        if (i == 0 || wall < *wall_s) {
            *wall_s = wall;
            *cpu = cpu_s() - cpu_before;
        }
    }
}

static void choose(floor_run *r)
{
    r->pass = floor_pass_plain;
#ifdef FLOOR_HAS_V3
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        r->pass = floor_pass_v3;
#endif
}

mizo_err bench_floor(env *e, size_t sites, const mizo_crew *crew, double *wall_s, double *cpu)
{
    floor_run r = { .groups = (sites + FLOOR_LANES - 1) / FLOOR_LANES, .threads = crew ? crew->threads : 1 };
    choose(&r);
    r.state = aligned_alloc(ALIGN, r.groups * sizeof *r.state);
    r.sum = aligned_alloc(ALIGN, (size_t)r.threads * sizeof *r.sum);
    mizo_err err = r.state && r.sum ? MIZO_OK : MIZO_ENOMEM;
    if (!err) {
        fill(&r);
        measure(e, &r, crew, wall_s, cpu);
    }
    free(r.state);
    free(r.sum);
    return err;
}
