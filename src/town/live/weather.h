/* weather.h: asks for forecasts while the town is served: an actor with a thread of its own.
 *
 * Nothing is asked unless the region names an address. One question at a time, every weather_every_hours by
 * the wall clock; after a failure sooner, first in a minute, then each time twice as long. Whatever fails, the
 * store keeps what it has: docs/mechanisms/weather.md */
#ifndef TOWN_LIVE_WEATHER_H
#define TOWN_LIVE_WEATHER_H

#include "base/fetch.h"
#include "town/foresee/weather_fetch.h"
#include "town/town.h"

typedef struct live_weather live_weather;

typedef struct live_weather_options {
    env *env;
    const char *dir;
    const mizo_region *region; /* takes a reference of its own */
    const fetch_client *http;  /* NULL: the module, at the first question */
    int first_ms, again_ms;    /* until the first question, and after a failure; 0: the usual */
} live_weather_options;

MIZO_MUST_USE mizo_err live_weather_start(const live_weather_options *o, live_weather **out);
void live_weather_stop(live_weather *w); /* within a second or so; NULL is fine */

/* ---- of one other thread ---- */
void live_weather_region(live_weather *w, const mizo_region *r); /* from now on this one; NULL w is fine */
typedef struct live_weather_state {
    bool asked;    /* the region names an address and an answer or a failure has come */
    mizo_ms good;  /* when the last answer came that was kept, 0: none yet */
    mizo_ms since; /* failing since; 0: well */
    char why[WEATHER_WHY];
} live_weather_state;
const live_weather_state *live_weather_now(live_weather *w); /* borrowed until asked again */

#endif
