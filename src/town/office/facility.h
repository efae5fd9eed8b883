/* facility.h: one facility on one page: whose it is, its electricity by year and month with the evidence, who supplies it with
 * which menu, what stands there, what was saved, what a grant paid, what its owner reported, what is late.
 * docs/mechanisms/facility.md */
#ifndef TOWN_OFFICE_FACILITY_H
#define TOWN_OFFICE_FACILITY_H

#include "base/json.h"
#include "report/report.h"
#include "town/town.h"

enum { FACILITY_YEARS = 5 };

typedef struct facility_ask {
    mizo_ref facility;
    int fy;         /* the year whose months are shown; the years are this one and those before it */
    mizo_ms as_of;  /* readings and reports as known then */
    mizo_day today; /* months that end after it are not due */
} facility_ask;

/* Members of the object that is open. */
MIZO_MUST_USE mizo_err facility_json(town *t, const facility_ask *ask, json *j);
/* The same on one or two pages of A4; free with report_free. */
MIZO_MUST_USE mizo_err facility_doc(town *t, const facility_ask *ask, const char *lang, report **out);

#endif
