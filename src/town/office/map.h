/* map.h: the facilities on a map: outlines of the wards from the GeoJSON that region.yaml names (map_file), points of the
 * facilities, sums by ward. No tiles, nothing from outside. docs/formats/wards.md */
#ifndef TOWN_OFFICE_MAP_H
#define TOWN_OFFICE_MAP_H

#include "base/json.h"
#include "region/wards.h"
#include "town/people/actor.h"
#include "town/town.h"

enum { MAP_WIDE = 1000 };

/* Reads the outlines. No map_file: *out is empty. MIZO_EINPUT: said in t->diags, with line and column. */
MIZO_MUST_USE mizo_err map_outlines(town *t, wards *out);
/* The English name of a ward by the outlines; the name itself where they have none or cannot be read (not said). */
void map_ward_en(town *t, const char *name, char out[WARDS_NAME]);
/* The same for `mizo check`: also warns of wards with facilities but no outline. */
MIZO_MUST_USE mizo_err map_check(town *t);

typedef struct map_ask {
    int fy;           /* whose sums stand beside the wards and who is late in it */
    mizo_ms as_of;    /* readings as known then */
    mizo_day today;   /* months that end after it are not due */
    const actor *who; /* a user of one bureau sees its facilities alone; NULL: anybody */
} map_ask;
/* Members of the object that is open: the frame, `wards`, `facilities`; `fault` where the outlines cannot be read: the
 * points stand without them. */
MIZO_MUST_USE mizo_err map_json(town *t, const map_ask *ask, json *j);

#endif
