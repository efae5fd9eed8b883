/* import_operator.h: the network operator's files within an import. Of the town's import files alone. */
#ifndef TOWN_IMPORT_OPERATOR_H
#define TOWN_IMPORT_OPERATOR_H

#include "grid/operator.h"
#include "town/import_run.h"

/* One file, whole: bytes as they came. name: for messages and the register. What is wrong is said as bad rows. */
MIZO_MUST_USE mizo_err import_operator(import_run *im, const xml_reader *xml, const char *name,
                                       const char *bytes, size_t n);

#endif
