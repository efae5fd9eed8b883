/* bench_value.h: mizo bench value. */
#ifndef CLI_BENCH_VALUE_H
#define CLI_BENCH_VALUE_H

#include "cli/cli.h"

typedef struct bench_value_ask {
    const char *set; /* NULL: all */
    const char *data, *region;
    int days; /* 0: all */
    bool all, json;
} bench_value_ask;

int cli_bench_value(cli *c, const bench_value_ask *ask);

#endif
