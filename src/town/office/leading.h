/* leading.h: a year of the leading area as the council sees it: the published rate, its four readings with the published
 * pair named, the five-year table, the year by volume beside the year by half-hours, who stands behind it by group, bureau,
 * supplier and menu, savings, measures outside electricity and the CO2 effect with its factor. One value, made once;
 * `mizo report achievement`, the API and the pages print it. docs/mechanisms/achievement.md
 *
 * Four readings: waste power in `full` or its `biogenic` part x demand `fixed` in the plan or `actual` of the year, what was
 * saved added back. Supply and saving are the published ones where the year is published exactly, else those of the
 * contracts and of the records. How much of a menu's renewable kWh is waste power says params.csv, `menu-waste-share MENU`;
 * where it says nothing of a menu that supplied, the biogenic reading is not known. */
#ifndef TOWN_OFFICE_LEADING_H
#define TOWN_OFFICE_LEADING_H

#include "town/office/city.h"
#include "town/office/ledger_parts.h"
#include "town/office/saving.h"
#include "town/proof/match_report.h"

enum { LEADING_YEARS = 5 };

/* The cuts of the ledger that stand in it. */
enum { LEADING_CUTS = 4 };
extern const ledger_cut leading_cuts[LEADING_CUTS]; /* group, bureau, supplier, menu */

/* One reading of the rate. */
typedef struct leading_variant {
    bool known;
    bool partial; /* the year's demand: there are days that nobody read */
    mizo_wh supply, saving, demand;
    int32_t rate_bp, rate_pct; /* half up, each from the exact quotient */
} leading_variant;

/* A year of the five. -1: nothing is said. */
typedef struct leading_year_row {
    int fy;
    mizo_wh supply, saving, demand; /* as published */
    mizo_wh recorded;               /* savings on record that count in the year */
    int32_t rate_bp;
} leading_year_row;

/* A group's planned effect, and that of the year by the factor. */
typedef struct leading_effect {
    mizo_group group;
    mizo_wh supply, saving;
    mizo_mg planned;  /* per year, as published; -1: not */
    mizo_mg made;     /* (supply + saving) x factor; -1: no factor */
    const char *item; /* of published.csv */
    const char *source;
} leading_effect;

/* A measure outside electricity that holds in the year. */
typedef struct leading_measure {
    char id[MIZO_ID_MAX], what[MIZO_ID_MAX], title[NOTE_TEXT], unit[NOTE_TEXT], factor[NOTE_TEXT],
        source[NOTE_TEXT];
    int64_t count_e6, saved_e3; /* saved: kg-CO2 a year */
} leading_measure;

typedef struct leading {
    const mizo_region *region;
    const char *bureau; /* leading_ask */
    int fy;
    mizo_day today;
    mizo_err said; /* MIZO_OK: published; else why it is not */
    mizo_achievement published;
    achievement_own own;         /* saving_wh: of the records */
    mizo_wh from[FROM_ROOF + 1]; /* demand by where it was read */
    owner_ledger ledger;
    office_savings savings;
    leading_year_row year[LEADING_YEARS];
    leading_variant variant[2][2]; /* [match_waste][match_demand] */
    match_waste waste;             /* the published pair */
    match_demand demand;
    mizo_wh waste_wh,
        fossil_wh; /* of the supply by contract: waste power, and the part of it that is not biogenic */
    const char *waste_unknown; /* the menu of which nobody says; NULL: all is known */
    bool matched;              /* there are half-hours of the year, and it is asked as of now */
    match_report match;
    ledger_parts parts[LEADING_CUTS];
    leading_effect effect[2]; /* by mizo_group */
    mizo_factor_found factor;
    leading_measure *measure; /* [nmeasure] by id */
    size_t nmeasure, measure_cap;
} leading;

typedef struct leading_ask {
    int fy;
    mizo_day as_of; /* MIZO_DAY_NONE: now */
    mizo_day today; /* months that end after it are not due */
    match_waste waste;
    match_demand demand;     /* the pair that is named as the published one */
    const city_books *books; /* what people entered, too; NULL: published.csv alone */
    const char *bureau;      /* whose rows by facility are told, borrowed; NULL: all */
} leading_ask;

/* Diagnoses of figures that are not published or not exact go to t->diags. MIZO_ENOMEM, MIZO_ESTORE, MIZO_ERANGE. */
MIZO_MUST_USE mizo_err leading_make(town *t, const leading_ask *ask, leading *out);
void leading_free(leading *l);
/* Nothing is said and nothing was read: there is no such year. Or a published operand was refused. */
bool leading_empty(const leading *l);
/* Of the demand by contract, what half-hours show: ppm, rounded down. */
int64_t leading_slots_ppm(const leading *l);
/* Reads "full,fixed"; NULL is that. False: no such pair. */
bool leading_pair(const char *text, match_waste *waste, match_demand *demand);

/* The same by a document's words. MIZO_EINPUT: no such pair. city_doc.c */
MIZO_MUST_USE mizo_err city_leading(const city_desk *desk, const city_doc_ask *ask, leading *out);

void leading_json(const leading *l, json *j); /* leading_json.c: members of the object that is open */
MIZO_MUST_USE mizo_err leading_doc(const leading *l, const city_books *b, bool ja,
                                   report *p); /* leading_doc.c */

#endif
