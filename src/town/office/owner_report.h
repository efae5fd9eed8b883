/* owner_report.h: what the owners of facilities report: twelve months of one kind of energy, a record a facility,
 * fiscal year and kind (docs/formats/yearly.md).
 *
 * Beside the readings of meters and the bills, never in their place: a month of a report counts where its facility's
 * points have no reading of their own (town/proof/achievement.h). Every version stays; the latest holds. */
#ifndef TOWN_OWNER_REPORT_H
#define TOWN_OWNER_REPORT_H

#include "city/yearly.h"
#include "report/report.h"
#include "town/town.h"

enum { OWNER_REPORT_PLACE = 240 };

typedef struct owner_report {
    mizo_ref facility;
    int fy;
    const yearly_energy *energy;
    int64_t milli[YEARLY_MONTHS];   /* from April, thousandths of the energy's unit; YEARLY_MISSING */
    char place[OWNER_REPORT_PLACE]; /* "R5.xlsx 電力!C14" */
    char note[YEARLY_TEXT];
    int64_t version, batch; /* as kept; 0: new */
} owner_report;

/* Reports by facility, then energy (its place in yearly_energies), then year. */
typedef struct owner_reports {
    owner_report *v;
    size_t n, cap;
} owner_reports;

/* Every report of a fiscal year (0: all) as known at as_of; of facilities that the model has. */
MIZO_MUST_USE mizo_err owner_reports_load(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                          owner_reports *out);
void owner_reports_free(owner_reports *o);
/* NULL: none. */
const owner_report *owner_reports_find(const owner_reports *o, mizo_ref facility, const yearly_energy *energy,
                                       int fy);
/* Into the open batch. */
MIZO_MUST_USE mizo_err owner_report_put(town *t, const owner_report *x, bool *changed);
bool owner_report_same(const owner_report *a, const owner_report *b); /* month by month */

/* The names by which facilities are known in the model: ids, codes, names, aliases.csv. To be freed. */
MIZO_MUST_USE mizo_err owner_report_names(const mizo_region *r, yearly_names **out);

typedef struct owner_report_ask {
    int fy;
    const char *bureau; /* NULL: all */
    const char *energy; /* id; NULL: all that anyone reported, electricity at least */
    mizo_ms as_of;
    const char *lang;
} owner_report_ask;

/* The yearly table as it is sent to owners and back: every facility a row, reported or not. It imports again to the same
 * values. owner_report_doc.c */
MIZO_MUST_USE mizo_err owner_report_doc(town *t, const owner_report_ask *ask, report **out);

#endif
