/* env_sim.h: a world for tests. Its clock moves only when told, its chance comes
 * from a seed, its files are in memory, and its file calls can be made to fail.
 * Timers, posts and jobs run on the caller's thread in order of time and of
 * their coming, so that one seed gives one trace. thread() starts a real thread:
 * a test that wants one trace uses none. */
#ifndef BASE_ENV_SIM_H
#define BASE_ENV_SIM_H

#include "base/env.h"

typedef struct env_sim_options {
    uint64_t seed;
    mizo_ms start; /* wall clock at the beginning */
    int fault_ppm; /* of a million file calls so many fail, by the seed */
} env_sim_options;

env *env_sim_new(const env_sim_options *o); /* NULL: out of memory */
void env_sim_free(env *e);

void env_sim_advance(env *e, int64_t ms); /* runs what falls due on the way */
void env_sim_jump(env *e, int64_t ms);    /* the wall clock alone, also backwards */
void env_sim_fail_at(env *e, int64_t n);  /* the n-th file call from now (1: the next) fails; 0: none */
int64_t env_sim_file_calls(const env *e); /* so far */
const char *env_sim_log(const env *e);    /* every line logged, "level area line\n" */

#endif
