/* forecast_plants.h: mizo forecast: what the town's plants will send out. */
#ifndef CLI_FORECAST_PLANTS_H
#define CLI_FORECAST_PLANTS_H

#include "cli/cli.h"
#include "town/foresee/plant.h"

typedef struct forecast_plants {
    const mizo_region *region;
    store *store;
    foresee_plant_ask ask; /* plant: each in turn */
} forecast_plants;

/* Adds "plants" to the object that is open. */
mizo_err cli_plants_json(const forecast_plants *p, json *w);
/* A line a plant and day. */
mizo_err cli_plants_text(const forecast_plants *p, bool ja, buf *out);

#endif
