/* metering.h: is it right? Validation and gap rules for readings. Pure.
 *
 * Values are int32 of one step, MIZO_MISSING where there is none; a run may cross
 * midnight if the caller lays days end to end. A fill is always named and flagged
 * (MIZO_QUALITY_FILLED), and never used for a bill or a baseline. */
#ifndef MIZO_METERING_H
#define MIZO_METERING_H

#include "mizo/series.h"

/* Missing values: how many, in how many runs, the longest run and where it begins (-1: none). */
typedef struct mizo_gap_count {
    int slots, runs, longest, longest_at;
} mizo_gap_count;
MIZO_API mizo_gap_count mizo_gaps(const int32_t *v, int n);

/* The same over values that come day by day: start with all zero, feed every day from the first to
 * the last (a day without readings: v NULL, n its steps), then close. Leading and trailing missing
 * values are no gaps. Positions count from the first value fed. */
typedef struct mizo_gap_run {
    int64_t seen;        /* values fed */
    int64_t run_at, run; /* the open run */
    int64_t known;       /* values that are there */
    int64_t slots, runs, longest, longest_at;
} mizo_gap_run;
MIZO_API void mizo_gap_feed(mizo_gap_run *g, const int32_t *v, int n);

/* Rule "linear-1": a single missing slot between two known ones is their mean (half up).
 * q may be NULL. Each fill returns how many values it filled. */
MIZO_API int mizo_fill_linear(int32_t *v, uint8_t *q, int n);
/* Rule "same-slot-last-week": from the same slot 7 days before, where that is known. */
MIZO_API int mizo_fill_last_week(int32_t *v, uint8_t *q, const int32_t *week_ago, int n);

/* Doubtful values: above limit_wh (0: no limit), or the same non-zero value in `run` slots on end or
 * more (0: not looked for). Counts them. */
MIZO_API int mizo_doubtful(const int32_t *v, int n, int32_t limit_wh, int run);
/* The longest run of one non-zero value: its length, and where it begins. */
MIZO_API int mizo_stuck(const int32_t *v, int n, int *at);

/* Most Wh that a step may hold behind a rated power: rated x 1.5 for step_min minutes. 0: no limit
 * (rating unknown). A reading above it has a wrong unit, or belongs to another meter. */
MIZO_API int32_t mizo_step_limit(int64_t rated_w, int step_min);

#endif
