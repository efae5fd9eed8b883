/* held.h: readings that were held back: too large to be true, and waiting for a person's word.
 *
 * The import of the operator's files puts no value into a series that a named check doubts; it stands in a record of
 * kind `held` (one of a point and day, id POINT-YYYYMMDD) until somebody lets it in or puts another in its place, with a
 * reason. The same value that comes again needs no second word.
 */
#ifndef TOWN_HELD_H
#define TOWN_HELD_H

#include "town/town.h"

enum { HELD_ID = 64, HELD_TEXT = 250 };

typedef enum held_state { HELD_WAITING, HELD_ACCEPTED, HELD_REPLACED } held_state;
extern const char *const held_states[]; /* "waiting", "accepted", "replaced" */

typedef struct held_day {
    char id[HELD_ID];
    char point[MIZO_ID_MAX];
    mizo_day day;
    held_state state;
    uint8_t quality;              /* that the file gives */
    char check[24];               /* "rated-power" or "thousandfold" */
    char file[HELD_TEXT];         /* it came in */
    int32_t limit_wh;             /* what the check would have let in */
    int32_t wh[MIZO_DAY_SLOTS];   /* as the file has it; MIZO_MISSING: not held */
    int32_t into[MIZO_DAY_SLOTS]; /* HELD_REPLACED: what stands instead; MIZO_MISSING: nothing does */
    char reason[HELD_TEXT], actor[96];
} held_day;

void held_id(const char *point, mizo_day day, char out[HELD_ID]);
/* MIZO_ENOENT: there is none. */
MIZO_MUST_USE mizo_err held_get(town *t, const char *id, held_day *out);
/* Into the open batch. */
MIZO_MUST_USE mizo_err held_put(town *t, const held_day *h, bool *changed);
/* Every one, by id; waiting: only those that wait. */
MIZO_MUST_USE mizo_err held_scan(town *t, bool waiting, mizo_err (*fn)(void *arg, const held_day *h),
                                 void *arg);

/* A person's word, in a batch of its own. into NULL: the values go in as the file has them, with its quality; else
 * into[48], by hand (MIZO_MISSING: nothing is put there). MIZO_ENOENT: no such record; MIZO_EINPUT: no reason (both
 * said); MIZO_ECONFLICT: somebody has decided already (said). */
MIZO_MUST_USE mizo_err held_decide(town *t, const char *id, const int32_t *into, const char *reason,
                                   const char *actor, held_day *out);

#endif
