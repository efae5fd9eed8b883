/* bench_settle.h: mizo bench settle: a year of half-hours to bills. Has options of its own. */
#ifndef CLI_BENCH_SETTLE_H
#define CLI_BENCH_SETTLE_H

#include "cli/cli.h"

int cli_bench_settle(cli *c);

#endif
