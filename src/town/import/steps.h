/* steps.h: what stage.h is for half-hours, for series of other steps (1, 5, 15, 60 minutes).
 * They are few, so a sorted table in memory will do. */
#ifndef TOWN_STEPS_H
#define TOWN_STEPS_H

#include "store/store.h"
#include "town/import/stage.h"

#define STEPS_LIMIT ((size_t)128 << 20)

typedef struct steps steps;

steps *steps_new(void);
void steps_free(steps *t);
/* index: the step of the day. MIZO_EFULL: at its bound; MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err steps_add(steps *t, int32_t series, mizo_day day, int step_min, int index,
                                 int32_t value, uint8_t quality, stage_result *result);
/* Writes all into the open batch; series i is the store's map[i]. */
MIZO_MUST_USE mizo_err steps_flush(steps *t, store *s, const int32_t *map, stage_count *count);

#endif
