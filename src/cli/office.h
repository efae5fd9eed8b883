/* office.h: words of `mizo office` that `mizo city` takes too. */
#ifndef CLI_OFFICE_H
#define CLI_OFFICE_H

#include <stdbool.h>

bool cli_office_word(const char *word);

#endif
