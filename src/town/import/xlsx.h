/* xlsx.h: workbooks within an import. Of the town's import files alone. */
#ifndef TOWN_IMPORT_XLSX_H
#define TOWN_IMPORT_XLSX_H

#include "base/sheet.h"
#include "town/import/run.h"

/* A plant's workbook of a day's output and outages (docs/formats/xlsx.md). What is wrong is said as bad rows, each with
 * the address of its cell. */
MIZO_MUST_USE mizo_err import_xlsx(import_run *im, const xml_reader *xml, const zip_reader *zip,
                                   const char *name, const char *p, size_t n);

/* The owners' yearly tables of a workbook; *taken: it has one. import_yearly.c */
MIZO_MUST_USE mizo_err import_yearly_book(import_run *im, const sheet_book *book, const char *name,
                                          const char *p, size_t n, bool *taken);

#endif
