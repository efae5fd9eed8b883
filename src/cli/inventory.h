/* inventory.h: words of `mizo inventory` that `mizo city` takes too. */
#ifndef CLI_INVENTORY_H
#define CLI_INVENTORY_H

#include <stdbool.h>

bool cli_inventory_word(const char *word);

#endif
