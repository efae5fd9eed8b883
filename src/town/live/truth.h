/* truth.h: recorded truth of the points that a run follows, a few weeks at a time. The operating room
 * alone asks for it; what it hands to forecasters and planners ends before the slot in hand. */
#ifndef TOWN_TRUTH_H
#define TOWN_TRUTH_H

#include "mizo/region.h"
#include "store/store.h"

enum { TRUTH_DAYS = 42, TRUTH_BACK_MS_DAYS = 8 };

typedef struct truth truth;

typedef struct truth_session {
    mizo_ref vehicle; /* in region->vehicle; -1: unknown, skip it */
    mizo_ms arrive, depart;
    mizo_wh need_wh;
} truth_session;

typedef struct truth_options {
    const mizo_region *region; /* borrowed: must outlive it */
    store *store;              /* borrowed */
    const mizo_ref *point;     /* [n], copied */
    size_t n;
    mizo_day today;
    mizo_ms from, to;       /* of the run: sessions are cut to it in proportion; to 0: open */
    mizo_ms sessions_ahead; /* how far ahead sessions are loaded: at least to the end of tomorrow */
    const int *stop;        /* atomic: not zero ends a long read with MIZO_ECANCELED; NULL: none */
} truth_options;

/* Loads TRUTH_DAYS days before today, and today. MIZO_ENOENT: the store has no reading at all. */
MIZO_MUST_USE mizo_err truth_new(const truth_options *o, truth **out);
void truth_free(truth *t);
/* Goes on to the next day. */
MIZO_MUST_USE mizo_err truth_turn(truth *t);

/* Reads the days of point i again: somebody has corrected them. */
MIZO_MUST_USE mizo_err truth_revise(truth *t, size_t i);

/* First slot of which nothing is recorded any more. */
mizo_slot truth_end(const truth *t);

/* [(TRUTH_DAYS + 1) * 48] Wh, oldest first, today last; MIZO_MISSING where unknown. */
const int32_t *truth_demand(const truth *t, size_t i);
const int32_t *truth_pv(const truth *t, size_t i); /* NULL: the point has no PV */
/* What the devices meet today, [48]: the truth, and in a gap the same slot of the latest day that knows it. */
const int32_t *truth_met_demand(const truth *t, size_t i);
const int32_t *truth_met_pv(const truth *t, size_t i);
/* Today's registers as read, [48]. */
const int32_t *truth_import(const truth *t, size_t i);
const int32_t *truth_export(const truth *t, size_t i);
const int32_t *truth_plant(const truth *t, size_t plant); /* [48] */
const int32_t *truth_price(const truth *t);               /* [48] milli-yen per kWh */
/* What the devices will meet from today's first slot on, for perfect foresight: days * 48 values. */
MIZO_MUST_USE mizo_err truth_ahead(truth *t, size_t i, int days, int32_t *demand, int32_t *pv);

/* Sessions from TRUTH_BACK_MS_DAYS days back to `sessions_ahead`, by arrival. */
const truth_session *truth_sessions(const truth *t, size_t *n);

#endif
