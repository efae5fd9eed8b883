/* weather_fetch.h: asks the forecast service that the region names, and imports its answer. */
#ifndef TOWN_WEATHER_FETCH_H
#define TOWN_WEATHER_FETCH_H

#include "base/fetch.h"
#include "town/import/import.h"

enum {
    WEATHER_WHY = 96,
    WEATHER_BODY_MOST = 8 << 20,
    WEATHER_CONNECT_MS = 10000,
    WEATHER_TOTAL_MS = 60000,
    WEATHER_REDIRECTS = 3
};

typedef struct weather_fetch_options {
    const fetch_client *http;
    const char *url;         /* NULL: the region's */
    const char *actor;       /* NULL: "operator" */
    int total_ms;            /* 0: WEATHER_TOTAL_MS */
    bool (*stop)(void *arg); /* true ends it; NULL: none */
    void *arg;
} weather_fetch_options;

/* The address with {lat} and {lon} filled in. MIZO_ENOENT: the region names none; MIZO_EINPUT: it is none. */
MIZO_MUST_USE mizo_err weather_address(const mizo_region *r, const char *template, mizo_diags *d, buf *out);
/* One question, one import; t was opened for writing. Whatever goes wrong is in t->diags, and the store is as
 * it was. why, if not NULL, gets it in a few words for the alarm: "status 500". */
MIZO_MUST_USE mizo_err weather_fetch(town *t, const weather_fetch_options *o, import_result *r,
                                     char why[WEATHER_WHY]);

#endif
