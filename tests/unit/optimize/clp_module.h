/* clp_module.h: the solver of modules/mizo-clp.so as the tests find it, NULL where it is not built. */
#ifndef TESTS_CLP_MODULE_H
#define TESTS_CLP_MODULE_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "mizo/optimize.h"

static inline const mizo_lp_solver *clp_module(void)
{
    const char *dir = getenv("MIZO_MODULES");
    char path[4096];
    if (!dir || (size_t)snprintf(path, sizeof path, "%s/mizo-clp.so", dir) >= sizeof path)
        return NULL;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return handle ? dlsym(handle, "mizo_module_lp") : NULL;
}

/* How many random instances: some in every run, many when asked. */
static inline int how_many(int few, int many)
{
    return getenv("MIZO_MANY") ? many : few;
}

#endif
