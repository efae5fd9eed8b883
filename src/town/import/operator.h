/* operator.h: the network operator's files within an import. Of the town's import files alone. */
#ifndef TOWN_IMPORT_OPERATOR_H
#define TOWN_IMPORT_OPERATOR_H

#include "grid/operator.h"
#include "town/import/run.h"

/* One file, whole: bytes as they came. name: for messages and the register. What is wrong is said as bad rows. */
MIZO_MUST_USE mizo_err import_operator(import_run *im, const xml_reader *xml, const char *name,
                                       const char *bytes, size_t n);

/* The region's codes into im->code, once. MIZO_EINPUT: a meaning that there is not (said). */
MIZO_MUST_USE mizo_err import_operator_codes(import_run *im);

/* ---- tables (CSV) of the operator's: their header names points by 供給地点特定番号, or people ---- */
/* At each header that a reader has found; im->operator is set if it is such a table. */
MIZO_MUST_USE mizo_err import_operator_table(import_run *im, const csv_record *header);
/* One row of it: provisional values never take the place of confirmed ones, what cannot be true waits. */
MIZO_MUST_USE mizo_err import_operator_row(import_run *im, const csv_record *rec, const table_row *row);
/* At its end: what is left to say, and the file for the register, without people. bytes[0..n): the table as it came. */
MIZO_MUST_USE mizo_err import_operator_table_end(import_run *im, const char *bytes, size_t n);
void import_operator_table_drop(import_run *im);

#endif
