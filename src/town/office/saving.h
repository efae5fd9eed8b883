/* saving.h: savings of power as records (kind `saving`, office.h): a measure at a facility, before and after, the years in
 * which it is credited, and on what that stands. docs/mechanisms/office.md
 *
 * A saving counts once: the same measure at the same facility in a common year is one saving, whichever id or asset code the
 * facility goes by, and what of it was claimed as a certificate or credit (`mizo claim --kind saving`) does not count here. */
#ifndef TOWN_OFFICE_SAVING_H
#define TOWN_OFFICE_SAVING_H

#include "base/json.h"
#include "mizo/carbon.h"
#include "report/report.h"
#include "town/office/office.h"

typedef struct office_saving {
    char id[MIZO_ID_MAX], facility[MIZO_ID_MAX];
    char measure[NOTE_TEXT], method[NOTE_TEXT], evidence[NOTE_TEXT];
    char other[MIZO_ID_MAX]; /* the row, or the claim, that has it already; "": nobody */
    mizo_wh before_wh, after_wh;
    mizo_wh claimed_wh;    /* of before - after, claimed elsewhere in the year */
    int first_fy, last_fy; /* credited */
    bool twice;            /* `other` is a row: this one does not count */
} office_saving;

typedef struct office_savings {
    int fy;
    mizo_wh saved_wh, claimed_wh; /* credited in the year; claimed elsewhere, not in saved_wh */
    int64_t counted, twice;
    office_saving *row; /* [nrow] of the year, by id */
    size_t nrow, cap;
} office_savings;

/* Rows that are credited in the year. A town without a store has none. */
MIZO_MUST_USE mizo_err office_savings_make(town *t, int fy, office_savings *out);
void office_savings_free(office_savings *o);
/* Puts what counts in the year into its own achievement, whose rate is made again. MIZO_ERANGE: too large. */
MIZO_MUST_USE mizo_err office_savings_credit(const office_savings *o, mizo_achievement *a);
/* What counts of a row in the year. */
mizo_wh office_saving_counts(const office_saving *x);
/* Says rows that count less than they say, with the place of what has them. */
void office_savings_say(const office_savings *o, mizo_diags *d);

/* Members of the object that is open; bureau: rows of its facilities alone, NULL: all. */
void office_savings_json(const office_savings *o, const mizo_region *r, const char *bureau, json *j);
void office_savings_doc(const office_savings *o, const mizo_region *r, bool ja, report *p); /* a table */

#endif
