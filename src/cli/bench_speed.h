/* bench_speed.h: mizo bench forecast --speed. */
#ifndef CLI_BENCH_SPEED_H
#define CLI_BENCH_SPEED_H

#include "cli/cli.h"

int cli_bench_speed(cli *c, const char *region, bool as_json);

#endif
