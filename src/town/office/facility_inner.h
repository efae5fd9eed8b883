/* facility_inner.h: what facility.c gathers, for its two faces: JSON and a document. Of those files alone. */
#ifndef TOWN_OFFICE_FACILITY_INNER_H
#define TOWN_OFFICE_FACILITY_INNER_H

#include "town/office/facility.h"
#include "town/office/grant.h"
#include "town/office/lists.h"
#include "town/office/owner_ledger.h"

typedef struct facility_year {
    owner_ledger head; /* without its rows: year and day */
    ledger_row row;
    bool there; /* the facility stood in that year */
    bool any;   /* something was read or reported in it */
} facility_year;

typedef struct facility_note {
    const note_kind *kind;
    note n;
} facility_note;

typedef struct facility_sheet {
    town *t;
    const facility_ask *ask;
    const mizo_facility *f;
    facility_year year[FACILITY_YEARS]; /* the newest first */
    owner_reports reports;              /* of the year, of every facility */
    facility_note *note;                /* what the office wrote of it, by kind */
    size_t nnote, cap;
    office_grant grant; /* findings; empty where a grant paid nothing here */
} facility_sheet;

MIZO_MUST_USE mizo_err facility_gather(town *t, const facility_ask *ask, facility_sheet *s);
void facility_drop(facility_sheet *s);

/* A contract of one of its points with a menu. */
typedef struct facility_supply {
    const mizo_point *point;
    const mizo_supplier *supplier; /* NULL: not known */
    const mizo_menu *menu;
    int32_t share_ppm; /* of the point's energy that is this facility's */
    mizo_day from, to;
} facility_supply;
/* Each contract of each point, by point and day. An error of fn ends it. */
MIZO_MUST_USE mizo_err facility_supplies(const facility_sheet *s,
                                         mizo_err (*fn)(void *arg, const facility_supply *x), void *arg);

/* What stands behind its points. */
typedef struct facility_asset {
    const char *what; /* "pv", "battery", "heater", "hydrogen", "charger" */
    const char *id, *point;
    int64_t power_w, energy_wh; /* 0: has none */
    bool fit, grant;
    mizo_day from, to;
} facility_asset;
MIZO_MUST_USE mizo_err facility_assets(const facility_sheet *s,
                                       mizo_err (*fn)(void *arg, const facility_asset *x), void *arg);

#endif
