/* check.h: what `mizo check` tells of a region directory. */
#ifndef TOWN_CHECK_H
#define TOWN_CHECK_H

#include "base/env.h"

typedef struct town_count {
    bool accepted;
    char hash[65]; /* "" where it is not accepted; then the counts are 0 */
    size_t facilities, buildings, points, assets, errors, warnings;
} town_count;

/* Reads dir; d gets every mistake. */
MIZO_MUST_USE mizo_err town_check(env *e, const char *dir, mizo_diags *d, town_count *out);
/* What the files may hold: the tables of docs/formats/region.md. */
void town_schema(const char *lang, buf *out);

#endif
