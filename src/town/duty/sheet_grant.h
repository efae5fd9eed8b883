/* sheet_grant.h: the items of transcription sheets that speak of the grant's fiscal year: what was asked, awarded and spent,
 * and what the equipment that it paid for did (docs/mechanisms/grant.md). Of town/duty/sheet*.c alone. */
#ifndef TOWN_DUTY_SHEET_GRANT_H
#define TOWN_DUTY_SHEET_GRANT_H

#include "town/duty/sheet.h"
#include "town/office/grant.h"

/* X("word", decimals of the exact value, where from). Without a key. Energy and CO2 are of all panels bought whose output
 * was read in the year. */
#define SHEET_GRANT_ITEMS(X)                                                                                 \
    X("grant-jobs", 0, "grant")                                                                              \
    X("grant-cost-yen", 0, "grant")                                                                          \
    X("grant-award-yen", 0, "grant")                                                                         \
    X("grant-spent-yen", 0, "grant")                                                                         \
    X("grant-made-kwh", 3, "readings, grant-asset")                                                          \
    X("grant-used-kwh", 3, "readings, grant-asset")                                                          \
    X("grant-saved", 9, "readings, factors.csv")

/* Sets c->exact by the row's item; c->missing: 1 for each panel bought whose output nobody read. */
void sheet_grant_value(const office_grant *g, form_cell *c);

#endif
