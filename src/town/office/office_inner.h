/* office_inner.h: what rows by words (office.c) and rows of a CSV (office_load.c) share. */
#ifndef TOWN_OFFICE_INNER_H
#define TOWN_OFFICE_INNER_H

#include "town/office/office.h"

/* What must hold beyond a field by itself. MIZO_EINPUT: said. */
MIZO_MUST_USE mizo_err office_row_check(town *t, const note *n, mizo_place at);
/* A user of one bureau may neither take a row from another nor give it away. MIZO_EINPUT: said. */
MIZO_MUST_USE mizo_err office_row_reach(const town *t, const actor *who, const note *was, const note *now,
                                        mizo_place at);

#endif
