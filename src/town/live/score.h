/* score.h: while the town is served, how good its forecasts of the last two weeks were: each judgement in a thread
 * and over a store connection of its own, so that nobody waits for it.
 *
 * Judged when the town begins, then again with each new day, at most once in a quarter of an hour. */
#ifndef TOWN_LIVE_SCORE_H
#define TOWN_LIVE_SCORE_H

#include "town/foresee/score_json.h"
#include "town/town.h"

typedef struct live_score live_score;

typedef struct live_score_options {
    env *env;
    const char *dir;
    int days;    /* of the span; 0: 14 */
    int rest_ms; /* between two judgements; 0: a quarter of an hour */
} live_score_options;

live_score *live_score_new(const live_score_options *o); /* NULL: out of memory */
/* Ends a judgement that runs, within a second or so. After the town's thread has ended; NULL is fine. */
void live_score_free(live_score *s);

/* Of the town's thread: `day` begins in this region: the days before it are judged, unless that is still being done
 * or was done a moment ago. NULL s is fine. */
void live_score_day(live_score *s, const mizo_region *r, mizo_day day);
/* Of the loop thread: the latest; borrowed until it is asked again. NULL: none yet. */
const score_card *live_score_now(live_score *s);

#endif
