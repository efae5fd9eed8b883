/* yearly.h: an owners' yearly workbook of a thousand rows: written, read, checked and posted. */
#ifndef TOWN_BENCH_YEARLY_H
#define TOWN_BENCH_YEARLY_H

#include "town/town.h"

typedef struct bench_yearly {
    int64_t rows, added, again; /* again: rows that a second import found as they were */
    int64_t bytes;              /* of the workbook */
    uint64_t write_ns, post_ns, again_ns;
} bench_yearly;

/* With the region's facilities, as often as needed, into a store and a disk in memory: what mizo itself does. MIZO_EUNSUPPORTED: a module is not here. */
MIZO_MUST_USE mizo_err bench_yearly_run(env *e, const mizo_region *r, mizo_diags *d, bench_yearly *out);

#endif
