/* sheet.h: transcription sheets: the figures that an authority's form asks for, cell by cell, with where each comes
 * from. The form itself may not be altered; sheets.csv says which cell takes what. docs/mechanisms/duties.md */
#ifndef TOWN_SHEET_H
#define TOWN_SHEET_H

#include "base/json.h"
#include "report/report.h"
#include "town/town.h"

typedef struct form_cell {
    const mizo_sheet_row *row;
    int64_t value;    /* in 10^-digits of the row's unit, rounded half up */
    int64_t exact;    /* Wh, micro-yen or a count */
    int64_t missing;  /* half-hours without a reading within it */
    const char *from; /* what it was computed from, in English: "readings", "bills", "contracts.csv" */
} form_cell;

/* Every cell of a sheet for the period [from, to) of whole months, in the order of the file. MIZO_ENOENT: no such sheet
 * (said, with those that are); MIZO_EINPUT: the bills of a month could not be made (said). */
MIZO_MUST_USE mizo_err sheet_each(town *t, const char *sheet, mizo_day from, mizo_day to,
                                  mizo_err (*fn)(void *arg, const form_cell *c), void *arg);
/* The period that has the day in it, of `word` ("month", "quarter", "half", "fy", "year"), or NULL: of the shortest of the
 * duties that use the sheet, else the month. MIZO_EINPUT (said): another word. */
MIZO_MUST_USE mizo_err sheet_period(town *t, const char *sheet, const char *word, mizo_day in, mizo_day *from,
                                    mizo_day *to);
/* Every cell, as members of the object that is open; on an error it is not whole. */
MIZO_MUST_USE mizo_err sheet_json(town *t, const char *sheet, mizo_day from, mizo_day to, json *j);
/* A unit of sheets.csv, and form_cell's from, as that reader knows them; what has no other word is itself. */
const char *sheet_unit(const char *unit, bool ja);
const char *sheet_origin(const char *from, bool ja);
/* The same as a document: cell, figure as it is typed (half-width, no commas), unit, where from. */
MIZO_MUST_USE mizo_err sheet_report(town *t, const char *sheet, mizo_day from, mizo_day to, const char *lang,
                                    report **out);

#endif
