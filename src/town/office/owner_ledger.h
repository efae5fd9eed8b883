/* owner_ledger.h: the achievement ledger facility by facility and month by month: what its meters and bills say, what its
 * owner reported, on which evidence each month stands, and who is late. docs/mechanisms/ledger.md
 *
 * A month counts by its own readings where it has any, else by the owner's report, else it is missing: the two stand
 * side by side and are never added. Energy of points that no facility uses stands in `rest`. */
#ifndef TOWN_OWNER_LEDGER_H
#define TOWN_OWNER_LEDGER_H

#include "base/json.h"
#include "town/office/owner_report.h"
#include "town/proof/achievement.h"

/* The evidence of a month, best first: the worst piece of it counts. */
typedef enum ledger_evidence {
    LEDGER_METER,    /* slots as measured */
    LEDGER_BILL,     /* whole bills */
    LEDGER_REPORT,   /* the owner's twelve numbers */
    LEDGER_ESTIMATE, /* split bills, filled slots, lamp tables, entered by hand */
    LEDGER_MISSING,  /* due, and nothing is there */
    LEDGER_NOT_DUE,  /* before or after the facility's days, or not over yet */
    LEDGER_EVIDENCES
} ledger_evidence;
extern const char *const ledger_words[LEDGER_EVIDENCES]; /* "meter", "bill" ... */
extern const char *const ledger_words_ja[LEDGER_EVIDENCES];

typedef struct ledger_month {
    mizo_wh metered_wh, green_wh, roof_wh; /* by its own readings; green, roof: of it */
    mizo_wh reported_wh;                   /* YEARLY_MISSING: none */
    int pieces;                            /* of readings; 0: none */
    ledger_evidence evidence;
} ledger_month;

typedef struct ledger_row {
    mizo_ref facility;
    ledger_month month[YEARLY_MONTHS]; /* from April */
    mizo_wh demand_wh, supply_wh;      /* of the year, as they count */
    mizo_wh reported_wh, both_wh;      /* of months that have both: as reported, as read */
    int missing;                       /* months */
    mizo_day since; /* late since: the first day after the first missing month; MIZO_DAY_NONE */
    bool excused;   /* reported.csv says that the year was reported */
} ledger_row;

typedef struct owner_ledger {
    int fy;
    mizo_day today;
    ledger_row *row; /* [nrow] facilities of the year, by id */
    size_t nrow;
    mizo_wh demand_wh, supply_wh;          /* of all rows and the rest */
    mizo_wh by_evidence[LEDGER_EVIDENCES]; /* demand of rows */
    mizo_wh rest_wh, rest_green_wh;        /* used by no facility */
    int late;                              /* rows with a missing month that are not excused */
} owner_ledger;

/* The year as known at as_of; today: months that end after it are not due. */
MIZO_MUST_USE mizo_err owner_ledger_make(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                         mizo_day today, owner_ledger *out);
/* One facility's row alone, quickly: the sums are its own, there is no rest. No row: it did not stand in that year. */
MIZO_MUST_USE mizo_err owner_ledger_one(store *s, const mizo_region *r, int fy, mizo_ms as_of, mizo_day today,
                                        mizo_ref facility, owner_ledger *out);
/* The same of a year whose pieces are read already. */
MIZO_MUST_USE mizo_err owner_ledger_of(store *s, const mizo_region *r, const achievement_pieces *pieces,
                                       int fy, mizo_ms as_of, mizo_day today, owner_ledger *out);
void owner_ledger_free(owner_ledger *l);
bool ledger_late(const ledger_row *x);
ledger_evidence ledger_evidence_of(const achievement_piece *p);
/* The worst evidence of the months that are due; LEDGER_NOT_DUE: none is. */
ledger_evidence ledger_row_evidence(const ledger_row *x);
/* Months of a row that are missing: "2023-04..2023-06, 2023-09". */
void ledger_missing_text(const owner_ledger *l, const ledger_row *x, char *out, size_t cap);

typedef struct ledger_ask {
    const char *bureau; /* NULL: all */
    const char *lang;
    bool late;  /* only who is late, as a list by bureau */
    bool brief; /* JSON: without the months */
} ledger_ask;
/* owner_ledger_doc.c */
MIZO_MUST_USE mizo_err owner_ledger_doc(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask,
                                        report **out);
/* The same as a part of another document. */
MIZO_MUST_USE mizo_err owner_ledger_body(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask,
                                         report *p);
/* Members of the object that is open. */
void owner_ledger_json(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask, json *j);

#endif
