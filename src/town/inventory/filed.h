/* filed.h: what people file beside the region's inventories: emissions that were taken in from another scheme's table, and
 * reports under the ordinance. Records, with all their versions; an emission of a later day stands beside the earlier one. */
#ifndef TOWN_INVENTORY_FILED_H
#define TOWN_INVENTORY_FILED_H

#include "base/arena.h"
#include "city/inventory.h"
#include "town/note.h"

/* A cell of an inventory: kind `emission`, its id is made of its key. */
extern const note_kind note_emission;
/* Lays the records' cells behind those of a model that is the caller's own copy; they live as long as mem. */
MIZO_MUST_USE mizo_err inventory_lay(town *t, arena *mem, mizo_region *over);

/* Writes a cell into the open batch, unless it says what is there already (the value, of the newest publication). */
MIZO_MUST_USE mizo_err inventory_put(town *t, const mizo_emission *e, bool *changed);

typedef struct inventory_reports {
    city_filed *v; /* [n] texts are of the arena */
    const char **id;
    size_t n, cap, id_cap;
} inventory_reports;
/* Every report of a fiscal year: the office's list ordinance-report. Free v and id. */
MIZO_MUST_USE mizo_err inventory_filed(town *t, arena *mem, int fy, inventory_reports *out);

#endif
