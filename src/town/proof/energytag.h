/* energytag.h: the matching of a stretch of days as granular certificates, in the shape of the EnergyTag scheme's
 * bundles: integer Wh, half-hour, device, carrier, status. Bundles of a device and half-hour with the same holder are one.
 * Written day by day: memory does not grow with the days. docs/formats/energytag.md */
#ifndef TOWN_ENERGYTAG_H
#define TOWN_ENERGYTAG_H

#include "town/proof/match_report.h"

/* X(NAME, "word"): a line stands for so much. Only half-hours are certificates; days and months are their sums. */
#define ENERGYTAG_STEPS(X)                                                                                   \
    X(SLOT, "slot")                                                                                          \
    X(DAY, "day")                                                                                            \
    X(MONTH, "month")

typedef enum energytag_step {
#define X(name, word) ENERGYTAG_##name,
    ENERGYTAG_STEPS(X)
#undef X
} energytag_step;
extern const char *const energytag_step_words[]; /* ended by NULL */

typedef struct energytag_ask {
    mizo_day from, to; /* [from, to) */
    energytag_step step;
    bool json;        /* one object; else CSV */
    const char *site; /* a facility, point or plant alone; NULL: all */
    const char *pool; /* what went through this pool, "own" or "pool"'s id; without consumption. NULL: all */
    bool certificates, consumption; /* the records wanted; neither: both */
} energytag_ask;

typedef struct energytag_sum {
    int64_t records, bytes;
    int days; /* that had readings */
} energytag_sum;

/* Gives the text to put, a day at a time; put may refuse. sum is kept up while it is written. MIZO_EINPUT: no such site
 * or pool, said in d; MIZO_ENOMEM, MIZO_ESTORE. */
MIZO_MUST_USE mizo_err energytag_write(store *s, const mizo_region *r, const energytag_ask *ask,
                                       mizo_diags *d, mizo_err (*put)(void *arg, const char *p, size_t n),
                                       void *arg, energytag_sum *sum);

#endif
