/* load.h: reads a region directory. The only place of the room that reads files. */
#ifndef REGION_LOAD_H
#define REGION_LOAD_H

#include "base/env.h"
#include "mizo/region.h"

/* Reads region.yaml and the CSV files of dir through e and builds the model.
 * text, if not NULL, receives the canonical text (free it). */
MIZO_MUST_USE mizo_err region_load(env *e, const char *dir, mizo_diags *d, const mizo_region **out,
                                   char **text);

#endif
