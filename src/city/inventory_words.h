/* inventory_words.h: what the ids of an inventory are called: sectors, gases, forms of energy (its own name: city_inventory_name). Pure. */
#ifndef CITY_INVENTORY_WORDS_H
#define CITY_INVENTORY_WORDS_H

enum { INVENTORY_WORD = 96 };

typedef enum inventory_of { INVENTORY_SECTOR, INVENTORY_GAS, INVENTORY_FORM } inventory_of;

/* The word of an id in "ja" or "en". "part-3" is a part that its source numbers without a name. An id that has no word
 * stays itself. Returns out. */
const char *inventory_word(inventory_of of, const char *id, const char *lang, char out[INVENTORY_WORD]);

#endif
