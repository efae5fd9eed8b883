/* sheet_entity.h: the items of transcription sheets that speak of a reporting entity's fiscal year: what the forms of the
 * energy conservation law, of the law's emission reports (SHK) and of the city's ordinance ask for. */
#ifndef TOWN_DUTY_SHEET_ENTITY_H
#define TOWN_DUTY_SHEET_ENTITY_H

#include "town/duty/sheet.h"

/* X("word", decimals of the exact value, where from). key: entity-amount, -gj, -kl, -co2: a kind of the yearly table
 * (docs/formats/yearly.md), or "electricity"; entity-kwh, -basic, -adjusted: a menu; blank: all. */
#define SHEET_ENTITY_ITEMS(X)                                                                                \
    X("entity-kwh", 3, "readings, owners' reports")                                                          \
    X("entity-self-kwh", 3, "readings")                                                                      \
    X("entity-amount", 3, "owners' reports")                                                                 \
    X("entity-gj", 6, "fuels.csv, params.csv")                                                               \
    X("entity-kl", 6, "fuels.csv, params.csv")                                                               \
    X("entity-basic", 9, "factors.csv")                                                                      \
    X("entity-adjusted", 9, "factors.csv")                                                                   \
    X("entity-co2", 9, "fuels.csv, gwp.csv")                                                                 \
    X("entity-energy-basic", 9, "fuels.csv, factors.csv")                                                    \
    X("entity-energy-adjusted", 9, "fuels.csv, factors.csv")                                                 \
    X("entity-all-basic", 9, "fuels.csv, factors.csv, gwp.csv")                                              \
    X("entity-all-adjusted", 9, "fuels.csv, factors.csv, gwp.csv")

typedef struct sheet_entities sheet_entities;
/* Every entity that rows of the sheet name, for the fiscal year that [from, to) is. MIZO_EINPUT: it is another period
 * (said); MIZO_ENOENT: no such entity (said). */
MIZO_MUST_USE mizo_err sheet_entities_read(town *t, const char *name, mizo_day from, mizo_day to,
                                           sheet_entities **out);
void sheet_entities_free(sheet_entities *e); /* NULL is fine */
/* Sets c->exact by the row's item, key and entity; c->missing: 1 where a line of it could not be counted. */
void sheet_entity_value(const sheet_entities *e, form_cell *c);

#endif
