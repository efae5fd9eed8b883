/* entries.h: what people decide at the city's desk, laid over the region's files: evaluations, targets, members of
 * registers, what was done in a year. Records of the office's lists (office.h), so that one verb lists, writes and loads
 * them; docs/mechanisms/city.md says which row of a file each stands in the place of. */
#ifndef TOWN_OFFICE_ENTRIES_H
#define TOWN_OFFICE_ENTRIES_H

#include "town/office/city.h"

/* From the id of a record what it names, where the fields are blank: an evaluation `NODE-2023` is of that node and year. */
void city_entry_fill(note *n);
/* What must hold between a record and the model, all said at `at`; warns where a status is not the one that the rule
 * proposes. Kinds that are not of this file pass. */
MIZO_MUST_USE mizo_err city_entry_check(town *t, const note *n, mizo_place at);
/* Reads every record of these kinds and lays it over the desk's model: d->books.region is then the desk's own. Records
 * that no longer fit the model are left out, never guessed. */
MIZO_MUST_USE mizo_err city_entries_lay(town *t, city_desk *d);

#endif
