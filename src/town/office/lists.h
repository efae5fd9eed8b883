/* lists.h: every list of the office alike, described by its data: the registers of the region's files (councils, shares, kinds of
 * area, actions, places: registers.csv) and the lists that people write (talks, savings, the grant ...: office.h). One list of
 * lists, one table with columns that say what they are. docs/mechanisms/lists.md */
#ifndef TOWN_OFFICE_LISTS_H
#define TOWN_OFFICE_LISTS_H

#include "base/json.h"
#include "report/report.h"
#include "town/people/actor.h"
#include "town/town.h"

typedef struct list_ask {
    const char *id; /* of a register, or a kind of office.h */
    mizo_day
        on; /* a register as it stood on that day; MIZO_DAY_NONE: the last day that it speaks of, or today */
    mizo_day today;
    const actor *who; /* a user of one bureau sees rows of its facilities alone; NULL: anybody */
} list_ask;

/* `lists`: id, names, kind, how many rows, whether people write them here. Members of the object that is open. */
MIZO_MUST_USE mizo_err lists_json(town *t, mizo_day today, const actor *who, json *j);
/* One list: its columns, rows, and of a register what sources said on which day beside what is listed. MIZO_ENOENT. */
MIZO_MUST_USE mizo_err list_json(town *t, const list_ask *ask, json *j);
/* The same as a document: a numbered list; free with report_free. MIZO_ENOENT. */
MIZO_MUST_USE mizo_err list_doc(town *t, const list_ask *ask, const char *lang, report **out);
/* The title of a kind of office.h: "Savings", "省エネの記録"; its own name where there is none. */
const char *list_title(const char *kind, const char *lang);
/* The word of a column: "Facility", "施設"; its own name where there is none. */
const char *list_word(const char *column, const char *lang);

#endif
