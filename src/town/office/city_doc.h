/* city_doc.h: what the makers of the city's documents share. Known to src/town/city_doc*.c alone. */
#ifndef TOWN_CITY_DOC_H
#define TOWN_CITY_DOC_H

#include "city/rating.h"
#include "town/office/city.h"

typedef struct maker {
    const city_desk *desk;
    const city_books *b;
    const mizo_region *r;
    const city_doc_ask *ask;
    mizo_diags *d;
    report *out;
    bool ja;
    const char *whose; /* targets: of whom the table is */
} maker;

const char *city_either(const maker *m, const char *ja, const char *en);
void city_cell_value(maker *m, const city_value *v);
/* A value in the base of the indicator's unit, in its style. */
void city_cell_exact(maker *m, const mizo_indicator *i, exact x, bool plus);

/* A fiscal year as offices write it, in a cell. */
void city_cell_year(maker *m, int fy);
/* city_doc_schedule.c: what the plan does when, with bars, and its money by year and source. */
mizo_err city_doc_schedule(maker *m);

mizo_err city_doc_handover(maker *m);
mizo_err city_doc_plan(maker *m);
mizo_err city_doc_evaluation(maker *m);
mizo_err city_doc_inventory(maker *m);

/* A word of an evaluation as it is printed (city_doc_sheet.c). */
const char *city_word(const maker *m, mizo_scale scale, const char *word);

#endif
