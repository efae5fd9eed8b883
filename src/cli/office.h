/* office.h: acts of `mizo office` that `mizo city` takes too. */
#ifndef CLI_OFFICE_H
#define CLI_OFFICE_H

#include "cli/act.h"

extern const cli_acts cli_office_acts;

#endif
