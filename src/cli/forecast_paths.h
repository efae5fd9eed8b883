/* forecast_paths.h: mizo forecast --paths: what may happen to the whole town at once. */
#ifndef CLI_FORECAST_PATHS_H
#define CLI_FORECAST_PATHS_H

#include "cli/cli.h"
#include "town/foresee/town.h"

typedef struct forecast_paths {
    const mizo_region *region;
    const foresee_town *town; /* joined */
    mizo_day day;
    int n, npath; /* slots, paths */
    bool json;
} forecast_paths;

int cli_forecast_paths(cli *c, const forecast_paths *p);

#endif
