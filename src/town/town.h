/* town.h: joins the rooms; the only room that reads and writes the store. One file per act. */
#ifndef TOWN_TOWN_H
#define TOWN_TOWN_H

#include "base/env.h"
#include "mizo/region.h"
#include "store/store.h"

/* An opened region directory: its model and its store. */
typedef struct town {
    env *env;
    const char *dir;
    const mizo_region *region; /* one reference */
    store *store;              /* NULL where the verb needs none */
    mizo_diags *diags;         /* borrowed */
    mizo_ms now;               /* told by the running town; 0: town_now looks */
} town;

/* Loads the model of dir and opens DIR/mizo.db. With STORE_WRITE the accepted model is stored whole
 * under its hash, if it is new. On failure *t is empty and diags say why. model.c */
MIZO_MUST_USE mizo_err town_open(env *e, const char *dir, store_mode mode, mizo_diags *diags, town *t);
/* The same; a new model is kept in the name of `actor` (town/people/actor.h) instead of "mizo". */
MIZO_MUST_USE mizo_err town_open_as(env *e, const char *dir, store_mode mode, const char *actor,
                                    mizo_diags *diags, town *t);
/* The model alone, for what asks nothing of a store; there need be none. */
MIZO_MUST_USE mizo_err town_open_files(env *e, const char *dir, mizo_diags *diags, town *t);
void town_close(town *t);

/* The one place from which an act has its instant (known, made, approved, "is the month over"): the clock of a
 * simulated town (one whose region has a clock_start) where it stands; else, and where that clock never ran, the
 * machine's. Only sessions, log-in and what is measured of the program itself go by the machine. clock.c */
mizo_ms town_now(const town *t);
mizo_day town_today(const town *t); /* its day */
/* The instant that knows all that is kept: now, or later where files from outside were read by the machine's clock. */
MIZO_MUST_USE mizo_err town_known(const town *t, mizo_ms *out);

void town_store_path(const char *dir, buf *out); /* DIR/mizo.db */

#endif
