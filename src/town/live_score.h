/* live_score.h: while the town is served, how good its forecasts of the last two weeks were: an actor with a thread
 * and a store connection of its own, so that nobody waits for it.
 *
 * Judged when the town begins, then again with each new day, at most once in a quarter of an hour. */
#ifndef TOWN_LIVE_SCORE_H
#define TOWN_LIVE_SCORE_H

#include "town/score_json.h"
#include "town/town.h"

typedef struct live_score live_score;

typedef struct live_score_options {
    env *env;
    const char *dir;
    int days;    /* of the span; 0: 14 */
    int rest_ms; /* between two judgements; 0: a quarter of an hour */
} live_score_options;

MIZO_MUST_USE mizo_err live_score_start(const live_score_options *o, live_score **out);
void live_score_stop(live_score *s); /* within a second or so; NULL is fine */

/* Of the town's thread: `day` begins in this region; the days before it can be judged. */
void live_score_day(live_score *s, const mizo_region *r, mizo_day day);
/* Of the loop thread: the latest; borrowed until it is asked again. NULL: none yet. */
const score_card *live_score_now(live_score *s);

#endif
