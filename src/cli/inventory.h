/* inventory.h: acts of `mizo inventory` that `mizo city` takes too. */
#ifndef CLI_INVENTORY_H
#define CLI_INVENTORY_H

#include "cli/act.h"

extern const cli_acts cli_inventory_acts;

#endif
