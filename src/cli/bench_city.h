/* bench_city.h: mizo bench city: the whole roll-up of a region's city files. */
#ifndef CLI_BENCH_CITY_H
#define CLI_BENCH_CITY_H

#include "cli/cli.h"

int cli_bench_city(cli *c, const char *region, bool as_json);

#endif
