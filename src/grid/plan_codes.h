/* plan_codes.h: looking codes up. Of the plan file's parts and its tests. */
#ifndef GRID_PLAN_CODES_H
#define GRID_PLAN_CODES_H

#include "grid/plan_file.h"

/* The region's row, else the built-in one; "" if there is none. */
const char *plan_code_of(const plan_codes *c, const char *name);
bool plan_code_known(const char *name);

#endif
