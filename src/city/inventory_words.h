/* inventory_words.h: what the ids of an inventory are called: sectors, gases, forms of energy, and the inventories that
 * the region names. Pure. */
#ifndef CITY_INVENTORY_WORDS_H
#define CITY_INVENTORY_WORDS_H

#include "mizo/region.h"

enum { INVENTORY_WORD = 96 };

typedef enum inventory_of { INVENTORY_SECTOR, INVENTORY_GAS, INVENTORY_FORM } inventory_of;

/* The word of an id in "ja" or "en". "part-3" is a part that its source numbers without a name. An id that has no word
 * stays itself. Returns out. */
const char *inventory_word(inventory_of of, const char *id, const char *lang, char out[INVENTORY_WORD]);

/* The row of inventories.csv; NULL: none. */
const mizo_inventory *inventory_row(const mizo_region *r, const char *id);
/* Its name in "ja" or "en", else the id. */
const char *inventory_name(const mizo_region *r, const char *id, const char *lang);

#endif
