/* fixture.h: an invented town with its readings in memory, for the closed loop. */
#ifndef TESTS_TOWN_FIXTURE_H
#define TESTS_TOWN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "region/load.h"
#include "town/live/simulate.h"

typedef struct fixture {
    env *env;
    mizo_diags *diags;
    const mizo_region *region;
    store *store;
    const mizo_lp_solver *solver; /* NULL: not built here */
    mizo_day first;               /* of the readings */
    int days;
} fixture;

/* The village of tests/data with invented readings of 8 weeks up to 2023-08-28. */
void fixture_village(fixture *f);
/* A town of n sites, each with its own battery, PV, vans and tariff, drawn by seed; 8 weeks too. */
void fixture_random(fixture *f, int n, uint64_t seed);
/* A market price for each day of the readings, milli-yen per kWh, under the region's market area. */
void fixture_prices(fixture *f, int32_t (*myen)(mizo_day day, int slot));
/* A town of these files, with readings drawn by seed; 8 weeks too. */
void fixture_region(fixture *f, const mizo_file *file, size_t n, uint64_t seed);
void fixture_close(fixture *f);

/* Takes readings of a point away: days [from, to) after the first, slots [slot, slot + n) of each. */
void fixture_gap(fixture *f, const char *point, int from, int to, int slot, int n);

#endif
