/* example.h: makes the example town: its region files and a store with a year in it.
 *
 * Everything comes from a written recipe and one seed (docs/example-town.md): the same build and
 * seed give the same files and the same store, to the byte. Nothing here is measured but the load
 * shapes (examples/kawasaki/README.md); every series is marked simulated. */
#ifndef TOWN_EXAMPLE_H
#define TOWN_EXAMPLE_H

#include "base/env.h"
#include "mizo/region.h"

typedef struct town_example_options {
    uint64_t seed; /* 0: the usual one, 2021 */
    /* Called now and then with 0..1000 thousandths; may be NULL. Long work also looks at
     * env_interrupted(): then MIZO_ECANCELED, and the same command goes on where it stopped. */
    void (*progress)(void *arg, int permille);
    void *arg;
} town_example_options;

/* Writes DIR/region.yaml, the CSV files and DIR/mizo.db. DIR is made if absent. Files and days that
 * are there already and are the same stay as they are, so running it again finishes what was
 * interrupted and changes nothing else. name: "kawasaki"; MIZO_ENOENT: no such example (not said in d).
 * MIZO_ECONFLICT: DIR holds another region, and nothing was written. */
MIZO_MUST_USE mizo_err town_example(env *e, const char *name, const char *dir, const town_example_options *o,
                                    mizo_diags *d);

/* The city's published figures alone (examples/kawasaki/city), without facilities or a store: one reference. */
MIZO_MUST_USE mizo_err town_example_figures(mizo_diags *d, const mizo_region **out);

#endif
