/* lists.h: words of `mizo city` that look at one thing: a list, a facility, the map, the public page. */
#ifndef CLI_LISTS_H
#define CLI_LISTS_H

#include "cli/act.h"

extern const cli_acts cli_lists_acts;
extern const cli_verb cli_lists;

#endif
