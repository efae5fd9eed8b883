/* lists.h: words of `mizo city` that look at one thing: a list, a facility, the map, the public page. */
#ifndef CLI_LISTS_H
#define CLI_LISTS_H

#include "cli/cli.h"

bool cli_lists_word(const char *word);
extern const cli_verb cli_lists;

#endif
