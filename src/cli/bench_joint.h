/* bench_joint.h: mizo bench joint. */
#ifndef CLI_BENCH_JOINT_H
#define CLI_BENCH_JOINT_H

#include "cli/cli.h"

int cli_bench_joint(cli *c, const char *data, const char *set, bool as_json);

#endif
