/* keep.h: what the running town writes: each day as it was forecast, planned and done, the
 * models that ran, and how far its clock has come, so that a restart goes on where it was. */
#ifndef TOWN_LIVE_KEEP_H
#define TOWN_LIVE_KEEP_H

#include "town/live/view.h"
#include "town/writer.h"

typedef struct keep keep;

MIZO_MUST_USE mizo_err keep_start(env *e, const char *path, mizo_diags *d, keep **out);
/* Ends after everything that was handed over is durable. Then keep_free, once the loop has run what
 * the writer posted; NULL is fine. */
void keep_stop(keep *k);
void keep_free(keep *k);

/* The thread that alone writes: for what people do on pages. */
writer *keep_writer(const keep *k);

/* A complete day: forecasts as issued, plans as dispatched, what the devices did. */
void keep_day(keep *k, const town_view *v);
/* The slot that comes next. */
void keep_clock(keep *k, mizo_slot next);
/* A model that runs from now on; text is taken over. */
void keep_model(keep *k, const mizo_region *r, char *text, mizo_ms known);
/* How it stands with the store. KEEP_FULL: there is no room, or another program holds it; what could not
 * be written waits, and is written when that is over. KEEP_FAILED: a sync has failed; nothing is written
 * any more until a restart. From any thread. */
typedef enum keep_state { KEEP_WELL, KEEP_FULL, KEEP_FAILED } keep_state;
keep_state keep_is(const keep *k);

/* Where the clock of the store stands. MIZO_ENOENT: it never ran. */
MIZO_MUST_USE mizo_err keep_resume(store *s, mizo_slot *next);

#endif
