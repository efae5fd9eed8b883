/* live.h: the running town of `mizo serve`. An actor: a thread of its own that owns an `operate`,
 * moves it by the town's clock, keeps what it did through the writer, and hands views to the loop.
 *
 * The loop thread never waits for it: a new view is left in one atomic slot (an older one that
 * nobody took is dropped) and the loop is told through env's post.
 */
#ifndef TOWN_LIVE_H
#define TOWN_LIVE_H

#include "mizo/optimize.h"
#include "town/foresee/score_json.h"
#include "town/live/view.h"
#include "town/town.h"

/* What is known of the model that runs, and of the files beside it. Immutable, counted. */
typedef struct live_model {
    int refs; /* atomic */
    const mizo_region *region;
    mizo_ms since;     /* by the wall clock, when it began to run */
    bool refused;      /* the files changed since and were refused: diags say why */
    mizo_diags *diags; /* of the last reading of the files */
} live_model;

/* Takes one reference of region (its own) and d over. NULL: out of memory. */
live_model *live_model_new(const mizo_region *r, mizo_ms since, bool refused, mizo_diags *d);
live_model *live_model_ref(live_model *m);
void live_model_unref(live_model *m); /* NULL is fine */

typedef struct live_options {
    env *env;
    const char *dir;
    const mizo_region *region;
    mizo_diags *diags;            /* of the first reading of the files; taken over */
    const mizo_lp_solver *solver; /* NULL: the town's engine; as in operate.h */
    double speed;                 /* 1: real time, 600: ten minutes a second */
    mizo_day from;                /* MIZO_DAY_NONE: where the store says, or the region, or the readings */
    void (*changed)(void *arg);   /* on the loop thread, after a new view or model was taken */
    void *arg;
} live_options;

typedef struct live live;

/* Starts the thread. Says in d why not. */
MIZO_MUST_USE mizo_err live_start(const live_options *o, mizo_diags *d, live **out);
/* On the loop thread: what was handed last, borrowed until the loop turns. NULL: nothing yet. */
const town_view *live_view(const live *l);
const live_model *live_model_now(const live *l);
const score_card *live_score_card(const live *l); /* of the last two weeks */
/* The thread that alone writes to its store, until live_stop. */
struct writer *live_writer(const live *l);
/* Asks it to end, waits for the thread (under a second) and for what it wrote. NULL is fine. The views
 * stay until live_release, which is for the time after the loop has run what was posted to it. */
void live_stop(live *l);
void live_release(live *l);

#endif
