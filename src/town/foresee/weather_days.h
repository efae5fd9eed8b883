/* weather_days.h: the weather as a forecaster of the town is told it, turned at each midnight.
 *
 * Of a day that has ended: what had been forecast of it when it began, since that is what a forecaster will
 * have of the days to come; what was measured where nothing had been forecast. Of the days ahead: what is
 * expected. A town to which no forecast ever came goes without: the usual weather of the season says less of
 * tomorrow than yesterday's load does. docs/mechanisms/weather.md
 *
 * Made and turned on one thread; between two turns any number may read it. */
#ifndef TOWN_WEATHER_DAYS_H
#define TOWN_WEATHER_DAYS_H

#include "town/foresee/foresee.h"
#include "town/foresee/weather_in.h"

enum { WEATHER_PAST = 150 }; /* days that are remembered */

/* As it is at the midnight that begins `day`, or at `issued` within it (0: the midnight). hindcast: as
 * weather_ask. Freed with weather_days_free, NULL is fine. */
MIZO_MUST_USE mizo_err weather_days_new(const mizo_region *r, store *s, bool hindcast, mizo_day day,
                                        mizo_ms issued, weather_days **out);
void weather_days_free(weather_days *w);
/* The next midnight; any other day is read anew. */
MIZO_MUST_USE mizo_err weather_days_turn(weather_days *w, mizo_day day);
/* The same, into one of its own: for who walks the same days many times. */
MIZO_MUST_USE mizo_err weather_days_next(const weather_days *w, weather_days **out);
void weather_days_move(weather_days *w, const mizo_region *r); /* the same town, another model */

/* False: no forecast was known; then the others give NULL. NULL w is fine in all of them. */
bool weather_days_any(const weather_days *w);
/* MIZO_AHEAD days from the one in hand on; borrowed until the next turn. */
const foresee_weather *weather_days_ahead(const weather_days *w);
/* One day before it, of the last WEATHER_PAST. NULL: too long ago. */
const foresee_weather *weather_days_past(const weather_days *w, mizo_day day, foresee_weather *room);

#endif
