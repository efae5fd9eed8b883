/* po.h: the instances of the ieee_po set: a campus with its rooms, batteries and activities, as text.
 *
 *     ppoi nBuildings nSolar nBatteries nRecurring nOnceOff
 *     b id smallRooms largeRooms
 *     s id building
 *     c id building capacityKWh maxKW efficiency
 *     r id rooms S|L kWperRoom steps nPrec prec...
 *     a id rooms S|L kWperRoom steps value penalty nPrec prec...
 */
#ifndef TOWN_BENCH_PO_H
#define TOWN_BENCH_PO_H

#include "optimize/activity.h"

typedef struct po_instance {
    int nbuilding, nsolar, nbattery, nrecurring, nonce;
    int *building; /* [nbuilding] ids as in the file */
    int (*rooms)[ACTIVITY_SIZES];
    activity_battery *battery;
    activity *recurring, *once; /* kw of all rooms together; before is owned */
} po_instance;

/* Reads the whole text. MIZO_EINPUT: the first mistake is diagnosed at its line, with what was expected there;
 * MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err po_read(const char *text, size_t n, const char *file, mizo_diags *d, po_instance *out);
void po_free(po_instance *p);

#endif
