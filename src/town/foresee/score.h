/* score.h: how good the forecasts were: every day of a span is forecast from what had ended before its midnight,
 * then compared with what happened; naive members beside.
 *
 * Readings are taken as the store knows them now (a correction that came later counts); no forecast sees a slot
 * that ends after its issue. Sources of the measures: docs/mechanisms/score.md */
#ifndef TOWN_SCORE_H
#define TOWN_SCORE_H

#include "base/env.h"
#include "town/foresee/foresee.h"

enum {
    SCORE_NAIVES = 3, /* the last day known, the last week, the mean of the last four weeks */
    SCORE_STEPS = 5, /* of the day in hand: 1, 2, 4, 8, 16 slots after a forecast that is renewed every 2 h */
    SCORE_HOURS = 24
};
extern const int score_step[SCORE_STEPS];

/* Sums over slots in which forecast, truth and every naive are known. Wh. */
typedef struct score_cell {
    int64_t n, inside; /* slots; of these between P10 and P90 */
    double actual, miss, naive[SCORE_NAIVES];
    double loss, naive_loss; /* pinball, mean over the levels; of the last 28 days' values of the slot */
    double scale;            /* MASE: what "a week ago" missed in the eight weeks before the span */
} score_cell;

/* Ratios of a cell; NAN where there is nothing to divide by. */
typedef struct score_figures {
    double nmae, mase, pinball, coverage; /* pinball: of the mean level; coverage of the 80 % band */
    double naive[SCORE_NAIVES], naive_pinball;
    double skill; /* 1 - miss / that of the best naive */
} score_figures;
score_figures score_of(const score_cell *c);
void score_add(score_cell *sum, const score_cell *c);

typedef enum score_what { SCORE_DEMAND, SCORE_PV, SCORE_KINDS } score_what;

typedef struct score_table {
    score_cell lead[MIZO_AHEAD];    /* days ahead: [0] the first day */
    score_cell within[SCORE_STEPS], /* renewed in the day */
        midnight[SCORE_STEPS];      /* the same slots as said at midnight */
    score_cell hour[SCORE_HOURS];   /* of the first day */
} score_table;

typedef struct score_site {
    mizo_ref point;
    score_cell first[SCORE_KINDS]; /* the first day */
} score_site;

typedef struct score_plant {
    mizo_ref plant;
    score_cell first; /* the first day's half-hours of what it sends out */
} score_plant;

typedef struct score_ask {
    const mizo_region *region;
    store *store;
    mizo_day from, to; /* days [from, to) that are forecast */
    int days;          /* ahead, 1 .. MIZO_AHEAD */
    const mizo_ref *point;
    size_t npoint;
    bool plants;                                /* the region's plants too */
    const int *stop;                            /* atomic: not zero ends it with MIZO_ECANCELED; NULL: none */
    mizo_err (*done)(void *arg, size_t points); /* after each point; an error ends it. NULL: none */
    void *arg;
} score_ask;

typedef struct score_result {
    score_table of[SCORE_KINDS];
    score_cell town[SCORE_KINDS]; /* the sum of the points, the first day: its mean alone is judged */
    score_site *site;             /* [nsite] those that could be judged, the one that was missed most first */
    size_t nsite, silent;
    score_plant *plant; /* [nplant] those that could be judged, in the region's order */
    size_t nplant;
} score_result;

/* MIZO_ENOENT: no point could be judged; MIZO_ECANCELED; MIZO_ENOMEM; or the store's error. */
MIZO_MUST_USE mizo_err score_run(const score_ask *ask, score_result *out);
void score_free(score_result *r); /* an empty one is fine */

#endif
