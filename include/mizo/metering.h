/* metering.h: is it right? Validation and gap rules for readings. Pure. */
#ifndef MIZO_METERING_H
#define MIZO_METERING_H

#include "mizo/series.h"

/* A gap rule fills missing slots of one day from other days, with quality FILLED. Never for a bill or a baseline. */
typedef struct mizo_gap_count {
    int slots, runs, longest;
} mizo_gap_count;
MIZO_API mizo_gap_count mizo_gaps(const int32_t *v, int n);
/* Rule "linear-1": a single missing slot between two known ones is their mean (half-up). */
MIZO_API int mizo_fill_linear(int32_t *v, uint8_t *q, int n);
/* Rule "same-slot-last-week": from the same slot 7 days before, where that is known. */
MIZO_API int mizo_fill_last_week(int32_t *v, uint8_t *q, const int32_t *week_ago, int n);
/* Doubtful values: above limit_wh, or the same non-zero value in `run` slots on end. Counts them. */
MIZO_API int mizo_doubtful(const int32_t *v, int n, int32_t limit_wh, int run);

#endif
