/* provisional.h: a provisional year of an inventory: what is published, what firms reported under the ordinance in place of
 * data that are not out yet, and what is carried over. */
#ifndef TOWN_INVENTORY_PROVISIONAL_H
#define TOWN_INVENTORY_PROVISIONAL_H

#include "town/office/city.h"

typedef struct provisional_ask {
    const char *inventory, *lang;
    int fy;
} provisional_ask;

/* MIZO_ENOENT: no year to go by (said); MIZO_EINPUT: a report fits no line (said). */
MIZO_MUST_USE mizo_err provisional_doc(const city_desk *desk, const provisional_ask *ask, report **out);
MIZO_MUST_USE mizo_err provisional_json(const city_desk *desk, const provisional_ask *ask, json *j);
/* Writes its cells (sector, gas, form) and its total as records `emission`, vintage provisional, of this day; those that
 * are known so already change nothing. *changed: how many. */
MIZO_MUST_USE mizo_err provisional_keep(const city_desk *desk, const provisional_ask *ask, mizo_day on,
                                        const char *actor, int *changed);

#endif
