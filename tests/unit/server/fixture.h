/* fixture.h: a view of the village that a test fills by hand. */
#ifndef TESTS_SERVER_FIXTURE_H
#define TESTS_SERVER_FIXTURE_H

#include "base/env.h"
#include "server/api.h"

typedef struct fixture {
    env *env;
    const mizo_region *region;
    town_view *view;
    find_index *sites;
} fixture;

/* Reads the region directory dir. False: it is not there, or has mistakes. */
bool fixture_open(fixture *f, const char *dir);
void fixture_close(fixture *f);
/* One request, path and words like "limit=2", ended by NULL. The response is the caller's. */
void fixture_get(const fixture *f, const char *path, const char *const *words, http_response *out);

#endif
