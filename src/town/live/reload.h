/* reload.h: watches the files of a region directory and makes the next model when they change.
 *
 * Ask once a second or so, from one thread that may wait for a few milliseconds of file reading.
 * An editor writes in pieces: a change is taken only when the files were the same in two askings
 * on end, and when they still are after they were read. */
#ifndef TOWN_RELOAD_H
#define TOWN_RELOAD_H

#include "base/env.h"
#include "mizo/region.h"

typedef struct reload reload;

/* now: the model that runs; its hash is remembered, no reference is taken. */
MIZO_MUST_USE mizo_err reload_new(env *e, const char *dir, const mizo_region *now, reload **out);
void reload_free(reload *r); /* NULL is fine */

/* MIZO_ENOENT: nothing new, d is untouched.
 * MIZO_OK: *next is a new model with one reference, *text its canonical text (free it; text may be
 * NULL); d has its warnings. *next is NULL when the files again make the model that runs: what was
 * said of a mistake before no longer holds.
 * Any other error: the files changed and are refused, d says why; the running model stays. Said once
 * a change. */
MIZO_MUST_USE mizo_err reload_beat(reload *r, mizo_diags *d, const mizo_region **next, char **text);

#endif
