/* entity.h: the year of a reporting entity from what the town knows: electricity from meters and bills by menu (from the
 * owner's report in months that have no reading), fuels and leaked gases from the owners' yearly tables. */
#ifndef TOWN_INVENTORY_ENTITY_H
#define TOWN_INVENTORY_ENTITY_H

#include "base/json.h"
#include "city/entity.h"
#include "report/report.h"
#include "town/town.h"

typedef struct entity_of {
    int fy;
    const char
        *who; /* "all": every public facility; an entity or a bureau of facilities.csv; a facility's id */
    mizo_day as_of; /* readings, reports and factors as known at the end of that day; MIZO_DAY_NONE: now */
} entity_of;

typedef struct entity_town {
    entity_year year;
    char who[200];
    int facilities, reporting; /* of the entity; those with a report of the year */
    mizo_wh reported_wh;       /* of the electricity: from reports, in months without a reading */
    int unread_months; /* facility-months of the year that have neither; only of facilities that use a point */
} entity_town;

/* MIZO_ENOENT: no such entity (said). What is not counted is said as warnings. */
MIZO_MUST_USE mizo_err entity_town_make(town *t, const entity_of *ask, entity_town *out);
void entity_town_free(entity_town *e);
/* The last fiscal year up to fy of which the town has a reading, a bill or an owner's report; 0: none. */
int entity_last_year(town *t, int fy);

/* entity_doc.c: a document; members of the object that is open. */
MIZO_MUST_USE mizo_err entity_report(const town *t, const entity_town *e, const char *lang, report **out);
void entity_json(const mizo_region *r, const entity_town *e, json *j);

#endif
