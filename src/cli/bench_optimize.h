/* bench_optimize.h: mizo bench optimize. */
#ifndef CLI_BENCH_OPTIMIZE_H
#define CLI_BENCH_OPTIMIZE_H

#include "cli/cli.h"

/* Parses the words after `bench` by itself: its options are its own. */
int cli_bench_optimize(cli *c);

/* A number of what a child has printed: of the member `inside`, NULL the top. NaN: not there. */
double bench_number(const buf *json, const char *inside, const char *key);

/* ---- the table: bench_optimize_table.c ---- */

typedef struct optimize_ask {
    int64_t sites, seed, threads;
    const char *gap, *seeds; /* as they were written */
    bool warm, clp, only_clp, floor, all, json;
} optimize_ask;

/* Sizes and seeds, each in a process of its own. */
int cli_bench_optimize_table(cli *c, const optimize_ask *ask);

#endif
