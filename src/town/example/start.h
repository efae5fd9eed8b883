/* start.h: a region directory to start from: one facility, one meter, comments on what comes next. */
#ifndef TOWN_START_H
#define TOWN_START_H

#include "base/env.h"

/* Makes dir (parents too) and writes its files. MIZO_ECONFLICT: dir holds a region already; nothing
 * was written, and d says so. */
MIZO_MUST_USE mizo_err town_start(env *e, const char *dir, mizo_diags *d);

#endif
