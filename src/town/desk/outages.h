/* outages.h: notices of plants that they stand still or send less for a while: records of kind `outage`, which their
 * workbooks leave (docs/formats/xlsx.md). */
#ifndef TOWN_OUTAGE_H
#define TOWN_OUTAGE_H

#include "mizo/slot.h"
#include "store/store.h"

enum { OUTAGE_NOTE = 120 };

typedef struct outage {
    char plant[MIZO_ID_MAX], furnace[MIZO_ID_MAX]; /* furnace "": all of it */
    char note[OUTAGE_NOTE];
    mizo_ms from, to;
    int64_t output_w; /* what it still sends */
} outage;

/* Those that overlap [from, to) and were known by `by`, in the order of their ids. fn returns an error to stop.
 * MIZO_ESTORE: a record is not what this program writes. */
MIZO_MUST_USE mizo_err outage_scan(store *s, int offset, mizo_ms from, mizo_ms to, mizo_ms by,
                                   mizo_err (*fn)(void *arg, const outage *o), void *arg);
/* How much of the half-hour a notice covers, in parts per million. */
int outage_covers(const outage *o, mizo_slot slot);

#endif
