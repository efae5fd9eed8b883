/* why_doc.h: where a figure of a report comes from that is no indicator's: an evaluation, a count of a plan, a register, a
 * cell of an inventory, a facility's year: what it is made of, by which rule, who said or decided it. As a document. */
#ifndef TOWN_OFFICE_WHY_DOC_H
#define TOWN_OFFICE_WHY_DOC_H

#include "town/office/city.h"

typedef struct why_ask {
    const char *what; /* id of a node, a business, a register, an inventory, a facility */
    int fy;
    mizo_day on;    /* for registers */
    mizo_day today; /* months that end later are not due */
    const char *lang;
} why_ask;

/* MIZO_ENOENT: nothing is called so (not said). The town of the desk has a store where a facility is asked for, else
 * MIZO_ENOENT. */
MIZO_MUST_USE mizo_err why_doc(const city_desk *d, const why_ask *ask, report **out);

#endif
